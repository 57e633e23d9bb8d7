"""The data seen through the resolvent: vᵀ(ρA + λ)^{-k} v in ball arithmetic, for any λ > 0.

Every scalar of the theory is a function of λ and these numbers.  Two ways lead to them: a known
spectrum costs O(d) a point; otherwise two linear solves do, and no eigenvalue is ever computed:

    x = (ρA + λ)^{-1} v,   y = (ρA + λ)^{-1} x,   R_2 = ‖x‖²,   R_3 = x·y,   R_4 = ‖y‖².

``1 - μ`` and ``mᵀAm`` come as sums of non-negative terms, not as differences, so that they stay accurate
where λ dwarfs ρA.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from typing import Protocol

from flint import arb, arb_mat, ctx, fmpq, fmpz_mat

from symderive.arithmetic.exact import TURN, ball, from_flint, to_flint, working_precision
from symderive.arithmetic.precision import sharpen
from symderive.arithmetic.rational_systems import preimage
from symderive.arithmetic.turns import cached_property
from symderive.data.interface import Data
from symderive.data.moments import Moments, WideMoments
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.dual_resolvent import DualResolvent
from symderive.effective_ridge.response import (
    FIRST_BITS,
    Response,
    are_good,
    dot,
    limit_bound,
    moved_response,
    moved_solution,
)
from symderive.effective_ridge.ridge_system import RidgeSystem


class Resolvent(Protocol):
    """What the root search needs to know of the data."""

    def response(self, ridge: arb) -> Response:
        """Balls at FLINT's current precision; ``ridge`` > 0."""

    def ridge_solution(self, ridge: arb) -> list[arb]:
        """m = (ρA + λ)^{-1} v, d balls."""

    def least_squares(self) -> list[arb]:
        """(ρA)⁺v, to which m tends as λ → 0; d balls."""

    def limit_norm_squared(self) -> Fraction:
        """An upper bound on ‖(ρA)⁺v‖², found exactly."""

    @property
    def limits(self) -> tuple[arb, arb, arb]:
        """R_1, R_2 and R_3 as λ → 0, that is vᵀ((ρA)⁺)^k v."""

    @property
    def largest(self) -> Fraction:
        """An upper bound on the largest eigenvalue of ρA."""


@dataclass(frozen=True, eq=False)
class SpectralResolvent:
    """The resolvent of a known spectrum; only the a_i with p_i > 0 take part."""

    data: Spectrum
    rho: Fraction

    @cached_property
    def _pairs(self) -> list[tuple[fmpq, fmpq]]:
        """(ρ a, total p) for the distinct eigenvalues that v sees."""
        merged: dict[tuple[int, int], fmpq] = {}
        for a, p in zip(self.data.a, self.data.p, strict=True):
            # Pairs of integers hash in a tenth of the time that fractions take.
            place, (numerator, denominator) = a.as_integer_ratio(), p.as_integer_ratio()
            if numerator:
                weight = fmpq(numerator, denominator)
                merged[place] = merged[place] + weight if place in merged else weight
        rho = to_flint(self.rho)
        return [(rho * fmpq(*place), weight) for place, weight in merged.items()]

    @cached_property
    def _balls(self) -> dict[int, list[tuple[arb, arb]]]:
        return {}

    @property
    def largest(self) -> Fraction:
        """The largest ρ a_i with p_i > 0."""
        return from_flint(max(a for a, _ in self._pairs))

    def limit_norm_squared(self) -> Fraction:
        """‖(ρA)⁺v‖², exact."""
        return from_flint(sum((p / (a * a) for a, p in self._pairs), start=fmpq(0)))

    @cached_property
    def limits(self) -> tuple[arb, arb, arb]:
        """Σ p/(ρa)^k."""
        with TURN, working_precision(FIRST_BITS):
            first, second, third = (
                arb(sum((p / a**k for a, p in self._pairs), start=fmpq(0))) for k in (1, 2, 3)
            )
        return first, second, third

    def response(self, ridge: arb) -> Response:
        """Sums over the spectrum."""
        pairs = self._balls.get(ctx.prec)
        if pairs is None:
            pairs = self._balls[ctx.prec] = [(arb(a), arb(p)) for a, p in self._pairs]
        r1 = r2 = r3 = r4 = energy = shrunk_energy = arb(0)
        for a, p in pairs:
            inverse = 1 / (a + ridge)
            t1 = p * inverse
            t2 = t1 * inverse
            t3 = t2 * inverse
            r1 += t1
            r2 += t2
            r3 += t3
            r4 += t3 * inverse
            energy += a * t2
            shrunk_energy += a * t3
        return Response(r1, r2, r3, r4, energy, shrunk_energy)

    def ridge_solution(self, ridge: arb) -> list[arb]:
        """√p_i/(ρ a_i + λ) in the eigenbasis of A, with the sign that makes v_i ≥ 0."""
        pairs = zip(self.data.a, self.data.p, strict=True)
        return [ball(p).sqrt() / (ball(self.rho * a) + ridge) for a, p in pairs]

    def least_squares(self) -> list[arb]:
        """√p_i/(ρ a_i), 0 where p_i is 0."""
        pairs = zip(self.data.a, self.data.p, strict=True)
        return [ball(p).sqrt() / ball(self.rho * a) if p else arb(0) for a, p in pairs]


@dataclass(frozen=True, eq=False)
class _Features:
    """C, b and V of moments, for the linear solves."""

    data: Moments

    @property
    def size(self) -> int:
        """d."""
        return self.data.dimension

    @property
    def trace(self) -> Fraction:
        """tr A."""
        return self.data.trace

    @property
    def weights(self) -> tuple[Fraction, ...] | None:
        """The diagonal of V."""
        return self.data.variances

    @cached_property
    def _parts(self) -> tuple[fmpz_mat, fmpz_mat]:
        return self.data.split()

    def matrix(self) -> arb_mat:
        """C."""
        return arb_mat(self._parts[0]) * ball(Fraction(1, self.data.denominator))

    def whole(self) -> tuple[fmpz_mat, Fraction]:
        """C in whole numbers."""
        return self._parts[0], Fraction(1, self.data.denominator)

    def right(self) -> arb_mat:
        """b."""
        return arb_mat(self._parts[1]) * ball(Fraction(1, self.data.denominator))


@dataclass(frozen=True, eq=False)
class DenseResolvent:
    """The resolvent of general moments, by the rigorous linear solves of :class:`RidgeSystem`."""

    data: Moments
    rho: Fraction

    @property
    def largest(self) -> Fraction:
        """ρ tr A."""
        return self.rho * self.data.trace

    @cached_property
    def _system(self) -> RidgeSystem:
        return RidgeSystem(_Features(self.data), self.rho)

    def limit_norm_squared(self) -> Fraction:
        """An upper bound on ‖(ρA)⁺v‖², found exactly."""
        return limit_bound(self.limit_solution(), self.data.metric, self.rho)

    def limit_solution(self) -> list[Fraction]:
        """w with Cw = b, exact."""
        return preimage(*self.data.split())

    @cached_property
    def limits(self) -> tuple[arb, arb, arb]:
        """vᵀA⁺v = bᵀV^{-1}Cz, zᵀb and zᵀCz with C V^{-1} C z = b, over powers of ρ.

        A z that lives on independent columns of C is found in balls, with as many bits as it takes: the
        rows of these columns imply the others.
        """
        (gram, right), pivots = self.data.split(), self.data.independent

        def sums(bits: int) -> tuple[arb, arb, arb] | None:
            with TURN, working_precision(bits):
                columns = arb_mat([[gram[i, j] for j in pivots] for i in range(self.data.dimension)])
                scaled = arb_mat(
                    [
                        [x / ball(s) for x in row]
                        for row, s in zip(columns.tolist(), self.data.metric, strict=True)
                    ]
                )
                side = arb_mat([[right[j, 0]] for j in pivots])
                try:
                    z = (columns.transpose() * scaled).solve(side, algorithm="lu")
                except ZeroDivisionError:
                    return None
                inner = arb_mat([[gram[i, j] for j in pivots] for i in pivots])
                denominator, rho = arb(self.data.denominator), ball(self.rho)
                first = dot(arb_mat(right), scaled * z) / denominator / rho
                second = dot(z, side) / rho**2
                third = dot(z, inner * z) * denominator / rho**3
            return first, second, third

        return sharpen(sums, are_good, start=FIRST_BITS)

    def response(self, ridge: arb) -> Response:
        """Two solves and one product, at the exact middle of λ and then widened.

        Where A is nearly singular each solve loses log2(ρ tr A/λ) bits, which are granted beforehand.
        """
        system, center = self._system, ridge.mid()
        with TURN, working_precision(ctx.prec + 2 * system.condition_bits(center)):
            x, y = self.vectors(center)
            curve = system.image(x)
            values = (
                (dot(system.right(), x), 1),
                (dot(x, system.weigh(x)), 2),
                (dot(x, system.weigh(y)), 3),
                (dot(y, system.weigh(y)), 4),
                (dot(curve, x), 2),
                (dot(curve, y), 3),
            )
        return moved_response(values, center, ridge)

    def vectors(self, ridge: arb) -> tuple[arb_mat, arb_mat]:
        """x and y = (ρC + λV)^{-1}V x with x = (ρC + λV)^{-1} b, as columns of balls."""
        return self._system.solve_twice(ridge)

    def ridge_solution(self, ridge: arb) -> list[arb]:
        """m = V^{1/2} x, at the exact middle of λ and then widened."""
        system, center = self._system, ridge.mid()
        with TURN, working_precision(ctx.prec + system.condition_bits(center)):
            x = system.solve(center, system.right())
            m = [entry * ball(s).sqrt() for entry, s in zip(x.entries(), self.data.metric, strict=True)]
        return moved_solution(m, center, ridge)

    def least_squares(self) -> list[arb]:
        """V^{-1/2} C z/ρ with C V^{-1} C z = b, solved exactly."""
        (gram, right), (weights, scale) = self.data.split(), self.data.inverse_metric
        rows = gram.tolist()
        weighted = fmpz_mat([[x * w for x, w in zip(row, weights, strict=True)] for row in rows])
        z = [x * scale / self.rho for x in preimage(weighted * gram, right)]
        image = [sum((int(x) * w for x, w in zip(row, z, strict=True)), Fraction(0)) for row in rows]
        return [ball(x) / ball(s).sqrt() for x, s in zip(image, self.data.metric, strict=True)]


@singledispatch
def resolvent_of(data: Data, rho: Fraction) -> Resolvent:
    """The cheapest resolvent for the data."""
    raise TypeError(f"{type(data).__name__} has no resolvent at ρ = {rho}")


resolvent_of.register(Spectrum, SpectralResolvent)
resolvent_of.register(Moments, DenseResolvent)
resolvent_of.register(WideMoments, DualResolvent)
