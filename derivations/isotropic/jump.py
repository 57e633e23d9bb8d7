"""The order of the transition, and the size of the jump."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import Derivation, Domain, NearMiss, Statement, Step, Use, combine, equal

from ..notation import D
from ..ridge.envelope import DIFFERENTIABLE
from .spinodal import DEEP, ISOTROPIC, TWO_LAYERS_UP, V, curve, share, zeta
from .transition import GLOBAL

#: ζ at a threshold, as a hypothesis.
AT_TIE, AT_SPINODAL = (
    equal(zeta, threshold.ridge_ratio) for threshold in (ISOTROPIC.transition, ISOTROPIC.spinodal)
)
LEAST_SQUARES = V / ISOTROPIC.scale


def _at(threshold: Any) -> Domain:
    return Domain(ranges=TWO_LAYERS_UP, define=((zeta, threshold.ridge_ratio),))


NORM_AT_TIE = Statement(
    id="jump",
    title="The norm of the map at the transition",
    left=ISOTROPIC.norm,
    right=ISOTROPIC.jump,
    given=(DEEP, AT_TIE),
    reference="the norm at the transition",
    proof=combine(
        Use(AT_TIE, times=-LEAST_SQUARES * share(zeta) * ISOTROPIC.transition.share),
    ),
    domains=(_at(ISOTROPIC.transition),),
    near_misses=(
        NearMiss("at the spinodal", given=(DEEP, AT_SPINODAL), domains=(_at(ISOTROPIC.spinodal),)),
        NearMiss("the whole least-squares map", right=LEAST_SQUARES),
    ),
    prose=(r"At the transition the minimum with $\lVert m\rVert$ below ties with the origin."),
)

HALF = Statement(
    id="jump-spinodal",
    title="At the spinodal half of that norm is left",
    left=ISOTROPIC.norm,
    right=ISOTROPIC.jump / 2,
    given=(DEEP, AT_SPINODAL),
    reference="the norm at the spinodal",
    proof=combine(Use(AT_SPINODAL, times=-LEAST_SQUARES * share(zeta) * ISOTROPIC.spinodal.share)),
    domains=(_at(ISOTROPIC.spinodal),),
    near_misses=(
        NearMiss("at the transition", given=(DEEP, AT_TIE), domains=(_at(ISOTROPIC.transition),)),
    ),
    prose=(
        "A network whose decay is raised step by step follows the local minimum past the transition, to "
        "the spinodal."
    ),
)

#: κ = ‖v‖²ζ(1+ζ)^{-2}/(ρa), at the transition.
LATENT = V**2 * (D - 1) / (ISOTROPIC.scale * D**2)
_here, _there = share(zeta), ISOTROPIC.transition.share

KINK = Statement(
    id="jump-kink",
    title="The decay that every layer carries at the transition",
    left=ISOTROPIC.layer_decay,
    right=LATENT,
    given=(DEEP, AT_TIE),
    reference="the envelope theorem",
    # X(1-X) - Y(1-Y) = (X-Y)(1-X-Y)
    proof=combine(
        Use(
            AT_TIE,
            times=-(V**2) / ISOTROPIC.scale * (1 - _here - _there) * _here * _there,
        )
    ),
    domains=(_at(ISOTROPIC.transition),),
    near_misses=(
        NearMiss("at the spinodal", given=(DEEP, AT_SPINODAL), domains=(_at(ISOTROPIC.spinodal),)),
    ),
    prose=r"What every layer loses at the transition is the latent heat of this transition:",
)

# -- one hidden layer ------------------------------------------------------------------------------------

#: The equation at depth 1, where q = γ̄/‖v‖.
SHALLOW = equal(sy.gamma_bar, V * zeta / (1 + zeta))
_solved = Domain(define=((sy.gamma_bar, SHALLOW.right),))

CONTINUOUS = Statement(
    id="jump-one-layer",
    title="One hidden layer: the norm vanishes linearly",
    left=ISOTROPIC.norm,
    right=(V - sy.gamma_bar) / ISOTROPIC.scale,
    given=(SHALLOW,),
    conditions=(r"$\bar\gamma = \sqrt{\gamma_u\gamma_1} < \lVert v\rVert$, so that $\zeta = q/(1-q)$",),
    reference=r"$q = \bar\gamma/\lVert v\rVert$ at depth 1",
    proof=combine(Use(SHALLOW, times=1 / ISOTROPIC.scale)),
    domains=(_solved,),
    near_misses=(NearMiss("ζ is not a solution", given=(), domains=(Domain(),)),),
    prose=(
        r"At depth 1 the hypothesis is the equation for $\zeta$, and the norm vanishes as the threshold "
        "is met."
    ),
)

SECOND_ORDER = Statement(
    id="jump-one-layer-loss",
    title="One hidden layer: the gain vanishes quadratically",
    left=ISOTROPIC.value.subs(D, 1),
    right=sy.c - (V - sy.gamma_bar) ** 2 / ISOTROPIC.scale,
    given=(SHALLOW,),
    conditions=CONTINUOUS.conditions,
    reference="the loss at a stationary point",
    proof=combine(
        Use(SHALLOW, times=-(V - sy.gamma_bar + V / (1 + zeta)) / ISOTROPIC.scale),
    ),
    domains=(_solved,),
    near_misses=(
        NearMiss("first order", right=sy.c - V * (V - sy.gamma_bar) / ISOTROPIC.scale),
        NearMiss("ζ is not a solution", given=(), domains=(Domain(),)),
    ),
)


def draw_norm(axes: Any) -> None:
    """‖m‖ over that of least squares on both branches, against the decay over that of the transition."""
    import numpy as np

    for number, depth in enumerate((1, 2, 3, 10)):
        color = f"C{number}"
        tie = 1 / (depth - 1) if depth > 1 else np.inf
        top = (depth + 1) / (depth - 1) if depth > 1 else 1e4
        decay = sp.lambdify(zeta, curve(zeta).subs(D, depth), "numpy")
        unit = float(decay(tie)) if depth > 1 else 1.0
        for low, high, style in ((1e-4, min(tie, top), "-"), (tie, top, ":"), (top, 400 * top, "--")):
            if low < high and np.isfinite(low) and (depth > 1 or style == "-"):
                at = np.geomspace(low, high, 300)
                label = f"$D = {depth}$" if style == "-" else None
                axes.plot(decay(at) / unit, 1 / (1 + at), color=color, linestyle=style, label=label)
        if depth > 1:
            left = 1 / (1 + tie)
            axes.plot([1, 1], [0, left], color=color, linewidth=0.6)
            axes.plot([1], [left], "s", color=color, markersize=4)
    axes.set_xlim(0, 2.2)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(r"decay $q$ over that of the transition")
    axes.set_ylabel(r"$\Vert m\Vert\,\rho a/\Vert v\Vert$")
    axes.legend()


# -- steps in words --------------------------------------------------------------------------------------

ORDER = Step(
    id="jump-order",
    title="The transition is of first order, and of second at depth 1",
    text=(
        r"At two or more hidden layers the global minimum is at the norm of the transition on one side and "
        r"at 0 beyond it, so $\lVert m\rVert$ jumps, and the least loss $F^{*}$, whose slope is $\partial "
        r"F^{*}/\partial\gamma_i = \kappa/\gamma_i$ on one side and 0 on the other, has a kink. At one "
        r"hidden layer the norm vanishes linearly and the gain over the origin quadratically, so that both "
        r"the least loss and its slope are continuous."
    ),
    theorem="Danskin's theorem",
    reference="Danskin 1966, The theory of max-min, with applications",
    rests_on=(NORM_AT_TIE, KINK, CONTINUOUS, SECOND_ORDER, GLOBAL, DIFFERENTIABLE),
)

DERIVATION = Derivation(
    id="jump",
    title="The order of the transition",
    prose=(
        "How the minimum gives way to the origin depends on the depth: gradually at one hidden layer, "
        "and at once at all others."
    ),
    statements=(NORM_AT_TIE, HALF, KINK, CONTINUOUS, SECOND_ORDER),
    steps=(ORDER,),
    figures=(
        (
            "What is left of the least-squares map against the decay: global minimum (solid), local "
            "minimum (dotted), saddle (dashed). At the transition (squares) the global minimum jumps to "
            "0.",
            draw_norm,
        ),
    ),
)
