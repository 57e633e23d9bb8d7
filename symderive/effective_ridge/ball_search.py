"""The search in balls for every solution of H(u) = ln τ, with the proof that there is no other.

The search range of u = ln λ is covered by :func:`~symderive.effective_ridge.march.march`.  This module says
what one evaluation of (H, H', H'') proves, by the bounds of :mod:`symderive.effective_ridge.enclosures`.

It decides what doubles (:mod:`symderive.effective_ridge.float_search`) leave open, and it is the evidence
that certificates are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.precision import BASE_BITS, LIMIT_BITS
from symderive.arithmetic.records import Record
from symderive.effective_ridge.enclosures import (
    FAR,
    SHRINK,
    Sample,
    holds_root,
    is_free,
    monotone_reach,
    proposed_step,
)
from symderive.effective_ridge.march import (
    Cluster,
    Counted,
    Free,
    Piece,
    Zero,
    is_known,
    march,
    polish,
    verified_end,
)
from symderive.effective_ridge.scalar_equation import ScalarEquation, search_range

#: Newton steps that a sample is granted to reach a root.
NEWTON_STEPS = 4


@dataclass(frozen=True, eq=False)
class BallSearch(Record):
    """The pieces that cover every u = ln λ at which H = ln τ is possible, so that no root is missing.

    ``lower`` and ``upper`` bound u at every root; ``pieces`` cover that range without a gap, from left to
    right (where lower > upper, no root can exist).  ``evaluations`` counts the calls of the function.
    """

    equation: ScalarEquation
    lower: arb
    upper: arb
    pieces: tuple[Piece[Sample], ...]
    evaluations: int

    @property
    def rows(self) -> tuple[Free[Sample] | Zero[Sample], ...]:
        """The pieces that are decided: free of roots, or with exactly one."""
        return tuple(piece for piece in self.pieces if not isinstance(piece, Cluster))

    @property
    def zeros(self) -> tuple[Zero[Sample], ...]:
        """The rows with a root."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Zero))

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The pieces that stayed undecided."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Cluster))

    def polished(self, zero: Zero[Sample], bits: int) -> tuple[Zero[Sample], int]:
        """One of the zeros to ``bits`` bits after the point of u, and the evaluations that it took.

        The radius is also below an eighth of |H'|, so that Newton's method can go on from there.
        """
        curve = _Height.of(self.equation)
        while True:
            zero = polish(curve, zero, bits)
            with TURN, working_precision(BASE_BITS):
                enough = abs(zero.sample.slope).abs_lower() / 8
                if zero.radius < enough:
                    return zero, curve.sample.calls
                bits = max(bits, 1 - int(float(enough.log().mid()) / log(2)))


def search_in_balls(
    equation: ScalarEquation,
    *,
    limit_bits: int = LIMIT_BITS,
    progress: Callable[[float], None] | None = None,
) -> BallSearch:
    """Cover the search range, at a working precision of at most ``limit_bits``.

    ``progress`` is called with the fraction of the search range that is done.

    Not promised: that a double root is told from two close ones; see :class:`Cluster`.
    """
    lower, upper = search_range(equation)
    curve, front = _Height.of(equation), lower
    pieces: list[Piece[Sample]] = []
    if equation.depth == 1 and lower <= upper:
        only = curve.only_root(lower, upper)
        pieces.append(only)
        front = only.right
    for piece in march(curve, front, upper, limit_bits=limit_bits):
        pieces.append(piece)
        if progress:
            progress(min(1.0, float(((piece.right - lower) / (upper - lower)).mid())))
    return BallSearch(equation, lower, upper, tuple(pieces), curve.sample.calls)


@dataclass(frozen=True, eq=False)
class _Height:
    """H - ln τ as a curve: H < ln τ on the left of all roots."""

    equation: ScalarEquation
    sample: Counted[Sample]

    @classmethod
    def of(cls, equation: ScalarEquation) -> _Height:
        return cls(equation, Counted(equation.sample))

    def only_root(self, lower: arb, upper: arb) -> Zero[Sample]:
        """The root at D = 1, where H' > 0 on the whole line: Newton's method within a bracket.

        In ω = 1/λ the function 1/‖λm‖ is nearly linear (the secular equation of trust-region methods), so
        the steps are taken there; just below the threshold the root lies at ω → 0.
        """
        u, bits = upper, BASE_BITS
        while True:
            sample = self.sample(u, bits)
            if found := self._at(sample):
                return found
            if not sample.sign or not sample.trend or lower >= upper:
                bits *= 2
                continue
            lower, upper = (u, upper) if sample.sign < 0 else (lower, u)
            with TURN, working_precision(bits):
                ratio = 1 + 2 * (sample.height / 2).expm1() / sample.slope
                u = (u - ratio.log()).mid() if ratio > 0 else upper
                if not (u > lower and u < upper):
                    u = ((lower + upper) / 2).mid()

    def isolate(self, sample: Sample) -> Zero[Sample] | None:
        """The root at the sample where its sign is open, else one that Newton's method reaches."""
        return self._ahead(sample) if is_known(sample) else self._at(sample)

    def _ahead(self, sample: Sample) -> Zero[Sample] | None:
        """A root that Newton's method reaches from ``sample`` going right while H' keeps its sign."""
        if sample.trend != -sample.sign:
            return None
        # |H''| ≤ 1, so that from here on Newton's method converges (Kantorovich's condition, halved).
        if not 4 * abs(sample.height) < sample.slope**2:
            return None
        with TURN, working_precision(sample.bits):
            reach = monotone_reach(sample, self.equation.turning, 1)
            end = sample.u + reach if reach is not None else None
        for _ in range(NEWTON_STEPS):
            if not sample.trend:
                return None
            u = _newton(sample)
            if end is not None and u > end:
                return None
            sample = self.sample(u, sample.bits)
            if found := self._at(sample):
                return found
        return None

    def _at(self, sample: Sample) -> Zero[Sample] | None:
        """The one root next to ``sample.u``, if that can be proved."""
        with TURN, working_precision(sample.bits):
            radius = _newton_radius(sample)
            if radius is None or not holds_root(sample, radius):
                return None
            turning, ends = self.equation.turning, []
            for direction in (-1, 1):
                reach = monotone_reach(sample, turning, direction)
                reach = arb(FAR) if reach is None else reach * arb(SHRINK)
                if not reach > radius:
                    return None
                ends.append((sample.u + direction * reach).mid())
            return Zero(sample, ends[0], ends[1], radius)

    def free_end(self, sample: Sample, direction: int) -> arb | None:
        """By all three bounds on H."""
        if not sample.sign:
            return None
        with TURN, working_precision(sample.bits):
            step = proposed_step(sample, direction)
            return verified_end(sample.u, step, direction, lambda delta: is_free(sample, delta))

    def is_clear(self, sample: Sample, _: arb) -> bool:
        """Wherever the sign is certain: what is free on the left of it is found from there."""
        return sample.sign != 0

    def at_most(self, interval: arb) -> int | None:
        """Two where H'' keeps its sign."""
        return None if self.equation.curvature(interval).contains(0) else 2

    def closer(self, zero: Zero[Sample], bits: int) -> Zero[Sample] | None:
        """In a smaller interval around Newton's next point, by the slope all over it."""
        sample = self.sample(_newton(zero.sample), bits)
        with TURN, working_precision(bits):
            radius = _newton_radius(sample)
            if radius is None or not holds_root(sample, radius):
                return None
            return Zero(sample, (sample.u - radius).lower(), (sample.u + radius).upper(), radius)


def _newton(sample: Sample) -> arb:
    """The exact point of Newton's next step."""
    with TURN, working_precision(sample.bits):
        return (sample.u - sample.height / sample.slope).mid()


def _newton_radius(sample: Sample) -> arb | None:
    """A radius around u in which the root is to be looked for; None where the slope may vanish."""
    slope = abs(sample.slope).abs_lower()
    if not slope > 0:
        return None
    radius = (2 * abs(sample.height).abs_upper() / slope).abs_upper()
    smallest = (1 + abs(sample.u)) * arb(2) ** (4 - sample.bits)
    return max(radius, smallest.abs_upper())
