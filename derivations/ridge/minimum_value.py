"""The value of F at its stationary points, and a one-dimensional dual."""

from ..inequalities import am_gm, same_power
from ..notation import *
from .effective_ridge import NORM_SQUARED, TAU, Q
from .effective_ridge import SOLUTION as IN_MATRICES

#: The ridge solution, component by component, and F there.
SOLUTION = v[j] / (rho * a[j] + lam)
LOSS_AT_SOLUTION = LETTERS.loss(Sum(a[j] * SOLUTION**2, EACH), dot(SOLUTION, v), m_norm)

NORM = equal(m_norm**2, NORM_SQUARED)
RIDGE = equal(lam, gamma_bar * m_norm ** (Integer(2) / (D + 1) - 2))
IS_SOLUTION = "$m$ is the ridge solution and is not 0"

MINIMUM_VALUE = theorem(
    "minimum-value",
    "The loss at a stationary point",
    equal(LOSS_AT_SOLUTION, in_eigenbasis(LETTERS.value)),
    given=(NORM, RIDGE, IS_SOLUTION),
    reference="stationarity along $m$",
    proof=-(D + 1) * m_norm**2 * RIDGE + (D + 1) * lam * NORM,
    misses={
        "one layer's decay too many": right(in_eigenbasis(LETTERS.value + LETTERS.layer_decay)),
        "λ is not the effective ridge": without(RIDGE),
    },
    prose=r"""With $\kappa = \lambda \lVert m\rVert^2$, the decay of one layer, the loss at a stationary
        point is $c - m^{\top}v + D\kappa$.""",
)

#: φ(λ) = τ, which makes λ the ridge of its own solution.
AT_THRESHOLD = equal(in_eigenbasis(LETTERS.characteristic), TAU)
_theta = LETTERS.exponent
OWN = same_power(lam, RIDGE.right, _theta).because(
    AT_THRESHOLD / m_norm**2 + lam**_theta / m_norm**2 * NORM
)
VALUE = r"F(m) = c - v^{\top} m + D \lambda \lVert m \rVert^{2}"

VALUE_AT_ROOT = theorem(
    "minimum-value-root",
    "The loss at a root",
    equal(LOSS_AT_SOLUTION, in_eigenbasis(LETTERS.value)),
    given=(NORM, AT_THRESHOLD),
    reference="stationarity along $m$",
    proof=MINIMUM_VALUE.because(None, OWN),
    misses={
        "one layer's decay too many": right(in_eigenbasis(LETTERS.value + LETTERS.layer_decay)),
        "λ is not a root": without(AT_THRESHOLD),
    },
    display=Display(
        VALUE,
        where=IN_MATRICES,
        given=(r"\varphi(\lambda) = \tau", r"m \ne 0"),
        at={m_norm: r"\lVert m \rVert"},
    ),
)

#: G(λ) with τ = γ̄^{(D+1)/D}.
DUAL = in_eigenbasis(LETTERS.dual)
DUAL_VALUE = DUAL.xreplace({tau: TAU})

PENALTY_BOUND = theorem(
    "minimum-value-penalty",
    "Every ridge bounds the penalty from above",
    at_least(lam * Q + D * TAU * lam ** (-1 / D), LETTERS.penalty(sqrt(Q))),
    reference="AM–GM with $D$ equal terms",
    proof=am_gm(lam * Q, TAU * lam ** (-1 / D), D),
    misses={"one term less": left(lam * Q + (D - 1) * TAU * lam ** (-1 / D))},
)

DUAL_BOUND = theorem(
    "minimum-value-dual",
    "$G(\\lambda)$ is at least the loss at the ridge solution",
    at_least(DUAL_VALUE, LOSS_AT_SOLUTION),
    given=(NORM, IS_SOLUTION),
    reference="the bound on the penalty",
    proof=PENALTY_BOUND.at({Q: m_norm**2}) - lam * NORM,
    misses={"one term less": left(DUAL_VALUE - TAU * lam ** (-1 / D))},
    display=Display(
        r"G(\lambda) \ge F(m)", where=IN_MATRICES, given=r"m \ne 0", at={m_norm: r"\lVert m \rVert"}
    ),
)

RIDGE_BOUND = theorem(
    "minimum-value-ridge",
    "The ridge solution minimizes the loss with a ridge",
    at_least(Sum((rho * a[j] + lam) * m[j] ** 2, EACH) - 2 * dot(m, v), -in_eigenbasis(R[1])),
    reference="completing the square",
    proof=nonnegative(Sum((rho * a[j] + lam) * (m[j] - SOLUTION) ** 2, EACH)),
    misses={"half the right side": right(-in_eigenbasis(R[1]) / 2)},
)

_slope = lam ** (-LETTERS.exponent)

DUAL_SLOPE = theorem(
    "minimum-value-slope",
    r"The slope of $G$ has the sign of $\varphi - \tau$",
    equal(Derivative(DUAL, lam), _slope * (in_eigenbasis(LETTERS.characteristic) - tau)),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(_slope * (in_eigenbasis(LETTERS.characteristic) + tau))},
    display=r"""\frac{\partial G(\lambda)}{\partial \lambda}
        = \lambda^{-(D+1)/D} (\varphi(\lambda) - \tau)""",
)

CROSSINGS = in_words(
    "minimum-value-crossings",
    r"Where $\varphi$ crosses $\tau$ upwards, $G$ has a minimum",
    r"""A function falls where its derivative is negative and rises where it is positive. So $G$ falls on
        an interval where $\varphi < \tau$ and rises where $\varphi > \tau$. A root between two such
        intervals is a strict local minimum of $G$ if $\varphi$ is below $\tau$ before it and above after
        it, a local maximum in the other order, and neither if $\varphi$ only touches $\tau$.""",
    by="the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.11",
    rests_on=(DUAL_SLOPE,),
)

DERIVATION = Derivation(
    id="minimum-value",
    title="The value of the minimum",
    prose=r"Put $G(\lambda) = c - v^{\top}(\rho A + \lambda)^{-1} v + D \tau \lambda^{-1/D}$.",
    statements=(MINIMUM_VALUE, VALUE_AT_ROOT, PENALTY_BOUND, DUAL_BOUND, RIDGE_BOUND, DUAL_SLOPE),
    steps=(CROSSINGS,),
)
