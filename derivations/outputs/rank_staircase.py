"""The rank of the global minimum against the decay."""

from symderive.formulas.isotropic import isotropic
from symderive.model.network import Network

from ..inequalities import power
from ..isotropic.spinodal import DEEP
from ..isotropic.transition import TRANSITION
from ..notation import *
from .autoencoder import EQUATION
from .autoencoder import GLOBAL as AUTOENCODER
from .outputs_dropout import MINIMUM as WATER_FILLING
from .outputs_dropout import ORDER, THRESHOLD
from .several_outputs import NOISELESS
from .several_outputs_layers import a
from .several_outputs_minima import MINIMUM, weak

signal = v_norm
STRONGER = at_least(signal, weak)

#: The decay of every layer at the transition of a mode.
ISOTROPIC = isotropic()
DECAY = ISOTROPIC.transition.decay.xreplace(NOISELESS)
_factor = DECAY / signal**ISOTROPIC.exponent

STEPS = theorem(
    "rank-staircase-order",
    "Stronger modes leave at larger decays",
    at_least(DECAY, DECAY.subs(signal, weak)),
    given=(DEEP, STRONGER),
    reference="monotonicity of powers",
    proof=_factor * power(signal, weak, ISOTROPIC.exponent).because(STRONGER),
    misses={"no order": without(STRONGER)},
    prose=r"""By [[transition]] a mode is in the map up to the mean decay at its own transition, which grows
        with its singular value.""",
)

_held, _few = (
    at_least(ISOTROPIC.transition.q, gamma_bar / a),
    at_least(a * ISOTROPIC.transition.q, gamma_bar),
)

DIRECTIONS = theorem(
    "rank-staircase-autoencoder",
    "Principal directions leave at multiples of their eigenvalues",
    equivalent(_held, _few),
    given=(DEEP,),
    reference="algebra",
    proof=both_ways(a * _held, _few / a),
    misses={"at the spinodal": right(at_least(a * ISOTROPIC.spinodal.q, gamma_bar))},
    prose="Of an autoencoder all steps are in one ratio to the eigenvalues.",
)

STAIRCASE = in_words(
    "rank-staircase-rank",
    "The rank of the global minimum is a staircase",
    r"""At a mean decay $\bar\gamma$ the global minimum holds the modes whose thresholds are above it,
        at most $d_{\mathrm{min}}$ of them. Thresholds fall from mode to mode, so that the rank is the
        number of thresholds above $\bar\gamma$, and falls by the multiplicity of one singular value at
        each.""",
    by="counting",
    reference="the global minima of the cases",
    rests_on=(
        MINIMUM,
        WATER_FILLING,
        AUTOENCODER,
        TRANSITION,
        EQUATION,
        STEPS,
        DIRECTIONS,
        ORDER,
        THRESHOLD,
    ),
    conditions=(
        "$A = a I$, with noise at $D = 1$ only; or $V = A$ and no noise",
        "all decays are positive",
    ),
)

CAPTION = r"""The rank of the global minimum of six modes, with $a = 1$. With dropout on 8 hidden neurons
    the weakest mode is not held at any decay."""


def draw_ranks(axes: Any) -> None:
    """Staircases of six singular values at three depths, and with dropout."""
    from symderive.data.output_moments import OutputMoments
    from symderive.outputs.staircase import draw, rank_staircase

    strengths = (4, 3, "5/2", 2, "3/2", 1)
    rows = [[s if i == j else 0 for j in range(6)] for i, s in enumerate(strengths)]
    data = OutputMoments.given(1, rows, 100)
    nets = {
        "$D = 1$": Network(1, widths=8, decays=1, outputs=6),
        "$D = 1$, dropout 1/2": Network(1, widths=8, decays=1, dropout="1/2", outputs=6),
        "$D = 2$": Network(2, widths=8, decays=1, outputs=6),
        "$D = 4$": Network(4, widths=8, decays=1, outputs=6),
    }
    draw([rank_staircase(net, data) for net in nets.values()], axes, labels=list(nets))


DERIVATION = Derivation(
    id="rank-staircase",
    title="The rank against the decay",
    prose=r"""Where the modes decouple, each has a threshold in the mean decay $\bar\gamma$ of its own. With
        one hidden layer the map goes to 0 there continuously; with more it jumps.""",
    statements=(STEPS, DIRECTIONS),
    steps=(STAIRCASE,),
    figures=((CAPTION, draw_ranks),),
)
