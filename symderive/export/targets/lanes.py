"""Blocks in C as loops over instances side by side, which compilers turn into vector instructions.

Every argument is an array with one entry for each of ``lanes`` instances; the entries of vectors lie
feature by feature.  A stage is one loop over the instances and one over features and instances.  What a
later loop needs is kept in an array.  Functions are inlined where the number of lanes is a constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent

from symderive.export.ir.blocks import Block, Let
from symderive.export.ir.nodes import BOOL, Node
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.text import Syntax


def lanes_function(block: Block, syntax: Syntax, dialect: Dialect) -> tuple[str, list[str]]:
    """The head of a C function and the lines of its body."""
    kept = _kept(block)
    entry = f"i * {dialect.wide} + k"
    names = _names(block, kept, entry)
    numbers = {name: node for name, node in block.outputs.items() if not node.type.vector}
    lines = [f"{_c_type(node, dialect)} {block.names[node]}[{dialect.wide}];" for node in kept]
    if unused := [node.value for node in block.inputs if node not in block.arguments]:
        lines += [f"(void){name};" for name in unused]
    vectors = [node for node in block.inputs if node.type.vector]
    if vectors and not any(node in block.arguments for node in vectors):
        lines += ["(void)features;"]

    def defined(let: Let) -> str:
        value = syntax.write(let.node, names, whole=True)
        declared = "" if let.node in kept else f"const {_c_type(let.node, dialect)} "
        return f"{declared}{names[let.node]} = {value};"

    for at, stage in enumerate(block.stages):
        here = [defined(let) for let in stage.numbers]
        here += [f"{names[let.node]} = {_start(let.node.op, dialect)};" for let in stage.reductions]
        ready = {let.node for let in stage.numbers}
        last = at == len(block.stages) - 1
        for name in [name for name, node in numbers.items() if last or node in ready]:
            here.append(f"out_{name}[k] = {_as_number(numbers.pop(name), names, syntax, dialect)};")
        if here:
            lines += [_LOOP, *_shifted(here), "}"]
        inner = [defined(let) for let in stage.vectors]
        for let in stage.reductions:
            value = syntax.write(let.node.args[0], names)
            inner.append(_gather(let.node.op, names[let.node], value, dialect))
        inner += [f"out_{let.name}[{entry}] = {syntax.write(let.node, names)};" for let in stage.stored]
        if inner:
            loop = [_LOOP, *_shifted(inner), "}"]
            lines += ["for (size_t i = 0; i < features; ++i) {", *_shifted(loop), "}"]
    return _head(block, dialect), lines


_LOOP = "for (size_t k = 0; k < lanes; ++k) {"


def _head(block: Block, dialect: Dialect) -> str:
    pointer = f"{dialect.real} *{dialect.macro}_RESTRICT"
    sizes = ["size_t features"] if any(node.type.vector for node in block.inputs) else []
    inputs = [f"const {pointer} {node.value}" for node in block.inputs]
    outputs = [f"{pointer} out_{name}" for name in block.outputs]
    arguments = ", ".join(["const size_t lanes", *sizes, *inputs, *outputs])
    return f"{dialect.macro}_INLINE void {dialect.prefix}_block_{block.name}({arguments})"


def _as_number(node: Node, names: Mapping[Node, str], syntax: Syntax, dialect: Dialect) -> str:
    text = syntax.write(node, names)
    return f"({dialect.real})({text})" if node.type.kind == BOOL.kind else text


def _start(op: str, dialect: Dialect) -> str:
    numbers = dialect.numbers
    return {"sum": numbers.integer(0), "top": f"-HUGE_VAL{numbers.suffix.upper()}"}[op]


def _gather(op: str, name: str, value: str, dialect: Dialect) -> str:
    return {
        "sum": f"{name} += {value};",
        "top": f"{name} = {dialect.prefix}_max({name}, {value});",
    }[op]


def _kept(block: Block) -> dict[Node, None]:
    """Numbers that are read in another loop than the one that defines them, in order."""
    named = {let.node for let in block.lets}
    home: dict[Node, tuple[int, str]] = {}
    kept: dict[Node, None] = {}
    for at, stage in enumerate(block.stages):
        home |= {let.node: (at, "numbers") for let in stage.numbers}
        passing = [
            arg for let in (*stage.vectors, *stage.reductions, *stage.stored) for arg in let.node.args
        ]
        for loop, roots in (
            ("numbers", [arg for let in stage.numbers for arg in let.node.args]),
            ("pass", passing),
        ):
            read = _read(roots, named)
            kept |= {node: None for node in read if home.get(node, (at, loop)) != (at, loop)}
        kept |= {let.node: None for let in stage.reductions}
    return kept


def _read(roots: Iterable[Node], named: set[Node]) -> Iterator[Node]:
    """The named nodes that the text of the roots mentions."""
    for node in roots:
        if node in named:
            yield node
        else:
            yield from _read(node.args, named)


def _names(block: Block, kept: Mapping[Node, None], entry: str) -> dict[Node, str]:
    names = {node: f"{name}[k]" if node in kept else name for node, name in block.names.items()}
    for node in block.inputs:
        names[node] = f"{node.value}[{entry}]" if node.type.vector else f"{node.value}[k]"
    return names


def _c_type(node: Node, dialect: Dialect) -> str:
    return "int" if node.type.kind == BOOL.kind else dialect.real


def _shifted(lines: list[str]) -> list[str]:
    return [indent(line, "    ") for line in lines]
