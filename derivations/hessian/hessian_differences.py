"""The loss along a difference between the neurons of a layer."""

from ..notation import *
from ..reduction.attainment import e
from ..reduction.loss import DECAY, EXPECTED_LOSS, LOSS
from .hessian_point import INDEX

#: Layers above layer l are outer products W_i = ω_i ψ_iᵀ, and ψ_{D+1} is U.
omega, psi = families("omega psi")
l = letters("l", integer=True, nonnegative=True)  # noqa: E741 - as in print


def above(last: Expr) -> Claim:
    """Layers l + 1, …, l + ``last`` are outer products."""
    at = l + i
    return equal(W[at, j, k], omega[at, j] * psi[at, k], (i, 1, last), (j, 1, d[at]), (k, 1, d[at - 1]))


def passed(i: Expr) -> Sum:
    """What layer i passes on to the next, of the signal."""
    return dot(omega[i, j], psi[i + 1, j], (j, 1, d[i]))


def passed_noisy(i: Expr) -> Expr:
    """The same of second moments."""
    return passed(i) ** 2 + sigma[i] ** 2 * Sum(omega[i, j] ** 2 * psi[i + 1, j] ** 2, (j, 1, d[i]))


def moment(layer: Expr) -> Sum:
    """ψ_{l+1}ᵀ M_l ψ_{l+1}."""
    return Sum(psi[layer + 1, j] * psi[layer + 1, k] * M[layer, j, k], (j, 1, d[layer]), (k, 1, d[layer]))


def signal(layer: Expr) -> Sum:
    """Entry k of ψ_{l+1}ᵀ T_l."""
    return dot(psi[layer + 1, j], T[layer, j, k], (j, 1, d[layer]))


_up, _top, _entry = (i, 1, n), l + n + 1, {i: n + 1}
_outs, _ins, _neurons, _features = (j, 1, d[_top]), (r, 1, d[l + n]), (j, 1, d[l + n]), (k, 1, d[0])
_layers = (_outs, (k, 1, d[_top]), _ins, (s, 1, d[l + n]))
_left, _right = above(n + 1).at(_entry | {k: r}), above(n + 1).at(_entry | {j: k, k: s})
_ends = psi[_top + 1, j] * psi[_top + 1, k] * (1 + sigma[_top] ** 2 * delta(j, k)) * M[l + n, r, s]

SECOND_MOMENT = theorem(
    "hessian-differences-second-moment",
    "Layers of rank one multiply second moments",
    equal(moment(l + n), moment(l) * Product(passed_noisy(l + i), _up)),
    given=(above(n), SECOND_MOMENTS),
    reference="induction on the layers above",
    proof=induction(
        n,
        step=(_ends * W[_top, k, s] * _left).sum(*_layers)
        + (_ends * omega[_top, j] * psi[_top, r] * _right).sum(*_layers)
        + passed_noisy(_top) * HYPOTHESIS,
    ),
    misses={"no noise": right(moment(l) * Product(passed(l + i) ** 2, _up))},
    prose=r"""Layers above a layer $l$ that stay outer products, $W_i = \omega_i \psi_i^{\top}$,
        multiply what they get. Write $\psi_{D+1}$ for $U$.""",
)

_carried = Product(passed(l + i), _up)

SIGNAL = theorem(
    "hessian-differences-signal",
    "Layers of rank one multiply the signal",
    equal(signal(l + n), signal(l) * _carried, _features),
    given=(above(n), END_TO_END),
    reference="induction on the layers above",
    proof=induction(
        n,
        step=(psi[_top + 1, j] * T[l + n, r, k] * _left).sum(_outs, _ins) + passed(_top) * HYPOTHESIS,
    ),
    misses={"a flipped sign": right(-signal(l) * _carried)},
)

#: The network has n layers above layer l.
DEPTH = {D: l + n}
OUTPUT = equal(U[j], psi[_top, j], _neurons)
_pairs = (_neurons, (k, 1, d[l + n]))
_rest = -2 * Sum(signal(l) * v[k], _features) * _carried + c + DECAY.xreplace(DEPTH)

ONE_LAYER = theorem(
    "hessian-differences-loss",
    "The loss below layers of rank one",
    equal(EXPECTED_LOSS.xreplace(DEPTH), moment(l) * Product(passed_noisy(l + i), _up) + _rest),
    given=(above(n), OUTPUT),
    reference="the two lemmas at the output",
    proof=LOSS.at(DEPTH)
    + SECOND_MOMENT
    - (2 * v[k] * SIGNAL).sum(_features)
    + (U[k] * M[l + n, j, k] * OUTPUT).sum(*_pairs)
    + (psi[_top, j] * M[l + n, j, k] * OUTPUT.at({j: k})).sum(*_pairs)
    - (2 * Sum(T[l + n, j, k] * v[k], _features) * OUTPUT).sum(_neurons),
    misses={"no noise above": right(moment(l) * Product(passed(l + i) ** 2, _up) + _rest)},
    prose="""So at depth $D = l + n$ the loss sees the layers up to $l$ through one form and one number,
        up to constants. For $n = 0$ it is the expected loss itself.""",
)

#: A difference ϑ of the neurons of layer i, with weights ℓ w into it and ℓ α out of it.
vartheta, w = families("vartheta w")
ell, alpha = letters("ell alpha")
beta = families("beta", positive=True)
_neuron, INPUT, OTHER = (j, 1, d[i]), (r, 1, d[i - 1]), (s, 1, d[i - 1])


def into(at: Expr) -> Expr:
    """W_i[j, at] on the way."""
    return beta[i] * e[i, j] * e[i - 1, at] + ell * vartheta[j] * w[at]


OUT = beta[i + 1] * e[i, j] + ell * alpha * vartheta[j]
SIGNS = equal(e[i, j] ** 2, 1 / d[i], _neuron)
BALANCED = equal(dot(e[i, j], vartheta[j], _neuron), 0)
UNIT_DIFFERENCE = equal(norm2(vartheta[j], _neuron), 1)
DIFFERENCE = (SIGNS, BALANCED, UNIT_DIFFERENCE)

#: Neurons that are alike up to signs, 3 in the first layer and 2 in others, and the difference of two.
ALIKE_NEURONS = {d[INDEX]: 2 + delta(INDEX, 1), e[INDEX, j]: (-1) ** j / sqrt(d[INDEX])}
_of_two = {vartheta[j]: (delta(j, 1) + delta(j, 2)) / sqrt(2)}
_pair = Domain(define=ALIKE_NEURONS | _of_two)

CARRIED = theorem(
    "hessian-differences-carried",
    "What the neurons pass on, along a difference",
    equal(Sum(OUT * into(r), _neuron), beta[i] * beta[i + 1] * e[i - 1, r] + ell**2 * alpha * w[r], INPUT),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=(beta[i] * beta[i + 1] * e[i - 1, r] * SIGNS).sum(_neuron)
    + ell * (beta[i + 1] * w[r] + beta[i] * alpha * e[i - 1, r]) * BALANCED
    + ell**2 * alpha * w[r] * UNIT_DIFFERENCE,
    test=_pair,
    misses={"not orthogonal": without(BALANCED)},
    prose=r"""Then let the neurons of a layer differ. Permutations of the neurons of a layer, with their
        signs, leave point and loss as they are, so that differences in one layer, in two, and in none do
        not couple, nor do two orthogonal differences. One difference in layer $i$ is a unit vector
        $\vartheta$ orthogonal to $e_i$, with weights into it and out of it: $W_i = \beta_i e_i
        e_{i-1}^{\top} + \ell\, \vartheta\, w^{\top}$ and $\psi_{i+1} = \beta_{i+1} e_i + \ell\, \alpha\,
        \vartheta$.""",
)

MIXED = beta[i] * (e[i - 1, r] * w[s] + e[i - 1, s] * w[r])
_still = beta[i] ** 2 * e[i - 1, r] * e[i - 1, s]
_fixed = beta[i + 1] ** 2 * _still
_linear = beta[i + 1] ** 2 * MIXED + 2 * alpha * beta[i + 1] * _still
SQUARE = beta[i + 1] ** 2 * w[r] * w[s] + 2 * alpha * beta[i + 1] * MIXED + alpha**2 * _still
_cubic = 2 * alpha * beta[i + 1] * w[r] * w[s] + alpha**2 * MIXED
_quartic = alpha**2 * w[r] * w[s]
_tail = Sum(vartheta[j] ** 3 * (e[i, j] * _cubic + ell * vartheta[j] * _quartic), _neuron)
_sizes = (
    _fixed * (e[i, j] ** 2 + 1 / d[i])
    + ell * _linear * e[i, j] * vartheta[j]
    + ell**2 * SQUARE * vartheta[j] ** 2
)

BLURRED = theorem(
    "hessian-differences-blurred",
    "What their noise passes on, along a difference",
    equal(
        Sum(OUT**2 * into(r) * into(s), _neuron),
        (_fixed + ell**2 * SQUARE) / d[i] + ell**3 * _tail,
        *(INPUT, OTHER),
    ),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=(_sizes * SIGNS).sum(_neuron)
    + ell * _linear / d[i] * BALANCED
    + ell**2 * SQUARE / d[i] * UNIT_DIFFERENCE,
    test=_pair,
    misses={"signs of other sizes": without(SIGNS)},
)

SIZES = norm2(e[i - 1, r], INPUT)
_decay = gamma[i] * beta[i] ** 2 * SIZES + gamma[i + 1] * beta[i + 1] ** 2
_added = gamma[i] * norm2(w[r], INPUT) + gamma[i + 1] * alpha**2
_crossed = gamma[i] * beta[i] * dot(e[i - 1, r], w[r], INPUT) + gamma[i + 1] * beta[i + 1] * alpha

DECAYED = theorem(
    "hessian-differences-decay",
    "Their decay along a difference",
    equal(
        gamma[i] * Sum(into(r) ** 2, _neuron, INPUT) + gamma[i + 1] * Sum(OUT**2, _neuron),
        _decay + ell**2 * _added,
    ),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=(_decay * SIGNS).sum(_neuron) + 2 * ell * _crossed * BALANCED + ell**2 * _added * UNIT_DIFFERENCE,
    test=_pair,
    misses={"not orthogonal": without(BALANCED)},
)

APART = in_words(
    "hessian-differences-apart",
    "Differences in different layers do not couple",
    """Permutations of the neurons of a layer, with their signs, leave the point and the loss as they are,
        so that the Hessian commutes with them. The weights fall apart into what all neurons of a layer
        share and the differences between them, in one layer and in two; these are irreducible and not
        equivalent for different layers, so the Hessian couples none with another, and acts on orthogonal
        differences of one layer alike and apart.""",
    by="Schur's lemma",
    reference="Serre, Linear Representations of Finite Groups, section 2.2",
    rests_on=(SECOND_MOMENT, ONE_LAYER),
)

DERIVATION = Derivation(
    id="hessian-differences",
    title="Differences between neurons",
    prose=r"""With $R = \rho A/\lambda$ and $\chi = e_0^{\top} R\, e_0$, and every layer in
        units of its size, these derivatives are the block of size $d_0 + D$ that all neurons share: $I +
        R$ in the first layer, $(R - I)\, e_0$ between it and every scale, $\chi - 1$ between
        two scales and $\chi + 1$ in one. Per squared weight the row and the column of a layer are
        multiplied by the root of its decay. The other directions are differences between the neurons of a
        layer, along which the loss is known exactly.""",
    statements=(SECOND_MOMENT, SIGNAL, ONE_LAYER, CARRIED, BLURRED, DECAYED),
    steps=(APART,),
)
