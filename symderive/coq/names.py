"""Names in Coq: letters of a statement, bound indices, and the points at which random letters are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symderive import symbols as sy

#: Words of Coq, of its libraries and of ``Prelude.v`` that no letter and no statement is called by.
_WORDS = """
R INR PI Prop Rpower SProp Set True Type as at by cofix delta derivable_pt_lim do else end exists
exists2 exp fix for forall fun if in is isn let ln match mod nat of pos power psd return sqrt struct then
using where with
update update2 update3 before quadratic data_average noise_average Data Noise E_x E_epsilon
number_of_roots binomial fact series_from
limit_at_infinity limit_from_above limit_of_sequence diverges_at_infinity diverges_in_sequence
"""
RESERVED = frozenset(_WORDS.split())

#: A letter: a symbol or the label's base of a family, and its number of indices.
Letter = tuple[Any, int]

#: Letters whose value is random: the features, the target and the noise.
DATA_LETTERS: frozenset[Any] = frozenset({sy.x, sy.y})
NOISE_LETTERS: frozenset[Any] = frozenset({sy.epsilon})


class UnsupportedError(ValueError):
    """An expression that no proposition is made of yet; the message says which."""


@dataclass(frozen=True)
class Definition:
    """A family that is defined layer by layer, as a Fixpoint.

    ``head`` is the family, ``parameters`` are the letters that it speaks of, in the order of its arguments.
    """

    name: str
    head: Any
    parameters: tuple[Letter, ...]
    text: str


@dataclass
class Names:
    """The names of one statement; ``letters`` are those that were met, in that order.

    ``data`` and ``noise`` are what the random letters are taken at, inside an average.
    """

    letters: dict[Letter, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    bound: dict[Any, str] = field(default_factory=dict)
    definitions: dict[Any, Definition] = field(default_factory=dict)
    random: bool = True
    data: str = ""
    noise: str = ""
    averages: bool = False

    def letter(self, key: Any, arity: int) -> str:
        """The name of a letter, or of a family with so many indices; a random one at its point."""
        if self.random and key in DATA_LETTERS | NOISE_LETTERS:
            point = self.data if key in DATA_LETTERS else self.noise
            if not point:
                raise UnsupportedError(f"{key}, which is random, outside an average")
            return f"{getattr(key, 'label', key)} {point}"
        if (key, arity) not in self.letters:
            self.letters[key, arity] = self.fresh(str(getattr(key, "label", key)))
        return self.letters[key, arity]

    def symbol(self, symbol: Any) -> str:
        """The name of a bound index or of a letter without indices."""
        return self.bound[symbol] if symbol in self.bound else self.letter(symbol, 0)

    def family(self, base: Any, arity: int) -> str:
        """What stands before the indices: a family's name, or a defined one with its parameters."""
        if base in self.bound:
            return self.bound[base]
        if (definition := self.definitions.get(base)) is None:
            return self.letter(base, arity)
        given = (self.bound.get(key[0]) or self.letter(*key) for key in definition.parameters)
        bracketed = (text if text.isidentifier() or text[0] == "(" else f"({text})" for text in given)
        return " ".join((definition.name, *bracketed))

    def define(self, definition: Definition) -> None:
        """Let a family be a defined one."""
        self.definitions[definition.head] = definition
        self.taken.add(definition.name)

    def fresh(self, text: str) -> str:
        """A name like the text that nothing else has."""
        name = plain(text)
        while name in RESERVED or name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    @contextmanager
    def shadowing(self, letter: Any) -> Iterator[str]:
        """A letter as the variable of a function: under its own name, for nothing else is called so."""
        name = self.symbol(letter)
        with self.standing(letter, name):
            yield name

    @contextmanager
    def standing(self, key: Any, text: str) -> Iterator[None]:
        """A letter or a family stands for something else within the block."""
        before = dict(self.bound)
        self.bound[key] = text
        try:
            yield
        finally:
            self.bound = before

    @contextmanager
    def binding(self, *keys: Any) -> Iterator[tuple[str, ...]]:
        """Names for bound indices and variables, which end with the block."""
        before, held = dict(self.bound), set(self.taken)
        names = tuple(self.fresh(str(key)) for key in keys)
        self.bound |= zip(keys, names, strict=True)
        try:
            yield names
        finally:
            self.bound, self.taken = before, held | set(self.letters.values())

    @contextmanager
    def at(self, *, data: str = "", noise: str = "") -> Iterator[None]:
        """Random letters are taken at these points within the block."""
        before = self.data, self.noise
        self.data, self.noise = data or self.data, noise or self.noise
        self.averages = True
        try:
            yield
        finally:
            self.data, self.noise = before


def plain(text: str) -> str:
    """A text as a name: letters, digits and underscores, a letter first."""
    name = "".join(c if c.isalnum() and c.isascii() else "_" for c in text).lstrip("_")
    return name if name[:1].isalpha() else f"x{name}"


def sample(letter: Letter) -> Any:
    """One element of a family, or the letter itself: SymPy knows its kind."""
    key, arity = letter
    return key[(sp.Dummy(integer=True),) * arity] if arity else key


def type_of(letter: Letter) -> str:
    """The type of a letter."""
    return " -> ".join(("nat",) * letter[1] + ("nat" if sample(letter).is_integer else "R",))
