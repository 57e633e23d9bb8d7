"""The examples that were copied, for people."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from symderive.files.examples import DATA, Example
from symderive.files.places import named
from symderive.report.page import Column, Line, Page, Row, Table

#: What to begin with, in the folder.
FIRST = (
    f"symderive solve {DATA} --target progression --depth 2 --width 32 --decay 0.01 --dropout 0.1 "
    "--standardize",
    "python first_minimum.py",
)


def examples_page(folder: Path, scripts: Sequence[Example]) -> Page:
    """Where they are, what each shows, and what to run first."""
    columns = (Column("file", right=False), Column("what it shows", right=False))
    rows = [
        Row((script.path.as_posix(), script.shows))
        for script in sorted(scripts, key=lambda script: (len(script.path.parts), script.path))
    ]
    place = named(folder)
    return (
        Line(f"The examples are in {place}, with the data {DATA} (442 patients, 10 features)."),
        Table.of(columns, rows, whole="README.md"),
        Line("exported/ holds solvers in Python, C and Julia as symderive export writes them."),
        Line("Begin with"),
        Line(f"  cd {_cd(folder)} && {FIRST[0]}"),
        Line(f"or, there, with {FIRST[1]}."),
    )


def _cd(folder: Path) -> str:
    """The folder as a shell takes it, which reads a name that begins with a hyphen as an option."""
    name = str(folder)
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
