"""Sums and logarithm in doubles against exact numbers: within bounds that are no wider than need be."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symderive.arithmetic.exact import working_precision
from symderive.effective_ridge import float_sums
from symderive.effective_ridge.float_sums import ArraySums, LoopSums, U, gamma, logarithm


def off(y):
    """The error of the logarithm over its bound."""
    with working_precision(200):
        error = abs(arb(logarithm(y)) - arb(y).log())
        return float(error.upper()) / (U * (4 + abs(math.log(y))))


def test_the_logarithm_keeps_its_bound():
    draw = random.Random(1)
    points = [math.exp(draw.uniform(-700, 700)) for _ in range(2000)]
    points += [1 + draw.uniform(-0.5, 1) for _ in range(2000)]
    points += [draw.uniform(0.9999, 1.0001) * edge for edge in (0.5**0.5, 1, 2**0.5) for _ in range(500)]
    points += [1.0, math.nextafter(1, 0), math.nextafter(1, 2), 2.0**-1022, math.nextafter(math.inf, 0)]
    worst = max(map(off, points))
    assert 0.3 < worst < 1


def test_the_polynomial_of_the_logarithm_is_within_its_share():
    """|s z (W - polynomial)| ≤ 2.16u wherever |s| ≤ (√2 - 1)/(√2 + 1), in balls over pieces of z."""
    *_, c0 = coefficients = float_sums._W
    assert len(coefficients) == 6
    assert c0 != 2 / 3
    pieces, terms = 3000, 30
    with working_precision(200):
        end = (arb(2).sqrt() - 1) / (arb(2).sqrt() + 1)
        top = (end * end * (1 + arb(10) ** -12)).upper()
        rest = [arb(2) / (2 * k + 3) - (arb(coefficients[5 - k]) if k < 6 else 0) for k in range(terms)]
        worst = arb(0)
        for i in range(pieces):
            z = (top * i / pieces).union(top * (i + 1) / pieces)
            middle = z.mid()
            value = sum((r * middle**k for k, r in enumerate(rest)), arb(0))
            # z·z and so on, by products: powers of balls around 0 are not defined.
            rate, power = arb(0), arb(1)
            for k, r in enumerate(rest[1:], start=1):
                rate += k * r * power
                power *= z
            most = abs(value) + abs(rate) * z.rad()
            worst = worst.max(most.upper() * z.abs_upper() * z.abs_upper().sqrt())
        tail = top**terms  # Σ 2z^k/(2k+3) beyond, far below u
        assert worst + tail < arb(2.16) * arb(2) ** -53
        assert worst > arb(2.0) * arb(2) ** -53


@pytest.mark.parametrize("features", [1, 2, 10, 50, 51, 64, 65, 333])
@pytest.mark.parametrize("kind", [LoopSums, ArraySums])
def test_sums_keep_their_bounds(kind, features):
    draw = random.Random(features)
    a = [math.exp(draw.uniform(0, 20)) for _ in range(features)]
    p = [math.exp(draw.uniform(-20, 0)) for _ in a]
    sums = kind(a, p) if kind is LoopSums else kind(np.array(a), np.array(p))
    pairs = [(Fraction(x), Fraction(w)) for x, w in zip(a, p, strict=True)]
    for x in (1e-3, 1.0, 12345.678):
        exact = [sum(w / (y + Fraction(x)) ** j for y, w in pairs) for j in (2, 3, 4)]
        for found, additions in (
            (sums.at(x), sums.additions),
            (sums.finely(x), sums.fine_additions),
        ):
            for j, value, true in zip((2, 3, 4), found, exact, strict=True):
                # Exact data: a sum and a quotient for each 1/(a + x), and j products.
                assert abs(Fraction(value) / true - 1) <= Fraction(gamma(additions + 3 * j))
    total, inverse, square, largest = sums.ends
    assert largest == max(a)
    for value, j in ((total, 0), (inverse, 1), (square, 2)):
        true = sum(w / y**j for y, w in pairs)
        assert abs(Fraction(value) / true - 1) <= Fraction(gamma(features + 2))
    assert sums.fine_additions <= max(1, math.ceil(math.log2(features)))
