"""The order of the transition, and the size of the jump."""

from ..notation import *
from ..ridge.envelope import DIFFERENTIABLE
from .isotropic_equation import SOLUTION
from .spinodal import DEEP, ISOTROPIC, V, curve, share
from .transition import GLOBAL

_tie, _spinodal = ISOTROPIC.transition, ISOTROPIC.spinodal

#: ζ at a threshold, as a hypothesis.
AT_TIE, AT_SPINODAL = equal(zeta, _tie.ridge_ratio), equal(zeta, _spinodal.ridge_ratio)
LEAST_SQUARES = V / ISOTROPIC.scale

NORM_AT_TIE = theorem(
    "jump",
    "The norm of the map at the transition",
    equal(ISOTROPIC.norm, ISOTROPIC.jump),
    given=(DEEP, AT_TIE),
    reference="the norm at the transition",
    proof=-LEAST_SQUARES * share(zeta) * _tie.share * AT_TIE,
    misses={
        "at the spinodal": instead(AT_TIE, AT_SPINODAL),
        "the whole least-squares map": right(LEAST_SQUARES),
    },
    display=Display(
        r"\lVert m \rVert = \frac{D - 1}{D} \frac{\lVert v \rVert}{\rho a}",
        where=SOLUTION,
        given=(r"D \ge 2", r"\zeta = \frac{1}{D - 1}"),
        setting="isotropic",
    ),
    prose=r"At the transition the minimum with $\lVert m\rVert$ below ties with the origin.",
)

HALF = theorem(
    "jump-spinodal",
    "At the spinodal half of that norm is left",
    equal(ISOTROPIC.norm, ISOTROPIC.jump / 2),
    given=(DEEP, AT_SPINODAL),
    reference="the norm at the spinodal",
    proof=-LEAST_SQUARES * share(zeta) * _spinodal.share * AT_SPINODAL,
    misses={"at the transition": instead(AT_SPINODAL, AT_TIE)},
    display=Display(
        r"\lVert m \rVert = \frac{D - 1}{2 D} \frac{\lVert v \rVert}{\rho a}",
        where=SOLUTION,
        given=(r"D \ge 2", r"\zeta = \frac{D + 1}{D - 1}"),
        setting="isotropic",
    ),
    prose="""A network whose decay is raised step by step follows the local minimum past the transition,
        to the spinodal.""",
)

#: κ = ‖v‖²ζ(1+ζ)^{-2}/(ρa), at the transition.
LATENT = V**2 * (D - 1) / (ISOTROPIC.scale * D**2)
_here, _there = share(zeta), _tie.share

KINK = theorem(
    "jump-kink",
    "The decay that every layer carries at the transition",
    equal(ISOTROPIC.layer_decay, LATENT),
    given=(DEEP, AT_TIE),
    reference="the envelope theorem",
    # X(1-X) - Y(1-Y) = (X-Y)(1-X-Y)
    proof=-(V**2) / ISOTROPIC.scale * (1 - _here - _there) * _here * _there * AT_TIE,
    misses={"at the spinodal": instead(AT_TIE, AT_SPINODAL)},
    display=Display(
        r"\frac{\lVert v \rVert^{2}}{\rho a} \frac{\zeta}{(1 + \zeta)^{2}} = "
        r"\frac{D - 1}{D^{2}} \frac{\lVert v \rVert^{2}}{\rho a}",
        given=(r"D \ge 2", r"\zeta = \frac{1}{D - 1}"),
        setting="isotropic",
    ),
    prose="What every layer loses at the transition is the latent heat of this transition:",
)

# -- one hidden layer ------------------------------------------------------------------------------------

#: The equation at depth 1, where q = γ̄/‖v‖.
_SHOWN_SHALLOW = r"\bar{\gamma} = \lVert v \rVert \frac{\zeta}{1 + \zeta}"
SHALLOW = equal(gamma_bar, V * zeta / (1 + zeta))
_WEAK = r"$\bar\gamma = \sqrt{\gamma_u\gamma_1} < \lVert v\rVert$, so that $\zeta = q/(1-q)$"

CONTINUOUS = theorem(
    "jump-one-layer",
    "One hidden layer: the norm vanishes linearly",
    equal(ISOTROPIC.norm, (V - gamma_bar) / ISOTROPIC.scale),
    given=(SHALLOW, _WEAK),
    reference=r"$q = \bar\gamma/\lVert v\rVert$ at depth 1",
    proof=SHALLOW / ISOTROPIC.scale,
    misses={"ζ is not a solution": without(SHALLOW)},
    display=Display(
        r"\lVert m \rVert = \frac{\lVert v \rVert - \bar{\gamma}}{\rho a}",
        where=SOLUTION,
        given=_SHOWN_SHALLOW,
        setting="isotropic",
    ),
    prose=r"""At depth 1 the hypothesis is the equation for $\zeta$, and the norm vanishes as the
        threshold is met.""",
)

SECOND_ORDER = theorem(
    "jump-one-layer-loss",
    "One hidden layer: the gain vanishes quadratically",
    equal(ISOTROPIC.value.subs(D, 1), c - (V - gamma_bar) ** 2 / ISOTROPIC.scale),
    given=(SHALLOW, _WEAK),
    reference="the loss at a stationary point",
    proof=-(V - gamma_bar + V / (1 + zeta)) / ISOTROPIC.scale * SHALLOW,
    misses={
        "first order": right(c - V * (V - gamma_bar) / ISOTROPIC.scale),
        "ζ is not a solution": without(SHALLOW),
    },
    display=Display(
        r"c - \rho a \lVert m \rVert^{2} = c - \frac{(\lVert v \rVert - \bar{\gamma})^{2}}{\rho a}",
        where=SOLUTION,
        given=_SHOWN_SHALLOW,
        setting="isotropic",
    ),
)

ORDER = in_words(
    "jump-order",
    "The transition is of first order, and of second at depth 1",
    r"""At two or more hidden layers the global minimum is at the norm of the transition on one side and at
        0 beyond it, so $\lVert m\rVert$ jumps, and the least loss $F^{*}$, whose slope is $\partial
        F^{*}/\partial\gamma_i = \kappa/\gamma_i$ on one side and 0 on the other, has a kink. At one hidden
        layer the norm vanishes linearly and the gain over the origin quadratically, so that both the least
        loss and its slope are continuous.""",
    by="Danskin's theorem",
    reference="Danskin 1966, The theory of max-min, with applications",
    rests_on=(NORM_AT_TIE, KINK, CONTINUOUS, SECOND_ORDER, GLOBAL, DIFFERENTIABLE),
    conditions=(r"$A = a I$ and $v \ne 0$", "all decays are positive"),
)

CAPTION = """What is left of the least-squares map against the decay: global minimum (solid), local
    minimum (dotted), saddle (dashed). At the transition (squares) the global minimum jumps to 0."""


def draw_norm(axes: Any) -> None:
    """‖m‖ over that of least squares on both branches, against the decay over that of the transition."""
    import numpy as np

    at = np.geomspace(1e-4, 1e4, 300)
    axes.plot(at / (1 + at), 1 / (1 + at), color="C0", label="$D = 1$")
    for number, depth in enumerate((2, 3, 10), 1):
        color, tie, top = f"C{number}", 1 / (depth - 1), (depth + 1) / (depth - 1)
        decay = lambdify(zeta, (curve(zeta) / ISOTROPIC.transition.q).subs(D, depth), "numpy")
        for low, high, style in ((1e-4, tie, "-"), (tie, top, ":"), (top, 400 * top, "--")):
            at = np.geomspace(low, high, 300)
            label = f"$D = {depth}$" if style == "-" else None
            axes.plot(decay(at), 1 / (1 + at), color=color, linestyle=style, label=label)
        axes.plot([1, 1], [0, 1 / (1 + tie)], color=color, linewidth=0.6)
        axes.plot([1], [1 / (1 + tie)], "s", color=color, markersize=4)
    axes.set(xlim=(0, 2.2), ylim=(0, 1.02), xlabel="decay $q$ over that of the transition")
    axes.set_ylabel(r"$\Vert m\Vert\,\rho a/\Vert v\Vert$")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, columnspacing=0.8, handlelength=1)


DERIVATION = Derivation(
    id="jump",
    title="The order of the transition",
    prose="""How the minimum gives way to the origin depends on the depth: gradually at one hidden
        layer, and at once at all others [@ueda2022].""",
    statements=(NORM_AT_TIE, HALF, KINK, CONTINUOUS, SECOND_ORDER),
    steps=(ORDER,),
    figures=((CAPTION, draw_norm),),
)
