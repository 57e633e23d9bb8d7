"""Pages drawn for terminals: a table too wide loses columns or becomes a list; no digit is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from textwrap import fill

from symderive.report.ascii import is_encodable, spelled
from symderive.report.page import Column, Line, Page, Row, Table

#: Columns of characters beside the cells: a border and two spaces a cell, and the last border.
PER_CELL, LAST = 3, 1

#: What the borders are drawn with.
BORDERS = "┏━┳┓┃┡╇┩│└─┴┘"


def drawn(page: Page, *, width: int | None = None, encoding: str = "utf-8", color: bool = False) -> str:
    """The text of a page, without the last line's end.

    ``width`` is in characters, None where lines may have any length, as in a file.  What the encoding
    cannot hold is spelled in ASCII before anything is measured.  ``color`` adds a terminal's escape codes.
    """
    return "\n".join(text for part in page for text in _part(part, width, encoding, color))


def _part(part: Line | Table, width: int | None, encoding: str, color: bool) -> Iterator[str]:
    if isinstance(part, Line):
        yield _styled(_wrapped(spelled(part.text, encoding), width), part.style, color)
        return
    table = _spelled(part, encoding)
    shown = _fitting(table, width)
    if shown is None:
        yield from _listed(table)
        return
    boxed = is_encodable(BORDERS, encoding)
    yield _boxed(table, shown, boxed=boxed, color=color)
    missing = [column.name for i, column in enumerate(table.columns) if i not in shown]
    if missing:
        left = f"Columns left out: {'; '.join(missing)}. {table.whole} or a wider terminal has them."
        yield _wrapped(left, width)


def _spelled(table: Table, encoding: str) -> Table:
    columns = (
        Column(spelled(column.title, encoding), column.rank, column.right) for column in table.columns
    )
    rows = (Row(tuple(spelled(cell, encoding) for cell in row.cells), row.style) for row in table.rows)
    return Table.of(columns, rows, whole=table.whole)


def _wrapped(text: str, width: int | None) -> str:
    """Lines broken between words only: a number stays in one piece however long it is."""
    if width is None:
        return text
    return "\n".join(_filled(line, width) for line in text.split("\n"))


def _filled(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    # A number stays beside its name.
    together = line.replace(" = ", "\u00a0=\u00a0")
    lines = fill(together, width, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent)
    return lines.replace("\u00a0=\u00a0", " = ")


def _fitting(table: Table, width: int | None) -> Sequence[int] | None:
    """The columns that there is room for; None where there is none for those that are always shown."""
    from rich.cells import cell_len

    cells = list(zip(*(row.cells for row in table.rows), strict=True)) or [()] * len(table.columns)
    widths = [
        max(map(cell_len, ("", *column.title.split("\n"), *cells[i])))
        for i, column in enumerate(table.columns)
    ]
    shown = list(range(len(table.columns)))
    while width is not None and sum(widths[i] + PER_CELL for i in shown) + LAST > width:
        first = max(shown, key=lambda i: table.columns[i].rank)
        if table.columns[first].rank == 0:
            return None
        shown.remove(first)
    return shown


def _boxed(table: Table, shown: Sequence[int], *, boxed: bool, color: bool) -> str:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(box=box.HEAVY_HEAD if boxed else box.ASCII)
    for i in shown:
        column = table.columns[i]
        made.add_column(
            Text(column.title), justify="right" if column.right else "left", vertical="bottom", no_wrap=True
        )
    for row in table.rows:
        made.add_row(*(Text(row.cells[i]) for i in shown), style=row.style)
    return _printed(made, color)


def _printed(thing: object, color: bool) -> str:
    from rich.console import Console

    stream = StringIO()
    # Whatever is printed was measured before: this console never wraps.
    console = Console(
        file=stream, width=1_000_000, force_terminal=color, highlight=False, legacy_windows=False
    )
    console.print(thing, soft_wrap=True)
    return stream.getvalue().rstrip("\n")


def _styled(text: str, style: str, color: bool) -> str:
    if not (style and color):
        return text
    from rich.text import Text

    return _printed(Text(text, style=style), color)


def _listed(table: Table) -> Iterator[str]:
    """A line for each value below the first cell of its row; what is empty is left out."""
    first, *rest = table.columns
    for row in table.rows:
        head, *cells = row.cells
        yield f"{first.name} {head}".strip() if head else "-"
        for column, cell in zip(rest, cells, strict=True):
            if cell:
                yield f"  {column.name}: {cell}"
