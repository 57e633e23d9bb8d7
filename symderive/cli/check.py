"""``symderive check``: a trained network against the certified landscape, or a certificate replayed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import (
    ACTIVATION_NAMES,
    add_option,
    column_options,
    decay_options,
    epilog,
    files,
    json_option,
    noise_options,
    target_option,
)
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.terminal import progress, show, show_json
from symderive.cli.types import NUMBER, WEIGHTS, Given, text_of
from symderive.errors import InputError
from symderive.files import require_outputs

if TYPE_CHECKING:
    from fractions import Fraction

    from symderive.model.network import Network
    from symderive.training.checkpoint import Checkpoint


@dataclass(frozen=True)
class CheckOptions:
    """What is checked besides the data and the network, as it was given; None is what was not given."""

    weights: str | None = None
    optimizer: str | None = None
    tolerance: Given[Fraction] | None = None
    layers: str | None = None
    optimum: Given[Path] | None = None
    activation: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the layers, from input to output; empty where none are given."""
        return () if self.layers is None else tuple(self.layers.split(","))


@click.command(
    epilog=epilog(
        "Exit code 0: the weights are at the global minimum (or the certificate is proved). 1: they are "
        "not (or it is refuted). 2: bad input.",
        "check model.pt data.csv --target y --weight-decay 0.01",
        "check model.safetensors data.npz --decay 0.005 --center --json",
        "check --certificate evidence.json",
    )
)
@click.argument("weights", metavar="[WEIGHTS", required=False, shell_complete=files)
@click.argument("path", metavar="DATA]", required=False, shell_complete=files)
@target_option()
@decay_options
@noise_options
@column_options
@add_option(
    "--optimizer",
    type=click.Choice(["sgd", "adam", "adamw"]),
    help="What trained the weights; it is said where that minimizes another loss.",
    show_default="sgd",
)
@add_option(
    "--tolerance",
    type=NUMBER,
    metavar="T",
    help="Relative size up to which a gap and a distance count as none.",
    show_default="0.01",
)
@add_option(
    "--layers",
    metavar="NAME1,NAME2,...",
    help="Names of the layers in WEIGHTS, from input to output.",
    show_default="found in WEIGHTS",
)
@add_option(
    "--write-optimum",
    "optimum",
    type=WEIGHTS,
    metavar="FILE",
    help="Write the optimal weights that are nearest to these: .npz, .pt or .safetensors.",
)
@add_option(
    "--activation",
    metavar="NAME",
    help=f"What follows every hidden layer: {', '.join(ACTIVATION_NAMES)}.",
    show_default="linear",
)
@add_option(
    "--certificate",
    metavar="FILE",
    shell_complete=files,
    help="Check a file that solve --certificate wrote, in place of WEIGHTS and DATA.",
)
@json_option()
@gathered(given=CheckOptions, data=DataOptions, network=NetworkOptions)
def check(
    given: CheckOptions,
    data: DataOptions,
    network: NetworkOptions,
    certificate: str | None,
    as_json: bool,
) -> int:
    """Say where trained WEIGHTS (NPZ, safetensors, PyTorch, Lightning) stand among the minima for DATA.

    The loss is the mean of the squared errors plus G*|W|^2 for each layer, and --decay is G.  The
    weight_decay of an optimizer is twice as much: give that as --weight-decay.  AdamW minimizes another
    loss.

    The weights are at the global minimum when their loss lies above it by little (--tolerance) beside the
    minimum itself, what it explains, and the other stationary values, and their place agrees.

    With --activation, other than linear, the minima are not known: what is said is whether gradient flow
    from these weights provably ends at zero weights (see collapse).  The exit code is then 1, whatever
    is said.

    With --certificate, check a certificate with code that shares nothing with the search.
    """
    if certificate is not None:
        if (given, data, network) != (CheckOptions(), DataOptions(), NetworkOptions()):
            raise InputError("--certificate stands alone; leave out WEIGHTS, DATA and their options.")
        require_outputs({}, {"--certificate": certificate})
        return _check_certificate(certificate, as_json)
    if given.weights is None or data.path is None:
        raise InputError("give WEIGHTS and DATA to check a trained network, or --certificate FILE.")
    network.require_decay()
    from symderive.training.weights.formats import files_of

    require_outputs(
        {"--write-optimum": text_of(given.optimum)},
        {"WEIGHTS": files_of(Path(given.weights)), "DATA": data.path},
    )
    if given.activation is not None:
        from symderive.collapse.activations import activation_of

        if not activation_of(given.activation).is_linear:
            return _check_activated(given, data, network, as_json)
    return _check_weights(given, data, network, as_json)


def _check_activated(given: CheckOptions, data: DataOptions, network: NetworkOptions, as_json: bool) -> int:
    """Where the weights of a network with activations stand beside the barrier."""
    from symderive.cli.collapse import show_collapse
    from symderive.training.checkpoint import read_checkpoint
    from symderive.training.optimizers import OPTIMIZERS

    for option, value in (("--write-optimum", given.optimum), ("--tolerance", given.tolerance)):
        if value is not None:
            raise InputError(
                f"{option} is about the exact minimum, known of linear networks only; leave it out with "
                f"--activation {given.activation}."
            )
    assert given.weights is not None
    assert given.activation is not None
    with progress("Reading the weights"):
        checkpoint = read_checkpoint(given.weights, layers=given.names)
    with progress("Reading the data", "rows") as advance:
        rows = data.rows(advance)
    notes = [text for text in (*checkpoint.notes, OPTIMIZERS[given.optimizer or "sgd"]) if text]
    show_collapse(checkpoint, network, rows, given.activation, as_json=as_json, warnings=notes)
    return 1


def _check_weights(given: CheckOptions, data: DataOptions, network: NetworkOptions, as_json: bool) -> int:
    from symderive.training.between import silence_of
    from symderive.training.checkpoint import read_checkpoint, write_checkpoint
    from symderive.training.conclusion import TOLERANCE
    from symderive.training.diagnosis import diagnose
    from symderive.training.free_biases import best_offset
    from symderive.training.optimizers import OPTIMIZERS

    assert given.weights is not None
    written = None if given.optimum is None else given.optimum.value
    limit = TOLERANCE if given.tolerance is None else float(given.tolerance.value)
    with progress("Reading the weights"):
        checkpoint = read_checkpoint(given.weights, layers=given.names)
    with progress("Reading the data", "rows") as advance:
        moments = data.moments(advance)
    net = network.of_checkpoint(checkpoint, moments)
    biases = checkpoint.biases if checkpoint.has_bias else None
    with progress("Comparing"):
        diagnosis = diagnose(net, moments, checkpoint.weights, biases=biases, tolerance=limit)
    treatment = "" if diagnosis.conclusion != "not converged" else _other_treatment(checkpoint, net, data)
    if written is not None:
        best = diagnosis.optimum.weights
        offset = None if biases is None else best_offset(best, moments)
        write_checkpoint(best, checkpoint, written, offset=offset)
    from symderive.report.diagnosis import diagnosis_page, diagnosis_record

    silence = silence_of(
        checkpoint.names,
        told=checkpoint.dropout is not None,
        noise=any(net.noise),
        source=checkpoint.source,
        kept=checkpoint.hyperparameters,
    )
    warnings = [
        text
        for text in (treatment, *checkpoint.notes, silence, OPTIMIZERS[given.optimizer or "sgd"])
        if text
    ]
    if as_json:
        show_json(diagnosis_record(diagnosis, warnings))
    else:
        show(diagnosis_page(diagnosis, warnings))
    return 0 if diagnosis.conclusion == "global minimum" else 1


def _other_treatment(checkpoint: Checkpoint, net: Network, data: DataOptions) -> str:
    """A sentence where the weights are at rest on the same data centered, standardized or as they are,
    and not as they were given.  One feature tells nothing: there balanced layers fit some decay anyway."""
    from symderive.training.diagnosis import is_at_rest

    if data.path == "-" or checkpoint.features < 2:
        return ""
    biases = checkpoint.biases if checkpoint.has_bias else None
    for option in ("--standardize", "--center", ""):
        center, standardize = option == "--center", option == "--standardize"
        if (center, standardize) == (data.center and not data.standardize, data.standardize):
            continue
        if biases is not None and not option:
            continue
        try:
            with progress("Trying the data otherwise"):
                other = replace(data, center=center, standardize=standardize).moments(told=False)
            rests = is_at_rest(net, other, checkpoint.weights, biases)
        except InputError:  # such as a column that is constant
            continue
        if rests:
            how = f"with {option}" if option else "without --center and --standardize"
            return f"The weights are at rest {how}: was the network trained on such data?"
    return ""


def _check_certificate(certificate: str, as_json: bool) -> int:
    """Replay a certificate."""
    from symderive.certificates.checker import check_certificate, read_certificate
    from symderive.certificates.checker_numbers import CertificateError, RefusedError

    try:
        file = read_certificate(certificate)
    except CertificateError as error:
        raise InputError(f"{error}.") from None
    try:
        with progress("Replaying the certificate"):
            result = check_certificate(file)
    except RefusedError as error:
        raise InputError(f"{certificate} is not checked: {error}.") from None
    except CertificateError as error:
        if as_json:
            show_json({"verdict": "REFUTED", "reason": str(error)})
        else:
            click.echo(f"REFUTED: {error}.")
        return 1
    if as_json:
        show_json({"verdict": "PROVED", **asdict(result)})
        return 0
    missing = "none is missing" if result.complete else "others stayed undecided"
    click.echo(
        f"PROVED: {result.roots} root{'s' * (result.roots != 1)}, {missing}; lowest: {result.minimum}."
    )
    for assumption in result.assumptions:
        click.echo(f"Assumed: {assumption}.")
    return 0
