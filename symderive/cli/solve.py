"""``symderive solve``: every stationary point and the global minimum for a data set."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from symderive.cli.options import (
    add_option,
    column_options,
    digits_option,
    epilog,
    files,
    json_option,
    network_options,
    target_option,
    whiten_option,
)
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.terminal import progress, show, show_json
from symderive.cli.types import NEW_FILE, WEIGHTS, Given, text_of
from symderive.errors import InputError
from symderive.files import require_outputs, unfinished_file

if TYPE_CHECKING:
    from pathlib import Path

    from symderive.full_loss.verification import Verification
    from symderive.landscape.landscape import Landscape


@click.command(
    epilog=epilog(
        "Exit code 0: solved and checked. 1: something was refuted or left undecided. 2: bad input.",
        "solve data.csv --target y --depth 2 --width 16 --decay 0.01",
        "solve data.csv --target y,z --depth 1 --width 16 --decay 0.01 --center",
        "solve data.npz --depth 3 --width 64 --decay 1e-3 --dropout 0.1 --standardize --json",
        "solve data.csv --target y --widths 8,4 --decay 0.1,0.1,0.2 --center --weights optimum.npz",
    )
)
@click.argument("path", metavar="DATA", shell_complete=files)
@target_option(several=True)
@network_options(depth="Number of hidden layers; 0 is ridge regression.")
@column_options
@digits_option()
@add_option(
    "--verify",
    "method",
    type=click.Choice(["auto", "mpmath", "flint", "off"]),
    default="auto",
    show_default=True,
    help="How the result is checked on the full loss: in floating point of many digits (mpmath), with "
    "error bounds (flint), in one of the two by the size (auto), or not.",
)
@whiten_option
@json_option()
@add_option(
    "--weights",
    type=WEIGHTS,
    metavar="FILE",
    help="Write the weights of the global minimum: .npz, .pt or .safetensors.",
)
@add_option(
    "--certificate",
    type=NEW_FILE,
    metavar="FILE",
    help="Write the evidence that the list is complete, as JSON.",
)
@gathered(data=DataOptions, network=NetworkOptions)
def solve(
    data: DataOptions,
    network: NetworkOptions,
    digits: int,
    method: str,
    whiten: bool,
    as_json: bool,
    weights: Given[Path] | None,
    certificate: Given[Path] | None,
) -> int:
    """Find every stationary point and the global minimum for DATA (CSV with a header row, NPZ or Parquet).

    DATA that end in .npz or .parquet are read as such, anything else as CSV, compressed by gzip or not; a
    hyphen is standard input.

    Several targets (--target A,B, or an NPZ with a y of several columns) are the outputs of one network:
    without hidden layers, with one, or at any depth where the inputs are white (--whiten makes them so).

    The loss is the mean of the squared errors plus G*|W|^2 for each layer, and --decay is G.  The
    weight_decay of an optimizer is twice as much: give that as --weight-decay.  AdamW minimizes another
    loss.
    """
    from symderive.arithmetic.exact import check_digits
    from symderive.cli.solve_outputs import solve_several
    from symderive.data.output_moments import OutputMoments
    from symderive.landscape.solve import solve as solve_landscape

    require_outputs(
        {"--weights": text_of(weights), "--certificate": text_of(certificate)}, {"DATA": data.path}
    )
    check_digits(digits)
    files = [None if file is None else file.value for file in (weights, certificate)]
    network.network()
    with progress("Reading the data", "rows") as advance:
        moments = data.either_moments(advance)
    if isinstance(moments, OutputMoments):
        net = network.network(moments.weight, outputs=moments.outputs)
        return solve_several(
            net,
            moments.whiten() if whiten else moments,
            digits=digits,
            method=method,
            as_json=as_json,
            weights=files[0],
            certificate=files[1],
        )
    if whiten:
        raise InputError("--whiten is about several targets; one is solved for any inputs, leave it out.")
    net = network.network(moments.weight)
    with progress("Searching for roots") as advance:
        landscape = solve_landscape(net, moments, digits=digits, progress=advance)
    verification = None
    if method != "off":
        with progress("Checking the full loss"):
            verification = landscape.verify(method=method)
    _write(landscape, *files)
    _show(landscape, verification, as_json)
    return _exit_code(landscape, verification)


def _write(landscape: Landscape, weights: Path | None, certificate: Path | None) -> None:
    """Write the files that were asked for: all, or none where one cannot be made or written."""
    with ExitStack() as stack:
        if certificate is not None:
            from symderive.certificates import certificate as certificates

            text = certificates.text_of(certificates.certificate(landscape))
            stack.enter_context(unfinished_file(certificate)).write_bytes(text.encode())
        if weights is not None:
            index = landscape.global_minimum.index
            bias = float(landscape.bias(index).mid()) if landscape.net.bias else None
            landscape.layers(index).save(weights, bias=bias)


def _show(landscape: Landscape, verification: Verification | None, as_json: bool) -> None:
    from symderive.report.landscape import landscape_page, landscape_record

    if as_json:
        show_json(landscape_record(landscape, verification))
        return
    show(landscape_page(landscape, verification))


def _exit_code(landscape: Landscape, verification: Verification | None) -> int:
    decided = landscape.complete and landscape.global_minimum.tie is not None
    ran = verification is not None and verification.method != "off"
    checked = not ran or (verification is not None and verification.verdict.name == "CHECKED")
    return 0 if decided and checked else 1
