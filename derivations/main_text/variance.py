"""Section 7: the variance of the prediction, its limits, and several outputs."""

from symderive.statements.document import Assumption, Figure, Part, Theorem

from ..isotropic.isotropic_equation import VARIANCE_OF_DATA
from ..outputs.several_outputs import CHOICES, SINGULAR_VECTORS
from ..outputs.several_outputs_minima import (
    ARE_MINIMA,
    DECAY_BOUND,
    MINIMUM,
    ORDERED,
    SEPARATE,
    TRACE_BOUND,
    draw_modes,
)
from ..variance.prediction_variance import NOT_NEGATIVE, RANGE
from ..variance.variance_asymptotics import AT_COLLAPSE, LARGEST, ONE_LAYER, RESCALED
from ..variance.variance_bounds import (
    AT_MOST,
    FACTOR_DEPTH,
    FACTOR_NOISE,
    FACTOR_WIDTH,
    IN_MAP,
    LIMITS,
    OF_DEEP,
    OF_NOISY,
    OF_WIDE,
)
from .isotropic import ISOTROPIC
from .setting import ASSUMED, DATA, DECAYS

VARIANCE = Theorem(
    id="variance-theorem",
    kind="theorem",
    name="variance of the prediction",
    assumes=ASSUMED,
    body=(
        "At the weights of [[minimum]], and at all that are balanced like these,",
        IN_MAP,
        r"""At a stationary point, whatever the decay, this is bounded by what least squares explains of
        the target:""",
        AT_MOST,
        "The factor is small for little noise per neuron, for strong noise, and for many noisy layers:",
        FACTOR_WIDTH,
        FACTOR_NOISE,
        FACTOR_DEPTH,
    ),
    proof=r"""The second moment of $f(x)$ is $\rho$ times that of its mean, which is $m^{\top} x$. In
        the eigenvectors of $A$ with eigenvalues $a_j > 0$, which span the range of $A$ and so $v$,
        $\rho^2 a_j^2 \le (\rho a_j + \lambda)^2$. The bounds on $\rho$ are Bernoulli's inequality and
        its relatives, by induction on the depth.""",
    rests_on=(RANGE, NOT_NEGATIVE),
)

THREE_LIMITS = Theorem(
    id="variance-corollary",
    kind="corollary",
    name="wide, noisy and deep networks",
    assumes=ASSUMED,
    body=(
        r"Let all hidden layers have at least the width $N$. Then",
        OF_WIDE,
        r"Let all $\sigma_i$ be equal to $\sigma > 0$. Then",
        OF_NOISY,
        r"Let all layers have the same noise per neuron. Then",
        OF_DEEP,
        r"""Hence the variance vanishes as $N \to \infty$, as $\sigma \to \infty$ and as $D \to \infty$,
        each with all else that stands in its bound held fixed.""",
    ),
    proof="Insert the bounds of [[variance-theorem]]; the variance is not negative ([[variance-limits]]).",
    rests_on=(LIMITS,),
)

ONE_HIDDEN = Theorem(
    id="variance-one-layer",
    kind="proposition",
    name="the worst noise at one hidden layer",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$, and let $\lambda$ be the root without noise. With noise the root is $\rho
        \lambda$, and the variance is known from the map $\bar m$ without noise:""",
        ONE_LAYER,
        "It is largest at $\\rho = 2$:",
        LARGEST,
    ),
    proof=r"""At $D = 1$, $\varphi(\rho\lambda)$ with noise is $\varphi(\lambda)$ without noise
        ([[variance-asymptotics-rescaling]]), and $(\rho - 1)/\rho^2 \le 1/4$ since $(\rho - 2)^2 \ge
        0$.""",
    rests_on=(RESCALED,),
)

OF_ISOTROPIC = Theorem(
    id="variance-isotropic",
    kind="proposition",
    name="isotropic data",
    assumes=(DATA, DECAYS, ISOTROPIC),
    body=(
        "At a solution of the isotropic equation",
        VARIANCE_OF_DATA,
        r"At $D \ge 2$ it does not vanish as the network collapses, but falls to 0 from",
        AT_COLLAPSE,
    ),
    proof=r"Insert $m = v/(\rho a (1 + \zeta))$ and $\zeta = 1/(D-1)$.",
)

OUTPUTS = Assumption(
    id="several-outputs-data",
    kind="Setting",
    name="several outputs",
    text=r"""The target is a vector, $y \in \mathbb{R}^{d_{D+1}}$, the output layer a matrix $W_{D+1}
        \in \mathbb{R}^{d_{D+1} \times d_D}$ with decay $\gamma_{D+1} = \gamma_u$, there is no noise,
        and $A = a I$ with $a > 0$. The matrix $V = \mathbb{E}\, y x^{\top}$ has singular values $s_1
        \ge s_2 \ge \dots$, and the map $P = W_{D+1} \cdots W_1$ has singular values $z_1 \ge z_2 \ge
        \dots$, $n = \min(d_0, d_{D+1})$ of both.""",
)

SEVERAL = Theorem(
    id="several-outputs-theorem",
    kind="theorem",
    name="several outputs",
    assumes=(DECAYS, OUTPUTS),
    body=(
        r"""The loss is $\bar{L}(W) = a \lVert P \rVert_F^2 - 2 \operatorname{tr}(P^{\top} V) + c +
        \Omega$ with $c = \mathbb{E} \lVert y \rVert^2$ and the decay $\Omega$ of all layers. By von
        Neumann's inequality the overlap of map and data, and by Horn's the decay, is bounded by
        singular values,""",
        TRACE_BOUND,
        DECAY_BOUND,
        "and given these two bounds the loss is at least that of separate problems with one output:",
        SEPARATE,
        r"With $d_{\mathrm{min}}$ the least of all widths $d_0, \dots, d_{D+1}$,",
        MINIMUM,
    ),
    proof=r"""At a stationary point neighboring layers are balanced as matrices, $\gamma_{i+1}
        W_{i+1}^{\top} W_{i+1} = \gamma_i W_i W_i^{\top}$. Hence the singular vectors of $P$ are
        singular vectors of $V$, and each $z_p > 0$ solves the isotropic equation with $\lVert v \rVert
        = s_p$ and $\rho = 1$ ([[several-outputs-singular-vectors]]); conversely every choice of at most
        $d_{\mathrm{min}}$ such solutions is stationary ([[several-outputs-choices]]). The loss is a sum
        over the modes ([[several-outputs]]), and each gains more the larger $s_p$ is
        ([[several-outputs-order]]).""",
    rests_on=(SINGULAR_VECTORS, CHOICES, ORDERED, ARE_MINIMA),
)

MODES = Figure(
    id="modes",
    caption=r"""The global minimum of three modes with $a = 1$ as the decay grows. With two hidden
        layers (solid) every mode jumps to zero at its own transition, the weakest first; with one
        (dashed) it goes to zero continuously.""",
    draw=(draw_modes,),
)

PART = Part(
    id="variance",
    title="Variance of the prediction, and several outputs",
    blocks=(
        r"""Noise that is kept at the time of prediction makes the prediction random. How random it is
        at a minimum of the loss has a short answer.""",
        VARIANCE,
        r"""Neither width nor depth alone decides, but the noise per neuron, $\sigma_i^2/d_i$. If one
        noisy layer stays narrow, $\rho - 1$ is at least its noise per neuron however wide the others
        are; and if the widths double from layer to layer, $\rho$ stays bounded as the depth grows.""",
        THREE_LIMITS,
        r"""The bound in terms of the depth is far from sharp if there is no decay: with the same noise
        per neuron $\delta$ in all layers the variance is then $v^{\top} A^{+} v\, ((1 + \delta)^{-D} -
        (1 + \delta)^{-2D})$ ([[variance-asymptotics-depth]]). With decay, deep networks are at 0, by
        [[largest-depth-bounds]]. Between no noise and strong noise the variance has a maximum:""",
        ONE_HIDDEN,
        OF_ISOTROPIC,
        r"""The leading terms in all of these limits, with the order of the errors, are in
        [[asymptotics]]. We close with an extension in another direction.""",
        OUTPUTS,
        SEVERAL,
        r"""So as the decay grows the modes are switched off one after the other, the weakest first
        ([[modes]]), and the rank of the global minimum is a staircase. The local minima are those in
        which, for some $j$, the $j$ largest singular values are on the branch of minima and the others
        are 0 ([[several-outputs-ordered]], [[several-outputs-are-minima]]).""",
        MODES,
    ),
)
