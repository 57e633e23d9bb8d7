"""The full loss by going through every outcome of two-point noise: exact, and independent of the package.

Every noise of variance s² takes the values -s and s (beside its mean) with equal chance, which has the
mean and the variance that it should have; only those matter.  All variances are squares of rationals, so
that the values are, too, and the average over all outcomes is an exact fraction.
"""

from fractions import Fraction
from itertools import product
from math import isqrt


def root(value):
    """The root of a rational square."""
    value = Fraction(value)
    found = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    assert found * found == value
    return found


class Coins:
    """Two-point noises as they are met: each call takes the next coin, and is 0 for a variance of 0."""

    def __init__(self, sides):
        self.sides, self.count = sides, 0

    def __call__(self, variance):
        if not variance:
            return Fraction(0)
        self.count += 1
        return root(variance) * (self.sides[self.count - 1] if self.sides else 1)


def predict(net, weights, x, coin):
    """f(x) for one outcome; ``weights`` are nested lists W_1, …, U with U a row."""
    d = len(x)
    factors, added = (
        list(values) * d if len(values) == 1 else list(values)
        for values in (net.feature_noise, net.feature_jitter)
    )
    h = [t * (1 + coin(s)) for t, s in zip(x, factors, strict=True)]
    h = [t + coin(s) for t, s in zip(h, added, strict=True)]
    for i, W in enumerate(weights):
        omega = net.weight_noise[i]
        h = [sum(w * (1 + coin(omega)) * t for w, t in zip(row, h, strict=True)) for row in W]
        if i < net.depth:
            count = int(net.groups[i] if net.groups else net.widths[i])
            shared = [1 + coin(net.noise[i]) for _ in range(count)]
            size = len(h) // count
            h = [t * shared[j // size] for j, t in enumerate(h)]
        if i == net.depth - 1:
            h = [t + coin(net.hidden_jitter) for t in h]
    return h[0]


def outcomes(net, weights, d):
    """How many two-point noises an outcome of the network on d features is made of."""
    coin = Coins(())
    predict(net, weights, [Fraction(0)] * d, coin)
    coin(net.target_noise)
    return coin.count


def enumerated_loss(net, weights, samples, bias=None):
    """L over ``samples``, pairs of x and y of equal chance, exact; a free bias is at its best, or given."""
    count, errors = outcomes(net, weights, len(samples[0][0])), []
    for sides in product((-1, 1), repeat=count):
        for x, y in samples:
            coin = Coins(sides)
            f = predict(net, weights, x, coin)
            errors.append(f - y - coin(net.target_noise))
    best = -sum(errors) / len(errors) if net.bias else 0
    shift = best if bias is None else bias
    decay = sum(g * sum(w * w for row in W for w in row) for g, W in zip(net.decays, weights, strict=True))
    return sum((e + shift) ** 2 for e in errors) / len(errors) + decay
