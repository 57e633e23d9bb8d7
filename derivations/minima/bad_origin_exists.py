"""The origin can be a local minimum that is not global."""

from typing import Any

from ..notation import *
from .one_hidden_layer_threshold import SIGNAL, SIGNAL_POSITIVE, V

#: The point (step) · v minimizes the loss without decay along v; there it gains step · ‖v‖².
STEP = V**2 / (rho * SIGNAL)
GAIN = STEP * V**2
COST = LETTERS.penalty(STEP * V)

SMALL_DECAY = greater(GAIN, COST)

BAD_ORIGIN = theorem(
    "bad-origin-exists",
    "Under small decay the origin is not the global minimum",
    greater(c, LETTERS.loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V)),
    given=(
        *(SIGNAL_POSITIVE, SMALL_DECAY),
        r"$v \ne 0$ lies in the range of $A$, so that $v^{\top} A v > 0$",
    ),
    reference=f"{PAPER}, bad minima of deep networks",
    proof=SMALL_DECAY,
    test=Domain(ranges={gamma_bar: (0, Rational(1, 100))}),
    misses={
        "the decay is not small": (without(SMALL_DECAY), Domain()),
        "more than is gained": left(c - GAIN),
    },
    prose="A step along $v$, as long as least squares would make it, goes below the origin.",
)

SMALL_ENOUGH = theorem(
    "bad-origin-small-decay",
    "The cost of the step vanishes with the decay",
    limit(COST, gamma_bar, 0, 0),
    given=(SIGNAL_POSITIVE,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the gain vanishes as well": limit(GAIN, gamma_bar, 0, 0)},
    prose="""So the decay can be as small as the hypothesis asks for. At depth 2 or more the origin is a
        local minimum for every decay, and for small decay it is a bad one.""",
)


def draw_march_to_two_minima(axes: Any) -> None:
    """F along v for D = 1, 2, 3, one-dimensional data with a = ‖v‖ = ρ = 1."""
    import numpy as np
    from sympy import lambdify

    scale = np.linspace(0, 1.2, 400)
    for depth, decay in ((1, "0.3"), (2, "0.3"), (3, "0.25")):
        values = {D: depth, rho: 1, c: 0, gamma_bar: Rational(decay)}
        expression = LETTERS.loss(m_norm**2, m_norm, m_norm).subs(values)
        axes.plot(scale, lambdify(m_norm, expression, "numpy")(scale), label=f"$D = {depth}$")
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$\Vert m\Vert$ along $v$")
    axes.set_ylabel("$F(m) - c$")
    axes.legend()


DERIVATION = Derivation(
    id="bad-origin-exists",
    title="Two or more hidden layers: a bad minimum",
    prose="The local minimum at the origin need not be global.",
    statements=(BAD_ORIGIN, SMALL_ENOUGH),
    figures=(("The reduced loss along $v$: one minimum becomes two.", draw_march_to_two_minima),),
)
