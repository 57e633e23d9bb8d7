"""Derivations, their verdicts and their LaTeX, put together for the writers.

Every formula is printed, read back by code that shares nothing with the printer, and compared with the
expression that was proved, piece by piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.latex import read_latex, typeset
from symderive.latex.compare import difference
from symderive.paper.words import to_tex
from symderive.proofs.prover import in_words, prove
from symderive.proofs.result import Result
from symderive.statements.assumptions import assumptions
from symderive.statements.claim import Claim, Relation
from symderive.statements.nodes import Expectation, RootCount
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.symbols import TABLE
from symderive.verdict import Verdict

_OPERATORS: dict[Relation, Callable[..., Any]] = {
    Relation.EQUAL: sp.Eq,
    Relation.AT_LEAST: sp.Ge,
    Relation.GREATER: sp.Gt,
    Relation.DIFFERENT: sp.Ne,
    Relation.LIMIT: sp.Eq,
}


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
    if borrowed := _borrowed(derivations, set(counts)):
        derivations = (*derivations, borrowed)
    statements = [statement for derivation in derivations for statement in derivation.statements]
    made: dict[str, Item | StepItem] = {}
    for done, statement in enumerate(statements, 1):
        made[statement.id] = _item(statement, prove(statement, digits=digits, ledger=ledger))
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


def _item(statement: Statement, result: Result) -> Item:
    try:
        formula, pieces = formula_of(statement.claim)
        hypotheses = [_hypothesis(claim) for claim in statement.given]
        fault = next((text for piece in pieces if (text := _fault(*piece))), None)
    except InputError as error:
        formula, pieces, hypotheses, fault = r"\text{(no LaTeX)}", [], [], str(error)
    if fault is not None and result.verdict is Verdict.PROVED:
        result = replace(result, verdict=Verdict.UNDECIDED, reason=f"its LaTeX does not read back: {fault}")
    names = {tex: str(meaning) for _, printed in pieces for tex, meaning in printed.names.items()}
    return Item(
        statement=statement,
        result=result,
        formula=formula,
        names=tuple(sorted(names.items())),
        kinds=tuple(_kinds(statement)),
        quantifiers=tuple(_ranges(statement.over)),
        hypotheses=(*hypotheses, *(to_tex(words) for words in statement.conditions)),
        uses=tuple(dict.fromkeys(used.id for used in statements_in(statement.proof))),
        read_back=fault is None,
        steps=tuple(step.id for step in statement.steps),
    )


def _fault(expression: Any, printed: Any) -> str | None:
    return difference(expression, read_latex(printed.tex, printed.names))


def formula_of(claim: Claim) -> tuple[str, list[Any]]:
    """One line of LaTeX, and the pieces (expression, print) that have to read back."""
    claim = replace(claim, left=_as_operator(claim.left), right=_as_operator(claim.right))
    if claim.relation is Relation.MATRIX_AT_LEAST:
        index = ",".join(typeset(symbol).tex for symbol, *_ in claim.over)
        pieces = [(side, typeset(side)) for side in (claim.left, claim.right)]
        left, right = (_matrix(printed.tex, index) for _, printed in pieces)
        return rf"{left} \succeq {'0' if claim.right == 0 else right}", pieces
    if claim.relation is Relation.COUNT and isinstance(claim.left, RootCount):
        polynomial, variable, low, high = claim.left.args
        inside = sp.Eq(polynomial, 0, evaluate=False)
        pieces = [(part, typeset(part)) for part in (variable, low, high, inside, claim.right)]
        name, start, stop, equation, count = (printed.tex for _, printed in pieces)
        return rf"\#\{{ {name} \in ({start}, {stop}) : {equation} \}} = {count}", pieces
    if claim.relation is Relation.EQUIVALENT:
        whole = sp.Equivalent(claim.left, claim.right, evaluate=False)
    else:
        whole = _OPERATORS.get(claim.relation, sp.Eq)(claim.left, claim.right, evaluate=False)
    printed = typeset(whole)
    return printed.tex, [(whole, printed)]


def _as_operator(expression: Any) -> Any:
    """Expectations over a named variable as the functions E_x that the printer and the reader know."""
    return expression.replace(Expectation, lambda body, over: sp.Function(f"E_{over}")(body))


def _matrix(entry: str, index: str) -> str:
    return rf"\left( {entry} \right)_{{{index}}}"


def _hypothesis(claim: Claim) -> str:
    formula, _ = formula_of(claim)
    if claim.relation is Relation.MATRIX_AT_LEAST:
        return f"${formula}$"
    ranges = ", ".join(_ranges(claim.over))
    return f"${formula}$ for {ranges}" if ranges else f"${formula}$"


def _ranges(over: tuple[Any, ...]) -> Iterator[str]:
    """``$j, k = 1, \\dots, d_D$`` for ranges that agree, in order."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for index, low, high in over:
        ends = (typeset(sp.sympify(low)).tex, typeset(sp.sympify(high)).tex)
        grouped.setdefault(ends, []).append(typeset(index).tex)
    for (low, high), names in grouped.items():
        yield rf"${', '.join(names)} = {low}, \dots, {high}$"


def _kinds(statement: Statement) -> Iterator[str]:
    """What kind of numbers the letters are that neither the notation table nor a definition covers."""
    known = {getattr(entry.symbol, "label", entry.symbol) for entry in TABLE}
    known |= {recursion.head.label for recursion in statement.definitions}
    known |= {index for index, *_ in statement.over}
    groups: dict[str, list[str]] = {}
    for symbol in sorted(statement.free_symbols - known, key=str):
        groups.setdefault(_kind(symbol), []).append(f"${typeset(symbol).tex}$")
    for kind, names in groups.items():
        yield f"{', '.join(names)} be {kind if len(names) == 1 else _PLURALS.get(kind, kind)}"


_PLURALS = {"a positive integer": "positive integers"}


def _kind(symbol: Any) -> str:
    if symbol.is_integer and symbol.is_positive:
        return "a positive integer"
    if symbol.is_positive:
        return "positive"
    return "non-negative" if symbol.is_nonnegative else "real"


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
        prose="The proofs above rest on the following, and on nothing else.",
        statements=tuple(x for x in found.values() if isinstance(x, Statement)),
        steps=tuple(x for x in found.values() if isinstance(x, Step)),
    )
