"""The decay at which a network with one hidden layer collapses."""

from ..inequalities import power
from ..notation import *

V, N = v_norm, m_norm
DECAYS = gamma_u * gamma[1]
GAMMA_BAR = sqrt(DECAYS)


def shallow_loss(quadratic: Expr, linear: Expr, norm: Expr) -> Expr:
    """F at depth 1 with γ̄ = √(γ_u γ_1)."""
    return LETTERS.loss(quadratic, linear, norm).subs(D, 1).xreplace({gamma_bar: GAMMA_BAR})


NORM_V = equal(V**2, V_SQUARED)
NORM_M = equal(N**2, M_SQUARED)
STRONG_DECAY = at_least(DECAYS, V**2)

#: ρ mᵀAm - 2mᵀv ≥ -2‖m‖‖v‖, the data term against Cauchy–Schwarz.
DATA_TERM = (
    N / V * NORM_V
    + V / N * NORM_M
    + nonnegative(rho * M_QUADRATIC, Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V))
)

#: m along v, where the data give back more than small decays take.
_below_one = {gamma_u: (0, 1), gamma[j]: (0, 1), a[j]: (0, 1), rho: (1, 2)}

THRESHOLD = theorem(
    "one-hidden-layer-threshold",
    "Under strong decay the origin is the global minimum",
    at_least(shallow_loss(M_QUADRATIC, M_LINEAR, N), c),
    given=(NORM_V, NORM_M, STRONG_DECAY, r"$v \ne 0$ and $m \ne 0$ (at $m = 0$ both sides are equal)"),
    reference=f"{PAPER}, the two-layer network",
    proof=2 * N * power(DECAYS, V**2, Rational(1, 2)).because(STRONG_DECAY) + DATA_TERM,
    test=Domain(define={gamma[j]: (1 + a[j]) * V_SQUARED / gamma_u}),
    misses={"weak decay": (without(STRONG_DECAY), Domain(ranges=_below_one, define={m[j]: v[j] / 4}))},
    prose="Strong decay makes the penalty larger than what the data can give back.",
)

#: The point (step) · v, below the origin when the decay is weak.
SIGNAL = Sum(a[j] * v[j] ** 2, EACH)
SIGNAL_POSITIVE = greater(SIGNAL, 0)
STEP = (V - GAMMA_BAR) * V / (rho * SIGNAL)
WEAK_DECAY = greater(V, GAMMA_BAR)
_gain = (V - GAMMA_BAR) ** 2 * V**2 / (rho * SIGNAL)

CONVERSE = theorem(
    "one-hidden-layer-threshold-converse",
    "Under weak decay the origin is not the global minimum",
    greater(c, shallow_loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V)),
    given=(WEAK_DECAY, SIGNAL_POSITIVE, r"$v$ lies in the range of $A$, so that $v^{\top} A v > 0$"),
    reference=f"{PAPER}, the two-layer network",
    proof=nonnegative(_gain),
    test=Domain(ranges={gamma_u: (0, 1), gamma[j]: (0, 1), V: (1, 3)}),
    misses={"more than is gained": left(c - _gain)},
    prose=r"""A step along $v$ of length proportional to $\lVert v\rVert - \bar\gamma$ goes below the
        origin.""",
)


def characteristic(depth: int) -> Expr:
    """φ at a depth."""
    return in_eigenbasis(LETTERS.characteristic.subs(D, depth))


PHI = characteristic(1)

INCREASING = theorem(
    "one-hidden-layer-increasing",
    "At depth 1 there is at most one root",
    at_least(Derivative(PHI, lam), 0),
    reference="differentiation",
    proof=differentiate(nonnegative(2 * lam * rho * Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** 3, EACH))),
    misses={"at another depth": left(Derivative(characteristic(3), lam))},
    prose=r"The function $\varphi$ does not decrease.",
)

LIMIT = theorem(
    "one-hidden-layer-limit",
    r"The limit of $\varphi$ at depth 1",
    limit(PHI, lam, oo, V_SQUARED),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"twice the limit": right(2 * V_SQUARED)},
    prose=r"""It rises to $\lVert v\rVert^2$. So a root exists exactly when $\tau = \gamma_u\gamma_1 <
        \lVert v\rVert^2$, where the origin stops being a minimum.""",
)

DERIVATION = Derivation(
    id="one-hidden-layer-threshold",
    title="One hidden layer: the threshold",
    prose="""The transition from the origin to a nontrivial minimum is continuous and does not depend on
        the noise.""",
    statements=(THRESHOLD, CONVERSE, INCREASING, LIMIT),
)
