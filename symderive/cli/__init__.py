"""The command line.  Imports that cost time stay inside the commands that need them."""

from __future__ import annotations

import sys

import click

from symderive import __version__
from symderive.cli.check import check
from symderive.cli.derive import derive
from symderive.cli.export import export
from symderive.cli.phase import phase
from symderive.cli.solve import solve
from symderive.errors import InputError, MissingExtraError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="symderive")
def cli() -> None:
    """Exact minima of deep linear networks: derived, certified, typeset, exported."""


for _command in (solve, check, derive, phase, export):
    cli.add_command(_command)


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
