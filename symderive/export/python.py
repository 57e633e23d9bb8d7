"""Blocks as Python functions, for every target whose language is Python."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from symderive.export.blocks import Block
from symderive.export.text import ADDED, ATOM, COMMON, Row, Syntax, call


def python_function(block: Block, syntax: Syntax) -> str:
    """A function that takes all inputs of the block and returns its outputs as a tuple.

    Specialized blocks take inputs that they do not use, so that callers need not know.
    """
    names = block.names
    lines = [f'"""{block.purpose}"""']
    lines += [f"{let.name} = {syntax.write(let.node, names, whole=True)}" for let in block.lets]
    lines.append(f"return {', '.join(syntax.write(node, names) for node in block.outputs.values())}")
    head = f"def _{block.name}({', '.join(node.value for node in block.inputs)}):"
    return "\n".join([head, indent("\n".join(lines), "    ")]) + "\n"


def elementwise(prefix: str, functions: Mapping[str, str]) -> dict[str, Row]:
    """The rows of array libraries, where ``&``, ``|`` and ``~`` act on truth values, brackets always.

    ``functions`` names the functions of operations, called with ``prefix`` before their names.
    """
    counts = {"select": 3, "choose": 3, "pow": 2, "min": 2, "max": 2}
    return {
        **COMMON,
        "and": Row("{} & {}", ADDED - 2, (ATOM, ATOM)),
        "or": Row("{} | {}", ADDED - 2, (ATOM, ATOM)),
        "not": Row("~{}", ATOM, (ATOM,)),
        **{op: call(prefix + name, counts.get(op, 1)) for op, name in functions.items()},
    }
