r"""Displays as Typst by their own printer, which knows what a formula says, and not only how it looks.

A formula is taken apart where a line of a paper may be: at the marks of rows, at ``\quad``, before a
relation or a sign.  What is then no display as displays are printed is None here, and pandoc's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from symderive.displays.printing.latex import to_tex
from symderive.displays.printing.typst import to_typst
from symderive.displays.reading.reader import read
from symderive.errors import InputError

#: Relations, by the LaTeX before what follows them.
_RELATIONS = {
    "=": "=",
    ":=": ":=",
    "<": "<",
    ">": ">",
    r"\lt": "<",
    r"\gt": ">",
    r"\le": "<=",
    r"\ge": ">=",
    r"\ne": "!=",
    r"\succeq": "succ.eq",
    r"\preceq": "prec.eq",
    r"\succ": "succ",
    r"\in": "in",
    r"\cong": "tilde.equiv",
    r"\iff": "<==>",
}
_RELATION = re.compile(r"(:=|=|<|>|\\(?:lt|gt|le|ge|ne|succeq|preceq|succ|in|cong|iff)(?![a-z]))\s*")

#: A sign at the start of a row, which is one between terms.
_SIGN = re.compile(r"\{\}\s*(\+|-|\\cdot)\s*")
_SIGNS = {"+": "+", "-": "-", r"\cdot": "dot.op"}

_GAPS = {"quad": "quad", "qquad": "wide"}
_GAP = re.compile(r"\\(q?quad)\b\s*")
_END = re.compile(r"\s*([.,;:]?)\s*$")
_WORDS = re.compile(r"\\text\{([^{}\\]*)\}")
_RANGES = re.compile(r"\(?([^()]*)\)?")


def to_typst_rows(rows: Sequence[str], functions: Collection[str]) -> str | None:
    """Rows of a formula, with ``&`` where they are aligned, for a place between dollars.

    ``functions`` are the heads that take arguments.  None where a part is no display.

    >>> to_typst_rows((r"m^{\\top} A m \\ge 0,\\quad i = 1, \\dots, D.",), ())
    'm^top A m >= 0, quad i = 1, dots.h, D .'
    """
    try:
        return " \\\n".join(_row(row, functions) for row in rows)
    except InputError:
        return None


def _row(row: str, functions: Collection[str]) -> str:
    # in a matrix it is a mark between entries
    sides = [row] if r"\begin" in row else row.split("&")
    return "&".join(_side(side, functions) for side in sides)


def _side(side: str, functions: Collection[str]) -> str:
    """What stands on one side of an alignment: parts with gaps between them."""
    parts = _GAP.split(side.strip())
    made = [_part(parts[0], functions)]
    for gap, part in zip(parts[1::2], parts[2::2], strict=True):
        made += [_GAPS[gap], _part(part, functions)]
    return " ".join(filter(None, made))


def _part(text: str, functions: Collection[str]) -> str:
    end = _END.search(text)
    assert end is not None
    stop, text = end[1], text[: end.start()].strip()
    made = " ".join(_pieces(text, functions))
    return f"{made}{'' if stop == ',' else ' ' * bool(stop)}{stop}"


def _pieces(text: str, functions: Collection[str]) -> Iterator[str]:
    if not text:
        return
    if (sign := _SIGN.match(text)) is not None:
        # Typst takes a sign for one between terms only after something
        yield f'"" {_SIGNS[sign[1]]}'
        text = text[sign.end() :]
    elif (relation := _RELATION.match(text)) is not None:
        yield _RELATIONS[relation[1]]
        text = text[relation.end() :]
    if (words := _WORDS.fullmatch(text)) is not None:
        yield f'"{words[1]}"'
    elif r"\dots" in text:
        yield _ranges(text, functions)
    elif text:
        yield formula(text, functions)


def _ranges(text: str, functions: Collection[str]) -> str:
    """``i = 1, \\dots, D``, with or without brackets."""
    inside = _RANGES.fullmatch(text)
    if inside is None:
        raise InputError(f"{text[:60]!r} is no list of ranges.")
    items = [item.strip() for item in inside[1].split(",")]
    made = ", ".join("dots.h" if item == r"\dots" else formula(item, functions) for item in items)
    return f"({made})" if text.startswith("(") else made


def formula(text: str, functions: Collection[str]) -> str:
    """A display, printed as displays are, in Typst; :class:`InputError` for anything else.

    What an author writes in another way looks the way that he wants, which pandoc keeps.
    """
    node = read(_known(text), functions=frozenset(functions))
    written = _bare(_known(text))
    for inline in (True, False):
        if written == _bare(to_tex(node, inline=inline)):
            return to_typst(node, inline=inline)
    raise InputError(f"{text[:60]!r} is written in another way than displays are.")


def _known(text: str) -> str:
    return text.replace(r"\lt ", "<").replace(r"\gt ", ">")


def _bare(tex: str) -> str:
    """LaTeX without what only spaces it, and without braces: ``d_0`` is ``d_{0}``."""
    return re.sub(r"\\[!,]|[\s{}]", "", tex)
