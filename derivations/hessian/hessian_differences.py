"""The loss along a difference between the neurons of a layer."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..notation import (
    END_TO_END,
    OUTPUTS,
    SECOND_MOMENTS,
    D,
    M,
    T,
    U,
    W,
    d,
    gamma,
    i,
    j,
    k,
    n,
    r,
    s,
    sigma,
    v,
)
from ..reduction.attainment import e
from ..reduction.loss import DECAY, EXPECTED_LOSS, LOSS
from ..reduction.noise_second_moment import NOISE

#: Layers above layer l are outer products W_i = ω_i ψ_iᵀ, and ψ_{D+1} is U.
omega, psi = (sp.IndexedBase(name, real=True) for name in ("omega", "psi"))
l = sp.Symbol("l", integer=True, nonnegative=True)  # noqa: E741 - as in print


def above(last: sp.Expr) -> sp.Basic:
    """Layers l + 1, …, l + ``last`` are outer products."""
    at = l + i
    return equal(W[at, j, k], omega[at, j] * psi[at, k], (i, 1, last), (j, 1, d[at]), (k, 1, d[at - 1]))


def passed(i: sp.Expr) -> sp.Expr:
    """What layer i passes on to the next, of the signal."""
    return sp.Sum(omega[i, j] * psi[i + 1, j], (j, 1, d[i]))


def passed_noisy(i: sp.Expr) -> sp.Expr:
    """The same of second moments."""
    return passed(i) ** 2 + sigma[i] ** 2 * sp.Sum(omega[i, j] ** 2 * psi[i + 1, j] ** 2, (j, 1, d[i]))


def form(layer: sp.Expr) -> sp.Expr:
    """ψ_{l+1}ᵀ M_l ψ_{l+1}."""
    return sp.Sum(
        psi[layer + 1, j] * psi[layer + 1, k] * M[layer, j, k], (j, 1, d[layer]), (k, 1, d[layer])
    )


def signal(layer: sp.Expr) -> sp.Expr:
    """Entry k of ψ_{l+1}ᵀ T_l."""
    return sp.Sum(psi[layer + 1, j] * T[layer, j, k], (j, 1, d[layer]))


_top = l + n + 1
_ENTRY = {i: n + 1}
_outs, _ins = (1, d[_top]), (1, d[l + n])
OUTER = Domain(define=((W[i, j, k], omega[i, j] * psi[i, k]),), ranges=((l, (0, 1)), (n, (1, 2))))

SECOND_MOMENT = Statement(
    id="hessian-differences-second-moment",
    title="Layers of rank one multiply second moments",
    left=form(l + n),
    right=form(l) * sp.Product(passed_noisy(l + i), (i, 1, n)),
    given=(above(n),),
    definitions=(SECOND_MOMENTS,),
    reference="induction on the layers above",
    proof=Induct(
        n,
        base=combine(),
        step=combine(
            Use(
                above(n + 1),
                times=psi[_top + 1, j]
                * psi[_top + 1, k]
                * (1 + sigma[_top] ** 2 * sp.KroneckerDelta(j, k))
                * M[l + n, r, s]
                * W[_top, k, s],
                where=_ENTRY | {k: r},
                over=((j, *_outs), (k, *_outs), (r, *_ins), (s, *_ins)),
            ),
            Use(
                above(n + 1),
                times=psi[_top + 1, j]
                * psi[_top + 1, k]
                * (1 + sigma[_top] ** 2 * sp.KroneckerDelta(j, k))
                * M[l + n, r, s]
                * omega[_top, j]
                * psi[_top, r],
                where=_ENTRY | {j: k, k: s},
                over=((j, *_outs), (k, *_outs), (r, *_ins), (s, *_ins)),
            ),
            Use(HYPOTHESIS, times=passed_noisy(_top)),
        ),
    ),
    domains=(OUTER,),
    prose=(
        r"Layers above a layer $l$ that stay outer products, $W_i = \omega_i \psi_i^{\top}$, multiply "
        r"what they get. Write $\psi_{D+1}$ for $U$."
    ),
    near_misses=(NearMiss("no noise", right=form(l) * sp.Product(passed(l + i) ** 2, (i, 1, n))),),
)

SIGNAL = Statement(
    id="hessian-differences-signal",
    title="Layers of rank one multiply the signal",
    left=signal(l + n),
    right=signal(l) * sp.Product(passed(l + i), (i, 1, n)),
    over=((k, 1, d[0]),),
    given=(above(n),),
    definitions=(END_TO_END,),
    reference="induction on the layers above",
    proof=Induct(
        n,
        base=combine(),
        step=combine(
            Use(
                above(n + 1),
                times=psi[_top + 1, j] * T[l + n, r, k],
                where=_ENTRY | {k: r},
                over=((j, *_outs), (r, *_ins)),
            ),
            Use(HYPOTHESIS, times=passed(_top)),
        ),
    ),
    domains=(OUTER,),
    near_misses=(NearMiss("a flipped sign", right=-signal(l) * sp.Product(passed(l + i), (i, 1, n))),),
)

#: The network has n layers above layer l.
DEPTH = {D: l + n}
_neurons, _features = (1, d[l + n]), (k, 1, d[0])
OUTPUT = equal(U[j], psi[l + n + 1, j], (j, *_neurons))
_pairs = ((j, *_neurons), (k, *_neurons))


def loss_below(noise_above: sp.Expr) -> sp.Expr:
    """The loss in the second moments and the signal of layer l."""
    aligned = sp.Sum(signal(l) * v[k], _features) * sp.Product(passed(l + i), (i, 1, n))
    return form(l) * sp.Product(noise_above, (i, 1, n)) - 2 * aligned + sy.c + DECAY.xreplace(DEPTH)


ONE_LAYER = Statement(
    id="hessian-differences-loss",
    title="The loss below layers of rank one",
    left=EXPECTED_LOSS.xreplace(DEPTH),
    right=loss_below(passed_noisy(l + i)),
    given=(above(n), OUTPUT),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the two lemmas at the output",
    proof=combine(
        Use(LOSS, where=DEPTH),
        Use(SECOND_MOMENT),
        Use(SIGNAL, times=-2 * v[k], over=(_features,)),
        Use(OUTPUT, times=U[k] * M[l + n, j, k], over=_pairs),
        Use(OUTPUT, times=psi[l + n + 1, j] * M[l + n, j, k], where={j: k}, over=_pairs),
        Use(OUTPUT, times=-2 * sp.Sum(T[l + n, j, k] * v[k], _features), over=((j, *_neurons),)),
    ),
    domains=(Domain(define=(*OUTER.define, (U[j], psi[l + n + 1, j])), ranges=OUTER.ranges),),
    prose=(
        "So at depth $D = l + n$ the loss sees the layers up to $l$ through one form and one number, "
        "up to constants. For $n = 0$ it is the expected loss itself."
    ),
    near_misses=(NearMiss("no noise above", right=loss_below(passed(l + i) ** 2)),),
)

#: A difference q of the neurons of layer i, with weights t w into it and t α out of it.
q = sp.IndexedBase("q", real=True)
t, alpha = (sp.Symbol(name, real=True) for name in ("t", "alpha"))
w = sp.IndexedBase("w", real=True)
beta = sp.IndexedBase("beta", positive=True)
_neuron, INPUT, OTHER = (j, 1, d[i]), (r, 1, d[i - 1]), (s, 1, d[i - 1])


def into(at: sp.Expr) -> sp.Expr:
    """W_i[j, at] on the way."""
    return beta[i] * e[i, j] * e[i - 1, at] + t * q[j] * w[at]


OUT = beta[i + 1] * e[i, j] + t * alpha * q[j]
SIGNS = equal(e[i, j] ** 2, 1 / d[i], _neuron)
BALANCED = equal(sp.Sum(e[i, j] * q[j], _neuron), 0)
UNIT_DIFFERENCE = equal(sp.Sum(q[j] ** 2, _neuron), 1)
DIFFERENCE = (SIGNS, BALANCED, UNIT_DIFFERENCE)
INDEX = sp.Symbol("at", integer=True, nonnegative=True)  # an index from 0 on
_pair = sp.KroneckerDelta(j, 1) + sp.KroneckerDelta(j, 2)
PAIR = Domain(
    define=(
        (d[INDEX], 2 + sp.KroneckerDelta(INDEX, 1)),
        (e[INDEX, j], (-1) ** j / sp.sqrt(d[INDEX])),
        (q[j], _pair / sp.sqrt(2)),
    )
)

CARRIED = Statement(
    id="hessian-differences-carried",
    title="What the neurons pass on, along a difference",
    left=sp.Sum(OUT * into(r), _neuron),
    right=beta[i] * beta[i + 1] * e[i - 1, r] + t**2 * alpha * w[r],
    over=(INPUT,),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=combine(
        Use(SIGNS, times=beta[i] * beta[i + 1] * e[i - 1, r], over=(_neuron,)),
        Use(BALANCED, times=t * (beta[i + 1] * w[r] + beta[i] * alpha * e[i - 1, r])),
        Use(UNIT_DIFFERENCE, times=t**2 * alpha * w[r]),
    ),
    domains=(PAIR,),
    prose=(
        r"Then let the neurons of a layer differ. Permutations of the neurons of a layer, with their "
        r"signs, leave point and loss as they are, so that differences in one layer, in two, and in "
        r"none do not couple, nor do two orthogonal differences. One difference in layer $i$ is a unit "
        r"vector $q$ orthogonal to $e_i$, with weights into it and out of it: $W_i = \beta_i e_i "
        r"e_{i-1}^{\top} + t\, q\, w^{\top}$ and $\psi_{i+1} = \beta_{i+1} e_i + t\, \alpha\, q$."
    ),
    near_misses=(
        NearMiss(
            "not orthogonal",
            given=(SIGNS, UNIT_DIFFERENCE),
            domains=(Domain(define=(*PAIR.define[:2], (q[j], sp.KroneckerDelta(j, 1)))),),
        ),
    ),
)

MIXED = beta[i] * (e[i - 1, r] * w[s] + e[i - 1, s] * w[r])
_still = beta[i] ** 2 * e[i - 1, r] * e[i - 1, s]
_fixed = beta[i + 1] ** 2 * _still
_linear = beta[i + 1] ** 2 * MIXED + 2 * alpha * beta[i + 1] * _still
SQUARE = beta[i + 1] ** 2 * w[r] * w[s] + 2 * alpha * beta[i + 1] * MIXED + alpha**2 * _still
_cubic = 2 * alpha * beta[i + 1] * w[r] * w[s] + alpha**2 * MIXED
_quartic = alpha**2 * w[r] * w[s]
_tail = sp.Sum(q[j] ** 3 * (e[i, j] * _cubic + t * q[j] * _quartic), _neuron)

BLURRED = Statement(
    id="hessian-differences-blurred",
    title="What their noise passes on, along a difference",
    left=sp.Sum(OUT**2 * into(r) * into(s), _neuron),
    right=(_fixed + t**2 * SQUARE) / d[i] + t**3 * _tail,
    over=(INPUT, OTHER),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=combine(
        Use(
            SIGNS,
            times=_fixed * (e[i, j] ** 2 + 1 / d[i])
            + t * _linear * e[i, j] * q[j]
            + t**2 * SQUARE * q[j] ** 2,
            over=(_neuron,),
        ),
        Use(BALANCED, times=t * _linear / d[i]),
        Use(UNIT_DIFFERENCE, times=t**2 * SQUARE / d[i]),
    ),
    domains=(PAIR,),
    near_misses=(
        NearMiss(
            "signs of other sizes",
            given=(BALANCED, UNIT_DIFFERENCE),
            domains=(
                Domain(
                    define=(
                        PAIR.define[0],
                        (e[INDEX, j], 2 * (-1) ** j / sp.sqrt(d[INDEX])),
                        PAIR.define[2],
                    )
                ),
            ),
        ),
    ),
)

SIZES = sp.Sum(e[i - 1, r] ** 2, INPUT)
DECAYED = Statement(
    id="hessian-differences-decay",
    title="Their decay along a difference",
    left=gamma[i] * sp.Sum(into(r) ** 2, _neuron, INPUT) + gamma[i + 1] * sp.Sum(OUT**2, _neuron),
    right=gamma[i] * beta[i] ** 2 * SIZES
    + gamma[i + 1] * beta[i + 1] ** 2
    + t**2 * (gamma[i] * sp.Sum(w[r] ** 2, INPUT) + gamma[i + 1] * alpha**2),
    given=DIFFERENCE,
    reference="the difference is orthogonal to the neurons",
    proof=combine(
        Use(
            SIGNS, times=gamma[i] * beta[i] ** 2 * SIZES + gamma[i + 1] * beta[i + 1] ** 2, over=(_neuron,)
        ),
        Use(
            BALANCED,
            times=2
            * t
            * (gamma[i] * beta[i] * sp.Sum(e[i - 1, r] * w[r], INPUT) + gamma[i + 1] * beta[i + 1] * alpha),
        ),
        Use(UNIT_DIFFERENCE, times=t**2 * (gamma[i] * sp.Sum(w[r] ** 2, INPUT) + gamma[i + 1] * alpha**2)),
    ),
    domains=(PAIR,),
    near_misses=(
        NearMiss(
            "not orthogonal",
            given=(SIGNS, UNIT_DIFFERENCE),
            domains=(Domain(define=(*PAIR.define[:2], (q[j], sp.KroneckerDelta(j, 1)))),),
        ),
    ),
)

# -- steps in words --------------------------------------------------------------------------------------

APART = Step(
    id="hessian-differences-apart",
    title="Differences in different layers do not couple",
    text=(
        r"Permutations of the neurons of a layer, with their signs, leave the point and the loss as they "
        r"are, so that the Hessian commutes with them. The weights fall apart into what all neurons of a "
        r"layer share and the differences between them, in one layer and in two; these are irreducible "
        r"and not equivalent for different layers, so the Hessian couples none with another, and acts on "
        r"orthogonal differences of one layer alike and apart."
    ),
    theorem="Schur's lemma",
    reference="Serre, Linear Representations of Finite Groups, section 2.2",
    rests_on=(SECOND_MOMENT, ONE_LAYER),
)

DERIVATION = Derivation(
    id="hessian-differences",
    title="Differences between neurons",
    prose=(
        r"With $R = \rho A/\lambda$ and $\chi = e_0^{\top} R\, e_0$, and every layer in units of its "
        r"size, these derivatives are the block of size $d_0 + D$ that all neurons share: $I + R$ in the "
        r"first layer, $(R - I)\, e_0$ between it and every scale, $\chi - 1$ between two scales and "
        r"$\chi + 1$ in one. Per squared weight the row and the column of a layer are multiplied by the "
        r"root of its decay. The other directions are differences between the neurons of a layer, along "
        r"which the loss is known exactly."
    ),
    statements=(SECOND_MOMENT, SIGNAL, ONE_LAYER, CARRIED, BLURRED, DECAYED),
    steps=(APART,),
)
