"""One statement, step or theorem, ready to paste: its display, its conditions and what to cite.

What is printed is proved: a display that is refused, or a statement in doubt, is a :class:`RefusedError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import sympy as sp

from symderive.displays.depth import entry_at_depth, vocabulary_at_depth
from symderive.displays.nodes import Node
from symderive.displays.printing.latex import to_tex
from symderive.displays.printing.text import to_text
from symderive.displays.printing.typst import to_typst
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.latex import equation
from symderive.library.catalog import find, theorem_called, theorems
from symderive.library.load import load, load_document, nearest_hint, vocabulary_of
from symderive.paper.typesetting import typeset_statement
from symderive.proofs.displayed import REFUSED, Displayed, check_display
from symderive.proofs.prover import prove
from symderive.statements.claim import Claim, Relation
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document
from symderive.statements.proof import AXIOM
from symderive.statements.statement import Derivation, Statement, claim_in_words
from symderive.statements.step import Step
from symderive.verdict import Verdict
from symderive.writers.convert import to_typst_formula
from symderive.writers.style import Style

FORMATS = ("latex", "typst", "markdown", "sympy", "text")

#: What begins a line that is no formula.
_COMMENT = {"latex": "% ", "typst": "// ", "markdown": "", "sympy": "# ", "text": ""}


class RefusedError(Exception):
    """What is asked for is not proved, or its display is refused; the message is one sentence."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: a name, the preset of a column, a format, and a depth or None."""

    name: str
    width: str = "article"
    format: str = "latex"
    depth: int | None = None


def ready(wanted: Wanted, *, ledger: Any = None, file: str | None = None) -> str:
    """The text to paste, without a last line break.

    Names are those of the package, or of a derivation in a ``file``.  Raises :class:`RefusedError`, and
    :class:`~symderive.errors.InputError` for an unknown name, for a format that a step does not have, and
    for a depth at which nothing is said.
    """
    entries, vocabulary, document = _meant(wanted.name, file)
    keys = _Works(document)
    parts = [
        part
        for entry in entries
        if (part := _part(entry, vocabulary, wanted, keys, ledger)) or len(entries) == 1
    ]
    if not any(parts):
        raise InputError(f"{wanted.name} says nothing at {wanted.depth} hidden layers.")
    return "\n\n".join(parts)


def _meant(name: str, file: str | None) -> tuple[tuple[Any, ...], Vocabulary, Document | None]:
    """Statements and steps that a name means, what reads their displays, and the paper with its works."""
    if file is not None:
        own = load(file)
        return (_in_file(own, name),), vocabulary_of((own,)), own.document
    document = load_document()
    try:
        _, entry = find(name)
    except InputError:
        theorem = theorem_called(name, theorems())
        if theorem is None:
            raise
        return theorem.claims, vocabulary_of(()), document
    return (entry,), vocabulary_of(()), document


def _in_file(derivation: Derivation, name: str) -> Statement | Step:
    for entry in derivation.entries:
        if entry.id == name:
            found: Statement | Step = entry
            return found
    near = nearest_hint(name, [entry.id for entry in derivation.entries])
    raise InputError(f"{name!r} is no statement and no step of {derivation.id}{near}.")


def _part(
    entry: Statement | Step, vocabulary: Vocabulary, wanted: Wanted, keys: _Works, ledger: Any
) -> str:
    """One display with its comments; empty where it says nothing at the depth."""
    special: Statement | Step | None = entry
    if wanted.depth is not None:
        special = entry_at_depth(entry, vocabulary, wanted.depth)
        vocabulary = vocabulary_at_depth(vocabulary, wanted.depth)
    if special is None or (entry.display is not None and special.display is None):
        return ""
    verdict = _require_proved(special, ledger)
    because: tuple[str, ...] = ()
    if special.display is None or wanted.format == "sympy":
        formula, conditions = _formula(special, wanted)
    else:
        shown = check_display(special, vocabulary)
        if shown.verdict == REFUSED:
            raise RefusedError(f"the display of {entry.id} is refused: {shown.reason}.")
        formula, conditions = _display(shown, wanted, Reading(vocabulary).functions)
        because = shown.because
    words = [text.rstrip(".") for text in special.conditions]
    lines = [
        *_sentence("For ", conditions),
        *(f"{text[0].upper()}{text[1:]}." for text in words if text),
        *([f"{special.method[0].upper()}{special.method[1:]}."] if isinstance(special, Step) else []),
        *(f"It rests on a step in words, {id_}." for id_ in because),
        *(["An axiom: taken as known, and tested."] if verdict is Verdict.CHECKED else []),
        *keys.lines(special.reference, wanted.format),
    ]
    mark = _COMMENT[wanted.format]
    return "\n".join((formula, *(f"{mark}{line}" for line in lines)))


def _require_proved(entry: Statement | Step, ledger: Any) -> Verdict:
    """The verdict, where it is one that may be printed: an axiom says that it is one."""
    result = prove(entry, ledger=ledger)
    known = [Verdict.PROVED, Verdict.IN_WORDS]
    if isinstance(entry, Statement) and entry.proof is AXIOM:
        known.append(Verdict.CHECKED)
    if result.verdict in known:
        return result.verdict
    reason = " ".join(filter(None, (result.reason, result.counterexample)))
    raise RefusedError(f"{entry.id} is {result.verdict}: {reason or result.method}.")


# -- displays ----------------------------------------------------------------------------------------------


def _display(shown: Displayed, wanted: Wanted, heads: frozenset[str]) -> tuple[str, list[str]]:
    """The display as it is pasted, and its conditions as formulas of the format."""
    assert shown.claim is not None
    write = _WRITERS[wanted.format]
    inline = _INLINE.get(wanted.format, write)
    mark = "" if wanted.format == "text" else "$"

    def marked(formula: str, over: str) -> str:
        parts = [formula] * bool(formula) + [_ranges(over, wanted.format, heads)] * bool(over)
        return " for ".join(f"{mark}{part}{mark}" for part in parts)

    pairs = zip_longest(map(inline, shown.given_nodes), shown.given_over, fillvalue="")
    conditions = [marked(formula, over) for formula, over in pairs]
    conditions += [f"every {marked('', shown.over)}"] * bool(shown.over)
    # An equivalence stands beside the names that it defines, and not in one display with them.
    formula = _BESIDE[wanted.format].join(map(write, (shown.claim, *shown.where_nodes)))
    return _placed(formula, shown.id, wanted), conditions


#: What parts claims that stand side by side.
_BESIDE = {"latex": r", \quad ", "markdown": r", \quad ", "typst": ", quad ", "text": ", "}

_WRITERS: dict[str, Callable[[Node], str]] = {
    "latex": to_tex,
    "markdown": to_tex,
    "typst": to_typst,
    "text": to_text,
}

#: How conditions are written, which stand in running text.
_INLINE: dict[str, Callable[[Node], str]] = dict.fromkeys(
    ("latex", "markdown"), lambda node: to_tex(node, inline=True)
)


_RANGE = re.compile(r"(\S+) = ([^=]+?), \\dots, ([^=]+?)(?=, \S+ = |$)")


def _ranges(text: str, format_: str, heads: frozenset[str]) -> str:
    r"""``i = 1, \dots, D``, one or several with commas, in a format."""
    if format_ in ("latex", "markdown"):
        return text

    def written(found: re.Match[str]) -> str:
        name, low, high = (_WRITERS[format_](read(part, heads)) for part in found.groups())
        return f"{name} = {low}, {'dots' if format_ == 'typst' else '…'}, {high}"

    return _RANGE.sub(written, text)


def _placed(formula: str, id_: str, wanted: Wanted) -> str:
    """A formula in the environment of its format."""
    style = Style(wanted.width)
    match wanted.format:
        case "latex":
            return equation(formula, width=style.column, label=style.label("eq", id_), end=".")
        case "markdown":
            return f"$$\n{formula}\n$$\n"
        case "typst":
            return f"$ {formula} $ <eq-{id_}>"
    return formula


def _sentence(first: str, conditions: Sequence[str]) -> Iterator[str]:
    """``For $D \\ge 2$ and $m \\ne 0$.``"""
    if conditions:
        *most, last = conditions
        yield f"{first}{', '.join(most)}{' and ' if most else ''}{last}."


# -- statements without a display, and index forms ---------------------------------------------------------


def _formula(entry: Statement | Step, wanted: Wanted) -> tuple[str, list[str]]:
    """The formula of a statement in indices, and its hypotheses."""
    if not isinstance(entry, Statement):
        raise InputError(
            f"{entry.id} is a step in words without "
            f"{'an index form' if wanted.format == 'sympy' else 'a display'}; ask for what it rests on."
        )
    if wanted.format == "sympy":
        return _code(entry.claim), _other_conditions(entry)
    printed = typeset_statement(entry, None)
    if wanted.format == "text":
        try:
            return to_text(read(printed.formula)), [
                _phrase(text) for text in (*printed.hypotheses, *printed.quantifiers)
            ]
        except InputError:  # a formula that only print knows
            return claim_in_words(replace(entry.claim, over=())), _other_conditions(entry)
    if printed.fault is not None:
        raise RefusedError(f"the LaTeX of {entry.id} does not read back: {printed.fault}.")
    # Hypotheses are phrases with their own dollars.
    conditions = [*printed.hypotheses, *printed.quantifiers]
    if wanted.format == "typst":
        return f"{to_typst_formula(printed.formula)} <eq-{entry.id}>", conditions
    return _placed(printed.formula, entry.id, wanted), conditions


def _other_conditions(entry: Statement) -> list[str]:
    """The kinds of the letters and the hypotheses as SymPy prints them."""
    return [text for text in entry.all_conditions() if text not in entry.conditions]


_MATRIX = re.compile(r"\\left\( (.*) \\right\)_\{(.*)\} \\succeq 0")


def _phrase(text: str) -> str:
    """A condition whose formulas stand between dollars, in Unicode."""
    return re.sub(r"\$(.*?)\$", lambda found: _unicode(found[1]), text)


def _unicode(tex: str) -> str:
    """One formula of a condition: a range, a matrix that is positive semidefinite, or a claim."""
    if r"\dots" in tex:
        first, _, rest = tex.partition(" = ")
        low, _, high = rest.partition(r", \dots, ")
        names = [to_text(read(name)) for name in first.split(", ")]
        return f"{', '.join(names)} = {to_text(read(low))}, …, {to_text(read(high))}"
    if found := _MATRIX.fullmatch(tex):
        return f"({to_text(read(found[1]))})_({found[2]}) ⪰ 0"
    return to_text(read(tex))


_CODE: dict[Relation, Callable[..., Any]] = {
    Relation.EQUAL: sp.Eq,
    Relation.AT_LEAST: sp.Ge,
    Relation.GREATER: sp.Gt,
    Relation.DIFFERENT: sp.Ne,
    Relation.EQUIVALENT: sp.Equivalent,
}


def _code(claim: Claim) -> str:
    """A claim as SymPy prints it."""
    if claim.relation is Relation.MATRIX_AT_LEAST:
        rows, columns = (index for index, *_ in claim.over)
        return f"{claim.left - claim.right}  # entry {rows}, {columns} of a positive semidefinite matrix"
    return str(_CODE.get(claim.relation, sp.Eq)(claim.left, claim.right, evaluate=False))


# -- what to cite ------------------------------------------------------------------------------------------


class _Works:
    """The works of a paper, for what a reference in words means."""

    def __init__(self, document: Document | None) -> None:
        self._entries = () if document is None else document.references

    def lines(self, reference: str, format_: str) -> Iterator[str]:
        """``cite: key`` for each work whose authors, and whose year or title, a reference names."""
        for key, entry in self._entries:
            year, title = _field(entry, "year"), _field(entry, "title").casefold()
            dated = (bool(year) and year in reference) or (bool(title) and title in reference.casefold())
            if dated and all(re.search(rf"\b{re.escape(x)}\b", reference) for x in _last_names(entry)):
                yield f"[@{key}]" if format_ == "markdown" else f"cite: {key}"


def _last_names(entry: str) -> Iterator[str]:
    for name in _field(entry, "author").split(" and "):
        yield name.split(",")[0].strip() if "," in name else name.strip().rpartition(" ")[2]


def _field(entry: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*\{{(.*?)\}}\s*,?\s*$", entry, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].replace("{", "").replace("}", "").split()) if found else ""
