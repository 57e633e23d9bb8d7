"""Section 4: one hidden layer against two or more."""

from symderive.statements.document import Figure, Part, Supposed, Theorem

from ..minima.bad_nontrivial_minimum import (
    BAD_MINIMUM,
    ENCLOSED,
    NOT_GLOBAL,
    draw_dual_with_two_minima,
)
from ..minima.bad_origin_exists import BAD, LOSS_OF_STEP, draw_march_to_two_minima
from ..minima.one_hidden_layer_convex import CONVEX, NO_BAD_MINIMUM
from ..minima.one_hidden_layer_threshold import BELOW_ORIGIN, CONVERSE, ONE_ROOT, THRESHOLD
from ..minima.origin_local_minimum import AS_HESSIAN, OF_WEIGHTS
from .setting import ASSUMED, DATA, DECAYS

ONE = Theorem(
    id="one-layer",
    kind="theorem",
    name="one hidden layer",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$. The reduced loss is convex: for positive $\alpha$ and $\beta$ with $\alpha + \beta
            = 1$ and for $m \ne 0$, $m' \ne 0$ and $\alpha m + \beta m' \ne 0$,""",
        CONVEX,
        r"""so that no local minimum is bad. Let $v \ne 0$. Under strong decay, $\gamma_{u} \gamma_{1} \ge
            \lVert v \rVert^{2}$, the origin is the global minimum: for $m \ne 0$""",
        THRESHOLD,
        r"and under weak decay, $\gamma_{u} \gamma_{1} < \lVert v \rVert^{2}$, it is not:",
        BELOW_ORIGIN,
    ),
    proof=r"""At $D = 1$ the penalty is $2 \bar\gamma \lVert m \rVert$, a multiple of the norm, as
        in the group lasso, and a local minimum of a convex function is global
        ([[one-hidden-layer-no-bad-minimum]]). By Cauchy–Schwarz $F(m) - c \ge 2 (\bar\gamma -
        \lVert v \rVert) \lVert m \rVert$. If $\bar\gamma < \lVert v \rVert$, a short step along $v$
        gains more than it costs.""",
    rests_on=(NO_BAD_MINIMUM, CONVERSE, ONE_ROOT),
)

ORIGIN = Theorem(
    id="deep-origin",
    kind="theorem",
    name="the origin at two or more hidden layers",
    assumes=ASSUMED,
    body=(
        r"""Let $D \ge 2$. The weights 0 are a strict local minimum of the loss, whatever the data: for all
            other weights near 0""",
        OF_WEIGHTS,
        "and only the decay is seen there:",
        AS_HESSIAN,
    ),
    proof=r"""The penalty $\lVert m \rVert^{2/(D+1)}$ is steeper at 0 than the linear term $2
        v^{\top} m$, which gives an explicit ball ([[ball]]). In the weights the data term is of order
        $D + 1 \ge 3$.""",
)

BAD_ORIGIN = Theorem(
    id="bad-origin-theorem",
    kind="proposition",
    name="when the origin is bad",
    assumes=(DATA, DECAYS),
    body=(
        r"""Let $v \ne 0$, so that $v^{\top} A v > 0$. The least-squares step along $v$, $\eta v \ne 0$
            with $\eta = \lVert v \rVert^{2} / (\rho v^{\top} A v)$, has the reduced loss""",
        LOSS_OF_STEP,
        r"Hence at $D \ge 2$ the weights 0 are a local minimum that is not global under small decay: if",
        Supposed(BAD),
        "then",
        BAD,
    ),
    proof=r"""The step gains $\eta \lVert v \rVert^2$ and costs the penalty of a map of norm $\eta
              \lVert v \rVert$.""",
)

BAD_OTHER = Theorem(
    id="bad-other",
    kind="proposition",
    name="a bad minimum that is not the origin",
    body=(
        r"""Let $D = 2$, $A = \operatorname{Diag}(1, 400)$, $v = (1/10, 7/10)^{\top}$, all decays
        $1/50$, and no noise. Then $\varphi = \tau$ has four roots, of which the third, $93.3\dots$, is a
        local minimum. For $72 \le \lambda \le 98$, around it, $G(\lambda) - c$ is bounded from below,""",
        ENCLOSED,
        r"and at $\lambda = 32/25$ it is less,",
        BAD_MINIMUM,
        "so that neither the third root nor the origin is the global minimum.",
    ),
    proof=r"""The equation $\varphi^2 = \tau^2$ is one of a polynomial with rational coefficients,
        whose roots in $(0, \infty)$, $(0, 72)$ and $(72, 98)$ are counted by Sturm's theorem: 4, 2
        and 1. Between 72 and 98 $\varphi$ crosses $\tau$ upwards
        ([[bad-nontrivial-minimum-local]]), and the value of $G$ at $32/25$ is below all its values
        there and below $G(\infty) = c$ ([[bad-nontrivial-minimum-bad]]).""",
    rests_on=(NOT_GLOBAL,),
)

FIGURE = Figure(
    id="minima",
    caption=r"""Left: the reduced loss along $v$ for one-dimensional data, $\rho = a = \lVert v
        \rVert = 1$; from two hidden layers on the origin is a minimum of its own. Right: the dual
        $G$ of [[bad-other]]; the squares are its four level points, minimum, saddle, minimum,
        saddle, and the second minimum is bad.""",
    draw=(draw_march_to_two_minima, draw_dual_with_two_minima),
)

PART = Part(
    id="layers",
    title="One hidden layer against two or more",
    blocks=(
        r"""The exponent $2/(D+1)$ of the penalty is 1 at $D = 1$ and less than 1 from $D = 2$ on. This is
        the whole difference: a norm is convex and as steep at 0 as a linear function, a quasi-norm is
        neither and infinitely steep.""",
        ONE,
        r"""The threshold does not depend on the noise or on $A$, and it is where the origin becomes a
        saddle of the loss ([[one-layer-origin]]). None of this survives a second hidden layer.""",
        ORIGIN,
        r"""So 0 attracts all weights that are small enough, whether or not anything can be learned. Under
        small decay it should not:""",
        BAD_ORIGIN,
        r"""For every $v \ne 0$ there are such decays; for isotropic data [[decay-threshold]] makes the
        condition sharp. The origin is not the only bad minimum. If $A$ has eigenvalues of very
        different size, each can hold up a minimum of its own ([[minima]], right).""",
        FIGURE,
        BAD_OTHER,
    ),
)
