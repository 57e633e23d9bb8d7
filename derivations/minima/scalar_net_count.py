"""How many stationary points a network of one neuron a layer has on one feature."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Derivation,
    Differentiate,
    Domain,
    Induct,
    LeadingTerms,
    NearMiss,
    Recursion,
    Relation,
    RootCount,
    Statement,
    Step,
    Table,
    Use,
    at_least,
    combine,
    different,
    equal,
)

from ..inequalities import EQUAL_PRODUCTS, X, Y
from ..notation import D, gamma, i, j, lam, rho, sigma

a, V, kappa = sy.a0, sy.v_norm, sy.kappa

#: The weights w_1, …, w_{D+1} with w_{D+1} = U and γ_{D+1} = γ_u, and the product of all but one.
w, rest = (sp.IndexedBase(name, real=True) for name in ("w", "r"))
LAYER = (i, 1, D + 1)
DECAYS = sp.Product(gamma[i], LAYER)

#: P = w_1 ⋯ w_{D+1}, the map of the network.
P = sp.Symbol("P", real=True)
NONZERO = different(P, 0)

#: The second moment of the only neuron of layer i.
M = sp.IndexedBase("M", real=True)
SECOND_MOMENT = Recursion(M, (i,), a, (1 + sigma[i] ** 2) * w[i] ** 2 * M[i - 1])
_hidden = sp.Product(w[i] ** 2, (i, 1, D))
_noise = sp.Product(1 + sigma[i] ** 2, (i, 1, D))

MOMENT = Statement(
    id="scalar-net-count-moment",
    title="Noise acts as a factor of the data",
    left=M[D],
    right=_noise * a * _hidden,
    definitions=(SECOND_MOMENT,),
    reference="the second moment, layer by layer",
    proof=Induct(
        D,
        base=combine(),
        step=combine(Use(HYPOTHESIS, times=(1 + sigma[D + 1] ** 2) * w[D + 1] ** 2)),
    ),
    near_misses=(NearMiss("the noise is left out", right=a * _hidden),),
    prose=(
        r"Write $w_1, \dots, w_D$ for the weights, $w_{D+1}$ for $U$ and $\gamma_{D+1}$ for $\gamma_u$. "
        r"With $\rho = \prod_i (1 + \sigma_i^2)$ and the product $P = w_1 \cdots w_{D+1}$ of all weights "
        r"the loss is $\rho a P^2 - 2 P \lVert v\rVert + c + \sum_i \gamma_i w_i^2$, where the sign of "
        r"the feature is chosen so that $v = \lVert v\rVert$."
    ),
)

#: What depends on one weight w, the product of the others being r.
_in_one_weight = rho * a * (w[i] * rest[i]) ** 2 - 2 * V * w[i] * rest[i] + gamma[i] * w[i] ** 2
_slope = 2 * rest[i] * (rho * a * w[i] * rest[i] - V) + 2 * gamma[i] * w[i]

GRADIENT = Statement(
    id="scalar-net-count-gradient",
    title="The derivative by one weight",
    left=sp.Derivative(_in_one_weight, w[i]),
    right=_slope,
    over=(LAYER,),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=_slope.xreplace({V: -V})),),
    prose="Let $r_i$ be the product of the other weights.",
)

PRODUCT_IS = equal(P, w[i] * rest[i])
_weight_nonzero = different(w[i], 0)
_stationary = sp.Eq(_slope, 0, evaluate=False)
_square = sp.Eq(gamma[i] * w[i] ** 2, P * (V - rho * a * P), evaluate=False)
_difference = rho * a * (P + w[i] * rest[i]) - V

SQUARES = Statement(
    id="scalar-net-count-squares",
    title="All weights carry the same decay, which the product tells",
    relation=Relation.EQUIVALENT,
    left=_stationary,
    right=_square,
    given=(PRODUCT_IS, _weight_nonzero),
    conditions=("$i = 1, \\dots, D + 1$",),
    reference="the derivative times the weight",
    proof=BothWays(
        combine(Use(equal(*_stationary.args), times=w[i] / 2), Use(PRODUCT_IS, times=_difference)),
        combine(Use(equal(*_square.args), times=2 / w[i]), Use(PRODUCT_IS, times=-2 * _difference / w[i])),
    ),
    domains=(
        Domain(define=((P, w[i] * rest[i]),)),
        Domain(
            ranges=((P, (0, 1)), (V, (2, 3)), (rho, (1, 2)), (a, (0, 1))),
            define=((w[i], sp.sqrt(P * (V - rho * a * P) / gamma[i])), (rest[i], P / w[i])),
        ),
    ),
    near_misses=(
        NearMiss(
            "the noise is left out", right=sp.Eq(gamma[i] * w[i] ** 2, P * (V - a * P), evaluate=False)
        ),
    ),
    prose=(
        "If one weight is 0, then so is the product of the others for every other weight, which "
        "therefore vanishes where its derivative does: all weights are 0. This is the origin, which is "
        "stationary. Elsewhere no weight is 0."
    ),
)

CARRIED = equal(gamma[i] * w[i] ** 2, kappa, LAYER)
ALL_WEIGHTS = equal(P, sp.Product(w[i], LAYER))

DECAY = Statement(
    id="scalar-net-count-decay",
    title="The decay that every weight carries, and the product",
    left=kappa ** (D + 1),
    right=P**2 * DECAYS,
    given=(CARRIED, ALL_WEIGHTS),
    reference="the product over all layers",
    proof=combine(
        Use(EQUAL_PRODUCTS, times=-1, where={X[j]: gamma[j] * w[j] ** 2, Y[j]: kappa, D: D + 1}),
        Use(ALL_WEIGHTS, times=-DECAYS * (P + sp.Product(w[i], LAYER))),
    ),
    domains=(
        Domain(define=((w[i], sp.sqrt(kappa / gamma[i])), (P, sp.sqrt(kappa ** (D + 1) / DECAYS)))),
        Domain(
            define=(
                (w[i], -sp.sqrt(kappa / gamma[i])),
                (P, (-1) ** (D + 1) * sp.sqrt(kappa ** (D + 1) / DECAYS)),
            )
        ),
    ),
    near_misses=(NearMiss("the first power of the product", right=P * DECAYS),),
    prose=r"Multiply all layers together, $\kappa$ being what each of them carries.",
)

_curve = P ** (D - 1) * (V - rho * a * P) ** (D + 1)
_balance = sp.Eq(P ** (D + 1) * (V - rho * a * P) ** (D + 1), P**2 * DECAYS, evaluate=False)
_equation = sp.Eq(_curve, DECAYS, evaluate=False)

EQUATION = Statement(
    id="scalar-net-count-equation",
    title="One polynomial equation for the product",
    relation=Relation.EQUIVALENT,
    left=_balance,
    right=_equation,
    given=(NONZERO,),
    reference="division by the square of the product",
    proof=BothWays(
        combine(Use(equal(*_balance.args), times=P**-2)),
        combine(Use(equal(*_equation.args), times=P**2)),
    ),
    domains=(
        Domain(),
        Domain(
            ranges=((P, (0, 1)), (V, (2, 3)), (rho, (1, 2)), (a, (0, 1))),
            define=((gamma[i], P ** ((D - 1) / (D + 1)) * (V - rho * a * P)),),
        ),
    ),
    near_misses=(
        NearMiss(
            "a wrong exponent", right=sp.Eq(P**D * (V - rho * a * P) ** (D + 1), DECAYS, evaluate=False)
        ),
    ),
    prose=r"With $\kappa = P(\lVert v\rVert - \rho a P)$ this is an equation for $P$ alone.",
)

p = sp.Symbol("P", positive=True)

DEGREE = Statement(
    id="scalar-net-count-degree",
    title="The equation has degree $2D$",
    relation=Relation.LIMIT,
    left=sp.Limit(p ** (D - 1) * (rho * a * p - V) ** (D + 1) / p ** (2 * D), p, sp.oo),
    right=(rho * a) ** (D + 1),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("half the coefficient", right=(rho * a) ** (D + 1) / 2),),
    prose=(
        r"Since $\lVert v\rVert - \rho a P$ and $\rho a P - \lVert v\rVert$ differ in sign only, the "
        r"polynomial has degree $2D$. As all decays are positive, neither $P = \lVert v\rVert/(\rho a)$ "
        r"nor, if $D \ge 2$, $P = 0$ is a root."
    ),
)

DOUBLE = Statement(
    id="scalar-net-count-double",
    title="Where the equation can have a double root",
    left=sp.Derivative(_curve, P),
    right=P ** (D - 2) * (V - rho * a * P) ** D * ((D - 1) * V - 2 * D * rho * a * P),
    given=(NONZERO, different(V - rho * a * P, 0)),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss(
            "the other exponent",
            right=P ** (D - 2) * (V - rho * a * P) ** D * (D * V - 2 * D * rho * a * P),
        ),
    ),
    prose=(
        "At a double root the derivative vanishes as well. Only the last factor can, and this at a "
        "single $P$."
    ),
)

_double = (D - 1) * V / (2 * D * rho * a)
DEEP = at_least(D, 2)

SPINODAL = Statement(
    id="scalar-net-count-spinodal",
    title="The decay at which two roots meet",
    left=_double ** (D - 1) * (V - rho * a * _double) ** (D + 1),
    right=(D - 1) ** (D - 1)
    * (D + 1) ** (D + 1)
    * V ** (2 * D)
    / ((rho * a) ** (D - 1) * (2 * D) ** (2 * D)),
    given=(DEEP,),
    reference="arithmetic",
    proof=combine(),
    domains=(Domain(ranges=((D, (2, 6)),)),),
    near_misses=(
        NearMiss(
            "the transition",
            right=(D - 1) ** (D - 1) * V ** (2 * D) / ((rho * a) ** (D - 1) * D ** (2 * D)),
        ),
    ),
)

#: How many choices of signs of i + 1 weights have the product +1 (j = 1) and -1 (j = 2).
N = sp.IndexedBase("N", real=True)
CHOICES = Recursion(N, (i, j), sp.Integer(1), N[i - 1, 1] + N[i - 1, 2])

SIGNS = Statement(
    id="scalar-net-count-signs",
    title="Half of all choices of signs have a given product",
    left=N[D, j],
    right=2**D,
    over=((j, 1, 2),),
    definitions=(CHOICES,),
    reference="one more sign, chosen freely, makes either product of either",
    proof=Induct(
        D,
        base=combine(),
        step=combine(Use(HYPOTHESIS, where={j: 1}), Use(HYPOTHESIS, where={j: 2})),
    ),
    near_misses=(NearMiss("all of them", right=2 ** (D + 1)),),
    prose=(
        "Let $N_{i,1}$ and $N_{i,2}$ be the numbers of choices of signs of $i + 1$ weights whose product "
        "is $+1$ and $-1$. One weight has one of each, and the next one may have either sign."
    ),
)

COUNT = Statement(
    id="scalar-net-count",
    title="The origin, and signs for each of $2D$ products",
    left=1 + 2 * D * N[D, 1],
    right=1 + D * 2 ** (D + 1),
    definitions=(CHOICES,),
    conditions=("the equation for $P$ has $2D$ different roots, none of which is 0",),
    reference="Bharadwaj and Hosten 2023, arXiv:2301.12651, tables of numbers found by computation",
    proof=combine(Use(SIGNS, times=2 * D, where={j: 1})),
    near_misses=(
        NearMiss("every choice of signs", left=1 + 2 * D * (N[D, 1] + N[D, 2])),
        NearMiss("the origin is left out", left=2 * D * N[D, 1]),
    ),
    prose=(
        "One for the origin, and for each of the $2D$ products the choices of signs that lead to it: 5, "
        "17, 49 and 129 for $D = 1, 2, 3, 4$."
    ),
)

RIDGE = Statement(
    id="scalar-net-count-ridge",
    title="The same equation in terms of the ridge",
    left=_curve.xreplace({P: V / (rho * a + lam)}),
    right=lam ** (D + 1) * (V**2 / (rho * a + lam) ** 2) ** D,
    reference="the effective ridge",
    proof=combine(),
    near_misses=(
        NearMiss(
            "the noise is left out",
            left=(P ** (D - 1) * (V - a * P) ** (D + 1)).xreplace({P: V / (rho * a + lam)}),
        ),
    ),
    prose=(
        r"Which of them are real? Real weights have $\kappa > 0$, so that $P$ lies between 0 and $\lVert "
        r"v\rVert/(\rho a)$. This means that $P = \lVert v\rVert/(\rho a + \lambda)$ with $\lambda > 0$, "
        r"which turns the equation into $\varphi^D = \tau^D$. If $\varphi = \tau$ has $r$ different "
        "positive roots, there are $1 + 2^D r$ real stationary points."
    ),
)

#: Two hidden layers, ρ = a = v = 1, all decays 1/7.
_example = sp.Symbol("P", real=True)

EXAMPLE = Statement(
    id="scalar-net-count-example",
    title="Two products belong to real weights",
    relation=Relation.COUNT,
    left=RootCount(_example * (1 - _example) ** 3 - sp.Rational(1, 343), _example, 0, 1),
    right=2,
    reference="Sturm's theorem",
    proof=CountRoots(),
    near_misses=(NearMiss("all four", right=4),),
    prose=(
        r"For $D = 2$, $\rho = a = \lVert v\rVert = 1$ and decays of $1/7$ the products are the roots of "
        "$P(1-P)^3 = 7^{-3}$, two of which are those of real weights: 9 real points of 17."
    ),
)


def count_table() -> Table:
    """The numbers of stationary points for depths 1 to 4 with ρ = a = v = 1 and all decays 1/7."""
    from symderive.landscape.census import complex_points, take_census
    from symderive.model.moments import Moments
    from symderive.model.network import Network

    data = Moments.given([[1]], [1], 1)
    rows = []
    for depth in range(1, 5):
        net = Network(depth, widths=1, decays=Fraction(1, 7))
        census = take_census(net, data, digits=10)
        roots = sum(one.root is not None for one in census.sets)
        rows.append(tuple(map(str, (depth, complex_points(net, data), roots, census.points))))
    return Table(("$D$", "complex", "roots", "real"), tuple(rows))


# -- steps in words --------------------------------------------------------------------------------------

COMPLEX = Step(
    id="scalar-net-count-complex",
    title="In general there are $1 + D\\, 2^{D+1}$ complex stationary points",
    text=(
        "The statements are proved for real numbers. Applied to complex ones they are identities of "
        "polynomials and fractions, or multiply and divide by numbers that are not 0, and hold as "
        r"they stand. The equation for $P$ has degree $2D$, and for $D \ge 2$ no double root unless "
        "the product of the decays is that of the spinodal, so that it has $2D$ different roots, "
        "none of which is 0. With one hidden layer there are two, one of which is 0 only where "
        r"$\gamma_u\gamma_1 = \lVert v\rVert^2$. A root gives the weights $w_i = "
        r"\pm\sqrt{\kappa/\gamma_i}$ with signs for which their product is $P$, half of all choices, "
        r"and these are stationary. With the origin this makes $1 + D\, 2^{D+1}$."
    ),
    theorem="the fundamental theorem of algebra",
    reference="any course of algebra",
    rests_on=(GRADIENT, SQUARES, DECAY, EQUATION, DEGREE, DOUBLE, SPINODAL, SIGNS, COUNT),
    conditions=("the product of the decays is not that of the spinodal",),
)

REAL = Step(
    id="scalar-net-count-real",
    title="If $\\varphi = \\tau$ has $r$ positive roots, $1 + 2^D r$ are real",
    text=(
        r"Real weights have $\kappa > 0$, so that $P$ lies between 0 and $\lVert v\rVert/(\rho a)$. "
        r"This means that $P = \lVert v\rVert/(\rho a + \lambda)$ with $\lambda > 0$, which turns the "
        r"equation into $\varphi^D = \tau^D$, and so into $\varphi = \tau$, both being positive. Each "
        "root gives $2^D$ choices of signs."
    ),
    theorem="the injectivity of powers of positive numbers",
    reference="any course of algebra",
    rests_on=(COMPLEX, RIDGE, SIGNS),
)

DERIVATION = Derivation(
    id="scalar-net-count",
    title="Counting the stationary points of scalar networks",
    prose=(
        "The smallest networks, with one neuron in every layer and one feature, are where the stationary "
        "points have been counted by numerical algebraic geometry (Bharadwaj and Hosten, "
        r"arXiv:2301.12651). The theory gives all of these numbers: there are $1 + D\, 2^{D+1}$ complex "
        r"stationary points in general, and if $\varphi = \tau$ has $r$ different positive roots, $1 + "
        "2^D r$ of them are real. The decays need not be equal, and noise changes nothing but the data."
    ),
    statements=(
        MOMENT,
        GRADIENT,
        SQUARES,
        DECAY,
        EQUATION,
        DEGREE,
        DOUBLE,
        SPINODAL,
        SIGNS,
        COUNT,
        RIDGE,
        EXAMPLE,
    ),
    steps=(
        COMPLEX,
        REAL,
    ),
    tables=(
        (
            r"Stationary points of scalar networks with $\rho = a = \lVert v\rVert = 1$ and all decays "
            r"$1/7$. Complex ones are counted over the rationals; the roots $\lambda > 0$ are certified.",
            count_table,
        ),
    ),
)
