"""The help texts of the commands for the site: sphinx-click goes through them, and here they become text.

What click prints is no reStructuredText: stars and bars stand for themselves, two hyphens begin an option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click
from sphinx.application import Sphinx

#: Signs that mean something in reStructuredText, and an option within a sentence.
_SIGNS = re.compile(r"([\\*|`_])")
_OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


def written(text: str) -> str:
    """A text of click as reStructuredText."""
    return _OPTION.sub(r"``\1``", _SIGNS.sub(r"\\\1", text))


def description(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """The text of a command."""
    lines[:] = [written(line) for line in lines]


def options(_app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """A list of definitions; what can be chosen and what is taken otherwise stand in the text."""
    found = [one for one in context.command.params if isinstance(one, click.Option) and not one.hidden]
    lines[:] = [line for option in found for line in _option(option, context)]


def _option(option: click.Option, context: click.Context) -> Iterator[str]:
    extra = option.get_help_extra(context)
    names = ", ".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    yield f".. option:: {names}{value}"
    yield ""
    parts = [written(option.help or "")]
    if "required" in extra:
        parts.append("*Required.*")
    if "default" in extra:
        parts.append(f"*Default:* {written(extra['default'])}.")
    yield f"   {' '.join(parts)}"
    yield ""


def nothing(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """The text of a command says what its arguments are."""
    lines.clear()


def epilog(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """Exit codes as a list, and examples as they are typed."""
    text = "\n".join(line.removeprefix("| ") for line in lines)
    codes, _, examples = text.partition("Examples:")
    told = re.findall(r"(\d): (.*?)(?= \d: |$)", " ".join(codes.split()))
    lines[:] = [".. rubric:: Exit codes", ""]
    for code, meaning in told:
        lines += [f"- ``{code}``: {written(meaning)}"]
    lines += ["", ".. rubric:: Examples", "", ".. code-block:: console", ""]
    lines += [f"   $ {line.strip()}" for line in examples.splitlines() if line.strip()] + [""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Where sphinx-click asks."""
    app.connect("sphinx-click-process-description", description)
    app.connect("sphinx-click-process-options", options)
    app.connect("sphinx-click-process-arguments", nothing)
    app.connect("sphinx-click-process-epilog", epilog)
    return {"parallel_read_safe": True}
