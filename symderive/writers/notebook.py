"""Statements, theorems and derivations as mathematics, with their verdicts, in a notebook.

``%load_ext symderive`` makes a notebook show them so.  What is shown of a statement is its display where it
has one that is accepted, and else its formula in entries.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from symderive.library.load import vocabulary_of
from symderive.paper.certificate import listed
from symderive.paper.checked_displays import Shown, shown
from symderive.paper.prose import hypothesis
from symderive.paper.typesetting import formula_of, typeset_statement
from symderive.proofs.prover import prove
from symderive.proofs.result import Result
from symderive.statements.display import Vocabulary
from symderive.statements.document import Supposed, Theorem
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.writers.markdown import plain, printed_conditions


def register(shell: Any) -> None:
    """Teach the display formatters of an IPython shell about statements, steps, theorems, derivations."""
    formatters = shell.display_formatter.formatters
    formatters["text/latex"].for_type(Statement, statement_latex)
    formatters["text/latex"].for_type(Theorem, theorem_latex)
    formatters["text/markdown"].for_type(Statement, statement_markdown)
    formatters["text/markdown"].for_type(Step, step_markdown)
    formatters["text/markdown"].for_type(Theorem, theorem_markdown)
    formatters["text/markdown"].for_type(Derivation, derivation_markdown)


@lru_cache(maxsize=256)
def _result(entry: Statement | Step) -> Result:
    """A notebook asks for LaTeX and for Markdown, which need one proof."""
    return prove(entry)


def statement_latex(statement: Statement) -> str:
    """The statement as one displayed formula, with its verdict."""
    formula = _formula(statement, _shown(statement, vocabulary_of(())))
    return rf"$\displaystyle {formula} \qquad \text{{{_result(statement).verdict.name}}}$"


def statement_markdown(statement: Statement, vocabulary: Vocabulary | None = None) -> str:
    """Title, display, conditions and verdict; displays are read with the words of the package, or these."""
    result, display = _result(statement), _shown(statement, vocabulary or vocabulary_of(()))
    rows = [
        f"**{statement.title}** ({result.verdict.name}: {plain(result.method)})",
        rf"$\displaystyle {_formula(statement, display)}$",
    ]
    if conditions := _conditions(statement, display):
        rows.append("Conditions: " + "; ".join(conditions) + ".")
    if statement.prose:
        rows.insert(0, statement.prose)
    if display is not None and display.refused:
        rows.append(f"Its display is refused: {plain(display.reason)}.")
    if result.narrowed:
        rows.append(f"Tested only where {'; '.join(map(plain, result.narrowed))}.")
    if result.reason:
        rows.append(plain(f"{result.reason}. {result.counterexample}".strip()))
    return "\n\n".join(rows)


def step_markdown(step: Step, vocabulary: Vocabulary | None = None) -> str:
    """Title, theorem, display, conditions and the words of a step."""
    display = _shown(step, vocabulary or vocabulary_of(()))
    rows = [f"**{step.title}** ({step.method})", step.text]
    if display is not None and not display.refused:
        rows.insert(1, rf"$\displaystyle {display.formula}$")
    if step.conditions:
        rows.append("Conditions: " + "; ".join(step.conditions) + ".")
    if step.prose:
        rows.insert(0, step.prose)
    return "\n\n".join(rows)


def theorem_latex(theorem: Theorem) -> str:
    """The claims of a theorem, one below the other, each with its verdict."""
    vocabulary = vocabulary_of(())
    rows = [
        rf"& {_formula(claim, _shown(claim, vocabulary))} \qquad \text{{{_verdict(claim)}}}"
        for claim in theorem.claims
    ]
    return r"$\displaystyle \begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}$"


def theorem_markdown(theorem: Theorem) -> str:
    """Kind, name and assumptions, then text and displays in the order of reading, with verdicts.

    The hypotheses of a display that stand nowhere before it stand before it.
    """
    vocabulary = vocabulary_of(())
    under = ", ".join(assumption.name for assumption in theorem.assumes)
    rows = [f"**{theorem.kind.capitalize()}** ({theorem.name}{f'; under {under}' if under else ''})."]
    for part in theorem.body:
        if isinstance(part, str):
            rows.append(part)
            continue
        supposed = isinstance(part, Supposed)
        entry = part.statement if isinstance(part, Supposed) else part
        display = _shown(entry, vocabulary)
        known = () if display is None or display.refused else display.hypotheses
        if new := [text for x in known if (text := hypothesis(x)) not in " ".join(rows)]:
            rows.append(listed(new) if supposed else f"if {listed(new)}, then")
        if not supposed:
            rows.append(rf"$\displaystyle {_formula(entry, display)}$ ({_verdict(entry)})")
    return "\n\n".join(rows)


def derivation_markdown(derivation: Derivation) -> str:
    """The derivation as a section."""
    vocabulary = vocabulary_of((derivation,))
    parts = (
        step_markdown(entry, vocabulary)
        if isinstance(entry, Step)
        else statement_markdown(entry, vocabulary)
        for entry in derivation.entries
    )
    return "\n\n".join((f"## {derivation.title}", derivation.prose, *parts))


def _verdict(entry: Statement | Step) -> str:
    return str(_result(entry).verdict)


def _shown(entry: Statement | Step, vocabulary: Vocabulary) -> Shown | None:
    return shown(entry, vocabulary, None)


def _formula(entry: Statement | Step, display: Shown | None) -> str:
    if display is not None and not display.refused:
        return display.formula
    return formula_of(entry.claim)[0] if isinstance(entry, Statement) else rf"\text{{{entry.title}}}"


def _conditions(statement: Statement, display: Shown | None) -> tuple[str, ...]:
    if display is None or display.refused:
        told = printed_conditions(statement, typeset_statement(statement, None))
        return tuple(text if "$" in text else plain(text) for text in told)
    return (*map(hypothesis, display.hypotheses), *statement.conditions)
