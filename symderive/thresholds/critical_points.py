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

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import ball, bits_for, check_digits, working_precision
from symderive.effective_ridge.enclosures import SHRINK, Sample, is_free_nearby, nearby_step
from symderive.effective_ridge.roots import GUARD_DIGITS, LIMIT_BITS, REFINEMENT_SLACK, Cluster
from symderive.effective_ridge.scalar_equation import BASE_BITS, ScalarEquation
from symderive.errors import InputError
from symderive.thresholds.log_moments import Level, LogMoment

#: Steps shorter than this are retried with a bound of third order.
SHORT = 2.0**-6


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A critical point of f_k: the only one in [left, right], within ``radius`` of ``level.u``."""

    moment: LogMoment
    level: Level
    radius: arb
    left: arb
    right: arb

    @property
    def kind(self) -> Literal["maximum", "minimum"]:
        """f_k' falls where ℓ rises."""
        return "maximum" if self.level.rate > 0 else "minimum"

    @property
    def log_ridge(self) -> arb:
        """u, a ball."""
        with working_precision(self.level.bits):
            return self.level.u + arb(0, self.radius)

    @property
    def value(self) -> arb:
        """f_k there, a ball: |f_k''| ≤ k²/4, so that f_k is off by at most (k · radius)²/8."""
        with working_precision(self.level.bits):
            return self.level.height + arb(0, ((self.moment.order * self.radius) ** 2 / 8).upper())


@dataclass(frozen=True, eq=False)
class CriticalCluster:
    """An interval whose critical points stayed undecided, and f_k all over it, a ball."""

    cluster: Cluster
    value: arb

    @property
    def log_ridge(self) -> arb:
        """A ball around the interval."""
        with working_precision(self.cluster.bits):
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
    problem: ScalarEquation, order: Literal[1, 2], *, digits: int = 30, limit_bits: int | None = None
) -> CriticalSet:
    """Every critical point of f_k, k = ``order``, at D ≥ 2; u to ``digits`` digits after the point.

    The decays of ``problem`` do not enter.  At D = 1 there is none: f_k rises for ever.

    Not promised: that critical points are told apart where ℓ = ℓ' = 0 (to ``limit_bits`` bits, by default
    1024 or four times what the digits take); see :class:`CriticalCluster`.

    >>> from fractions import Fraction
    >>> from symderive.model.spectrum import Spectrum
    >>> one = ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([1], [1]))
    >>> [(point.kind, point.log_ridge.str(8)) for point in critical_points(one, 2, digits=20).points]
    [('maximum', '[1.0986123 +/- 1.14e-8]')]
    """
    check_digits(digits)
    if problem.depth < 2:
        raise InputError(f"depth is {problem.depth}; critical points exist from depth 2 on.")
    if problem.data.v_norm_squared == 0:
        raise InputError("v is 0, so that there is no function whose critical points could be found.")
    return search(LogMoment(problem.resolvent, problem.depth, order), digits, limit_bits)


def search(moment: LogMoment, digits: int, limit_bits: int | None = None) -> CriticalSet:
    """:func:`critical_points` of a function at hand; D ≥ 2 and v ≠ 0."""
    bits = bits_for(digits + GUARD_DIGITS)
    return _March(moment, digits, max(limit_bits or LIMIT_BITS, 4 * bits)).run()


def sharpen(point: CriticalPoint, digits: int) -> tuple[CriticalPoint, int]:
    """The same point to ``digits`` digits, and the number of evaluations that it took; Newton's method."""
    target = bits_for(digits + GUARD_DIGITS)
    tolerance, bits, evaluations = arb(2) ** -target, point.level.bits, 0
    while not point.radius < tolerance:
        level = point.level
        good = -int(float(point.radius.log().mid()) / log(2))
        bits = max(bits, min(2 * good, target) + REFINEMENT_SLACK)
        with working_precision(bits):
            u = (level.u - level.offset / level.rate).mid()
        evaluations += 1
        found = _isolated(point.moment, point.moment.level(u, bits))
        if found is not None and found.radius < point.radius:
            point = CriticalPoint(point.moment, found.level, found.radius, point.left, point.right)
        else:
            bits *= 2
    return point, evaluations


class _March:
    """The walk from left to right.  State: what was found and the current working precision."""

    def __init__(self, moment: LogMoment, digits: int, limit_bits: int) -> None:
        self.moment, self.digits, self.limit_bits = moment, digits, limit_bits
        self.evaluations = 0
        self.points: list[CriticalPoint] = []
        self.clusters: list[CriticalCluster] = []
        self.bits = BASE_BITS
        # f_k rises on the left of all critical points.
        self.sign = -1
        # Short steps in a row.  Towards a threefold zero they take fewer than one a bit, towards a higher
        # one without end.
        self.short = 0

    def run(self) -> CriticalSet:
        lower, upper = self.moment.search_range()
        front = lower
        while front <= upper:
            front = self._advance(front)
        return CriticalSet(
            moment=self.moment,
            digits=self.digits,
            lower=lower,
            upper=upper,
            points=tuple(self._sharpened(point) for point in self.points),
            clusters=tuple(self.clusters),
            evaluations=self.evaluations,
        )

    def _sharpened(self, point: CriticalPoint) -> CriticalPoint:
        point, evaluations = sharpen(point, self.digits)
        self.evaluations += evaluations
        return point

    def _level(self, u: arb, bits: int) -> Level:
        self.evaluations += 1
        return self.moment.level(u, bits)

    def _advance(self, front: arb) -> arb:
        """How far the critical points are known after one more row."""
        while True:
            level = self._level(front, self.bits)
            if (point := self._point_ahead(level)) is not None:
                self.points.append(point)
                self.sign, self.short = (1 if level.rate > 0 else -1), 0
                return point.right
            certain = level.sign and level.offset.rel_accuracy_bits() >= 4
            if certain and (end := self._free_end(level)) is not None:
                self.sign = level.sign
                self.short = self.short + 1 if end - front < SHORT else 0
                if self.short <= self.limit_bits:
                    self._relax(level)
                    return end
                return self._pass_cluster(front, end - front)
            if self.bits >= self.limit_bits:
                return self._pass_cluster(front, (1 + abs(front)) * arb(2) ** (-self.limit_bits // 4))
            self.bits = min(2 * self.bits, self.limit_bits)

    def _relax(self, level: Level) -> None:
        if level.offset.rel_accuracy_bits() > self.bits * 3 // 4:
            self.bits = max(BASE_BITS, self.bits // 2)

    def _point_ahead(self, level: Level) -> CriticalPoint | None:
        """The critical point next to ``level.u``, unless it lies behind."""
        point = _isolated(self.moment, level)
        if point is None or level.sign:
            heading = level.sign == (-1 if level.rate > 0 else 1)
            return point if heading else None
        with working_precision(level.bits):
            behind = self.points[-1].level.u + self.points[-1].radius if self.points else arb.neg_inf()
            return point if level.u - point.radius > behind else None

    def _free_end(self, level: Level) -> arb | None:
        """An exact u > level.u up to which there is provably no critical point."""
        with working_precision(level.bits):
            step = _first_step(self.moment, level)
            end = _verified_end(level.u, step, lambda delta: _is_free(self.moment, level, delta))
            if step < SHORT:
                sample = self._third_order(level)
                further = _verified_end(
                    level.u, nearby_step(sample, 1), lambda delta: is_free_nearby(sample, delta)
                )
                end = further if end is None or (further is not None and further > end) else end
            return end

    def _third_order(self, level: Level) -> Sample:
        """(ℓ, ℓ', ℓ'') over the bound on ℓ''', for which :func:`is_free_nearby` is made.

        ℓ'' is a difference of ℓ', which is off by at most that bound times the distance.
        """
        nearby = arb(2) ** (-level.bits // 2)
        other = self._level((level.u + nearby).mid(), level.bits)
        distance, jolt = other.u - level.u, ball(self.moment.jolt)
        curvature = (other.rate - level.rate) / distance + arb(0, (jolt * distance).upper())
        nothing = arb(0)
        return Sample(
            level.u, nothing, level.offset / jolt, level.rate / jolt, curvature / jolt, nothing, level.bits
        )

    def _pass_cluster(self, front: arb, resolution: arb) -> arb:
        """Enclose what stays open at ``front``, up to where steps are longer than the resolution again."""
        bits, width = self.limit_bits, resolution
        with working_precision(bits):
            while True:
                beyond = self._level((front + width).mid(), bits)
                if beyond.sign and _first_step(self.moment, beyond) > 16 * resolution:
                    break
                width *= 4
            middle = self._level(((front + beyond.u) / 2).mid(), bits)
            k, half = self.moment.order, (beyond.u - front) / 2
            # f' = -k (μ - α/k), and μ moves by at most a quarter of what its logit does.
            slope = k * abs(middle.offset) / 4
            value = middle.height + arb(0, (slope * half + (k * half) ** 2 / 8).upper())
        cluster = Cluster(front, beyond.u, self.sign != beyond.sign, None, bits)
        self.clusters.append(CriticalCluster(cluster, value))
        self.sign, self.short = beyond.sign, 0
        return beyond.u


def _isolated(moment: LogMoment, level: Level) -> CriticalPoint | None:
    """The only critical point within |ℓ'|/B of u, where |ℓ''| ≤ B, if 4B|ℓ| < ℓ'²."""
    with working_precision(level.bits):
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
        return CriticalPoint(moment, level, radius, left, right)


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


def _verified_end(u: arb, step: arb, is_free: Callable[[arb], bool]) -> arb | None:
    """u + step, or a fraction of it that passes the test."""
    for _ in range(8):
        end = (u + step).mid()
        if end > u and is_free(end - u):
            return end
        step /= 2
    return None
