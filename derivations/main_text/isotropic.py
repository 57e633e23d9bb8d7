"""Section 5: isotropic data, in closed form."""

from symderive.statements.document import Assumption, Defined, Figure, Part, Theorem

from ..isotropic.decay_threshold import (
    AT_SPINODAL,
    AT_TRANSITION,
    IN_NOISE,
    WIDER,
    draw_thresholds,
)
from ..isotropic.infinite_depth_catalan import CATALAN
from ..isotropic.isotropic_bounds import NONTRIVIAL, ORIGIN
from ..isotropic.isotropic_closed_form import CLOSED_FORM, SHALLOW
from ..isotropic.isotropic_closed_form import POWERS as BINOMIAL_SERIES
from ..isotropic.isotropic_equation import EQUATION, LOSS, MAP
from ..isotropic.isotropic_saddle_branch import ALL, SADDLE_BRANCH, draw_branches
from ..isotropic.jump import CONTINUOUS, HALF, NORM_AT_TIE, ORDER, SECOND_ORDER, draw_norm
from ..isotropic.largest_depth import AN_INTERVAL, LEADING, LOWER, UPPER
from ..isotropic.spinodal import ATTAINED, COUNT, SPINODAL, WHICH
from ..isotropic.transition import GLOBAL, OF_LOSS
from .setting import DATA, DECAYS

ISOTROPIC = Assumption(
    id="isotropic-data",
    kind="Setting",
    name="isotropic data",
    text="$A = a I$ with $a > 0$, and $v \\ne 0$.",
)

ASSUMED = (DATA, DECAYS, ISOTROPIC)

ONE_EQUATION = Theorem(
    id="one-equation",
    kind="proposition",
    name="one equation with one parameter",
    assumes=ASSUMED,
    body=(
        r"The ridge solution is parallel to $v$: at $\lambda = \rho a \zeta$",
        MAP,
        "The equation of the effective ridge becomes",
        EQUATION,
        "At a solution the reduced loss is",
        LOSS,
    ),
    proof=r"""Since $\rho A + \lambda I = \rho a (1 + \zeta) I$, the equation is $(\rho a
        \zeta)^{(D+1)/D} \lVert v \rVert^2 / (\rho a (1 + \zeta))^2 = \bar\gamma^{(D+1)/D}$; raise it to
        the power $D/(D+1)$. The value of $F$ follows from $\bar\gamma\, \lVert m \rVert^{2/(D+1)} =
        \lambda \lVert m \rVert^2$.""",
)

SERIES = Theorem(
    id="closed-form",
    kind="theorem",
    name="closed form",
    assumes=ASSUMED,
    body=(
        "At every depth the smaller solution of the isotropic equation is",
        CLOSED_FORM,
        r"and for $D \ge 2$ the larger one is",
        SADDLE_BRANCH,
        r"There are no others. At $D = 1$ the series is geometric:",
        SHALLOW,
    ),
    proof=r"""The powers of the solution of $y = 1 + q y^t$ are generalized binomial series
        [@graham1994]: their coefficients are determined by $y^{r+1} - y^r = q y^{r+t}$
        ([[generalized-binomial-series]]). All coefficients are positive, so that the series converges
        as far as its sum is analytic, up to $\zeta = (D+1)/(D-1)$. The reciprocal $1/\zeta$ of a
        solution solves the equation with $t'$ and $q'$ ([[isotropic-saddle-equation]]), and there are
        no more than two solutions ([[isotropic-saddle-all]]).""",
    rests_on=(BINOMIAL_SERIES, ALL),
)

THRESHOLDS = Theorem(
    id="thresholds",
    kind="theorem",
    name="spinodal and transition",
    assumes=ASSUMED,
    body=(
        r"Let $D \ge 2$. Every solution satisfies",
        SPINODAL,
        r"""with equality at $\zeta = (D+1)/(D-1)$. For $q < q_{\mathrm{sp}}$ there are two solutions:
        the smaller is a local minimum of $L$, the larger a saddle; they meet at $q = q_{\mathrm{sp}}$,
        beyond which the origin is the only stationary point. The smaller one is no worse than the
        origin up to the transition,""",
        OF_LOSS,
        "and there it is the global minimum. In terms of the decays the spinodal is at",
        AT_SPINODAL,
        "and the transition at",
        AT_TRANSITION,
    ),
    proof=r"""A solution has $q = \zeta (1 + \zeta)^{-t}$. This function of $\zeta$ tends to 0 at both
        ends, rises up to $\zeta = (D+1)/(D-1)$ and falls from there on, which counts the solutions
        ([[spinodal-count]]); on its rising part $H' > 0$ and on its falling part $H' < 0$, which tells
        their kinds ([[spinodal-minimum]]). By [[isotropic-loss]] $F \le c$ if and only if $\zeta \le
        1/(D-1)$, which lies on the rising part, and where it is equal to $1/(D-1)$, $q =
        q_{\mathrm{c}}$. The rest is the definition of $q$ to the power $D+1$.""",
    rests_on=(ATTAINED, COUNT, WHICH, GLOBAL),
)

NOISE_COLLAPSE = Theorem(
    id="noise-collapse",
    kind="corollary",
    name="noise acts as decay does",
    assumes=ASSUMED,
    body=(
        r"Let $D \ge 2$. At given decays the nontrivial minimum is global up to a noise factor:",
        IN_NOISE,
    ),
    proof="Solve $q \\le q_{\\mathrm{c}}$ for $\\rho$.",
)

ORDER_OF_TRANSITION = Theorem(
    id="order-of-transition",
    kind="proposition",
    name="order of the transition",
    assumes=ASSUMED,
    body=(
        "At two or more hidden layers the minimum at the transition is far from the origin,",
        NORM_AT_TIE,
        "and the local minimum that is left beyond it disappears at half of this norm:",
        HALF,
        "At one hidden layer the norm and the gain over the origin vanish continuously:",
        CONTINUOUS,
        SECOND_ORDER,
    ),
    proof=r"""Insert $\zeta$. Since $\partial F^{*}/\partial \gamma_i = \kappa/\gamma_i$ for the least
        value $F^{*}$, the slope of $F^{*}$ jumps together with the norm ([[jump-order]]).""",
    rests_on=(ORDER,),
)

DEPTHS = Theorem(
    id="largest-depth-bounds",
    kind="proposition",
    name="the largest depth",
    assumes=ASSUMED,
    body=(
        r"""Let all decays be equal, with no noise. A depth at which the global minimum is not the
        origin is bounded:""",
        UPPER,
        r"""Conversely, a depth that stays below $\lVert v \rVert^2/(a \bar\gamma)$ by a logarithm is
        not too deep:""",
        LOWER,
    ),
    proof=r"""By [[decay-threshold]] and the bound $\ln x \le x - 1$. From two layers on, the logarithm
        of the two sides of the condition differ by a concave function of the depth, so that the depths
        that meet it are an interval ([[largest-depth-interval]]).""",
    rests_on=(AN_INTERVAL, LEADING),
)

PHASES = Figure(
    id="phases",
    caption=r"""Left: the two thresholds for equal decays, $a = \lVert v\rVert = \rho = 1$. Below the
        solid line the global minimum is nontrivial; in the shaded region a nontrivial minimum exists
        and is not global. At one hidden layer (dot) the two are one. Right: what is left of the
        least-squares map against the decay over that of the transition: global minimum (solid), local
        minimum (dotted), saddle (dashed).""",
    draw=(draw_thresholds, draw_norm),
)

BRANCHES = Figure(
    id="branches",
    caption=r"""Both solutions of the isotropic equation: minima (solid) and saddles (dashed). They meet
        at the spinodal (dots), up to which both series converge.""",
    draw=(draw_branches,),
)

PART = Part(
    id="isotropic",
    title="Isotropic data",
    blocks=(
        r"""For one feature and for whitened features the equation $\varphi(\lambda) = \tau$ is solved
        in closed form, at every depth.""",
        ISOTROPIC,
        r"""Measure the ridge by $\zeta = \lambda/(\rho a)$. Depth, widths, noise, decays and data then
        enter through two numbers only,""",
        Defined(names=("t", "q")),
        ONE_EQUATION,
        r"So a solution is better than the origin exactly if $(D - 1) \zeta < 1$. Put",
        Defined(names=("t'", "q'")),
        SERIES,
        BRANCHES,
        r"""As $D \to \infty$ at fixed $\rho$ and $\bar\gamma$, $t \to 2$ and the coefficients become
        the Catalan numbers ([[infinite-depth-catalan]]). How many solutions there are, and which of
        them is the global minimum, is decided by comparing $q$ with""",
        Defined(names=(r"q_{\mathrm{sp}}", r"q_{\mathrm{c}}")),
        THRESHOLDS,
        r"""The two thresholds differ by the factor $(D+1)^{D+1}/4^D$ in the product of the decays
        ([[decay-threshold-ratio]]), which is 1 at $D = 1$ and grows with the depth: the deeper the
        network, the wider the range of decays in which a minimum that has been found is not the global
        one ([[phases]], left).""",
        PHASES,
        NOISE_COLLAPSE,
        r"""At $D = 1$ both thresholds are $\gamma_u \gamma_1 = \lVert v \rVert^2$, and the noise does
        not enter. The two cases differ in kind, as was found for other models in [@ueda2022]:""",
        ORDER_OF_TRANSITION,
        r"""So the transition is of second order at $D = 1$ and of first order at $D \ge 2$ ([[phases]],
        right). Depth is limited as well:""",
        DEPTHS,
        r"""Hence the largest depth is $\lVert v \rVert^2/(a \bar\gamma)$ to leading order
        ([[largest-depth-asymptotics]]). For data that are not isotropic all of this gives bounds: if
        the eigenvalues of $A$ lie between $a_{\min} > 0$ and $a_{\max}$, the origin is the global
        minimum beyond the transition of $a_{\min}$ ([[isotropic-bounds-origin]]), and it is not before
        that of $a_{\max}$ ([[isotropic-bounds-nontrivial]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (CATALAN, ORIGIN, NONTRIVIAL, WIDER)
