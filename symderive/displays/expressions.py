r"""Expressions of a display in entries: what each node is, given what its names are.

A mean over data and noise stays one.  Of the prediction, the mean of a variance over the noise is
:math:`E f^2 - E_x (E_\epsilon f)^2`, where the inner mean replaces the outputs of a layer by the map
:math:`T_i` of the features: the noise has mean 1 and is independent, and the outputs are linear in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.displays import nodes as n
from symderive.displays import values
from symderive.displays.names import Names, Scope
from symderive.displays.printing.latex import to_tex
from symderive.displays.values import Joined, Matrix, Opaque, Scalar, ShapeError, Table
from symderive.errors import InputError
from symderive.statements.nodes import Expectation, mean

#: Most factors of a power of a matrix that is written out.
_MOST_FACTORS = 12


class Expressions(Names):
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
        entries = diagonal_of(value)
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
        family = self._map()
        index, *ends = limit

        def mapped(feature: Any) -> Any:
            name = self.fresh.new()
            inside = weight.xreplace({index: name}) * family[layer, name, feature]
            return sp.Sum(inside, (name, *ends))

        r, s = self.fresh.new(), self.fresh.new()
        inside = sy.A_entry[r, s] * mapped(r) * mapped(s)
        return sp.Sum(inside, (r, 1, sy.d[0]), (s, 1, sy.d[0]))

    def _map(self) -> Any:
        """The family T of the maps of the layers, where the vocabulary defines it and h as it has to be."""
        recursions = [getattr(entry.record, "recursion", None) for entry in self.reading.entries]
        maps = [r.head for r in recursions if r is not None and _is_map_of_layers(r)]
        outputs = [r for r in recursions if r is not None and _is_output_of_layers(r)]
        if not (maps and outputs):
            raise InputError("the vocabulary has no T_{i} and h_{i} with the recursions of a network.")
        return maps[0]

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


def diagonal_of(value: Any) -> Any:
    """The diagonal entries of a matrix that is known to be diagonal, else None."""
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


def _is_map_of_layers(recursion: Any) -> bool:
    """T_0 = I and T_i = W_i T_{i-1}."""
    if len(recursion.indices) != 3:
        return False
    (i, j, k), head = recursion.indices, recursion.head
    step = _carried(recursion.step, i, j, lambda r: head[i - 1, r, k])
    return bool(step == recursion.step and recursion.base == sp.KroneckerDelta(j, k))


def _is_output_of_layers(recursion: Any) -> bool:
    """h_0 = x and h_i = ε_i ∘ W_i h_{i-1}."""
    if recursion.head != sy.h:
        return False
    i, j = recursion.indices
    step = recursion.step / sy.epsilon[i, j]
    return bool(step == _carried(step, i, j, lambda r: sy.h[i - 1, r]) and recursion.base == sy.x[j])


def _carried(step: Any, i: Any, j: Any, below: Any) -> Any:
    """Σ_r W[i, j, r] below(r), with the name of the index that a sum has."""
    if not isinstance(step, sp.Sum):
        return None
    r = step.limits[0][0]
    return sp.Sum(sy.W_entry[i, j, r] * below(r), (r, 1, sy.d[i - 1]))
