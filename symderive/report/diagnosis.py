"""Where trained weights stand, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.exact import decimal, digits_for
from symderive.landscape.landscape import Landscape
from symderive.report.landscape import TABLE_DIGITS, radius_of, setting_record, text_of, title_of
from symderive.report.page import Column, Line, Page, Table
from symderive.training.words import alterations_text

if TYPE_CHECKING:
    from symderive.training.diagnosis import Diagnosis

#: Digits of a ball at most.
MOST_DIGITS = 17

#: Bits of relative accuracy below which not even one digit is certain.
ONE_DIGIT = 4


def diagnosis_record(diagnosis: Diagnosis, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON object of ``symderive check WEIGHTS DATA --json``.

    Of a ball the digits that are certain, and beside them, as ``…_radius``, how far the text may be from
    the true value; where not even the sign or one digit is certain the text is 0.  ``distance`` is bounded
    from above, ``separation`` from below.  ``warnings`` come after what the diagnosis notes itself.
    """
    landscape, nearest, bias = diagnosis.landscape, diagnosis.nearest, diagnosis.bias
    balls = {
        "loss": diagnosis.loss,
        "gap": diagnosis.gap,
        "map_error": diagnosis.map_error,
        "imbalance_cost": diagnosis.imbalance_cost,
        **({} if bias is None else {"bias_cost": bias.cost, "bias_error": bias.error}),
        "gradient_norm": diagnosis.gradient_norm,
        "imbalance": diagnosis.imbalance,
        "ridge": diagnosis.ridge,
        "norm": diagnosis.norm,
        "prediction_variance": diagnosis.variance,
    }
    record: dict[str, Any] = {}
    for name, value in balls.items():
        record |= told(name, value)
    record["global_loss"] = text_of(landscape.global_minimum.loss, landscape.digits)
    implied = diagnosis.implied
    return (
        record
        | setting_record(landscape)
        | {
            "nearest": {
                "kind": nearest.kind,
                "index": nearest.index,
                "distance": repr(nearest.distance),
                "separation": repr(nearest.separation),
            },
            "optimum": _optimum(landscape, landscape.digits)
            | {"distance": repr(diagnosis.optimum.distance)},
            "implied_decay": None
            if implied is None
            else {
                **told("factor", implied.factor),
                "decays": [None if decay is None else certain(decay) for decay in implied.decays],
                "rest": certain(implied.rest),
            },
            "diagnosis": diagnosis.conclusion,
            "reason": diagnosis.reason,
            "warnings": [*diagnosis.notes, *warnings],
        }
    )


def told(name: str, value: arb | None) -> dict[str, str | None]:
    """A ball under its name, and its radius."""
    if value is None:
        return {name: None, f"{name}_radius": None}
    text = certain(value)
    return {name: text, f"{name}_radius": radius_of(value, text)}


def certain(value: arb, digits: int = MOST_DIGITS) -> str:
    """The digits of a ball that are certain, to one unit in the last; "0" where none is.

    >>> certain(arb(2, 1e-6)), certain(arb(0.001, 1e-8)), certain(arb(1, 2)), certain(arb(8, 6))
    ('2.00000', '0.001000', '0', '0')
    """
    if value.contains(0) or not value.is_finite():
        return "0" if value.is_finite() else "inf"
    if value.is_exact():
        return decimal(value, digits)
    if value.rel_accuracy_bits() < ONE_DIGIT:
        return "0"
    known = min(digits, max(1, digits_for(value.rel_accuracy_bits())))
    return str(value.mid().str(known, radius=False))


def _optimum(landscape: Landscape, digits: int) -> dict[str, str | None]:
    """Loss, ridge, norm and variance of the global minimum; the origin has no ridge."""
    best = landscape.global_minimum
    loss, names = text_of(best.loss, digits), ("ridge", "norm", "prediction_variance")
    if best.index is None:
        return {"loss": loss, "ridge": None, "norm": "0", "prediction_variance": "0"}
    point = landscape.points[best.index]
    return {"loss": loss, **{name: text_of(getattr(point, name), digits) for name in names}}


def diagnosis_page(diagnosis: Diagnosis, warnings: Sequence[str] = ()) -> Page:
    """The same for people: the trained network beside the exact minimum."""
    landscape = diagnosis.landscape
    optimum = _optimum(landscape, TABLE_DIGITS)
    columns = (Column("", right=False), Column("trained"), Column("global minimum"))
    rows = [
        ("loss L", _short(diagnosis.loss), optimum["loss"] or ""),
        ("gap", _small(diagnosis.gap), "0"),
        ("  of the map", _small(diagnosis.map_error), "0"),
        ("  of the imbalance", _small(diagnosis.imbalance_cost), "0"),
    ]
    if diagnosis.bias is not None:
        rows.append(("  of the biases", _small(diagnosis.bias.cost), "0"))
    ridge = "∞" if diagnosis.ridge is None else _short(diagnosis.ridge)
    rows += [
        ("distance to minimum", f"{diagnosis.optimum.distance:.3g}", "0"),
        ("gradient norm", _small(diagnosis.gradient_norm), "0"),
        ("layer imbalance", _small(diagnosis.imbalance), "0"),
        ("effective ridge λ", ridge, optimum["ridge"] or "∞"),
        ("norm ‖m‖", _short(diagnosis.norm), optimum["norm"] or ""),
        ("prediction variance", _short(diagnosis.variance), optimum["prediction_variance"] or ""),
    ]
    style = {"global minimum": "green", "bad minimum": "red"}.get(diagnosis.conclusion, "yellow")
    lines = [Line(f"{diagnosis.conclusion}: {diagnosis.reason}", style)]
    lines += [Line(f"Warning: {text}", "yellow") for text in (*diagnosis.notes, *warnings)]
    also = alterations_text(landscape.net)
    head = (Line(title_of(landscape), "bold"), *([Line(also)] if also else []))
    return (*head, Table.of(columns, rows), *lines)


def _short(value: arb) -> str:
    return _bounded(value, TABLE_DIGITS)


def _small(value: arb) -> str:
    """Three digits; whole numbers below 10 000 as such where they are certain."""
    if value.rel_accuracy_bits() > 20 and 99.5 < abs(float(value.mid())) < 9999.5:
        return f"{float(value.mid()):.0f}"
    return _bounded(value, 3)


def _bounded(value: arb, digits: int) -> str:
    """The certain digits, or what bounds a number that may be 0."""
    if value.contains(0) and not value.is_zero():
        return f"below {(value.abs_upper() * arb('1.01')).mid().str(2, radius=False)}"
    if not value.is_exact() and value.rel_accuracy_bits() < ONE_DIGIT:
        return f"{value.lower().mid().str(2, radius=False)} to {value.upper().mid().str(2, radius=False)}"
    return certain(value, digits)
