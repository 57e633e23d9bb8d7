"""Thresholds and sweeps as people and programs read them: a page, or one JSON object of decimal strings."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, decimal, working_precision
from symderive.report.landscape import TABLE_DIGITS
from symderive.report.page import Column, Line, Page, Table
from symderive.thresholds.thresholds import AMBIGUOUS, CLUSTERED, OPEN, Answer, Pair, Thresholds
from symderive.training.words import alterations_text, factors_text

#: What has two thresholds, and what has one value.
PAIRS, SINGLES = ("decay", "noise", "width"), ("largest_depth", "order", "jump")
KINDS = ("transition", "spinodal")


def threshold_record(found: Thresholds, worth: Fraction | None = None) -> dict[str, Any]:
    """The JSON object of ``symderive phase --json``.

    Where a value is null, ``reason`` says why: within the pair, or by name for a single value.  ``worth``
    is the decay γ that one of an optimizer's weight_decay stands for, where the network was given so.
    """
    record: dict[str, Any] = {}
    for name in PAIRS:
        pair: Pair = getattr(found, name)
        answers = {kind: getattr(pair, kind) for kind in KINDS}
        record[name] = {kind: _value(answer, found.digits) for kind, answer in answers.items()}
        if reasons := _reasons(*answers.values()):
            record[name]["reason"] = reasons
    if worth is not None:
        record["weight_decay"] = {
            kind: _value(_worth(getattr(found.decay, kind), worth, found.digits), found.digits)
            for kind in KINDS
        }
    for name in SINGLES:
        record[name] = _value(getattr(found, name), found.digits)
    missing = {name: _reasons(getattr(found, name)) for name in SINGLES if record[name] is None}
    return record | ({"reason": missing} if missing else {})


def is_decided(found: Thresholds) -> bool:
    """Whether every threshold that exists was found."""
    answers = [getattr(found, name) for name in SINGLES]
    for name in PAIRS:
        pair = getattr(found, name)
        answers += [pair.transition, pair.spinodal]
    return not any(answer.reason in (AMBIGUOUS, CLUSTERED, OPEN) for answer in answers)


def threshold_page(found: Thresholds, worth: Fraction | None = None) -> Page:
    """Thresholds for people, to a few digits; what has none is explained below.

    ``worth`` is that of :func:`threshold_record`.  All are enclosed in balls, and the digits that are shown
    are theirs.
    """
    digits = min(TABLE_DIGITS, found.digits)
    data = "Isotropic data" if found.data.has_known_axes else found.data.description
    head = [Line(f"{data}, depth {found.net.depth}: {factors_text(found.net, digits)}")]
    head += [Line(text) for text in (alterations_text(found.net),) if text]
    if found.order.value is None:
        return (*head, Line(found.order.reason))
    columns = (
        Column("", right=False),
        Column("transition\n(global minimum nonzero)"),
        Column("spinodal\n(nonzero point exists)"),
    )
    rows = []
    titles = {"decay": "decay γ", "noise": "noise variance σ²", "width": "width d"}
    remarks = ["Thresholds are certified."]
    missing: dict[str, list[str]] = {}
    for name, title in titles.items():
        pair: Pair = getattr(found, name)
        bound = "from" if name == "width" else "up to"
        cells = (_value(answer, digits) for answer in (pair.transition, pair.spinodal))
        rows.append((title, *("–" if cell is None else f"{bound} {cell}" for cell in cells)))
        if name == "decay" and worth is not None and found.decay.transition.value is not None:
            worths = (_value(_worth(getattr(pair, kind), worth, digits), digits) for kind in KINDS)
            rows.append(("weight_decay", *("–" if cell is None else f"up to {cell}" for cell in worths)))
        if reasons := _reasons(pair.transition, pair.spinodal):
            missing.setdefault(reasons, []).append(title)
    deepest, jump = found.largest_depth, _value(found.jump, digits)
    if deepest.value is None:
        missing.setdefault(deepest.reason, []).append("largest depth")
    # A reason that several share is said once.
    told = (f"{', '.join(names)}: {reason}" for reason, names in missing.items())
    remarks += [text[0].upper() + text[1:] for text in told]
    if deepest.value is not None:
        remarks.append(f"Largest depth with a nonzero global minimum: {deepest.value}.")
    how = {None: found.jump.reason, "0": "‖m‖ goes to 0 continuously."}.get(
        jump, f"‖m‖ jumps from {jump} to 0."
    )
    remarks.append(f"The transition is of {found.order.value} order: {how}")
    return (*head, Table.of(columns, rows), *map(Line, remarks))


def _value(answer: Answer[Any], digits: int) -> Any:
    return decimal(answer.value, digits) if isinstance(answer.value, arb) else answer.value


def _worth(answer: Answer[arb], worth: Fraction, digits: int) -> Answer[arb]:
    """A threshold of the decay γ as the weight_decay of an optimizer."""
    if answer.value is None:
        return answer
    with TURN, working_precision(answer.value.bits() + bits_for(digits)):
        return Answer(answer.value / ball(worth))


def _reasons(*answers: Answer[Any]) -> str:
    """Every reason once."""
    return " ".join(dict.fromkeys(answer.reason for answer in answers if answer.reason))
