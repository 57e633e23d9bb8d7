"""Few samples of many features, of the kinds that go wrong, and their moments with all d × d entries."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from symderive import Moments

#: Samples and features, ways to treat them, and what is odd about them.
SHAPES = ((1, 2), (2, 3), (5, 9), (8, 9), (26, 31))
WAYS: tuple[dict[str, bool], ...] = ({}, {"center": True}, {"standardize": True})
ODDITIES = (
    "nothing",
    "half of the samples are one",
    "rank one",
    "a column of zeros",
    "a constant column",
    "one column is huge",
    "two samples nearly the same",
)


def odd_samples(rows: int, columns: int, oddity: str, seed: int = 0) -> tuple[list[Any], list[Any]]:
    """X and y."""
    rng = random.Random(f"{rows} {columns} {oddity} {seed}")
    X = [[Fraction(rng.randint(-99, 99), 10) for _ in range(columns)] for _ in range(rows)]
    y = [Fraction(rng.randint(-99, 99), 7) for _ in range(rows)]
    if oddity == "half of the samples are one":
        X[: rows // 2] = [list(X[-1]) for _ in range(rows // 2)]
    elif oddity == "rank one":
        X = [[a * b for b in X[0]] for a in y]
        y = [y[(3 * i + 1) % rows] for i in range(rows)]
    elif oddity == "a column of zeros":
        X = [[Fraction(0), *row[1:]] for row in X]
    elif oddity == "a constant column":
        X = [[*row[:-1], Fraction(3)] for row in X]
    elif oddity == "one column is huge":
        X = [[row[0] * 10**12, *row[1:]] for row in X]
    elif oddity == "two samples nearly the same":
        X[0] = [x + (Fraction(1, 10**9) if i == 0 else 0) for i, x in enumerate(X[-1])]
    return X, y


def dense(data: Moments) -> Moments:
    """The same moments without the samples."""
    described = (data.features, data.target, data.source, data.means, data.weight, data.notes)
    return Moments(data.gram, data.denominator, data.variances, *described, data.first_moments)
