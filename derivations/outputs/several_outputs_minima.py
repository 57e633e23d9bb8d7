"""Several outputs: which stationary points are minima, and which one is the global one."""

from ..notation import *
from .several_outputs import NOISELESS, PAIRS, V, a, e, l, p
from .several_outputs_layers import WIDTH, mirror, turned

singular, z = families("s z", nonnegative=True)
signal, weak, size = v_norm, letters("eta", positive=True), m_norm


def one_output(strength: Expr, norm: Expr) -> Expr:
    """F for one output, ‖v‖ = ``strength`` and ‖m‖ = ``norm``, with the map along v."""
    return LETTERS.loss(a * norm**2, strength * norm, norm).xreplace(NOISELESS)


STRONGER = at_least(signal, weak)

MONOTONE = theorem(
    "several-outputs-order",
    "A stronger signal gains more",
    at_least(one_output(weak, size), one_output(signal, size)),
    given=(STRONGER,),
    reference="the loss of one output falls with the signal",
    proof=2 * size * STRONGER,
    misses={"no order": without(STRONGER)},
    prose=r"""All decays are positive, so the loss grows without bound and has a global minimum. As a
        stationary point it adds up, over at most $r$ singular values, stationary values of one output, none
        of which is below the minimum $F^{*}(s_p) \le c$ of its problem. That minimum falls as $s_p$ grows:
        """,
)

#: Two modes with their singular vectors, turned by an angle.
u = families("u")
q = letters("q", integer=True, positive=True)
cosine, sine = letters("alpha beta")
CIRCLE = equal(cosine**2 + sine**2, 1)
SINGULAR = equal(Sum(u[p, j] * V[j, k] * e[q, k], *PAIRS), singular[p] * delta(p, q), (p, 1, 2), (q, 1, 2))


def seen(first: Expr, second: Expr) -> Sum:
    """What the data see of a mode whose singular vectors are so much of the first and of the second."""
    left, right = (first * base[1, index] + second * base[2, index] for base, index in ((u, j), (e, k)))
    return Sum(left * V[j, k] * right, *PAIRS)


_still = z[1] * singular[1] + z[2] * singular[2]
_mixed = (z[1] - z[2]) * cosine * sine
_two_modes = {
    WIDTH: Integer(2),
    d[j]: WIDTH,
    V[j, k]: turned(singular[l], D + 1, 0),
    u[p, j]: mirror(D + 1, j, p),
    e[p, j]: mirror(0, j, p),
}

TURN = theorem(
    "several-outputs-turn",
    "Two modes that are turned together",
    equal(
        z[1] * seen(cosine, sine) + z[2] * seen(-sine, cosine),
        _still - sine**2 * (z[1] - z[2]) * (singular[1] - singular[2]),
    ),
    given=(SINGULAR, CIRCLE),
    reference="a rotation of two singular vectors on both sides",
    proof=(z[1] * cosine**2 + z[2] * sine**2) * SINGULAR.at({p: 1, q: 1})
    + (z[1] * sine**2 + z[2] * cosine**2) * SINGULAR.at({p: 2, q: 2})
    + _mixed * SINGULAR.at({p: 1, q: 2})
    + _mixed * SINGULAR.at({p: 2, q: 1})
    + _still * CIRCLE,
    test=Domain(ranges={cosine: (0, 1)}, define=_two_modes | {sine: sqrt(1 - cosine**2)}),
    misses={
        "any two numbers": (without(CIRCLE), Domain(define=_two_modes)),
        "nothing changes": right(_still),
    },
    prose=r"""So $\min L = c + \sum_p (F^{*}(s_p) - c)$ over the $r$ largest singular values. Which
        other points are local minima? Each mode must be at one of its own problem with one output, 0
        included as long as a neuron is free: all others held fixed, the loss is that of this problem. And
        modes must be ordered. Let $u_p$ and $e_p$ be singular vectors with singular values $s_p$, and turn
        two of them on both sides by an angle with cosine $\alpha$ and sine $\beta$.""",
)

#: tr MᵀV, ‖M‖² and two theorems on singular values.
overlap, (frobenius, decay) = letters("P"), letters("Q Omega", nonnegative=True)
_modes = (p, 1, n)
HORN = at_least(decay, Sum(LETTERS.penalty(z[p]), _modes))
NEUMANN = at_least(dot(z[p], singular[p], _modes), overlap)
FROBENIUS = equal(frobenius, norm2(z[p], _modes))

SEPARATE = theorem(
    "several-outputs-bound",
    "The loss is at least that of separate modes",
    at_least(a * frobenius - 2 * overlap + decay, Sum(one_output(singular[p], z[p]) - c, _modes)),
    given=(
        *(HORN, NEUMANN, FROBENIUS),
        r"$P = \operatorname{tr} M^{\top} V$, $Q = \lVert M\rVert_F^2$; $\Omega$ is the decay",
        "$z_p$ and $s_p$ are the singular values of $M$ and $V$, each in decreasing order",
    ),
    reference="Horn 1950 and von Neumann 1937, taken as hypotheses",
    proof=HORN + 2 * NEUMANN + a * FROBENIUS,
    test=Domain(define={overlap: NEUMANN.left - cosine**2, decay: HORN.right + sine**2}),
    misses={"without the bound on the decay": (without(HORN), Domain(define={overlap: NEUMANN.left}))},
    prose=r"""The norm of the map and the decay of the layers stay, so the loss grows by $2 \beta^2 (z_1
        - z_2)(s_1 - s_2)$. If the stronger signal has the smaller mode, or none, this is negative however
        small $\beta$ is, and the point is no local minimum. The points that are left are minima. This rests
        on two theorems that are not proved here and stand among the hypotheses: von Neumann's bound on
        $\operatorname{tr} M^{\top} V$, and Horn's inequality for the singular values of a product, by
        which, with AM–GM, the decay is at least $(D + 1)\, \bar\gamma \sum_p z_p^{2/(D+1)}$. Both are
        equalities at stationary points whose modes are ordered as the signals, and on the branch of minima
        they are, since $z_p$ grows with $s_p$. As singular values depend continuously on the weights, a
        point where each $z_p$ is a local minimum of its own problem is one of the loss.""",
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
    prose=r"""For $D \ge 2$ the local minima are these: for some $j \le r$ the $j$ largest singular
        values are at a local minimum $m \ne 0$ of their problems with one output, and the others at 0. For
        $D = 1$ all local minima are global. The global minimum takes the $r$ largest singular values, each
        at the global minimum of its own problem: as the decay grows, modes switch off one after the other,
        the weakest first.""",
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
