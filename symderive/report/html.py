"""Pages as HTML for notebooks: plain tables of escaped text, without scripts."""

from __future__ import annotations

from html import escape

from symderive.report.page import Column, Line, Page, Table

#: Columns apart where the page has no style of its own for tables, numbers on one line.
_RIGHT = ' style="text-align: right; padding: 0 0.5em; white-space: nowrap"'
_LEFT = ' style="text-align: left; padding: 0 0.5em; white-space: pre-wrap"'  # names may be indented
_TITLE = ' style="text-align: {}; padding: 0 0.5em"'


def to_html(page: Page) -> str:
    """The page, whole: a browser scrolls where a terminal leaves columns out.

    >>> print(to_html((Line("a < b", "bold"),)))
    <div class="symderive">
    <p><b>a &lt; b</b></p>
    </div>
    """
    parts = (_line(part) if isinstance(part, Line) else _table(part) for part in page)
    return "\n".join(('<div class="symderive">', *parts, "</div>"))


def _line(line: Line) -> str:
    text = _lines(line.text)
    return f"<p><b>{text}</b></p>" if line.style == "bold" else f"<p>{text}</p>"


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.split("\n")))


def _table(table: Table) -> str:
    titles = "".join(
        f"<th{_TITLE.format(_side(column))}>{_lines(column.title)}</th>" for column in table.columns
    )
    head = [f"<thead><tr>{titles}</tr></thead>"] if any(column.title for column in table.columns) else []
    rows = []
    for row in table.rows:
        cells = zip(table.columns, row.cells, strict=True)
        made = "".join(
            f"<td{_RIGHT if column.right else _LEFT}>{escape(cell)}</td>" for column, cell in cells
        )
        rows.append(f"<tr>{made}</tr>")
    return "\n".join(("<table>", *head, "<tbody>", *rows, "</tbody>", "</table>"))


def _side(column: Column) -> str:
    return "right" if column.right else "left"
