"""Letters and recursions that the sections share."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.loss import index_loss
from symderive.formulas.reduction import reduce, with_moments
from symderive.model.network import Network
from symderive.statements import Recursion, semidefinite

PAPER = "Ziyin, Li and Meng 2022, arXiv:2202.04777"

#: The network of symbolic depth, widths, decays and noise.
NETWORK = Network.symbolic()

i, j, k, n, D = sy.i, sy.j, sy.k, sy.n, sy.D
r, s = (sp.Symbol(name, integer=True, positive=True) for name in "rs")
W, U, A, v, d, sigma, gamma = sy.W_entry, sy.U_entry, sy.A_entry, sy.v_entry, sy.d, sy.sigma, sy.gamma

#: Second moments of the outputs of layer i, and the map from the features to layer i before noise.
M = sp.IndexedBase("M", real=True)
T = sp.IndexedBase("T", real=True)

#: A vector that a statement is about, whatever it is.
g = sp.IndexedBase("g", real=True)

_steps = dict(index_loss(NETWORK).steps)

#: h_0 = x and h_i = ε_i ∘ W_i h_{i-1}, as the loss is defined.
OUTPUTS = Recursion(sy.h, (i, j), _steps[sy.h[0, j]], _steps[sy.h[i, j]])

#: M_0 = A, M_i = S_i + σ_i² Diag(S_i) with S_i = W_i M_{i-1} W_iᵀ.
SECOND_MOMENTS = Recursion(
    M,
    (i, j, k),
    A[j, k],
    (1 + sigma[i] ** 2 * sp.KroneckerDelta(j, k))
    * sp.Sum(W[i, j, r] * M[i - 1, r, s] * W[i, k, s], (r, 1, d[i - 1]), (s, 1, d[i - 1])),
)

#: T_0 = I, T_i = W_i T_{i-1}.
END_TO_END = Recursion(
    T, (i, j, k), sp.KroneckerDelta(j, k), sp.Sum(W[i, j, r] * T[i - 1, r, k], (r, 1, d[i - 1]))
)


#: The least expected loss of a map m, in the letters ρ, γ̄, τ, and with the network's own parameters.
LETTERS = reduce()
REDUCED = reduce(NETWORK)

#: ρ = Π (1 + σ_i²/d_i) and γ̄ = (γ_u Π γ_i)^{1/(D+1)}.
NOISE_FACTOR = REDUCED.noise_factor
MEAN_DECAY = REDUCED.mean_decay

#: A is positive semidefinite.
A_IS_PSD = semidefinite(A[j, k], (j, 1, d[0]), (k, 1, d[0]))

#: Components of m in an eigenbasis of A, whose eigenvalues are a_j; those of v are v_j.
m = sp.IndexedBase("m", real=True)
a, rho, lam, tau = sy.a, sy.rho, sy.lam, sy.tau
EACH = (j, 1, n)


def dot(left: Any, right: Any) -> sp.Sum:
    """Σ_j left_j right_j over the n eigenvectors; a family without index stands for its element j."""
    return sp.Sum(_element(left) * _element(right), EACH)


def _element(family: Any) -> Any:
    return family[j] if isinstance(family, sp.IndexedBase) else family


#: ‖m‖², mᵀAm, mᵀv and ‖v‖² in the eigenbasis.
M_SQUARED, M_QUADRATIC, M_LINEAR, V_SQUARED = (
    dot(m, m),
    sp.Sum(a[j] * m[j] ** 2, EACH),
    dot(m, v),
    dot(v, v),
)


def in_eigenbasis(expression: Any) -> Any:
    """A formula of the reduction with R_k = Σ v_j²/(ρa_j + λ)^k written out."""
    return with_moments(expression, lambda order: sp.Sum(v[j] ** 2 / (rho * a[j] + lam) ** order, EACH))
