"""The values of one stationary point, to any number of digits.

A point is known by where its ridge λ comes from: a simple root, a cluster that the search could not
resolve, or the given decay at depth 0.  Everything else follows from λ through the resolvent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from flint import arb

from symderive.arithmetic.exact import ball, bits_for, is_accurate, working_precision
from symderive.effective_ridge.coincidences import has_double_root, ties_with_origin
from symderive.effective_ridge.march import Cluster
from symderive.effective_ridge.resolvent import Response, least_squares
from symderive.effective_ridge.roots import GUARD_DIGITS, Root, refine
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, Values, carrying_bits
from symderive.errors import InputError

#: Multiple of the digits asked for up to which the working digits of a wide source are raised.
MOST_RETRIES = 4


class Source(ABC):
    """What a stationary point is computed from, at any number of digits."""

    kind: PointKind = "global minimum"
    is_decided = True
    may_be_minimum = True
    #: Whether λ is known to any number of digits.
    sharpens = True

    def __init__(self, problem: ScalarEquation) -> None:
        self.problem = problem
        self._known: dict[int, tuple[arb, Response, int]] = {}

    @property
    def limit_digits(self) -> int:
        """Digits up to which comparisons are pushed."""
        return 0

    @property
    def ties_with_origin(self) -> bool:
        """Whether F = c here, proved exactly."""
        return False

    @abstractmethod
    def ridge(self, digits: int) -> arb:
        """λ to a number of digits."""

    def gap(self, digits: int) -> arb:
        """F - c = Dκ - m·v."""
        ridge, at, bits = self.response(digits)
        with working_precision(bits):
            return self.problem.depth * ridge * at.r2 - at.r1

    def at(self, digits: int) -> Values:
        """All values, each accurate to ``digits`` digits unless the source itself is wider."""
        working = digits
        while True:
            values = self._values(working)
            done = all(is_accurate(x, digits) for x in values.as_tuple())
            if done or (not self.is_decided and working > MOST_RETRIES * digits):
                return values
            self._require_sharper(working, digits)
            working *= 2

    def map(self, digits: int) -> list[arb]:
        """m with errors below 10^-digits ‖m‖."""
        working = digits + GUARD_DIGITS
        while True:
            bits = carrying_bits(working)
            with working_precision(bits):
                m = self._map(working)
                norm = sum((x * x for x in m), arb(0)).sqrt()
                allowed = norm * arb(10) ** -(digits + 1)
                if all(x.rad() < allowed for x in m):
                    return m
            self._require_sharper(working, digits)
            working *= 2

    def _require_sharper(self, working: int, digits: int) -> None:
        """Raise where more working digits would bring nothing."""
        if not self.sharpens and working > MOST_RETRIES * (digits + GUARD_DIGITS):
            raise InputError(
                f"this degenerate point is not known to {digits} digits; solve again with digits={digits}."
            )

    def _map(self, digits: int) -> list[arb]:
        return self.problem.resolvent.ridge_solution(self.ridge(digits))

    def response(self, digits: int) -> tuple[arb, Response, int]:
        """λ, the response of the data there, and the bits at which both were computed."""
        if digits not in self._known:
            bits = carrying_bits(digits)
            with working_precision(bits):
                ridge = self.ridge(digits)
                self._known[digits] = ridge, self.problem.resolvent.response(ridge), bits
        return self._known[digits]

    def _values(self, digits: int) -> Values:
        ridge, at, bits = self.response(digits)
        problem = self.problem
        with working_precision(bits):
            kappa = ridge * at.r2
            excess = ball((problem.rho - 1) / problem.rho)
            return Values(
                ridge=ridge,
                loss=ball(problem.data.c) - at.r1 + problem.depth * kappa,
                layer_decay=kappa,
                norm=at.r2.sqrt(),
                prediction_variance=excess * at.energy,
            )


class RootSource(Source):
    """A simple root."""

    def __init__(self, root: Root, limit_bits: int) -> None:
        super().__init__(root.problem)
        self._root, self._limit_bits = root, limit_bits
        self.kind = "local minimum" if root.rising else "saddle"
        self.may_be_minimum = root.rising

    @property
    def limit_digits(self) -> int:
        return self._limit_bits * 100 // 333

    def ridge(self, digits: int) -> arb:
        self._root, _ = refine(self._root, digits)
        return self._root.ridge(carrying_bits(digits))

    @property
    def ties_with_origin(self) -> bool:
        return ties_with_origin(self.problem, self._root.ridge(self._limit_bits))


class ClusterSource(Source):
    """A double root, or roots that stayed undecided."""

    kind: PointKind = "degenerate"
    sharpens = False

    def __init__(self, problem: ScalarEquation, cluster: Cluster) -> None:
        super().__init__(problem)
        self._cluster = cluster
        double = cluster.at_most == 2 and has_double_root(problem, cluster.ridge(cluster.bits))
        self.is_decided = double
        # φ touches τ at a double root without crossing: F goes on falling or rising through it.
        self.may_be_minimum = not double

    @property
    def limit_digits(self) -> int:
        return self._cluster.bits * 100 // 333

    def ridge(self, digits: int) -> arb:
        return self._cluster.ridge(max(self._cluster.bits, bits_for(digits + GUARD_DIGITS)))


class RidgeSource(Source):
    """Depth 0: ridge regression with λ = γ, or the least-squares solution of smallest norm at γ = 0."""

    def ridge(self, digits: int) -> arb:  # noqa: ARG002
        return ball(self.problem.decay_product)

    def _map(self, digits: int) -> list[arb]:
        if self.problem.decay_product:
            return super()._map(digits)
        return least_squares(self.problem.data)

    def _values(self, digits: int) -> Values:
        values, data = super()._values(digits), self.problem.data
        if self.problem.decay_product:
            return values
        with working_precision(carrying_bits(digits)):  # exact, for it is 0 where x explains all of y
            return replace(values, loss=ball(data.c - data.explained))

    def response(self, digits: int) -> tuple[arb, Response, int]:
        if self.problem.decay_product:
            return super().response(digits)
        bits = carrying_bits(digits)
        with working_precision(bits):
            m = least_squares(self.problem.data)
            norm = sum((x * x for x in m), arb(0))
            explained = ball(self.problem.data.explained)
            nothing = arb(0)
            return nothing, Response(explained, norm, nothing, nothing, explained, nothing), bits
