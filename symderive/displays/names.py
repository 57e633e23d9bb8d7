"""What the names of a display are in entries, for the elaboration of expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive.displays import nodes as n
from symderive.displays import values
from symderive.displays.dependence import beneath, besides, within
from symderive.displays.printing.latex import to_tex
from symderive.displays.values import Indices, Matrix, Opaque, Scalar
from symderive.displays.vocabulary import Entry, Reading, find
from symderive.errors import InputError
from symderive.statements.display import Definition, Letter

#: Where ranges end and limits go.
INFINITY = n.Name(r"\infty")

#: What a name stands for where it is bound: a value, or the name of a family that it is called by.
Scope = Mapping[n.Name, Any]


class Names(ABC):
    """The names of one display, those that it defines among them.

    ``defined`` collects what is divided by or raised to a power, as powers: SymPy may cancel them, and the
    display is defined only where they are; ``logarithms`` what a logarithm is taken of; ``kept`` the
    definitions that are letters of the statement.

    With ``in_words`` a part that has no entries (a minimum, a
    determinant) is let stand, and shapes are checked as far as they are known.  ``indices`` are symbols
    for indices that are left free.  A ``where`` that gives a letter a number (``D = 1``) fixes it in the
    definitions of the vocabulary as well; all others are seen by the display alone.
    """

    def __init__(
        self,
        reading: Reading,
        where: Iterable[n.Node] = (),
        *,
        in_words: bool = False,
        indices: Mapping[str, Any] | None = None,
    ) -> None:
        self.reading, self.in_words = reading, in_words
        taken = {str(symbol) for symbol in reading.symbols} | set(reading.indices) | reading.spelled
        self.fresh = Indices(taken)
        self.defined: dict[tuple[Any, Any], None] = {}
        self.logarithms: dict[Any, None] = {}
        self.kept: dict[Definition, None] = {}
        self.free: dict[str, Any] = {}
        self._indices = dict(indices or {})
        self._open: list[n.Name] = []
        self._local: tuple[Entry, ...] = ()
        self._own: tuple[Entry, ...] = ()
        self._fixed: dict[Any, Any] = {}
        names: set[n.Name] = set()
        for definition in where:
            local = reading.local(definition, to_tex(definition))
            known = None if local.arguments else reading.find(local.name)
            stands_for = known and isinstance(known[0].record, Letter) and known[0].record.stands_for
            if local.name in names or stands_for in self._fixed:
                raise InputError(f"the display defines {to_tex(local.name)} twice.")
            if isinstance(stands_for, sp.Symbol) and isinstance(local.value, n.Number):
                if stands_for.is_positive and not local.value.value:
                    raise InputError(f"{to_tex(local.name)} is positive, and {to_tex(definition)} is not.")
                self._fixed[stands_for] = sp.Integer(local.value.value)
            else:
                self._local = (*self._local, local)
                self._own = self._local
            names.add(local.name)
        self._unused = set(self._local)

    def require_used(self) -> None:
        """A name that a display defines is one that it speaks of: else it reads as a hypothesis."""
        for entry in self._own:
            if entry in self._unused:
                raise InputError(f"the display defines {to_tex(entry.name)} and does not speak of it.")

    def at_fixed(self, expression: Any) -> Any:
        """An expression at the numbers that ``where`` gives to letters, such as D = 1."""
        return sp.sympify(expression).xreplace(self._fixed)

    def number(self, node: n.Node, scope: Scope) -> Any:
        """The value of a node that is a number."""
        value = self.value(node, scope)
        if isinstance(value, Opaque):
            return sp.Symbol("opaque", positive=True)
        if not values.is_number(value):
            raise InputError(f"{to_tex(node)} is {values.shape(value)} where a number is needed.")
        return value

    def end(self, node: n.Node, scope: Scope) -> Any:
        """The value of a node that is a number or infinity."""
        return sp.oo if node == INFINITY else self.number(node, scope)

    @abstractmethod
    def value(self, node: n.Node, scope: Scope) -> Any:
        """The value of an expression where names are bound as in ``scope``."""

    def _words(self, text: str) -> Opaque:
        if not self.in_words:
            raise InputError(f"{text} is not written out in entries; it can stand in a step in words only.")
        return Opaque()

    def _is_known(self, name: n.Name, scope: Scope) -> bool:
        return name in scope or self._find(name) is not None

    def _find(self, name: n.Name, *, call: bool = False) -> tuple[Entry, dict[n.Name, n.Node]] | None:
        return find(self._local, name, call=call) or self.reading.find(name, call=call)

    def _name(self, name: n.Name, scope: Scope) -> Any:
        if name in scope:
            return self._bound(name, scope[name])
        if name.subscripts and (alias := scope.get(n.Name(name.tex))) is not None:
            if values.is_zero(alias):
                return alias
            if isinstance(alias, n.Name):
                return self._indexed(n.Name(alias.tex, name.subscripts), scope)
            raise InputError(f"{to_tex(name)} is one of a family, and what it is called with is none.")
        return self._indexed(name, scope)

    def _bound(self, name: n.Name, value: Any) -> Any:
        if isinstance(value, n.Name):
            raise InputError(f"{to_tex(name)} stands for a family, and is used without its index.")
        return value

    def _indexed(self, name: n.Name, scope: Scope) -> Any:
        if (found := self._find(name)) is not None:
            entry, indices = found
            return self._entry(entry, self._bound_indices(entry, indices, scope))
        if name == n.Name("I"):
            return Scalar(sp.S.One)
        if name == INFINITY:
            raise InputError(
                r"\infty is no number; it is an end of a range, a target or the value of a limit."
            )
        if name == n.Name(r"\mathbf{1}"):
            return Matrix(None, 1, lambda *_: sp.S.One)
        if (index := self._free_index(name)) is not None:
            return index
        raise InputError(f"{to_tex(name)} is not in the vocabulary{self.reading.nearest(to_tex(name))}.")

    def _free_index(self, name: n.Name) -> Any:
        """An index over which the statement ranges, or an integer of which it speaks."""
        if name.subscripts or len(name.tex) != 1:
            return None
        if name.tex in self._indices:
            return self._indices[name.tex]
        for symbol in sorted(self.reading.symbols, key=str):
            if str(symbol) == name.tex and isinstance(symbol, sp.Symbol) and symbol.is_integer:
                return symbol
        if name.tex in self.reading.indices or (self.in_words and name.tex in "ijklpqrs"):
            self.free[name.tex] = sp.Symbol(name.tex, integer=True, positive=True)
            return self.free[name.tex]
        return None

    def _bound_indices(
        self, entry: Entry, indices: Mapping[n.Name, n.Node], scope: Scope
    ) -> dict[n.Name, Any]:
        """What the indices of an entry stand for; a subscript that is a letter itself (L_V) is no index."""
        is_letter = isinstance(entry.record, Letter) or self._stays(entry.record)
        return {
            key: self.number(node, scope)
            for key, node in indices.items()
            if is_letter or node != key or key in scope or self._find(key) is None
        }

    def _entry(self, entry: Entry, indices: dict[n.Name, Any], arguments: Scope | None = None) -> Any:
        """What an entry of the vocabulary stands for at its indices and arguments."""
        record = entry.record
        if entry in self._own:
            self._unused.discard(entry)
        else:
            self._require_one_meaning(entry, indices)
        if isinstance(record, Letter):
            return self._letters(record, [(key.tex, indices[key]) for key in entry.indices])
        if self._stays(record) and not arguments:
            self.kept[record] = None
            return self._letters(
                Letter(record.tex, record.letter), [(key.tex, indices[key]) for key in entry.indices]
            )
        if entry.name in self._open:
            raise InputError(f"{record.tex} is defined by itself.")
        self._open.append(entry.name)
        local = self._local
        if entry in local:  # it may speak of those before it
            self._local = local[: local.index(entry)]
        else:
            self._local = ()
        try:
            assert entry.value is not None
            return self.value(entry.value, {**indices, **(arguments or {})})
        finally:
            self._local = local
            self._open.pop()

    def _require_one_meaning(self, entry: Entry, indices: Mapping[n.Name, Any]) -> None:
        """A name that the display defines is no letter of the paper, too, not even within a definition.

        People read F(m), where σ_1 = 0, as F with that σ_1; and m = 2m as an equation.
        """
        for own in self._own:
            if bool(own.arguments) != bool(entry.arguments) or own.name.tex != entry.name.tex:
                continue
            pairs = list(zip(own.name.subscripts, entry.name.subscripts, strict=False))
            apart = len(own.name.subscripts) != len(entry.name.subscripts) or any(
                _is_apart(own, mine, entry, theirs, indices) for mine, theirs in pairs
            )
            if not apart:
                raise InputError(
                    f"the display defines {to_tex(own.name)}, and speaks of {entry.record.tex} of the "
                    f"vocabulary as well; give the one another name."
                )

    def _stays(self, record: Definition) -> bool:
        letter = record.letter
        if letter is None:
            return False
        base = letter.base if isinstance(letter, sp.Indexed) else letter
        return getattr(base, "label", base) in self.reading.symbols

    def _call(self, node: n.Call, scope: Scope) -> Any:
        if node.name in scope or (node.name.subscripts and n.Name(node.name.tex) in scope):
            return self.value(n.Product((node.name, *node.arguments)), scope)
        name = node.name
        found = self._find(name, call=True)
        if found is None:
            primes = len(name.tex) - len(name.tex.rstrip("'"))
            if primes and self._find(plain := replace(name, tex=name.tex.rstrip("'")), call=True):
                return self._primed(n.Call(plain, node.arguments), primes, scope)
            text = to_tex(node)
            raise InputError(f"{text} is not in the vocabulary{self.reading.nearest(text)}.")
        entry, indices = found
        if len(entry.arguments) != len(node.arguments):
            raise InputError(f"{to_tex(node)} does not have the arguments of {entry.record.tex}.")
        bound = self._bound_indices(entry, indices, scope)
        arguments = {
            own: self._argument(other, scope)
            for own, other in zip(entry.arguments, node.arguments, strict=True)
            if own != other or own in scope or find(self._local, own) is not None
        }
        for own in arguments:
            if reason := beneath(self.reading, entry, own):
                return self._words(f"{to_tex(node)}, where {reason},")
        return self._entry(entry, bound, arguments)

    def _argument(self, node: n.Node, scope: Scope) -> Any:
        """A value; or the name of a family, such as the W of L(W, U)."""
        if isinstance(node, n.Name) and isinstance(family := scope.get(node), n.Name):
            return family
        if isinstance(node, n.Name) and not self._is_known(node, scope) and self._argument_family(node):
            return node
        return self.value(node, scope)

    def _argument_family(self, name: n.Name) -> bool:
        entries = (*self._local, *self.reading.entries)
        return any(entry.name.tex == name.tex and entry.indices for entry in entries)

    def _primed(self, call: n.Call, order: int, scope: Scope) -> Any:
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], n.Name):
            raise InputError(f"{to_tex(call)} has no derivative by its argument, which is not one letter.")
        value, by = self._at_letter(call, scope), self._letter(call.arguments[0], scope)
        return self._derivative(value, by, order)

    def _at_letter(self, call: n.Call, scope: Scope) -> Any:
        """A call that is differentiated by its argument, a letter of which it speaks nowhere else."""
        found = self._find(call.name, call=True)
        if found is not None and len(call.arguments) == 1:
            (entry, _), (argument,), (own,) = found, call.arguments, found[0].arguments
            reason = beneath(self.reading, entry, own)
            if reason or (own != argument and (reason := besides(self.reading, entry, argument))):
                raise InputError(f"{to_tex(call)} is not differentiated by its argument: {reason}.")
        return self.value(call, scope)

    def _derivative(self, value: Any, by: Any, order: int = 1) -> Any:
        self._require_independent(value, by)
        return sp.Derivative(value, (by, order))

    def _require_independent(self, value: Any, variable: Any) -> None:
        if reason := within(self.reading, value, variable, self._stays):
            raise InputError(f"{reason}, by which it is to vary, and is written as a letter.")

    def _letter(self, name: n.Name, scope: Scope) -> Any:
        value = self.value(name, scope)
        if not isinstance(value, sp.Symbol | sp.Indexed):
            raise InputError(f"{to_tex(name)} is not a letter here, and nothing is differentiated by it.")
        return value

    def _letters(self, letter: Letter, indices: list[tuple[str, Any]]) -> Any:
        """The value of a letter at its indices."""
        if isinstance(letter.stands_for, sp.IndexedBase) and not (indices or letter.shape):
            return self._words(f"{letter.tex}, a family without index and shape,")
        table = dict(indices)
        sizes = tuple(_at(size, table) for size in letter.shape)
        entry = _element(letter, indices, table)
        match sizes:
            case ():
                return entry()
            case (size,):
                return values.diagonal(size, entry)
            case (rows, columns) if columns == 1:
                return values.tidy(Matrix(rows, columns, lambda j, _: entry(j)))
            case (rows, columns) if rows == 1:
                return values.tidy(Matrix(rows, columns, lambda _, k: entry(k)))
            case (rows, columns):
                return Matrix(rows, columns, entry)
        raise InputError(
            f"{letter.tex} has the shape {letter.shape}, which is none of a number or a matrix."
        )


def _is_apart(
    own: Entry, mine: n.Node, entry: Entry, theirs: n.Node, indices: Mapping[n.Name, Any]
) -> bool:
    """Whether two subscripts are different, whatever the indices are."""
    if mine in own.parameters:
        return theirs not in entry.parameters and not isinstance(theirs, n.Number)
    value = indices.get(theirs) if isinstance(theirs, n.Name) else None
    if theirs in entry.parameters and value is not None:
        return not isinstance(mine, n.Number) or (value.is_Integer and value != mine.value)
    return mine != theirs


def _element(letter: Letter, indices: list[tuple[str, Any]], table: Mapping[str, Any]) -> Any:
    """The entry of a letter as a function of the indices that its shape leaves."""
    stands_for = letter.stands_for
    if isinstance(stands_for, sp.IndexedBase):
        return lambda *rest: stands_for[(*(value for _, value in indices), *rest)]
    if not isinstance(stands_for, sp.Indexed):
        return lambda *_: _at(stands_for, table)
    count = (
        len([size for size in letter.shape if size != 1]) if len(letter.shape) > 1 else len(letter.shape)
    )
    own = [part for part in stands_for.indices if isinstance(part, sp.Symbol) and str(part) not in table]
    last = own[len(own) - count :]

    def entry(*rest: Any) -> Any:
        return _at(
            stands_for, {**table, **{str(name): value for name, value in zip(last, rest, strict=True)}}
        )

    return entry


def _at(expression: Any, table: Mapping[str, Any]) -> Any:
    """An expression with indices replaced, by their names."""
    expression = sp.sympify(expression)
    where = {
        symbol: table[str(symbol)]
        for symbol in expression.free_symbols
        if isinstance(symbol, sp.Symbol) and str(symbol) in table and symbol.is_integer
    }
    return expression.xreplace(where)
