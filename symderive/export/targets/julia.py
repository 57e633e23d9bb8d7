"""The Julia target: a module of functions on one instance, with methods for many, and no package."""

from __future__ import annotations

from textwrap import indent

from symderive.export.ir.blocks import Block
from symderive.export.solver.solver import MAX_STEPS, Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill
from symderive.export.targets.header import header
from symderive.export.targets.loops import Style, statements
from symderive.export.targets.text import (
    ANY,
    ATOM,
    BOTH,
    COMMON,
    EITHER,
    Row,
    Syntax,
    call,
    infix,
    require_complete,
)

NOTES = (
    "Julia 1.6 or later with its standard library, Float64. Indices count from 1, and 0 stands for the"
    " origin. Where c is a vector of n numbers, stationary_points and global_minimum solve n instances: a"
    " and p are vectors that all share or matrices with a column for each, and the other arguments are"
    " numbers or vectors of length n. What no problem has raises ArgumentError, NaN and infinities too.",
)

SYNTAX = require_complete(
    Syntax(
        rows={
            **COMMON,
            # Julia raises where IEEE arithmetic goes on, in branches that are then not taken.
            "sqrt": call("_sqrt"),
            "log": call("_log"),
            "log1p": call("_log1p"),
            "pow": call("_power", 2),
            "abs": call("abs"),
            "mantissa": call("_mantissa"),
            "exponent": call("_exponent"),
            "min": call("min", 2),
            "max": call("max", 2),
            "and": infix("&&", BOTH, loose=True),
            "or": infix("||", EITHER, loose=True),
            "not": Row("!{}", ATOM, (ATOM,)),
            "select": call("ifelse", 3),
            "choose": call("ifelse", 3),
            "sum": Row("{}", ATOM, (ANY,)),
            "top": Row("{}", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY", "ln2": "LN2"},
        integer=lambda value: f"{value}.0",
        truth=("false", "true"),
    )
)

STYLE = Style(
    let="{name} = {value}",
    truth="{name} = {value}",
    start={"sum": "{name} = 0.0", "top": "{name} = -Inf"},
    gather={"sum": "{name} += {value}", "top": "{name} = max({name}, {value})"},
    loop="for i in 1:features",
    close="end",
    element="{name}[i]",
    inner="{name} = {value}",
    inner_truth="{name} = {value}",
    store="out_{name}[i] = {value}",
    renamed={"end": "stop"},
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    depth = solver.depth
    marks = {
        "header": f'"""\n{header(solver, data, NOTES)}\n"""',
        "max_steps": str(MAX_STEPS),
        "data": _data(data),
        "depth_default": "" if depth is None else f"={depth}",
        "depth_check": _depth_check(depth),
        "blocks": "\n".join(map(function, solver.blocks)),
    }
    return fill("julia", marks)


def function(block: Block) -> str:
    """A block as a function that loops over the features."""
    names = {node: STYLE.renamed.get(name, name) for node, name in block.names.items()}
    inputs = [STYLE.renamed.get(node.value, node.value) for node in block.inputs]
    vectors = [name for name, node in block.outputs.items() if node.type.vector]
    lines = []
    if any(stage.vectors or stage.reductions or stage.stored for stage in block.stages):
        lines.append(f"features = length({next(node.value for node in block.inputs if node.type.vector)})")
    lines += [f"out_{name} = zeros(features)" for name in vectors]
    lines += statements(block, SYNTAX, STYLE)
    results = (
        f"out_{name}" if name in vectors else SYNTAX.write(node, names)
        for name, node in block.outputs.items()
    )
    lines.append(f"return {', '.join(results)}")
    body = indent("\n".join(lines), "    ")
    return f"# {block.purpose}\nfunction _{block.name}({', '.join(inputs)})\n{body}\nend\n"


def _data(data: Baked | None) -> str:
    if data is None:
        return ""
    lines = [
        "",
        '"Eigenvalues of A."',
        f"const EIGENVALUES = {_vector(data.a)}",
        "",
        '"Squared components of v along the eigenvectors."',
        f"const SQUARES = {_vector(data.p)}",
        "",
        '"E[y^2]."',
        f"const SECOND_MOMENT = {data.c!r}",
        "",
        '"Eigenvectors of A as columns, or nothing."',
        f"const AXES = {'nothing' if data.axes is None else _matrix(data.axes)}",
        "",
        *(
            f"{name}(; options...) = {name}(EIGENVALUES, SQUARES, SECOND_MOMENT; options...)"
            for name in ("stationary_points", "global_minimum")
        ),
        "ridge_solution(ridge::Real; noise_factor::Real=1.0) =",
        "    ridge_solution(EIGENVALUES, SQUARES, ridge; noise_factor=noise_factor, axes=AXES)",
    ]
    return "\n".join(lines) + "\n"


def _vector(values: tuple[float, ...]) -> str:
    return f"Float64[{', '.join(map(repr, values))}]"


def _matrix(rows: tuple[tuple[float, ...], ...]) -> str:
    return "Float64[\n" + "".join(f"    {' '.join(map(repr, row))}\n" for row in rows) + "]"


def _depth_check(depth: int | None) -> str:
    if depth is None:
        return ""
    return (
        f"    depth == {depth} ||\n"
        f'        throw(DomainError(depth, "this file was made for depth {depth}; export another one."))\n'
    )
