r"""Displays written out in entries and sums: from nodes to the claims that the core proves things about.

Every claim is one relation.  An equation of matrices holds entry by entry, over a row index and a column
index; ``x \ne 0`` for a vector or a matrix says that the sum of its squares is positive.  An equivalence of
two equations of vectors is written out entry by entry, which says more: if entry k of the one holds exactly
if entry k of the other does, then all hold exactly if all do.

A mean over data and noise stays one.  Of the prediction, the mean of a variance over the noise is
:math:`E f^2 - E_x (E_\epsilon f)^2`, where the inner mean replaces the outputs of a layer by the map
:math:`T_i` of the features: the noise has mean 1 and is independent, and the outputs are linear in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.displays import nodes as n
from symderive.displays import values
from symderive.displays.latex import to_tex
from symderive.displays.values import Indices, Joined, Matrix, Opaque, Scalar, ShapeError, Table
from symderive.displays.vocabulary import Entry, Reading, find
from symderive.errors import InputError
from symderive.statements.claim import Claim, Relation, as_relation
from symderive.statements.display import Definition, Letter
from symderive.statements.nodes import Expectation, mean

#: What a name stands for where it is bound: a value, or the name of a family that it is called by.
Scope = Mapping[n.Name, Any]

#: Most factors of a power of a matrix that is written out.
_MOST_FACTORS = 12


def unfold(node: n.Node, reading: Reading, where: Iterable[n.Node] = ()) -> tuple[Claim, ...]:
    """The claims that a node makes, in order; ``where`` are the names that the display defines.

    An index that the display leaves free (``W_{i} = …``) is free in the claims, as a positive integer.
    :class:`InputError` where a name is not known, shapes do not fit or a node has no entries.
    """
    return Unfolder(reading, where).claims(node)


class Unfolder:
    """Writes out the nodes of one display.

    ``defined`` collects what is divided by or raised to a power, as powers: SymPy may cancel them, and the
    display is defined only where they are.  With ``in_words`` a part that has no entries (a minimum, a
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
        taken = {str(symbol) for symbol in reading.symbols} | set(reading.indices)
        self.fresh = Indices(taken)
        self.defined: dict[tuple[Any, Any], None] = {}
        self.free: dict[str, Any] = {}
        self._indices = dict(indices or {})
        self._open: list[n.Name] = []
        self._local: tuple[Entry, ...] = ()
        self._fixed: dict[Any, Any] = {}
        for definition in where:
            local = reading.local(definition, to_tex(definition))
            known = None if local.arguments else reading.find(local.name)
            stands_for = known and isinstance(known[0].record, Letter) and known[0].record.stands_for
            if isinstance(stands_for, sp.Symbol) and isinstance(local.value, n.Number):
                self._fixed[stands_for] = sp.Integer(local.value.value)
            else:
                self._local = (*self._local, local)

    # -- claims ------------------------------------------------------------------------------------------

    def claims(self, node: n.Node) -> tuple[Claim, ...]:
        """The claims of a node that makes some."""
        return tuple(self._at_fixed(claim) for claim in self._claims(node))

    def _at_fixed(self, claim: Claim) -> Claim:
        """A claim at the numbers that ``where`` gives to letters, such as D = 1."""
        if not self._fixed:
            return claim
        left, right = (sp.sympify(side).xreplace(self._fixed) for side in (claim.left, claim.right))
        over = tuple(
            (index, *(sp.sympify(end).xreplace(self._fixed) for end in ends)) for index, *ends in claim.over
        )
        return Claim(claim.relation, left, right, over)

    def _claims(self, node: n.Node) -> tuple[Claim, ...]:
        match node:
            case n.Together():
                return tuple(claim for part in node.claims for claim in self._claims(part))
            case n.Equivalence():
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
        variable, target = self.number(limit.variable, {}), self.number(limit.target, {})
        body, found = self.number(limit.body, {}), self.number(value, {})
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
                yield self._positive(first, second, text)
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
        left, right = (_entries(value) for value in (first, second))
        if all(_diagonal(value) is not None for value in (first, second)):
            # Off the diagonal both are 0.
            index = self.fresh.new()
            left_entry, right_entry = (self._on_diagonal(value, index) for value in (first, second))
            yield Claim(Relation.EQUAL, left_entry, right_entry, ((index, 1, rows),))
            return
        names, over = self._over(rows, columns)
        yield Claim(Relation.EQUAL, left(*names), right(*names), over)

    @staticmethod
    def _on_diagonal(value: Any, index: Any) -> Any:
        entry = _diagonal(value)
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

    def _positive(self, first: Any, second: Any, text: str) -> Claim:
        entry = _diagonal(first)
        if not values.is_zero(second) or entry is None or not isinstance(first, Matrix):
            raise InputError(f"{text}: it has entries only for a diagonal matrix and 0.")
        index = self.fresh.new()
        return Claim(Relation.GREATER, entry(index), sp.S.Zero, ((index, 1, first.rows),))

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

    def _words(self, text: str) -> Opaque:
        if not self.in_words:
            raise InputError(f"{text} is not written out in entries; it can stand in a step in words only.")
        return Opaque()

    # -- expressions -------------------------------------------------------------------------------------

    def number(self, node: n.Node, scope: Scope) -> Any:
        """The value of a node that is a number."""
        value = self.value(node, scope)
        if isinstance(value, Opaque):
            return sp.Symbol("opaque", positive=True)
        if not values.is_number(value):
            raise InputError(f"{to_tex(node)} is {values.shape(value)} where a number is needed.")
        return value

    def value(self, node: n.Node, scope: Scope) -> Any:
        """The value of an expression where names are bound as in ``scope``."""
        match node:
            case n.Number():
                return sp.Integer(node.value)
            case n.Name():
                return self._name(node, scope)
            case n.Call():
                return self._call(node, scope)
            case n.Sum():
                return self._sum(node, scope)
            case n.Product():
                return self._product(node.factors, scope)
            case n.Quotient():
                above, below = self.value(node.above, scope), self.number(node.below, scope)
                return values.scale(self._power(below, sp.S.NegativeOne), above)
            case n.Power():
                return self._raised(node, scope)
            case n.Inverse():
                return self._inverse(node.body, scope)
            case n.Transpose():
                return values.transpose(self.value(node.body, scope))
            case n.Pseudoinverse():
                return self._pseudoinverse(node, scope)
            case n.Root():
                return self._power_of(node.body, sp.Rational(1, 2), scope)
            case n.Norm():
                return self._power_of(node, sp.S.One, scope)
            case n.Absolute():
                return self._absolute(node, scope)
            case n.Apply():
                return self._applied(node, scope)
            case n.Fold():
                return self._fold(node, scope)
            case n.Moment():
                return self._moment(node, scope)
            case n.Gradient():
                return self._gradient(node, scope)
            case n.Partial():
                return sp.Derivative(self.number(node.body, scope), self._letter(node.by, scope))
            case n.Binomial():
                return sp.binomial(self.number(node.above, scope), self.number(node.below, scope))
            case n.Blocks():
                return self._blocks(node, scope)
            case n.Kronecker():
                return Joined("⊗", tuple(self.value(part, scope) for part in node.factors))
            case n.DirectSum():
                return Joined("⊕", tuple(self.value(part, scope) for part in node.parts))
            case n.Extremum():
                return self._extremum(node, scope)
        raise InputError(f"{to_tex(node)} is no number and no matrix.")

    def _sum(self, node: n.Sum, scope: Scope) -> Any:
        total: Any = None
        for term in node.terms:
            value = self.value(term.body, scope)
            value = values.scale(sp.S.NegativeOne, value) if term.negative else value
            try:
                total = value if total is None else values.add(total, value)
            except ShapeError as error:
                raise InputError(
                    f"{to_tex(term.body)} is {values.shape(value)} and what stands before it is "
                    f"{values.shape(total)}, which cannot be {error}."
                ) from None
        return total

    def _product(self, factors: tuple[n.Node, ...], scope: Scope) -> Any:
        found = [self.value(factor, scope) for factor in factors]
        # Numbers go first: they commute, and a product of matrices may be a number.
        total = sp.Mul(*(value for value in found if values.is_number(value)))
        matrix: Any = None
        before = ""
        for factor, value in zip(factors, found, strict=True):
            if values.is_number(value):
                continue
            try:
                if matrix is None or values.is_number(matrix):
                    matrix = value if matrix is None else values.scale(matrix, value)
                else:
                    matrix = values.multiply(matrix, value, self.fresh)
            except ShapeError as error:
                shapes = f"{before} is {values.shape(matrix)} and {to_tex(factor)} is {values.shape(value)}"
                raise InputError(f"{shapes}, which cannot be {error}.") from None
            before = f"{before} {to_tex(factor)}".strip()
        return total if matrix is None else values.scale(total, matrix)

    def _power(self, base: Any, exponent: Any) -> Any:
        """A power of a number; where it is defined is for the core to say, which is told of it."""
        if not (exponent.is_Integer and exponent > 0):
            self.defined[base, exponent] = None
        return base**exponent

    def _raised(self, node: n.Power, scope: Scope) -> Any:
        return self._power_of(node.base, self.number(node.exponent, scope), scope)

    def _power_of(self, base: n.Node, exponent: Any, scope: Scope) -> Any:
        if isinstance(base, n.Norm):
            body = self.value(base.body, scope)
            if isinstance(body, Opaque):
                return body
            vector = isinstance(body, Matrix) and 1 in (body.rows, body.columns)
            if isinstance(body, Matrix) and not vector and not base.frobenius:
                return self._words(
                    f"{to_tex(base)}, the norm of a matrix that is not \\lVert · \\rVert_{{F}},"
                )
            try:
                return self._power(values.squares(body, self.fresh), exponent / 2)
            except ShapeError:
                raise InputError(f"{to_tex(base)} is the norm of {values.shape(body)}.") from None
        value = self.value(base, scope)
        match value:
            case Opaque():
                return value
            case Scalar():
                return Scalar(self._power(value.factor, exponent))
            case Matrix():
                return self._matrix_power(base, value, exponent)
            case Table() | Joined():
                raise InputError(f"{to_tex(base)} is {values.shape(value)}, and has no powers here.")
        return self._power(value, exponent)

    def _matrix_power(self, base: n.Node, value: Matrix, exponent: Any) -> Any:
        entries = value.diagonal
        if entries is not None:
            self.defined[entries(self.fresh.new()), exponent] = None
            return values.diagonal(value.rows, lambda j: entries(j) ** exponent)
        if not values.agree(value.rows, value.columns):
            raise InputError(f"{to_tex(base)} is {values.shape(value)}, and has no powers.")
        if not (exponent.is_Integer and 0 < exponent <= _MOST_FACTORS):
            return self._words(f"the power {exponent} of the matrix {to_tex(base)}")
        total: Any = value
        for _ in range(int(exponent) - 1):
            total = values.multiply(total, value, self.fresh)
        return total

    def _inverse(self, body: n.Node, scope: Scope) -> Any:
        value = self.value(body, scope)
        if isinstance(value, Matrix) and value.diagonal is None:
            return self._words(f"the inverse of {to_tex(body)}, which is not diagonal here,")
        return self._power_of(body, sp.S.NegativeOne, scope)

    def _pseudoinverse(self, node: n.Pseudoinverse, scope: Scope) -> Any:
        value = self.value(node.body, scope)
        index = self.fresh.new()
        entries = _diagonal(value)
        if entries is None or not entries(index).is_positive:
            return self._words(f"{to_tex(node)}, of a matrix that is not known to be invertible,")
        return self._power_of(node.body, sp.S.NegativeOne, scope)

    def _absolute(self, node: n.Absolute, scope: Scope) -> Any:
        value = self.number(node.body, scope)
        return value if value.is_nonnegative else self._power(value**2, sp.Rational(1, 2))

    def _applied(self, node: n.Apply, scope: Scope) -> Any:
        value = self.value(node.body, scope)
        if isinstance(value, Opaque):
            return value
        try:
            match node.operator:
                case "Diag":
                    return values.on_diagonal(value)
                case "tr":
                    return values.trace(value, self.fresh)
        except ShapeError as error:
            raise InputError(f"{to_tex(node.body)} is {values.shape(value)}, not to be {error}.") from None
        if node.operator == "det":
            match value:
                case Table(rows=((a, b), (c, d))) if all(map(values.is_number, (a, b, c, d))):
                    return a * d - b * c
            return self._words(to_tex(node))
        if not values.is_number(value):
            raise InputError(f"{to_tex(node.body)} is {values.shape(value)} where a number is needed.")
        return {"ln": sp.log, "exp": sp.exp}[node.operator](value)

    def _fold(self, node: n.Fold, scope: Scope) -> Any:
        low, high = self.number(node.low, scope), self.number(node.high, scope)
        index = self.fresh.new(positive=low.is_positive)
        body = self.value(node.body, {**scope, node.index: index})
        if isinstance(body, Opaque):
            return body
        if node.kind == "bigoplus":
            return self._words(to_tex(node))
        if values.is_number(body):
            return (sp.Sum if node.kind == "sum" else sp.Product)(body, (index, low, high))
        if node.kind == "sum" and isinstance(body, Matrix):
            if any(sp.sympify(size).has(index) for size in (body.rows, body.columns)):
                raise InputError(f"{to_tex(node)} adds matrices of different sizes.")
            return replace(
                body, entry=lambda j, k: sp.Sum(body.entry(j, k), (index, low, high)), diagonal=None
            )
        raise InputError(
            f"{to_tex(node)} folds {values.shape(body)}; only numbers and sums of matrices are."
        )

    def _blocks(self, node: n.Blocks, scope: Scope) -> Any:
        return Table(tuple(tuple(self.value(part, scope) for part in row) for row in node.rows))

    def _extremum(self, node: n.Extremum, scope: Scope) -> Any:
        if not self.in_words:
            self._words(to_tex(node))
        over = node.over.first if isinstance(node.over, n.Chain) else node.over
        inside = dict(scope)
        if isinstance(over, n.Name) and not self._is_known(over, scope):
            inside[over] = sp.Symbol("extremum", positive=True)
        if isinstance(node.over, n.Chain):
            for link in node.over.links:
                if not isinstance(link.node, n.Signs):
                    self.value(link.node, inside)
        self.value(node.body, inside)
        return Opaque()

    # -- means and derivatives ---------------------------------------------------------------------------

    def _moment(self, node: n.Moment, scope: Scope) -> Any:
        over, body = node.over.tex, node.body
        if node.kind == "E" and over == "x":
            if isinstance(body, n.Moment) and body.over.tex == r"\epsilon":
                inner = self.value(body.body, scope)
                if body.kind == "E":
                    return self._mean(inner)
                if not isinstance(inner, Opaque):
                    return self._mean_variance(inner, to_tex(node))
            value = self.value(body, scope)
            if not any(self._is_noisy(part) for part in _some_entries(value)):
                return self._mean(value)
        if self.in_words:
            self.value(body, scope)
        return self._words(to_tex(node))

    @staticmethod
    def _is_noisy(expression: Any) -> bool:
        return bool(expression.has(sy.epsilon, sy.h, Expectation))

    def _mean(self, value: Any) -> Any:
        match value:
            case Matrix():
                entries = value.diagonal
                return replace(
                    value,
                    entry=lambda j, k: mean(value.entry(j, k)),
                    diagonal=None if entries is None else lambda j: mean(entries(j)),
                )
            case Scalar():
                return Scalar(mean(value.factor))
            case sp.Expr():
                return mean(value)
        return self._words("a mean of blocks")

    def _mean_variance(self, value: Any, text: str) -> Any:
        r"""E Var_ε b = E b² - E_x (E_ε b)² for b = Σ_j g_j h[D, j], a prediction."""
        match value:
            case sp.Sum(function=function, limits=limits) if len(limits) == 1:
                index = limits[0][0]
                found = function.atoms(sp.Indexed)
                outputs = [part for part in found if part.base == sy.h]
                if len(outputs) == 1 and outputs[0].indices[1] == index:
                    weight = sp.cancel(function / outputs[0]) if function.is_Mul else sp.S.One
                    if not weight.has(sy.h, sy.epsilon, sy.x, sy.y):
                        return mean(value**2) - self._of_mean(weight, outputs[0].indices[0], limits[0])
        return self._words(f"{text}, of something that is not the output of the network,")

    def _of_mean(self, weight: Any, layer: Any, limit: Any) -> Any:
        """Σ_rs A_rs m_r m_s with m_r = Σ_j weight_j T[layer, j, r], the mean square of the mean."""
        family = sp.IndexedBase("T", real=True)
        index, *ends = limit

        def mapped(feature: Any) -> Any:
            name = self.fresh.new()
            inside = weight.xreplace({index: name}) * family[layer, name, feature]
            return sp.Sum(inside, (name, *ends))

        r, s = self.fresh.new(), self.fresh.new()
        inside = sy.A_entry[r, s] * mapped(r) * mapped(s)
        return sp.Sum(inside, (r, 1, sy.d[0]), (s, 1, sy.d[0]))

    def _gradient(self, node: n.Gradient, scope: Scope) -> Any:
        if not isinstance(node.body, n.Call) or len(node.body.arguments) != 1:
            return self._words(to_tex(node))
        value, argument = self.value(node.body, scope), self.value(node.body.arguments[0], scope)
        if isinstance(value, Opaque) or isinstance(argument, Opaque):
            return Opaque()
        one = sp.S.One
        if not (
            isinstance(argument, Matrix)
            and argument.columns == 1
            and isinstance(argument.entry(one, one), sp.Indexed)
        ):
            return self._words(f"{to_tex(node)}, by what is not a vector of letters,")
        if not values.is_number(value):
            raise InputError(f"{to_tex(node.body)} is {values.shape(value)}, and has no gradient.")
        by, size = argument.entry, argument.rows
        if node.order == 1:
            return Matrix(size, 1, lambda j, _: sp.Derivative(value, by(j, one)))
        if node.order == 2:
            return Matrix(size, size, lambda j, k: sp.Derivative(value, by(j, one), by(k, one)))
        return self._words(to_tex(node))

    def _letter(self, name: n.Name, scope: Scope) -> Any:
        value = self.value(name, scope)
        if not isinstance(value, sp.Symbol | sp.Indexed):
            raise InputError(f"{to_tex(name)} is not a letter here, and nothing is differentiated by it.")
        return value

    # -- names -------------------------------------------------------------------------------------------

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
        return self._indexed(name, scope)

    def _bound(self, name: n.Name, value: Any) -> Any:
        if isinstance(value, n.Name):
            raise InputError(f"{to_tex(name)} stands for a family, and is used without its index.")
        return value

    def _indexed(self, name: n.Name, scope: Scope) -> Any:
        if (found := self._find(name)) is not None:
            entry, indices = found
            return self._entry(entry, {key: self.value(node, scope) for key, node in indices.items()})
        if name == n.Name("I"):
            return Scalar(sp.S.One)
        if name == n.Name(r"\infty"):
            return sp.oo
        if name == n.Name(r"\mathbf{1}"):
            return Matrix(None, 1, lambda j, k: sp.S.One)
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

    def _entry(self, entry: Entry, indices: dict[n.Name, Any], arguments: Scope | None = None) -> Any:
        """What an entry of the vocabulary stands for at its indices and arguments."""
        record = entry.record
        if isinstance(record, Letter):
            return self._letters(record, [(key.tex, indices[key]) for key in entry.indices])
        if self._stays(record) and not arguments:
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

    def _stays(self, record: Definition) -> bool:
        letter = record.letter
        if letter is None:
            return False
        base = letter.base if isinstance(letter, sp.Indexed) else letter
        return getattr(base, "label", base) in self.reading.symbols

    def _call(self, node: n.Call, scope: Scope) -> Any:
        if node.name in scope or (node.name.subscripts and n.Name(node.name.tex) in scope):
            return self._product((node.name, *node.arguments), scope)
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
        bound = {key: self.value(part, scope) for key, part in indices.items()}
        arguments = {
            own: self._argument(other, scope)
            for own, other in zip(entry.arguments, node.arguments, strict=True)
            if own != other or own in scope or find(self._local, own) is not None
        }
        if not arguments:
            arguments = {}
        return self._entry(entry, bound, arguments)

    def _argument(self, node: n.Node, scope: Scope) -> Any:
        """A value; or the name of a family, such as the W of L(W, U)."""
        if isinstance(node, n.Name) and not self._is_known(node, scope):
            return node
        return self.value(node, scope)

    def _primed(self, call: n.Call, order: int, scope: Scope) -> Any:
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], n.Name):
            raise InputError(f"{to_tex(call)} has no derivative by its argument, which is not one letter.")
        value, by = self.number(call, scope), self._letter(call.arguments[0], scope)
        return sp.Derivative(value, (by, order))

    def _letters(self, letter: Letter, indices: list[tuple[str, Any]]) -> Any:
        """The value of a letter at its indices."""
        table = dict(indices)
        sizes = tuple(_at(size, table) for size in letter.shape)
        entry = _element(letter, indices, table)
        match sizes:
            case ():
                return entry()
            case (size,):
                return values.diagonal(size, entry)
            case (rows, columns) if columns == 1:
                return values.tidy(Matrix(rows, columns, lambda j, k: entry(j)))
            case (rows, columns) if rows == 1:
                return values.tidy(Matrix(rows, columns, lambda j, k: entry(k)))
            case (rows, columns):
                return Matrix(rows, columns, entry)
        raise InputError(
            f"{letter.tex} has the shape {letter.shape}, which is none of a number or a matrix."
        )


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


def _entries(value: Any) -> Any:
    match value:
        case Matrix():
            return value.entry
        case Scalar():
            return lambda j, k: sp.KroneckerDelta(j, k) * value.factor
    return lambda j, k: value


def _diagonal(value: Any) -> Any:
    match value:
        case Matrix():
            return value.diagonal
        case Scalar():
            return lambda _: value.factor
    return None


def _some_entries(value: Any) -> tuple[Any, ...]:
    one = sp.S.One
    match value:
        case Matrix():
            return (value.entry(one, one),)
        case Scalar():
            return (value.factor,)
        case sp.Expr():
            return (value,)
    return ()


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
