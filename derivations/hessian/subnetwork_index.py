"""The index at a point with dead neurons: each adds one."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
    greater,
)

from ..minima.all_stationary_points import ACTIVE, eta, q
from ..minima.subnetwork_saddle import C, u
from ..notation import D, d, gamma, i, r, sigma
from ..reduction.attainment import e
from .hessian_blocks import INPUT_UNIT, SAME_DECAY
from .hessian_differences import INDEX, INPUT, beta, w
from .hessian_index import INDEX as ROOT_INDEX
from .hessian_nullity import COUNTED
from .subnetwork_waking import EXTRA, HELD, OUT, OUT_UNIT, SECOND_ORDER, nu, omega

#: The layer has noise, and its living neurons an output.
NOISY = greater(sigma[i] ** 2 * sp.Sum(omega[r] * e[i - 1, r], INPUT), 0)
AT_POINT = (*HELD.given, NOISY, SAME_DECAY, INPUT_UNIT)
_pull = sp.Sum(eta[r] ** 2, INPUT)
_per_decay = gamma[i] * gamma[i + 1]
_felt = e[i - 1, r] + EXTRA
_balanced = (beta[INDEX], 1 / sp.sqrt(gamma[INDEX]))
_point = replace(HELD.domains[0], define=(*HELD.domains[0].define, _balanced))
_silent = replace(_point, define=(*_point.define, (sigma[INDEX], 0 * INDEX)))

STRONG = Statement(
    id="subnetwork-index-pull",
    title="The pull on a dead neuron exceeds its decay",
    relation=Relation.GREATER,
    left=_pull,
    right=_per_decay,
    given=AT_POINT,
    conditions=(r"$\omega = Q e_{i-1}$ and $G e_{i+1} = \nu e_{i+1}$",),
    reference="the noise of the living neurons",
    proof=combine(
        Use(HELD, times=eta[r] + HELD.right, over=(INPUT,)),
        Use(SAME_DECAY, times=gamma[i] / beta[i + 1] ** 2 * sp.Sum(_felt**2, INPUT)),
        Use(INPUT_UNIT, times=_per_decay),
        Use(NOISY, times=2 * gamma[i + 1] * beta[i + 1] ** 2 * nu / ACTIVE),
        plus=_per_decay * sp.Sum(EXTRA**2, INPUT),
    ),
    domains=(_point,),
    near_misses=(NearMiss("no noise", given=(*HELD.given, SAME_DECAY, INPUT_UNIT), domains=(_silent,)),),
    prose=(
        "The living neurons have an output, so that with noise in the layer they are held by more than "
        "the decay."
    ),
)

_shift = sp.Sum(e[i + 1, q] * u[q], OUT)
FORM = SECOND_ORDER.xreplace({C[q, r]: e[i + 1, q] * eta[r]})
SQUARES = gamma[i] * sp.Sum((w[r] + _shift * eta[r] / gamma[i]) ** 2, INPUT) + gamma[i + 1] * sp.Sum(
    (u[q] - _shift * e[i + 1, q]) ** 2, OUT
)
_last = (gamma[i + 1] - _pull / gamma[i]) * _shift**2
_out_unit = Domain(define=HELD.domains[0].define[:2])

BLOCK = Statement(
    id="subnetwork-index",
    title="The block of a dead neuron as squares",
    left=FORM,
    right=SQUARES + _last,
    given=(OUT_UNIT,),
    reference="completing the squares",
    proof=combine(Use(OUT_UNIT, times=-gamma[i + 1] * _shift**2)),
    domains=(_out_unit,),
    near_misses=(
        NearMiss("the pull once more", right=SQUARES + _last - _pull / gamma[i] * _shift**2),
        NearMiss("no unit vector", given=(), domains=(Domain(),)),
    ),
    prose=(
        r"Let $w$ and $u$ be weights between the dead neuron and living ones; $e_{i+1}$ is 0 at the rest. "
        r"With $C = e_{i+1} \eta^{\top}$ the coefficient of $t^2$ is squares and one term more."
    ),
)

_at = {u[q]: e[i + 1, q], w[r]: -eta[r] / gamma[i]}

FALLING = Statement(
    id="subnetwork-index-falling",
    title="The direction in which a dead neuron wakes",
    relation=Relation.GREATER,
    left=0,
    right=FORM.xreplace(_at),
    given=AT_POINT,
    reference="the point where the squares vanish",
    proof=combine(
        Use(STRONG, times=1 / gamma[i]),
        Use(OUT_UNIT, times=2 * _pull / gamma[i] - gamma[i + 1]),
    ),
    domains=STRONG.domains,
    near_misses=(
        NearMiss("against the pull", right=FORM.xreplace(_at | {w[r]: eta[r] / gamma[i]})),
        NearMiss(
            "no noise",
            given=STRONG.near_misses[0].given,
            domains=STRONG.near_misses[0].domains,
        ),
    ),
    prose="The negative direction is the one in which all squares vanish.",
)

#: K_i living neurons in layer i; all features are, and the output.
living = sp.IndexedBase("K", integer=True, positive=True)
FEATURES_LIVE = equal(living[0], d[0])
_dead = d[i] - living[i]


def blocks(between_dead: sp.Expr) -> sp.Expr:
    """Weights between living neurons, those of one dead neuron each, those between two."""
    own = living[i] * living[i - 1] + _dead * (living[i - 1] + living[i + 1]) + between_dead
    return sp.Sum(own, (i, 1, D)) + living[D] * living[D + 1]


_zero = sp.KroneckerDelta(INDEX, 0)

ALL_WEIGHTS = Statement(
    id="subnetwork-index-count",
    title="The sizes of the blocks add up to the number of weights",
    left=blocks(_dead * (d[i - 1] - living[i - 1])),
    right=sp.Sum(d[i] * d[i - 1], (i, 1, D)) + d[D] * living[D + 1],
    given=(FEATURES_LIVE,),
    conditions=("$K_{D+1} = 1$ is the output",),
    reference="induction on the depth",
    proof=Induct(D, base=combine(Use(FEATURES_LIVE, times=living[1])), step=combine(Use(HYPOTHESIS))),
    domains=(Domain(define=((living[INDEX], d[0] * _zero + 1 - _zero),)),),
    near_misses=(
        NearMiss("no weights between dead neurons", left=blocks(sp.Integer(0))),
        NearMiss("dead features", given=(), domains=(Domain(),)),
    ),
    prose=(
        "The weights between living neurons are those of the sub-network, whose index and nullity are "
        "known. A weight between two dead neurons is a block of its own, with the second derivative "
        r"$2 \gamma_i$. The others are those of the dead neurons, one block each. Together these are all."
    ),
)

# -- steps in words --------------------------------------------------------------------------------------

DEAD_INDEX = Step(
    id="subnetwork-index-inertia",
    title="Every dead neuron adds one to the index and none to the nullity",
    text=(
        r"The block of a dead neuron is a sum of squares of all coordinates of $w$ and of those of $u$ but "
        r"one, and a negative multiple of the square of that one, as the pull exceeds the decay. So it has "
        r"exactly one negative eigenvalue and none that is 0. Flip the signs of all weights of a dead "
        r"neuron, in and out: the loss and the point stay what they are, so that two weights couple only "
        r"if they belong to the same dead neurons. Together the blocks hold all weights, and those of the "
        r"living neurons are the sub-network, a root of its own, with its index and nullity."
    ),
    theorem="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(STRONG, BLOCK, FALLING, ALL_WEIGHTS, ROOT_INDEX, COUNTED),
    conditions=("all decays are positive", "$v \\ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="subnetwork-index",
    title="The index with dead neurons",
    prose=(
        "At a stationary point other than the origin let $K_i$ of the $d_i$ neurons of layer $i$ be "
        "alive; without noise all of them, since the layer can be turned. The index of the Hessian is "
        "$[H' < 0]$, at the root of the sub-network that is alive, and one more for every dead neuron: "
        r"$\sum_i (d_i - K_i)$. The nullity is that of the sub-network. For flip the signs of all weights "
        "of a dead neuron, in and out: the loss stays what it is, and so does the point, where they are 0. "
        "So two weights couple in the Hessian only if they belong to the same dead neurons: to none, to "
        "one, or to the same two."
    ),
    statements=(
        STRONG,
        BLOCK,
        FALLING,
        ALL_WEIGHTS,
    ),
    steps=(DEAD_INDEX,),
)
