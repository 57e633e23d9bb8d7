"""The singular values of the map as problems with one output: which values each can take."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import TURN, is_accurate, rational, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen
from symderive.data.output_moments import OutputMoments, SingularSquare
from symderive.effective_ridge.isotropic_equation import (
    IsotropicBranch,
    IsotropicEquation,
    IsotropicSolution,
)
from symderive.effective_ridge.values import carrying_bits
from symderive.model.network import Network

ModeKind = Literal["minimum", "saddle", "degenerate"]

#: What a solution of the isotropic equation is as a point of the problem with one output.
KINDS: dict[IsotropicBranch, ModeKind] = {"stable": "minimum", "saddle": "saddle", "double": "degenerate"}


@dataclass(frozen=True, eq=False)
class ModePoint:
    """A value z ≠ 0 that a singular value s of the map can take.

    Attributes
    ----------
    kind : str
        That of the problem with one output: ``"minimum"``, ``"saddle"`` or ``"degenerate"``.
    ridge : arb
        The effective ridge λ.
    size : arb
        z.
    gap : arb
        What it adds to the loss c at the origin.
    rest : arb
        s²/a + gap > 0, what it leaves of the loss s²/a of z = 0.
    layer_decay : arb
        κ = λz², the decay that it costs each layer.
    """

    kind: ModeKind
    ridge: arb
    size: arb
    gap: arb
    rest: arb
    layer_decay: arb

    def is_accurate(self, digits: int) -> bool:
        """Whether all values are known to ``digits`` digits."""
        values = (self.ridge, self.size, self.gap, self.rest, self.layer_decay)
        return all(is_accurate(x, digits) for x in values)


@dataclass(frozen=True, eq=False)
class Mode:
    """A singular value of V with its points.

    Attributes
    ----------
    singular_value : arb
        s > 0.
    multiplicity : int
        How often it occurs.
    points : tuple of ModePoint
        The points z ≠ 0 in increasing ridge.
    tie : bool
        Whether the first point adds exactly nothing to the loss, so that it is as good as z = 0.
    """

    singular_value: arb
    multiplicity: int
    points: tuple[ModePoint, ...]
    tie: bool


#: For each mode, how many of its copies sit on each of its points; the others are 0.
Choice = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Selection:
    """A stationary point: which copies of which modes sit where.

    ``choice`` says for each mode of ``modes`` how many of its copies sit on each of its points; the others
    are 0.
    """

    net: Network
    data: OutputMoments
    modes: tuple[Mode, ...]
    choice: Choice


def modes_of(net: Network, data: OutputMoments, digits: int) -> tuple[Mode, ...]:
    """The distinct singular values of V in decreasing order, with their points to ``digits`` digits.

    Isotropic inputs, no noise, and decays > 0; :class:`InputError` for a decay that is irrational.
    """
    decays = [rational(g, f"decay of layer {i}") for i, g in enumerate(net.decays, start=1)]
    decay_product = PowerProduct.of(*Counter(decays).items())
    return tuple(
        _mode(square, net.depth, data.eigenvalue, decay_product, digits) for square in data.singular_squares
    )


def _mode(
    square: SingularSquare, depth: int, a: Fraction, decay_product: PowerProduct, digits: int
) -> Mode:
    """The points of one singular value, to ``digits`` digits."""
    equation = IsotropicEquation.of(depth, a, square, decay_product)
    # A gap that nearly vanishes takes more digits than are asked for; one that does vanish is exactly 0.
    points = sharpen(
        lambda carried: tuple(_point(found) for found in equation.solutions(carried)),
        lambda points: all(point.is_accurate(digits) for point in points),
        start=digits + GUARD_DIGITS,
    )
    bits = carrying_bits(digits + GUARD_DIGITS)
    with TURN, working_precision(bits):
        singular_value = equation.signal_ball(bits).sqrt()
    return Mode(singular_value, square.multiplicity, points, equation.is_tie)


def _point(found: IsotropicSolution) -> ModePoint:
    return ModePoint(KINDS[found.branch], found.ridge, found.norm, found.gap, found.rest, found.layer_decay)
