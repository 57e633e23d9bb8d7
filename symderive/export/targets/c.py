"""The C target: C99 and libm, plain functions on arrays of the caller, no state and no allocation."""

from __future__ import annotations

from dataclasses import replace
from textwrap import fill as fill_text
from textwrap import indent

from symderive.export.ir.blocks import Block
from symderive.export.solver.solver import MAX_STEPS, Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill
from symderive.export.targets.header import WIDTH, header
from symderive.export.targets.lanes import lanes_function
from symderive.export.targets.text import (
    ANY,
    ATOM,
    BOTH,
    CHOICE,
    COMMON,
    EITHER,
    NEGATED,
    SIGNED,
    Row,
    Syntax,
    call,
    infix,
    require_complete,
)

NOTES = (
    "C99, libm, no global state, no allocation. Compile the file, or include it; with"
    " SYMDERIVE_INTERFACE defined before the inclusion it only declares. Arrays are row by row. Functions"
    " return a status, which symderive_message puts into words. Instances are solved side by side, which"
    " gcc -O3 -march=native -fno-math-errno -fno-trapping-math turns into vector instructions (not"
    " -ffast-math, which gives up NaN and infinity).",
)

_CHOICE = Row("{} ? {} : {}", CHOICE, (EITHER, CHOICE, CHOICE))

SYNTAX = require_complete(
    Syntax(
        rows={
            **COMMON,
            "abs": call("fabs"),
            "mantissa": call("mantissa_of"),
            "exponent": call("exponent_of"),
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
        machine={"epsilon": "DBL_EPSILON", "tiny": "DBL_MIN", "ln2": "0.6931471805599453"},
        integer=lambda value: f"{value}.0",
        truth=("0", "1"),
    )
)

#: In blocks that run on many instances nothing may branch, and functions are those of the frame.
FAST = replace(
    SYNTAX,
    rows={
        **SYNTAX.rows,
        **{name: call(f"fast_{name}") for name in ("exp", "expm1", "log", "log1p")},
        "pow": call("whole_power", 2),
        "not": Row("!{}", SIGNED, (ATOM,)),
        "and": Row("{} & {}", BOTH, (ATOM, ATOM)),
        "or": Row("{} | {}", BOTH, (ATOM, ATOM)),
    },
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of one C file."""
    depth = solver.depth
    marks = {
        "header": indent(header(solver, data, NOTES), " * ", lambda _: True).replace(" \n", "\n"),
        "max_steps": str(MAX_STEPS),
        "data": _definitions(data),
        "data_interface": _declarations(data),
        "blocks": "\n".join(
            lanes(block) if any(node.type.vector for node in block.inputs) else single(block)
            for block in solver.blocks
        ),
        "depth_check": "" if depth is None else f" && depth == {depth}.0",
    }
    return fill("c", marks)


def lanes(block: Block) -> str:
    """A block as a function that works on many instances."""
    return _function(block, *lanes_function(block, FAST))


def single(block: Block) -> str:
    """A block without vectors as a function of numbers that leaves its outputs behind pointers."""
    parameters = [f"double {node.value}" for node in block.inputs]
    parameters += [f"double *out_{name}" for name in block.outputs]
    names = block.names
    lines = [f"(void){node.value};" for node in block.inputs if node not in block.arguments]
    lines += [
        f"const double {let.name} = {SYNTAX.write(let.node, names, whole=True)};" for let in block.lets
    ]
    lines += [f"*out_{name} = {SYNTAX.write(node, names)};" for name, node in block.outputs.items()]
    return _function(block, f"static void block_{block.name}({', '.join(parameters)})", lines)


def _function(block: Block, head: str, lines: list[str]) -> str:
    body = "\n".join(map(_wrapped, indent("\n".join(lines), "    ").splitlines()))
    return f"/* {block.purpose} */\n{_wrapped(head)}\n{{\n{body}\n}}\n"


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
