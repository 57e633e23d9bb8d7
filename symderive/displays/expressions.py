r"""Expressions of a display in entries: what each node is, given what its names are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive.displays import nodes as n
from symderive.displays import values
from symderive.displays.moments import Moments
from symderive.displays.names import Scope
from symderive.displays.printing.latex import to_tex
from symderive.displays.values import Joined, Matrix, Opaque, Scalar, ShapeError, Table
from symderive.errors import InputError

#: Most factors of a power of a matrix that is written out.
_MOST_FACTORS = 12


class Expressions(Moments):
    """The expressions of one display."""

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
                return self._derivative(self.number(node.body, scope), self._letter(node.by, scope))
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
            self._require_no_ones(term.body, total, value)
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
                self._require_no_ones(factor, matrix, value)
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
            if isinstance(body, Matrix) and not vector:
                self._require_of_no_basis(base, body)
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
            if not (exponent.is_Integer and exponent > 0):
                self._require_invertible(base, value)
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
        self._require_invertible(body, value)
        return self._power_of(body, sp.S.NegativeOne, scope)

    def _require_invertible(self, node: n.Node, value: Any) -> None:
        """A matrix that is invertible on a range only has no inverse: there its entries are 0."""
        if isinstance(value, Matrix) and value.diagonal is not None and self.reading.partial:
            entry = sp.sympify(value.diagonal(self.fresh.new()))
            own = [x for x in entry.atoms(sp.Indexed) if x.base in self.reading.partial]
            if own and not entry.xreplace(dict.fromkeys(own, sp.S.Zero)).is_positive:
                raise InputError(f"{to_tex(node)} has an inverse on its range only; write a pseudoinverse.")

    def _pseudoinverse(self, node: n.Pseudoinverse, scope: Scope) -> Any:
        value = self.value(node.body, scope)
        index = self.fresh.new()
        entries = diagonal_of(value)
        if entries is None or not entries(index).is_positive:
            return self._words(f"{to_tex(node)}, of a matrix that is not known to be invertible,")
        self.defined[entries(index), sp.S.NegativeOne] = None
        if isinstance(value, Scalar):
            return Scalar(1 / value.factor)
        return values.diagonal(value.rows, lambda j: entries(j) ** -1)

    def _absolute(self, node: n.Absolute, scope: Scope) -> Any:
        value = self.number(node.body, scope)
        return value if value.is_nonnegative else self._power(value**2, sp.Rational(1, 2))

    def _applied(self, node: n.Apply, scope: Scope) -> Any:
        value = self.value(node.body, scope)
        if isinstance(value, Opaque):
            return value
        self._require_of_no_basis(node, value)
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
        if node.operator == "ln":
            self.logarithms[value] = None
            return sp.log(value)
        return sp.exp(value)

    def _require_of_no_basis(self, node: n.Node, *found: Any) -> None:
        """What depends on the basis, or on all directions, is not read in a setting that has others."""
        sizes = [size for x in found if isinstance(x, Matrix) for size in (x.rows, x.columns)]
        if self.reading.flat and sizes:
            raise InputError(
                f"{to_tex(node)} is not what it is along one direction, as the setting "
                f"{self.reading.setting!r} reads it."
            )
        is_trace = isinstance(node, n.Norm) or (isinstance(node, n.Apply) and node.operator != "Diag")
        if self.reading.turned & set(sizes) and (not is_trace or self.reading.partial):
            raise InputError(
                f"{to_tex(node)} depends on the basis, and the setting {self.reading.setting!r} has one of "
                f"its own."
            )

    def _require_no_ones(self, node: n.Node, *pair: Any) -> None:
        """A vector of ones, which is of every size, is not one in another basis."""
        if any(isinstance(x, Matrix) and None in (x.rows, x.columns) for x in pair):
            self._require_of_no_basis(node, *pair)

    def _fold(self, node: n.Fold, scope: Scope) -> Any:
        if self._find(node.index) is not None:
            raise InputError(f"{to_tex(node.index)} is a name already, and no index of {to_tex(node)}.")
        low, high = self.number(node.low, scope), self.end(node.high, scope)
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
            family = over is node.over and self._argument_family(over)
            inside[over] = over if family else sp.Symbol("extremum", positive=True)
        if isinstance(node.over, n.Chain):
            for link in node.over.links:
                if not isinstance(link.node, n.Signs):
                    self.value(link.node, inside)
        self.value(node.body, inside)
        return Opaque()

    # -- derivatives ---------------------------------------------------------------------------------------

    def _gradient(self, node: n.Gradient, scope: Scope) -> Any:
        if not isinstance(node.body, n.Call) or len(node.body.arguments) != 1:
            return self._words(to_tex(node))
        value, argument = self._at_letter(node.body, scope), self.value(node.body.arguments[0], scope)
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
        self._require_independent(value, by(one, one))
        if node.order == 1:
            return Matrix(size, 1, lambda j, _: sp.Derivative(value, by(j, one)))
        if node.order == 2:
            return Matrix(size, size, lambda j, k: sp.Derivative(value, by(j, one), by(k, one)))
        return self._words(to_tex(node))


def diagonal_of(value: Any) -> Any:
    """The diagonal entries of a matrix that is known to be diagonal, else None."""
    match value:
        case Matrix():
            return value.diagonal
        case Scalar():
            return lambda _: value.factor
    return None
