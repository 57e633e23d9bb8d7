"""Whether two SymPy objects mean the same: by structure, else by numbers on every branch.

Structure is compared after both sides were rebuilt by SymPy's own constructors, so that an author's
``evaluate=False`` does not count as a difference.  Otherwise both sides are evaluated in 50-digit mpmath
at random points, family elements, functions and matrices included, once for each branch of a Piecewise.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import BooleanFunction
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.stats import Covariance, Expectation, Variance
from sympy.stats.rv import RandomSymbol

DIGITS = 50
#: Rounding of a few hundred operations on well-scaled numbers leaves more than half of the digits.
TOLERANCE = mpmath.mpf(10) ** (-DIGITS // 2)
POINTS = 4

#: What SymPy and mpmath raise on an expression that has no value.
_STUCK = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.exp: mpmath.exp,
    sp.log: mpmath.log,
    sp.sin: mpmath.sin,
    sp.cos: mpmath.cos,
    sp.tan: mpmath.tan,
    sp.sinh: mpmath.sinh,
    sp.cosh: mpmath.cosh,
    sp.tanh: mpmath.tanh,
    sp.atan: mpmath.atan,
    sp.gamma: mpmath.gamma,
    sp.loggamma: mpmath.loggamma,
    sp.factorial: mpmath.factorial,
    sp.binomial: mpmath.binomial,
    sp.Abs: abs,
    sp.sign: mpmath.sign,
    sp.re: mpmath.re,
    sp.im: mpmath.im,
}


def difference(one: Any, other: Any) -> str | None:
    """None if the two mean the same, else a sentence that says how they differ.

    Not a decision procedure in one direction: different expressions that agree to 25 digits at random
    points are taken for equal.  What cannot be evaluated counts as different.
    """
    try:
        return _difference(*(_only_entry(rebuild(side)) for side in (one, other)))
    except _STUCK as error:
        return f"the two cannot be compared: {error}"


def _difference(one: Any, other: Any) -> str | None:
    if one == other:
        return None
    pair = (one, other)
    if all(
        isinstance(side, BooleanFunction | sp.core.relational.Relational | sp.Contains) for side in pair
    ):
        return _different_parts(*pair)
    if any(not isinstance(side, sp.Expr | sp.MatrixExpr | sp.MatrixBase) for side in pair):
        return f"{type(one).__name__} against {type(other).__name__}"
    if _conditions(one) != _conditions(other):
        return f"the conditions differ: {_conditions(one)} and {_conditions(other)}"
    branches = max([len(piece.args) for piece in one.atoms(sp.Piecewise)], default=1)
    for branch, seed in product(range(branches), range(POINTS)):
        values = [_Evaluator(seed, branch).value(side) for side in pair]
        if not _close(*values):
            return f"{_show(values[0])} against {_show(values[1])} at random point {seed}, branch {branch}"
    return None


def rebuild(expr: Any) -> Any:
    """``expr`` made again from the leaves up, with evaluation; relations keep their sides."""
    if not getattr(expr, "args", ()) or isinstance(expr, sp.MatrixSymbol | sp.Indexed | sp.Idx | sp.Set):
        return expr
    if isinstance(expr, sp.MatrixBase):
        return sp.ImmutableMatrix(expr.applyfunc(rebuild))
    if isinstance(expr, RandomSymbol | sp.Order):
        return expr
    arguments = [rebuild(argument) for argument in expr.args]
    if isinstance(expr, BooleanFunction | sp.core.relational.Relational | sp.Contains):
        return expr.func(*arguments, evaluate=False)
    made = expr.func(*arguments)
    return made.doit(deep=False) if isinstance(made, sp.MatMul | sp.MatAdd | sp.Transpose) else made


def _only_entry(expr: Any) -> Any:
    """The entry of a product of shape 1 x 1, which reads as a number."""
    if isinstance(expr, sp.MatrixExpr) and expr.shape == (1, 1) and not isinstance(expr, sp.MatrixSymbol):
        return MatrixElement(expr, 0, 0)
    return expr


def _different_parts(one: Any, other: Any) -> str | None:
    if one.func != other.func or len(one.args) != len(other.args):
        return (
            f"{type(one).__name__} of {len(one.args)} against {type(other).__name__} of {len(other.args)}"
        )
    return next(
        (text for pair in zip(one.args, other.args, strict=True) if (text := difference(*pair))), None
    )


def _conditions(expr: Any) -> set[Any]:
    return {condition for piece in expr.atoms(sp.Piecewise) for _, condition in piece.args}


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, mpmath.matrix) != isinstance(other, mpmath.matrix):
        return False
    if isinstance(one, mpmath.matrix):
        same = (one.rows, one.cols) == (other.rows, other.cols)
        return same and all(_close(*pair) for pair in zip(one, other, strict=True))
    return abs(one - other) <= TOLERANCE * (1 + abs(one) + abs(other))


def _show(value: Any) -> str:
    return (
        f"a {value.rows} x {value.cols} matrix"
        if isinstance(value, mpmath.matrix)
        else mpmath.nstr(value, 8)
    )


class _Evaluator:
    """Numbers for expressions at one random point; the same object always gets the same number."""

    def __init__(self, seed: int, branch: int) -> None:
        self.seed = seed
        self.branch = branch
        self.context: dict[Any, int] = {}  # summation indices

    def value(self, expr: Any) -> Any:
        with mpmath.workdps(DIGITS):
            return self._value(sp.sympify(expr))

    def _draw(self, key: Any, *, low: float = 0.5, high: float = 2.0) -> Any:
        source = random.Random(f"{self.seed} {key}")
        return mpmath.mpf(source.randrange(10**DIGITS)) / 10**DIGITS * (high - low) + low

    def _integer(self, expr: Any) -> int:
        number = self._value(expr)
        if abs(number - round(number.real)) > TOLERANCE:
            raise NotImplementedError(f"{expr} is not a whole number")
        return round(number.real)

    def _value(self, expr: Any) -> Any:
        if expr in self.context:
            return mpmath.mpf(self.context[expr])
        if isinstance(expr, sp.Number | sp.NumberSymbol):
            return mpmath.mpf(expr._to_mpmath(mpmath.mp.prec)) if expr.is_finite else self._stuck(expr)
        for kind in type(expr).__mro__:
            if rule := getattr(self, f"_{kind.__name__.lower()}", None):
                return rule(expr)
        if expr is sp.I:
            return mpmath.mpc(0, 1)
        if expr.func in _FUNCTIONS:
            return _FUNCTIONS[expr.func](*map(self._value, expr.args))
        return self._stuck(expr)

    def _stuck(self, expr: Any) -> Any:
        raise NotImplementedError(f"{type(expr).__name__} has no numeric value here")

    # Leaves: a number drawn for the printed form and the assumptions that matter

    def _leaf(self, expr: Any, key: Any) -> Any:
        if expr.is_integer:
            return mpmath.mpf(random.Random(f"{self.seed} {key}").randint(2, 4))
        return self._draw(key) if expr.is_nonnegative else self._draw(key, low=-2.0)

    def _symbol(self, expr: Any) -> Any:
        return self._leaf(expr, sp.srepr(expr))

    _idx = _randomsymbol = _symbol

    def _indexed(self, expr: Any) -> Any:
        return self._leaf(expr, (sp.srepr(expr.base), *map(self._integer, expr.indices)))

    def _appliedundef(self, expr: Any) -> Any:
        """A smooth function of the arguments, another one for each name."""
        total = self._draw(expr.func.__name__)
        for place, argument in enumerate(expr.args):
            value = self._value(argument)
            parts = list(value) if isinstance(value, mpmath.matrix) else [value]
            total += sum(mpmath.sin((place + n + 1) * part + total) for n, part in enumerate(parts))
        return total

    def _expectation(self, expr: Any) -> Any:
        names = {Expectation: "E", Variance: "Var", Covariance: "Cov"}
        return self._appliedundef(sp.Function(f"{names[type(expr)]}!")(*expr.args))

    _variance = _covariance = _expectation

    def _derivative(self, expr: Any) -> Any:
        if isinstance(expr.expr, AppliedUndef):  # a function of its own
            order = [int(count) for _, count in expr.variable_count]
            return self._appliedundef(sp.Function(f"{expr.expr.func.__name__}{order}")(*expr.expr.args))
        taken = expr.doit()
        if taken.has(expr.func(expr.expr, *expr.variable_count)):  # SymPy leaves it as it is
            kind = f"Derivative{expr.variable_count}"
            return self._appliedundef(sp.Function(kind)(expr.expr))
        return self._value(taken)

    def _subs(self, expr: Any) -> Any:
        inner, variables, points = expr.args
        if not (isinstance(inner, sp.Derivative) and inner.expr.args == tuple(variables)):
            self._stuck(expr)
        (order,) = (int(count) for _, count in inner.variable_count)
        return self._appliedundef(sp.Function(f"{inner.expr.func.__name__}{[order]}")(*points))

    def _max(self, expr: Any) -> Any:
        """A symmetric function of the arguments, so that a smaller one does not go unseen."""
        values = [self._value(argument) for argument in expr.args]
        return self._draw(expr.func.__name__) * sum(value + mpmath.sin(3 * value) for value in values)

    _min = _max

    def _limit(self, expr: Any) -> Any:
        """Two limits are compared by body, variable and point; neither is taken."""
        body, *rest = expr.args
        return self._appliedundef(sp.Function(f"{expr.func.__name__}{rest}")(body))

    def _integral(self, expr: Any) -> Any:
        return self._appliedundef(sp.Function(f"Integral{expr.limits}")(expr.function))

    def _order(self, expr: Any) -> Any:
        return self._appliedundef(sp.Function("Order")(expr.expr))

    # Scalars

    def _add(self, expr: Any) -> Any:
        return sum(map(self._value, expr.args), mpmath.mpf(0))

    def _mul(self, expr: Any) -> Any:
        product = mpmath.mpf(1)
        for argument in expr.args:
            product *= self._value(argument)
        return product

    def _pow(self, expr: Any) -> Any:
        base, exponent = map(self._value, expr.args)
        return mpmath.power(base, exponent)

    def _sum(self, expr: Any) -> Any:
        return self._over(expr, mpmath.mpf(0), lambda total, term: total + term)

    def _product(self, expr: Any) -> Any:
        return self._over(expr, mpmath.mpf(1), lambda total, term: total * term)

    def _over(self, expr: Any, start: Any, combine: Callable[[Any, Any], Any]) -> Any:
        *inner, outer = expr.limits
        if len(outer) != 3:
            self._stuck(expr)
        index, low, high = outer
        body = expr.func(expr.function, *inner) if inner else expr.function
        before, total = dict(self.context), start
        for number in range(self._integer(low), self._integer(high) + 1):
            self.context = {**before, index: number}
            total = combine(total, self._value(body))
        self.context = before
        return total

    def _piecewise(self, expr: Any) -> Any:
        return self._value(expr.args[min(self.branch, len(expr.args) - 1)][0])

    def _kroneckerdelta(self, expr: Any) -> Any:
        return mpmath.mpf(self._integer(expr.args[0]) == self._integer(expr.args[1]))

    # Matrices

    def _shape(self, expr: Any) -> tuple[int, int]:
        return self._integer(expr.shape[0]), self._integer(expr.shape[1])

    def _matrixsymbol(self, expr: Any) -> Any:
        rows, columns = self._shape(expr)
        return mpmath.matrix(
            [[self._draw((expr.name, i, j), low=-1.0) for j in range(columns)] for i in range(rows)]
        )

    def _identity(self, expr: Any) -> Any:
        return mpmath.eye(self._shape(expr)[0])

    def _zeromatrix(self, expr: Any) -> Any:
        return mpmath.zeros(*self._shape(expr))

    def _onematrix(self, expr: Any) -> Any:
        return mpmath.ones(*self._shape(expr))

    def _matrixbase(self, expr: Any) -> Any:
        return mpmath.matrix([[self._value(entry) for entry in row] for row in expr.tolist()])

    _matmul = _mul

    def _matadd(self, expr: Any) -> Any:
        first, *rest = map(self._value, expr.args)
        return sum(rest, first)

    def _hadamardproduct(self, expr: Any) -> Any:
        first, *rest = map(self._value, expr.args)
        for factor in rest:
            if (factor.rows, factor.cols) != (first.rows, first.cols):
                raise ValueError(f"the shapes in {expr} differ")
            first = mpmath.matrix(
                [[first[i, j] * factor[i, j] for j in range(first.cols)] for i in range(first.rows)]
            )
        return first

    def _hadamardpower(self, expr: Any) -> Any:
        return self._value(expr.base).apply(lambda entry: entry ** self._value(expr.exp))

    def _transpose(self, expr: Any) -> Any:
        return self._value(expr.arg).T

    def _inverse(self, expr: Any) -> Any:
        return self._value(expr.arg) ** -1

    def _matpow(self, expr: Any) -> Any:
        return self._value(expr.base) ** self._integer(expr.exp)

    def _trace(self, expr: Any) -> Any:
        matrix = self._value(expr.arg)
        return sum((matrix[i, i] for i in range(matrix.rows)), mpmath.mpf(0))

    def _determinant(self, expr: Any) -> Any:
        return mpmath.det(self._value(expr.arg))

    def _diagonalmatrix(self, expr: Any) -> Any:
        matrix = self._value(expr.arg)
        return mpmath.diag([matrix[i, i] for i in range(matrix.rows)])

    def _diagonalof(self, expr: Any) -> Any:
        matrix = self._value(expr.arg)
        return mpmath.matrix([matrix[i, i] for i in range(matrix.rows)])

    def _diagmatrix(self, expr: Any) -> Any:
        return mpmath.diag(list(self._value(expr.args[0])))

    def _matrixelement(self, expr: Any) -> Any:
        matrix = self._value(expr.parent)
        i, j = self._integer(expr.i), self._integer(expr.j)
        if not (0 <= i < matrix.rows and 0 <= j < matrix.cols):
            return self._draw((str(expr.parent), i, j))  # outside the random shape
        return matrix[i, j]
