"""An appendix: a learning curve, networks of equal layers, balance neuron by neuron."""

from symderive.statements.document import Defined, Part, Theorem

from ..isotropic.learning_curve import ENDS, POSITIVE, SOLVES, WHOLE
from ..minima.neuron_balance import ALL_ALIKE, OF_NEURONS, SHRINKS
from ..ridge.equal_layers import BOUNDS, EQUAL_BALANCE, EQUAL_LAYERS, EQUAL_MAP
from .setting import ASSUMED, DATA, DECAYS, NOISE

CURVE = Theorem(
    id="learning-curve-theorem",
    kind="proposition",
    name="learning curve with decay",
    assumes=ASSUMED,
    body=(
        r"""Let $D = 1$, $A = a I$, both decays be $\bar\gamma < \lVert v \rVert$, and let gradient flow
            start from balanced weights of rank one along $v$ whose map has the norm $\chi_0 > 0$. Then
            $\lVert m \rVert = \chi(\vartheta)$ at the time $\vartheta$, which is logistic growth:""",
        SOLVES,
        r"""It tends to $(\lVert v \rVert - \bar\gamma)/(\rho a)$, the norm of the minimum. Weights of
            this form that are not balanced become so like $e^{-4 \bar\gamma \vartheta}$.""",
    ),
    proof=r"""The norms of the two layers stay equal, and their product moves at $4 \chi (\lVert v
        \rVert - \bar\gamma - \rho a \chi)$ ([[learning-curve-velocity]]), which is the equation that
        the curve solves. Its denominator is positive at all times ([[learning-curve-defined]]).""",
    rests_on=(POSITIVE, ENDS, WHOLE),
)

EQUAL = Theorem(
    id="equal-layers-theorem",
    kind="proposition",
    name="equal layers",
    assumes=ASSUMED,
    body=(
        r"""Let all widths, that of the features included, be $d_0$, all decays $\gamma_1$ and all
            noises $\sigma_1$, and let $U = \sqrt{d_0}\, b_0\, r_D^{\top}$, $W_i = b_0\, r_i
            r_{i-1}^{\top}$ for $i \ge 2$ and $W_1 = r_1 w^{\top}$ with signs $r_i$ and the row $w =
            d_0^{D - 1/2} b_0^{D} [d_0^{D} (\sigma_1^2 + d_0)^{D} b_0^{2 D} A + \gamma_1 I]^{-1} v$.
            Their map is the ridge solution""",
        EQUAL_MAP,
        "and they are stationary where $b_0 = 0$ or one equation in $b_0$ holds:",
        EQUAL_LAYERS,
        "At one hidden layer the number $b$ of [[shallow-seed]] lies between two closed forms:",
        BOUNDS,
    ),
    proof=r"""Divide the bracket by $(d_0 b_0)^{2D}$. On the condition the first layer carries the same
        decay as the others ([[equal-layers-balance]]). The bounds put all eigenvalues of $A$ to the
        largest or to the least one.""",
    rests_on=(EQUAL_BALANCE,),
)

NEURONS = Theorem(
    id="neurons-theorem",
    kind="proposition",
    name="balance neuron by neuron",
    assumes=(NOISE, DATA, DECAYS),
    body=(
        "At every stationary point the neurons of the last hidden layer are balanced one by one:",
        OF_NEURONS,
        r"""For $D = 1$, $\sigma_1 > 0$ and $v \ne 0$ all living neurons $j$ have the same $U_j
            W_{1,j}$. For $\gamma_u = \gamma_D$ the imbalance of every neuron decays along gradient flow
            like $e^{-4 \gamma_u t}$, whatever the data, the noise and the other weights.""",
    ),
    proof=r"""Multiplied by the weights themselves, the derivatives on both sides of a neuron differ by
        its decay alone ([[neuron-balance-identity]]).""",
    rests_on=(ALL_ALIKE, SHRINKS),
)

PART = Part(
    id="small-facts",
    title="A learning curve, equal layers, and balance neuron by neuron",
    blocks=(
        r"""Without decay the logistic learning curves of deep linear networks are known [@saxe2014].
            With one hidden layer they survive decay and noise. Let""",
        Defined(names=(r"\chi(\vartheta)",)),
        CURVE,
        "Where all layers are alike, the weights of Ziyin, Li and Meng [@ziyin2022] have one number.",
        EQUAL,
        "What [[balance]] says of layers holds neuron by neuron next to the output.",
        NEURONS,
    ),
)
