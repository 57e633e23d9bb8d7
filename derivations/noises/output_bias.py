"""A bias of the output without decay is minimized out, and centers the data."""

from ..notation import *
from ..reduction.loss import ALIGNMENT
from ..reduction.lower_bound import seen_through
from .noise_transfer import NOISY_LOSS, at_map, omega_u

#: The means of the features and of the target, and the bias.
x_mean, y_mean, bias = families("xbar"), *letters("ybar b_0")
_features = (k, 1, d[0])
#: The mean prediction without the bias, m·x̄.
MEAN = Sum(x_mean[k] * seen_through(U, k), _features)

#: The loss of the target y - b_0, whose moments are v - b_0 x̄ and c - 2 b_0 ȳ + b_0².
WITH_BIAS = NOISY_LOSS + 2 * bias * MEAN - 2 * bias * y_mean + bias**2
CENTERED = NOISY_LOSS - MEAN**2 + 2 * y_mean * MEAN - y_mean**2
BEST = y_mean - MEAN

SHIFTED = theorem(
    "output-bias-square",
    "The loss with an output bias, as a square of the bias",
    equal(WITH_BIAS, CENTERED + (bias - BEST) ** 2),
    reference="completing the square",
    proof=exact_algebra,
    misses={"the means are left out": right(NOISY_LOSS + (bias - BEST) ** 2)},
)
