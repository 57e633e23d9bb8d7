"""The walk along a line that finds every zero of a function, and proves that there is no other.

The function f is known through evaluations at *points* u, in ball arithmetic.  A :class:`Curve` says what
one evaluation proves: that an interval next to it is free of zeros, or that an interval holds exactly one.
:func:`march` lays such intervals end to end from left to right; together they are the certificate.  A place
where the sign of f stays open up to the highest working precision (a zero of even order, or zeros that lie
closer than that precision can tell) becomes a :class:`Cluster`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log
from typing import Generic, Protocol, TypeAlias, TypeVar

from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.precision import BASE_BITS

#: Relative accuracy, in bits, from which on a value is worth a step.
KNOWN_BITS = 4

#: Halvings of a proposed step before its verification is given up.
HALVINGS = 8

#: Steps shorter than this are short.
SHORT = 2.0**-6

#: Bits beyond the good ones at which a refining step is evaluated, for what the evaluation itself loses.
REFINEMENT_SLACK = 40


class Evaluation(Protocol):
    """What the march reads of one evaluation at an exact u, made with ``bits`` bits."""

    @property
    def u(self) -> arb: ...

    @property
    def bits(self) -> int: ...

    @property
    def sign(self) -> int:
        """1 or -1 where the sign of f is certain, else 0."""

    @property
    def trend(self) -> int:
        """1 or -1 where the sign of f' is certain, else 0."""

    @property
    def accuracy(self) -> int:
        """The bits of f that are good."""


S = TypeVar("S", bound=Evaluation)


@dataclass(frozen=True, eq=False)
class Free(Generic[S]):
    """No zero in [left, right], by ``sample`` at one of its ends."""

    sample: S
    left: arb
    right: arb


@dataclass(frozen=True, eq=False)
class Zero(Generic[S]):
    """Exactly one zero in [left, right], a simple one, and it lies within ``radius`` of ``sample.u``."""

    sample: S
    left: arb
    right: arb
    radius: arb

    def place(self) -> arb:
        """u at the zero as a ball, at the current precision."""
        return self.sample.u + arb(0, self.radius)

    def reach(self) -> arb:
        """An exact u to the right of the zero, as near as the precision of the sample allows."""
        with TURN, working_precision(self.sample.bits):
            return (self.sample.u + self.radius).upper()


@dataclass(frozen=True, eq=False)
class Cluster:
    """An interval whose zeros stayed undecided; the rest is not affected.

    Attributes
    ----------
    left, right : arb
        The ends of the interval of u = ln λ.
    odd : bool
        Whether f changes sign across it, so that the number of its zeros, with multiplicity, is odd.
    at_most : int or None
        A proved bound on that number, None where there is none.
    bits : int
        The precision at which it stayed undecided.
    """

    left: arb
    right: arb
    odd: bool
    at_most: int | None
    bits: int

    def ridge(self, bits: int) -> arb:
        """A ball around all λ = eᵘ of the interval."""
        with TURN, working_precision(bits):
            return self.left.union(self.right).exp()


Piece: TypeAlias = Free[S] | Zero[S] | Cluster


class Curve(Protocol[S]):
    """A function f with f < 0 at the left end, and what its evaluations prove.  All results are exact u."""

    def sample(self, u: arb, bits: int, /) -> S:
        """f at an exact u."""

    def isolate(self, sample: S, /) -> Zero[S] | None:
        """A zero next to the sample, or to the right of it with none in between, if that can be proved.

        Unless the sample :func:`is_known`, the zero may be one that lies on the left and was found before.
        """

    def free_end(self, sample: S, direction: int, /) -> arb | None:
        """How far, to the right (1) or the left (-1), the sample proves that there is no zero."""

    def is_clear(self, sample: S, resolution: arb, /) -> bool:
        """Whether a cluster may end at the sample, for steps are longer than the resolution there."""

    def at_most(self, interval: arb, /) -> int | None:
        """A bound on the number of zeros in a ball of u, at the current precision."""

    def closer(self, zero: Zero[S], bits: int, /) -> Zero[S] | None:
        """What one evaluation with ``bits`` bits proves after one Newton step from an isolated zero."""


class Counted(Generic[S]):
    """An evaluation of u and bits that counts its calls."""

    def __init__(self, function: Callable[[arb, int], S]) -> None:
        self._function = function
        self.calls = 0

    def __call__(self, u: arb, bits: int, /) -> S:
        self.calls += 1
        return self._function(u, bits)


def march(
    curve: Curve[S], lower: arb, upper: arb, *, limit_bits: int, patience: int | None = None
) -> Iterator[Piece[S]]:
    """The pieces that cover [lower, upper], from left to right, as they are found; none if lower > upper.

    The working precision starts low, doubles where nothing can be proved, up to ``limit_bits``, and is
    halved where a value is known far better than it need be.  So many short steps in a row as ``patience``
    says end in a cluster: towards a zero of high order there is no end of them.

    Not promised: that zeros closer than ``limit_bits`` can tell are told apart; see :class:`Cluster`.  Nor
    an end without ``patience``, where f has a zero of so high an order that steps shrink without end.
    """
    front, bits, sign, short = lower, BASE_BITS, -1, 0
    ahead: Zero[S] | None = None  # the front has not come up to it
    behind: arb | None = None  # the right end of what was found last, a zero or a cluster
    while front <= upper:
        if ahead is not None and ahead.left <= front:
            yield ahead
            front, sign, short, behind = ahead.right, ahead.sample.trend, 0, ahead.reach()
            ahead = None
            continue
        sample = curve.sample(front, bits)
        known = is_known(sample)
        if ahead is None:
            ahead = _zero_ahead(curve, sample, None if known else behind)
        if ahead is None or ahead.left > front:
            end = curve.free_end(sample, 1) if known else None
            if end is None and bits < limit_bits:
                bits = min(2 * bits, limit_bits)
                continue
            short = short + 1 if end is not None and end - front < SHORT else 0
            if end is None or (patience is not None and short > patience):
                resolution = None if end is None else end - front
                pieces, beyond = _pass_cluster(curve, front, sign, resolution, limit_bits)
                yield from pieces
                front, sign, short, behind = beyond.u, beyond.sign, 0, pieces[0].right
                ahead = None if ahead is not None and ahead.left < front else ahead
                continue
            yield Free(sample, front, end)
            front, sign = end, sample.sign
        elif ahead.sample is sample:  # so near to a zero the accuracy says nothing about what comes next
            continue
        if sample.accuracy > bits * 3 // 4:
            bits = max(BASE_BITS, bits // 2)


def is_known(sample: Evaluation) -> bool:
    """Whether the sign is certain, and the value known well enough for a step to be worth while."""
    return bool(sample.sign) and sample.accuracy >= KNOWN_BITS


def _zero_ahead(curve: Curve[S], sample: S, behind: arb | None) -> Zero[S] | None:
    """A zero that the sample isolates, unless it may lie behind an exact u, if one is given."""
    zero = curve.isolate(sample)
    if zero is None or behind is None:
        return zero
    with TURN, working_precision(sample.bits):
        return zero if zero.sample.u - zero.radius > behind else None


def _pass_cluster(
    curve: Curve[S], front: arb, sign: int, resolution: arb | None, bits: int
) -> tuple[list[Piece[S]], S]:
    """A cluster that begins at ``front``, what is free behind it, and the evaluation to go on from."""
    with TURN, working_precision(bits):
        width = resolution = (1 + abs(front)) * arb(2) ** (-bits // 4) if resolution is None else resolution
        while not curve.is_clear(beyond := curve.sample((front + width).mid(), bits), resolution):
            width *= 4
        freed, edge = [], beyond
        while (left := curve.free_end(edge, -1)) is not None and left > front:
            freed.append(Free(edge, left, edge.u))
            edge = curve.sample(left, bits)
        at_most = curve.at_most(front.union(edge.u))
        cluster = Cluster(front, edge.u, sign != beyond.sign, at_most, bits)
    return [cluster, *reversed(freed)], beyond


def verified_end(u: arb, step: arb, direction: int, is_free: Callable[[arb], bool]) -> arb | None:
    """The exact end of a step to the right (1) or the left (-1), or of a fraction of it, that passes.

    ``is_free`` takes the displacement from u.
    """
    for _ in range(HALVINGS):
        end = (u + direction * step).mid()
        delta = end - u
        if direction * delta > 0 and is_free(delta):
            return end
        step /= 2
    return None


def polish(curve: Curve[S], zero: Zero[S], bits: int) -> Zero[S]:
    """The same zero to ``bits`` bits after the point, by Newton's method.

    The precision doubles along with the good bits, and once more where a step brings nothing.
    """
    tolerance, working = arb(2) ** -bits, zero.sample.bits
    while not zero.radius < tolerance:
        good = -int(float(zero.radius.log().mid()) / log(2))
        # A step doubles the good bits.
        working = max(working, min(2 * good, bits) + REFINEMENT_SLACK)
        found = curve.closer(zero, working)
        if found is not None and found.radius < zero.radius:
            zero = found
        else:
            working *= 2
    return zero
