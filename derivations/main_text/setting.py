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
    caption=r"""The landscape by depth, for $v \ne 0$. Roots are those of $\varphi(\lambda) = \tau$, each a
        stationary point (without hidden layers the ridge is $\gamma_u$); the origin is that of $L$;
        collapse means that the origin is the global minimum. Here $k$ is the number
        of different eigenvalues of $A$ whose eigenvectors are not all orthogonal to $v$; the last two
        entries for $D \ge 2$ are those of isotropic data, $A = a I$.""",
    header=("", "$D = 0$", "$D = 1$", r"$D \ge 2$"),
    rows=(
        ("reduced loss", "strictly convex", "convex", "not convex"),
        (
            "origin",
            "not stationary",
            r"global minimum or saddle",
            "always a strict local minimum",
        ),
        (
            "roots",
            r"one, $\lambda = \gamma_u$",
            r"one, or none if $\gamma_u \gamma_1 \ge \lVert v \rVert^2$",
            "at most $2k$",
        ),
        ("index there", "0", "0", "0 or 1"),
        ("bad minima", "none", "none", "the origin under small decay; others for some data"),
        ("transition", "none", "second order", "first order"),
        (
            "collapse",
            "never",
            r"if $\gamma_u \gamma_1 \ge \lVert v \rVert^2$",
            "beyond [[decay-threshold]]",
        ),
    ),
)

MINIMUM = Theorem(
    id="minimum",
    kind="theorem",
    name="global minimum",
    assumes=ASSUMED,
    body=(
        r"For all weights with $m = (U T_{D})^{\top} \ne 0$",
        GLOBAL_MINIMUM,
        r"""and $L(W, U) \ge c = F(0)$ for all others. Conversely, for every $m \in \mathbb{R}^{d_0}$, $m
            \ne 0$, the weights""",
        Supposed(WEIGHTS_OF_MAP),
        "attain the bound,",
        WEIGHTS_OF_MAP,
        "so that both have the same minimum:",
        SAME_MINIMUM,
    ),
    proof=None,
    rests_on=(AT_ZERO, EXISTS, GROWS, HAS_MINIMUM),
)

RIDGE = Theorem(
    id="ridge",
    kind="theorem",
    name="effective ridge",
    assumes=(DATA, DECAYS),
    body=(
        r"""A vector $m \ne 0$ is stationary for $F$ if and only if it solves a ridge regression with its
            own ridge, $\lambda = \bar{\gamma} \lVert m \rVert^{-t}$:""",
        STATIONARY_POINTS,
        r"""A ridge solution $m = (\rho A + \lambda I)^{-1} v$ has this ridge if and only if $\lambda$
            solves one scalar equation:""",
        EQUATION,
        r"At its roots, $\varphi(\lambda) = \tau$, the reduced loss is",
        VALUE_AT_ROOT,
        r"and for $v \ne 0$ its least value is that of a function of one number:",
        SAME_INFIMUM,
    ),
    proof=None,
)

PART = Part(
    id="setting",
    title="Setting and results",
    blocks=(
        r"""A linear network with $D$ hidden layers computes a linear function of its input; what depth
        adds is the landscape of its loss. Without regularization every local minimum of that landscape
        is global [@baldi1989, @kawaguchi2016, @laurent2018]. With weight decay and multiplicative
        noise, such as dropout [@srivastava2014], this is no longer so: Ziyin, Li and Meng [@ziyin2022]
        found the global minima in closed form and showed that from two hidden layers on the origin can
        be a bad local minimum. We take their model and give what follows from it by a shorter route.
        The minimum over all weights is that of an explicit function of one vector ([[minimum]]); its
        stationary points are ridge regressions with a ridge that solves one scalar equation
        ([[ridge]]); and from these two facts follow the landscape and its thresholds ([[results]]), the
        Hessian, and the variance of the prediction.""",
        r"""The features $x \in \mathbb{R}^{d_0}$ and the target $y \in \mathbb{R}$ are random. The
        network has weights $W_i \in \mathbb{R}^{d_i \times d_{i-1}}$, $i = 1, \dots, D$, and $U \in
        \mathbb{R}^{1 \times d_D}$. Layer $i$ multiplies its neurons by the entries of a random vector
        $\epsilon_i$; the output of layer $i$ and the prediction are""",
        Defined(names=("h_{i}", "f(x)"), together=True),
        r"""What is minimized is the loss of the weights $W = (W_1, \dots, W_D)$ and $U$, the mean square
        error with weight decay,""",
        Defined(names=("L(W, U)",)),
        NOISE,
        DATA,
        DECAYS,
        r"""Nothing else is assumed: widths, depth and decays are arbitrary, and the noise may differ from
        layer to layer or be absent. Dropout that keeps a neuron with probability $p$ has $\sigma_i^2 =
        (1 - p)/p$. The map of the weights is $m = (U T_{D})^{\top}$ with $T_D = W_D \cdots W_1$. With the
        noise factor and the geometric mean of the decays,""",
        Defined(names=(r"\rho", r"\bar{\gamma}"), together=True),
        r"the reduced loss is a function of the map alone:",
        Defined(names=("F(m)",)),
        MINIMUM,
        r"""Here $e_i \in \{\pm d_i^{-1/2}\}^{d_i}$ says that all entries of the unit vector $e_i$ have one
        size, and $\kappa$ is the decay $\gamma_i \lVert W_i \rVert_F^2 = \gamma_u \lVert U \rVert^2$ that
        every layer carries. What is marked as being in words follows from proved displays by a textbook
        theorem; every other display is proved by machine ([[assurance]]). The second theorem reduces
        the vector to a number. Let $t$ be the exponent of a norm in its ridge, $\tau$ the level of the
        decays, $\varphi$ a function that equals $\tau$ at the stationary points of $F$, and $G$ the
        one-dimensional dual of $F$:""",
        Defined(names=("t", r"\tau", r"\varphi(\lambda)", r"G(\lambda)"), together=True),
        RIDGE,
        r"""The map 0, at which $F$ is not differentiable, belongs to $\lambda = \infty$. The theorems are
        proved in [[reduction, stationary]]; the sections after them say what follows.""",
        RESULTS,
    ),
)
