"""Appendix E: leading terms, with the order of the errors."""

from symderive.statements.document import Part, Theorem

from ..isotropic.infinite_depth_catalan import CATALAN
from ..variance.variance_asymptotics import (
    DEPTH,
    NEAR_THRESHOLD,
    ORDERS,
    SMALL_LOWER,
    SMALL_UPPER,
    SQUARE_ROOT,
)
from ..variance.variance_vanishes_depth import BERNOULLI
from ..variance.variance_vanishes_width import EXCESS
from .isotropic import ISOTROPIC
from .setting import ASSUMED, DATA, DECAYS, NOISE

WIDE = Theorem(
    id="wide-networks",
    kind="proposition",
    name="little noise per neuron",
    assumes=(NOISE,),
    body=("The noise factor is bounded on both sides:", BERNOULLI, EXCESS),
    proof="By induction on the depth.",
)

SMALL = Theorem(
    id="small-decay",
    kind="proposition",
    name="small decay",
    assumes=(DATA, DECAYS, ISOTROPIC),
    body=(
        "The smaller solution of the isotropic equation is bounded on both sides:",
        SMALL_LOWER,
        SMALL_UPPER,
    ),
    proof=r"""By Bernoulli's inequality $(1 + \zeta)^{t} \ge 1 + t \zeta$, and $(1 + \zeta)^{t - 1} \le
        1 + (t - 1) \zeta$, since $t - 1 < 1$.""",
)

CATALAN_SERIES = Theorem(
    id="infinite-depth",
    kind="proposition",
    name="infinite depth",
    assumes=(DATA, DECAYS, ISOTROPIC),
    body=(
        r"In the limit $D \to \infty$ at fixed $\rho$ and $\bar\gamma$ the equation is quadratic, and",
        CATALAN,
    ),
    proof=r"""The generating function of the Catalan numbers [@graham1994] solves the same equation
        ([[catalan-generating-function]]).""",
)

THRESHOLD = Theorem(
    id="near-threshold",
    kind="proposition",
    name="near the threshold of one hidden layer",
    assumes=(*ASSUMED, ISOTROPIC),
    body=("At $D = 1$ the variance vanishes quadratically at the threshold:", NEAR_THRESHOLD),
    proof="The norm vanishes linearly ([[jump-one-layer]]).",
)

PART = Part(
    id="asymptotics",
    title="Asymptotics",
    blocks=(
        r"""The bounds of the main text give leading terms where upper and lower bounds differ by a
        higher power of what is small.""",
        WIDE,
        r"""With $\Sigma = \sum_i \sigma_i^2/d_i$ these say that $\rho - 1 = \Sigma$ up to a relative
        error of order $\Sigma$. So with noise $\sigma^2$ in $D$ layers of width $N$ the variance is $D
        \sigma^2\, m^{\top} A m/N$ up to terms of order $1/N^2$.""",
        SMALL,
        r"""So $\zeta = q + t q^2$ up to terms of order $q^3$, and the variance is $(\rho - 1) \lVert v
        \rVert^2/(\rho^2 a)$ times $1 - 2q$ up to terms of order $q^2$
        ([[variance-asymptotics-orders]]). At the other end, with $\epsilon = 1 - q/q_{\mathrm{sp}}$,
        the two solutions meet like $\sqrt\epsilon$ ([[variance-asymptotics-square-root]]).""",
        CATALAN_SERIES,
        THRESHOLD,
        r"""Without decay, and with equal noise per neuron in all layers, the variance falls
        exponentially with the depth ([[variance-asymptotics-depth]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (ORDERS, SQUARE_ROOT, DEPTH)
