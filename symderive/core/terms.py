"""Terms of the core: expressions without bound names, and letters that carry their kinds.

A term is an operation with arguments.  A bound variable is a number, so nothing can be captured; a *letter*
is free and stands for every value of its kind; a *generic* letter is made by the core alone, for an index
of a range or a variable under a binder, and carries its range.  A letter or head has a number of indices: a
family X_jk is a function of all whole numbers, of which every value has the kind.

=============  ==========================  ===============================================================
operation      arguments                   meaning
=============  ==========================  ===============================================================
num            fraction                    a rational number
at             symbol, indices …           a letter, head or random variable at its indices
bound          number                      a bound variable, counted from the innermost binder
generic        level, kind, low, high      a generic letter; without ends it is bounded by its kind alone
add, mul       terms …                     sum and product
pow            base, exponent              power, with 0^0 = 1
e, inf                                     e and ∞ (∞ as the end of a sum only)
log            term                        natural logarithm
delta          two terms                   Kronecker's delta
binomial       upper, lower                binomial coefficient
sum, product   low, high, body             over low..high, one bound variable; empty where high < low
deriv          body, point                 derivative of the body, one bound variable, at the point
mean           body                        expectation over all random variables
=============  ==========================  ===============================================================

The normal form adds ``Sums``, ``Series``, ``Product`` and ``Mean``, known to be in normal form; a change
inside turns them back (``binders.rebuilt``), nested sums from 1 on into ``sums`` with all their upper ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801 - it reads as the decorator that it is
    """A property that is found once and kept with the record, without a lock."""

    def __init__(self, find: Callable[[Any], Value]) -> None:
        self.find = find

    def __get__(self, record: Any, owner: Any = None) -> Value:
        value = record.__dict__[self.find.__name__] = self.find(record)
        return value


Symbol = Any  # Letter | Head | Random

#: What :class:`Head` and ``theorem.Theorem`` ask for: it leaves this folder with neither.
SEAL = object()


class CoreError(Exception):
    """What is asked for is not proved: a message with places {} for terms or claims, and what is left."""

    def __init__(self, message: str, *parts: Any, left: Term | None = None) -> None:
        super().__init__(message, *parts)
        self.message, self.parts, self.left = message, parts, left
        self.fact: int | None = None  # which fact of a combination it is about

    def __str__(self) -> str:
        return self.said(map(str, self.parts))

    def said(self, parts: Iterable[str]) -> str:
        """The message with text for its parts; what else it holds is left as it is."""
        pieces = self.message.split("{}", len(self.parts))
        return pieces[0] + "".join(f"{part}{piece}" for part, piece in zip(parts, pieces[1:], strict=False))


class Kind(NamedTuple):
    """Whole or real; ``least`` None for either sign, 0 for ≥ 0, 1 for > 0."""

    whole: bool
    least: int | None


#: Operations that bind variables in their last argument; ``sums`` binds one for each upper end.
_BINDERS = frozenset({"sum", "product", "Product", "Series", "sums", "Sums"})

REAL, POSITIVE, WHOLE, NATURAL = Kind(False, None), Kind(False, 1), Kind(True, None), Kind(True, 0)


class Letter(NamedTuple):
    """A free letter; two of one name and different kinds are different letters."""

    name: str
    arity: int
    kind: Kind


class Random(NamedTuple):
    """A random variable of the model, or a family of them."""

    name: str
    arity: int


class Term:
    """An operation with arguments; immutable, compared by value."""

    __slots__ = ("__dict__", "_hash", "args", "op")
    op: str
    args: tuple[Any, ...]
    _hash: int

    def __init__(self, op: str, *args: Any) -> None:
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "_hash", hash((op, args)))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a term does not change")

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Term)
            and hash(self) == hash(other)
            and self.op == other.op
            and self.args == other.args
        )

    def __repr__(self) -> str:
        return f"{self.op}({', '.join(map(repr, self.args))})"

    @lazy
    def parts(self) -> tuple[Term, ...]:
        """The arguments that are terms, the ends of a generic letter among them."""
        return tuple(arg for arg in self.args if isinstance(arg, Term))

    @lazy
    def loose(self) -> int:
        """How many enclosing bound variables the term reaches out to."""
        if self.op == "bound":
            return int(self.args[0]) + 1
        inside = (
            arg.loose - self.binds(place) for place, arg in enumerate(self.args) if isinstance(arg, Term)
        )
        return max(0, *inside, 0)

    def binds(self, place: int) -> int:
        """How many variables are bound in the argument at a place: in the body of a binder."""
        if self.op == "deriv":
            return int(place == 0)
        if self.op not in _BINDERS or place < len(self.args) - 1:
            return 0
        return len(self.args) - 1 if self.op in ("sums", "Sums") else 1

    @lazy
    def symbols(self) -> frozenset[Symbol]:
        """Letters, heads and random variables in the term; what defines a head is not looked into."""
        own = {self.args[0]} if self.op == "at" else set()
        return frozenset(own.union(*(part.symbols for part in self.parts)))

    @lazy
    def generics(self) -> frozenset[Term]:
        """Generic letters in the term and in their ranges."""
        own = {self} if self.op == "generic" else set()
        return frozenset(own.union(*(part.generics for part in self.parts)))

    @lazy
    def key(self) -> bytes:
        """A digest, for order and for the ledger; equality never rests on it."""
        digest = hashlib.blake2b(self.op.encode(), digest_size=16)
        for arg in self.args:
            part = getattr(arg, "key", None) or _text(arg).encode()
            digest.update(b"%d:" % len(part) + part)
        return digest.digest()


def _text(arg: Any) -> str:
    # In base 16, because Python refuses to write very long numbers in base 10.
    return f"{arg.numerator:x}/{arg.denominator:x}" if isinstance(arg, Fraction) else repr(arg)


class Head:
    """A family defined by recursion on its first index: head[0, …] = base, head[i, …] = step for i ≥ 1.

    ``base`` and ``step`` are terms in the indices as bound variables (the first is 0), ``step`` in
    :data:`SELF` at i - 1 as well; ``theorem.define`` checks that.  The definition is the identity of a
    head, so that no two definitions share one.
    """

    def __init__(self, seal: object, name: str, arity: int, base: Term, step: Term) -> None:
        if seal is not SEAL:
            raise TypeError("a head is made by its definition only")
        self.name, self.arity, self.base, self.step = name, arity, base, step

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Head) and self._record == other._record

    def __hash__(self) -> int:
        return hash((self.name, self.arity))

    def __repr__(self) -> str:
        return f"{self.name} := {self.key.hex()}"

    @lazy
    def _record(self) -> tuple[Any, ...]:
        return self.name, self.arity, self.base, self.step

    @lazy
    def key(self) -> bytes:
        return Term("head", self.name, self.arity, self.base, self.step).key

    @lazy
    def depends(self) -> frozenset[Symbol]:
        """All symbols by which the head is defined, those behind other heads included."""
        return behind(self.base.symbols | self.step.symbols)


def behind(symbols: Iterable[Symbol]) -> frozenset[Symbol]:
    """The symbols and all that their definitions rest on."""
    symbols = frozenset(symbols)
    return symbols.union(*(symbol.depends for symbol in symbols if isinstance(symbol, Head)))


#: The head inside its own step.
SELF = Random("⟨self⟩", -1)

# -- making terms ----------------------------------------------------------------------------------------


def num(value: Any) -> Term:
    return Term("num", Fraction(value))


ZERO, UNIT, MINUS, E, INF = num(0), num(1), num(-1), Term("e"), Term("inf")


def at(symbol: Symbol, *indices: Term) -> Term:
    if symbol.arity not in (len(indices), -1):
        raise CoreError(f"{symbol.name} has {symbol.arity} indices and is used with {len(indices)}")
    return Term("at", symbol, *indices)


def add(*parts: Term) -> Term:
    return parts[0] if len(parts) == 1 else Term("add", *parts) if parts else ZERO


def mul(*parts: Term) -> Term:
    return parts[0] if len(parts) == 1 else Term("mul", *parts) if parts else UNIT


def power(base: Term, exponent: Term) -> Term:
    return base if exponent == UNIT else Term("pow", base, exponent)


def neg(term: Term) -> Term:
    return mul(MINUS, term)


def minus(left: Term, right: Term) -> Term:
    return left if right == ZERO else add(left, neg(right))


def over(term: Term) -> Term:
    return Term("pow", term, MINUS)


_levels = count(-1, -1)


def fresh(kind: Kind = REAL, low: Term | None = None, high: Term | None = None) -> Term:
    """A generic letter that occurs nowhere else; its number is negative, those of all others positive."""
    return Term("generic", next(_levels), kind, low, high)


def level_above(letters: Iterable[Term]) -> int:
    """The first positive number of a generic letter that is above those of the given ones."""
    return max((letter.args[0] for letter in letters if letter.args[0] > 0), default=0) + 1


def generic_in(body: Term, kind: Kind, low: Term | None = None, high: Term | None = None) -> Term:
    """A generic letter that does not occur in ``body`` or the ends, the same one for equal arguments."""
    seen = body.generics.union(*(end.generics for end in (low, high) if end is not None))
    return Term("generic", level_above(seen), kind, low, high)
