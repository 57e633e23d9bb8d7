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
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    semidefinite,
    z,
)

from ..notation import A, D, U, W, d, g, gamma, j, k, r, rho, s, sigma, v
from ..reduction.diagonal_bound import Q

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
    prose=(
        "Hold all layers but the last two fixed. With $Q = M_{D-1}$, and $g$ the mixed moments of the "
        "outputs of layer $D - 1$ with the target, the loss is a constant plus the function that is "
        r"differentiated here. All neurons feel the same $\eta$, and each its own noise."
    ),
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
        "has no weights at all. If $U = 0$, then $W_D = 0$, the prediction is 0 and the other layers "
        "feel nothing but their decay, so that they are 0 as well: the origin."
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
    title="The last hidden layer has rank one",
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
            given=(OUTPUT_STATIONARY, Q_IS_PSD),
            domains=(Domain(gram=(Q,)),),
        ),
    ),
    prose=(
        "The left side is at least 0 and the right side at most 0, so both vanish. Hence $U_k W_{D,j} = "
        "U_j W_{D,k}$ for any two neurons of which one is alive, and by the balance for dead ones too. "
        r"In other words $W_D = U \omega^{\top}$ for one vector $\omega$, and $\gamma_D "
        r"\lVert\omega\rVert^2 = \gamma_u$."
    ),
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
    prose=r"So $\omega^{\top} Q\, \omega > 0$, unless all neurons are dead.",
)


EQUAL_SIZES = Statement(
    id="all-stationary-points-sizes",
    title="With noise, living neurons have equal output weights",
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
    prose=(
        r"If $\sigma_D > 0$, two living neurons have $U_j = \pm U_k$, since the form is positive. Without "
        r"noise $U$ may be any vector. Write $U = \alpha e$ with a unit vector $e$."
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
        r"Stretch $\omega$ by $\alpha$, so that $W_D = e\, \omega^{\top}$; $e$ has entries $0$ and $\pm "
        r"1/\sqrt{K}$ if $\sigma_D > 0$. With $\alpha$ and $e$ held fixed this is the loss of a network "
        r"with $D - 1$ hidden layers and output weights $\omega \ne 0$, and the point is stationary for "
        r"it too. Its data have $\alpha^2 (1 + \sigma_D^2/K)\, A$ in place of $A$ and $\alpha v$ in place "
        "of $v$, for which the bound on the mixed moments holds with another constant. So the argument "
        "applies again, down to the first layer."
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
        r"and $\rho = \prod_i (1 + \sigma_i^2/K_i)$. Its map is $m = P w$. Read backwards, the same steps "
        "show that all points of this form are stationary."
    ),
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
        "step of it, for a layer of any width above any other layers. That the step is repeated, the "
        "induction, is in words."
    ),
    statements=(
        OUTPUT_GRADIENT,
        HIDDEN_GRADIENT,
        BALANCE,
        PAIRS,
        RANK_ONE,
        ALIGNMENT,
        SIGNAL,
        EQUAL_SIZES,
        REDUCTION,
        RIDGE,
    ),
)
