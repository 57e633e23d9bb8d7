"""A landscape as people and programs read it: a page, or one JSON object of decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    ball,
    bits_for,
    decimal,
    is_accurate,
    parse_number,
    rational,
    working_precision,
)
from symderive.landscape.landscape import Landscape, StationaryPoint
from symderive.report.page import Column, Line, Page, Row, Table
from symderive.training.words import alterations_text, decays_text, factors_text

if TYPE_CHECKING:
    from symderive.full_loss.verification import Verification

#: Significant digits in tables for people.
TABLE_DIGITS = 8


def landscape_record(landscape: Landscape, verification: Verification | None) -> dict[str, Any]:
    """The JSON object of ``symderive solve --json``; numbers are decimal text correct to ``digits``.

    ``noise_factor`` is null where weights are noisy, which has two; ``bias`` is the best output bias at the
    global minimum, null where none is free; ``index``, ``nullity`` and ``sharpness`` are null where the
    Hessian is not proved.
    """
    digits, best, net = landscape.digits, landscape.global_minimum, landscape.net
    tau = landscape.decay_level
    full, diagonal = (decimal(rational(x), digits) for x in net.noise_factors)
    return {
        "depth": landscape.net.depth,
        "widths": [int(width) for width in landscape.net.widths],
        "digits": digits,
        "noise_factor": None if net.noise_factors.diagonal else full,
        "noise_factors": {"full": full, "diagonal": diagonal},
        "threshold": None if tau is None else text_of(tau, digits),
        "loss_at_origin": decimal(landscape.loss_at_origin, digits),
        "origin": landscape.origin,
        "global_minimum": {
            "at_origin": best.at_origin,
            "index": best.index,
            "loss": text_of(best.loss, digits),
            "tie": best.tie,
        },
        "bias": text_of(landscape.bias(best.index), digits) if net.bias else None,
        "complete": landscape.complete,
        "points": [_point(landscape, point) for point in landscape.points],
        "verification": None if verification is None else verification_record(verification),
        **setting_record(landscape),
    }


def setting_record(landscape: Any) -> dict[str, Any]:
    """The decays γ of the layers, exact, and the names of the features; null where they have none."""
    names = getattr(landscape.data, "features", ())
    return {
        "decays": [str(decay) for decay in landscape.net.decays],
        "features": list(names) if names else None,
    }


def _point(landscape: Landscape, point: StationaryPoint) -> dict[str, Any]:
    digits = landscape.digits
    beside = landscape.agreement[max(0, point.index - 1) : point.index + 1]
    # So many that the text is not that of a neighbor.
    ridge = text_of(point.ridge, max(digits, *(agree + 3 for agree in beside), 0))
    index, nullity = landscape.inertia(point.index)
    sharpness = landscape.sharpness(point.index)
    return {
        "ridge": ridge,
        "ridge_radius": radius_of(point.ridge, ridge),
        "loss": text_of(point.loss, digits),
        "kind": point.kind,
        "layer_decay": text_of(point.layer_decay, digits),
        "norm": text_of(point.norm, digits),
        "prediction_variance": text_of(point.prediction_variance, digits),
        "index": index,
        "nullity": nullity,
        "sharpness": None if sharpness is None else text_of(sharpness, digits),
    }


def verification_record(verification: Verification) -> dict[str, Any]:
    """What was measured on the full loss, to few digits."""

    def short(value: arb | None) -> str | None:
        return None if value is None else value.mid().str(3, radius=False)

    return {
        "gradient_norm": short(verification.gradient_norm),
        "loss_difference": short(verification.loss_difference),
        "digits": verification.digits,
        "verdict": verification.verdict.name,
        "method": verification.method,
    }


def text_of(value: arb, digits: int) -> str:
    """Decimal text; of an undecided cluster's values only the digits that are known."""
    return decimal(value, digits) if is_accurate(value, digits) else value.str(digits, radius=False)


def radius_of(value: arb, text: str) -> str:
    """An upper bound, rounded up to three digits, on the distance of ``text`` from the true value."""
    with TURN, working_precision(value.bits() + bits_for(len(text)) + 64):
        distance = abs(value - ball(parse_number(text))).abs_upper()
        return "0" if distance == 0 else (distance * arb("1.01")).mid().str(3, radius=False)


#: What a table of points tells of each; of norm and curvature there is more in the JSON object.
COLUMNS = (
    Column("point"),
    Column("ridge λ"),
    Column("loss F"),
    Column("norm ‖m‖", rank=1),
    Column("layer\ndecay κ", rank=4),
    Column("prediction\nvariance", rank=2),
    Column("sharpness", rank=5),
    Column("index,\nnullity", rank=3),
    Column("kind", right=False),
)


def landscape_page(landscape: Landscape, verification: Verification | None = None) -> Page:
    """The same for people."""
    rows = []
    for point in landscape.points:
        values = (point.ridge, point.loss, point.norm, point.layer_decay, point.prediction_variance)
        style = {"global minimum": "green", "degenerate": "yellow"}.get(point.kind, "")
        row = (*(text_of(v, TABLE_DIGITS) for v in values), *_curvature(landscape, point.index), point.kind)
        rows.append(Row((str(point.index), *row), style))
    if landscape.origin != "not stationary":
        style = "green" if landscape.origin == "global minimum" else ""
        loss = decimal(landscape.loss_at_origin, TABLE_DIGITS)
        row = ("∞", loss, "0", "0", "0", *_curvature(landscape, None), landscape.origin)
        rows.append(Row(("origin", *row), style))
    lines = _conclusions(landscape)
    if verification is not None:
        lines.append(f"Full loss: {verification}")
    also = alterations_text(landscape.net)
    head = (Line(title_of(landscape), "bold"), *([Line(also)] if also else []))
    return (*head, Table.of(COLUMNS, rows), *map(Line, lines))


def _curvature(landscape: Landscape, index: int | None) -> tuple[str, str]:
    """The sharpness, and how many eigenvalues of the Hessian are negative and how many 0."""
    if not landscape.knows_hessian(index):
        kind = None if index is None else landscape.points[index].kind
        return "–", {"saddle": "≥ 1, –", "local minimum": "0, –", "global minimum": "0, –"}.get(
            kind or "", "–"
        )
    negative, null = landscape.inertia(index)
    sharpness = landscape.sharpness(index)
    return (
        "?" if sharpness is None else text_of(sharpness, TABLE_DIGITS),
        "?" if negative is None else f"{negative}, {null}",
    )


def title_of(landscape: Landscape) -> str:
    tau = landscape.decay_level
    level = "" if tau is None else f", threshold τ = {text_of(tau, TABLE_DIGITS)}"
    net = f"depth {landscape.net.depth}, {decays_text(landscape.net.decays)}"
    return f"{landscape.data!r}, {net}: {factors_text(landscape.net, TABLE_DIGITS)}{level}"


def _conclusions(landscape: Landscape) -> list[str]:
    best = landscape.global_minimum
    names = ["the origin" if i is None else f"point {i}" for i in best.contenders]
    loss = text_of(best.loss, landscape.digits)
    if best.tie is None:
        first = f"Undecided: {' and '.join(names)} agree in loss to the highest precision tried."
    elif best.tie:
        first = f"Global minimum: {' and '.join(names)} tie exactly, with loss {loss}."
    else:
        first = f"Global minimum: {names[0]}, with loss {loss}."
    if landscape.net.bias:
        first += f"\nThe output bias there is {text_of(landscape.bias(best.index), TABLE_DIGITS)}."
    first = "\n".join([first, *landscape.close_points(TABLE_DIGITS)])
    if not landscape.complete:
        return [first, "Some roots stayed undecided; their enclosures are listed as degenerate."]
    whole = "The list is complete: no stationary point of the reduced loss is missing (certified)."
    if landscape.points and not landscape.knows_hessian(0):
        whole += (
            f"\nKinds are those of the full loss. Not proved for {landscape.net.open_noise}: the "
            "curvature, and that the full loss has no other local minima."
        )
    return [first, whole]
