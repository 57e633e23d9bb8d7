"""Matrices over three number types behind one small list of operations.

The full loss is written once (``symderive.full_loss.recursion``) and runs on balls, where every result
carries its error; on mpmath's numbers, as a second opinion that shares no arithmetic with FLINT; and on
floats, where speed matters and the caller bounds the error.  Matrices enter as ``flint.arb_mat``; the
last two take the midpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flint import arb, arb_mat


class Arithmetic(Protocol):
    """The operations that the recursion needs.  ``Any`` stands for the number type's own matrices."""

    def number(self, value: arb) -> Any:
        """A scalar of this type."""

    def matrix(self, value: arb_mat) -> Any:
        """A matrix of this type."""

    def multiply(self, left: Any, right: Any) -> Any:
        """The matrix product."""

    def add(self, left: Any, right: Any) -> Any:
        """The sum of two matrices of one shape."""

    def scale(self, factor: Any, matrix: Any) -> Any:
        """A scalar times a matrix."""

    def transpose(self, matrix: Any) -> Any:
        """The transpose."""

    def scale_rows(self, factors: Sequence[Any], matrix: Any) -> Any:
        """Row k times ``factors[k]``."""

    def row_products(self, left: Any, right: Any) -> Sequence[Any]:
        """The inner product of row k of ``left`` and row k of ``right``, for every k."""

    def rows(self, matrix: Any, start: int, stop: int) -> Any:
        """The rows from number ``start`` to before ``stop``."""

    def stack(self, parts: Sequence[Any]) -> Any:
        """Matrices of one width on top of each other."""

    def square(self, matrix: Any) -> Any:
        """The sum of the squares of all entries."""

    def width(self, matrix: Any) -> int:
        """The number of columns."""


class Balls:
    """FLINT's ``arb_mat`` at the working precision of the caller; every entry is an enclosure."""

    def number(self, value: arb) -> arb:
        return value

    def matrix(self, value: arb_mat) -> arb_mat:
        return value

    def multiply(self, left: arb_mat, right: arb_mat) -> arb_mat:
        return left * right

    def add(self, left: arb_mat, right: arb_mat) -> arb_mat:
        return left + right

    def scale(self, factor: arb, matrix: arb_mat) -> arb_mat:
        return matrix * factor

    def transpose(self, matrix: arb_mat) -> arb_mat:
        return matrix.transpose()

    def scale_rows(self, factors: Sequence[arb], matrix: arb_mat) -> arb_mat:
        rows = zip(factors, matrix.tolist(), strict=True)
        return arb_mat([[factor * x for x in row] for factor, row in rows])

    def row_products(self, left: arb_mat, right: arb_mat) -> list[arb]:
        rows = zip(left.tolist(), right.tolist(), strict=True)
        return [sum([x * y for x, y in zip(a, b, strict=True)], arb(0)) for a, b in rows]

    def rows(self, matrix: arb_mat, start: int, stop: int) -> arb_mat:
        return arb_mat(matrix.tolist()[start:stop])

    def stack(self, parts: Sequence[arb_mat]) -> arb_mat:
        return arb_mat([row for part in parts for row in part.tolist()])

    def square(self, matrix: arb_mat) -> arb:
        return sum([x * x for x in matrix.entries()], arb(0))

    def width(self, matrix: arb_mat) -> int:
        return int(matrix.ncols())


class Multiprecision:
    """Lists of rows of mpmath's numbers in a private context, so that the global ``mp`` is untouched."""

    def __init__(self, bits: int) -> None:
        from mpmath import MPContext

        self._mp = MPContext()
        self._mp.prec = bits

    def number(self, value: arb) -> Any:
        mantissa, exponent = value.mid().man_exp()
        return self._mp.ldexp(self._mp.mpf(int(mantissa)), int(exponent))

    def matrix(self, value: arb_mat) -> list[list[Any]]:
        return [[self.number(x) for x in row] for row in value.tolist()]

    def multiply(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        columns, rows = self._raw(self.transpose(right)), self._raw(left)
        return [[self._dot(row, column) for column in columns] for row in rows]

    def add(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        return [[x + y for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]

    def scale(self, factor: Any, matrix: list[list[Any]]) -> list[list[Any]]:
        return [[factor * x for x in row] for row in matrix]

    def transpose(self, matrix: list[list[Any]]) -> list[list[Any]]:
        return [list(column) for column in zip(*matrix, strict=True)]

    def scale_rows(self, factors: Sequence[Any], matrix: list[list[Any]]) -> list[list[Any]]:
        return [[factor * x for x in row] for factor, row in zip(factors, matrix, strict=True)]

    def row_products(self, left: list[list[Any]], right: list[list[Any]]) -> list[Any]:
        return [self._dot(a, b) for a, b in zip(self._raw(left), self._raw(right), strict=True)]

    def _raw(self, matrix: list[list[Any]]) -> list[list[Any]]:
        """What mpmath's own functions take: they need no look at every number's type, as ``fdot`` does."""
        return [[x._mpf_ for x in row] for row in matrix]

    def _dot(self, left: list[Any], right: list[Any]) -> Any:
        """The sum of exact products, rounded once."""
        from mpmath.libmp import mpf_mul, mpf_sum

        products = [mpf_mul(a, b) for a, b in zip(left, right, strict=True)]
        return self._mp.make_mpf(mpf_sum(products, *self._mp._prec_rounding))

    def rows(self, matrix: list[list[Any]], start: int, stop: int) -> list[list[Any]]:
        return matrix[start:stop]

    def stack(self, parts: Sequence[list[list[Any]]]) -> list[list[Any]]:
        return [row for part in parts for row in part]

    def square(self, matrix: list[list[Any]]) -> Any:
        return self._mp.fsum((x for row in matrix for x in row), squared=True)

    def width(self, matrix: list[list[Any]]) -> int:
        return len(matrix[0])


class Floats:
    """NumPy's float64; results are rounded and the caller bounds the error."""

    def number(self, value: arb) -> float:
        return float(value.mid())

    def matrix(self, value: arb_mat) -> Any:
        import numpy as np

        rows, columns = int(value.nrows()), int(value.ncols())
        found = np.empty((rows, columns))
        for i in range(rows):  # a row at a time: all entries as Python's objects would take ten times more
            found[i] = [float(value[i, j]) for j in range(columns)]
        return found

    def multiply(self, left: Any, right: Any) -> Any:
        return left @ right

    def add(self, left: Any, right: Any) -> Any:
        return left + right

    def scale(self, factor: float, matrix: Any) -> Any:
        return factor * matrix

    def transpose(self, matrix: Any) -> Any:
        return matrix.T

    def scale_rows(self, factors: Any, matrix: Any) -> Any:
        import numpy as np

        return np.asarray(factors)[:, None] * matrix

    def row_products(self, left: Any, right: Any) -> Any:
        return (left * right).sum(axis=1)

    def rows(self, matrix: Any, start: int, stop: int) -> Any:
        return matrix[start:stop]

    def stack(self, parts: Sequence[Any]) -> Any:
        import numpy as np

        return np.concatenate(parts)

    def square(self, matrix: Any) -> float:
        return float((matrix * matrix).sum())

    def width(self, matrix: Any) -> int:
        return int(matrix.shape[1])
