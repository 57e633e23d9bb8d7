"""Where trained weights stand, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.landscape.landscape import Landscape
from symderive.report.landscape import TABLE_DIGITS, text_of, title_of
from symderive.report.page import Column, Line, Page, Table

if TYPE_CHECKING:
    from symderive.training.diagnosis import Bias, Diagnosis


def diagnosis_record(diagnosis: Diagnosis, bias: Bias | None) -> dict[str, Any]:
    """The JSON object of ``symderive check WEIGHTS DATA --json``; of a ball the digits that are known."""
    landscape, nearest = diagnosis.landscape, diagnosis.nearest
    record = {
        "loss": text_of(diagnosis.loss, landscape.digits),
        "global_loss": text_of(landscape.global_minimum.loss, landscape.digits),
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
    loss, names = text_of(best.loss, digits), ("ridge", "norm", "prediction_variance")
    if best.index is None:
        return {"loss": loss, "ridge": None, "norm": "0", "prediction_variance": "0"}
    point = landscape.points[best.index]
    return {"loss": loss, **{name: text_of(getattr(point, name), digits) for name in names}}


def _known(value: arb) -> str:
    """A ball's midpoint to the digits that its radius leaves, three at most where it holds 0."""
    return value.mid().str(3, radius=False) if value.contains(0) else value.str(17, radius=False)


def _double(value: float) -> str:
    return repr(float(value))


def diagnosis_page(diagnosis: Diagnosis, bias: Bias | None = None) -> Page:
    """The same for people: the trained network beside the exact minimum."""
    landscape = diagnosis.landscape
    optimum = _optimum(landscape, TABLE_DIGITS)
    columns = (Column("", right=False), Column("trained"), Column("global minimum"))

    def short(value: float | None) -> str:
        return "∞" if value is None else f"{value:.8g}"

    rows = [
        ("loss L", text_of(diagnosis.loss, TABLE_DIGITS), optimum["loss"] or ""),
        ("gap", diagnosis.gap.str(3), ""),
        ("gradient norm", diagnosis.gradient_norm.str(3), ""),
        ("layer imbalance", short(diagnosis.imbalance), "0"),
        ("effective ridge λ", short(diagnosis.ridge), optimum["ridge"] or "∞"),
        ("norm ‖m‖", short(diagnosis.norm), optimum["norm"] or ""),
        ("prediction variance", short(diagnosis.variance), optimum["prediction_variance"] or ""),
    ]
    style = {"global minimum": "green", "bad minimum": "red"}.get(diagnosis.conclusion, "yellow")
    lines = [Line(f"{diagnosis.conclusion}: {diagnosis.reason}", style)]
    if bias is not None:
        lines.append(
            Line(f"The biases cost {bias.cost:.3g} beside that; the best output bias is {bias.best:.8g}.")
        )
    return (Line(title_of(landscape), "bold"), Table.of(columns, rows), *lines)
