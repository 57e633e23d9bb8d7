"""``symderive phase``: thresholds of a network on its data, and diagrams over its parameters."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symderive.cli.options import (
    add_option,
    column_options,
    epilog,
    files,
    json_option,
    network_options,
    target_option,
    whiten_option,
)
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.terminal import progress, show, show_json
from symderive.cli.types import (
    DEPTH,
    ISOTROPIC,
    RANGE,
    Given,
    Layered,
    new_file,
    suffix_of,
    text_of,
)
from symderive.errors import InputError
from symderive.files import require_outputs, unfinished_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from symderive.cli.ranges import Range
    from symderive.cli.terminal import Advance
    from symderive.data.interface import Data
    from symderive.data.output_moments import OutputMoments
    from symderive.data.spectrum import Spectrum
    from symderive.sweeps.grid import Axis, Grid
    from symderive.sweeps.points import GridPoints
    from symderive.sweeps.study import PhaseStudy


#: What is said of an option that needs a range and has none.
WITHOUT_RANGE = "{} is about a range; give --vary NAME=FROM:TO:COUNT."
#: Digits of the thresholds unless others are asked for.
THRESHOLD_DIGITS = 30


@dataclass(frozen=True)
class SweepOptions:
    """Ranges, and what is done with the networks on them."""

    vary: tuple[Given[Range], ...] = ()
    out: Given[Path] | None = None
    table: Given[Path] | None = None
    doubles: bool = False
    certified: bool = False

    def axes(self) -> tuple[tuple[Axis, ...], frozenset[str]]:
        """The axes of the ranges and the names of the logarithmic ones; the files fit them."""
        from symderive.cli.ranges import axes_of

        axes, log = axes_of([given.value for given in self.vary])
        self._require_files(len(axes))
        return axes, log

    def _require_files(self, dimensions: int) -> None:
        """Everything about the files that can be refused before anything is computed."""
        from symderive.figure_style import require_matplotlib
        from symderive.sweeps.store import require_netcdf

        for option, given in (
            ("--table", self.table),
            ("--doubles", self.doubles),
            ("--certified", self.certified),
        ):
            if given and not dimensions:
                raise InputError(WITHOUT_RANGE.format(option))
        if self.out is not None and dimensions > 2:
            raise InputError(
                f"--out draws one or two varied parameters, and {dimensions} are given; use --table."
            )
        if self.doubles and self.certified:
            raise InputError("--doubles and --certified are both given; leave out one of them.")
        figure, table = (None if file is None else file.value for file in (self.out, self.table))
        if figure is not None:
            require_matplotlib()
        if table is not None and suffix_of(str(table)) == "nc":
            require_netcdf(table)


@click.command(
    epilog=epilog(
        "Exit code 0: done. 1: something was left undecided. 2: bad input.",
        "phase data.csv --target y --depth 2 --width 16 --decay 0.01",
        "phase --isotropic 1,1 --depth 3 --width 8 --vary decay=1e-4:1:200:log --out branches.pdf",
        "phase data.npz --depth 2 --width 8 --vary decay=1e-3:1:99:log --vary noise=0:2:99 --table all.nc",
        "phase data.csv --target y,z --depth 1 --width 8 --decay 1 --center --whiten --out rank.pdf",
    )
)
@click.argument("path", metavar="[DATA]", required=False, shell_complete=files)
@target_option(several=True)
@add_option(
    "--isotropic",
    type=ISOTROPIC,
    metavar="A,V2[,C]",
    help="In place of DATA: E[xx'] = A*I, V2 = |E[xy]|^2 and C = E[y^2].",
)
@network_options()
@column_options
@add_option(
    "--vary",
    type=RANGE,
    metavar="NAME=FROM:TO:COUNT[:log]",
    multiple=True,
    help="Vary decay, noise, width or depth; may be repeated, with another NAME each.",
)
@add_option(
    "--out",
    type=new_file("pdf", "png", "svg"),
    metavar="FIGURE",
    help="Draw one or two varied parameters, or the rank for several targets: .pdf, .png or .svg.",
)
@add_option(
    "--table",
    type=new_file("csv", "nc"),
    metavar="FILE",
    help="Write every stationary point of every network: .csv or .nc.",
)
@add_option("--certified", is_flag=True, hidden=True)  # which it is by default
@add_option(
    "--doubles", is_flag=True, help="Compute --vary in plain double precision, and prove nothing of it."
)
@add_option(
    "--digits",
    type=int,
    metavar="K",
    help="Correct decimal digits.",
    show_default="30; of --vary what double precision proves",
)
@whiten_option
@json_option()
@gathered(data=DataOptions, network=NetworkOptions, sweep=SweepOptions)
def phase(
    data: DataOptions,
    isotropic: Given[Spectrum] | None,
    network: NetworkOptions,
    sweep: SweepOptions,
    digits: int | None,
    whiten: bool,
    as_json: bool,
) -> int:
    """Say where the minimum for DATA (CSV with a header row, NPZ, Parquet) collapses to zero, and draw it.

    Thresholds are those of the network given; an option that is varied may be left out, and then has the
    first value of its range.  Thresholds are certified, and so is every network of --vary: no stationary
    point is missing, and every number comes with an error bound.

    Of several targets (--target A,B) it says at which decays the rank of the global minimum falls, for
    white inputs (--whiten makes them so), and --out draws it; no decay is needed for that.
    """
    from symderive.arithmetic.exact import check_digits
    from symderive.cli.phase_outputs import phase_several
    from symderive.data.moments import Moments
    from symderive.data.output_moments import OutputMoments
    from symderive.report.page import Line
    from symderive.report.sweep import MOST_ROWS, sweep_lines, sweep_record, sweep_table
    from symderive.report.thresholds import is_decided, threshold_page, threshold_record
    from symderive.sweeps.study import study
    from symderive.sweeps.sweep import solve_grid
    from symderive.sweeps.tables import method_of
    from symderive.sweeps.threshold_lines import METHOD as LINES_METHOD
    from symderive.thresholds.thresholds import thresholds

    require_outputs({"--out": text_of(sweep.out), "--table": text_of(sweep.table)}, {"DATA": data.path})
    of_thresholds = check_digits(THRESHOLD_DIGITS if digits is None else digits)
    of_cells = None if sweep.doubles else digits
    axes, log = sweep.axes()
    _require_mean_loss(network, axes, isotropic)
    whole = _with_first_values(network, axes)
    if isotropic is not None or not data.may_have_several:
        whole.require_decay()
    _decayed(whole).network()
    with progress("Reading the data", "rows") as advance:
        given = _data(data, isotropic, advance)
    if isinstance(given, OutputMoments):
        if axes:
            raise InputError(
                "--vary is for one target; several have all thresholds in the decay, and their figure "
                "(--out), without it."
            )
        several = _decayed(whole).network(given.weight, outputs=given.outputs)
        shown_data = given.whiten() if whiten else given
        figure = text_of(sweep.out)
        return phase_several(several, shown_data, digits=of_thresholds, as_json=as_json, figure=figure)
    if whiten:
        raise InputError("--whiten is about several targets; one is solved for any inputs, leave it out.")
    whole.require_decay()
    if sweep.out is not None and not axes:
        raise InputError(WITHOUT_RANGE.format("--out"))
    samples = given.weight if isinstance(given, Moments) else None
    net = whole.network(samples)
    grid = _grid(network, net.depth, axes, samples) if axes else None
    with progress("Searching for thresholds"):
        found = thresholds(net, given, digits=of_thresholds)
    worth = network.weight_decay_worth(samples)
    record = threshold_record(found, worth)
    out, table = text_of(sweep.out), text_of(sweep.table)
    open_cells = 0
    if grid is not None:
        with progress("Sweeping", "networks", total=grid.size) as advance:
            points = solve_grid(grid, given, doubles=sweep.doubles, digits=of_cells, progress=advance)
        method = method_of(sweep.doubles, of_cells)
        shown = None
        if out is not None:
            with progress("Looking for branches and lines"):
                shown = study(grid, given, points, log=log, doubles=sweep.doubles, digits=of_cells)
        _write(grid, given, points, method, shown, out, table)
        counts = sweep_record(points)
        open_cells = counts["undecided"]
        record |= counts | {"method": method, "figure": out, "table": table}
        if shown is not None:
            record["lines"] = LINES_METHOD
    if as_json:
        show_json(record)
    else:
        show(threshold_page(found, worth))
        if grid is not None:
            if len(axes) == 1:
                show((sweep_table(grid, points, float(grid.loss_at_origin(given))),))
                if points.size > MOST_ROWS:
                    click.echo(f"{MOST_ROWS} of {points.size} rows are shown; --table writes all.")
            said = [*sweep_lines(counts, method)]
            if out is not None:
                said.append(f"Lines of the figure: {LINES_METHOD}.")
            show(tuple(Line(text) for text in said))
        for path in filter(None, (out, table)):
            click.echo(f"Written to {path}.")
    return 0 if is_decided(found) and not open_cells else 1


def _write(
    grid: Grid,
    data: Data,
    points: GridPoints,
    method: str,
    shown: PhaseStudy | None,
    out: str | None,
    table: str | None,
) -> None:
    """Write the files that were asked for: all, or none where one cannot be made or written."""
    from symderive.report.diagrams import draw
    from symderive.sweeps.tables import write_table

    with ExitStack() as stack:
        if shown is not None and out is not None:
            with progress("Drawing"):
                (figure,) = draw(shown, suffix_of(out)).values()
            stack.enter_context(unfinished_file(out)).write_bytes(figure)
        if table is not None:
            with progress("Writing the table"):
                write_table(table, grid, data, points, method=method)


def _require_mean_loss(
    given: NetworkOptions, axes: Sequence[Axis], isotropic: Given[Spectrum] | None
) -> None:
    """Refuse another loss where its decay would not be the one that is shown, or cannot be known."""
    if given.loss in (None, "mean"):
        return
    if any(axis.name == "decay" for axis in axes):
        raise InputError(
            f"--vary decay is the decay of the mean loss; leave out --loss {given.loss} and convert "
            "the range."
        )
    if given.loss == "sum" and isotropic is not None:
        raise InputError(
            "--loss sum divides by the number of samples, which --isotropic does not tell; give the decay "
            "of the mean loss."
        )


def _with_first_values(given: NetworkOptions, axes: Sequence[Axis]) -> NetworkOptions:
    """The network that the thresholds are about: what is varied and not given has its first value."""
    instead: dict[str, Any] = {
        "depth": given.widths,
        "width": given.widths,
        "noise": given.dropout,
        "decay": given.weight_decay,
    }
    first: dict[str, Any] = {
        axis.name: str(axis.values[0])
        for axis in axes
        if getattr(given, axis.name) is None and instead.get(axis.name) is None
    }
    if "depth" in first:
        first["depth"] = DEPTH.convert(first["depth"], None, None)
    return replace(given, **first)


def _decayed(given: NetworkOptions) -> NetworkOptions:
    """The same with some decay where none is told: several targets have all their thresholds in it."""
    is_told = given.decay is not None or given.weight_decay is not None
    return given if is_told else replace(given, decay="1")


def _grid(given: NetworkOptions, depth: Any, axes: Sequence[Axis], samples: Fraction | None) -> Grid:
    from symderive.sweeps.grid import Grid

    varied = {axis.name: axis.values for axis in axes}
    _require_groups_fit(given.groups, varied.get("width", ()))
    fixed: dict[str, Any] = {
        "depth": depth,
        "width": given.widths or given.width,
        "decay": None if "decay" in varied else given.decays(samples),
        "noise": given.noise,
        "dropout": None if "noise" in varied else given.dropout,
    }
    others = {name: value for name, value in given.other_noise.items() if name != "dropout"}
    return Grid.of(varied, **fixed | dict.fromkeys(varied), **others)


def _require_groups_fit(groups: Layered | None, widths: Sequence[Fraction]) -> None:
    """Refuse widths whose neurons do not form the groups that are told."""
    from symderive.arithmetic.exact import parse_number

    for text in () if groups is None else (groups,) if isinstance(groups, str) else groups:
        count = parse_number(text, "number of groups")
        for width in widths:
            if count < 1 or width % count:
                raise InputError(
                    f"--vary width takes {width}, which --groups {text} does not divide; vary the width "
                    "over multiples of the number of groups, or leave out --groups."
                )


def _data(
    data: DataOptions, isotropic: Given[Spectrum] | None, advance: Advance | None
) -> Data | OutputMoments:
    """The data of a file, or those that --isotropic describes."""
    if (data.path is None) == (isotropic is None):
        raise InputError("the data are missing or given twice; give either DATA or --isotropic A,V2[,C].")
    if isotropic is None:
        return data.either_moments(advance)
    for option in data.given():
        raise InputError(f"{option} is about a file; leave it out with --isotropic.")
    return isotropic.value
