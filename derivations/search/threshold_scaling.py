"""Noise acts as decay does: it enters the reduced problem, and so all thresholds, through one product."""

from dataclasses import replace

from symderive.formulas.reduction import with_moments

from ..inequalities import power
from ..notation import *
from ..ridge.dual import SAME_INFIMUM

#: The problem without noise whose decays have ρ^{D-1} times the product.
NOISELESS = replace(
    LETTERS,
    noise_factor=Integer(1),
    mean_decay=rho ** ((D - 1) / (D + 1)) * LETTERS.mean_decay,
    decay_level=rho ** ((D - 1) / D) * tau,
)


def at_scaled_ridge(formula: Expr) -> Expr:
    """A formula of the reduction at the ridge ρλ."""
    return in_eigenbasis(formula).xreplace({lam: rho * lam})


def without_noise(formula: Expr) -> Expr:
    """A formula of the reduction with the moments of ρ = 1, at the ridge λ."""
    return with_moments(formula, lambda order: Sum(v[j] ** 2 / (a[j] + lam) ** order, EACH))


def quieter(value: Expr) -> Expr:
    """c + (value - c)/ρ."""
    return c + (value - c) / rho


LOSS = theorem(
    "threshold-scaling-loss",
    "Noise multiplies the product of the decays",
    equal(
        LETTERS.loss(M_QUADRATIC / rho**2, M_LINEAR / rho, m_norm / rho),
        quieter(NOISELESS.loss(M_QUADRATIC, M_LINEAR, m_norm)),
    ),
    reference="powers",
    proof=exact_algebra,
    misses={"the decays stay": right(quieter(LETTERS.loss(M_QUADRATIC / rho, M_LINEAR, m_norm)))},
    prose=r"""The reduced loss with noise at $m/\rho$ is that of a network without noise at $m$, up to a
        factor and a constant. That network has the mean decay $\rho^{(D-1)/(D+1)}\bar\gamma$, and the
        product of its decays is $\rho^{D-1}\gamma_u\prod_i\gamma_i$.""",
)

VALUE = theorem(
    "threshold-scaling-dual",
    "So do the values at the ridges",
    equal(at_scaled_ridge(LETTERS.dual), quieter(without_noise(NOISELESS.dual))),
    reference="powers",
    proof=exact_algebra,
    misses={"the ridge stays": left(in_eigenbasis(LETTERS.dual))},
    prose=r"Its ridges are those of the network with noise over $\rho$, with values to match.",
)

#: φ, and what τ must not exceed for G to be at most c.
SPINODAL_CURVE = LETTERS.characteristic
TRANSITION_CURVE = lam ** (1 / D) * LETTERS.alignment / D


def scales(name: str, title: str, curve: Expr, prose: str) -> Statement:
    """A curve whose maximum is a threshold of τ, at the ridge ρλ and without noise at λ."""
    return theorem(
        name,
        title,
        equal(at_scaled_ridge(curve), rho ** (-(D - 1) / D) * without_noise(curve)),
        reference="powers",
        proof=exact_algebra,
        misses={"the noise drops out": right(without_noise(curve))},
        prose=prose,
    )


SPINODAL_SCALES = scales(
    "threshold-scaling-spinodal-curve",
    "The curve of the spinodal scales",
    SPINODAL_CURVE,
    r"The maximum of $\varphi$ is the largest $\tau$ with a root.",
)

TRANSITION_SCALES = scales(
    "threshold-scaling-transition-curve",
    "The curve of the transition scales",
    TRANSITION_CURVE,
    r"One of them is as good as the origin as long as $\tau$ is at most the maximum of "
    r"$\lambda^{1/D}g_1/D$, for then $G(\lambda) - c = D\tau\lambda^{-1/D} - g_1 \le 0$ somewhere.",
)


def product(name: str, title: str, curve: Expr) -> Statement:
    """τ below the curve means that ρ^{D-1} τ^D is below the D-th power of the curve without noise."""
    with_noise, quiet, factor = at_scaled_ridge(curve), without_noise(curve), rho ** ((D - 1) / D)
    below = at_least(with_noise, tau)
    return theorem(
        name,
        title,
        at_least(quiet**D, rho ** (D - 1) * tau**D),
        given=(below, greater(quiet, 0), r"$v \ne 0$"),
        reference="monotonicity of powers",
        proof=power(quiet, factor * tau, D).because(factor * below),
        misses={"one more power of the noise": right(rho**D * tau**D), "above the curve": without(below)},
    )


SPINODAL = product(
    "threshold-scaling-spinodal",
    "Up to the spinodal a product of noise and decays is bounded",
    SPINODAL_CURVE,
)

TRANSITION = product(
    "threshold-scaling", "Up to the transition a product of noise and decays is bounded", TRANSITION_CURVE
)

ONE_PRODUCT = in_words(
    "threshold-scaling-product",
    "Noise and decays enter both thresholds through one product",
    r"""For $D \ge 2$ both curves are continuous and tend to 0 at both ends, so each has a maximum and takes
        all values below it: a stationary point $m \ne 0$ exists exactly if $\tau$ is at most the maximum of
        $\varphi$. If $\tau$ is at most that of the other curve, then $G \le c$ somewhere; as $G$ tends to
        $\infty$ at 0 and to $c$ far out it has a minimum, where it is level, and that is a stationary point
        as good as the origin. If there is such a point, $G$ at its ridge is its loss, which is at most $c$.
        As $\lambda$ runs through all ridges so does $\rho\lambda$, so both maxima are $\rho^{-(D-1)/D}$
        times those without noise. So noise, widths and decays enter only
        through $\rho^{D-1}\tau^D = \rho^{D-1}\gamma_u\prod_i\gamma_i$.""",
    by="the extreme and the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 4.16 and 4.23",
    rests_on=(VALUE, SPINODAL_SCALES, TRANSITION_SCALES, SPINODAL, TRANSITION, SAME_INFIMUM),
    conditions=(r"$D \ge 2$", "$v \\ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="threshold-scaling",
    title="Noise acts as decay does",
    prose="""Noise in the hidden layers shifts the thresholds in the decays, and how far does not depend
        on the data.""",
    statements=(LOSS, VALUE, SPINODAL_SCALES, TRANSITION_SCALES, SPINODAL, TRANSITION),
    steps=(ONE_PRODUCT,),
)
