"""The mpmath target: one instance at a time, in whatever precision the caller has set."""

from __future__ import annotations

from textwrap import indent

from symderive.export.ir.blocks import Block
from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill
from symderive.export.targets.header import header
from symderive.export.targets.loops import Style, statements
from symderive.export.targets.python import broken, python_marks
from symderive.export.targets.text import (
    ANY,
    ATOM,
    BOTH,
    CHOICE,
    COMMON,
    EITHER,
    NEGATED,
    Row,
    Syntax,
    call,
    infix,
    require_complete,
)

NOTES = (
    "Numbers are those of mpmath, at the precision mp.dps that holds when a function is called; strings"
    ' such as "0.1" are read to that precision. One instance at a time: a and p are lists.'
    " stationary_points, global_minimum, ridge_solution, layers, prediction_variance, loss,"
    " isotropic_points, isotropic_decay and prox are what it offers; mean_decay and noise_factor make their"
    " arguments from the values of the layers.",
)

_CHOICE = Row("{1} if {0} else {2}", CHOICE, (EITHER, EITHER, CHOICE))

SYNTAX = require_complete(
    Syntax(
        rows={
            **COMMON,
            # mpmath raises where IEEE arithmetic goes on, in branches that are then not taken.
            "div": call("_quotient", 2),
            "sqrt": call("_sqrt"),
            "log": call("_log"),
            "log1p": call("_log1p"),
            "exp": call("mp.exp"),
            "expm1": call("mp.expm1"),
            "pow": call("_power", 2),
            "abs": call("abs"),
            "mantissa": call("_mantissa"),
            "exponent": call("_exponent"),
            "min": call("min", 2),
            "max": call("max", 2),
            "and": infix("and", BOTH, loose=True),
            "or": infix("or", EITHER, loose=True),
            "not": Row("not {}", NEGATED, (NEGATED,)),
            "select": _CHOICE,
            "choose": _CHOICE,
            "sum": Row("{}", ATOM, (ANY,)),
            "top": Row("{}", ATOM, (ANY,)),
        },
        machine={"epsilon": "mp.eps", "tiny": "TINY", "ln2": "mp.ln2"},
        integer=str,
        ratio=call("_quotient", 2),
    )
)

STYLE = Style(
    let="{name} = {value}",
    truth="{name} = {value}",
    start={"sum": "{name} = mp.zero", "top": "{name} = -mp.inf"},
    gather={"sum": "{name} += {value}", "top": "{name} = max({name}, {value})"},
    loop="for i in range(features):",
    close="",
    element="{name}[i]",
    inner="{name} = {value}",
    inner_truth="{name} = {value}",
    store="out_{name}.append({value})",
    finish=broken,
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    marks = {
        "header": f'"""{header(solver, data, NOTES)}\n"""',
        "blocks": "\n\n".join(map(function, solver.blocks)),
        "depth_raises": "" if solver.depth is None else f", or not {solver.depth}",
        **python_marks(
            solver,
            data,
            array="mp.matrix",
            differs="depth != {depth}",
            annotations=("Sequence[Any]", "Any"),
        ),
    }
    return fill("mpmath", marks)


def function(block: Block) -> str:
    """A block as a function that loops over the features."""
    vectors = [name for name, node in block.outputs.items() if node.type.vector]
    lines = [f'"""{block.purpose}"""']
    if any(stage.vectors for stage in block.stages):
        lines.append(f"features = len({next(node.value for node in block.inputs if node.type.vector)})")
    lines += [f"out_{name} = []" for name in vectors]
    lines += statements(block, SYNTAX, STYLE)
    results = (
        f"out_{name}" if name in vectors else SYNTAX.write(node, block.names)
        for name, node in block.outputs.items()
    )
    lines.append(f"return {', '.join(results)}")
    head = f"def _{block.name}({', '.join(node.value for node in block.inputs)}):"
    return "\n".join([head, indent("\n".join(lines), "    ")]) + "\n"
