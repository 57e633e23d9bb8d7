"""Every solution of H(u) = ln τ, each with a proof, and the proof that there is no other.

The search range of u = ln λ is covered by :func:`~symderive.effective_ridge.march.march`.  This module says
what one evaluation of (H, H', H'') proves, by the bounds of :mod:`symderive.effective_ridge.enclosures`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb

from symderive.arithmetic.exact import bits_for, check_digits, working_precision
from symderive.arithmetic.precision import BASE_BITS, GUARD_DIGITS, LIMIT_BITS
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
class Root:
    """A certified simple root of φ = τ.

    ``isolating`` proves that it is the only one between its neighbors, ``refined`` where it is.
    """

    equation: ScalarEquation
    isolating: Zero[Sample]
    refined: Zero[Sample]

    @property
    def rising(self) -> bool:
        """φ crosses τ upwards (a local minimum of the reduced loss) or downwards (a saddle)."""
        return self.refined.sample.trend > 0

    def log_ridge(self) -> arb:
        """u = ln λ as a ball, at the current precision."""
        return self.refined.place()

    def ridge(self, bits: int) -> arb:
        """λ as a ball, dimension of A."""
        with working_precision(bits):
            return self.log_ridge().exp()


@dataclass(frozen=True, eq=False)
class RootSet:
    """All roots of φ = τ in increasing λ, and the evidence.

    ``lower`` and ``upper`` bound u at every root; ``rows`` and ``clusters`` cover that range without a
    gap (where lower > upper, no root can exist).  ``evaluations`` counts the calls of the function.
    """

    equation: ScalarEquation
    digits: int
    lower: arb
    upper: arb
    rows: tuple[Free[Sample] | Zero[Sample], ...]
    roots: tuple[Root, ...]
    clusters: tuple[Cluster, ...]
    evaluations: int
    limit_bits: int


def isolate_roots(
    equation: ScalarEquation,
    *,
    digits: int = 30,
    limit_bits: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> RootSet:
    """Find every root of φ(λ) = τ to ``digits`` digits, with certificates.

    ``limit_bits`` caps the working precision (default 1024), but never below four times what the digits
    take.  ``progress`` is called with the fraction of the search range that is done.

    Not promised: that a double root is told from two close ones; see :class:`Cluster`.

    >>> from fractions import Fraction
    >>> from symderive.model.spectrum import Spectrum
    >>> data = Spectrum.of([1, 400], ["1/100", "49/100"])
    >>> four = ScalarEquation(2, Fraction(1), Fraction(1, 50**3), data)
    >>> [root.ridge(64).str(5, radius=False) for root in isolate_roots(four, digits=5).roots]
    ['1.3280', '8.3800', '93.319', '2.9651e+4']
    """
    bits = bits_for(check_digits(digits) + GUARD_DIGITS)
    limit_bits = max(limit_bits or LIMIT_BITS, 4 * bits)
    lower, upper = search_range(equation)
    curve, front = _Height.of(equation), lower
    rows: list[Free[Sample] | Zero[Sample]] = []
    clusters: list[Cluster] = []
    if equation.depth == 1 and lower <= upper:
        rows.append(curve.only_root(lower, upper))
        front = rows[0].right
    for piece in march(curve, front, upper, limit_bits=limit_bits):
        if isinstance(piece, Cluster):
            clusters.append(piece)
        else:
            rows.append(piece)
        if progress:
            progress(min(1.0, float(((piece.right - lower) / (upper - lower)).mid())))
    zeros = [row for row in rows if isinstance(row, Zero)]
    return RootSet(
        equation=equation,
        digits=digits,
        lower=lower,
        upper=upper,
        rows=tuple(rows),
        roots=tuple(Root(equation, zero, polish(curve, zero, bits)) for zero in zeros),
        clusters=tuple(clusters),
        evaluations=curve.sample.calls,
        limit_bits=limit_bits,
    )


def refine(root: Root, digits: int) -> tuple[Root, int]:
    """The same root to ``digits`` digits, and the number of evaluations that it took."""
    curve = _Height.of(root.equation)
    refined = polish(curve, root.refined, bits_for(digits + GUARD_DIGITS))
    return Root(root.equation, root.isolating, refined), curve.sample.calls


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
            with working_precision(bits):
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
        with working_precision(sample.bits):
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
        with working_precision(sample.bits):
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
        with working_precision(sample.bits):
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
        with working_precision(bits):
            radius = _newton_radius(sample)
            if radius is None or not holds_root(sample, radius):
                return None
            return Zero(sample, (sample.u - radius).lower(), (sample.u + radius).upper(), radius)


def _newton(sample: Sample) -> arb:
    """The exact point of Newton's next step."""
    with working_precision(sample.bits):
        return (sample.u - sample.height / sample.slope).mid()


def _newton_radius(sample: Sample) -> arb | None:
    """A radius around u in which the root is to be looked for; None where the slope may vanish."""
    slope = abs(sample.slope).abs_lower()
    if not slope > 0:
        return None
    radius = (2 * abs(sample.height).abs_upper() / slope).abs_upper()
    smallest = (1 + abs(sample.u)) * arb(2) ** (4 - sample.bits)
    return max(radius, smallest.abs_upper())
