"""The one table of symbols: name, assumptions, meaning, shape, LaTeX, code name.

Two SymPy symbols with one name and different assumptions are different and print alike; so every
module takes its symbols from here.  Layer-dependent parameters are indexed (``d[1]``, ``d[i]``), which
lets one expression serve a symbolic depth and, after ``subs(D, 3).doit()``, a concrete one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Entry:
    """One row of the table.

    ``symbol`` is the SymPy object, ``shape`` its shape or domain, ``latex`` the way papers write it
    and ``code`` the ASCII name that generated programs use (unique in the table).
    """

    symbol: Any
    meaning: str
    shape: str
    latex: str
    code: str


def _positive(name: str) -> sp.Symbol:
    return sp.Symbol(name, positive=True)


def _index(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)


# Architecture
D = sp.Symbol("D", integer=True, positive=True)
n_in = sp.Symbol("d_0", integer=True, positive=True)
i, j, k, n = (_index(name) for name in "ijkn")
d = sp.IndexedBase("d", integer=True, positive=True)
gamma = sp.IndexedBase("gamma", positive=True)
gamma_u = _positive("gamma_u")
sigma = sp.IndexedBase("sigma", nonnegative=True)

# Data
a = sp.IndexedBase("a", positive=True)
p = sp.IndexedBase("p", positive=True)
a0 = _positive("a")
c = sp.Symbol("c", nonnegative=True)
v_norm = _positive("v")

# Reduction
rho = sp.Symbol("rho", positive=True)
gamma_bar = _positive("gammabar")
tau = _positive("tau")
lam = _positive("lambda")
kappa = _positive("kappa")
m_norm = _positive("m")
u = sp.Symbol("u", real=True)
theta = _positive("theta")
mu = _positive("mu")

# Isotropic data
zeta = _positive("zeta")
q = _positive("q")
t = _positive("t")

TABLE: tuple[Entry, ...] = (
    Entry(D, "number of hidden layers (depth)", "positive integer", "D", "D"),
    Entry(n_in, "number of features", "positive integer", "d_{0}", "n_in"),
    Entry(d, "width of hidden layer i", "positive integers, i = 1..D", "d", "width"),
    Entry(gamma, "weight decay of layer W_i", "positive, i = 1..D", r"\gamma", "decay"),
    Entry(gamma_u, "weight decay of the output layer U", "positive", r"\gamma_{u}", "decay_u"),
    Entry(
        sigma,
        "standard deviation of the neuron noise in layer i",
        "non-negative, i = 1..D",
        r"\sigma",
        "sigma",
    ),
    Entry(a, "eigenvalues of A", "non-negative", "a", "a"),
    Entry(p, "squared components of v in the eigenbasis of A", "non-negative", "p", "p"),
    Entry(a0, "eigenvalue of isotropic data, A = aI", "positive", "a", "a0"),
    Entry(c, "second moment of the target, E[y^2]", "non-negative", "c", "c"),
    Entry(v_norm, "norm of v = E[x y]", "positive", r"\lVert v\rVert", "v_norm"),
    Entry(rho, "noise factor, product of 1 + sigma_i^2/d_i", "at least 1", r"\rho", "rho"),
    Entry(gamma_bar, "geometric mean of the decays", "positive", r"\bar{\gamma}", "gamma_bar"),
    Entry(tau, "threshold of the scalar equation", "positive", r"\tau", "tau"),
    Entry(lam, "effective ridge", "positive", r"\lambda", "ridge"),
    Entry(kappa, "decay term that every layer carries", "positive", r"\kappa", "kappa"),
    Entry(m_norm, "norm of the end-to-end map m", "positive", r"\lVert m\rVert", "m_norm"),
    Entry(u, "logarithm of the effective ridge", "real", "u", "u"),
    Entry(theta, "exponent (D+1)/D of the scalar equation", "in (1, 2]", r"\theta", "theta"),
    Entry(mu, "mean shrinkage of the ridge solution", "in (0, 1)", r"\mu", "mu"),
    Entry(zeta, "ridge over signal, lambda/(rho a)", "positive", r"\zeta", "zeta"),
    Entry(q, "dimensionless decay of isotropic data", "positive", "q", "q"),
    Entry(t, "exponent 2D/(D+1) of the isotropic equation", "in [1, 2)", "t", "t"),
    Entry(i, "layer index", "1..D", "i", "i"),
    Entry(j, "index", "positive integer", "j", "j"),
    Entry(k, "index", "positive integer", "k", "k"),
    Entry(n, "dimension", "positive integer", "n", "n"),
)
