"""What statements rest on, as plain text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symderive.statements.assumptions import MODEL, assumptions
from symderive.statements.claim import Recursion
from symderive.statements.statement import Statement, claim_in_words
from symderive.statements.step import Step


def assumptions_text(entry: Statement | Step) -> str:
    """Title, formula and everything that a statement or a step rests on, one thing a line.

    >>> from symderive.statements.proof import combine
    >>> from symderive.symbols import lam
    >>> print(assumptions_text(Statement(
    ...     id="square", title="A square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1, proof=combine(),
    ... )))
    square: A square
      claim: (lambda + 1)**2 = lambda**2 + 2*lambda + 1
      hypotheses: lambda > 0
      axioms: none
      steps in words: none
      theorems: none
      definitions: none
      conditions in words of what it uses: none
      tested only: none
      statements used: none
    """
    found = assumptions(entry)
    if isinstance(entry, Step):
        said: dict[str, Iterable[str]] = {"in words": (entry.text,), "theorem": (_by(entry),)}
    else:
        said = {"claim": (claim_in_words(entry.claim),)}
    model = {"model": (MODEL,)} if found.model else {}
    parts = said | {"hypotheses": found.hypotheses} | model
    parts |= {
        "axioms": (f"{x.id}: {claim_in_words(x.claim)}" for x in found.axioms),
        "steps in words": (f"{x.id}: {x.title}; by {_by(x)}" for x in found.steps),
        "theorems": found.theorems,
        "definitions": map(_definition, found.definitions),
        "conditions in words of what it uses": (
            f"{text} ({', '.join(owners)})" for text, owners in found.words
        ),
        "tested only": (f"{x.id}: {x.title}" for x in found.tested),
        "statements used": (f"{x.id}: {x.title} ({x.reference})" for x in found.uses),
    }
    if entry.display is not None and entry.display.because:
        parts["its display uses besides"] = (
            f"{x.id}: {x.title}" for x in dict.fromkeys(reason for _, reason in entry.display.because)
        )
    return "\n".join((f"{entry.id}: {entry.title}", *_lines(parts)))


def _lines(parts: dict[str, Iterable[str]]) -> Iterator[str]:
    """A name with what belongs to it: on its line if that is one thing, else below it."""
    for name, things in parts.items():
        listed = tuple(things) or ("none",)
        if len(listed) == 1:
            yield f"  {name}: {listed[0]}"
        else:
            yield f"  {name}:"
            yield from (f"    {thing}" for thing in listed)


def _by(step: Step) -> str:
    return f"{step.theorem} ({step.reference})"


def _definition(known: Recursion) -> str:
    first, *rest = known.indices
    return (
        f"{known.head[(0, *rest)]} = {known.base}; {known.head[known.indices]} = {known.step} "
        f"for {first} = 1, 2, …"
    )
