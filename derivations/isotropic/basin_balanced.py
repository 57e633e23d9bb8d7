"""From which first weights gradient flow reaches the minimum instead of the origin."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..inequalities import s as power
from ..inequalities import x as base
from ..notation import D, rho
from .spinodal import DEEP, ISOTROPIC, TANGENT, V

a, gamma = sy.a0, sp.Symbol("gamma", positive=True)

#: The norm that all layers have; the norms of two layers, and the product of all others.
s = sp.Symbol("s", positive=True)
first, second, others = (sp.Symbol(name, positive=True) for name in ("x", "z", "P"))

#: The norm at the saddle, and w = (s/r)^{D-1}.
r, w = (sp.Symbol(name, positive=True) for name in ("r", "w"))


def loss_of(product: Any, squares: Any) -> Any:
    """The loss of rank-one layers along v whose norms have a product and a sum of squares, less c."""
    return ISOTROPIC.scale * product**2 - 2 * V * product + gamma * squares


def pull(norm: Any, depth: Any = D) -> Any:
    """γ - ‖v‖ s^{D-1} + ρa s^{2D}: positive where the layers shrink."""
    return gamma - V * norm ** (depth - 1) + ISOTROPIC.scale * norm ** (2 * depth)


#: What depends on the two.
LINE = loss_of(first * second * others, first**2 + second**2)

FLOW = Statement(
    id="basin-balanced-flow",
    title="The derivative of the loss by the norm of one layer",
    left=sp.Derivative(LINE, first),
    right=2 * (ISOTROPIC.scale * first * (second * others) ** 2 - V * second * others + gamma * first),
    conditions=(r"$x$ and $z$ are the norms of two layers, $P$ is the product of the others",),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss(
            "the decay is left out",
            right=2 * (ISOTROPIC.scale * first * (second * others) ** 2 - V * second * others),
        ),
    ),
    prose=(
        r"Take isotropic data, equal decays $\gamma$, and layers $W_i = x_i\, \hat r_i \hat "
        r"r_{i-1}^{\top}$ with $\hat r_0 = v/\lVert v\rVert$ and $\hat r_i = r_i/\sqrt{d_i}$, $r_i \in "
        r"\{\pm 1\}^{d_i}$. With noise the loss at such weights is $\rho a \prod x_i^2 - 2\lVert v\rVert "
        r"\prod x_i + c + \gamma \sum x_i^2$."
    ),
)


def _rate(of: Any) -> Any:
    """d(x²)/dt along gradient flow."""
    return -2 * of * sp.Derivative(LINE, of)


IMBALANCE = Statement(
    id="basin-balanced-imbalance",
    title="Equal decays shrink the imbalance of two layers",
    left=_rate(first) - _rate(second),
    right=-4 * gamma * (first**2 - second**2),
    reference="the gradient of two layers",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("half the rate", right=-2 * gamma * (first**2 - second**2)),),
)

BALANCED = Statement(
    id="basin-balanced-rate",
    title="Balanced layers: one equation of motion",
    left=-2 * (ISOTROPIC.scale * s * (s**D) ** 2 - V * s**D + gamma * s),
    right=-2 * s * pull(s),
    reference="algebra",
    proof=combine(),
    near_misses=(NearMiss("another depth", right=-2 * s * pull(s, D + 1)),),
    prose=(
        r"For $x_1 = \dots = x_{D+1} = s$ this is $\mathrm{d}s/\mathrm{d}t = -2s\,(\gamma - "
        r"\lVert v\rVert s^{D-1} + \rho a s^{2D})$."
    ),
)

_ridge = gamma * s ** (-2 * D)
_at_rest = sp.Eq(pull(s), 0, evaluate=False)
_solution = sp.Eq((ISOTROPIC.scale + _ridge) * s ** (D + 1), V, evaluate=False)

AT_REST = Statement(
    id="basin-balanced-rest",
    title="At rest the norm solves the ridge equation",
    relation=Relation.EQUIVALENT,
    left=_at_rest,
    right=_solution,
    reference="the ridge equation",
    proof=BothWays(
        combine(Use(equal(*_at_rest.args), times=s ** (1 - D))),
        combine(Use(equal(*_solution.args), times=s ** (D - 1))),
    ),
    domains=(Domain(), Domain(define=((V, (ISOTROPIC.scale + _ridge) * s ** (D + 1)),))),
    near_misses=(
        NearMiss("without the ridge", right=sp.Eq(ISOTROPIC.scale * s ** (D + 1), V, evaluate=False)),
    ),
    prose=(
        r"Each layer carries $\kappa = \gamma s^2$ and the map has the norm $\lVert m\rVert = "
        r"s^{D+1}$, so that "
        r"the ridge is $\lambda = \kappa/\lVert m\rVert^2 = \gamma s^{-2D}$, and the flow rests where "
        r"$(\rho a + \lambda)\lVert m\rVert = \lVert v\rVert$: at the minimum and at the saddle, "
        r"whose norm is the smaller one."
    ),
)

#: r is the saddle: stationary, and beyond the spinodal, ζ = γ/(ρa r^{2D}) > (D+1)/(D-1).
STATIONARY = equal(pull(r), 0)
_room = (D - 1) * gamma - (D + 1) * ISOTROPIC.scale * r ** (2 * D)
IS_SADDLE = greater(_room, 0)
BELOW = greater(1, w)
_steep = 2 * D / (D - 1)
_smaller = w ** (1 / (D - 1)) * r
AT_SADDLE = Domain(
    ranges=((D, (2, 6)), (w, (0, 1))),
    define=(
        (V, ISOTROPIC.scale * r ** (D + 1) * (_steep + others)),
        (gamma, V * r ** (D - 1) - ISOTROPIC.scale * r ** (2 * D)),
    ),
)

COLLAPSE = Statement(
    id="basin-balanced",
    title="Below the saddle all layers shrink",
    relation=Relation.GREATER,
    left=pull(_smaller),
    right=0,
    given=(DEEP, STATIONARY, IS_SADDLE, BELOW),
    conditions=("$r$ is the norm at the saddle",),
    reference="the bound on powers",
    proof=combine(
        Use(STATIONARY, times=w),
        Use(TANGENT, times=ISOTROPIC.scale * r ** (2 * D) * w, where={base: w, power: _steep - 1}),
        plus=(1 - w) * _room / (D - 1),
    ),
    domains=(AT_SADDLE,),
    near_misses=(
        NearMiss(
            "above it",
            given=(DEEP, STATIONARY, IS_SADDLE),
            domains=(
                Domain(
                    ranges=((D, (2, 4)), (w, (1, sp.Rational(3, 2))), (others, (1, 4))),
                    define=AT_SADDLE.define,
                ),
            ),
        ),
    ),
    prose=(
        r"Write a smaller norm as $s = w^{1/(D-1)} r$ with $w < 1$. The saddle lies beyond the spinodal, "
        r"$\lambda/(\rho a) > (D+1)/(D-1)$."
    ),
)

#: u = s^{D-1}, in which the bracket is convex; its zeros are u_1 and u_2.
u, u_1, u_2 = sp.Symbol("u", positive=True), *(sp.Symbol(f"u_{i}", positive=True) for i in (1, 2))


def bracket(at: Any) -> Any:
    """γ - ‖v‖u + ρa u^{2D/(D-1)}."""
    return gamma - V * at + ISOTROPIC.scale * at**_steep


ZEROS = (equal(bracket(u_1), 0), equal(bracket(u_2), 0))
BETWEEN = equal(u, (1 - w) * u_1 + w * u_2)
BETWEEN_ZEROS = Domain(
    ranges=((D, (2, 4)), (w, (0, 1)), (u_1, (0, 1)), (u_2, (1, 2))),
    define=(
        (V, ISOTROPIC.scale * (u_1**_steep - u_2**_steep) / (u_1 - u_2)),
        (gamma, V * u_1 - ISOTROPIC.scale * u_1**_steep),
        (u, (1 - w) * u_1 + w * u_2),
    ),
)

GROWTH = Statement(
    id="basin-balanced-growth",
    title="Between the saddle and the minimum all layers grow",
    relation=Relation.AT_LEAST,
    left=0,
    right=bracket(u),
    given=(DEEP, *ZEROS, BETWEEN, BELOW),
    reference="convexity of a power",
    proof=combine(
        *(
            use
            for zero, end, weight in zip(ZEROS, (u_1, u_2), (1 - w, w), strict=True)
            for use in (
                Use(zero, times=-weight),
                Use(
                    TANGENT,
                    times=ISOTROPIC.scale * weight * u ** (_steep - 1) * end,
                    where={base: end / u, power: _steep - 1},
                ),
            )
        ),
        Use(BETWEEN, times=V - ISOTROPIC.scale * _steep * u ** (_steep - 1)),
    ),
    domains=(BETWEEN_ZEROS,),
    near_misses=(
        NearMiss(
            "outside",
            given=(DEEP, *ZEROS, BETWEEN),
            domains=(
                Domain(
                    ranges=((D, (2, 4)), (w, (1, 2)), (u_1, (0, 1)), (u_2, (1, 2))),
                    define=BETWEEN_ZEROS.define,
                ),
            ),
        ),
    ),
    prose=(
        r"In $u = s^{D-1}$ the bracket is a convex function, $\gamma - \lVert v\rVert u + \rho a "
        r"u^{2D/(D-1)}$, so it is not positive between its two zeros."
    ),
)

_quadratic, _linear = sy.m_quad, sy.m_lin

ANY_DATA = Statement(
    id="basin-balanced-collapse",
    title="Every data set: where the norm of balanced layers shrinks",
    relation=Relation.GREATER,
    left=rho * _quadratic - _linear + gamma * s**2,
    right=0,
    given=(greater(gamma, V * s ** (D - 1)), at_least(V * s ** (D + 1), _linear)),
    conditions=(r"$\lVert m\rVert = s^{D+1}$; the second hypothesis is Cauchy–Schwarz",),
    reference="Cauchy–Schwarz",
    proof=combine(
        Use(greater(gamma, V * s ** (D - 1)), times=s**2),
        Use(at_least(V * s ** (D + 1), _linear)),
        plus=rho * _quadratic,
    ),
    domains=(
        Domain(
            ranges=((s, (0, 1)), (_linear, (-1, 0)), (V, (0, 1)), (gamma, (1, 2))),
        ),
    ),
    near_misses=(
        NearMiss(
            "a weaker decay",
            given=(at_least(V * s ** (D + 1), _linear),),
            domains=(
                Domain(
                    ranges=(
                        (gamma, (0, sp.Rational(1, 9))),
                        (_quadratic, (0, sp.Rational(1, 9))),
                        (rho, (1, 2)),
                    ),
                    define=((_linear, V * s ** (D + 1)),),
                ),
            ),
        ),
    ),
    prose=(
        r"For other data the direction of $m$ turns, with $\mathrm{d}s^2/\mathrm{d}t = -4(\rho\, "
        r"m^{\top} A m - "
        r"m^{\top} v + \gamma s^2)$. But where $\lVert v\rVert s^{D-1} < \gamma$ the norm shrinks "
        r"whatever the "
        "direction is."
    ),
)

NOT_BELOW = Statement(
    id="basin-balanced-bound",
    title="A lower bound on the scale that is needed",
    relation=Relation.GREATER,
    left=V * r ** (D - 1),
    right=gamma,
    given=(DEEP, STATIONARY),
    reference="the equation of motion",
    proof=combine(Use(STATIONARY, times=-1), plus=ISOTROPIC.scale * r ** (2 * D)),
    domains=(AT_SADDLE,),
    near_misses=(NearMiss("half of it", left=V * r ** (D - 1) / 2),),
    prose=r"The same bound, $s > (\gamma/\lVert v\rVert)^{1/(D-1)}$, holds at the saddle.",
)


def draw_flow(axes: Any) -> None:
    """The norm of the first layer along gradient flow of a whole network, from several scales."""
    import numpy as np

    from symderive.arithmetic.matrices import Floats
    from symderive.full_loss.recursion import FullLoss
    from symderive.model.network import Network
    from symderive.model.spectrum import Spectrum
    from symderive.training.starting_scales import starting_scales

    net = Network(2, widths=3, decays="1/5", noise=["1/2", 1])
    scale = float(starting_scales(net, Spectrum.of([1], [1])).critical or 0)
    one, noise = np.ones((1, 1)), tuple(map(float, net.noise))
    loss = FullLoss(Floats(), one, one, 1.0, noise, (0.2,) * 3)
    for ratio in (0.6, 0.8, 0.95, 1.05, 1.2, 1.6):
        shapes = ((3, 1), (3, 3), (1, 3))
        layers = [scale * ratio * np.ones(shape) / np.sqrt(shape[0] * shape[1]) for shape in shapes]
        norms = [np.linalg.norm(layers[0])]
        for _ in range(STEPS):
            middle = draw_step(layers, loss.sweep(layers).gradients, STEP / 2)
            layers = draw_step(layers, loss.sweep(middle).gradients, STEP)
            norms.append(np.linalg.norm(layers[0]))
        color = "C0" if ratio > 1 else "C3"
        axes.plot(STEP * np.arange(STEPS + 1), norms, color=color, lw=0.9)
    axes.axhline(scale, color="0.3", ls="--", lw=0.8)
    axes.annotate("saddle", (STEP * STEPS, scale), xytext=(-2, 3), textcoords="offset points", ha="right")
    axes.set(xlabel="time $t$", ylabel=r"$\Vert W_1\Vert$", xlim=(0, STEP * STEPS), ylim=(0, None))


#: Step and number of steps of the midpoint rule in the figure.
STEP, STEPS = 0.1, 120


def draw_step(layers: Any, gradients: Any, step: float) -> list[Any]:
    return [W - step * g for W, g in zip(layers, gradients, strict=True)]


# -- steps in words ----------------------------------------

KEPT = Step(
    id="basin-balanced-invariance",
    title="Gradient flow keeps balanced rank-one layers",
    text=(
        r"Exchanging two neurons of a layer, or the sign of one, maps such weights to themselves up to the "
        r"same change of $r_i$, and leaves the loss as it is. So the gradient has the same form, the "
        r"weights of this form solve the equations of gradient flow among themselves, and as solutions "
        r"are unique no other leaves from them: only the norms $x_i$ move. The imbalance of two layers "
        r"decays like $e^{-4\gamma t}$, and layers that start with one norm keep one norm."
    ),
    theorem="the theorem of Picard and Lindelöf",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems, theorem 2.2",
    rests_on=(FLOW, IMBALANCE, BALANCED),
)

CONVERGES = Step(
    id="basin-balanced-limit",
    title="The saddle divides the starts",
    text=(
        r"The loss falls along the flow and bounds the weights by their decay, so that solutions exist for "
        r"all times. The norm $s$ of balanced layers is monotone: below the saddle it falls, and between "
        r"the saddle and the minimum it grows. Being monotone and bounded it converges, and only to a zero "
        r"of the right side: to 0 from below the saddle, to the minimum from above it, since the bracket "
        r"has no third zero, being strictly convex in $u$. So the norm at the saddle is the smallest scale "
        r"from which the flow reaches the minimum."
    ),
    theorem="the convergence of bounded monotone functions",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems, lemma 1.1",
    rests_on=(KEPT, AT_REST, COLLAPSE, GROWTH),
    conditions=(r"$D \ge 2$", "the decay is below the spinodal"),
)

DERIVATION = Derivation(
    id="basin-balanced",
    title="How large the first weights must be",
    prose=(
        "With two or more hidden layers the origin attracts gradient flow. For balanced layers of "
        "rank one the flow "
        "is one-dimensional, and the scale that divides the starts is known exactly."
    ),
    statements=(FLOW, IMBALANCE, BALANCED, AT_REST, COLLAPSE, GROWTH, NOT_BELOW, ANY_DATA),
    steps=(
        KEPT,
        CONVERGES,
    ),
    figures=(
        (
            r"Gradient flow of all weights of a noisy network with two hidden layers, from balanced "
            r"layers "
            r"whose norms are 0.6, 0.8, 0.95, 1.05, 1.2 and 1.6 times the norm at the saddle ($a = "
            r"\lVert v\rVert "
            r"= 1$, $d_i = 3$, $\gamma = 1/5$, $\sigma^2 = 1/2$ and 1).",
            draw_flow,
        ),
    ),
)
