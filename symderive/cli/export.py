"""``symderive export``: a solver as one source file in another language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import column_options, json_option, target_option
from symderive.cli.records import DataOptions, gathered
from symderive.cli.terminal import console, progress
from symderive.cli.types import DEPTH, NEW_FILE, Given, suffix_of
from symderive.errors import InputError

if TYPE_CHECKING:
    from symderive.export.check.check import Check
    from symderive.model.moments import Moments


@dataclass(frozen=True)
class ExportOptions:
    """The language and depth of a file, where it goes, and whether it is checked."""

    language: str
    depth: Given[int] | None
    any_depth: bool
    out: Given[Path] | None
    checked: bool
    as_json: bool

    def require(self, data: DataOptions) -> None:
        """What can be refused before the depth is read."""
        from symderive.export import TARGETS
        from symderive.export.check.runners import suffix

        if self.language not in TARGETS:
            raise InputError(f"--target {self.language!r} is unknown; give one of {', '.join(TARGETS)}.")
        if self.depth is not None and self.any_depth:
            raise InputError("--depth and --any-depth are both given; give one of them.")
        about_data = {
            "--target-column": data.target,
            "--center": data.center,
            "--standardize": data.standardize,
        }
        for option, value in about_data.items():
            if value and data.path is None:
                raise InputError(f"{option} is about a data set; give --data FILE.")
        if data.path is not None and data.target is None and suffix_of(data.path) != "npz":
            raise InputError(
                f"the target column of {Path(data.path).name} is missing; give --target-column COL."
            )
        if self.as_json and not self.checked:
            raise InputError("--json is about the result of a check; give --check.")
        if self.out is not None:
            path, ending = self.out.value, suffix(self.language)
            if path.suffix and path.suffix.lower() not in (ending, ".h" if self.language == "c" else ""):
                raise InputError(
                    f"--out {path.name} does not look like a file for {self.language}; "
                    f"let it end in {ending}."
                )


@click.command(epilog="Exit code 0: written and, with --check, correct. 1: the check failed. 2: bad input.")
@click.option(
    "--target", "language", required=True, metavar="T", help="c, jax, julia, mpmath, numpy or torch."
)
@click.option(
    "--depth", type=DEPTH, metavar="K", help="Make the file for K hidden layers only, which is quicker."
)
@click.option("--any-depth", is_flag=True, help="The depth is an argument of the functions (default).")
@click.option(
    "--data", "path", metavar="FILE", help="Write the spectrum of a data set into the file: CSV or NPZ."
)
@target_option("--target-column", "COL")
@column_options
@click.option(
    "--out", type=NEW_FILE, metavar="FILE", help="Write the file; without it, it goes to standard output."
)
@click.option("--check", "checked", is_flag=True, help="Run it and compare it with certified values.")
@json_option("Print the result of --check as one JSON object.")
@gathered(options=ExportOptions, data=DataOptions)
def export(options: ExportOptions, data: DataOptions) -> int:
    """Write a self-contained source file that solves the scalar equation and rebuilds the minimum.

    --check compiles or imports the file in a process of its own and runs it on a table of instances:
    ordinary, near-degenerate and of extreme scales.  A file that fails is not written.
    """
    from symderive.export import export as export_text
    from symderive.files import write_whole

    options.require(data)
    language = options.language
    depth = None if options.depth is None else options.depth.value
    if options.checked:
        from symderive.export.check.cases import require_depth
        from symderive.export.check.runners import require_language

        require_language(language)
        require_depth(depth)
    moments = _moments(data)
    with progress("Writing the solver"):
        text = export_text(language, depth=depth, data=moments)
    result = None
    if options.checked:
        from symderive.export.check.check import check_text

        with progress("Running the solver"):
            result = check_text(language, text, depth=depth, data=moments)
    if result is not None and not result.passed:
        _show(result, options.as_json, None)
        return 1
    out = None if options.out is None else options.out.text
    if out is not None:
        with write_whole(out) as stream:
            stream.write(text.encode())
    elif not options.checked:
        click.echo(text, nl=False)
    if result is not None:
        _show(result, options.as_json, out)
    elif out is not None:
        click.echo(f"Written to {out}.")
    return 0


def _moments(data: DataOptions) -> Moments | None:
    if data.path is None:
        return None
    with progress("Reading the data"):
        return data.moments()


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
