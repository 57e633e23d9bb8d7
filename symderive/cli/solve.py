"""``symderive solve``: every stationary point and the global minimum for a data set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from symderive.cli.options import console, moments_of, network_of, progress

if TYPE_CHECKING:
    from symderive.full_loss.verification import Verification
    from symderive.landscape.landscape import Landscape


@click.command(
    epilog="Exit code 0: solved and checked. 1: something was refuted or left undecided. 2: bad input."
)
@click.argument("data", metavar="DATA")
@click.option("--target", metavar="COLUMN", help="Target column of a CSV; array of an NPZ (default y).")
@click.option("--depth", metavar="D", help="Number of hidden layers; 0 is ridge regression.")
@click.option("--width", metavar="N", help="Width of every hidden layer.")
@click.option("--widths", metavar="N1,N2,...", help="Width of each hidden layer; fixes the depth.")
@click.option("--decay", metavar="G[,G...]", required=True, help="Weight decay: one, or W1..WD, U.")
@click.option("--noise", metavar="S2[,S2...]", help="Noise variances of the hidden layers.")
@click.option("--dropout", metavar="P[,P...]", help="Drop probabilities instead of --noise.")
@click.option("--center", is_flag=True, help="Subtract the means of features and target.")
@click.option("--standardize", is_flag=True, help="Center, and divide features by standard deviations.")
@click.option("--digits", default=30, show_default=True, metavar="K", help="Correct decimal digits.")
@click.option(
    "--verify",
    "method",
    type=click.Choice(["auto", "mpmath", "flint", "off"]),
    default="auto",
    show_default=True,
    help="Arithmetic of the check on the full loss.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--weights", metavar="FILE.npz", help="Write the layers of the global minimum.")
@click.option("--certificate", metavar="FILE", help="Write the evidence of the root search as JSON.")
def solve(
    data: str,
    target: str | None,
    depth: str | None,
    width: str | None,
    widths: str | None,
    decay: str,
    noise: str | None,
    dropout: str | None,
    center: bool,
    standardize: bool,
    digits: int,
    method: str,
    as_json: bool,
    weights: str | None,
    certificate: str | None,
) -> int:
    """Find every stationary point and the global minimum for DATA (CSV with a header row, or NPZ)."""
    from symderive.arithmetic.exact import check_digits
    from symderive.files import require_folder
    from symderive.landscape.solve import solve as solve_landscape

    check_digits(digits)
    for path in (weights, certificate):
        if path is not None:
            require_folder(path)
    net = network_of(depth, width, widths, decay, noise, dropout)
    with progress("Reading the data"):
        moments = moments_of(data, target, center, standardize)
    with progress("Searching for roots") as advance:
        landscape = solve_landscape(net, moments, digits=digits, progress=advance)
    verification = None
    if method != "off":
        with progress("Checking the full loss"):
            verification = landscape.verify(method=method)
    _write(landscape, weights, certificate)
    _show(landscape, verification, as_json)
    return _exit_code(landscape, verification)


def _write(landscape: Landscape, weights: str | None, certificate: str | None) -> None:
    """Write the files that were asked for; what can be refused is made before the first is written."""
    evidence = None
    if certificate is not None:
        from symderive.certificates import certificate as certificates

        evidence = certificates.certificate(landscape)
    if weights is not None:
        landscape.layers(landscape.global_minimum.index).save(weights)
    if evidence is not None and certificate is not None:
        certificates.write_certificate(evidence, certificate)


def _show(landscape: Landscape, verification: Verification | None, as_json: bool) -> None:
    from symderive.report.landscape import landscape_record, landscape_table

    if as_json:
        click.echo(json.dumps(landscape_record(landscape, verification), ensure_ascii=False))
        return
    console().print(landscape_table(landscape, verification))


def _exit_code(landscape: Landscape, verification: Verification | None) -> int:
    decided = landscape.complete and landscape.global_minimum.tie is not None
    ran = verification is not None and verification.method != "off"
    checked = not ran or (verification is not None and verification.verdict.name == "CHECKED")
    return 0 if decided and checked else 1
