"""Whether training provably collapses, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.exact import TURN, ball, decimal, rational, working_precision
from symderive.collapse import barrier as barriers
from symderive.collapse import certified_loss as losses
from symderive.collapse.barrier import BITS, Barrier
from symderive.collapse.prediction import RandomStart
from symderive.report.diagnosis import certain, told
from symderive.report.landscape import TABLE_DIGITS
from symderive.report.page import Column, Line, Page, Table
from symderive.training.words import decays_text

if TYPE_CHECKING:
    from symderive.collapse.prediction import Prediction

#: What is claimed, and of what.
SCOPE = "Claimed of gradient flow, the limit of small steps; not of large steps, momentum or batches."

#: How a verdict is said.
VERDICTS = {
    "collapses": ("Provably collapses", "red"),
    "stays below": ("Provably stays below the barrier", "red"),
    "cannot collapse": ("Cannot collapse", "green"),
    "not provable": ("Not provable", "yellow"),
}


def collapse_record(prediction: Prediction, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON object of ``symderive collapse --json``.

    Of a ball the digits that are certain, and beside them, as ``…_radius``, how far the text may be from
    the true value.  ``collapses_below`` and ``stays_below`` are bounds on S below which every start does
    so; ``doubt`` is the probability of draws for which the verdict may fail, at most.
    """
    barrier, net = prediction.barrier, prediction.barrier.net
    anywhere, below = _levels(prediction)
    return {
        "activation": barrier.activation.name,
        "depth": net.depth,
        "widths": [int(width) for width in net.widths],
        "decays": [str(decay) for decay in net.decays],
        "noise": [str(variance) for variance in net.noise],
        **told("K", barrier.K),
        "K_from": barrier.source,
        **told("S_star", barrier.zero),
        **told("S_0", barrier.top),
        **told("height", barrier.height),
        "loss_at_origin": decimal(barrier.moments.c, 17),
        **told("loss_at_barrier", _least_beyond(prediction)),
        "collapses_below": certain(anywhere),
        "stays_below": certain(below),
        "start": _start(prediction),
        "verdict": prediction.conclusion,
        "reason": prediction.reason,
        "doubt": None if prediction.doubt is None else _bound(prediction.doubt),
        "scope": SCOPE,
        "warnings": list(warnings),
    }


def _start(prediction: Prediction) -> dict[str, Any] | None:
    start = prediction.start
    if start is None:
        return None
    if isinstance(start, RandomStart):
        most = start.S.most
        return {
            "kind": "draw",
            "initialization": start.init.name,
            "call": start.init.call,
            "scale": str(start.scale),
            "mean_S": decimal(start.S.mean, 17),
            "most_S": None if most is None else decimal(most, 17),
        }
    return {
        "kind": "weights",
        **told("S", start.S),
        **told("loss", start.loss),
        "loss_from": start.source,
    }


def collapse_page(prediction: Prediction, warnings: Sequence[str] = ()) -> Page:
    """The same for people."""
    barrier, start = prediction.barrier, prediction.start
    anywhere, below = _levels(prediction)
    rows = [
        ("K", _short(barrier.K), _origin(barrier)),
        ("S_*", _short(barrier.zero), "below it the loss is above that at 0"),
        ("S_0", _short(barrier.top), "top of the barrier"),
        ("loss there", _short(_least_beyond(prediction)), "at least, c + h(S_0)"),
        ("loss at 0", decimal(barrier.moments.c, TABLE_DIGITS), "c"),
        ("S of collapse", _short(anywhere), "every start below it goes to 0"),
    ]
    if below > anywhere:
        rows.append(("S of no return", _short(below), "every start below it stays below S_0"))
    if isinstance(start, RandomStart):
        rows.append(("S of the start", _exact(start.S.mean), "in the mean"))
        if (most := start.S.most) is not None:
            rows.append(("", _exact(most), "at most"))
    elif start is not None:
        rows.append(("S of the start", _short(start.S), "of these weights"))
        rows.append(("its loss", _short(start.loss), losses.SOURCES[start.source]))
    columns = (Column("", right=False), Column("value"), Column("meaning", rank=1, right=False))
    lines = [Line("S = Σ γ_i ‖W_i‖², what the decay adds to the loss.")]
    if isinstance(start, RandomStart):
        scaled = "" if start.scale == 1 else f", times {start.scale}"
        lines.append(Line(f"Start: {start.init.name}, {start.init.call}{scaled}."))
    said, style = VERDICTS.get(prediction.conclusion, ("", ""))
    if start is None:
        lines.append(Line(f"Every start with S below {_short(anywhere)} provably goes to 0."))
    else:
        lines.append(Line(f"{said}: {prediction.reason}.", style))
    lines += [Line(f"Warning: {text}", "yellow") for text in warnings]
    return (Line(_title(prediction), "bold"), Table.of(columns, rows), *lines, Line(SCOPE))


def _title(prediction: Prediction) -> str:
    barrier, net = prediction.barrier, prediction.barrier.net
    noise = f", noise σ² = {', '.join(map(str, net.noise))}" if any(net.noise) else ""
    decays = decays_text([rational(decay) for decay in net.decays])
    widths = ", ".join(str(int(width)) for width in net.widths)
    name = f"{barrier.activation.name} network, widths {widths}, {decays}{noise}"
    return f"{name}, on {barrier.moments.description}"


def _origin(barrier: Barrier) -> str:
    """What K was made of."""
    noisy = any(barrier.net.noise) and barrier.source != "map" and not barrier.is_positive
    return barriers.SOURCES[barrier.source] + " · √Π(1+σ_i²)" * noisy


def _least_beyond(prediction: Prediction) -> arb:
    barrier = prediction.barrier
    with TURN, working_precision(BITS):
        return barrier.lowest_at(barrier.top)


def _levels(prediction: Prediction) -> tuple[arb, arb]:
    """S below which every start goes to 0, and below which every start stays below S_0."""
    barrier = prediction.barrier
    decays = barrier.net.decays
    with TURN, working_precision(BITS):
        shrinking = barrier.falls_below * ball(min(decays) / max(decays))
        trapped = barrier.certain_below(barrier.falls_below)
        to_zero = shrinking if shrinking > trapped else trapped
        below = barrier.certain_below(barrier.top)
        return to_zero, below if below > to_zero else to_zero


def _short(value: arb) -> str:
    return certain(value, TABLE_DIGITS)


def _exact(value: Fraction) -> str:
    return decimal(value, TABLE_DIGITS)


def _bound(value: arb) -> str:
    """Decimal text that is not below a probability."""
    if value.is_zero():
        return "0"
    with TURN, working_precision(BITS):
        return str((value.upper() * arb("1.01")).mid().str(3, radius=False))
