"""Every solution of H(u) = ln τ, each with a proof, and the proof that there is no other.

The search walks the range of u = ln λ that can hold a root from left to right.  Where it stands it
evaluates (H, H', H'') in ball arithmetic; :mod:`symderive.effective_ridge.enclosures` turns that into an
interval that holds no root, or into one that holds exactly one.  The intervals, laid end to end, are the
certificate.  A place where the sign of H - ln τ stays open up to the highest working precision (a double
root, or two roots that lie closer than that precision can tell) is reported as a :class:`Cluster`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import bits_for, check_digits, working_precision
from symderive.effective_ridge.enclosures import (
    FAR,
    SHRINK,
    Sample,
    holds_root,
    is_free,
    monotone_reach,
    proposed_step,
)
from symderive.effective_ridge.scalar_equation import BASE_BITS, ScalarEquation, search_range

#: The working precision is raised to this many bits at most, or four times what the digits take.
LIMIT_BITS = 1024

#: Guard digits of a root beyond the digits that are asked for.
GUARD_DIGITS = 5

#: Newton steps that a sample is granted to reach a root.
NEWTON_STEPS = 4

#: Bits beyond the good ones at which a refining step is evaluated.
REFINEMENT_SLACK = 40


@dataclass(frozen=True, eq=False)
class Row:
    """One line of the certificate, resting on one evaluation at ``sample.u``.

    ``free``: no root in [left, right].  ``root``: exactly one root in [left, right], and it lies within
    ``radius`` of ``sample.u``.
    """

    kind: Literal["free", "root"]
    sample: Sample
    left: arb
    right: arb
    radius: arb


@dataclass(frozen=True, eq=False)
class Root:
    """A certified simple root of φ = τ.

    ``isolating`` proves that it is the only one between its neighbors, ``refined`` where it is.
    """

    problem: ScalarEquation
    isolating: Row
    refined: Row

    @property
    def rising(self) -> bool:
        """φ crosses τ upwards (a local minimum of the reduced loss) or downwards (a saddle)."""
        return self.refined.sample.trend > 0

    def log_ridge(self) -> arb:
        """u = ln λ as a ball, at the current precision."""
        return self.refined.sample.u + arb(0, self.refined.radius)

    def ridge(self, bits: int) -> arb:
        """λ as a ball, dimension of A."""
        with working_precision(bits):
            return self.log_ridge().exp()


@dataclass(frozen=True, eq=False)
class Cluster:
    """An interval of u whose roots stayed undecided at ``bits`` bits; the rest is not affected.

    ``odd``: the height changes sign across it, so that the number of its roots, with multiplicity, is odd.
    ``at_most``: 2 where H'' provably keeps its sign on it, else None.
    """

    left: arb
    right: arb
    odd: bool
    at_most: int | None
    bits: int

    def ridge(self, bits: int) -> arb:
        """A ball around all λ of the interval."""
        with working_precision(bits):
            return self.left.union(self.right).exp()


@dataclass(frozen=True, eq=False)
class RootSet:
    """All roots of φ = τ in increasing λ, and the evidence.

    ``lower`` and ``upper`` bound u at every root; ``rows`` and ``clusters`` cover that range without a
    gap (where lower > upper, no root can exist).  ``evaluations`` counts the calls of the function.
    """

    problem: ScalarEquation
    digits: int
    lower: arb
    upper: arb
    rows: tuple[Row, ...]
    roots: tuple[Root, ...]
    clusters: tuple[Cluster, ...]
    evaluations: int
    limit_bits: int


def isolate_roots(
    problem: ScalarEquation,
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
    return _March(problem, digits, max(limit_bits or LIMIT_BITS, 4 * bits), progress).run()


def refine(root: Root, digits: int) -> tuple[Root, int]:
    """The same root to ``digits`` digits, and the number of evaluations that it took.

    Newton's method; the precision doubles along with the good bits.
    """
    problem, row = root.problem, root.refined
    target = bits_for(digits + GUARD_DIGITS)
    tolerance, bits, evaluations = arb(2) ** -target, row.sample.bits, 0
    while not row.radius < tolerance:
        good = -int(float(row.radius.log().mid()) / log(2))
        # A step doubles the good bits; the slack holds what forming the resolvent takes.
        bits = max(bits, min(2 * good, target) + REFINEMENT_SLACK)
        sample = problem.sample(_newton(row.sample), bits)
        evaluations += 1
        with working_precision(bits):
            radius = _newton_radius(sample)
            if radius is not None and radius < row.radius and holds_root(sample, radius):
                u = sample.u
                row = Row("root", sample, (u - radius).lower(), (u + radius).upper(), radius)
                continue
        bits *= 2
    return Root(problem, root.isolating, row), evaluations


class _March:
    """The walk from left to right.  State: the rows laid so far and the current working precision."""

    def __init__(
        self,
        problem: ScalarEquation,
        digits: int,
        limit_bits: int,
        progress: Callable[[float], None] | None,
    ) -> None:
        self.problem, self.digits, self.limit_bits = problem, digits, limit_bits
        self.progress = progress
        self.evaluations = 0
        self.rows: list[Row] = []
        self.clusters: list[Cluster] = []
        self.ahead: Row | None = None
        self.bits = BASE_BITS

    def run(self) -> RootSet:
        lower, upper = search_range(self.problem)
        front = lower
        if self.problem.depth == 1 and lower <= upper:
            only = self._only_root(lower, upper)
            self.rows.append(only)
            front = only.right
        while front <= upper:
            row = self._next_row(front)
            if row is None:
                front = self._pass_cluster(front)
            else:
                self.rows.append(row)
                front = row.right
            if self.progress:
                self.progress(min(1.0, float(((front - lower) / (upper - lower)).mid())))
        return RootSet(
            problem=self.problem,
            digits=self.digits,
            lower=lower,
            upper=upper,
            rows=tuple(self.rows),
            roots=tuple(self._refined(row) for row in self.rows if row.kind == "root"),
            clusters=tuple(self.clusters),
            evaluations=self.evaluations,
            limit_bits=self.limit_bits,
        )

    def _refined(self, row: Row) -> Root:
        root, evaluations = refine(Root(self.problem, row, row), self.digits)
        self.evaluations += evaluations
        return root

    def _sample(self, u: arb, bits: int) -> Sample:
        self.evaluations += 1
        return self.problem.sample(u, bits)

    def _only_root(self, lower: arb, upper: arb) -> Row:
        """The root at D = 1, where H' > 0 on the whole line: Newton's method within a bracket.

        In ω = 1/λ the function 1/‖λm‖ is nearly linear (the secular equation of trust-region methods), so
        the steps are taken there; just below the threshold the root lies at ω → 0.
        """
        u = upper
        while True:
            sample = self._sample(u, self.bits)
            if found := _root_row(sample, self.problem):
                return found
            if not sample.sign or not sample.trend or lower >= upper:
                self.bits *= 2
                continue
            lower, upper = (u, upper) if sample.sign < 0 else (lower, u)
            with working_precision(self.bits):
                ratio = 1 + 2 * (sample.height / 2).expm1() / sample.slope
                u = (u - ratio.log()).mid() if ratio > 0 else upper
                if not (u > lower and u < upper):
                    u = ((lower + upper) / 2).mid()

    def _next_row(self, front: arb) -> Row | None:
        """A row that covers ``front`` and reaches beyond it; None where nothing can be decided."""
        if (pending := self._take_ahead(front)) is not None:
            return pending
        while True:
            sample = self._sample(front, self.bits)
            row = self._row_at(sample)
            if row is not None:
                if sample.height.rel_accuracy_bits() > self.bits * 3 // 4:
                    self.bits = max(BASE_BITS, self.bits // 2)
                return row
            if self.bits >= self.limit_bits:
                return None
            self.bits = min(2 * self.bits, self.limit_bits)

    def _take_ahead(self, front: arb) -> Row | None:
        """The root row that was found ahead, once the front has come up to it."""
        if self.ahead is None or self.ahead.left > front:
            return None
        row, self.ahead = self.ahead, None
        return row

    def _row_at(self, sample: Sample) -> Row | None:
        """What the sample proves to the right of it."""
        if sample.sign and sample.height.rel_accuracy_bits() >= 4:
            if self.ahead is None:
                self.ahead = self._root_ahead(sample)
            return self._take_ahead(sample.u) or _free_row(sample, 1)
        return _root_row(sample, self.problem)

    def _root_ahead(self, sample: Sample) -> Row | None:
        """A root that Newton's method reaches from ``sample`` going right while H' keeps its sign."""
        if sample.trend == 0 or sample.sign == sample.trend:
            return None
        # |H''| ≤ 1, so that from here on Newton's method converges (Kantorovich's condition, halved).
        if not 4 * abs(sample.height) < sample.slope**2:
            return None
        with working_precision(sample.bits):
            reach = monotone_reach(sample, self.problem.turning, 1)
            end = sample.u + reach if reach is not None else None
        for _ in range(NEWTON_STEPS):
            if not sample.trend:
                return None
            u = _newton(sample)
            if end is not None and u > end:
                return None
            sample = self._sample(u, self.bits)
            if row := _root_row(sample, self.problem):
                return row
        return None

    def _pass_cluster(self, front: arb) -> arb:
        """Enclose what stays open at ``front`` as tightly as samples from the right allow."""
        bits = self.limit_bits
        with working_precision(bits):
            width = (1 + abs(front)) * arb(2) ** (-bits // 4)
            while not (sample := self._sample((front + width).mid(), bits)).sign:
                width *= 4
            beyond, freed = sample, []
            while (row := _free_row(sample, -1)) is not None and row.left > front:
                freed.append(row)
                sample = self._sample(row.left, bits)
            edge = freed[-1].left if freed else beyond.u
            at_most = None if self.problem.curvature(front.union(edge)).contains(0) else 2
        self.clusters.append(Cluster(front, edge, self._sign_before() != beyond.sign, at_most, bits))
        self.rows.extend(reversed(freed))
        return beyond.u

    def _sign_before(self) -> int:
        """The sign of the height at the front: behind a root it has flipped, at the start it is -1."""
        if not self.rows:
            return -1
        row = self.rows[-1]
        return row.sample.sign if row.kind == "free" else row.sample.trend


def _root_row(sample: Sample, problem: ScalarEquation) -> Row | None:
    """The row that says that one root lies next to ``sample.u``, if that can be proved."""
    with working_precision(sample.bits):
        turning = problem.turning
        radius = _newton_radius(sample)
        if radius is None or not holds_root(sample, radius):
            return None
        ends = []
        for direction in (-1, 1):
            reach = monotone_reach(sample, turning, direction)
            reach = arb(FAR) if reach is None else reach * arb(SHRINK)
            if not reach > radius:
                return None
            ends.append((sample.u + direction * reach).mid())
        return Row("root", sample, ends[0], ends[1], radius)


def _free_row(sample: Sample, direction: int) -> Row | None:
    """The row that says that no root lies up to a step away, verified."""
    if not sample.sign:
        return None
    with working_precision(sample.bits):
        step = proposed_step(sample, direction)
        for _ in range(8):
            end = (sample.u + direction * step).mid()
            if direction * (end - sample.u) > 0 and is_free(sample, end - sample.u):
                left, right = (sample.u, end) if direction > 0 else (end, sample.u)
                return Row("free", sample, left, right, arb(0))
            step /= 2
    return None


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
