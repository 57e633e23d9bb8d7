"""The command line.  Imports that cost time stay inside the commands that need them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symderive import __version__
from symderive.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from rich.console import Console

    from symderive.landscape import Landscape
    from symderive.moments import Moments
    from symderive.network import Network
    from symderive.verification import Verification

#: Seconds after which a progress bar appears.
PATIENCE = 1.0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="symderive")
def cli() -> None:
    """Exact minima of deep linear networks: derived, certified, typeset, exported."""


@cli.command(
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
    from symderive.exact import check_digits
    from symderive.files import require_folder
    from symderive.landscape import solve as solve_landscape

    check_digits(digits)
    for path in (weights, certificate):
        if path is not None:
            require_folder(path)
    net = _network(depth, width, widths, decay, noise, dropout)
    with _progress("Reading the data"):
        moments = _moments(data, target, center, standardize)
    with _progress("Searching for roots") as advance:
        landscape = solve_landscape(net, moments, digits=digits, progress=advance)
    verification = None
    if method != "off":
        with _progress("Checking the full loss"):
            verification = landscape.verify(method=method)
    _write(landscape, weights, certificate)
    _show(landscape, verification, as_json)
    return _exit_code(landscape, verification)


@cli.command()
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
        with _progress("Replaying the certificate"):
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


@cli.command(
    epilog="Exit code 0: all proved or honestly marked. 1: something is REFUTED or UNDECIDED. 2: bad input."
)
@click.argument("what", metavar="[ID|FILE ...]", nargs=-1)
@click.option("--depth", metavar="K", help="Specialize every equation to K hidden layers.")
@click.option("--out", metavar="DIR", help="Write the paper, its equations and a manifest into DIR.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(["tex", "md", "html", "typst"]),
    multiple=True,
    help="Further formats beside TeX; may be repeated.",
)
@click.option("--width", default="article", show_default=True, metavar="PRESET", help="Column to fit.")
@click.option("--pdf/--no-pdf", "with_pdf", default=None, help="Make a PDF (default: if possible).")
@click.option("--digits", default=50, show_default=True, metavar="K", help="Digits of the tests.")
@click.option("--fresh", is_flag=True, help="Prove everything anew instead of trusting earlier verdicts.")
def derive(
    what: tuple[str, ...],
    depth: str | None,
    out: str | None,
    formats: tuple[str, ...],
    width: str,
    with_pdf: bool | None,
    digits: int,
    fresh: bool,
) -> int:
    """Prove the derivations (all of them, or those given by ID or FILE) and write them as a paper.

    A FILE is a Python program that defines DERIVATION; it is run, so give only files that you trust.
    """
    from symderive.exact import check_digits
    from symderive.latex import WIDTHS

    check_digits(digits)
    if width not in WIDTHS:
        raise InputError(f"--width {width!r} is unknown; give one of {', '.join(sorted(WIDTHS))}.")
    if out is None and (formats or with_pdf):
        raise InputError("--format and --pdf write files; give --out DIR.")
    layers = None if depth is None else _depth(depth)
    if layers == 0:
        raise InputError(
            "--depth 0 has no hidden layer, and the derivations are about those; give 1 or more."
        )

    from symderive.paper.assembly import assemble
    from symderive.proofs.ledger import Ledger
    from symderive.proofs.library import load, load_all

    derivations = tuple(load(name) for name in what) or load_all()
    if layers is not None:
        derivations = tuple(derivation.at_depth(layers) for derivation in derivations)
    with _progress("Proving") as advance:
        ledger = None if fresh else Ledger()
        sections = assemble(derivations, digits=digits, ledger=ledger, progress=advance)
    from symderive import report

    _console().print(report.verdict_table(sections))
    if out is not None:
        from symderive.paper.output import write_paper
        from symderive.paper.tex import Style

        with _progress("Writing the paper"):
            remarks = write_paper(
                Path(out),
                sections,
                style=Style(width),
                formats=formats,
                digits=digits,
                depth=layers,
                with_pdf=with_pdf,
            )
        for remark in remarks:
            click.echo(remark, err=True)
        click.echo(f"Written to {out}.")
    verdicts = {item.result.verdict.name for section in sections for item in section.items}
    return 0 if verdicts <= {"PROVED", "CHECKED"} else 1


def _network(
    depth: str | None,
    width: str | None,
    widths: str | None,
    decay: str,
    noise: str | None,
    dropout: str | None,
) -> Network:
    from symderive.network import Network

    if width is not None and widths is not None:
        raise InputError("--width and --widths are both given; give one of them.")
    listed = None if widths is None else widths.split(",")
    if depth is None and listed is None:
        raise InputError("the depth is missing; give --depth D --width N, or --widths N1,N2,...")
    layers = len(listed) if depth is None and listed is not None else _depth(depth or "")
    if layers > 0 and width is None and listed is None:
        raise InputError(f"the widths of {layers} hidden layers are missing; give --width N or --widths.")
    return Network(
        layers,
        widths=listed or width or (),
        decays=_list(decay),
        noise=None if noise is None else _list(noise),
        dropout=None if dropout is None else _list(dropout),
    )


def _depth(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError(
            f"--depth {text!r} is not a whole number; give the number of hidden layers, from 0."
        )
    return int(text)


def _list(text: str) -> str | list[str]:
    return text.split(",") if "," in text else text


def _moments(data: str, target: str | None, center: bool, standardize: bool) -> Moments:
    from symderive.moments import Moments

    path = Path(data)
    if path.suffix.lower() == ".npz":
        return Moments.from_npz(path, target or "y", center=center, standardize=standardize)
    if target is None:
        raise InputError(f"the target column of {path.name} is missing; give --target COLUMN.")
    return Moments.from_csv(path, target, center=center, standardize=standardize)


def _write(landscape: Landscape, weights: str | None, certificate: str | None) -> None:
    """Write the files that were asked for; what can be refused is made before the first is written."""
    evidence = None
    if certificate is not None:
        from symderive import certificate as certificates

        evidence = certificates.certificate(landscape)
    if weights is not None:
        landscape.layers(landscape.global_minimum.index).save(weights)
    if evidence is not None and certificate is not None:
        certificates.write_certificate(evidence, certificate)


def _show(landscape: Landscape, verification: Verification | None, as_json: bool) -> None:
    from symderive import report

    if as_json:
        click.echo(json.dumps(report.as_record(landscape, verification), ensure_ascii=False))
        return
    _console().print(report.as_table(landscape, verification))


def _console() -> Console:
    from rich.console import Console

    # A pipe has no width of its own; a table folded to 80 columns would be unreadable there.
    return Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def _exit_code(landscape: Landscape, verification: Verification | None) -> int:
    decided = landscape.complete and landscape.global_minimum.tie is not None
    ran = verification is not None and verification.method != "off"
    checked = not ran or (verification is not None and verification.verdict.name == "CHECKED")
    return 0 if decided and checked else 1


@contextmanager
def _progress(what: str) -> Iterator[Any]:
    """A bar on the terminal for work that takes longer than a second; yields its callback."""
    if not sys.stderr.isatty():
        yield None
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda share: bar.update(task, total=1.0, completed=share)
    finally:
        timer.cancel()
        bar.stop()


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


if __name__ == "__main__":
    main()
