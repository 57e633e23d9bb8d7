r"""Displays that fit a column: line breaks by measured width, in amsmath's own environments.

Lines break before relations, then before + and - outside brackets, then inside brackets, then between
factors (with a dot).  Among all ways the one with the fewest rows, then the best places, then the most
even rows is taken.  A fraction or a root that is wider than the column is written as a product or a
power, which means the same.  The reader skips everything that is added here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf

from symderive.errors import InputError
from symderive.latex import metrics
from symderive.latex.metrics import CLOSERS, CONNECTIVES, OPENERS, RELATIONS, argument, text_of, tokens_of
from symderive.latex.names import GREEK


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
#: Part of the line that a left-hand side may take before its relation moves to a row of its own.
_WIDEST_LEFT = 0.4

_ROW, _PLUS, _DEPTH, _COMMA, _FACTOR, _RAGGED = 100.0, 0.0, 150.0, 20.0, 150.0, 30.0
_RELATION = -120.0  # worth a row of its own
#: How much of the line a fraction may take: as little rewriting as does the job.
_SHARES = (1.0, 0.6, 0.35)
#: Room that the brace and the columns of cases need.
_CASES = 40.0
_NARROWEST = 60.0
_NEW_ROW = r" \\ "
_BIG = (r"\sum", r"\prod", r"\int", r"\lim")
#: Commands that print a letter.
_LETTERS = frozenset(
    [rf"\{word}" for word in GREEK] + [r"\mathrm", r"\mathbf", r"\mathcal", r"\bar", r"\hat", r"\tilde"]
)


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


@dataclass(frozen=True)
class _Break:
    """A place where a line may end, what the next line begins with, and how bad the place is."""

    at: int
    lead: str
    cost: float
    depth: int = 0


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
    if _measure(whole) <= room:
        return (text_of(whole) + end,)
    for share in _SHARES:
        if rows := _broken(_narrowed(whole, room, share), room):
            return (*rows[:-1], rows[-1] + end)
    raise InputError(f"A part of {tex[:60]}… cannot be broken to {place.width} pt; give it a name.")


def _broken(tokens: tuple[str, ...], room: float) -> list[str] | None:
    """The best rows of a formula that is too wide for one; None if there are none."""
    left = _left_side(tokens)
    aligned = _rows(tokens, room, left) if left and _measure(tokens[:left]) <= _WIDEST_LEFT * room else None
    plain = _rows(tokens, room, 0) if aligned is None or len(aligned) > 2 else None
    return aligned if plain is None or (aligned and len(aligned) <= len(plain) + 1) else plain


def equation(
    tex: str, *, width: str | float | Column = "article", label: str | None = None, end: str = ""
) -> str:
    """A numbered display of one formula: ``equation``, with ``split`` in it for several rows."""
    body = _split(break_lines(tex, width=width, end=end))
    return _environment("equation", [body + _label(label)])


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
    lefts = [_left_side(row) for row in rows]
    halves = [(_measure(row[:left]), _measure(row[left:])) for row, left in zip(rows, lefts, strict=True)]
    if all(lefts) and max(left for left, _ in halves) + max(right for _, right in halves) + 3 <= room:
        texts = [
            f"{text_of(row[:left])} &{text_of(row[left:])}" for row, left in zip(rows, lefts, strict=True)
        ]
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
    body = " \\\\\n".join(f"  {line}" for line in " \\\\\n".join(rows).split(" \\\\\n"))
    return f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"


def _label(label: str | None) -> str:
    if label is None:
        return ""
    if not label or not all(letter.isascii() and (letter.isalnum() or letter in ":-") for letter in label):
        raise InputError(f"The label {label!r} must be made of ASCII letters, digits, colons and hyphens.")
    return f" \\label{{{label}}}"


# Tokens and text ---------------------------------------------------------------------------------


def _measure(tokens: Sequence[str], style: int = 0) -> float:
    return metrics.list_width(tuple(tokens), style)


def _marked(tokens: Sequence[str], left: int) -> str:
    return f"{text_of(tokens[:left])} &{text_of(tokens[left:])}"


def _left_side(tokens: Sequence[str]) -> int:
    """The position of the relation at which rows are aligned: a connective, else the first relation."""
    depth = 0
    positions: dict[bool, int] = {}
    for at, token in enumerate(tokens):
        depth += _opens(tokens, at) - _closes(tokens, at)
        if depth == 0 and (token in CONNECTIVES or token in RELATIONS):
            positions.setdefault(token in CONNECTIVES, at)
    return positions.get(True, positions.get(False, 0))


def _opens(tokens: Sequence[str], at: int) -> bool:
    return tokens[at] == "{" or tokens[at] in OPENERS or tokens[at].startswith(r"\begin{")


def _closes(tokens: Sequence[str], at: int) -> bool:
    return tokens[at] == "}" or tokens[at] in CLOSERS or tokens[at].startswith(r"\end{")


# Breaking ----------------------------------------------------------------------------------------


def _breaks(tokens: tuple[str, ...]) -> list[_Break]:
    """Every place where a row may end, in order."""
    found: list[_Break] = []
    transposed = False
    fixed = depth = 0  # depth of groups that cannot be broken, and of brackets
    logical = any(token in CONNECTIVES for token in tokens)
    operator_ends = _operator_ends(tokens)
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        if token == "{" or token.startswith(r"\begin{"):
            fixed += 1
        if token == r"\top":
            transposed = True  # a product of matrices stays together
        elif fixed == 0 and (token in "+-," or token in RELATIONS or token in CLOSERS or token in OPENERS):
            transposed = False
        if fixed == 0 and at:
            nested = _DEPTH * depth
            if token in CONNECTIVES:
                found.append(_Break(at, "", nested + _RELATION, depth))
            elif token in RELATIONS:
                found.append(_Break(at, "", nested + (_PLUS + 5 if logical else _RELATION), depth))
            elif token in "+-" and _is_binary(before):
                found.append(_Break(at, "{}", nested + _PLUS, depth))
            elif before == "," and depth:
                found.append(_Break(at, "", nested + _COMMA, depth))
            elif at not in operator_ends and not transposed and _between_factors(tokens, at):
                found.append(_Break(at, r"{} \cdot", nested + _FACTOR, depth))
        if token == "}" or token.startswith(r"\end{"):
            fixed -= 1
        elif fixed == 0:
            depth += (token in OPENERS) - (token in CLOSERS)
    return found


def _is_binary(before: str) -> bool:
    opening = {*OPENERS, *RELATIONS, *CONNECTIVES, ",", r"\left", "&", "{"}
    return bool(before) and before not in opening


def _between_factors(tokens: Sequence[str], at: int) -> bool:
    """Whether two factors of a product meet at ``at``: both sides are complete and no call is cut."""
    before, token = tokens[at - 1], tokens[at]
    ends = before == "}" or before in CLOSERS or before.startswith(r"\end{") or _is_letter(before)
    brackets = token in ("(", r"\left") and (before in CLOSERS)
    begins = _is_letter(token) or token in (r"\frac", r"\sqrt", r"\binom", r"\sum", r"\prod") or brackets
    return ends and begins and token != r"\right" and before not in (r"\left", r"\right")


def _is_letter(token: str) -> bool:
    return token.isalpha() or token in _LETTERS


def _operator_ends(tokens: Sequence[str]) -> set[int]:
    """Positions right after a big operator, a derivative or a function's name, where its body begins."""
    ends: set[int] = set()
    for at, token in enumerate(tokens):
        after = at + 1
        if token in metrics.FUNCTIONS or token in _BIG:
            while after < len(tokens) and tokens[after] in "_^":
                after = argument(tokens, after + 1)[1]
            ends.add(after)
        elif token == r"\frac" and "".join(tokens[at + 2 : at + 6]).startswith(
            (r"\partial", r"\mathrm{d}")
        ):
            ends.add(argument(tokens, argument(tokens, after)[1])[1])
        elif token in (r"\operatorname", r"\mathbb"):
            ends.add(argument(tokens, after)[1])
    return ends


def _rows(tokens: tuple[str, ...], room: float, left: int) -> list[str] | None:
    """The best rows, aligned at the relation at ``left`` (0: at the margin); None if nothing fits."""
    places = [_Break(0, "", 0.0), *(place for place in _breaks(tokens) if place.at > left)]
    starts = [place.at for place in places]
    shift = _measure(tokens[:left])
    logical = left and tokens[left] in CONNECTIVES

    def indent(number: int) -> int:
        """Quads before a row."""
        place = places[number]
        if number == 0 or (left and _leads(tokens[place.at], bool(logical))):
            return 0
        return 2 if place.depth else 1

    @cache
    def best(number: int) -> tuple[float, tuple[int, ...]]:
        """Cost and following breaks of the best rows from place ``number`` on."""
        if number == len(places):
            return 0.0, ()
        offset = (shift if number else 0.0) + metrics.QUAD * indent(number)
        offset += _measure(tokens_of(places[number].lead)) + 2 * metrics.QUAD / 4.5 if number else 0.0
        choice: tuple[float, tuple[int, ...]] = (inf, ())
        for stop in range(number + 1, len(places) + 1):
            finish = starts[stop] if stop < len(places) else len(tokens)
            used = offset + _measure(tokens[starts[number] : finish])
            if used > room:
                break
            cost, rest = best(stop)
            cost += _ROW + _RAGGED * (1 - used / room) ** 2
            cost += places[stop].cost if stop < len(places) else 0.0
            if cost < choice[0]:
                choice = cost, (stop, *rest)
        return choice

    cost, stops = best(0)
    if cost == inf:
        return None
    cuts = [0, *(starts[stop] for stop in stops if stop < len(places))]
    pieces = [
        _open_sizes(tokens, cuts)[start:finish]
        for start, finish in zip(cuts, [*cuts[1:], None], strict=True)
    ]
    rows = []
    for start, piece in zip(cuts, pieces, strict=True):
        number = starts.index(start)
        space = ("", r"\quad ", r"\qquad ")[indent(number)]
        lead = f"{places[number].lead} " if number and places[number].lead else ""
        if number == 0 and left:
            rows.append(_marked(piece, left))
        else:
            rows.append(f"&{space}{lead}{text_of(piece)}")
    return rows


def _leads(token: str, logical: bool) -> bool:
    """Whether a row that begins with ``token`` stands at the alignment mark."""
    return token in CONNECTIVES or (token in RELATIONS and not logical)


def _open_sizes(tokens: tuple[str, ...], cuts: Sequence[int]) -> tuple[str, ...]:
    r"""The tokens with \left and \right replaced by fixed sizes in every pair that a cut separates."""
    changed: list[str] = list(tokens)
    stack: list[int] = []
    for at, token in enumerate(tokens):
        if token == r"\left":
            stack.append(at)
        elif token == r"\right":
            start = stack.pop()
            if any(start < cut <= at for cut in cuts):
                changed[start], changed[at] = tokens_of(r" \biggl \biggr")
    return tuple(changed)


# Parts that are too wide -------------------------------------------------------------------------


def _narrowed(tokens: tuple[str, ...], room: float, share: float) -> tuple[str, ...]:
    """The tokens with every fraction, root and table of cases that takes too much rewritten."""
    limit = (room - 4 * metrics.QUAD) * share
    at = 0
    while at < len(tokens):
        token = tokens[at]
        after = at + 1
        if token == r"\begin{cases}":
            after = metrics.environment_end(tokens, at) + 1
            if _measure(tokens[at:after]) > limit:
                cases = _stacked_cases(tokens[at:after], room)
                tokens, after = (*tokens[:at], *cases, *tokens[after:]), at + len(cases)
        elif token in (r"\frac", r"\sqrt"):
            first, middle = argument(tokens, at + 1)
            second, after = argument(tokens, middle) if token == r"\frac" else ((), middle)
            if _measure(tokens[at:after]) > limit:
                whole = _as_power(first) if token == r"\sqrt" else _as_product(first, second, limit)
                tokens, after = (*tokens[:at], *whole, *tokens[after:]), at + 1
        elif token == "{":
            after = metrics.matching(tokens, at) + 1
        at = after
    return tokens


def _stacked_cases(tokens: tuple[str, ...], room: float) -> tuple[str, ...]:
    """A table of cases whose long values are broken in an ``aligned`` of their own."""
    rows = metrics.cells(tokens)
    beside = max(_measure(condition) for _, condition in rows)
    limit = room - 4 * metrics.QUAD - _CASES - beside
    if limit < _NARROWEST:
        return tokens
    lines = []
    for value, condition in rows:
        text = text_of(value)
        if _measure(value) > limit:
            found = (_broken(_narrowed(value, limit, share), limit) for share in _SHARES)
            if (broken := next((rows for rows in found if rows), None)) is None:
                return tokens
            text = " ".join([r"\begin{aligned}", r" \\ ".join(broken), r"\end{aligned}"])
        lines.append(f"{text} & {text_of(condition)}")
    return tokens_of(rf" \begin{{cases}} {_NEW_ROW.join(lines)} \end{{cases}}")


def _bracketed(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return (*tokens_of(r" \left("), *tokens, *tokens_of(r" \right)"))


def _as_power(body: tuple[str, ...]) -> tuple[str, ...]:
    return (*_bracketed(body), *tokens_of("^{1/2}"))


def _as_product(above: tuple[str, ...], below: tuple[str, ...], limit: float) -> tuple[str, ...]:
    """A quotient whose long parts can be broken: 1/D (N), or (N) (D)^{-1} if D is long as well."""
    if _measure(below, 1) <= limit / 2:
        return (*tokens_of(r" \frac{1}"), "{", *below, "}", *_bracketed(above))
    inverse = (*_bracketed(below), *tokens_of("^{-1}"))
    return inverse if above == ("1",) else (*_bracketed(above), *inverse)
