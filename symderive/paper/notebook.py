"""Statements and derivations as mathematics, with their verdicts, in a notebook.

``%load_ext symderive`` makes a notebook show them so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from symderive.paper.typesetting import formula_of
from symderive.proofs.prover import prove
from symderive.proofs.result import Result
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step


def register(shell: Any) -> None:
    """Teach the display formatters of an IPython shell about statements, steps and derivations."""
    formatters = shell.display_formatter.formatters
    formatters["text/latex"].for_type(Statement, statement_latex)
    formatters["text/markdown"].for_type(Statement, statement_markdown)
    formatters["text/markdown"].for_type(Step, step_markdown)
    formatters["text/markdown"].for_type(Derivation, derivation_markdown)


@lru_cache(maxsize=256)
def _result(statement: Statement) -> Result:
    """A notebook asks for LaTeX and for Markdown, which need one proof."""
    return prove(statement)


def statement_latex(statement: Statement) -> str:
    """The statement as one displayed formula, with its verdict."""
    formula, _ = formula_of(statement.claim)
    return rf"$\displaystyle {formula} \qquad \text{{{_result(statement).verdict.name}}}$"


def statement_markdown(statement: Statement) -> str:
    """Title, formula, conditions and verdict."""
    result, (formula, _) = _result(statement), formula_of(statement.claim)
    rows = [
        f"**{statement.title}** ({result.verdict.name}: {result.method})",
        rf"$\displaystyle {formula}$",
        "Conditions: " + "; ".join(statement.all_conditions()) + ".",
    ]
    if statement.prose:
        rows.insert(0, statement.prose)
    if result.narrowed:
        rows.append(f"Tested only where {'; '.join(result.narrowed)}.")
    if result.reason:
        rows.append(f"{result.reason}. {result.counterexample}".strip())
    return "\n\n".join(rows)


def step_markdown(step: Step) -> str:
    """Title, theorem, conditions and the words of a step."""
    rows = [f"**{step.title}** ({step.method})", step.text]
    if step.conditions:
        rows.append("Conditions: " + "; ".join(step.conditions) + ".")
    if step.prose:
        rows.insert(0, step.prose)
    return "\n\n".join(rows)


def derivation_markdown(derivation: Derivation) -> str:
    """The derivation as a section."""
    parts = (
        step_markdown(entry) if isinstance(entry, Step) else statement_markdown(entry)
        for entry in derivation.entries
    )
    return "\n\n".join((f"## {derivation.title}", derivation.prose, *parts))
