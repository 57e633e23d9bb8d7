r"""Displays that fit a column: line breaks by measured width, in amsmath's own environments.

Lines break before relations, then before + and - outside brackets, then inside brackets, then between
factors (with a dot).  Among all ways the one with the fewest rows, then the best places, then the most
even rows is taken.  A fraction or a root that is wider than the column is written as a product or a
power, which means the same.  The reader skips everything that is added here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent

from symderive.errors import InputError
from symderive.latex import metrics
from symderive.latex.breaking import best_rows, left_side, marked, measure
from symderive.latex.metrics import text_of, tokens_of
from symderive.latex.narrowing import SHARES, narrowed


@dataclass(frozen=True)
class Column:
    """The line of a document class: width and type size in points."""

    width: float
    size: float = 10.0


#: Column widths as TeX reports them for the classes (``\columnwidth``, main type size).
WIDTHS: dict[str, Column] = {
    "article": Column(345.0),
    "article11": Column(360.0, 10.95),
    "article12": Column(390.0, 12.0),
    "amsart": Column(360.0),
    "neurips": Column(397.5),
    "revtex": Column(246.0),
    "revtex-wide": Column(510.0),
    "revtex-preprint": Column(468.0, 12.0),
    "ieee": Column(252.0),
    "elsarticle": Column(252.0),
    "jmlr": Column(433.6, 10.95),
    "llncs": Column(347.0),
}

#: Room for what the glyph table cannot see, found by measuring: TeX is at most 1.03 times wider.
SAFETY = 1.04
#: Room for the equation number, in points at 10 pt.
NUMBER = 35.0
#: Rows that stay on one page.
_TALLEST = 20


def column(width: str | float | Column) -> Column:
    """The column of a preset's name, of a width in points (at 10 pt), or the column itself.

    >>> column("revtex").width
    246.0
    """
    if isinstance(width, Column):
        return width
    if isinstance(width, str):
        if width not in WIDTHS:
            raise InputError(f"There is no width preset {width!r}; use one of {', '.join(WIDTHS)}.")
        return WIDTHS[width]
    if not 100 <= width <= 2000:
        raise InputError(f"The width is {width} pt; give a number of points from 100 to 2000.")
    return Column(float(width))


def break_lines(tex: str, *, width: str | float | Column = "article", end: str = "") -> tuple[str, ...]:
    """The rows of a ``split``: one row without marks if the formula fits the line, else rows with ``&``.

    ``end`` is punctuation for the last row.  Raises :class:`InputError` when some part is wider than
    the column and cannot be broken.

    >>> break_lines("a = b", width="revtex")
    ('a = b',)
    """
    place = column(width)
    room = (place.width * metrics.BASE_SIZE / place.size - NUMBER) / SAFETY
    whole = tokens_of(tex)
    if measure(whole) <= room:
        return (text_of(whole) + end,)
    for share in SHARES:
        if rows := best_rows(narrowed(whole, room, share), room):
            return (*rows[:-1], rows[-1] + end)
    raise InputError(f"A part of {tex[:60]}… cannot be broken to {place.width} pt; give it a name.")


def equation(
    tex: str, *, width: str | float | Column = "article", label: str | None = None, end: str = ""
) -> str:
    r"""A numbered display of one formula: ``equation``, with ``split`` in it for several rows.

    Beyond twenty rows it is an ``align`` with one number, which breaks over pages after
    ``\allowdisplaybreaks``.
    """
    rows = break_lines(tex, width=width, end=end)
    if len(rows) > _TALLEST:  # a split cannot be broken over pages
        return _environment("align", [*(rf"{row} \notag" for row in rows[:-1]), rows[-1] + _label(label)])
    return _environment("equation", [_split(rows) + _label(label)])


def equations(
    lines: Iterable[tuple[str, str | None]], *, width: str | float | Column = "article", end: str = ""
) -> str:
    """A numbered display of (formula, label) pairs: ``align`` if each fits a line, else ``gather``."""
    pairs = list(lines)
    if not pairs:
        raise InputError("There is no formula to display; give at least one.")
    if len(pairs) == 1:
        return equation(pairs[0][0], width=width, label=pairs[0][1], end=end)
    place = column(width)
    room = (place.width * metrics.BASE_SIZE / place.size - NUMBER) / SAFETY
    ends = [""] * (len(pairs) - 1) + [end]
    rows = [tokens_of(tex) for tex, _ in pairs]
    lefts = [left_side(row) for row in rows]
    halves = [(measure(row[:left]), measure(row[left:])) for row, left in zip(rows, lefts, strict=True)]
    if all(lefts) and max(left for left, _ in halves) + max(right for _, right in halves) + 3 <= room:
        texts = [marked(row, left) for row, left in zip(rows, lefts, strict=True)]
        name = "align"
    else:
        texts = [_split(break_lines(tex, width=place)) for tex, _ in pairs]
        name = "gather"
    labelled = [
        text + stop + _label(label) for text, stop, (_, label) in zip(texts, ends, pairs, strict=True)
    ]
    return _environment(name, labelled)


def _split(rows: Sequence[str]) -> str:
    return rows[0] if len(rows) == 1 else _environment("split", rows)


def _environment(name: str, rows: Sequence[str]) -> str:
    body = indent(" \\\\\n".join(rows), "  ")
    return f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"


def _label(label: str | None) -> str:
    if label is None:
        return ""
    if not label or not all(letter.isascii() and (letter.isalnum() or letter in ":-") for letter in label):
        raise InputError(f"The label {label!r} must be made of ASCII letters, digits, colons and hyphens.")
    return f" \\label{{{label}}}"
