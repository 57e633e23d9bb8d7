"""A second moment of a layer as the full loss keeps it: thin factors, a diagonal, and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from symderive.arithmetic.matrices import Arithmetic


@dataclass(frozen=True, eq=False)
class Spread:
    """``left right + variance · BlockDiag(left right) + Diag(diagonal)``, symmetric, in any number type.

    ``blocks`` holds the variance and the number of diagonal blocks of equal size; None is no blocks.
    """

    left: Any
    right: Any
    diagonal: Sequence[Any] | None = None
    blocks: tuple[Any, int] | None = None

    def times(self, op: Arithmetic, X: Any) -> Any:
        """This matrix times X."""
        product = op.multiply(self.left, op.multiply(self.right, X))
        if self.blocks is not None:
            variance, count = self.blocks
            product = op.add(product, op.scale(variance, self._block_product(op, X, count)))
        return product if self.diagonal is None else op.add(product, op.scale_rows(self.diagonal, X))

    def _block_product(self, op: Arithmetic, X: Any, count: int) -> Any:
        size = op.width(self.right) // count
        columns = op.transpose(self.right)
        parts = []
        for start in range(0, count * size, size):
            span = start, start + size
            inner = op.multiply(op.transpose(op.rows(columns, *span)), op.rows(X, *span))
            parts.append(op.multiply(op.rows(self.left, *span), inner))
        return op.stack(parts)

    def entries(self, op: Arithmetic) -> Sequence[Any]:
        """The diagonal of this matrix."""
        own = op.row_products(self.left, op.transpose(self.right))
        if self.blocks is not None:
            own = [(1 + self.blocks[0]) * s for s in own]
        return own if self.diagonal is None else [s + e for s, e in zip(own, self.diagonal, strict=True)]

    def blurred(self, op: Arithmetic, variance: Any, groups: int) -> Spread:
        """This matrix plus ``variance`` times its diagonal blocks, of which there are ``groups``; once."""
        if not variance:
            return self
        if groups == op.width(self.right):
            return self.with_diagonal([variance * s for s in self.entries(op)])
        assert self.blocks is None
        diagonal = self.diagonal and [(1 + variance) * e for e in self.diagonal]
        return Spread(self.left, self.right, diagonal, (variance, groups))

    def with_diagonal(self, more: Sequence[Any]) -> Spread:
        """This matrix plus Diag(more)."""
        if self.diagonal is None:
            return replace(self, diagonal=more)
        return replace(self, diagonal=[s + e for s, e in zip(self.diagonal, more, strict=True)])
