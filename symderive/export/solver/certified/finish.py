"""The last digits of a root that the march has isolated, its radius, and every value there with its own.

``settle`` proposes; ``finish`` proves: a root lies within r of x, |H′| ≥ a there, by the same argument as
in the march, and it is *the* root that was isolated, since both lie where H is monotone.  Every value is
known up to its rounding (counts) and to how it varies within r.

At D = 1, where H′ = 2ν > 0 everywhere, ν changes by at most a factor e^{2|δ|} (d logit μ/du is in [-2, 1]),
so that r = -½ ln(1 - z) ≤ (z + z²)/2 with z = |h|/ν ≤ ½.  At D = 0 the ridge is the decay itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import (
    Node,
    equal,
    exp,
    expm1,
    ln,
    log,
    log1p,
    most,
    select,
    sqrt,
    symbol,
    total,
)
from symderive.export.solver.arguments import ALPHA, DEPTH, NOISE, WEIGHT, C, theta_of
from symderive.export.solver.certified.bounds import DISTANCE, HIGHER, RANGE, WIDEST, Counts, U, relative
from symderive.export.solver.certified.start import LEVEL, PLACE, POWER, SHRINK, TERMS, ULPS, UNIT, X
from symderive.export.solver.certified.step import look

REACH = symbol("reach")

#: What pays for the rounding of a radius itself.
ROUNDED = Fraction(2**20 + 1, 2**20)

#: The largest relative radius of x with which values are given.
MOST_RADIUS = Fraction(1, 16)

#: A root is settled where |h| is below so many times its error; more digits would not show.
SETTLED = 2


def settle_block(D: Node) -> Block:
    """Halley's step without proof."""
    at = look(most(D, 2), X, log(X / LEVEL))
    h, s, b = at.height, at.slope, at.bend
    return Block(
        "settle",
        "Go on to the root.",
        (ALPHA, WEIGHT, LEVEL, SHRINK, DEPTH, X),
        {"root": X * exp(h * s / (h * b / 2 - s * s))},
        at.hints,
    )


def single_block() -> Block:
    """D = 1: whether H, which rises to ln(‖v‖²/γ̄²), crosses 0, and a place on the right of the crossing.

    1/‖λm‖ ≤ (1 + Σwα/x)/‖v‖, its tangent at 1/x = 0, with w = P/ΣP.
    """
    counts = Counts(TERMS, ULPS)
    strength, moment = total(WEIGHT), total(WEIGHT * ALPHA)
    rise = ln(strength * SHRINK / (LEVEL * LEVEL))
    doubt = 2 * relative(counts.s4 + 4 * ULPS + 8) + U * (8 + 2 * abs(rise))
    return Block(
        "single",
        "The one root of depth 1: whether there is one, and where to start.",
        (ALPHA, WEIGHT, LEVEL, SHRINK, TERMS, ULPS),
        {
            "x": moment / strength / expm1(rise / 2),
            "present": rise > doubt,
            "absent": rise < -doubt,
        },
        {strength: "strength", moment: "moment", rise: "rise", doubt: "doubt"},
    )


def finish_block(D: Node) -> Block:
    arrival = _arrival(D)
    none = equal(D, 0)
    # At D = 0, λ is the decay: G counts 1 + 2k, ρx one, and x is G.
    radius_x = arrival.radius + select(none, relative(2 + 2 * ULPS), 0)
    values, inside, named = _values(D, radius_x)
    return Block(
        "finish",
        "Prove where a root is, and give all values there.",
        (
            ALPHA,
            WEIGHT,
            C,
            UNIT,
            POWER,
            LEVEL,
            SHRINK,
            NOISE,
            DEPTH,
            TERMS,
            ULPS,
            X,
            PLACE,
            REACH,
        ),
        {
            **{name: value for name, (value, _) in values.items()},
            **{f"{name}_radius": radius for name, (_, radius) in values.items()},
            "proved": arrival.proved & inside,
            "settled": arrival.settled,
            "next_x": arrival.next_x,
        },
        {**_sums().hints, **arrival.hints, radius_x: "relative_radius", **named},
    )


@dataclass(frozen=True)
class _Sums:
    """S2, Q = Σ P α r² and B = Σ P α r³ at x, and readable names."""

    s2: Node
    energy: Node
    rest: Node
    hints: Mapping[Node, str]


def _sums() -> _Sums:
    r = 1 / (ALPHA + X)
    term = WEIGHT * r * r
    energy_term = term * ALPHA
    s2, energy, rest = total(term), total(energy_term), total(energy_term * r)
    hints = {r: "r", term: "w2", energy_term: "w2a", s2: "s2", energy: "energy", rest: "rest"}
    return _Sums(s2, energy, rest, hints)


@dataclass(frozen=True)
class _Arrival:
    """A root within ``radius`` of x in ln x, where ``proved``, and where to go on unless ``settled``."""

    radius: Node
    proved: Node
    settled: Node
    next_x: Node
    hints: Mapping[Node, str]


def _arrival(D: Node) -> _Arrival:
    counts, sums = Counts(TERMS, ULPS), _sums()
    none, one = equal(D, 0), equal(D, 1)
    theta = theta_of(D)
    log_norm, place = ln(sums.s2 * SHRINK), ln(X / LEVEL)
    h = log_norm + theta * place
    size = abs(h)
    nu = sums.rest / sums.s2
    error = HIGHER * (
        relative(counts.norm) + U * (4 + abs(log_norm) + size + theta * (6 + 2 * ULPS + 3 * abs(place)))
    )
    above = size + error
    s = (theta - 2) + 2 * nu
    a = abs(s) - (2 * relative(counts.rest_share) + 4 * U)
    guess = 2 * above / a
    shallow = above / (nu * (1 - relative(counts.rest_share)))
    radius = select(none, 0, select(one, (shallow + shallow * shallow) / 2, above / (a - guess)))
    radius = radius * ROUNDED
    isolated = (a > 0) & (4 * guess < a) & (abs(place - PLACE) + (DISTANCE + radius) < REACH)
    newton = select(one, -log1p(most(2 * expm1(h / 2) / s, Fraction(-1, 2))), -h / s)
    return _Arrival(
        radius,
        none | select(one, shallow <= Fraction(1, 2), isolated),
        none | (size <= SETTLED * error),
        X * exp(newton),
        {
            log_norm: "log_norm",
            place: "here",
            size: "size",
            h: "height",
            nu: "nu",
            error: "error",
            above: "above",
            s: "slope",
            a: "steep",
            guess: "guess",
            shallow: "shallow",
            radius: "radius",
            newton: "newton",
            theta: "theta",
        },
    )


def _values(D: Node, radius_x: Node) -> tuple[dict[str, tuple[Node, Node]], Node, dict[Node, str]]:
    """The values at x in the units of the data, each with its radius if a root is within ``radius_x``;
    whether they are in range; and readable names.

    |d ln x| ≤ 1, |d ln S2| ≤ 2, |d ln(x S2)| ≤ 1, |d ln Q| ≤ 2 and for the gap 3 of its size, for du; each
    bound is taken larger, by what is of higher order in r ≤ MOST_RADIUS.
    """
    counts, sums, none = Counts(TERMS, ULPS), _sums(), equal(D, 0)
    s2, energy = sums.s2, sums.energy
    ridge = NOISE * X * UNIT
    per = POWER / UNIT / NOISE
    first = (D - 1) * X * s2
    gap, gap_size = (first - energy) * per, (abs(first) + energy) * per
    norm = sqrt(s2 * SHRINK)
    layer_decay = X * s2 * per
    signal = energy * per / NOISE
    variance = (NOISE - 1) * signal
    loss = C + gap
    ridge_radius = ridge * (radius_x * (1 + radius_x) + relative(2 + ULPS))
    gap_radius = gap_size * (relative(counts.energy + ULPS + 6) + 4 * radius_x)
    values = {
        "ridge": (ridge, ridge_radius),
        "loss": (loss, gap_radius + (abs(loss) + C * ULPS) * (2 * U)),
        "gap": (gap, gap_radius),
        "norm": (norm, norm * (relative(counts.norm) + Fraction(9, 8) * radius_x)),
        "layer_decay": (
            layer_decay,
            layer_decay * (relative(counts.s2 + ULPS + 5) + Fraction(9, 8) * radius_x),
        ),
        # ρ - 1 is wrong by ku times ρ, and what it is multiplied with by a factor of e^{2/16} at most.
        "variance": (
            variance,
            variance * (relative(counts.energy + 2 * ULPS + 6) + Fraction(9, 4) * radius_x)
            + signal * NOISE * relative(Fraction(5, 4) * ULPS),
        ),
    }
    inside = (X <= 2 * RANGE) & ((Fraction(1, RANGE) <= X) | equal(X, 0)) & (radius_x <= MOST_RADIUS)
    for value in (ridge, gap_size, norm, layer_decay, signal):
        inside = inside & (value <= WIDEST)
    for value in (gap_size, norm, signal, per):
        inside = inside & (value >= Fraction(1, WIDEST))
    inside = inside & (none | ((ridge >= Fraction(1, WIDEST)) & (layer_decay >= Fraction(1, WIDEST))))
    return values, inside, {per: "per", gap_size: "gap_size", signal: "quadratic"}
