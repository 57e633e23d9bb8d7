"""Trained weights from a file: NPZ, safetensors, or a PyTorch checkpoint; no object but tensors is read.

The layers of a network are W_1, …, W_D and the output row U.  A file names them so (``W1`` … ``WD``,
``U``), or as PyTorch's ``Sequential`` does (``0.weight``, ``2.weight``, …, perhaps after a common prefix).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from symderive.data.reading.npz import read_npz
from symderive.errors import InputError, MissingExtraError
from symderive.files import require_folder, unfinished_file

_LAYER = re.compile(r"((?:\w+\.)*)(\d+)\.(weight|bias)")

#: Keys under which training scripts keep the state of the model beside that of the optimizer.
_STATES = ("state_dict", "model_state_dict", "model")

_REMEDY = "give the weights of bias-free Linear layers, such as model.state_dict() of a Sequential"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The weights of a trained network.

    Attributes
    ----------
    weights
        W_1, …, W_D of shapes (d_i, d_{i-1}) and U of shape (1, d_D), as float64 arrays; D ≥ 0.
    biases
        One vector or None for each layer.
    dropout
        Drop probabilities of the D hidden layers, where the file tells them, else None.
    names
        What the file calls the weights, in the same order.
    dtype
        The floating type of the file, such as ``"float32"``; of integers float64.
    source
        Name of the file.
    """

    weights: tuple[Any, ...]
    biases: tuple[Any, ...]
    dropout: tuple[float, ...] | None
    names: tuple[str, ...]
    dtype: str
    source: str

    @property
    def depth(self) -> int:
        """Number of hidden layers D."""
        return len(self.weights) - 1

    @property
    def widths(self) -> tuple[int, ...]:
        """d_1, …, d_D."""
        return tuple(len(W) for W in self.weights[:-1])

    @property
    def features(self) -> int:
        """Number of inputs."""
        return int(self.weights[0].shape[1])

    @property
    def has_bias(self) -> bool:
        """Whether any layer has a bias."""
        return any(b is not None for b in self.biases)

    @property
    def offset(self) -> float:
        """What the biases alone add to every prediction; 0 without biases."""
        total: Any = 0.0
        for W, b in zip(self.weights, self.biases, strict=True):
            total = (W @ total if getattr(total, "ndim", 0) else 0.0) + (0.0 if b is None else b)
        return float(total[0]) if getattr(total, "ndim", 0) else float(total)


def read_checkpoint(path: str | Path) -> Checkpoint:
    """The weights in a file ``.npz``, ``.safetensors``, ``.pt`` or ``.pth``.

    Raises :class:`InputError` for files that are missing, damaged, or hold anything but a chain of Linear
    layers with one output, and :class:`MissingExtraError` where the library of the format is missing.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path.name} has no suffix of a known format; give {_one_of(_READERS)}.")
    arrays, dropout = reader(path)
    names = _names(arrays, path.name)
    weights = tuple(_matrix(arrays[name], name, path.name) for name, _ in names)
    biases = tuple(None if bias is None else _vector(arrays[bias], bias, path.name) for _, bias in names)
    _require_chain(weights, biases, names, path.name)
    if dropout is not None and len(dropout) != len(weights) - 1:
        raise InputError(
            f"{path.name} has {len(dropout)} Dropout layers for {len(weights) - 1} hidden layers; "
            "dropout belongs behind every hidden layer or none."
        )
    first = arrays[names[0][0]].dtype
    dtype = str(first) if first.kind == "f" else "float64"
    return Checkpoint(weights, biases, dropout, tuple(name for name, _ in names), dtype, path.name)


def write_checkpoint(
    weights: Sequence[Any], like: Checkpoint, path: str | Path, *, offset: float | None = None
) -> None:
    """Write ``weights`` in the order W_1, …, U under the names and in the number type of ``like``.

    The suffix decides the format, as for reading.  ``offset`` is the bias of the output layer where
    ``like`` has biases; all others become 0.  The file appears whole or not at all.
    """
    path = check_writable(path)
    arrays = {}
    for name, W, old in zip(like.names, weights, like.biases, strict=True):
        shaped = W.reshape(-1) if name == "U" else W
        arrays[name] = shaped.astype(like.dtype)
        if old is not None:
            arrays[_bias_of(name)] = (0 * old).astype(like.dtype)
    if like.has_bias:
        last = _bias_of(like.names[-1])
        if last not in arrays:
            raise InputError(f"{like.source} has biases but none in the output layer; add it to the model.")
        arrays[last] = arrays[last] + arrays[last].dtype.type(offset or 0.0)
    with unfinished_file(path) as unfinished:
        _WRITERS[path.suffix.lower()](unfinished, arrays)
        unfinished.replace(path)


def check_writable(path: str | Path) -> Path:
    """``path`` where weights can be written to it; :class:`InputError` otherwise."""
    path = require_folder(path)
    if path.suffix.lower() not in _WRITERS:
        raise InputError(f"{path.name} has no suffix of a known format; give {_one_of(_WRITERS)}.")
    return path


# -- formats ---------------------------------------------------------------------------------------------


def _from_npz(path: Path) -> tuple[dict[str, Any], None]:
    return read_npz(path), None


def _from_safetensors(path: Path) -> tuple[dict[str, Any], None]:
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load
    except ImportError:
        raise MissingExtraError.of("safetensors files need the library", "train") from None
    content = _content(path)
    try:
        return load(content), None
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise InputError(
            f"{path.name} is not a whole safetensors file of float16, float32 or float64."
        ) from None


def _from_torch(path: Path) -> tuple[dict[str, Any], tuple[float, ...] | None]:
    try:
        import torch
        from torch import nn
    except ImportError:
        raise MissingExtraError.of("PyTorch checkpoints need PyTorch", "train") from None
    import io
    import warnings

    content = io.BytesIO(_content(path))
    try:
        # Tensors and the three classes of such a network; any other object in the file is refused.
        with (
            warnings.catch_warnings(),
            torch.serialization.safe_globals([nn.Sequential, nn.Linear, nn.Dropout]),
        ):
            warnings.simplefilter("ignore")
            held = torch.load(content, weights_only=True, map_location="cpu")
            found = _of_module(held, nn, path.name) if isinstance(held, nn.Module) else (held, None)
    except InputError:
        raise
    except Exception:  # a damaged archive can raise anything
        raise InputError(
            f"{path.name} is not a PyTorch checkpoint of tensors alone or of a Sequential of Linear and "
            f"Dropout; {_REMEDY}."
        ) from None
    state, dropout = found
    for key in _STATES:
        if isinstance(state, Mapping) and isinstance(state.get(key), Mapping):
            state = state[key]
    if not isinstance(state, Mapping) or not all(isinstance(x, torch.Tensor) for x in state.values()):
        raise InputError(f"{path.name} holds no dictionary of tensors; {_REMEDY}.")
    return {str(name): _array(x, torch, path.name) for name, x in state.items()}, dropout


def _of_module(module: Any, nn: Any, file: str) -> tuple[Any, tuple[float, ...] | None]:
    """State and drop probabilities of a Sequential: Linear, then Dropout or nothing, …, Linear."""
    if type(module) is not nn.Sequential:
        raise InputError(f"{file} holds a {type(module).__name__}; {_REMEDY}.")
    rates: list[float] = []
    after_linear = False
    for index, layer in enumerate(module):
        if type(layer) is nn.Linear:
            if index and after_linear:
                rates.append(0.0)
            after_linear = True
        elif type(layer) is nn.Dropout and after_linear:
            rates.append(float(layer.p))
            after_linear = False
        else:
            raise InputError(
                f"{file} has a {type(layer).__name__} at place {index}; a deep linear network is made of "
                "Linear layers with at most one Dropout between two of them."
            )
    if not after_linear:
        raise InputError(
            f"{file} does not end with a Linear layer; dropout of the output is no such network."
        )
    return module.state_dict(), tuple(rates)


def _array(tensor: Any, torch: Any, file: str) -> Any:
    narrow = tensor.dtype is torch.bfloat16 or (tensor.is_floating_point() and tensor.itemsize == 1)
    plain = tensor.layout is torch.strided and not (tensor.is_quantized or tensor.is_complex())
    if not plain or tensor.is_meta:
        raise InputError(f"{file} holds a tensor that is not a plain table of real numbers; {_REMEDY}.")
    tensor = tensor.detach()
    return (tensor.float() if narrow else tensor).numpy()


def _to_npz(path: Path, arrays: dict[str, Any]) -> None:
    import numpy as np

    with path.open("wb") as stream:
        np.savez(stream, **arrays)


def _to_safetensors(path: Path, arrays: dict[str, Any]) -> None:
    from safetensors.numpy import save

    path.write_bytes(save(arrays))


def _to_torch(path: Path, arrays: dict[str, Any]) -> None:
    import torch

    torch.save({name: torch.from_numpy(array) for name, array in arrays.items()}, path)


_READERS: dict[str, Callable[[Path], tuple[dict[str, Any], tuple[float, ...] | None]]] = {
    ".npz": _from_npz,
    ".safetensors": _from_safetensors,
    ".pt": _from_torch,
    ".pth": _from_torch,
}

_WRITERS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    ".npz": _to_npz,
    ".safetensors": _to_safetensors,
    ".pt": _to_torch,
    ".pth": _to_torch,
}


def _one_of(table: Mapping[str, Any]) -> str:
    *most, last = table
    return f"{', '.join(most)} or {last}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from None


# -- layers ----------------------------------------------------------------------------------------------


def _bias_of(name: str) -> str:
    return name.removesuffix("weight") + "bias"


def _names(arrays: Mapping[str, Any], file: str) -> list[tuple[str, str | None]]:
    """Names of the weights in the order W_1, …, U, each with that of its bias or None."""
    if "U" in arrays:
        depth = len(arrays) - 1
        expected = [*(f"W{i}" for i in range(1, depth + 1)), "U"]
        if missing := [name for name in expected if name not in arrays]:
            raise InputError(f"{file} has no array {missing[0]!r}; give {', '.join(expected)}.")
        return [(name, None) for name in expected]
    if not arrays:
        raise InputError(f"{file} holds no arrays; {_REMEDY}.")
    parts = {}
    for key in arrays:
        match = _LAYER.fullmatch(key)
        if match is None:
            raise InputError(
                f"{file} holds {key!r}, which is no layer of a deep linear network; {_REMEDY}."
            )
        parts[key] = match.groups()
    if len(prefixes := sorted({prefix for prefix, _, _ in parts.values()})) > 1:
        raise InputError(
            f"{file} holds layers of two modules, {prefixes[0]!r} and {prefixes[1]!r}; give one."
        )
    ordered = sorted((int(at), key) for key, (_, at, kind) in parts.items() if kind == "weight")
    weights = [key for _, key in ordered]
    lone = [
        key for key, (_, _, kind) in parts.items() if kind == "bias" and key[:-4] + "weight" not in parts
    ]
    if lone:
        raise InputError(f"{file} holds {lone[0]!r} without its weight; {_REMEDY}.")
    return [(key, _bias_of(key) if _bias_of(key) in arrays else None) for key in weights]


def _matrix(array: Any, name: str, file: str) -> Any:
    import numpy as np

    if array.dtype.kind not in "iuf":
        raise InputError(f"{name} in {file} holds {array.dtype}; give real numbers.")
    if name == "U" and array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2 or 0 in array.shape:
        raise InputError(
            f"{name} in {file} has shape {array.shape}; a layer is a table of rows and columns."
        )
    values = array.astype(np.float64)
    if not np.isfinite(values).all():
        raise InputError(f"{name} in {file} holds a number that is not finite; the training has diverged.")
    return values


def _vector(array: Any, name: str, file: str) -> Any:
    if array.ndim != 1:
        raise InputError(f"{name} in {file} has shape {array.shape}; a bias is a list of numbers.")
    return _matrix(array[:, None], name, file)[:, 0]


def _require_chain(
    weights: Sequence[Any], biases: Sequence[Any], names: Sequence[tuple[str, str | None]], file: str
) -> None:
    for (below, above), ((first, _), (second, _)) in zip(pairwise(weights), pairwise(names), strict=True):
        if above.shape[1] != below.shape[0]:
            raise InputError(
                f"{second} in {file} takes {above.shape[1]} inputs and {first} gives {below.shape[0]}; "
                "the layers do not fit together."
            )
    for W, b, (name, _) in zip(weights, biases, names, strict=True):
        if b is not None and len(b) != len(W):
            raise InputError(f"the bias of {name} in {file} has {len(b)} entries for {len(W)} neurons.")
    if len(weights[-1]) != 1:
        raise InputError(
            f"{names[-1][0]} in {file} has {len(weights[-1])} outputs; those are solved exactly only for "
            "whitened inputs without noise, so give the weights of a network with one output."
        )
