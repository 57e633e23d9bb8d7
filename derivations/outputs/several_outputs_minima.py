"""Several outputs: which stationary points are minima, and which one is the global one."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
)

from ..inequalities import AM_GM
from ..minima.one_hidden_layer_convex import NO_BAD_MINIMUM
from ..notation import LETTERS, D, d, j, k, n
from .several_outputs import CHOICES, GAIN, NOISELESS, SEVERAL_OUTPUTS, SINGULAR_VECTORS, signal, zeta
from .several_outputs_layers import PAIRS, WIDTH, V, a, e, l, mirror, p, q, size, turned, z

s_ = sp.IndexedBase("s", nonnegative=True)
weak = sp.Symbol("eta", positive=True)


def one_output(strength: Any, norm: Any) -> Any:
    """F for one output, ‖v‖ = ``strength`` and ‖m‖ = ``norm``, with the map along v."""
    return LETTERS.loss(a * norm**2, strength * norm, norm).xreplace(NOISELESS)


STRONGER = at_least(signal, weak)

MONOTONE = Statement(
    id="several-outputs-order",
    title="At the same map a stronger signal gains more",
    relation=Relation.AT_LEAST,
    left=one_output(weak, size),
    right=one_output(signal, size),
    given=(STRONGER,),
    reference="the loss of one output falls with the signal",
    proof=combine(Use(STRONGER, times=2 * size)),
    domains=(Domain(define=((signal, weak + zeta),)),),
    near_misses=(NearMiss("no order", given=(), domains=(Domain(),)),),
    prose="A mode gains more the larger its singular value is.",
)

#: Two modes with their singular vectors, turned by an angle.
u = sp.IndexedBase("u", real=True)
cosine, sine = (sp.Symbol(name, real=True) for name in ("alpha", "beta"))
CIRCLE = equal(cosine**2 + sine**2, 1)
SINGULAR = equal(
    sp.Sum(u[p, j] * V[j, k] * e[q, k], *PAIRS), s_[p] * sp.KroneckerDelta(p, q), (p, 1, 2), (q, 1, 2)
)


def seen(first: Any, second: Any) -> Any:
    """What the data see of a mode with the singular vectors first·(1, 2) and second·(1, 2)."""
    left, right = (
        part[0] * base[1, index] + part[1] * base[2, index]
        for part, base, index in ((first, u, j), (second, e, k))
    )
    return sp.Sum(left * V[j, k] * right, *PAIRS)


_one, _two = (cosine, sine), (-sine, cosine)
_weights = {
    (1, 1): z[1] * cosine**2 + z[2] * sine**2,
    (2, 2): z[1] * sine**2 + z[2] * cosine**2,
    (1, 2): (z[1] - z[2]) * cosine * sine,
    (2, 1): (z[1] - z[2]) * cosine * sine,
}
_two_modes = (
    (WIDTH, sp.Integer(2)),
    (d[j], WIDTH),
    (V[j, k], turned(s_[l], D + 1, 0)),
    (u[p, j], mirror(D + 1, j, p)),
    (e[p, j], mirror(0, j, p)),
)

TURN = Statement(
    id="several-outputs-turn",
    title="Two modes that are turned together",
    left=z[1] * seen(_one, _one) + z[2] * seen(_two, _two),
    right=z[1] * s_[1] + z[2] * s_[2] - sine**2 * (z[1] - z[2]) * (s_[1] - s_[2]),
    given=(SINGULAR, CIRCLE),
    reference="a rotation of two singular vectors on both sides",
    proof=combine(
        *(
            Use(SINGULAR, times=times, where={p: row, q: column})
            for (row, column), times in _weights.items()
        ),
        Use(CIRCLE, times=z[1] * s_[1] + z[2] * s_[2]),
    ),
    domains=(Domain(ranges=((cosine, (0, 1)),), define=(*_two_modes, (sine, sp.sqrt(1 - cosine**2)))),),
    near_misses=(
        NearMiss("any two numbers", given=(SINGULAR,), domains=(Domain(define=_two_modes),)),
        NearMiss("nothing changes", right=z[1] * s_[1] + z[2] * s_[2]),
    ),
    prose=(
        r"Let $u_p$ and $e_p$ be singular vectors with singular values $s_p$, and turn two of them on both "
        r"sides by an angle with cosine $\alpha$ and sine $\beta$."
    ),
)

TRACE_BOUND = Step(
    id="several-outputs-von-neumann",
    title="The overlap of two matrices is at most that of singular values",
    text=(
        r"For two matrices of one shape, with singular values $z_p$ and $s_p$ in decreasing order, "
        r"$\operatorname{tr} M^{\top} V \le \sum_p z_p s_p$."
    ),
    theorem="von Neumann's trace inequality",
    reference="von Neumann 1937, Some matrix-inequalities and metrization of matric-space",
    rests_on=(),
)

DECAY_BOUND = Step(
    id="several-outputs-horn",
    title="The decay of the layers is at least the sum of the penalties",
    text=(
        r"The singular values of a product are weakly log-majorized by the products of those of the "
        r"factors, so that for $q = 2/(D+1)$ the sum of $z_p^{q}$ is at most that of the products of the "
        r"powers $q$ of the singular values $\sigma_{i,p}$ of the layers. By AM–GM the decays "
        r"$\sum_i \gamma_i \sigma_{i,p}^2$ are at least $D + 1$ times $\bar\gamma$ and this product, for "
        r"each $p$."
    ),
    theorem="Horn's inequality for the singular values of a product",
    reference="Horn 1950, On the singular values of a product of completely continuous operators",
    rests_on=(AM_GM,),
)

#: tr MᵀV, ‖M‖² and two theorems on singular values.
overlap, frobenius = sp.Symbol("P", real=True), sp.Symbol("Q", nonnegative=True)
EACH = (p, 1, n)
_penalty = LETTERS.penalty(z[p])
HORN = at_least(sy.decay_term, sp.Sum(_penalty, EACH))
NEUMANN = at_least(sp.Sum(z[p] * s_[p], EACH), overlap)
FROBENIUS = equal(frobenius, sp.Sum(z[p] ** 2, EACH))

SEPARATE = Statement(
    id="several-outputs-bound",
    title="Given two bounds, the loss is at least that of separate modes",
    relation=Relation.AT_LEAST,
    left=a * frobenius - 2 * overlap + sy.decay_term,
    right=sp.Sum(one_output(s_[p], z[p]) - sy.c, EACH),
    given=(HORN, NEUMANN, FROBENIUS),
    conditions=(
        r"$P = \operatorname{tr} M^{\top} V$, $Q = \lVert M\rVert_F^2$; $\Omega$ is the decay",
        "$z_p$ and $s_p$ are the singular values of $M$ and $V$, each in decreasing order",
    ),
    reference="Horn 1950 and von Neumann 1937, taken as hypotheses",
    steps=(TRACE_BOUND, DECAY_BOUND),
    proof=combine(Use(HORN), Use(NEUMANN, times=2), Use(FROBENIUS, times=a)),
    domains=(
        Domain(
            define=(
                (frobenius, FROBENIUS.right),
                (overlap, NEUMANN.left - cosine**2),
                (sy.decay_term, HORN.right + sine**2),
            )
        ),
    ),
    near_misses=(
        NearMiss(
            "without the bound on the decay",
            given=(NEUMANN, FROBENIUS),
            domains=(
                Domain(
                    define=(
                        (frobenius, FROBENIUS.right),
                        (overlap, NEUMANN.left),
                        (sy.decay_term, HORN.right / 2),
                    )
                ),
            ),
        ),
    ),
    prose=(
        r"The norm of the map and the decay of the layers stay, so the loss grows by $2 \beta^2 (z_1 - "
        r"z_2)(s_1 - s_2)$. Two theorems on singular values, which are not proved here, stand among the "
        "hypotheses of the next bound."
    ),
)


def draw_modes(axes: Any) -> None:
    """The sizes z of three modes at the global minimum against the decay."""
    import numpy as np

    for depth, style in ((1, "--"), (2, "-")):
        last = 1 / (depth - 1) if depth > 1 else 400.0
        ratio = np.geomspace(1e-4, last, 400)
        decay = ratio * (1 + ratio) ** (-2 * depth / (depth + 1))
        for strength, color in ((3, "C0"), (2, "C1"), (1, "C2")):
            mean = decay * strength ** (2 * depth / (depth + 1))
            sizes = strength / (1 + ratio)
            axes.plot(
                [*mean, mean[-1], 4],
                [*sizes, 0, 0],
                color=color,
                linestyle=style,
                label=f"$s = {strength}$, $D = {depth}$",
            )
    axes.set_xlim(0, 3.2)
    axes.set_xlabel(r"mean decay $\bar\gamma$")
    axes.set_ylabel("size $z$ of the mode")
    axes.legend()


# -- steps in words --------------------------------------------------------------------------------------

MINIMUM = Step(
    id="several-outputs-global",
    title="The global minimum takes the $r$ largest singular values",
    text=(
        r"All decays are positive, so the loss grows without bound and has a global minimum, which is a "
        r"stationary point. Its loss is $c$ plus a sum over at most $r$ singular values of stationary "
        r"values of one output less $c$, none of which is below $F^{*}(s_p) - c \le 0$. That falls as "
        r"$s_p$ grows. So the sum is least over the $r$ largest singular values, each at the global "
        r"minimum of its problem, and such a point is stationary: $\min L = c + \sum_p (F^{*}(s_p) - c)$."
    ),
    theorem="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(MONOTONE, SEVERAL_OUTPUTS, GAIN, SINGULAR_VECTORS, CHOICES),
    conditions=("all decays are positive",),
)

ORDERED = Step(
    id="several-outputs-ordered",
    title="Local minima take the largest singular values in order",
    text=(
        "At a local minimum each mode is at one of its own problem, all others held fixed, 0 "
        "included as long as a neuron is free. If the stronger of two signals has the smaller mode, "
        "or none, a turn of the two lowers the loss however small it is, and the point is no local "
        "minimum. So what is left are the $j$ largest singular values, in order."
    ),
    theorem="the definition of a local minimum",
    reference="any course of analysis",
    rests_on=(TURN, CHOICES, SINGULAR_VECTORS, NO_BAD_MINIMUM),
    conditions=("all decays are positive",),
)

ARE_MINIMA = Step(
    id="several-outputs-are-minima",
    title="Ordered modes on the branch of minima are local minima",
    text=(
        "The loss is at least the sum over the modes of the losses of one output at the singular "
        "values of the map. Both theorems are equalities at stationary points whose modes are "
        "ordered as the signals, as they are on the branch of minima, where $z_p$ grows with $s_p$. "
        "Singular values depend continuously on the weights, so near such a point the bound is at "
        "least its loss."
    ),
    theorem="Weyl's theorem on the continuity of singular values",
    reference="Horn and Johnson, Matrix Analysis, corollary 7.3.8",
    rests_on=(SEPARATE, TRACE_BOUND, DECAY_BOUND, ORDERED),
    conditions=(r"$D \ge 2$", "all decays are positive"),
)

DERIVATION = Derivation(
    id="several-outputs-minima",
    title="Several outputs: the minima",
    prose=(
        r"For $D \ge 2$ the local minima are these: for some $j \le r$ the $j$ largest singular values are "
        r"at a local minimum $m \ne 0$ of their problems with one output, and the others at 0. For $D = 1$ "
        "all local minima are global. The global minimum takes the $r$ largest singular values, each at "
        "the global minimum of its own problem: as the decay grows, modes switch off one after the other, "
        "the weakest first."
    ),
    statements=(MONOTONE, TURN, SEPARATE),
    steps=(
        TRACE_BOUND,
        DECAY_BOUND,
        MINIMUM,
        ORDERED,
        ARE_MINIMA,
    ),
    figures=(
        (
            "The global minimum of three modes with $a = 1$. With two hidden layers (solid) every mode "
            "jumps to zero at its own transition, the weakest first; with one (dashed) it goes to zero "
            "continuously.",
            draw_modes,
        ),
    ),
)
