"""How many stationary points a network of one neuron a layer has on one feature."""

from ..inequalities import EQUAL_PRODUCTS, X, Y
from ..notation import *

#: The second moment of the only feature, and ‖v‖.
a, V = letters("a", positive=True), v_norm

#: The weights w_1, …, w_{D+1} with w_{D+1} = U and γ_{D+1} = γ_u, and the product of all but one.
w, rest = families("w r")
LAYER = (i, 1, D + 1)
DECAYS = Product(gamma[i], LAYER)

#: P = w_1 ⋯ w_{D+1}, the map of the network.
P = letters("P")
NONZERO = different(P, 0)

#: The second moment of the only neuron of layer i.
Q = families("Q")
SECOND_MOMENT = Recursion(Q, (i,), a, (1 + sigma[i] ** 2) * w[i] ** 2 * Q[i - 1])
_hidden = Product(w[i] ** 2, (i, 1, D))
_noise = Product(1 + sigma[i] ** 2, (i, 1, D))

MOMENT = theorem(
    "scalar-net-count-moment",
    "Noise acts as a factor of the data",
    equal(Q[D], _noise * a * _hidden),
    given=(SECOND_MOMENT,),
    reference="the second moment, layer by layer",
    proof=induction(D, step=(1 + sigma[D + 1] ** 2) * w[D + 1] ** 2 * HYPOTHESIS),
    misses={"the noise is left out": right(a * _hidden)},
    prose=r"""Write $w_1, \dots, w_D$ for the weights, $w_{D+1}$ for $U$ and $\gamma_{D+1}$ for
        $\gamma_u$. With $\rho = \prod_i (1 + \sigma_i^2)$ and the product $P = w_1 \cdots w_{D+1}$ of all
        weights the loss is $\rho a P^2 - 2 P \lVert v\rVert + c + \sum_i \gamma_i w_i^2$, where the sign of
        the feature is chosen so that $v = \lVert v\rVert$.""",
)

#: What depends on one weight w, the product of the others being r.
_in_one_weight = rho * a * (w[i] * rest[i]) ** 2 - 2 * V * w[i] * rest[i] + gamma[i] * w[i] ** 2
_slope = 2 * rest[i] * (rho * a * w[i] * rest[i] - V) + 2 * gamma[i] * w[i]

GRADIENT = theorem(
    "scalar-net-count-gradient",
    "The derivative by one weight",
    equal(Derivative(_in_one_weight, w[i]), _slope, LAYER),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(_slope.xreplace({V: -V}))},
    prose="Let $r_i$ be the product of the other weights.",
)

PRODUCT_IS = equal(P, w[i] * rest[i])
_stationary = equal(_slope, 0)
_square = equal(gamma[i] * w[i] ** 2, P * (V - rho * a * P))
_difference = rho * a * (P + w[i] * rest[i]) - V

#: Where all weights can be real: 0 < P < ‖v‖/(ρa).
_real = {P: (0, 1), V: (2, 3), rho: (1, 2), a: (0, 1)}

SQUARES = theorem(
    "scalar-net-count-squares",
    "All weights carry the same decay, which the product tells",
    equivalent(_stationary, _square),
    given=(PRODUCT_IS, different(w[i], 0), "$i = 1, \\dots, D + 1$"),
    reference="the derivative times the weight",
    proof=both_ways(
        w[i] / 2 * _stationary + _difference * PRODUCT_IS,
        2 / w[i] * _square + (-2 * _difference / w[i]) * PRODUCT_IS,
    ),
    misses={"the noise is left out": right(equal(gamma[i] * w[i] ** 2, P * (V - a * P)))},
    prose="""If one weight is 0, then so is the product of the others for every other weight, which
        therefore vanishes where its derivative does: all weights are 0. This is the origin, which is
        stationary. Elsewhere no weight is 0.""",
)

CARRIED = equal(gamma[i] * w[i] ** 2, kappa, LAYER)
ALL_WEIGHTS = equal(P, Product(w[i], LAYER))

DECAY = theorem(
    "scalar-net-count-decay",
    "The decay that every weight carries, and the product",
    equal(kappa ** (D + 1), P**2 * DECAYS),
    given=(CARRIED, ALL_WEIGHTS),
    reference="the product over all layers",
    proof=-EQUAL_PRODUCTS.at({X[j]: gamma[j] * w[j] ** 2, Y[j]: kappa, D: D + 1})
    - DECAYS * (P + Product(w[i], LAYER)) * ALL_WEIGHTS,
    misses={"the first power of the product": right(P * DECAYS)},
    prose=r"Multiply all layers together, $\kappa$ being what each of them carries.",
)

_curve = P ** (D - 1) * (V - rho * a * P) ** (D + 1)
_balance = equal(P ** (D + 1) * (V - rho * a * P) ** (D + 1), P**2 * DECAYS)
_equation = equal(_curve, DECAYS)
_on_curve = {gamma[i]: P ** ((D - 1) / (D + 1)) * (V - rho * a * P)}

EQUATION = theorem(
    "scalar-net-count-equation",
    "One polynomial equation for the product",
    equivalent(_balance, _equation),
    given=(NONZERO,),
    reference="division by the square of the product",
    proof=both_ways(P**-2 * _balance, P**2 * _equation),
    test=Domain(ranges=_real, define=_on_curve),
    misses={"a wrong exponent": right(equal(P**D * (V - rho * a * P) ** (D + 1), DECAYS))},
    prose=r"With $\kappa = P(\lVert v\rVert - \rho a P)$ this is an equation for $P$ alone.",
)

p = letters("P", positive=True)

DEGREE = theorem(
    "scalar-net-count-degree",
    "The equation has degree $2D$",
    limit(p ** (D - 1) * (rho * a * p - V) ** (D + 1) / p ** (2 * D), p, oo, (rho * a) ** (D + 1)),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"half the coefficient": right((rho * a) ** (D + 1) / 2)},
    prose=r"""Since $\lVert v\rVert - \rho a P$ and $\rho a P - \lVert v\rVert$ differ in sign only, the
        polynomial has degree $2D$. As all decays are positive, neither $P = \lVert v\rVert/(\rho a)$ nor,
        if $D \ge 2$, $P = 0$ is a root.""",
)

_other_factors = P ** (D - 2) * (V - rho * a * P) ** D

DOUBLE = theorem(
    "scalar-net-count-double",
    "Where the equation can have a double root",
    equal(Derivative(_curve, P), _other_factors * ((D - 1) * V - 2 * D * rho * a * P)),
    given=(NONZERO, different(V - rho * a * P, 0)),
    reference="differentiation",
    proof=differentiate(),
    misses={"the other exponent": right(_other_factors * (D * V - 2 * D * rho * a * P))},
    prose="""At a double root the derivative vanishes as well. Only the last factor can, and this at a
        single $P$.""",
)

_double = (D - 1) * V / (2 * D * rho * a)
_powers = (D - 1) ** (D - 1) * V ** (2 * D) / (rho * a) ** (D - 1)

SPINODAL = theorem(
    "scalar-net-count-spinodal",
    "The decay at which two roots meet",
    equal(_curve.xreplace({P: _double}), _powers * (D + 1) ** (D + 1) / (2 * D) ** (2 * D)),
    given=(at_least(D, 2),),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"the transition": right(_powers / D ** (2 * D))},
)

#: How many choices of signs of i + 1 weights have the product +1 (j = 1) and -1 (j = 2).
Y_signs = families("Y")
CHOICES = Recursion(Y_signs, (i, j), Integer(1), Y_signs[i - 1, 1] + Y_signs[i - 1, 2])

SIGNS = theorem(
    "scalar-net-count-signs",
    "Half of all choices of signs have a given product",
    equal(Y_signs[D, j], 2**D, (j, 1, 2)),
    given=(CHOICES,),
    reference="one more sign, chosen freely, makes either product of either",
    proof=induction(D, step=HYPOTHESIS.at({j: 1}) + HYPOTHESIS.at({j: 2})),
    misses={"all of them": right(2 ** (D + 1))},
    prose="""Let $Y_{i,1}$ and $Y_{i,2}$ be the numbers of choices of signs of $i + 1$ weights whose
        product is $+1$ and $-1$. One weight has one of each, and the next one may have either sign.""",
)

COUNT = theorem(
    "scalar-net-count",
    "The origin, and signs for each of $2D$ products",
    equal(1 + 2 * D * Y_signs[D, 1], 1 + D * 2 ** (D + 1)),
    given=("the equation for $P$ has $2D$ different roots, none of which is 0",),
    reference="Bharadwaj and Hosten 2023, arXiv:2301.12651, tables of numbers found by computation",
    proof=2 * D * SIGNS.at({j: 1}),
    misses={
        "every choice of signs": left(1 + 2 * D * (Y_signs[D, 1] + Y_signs[D, 2])),
        "the origin is left out": left(2 * D * Y_signs[D, 1]),
    },
    prose="""One for the origin, and for each of the $2D$ products the choices of signs that lead to it:
        5, 17, 49 and 129 for $D = 1, 2, 3, 4$.""",
)

_at_ridge = {P: V / (rho * a + lam)}

RIDGE = theorem(
    "scalar-net-count-ridge",
    "The same equation in terms of the ridge",
    equal(_curve.xreplace(_at_ridge), lam ** (D + 1) * (V**2 / (rho * a + lam) ** 2) ** D),
    reference="the effective ridge",
    proof=exact_algebra,
    misses={"the noise is left out": left((P ** (D - 1) * (V - a * P) ** (D + 1)).xreplace(_at_ridge))},
    prose=r"""Which of them are real? Real weights have $\kappa > 0$, so that $P$ lies between 0 and
        $\lVert v\rVert/(\rho a)$. This means that $P = \lVert v\rVert/(\rho a + \lambda)$ with $\lambda >
        0$, which turns the equation into $\varphi^D = \tau^D$. If $\varphi = \tau$ has $r$ different
        positive roots, there are $1 + 2^D r$ real stationary points.""",
)

#: Two hidden layers, ρ = a = v = 1, all decays 1/7.
EXAMPLE = theorem(
    "scalar-net-count-example",
    "Two products belong to real weights",
    count(P * (1 - P) ** 3 - Rational(1, 343), P, 0, 1, 2),
    reference="Sturm's theorem",
    proof=CountRoots(),
    misses={"all four": right(4)},
    prose=r"""For $D = 2$, $\rho = a = \lVert v\rVert = 1$ and decays of $1/7$ the products are the
        roots of $P(1-P)^3 = 7^{-3}$, two of which are those of real weights: 9 real points of 17.""",
)


def count_table() -> Table:
    """The numbers of stationary points for depths 1 to 4 with ρ = a = v = 1 and all decays 1/7."""
    from symderive.data.moments import Moments
    from symderive.landscape.census import complex_points, take_census
    from symderive.model.network import Network

    data = Moments.given([[1]], [1], 1)
    rows = []
    for depth in range(1, 5):
        net = Network(depth, widths=1, decays=Rational(1, 7))
        census = take_census(net, data, digits=10)
        roots = sum(one.root is not None for one in census.sets)
        rows.append(tuple(map(str, (depth, complex_points(net, data), roots, census.points))))
    return Table(("$D$", "complex", "roots", "real"), tuple(rows))


COMPLEX = in_words(
    "scalar-net-count-complex",
    r"In general there are $1 + D\, 2^{D+1}$ complex stationary points",
    r"""The statements are proved for real numbers. Applied to complex ones they are identities of
        polynomials and fractions, or multiply and divide by numbers that are not 0, and hold as they stand.
        The equation for $P$ has degree $2D$, and for $D \ge 2$ no double root unless the product of the
        decays is that of the spinodal, so that it has $2D$ different roots, none of which is 0. With one
        hidden layer there are two, one of which is 0 only where $\gamma_u\gamma_1 = \lVert v\rVert^2$. A
        root gives the weights $w_i = \pm\sqrt{\kappa/\gamma_i}$ with signs for which their product is $P$,
        half of all choices, and these are stationary. With the origin this makes $1 + D\, 2^{D+1}$.""",
    by="the fundamental theorem of algebra",
    reference="any course of algebra",
    rests_on=(GRADIENT, SQUARES, DECAY, EQUATION, DEGREE, DOUBLE, SPINODAL, SIGNS, COUNT),
    conditions=("the product of the decays is not that of the spinodal",),
)

REAL = in_words(
    "scalar-net-count-real",
    r"If $\varphi = \tau$ has $r$ positive roots, $1 + 2^D r$ are real",
    r"""Real weights have $\kappa > 0$, so that $P$ lies between 0 and $\lVert v\rVert/(\rho a)$. This means
        that $P = \lVert v\rVert/(\rho a + \lambda)$ with $\lambda > 0$, which turns the equation into
        $\varphi^D = \tau^D$, and so into $\varphi = \tau$, both being positive. Each root gives $2^D$
        choices of signs.""",
    by="the injectivity of powers of positive numbers",
    reference="any course of algebra",
    rests_on=(COMPLEX, RIDGE, SIGNS),
)

DERIVATION = Derivation(
    id="scalar-net-count",
    title="Counting the stationary points of scalar networks",
    prose=r"""The smallest networks, with one neuron in every layer and one feature, are where the
        stationary points have been counted by numerical algebraic geometry
        [@bharadwaj2023]. The theory gives all of these numbers: there are $1 + D\, 2^{D+1}$ complex
        stationary points in general, and if $\varphi = \tau$ has $r$ different positive roots, $1 + 2^D r$
        of them are real. The decays need not be equal, and noise changes nothing but the data.""",
    statements=(
        *(MOMENT, GRADIENT, SQUARES, DECAY, EQUATION, DEGREE, DOUBLE, SPINODAL),
        *(SIGNS, COUNT, RIDGE, EXAMPLE),
    ),
    steps=(COMPLEX, REAL),
    tables=(
        (
            r"Stationary points of scalar networks with $\rho = a = \lVert v\rVert = 1$ and all decays "
            r"$1/7$. Complex ones are counted over the rationals; the roots $\lambda > 0$ are certified.",
            count_table,
        ),
    ),
)
