"""A bias of the output without decay is minimized out, and centers the data."""

from ..notation import *
from ..reduction.decay_bound import AS_NORMS, BECAUSE
from ..reduction.lower_bound import seen_through
from .noise_minima import NOISY, excess, rho_diagonal
from .noise_transfer import LOWER, NOISY_LOSS, REDUCED_LOSS, at_map, omega_u

#: The means of the features and of the target, and the bias.
x_mean, (y_mean, bias) = families("xi"), letters("ybar b_0")
_features, _others = (k, 1, d[0]), (r, 1, d[0])

#: The mean prediction without the bias.
MEAN = Sum(seen_through(U, k) * x_mean[k], _features)

#: The loss of the target y - b_0, which has the moments v - b_0 x̄ and c - 2 b_0 ȳ + b_0².
WITH_BIAS = NOISY_LOSS.xreplace({v[k]: v[k] - bias * x_mean[k], c: c - 2 * bias * y_mean + bias**2})
BEST = equal(bias, y_mean - MEAN)
CENTERED = -(MEAN**2) + 2 * y_mean * MEAN - y_mean**2

SQUARE = theorem(
    "output-bias-square",
    "The loss is a square of the bias, and the loss of centered data",
    equal(WITH_BIAS, NOISY_LOSS + CENTERED + (bias - BEST.right) ** 2),
    reference="completing the square",
    proof=exact_algebra,
    misses={"the means are left out": right(NOISY_LOSS + (bias - BEST.right) ** 2)},
    prose=r"""A bias $b_0$ moves the target: it has the moments $v - b_0 \bar x$ and $c - 2 b_0 \bar y +
        b_0^2$ for $y - b_0$. The best bias is $\bar y - m^{\top} \bar x$, and what is left is the loss
        with $v - \bar y \bar x$ and $c - \bar y^2$ in place of $v$ and $c$, less $(m^{\top} \bar x)^2$. So
        $B$ becomes $B - \bar x \bar x^{\top}$.""",
)

LEAST = theorem(
    "output-bias",
    "With a bias the loss is at least $F_B(m)$ of centered data",
    at_least(WITH_BIAS, REDUCED_LOSS + CENTERED),
    given=LOWER.given,
    reference="the square of the bias, and the bound for noise of any kind",
    proof=SQUARE + LOWER + nonnegative((bias - BEST.right) ** 2),
    display=Display(
        r"""\tilde{L}(W, U) + 2 b_{0} \bar{x}^{\top} m - 2 b_{0} \bar{y} + b_{0}^{2} \ge
            m^{\top} (B - \bar{x} \bar{x}^{\top}) m - 2 (v - \bar{y} \bar{x})^{\top} m
            + c - \bar{y}^{2} + (D+1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}""",
        where=r"m = (U T_{D})^{\top}",
        given=r"m \ne 0",
        at=AS_NORMS,
        because=BECAUSE,
    ),
    misses={"the data term is counted twice": right(REDUCED_LOSS + CENTERED + at_map(omega_u**2))},
)

ATTAINED = theorem(
    "output-bias-best",
    "The best bias leaves the loss of centered data",
    equal(WITH_BIAS, NOISY_LOSS + CENTERED),
    given=(BEST,),
    reference="the square of the bias",
    proof=SQUARE + (bias - BEST.right) * BEST,
    misses={"another bias": without(BEST)},
)

_entries = ((j, 1, d[0]), (k, 1, d[0]))
COVARIANCE = semidefinite(A[j, k] - x_mean[j] * x_mean[k], *_entries)
_of_mean = Sum(z[r] * x_mean[r], _others) ** 2
_of_means = Sum(z[r] ** 2 * x_mean[r] ** 2, _others)

PSD = theorem(
    "output-bias-psd",
    r"$B - \bar x \bar x^{\top}$ is positive semidefinite",
    semidefinite(NOISY - x_mean[j] * x_mean[k], *_entries),
    given=(COVARIANCE,),
    reference="the covariance of the features is one",
    proof=(1 + excess) * COVARIANCE.at({z[j]: z[j]})
    + (rho_diagonal * z[r] ** 2 * COVARIANCE.at({z[j]: delta(j, r)})).sum(_others)
    + nonnegative(excess * _of_mean, rho_diagonal * _of_means),
    misses={
        "other means": without(COVARIANCE),
        "the means are taken away with the noise": left(NOISY - (1 + excess) * 2 * x_mean[j] * x_mean[k]),
    },
    prose=r"""So centered data with noise are data: for noise of neurons alone $B - \bar x \bar x^{\top} =
        \rho\, (A - \bar x \bar x^{\top}) + (\rho - 1)\, \bar x \bar x^{\top}$. The noise sees the features
        as they are, and centering them beforehand would be another network.""",
)

DERIVATION = Derivation(
    id="output-bias",
    title="A bias of the output",
    prose=r"""Let a number $b_0$ be added to the prediction, free of decay and of noise. Write $\bar x$ and
        $\bar y$ for the means of features and target.""",
    statements=(SQUARE, LEAST, ATTAINED, PSD),
)
