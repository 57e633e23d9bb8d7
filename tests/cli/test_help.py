"""What ``--help`` says: every option, examples that can be typed; what a shell completes; the version."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import click
import pytest
from click.shell_completion import ShellComplete

from symderive import __version__
from symderive.cli import COMMANDS, cli, options
from symderive.collapse.activations import ACTIVATIONS
from symderive.collapse.initializations import INITIALIZATIONS, initialization_of
from symderive.export import TARGETS
from symderive.latex import WIDTHS

CONTEXT = click.Context(cli, info_name="symderive")


def command(name: str) -> click.Command:
    found = cli.get_command(CONTEXT, name)
    assert found is not None
    return found


def examples(name: str) -> list[str]:
    """The commands that a help text gives."""
    text = command(name).epilog or ""
    return [
        part for line in re.findall(r"^  (symderive .*)", text, re.MULTILINE) for part in line.split(" && ")
    ]


def require_parses(line: str) -> None:
    program, name, *arguments = shlex.split(line)
    assert program == "symderive"
    command(name).make_context(name, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name: str) -> None:
    for option in command(name).params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, option.name
            assert re.search(r"[.]$", option.help), option.name
            assert "default" not in option.help, "defaults stand in brackets"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_ascii_and_80_columns(name: str) -> None:
    """So that no line is longer where other letters cannot be printed; examples may be."""
    found = command(name)
    text = found.get_help(click.Context(found, info_name=name, terminal_width=80))
    assert text.isascii()
    assert all(len(line) <= 80 for line in text.partition("Examples:")[0].splitlines())
    whole = cli.get_help(click.Context(cli, info_name="symderive", terminal_width=80))
    assert whole.isascii()
    assert all(len(line) <= 80 for line in whole.splitlines())


def test_what_can_be_chosen_is_listed() -> None:
    """The lists of help texts are those of the modules, which they do not load."""
    assert sorted(options.PRESETS) == sorted(WIDTHS)
    assert tuple(ACTIVATIONS) == options.ACTIVATION_NAMES
    assert {initialization_of(name) for name in options.INITIALIZATION_NAMES} == {*INITIALIZATIONS.values()}
    (language,) = (option for option in command("export").params if option.name == "language")
    assert isinstance(language, click.Option)
    assert language.help is not None
    assert re.findall(r"\w+", language.help.replace(" or ", " ")) == sorted(TARGETS)


def test_a_default_in_words_stands_in_brackets_as_any_other() -> None:
    text = " ".join(command("check").get_help(click.Context(command("check"))).split())
    assert "[default: 0.01]" in text
    assert "[default: found in WEIGHTS]" in text
    assert "(0.01)" not in text
    assert "[required]" in command("export").get_help(click.Context(command("export")))


def test_help_leaves_out_what_a_command_refuses() -> None:
    for option in ("--weight-noise", "--groups", "--bias"):
        assert option in command("solve").get_help(click.Context(command("solve")))
        assert option not in command("collapse").get_help(click.Context(command("collapse")))
    command("collapse").make_context("collapse", ["d.csv", "--activation", "relu", "--weight-noise", "1"])


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_can_be_typed(name: str) -> None:
    assert len(examples(name)) >= 2
    for line in examples(name):
        require_parses(line)


@pytest.mark.parametrize(
    "line", ["symderive solve d.csv --decay 1 --targets y", "symderive equation", "other solve"]
)
def test_an_example_that_cannot_be_typed_is_found(line: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        require_parses(line)


@pytest.mark.parametrize(
    ("arguments", "incomplete", "found", "kinds"),
    [
        ([], "so", {"solve"}, {"plain"}),
        (["solve"], "--d", {"--depth", "--decay", "--dropout", "--digits"}, {"plain"}),
        (["solve", "--verify"], "f", {"flint"}, {"plain"}),
        (["solve"], "data", {"data"}, {"file"}),
        (["solve", "--weights"], "w", {"w"}, {"file"}),
        (["derive", "--cache"], "d", {"d"}, {"dir"}),
        (["derive"], "layer-bal", {"layer-balance", "layer-bal"}, {"plain", "file"}),
        (["export", "--data"], "", {""}, {"file"}),
    ],
)
def test_what_a_shell_completes(
    arguments: list[str], incomplete: str, found: set[str], kinds: set[str]
) -> None:
    items = ShellComplete(cli, {}, "symderive", "_SYMDERIVE_COMPLETE").get_completions(
        arguments, incomplete
    )
    assert found <= {item.value for item in items}
    assert {item.type for item in items} == kinds


def test_completion_is_quick() -> None:
    """It loads neither numbers nor formulas; and the help says how a shell learns it."""
    code = (
        "import sys; sys.argv = ['symderive']\n"
        "from symderive.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({'numpy', 'sympy', 'flint', 'mpmath', 'rich'} & set(sys.modules)))"
    )
    asked = {
        "_SYMDERIVE_COMPLETE": "bash_complete",
        "COMP_WORDS": "symderive derive --f",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ | asked
    )
    assert done.stdout.splitlines() == ["plain,--format", "plain,--fresh", "[]"]
    for shell in ("bash", "zsh", "fish"):
        assert f"_SYMDERIVE_COMPLETE={shell}_source" in (cli.epilog or "")


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"], standalone_mode=False) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"symderive {__version__} (Python 3.")
    for name in ("SymPy", "mpmath", "NumPy", "python-flint", "FLINT"):
        assert re.search(rf"{name} \d", line)


@pytest.mark.parametrize(
    ("arguments", "meant"), [(["slove"], "'solve'"), (["solve", "--verfy", "off"], "'--verify'")]
)
def test_the_nearest_name_is_suggested(arguments: list[str], meant: str) -> None:
    with pytest.raises(click.UsageError) as error:
        cli.main(arguments, standalone_mode=False)
    assert f"Did you mean {meant}?" in error.value.format_message()
