"""The options that commands share, each declared once.

Those of the data stand apart in ``--help``, before and after those of the network.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from symderive.cli.types import DEPTH, FOLDER, NAMES, PER_LAYER

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: A command, or what is to become one.
Command: TypeAlias = Callable[..., Any]

#: The activations that are known, and the initializations, whose modules a help text need not load.
ACTIVATION_NAMES = (
    *("linear", "relu", "leaky-relu", "abs", "tanh", "arctan", "sin", "softsign", "elu", "hardtanh"),
    *("relu6", "gelu", "silu"),
)
INITIALIZATION_NAMES = (
    *("kaiming", "kaiming-uniform", "kaiming-normal", "xavier", "xavier-normal", "lecun-normal"),
)

#: The columns of ``symderive.latex.layout.WIDTHS``, which a help text need not load.
PRESETS = (
    *("article", "article11", "article12", "amsart", "neurips", "revtex", "revtex-wide"),
    *("revtex-preprint", "ieee", "elsarticle", "jmlr", "llncs"),
)


class Option(click.Option):
    """An option whose default, where it is told in words, stands in brackets as any other.

    ``is_needed`` says ``required`` of one that the command asks for by itself.
    """

    def __init__(self, *arguments: Any, is_needed: bool = False, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.is_needed = is_needed

    def get_help_extra(self, ctx: click.Context) -> Any:
        """What click tells in brackets."""
        extra = super().get_help_extra(ctx)
        if isinstance(self.show_default, str):
            extra["default"] = self.show_default
        if self.is_needed:
            extra["required"] = "required"
        return extra


#: Declares an option of a command; ``show_default="in words"`` is shown as it stands.
add_option = partial(click.option, cls=Option)


def target_option(*, several: bool = False) -> Callable[[Command], Command]:
    """What is to be predicted, for :class:`~symderive.cli.records.DataOptions`; ``several`` is whether the
    command takes more than one column."""
    return add_option(
        "--target",
        "target",
        metavar="COLUMN[,...]" if several else "COLUMN",
        help="Column to predict, or several with commas between them; of an NPZ the array."
        if several
        else "Column to predict; of an NPZ the array.",
        show_default="y, of an NPZ",
    )


def column_options(command: Command) -> Command:
    """What is done with the columns, and how a file is read, for
    :class:`~symderive.cli.records.DataOptions`."""
    return _all(
        add_option("--center", is_flag=True, help="Subtract the means of features and target."),
        add_option(
            "--standardize",
            is_flag=True,
            help="Center, and divide each feature by its standard deviation.",
        ),
        add_option(
            "--columns",
            type=NAMES,
            metavar="A[,B...]",
            help="Features to use; a name with a comma stands in double quotes.",
            show_default="all other columns",
        ),
        add_option("--drop-constant", is_flag=True, help="Leave out features that are constant."),
        add_option(
            "--sample-weight",
            metavar="COLUMN",
            help="Column that says how much each row counts; of an NPZ the array.",
            show_default="each row counts 1",
        ),
        add_option(
            "--sep",
            metavar="CHAR",
            help="What separates the cells of a CSV: one character, or the word tab.",
            show_default="a comma",
        ),
        add_option(
            "--decimal",
            metavar="CHAR",
            help="Decimal mark of a CSV: a point or a comma.",
            show_default="a point",
        ),
        add_option("--fractions", is_flag=True, help="Let the cells of a CSV be fractions such as 1/3."),
        add_option(
            "--encoding",
            metavar="NAME",
            help="Encoding of a CSV, as Python calls it: cp1252, utf-16, ...",
            show_default="utf-8",
        ),
    )(command)


def network_options(
    *, depth: str = "Number of hidden layers.", noise: Callable[[Command], Command] | None = None
) -> Callable[[Command], Command]:
    """A :class:`~symderive.cli.records.NetworkOptions`; ``depth`` is a help text, ``noise`` the options of
    noise, all of them unless told."""
    return _all(
        add_option("--depth", type=DEPTH, metavar="D", help=depth),
        width_options,
        decay_options,
        noise or noise_options,
    )


def width_options(command: Command) -> Command:
    """The widths of the hidden layers."""
    return _all(
        add_option("--width", metavar="N", help="Number of neurons of every hidden layer."),
        _listed("--widths", "N1,N2,...", "Number of neurons of each hidden layer; tells the depth, too."),
    )(command)


def decay_options(command: Command) -> Command:
    """The weight decay, told in one of two ways, and the loss that it belongs to."""
    return _all(
        _listed(
            "--decay", "G[,G...]", "Weight decay, G*|W|^2 in the loss: one value, or those of W1..WD, U."
        ),
        _listed(
            "--weight-decay",
            "G[,G...]",
            "In place of --decay: weight_decay as SGD or Adam takes it, twice --decay where the loss is a "
            "mean; AdamW minimizes another loss.",
        ),
        add_option(
            "--loss",
            type=click.Choice(["mean", "sum", "half-mean"]),
            help="What training made of the squared errors: their mean, their sum, or half their mean.",
            show_default="mean",
        ),
    )(command)


def noise_options(command: Command, *, neurons_only: bool = False) -> Command:
    """Every noise of the network, and the free bias of its output.  Noise that multiplies is told as
    variances or as drop probabilities P, which have the variance P/(1 - P).

    ``neurons_only`` hides what a command refuses in a sentence.
    """
    values = "one value, or one for each"
    others = _all(
        _listed(
            "--groups",
            "N[,N...]",
            f"In how many groups neurons share their noise: {values} hidden layer.",
            default="each neuron has its own",
            hidden=neurons_only,
        ),
        _listed(
            "--weight-noise",
            "S2[,S2...]",
            "Noise of single weights: its variance, one value, or those of W1..WD, U.",
            default="0",
            hidden=neurons_only,
        ),
        _listed(
            "--dropconnect",
            "P[,P...]",
            "In place of --weight-noise: drop probabilities.",
            hidden=neurons_only,
        ),
        _listed(
            "--feature-noise",
            "S2[,S2...]",
            f"Noise that multiplies the features as they are solved for: its variance, {values}.",
            default="0",
            hidden=neurons_only,
        ),
        _listed(
            "--feature-dropout",
            "P[,P...]",
            "In place of --feature-noise: drop probabilities of the features as they are solved for.",
            hidden=neurons_only,
        ),
        _listed(
            "--feature-jitter",
            "V[,V...]",
            f"Noise added to the features as they are solved for: its variance, {values}.",
            default="0",
            hidden=neurons_only,
        ),
        _listed(
            "--hidden-jitter",
            "V",
            "Noise added to the neurons of the last hidden layer: its variance.",
            default="0",
            hidden=neurons_only,
        ),
        add_option(
            "--target-noise",
            metavar="V",
            help="Noise added to the target: its variance.",
            show_default="0",
            hidden=neurons_only,
        ),
        add_option(
            "--bias",
            is_flag=True,
            help="Give the output a free bias without decay, for data as they are.",
            hidden=neurons_only,
        ),
    )
    return _all(
        _listed(
            "--noise",
            "S2[,S2...]",
            f"Noise of the hidden neurons: its variance, {values} hidden layer.",
            default="0",
        ),
        _listed("--dropout", "P[,P...]", "In place of --noise: drop probabilities P."),
        others,
    )(command)


def neuron_noise_options(command: Command) -> Command:
    """Noise of the hidden neurons alone."""
    return noise_options(command, neurons_only=True)


def digits_option(text: str = "Correct decimal digits.", default: int = 30) -> Callable[[Command], Command]:
    """A number of digits; click reads it, and the command asks ``check_digits``."""
    return add_option("--digits", default=default, show_default=True, metavar="K", help=text)


def preset_option(command: Command) -> Command:
    """The column that lines of LaTeX are broken for."""
    return add_option(
        "--width",
        metavar="PRESET",
        help=f"Column that lines of LaTeX are to fit: {', '.join(PRESETS)}.",
        show_default="article",
    )(command)


def json_option(text: str = "Print one JSON object.") -> Callable[[Command], Command]:
    """JSON instead of tables."""
    return add_option("--json", "as_json", is_flag=True, help=text)


def whiten_option(command: Command) -> Command:
    """Whitened inputs, which is for several targets alone."""
    text = "Of several targets: whiten the inputs, for which networks of any depth are solved."
    return add_option("--whiten", is_flag=True, help=text)(command)


def cache_option(command: Command) -> Command:
    """The folder in which verdicts are kept."""
    return add_option(
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


def _listed(
    name: str, metavar: str, text: str, *, default: str | None = None, hidden: bool = False
) -> Callable[[Command], Command]:
    """An option of one number, or of one for each layer or feature."""
    return add_option(name, type=PER_LAYER, metavar=metavar, help=text, show_default=default, hidden=hidden)


def _all(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Decorators as one, listed in the order in which ``--help`` shows their options."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
