"""The variance itself, at the weights of a minimum: what it is, and how large it can be at all."""

from ..notation import *
from ..reduction.attainment import OUTPUT, hidden, signs
from ..reduction.lower_bound import PREDICTION, noiseless
from .prediction_variance import NOT_NEGATIVE, OF_MEAN, PREDICTION_VARIANCE, RANGE, VARIANCE_BOUND, w
from .variance_vanishes_depth import EQUAL_LAYERS, EQUAL_NOISE, OF_EQUAL_LAYERS, VANISHES_DEPTH
from .variance_vanishes_noise import AT_LEAST_ONE, NOISE_PRODUCT, VANISHES_NOISE
from .variance_vanishes_noise import COMPARISON as EQUAL_NOISES
from .variance_vanishes_noise import SCALE as NOISE_SIZE
from .variance_vanishes_width import COMPARISON as WIDER
from .variance_vanishes_width import NOISE_PER_NEURON, VANISHES_WIDTH, Q

#: What displays suppose of the weights of a minimum.
BALANCED = (
    r"W_{i} = \sqrt{\kappa / \gamma_{i}} e_{i} e_{i-1}^{\top}",
    r"U = \sqrt{\kappa / \gamma_{u}} e_{D}^{\top}",
    r"e_{i} \in \{\pm 1 / \sqrt{d_{i}}\}^{d_{i}}",
)

IN_MAP = theorem(
    "variance-of-map",
    "The mean variance of the prediction in terms of the map",
    equal(mean(PREDICTION**2) - noiseless(U), (NOISE_FACTOR - 1) * noiseless(U)),
    given=(hidden(D), signs(D), OUTPUT),
    reference=f"{PAPER}, the variance of the prediction",
    proof=PREDICTION_VARIANCE - (NOISE_FACTOR - 1) * OF_MEAN,
    misses={
        "the mean is not taken away": right(NOISE_FACTOR * noiseless(U)),
        "other weights": without(OUTPUT),
    },
    display=Display(
        r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon} f(x) = (\rho - 1) m^{\top} A m",
        where=r"m = (U T_{D})^{\top}",
        given=BALANCED,
    ),
    prose="At the weights of a minimum, and at all that are balanced like those.",
)

#: Eigenvalues that are positive: the components of v along the kernel of A are 0.
a_range = families("a", positive=True)
LEAST_SQUARES = Sum(v[j] ** 2 / a_range[j], EACH)
MEAN_SQUARE = Sum(a_range[j] * (v[j] / (NOISE_FACTOR * a_range[j] + lam)) ** 2, EACH)
EXCESS_NOISE = (NOISE_FACTOR - 1) / NOISE_FACTOR**2
VARIANCE = (NOISE_FACTOR - 1) * MEAN_SQUARE
SHOWN = r"(\rho - 1) m^{\top} A m"
SOLUTION = r"m = (\rho A + \lambda I)^{-1} v"
_IN_RANGE = "the sums run over the eigenvectors of $A$ in its range, in which $v$ lies"


def bounded(name: str, title: str, bound: Expr, proof: Any, shown: Display, **more: Any) -> Statement:
    """An upper bound on the variance at the ridge solution."""
    return theorem(
        name,
        title,
        at_least(bound, VARIANCE),
        given=more.pop("given", ()),
        proof=proof,
        display=shown,
        **more,
    )


AT_MOST = bounded(
    "variance-bounds",
    "The variance is at most a part of what least squares explains",
    EXCESS_NOISE * LEAST_SQUARES,
    VARIANCE_BOUND.at({w[j]: v[j] / a_range[j], a[j]: a_range[j], rho: NOISE_FACTOR}).because(AT_LEAST_ONE),
    Display(
        rf"{SHOWN} \le \frac{{\rho - 1}}{{\rho^{{2}}}} v^{{\top}} A^{{+}} v",
        where=SOLUTION,
        setting="range",
    ),
    given=(_IN_RANGE,),
    reference=r"$\lambda \ge 0$",
    misses={"one more factor ρ": left(EXCESS_NOISE / NOISE_FACTOR * LEAST_SQUARES)},
    steps=(RANGE,),
    prose=r"""At every ridge, $\lambda$ included at which the decays are whatever they are. In the range
        of $A$ the eigenvalues are positive, so that $v^{\top} A^{+} v = \sum_j v_j^2/a_j$.""",
)


def factor(name: str, title: str, claim: Claim, proof: Any, shown: Any, misses: Any) -> Statement:
    """A bound on (ρ - 1)/ρ²."""
    return theorem(
        name, title, claim, reference="the bounds above", proof=proof, display=shown, misses=misses
    )


_ratio = r"\frac{\rho - 1}{\rho^{2}}"
_sum = r"\sum_{i=1}^{D} \frac{\sigma_{i}^{2}}{d_{i}}"
_noise_bound = rf"{_ratio} \prod_{{i=1}}^{{D}} \frac{{\sigma_{{i}}^{{2}}}}{{d_{{i}}}} \le 1"
_depth_bound = rf"{_ratio} \le \frac{{1}}{{1 + {_sum}}}"
_one = {Q: Integer(1)}

FACTOR_NOISE = factor(
    "variance-bounds-noise",
    "The factor is at most one over the product of the noises",
    at_least(1, EXCESS_NOISE * NOISE_PRODUCT),
    VANISHES_NOISE.at(_one),
    _noise_bound,
    {"one more power of the noise": right(EXCESS_NOISE * NOISE_PRODUCT**2)},
)

FACTOR_DEPTH = factor(
    "variance-bounds-depth",
    "The factor is at most one over one and the sum of the noises",
    at_least(1 / (1 + NOISE_PER_NEURON), EXCESS_NOISE),
    VANISHES_DEPTH.at(_one),
    _depth_bound,
    {"the square of the sum": left(1 / (1 + NOISE_PER_NEURON) ** 2)},
)

#: Printed together, as the three bounds on one factor.
FACTOR_WIDTH = factor(
    "variance-bounds-width",
    "The factor is at most the noise per neuron",
    at_least(NOISE_PER_NEURON, EXCESS_NOISE),
    VANISHES_WIDTH.at(_one),
    Display(
        rf"{_ratio} \le {_sum} ,\quad {_noise_bound} ,\quad {_depth_bound}",
        also=(FACTOR_NOISE, FACTOR_DEPTH),
    ),
    {"half of it": left(NOISE_PER_NEURON / 2)},
)

#: A width that all layers have at least.
n_width = letters("N", integer=True, positive=True)
_squares = {Q: LEAST_SQUARES}

OF_WIDE = bounded(
    "variance-of-wide-networks",
    "The variance of a network with wide layers",
    Sum(sigma[i] ** 2 / n_width, (i, 1, D)) * LEAST_SQUARES,
    AT_MOST + VANISHES_WIDTH.at(_squares) + LEAST_SQUARES * WIDER.at({n: n_width}),
    Display(
        rf"{SHOWN} \le v^{{\top}} A^{{+}} v \sum_{{i=1}}^{{D}} \frac{{\sigma_{{i}}^{{2}}}}{{N}}",
        where=SOLUTION,
        given=r"d_{i} \ge N",
        setting="range",
    ),
    given=(at_least(d[i], n_width, (i, 1, D)),),
    reference=f"{PAPER}, the limit of large width",
    misses={
        "one more factor of the width": left(Sum(sigma[i] ** 2 / n_width**2, (i, 1, D)) * LEAST_SQUARES),
    },
)

_quiet = {sigma[i]: NOISE_SIZE}

OF_NOISY = theorem(
    "variance-of-noisy-networks",
    "The variance of a network with equal noises",
    at_least(LEAST_SQUARES * Product(d[i] / NOISE_SIZE**2, (i, 1, D)), VARIANCE.xreplace(_quiet)),
    reference=f"{PAPER}, the limit of strong noise",
    proof=AT_MOST.at(_quiet) + EQUAL_NOISES.at(_squares),
    misses={
        "one more power of the noise": left(
            LEAST_SQUARES * Product(d[i] / NOISE_SIZE**2, (i, 1, D)) / NOISE_SIZE**2
        )
    },
    display=Display(
        rf"{SHOWN} \le v^{{\top}} A^{{+}} v \prod_{{i=1}}^{{D}} \frac{{d_{{i}}}}{{\sigma^{{2}}}}",
        where=(r"\rho = \prod_{i=1}^{D} (1 + \frac{\sigma^{2}}{d_{i}})", SOLUTION),
        setting="range",
    ),
)

_deep = LEAST_SQUARES / (1 + D * EQUAL_NOISE)

OF_DEEP = bounded(
    "variance-of-deep-networks",
    "The variance of a network with equal layers",
    _deep,
    AT_MOST + VANISHES_DEPTH.at(_squares) + _deep / (1 + NOISE_PER_NEURON) * OF_EQUAL_LAYERS,
    Display(
        rf"{SHOWN} \le \frac{{v^{{\top}} A^{{+}} v}}{{1 + D \delta}}",
        where=SOLUTION,
        given=r"\sigma_{i}^{2} / d_{i} = \delta",
        setting="range",
    ),
    given=(EQUAL_LAYERS,),
    reference=f"{PAPER}, the limit of large depth",
    misses={
        "the square": left(LEAST_SQUARES / (1 + D * EQUAL_NOISE) ** 2),
        "other layers": without(EQUAL_LAYERS),
    },
)

LIMITS = in_words(
    "variance-limits",
    "The variance vanishes for wide, noisy and deep networks",
    r"""The variance is not negative, and at most one of the bounds: the first tends to 0 as the least width
        $N$ grows, the second as the noise $\sigma$ of all layers does, the third as the number $D$ of
        layers of equal noise per neuron does.""",
    by="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(OF_WIDE, OF_NOISY, OF_DEEP, NOT_NEGATIVE, RANGE),
)

DERIVATION = Derivation(
    id="variance-bounds",
    title="The variance and its bounds",
    prose="What the last sections found, said of the variance itself.",
    statements=(
        *(IN_MAP, AT_MOST, FACTOR_WIDTH, FACTOR_NOISE, FACTOR_DEPTH),
        *(OF_WIDE, OF_NOISY, OF_DEEP),
    ),
    steps=(LIMITS,),
)
