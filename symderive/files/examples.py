"""The examples that come with the package, and copies of them.

In a clone they lie beside the package, and where it was installed from a wheel inside it.  What is copied
is the same from both: what the suffixes below name, and nothing that running them has left behind.
"""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from pathlib import Path

from symderive.errors import InputError
from symderive.files.inputs import read_input
from symderive.files.whole import fill_folder

#: What an example is made of, by its suffixes.  Figures are left out: the scripts draw them.
SUFFIXES = frozenset({".c", ".csv", ".h", ".jl", ".md", ".py"})

#: The data that nearly all examples use, by which their folder is known.
DATA = "diabetes.csv"


@dataclass(frozen=True)
class Example:
    """A script to run.

    Attributes
    ----------
    path
        Where it lies in the folder of the examples.
    shows
        What it shows: the first sentence of the file.
    """

    path: Path
    shows: str


def examples_folder() -> Path:
    """The folder of the examples that came with this installation, to read from.

    Returns
    -------
    pathlib.Path
        It holds ``diabetes.csv`` and the scripts; ``symderive examples`` copies it.

    Raises
    ------
    InputError
        Where the examples were left out of the installation.

    Examples
    --------
    >>> (examples_folder() / "diabetes.csv").exists()
    True
    """
    package = Path(__file__).parents[1]
    for folder in (package / "examples", package.parent / "examples"):
        if (folder / DATA).is_file():
            return folder
    raise InputError("the examples are missing from this installation; install symderive again.")


def example_files(folder: Path) -> list[Path]:
    """All files of the examples below a folder, relative to it, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.suffix in SUFFIXES and "__pycache__" not in path.parts)


def scripts(folder: Path) -> list[Example]:
    """The scripts below a folder that are to be run; what they load from ``exported/`` is left out."""
    files = [path for path in example_files(folder) if path.suffix in (".c", ".jl", ".py")]
    return [
        Example(path, _first_sentence(folder / path)) for path in files if path.parent.name != "exported"
    ]


def copy_examples(target: str | os.PathLike[str]) -> Path:
    """Copy the examples with their data into a folder that is new or empty.

    Either all files are there afterwards or none has taken its place.  Raises :class:`InputError` where the
    folder holds something, or cannot be written.
    """
    source = examples_folder()
    contents = {path: read_input(source / path) for path in example_files(source)}
    return fill_folder(target, contents, "the folder for the examples,", "symderive examples FOLDER")


def _first_sentence(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)) or ""
        # In the gallery it begins with a title that is underlined.
        lines = re.sub(r"\A(.+)\n[=]+\n", r"\1.\n\n", said)
    else:
        lines = re.sub(r"^(/\*| \*|#) ?", "", text, flags=re.MULTILINE)
    return " ".join(lines.partition("\n\n")[0].split())
