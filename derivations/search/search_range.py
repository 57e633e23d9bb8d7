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
    misses={
        "λ is not a root": without(ROOT),
        "half the norm": left(lam ** (_theta - 2) * V_SQUARED / 2),
    },
    prose=r"""A root has $\lambda^{2-\theta}\tau \le \lVert v\rVert^2$, because $S(\lambda) \le \lVert
        v\rVert^2/\lambda^2$.""",
)

#: Depth 1, with all eigenvalues in [low, high].
low, high = letters("a_min a_max", positive=True)
SHALLOW_ROOT = equal(PHI.subs(D, 1), tau)
NORM_V = equal(v_norm**2, V_SQUARED)
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
    test=Domain(ranges={a[j]: (0, high)}),
    misses={"eigenvalues above a_max": (without(BELOW), Domain())},
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
    test=Domain(ranges={a[j]: (low, 2 * low)}),
    misses={"eigenvalues below a_min": (without(ABOVE), Domain())},
)

DERIVATION = Derivation(
    id="search-range",
    title="Where to search",
    prose="Every root lies in an interval that is known beforehand.",
    statements=(SEARCH_LOWER, SEARCH_UPPER, SHALLOW_UPPER, SHALLOW_LOWER),
)
