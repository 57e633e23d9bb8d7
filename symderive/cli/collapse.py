"""``symderive collapse``: whether training of a network with activations provably ends at zero weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import (
    ACTIVATION_NAMES,
    INITIALIZATION_NAMES,
    add_option,
    column_options,
    epilog,
    files,
    json_option,
    network_options,
    neuron_noise_options,
    target_option,
)
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.terminal import progress, show, show_json
from symderive.cli.types import NUMBER, Given
from symderive.errors import InputError, shown

if TYPE_CHECKING:
    from symderive.collapse.prediction import Prediction
    from symderive.data.rows import Rows
    from symderive.training.checkpoint import Checkpoint


@dataclass(frozen=True)
class StartOptions:
    """The start of training, and what lies behind the hidden layers; None is what was not given."""

    activation: str = "relu"
    init: str | None = None
    scale: Given[Fraction] | None = None

    @property
    def factor(self) -> Fraction:
        """What all weights are multiplied by."""
        return Fraction(1) if self.scale is None else self.scale.value


@click.command(
    epilog=epilog(
        "Exit code 0: the start provably collapses, or stays below the barrier; or none is given. 1: it "
        "cannot collapse, or nothing is proved. 2: bad input.",
        "collapse data.csv --target y --depth 2 --width 16 --decay 40 --activation relu",
        "collapse data.npz --depth 3 --width 64 --decay 9 --activation tanh --init xavier --scale 0.1",
        "collapse data.npz --weight-decay 0.5 --activation gelu --init first_weights.pt --json",
    )
)
@click.argument("path", metavar="DATA", shell_complete=files)
@target_option()
@add_option(
    "--activation",
    required=True,
    metavar="NAME",
    help=f"What follows every hidden layer: {', '.join(ACTIVATION_NAMES)}.",
)
@add_option(
    "--init",
    metavar="NAME|FILE",
    shell_complete=files,
    help=f"The first weights: {', '.join(INITIALIZATION_NAMES)}; or a file of them.",
)
@add_option(
    "--scale",
    type=NUMBER,
    metavar="S",
    help="What all weights of --init are multiplied by.",
    show_default="1",
)
@network_options(depth="Number of hidden layers, at least 2.", noise=neuron_noise_options)
@column_options
@json_option()
@gathered(start=StartOptions, data=DataOptions, network=NetworkOptions)
def collapse(start: StartOptions, data: DataOptions, network: NetworkOptions, as_json: bool) -> int:
    """Say whether training on DATA (CSV, NPZ or Parquet) provably ends at zero weights.

    A deep network without biases whose activation has |phi(t)| <= |t| has a barrier around zero weights:
    from S = sum of decay*|W|^2 below its top, with a loss below what the barrier costs, gradient flow never
    gets out, however long it trains.  The barrier is computed from the rows of DATA, with error bounds.

    Of --init, kaiming is what nn.Linear draws unasked, kaiming_uniform_ with a = sqrt(5); kaiming-uniform
    and kaiming-normal are those for ReLU; xavier is xavier_uniform_.  A file holds weights as check reads
    them, and tells depth and widths.
    """
    from symderive.collapse.activations import activation_of
    from symderive.collapse.initializations import INITIALIZATIONS, initialization_of
    from symderive.collapse.prediction import predict_collapse

    activation_of(start.activation)
    factor = start.factor
    if start.scale is not None and start.init is None:
        raise InputError("--scale multiplies the weights of a start; give --init, too.")
    network.require_decay()
    named = None if start.init is None else initialization_of(start.init)
    checkpoint = None
    if start.init is not None and named is None:
        if not Path(start.init).suffix:
            raise InputError(
                f"--init {shown(start.init)} is no initialization and no file of weights; give one of "
                f"{', '.join(INITIALIZATIONS)}."
            )
        from symderive.training.checkpoint import read_checkpoint

        with progress("Reading the weights"):
            checkpoint = read_checkpoint(start.init)
    else:
        network.network()
    with progress("Reading the data", "rows") as advance:
        rows = data.rows(advance)
    if checkpoint is not None:
        return show_collapse(
            checkpoint,
            network,
            rows,
            start.activation,
            as_json=as_json,
            factor=factor,
            warnings=checkpoint.notes,
        )
    net = network.network(rows.moments.weight)
    with progress("Computing the barrier"):
        found = predict_collapse(
            net,
            rows,
            named,
            activation=start.activation,
            scale=factor,
            positive_noise=network.dropout is not None,
        )
    return _shown(found, (), as_json)


def show_collapse(
    checkpoint: Checkpoint,
    network: NetworkOptions,
    rows: Rows,
    activation: str,
    *,
    as_json: bool,
    factor: Fraction = Fraction(1),
    warnings: Sequence[str] = (),
) -> int:
    """The same from the weights of a file, whose shapes are those of the network."""
    from symderive.collapse.prediction import predict_collapse

    if checkpoint.has_bias:
        raise InputError(
            f"{checkpoint.source} has biases, and the barrier takes none: with them small weights predict "
            "something else than 0."
        )
    net = network.of_checkpoint(checkpoint, rows.moments)
    _require_shape(checkpoint, network)
    with progress("Computing the barrier"):
        found = predict_collapse(
            net,
            rows,
            checkpoint.weights,
            activation=activation,
            scale=factor,
            positive_noise=checkpoint.dropout is not None or network.dropout is not None,
        )
    return _shown(found, warnings, as_json)


def _require_shape(checkpoint: Checkpoint, network: NetworkOptions) -> None:
    """Depth and widths that are given beside a file are those of its weights."""
    given = (network.depth, network.width, network.widths)
    if given == (None, None, None):
        return
    net = network.network()
    if (net.depth, tuple(net.widths)) != (checkpoint.depth, checkpoint.widths):
        raise InputError(
            f"{checkpoint.source} has hidden layers of {', '.join(map(str, checkpoint.widths))} neurons, "
            "which is not the depth and width given; leave them out."
        )


def _shown(found: Prediction, warnings: Sequence[str], as_json: bool) -> int:
    from symderive.report.collapse import collapse_page, collapse_record

    if as_json:
        show_json(collapse_record(found, warnings))
    else:
        show(collapse_page(found, warnings))
    return 1 if found.conclusion in ("cannot collapse", "not provable") else 0
