"""Where the nontrivial minimum of isotropic data becomes the global one, at every depth."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..inequalities import s, x, y
from ..notation import D, rho
from ..reduction.global_minimum import HAS_MINIMUM
from .spinodal import (
    COUNT,
    CURVE,
    DEEP,
    EXCESS,
    EXPONENT,
    ISOTROPIC,
    TWO_LAYERS_UP,
    ZETA_SPINODAL,
    V,
    a,
    curve,
    q,
    share,
    zeta,
)

#: Where the minimum ties with the origin.
ZETA_TRANSITION, Q_TRANSITION = ISOTROPIC.transition.ridge_ratio, ISOTROPIC.transition.q
VALUE = ISOTROPIC.value

#: c - F is this times (D-1)(ζ_c - ζ).
_gain = V**2 / (rho * a * (1 + zeta) ** 2)

_no_worse = sp.Ge(sy.c, VALUE, evaluate=False)
_before = sp.Ge(ZETA_TRANSITION, zeta, evaluate=False)
_around = (
    Domain(ranges=(*TWO_LAYERS_UP, (zeta, (0, ZETA_TRANSITION)))),
    Domain(ranges=(*TWO_LAYERS_UP, (zeta, (ZETA_TRANSITION, 9)))),
    Domain(ranges=TWO_LAYERS_UP, define=((zeta, ZETA_TRANSITION),)),
)

RIDGE = Statement(
    id="transition-ridge",
    title="The ridge at which the minimum ties with the origin",
    relation=Relation.EQUIVALENT,
    left=_no_worse,
    right=_before,
    given=(DEEP,),
    reference="algebra",
    proof=BothWays(
        combine(Use(at_least(*_no_worse.args), times=1 / ((D - 1) * _gain))),
        combine(Use(at_least(*_before.args), times=(D - 1) * _gain)),
    ),
    domains=_around,
    near_misses=(NearMiss("the spinodal", right=sp.Ge(ZETA_SPINODAL, zeta, evaluate=False)),),
    prose=(
        r"The loss is no larger than that of the origin as long as $\zeta \le \zeta_{\mathrm{c}} = "
        "1/(D-1)$."
    ),
)

BELOW_SPINODAL = Statement(
    id="transition-on-stable-branch",
    title="The tie is met before the spinodal",
    relation=Relation.GREATER,
    left=ZETA_SPINODAL,
    right=ZETA_TRANSITION,
    given=(DEEP,),
    reference="arithmetic",
    proof=combine(plus=D / (D - 1)),
    domains=(Domain(ranges=TWO_LAYERS_UP),),
    near_misses=(NearMiss("twice as far", right=2 * D * ZETA_TRANSITION),),
    prose="The tie lies on the branch of minima.",
)

_saddle = at_least(zeta, ZETA_SPINODAL)

SADDLE = Statement(
    id="transition-saddle",
    title="Beyond the spinodal the loss exceeds that of the origin",
    relation=Relation.GREATER,
    left=VALUE,
    right=sy.c,
    given=(DEEP, _saddle),
    reference="algebra",
    proof=combine(Use(_saddle, times=(D - 1) * _gain), plus=D * _gain),
    domains=(Domain(ranges=(*TWO_LAYERS_UP, (zeta, (ZETA_SPINODAL, 20)))),),
    near_misses=(
        NearMiss(
            "before the transition",
            given=(DEEP,),
            domains=(Domain(ranges=(*TWO_LAYERS_UP, (zeta, (0, ZETA_TRANSITION)))),),
        ),
    ),
    prose="The other branch never competes.",
)

AT_DECAY = Statement(
    id="transition-value",
    title="The decay at which the minimum ties with the origin",
    left=curve(ZETA_TRANSITION),
    right=Q_TRANSITION,
    given=(DEEP,),
    reference="arithmetic",
    proof=combine(),
    domains=(Domain(ranges=TWO_LAYERS_UP),),
    near_misses=(NearMiss("at the spinodal", left=curve(ZETA_SPINODAL)),),
    prose=r"In terms of the decay the tie is at $q_{\mathrm{c}} = Q(\zeta_{\mathrm{c}})$.",
)

SOLVES, STABLE = equal(q, curve(zeta)), greater(ZETA_SPINODAL, zeta)
_weak = sp.Ge(Q_TRANSITION, q, evaluate=False)

#: Q(ζ_c) - Q(ζ) and Q(ζ) - Q(ζ_c), divided by c - F and F - c, are at least these.
_tie, _point = ISOTROPIC.transition.share, share(zeta)
_excess = 1 / ((D - 1) * _gain)
_up = _excess * _point**EXPONENT * EXCESS * (ZETA_SPINODAL - ZETA_TRANSITION) * _tie
_down = _excess * _tie**EXPONENT * EXCESS * (ZETA_SPINODAL - zeta) * _point

TRANSITION = Statement(
    id="transition",
    title="Up to which decay the stable solution is no worse than $m = 0$",
    relation=Relation.EQUIVALENT,
    left=_no_worse,
    right=_weak,
    given=(DEEP, STABLE, SOLVES),
    reference="the curve rises before the spinodal",
    proof=BothWays(
        combine(
            Use(CURVE, where={s: EXCESS, x: _point, y: _tie}),
            Use(SOLVES, times=-1),
            Use(at_least(*_no_worse.args), times=_up),
        ),
        combine(
            Use(CURVE, times=1 / _down, where={s: EXCESS, x: _tie, y: _point}),
            Use(SOLVES, times=1 / _down),
            Use(at_least(*_weak.args), times=1 / _down),
        ),
    ),
    domains=(
        Domain(ranges=(*TWO_LAYERS_UP, (zeta, (0, ZETA_TRANSITION))), define=((q, curve(zeta)),)),
        Domain(
            ranges=(*TWO_LAYERS_UP, (zeta, (ZETA_TRANSITION, ZETA_SPINODAL))), define=((q, curve(zeta)),)
        ),
    ),
    near_misses=(
        NearMiss("the decay of the spinodal", right=sp.Ge(ISOTROPIC.spinodal.q, q, evaluate=False)),
        NearMiss(
            "on both branches",
            given=(DEEP, SOLVES),
            domains=(
                Domain(ranges=(*TWO_LAYERS_UP, (zeta, (ZETA_SPINODAL, 90))), define=((q, curve(zeta)),)),
            ),
        ),
    ),
    prose=(
        "On this branch $Q$ rises, so the tie separates small decays from large ones. Between "
        r"$q_{\mathrm{c}}$ and $q_{\mathrm{sp}}$ the solution is worse than the origin."
    ),
)


def draw_branches(axes: Any) -> None:
    """F - c on both branches against the decay, in units of what least squares gains."""
    import numpy as np

    gain = (VALUE - sy.c).subs({V: 1, rho: 1, a: 1})
    for number, depth in enumerate((1, 2, 3, 6)):
        top = (depth + 1) / (depth - 1) if depth > 1 else 400.0
        decay = sp.lambdify(zeta, curve(zeta).subs(D, depth), "numpy")
        loss = sp.lambdify(zeta, gain.subs(D, depth), "numpy")
        color = f"C{number}"
        for at, style in ((np.geomspace(1e-3, top, 400), "-"), (np.geomspace(top, 400 * top, 400), "--")):
            if depth > 1 or style == "-":
                label = f"$D = {depth}$" if style == "-" else None
                axes.plot(decay(at), loss(at), color=color, linestyle=style, label=label)
        if depth > 1:
            axes.plot([decay(top)], [loss(top)], "o", color=color, markersize=4)
            axes.plot([decay(1 / (depth - 1))], [0], "s", color=color, markersize=4)
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlim(0, 1)
    axes.set_xlabel(r"dimensionless decay $q$")
    axes.set_ylabel(r"$(F - c)\,\rho a/\Vert v\Vert^2$")
    axes.legend()


# -- a step in words -------------------------------------------------------------------------------------

GLOBAL = Step(
    id="transition-global",
    title="The nontrivial minimum is global exactly up to the transition",
    text=(
        r"$F$ has a global minimum: the origin or a stationary point $m \ne 0$. Beyond the spinodal there "
        r"is none. Before it there are two, of which the larger ridge is worse than the origin, and the "
        r"smaller is no worse exactly if $q \le q_{\mathrm{c}}$, which lies before the spinodal."
    ),
    theorem="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(TRANSITION, SADDLE, BELOW_SPINODAL, AT_DECAY, COUNT, HAS_MINIMUM),
    conditions=(r"$D \ge 2$",),
)

DERIVATION = Derivation(
    id="transition",
    title="The transition",
    prose=(
        "That a nontrivial minimum exists does not make it global: at two or more hidden layers the "
        "origin is a minimum too."
    ),
    statements=(RIDGE, BELOW_SPINODAL, SADDLE, AT_DECAY, TRANSITION),
    steps=(GLOBAL,),
    figures=(
        (
            "The loss of the minimum (solid) and of the saddle (dashed) against the decay. They meet at "
            "the spinodal (dots); the minimum is global up to the transition (squares). One hidden "
            "layer has neither saddle nor jump.",
            draw_branches,
        ),
    ),
)
