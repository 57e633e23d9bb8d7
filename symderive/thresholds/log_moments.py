"""The functions of λ whose maxima are the thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flint import arb, ctx

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.precision import BASE_BITS
from symderive.arithmetic.turns import cached_property
from symderive.effective_ridge.enclosures import sign_of
from symderive.effective_ridge.resolvent import Resolvent


@dataclass(frozen=True, eq=False)
class Level:
    """One evaluation at an exact u, with ``bits`` bits: f_k(u), ℓ(u) and ℓ'(u), balls.

    f_k rises where ℓ < 0 and falls where ℓ > 0.
    """

    u: arb
    height: arb
    offset: arb
    rate: arb
    bits: int

    @property
    def sign(self) -> int:
        """The sign of ℓ where it is certain, else 0."""
        return sign_of(self.offset)

    @property
    def trend(self) -> int:
        """The sign of ℓ' where it is certain, else 0."""
        return sign_of(self.rate)

    @property
    def accuracy(self) -> int:
        """Good bits of ℓ."""
        return int(self.offset.rel_accuracy_bits())


@dataclass(frozen=True)
class LogMoment:
    """The function f_k of data at a depth D ≥ 2; ``order`` is k = 1 or 2."""

    resolvent: Resolvent
    depth: int
    order: Literal[1, 2]

    @property
    def exponent(self) -> Fraction:
        """α: 1/D at order 1, (D+1)/D at order 2."""
        return Fraction(1 if self.order == 1 else self.depth + 1, self.depth)

    @property
    def steepest(self) -> Fraction:
        """The bound on |ℓ''|."""
        return Fraction((self.order + 1) * (self.order + 2), 4)

    @property
    def jolt(self) -> Fraction:
        """An upper bound on that on |ℓ'''|; 2/√27 < 2/5."""
        return Fraction(2 * (self.order + 1) ** 3, 5)

    @cached_property
    def _constants(self) -> dict[int, tuple[arb, arb]]:
        return {}

    def _at_precision(self) -> tuple[arb, arb]:
        """α and logit(α/k) at the current precision."""
        if ctx.prec not in self._constants:
            share = self.exponent / self.order
            self._constants[ctx.prec] = ball(self.exponent), ball(share / (1 - share)).log()
        return self._constants[ctx.prec]

    def level(self, u: arb, bits: int) -> Level:
        """The function at an exact u."""
        with TURN, working_precision(bits):
            ridge = u.exp()
            at = self.resolvent.response(ridge)
            if self.order == 1:
                moment, third, shrunk, kept = at.r1, at.r3, ridge * at.r2, at.energy
            else:
                moment, third, shrunk, kept = at.r2, at.r4, ridge * at.r3, at.shrunk_energy
            k, mu, rest = self.order, shrunk / moment, kept / moment
            alpha, turning = self._at_precision()
            # μ' = μ - (k+1)⟨s²⟩ + kμ², and ℓ' = μ'/(μ(1-μ)).
            drift = mu - (k + 1) * ridge**2 * third / moment + k * mu**2
            return Level(
                u=u,
                height=moment.log() + alpha * u,
                offset=(shrunk / kept).log() - turning,
                rate=drift / (mu * rest),
                bits=bits,
            )

    def search_range(self) -> tuple[arb, arb]:
        """Exact u between which every critical point lies.

        R_{k+1}/R_k decreases, so that α/k = μ ≤ λ R_{k+1}(0)/R_k(0); and μ ≥ λ/(ρa_max + λ).
        """
        share = self.exponent / self.order
        moments = self.resolvent.limits
        with TURN, working_precision(BASE_BITS):
            lower = ball(share) * moments[self.order - 1] / moments[self.order]
            upper = ball(self.resolvent.largest * share / (1 - share))
            return lower.log().lower(), upper.log().upper()
