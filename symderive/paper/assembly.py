"""Derivations, their verdicts and their LaTeX, put together for the writers.

Every formula is printed, read back by code that shares nothing with the printer, and compared with the
expression that was proved, piece by piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import islice
from typing import Any

from symderive.errors import InputError
from symderive.paper.kept import Kept
from symderive.paper.typesetting import Typeset, recall_typeset, typeset_statement
from symderive.paper.words import to_tex
from symderive.processes import in_order
from symderive.proofs.prover import prove, recall
from symderive.proofs.result import Result
from symderive.statements.claim import Claim
from symderive.statements.proof import Instance
from symderive.statements.statement import Derivation, Statement
from symderive.verdict import Verdict


@dataclass(frozen=True)
class Item:
    """A statement ready for print.

    ``formula`` is one unbroken line of LaTeX; ``names`` maps its names to the SymPy text of what they stand
    for; ``kinds`` and ``hypotheses`` are phrases in TeX; ``uses`` are ids of statements that the proof
    rests on.
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

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id


@dataclass(frozen=True)
class Section:
    """A derivation ready for print."""

    derivation: Derivation
    items: tuple[Item, ...]


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
    counts = Counter(statement.id for derivation in derivations for statement in derivation.statements)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise InputError(f"two statements are called {twice[0]!r}; give one of them another id.")
    _require_one_meaning(derivations)
    if borrowed := _borrowed(derivations, set(counts)):
        derivations = (*derivations, borrowed)
    statements = [statement for derivation in derivations for statement in derivation.statements]
    finished = _finished(statements, digits, ledger)
    items: list[Item] = []
    for statement, (result, printed) in zip(statements, finished, strict=True):
        items.append(_item(statement, result, printed))
        if progress:
            progress(len(items) / len(statements))
    parts = iter(items)
    return tuple(Section(x, tuple(islice(parts, len(x.statements)))) for x in derivations)


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
    """Refuse a proof that rests on one statement where the reader of its id would look up another.

    What is listed at a depth rests on its general form, which has the same id and says more.
    """
    listed = [statement for derivation in derivations for statement in derivation.statements]
    meant: dict[str, set[Statement]] = {statement.id: {statement} for statement in listed}
    for statement in listed:
        if isinstance(statement.proof, Instance) and statement.proof.general.id == statement.id:
            meant[statement.id].add(statement.proof.general)
    waiting, seen = listed[::-1], set(listed)
    while waiting:
        for used in statements_in(waiting.pop().proof):
            if used not in meant.setdefault(used.id, {used}):
                raise InputError(
                    f"a proof rests on a statement called {used.id!r} that is not the one of this name; "
                    f"give it another id."
                )
            if used not in seen:
                seen.add(used)
                waiting.append(used)


def _borrowed(derivations: tuple[Derivation, ...], own: set[str]) -> Derivation | None:
    """Statements outside the derivations that their proofs rest on, axioms and named inequalities first."""
    found: dict[str, Statement] = {}

    def visit(statement: Statement) -> None:
        for used in statements_in(statement.proof):
            if used.id not in found:
                visit(used)
                if used.id not in own:
                    found[used.id] = used

    for derivation in derivations:
        for statement in derivation.statements:
            visit(statement)
    if not found:
        return None
    return Derivation(
        id="facts-used",
        title="Facts used",
        prose="The proofs above rest on the following, and on nothing else.",
        statements=tuple(found.values()),
    )
