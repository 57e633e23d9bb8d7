"""Weights written as what the suffix of the file says: NPZ, safetensors, or a PyTorch state dict."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from symderive.errors import InputError, MissingExtraError, one_of
from symderive.files import require_folder, write_whole

#: Number types that NumPy does not have; PyTorch does.
NARROW = ("bfloat16", "float8_e4m3fn", "float8_e5m2")

#: What NPZ, which cannot hold them, takes in their place: every value of theirs is one of its own.
WIDER = "float32"

#: Suffixes of files that hold more than weights, which are read and not written.
_READ_ONLY = (".ckpt", ".bin", ".tar")


def weights_path(path: str | Path) -> Path:
    """``path`` where weights can be written to it, asked before anything is computed.

    Raises :class:`InputError` for a suffix that no format has and a folder that does not exist, and
    :class:`MissingExtraError` where the library of the format is missing.
    """
    path = require_folder(path)
    suffix = path.suffix.lower()
    if suffix in _READ_ONLY:
        raise InputError(
            f"{path.name} would be a whole checkpoint of a trainer, which is not written; end it in .pt, "
            "which load_state_dict takes, or in .safetensors or .npz."
        )
    if suffix not in _WRITERS:
        known = one_of(_WRITERS)
        raise InputError(f"{path.name} has no suffix of a known format of weights; end it in {known}.")
    if suffix != ".npz":
        require_libraries(path.name, "torch" if suffix in (".pt", ".pth") else "safetensors")
    return path


def write_weights(
    layers: Mapping[str, Any] | Sequence[Any] | Callable[[], Mapping[str, Any]],
    path: str | Path,
    *,
    bias: float | None = None,
) -> None:
    """Write W_1, …, W_D, U as float64 arrays, in the format that the suffix of ``path`` tells.

    ``layers`` is a mapping with the names ``W1`` … ``WD``, ``U``, a list in that order, or a function that
    computes the mapping, called when the path has been found usable; U may be flat.
    ``.npz`` holds them under those names, U as it was given.  ``.safetensors``, ``.pt`` and ``.pth`` hold
    ``0.weight``, ``1.weight``, …, each a table of outputs × inputs, which load into a ``Sequential`` of
    ``Linear(…, bias=False, dtype=torch.float64)``.  A ``bias`` of the output is a list of one number,
    ``b``, and that of the last layer of the ``Sequential``.  Equal layers give equal bytes; the file
    appears whole or not at all.
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
    if bias is not None:
        name = "b" if path.suffix.lower() == ".npz" else f"{len(names) - 1}.bias"
        arrays[name] = np.array([bias], dtype=np.float64)
    _write(arrays, path, "float64")


def write_arrays(arrays: Mapping[str, Any], path: str | Path, dtypes: str | Mapping[str, str]) -> None:
    """Write float64 arrays under their names as numbers of a type, which NPZ may have to widen.

    ``dtypes`` is one number type for all, or that of each name.  Raises :class:`InputError` where a number
    is too large for its type.
    """
    _write(arrays, weights_path(path), dtypes)


def _write(arrays: Mapping[str, Any], path: Path, dtypes: str | Mapping[str, str]) -> None:
    suffix = path.suffix.lower()
    types = dict.fromkeys(arrays, dtypes) if isinstance(dtypes, str) else dtypes
    if suffix != ".npz" and any(types[name] in NARROW for name in arrays):
        require_libraries(path.name, "torch")
    converted = {name: _converted(W, types[name], suffix, path.name) for name, W in arrays.items()}
    with write_whole(path) as stream:
        _WRITERS[suffix](stream, converted)


def _converted(W: Any, dtype: str, suffix: str, file: str) -> Any:
    """An array in a number type; a tensor where NumPy lacks the type and the format does not."""
    import numpy as np

    if dtype in NARROW and suffix != ".npz":
        converted = _narrowed(W, dtype)
        is_finite = bool(converted.double().isfinite().all())
    else:
        with np.errstate(over="ignore"):
            converted = np.array(W, np.dtype(WIDER if dtype in NARROW else dtype), order="C")
        is_finite = bool(np.isfinite(converted).all())
    if not is_finite:
        raise InputError(f"the weights are too large for {dtype}, the number type of {file}.")
    return converted


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

        arrays = _as_tensors(arrays)
    stream.write(save(arrays))


def _to_torch(stream: BinaryIO, arrays: dict[str, Any]) -> None:
    import torch

    content = io.BytesIO()  # where a disk is full, PyTorch's own writer fails with another error
    torch.save(_as_tensors(arrays), content)
    stream.write(content.getbuffer())


def _as_tensors(arrays: dict[str, Any]) -> dict[str, Any]:
    import torch

    return {name: W if isinstance(W, torch.Tensor) else torch.from_numpy(W) for name, W in arrays.items()}


_WRITERS: dict[str, Callable[[BinaryIO, dict[str, Any]], None]] = {
    ".npz": _to_npz,
    ".safetensors": _to_safetensors,
    ".pt": _to_torch,
    ".pth": _to_torch,
}
