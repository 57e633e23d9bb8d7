"""The command line.  Imports that cost time stay inside the commands that need them."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from symderive import __version__
from symderive.errors import InputError, MissingExtraError

#: The commands, each a function of the module of its name, and how ``--help`` begins to say what it does.
COMMANDS = {
    "check": "Say where trained WEIGHTS (NPZ, safetensors or PyTorch) stand among the minima",
    "derive": "Prove the derivations (all of them, or those given by ID or FILE) and write them",
    "equation": "Print the display of a statement, a step or a theorem, its conditions and",
    "export": "Write a self-contained source file that solves the scalar equation and rebuilds",
    "phase": "Say where the minimum for DATA (CSV with a header row, NPZ, Parquet) collapses to zero",
    "solve": "Find every stationary point and the global minimum for DATA (CSV with a header row",
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


@click.group(cls=Commands, commands=_STAND_INS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="symderive")
def cli() -> None:
    """Exact minima of deep linear networks: derived, certified, typeset, exported."""


def main() -> None:
    """Run the command line: errors are one sentence on stderr, never a traceback."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message())
    except (InputError, MissingExtraError) as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        click.echo("symderive: interrupted; nothing was written.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has left; Python would complain at exit
        sys.exit(141)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> None:
    click.echo(f"symderive: {' '.join(message.split())}", err=True)
    sys.exit(2)
