"""The second moment A that the full loss multiplies with: written out, or as a product of thin factors.

n samples of d features give A = f FᵀF with an n × d matrix F.  Where n < d, that is cheaper to keep and to
apply than d² entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from flint import arb

from symderive.arithmetic.matrices import Arithmetic


@dataclass(frozen=True, eq=False)
class Whole:
    """A symmetric matrix with all its entries, in any number type."""

    matrix: Any

    def into(self, op: Arithmetic) -> Whole:
        """From balls to another number type."""
        return Whole(op.matrix(self.matrix))

    def times(self, op: Arithmetic, X: Any) -> Any:
        """This matrix times X."""
        return op.multiply(self.matrix, X)

    def dense(self) -> Any:
        """Of balls: a copy of all entries."""
        return self.matrix * 1

    def diagonal(self) -> list[arb]:
        """Of balls: the diagonal."""
        return [self.matrix[i, i] for i in range(int(self.matrix.nrows()))]

    @property
    def trace(self) -> arb:
        """Of balls: the trace."""
        return self.matrix.trace()

    @property
    def samples(self) -> int:
        """Number of rows of the factor: there is none."""
        return 0

    @property
    def work(self) -> int:
        """Of balls: multiply-adds of a product with one column."""
        return int(self.matrix.nrows()) ** 2

    def size(self, op: Arithmetic) -> Any:
        """The square of a bound on the Frobenius norm of what absolute values of the factors give."""
        return op.square(self.matrix)


@dataclass(frozen=True, eq=False)
class Factored:
    """f FᵀF for a number ``unit`` f > 0 and a ``factor`` F of shape (n, d), in any number type.

    ``trace`` is a ball.  f should be near 1, so that neither F nor f leaves the range of floats.
    """

    factor: Any
    unit: Any
    trace: arb

    def into(self, op: Arithmetic) -> Factored:
        """From balls to another number type."""
        return Factored(op.matrix(self.factor), op.number(self.unit), self.trace)

    def times(self, op: Arithmetic, X: Any) -> Any:
        """This matrix times X; it is the thin product that is turned, not the factor."""
        inner = op.scale(self.unit, op.multiply(self.factor, X))
        return op.transpose(op.multiply(op.transpose(inner), self.factor))

    def dense(self) -> Any:
        """Of balls: all entries, d² of them."""
        return self.factor.transpose() * self.factor * self.unit

    def diagonal(self) -> list[arb]:
        """Of balls: the diagonal."""
        columns = self.factor.transpose().tolist()
        return [self.unit * sum((x * x for x in column), arb(0)) for column in columns]

    @property
    def samples(self) -> int:
        """Of balls: the number of rows of the factor."""
        return int(self.factor.nrows())

    @property
    def work(self) -> int:
        """Of balls: multiply-adds of a product with one column."""
        return 2 * int(self.factor.nrows()) * int(self.factor.ncols())

    def size(self, op: Arithmetic) -> Any:
        """‖|F|ᵀ|F|‖ ≤ ‖F‖², squared."""
        return (self.unit * op.square(self.factor)) ** 2


#: Either of them.
Symmetric: TypeAlias = Whole | Factored
