"""The moments of the layer outputs, noise averaged."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Induct,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    mean,
    z,
)

from ..notation import (
    A_IS_PSD,
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
    v,
)

NEURONS = ((j, 1, d[D]), (k, 1, d[D]))
NOISE = (
    r"the noise of layer $i$ has mean 1 and variance $\sigma_i^2$, and is independent between neurons "
    r"and of the data",
)

NOISE_SECOND_MOMENT = Statement(
    id="noise-second-moment",
    title="The second moments of the last hidden layer are $M_D$",
    left=mean(sy.h[D, j] * sy.h[D, k]),
    right=M[D, j, k],
    over=NEURONS,
    definitions=(OUTPUTS, SECOND_MOMENTS),
    conditions=NOISE,
    reference=f"{PAPER}, Eq. (1)",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(
                HYPOTHESIS,
                times=(1 + sigma[D + 1] ** 2 * sp.KroneckerDelta(j, k)) * W[D + 1, j, r] * W[D + 1, k, s],
                where={j: r, k: s},
                over=((r, 1, d[D]), (s, 1, d[D])),
            )
        ),
    ),
    near_misses=(NearMiss("noise counted once more", right=(1 + sigma[D] ** 2) * M[D, j, k]),),
    prose=(
        "Two different neurons of a layer carry independent noise, and a neuron carries its own "
        "twice in its "
        r"square. So layer $i$ adds $\sigma_i^2$ times the diagonal to the second moments, and "
        r"nothing else."
    ),
)

NOISE_FIRST_MOMENT = Statement(
    id="noise-first-moment",
    title="On average the last hidden layer is the map $T_D$",
    left=mean(sy.h[D, j] * sy.y),
    right=sp.Sum(T[D, j, k] * v[k], (k, 1, d[0])),
    over=NEURONS[:1],
    definitions=(OUTPUTS, END_TO_END),
    conditions=NOISE,
    reference=f"{PAPER}, Eq. (1)",
    proof=Induct(
        D,
        base=combine(),
        step=combine(Use(HYPOTHESIS, times=W[D + 1, j, r], where={j: r}, over=((r, 1, d[D]),))),
    ),
    near_misses=(NearMiss("a flipped sign", right=-sp.Sum(T[D, j, k] * v[k], (k, 1, d[0]))),),
)

SECOND_MOMENTS_ARE_PSD = Statement(
    id="second-moments-psd",
    title="$M_D$ is positive semidefinite",
    relation=Relation.MATRIX_AT_LEAST,
    left=M[D, j, k],
    right=0,
    over=NEURONS,
    given=(A_IS_PSD,),
    definitions=(SECOND_MOMENTS,),
    reference="a second moment is one",
    proof=Induct(
        D,
        base=combine(Use(A_IS_PSD, where={z[j]: z[j]})),
        step=combine(
            Use(HYPOTHESIS, where={z[j]: sp.Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))}),
            Use(
                HYPOTHESIS,
                times=sigma[D + 1] ** 2 * z[r] ** 2,
                where={z[j]: W[D + 1, r, j]},
                over=((r, 1, d[D + 1]),),
            ),
        ),
    ),
    near_misses=(
        NearMiss("more than the diagonal is taken away", right=2 * sp.KroneckerDelta(j, k) * M[D, j, k]),
    ),
)

DERIVATION = Derivation(
    id="noise-second-moment",
    title="Averaging over the noise",
    prose=(
        "The outputs of the layers are $h_0 = x$ and $h_i = \\epsilon_i \\circ W_i h_{i-1}$. "
        "The prediction is affine in "
        "the noise of every neuron, so that its first two moments are all that matters. Put $M_0 = A$ and "
        "$M_i = S_i + \\sigma_i^2\\,\\mathrm{Diag}(S_i)$ with $S_i = W_i M_{i-1} W_i^{\\top}$, and "
        "let $T_i = W_i T_{i-1}$, $T_0 = I$, be "
        "the linear map from the input to layer $i$."
    ),
    statements=(NOISE_SECOND_MOMENT, NOISE_FIRST_MOMENT, SECOND_MOMENTS_ARE_PSD),
)
