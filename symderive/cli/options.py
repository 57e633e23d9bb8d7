"""The options that commands share, each declared once.

Those of the data stand apart in ``--help``, before and after those of the network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from symderive.cli.types import DEPTH, FOLDER, NAMES, PER_LAYER

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: A command, or what is to become one.
Command: TypeAlias = Callable[..., Any]


def target_option(name: str = "--target", metavar: str = "COLUMN") -> Callable[[Command], Command]:
    """The column to be predicted, for :class:`~symderive.cli.records.DataOptions`."""
    return click.option(
        name,
        "target",
        metavar=metavar,
        help="Target column, for solve and phase also A,B,...; of an NPZ the array (default y).",
    )


def column_options(command: Command) -> Command:
    """What is done with the columns, and how a file is read, for
    :class:`~symderive.cli.records.DataOptions`."""
    return _all(
        click.option("--center", is_flag=True, help="Subtract the means of features and target."),
        click.option(
            "--standardize", is_flag=True, help="Center, and divide features by standard deviations."
        ),
        click.option(
            "--columns",
            type=NAMES,
            metavar="A[,B...]",
            help="Features to use (default: all others); a name with a comma stands in double quotes.",
        ),
        click.option("--drop-constant", is_flag=True, help="Leave out features that are constant."),
        click.option(
            "--sample-weight", metavar="COLUMN", help="Column (NPZ: array) of what each row counts."
        ),
        click.option("--sep", metavar="CHAR", help="What separates cells of a CSV, or the word tab."),
        click.option("--decimal", metavar="CHAR", help="Decimal mark of a CSV: a point or a comma."),
        click.option("--fractions", is_flag=True, help="Let cells of a CSV be fractions such as 1/3."),
        click.option(
            "--encoding", metavar="NAME", help="Of a CSV that is not UTF-8: cp1252, utf-16, ... of Python."
        ),
    )(command)


def network_options(*, depth: str = "Number of hidden layers.") -> Callable[[Command], Command]:
    """A :class:`~symderive.cli.records.NetworkOptions`; ``depth`` is a help text."""
    return _all(
        click.option("--depth", type=DEPTH, metavar="D", help=depth),
        width_options,
        decay_options,
        noise_options,
    )


def width_options(command: Command) -> Command:
    """The widths of the hidden layers."""
    return _all(
        click.option("--width", metavar="N", help="Width of every hidden layer."),
        _listed("--widths", "N1,N2,...", "Width of each hidden layer; fixes the depth."),
    )(command)


def decay_options(command: Command) -> Command:
    """The weight decay, told in one of two ways, and the loss that it belongs to."""
    return _all(
        _listed("--decay", "G[,G...]", "Decay G of the loss, G*|W|^2: one, or W1..WD, U."),
        _listed(
            "--weight-decay",
            "G[,G...]",
            "In its place: as SGD or Adam takes it (2G); AdamW's is another loss.",
        ),
        click.option(
            "--loss",
            type=click.Choice(["mean", "sum", "half-mean"]),
            help="What the squares became in training: their mean (default), sum, or half the mean.",
        ),
    )(command)


def noise_options(command: Command) -> Command:
    """Every noise of the network, and the free bias of its output.  Noise that multiplies is told as
    variances or as drop probabilities P, which have the variance P/(1 - P)."""
    return _all(
        _listed("--noise", "S2[,S2...]", "Noise variances of the hidden layers."),
        _listed("--dropout", "P[,P...]", "Drop probabilities instead of --noise."),
        _listed(
            "--groups",
            "N[,N...]",
            "Groups of neurons that share their noise, of a layer (default: none share).",
        ),
        _listed("--weight-noise", "S2[,S2...]", "Noise variances of single weights: one, or W1..WD, U."),
        _listed("--dropconnect", "P[,P...]", "The same as probabilities."),
        _listed("--feature-noise", "S2[,S2...]", "Noise variances of the features: one, or one for each."),
        _listed("--feature-dropout", "P[,P...]", "The same as probabilities."),
        _listed(
            "--feature-jitter",
            "V[,V...]",
            "Variances of noise added to the features as they are solved for.",
        ),
        _listed("--hidden-jitter", "V", "Variance of noise added to the neurons of the last hidden layer."),
        click.option("--target-noise", metavar="V", help="Variance of noise added to the target."),
        click.option(
            "--bias", is_flag=True, help="The output has a bias without decay, on data as they are."
        ),
    )(command)


def digits_option(text: str = "Correct decimal digits.", default: int = 30) -> Callable[[Command], Command]:
    """A number of digits; click reads it, and the command asks ``check_digits``."""
    return click.option("--digits", default=default, show_default=True, metavar="K", help=text)


def json_option(text: str = "Print one JSON object.") -> Callable[[Command], Command]:
    """JSON instead of tables."""
    return click.option("--json", "as_json", is_flag=True, help=text)


def whiten_option(command: Command) -> Command:
    """Whitened inputs, which is for several targets alone."""
    text = "Of several targets: take inputs A^(-1/2) x, which are solved at any depth."
    return click.option("--whiten", is_flag=True, help=text)(command)


def cache_option(command: Command) -> Command:
    """The folder in which verdicts are kept."""
    return click.option(
        "--cache",
        type=FOLDER,
        metavar="DIR",
        show_default="$SYMDERIVE_CACHE, else ~/.cache/symderive",
        help="Keep what is proved in DIR for the next time.",
    )(command)


def epilog(codes: str, *examples: str) -> str:
    """What ``--help`` ends with: the exit codes in a sentence each, and commands to start from."""
    # \b keeps click from filling the lines that follow.
    listed = "\n".join(f"  symderive {example}" for example in examples)
    return f"{codes}\n\n\b\nExamples:\n{listed}"


def files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a shell completes an argument with that names a file."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _listed(name: str, metavar: str, text: str) -> Callable[[Command], Command]:
    """An option of one number, or of one for each layer or feature."""
    return click.option(name, type=PER_LAYER, metavar=metavar, help=text)


def _all(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Decorators as one, listed in the order in which ``--help`` shows their options."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
