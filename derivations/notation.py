"""What every section writes with: the words of the language, the letters, and what is told by all of them.

A section begins with ``from ..notation import *``; nothing else of the package is imported by a star.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import (
    Derivative,
    Expr,
    IndexedBase,
    Integer,
    Product,
    Rational,
    Sum,
    binomial,
    exp,
    lambdify,
    log,
    oo,
    sqrt,
)

from symderive import symbols as sy
from symderive.formulas.loss import index_loss
from symderive.formulas.reduction import reduce, with_moments
from symderive.model.network import Network
from symderive.statements import (
    HYPOTHESIS,
    Claim,
    Combine,
    CountRoots,
    Derivation,
    Display,
    Domain,
    ImplicitSeries,
    LeadingTerms,
    PowerSeries,
    Recursion,
    Statement,
    Table,
    Use,
    at_least,
    both_ways,
    count,
    different,
    differentiate,
    equal,
    equivalent,
    exact_algebra,
    greater,
    in_words,
    induction,
    instead,
    left,
    limit,
    matrix_at_least,
    mean,
    nonnegative,
    right,
    semidefinite,
    theorem,
    without,
    z,
)

__all__ = ["Derivative", "Expr", "IndexedBase", "Integer", "Product", "Rational", "Sum"]
__all__ += ["binomial", "delta", "exp", "log", "oo", "sqrt"]
__all__ += ["Any", "lambdify"]
__all__ += ["HYPOTHESIS", "Claim", "Combine", "CountRoots", "Derivation", "Display", "Domain"]
__all__ += ["ImplicitSeries", "LeadingTerms", "PowerSeries", "Recursion", "Statement", "Table", "Use"]
__all__ += ["at_least", "both_ways", "count", "different", "differentiate", "equal", "equivalent"]
__all__ += ["exact_algebra", "greater", "induction", "instead", "left", "limit", "matrix_at_least", "mean"]
__all__ += ["in_words", "nonnegative", "right", "semidefinite", "theorem", "without", "z"]
__all__ += ["D", "d", "i", "j", "k", "n", "r", "s"]
__all__ += ["A", "M", "R", "T", "U", "W", "a", "b", "b_u", "c", "g", "gamma", "gamma_bar", "gamma_u", "h"]
__all__ += ["kappa", "lam", "m", "m_norm", "q", "rho", "sigma", "t", "tau", "u", "v", "v_norm", "y", "zeta"]
__all__ += ["LETTERS", "MEAN_DECAY", "NETWORK", "NOISE_FACTOR", "PAPER", "REDUCED"]
__all__ += ["A_IS_PSD", "END_TO_END", "OUTPUTS", "SECOND_MOMENTS"]
__all__ += ["EACH", "M_LINEAR", "M_QUADRATIC", "M_SQUARED", "V_SQUARED"]
__all__ += ["dot", "families", "form", "in_eigenbasis", "letters", "norm2"]

PAPER = "Ziyin, Li and Meng 2022, arXiv:2202.04777"

#: The network of symbolic depth, widths, decays and noise.
NETWORK = Network.symbolic()

delta = sp.KroneckerDelta

D, d, i, j, k, n = sy.D, sy.d, sy.i, sy.j, sy.k, sy.n
r, s = sp.symbols("r s", integer=True, positive=True)
W, U, A, v, h, y = sy.W_entry, sy.U_entry, sy.A_entry, sy.v_entry, sy.h, sy.y
sigma, gamma, gamma_u, gamma_bar, kappa, tau = (
    sy.sigma,
    sy.gamma,
    sy.gamma_u,
    sy.gamma_bar,
    sy.kappa,
    sy.tau,
)
a, b, b_u, c, lam, m_norm, rho, v_norm = sy.a, sy.b, sy.b_u, sy.c, sy.lam, sy.m_norm, sy.rho, sy.v_norm
q, t, u, zeta, R = sy.q, sy.t, sy.u, sy.zeta, sy.R


def letters(names: str, **kind: bool) -> Any:
    """Letters of a kind, real ones where nothing else is said; one alone, several as a tuple."""
    return sp.symbols(names, **(kind or {"real": True}))


def families(names: str, **kind: bool) -> Any:
    """Families of numbers of a kind, real ones where nothing else is said: letters with indices."""
    made = tuple(sp.IndexedBase(name, **(kind or {"real": True})) for name in names.split())
    return made if len(made) > 1 else made[0]


#: Second moments of the outputs of layer i, the map from the features to layer i before noise, and a vector
#: that a statement is about, whatever it is.
M, T, g = families("M T g")

_steps = dict(index_loss(NETWORK).steps)

#: h_0 = x and h_i = ε_i ∘ W_i h_{i-1}, as the loss is defined.
OUTPUTS = Recursion(h, (i, j), _steps[h[0, j]], _steps[h[i, j]])

#: M_0 = A, M_i = S_i + σ_i² Diag(S_i) with S_i = W_i M_{i-1} W_iᵀ.
SECOND_MOMENTS = Recursion(
    M,
    (i, j, k),
    A[j, k],
    (1 + sigma[i] ** 2 * delta(j, k))
    * Sum(W[i, j, r] * M[i - 1, r, s] * W[i, k, s], (r, 1, d[i - 1]), (s, 1, d[i - 1])),
)

#: T_0 = I, T_i = W_i T_{i-1}.
END_TO_END = Recursion(T, (i, j, k), delta(j, k), Sum(W[i, j, r] * T[i - 1, r, k], (r, 1, d[i - 1])))

#: The least expected loss of a map m, in the letters ρ, γ̄, τ, and with the network's own parameters.
LETTERS = reduce()
REDUCED = reduce(NETWORK)

#: ρ = Π (1 + σ_i²/d_i) and γ̄ = (γ_u Π γ_i)^{1/(D+1)}.
NOISE_FACTOR = REDUCED.noise_factor
MEAN_DECAY = REDUCED.mean_decay

#: A is positive semidefinite.
A_IS_PSD = semidefinite(A[j, k], (j, 1, d[0]), (k, 1, d[0]))

#: Components of m in an eigenbasis of A, whose eigenvalues are a_j; those of v are v_j.
m = families("m")
EACH = (j, 1, n)


def dot(first: Any, second: Any, over: Any = EACH) -> Sum:
    """Σ_j first_j second_j, over the n eigenvectors; a family without index stands for its element."""
    index = over[0]
    return Sum(_element(first, index) * _element(second, index), over)


def norm2(family: Any, over: Any = EACH) -> Sum:
    """Σ_j family_j²."""
    return dot(family, family, over)


def form(matrix: Any, vector: Any, size: Any, rows: Any = j, columns: Any = k) -> Sum:
    """vectorᵀ matrix vector; ``matrix`` is a family, or its entry in row ``rows``, column ``columns``."""
    entry = matrix[rows, columns] if isinstance(matrix, IndexedBase) else matrix
    return Sum(vector[rows] * vector[columns] * entry, (rows, 1, size), (columns, 1, size))


def _element(family: Any, index: Any) -> Any:
    return family[index] if isinstance(family, IndexedBase) else family


#: ‖m‖², mᵀAm, mᵀv and ‖v‖² in the eigenbasis.
M_SQUARED, M_QUADRATIC, M_LINEAR, V_SQUARED = norm2(m), Sum(a[j] * m[j] ** 2, EACH), dot(m, v), norm2(v)


def in_eigenbasis(expression: Any) -> Any:
    """A formula of the reduction with R_k = Σ v_j²/(ρa_j + λ)^k written out."""
    return with_moments(sp.S(expression), lambda order: Sum(v[j] ** 2 / (rho * a[j] + lam) ** order, EACH))
