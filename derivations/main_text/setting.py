"""Section 1: the setting, the assumptions, the results in one table, and the two theorems behind them."""

from symderive.statements.document import Assumption, Defined, Part, Supposed, Tabular, Theorem

from ..reduction.global_minimum import (
    AT_ZERO,
    EXISTS,
    GLOBAL_MINIMUM,
    GROWS,
    HAS_MINIMUM,
    SAME_MINIMUM,
    WEIGHTS_OF_MAP,
)
from ..ridge.dual import SAME_INFIMUM
from ..ridge.effective_ridge import EQUATION, STATIONARY_POINTS
from ..ridge.minimum_value import VALUE_AT_ROOT

NOISE = Assumption(
    id="noise",
    name="noise",
    text=r"""The entries of $\epsilon_1, \dots, \epsilon_D$ are independent of each other and of
        $(x, y)$. Those of $\epsilon_i$ have mean 1 and variance $\sigma_i^2 \ge 0$.""",
)

DATA = Assumption(
    id="data",
    name="data",
    text=r"""The second moments $A = \mathbb{E}\, x x^{\top} \succeq 0$, $v = \mathbb{E}\, x y$ and
        $c = \mathbb{E}\, y^2$ are finite. Then $v$ lies in the range of $A$.""",
)

DECAYS = Assumption(
    id="decays",
    name="decays",
    text=r"All decays $\gamma_1, \dots, \gamma_D, \gamma_u$ are positive.",
)

ASSUMED = (NOISE, DATA, DECAYS)

RESULTS = Tabular(
    id="results",
    caption=r"""The landscape by depth, for $v \ne 0$ and positive decays. The thresholds of the
        last column and the order of its transition are those of isotropic data, $A = a I$; here $k$
        is the number of different eigenvalues of $A$ whose eigenvectors are not orthogonal to $v$.""",
    header=("", "$D = 0$", "$D = 1$", r"$D \ge 2$"),
    rows=(
        ("reduced loss $F$", "strictly convex", "convex", "not convex"),
        (
            "weights 0",
            "not stationary",
            r"global minimum if $\gamma_u \gamma_1 \ge \lVert v \rVert^2$, else a saddle",
            "always a strict local minimum",
        ),
        (
            r"roots of $\varphi(\lambda) = \tau$",
            r"one, $\lambda = \gamma_u$",
            r"one if $\gamma_u \gamma_1 < \lVert v \rVert^2$, else none",
            "at most $2k$",
        ),
        ("bad local minima", "none", "none", "the origin below the transition; others exist"),
        (
            "threshold",
            "none",
            r"$\gamma_u \gamma_1 = \lVert v \rVert^2$",
            r"""$\gamma_u \prod_i \gamma_i = \frac{(D-1)^{D-1}}{D^{2D}} \frac{\lVert v
                \rVert^{2D}}{(\rho a)^{D-1}}$""",
        ),
        ("transition", "none", "second order", "first order"),
        ("index of a root", "0", "0", "0 or 1"),
    ),
)

MINIMUM = Theorem(
    id="minimum",
    kind="theorem",
    name="global minimum",
    assumes=ASSUMED,
    body=(
        r"For all weights whose map $m$ is not 0,",
        GLOBAL_MINIMUM,
        r"""and $L(W, U) \ge c = F(0)$ for all others. Conversely, let $m \in \mathbb{R}^{d_0}$ be
            any vector and""",
        Supposed(WEIGHTS_OF_MAP),
        "Then the bound is attained:",
        WEIGHTS_OF_MAP,
        "Hence both have a minimum, and",
        SAME_MINIMUM,
    ),
    proof=r"In [[reduction]], from three lemmas.",
    rests_on=(AT_ZERO, EXISTS, GROWS, HAS_MINIMUM),
)

RIDGE = Theorem(
    id="ridge",
    kind="theorem",
    name="effective ridge",
    assumes=(DATA, DECAYS),
    body=(
        r"A vector $m \ne 0$ is a stationary point of $F$ if and only if it solves a ridge regression:",
        STATIONARY_POINTS,
        "The ridge is a root of one equation for one number:",
        EQUATION,
        "At a root the reduced loss is",
        VALUE_AT_ROOT,
        r"and its least value is that of a function of one number: for $v \ne 0$",
        SAME_INFIMUM,
    ),
    proof="In [[stationary]].",
)

PART = Part(
    id="setting",
    title="Setting and results",
    blocks=(
        r"""A linear network with $D$ hidden layers computes a linear function of its input; what
        depth adds is the landscape of its loss. Without regularization every local minimum of that
        landscape is global [@baldi1989, @kawaguchi2016, @laurent2018]. With weight decay and
        multiplicative noise, such as dropout [@srivastava2014], this is no longer so: Ziyin, Li and
        Meng [@ziyin2022] found the global minima in closed form and showed that from two hidden
        layers on the origin can be a bad local minimum. We take their model and give what follows
        from it by a shorter route: the minimum over all weights is that of an explicit function of
        one vector, all stationary points are ridge regressions with a ridge that solves one scalar
        equation, and from these two facts follow the landscape, its thresholds, its Hessian and the
        variance of the prediction.""",
        r"""The features $x \in \mathbb{R}^{d_0}$ and the target $y \in \mathbb{R}$ are random. The
        network has weights $W_i \in \mathbb{R}^{d_i \times d_{i-1}}$, $i = 1, \dots, D$, and $U \in
        \mathbb{R}^{1 \times d_D}$. Layer $i$ multiplies its neurons by the entries of a random
        vector $\epsilon_i$:""",
        Defined(names=("h_{i}", "f(x)")),
        r"""For dropout with probability $p$ of keeping a neuron, $\sigma_i^2 = (1 - p)/p$. What is
        minimized is the mean square error with weight decay,""",
        Defined(names=("L(W, U)",)),
        NOISE,
        DATA,
        DECAYS,
        r"""Nothing else is assumed: widths, depth, noise and decays are arbitrary, and the noise
        may differ from layer to layer or be absent. The map of the weights is $m = (U W_D \cdots
        W_1)^{\top}$. Two numbers describe the network, the noise factor and the geometric mean of
        the decays,""",
        Defined(names=(r"\rho", r"\bar{\gamma}")),
        r"and from these the reduced loss is made:",
        Defined(names=("F(m)",)),
        MINIMUM,
        r"""Here $e_i \in \{\pm d_i^{-1/2}\}^{d_i}$ says that all entries of the unit vector $e_i$
        have one size, and $\kappa$ is the decay $\gamma_i \lVert W_i \rVert_F^2 = \gamma_u \lVert U
        \rVert^2$ that every layer carries. The second theorem reduces the vector to a number. Put""",
        Defined(names=(r"\tau", r"\varphi(\lambda)", r"G(\lambda)")),
        RIDGE,
        r"""The map 0, at which $F$ is not differentiable, belongs to $\lambda = \infty$.
        [[results]] says what follows; the sections prove it in its order.""",
        RESULTS,
    ),
)
