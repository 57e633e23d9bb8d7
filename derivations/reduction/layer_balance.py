"""At a stationary point every layer carries the same decay."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    BothWays,
    Derivation,
    Differentiate,
    Domain,
    Induct,
    NearMiss,
    Recursion,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..inequalities import SAME_POWER
from ..inequalities import s as power
from ..inequalities import x as first
from ..inequalities import y as second
from ..notation import MEAN_DECAY, SECOND_MOMENTS, A, D, M, W, d, gamma, i, j, k, r, s, sigma

#: Every layer stretched by a factor, and the second moments that this gives.
stretch = sp.IndexedBase("t", positive=True)
M_stretched = sp.IndexedBase("N", real=True)
STRETCHED = Recursion(
    M_stretched,
    (i, j, k),
    A[j, k],
    (1 + sigma[i] ** 2 * sp.KroneckerDelta(j, k))
    * sp.Sum(
        stretch[i] * W[i, j, r] * M_stretched[i - 1, r, s] * stretch[i] * W[i, k, s],
        (r, 1, d[i - 1]),
        (s, 1, d[i - 1]),
    ),
)
FACTORS = sp.Product(stretch[i], (i, 1, D))

STRETCHING = Statement(
    id="layer-stretching",
    title="The second moment of stretched layers",
    left=M_stretched[D, j, k],
    right=FACTORS**2 * M[D, j, k],
    over=((j, 1, d[D]), (k, 1, d[D])),
    definitions=(SECOND_MOMENTS, STRETCHED),
    reference="the loss without decay is homogeneous in every layer",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                HYPOTHESIS,
                times=stretch[D + 1] ** 2
                * (1 + sigma[D + 1] ** 2 * sp.KroneckerDelta(j, k))
                * W[D + 1, j, r]
                * W[D + 1, k, s],
                where={j: r, k: s},
                over=((r, 1, d[D]), (s, 1, d[D])),
            )
        ),
    ),
    near_misses=(NearMiss("the first power", right=FACTORS * M[D, j, k]),),
    prose=(
        "Stretching one layer by $t$ and another by $1/t$ changes neither the end-to-end map "
        "nor the second moment, which depends on the product of the factors only. What changes is the "
        "decay of the two."
    ),
)

#: Two layers with squared norms X and Y and decays γ_u and γ_1.
X, Y = (sp.Symbol(name, positive=True) for name in "XY")
t = sy.t
_decay = sy.gamma_u * X * t**2 + gamma[1] * Y / t**2

RATE = Statement(
    id="layer-balance-rate",
    title="The rate at which the decay of two layers changes",
    left=sp.Derivative(_decay, t),
    right=2 * sy.gamma_u * X * t - 2 * gamma[1] * Y / t**3,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=2 * sy.gamma_u * X * t + 2 * gamma[1] * Y / t**3),),
)

_stationary = sp.Eq(2 * sy.gamma_u * X - 2 * gamma[1] * Y, 0, evaluate=False)
_balanced = sp.Eq(sy.gamma_u * X, gamma[1] * Y, evaluate=False)

LAYER_BALANCE = Statement(
    id="layer-balance",
    title="The rate vanishes where two layers carry the same decay",
    relation=Relation.EQUIVALENT,
    left=_stationary,
    right=_balanced,
    reference="stationarity under $t$ and $1/t$",
    proof=BothWays(
        combine(Use(equal(*_stationary.args), times=sp.Rational(1, 2))),
        combine(Use(equal(*_balanced.args), times=2)),
    ),
    domains=(Domain(), Domain(define=((Y, sy.gamma_u * X / gamma[1]),))),
    near_misses=(NearMiss("equal norms", right=sp.Eq(X, Y, evaluate=False)),),
    prose="At $t = 1$:",
)

_square = (t * sp.sqrt(sy.gamma_u * X) - sp.sqrt(gamma[1] * Y) / t) ** 2

BALANCE_IS_BEST = Statement(
    id="layer-balance-best",
    title="Balance is where two layers pay least",
    relation=Relation.AT_LEAST,
    left=_decay,
    right=2 * sp.sqrt(sy.gamma_u * X * gamma[1] * Y),
    reference="a square",
    proof=combine(plus=_square),
    near_misses=(NearMiss("a factor 3", right=3 * sp.sqrt(sy.gamma_u * X * gamma[1] * Y)),),
)

kappa, m_norm = sy.kappa, sy.m_norm
_product = kappa ** (D + 1) / (sy.gamma_u * sp.Product(gamma[i], (i, 1, D)))
_share = MEAN_DECAY * m_norm ** (sp.Integer(2) / (D + 1))
BALANCED = equal(_product, m_norm**2)

SHARE = Statement(
    id="layer-balance-share",
    title="The decay that every layer carries",
    left=kappa,
    right=_share,
    given=(BALANCED,),
    conditions=(r"the layers have squared norms $\kappa/\gamma_i$, whose product is $\lVert m\rVert^2$",),
    reference="the product of the balanced norms",
    proof=combine(
        Use(
            SAME_POWER,
            where={first: kappa, second: _share, power: D + 1},
            given=(combine(Use(BALANCED, times=sy.gamma_u * sp.Product(gamma[i], (i, 1, D)))),),
        )
    ),
    domains=(Domain(define=((m_norm, sp.sqrt(_product)),)),),
    near_misses=(
        NearMiss("layers that are not balanced", given=(), domains=(Domain(),)),
        NearMiss("a wrong exponent", right=MEAN_DECAY * m_norm ** (sp.Integer(1) / (D + 1))),
    ),
    prose=r"Balanced layers have $\gamma_i \lVert W_i\rVert^2 = \gamma_u \lVert U\rVert^2 = \kappa$.",
)

# -- a step in words -------------------------------------------------------------------------------------

BALANCED_LAYERS = Step(
    id="layer-balance-stationary",
    title="At a stationary point all layers carry the same decay",
    text=(
        r"Stretch one layer by $t$ and another by $1/t$. The expected loss changes by their decay only, so "
        r"its derivative at $t = 1$, which vanishes at a stationary point, is the rate. So any two layers "
        r"carry the same decay."
    ),
    theorem="the chain rule",
    reference="any course of analysis",
    rests_on=(STRETCHING, RATE, LAYER_BALANCE),
)

DERIVATION = Derivation(
    id="layer-balance",
    title="Balance of the layers",
    prose="The decay is shared equally. This is where the exponent $2/(D+1)$ comes from.",
    statements=(STRETCHING, RATE, LAYER_BALANCE, BALANCE_IS_BEST, SHARE),
    steps=(BALANCED_LAYERS,),
)
