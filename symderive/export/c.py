"""The C target: C99 and libm, plain functions on arrays of the caller, no state and no allocation."""

from __future__ import annotations

from textwrap import fill as fill_text
from textwrap import indent

from symderive.export.blocks import Block
from symderive.export.data import Baked
from symderive.export.frame import fill
from symderive.export.header import WIDTH, header
from symderive.export.loops import Style, statements
from symderive.export.solver import MAX_STEPS, Solver
from symderive.export.text import (
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
    "C99, libm, no global state, no allocation. Compile the file, or include it; with"
    " SYMDERIVE_INTERFACE defined before the inclusion it only declares. Arrays are row by row. Functions"
    " return a status, which symderive_message puts into words.",
)

_CHOICE = Row("{} ? {} : {}", CHOICE, (EITHER, CHOICE, CHOICE))

SYNTAX = require_complete(
    Syntax(
        rows={
            **COMMON,
            "abs": call("fabs"),
            "pow": call("pow", 2),
            "min": call("smaller", 2),
            "max": call("larger", 2),
            "and": infix("&&", BOTH, loose=True),
            # Compilers want brackets around && within ||.
            "or": Row("{} || {}", EITHER, (NEGATED, NEGATED)),
            "not": Row("!{}", ATOM, (ATOM,)),
            "select": _CHOICE,
            "choose": _CHOICE,
            "sum": Row("{}", ATOM, (ANY,)),
            "top": Row("{}", ATOM, (ANY,)),
        },
        machine={"epsilon": "DBL_EPSILON", "tiny": "DBL_MIN"},
        integer=lambda value: f"{value}.0",
        truth=("0", "1"),
    )
)

STYLE = Style(
    let="const double {name} = {value};",
    truth="const int {name} = {value};",
    start={"sum": "double {name} = 0.0;", "top": "double {name} = -HUGE_VAL;"},
    gather={"sum": "{name} += {value};", "top": "{name} = larger({name}, {value});"},
    loop="for (size_t i = 0; i < features; ++i) {",
    close="}",
    element="{name}[i]",
    inner="const double {name} = {value};",
    inner_truth="const int {name} = {value};",
    store="out_{name}[i] = {value};",
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of one C file."""
    depth = solver.depth
    marks = {
        "header": indent(header(solver, data, NOTES), " * ", lambda _: True).replace(" \n", "\n"),
        "max_steps": str(MAX_STEPS),
        "data": _definitions(data),
        "data_interface": _declarations(data),
        "blocks": "\n\n".join(map(function, solver.blocks)),
        "depth_check": "" if depth is None else f" && depth == {depth}.0",
    }
    return fill("c", marks)


def function(block: Block) -> str:
    """A block as a function that leaves its outputs behind pointers; ``features`` is their number."""
    inputs = [f"const double *{n.value}" if n.type.vector else f"double {n.value}" for n in block.inputs]
    outputs = [f"double *out_{name}" for name in block.outputs]
    looped = any(node.type.vector for node in block.inputs)
    parameters = ", ".join([*(["size_t features"] if looped else []), *inputs, *outputs])
    unused = [node.value for node in block.inputs if node not in block.arguments]
    lines = [f"(void){name};" for name in unused]
    if looped and not any(stage.reductions or stage.stored for stage in block.stages):
        lines.append("(void)features;")
    lines += statements(block, SYNTAX, STYLE)
    lines += [
        f"*out_{name} = {SYNTAX.write(node, block.names)};"
        for name, node in block.outputs.items()
        if not node.type.vector
    ]
    body = "\n".join(map(_wrapped, indent("\n".join(lines), "    ").splitlines()))
    head = _wrapped(f"static void block_{block.name}({parameters})")
    return f"/* {block.purpose} */\n{head}\n{{\n{body}\n}}\n"


def _wrapped(line: str) -> str:
    """A statement over several lines where it is long, which C allows at every space."""
    inner = " " * (len(line) - len(line.lstrip()) + 8)
    return fill_text(line, WIDTH, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False)


def _arrays(data: Baked) -> dict[str, tuple[float, ...]]:
    arrays = {"symderive_eigenvalues": data.a, "symderive_squares": data.p}
    if data.axes is not None:
        arrays["symderive_axes"] = tuple(x for row in data.axes for x in row)
    return arrays


def _declarations(data: Baked | None) -> str:
    if data is None:
        return ""
    lines = [
        "/* Eigenvalues of A, squared components of v along the eigenvectors, E[y^2], and the eigenvectors",
        " * as columns. */",
        f"#define SYMDERIVE_FEATURES {len(data.a)}",
        *(f"extern const double {name}[{len(values)}];" for name, values in _arrays(data).items()),
        "extern const double symderive_second_moment;",
    ]
    return "\n" + "\n".join(lines) + "\n"


def _definitions(data: Baked | None) -> str:
    if data is None:
        return ""
    lines = [
        f"const double {name}[{len(values)}] = {{\n{_numbers(values)}}};"
        for name, values in _arrays(data).items()
    ]
    lines.append(f"const double symderive_second_moment = {data.c.hex()};")
    return "\n".join(lines) + "\n\n"


def _numbers(values: tuple[float, ...]) -> str:
    return fill_text(
        ", ".join(value.hex() for value in values), WIDTH, initial_indent="    ", subsequent_indent="    "
    )
