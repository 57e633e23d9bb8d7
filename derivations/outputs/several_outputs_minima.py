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
    Use,
    at_least,
    combine,
    equal,
)

from ..notation import LETTERS, D, d, j, k, n
from .several_outputs import NOISELESS, signal, zeta
from .several_outputs_layers import PAIRS, WIDTH, V, a, e, l, mirror, p, q, size, turned, z

s_ = sp.IndexedBase("s", nonnegative=True)
weak = sp.Symbol("eta", positive=True)


def one_output(strength: Any, norm: Any) -> Any:
    """F for one output, ‖v‖ = ``strength`` and ‖m‖ = ``norm``, with the map along v."""
    return LETTERS.loss(a * norm**2, strength * norm, norm).xreplace(NOISELESS)


STRONGER = at_least(signal, weak)

MONOTONE = Statement(
    id="several-outputs-order",
    title="A stronger signal gains more",
    relation=Relation.AT_LEAST,
    left=one_output(weak, size),
    right=one_output(signal, size),
    given=(STRONGER,),
    reference="the loss of one output falls with the signal",
    proof=combine(Use(STRONGER, times=2 * size)),
    domains=(Domain(define=((signal, weak + zeta),)),),
    near_misses=(NearMiss("no order", given=(), domains=(Domain(),)),),
    prose=(
        "All decays are positive, so the loss grows without bound and has a global minimum. As a "
        "stationary point it adds up, over at most $r$ singular values, stationary values of one output, "
        r"none of which is below the minimum $F^{*}(s_p) \le c$ of its problem. That minimum falls as "
        "$s_p$ grows:"
    ),
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
        r"So $\min L = c + \sum_p (F^{*}(s_p) - c)$ over the $r$ largest singular values. Which other "
        "points are local minima? Each mode must be at one of its own problem with one output, 0 included "
        "as long as a neuron is free: all others held fixed, the loss is that of this problem. And modes "
        "must be ordered. Let $u_p$ and $e_p$ be singular vectors with singular values $s_p$, and turn "
        r"two of them on both sides by an angle with cosine $\alpha$ and sine $\beta$."
    ),
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
    title="The loss is at least that of separate modes",
    relation=Relation.AT_LEAST,
    left=a * frobenius - 2 * overlap + sy.decay_term,
    right=sp.Sum(one_output(s_[p], z[p]) - sy.c, EACH),
    given=(HORN, NEUMANN, FROBENIUS),
    conditions=(
        r"$P = \operatorname{tr} M^{\top} V$, $Q = \lVert M\rVert_F^2$; $\Omega$ is the decay",
        "$z_p$ and $s_p$ are the singular values of $M$ and $V$, each in decreasing order",
    ),
    reference="Horn 1950 and von Neumann 1937, taken as hypotheses",
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
        "z_2)(s_1 - s_2)$. If the stronger signal has the smaller mode, or none, this is negative however "
        r"small $\beta$ is, and the point is no local minimum. The points that are left are minima. This "
        "rests on two theorems that are not proved here and stand among the hypotheses: von Neumann's "
        r"bound on $\operatorname{tr} M^{\top} V$, and Horn's inequality for the singular values of a "
        r"product, by which, with AM–GM, the decay is at least $(D + 1)\, \bar\gamma \sum_p "
        "z_p^{2/(D+1)}$. Both are equalities at stationary points whose modes are ordered as the signals, "
        "and on the branch of minima they are, since $z_p$ grows with $s_p$. As singular values depend "
        "continuously on the weights, a point where each $z_p$ is a local minimum of its own problem is "
        "one of the loss."
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
    figures=(
        (
            "The global minimum of three modes with $a = 1$. With two hidden layers (solid) every mode "
            "jumps to zero at its own transition, the weakest first; with one (dashed) it goes to zero "
            "continuously.",
            draw_modes,
        ),
    ),
)
