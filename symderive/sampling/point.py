"""One point: values for all letters, given when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symderive import symbols as sy
from symderive.sampling import values as nu
from symderive.sampling.errors import ExhaustedError, NoValueError, OutsideError, UndefinedError
from symderive.sampling.frame import Frame
from symderive.sampling.letters import (
    Kind,
    Letter,
    Style,
    chance,
    draw_real,
    draw_whole,
    letter_of,
    letter_of_data,
    slot,
)
from symderive.sampling.plans import SAMPLES, plan
from symderive.statements.statement import Domain

#: A letter of the point, with the indices of the element where it is a family.
Leaf = tuple[Letter, tuple[int, ...]]

#: Layers beyond this are not asked for by a recursion that leads down.
MAX_LAYERS = 60

_X, _Y, _C, _EPSILON, _SIGMA = map(letter_of, (sy.x, sy.y, sy.c, sy.epsilon, sy.sigma))
_MOMENTS = (letter_of(sy.A_entry), letter_of(sy.v_entry))

#: How many indices the families of the model have.
_ARITIES = {_X: 1, _EPSILON: 2, _SIGMA: 1, _MOMENTS[0]: 2, _MOMENTS[1]: 1}

#: The letters of the data set: entries of x and y for each sample.
_DATA = {name: [letter_of_data(f"{name} of sample {s + 1}") for s in range(SAMPLES)] for name in "xy"}


class Budget:
    """Work that may still be done, in nodes evaluated."""

    def __init__(self, work: int) -> None:
        self.left = self.start = work

    def spend(self, work: int) -> None:
        """Take work off; :class:`ExhaustedError` when there is none left."""
        self.left -= work
        if self.left < 0:
            raise ExhaustedError(f"the budget of {self.start} evaluations is used up")


class Point:
    """Values for the letters of a statement, in one of its domains, drawn in one style."""

    def __init__(
        self,
        frame: Frame,
        domain: Domain,
        style: Style,
        key: str,
        budget: Budget,
        single: Letter | None = None,
    ) -> None:
        place = frame.place(domain)
        self.frame, self.style, self.key = frame, style, key
        self.heads, self.has_data = frame.heads, frame.has_data
        self.defined, self.ranges, self.gram = place.defined, place.ranges, place.gram
        #: In the style of that name, the letter that is at its boundary.
        self.single = single
        self.spend: Callable[[int], None] = budget.spend
        #: Values of letters, the letters that a derivative is taken by, values that the domain defines.
        self.values: dict[Leaf, Any] = {}
        self.over: dict[Leaf, Any] = {}
        self.derived: dict[Leaf, Any] = {}
        #: Values of subexpressions and of recursions; valid for ``over``, ``sample`` and ``noise``.
        self.memo: dict[Any, Any] = {}
        self.known: dict[Leaf, Any] = {}
        self.bound: dict[str, Any] = {}
        #: The symbols whose values stand in ``bound`` from outside of all plans.
        self.scope: frozenset[Any] = frozenset()
        self.level = 0
        #: The largest term that was added, where terms are measured.
        self.largest: Any = None
        self.sample: int | None = None
        self.noise: dict[Any, int] | None = None
        #: Letters that have been asked for, in order; what :mod:`symderive.sampling.meet` reads.
        self.reads: dict[Leaf, None] = {}

    def evaluate(self, node: Any) -> Any:
        """The value of an expression at this point."""
        return plan(node, self.scope)(self)

    def measured(self, *nodes: Any) -> tuple[list[Any], Any]:
        """The values of expressions, and the largest term that is added anywhere in them."""
        self.memo, self.known = {}, {}  # what is remembered was measured before
        self.largest = arb(0)
        try:
            values = [self.evaluate(node) for node in nodes]
            return values, self.largest
        finally:
            self.largest = None

    def measure(self, value: Any) -> None:
        """Take notice of the size of a term."""
        size = nu.ball(nu.plain(value)).abs_upper()
        if size > self.largest:
            self.largest = size

    def forget(self) -> None:
        """Drop what was computed from letters that are about to change."""
        self.memo, self.known, self.derived = {}, {}, {}

    # -- what plans ask for ------------------------------------------------------------------------------

    def letter(self, letter: Letter) -> Any:
        """The value of a symbol."""
        if self.has_data and letter in (_Y, _C) and letter not in self.defined:
            if letter is _Y:
                return self._leaf((_DATA["y"][self.sample or 0], ()))
            squares = (self._leaf((datum, ())) for datum in _DATA["y"])
            return nu.total(value * value for value in squares) * fmpq(1, SAMPLES)
        return self._leaf((letter, ()))

    def element(self, family: Letter, index: tuple[int, ...]) -> Any:
        """The value of an element of a family."""
        if family in self.heads:
            return self._layer(family, index)
        if self.has_data and family not in self.defined:
            if len(index) != (known := _ARITIES.get(family, len(index))):
                raise NoValueError("{} has {} indices and is used with {}", family, known, len(index))
            if family is _X:
                return self._leaf((_DATA["x"][self.sample or 0], index))
            if family is _EPSILON:
                return self._neuron(index)
            if family in _MOMENTS:
                return self._moment(index, with_target=family is _MOMENTS[1])
        return self._leaf((family, index))

    @contextmanager
    def binding(self, names: dict[Any, Any]) -> Iterator[None]:
        """Symbols bound to values, besides those that are."""
        saved = self.bound, self.scope
        self.bound = self.bound | {slot(symbol): value for symbol, value in names.items()}
        self.scope = self.scope | set(names)
        try:
            yield
        finally:
            self.bound, self.scope = saved

    @contextmanager
    def overridden(self, leaf: Leaf, value: Any) -> Iterator[None]:
        """One letter at another value; what the domain defines by it stays."""
        saved = self.over, self.memo, self.known
        if leaf[0] in self.heads:
            raise NoValueError(f"a derivative by {leaf[0]}, which is defined by a recursion, is not known")
        self.over, self.memo, self.known = self.over | {leaf: value}, {}, {}
        try:
            yield
        finally:
            self.over, self.memo, self.known = saved

    @contextmanager
    def randomized(self, sample: int | None, noise: dict[Any, int] | None) -> Iterator[None]:
        """One of the cases that an expectation averages over."""
        saved = self.sample, self.noise, self.memo, self.known
        self.sample, self.noise, self.memo, self.known = sample, noise, {}, {}
        try:
            yield
        finally:
            self.sample, self.noise, self.memo, self.known = saved

    # -- letters -------------------------------------------------------------------------------------------

    def _leaf(self, leaf: Leaf) -> Any:
        if leaf in self.over:
            return self.over[leaf]
        if leaf[0] in self.defined:
            return self._derived(leaf)
        if leaf[0] in self.gram:
            return self._gram(leaf)
        self.reads[leaf] = None
        found = self.values.get(leaf)
        if found is None:
            found = self.values[leaf] = self._drawn(leaf)
        return found

    def _derived(self, leaf: Leaf) -> Any:
        """What the domain defines, by the letters as they are: not a function of what is varied."""
        if leaf not in self.derived:
            base, index = leaf
            pattern, value = self.defined[base]
            names = dict(zip(pattern.indices, index, strict=True)) if index else {}
            try:
                self.derived[leaf] = self.apart(value, names)
            except UndefinedError as error:
                raise OutsideError(str(error)) from None
            self._require_kind(leaf, self.derived[leaf])
        return self.derived[leaf]

    def apart(self, node: Any, names: dict[Any, Any]) -> Any:
        """The value of an expression by the letters as they are, some symbols bound, nothing varied."""
        saved = self.over, self.memo, self.known, self.bound
        self.over, self.memo, self.known, self.bound = {}, {}, {}, _bound(names)
        try:
            return plan(node, frozenset(names))(self)
        finally:
            self.over, self.memo, self.known, self.bound = saved

    def _require_kind(self, leaf: Leaf, value: Any) -> None:
        kind = leaf[0].kind
        if not kind.allows(nu.sign(value)) or (kind.whole and nu.whole(value) is None):
            raise OutsideError(f"{name_of(leaf)} would not be of its kind")

    def _layer(self, head: Any, index: tuple[int, ...]) -> Any:
        found = self.known.get((head, index))
        if found is None:
            if index[0] < 0:
                raise UndefinedError(f"{head} is not defined at layer {index[0]}")
            if index[0] > MAX_LAYERS:
                raise NoValueError(f"the recursion that defines {head} does not lead down to layer 0")
            recursion = self.heads[head]
            part = recursion.base if index[0] == 0 else recursion.step
            names = dict(zip(recursion.indices, index, strict=True))
            self.spend(len(index))
            saved, self.bound = self.bound, _bound(names)
            try:
                found = self.known[head, index] = plan(part, frozenset(names))(self)
            finally:
                self.bound = saved
        return found

    def _neuron(self, index: tuple[int, ...]) -> Any:
        if self.noise is None:
            raise NoValueError("the noise has a value inside an expectation only")
        signs = self.noise.setdefault(index, 1)
        return 1 + signs * self.element(_SIGMA, index[:1])

    def _moment(self, index: tuple[int, ...], *, with_target: bool) -> Any:
        """Entries of A = E x xᵀ and v = E x y over the data set."""
        found: Any = nu.ZERO
        for x, y in zip(_DATA["x"], _DATA["y"], strict=True):
            other = (y, ()) if with_target else (x, index[1:])
            found = found + self._leaf((x, index[:1])) * self._leaf(other)
        return found * fmpq(1, SAMPLES)

    # -- drawing -------------------------------------------------------------------------------------------

    def _drawn(self, leaf: Leaf) -> Any:
        base, index = leaf
        kind = base.kind
        family = f"{self.key}|{base.code}"
        element = f"{family}|{index}"
        if base in self.ranges:
            return self._in_range(leaf, kind, element)
        style = Style.LEAST if base is self.single else self.style
        if kind.whole:
            lengths = self.frame.lengths if base in self.frame.sizes else None
            return draw_whole(style, kind, element, lengths)
        return draw_real(style, kind, family, element)

    def _in_range(self, leaf: Leaf, kind: Kind, element: str) -> Any:
        """At an end of its range in the styles of extremes, inside otherwise."""
        low, high = (self.apart(sp.sympify(end), {}) for end in self.ranges[leaf[0]])
        if kind.whole:
            first, last = int(nu.plain(low).p), int(nu.plain(high).p)
            if self.style in (Style.LEAST, Style.ZEROS, Style.ONES):
                return fmpq(first)
            return fmpq(first + chance(element) % (last - first + 1))
        share = fmpq(chance(element) % 1023 + 1, 1024)
        if self.style in (Style.LEAST, Style.ZEROS) and kind.allows(nu.sign(low)):
            share = nu.ZERO
        elif self.style in (Style.ONES, Style.HUGE):
            share = nu.ONE
        elif self.style is Style.TINY:
            share = share * fmpq(1, 10**9)
        return low + (high - low) * share

    def _gram(self, leaf: Leaf) -> Any:
        """The entry of a Gram matrix of vectors with three components."""
        base, index = leaf
        factor = letter_of_data(f"{base.name}½")
        rows = [[self._leaf((factor, (at, part))) for part in range(3)] for at in index]
        return nu.total(x * y for x, y in zip(*rows, strict=True))

    @property
    def is_degenerate(self) -> bool:
        """Whether there are real letters, and all of them are 0, 1 or -1."""
        values = [value for (letter, _), value in self.values.items() if not letter.kind.whole]
        return bool(values) and all(value in (-1, 0, 1) for value in map(nu.plain, values))

    def shown(self) -> tuple[tuple[str, str], ...]:
        """The values that the letters have, as text."""
        found: dict[str, str] = {}
        for leaf, value in (*self.values.items(), *self.derived.items()):
            name = name_of(leaf)
            found[name if name not in found else f"{leaf[0].code} {leaf[1]}"] = short(value)
        return tuple(sorted(found.items()))


def _bound(names: dict[Any, Any]) -> dict[str, Any]:
    return {slot(symbol): value for symbol, value in names.items()}


def name_of(leaf: Leaf) -> str:
    """A letter as text, such as ``X[1, 2]``."""
    letter, index = leaf
    name, *sample = letter.name.partition(" ")
    return f"{name}[{', '.join(map(str, index))}]{''.join(sample)}" if index else letter.name


def short(value: Any) -> str:
    """A number as short text: a rational as it is, or to ten digits."""
    value = nu.plain(value)
    if isinstance(value, fmpq):
        text = str(value)
        if len(text) <= 12:
            return text
    return str(arb(value).mid().str(10, radius=False))
