"""The logarithm and the sums of the generated blocks on floats: within the roundings that bounds count."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.effective_ridge import float_blocks
from symderive.effective_ridge.float_search import _ON_ARRAYS, _ON_LISTS

U = 2.0**-53


def off(y):
    """The error of the logarithm over its bound."""
    with TURN, working_precision(200):
        error = abs(arb(float_blocks._ln(y)) - arb(y).log())
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
    with pytest.raises(ValueError, match="out of range"):
        float_blocks._ln(y)


@pytest.mark.parametrize("features", [1, 2, 3, 10, 50, 64, 65, 333])
@pytest.mark.parametrize("passes", [_ON_LISTS, _ON_ARRAYS])
def test_sums_keep_their_counts(passes, features):
    """S₂, S₃, S₄ of the march, and S₂ of the end, which NumPy adds up in fewer steps, against fractions."""
    draw = random.Random(features)
    a = [math.exp(draw.uniform(0, 20)) for _ in range(features)]
    p = [math.exp(draw.uniform(-20, 0)) for _ in a]
    vectors = (a, p) if passes is _ON_LISTS else (np.array(a), np.array(p))
    pairs = [(Fraction(x), Fraction(w)) for x, w in zip(a, p, strict=True)]
    terms = passes.terms(features)
    assert terms == (features if passes is _ON_LISTS else 1 + math.ceil(math.log2(features)))
    for x in (1e-3, 1.0, 12345.678):
        exact = {j: sum(w / (y + Fraction(x)) ** j for y, w in pairs) for j in (2, 3, 4)}
        counted = [
            (found, exact[j], features, j) for j, found in enumerate(passes.look(*vectors, x), start=2)
        ]
        counted.append((passes.finish(*vectors, x)[0], exact[2], terms, 2))
        for found, true, number, j in counted:
            # Exact data: a sum and a quotient for each 1/(a + x), and j products; the additions.
            roundings = number - 1 + 3 * j
            assert abs(Fraction(found) / true - 1) <= Fraction(roundings * 1.01 * U)


def test_halving_adds_every_term_once_and_leaves_the_array():
    for size in range(1, 50):
        powers = 2.0 ** np.arange(size)
        assert float_blocks._halved(powers) == 2.0**size - 1
        assert powers.tolist() == [2.0**k for k in range(size)]
