"""``symderive derive``: prove derivations and write them as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symderive.cli.options import add_option, cache_option, digits_option, epilog, files, preset_option
from symderive.cli.records import gathered
from symderive.cli.terminal import progress, show
from symderive.cli.types import DEPTH, Given
from symderive.errors import InputError
from symderive.files import named, require_outputs

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from symderive.paper.assembly import Section
    from symderive.proofs.ledger import Ledger
    from symderive.statements.display import Vocabulary
    from symderive.statements.document import Document


@dataclass(frozen=True)
class PaperOptions:
    """The folder of a paper, None where none is written, and what is written into it."""

    out: str | None
    formats: tuple[str, ...]
    width: str | None
    with_pdf: bool | None

    def require(self, inputs: Sequence[str], graph: str | None, cache: str | None) -> None:
        """Everything that can be refused before anything is proved; ``graph`` and ``cache`` are written,
        too."""
        from symderive.latex import WIDTHS

        if self.width is not None and self.width not in WIDTHS:
            raise InputError(f"--width {self.width!r} is unknown; give one of {', '.join(sorted(WIDTHS))}.")
        if self.out is None and (self.formats or self.with_pdf):
            raise InputError("--format and --pdf write files; give --out DIR.")
        files: tuple[Path, ...] = ()
        folders: tuple[Path, ...] = ()
        if self.out is not None:
            from symderive.writers.output import filled_folders, require_paper_folder

            folder = Path(self.out)
            if cache is not None and Path(cache).resolve().is_relative_to(folder.resolve()):
                raise InputError(
                    f"--cache {named(cache)} is in --out {named(self.out)}, and its key would lie among "
                    "the files of the paper; name another folder for one of them."
                )
            files = require_paper_folder(folder, self.formats, with_pdf=self.with_pdf)
            files, folders = files if folder.is_dir() else (), filled_folders(folder)
        require_outputs({"--out": files, "--graph": graph}, {"FILE": inputs}, folders={"--out": folders})

    def write(
        self,
        sections: Sequence[Section],
        digits: int,
        depth: int | None,
        ledger: Ledger,
        *,
        written: Document | None,
        vocabulary: Vocabulary | None,
    ) -> None:
        """Write the paper where a folder is given."""
        if self.out is None:
            return
        from symderive.writers.output import write_paper
        from symderive.writers.style import Style

        with progress("Writing the paper"):
            remarks = write_paper(
                Path(self.out),
                sections,
                style=Style(self.width or "article"),
                formats=self.formats,
                digits=digits,
                depth=depth,
                with_pdf=self.with_pdf,
                ledger=ledger,
                document=written,
                vocabulary=vocabulary,
            )
        for remark in remarks:
            click.echo(remark, err=True)
        click.echo(f"Written to {self.out}.")


def _what(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Sections by their ids, and files."""
    from click.shell_completion import CompletionItem

    # Not from the library, which takes half a second to load.
    order: tuple[str, ...] = import_module("symderive.derivations").ORDER
    names = (entry.partition("/")[2] for entry in order)
    known = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [*known, *files(context, parameter, incomplete)]


@click.command(
    epilog=epilog(
        "Exit code 0: all proved or honestly marked. 1: something is REFUTED or UNDECIDED, or Coq refuses "
        "a proof. 2: bad input.",
        "derive --out paper",
        "derive --list layer balance",
        "derive am-gm layer-balance --depth 3 --out paper --format html",
        "derive --new mine.py && symderive derive mine.py",
        "derive lower-bound --coq lower-bound-in-coq",
    )
)
@click.argument("what", metavar="[ID|NAME|FILE ...]", nargs=-1, shell_complete=_what)
@add_option("--depth", type=DEPTH, metavar="K", help="Specialize every equation to K hidden layers.")
@add_option(
    "--out",
    metavar="DIR",
    shell_complete=files,
    help="Write the paper, its equations and a manifest into DIR.",
)
@add_option(
    "--format",
    "formats",
    type=click.Choice(["tex", "md", "html", "typst"]),
    multiple=True,
    help="Write the paper in this format, too; may be repeated.",
    show_default="tex",
)
@preset_option
@add_option(
    "--pdf/--no-pdf",
    "with_pdf",
    default=None,
    help="Make a PDF of the paper, or none.",
    show_default="a PDF where TeX or Typst is there",
)
@digits_option("Decimal digits of the tests at points.", default=50)
@cache_option
@add_option("--fresh", is_flag=True, help="Prove everything anew and keep the new verdicts.")
@add_option(
    "--assumptions", "listed", is_flag=True, help="Prove nothing; list what the statements rest on."
)
@add_option(
    "--list",
    "searching",
    is_flag=True,
    help="Prove nothing; list the ids and titles that have all the words given.",
)
@add_option(
    "--new",
    metavar="FILE",
    shell_complete=files,
    help="Prove nothing; write a commented derivation to start from.",
)
@add_option(
    "--graph",
    metavar="FILE",
    shell_complete=files,
    help="Draw what rests on what, as an SVG file or an HTML page with a panel for each statement.",
)
@add_option(
    "--coq",
    metavar="DIR",
    shell_complete=files,
    help="Prove nothing; write the statements for Coq, with the proofs that there are, into a new folder.",
)
@add_option(
    "--check-coq",
    is_flag=True,
    help="Let Coq check those proofs (Coq 8.16 with MathComp; takes some minutes).",
)
@add_option("-v", "--verbose", is_flag=True, help="With --out, too, print every verdict that is proved.")
@gathered(paper=PaperOptions)
def derive(
    what: tuple[str, ...],
    depth: Given[int] | None,
    paper: PaperOptions,
    digits: int,
    cache: Given[str] | None,
    fresh: bool,
    listed: bool,
    graph: str | None,
    searching: bool,
    new: str | None,
    coq: str | None,
    check_coq: bool,
    verbose: bool,
) -> int:
    """Prove the derivations (all of them, or those given by ID or FILE) and write them as a paper.

    An ID is that of a section, of a theorem, of a statement or of a step; a theorem has a NAME, too.
    With --out the verdicts go into DIR/report.md, and what is not proved is printed, too.
    What a theorem makes of the statements in words is listed, but neither proved nor counted as proved.
    A FILE is a Python program that defines DERIVATION; it is run, so give only files that you trust.
    """
    from symderive.arithmetic.exact import check_digits

    check_digits(digits)
    paper.require(
        [word for word in what if word.endswith(".py")], graph, None if cache is None else cache.text
    )
    layers = None if depth is None else depth.value
    if layers == 0:
        raise InputError(
            "--depth 0 has no hidden layer, and the derivations are about those; give 1 or more."
        )

    if lone := [
        option
        for option, given in (
            ("--assumptions", listed),
            ("--list", searching),
            ("--new", new is not None),
            ("--check-coq" if check_coq else "--coq", check_coq or coq is not None),
        )
        if given
    ]:
        _require_alone(lone, layers, paper, graph, cache)
        if new is not None:
            return _start(new, what)
        if check_coq or coq is not None:
            from symderive.cli.coq import for_coq

            return for_coq(what, coq, check=check_coq)
        return _list_assumptions(what) if listed else _list_names(what)

    from symderive.library.catalog import select
    from symderive.library.load import document_of
    from symderive.paper.assembly import assemble
    from symderive.paper.depth import at_depth
    from symderive.paper.document_depth import document_at_depth
    from symderive.proofs.ledger import Ledger
    from symderive.report.graph_file import require_graph_file, write_graph

    if graph is not None:
        require_graph_file(graph)
    kept = None if cache is None else cache.value
    general = derivations = select(what)
    vocabulary, ledger = None, Ledger(kept, fresh=fresh)
    ledger.records.open()  # so that it is said once, and before the work is shared, if nothing is kept
    with progress("Proving") as advance:
        if layers is not None:
            derivations, vocabulary = at_depth(derivations, layers, ledger)
        sections = assemble(
            derivations, digits=digits, ledger=ledger, vocabulary=vocabulary, progress=advance
        )
    from symderive.report.verdicts import verdict_page

    told = None if verbose or paper.out is None else str(Path(paper.out) / "report.md")
    show(verdict_page(sections, report=told))
    written = document_of(general)
    if written is not None and vocabulary is not None and layers is not None:
        written = document_at_depth(written, general, sections, vocabulary, layers)
    paper.write(sections, digits, layers, ledger, written=written, vocabulary=vocabulary)
    if graph is not None:
        with progress("Drawing the graph"):
            write_graph(graph, sections)
        click.echo(f"Written to {graph}.")
    verdicts = {entry.result.verdict.name for section in sections for entry in section.entries}
    return 0 if verdicts <= {"PROVED", "CHECKED", "IN_WORDS"} else 1


def _require_alone(
    options: Sequence[str],
    layers: int | None,
    paper: PaperOptions,
    graph: str | None,
    cache: Given[str] | None,
) -> None:
    """An option that would not be used is refused."""
    first, *more = options
    others = {"--depth": layers, "--out": paper.out, "--graph": graph, "--cache": cache}
    more += [option for option, given in others.items() if given is not None]
    if more:
        raise InputError(f"{first} proves nothing and stands alone; leave out {' and '.join(more)}.")


def _start(file: str, what: tuple[str, ...]) -> int:
    """A file to start from."""
    from symderive.library.start import write_start

    if what:
        raise InputError(f"--new writes one file and derives nothing; leave out {' '.join(what)}.")
    path = write_start(file)
    click.echo(f"Written to {path}; prove it with symderive derive {path}")
    return 0


def _list_assumptions(what: tuple[str, ...]) -> int:
    """What the statements rest on, one after the other."""
    from symderive.library.catalog import load_entries
    from symderive.library.load import ORDER
    from symderive.report.assumptions import assumptions_text

    entries = [entry for name in what or ORDER for entry in load_entries(name)]
    click.echo("\n\n".join(map(assumptions_text, entries)))
    return 0


def _list_names(words: tuple[str, ...]) -> int:
    """What is there, one thing a line: in the files that are named, else in the package."""
    from symderive.library.catalog import listed, search, theorems
    from symderive.library.load import load, load_all

    files = [word for word in words if word.endswith(".py")]
    there = listed(map(load, files)) if files else listed(load_all(), theorems())
    found = search([word for word in words if word not in files], there)
    for thing in found:
        click.echo(thing.line)
    if not found:
        click.echo("symderive: nothing has all of these words in its id or its title.", err=True)
    return 0 if found else 1
