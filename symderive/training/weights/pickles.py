"""The pickles in PyTorch's files, read without running anything that they name.

A pickle is a program for a small stack machine; what makes it dangerous is that it may name any function
or class of any module, which an ordinary reader imports and calls.  Here no name is ever imported: those
of PyTorch's tensors and storages stand for the records below, and every other name for an empty class
that takes whatever it is given and does nothing.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, ClassVar

#: Number types of the storages, which older files name as classes.
_STORAGES = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "UntypedStorage": "uint8",
}


#: How many parts a key of a dictionary may have, and how many bits a whole number in it.
KEY_PARTS, KEY_BITS = 8, 64


@dataclass(frozen=True, eq=False)
class Storage:
    """Numbers of one type somewhere in the file, found by ``key``; ``count`` of them."""

    dtype: str
    key: str
    count: int


@dataclass(frozen=True, eq=False)
class Tensor:
    """A view of a storage; ``storage`` is None for what is no plain table (sparse, quantized, meta)."""

    storage: Storage | None
    offset: int = 0
    size: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    dtype: str = ""


class Standin(dict[Any, Any]):
    """An object of a class that is not imported: its items where it is a dictionary, and its state."""

    origin = ""
    state: Any = None

    def __new__(cls, *_arguments: Any, **_options: Any) -> Standin:
        return super().__new__(cls)

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        super().__init__()

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def extend(self, items: Any) -> None:
        """Of a list nothing is kept."""

    append = add = extend

    @property
    def kind(self) -> str:
        """The name of its class, without the module."""
        return self.origin.rpartition(".")[2]


class _Maker:
    """A function of PyTorch that makes a tensor; the file can call it and cannot change it."""

    __slots__ = ("run",)

    def __init__(self, run: Callable[..., Any]) -> None:
        self.run = run

    def __call__(self, *arguments: Any) -> Any:
        return self.run(*arguments)

    def __setstate__(self, state: Any) -> None:
        raise pickle.UnpicklingError("a function has no state")


class _Kind(str):
    """A number type, or a class of storages, by the name of the type."""

    __slots__ = ()

    def __setstate__(self, state: Any) -> None:
        raise pickle.UnpicklingError("a number type has no state")


def _tensor(storage: Any, offset: Any, size: Any, stride: Any, *more: Any) -> Tensor:
    """``_rebuild_tensor`` and ``_rebuild_tensor_v2``; marked as conjugate, it is no plain table."""
    marked = len(more) > 2 and bool(more[2])
    if not isinstance(storage, Storage) or marked:
        return Tensor(None)
    return Tensor(storage, offset, tuple(size), tuple(stride), storage.dtype)


def _typed_tensor(
    storage: Any, offset: Any, size: Any, stride: Any, _grad: Any, _hooks: Any, dtype: Any, *more: Any
) -> Tensor:
    """``_rebuild_tensor_v3``: an untyped storage and the type apart."""
    if not isinstance(storage, Storage) or any(more):
        return Tensor(None)
    return Tensor(storage, offset, tuple(size), tuple(stride), _word(dtype))


def _word(name: Any) -> str:
    """A name as text; of lists in lists, which a few bytes can make, the text could be without an end."""
    if not isinstance(name, (str, int, type)):
        raise pickle.UnpicklingError("a name that is none")
    return str(name)


def _of_type(make: Any, _type: Any, arguments: Any, _state: Any) -> Any:
    return make(*arguments) if isinstance(make, _Maker) else Tensor(None)


_MAKERS: Mapping[str, Callable[..., Any]] = {
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _typed_tensor,
    "torch._utils._rebuild_parameter": lambda data, *_: data,
    "torch._utils._rebuild_parameter_with_state": lambda data, *_: data,
    "torch._tensor._rebuild_from_type_v2": _of_type,
    "torch.nn.parameter.Parameter": lambda data=None, *_: data,
}


class Unpickler(pickle._Unpickler):  # the one in C sets aside memory for indices that a file makes up
    """One pickle of a PyTorch file."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, encoding="utf-8", errors="replace")
        self._named: dict[str, Any] = {}

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name; nothing is imported."""
        full = f"{module}.{name}"
        if full not in self._named:
            self._named[full] = self._standing_for(module, name)
        return self._named[full]

    def _standing_for(self, module: str, name: str) -> Any:
        full = f"{module}.{name}"
        if full in _MAKERS:
            return _Maker(_MAKERS[full])
        if module in ("torch", "torch.storage") and name in _STORAGES:
            return _Kind(_STORAGES[name])
        if module == "torch" and name.islower() and (name[-1].isdigit() or name == "bool" or "_" in name):
            return _Kind(name)
        if module in ("torch", "torch.cuda", "torch.storage") and name.endswith("Storage"):
            return _Kind(_STORAGES.get(name, name))
        if full.startswith(("torch._utils._rebuild_", "torch._tensor._rebuild_")):
            return _Maker(lambda *_: Tensor(None))
        return type("Standin", (Standin,), {"origin": full})

    def get_extension(self, code: int) -> None:
        """Numbers that stand for names known to this process only."""
        raise pickle.UnpicklingError(f"extension {code}")

    def persistent_load(self, pid: Any) -> Any:
        """A storage; ``pid`` is ('storage', type, key, device, count, view)."""
        if pid[0] == "module":  # older files keep the source of a class beside it
            return pid[1]
        if pid[0] != "storage" or any(view is not None for view in pid[5:]):
            raise pickle.UnpicklingError("a view of a storage, or no storage")
        _, kind, key, _, count = pid[:5]
        return Storage(_word(kind), _word(key), count)

    # The steps of the machine; filled in below.
    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)


def _require_keys(keys: Iterable[Any]) -> None:
    """Keys that are hashed and compared in a few steps."""
    for key in keys:
        parts, left = [key], KEY_PARTS
        while parts:
            part = parts.pop()
            left -= 1
            if isinstance(part, (tuple, frozenset)):
                parts += islice(part, left + 1)
            if left < 0 or (isinstance(part, int) and part.bit_length() > KEY_BITS):
                raise pickle.UnpicklingError("a key of many parts")


#: Where the steps that hash find what they hash on the stack, which begins behind the last mark.
_HASHED = {
    pickle.SETITEM: slice(-2, -1),
    pickle.SETITEMS: slice(None, None, 2),
    pickle.DICT: slice(None, None, 2),
    pickle.ADDITEMS: slice(None),
    pickle.FROZENSET: slice(None),
}


def _with_small_keys(run: Callable[[Any], None], hashed: slice) -> Callable[[Any], None]:
    """Tuples may share their parts and are hashed as if they did not: 30 of two parts each, one in another,
    are 60 bytes of a file and 2^30 steps."""

    def step(machine: Any) -> None:
        _require_keys(machine.stack[hashed])
        run(machine)

    return step


def _refused(_machine: Any) -> None:
    raise pickle.UnpicklingError("an array of bytes, which no tensor is")


Unpickler.dispatch |= {
    code[0]: _with_small_keys(Unpickler.dispatch[code[0]], hashed) for code, hashed in _HASHED.items()
}
Unpickler.dispatch[pickle.BYTEARRAY8[0]] = _refused  # its size is set aside before it is read
