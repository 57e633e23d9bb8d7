"""Parts of a formula that are wider than the column, written so that they can be broken."""

from __future__ import annotations

from symderive.latex import metrics
from symderive.latex.breaking import best_rows, measure
from symderive.latex.metrics import argument, text_of, tokens_of

#: How much of the line a fraction may take: as little rewriting as does the job.
SHARES = (1.0, 0.6, 0.35)
#: Room that the brace and the columns of cases need, and the least that is left for a value.
_CASES, _NARROWEST = 40.0, 60.0
_NEW_ROW = r" \\ "


def narrowed(tokens: tuple[str, ...], room: float, share: float) -> tuple[str, ...]:
    """The tokens with every fraction, root and table of cases that takes too much rewritten."""
    limit = (room - 4 * metrics.QUAD) * share
    at = 0
    while at < len(tokens):
        token = tokens[at]
        after = at + 1
        if token == r"\begin{cases}":
            after = metrics.environment_end(tokens, at) + 1
            if measure(tokens[at:after]) > limit:
                cases = _stacked_cases(tokens[at:after], room)
                tokens, after = (*tokens[:at], *cases, *tokens[after:]), at + len(cases)
        elif token == r"\begin{pmatrix}":
            after = metrics.environment_end(tokens, at) + 1
            if measure(tokens[at:after]) > limit:
                small = (*tokens_of(r" \begin{smallmatrix}"), *tokens[at + 1 : after - 1])
                small = _bracketed((*small, *tokens_of(r" \end{smallmatrix}")))
                tokens, after = (*tokens[:at], *small, *tokens[after:]), at + len(small)
        elif token in (r"\frac", r"\sqrt"):
            first, middle = argument(tokens, at + 1)
            second, after = argument(tokens, middle) if token == r"\frac" else ((), middle)
            if measure(tokens[at:after]) > limit:
                whole = _as_power(first) if token == r"\sqrt" else _as_product(first, second, limit)
                tokens, after = (*tokens[:at], *whole, *tokens[after:]), at + 1
        elif token == "{":
            after = metrics.matching(tokens, at) + 1
        at = after
    return tokens


def _stacked_cases(tokens: tuple[str, ...], room: float) -> tuple[str, ...]:
    """A table of cases whose long values are broken in an ``aligned`` of their own."""
    rows = metrics.cells(tokens)
    beside = max(measure(condition) for _, condition in rows)
    limit = room - 4 * metrics.QUAD - _CASES - beside
    if limit < _NARROWEST:
        return tokens
    lines = []
    for value, condition in rows:
        text = text_of(value)
        if measure(value) > limit:
            found = (best_rows(narrowed(value, limit, share), limit) for share in SHARES)
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
    if measure(below, 1) <= limit / 2:
        return (*tokens_of(r" \frac{1}"), "{", *below, "}", *_bracketed(above))
    inverse = (*_bracketed(below), *tokens_of("^{-1}"))
    return inverse if above == ("1",) else (*_bracketed(above), *inverse)
