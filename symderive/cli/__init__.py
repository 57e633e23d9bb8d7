"""The command line.  Imports that cost time stay inside the commands that need them."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from symderive import __version__
from symderive.cli import streams
from symderive.errors import InputError, MissingExtraError

#: The commands, each a function of the module of its name, and what it does in the words of ``--help``.
COMMANDS = {
    "check": "Say where trained weights stand among the minima.",
    "collapse": "Say whether training provably ends at zero weights.",
    "derive": "Prove the derivations and write them as a paper.",
    "equation": "Print one formula, its conditions and what to cite.",
    "examples": "Copy the examples and their data into a folder.",
    "export": "Write a solver as source code of another language.",
    "phase": "Say where the minimum collapses to zero, and draw it.",
    "replay": "Print what is known of each claim of the paper behind all this.",
    "solve": "Find every stationary point and the global minimum for data.",
}


class Commands(click.Group):
    """Commands that are imported when they are called, so that none waits for the others."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name; None where there is none."""
        return getattr(import_module(f"symderive.cli.{name}"), name) if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of ``--help``, from what is written above."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)


_STAND_INS = [click.Command(name, help=text) for name, text in COMMANDS.items()]


#: How shells learn to complete.
COMPLETION = """\b
Completion in a shell, by a line of its start-up file:
  bash  eval "$(_SYMDERIVE_COMPLETE=bash_source symderive)"
  zsh   eval "$(_SYMDERIVE_COMPLETE=zsh_source symderive)"
  fish  _SYMDERIVE_COMPLETE=fish_source symderive | source"""


def _show_version(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        from symderive.software import versions

        click.echo(f"symderive {__version__} ({versions()})")
        context.exit()


@click.group(
    cls=Commands,
    commands=_STAND_INS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=COMPLETION,
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show this version and those of Python and of the libraries that compute, and exit.",
)
def cli() -> None:
    """Exact minima of deep linear networks: derived, certified, typeset, exported."""


def main() -> None:
    """Run the command line: errors are one sentence on stderr, never a traceback."""
    with streams.prepared():
        try:
            code = _run()
            if sys.stdout is not None:
                sys.stdout.flush()
        except streams.OutputError as error:
            code = streams.exit_code_of(error)
    sys.exit(code)


def _run() -> int:
    """Run the command that the arguments name; its exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return streams.BAD_INPUT
    except click.ClickException as error:
        return _refuse(_cut(error.format_message()))
    except (InputError, MissingExtraError) as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, click.Abort):
        streams.say("interrupted; nothing was written.")
        return 130
    except MemoryError:
        return _refuse("memory ran out; give a smaller problem, or a machine that has more.")
    except OSError as error:  # of a file that changed while it was used
        return _refuse(f"{error.filename or 'a file'} cannot be used ({error.strerror or error}).")
    return code if isinstance(code, int) else 0


def _cut(message: str, most: int = 280) -> str:
    """A message of click, which quotes what was typed however long it is, without its middle."""
    return message if len(message) <= most else f"{message[: most // 2]} … {message[-most // 2 + 3 :]}"


def _refuse(message: str) -> int:
    streams.say(message)
    return streams.BAD_INPUT
