"""Letters and recursions that the sections share."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.loss import index_loss
from symderive.network import Network
from symderive.statement import Recursion

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


def total(term: sp.Expr, *indices: sp.Symbol, upto: sp.Expr) -> sp.Sum:
    """Σ term over indices that all run from 1 to ``upto``."""
    return sp.Sum(term, *((index, 1, upto) for index in indices))


#: ρ = Π (1 + σ_i²/d_i).
NOISE_FACTOR = sp.Product(1 + sigma[i] ** 2 / d[i], (i, 1, D))
