"""``symderive check``: a trained network against the certified landscape, or a certificate replayed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symderive.cli.options import column_options, decay_option, json_option, noise_options, target_option
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.terminal import console, progress
from symderive.cli.types import NUMBER, Given, Reader, text_of
from symderive.errors import InputError
from symderive.files import require_outputs

if TYPE_CHECKING:
    from fractions import Fraction

    from symderive.data.moments import Moments
    from symderive.model.network import Network
    from symderive.training.checkpoint import Checkpoint


def _weights(text: str, _option: str) -> Path:
    from symderive.training.checkpoint import check_writable

    return check_writable(text)


#: A file of weights to be written, in a format that its suffix tells.
WEIGHTS = Reader("file", _weights)


@click.command(
    epilog="Exit code 0: the weights are at the global minimum (or the certificate is proved). 1: they are "
    "not (or it is refuted). 2: bad input."
)
@click.argument("weights", metavar="[WEIGHTS", required=False)
@click.argument("path", metavar="DATA]", required=False)
@target_option()
@decay_option("Weight decay of the loss: one, or W1..WD, U.")
@noise_options
@column_options
@click.option(
    "--tolerance", type=NUMBER, metavar="T", help="Relative distance at which a point is reached."
)
@click.option(
    "--write-optimum",
    "optimum",
    type=WEIGHTS,
    metavar="FILE",
    help="Write the optimal weights next to these.",
)
@click.option("--certificate", metavar="FILE", help="Check a file that solve --certificate wrote instead.")
@json_option()
@gathered(data=DataOptions, network=NetworkOptions)
def check(
    weights: str | None,
    data: DataOptions,
    network: NetworkOptions,
    tolerance: Given[Fraction] | None,
    optimum: Given[Path] | None,
    certificate: str | None,
    as_json: bool,
) -> int:
    """Say where trained WEIGHTS (NPZ, safetensors or PyTorch) stand among the minima for DATA.

    The decay is that of the loss: an optimizer's weight_decay is twice as much, for the gradient of
    γ‖W‖² is 2γW.  With --certificate, check a certificate with code that shares nothing with the search.
    """
    if certificate is not None:
        others = (weights, data, network, tolerance, optimum)
        if others != (None, DataOptions(), NetworkOptions(), None, None):
            raise InputError("--certificate stands alone; leave out WEIGHTS, DATA and their options.")
        return _check_certificate(certificate, as_json)
    if weights is None or data.path is None:
        raise InputError("give WEIGHTS and DATA to check a trained network, or --certificate FILE.")
    if network.decay is None:
        raise InputError("the weight decay of the loss is missing; give --decay G.")
    require_outputs({"--write-optimum": text_of(optimum)}, {"WEIGHTS": weights, "DATA": data.path})
    return _check_weights(weights, data, network, tolerance, optimum, as_json)


def _check_weights(
    weights: str,
    data: DataOptions,
    network: NetworkOptions,
    tolerance: Given[Fraction] | None,
    optimum: Given[Path] | None,
    as_json: bool,
) -> int:
    from symderive.training.checkpoint import read_checkpoint, write_checkpoint
    from symderive.training.diagnosis import TOLERANCE, Bias, diagnose

    written = None if optimum is None else optimum.value
    limit = TOLERANCE if tolerance is None else float(tolerance.value)
    with progress("Reading the weights"):
        checkpoint = read_checkpoint(weights)
    net = _network(checkpoint, network)
    with progress("Reading the data"):
        moments = data.moments()
    bias = _bias_of(checkpoint, net, moments)
    with progress("Comparing"):
        diagnosis = diagnose(net, moments, checkpoint.weights, tolerance=limit)
    if written is not None:
        layers = diagnosis.optimum.weights
        offset = None if bias is None else Bias.of(layers, 0.0, moments).best
        write_checkpoint(layers, checkpoint, written, offset=offset)
    from symderive.report.diagnosis import diagnosis_record, diagnosis_table

    if as_json:
        click.echo(json.dumps(diagnosis_record(diagnosis, bias), ensure_ascii=False))
    else:
        console().print(diagnosis_table(diagnosis, bias))
    return 0 if diagnosis.conclusion == "global minimum" else 1


def _network(checkpoint: Checkpoint, given: NetworkOptions) -> Network:
    """The network whose shape the weights tell; dropout that the file tells must not be contradicted."""
    shape = checkpoint.depth, checkpoint.widths
    if checkpoint.dropout is None:
        return given.of_shape(*shape)
    told = tuple(repr(p) for p in checkpoint.dropout)
    as_told = replace(given, noise=None, dropout=told)
    if given.noise is None and given.dropout is None:
        return as_told.of_shape(*shape)
    net = given.of_shape(*shape)
    if told and as_told.of_shape(*shape).noise != net.noise:
        raise InputError(
            f"the Dropout layers of {checkpoint.source} have p = {', '.join(told)}, which is not the "
            "noise that is given; leave out --dropout and --noise."
        )
    return net


def _bias_of(checkpoint: Checkpoint, net: Network, moments: Moments) -> Any:
    """What the biases do, where centering treats them exactly; None without biases."""
    if not checkpoint.has_bias:
        return None
    from symderive.training.diagnosis import Bias

    if any(net.noise):
        raise InputError(
            f"{checkpoint.source} has biases and the network has noise, whose variance depends on the "
            "means that centering removes; train without biases, on centered data."
        )
    if moments.means is None or moments.variances is not None:
        raise InputError(
            f"{checkpoint.source} has biases; free biases center the data, so give --center (without "
            "--standardize), or train without biases."
        )
    return Bias.of(checkpoint.weights, checkpoint.offset, moments)


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
            click.echo(json.dumps({"verdict": "REFUTED", "reason": str(error)}))
        else:
            click.echo(f"REFUTED: {error}.")
        return 1
    if as_json:
        click.echo(json.dumps({"verdict": "PROVED", **asdict(result)}))
        return 0
    missing = "none is missing" if result.complete else "others stayed undecided"
    click.echo(
        f"PROVED: {result.roots} root{'s' * (result.roots != 1)}, {missing}; lowest: {result.minimum}."
    )
    for assumption in result.assumptions:
        click.echo(f"Assumed: {assumption}.")
    return 0
