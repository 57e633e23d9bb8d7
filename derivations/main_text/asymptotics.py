"""An appendix: more on isotropic data and on the variance, and leading terms with their errors."""

from symderive.statements.document import Defined, Figure, Part, Supposed, Theorem

from ..isotropic.decay_threshold import IN_NOISE
from ..isotropic.infinite_depth_catalan import CATALAN
from ..isotropic.isotropic_closed_form import SHALLOW
from ..isotropic.isotropic_equation import VARIANCE_OF_DATA
from ..isotropic.isotropic_saddle_branch import ALL, SADDLE_BRANCH, draw_branches
from ..isotropic.jump import CONTINUOUS, HALF, SECOND_ORDER
from ..isotropic.largest_depth import AN_INTERVAL, LEADING, LOWER, UPPER
from ..outputs.several_outputs_minima import draw_modes
from ..variance.variance_asymptotics import (
    AT_COLLAPSE,
    DEPTH,
    LARGEST,
    NEAR_THRESHOLD,
    ONE_LAYER,
    ORDERS,
    RESCALED,
    SMALL_LOWER,
    SMALL_UPPER,
    SQUARE_ROOT,
)
from ..variance.variance_bounds import OF_DEEP, OF_NOISY, OF_WIDE
from ..variance.variance_vanishes_depth import BERNOULLI
from ..variance.variance_vanishes_width import EXCESS
from .isotropic import ASSUMED as ISOTROPIC
from .setting import ASSUMED, NOISE

SERIES = Theorem(
    id="other-series",
    kind="proposition",
    name="the other solution, and limits of the series",
    assumes=ISOTROPIC,
    body=(
        r"""Let $D \ge 2$. The larger solution of the isotropic equation, $\zeta = q (1 + \zeta)^{t}$ with
        $(D - 1) \zeta \ge D + 1$, is a series, too:""",
        SADDLE_BRANCH,
        r"There are no others. At $D = 1$ the series of the smaller one is geometric: for $q < 1$",
        SHALLOW,
        r"""In the limit $D \to \infty$ at fixed $\rho$ and $\bar\gamma$ its coefficients are Catalan
        numbers: where $\zeta = q (1 + \zeta)^{2}$ with $q < 1/4$ and $\zeta < 1$,""",
        CATALAN,
    ),
    proof=r"""If $\zeta$ solves the equation, $1/\zeta$ solves it with $t'$ and $q'$, which is
        [[isotropic-saddle-equation]]. There are at most two solutions ([[isotropic-saddle-all]]). In
        the limit $t = 2$ and the equation is quadratic; the generating function of the Catalan numbers
        [@graham1994] solves it.""",
    rests_on=(ALL,),
)

BRANCHES = Figure(
    id="branches",
    caption=r"""Left: both solutions of the isotropic equation, minima (solid) and saddles (dashed).
        They meet at the spinodal (dots), up to which both series converge. Right: the global minimum of
        three modes of [[several-outputs-theorem]] with $a = 1$ as the decay grows. With two hidden
        layers (solid) every mode jumps to zero at its own transition, the weakest first; with one
        (dashed) it goes to zero continuously.""",
    draw=(draw_branches, draw_modes),
)

BEYOND = Theorem(
    id="beyond-the-transition",
    kind="proposition",
    name="at and beyond the transition",
    assumes=ISOTROPIC,
    body=(
        r"Let $D \ge 2$. In terms of the noise the transition is at a finite value:",
        IN_NOISE,
        r"""The local minimum that is left beyond the transition disappears at the spinodal, $\zeta = (D +
        1)/(D - 1)$, with half of the norm at the transition:""",
        HALF,
        r"""At one hidden layer, where $\bar{\gamma} = \lVert v \rVert \zeta/(1 + \zeta)$ and $F(m) =
        c - \rho a \lVert m \rVert^2$ at a solution, norm and gain over the origin vanish continuously:""",
        CONTINUOUS,
        SECOND_ORDER,
    ),
    proof=r"Solve $q \le q_{\mathrm{c}}$ for $\rho$; insert $\zeta$.",
)

DEPTHS = Theorem(
    id="largest-depth-bounds",
    kind="proposition",
    name="the largest depth",
    assumes=ISOTROPIC,
    body=(
        r"""Let $D \ge 2$, with equal decays and no noise. If the origin is not the only global minimum,
        which means that""",
        Supposed(UPPER),
        "the depth is bounded,",
        UPPER,
        r"""Conversely, a depth that stays below $\lVert v \rVert^2/(a \bar\gamma)$ by a logarithm, so
        that""",
        Supposed(LOWER),
        "is not too deep:",
        LOWER,
    ),
    proof=r"""By [[decay-threshold]] and the bound $\ln x \le x - 1$. The logarithms of the two sides of
        the condition differ by a concave function of the depth, so that the depths that meet it are an
        interval ([[largest-depth-interval]], [[largest-depth-asymptotics]]).""",
    rests_on=(AN_INTERVAL, LEADING),
)

LIMITS = Theorem(
    id="variance-limits-bounds",
    kind="proposition",
    name="the variance of wide, noisy and deep networks",
    assumes=ASSUMED,
    body=(
        r"Wide layers, $d_{i} \ge N$, bound the variance:",
        OF_WIDE,
        r"So does strong noise. If all $\sigma_i$ are equal to $\sigma > 0$,",
        OF_NOISY,
        r"For many layers of the same noise per neuron, $\sigma_{i}^{2} / d_{i} = \delta$,",
        OF_DEEP,
    ),
    proof="Insert the bounds of [[variance-theorem]].",
)

WORST = Theorem(
    id="variance-one-layer",
    kind="proposition",
    name="the worst noise at one hidden layer",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$, and let $\lambda$ be the root without noise. With noise the root is $\rho
        \lambda$, and the variance is known from the map $\bar m$ without noise.""",
        ONE_LAYER,
        r"It is largest at $\rho = 2$.",
        LARGEST,
    ),
    proof=r"""At $D = 1$, $\varphi(\rho\lambda)$ with noise is $\varphi(\lambda)$ without noise, which
        is [[variance-asymptotics-rescaling]], and $(\rho - 1)/\rho^2 \le 1/4$ since $(\rho - 2)^2 \ge
        0$.""",
    rests_on=(RESCALED,),
)

OF_ISOTROPIC = Theorem(
    id="variance-isotropic",
    kind="proposition",
    name="the variance of isotropic data",
    assumes=ISOTROPIC,
    body=(
        "At a solution of the isotropic equation the variance is",
        VARIANCE_OF_DATA,
        r"""At $D \ge 2$ it falls to 0 where the network collapses, $\zeta = 1/(D - 1)$, from the positive
        value""",
        AT_COLLAPSE,
        r"""At $D = 1$, where $\bar{\gamma} = \lVert v \rVert \zeta/(1 + \zeta)$, it vanishes
        quadratically at the threshold:""",
        NEAR_THRESHOLD,
    ),
    proof=r"Insert $m = v/(\rho a (1 + \zeta))$ and $\zeta$.",
)

LITTLE_NOISE = Theorem(
    id="little-noise",
    kind="proposition",
    name="little noise per neuron",
    assumes=(NOISE,),
    body=("The noise factor is bounded on both sides:", BERNOULLI, EXCESS),
    proof="By induction on the depth.",
)

SMALL_DECAY = Theorem(
    id="small-decay",
    kind="proposition",
    name="small decay",
    assumes=ISOTROPIC,
    body=(
        r"""Let $D \ge 2$. Every solution of the isotropic equation, $q = \zeta/(1 + \zeta)^{t}$, is
        bounded on both sides:""",
        SMALL_LOWER,
        SMALL_UPPER,
    ),
    proof=r"""By Bernoulli's inequality, $(1 + \zeta)^{t} \ge 1 + t \zeta$ and $(1 + \zeta)^{t - 1} \le
        1 + (t - 1) \zeta$, since $t - 1 < 1$.""",
)

PART = Part(
    id="asymptotics",
    title="More on isotropic data, and asymptotics",
    blocks=(
        "The series of the larger solution has the exponent and the variable",
        Defined(names=("t'", "q'")),
        SERIES,
        BRANCHES,
        BEYOND,
        DEPTHS,
        LIMITS,
        WORST,
        OF_ISOTROPIC,
        r"""Such bounds give leading terms where upper and lower bounds differ by a higher power of what
        is small.""",
        LITTLE_NOISE,
        r"""So $\rho - 1 = \sum_i \sigma_i^2/d_i$ up to a relative error of the same order, and with
        noise $\sigma^2$ in $D$ layers of width $N$ the variance is $D \sigma^2\, m^{\top} A m/N$ up to
        terms of order $1/N^2$.""",
        SMALL_DECAY,
        r"""So the smaller one is $\zeta = q + t q^2$ up to terms of order $q^3$, and the variance there
        is $(\rho - 1) \lVert v \rVert^2/(\rho^2 a)$ times $1 - 2q$ up to terms of order $q^2$
        ([[variance-asymptotics-orders]]). At the other end, with $\epsilon = 1 - q/q_{\mathrm{sp}}$,
        the two solutions meet like $\sqrt\epsilon$ ([[variance-asymptotics-square-root]]). Without
        decay, and with equal noise per neuron in all layers, the variance falls exponentially with the
        depth, by [[variance-asymptotics-depth]].""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (ORDERS, SQUARE_ROOT, DEPTH)
