"""The solver of the scalar problem, as straight-line blocks that know no language.

All roots λ of φ(λ) = λ^θ ‖m‖² = τ, θ = (D+1)/D, by a march along u = ln x through the scaled problem

    x = λ/s,   s = ρ min a_i,   α_i = ρa_i/s ≥ 1,   w_i = p_i/Σp   (minimum and sums over p_i > 0),
    H(u) = ln Σ w_i/(α_i + x)² + θu = ℓ = ln τ - ln Σp + (2 - θ) ln s.

``init`` makes it and a first u; ``step`` is applied until ``done`` and now and then emits a root;
``polish`` is a Newton step in x for one root; ``values`` are what is known at a root.

A step rests on one evaluation of (H, H′, H″) at u.  Where 4|H - ℓ| < H′², |H″| ≤ 1 makes Newton's method
converge (Kantorovich), and it runs.  Elsewhere the march goes as far right as is proved to hold no root, by
the larger of two bounds (μ is the mean shrinkage, h = |H - ℓ| and h′, h″ its derivatives):

- |H‴| ≤ 1, so that h + h′δ + h″δ²/2 - δ³/6 > 0;
- Jensen's inequality: S(xe^δ)/S(x) lies between (1 - μ + μe^δ)⁻² and 1 - μ + μe^{-2δ}.

At D = 1, where there is one root and H is nearly flat beyond it, 1/‖λm‖ is concave in 1/λ, and Newton's
method for it descends from the right without ever crossing the root.  At D = 0 the ridge is the decay
itself.

All sums run over t_i = 1/(α_i κ + σ) in [0, 1] with κ = 1/max(x, 1) and σ = min(x, 1), so that
R_k = κᵏ Σ w tᵏ, and none of them overflows, whatever x is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.export.blocks import Block
from symderive.export.convert import to_node
from symderive.export.nodes import (
    VECTOR,
    Node,
    equal,
    exp,
    expm1,
    least,
    log,
    log1p,
    machine,
    most,
    number,
    power,
    select,
    sqrt,
    symbol,
    top,
    total,
)
from symderive.isotropic import isotropic
from symderive.network import Network
from symderive.reduction import Reduction, paper_form, reduce, with_moments

#: A root is given out where |H - ℓ| < H′²/RESOLVED; its relative error is then below RESOLVED⁻³.
RESOLVED = 1024

#: At D = 1 a root is given out where Newton's step in ln λ, which squares the error, is this small.
SHORT = Fraction(1, 2**13)

#: Evaluations that an instance is granted; ordinary ones take about six, near-degenerate ones some dozens.
MAX_STEPS = 500

#: Rounding errors of H in units of ε times the sizes of its terms.
ROUNDING = 2

#: How far short of a proved bound a step stops, in case rounding made the bound longer.
SHRINK = Fraction(98, 100)


@dataclass(frozen=True)
class Solver:
    """The blocks of one solver; ``depth`` is None where depth is an argument."""

    depth: int | None
    init: Block
    step: Block
    polish: Block
    values: Block
    layer: Block
    prediction: Block
    isotropic: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.init, self.step, self.polish, self.values, self.layer, self.prediction, self.isotropic


# The arguments of the blocks
A, P = symbol("a", VECTOR), symbol("p", VECTOR)
ALPHA, WEIGHT = symbol("alpha", VECTOR), symbol("weight", VECTOR)
C, DECAY, NOISE, DEPTH = map(symbol, ("c", "mean_decay", "noise_factor", "depth"))
U, SIDE, LEVEL, END, X = map(symbol, ("u", "side", "level", "end", "x"))
SCALE, STRENGTH = map(symbol, ("scale", "strength"))
LAYER_DECAY, ONE_DECAY, FAN_IN, FAN_OUT = map(symbol, ("layer_decay", "decay", "fan_in", "fan_out"))
MEAN, EIGENVALUE, V_NORM = map(symbol, ("mean", "eigenvalue", "v_norm"))

#: The scaled problem is the reduced one without noise: its a_i carry ρ.
_LETTERS = replace(reduce(), noise_factor=sp.S.One)

#: ⟨s²⟩, which has no letter in the paper.
_MU2 = sp.Symbol("mu2", positive=True)


class _Averages(Reduction):
    """The same formulas in the letters μ = ⟨s⟩ and ⟨s²⟩."""

    shrinkage = sy.mu
    square_shrinkage = _MU2


_IN_AVERAGES = _Averages(_LETTERS.depth, sp.S.One, _LETTERS.mean_decay, _LETTERS.threshold)


def describe(depth: int | None = None) -> Solver:
    """The solver for any depth, or for one depth, with exponents that are constants.

    >>> len(describe(3).step.inputs) - len(describe(3).step.arguments)
    1
    """
    D = DEPTH if depth is None else number(depth)
    return Solver(depth, _init(D), _step(D), _polish(D), _values(D), _layer(), _prediction(), _isotropic(D))


def _theta(D: Node) -> Node:
    return to_node(_LETTERS.exponent, {sy.D: most(D, 1)})


def _known(D: Node, near: Node, far: Node) -> dict[Any, Node]:
    """What the letters stand for in units of max(x, 1): ``near`` is min(x, 1) and ``far`` min(1/x, 1)."""
    return {
        sy.lam: near,
        sy.D: most(D, 1),
        sy.a[sy.i]: ALPHA * far,
        sy.p[sy.i]: WEIGHT,
    }


def _known_at(D: Node, x: Node) -> tuple[dict[Any, Node], Node]:
    far = 1 / most(x, 1)
    return _known(D, least(x, 1), far), far


def _formula(expression: Any, known: Mapping[Any, Node]) -> Node:
    """A formula of the reduction, its R[k] written as sums over the features."""
    return to_node(with_moments(expression, _LETTERS.spectral_moment), known)


def _init(D: Node) -> Block:
    layers, theta = most(D, 1), _theta(D)
    seen = P > 0
    largest, strongest = top(A), top(P)
    smallest = -top(select(seen, -A, -largest))
    share = P / strongest
    shares = total(share)
    alpha, weight = select(seen, A / smallest, 1), share / shares
    log_scale = log(NOISE) + log(smallest)
    level = theta * log(DECAY) - log(strongest) - log(shares) + (2 - theta) * log_scale

    # ‖m‖² ≤ ‖(ρA)⁺v‖², and ‖m‖² ≤ vᵀ(ρA)⁺v/4λ, bound the roots from below; ‖m‖² ≤ ‖v‖²/λ² does from above.
    term = weight / alpha
    log_first, log_second = log(total(term / 4)), log(total(term / alpha))
    margin = 16 * machine("epsilon") * (1 + layers * (abs(level) + abs(log_first)))
    left = most((level - log_second) / theta, layers * (level - log_first)) - margin
    right = -level * layers / (most(D, 2) - 1) + margin
    # At D = 1, 1/‖λm‖ ≤ 1 + Σwα/x, its tangent at 1/x = 0, in the units of the scaled problem.
    only = log(total(weight * alpha)) + level / 2 - log(-expm1(level / 2)) + margin
    given = log(DECAY) - log_scale

    one, none = equal(D, 1), equal(D, 0)
    start = select(none, given, select(one, only, left))
    possible = none | select(one, level < 0, left <= right)
    return Block(
        "init",
        "Scale the problem and bound its roots.",
        (A, P, DECAY, NOISE, DEPTH),
        {
            "alpha": alpha,
            "weight": weight,
            "scale": NOISE * smallest,
            "strength": strongest * shares,
            "level": level,
            "u": start,
            "side": number(-1),
            "end": select(one | none, start, right),
            "done": ~((strongest > 0) & possible),
        },
        {
            largest: "largest",
            smallest: "smallest",
            strongest: "strongest",
            shares: "shares",
            log_scale: "log_scale",
            theta: "theta",
        },
    )


@dataclass(frozen=True)
class _Sample:
    """H - ℓ and its derivatives at u, and how much rounding the first may have suffered."""

    height: Node
    slope: Node
    bend: Node
    mu: Node
    noise: Node
    hints: Mapping[Node, str]


def _sample(D: Node, u: Node, known: Mapping[Any, Node]) -> _Sample:
    # In units of max(x, 1) the factor λ^θ is min(x, 1)^θ max(x, 1)^{θ-2}.
    inner, outer = least(u, 0), (_theta(D) - 2) * most(u, 0)
    known = {**known, sp.log(sy.lam): inner}
    mean = _formula(_LETTERS.shrinkage, known)
    square = _formula(_LETTERS.square_shrinkage, known)
    log_norm = _formula(sp.log(_LETTERS.norm_squared), known)
    characteristic = _formula(_LETTERS.log_characteristic, known)
    height = characteristic + outer - LEVEL
    averages = {**known, sy.mu: mean, _MU2: square}
    slope = to_node(_IN_AVERAGES.slope, averages)
    bend = to_node(_IN_AVERAGES.curvature, averages)
    sizes = 4 + abs(log_norm) + 2 * abs(inner) + abs(outer) + abs(LEVEL)
    noise = ROUNDING * machine("epsilon") * sizes
    hints = {
        mean: "mu",
        square: "mu2",
        log_norm: "log_norm",
        height: "height",
        slope: "slope",
        bend: "bend",
        noise: "noise",
    }
    return _Sample(height, slope, bend, mean, noise, hints)


def _newton(at: _Sample) -> Node:
    """Halley's step: Newton's, corrected by the second derivative."""
    return -2 * at.height * at.slope / (2 * at.slope * at.slope - at.height * at.bend)


def _step(D: Node) -> Block:
    theta, small, beyond = _theta(D), exp(-abs(U)), U > 0
    at = _sample(D, U, _known(D, select(beyond, 1, small), select(beyond, small, 1)))
    h, s, b = at.height, at.slope, at.bend
    one, none = equal(D, 1), equal(D, 0)
    size = abs(h)

    # The side of the threshold on which the march is; behind a doubtful root (0) it is read off.
    side = select(equal(SIDE, 0), select(h < 0, -1, 1), SIDE)
    near = (side * s < 0) & (s * s > most(4 * size, 16 * at.noise))
    newton = _newton(at)
    found = near & (size <= most(s * s / RESOLVED, at.noise))
    doubtful = ~near & (size <= at.noise) & (s * s <= 16 * at.noise)

    # A doubtful root is best placed where H turns, if H″ says that it does.
    turn = select(4 * abs(s) < b * b, -s / b, 0)
    base = U + select(found, newton, select(doubtful, turn, 0))
    side_after = select(found, -side, side)
    height = select(found | doubtful, 0, most(side * h, 0))
    slope = select(found, abs(s), select(doubtful, 0, side * s))
    bend = select(doubtful, abs(b), side_after * b)
    mu = select(side_after > 0, at.mu, 1 - at.mu + 8 * machine("epsilon"))
    stride = most(
        most(_short_step(height, slope, bend), _long_step(theta, side_after, height, mu)),
        4 * machine("epsilon") * (1 + abs(U)),
    )
    stride = select(doubtful, most(stride, SHORT), stride)
    march = base + SHRINK * stride
    going = near & ~found
    onward = select(going, U + newton, march)

    # D = 1: the root of 1/‖λm‖, which is concave in 1/λ.
    secular = -log1p(most(2 * expm1(h / 2) / s, Fraction(-1, 2)))
    reached = (abs(secular) <= SHORT) | (size <= at.noise)

    emit = none | select(one, reached, found | doubtful)
    root = select(none, U, select(one, U + secular, base))
    kind = select(none | one, 1, select(doubtful, 0, select(s < 0, -1, 1)))
    u = select(one, U + secular, onward)
    done = none | select(one, reached, ~(going | (march <= END))) | ~equal(u, u)
    return Block(
        "step",
        "Go on to the next u; emit a root where one is reached.",
        (ALPHA, WEIGHT, LEVEL, END, DEPTH, U, SIDE),
        {
            "next_u": u,
            "next_side": select(doubtful, 0, side_after),
            "done": done,
            "emit": emit,
            "root": exp(root),
            "kind": kind,
        },
        {
            **at.hints,
            small: "small",
            size: "size",
            near: "near",
            newton: "newton",
            found: "found",
            doubtful: "doubtful",
            base: "base",
            stride: "stride",
            march: "march",
            secular: "secular",
            reached: "reached",
        },
    )


def _short_step(h: Node, s: Node, b: Node) -> Node:
    """A δ up to which h + sδ + bδ²/2 - δ³/6 stays positive, for h ≥ 0 and s > 0 if h = 0.

    Where s ≥ 0 this holds up to the zero of the polynomial less h, by δ.  Where s < 0, δ³ ≤ reach·δ² up to
    any reach, and the parabola with that curvature ends at its first zero.
    """
    away = select(s < 0, 0, Fraction(3, 2) * b + sqrt(Fraction(9, 4) * b * b + 6 * most(s, 0)))
    down = most(-s, 0)
    tiny = machine("tiny")

    def first_zero(curve: Node) -> Node:
        return 2 * h / most(down + sqrt(most(down * down - 2 * h * curve, 0)), tiny)

    reach = least(first_zero(b), 3 * (most(b, 0) + sqrt(h)))
    return most(away, least(reach, first_zero(b - reach / 3)))


def _long_step(theta: Node, side: Node, h: Node, mu: Node) -> Node:
    """A δ up to which Jensen's inequality keeps the sign; ``mu`` is μ above the threshold, 1 - μ below.

    Above it, θδ - 2 ln(1 - μ + μe^δ) ≥ (θ - 2)δ, and ≥ (θ - 2)δ - 2 ln 2μ once δ ≥ -ln μ.  Below it,
    θδ + ln(1 - μ + μe^{-2δ}) ≤ θδ, and ≤ θδ + ln 2(1 - μ) once 2δ ≥ -ln(1 - μ).
    """
    above = side > 0
    rate = select(above, 2 - theta, theta)
    bonus = log(most(2 * mu, machine("tiny")))
    gain = select(above, 2, 1)
    far = (h - gain * bonus) / rate
    ln_two = Fraction(7, 10)  # rounded up
    return most(h / rate, select((3 - gain) * far >= ln_two - bonus, far, 0))


def _root(base: Node, degree: Node) -> Node:
    """base^{1/degree} to an ulp however large its logarithm: Newton's method mends the rounded exponent."""
    if degree.is_constant and degree.value in (1, 2):
        return base if degree.value == 1 else sqrt(base)
    guess = power(base, 1 / degree)
    return guess + guess * (base * power(guess, -degree) - 1) / degree


def _polish(D: Node) -> Block:
    """Newton's method for φ/τ = (λ/γ̄)^θ ‖m‖² = 1, whose factors are of the size of the data."""
    known, far = _known_at(D, X)
    norm = sqrt(STRENGTH) / SCALE * (far * sqrt(_formula(_LETTERS.norm_squared, known)))
    root = sqrt(SCALE * X) / sqrt(DECAY)
    turned = _root(root, most(D, 1))
    ratio = (root * norm * root) * (turned * norm * turned)
    at = _sample(D, log(X), known)
    at = replace(at, height=log(ratio))
    newton = _newton(at)
    trusted = ~equal(D, 0) & (at.slope * at.slope > 4 * abs(at.height))
    moved = select(trusted, X + X * expm1(newton), X)
    shrinkage = _formula(_LETTERS.shrinkage, known)
    return Block(
        "polish",
        "Mend the last digits of a root.",
        (ALPHA, WEIGHT, SCALE, STRENGTH, DECAY, DEPTH, X),
        {"next_x": moved},
        {
            far: "far",
            ratio: "ratio",
            norm: "norm",
            at.height: "height",
            at.slope: "slope",
            at.bend: "bend",
            shrinkage: "mu",
        },
    )


def _values(D: Node) -> Block:
    """What is known at a root, without differences where the formulas allow."""
    known, far = _known_at(D, X)
    known |= {sy.D: D}
    norm2 = _formula(_LETTERS.norm_squared, known)
    unit = STRENGTH / SCALE * far
    gap = unit * to_node(gathered(_LETTERS.value - sy.c), known)
    energy = unit * to_node(gathered(_LETTERS.signal), known)
    ridge = select(equal(D, 0), DECAY, SCALE * X)
    return Block(
        "values",
        "Everything that is known at a root.",
        (ALPHA, WEIGHT, SCALE, STRENGTH, C, DECAY, NOISE, DEPTH, X),
        {
            "ridge": ridge,
            "loss": C + gap,
            "gap": gap,
            "norm": sqrt(STRENGTH) / SCALE * (far * sqrt(norm2)),
            "layer_decay": unit * to_node(gathered(_LETTERS.layer_decay), known),
            "variance": (NOISE - 1) / NOISE * energy,
        },
        {unit: "unit", far: "far", norm2: "norm2"},
    )


def _layer() -> Block:
    """The scale b of W = b r sᵀ from κ, for sides of ``fan_out`` and ``fan_in`` signs."""
    i = 2
    scale = paper_form(Network.symbolic(i)).layer_scale(i)
    known = {sy.kappa: LAYER_DECAY, sy.gamma[i]: ONE_DECAY, sy.d[i]: FAN_OUT, sy.d[i - 1]: FAN_IN}
    return Block(
        "layer_scale",
        "The size of the entries of a layer.",
        (LAYER_DECAY, ONE_DECAY, FAN_IN, FAN_OUT),
        {"scale": to_node(scale, known)},
    )


def _prediction() -> Block:
    known = {sy.rho: NOISE, sy.mean: MEAN}
    return Block(
        "variance_at",
        "Variance of the prediction over the neuron noise, from its mean.",
        (NOISE, MEAN),
        {"variance": to_node(reduce().prediction_variance_at(), known)},
    )


def _isotropic(D: Node) -> Block:
    """q of the isotropic equation ζ = q(1 + ζ)^t, and its values at spinodal and transition."""
    letters = isotropic()
    known = {
        sy.D: most(D, 1),
        sy.rho: NOISE,
        sy.gamma_bar: DECAY,
        sy.a0: EIGENVALUE,
        sy.v_norm: V_NORM,
    }
    return Block(
        "isotropic",
        "The dimensionless decay of isotropic data, and its two thresholds.",
        (EIGENVALUE, V_NORM, DECAY, NOISE, DEPTH),
        {
            "q": to_node(letters.q, known),
            "spinodal": to_node(letters.spinodal.q, known),
            "transition": to_node(letters.transition.q, known),
        },
    )


def gathered(expression: Any) -> Any:
    """A formula in the R[k] as one sum over the features with a factored term.

    F - c becomes Σ p((D-1)λ - ρa)/(ρa + λ)², in which nothing cancels but what has to.
    """
    term = with_moments(expression, lambda k: _LETTERS.spectral_moment(k).function)
    numerator, denominator = sp.fraction(sp.factor(term))
    return sp.Sum(
        sp.collect(sp.expand(numerator / sy.p[sy.i]), sy.lam) * sy.p[sy.i] / denominator, (sy.i, 1, sy.n)
    )
