"""What an option reads: exact text in, a value out, or one sentence that says what is wrong with the text.

click reads options in the order in which they are typed.  Here that order does not matter: a type keeps
the text, and a command asks for the value when its turn has come, so that of two mistakes always the same
one is named.  Numbers of layers stay text: the network reads them, and says which layer is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import click

from symderive.errors import InputError, shown
from symderive.files import require_folder

if TYPE_CHECKING:
    from fractions import Fraction

    from click.shell_completion import CompletionItem

    from symderive.cli.ranges import Range
    from symderive.data.spectrum import Spectrum

T = TypeVar("T")

#: One text for all layers, or one for each.
Layered: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True)
class Given(Generic[T]):
    """The text that an option was given, and what it stands for."""

    text: str
    option: str
    reader: Callable[[str, str], T] = field(repr=False)

    @property
    def value(self) -> T:
        """The value; :class:`InputError` names the option where the text has none."""
        return self.reader(self.text, self.option)


class Reader(click.ParamType):
    """The type of an option whose value ``read(text, option)`` gives when it is asked for."""

    def __init__(self, name: str, read: Callable[[str, str], Any]) -> None:
        self.name = name
        self.read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Given[Any]:  # noqa: ARG002
        """The text with its option; nothing is refused yet."""
        if isinstance(value, Given):  # click converts defaults, too
            return value
        return Given(value, param.opts[0] if param else f"--{self.name}", self.read)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Names of files or folders, where the value is one."""
        from click.shell_completion import CompletionItem

        kind = {"file": "file", "folder": "dir"}.get(self.name)
        return [] if kind is None else [CompletionItem(incomplete, type=kind)]


class PerLayer(click.ParamType):
    """``G[,G...]``: one text, or several as a tuple."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Layered:  # noqa: ARG002
        """The texts between commas."""
        return tuple(value.split(",")) if "," in value else value


def _depth(text: str, option: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError(
            f"{option} {text!r} is not a whole number; give the number of hidden layers, from 0."
        )
    return int(text)


def _number(text: str, option: str) -> Fraction:
    from symderive.arithmetic.exact import parse_number

    return parse_number(text, option)


def _isotropic(text: str, option: str) -> Spectrum:
    from symderive.data.spectrum import Spectrum

    parts, names = text.split(","), ("A", "V2", "C")
    if len(parts) not in (2, 3):
        raise InputError(f"{option} {text!r} has {len(parts)} numbers; give A,V2 or A,V2,C.")
    a, v2, *c = (_number(part, f"{option} {name}") for part, name in zip(parts, names, strict=False))
    if a <= 0 or v2 < 0:
        raise InputError(f"{option} {text}: A is positive and V2 is not negative.")
    return Spectrum.of([a], [v2], *c)


def _names(text: str, option: str) -> tuple[str, ...]:
    """Names between commas, as in a row of a CSV: a name with a comma stands in double quotes."""
    try:
        [names] = csv.reader([text.strip()], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise InputError(
            f"{option} {shown(text)} is not a list of names; give A,B,..., a name with a comma in double "
            "quotes."
        ) from None
    names = [name.strip() for name in names]
    if not names or not all(names):
        raise InputError(f"{option} {shown(text)} has an empty name; give names with commas between them.")
    return tuple(names)


def _range(text: str, _option: str) -> Range:
    from symderive.cli.ranges import Range

    return Range.of(text)


def new_file(*kinds: str) -> Reader:
    """The type of a file to be written, in a folder that exists; it ends in one of ``kinds``, if any."""

    def read(text: str, option: str) -> Path:
        path = require_folder(text)
        if kinds and suffix_of(text) not in kinds:
            raise InputError(f"{option} {path.name} has to end in .{', .'.join(kinds)}.")
        return path

    return Reader("file", read)


def text_of(given: Given[Any] | None) -> str | None:
    """The text that an option was given; None where it was not."""
    return None if given is None else given.text


def suffix_of(path: str) -> str:
    """The last suffix in small letters, without its dot."""
    return Path(path).suffix.lower().removeprefix(".")


def _weights(text: str, _option: str) -> Path:
    from symderive.weight_files import weights_path

    return weights_path(text)


def _cache(text: str, option: str) -> str:
    from symderive.sealed import SealedFolder

    if not text:
        raise InputError(f"{option} is empty; name a folder.")
    SealedFolder(Path(text)).open()
    return text


DEPTH = Reader("depth", _depth)
FOLDER = Reader("folder", _cache)
NUMBER = Reader("number", _number)
ISOTROPIC = Reader("isotropic", _isotropic)
RANGE = Reader("vary", _range)
PER_LAYER = PerLayer()
NAMES = Reader("names", _names)
NEW_FILE = new_file()
#: A file of weights to be written, in the format that its suffix tells.
WEIGHTS = Reader("file", _weights)
