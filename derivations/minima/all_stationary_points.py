"""Every stationary point of the full loss has layers of rank one."""

from ..notation import *
from ..reduction.diagonal_bound import Q

#: Neurons j, k, l of the last hidden layer, inputs q, r, s of that layer.
q, l = letters("q l", integer=True, positive=True)  # noqa: E741 - as in print
_neurons, _inputs = (1, d[D]), (1, d[D - 1])
NEURON, OTHER = (j, *_neurons), (k, *_neurons)
INPUT, BESIDE = (r, *_inputs), (s, *_inputs)
_noise = sigma[D] ** 2

#: Direction of the rows of W_D, direction of U, what a row feels; a scale, and a number of neurons.
omega, e, eta = families("omega e eta")
alpha = letters("alpha")
ACTIVE = letters("K", integer=True, positive=True)

#: The part of the loss that the last two layers enter: Q holds the second moments of the outputs of layer
#: D - 1, and g their mixed moments with y.
_carried = Sum(U[k] * W[D, k, r], OTHER)
_own = Sum(U[k] ** 2 * W[D, k, r] * W[D, k, s], OTHER)
LAST = (
    Sum(Q[r, s] * (_carried * _carried.xreplace({r: s}) + _noise * _own), INPUT, BESIDE)
    - 2 * Sum(_carried * g[r], INPUT)
    + gamma_u * Sum(U[k] ** 2, OTHER)
    + gamma[D] * Sum(W[D, k, r] ** 2, OTHER, INPUT)
)

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
    prose=r"""Hold all layers but the last two fixed. With $Q = M_{D-1}$, and $g$ the mixed moments of
        the outputs of layer $D - 1$ with the target, the loss is a constant plus the function that is
        differentiated here. All neurons feel the same $\eta$, and each its own noise.""",
)

_hidden_slope = 2 * HIDDEN_SLOPE.xreplace({r: q})
_own_noise = U[k] + _noise * U[j] * delta(j, k)

HIDDEN_GRADIENT = theorem(
    "all-stationary-points-hidden",
    "The derivative by a weight of the last hidden layer",
    equal(Derivative(LAST, W[D, j, q]), _hidden_slope, NEURON, (q, *_inputs)),
    given=(SYMMETRIC, COMMON),
    reference="differentiation",
    proof=differentiate(
        (-U[j] * _own_noise * W[D, k, s] * SYMMETRIC.at({r: q})).sum(OTHER, BESIDE)
        - 2 * U[j] * COMMON.at({r: q})
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
HIDDEN_ONLY = Domain(define=ALL_ALIVE, gram=(Q,))


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
    test=points(),
    misses={"the output is not stationary": (without(OUTPUT_STATIONARY), HIDDEN_ONLY)},
    prose="""At a stationary point both derivatives vanish. Multiplied by the weight itself they differ
        by the decay alone, neuron by neuron. In particular a neuron whose output weight is 0 is dead: it
        has no weights at all. If $U = 0$, then $W_D = 0$, the prediction is 0 and the other layers feel
        nothing but their decay, so that they are 0 as well: the origin.""",
)

_across = U[k] * W[D, j, r] - U[j] * W[D, k, r]
_along = U[j] * W[D, j, r] - U[k] * W[D, k, r]
_spread = Sum(_along * Q[r, s] * _along.xreplace({r: s}), INPUT, BESIDE)
_both = U[j] ** 2 + U[k] ** 2
_ahead = U[j] ** 2 - U[k] ** 2
_loud = _noise * U[j] ** 2 * U[k] ** 2

#: Rows of different length and one input: only the hidden layer is stationary.
_row = U[j] * omega[r] / (gamma[D] + _noise * U[j] ** 2 * Q[r, r])
UNEQUAL = Domain(define={d[j]: 1 + delta(j, D), W[D, j, r]: _row, eta[r]: -omega[r]}, gram=(Q,))

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
    test=points(),
    misses={"the output is not stationary": (without(OUTPUT_STATIONARY), UNEQUAL)},
    prose=r"Since $\eta$ is common to all neurons, the conditions of two can be subtracted.",
)

#: Any hidden layer, and the output weights that are stationary above it.
_stiffness = gamma_u + _noise * Sum(W[D, j, r] * Q[r, s] * W[D, j, s], INPUT, BESIDE)
ANY_HIDDEN = Domain(define={U[j]: -Sum(W[D, j, r] * eta[r], INPUT) / _stiffness})

RANK_ONE = theorem(
    "all-stationary-points",
    "The last hidden layer has rank one",
    equal(_both * _across**2, 0, NEURON, OTHER, INPUT),
    given=(*STATIONARY, Q_IS_PSD),
    reference="a sum of squares that is not positive",
    proof=both_ways(
        nonnegative(_both * _across**2),
        -2 / gamma[D] * PAIRS
        + 2 * _loud / gamma[D] * Q_IS_PSD.at({z[r]: _along})
        + nonnegative(_both * Sum(((1 - delta(q, r)) * _across.xreplace({r: q})) ** 2, (q, *_inputs))),
    ),
    test=points(),
    misses={"the hidden layer is not stationary": (without(HIDDEN_STATIONARY), ANY_HIDDEN)},
    prose=r"""The left side is at least 0 and the right side at most 0, so both vanish. Hence $U_k
        W_{D,j} = U_j W_{D,k}$ for any two neurons of which one is alive, and by the balance for dead ones
        too. In other words $W_D = U \omega^{\top}$ for one vector $\omega$, and $\gamma_D
        \lVert\omega\rVert^2 = \gamma_u$.""",
)

RANK = equal(W[D, j, r], U[j] * omega[r], NEURON, INPUT)
BALANCED = equal(gamma[D] * _size, gamma_u)
CONSTANT = letters("C", positive=True)
ALIGNED = at_least(CONSTANT * _form, _aligned**2)
_shared = Sum(U[k] ** 2, OTHER)
_gain = _shared + _noise * U[j] ** 2


def felt(weight: Expr) -> Expr:
    """How much the condition of a neuron, along ω, varies with its weight at input r."""
    return _noise * weight**2 * Sum(omega[q] * Q[q, r], (q, *_inputs)) + gamma[D] * omega[r]


ALIGNMENT = theorem(
    "all-stationary-points-alignment",
    "A living neuron is aligned with the target",
    equal(U[j] * _aligned, U[j] * (gamma_u + _gain * _form), NEURON),
    given=(COMMON, HIDDEN_STATIONARY, RANK, BALANCED),
    reference="stationarity along the rows",
    proof=(U[j] * omega[r] * COMMON).sum(INPUT)
    - (omega[r] * HIDDEN_STATIONARY).sum(INPUT)
    + (felt(U[j]) * RANK).sum(INPUT)
    + (U[j] * U[k] * omega[q] * Q[q, r] * RANK.at({j: k})).sum(OTHER, INPUT, (q, *_inputs))
    + U[j] * BALANCED,
    test=points(),
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
    given=(*ALIGNMENT.given, Q_IS_PSD, ALIGNED, "$C$ is the second moment of the target"),
    reference="Cauchy–Schwarz for the mixed moment",
    proof=U[j] ** 2 * ALIGNED
    + U[j] * (_aligned + gamma_u + _excess) * ALIGNMENT
    + 2 * U[j] ** 2 * gamma_u * _gain * Q_IS_PSD.at({z[r]: omega[r]})
    + nonnegative(U[j] ** 2 * _excess**2),
    test=points((CONSTANT, (1 + alpha**2) * _aligned**2 / _form)),
    misses={"mixed moments of something else": (without(ALIGNED), TINY)},
    prose=r"So $\omega^{\top} Q\, \omega > 0$, unless all neurons are dead.",
)

EQUAL_SIZES = theorem(
    "all-stationary-points-sizes",
    "With noise, living neurons have equal output weights",
    equal(_noise * U[j] * U[k] * _ahead * _form, 0, NEURON, OTHER),
    given=(HIDDEN_STATIONARY, RANK),
    reference="the difference of two stationarity conditions",
    proof=(U[k] * omega[r] * HIDDEN_STATIONARY).sum(INPUT)
    + (-U[j] * omega[r] * HIDDEN_STATIONARY.at({j: k})).sum(INPUT)
    + (-U[k] * felt(U[j]) * RANK).sum(INPUT)
    + (U[j] * felt(U[k]) * RANK.at({j: k})).sum(INPUT),
    test=points(),
    misses={"stationarity is not asked for": (without(HIDDEN_STATIONARY), Domain(gram=(Q,)))},
    prose=r"""If $\sigma_D > 0$, two living neurons have $U_j = \pm U_k$, since the form is positive.
        Without noise $U$ may be any vector. Write $U = \alpha e$ with a unit vector $e$.""",
)

UNIT = equal(norm2(e, NEURON), 1)
ALIVE = equal(_noise * e[j] ** 2 * (ACTIVE * e[j] ** 2 - 1), 0, NEURON)
_rest = -2 * alpha * _aligned + gamma_u * alpha**2 + gamma[D] * _size


def toward(direction: Expr, active: Expr) -> Domain:
    """Points with this e_j, said to have so many entries that are not 0."""
    return Domain(define={ACTIVE: active, e[j]: direction}, gram=(Q,))


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
    test=(toward((-1) ** j / sqrt(d[D]), d[D]), toward(delta(j, 1), Integer(1))),
    misses={
        "neurons of different size": (without(ALIVE), toward(j / sqrt(Sum(k**2, OTHER)), d[D])),
    },
    prose=r"""Stretch $\omega$ by $\alpha$, so that $W_D = e\, \omega^{\top}$; $e$ has entries $0$ and
        $\pm 1/\sqrt{K}$ if $\sigma_D > 0$. With $\alpha$ and $e$ held fixed this is the loss of a network
        with $D - 1$ hidden layers and output weights $\omega \ne 0$, and the point is stationary for it
        too. Its data have $\alpha^2 (1 + \sigma_D^2/K)\, A$ in place of $A$ and $\alpha v$ in place of $v$,
        for which the bound on the mixed moments holds with another constant. So the argument applies again,
        down to the first layer.""",
)

#: The first layer W_1 = e_1 wᵀ, above which the others multiply to P and the noise to ρ.
w = families("w")
P = letters("P", positive=True)
_feature, _rows = (r, 1, d[0]), (s, 1, d[0])
LAST_STEP = equal(P**2 * rho * Sum(A[r, s] * w[s], _rows) + gamma[1] * w[r], P * v[r], _feature)

RIDGE = theorem(
    "all-stationary-points-ridge",
    "The map solves a ridge regression",
    equal(rho * Sum(A[r, s] * P * w[s], _rows) + gamma[1] / P**2 * P * w[r], v[r], _feature),
    given=(LAST_STEP,),
    reference="stationarity of the last layer that is left",
    proof=LAST_STEP / P,
    test=Domain(define={v[r]: LAST_STEP.left / P}),
    misses={"the first layer is not stationary": (without(LAST_STEP), Domain())},
    prose=r"""In the end no hidden layer is left: a linear regression on the weights $w$, with decay
        $\gamma_1$, in which $P = \beta_u \beta_D \cdots \beta_2$ is the product of the scales above and
        $\rho = \prod_i (1 + \sigma_i^2/K_i)$. Its map is $m = P w$. Read backwards, the same steps show
        that all points of this form are stationary.""",
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
        it, for a layer of any width above any other layers. That the step is repeated, the induction, is in
        words.""",
    statements=(
        *(OUTPUT_GRADIENT, HIDDEN_GRADIENT, BALANCE, PAIRS, RANK_ONE),
        *(ALIGNMENT, SIGNAL, EQUAL_SIZES, REDUCTION, RIDGE),
    ),
)
