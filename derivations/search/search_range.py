"""Where the roots of the scalar equation can lie."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
)

from ..inequalities import POWER, s, x, y
from ..notation import EACH, LETTERS, V_SQUARED, D, a, dot, in_eigenbasis, j, lam, rho, tau, v

PHI = in_eigenbasis(LETTERS.characteristic)
ROOT = equal(PHI, tau)
AT_ROOT = Domain(define=((tau, PHI),))
_theta = LETTERS.exponent
_bracket = rho * a[j] + lam

#: Two or more hidden layers.
DEEP = at_least(D, 2)

#: v = ρA w, which has a solution because v lies in the range of A; S(0) = ‖w‖².
w = sp.IndexedBase("w", real=True)
PHI_IN_RANGE = lam**_theta * sp.Sum((rho * a[j] * w[j]) ** 2 / _bracket**2, EACH)
ROOT_IN_RANGE = equal(PHI_IN_RANGE, tau)

SEARCH_LOWER = Statement(
    id="search-range-lower",
    title="A lower bound on every root",
    relation=Relation.AT_LEAST,
    left=lam**_theta * dot(w, w),
    right=tau,
    given=(ROOT_IN_RANGE,),
    conditions=(r"$v = \rho A w$, so that $S(0) = \lVert w\rVert^2$",),
    reference="$S$ decreases",
    proof=combine(
        Use(ROOT_IN_RANGE),
        plus=lam**_theta * sp.Sum(w[j] ** 2 * lam * (2 * rho * a[j] + lam) / _bracket**2, EACH),
    ),
    domains=(Domain(define=((tau, PHI_IN_RANGE),)),),
    near_misses=(NearMiss("λ is not a root", given=(), domains=(Domain(),)),),
    prose=r"A root has $\lambda^{\theta} S(0) \ge \tau$, because $S(\lambda)$ is largest at 0.",
)

SEARCH_UPPER = Statement(
    id="search-range",
    title=r"An upper bound on every root for $D \ge 2$",
    relation=Relation.AT_LEAST,
    left=lam ** (_theta - 2) * V_SQUARED,
    right=tau,
    given=(ROOT,),
    reference=r"$\rho a_j \ge 0$",
    proof=combine(
        Use(ROOT),
        plus=lam ** (_theta - 2)
        * sp.Sum(v[j] ** 2 * rho * a[j] * (rho * a[j] + 2 * lam) / _bracket**2, EACH),
    ),
    domains=(AT_ROOT,),
    near_misses=(
        NearMiss("λ is not a root", given=(), domains=(Domain(),)),
        NearMiss("the wrong way round", left=tau, right=lam ** (_theta - 2) * V_SQUARED),
    ),
    prose=(
        r"A root has $\lambda^{2-\theta}\tau \le \lVert v\rVert^2$, because $S(\lambda) \le \lVert "
        r"v\rVert^2/\lambda^2$."
    ),
)

#: Depth 1, with all eigenvalues in [low, high].
V = sy.v_norm
low, high = (sp.Symbol(name, positive=True) for name in ("a_min", "a_max"))
SHALLOW = PHI.subs(D, 1)
SHALLOW_ROOT = equal(SHALLOW, tau)
NORM_V = equal(V**2, V_SQUARED)
BELOW, ABOVE = at_least(high, a[j], EACH), at_least(a[j], low, EACH)
_at_shallow_root = ((tau, SHALLOW), (V, sp.sqrt(V_SQUARED)))

SHALLOW_UPPER = Statement(
    id="search-range-shallow",
    title="An upper bound on the root at depth 1",
    relation=Relation.AT_LEAST,
    left=sp.sqrt(tau) * (rho * high + lam),
    right=lam * V,
    given=(SHALLOW_ROOT, NORM_V, BELOW),
    reference=r"$a_j \le a_{\max}$",
    proof=combine(
        Use(
            POWER,
            where={x: tau * (rho * high + lam) ** 2, y: lam**2 * V**2, s: sp.Rational(1, 2)},
            given=(
                combine(
                    Use(SHALLOW_ROOT, times=-((rho * high + lam) ** 2)),
                    Use(NORM_V, times=-(lam**2)),
                    Use(
                        BELOW,
                        times=lam**2 * v[j] ** 2 * rho * (rho * (high + a[j]) + 2 * lam) / _bracket**2,
                        over=(EACH,),
                    ),
                ),
            ),
        )
    ),
    domains=(Domain(define=_at_shallow_root, ranges=((a[j], (0, high)),)),),
    near_misses=(
        NearMiss(
            "eigenvalues above a_max",
            given=(SHALLOW_ROOT, NORM_V),
            domains=(Domain(define=_at_shallow_root),),
        ),
    ),
    prose=r"At depth 1 it is $\lambda(\lVert v\rVert - \sqrt\tau)$ that is bounded on both sides.",
)

SHALLOW_LOWER = Statement(
    id="search-range-shallow-lower",
    title="A lower bound on the root at depth 1",
    relation=Relation.AT_LEAST,
    left=lam * V,
    right=sp.sqrt(tau) * (rho * low + lam),
    given=(SHALLOW_ROOT, NORM_V, ABOVE),
    reference=r"$a_j \ge a_{\min}$",
    proof=combine(
        Use(
            POWER,
            where={x: lam**2 * V**2, y: tau * (rho * low + lam) ** 2, s: sp.Rational(1, 2)},
            given=(
                combine(
                    Use(SHALLOW_ROOT, times=(rho * low + lam) ** 2),
                    Use(NORM_V, times=lam**2),
                    Use(
                        ABOVE,
                        times=lam**2 * v[j] ** 2 * rho * (rho * (low + a[j]) + 2 * lam) / _bracket**2,
                        over=(EACH,),
                    ),
                ),
            ),
        )
    ),
    domains=(Domain(define=_at_shallow_root, ranges=((a[j], (low, 2 * low)),)),),
    near_misses=(
        NearMiss(
            "eigenvalues below a_min",
            given=(SHALLOW_ROOT, NORM_V),
            domains=(Domain(define=_at_shallow_root),),
        ),
    ),
)

# -- the bounds, solved for the ridge ----------------------------------------------------------------------

ROOM = Statement(
    id="search-range-exponent",
    title=r"The exponent of the upper bound is positive for $D \ge 2$",
    relation=Relation.GREATER,
    left=2 - _theta,
    right=0,
    given=(DEEP,),
    reference=r"$\theta = (D+1)/D$",
    proof=combine(plus=(D - 1) / D),
    domains=(Domain(ranges=((D, (2, 5)),)),),
    near_misses=(NearMiss("one hidden layer", given=(), domains=(Domain(ranges=((D, (1, 1)),)),)),),
)

NORM_OF_V = equal(sy.v_norm**2, V_SQUARED)

UPPER = Statement(
    id="search-range-upper",
    title=r"The upper bound, solved for the ridge",
    relation=Relation.AT_LEAST,
    left=(sy.v_norm**2 / tau) ** (D / (D - 1)),
    right=lam,
    given=(DEEP, ROOT, NORM_OF_V),
    conditions=(r"$v \ne 0$",),
    reference="a power of both sides",
    proof=combine(
        Use(
            POWER,
            where={x: sy.v_norm**2 / tau, y: lam ** (2 - _theta), s: D / (D - 1)},
            given=(
                combine(
                    Use(SEARCH_UPPER, times=lam ** (2 - _theta) / tau),
                    Use(NORM_OF_V, times=1 / tau),
                ),
            ),
        )
    ),
    domains=(Domain(ranges=((D, (2, 5)),), define=((tau, PHI), (sy.v_norm, sp.sqrt(V_SQUARED)))),),
    near_misses=(
        NearMiss(
            "λ is not a root",
            given=(DEEP, NORM_OF_V),
            domains=(Domain(ranges=((D, (2, 5)),), define=((sy.v_norm, sp.sqrt(V_SQUARED)),)),),
        ),
    ),
    prose="Since $2 - \\theta = (D-1)/D$ is positive, this bounds the ridge itself,",
)

SIZE = equal(sy.m_norm**2, dot(w, w))

LOWER = Statement(
    id="search-range-lower-solved",
    title="The lower bound, solved for the ridge",
    relation=Relation.AT_LEAST,
    left=lam,
    right=(tau / sy.m_norm**2) ** (D / (D + 1)),
    given=(ROOT_IN_RANGE, SIZE),
    conditions=(r"$v = \rho A w$, and $\lVert m\rVert$ stands for $\lVert w\rVert \ne 0$",),
    reference="a power of both sides",
    proof=combine(
        Use(
            POWER,
            where={x: lam**_theta, y: tau / sy.m_norm**2, s: D / (D + 1)},
            given=(
                combine(
                    Use(SEARCH_LOWER, times=1 / sy.m_norm**2),
                    Use(SIZE, times=lam**_theta / sy.m_norm**2),
                ),
            ),
        )
    ),
    domains=(Domain(define=((tau, PHI_IN_RANGE), (sy.m_norm, sp.sqrt(dot(w, w))))),),
    near_misses=(
        NearMiss(
            "λ is not a root",
            given=(SIZE,),
            domains=(Domain(define=((sy.m_norm, sp.sqrt(dot(w, w))),)),),
        ),
    ),
    prose="and so does the lower bound.",
)

DERIVATION = Derivation(
    id="search-range",
    title="Where to search",
    prose="Every root lies in an interval that is known beforehand.",
    statements=(SEARCH_LOWER, SEARCH_UPPER, ROOM, UPPER, LOWER, SHALLOW_UPPER, SHALLOW_LOWER),
)
