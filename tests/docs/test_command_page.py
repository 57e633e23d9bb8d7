"""The page of the command line names every command, and shows help texts as they read in the terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import pytest

from symderive.cli import COMMANDS, cli

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands():
    """What turns help texts into reStructuredText."""
    pytest.importorskip("sphinx")
    sys.path.insert(0, str(DOCS / "extensions"))
    try:
        import commands

        yield commands
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_on_the_page(name):
    assert f".. click:: symderive.cli.{name}:{name}\n   :prog: symderive {name}\n" in PAGE
    (purpose,) = re.findall(rf"^\| \[`{name}`\]\(#symderive-{name}\) \| (.*) \|$", PAGE, re.MULTILINE)
    assert purpose.split()[0] == COMMANDS[name].split()[0].lower()  # the verb


def test_no_other_command_is():
    assert set(re.findall(r":prog: symderive (\S+)", PAGE)) == set(COMMANDS)


def test_signs_stand_for_themselves(commands):
    assert commands.written("G*|W|^2 of --weight-decay") == r"G\*\|W\|^2 of ``--weight-decay``"
    assert commands.written("2-3 and a--b") == "2-3 and a--b"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_example_comes_through(commands, name):
    command = cli.get_command(click.Context(cli), name)
    context = click.Context(command, info_name=name)
    lines: list[str] = []
    commands.options(None, context, lines)
    shown = [line for line in lines if line.startswith(".. option::")]
    visible = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    assert len(shown) == len(visible)
    epilog = command.epilog.splitlines()
    commands.epilog(None, context, epilog)
    codes = [line for line in epilog if line.startswith("- ``")]
    assert {line[4] for line in codes} >= {"0", "2"}
    assert sum(line.startswith("   $ symderive ") for line in epilog) >= 2
