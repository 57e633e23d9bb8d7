"""Every critical point of ln R_k + αu, certified: where stationary points are born and where they win.

With R_k(λ) = vᵀ(ρA + λ)^{-k} v, u = ln λ and D ≥ 2 hidden layers, two functions say what a decay does:

    f_2 = ln R_2 + (D+1)/D u    φ = e^{f_2}: roots of φ = τ come and go in pairs at its critical values;
    f_1 = ln R_1 + u/D          some stationary m ≠ 0 has F ≤ F(0) iff τ ≤ max e^{f_1}/D.

With the mean shrinkage μ = λ R_{k+1}/R_k, f_k' = α - kμ vanishes where ℓ = logit μ - logit(α/k) does.  Let
Q = Σ p b/(b + λ)^{k+1} with b = ρa.  Then ℓ + logit(α/k) = u + ln R_{k+1} - ln Q, and the same bounds hold
for R_{k+1} and Q, whose weights are not negative.  For every data set

    -k ≤ ℓ' ≤ 1,   |ℓ''| ≤ (k+1)(k+2)/4,   |ℓ'''| ≤ 2 (k+1)³/√27.

Proof.  The mean shrinkage μ of any R_j with non-negative weights has μ' = μ - (j+1)⟨s²⟩ + jμ², and
μ² ≤ ⟨s²⟩ ≤ μ, so that -jμ(1-μ) ≤ μ' ≤ μ(1-μ); j = k and j = k + 1 give the first two.  For the third
let 0 < Im u < π/j.  Then every b + eᵘ has an argument in (0, Im u], so that R_j ≠ 0, and the imaginary
part of -ln R_j lies in (0, π).  It is 0 on the real axis, so by Poisson's formula for the strip μ is a
function with values in [0, 1] folded with the logistic density at scale 1/j.  The positive part of that
density's second derivative has the integral 1/√27.  Hence |μ''| ≤ j²/√27.

So one evaluation at a *point* proves an interval free of critical points, or that it holds exactly one.
Intervals laid from left to right cover the range that can hold any.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, check_digits, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS, LIMIT_BITS
from symderive.effective_ridge.enclosures import SHRINK, Jet, is_free_nearby, nearby_step
from symderive.effective_ridge.march import SHORT, Cluster, Counted, Zero, march, polish, verified_end
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.errors import InputError
from symderive.thresholds.log_moments import Level, LogMoment

#: A cluster ends where steps are so many times longer than its resolution.
CLEAR = 16


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A critical point of f_k, isolated as a zero of ℓ."""

    moment: LogMoment
    zero: Zero[Level]

    @property
    def kind(self) -> Literal["maximum", "minimum"]:
        """f_k' falls where ℓ rises."""
        return "maximum" if self.zero.sample.trend > 0 else "minimum"

    @property
    def log_ridge(self) -> arb:
        """u, a ball."""
        with TURN, working_precision(self.zero.sample.bits):
            return self.zero.place()

    @property
    def value(self) -> arb:
        """f_k there, a ball: |f_k''| ≤ k²/4, so that f_k is off by at most (k · radius)²/8."""
        level = self.zero.sample
        with TURN, working_precision(level.bits):
            return level.height + arb(0, ((self.moment.order * self.zero.radius) ** 2 / 8).upper())


@dataclass(frozen=True, eq=False)
class CriticalCluster:
    """An interval whose critical points stayed undecided, and f_k all over it, a ball."""

    cluster: Cluster
    value: arb

    @property
    def log_ridge(self) -> arb:
        """A ball around the interval."""
        with TURN, working_precision(self.cluster.bits):
            return self.cluster.left.union(self.cluster.right)


@dataclass(frozen=True, eq=False)
class CriticalSet:
    """Every critical point of f_k in increasing λ; maxima and minima alternate where it is complete.

    ``lower`` and ``upper`` bound u at all of them; ``evaluations`` counts the calls of the function.
    """

    moment: LogMoment
    digits: int
    lower: arb
    upper: arb
    points: tuple[CriticalPoint, ...]
    clusters: tuple[CriticalCluster, ...]
    evaluations: int

    @property
    def complete(self) -> bool:
        """No cluster was left undecided."""
        return not self.clusters

    def in_order(self) -> list[CriticalPoint | CriticalCluster]:
        """Points and clusters in increasing λ."""
        return sorted([*self.points, *self.clusters], key=lambda place: place.log_ridge.mid())


def critical_points(
    equation: ScalarEquation, order: Literal[1, 2], *, digits: int = 30, limit_bits: int | None = None
) -> CriticalSet:
    """Every critical point of f_k, k = ``order``, at D ≥ 2; u to ``digits`` digits after the point.

    The decays of ``equation`` do not enter.  At D = 1 there is none: f_k rises for ever.

    Not promised: that critical points are told apart where ℓ = ℓ' = 0 (to ``limit_bits`` bits, by default
    1024 or four times what the digits take); see :class:`CriticalCluster`.

    >>> from fractions import Fraction
    >>> from symderive.data.spectrum import Spectrum
    >>> one = ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([1], [1]))
    >>> [(point.kind, point.log_ridge.str(8)) for point in critical_points(one, 2, digits=20).points]
    [('maximum', '[1.0986123 +/- 1.14e-8]')]
    """
    check_digits(digits)
    if equation.depth < 2:
        raise InputError(f"depth is {equation.depth}; critical points exist from depth 2 on.")
    if equation.data.v_norm_squared == 0:
        raise InputError("v is 0, so that there is no function whose critical points could be found.")
    return search(LogMoment(equation.resolvent, equation.depth, order), digits, limit_bits)


def search(moment: LogMoment, digits: int, limit_bits: int | None = None) -> CriticalSet:
    """:func:`critical_points` of a function at hand; D ≥ 2 and v ≠ 0."""
    bits = bits_for(digits + GUARD_DIGITS)
    limit_bits = max(limit_bits or LIMIT_BITS, 4 * bits)
    lower, upper = moment.search_range()
    curve = _Logit.of(moment)
    # Towards a threefold zero short steps take fewer than one a bit, towards a higher one without end.
    found = list(march(curve, lower, upper, limit_bits=limit_bits, patience=limit_bits))
    zeros = [piece for piece in found if isinstance(piece, Zero)]
    clusters = [piece for piece in found if isinstance(piece, Cluster)]
    return CriticalSet(
        moment=moment,
        digits=digits,
        lower=lower,
        upper=upper,
        points=tuple(CriticalPoint(moment, polish(curve, zero, bits)) for zero in zeros),
        clusters=tuple(CriticalCluster(cluster, curve.value_over(cluster)) for cluster in clusters),
        evaluations=curve.sample.calls,
    )


def refine(point: CriticalPoint, digits: int) -> tuple[CriticalPoint, int]:
    """The same point to ``digits`` digits, and the number of evaluations that it took."""
    curve = _Logit.of(point.moment)
    zero = polish(curve, point.zero, bits_for(digits + GUARD_DIGITS))
    return CriticalPoint(point.moment, zero), curve.sample.calls


@dataclass(frozen=True, eq=False)
class _Logit:
    """ℓ as a curve: f_k rises, and ℓ < 0, on the left of all critical points."""

    moment: LogMoment
    sample: Counted[Level]

    @classmethod
    def of(cls, moment: LogMoment) -> _Logit:
        return cls(moment, Counted(moment.level))

    def isolate(self, level: Level) -> Zero[Level] | None:
        """The zero next to ``level.u``, unless it certainly lies behind."""
        zero = _isolated(self.moment, level)
        return zero if zero is not None and level.sign != level.trend else None

    def free_end(self, level: Level, direction: int) -> arb | None:
        """By ℓ' and ℓ'', and by the third order where that makes a short step; to the right only."""
        if direction < 0:
            return None
        with TURN, working_precision(level.bits):
            step = _first_step(self.moment, level)
            end = verified_end(level.u, step, 1, lambda delta: _is_free(self.moment, level, delta))
            if step < SHORT:
                jet = self._jet(level)
                step = nearby_step(jet, 1)
                further = verified_end(level.u, step, 1, lambda delta: is_free_nearby(jet, delta))
                end = further if end is None or (further is not None and further > end) else end
            return end

    def _jet(self, level: Level) -> Jet:
        """(ℓ, ℓ', ℓ'') over the bound on ℓ'''.

        ℓ'' is a difference of ℓ', which is off by at most that bound times the distance.
        """
        nearby = arb(2) ** (-level.bits // 2)
        other = self.sample((level.u + nearby).mid(), level.bits)
        distance, jolt = other.u - level.u, ball(self.moment.jolt)
        curvature = (other.rate - level.rate) / distance + arb(0, (jolt * distance).upper())
        return Jet(level.offset / jolt, level.rate / jolt, curvature / jolt)

    def is_clear(self, level: Level, resolution: arb) -> bool:
        """Where steps are long again: nothing is freed on the left of it."""
        return level.sign != 0 and bool(_first_step(self.moment, level) > CLEAR * resolution)

    def at_most(self, _: arb) -> int | None:
        """Not known: neither ℓ' nor ℓ'' is enclosed over intervals."""
        return None

    def closer(self, zero: Zero[Level], bits: int) -> Zero[Level] | None:
        """In the same interval, by the bound on ℓ''."""
        level = zero.sample
        with TURN, working_precision(bits):
            u = (level.u - level.offset / level.rate).mid()
        found = _isolated(self.moment, self.sample(u, bits))
        return found and replace(found, left=zero.left, right=zero.right)

    def value_over(self, cluster: Cluster) -> arb:
        """f_k all over a cluster, a ball."""
        with TURN, working_precision(cluster.bits):
            middle = self.sample(((cluster.left + cluster.right) / 2).mid(), cluster.bits)
            k, half = self.moment.order, (cluster.right - cluster.left) / 2
            # f' = -k (μ - α/k), and μ moves by at most a quarter of what its logit does.
            slope = k * abs(middle.offset) / 4
            return middle.height + arb(0, (slope * half + (k * half) ** 2 / 8).upper())


def _isolated(moment: LogMoment, level: Level) -> Zero[Level] | None:
    """The only zero within |ℓ'|/B of u, where |ℓ''| ≤ B, if 4B|ℓ| < ℓ'²."""
    with TURN, working_precision(level.bits):
        bound, offset = ball(moment.steepest), abs(level.offset).upper()
        rate = abs(level.rate).lower()
        if not 4 * bound * offset < rate**2:
            return None
        # Within 2|ℓ|/|ℓ'| of u, |ℓ'| stays above |ℓ'|/2.
        smallest = (1 + abs(level.u)) * arb(2) ** (4 - level.bits)
        radius = max((2 * offset / rate).upper(), smallest.upper())
        reach = SHRINK * rate / bound
        left, right = (level.u - reach).mid(), (level.u + reach).mid()
        if not (
            2 * bound * radius < rate and bound * (right - level.u) < rate and right > level.u + radius
        ):
            return None
        return Zero(level, left, right, radius)


def _first_step(moment: LogMoment, level: Level) -> arb:
    """The step to the right that the bounds on ℓ' and ℓ'' look to allow; a proposal, no proof."""
    h, bound = abs(level.offset).lower(), ball(moment.steepest)
    s = (level.sign * level.rate).lower()
    root = (s * s + 2 * bound * h).sqrt()
    short = (s + root) / bound if s > 0 else 2 * h / (root - s)
    return (SHRINK * short.max(h / (moment.order if level.sign > 0 else 1))).mid()


def _is_free(moment: LogMoment, level: Level, delta: arb) -> bool:
    """Whether ℓ provably keeps its sign on [u, u + δ], by ℓ' or by ℓ' here and ℓ''."""
    h = abs(level.offset).lower()
    if (moment.order if level.sign > 0 else 1) * delta < h:
        return True
    # Concave in δ and positive at 0.
    return bool(h + level.sign * level.rate * delta - ball(moment.steepest) * delta**2 / 2 > 0)
