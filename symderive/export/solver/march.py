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
from symderive.export.ir.naming import named
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
from symderive.export.solver.scaled import halley_step, known_in_units, known_names, sample

#: A root is given out where |H - ℓ| < H′²/RESOLVED; its relative error is then below RESOLVED⁻³.
RESOLVED = 1024

#: At D = 1 a root is given out where Newton's step in ln λ, which squares the error, is this small.
SHORT = Fraction(1, 2**13)

#: How far short of a proved bound a step stops, in case rounding made the bound longer.
SHRINK = Fraction(98, 100)


def step_block(D: Node) -> Block:
    theta, small, beyond = theta_of(D), exp(-abs(U)), U > 0
    known = known_in_units(D, select(beyond, 1, small), select(beyond, small, 1))
    at = sample(D, U, known)
    h, s, b = at.height, at.slope, at.curvature
    one, none = equal(D, 1), equal(D, 0)
    size = abs(h)

    # The side of the threshold on which the march is; behind a doubtful root (0) it is read off.
    facing = select(equal(SIDE, 0), select(h < 0, -1, 1), SIDE)
    ahead, slope_squared, flat = facing * s, s * s, 16 * at.noise
    close = (ahead < 0) & (slope_squared > most(4 * size, flat))
    newton = halley_step(at)
    found = close & (size <= most(slope_squared / RESOLVED, at.noise))
    level_met = size <= at.noise
    doubtful = ~close & level_met & (slope_squared <= flat)

    # A doubtful root is best placed where H turns, if H″ says that it does.
    steepness = abs(s)
    turn = select(4 * steepness < b * b, -s / b, 0)
    move = select(found, newton, select(doubtful, turn, 0))
    base = U + move
    side_after = select(found, -facing, facing)
    met = found | doubtful
    rise = select(met, 0, most(facing * h, 0))
    tilt = select(found, steepness, select(doubtful, 0, ahead))
    curve = select(doubtful, abs(b), side_after * b)
    above = side_after > 0
    share = select(above, at.mu, 1 - at.mu + 8 * machine("epsilon"))
    short_reach, short_names = _short_step(rise, tilt, curve)
    long_reach, long_names, loose = _long_step(theta, above, rise, share, short_reach)
    proved_stride = most(long_reach, 4 * machine("epsilon") * (1 + abs(U)))
    stride = select(doubtful, most(proved_stride, SHORT), proved_stride)
    march = base + SHRINK * stride
    going = close & ~found
    onward = select(going, U + newton, march)

    # D = 1: the root of 1/‖λm‖, which is concave in 1/λ.
    secular = -log1p(most(2 * expm1(h / 2) / s, Fraction(-1, 2)))
    reached = (abs(secular) <= SHORT) | level_met
    descended = U + secular

    emit = none | select(one, reached, met)
    root = select(none, U, select(one, descended, base))
    kind = select(none | one, 1, select(doubtful, 0, select(s < 0, -1, 1)))
    u = select(one, descended, onward)
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
            close: "close",
            newton: "newton",
            found: "found",
            doubtful: "doubtful",
            base: "base",
            stride: "stride",
            march: "march",
            secular: "secular",
            reached: "reached",
        },
        {**known_names(known), **short_names, **long_names, **named(locals())},
        loose,
    )


def _short_step(h: Node, s: Node, b: Node) -> tuple[Node, dict[Node, str]]:
    """A δ up to which h + sδ + bδ²/2 - δ³/6 stays positive, for h ≥ 0 and s > 0 if h = 0.

    Where s ≥ 0 this holds up to the zero of the polynomial less h, by δ.  Where s < 0, δ³ ≤ reach·δ² up to
    any reach, and the parabola with that curvature ends at its first zero.
    """
    cubic_reach = Fraction(3, 2) * b + sqrt(Fraction(9, 4) * b * b + 6 * most(s, 0))
    away = select(s < 0, 0, cubic_reach)
    twice, down = 2 * h, most(-s, 0)
    down_squared = down * down

    def first_zero(curve: Node) -> Node:
        return twice / most(down + sqrt(most(down_squared - twice * curve, 0)), machine("tiny"))

    parabola_zero, bound = first_zero(b), 3 * (most(b, 0) + sqrt(h))
    parabola_reach = least(parabola_zero, bound)
    bent_zero = first_zero(b - parabola_reach / 3)
    parabola_reach_bent = least(parabola_reach, bent_zero)
    short_reach = most(away, parabola_reach_bent)
    return short_reach, named(locals())


def _long_step(
    theta: Node, above: Node, h: Node, mu: Node, safe: Node
) -> tuple[Node, dict[Node, str], frozenset[Node]]:
    """A δ up to which Jensen's inequality keeps the sign; ``mu`` is μ above the threshold, 1 - μ below.

    The sign is kept while μe^{(1-θ/2)δ} + (1 - μ)e^{-θδ/2} < e^{h/2} above it, and while
    (1 - μ)e^{θδ} + μe^{-(2-θ)δ} < e^h below.  The weights add up to 1 and the second exponential falls, so
    that δ may reach h/2, or h, over the rate of the first; and beyond any δ known to be ``safe`` the second
    is at most what it is there, which leaves a logarithm.  Too large an exponential and too small a
    logarithm only make the step shorter.
    """
    rate, fall = select(above, 1 - theta / 2, theta), select(above, theta / 2, 2 - theta)
    room = h / select(above, 2, 1)
    safe_reach = most(safe, room / rate)
    fallen = exp(-room - fall * safe_reach)
    falling = (1 - mu) * fallen
    rising_share = 1 - falling - 4 * machine("epsilon")
    gain = log(most(rising_share, mu) / most(mu, machine("tiny")))
    jensen_reach = (room + gain) / rate
    long_reach = most(safe_reach, jensen_reach)
    return long_reach, named(locals()), frozenset((fallen, gain))
