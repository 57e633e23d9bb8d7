"""The scaled problem, exact but for one rounding of each number, and the range that holds every root.

With a power of two s up to the least a_i,

    x = λ/(ρs),   α_i = a_i/s ≥ 1,   P_i = p_i/s²,   G = γ̄/(ρs),   S_j = Σ P_i/(α_i + x)ʲ,
    H(x) = ln(S_2/ρ²) + θT = 0,   T = ln(x/G),   θ = (D+1)/D,

which is ‖m‖² = S_2/ρ² and φ = τ.  α and P are exact; so is every x, which is chosen as a double.
"""

from __future__ import annotations

from fractions import Fraction

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import Node, equal, exp, ln, most, symbol, top, total, unit
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
from symderive.export.solver.scaled import ALPHA, DECAY, DEPTH, NOISE, WEIGHT, A, C, P, theta_of

FEATURES, ULPS = symbol("features"), symbol("ulps")
UNIT, LEVEL, SHRINK, X, PLACE, END = map(symbol, ("unit", "level", "shrink", "x", "place", "end"))
HEIGHT_ERROR, SLOPE_ERROR, BEND_ERROR = map(symbol, ("height_error", "slope_error", "bend_error"))

#: Depths that are searched; θ - 1 = 1/D stays far from the roundoff.
DEEPEST = 2**20

#: ln of the distance by which the march starts to the left of the range, more than exp is ever wrong by.
BEFORE = Fraction(1, 2**10)


def start_block(D: Node) -> Block:
    """Scale and bound; a ≥ 2⁻¹⁰²² and p = 0 or p ≥ 2⁻¹⁰²² are the frame's to see to."""
    counts = Counts(FEATURES, ULPS)
    layers = most(D, 2)
    theta = theta_of(layers)
    # unit is a power of two, and dividing by it is exact.
    scale = unit(-top(-A))
    alpha, weight = A / scale, P / (scale * scale)
    shrink = 1 / (NOISE * NOISE)
    level = DECAY / (NOISE * scale)
    share = weight / alpha
    strength, inverse, second = total(weight), total(share), total(share / alpha)

    # ‖m‖² is at most S_2(0)/ρ², vᵀA⁺v/(4ρλ) and ‖v‖²/λ²; each bounds T by a logarithm.
    log_second = ln(second * shrink)
    log_inverse = ln(inverse * shrink / (4 * level))
    log_strength = ln(strength * shrink / (level * level))
    # Arguments of at most this count, logarithms, and four roundings of each bound.
    argument = relative(counts.s4 + 4 * ULPS + 8)
    size = abs(log_second) + abs(log_inverse) + abs(log_strength)
    margin = layers * (argument + U * (8 + 8 * size))
    low = most(-log_second / theta, -(layers * log_inverse)) - margin
    end = log_strength * layers / (layers - 1) + margin
    x = level * exp(low - BEFORE)
    place = ln(x / level)
    furthest = most(abs(place), abs(end))

    alpha_top = top(A) / scale
    inside = alpha_top <= RANGE
    for value, bound in ((strength, RANGE), (inverse, RANGE), (scale, 2**400)):
        inside = inside & (value <= bound) & (value >= Fraction(1, bound))
    # At depth 0 a decay of 0 is least squares.
    given = (level <= 2**360) & (level >= Fraction(1, 2**360)) & (Fraction(1, 2**1022) <= DECAY)
    inside = inside & (given | (equal(D, 0) & equal(DECAY, 0)))
    inside = inside & (NOISE >= 1) & (NOISE <= MOST_NOISE) & (D >= 0) & (D <= DEEPEST)
    inside = inside & (ULPS >= 0) & (FEATURES + ULPS <= 2**32) & (C <= WIDEST) & (C >= 0)
    explained = inverse * scale
    beyond = (explained + C) * relative(counts.s4)
    return Block(
        "start",
        "Scale the problem exactly and bound its roots.",
        (A, P, C, DECAY, NOISE, DEPTH, FEATURES, ULPS),
        {
            "alpha": alpha,
            "weight": weight,
            "unit": scale,
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
            alpha_top: "largest",
            furthest: "furthest",
            explained: "explained",
            theta: "theta",
        },
    )


def height_error(theta: Node, furthest: Node, norm_error: Node, ulps: Node) -> Node:
    """A bound of |computed H - H| less 2u max(|H| - 2, 0), wherever |T| ≤ ``furthest``.

    With the relative error of S_2/ρ², L its logarithm: ln is wrong by (4 + |L|)u, G counts 1 + 2k, x/G
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


__all__ = [
    "ALPHA",
    "BEND_ERROR",
    "DEPTH",
    "END",
    "FEATURES",
    "HEIGHT_ERROR",
    "LEVEL",
    "NOISE",
    "PLACE",
    "SHRINK",
    "SLOPE_ERROR",
    "ULPS",
    "UNIT",
    "WEIGHT",
    "X",
    "bend_error",
    "height_error",
    "slope_error",
    "start_block",
]
