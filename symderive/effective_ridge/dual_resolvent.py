"""The resolvent of n samples of d > n features, by solves among the samples.

With X the samples divided by the square roots of V, f the share of one, K = f X Xᵀ and Y the targets as far
as a linear function reaches them (:mod:`symderive.data.kept_samples`),

    s = (ρK + λ)^{-1} Y,   t = (ρK + λ)^{-1} s,   m = f Xᵀs,   (ρA + λ)^{-1} m = f Xᵀt,

    R_1 = f s·KY,   R_2 = f s·Ks,   R_3 = f s·Kt,   R_4 = f t·Kt,
    ρ mᵀAm = ρf Ks·Ks,   ρ mᵀA(ρA + λ)^{-1}m = ρf Ks·Kt.

K is singular where samples depend on each other; Y lies in its range, and so do s and t.  Where R_4 rests
on eigenvalues of K far below λ, more is lost than the solves lose, and the sums are made again with more
bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat, ctx, fmpz_mat

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.precision import sharpen
from symderive.arithmetic.rational_systems import over_common, preimage
from symderive.arithmetic.turns import cached_property
from symderive.data.moments import WideMoments
from symderive.effective_ridge.response import (
    FIRST_BITS,
    Response,
    are_good,
    dot,
    limit_bound,
    moved_response,
    moved_solution,
)
from symderive.effective_ridge.ridge_system import BIT_STEP, RidgeSystem

#: Bits that a response may lose beyond what the solves are granted, before it is made again.
SPARE_BITS = 32


@dataclass(frozen=True, eq=False)
class _Samples:
    """K and Y of samples, for the linear solves."""

    data: WideMoments

    @property
    def size(self) -> int:
        """n."""
        return self.data.samples.count

    @property
    def trace(self) -> Fraction:
        """tr K = tr A."""
        return self.data.trace

    @property
    def weights(self) -> None:
        """Ones."""

    def matrix(self) -> arb_mat:
        """K."""
        return self.data.kernel()

    def whole(self) -> tuple[fmpz_mat, Fraction] | None:
        """The inner products of the samples as they are kept."""
        return (
            None
            if self.data.variances is not None
            else (self.data.samples.products, self.data.samples.unit)
        )

    def right(self) -> arb_mat:
        """Y."""
        numerators, denominator = self.data.samples.fitted
        return arb_mat(numerators) / denominator


@dataclass(frozen=True, eq=False)
class DualResolvent:
    """The resolvent of samples that are fewer than their features, by rigorous solves of n equations."""

    data: WideMoments
    rho: Fraction

    @property
    def largest(self) -> Fraction:
        """ρ tr A."""
        return self.rho * self.data.trace

    @cached_property
    def _system(self) -> RidgeSystem:
        return RidgeSystem(_Samples(self.data), self.rho)

    def limit_solution(self) -> list[Fraction]:
        """w = XᵀZ, X as it is kept, with XXᵀZ = Y: Cw = b, whatever V; exact."""
        numerators, denominator = self.data.samples.fitted
        z, common = over_common(preimage(self.data.samples.products, numerators))
        return [
            Fraction(int(x), common * denominator) for x in (z.transpose() * self.data.samples.X).entries()
        ]

    def limit_norm_squared(self) -> Fraction:
        """An upper bound on ‖(ρA)⁺v‖², found exactly."""
        return limit_bound(self.limit_solution(), self.data.metric, self.rho)

    def _limit(self) -> arb_mat | None:
        """z = K⁺Y at the current precision; None where it does not suffice.

        z = Ku for a u on independent rows, found from those rows of K²u = Y: they imply the others.
        """
        K, Y, rows = self.data.kernel(), _Samples(self.data).right(), self.data.samples.independent
        try:
            if len(rows) == self.data.samples.count:
                return K.solve(Y, algorithm="lu")
            entries = K.tolist()
            part = arb_mat([entries[i] for i in rows])
            side = arb_mat([[Y[i, 0]] for i in rows])
            return part.transpose() * (part * part.transpose()).solve(side, algorithm="lu")
        except ZeroDivisionError:
            return None

    @cached_property
    def limits(self) -> tuple[arb, arb, arb]:
        """f Y·Y, f Y·z and f z·z with z = K⁺Y, over powers of ρ."""

        def sums(bits: int) -> tuple[arb, arb, arb] | None:
            with TURN, working_precision(bits):
                z, Y = self._limit(), _Samples(self.data).right()
                if z is None:
                    return None
                f, rho = ball(self.data.samples.unit), ball(self.rho)
                return f * dot(Y, Y) / rho, f * dot(Y, z) / rho**2, f * dot(z, z) / rho**3

        return sharpen(sums, are_good, start=FIRST_BITS)

    def response(self, ridge: arb) -> Response:
        """Two solves and two products, at the exact middle of λ and then widened."""
        center, wanted = ridge.mid(), ctx.prec
        lost = self._system.condition_bits(center)
        extra = 2 * lost
        while True:
            with TURN, working_precision(wanted + extra):
                values = self._sums(center)
            # Six times what one solve loses is the most that these sums can lose.
            if extra > 6 * (lost + BIT_STEP) or all(
                x.rel_accuracy_bits() >= wanted - SPARE_BITS for x, _ in values
            ):
                break
            extra = 2 * extra + BIT_STEP
        return moved_response(values, center, ridge)

    def _sums(self, ridge: arb) -> tuple[tuple[arb, int], ...]:
        """The six numbers, each with the power of λ that it falls with at most."""
        s, t = self._system.solve_twice(ridge)
        Ks, Kt, Y = self._system.image(s), self._system.image(t), self._system.right()  # ρKs and ρKt
        share = ball(self.data.samples.unit / self.rho)
        return (
            (share * dot(Ks, Y), 1),
            (share * dot(Ks, s), 2),
            (share * dot(Ks, t), 3),
            (share * dot(Kt, t), 4),
            (share * dot(Ks, Ks), 2),
            (share * dot(Ks, Kt), 3),
        )

    def _features(self, column: arb_mat) -> arb_mat:
        """f Xᵀ times a column, divided by the square roots of V."""
        image = column.transpose() * arb_mat(self.data.samples.X) * ball(self.data.samples.unit)
        if self.data.variances is None:
            return image.transpose()
        pairs = zip(image.entries(), self.data.variances, strict=True)
        return arb_mat([[x / ball(v).sqrt()] for x, v in pairs])

    def vectors(self, ridge: arb) -> tuple[arb_mat, arb_mat]:
        """x = (ρC + λV)^{-1} b and y = (ρC + λV)^{-1}V x, as columns of balls: f Xᵀs and f Xᵀt over √V."""
        found = []
        for column in self._system.solve_twice(ridge):
            image = self._features(column).entries()
            found.append(
                arb_mat([[x / ball(v).sqrt()] for x, v in zip(image, self.data.metric, strict=True)])
            )
        return found[0], found[1]

    def ridge_solution(self, ridge: arb) -> list[arb]:
        """m = f Xᵀs, at the exact middle of λ and then widened."""
        system, center = self._system, ridge.mid()
        with TURN, working_precision(ctx.prec + 2 * system.condition_bits(center)):
            m = self._features(system.solve(center, system.right())).entries()
        return moved_solution(m, center, ridge)

    def least_squares(self) -> list[arb]:
        """(ρA)⁺v = f Xᵀz/ρ with z = K⁺Y."""
        wanted = ctx.prec

        def solution(bits: int) -> list[arb] | None:
            with TURN, working_precision(bits):
                z = self._limit()
                return None if z is None else [x / ball(self.rho) for x in self._features(z).entries()]

        def is_good(m: list[arb]) -> bool:
            allowed = sum((x * x for x in m), arb(0)).sqrt() * arb(2) ** -wanted
            return all(x.rad() <= allowed for x in m)

        return sharpen(solution, is_good, start=wanted + SPARE_BITS)
