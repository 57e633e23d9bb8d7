r"""What the names of a display stand for in one statement.

A name is looked up among those that are bound where it stands, then among those that the display defines
(``where``), then in the vocabulary: literally first (``\gamma_{u}``), then as a member of a family
(``W_{i-1}`` is ``W_{i}`` at i - 1).

Which subscripts are indices: for a letter, those that its entries or sizes speak of (all of them for a
family that is given as an ``IndexedBase``); for a definition, those that its value speaks of.

Which setting is read: the one that is asked for; else, of those that replace no family of which the
statement speaks, the one with the most symbols of its own that the statement speaks of, the first of
equals; the base where there is none.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive.displays.nodes import Call, Chain, Name, Node, Sign
from symderive.displays.reading.reader import read
from symderive.errors import InputError
from symderive.statements.display import Definition, Letter, Vocabulary
from symderive.statements.statement import Statement

_HEAD = re.compile(
    r"\s*((?:\\[A-Za-z]+|[A-Za-z])(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})?'*)\s*(?:_\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))?\s*\("
)


@dataclass(frozen=True)
class Entry:
    """A letter or a definition with its name as a node.

    ``parameters`` are the subscripts and arguments that stand for others.  ``value`` is the node that a
    definition stands for, None for a letter.
    """

    name: Name
    arguments: tuple[Name, ...]
    parameters: frozenset[Name]
    record: Letter | Definition
    value: Node | None = None

    def match(self, name: Name) -> dict[Name, Node] | None:
        """What the indices of the entry stand for in a name; None if it is another name."""
        if name.tex != self.name.tex or len(name.subscripts) != len(self.name.subscripts):
            return None
        found: dict[Name, Node] = {}
        for own, other in zip(self.name.subscripts, name.subscripts, strict=True):
            if isinstance(own, Name) and own in self.parameters:
                if found.setdefault(own, other) != other:
                    return None
            elif own != other:
                return None
        return found

    @property
    def indices(self) -> tuple[Name, ...]:
        """The subscripts that stand for others, in order."""
        return tuple(part for part in self.name.subscripts if part in self.parameters)


class Reading:
    """The names of a vocabulary for one statement, or for none.

    Attributes
    ----------
    functions
        The heads that take arguments, for the reader.
    flat
        Whether vectors and matrices are looked at that the setting makes numbers of: it reads everything
        along one direction, where a trace or a diagonal is another one.
    turned
        Sizes of matrices that the setting makes diagonal, by an orthogonal basis: what depends on the basis
        (a diagonal, a vector of ones, signs of entries) is not what it was.
    partial
        Families that the setting makes positive and the base does not, on the range of a matrix.
    spelled
        How the letters of the vocabulary are called, which new indices are not.
    symbols
        The letters that the statement speaks of; a definition that has one of them as its letter is that
        letter.
    setting
        The name of the setting that is read; empty for the base.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        statement: Statement | None = None,
        setting: str = "",
        *,
        replaced: Iterable[Any] = (),
        also: Iterable[Statement] = (),
    ) -> None:
        statements = (() if statement is None else (statement,)) + tuple(also)
        spoken = frozenset().union(*(part.free_symbols for part in statements))
        self.indices = {
            str(symbol): symbol
            for part in statements
            for claim in (part.claim, *part.given)
            for symbol, *_ in claim.over
        }
        self.symbols = spoken - {getattr(_base(letter), "label", letter) for letter in replaced}
        self.functions = _heads(vocabulary)
        self.setting = setting or _fitting(vocabulary, self.symbols)
        self.entries = _entries(vocabulary, self.setting)
        self.vocabulary = vocabulary
        self.spelled = _spelled(vocabulary)
        self.flat = False
        self.turned = _turned(vocabulary, self.setting)
        self.partial = _partial(vocabulary, self.setting)

    def of_shapes(self) -> Reading | None:
        """The same names, and vectors and matrices where the setting makes numbers of them.

        It is for looking at shapes, in words: a transpose of a number says nothing.  None where the setting
        has no such letter.
        """
        base = _entries(self.vocabulary, "")
        pairs = [
            (entry, other)
            for entry in self.entries
            for other in base
            if entry is not other and _is_same_name(entry, other)
        ]
        shapes = [(_shape(entry), _shape(other)) for entry, other in pairs]
        if not any(other and not own for own, other in shapes):
            return None
        sizes = {
            theirs: mine
            for own, other in shapes
            for mine, theirs in zip(own * (3 - len(own)), other * (3 - len(other)), strict=False)
            if own
        }
        put = {entry: other for entry, other in pairs if _shape(other) and not _shape(entry)}
        found = copy(self)
        found.flat = True
        found.entries = tuple(
            _resized(put[entry], sizes) if entry in put else entry for entry in self.entries
        )
        return found

    def local(self, definition: Node, text: str) -> Entry:
        """The entry that ``name = expression`` among the ``where`` of a display makes."""
        if not (
            isinstance(definition, Chain)
            and len(definition.links) == 1
            and definition.links[0].sign in (Sign.EQUAL, Sign.DEFINED)
            and isinstance(definition.first, Name | Call)
        ):
            raise InputError(f"{text} does not define a name; write name = expression.")
        return _defined(definition.first, definition.links[0].node, Definition(text, ""))

    def find(self, name: Name, *, call: bool = False) -> tuple[Entry, dict[Name, Node]] | None:
        """The entry of a name, literal ones first, and what its indices stand for."""
        return find(self.entries, name, call=call)

    def nearest(self, text: str) -> str:
        """The names that are most like one that is not known, as the end of a sentence."""
        known = list(dict.fromkeys(entry.record.tex for entry in self.entries))
        near = difflib.get_close_matches(text, known, 3, 0.3)
        return f"; the nearest names are {', '.join(near)}" if near else ""


def find(
    entries: Iterable[Entry], name: Name, *, call: bool = False
) -> tuple[Entry, dict[Name, Node]] | None:
    """The first entry that a name matches, literal ones first."""
    matches = [
        (entry, found)
        for entry in entries
        if bool(entry.arguments) == call and (found := entry.match(name)) is not None
    ]
    return min(matches, key=lambda match: len(match[1]), default=None)


def names_in(node: Any) -> Iterator[Name]:
    """All names in a node, subscripts included."""
    if isinstance(node, Name):
        yield node
    if isinstance(node, Node):
        for part in fields(node):  # type: ignore[arg-type]
            yield from names_in(getattr(node, part.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from names_in(part)


def families(letter: Letter) -> frozenset[Any]:
    """The symbols of a letter's entries, without indices."""
    return _families(letter.stands_for)


# -- reading a vocabulary ----------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _heads(vocabulary: Vocabulary) -> frozenset[str]:
    heads = (_HEAD.match(entry.tex) for entry in vocabulary.entries if isinstance(entry, Definition))
    found = {head.group(1) for head in heads if head}
    return frozenset(found | {f"{head}{primes}" for head in found for primes in ("'", "''", "'''")})


@lru_cache(maxsize=64)
def _spelled(vocabulary: Vocabulary) -> frozenset[str]:
    letters = [entry for entry in vocabulary.entries if isinstance(entry, Letter)]
    letters += [letter for _, own in vocabulary.settings for letter in own]
    return frozenset(str(symbol) for letter in letters for symbol in families(letter))


@lru_cache(maxsize=64)
def _entries(vocabulary: Vocabulary, setting: str) -> tuple[Entry, ...]:
    """The entries of a vocabulary in a setting, whose letters take the place of those of their names."""
    settings = dict(vocabulary.settings)
    if setting and setting not in settings:
        known = ", ".join(settings) or "none"
        raise InputError(f"the setting {setting!r} is not known; the settings are {known}.")
    heads = _heads(vocabulary)
    base = [_read(record, heads) for record in vocabulary.entries]
    for number, entry in enumerate(base):
        if any(_is_same_name(entry, other) for other in base[:number]):
            raise InputError(f"the vocabulary has two entries for {entry.record.tex}.")
    own = [_read(letter, heads) for letter in settings.get(setting, ())]
    return (*own, *(entry for entry in base if not any(_is_same_name(entry, other) for other in own)))


def _is_same_name(first: Entry, second: Entry) -> bool:
    """Whether two entries are of one name, whatever their indices are called."""
    if bool(first.arguments) != bool(second.arguments) or first.name.tex != second.name.tex:
        return False
    marks = [
        tuple(None if part in entry.parameters else part for part in entry.name.subscripts)
        for entry in (first, second)
    ]
    return marks[0] == marks[1]


def _shape(entry: Entry) -> tuple[Any, ...]:
    return entry.record.shape if isinstance(entry.record, Letter) else ()


def _resized(entry: Entry, sizes: Mapping[Any, Any]) -> Entry:
    assert isinstance(entry.record, Letter)
    shape = tuple(sizes.get(size, size) for size in entry.record.shape)
    return replace(entry, record=replace(entry.record, shape=shape))


def _read(record: Letter | Definition, heads: frozenset[str]) -> Entry:
    name = read(record.tex, heads)
    if isinstance(record, Definition):
        if not isinstance(name, Name | Call):
            raise InputError(f"{record.tex} is not a name with arguments.")
        return _defined(name, read(record.value, heads), record)
    if not isinstance(name, Name):
        raise InputError(f"{record.tex} is not a letter.")
    family = isinstance(record.stands_for, sp.IndexedBase)
    spoken = {str(symbol) for part in (record.stands_for, *record.shape) for symbol in _indices_in(part)}
    parameters = frozenset(
        part
        for part in name.subscripts
        if isinstance(part, Name) and not part.subscripts and (family or part.tex in spoken)
    )
    return Entry(name, (), parameters, record)


def _defined(left: Name | Call, value: Node, record: Definition) -> Entry:
    name, given = (left.name, left.arguments) if isinstance(left, Call) else (left, ())
    if not all(isinstance(part, Name) for part in given) or len(set(given)) < len(given):
        raise InputError(f"{record.tex} does not have different names as its arguments.")
    arguments = tuple(part for part in given if isinstance(part, Name))
    spoken = set(names_in(value))
    indices = {
        part
        for part in name.subscripts
        if isinstance(part, Name) and part in spoken and re.fullmatch("[a-zA-Z]", part.tex)
    }
    return Entry(name, arguments, frozenset({*indices, *arguments}), record, value)


def _indices_in(part: Any) -> set[Any]:
    return {symbol for symbol in sp.sympify(part).free_symbols if isinstance(symbol, sp.Symbol)}


def _base(letter: Any) -> Any:
    return letter.base if isinstance(letter, sp.Indexed) else letter


def _families(stands_for: Any) -> frozenset[Any]:
    if isinstance(stands_for, sp.IndexedBase):
        return frozenset({stands_for.label})
    found = {base.label for base in stands_for.atoms(sp.IndexedBase)}
    return frozenset(found or stands_for.free_symbols)


def _own(letters: Iterable[Letter]) -> set[Any]:
    """The families and the sizes of letters; an index of a layer or of an entry is none."""
    found: set[Any] = set()
    for letter in letters:
        found |= families(letter)
        for size in letter.shape:
            bases = sp.sympify(size).atoms(sp.IndexedBase)
            found |= {base.label for base in bases} or sp.sympify(size).free_symbols
    return found


def _pairs(vocabulary: Vocabulary, setting: str) -> list[tuple[Letter, Letter]]:
    """Letters of a setting with those whose place they take."""
    base = {entry.tex: entry for entry in vocabulary.entries if isinstance(entry, Letter)}
    own = dict(vocabulary.settings).get(setting, ())
    return [(letter, base[letter.tex]) for letter in own if letter.tex in base]


@lru_cache(maxsize=64)
def _turned(vocabulary: Vocabulary, setting: str) -> frozenset[Any]:
    return frozenset(
        letter.shape[0]
        for letter, other in _pairs(vocabulary, setting)
        if len(letter.shape) == 1
        and len(other.shape) == 2
        and isinstance(letter.stands_for, sp.Indexed | sp.IndexedBase)
    )


@lru_cache(maxsize=64)
def _partial(vocabulary: Vocabulary, setting: str) -> frozenset[Any]:
    found: set[Any] = set()
    for letter, other in _pairs(vocabulary, setting):
        if len(letter.shape) == 1 and letter.stands_for.is_positive and not other.stands_for.is_positive:
            found |= sp.sympify(letter.stands_for).atoms(sp.IndexedBase)
    return frozenset(found)


def _fitting(vocabulary: Vocabulary, symbols: frozenset[Any]) -> str:
    base = {entry.tex: entry for entry in vocabulary.entries if isinstance(entry, Letter)}
    known = _own(base.values())
    best, most = "", 0
    for name, letters in vocabulary.settings:
        own = _own(letters)
        replaced = _replaced(base, letters) - own
        count = len((own - known) & symbols)
        if not replaced & symbols and count > most:
            best, most = name, count
    return best


def _replaced(base: Mapping[str, Letter], letters: Iterable[Letter]) -> set[Any]:
    return {symbol for letter in letters if letter.tex in base for symbol in families(base[letter.tex])}
