"""The claim, the hypotheses and the proof of a statement in print, its LaTeX read back.

Every formula is printed, read back by code that shares nothing with the printer, and compared with the
expression that was proved, piece by piece; once, since the outcome is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.latex import read_latex, typeset
from symderive.latex.compare import difference
from symderive.latex.names import range_between
from symderive.library.kept import Kept
from symderive.paper.certificate import certificate
from symderive.paper.distinct_symbols import require_apart
from symderive.proofs.digest import fingerprint
from symderive.sealed import frozen
from symderive.statements.claim import Claim, Relation
from symderive.statements.nodes import Expectation, RootCount
from symderive.statements.statement import Statement
from symderive.symbols import TABLE

_OPERATORS: dict[Relation, Callable[..., Any]] = {
    Relation.EQUAL: sp.Eq,
    Relation.AT_LEAST: sp.Ge,
    Relation.GREATER: sp.Gt,
    Relation.DIFFERENT: sp.Ne,
    Relation.LIMIT: sp.Eq,
}

_TABLED = {entry.symbol for entry in TABLE}


@dataclass(frozen=True)
class Typeset:
    """What print makes of a statement's claim, hypotheses and proof; ``fault``, why it does not read back.

    ``kinds``, ``quantifiers``, ``hypotheses`` and ``certificate`` are text of :mod:`.words`.
    """

    formula: str
    names: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    quantifiers: tuple[str, ...]
    hypotheses: tuple[str, ...]
    certificate: str
    fault: str | None


def typeset_statement(statement: Statement, kept: Kept | None) -> Typeset:
    """A statement's claim and hypotheses as LaTeX, kept for the next time where there is a place for it."""
    known = recall_typeset(statement, kept)
    if known is None:
        known = _typeset(statement)
        if kept is not None and (name := _name_kept(statement)):
            kept.put(name, asdict(known))
    return known


def recall_typeset(statement: Statement, kept: Kept | None) -> Typeset | None:
    """What is kept of a statement, None where there is nothing."""
    name = _name_kept(statement)
    record = kept.get(name) if kept is not None and name else None
    return None if record is None else Typeset(**{key: frozen(x) for key, x in record.items()})


def _name_kept(statement: Statement) -> str | None:
    digest = fingerprint(statement)
    return None if digest is None else f"statement-{digest}"


def _typeset(statement: Statement) -> Typeset:
    try:
        formula, pieces = formula_of(statement.claim)
        hypotheses = [_hypothesis(claim) for claim in statement.given]
        fault = next((text for piece in pieces if (text := _fault(*piece))), None)
        require_apart(statement)
    except InputError as error:
        formula, pieces, hypotheses, fault = r"\text{(no LaTeX)}", [], [], str(error)
    names = {tex: str(meaning) for _, printed in pieces for tex, meaning in printed.names.items()}
    return Typeset(
        formula,
        tuple(sorted(names.items())),
        tuple(_kinds(statement)),
        tuple(_ranges(statement.over)),
        tuple(hypotheses),
        certificate(statement, formula_of=lambda claim: formula_of(claim)[0]),
        fault,
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
        yield f"${', '.join(names)} = {range_between(low, high)}$"


def _kinds(statement: Statement) -> Iterator[str]:
    """What kind of numbers the letters are that neither the notation table nor a definition covers."""
    groups: dict[str, list[str]] = {}
    for letter in statement.letters:
        if getattr(letter, "base", letter) not in _TABLED:
            groups.setdefault(_kind(letter), []).append(f"${typeset(letter).tex}$")
    for kind, names in groups.items():
        yield f"{', '.join(names)} be {kind if len(names) == 1 else _PLURALS.get(kind, kind)}"


_PLURALS = {
    "a positive integer": "positive integers",
    "a non-negative integer": "non-negative integers",
}


def _kind(symbol: Any) -> str:
    if symbol.is_integer and symbol.is_nonnegative:
        return "a positive integer" if symbol.is_positive else "a non-negative integer"
    if symbol.is_positive:
        return "positive"
    return "non-negative" if symbol.is_nonnegative else "real"
