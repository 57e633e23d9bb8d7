"""What notebooks show of records: the tables of the command line, and small ones of what goes in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from symderive.arithmetic.exact import decimal, rational
from symderive.collapse.prediction import Prediction
from symderive.data.moments import Moments
from symderive.landscape.hessian.spectrum import Hessian
from symderive.landscape.landscape import Landscape
from symderive.model.network import Network
from symderive.report.collapse import collapse_page
from symderive.report.diagnosis import diagnosis_page
from symderive.report.html import to_html
from symderive.report.landscape import TABLE_DIGITS, landscape_page, text_of
from symderive.report.page import Column, Line, Page, Table
from symderive.report.thresholds import threshold_page
from symderive.thresholds.thresholds import Thresholds
from symderive.training.diagnosis import Diagnosis

#: Names that are listed before the rest is counted.
MOST_NAMES = 12


def html_of(record: Any) -> str:
    """The HTML of a record whose page is known."""
    return to_html(page_of(record))


@singledispatch
def page_of(record: Any) -> Page:
    """The page of a record; of an unknown class what ``repr`` says."""
    return (Line(repr(record)),)


page_of.register(Landscape, landscape_page)
page_of.register(Diagnosis, diagnosis_page)
page_of.register(Prediction, collapse_page)
page_of.register(Thresholds, threshold_page)


@page_of.register
def moments_page(moments: Moments) -> Page:
    """Names, number of samples, and what was done with the columns; no matrix is formed for it."""
    known = moments.weight
    if moments.variances is not None:
        treatment = "centered, features divided by their standard deviations"
    else:
        treatment = "as they are" if moments.means is None else "centered"
    rows = [
        ("features", f"{moments.dimension}: {_names(moments.features)}".rstrip(": ")),
        ("target", moments.target),
        ("samples (or sum of weights)", "not known" if known is None else _exact(known)),
        ("columns", treatment),
        ("E[y²]", _exact(moments.c)),
        *(("note", note) for note in moments.notes),
    ]
    return (Line(repr(moments), "bold"), Table.of((Column("", right=False), Column("", right=False)), rows))


@page_of.register
def network_page(net: Network) -> Page:
    """Width, decay and noise of each layer."""
    if not isinstance(net.depth, int) or net.has_symbolic_depth:
        return (Line(repr(net)),)
    widths: tuple[Any, ...] = (*tuple(net.widths), net.outputs)
    layers = (*(f"W{i}" for i in range(1, net.depth + 1)), "U")
    noise = (*map(_exact, net.noise), "") if net.noise else ("",) * len(layers)
    rows = zip(layers, map(str, widths), map(_exact, net.decays), noise, strict=True)
    columns = (
        Column("layer", right=False),
        Column("outputs"),
        Column("decay γ"),
        Column("noise σ²"),
    )
    name = "hidden layer" if net.depth == 1 else "hidden layers"
    return (Line(f"Deep linear network with {net.depth} {name}", "bold"), Table.of(columns, rows))


@page_of.register
def hessian_page(hessian: Hessian) -> Page:
    """The blocks, each with its extreme eigenvalues."""
    titles = ("directions", "layers", "copies", "size", "smallest eigenvalue", "largest eigenvalue")
    columns = (Column(titles[0], right=False), Column(titles[1], right=False), *map(Column, titles[2:]))
    rows = []
    for block in hessian.blocks:
        ends = (block.eigenvalues[0], block.eigenvalues[-1]) if block.eigenvalues else ()
        values = [text_of(end.value, TABLE_DIGITS) for end in ends] or ["?", "?"]
        numbers = (str(block.copies), str(block.size))
        rows.append((block.kind, ", ".join(map(str, block.layers)), *numbers, *values))
    known = {"index": hessian.morse_index, "nullity": hessian.nullity}
    said = ", ".join(f"{name} {'undecided' if value is None else value}" for name, value in known.items())
    return (Line(f"Hessian in {hessian.size} dimensions: {said}", "bold"), Table.of(columns, rows))


def _names(names: Iterable[str]) -> str:
    listed = tuple(names)
    more = len(listed) - MOST_NAMES
    return ", ".join(listed[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _exact(value: Any) -> str:
    """A short exact number as it is, a long one to the digits of tables, a letter by its name."""
    if isinstance(value, int) or not hasattr(value, "numerator"):
        return str(value)
    text = str(value)
    return text if len(text) <= TABLE_DIGITS + 2 else decimal(rational(value), TABLE_DIGITS)
