"""Weights at which the lower bound is attained."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Statement,
    Use,
    combine,
    equal,
)

from ..notation import (
    END_TO_END,
    NOISE_FACTOR,
    OUTPUTS,
    PAPER,
    REDUCED,
    SECOND_MOMENTS,
    A,
    D,
    M,
    T,
    U,
    W,
    d,
    g,
    gamma,
    i,
    j,
    k,
    r,
    s,
    sigma,
    v,
)
from .loss import EXPECTED_LOSS, LOSS
from .noise_second_moment import NOISE

#: Unit vectors: e_0 is the direction of m, e_i has entries ±1/√d_i.
e = sp.IndexedBase("e", real=True)
kappa = sy.kappa


def scale(i: sp.Expr) -> sp.Expr:
    """β_i, which gives layer i the decay κ."""
    return sp.sqrt(kappa / gamma[i])


OUTPUT_SCALE = sp.sqrt(kappa / sy.gamma_u)
SCALES = sp.Product(scale(i), (i, 1, D))

#: ‖m‖ of these weights.
NORM = OUTPUT_SCALE * SCALES


def hidden(depth: sp.Expr) -> sp.Basic:
    """W_i = β_i e_i e_{i-1}ᵀ up to layer ``depth``."""
    return equal(
        W[i, j, k], scale(i) * e[i, j] * e[i - 1, k], (i, 1, depth), (j, 1, d[i]), (k, 1, d[i - 1])
    )


def signs(depth: sp.Expr) -> sp.Basic:
    """e_i has entries ±1/√d_i up to layer ``depth``."""
    return equal(e[i, j] ** 2, 1 / d[i], (i, 1, depth), (j, 1, d[i]))


OUTPUT = equal(U[j], OUTPUT_SCALE * e[D, j], (j, 1, d[D]))
UNIT = equal(sp.Sum(e[i, j] ** 2, (j, 1, d[i])), 1, (i, 0, D))

#: m̂ᵀA m̂ and m̂ᵀv.
QUADRATIC = sp.Sum(e[0, j] * e[0, k] * A[j, k], (j, 1, d[0]), (k, 1, d[0]))
LINEAR = sp.Sum(e[0, j] * v[j], (j, 1, d[0]))

_length = sp.sqrt(sp.Sum(A[r, r], (r, 1, d[0])))
POINT = Domain(
    define=(
        (U[j], OUTPUT_SCALE * e[D, j]),
        (W[i, j, k], scale(i) * e[i, j] * e[i - 1, k]),
        (
            e[i, j],
            sp.KroneckerDelta(i, 0) * sp.sqrt(A[j, j]) / _length
            + (1 - sp.KroneckerDelta(i, 0)) * (-1) ** (i * j) / sp.sqrt(d[i]),
        ),
    )
)

_ENTRY = {i: D + 1}
_ABOVE, _BELOW = (1, d[D + 1]), (1, d[D])
_noise = 1 + sigma[D + 1] ** 2 * sp.KroneckerDelta(j, k)
_form = sp.Sum(e[D, r] * e[D, s] * M[D, r, s], (r, 1, d[D]), (s, 1, d[D]))
_sizes = sp.Sum(e[D + 1, r] ** 2, (r, 1, d[D + 1]))

SECOND_MOMENT = Statement(
    id="attainment-second-moment",
    title="Balanced rank-one layers have the least second moment",
    left=sp.Sum(e[D, j] * e[D, k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D])),
    right=QUADRATIC * NOISE_FACTOR * SCALES**2,
    given=(hidden(D), signs(D)),
    definitions=(SECOND_MOMENTS,),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                hidden(D + 1),
                times=e[D + 1, j] * e[D + 1, k] * _noise * M[D, r, s] * W[D + 1, k, s],
                where=_ENTRY | {k: r},
                over=((j, *_ABOVE), (k, *_ABOVE), (r, *_BELOW), (s, *_BELOW)),
            ),
            Use(
                hidden(D + 1),
                times=e[D + 1, j] ** 2 * e[D + 1, k] * _noise * M[D, r, s] * scale(D + 1) * e[D, r],
                where=_ENTRY | {j: k, k: s},
                over=((j, *_ABOVE), (k, *_ABOVE), (r, *_BELOW), (s, *_BELOW)),
            ),
            Use(
                signs(D + 1),
                times=scale(D + 1) ** 2
                * _form
                * (_sizes + 1 + sigma[D + 1] ** 2 * (e[D + 1, j] ** 2 + 1 / d[D + 1])),
                where=_ENTRY,
                over=((j, *_ABOVE),),
            ),
            Use(HYPOTHESIS, times=scale(D + 1) ** 2 * (1 + sigma[D + 1] ** 2 / d[D + 1])),
        ),
    ),
    domains=(POINT,),
    near_misses=(NearMiss("no noise", right=QUADRATIC * SCALES**2),),
)

FIRST_MOMENT = Statement(
    id="attainment-map",
    title="Balanced rank-one layers map along $e_0$",
    left=sp.Sum(e[D, j] * T[D, j, k], (j, 1, d[D])),
    right=SCALES * e[0, k],
    over=((k, 1, d[0]),),
    given=(hidden(D), signs(D)),
    definitions=(END_TO_END,),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                hidden(D + 1),
                times=e[D + 1, j] * T[D, r, k],
                where=_ENTRY | {k: r},
                over=((j, *_ABOVE), (r, *_BELOW)),
            ),
            Use(
                signs(D + 1),
                times=scale(D + 1) * sp.Sum(e[D, r] * T[D, r, k], (r, 1, d[D])),
                where=_ENTRY,
                over=((j, *_ABOVE),),
            ),
            Use(HYPOTHESIS, times=scale(D + 1)),
        ),
    ),
    domains=(POINT,),
    near_misses=(NearMiss("a flipped sign", right=-SCALES * e[0, k]),),
)

_IN = (i, 1, D)
_lower = sp.Sum(e[i - 1, k] ** 2, (k, 1, d[i - 1]))

ATTAINMENT = Statement(
    id="attainment",
    title="The loss of balanced rank-one layers is $F(m)$",
    left=EXPECTED_LOSS,
    right=REDUCED.loss(NORM**2 * QUADRATIC, NORM * LINEAR, NORM),
    given=(hidden(D), signs(D), OUTPUT, UNIT),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference=f"{PAPER}, the layers of the global minimum",
    proof=combine(
        Use(LOSS),
        # E f²
        Use(OUTPUT, times=U[k] * M[D, j, k], over=((j, 1, d[D]), (k, 1, d[D]))),
        Use(
            OUTPUT,
            times=OUTPUT_SCALE * e[D, j] * M[D, j, k],
            where={j: k},
            over=((j, 1, d[D]), (k, 1, d[D])),
        ),
        Use(SECOND_MOMENT, times=OUTPUT_SCALE**2),
        # E f y
        Use(OUTPUT, times=-2 * sp.Sum(T[D, j, k] * v[k], (k, 1, d[0])), over=((j, 1, d[D]),)),
        Use(FIRST_MOMENT, times=-2 * OUTPUT_SCALE * v[k], over=((k, 1, d[0]),)),
        # decay
        Use(OUTPUT, times=sy.gamma_u * (U[j] + OUTPUT_SCALE * e[D, j]), over=((j, 1, d[D]),)),
        Use(UNIT, times=kappa, where={i: D}),
        Use(
            hidden(D),
            times=gamma[i] * (W[i, j, k] + scale(i) * e[i, j] * e[i - 1, k]),
            over=((k, 1, d[i - 1]), (j, 1, d[i]), _IN),
        ),
        Use(UNIT, times=kappa * _lower, over=(_IN,)),
        Use(UNIT, times=kappa, where={i: i - 1}, over=(_IN,)),
    ),
    domains=(POINT,),
    near_misses=(
        NearMiss("no noise", right=REDUCED.loss(NORM**2 * QUADRATIC / NOISE_FACTOR, NORM * LINEAR, NORM)),
        NearMiss("half the norm", right=REDUCED.loss(NORM**2 * QUADRATIC, NORM * LINEAR, NORM / 2)),
    ),
    prose=(
        r"Every $\kappa > 0$ gives a map of norm $\lVert m\rVert = "
        r"(\kappa/\bar\gamma)^{(D+1)/2}$ in the direction $e_0$, so every "
        "$m \\neq 0$ is reached. In the letters of the paper $b_i = \\sqrt{\\kappa / (\\gamma_i "
        "d_i d_{i-1})}$."
    ),
)

# -- the directions exist -------------------------------------------------------------------------------

SIGNS_EXIST = Statement(
    id="attainment-signs",
    title="Entries of size $1/\\sqrt{d_i}$ make a unit vector",
    left=sp.Sum(e[i, j] ** 2, (j, 1, d[i])),
    right=1,
    over=((i, 1, D),),
    given=(signs(D),),
    reference="the sum of equal terms",
    proof=combine(Use(signs(D), over=((j, 1, d[i]),))),
    domains=(Domain(define=((e[i, j], (-1) ** (i * j) / sp.sqrt(d[i])),)),),
    near_misses=(NearMiss("other entries", given=(), domains=(Domain(),)),),
    prose=(
        r"Such vectors exist at every width: $e_i$ may have the entries $1/\sqrt{d_i}$, and $e_0$ may "
        r"be $m/\lVert m\rVert$."
    ),
)

UNIT_DIRECTION = Statement(
    id="attainment-direction",
    title="A vector over its norm is a unit vector",
    left=sp.Sum((g[j] / sy.m_norm) ** 2, (j, 1, d[0])),
    right=1,
    given=(equal(sp.Sum(g[j] ** 2, (j, 1, d[0])), sy.m_norm**2),),
    reference="the definition of the norm",
    proof=combine(
        Use(equal(sp.Sum(g[j] ** 2, (j, 1, d[0])), sy.m_norm**2), times=1 / sy.m_norm**2),
    ),
    domains=(Domain(define=((sy.m_norm, sp.sqrt(sp.Sum(g[j] ** 2, (j, 1, d[0])))),)),),
    near_misses=(NearMiss("over another number", given=(), domains=(Domain(),)),),
)

DERIVATION = Derivation(
    id="attainment",
    title="The bound is attained",
    prose=(
        r"Take $W_i = \beta_i e_i e_{i-1}^{\top}$ and $U = \beta_u e_D^{\top}$ with $\beta_i = "
        r"\sqrt{\kappa/\gamma_i}$, where $e_0$ is any unit vector "
        r"and $e_i$ has entries $\pm 1/\sqrt{d_i}$."
    ),
    statements=(SECOND_MOMENT, FIRST_MOMENT, ATTAINMENT, SIGNS_EXIST, UNIT_DIRECTION),
)
