"""Every stationary point of the full loss has layers of rank one."""

from ..notation import *
from ..reduction.diagonal_bound import Q
from ..reduction.layer_balance import LAYER_BALANCE
from ..ridge.effective_ridge import WHOLE_GRADIENT
from .last_layers import (
    BESIDE,
    CONSTANT,
    DECAY_OF_LAST,
    FEATURE,
    INPUT,
    INPUTS,
    LAST,
    LOSS_OF_LAST,
    MOMENTS_OF_LAST,
    NEURON,
    OTHER,
    SEEN,
    p,
    w,
)

_noise = sigma[D] ** 2

#: Direction of the rows of W_D, direction of U, what a row feels; a scale, and a number of neurons.
omega, e, eta = families("omega e eta")
alpha = letters("alpha")
ACTIVE = letters("K", integer=True, positive=True)

#: What pulls at a neuron's product of weights at one input, its own noise included.
PULL = eta[r] + _noise * U[j] * Sum(Q[r, s] * W[D, j, s], BESIDE)
OUTPUT_SLOPE = Sum(W[D, j, r] * PULL, INPUT) + gamma_u * U[j]
HIDDEN_SLOPE = U[j] * PULL + gamma[D] * W[D, j, r]

#: η is what all neurons of the layer feel.
_answer = Sum(U[k] * Q[r, s] * W[D, k, s], OTHER, BESIDE)
COMMON = equal(eta[r], _answer - g[r], INPUT)
SYMMETRIC = equal(Q[r, s], Q[s, r], INPUT, BESIDE)
Q_IS_PSD = semidefinite(Q[r, s], INPUT, BESIDE)
OUTPUT_STATIONARY = equal(OUTPUT_SLOPE, 0, NEURON)
HIDDEN_STATIONARY = equal(HIDDEN_SLOPE, 0, NEURON, INPUT)
STATIONARY = (OUTPUT_STATIONARY, HIDDEN_STATIONARY)

OUTPUT_GRADIENT = theorem(
    "all-stationary-points-output",
    "The derivative by an output weight",
    equal(Derivative(LAST, U[j]), 2 * OUTPUT_SLOPE, NEURON),
    given=(SYMMETRIC, COMMON),
    reference="differentiation",
    proof=differentiate(
        (-U[k] * W[D, j, r] * W[D, k, s] * SYMMETRIC).sum(OTHER, INPUT, BESIDE)
        + (-2 * W[D, j, r] * COMMON).sum(INPUT)
    ),
    misses={"the noise is left out": right((2 * OUTPUT_SLOPE).subs(sigma[D], 0))},
    prose=r"All neurons feel the same $\eta$, and each its own noise.",
)

_hidden_slope = 2 * HIDDEN_SLOPE.xreplace({r: p})
_own_noise = U[k] + _noise * U[j] * delta(j, k)

HIDDEN_GRADIENT = theorem(
    "all-stationary-points-hidden",
    "The derivative by a weight of the last hidden layer",
    equal(Derivative(LAST, W[D, j, p]), _hidden_slope, NEURON, (p, *INPUTS)),
    given=(SYMMETRIC, COMMON),
    reference="differentiation",
    proof=differentiate(
        (-U[j] * _own_noise * W[D, k, s] * SYMMETRIC.at({r: p})).sum(OTHER, BESIDE)
        - 2 * U[j] * COMMON.at({r: p})
    ),
    misses={"the noise is left out": right(_hidden_slope.subs(sigma[D], 0))},
)

_aligned = Sum(omega[r] * g[r], INPUT)
_form = Sum(omega[r] * Q[r, s] * omega[s], INPUT, BESIDE)
_size = norm2(omega, INPUT)
_pulled = _noise * Sum(Q[r, s] * omega[s], BESIDE) + gamma[D] * omega[r]


def hidden_layer(output: Expr) -> dict[Expr, Expr]:
    """Weights W_D = U ωᵀ with U_j² ∈ {0, 1}, and the data that make them stationary."""
    rows = {U[j]: output, W[D, j, r]: output * omega[r]}
    return rows | {eta[r]: -_pulled, g[r]: _answer - eta[r]}


ALL_ALIVE, ONE_DEAD = hidden_layer((-1) ** j), hidden_layer((-1) ** j * (1 - delta(j, 2)))


def points(*more: tuple[Expr, Expr]) -> tuple[Domain, ...]:
    """Points where the output weights are stationary too, and what else is defined there."""
    balanced = {gamma_u: gamma[D] * _size, **dict(more)}
    return tuple(Domain(define=layer | balanced, gram=(Q,)) for layer in (ALL_ALIVE, ONE_DEAD))


BALANCE = theorem(
    "all-stationary-points-balance",
    "A neuron carries the same decay on both sides",
    equal(gamma[D] * Sum(W[D, j, r] ** 2, INPUT), gamma_u * U[j] ** 2, NEURON),
    given=STATIONARY,
    reference="the data term sees the product of both sides only",
    proof=(W[D, j, r] * HIDDEN_STATIONARY).sum(INPUT) - U[j] * OUTPUT_STATIONARY,
    misses={"the output is not stationary": without(OUTPUT_STATIONARY)},
    prose="""At a stationary point both derivatives vanish. Multiplied by the weight itself they differ
        by the decay alone, neuron by neuron. In particular a neuron whose output weight is 0 is dead: it
        has no weights at all.""",
)

_across = U[k] * W[D, j, r] - U[j] * W[D, k, r]
_along = U[j] * W[D, j, r] - U[k] * W[D, k, r]
_spread = Sum(_along * Q[r, s] * _along.xreplace({r: s}), INPUT, BESIDE)
_both = U[j] ** 2 + U[k] ** 2
_ahead = U[j] ** 2 - U[k] ** 2
_loud = _noise * U[j] ** 2 * U[k] ** 2

PAIRS = theorem(
    "all-stationary-points-pairs",
    "Two neurons at a stationary point",
    equal(gamma[D] * _both * Sum(_across**2, INPUT) / 2, -_loud * _spread, NEURON, OTHER),
    given=STATIONARY,
    reference="the difference of two stationarity conditions",
    proof=(U[j] * U[k] ** 2 * _along * HIDDEN_STATIONARY).sum(INPUT)
    + (-(U[j] ** 2) * U[k] * _along * HIDDEN_STATIONARY.at({j: k})).sum(INPUT)
    + U[k] ** 2 * -_ahead / 2 * BALANCE
    + U[j] ** 2 * _ahead / 2 * BALANCE.at({j: k}),
    misses={"the output is not stationary": without(OUTPUT_STATIONARY)},
    prose=r"Since $\eta$ is common to all neurons, the conditions of two can be subtracted.",
)

RANK_ONE = theorem(
    "all-stationary-points",
    "At a stationary point the minors of two layers vanish",
    equal(_both * _across**2, 0, NEURON, OTHER, INPUT),
    given=(*STATIONARY, Q_IS_PSD),
    reference="a sum of squares that is not positive",
    proof=both_ways(
        nonnegative(_both * _across**2),
        -2 / gamma[D] * PAIRS
        + 2 * _loud / gamma[D] * Q_IS_PSD.at({z[r]: _along})
        + nonnegative(_both * Sum(((1 - delta(p, r)) * _across.xreplace({r: p})) ** 2, (p, *INPUTS))),
    ),
    test=points(),
    misses={"the hidden layer is not stationary": without(HIDDEN_STATIONARY)},
    prose="The left side is at least 0 and the right side at most 0, so both vanish.",
)

#: One living neuron l, to which the others are compared.
l = letters("l", integer=True, positive=True)  # noqa: E741 - as in print
MINORS = equal(U[l] * W[D, j, r], U[j] * W[D, l, r], NEURON, INPUT)
LIVES = different(U[l], 0)

OUTER = theorem(
    "all-stationary-points-outer",
    "Vanishing minors make an outer product",
    equal(W[D, j, r], U[j] * (W[D, l, r] / U[l]), NEURON, INPUT),
    given=(MINORS, LIVES),
    reference="division by the weight of a living neuron",
    proof=MINORS / U[l],
    misses={"the minors do not vanish": without(MINORS)},
    prose=r"With a living neuron $l$ the vector is $\omega = W_{D,l}/U_l$.",
)

RANK = equal(W[D, j, r], U[j] * omega[r], NEURON, INPUT)
BALANCED = equal(gamma[D] * _size, gamma_u)
ALIGNED = at_least(CONSTANT * _form, _aligned**2)
_shared = Sum(U[k] ** 2, OTHER)
_gain = _shared + _noise * U[j] ** 2


def felt(weight: Expr) -> Expr:
    """How much the condition of a neuron, along ω, varies with its weight at input r."""
    return _noise * weight**2 * Sum(omega[p] * Q[p, r], (p, *INPUTS)) + gamma[D] * omega[r]


ALIGNMENT = theorem(
    "all-stationary-points-alignment",
    "A living neuron is aligned with the target",
    equal(U[j] * _aligned, U[j] * (gamma_u + _gain * _form), NEURON),
    given=(COMMON, HIDDEN_STATIONARY, RANK, BALANCED),
    reference="stationarity along the rows",
    proof=(U[j] * omega[r] * COMMON).sum(INPUT)
    - (omega[r] * HIDDEN_STATIONARY).sum(INPUT)
    + (felt(U[j]) * RANK).sum(INPUT)
    + (U[j] * U[k] * omega[p] * Q[p, r] * RANK.at({j: k})).sum(OTHER, INPUT, (p, *INPUTS))
    + U[j] * BALANCED,
    misses={"the noise is left out": right(U[j] * (gamma_u + _shared * _form))},
    prose="""A neuron is alive if its output weight is not 0. It has to see something of the target:
        otherwise nothing would hold it against its decay.""",
)

_excess = _gain * _form
TINY = Domain(ranges={CONSTANT: (0, Rational(1, 10**6))}, define=ALL_ALIVE, gram=(Q,))

SIGNAL = theorem(
    "all-stationary-points-signal",
    "A living neuron has an output",
    at_least(U[j] ** 2 * CONSTANT * _form, U[j] ** 2 * gamma_u**2, NEURON),
    given=(*ALIGNMENT.given, Q_IS_PSD, ALIGNED, r"$\xi = v^{\top} A^{+} v/\rho$ at the outputs of a layer"),
    reference="Cauchy–Schwarz for the mixed moment",
    proof=U[j] ** 2 * ALIGNED
    + U[j] * (_aligned + gamma_u + _excess) * ALIGNMENT
    + 2 * U[j] ** 2 * gamma_u * _gain * Q_IS_PSD.at({z[r]: omega[r]})
    + nonnegative(U[j] ** 2 * _excess**2),
    test=points((CONSTANT, (1 + alpha**2) * _aligned**2 / _form)),
    misses={"mixed moments of something else": (without(ALIGNED), TINY)},
)

EQUAL_SIZES = theorem(
    "all-stationary-points-sizes",
    "With noise, a product vanishes for any two neurons",
    equal(_noise * U[j] * U[k] * _ahead * _form, 0, NEURON, OTHER),
    given=(HIDDEN_STATIONARY, RANK),
    reference="the difference of two stationarity conditions",
    proof=(U[k] * omega[r] * HIDDEN_STATIONARY).sum(INPUT)
    + (-U[j] * omega[r] * HIDDEN_STATIONARY.at({j: k})).sum(INPUT)
    + (-U[k] * felt(U[j]) * RANK).sum(INPUT)
    + (U[j] * felt(U[k]) * RANK.at({j: k})).sum(INPUT),
    misses={"stationarity is not asked for": without(HIDDEN_STATIONARY)},
)

UNIT = equal(norm2(e, NEURON), 1)
ALIVE = equal(_noise * e[j] ** 2 * (ACTIVE * e[j] ** 2 - 1), 0, NEURON)
_rest = -2 * alpha * _aligned + gamma_u * alpha**2 + gamma[D] * _size


REDUCTION = theorem(
    "all-stationary-points-reduction",
    "On these weights the network has one layer less",
    equal(
        LAST.xreplace({U[k]: alpha * e[k], **{W[D, k, at]: e[k] * omega[at] for at in (r, s)}}),
        alpha**2 * (1 + _noise / ACTIVE) * _form + _rest,
    ),
    given=(UNIT, ALIVE, "$K$ entries of $e$ are not 0"),
    reference="the noise of equal neurons averages out",
    proof=(alpha**2 * _form * (norm2(e, NEURON) + 1 + _noise / ACTIVE) + _rest) * UNIT
    + (alpha**2 * _form / ACTIVE * ALIVE).sum(NEURON),
    misses={"neurons of different size": without(ALIVE)},
    prose=r"""Write $U = \alpha e$ with a unit vector $e$ and stretch $\omega$ by $\alpha$, so that $W_D =
        e\, \omega^{\top}$.""",
)

#: The first layer W_1 = e_1 wᵀ, above which the others multiply to P and the noise to ρ.
P = letters("P", positive=True)
_rows = (s, 1, d[0])
LAST_STEP = equal(P**2 * rho * Sum(A[r, s] * w[s], _rows) + gamma[1] * w[r], P * v[r], FEATURE)

RIDGE = theorem(
    "all-stationary-points-ridge",
    "The map solves a ridge regression",
    equal(rho * Sum(A[r, s] * P * w[s], _rows) + gamma[1] / P**2 * P * w[r], v[r], FEATURE),
    given=(LAST_STEP,),
    reference="stationarity of the last layer that is left",
    proof=LAST_STEP / P,
    misses={"the first layer is not stationary": without(LAST_STEP)},
    prose=r"""In the end no hidden layer is left: a linear regression on the weights $w$, with decay
        $\gamma_1$, in which $P = \beta_u \beta_D \cdots \beta_2$ is the product of the scales above and
        $\rho = \prod_i (1 + \sigma_i^2/K_i)$. Its map is $m = P w$.""",
)

RANK_IS_ONE = in_words(
    "all-stationary-points-rank",
    "$W_D$ is $U$ times one row, or both are 0",
    r"""The square that vanishes is that of a real number, so that $U_k W_{D,j} = U_j W_{D,k}$ for any two
        neurons of which one is alive. If a neuron is alive, $W_D = U \omega^{\top}$ for one vector
        $\omega$, and $\gamma_D \lVert\omega\rVert^2 = \gamma_u$ by the balance. If none is, $U = 0$ and by
        the balance $W_D = 0$; then nothing acts on the other layers but their decay, so that they are 0 as
        well: the origin.""",
    by="the fact that real squares vanish at 0 only",
    reference="any course of algebra",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, LOSS_OF_LAST, BALANCE, RANK_ONE, OUTER),
    conditions=("all decays are positive", "the point is stationary"),
)

EQUAL_NEURONS = in_words(
    "all-stationary-points-equal",
    "With noise, living neurons have weights of one size",
    r"""A living neuron has an output, $\omega^{\top} Q\, \omega > 0$, because the moments of the network
        are bounded as its hypothesis asks. In the product that vanishes $\sigma_D^2$, this form, $U_j$ and
        $U_k$ are not 0, so $U_j^2 = U_k^2$: the output weights are $\pm$ one number. Without noise $U$ may
        be any vector. Write $U = \alpha e$ with a unit vector $e$.""",
    by="the fact that a product of real numbers vanishes only with a factor",
    reference="any course of algebra",
    rests_on=(RANK_IS_ONE, SIGNAL, SEEN, EQUAL_SIZES),
    conditions=(r"$\sigma_D > 0$", r"$v \ne 0$ lies in the range of $A$"),
)

DESCENT = in_words(
    "all-stationary-points-form",
    "Every stationary point is the origin or has rank-one layers",
    r"""Stretch $\omega$ by $\alpha$, so that $W_D = e\, \omega^{\top}$; $e$ has entries $0$ and $\pm
        1/\sqrt{K}$ if $\sigma_D > 0$. With $\alpha$ and $e$ held fixed the loss is that of a network with
        $D - 1$ hidden layers and output weights $\omega \ne 0$, and the point is stationary for it too. Its
        data have $\alpha^2 (1 + \sigma_D^2/K)\, A$ in place of $A$ and $\alpha v$ in place of $v$, so that
        $v$ is in the range of $A$ again. Thus the argument applies again, down to the first layer, where a
        linear regression is left. Its solution is that of the ridge equation with $\rho = \prod_i (1 +
        \sigma_i^2/K_i)$, and by the balance all layers carry the same decay $\kappa$.""",
    by="induction on the number of layers",
    reference="any course of algebra",
    rests_on=(RANK_IS_ONE, EQUAL_NEURONS, REDUCTION, RIDGE),
    conditions=(
        "all decays are positive",
        r"$v \ne 0$ lies in the range of $A$",
        "the weights are stationary and not 0",
        r"$e_i$ is a unit vector, $e_0 = m / \lVert m \rVert$; in a layer with noise it has $K_i$ entries "
        "of one size, and otherwise zeros",
    ),
    display=r"""W_{i} = \sqrt{\kappa / \gamma_{i}} e_{i} e_{i-1}^{\top},\quad
        U = \sqrt{\kappa / \gamma_{u}} e_{D}^{\top},\quad m = (\rho_{K} A + \lambda I)^{-1} v""",
)

CONVERSE = in_words(
    "all-stationary-points-converse",
    "All points of this form are stationary",
    r"""By the formulas for the gradient the derivative by a weight of a dead neuron vanishes with the
        weights on its other side. For the living neurons of a layer, whose weights have one size where
        there is noise, the derivative by the layer is a multiple of $e_i e_{i-1}^{\top}$, and by the first
        layer $e_1$ times a row. So it is the derivative along the scale of the layer, or along the row. On
        weights of this form the data term is a function of $m$ alone, and the derivatives vanish where the
        layers are balanced and $m$ solves the ridge equation.""",
    by="the chain rule",
    reference="any course of analysis",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, REDUCTION, RIDGE, WHOLE_GRADIENT, LAYER_BALANCE),
    conditions=("all decays are positive",),
)

DERIVATION = Derivation(
    id="all-stationary-points",
    title="All stationary points",
    prose=r"""So far the map of the network was the unknown. Now all weights are. For positive decays
        every stationary point of the full loss is the origin or has layers $W_i = \beta_i e_i
        e_{i-1}^{\top}$ and $U = \beta_u e_D^{\top}$ with unit vectors $e_i$ and $\gamma_i \beta_i^2 =
        \kappa$, where $e_0$ points along $m$; in a layer with noise, $e_i$ has $K_i$ entries $\pm
        1/\sqrt{K_i}$ and zeros besides; and $m$ solves the equations of the effective ridge with $\rho =
        \prod_i (1 + \sigma_i^2/K_i)$. The proof goes down from the output. The statements prove one step of
        it, for a layer of any width above any other layers; what is made of them is in words.""",
    statements=(
        *(MOMENTS_OF_LAST, DECAY_OF_LAST, LOSS_OF_LAST, OUTPUT_GRADIENT, HIDDEN_GRADIENT),
        *(BALANCE, PAIRS, RANK_ONE, OUTER, ALIGNMENT, SIGNAL, SEEN, EQUAL_SIZES, REDUCTION, RIDGE),
    ),
    steps=(RANK_IS_ONE, EQUAL_NEURONS, DESCENT, CONVERSE),
)
