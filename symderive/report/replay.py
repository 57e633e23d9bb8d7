"""The claims of a paper and what is known of each, as a page and as JSON."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from symderive.displays.printing.text import to_text
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.library.load import vocabulary_of
from symderive.paper.replay import Judged, Standing
from symderive.paper.words import Maths, Words, spans
from symderive.report.page import Line, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from symderive.paper.checked_displays import Shown

#: How standings are marked.
_STYLES = {Standing.CONDITIONAL: "cyan", Standing.REFUTED: "bold red", Standing.UNDECIDED: "red"}


def replay_page(judged: Sequence[Judged], *, title: str, verbose: bool = False) -> Page:
    """The claims in order, under each its formulas, condition, instance, numbers, and what proves it.

    Statements and steps in words are counted; with ``verbose`` they are named.
    """
    lines = [Line(title)]
    for number, one in enumerate(judged, 1):
        lines.append(
            Line(f"\n{number}. {one.claim.id}: {one.standing.value}", _STYLES.get(one.standing, ""))
        )
        lines += [Line(f"   {text}") for text in _told(one, verbose=verbose)]
    counts = Counter(one.standing for one in judged)
    said = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])
    return (*lines, Line(f"\n{said}."))


def replay_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """The same as one JSON object; text is TeX between dollars, as the records have it."""
    return {
        "claims": [_record(one) for one in judged],
        "counts": {x.value: sum(one.standing is x for one in judged) for x in Standing},
    }


def _told(one: Judged, *, verbose: bool) -> Iterator[str]:
    claim = one.claim
    yield plain(claim.wording)
    if one.reason:
        yield f"Because {one.reason}."
        return
    for id_, shown in one.displays:
        yield f"  {_formula(shown)}   [{id_}]"
    if claim.condition:
        yield f"Condition: {plain(claim.condition)}."
    if claim.instance:
        yield f"Without it: {plain(claim.instance)}."
    yield from (f"  {plain(x.what)}: {x.value}" for x in one.measured)
    if claim.remark:
        yield plain(claim.remark)
    if one.machine:
        known = _counted(one.machine, "statement", verbose=verbose)
        yield f"Rests on {known} by machine{_steps(one, verbose=verbose)}."
    if one.against:
        ids = one.against if verbose else tuple(x.id for x in claim.needed)
        yield f"The instance: {', '.join(ids)}."


def _steps(one: Judged, *, verbose: bool) -> str:
    return f", and {_counted(one.words, 'step', verbose=verbose)} in words" if one.words else ""


def _counted(ids: Sequence[str], noun: str, *, verbose: bool) -> str:
    said = f"{len(ids)} {noun}{'s' * (len(ids) != 1)}"
    return f"{said} ({', '.join(ids)})" if verbose else said


def _formula(shown: Shown) -> str:
    """A display with the names that it defines, its hypotheses and its ranges."""
    said = ", where ".join(filter(None, (in_text(shown.tex), ", ".join(map(in_text, shown.where)))))
    given = ", ".join(in_text(x.tex) for x in shown.hypotheses)
    return f"{said}, if {given}" if given else said


def _record(one: Judged) -> dict[str, Any]:
    claim = one.claim
    return {
        "id": claim.id,
        "wording": claim.wording,
        "quoted": claim.is_quoted,
        "standing": one.standing.value,
        "condition": claim.condition or None,
        "formulas": [
            {"id": id_, "latex": shown.formula, "given": list(shown.given)} for id_, shown in one.displays
        ],
        "proved_by": list(one.machine),
        "in_words": list(one.words),
        "instance": claim.instance or None,
        "instance_proved_by": list(one.against),
        "measured": [{"what": x.what, "value": x.value, "holds": x.holds} for x in one.measured],
        "reason": one.reason or None,
        "remark": claim.remark or None,
    }


def plain(text: str) -> str:
    """Prose for a terminal: formulas in Unicode where they can be read, else as they are."""
    return "".join(
        span.text if isinstance(span, Words) else in_text(span.tex) if isinstance(span, Maths) else ""
        for span in spans(text)
    )


def in_text(tex: str) -> str:
    """A formula in Unicode; in TeX where the language of displays does not have it."""
    with suppress(InputError):
        return to_text(read(tex, functions=_heads()))
    return tex


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    return Reading(vocabulary_of(())).functions
