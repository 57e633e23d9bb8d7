"""Section 5: isotropic data, in closed form."""

from symderive.statements.document import Assumption, Defined, Figure, Part, Theorem

from ..isotropic.decay_threshold import AT_SPINODAL, AT_TRANSITION, draw_thresholds
from ..isotropic.isotropic_closed_form import CLOSED_FORM
from ..isotropic.isotropic_closed_form import POWERS as BINOMIAL_SERIES
from ..isotropic.isotropic_equation import EQUATION, LOSS, MAP
from ..isotropic.isotropic_saddle_branch import ALL
from ..isotropic.jump import CONTINUOUS, HALF, NORM_AT_TIE, ORDER, SECOND_ORDER, draw_norm
from ..isotropic.spinodal import ATTAINED, COUNT, SPINODAL, WHICH
from ..isotropic.transition import GLOBAL, OF_LOSS
from .setting import DATA, DECAYS

ISOTROPIC = Assumption(
    id="isotropic-data",
    name="isotropic data",
    text="$A = a I$ with $a > 0$, and $v \\ne 0$.",
)

ASSUMED = (DATA, DECAYS, ISOTROPIC)

CLOSED = Theorem(
    id="closed-form",
    kind="theorem",
    name="closed form",
    assumes=ASSUMED,
    body=(
        r"At $\lambda = \rho a \zeta$ the equation of the effective ridge has one parameter:",
        EQUATION,
        r"""Let $D \ge 1$. Its smaller solution, $\zeta = q (1 + \zeta)^{t}$ with $(D - 1) \zeta \le D + 1$,
            is a series with explicit coefficients,""",
        CLOSED_FORM,
        "and the reduced loss at a solution is a function of the solution alone:",
        LOSS,
    ),
    proof=r"""The ridge solution is $v/(\rho a (1 + \zeta))$, so that the equation is $(\rho a
        \zeta)^{(D+1)/D} \lVert v \rVert^2/(\rho a (1 + \zeta))^2 = \bar\gamma^{(D+1)/D}$; raise it to
        the power $D/(D+1)$. The powers of the solution of $y = 1 + q y^t$ are generalized binomial
        series [@graham1994], with coefficients that are determined by $y^{r+1} - y^r = q y^{r+t}$ and
        positive, so that the series converges up to $\zeta = (D+1)/(D-1)$. The value of $F$ follows
        from $\bar\gamma\, \lVert m \rVert^{2/(D+1)} = \lambda \lVert m \rVert^2$.""",
    rests_on=(MAP, BINOMIAL_SERIES, ALL),
)

THRESHOLDS = Theorem(
    id="thresholds",
    kind="theorem",
    name="spinodal and transition",
    assumes=ASSUMED,
    body=(
        r"""Let $D \ge 2$. For $q < q_{\mathrm{sp}}$ there are two solutions, of which the smaller is a
        local minimum of $L$ and the larger a saddle; for $q > q_{\mathrm{sp}}$ the origin is the only
        stationary point. The smaller one, $\zeta = q (1 + \zeta)^{t}$ with $\zeta < (D + 1)/(D - 1)$, is
        the global minimum up to the transition:""",
        OF_LOSS,
        "In terms of the decays the two thresholds are",
        AT_SPINODAL,
        AT_TRANSITION,
    ),
    proof=r"""A solution has $q = \zeta (1 + \zeta)^{-t}$. This function of $\zeta$ tends to 0 at both
        ends, rises up to $q_{\mathrm{sp}}$ at $\zeta = (D+1)/(D-1)$ and falls from there on
        ([[spinodal-count]]); the sign of its slope tells minima from saddles ([[spinodal-minimum]]). By
        [[isotropic-loss]] $F(m) \le c$ if and only if $\zeta \le 1/(D-1)$, where it still rises
        ([[transition-global]]). The rest is the definition of $q$ to the power $D + 1$.""",
    rests_on=(SPINODAL, ATTAINED, COUNT, WHICH, GLOBAL),
)

ORDER_OF_TRANSITION = Theorem(
    id="order-of-transition",
    kind="corollary",
    name="order of the transition",
    assumes=ASSUMED,
    body=(
        r"""Let $D \ge 2$. At the transition, $\zeta = 1/(D - 1)$, the norm of the global minimum jumps
            to 0 from""",
        NORM_AT_TIE,
        r"""At $D = 1$ the norm is $(\lVert v \rVert - \bar\gamma)/(\rho a)$ below the threshold and
        vanishes there continuously.""",
    ),
    proof=r"""Insert $\zeta = 1/(D-1)$, and $\zeta = q/(1-q)$ at $D = 1$, [[jump-one-layer]]. Since
        $\kappa/\gamma_i$ is the derivative of the least loss by $\gamma_i$, its slope jumps together
        with the norm ([[jump-order]]).""",
    rests_on=(ORDER, HALF, CONTINUOUS, SECOND_ORDER),
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

PART = Part(
    id="isotropic",
    title="Isotropic data",
    blocks=(
        r"""For one feature and for whitened features the equation $\varphi(\lambda) = \tau$ is solved in
        closed form, at every depth.""",
        ISOTROPIC,
        r"""Measured by $\zeta = \lambda/(\rho a)$, the ridge depends on the depth, through $t$, and on
        everything else, widths, noise, decays and data, through one number, a dimensionless decay:""",
        Defined(names=("q",)),
        CLOSED,
        r"""For $D \ge 2$ there is a larger solution too, with a series of the same kind for $1/\zeta$
        ([[asymptotics]]). How many solutions there are, and which is the global minimum, is decided by
        the dimensionless decay at the spinodal and the dimensionless decay at the transition:""",
        Defined(names=(r"q_{\mathrm{sp}}", r"q_{\mathrm{c}}"), together=True),
        THRESHOLDS,
        r"""In the product of the decays the two differ by the factor $(D+1)^{D+1}/4^D$, which is 1 at $D
        = 1$ and grows with the depth: the deeper the network, the wider the range of decays in which a
        minimum that has been found is not the global one ([[phases]], left). Noise acts as decay does:
        it enters through $\rho$, and collapses the network at a finite strength. At $D = 1$ both
        thresholds are $\gamma_u \gamma_1 = \lVert v \rVert^2$, and the noise does not enter. There the
        transition is of second order, and at all larger depths it is of first order, as in
        [@ueda2022].""",
        PHASES,
        ORDER_OF_TRANSITION,
        r"""Depth is limited: with equal decays and no noise the largest depth with a nontrivial global
        minimum is $\lVert v \rVert^2/(a \bar\gamma)$ to leading order ([[largest-depth-asymptotics]]).
        For data that are not isotropic all of this gives bounds. If the eigenvalues of $A$ lie between
        $a_{\mathrm{min}} > 0$ and $a_{\mathrm{max}}$, the origin is the global minimum beyond the
        transition of $a_{\mathrm{min}}$, by [[isotropic-bounds-origin]], and is not before that of
        $a_{\mathrm{max}}$, by [[isotropic-bounds-nontrivial]].""",
    ),
)
