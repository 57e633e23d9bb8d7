"""An appendix: dead neurons, the origin, the number of stationary points, and where gradient flow goes."""

from symderive.statements.document import Figure, Part, Tabular, Theorem

from ..hessian.subnetwork_index import DEAD_INDEX
from ..hessian.subnetwork_waking import COUPLED
from ..isotropic.basin_balanced import CONVERGES, KEPT, draw_flow
from ..minima.origin_hessian_one_hidden_layer import KIND, PRODUCT
from ..minima.origin_local_minimum import WITHIN_BALL
from ..minima.scalar_net_count import COMPLEX, REAL
from ..reduction.layer_balance import BALANCED_LAYERS
from .setting import ASSUMED, DATA, DECAYS, NOISE

DEAD = Theorem(
    id="dead-index",
    kind="proposition",
    name="index with dead neurons",
    assumes=ASSUMED,
    body=(
        r"""Let $v \ne 0$, and let a stationary point of [[all-points]] have $K_i$ living neurons in
        every layer $i$ with noise. The index of the Hessian is that of the network of the living
        neurons, which is 0 or 1, plus the number of dead neurons in layers with noise. The nullity is
        that of the network of the living neurons.""",
    ),
    proof=r"""Flip the signs of all weights of one dead neuron, into it and out of it: the loss stays
        what it is, and so does the point. So two weights couple in the Hessian only if they belong to
        the same dead neurons: to none, to one, or to the same two. The first are the network of the
        living neurons. A weight between two dead neurons is a block of its own, $2 \gamma_i$. The
        weights of one dead neuron are coupled by a matrix of rank one ([[subnetwork-waking-rank]]),
        whose norm exceeds the decay because the noise of a living neuron adds to what it has to hold
        against, [[subnetwork-index-pull]]; this makes exactly one negative eigenvalue
        ([[subnetwork-index-inertia]]).""",
    rests_on=(COUPLED, DEAD_INDEX),
)

ORIGIN_OF_ONE = Theorem(
    id="one-layer-origin",
    kind="proposition",
    name="the origin at one hidden layer",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$ and $v \ne 0$. The Hessian of $L$ at 0 has the eigenvalues $\gamma_u +
        \gamma_1 \pm \sqrt{(\gamma_u - \gamma_1)^2 + 4 \lVert v \rVert^2}$, each $d_1$ times, and
        otherwise $2\gamma_1$. The product of the two is""",
        PRODUCT,
        r"""so that the origin is a strict local minimum where $\gamma_u \gamma_1 > \lVert v
        \rVert^2$ and a saddle where $\gamma_u \gamma_1 < \lVert v \rVert^2$.""",
    ),
    proof=r"""To second order the loss is $c + \gamma_u \lVert U \rVert^2 + \gamma_1 \lVert W_1
        \rVert_F^2 - 2 U W_1 v$. Along $v$ it falls apart into one block of size 2 for every neuron
        ([[origin-kind-one-hidden-layer]]).""",
    rests_on=(KIND,),
)

BALL = Theorem(
    id="ball",
    kind="proposition",
    name="a ball around the origin",
    assumes=(DATA, DECAYS),
    body=(
        r"""Let $D \ge 2$. In an explicit ball no map but 0 is as good as 0: if $v \ne 0$, $m \ne 0$ and
        $\lVert m \rVert \le \bigl((D+1) \bar{\gamma} / (4 \lVert v \rVert)\bigr)^{(D+1)/(D-1)}$, then""",
        WITHIN_BALL,
    ),
    proof=r"In the ball the penalty is at least twice the linear term.",
)

BALANCE = Theorem(
    id="balance",
    kind="proposition",
    name="balance",
    assumes=(NOISE, DATA, DECAYS),
    body=("At every stationary point of $L$ all layers carry the same decay:", BALANCED_LAYERS),
    proof=r"""Stretch one layer by $\alpha$ and another by $1/\alpha$. The mean square error stays, and the
        derivative of the decay at $\alpha = 1$ is twice the difference of the two.""",
)

COUNTING = Theorem(
    id="counting",
    kind="proposition",
    name="number of stationary points of the smallest networks",
    assumes=ASSUMED,
    body=(
        r"""Let all widths be 1, $v \ne 0$, and let the product of the decays be that of no spinodal.
        The loss has $1 + D\, 2^{D+1}$ complex stationary points. If $\varphi = \tau$ has $r$ positive
        roots, $1 + 2^D r$ of them are real.""",
    ),
    proof=r"""At a stationary point all weights carry one decay $\kappa$, and the product $p$ of all
        weights solves $p^{D-1} (v - \rho a p)^{D+1} = \gamma_u \prod_i \gamma_i$ or is 0. This equation
        has $2D$ different roots, and half of all $2^{D+1}$ choices of signs have the given product
        ([[scalar-net-count-complex]], [[scalar-net-count-real]]).""",
    rests_on=(COMPLEX, REAL),
)

NUMBERS = Tabular(
    id="counts",
    caption=r"""Complex stationary points of networks with one neuron in every layer. The numbers agree
        with those found by numerical algebraic geometry in [@bharadwaj2023].""",
    header=("$D$", *map(str, range(1, 5))),
    rows=((r"$1 + D\, 2^{D+1}$", *(str(1 + depth * 2 ** (depth + 1)) for depth in range(1, 5))),),
)

FLOW = Figure(
    id="flow",
    caption=r"""Gradient flow of all weights of a noisy network with two hidden layers, from balanced
        layers whose norms are 0.6, 0.8, 0.95, 1.05, 1.2 and 1.6 times the norm at the saddle ($a =
        \lVert v\rVert = 1$, $d_i = 3$, all decays $1/5$, $\sigma_1^2 = 1/2$ and $\sigma_2^2 = 1$).""",
    draw=(draw_flow,),
)

PART = Part(
    id="dead-neurons",
    title="Dead neurons, the origin, counting, and the first weights",
    blocks=(
        r"""A neuron is dead if all weights into it and out of it are 0. In a layer with noise every set
        of living neurons belongs to stationary points of its own, with the noise factor $\rho_K$ of
        [[all-points]]; none but the full set makes a minimum.""",
        DEAD,
        "At one hidden layer the origin has no living neuron, and is decided by its Hessian.",
        ORIGIN_OF_ONE,
        "At two or more it is a minimum, and alone in a ball.",
        BALL,
        "At every stationary point the layers are balanced.",
        BALANCE,
        COUNTING,
        NUMBERS,
        r"""Which of the minima is reached depends on the first weights. For isotropic data, equal
        decays and balanced layers of rank one along $v$, gradient flow keeps this form
        ([[basin-balanced-invariance]]) and moves one number, the norm that all layers have. Let $D \ge
        2$ and let the decay be below the spinodal. From below the norm at the saddle the flow tends to
        0, and from above it to the nontrivial minimum ([[basin-balanced-limit]]), whether or not that
        is the global one ([[flow]]).""",
        FLOW,
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (KEPT, CONVERGES)
