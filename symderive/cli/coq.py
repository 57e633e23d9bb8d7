"""``symderive derive --coq`` and ``--check-coq``: the statements for Coq, and Coq on the proofs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.terminal import progress, show
from symderive.files import fill_folder, require_empty_folder, write_together

if TYPE_CHECKING:
    from symderive.library.formal import Formal

_COMMAND = "symderive derive --coq DIR"


def for_coq(what: tuple[str, ...], out: str | None, *, check: bool) -> int:
    """Write the folder, to ``out`` or for a while, and let Coq check it where that is asked for."""
    from symderive.coq.compiling import version

    if out is not None:
        require_empty_folder(out, "--coq", _COMMAND)
    if check:
        version()
    from symderive.library.formal import formal
    from symderive.report.coq import written_page

    with progress("Writing the statements"):
        made = formal(what)
    if not check:
        assert out is not None
        _write(out, made)
        show(written_page(made, out, what))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return _check(Path(scratch) / "coq" if out is None else Path(out), made, kept=out is not None)


def _write(out: str | Path, made: Formal) -> None:
    fill_folder(out, {Path(path): text.encode() for path, text in made.files.items()}, "--coq", _COMMAND)


def _check(folder: Path, made: Formal, *, kept: bool) -> int:
    from symderive.coq.check import check
    from symderive.report.coq import check_page

    _write(folder, made)
    with progress("Coq") as advance:
        found = check(folder, made.theory, made.sources, advance)
    show(check_page(found, made))
    if kept:
        record = json.dumps(found.record(), indent=1) + "\n"
        write_together({folder / "formal" / "checked.json": record.encode()})
        click.echo(f"Written to {folder}.")
    return 1 if found.faults else 0
