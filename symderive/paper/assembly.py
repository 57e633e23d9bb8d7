"""Derivations, their verdicts, their LaTeX and their displays, put together for the writers.

Every formula is printed, read back by code that shares nothing with the printer, and compared with the
expression that was proved, piece by piece; a display is proved to say what the statement says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from symderive.coq.marks import Checked
from symderive.errors import InputError
from symderive.library.kept import Kept
from symderive.library.load import vocabulary_of
from symderive.paper.checked_by_coq import checked_by_coq
from symderive.paper.checked_displays import Shown, recall_shown, shown
from symderive.paper.typesetting import Typeset, recall_typeset, typeset_statement
from symderive.processes import in_order
from symderive.proofs.prover import in_words, prove, recall
from symderive.proofs.result import Result
from symderive.statements.assumptions import assumptions, needs
from symderive.statements.claim import Claim
from symderive.statements.display import Vocabulary
from symderive.statements.proof import Instance, theorems
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.verdict import Verdict

#: The section of what the derivations rest on and do not hold themselves.
FACTS_USED = "facts-used"


@dataclass(frozen=True)
class Item:
    """A statement ready for print.

    ``printed`` is its formula with all that is said of it; ``uses`` are ids of statements that the proof
    rests on, and ``steps`` of steps in words that the title is to be read with; ``display`` is None where
    it has none, and ``coq`` where Coq has checked no proof of it.
    """

    statement: Statement
    result: Result
    printed: Typeset
    uses: tuple[str, ...]
    steps: tuple[str, ...] = ()
    display: Shown | None = None
    coq: Checked | None = None

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def formula(self) -> str:
        """One unbroken line of LaTeX, in entries."""
        return self.printed.formula

    @property
    def read_back(self) -> bool:
        """Whether the formula reads back as the expression that was proved."""
        return self.printed.fault is None


@dataclass(frozen=True)
class StepItem:
    """A step in words ready for print: ``uses`` are ids."""

    step: Step
    result: Result
    uses: tuple[str, ...]
    display: Shown | None = None

    @property
    def id(self) -> str:
        """The step's id."""
        return self.step.id


@dataclass(frozen=True)
class Section:
    """A derivation ready for print: statements and steps in words, in order."""

    derivation: Derivation
    entries: tuple[Item | StepItem, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The statements alone."""
        return tuple(entry for entry in self.entries if isinstance(entry, Item))

    @property
    def steps(self) -> tuple[StepItem, ...]:
        """The steps in words alone."""
        return tuple(entry for entry in self.entries if isinstance(entry, StepItem))


def assemble(
    derivations: tuple[Derivation, ...],
    *,
    digits: int = 50,
    ledger: Any = None,
    vocabulary: Vocabulary | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Section, ...]:
    """Prove and typeset all statements; named inequalities that they use come as a last section.

    ``progress`` is called with the fraction that is done.  A formula that does not read back, and a display
    that does not say what the statement says, turn their statement UNDECIDED.  Displays are written in
    ``vocabulary``; without one in that of the package and of the derivations.
    """
    counts = Counter(entry.id for derivation in derivations for entry in derivation.entries)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise InputError(f"two statements are called {twice[0]!r}; give one of them another id.")
    _require_one_meaning(derivations)
    derivations = with_facts(derivations)
    statements = [statement for derivation in derivations for statement in derivation.statements]
    steps = [step for derivation in derivations for step in derivation.steps]
    made: dict[str, Item | StepItem] = {}
    finished = _finished(statements, digits, ledger)
    displays = _displays((*statements, *steps), vocabulary or vocabulary_of(derivations), ledger)
    checked = checked_by_coq(statements, Kept.beside(ledger))
    for done, (statement, found) in enumerate(zip(statements, finished, strict=True), 1):
        made[statement.id] = _item(statement, *found, next(displays), checked.get(statement))
        if progress:
            progress(done / len(statements))
    shown_steps = dict(zip((step.id for step in steps), displays, strict=True))

    def entry(part: Statement | Step) -> Item | StepItem:
        if part.id not in made and isinstance(part, Step):
            results = [entry(other).result for other in part.rests_on]
            made[part.id] = _step(part, results, shown_steps.get(part.id))
        return made[part.id]

    return tuple(Section(derivation, tuple(map(entry, derivation.entries))) for derivation in derivations)


def _finished(statements: list[Statement], digits: int, ledger: Any) -> Iterator[tuple[Result, Typeset]]:
    """Verdicts and formulas, in order; what is not kept from before is found in two processes."""
    kept = Kept.beside(ledger)
    known = [(recall(x, digits=digits, ledger=ledger), recall_typeset(x, kept)) for x in statements]
    missing = [x for x, parts in zip(statements, known, strict=True) if None in parts]
    made = in_order(lambda x: (prove(x, digits=digits, ledger=ledger), typeset_statement(x, kept)), missing)
    for result, printed in known:
        yield next(made) if result is None or printed is None else (result, printed)


def _displays(
    entries: Sequence[Statement | Step], vocabulary: Vocabulary, ledger: Any
) -> Iterator[Shown | None]:
    """The displays of all entries, in order, found as verdicts are."""
    kept = Kept.beside(ledger)
    known = [recall_shown(x, vocabulary, kept) for x in entries]
    missing = [x for x, found in zip(entries, known, strict=True) if found is None and x.display]
    made = in_order(lambda x: shown(x, vocabulary, kept), missing)
    for entry, found in zip(entries, known, strict=True):
        yield next(made) if found is None and entry.display else found


def _item(
    statement: Statement, result: Result, printed: Typeset, display: Shown | None, coq: Checked | None
) -> Item:
    if printed.fault is not None:
        result = _doubted(result, f"its LaTeX does not read back: {printed.fault}")
    return Item(
        statement=statement,
        result=_with_display(result, display),
        printed=printed,
        uses=tuple(dict.fromkeys(used.id for used in statements_in(statement.proof))),
        steps=tuple(step.id for step in statement.steps),
        display=display,
        coq=coq,
    )


def _step(step: Step, results: list[Result], display: Shown | None) -> StepItem:
    uses = tuple(part.id for part in step.rests_on)
    return StepItem(step, _with_display(in_words(step, results), display), uses, display)


def _with_display(result: Result, display: Shown | None) -> Result:
    if display is None or not display.refused:
        return result
    return _doubted(result, f"its display is refused: {display.reason}")


def _doubted(result: Result, reason: str) -> Result:
    """UNDECIDED for a reason, where nothing worse is known."""
    if result.verdict in (Verdict.REFUTED, Verdict.UNDECIDED):
        return result
    return replace(result, verdict=Verdict.UNDECIDED, reason=reason)


def statements_in(proof: Any) -> Iterator[Statement]:
    """The statements that a proof uses directly, in the order in which it names them."""
    if isinstance(proof, Statement):
        yield proof
    elif isinstance(proof, tuple):
        for part in proof:
            yield from statements_in(part)
    elif is_dataclass(proof) and not isinstance(proof, Claim):
        for part in fields(proof):
            yield from statements_in(getattr(proof, part.name))


def _require_one_meaning(derivations: tuple[Derivation, ...]) -> None:
    """Refuse what rests on one statement where the reader of its id would look up another.

    What is listed at a depth rests on its general form, which has the same id and says more.
    """
    listed = [entry for derivation in derivations for entry in derivation.entries]
    meant: dict[str, set[Statement | Step]] = {entry.id: {entry} for entry in listed}
    for entry in listed:
        proof = entry.proof if isinstance(entry, Statement) else None
        if isinstance(proof, Instance) and proof.general.id == entry.id:
            meant[entry.id].add(proof.general)
    waiting, seen = listed[::-1], set(listed)
    while waiting:
        top = waiting.pop()
        for used in (*needs(top), *_under_display(top)):
            if used not in meant.setdefault(used.id, {used}):
                raise InputError(
                    f"a proof rests on a statement called {used.id!r} that is not the one of this name; "
                    f"give it another id."
                )
            if used not in seen:
                seen.add(used)
                waiting.append(used)


def with_facts(derivations: tuple[Derivation, ...]) -> tuple[Derivation, ...]:
    """Derivations, and as the last one what they rest on and do not hold themselves, if anything.

    Axioms and named inequalities come first in it.
    """
    told = [entry for derivation in derivations for entry in derivation.entries]
    own = {entry.id for entry in told}
    found: dict[str, Statement | Step] = {}
    waiting: Sequence[Statement | Step] = told
    while waiting:
        # What is borrowed has a display, too.
        below = [part for entry in waiting for part in _below(entry)]
        waiting = [part for part in dict.fromkeys(below) if part.id not in own and part.id not in found]
        found |= {part.id: part for part in waiting}
    if not found:
        return derivations
    facts = Derivation(
        id=FACTS_USED,
        title="Facts used",
        prose=_grounds((*found.values(), *told)),
        statements=tuple(x for x in found.values() if isinstance(x, Statement)),
        steps=tuple(x for x in found.values() if isinstance(x, Step)),
    )
    return (*derivations, facts)


def _below(entry: Statement | Step) -> Iterator[Statement | Step]:
    """What an entry rests on, and what its display does, in the order of the argument."""
    rests = assumptions(entry)
    yield from rests.uses
    yield from rests.steps
    for part in _under_display(entry):
        yield from (*_below(part), part)


def _under_display(entry: Statement | Step) -> tuple[Statement | Step, ...]:
    """What the display of an entry rests on besides what the entry does."""
    return () if entry.display is None else entry.display.rests_on


def _grounds(entries: Iterable[Statement | Step]) -> str:
    """What entries rest on that is no statement: the theorems behind rules, and those that words apply."""
    parts = tuple(entries)
    rules = _listed(
        dict.fromkeys(name for x in parts if isinstance(x, Statement) for name in theorems(x.proof))
    )
    text = "The proofs above use the following beside the statements of their own sections."
    if rules:
        text += f" The theorems behind their rules are {rules}."
    steps = [part for part in parts if isinstance(part, Step)]
    if steps:
        text += (
            f" {len(steps)} {'step is' if len(steps) == 1 else 'steps are'} in words, which no machine "
            f"checks; they apply {_listed(dict.fromkeys(step.theorem for step in steps))}."
        )
    return text


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)
