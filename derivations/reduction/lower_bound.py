"""What the noise adds to the second moment of the prediction, at least."""

from ..notation import *
from .diagonal_bound import DIAGONAL_BOUND, Q
from .noise_second_moment import BELOW, NOISE_SECOND_MOMENT, SECOND_MOMENTS_ARE_PSD


def seen_through(vector: IndexedBase, k: Expr) -> Sum:
    """The vector pulled back to the features: Σ_j vector_j T_D[j, k]."""
    return Sum(vector[j] * T[D, j, k], (j, 1, d[D]))


def noiseless(vector: IndexedBase) -> Sum:
    """The quadratic form of A at the pulled back vector; for U it is mᵀAm."""
    return Sum(A[r, s] * seen_through(vector, r) * seen_through(vector, s), (r, 1, d[0]), (s, 1, d[0]))


#: W_{D+1} carries a vector one layer down.
DOWN = Sum(g[r] * W[D + 1, r, j], (r, 1, d[D + 1]))

#: S_{D+1} = W M Wᵀ, which is semidefinite because M is.
S = Sum(W[D + 1, j, r] * M[D, r, s] * W[D + 1, k, s], *BELOW)
S_IS_PSD = SECOND_MOMENTS_ARE_PSD.at({z[j]: Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))})

LOWER_BOUND_FORMS = theorem(
    "lower-bound-layers",
    "The noise multiplies the second moment layer by layer",
    at_least(form(M[D, j, k], g, d[D]), NOISE_FACTOR * noiseless(g)),
    given=(A_IS_PSD, END_TO_END),
    reference="the diagonal bound, layer by layer from the output",
    proof=induction(
        D,
        step=(1 + sigma[D + 1] ** 2 / d[D + 1]) * HYPOTHESIS.at({g[j]: DOWN})
        + (sigma[D + 1] ** 2 / d[D + 1])
        * DIAGONAL_BOUND.at({Q[j, k]: S, n: d[D + 1], z[j]: g[j]}).because(S_IS_PSD),
    ),
    misses={"the widths are left out": right(noiseless(g) * Product(1 + sigma[j] ** 2, (j, 1, D)))},
    prose=r"""By induction on the depth. The new layer contributes $S + \sigma^2\,\mathrm{Diag}(S)$,
        which the diagonal bound puts above $(1 + \sigma^2/d)\,S$, and $S$ is the second moment one layer
        down, at the vector pulled back.""",
)

#: ρ T_D A T_Dᵀ, what the second moments would be without noise, times the noise factor.
_without_noise = Sum(T[D, j, r] * A[r, s] * T[D, k, s], (r, 1, d[0]), (s, 1, d[0]))

SECOND_MOMENT_BOUND = theorem(
    "second-moment-bound",
    "The noise multiplies the second moments by its factor, at least",
    matrix_at_least(M[D, j, k], NOISE_FACTOR * _without_noise, (j, 1, d[D]), (k, 1, d[D])),
    given=(A_IS_PSD,),
    reference="the lower bound layer by layer, as a matrix inequality",
    proof=LOWER_BOUND_FORMS.at({g[j]: z[j]}),
    misses={
        "the widths are left out": right(_without_noise * Product(1 + sigma[j] ** 2, (j, 1, D))),
        "twice the right side": right(2 * NOISE_FACTOR * _without_noise),
    },
    display=r"M_{D} \succeq \rho T_{D} A T_{D}^{\top}",
)

PREDICTION = dot(U, h[D, j], (j, 1, d[D]))

LOWER_BOUND = theorem(
    "lower-bound",
    "A lower bound on the second moment of the prediction",
    at_least(mean(PREDICTION**2), NOISE_FACTOR * noiseless(U)),
    given=(A_IS_PSD,),
    reference="the lower bound layer by layer, at the output weights",
    proof=(U[r] * U[s] * NOISE_SECOND_MOMENT.at({j: r, k: s})).sum(*BELOW)
    + LOWER_BOUND_FORMS.at({g[j]: U[j]}),
    misses={"a noise factor too large": right((1 + sigma[1] ** 2) * NOISE_FACTOR * noiseless(U))},
    display=Display(
        r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} f(x)^{2} \ge \rho m^{\top} A m",
        where=r"m = (U T_{D})^{\top}",
    ),
    prose="At $g = U$ the pulled back vector is the end-to-end map $m = (U W_D \\cdots W_1)^{\\top}$.",
)

DERIVATION = Derivation(
    id="lower-bound",
    title="A lower bound on the second moment",
    prose="The noise factor $\\rho = \\prod_i (1 + \\sigma_i^2/d_i)$ is what the noise costs at least.",
    statements=(LOWER_BOUND_FORMS, SECOND_MOMENT_BOUND, LOWER_BOUND),
)
