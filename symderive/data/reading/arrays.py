"""Arrays of numbers, exact: NumPy's, PyTorch's, JAX's, SciPy's sparse ones, and what NumPy can convert."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symderive.arithmetic.exact import rational
from symderive.data.blocks import Columns, Floats, Fractions, Integers
from symderive.data.reading.matrix import Matrix, cell, labels_of, missing
from symderive.data.reading.stored_array import StoredArray
from symderive.errors import InputError

if TYPE_CHECKING:
    import numpy as np

#: Whole numbers are held as int64 below this.
LARGE = 2**63

#: Kinds of NumPy's dtypes that hold no real numbers: what they hold, and what may be done.
_REFUSED = {
    "c": ("complex numbers", "give real ones, such as the real and imaginary parts as two columns"),
    "M": ("dates", "give numbers, for example days since the first"),
    "m": ("time differences", "divide them by a unit, for example numpy.timedelta64(1, 's')"),
    "U": ("text", "give numbers; text of numbers in nested lists is read exactly"),
    "S": ("bytes", "give numbers; text of numbers in nested lists is read exactly"),
    "T": ("text", "give numbers; text of numbers in nested lists is read exactly"),
    "V": ("records", "give an array of numbers with rows and columns"),
}


def is_array(values: Any) -> bool:
    """Whether values are an array of some library; the matrices of SymPy are nested lists here."""
    return (
        hasattr(values, "shape")
        and not type(values).__module__.startswith("sympy.")
        and (hasattr(values, "dtype") or hasattr(values, "__array__"))
    )


def matrix_of_array(values: Any, name: str, columns: Sequence[str] | None = None) -> Matrix:
    """A two-dimensional array, row by row."""
    array = _readable(values, name)
    if len(array.shape) != 2:
        hint = f"; {name}.reshape(-1, 1) makes one column of it" if len(array.shape) == 1 else ""
        raise InputError(f"{name} has {_dimensions(array)}; give a table with rows and columns{hint}.")
    return _matrix(array, name, columns)


def column_of_array(values: Any, name: str) -> Matrix:
    """A vector, or a matrix of one row or column, as one column."""
    array = _readable(values, name)
    if len(array.shape) == 2 and 1 not in array.shape and array.shape[1]:
        raise InputError(
            f"{name} has {array.shape[1]} columns; give one number a row (several outputs are for "
            "OutputMoments)."
        )
    if len(array.shape) not in (1, 2):
        raise InputError(f"{name} has {_dimensions(array)}; give one number a row.")
    return _matrix(array.reshape(-1, 1), name, None, is_column=True)


def _readable(values: Any, name: str) -> Any:
    """A tensor or a sparse array as it is, anything else as NumPy has it; of real numbers."""
    import numpy as np

    if _is_tensor(values):
        _require_dense(values, name)
        return values.detach()
    if isinstance(values, StoredArray):
        require_real(values.dtype, name)
        return values
    try:
        array = values if _is_sparse(values) else np.asanyarray(values)
    except Exception as error:  # each library has its own for what it cannot hand over
        raise InputError(f"{name} has type {_type(values)}, {_why(error)}") from None
    require_real(array.dtype, name)
    return np.asarray(array) if isinstance(array, np.matrix) else array


def _matrix(array: Any, name: str, columns: Sequence[str] | None, *, is_column: bool = False) -> Matrix:
    rows, width = map(int, array.shape)
    if _is_sparse(array):
        array = array.tocsr()
    labels = None if is_column else labels_of(columns, width)

    def read(start: int, stop: int) -> tuple[Columns, ...]:
        part = array[start:stop]
        if _is_tensor(part):
            part = _of_tensor(part, name)
        elif _is_sparse(part):
            part = part.toarray()
        return (numbers(part, name, start, labels),)

    return Matrix(name, rows, width, read, tuple(columns) if columns else None)


def _require_dense(tensor: Any, name: str) -> None:
    kinds = {
        "complex": tensor.is_complex(),
        "quantized": tensor.is_quantized,
        "without data (on the device meta)": tensor.is_meta,
        "sparse": str(tensor.layout) != "torch.strided",
    }
    for kind, is_kind in kinds.items():
        if is_kind:
            raise InputError(f"{name} is a tensor that is {kind}; give a dense one of real numbers.")


def _of_tensor(tensor: Any, name: str) -> np.ndarray:
    """A tensor on any device; floats as float64, which holds all of theirs, for NumPy may not have them."""
    part = (tensor.double() if tensor.is_floating_point() else tensor).cpu()
    try:
        found: np.ndarray = part.numpy()
    except (RuntimeError, TypeError):  # a tensor without storage
        raise InputError(
            f"{name} is a placeholder for a tensor, inside vmap or compile; make the moments outside."
        ) from None
    return found


def require_real(dtype: Any, name: str) -> None:
    """Refuse arrays that hold no real numbers."""
    kind = "f" if _is_small_number(dtype) else dtype.kind
    if kind in _REFUSED:
        what, instead = _REFUSED[kind]
        raise InputError(f"{name} holds {what} ({str(dtype)[:40]}); {instead}.")


def numbers(block: np.ndarray, name: str, start: int = 0, labels: Sequence[str] | None = None) -> Columns:
    """A block of an array, exact.

    ``start`` is the number of its first row from 0, and ``labels`` name the columns, where there are any.
    """
    import numpy as np

    where = _Places(name, start, labels)
    if (masked := sys.modules.get("numpy.ma")) and isinstance(block, masked.MaskedArray):
        if (bad := np.argwhere(masked.getmaskarray(block))).size:
            raise missing(where(*bad[0]))
        block = block.data
    if _is_small_number(block.dtype):  # bfloat16 and its like, which NumPy knows by name only
        block = block.astype(np.float64)
    if block.dtype.kind == "O":
        return Fractions(
            [[number(x, where(i, j)) for j, x in enumerate(row)] for i, row in enumerate(block.tolist())]
        )
    if block.dtype.kind == "f":
        if not (finite := np.isfinite(block)).all():
            i, j = np.argwhere(~finite)[0]
            if np.isnan(block[i, j]):
                raise InputError(f"{where(i, j)} is nan, a missing value; fill it or drop the row.")
            raise InputError(f"{where(i, j)} is {block[i, j]}; give a finite number.")
        with np.errstate(over="ignore", under="ignore"):
            floats = block.astype(np.float64, copy=False)
        if block.dtype.itemsize <= 8 or (floats == block).all():
            return Floats(floats)
        return Fractions([[Fraction(*x.as_integer_ratio()) for x in row] for row in block])
    if (
        block.size
        and block.dtype.itemsize == 8
        and not (-LARGE < int(block.min()) <= int(block.max()) < LARGE)
    ):
        return Fractions([[Fraction(x) for x in row] for row in block.tolist()])
    return Integers(block.astype(np.int64))


def number(value: Any, where: str) -> Fraction:
    """The number in a cell; None and what libraries put in its place are missing."""
    if isinstance(value, Fraction):
        return value
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        raise missing(where)
    return rational(value, where)


class _Places:
    """How messages name the cells of a block."""

    def __init__(self, name: str, start: int, labels: Sequence[str] | None) -> None:
        self.name, self.start, self.labels = name, start, labels

    def __call__(self, row: int, column: int) -> str:
        return cell(self.name, self.start + int(row), self.labels[int(column)] if self.labels else None)


def _is_small_number(dtype: Any) -> bool:
    """Whether a dtype is one of those with few bits that libraries add to NumPy's, all real numbers."""
    return (
        dtype.kind == "V"
        and dtype.names is None
        and str(dtype).startswith(("bfloat", "float", "int", "uint"))
    )


def _is_tensor(values: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(values, torch.Tensor)


def _is_sparse(values: Any) -> bool:
    loaded = sys.modules.get("scipy.sparse")
    return loaded is not None and bool(loaded.issparse(values))


def _dimensions(values: Any) -> str:
    count = len(values.shape)
    return f"{count} dimension{'s' * (count != 1)}"


def _type(values: Any) -> str:
    return f"{type(values).__module__.partition('.')[0]}.{type(values).__name__}"


def _why(error: Exception) -> str:
    if "Tracer" in type(error).__name__:
        return "a placeholder inside jit, grad or vmap; make the moments outside of them."
    return "which NumPy cannot convert; convert it to an array of NumPy on the CPU first."
