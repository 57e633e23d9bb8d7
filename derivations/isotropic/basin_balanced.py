"""From which first weights gradient flow reaches the minimum instead of the origin."""

from symderive.symbols import m_lin, m_quad

from ..notation import *
from .spinodal import DEEP, ISOTROPIC, V, bernoulli

scale = ISOTROPIC.scale

#: The norm that all layers have; the norms of two layers, and the product of all others.
s, first, second, others = letters("s s_1 s_2 P", positive=True)

#: The norm at the saddle, and w = (s/r)^{D-1}.
r, w = letters("r w", positive=True)


def pull(norm: Expr, depth: Expr = D) -> Expr:
    """γ̄ - ‖v‖ s^{D-1} + ρa s^{2D}: positive where the layers shrink."""
    return gamma_bar - V * norm ** (depth - 1) + scale * norm ** (2 * depth)


#: The loss of rank-one layers along v, as far as it depends on the two; half its gradient but for decay.
_product = first * second * others
LINE = scale * _product**2 - 2 * V * _product + gamma_bar * (first**2 + second**2)
_of_data = scale * first * (second * others) ** 2 - V * second * others

FLOW = theorem(
    "basin-balanced-flow",
    "The derivative of the loss by the norm of one layer",
    equal(Derivative(LINE, first), 2 * (_of_data + gamma_bar * first)),
    given=(r"$s_1$ and $s_2$ are the norms of two layers, $P$ is the product of the others",),
    reference="differentiation",
    proof=differentiate(),
    misses={"the decay is left out": right(2 * _of_data)},
    prose=r"""Take isotropic data, equal decays $\bar\gamma$, and layers $W_i = s_i\, \hat r_i \hat
        r_{i-1}^{\top}$ with $\hat r_0 = v/\lVert v\rVert$ and $\hat r_i = r_i/\sqrt{d_i}$, $r_i \in \{\pm
        1\}^{d_i}$. With noise the loss at such weights is $\rho a \prod s_i^2 - 2\lVert v\rVert \prod s_i +
        c + \bar\gamma \sum s_i^2$.""",
)

#: d(s_1²)/dt and d(s_2²)/dt along gradient flow.
_first_rate, _second_rate = (-2 * of * Derivative(LINE, of) for of in (first, second))

IMBALANCE = theorem(
    "basin-balanced-imbalance",
    "Equal decays shrink the imbalance of two layers",
    equal(_first_rate - _second_rate, -4 * gamma_bar * (first**2 - second**2)),
    reference="the gradient of two layers",
    proof=differentiate(),
    misses={"half the rate": right(-2 * gamma_bar * (first**2 - second**2))},
)

BALANCED = theorem(
    "basin-balanced-rate",
    "Balanced layers: one equation of motion",
    equal(-2 * (scale * s * (s**D) ** 2 - V * s**D + gamma_bar * s), -2 * s * pull(s)),
    reference="algebra",
    proof=exact_algebra,
    misses={"another depth": right(-2 * s * pull(s, D + 1))},
    prose=r"""For $s_1 = \dots = s_{D+1} = s$ this is $\mathrm{d}s/\mathrm{d}t = -2s\,(\bar\gamma - \lVert
        v\rVert s^{D-1} + \rho a s^{2D})$.""",
)

_at_rest = equal(pull(s), 0)
_solution = equal((scale + gamma_bar * s ** (-2 * D)) * s ** (D + 1), V)

AT_REST = theorem(
    "basin-balanced-rest",
    "At rest the norm solves the ridge equation",
    equivalent(_at_rest, _solution),
    reference="the ridge equation",
    proof=both_ways(s ** (1 - D) * _at_rest, s ** (D - 1) * _solution),
    misses={"without the ridge": right(equal(scale * s ** (D + 1), V))},
    prose=r"""Each layer carries $\kappa = \bar\gamma s^2$ and the map has the norm $\lVert m\rVert =
        s^{D+1}$, so that the ridge is $\lambda = \kappa/\lVert m\rVert^2 = \bar\gamma s^{-2D}$, and the
        flow rests where $(\rho a + \lambda)\lVert m\rVert = \lVert v\rVert$: at the minimum and at the
        saddle, whose norm is the smaller one.""",
)

#: r is the saddle: stationary, and beyond the spinodal, ζ = γ/(ρa r^{2D}) > (D+1)/(D-1).
STATIONARY = equal(pull(r), 0)
_room = (D - 1) * gamma_bar - (D + 1) * scale * r ** (2 * D)
IS_SADDLE, BELOW = greater(_room, 0), greater(1, w)
_steep = 2 * D / (D - 1)

COLLAPSE = theorem(
    "basin-balanced",
    "Below the saddle all layers shrink",
    greater(pull(w ** (1 / (D - 1)) * r), 0),
    given=(DEEP, STATIONARY, IS_SADDLE, BELOW, "$r$ is the norm at the saddle"),
    reference="the bound on powers",
    proof=w * STATIONARY
    + scale * r ** (2 * D) * w * bernoulli(w, _steep - 1)
    + nonnegative((1 - w) * _room / (D - 1)),
    misses={"above it": without(BELOW)},
    prose=r"""Write a smaller norm as $s = w^{1/(D-1)} r$ with $w < 1$. The saddle lies beyond the spinodal,
        $\lambda/(\rho a) > (D+1)/(D-1)$.""",
)

#: ξ = s^{D-1}, in which the bracket is convex; its zeros are ξ_1 and ξ_2.
xi, xi_1, xi_2 = letters("xi xi_1 xi_2", positive=True)


def bracket(at: Expr) -> Expr:
    """γ̄ - ‖v‖ξ + ρa ξ^{2D/(D-1)}."""
    return gamma_bar - V * at + scale * at**_steep


ZEROS = (equal(bracket(xi_1), 0), equal(bracket(xi_2), 0))
BETWEEN = equal(xi, (1 - w) * xi_1 + w * xi_2)


def _chord(zero: Claim, end: Expr, weight: Expr) -> Combine:
    """What one end adds to the bound on the bracket between its zeros."""
    return -weight * zero + scale * weight * xi ** (_steep - 1) * end * bernoulli(end / xi, _steep - 1)


GROWTH = theorem(
    "basin-balanced-growth",
    "Between the saddle and the minimum all layers grow",
    at_least(0, bracket(xi)),
    given=(DEEP, *ZEROS, BETWEEN, BELOW),
    reference="convexity of a power",
    proof=_chord(ZEROS[0], xi_1, 1 - w)
    + _chord(ZEROS[1], xi_2, w)
    + (V - scale * _steep * xi ** (_steep - 1)) * BETWEEN,
    test=Domain(
        ranges={xi_1: (0, 1), xi_2: (1, 2)},
        define={
            V: scale * (xi_1**_steep - xi_2**_steep) / (xi_1 - xi_2),
            gamma_bar: V * xi_1 - scale * xi_1**_steep,
        },
    ),
    misses={"outside": without(BELOW)},
    prose=r"""In $\xi = s^{D-1}$ the bracket is a convex function, $\bar\gamma - \lVert v\rVert \xi + \rho a
        \xi^{2D/(D-1)}$, so it is not positive between its two zeros.""",
)

_strong, _aligned = greater(gamma_bar, V * s ** (D - 1)), at_least(V * s ** (D + 1), m_lin)

ANY_DATA = theorem(
    "basin-balanced-collapse",
    "Every data set: where the norm of balanced layers shrinks",
    greater(rho * m_quad - m_lin + gamma_bar * s**2, 0),
    given=(_strong, _aligned, r"$\lVert m\rVert = s^{D+1}$; the second hypothesis is Cauchy–Schwarz"),
    reference="Cauchy–Schwarz",
    proof=s**2 * _strong + _aligned + nonnegative(rho * m_quad),
    misses={"a weaker decay": without(_strong)},
    prose=r"""For other data the direction of $m$ turns, with $\mathrm{d}s^2/\mathrm{d}t = -4(\rho\,
        m^{\top} A m - m^{\top} v + \bar\gamma s^2)$. But where $\lVert v\rVert s^{D-1} < \bar\gamma$ the
        norm shrinks whatever the direction is.""",
)

NOT_BELOW = theorem(
    "basin-balanced-bound",
    "A lower bound on the scale that is needed",
    greater(V * r ** (D - 1), gamma_bar),
    given=(DEEP, STATIONARY),
    reference="the equation of motion",
    proof=nonnegative(scale * r ** (2 * D)) - STATIONARY,
    misses={"half of it": left(V * r ** (D - 1) / 2)},
    prose=r"The same bound, $s > (\bar\gamma/\lVert v\rVert)^{1/(D-1)}$, holds at the saddle.",
)

KEPT = in_words(
    "basin-balanced-invariance",
    "Gradient flow keeps balanced rank-one layers",
    r"""Exchanging two neurons of a layer, or the sign of one, maps such weights to themselves up to the
        same change of $r_i$, and leaves the loss as it is. So the gradient has the same form, the weights
        of this form solve the equations of gradient flow among themselves, and as solutions are unique no
        other leaves from them: only the norms $s_i$ move. The imbalance of two layers decays like
        $e^{-4\bar\gamma t}$, and layers that start with one norm keep one norm.""",
    by="the theorem of Picard and Lindelöf",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems, theorem 2.2",
    rests_on=(FLOW, IMBALANCE, BALANCED),
)

CONVERGES = in_words(
    "basin-balanced-limit",
    "The saddle divides the starts",
    r"""The loss falls along the flow and bounds the weights by their decay, so that solutions exist for all
        times. The norm $s$ of balanced layers is monotone: below the saddle it falls, and between the
        saddle and the minimum it grows. Being monotone and bounded it converges, and only to a zero of the
        right side: to 0 from below the saddle, to the minimum from above it, since the bracket has no third
        zero, being strictly convex in $\xi$. So the norm at the saddle is the smallest scale from which the
        flow reaches the minimum.""",
    by="the convergence of bounded monotone functions",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems, lemma 1.1",
    rests_on=(KEPT, AT_REST, COLLAPSE, GROWTH),
    conditions=(r"$D \ge 2$", "the decay is below the spinodal"),
)

CAPTION = r"""Gradient flow of all weights of a noisy network with two hidden layers, from balanced
    layers whose norms are 0.6, 0.8, 0.95, 1.05, 1.2 and 1.6 times the norm at the saddle ($a = \lVert
    v\rVert = 1$, $d_i = 3$, $\bar\gamma = 1/5$, $\sigma^2 = 1/2$ and 1)."""


def draw_flow(axes: Any) -> None:
    """The norm of the first layer along gradient flow of a whole network, from several scales."""
    import numpy as np

    from symderive.arithmetic.matrices import Floats
    from symderive.data.spectrum import Spectrum
    from symderive.full_loss.recursion import full_loss
    from symderive.model.network import Network
    from symderive.training.starting_scales import starting_scales

    step, steps = 0.1, 120  # of the midpoint rule
    net = Network(2, widths=3, decays="1/5", noise=["1/2", 1])
    scale = float(starting_scales(net, Spectrum.of([1], [1])).critical or 0)
    loss = full_loss(net, Spectrum.of([1], [1]), Floats())

    def moved(layers: Any, along: Any, time: float) -> Any:
        return [W - time * g for W, g in zip(layers, loss.sweep(along).gradients, strict=True)]

    for ratio in (0.6, 0.8, 0.95, 1.05, 1.2, 1.6):
        shapes = ((3, 1), (3, 3), (1, 3))
        layers = [scale * ratio * np.ones(shape) / np.sqrt(shape[0] * shape[1]) for shape in shapes]
        norms = [np.linalg.norm(layers[0])]
        for _ in range(steps):
            layers = moved(layers, moved(layers, layers, step / 2), step)
            norms.append(np.linalg.norm(layers[0]))
        color = "C0" if ratio > 1 else "C3"
        axes.plot(step * np.arange(steps + 1), norms, color=color, lw=0.9)
    axes.axhline(scale, color="0.3", ls="--", lw=0.8)
    axes.annotate("saddle", (step * steps, scale), xytext=(-2, 3), textcoords="offset points", ha="right")
    axes.set(xlabel="time $t$", ylabel=r"$\Vert W_1\Vert$", xlim=(0, step * steps), ylim=(0, None))


DERIVATION = Derivation(
    id="basin-balanced",
    title="How large the first weights must be",
    prose="""With two or more hidden layers the origin attracts gradient flow. For balanced layers of
        rank one the flow is one-dimensional, and the scale that divides the starts is known exactly.""",
    statements=(FLOW, IMBALANCE, BALANCED, AT_REST, COLLAPSE, GROWTH, NOT_BELOW, ANY_DATA),
    steps=(KEPT, CONVERGES),
    figures=((CAPTION, draw_flow),),
)
