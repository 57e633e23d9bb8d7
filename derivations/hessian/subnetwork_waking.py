"""The loss along the weights of a dead neuron, and what pulls at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symderive.statements import Derivation, Differentiate, Domain, NearMiss, Statement, Use, combine, equal

from ..minima.all_stationary_points import ACTIVE, eta, l, q
from ..minima.subnetwork_saddle import C, u
from ..notation import W, d, g, gamma, i, j, k, n, r, s, sigma
from ..reduction.attainment import e
from ..reduction.diagonal_bound import Q
from .hessian_differences import INDEX, INPUT, OTHER, beta, t, w

#: What the layers above make of the second moments and of the signal that layer i + 1 gets.
G, b = (sp.IndexedBase(name, real=True) for name in "Gb")
nu, delta = sp.Symbol("nu", positive=True), sp.Symbol("delta", real=True)
NEURON, OUT, OTHER_OUT = (j, 1, ACTIVE), (q, 1, d[i + 1]), (l, 1, d[i + 1])
_each = (k, 1, ACTIVE)
_outs, _ins = (OUT, OTHER_OUT), (INPUT, OTHER)
_noise = sigma[i] ** 2


def carried(out: Any, at: Any) -> Any:
    """What the living neurons carry from one input to one neuron of the next layer."""
    return sp.Sum(W[i + 1, out, k] * W[i, k, at], _each)


def two_layers(product: Callable[[Any, Any], Any], own: Any, decay: Any) -> Any:
    """The part of the loss that the weights into layer i enter, and all those of the dead neuron."""
    return (
        sp.Sum(G[q, l] * Q[r, s] * (product(q, r) * product(l, s) + _noise * own), *_outs, *_ins)
        - 2 * sp.Sum(b[q] * product(q, r) * g[r], OUT, INPUT)
        + decay
    )


_own = sp.Sum(W[i + 1, q, k] * W[i + 1, l, k] * W[i, k, r] * W[i, k, s], _each)
_decay = gamma[i] * sp.Sum(W[i, k, r] ** 2, _each, INPUT)
_waking_decay = gamma[i] * sp.Sum(w[r] ** 2, INPUT) + gamma[i + 1] * sp.Sum(u[q] ** 2, OUT)
ASLEEP = two_layers(carried, _own, _decay)
AWAKE = two_layers(
    lambda out, at: carried(out, at) + t**2 * u[out] * w[at],
    _own + t**4 * u[q] * u[l] * w[r] * w[s],
    _decay + t**2 * _waking_decay,
)
SECOND_ORDER = 2 * sp.Sum(u[q] * C[q, r] * w[r], OUT, INPUT) + _waking_decay


def awake(own_noise: Any) -> Any:
    """The loss with a neuron awake, order by order; ``own_noise`` is the noise factor of order 4."""
    fourth = sp.Sum(G[q, l] * Q[r, s] * u[q] * u[l] * w[r] * w[s], *_outs, *_ins)
    return ASLEEP + t**2 * SECOND_ORDER + t**4 * own_noise * fourth


#: C is what pulls at a product of two weights, one into a neuron and one out of it, but for its noise.
FELT = sp.Sum(G[q, l] * Q[r, s] * carried(l, s), OTHER_OUT, OTHER) - b[q] * g[r]
COMMON = equal(C[q, r], FELT, OUT, INPUT)
SYMMETRIC = equal(Q[r, s], Q[s, r], INPUT, OTHER)
SYMMETRIC_ABOVE = equal(G[q, l], G[l, q], *_outs)
MOMENTS = (SYMMETRIC, SYMMETRIC_ABOVE, COMMON)
_moments = Domain(gram=(Q, G), define=((d[INDEX], sp.Integer(2)), (C[q, r], FELT)))

WAKING = Statement(
    id="subnetwork-waking",
    title="The loss along the weights of a dead neuron",
    left=AWAKE,
    right=awake(1 + _noise),
    given=MOMENTS,
    reference="exact algebra",
    proof=combine(
        Use(COMMON, times=-2 * t**2 * u[q] * w[r], over=(OUT, INPUT)),
        Use(
            SYMMETRIC_ABOVE,
            times=-(t**2) * u[q] * w[r] * Q[s, r] * carried(l, s),
            over=(*_outs, *_ins),
        ),
        Use(SYMMETRIC, times=-(t**2) * u[q] * w[r] * G[q, l] * carried(l, s), over=(*_outs, *_ins)),
    ),
    domains=(_moments,),
    prose=(
        r"Let layer $i$ have $K$ living neurons, $k = 1, \dots, K$, and give a dead one the weights $t w$ "
        r"in and $t u$ out. With $Q$ and $g$ the second moments of the inputs and their mixed moments with "
        r"$y$, and $G$ and $b$ what the layers above make of the second moments and of the signal that "
        r"layer $i + 1$ gets, the loss is the function below and terms without these weights and those "
        r"into layer $i$. If $i = D$, the next layer is the output: one neuron with $G = b = 1$ and "
        r"$W_{D+1} = U$. The noise of the neuron itself enters in the fourth order only. This holds at any "
        "weights of the others. If $w = 0$ it is the decay of $u$ alone."
    ),
    near_misses=(
        NearMiss("without its noise", right=awake(sp.Integer(1))),
        NearMiss(
            "asymmetric moments", given=(SYMMETRIC_ABOVE, COMMON), domains=(Domain(define=_moments.define),)
        ),
    ),
)


def living_slope(weight_in: Callable[[Any], Any], weight_out: Callable[[Any], Any], felt: Any) -> Any:
    """Half the derivative of the loss by the weight of a living neuron at input r."""
    own = sp.Sum(G[q, l] * weight_out(q) * weight_out(l), *_outs) * sp.Sum(Q[r, s] * weight_in(s), OTHER)
    return sp.Sum(weight_out(q) * felt, OUT) + _noise * own + gamma[i] * weight_in(r)


SLOPE = living_slope(lambda at: W[i, j, at], lambda out: W[i + 1, out, j], C[q, r])
_kinds = W[i + 1, q, j] * (sp.KroneckerDelta(j, k) * _noise * W[i + 1, l, j] + W[i + 1, l, k])

LIVING_GRADIENT = Statement(
    id="subnetwork-waking-living",
    title="The derivative by a weight of a living neuron",
    left=sp.Derivative(ASLEEP, W[i, j, n]),
    right=2 * SLOPE.xreplace({r: n}),
    over=(NEURON, (n, 1, d[i - 1])),
    given=MOMENTS,
    reference="differentiation",
    proof=Differentiate(
        combine(
            Use(COMMON, times=-2 * W[i + 1, q, j], where={r: n}, over=(OUT,)),
            Use(
                SYMMETRIC_ABOVE,
                times=-W[i + 1, q, j] * W[i + 1, l, k] * Q[s, n] * W[i, k, s],
                over=(*_outs, OTHER, _each),
            ),
            Use(
                SYMMETRIC,
                times=-G[q, l] * _kinds * W[i, k, s],
                where={r: n},
                over=(*_outs, OTHER, _each),
            ),
        )
    ),
    domains=(_moments,),
    near_misses=(NearMiss("the noise is left out", right=2 * SLOPE.xreplace({r: n}).subs(sigma[i], 0)),),
    prose="The same $C$ pulls at the living neurons, and on top of it the noise of each.",
)


#: Layer i + 1, its own noise included, along e_{i+1}: K entries are ± 1/√K and the others 0.
_row = (j, 1, d[i])
UNIT = equal(sp.Sum(e[i, j] ** 2, _row), 1)
ALIVE = equal(_noise * e[i, j] * (ACTIVE * e[i, j] ** 2 - 1), 0, _row)
chi = sp.Symbol("chi", positive=True)


def along(noise: Any) -> Any:
    """What is left of moments of rank one and their noise along the neurons."""
    return chi * (1 + noise) * e[i, k]


ALONG = Statement(
    id="subnetwork-waking-along",
    title="Noise keeps the direction of the living neurons",
    left=sp.Sum(chi * e[i, k] * e[i, j] * (1 + _noise * sp.KroneckerDelta(j, k)) * e[i, j], _row),
    right=along(_noise / ACTIVE),
    over=((k, 1, d[i]),),
    given=(UNIT, ALIVE),
    conditions=(r"$K$ entries of $e_i$ are not 0, if $\sigma_i > 0$",),
    reference="equal squares",
    proof=combine(Use(UNIT, times=chi * e[i, k]), Use(ALIVE, times=chi / ACTIVE, where={j: k})),
    domains=tuple(
        Domain(define=((d[INDEX], 2 + sp.KroneckerDelta(INDEX, 1)), (ACTIVE, count), (e[INDEX, j], at)))
        for count, at in (
            (d[i], (-1) ** j / sp.sqrt(d[INDEX])),
            (sp.Integer(1), sp.KroneckerDelta(j, 1)),
        )
    ),
    near_misses=(NearMiss("the noise of one neuron", right=along(_noise)),),
    prose=(
        "At a stationary point other than the origin the layers have rank one. From the output down, $G$ "
        r"is $W^{\top} G' W$, for $W$ and $G'$ of the layer above, and its diagonal times the variance of "
        r"the noise; from the features up, $Q$ is $W Q' W^{\top}$ and such a diagonal. Both have rank one "
        r"before the noise, and the diagonal keeps the direction: $G e_{i+1} = \nu e_{i+1}$, $\nu > 0$. "
        r"The signal $b$ is $W^{\top} b'$, a multiple of $e_{i+1}$."
    ),
)

#: At the point: the living neurons, and G and b along the next layer.
ABOVE = equal(sp.Sum(G[q, l] * e[i + 1, l], OTHER_OUT), nu * e[i + 1, q], OUT)
SIGNAL_ABOVE = equal(b[q], delta * e[i + 1, q], OUT)
LIVING = equal(e[i, j] ** 2, 1 / ACTIVE, NEURON)
OUT_UNIT = equal(sp.Sum(e[i + 1, q] ** 2, OUT), 1)
_seen = sp.Sum(Q[r, s] * e[i - 1, s], OTHER)


def weight_in(at: Any) -> Any:
    """A weight of the living neuron j."""
    return beta[i] * e[i, j] * e[i - 1, at]


def weight_out(out: Any) -> Any:
    """A weight out of the living neuron j."""
    return beta[i + 1] * e[i + 1, out] * e[i, j]


_felt = sp.Sum(G[q, l] * Q[r, s] * weight_out(l) * weight_in(s), NEURON, OTHER_OUT, OTHER) - b[q] * g[r]
FELT_AT_POINT = equal(C[q, r], _felt, OUT, INPUT)
PULL = equal(eta[r], nu * beta[i] * beta[i + 1] * _seen - delta * g[r], INPUT)
_signs = (
    (d[INDEX], 2 + sp.KroneckerDelta(INDEX, 1)),
    (
        e[INDEX, j],
        sp.KroneckerDelta(INDEX, i) * (-1) ** j / sp.sqrt(ACTIVE)
        + (1 - sp.KroneckerDelta(INDEX, i)) * (-1) ** j / sp.sqrt(d[INDEX]),
    ),
    (G[q, l], nu * sp.KroneckerDelta(q, l)),
)

ONE_DIRECTION = Statement(
    id="subnetwork-waking-direction",
    title="A dead neuron is coupled to the next layer along $e_{i+1}$",
    left=C[q, r],
    right=e[i + 1, q] * eta[r],
    over=(OUT, INPUT),
    given=(FELT_AT_POINT, ABOVE, SIGNAL_ABOVE, LIVING, PULL),
    reference="layers of rank one",
    proof=combine(
        Use(FELT_AT_POINT),
        Use(
            LIVING,
            times=beta[i] * beta[i + 1] * sp.Sum(G[q, l] * e[i + 1, l], OTHER_OUT) * _seen,
            over=(NEURON,),
        ),
        Use(ABOVE, times=beta[i] * beta[i + 1] * _seen),
        Use(SIGNAL_ABOVE, times=-g[r]),
        Use(PULL, times=-e[i + 1, q]),
    ),
    domains=(
        Domain(
            gram=(Q,),
            define=(*_signs, (b[q], SIGNAL_ABOVE.right), (C[q, r], _felt), (eta[r], PULL.right)),
        ),
    ),
    near_misses=(
        NearMiss("a flipped sign", right=-e[i + 1, q] * eta[r]),
        NearMiss(
            "the layers above have no such direction",
            given=(FELT_AT_POINT, SIGNAL_ABOVE, LIVING, PULL),
            domains=(
                Domain(
                    gram=(Q,),
                    define=(
                        *_signs[:2],
                        (G[q, l], nu * q * l),
                        (b[q], SIGNAL_ABOVE.right),
                        (C[q, r], _felt),
                        (eta[r], PULL.right),
                    ),
                ),
            ),
        ),
    ),
    prose="So $C$ has rank one.",
)

#: ω = Q e_{i-1}, and what the noise of a living neuron adds to its decay.
omega = sp.IndexedBase("omega", real=True)
EXTRA = _noise * beta[i + 1] ** 2 * nu / (ACTIVE * gamma[i]) * omega[r]
_slope = (
    beta[i + 1] * e[i, j] * eta[r] * sp.Sum(e[i + 1, q] ** 2, OUT)
    + _noise * nu * beta[i + 1] ** 2 * e[i, j] ** 3 * beta[i] * omega[r]
    + gamma[i] * weight_in(r)
)
STATIONARY = equal(_slope, 0, NEURON, INPUT)
_decayed = -gamma[i] * beta[i] / beta[i + 1]
BALANCE = equal(eta[r], _decayed * (e[i - 1, r] + EXTRA), INPUT)
_own_felt = _noise * beta[i] * beta[i + 1] ** 2 * omega[r]

HELD = Statement(
    id="subnetwork-waking-balance",
    title="What holds a living neuron against decay and noise",
    left=eta[r],
    right=BALANCE.right,
    over=(INPUT,),
    given=(STATIONARY, LIVING, OUT_UNIT),
    conditions=(r"$\omega = Q e_{i-1}$ and $G e_{i+1} = \nu e_{i+1}$",),
    reference="stationarity of the living neurons",
    proof=combine(
        Use(STATIONARY, times=e[i, j] / beta[i + 1], over=(NEURON,)),
        Use(OUT_UNIT, times=-eta[r]),
        Use(
            LIVING,
            times=-(
                eta[r] * sp.Sum(e[i + 1, q] ** 2, OUT)
                + gamma[i] * beta[i] / beta[i + 1] * e[i - 1, r]
                + nu * _own_felt / beta[i + 1] * (e[i, j] ** 2 + 1 / ACTIVE)
            ),
            over=(NEURON,),
        ),
    ),
    domains=(Domain(gram=(Q,), define=(*_signs, (omega[r], _seen), (eta[r], BALANCE.right))),),
    near_misses=(
        NearMiss("its own noise is left out", right=BALANCE.right.subs(sigma[i], 0)),
        NearMiss(
            "not stationary",
            given=(LIVING, OUT_UNIT),
            domains=(Domain(gram=(Q,), define=_signs),),
        ),
    ),
    prose=r"A dead neuron feels the same $\eta$ without the noise.",
)

DERIVATION = Derivation(
    id="subnetwork-waking",
    title="Dead neurons to second order",
    prose=(
        "The same points with dead neurons, whose weights are 0. What waking one of them does to the loss "
        "is known exactly, and to second order the weights in are coupled to the weights out by what pulls "
        "at the living neurons of its layer as well."
    ),
    statements=(WAKING, LIVING_GRADIENT, ALONG, ONE_DIRECTION, HELD),
)
