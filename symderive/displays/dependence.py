"""What depends on what: names below names, for where a letter varies or is another one.

A derivative, a limit or a call at another argument looks at one letter only.  What it leaves out is found
here: a definition that speaks of the letter besides its argument, a name that stays a letter of the
statement although its value speaks of it, a family with a recursion through it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from symderive.displays import nodes as n
from symderive.displays.printing.latex import to_tex
from symderive.displays.vocabulary import Entry, Reading, families, names_in
from symderive.statements.display import Definition, Letter


def below(reading: Reading, entry: Entry) -> Iterator[tuple[n.Name, Entry | None]]:
    """The names that a definition speaks of, also through others, with what they are."""
    waiting, seen = list(names_in(entry.value)), {*entry.arguments, *entry.indices}
    while waiting:
        if (name := waiting.pop()) in seen:
            continue
        seen.add(name)
        found = [x[0] for x in (reading.find(name), reading.find(name, call=True)) if x is not None]
        yield from ((name, one) for one in found or (None,))
        for one in found:
            waiting += set(names_in(one.value)) - set(one.arguments)


def beneath(reading: Reading, entry: Entry, argument: n.Name) -> str:
    """What a definition speaks of through other names and depends on its argument, as a clause.

    L(W, U) at other weights is not what its value becomes at them: it speaks of f, which speaks of U.
    """
    family = [one.record for one in reading.entries if _is_called(one.record, argument)]
    symbols = frozenset().union(*(families(record) for record in family if isinstance(record, Letter)))
    for name, one in below(reading, entry):
        if one is not None:
            inside = set(names_in(one.value)) - set(one.arguments)
            if _recursive_in(one.record, symbols) or any(part.tex == argument.tex for part in inside):
                return f"{to_tex(name)} depends on the argument {to_tex(argument)}"
    return ""


def besides(reading: Reading, entry: Entry, argument: n.Node) -> str:
    """Why a call is not differentiated by a letter that is not the definition's own, as a clause.

    The gradient of N(m) = v·m at m = v is v, and that of v·v is 2v.
    """
    if any(name == argument for name, _ in below(reading, entry)):
        return f"{entry.record.tex} speaks of {to_tex(argument)} besides its argument"
    return ""


def within(reading: Reading, value: Any, variable: Any, stays: Callable[[Definition], bool]) -> str:
    """What of a value depends on a variable through its meaning only, as a clause.

    Where a statement speaks of a defined letter it is any number there, and stays what it is.
    """
    spoken, varies = _labels(value), _labels(variable)
    for entry in reading.entries:
        record = entry.record
        if isinstance(record, Letter):
            rests = bool(families(record) & spoken) and _recursive_in(record, varies)
        else:
            rests = (
                stays(record) and bool(_labels(record.letter) & spoken) and _speaks(reading, entry, varies)
            )
        if rests:
            return f"{record.tex} depends on {variable}"
    return ""


def _speaks(reading: Reading, entry: Entry, varies: set[Any]) -> bool:
    letters = (one.record for _, one in below(reading, entry) if one is not None)
    return any(isinstance(record, Letter) and bool(families(record) & varies) for record in letters)


def _recursive_in(record: Letter | Definition, symbols: Any) -> bool:
    recursion = record.recursion if isinstance(record, Letter) else None
    return recursion is not None and any(_labels(x) & symbols for x in (recursion.base, recursion.step))


def _labels(expression: Any) -> set[Any]:
    if isinstance(expression, sp.Indexed):
        return {expression.base.label}
    free = sp.sympify(expression).free_symbols
    return {getattr(x, "label", x) for x in free if not isinstance(x, sp.Indexed)}


def _is_called(record: Letter | Definition, name: n.Name) -> bool:
    """Whether a letter is one of a name, whatever its indices are."""
    return (
        isinstance(record, Letter) and re.fullmatch(re.escape(name.tex) + r"(_.*)?", record.tex) is not None
    )
