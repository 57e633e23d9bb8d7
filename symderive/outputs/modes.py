"""The singular values of the map as problems with one output: which values each can take."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flint import arb

from symderive.arithmetic.binomial_series import binomial_series
from symderive.arithmetic.exact import ball, bits_for, is_accurate, rational, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.model.output_moments import OutputMoments, SingularSquare

ModeKind = Literal["minimum", "saddle", "degenerate"]

#: Bits and digits beyond those asked for at which values are first computed, and doublings of them.
SLACK_BITS = 64
GUARD_DIGITS = 10
MOST_DOUBLINGS = 12


@dataclass(frozen=True, eq=False)
class ModePoint:
    """A value z ≠ 0 that a singular value s of the map can take.

    ``kind`` is that of the problem with one output; ``ridge`` is λ, ``size`` is z, ``gap`` what it adds to
    the loss c at the origin, ``rest`` = s²/a + gap > 0 what it leaves of the loss s²/a of z = 0, and
    ``layer_decay`` is κ = λz², the decay that it costs each layer; balls.
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
    """A singular value s of V with its multiplicity, and the points z ≠ 0 in increasing ridge.

    ``tie``: the first point adds exactly nothing to the loss, so that it is as good as z = 0.
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

    Raises :class:`InputError` for noise, for a decay of 0, and for a network and data that do not fit.
    """
    net.require_numeric()
    if net.outputs != data.outputs:
        raise InputError(f"the network has {net.outputs} outputs and the data have {data.outputs}.")
    if any(net.noise):
        raise InputError(
            "several outputs with noise are not solved: the noise of a shared neuron couples the outputs, "
            "and no exact solution is known; leave the noise out, or give one output."
        )
    decays = [rational(g, f"decay {i}") for i, g in enumerate(net.decays, start=1)]
    if not all(decays):
        raise InputError("a decay is 0, so that the minimum is not isolated; give positive decays.")
    decay_product = PowerProduct.of(*Counter(decays).items())
    return tuple(
        _mode(square, net.depth, data.eigenvalue, decay_product, digits) for square in data.singular_squares
    )


def _mode(
    square: SingularSquare, depth: int, a: Fraction, decay_product: PowerProduct, digits: int
) -> Mode:
    """The points of one singular value, to ``digits`` digits."""
    kinds, tie = _kinds(square, depth, a, decay_product)
    carried = digits + GUARD_DIGITS
    for _ in range(MOST_DOUBLINGS):
        bits = _bits(carried)
        s2 = square.ball(bits)
        with working_precision(bits):
            s = s2.sqrt()
            found = [_point(kind, s2, depth, a, decay_product, carried, tie) for kind in kinds]
        points = tuple(point for point in found if point is not None and point.is_accurate(digits))
        if len(points) == len(kinds):
            return Mode(s, square.multiplicity, points, tie)
        carried *= 2
    raise AssertionError("unreachable: coincidences were decided exactly")


def _kinds(
    square: SingularSquare, depth: int, a: Fraction, decay_product: PowerProduct
) -> tuple[tuple[ModeKind, ...], bool]:
    """Which points exist, and whether the first has exactly the loss of the origin.

    With P = γ_u Π γ_i they exist iff s^{2D} (D-1)^{D-1} (D+1)^{D+1} ≥ P a^{D-1} (4D²)^D for D ≥ 2, iff
    s² > P at D = 1, and at D = 0 always.  The loss is that of the origin iff, for D ≥ 2,
    s^{2D} (D-1)^{D-1} = P a^{D-1} D^{2D}.
    """
    if depth == 0:
        return ("minimum",), False
    if depth == 1:
        return (("minimum",) if _compare(square, 1, decay_product) > 0 else ()), False
    scale = decay_product * PowerProduct.of((a / (depth - 1), depth - 1))
    place = _compare(square, depth, scale * PowerProduct.of((4 * depth**2, depth), (depth + 1, -depth - 1)))
    if place < 0:
        return (), False
    if place == 0:
        return ("degenerate",), False
    return ("minimum", "saddle"), _compare(square, depth, scale * PowerProduct.of((depth, 2 * depth))) == 0


def _compare(square: SingularSquare, power: int, bound: PowerProduct) -> int:
    """The sign of (s²)^power - bound, exact; it is not 0 for an irrational s²."""
    if (s2 := square.rational) is not None:
        return PowerProduct.of((s2, power)).compare(bound)
    bits = SLACK_BITS + 2 * power.bit_length()
    while True:
        with working_precision(bits):
            difference = square.ball(bits).log() * power - bound.log()
            if not difference.contains(0):
                return 1 if difference > 0 else -1
        bits *= 2


def _point(
    kind: ModeKind,
    s2: arb,
    depth: int,
    a: Fraction,
    decay_product: PowerProduct,
    digits: int,
    tie: bool,
) -> ModePoint | None:
    """One point at the current precision; None where q is not yet told from the radius."""
    zeta: arb
    if kind == "degenerate":
        zeta = ball(Fraction(depth + 1, depth - 1))
    else:
        # ln q^{D+1}; the branch of minima is a series in q, that of saddles one in q^{(D+1)/(D-1)}.
        power = decay_product.log() + (depth - 1) * ball(a).log() - depth * s2.log()
        other = 1 if kind == "minimum" else -1
        q = (power / (depth + other)).exp()
        try:
            if depth == 0:
                zeta = q
            else:
                zeta = binomial_series(Fraction(2 * depth, depth + other), q, digits=digits).excess ** other
        except InputError:
            return None
    scale = ball(a)
    size = s2.sqrt() / (scale * (1 + zeta))
    ridge = scale * zeta
    best = s2 / scale / (1 + zeta) ** 2
    gap = arb(0) if tie and kind == "minimum" else best * ((depth - 1) * zeta - 1)
    return ModePoint(kind, ridge, size, gap, best * zeta * (zeta + depth + 1), ridge * size**2)


def _bits(digits: int) -> int:
    return bits_for(digits + 5) + SLACK_BITS
