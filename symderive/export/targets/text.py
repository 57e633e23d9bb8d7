"""From node to text: one row for each operation of a language, brackets from precedence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symderive.errors import InputError
from symderive.export.ir.closed import is_closed, nearest_double
from symderive.export.ir.nodes import BOUNDS, MACHINE, OPERATIONS, PROVED, Node

#: Strength of binding, from the loosest; an argument that binds more loosely than its place takes brackets.
ANY, CHOICE, EITHER, BOTH, NEGATED, COMPARED, ADDED, MULTIPLIED, SIGNED, ATOM = range(10)


@dataclass(frozen=True)
class Row:
    """How one operation is written: a template with one ``{}`` for each argument.

    ``binds`` is the strength of the whole, ``places`` are the least strengths of the arguments.
    """

    template: str
    binds: int
    places: tuple[int, ...]


def whole(value: int) -> str:
    """A whole number in Python, large powers of two as such."""
    bits = value.bit_length() - 1
    return f"2.0**{bits}" if bits > 20 and value == 2**bits else f"{value}.0"


def infix(sign: str, binds: int, *, loose: bool = False) -> Row:
    """A left-associative operator; ``loose`` operators do not care how they are grouped."""
    return Row(f"{{}} {sign} {{}}", binds, (binds, binds if loose else binds + 1))


def call(name: str, count: int = 1) -> Row:
    """name(x, …)."""
    return Row(f"{name}({', '.join(['{}'] * count)})", ATOM, (ANY,) * count)


#: What nearly all languages share.
COMMON: Mapping[str, Row] = {
    "add": infix("+", ADDED),
    "sub": infix("-", ADDED),
    "neg": Row("-{}", SIGNED, (SIGNED,)),
    "mul": infix("*", MULTIPLIED),
    "div": infix("/", MULTIPLIED),
    "lt": Row("{} < {}", COMPARED, (ADDED, ADDED)),
    "le": Row("{} <= {}", COMPARED, (ADDED, ADDED)),
    "eq": Row("{} == {}", COMPARED, (ADDED, ADDED)),
    **{name: call(name) for name in ("sqrt", "exp", "expm1", "log", "log1p")},
}


@dataclass(frozen=True)
class Syntax:
    """The expressions of one language.

    ``rows`` has one row for each operation in use, ``machine`` the text of each constant.
    ``integer`` writes a whole number as one of the language's real numbers; ``ratio`` divides two of those.
    Operations in ``folded`` take arrays, and of constants alone they are written as the double that is
    nearest to their value.
    """

    rows: Mapping[str, Row]
    machine: Mapping[str, str]
    integer: Callable[[int], str]
    ratio: Row = COMMON["div"]
    truth: tuple[str, str] = ("False", "True")
    folded: frozenset[str] = frozenset()

    def write(self, node: Node, names: Mapping[Node, str], *, whole: bool = False) -> str:
        """The text of a node; nodes in ``names`` go by their names, but ``whole`` spells out the first.

        Raises :class:`InputError` for an operation without a row.
        """
        return self._write(node, names, ANY, whole=whole)

    def _write(self, node: Node, names: Mapping[Node, str], place: int, *, whole: bool = False) -> str:
        if node in names and not whole:
            return names[node]
        if node.is_constant:
            text, binds = self._constant(node.value)
        elif node.op == "machine":
            text, binds = self.machine[node.value], ATOM
        elif node.op in self.folded and is_closed(node):
            value = nearest_double(node)
            text, binds = repr(value), SIGNED if value < 0 else ATOM
        elif (row := self.rows.get(node.op)) is not None:
            inside = (self._write(a, names, p) for a, p in zip(node.args, row.places, strict=True))
            text, binds = row.template.format(*inside), row.binds
        else:
            raise InputError(f"this target has no text for {node.op}.")
        return f"({text})" if binds < place else text

    def _constant(self, value: Fraction | bool) -> tuple[str, int]:
        if isinstance(value, bool):
            return self.truth[value], ATOM
        sign = "-" if value < 0 else ""
        top, bottom = self.integer(abs(value.numerator)), self.integer(value.denominator)
        if value.denominator == 1:
            return sign + top, SIGNED if sign else ATOM
        return self.ratio.template.format(sign + top, bottom), self.ratio.binds


def require_complete(syntax: Syntax) -> Syntax:
    """The syntax itself where no row is missing, else :class:`InputError`; called where tables are made.

    The operations of proofs may be missing all together: then the target writes no certified solver.  Quick
    bounds are wanted only of those that write them.
    """
    proved = any(name in syntax.rows for name in PROVED)
    optional = (*BOUNDS.values(), *(() if proved else PROVED))
    wanted = [name for name in OPERATIONS if name not in optional]
    missing = [name for name in wanted if name not in syntax.rows]
    missing += [name for name in MACHINE if name not in syntax.machine]
    if missing:
        raise InputError(f"the table of the target has no row for {', '.join(missing)}.")
    return syntax
