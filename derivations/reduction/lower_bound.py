"""What the noise adds to the second moment of the prediction, at least."""

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
    NOISE_FACTOR,
    OUTPUTS,
    SECOND_MOMENTS,
    A,
    D,
    M,
    T,
    U,
    W,
    d,
    g,
    j,
    k,
    n,
    r,
    s,
    sigma,
)
from .diagonal_bound import DIAGONAL_BOUND, Q
from .noise_second_moment import NOISE, NOISE_SECOND_MOMENT, SECOND_MOMENTS_ARE_PSD


def seen_through(vector: sp.IndexedBase, k: sp.Symbol) -> sp.Sum:
    """The vector pulled back to the features: Σ_j vector_j T_D[j, k]."""
    return sp.Sum(vector[j] * T[D, j, k], (j, 1, d[D]))


def noiseless(vector: sp.IndexedBase) -> sp.Sum:
    """The quadratic form of A at the pulled back vector; for U it is mᵀAm."""
    return sp.Sum(A[r, s] * seen_through(vector, r) * seen_through(vector, s), (r, 1, d[0]), (s, 1, d[0]))


def noisy(vector: sp.IndexedBase) -> sp.Sum:
    """The quadratic form of M_D."""
    return sp.Sum(vector[j] * vector[k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D]))


#: W_{D+1} carries a vector one layer down.
DOWN = sp.Sum(g[r] * W[D + 1, r, j], (r, 1, d[D + 1]))

#: S_{D+1} = W M Wᵀ, which is semidefinite because M is.
S = sp.Sum(W[D + 1, j, r] * M[D, r, s] * W[D + 1, k, s], (r, 1, d[D]), (s, 1, d[D]))
S_IS_PSD = combine(
    Use(SECOND_MOMENTS_ARE_PSD, where={z[j]: sp.Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))})
)

LOWER_BOUND_FORMS = Statement(
    id="lower-bound-layers",
    title="The noise multiplies the second moment layer by layer",
    relation=Relation.AT_LEAST,
    left=noisy(g),
    right=NOISE_FACTOR * noiseless(g),
    given=(A_IS_PSD,),
    definitions=(SECOND_MOMENTS, END_TO_END),
    reference="the diagonal bound, layer by layer from the output",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(HYPOTHESIS, times=1 + sigma[D + 1] ** 2 / d[D + 1], where={g[j]: DOWN}),
            Use(
                DIAGONAL_BOUND,
                times=sigma[D + 1] ** 2 / d[D + 1],
                where={Q[j, k]: S, n: d[D + 1], z[j]: g[j]},
                given=(S_IS_PSD,),
            ),
        ),
    ),
    near_misses=(
        NearMiss("the widths are left out", right=noiseless(g) * sp.Product(1 + sigma[j] ** 2, (j, 1, D))),
    ),
    prose=(
        "By induction on the depth. The new layer contributes $S + "
        "\\sigma^2\\,\\mathrm{Diag}(S)$, which the diagonal bound "
        "puts above $(1 + \\sigma^2/d)\\,S$, and $S$ is the second moment one layer down, at "
        "the vector pulled back."
    ),
)

PREDICTION = sp.Sum(U[j] * sy.h[D, j], (j, 1, d[D]))

LOWER_BOUND = Statement(
    id="lower-bound",
    title="A lower bound on the second moment of the prediction",
    relation=Relation.AT_LEAST,
    left=mean(PREDICTION**2),
    right=NOISE_FACTOR * noiseless(U),
    given=(A_IS_PSD,),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the lower bound layer by layer, at the output weights",
    proof=combine(
        Use(NOISE_SECOND_MOMENT, times=U[r] * U[s], where={j: r, k: s}, over=((r, 1, d[D]), (s, 1, d[D]))),
        Use(LOWER_BOUND_FORMS, where={g[j]: U[j]}),
    ),
    near_misses=(
        NearMiss("a noise factor too large", right=(1 + sigma[1] ** 2) * NOISE_FACTOR * noiseless(U)),
    ),
    prose="At $g = U$ the pulled back vector is the end-to-end map $m = (U W_D \\cdots W_1)^{\\top}$.",
)

DERIVATION = Derivation(
    id="lower-bound",
    title="A lower bound on the second moment",
    prose="The noise factor $\\rho = \\prod_i (1 + \\sigma_i^2/d_i)$ is what the noise costs at least.",
    statements=(LOWER_BOUND_FORMS, LOWER_BOUND),
)
