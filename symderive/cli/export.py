"""``symderive export``: a solver as one source file in another language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import console, depth_of, moments_of, progress
from symderive.errors import InputError

if TYPE_CHECKING:
    from symderive.export.check.check import Check
    from symderive.model.moments import Moments


@click.command(epilog="Exit code 0: written and, with --check, correct. 1: the check failed. 2: bad input.")
@click.option("--target", required=True, metavar="T", help="c, jax, julia, mpmath, numpy or torch.")
@click.option("--depth", metavar="K", help="Make the file for K hidden layers only, which is quicker.")
@click.option("--any-depth", is_flag=True, help="The depth is an argument of the functions (default).")
@click.option("--data", metavar="FILE", help="Write the spectrum of a data set into the file: CSV or NPZ.")
@click.option("--target-column", metavar="COL", help="Target column of a CSV; array of an NPZ (default y).")
@click.option("--center", is_flag=True, help="Subtract the means of features and target.")
@click.option("--standardize", is_flag=True, help="Center, and divide features by standard deviations.")
@click.option("--out", metavar="FILE", help="Write the file; without it, it goes to standard output.")
@click.option("--check", "checked", is_flag=True, help="Run it and compare it with certified values.")
@click.option("--json", "as_json", is_flag=True, help="Print the result of --check as one JSON object.")
def export(
    target: str,
    depth: str | None,
    any_depth: bool,
    data: str | None,
    target_column: str | None,
    center: bool,
    standardize: bool,
    out: str | None,
    checked: bool,
    as_json: bool,
) -> int:
    """Write a self-contained source file that solves the scalar problem and rebuilds the minimum.

    --check compiles or imports the file in a process of its own and runs it on a table of instances:
    ordinary, near-degenerate and of extreme scales.  A file that fails is not written.
    """
    from symderive.export import export as export_text
    from symderive.files import write_whole

    _require_options(
        target, depth, any_depth, data, target_column, center, standardize, out, checked, as_json
    )
    layers = None if depth is None else depth_of(depth)
    if checked:
        from symderive.export.check.cases import require_depth
        from symderive.export.check.runners import require_language

        require_language(target)
        require_depth(layers)
    moments = _data(data, target_column, center, standardize)
    with progress("Writing the solver"):
        text = export_text(target, depth=layers, data=moments)
    result = None
    if checked:
        from symderive.export.check.check import check_text

        with progress("Running the solver"):
            result = check_text(target, text, depth=layers, data=moments)
    if result is not None and not result.passed:
        _show(result, as_json, None)
        return 1
    if out is not None:
        with write_whole(out) as stream:
            stream.write(text.encode())
    elif not checked:
        click.echo(text, nl=False)
    if result is not None:
        _show(result, as_json, out)
    elif out is not None:
        click.echo(f"Written to {out}.")
    return 0


def _require_options(
    target: str,
    depth: str | None,
    any_depth: bool,
    data: str | None,
    column: str | None,
    center: bool,
    standardize: bool,
    out: str | None,
    checked: bool,
    as_json: bool,
) -> None:
    """Everything that can be refused before anything is computed."""
    from symderive.export import TARGETS
    from symderive.export.check.runners import suffix
    from symderive.files import require_folder

    if target not in TARGETS:
        raise InputError(f"--target {target!r} is unknown; give one of {', '.join(TARGETS)}.")
    if depth is not None and any_depth:
        raise InputError("--depth and --any-depth are both given; give one of them.")
    about_data = {"--target-column": column, "--center": center, "--standardize": standardize}
    for option, value in about_data.items():
        if value and data is None:
            raise InputError(f"{option} is about a data set; give --data FILE.")
    if data is not None and column is None and Path(data).suffix.lower() != ".npz":
        raise InputError(f"the target column of {Path(data).name} is missing; give --target-column COL.")
    if as_json and not checked:
        raise InputError("--json is about the result of a check; give --check.")
    if out is not None:
        path = require_folder(out)
        if path.suffix and path.suffix.lower() not in (suffix(target), ".h" if target == "c" else ""):
            raise InputError(
                f"--out {path.name} does not look like a file for {target}; let it end in {suffix(target)}."
            )


def _data(data: str | None, column: str | None, center: bool, standardize: bool) -> Moments | None:
    if data is None:
        return None
    with progress("Reading the data"):
        return moments_of(data, column, center, standardize)


def _show(result: Check, as_json: bool, out: str | None) -> None:
    from symderive.export.check.check import as_record, as_table

    if as_json:
        click.echo(json.dumps(as_record(result) | {"file": out}, ensure_ascii=False))
        return
    if result.worst:
        console().print(as_table(result))
    for failure in result.failures:
        click.echo(f"FAILED: {failure}")
    for line in _verdict(result, out):
        click.echo(line)


def _verdict(result: Check, out: str | None) -> list[str]:
    if not result.passed:
        return [f"The file for {result.target} is wrong and was not written."]
    said = f"{result.points} certified points of {result.instances} instances were met ({result.language})."
    return [said, *([f"Written to {out}."] if out else [])]
