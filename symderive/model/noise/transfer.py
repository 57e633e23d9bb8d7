"""The noise of all layers in two numbers: E f² ≥ mᵀBm with B = ρ_1 A' + ρ_2 Diag(A'), attained."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any, NamedTuple

from flint import fmpq, fmpz, fmpz_mat

from symderive.arithmetic.exact import Number, exact_product, from_flint
from symderive.model.noise.protocol import Factor, Noise


class NoiseFactors(NamedTuple):
    """The factors (ρ_1, ρ_2) = (1, ω_u²) T_D ⋯ T_1 of a network's noise, dimensionless.

    Attributes
    ----------
    full : Fraction or sympy.Expr
        ρ_1 ≥ 1, which multiplies A'.
    diagonal : Fraction or sympy.Expr
        ρ_2 ≥ 0, which multiplies the diagonal of A'; 0 where no weights are noisy.
    """

    full: Number
    diagonal: Number


def weight_variance(noises: Sequence[Noise], i: Any) -> Number:
    """ω_i² of all noises of the weights of layer i together: 1 + ω_i² is the product of theirs.

    >>> from symderive.model.noise import WeightNoise
    >>> weight_variance([WeightNoise((1,)), WeightNoise((Fraction(1, 2),))], 1)
    Fraction(2, 1)
    """
    found = [value for noise in noises if (value := noise.weight_variance(i)) != 0]
    return exact_product(1 + value for value in found) - 1 if found else Fraction(0)


def transfer_matrix(noises: Sequence[Noise], width: Number, i: Any) -> Factor:
    """T_i, the product, entry by entry, of [[1, ω²/d_i], [1/d_i, ω²/d_i]] and the factors of the noises."""
    share, variance = 1 / width, weight_variance(noises, i)
    a, b, c, d = Fraction(1), variance * share, share, variance * share
    for noise in noises:
        (p, q), (r, s) = noise.factor(i)
        a, b, c, d = a * p, b * q, c * r, d * s
    return (a, b), (c, d)


def noise_factors(noises: Sequence[Noise], widths: Sequence[Number]) -> NoiseFactors:
    """The factors of a network with hidden layers of ``widths``.

    >>> from symderive.model.noise import NeuronNoise, WeightNoise
    >>> one, two = Fraction(1), Fraction(2)
    >>> noise_factors([NeuronNoise((one,), (two,), (two,)), WeightNoise((one, one))], [two])
    NoiseFactors(full=Fraction(5, 2), diagonal=Fraction(2, 1))
    """
    depth = len(widths)
    if all(weight_variance(noises, i) == 0 for i in range(1, depth + 2)):  # numbers, no matrices
        shared = (noise.factor(i)[0][0] for noise in noises for i in range(1, depth + 1))
        return NoiseFactors(exact_product(shared), Fraction(0))
    above: tuple[Number, Number] = (Fraction(1), weight_variance(noises, depth + 1))
    layers = [transfer_matrix(noises, widths[i - 1], i) for i in range(depth, 0, -1)]
    if all(isinstance(x, (int, Fraction)) for T in [*layers, (above,)] for row in T for x in row):
        return _in_integers([(above, (Fraction(0), Fraction(0))), *layers])
    full, diagonal = above
    for (a, b), (c, d) in layers:
        full, diagonal = full * a + diagonal * c, full * b + diagonal * d
    return NoiseFactors(full, diagonal)


def _in_integers(layers: Sequence[Factor]) -> NoiseFactors:
    """The first row of the product; common divisors are looked for once, at the end."""
    total, denominator = fmpz_mat([[1, 0], [0, 1]]), fmpz(1)
    for T, run in groupby(layers):
        times = len(list(run))
        common = lcm(*(Fraction(x).denominator for row in T for x in row))
        total *= fmpz_mat([[int(x * common) for x in row] for row in T]) ** times
        denominator *= fmpz(common) ** times
    return NoiseFactors(*(from_flint(fmpq(total[0, column], denominator)) for column in (0, 1)))
