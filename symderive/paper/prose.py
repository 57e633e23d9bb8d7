"""The sentences that a paper has around its formulas, as text of :mod:`symderive.paper.words`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.certificate import listed
from symderive.paper.checked_displays import Hypothesis
from symderive.paper.numbering import STATEMENT
from symderive.statements.proof import AXIOM
from symderive.verdict import Verdict

#: How a verdict is printed; PROVED needs no mark.
MARKS = {
    Verdict.PROVED: "",
    Verdict.CHECKED: "tested only",
    Verdict.REFUTED: "REFUTED",
    Verdict.UNDECIDED: "UNDECIDED",
    Verdict.IN_WORDS: "",
}


def mark(item: Item | StepItem) -> str:
    """What stands beside the title of a statement that is not proved; empty for one that is.

    A step says itself, in its first words, that it is in words.
    """
    if isinstance(item, Item) and item.statement.proof is AXIOM:
        return "axiom"
    return MARKS[item.result.verdict]


def pointed(ids: Sequence[str]) -> str:
    """References to statements and steps."""
    return listed(f"[[{STATEMENT}{id_}]]" for id_ in ids)


# -- what a paper says of its statements -------------------------------------------------------------------


def counted(sections: Sequence[Section]) -> str:
    """How many statements, axioms, steps in words and displays a paper has, and what became of them."""
    items = [item for section in sections for item in section.items]
    axioms = sum(item.statement.proof is AXIOM for item in items)
    proved = sum(x.result.verdict is Verdict.PROVED for x in items if x.statement.proof is not AXIOM)
    steps = sum(len(section.steps) for section in sections)
    sentences = [
        _counted(proved, len(items) - axioms),
        f"Besides, {count(axioms, 'axiom')} {_is(axioms)} taken as known, and marked." if axioms else "",
        (
            f"Between them {'stands' if steps == 1 else 'stand'} {count(steps, 'step')} in words, each of "
            "which names the theorem that it applies."
            if steps
            else ""
        ),
        displays_note(sections),
        coq_note(sections),
    ]
    return " ".join(filter(None, sentences))


def method_note(sections: Sequence[Section], digits: int) -> str:
    """How the statements of a paper were proved and tested, and how many displays are proved."""
    items = [item for section in sections for item in section.items]
    return f"{counted(sections)} {_tests(items, digits)}"


def _counted(proved: int, total: int) -> str:
    if total == 1:
        return "The one statement is " + ("proved by machine." if proved else "not proved, and marked.")
    if proved == total:
        return f"All {total} statements are proved by machine, and each proof says what it rests on."
    return f"Of {total} statements {proved} {_is(proved)} proved by machine, and the others carry a mark."


def _tests(items: Sequence[Item], digits: int) -> str:
    narrowed = sum(bool(item.result.narrowed) for item in items)
    partly = f", {narrowed} of them in a part only, which the report names" if narrowed else ""
    return (
        f"Independently of its proof, each statement was tested to {digits} digits, at the boundaries of "
        f"its conditions first and then at random points inside{partly}; each has near-misses (a dropped "
        "condition, a wrong exponent, a flipped sign) that were refuted by counterexamples; and each "
        "formula was read back from its LaTeX and compared with the expression that was proved."
    )


def displays_note(sections: Sequence[Section]) -> str:
    """How many displays are proved to say what was proved; empty where there are none."""
    displays = [x.display for section in sections for x in section.entries if x.display is not None]
    if not displays:
        return ""
    kinds = {kind: sum(x.verdict == kind for x in displays) for kind in ("proved", "in words", "refused")}
    said = {
        "proved": f"{_is(kinds['proved'])} proved to say what the statement says in entries",
        "in words": f"{'says' if kinds['in words'] == 1 else 'say'} what a step in words says",
        "refused": f"{_is(kinds['refused'])} refused, and marked",
    }
    if len(displays) == 1:
        return f"The one display in matrix notation {said[displays[0].verdict]}."
    counted = listed(f"{number} {said[kind]}" for kind, number in kinds.items() if number)
    return f"Of {count(len(displays), 'display')} in matrix notation {counted}."


def coq_note(sections: Sequence[Section]) -> str:
    """How many statements Coq has checked; empty where it has checked none."""
    checked = [item.coq for section in sections for item in section.items if item.coq]
    if not checked:
        return ""
    return (
        f"Coq {checked[0].coq} has checked {count(len(checked), 'statement')}, too, from the same records."
    )


def count(number: int, noun: str) -> str:
    """``one step``, ``2 steps``."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


# -- a statement -------------------------------------------------------------------------------------------


def assumptions(item: Item) -> str:
    """``Let … . Suppose … .``, empty where the notation table says all."""
    parts = []
    if item.printed.kinds:
        parts.append(f"Let {listed(item.printed.kinds)}.")
    hypotheses = (*item.printed.hypotheses, *item.statement.conditions)
    if hypotheses:
        parts.append(f"Suppose that {'; '.join(hypotheses)}.")
    return " ".join(parts)


def lead_in(item: Item) -> str:
    """The words between the assumptions and the formula."""
    ranges = listed(item.printed.quantifiers)
    start = "Then" if item.printed.kinds or item.printed.hypotheses or item.statement.conditions else ""
    if ranges:
        return f"{start}, for {ranges}," if start else f"For {ranges},"
    return start


def given(hypotheses: Sequence[Hypothesis], before: str = "") -> str:
    """``If $…$ and $…$, then``, as it goes on after the text before it."""
    if not hypotheses:
        return ""
    word = "If" if not before or before.rstrip().endswith(".") else "if"
    return f"{word} {listed(map(hypothesis, hypotheses))}, then"


def hypothesis(one: Hypothesis) -> str:
    """A hypothesis of a display among words, with the ranges of its indices."""
    return f"${one.inline}$ for ${one.over}$" if one.over else f"${one.inline}$"


def proof(item: Item) -> str:
    """What the proof's record says, why it is refused, and what its title is to be read with."""
    sentences = [item.printed.certificate]
    if (
        item.result.verdict is not Verdict.PROVED
        and item.statement.proof is not AXIOM
        and item.result.reason
    ):
        sentences.append(f"({plain(item.result.reason)}.)")
    if item.steps:
        sentences.append(f"To be read with {pointed(item.steps)}.")
    if item.display is not None and item.display.because:
        sentences.append(f"That its display says so rests on {pointed(item.display.because)}.")
    if item.coq:
        sentences.append("Checked by Coq.")
    return " ".join(sentences)


def step_origin(item: StepItem) -> str:
    """``In words, by … , from … .``: what a step in words begins with."""
    method = item.result.method
    sentence = f"{method[:1].upper()}{method[1:]}"
    if item.uses:
        sentence += f", from {pointed(item.uses)}"
    if item.result.reason:
        sentence += f" ({plain(item.result.reason)})"
    return f"{sentence}."


def step_text(item: StepItem) -> str:
    """The conditions and the argument of a step."""
    given = f"Suppose that {'; '.join(item.step.conditions)}. " if item.step.conditions else ""
    return f"{given}{item.step.text}"


def plain(text: str) -> str:
    """Text of an error as words: signs that would be taken for mathematics are dropped."""
    return "".join(x if x.isascii() and x.isprintable() and x not in "$\\{}_^~`[]" else " " for x in text)


def title_of(sections: Sequence[Section], unlisted: Collection[str] = ()) -> str:
    """A title for a paper of some sections: theirs."""
    titles = [x.derivation.title for x in sections if x.derivation.id not in unlisted]
    most = 3
    if len(titles) <= most:
        return "; ".join(titles)
    return f"{'; '.join(titles[: most - 1])}; and {len(titles) - most + 1} further sections"
