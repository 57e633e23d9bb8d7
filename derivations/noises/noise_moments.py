"""The second moments of layers with noise of any kind, from the outputs with their noises."""

from symderive import symbols as sy

from ..notation import *
from ..reduction.loss import ALIGNMENT
from ..reduction.noise_second_moment import BELOW, NEURONS

#: A source of noise of a layer, and how many of them the layer has.
l = letters("l", integer=True, positive=True)  # noqa: E741 - as in print
sources = families("Z", integer=True, positive=True)

#: By how much source l moves weight (j, k) of layer i, or feature j.
share, feature_share = families("Psi psi")
epsilon, x = sy.epsilon, sy.x


def factor(i: Expr, j: Expr, k: Expr) -> Expr:
    """What weight (j, k) of layer i is multiplied by: of mean 1, moved by the sources of the layer."""
    return 1 + Sum(share[i, j, k, l] * (epsilon[i, l] - 1), (l, 1, sources[i]))


def factors(i: Expr, j: Expr, r: Expr, k: Expr, s: Expr) -> Expr:
    """The mean of the product of the factors of the weights (j, r) and (k, s) of layer i."""
    return 1 + sigma[i] ** 2 * Sum(share[i, j, r, l] * share[i, k, s, l], (l, 1, sources[i]))


#: h_0 = x and h_i = (Φ_i ∘ W_i) h_{i-1}, where Φ_i holds the factors.
NOISY_OUTPUTS = Recursion(
    h, (i, j), x[j], Sum(W[i, j, k] * factor(i, j, k) * h[i - 1, k], (k, 1, d[i - 1]))
)

#: Second moments with factors that are correlated in any way within a layer.
M_any = families("Mbar")
ANY_MOMENTS = Recursion(
    M_any,
    (i, j, k),
    A[j, k],
    Sum(
        W[i, j, r] * M_any[i - 1, r, s] * W[i, k, s] * factors(i, j, r, k, s),
        (r, 1, d[i - 1]),
        (s, 1, d[i - 1]),
    ),
)

SOURCES = r"""the sources $\epsilon_{i l}$ of the noise of layer $i$ have mean 1 and variance $\sigma_i^2$,
    and all sources are independent of each other and of the data"""

_top = D + 1

ANY_SECOND_MOMENT = theorem(
    "noise-moments-any",
    "The second moments, with correlated noise of all weights",
    equal(mean(h[D, j] * h[D, k]), M_any[D, j, k], *NEURONS),
    given=(NOISY_OUTPUTS, ANY_MOMENTS, SOURCES),
    reference="the noises of different layers are independent",
    proof=induction(
        D,
        step=(W[_top, j, r] * W[_top, k, s] * factors(_top, j, r, k, s) * HYPOTHESIS.at({j: r, k: s})).sum(
            *BELOW
        ),
    ),
    misses={"noise counted once more": right((1 + sigma[D] ** 2) * M_any[D, j, k])},
    prose=r"""Let weight $(j,k)$ of layer $i$ be multiplied by $\Phi_{jk} = 1 + \sum_l \Psi_{ijkl}\,
        (\epsilon_{il} - 1)$. Any factors of mean 1 have the moments of such ones, since every covariance
        is that of a combination of independent numbers. A neuron with noise multiplies all weights into it
        by one factor, and neurons that share noise, all weights into them; DropConnect gives each weight a
        factor of its own.""",
)

ANY_FIRST_MOMENT = theorem(
    "noise-moments-map",
    "Noise of any kind leaves the mean map as it is",
    equal(mean(h[D, j] * y), Sum(T[D, j, k] * v[k], (k, 1, d[0])), NEURONS[0]),
    given=(NOISY_OUTPUTS, END_TO_END, SOURCES),
    reference="the factors have mean 1",
    proof=induction(D, step=(W[D + 1, j, r] * HYPOTHESIS.at({j: r})).sum((r, 1, d[D]))),
    misses={"a flipped sign": right(-Sum(T[D, j, k] * v[k], (k, 1, d[0])))},
)

# -- neurons and weights -----------------------------------------------------------------------------------

#: α_i and the vectors η_il: the second moments of the noise of neurons are α_i 11ᵀ + Σ_l η_il η_ilᵀ.
alpha = families("alpha", nonnegative=True)
eta, omega = families("eta"), families("omega", nonnegative=True)
groups = families("G", integer=True, positive=True)


def neurons(i: Expr, j: Expr, k: Expr) -> Expr:
    """E ε_j ε_k of the neurons j and k of layer i."""
    return alpha[i] + Sum(eta[i, l, j] * eta[i, l, k], (l, 1, groups[i]))


M_noisy = families("Mtilde")


def before_neurons(i: Expr, j: Expr, k: Expr) -> Expr:
    """W M Wᵀ + ω² Diag(W Diag(M) Wᵀ) of layer i."""
    pairs = Sum(W[i, j, r] * M_noisy[i - 1, r, s] * W[i, k, s], (r, 1, d[i - 1]), (s, 1, d[i - 1]))
    alone = Sum(W[i, j, r] * W[i, k, r] * M_noisy[i - 1, r, r], (r, 1, d[i - 1]))
    return pairs + omega[i] ** 2 * delta(j, k) * alone


NOISY_MOMENTS = Recursion(M_noisy, (i, j, k), A[j, k], neurons(i, j, k) * before_neurons(i, j, k))


def pattern(depth: Expr) -> Claim:
    """The factors are products of noise of the neurons and independent noise of the weights."""
    return equal(
        factors(i, j, r, k, s),
        neurons(i, j, k) * (1 + omega[i] ** 2 * delta(j, k) * delta(r, s)),
        *((i, 1, depth), (j, 1, d[i]), (k, 1, d[i]), (r, 1, d[i - 1]), (s, 1, d[i - 1])),
    )


#: One factor for a whole layer, of second moment 25/16, times one for each weight, of variance 1/4.
_weight = (j - 1) * d[i - 1] + k
BOTH_KINDS = Domain(
    define={
        sigma[i]: Integer(1),
        alpha[i]: Rational(25, 16),
        eta[i, l, j]: Integer(0),
        omega[i]: Rational(1, 2),
        sources[i]: 1 + d[i] * d[i - 1],
        share[i, j, k, l]: Rational(3, 4) * delta(l, 1) + Rational(5, 8) * delta(l, 1 + _weight),
    }
)

#: Neurons with correlated noise, which one source moves by different amounts.
CORRELATED = Domain(
    define={
        alpha[i]: Integer(1),
        omega[i]: Integer(0),
        sources[i]: Integer(1),
        groups[i]: Integer(1),
        eta[i, l, j]: sigma[i] * g[j],
        share[i, j, k, l]: g[j],
    }
)

SECOND_MOMENT = theorem(
    "noise-moments",
    "The second moments, with noisy neurons and weights",
    equal(M_any[D, j, k], M_noisy[D, j, k], *NEURONS),
    given=(ANY_MOMENTS, NOISY_MOMENTS, pattern(D)),
    reference="noise of neurons and noise of weights are independent",
    proof=induction(
        D,
        step=(W[_top, j, r] * W[_top, k, s] * factors(_top, j, r, k, s) * HYPOTHESIS.at({j: r, k: s})).sum(
            *BELOW
        )
        + (W[_top, j, r] * W[_top, k, s] * M_noisy[D, r, s] * pattern(_top).at({i: _top})).sum(*BELOW),
    ),
    test=(BOTH_KINDS, CORRELATED),
    misses={
        "noise of the weights counted twice": right((1 + omega[D] ** 2) * M_noisy[D, j, k]),
        "noise of another kind": (without(pattern(D)), Domain()),
    },
    prose=r"""Let $\epsilon_{ij}$ be the noise of neuron $j$, correlated in any way within its layer, with
        the second moments $N_{ijk} = \alpha_i + \sum_l \eta_{ilj} \eta_{ilk}$, and let the weights have
        independent noise of variance $\omega_i^2$. Then $\tilde M_i = N_i \circ (W_i \tilde M_{i-1}
        W_i^{\top} + \omega_i^2 \operatorname{Diag}(W_i \operatorname{Diag}(\tilde M_{i-1}) W_i^{\top}))$,
        entry by entry.""",
)

_down = Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))
_pulled = Sum(eta[D + 1, l, r] * z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))
_weights = neurons(D + 1, r, r) * omega[D + 1] ** 2 * z[r] ** 2 * W[D + 1, r, s] ** 2

NOISY_IS_PSD = theorem(
    "noise-moments-psd",
    r"$\tilde M_D$ is positive semidefinite",
    semidefinite(M_noisy[D, j, k], *NEURONS),
    given=(A_IS_PSD, NOISY_MOMENTS),
    reference="a second moment is one",
    proof=induction(
        D,
        base=A_IS_PSD.at({z[j]: z[j]}),
        step=alpha[D + 1] * HYPOTHESIS.at({z[j]: _down})
        + HYPOTHESIS.at({z[j]: _pulled}).sum((l, 1, groups[D + 1]))
        + (_weights * HYPOTHESIS.at({z[j]: delta(j, s)})).sum((r, 1, d[D + 1]), (s, 1, d[D])),
    ),
    misses={"more than the diagonal is taken away": right(2 * delta(j, k) * M_noisy[D, j, k])},
)

# -- features, output, target ------------------------------------------------------------------------------


def noisy_feature(j: Expr) -> Expr:
    """x_j with a factor of its own and additive noise."""
    return epsilon[1, j] * x[j] + Sum(feature_share[j, l] * (epsilon[2, l] - 1), (l, 1, n))


_additive = sigma[2] ** 2 * Sum(feature_share[j, l] * feature_share[k, l], (l, 1, n))

FEATURES = theorem(
    "noise-moments-features",
    "Noise of the features changes their second moments only",
    equal(
        mean(noisy_feature(j) * noisy_feature(k)),
        A[j, k] + sigma[1] ** 2 * delta(j, k) * A[j, k] + _additive,
        *((j, 1, d[0]), (k, 1, d[0])),
    ),
    given=(SOURCES,),
    reference="independent noise",
    proof=exact_algebra,
    misses={"every pair is blurred": right((1 + sigma[1] ** 2) * A[j, k] + _additive)},
    prose=r"""Noisy features are features: all that is said of the loss holds for them with $A' = A +
        \sigma_0^2 \operatorname{Diag}(A) + \Sigma$ in place of $A$, where $\sigma_0^2$ is the variance of
        the factor of a feature and $\Sigma$ the covariance of the additive noise.""",
)

FEATURES_ALIGNED = theorem(
    "noise-moments-features-target",
    "Noise of the features leaves their mixed moments with the target",
    equal(mean(noisy_feature(j) * y), v[j], (j, 1, d[0])),
    given=(SOURCES,),
    reference="independent noise",
    proof=exact_algebra,
    misses={"a factor": right((1 + sigma[1] ** 2) * v[j])},
)

#: ω_u², and the variances of what is added to the neurons of the last hidden layer and to the target.
OUTPUT_NOISE, JITTER, TARGET_NOISE = sigma[D + 1] ** 2, sigma[D + 2] ** 2, sigma[D + 3] ** 2
PREDICTION = Sum(U[j] * epsilon[D + 1, j] * (h[D, j] + epsilon[D + 2, j] - 1), (j, 1, d[D]))
TARGET = y + epsilon[D + 3, 1] - 1
DATA_TERM = mean((PREDICTION - TARGET) ** 2)


def square(moments: IndexedBase, noise: Expr) -> Expr:
    """U M_D Uᵀ + ω_u² U Diag(M_D) Uᵀ."""
    return form(moments[D, j, k], U, d[D]) + noise * Sum(U[j] ** 2 * moments[D, j, j], (j, 1, d[D]))


_rest = -2 * ALIGNMENT + c + JITTER * (1 + OUTPUT_NOISE) * norm2(U, (j, 1, d[D])) + TARGET_NOISE

OUTPUT = theorem(
    "noise-moments-output",
    "The mean square error with noise of any kind",
    equal(DATA_TERM, square(M_any, OUTPUT_NOISE) + _rest),
    reference="independent noise of the output layer",
    proof=(U[r] * U[s] * ANY_SECOND_MOMENT.at({j: r, k: s})).sum(*BELOW)
    + (OUTPUT_NOISE * U[r] ** 2 * ANY_SECOND_MOMENT.at({j: r, k: r})).sum(BELOW[0])
    - (2 * U[r] * ANY_FIRST_MOMENT.at({j: r})).sum(BELOW[0]),
    misses={
        "additive noise that the weights do not blur": right(
            square(M_any, OUTPUT_NOISE) + _rest - JITTER * OUTPUT_NOISE * norm2(U, (j, 1, d[D]))
        ),
        "noise of the output weights on the whole": right((1 + OUTPUT_NOISE) * square(M_any, 0) + _rest),
    },
    prose=r"""Here $\sigma_{D+1}^2 = \omega_u^2$ is the variance of the factor of an output weight,
        $\sigma_{D+2}^2$ that of what is added to a neuron of the last hidden layer, and $\sigma_{D+3}^2$
        that of what is added to the target. The last two only add to the decay $\gamma_u$ and to $c$. In
        an earlier layer additive noise would add the squared norm of all layers above, and no single decay
        stands for that.""",
)

DERIVATION = Derivation(
    id="noise-moments",
    title="Averaging over noise of any kind",
    prose="""Noise may multiply weights, neurons and features, and be added to features, to the last hidden
        layer and to the target. All of it is independent between layers, and the prediction is affine in
        every layer's noise, so that only second moments matter.""",
    statements=(
        *(ANY_SECOND_MOMENT, ANY_FIRST_MOMENT, SECOND_MOMENT, NOISY_IS_PSD),
        *(FEATURES, FEATURES_ALIGNED, OUTPUT),
    ),
)
