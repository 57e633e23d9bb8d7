"""Where the roots of the scalar equation can lie."""

from ..inequalities import power
from ..notation import *

PHI = in_eigenbasis(LETTERS.characteristic)
ROOT = equal(PHI, tau)
_theta = LETTERS.exponent
_bracket = rho * a[j] + lam

#: v = ρA w, which has a solution because v lies in the range of A; S(0) = ‖w‖².
w = families("w")
ROOT_IN_RANGE = equal(lam**_theta * Sum((rho * a[j] * w[j]) ** 2 / _bracket**2, EACH), tau)

SEARCH_LOWER = theorem(
    "search-range-lower",
    "A lower bound on every root",
    at_least(lam**_theta * norm2(w), tau),
    given=(ROOT_IN_RANGE, r"$v = \rho A w$, so that $S(0) = \lVert w\rVert^2$"),
    reference="$S$ decreases",
    proof=ROOT_IN_RANGE
    + nonnegative(lam**_theta * Sum(w[j] ** 2 * lam * (2 * rho * a[j] + lam) / _bracket**2, EACH)),
    misses={"λ is not a root": without(ROOT_IN_RANGE)},
    prose=r"A root has $\lambda^{\theta} S(0) \ge \tau$, because $S(\lambda)$ is largest at 0.",
)

_rest = Sum(v[j] ** 2 * rho * a[j] * (rho * a[j] + 2 * lam) / _bracket**2, EACH)

SEARCH_UPPER = theorem(
    "search-range",
    r"An upper bound on every root for $D \ge 2$",
    at_least(lam ** (_theta - 2) * V_SQUARED, tau),
    given=(ROOT,),
    reference=r"$\rho a_j \ge 0$",
    proof=ROOT + nonnegative(lam ** (_theta - 2) * _rest),
    misses={"λ is not a root": without(ROOT), "half the norm": left(lam ** (_theta - 2) * V_SQUARED / 2)},
    prose=r"""A root has $\lambda^{2-\theta}\tau \le \lVert v\rVert^2$, because $S(\lambda) \le \lVert
        v\rVert^2/\lambda^2$.""",
)

#: Two or more hidden layers.
DEEP = at_least(D, 2)

ROOM = theorem(
    "search-range-exponent",
    r"The exponent of the upper bound is positive for $D \ge 2$",
    greater(2 - _theta, 0),
    given=(DEEP,),
    reference=r"$\theta = (D+1)/D$",
    proof=nonnegative((D - 1) / D),
    misses={"one hidden layer": without(DEEP)},
)

NORM_V, NORM_W = equal(v_norm**2, V_SQUARED), equal(m_norm**2, norm2(w))

UPPER = theorem(
    "search-range-upper",
    "The upper bound, solved for the ridge",
    at_least((v_norm**2 / tau) ** (D / (D - 1)), lam),
    given=(DEEP, ROOT, NORM_V, r"$v \ne 0$"),
    reference="a power of both sides",
    proof=power(v_norm**2 / tau, lam ** (2 - _theta), D / (D - 1)).because(
        lam ** (2 - _theta) / tau * SEARCH_UPPER + 1 / tau * NORM_V
    ),
    misses={"λ is not a root": without(ROOT)},
    display=Display(
        r"\lambda \le \Bigl(\frac{\lVert v \rVert^{2}}{\tau}\Bigr)^{D / (D - 1)}",
        given=(r"D \ge 2", r"v \ne 0", r"\varphi(\lambda) = \tau"),
        at={v_norm: r"\lVert v \rVert"},
        setting="eigenbasis",
    ),
    prose="Since $2 - \\theta = (D-1)/D$ is positive, this bounds the ridge itself,",
)

LOWER = theorem(
    "search-range-lower-solved",
    "The lower bound, solved for the ridge",
    at_least(lam, (tau / m_norm**2) ** (D / (D + 1))),
    given=(ROOT_IN_RANGE, NORM_W, r"$\lVert m\rVert$ stands for $\lVert w\rVert \ne 0$"),
    reference="a power of both sides",
    proof=power(lam**_theta, tau / m_norm**2, D / (D + 1)).because(
        1 / m_norm**2 * SEARCH_LOWER + lam**_theta / m_norm**2 * NORM_W
    ),
    misses={"λ is not a root": without(ROOT_IN_RANGE)},
    prose="and so does the lower bound.",
)

#: Depth 1, with all eigenvalues in [low, high].
low, high = letters("a_min a_max", positive=True)
SHALLOW_ROOT = equal(PHI.subs(D, 1), tau)
BELOW, ABOVE = at_least(high, a[j], EACH), at_least(a[j], low, EACH)


def moved(end: Expr, bound: Claim) -> Combine:
    """The squares of √τ(ρ end + λ) and λ‖v‖ differ by the distance of the eigenvalues from that end."""
    return (lam**2 * v[j] ** 2 * rho * (rho * (end + a[j]) + 2 * lam) / _bracket**2 * bound).sum(EACH)


SHALLOW_UPPER = theorem(
    "search-range-shallow",
    "An upper bound on the root at depth 1",
    at_least(sqrt(tau) * (rho * high + lam), lam * v_norm),
    given=(SHALLOW_ROOT, NORM_V, BELOW),
    reference=r"$a_j \le a_{\max}$",
    proof=power(tau * (rho * high + lam) ** 2, lam**2 * v_norm**2, Rational(1, 2)).because(
        -((rho * high + lam) ** 2) * SHALLOW_ROOT - lam**2 * NORM_V + moved(high, BELOW)
    ),
    misses={"eigenvalues above a_max": without(BELOW)},
    prose=r"At depth 1 it is $\lambda(\lVert v\rVert - \sqrt\tau)$ that is bounded on both sides.",
)

SHALLOW_LOWER = theorem(
    "search-range-shallow-lower",
    "A lower bound on the root at depth 1",
    at_least(lam * v_norm, sqrt(tau) * (rho * low + lam)),
    given=(SHALLOW_ROOT, NORM_V, ABOVE),
    reference=r"$a_j \ge a_{\min}$",
    proof=power(lam**2 * v_norm**2, tau * (rho * low + lam) ** 2, Rational(1, 2)).because(
        (rho * low + lam) ** 2 * SHALLOW_ROOT + lam**2 * NORM_V + moved(low, ABOVE)
    ),
    misses={"eigenvalues below a_min": without(ABOVE)},
)

DERIVATION = Derivation(
    id="search-range",
    title="Where to search",
    prose="Every root lies in an interval that is known beforehand.",
    statements=(SEARCH_LOWER, SEARCH_UPPER, ROOM, UPPER, LOWER, SHALLOW_UPPER, SHALLOW_LOWER),
)
