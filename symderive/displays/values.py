"""What the nodes of a display are in entries: numbers, matrices, and matrices put together from these.

A number is a SymPy expression.  A matrix is its two sizes and a function from a row and a column to an
entry; a product of matrices sums over an index whose name is new (:class:`Indices`).  Whether a size or a
product is defined is for the core to say; here shapes are compared, and :class:`ShapeError` names both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symderive.errors import InputError


class ShapeError(InputError):
    """Two values do not fit; the message begins with a verb, what was to be done with both."""


class Indices:
    """Names of indices that clash with nothing: ``j_1``, ``j_2`` and so on, positive integers."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken, self._count = frozenset(taken), 0

    def new(self, *, positive: bool = True) -> sp.Symbol:
        """The next name; not declared positive for a range that starts at 0."""
        while True:
            self._count += 1
            if (name := f"j_{self._count}") not in self._taken:
                return sp.Symbol(name, integer=True, positive=positive or None, nonnegative=True)


@dataclass(frozen=True)
class Matrix:
    """Entries by row and column; a size that is None is that of what it is added to or multiplied with.

    ``diagonal`` gives the diagonal entries of a matrix that is known to be diagonal.
    """

    rows: Any
    columns: Any
    entry: Callable[[Any, Any], Any]
    diagonal: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Scalar:
    """A multiple of the identity matrix whose size is that of what it stands beside."""

    factor: Any


@dataclass(frozen=True)
class Table:
    """Blocks in rows, numbers among them."""

    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Joined:
    r"""A product ``kind`` ⊗ or a sum ⊕ of values; two are equal if their parts are, one by one."""

    kind: str
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Opaque:
    """A value that is not written out, in steps in words only; it fits everything."""


def is_number(value: Any) -> bool:
    """Whether a value is a number."""
    return isinstance(value, sp.Expr)


def is_zero(value: Any) -> bool:
    """Whether a value is the number 0, which stands for the matrix 0 of any size, too."""
    return is_number(value) and value == 0


def diagonal(size: Any, entry: Callable[[Any], Any]) -> Any:
    """The diagonal matrix with these entries."""
    return tidy(Matrix(size, size, lambda j, k: sp.KroneckerDelta(j, k) * entry(j), entry))


def tidy(value: Any) -> Any:
    """A matrix of one row and one column is a number."""
    if isinstance(value, Matrix) and value.rows == value.columns == 1:
        return sp.sympify(value.entry(sp.S.One, sp.S.One))
    return value


def shape(value: Any) -> str:
    """The shape of a value in words."""
    match value:
        case Matrix():
            return " × ".join("?" if size is None else str(size) for size in (value.rows, value.columns))
        case Scalar():
            return "a multiple of the identity"
        case Table():
            return f"a table of {len(value.rows)} × {len(value.rows[0])} blocks"
        case Joined():
            return f"a {value.kind} of {len(value.parts)} parts"
        case Opaque():
            return "anything"
    return "a number"


def agree(first: Any, second: Any) -> bool:
    """Whether two sizes are the same; one that is open agrees with every size."""
    return first is None or second is None or sp.expand(first - second) == 0


def _joint(first: Any, second: Any) -> Any:
    return second if first is None else first


# -- operations --------------------------------------------------------------------------------------------


def transpose(value: Any) -> Any:
    """The transpose; a number is its own."""
    match value:
        case Matrix():
            return replace(
                value, rows=value.columns, columns=value.rows, entry=lambda j, k: value.entry(k, j)
            )
        case Table():
            return Table(tuple(tuple(map(transpose, column)) for column in zip(*value.rows, strict=True)))
        case Joined():
            return Joined(value.kind, tuple(map(transpose, value.parts)))
    return value


def scale(number: Any, value: Any) -> Any:
    """A number times a value."""
    match value:
        case Matrix():
            entries = value.diagonal
            return replace(
                value,
                entry=lambda j, k: number * value.entry(j, k),
                diagonal=None if entries is None else lambda j: number * entries(j),
            )
        case Scalar():
            return Scalar(number * value.factor)
        case Table():
            return Table(tuple(tuple(scale(number, part) for part in row) for row in value.rows))
        case Joined(kind="⊗"):
            return Joined("⊗", (scale(number, value.parts[0]), *value.parts[1:]))
        case Joined():
            return Joined(value.kind, tuple(scale(number, part) for part in value.parts))
        case Opaque():
            return value
    return number * value


def add(left: Any, right: Any) -> Any:
    """The sum; a number and a matrix have none, but for the number 0."""
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return Opaque()
    if is_number(left) and is_number(right):
        return left + right
    if is_zero(left) or is_zero(right):
        return right if is_zero(left) else left
    match left, right:
        case Scalar(), Scalar():
            return Scalar(left.factor + right.factor)
        case Scalar(), Matrix():
            return add(right, left)
        case Matrix(), Scalar() if agree(left.rows, left.columns):
            return add(left, diagonal(_joint(left.rows, left.columns), lambda _: right.factor))
        case Matrix(), Matrix() if agree(left.rows, right.rows) and agree(left.columns, right.columns):
            sizes = _joint(left.rows, right.rows), _joint(left.columns, right.columns)
            first, second = left.diagonal, right.diagonal
            both = None if first is None or second is None else lambda j: first(j) + second(j)
            return tidy(Matrix(*sizes, lambda j, k: left.entry(j, k) + right.entry(j, k), both))
        case Table(), Table() if _layout(left) == _layout(right):
            pairs = (zip(*rows, strict=True) for rows in zip(left.rows, right.rows, strict=True))
            return Table(tuple(tuple(add(*pair) for pair in row) for row in pairs))
        case Joined(kind="⊕"), Joined(kind="⊕") if len(left.parts) == len(right.parts):
            return Joined("⊕", tuple(map(add, left.parts, right.parts)))
    raise ShapeError("added")


def multiply(left: Any, right: Any, indices: Indices) -> Any:
    """The product; an inner index is summed over."""
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return Opaque()
    if is_number(left) or is_number(right):
        return scale(left, right) if is_number(left) else scale(right, left)
    if isinstance(left, Scalar) or isinstance(right, Scalar):
        return scale(left.factor, right) if isinstance(left, Scalar) else scale(right.factor, left)
    match left, right:
        case Matrix(), Matrix() if agree(left.columns, right.rows) and not (
            left.columns == 1 and right.rows is None
        ):
            return tidy(_product(left, right, indices))
        case Table(), Table() if len(left.rows[0]) == len(right.rows):
            return Table(
                tuple(
                    tuple(_dot(row, column, indices) for column in zip(*right.rows, strict=True))
                    for row in left.rows
                )
            )
        case Table(), Matrix() if (matrix := as_matrix(left)) is not None and right.rows == matrix.columns:
            return tidy(_product(matrix, right, indices))
        case Matrix(), Table() if (matrix := as_matrix(right)) is not None and left.columns == matrix.rows:
            return tidy(_product(left, matrix, indices))
        case Joined(), Joined() if left.kind == right.kind and len(left.parts) == len(right.parts):
            parts = zip(left.parts, right.parts, strict=True)
            return Joined(left.kind, tuple(multiply(*pair, indices) for pair in parts))
    raise ShapeError("multiplied")


def as_matrix(table: Table) -> Matrix | None:
    """A table that has numbers only, as a matrix; None for another."""
    if not all(is_number(part) for row in table.rows for part in row):
        return None
    delta = sp.KroneckerDelta
    cells = [(a, b, part) for a, row in enumerate(table.rows, 1) for b, part in enumerate(row, 1)]

    def entry(j: Any, k: Any) -> Any:
        return sp.Add(*(delta(j, a) * delta(k, b) * part for a, b, part in cells))

    rows, columns = map(sp.Integer, _layout(table))
    return Matrix(rows, columns, entry)


def _dot(row: Iterable[Any], column: Iterable[Any], indices: Indices) -> Any:
    total: Any = sp.S.Zero
    for pair in zip(row, column, strict=True):
        total = add(total, multiply(*pair, indices))
    return total


def _product(left: Matrix, right: Matrix, indices: Indices) -> Matrix:
    first, second = left.diagonal, right.diagonal
    if first is not None and second is not None:
        size = _joint(left.rows, right.rows)
        made: Matrix = diagonal(size, lambda j: first(j) * second(j))
        return made
    if first is not None:
        rows = _joint(left.rows, right.rows)
        return Matrix(rows, right.columns, lambda j, k: first(j) * right.entry(j, k))
    if second is not None:
        columns = _joint(right.columns, left.columns)
        return Matrix(left.rows, columns, lambda j, k: left.entry(j, k) * second(k))
    inner = _joint(left.columns, right.rows)
    if inner == 1:
        one = sp.S.One
        return Matrix(left.rows, right.columns, lambda j, k: left.entry(j, one) * right.entry(one, k))

    def entry(j: Any, k: Any) -> Any:
        if inner is None:
            raise InputError("the size of a product of two vectors of ones is not known.")
        index = indices.new()
        return sp.Sum(left.entry(j, index) * right.entry(index, k), (index, 1, inner))

    return Matrix(left.rows, right.columns, entry)


def _layout(table: Table) -> tuple[int, int]:
    return len(table.rows), len(table.rows[0])


def squares(value: Any, indices: Indices) -> Any:
    """The sum of the squares of all entries; of a number, its square."""
    if is_number(value):
        return value**2
    if not isinstance(value, Matrix) or value.rows is None or value.columns is None:
        raise ShapeError("squared")
    ranges, names = [], []
    for size in (value.rows, value.columns):
        names.append(sp.S.One if size == 1 else indices.new())
        ranges += [] if size == 1 else [(names[-1], 1, size)]
    if value.diagonal is not None:
        return sp.Sum(value.diagonal(names[0]) ** 2, ranges[0])
    return sp.Sum(value.entry(*names) ** 2, *reversed(ranges))


def trace(value: Any, indices: Indices) -> Any:
    """The trace of a square matrix."""
    if is_number(value) or isinstance(value, Opaque):
        return value
    if not isinstance(value, Matrix) or value.rows is None or not agree(value.rows, value.columns):
        raise ShapeError("traced")
    index = indices.new()
    inside = value.entry(index, index) if value.diagonal is None else value.diagonal(index)
    return sp.Sum(inside, (index, 1, value.rows))


def on_diagonal(value: Any) -> Any:
    """Diag: of a vector, the matrix with it on the diagonal; of a square matrix, the matrix cut down."""
    match value:
        case Matrix(columns=1):
            return diagonal(value.rows, lambda j: value.entry(j, sp.S.One))
        case Matrix(rows=1):
            return diagonal(value.columns, lambda j: value.entry(sp.S.One, j))
        case Matrix() if agree(value.rows, value.columns):
            # δ_jk S_jk rather than δ_jk S_jj, the form that recursions have.
            delta = sp.KroneckerDelta
            return replace(
                value,
                entry=lambda j, k: delta(j, k) * value.entry(j, k),
                diagonal=lambda j: value.entry(j, j),
            )
        case Scalar() | Opaque() | sp.Expr():
            return value
    raise ShapeError("made diagonal")
