"""Every stationary point of the full loss has layers of rank one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Differentiate,
    Domain,
    Induct,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    different,
    equal,
    semidefinite,
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
    gamma,
    i,
    j,
    k,
    n,
    r,
    rho,
    s,
    sigma,
    v,
)
from ..reduction.diagonal_bound import Q
from ..reduction.layer_balance import LAYER_BALANCE
from ..reduction.loss import ALIGNMENT as MIXED
from ..reduction.loss import EXPECTED_LOSS, LOSS, SQUARE
from ..reduction.lower_bound import LOWER_BOUND_FORMS, noisy, seen_through
from ..reduction.noise_second_moment import NOISE
from ..ridge.effective_ridge import WHOLE_GRADIENT

#: Neurons j, k, l of the last hidden layer, inputs q, r, s of that layer.
q, l = (sp.Symbol(name, integer=True, positive=True) for name in "ql")  # noqa: E741 - as in print
_neurons, _inputs = (1, d[D]), (1, d[D - 1])
NEURON, INPUT = (j, *_neurons), (r, *_inputs)
PAIR = (NEURON, (k, *_neurons))
_noise = sigma[D] ** 2

#: Direction of the rows of W_D, direction of U, what a row feels; a scale, and a number of neurons.
omega, e, eta = (sp.IndexedBase(name, real=True) for name in ("omega", "e", "eta"))
alpha = sp.Symbol("alpha", real=True)
ACTIVE = sp.Symbol("K", integer=True, positive=True)


def last_layers(output: Any, hidden: Any) -> Any:
    """The part of the loss that the last two layers enter; ``hidden(j, r)`` is a weight of W_D.

    Q holds the second moments of the outputs of layer D - 1, and g their mixed moments with y.
    """

    def carried(at: Any) -> Any:
        return sp.Sum(output(k) * hidden(k, at), (k, *_neurons))

    own = sp.Sum(output(k) ** 2 * hidden(k, r) * hidden(k, s), (k, *_neurons))
    return (
        sp.Sum(Q[r, s] * (carried(r) * carried(s) + _noise * own), INPUT, (s, *_inputs))
        - 2 * sp.Sum(carried(r) * g[r], INPUT)
        + sy.gamma_u * sp.Sum(output(k) ** 2, (k, *_neurons))
        + gamma[D] * sp.Sum(hidden(k, r) ** 2, (k, *_neurons), (r, *_inputs))
    )


LAST = last_layers(lambda neuron: U[neuron], lambda neuron, input_: W[D, neuron, input_])


def pull(at: Any) -> Any:
    """What pulls at a neuron's product of weights at one input, its own noise included."""
    return eta[at] + _noise * U[j] * sp.Sum(Q[at, s] * W[D, j, s], (s, *_inputs))


OUTPUT_SLOPE = sp.Sum(W[D, j, r] * pull(r), INPUT) + sy.gamma_u * U[j]
HIDDEN_SLOPE = U[j] * pull(r) + gamma[D] * W[D, j, r]

#: η is what all neurons of the layer feel.
COMMON = equal(
    eta[r],
    sp.Sum(U[k] * Q[r, s] * W[D, k, s], (k, *_neurons), (s, *_inputs)) - g[r],
    INPUT,
)
SYMMETRIC = equal(Q[r, s], Q[s, r], INPUT, (s, *_inputs))
Q_IS_PSD = semidefinite(Q[r, s], INPUT, (s, *_inputs))
OUTPUT_STATIONARY = equal(OUTPUT_SLOPE, 0, NEURON)
HIDDEN_STATIONARY = equal(HIDDEN_SLOPE, 0, NEURON, INPUT)
STATIONARY = (OUTPUT_STATIONARY, HIDDEN_STATIONARY)

MOMENTS = (Domain(gram=(Q,), define=((eta[r], COMMON.right),)),)

OUTPUT_GRADIENT = Statement(
    id="all-stationary-points-output",
    title="The derivative by an output weight",
    left=sp.Derivative(LAST, U[j]),
    right=2 * OUTPUT_SLOPE,
    over=(NEURON,),
    given=(SYMMETRIC, COMMON),
    reference="differentiation",
    proof=Differentiate(
        combine(
            Use(
                SYMMETRIC,
                times=-U[k] * W[D, j, r] * W[D, k, s],
                over=((k, *_neurons), INPUT, (s, *_inputs)),
            ),
            Use(COMMON, times=-2 * W[D, j, r], over=(INPUT,)),
        )
    ),
    domains=MOMENTS,
    near_misses=(NearMiss("the noise is left out", right=(2 * OUTPUT_SLOPE).subs(sigma[D], 0)),),
    prose=r"All neurons feel the same $\eta$, and each its own noise.",
)

HIDDEN_GRADIENT = Statement(
    id="all-stationary-points-hidden",
    title="The derivative by a weight of the last hidden layer",
    left=sp.Derivative(LAST, W[D, j, q]),
    right=2 * HIDDEN_SLOPE.xreplace({r: q}),
    over=(NEURON, (q, *_inputs)),
    given=(SYMMETRIC, COMMON),
    reference="differentiation",
    proof=Differentiate(
        combine(
            Use(
                SYMMETRIC,
                times=-U[j] * (U[k] + _noise * U[j] * sp.KroneckerDelta(j, k)) * W[D, k, s],
                where={r: q},
                over=((k, *_neurons), (s, *_inputs)),
            ),
            Use(COMMON, times=-2 * U[j], where={r: q}),
        )
    ),
    domains=MOMENTS,
    near_misses=(
        NearMiss("the noise is left out", right=(2 * HIDDEN_SLOPE.xreplace({r: q})).subs(sigma[D], 0)),
    ),
)

_aligned = sp.Sum(omega[r] * g[r], INPUT)
_form = sp.Sum(omega[r] * Q[r, s] * omega[s], INPUT, (s, *_inputs))
_size = sp.Sum(omega[r] ** 2, INPUT)


def stationary_point(output: Any) -> Domain:
    """Weights W_D = U ωᵀ with U_j² ∈ {0, 1}, and the data and the decay that make them stationary."""
    total = sp.Sum(output.xreplace({j: k}) ** 2, (k, *_neurons))
    return Domain(
        gram=(Q,),
        define=(
            (U[j], output),
            (W[D, j, r], output * omega[r]),
            (eta[r], -_noise * sp.Sum(Q[r, s] * omega[s], (s, *_inputs)) - gamma[D] * omega[r]),
            (g[r], total * sp.Sum(Q[r, s] * omega[s], (s, *_inputs)) - eta[r]),
            (sy.gamma_u, gamma[D] * _size),
        ),
    )


POINTS = (
    stationary_point((-1) ** j),
    stationary_point((-1) ** j * (1 - sp.KroneckerDelta(j, 2))),
)


#: Rows of different length and one input: only the hidden layer is stationary.
UNEQUAL = Domain(
    gram=(Q,),
    define=(
        (d[j], 1 + sp.KroneckerDelta(j, D)),
        (W[D, j, r], U[j] * omega[r] / (gamma[D] + _noise * U[j] ** 2 * Q[r, r])),
        (eta[r], -omega[r]),
    ),
)

BALANCE = Statement(
    id="all-stationary-points-balance",
    title="A neuron carries the same decay on both sides",
    left=gamma[D] * sp.Sum(W[D, j, r] ** 2, INPUT),
    right=sy.gamma_u * U[j] ** 2,
    over=(NEURON,),
    given=STATIONARY,
    reference="the data term sees the product of both sides only",
    proof=combine(
        Use(HIDDEN_STATIONARY, times=W[D, j, r], over=(INPUT,)), Use(OUTPUT_STATIONARY, times=-U[j])
    ),
    domains=POINTS,
    near_misses=(
        NearMiss(
            "the output is not stationary",
            given=(HIDDEN_STATIONARY,),
            domains=(replace(POINTS[0], define=POINTS[0].define[:-1]),),
        ),
    ),
    prose=(
        "At a stationary point both derivatives vanish. Multiplied by the weight itself they differ by "
        "the decay alone, neuron by neuron. In particular a neuron whose output weight is 0 is dead: it "
        "has no weights at all."
    ),
)

_across = U[k] * W[D, j, r] - U[j] * W[D, k, r]
_along = U[j] * W[D, j, r] - U[k] * W[D, k, r]
_spread = sp.Sum(_along * Q[r, s] * _along.xreplace({r: s}), INPUT, (s, *_inputs))
_both = U[j] ** 2 + U[k] ** 2

PAIRS = Statement(
    id="all-stationary-points-pairs",
    title="Two neurons at a stationary point",
    left=gamma[D] * _both * sp.Sum(_across**2, INPUT) / 2,
    right=-_noise * U[j] ** 2 * U[k] ** 2 * _spread,
    over=PAIR,
    given=STATIONARY,
    reference="the difference of two stationarity conditions",
    proof=combine(
        Use(HIDDEN_STATIONARY, times=U[j] * U[k] ** 2 * _along, over=(INPUT,)),
        Use(HIDDEN_STATIONARY, times=-(U[j] ** 2) * U[k] * _along, where={j: k}, over=(INPUT,)),
        Use(BALANCE, times=U[k] ** 2 * (U[k] ** 2 - U[j] ** 2) / 2),
        Use(BALANCE, times=U[j] ** 2 * (U[j] ** 2 - U[k] ** 2) / 2, where={j: k}),
    ),
    domains=POINTS,
    near_misses=(
        NearMiss(
            "the output is not stationary",
            given=(HIDDEN_STATIONARY,),
            domains=(UNEQUAL,),
        ),
    ),
    prose=(r"Since $\eta$ is common to all neurons, the conditions of two can be subtracted."),
)

RANK_ONE = Statement(
    id="all-stationary-points",
    title="At a stationary point the minors of two layers vanish",
    left=_both * _across**2,
    right=0,
    over=(*PAIR, INPUT),
    given=(*STATIONARY, Q_IS_PSD),
    reference="a sum of squares that is not positive",
    proof=BothWays(
        combine(plus=_both * _across**2),
        combine(
            Use(PAIRS, times=-2 / gamma[D]),
            Use(Q_IS_PSD, times=2 * _noise * U[j] ** 2 * U[k] ** 2 / gamma[D], where={z[r]: _along}),
            plus=_both
            * sp.Sum(((1 - sp.KroneckerDelta(q, r)) * _across.xreplace({r: q})) ** 2, (q, *_inputs)),
        ),
    ),
    domains=POINTS,
    near_misses=(
        NearMiss(
            "the hidden layer is not stationary",
            given=(Q_IS_PSD,),
            domains=(Domain(gram=(Q,)),),
        ),
    ),
    prose=("The left side is at least 0 and the right side at most 0, so both vanish."),
)

RANK = equal(W[D, j, r], U[j] * omega[r], NEURON, INPUT)
BALANCED = equal(gamma[D] * _size, sy.gamma_u)
CONSTANT = sp.Symbol("C", positive=True)
ALIGNED = at_least(CONSTANT * _form, _aligned**2)
_gain = sp.Sum(U[k] ** 2, (k, *_neurons)) + _noise * U[j] ** 2


def _felt(weight: Any) -> Any:
    """How much the condition of a neuron, along ω, varies with its weight at input r."""
    return _noise * weight**2 * sp.Sum(omega[q] * Q[q, r], (q, *_inputs)) + gamma[D] * omega[r]


ALIGNMENT = Statement(
    id="all-stationary-points-alignment",
    title="A living neuron is aligned with the target",
    left=U[j] * _aligned,
    right=U[j] * (sy.gamma_u + _gain * _form),
    over=(NEURON,),
    given=(COMMON, HIDDEN_STATIONARY, RANK, BALANCED),
    reference="stationarity along the rows",
    proof=combine(
        Use(COMMON, times=U[j] * omega[r], over=(INPUT,)),
        Use(HIDDEN_STATIONARY, times=-omega[r], over=(INPUT,)),
        Use(RANK, times=_felt(U[j]), over=(INPUT,)),
        Use(
            RANK,
            times=U[j] * U[k] * omega[q] * Q[q, r],
            where={j: k},
            over=((k, *_neurons), INPUT, (q, *_inputs)),
        ),
        Use(BALANCED, times=U[j]),
    ),
    domains=POINTS,
    near_misses=(
        NearMiss("the noise is left out", right=U[j] * (sy.gamma_u + (_gain - _noise * U[j] ** 2) * _form)),
    ),
    prose=(
        "A neuron is alive if its output weight is not 0. It has to see something of the target: "
        "otherwise nothing would hold it against its decay."
    ),
)

_excess = _gain * _form

SIGNAL = Statement(
    id="all-stationary-points-signal",
    title="A living neuron has an output",
    relation=Relation.AT_LEAST,
    left=U[j] ** 2 * CONSTANT * _form,
    right=U[j] ** 2 * sy.gamma_u**2,
    over=(NEURON,),
    given=(COMMON, HIDDEN_STATIONARY, RANK, BALANCED, Q_IS_PSD, ALIGNED),
    conditions=("$C$ is the second moment of the target",),
    reference="Cauchy–Schwarz for the mixed moment",
    proof=combine(
        Use(ALIGNED, times=U[j] ** 2),
        Use(ALIGNMENT, times=U[j] * (_aligned + sy.gamma_u + _excess)),
        Use(Q_IS_PSD, times=2 * U[j] ** 2 * sy.gamma_u * _gain, where={z[r]: omega[r]}),
        plus=U[j] ** 2 * _excess**2,
    ),
    domains=tuple(
        replace(point, define=(*point.define, (CONSTANT, (1 + alpha**2) * _aligned**2 / _form)))
        for point in POINTS
    ),
    near_misses=(
        NearMiss(
            "mixed moments of something else",
            given=(COMMON, HIDDEN_STATIONARY, RANK, BALANCED, Q_IS_PSD),
            domains=(replace(POINTS[0], ranges=((CONSTANT, (0, sp.Rational(1, 10**6))),)),),
        ),
    ),
)


EQUAL_SIZES = Statement(
    id="all-stationary-points-sizes",
    title="With noise, a product vanishes for any two neurons",
    left=_noise * U[j] * U[k] * (U[j] ** 2 - U[k] ** 2) * _form,
    right=0,
    over=PAIR,
    given=(HIDDEN_STATIONARY, RANK),
    reference="the difference of two stationarity conditions",
    proof=combine(
        Use(HIDDEN_STATIONARY, times=U[k] * omega[r], over=(INPUT,)),
        Use(HIDDEN_STATIONARY, times=-U[j] * omega[r], where={j: k}, over=(INPUT,)),
        Use(RANK, times=-U[k] * _felt(U[j]), over=(INPUT,)),
        Use(RANK, times=U[j] * _felt(U[k]), where={j: k}, over=(INPUT,)),
    ),
    domains=POINTS,
    near_misses=(
        NearMiss(
            "stationarity is not asked for",
            given=(RANK,),
            domains=(Domain(gram=(Q,), define=((W[D, j, r], U[j] * omega[r]),)),),
        ),
    ),
)

UNIT = equal(sp.Sum(e[j] ** 2, NEURON), 1)
ALIVE = equal(_noise * e[j] ** 2 * (ACTIVE * e[j] ** 2 - 1), 0, NEURON)
_directions = tuple(
    Domain(gram=(Q,), define=((ACTIVE, count), (e[j], direction)))
    for count, direction in (
        (d[D], (-1) ** j / sp.sqrt(d[D])),
        (sp.Integer(1), sp.KroneckerDelta(j, 1)),
    )
)

REDUCTION = Statement(
    id="all-stationary-points-reduction",
    title="On these weights the network has one layer less",
    left=last_layers(lambda neuron: alpha * e[neuron], lambda neuron, at: e[neuron] * omega[at]),
    right=alpha**2 * (1 + _noise / ACTIVE) * _form
    - 2 * alpha * _aligned
    + sy.gamma_u * alpha**2
    + gamma[D] * _size,
    given=(UNIT, ALIVE),
    conditions=("$K$ entries of $e$ are not 0",),
    reference="the noise of equal neurons averages out",
    proof=combine(
        Use(
            UNIT,
            times=alpha**2 * _form * (sp.Sum(e[j] ** 2, NEURON) + 1 + _noise / ACTIVE)
            - 2 * alpha * _aligned
            + sy.gamma_u * alpha**2
            + gamma[D] * _size,
        ),
        Use(ALIVE, times=alpha**2 * _form / ACTIVE, over=(NEURON,)),
    ),
    domains=_directions,
    near_misses=(
        NearMiss(
            "neurons of different size",
            given=(UNIT,),
            domains=(
                Domain(
                    gram=(Q,),
                    define=((e[j], j / sp.sqrt(sp.Sum(k**2, (k, *_neurons)))), (ACTIVE, d[D])),
                ),
            ),
        ),
    ),
    prose=(
        r"Write $U = \alpha e$ with a unit vector $e$ and stretch $\omega$ by $\alpha$, so that $W_D = e\, "
        r"\omega^{\top}$."
    ),
)

#: The first layer W_1 = e_1 wᵀ, above which the others multiply to P and the noise to ρ.
w = sp.IndexedBase("w", real=True)
P = sp.Symbol("P", positive=True)
_feature = (r, 1, d[0])
_rows = (s, 1, d[0])
LAST_STEP = equal(P**2 * rho * sp.Sum(A[r, s] * w[s], _rows) + gamma[1] * w[r], P * v[r], _feature)

RIDGE = Statement(
    id="all-stationary-points-ridge",
    title="The map solves a ridge regression",
    left=rho * sp.Sum(A[r, s] * P * w[s], _rows) + gamma[1] / P**2 * P * w[r],
    right=v[r],
    over=(_feature,),
    given=(LAST_STEP,),
    reference="stationarity of the last layer that is left",
    proof=combine(Use(LAST_STEP, times=1 / P)),
    domains=(Domain(define=((v[r], P * rho * sp.Sum(A[r, s] * w[s], _rows) + gamma[1] * w[r] / P),)),),
    near_misses=(NearMiss("the first layer is not stationary", given=(), domains=(Domain(),)),),
    prose=(
        "In the end no hidden layer is left: a linear regression on the weights $w$, with decay "
        r"$\gamma_1$, in which $P = \beta_u \beta_D \cdots \beta_2$ is the product of the scales above "
        r"and $\rho = \prod_i (1 + \sigma_i^2/K_i)$. Its map is $m = P w$."
    ),
)

# -- the loss, and what the layers below hand on ----------------------------------------------------------

#: Q and g of the loss: second moments of the outputs of layer D - 1, and their moments with y.
_below = {
    Q[r, s]: M[D - 1, r, s],
    g[r]: sp.Sum(T[D - 1, r, q] * v[q], (q, 1, d[0])),
}
_own_decay = last_layers(lambda neuron: U[neuron], lambda neuron, at: W[D, neuron, at]).xreplace(
    {Q[r, s]: sp.Integer(0), g[r]: sp.Integer(0)}
)
_data_term = (LAST - _own_decay).xreplace(_below)

MOMENTS_OF_LAST = Statement(
    id="all-stationary-points-moments",
    title="How the last two layers enter the data term",
    left=SQUARE - 2 * MIXED,
    right=_data_term,
    definitions=(SECOND_MOMENTS, END_TO_END),
    reference="one step of the recursions",
    # Nothing depends on n: an induction unfolds the recursions once, here at the last layer.
    proof=Induct(n, base=combine(), step=combine()),
    near_misses=(NearMiss("the noise is left out", right=_data_term.subs(sigma[D], 0)),),
    prose=(
        "Hold all layers but the last two fixed. With $Q = M_{D-1}$, and $g = T_{D-1} v$ the mixed moments "
        "of the outputs of layer $D - 1$ with the target, the loss is the function that is differentiated "
        "below, a constant, and the decay of the other layers."
    ),
)


def _decays(last: Any) -> Any:
    """The decay of the hidden layers up to one of them."""
    return sp.Sum(gamma[i] * sp.Sum(W[i, j, k] ** 2, (k, 1, d[i - 1]), (j, 1, d[i])), (i, 1, last))


_decay_of_last = gamma[D] * sp.Sum(W[D, j, k] ** 2, (k, 1, d[D - 1]), (j, 1, d[D]))

DECAY_OF_LAST = Statement(
    id="all-stationary-points-decay",
    title="The decay of the last hidden layer, apart from the others",
    left=_decays(D),
    right=_decay_of_last + _decays(D - 1),
    reference="the last term of a sum",
    proof=Induct(D, base=combine(), step=combine(), start=1),
    near_misses=(NearMiss("counted twice", right=2 * _decay_of_last + _decays(D - 1)),),
)

LOSS_OF_LAST = Statement(
    id="all-stationary-points-loss",
    title="The loss as a function of the last two layers",
    left=EXPECTED_LOSS,
    right=_data_term + _own_decay + sy.c + _decays(D - 1),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the loss in closed form",
    proof=combine(Use(LOSS), Use(MOMENTS_OF_LAST), Use(DECAY_OF_LAST)),
    near_misses=(NearMiss("the constant is left out", right=_data_term + _own_decay),),
)

#: v = A w and the second moment C = vᵀA⁺v that the data can explain.
_rows_of_a, _columns_of_a = (r, 1, d[0]), (s, 1, d[0])
SYMMETRIC_DATA = equal(A[r, s], A[s, r], _rows_of_a, _columns_of_a)
IN_RANGE = equal(sp.Sum(A[r, s] * w[s], _columns_of_a), v[r], _rows_of_a)
EXPLAINED = equal(sp.Sum(w[r] * v[r], _rows_of_a), CONSTANT)
_pulled = {name: seen_through(g, name) for name in (k, r, s)}
_signal = sp.Sum(_pulled[r] * v[r], _rows_of_a)

SEEN = Statement(
    id="all-stationary-points-seen",
    title="The mixed moments are bounded by the second moments",
    relation=Relation.AT_LEAST,
    left=CONSTANT * noisy(g),
    right=NOISE_FACTOR * _signal**2,
    given=(A_IS_PSD, SYMMETRIC_DATA, IN_RANGE, EXPLAINED),
    definitions=(SECOND_MOMENTS, END_TO_END),
    conditions=(r"$C = v^{\top} A^{+} v > 0$",),
    reference="Cauchy–Schwarz for the form of $A$",
    proof=combine(
        Use(LOWER_BOUND_FORMS, times=CONSTANT),
        Use(
            A_IS_PSD,
            times=NOISE_FACTOR / CONSTANT,
            where={z[k]: CONSTANT * _pulled[k] - _signal * w[k]},
        ),
        Use(
            SYMMETRIC_DATA,
            times=NOISE_FACTOR * _signal * w[r] * _pulled[s],
            over=(_rows_of_a, _columns_of_a),
        ),
        Use(
            IN_RANGE,
            times=NOISE_FACTOR * (2 * _signal * _pulled[r] - _signal**2 * w[r] / CONSTANT),
            over=(_rows_of_a,),
        ),
        Use(EXPLAINED, times=-NOISE_FACTOR * _signal**2 / CONSTANT),
    ),
    domains=(
        Domain(
            define=(
                (v[j], sp.Sum(A[j, s] * w[s], _columns_of_a)),
                (CONSTANT, sp.Sum(w[r] * w[s] * A[r, s], _rows_of_a, _columns_of_a)),
            ),
        ),
    ),
    near_misses=(
        NearMiss(
            "another constant",
            given=(A_IS_PSD, SYMMETRIC_DATA, IN_RANGE),
            domains=(
                Domain(
                    define=((v[j], sp.Sum(A[j, s] * w[s], _columns_of_a)),),
                    ranges=((CONSTANT, (0, sp.Rational(1, 10**6))),),
                ),
            ),
        ),
    ),
    prose=(
        r"The hypothesis on the mixed moments holds for every network, with $C/\rho$ for its constant: at "
        r"the outputs of any layer"
    ),
)

#: One living neuron l, to which the others are compared.
MINORS = equal(U[l] * W[D, j, r], U[j] * W[D, l, r], NEURON, INPUT)
LIVES = different(U[l], 0)

OUTER = Statement(
    id="all-stationary-points-outer",
    title="Vanishing minors make an outer product",
    left=W[D, j, r],
    right=U[j] * (W[D, l, r] / U[l]),
    over=(NEURON, INPUT),
    given=(MINORS, LIVES),
    reference="division by the weight of a living neuron",
    proof=combine(Use(MINORS, times=1 / U[l])),
    domains=(
        Domain(
            ranges=((l, (1, 1)),),
            define=((d[D], sp.Integer(2)), (W[D, j, r], U[j] * omega[r])),
        ),
    ),
    near_misses=(
        NearMiss("the minors do not vanish", given=(LIVES,), domains=(Domain(ranges=((l, (1, 1)),)),)),
    ),
    prose=r"With a living neuron $l$ the vector is $\omega = W_{D,l}/U_l$.",
)

# -- steps in words --------------------------------------------------------------------------------------

RANK_IS_ONE = Step(
    id="all-stationary-points-rank",
    title="$W_D$ is $U$ times one row, or both are 0",
    text=(
        r"The square that vanishes is that of a real number, so that $U_k W_{D,j} = U_j W_{D,k}$ for any "
        r"two neurons of which one is alive. If a neuron is alive, $W_D = U \omega^{\top}$ for one vector "
        r"$\omega$, and $\gamma_D \lVert\omega\rVert^2 = \gamma_u$ by the balance. If none is, $U = 0$ and "
        r"by the balance $W_D = 0$; then nothing acts on the other layers but their decay, so that they "
        r"are 0 as well: the origin."
    ),
    theorem="the fact that real squares vanish at 0 only",
    reference="any course of algebra",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, LOSS_OF_LAST, BALANCE, RANK_ONE, OUTER),
    conditions=("all decays are positive", "the point is stationary"),
)

EQUAL_NEURONS = Step(
    id="all-stationary-points-equal",
    title="With noise, living neurons have weights of one size",
    text=(
        r"A living neuron has an output, $\omega^{\top} Q\, \omega > 0$, because the moments of the "
        r"network are bounded as its hypothesis asks. In the product that vanishes $\sigma_D^2$, this "
        r"form, $U_j$ and $U_k$ are not 0, so $U_j^2 = U_k^2$: the output weights are $\pm$ one "
        r"number. Without noise $U$ may be any vector. Write $U = \alpha e$ with a unit vector $e$."
    ),
    theorem="the fact that a product of real numbers vanishes only with a factor",
    reference="any course of algebra",
    rests_on=(RANK_IS_ONE, SIGNAL, SEEN, EQUAL_SIZES),
    conditions=(r"$\sigma_D > 0$", "$v \\ne 0$ lies in the range of $A$"),
)

DESCENT = Step(
    id="all-stationary-points-form",
    title="Every stationary point is the origin or has rank-one layers",
    text=(
        r"Stretch $\omega$ by $\alpha$, so that $W_D = e\, \omega^{\top}$; $e$ has entries $0$ and $\pm "
        r"1/\sqrt{K}$ if $\sigma_D > 0$. With $\alpha$ and $e$ held fixed the loss is that of a network "
        r"with $D - 1$ hidden layers and output weights $\omega \ne 0$, and the point is stationary for "
        r"it too. Its data have $\alpha^2 (1 + \sigma_D^2/K)\, A$ in place of $A$ and $\alpha v$ in place "
        "of $v$, so that $v$ is in the range of $A$ again. Thus the argument applies again, down to the "
        r"first layer, where a linear regression is left. Its solution is that of the ridge equation with "
        r"$\rho = \prod_i (1 + \sigma_i^2/K_i)$, and by the balance all layers carry the same decay "
        r"$\kappa$."
    ),
    theorem="induction on the number of layers",
    reference="any course of algebra",
    rests_on=(RANK_IS_ONE, EQUAL_NEURONS, REDUCTION, RIDGE),
    conditions=("all decays are positive", "$v \\ne 0$ lies in the range of $A$"),
)

CONVERSE = Step(
    id="all-stationary-points-converse",
    title="All points of this form are stationary",
    text=(
        r"By the formulas for the gradient the derivative by a weight of a dead neuron vanishes with the "
        r"weights on its other side. For the living neurons of a layer, whose weights have one size where "
        r"there is noise, the derivative by the layer is a multiple of $e_i e_{i-1}^{\top}$, and by the "
        r"first layer $e_1$ times a row. So it is the derivative along the scale of the layer, or along "
        r"the row. On weights of this form the data term is a function of $m$ alone, and the derivatives "
        r"vanish where the layers are balanced and $m$ solves the ridge equation."
    ),
    theorem="the chain rule",
    reference="any course of analysis",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, REDUCTION, RIDGE, WHOLE_GRADIENT, LAYER_BALANCE),
    conditions=("all decays are positive",),
)

DERIVATION = Derivation(
    id="all-stationary-points",
    title="All stationary points",
    prose=(
        "So far the map of the network was the unknown. Now all weights are. For positive decays every "
        r"stationary point of the full loss is the origin or has layers $W_i = \beta_i e_i "
        r"e_{i-1}^{\top}$ and $U = \beta_u e_D^{\top}$ with unit vectors $e_i$ and $\gamma_i \beta_i^2 = "
        r"\kappa$, where $e_0$ points along $m$; in a layer with noise, $e_i$ has $K_i$ entries $\pm "
        r"1/\sqrt{K_i}$ and zeros besides; and $m$ solves the equations of the effective ridge with $\rho "
        r"= \prod_i (1 + \sigma_i^2/K_i)$. The proof goes down from the output. The statements prove one "
        "step of it, for a layer of any width above any other layers; what is made of them is in words."
    ),
    statements=(
        MOMENTS_OF_LAST,
        DECAY_OF_LAST,
        LOSS_OF_LAST,
        OUTPUT_GRADIENT,
        HIDDEN_GRADIENT,
        BALANCE,
        PAIRS,
        RANK_ONE,
        OUTER,
        ALIGNMENT,
        SIGNAL,
        SEEN,
        EQUAL_SIZES,
        REDUCTION,
        RIDGE,
    ),
    steps=(
        RANK_IS_ONE,
        EQUAL_NEURONS,
        DESCENT,
        CONVERSE,
    ),
)
