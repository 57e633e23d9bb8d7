"""The local minima of the full loss are those of the dual, and the origin."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Table,
    Use,
    combine,
    equal,
    greater,
    z,
)

from ..inequalities import CAUCHY_SCHWARZ, X, Y
from ..notation import (
    A_IS_PSD,
    EACH,
    END_TO_END,
    LETTERS,
    M_SQUARED,
    MEAN_DECAY,
    NOISE_FACTOR,
    OUTPUTS,
    REDUCED,
    SECOND_MOMENTS,
    A,
    D,
    U,
    W,
    a,
    d,
    gamma,
    i,
    in_eigenbasis,
    j,
    k,
    lam,
    m,
    n,
    r,
    rho,
    s,
    v,
)
from ..reduction.attainment import ATTAINMENT, NORM, OUTPUT_SCALE, UNIT, e, scale
from ..reduction.decay_bound import HIDDEN_NORM, MAP_NORM, NORM_DOMAIN, OUTPUT_NORM
from ..reduction.global_minimum import GLOBAL_MINIMUM
from ..reduction.loss import EXPECTED_LOSS, LOSS
from ..reduction.lower_bound import seen_through
from ..reduction.noise_second_moment import NOISE, SECOND_MOMENTS_ARE_PSD
from ..ridge.dual import AT_ROOT, OWN_THRESHOLD, SOLUTION_IS_NOT_0
from ..ridge.effective_ridge import NORM_SQUARED
from ..ridge.minimum_value import CROSSINGS, PENALTY_BOUND, Q
from .all_stationary_points import CONVERSE, DESCENT
from .bad_nontrivial_minimum import DECAY, EIGENVALUES, SQUARES
from .one_hidden_layer_threshold import ONE_ROOT, THRESHOLD
from .origin_local_minimum import OF_WEIGHTS
from .subnetwork_saddle import NO_MINIMUM

#: The ridge solution w, without a choice of basis, and G there.
w = sp.IndexedBase("w", real=True)
_features, _others = (r, 1, d[0]), (s, 1, d[0])
SYMMETRIC = equal(A[r, s], A[s, r], _features, _others)
SOLUTION = equal(NOISE_FACTOR * sp.Sum(A[r, s] * w[s], _others) + lam * w[r], v[r], _features)
DUAL = sy.c - sp.Sum(w[r] * v[r], _features) + D * REDUCED.decay_level * lam ** (-1 / D)

#: The ridge of a map of norm ‖m‖.
OWN_RIDGE = equal(lam, MEAN_DECAY * sy.m_norm ** (sp.Integer(2) / (D + 1) - 2))

#: Two features, for which the ridge solution is written out, and layers of one neuron.
_at = sp.Symbol("at", integer=True, nonnegative=True)  # an index from 0 on
_other = 3 - j
_TINY = sp.Rational(1, 10**60)
_resolvent = ((NOISE_FACTOR * A[_other, _other] + lam) * v[j] - NOISE_FACTOR * A[1, 2] * v[_other]) / (
    (NOISE_FACTOR * A[1, 1] + lam) * (NOISE_FACTOR * A[2, 2] + lam) - (NOISE_FACTOR * A[1, 2]) ** 2
)
TWO_FEATURES = ((d[_at], 1 + sp.KroneckerDelta(_at, 0)), (w[j], _resolvent))

_map = {name: seen_through(U, name) for name in (k, r, s)}
_deviation = _map[k] - w[k]

ABOVE_DUAL = Statement(
    id="local-minima",
    title="The loss of all weights is at least $G$ at their ridge",
    relation=Relation.AT_LEAST,
    left=EXPECTED_LOSS,
    right=DUAL,
    given=(A_IS_PSD, SYMMETRIC, HIDDEN_NORM, OUTPUT_NORM, MAP_NORM, OWN_RIDGE, SOLUTION),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=("$m$, the end-to-end map of the weights, is not 0", *NOISE),
    reference="the reduction, then the dual",
    proof=combine(
        Use(GLOBAL_MINIMUM),
        Use(OWN_THRESHOLD, times=-D * lam ** (-1 / D), where={sy.gamma_bar: MEAN_DECAY}),
        Use(OWN_RIDGE, times=-(D + 1) * sy.m_norm**2),
        Use(MAP_NORM, times=-lam),
        Use(SOLUTION, times=2 * _map[r] - w[r], over=(_features,)),
        Use(A_IS_PSD, times=NOISE_FACTOR, where={z[k]: _deviation}),
        Use(SYMMETRIC, times=NOISE_FACTOR * w[r] * _map[s], over=(_features, _others)),
        plus=lam * sp.Sum(_deviation**2, (k, 1, d[0])),
    ),
    domains=(Domain(define=(*NORM_DOMAIN.define, (lam, OWN_RIDGE.right), *TWO_FEATURES)),),
    near_misses=(
        NearMiss(
            "a ridge far too small",
            given=(A_IS_PSD, SYMMETRIC, HIDDEN_NORM, OUTPUT_NORM, MAP_NORM, SOLUTION),
            domains=(Domain(define=(*NORM_DOMAIN.define, *TWO_FEATURES), ranges=((lam, (0, _TINY)),)),),
        ),
    ),
    prose=(
        r"Let $w = (\rho A + \lambda)^{-1} v$ be the ridge solution, so that $G(\lambda) = c - w^{\top} v "
        r"+ D\tau\lambda^{-1/D}$."
    ),
)

_size = (k, 1, d[0])
_length = sp.sqrt(sp.Sum(_resolvent.xreplace({j: k}) ** 2, _size))
_decays = sy.gamma_u * sp.Product(gamma[i], (i, 1, D))
AT_LENGTH = equal(NORM * e[0, r], w[r], _features)
PATH = Domain(
    define=(
        (U[j], OUTPUT_SCALE * e[D, j]),
        (W[i, j, k], scale(i) * e[i, j] * e[i - 1, k]),
        (sy.kappa, (_length**2 * _decays) ** (1 / (D + 1))),
        (
            e[_at, j],
            sp.KroneckerDelta(_at, 0) * w[j] / _length
            + (1 - sp.KroneckerDelta(_at, 0)) * (-1) ** (_at * j) / sp.sqrt(d[_at]),
        ),
        *TWO_FEATURES,
    )
)

BELOW_DUAL = Statement(
    id="local-minima-path",
    title="Weights of the ridge solution have at most the loss $G$",
    relation=Relation.AT_LEAST,
    left=DUAL,
    right=EXPECTED_LOSS,
    given=(*ATTAINMENT.given, AT_LENGTH, SOLUTION),
    definitions=ATTAINMENT.definitions,
    conditions=NOISE,
    reference="attainment, then the bound on the penalty",
    proof=combine(
        Use(ATTAINMENT, times=-1),
        Use(PENALTY_BOUND, where={Q: NORM**2, sy.gamma_bar: MEAN_DECAY}),
        Use(UNIT, times=lam * NORM**2, where={i: 0}),
        Use(SOLUTION, times=-NORM * e[0, r], over=(_features,)),
        Use(
            AT_LENGTH,
            times=v[r] - lam * NORM * e[0, r] - NOISE_FACTOR * sp.Sum(A[s, r] * NORM * e[0, s], _others),
            over=(_features,),
        ),
    ),
    domains=(PATH,),
    near_misses=(
        NearMiss(
            "no penalty",
            left=DUAL - D * REDUCED.decay_level * lam ** (-1 / D),
            domains=(replace(PATH, ranges=((lam, (0, _TINY)),)),),
        ),
    ),
    prose="The path of ridge solutions bounds from the other side.",
)

#: Half the gradient of F at m ≠ 0, with the ridge of m.
_theta = LETTERS.exponent
OF_MAP = equal(lam, LETTERS.mean_decay * M_SQUARED ** (1 / (D + 1) - 1))
NOT_ZERO = greater(M_SQUARED, 0)
GRADIENT = rho * a[r] * m[r] - v[r] + OF_MAP.right * m[r]

HESSIAN = Statement(
    id="local-minima-hessian",
    title="Half the Hessian of $F$",
    left=sp.Derivative(GRADIENT, m[s]),
    right=(rho * a[r] + lam) * sp.KroneckerDelta(r, s) - 2 / _theta * lam * m[r] * m[s] / M_SQUARED,
    over=((r, 1, n), (s, 1, n)),
    given=(NOT_ZERO, OF_MAP),
    reference="differentiation",
    proof=Differentiate(
        combine(
            Use(
                OF_MAP,
                times=-sp.KroneckerDelta(r, s) + 2 / _theta * m[r] * m[s] / M_SQUARED,
            )
        )
    ),
    domains=(Domain(define=((lam, OF_MAP.right),)),),
    near_misses=(
        NearMiss(
            "a penalty that does not bend",
            right=(rho * a[r] + lam) * sp.KroneckerDelta(r, s),
        ),
    ),
    prose=(
        "How steep a minimum is, the Hessian of $F$ tells. In an eigenbasis of $A$ half of it is the "
        "derivative of half the gradient."
    ),
)

x = sp.IndexedBase("x", real=True)
_bracket = rho * a[j] + lam
_solution = v[j] / _bracket
_ridge_form = sp.Sum(_bracket * x[j] ** 2, EACH)
_third = in_eigenbasis(sy.R[3])
_slope = in_eigenbasis(LETTERS.slope)


def half_hessian(direction: sp.Expr, form: sp.Expr) -> sp.Expr:
    """The quadratic form of half the Hessian at the ridge solution."""
    return form - 2 / _theta * lam * sp.Sum(_solution * direction, EACH) ** 2 / NORM_SQUARED


CONVEX = Statement(
    id="local-minima-convex",
    title="The Hessian of $F$ is at least a multiple of $H'$",
    relation=Relation.AT_LEAST,
    left=half_hessian(x[j], _ridge_form),
    right=_slope / _theta * _ridge_form,
    given=(SOLUTION_IS_NOT_0,),
    conditions=("$v$ is not 0",),
    reference="Cauchy–Schwarz",
    proof=combine(
        Use(
            CAUCHY_SCHWARZ,
            times=2 / _theta * lam / NORM_SQUARED,
            where={X[j]: _solution / sp.sqrt(_bracket), Y[j]: sp.sqrt(_bracket) * x[j]},
        )
    ),
    near_misses=(
        NearMiss(
            "twice as much",
            right=2 * _slope / _theta * _ridge_form,
            domains=(Domain(ranges=((D, (1, 1)), (lam, (0, sp.Rational(1, 100))))),),
        ),
    ),
)

CONCAVE = Statement(
    id="local-minima-concave",
    title="In one direction the bound is attained",
    left=half_hessian(v[j] / _bracket**2, _third),
    right=_slope / _theta * _third,
    given=(SOLUTION_IS_NOT_0,),
    conditions=("$v$ is not 0",),
    reference="equality in Cauchy–Schwarz",
    proof=combine(),
    near_misses=(NearMiss("the noise is left out", right=_slope * _third),),
    prose=r"At $x = (\rho A + \lambda)^{-1} m$ the form of $\rho A + \lambda$ is $R_3$.",
)

#: Two features with second moments 1 and 400, as in the example of a bad minimum; now with noise.
_WIDTH, _NOISE, _DIGITS = 2, Fraction(1, 4), 6


def landscape_table() -> Table:
    """Every stationary point of a network with two hidden layers, of two neurons and of one."""
    from symderive.arithmetic.exact import decimal
    from symderive.landscape.solve import solve
    from symderive.model.network import Network
    from symderive.model.spectrum import Spectrum

    data = Spectrum.of(EIGENVALUES, SQUARES)
    rows = []
    for alive in (_WIDTH, 1):
        network = Network(2, widths=(alive, 1), decays=DECAY, noise=(_NOISE, 0))
        landscape = solve(network, data, digits=2 * _DIGITS)
        # The living neurons of layer 1, their signs, and the sign of layer 2.
        copies = comb(_WIDTH, alive) * 2**alive * 2
        for point in landscape.points:
            numbers = (in_tex(decimal(value, _DIGITS)) for value in (point.ridge, point.loss, point.norm))
            kind = point.kind if alive == _WIDTH else "saddle"
            rows.append(
                (
                    str(alive),
                    f"${landscape.noise_factor}$",
                    *numbers,
                    kind,
                    str(copies),
                )
            )
    nothing = in_tex(decimal(landscape.loss_at_origin, _DIGITS))
    rows.append(("0", "", r"$\infty$", nothing, "$0$", landscape.origin, "1"))
    header = ("neurons", r"$\rho$", r"$\lambda$", "loss", r"$\lVert m\rVert$", "kind", "points")
    return Table(header, tuple(rows))


def in_tex(number: str) -> str:
    """Decimal text with its power of ten written out."""
    mantissa, _, exponent = number.partition("e")
    return rf"${mantissa} \cdot 10^{{{exponent}}}$" if exponent else f"${mantissa}$"


# -- steps in words --------------------------------------------------------------------------------------

ROOTS = Step(
    id="local-minima-roots",
    title="A root is a local minimum of the loss where it is one of $G$",
    text=(
        r"Take a root $\lambda^{*}$ and its balanced weights, where both bounds are equalities. If $G$ has "
        r"a local minimum at $\lambda^{*}$, weights near by have a map and so a ridge near by, and a loss "
        r"of at least $G$ there, hence at least $G(\lambda^{*})$. If it has none, there are $\lambda$ as "
        r"near as one likes at which $G$ is smaller, and near the weights are those of their ridge "
        "solutions, whose loss is at most that."
    ),
    theorem="the continuity of the map, of its ridge and of the ridge solution",
    reference="any course of analysis",
    rests_on=(ABOVE_DUAL, BELOW_DUAL, AT_ROOT, CROSSINGS),
    conditions=("all decays are positive", "$v \\ne 0$"),
)

NO_MAXIMUM = Step(
    id="local-minima-no-maximum",
    title="The loss has no local maximum",
    text=(
        "As a function of the output weights alone, all others held fixed, the loss is a quadratic form "
        "that is not negative, a linear function, and the decay. So it is strictly convex, and not "
        r"largest anywhere. Hence a stationary point that is no local minimum is a saddle."
    ),
    theorem="the theorem that strictly convex functions have no local maximum",
    reference="Rockafellar, Convex Analysis, section 32",
    rests_on=(LOSS, SECOND_MOMENTS_ARE_PSD),
    conditions=(r"$\gamma_u > 0$",),
)

ALL = Step(
    id="local-minima-all",
    title="The local minima are the origin and upward crossings",
    text=(
        "A local minimum is stationary, so it is the origin or has layers of rank one. In the second case "
        r"all neurons of the layers with noise are alive, and a layer without noise can be rotated "
        r"without changing the loss, by an orthogonal matrix that takes $e_i$ to the vector with all "
        r"entries $1/\sqrt{d_i}$. So its weights are the balanced ones of a root, and $\varphi$ crosses "
        r"$\tau$ upwards there. In turn all such points are local minima, and the origin is one if "
        r"$D \ge 2$; at $D = 1$ it is one if no root exists. All other stationary points are saddles."
    ),
    theorem="the invariance of Euclidean norms under orthogonal matrices",
    reference="any course of linear algebra",
    rests_on=(DESCENT, CONVERSE, NO_MINIMUM, ROOTS, NO_MAXIMUM, OF_WEIGHTS, ONE_ROOT, THRESHOLD),
    conditions=("all decays are positive", "$v \\ne 0$ lies in the range of $A$"),
)

DEFINITE = Step(
    id="local-minima-definite",
    title="The Hessian of $F$ at a root is definite where $H' > 0$",
    text=(
        r"The form of half the Hessian is at least $H'/\theta$ times that of $\rho A + \lambda$, with "
        r"equality in one direction, so it is positive definite if and only if $H' > 0$. It is a positive "
        r"definite matrix less one of rank one, so at most one of its eigenvalues is not positive."
    ),
    theorem="Weyl's inequalities for a perturbation of rank one",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.3.1",
    rests_on=(HESSIAN, CONVEX, CONCAVE),
    conditions=("$v \\ne 0$",),
)

DERIVATION = Derivation(
    id="local-minima",
    title="All local minima",
    prose=(
        r"For positive decays and $v \ne 0$ the local minima of the full loss are the origin, if $D \ge "
        r"2$ or no root exists, and the balanced weights of the roots at which $\varphi$ crosses $\tau$ "
        "upwards. There is no other. Which roots are minima is decided by the dual."
    ),
    statements=(ABOVE_DUAL, BELOW_DUAL, HESSIAN, CONVEX, CONCAVE),
    steps=(
        ROOTS,
        NO_MAXIMUM,
        ALL,
        DEFINITE,
    ),
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
