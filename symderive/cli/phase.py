"""``symderive phase``: thresholds of a network on its data, and diagrams over its parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symderive.cli.options import console, moments_of, network_of, progress, values_of
from symderive.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symderive.model.data import Data
    from symderive.model.network import Network
    from symderive.sweeps.grid import Axis, Grid
    from symderive.sweeps.points import GridPoints

#: Suffixes of the files that can be written.
FIGURES, TABLES = ("pdf", "png", "svg"), ("csv", "nc")


@click.command(epilog="Exit code 0: done. 1: something was left undecided. 2: bad input.")
@click.argument("data", metavar="[DATA]", required=False)
@click.option("--target", metavar="COLUMN", help="Target column of a CSV; array of an NPZ (default y).")
@click.option("--isotropic", metavar="A,V2[,C]", help="A = E[xx'] (times I), V2 = |E[xy]|^2, C = E[y^2].")
@click.option("--depth", metavar="D", help="Number of hidden layers.")
@click.option("--width", metavar="N", help="Width of every hidden layer.")
@click.option("--widths", metavar="N1,N2,...", help="Width of each hidden layer; fixes the depth.")
@click.option("--decay", metavar="G[,G...]", help="Weight decay: one, or W1..WD, U.")
@click.option("--noise", metavar="S2[,S2...]", help="Noise variances of the hidden layers.")
@click.option("--dropout", metavar="P[,P...]", help="Drop probabilities instead of --noise.")
@click.option("--center", is_flag=True, help="Subtract the means of features and target.")
@click.option("--standardize", is_flag=True, help="Center, and divide features by standard deviations.")
@click.option(
    "--vary",
    metavar="NAME=FROM:TO:COUNT[:log]",
    multiple=True,
    help="Vary decay, noise, width or depth in place of its fixed value; may be repeated.",
)
@click.option("--out", metavar="FIGURE", help="Draw one or two varied parameters: .pdf, .png or .svg.")
@click.option("--table", metavar="FILE", help="Write every stationary point: .csv or .nc.")
@click.option("--certified", is_flag=True, help="Prove every point of --vary, instead of using doubles.")
@click.option("--digits", default=30, show_default=True, metavar="K", help="Correct decimal digits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def phase(
    data: str | None,
    target: str | None,
    isotropic: str | None,
    depth: str | None,
    width: str | None,
    widths: str | None,
    decay: str | None,
    noise: str | None,
    dropout: str | None,
    center: bool,
    standardize: bool,
    vary: tuple[str, ...],
    out: str | None,
    table: str | None,
    certified: bool,
    digits: int,
    as_json: bool,
) -> int:
    """Say where the minimum for DATA (CSV with a header row, or NPZ) collapses to zero, and draw it.

    Thresholds are those of the network given; an option that is varied may be left out, and then has the
    first value of its range.
    """
    from symderive.arithmetic.exact import check_digits
    from symderive.cli.ranges import axes_of
    from symderive.report.sweep import sweep_lines, sweep_record, sweep_table
    from symderive.report.thresholds import is_decided, threshold_record, threshold_table
    from symderive.sweeps.sweep import solve_grid
    from symderive.sweeps.tables import method_of
    from symderive.thresholds.thresholds import thresholds

    check_digits(digits)
    axes, log = axes_of(vary)
    _require_files(out, table, certified, axes)
    fixed = {"depth": depth, "width": width, "decay": decay, "noise": noise, "dropout": dropout}
    net = _network(fixed, widths, axes)
    grid = _grid(fixed | {"width": widths or width}, net.depth, axes) if axes else None
    with progress("Reading the data"):
        given = _data(data, target, isotropic, center, standardize)
    with progress("Searching for thresholds"):
        found = thresholds(net, given, digits=digits)
    record = threshold_record(found)
    open_cells = 0
    if grid is not None:
        with progress("Sweeping") as advance:
            cells = solve_grid(grid, given, certified=certified, digits=digits, progress=advance)
        method = method_of(certified, digits)
        _write(grid, given, cells, log, method, out, table)
        counts = sweep_record(cells)
        open_cells = counts["undecided"]
        record |= counts | {"method": method, "figure": out, "table": table}
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
    else:
        console().print(threshold_table(found))
        if grid is not None:
            if len(axes) == 1:
                console().print(sweep_table(grid, cells, float(given.c)))
            for line in sweep_lines(counts, method):
                click.echo(line)
        for path in filter(None, (out, table)):
            click.echo(f"Written to {path}.")
    return 0 if is_decided(found) and not open_cells else 1


def _write(
    grid: Grid,
    data: Data,
    points: GridPoints,
    log: frozenset[str],
    method: str,
    out: str | None,
    table: str | None,
) -> None:
    """Write the files that were asked for; the figure is made before the first is written."""
    from symderive.files import write_whole
    from symderive.report.diagrams import draw
    from symderive.sweeps.study import study
    from symderive.sweeps.tables import write_table

    if out is not None:
        with progress("Drawing"):
            (figure,) = draw(study(grid, data, points, log=log), _suffix(out)).values()
    if table is not None:
        with progress("Writing the table"):
            write_table(table, grid, data, points, method=method)
    if out is not None:
        with write_whole(out) as stream:
            stream.write(figure)


def _require_files(out: str | None, table: str | None, certified: bool, axes: Sequence[Axis]) -> None:
    """Everything about the files that can be refused before anything is computed."""
    from symderive.figure_style import require_matplotlib
    from symderive.files import require_folder
    from symderive.sweeps.store import require_xarray

    for option, value in (("--out", out), ("--table", table), ("--certified", certified or None)):
        if value is not None and not axes:
            raise InputError(f"{option} is about a range; give --vary NAME=FROM:TO:COUNT.")
    if out is not None and len(axes) > 2:
        raise InputError(
            f"--out draws one or two varied parameters, and {len(axes)} are given; use --table."
        )
    for option, path, kinds in (("--out", out, FIGURES), ("--table", table, TABLES)):
        if path is not None:
            require_folder(path)
            if _suffix(path) not in kinds:
                raise InputError(f"{option} {Path(path).name} has to end in .{', .'.join(kinds)}.")
    if out is not None:
        require_matplotlib()
    if table is not None and _suffix(table) == "nc":
        require_xarray()


def _suffix(path: str) -> str:
    return Path(path).suffix.lower().removeprefix(".")


def _network(fixed: dict[str, str | None], widths: str | None, axes: Sequence[Axis]) -> Network:
    """The network that the thresholds are about."""
    given = dict(fixed)
    instead = {"width": widths, "noise": fixed["dropout"], "depth": widths}
    for axis in axes:
        if given[axis.name] is None and instead.get(axis.name) is None:
            given[axis.name] = str(axis.values[0])
    if given["decay"] is None:
        raise InputError("the decay is missing; give --decay G.")
    return network_of(
        given["depth"], given["width"], widths, given["decay"], given["noise"], given["dropout"]
    )


def _grid(fixed: dict[str, str | None], depth: int, axes: Sequence[Axis]) -> Grid:
    from symderive.sweeps.grid import Grid

    varied = {axis.name for axis in axes}
    given: dict[str, Any] = {name: text and values_of(text) for name, text in fixed.items()}
    given |= {"depth": depth} | dict.fromkeys(varied)
    if "noise" in varied:
        given["dropout"] = None
    return Grid.of({axis.name: axis.values for axis in axes}, **given)


def _data(
    path: str | None, target: str | None, isotropic: str | None, center: bool, standardize: bool
) -> Data:
    """The data of a file, or those that --isotropic describes."""
    if (path is None) == (isotropic is None):
        raise InputError("the data are missing or given twice; give either DATA or --isotropic A,V2[,C].")
    if path is not None:
        return moments_of(path, target, center, standardize)
    for option, value in (("--target", target), ("--center", center), ("--standardize", standardize)):
        if value:
            raise InputError(f"{option} is about a file; leave it out with --isotropic.")
    from symderive.arithmetic.exact import parse_number
    from symderive.model.spectrum import Spectrum

    parts = (isotropic or "").split(",")
    if len(parts) not in (2, 3):
        raise InputError(f"--isotropic {isotropic!r} has {len(parts)} numbers; give A,V2 or A,V2,C.")
    names = ("A", "V2", "C")
    a, v2, *c = (parse_number(x, f"--isotropic {name}") for x, name in zip(parts, names, strict=False))
    if a <= 0 or v2 < 0:
        raise InputError(f"--isotropic {isotropic}: A is positive and V2 is not negative.")
    return Spectrum.of([a], [v2], *c)
