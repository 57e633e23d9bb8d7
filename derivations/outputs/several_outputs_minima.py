"""Several outputs: which stationary points are minima, and which one is the global one."""

from ..inequalities import AM_GM
from ..minima.one_hidden_layer_convex import NO_BAD_MINIMUM
from ..notation import *
from .several_outputs import CHOICES, GAIN, NOISELESS, SEVERAL_OUTPUTS, SINGULAR_VECTORS
from .several_outputs_layers import PAIRS, WIDTH, V, a, e, l, mirror, p, turned

singular, z = families("s z", nonnegative=True)
signal, weak, size = v_norm, letters("eta", positive=True), m_norm


def one_output(strength: Expr, norm: Expr) -> Expr:
    """F for one output, ‖v‖ = ``strength`` and ‖m‖ = ``norm``, with the map along v."""
    return LETTERS.loss(a * norm**2, strength * norm, norm).xreplace(NOISELESS)


STRONGER = at_least(signal, weak)

MONOTONE = theorem(
    "several-outputs-order",
    "At the same map a stronger signal gains no less",
    at_least(one_output(weak, size), one_output(signal, size)),
    given=(STRONGER,),
    reference="the loss of one output falls with the signal",
    proof=2 * size * STRONGER,
    misses={"no order": without(STRONGER)},
    prose="A mode gains more the larger its singular value is.",
)

#: Two modes with their singular vectors, turned by an angle.
psi = families("psi")
cosine, sine = letters("alpha beta")
CIRCLE = equal(cosine**2 + sine**2, 1)
SINGULAR = equal(
    Sum(psi[p, j] * V[j, k] * e[l, k], *PAIRS), singular[p] * delta(p, l), (p, 1, 2), (l, 1, 2)
)


def seen(first: Expr, second: Expr) -> Sum:
    """What the data see of a mode whose singular vectors are so much of the first and of the second."""
    left, right = (first * base[1, index] + second * base[2, index] for base, index in ((psi, j), (e, k)))
    return Sum(left * V[j, k] * right, *PAIRS)


_still = z[1] * singular[1] + z[2] * singular[2]
_mixed = (z[1] - z[2]) * cosine * sine
_two_modes = {
    WIDTH: Integer(2),
    d[j]: WIDTH,
    V[j, k]: turned(singular[l], D + 1, 0),
    psi[p, j]: mirror(D + 1, j, p),
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
    proof=(z[1] * cosine**2 + z[2] * sine**2) * SINGULAR.at({p: 1, l: 1})
    + (z[1] * sine**2 + z[2] * cosine**2) * SINGULAR.at({p: 2, l: 2})
    + _mixed * SINGULAR.at({p: 1, l: 2})
    + _mixed * SINGULAR.at({p: 2, l: 1})
    + _still * CIRCLE,
    test=Domain(ranges={cosine: (0, 1)}, define=_two_modes | {sine: sqrt(1 - cosine**2)}),
    misses={
        "any two numbers": (without(CIRCLE), Domain(define=_two_modes)),
        "nothing changes": right(_still),
    },
    prose=r"""Let $\psi_p$ and $e_p$ be singular vectors with singular values $s_p$, and turn two of them on
        both sides by an angle with cosine $\alpha$ and sine $\beta$.""",
)

TRACE_BOUND = in_words(
    "several-outputs-von-neumann",
    "The overlap of two matrices is at most that of singular values",
    r"""For two matrices of one shape, with singular values $z_p$ and $s_p$ in decreasing order,
        $\operatorname{tr} P^{\top} V \le \sum_p z_p s_p$.""",
    by="von Neumann's trace inequality",
    reference="von Neumann 1937, Some matrix-inequalities and metrization of matric-space",
    rests_on=(),
    display=Display(
        r"\operatorname{tr}(P^{\top} V) \le \sum_{p=1}^{n} s_{p} z_{p}", setting="several outputs"
    ),
)

DECAY_BOUND = in_words(
    "several-outputs-horn",
    "The decay of the layers is at least the sum of the penalties",
    r"""The singular values of a product are weakly log-majorized by the products of those of the factors,
        so that the sum of $z_p^{2/(D+1)}$ is at most that of the products of the powers $2/(D+1)$ of the
        singular values $\sigma_{i,p}$ of the layers. By AM–GM the decays $\sum_i \gamma_i
        \sigma_{i,p}^2$ are at least $D + 1$ times $\bar\gamma$ and this product, for each $p$.""",
    by="Horn's inequality for the singular values of a product",
    reference="Horn 1950, On the singular values of a product of completely continuous operators",
    rests_on=(AM_GM,),
    display=Display(
        r"\sum_{i=1}^{D + 1} \gamma_{i} \lVert W_{i} \rVert_{F}^{2} \ge "
        r"(D + 1) \bar{\gamma} \sum_{p=1}^{n} z_{p}^{2 / (D + 1)}",
        setting="several outputs",
    ),
)

#: tr PᵀV, ‖P‖² and two theorems on singular values.
overlap, (frobenius, decay) = letters("xi"), letters("Q Omega", nonnegative=True)
_modes = (p, 1, n)
HORN = at_least(decay, Sum(LETTERS.penalty(z[p]), _modes))
NEUMANN = at_least(dot(z[p], singular[p], _modes), overlap)
FROBENIUS = equal(frobenius, norm2(z[p], _modes))

SEPARATE = theorem(
    "several-outputs-bound",
    "If both bounds hold, the loss is at least that of separate modes",
    at_least(a * frobenius - 2 * overlap + decay, Sum(one_output(singular[p], z[p]) - c, _modes)),
    given=(
        *(HORN, NEUMANN, FROBENIUS),
        r"$\xi = \operatorname{tr} P^{\top} V$, $Q = \lVert P\rVert_F^2$; $\Omega$ is the decay",
        "$z_p$ and $s_p$ are the singular values of $P$ and $V$, each in decreasing order",
    ),
    reference="Horn 1950 and von Neumann 1937, which say that the two bounds hold",
    steps=(TRACE_BOUND, DECAY_BOUND),
    proof=HORN + 2 * NEUMANN + a * FROBENIUS,
    misses={"without the bound on the decay": without(HORN)},
    display=Display(
        r"a \lVert P \rVert_{F}^{2} - 2 \operatorname{tr}(P^{\top} V) + \Omega \ge "
        r"\sum_{p=1}^{n} (a z_{p}^{2} - 2 s_{p} z_{p} + (D + 1) \bar{\gamma} z_{p}^{2 / (D + 1)})",
        given=(
            r"\Omega \ge \sum_{p=1}^{n} (D + 1) \bar{\gamma} z_{p}^{2 / (D + 1)}",
            r"\operatorname{tr}(P^{\top} V) \le \sum_{p=1}^{n} s_{p} z_{p}",
            r"\lVert P \rVert_{F}^{2} = \sum_{p=1}^{n} z_{p}^{2}",
        ),
        at={overlap: r"\operatorname{tr}(P^{\top} V)", frobenius: r"\lVert P \rVert_{F}^{2}"},
        setting="several outputs",
    ),
    prose=r"""The norm of the map and the decay of the layers stay, so the loss grows by $2 \beta^2 (z_1 -
        z_2)(s_1 - s_2)$. Two theorems on singular values, which are not proved here, stand among the
        hypotheses of the next bound.""",
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
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=1, handlelength=1.5)


MINIMUM = in_words(
    "several-outputs-global",
    "The global minimum takes the $r$ largest singular values",
    r"""All decays are positive, so the loss grows without bound and has a global minimum, which is a
        stationary point. Its loss is $c$ plus a sum over at most $r$ singular values of stationary values
        of one output less $c$, none of which is below $F^{*}(s_p) - c \le 0$. That falls as $s_p$ grows. So
        the sum is least over the $r$ largest singular values, each at the global minimum of its problem,
        and such a point is stationary: $\min L = c + \sum_p (F^{*}(s_p) - c)$.""",
    by="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(MONOTONE, SEVERAL_OUTPUTS, GAIN, SINGULAR_VECTORS, CHOICES),
    display=r"\min_{W} \bar{L}(W) = c + \sum_{p=1}^{d_{\mathrm{min}}} \min_{z \ge 0} "
    r"\bigl(a z^{2} - 2 s_{p} z + (D + 1) \bar{\gamma} z^{2 / (D + 1)}\bigr)",
    conditions=("all decays are positive", "there is no noise, and $A = a I$"),
)

ORDERED = in_words(
    "several-outputs-ordered",
    "Local minima take the largest singular values in order",
    """At a local minimum each mode is at one of its own problem, all others held fixed, 0 included as long
        as a neuron is free. If the stronger of two signals has the smaller mode, or none, a turn of the two
        lowers the loss however small it is, and the point is no local minimum. So what is left are the $j$
        largest singular values, in order.""",
    by="the definition of a local minimum",
    reference="any course of analysis",
    rests_on=(TURN, CHOICES, SINGULAR_VECTORS, NO_BAD_MINIMUM),
    conditions=("all decays are positive",),
)

ARE_MINIMA = in_words(
    "several-outputs-are-minima",
    "Ordered modes on the branch of minima are local minima",
    """The loss is at least the sum over the modes of the losses of one output at the singular values of the
        map. Both theorems are equalities at stationary points whose modes are ordered as the signals, as
        they are on the branch of minima, where $z_p$ grows with $s_p$. Singular values depend continuously
        on the weights, so near such a point the bound is at least its loss.""",
    by="Weyl's theorem on the continuity of singular values",
    reference="Horn and Johnson, Matrix Analysis, section 7.3",
    rests_on=(SEPARATE, TRACE_BOUND, DECAY_BOUND, ORDERED),
    conditions=(r"$D \ge 2$", "all decays are positive"),
)

DERIVATION = Derivation(
    id="several-outputs-minima",
    title="Several outputs: the minima",
    prose=r"""For $D \ge 2$ the local minima are these: for some $j \le r$ the $j$ largest singular
        values are at a local minimum $m \ne 0$ of their problems with one output, and the others at 0. For
        $D = 1$ all local minima are global. The global minimum takes the $r$ largest singular values, each
        at the global minimum of its own problem: as the decay grows, modes switch off one after the other,
        the weakest first. That the map of a global minimum is unique in
        general is shown in [@kamber2026]; linear autoencoders are the case of one hidden layer
        [@kunin2019].""",
    statements=(MONOTONE, TURN, SEPARATE),
    steps=(TRACE_BOUND, DECAY_BOUND, MINIMUM, ORDERED, ARE_MINIMA),
    figures=(
        (
            "The global minimum of three modes with $a = 1$. With two hidden layers (solid) every mode "
            "jumps to zero at its own transition, the weakest first; with one (dashed) it goes to zero "
            "continuously.",
            draw_modes,
        ),
    ),
)
