"""The second moment of the layer outputs, noise averaged."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.averages import mean
from symderive.derivations.letters import (
    END_TO_END,
    OUTPUTS,
    PAPER,
    SECOND_MOMENTS,
    D,
    M,
    T,
    W,
    d,
    j,
    k,
    r,
    s,
    sigma,
    total,
)
from symderive.proof import HYPOTHESIS, Induct, Use, combine
from symderive.statement import Derivation, NearMiss, Relation, Statement, z

LAYER = ((j, 1, d[D]), (k, 1, d[D]))
BELOW = ((r, 1, d[D]), (s, 1, d[D]))

NOISE_SECOND_MOMENT = Statement(
    id="noise-second-moment",
    title="The outputs of the last hidden layer have second moments $M_D$",
    left=mean(sy.h[D, j] * sy.h[D, k]),
    right=M[D, j, k],
    over=LAYER,
    definitions=(OUTPUTS, SECOND_MOMENTS),
    conditions=("the noise has mean 1 and variance σ², independent of the data and between neurons",),
    reference=f"{PAPER}, Eq. (1)",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                HYPOTHESIS,
                times=(1 + sigma[D + 1] ** 2 * sp.KroneckerDelta(j, k)) * W[D + 1, j, r] * W[D + 1, k, s],
                where={j: r, k: s},
                over=BELOW,
            )
        ),
    ),
    near_misses=(NearMiss("the noise is left out", right=M[D, j, k] / (1 + sigma[D] ** 2)),),
    prose=(
        "Each neuron multiplies its input by noise of its own. Two different neurons of a layer have independent "
        "noise, and one neuron has it twice in its square; so layer $i$ adds $\\sigma_i^2$ times the diagonal."
    ),
)
