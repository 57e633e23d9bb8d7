"""A landscape as people and programs read it: a table, or one JSON object of decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.exact import ball, bits_for, decimal, is_accurate, working_precision
from symderive.landscape.landscape import Landscape, StationaryPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Group

    from symderive.full_loss.verification import Verification
    from symderive.paper.assembly import Section
    from symderive.training.diagnosis import Bias, Diagnosis

#: Significant digits in tables for people.
TABLE_DIGITS = 8


def as_record(landscape: Landscape, verification: Verification | None) -> dict[str, Any]:
    """The JSON object of ``symderive solve --json``; numbers are decimal text correct to ``digits``."""
    digits, best = landscape.digits, landscape.global_minimum
    threshold = landscape.threshold
    return {
        "depth": landscape.net.depth,
        "widths": [int(width) for width in landscape.net.widths],
        "digits": digits,
        "noise_factor": decimal(landscape.noise_factor, digits),
        "threshold": None if threshold is None else _text(threshold, digits),
        "loss_at_origin": decimal(landscape.loss_at_origin, digits),
        "origin": landscape.origin,
        "global_minimum": {
            "at_origin": best.at_origin,
            "index": best.index,
            "loss": _text(best.loss, digits),
            "tie": best.tie,
        },
        "complete": landscape.complete,
        "points": [_point(landscape, point) for point in landscape.points],
        "verification": None if verification is None else _verification(verification),
    }


def _point(landscape: Landscape, point: StationaryPoint) -> dict[str, Any]:
    digits = landscape.digits
    ridge = _text(point.ridge, digits)
    index, nullity = landscape.inertia(point.index)
    sharpness = landscape.sharpness(point.index)
    return {
        "ridge": ridge,
        "ridge_radius": _radius(point.ridge, ridge),
        "loss": _text(point.loss, digits),
        "kind": point.kind,
        "layer_decay": _text(point.layer_decay, digits),
        "norm": _text(point.norm, digits),
        "prediction_variance": _text(point.prediction_variance, digits),
        "index": index,
        "nullity": nullity,
        "sharpness": None if sharpness is None else _text(sharpness, digits),
    }


def _verification(verification: Verification) -> dict[str, Any]:
    def short(value: arb | None) -> str | None:
        return None if value is None else value.mid().str(3, radius=False)

    return {
        "gradient_norm": short(verification.gradient_norm),
        "loss_difference": short(verification.loss_difference),
        "digits": verification.digits,
        "verdict": verification.verdict.name,
        "method": verification.method,
    }


def _text(value: arb, digits: int) -> str:
    """Decimal text; of an undecided cluster's values only the digits that are known."""
    return decimal(value, digits) if is_accurate(value, digits) else value.str(digits, radius=False)


def _radius(value: arb, text: str) -> str:
    """An upper bound, rounded up to three digits, on the distance of ``text`` from the true value."""
    from symderive.arithmetic.exact import parse_number

    with working_precision(value.bits() + bits_for(len(text)) + 64):
        distance = abs(value - ball(parse_number(text))).abs_upper()
        return "0" if distance == 0 else (distance * arb("1.01")).mid().str(3, radius=False)


def as_table(landscape: Landscape, verification: Verification | None) -> Group:
    """The same for people, as a rich renderable."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in (
        "",
        "ridge λ",
        "loss F",
        "norm ‖m‖",
        "layer\ndecay κ",
        "prediction\nvariance",
        "sharpness",
        "index,\nnullity",
    ):
        table.add_column(name, justify="right", vertical="bottom")
    table.add_column("kind")
    for point in landscape.points:
        values = (point.ridge, point.loss, point.norm, point.layer_decay, point.prediction_variance)
        style = {"global minimum": "green", "degenerate": "yellow"}.get(point.kind, "")
        row = (*(_text(v, TABLE_DIGITS) for v in values), *_curvature(landscape, point.index), point.kind)
        table.add_row(str(point.index), *row, style=style)
    if landscape.origin != "not stationary":
        style = "green" if landscape.origin == "global minimum" else ""
        loss = decimal(landscape.loss_at_origin, TABLE_DIGITS)
        row = ("∞", loss, "0", "0", "0", *_curvature(landscape, None), landscape.origin)
        table.add_row("origin", *row, style=style)
    lines = [*_conclusions(landscape)]
    if verification is not None:
        lines.append(f"Full loss: {verification}")
    return Group(Text(_title(landscape), style="bold"), table, *(Text(line) for line in lines))


def _curvature(landscape: Landscape, index: int | None) -> tuple[str, str]:
    """The sharpness, and how many eigenvalues of the Hessian are negative and how many 0."""
    negative, null = landscape.inertia(index)
    sharpness = landscape.sharpness(index)
    return (
        "?" if sharpness is None else _text(sharpness, TABLE_DIGITS),
        "?" if negative is None else f"{negative}, {null}",
    )


def _title(landscape: Landscape) -> str:
    rho = decimal(landscape.noise_factor, TABLE_DIGITS)
    tau = landscape.threshold
    threshold = "" if tau is None else f", threshold τ = {_text(tau, TABLE_DIGITS)}"
    return f"{landscape.data!r}, depth {landscape.net.depth}: noise factor ρ = {rho}{threshold}"


def _conclusions(landscape: Landscape) -> list[str]:
    best = landscape.global_minimum
    names = ["the origin" if i is None else f"point {i}" for i in best.contenders]
    loss = _text(best.loss, landscape.digits)
    if best.tie is None:
        first = f"Undecided: {' and '.join(names)} agree in loss to the highest precision tried."
    elif best.tie:
        first = f"Global minimum: {' and '.join(names)} tie exactly, with loss {loss}."
    else:
        first = f"Global minimum: {names[0]}, with loss {loss}."
    if not landscape.complete:
        return [first, "Some roots stayed undecided; their enclosures are listed as degenerate."]
    return [first, "The list is complete: no stationary point of the reduced loss is missing (certified)."]


def diagnosis_record(diagnosis: Diagnosis, bias: Bias | None) -> dict[str, Any]:
    """The JSON object of ``symderive check WEIGHTS DATA --json``; of a ball the digits that are known."""
    landscape, nearest = diagnosis.landscape, diagnosis.nearest
    record = {
        "loss": _text(diagnosis.loss, landscape.digits),
        "global_loss": _text(landscape.global_minimum.loss, landscape.digits),
        "gap": _known(diagnosis.gap),
        "gap_radius": arb(diagnosis.gap.rad()).str(3, radius=False),
        "gradient_norm": _known(diagnosis.gradient_norm),
        "imbalance": _double(diagnosis.imbalance),
        "ridge": None if diagnosis.ridge is None else _double(diagnosis.ridge),
        "norm": _double(diagnosis.norm),
        "prediction_variance": _double(diagnosis.variance),
        "nearest": {
            "kind": nearest.kind,
            "index": nearest.index,
            "distance": _double(nearest.distance),
            "separation": _double(nearest.separation),
        },
        "optimum": _optimum(landscape, landscape.digits),
        "diagnosis": diagnosis.conclusion,
        "reason": diagnosis.reason,
    }
    return record if bias is None else {**record, "bias_cost": _double(bias.cost)}


def _optimum(landscape: Landscape, digits: int) -> dict[str, str | None]:
    """Loss, ridge, norm and variance of the global minimum; the origin has no ridge."""
    best = landscape.global_minimum
    loss, names = _text(best.loss, digits), ("ridge", "norm", "prediction_variance")
    if best.index is None:
        return {"loss": loss, "ridge": None, "norm": "0", "prediction_variance": "0"}
    point = landscape.points[best.index]
    return {"loss": loss, **{name: _text(getattr(point, name), digits) for name in names}}


def _known(value: arb) -> str:
    """A ball's midpoint to the digits that its radius leaves, three at most where it holds 0."""
    return value.mid().str(3, radius=False) if value.contains(0) else value.str(17, radius=False)


def _double(value: float) -> str:
    return repr(float(value))


def diagnosis_table(diagnosis: Diagnosis, bias: Bias | None) -> Group:
    """The same for people: the trained network beside the exact minimum."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    landscape = diagnosis.landscape
    optimum = _optimum(landscape, TABLE_DIGITS)
    table = Table("", "trained", "global minimum")
    table.columns[1].justify = table.columns[2].justify = "right"

    def short(value: float | None) -> str:
        return "∞" if value is None else f"{value:.8g}"

    rows: list[tuple[str, str, str | None]] = [
        ("loss L", _text(diagnosis.loss, TABLE_DIGITS), optimum["loss"]),
        ("gap", diagnosis.gap.str(3), ""),
        ("gradient norm", diagnosis.gradient_norm.str(3), ""),
        ("layer imbalance", short(diagnosis.imbalance), "0"),
        ("effective ridge λ", short(diagnosis.ridge), optimum["ridge"] or "∞"),
        ("norm ‖m‖", short(diagnosis.norm), optimum["norm"]),
        ("prediction variance", short(diagnosis.variance), optimum["prediction_variance"]),
    ]
    for name, trained, exact in rows:
        table.add_row(name, trained, exact)
    style = {"global minimum": "green", "bad minimum": "red"}.get(diagnosis.conclusion, "yellow")
    lines = [Text(f"{diagnosis.conclusion}: {diagnosis.reason}", style=style)]
    if bias is not None:
        lines.append(
            Text(f"The biases cost {bias.cost:.3g} beside that; the best output bias is {bias.best:.8g}.")
        )
    return Group(Text(_title(landscape), style="bold"), table, *lines)


def verdict_table(sections: Sequence[Section]) -> Group:
    """Id, verdict, method and time of every statement; why, where a verdict is not PROVED."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in ("statement", "verdict", "method"):
        table.add_column(name)
    table.add_column("seconds", justify="right")
    styles = {"PROVED": "", "CHECKED": "yellow", "UNDECIDED": "red", "REFUTED": "bold red"}
    lines, counts = [], dict.fromkeys(styles, 0)
    for item in (item for section in sections for item in section.items):
        result = item.result
        counts[result.verdict.name] += 1
        row = (item.id, result.verdict.name, result.method, f"{result.seconds:.2f}")
        table.add_row(*row, style=styles[result.verdict.name])
        if result.reason:
            lines.append(
                f"{item.id}: {result.verdict.name}, {result.reason}. {result.counterexample}".rstrip()
            )
    lines.append(", ".join(f"{count} {name}" for name, count in counts.items() if count) + ".")
    return Group(table, *(Text(line) for line in lines))
