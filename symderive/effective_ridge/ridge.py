"""The ridge λ of one stationary point, and what follows from it, to any number of digits.

Everything that is asked of a point follows from λ through the response of the data there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, digits_for, is_accurate, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen, sharpest
from symderive.arithmetic.records import Record
from symderive.arithmetic.turns import cached_property
from symderive.effective_ridge.coincidences import has_double_root
from symderive.effective_ridge.march import Cluster
from symderive.effective_ridge.response import Response
from symderive.effective_ridge.roots import Root, RootSet, refine
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, Values, carrying_bits
from symderive.errors import InputError

#: Multiple of the digits asked for up to which the working digits are raised where λ does not sharpen.
MOST_RETRIES = 8


@dataclass(frozen=True)
class Reading:
    """λ, the response of the data there, and the bits at which both were computed."""

    ridge: arb
    response: Response
    bits: int


@dataclass(frozen=True, eq=False)
class Ridge(Record):
    """What is known of the effective ridge λ of a stationary point m ≠ 0.

    Attributes
    ----------
    equation : ScalarEquation
        The scalar equation that λ solves; void at depth 0.
    place : Root or Cluster or None
        A simple root, which Newton's method takes to any number of digits; a cluster, which gets no
        sharper; or None where λ is the given decay, at depth 0.
    kind : str
        What the point is as far as λ tells, which does not tell the global minimum from others.
    limit : int
        Digits up to which comparisons are pushed.
    decided : bool
        Whether it is known to be one point: a cluster is that where it provably is a double root.
    """

    equation: ScalarEquation
    place: Root | Cluster | None
    kind: PointKind
    limit: int
    decided: bool = True

    @classmethod
    def of_root(cls, root: Root, limit_bits: int) -> Ridge:
        """A simple root."""
        kind: PointKind = "local minimum" if root.rising else "saddle"
        return cls(root.equation, root, kind, digits_for(limit_bits))

    @classmethod
    def of_cluster(cls, equation: ScalarEquation, cluster: Cluster) -> Ridge:
        """A double root, or roots that stayed undecided."""
        double = cluster.at_most == 2 and has_double_root(equation, cluster.ridge(cluster.bits))
        return cls(equation, cluster, "degenerate", digits_for(cluster.bits), double)

    @classmethod
    def given(cls, equation: ScalarEquation) -> Ridge:
        """Depth 0: ridge regression with λ = γ, or the least-squares solution of smallest norm at γ = 0."""
        return cls(equation, None, "global minimum", 0)

    @property
    def may_be_minimum(self) -> bool:
        """Whether F may have a local minimum here."""
        # φ touches τ at a double root without crossing: F goes on falling or rising through it.
        return self.kind in ("local minimum", "global minimum") or not self.decided

    @property
    def is_double(self) -> bool:
        """Whether H' = 0 here, provably."""
        return self.decided and self.kind == "degenerate"

    @property
    def sharpens(self) -> bool:
        """Whether λ is known to any number of digits."""
        return not isinstance(self.place, Cluster)

    def enclose(self, digits: int) -> arb:
        """The effective ridge λ to a number of digits, or as far as it is known.

        Parameters
        ----------
        digits : int
            Digits; the ball is computed once for each number of them.

        Returns
        -------
        arb
            A ball, dimension of A.
        """
        if digits not in self._enclosures:
            self._enclosures[digits] = self._enclosed(digits)
        return self._enclosures[digits]

    def _enclosed(self, digits: int) -> arb:
        if isinstance(self.place, Root):
            return refine(self.place, digits)[0].ridge(carrying_bits(digits))
        if isinstance(self.place, Cluster):
            return self.place.ridge(max(self.place.bits, bits_for(digits + GUARD_DIGITS)))
        with TURN, working_precision(carrying_bits(digits)):
            return ball(self.equation.decay_product)

    def read(self, digits: int) -> Reading:
        """The response of the data at λ; computed once for each number of digits."""
        if digits not in self._readings:
            bits, ridge = carrying_bits(digits), self.enclose(digits)
            with TURN, working_precision(bits):
                self._readings[digits] = Reading(ridge, self._response(ridge), bits)
        return self._readings[digits]

    @cached_property
    def _enclosures(self) -> dict[int, arb]:
        return {}

    @cached_property
    def _readings(self) -> dict[int, Reading]:
        return {}

    def _response(self, ridge: arb) -> Response:
        if not ridge.is_zero():
            return self.equation.resolvent.response(ridge)
        explained, nothing = ball(self.equation.data.explained), arb(0)
        m = self.equation.resolvent.least_squares()
        return Response(explained, _norm_squared(m), nothing, nothing, explained, nothing)


def ridges_of(roots: RootSet) -> tuple[Ridge, ...]:
    """The simple roots and clusters of a search in increasing λ."""
    return tuple(
        Ridge.of_root(place, roots.limit_bits)
        if isinstance(place, Root)
        else Ridge.of_cluster(roots.equation, place)
        for place in roots.places
    )


def gap(ridge: Ridge, digits: int) -> arb:
    """F - c = Dκ - m·v."""
    at = ridge.read(digits)
    with TURN, working_precision(at.bits):
        return ridge.equation.depth * at.ridge * at.response.r2 - at.response.r1


def values(ridge: Ridge, digits: int) -> Values:
    """All values, each accurate to ``digits`` digits unless λ stayed undecided and is wider.

    Raises :class:`InputError` for a double root that is not known to so many digits.
    """

    def enough(found: Values) -> bool:
        return all(is_accurate(x, digits) for x in found.as_tuple())

    found = sharpest(partial(_values, ridge), enough, start=digits, limit=_most_digits(ridge, digits))
    if ridge.is_double and not enough(found):
        raise _not_known(digits)
    return found


def end_to_end_map(ridge: Ridge, digits: int) -> list[arb]:
    """m with errors below 10^-digits ‖m‖; :class:`InputError` where λ is not known to so many digits."""

    def enough(m: list[arb]) -> bool:
        allowed = _norm_squared(m).sqrt() * arb(10) ** -(digits + 1)
        return all(x.rad() < allowed for x in m)

    start = digits + GUARD_DIGITS
    found = sharpen(partial(_map, ridge), enough, start=start, limit=_most_digits(ridge, start))
    if found is None:
        raise _not_known(digits)
    return found


def _most_digits(ridge: Ridge, start: int) -> int | None:
    """Working digits beyond which nothing gets sharper; None where λ sharpens without end."""
    return None if ridge.sharpens else MOST_RETRIES * start


def _not_known(digits: int) -> InputError:
    return InputError(
        f"this degenerate point is not known to {digits} digits; solve again with digits={digits}."
    )


def _values(ridge: Ridge, digits: int) -> Values:
    at, data, rho = ridge.read(digits), ridge.equation.data, ridge.equation.rho
    response = at.response
    with TURN, working_precision(at.bits):
        kappa = at.ridge * response.r2
        if at.ridge.is_zero():  # least squares: an exact difference, for it is 0 where x explains all of y
            loss = ball(data.c - data.explained)
        else:
            loss = ball(data.c) - response.r1 + ridge.equation.depth * kappa
        if (blur := ridge.equation.blur) is None:
            variance = ball((rho - 1) / rho) * response.energy
        else:
            variance = blur.average(_map(ridge, digits), kappa)
        return Values(
            ridge=at.ridge,
            loss=loss,
            layer_decay=kappa,
            norm=response.r2.sqrt(),
            prediction_variance=variance,
        )


def _map(ridge: Ridge, digits: int) -> list[arb]:
    at = ridge.enclose(digits)
    with TURN, working_precision(carrying_bits(digits)):
        if at.is_zero():
            return ridge.equation.resolvent.least_squares()
        return ridge.equation.resolvent.ridge_solution(at)


def _norm_squared(m: list[arb]) -> arb:
    return sum((x * x for x in m), arb(0))
