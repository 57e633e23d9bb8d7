"""The graph of what rests on what: statements, steps in words, and the theorems that steps cite.

Nodes and edges as records; :mod:`symderive.report.graph_drawing` places and draws them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symderive.displays.printing.text import to_text
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.library.load import vocabulary_of
from symderive.paper.assembly import Item, Section, StepItem, statements_in
from symderive.paper.prose import hypothesis
from symderive.statements.statement import Statement, claim_in_words
from symderive.statements.step import Step

#: What a node may be besides the verdicts: a theorem of textbooks that a step applies.
CITED = "CITED"


@dataclass(frozen=True)
class Node:
    """A statement, a step or a cited theorem.

    ``kind`` is the name of a verdict, or :data:`CITED`; ``tex`` is the formula in LaTeX, empty where there
    is none, and ``said`` the same as plain text.  ``details`` are sentences for people.  Words may hold TeX
    between dollars.
    """

    id: str
    kind: str
    title: str
    said: str
    tex: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cluster:
    """Nodes that a paper tells in one section."""

    id: str
    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """``above`` uses ``below``; ``in_words`` where no proof does: its title, its display or a step does."""

    below: str
    above: str
    in_words: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of the paper, clusters of them, and edges."""

    nodes: tuple[Node, ...]
    clusters: tuple[Cluster, ...]
    edges: tuple[Edge, ...]


def graph_of(sections: Sequence[Section]) -> Graph:
    """The graph of sections that :func:`symderive.paper.assembly.assemble` has put together.

    Everything that a proof rests on is among them.  A theorem that one section cites stands in its cluster.
    """
    entries = [entry for section in sections for entry in section.entries]
    citing: dict[str, list[str]] = {}
    for section in sections:
        for step in section.steps:
            citing.setdefault(step.step.theorem, []).append(section.derivation.id)
    heads = Reading(vocabulary_of([section.derivation for section in sections])).functions
    cited = {name: f"cited-{number}" for number, name in enumerate(citing, 1)}
    edges = [Edge(cited[x.step.theorem], x.id, in_words=True) for x in entries if isinstance(x, StepItem)]
    edges += [edge for entry in entries for edge in _edges(entry)]
    return Graph(
        nodes=(
            *(_node(entry, heads) for entry in entries),
            *(Node(cited[name], CITED, name, "") for name in citing),
        ),
        clusters=tuple(_cluster(section, citing, cited) for section in sections),
        edges=tuple(dict.fromkeys(edges)),
    )


def _cluster(section: Section, citing: Mapping[str, list[str]], cited: Mapping[str, str]) -> Cluster:
    id_ = section.derivation.id
    own = (cited[name] for name, homes in citing.items() if set(homes) == {id_})
    return Cluster(id_, section.derivation.title, (*(entry.id for entry in section.entries), *own))


def _edges(entry: Item | StepItem) -> Iterator[Edge]:
    if isinstance(entry, StepItem):
        yield from (Edge(part.id, entry.id, in_words=True) for part in entry.step.rests_on)
        return
    yield from (Edge(part.id, entry.id) for part in _used(entry.statement))
    yield from (Edge(step.id, entry.id, in_words=True) for step in entry.statement.steps)
    if entry.display is not None:
        yield from (Edge(id_, entry.id, in_words=True) for id_ in entry.display.because)


def _used(statement: Statement) -> Iterator[Statement]:
    """What a proof uses; where that is the general form of the statement itself, what this one uses."""
    for part in statements_in(statement.proof):
        if part.id == statement.id:
            yield from _used(part)
        else:
            yield part


def _node(entry: Item | StepItem, heads: frozenset[str]) -> Node:
    said: Statement | Step = entry.statement if isinstance(entry, Item) else entry.step
    result = entry.result
    doubt = (f"{result.verdict}: {result.reason} {result.counterexample}".strip(),) if result.reason else ()
    tex, plain = _formula(entry, heads)
    return Node(
        id=entry.id,
        kind=result.verdict.name,
        title=said.title,
        said=plain,
        tex=tex,
        details=(
            *((said.text,) if isinstance(said, Step) else ()),
            _how(entry),
            *doubt,
            *(f"Condition: {condition}" for condition in _conditions(entry)),
            f"Reference: {said.reference}",
            *((f"Checked by Coq {entry.coq.coq}.",) if isinstance(entry, Item) and entry.coq else ()),
        ),
    )


def _conditions(entry: Item | StepItem) -> tuple[str, ...]:
    """In the words of the display, where it is shown."""
    said: Statement | Step = entry.statement if isinstance(entry, Item) else entry.step
    shown = entry.display
    if shown is not None and not shown.refused:
        return (*map(hypothesis, shown.hypotheses), *said.conditions)
    return said.all_conditions() if isinstance(said, Statement) else said.conditions


def _formula(entry: Item | StepItem, heads: frozenset[str]) -> tuple[str, str]:
    """What is printed as LaTeX and as plain text: the display, else a statement's formula in entries."""
    shown = entry.display
    if shown is not None and not shown.refused:
        parts = (shown.tex, *shown.where)
        return r", \quad ".join(parts), ",  ".join(to_text(read(part, heads)) for part in parts)
    if isinstance(entry, Item):
        return entry.formula, claim_in_words(entry.statement.claim)
    return "", ""


def _how(entry: Item | StepItem) -> str:
    """The verdict and the method as one sentence; a step's method says that it is in words."""
    verdict, method = entry.result.verdict, entry.result.method
    text = method if isinstance(entry, StepItem) else f"{verdict.value}: {method}"
    return f"{text[0].upper()}{text[1:]}."
