"""Isotropic data at infinite depth: the Catalan numbers."""

from symderive.formulas.isotropic import isotropic

from ..inequalities import power, same_power
from ..notation import *
from .isotropic_equation import ISOTROPIC, V

INFINITE = isotropic(depth=oo)
order = letters("k", integer=True, nonnegative=True)

EXPONENT = theorem(
    "infinite-depth-exponent",
    "The exponent at infinite depth",
    limit(ISOTROPIC.exponent, D, oo, 2),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the exponent of one layer": right(1)},
    prose=(
        r"As the depth grows, $\rho$ and $\bar\gamma$ held fixed, the isotropic equation becomes quadratic."
    ),
)

#: ln q, written out.
_log_q = log(gamma_bar) + ISOTROPIC.map_exponent * log(ISOTROPIC.scale) - ISOTROPIC.exponent * log(V)

DECAY = theorem(
    "infinite-depth-decay",
    "The dimensionless decay at infinite depth",
    limit(_log_q, D, oo, log(INFINITE.q)),
    given=(r"$\rho$ and $\bar\gamma$ do not change with the depth",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the norm to the first power": right(log(INFINITE.q * V))},
    prose=r"Its variable becomes $q = \bar\gamma \rho a/\lVert v\rVert^2$.",
)

ROOT = equal(*INFINITE.equation.args)
_root = sqrt(1 - 4 * q)
_branch = (1 - _root) / (1 + _root)
BELOW, SMALL, LARGE = greater(Rational(1, 4), q), greater(1, zeta), greater(zeta, 1)


def root_is(value: Expr) -> Use:
    """√(1 - 4q) = value, because the squares are equal."""
    return same_power(_root, value, 2).because(4 / (1 + zeta) ** 2 * ROOT)


AT_MOST = theorem(
    "infinite-depth-spinodal",
    "There is no solution beyond 1/4",
    at_least(Rational(1, 4), q),
    given=(ROOT,),
    reference="the discriminant",
    proof=ROOT / (1 + zeta) ** 2 + nonnegative((1 - zeta) ** 2 / (4 * (1 + zeta) ** 2)),
    misses={"a smaller bound": left(Rational(1, 5))},
    prose=r"It is solved by $\zeta = 1$ at $q = 1/4$, where its branches meet, and for no larger $q$.",
)

STABLE = theorem(
    "infinite-depth-stable",
    "The stable branch at infinite depth",
    equal(zeta, _branch),
    given=(ROOT, BELOW, SMALL),
    reference="the quadratic formula",
    proof=(1 + zeta) / (1 + _root) * root_is((1 - zeta) / (1 + zeta)),
    misses={"the other branch": without(SMALL)},
    prose="Below, there are two solutions, and they are reciprocal to each other.",
)

SADDLE = theorem(
    "infinite-depth-saddle",
    "The saddle branch at infinite depth",
    equal(1 / zeta, _branch),
    given=(ROOT, BELOW, LARGE),
    reference="the quadratic formula",
    proof=(1 + zeta) / (zeta * (1 + _root)) * root_is((zeta - 1) / (1 + zeta)),
    misses={"the other branch": without(LARGE)},
)


def generating(denominator: Expr) -> Sum:
    """Σ C(2k, k) q^k over the denominator, which is k + 1 for the Catalan numbers."""
    return Sum(binomial(2 * order, order) / denominator * q**order, (order, 0, oo))


GENERATING = theorem(
    "catalan-generating-function",
    "The generating function of the Catalan numbers",
    equal(2 / (1 + _root), generating(order + 1)),
    given=(BELOW,),
    reference="Graham, Knuth and Patashnik, Concrete Mathematics, equation 5.68",
    proof=PowerSeries((-2, 2 - 10 * q, q * (1 - 4 * q))),
    misses={"another denominator": right(generating(order + 2))},
    prose=r"""The generating function $f$ of the Catalan numbers $\binom{2k}{k}/(k+1) = 1, 1, 2, 5, 14,
        \dots$ solves $q (1 - 4q) f'' + (2 - 10q) f' = 2f$, as the coefficients do order by order.""",
)

CATALAN = theorem(
    "infinite-depth-catalan",
    "At infinite depth the coefficients are Catalan numbers",
    equal(1 + zeta, generating(order + 1)),
    given=(ROOT, BELOW, SMALL),
    reference="the generating function of the Catalan numbers",
    proof=STABLE + GENERATING,
    misses={"the other branch": without(SMALL)},
    display=Display(
        r"1 + \zeta = \sum_{k = 0}^{\infty} \frac{1}{k + 1} \binom{2 k}{k} q^{k}",
        given=(r"\zeta = q (1 + \zeta)^{2}", r"q < \frac{1}{4}", r"\zeta < 1"),
    ),
    prose=r"""So the stable branch is the generating function less 1. This is the series of finite depth at
        $t = 2$, because $\binom{2k+1}{k}/(2k+1)$ is the Catalan number as well.""",
)

SOLVES, TOO_DEEP = equal(zeta, q * (1 + zeta) ** ISOTROPIC.exponent), greater((D - 1) * q, 1)

COLLAPSE = theorem(
    "infinite-depth-collapse",
    "At any fixed decay deep networks lie beyond the tie",
    greater((D - 1) * zeta, 1),
    given=(at_least(D, 4), SOLVES, TOO_DEEP),
    reference="a lower bound on the ridge",
    proof=(D - 1) * SOLVES
    + (D - 1) * q * power(1 + zeta, 1, ISOTROPIC.exponent).because(nonnegative(zeta))
    + TOO_DEEP,
    misses={"not that deep": without(TOO_DEEP)},
    prose=r"""At depth $D$ a solution is better than the origin only while $(D - 1)\zeta < 1$. Since $\zeta
        \ge q$, at any fixed $q$ all deep networks have their global minimum at the origin.""",
)

DERIVATION = Derivation(
    id="infinite-depth-catalan",
    title="Isotropic data: infinite depth",
    prose="The limit of infinite depth is the one that every reader can do by hand.",
    statements=(EXPONENT, DECAY, AT_MOST, STABLE, SADDLE, GENERATING, CATALAN, COLLAPSE),
)
