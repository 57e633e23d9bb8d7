"""Stationary points of F are ridge regressions."""

from ..inequalities import same_power
from ..notation import *

#: F in an eigenbasis of A, without its penalty.
SMOOTH = LETTERS.loss(M_QUADRATIC, M_LINEAR, Integer(0))

#: ‖m‖², and λ = γ̄ ‖m‖^{2/(D+1) - 2}: what the penalty is worth as a ridge.
Q = letters("Q", positive=True)
RIDGE = gamma_bar * Q ** (1 / (D + 1) - 1)

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

_stationary = equal(2 * (rho * a[k] * m[k] - v[k]) + 2 * lam * m[k], 0)
_solution = equal(m[k], v[k] / (rho * a[k] + lam))

EFFECTIVE_RIDGE = theorem(
    "effective-ridge",
    "Stationary points are ridge solutions",
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

DERIVATION = Derivation(
    id="effective-ridge",
    title="The effective ridge",
    prose="""What is left is to minimize $F$. Away from 0 it is smooth, and its stationary points are
        ridge regressions.""",
    statements=(GRADIENT, PENALTY_GRADIENT, EFFECTIVE_RIDGE, EQUATION, THRESHOLD),
)
