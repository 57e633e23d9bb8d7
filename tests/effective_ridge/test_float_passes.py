"""The generated passes over the features and their logarithm: within the roundings that bounds count."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symderive.arithmetic.exact import working_precision
from symderive.effective_ridge.float_passes import Arrays, Loops, halved, ln

U = 2.0**-53


def off(y):
    """The error of the logarithm over its bound."""
    with working_precision(200):
        error = abs(arb(ln(y)) - arb(y).log())
        return float(error.upper()) / (U * (4 + abs(math.log(y))))


def test_the_logarithm_keeps_its_bound():
    draw = random.Random(1)
    points = [math.exp(draw.uniform(-700, 700)) for _ in range(2000)]
    points += [1 + draw.uniform(-0.5, 1) for _ in range(2000)]
    points += [draw.uniform(0.9999, 1.0001) * edge for edge in (0.5**0.5, 1, 2**0.5) for _ in range(500)]
    points += [1.0, math.nextafter(1, 0), math.nextafter(1, 2), 2.0**-1022, math.nextafter(math.inf, 0)]
    worst = max(map(off, points))
    assert 0.3 < worst < 1


@pytest.mark.parametrize("y", [0.0, -1.0, math.nan, math.inf, math.nextafter(2.0**-1022, 0)])
def test_what_has_no_logarithm_proves_nothing(y):
    with pytest.raises(ValueError, match="no logarithm"):
        ln(y)


@pytest.mark.parametrize("features", [1, 2, 3, 10, 50, 64, 65, 333])
@pytest.mark.parametrize("kind", [Loops, Arrays])
def test_sums_keep_their_counts(kind, features):
    """S₂, S₃, S₄ of the march and S₂ of the end, which counts fewer additions, against exact fractions."""
    draw = random.Random(features)
    a = [math.exp(draw.uniform(0, 20)) for _ in range(features)]
    p = [math.exp(draw.uniform(-20, 0)) for _ in a]
    over = kind(a, p) if kind is Loops else kind(np.array(a), np.array(p))
    pairs = [(Fraction(x), Fraction(w)) for x, w in zip(a, p, strict=True)]
    assert over.features == features
    assert over.fine <= max(2, 1 + math.ceil(math.log2(features)))
    for x in (1e-3, 1.0, 12345.678):
        exact = {j: sum(w / (y + Fraction(x)) ** j for y, w in pairs) for j in (2, 3, 4)}
        counted = [(found, exact[j], over.features - 1, j) for j, found in enumerate(over.step(x), start=2)]
        counted.append((over.finish(x)[0], exact[2], over.fine - 1, 2))
        for found, true, additions, j in counted:
            # Exact data: a sum and a quotient for each 1/(a + x), and j products.
            roundings = additions + 3 * j
            assert abs(Fraction(found) / true - 1) <= Fraction(roundings * 1.01 * U)


def test_halving_adds_every_term_once():
    for size in range(1, 70):
        assert halved(2.0 ** np.arange(min(size, 50))) == 2.0 ** min(size, 50) - 1
        assert halved(np.ones(size)) == size
