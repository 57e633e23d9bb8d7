"""One step of the march from left to right, and the proof of it.

A step looks at one point x, up to which every root is known; ``side`` is the sign of H there, right behind
the last root.  Write h, s, b for H, H′, H″ in u = ln x at x, with |H″| ≤ 1 and |H‴| ≤ 1, a for a lower
bound of |s|.

*A root is isolated* where H heads for 0 and 4(|h| + error) < a²: H is monotone as far as |δ| < a, and by
a²/2 > |h| it vanishes there, once, at |δ| ≤ r = 2|h|/a < a/2.

*An interval is free* where the cubic h + sδ + bδ²/2 - δ³/6 keeps its sign, or (a *leap*) by Jensen's
inequality: S(xe^δ)/S(x) lies between (1 - μ + μe^δ)⁻² and 1 - μ + μe^{-2δ}, so that H keeps a positive
sign while 2 ln(1 - μ + μe^δ) - θδ < h, and a negative one while ln(1 - μ + μe^{-2δ}) + θδ < |h|.  Both
left sides are convex in δ and 0 at δ = 0: it is enough that they hold at the end.  How far to go is
proposed with exp and log of the library; that the point arrived at is near enough is then *verified*, with
``ln`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import Node, exp, least, ln, log, most, select, sqrt, symbol, total
from symderive.export.solver.arguments import ALPHA, DEPTH, SIDE, WEIGHT, theta_of
from symderive.export.solver.certified.bounds import DISTANCE, RANGE, U
from symderive.export.solver.certified.start import (
    BEND_ERROR,
    END,
    HEIGHT_ERROR,
    LEVEL,
    PLACE,
    SHRINK,
    SLOPE_ERROR,
    X,
)

#: A root is given out where |h| < a²/RESOLVED; nearer to it Halley's step is good to many digits.
RESOLVED = 16

#: How far short of a proved bound a step is proposed, and how far short it must arrive.
SHRINK_STEP, SHORT = Fraction(98, 100), Fraction(999, 1000)

#: Steps shorter than this are given up, and longer ones than that are never proposed.
SHORTEST, LONGEST = Fraction(1, 2**30), 256

#: Slack for the rounding of both sides of a leap's inequality, relative to 1 + δ + |h|.
LEAP_SLACK = Fraction(1, 2**46)


@dataclass(frozen=True)
class Look:
    """H, H′, H″ and μ at x, and readable names."""

    height: Node
    slope: Node
    bend: Node
    mu: Node
    hints: Mapping[Node, str]


def look(D: Node, x: Node, place: Node) -> Look:
    r = 1 / (ALPHA + x)
    second = WEIGHT * r * r
    third = second * r
    s2, s3, s4 = total(second), total(third), total(third * r)
    part = x / s2
    hints = {r: "r", second: "w2", third: "w3", s2: "s2", s3: "s3", s4: "s4", part: "part"}
    mu = part * s3
    theta = theta_of(D)
    return Look(
        height=ln(s2 * SHRINK) + theta * place,
        slope=theta - 2 * mu,
        bend=6 * (part * x * s4) - (4 * mu + 2) * mu,
        mu=mu,
        hints=hints,
    )


@dataclass(frozen=True)
class Displacement:
    """Where the root is, ``step`` from the sample up to ``error``, and bounds of H′ there."""

    step: Node
    error: Node
    tangent: Node
    slope: Node
    change: Node


def displacement(at: Look, a: Node, r: Node) -> Displacement:
    """Halley's step δ, and how wrong it is.

    H at δ is the residual h + sδ + bδ²/2 up to |δ|³/6 and the errors of h, s, b; between δ and the root
    |H′| ≥ a - r, as |δ| ≤ |h|/(|s| - |hb/2s|) < r.  Roundings of the residual, six of up to 1.2|h|,
    stay below 8u|h| ≤ 16u|δ|, which the bound of s pays for.  The last factor pays for the rest.
    """
    h, s, b = at.height, at.slope, at.bend
    step = h * s / (h * b / 2 - s * s)
    size = abs(step)
    square = size * size
    half = b * step / 2
    residual = abs(h + (s + half) * step)
    taylor = square * (size / 6 + BEND_ERROR / 2)
    error = (residual + taylor + SLOPE_ERROR * size + HEIGHT_ERROR) / (a - r) * Fraction(1025, 1024)
    # H′ at the root: s + bδ up to δ²/2 and the errors, and as |H″| ≤ 1 up to the error of δ.
    tangent = s + half + half
    change = size * (size / 2 + BEND_ERROR) + SLOPE_ERROR + error
    return Displacement(step, error, tangent, abs(tangent) - change, change)


def step_block(D: Node) -> Block:
    theta = theta_of(most(D, 2))
    at = look(most(D, 2), X, PLACE)
    h, s, b = at.height, at.slope, at.bend
    size = abs(h)
    a = abs(s) - SLOPE_ERROR
    square = a * a
    above, below = size + HEIGHT_ERROR, size - HEIGHT_ERROR
    ahead = SIDE * s
    near = (ahead < 0) & (a > 0) & (4 * above < square)
    found = near & ((RESOLVED * above <= square) | (size <= 4 * HEIGHT_ERROR))
    root = displacement(at, a, 2 * above / a)
    side = select(found, -SIDE, SIDE)
    up = side > 0

    # From here on |H| ≥ height + slope δ + bend δ²/2 - δ³/6, from the root or from the sample.
    blur = select(found, root.error, 0)
    base = select(found, root.step, 0)
    moved = abs(base) + blur
    height = select(found, 0, below)
    slope = select(found, root.slope, ahead - SLOPE_ERROR)
    bend = side * b - BEND_ERROR - moved
    free = _free(height, slope, bend)

    # μ there, upper bound above and lower bound below: from H′ = θ - 2μ; also |d ln μ/du| ≤ 2.
    mu = select(found, (theta - root.tangent) / 2, at.mu)
    mu = mu + side * select(found, root.change, at.mu * SLOPE_ERROR)
    share = least(mu, select(up & found, at.mu * (1 + 4 * moved + SLOPE_ERROR), 1))
    beyond = _leap_length(theta, up, height, share, free)

    x = X * exp(base + least(SHRINK_STEP * most(free, beyond), LONGEST))
    place = ln(x / LEVEL)
    distance = (place - PLACE) - base + (DISTANCE + blur)
    covered = distance <= SHORT * free
    done = place >= END
    sound = select(found, root.slope > 0, (below > 0) & (SIDE * h > 0))
    # H is negative beyond the last root.
    sound = sound & (distance > SHORTEST) & select(done, ~up, x <= RANGE)
    # e^δ from below or above for the leap; e^{-base} ≤ 1 - base + base² and ≥ 1 - base.
    shift = select(up, 1 - base + base * base + 2 * blur, 1 - base - 2 * blur)
    return Block(
        "step",
        "Look at x; isolate a root or go on as far as is free.",
        (
            ALPHA,
            WEIGHT,
            LEVEL,
            SHRINK,
            HEIGHT_ERROR,
            SLOPE_ERROR,
            BEND_ERROR,
            END,
            DEPTH,
            X,
            PLACE,
            SIDE,
        ),
        {
            "next_x": x,
            "next_place": place,
            "next_side": side,
            "done": done,
            "sound": sound,
            "covered": covered,
            "emit": found,
            "root_step": base,
            "reach": a,
            "height": height,
            "share": share,
            "distance": distance,
            "blur": blur,
            "shift": shift,
        },
        {
            **at.hints,
            root.error: "error",
            root.tangent: "tangent",
            root.change: "change",
            above: "above",
            square: "square",
            at.mu: "mu",
            h: "level_height",
            s: "tilt",
            b: "curve",
            size: "size",
            near: "near",
            free: "free",
            moved: "moved",
            slope: "slope",
            bend: "bend",
            beyond: "beyond",
            up: "up",
            theta: "theta",
            ahead: "ahead",
            root.step: "halley",
        },
    )


def _free(h: Node, s: Node, b: Node) -> Node:
    """A δ up to which h + sδ + bδ²/2 - δ³/6 stays positive, for h ≥ 0 and s > 0 if h = 0.

    Where s ≥ 0 this holds up to the zero of the polynomial less h, by δ.  Where s < 0, δ³ ≤ reach·δ² up to
    any reach, and the parabola with that curvature ends at its first zero.  Rounding moves the result by
    less than 10⁻⁷ of it and 10⁻¹⁴, also where the root of a difference is taken; SHORT and SHORTEST leave
    10⁻³ of it, more than 10⁻¹².
    """
    tilt = Fraction(3, 2) * b
    away = tilt + sqrt(tilt * tilt + 6 * most(s, 0))
    down = most(-s, 0)
    square, twice = down * down, 2 * h
    reach = twice / (down + sqrt(most(square - twice * b, 0)))
    reach = least(reach, 3 * (most(b, 0) + sqrt(h)))
    first = twice / (down + sqrt(most(square - twice * (b - reach / 3), 0)))
    return select(s < 0, least(reach, first), away)


def _leap_length(theta: Node, up: Node, h: Node, share: Node, free: Node) -> Node:
    """About how far Jensen's inequality keeps the sign: the larger of its two terms decides, and the other
    is at most what it is at ``free``."""
    rate, fall = select(up, 1 - theta / 2, theta), select(up, theta / 2, 2 - theta)
    height = h * select(up, Fraction(1, 2), 1)
    part = select(up, share, 1 - share)
    left = 1 - (1 - part) * exp(-height - fall * free)
    return (height + log(most(left, part) / part)) / rate


RATIO, SHARE, DISTANCE_TO, HEIGHT, BLUR, SHIFT = map(
    symbol, ("ratio", "share", "distance", "height", "blur", "shift")
)


def leap_block(D: Node) -> Block:
    """Whether Jensen's inequality proves an interval free; the ratio is x′/x, its end over the sample."""
    theta = theta_of(most(D, 2))
    up = SIDE > 0
    # The ratio, its product with the shift and the product itself are rounded eight times.
    growth = RATIO * SHIFT * select(up, 1 + 16 * U, 1 - 16 * U)
    power = select(up, growth, 1 / (growth * growth))
    value = ln((1 - SHARE) + SHARE * power)
    least_distance = DISTANCE_TO - 2 * (DISTANCE + BLUR)
    left = select(up, 2 * value - theta * least_distance, value + theta * DISTANCE_TO)
    slack = LEAP_SLACK * (1 + DISTANCE_TO + HEIGHT)
    return Block(
        "leap",
        "Verify a long step.",
        (DEPTH, SIDE, RATIO, HEIGHT, SHARE, DISTANCE_TO, BLUR, SHIFT),
        {"verified": left < HEIGHT - slack},
        {up: "up", growth: "growth", power: "power", value: "value"},
    )
