"""Where the rows of a formula may end, and the best way to choose among those places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from symderive.latex import metrics
from symderive.latex.metrics import CLOSERS, CONNECTIVES, OPENERS, RELATIONS, argument, text_of, tokens_of
from symderive.latex.names import GREEK

#: Part of the line that a left-hand side may take before its relation moves to a row of its own.
_WIDEST_LEFT = 0.4

# What a way of breaking costs: each row, breaks by their place, and rows of uneven length.
_ROW, _PLUS, _DEPTH, _COMMA, _FACTOR, _RAGGED = 100.0, 0.0, 150.0, 20.0, 150.0, 30.0
_RELATION = -120.0  # worth a row of its own
_CLAIM = -95.0  # between claims side by side: nearly free, but no row of its own
_RELATION_BESIDE = -60.0  # a relation in one of several claims
_LOWER_RELATION = 5.0  # a relation inside a chain of connectives

_TIMES = r"{} \cdot"
_DOT = 7.3  # its width with the space on both sides

#: Commands that print a letter.
_LETTERS = frozenset(
    [rf"\{word}" for word in GREEK] + [r"\mathrm", r"\mathbf", r"\mathcal", r"\bar", r"\hat", r"\tilde"]
)


@dataclass(frozen=True)
class _Break:
    """A place where a line may end, what the next line begins with, and how bad the place is."""

    at: int
    lead: str
    cost: float
    depth: int = 0


def best_rows(tokens: tuple[str, ...], room: float) -> list[str] | None:
    """The best rows of a formula, with marks of alignment if there are several; None if none fit."""
    left = 0 if any(_begins_claim(tokens, at) for at in range(len(tokens))) else left_side(tokens)
    aligned = _rows(tokens, room, left) if left and measure(tokens[:left]) <= _WIDEST_LEFT * room else None
    plain = _rows(tokens, room, 0) if aligned is None or len(aligned) > 2 else None
    return aligned if plain is None or (aligned and len(aligned) <= len(plain) + 1) else plain


def measure(tokens: Sequence[str], style: int = 0) -> float:
    """Width of tokens in points at 10 pt, in display style unless told."""
    return metrics.list_width(tuple(tokens), style)


def marked(tokens: Sequence[str], left: int) -> str:
    """The text with the mark of alignment before the token at ``left``."""
    return f"{text_of(tokens[:left])} &{text_of(tokens[left:])}"


def left_side(tokens: Sequence[str]) -> int:
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


def _breaks(tokens: tuple[str, ...]) -> list[_Break]:
    """Every place where a row may end, in order."""
    found: list[_Break] = []
    transposed = False
    fixed = depth = 0  # depth of groups that cannot be broken, and of brackets
    lower = _LOWER_RELATION if any(token in CONNECTIVES for token in tokens) else _RELATION
    if any(_begins_claim(tokens, at) for at in range(len(tokens))):
        lower = _RELATION_BESIDE
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
            if _begins_claim(tokens, at) and not depth:
                found.append(_Break(at, "", _CLAIM))
            elif token in CONNECTIVES:
                found.append(_Break(at, "", nested + _RELATION, depth))
            elif token in RELATIONS and before != ":":  # := is one sign
                found.append(_Break(at, "", nested + lower, depth))
            elif token in ("+", "-", r"\oplus") and _is_binary(before):
                found.append(_Break(at, "{}", nested + _PLUS, depth))
            elif before == "," and depth:
                found.append(_Break(at, "", nested + _COMMA, depth))
            elif at not in operator_ends and not transposed and _between_factors(tokens, at):
                found.append(_Break(at, _TIMES, nested + _FACTOR, depth))
        if token == "}" or token.startswith(r"\end{"):
            fixed -= 1
        elif fixed == 0:
            depth += (token in OPENERS) - (token in CLOSERS)
    return found


def _begins_claim(tokens: Sequence[str], at: int) -> bool:
    """Whether a claim beside another begins at ``at``: after a comma and a quad."""
    return at > 1 and tokens[at - 1] == r"\quad" and tokens[at - 2] == ","


def _is_binary(before: str) -> bool:
    opening = {*OPENERS, *RELATIONS, *CONNECTIVES, ",", r"\left", "&", "{"}
    return bool(before) and before not in opening


def _between_factors(tokens: Sequence[str], at: int) -> bool:
    """Whether two factors of a product meet at ``at``: both sides are complete and no call is cut."""
    before, token = tokens[at - 1], tokens[at]
    ends = before == "}" or before in CLOSERS or before.startswith(r"\end{") or _is_letter(before)
    brackets = token in ("(", r"\left", r"\bigl", r"\Bigl") and (before in CLOSERS)
    begins = _is_letter(token) or token in (r"\frac", r"\sqrt", r"\binom", r"\sum", r"\prod") or brackets
    return ends and begins and token != r"\right" and before not in (r"\left", r"\right")


def _is_letter(token: str) -> bool:
    return token.isalpha() or token in _LETTERS


def _operator_ends(tokens: Sequence[str]) -> set[int]:
    """Positions right after a big operator, a derivative or a function's name, where its body begins."""
    ends: set[int] = set()
    for at, token in enumerate(tokens):
        after = at + 1
        if token in metrics.FUNCTIONS or token in metrics.BIG or token == r"\nabla":
            ends.add(_scripts_end(tokens, after))
        elif token == r"\frac" and "".join(tokens[at + 2 : at + 6]).startswith(
            (r"\partial", r"\mathrm{d}")
        ):
            ends.add(argument(tokens, argument(tokens, after)[1])[1])
        elif token in (r"\operatorname", r"\mathbb"):
            ends.add(_scripts_end(tokens, argument(tokens, after)[1]))
    return ends


def _scripts_end(tokens: Sequence[str], at: int) -> int:
    """The position after the scripts that begin at ``at``."""
    while at < len(tokens) and tokens[at] in "_^":
        at = argument(tokens, at + 1)[1]
    return at


def _rows(tokens: tuple[str, ...], room: float, left: int) -> list[str] | None:
    """The cheapest rows, aligned at the relation at ``left`` (0: at the margin); None if none fit."""
    places = [_Break(0, "", 0.0), *(place for place in _breaks(tokens) if place.at > left)]
    bounds = [*(place.at for place in places), len(tokens)]
    quads = [_quads(tokens, place, left) for place in places]
    widths = dict(metrics.running_widths(tokens))
    shift = widths[left]
    count = len(places)
    costs, following = [inf] * count + [0.0], [count] * count
    for number in reversed(range(count)):
        offset = shift + metrics.QUAD * quads[number]
        offset += _DOT if places[number].lead == _TIMES else 0.0
        for stop in range(number + 1, count + 1):
            used = (offset if number else 0.0) + widths[bounds[stop]] - widths[bounds[number]]
            if used > room:
                break
            cost = costs[stop] + _ROW + _RAGGED * (1 - used / room) ** 2
            cost += places[stop].cost if stop < count else 0.0
            if cost < costs[number]:
                costs[number], following[number] = cost, stop
    if costs[0] == inf:
        return None
    numbers = [0]
    while (number := following[numbers[-1]]) < count:
        numbers.append(number)
    if len(numbers) == 1:
        return [text_of(tokens)]
    resized = _open_sizes(tokens, [bounds[number] for number in numbers])
    rows = []
    for number in numbers:
        piece = resized[bounds[number] : bounds[following[number]]]
        piece = piece[:-1] if piece[-1] == r"\quad" else piece
        space = ("", r"\quad ", r"\qquad ")[quads[number]]
        lead = f"{places[number].lead} " if places[number].lead else ""
        rows.append(marked(piece, left) if not number and left else f"&{space}{lead}{text_of(piece)}")
    return rows


def _quads(tokens: Sequence[str], place: _Break, left: int) -> int:
    """The indent of a row in quads: none where it begins, or begins with the relation that is aligned."""
    token = tokens[place.at]
    if _begins_claim(tokens, place.at):
        return 2 if any(before in CONNECTIVES for before in tokens[: place.at]) else 0
    logical = tokens[left] in CONNECTIVES
    if place.at == 0 or (left and (token in CONNECTIVES or (token in RELATIONS and not logical))):
        return 0
    return 2 if place.depth else 1


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
