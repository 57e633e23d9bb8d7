"""Weights written as what the suffix of the file says: NPZ, safetensors, or a PyTorch state dict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from symderive.errors import InputError, MissingExtraError, one_of
from symderive.files import require_folder, write_whole

#: Number types that NumPy does not have; PyTorch does.
NARROW = ("bfloat16", "float8_e4m3fn", "float8_e5m2")

#: What NPZ, which cannot hold them, takes in their place: every value of theirs is one of its own.
WIDER = "float32"


def weights_path(path: str | Path) -> Path:
    """``path`` where weights can be written to it, asked before anything is computed.

    Raises :class:`InputError` for a suffix that no format has and a folder that does not exist, and
    :class:`MissingExtraError` where the library of the format is missing.
    """
    path = require_folder(path)
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        known = one_of(_WRITERS)
        raise InputError(f"{path.name} has no suffix of a known format of weights; end it in {known}.")
    if suffix != ".npz":
        require_libraries(path.name, "torch" if suffix in (".pt", ".pth") else "safetensors")
    return path


def write_weights(
    layers: Mapping[str, Any] | Sequence[Any] | Callable[[], Mapping[str, Any]], path: str | Path
) -> None:
    """Write W_1, …, W_D, U as float64 arrays, in the format that the suffix of ``path`` tells.

    ``layers`` is a mapping with the names ``W1`` … ``WD``, ``U``, a list in that order, or a function that
    computes the mapping, called when the path has been found usable; U may be flat.
    ``.npz`` holds them under those names, U as it was given.  ``.safetensors``, ``.pt`` and ``.pth`` hold
    ``0.weight``, ``1.weight``, …, each a table of outputs × inputs, which load into a ``Sequential`` of
    ``Linear(…, bias=False, dtype=torch.float64)``.  Equal layers give equal bytes; the file appears whole
    or not at all.
    """
    import numpy as np

    path = weights_path(path)
    layers = layers() if callable(layers) else layers
    names = [*(f"W{i}" for i in range(1, len(layers))), "U"]
    held = layers if isinstance(layers, Mapping) else dict(zip(names, layers, strict=True))
    if missing := [name for name in names if name not in held]:
        raise InputError(f"the layers have no {missing[0]!r}; give {', '.join(names)}.")
    arrays = {name: np.asarray(held[name], dtype=np.float64) for name in names}
    if path.suffix.lower() != ".npz":
        arrays = {f"{i}.weight": np.atleast_2d(W) for i, W in enumerate(arrays.values())}
    _write(arrays, path, "float64")


def write_arrays(arrays: Mapping[str, Any], path: str | Path, dtype: str) -> None:
    """Write float64 arrays under their names as numbers of ``dtype``, which NPZ may have to widen.

    Raises :class:`InputError` where a number is too large for ``dtype``.
    """
    _write(arrays, weights_path(path), dtype)


def _write(arrays: Mapping[str, Any], path: Path, dtype: str) -> None:
    import numpy as np

    suffix = path.suffix.lower()
    if dtype in NARROW and suffix != ".npz":
        require_libraries(path.name, "torch")
        converted = {name: _narrowed(W, dtype) for name, W in arrays.items()}
        finite = all(bool(W.double().isfinite().all()) for W in converted.values())
    else:
        plain = np.dtype(WIDER if dtype in NARROW else dtype)
        with np.errstate(over="ignore"):
            converted = {name: np.array(W, plain, order="C") for name, W in arrays.items()}
        finite = all(np.isfinite(W).all() for W in converted.values())
    if not finite:
        raise InputError(f"the weights are too large for {dtype}, the number type of {path.name}.")
    with write_whole(path) as stream:
        _WRITERS[suffix](stream, converted)


def require_libraries(file: str, *names: str) -> None:
    """Raise :class:`MissingExtraError` where a library that ``file`` needs is not installed."""
    from importlib.util import find_spec

    for name in names:
        if find_spec(name) is None:
            raise MissingExtraError.of(f"{file} needs {name}", "train")


def _narrowed(W: Any, dtype: str) -> Any:
    """As a tensor; infinite where a number is too large, which PyTorch would clip for some types."""
    import numpy as np
    import torch

    kind = getattr(torch, dtype)
    values = torch.from_numpy(np.array(W))
    fits = bool((values.abs() <= torch.finfo(kind).max).all())
    return values.to(kind) if fits else torch.full_like(values, torch.inf)


def _to_npz(stream: BinaryIO, arrays: dict[str, Any]) -> None:
    import numpy as np

    np.savez(stream, **arrays)


def _to_safetensors(stream: BinaryIO, arrays: dict[str, Any]) -> None:
    import numpy as np

    if all(isinstance(W, np.ndarray) for W in arrays.values()):
        from safetensors.numpy import save
    else:
        from safetensors.torch import save
    stream.write(save(arrays))


def _to_torch(stream: BinaryIO, arrays: dict[str, Any]) -> None:
    import numpy as np
    import torch

    torch.save(
        {name: torch.from_numpy(W) if isinstance(W, np.ndarray) else W for name, W in arrays.items()},
        stream,
    )


_WRITERS: dict[str, Callable[[BinaryIO, dict[str, Any]], None]] = {
    ".npz": _to_npz,
    ".safetensors": _to_safetensors,
    ".pt": _to_torch,
    ".pth": _to_torch,
}
