"""Networks with activations: the origin, and collapse that is certain before training."""

from symderive.statements.document import Assumption, Defined, Part, Theorem

from ..nonlinear.nonlinear_barrier import (
    AT_TOP,
    DECAY,
    HIGHEST,
    LAYERS,
    LOSS,
    MIXED_MOMENT,
    NOISE_SIZE,
    ONE_LAYER,
    ORDER_OF_POINTS,
    ORIGIN,
    POSITIVE,
    SLOPE_POSITIVE,
)
from ..nonlinear.nonlinear_collapse import CONVERGES, SMOOTH, TRAPPED, WITHOUT_LOSS
from ..nonlinear.nonlinear_slopes import FALLS, STEEPNESS
from .setting import DECAYS, NOISE

ACTIVATIONS = Assumption(
    id="activations",
    name="activations",
    text=r"""The network has the layers $h_i = \epsilon_i \circ \phi(W_i h_{i-1})$ with $|\phi(t)| \le
        |t|$ for all $t$, the prediction is $U h_D$, and there are no biases. The mean of $|y| \lVert x
        \rVert$ is finite, and so is $c = \mathbb{E}\, y^2$.""",
)

ASSUMED = (NOISE, DECAYS, ACTIVATIONS)

BARRIER = Theorem(
    id="barrier",
    kind="theorem",
    name="barrier around the origin",
    assumes=ASSUMED,
    body=(
        "At all weights",
        LOSS,
        "Let $D \\ge 2$. The bound is positive up to its zero, and rises up to its top,",
        POSITIVE,
        SLOPE_POSITIVE,
        AT_TOP,
        ORDER_OF_POINTS,
        "so that the origin is a strict local minimum:",
        ORIGIN,
        "At $D = 1$ the bound is a line,",
        ONE_LAYER,
        r"and for $K < \bar\gamma$ the origin is the only global minimum.",
    ),
    proof=r"""The mean size of the prediction over the noise is at most $\lVert x \rVert \lVert U \rVert
        \prod_i \mu_i \lVert W_i \rVert_F$ with $\mu_i = \mathbb{E} |\epsilon_i|$
        ([[nonlinear-barrier-layers]]), so that $\mathbb{E} f y \le K \lVert U \rVert \prod_i \lVert W_i
        \rVert_F$ ([[nonlinear-barrier-mixed]]). By the inequality of arithmetic and geometric means the
        product is at most $(S/((D + 1) \bar\gamma))^{(D+1)/2}$ ([[nonlinear-barrier-decay]]), and
        $\mathbb{E} f^2 \ge 0$. Nowhere is the bound larger than at its top
        ([[nonlinear-barrier-highest]]).""",
    rests_on=(LAYERS, MIXED_MOMENT, DECAY, HIGHEST),
)

COLLAPSE = Theorem(
    id="collapse-before-training",
    kind="theorem",
    name="collapse before training",
    assumes=ASSUMED,
    body=(
        r"""Let $D \ge 2$, and let the first weights of gradient flow have $S < S_0$ and a loss below $c
            + h(S_0)$. Then for all times""",
        TRAPPED,
        r"""If the activations are positively homogeneous, as ReLU is, all weights go to 0
            exponentially; and they do so from all weights with $\gamma_{\mathrm{max}} (\lVert U
            \rVert^2 + \sum_i \lVert W_i \rVert_F^2) < S_0$, whatever their loss, which for equal decays
            is $S < S_0$. At $D = 1$ and $K < \bar\gamma$ they do so from everywhere.""",
    ),
    proof=r"""The loss falls, and where $S = S_0$ it would be at least $c + h(S_0)$. For homogeneous
        activations the squared norm of all weights falls at the rate of at least $4 S h'(S)$
        ([[nonlinear-collapse-converges]], [[nonlinear-collapse-by-norm]]).""",
    rests_on=(CONVERGES, WITHOUT_LOSS),
)

PART = Part(
    id="activations-part",
    title="Networks with activations",
    blocks=(
        r"""Linear networks are not alone in having the origin for a minimum. Let the neurons have
            activations. There is no end-to-end map then, and no scalar equation; but what made the
            origin a minimum, a data term of higher order than the decay, is still there, and it can be
            made explicit.""",
        ACTIVATIONS,
        r"""The loss $L_\phi$ is the mean square error with the same decay as before. Let $S > 0$ be the
            decay of all layers, and let $K > 0$ be a bound on $\mathbb{E}\, |y| \lVert x \rVert \prod_i
            \mathbb{E} |\epsilon_i|$. For noise that is never negative, such as dropout, the last
            factors are 1; for all noise of mean 1 they are at most $(1 + \sigma_i^2)^{1/2}$
            ([[nonlinear-barrier-noise]]). Put""",
        Defined(names=("h(S)", "S_{0}", r"S_{\mathrm{zero}}")),
        BARRIER,
        r"""All of this is known before training: $K$ is one mean of the data, and $S$ is known with the
            first weights. Gradient flow that starts below the barrier cannot climb it. Where
            activations have kinks it is a flow of subgradients, along which the loss falls
            [@davis2020].""",
        COLLAPSE,
        r"""For the hyperbolic tangent and all activations with slopes at most 1 the weights go to 0
            from a smaller ball ([[nonlinear-collapse-smooth]]), and for steeper ones, such as GELU, from
            one that the data alone tell ([[nonlinear-slopes-converge]]). The condition is sufficient
            and not necessary: the bound takes the prediction to be as large as its layers allow, and as
            well aligned. Rows of opposite targets that are near each other make $K$ smaller
            ([[nonlinear-slopes-signal]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (NOISE_SIZE, SMOOTH, FALLS, STEEPNESS)
