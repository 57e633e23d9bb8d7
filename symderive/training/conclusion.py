"""What is said of trained weights: by how far their loss lies from a stationary value, and by the place.

What is *at stake* at a stationary point is the least of the differences between its loss F_k and the
other stationary values, the loss c = E[y²] of the prediction 0 among them; at the global minimum also F*
itself where it is more than rounding the targets to float64 leaves of a perfect fit, so that no loss
that is a multiple of the minimum is called the minimum.  Points whose losses are equal are left out: of the
global minima those that tie or were not told apart, of the others those whose balls overlap (the place
tells them apart).  Where nothing is left, c is at stake.

With the tolerance t the weights are

* at the **global minimum**, when the gap L - F* is at most t times what is at stake and the place is right:
  the distance from the global minimum is at most t times its separation from the others, or the gap is even
  at most t² times what is at stake, so that what is far away lies along directions which the loss hardly
  sees (features that almost depend on each other, or decay 0).  Where the distance is right, a gap that
  rounding the weights to float64 leaves is enough: two minima may differ by less;
* at a **bad minimum** or a **saddle**, when they are within t of the separation of its orbit, and their
  loss within t of what is at stake there;
* **not converged** otherwise.

All of this is ratios: other units of target and loss change no verdict.  Nothing is concluded from a small
gradient, which a plateau has too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.training.stations import BITS, Neighbor
from symderive.training.words import brief

Conclusion = Literal["global minimum", "bad minimum", "saddle", "not converged"]

#: The tolerance unless another is given.
TOLERANCE = 0.01

#: The share of the gap that is nearly all of it.
NEARLY_ALL = 0.9

#: What rounding leaves, as a part of c: the square of a few dozen units of 2^-53.  Targets in float64 miss
#: a perfect fit by that, and weights in float64 the minimum.
ROUNDED = 2.0**-96


class Stand(NamedTuple):
    """Balls of dimension target²: the loss L at the weights, the minimum F*, the gap L - F*, and what the
    minimum explains, c - F*, known to as many digits as F* however little it is; and c, exact."""

    loss: arb
    least: arb
    gap: arb
    explained: arb
    c: Fraction


class Parts(NamedTuple):
    """What the map and the imbalance of the layers add to the gap, and the mean prediction minus the mean
    target; balls."""

    map_error: arb
    imbalance: arb
    bias_error: arb


def at_stake(station: Neighbor, stations: Sequence[Neighbor], stand: Stand) -> arb:
    """What is at stake at a station: a ball whose lower end is what a loss has to be small beside."""
    with TURN, working_precision(BITS):
        if station.kind != "global minimum":
            values = [s.loss for s in stations if s is not station] + [ball(stand.c), stand.least]
            steps = [abs(value - station.loss) for value in values if not value.overlaps(station.loss)]
        else:
            # Every other value is provably higher, however little; its ball may still overlap.
            others = [s for s in stations if s.kind != station.kind and not s.at_origin]
            steps = [abs(s.loss - stand.least) for s in others]
            if not stand.explained.is_zero():
                steps.append(stand.explained)
            if stand.least > ROUNDED * ball(stand.c):
                steps.append(stand.least)
        return min(steps, key=lambda step: step.abs_lower(), default=ball(stand.c))


def conclude(
    stand: Stand, stations: Sequence[Neighbor], optimum: Neighbor, tolerance: float
) -> Conclusion | None:
    """The verdict; see the top of this module.  None where the balls are too wide to tell."""
    with TURN, working_precision(BITS):
        t = arb(tolerance)
        share = t if optimum.share <= tolerance else t**2
        limit = share * at_stake(optimum, stations, stand)
        if optimum.share <= tolerance:
            limit = limit.max(ROUNDED * ball(stand.c))
        at_minimum = _is_at_most(stand.gap, limit)
        if at_minimum:
            return "global minimum"
        nearest = min(stations, key=lambda station: station.distance)
        there: bool | None = False
        if nearest.kind != "global minimum" and nearest.share <= tolerance:
            there = _is_at_most(abs(stand.loss - nearest.loss), t * at_stake(nearest, stations, stand))
    if at_minimum is None or there is None:
        return None
    if not there:
        return "not converged"
    return "bad minimum" if nearest.kind == "local minimum" else "saddle"


def _is_at_most(value: arb, limit: arb) -> bool | None:
    """Whether a number is at most another; None where their balls leave it open."""
    return True if value <= limit else False if value > limit else None


def reason_of(
    conclusion: Conclusion,
    stand: Stand,
    stations: Sequence[Neighbor],
    optimum: Neighbor,
    parts: Parts,
    tolerance: float,
) -> str:
    """Why, in one sentence; of what is not converged also which test failed and what the gap is made of."""
    nearest = min(stations, key=lambda station: station.distance)
    stake = at_stake(optimum, stations, stand)
    if conclusion == "global minimum":
        height = _height(stand.gap, stake)
        return f"The loss is {height} above the minimum, and the weights are {_place(optimum)}."
    if conclusion != "not converged":
        what = "a plateau, which training leaves by noise or patience"
        if conclusion == "bad minimum":
            what = "a local minimum that is not global"
        return f"The weights are {_place(nearest)}: {what}."
    if stand.least > ROUNDED * ball(stand.c) and stand.loss > 2 * stand.least:
        height = f"{brief(stand.loss / stand.least)} times the minimum"
    else:
        height = f"{_height(stand.gap, stake)} above the minimum"
    where = f"{_name(nearest)}, at a distance of {nearest.distance:.3g} ({_share(nearest)})"
    first = f"The nearest stationary point is {where}; the loss is {height}."
    return " ".join(
        [first, _failed(stand, stake, stations, optimum, tolerance), *_made_of(stand.gap, parts)]
    )


def _failed(
    stand: Stand, stake: arb, stations: Sequence[Neighbor], optimum: Neighbor, tolerance: float
) -> str:
    """Which test of the global minimum failed; a loss is measured by what is at stake, which is named."""
    name = _stake_name(stake, stations, optimum, stand)
    beside = f"what is at stake, {brief(stake)} ({name})"
    if not stand.gap <= arb(tolerance) * stake:
        too_high = f"the gap is above {tolerance:g} of {beside}"
        if optimum.share <= tolerance:
            return f"The place is that of the global minimum, the loss is not: {too_high}."
        return f"Neither loss nor place is that of the global minimum: {too_high}."
    return f"The loss is near the minimum beside {beside}; the place is not."


def _stake_name(stake: arb, stations: Sequence[Neighbor], optimum: Neighbor, stand: Stand) -> str:
    with TURN, working_precision(BITS):
        if stand.least > ROUNDED * ball(stand.c) and stake.overlaps(stand.least):
            return "the minimum itself"
        if not stand.explained.is_zero() and stake.overlaps(stand.explained):
            return "what the minimum explains"
        if any(s.kind != optimum.kind and not s.at_origin for s in stations):
            return "the step to the next stationary value"
    return "the loss of predicting 0"


def _made_of(gap: arb, parts: Parts) -> list[str]:
    """What nearly all of a gap is made of, or most of it where that is the biases."""
    with TURN, working_precision(BITS):
        error = parts.bias_error
        if 2 * error**2 > gap:
            side = "above" if error > 0 else "below"
            return [f"Most of it: the mean prediction lies {brief(abs(error))} {side} the mean target."]
        if parts.imbalance > NEARLY_ALL * gap:
            return ["Nearly all of the gap is imbalance of the layers, not the error of their product."]
        if parts.map_error > NEARLY_ALL * gap and not parts.imbalance.is_zero():
            return ["Nearly all of the gap is the error of the product of the layers, not their imbalance."]
    return []


def _place(station: Neighbor) -> str:
    return f"{station.distance:.3g} from {_name(station)} ({_share(station)})"


def _name(station: Neighbor) -> str:
    if station.index is not None:
        article = "the" if station.kind == "global minimum" else "a"
        return f"point {station.index}, {article} {station.kind}"
    if station.at_origin:
        return "the origin, the global minimum" if station.kind == "global minimum" else "the origin"
    return "a saddle with dead neurons"


def _share(station: Neighbor) -> str:
    return f"{station.share:.2g} of its separation from the others"


def _height(gap: arb, stake: arb) -> str:
    """A gap, and how much it is of what is at stake."""
    if gap.is_zero():
        return "0"
    upper = gap.upper()
    share = f" ({brief(upper / stake)} of what is at stake)" if stake > 0 else ""
    return ("at most " if gap.contains(0) else "") + brief(upper) + share
