"""Straight-line blocks: named inputs, a list of definitions that share what is common, named outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symderive.errors import InputError
from symderive.export.ir.naming import Taken, name_of
from symderive.export.ir.nodes import OPERATIONS, Node

#: Operations that one definition may hold before a part of it gets a name of its own.
LONGEST = 7


@dataclass(frozen=True)
class Let:
    """One definition: ``name`` stands for ``node`` from here on."""

    name: str
    node: Node


@dataclass(frozen=True)
class Stage:
    """Definitions of numbers, and then one pass over the features.

    ``numbers`` come first and use no vector.  ``vectors`` are what the pass needs of each feature, in
    order; ``reductions`` are the sums and maxima that it gathers, ``stored`` the vectors that it gives out.
    """

    numbers: tuple[Let, ...]
    vectors: tuple[Let, ...]
    reductions: tuple[Let, ...]
    stored: tuple[Let, ...]


@dataclass(frozen=True, eq=False)
class Block:
    """A function without branches.

    Attributes
    ----------
    name, purpose
        Its name in generated code, and one sentence about it.
    inputs
        Input nodes in the order of the arguments.
    outputs
        Name and node of everything that it returns, in order.
    hints
        Names for inner nodes, each of which gets a definition of its own.
    suggested
        Names for nodes if they need one; others are named after what they do (see
        :mod:`~symderive.export.ir.naming`).
    loose
        Exponentials that may be too large and logarithms that may be too small; how tight these bounds
        are matters to speed alone.
    """

    name: str
    purpose: str
    inputs: tuple[Node, ...]
    outputs: Mapping[str, Node]
    hints: Mapping[Node, str] = field(default_factory=dict)
    suggested: Mapping[Node, str] = field(default_factory=dict)
    loose: frozenset[Node] = frozenset()

    def __post_init__(self) -> None:
        taken = [node.value for node in self.inputs]
        if repeated := [
            name for name in self.outputs if name in taken and self.outputs[name].op != "input"
        ]:
            raise InputError(f"{self.name} has both an input and an output called {repeated[0]}.")
        unknown = [node for node in self.nodes if node.op == "input" and node not in self.inputs]
        if unknown:
            raise InputError(f"{self.name} uses {unknown[0].value}, which is none of its inputs.")

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, each after its arguments."""
        order: dict[Node, None] = {}

        def visit(node: Node) -> None:
            if node not in order:
                for arg in node.args:
                    visit(arg)
                order[node] = None

        for node in self.outputs.values():
            visit(node)
        return tuple(order)

    @property
    def arguments(self) -> tuple[Node, ...]:
        """The inputs that are used; a specialized block needs fewer."""
        return tuple(node for node in self.inputs if node in self.nodes)

    @cached_property
    def lets(self) -> tuple[Let, ...]:
        """The definitions, in order: whatever has a name, is used twice, is gathered or is long."""
        uses = Counter(arg for node in self.nodes for arg in node.args)
        uses.update(self.outputs.values())
        results = {node: name for name, node in self.outputs.items() if node.args}
        inputs = {node: node.value for node in self.inputs}
        taken = Taken({*inputs.values(), *self.outputs})
        wanted = {node: hint for node, hint in self.hints.items() if node.args and node not in results}
        names = {**results, **{node: taken.distinct(hint) for node, hint in wanted.items()}}
        sizes: dict[Node, int] = {}
        lets: list[Let] = []
        for node in self.nodes:
            if not node.args:
                sizes[node] = 0
                continue
            sizes[node] = 1 + sum(sizes[arg] for arg in node.args)
            gathered = OPERATIONS[node.op].reduces
            if node in names or uses[node] > 1 or gathered or sizes[node] > LONGEST:
                sizes[node] = 0
                if node not in names:
                    proposed = self.suggested.get(node) or name_of(
                        node, {**self.suggested, **inputs, **names}
                    )
                    names[node] = taken.distinct(proposed)
                lets.append(Let(names[node], node))
        return tuple(lets)

    @cached_property
    def names(self) -> Mapping[Node, str]:
        """The name by which every input and defined node goes."""
        return {**{node: node.value for node in self.inputs}, **{let.node: let.name for let in self.lets}}

    @property
    def counts(self) -> Mapping[str, int]:
        """Operations on numbers by name, and those on one feature with ``" per feature"`` after it."""
        counter: Counter[str] = Counter()
        for node in self.nodes:
            if node.args and (cost := OPERATIONS[node.op].cost):
                vector = any(arg.type.vector for arg in node.args)
                counter[f"{cost} per feature" if vector else cost] += 1
        return dict(sorted(counter.items()))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The definitions as passes over the features, for languages that write loops.

        A vector that a later pass needs again is computed again there, so that none has to be kept.
        """
        level: dict[Node, int] = {}
        for node in self.nodes:
            deepest = max((level[arg] for arg in node.args), default=0)
            level[node] = deepest + bool(node.args and OPERATIONS[node.op].reduces)
        stored = {node: name for name, node in self.outputs.items() if node.type.vector}
        return tuple(self._stage(at, level, stored) for at in range(max(level.values(), default=0) + 1))

    def _stage(self, at: int, level: Mapping[Node, int], stored: Mapping[Node, str]) -> Stage:
        numbers, reductions = [], []
        for let in self.lets:
            if let.node.type.vector:
                continue
            gathered = OPERATIONS[let.node.op].reduces
            if gathered and level[let.node] == at + 1:
                reductions.append(let)
            elif not gathered and level[let.node] == at:
                numbers.append(let)
        leaving = [Let(name, node) for node, name in stored.items() if level[node] == at]
        needed = set(_vectors_below([let.node for let in (*reductions, *leaving)]))
        vectors = tuple(let for let in self.lets if let.node in needed and let.node.type.vector)
        return Stage(tuple(numbers), vectors, tuple(reductions), tuple(leaving))


def _vectors_below(roots: list[Node]) -> Iterator[Node]:
    """Everything that the roots need within one pass: vectors, down to numbers."""
    pending, seen = list(roots), set(roots)
    while pending:
        node = pending.pop()
        yield node
        for arg in node.args:
            if arg.type.vector and arg not in seen:
                seen.add(arg)
                pending.append(arg)
