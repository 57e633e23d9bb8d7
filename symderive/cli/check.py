"""``symderive check``: replay a certificate."""

from __future__ import annotations

import json

import click

from symderive.cli.options import progress
from symderive.errors import InputError


@click.command()
@click.option("--certificate", metavar="FILE", required=True, help="A file that solve --certificate wrote.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(certificate: str, as_json: bool) -> int:
    """Check a certificate with code that shares nothing with the search."""
    from dataclasses import asdict

    from symderive.checker import check_certificate, read_certificate
    from symderive.checker_data import CertificateError

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
