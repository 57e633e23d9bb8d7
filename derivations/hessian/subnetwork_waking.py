"""The loss along the weights of a dead neuron, and what pulls at them."""

from ..minima.all_stationary_points import ACTIVE, DESCENT, eta
from ..notation import *
from ..reduction.attainment import e
from ..reduction.diagonal_bound import Q
from .hessian_blocks import BOTH
from .hessian_differences import INPUT, OTHER, beta, ell, w
from .hessian_point import INDEX

#: Neurons p and l of layer i + 1; weights ξ out of the dead neuron, and what pulls at a pair of weights.
p, l = letters("p l", integer=True, positive=True)  # noqa: E741 - as in print
xi, C = families("xi C")

#: What the layers above make of the second moments and of the signal that layer i + 1 gets.
Psi, psi = families("Psi psi")
nu, slope_above = letters("nu", positive=True), letters("delta")
NEURON, _each = (j, 1, ACTIVE), (k, 1, ACTIVE)
OUT, OTHER_OUT = (p, 1, d[i + 1]), (l, 1, d[i + 1])
_outs, _all = (OUT, OTHER_OUT), (OUT, OTHER_OUT, *BOTH)
_noise = sigma[i] ** 2

#: What the living neurons carry from an input r to a neuron p of the next layer, and from s to l.
_carried, _carried_too = (dot(W[i + 1, out, k], W[i, k, at], _each) for out, at in ((p, r), (l, s)))
_own = Sum(W[i + 1, p, k] * W[i + 1, l, k] * W[i, k, r] * W[i, k, s], _each)
_fourth = xi[p] * xi[l] * w[r] * w[s]
_decay = gamma[i] * Sum(W[i, k, r] ** 2, _each, INPUT)
_waking_decay = gamma[i] * norm2(w[r], INPUT) + gamma[i + 1] * norm2(xi[p], OUT)


def two_layers(waking: Expr) -> Expr:
    """The part of the loss that the weights into layer i enter, and all those of the dead neuron.

    ``waking`` is the factor of the products ξ_p w_r of the dead neuron's weights, in and out.
    """
    product, other = _carried + waking * xi[p] * w[r], _carried_too + waking * xi[l] * w[s]
    square = Psi[p, l] * Q[r, s] * (product * other + _noise * (_own + waking**2 * _fourth))
    signal = Sum(psi[p] * product * g[r], OUT, INPUT)
    return Sum(square, *_all) - 2 * signal + _decay + waking * _waking_decay


ASLEEP, AWAKE = two_layers(Integer(0)), two_layers(ell**2)
SECOND_ORDER = 2 * Sum(xi[p] * C[p, r] * w[r], OUT, INPUT) + _waking_decay
_fourth_order = ell**4 * Sum(Psi[p, l] * Q[r, s] * _fourth, *_all)

#: C is what pulls at a product of two weights, one into a neuron and one out of it, but for its noise.
_felt = Sum(Psi[p, l] * Q[r, s] * _carried_too, OTHER_OUT, OTHER) - psi[p] * g[r]
COMMON = equal(C[p, r], _felt, OUT, INPUT)
SYMMETRIC = equal(Q[r, s], Q[s, r], *BOTH)
SYMMETRIC_ABOVE = equal(Psi[p, l], Psi[l, p], *_outs)
MOMENTS = (SYMMETRIC, SYMMETRIC_ABOVE, COMMON)

WAKING = theorem(
    "subnetwork-waking",
    "The loss along the weights of a dead neuron",
    equal(AWAKE, ASLEEP + ell**2 * SECOND_ORDER + (1 + _noise) * _fourth_order),
    given=MOMENTS,
    reference="exact algebra",
    proof=-(2 * ell**2 * xi[p] * w[r] * COMMON).sum(OUT, INPUT)
    - (ell**2 * xi[p] * w[r] * Q[s, r] * _carried_too * SYMMETRIC_ABOVE).sum(*_all)
    - (ell**2 * xi[p] * w[r] * Psi[p, l] * _carried_too * SYMMETRIC).sum(*_all),
    misses={
        "without its noise": right(ASLEEP + ell**2 * SECOND_ORDER + _fourth_order),
        "asymmetric moments": without(SYMMETRIC),
        "asymmetric moments above": without(SYMMETRIC_ABOVE),
    },
    prose=r"""Let layer $i$ have $K$ living neurons, $k = 1, \dots, K$, and give a dead one the weights
        $\ell w$ in and $\ell \xi$ out. With $Q$ and $g$ the second moments of the inputs and their mixed
        moments with $y$, and $\Psi$ and $\psi$ what the layers above make of the second moments and of the
        signal that layer $i + 1$ gets, the loss is the function below and terms without these weights and
        those into layer $i$. If $i = D$, the next layer is the output: one neuron with $\Psi = \psi = 1$
        and $W_{D+1} = U$. The noise of the neuron itself enters in the fourth order only. This holds at any
        weights of the others. If $w = 0$ it is the decay of $\xi$ alone.""",
)


_own_noise = Sum(Psi[p, l] * W[i + 1, p, j] * W[i + 1, l, j], *_outs) * dot(Q[n, s], W[i, j, s], OTHER)
SLOPE = dot(W[i + 1, p, j], C[p, n], OUT) + _noise * _own_noise + gamma[i] * W[i, j, n]
_kinds = W[i + 1, p, j] * (delta(j, k) * _noise * W[i + 1, l, j] + W[i + 1, l, k])
_sources = (*_outs, OTHER, _each)

LIVING_GRADIENT = theorem(
    "subnetwork-waking-living",
    "The derivative by a weight of a living neuron",
    equal(Derivative(ASLEEP, W[i, j, n]), 2 * SLOPE, NEURON, (n, 1, d[i - 1])),
    given=MOMENTS,
    reference="differentiation",
    proof=differentiate(
        -(2 * W[i + 1, p, j] * COMMON.at({r: n})).sum(OUT)
        - (W[i + 1, p, j] * W[i + 1, l, k] * Q[s, n] * W[i, k, s] * SYMMETRIC_ABOVE).sum(*_sources)
        - (Psi[p, l] * _kinds * W[i, k, s] * SYMMETRIC.at({r: n})).sum(*_sources)
    ),
    misses={"the noise is left out": right(2 * SLOPE.subs(sigma[i], 0))},
    prose="The same $C$ pulls at the living neurons, and on top of it the noise of each.",
)

#: Layer i + 1, its own noise included, along e_{i+1}: K entries are ± 1/√K and the others 0.
_row = (j, 1, d[i])
UNIT = equal(norm2(e[i, j], _row), 1)
ALIVE = equal(_noise * e[i, j] * (ACTIVE * e[i, j] ** 2 - 1), 0, _row)
chi = letters("chi", positive=True)
_signs = (-1) ** j / sqrt(d[INDEX])
_along = chi * e[i, k]

ALONG = theorem(
    "subnetwork-waking-along",
    "Noise keeps the direction of the living neurons",
    equal(
        Sum(_along * e[i, j] * (1 + _noise * delta(j, k)) * e[i, j], _row),
        (1 + _noise / ACTIVE) * _along,
        (k, 1, d[i]),
    ),
    given=(UNIT, ALIVE, r"$K$ entries of $e_i$ are not 0, if $\sigma_i > 0$"),
    reference="equal squares",
    proof=_along * UNIT + chi / ACTIVE * ALIVE.at({j: k}),
    test=Domain(define={d[INDEX]: 2 + delta(INDEX, 1), ACTIVE: d[i], e[INDEX, j]: _signs}),
    misses={"the noise of one neuron": right((1 + _noise) * _along)},
    prose=r"""Where the layers have rank one, $\Psi$ has rank one before the noise of its layer, and the
        noise adds a diagonal that keeps the direction: $\Psi e_{i+1} = \nu e_{i+1}$, $\nu > 0$. The signal
        $\psi$ is a multiple of $e_{i+1}$.""",
)

#: At the point: the living neurons, and Ψ and ψ along the next layer.
ABOVE = equal(dot(Psi[p, l], e[i + 1, l], OTHER_OUT), nu * e[i + 1, p], OUT)
SIGNAL_ABOVE = equal(psi[p], slope_above * e[i + 1, p], OUT)
LIVING = equal(e[i, j] ** 2, 1 / ACTIVE, NEURON)
OUT_UNIT = equal(norm2(e[i + 1, p], OUT), 1)
_seen = dot(Q[r, s], e[i - 1, s], OTHER)
_scales = beta[i] * beta[i + 1]
_weights = _scales * e[i, j] ** 2 * e[i + 1, l] * e[i - 1, s]
_back = Sum(Psi[p, l] * Q[r, s] * _weights, NEURON, OTHER_OUT, OTHER)
FELT_AT_POINT = equal(C[p, r], _back - psi[p] * g[r], OUT, INPUT)
PULL = equal(eta[r], nu * _scales * _seen - slope_above * g[r], INPUT)

ONE_DIRECTION = theorem(
    "subnetwork-waking-direction",
    "A dead neuron is coupled to the next layer along $e_{i+1}$",
    equal(C[p, r], e[i + 1, p] * eta[r], OUT, INPUT),
    given=(FELT_AT_POINT, ABOVE, SIGNAL_ABOVE, LIVING, PULL),
    reference="layers of rank one",
    proof=FELT_AT_POINT
    + (_scales * _seen * ABOVE.left * LIVING).sum(NEURON)
    + _scales * _seen * ABOVE
    - g[r] * SIGNAL_ABOVE
    - e[i + 1, p] * PULL,
    misses={
        "a flipped sign": right(-e[i + 1, p] * eta[r]),
        "the layers above have no such direction": without(ABOVE),
    },
    prose="So $C$ has rank one.",
)

#: ω = Q e_{i-1}, and what the noise of a living neuron adds to its decay.
omega = families("omega")
EXTRA = _noise * beta[i + 1] ** 2 * nu / (ACTIVE * gamma[i]) * omega[r]
_slope = (
    beta[i + 1] * e[i, j] * eta[r] * OUT_UNIT.left
    + _noise * nu * beta[i + 1] ** 2 * e[i, j] ** 3 * beta[i] * omega[r]
    + gamma[i] * beta[i] * e[i, j] * e[i - 1, r]
)
STATIONARY = equal(_slope, 0, NEURON, INPUT)
_decayed = gamma[i] * beta[i] / beta[i + 1]
BALANCE = -_decayed * (e[i - 1, r] + EXTRA)
_own_felt = nu * _noise * beta[i] * beta[i + 1] * omega[r]
IMAGES = r"$\omega = Q e_{i-1}$ and $\Psi e_{i+1} = \nu e_{i+1}$"
_equal_squares = eta[r] * OUT_UNIT.left + _decayed * e[i - 1, r] + _own_felt * (e[i, j] ** 2 + 1 / ACTIVE)

HELD = theorem(
    "subnetwork-waking-balance",
    "What holds a living neuron against decay and noise",
    equal(eta[r], BALANCE, INPUT),
    given=(STATIONARY, LIVING, OUT_UNIT, IMAGES),
    reference="stationarity of the living neurons",
    proof=(e[i, j] / beta[i + 1] * STATIONARY).sum(NEURON)
    - eta[r] * OUT_UNIT
    - (_equal_squares * LIVING).sum(NEURON),
    misses={
        "its own noise is left out": right(BALANCE.subs(sigma[i], 0)),
        "not stationary": without(STATIONARY),
    },
    prose=r"A dead neuron feels the same $\eta$ without the noise.",
)

COUPLED = in_words(
    "subnetwork-waking-rank",
    "A dead neuron is coupled to its neighbors by rank one",
    r"""At a stationary point other than the origin the layers have rank one. From the output down, $\Psi$
        is $W^{\top} \Psi' W$, for $W$ and $\Psi'$ of the layer above, and its diagonal times the variance
        of the noise; from the features up, $Q$ is $W Q' W^{\top}$ and such a diagonal. Both have rank one
        before the noise, and the noise keeps the direction, so that $C = e_{i+1} \eta^{\top}$ at every
        layer.""",
    by="induction on the number of layers",
    reference="any course of algebra",
    rests_on=(WAKING, LIVING_GRADIENT, ALONG, ONE_DIRECTION, HELD, DESCENT),
)

DERIVATION = Derivation(
    id="subnetwork-waking",
    title="Dead neurons to second order",
    prose="""The same points with dead neurons, whose weights are 0. What waking one of them does to the
        loss is known exactly, and to second order the weights in are coupled to the weights out by what
        pulls at the living neurons of its layer as well.""",
    statements=(WAKING, LIVING_GRADIENT, ALONG, ONE_DIRECTION, HELD),
    steps=(COUPLED,),
)
