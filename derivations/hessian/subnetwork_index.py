"""The index at a point with dead neurons: each adds one."""

from ..minima.all_stationary_points import ACTIVE, eta
from ..notation import *
from ..reduction.attainment import e
from .hessian_blocks import INPUT_UNIT, SAME_DECAY
from .hessian_differences import INPUT, beta, w
from .hessian_index import INERTIA
from .hessian_nullity import COUNTED
from .subnetwork_waking import EXTRA, HELD, OUT, OUT_UNIT, SECOND_ORDER

#: The letters of the last section.
C, omega, xi = families("C omega xi")
nu, p = letters("nu", positive=True), letters("p", integer=True, positive=True)

#: The layer has noise, and its living neurons an output.
NOISY = greater(sigma[i] ** 2 * dot(omega[r], e[i - 1, r], INPUT), 0)
AT_POINT = (*HELD.given, NOISY, SAME_DECAY, INPUT_UNIT)
_pull = norm2(eta[r], INPUT)
_per_decay = gamma[i] * gamma[i + 1]
_felt = norm2(e[i - 1, r] + EXTRA, INPUT)

STRONG = theorem(
    "subnetwork-index-pull",
    "The pull on a dead neuron exceeds its decay",
    greater(_pull, _per_decay),
    given=AT_POINT,
    reference="the noise of the living neurons",
    proof=((eta[r] + HELD.right) * HELD).sum(INPUT)
    + gamma[i] / beta[i + 1] ** 2 * _felt * SAME_DECAY
    + _per_decay * INPUT_UNIT
    + 2 * gamma[i + 1] * beta[i + 1] ** 2 * nu / ACTIVE * NOISY
    + nonnegative(_per_decay * norm2(EXTRA, INPUT)),
    misses={"no noise": without(NOISY)},
    prose="""The living neurons have an output, so that with noise in the layer they are held by more
        than the decay.""",
)

_shift = dot(e[i + 1, p], xi[p], OUT)
FORM = SECOND_ORDER.xreplace({C[p, r]: e[i + 1, p] * eta[r]})
SQUARES = gamma[i] * norm2(w[r] + _shift * eta[r] / gamma[i], INPUT)
SQUARES += gamma[i + 1] * norm2(xi[p] - _shift * e[i + 1, p], OUT)
_last = (gamma[i + 1] - _pull / gamma[i]) * _shift**2

BLOCK = theorem(
    "subnetwork-index",
    "The block of a dead neuron as squares",
    equal(FORM, SQUARES + _last),
    given=(OUT_UNIT,),
    reference="completing the squares",
    proof=-gamma[i + 1] * _shift**2 * OUT_UNIT,
    misses={
        "the pull once more": right(SQUARES + _last - _pull / gamma[i] * _shift**2),
        "no unit vector": without(OUT_UNIT),
    },
    prose=r"""Let $w$ and $\xi$ be weights between the dead neuron and living ones; $e_{i+1}$ is 0 at the
        rest. With $C = e_{i+1} \eta^{\top}$ the coefficient of $\ell^2$ is squares and one term more.""",
)

_answer = {xi[p]: e[i + 1, p], w[r]: -eta[r] / gamma[i]}

FALLING = theorem(
    "subnetwork-index-falling",
    "The direction in which a dead neuron wakes",
    greater(0, FORM.xreplace(_answer)),
    given=AT_POINT,
    reference="the point where the squares vanish",
    proof=STRONG / gamma[i] + (2 * _pull / gamma[i] - gamma[i + 1]) * OUT_UNIT,
    misses={
        "against the pull": right(FORM.xreplace(_answer | {w[r]: eta[r] / gamma[i]})),
        "no noise": without(NOISY),
    },
    prose="The negative direction is the one in which all squares vanish.",
)

#: K_i living neurons in layer i; all features are, and the output.
living = families("K", integer=True, positive=True)
FEATURES_LIVE = equal(living[0], d[0])
_dead = d[i] - living[i]

#: Weights between living neurons, and those of one dead neuron each; those between two.
_blocks = living[i] * living[i - 1] + _dead * (living[i - 1] + living[i + 1])
_between_dead = _dead * (d[i - 1] - living[i - 1])
_output, _hidden = living[D] * living[D + 1], (i, 1, D)

ALL_WEIGHTS = theorem(
    "subnetwork-index-count",
    "The sizes of the blocks add up to the number of weights",
    equal(
        Sum(_blocks + _between_dead, _hidden) + _output,
        Sum(d[i] * d[i - 1], _hidden) + d[D] * living[D + 1],
    ),
    given=(FEATURES_LIVE, "$K_{D+1} = 1$ is the output"),
    reference="induction on the depth",
    proof=induction(D, base=living[1] * FEATURES_LIVE, step=HYPOTHESIS),
    misses={
        "no weights between dead neurons": left(Sum(_blocks, _hidden) + _output),
        "dead features": without(FEATURES_LIVE),
    },
    prose=r"""The weights between living neurons are those of the sub-network, whose index and nullity
        are known. A weight between two dead neurons is a block of its own, with the second derivative $2
        \gamma_i$. The others are those of the dead neurons, one block each. Together these are all.""",
)

DEAD_INDEX = in_words(
    "subnetwork-index-inertia",
    "Every dead neuron adds one to the index and none to the nullity",
    r"""The block of a dead neuron is a sum of squares of all coordinates of $w$ and of those of $\xi$ but
        one, and a negative multiple of the square of that one, as the pull exceeds the decay. So it has
        exactly one negative eigenvalue and none that is 0. Flip the signs of all weights of a dead neuron,
        in and out: the loss and the point stay what they are, so that two weights couple only if they
        belong to the same dead neurons. Together the blocks hold all weights, and those of the living
        neurons are the sub-network, a root of its own, with its index and nullity.""",
    by="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(STRONG, BLOCK, FALLING, ALL_WEIGHTS, INERTIA, COUNTED),
    conditions=("all decays are positive", r"$v \ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="subnetwork-index",
    title="The index with dead neurons",
    prose=r"""At a stationary point other than the origin let $K_i$ of the $d_i$ neurons of layer $i$ be
        alive; without noise all of them, since the layer can be turned. The index of the Hessian is $[H' <
        0]$, at the root of the sub-network that is alive, and one more for every dead neuron: $\sum_i (d_i
        - K_i)$. The nullity is that of the sub-network. For flip the signs of all weights of a dead neuron,
        in and out: the loss stays what it is, and so does the point, where they are 0. So two weights
        couple in the Hessian only if they belong to the same dead neurons: to none, to one, or to the same
        two.""",
    statements=(STRONG, BLOCK, FALLING, ALL_WEIGHTS),
    steps=(DEAD_INDEX,),
)
