"""A stationary point with a dead neuron in a noisy layer is a saddle."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
    greater,
    semidefinite,
    z,
)

from ..notation import (
    END_TO_END,
    NOISE_FACTOR,
    SECOND_MOMENTS,
    A,
    D,
    M,
    U,
    W,
    d,
    g,
    i,
    j,
    k,
    n,
    r,
    s,
    sigma,
)
from ..reduction.diagonal_bound import DIAGONAL_BOUND, Q
from ..reduction.lower_bound import DOWN, seen_through
from .all_stationary_points import DESCENT, SEEN, SIGNAL

#: Weights ω into a neuron, from n outputs with second moments Q, and its weights u to the next layer.
omega, u = (sp.IndexedBase(name, real=True) for name in ("omega", "u"))
_form = sp.Sum(omega[j] * Q[j, k] * omega[k], (j, 1, n), (k, 1, n))
_noise = sigma[i] ** 2

#: The shares of two neurons in the weights of one, cos and sin of an angle.
share, rest = (sp.Symbol(name, real=True) for name in ("alpha", "beta"))
SHARES = equal(share**2 + rest**2, 1)
_angle = (rest, sp.sqrt(1 - share**2))
SPLIT = Domain(ranges=((share, (0, 1)),), define=(_angle,), gram=(Q,))

PRODUCTS = Statement(
    id="subnetwork-saddle-products",
    title="A split neuron passes on the same product of weights",
    left=(share * u[r]) * (share * omega[j]) + (rest * u[r]) * (rest * omega[j]),
    right=u[r] * omega[j],
    over=((j, 1, n), (r, 1, n)),
    given=(SHARES,),
    reference="a rotation of two neurons",
    proof=combine(Use(SHARES, times=u[r] * omega[j])),
    domains=(SPLIT,),
    near_misses=(NearMiss("any shares", given=(), domains=(Domain(),)),),
    prose=(
        r"Share the weights of a living neuron with a dead one: $\alpha\omega$ and $\beta\omega$ in, "
        r"$\alpha u$ and $\beta u$ out, with $\alpha^2 + \beta^2 = 1$. The mean of the prediction depends "
        "on the sum of these products and stays, and so does the decay, by the same identity for the "
        "squares."
    ),
)

_split_noise = sp.Add(
    *(
        part**2
        * u[r]
        * u[s]
        * sp.Sum((part * omega[j]) * Q[j, k] * (part * omega[k]), (j, 1, n), (k, 1, n))
        for part in (share, rest)
    )
)
_lost = 2 * share**2 * rest**2 * _form

NOISE = Statement(
    id="subnetwork-saddle-noise",
    title="Two neurons with independent noise average it",
    left=_noise * _split_noise,
    right=_noise * u[r] * u[s] * (_form - _lost),
    over=((r, 1, n), (s, 1, n)),
    given=(SHARES,),
    reference=r"$\alpha^4 + \beta^4 = 1 - 2\alpha^2\beta^2$",
    proof=combine(Use(SHARES, times=_noise * u[r] * u[s] * _form * (share**2 + rest**2 + 1))),
    domains=(SPLIT,),
    near_misses=(
        NearMiss("nothing is lost", right=_noise * u[r] * u[s] * _form),
        NearMiss("any shares", given=(), domains=(Domain(gram=(Q,)),)),
    ),
    prose=(
        "What the noise of layer $i$ adds to the second moments of the next layer, before the noise of "
        "that one, falls."
    ),
)

#: Second moments of the features that are smaller, and what the layers make of them.
B, L = (sp.IndexedBase(name, real=True) for name in ("B", "N"))
SMALLER_MOMENTS = replace(
    SECOND_MOMENTS,
    head=L,
    base=SECOND_MOMENTS.base.xreplace({A[j, k]: B[j, k]}),
    step=SECOND_MOMENTS.step.replace(
        lambda node: isinstance(node, sp.Indexed) and node.base == M, lambda node: L[node.indices]
    ),
)
FAMILIES = (SECOND_MOMENTS, SMALLER_MOMENTS)
SMALLER = semidefinite(A[j, k] - B[j, k], (j, 1, d[0]), (k, 1, d[0]))
_neurons = ((j, 1, d[D]), (k, 1, d[D]))

#: B = A - C with a positive semidefinite C.
C = sp.IndexedBase("C", real=True)
LESS = Domain(define=((B[j, k], A[j, k] - C[j, k]),), gram=(C,))

ORDER_KEPT = Statement(
    id="subnetwork-saddle-order",
    title="Smaller second moments stay smaller",
    relation=Relation.MATRIX_AT_LEAST,
    left=M[D, j, k],
    right=L[D, j, k],
    over=_neurons,
    given=(SMALLER,),
    definitions=FAMILIES,
    reference="the recursion is linear and keeps second moments semidefinite",
    proof=Induct(
        D,
        base=combine(Use(SMALLER, where={z[j]: z[j]})),
        step=combine(
            Use(HYPOTHESIS, where={z[j]: sp.Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))}),
            Use(
                HYPOTHESIS,
                times=sigma[D + 1] ** 2 * z[r] ** 2,
                where={z[j]: W[D + 1, r, j]},
                over=((r, 1, d[D + 1]),),
            ),
        ),
    ),
    domains=(LESS,),
    near_misses=(NearMiss("no order of the features", given=(), domains=(Domain(),)),),
    prose=(
        "The layers above pass this on. They are a network on their own, whose features are the outputs "
        "of the next layer before its noise and whose first layer is the identity with this noise. Let "
        "$A$ and $B$ be the second moments of its features before and after the split."
    ),
)


def form(family: sp.IndexedBase, vector: sp.IndexedBase) -> sp.Sum:
    """The quadratic form of the second moments of layer D."""
    return sp.Sum(vector[j] * vector[k] * family[D, j, k], *_neurons)


def lost(vector: sp.IndexedBase) -> sp.Sum:
    """The quadratic form of A - B at the vector pulled back to the features."""
    pulled = seen_through(vector, r) * seen_through(vector, s)
    return sp.Sum((A[r, s] - B[r, s]) * pulled, (r, 1, d[0]), (s, 1, d[0]))


def behind(entry: sp.Expr) -> sp.Sum:
    """W_{D+1} (entry) W_{D+1}ᵀ."""
    return sp.Sum(W[D + 1, j, r] * entry * W[D + 1, k, s], (r, 1, d[D]), (s, 1, d[D]))


DIFFERENCE = Statement(
    id="subnetwork-saddle-layers",
    title="What the layers above make of the difference",
    relation=Relation.AT_LEAST,
    left=form(M, g) - form(L, g),
    right=NOISE_FACTOR * lost(g),
    given=(SMALLER,),
    definitions=(*FAMILIES, END_TO_END),
    reference="the lower bound on second moments, for a difference",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(HYPOTHESIS, times=1 + sigma[D + 1] ** 2 / d[D + 1], where={g[j]: DOWN}),
            Use(
                DIAGONAL_BOUND,
                times=sigma[D + 1] ** 2 / d[D + 1],
                where={Q[j, k]: behind(M[D, r, s] - L[D, r, s]), n: d[D + 1], z[j]: g[j]},
                given=(
                    combine(
                        Use(
                            ORDER_KEPT,
                            where={z[j]: sp.Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))},
                        )
                    ),
                ),
            ),
        ),
    ),
    domains=(LESS,),
    near_misses=(NearMiss("twice the noise factor", right=2 * NOISE_FACTOR * lost(g)),),
)

#: The loss of second moments, and how much of the split neuron reaches the output.
drop = sp.Symbol("h", positive=True)
DROP = equal(A[r, s] - B[r, s], drop * u[r] * u[s], (r, 1, d[0]), (s, 1, d[0]))
_reached = sp.Sum(u[r] * seen_through(U, r), (r, 1, d[0]))
REACHED = greater(_reached**2, 0)
_dropped = Domain(define=((B[j, k], A[j, k] - drop * u[j] * u[k]),))

SUBNETWORK_SADDLE = Statement(
    id="subnetwork-saddle",
    title="The second moment of the prediction falls",
    relation=Relation.GREATER,
    left=form(M, U),
    right=form(L, U),
    given=(DROP, REACHED),
    definitions=(*FAMILIES, END_TO_END),
    conditions=(r"$h = 2\sigma_i^2 \alpha^2 \beta^2 \omega^{\top} Q\, \omega$",),
    reference="the bound on the difference",
    proof=combine(
        Use(
            DIFFERENCE,
            where={g[j]: U[j]},
            given=(
                combine(
                    Use(
                        DROP,
                        times=z[j] * z[k],
                        where={r: j, s: k},
                        over=((j, 1, d[0]), (k, 1, d[0])),
                    ),
                    plus=drop * sp.Sum(z[j] * u[j], (j, 1, d[0])) ** 2,
                ),
            ),
        ),
        Use(
            DROP,
            times=NOISE_FACTOR * seen_through(U, r) * seen_through(U, s),
            over=((r, 1, d[0]), (s, 1, d[0])),
        ),
        plus=NOISE_FACTOR * drop * _reached**2,
    ),
    domains=(_dropped,),
    near_misses=(
        NearMiss(
            "nothing reaches the output",
            given=(DROP,),
            domains=(replace(_dropped, define=(*_dropped.define, (u[j], 0 * j))),),
        ),
    ),
)

# -- a step in words -------------------------------------------------------------------------------------

NO_MINIMUM = Step(
    id="subnetwork-saddle-words",
    title="A point with a dead neuron in a layer with noise is a saddle",
    text=(
        r"Split a living neuron of the layer. It has an output, $\omega^{\top} Q\, \omega > 0$, and "
        "reaches the output of the network, since all layers have rank one. The map and the decay "
        r"stay, and the second moment falls by a multiple of $\alpha^2 \beta^2$ at least, so that the "
        r"loss falls strictly however small $\beta$ is: the second derivative in this direction is "
        "negative. If the layer is the last, this is the identity for the noise itself. Weights into "
        "the dead neuron alone raise the decay and change nothing else. So the point is neither a "
        "local minimum nor a local maximum, and at a local minimum other than the origin no neuron "
        "of a layer with noise is dead."
    ),
    theorem="the second-order necessary condition for a local minimum",
    reference="any course of analysis",
    rests_on=(PRODUCTS, NOISE, SUBNETWORK_SADDLE, SIGNAL, SEEN, DESCENT),
    conditions=("all decays are positive", "$v \\ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="subnetwork-saddle",
    title="Dead neurons",
    prose=(
        "Some of these points use a part of the neurons only. Where there is noise, waking a dead neuron "
        "helps."
    ),
    statements=(PRODUCTS, NOISE, ORDER_KEPT, DIFFERENCE, SUBNETWORK_SADDLE),
    steps=(NO_MINIMUM,),
)
