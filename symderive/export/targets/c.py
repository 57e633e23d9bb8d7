"""The C target: C99, C11 or C++17 and libm, functions on arrays of the caller, no state, no allocation.

One text holds everything (:attr:`CFile.whole`), or a header declares and a source defines
(:meth:`CFile.pair`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import fill as fill_text
from textwrap import indent
from zlib import crc32

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import BOUNDS, PROVED
from symderive.export.solver.certified.logarithm import COEFFICIENTS, HIGH, LOW
from symderive.export.solver.certified.solver import MAX_LOOKS, MAX_REPAIRS, CertifiedSolver
from symderive.export.solver.solver import MAX_STEPS, Solver
from symderive.export.targets.bounds import with_bounds
from symderive.export.targets.c_data import declarations, definitions
from symderive.export.targets.c_lines import fitting, wrapped
from symderive.export.targets.data import Baked
from symderive.export.targets.dialect import PREFIX, Dialect
from symderive.export.targets.frame import framed
from symderive.export.targets.header import header
from symderive.export.targets.lanes import lanes_function
from symderive.export.targets.quotients import with_products
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

#: Instances that are solved side by side: four vectors of eight doubles, or two of sixteen floats; and two
#: of eight doubles where more is kept of each.
WIDE, WIDE_SINGLE, WIDE_CERTIFIED = 32, 32, 16

#: How many times as many are in work, so that one that is done makes room for another.
TILES = 4

#: Outputs of the block of values that choose the global minimum and are no field of a point.
INNER = ("descent", "proved", "settled", "next_x")

#: What a file in single precision says besides.
SINGLE_NOTE = ("Units in the last place are those of float.",)

#: How the names of radii end.
RADIUS = "_radius"

#: Flags under which instances side by side become vector instructions.
ADVISED = "-O3 -march=native -fno-math-errno -fno-trapping-math -ffp-contract=fast"

#: Columns of a list within hand-written code, which stands behind something else.
MARKED = 92

_CHOICE = Row("{} ? {} : {}", CHOICE, (EITHER, CHOICE, CHOICE))


_LOGARITHM = {
    "ln_coefficients": " + z * (".join(x.hex() for x in COEFFICIENTS) + ")" * (len(COEFFICIENTS) - 1),
    "ln_high": HIGH.hex(),
    "ln_low": LOW.hex(),
}


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
    own = ("exp", "expm1", "log", "log1p", *BOUNDS.values())
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


@dataclass(frozen=True)
class CFile:
    """One solver in C; ``certified`` are the blocks of its search where that is proved, else None."""

    solver: Solver
    data: Baked | None
    dialect: Dialect
    certified: CertifiedSolver | None = None

    @property
    def whole(self) -> str:
        """One text that also serves as its own header."""
        shield = self._shield
        note = (
            f"Compile this file, or include it. With {shield} defined before the inclusion it only"
            " declares, as a header of its own would (symderive export --out FILE writes the two apart)."
        )
        text = self._comment(note, f'#define {shield}\n#include "FILE"')
        return f"{text}{self._interface}\n{self._shielded}"

    def pair(self, stem: str) -> dict[str, str]:
        """The texts of STEM.h, which declares, and STEM.c, which defines, by their names."""
        include = f'#include "{stem}.h"'
        text = self._comment(
            f"{stem}.c is to be compiled, as C or as C++, or included in place of {stem}.h.", include
        )
        return {f"{stem}.h": text + self._interface, f"{stem}.c": f"{text}{include}\n\n{self._shielded}"}

    @property
    def _shield(self) -> str:
        """What a program defines that wants declarations only."""
        return f"{self.dialect.macro}_INTERFACE"

    @property
    def _shielded(self) -> str:
        """The definitions, once in a program text."""
        held = f"{self.dialect.macro}_DEFINED"
        begin = f"#if !defined({self._shield}) && !defined({held})\n#define {held}\n"
        return f"{begin}{self._source}#endif\n"

    @property
    def _search(self) -> str:
        return "plain" if self.certified is None else "certified"

    @property
    def _blocks(self) -> tuple[Block, ...]:
        """All blocks, those of the search first."""
        solver = self.solver
        if self.certified is None:
            return solver.blocks
        return (*self.certified.blocks, solver.layer, solver.prediction, solver.isotropic)

    @property
    def _outputs(self) -> list[str]:
        """What the block gives that says what is known at a root."""
        values = self.solver.values if self.certified is None else self.certified.finish
        return list(values.outputs)

    @property
    def _fields(self) -> list[str]:
        """The numbers of a point, in order."""
        return [name for name in self._outputs if name not in INNER]

    @property
    def _wide(self) -> int:
        if self.certified is not None:
            return WIDE_CERTIFIED
        return WIDE_SINGLE if self.dialect.single else WIDE

    def _frame(self, name: str, marks: Mapping[str, str] | None = None) -> str:
        """A frame with those marks that it holds, and those of names and numbers."""
        text = framed(name, {**(marks or {}), **self.dialect.marks})
        return "".join(map(fitting, text.splitlines(keepends=True)))

    def _comment(self, note: str, include: str) -> str:
        prefix, macro = self.dialect.prefix, self.dialect.macro
        notes: tuple[str, ...] = (
            f"C99 and later or C++17, libm, no global state, no allocation, numbers of"
            f" {self.dialect.numbers.precision} precision. {note} Names begin with {prefix}_ or {macro}_,"
            " private ones too, so that files of other prefixes link into one program. Arrays are row by"
            f" row. Functions return a status, which {prefix}_message puts into words. Instances are solved"
            f" side by side, which gcc {ADVISED} turns into vector instructions. -ffast-math is refused;"
            " what gives up IEEE 754 without a macro that says so, and a processor that flushes to zero,"
            " are noticed when it runs and have a status of their own.",
        )
        if self.dialect.single:
            notes += SINGLE_NOTE
        blocks = None if self.certified is None else self._blocks
        text = header(self.solver, self.data, notes, certified=blocks, single=self.dialect.single)
        marks = {
            "include": include,
            "depth": str(2 if self.solver.depth is None else self.solver.depth),
            **self._example,
        }
        return _commented(f"{text}\n\nExample:\n\n{indent(self._frame('c_usage', marks), '    ')}")

    @property
    def _example(self) -> dict[str, str]:
        """What the example solves: the data of the file, or numbers of its own."""
        prefix, macro = self.dialect.prefix, self.dialect.macro
        if self.data is not None:
            return {
                "example": "",
                "features": f"{macro}_FEATURES",
                "spectrum": f"{prefix}_eigenvalues, {prefix}_squares, {prefix}_second_moment",
                "ulps": "" if self.certified is None else f" {macro}_ULPS,",
            }
        return {
            "example": f"    const {self.dialect.real} a[3] = {{0.5, 1, 3}}, p[3] = {{0.25, 1, 2}};\n",
            "features": "3",
            "spectrum": "a, p, 4",
            "ulps": "" if self.certified is None else " 0,",
        }

    @property
    def _interface(self) -> str:
        numbers, depth = self.dialect.numbers, self.solver.depth
        rows, each = (6, 2) if self.certified is None else (10, 4)
        marks = {
            "precision": numbers.precision,
            "fields": _listed(name for name in self._fields if not name.endswith(RADIUS)),
            "radii": _listed(name for name in self._fields if name.endswith(RADIUS)),
            "work": str((rows * TILES + 4) * self._wide),
            "work_more": str(each * TILES * self._wide),
            "depth_note": "" if depth is None else f", {depth} in this file",
        }
        search = self._frame(f"c_header_{self._search}", marks)
        declared = declarations(self.data, self.dialect, certified=self.certified is not None)
        # Another solver of the same names is told from this one by the text that it consists of.
        identity = f"{crc32(self._source.encode()):#010x}u"
        marks = {"search": search, "data_interface": declared, "identity": identity}
        return self._frame("c_header", marks)

    @cached_property
    def _source(self) -> str:
        numbers, depth = self.dialect.numbers, self.solver.depth
        at_origin = {"ridge": "far", "loss": "solved ? c : none"}
        if self.certified is not None:
            at_origin = {"ridge": "HUGE_VAL", "loss": "c"}
        check = "" if depth is None else f" | !(depth == {depth})"
        search = {
            "value_arrays": _listed(f"{name}[{self.dialect.wide}]" for name in self._outputs),
            "value_names": _listed(self._outputs),
            "take_values": _listed((f"at.{name} = {name}[k];" for name in self._fields), " "),
            "origin": _listed(
                at_origin.get(name, "none" if self.certified is None else "0") for name in self._fields
            ),
            "nothing": _listed("NAN" for _ in self._fields),
            "depth_check": check,
            "precision": numbers.precision,
        }
        repairs = f", {self.dialect.macro}_MAX_REPAIRS = {MAX_REPAIRS}"
        marks = {
            "wide": str(self._wide),
            "tiles": str(TILES),
            "max_steps": str(MAX_STEPS if self.certified is None else MAX_LOOKS),
            "more_limits": "" if self.certified is None else repairs,
            "fdlibm": numbers.fdlibm,
            "elementary": self._frame(numbers.elementary),
            "proved": "" if self.certified is None else self._frame("c_proved", _LOGARITHM),
            "round": numbers.round,
            "part": numbers.part,
            "divisor": numbers.divisor,
            "quotient": numbers.quotient,
            "data": definitions(self.data, self.dialect),
            "blocks": "\n".join(self._written(block) for block in self._blocks),
            "search": self._frame(f"c_{self._search}", search),
            "tools": self._frame("c_tools"),
        }
        return self._frame("c", marks)

    def _written(self, block: Block) -> str:
        if self.certified is not None and block in self.certified.blocks:
            return lanes(block, self.dialect, proved=True)
        if any(node.type.vector for node in block.inputs):
            return lanes(with_products(with_bounds(self._unfinished(block))), self.dialect)
        return single_function(block, self.dialect)

    def _unfinished(self, block: Block) -> Block:
        """A step that gives the logarithm of a root: the frame makes a root of it, once."""
        if block is not self.solver.step:
            return block
        outputs = {name: node.args[0] if name == "root" else node for name, node in block.outputs.items()}
        return replace(block, outputs=outputs)


def write(solver: Solver, data: Baked | None, *, prefix: str | None = None, single: bool = False) -> str:
    """The source text of one C file, which also serves as its own header."""
    return CFile(solver, data, Dialect(prefix or PREFIX, single)).whole


def _listed(items: Iterable[str], between: str = ", ") -> str:
    """A list within hand-written code, over several lines where it is long."""
    text = between.join(items)
    return fill_text(
        text, MARKED, subsequent_indent=" " * 16, break_long_words=False, break_on_hyphens=False
    )


def _commented(text: str) -> str:
    lines = indent(text.rstrip("\n"), " * ", lambda _: True).replace(" \n", "\n")
    return f"/*\n{lines}\n */\n"


def lanes(block: Block, dialect: Dialect, *, proved: bool = False) -> str:
    """A block as a function that works on many instances; ``proved`` ones have a logarithm with a bound."""
    syntax = lanes_syntax(dialect)
    if proved:
        own = {name: call(f"{dialect.prefix}_{name}") for name in PROVED}
        syntax = require_complete(replace(syntax, rows={**syntax.rows, **own}))
    return _function(block, *lanes_function(block, syntax, dialect))


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
    body = "\n".join(map(wrapped, indent("\n".join(lines), "    ").splitlines()))
    return f"/* {block.purpose} */\n{wrapped(head)}\n{{\n{body}\n}}\n"
