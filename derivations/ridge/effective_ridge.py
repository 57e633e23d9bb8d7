"""Stationary points of F are ridge regressions."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
    greater,
)

from ..inequalities import SAME_POWER
from ..inequalities import s as power
from ..inequalities import x as first
from ..inequalities import y as second
from ..notation import (
    LETTERS,
    M_LINEAR,
    M_QUADRATIC,
    M_SQUARED,
    PAPER,
    A,
    D,
    a,
    d,
    g,
    in_eigenbasis,
    j,
    k,
    lam,
    m,
    n,
    r,
    rho,
    v,
)

#: F in an eigenbasis of A, without its penalty.
SMOOTH = LETTERS.loss(M_QUADRATIC, M_LINEAR, sp.Integer(0))
q = sp.Symbol("Q", positive=True)
PENALTY = LETTERS.penalty(sp.sqrt(q))

#: λ = γ̄ ‖m‖^{2/(D+1) - 2}: what the penalty is worth as a ridge.
RIDGE = LETTERS.mean_decay * q ** (1 / (D + 1) - 1)

GRADIENT = Statement(
    id="effective-ridge-data-gradient",
    title="The gradient of the data term",
    left=sp.Derivative(SMOOTH, m[k]),
    right=2 * (rho * a[k] * m[k] - v[k]),
    over=((k, 1, n),),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=2 * (rho * a[k] * m[k] + v[k])),),
    prose="In an eigenbasis of $A$ with eigenvalues $a_j$ the gradient is taken component by component.",
)

PENALTY_GRADIENT = Statement(
    id="effective-ridge-penalty-gradient",
    title="The penalty acts on $m$ as a ridge",
    left=sp.Derivative(PENALTY, q),
    right=RIDGE,
    conditions=(r"$Q = \lVert m\rVert^2 \ne 0$",),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a factor D + 1", right=(D + 1) * RIDGE),),
    prose=(
        r"With $Q = \lVert m\rVert^2$ and $\partial Q/\partial m_k = 2 m_k$ the penalty adds $2 "
        r"\lambda m_k$."
    ),
)

_stationary = sp.Eq(2 * (rho * a[k] * m[k] - v[k]) + 2 * lam * m[k], 0, evaluate=False)
_solution = sp.Eq(m[k], v[k] / (rho * a[k] + lam), evaluate=False)

EFFECTIVE_RIDGE = Statement(
    id="effective-ridge",
    title="At a given ridge, stationary means the ridge solution",
    relation=Relation.EQUIVALENT,
    left=_stationary,
    right=_solution,
    over=((k, 1, n),),
    conditions=(r"$m \ne 0$",),
    reference=f"{PAPER}, the first layer of the global minimum",
    proof=BothWays(
        combine(Use(equal(*_stationary.args), times=1 / (2 * (rho * a[k] + lam)))),
        combine(Use(equal(*_solution.args), times=2 * (rho * a[k] + lam))),
    ),
    domains=(Domain(), Domain(define=((m[k], v[k] / (rho * a[k] + lam)),))),
    near_misses=(
        NearMiss("the noise is left out", right=sp.Eq(m[k], v[k] / (a[k] + lam), evaluate=False)),
    ),
)

#: λ at the ridge solution itself, and the equation φ(λ) = τ.
NORM_SQUARED = in_eigenbasis(LETTERS.norm_squared)
TAU = LETTERS.mean_decay ** ((D + 1) / D)
S_POSITIVE = equal(NORM_SQUARED, q)
_at_lambda = sp.Eq(lam, RIDGE, evaluate=False)
_equation = sp.Eq(in_eigenbasis(LETTERS.characteristic), TAU, evaluate=False)


_theta = (D + 1) / D

EQUATION = Statement(
    id="effective-ridge-equation",
    title="The ridge solves one scalar equation",
    relation=Relation.EQUIVALENT,
    left=_at_lambda,
    right=_equation,
    given=(S_POSITIVE,),
    conditions=(r"$v \ne 0$, so that the ridge solution is not 0",),
    reference=f"{PAPER}, the condition of the global minimum",
    proof=BothWays(
        # λ = γ̄ Q^{-D/(D+1)}, so λ^{D/(D+1)·…}: both sides to the power θ, times Q.
        combine(
            Use(
                SAME_POWER,
                where={first: lam**_theta * q, second: TAU, power: D / (D + 1)},
                given=(combine(Use(equal(*_at_lambda.args), times=q ** (D / (D + 1)))),),
            ),
            Use(S_POSITIVE, times=lam**_theta),
        ),
        combine(
            Use(
                SAME_POWER,
                where={first: lam, second: RIDGE, power: _theta},
                given=(
                    combine(
                        Use(equal(*_equation.args), times=1 / q),
                        Use(S_POSITIVE, times=-(lam**_theta) / q),
                    ),
                ),
            )
        ),
    ),
    domains=(
        Domain(define=((q, NORM_SQUARED),)),
        Domain(define=((q, NORM_SQUARED), (sy.gamma_bar, lam * q ** (1 - 1 / (D + 1))))),
    ),
    near_misses=(
        NearMiss(
            "a wrong exponent",
            right=sp.Eq(lam ** ((D + 2) / D) * NORM_SQUARED, TAU, evaluate=False),
        ),
    ),
    prose=(
        r"Now $\lambda$ has to be the one that its own solution asks for. With $\tau = "
        r"\bar\gamma^{(D+1)/D}$ this is one equation, $\varphi(\lambda) = \tau$, for one number."
    ),
)

_decays = sy.gamma_u * sp.Product(sy.gamma[j], (j, 1, D))
TAU_IS = equal(sy.tau**D, _decays)
MEAN_IS = equal(sy.gamma_bar ** (D + 1), _decays)

THRESHOLD = Statement(
    id="effective-ridge-threshold",
    title="The threshold in terms of the mean decay",
    left=sy.tau,
    right=TAU,
    given=(TAU_IS, MEAN_IS),
    reference=r"the definitions of $\tau$ and $\bar\gamma$",
    proof=combine(
        Use(
            SAME_POWER,
            where={first: sy.tau, second: TAU, power: D},
            given=(combine(Use(TAU_IS), Use(MEAN_IS, times=-1)),),
        )
    ),
    domains=(Domain(define=((sy.tau, _decays ** (1 / D)), (sy.gamma_bar, _decays ** (1 / (D + 1))))),),
    near_misses=(NearMiss("a wrong exponent", right=sy.gamma_bar ** (D + 1)),),
    prose=r"The decays enter through $\tau = (\gamma_u \prod_i \gamma_i)^{1/D}$ alone.",
)

# -- the eigenbasis, and the whole gradient ---------------------------------------------------------------

#: Eigenvectors of A, and a vector g and its components m_l along them.
basis = sp.IndexedBase("b", real=True)
l = sp.Symbol("l", integer=True, positive=True)  # noqa: E741 - as in print
_features, _others, MODE = (j, 1, d[0]), (k, 1, d[0]), (l, 1, d[0])
EIGENVECTORS = equal(sp.Sum(A[j, k] * basis[l, k], _others), a[l] * basis[l, j], MODE, _features)
COMPLETE = equal(sp.Sum(basis[l, j] * basis[l, k], MODE), sp.KroneckerDelta(j, k), _features, _others)
COMPONENTS = equal(m[l], sp.Sum(basis[l, j] * g[j], _features), MODE)

#: The standard basis turned by a reflection along u, and the matrix that has it for eigenvectors.
_u = sp.IndexedBase("u", positive=True)


def _mirrored(first: Any, second: Any) -> Any:
    norm = sp.Sum(_u[r] ** 2, (r, 1, d[0]))
    return sp.KroneckerDelta(first, second) - 2 * _u[first] * _u[second] / norm


IN_BASIS = Domain(
    define=(
        (basis[l, j], _mirrored(l, j)),
        (A[j, k], sp.Sum(a[l] * _mirrored(l, j) * _mirrored(l, k), MODE)),
        (m[l], COMPONENTS.right),
    )
)

QUADRATIC_IN_BASIS = Statement(
    id="effective-ridge-eigenbasis",
    title="The quadratic form in an eigenbasis",
    left=sp.Sum(g[j] * A[j, k] * g[k], _features, _others),
    right=sp.Sum(a[l] * m[l] ** 2, MODE),
    given=(EIGENVECTORS, COMPLETE, COMPONENTS),
    reference="a change of basis",
    # gᵀAg = Σ_l g·A b_l g·b_l = Σ_l a_l (g·b_l)², and m_l = g·b_l twice
    proof=combine(
        Use(
            COMPLETE,
            times=-g[j] * A[j, r] * g[k],
            where={j: r},
            over=(_features, (r, 1, d[0]), _others),
        ),
        Use(EIGENVECTORS, times=g[j] * sp.Sum(basis[l, r] * g[r], (r, 1, d[0])), over=(MODE, _features)),
        Use(COMPONENTS, times=-a[l] * (m[l] + COMPONENTS.right), over=(MODE,)),
    ),
    domains=(IN_BASIS,),
    near_misses=(
        NearMiss(
            "other vectors",
            given=(COMPLETE, COMPONENTS),
            domains=(Domain(define=(IN_BASIS.define[0], IN_BASIS.define[2])),),
        ),
    ),
    prose="Let $b_l$ be an orthonormal basis of eigenvectors of $A$, with eigenvalues $a_l$.",
)

PRODUCT_IN_BASIS = Statement(
    id="effective-ridge-components",
    title="The inner product in an orthonormal basis",
    left=sp.Sum(g[j] * v[j], _features),
    right=sp.Sum(m[l] * sp.Sum(basis[l, k] * v[k], _others), MODE),
    given=(COMPLETE, COMPONENTS),
    reference="a change of basis",
    proof=combine(
        Use(COMPLETE, times=-g[j] * v[k], over=(_features, _others)),
        Use(COMPONENTS, times=-sp.Sum(basis[l, k] * v[k], _others), over=(MODE,)),
    ),
    domains=(IN_BASIS,),
    near_misses=(
        NearMiss(
            "a basis that is not complete",
            given=(COMPONENTS,),
            domains=(Domain(define=(IN_BASIS.define[2],)),),
        ),
    ),
    prose=(
        r"So $F$ has the same form in $m_l$ and the components of $v$ as in the features; at $v = m$ this "
        "is the norm."
    ),
)

#: λ = γ̄ ‖m‖^{2/(D+1) - 2}, the ridge of m.
NOT_ZERO = greater(M_SQUARED, 0)
OF_MAP = equal(lam, RIDGE.xreplace({q: M_SQUARED}))

WHOLE_GRADIENT = Statement(
    id="effective-ridge-gradient",
    title="The gradient of $F$, with the ridge of $m$",
    left=sp.Derivative(LETTERS.loss(M_QUADRATIC, M_LINEAR, sp.sqrt(M_SQUARED)), m[k]),
    right=2 * (rho * a[k] * m[k] - v[k]) + 2 * lam * m[k],
    over=((k, 1, n),),
    given=(NOT_ZERO, OF_MAP),
    reference="differentiation",
    proof=Differentiate(combine(Use(OF_MAP, times=-2 * m[k]))),
    domains=(Domain(define=((lam, OF_MAP.right),)),),
    near_misses=(NearMiss("another ridge", given=(NOT_ZERO,), domains=(Domain(),)),),
    prose=r"Both parts together: at $m \ne 0$ the gradient is that of a ridge regression.",
)

# -- steps in words --------------------------------------------------------------------------------------

HAS_EIGENBASIS = Step(
    id="effective-ridge-spectral",
    title="The features can be turned into an eigenbasis",
    text=(
        "The second moments $A$ are a symmetric matrix, so there is an orthonormal basis of eigenvectors, "
        "and the eigenvalues are not negative because $A$ is positive semidefinite. In this basis $F$ is "
        "what the formulas of this and the following sections say; equal eigenvalues are told apart by "
        "their index."
    ),
    theorem="the spectral theorem",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.1.5",
    rests_on=(QUADRATIC_IN_BASIS, PRODUCT_IN_BASIS),
)

DERIVATION = Derivation(
    id="effective-ridge",
    title="The effective ridge",
    prose=(
        "What is left is to minimize $F$. Away from 0 it is smooth, and its stationary points are "
        "ridge regressions."
    ),
    statements=(
        QUADRATIC_IN_BASIS,
        PRODUCT_IN_BASIS,
        GRADIENT,
        PENALTY_GRADIENT,
        WHOLE_GRADIENT,
        EFFECTIVE_RIDGE,
        EQUATION,
        THRESHOLD,
    ),
    steps=(HAS_EIGENBASIS,),
)
