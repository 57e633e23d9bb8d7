"""Statements and derivations as mathematics in a notebook."""

from __future__ import annotations

from typing import Any

from symderive.statement import Derivation, Relation, Statement

_SIGNS = {
    Relation.EQUAL: "=",
    Relation.AT_LEAST: r"\ge",
    Relation.GREATER: ">",
    Relation.DIFFERENT: r"\ne",
    Relation.MATRIX_AT_LEAST: r"\succeq",
    Relation.LIMIT: "=",
    Relation.EQUIVALENT: r"\iff",
    Relation.COUNT: "=",
}


def statement_latex(statement: Statement) -> str:
    """The statement as one displayed formula."""
    left, right = _text(statement.left), _text(statement.right)
    return rf"$\displaystyle {left} {_SIGNS[statement.relation]} {right}$"


def statement_markdown(statement: Statement) -> str:
    """Title, formula, conditions and verdict."""
    from symderive.proofs.prover import prove

    result = prove(statement)
    rows = [
        f"**{statement.title}** ({result.verdict.name}: {result.method})",
        statement_latex(statement),
        "Conditions: " + "; ".join(statement.all_conditions()) + ".",
    ]
    if statement.prose:
        rows.insert(0, statement.prose)
    if result.reason:
        rows.append(f"{result.reason}. {result.counterexample}".strip())
    return "\n\n".join(rows)


def derivation_markdown(derivation: Derivation) -> str:
    """The derivation as a section."""
    parts = (statement_markdown(statement) for statement in derivation.statements)
    return "\n\n".join((f"## {derivation.title}", derivation.prose, *parts))


def _text(expression: Any) -> str:
    from symderive.latex import to_latex

    return str(to_latex(expression))
