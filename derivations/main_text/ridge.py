"""Section 3: from one vector to one number, and all stationary points."""

from symderive.statements.document import Part, Proven, Theorem

from ..minima.all_stationary_points import CONVERSE, DESCENT
from ..minima.local_minima import ALL, DEFINITE
from ..minima.subnetwork_saddle import NO_MINIMUM
from ..ridge.dual import AT_INFINITY, DUAL_AT_ROOT, DUAL_BELOW, SAME_MINIMA
from ..ridge.effective_ridge import WHOLE_GRADIENT
from ..ridge.minimum_value import CROSSINGS, DUAL_BOUND, DUAL_SLOPE
from ..ridge.paper_two_layer import PAPER_TWO_LAYER, PAPER_TWO_LAYER_MAP
from .setting import ASSUMED, DATA, DECAYS

GRADIENT = Theorem(
    id="gradient",
    kind="lemma",
    name="the penalty is a ridge",
    assumes=(DATA, DECAYS),
    body=(
        r"At $m \ne 0$, and with its ridge $\lambda = \bar{\gamma} \lVert m \rVert^{-t}$,",
        WHOLE_GRADIENT,
    ),
    proof=r"""The gradient of $(D+1)\, \bar\gamma\, \lVert m \rVert^{2/(D+1)}$ is $2 \bar\gamma\,
        \lVert m \rVert^{2/(D+1) - 2}\, m = 2 \lambda m$.""",
)

DUAL = Theorem(
    id="dual-bounds",
    kind="proposition",
    name="one-dimensional dual",
    assumes=(DATA, DECAYS),
    body=(
        r"""The reduced loss of $m \ne 0$ is at least the dual at its ridge $\lambda = \bar{\gamma} \lVert m
            \rVert^{-t}$,""",
        DUAL_BELOW,
        r"""and the dual at any $\lambda$ is at least the reduced loss of its ridge solution $m = (\rho A +
            \lambda I)^{-1} v$,""",
        DUAL_BOUND,
        r"with equality at the roots, $\varphi(\lambda) = \tau$:",
        DUAL_AT_ROOT,
        r"Between roots the dual falls where $\varphi < \tau$ and rises where $\varphi > \tau$:",
        DUAL_SLOPE,
    ),
    proof=r"""By the inequality of the means, $\lambda \lVert m \rVert^2 + D \tau \lambda^{-1/D} \ge
        (D+1)\, \bar\gamma\, \lVert m \rVert^{2/(D+1)}$, with equality at the ridge of $m$. So
        $\rho\, m^{\top} A m - 2 v^{\top} m + c + \lambda \lVert m \rVert^2 + D \tau \lambda^{-1/D}$
        lies above $F(m)$, and as a function of $m$ it is least at $(\rho A + \lambda I)^{-1} v$,
        where it is $G(\lambda)$.""",
    rests_on=(AT_INFINITY,),
)

ALL_POINTS = Theorem(
    id="all-points",
    kind="theorem",
    name="all stationary points",
    assumes=ASSUMED,
    body=(
        r"""Let $v \ne 0$. Apart from the weights 0, a point is stationary for $L$ if and only if
            its weights are""",
        DESCENT,
        r"""where $e_i$ is a unit vector with $e_0 = m / \lVert m \rVert$, which in a layer with
        $\sigma_i > 0$ has $K_i$ entries of one size and otherwise zeros, $\rho_K = \prod_i (1 +
        \sigma_i^2/K_i)$ counts the living neurons, and $\lambda$ and $\kappa$ are those of
        [[ridge]] and [[minimum]] with $\rho_K$ in place of $\rho$. The local minima of $L$ are
        those at which $\varphi$ crosses $\tau$ upwards and $K_i = d_i$ in every noisy layer, and
        the weights 0 if $D \ge 2$ or if $\varphi = \tau$ has no root. All other stationary points
        are saddles.""",
    ),
    proof=r"""In outline; the steps are [[all-stationary-points-form]],
        [[all-stationary-points-converse]], [[subnetwork-saddle-words]] and [[local-minima-all]]. At
        a stationary point the derivative by an output weight and that by the weights of its neuron
        differ, each times its weight, by their decay alone, so that $\gamma_D$ times the squared
        norm of a row of $W_D$ is $\gamma_u$ times the square of its output weight. With two neurons
        subtracted, a sum of squares is not positive: $W_D$ is $U^{\top}$ times one row. The noise
        asks that all living output weights have one size. What is left is a network with one layer
        less, and the argument goes down to a ridge regression. Splitting a living neuron with a
        dead one lowers the effect of the noise, so that dead neurons in noisy layers make saddles;
        everything else is decided by [[dual-bounds]], since $L \ge F \ge G$ near the point.""",
    rests_on=(CONVERSE, NO_MINIMUM, ALL, CROSSINGS, SAME_MINIMA, DEFINITE),
)

SHALLOW = Theorem(
    id="shallow-seed",
    kind="corollary",
    name="two layers, in the letters of Ziyin, Li and Meng",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$. The global minimum is attained at 0 or at $U = b\, r^{\top}$, $W_1 = b\,
        r\, v^{\top} [b^2 (\sigma_1^2 + d_1) A + \gamma_1 I]^{-1}$ with signs $r \in \{\pm
        1\}^{d_1}$, $b > 0$. Its map is the ridge solution,""",
        PAPER_TWO_LAYER_MAP,
        "and $b$ is a root of the condition of the effective ridge:",
        PAPER_TWO_LAYER,
        r"There is such a $b$ if and only if $\lVert v \rVert^2 > \gamma_u \gamma_1$.",
    ),
    proof=r"""The map is $m = (U W_1)^{\top} = b^2 d_1 [b^2 (\sigma_1^2 + d_1) A + \gamma_1 I]^{-1}
        v$, since $r^{\top} r = d_1$; at $D = 1$, $\varphi(\lambda) = \lambda^2 \lVert (\rho A +
        \lambda I)^{-1} v \rVert^2$ and $\tau = \gamma_u \gamma_1$. Solvability is
        [[one-hidden-layer-root]].""",
)

PART = Part(
    id="stationary",
    title="From one vector to one number",
    blocks=(
        r"""Norms and inner products may be taken along the eigenvectors of $A$ ([[coordinates]]), where
        every function of $A$ below is one of numbers.""",
        GRADIENT,
        Proven(
            of="ridge",
            text=(
                r"""By [[gradient]] the gradient vanishes if and only if $(\rho A + \lambda I) m = v$ with
                the ridge of $m$, which is [[effective-ridge-stationary]]. At the ridge solution of any
                $\lambda$, $\lVert m \rVert^2 = \lambda^{-(D+1)/D} \varphi(\lambda)$, and $\lambda =
                \bar\gamma\, \lVert m \rVert^{-t}$ says that this is $\lambda^{-(D+1)/D} \tau$:
                [[effective-ridge-equation]]. Multiplied by $m^{\top}$, stationarity gives $\rho\,
                m^{\top} A m = v^{\top} m - \lambda \lVert m \rVert^2$, and the penalty is $(D+1) \lambda
                \lVert m \rVert^2$: [[minimum-value-root]]. The infimum [[dual-infimum]] follows from
                the two bounds of [[dual-bounds]], and from [[dual-infinity]] for the map 0.""",
            ),
        ),
        DUAL,
        r"""Through the dual a landscape of $d_0$ dimensions becomes a curve: the nontrivial stationary
        points of $F$ are the points where the curve is level, its minima are local minima of $F$, its
        maxima are saddles ([[dual-local-minima]]). The same holds of the loss of all weights.""",
        ALL_POINTS,
        r"""For one hidden layer this is the theorem of Ziyin, Li and Meng [@ziyin2022] on two-layer
        networks; [[seed-paper]] translates theirs on deep networks.""",
        SHALLOW,
    ),
)
