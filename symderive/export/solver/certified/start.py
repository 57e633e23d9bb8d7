"""The scaled problem, exact but for one rounding of each number, and the range that holds every root.

With powers of two s up to the least a_i and t up to the largest p_i,

    x = λ/(ρs),   α_i = a_i/s ≥ 1,   P_i = p_i/t < 2,   G = γ̄/(ρs),   S_j = Σ P_i/(α_i + x)ʲ,
    ‖m‖² = κS_2,   κ = t/(ρs)²,   H(x) = ln(κS_2) + θT = 0,   T = ln(x/G),   θ = (D+1)/D.

α and P are exact; so is every x, which is chosen as a double.
"""

from __future__ import annotations

from fractions import Fraction

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import Node, equal, exp, ln, most, symbol, top, total, unit
from symderive.export.solver.arguments import ALPHA, DECAY, DEPTH, NOISE, WEIGHT, A, C, P, theta_of
from symderive.export.solver.certified.bounds import (
    DISTANCE,
    HIGHER,
    MOST_NOISE,
    RANGE,
    WIDEST,
    Counts,
    U,
    relative,
)

TERMS, ULPS, LARGEST = map(symbol, ("terms", "ulps", "largest"))
UNIT, POWER, LEVEL, SHRINK, X, PLACE, END = map(
    symbol, ("unit", "power", "level", "shrink", "x", "place", "end")
)
HEIGHT_ERROR, SLOPE_ERROR, BEND_ERROR = map(symbol, ("height_error", "slope_error", "bend_error"))

#: Depths that are searched; θ - 1 = 1/D stays far from the roundoff.
DEEPEST = 2**20

#: ln of the distance by which the march starts to the left of the range, more than exp is ever wrong by.
BEFORE = Fraction(1, 2**10)


def scale_block() -> Block:
    """Scale; that a ≥ 2⁻¹⁰²² and p = 0 or p ≥ 2⁻¹⁰²² is the frame's to see to."""
    # Powers of two, by which to divide is exact.
    scale, power = unit(-top(-A)), unit(top(P))
    return Block(
        "scale",
        "The spectrum in units in which the least a and the largest p lie in [1, 2).",
        (A, P),
        {"alpha": A / scale, "weight": P / power, "unit": scale, "power": power, "largest": top(A) / scale},
    )


def start_block(D: Node) -> Block:
    counts = Counts(TERMS, ULPS)
    layers = most(D, 2)
    theta = theta_of(layers)
    shrink = POWER / (UNIT * UNIT) / (NOISE * NOISE)
    level = DECAY / (NOISE * UNIT)
    share = WEIGHT / ALPHA
    strength, inverse, second = total(WEIGHT), total(share), total(share / ALPHA)

    # ‖m‖² is at most κS_2(0), vᵀA⁺v/(4ρλ) and ‖v‖²/λ²; each bounds T by a logarithm.
    log_second = ln(second * shrink)
    log_inverse = ln(inverse * shrink / (4 * level))
    log_strength = ln(strength * shrink / (level * level))
    # Arguments of at most this count, logarithms, and four roundings of each bound; what the arguments
    # leave of their count, 2k + 13, pays for the (6 + 2k)u by which T = ln(x/G) is wrong when compared.
    argument = relative(counts.s4 + 4 * ULPS + 8)
    size = abs(log_second) + abs(log_inverse) + abs(log_strength)
    margin = layers * (argument + U * (8 + 8 * size))
    low = most(-log_second / theta, -(layers * log_inverse)) - margin
    end = log_strength * layers / (layers - 1) + margin
    x = level * exp(low - BEFORE)
    place = ln(x / level)
    furthest = most(abs(place), abs(end))

    inside = LARGEST <= RANGE
    inside = inside & (inverse <= RANGE) & (strength <= RANGE)
    for value, bound in ((UNIT, 2**400), (shrink, 2**600)):
        inside = inside & (value <= bound) & (value >= Fraction(1, bound))
    # At depth 0 a decay of 0 is least squares.
    given = (level <= 2**360) & (level >= Fraction(1, 2**360)) & (Fraction(1, 2**1022) <= DECAY)
    inside = inside & (given | (equal(D, 0) & equal(DECAY, 0)))
    inside = inside & (NOISE >= 1) & (NOISE <= MOST_NOISE) & (D >= 0) & (D <= DEEPEST)
    inside = inside & (ULPS >= 0) & (TERMS + ULPS <= 2**32) & (C <= WIDEST) & (C >= 0)
    explained = inverse * (POWER / UNIT)
    beyond = (explained + C) * relative(counts.s4)
    return Block(
        "start",
        "Bound the roots and the errors.",
        (ALPHA, WEIGHT, UNIT, POWER, LARGEST, C, DECAY, NOISE, DEPTH, TERMS, ULPS),
        {
            "level": level,
            "shrink": shrink,
            "height_error": height_error(theta, furthest, relative(counts.norm), ULPS),
            "slope_error": slope_error(counts),
            "bend_error": bend_error(counts),
            "x": x,
            "place": place,
            "end": end,
            "fit": inside,
            "impossible": explained - C > beyond,
            "empty": end < low,
            "ready": (place + DISTANCE <= low) & (x >= Fraction(1, RANGE)) & (x <= RANGE),
        },
        {
            share: "share",
            strength: "strength",
            inverse: "inverse",
            second: "second",
            log_second: "log_second",
            log_inverse: "log_inverse",
            log_strength: "log_strength",
            size: "size",
            margin: "margin",
            low: "low",
            furthest: "furthest",
            explained: "explained",
            theta: "theta",
        },
    )


def height_error(theta: Node, furthest: Node, norm_error: Node, ulps: Node) -> Node:
    """A bound of |computed H - H| less 2u max(|H| - 2, 0), wherever |T| ≤ ``furthest``.

    With the relative error of κS_2, L its logarithm: ln is wrong by (4 + |L|)u, G counts 1 + 2k, x/G
    one more, T is wrong by (6 + 2k + |T|)u, θ and θT by a u each, and the last sum by |H|u.  As
    |L| ≤ |H| + θ|T|, that is norm_error + u(4 + θ(6 + 2k) + 4θ|T| + 2|H|).
    """
    return HIGHER * (norm_error + U * (8 + theta * (6 + 2 * ulps + 4 * furthest)))


def slope_error(counts: Counts) -> Node:
    """A bound of |computed H′ - H′|, H′ = θ - 2μ, μ ≤ 1, plus 20u.

    θ ≤ 3/2 and the difference are wrong by 3u together.  The 20u pay for roundings of the step:
    see :func:`~symderive.export.solver.certified.step.displacement`.
    """
    return 2 * relative(counts.shrinkage) + 24 * U


def bend_error(counts: Counts) -> Node:
    """A bound of |computed H″ - H″|, H″ = 6x²S4/S2 - (4μ + 2)μ, where μ, x²S4/S2 ≤ 1.

    (4μ + 2)μ changes by at most 10 for a change of μ by 1, up to the square of it; its two roundings cost
    12u, the difference one u.
    """
    return 6 * relative(counts.square_shrinkage) + 11 * relative(counts.shrinkage) + 16 * U
