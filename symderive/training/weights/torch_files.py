"""PyTorch's files: state dicts, checkpoints of trainers, and a whole ``Sequential``; no code is run.

Since version 1.6 such a file is an uncompressed zip archive of one pickle and one record for each storage;
before, it was a row of pickles with the storages behind it.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from symderive.errors import InputError
from symderive.files import read_input
from symderive.training.weights.arrays import PLAIN, REMEDY, Archive, Table, clipped, quoted, widened
from symderive.training.weights.pickles import Standin, Storage, Tensor, Unpickler

#: Keys under which training scripts keep the state of the model beside that of the optimizer.
STATES = ("state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights")

#: How often the tensors may hold the file: weights that are shared have several names.
_TIMES = 8

#: What a file of the old layout begins with.
_MAGIC = 0x1950A86A20F9469CFC6C

#: Layers of a whole network that do nothing to its input.
_IDLE = ("Identity",)

#: The bytes of a storage by its key.
Bytes = Callable[[Storage, int], bytes]


def from_torch(path: Path) -> Archive:
    """The arrays of a file that ``torch.save`` or a trainer wrote."""
    content = io.BytesIO(read_input(path))
    try:
        is_zip = zipfile.is_zipfile(content)
        content.seek(0)
        held, storages, order = _zipped(content, path) if is_zip else _rowed(content)
        left = _TIMES * content.getbuffer().nbytes

        def table(tensor: Tensor) -> Table:
            nonlocal left
            found = _table(tensor, storages, order, path.name)
            left -= found.values.nbytes
            if left < 0:
                raise ValueError("tensors that share their numbers, without end")
            return found

        return _archive(held, table, path.name)
    except InputError:
        raise
    except Exception:  # a damaged file can raise anything
        raise InputError(f"{path.name} is not a whole PyTorch checkpoint; {REMEDY}.") from None


# -- the two layouts ---------------------------------------------------------------------------------------


def _zipped(content: io.BytesIO, path: Path) -> tuple[Any, Bytes, str]:
    """The object, how its storages are found, and the order of their bytes."""
    archive = zipfile.ZipFile(content)
    (pickled,) = [name for name in archive.namelist() if name.endswith("/data.pkl")]
    root = pickled.removesuffix("data.pkl")
    if f"{root}constants.pkl" in archive.namelist():
        raise InputError(f"{path.name} is a TorchScript archive, which holds code; {REMEDY}.")

    def read(name: str, size: int = 0) -> bytes:
        entry = archive.getinfo(name)
        # Nothing in such a file is packed; what is could unpack to more than memory holds.
        if entry.compress_type != zipfile.ZIP_STORED or not size <= entry.file_size == entry.compress_size:
            raise ValueError("an entry is compressed, or shorter than its tensors")
        return archive.read(entry)

    held: dict[str, bytes] = {}
    left = content.getbuffer().nbytes

    def storage(asked: Storage, size: int) -> bytes:
        nonlocal left
        if asked.key not in held:
            held[asked.key] = read(f"{root}data/{asked.key}", size)
            left -= len(held[asked.key])
            if left < 0:
                raise ValueError("entries that are one place in the file")
        return held[asked.key]

    order = read(f"{root}byteorder").decode() if f"{root}byteorder" in archive.namelist() else "little"
    return Unpickler(io.BytesIO(read(pickled))).load(), storage, order


def _rowed(content: io.BytesIO) -> tuple[Any, Bytes, str]:
    """The same for the old layout: four pickles, a list of keys, and for each a count and the numbers."""
    if Unpickler(content).load() != _MAGIC:
        raise ValueError("another pickle")
    Unpickler(content).load()  # version of the layout
    about = Unpickler(content).load()
    reader = _Row(content)
    held = reader.load()
    order = "little" if about.get("little_endian", True) else "big"
    keys, found = Unpickler(content).load(), {}
    for key in keys:
        kept = reader.storages[str(key)]
        count = int.from_bytes(content.read(8), order, signed=True)  # type: ignore[arg-type]
        size = max(count, 0) * _width(kept.dtype)
        found[str(key)] = content.read(size)

    def storage(asked: Storage, _size: int) -> bytes:
        return found[asked.key]

    return held, storage, order


class _Row(Unpickler):
    """A reader that keeps what it learns of the storages, which follow the pickle."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, Storage] = {}

    def persistent_load(self, pid: Any) -> Any:
        found = super().persistent_load(pid)
        if isinstance(found, Storage):
            self.storages[found.key] = found
        return found


def _width(dtype: str) -> int:
    """Bytes of a number; complex and other types without a name here are told by their names."""
    if dtype in PLAIN:
        return int(PLAIN[dtype][-1]) if PLAIN[dtype] != "?" else 1
    return {"ComplexDoubleStorage": 16, "ComplexFloatStorage": 8}[dtype]


def _table(tensor: Tensor, storages: Bytes, order: str, file: str) -> Table:
    """The values of a tensor."""
    import numpy as np

    if tensor.storage is None or tensor.dtype not in PLAIN:
        raise InputError(f"{file} holds a tensor that is not a plain table of real numbers; {REMEDY}.")
    kind = np.dtype(PLAIN[tensor.dtype]).newbyteorder("<" if order == "little" else ">")
    numbers = (tensor.offset, *tensor.size, *tensor.stride)
    if any(type(n) is not int or n < 0 for n in numbers) or len(tensor.size) != len(tensor.stride):
        raise ValueError("no sizes")
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.size, tensor.stride, strict=True))
    needed = (last + 1) * kind.itemsize if math.prod(tensor.size) else 0
    content = storages(tensor.storage, needed)
    if len(content) < needed:
        raise ValueError("a storage is too short")
    if not needed:
        return Table(np.zeros(tensor.size, kind.newbyteorder("=")), tensor.dtype)
    if math.prod(tensor.size) * kind.itemsize > len(content):
        raise InputError(f"{file} holds a tensor that repeats its numbers; {REMEDY}.")
    flat = np.frombuffer(content, kind, count=last + 1)
    steps = [step * kind.itemsize for step in tensor.stride]
    view = np.lib.stride_tricks.as_strided(flat[tensor.offset :], tensor.size, steps, writeable=False)
    return Table(widened(view.astype(kind.newbyteorder("=")), tensor.dtype), tensor.dtype)


# -- what the file holds -----------------------------------------------------------------------------------


def _archive(held: Any, table: Callable[[Tensor], Table], file: str) -> Archive:
    """The state of the model among all that a trainer keeps; the rest is not read."""
    dropout: tuple[float, ...] | None = None
    of_features: float | None = None
    state, others = held, {}
    key = next((key for key in STATES if _is_module(held) is False and _holds_state(held, key)), None)
    if key is not None:
        state = held[key]
        others = {name: part for name, part in _states(held) if name != key}
    if _is_module(state):
        state, dropout, of_features = _of_module(state, file)
    if isinstance(state, Mapping) and key is None and not _is_state(state):
        # No name that is known: all states that the file holds, told apart by their own names.
        states = dict(_states(state))
        flat = {f"{name}.{inner}": x for name, part in states.items() for inner, x in _tensors(part)}
        state = next(iter(states.values())) if len(states) == 1 else flat
    if not isinstance(state, Mapping) or not any(True for _ in _tensors(state)):
        raise InputError(f"{file} holds no dictionary of tensors; {REMEDY}.")
    arrays = {name: table(x) for name, x in _tensors(state)}
    beside = {
        f"{name}.{inner}": table(x)
        for name, part in others.items()
        for inner, x in _tensors(part)
        if x.storage is not None
    }
    are = "is" if len(others) == 1 else "are"
    notes = (f"{quoted(others)} in {file} {are} not read.",) if others else ()
    return Archive(arrays, beside, dropout, of_features, notes, _hyperparameters(held))


def _hyperparameters(held: Any) -> dict[str, Any]:
    """What ``save_hyperparameters`` of a LightningModule kept, as far as it is plain values."""
    found = held.get("hyper_parameters") if isinstance(held, Mapping) else None
    if not isinstance(found, Mapping):
        return {}
    plain = (str, int, float, bool, type(None))
    return {name: x for name, x in found.items() if isinstance(name, str) and isinstance(x, plain)}


def _tensors(state: Mapping[Any, Any]) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a dictionary that have names; texts, numbers and the rest are passed over."""
    return ((name, x) for name, x in state.items() if isinstance(name, str) and isinstance(x, Tensor))


def _states(held: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The dictionaries of tensors in a dictionary."""
    return ((name, part) for name, part in held.items() if isinstance(name, str) and _is_state(part))


def _is_state(value: Any) -> bool:
    """Whether a value is a dictionary of tensors by name, and perhaps of something else."""
    return isinstance(value, Mapping) and any(True for _ in _tensors(value))


def _holds_state(held: Any, key: str) -> bool:
    part = held.get(key) if isinstance(held, Mapping) else None
    return _is_state(part) or _is_module(part)


def _is_module(value: Any) -> bool:
    """Whether a value is what ``torch.save`` makes of a whole network."""
    return isinstance(value, Standin) and isinstance(value.state, Mapping) and "_modules" in value.state


def _of_module(module: Standin, file: str) -> tuple[dict[str, Tensor], tuple[float, ...], float | None]:
    """State and drop probabilities of a Sequential: Dropout or nothing, Linear, then Dropout or nothing, …,
    Linear; that of the features comes last."""
    if module.origin != "torch.nn.modules.container.Sequential":
        raise InputError(
            f"{file} holds a whole {clipped(module.kind)}, and what its forward does is code; "
            "give model.state_dict(), or a Sequential of Linear and Dropout."
        )
    state: dict[str, Tensor] = {}
    rates: list[float] = []
    of_features: float | None = None
    after_linear = False
    for name, layer in _layers(module, ""):
        kind = layer.origin.removeprefix("torch.nn.modules.")
        if kind == "linear.Linear":
            if state and after_linear:
                rates.append(0.0)
            after_linear = True
            parts = {**layer.state["_parameters"], **layer.state.get("_buffers", {})}
            state |= {f"{name}.{part}": x for part, x in parts.items() if x is not None}
        elif kind == "dropout.Dropout" and after_linear:
            rates.append(float(layer.state["p"]))
            after_linear = False
        elif kind == "dropout.Dropout" and not state and of_features is None:
            of_features = float(layer.state["p"])
        elif layer.kind not in _IDLE:
            raise InputError(
                f"{file} has a {clipped(layer.kind)} at place {clipped(name)}; a deep linear network is "
                "made of Linear layers with at most one Dropout between two of them (of another give its "
                "state_dict, and --activation)."
            )
    if not after_linear:
        raise InputError(
            f"{file} does not end with a Linear layer; dropout of the output is no such network."
        )
    return state, tuple(rates), of_features


def _layers(module: Standin, prefix: str) -> list[tuple[str, Standin]]:
    """The layers of a Sequential in order, those of a Sequential inside it in its place."""
    found = []
    for name, layer in module.state["_modules"].items():
        if not _is_module(layer):
            raise pickle.UnpicklingError("no layer")
        if layer.origin == module.origin:
            found += _layers(layer, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", layer))
    return found
