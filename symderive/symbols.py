"""The one table of symbols: name, assumptions, meaning, shape, LaTeX, code name.

Two SymPy symbols with one name and different assumptions are different and print alike; so every
module takes its symbols from here.  Layer-dependent parameters are indexed (``d[1]``, ``d[i]``), which
lets one expression serve a symbolic depth and, after ``subs(D, 3).doit()``, a concrete one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement


@dataclass(frozen=True)
class Entry:
    """One row of the table.

    ``symbol`` is the SymPy object; ``meaning`` and ``shape`` (or domain) are words, TeX between dollars;
    ``latex`` is the way papers write it and ``code`` the ASCII name that generated programs use (unique in
    the table).
    """

    symbol: Any
    meaning: str
    shape: str
    latex: str
    code: str


class LayerMatrix(sp.MatrixExpr):
    """A matrix that belongs to a layer, such as W_i; the layer may be a symbol and be substituted.

    A ``MatrixSymbol`` keeps its index inside its name, where ``subs`` does not reach.

    >>> W.subs(i, 2), W.subs(i, 2).shape
    (W_2, (d[2], d[1]))
    """

    def __new__(cls, name: str | Str, layer: Any, rows: Any, columns: Any) -> LayerMatrix:
        return super().__new__(
            cls, Str(name) if isinstance(name, str) else name, *map(sp.S, (layer, rows, columns))
        )

    name = property(lambda self: self.args[0].name)
    layer = property(lambda self: self.args[1])
    shape = property(lambda self: self.args[2:])

    def doit(self, **_: Any) -> LayerMatrix:
        return self  # SymPy would rebuild the shape at every product, most of the time of a deep network

    def _entry(self, row: Any, column: Any, **_: Any) -> Any:
        return MatrixElement(self, row, column)

    def _sympystr(self, printer: Any) -> str:
        layer = printer._print(self.layer)
        return f"{self.name}_{layer}" if self.layer.is_Atom else f"{self.name}_({layer})"

    def _latex(self, printer: Any) -> str:
        return f"{printer._print(sp.Symbol(self.name))}_{{{printer._print(self.layer)}}}"


def _positive(name: str) -> sp.Symbol:
    return sp.Symbol(name, positive=True)


def _index(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)


# Architecture
D = sp.Symbol("D", integer=True, positive=True)
i, j, k, n = (_index(name) for name in "ijkn")
d = sp.IndexedBase("d", integer=True, positive=True)
n_in = d[0]  # the features are layer 0, so that W_1 needs no case of its own
gamma = sp.IndexedBase("gamma", positive=True)
gamma_u = _positive("gamma_u")
sigma = sp.IndexedBase("sigma", nonnegative=True)

# Weights: layer by layer as matrices, and entry by entry (layer, row, column)
W = LayerMatrix("W", i, d[i], d[i - 1])
U = sp.MatrixSymbol("U", 1, d[D])
W_entry = sp.IndexedBase("W", real=True)
U_entry = sp.IndexedBase("U", real=True)
epsilon = sp.IndexedBase("epsilon", real=True)
path = sp.IndexedBase("i", integer=True, positive=True)

# Data
x = sp.IndexedBase("x", real=True)
y = sp.Symbol("y", real=True)
A = sp.MatrixSymbol("A", n_in, n_in)
v = sp.MatrixSymbol("v", n_in, 1)
c = sp.Symbol("c", nonnegative=True)
A_entry = sp.IndexedBase("A", real=True)
v_entry = sp.IndexedBase("v", real=True)
a = sp.IndexedBase("a", nonnegative=True)
p = sp.IndexedBase("p", nonnegative=True)
a0 = _positive("a")
v_norm = _positive("v")

# The expected loss, layer by layer
h = sp.IndexedBase("h", real=True)
M = LayerMatrix("M", i, d[i], d[i])
M_entry, T_entry = (sp.IndexedBase(name, real=True) for name in "MT")
S = LayerMatrix("S", i, d[i], d[i])
v_i = LayerMatrix("v", i, d[i], 1)
M_bar = LayerMatrix("Mbar", i, d[i], d[i])
S_bar = LayerMatrix("Sbar", i, d[i], d[i])
v_bar = LayerMatrix("vbar", i, d[i], 1)
f_square = sp.Symbol("Eff", nonnegative=True)
f_target = sp.Symbol("Efy", real=True)
decay_term = sp.Symbol("Omega", nonnegative=True)
loss = sp.Symbol("L", real=True)
W_bar = LayerMatrix("Wbar", i, d[i], d[i - 1])
U_bar = sp.MatrixSymbol("Ubar", 1, d[D])

# Reduction
rho = sp.Symbol("rho", positive=True)
gamma_bar = _positive("gammabar")
tau = _positive("tau")
lam = _positive("lambda")
kappa = _positive("kappa")
kappa_mode = sp.IndexedBase("kappa", nonnegative=True)
m = sp.MatrixSymbol("m", n_in, 1)
m_entry = sp.IndexedBase("m", real=True)
m_norm = _positive("m")
m_quad = sp.Symbol("mAm", nonnegative=True)
m_lin = sp.Symbol("mv", real=True)
mean = sp.Symbol("fbar", real=True)
R = sp.IndexedBase("R", positive=True)
u = sp.Symbol("u", real=True)
theta = _positive("theta")
mu = _positive("mu")

# The paper's parametrization; its products over the widths, μ and s², get names of their own
b_u = _positive("b_u")
b = sp.IndexedBase("b", positive=True)
w = sp.MatrixSymbol("w", n_in, 1)
mu_d = _positive("mu_d")
s_d = _positive("s_d")

# Isotropic data
zeta = _positive("zeta")
q = _positive("q")
t = _positive("t")

TABLE: tuple[Entry, ...] = (
    Entry(D, "number of hidden layers (depth)", "positive integer", "D", "D"),
    Entry(n_in, "number of features", "positive integer", "d_{0}", "n_in"),
    Entry(
        d,
        r"width of layer $i$; layer 0 holds the features",
        r"positive integers, $i = 0, \dots, D$",
        "d",
        "width",
    ),
    Entry(gamma, "weight decay of layer $W_i$", r"positive, $i = 1, \dots, D$", r"\gamma", "decay"),
    Entry(gamma_u, "weight decay of the output layer $U$", "positive", r"\gamma_{u}", "decay_u"),
    Entry(
        sigma,
        "standard deviation of the neuron noise in layer $i$",
        r"non-negative, $i = 1, \dots, D$",
        r"\sigma",
        "sigma",
    ),
    Entry(W, "weights of hidden layer $i$", r"$d_i \times d_{i-1}$", "W", "W"),
    Entry(U, "weights of the output layer", r"$1 \times d_D$", "U", "U"),
    Entry(W_entry, "entry of $W_i$ in row $j$, column $k$", "real", "W", "W_entry"),
    Entry(U_entry, "entry of $U$", "real", "U", "U_entry"),
    Entry(epsilon, "noise of neuron $j$ in layer $i$", "real, mean 1, independent", r"\epsilon", "eps"),
    Entry(path, "neuron of layer $l$ on a path through the network", r"$1, \dots, d_l$", "i", "path"),
    Entry(x, "features", "real, $d_0$ of them", "x", "x"),
    Entry(y, "target", "real", "y", "y"),
    Entry(
        A,
        r"second moment of the features, $\mathbb{E}[x x^{\top}]$",
        r"$d_0 \times d_0$, positive semidefinite",
        "A",
        "A",
    ),
    Entry(v, r"mixed moment, $\mathbb{E}[x y]$", r"$d_0 \times 1$, in the range of $A$", "v", "v"),
    Entry(A_entry, "entry of $A$", "real, symmetric", "A", "A_entry"),
    Entry(v_entry, "entry of $v$", "real", "v", "v_entry"),
    Entry(h, "output of neuron $j$ in layer $i$", "real", "h", "h"),
    Entry(M, "second moment of the outputs of layer $i$, noise averaged", r"$d_i \times d_i$", "M", "M"),
    Entry(M_entry, "entry of $M_i$ in row $j$, column $k$", "real", "M", "M_entry"),
    Entry(
        T_entry,
        "entry of the map from the features to layer $i$, noise left out",
        "real",
        "T",
        "T_entry",
    ),
    Entry(S, "the same before the noise of layer $i$", r"$d_i \times d_i$", "S", "S"),
    Entry(
        v_i, "mixed moment of the outputs of layer $i$ and the target", r"$d_i \times 1$", "v", "v_layer"
    ),
    Entry(M_bar, "derivative of the loss by $M_i$", r"$d_i \times d_i$", r"\bar{M}", "M_bar"),
    Entry(S_bar, "derivative of the loss by $S_i$", r"$d_i \times d_i$", r"\bar{S}", "S_bar"),
    Entry(v_bar, "derivative of the loss by $v_i$", r"$d_i \times 1$", r"\bar{v}", "v_bar"),
    Entry(f_square, "second moment of the prediction", "non-negative", r"\mathbb{E}f^{2}", "f_square"),
    Entry(f_target, "mixed moment of prediction and target", "real", r"\mathbb{E}fy", "f_target"),
    Entry(decay_term, "weight decay of all layers", "non-negative", r"\Omega", "decay_term"),
    Entry(loss, "expected regularized loss", "real", "L", "loss"),
    Entry(W_bar, "derivative of the loss by $W_i$", r"$d_i \times d_{i-1}$", r"\bar{W}", "W_bar"),
    Entry(U_bar, "derivative of the loss by $U$", r"$1 \times d_D$", r"\bar{U}", "U_bar"),
    Entry(a, "eigenvalues of $A$", "non-negative", "a", "a"),
    Entry(p, "squared components of $v$ in the eigenbasis of $A$", "non-negative", "p", "p"),
    Entry(a0, "eigenvalue of isotropic data, $A = aI$", "positive", "a", "a0"),
    Entry(c, r"second moment of the target, $\mathbb{E}[y^2]$", "non-negative", "c", "c"),
    Entry(v_norm, r"norm of $v$", "positive", r"\lVert v\rVert", "v_norm"),
    Entry(rho, r"noise factor, product of $1 + \sigma_i^2/d_i$", "at least 1", r"\rho", "rho"),
    Entry(gamma_bar, "geometric mean of the decays", "positive", r"\bar{\gamma}", "gamma_bar"),
    Entry(tau, r"level of the decays, the right side of the scalar equation", "positive", r"\tau", "tau"),
    Entry(lam, "effective ridge", "positive", r"\lambda", "ridge"),
    Entry(kappa, "decay term that every layer carries", "positive", r"\kappa", "kappa"),
    Entry(
        kappa_mode,
        "decay term that every layer carries for mode $p$ of several outputs",
        "non-negative",
        r"\kappa",
        "kappa_mode",
    ),
    Entry(m, "end-to-end map of the network", r"$d_0 \times 1$", "m", "m"),
    Entry(m_entry, "entry of $m$, in an eigenbasis of $A$ where there is one", "real", "m", "m_entry"),
    Entry(m_norm, "norm of the end-to-end map $m$", "positive", r"\lVert m\rVert", "m_norm"),
    Entry(m_quad, "mean square of the mean prediction", "non-negative", r"m^{\top} A m", "m_quad"),
    Entry(m_lin, "alignment of the map with the data", "real", r"m^{\top} v", "m_lin"),
    Entry(mean, r"mean prediction at $x$", "real", r"\bar{f}", "mean"),
    Entry(R, r"resolvent moment, $v^{\top} (\rho A + \lambda)^{-k} v$", "positive", "R", "R"),
    Entry(u, "logarithm of the effective ridge", "real", "u", "u"),
    Entry(theta, "exponent $(D+1)/D$ of the scalar equation", "in $(1, 2]$", r"\theta", "theta"),
    Entry(mu, "mean shrinkage of the ridge solution", "in $(0, 1)$", r"\mu", "mu"),
    Entry(zeta, r"ridge over signal, $\lambda/(\rho a)$", "positive", r"\zeta", "zeta"),
    Entry(q, "dimensionless decay of isotropic data", "positive", "q", "q"),
    Entry(t, "exponent $2D/(D+1)$ of the isotropic equation", "in $[1, 2)$", "t", "t"),
    Entry(b_u, r"scale of the output layer, $U = b_u r_D^{\top}$", "positive", "b_{u}", "b_u"),
    Entry(
        b,
        r"scale of hidden layer $i$, $W_i = b_i r_i r_{i-1}^{\top}$",
        r"positive, $i = 2, \dots, D$",
        "b",
        "b",
    ),
    Entry(w, r"rows of the first layer, $W_1 = r_1 w^{\top}$", r"$d_0 \times 1$", "w", "w"),
    Entry(mu_d, r"product of the widths (the paper's $\mu$)", "positive integer", r"\mu_{d}", "mu_d"),
    Entry(
        s_d,
        r"root of the product of $d_i (d_i + \sigma_i^2)$ (the paper's $s$)",
        "positive",
        "s_{d}",
        "s_d",
    ),
    Entry(i, "layer index", r"$1, \dots, D$", "i", "i"),
    Entry(j, "index", "positive integer", "j", "j"),
    Entry(k, "index", "positive integer", "k", "k"),
    Entry(n, "dimension", "positive integer", "n", "n"),
)


def latex(expression: Any) -> str:
    """LaTeX of an expression with the letters of the table, for a quick look in a notebook.

    >>> print(latex(v_norm + lam))
    \\lambda + \\lVert v\\rVert
    """
    names = {entry.symbol: entry.latex for entry in TABLE if isinstance(entry.symbol, sp.Symbol)}
    return sp.latex(expression, symbol_names=names)
