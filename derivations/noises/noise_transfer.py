"""What noise of any kind adds at least, carried through the layers by matrices with two rows."""

from ..notation import *
from ..reduction.decay_bound import AS_NORMS, BECAUSE, DECAY_BOUND, HIDDEN_NORM, MAP_NORM, OUTPUT_NORM
from ..reduction.diagonal_bound import DIAGONAL_BOUND, Q
from ..reduction.global_minimum import SMALL, ZERO_MAP
from ..reduction.loss import ALIGNMENT, DECAY
from ..reduction.lower_bound import DOWN, noiseless, seen_through
from .noise_moments import (
    DATA_TERM,
    JITTER,
    NOISY_IS_PSD,
    OUTPUT,
    OUTPUT_NOISE,
    SECOND_MOMENT,
    TARGET_NOISE,
    M_noisy,
    alpha,
    before_neurons,
    eta,
    groups,
    l,
    neurons,
    omega,
    pattern,
    share,
    sources,
    square,
)

#: E ε_j² of every neuron of layer i; α_i is what all pairs of neurons share at least.
chi = families("chi", nonnegative=True)


def alone(depth: Expr) -> Claim:
    """All neurons of a layer have noise of one size."""
    return equal(neurons(i, j, j), chi[i], (i, 1, depth), (j, 1, d[i]))


#: Ξ_0 = I and Ξ_i = Θ_i Ξ_{i-1}, in rows and columns 1 and 2.
Xi = families("Xi")
CARRIED = Recursion(
    Xi,
    (i, j, k),
    delta(j, k),
    (alpha[i] * delta(j, 1) + chi[i] / d[i] * delta(j, 2)) * Xi[i - 1, 1, k]
    + omega[i] ** 2 * chi[i] / d[i] * (delta(j, 1) + delta(j, 2)) * Xi[i - 1, 2, k],
)

#: Any weights of the two forms.
p, q = letters("p_1 p_2", nonnegative=True)


def carried(column: int) -> Expr:
    """An entry of (p, q) Ξ_D."""
    return p * Xi[D, 1, column] + q * Xi[D, 2, column]


# -- one layer ---------------------------------------------------------------------------------------------

#: A layer, the features among them, below layer ℓ + 1.
layer = letters("ell", integer=True, nonnegative=True)
_top = layer + 1
_rows = ((j, 1, d[_top]), (k, 1, d[_top]))


#: The second moments of layer i + 1, written out.
_above = neurons(_top, j, k) * before_neurons(_top, j, k)
_ABOVE_FULL = form(_above, g, d[_top])
_ABOVE_DIAGONAL = Sum(g[j] ** 2 * _above.subs(k, j), (j, 1, d[_top]))


def full(vector: IndexedBase) -> Expr:
    """X_D: the form of the second moments of the last layer."""
    return form(M_noisy[D, j, k], vector, d[D])


def diagonal(vector: IndexedBase) -> Expr:
    """Y_D: the form of their diagonal."""
    return Sum(vector[j] ** 2 * M_noisy[D, j, j], (j, 1, d[D]))


def _down(name: Expr) -> Expr:
    """The vector carried down through layer i + 1."""
    return Sum(g[j] * W[_top, j, name], (j, 1, d[_top]))


ALONE = equal(neurons(_top, j, j), chi[_top], (j, 1, d[_top]))
_below = ((r, 1, d[layer]), (s, 1, d[layer]))
_X = Sum(M_noisy[layer, r, s] * _down(r) * _down(s), *_below)
_Y = Sum(M_noisy[layer, r, r] * _down(r) ** 2, _below[0])
#: A layer of one neuron whose weight is noisy, which two sources move.
FEW_NEURONS = Domain(
    define={
        d[j]: Integer(1),
        sigma[j]: Integer(1),
        alpha[i]: Rational(25, 16),
        chi[i]: Rational(25, 16),
        eta[i, l, j]: Integer(0),
        omega[i]: Rational(1, 2),
        sources[i]: Integer(2),
        share[i, j, k, l]: Rational(3, 4) * delta(l, 1) + Rational(5, 8) * delta(l, 2),
    }
)

_weights = omega[_top] ** 2 * chi[_top] / d[_top]

#: Σ_j g_j² Σ_r W_jr² M_rr - Σ_r (Σ_j g_j W_jr)² M_rr / d: a square for every pair of rows.
_difference = delta(j, s) * (g[r] * W[_top, r, s] - g[k] * W[_top, k, s])
_pairs = (_weights / 2 * NOISY_IS_PSD.at({D: layer, z[j]: _difference})).sum(
    (r, 1, d[_top]), (k, 1, d[_top]), (s, 1, d[layer])
)
_of_weights = Sum(W[_top, j, r] ** 2 * M_noisy[layer, r, r], (r, 1, d[layer]))
_alone = (g[j] ** 2 * omega[_top] ** 2 * _of_weights * ALONE).sum(_rows[0])
_moved = Sum(eta[_top, l, r] * g[r] * W[_top, r, j], (r, 1, d[_top]))

FULL = theorem(
    "noise-transfer-full",
    "What a layer makes of the second moments, at least",
    at_least(_ABOVE_FULL, alpha[_top] * _X + _weights * _Y),
    given=(A_IS_PSD, ALONE),
    reference="Cauchy–Schwarz over the rows of the weights",
    proof=NOISY_IS_PSD.at({D: layer, z[j]: _moved}).sum((l, 1, groups[_top])) + _alone + _pairs,
    misses={"the width is left out": right(alpha[_top] * _X + d[_top] * _weights * _Y)},
)

#: W M Wᵀ of layer i + 1, whose form is that of M at the vector carried down.
_S = Sum(W[_top, j, r] * M_noisy[layer, r, s] * W[_top, k, s], *_below)
_S_IS_PSD = NOISY_IS_PSD.at({D: layer, z[j]: Sum(z[r] * W[_top, r, j], (r, 1, d[_top]))})
_own = Sum(W[_top, j, r] * M_noisy[layer, r, s] * W[_top, j, s], *_below)

DIAGONAL = theorem(
    "noise-transfer-diagonal",
    "What a layer makes of their diagonal, at least",
    at_least(_ABOVE_DIAGONAL, chi[_top] / d[_top] * _X + _weights * _Y),
    given=(A_IS_PSD, ALONE),
    reference="the diagonal bound, and Cauchy–Schwarz over the rows of the weights",
    proof=(chi[_top] / d[_top])
    * DIAGONAL_BOUND.at({Q[j, k]: _S, n: d[_top], z[j]: g[j]}).because(_S_IS_PSD)
    + (g[j] ** 2 * _own * ALONE).sum(_rows[0])
    + _alone
    + _pairs,
    misses={"the width is left out": right(chi[_top] * _X + _weights * _Y)},
)

# -- all layers --------------------------------------------------------------------------------------------

_pulled = {g[j]: DOWN}
_at = {layer: D}

#: (p, q) carried through layer D + 1: (p, q) Θ_{D+1}.
CARRY = {
    p: alpha[D + 1] * p + chi[D + 1] / d[D + 1] * q,
    q: omega[D + 1] ** 2 * chi[D + 1] / d[D + 1] * (p + q),
}


#: mᵀDiag(A)m at the vector that is carried down to the features.
def on_diagonal(vector: IndexedBase) -> Expr:
    """The form of Diag(A) at the vector carried down to the features."""
    return Sum(A[r, r] * seen_through(vector, r) ** 2, (r, 1, d[0]))


TRANSFER = theorem(
    "noise-transfer",
    "Through all layers the forms are carried by a matrix product",
    at_least(p * full(g) + q * diagonal(g), carried(1) * noiseless(g) + carried(2) * on_diagonal(g)),
    given=(A_IS_PSD, alone(D), CARRIED, END_TO_END),
    reference="one layer after the other, from the output",
    proof=induction(
        D,
        step=p * FULL.at(_at).because(None, alone(D + 1).at({i: D + 1}))
        + q * DIAGONAL.at(_at).because(None, alone(D + 1).at({i: D + 1}))
        + HYPOTHESIS.at({g[j]: DOWN} | CARRY),
    ),
    misses={"twice the right side": right(2 * (carried(1) * noiseless(g) + carried(2) * on_diagonal(g)))},
    prose=r"""All entries of $\Theta_i$ are non-negative, so that what one layer adds at least composes
        with what the layers below add at least.""",
)

# -- the loss ----------------------------------------------------------------------------------------------

omega_u = letters("omega_u", nonnegative=True)


def noise_factor(column: int, noise: Expr = omega_u**2) -> Expr:
    """ρ_1 or ρ_2: an entry of (1, ω_u²) Ξ_D."""
    return carried(column).subs({p: 1, q: noise})


def at_map(noise: Expr) -> Expr:
    """mᵀBm at the map of the weights, B = ρ_1 A + ρ_2 Diag(A)."""
    return noise_factor(1, noise) * noiseless(U) + noise_factor(2, noise) * on_diagonal(U)


def _of_output(noise: Expr) -> Any:
    """What the layers add at least, seen by the output weights."""
    return TRANSFER.at({g[j]: U[j], p: Integer(1), q: noise})


FORM = theorem(
    "noise-transfer-form",
    "The second moment of the prediction is at least the form of $B$",
    at_least(square(M_noisy, omega_u**2), at_map(omega_u**2)),
    given=(A_IS_PSD, alone(D)),
    reference="the transfer, at the output weights",
    proof=_of_output(omega_u**2),
    misses={"without the diagonal, twice": right(2 * at_map(omega_u**2))},
    display=Display(
        r"""U \tilde{M}_{D} U^{\top} + \omega_{u}^{2} U \operatorname{Diag}(\tilde{M}_{D}) U^{\top}
            \ge m^{\top} B m""",
        where=r"m = (U T_{D})^{\top}",
    ),
)

_outside = -2 * ALIGNMENT + c + JITTER * (1 + OUTPUT_NOISE) * norm2(U, (j, 1, d[D])) + TARGET_NOISE

ERROR = theorem(
    "noise-transfer-error",
    "A lower bound on the mean square error with noise of any kind",
    at_least(DATA_TERM, at_map(OUTPUT_NOISE) + _outside),
    given=(A_IS_PSD, pattern(D), alone(D)),
    reference="the moments of the outputs, then the transfer",
    proof=OUTPUT
    + (U[j] * U[k] * SECOND_MOMENT).sum((j, 1, d[D]), (k, 1, d[D]))
    + (OUTPUT_NOISE * U[j] ** 2 * SECOND_MOMENT.at({k: j})).sum((j, 1, d[D]))
    + _of_output(OUTPUT_NOISE),
    test=FEW_NEURONS,
    misses={"twice the form": right(2 * at_map(OUTPUT_NOISE) + _outside)},
)

#: The loss in the second moments; γ_u and c hold what additive noise adds to them.
NOISY_LOSS = square(M_noisy, omega_u**2) - 2 * ALIGNMENT + c + DECAY
REDUCED_LOSS = at_map(omega_u**2) - 2 * ALIGNMENT + c + REDUCED.penalty(m_norm)

LOWER = theorem(
    "noise-transfer-loss",
    "With noise of any kind the loss is at least $F_B(m)$",
    at_least(NOISY_LOSS, REDUCED_LOSS),
    given=(A_IS_PSD, alone(D), HIDDEN_NORM, OUTPUT_NORM, MAP_NORM),
    reference="the transfer, and the decay bound",
    proof=FORM + DECAY_BOUND,
    misses={"the data term is counted twice": right(REDUCED_LOSS + at_map(omega_u**2))},
    prose=r"""So nothing changes but the matrix: $F_B$ is $F$ with $B = \rho_1 A + \rho_2
        \operatorname{Diag}(A)$ in place of $\rho A$.""",
    display=Display(
        r"\tilde{L}(W, U) \ge F_{B}(m)",
        where=r"m = (U T_{D})^{\top}",
        given=r"m \ne 0",
        at=AS_NORMS,
        because=BECAUSE,
    ),
)

MAP_IS_ZERO = equal(seen_through(U, k), 0, (k, 1, d[0]))

ZERO_MAP_LOSS = theorem(
    "noise-transfer-zero-map",
    "Weights with the map 0 cost at least their decay",
    at_least(NOISY_LOSS, c + DECAY),
    given=(A_IS_PSD, MAP_IS_ZERO),
    reference="the second moment is not negative",
    proof=NOISY_IS_PSD.at({z[j]: U[j]})
    + (omega_u**2 * U[r] ** 2 * NOISY_IS_PSD.at({z[j]: delta(j, r)})).sum((r, 1, d[D]))
    - (2 * v[k] * MAP_IS_ZERO).sum((k, 1, d[0])),
    test=ZERO_MAP,
    misses={"the map is not 0": (without(MAP_IS_ZERO), SMALL)},
)

# -- neurons with noise of their own, and in groups --------------------------------------------------------

_of_neurons = equal(alpha[i], 1 + sigma[i] ** 2 / d[i], (i, 1, D))
_above_neurons = equal(alpha[i], 1 + sigma[i] ** 2 / d[i], (i, 1, D + 1)).at({i: D + 1})
_no_weights = equal(omega[i], 0, (i, 1, D))
_above_weights = equal(omega[i], 0, (i, 1, D + 1)).at({i: D + 1})

OF_NEURONS = theorem(
    "noise-transfer-neurons",
    r"With independent noise of neurons alone, $\rho_1$ is $\rho$",
    equal(Xi[D, 1, 1], NOISE_FACTOR),
    given=(CARRIED, _of_neurons, _no_weights),
    reference="a product of triangular matrices",
    proof=induction(
        D,
        step=Xi[D, 1, 1] * _above_neurons
        + omega[D + 1] * chi[D + 1] / d[D + 1] * Xi[D, 2, 1] * _above_weights
        + (1 + sigma[D + 1] ** 2 / d[D + 1]) * HYPOTHESIS,
    ),
    misses={"the weights are noisy": without(_no_weights), "no noise": right(Integer(1))},
    prose=r"""Independent noise of neurons has $\alpha_i = 1 + \sigma_i^2/d_i$ and $\chi_i = 1 +
        \sigma_i^2$; if no weights are noisy, then $\rho_1 = \rho$ and $\rho_2 = 0$.""",
)

NO_DIAGONAL = theorem(
    "noise-transfer-neurons-diagonal",
    r"With noise of neurons alone, $\rho_2$ is 0",
    equal(Xi[D, 1, 2], 0),
    given=(CARRIED, _no_weights),
    reference="a product of triangular matrices",
    proof=induction(
        D,
        step=omega[D + 1] * chi[D + 1] / d[D + 1] * Xi[D, 2, 2] * _above_weights
        + alpha[D + 1] * HYPOTHESIS,
    ),
    misses={"the weights are noisy": without(_no_weights)},
)

#: Which group a neuron is in: 1 for that, 0 for the others.
member = families("P")
_neurons, _groups = ((j, 1, d[0]), (k, 1, d[0])), (l, 1, n)
_one_group = equal(Sum(member[j, l], _groups), 1, (j, 1, d[0]))
_spread = sigma[1] * (member[j, l] - 1 / n), sigma[1] * (member[k, l] - 1 / n)
_together = 1 + sigma[1] ** 2 * Sum(member[j, l] * member[k, l], _groups)

IN_GROUPS = theorem(
    "noise-transfer-groups",
    "The second moments of noise that groups of neurons share",
    equal(1 + sigma[1] ** 2 / n + Sum(_spread[0] * _spread[1], _groups), _together, *_neurons),
    given=(_one_group,),
    reference="centering",
    proof=-(sigma[1] ** 2 / n) * _one_group - (sigma[1] ** 2 / n) * _one_group.at({j: k}),
    test=Domain(define={member[j, l]: delta(l, 1)}),
    misses={"neurons in several groups": (without(_one_group), Domain())},
    prose=r"""Let $n$ groups of neurons of a layer share a factor of variance $\sigma^2$ each, and let
        $P_{jl}$ be 1 if neuron $j$ is in group $l$ and 0 if not. Then $\alpha = 1 + \sigma^2/n$ and $\chi
        = 1 + \sigma^2$: one group is one factor for the whole layer, and $n = d_i$ groups are independent
        noise.""",
)

_at_least_one = at_least(alpha[i], 1, (i, 1, D))
_above_one = at_least(alpha[i], 1, (i, 1, D + 1)).at({i: D + 1})

AT_LEAST_ONE = theorem(
    "noise-transfer-at-least-one",
    "Noise takes nothing away",
    at_least(carried(1), p),
    given=(CARRIED, _at_least_one),
    reference="the entries of the matrices",
    proof=induction(
        D,
        step=HYPOTHESIS.at(CARRY) + p * _above_one + nonnegative(chi[D + 1] / d[D + 1] * q),
    ),
    misses={"less than the mean": without(_at_least_one)},
    prose=r"At $p = 1$ and $q = \omega_u^2$: $\rho_1 \ge 1$.",
)

NOT_NEGATIVE = theorem(
    "noise-transfer-non-negative",
    r"$\rho_2$ is not negative",
    at_least(carried(2), 0),
    given=(CARRIED,),
    reference="the entries of the matrices",
    proof=induction(D, base=nonnegative(q), step=HYPOTHESIS.at(CARRY)),
    misses={"at least the weight": right(q)},
)

DERIVATION = Derivation(
    id="noise-transfer",
    title="What noise of any kind adds",
    prose=r"""Put $X_i(z) = z^{\top} \tilde M_i z$ and $Y_i(z) = z^{\top} \operatorname{Diag}(\tilde M_i)
        z$. Noise of weights makes $X_i$ depend on $Y_{i-1}$, so that the two are carried together, from
        the output to the features, by a matrix for every layer: $(X_i, Y_i)(z) \ge \Theta_i (X_{i-1},
        Y_{i-1})(W_i^{\top} z)$, entry by entry. $\Theta_i$ is the entrywise product of one factor for each
        noise: of the widths alone $\begin{pmatrix} 1 & 1/d_i \\ 1/d_i & 1/d_i \end{pmatrix}$, of the
        weights $\begin{pmatrix} 1 & \omega_i^2 \\ 1 & \omega_i^2 \end{pmatrix}$ and of the neurons
        $\begin{pmatrix} \alpha_i & \chi_i \\ \chi_i & \chi_i \end{pmatrix}$. The noise of the neurons of a
        layer may be correlated in any way, as long as all have the same variance $\chi_i - 1$: its second
        moments need to be at least $\alpha_i \mathbf{1}\mathbf{1}^{\top}$, and what exceeds that, like
        every positive semidefinite matrix, is a sum of squares $\eta_{i,l} \eta_{i,l}^{\top}$.""",
    statements=(
        *(FULL, DIAGONAL, TRANSFER, FORM, ERROR, LOWER, ZERO_MAP_LOSS),
        *(OF_NEURONS, NO_DIAGONAL, IN_GROUPS, AT_LEAST_ONE, NOT_NEGATIVE),
    ),
)
