"""The graph of what rests on what: statements, steps in words, and the theorems that steps cite.

Nodes and edges as records; :mod:`symderive.report.graph_drawing` places and draws them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symderive.paper.assembly import Item, Section, StepItem, statements_in
from symderive.statements.statement import Statement, claim_in_words
from symderive.statements.step import Step

#: What a node may be besides the verdicts: a theorem of textbooks that a step applies.
CITED = "CITED"


@dataclass(frozen=True)
class Node:
    """A statement, a step or a cited theorem.

    ``kind`` is the name of a verdict, or :data:`CITED`; ``tex`` is the formula in LaTeX, empty where there
    is none; ``said`` is the formula as plain text, or the argument of a step.  ``details`` are sentences
    for people.  Words may hold TeX between dollars.
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
    """``above`` uses ``below``; ``in_words`` where no proof does: its title does, or a step in words."""

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
    cited = {name: f"cited-{number}" for number, name in enumerate(citing, 1)}
    edges = [Edge(cited[x.step.theorem], x.id, in_words=True) for x in entries if isinstance(x, StepItem)]
    edges += [edge for entry in entries for edge in _edges(entry)]
    return Graph(
        nodes=(
            *map(_node, entries),
            *(Node(cited[name], CITED, name, "A theorem of textbooks.") for name in citing),
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


def _used(statement: Statement) -> Iterator[Statement]:
    """What a proof uses; where that is the general form of the statement itself, what this one uses."""
    for part in statements_in(statement.proof):
        if part.id == statement.id:
            yield from _used(part)
        else:
            yield part


def _node(entry: Item | StepItem) -> Node:
    said: Statement | Step = entry.statement if isinstance(entry, Item) else entry.step
    conditions = said.all_conditions() if isinstance(said, Statement) else said.conditions
    result = entry.result
    doubt = (f"{result.verdict}: {result.reason} {result.counterexample}".strip(),) if result.reason else ()
    return Node(
        id=entry.id,
        kind=result.verdict.name,
        title=said.title,
        said=claim_in_words(said.claim) if isinstance(said, Statement) else said.text,
        tex=entry.formula if isinstance(entry, Item) else "",
        details=(
            _how(entry),
            *doubt,
            *(f"Condition: {condition}" for condition in conditions),
            f"Reference: {said.reference}",
        ),
    )


def _how(entry: Item | StepItem) -> str:
    """The verdict and the method as one sentence; a step's method says that it is in words."""
    verdict, method = entry.result.verdict, entry.result.method
    text = method if isinstance(entry, StepItem) else f"{verdict.value}: {method}"
    return f"{text[0].upper()}{text[1:]}."
