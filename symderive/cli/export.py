"""``symderive export``: a solver as one source file in another language."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    certified: bool
    prefix: str | None
    single: bool

    def require(self, data: DataOptions) -> None:
        """What can be refused before the depth is read."""
        from symderive.export import CERTIFIED, TARGETS
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
        if self.certified and self.language not in CERTIFIED:
            raise InputError(
                f"--certified is for {' and '.join(CERTIFIED)}; leave it out for {self.language},"
                " whose files prove nothing."
            )
        if self.certified and self.single:
            raise InputError("--certified and --single are both given; proofs are in double precision.")
        if self.language != "c" and (self.prefix is not None or self.single):
            option = "--single" if self.prefix is None else "--prefix"
            raise InputError(f"{option} is for --target c; leave it out for {self.language}.")
        if self.prefix is not None:
            from symderive.export.targets.dialect import require_prefix

            require_prefix(self.prefix)
        if self.out is not None:
            path, ending = self.out.value, suffix(self.language)
            if path.suffix and path.suffix.lower() not in (ending, ".h" if self.language == "c" else ""):
                raise InputError(
                    f"--out {path.name} does not look like a file for {self.language}; "
                    f"let it end in {ending}."
                )
            if self.language == "c" and not re.fullmatch(r"[\w.+-]+", path.stem):
                raise InputError(
                    f"--out {path.name} would stand in an #include; give letters, digits and _ . + - only."
                )

    @property
    def others(self) -> dict[str, Any]:
        """What files are told beside their depth and data."""
        return {"certified": self.certified, "prefix": self.prefix, "single": self.single}


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
    "--out",
    type=NEW_FILE,
    metavar="FILE",
    help="Write the file (for C: FILE.h, FILE.c and FILE_test.c); without it, one goes to standard output.",
)
@click.option(
    "--certified",
    is_flag=True,
    help="c, numpy: prove what is given, in doubles with error bounds; each value has a radius.",
)
@click.option(
    "--prefix", metavar="NAME", help="C: begin every name with it, so that two files link together."
)
@click.option("--single", is_flag=True, help="C: compute in single precision (float).")
@click.option("--check", "checked", is_flag=True, help="Run it and compare it with certified values.")
@json_option("Print the result of --check as one JSON object.")
@gathered(options=ExportOptions, data=DataOptions)
def export(options: ExportOptions, data: DataOptions) -> int:
    """Write a self-contained source file that solves the scalar equation and rebuilds the minimum.

    For C, --out writes a header, a source and a small test with certified answers. --check compiles or
    imports what is written in a process of its own and runs it on a table of instances: ordinary,
    near-degenerate and of extreme scales. Files that fail are not written.
    """
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
        texts = _texts(options, depth, moments)
    result = None
    if options.checked:
        from symderive.export.check.check import check_text

        with progress("Running the solver"):
            result = check_text(language, texts, depth=depth, data=moments, **options.others)
    if result is not None and not result.passed:
        _show(result, options.as_json, [])
        return 1
    written = [] if options.out is None else _written(options.out.text, texts)
    if options.out is None and not options.checked:
        click.echo("".join(texts.values()), nl=False)
    if result is not None:
        _show(result, options.as_json, written)
    elif written:
        click.echo(_said(written))
    return 0


def _texts(options: ExportOptions, depth: int | None, moments: Moments | None) -> dict[str, str]:
    """The files by their names; one that is complete where it goes to standard output."""
    from symderive.export import export as export_text
    from symderive.export import export_files
    from symderive.export.check.runners import suffix

    language, out = options.language, options.out
    asked = {"depth": depth, "data": moments, **options.others}
    if out is None:
        return {f"solver{suffix(language)}": export_text(language, **asked)}
    texts = export_files(language, out.value.stem, **asked)
    if language == "c":
        return texts
    # Other files are called what they are asked to be called; a test looks for the usual ending.
    first, *rest = texts if out.value.suffix == suffix(language) else [*texts][:1]
    return {out.value.name: texts[first], **{name: texts[name] for name in rest}}


def _written(out: str, texts: dict[str, str]) -> list[str]:
    """Write the files beside each other, all or none, and say where they are."""
    from symderive.files import write_whole

    paths = [str(Path(out).with_name(name)) for name in texts]
    with ExitStack() as stack:
        streams = [stack.enter_context(write_whole(path)) for path in paths]
        for stream, text in zip(streams, texts.values(), strict=True):
            stream.write(text.encode())
    return paths


def _moments(data: DataOptions) -> Moments | None:
    if data.path is None:
        return None
    with progress("Reading the data"):
        return data.moments()


def _show(result: Check, as_json: bool, written: list[str]) -> None:
    from symderive.export.check.check import as_record, as_table

    if as_json:
        record = as_record(result) | {"file": written[0] if written else None, "files": written}
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    if result.worst:
        console().print(as_table(result))
    for failure in result.failures:
        click.echo(f"FAILED: {failure}")
    for line in _verdict(result, written):
        click.echo(line)


def _verdict(result: Check, written: list[str]) -> list[str]:
    if not result.passed:
        return [f"The file for {result.target} is wrong and was not written."]
    said = f"{result.points} certified points of {result.instances} instances were met ({result.language})."
    return [said, *([_said(written)] if written else [])]


def _said(written: list[str]) -> str:
    *most, last = written
    return f"Written to {', '.join(most)} and {last}." if most else f"Written to {last}."
