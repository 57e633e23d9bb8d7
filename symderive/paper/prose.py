"""The sentences that writers of all formats print around the formulas; TeX inside."""

from __future__ import annotations

from collections.abc import Sequence

from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.words import to_tex
from symderive.statements.proof import AXIOM
from symderive.verdict import Verdict

TITLE = "Exact minima of a deep linear network"

INTRODUCTION = (
    r"A deep linear network with $D$ hidden layers of widths $d_{1}, \dots, d_{D}$, weight decay and "
    r"stochastic neurons maps $x$ to $f(x) = U \epsilon_{D} W_{D} \cdots \epsilon_{1} W_{1} x$ and is "
    r"trained on $\mathbb{E}_{x} \mathbb{E}_{\epsilon} (f(x) - y)^{2} + \gamma_{u} \lVert U\rVert^{2} + "
    r"\sum_{i} \gamma_{i} \lVert W_{i}\rVert_{F}^{2}$. Its global minima are known in closed form (Ziyin, "
    r"Li and Meng, 2022). What follows derives them, and what they imply, for every depth, width, decay "
    r"and noise."
)

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


#: How a proof's method reads as part of a sentence.
METHODS = {
    "exact algebra": "by exact algebra",
    "algebra from the hypotheses": "by algebra from the hypotheses",
    "composition": "by statements proved before",
    "manifestly non-negative rest": "what remains is manifestly non-negative",
    "calculus": "by differentiation",
    "then algebra": "by algebra",
    "two directions": "by both implications",
    "limit of the dominant powers": "by the dominant powers",
    "Sturm's theorem": "by Sturm's theorem",
    "comparison of all coefficients by a recurrence": "by a recurrence for all coefficients",
    "comparison of all coefficients by a difference equation": (
        "by a difference equation for all coefficients"
    ),
}


def method_note(sections: Sequence[Section], digits: int) -> str:
    """How the statements of a paper were proved and tested."""
    items = [item for section in sections for item in section.items]
    axioms = sum(item.statement.proof is AXIOM for item in items)
    proved = sum(item.result.verdict is Verdict.PROVED for item in items)
    others = len(items) - proved - axioms
    steps = sum(len(section.steps) for section in sections)
    if others:
        total = proved + others
        counted = f"Of {total} statements {proved} are proved by machine, and the others carry a mark."
    else:
        counted = f"All {proved} statements are proved by machine."
    known = f" Besides, {_number(axioms, 'axiom')} {_is(axioms)} taken as known, and marked." * bool(axioms)
    words = (
        f" {_number(steps, 'step').capitalize()} between them {_is(steps)} in words: the theorem that is "
        "applied is named, and nothing is checked."
    ) * bool(steps)
    narrowed = sum(bool(item.result.narrowed) for item in items)
    partly = f", {narrowed} of them in a part only, which the report names" * bool(narrowed)
    return (
        f"{counted} The method is named after each.{known}{words} Independently of its proof, each "
        f"statement was tested to {digits} digits, at the boundaries of its conditions first and then at "
        f"random points inside{partly}; each has "
        "near-misses (a dropped condition, a wrong exponent, a flipped sign) that were refuted by "
        "counterexamples; and each formula was read back from its LaTeX and compared with the expression "
        "that was proved."
    )


def _phrase(part: str) -> str:
    """A part of a method as part of a sentence."""
    if part.startswith("induction on "):
        return f"by induction on ${part.removeprefix('induction on ')}$"
    return METHODS.get(part, part)


def _number(count: int, noun: str) -> str:
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def assumptions(item: Item) -> str:
    """``Let … . Suppose … .``, empty where the notation table says all."""
    parts = []
    if item.kinds:
        parts.append(f"Let {_listed(item.kinds)}.")
    if item.hypotheses:
        parts.append(f"Suppose that {'; '.join(item.hypotheses)}.")
    return " ".join(parts)


def lead_in(item: Item) -> str:
    """The words between the assumptions and the formula."""
    ranges = _listed(item.quantifiers)
    start = "Then" if item.kinds or item.hypotheses else ""
    if ranges:
        return f"{start}, for {ranges}," if start else f"For {ranges},"
    return start


def proof(item: Item, reference: dict[str, str]) -> str:
    """One sentence: the method and what it rests on; ``reference`` maps ids to ways to point at them."""
    if item.statement.proof is AXIOM:
        return "Taken as known, and tested."
    phrases = [_phrase(part) for part in item.result.method.split(", ")]
    sentence = _listed(list(dict.fromkeys(phrases)))
    sentence = sentence[:1].upper() + sentence[1:]
    uses = [reference[used] for used in item.uses if used in reference]
    if uses:
        sentence += f", from {_listed(uses)}"
    if item.result.verdict is not Verdict.PROVED and item.result.reason:
        sentence += f" ({to_tex(_plain(item.result.reason))})"
    read = [reference[step] for step in item.steps if step in reference]
    return f"{sentence}. To be read with {_listed(read)}." if read else f"{sentence}."


def step_origin(item: StepItem, reference: dict[str, str]) -> str:
    """``In words, by … , from … .``: what a step in words begins with."""
    method = item.result.method
    uses = [reference[used] for used in item.uses if used in reference]
    sentence = f"{method[:1].upper()}{to_tex(method[1:])}"
    if uses:
        sentence += f", from {_listed(uses)}"
    if item.result.reason:
        sentence += f" ({to_tex(_plain(item.result.reason))})"
    return f"{sentence}."


def step_text(item: StepItem) -> str:
    """The conditions and the argument of a step."""
    given = f"Suppose that {'; '.join(item.conditions)}. " if item.conditions else ""
    return f"{given}{item.text}"


def _plain(text: str) -> str:
    """Text of an error as words: signs that TeX would take for mathematics are dropped."""
    return "".join(x if x.isascii() and x not in "$\\{}_^~" else " " for x in text)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
