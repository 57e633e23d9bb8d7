"""Averages over all dropout masks of tiny networks, in fractions: the definition, nothing clever."""

from fractions import Fraction
from itertools import pairwise, product


def random_layers(rng, sizes):
    """W_1, …, W_D, U as lists of fractions."""
    return [
        [[Fraction(rng.randint(-9, 9), rng.randint(1, 7)) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in pairwise(sizes)
    ]


def apply(matrix, vector):
    return [sum((w * x for w, x in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


def over_masks(layers, rates):
    """Every network with neurons dropped, as (probability, end-to-end row), survivors scaled by 1/(1-P)."""
    widths = [len(W) for W in layers[:-1]]
    for mask in product(*([0, 1] for width in widths for _ in range(width))):
        kept = list(mask)
        probability, columns = Fraction(1), None
        for W, rate in zip(layers[:-1], rates, strict=True):
            own, kept = kept[: len(W)], kept[len(W) :]
            for keep in own:
                probability *= (1 - rate) if keep else rate
            rows = [
                [Fraction(keep) / (1 - rate) * w for w in row] for keep, row in zip(own, W, strict=True)
            ]
            columns = rows if columns is None else multiply(rows, columns)
        yield probability, (layers[-1] if columns is None else multiply(layers[-1], columns))[0]


def multiply(left, right):
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*right, strict=True)]
        for row in left
    ]


def variance_over_masks(layers, rates, x):
    """Mean and variance of the prediction at x."""
    outputs = [(p, apply([row], x)[0]) for p, row in over_masks(layers, rates)]
    average = sum(p * f for p, f in outputs)
    return average, sum(p * f**2 for p, f in outputs) - average**2


def loss_over_masks(layers, rates, X, y, decays):
    """The expected regularized loss over samples and masks."""
    data = Fraction(0)
    for p, row in over_masks(layers, rates):
        data += p * sum((apply([row], x)[0] - t) ** 2 for x, t in zip(X, y, strict=True)) / len(X)
    squares = (sum(w**2 for row in W for w in row) for W in layers)
    return data + sum(g * s for g, s in zip(decays, squares, strict=True))
