"""Thresholds and sweeps as people and programs read them: a page, or one JSON object of decimal strings."""

from __future__ import annotations

from typing import Any

from flint import arb

from symderive.arithmetic.exact import decimal, rational
from symderive.report.landscape import TABLE_DIGITS
from symderive.report.page import Column, Line, Page, Table
from symderive.thresholds.thresholds import AMBIGUOUS, CLUSTERED, OPEN, Answer, Pair, Thresholds

#: What has two thresholds, and what has one value.
PAIRS, SINGLES = ("decay", "noise", "width"), ("largest_depth", "order", "jump")


def threshold_record(found: Thresholds) -> dict[str, Any]:
    """The JSON object of ``symderive phase --json``.

    Where a value is null, ``reason`` says why: within the pair, or by name for a single value.
    """
    record: dict[str, Any] = {}
    for name in PAIRS:
        pair: Pair = getattr(found, name)
        answers = {"transition": pair.transition, "spinodal": pair.spinodal}
        record[name] = {kind: _value(answer, found.digits) for kind, answer in answers.items()}
        if reasons := _reasons(*answers.values()):
            record[name]["reason"] = reasons
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


def threshold_page(found: Thresholds) -> Page:
    """Thresholds for people, to a few digits; what has none is explained below.

    All are enclosed in balls, and the digits that are shown are theirs.
    """
    digits = min(TABLE_DIGITS, found.digits)
    rho = decimal(rational(found.net.noise_factor), digits)
    data = "Isotropic data" if found.data.has_known_axes else found.data.description
    head = f"{data}, depth {found.net.depth}: noise factor ρ = {rho}"
    if found.order.value is None:
        return (Line(head), Line(found.order.reason))
    columns = (
        Column("", right=False),
        Column("transition\n(global minimum nonzero)"),
        Column("spinodal\n(nonzero point exists)"),
    )
    rows = []
    titles = {"decay": "weight decay γ", "noise": "noise variance σ²", "width": "width d"}
    remarks = ["Thresholds are certified."]
    for name, title in titles.items():
        pair: Pair = getattr(found, name)
        bound = "from" if name == "width" else "up to"
        cells = (_value(answer, digits) for answer in (pair.transition, pair.spinodal))
        rows.append((title, *("–" if cell is None else f"{bound} {cell}" for cell in cells)))
        if reasons := _reasons(pair.transition, pair.spinodal):
            remarks.append(f"{title.capitalize()}: {reasons}")
    deepest, jump = found.largest_depth, _value(found.jump, digits)
    remarks.append(
        f"Largest depth: {deepest.reason}"
        if deepest.value is None
        else f"Largest depth with a nonzero global minimum: {deepest.value}."
    )
    how = {None: found.jump.reason, "0": "‖m‖ goes to 0 continuously."}.get(
        jump, f"‖m‖ jumps from {jump} to 0."
    )
    remarks.append(f"The transition is of {found.order.value} order: {how}")
    return (Line(head), Table.of(columns, rows), *map(Line, remarks))


def _value(answer: Answer[Any], digits: int) -> Any:
    return decimal(answer.value, digits) if isinstance(answer.value, arb) else answer.value


def _reasons(*answers: Answer[Any]) -> str:
    """Every reason once."""
    return " ".join(dict.fromkeys(answer.reason for answer in answers if answer.reason))
