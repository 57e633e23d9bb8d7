"""Blocks as Python functions, for every target whose language is Python."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill, indent
from typing import TYPE_CHECKING

from symderive.export.ir.blocks import Block
from symderive.export.solver.arguments import MAX_STEPS
from symderive.export.targets.data import Baked
from symderive.export.targets.header import WIDTH
from symderive.export.targets.text import ADDED, ATOM, COMMON, Row, Syntax, call

if TYPE_CHECKING:
    from symderive.export.solver.certified.solver import CertifiedSolver
    from symderive.export.solver.solver import Solver

_AXES_NOTE = "\n    The axes of the file's data hold for that data without being named."

_OWN_AXES = """    if axes is None and a is EIGENVALUES and p is SQUARES:
        axes = AXES
"""


def python_function(block: Block, syntax: Syntax) -> str:
    """A function that takes all inputs of the block and returns its outputs as a tuple.

    Specialized blocks take inputs that they do not use, so that callers need not know.
    """
    names = block.names
    lines = [f'"""{block.purpose}"""']
    lines += [broken(f"{let.name} = {syntax.write(let.node, names, whole=True)}") for let in block.lets]
    lines.append(f"return {', '.join(syntax.write(node, names) for node in block.outputs.values())}")
    head = f"def _{block.name}({', '.join(node.value for node in block.inputs)}):"
    return "\n".join([head, indent("\n".join(lines), "    ")]) + "\n"


def broken(line: str) -> str:
    """A definition ``name = value``, its value in brackets and on several lines where it is long."""
    name, _, value = line.partition(" = ")
    if len(line) <= WIDTH:
        return line
    wrapped = fill(value, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return f"{name} = (\n{indent(wrapped, '    ')}\n)"


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


def python_marks(
    solver: Solver | CertifiedSolver,
    data: Baked | None,
    *,
    array: str,
    differs: str,
    annotations: tuple[str, str] = ("", ""),
) -> dict[str, str]:
    """The marks that frames of all Python targets hold.

    ``array`` makes an array from nested lists; ``differs`` says whether the argument depth is any but
    ``{depth}``; ``annotations`` are those of arrays and of numbers, if parameters have some.
    """
    own = ("EIGENVALUES", "SQUARES", "SECOND_MOMENT") if data else ("", "", "")
    kinds = (annotations[0], annotations[0], annotations[1])
    a, p, c = map(_parameter, kinds, "apc", own)
    return {
        "max_steps": str(MAX_STEPS),
        "data": _constants(data, array),
        "data_parameters": f"{a}, {p}, {c}, ",
        "map_parameters": f"{a}, {p}, " if data is None else f"{a}, {p}, *, ",
        "axes_note": _AXES_NOTE if data and data.axes else "",
        "own_axes": _OWN_AXES if data and data.axes else "",
        "depth_default": _default(annotations[1], "" if solver.depth is None else str(solver.depth)),
        "depth_check": _depth_check(solver.depth, differs),
    }


def _parameter(annotation: str, name: str, value: str) -> str:
    """A parameter with its default, if it has one."""
    return (f"{name}: {annotation}" if annotation else name) + _default(annotation, value)


def _default(annotation: str, value: str) -> str:
    equals = " = " if annotation else "="
    return f"{equals}{value}" if value else ""


def _constants(data: Baked | None, array: str) -> str:
    if data is None:
        return ""
    lines = [
        "#: Eigenvalues of A, squared components of v along the eigenvectors, and E[y^2].",
        f"EIGENVALUES = {array}({list(data.a)})",
        f"SQUARES = {array}({list(data.p)})",
        f"SECOND_MOMENT = {data.c!r}",
    ]
    if data.axes is not None:
        rows = ",\n        ".join(str(list(row)) for row in data.axes)
        lines += ["#: Eigenvectors of A as columns.", f"AXES = {array}(\n    [\n        {rows},\n    ]\n)"]
    return "\n" + "\n".join(lines) + "\n"


def _depth_check(depth: int | None, differs: str) -> str:
    if depth is None:
        return ""
    raised = f'raise ValueError("this file was made for depth {depth}; export another one.")'
    return f"    if {differs.format(depth=depth)}:\n        {raised}\n"
