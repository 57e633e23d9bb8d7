"""``symderive equation``: one display, ready to paste."""

from __future__ import annotations

import hashlib

import click

from symderive.cli.options import add_option, cache_option, epilog, files, preset_option
from symderive.cli.types import DEPTH, Given
from symderive.errors import InputError
from symderive.library.kept import Kept


@click.command(
    epilog=epilog(
        "Exit code 0: printed. 1: it is not proved, and the reason is on stderr. 2: bad input.",
        "equation global-minimum --width revtex",
        "equation am-gm --format typst --depth 3",
        "equation noise-transfer --format markdown",
    )
)
@click.argument("name", metavar="ID")
@preset_option
@add_option(
    "--format",
    "format_",
    type=click.Choice(["latex", "typst", "markdown", "sympy", "text"]),
    default="latex",
    show_default=True,
    help="What is printed; sympy is the index form that was proved, as SymPy prints it.",
)
@add_option("--depth", type=DEPTH, metavar="K", help="Specialize it to K hidden layers.")
@add_option(
    "--file",
    metavar="FILE",
    shell_complete=files,
    help="Look the ID up in a derivation of your own, a Python program, which is run.",
)
@cache_option
def equation(
    name: str,
    width: str | None,
    format_: str,
    depth: Given[int] | None,
    file: str | None,
    cache: Given[str] | None,
) -> int:
    """Print the display of a statement, a step or a theorem, its conditions and what to cite.

    A statement without a display prints its formula. Nothing is printed that is not proved, or in words
    and marked so. derive --list WORDS finds the ID.
    """
    layers = None if depth is None else depth.value
    folder = None if cache is None else cache.value
    asked = (name, width or "article", format_, layers)
    # What is kept was asked for in the same words, and is looked up before anything slow is imported.
    kept = None if file is not None else Kept.in_folder(folder)
    record = f"equation-{hashlib.sha256(repr((*asked, width is None)).encode()).hexdigest()}"
    text = kept.get(record) if kept is not None else None
    if text is None:
        from symderive.proofs.ledger import Ledger
        from symderive.writers.equation import RefusedError, Wanted, ready

        _require(width, format_, layers)
        try:
            text = ready(Wanted(*asked), ledger=Ledger(folder), file=file)
        except RefusedError as error:
            click.echo(f"symderive: {' '.join(str(error).split())}", err=True)
            return 1
        if kept is not None:
            kept.put(record, text)
    click.echo(text)
    return 0


def _require(width: str | None, format_: str, layers: int | None) -> None:
    """Everything that can be refused before anything is proved."""
    from symderive.latex.layout import WIDTHS

    if width is not None and width not in WIDTHS:
        raise InputError(f"--width {width!r} is unknown; give one of {', '.join(sorted(WIDTHS))}.")
    if width is not None and format_ != "latex":
        raise InputError(f"--width breaks lines of LaTeX; leave it out for --format {format_}.")
    if layers == 0:
        raise InputError(
            "--depth 0 has no hidden layer, and the derivations are about those; give 1 or more."
        )
