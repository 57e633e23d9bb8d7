"""``symderive check``: a trained network against the certified landscape, or a certificate replayed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from symderive.cli.options import console, moments_of, progress, values_of
from symderive.errors import InputError

if TYPE_CHECKING:
    from symderive.model.moments import Moments
    from symderive.model.network import Network
    from symderive.training.checkpoint import Checkpoint


@click.command(
    epilog="Exit code 0: the weights are at the global minimum (or the certificate is proved). 1: they are "
    "not (or it is refuted). 2: bad input."
)
@click.argument("weights", metavar="[WEIGHTS", required=False)
@click.argument("data", metavar="DATA]", required=False)
@click.option("--target", metavar="COLUMN", help="Target column of a CSV; array of an NPZ (default y).")
@click.option("--decay", metavar="G[,G...]", help="Weight decay of the loss: one, or W1..WD, U.")
@click.option("--noise", metavar="S2[,S2...]", help="Noise variances of the hidden layers.")
@click.option("--dropout", metavar="P[,P...]", help="Drop probabilities instead of --noise.")
@click.option("--center", is_flag=True, help="Subtract the means of features and target.")
@click.option("--standardize", is_flag=True, help="Center, and divide features by standard deviations.")
@click.option("--tolerance", metavar="T", help="Relative distance at which a point is reached.")
@click.option("--write-optimum", "optimum", metavar="FILE", help="Write the optimal weights next to these.")
@click.option("--certificate", metavar="FILE", help="Check a file that solve --certificate wrote instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(
    weights: str | None,
    data: str | None,
    certificate: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Say where trained WEIGHTS (NPZ, safetensors or PyTorch) stand among the minima for DATA.

    The decay is that of the loss: an optimizer's weight_decay is twice as much, for the gradient of
    γ‖W‖² is 2γW.  With --certificate, check a certificate with code that shares nothing with the search.
    """
    if certificate is not None:
        if weights is not None or any(options.values()):
            raise InputError("--certificate stands alone; leave out WEIGHTS, DATA and their options.")
        return _check_certificate(certificate, as_json)
    if weights is None or data is None:
        raise InputError("give WEIGHTS and DATA to check a trained network, or --certificate FILE.")
    if options["decay"] is None:
        raise InputError("the weight decay of the loss is missing; give --decay G.")
    return _check_weights(weights, data, as_json, **options)


def _check_weights(
    weights: str,
    data: str,
    as_json: bool,
    *,
    target: str | None,
    decay: str,
    noise: str | None,
    dropout: str | None,
    center: bool,
    standardize: bool,
    tolerance: str | None,
    optimum: str | None,
) -> int:
    from symderive.arithmetic.exact import parse_number
    from symderive.training.checkpoint import check_writable, read_checkpoint, write_checkpoint
    from symderive.training.diagnosis import TOLERANCE, Bias, diagnose

    if optimum is not None:
        check_writable(optimum)
    limit = TOLERANCE if tolerance is None else float(parse_number(tolerance, "--tolerance"))
    with progress("Reading the weights"):
        checkpoint = read_checkpoint(weights)
    net = _network(checkpoint, decay, noise, dropout)
    with progress("Reading the data"):
        moments = moments_of(data, target, center, standardize)
    bias = _bias_of(checkpoint, net, moments)
    with progress("Comparing"):
        diagnosis = diagnose(net, moments, checkpoint.weights, tolerance=limit)
    if optimum is not None:
        layers = diagnosis.optimum.weights
        offset = None if bias is None else Bias.of(layers, 0.0, moments).best
        write_checkpoint(layers, checkpoint, optimum, offset=offset)
    from symderive.report.diagnosis import diagnosis_record, diagnosis_table

    if as_json:
        click.echo(json.dumps(diagnosis_record(diagnosis, bias), ensure_ascii=False))
    else:
        console().print(diagnosis_table(diagnosis, bias))
    return 0 if diagnosis.conclusion == "global minimum" else 1


def _network(checkpoint: Checkpoint, decay: str, noise: str | None, dropout: str | None) -> Network:
    """The network whose shape the weights tell; dropout that the file tells must not be contradicted."""
    from symderive.model.network import Network

    told = None if checkpoint.dropout is None else [repr(p) for p in checkpoint.dropout]
    given = None if dropout is None else values_of(dropout)
    net = Network(
        checkpoint.depth,
        widths=checkpoint.widths,
        decays=values_of(decay),
        noise=None if noise is None else values_of(noise),
        dropout=told if noise is None and given is None else given,
    )
    if told and (noise is not None or given is not None):
        same = Network(checkpoint.depth, widths=checkpoint.widths, decays=values_of(decay), dropout=told)
        if same.noise != net.noise:
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
    from dataclasses import asdict

    from symderive.certificates.checker import check_certificate, read_certificate
    from symderive.certificates.checker_data import CertificateError

    try:
        file = read_certificate(certificate)
    except CertificateError as error:
        raise InputError(f"{error}.") from None
    try:
        with progress("Replaying the certificate"):
            result = check_certificate(file)
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
