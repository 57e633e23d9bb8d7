"""The local minima of the full loss are those of the dual, and the origin."""

from ..inequalities import CAUCHY_SCHWARZ, X, Y
from ..notation import *
from ..reduction.attainment import ATTAINMENT, NORM, UNIT, e, layer
from ..reduction.decay_bound import HIDDEN_NORM, MAP_NORM, OUTPUT_NORM
from ..reduction.global_minimum import GLOBAL_MINIMUM
from ..reduction.loss import EXPECTED_LOSS, LOSS
from ..reduction.lower_bound import seen_through
from ..reduction.noise_second_moment import SECOND_MOMENTS_ARE_PSD
from ..ridge.dual import AT_ROOT, OWN_THRESHOLD, SOLUTION_IS_NOT_0
from ..ridge.effective_ridge import NORM_SQUARED, Q
from ..ridge.minimum_value import CROSSINGS, PENALTY_BOUND
from .all_stationary_points import CONVERSE, DESCENT
from .bad_nontrivial_minimum import DECAY, EIGENVALUES, SQUARES
from .one_hidden_layer_threshold import ONE_ROOT, THRESHOLD
from .origin_local_minimum import OF_WEIGHTS
from .subnetwork_saddle import NO_MINIMUM

#: The ridge solution w, without a choice of basis, and G there.
w = families("w")
_features, _others = (r, 1, d[0]), (s, 1, d[0])
SYMMETRIC = equal(A[r, s], A[s, r], _features, _others)
SOLUTION = equal(NOISE_FACTOR * Sum(A[r, s] * w[s], _others) + lam * w[r], v[r], _features)
_penalty = D * REDUCED.decay_level * lam ** (-1 / D)
DUAL = c - dot(w, v, _features) + _penalty

#: The ridge of a map of norm ‖m‖.
OWN_RIDGE = equal(lam, MEAN_DECAY * m_norm ** (Integer(2) / (D + 1) - 2))

#: Two features, for which the ridge solution is written out, and layers of one neuron.
_tiny = {lam: (0, Rational(1, 10**60))}
_other, _mixed = 3 - j, NOISE_FACTOR * A[1, 2]
_determinant = (NOISE_FACTOR * A[1, 1] + lam) * (NOISE_FACTOR * A[2, 2] + lam) - _mixed**2
_adjugate = (NOISE_FACTOR * A[_other, _other] + lam) * v[j] - _mixed * v[_other]
TWO_FEATURES = {d[layer]: 1 + delta(layer, 0), w[j]: _adjugate / _determinant}

_map = {name: seen_through(U, name) for name in (k, r, s)}
_deviation = _map[k] - w[k]

ABOVE_DUAL = theorem(
    "local-minima",
    "The loss of all weights is at least $G$ at their ridge",
    at_least(EXPECTED_LOSS, DUAL),
    given=(A_IS_PSD, SYMMETRIC, HIDDEN_NORM, OUTPUT_NORM, MAP_NORM, OWN_RIDGE, SOLUTION),
    reference="the reduction, then the dual",
    proof=GLOBAL_MINIMUM
    - D * lam ** (-1 / D) * OWN_THRESHOLD.at({gamma_bar: MEAN_DECAY})
    + (-D - 1) * m_norm**2 * OWN_RIDGE
    - lam * MAP_NORM
    + ((2 * _map[r] - w[r]) * SOLUTION).sum(_features)
    + NOISE_FACTOR * A_IS_PSD.at({z[k]: _deviation})
    + (NOISE_FACTOR * w[r] * _map[s] * SYMMETRIC).sum(_features, _others)
    + nonnegative(lam * norm2(_deviation, (k, 1, d[0]))),
    misses={"a ridge far too small": (without(OWN_RIDGE), Domain(ranges=_tiny, define=TWO_FEATURES))},
    prose=r"""Let $w = (\rho A + \lambda)^{-1} v$ be the ridge solution, so that $G(\lambda) = c -
        w^{\top} v + D\tau\lambda^{-1/D}$.""",
)

AT_LENGTH = equal(NORM * e[0, r], w[r], _features)
_pull = v[r] - lam * NORM * e[0, r] - NOISE_FACTOR * Sum(A[s, r] * NORM * e[0, s], _others)

BELOW_DUAL = theorem(
    "local-minima-path",
    "Weights of the ridge solution have at most the loss $G$",
    at_least(DUAL, EXPECTED_LOSS),
    given=(*ATTAINMENT.given, AT_LENGTH, SOLUTION),
    reference="attainment, then the bound on the penalty",
    proof=-ATTAINMENT
    + PENALTY_BOUND.at({Q: NORM**2, gamma_bar: MEAN_DECAY})
    + lam * NORM**2 * UNIT
    - (NORM * e[0, r] * SOLUTION).sum(_features)
    + (_pull * AT_LENGTH).sum(_features),
    misses={"no penalty": left(DUAL - _penalty)},
    prose="The path of ridge solutions bounds from the other side.",
)

#: Half the gradient of F at m ≠ 0, with the ridge of m.
_theta = LETTERS.exponent
OF_MAP = equal(lam, gamma_bar * M_SQUARED ** (1 / (D + 1) - 1))
GRADIENT = rho * a[r] * m[r] - v[r] + OF_MAP.right * m[r]
_diagonal = (rho * a[r] + lam) * delta(r, s)
_bend = 2 / _theta * m[r] * m[s] / M_SQUARED

HESSIAN = theorem(
    "local-minima-hessian",
    "Half the Hessian of $F$",
    equal(Derivative(GRADIENT, m[s]), _diagonal - lam * _bend, (r, 1, n), (s, 1, n)),
    given=(greater(M_SQUARED, 0), OF_MAP),
    reference="differentiation",
    proof=differentiate((-delta(r, s) + _bend) * OF_MAP),
    misses={"a penalty that does not bend": right(_diagonal)},
    prose="""How steep a minimum is, the Hessian of $F$ tells. In an eigenbasis of $A$ half of it is the
        derivative of half the gradient.""",
)

xi = families("xi")
_bracket = rho * a[j] + lam
_solution = v[j] / _bracket
_ridge_form = Sum(_bracket * xi[j] ** 2, EACH)
_third = in_eigenbasis(R[3])
_slope = in_eigenbasis(LETTERS.slope)
V_IS_NOT_0 = "$v$ is not 0"


def half_hessian(direction: Expr, ridge_form: Expr) -> Expr:
    """The quadratic form of half the Hessian at the ridge solution."""
    return ridge_form - 2 / _theta * lam * dot(_solution, direction) ** 2 / NORM_SQUARED


CONVEX = theorem(
    "local-minima-convex",
    "The Hessian of $F$ is at least a multiple of $H'$",
    at_least(half_hessian(xi[j], _ridge_form), _slope / _theta * _ridge_form),
    given=(SOLUTION_IS_NOT_0, V_IS_NOT_0),
    reference="Cauchy–Schwarz",
    proof=(2 / _theta * lam / NORM_SQUARED)
    * CAUCHY_SCHWARZ.at({X[j]: _solution / sqrt(_bracket), Y[j]: sqrt(_bracket) * xi[j]}),
    misses={"twice as much": right(2 * _slope / _theta * _ridge_form)},
)

CONCAVE = theorem(
    "local-minima-concave",
    "In one direction the bound is attained",
    equal(half_hessian(v[j] / _bracket**2, _third), _slope / _theta * _third),
    given=(SOLUTION_IS_NOT_0, V_IS_NOT_0),
    reference="equality in Cauchy–Schwarz",
    proof=exact_algebra,
    misses={"the exponent is left out": right(_slope * _third)},
    prose=r"At $\xi = (\rho A + \lambda)^{-1} m$ the form of $\rho A + \lambda$ is $g_3$.",
)

#: The data of the example of a bad minimum, now with noise.
_WIDTH, _NOISE, _DIGITS = 2, Rational(1, 4), 6


def landscape_table() -> Table:
    """Every stationary point of a network with two hidden layers, of two neurons and of one."""
    from symderive.arithmetic.exact import decimal
    from symderive.data.spectrum import Spectrum
    from symderive.landscape.solve import solve
    from symderive.model.network import Network

    data = Spectrum.of(EIGENVALUES, SQUARES)
    rows = []
    for alive in (_WIDTH, 1):
        network = Network(2, widths=(alive, 1), decays=DECAY, noise=(_NOISE, 0))
        landscape = solve(network, data, digits=2 * _DIGITS)
        # The living neurons of layer 1, their signs, and the sign of layer 2.
        copies = binomial(_WIDTH, alive) * 2**alive * 2
        for point in landscape.points:
            numbers = (in_tex(decimal(value, _DIGITS)) for value in (point.ridge, point.loss, point.norm))
            kind = point.kind if alive == _WIDTH else "saddle"
            rows.append((str(alive), f"${landscape.noise_factor}$", *numbers, kind, str(copies)))
    nothing = in_tex(decimal(landscape.loss_at_origin, _DIGITS))
    rows.append(("0", "", r"$\infty$", nothing, "$0$", landscape.origin, "1"))
    header = ("neurons", r"$\rho$", r"$\lambda$", "loss", r"$\lVert m\rVert$", "kind", "points")
    return Table(header, tuple(rows))


def in_tex(number: str) -> str:
    """Decimal text with its power of ten written out."""
    mantissa, _, exponent = number.partition("e")
    return rf"${mantissa} \cdot 10^{{{exponent}}}$" if exponent else f"${mantissa}$"


ROOTS = in_words(
    "local-minima-roots",
    "A root is a local minimum of the loss where it is one of $G$",
    r"""Take a root $\lambda^{*}$ and its balanced weights, where both bounds are equalities. If $G$ has a
        local minimum at $\lambda^{*}$, weights near by have a map and so a ridge near by, and a loss of at
        least $G$ there, hence at least $G(\lambda^{*})$. If it has none, there are $\lambda$ as near as one
        likes at which $G$ is smaller, and near the weights are those of their ridge solutions, whose loss
        is at most that.""",
    by="the continuity of the map, of its ridge and of the ridge solution",
    reference="any course of analysis",
    rests_on=(ABOVE_DUAL, BELOW_DUAL, AT_ROOT, CROSSINGS),
    conditions=("all decays are positive", r"$v \ne 0$"),
)

NO_MAXIMUM = in_words(
    "local-minima-no-maximum",
    "The loss has no local maximum",
    """As a function of the output weights alone, all others held fixed, the loss is a quadratic form that
        is not negative, a linear function, and the decay. So it is strictly convex, and not largest
        anywhere. Hence a stationary point that is no local minimum is a saddle.""",
    by="the theorem that strictly convex functions have no local maximum",
    reference="Rockafellar, Convex Analysis, section 32",
    rests_on=(LOSS, SECOND_MOMENTS_ARE_PSD),
    conditions=(r"$\gamma_u > 0$",),
)

ALL = in_words(
    "local-minima-all",
    "The local minima are the origin and upward crossings",
    r"""A local minimum is stationary, so it is the origin or has layers of rank one. In the second case all
        neurons of the layers with noise are alive, and a layer without noise can be rotated without
        changing the loss, by an orthogonal matrix that takes $e_i$ to the vector with all entries
        $1/\sqrt{d_i}$. So its weights are the balanced ones of a root, and $\varphi$ crosses $\tau$ upwards
        there. In turn all such points are local minima, and the origin is one if $D \ge 2$; at $D = 1$ it
        is one if no root exists. All other stationary points are saddles.""",
    by="the invariance of Euclidean norms under orthogonal matrices",
    reference="any course of linear algebra",
    rests_on=(DESCENT, CONVERSE, NO_MINIMUM, ROOTS, NO_MAXIMUM, OF_WEIGHTS, ONE_ROOT, THRESHOLD),
    conditions=("all decays are positive", r"$v \ne 0$ lies in the range of $A$"),
)

DEFINITE = in_words(
    "local-minima-definite",
    "The Hessian of $F$ at a root is definite where $H' > 0$",
    r"""The form of half the Hessian is at least $H'/\theta$ times that of $\rho A + \lambda$, with equality
        in one direction, so it is positive definite if and only if $H' > 0$. It is a positive definite
        matrix less one of rank one, so at most one of its eigenvalues is not positive.""",
    by="Weyl's inequalities for a perturbation of rank one",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.3.1",
    rests_on=(HESSIAN, CONVEX, CONCAVE),
    conditions=(r"$v \ne 0$",),
)

DERIVATION = Derivation(
    id="local-minima",
    title="All local minima",
    prose=r"""For positive decays and $v \ne 0$ the local minima of the full loss are the origin, if $D
        \ge 2$ or no root exists, and the balanced weights of the roots at which $\varphi$ crosses $\tau$
        upwards. There is no other. Which roots are minima is decided by the dual.""",
    statements=(ABOVE_DUAL, BELOW_DUAL, HESSIAN, CONVEX, CONCAVE),
    steps=(ROOTS, NO_MAXIMUM, ALL, DEFINITE),
    tables=(
        (
            r"All 65 stationary points of a network with $D = 2$, two neurons of noise $\sigma_1^2 = 1/4$ "
            "in layer 1 and one without noise in layer 2, all decays $1/50$, on the data of the bad "
            "minimum. With one living neuron in layer 1 they are saddles by theory; the others are decided "
            "by certified roots. The noise has made the third root the global minimum.",
            landscape_table,
        ),
    ),
)
