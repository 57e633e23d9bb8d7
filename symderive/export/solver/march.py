"""One step of the march along u = ln x, from left to right over every root of H(u) = ℓ.

A step rests on one evaluation of (H, H′, H″) at u.  Where 4|H - ℓ| < H′², |H″| ≤ 1 makes Newton's method
converge (Kantorovich), and it runs.  Elsewhere the march goes as far right as is proved to hold no root, by
the larger of two bounds (μ is the mean shrinkage, h = |H - ℓ| and h′, h″ its derivatives):

- |H‴| ≤ 1, so that h + h′δ + h″δ²/2 - δ³/6 > 0;
- Jensen's inequality: S(xe^δ)/S(x) lies between (1 - μ + μe^δ)⁻² and 1 - μ + μe^{-2δ}.

At D = 1, where there is one root and H is nearly flat beyond it, 1/‖λm‖ is concave in 1/λ, and Newton's
method for it descends from the right without ever crossing the root.  At D = 0 the ridge is the decay
itself.
"""

from __future__ import annotations

from fractions import Fraction

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import (
    Node,
    equal,
    exp,
    expm1,
    least,
    log,
    log1p,
    machine,
    most,
    select,
    sqrt,
)
from symderive.export.solver.arguments import ALPHA, DEPTH, END, LEVEL, SIDE, WEIGHT, U, theta_of
from symderive.export.solver.scaled import halley_step, known_in_units, sample

#: A root is given out where |H - ℓ| < H′²/RESOLVED; its relative error is then below RESOLVED⁻³.
RESOLVED = 1024

#: At D = 1 a root is given out where Newton's step in ln λ, which squares the error, is this small.
SHORT = Fraction(1, 2**13)

#: How far short of a proved bound a step stops, in case rounding made the bound longer.
SHRINK = Fraction(98, 100)


def step_block(D: Node) -> Block:
    theta, small, beyond = theta_of(D), exp(-abs(U)), U > 0
    at = sample(D, U, known_in_units(D, select(beyond, 1, small), select(beyond, small, 1)))
    h, s, b = at.height, at.slope, at.curvature
    one, none = equal(D, 1), equal(D, 0)
    size = abs(h)

    # The side of the threshold on which the march is; behind a doubtful root (0) it is read off.
    side = select(equal(SIDE, 0), select(h < 0, -1, 1), SIDE)
    near = (side * s < 0) & (s * s > most(4 * size, 16 * at.noise))
    newton = halley_step(at)
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
        _long_step(theta, side_after, height, mu, _short_step(height, slope, bend)),
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


def _long_step(theta: Node, side: Node, h: Node, mu: Node, safe: Node) -> Node:
    """A δ up to which Jensen's inequality keeps the sign; ``mu`` is μ above the threshold, 1 - μ below.

    The sign is kept while μe^{(1-θ/2)δ} + (1 - μ)e^{-θδ/2} < e^{h/2} above it, and while
    (1 - μ)e^{θδ} + μe^{-(2-θ)δ} < e^h below.  The weights add up to 1 and the second exponential falls, so
    that δ may reach h/2, or h, over the rate of the first; and beyond any δ known to be ``safe`` the second
    is at most what it is there, which leaves a logarithm.
    """
    above = side > 0
    rate, fall = select(above, 1 - theta / 2, theta), select(above, theta / 2, 2 - theta)
    height = h / select(above, 2, 1)
    known = most(safe, height / rate)
    share = 1 - (1 - mu) * exp(-height - fall * known) - 4 * machine("epsilon")
    return most(known, (height + log(most(share, mu) / most(mu, machine("tiny")))) / rate)
