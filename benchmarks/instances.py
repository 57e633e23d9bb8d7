"""Seeded instances of the scalar equation, and the same equation as a polynomial.

The roots of φ(λ) = τ are the positive roots of the stationarity polynomial, of degree 2dD,

    λ^{D+1} N^D - (Πγ) P^{2D},   P = Π (ρa_i + λ),   N = Σ p_i Π_{j≠i} (ρa_j + λ)².
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, prod
from typing import Any

from flint import fmpq, fmpq_poly

from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.scalar_equation import ScalarEquation

#: The noise factor ρ of every instance.
NOISE_FACTOR = Fraction(6, 5)

#: How far below the top of H the level of a close pair lies: its roots are 1e-4 or so apart in ln λ.
CLOSE = 1e-9


@dataclass(frozen=True)
class Instance:
    """One scalar equation; ``label`` names it in the tables."""

    label: str
    depth: int
    decay_product: Fraction
    spectrum: Spectrum

    @property
    def degree(self) -> int:
        """Of the stationarity polynomial."""
        return 2 * self.spectrum.dimension * self.depth

    def equation(self) -> ScalarEquation:
        """A fresh problem, with nothing cached."""
        return ScalarEquation(self.depth, NOISE_FACTOR, self.decay_product, self.spectrum)


def seeded(dimension: int, depth: int, *, seed: int = 1, binary: bool = False) -> Instance:
    """Distinct a_i in (0, 10] and p_i in (0, 1] in thousandths, D + 1 decays in [1/10, 2/5] in hundredths.

    ``binary``: a_i and p_i are binary64 numbers instead, as a floating-point eigensolver gives them.
    """
    draw = random.Random(seed)
    a = [Fraction(k, 1000) for k in draw.sample(range(1, 10_001), dimension)]
    p = [Fraction(draw.randint(1, 1000), 1000) for _ in range(dimension)]
    decays = [Fraction(draw.randint(10, 40), 100) for _ in range(depth + 1)]
    if binary:
        a = [Fraction(draw.uniform(0, 10)) for _ in a]
        p = [Fraction(draw.uniform(0, 1)) for _ in p]
    label = f"d = {dimension}, D = {depth}" + (", binary64 data" if binary else "")
    return Instance(label, depth, prod(decays, start=Fraction(1)), Spectrum.of(a, p))


def close_pair(dimension: int, depth: int, *, seed: int = 1) -> Instance:
    """The same data with the decays at which two roots nearly merge."""
    plain = seeded(dimension, depth, seed=seed)
    pairs = [
        (float(NOISE_FACTOR * a), float(p)) for a, p in zip(plain.spectrum.a, plain.spectrum.p, strict=True)
    ]

    def height(u: float) -> float:
        return log(sum(p / (a + exp(u)) ** 2 for a, p in pairs)) + u * (depth + 1) / depth

    top = max((k / 10_000 for k in range(-100_000, 100_000, 100)), key=height)
    level = max(height(top + k / 100_000) for k in range(-1_000, 1_001)) - CLOSE
    product = Fraction(exp(depth * level)).limit_denominator(10**12)
    return Instance(plain.label + ", close pair", depth, product, plain.spectrum)


def polynomial(instance: Instance) -> list[int]:
    """Integer coefficients of the stationarity polynomial, constant term first, expanded by FLINT."""
    one, zero = fmpq_poly([1]), fmpq_poly([0])
    p, n = combine(instance, fmpq_poly([0, 1]), one, zero, lambda q: fmpq(q.numerator, q.denominator))
    depth, product = instance.depth, instance.decay_product
    whole = fmpq_poly([0, 1]) ** (depth + 1) * n**depth
    whole -= fmpq(product.numerator, product.denominator) * p ** (2 * depth)
    return [int(c) for c in whole.numer().coeffs()]


def combine(instance: Instance, x: Any, one: Any, zero: Any, number: Any) -> tuple[Any, Any]:
    """P and N over any polynomial ring, one eigenvalue after the other."""
    p, n = one, zero
    for a, weight in zip(instance.spectrum.a, instance.spectrum.p, strict=True):
        factor = x + number(NOISE_FACTOR * a)
        p, n = p * factor, n * factor * factor + number(weight) * p * p
    return p, n
