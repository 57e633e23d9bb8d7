"""Stationary points of F are ridge regressions."""

from ..inequalities import same_power
from ..notation import *

#: F in an eigenbasis of A, without its penalty.
SMOOTH = LETTERS.loss(M_QUADRATIC, M_LINEAR, Integer(0))

#: ‖m‖², and λ = γ̄ ‖m‖^{2/(D+1) - 2}: what the penalty is worth as a ridge.
Q = letters("Q", positive=True)
RIDGE = gamma_bar * Q ** (1 / (D + 1) - 1)

#: Eigenvectors of A, and a vector g and its components m_l along them.
basis = families("B")
l = letters("l", integer=True, positive=True)  # noqa: E741 - as in print
_features, _others, MODE = (j, 1, d[0]), (k, 1, d[0]), (l, 1, d[0])
EIGENVECTORS = equal(Sum(A[j, k] * basis[l, k], _others), a[l] * basis[l, j], MODE, _features)
COMPLETE = equal(Sum(basis[l, j] * basis[l, k], MODE), delta(j, k), _features, _others)
COMPONENTS = equal(m[l], Sum(basis[l, j] * g[j], _features), MODE)

QUADRATIC_IN_BASIS = theorem(
    "effective-ridge-eigenbasis",
    "The quadratic form in an eigenbasis",
    equal(form(A, g, d[0]), Sum(a[l] * m[l] ** 2, MODE)),
    given=(EIGENVECTORS, COMPLETE, COMPONENTS),
    reference="a change of basis",
    # gᵀAg = Σ_l g·AB_l g·B_l = Σ_l a_l (g·B_l)², and m_l = g·B_l twice
    proof=(-g[j] * A[j, r] * g[k] * COMPLETE.at({j: r})).sum(_features, (r, 1, d[0]), _others)
    + (g[j] * Sum(basis[l, r] * g[r], (r, 1, d[0])) * EIGENVECTORS).sum(MODE, _features)
    + (-a[l] * (m[l] + COMPONENTS.right) * COMPONENTS).sum(MODE),
    misses={"other vectors": without(EIGENVECTORS)},
    prose="Let the rows of $B$ be an orthonormal basis of eigenvectors of $A$, with eigenvalues $a_l$.",
)

_target = Sum(basis[l, k] * v[k], _others)

PRODUCT_IN_BASIS = theorem(
    "effective-ridge-components",
    "The inner product in an orthonormal basis",
    equal(dot(g, v, _features), Sum(m[l] * _target, MODE)),
    given=(COMPLETE, COMPONENTS),
    reference="a change of basis",
    proof=(-g[j] * v[k] * COMPLETE).sum(_features, _others) - (_target * COMPONENTS).sum(MODE),
    misses={"a basis that is not complete": without(COMPLETE)},
    prose="""So $F$ has the same form in $m_l$ and the components of $v$ as in the features; at $v = m$
        this is the norm.""",
)

#: The rows of B are the eigenvectors, BA = ΛB, and w is the ridge solution (ρA + λ) w = v.
ROWS = equal(Sum(A[j, k] * basis[l, j], _features), a[l] * basis[l, k], MODE, _others)
w = families("w")
SOLVES = equal(rho * Sum(A[j, k] * w[k], _others) + lam * w[j], v[j], _features)
_solved = Sum(basis[l, k] * w[k], _others)
_of_solution = _target / (rho * a[l] + lam)
_in_words = (r"B A = \Lambda B", r"(\rho A + \lambda I) w = v")

SOLUTION_IN_BASIS = theorem(
    "eigenbasis-solution",
    "The ridge solution in an eigenbasis",
    equal(_solved, _of_solution, MODE),
    given=(ROWS, SOLVES),
    reference="a change of basis",
    proof=(basis[l, j] / (rho * a[l] + lam) * SOLVES).sum(_features)
    + (-rho * w[k] / (rho * a[l] + lam) * ROWS).sum(_others),
    misses={"other vectors": without(ROWS), "another vector": without(SOLVES)},
    display=Display(r"B w = (\rho \Lambda + \lambda I)^{-1} B v", given=_in_words),
)


def _product_in_basis(other: Any) -> Use:
    """w·other = Σ_l (b_l·w)(b_l·other)."""
    return PRODUCT_IN_BASIS.at({g[j]: w[j], v[k]: other, m[l]: _solved}).because(None, exact_algebra)


NORM_IN_BASIS = theorem(
    "eigenbasis-norm",
    "The norm of the ridge solution",
    equal(norm2(w, _features), Sum(_of_solution**2, MODE)),
    given=(COMPLETE, ROWS, SOLVES),
    reference="a change of basis",
    proof=_product_in_basis(w[k]) + ((_solved + _of_solution) * SOLUTION_IN_BASIS).sum(MODE),
    misses={"a basis that is not complete": without(COMPLETE), "other vectors": without(ROWS)},
    display=Display(
        r"\lVert w \rVert^{2} = \lVert (\rho \Lambda + \lambda I)^{-1} B v \rVert^{2}",
        given=(r"B^{\top} B = I", *_in_words),
    ),
)

ALIGNMENT_IN_BASIS = theorem(
    "eigenbasis-alignment",
    "The ridge solution against the target",
    equal(dot(w, v, _features), Sum(_target**2 / (rho * a[l] + lam), MODE)),
    given=(COMPLETE, ROWS, SOLVES),
    reference="a change of basis",
    proof=_product_in_basis(v[k]) + (_target * SOLUTION_IN_BASIS).sum(MODE),
    misses={"a basis that is not complete": without(COMPLETE), "other vectors": without(ROWS)},
    display=Display(
        r"v^{\top} w = (B v)^{\top} (\rho \Lambda + \lambda I)^{-1} B v",
        given=(r"B^{\top} B = I", *_in_words),
    ),
)

GRADIENT = theorem(
    "effective-ridge-data-gradient",
    "The gradient of the data term",
    equal(Derivative(SMOOTH, m[k]), 2 * (rho * a[k] * m[k] - v[k]), (k, 1, n)),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(2 * (rho * a[k] * m[k] + v[k]))},
    prose="In an eigenbasis of $A$ with eigenvalues $a_j$ the gradient is taken component by component.",
)

PENALTY_GRADIENT = theorem(
    "effective-ridge-penalty-gradient",
    "The penalty acts on $m$ as a ridge",
    equal(Derivative(LETTERS.penalty(sqrt(Q)), Q), RIDGE),
    given=(r"$Q = \lVert m\rVert^2 \ne 0$",),
    reference="differentiation",
    proof=differentiate(),
    misses={"a factor D + 1": right((D + 1) * RIDGE)},
    prose=r"""With $Q = \lVert m\rVert^2$ and $\partial Q/\partial m_k = 2 m_k$ the penalty adds $2
        \lambda m_k$.""",
)

#: λ = γ̄ ‖m‖^{2/(D+1) - 2}, the ridge of m.
NOT_ZERO = greater(M_SQUARED, 0)
OF_MAP = equal(lam, RIDGE.xreplace({Q: M_SQUARED}))

#: In displays.
OWN_RIDGE = (r"m \ne 0", r"\lambda = \bar{\gamma} \lVert m \rVert^{-t}")
_loss = LETTERS.loss(M_QUADRATIC, M_LINEAR, sqrt(M_SQUARED))

WHOLE_GRADIENT = theorem(
    "effective-ridge-gradient",
    "The gradient of $F$, with the ridge of $m$",
    equal(
        Derivative(_loss, m[k]),
        2 * (rho * a[k] * m[k] - v[k]) + 2 * lam * m[k],
        (k, 1, n),
    ),
    given=(NOT_ZERO, OF_MAP),
    reference="differentiation",
    proof=differentiate(-2 * m[k] * OF_MAP),
    misses={"another ridge": without(OF_MAP)},
    prose=r"Both parts together: at $m \ne 0$ the gradient is that of a ridge regression.",
    display=Display(r"\nabla F(m) = 2 (\rho A + \lambda I) m - 2 v", given=OWN_RIDGE),
)

_stationary = equal(2 * (rho * a[k] * m[k] - v[k]) + 2 * lam * m[k], 0)
_solution = equal(m[k], v[k] / (rho * a[k] + lam))

_bracket = rho * a[k] + lam

STATIONARY_POINTS = theorem(
    "effective-ridge-stationary",
    "Stationary points of $F$ solve a ridge regression",
    equivalent(equal(Derivative(_loss, m[k]), 0), _solution, (k, 1, n)),
    given=(NOT_ZERO, OF_MAP),
    reference=f"{PAPER}, the first layer of the global minimum",
    proof=both_ways(
        equal(Derivative(_loss, m[k]), 0) / (2 * _bracket) - WHOLE_GRADIENT / (2 * _bracket),
        WHOLE_GRADIENT + 2 * _bracket * _solution,
    ),
    misses={"another ridge": without(OF_MAP)},
    display=Display(r"\nabla F(m) = 0 \iff m = (\rho A + \lambda I)^{-1} v", given=OWN_RIDGE),
)

EFFECTIVE_RIDGE = theorem(
    "effective-ridge",
    "At a given ridge, stationary means the ridge solution",
    equivalent(_stationary, _solution, (k, 1, n)),
    given=(r"$m \ne 0$",),
    reference=f"{PAPER}, the first layer of the global minimum",
    proof=both_ways(_stationary / (2 * (rho * a[k] + lam)), 2 * (rho * a[k] + lam) * _solution),
    misses={"the noise is left out": right(equal(m[k], v[k] / (a[k] + lam)))},
)

#: λ at the ridge solution itself, and the equation φ(λ) = τ.
NORM_SQUARED = in_eigenbasis(LETTERS.norm_squared)
TAU = gamma_bar ** ((D + 1) / D)
S_POSITIVE = equal(NORM_SQUARED, Q)
_at_lambda = equal(lam, RIDGE)
_equation = equal(in_eigenbasis(LETTERS.characteristic), TAU)
_theta = (D + 1) / D
SOLUTION = r"m = (\rho A + \lambda I)^{-1} v"

EQUATION = theorem(
    "effective-ridge-equation",
    "The ridge solves one scalar equation",
    equivalent(_at_lambda, _equation),
    given=(S_POSITIVE, r"$v \ne 0$, so that the ridge solution is not 0"),
    reference=f"{PAPER}, the condition of the global minimum",
    # λ = γ̄ Q^{-D/(D+1)}, so λ^{D/(D+1)·…}: both sides to the power θ, times Q.
    proof=both_ways(
        same_power(lam**_theta * Q, TAU, D / (D + 1)).because(Q ** (D / (D + 1)) * _at_lambda)
        + lam**_theta * S_POSITIVE,
        same_power(lam, RIDGE, _theta).because(_equation / Q - lam**_theta / Q * S_POSITIVE),
    ),
    misses={"a wrong exponent": right(equal(lam ** ((D + 2) / D) * NORM_SQUARED, TAU))},
    display=Display(
        r"\lambda = \bar{\gamma} \lVert m \rVert^{-t} \iff \varphi(\lambda) = \tau",
        where=SOLUTION,
        given=r"m \ne 0",
        at={Q: r"\lVert m \rVert^{2}"},
    ),
    prose=r"""Now $\lambda$ has to be the one that its own solution asks for. With $\tau =
        \bar\gamma^{(D+1)/D}$ this is one equation, $\varphi(\lambda) = \tau$, for one number.""",
)

_decays = gamma_u * Product(gamma[j], (j, 1, D))
TAU_IS = equal(tau**D, _decays)
MEAN_IS = equal(gamma_bar ** (D + 1), _decays)

THRESHOLD = theorem(
    "effective-ridge-threshold",
    "The threshold in terms of the mean decay",
    equal(tau, TAU),
    given=(TAU_IS, MEAN_IS),
    reference=r"the definitions of $\tau$ and $\bar\gamma$",
    proof=same_power(tau, TAU, D).because(TAU_IS - MEAN_IS),
    misses={"a wrong exponent": right(gamma_bar ** (D + 1))},
    prose=r"The decays enter through $\tau = (\gamma_u \prod_i \gamma_i)^{1/D}$ alone.",
)

HAS_EIGENBASIS = in_words(
    "effective-ridge-spectral",
    "The features can be turned into an eigenbasis",
    """The second moments $A$ are a symmetric matrix, so there is an orthonormal basis of eigenvectors,
        and the eigenvalues are not negative because $A$ is positive semidefinite. In this basis $F$ is
        what the formulas of this and the following sections say; equal eigenvalues are told apart by their
        index.""",
    by="the spectral theorem",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.1.5",
    rests_on=(QUADRATIC_IN_BASIS, PRODUCT_IN_BASIS, NORM_IN_BASIS, ALIGNMENT_IN_BASIS),
    display=Display(r"B A = \Lambda B,\quad B^{\top} B = I", setting="basis"),
)

DERIVATION = Derivation(
    id="effective-ridge",
    title="The effective ridge",
    prose="""What is left is to minimize $F$. Away from 0 it is smooth, and its stationary points are
        ridge regressions.""",
    statements=(
        *(QUADRATIC_IN_BASIS, PRODUCT_IN_BASIS, SOLUTION_IN_BASIS, NORM_IN_BASIS, ALIGNMENT_IN_BASIS),
        *(GRADIENT, PENALTY_GRADIENT, WHOLE_GRADIENT, STATIONARY_POINTS),
        *(EFFECTIVE_RIDGE, EQUATION, THRESHOLD),
    ),
    steps=(HAS_EIGENBASIS,),
)
