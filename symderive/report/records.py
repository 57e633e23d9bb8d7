"""Small records as tables of a few lines: points, bounds, checks, and what goes into a landscape."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from flint import arb

from symderive.arithmetic.exact import TURN, decimal, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.report.diagnosis import certain
from symderive.report.landscape import TABLE_DIGITS, text_of
from symderive.report.page import Column, Line, Page, Table
from symderive.thresholds.critical_decay import value_bits

if TYPE_CHECKING:
    from symderive.collapse.barrier import Barrier
    from symderive.full_loss.layers import Layers
    from symderive.full_loss.verification import Verification
    from symderive.landscape.census import Census
    from symderive.landscape.hessian.spectrum import Hessian, HessianBlock
    from symderive.landscape.landscape import GlobalMinimum, StationaryPoint
    from symderive.proximal.exact import ProximalPoint
    from symderive.thresholds.root_counts import RootCounts
    from symderive.training.starting_scales import Basin

#: Digits of what is 0 but for rounding.
SMALL_DIGITS = 3

#: Bits of what is shown to a few digits.
BITS = 128

#: Components of a vector that are listed before the rest is counted.
MOST_ENTRIES = 8


def facts(title: str, rows: Iterable[tuple[str, str]], *lines: str) -> Page:
    """A title, names beside values, and sentences below."""
    columns = (Column("", right=False), Column("", right=False))
    return (Line(title, "bold"), Table.of(columns, rows), *map(Line, lines))


def point_page(point: StationaryPoint) -> Page:
    """What a point of a landscape is."""
    rows = {
        "ridge λ": point.ridge,
        "loss F": point.loss,
        "norm ‖m‖": point.norm,
        "layer decay κ": point.layer_decay,
        "prediction variance": point.prediction_variance,
    }
    title = f"Point {point.index}: {point.kind}"
    return facts(title, [(name, text_of(value, TABLE_DIGITS)) for name, value in rows.items()])


def minimum_page(best: GlobalMinimum) -> Page:
    """Where the global minimum is."""
    places = ", ".join("the origin" if i is None else f"point {i}" for i in best.contenders)
    said = {
        True: "They have exactly the same loss.",
        None: "Their losses could not be told apart.",
    }
    rows = [("at", places), ("loss", text_of(best.loss, TABLE_DIGITS))]
    return facts("Global minimum", rows, *([said[best.tie]] if best.tie in said else []))


def hessian_page(hessian: Hessian) -> Page:
    """How many eigenvalues are of which sign, and the blocks, each with its extreme eigenvalues."""
    known = {"negative": hessian.morse_index, "zero": hessian.nullity, "positive": hessian.positive}
    signs = ", ".join(f"{'?' if count is None else count} {name}" for name, count in known.items())
    lines = [f"Largest step size of gradient descent: {text_of(hessian.largest_step, TABLE_DIGITS)}."]
    if not hessian.complete:
        lines.append("Of some blocks only the extreme eigenvalues are known.")
    title = f"Hessian in {hessian.size} dimensions: eigenvalues {signs}"
    return (Line(title, "bold"), _blocks(hessian.blocks), *map(Line, lines))


def block_page(block: HessianBlock) -> Page:
    """All eigenvalues that are known of one block."""
    layers = ", ".join(map(str, block.layers))
    rows = [(text_of(one.value, TABLE_DIGITS), str(one.multiplicity)) for one in block.eigenvalues]
    title = f"Block of the Hessian ({block.kind}, layers {layers}), {block.copies} times"
    table = Table.of((Column("eigenvalue"), Column("multiplicity")), rows)
    return (Line(title, "bold"), table, *([] if block.complete else [Line("Others are not listed.")]))


def _blocks(blocks: Iterable[HessianBlock]) -> Table:
    columns = (
        Column("directions", right=False),
        Column("layers", right=False),
        *map(Column, ("copies", "size", "smallest eigenvalue", "largest eigenvalue")),
    )
    rows = []
    for block in blocks:
        ends = (block.eigenvalues[0], block.eigenvalues[-1]) if block.eigenvalues else ()
        values = [text_of(end.value, TABLE_DIGITS) for end in ends] or ["?", "?"]
        numbers = (str(block.copies), str(block.size))
        rows.append((block.kind, ", ".join(map(str, block.layers)), *numbers, *values))
    return Table.of(columns, rows)


def verification_page(found: Verification) -> Page:
    """What was measured on the full loss."""
    rows = []
    if found.loss is not None:
        rows += [
            ("full loss", text_of(found.loss, TABLE_DIGITS)),
            ("differs from the claim by", _small(found.loss_difference)),
            ("  relative", _small(found.relative_difference)),
            ("gradient norm", _small(found.gradient_norm)),
            ("method", f"{found.method}, {found.digits} digits"),
        ]
    if found.competitors:
        rows += [
            ("competitors tried", str(found.competitors)),
            ("  the lowest lies above by", _small(found.lowest_gap)),
        ]
    title = Line(f"{found.verdict.name}: {found.reason}", "bold")
    return facts(title.text, rows) if rows else (title,)


def layers_page(layers: Layers) -> Page:
    """Shapes and sizes of the weights; no array is made for it."""
    sides = (len(layers.map), *layers.widths, 1)
    names = (*(f"W{i}" for i in range(1, len(layers.widths) + 1)), "U")
    # Each layer is its scale times a product of vectors of ±1, the first one's times that of m.
    vectors = (1, *layers.widths, 1)
    with TURN, working_precision(BITS):
        sizes = [
            scale * arb(into * out).sqrt()
            for scale, (into, out) in zip(layers.scales(BITS), pairwise(vectors), strict=True)
        ]
    rows = [
        (name, f"{out} × {into}", certain(size, TABLE_DIGITS))
        for name, (into, out), size in zip(names, pairwise(sides), sizes, strict=True)
    ]
    columns = (Column("layer", right=False), Column("shape"), Column("Frobenius norm"))
    entries = [certain(x, 6) for x in layers.map[:MOST_ENTRIES]]
    more = [f"and {len(layers.map) - MOST_ENTRIES} more"] if len(layers.map) > MOST_ENTRIES else []
    title = f"Weights of a network with {len(layers.widths)} hidden layers"
    product = Line(f"Their product is m = ({', '.join([*entries, *more])}).")
    return (Line(title, "bold"), Table.of(columns, rows), product)


def basin_page(basin: Basin) -> Page:
    """From which sizes of the first weights gradient flow ends where."""
    rows = []
    if basin.critical is not None:
        rows.append(
            (_short(basin.critical), "the boundary: from below it ends at 0, from above at the minimum")
        )
    rows.append((f"below {_short(basin.collapses_below)}", "ends at zero weights, whatever the direction"))
    if basin.escapes_above is not None:
        end = "" if basin.escapes_to is None else f" to {_short(basin.escapes_to)}"
        rows.append((f"{_short(basin.escapes_above)}{end}", "does not end at zero weights"))
    columns = (Column("Frobenius norm of each layer"), Column("gradient flow from there", right=False))
    title = f"Where balanced first weights along v lead: {basin.net!r}"
    lines = [f"No boundary is known: {basin.reason}."] if basin.reason else []
    return (Line(title, "bold"), Table.of(columns, rows), *map(Line, lines))


def census_page(census: Census) -> Page:
    """All stationary points, with what symmetries make of each."""
    header, *rows = census.rows()
    title = f"{census.net!r} on {census.data!r}"
    columns = [Column(name, right=name not in ("active", "kind")) for name in header]
    return (Line(title, "bold"), Table.of(columns, rows), Line(str(census.audit)))


def prox_page(found: ProximalPoint) -> Page:
    """The minimizers."""

    def text(z: arb | tuple[arb, ...]) -> str:
        if isinstance(z, arb):
            return _short(z)
        more = ", …" if len(z) > MOST_ENTRIES else ""
        return f"({', '.join(map(_short, z[:MOST_ENTRIES]))}{more})"

    rows = [("minimizer z", text(z)) for z in found.minimizers]
    rows += [("z over x", " or ".join(map(_short, found.shrinkages))), ("minimum", _short(found.objective))]
    if isinstance(found.threshold, PowerProduct):
        rows.append(("0 up to ‖x‖ =", _short(found.threshold.value())))
    return facts("Proximal point", rows, *(["A tie: 0 is as good as another."] if found.is_tie else []))


def counts_page(found: RootCounts) -> Page:
    """The number of roots from decay to decay."""
    rows = []
    for interval in found.intervals:
        if interval.upper is None:
            rows.append(("above", "above", str(interval.count)))
            continue
        with TURN, working_precision(value_bits(found.digits)):
            common = interval.upper.root(found.depth + 1)
        product, decay = (f"up to {text_of(x, TABLE_DIGITS)}" for x in (interval.upper, common))
        rows.append((product, decay, str(interval.count)))
    columns = map(Column, ("product of the decays", "decay, where all are equal", "points m ≠ 0"))
    open_ = (
        []
        if found.separated
        else ["Some changes could not be told apart; nothing is claimed between them."]
    )
    title = f"Stationary points at depth {found.depth}"
    return (Line(title, "bold"), Table.of(columns, rows), *map(Line, open_))


def barrier_page(barrier: Barrier) -> Page:
    """The levels of the barrier."""
    rows = [
        ("loss at zero weights", decimal(barrier.moments.c, TABLE_DIGITS)),
        ("top S_0 of the barrier, S = Σ γ_i ‖W_i‖²", _short(barrier.top)),
        ("its height", _short(barrier.height)),
        ("S_*, up to which the loss is above that at 0", _short(barrier.zero)),
        ("below this S flow lowers Σ ‖W_i‖²", _short(barrier.falls_below)),
    ]
    return facts(f"Barrier around zero weights, {barrier.activation.name}: {barrier.net!r}", rows)


def _short(value: arb) -> str:
    return certain(value, TABLE_DIGITS)


def _small(value: arb | None) -> str:
    return "not known" if value is None else value.mid().str(SMALL_DIGITS, radius=False)
