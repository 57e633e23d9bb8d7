"""A small vocabulary for tests of displays: letters of the network, the reduction and the ridge."""

from __future__ import annotations

from symderive.derivations.notation import (
    A_IS_PSD,
    END_TO_END,
    OUTPUTS,
    SECOND_MOMENTS,
    A,
    D,
    M,
    T,
    U,
    W,
    a,
    c,
    d,
    families,
    g,
    gamma,
    gamma_bar,
    gamma_u,
    h,
    kappa,
    lam,
    m,
    n,
    q,
    rho,
    sigma,
    sy,
    tau,
    v,
    y,
    zeta,
)
from symderive.derivations.reduction.attainment import e
from symderive.derivations.reduction.diagonal_bound import Q

from symderive.statements.display import Definition, Letter, Vocabulary

w = families("w")

LETTERS = (
    Letter("D", D),
    Letter("d_{i}", d),
    Letter("n", n),
    Letter("x", sy.x, (d[0], 1)),
    Letter("y", y),
    Letter("W_{i}", W, (d[sy.i], d[sy.i - 1])),
    Letter("U", U, (1, d[D])),
    Letter(r"\epsilon_{i}", sy.epsilon, (d[sy.i], 1)),
    Letter(r"\sigma_{i}", sigma),
    Letter(r"\gamma_{i}", gamma),
    Letter(r"\gamma_{u}", gamma_u),
    Letter(
        "h_{i}",
        h,
        (d[sy.i], 1),
        recursion=OUTPUTS,
        defined=("h_{0} = x", r"h_{i} = \operatorname{Diag}(\epsilon_{i}) W_{i} h_{i-1}"),
    ),
    Letter(
        "T_{i}",
        T,
        (d[sy.i], d[0]),
        recursion=END_TO_END,
        defined=("T_{0} = I", "T_{i} = W_{i} T_{i-1}"),
    ),
    Letter(
        "M_{i}",
        M,
        (d[sy.i], d[sy.i]),
        recursion=SECOND_MOMENTS,
        defined=("M_{0} = A", r"M_{i} = S_{i} + \sigma_{i}^{2} \operatorname{Diag}(S_{i})"),
    ),
    Letter("A", A, (d[0], d[0])),
    Letter("v", v, (d[0], 1)),
    Letter("c", c),
    Letter("m", g, (d[0], 1)),
    Letter("w", w, (d[0], 1)),
    Letter("e_{i}", e, (d[sy.i], 1)),
    Letter("Q", Q, (n, n)),
    Letter(r"\kappa", kappa),
    Letter(r"\lambda", lam),
    Letter("q", q),
    Letter(r"\zeta", zeta),
)

DEFINITIONS = (
    Definition("S_{i}", r"W_{i} M_{i-1} W_{i}^{\top}"),
    Definition("f(x)", "U h_{D}"),
    Definition(
        "L(W, U)",
        r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} (f(x) - y)^{2} + \gamma_{u} \lVert U \rVert^{2}"
        r" + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
    ),
    Definition(r"\rho", r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2}/d_{i})", letter=rho),
    Definition(r"\bar{\gamma}", r"(\gamma_{u} \prod_{i=1}^{D} \gamma_{i})^{1/(D+1)}", letter=gamma_bar),
    Definition(r"\tau", r"\bar{\gamma}^{(D+1)/D}", letter=tau),
    Definition(
        "F(m)",
        r"\rho m^{\top} A m - 2 v^{\top} m + c + (D + 1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}",
    ),
    Definition(r"\varphi(\lambda)", r"\lambda^{(D+1)/D} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2}"),
    Definition(r"G(\lambda)", r"c - v^{\top} (\rho A + \lambda I)^{-1} v + D \tau \lambda^{-1/D}"),
    Definition(r"R_{k}(\lambda)", r"v^{\top} (\rho A + \lambda I)^{-k} v"),
)

#: In an eigenbasis A is the diagonal matrix of its eigenvalues; for isotropic data it is a multiple of I.
EIGENBASIS = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("m", m, (n, 1)),
    Letter("w", w, (n, 1)),
)
ISOTROPIC = (
    Letter("A", sy.a0, (n,)),
    Letter("a", sy.a0),
    Letter("v", v, (n, 1)),
    Letter("m", m, (n, 1)),
)

VOCABULARY = Vocabulary(
    entries=(*LETTERS, *DEFINITIONS),
    settings=(("eigenbasis", EIGENBASIS), ("isotropic", ISOTROPIC)),
    standing=(A_IS_PSD,),
)
