"""Several outputs: neighboring layers are balanced as matrices and share their singular vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    Claim,
    Derivation,
    Differentiate,
    Domain,
    Induct,
    NearMiss,
    Recursion,
    Statement,
    Use,
    combine,
    equal,
)

from ..notation import D, W, d, g, gamma, i, j, k, n, r, s

#: U is W_{D+1} here, and d_{D+1} the number of outputs.
a, kappa, size = sy.a0, sy.kappa, sy.m_norm
p, q, l = (sp.Symbol(name, integer=True, positive=True) for name in "pql")  # noqa: E741 - as in print
V, B, C, H = (sp.IndexedBase(name, real=True) for name in "VBCH")

#: Eigenvectors e_p of E, their eigenvalues κ_p, and the size z_p of the map along them.
e = sp.IndexedBase("e", real=True)
share, z = (sp.IndexedBase(name, nonnegative=True) for name in ("kappa", "z"))
FEATURES, OUTPUTS = d[0], d[D + 1]
ALL_DECAYS = sp.Product(gamma[i], (i, 1, D + 1))

_mapped = sp.Sum(B[j, r] * W[i, r, s] * C[s, k], (r, 1, d[i]), (s, 1, d[i - 1]))
PAIRS = ((j, 1, OUTPUTS), (k, 1, FEATURES))
_one_layer = sp.Sum(a * _mapped**2 - 2 * _mapped * V[j, k], *PAIRS) + gamma[i] * sp.Sum(
    W[i, r, s] ** 2, (r, 1, d[i]), (s, 1, d[i - 1])
)
_layer_slope = sp.Sum(B[j, p] * (a * _mapped - V[j, k]) * C[q, k], *PAIRS) + gamma[i] * W[i, p, q]

GRADIENT = Statement(
    id="several-outputs-gradient",
    title="The derivative by a weight of any layer",
    left=sp.Derivative(_one_layer, W[i, p, q]),
    right=2 * _layer_slope,
    over=((p, 1, d[i]), (q, 1, d[i - 1])),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss("the target is left out", right=(2 * _layer_slope).xreplace({V[j, k]: sp.Integer(0)})),
    ),
    prose=(
        r"Without noise the loss is $a \lVert M\rVert_F^2 - 2 \operatorname{tr} M^{\top} V + c + \sum_i "
        r"\gamma_i \lVert W_i\rVert_F^2$, where $M$ is the map from the inputs to the outputs, $V = "
        r"\mathbb{E}[y x^{\top}]$ and $c = \mathbb{E}\lVert y\rVert^2$. Write $M = B W_i C$, with the "
        "layers above in $B$ and those below in $C$."
    ),
)


def hidden_stationary(layers: Any) -> Claim:
    """W_{i+1}ᵀ H_i + γ_i W_i = 0, with the pull H_i on the product of layers i and i + 1."""
    slope = sp.Sum(W[i + 1, j, r] * H[i, j, k], (j, 1, d[i + 1])) + gamma[i] * W[i, r, k]
    return equal(slope, 0, (i, 1, layers), (r, 1, d[i]), (k, 1, d[i - 1]))


def next_stationary(layers: Any) -> Claim:
    """H_i W_iᵀ + γ_{i+1} W_{i+1} = 0."""
    slope = sp.Sum(H[i, j, k] * W[i, r, k], (k, 1, d[i - 1])) + gamma[i + 1] * W[i + 1, j, r]
    return equal(slope, 0, (i, 1, layers), (j, 1, d[i + 1]), (r, 1, d[i]))


STATIONARY = hidden_stationary(D), next_stationary(D)

WIDTH = sp.Symbol("width", integer=True, positive=True)

#: An orthonormal basis for every layer, a number for every member of it, and layers that use them.
f = sp.IndexedBase("f", real=True)


def mirror(layer: Any, first: Any, second: Any) -> Any:
    """Entries of the reflection along f[layer]."""
    return sp.KroneckerDelta(first, second) - 2 * f[layer, first] * f[layer, second] / sp.Sum(
        f[layer, r] ** 2, (r, 1, WIDTH)
    )


def turned(diagonal: Any, above: Any, below: Any) -> Any:
    """A matrix with ``diagonal`` (in l) between the bases of two layers, at j and k."""
    return sp.Sum(mirror(above, j, l) * diagonal * mirror(below, l, k), (l, 1, WIDTH))


_size_squared = share[l] ** (D + 1) / ALL_DECAYS
_signal = (a * _size_squared + share[l]) / sp.sqrt(_size_squared)
LAYERS = (
    (n, D),
    (d[j], WIDTH),
    (W[i, j, k], turned(sp.sqrt(share[l] / gamma[i]), i, i - 1)),
    (H[i, j, k], -sp.sqrt(gamma[i] * gamma[i + 1]) * turned(1, i + 1, i - 1)),
    (V[j, k], turned(_signal, D + 1, 0)),
    (e[p, j], mirror(0, j, p)),
    (z[p], sp.sqrt(_size_squared.xreplace({l: p}))),
    (B[j, k], turned(sp.sqrt(_size_squared * gamma[1] / share[l]), D + 1, 1)),
    (C[j, k], turned(sp.sqrt(_size_squared * gamma[D + 1] / share[l]), D, 0)),
)
STATIONARY_LAYERS = Domain(ranges=((WIDTH, (1, 2)),), define=LAYERS)
TURNED_MAP = turned(sp.sqrt(_size_squared), D + 1, 0)

BALANCE = Statement(
    id="several-outputs-balance",
    title="Neighboring layers are balanced as matrices",
    left=gamma[i + 1] * sp.Sum(W[i + 1, j, r] * W[i + 1, j, s], (j, 1, d[i + 1])),
    right=gamma[i] * sp.Sum(W[i, r, k] * W[i, s, k], (k, 1, d[i - 1])),
    over=((i, 1, n), (r, 1, d[i]), (s, 1, d[i])),
    given=(hidden_stationary(n), next_stationary(n)),
    reference="the data term sees the product of two layers only",
    proof=combine(
        Use(next_stationary(n), times=W[i + 1, j, s], over=((j, 1, d[i + 1]),)),
        Use(hidden_stationary(n), times=-W[i, r, k], where={r: s}, over=((k, 1, d[i - 1]),)),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(
        NearMiss(
            "the layer above is not stationary",
            given=(hidden_stationary(n),),
            domains=(
                Domain(
                    define=(
                        (n, sp.Integer(1)),
                        (d[j], sp.Integer(1)),
                        (H[i, j, k], -gamma[1] * W[1, 1, 1] / W[2, 1, 1]),
                    ),
                ),
            ),
        ),
    ),
    prose=(
        r"Let $H_i = B^{\top} (a M - V)\, C^{\top}$ with the layers above $W_{i+1}$ in $B$ and those below "
        r"$W_i$ in $C$. At a stationary point $W_{i+1}^{\top} H_i + \gamma_i W_i = 0$ and $H_i W_i^{\top} "
        r"+ \gamma_{i+1} W_{i+1} = 0$."
    ),
)

# -- the whole network ---------------------------------------------------------------------------------


def first_decay(row: Any, column: Any) -> Any:
    """E = γ_1 W_1ᵀ W_1 at a pair of features."""
    return gamma[1] * sp.Sum(W[1, r, row] * W[1, r, column], (r, 1, d[1]))


#: M_0 = W_1, M_i = W_{i+1} M_{i-1}; M_D is the map of the network.
M = sp.IndexedBase("M", real=True)
MAP = Recursion(M, (i, j, k), W[1, j, k], sp.Sum(W[i + 1, j, r] * M[i - 1, r, k], (r, 1, d[i])))

#: K_i is the power i + 1 of E.
K = sp.IndexedBase("K", real=True)
POWERS = Recursion(
    K, (i, j, k), first_decay(j, k), sp.Sum(K[i - 1, j, s] * first_decay(s, k), (s, 1, d[0]))
)

COMMUTE = Statement(
    id="several-outputs-commute",
    title="The first and the last layer see the same decay",
    left=gamma[D + 1] * sp.Sum(W[D + 1, j, r] * W[D + 1, s, r] * M[D, s, k], (r, 1, d[D]), (s, 1, OUTPUTS)),
    right=sp.Sum(M[D, j, l] * first_decay(l, k), (l, 1, FEATURES)),
    over=PAIRS,
    given=STATIONARY,
    definitions=(MAP,),
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                BALANCE,
                times=W[D + 2, j, r] * M[D, s, k],
                where={n: D + 1, i: D + 1},
                over=((r, 1, d[D + 1]), (s, 1, d[D + 1])),
            ),
            Use(HYPOTHESIS, times=W[D + 2, j, r], where={j: r}, over=((r, 1, d[D + 1]),)),
        ),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("the layer above is not stationary", given=STATIONARY[:1], domains=(Domain(),)),),
    prose=(
        "Put $M_0 = W_1$ and $M_i = W_{i+1} M_{i-1}$, so that $M_D$ is the map $M$ of the network. What "
        r"the last layer pays, $\gamma_{D+1} W_{D+1} W_{D+1}^{\top}$, is what the first one pays, $E = "
        r"\gamma_1 W_1^{\top} W_1$, seen through the map."
    ),
)

POWER = Statement(
    id="several-outputs-power",
    title="The square of the map is a power of the decay of a layer",
    left=ALL_DECAYS * sp.Sum(M[D, j, k] * M[D, j, l], (j, 1, OUTPUTS)),
    right=K[D, k, l],
    over=((k, 1, FEATURES), (l, 1, FEATURES)),
    given=STATIONARY,
    definitions=(MAP, POWERS),
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                BALANCE,
                times=ALL_DECAYS * M[D, r, k] * M[D, s, l],
                where={n: D + 1, i: D + 1},
                over=((r, 1, d[D + 1]), (s, 1, d[D + 1])),
            ),
            Use(COMMUTE, times=ALL_DECAYS * M[D, r, k], where={j: r, k: l}, over=((r, 1, d[D + 1]),)),
            Use(HYPOTHESIS, times=first_decay(q, l), where={l: q}, over=((q, 1, FEATURES),)),
        ),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("the layer above is not stationary", given=STATIONARY[:1], domains=(Domain(),)),),
    prose=(
        r"Balance moves the layers to the front, one after the other: $(\prod_i \gamma_i)\, M^{\top} M = "
        "E^{D+1}$. On the right are the powers $K_0 = E$ and $K_i = K_{i-1} E$."
    ),
)

#: E e_p = κ_p e_p and z_p² Π γ_i = κ_p^{D+1}.
MODE, FEATURE = (p, 1, FEATURES), (k, 1, FEATURES)
EIGENVECTORS = equal(
    sp.Sum(first_decay(k, l) * e[p, l], (l, 1, FEATURES)), share[p] * e[p, k], MODE, FEATURE
)
SIZES = equal(ALL_DECAYS * z[p] ** 2, share[p] ** (D + 1), MODE)
IMAGE = sp.Sum(M[D, j, l] * e[p, l], (l, 1, FEATURES))

ROW = Statement(
    id="several-outputs-row",
    title="A row at an eigenvector",
    left=sp.Sum(g[k] * first_decay(k, l) * e[p, l], FEATURE, (l, 1, FEATURES)),
    right=share[p] * sp.Sum(g[k] * e[p, k], FEATURE),
    over=(MODE,),
    given=(EIGENVECTORS,),
    reference="linearity",
    proof=combine(Use(EIGENVECTORS, times=g[k], over=(FEATURE,))),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("another vector", given=(), domains=(Domain(),)),),
    prose=(r"Let $e_p$ be an orthonormal basis of eigenvectors of $E$, with eigenvalues $\kappa_p \ge 0$."),
)

EIGENPOWER = Statement(
    id="several-outputs-eigenvalue",
    title="Powers of the decay of the first layer",
    left=sp.Sum(K[D, k, l] * e[p, l], (l, 1, FEATURES)),
    right=share[p] ** (D + 1) * e[p, k],
    over=(MODE, FEATURE),
    given=(EIGENVECTORS,),
    definitions=(POWERS,),
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(Use(ROW, where={g[j]: sp.KroneckerDelta(j, k)})),
        step=combine(
            Use(ROW, where={g[j]: K[D, k, j]}),
            Use(HYPOTHESIS, times=share[p]),
        ),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("a wrong exponent", right=share[p] ** D * e[p, k]),),
)

SIZE = Statement(
    id="several-outputs-size",
    title="Eigenvectors of the decay are singular vectors of the map",
    left=sp.Sum(M[D, j, k] * IMAGE, (j, 1, OUTPUTS)),
    right=z[p] ** 2 * e[p, k],
    over=(MODE, FEATURE),
    given=(*STATIONARY, EIGENVECTORS, SIZES),
    definitions=(MAP, POWERS),
    reference="the square of the map at an eigenvector",
    proof=combine(
        Use(POWER, times=e[p, l] / ALL_DECAYS, over=((l, 1, FEATURES),)),
        Use(EIGENPOWER, times=1 / ALL_DECAYS),
        Use(SIZES, times=-e[p, k] / ALL_DECAYS),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(
        NearMiss(
            "any size",
            given=(*STATIONARY, EIGENVECTORS),
            domains=(replace(STATIONARY_LAYERS, define=tuple(pair for pair in LAYERS if pair[0] != z[p])),),
        ),
    ),
    prose=(
        r"Put $z_p^2 = \kappa_p^{D+1}/\prod_i \gamma_i$. Then $M^{\top} M e_p = z_p^2 e_p$: the $z_p$ are "
        "the singular values of the map and the $e_p$ its singular vectors on the side of the inputs. "
        r"Where $\kappa_p = 0$ the map is 0."
    ),
)

ENDS = Statement(
    id="several-outputs-ends",
    title="The first and the last layer carry the same decay",
    left=gamma[D + 1] * sp.Sum(W[D + 1, j, r] ** 2, (j, 1, OUTPUTS), (r, 1, d[D])),
    right=sp.Sum(first_decay(k, k), FEATURE),
    given=STATIONARY,
    reference="traces of the balance",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(BALANCE, where={n: D + 1, i: D + 1, s: r}, over=((r, 1, d[D + 1]),)),
            Use(HYPOTHESIS),
        ),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("the layer above is not stationary", given=STATIONARY[:1], domains=(Domain(),)),),
    prose=(
        "The trace of the balance is the balance of one output: all layers carry the same decay "
        r"$\operatorname{tr} E = \sum_p \kappa_p$."
    ),
)

DECAYS = sp.Sum(gamma[i] * sp.Sum(W[i, j, k] ** 2, (j, 1, d[i]), (k, 1, d[i - 1])), (i, 1, D + 1))

DECAY = Statement(
    id="several-outputs-decay",
    title="All layers carry the same decay",
    left=DECAYS,
    right=(D + 1) * sp.Sum(first_decay(k, k), FEATURE),
    given=STATIONARY,
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(BALANCE, where={n: D + 1, i: D + 1, s: r}, over=((r, 1, d[D + 1]),)),
            Use(ENDS),
            Use(HYPOTHESIS),
        ),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("one layer less", right=D * sp.Sum(first_decay(k, k), FEATURE)),),
)

DERIVATION = Derivation(
    id="several-outputs-layers",
    title="Several outputs: the layers",
    prose=(
        "So far the network had one output. With several outputs and without noise, everything is known "
        "where all inputs count alike, $A = a I$, as they do once they are whitened. All decays are "
        "positive. In this section and the next two the output layer $U$ is $W_{D+1}$, its decay "
        r"$\gamma_{D+1} = \gamma_u$, and $d_{D+1}$ the number of outputs."
    ),
    statements=(GRADIENT, BALANCE, COMMUTE, POWER, ROW, EIGENPOWER, SIZE, ENDS, DECAY),
)
