"""Derivations, their verdicts and their LaTeX, put together for the writers.

Every formula is printed, read back by code that shares nothing with the printer, and compared with the
expression that was proved, piece by piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from symderive.errors import InputError
from symderive.paper.kept import Kept
from symderive.paper.typesetting import Typeset, recall_typeset, typeset_statement
from symderive.paper.words import to_tex
from symderive.processes import in_order
from symderive.proofs.prover import in_words, prove, recall
from symderive.proofs.result import Result
from symderive.statements.assumptions import assumptions, needs
from symderive.statements.claim import Claim
from symderive.statements.proof import Instance, theorems
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.verdict import Verdict


@dataclass(frozen=True)
class Item:
    """A statement ready for print.

    ``formula`` is one unbroken line of LaTeX; ``names`` maps its names to the SymPy text of what they stand
    for; ``kinds`` and ``hypotheses`` are phrases in TeX; ``uses`` are ids of statements that the proof
    rests on, and ``steps`` of steps in words that the title is to be read with.
    """

    statement: Statement
    result: Result
    formula: str
    names: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    quantifiers: tuple[str, ...]
    hypotheses: tuple[str, ...]
    uses: tuple[str, ...]
    read_back: bool
    steps: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id


@dataclass(frozen=True)
class StepItem:
    """A step in words ready for print: ``text`` and ``conditions`` are TeX, ``uses`` are ids."""

    step: Step
    result: Result
    text: str
    conditions: tuple[str, ...]
    uses: tuple[str, ...]

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
    progress: Callable[[float], None] | None = None,
) -> tuple[Section, ...]:
    """Prove and typeset all statements; named inequalities that they use come as a last section.

    ``progress`` is called with the fraction that is done.  A formula that does not read back turns its
    statement UNDECIDED.
    """
    counts = Counter(entry.id for derivation in derivations for entry in derivation.entries)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise InputError(f"two statements are called {twice[0]!r}; give one of them another id.")
    _require_one_meaning(derivations)
    if borrowed := _borrowed(derivations, set(counts)):
        derivations = (*derivations, borrowed)
    statements = [statement for derivation in derivations for statement in derivation.statements]
    made: dict[str, Item | StepItem] = {}
    finished = _finished(statements, digits, ledger)
    for done, (statement, found) in enumerate(zip(statements, finished, strict=True), 1):
        made[statement.id] = _item(statement, *found)
        if progress:
            progress(done / len(statements))

    def entry(part: Statement | Step) -> Item | StepItem:
        if part.id not in made and isinstance(part, Step):
            made[part.id] = _step(part, [entry(other).result for other in part.rests_on])
        return made[part.id]

    return tuple(Section(derivation, tuple(map(entry, derivation.entries))) for derivation in derivations)


def _step(step: Step, results: list[Result]) -> StepItem:
    conditions = tuple(to_tex(words) for words in step.conditions)
    uses = tuple(part.id for part in step.rests_on)
    return StepItem(step, in_words(step, results), to_tex(step.text), conditions, uses)


def _finished(statements: list[Statement], digits: int, ledger: Any) -> Iterator[tuple[Result, Typeset]]:
    """Verdicts and formulas, in order; what is not kept from before is found in two processes."""
    kept = Kept.beside(ledger)
    known = [(recall(x, digits=digits, ledger=ledger), recall_typeset(x, kept)) for x in statements]
    missing = [x for x, parts in zip(statements, known, strict=True) if None in parts]
    made = in_order(lambda x: (prove(x, digits=digits, ledger=ledger), typeset_statement(x, kept)), missing)
    for result, printed in known:
        yield next(made) if result is None or printed is None else (result, printed)


def _item(statement: Statement, result: Result, printed: Typeset) -> Item:
    if printed.fault is not None and result.verdict is Verdict.PROVED:
        reason = f"its LaTeX does not read back: {printed.fault}"
        result = replace(result, verdict=Verdict.UNDECIDED, reason=reason)
    return Item(
        statement=statement,
        result=result,
        formula=printed.formula,
        names=printed.names,
        kinds=printed.kinds,
        quantifiers=printed.quantifiers,
        hypotheses=(*printed.hypotheses, *(to_tex(words) for words in statement.conditions)),
        uses=tuple(dict.fromkeys(used.id for used in statements_in(statement.proof))),
        read_back=printed.fault is None,
        steps=tuple(step.id for step in statement.steps),
    )


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
        for used in needs(waiting.pop()):
            if used not in meant.setdefault(used.id, {used}):
                raise InputError(
                    f"a proof rests on a statement called {used.id!r} that is not the one of this name; "
                    f"give it another id."
                )
            if used not in seen:
                seen.add(used)
                waiting.append(used)


def _borrowed(derivations: tuple[Derivation, ...], own: set[str]) -> Derivation | None:
    """What the derivations rest on and do not hold themselves, axioms and named inequalities first."""
    found: dict[str, Statement | Step] = {}
    for derivation in derivations:
        for entry in derivation.entries:
            below = assumptions(entry)
            parts: tuple[Statement | Step, ...] = (*below.uses, *below.steps)
            found |= {part.id: part for part in parts if part.id not in own}
    if not found:
        return None
    return Derivation(
        id="facts-used",
        title="Facts used",
        prose=_grounds(derivations),
        statements=tuple(x for x in found.values() if isinstance(x, Statement)),
        steps=tuple(x for x in found.values() if isinstance(x, Step)),
    )


def _grounds(derivations: tuple[Derivation, ...]) -> str:
    """What the derivations rest on: statements, the theorems behind rules, and those that words apply."""
    entries = [entry for derivation in derivations for entry in derivation.entries]
    used = [part for entry in entries if isinstance(entry, Statement) for part in assumptions(entry).uses]
    proofs = [entry.proof for entry in (*used, *entries) if isinstance(entry, Statement)]
    rules = _listed(dict.fromkeys(name for proof in proofs for name in theorems(proof)))
    text = "What is proved by machine rests on the following and on the rules of the core."
    if rules:
        text += f" The theorems behind those rules are {rules}."
    below = [part for entry in entries for part in (entry, *assumptions(entry).steps)]
    steps = [part for part in dict.fromkeys(below) if isinstance(part, Step)]
    if steps:
        text += (
            f" {len(steps)} {'step is' if len(steps) == 1 else 'steps are'} in words, which no machine "
            f"checks; they apply {_listed(dict.fromkeys(step.theorem for step in steps))}."
        )
    return text


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)
