"""Straight-line programs: ordered definitions of matrices and numbers, kept short by their names.

Written out, the loss of a network doubles with every layer; as a list of steps it grows by three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from symderive import symbols as sy
from symderive.errors import InputError


@dataclass(frozen=True)
class StraightLineProgram:
    """An ordered list of definitions; each uses the inputs and the names defined before it.

    ``program[name]`` is the expression that defines a name.  A 1 × 1 matrix stands for its entry where the
    name is a scalar.

    Attributes
    ----------
    steps : tuple of tuple
        Pairs of a name (matrix or scalar symbol) and its expression.  A name that carries the symbol i
        is defined by recursion, for i = 1 … D or, where it is defined from layer i + 1, downwards.
    """

    steps: tuple[tuple[sp.Basic, sp.Basic], ...]

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, name: Any) -> Any:
        """The expression that defines ``name``."""
        return dict(self.steps)[name]

    @property
    def result(self) -> Any:
        """The expression of the last step."""
        return self.steps[-1][1]

    @property
    def size(self) -> int:
        """Number of nodes of all expressions."""
        return sum(1 for _, value in self.steps for _ in sp.preorder_traversal(value))

    def __repr__(self) -> str:
        return "\n".join(f"{name} = {value}" for name, value in self.steps)

    def _repr_latex_(self) -> str:
        rows = (f"{sy.latex(name)} &= {sy.latex(value)}" for name, value in self.steps)
        return r"$\displaystyle \begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}$"


def evaluate(
    program: StraightLineProgram, values: Mapping[Any, Any], *, number: Callable[[Any], Any] = sp.S
) -> dict[Any, Any]:
    """Run a straight-line program of concrete depth on matrices of any kind of numbers.

    Parameters
    ----------
    program
        From :func:`expected_loss` or :func:`loss_gradient`.
    values
        Every input (weights as :func:`layers` names them, A, v, c, symbolic parameters) with its
        value; matrices as nested lists, NumPy arrays or SymPy matrices, v as a column.
    number
        Makes a number of that kind from a SymPy rational; the default keeps it.

    Returns
    -------
    dict
        The value of every name: NumPy object arrays for matrices, numbers for scalars.

    Raises
    ------
    InputError
        For an input without a value, such as the symbolic layer of a network of symbolic depth.
    """
    import numpy as np

    def array(value: Any) -> Any:
        if isinstance(value, sp.MatrixBase):
            value = value.tolist()
        return np.array(value, dtype=object) if isinstance(value, (list, tuple)) else value

    # A NumPy array stands left of every number, since SymPy's numbers would swallow it.
    def product(*factors: Any) -> Any:
        matrices = [factor for factor in factors if isinstance(factor, np.ndarray)]
        scalars = [factor for factor in factors if not isinstance(factor, np.ndarray)]
        result = reduce(lambda left, right: left @ right, matrices) if matrices else number(sp.S.One)
        return reduce(lambda left, right: left * right, scalars, result)

    rules: dict[Any, Callable[..., Any]] = {
        sp.Add: lambda *terms: reduce(lambda left, right: left + right, terms),
        sp.MatAdd: lambda *terms: reduce(lambda left, right: left + right, terms),
        sp.Mul: product,
        sp.MatMul: product,
        sp.Pow: lambda base, power: base**power,
        sp.Transpose: np.transpose,
        sp.Trace: np.trace,
        sp.HadamardProduct: lambda *factors: reduce(lambda left, right: left * right, factors),
        DiagonalMatrix: lambda matrix: np.diag(np.diag(matrix)),
        sp.DiagMatrix: lambda column: np.diag(column[:, 0]),
    }

    def value_of(expression: Any) -> Any:
        if expression in known:
            return known[expression]
        if isinstance(expression, sp.MatrixBase):
            return np.array([[value_of(x) for x in row] for row in expression.tolist()], dtype=object)
        if isinstance(expression, (sp.Identity, sy.GroupPattern)):
            sizes = (known.get(size, size) for size in expression.args)
            return value_of(expression.func(*sizes).as_explicit())
        if expression.is_Rational:
            return number(expression)
        if expression.func is sp.Pow and expression.exp.is_Integer:
            return value_of(expression.base) ** int(expression.exp)
        if rule := rules.get(expression.func):
            return rule(*map(value_of, expression.args))
        raise InputError(f"{expression} has no value; give one for it, and a network of concrete depth.")

    known = {name: array(value) for name, value in values.items()}
    for name, expression in program:
        result = value_of(expression)
        scalar = isinstance(name, sp.Symbol) and isinstance(result, np.ndarray)
        known[name] = result[0, 0] if scalar else result
    return known
