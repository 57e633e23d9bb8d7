"""``symderive derive``: prove derivations and write them as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import digits_option
from symderive.cli.records import gathered
from symderive.cli.terminal import console, progress
from symderive.cli.types import DEPTH, Given
from symderive.errors import InputError

if TYPE_CHECKING:
    from symderive.paper.assembly import Section
    from symderive.proofs.ledger import Ledger


@dataclass(frozen=True)
class PaperOptions:
    """The folder of a paper, None where none is written, and what is written into it."""

    out: str | None
    formats: tuple[str, ...]
    width: str
    with_pdf: bool | None

    def require(self) -> None:
        """Everything that can be refused before anything is proved."""
        from symderive.latex import WIDTHS

        if self.width not in WIDTHS:
            raise InputError(f"--width {self.width!r} is unknown; give one of {', '.join(sorted(WIDTHS))}.")
        if self.out is None and (self.formats or self.with_pdf):
            raise InputError("--format and --pdf write files; give --out DIR.")

    def write(self, sections: Sequence[Section], digits: int, depth: int | None, ledger: Ledger) -> None:
        """Write the paper where a folder is given."""
        if self.out is None:
            return
        from symderive.paper.assembly import FACTS_USED
        from symderive.paper.library import document_of
        from symderive.paper.output import write_paper
        from symderive.paper.style import Style

        # What is written speaks of every depth.
        told = [x.derivation for x in sections if x.derivation.id != FACTS_USED]
        written = document_of(told) if depth is None else None

        with progress("Writing the paper"):
            remarks = write_paper(
                Path(self.out),
                sections,
                style=Style(self.width),
                formats=self.formats,
                digits=digits,
                depth=depth,
                with_pdf=self.with_pdf,
                ledger=ledger,
                document=written,
            )
        for remark in remarks:
            click.echo(remark, err=True)
        click.echo(f"Written to {self.out}.")


@click.command(
    epilog="Exit code 0: all proved or honestly marked. 1: something is REFUTED or UNDECIDED. 2: bad input."
)
@click.argument("what", metavar="[ID|FILE ...]", nargs=-1)
@click.option("--depth", type=DEPTH, metavar="K", help="Specialize every equation to K hidden layers.")
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
@digits_option("Digits of the tests.", default=50)
@click.option("--fresh", is_flag=True, help="Prove everything anew and keep the new verdicts.")
@click.option(
    "--assumptions",
    "listed",
    is_flag=True,
    help="Prove nothing; list what the statements rest on. ID may be that of one statement, too.",
)
@gathered(paper=PaperOptions)
def derive(
    what: tuple[str, ...],
    depth: Given[int] | None,
    paper: PaperOptions,
    digits: int,
    fresh: bool,
    listed: bool,
) -> int:
    """Prove the derivations (all of them, or those given by ID or FILE) and write them as a paper.

    What a theorem makes of the statements in words is listed, but neither proved nor counted as proved.
    A FILE is a Python program that defines DERIVATION; it is run, so give only files that you trust.
    """
    from symderive.arithmetic.exact import check_digits

    check_digits(digits)
    paper.require()
    layers = None if depth is None else depth.value
    if layers == 0:
        raise InputError(
            "--depth 0 has no hidden layer, and the derivations are about those; give 1 or more."
        )

    if listed:
        _require_alone(layers, paper)
        return _list_assumptions(what)

    from symderive.paper.assembly import assemble
    from symderive.paper.library import load, load_all
    from symderive.proofs.ledger import Ledger
    from symderive.statements.specialize import derivation_at_depth

    derivations = tuple(load(name) for name in what) or load_all()
    if layers is not None:
        derivations = tuple(derivation_at_depth(derivation, layers) for derivation in derivations)
    ledger = Ledger(fresh=fresh)
    with progress("Proving") as advance:
        sections = assemble(derivations, digits=digits, ledger=ledger, progress=advance)
    from symderive.report.verdicts import verdict_table

    console().print(verdict_table(sections))
    paper.write(sections, digits, layers, ledger)
    verdicts = {entry.result.verdict.name for section in sections for entry in section.entries}
    return 0 if verdicts <= {"PROVED", "CHECKED", "IN_WORDS"} else 1


def _require_alone(layers: int | None, paper: PaperOptions) -> None:
    """An option that would not be used is refused."""
    if layers is not None or paper.out is not None:
        raise InputError(
            "--assumptions lists what the general statements rest on; leave out --depth and --out."
        )


def _list_assumptions(what: tuple[str, ...]) -> int:
    """What the statements rest on, one after the other."""
    from symderive.paper.library import ORDER, load_entries
    from symderive.report.assumptions import assumptions_text

    entries = [entry for name in what or ORDER for entry in load_entries(name)]
    click.echo("\n\n".join(map(assumptions_text, entries)))
    return 0
