"""What notebooks show of records: the tables of the command line, and small ones of what goes in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from symderive.arithmetic.exact import decimal, rational
from symderive.collapse.barrier import Barrier
from symderive.collapse.prediction import Prediction
from symderive.data.moments import Moments
from symderive.data.output_moments import OutputMoments
from symderive.data.rows import Rows
from symderive.data.spectrum import Spectrum
from symderive.full_loss.layers import Layers
from symderive.full_loss.verification import Verification
from symderive.landscape.census import Census
from symderive.landscape.hessian.spectrum import Hessian, HessianBlock
from symderive.landscape.landscape import GlobalMinimum, Landscape, StationaryPoint
from symderive.model.network import Network
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.convex import ConvexOutputs
from symderive.outputs.landscape import OutputLandscape
from symderive.outputs.staircase import Staircase
from symderive.proximal.exact import ProximalPoint
from symderive.report import records
from symderive.report.collapse import collapse_page
from symderive.report.diagnosis import diagnosis_page
from symderive.report.html import to_html
from symderive.report.landscape import TABLE_DIGITS, landscape_page
from symderive.report.outputs import outputs_page
from symderive.report.page import Column, Line, Page, Table
from symderive.report.records import facts
from symderive.report.staircase import staircase_page
from symderive.report.thresholds import threshold_page
from symderive.thresholds.root_counts import RootCounts
from symderive.thresholds.thresholds import Thresholds
from symderive.training.diagnosis import Diagnosis
from symderive.training.starting_scales import Basin
from symderive.training.words import alterations_text

#: Names, eigenvalues and layers that are listed before the rest is counted or left out.
MOST_NAMES, MOST_LAYERS = 12, 24


def html_of(record: Any) -> str:
    """The HTML of a record whose page is known."""
    return to_html(page_of(record))


@singledispatch
def page_of(record: Any) -> Page:
    """The page of a record; of an unknown class what ``repr`` says."""
    return (Line(repr(record)),)


page_of.register(Landscape, landscape_page)
for _solved in (OutputLandscape, ClosedOutputs, ConvexOutputs):
    page_of.register(_solved, outputs_page)
page_of.register(Diagnosis, diagnosis_page)
page_of.register(Prediction, collapse_page)
page_of.register(Thresholds, threshold_page)
page_of.register(Staircase, staircase_page)
page_of.register(StationaryPoint, records.point_page)
page_of.register(GlobalMinimum, records.minimum_page)
page_of.register(Hessian, records.hessian_page)
page_of.register(HessianBlock, records.block_page)
page_of.register(Verification, records.verification_page)
page_of.register(Layers, records.layers_page)
page_of.register(Basin, records.basin_page)
page_of.register(Census, records.census_page)
page_of.register(ProximalPoint, records.prox_page)
page_of.register(RootCounts, records.counts_page)
page_of.register(Barrier, records.barrier_page)


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
    return facts(repr(moments), rows)


@page_of.register
def output_moments_page(data: OutputMoments) -> Page:
    """Names, and what was done with the columns."""
    treatment = []
    if data.whitened:
        treatment = [("inputs", "whitened")]
    elif data.variances is not None:
        treatment = [("inputs", "centered and divided by their standard deviations")]
    rows = [
        ("features", f"{data.dimension}: {_names(data.features)}".rstrip(": ")),
        ("targets", f"{data.outputs}: {_names(data.targets)}".rstrip(": ")),
        ("samples (or sum of weights)", "not known" if data.weight is None else _exact(data.weight)),
        *treatment,
        ("E‖y‖²", _exact(data.c)),
        *(("note", note) for note in data.notes),
    ]
    return facts(repr(data), rows)


@page_of.register
def rows_page(rows: Rows) -> Page:
    """The moments, and whether the rows behind them are kept."""
    kept = "The rows are too many to be kept." if rows.blocks is None else "The rows are kept beside these."
    return (*moments_page(rows.moments), Line(kept))


@page_of.register
def spectrum_page(spectrum: Spectrum) -> Page:
    """Eigenvalues beside the squares of v along their axes."""
    pairs = list(zip(map(_exact, spectrum.a), map(_exact, spectrum.p), strict=True))
    columns = (Column("eigenvalue a of A"), Column("p = (e·v)²"))
    more = len(pairs) - MOST_NAMES
    lines = [Line(f"and {more} more")] * (more > 0) + [Line(f"E[y²] = {_exact(spectrum.c)}")]
    return (Line(spectrum.description, "bold"), Table.of(columns, pairs[:MOST_NAMES]), *lines)


@page_of.register
def network_page(net: Network) -> Page:
    """Width, decay and noise of each layer, numbers or letters, and what other noise there is."""
    columns = (
        Column("layer", right=False),
        Column("outputs"),
        Column("decay γ"),
        Column("noise σ²"),
    )
    if not isinstance(net.depth, int) or net.has_symbolic_depth:
        rows = [("W_i, i = 1 … D", "d_i", "γ_i", "σ_i²"), ("U", "1", "γ_u", "")]
        return (Line("Deep linear network with D hidden layers", "bold"), Table.of(columns, rows))
    widths: tuple[Any, ...] = (*tuple(net.widths), net.outputs)
    layers = (*(f"W{i}" for i in range(1, net.depth + 1)), "U")
    noise = (*map(_exact, net.noise), "") if net.noise else ("",) * len(layers)
    rows = list(zip(layers, map(_exact, widths), map(_exact, net.decays), noise, strict=True))
    also = alterations_text(net) if net.is_numeric else ""
    name = "hidden layer" if net.depth == 1 else "hidden layers"
    title = Line(f"Deep linear network with {net.depth} {name}", "bold")
    if len(rows) > MOST_LAYERS:
        rows = [*rows[: MOST_LAYERS - 2], ("…", "", "", ""), rows[-1]]
    return (title, Table.of(columns, rows), *([Line(also)] if also else []))


def _names(names: Iterable[str]) -> str:
    listed = tuple(names)
    more = len(listed) - MOST_NAMES
    return ", ".join(listed[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _exact(value: Any) -> str:
    """A short exact number as it is, a long one to the digits of tables, a letter as it is printed."""
    if isinstance(value, int):
        return str(value)
    if not hasattr(value, "numerator"):
        return _letters(value)
    text = str(value)
    return text if len(text) <= TABLE_DIGITS + 2 else decimal(rational(value), TABLE_DIGITS)


def _letters(value: Any) -> str:
    """A parameter in the letters of the paper: ``σ_1²`` for ``sigma[1]**2``."""
    text = str(value).replace("**2", "²").replace("[", "_").replace("]", "")
    for name, letter in (("gamma", "γ"), ("sigma", "σ")):
        text = text.replace(name, letter)
    return text
