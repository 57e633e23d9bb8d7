"""The C target: C99, C11 or C++17 and libm, plain functions on arrays of the caller, no state, no allocation.

One text holds everything (:func:`write`), or a header declares and a source defines (:func:`pair`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from textwrap import fill as fill_text
from textwrap import indent

from symderive.export.ir.blocks import Block
from symderive.export.solver.solver import MAX_STEPS, Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.frame import framed
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

#: Instances that are solved side by side: two vectors of eight doubles, or of sixteen floats.
WIDE, WIDE_SINGLE = 16, 32

#: How many times as many are in work, so that one that is done makes room for another.
TILES = 4

#: Outputs of the block of values that choose the global minimum and are no field of a point.
INNER = ("descent",)

_CHOICE = Row("{} ? {} : {}", CHOICE, (EITHER, CHOICE, CHOICE))


def single_syntax(dialect: Dialect) -> Syntax:
    """Expressions about one number, with the functions of libm."""
    suffix = dialect.numbers.suffix
    return require_complete(
        Syntax(
            rows={
                **COMMON,
                **{name: call(name + suffix) for name in ("sqrt", "exp", "expm1", "log", "log1p")},
                "abs": call(f"fabs{suffix}"),
                "mantissa": call(f"{dialect.prefix}_mantissa"),
                "exponent": call(f"{dialect.prefix}_exponent"),
                "pow": call(f"pow{suffix}", 2),
                "min": call(f"{dialect.prefix}_min", 2),
                "max": call(f"{dialect.prefix}_max", 2),
                "and": infix("&&", BOTH, loose=True),
                # Compilers want brackets around && within ||.
                "or": Row("{} || {}", EITHER, (NEGATED, NEGATED)),
                "not": Row("!{}", ATOM, (ATOM,)),
                "select": _CHOICE,
                "choose": _CHOICE,
                "sum": Row("{}", ATOM, (ANY,)),
                "top": Row("{}", ATOM, (ANY,)),
            },
            machine={
                "epsilon": f"{dialect.numbers.limits}_EPSILON",
                "tiny": f"{dialect.numbers.limits}_MIN",
                "ln2": f"0.6931471805599453{suffix}",
            },
            integer=dialect.numbers.integer,
            truth=("0", "1"),
        )
    )


def lanes_syntax(dialect: Dialect) -> Syntax:
    """In blocks that run on many instances nothing may branch, and functions are those of the frame."""
    syntax = single_syntax(dialect)
    own = ("exp", "expm1", "log", "log1p")
    return replace(
        syntax,
        rows={
            **syntax.rows,
            **{name: call(f"{dialect.prefix}_{name}") for name in own},
            "pow": call(f"{dialect.prefix}_pow", 2),
            "not": Row("!{}", SIGNED, (ATOM,)),
            "and": Row("{} & {}", BOTH, (ATOM, ATOM)),
            "or": Row("{} | {}", BOTH, (ATOM, ATOM)),
        },
    )


def write(solver: Solver, data: Baked | None, *, prefix: str | None = None, single: bool = False) -> str:
    """The source text of one C file, which also serves as its own header."""
    dialect = Dialect(single=single) if prefix is None else Dialect(prefix, single)
    shield = f"{dialect.macro}_INTERFACE"
    note = (
        f"Compile this file, or include it. With {shield} defined before the inclusion it only declares,"
        " as a header of its own would (symderive export --out FILE writes the two apart)."
    )
    text = _comment(solver, data, dialect, note, f'#define {shield}\n#include "FILE"')
    source = f"\n#ifndef {shield}\n{_source(solver, data, dialect)}#endif\n"
    return text + _interface(solver, data, dialect) + source


def pair(
    solver: Solver, data: Baked | None, stem: str, *, prefix: str | None = None, single: bool = False
) -> Mapping[str, str]:
    """The texts of STEM.h, which declares, and STEM.c, which defines, by their names."""
    dialect = Dialect(single=single) if prefix is None else Dialect(prefix, single)
    include = f'#include "{stem}.h"'
    note = f"{stem}.c is to be compiled, as C or as C++, or included in place of {stem}.h."
    text = _comment(solver, data, dialect, note, include)
    return {
        f"{stem}.h": text + _interface(solver, data, dialect),
        f"{stem}.c": f"{text}{include}\n\n{_source(solver, data, dialect)}",
    }


def _comment(solver: Solver, data: Baked | None, dialect: Dialect, note: str, include: str) -> str:
    notes = (
        f"C99 and later or C++17, libm, no global state, no allocation, numbers of {dialect.numbers.precision}"
        f" precision. {note} Names begin with {dialect.prefix}_ or {dialect.macro}_, private ones too, so that"
        " files of other prefixes link into one program. Arrays are row by row. Functions return a status,"
        f" which {dialect.prefix}_message puts into words. Instances are solved side by side, which gcc -O3"
        " -march=native -fno-math-errno -fno-trapping-math turns into vector instructions. -ffast-math is"
        " refused; what gives up IEEE 754 without a macro that says so, and a processor that flushes to zero,"
        " are noticed when it runs and have a status of their own.",
    )
    text = header(solver, data, notes)
    usage = _frame("c_usage", dialect, {"include": include, "depth": _usage_depth(solver)})
    return _commented(f"{text}\n\nExample:\n\n{indent(usage, '    ')}")


def _commented(text: str) -> str:
    lines = indent(text.rstrip("\n"), " * ", lambda _: True).replace(" \n", "\n")
    return f"/*\n{lines}\n */\n"


def _usage_depth(solver: Solver) -> str:
    return str(2 if solver.depth is None else solver.depth)


def _frame(name: str, dialect: Dialect, marks: Mapping[str, str]) -> str:
    """A frame with its marks, and those of names and numbers that it holds."""
    return framed(name, {**marks, **dialect.marks})


def _interface(solver: Solver, data: Baked | None, dialect: Dialect) -> str:
    numbers, wide = dialect.numbers, WIDE_SINGLE if dialect.single else WIDE
    marks = {
        "precision": numbers.precision,
        "fields": ", ".join(_fields(solver)),
        "work": str((6 * TILES + 4) * wide),
        "work_more": str(2 * TILES * wide),
        "explained": numbers.slack.rstrip("f"),
        "depth_note": "" if solver.depth is None else f", {solver.depth} in this file",
        "data_interface": _declarations(data, dialect),
    }
    return _frame("c_header", dialect, marks)


def _source(solver: Solver, data: Baked | None, dialect: Dialect) -> str:
    numbers, values, fields = dialect.numbers, list(solver.values.outputs), _fields(solver)
    at_origin = {"ridge": "far", "loss": "solved ? c : none"}
    marks = {
        "wide": str(WIDE_SINGLE if dialect.single else WIDE),
        "tiles": str(TILES),
        "max_steps": str(MAX_STEPS),
        "fdlibm": numbers.fdlibm,
        "elementary": _frame(numbers.elementary, dialect, {}),
        "round": numbers.round,
        "part": numbers.part,
        "divisor": numbers.divisor,
        "quotient": numbers.quotient,
        "slack": numbers.slack,
        "value_arrays": ", ".join(f"{name}[{dialect.wide}]" for name in values),
        "value_names": ", ".join(values),
        "take_values": " ".join(f"at.{name} = {name}[k];" for name in fields),
        "origin": ", ".join(at_origin.get(name, "none") for name in fields),
        "data": _definitions(data, dialect),
        "blocks": "\n".join(
            lanes(block, dialect)
            if any(node.type.vector for node in block.inputs)
            else single_function(block, dialect)
            for block in solver.blocks
        ),
        "depth_check": "" if solver.depth is None else f" | !(depth == {solver.depth})",
        "tools": _frame("c_tools", dialect, {}),
    }
    return _frame("c", dialect, marks)


def _fields(solver: Solver) -> list[str]:
    """The numbers of a point, in order."""
    return [name for name in solver.values.outputs if name not in INNER]


def lanes(block: Block, dialect: Dialect) -> str:
    """A block as a function that works on many instances."""
    return _function(block, *lanes_function(block, lanes_syntax(dialect), dialect))


def single_function(block: Block, dialect: Dialect) -> str:
    """A block without vectors as a function of numbers that leaves its outputs behind pointers."""
    real, syntax = dialect.real, single_syntax(dialect)
    parameters = [f"{real} {node.value}" for node in block.inputs]
    parameters += [f"{real} *out_{name}" for name in block.outputs]
    names = block.names
    lines = [f"(void){node.value};" for node in block.inputs if node not in block.arguments]
    lines += [
        f"const {real} {let.name} = {syntax.write(let.node, names, whole=True)};" for let in block.lets
    ]
    lines += [f"*out_{name} = {syntax.write(node, names)};" for name, node in block.outputs.items()]
    head = f"static void {dialect.prefix}_block_{block.name}({', '.join(parameters)})"
    return _function(block, head, lines)


def _function(block: Block, head: str, lines: list[str]) -> str:
    body = "\n".join(map(_wrapped, indent("\n".join(lines), "    ").splitlines()))
    return f"/* {block.purpose} */\n{_wrapped(head)}\n{{\n{body}\n}}\n"


def _wrapped(line: str) -> str:
    """A statement over several lines where it is long, which C allows at every space."""
    inner = " " * (len(line) - len(line.lstrip()) + 8)
    return fill_text(line, WIDTH, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False)


def _arrays(data: Baked, dialect: Dialect) -> dict[str, tuple[float, ...]]:
    prefix = dialect.prefix
    arrays = {f"{prefix}_eigenvalues": data.a, f"{prefix}_squares": data.p}
    if data.axes is not None:
        arrays[f"{prefix}_axes"] = tuple(x for row in data.axes for x in row)
    return arrays


def _declarations(data: Baked | None, dialect: Dialect) -> str:
    if data is None:
        return ""
    lines = [
        "/* Eigenvalues of A, squared components of v along the eigenvectors, E[y^2], and the eigenvectors",
        " * as columns. */",
        f"#define {dialect.macro}_FEATURES {len(data.a)}",
        *(
            f"extern const {dialect.real} {name}[{len(values)}];"
            for name, values in _arrays(data, dialect).items()
        ),
        f"extern const {dialect.real} {dialect.prefix}_second_moment;",
    ]
    return "\n" + "\n".join(lines) + "\n"


def _definitions(data: Baked | None, dialect: Dialect) -> str:
    if data is None:
        return ""
    suffix = dialect.numbers.suffix
    lines = [
        f"const {dialect.real} {name}[{len(values)}] = {{\n{_numbers(values, suffix)}}};"
        for name, values in _arrays(data, dialect).items()
    ]
    second = f"const {dialect.real} {dialect.prefix}_second_moment = {data.c.hex()}{suffix};"
    return "\n".join([*lines, second]) + "\n\n"


def _numbers(values: tuple[float, ...], suffix: str) -> str:
    return fill_text(
        ", ".join(value.hex() + suffix for value in values),
        WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
    )
