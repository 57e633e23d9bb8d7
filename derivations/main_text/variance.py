"""Section 7: the variance of the prediction, its limits, and several outputs."""

from symderive.statements.document import Assumption, Part, Supposed, Theorem

from ..outputs.autoencoder import BOUND as AUTOENCODER_BOUND
from ..outputs.autoencoder import GELFAND_NAIMARK
from ..outputs.autoencoder import GLOBAL as AUTOENCODER
from ..outputs.outputs_dropout import BOUND as DROPOUT_BOUND
from ..outputs.outputs_dropout import FILLED, ISOMETRY
from ..outputs.outputs_dropout import MINIMUM as DROPOUT
from ..outputs.outputs_dual import ALIGNED, NO_GAP, WEAK
from ..outputs.several_outputs import CHOICES, SINGULAR_VECTORS
from ..outputs.several_outputs_minima import (
    ARE_MINIMA,
    DECAY_BOUND,
    MINIMUM,
    ORDERED,
    SEPARATE,
    TRACE_BOUND,
)
from ..variance.prediction_variance import NOT_NEGATIVE, RANGE
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
from .setting import ASSUMED, DECAYS

VARIANCE = Theorem(
    id="variance-theorem",
    kind="theorem",
    name="variance of the prediction",
    assumes=ASSUMED,
    body=(
        r"""At balanced weights of a map $m = (U T_{D})^{\top}$, which are those of [[minimum]], the
        prediction has the variance""",
        IN_MAP,
        r"""At a stationary point, $m = (\rho A + \lambda I)^{-1} v$, whatever the decay, it is at most a
        part of what least squares explains,""",
        AT_MOST,
        "and this part is small for little noise per neuron, for strong noise, and for many noisy layers:",
        FACTOR_WIDTH,
    ),
    proof=r"""The second moment of $f(x)$ is $\rho$ times that of its mean, which is $m^{\top} x$. In
        the eigenvectors of $A$ with eigenvalues $a_j > 0$, which span the range of $A$ and so $v$,
        $\rho^2 a_j^2 \le (\rho a_j + \lambda)^2$. The bounds on $\rho$ are Bernoulli's inequality and
        its relatives, by induction on the depth.""",
    rests_on=(FACTOR_NOISE, FACTOR_DEPTH, RANGE, NOT_NEGATIVE),
)

THREE_LIMITS = Theorem(
    id="variance-corollary",
    kind="corollary",
    name="wide, noisy and deep networks",
    assumes=ASSUMED,
    body=(
        r"""The variance vanishes as the least width of the hidden layers grows at fixed depth and
        noise, as the noise $\sigma$ of all layers grows at fixed depth and widths, and as the depth
        grows at a fixed noise per neuron.""",
    ),
    proof=r"""By [[variance-limits]], from bounds that [[variance-limits-bounds]] gives.""",
    rests_on=(OF_WIDE, OF_NOISY, OF_DEEP, LIMITS),
)

OUTPUTS = Assumption(
    id="several-outputs-data",
    name="several outputs",
    text=r"""The target is a vector, $y \in \mathbb{R}^{d_{D+1}}$, the output layer a matrix $W_{D+1}
        \in \mathbb{R}^{d_{D+1} \times d_D}$ with decay $\gamma_{D+1} = \gamma_u$, there is no noise,
        and $A = a I$ with $a > 0$. The matrix $V = \mathbb{E}\, y x^{\top}$ has the singular values
        $s_1 \ge \dots \ge s_n$, the map $P = W_{D+1} \cdots W_1$ has $z_1 \ge \dots \ge z_n$, $n =
        \min(d_0, d_{D+1})$, and $d_{\mathrm{min}}$ is the least of $d_0, \dots, d_{D+1}$.""",
)

SEVERAL = Theorem(
    id="several-outputs-theorem",
    kind="theorem",
    name="several outputs",
    assumes=(DECAYS, OUTPUTS),
    body=(
        r"""With the decay $\Omega$ of all layers and $c = \mathbb{E} \lVert y \rVert^2$, the loss is
        $\bar{L}(W) = a \lVert P \rVert_F^2 - 2 \operatorname{tr}(P^{\top} V) + c + \Omega$. By the
        inequalities of Horn and von Neumann""",
        Supposed(SEPARATE),
        "so that the loss is at least that of separate problems with one output,",
        SEPARATE,
        "and its minimum is",
        MINIMUM,
    ),
    proof=r"""The inequalities are [[several-outputs-horn]] and [[several-outputs-von-neumann]]. At a
        stationary point neighboring layers are balanced as matrices, $\gamma_{i+1} W_{i+1}^{\top}
        W_{i+1} = \gamma_i W_i W_i^{\top}$. Hence the singular vectors of $P$ are singular vectors of
        $V$, and each $z_p > 0$ solves the isotropic equation with $\lVert v \rVert = s_p$ and $\rho =
        1$ ([[several-outputs-singular-vectors]]); conversely every choice of at most $d_{\mathrm{min}}$
        such solutions is stationary ([[several-outputs-choices]]), and a mode gains the more the larger
        $s_p$ is.""",
    rests_on=(TRACE_BOUND, DECAY_BOUND, SINGULAR_VECTORS, CHOICES, ORDERED, ARE_MINIMA),
)

NOISY_OUTPUTS = Theorem(
    id="noisy-outputs-theorem",
    kind="theorem",
    name="several outputs, one hidden layer",
    assumes=(DECAYS,),
    body=(
        r"""Let $D = 1$, with $V$, $P$ and their singular values $s_p$ and $z_p$ as in
        [[several-outputs-data]], $g = \sqrt{\gamma_1 \gamma_u}$ and $\nu = \sigma_1^2/d_1$.""",
        r"""Without noise and for any $A$, every matrix $Y$ of norm at most $g$ with $V - Y = C A$ bounds
        the loss from below by $c - \operatorname{tr}(C A C^{\top})$, and if $d_1$ is at least the rank of
        the best map, one of them has no gap.""",
        r"""With noise and $A = a I$ the global minimum has $z_p = (s_p - g)/a - \nu \sum_q z_q$ for the
        modes that it holds, the strongest ones, and 0 for the others. Mode $p$ is held if $g$ is below
        $(1 + \nu (p - 1)) s_p - \nu \sum_{q < p} s_q$ and $p \le d_{\mathrm{min}}$.""",
    ),
    proof=r"""The decay of a neuron is at least its overlap with $2Y$ ([[outputs-dual-decay]]), the rest of
        the first bound is a form of $A$ ([[outputs-dual]]), and its best case is convex duality
        ([[outputs-dual-no-gap]]). The noise is at least $\nu a$ times the square of the sum of the singular
        values ([[outputs-dropout-bound]]); what is left is least by water filling
        ([[outputs-dropout-filled]]), and an isometry that spreads the modes evenly over the neurons attains
        it ([[outputs-dropout-isometry]], [[outputs-dropout-global]]).""",
    rests_on=(ALIGNED, WEAK, NO_GAP, DROPOUT_BOUND, FILLED, ISOMETRY, DROPOUT),
)

AUTOENCODERS = Theorem(
    id="autoencoder-theorem",
    kind="theorem",
    name="linear autoencoders",
    assumes=(DECAYS,),
    body=(
        r"""Let $V = A$ with any second moments $A$, without noise and at any depth, with $P$, $\Omega$ and
        $z_p$ as above, the $z_p$ for the singular values of $P A^{1/2}$ over $\sqrt{a_p}$, and 0 where
        $a_p = 0$. If""",
        Supposed(AUTOENCODER_BOUND),
        "as von Neumann's, Horn's and Gelfand and Naimark's theorems say, then",
        AUTOENCODER_BOUND,
        r"""and the first $d_{\mathrm{min}}$ principal directions, each at the minimum of its own problem,
        attain the least value.""",
    ),
    proof=r"""The penalty of the map is at least that of the modes ([[autoencoder-gelfand-naimark]]); the
        map that has the principal directions for singular vectors attains all bounds
        ([[autoencoder-global]]).""",
    rests_on=(GELFAND_NAIMARK, AUTOENCODER),
)

PART = Part(
    id="variance",
    title="Variance of the prediction, and several outputs",
    blocks=(
        "Noise that is kept makes the prediction random. How random has a short answer.",
        VARIANCE,
        r"""So what decides is the noise per neuron, $\sigma_i^2/d_i$. If one noisy layer stays narrow,
        $\rho - 1$ is at least its noise per neuron however wide the others are; and if the widths
        double from layer to layer, $\rho$ stays bounded as the depth grows.""",
        THREE_LIMITS,
        r"""Under strong noise the variance thus rises and falls again: at one hidden layer it is
        largest at $\rho = 2$, and at two or more it falls to 0 from a positive value at the transition
        ([[asymptotics]]). We close with an extension in another direction.""",
        OUTPUTS,
        SEVERAL,
        r"""So as the decay grows the modes are switched off one after the other, the weakest first, and
        the rank of the global minimum is a staircase. At $D \ge 2$ the local minima are those in which,
        for some $j$, the $j$ largest singular values are on the branch of minima and the others are 0
        ([[several-outputs-are-minima]]). Inputs that are not white, and noise, make the modes compete.
        With one hidden layer either of them is solved.""",
        NOISY_OUTPUTS,
        r"""Without decay the same holds for any inputs, with $V A^{-1/2}$ for $V$
        ([[outputs-dropout-undecayed]]), as is known from [@cavazza2018, @mianjy2018]. Noise alone can keep
        weak modes out at every decay. With two or more hidden layers and inputs that are not white we know
        the minimum where the target is the input, which [@kunin2019] has at one hidden layer.""",
        AUTOENCODERS,
        r"""For white inputs, with noise at one hidden layer, and for autoencoders the rank of the global
        minimum falls with the decay in steps, one for each singular value that it has held
        ([[rank-staircase-rank]]).""",
    ),
)
