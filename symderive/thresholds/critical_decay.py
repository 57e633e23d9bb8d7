"""The largest product of decays that leaves a stationary point, or a global minimum, other than zero.

At depth D ≥ 2 stationary points m ≠ 0 exist iff γ_u Π γ_i is at most P_sp (the spinodal), and one of them
has a loss no greater than that of the origin iff it is at most P_c (the transition),

    P_sp = max_λ φ^D,   P_c = max_λ (λ^{1/D} vᵀ(ρA + λ)^{-1}v / D)^D.

With λ = ρx both are ρ^{-(D-1)} times what they are at ρ = 1.  So one number a depth and kind holds for all
noises, widths and decays.  At D = 1 both are suprema, ‖v‖², not attained, and no noise enters.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, digits_for, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS, LIMIT_BITS, sharpen, sharpest
from symderive.arithmetic.turns import cached_property
from symderive.data.interface import Data
from symderive.effective_ridge.coincidences import has_double_root, ties_with_origin
from symderive.effective_ridge.enclosures import sign_of
from symderive.effective_ridge.march import REFINEMENT_SLACK
from symderive.effective_ridge.resolvent import Resolvent, resolvent_of
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.thresholds.critical_points import CriticalCluster, CriticalPoint, refine, search
from symderive.thresholds.log_moments import LogMoment

Kind = Literal["transition", "spinodal"]

#: Digits of a first search for a largest value, and up to which rivals and signs are told apart.
FIRST_DIGITS = 15
LIMIT_DIGITS = digits_for(LIMIT_BITS)


class CriticalDecay:
    """P_c or P_sp of data at a depth D ≥ 1 and ρ = 1, to any number of digits; v ≠ 0.

    ``resolvent`` is that of the data at ρ = 1, if it is at hand: it holds what depths and kinds can share.
    """

    def __init__(self, data: Data, depth: int, kind: Kind, resolvent: Resolvent | None = None) -> None:
        self.depth, self.kind = depth, kind
        self._data = data
        self.resolvent = resolvent or resolvent_of(data, Fraction(1))

    def log_product(self, digits: int) -> arb:
        """ln P to ``digits`` digits after the point, unless an undecided cluster is wider."""
        # A height is off by a D-th of what the product is.
        carried = digits + len(str(self.depth))
        with TURN, working_precision(value_bits(carried)):
            if self.depth == 1:
                return ball(self._data.v_norm_squared).log()
            height = self._height(carried)
            return self.depth * (height - ball(self.depth).log() if self.kind == "transition" else height)

    def log_ridge(self, digits: int) -> arb | None:
        """ln λ where the maximum is attained; None where several places, or a cluster, may attain it."""

        def places(tried: int) -> list[CriticalPoint | CriticalCluster]:
            self._height(tried)
            return self._places

        limit = max(LIMIT_DIGITS, 4 * digits)
        match sharpen(places, lambda found: len(found) == 1, start=digits, limit=limit):
            case [CriticalPoint() as place]:
                return place.log_ridge
        return None

    def is_met(self, rho: Fraction, product: Fraction) -> bool:
        """Whether a decay product is the threshold exactly; False: no proof was found."""
        equation = ScalarEquation(self.depth, rho, product, self._data)
        test = ties_with_origin if self.kind == "transition" else has_double_root
        for place in self._places:
            with TURN, working_precision(LIMIT_BITS):
                ridge = ball(rho) * place.log_ridge.exp()
            if test(equation, ridge):
                return True
        return False

    @cached_property
    def _places(self) -> list[CriticalPoint | CriticalCluster]:
        """Where the maximum may be attained."""
        order: Literal[1, 2] = 1 if self.kind == "transition" else 2
        return search(LogMoment(self.resolvent, self.depth, order), FIRST_DIGITS).in_order()

    def _height(self, digits: int) -> arb:
        """The maximum of the logarithm; places that are certainly lower are dropped."""
        self._places = [
            refine(place, digits)[0] if isinstance(place, CriticalPoint) else place
            for place in self._places
        ]
        with TURN, working_precision(value_bits(digits)):
            values = [(place, place.value) for place in self._places]
            low = max(value.lower() for _, value in values)
            self._places = [place for place, value in values if not value < low]
            return low.union(max(value.upper() for _, value in values))


def value_bits(digits: int) -> int:
    """Bits at which values of so many digits are computed."""
    return bits_for(digits + GUARD_DIGITS) + REFINEMENT_SLACK


def decided_sign(value: Callable[[int], arb]) -> int:
    """The sign of a number that is known to any number of digits; 0 where it stays open."""

    def at(digits: int) -> arb:
        return value(min(digits, LIMIT_DIGITS))

    return sign_of(sharpest(at, lambda x: sign_of(x) != 0, start=FIRST_DIGITS, limit=LIMIT_DIGITS))
