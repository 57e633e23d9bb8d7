r"""Displays written out in entries and sums: from nodes to the claims that the core proves things about.

Every claim is one relation.  An equation of matrices holds entry by entry, over a row index and a column
index; ``x \ne 0`` for a vector or a matrix says that the sum of its squares is positive.  An equivalence of
two equations of vectors is written out entry by entry, which says more: if entry k of the one holds exactly
if entry k of the other does, then all hold exactly if all do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive.displays import nodes as n
from symderive.displays import values
from symderive.displays.expressions import Expressions, diagonal_of
from symderive.displays.printing.latex import to_tex
from symderive.displays.values import Joined, Matrix, Opaque, Scalar, Table
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.statements.claim import Claim, Relation, as_relation


def unfold(node: n.Node, reading: Reading, where: Iterable[n.Node] = ()) -> tuple[Claim, ...]:
    """The claims that a node makes, in order; ``where`` are the names that the display defines.

    An index that the display leaves free (``W_{i} = …``) is free in the claims, as a positive integer.
    :class:`InputError` where a name is not known, shapes do not fit or a node has no entries.
    """
    return Unfolder(reading, where).claims(node)


class Unfolder(Expressions):
    """Writes out the claims of one display."""

    def claims(self, node: n.Node) -> tuple[Claim, ...]:
        """The claims of a node that makes some."""
        return tuple(self._claim_at_fixed(claim) for claim in self._claims(node))

    def _claim_at_fixed(self, claim: Claim) -> Claim:
        over = tuple((index, *map(self.at_fixed, ends)) for index, *ends in claim.over)
        return Claim(claim.relation, self.at_fixed(claim.left), self.at_fixed(claim.right), over)

    def _claims(self, node: n.Node) -> tuple[Claim, ...]:
        match node:
            case n.Together():
                return tuple(claim for part in node.claims for claim in self._claims(part))
            case n.Equivalence():
                if self.in_words:
                    return (*self._claims(node.left), *self._claims(node.right))
                return (self._equivalence(node),)
            case n.Chain():
                return tuple(self._links(node))
        raise InputError(f"{to_tex(node)} claims nothing; a display is a relation.")

    def _links(self, chain: n.Chain) -> Iterator[Claim]:
        left = chain.first
        for link in chain.links:
            if isinstance(left, n.Limit):
                if link.sign is not n.Sign.EQUAL:
                    raise InputError(f"{to_tex(left)} is a limit, which is equal to something.")
                yield self._limit(left, link.node)
            else:
                yield from self._relation(left, link.sign, link.node)
            left = link.node

    def _limit(self, limit: n.Limit, value: n.Node) -> Claim:
        variable, target = self.number(limit.variable, {}), self.end(limit.target, {})
        body, found = self.number(limit.body, {}), self.end(value, {})
        self._require_independent(body, variable)
        if target != sp.oo and not (target == 0 and variable.is_nonnegative):
            raise InputError(f"{to_tex(limit)} is a limit from above, which it does not say.")
        side = "-" if target == sp.oo else "+"
        return Claim(Relation.LIMIT, sp.Limit(body, variable, target, side), found)

    def _equivalence(self, node: n.Equivalence) -> Claim:
        sides = [self.claims(side) for side in (node.left, node.right)]
        if any(len(side) != 1 for side in sides):
            raise InputError(f"{to_tex(node)}: each side of an equivalence is one relation.")
        (left,), (right,) = sides
        ends = [[(low, high) for _, low, high in side.over] for side in (left, right)]
        if len(ends[0]) != len(ends[1]) or any(
            not values.agree(a, b)
            for first, second in zip(*ends, strict=True)
            for a, b in zip(first, second, strict=True)
        ):
            raise InputError(f"{to_tex(node)}: the two sides do not have the same entries.")
        names = {b[0]: a[0] for a, b in zip(left.over, right.over, strict=True)}
        right = Claim(right.relation, right.left.xreplace(names), right.right.xreplace(names))
        try:
            first_side, second_side = as_relation(replace(left, over=())), as_relation(right)
        except ValueError:
            raise InputError(f"{to_tex(node)}: a side is no plain relation.") from None
        return Claim(Relation.EQUIVALENT, first_side, second_side, left.over)

    def _relation(self, left: n.Node, sign: n.Sign, right: n.Node) -> Iterator[Claim]:
        if sign is n.Sign.IN and isinstance(right, n.Signs):
            yield self._signs(left, right)
            return
        if sign in (n.Sign.IN, n.Sign.CONGRUENT):
            self._words(f"{to_tex(left)} {sign.value} {to_tex(right)}")
            return
        first, second = self.value(left, {}), self.value(right, {})
        text = f"{to_tex(left)} {sign.value} {to_tex(right)}"
        if isinstance(first, Opaque) or isinstance(second, Opaque):
            return
        match sign:
            case n.Sign.EQUAL | n.Sign.DEFINED:
                yield from self._equal(first, second, text)
            case n.Sign.DIFFERENT:
                yield self._different(first, second, text)
            case n.Sign.MATRIX_AT_LEAST:
                yield self._in_order(first, second, text)
            case n.Sign.MATRIX_AT_MOST:
                yield self._in_order(second, first, text)
            case n.Sign.POSITIVE_DEFINITE:
                yield from self._positive(first, second, text)
            case _:
                if not (values.is_number(first) and values.is_number(second)):
                    shapes = f"{values.shape(first)} and {values.shape(second)}"
                    raise InputError(f"{text}: the sides of an inequality are numbers, not {shapes}.")
                strict = sign in (n.Sign.LESS, n.Sign.GREATER)
                sides = (first, second) if sign in (n.Sign.GREATER, n.Sign.AT_LEAST) else (second, first)
                yield Claim(Relation.GREATER if strict else Relation.AT_LEAST, *sides)

    def _signs(self, left: n.Node, signs: n.Signs) -> Claim:
        vector, scale = self.value(left, {}), self.number(signs.scale, {})
        size = self.number(signs.size, {})
        if not (isinstance(vector, Matrix) and vector.columns == 1 and values.agree(vector.rows, size)):
            raise InputError(
                f"{to_tex(left)} is {values.shape(vector)} and not a vector of {size} entries, as "
                f"{to_tex(signs)} has."
            )
        self._require_of_no_basis(signs, vector)
        index = self.fresh.new()
        return Claim(Relation.EQUAL, vector.entry(index, sp.S.One) ** 2, scale**2, ((index, 1, size),))

    def _equal(self, first: Any, second: Any, text: str) -> Iterator[Claim]:
        if values.is_number(first) and values.is_number(second):
            yield Claim(Relation.EQUAL, first, second)
            return
        match first, second:
            case (Table() | Joined(), _) | (_, Table() | Joined()):
                for pair in self._parts(first, second, text):
                    yield from self._equal(*pair, text)
                return
        rows, columns = self._sizes(first, second, text)
        if self.reading.partial and rows in self.reading.turned and columns != 1:
            raise InputError(f"{text} compares matrices on the range of one of them only.")
        left, right = (_entries(value) for value in (first, second))
        if all(diagonal_of(value) is not None for value in (first, second)):
            # Off the diagonal both are 0.
            index = self.fresh.new()
            left_entry, right_entry = (self._on_diagonal(value, index) for value in (first, second))
            yield Claim(Relation.EQUAL, left_entry, right_entry, ((index, 1, rows),))
            return
        names, over = self._over(rows, columns)
        yield Claim(Relation.EQUAL, left(*names), right(*names), over)

    @staticmethod
    def _on_diagonal(value: Any, index: Any) -> Any:
        entry = diagonal_of(value)
        return entry(index) if entry is not None else None

    def _parts(self, first: Any, second: Any, text: str) -> Iterator[tuple[Any, Any]]:
        parts = [_flat(value) for value in (first, second)]
        for mine, other in ((0, 1), (1, 0)):
            if values.is_zero((first, second)[mine]):
                parts[mine] = (("0", sp.S.Zero),) * len(parts[other])
                parts[mine] = tuple((kind, sp.S.Zero) for kind, _ in parts[other])
        if [kind for kind, _ in parts[0]] != [kind for kind, _ in parts[1]]:
            raise InputError(f"{text}: the sides are not put together in the same way.")
        for (_, left), (_, right) in zip(*parts, strict=True):
            yield left, right

    def _different(self, first: Any, second: Any, text: str) -> Claim:
        if values.is_number(first) and values.is_number(second):
            return Claim(Relation.DIFFERENT, first, second)
        if not values.is_zero(second):
            raise InputError(f"{text}: only a number is compared in this way, or a matrix with 0.")
        return Claim(Relation.GREATER, values.squares(first, self.fresh), sp.S.Zero)

    def _in_order(self, first: Any, second: Any, text: str) -> Claim:
        rows, columns = self._sizes(first, second, text)
        if not values.agree(rows, columns):
            raise InputError(f"{text}: a matrix that is not square is in no order.")
        names = (self.fresh.new(), self.fresh.new())
        over = tuple((name, 1, rows) for name in names)
        return Claim(Relation.MATRIX_AT_LEAST, _entries(first)(*names), _entries(second)(*names), over)

    def _positive(self, first: Any, second: Any, text: str) -> Iterator[Claim]:
        entry = diagonal_of(first)
        if not isinstance(first, Matrix) or not values.agree(first.rows, first.columns):
            raise InputError(f"{text}: the left side is {values.shape(first)}, no square matrix.")
        if entry is None or not values.is_zero(second):
            self._words(text)
            return
        index = self.fresh.new()
        yield Claim(Relation.GREATER, entry(index), sp.S.Zero, ((index, 1, first.rows),))

    def _sizes(self, first: Any, second: Any, text: str) -> tuple[Any, Any]:
        found = []
        for attribute in ("rows", "columns"):
            sizes = [getattr(value, attribute, None) for value in (first, second)]
            known = [size for size in sizes if size is not None]
            fits = all(isinstance(v, Matrix | Scalar) or values.is_zero(v) for v in (first, second))
            if not fits or not values.agree(*sizes):
                shapes = f"{values.shape(first)}, and the right side {values.shape(second)}"
                raise InputError(f"{text}: the left side is {shapes}.")
            if not known:
                raise InputError(f"{text}: the size of the matrices is not known.")
            found.append(known[0])
        return found[0], found[1]

    def _over(self, rows: Any, columns: Any) -> tuple[tuple[Any, Any], tuple[Any, ...]]:
        names, over = [], []
        for size in (rows, columns):
            names.append(sp.S.One if size == 1 else self.fresh.new())
            over += [] if size == 1 else [(names[-1], 1, size)]
        return (names[0], names[1]), tuple(over)


def _entries(value: Any) -> Any:
    match value:
        case Matrix():
            return value.entry
        case Scalar():
            return lambda j, k: sp.KroneckerDelta(j, k) * value.factor
    return lambda *_: value


def _flat(value: Any) -> tuple[tuple[str, Any], ...]:
    """The parts of what is put together, each with the way to it."""
    match value:
        case Table():
            return tuple(
                (f"block {number},{at} of {len(row)} {kind}", part)
                for number, row in enumerate(value.rows)
                for at, block in enumerate(row)
                for kind, part in _flat(block)
            )
        case Joined():
            return tuple(
                (f"part {number} of {len(value.parts)} by {value.kind} {kind}", part)
                for number, block in enumerate(value.parts)
                for kind, part in _flat(block)
            )
    return (("", value),)
