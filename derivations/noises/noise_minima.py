"""What the landscape with noise of any kind has from the reduced loss, and what is open."""

from ..minima.origin_local_minimum import AT_RADIUS, NO_SIGNAL, ORIGIN_LOCAL_MINIMUM
from ..notation import *
from ..reduction.attainment import SIGNS_EXIST, UNIT_DIRECTION
from ..reduction.global_minimum import EXISTS, GROWS
from ..reduction.layer_balance import LAYER_BALANCE, RATE
from ..reduction.norm_product import DEAD_MAP, NORM_PRODUCT
from .noise_moments import NOISY_MOMENTS, M_noisy, neurons, omega
from .noise_transfer import AT_LEAST_ONE, LOWER, NOT_NEGATIVE
from .noise_transfer import ZERO_MAP_LOSS as ZERO_MAP
from .noise_transfer_attained import WEIGHTS

#: What is supposed of the noise.
PATTERN = r"""the noise of all neurons of a layer has one variance, and $\alpha_i \mathbf{1}$ is the mean
    row of its second moments"""

#: ρ_1 - 1 and ρ_2, neither of which is negative.
excess, rho_diagonal = letters("r rho_2", nonnegative=True)
_entries = ((j, 1, d[0]), (k, 1, d[0]))

#: B = ρ_1 A + ρ_2 Diag(A).
NOISY = (1 + excess) * A[j, k] + rho_diagonal * delta(j, k) * A[j, k]

NO_LESS = in_words(
    "noise-minima-factors",
    r"$\rho_1 \ge 1$ and $\rho_2 \ge 0$",
    r"""These are the bounds on the entries of $(p_1, p_2)\, \Xi_D$ at $p_1 = 1$ and $p_2 = \omega_u^2$.
        Noise of mean 1 has second moments of at least $\mathbf{1}\mathbf{1}^{\top}$, so that $\alpha_i \ge
        1$ may be chosen.""",
    by="the fact that a covariance is positive semidefinite",
    reference="any course of probability",
    rests_on=(AT_LEAST_ONE, NOT_NEGATIVE),
)

AT_LEAST_DATA = theorem(
    "noise-minima-data",
    "Noise adds to the second moments of the features",
    matrix_at_least(NOISY, A[j, k], *_entries),
    given=(A_IS_PSD,),
    reference="a sum of semidefinite matrices",
    proof=excess * A_IS_PSD.at({z[j]: z[j]})
    + (rho_diagonal * z[r] ** 2 * A_IS_PSD.at({z[j]: delta(j, r)})).sum((r, 1, d[0])),
    misses={"more than it adds": left(NOISY - (1 + rho_diagonal) * delta(j, k) * A[j, k])},
    display=Display(
        r"B \succeq A",
        at={excess: r"\rho_{1} - 1", rho_diagonal: r"\rho_{2}"},
        because={excess: NO_LESS, rho_diagonal: NO_LESS},
    ),
    prose=r"""With $r = \rho_1 - 1 \ge 0$: $B \succeq A \succeq 0$, and the range of $B$ holds that of $A$,
        in which $v$ lies. So $F_B$ is $F$ for the second moments $B$ in place of $A$ and no noise, and
        whatever is said of $F$ and its scalar equation holds for $F_B$: its minimum, the effective ridge,
        the dual, the thresholds, and at $D = 1$ that it is convex.""",
)

#: Every layer stretched by a factor, and the second moments that this gives.
stretch, M_stretched = families("vartheta", positive=True), families("Mhat")
FACTORS = Product(stretch[i], (i, 1, D))
_stretched_pairs = Sum(
    stretch[i] * W[i, j, r] * M_stretched[i - 1, r, s] * stretch[i] * W[i, k, s],
    (r, 1, d[i - 1]),
    (s, 1, d[i - 1]),
)
_stretched_alone = Sum(
    stretch[i] * W[i, j, r] * stretch[i] * W[i, k, r] * M_stretched[i - 1, r, r], (r, 1, d[i - 1])
)
STRETCHED = Recursion(
    M_stretched,
    (i, j, k),
    A[j, k],
    neurons(i, j, k) * (_stretched_pairs + omega[i] ** 2 * delta(j, k) * _stretched_alone),
)
_top = D + 1
_pairs = stretch[_top] ** 2 * neurons(_top, j, k) * W[_top, j, r] * W[_top, k, s]
_alone = omega[_top] ** 2 * stretch[_top] ** 2 * neurons(_top, j, k) * delta(j, k)

STRETCHING = theorem(
    "noise-minima-stretching",
    "The second moment of stretched layers, with noise of any kind",
    equal(M_stretched[D, j, k], FACTORS**2 * M_noisy[D, j, k], (j, 1, d[D]), (k, 1, d[D])),
    given=(NOISY_MOMENTS, STRETCHED),
    reference="the loss without decay is homogeneous in every layer",
    proof=induction(
        D,
        step=(_pairs * HYPOTHESIS.at({j: r, k: s})).sum((r, 1, d[D]), (s, 1, d[D]))
        + (_alone * W[_top, j, r] * W[_top, k, r] * HYPOTHESIS.at({j: r, k: r})).sum((r, 1, d[D])),
    ),
    misses={"the first power": right(FACTORS * M_noisy[D, j, k])},
)

SAME_MINIMUM = in_words(
    "noise-minima-least",
    "The least loss of all weights is the least value of $F_B$",
    """Every loss is at least a value of $F_B$: at the map of the weights, or at 0 where the map is 0.
        Every value of $F_B$ is a loss: at $m = 0$ that of the weights 0. $F_B$ is continuous and tends to
        infinity, so that it has a least value.""",
    by="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(
        LOWER,
        ZERO_MAP,
        WEIGHTS,
        SIGNS_EXIST,
        UNIT_DIRECTION,
        DEAD_MAP,
        AT_LEAST_DATA,
        NO_LESS,
        EXISTS,
        GROWS,
    ),
    conditions=("all decays are positive", PATTERN),
    display=r"\min_{W, U} \tilde{L}(W, U) = \min_{m} F_{B}(m)",
)

INHERITED = in_words(
    "noise-minima-inherited",
    "Balanced weights are a local minimum just where $F_B$ has one",
    """The loss is at least $F_B$ of the map of the weights, with equality at the balanced weights of $m$.
        If $m$ is a local minimum of $F_B$, weights near by have a map near by, at which $F_B$ is at least
        $F_B(m)$; so is their loss. If it is none, there are maps as near as one likes at which $F_B$ is
        smaller, and their balanced weights, with the same signs, are near those of $m$ and have this
        smaller loss.""",
    by="the continuity of the map, and of the balanced weights of a map that is not 0",
    reference="any course of analysis",
    rests_on=(LOWER, WEIGHTS, NORM_PRODUCT),
    conditions=("all decays are positive", PATTERN),
)

STATIONARY = in_words(
    "noise-minima-stationary",
    "Balanced weights are stationary where $F_B$ is",
    """The loss less $F_B$ of the map is a function of the weights that is not negative, and 0 at the
        balanced weights of $m$. It is differentiable there, since the map is not 0, so that its gradient
        vanishes and its Hessian is positive semidefinite. By the chain rule the gradient of $F_B$ of the
        map vanishes where that of $F_B$ does. Along the balanced weights of the maps $m + t \\xi$ the loss
        is $F_B(m + t \\xi)$. As its gradient is 0 at $t = 0$, its second derivative along this curve is its
        curvature in the direction of the curve: at a stationary $m$ a direction in which $F_B$ has negative
        curvature gives one in which the loss has.""",
    by="the theorem that a gradient vanishes where a function is least, and the chain rule",
    reference="any course of analysis",
    rests_on=(LOWER, WEIGHTS),
    conditions=("all decays are positive", PATTERN),
)

ORIGIN = in_words(
    "noise-minima-origin",
    "With noise of any kind the origin of deep networks is a minimum",
    """Weights near 0 have a map near 0. If it is not 0, the loss is at least $F_B$ there, which exceeds
        $c$. If it is 0 and the weights are not, the loss exceeds $c$ by their decay at least.""",
    by="the continuity of polynomials",
    reference="any course of analysis",
    rests_on=(ORIGIN_LOCAL_MINIMUM, AT_RADIUS, NO_SIGNAL, AT_LEAST_DATA, LOWER, ZERO_MAP, NORM_PRODUCT),
    conditions=("all decays are positive", "the weights $W$, $U$ are near 0 and not 0", PATTERN),
    display=Display(r"\tilde{L}(W, U) > \tilde{L}(0, 0) = c", given=r"D \ge 2"),
)

BALANCE = in_words(
    "noise-minima-balance",
    "With noise of any kind all layers carry the same decay",
    r"""Stretch one layer by $\alpha$ and another by $1/\alpha$, one of which may be $U$. What the decay is
        added to is multiplied by the product of the factors, which is 1, or by its square. So the argument
        is that for noise of neurons: only the decay of the two layers changes, and at a stationary point
        its rate vanishes.""",
    by="the chain rule",
    reference="any course of analysis",
    rests_on=(STRETCHING, RATE, LAYER_BALANCE),
    conditions=("the point is stationary",),
)

DERIVATION = Derivation(
    id="noise-minima",
    title="What holds for noise of any kind, and what is open",
    prose=r"""All that follows from $\tilde L \ge F_B(m)$, with equality at the balanced weights of every
        map, holds for noise of any kind: the global minimum, which of the balanced weights are local
        minima and which are not, that they are stationary where $m$ is, and the origin. Besides, all
        layers carry the same decay at every stationary point. Noise of the features, additive noise on the
        last hidden layer and noise of the target do more: they only change $A$, $\gamma_u$ and $c$, and all
        that is said of the loss holds with these. What is proved here for noise of single neurons alone,
        each with a factor of its own, is the list of all stationary points, so that there are no other
        local minima, and the blocks and the index of the Hessian. For noise of weights, noise that
        neurons share, and noise with a bias these are open.""",
    statements=(AT_LEAST_DATA, STRETCHING),
    steps=(NO_LESS, SAME_MINIMUM, INHERITED, STATIONARY, BALANCE, ORIGIN),
)
