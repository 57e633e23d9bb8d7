"""Certified blocks on Python's floats, one instance at a time, which the package keeps as a module.

``python -m symderive.export.targets.floats`` writes it.  What only one side of a choice needs stands under
an ``if``.  The sums over the features are functions of their own, on lists and on NumPy arrays.
Where IEEE arithmetic would go on with infinity or NaN, Python raises ArithmeticError or ValueError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import fill as wrap
from textwrap import indent

from symderive.export.ir.blocks import Block, Let
from symderive.export.ir.nodes import Node, apply, symbol
from symderive.export.solver.certified.logarithm import COEFFICIENTS, HIGH, LOW
from symderive.export.solver.certified.solver import describe_certified
from symderive.export.targets.frame import fill
from symderive.export.targets.loops import Style, statements
from symderive.export.targets.python import broken
from symderive.export.targets.text import (
    ANY,
    ATOM,
    BOTH,
    CHOICE,
    COMMON,
    COMPARED,
    EITHER,
    NEGATED,
    Row,
    Syntax,
    call,
    infix,
    whole,
)

#: Operations whose arguments are written twice, so that they get names.
_TWICE = ("min", "max")

_CHOICE = Row("{1} if {0} else {2}", CHOICE, (EITHER, EITHER, CHOICE))

#: Certified blocks use no other operations.
SYNTAX = Syntax(
    rows={
        **COMMON,
        "abs": call("abs"),
        "min": Row("{0} if {0} < {1} else {1}", CHOICE, (COMPARED, COMPARED)),
        "max": Row("{0} if {0} > {1} else {1}", CHOICE, (COMPARED, COMPARED)),
        "and": infix("and", BOTH, loose=True),
        "or": infix("or", EITHER, loose=True),
        "not": Row("not {}", NEGATED, (NEGATED,)),
        "select": _CHOICE,
        "choose": _CHOICE,
        "sum": Row("{}", ATOM, (ANY,)),
        "top": Row("{}", ATOM, (ANY,)),
        "ln": call("_ln"),
        "unit": call("_unit"),
    },
    machine={},
    integer=whole,
)

#: The same where vectors are NumPy arrays.
ON_ARRAYS = replace(
    SYNTAX,
    rows={
        **SYNTAX.rows,
        "sum": Row("float({}.sum())", ATOM, (ATOM,)),
        "top": Row("float({}.max())", ATOM, (ATOM,)),
    },
)

#: The same where a sum adds halves to one another, which rounds least.
ON_ARRAYS_FINELY = replace(ON_ARRAYS, rows={**ON_ARRAYS.rows, "sum": call("_halved")})

STYLE = Style(
    let="{name} = {value}",
    truth="{name} = {value}",
    start={"sum": "{name} = 0.0", "top": "{name} = -INFINITY"},
    gather={"sum": "{name} += {value}", "top": "{name} = {value} if {value} > {name} else {name}"},
    loop="for {entries} in zip({vectors}):",
    close="",
    element="{name}_i",
    inner="{name} = {value}",
    inner_truth="{name} = {value}",
    store="out_{name}.append({value})",
)


def write() -> str:
    """The source text of the module."""
    solver = describe_certified()
    start_sums, start = split(solver.start, "start")
    step_sums, step = split(solver.step, "look")
    _, settle = split(solver.settle, "look")
    finish_sums, finish = split(solver.finish, "finish")
    single_sums, single = split(solver.single, "single")
    functions = [
        *(
            write(block)
            for block in (solver.scale, start_sums, step_sums, finish_sums, single_sums)
            for write in (on_lists, on_arrays)
        ),
        *map(branching, (start, single, step, solver.leap, settle, finish)),
    ]
    first, *rest = reversed([repr(value) for value in COEFFICIENTS])
    series = first
    for coefficient in rest:
        series = f"({series} * z + {coefficient})"
    marks = {"high": repr(HIGH), "low": repr(LOW), "series": series[1:-1], "blocks": "\n\n".join(functions)}
    return fill("floats", marks)


def split(block: Block, name: str) -> tuple[Block, Block]:
    """The sums over the features, and the rest of the block, which takes them instead of the vectors.

    For blocks whose sums need nothing but inputs.
    """
    gathered = {let.node: let.name for let in block.stages[0].reductions}
    given = {node: symbol(name) for node, name in gathered.items()}
    below: dict[str, Node] = {name: node for node, name in gathered.items()}
    hints = {node: hint for node, hint in block.hints.items() if node.type.vector}
    sums = Block(f"{name}_sums", f"The sums that {block.name} needs.", block.inputs, below, hints)
    known: dict[Node, Node] = dict(given)
    for node in block.nodes:
        if node not in known:
            known[node] = _with_arguments(node, known)
    numbers = tuple(node for node in block.inputs if not node.type.vector)
    rest = Block(
        block.name,
        block.purpose,
        (*given.values(), *numbers),
        {name: known[node] for name, node in block.outputs.items()},
        {known[node]: hint for node, hint in block.hints.items() if node not in gathered},
    )
    return replace(sums, inputs=sums.arguments), replace(rest, inputs=rest.arguments)


def _with_arguments(node: Node, known: Mapping[Node, Node]) -> Node:
    if not node.args:
        return node
    if any(arg.type.vector for arg in node.args):
        return node
    return apply(node.op, *(known[arg] for arg in node.args))


def on_lists(block: Block) -> str:
    """A block with loops over the features."""
    vectors = [node.value for node in block.arguments if node.type.vector]
    loop = STYLE.loop.format(entries=", ".join(f"{name}_i" for name in vectors), vectors=", ".join(vectors))
    style = replace(STYLE, loop=loop)
    out = [name for name, node in block.outputs.items() if node.type.vector]
    lines = [f"out_{name} = []" for name in out] + list(statements(_doubled(block), SYNTAX, style))
    return _function(block, block.name, lines, out)


def on_arrays(block: Block) -> str:
    """A block whose vectors are NumPy arrays; at the end of a search it rounds least."""
    named, syntax = _doubled(block), ON_ARRAYS_FINELY if block.name == "finish_sums" else ON_ARRAYS
    lines = [f"{let.name} = {syntax.write(let.node, named.names, whole=True)}" for let in named.lets]
    lines += [
        f"out_{name} = {named.names[node]}" for name, node in block.outputs.items() if node.type.vector
    ]
    out = [name for name, node in block.outputs.items() if node.type.vector]
    return _function(block, f"{block.name}_of_arrays", lines, out)


def branching(block: Block) -> str:
    """A block of numbers alone, with an ``if`` for what only one side of a choice needs."""
    named = _doubled(block, choices=True)
    return _function(named, block.name, list(_Branches(named).lines()), [])


def _function(block: Block, name: str, lines: list[str], vectors: list[str]) -> str:
    results = ", ".join(
        f"out_{name}" if name in vectors else SYNTAX.write(node, _doubled(block).names)
        for name, node in block.outputs.items()
    )
    if len(results) > WIDEST - 12:
        results = f"(\n{indent(wrap(results, WIDEST - 8), '    ')}\n)"
    head = f"def {name}({', '.join(node.value for node in block.inputs)}):"
    if len(head) > WIDEST:
        arguments = wrap(", ".join(node.value for node in block.inputs), WIDEST - 4)
        head = f"def {name}(\n{indent(arguments, '    ')}\n):"
    body = [f'"""{block.purpose}"""', *map(_short, lines), f"return {results}"]
    return "\n".join([head, indent("\n".join(body), "    ")]) + "\n"


WIDEST = 108


def _short(line: str) -> str:
    bare = line.lstrip()
    return indent(broken(bare), line[: len(line) - len(bare)]) if len(line) > 96 else line


def _doubled(block: Block, *, choices: bool = False) -> Block:
    """The block with names for what is written twice, and for choices."""
    hints = dict(block.hints)
    taken = {*hints.values(), *(node.value for node in block.inputs), *block.outputs}
    fresh = (name for name in (f"w{i}" for i in range(1, len(block.nodes))) if name not in taken)
    named = set(hints) | set(block.outputs.values())
    for node in block.nodes:
        wanted = [arg for arg in node.args if arg.args] if node.op in _TWICE or node.op == "top" else []
        if choices and node.op in ("select", "choose"):
            wanted.append(node)
        for inner in wanted:
            if inner not in named:
                hints[inner] = next(fresh)
                named.add(inner)
    return replace(block, hints=hints)


#: The choices on which it depends whether a node is needed: conditions, and how they came out.
Guard = tuple[tuple[Node, bool], ...]


@dataclass
class _Branches:
    """Definitions in order, those that one side of a choice needs under its condition."""

    block: Block

    def __post_init__(self) -> None:
        self.named = {let.node: let.name for let in self.block.lets}
        self.guards = _guards(self.block)
        self.done: set[Node] = set()

    def lines(self) -> Iterator[str]:
        yield from self._scope((), set(self.named))

    def _scope(self, guard: Guard, wanted: set[Node]) -> Iterator[str]:
        """The definitions that are wanted and stand under exactly this guard."""
        for let in self.block.lets:
            node = let.node
            if node in self.done or node not in wanted or self.guards[node] != guard:
                continue
            if node.op in ("select", "choose"):
                yield from self._choice(guard, let)
            else:
                self.done.add(node)
                yield f"{let.name} = {self._text(node, whole=True)}"

    def _choice(self, guard: Guard, first: Let) -> Iterator[str]:
        condition = first.node.args[0]
        group = [first]
        for let in self.block.lets:
            same = let.node.op == first.node.op or let.node.op in ("select", "choose")
            if (
                let is not first
                and let.node not in self.done
                and same
                and let.node.args[0] is condition
                and self.guards[let.node] == guard
                and self._ready(let.node, guard, condition, set())
            ):
                group.append(let)
        self.done |= {let.node for let in group}
        sides = []
        for truth in (True, False):
            arms = [let.node.args[1 if truth else 2] for let in group]
            inner = list(self._scope((*guard, (condition, truth)), self._below(arms)))
            sides.append((inner, [(let.name, arm) for let, arm in zip(group, arms, strict=True)]))
        (yes, given), (no, otherwise) = sides
        if not yes and not no and len(group) == 1:
            yield f"{first.name} = {self._text(first.node, whole=True)}"
            return
        yield f"if {self._text(condition)}:"
        yield from (
            f"    {line}" for line in (*yes, *(f"{name} = {self._text(arm)}" for name, arm in given))
        )
        yield "else:"
        yield from (
            f"    {line}" for line in (*no, *(f"{name} = {self._text(arm)}" for name, arm in otherwise))
        )

    def _ready(self, node: Node, guard: Guard, condition: Node, seen: set[Node]) -> bool:
        """Whether all that a choice needs is defined, or stands under its own condition."""
        for arg in node.args:
            if arg in seen or arg in self.done or not arg.args:
                continue
            seen.add(arg)
            under = len(self.guards[arg]) > len(guard) and self.guards[arg][len(guard)][0] is condition
            if arg in self.named and not under:
                return False
            if not self._ready(arg, guard, condition, seen):
                return False
        return True

    def _below(self, nodes: list[Node]) -> set[Node]:
        found: set[Node] = set()
        pending = list(nodes)
        while pending:
            node = pending.pop()
            if node not in found and node not in self.done:
                found.add(node)
                pending += node.args
        return found

    def _text(self, node: Node, *, whole: bool = False) -> str:
        return SYNTAX.write(node, self.block.names, whole=whole)


def _guards(block: Block) -> dict[Node, Guard]:
    """For each node what all its uses have in common."""
    guards: dict[Node, Guard] = dict.fromkeys(block.outputs.values(), ())

    def used(node: Node, guard: Guard) -> None:
        known = guards.get(node)
        guards[node] = guard if known is None else _common(known, guard)

    for node in reversed(block.nodes):
        guard = guards[node]
        if node.op in ("select", "choose"):
            condition, yes, no = node.args
            used(condition, guard)
            used(yes, (*guard, (condition, True)))
            used(no, (*guard, (condition, False)))
        else:
            for arg in node.args:
                used(arg, guard)
    return guards


def _common(first: Guard, second: Guard) -> Guard:
    shared = []
    for one, other in zip(first, second, strict=False):
        if one[0] is not other[0] or one[1] != other[1]:
            break
        shared.append(one)
    return tuple(shared)


if __name__ == "__main__":
    print(write(), end="")
