"""The Hessian of the full loss at a stationary point as a record: spectrum, inertia, sharpness.

:mod:`symderive.landscape.hessian.blocks` computes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.notebooks import InNotebooks

HessianBlockKind = Literal["point", "neurons", "neuron pairs", "origin", "features"]


@dataclass(frozen=True, eq=False)
class Eigenvalue:
    """An eigenvalue, and how often it occurs.

    Attributes
    ----------
    value : arb
        A ball; an exact 0 is a proved one.
    multiplicity : int
        How many eigenvalues it stands for.
    """

    value: arb
    multiplicity: int


@dataclass(frozen=True, eq=False)
class HessianBlock(InNotebooks):
    """Equal blocks of the Hessian.

    Attributes
    ----------
    kind : str
        ``"point"``: directions in which all neurons of a layer move alike; ``"neurons"``: differences
        between the neurons of a layer, in the weights into and out of it; ``"neuron pairs"``:
        differences in two neighboring layers at once; ``"origin"``; ``"features"`` at depth 0.
    layers : tuple of int
        The layers it occurs in, counted from 1.
    copies : int
        How often it occurs.
    size : int
        Of one copy.
    eigenvalues : tuple of Eigenvalue
        Of one copy, in increasing order.
    complete : bool
        Whether these are all, or only the extremes and those of known multiplicity.
    """

    kind: HessianBlockKind
    layers: tuple[int, ...]
    copies: int
    size: int
    eigenvalues: tuple[Eigenvalue, ...]
    complete: bool = True

    def __repr__(self) -> str:
        layers = ", ".join(map(str, self.layers))
        ends = _range_of([one.value for one in self.eigenvalues])
        return f"HessianBlock({self.kind}, layers {layers}: {self.copies} × {self.size} eigenvalues{ends})"


@dataclass(frozen=True, eq=False)
class Hessian(InNotebooks):
    """The Hessian of the full loss at one point, dimension of the loss per squared weight.

    Made by :meth:`Landscape.hessian`.

    Attributes
    ----------
    blocks : tuple of HessianBlock
        The blocks that occur.
    size : int
        The number of weights.
    morse_index : int or None
        How many eigenvalues are negative, exact; None where the point is undecided.
    nullity : int or None
        How many eigenvalues are 0, likewise.
    smallest : arb or None
        The smallest eigenvalue that is not an exact 0, a negative one at a saddle; None if all are 0.
    largest : arb
        The largest eigenvalue, the sharpness.

    Notes
    -----
    Balls are accurate to the digits asked for, apart from: undecided or degenerate points, whose ridge has
    finitely many digits, and general moments of more than 64 features (about 10 digits of the largest
    eigenvalue).

    Examples
    --------
    >>> from symderive import Moments, Network, solve
    >>> found = solve(Network(1, widths=2, decays="1/10"), Moments.given([[1]], [1], 1))
    >>> at = found.hessian(0)
    >>> at.size, at.morse_index, at.nullity, at.largest.str(6, radius=False)
    (4, 0, 1, '3.60000')
    """

    blocks: tuple[HessianBlock, ...]
    size: int
    morse_index: int | None
    nullity: int | None
    smallest: arb | None
    largest: arb

    @property
    def positive(self) -> int | None:
        """How many eigenvalues are positive; None where the point is undecided."""
        if self.morse_index is None or self.nullity is None:
            return None
        return self.size - self.morse_index - self.nullity

    @property
    def complete(self) -> bool:
        """Whether :meth:`eigenvalues` lists all."""
        return all(block.complete for block in self.blocks)

    @property
    def extremes(self) -> tuple[arb, ...]:
        """The smallest and the largest eigenvalue, as far as there are."""
        return (self.largest,) if self.smallest is None else (self.smallest, self.largest)

    @property
    def largest_step(self) -> arb:
        """The step size 2/λ_max: gradient descent w ← w - η∇L is unstable here for any larger η."""
        with TURN, working_precision(max(self.largest.bits(), 53) + 64):
            return 2 / self.largest if self.largest > 0 else arb.pos_inf()

    @property
    def condition_number(self) -> arb | None:
        """The largest over the smallest positive eigenvalue; None at saddles and undecided points."""
        if self.morse_index != 0 or self.smallest is None or not self.smallest > 0:
            return None
        with TURN, working_precision(max(self.largest.bits(), 53) + 64):
            return self.largest / self.smallest

    def eigenvalues(self) -> list[Eigenvalue]:
        """All eigenvalues that are known, with their multiplicities in the Hessian.

        Returns
        -------
        list of Eigenvalue
            In increasing order.  What overlaps may be equal or not; only a multiplicity is a proof that
            eigenvalues are equal.
        """
        found = [
            Eigenvalue(one.value, one.multiplicity * block.copies)
            for block in self.blocks
            for one in block.eigenvalues
        ]
        return sorted(found, key=lambda one: one.value.mid())

    def __repr__(self) -> str:
        known = {"negative": self.morse_index, "zero": self.nullity, "positive": self.positive}
        signs = ", ".join(f"{'?' if count is None else count} {name}" for name, count in known.items())
        return f"Hessian({self.size} eigenvalues: {signs}{_range_of(self.extremes)})"


def _range_of(values: Sequence[arb]) -> str:
    """Of values in increasing order the first and the last, in words; empty where there are none."""
    if not values:
        return ""
    low, high = (value.str(8, radius=False) for value in (values[0], values[-1]))
    return f", from {low} to {high}" if len(values) > 1 else f", {low}"


def block_of(
    kind: HessianBlockKind,
    layers: tuple[int, ...],
    copies: int,
    size: int,
    known: Sequence[tuple[arb, int]],
    *,
    complete: bool = True,
) -> HessianBlock:
    """The record of a block with pairs of halves of eigenvalues and their multiplicities."""
    values = sorted((pair for pair in known if pair[1]), key=lambda pair: pair[0].mid())
    return HessianBlock(
        kind, layers, copies, size, tuple(Eigenvalue(2 * value, count) for value, count in values), complete
    )


def hessian_of(blocks: Sequence[HessianBlock], morse_index: int | None, nullity: int | None) -> Hessian:
    values = [one.value for block in blocks for one in block.eigenvalues]
    smallest: arb | None = None
    largest = values[0]
    for value in values:
        largest = largest.max(value)
        if not value.is_zero():
            smallest = value if smallest is None else smallest.min(value)
    size = sum(block.copies * block.size for block in blocks)
    return Hessian(tuple(blocks), size, morse_index, nullity, smallest, largest)
