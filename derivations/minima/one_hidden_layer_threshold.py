"""The decay at which a network with one hidden layer collapses."""

from ..inequalities import power
from ..notation import *

V, N = v_norm, m_norm
DECAYS = gamma_u * gamma[1]
GAMMA_BAR = sqrt(DECAYS)


def shallow_loss(quadratic: Expr, linear: Expr, norm: Expr) -> Expr:
    """F at depth 1 with γ̄ = √(γ_u γ_1)."""
    return LETTERS.loss(quadratic, linear, norm).subs(D, 1).xreplace({gamma_bar: GAMMA_BAR})


#: What displays write for these letters.
AS_NORMS = {V: r"\lVert v \rVert", N: r"\lVert m \rVert"}

NORM_V = equal(V**2, V_SQUARED)
NORM_M = equal(N**2, M_SQUARED)
STRONG_DECAY = at_least(DECAYS, V**2)

#: ρ mᵀAm - 2mᵀv ≥ -2‖m‖‖v‖, the data term against Cauchy–Schwarz.
DATA_TERM = (
    N / V * NORM_V
    + V / N * NORM_M
    + nonnegative(rho * M_QUADRATIC, Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V))
)

THRESHOLD = theorem(
    "one-hidden-layer-threshold",
    "Under strong decay no map has less loss than the origin",
    at_least(shallow_loss(M_QUADRATIC, M_LINEAR, N), c),
    given=(NORM_V, NORM_M, STRONG_DECAY, r"$v \ne 0$ and $m \ne 0$ (at $m = 0$ both sides are equal)"),
    reference=f"{PAPER}, the two-layer network",
    proof=2 * N * power(DECAYS, V**2, Rational(1, 2)).because(STRONG_DECAY) + DATA_TERM,
    misses={"weak decay": without(STRONG_DECAY)},
    prose="Strong decay makes the penalty larger than what the data can give back.",
    display=Display(
        r"F(m) \ge c",
        where="D = 1",
        given=(r"\gamma_{u} \gamma_{1} \ge \lVert v \rVert^{2}", r"v \ne 0", r"m \ne 0"),
        at=AS_NORMS,
    ),
)

#: The point (step) · v, below the origin when the decay is weak.
SIGNAL = Sum(a[j] * v[j] ** 2, EACH)
SIGNAL_POSITIVE = greater(SIGNAL, 0)
STEP = (V - GAMMA_BAR) * V / (rho * SIGNAL)
WEAK_DECAY = greater(V, GAMMA_BAR)
_gain = (V - GAMMA_BAR) ** 2 * V**2 / (rho * SIGNAL)

CONVERSE = theorem(
    "one-hidden-layer-threshold-converse",
    "Under weak decay a map has less loss than the origin",
    greater(c, shallow_loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V)),
    given=(WEAK_DECAY, SIGNAL_POSITIVE, r"$v$ lies in the range of $A$, so that $v^{\top} A v > 0$"),
    reference=f"{PAPER}, the two-layer network",
    proof=nonnegative(_gain),
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
    r"At depth 1 $\varphi$ does not fall",
    at_least(Derivative(PHI, lam), 0),
    reference="differentiation",
    proof=differentiate(nonnegative(2 * lam * rho * Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** 3, EACH))),
    misses={"at another depth": left(Derivative(characteristic(3), lam))},
)

LIMIT = theorem(
    "one-hidden-layer-limit",
    r"The limit of $\varphi$ at depth 1",
    limit(PHI, lam, oo, V_SQUARED),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"twice the limit": right(2 * V_SQUARED)},
)

#: A bound on the eigenvalues, and the brackets at an eigenvalue and at the bound.
top = letters("a_max", positive=True)
AT_MOST = at_least(top, a[j], EACH)
_here, _top = rho * a[j] + lam, rho * top + lam
_below_top = rho * a[j] * v[j] ** 2 * (_top**2 + _top * _here + _here**2) / (_top * _here) ** 3

STRICT = theorem(
    "one-hidden-layer-strict",
    r"At depth 1 $\varphi$ rises if the data have a signal",
    greater(Derivative(PHI, lam), 0),
    given=(SIGNAL_POSITIVE, AT_MOST),
    reference="differentiation",
    # 1/h³ - 1/t³ = ρ(a_max - a)(t² + th + h²)/(ht)³ for the brackets h and t
    proof=differentiate(
        2 * rho * lam / _top**3 * SIGNAL_POSITIVE + (2 * rho * lam * _below_top * AT_MOST).sum(EACH)
    ),
    misses={"the data have no signal": without(SIGNAL_POSITIVE)},
    prose="It rises strictly where $v$ has a component in the range of $A$.",
)

#: v = ρA w, which has a solution because v lies in the range of A.
w = families("w")

SMALL = theorem(
    "one-hidden-layer-small-ridge",
    r"At depth 1 $\varphi$ is at most a multiple of $\lambda^2$",
    at_least(lam**2 * norm2(w), lam**2 * Sum((rho * a[j] * w[j]) ** 2 / _here**2, EACH)),
    given=(r"$v = \rho A w$",),
    reference=r"$\lambda \ge 0$",
    proof=nonnegative(lam**3 * Sum(w[j] ** 2 * (2 * rho * a[j] + lam) / _here**2, EACH)),
    misses={"a faster start": left(lam**3 * norm2(w))},
)

ONE_ROOT = in_words(
    "one-hidden-layer-root",
    r"There is one root if $\tau < \lVert v\rVert^2$, and else none",
    r"""$\varphi$ is continuous, tends to 0 at 0 and to $\lVert v\rVert^2$ far out, and rises, its
        derivative being positive. So it takes every value between, once, and no other.""",
    by="the mean value theorem and the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 5.11 and 4.23",
    rests_on=(STRICT, SMALL, LIMIT),
    conditions=(r"$D = 1$ and $v \ne 0$ in the range of $A$",),
)

BELOW_ORIGIN = in_words(
    "one-hidden-layer-transition",
    "At depth 1 weak decay lets a map have less loss than the origin",
    r"""Under strong decay no map has less loss than the origin. Under weak decay the step along $v$ has;
        it is the map of some weights.""",
    by="the definition of the minimum",
    reference="any course of analysis",
    rests_on=(THRESHOLD, CONVERSE),
    conditions=(r"$D = 1$ and $v \ne 0$ in the range of $A$",),
    display=Display(r"\min_{m} F(m) < c", given=("D = 1", r"\gamma_{u} \gamma_{1} < \lVert v \rVert^{2}")),
)

DERIVATION = Derivation(
    id="one-hidden-layer-threshold",
    title="One hidden layer: the threshold",
    prose="""The transition from the origin to a nontrivial minimum is continuous and does not depend on
        the noise.""",
    statements=(THRESHOLD, CONVERSE, INCREASING, LIMIT, STRICT, SMALL),
    steps=(ONE_ROOT, BELOW_ORIGIN),
)
