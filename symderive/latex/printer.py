r"""SymPy expressions as the LaTeX of a paper.

The emitted language is small and unambiguous, so that :mod:`symderive.latex.reader` can read it back:
a scalar prefix stands before a big operator, whatever an operator would swallow is bracketed, a
function is never followed by a power, terms keep the order of ``args`` with the first positive one in
front, and relations are not turned round.  A node without a rule raises; SymPy's own rules for other
nodes are not inherited, because nothing could check what they print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.stats import Covariance, Expectation, Variance

from symderive.errors import InputError
from symderive.latex.algebra import AlgebraPrinter, Level, is_primed, is_scalar_product, join, quotient
from symderive.latex.names import Spelling, spell


@dataclass(frozen=True)
class Typeset:
    r"""LaTeX and what its names stand for.

    A key of ``names`` is the text up to where an argument begins: ``\lambda`` is a symbol, ``a_{`` a
    family that takes indices, ``F(`` a function, ``\mathbb{E}[`` an expectation.
    """

    tex: str
    names: MappingProxyType[str, Any]


FUNCTIONS: dict[Any, str] = {
    sp.log: r"\ln",
    sp.sin: r"\sin",
    sp.cos: r"\cos",
    sp.tan: r"\tan",
    sp.sinh: r"\sinh",
    sp.cosh: r"\cosh",
    sp.tanh: r"\tanh",
    sp.atan: r"\arctan",
    sp.gamma: r"\Gamma",
    sp.loggamma: r"\operatorname{ln\Gamma}",
    sp.re: r"\operatorname{Re}",
    sp.im: r"\operatorname{Im}",
    sp.sign: r"\operatorname{sign}",
    sp.Max: r"\max",
    sp.Min: r"\min",
}

MATRIX_FUNCTIONS: dict[Any, str] = {
    sp.Trace: r"\operatorname{tr}",
    sp.Determinant: r"\det",
    sp.DiagMatrix: r"\operatorname{Diag}",
    sp.DiagonalMatrix: r"\operatorname{Diag}",
    sp.matrices.expressions.diagonal.DiagonalOf: r"\operatorname{diag}",
}

RELATIONS: dict[str, str] = {"==": "=", "!=": r"\ne", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge"}

#: Undefined functions that are written as operators on a bracketed expression.
MOMENTS = {"E": r"\mathbb{E}", "Var": r"\operatorname{Var}", "Cov": r"\operatorname{Cov}"}

NORMS = {"norm": "", "norm_F": "_{F}", "norm_1": "_{1}", "norm_2": "_{2}"}


class PaperPrinter(AlgebraPrinter):
    """The rules for operators, functions, relations and matrices; the arithmetic is inherited."""

    _sized = False  # constant matrices of several sizes occur

    def doprint(self, expr: Any) -> str:
        """The LaTeX of ``expr``."""
        expr = sp.sympify(expr, strict=True)
        try:
            constants = expr.atoms(sp.Identity, sp.ZeroMatrix, sp.OneMatrix)
            self._sized = len({matrix.shape for matrix in constants}) > 1
            return self._print(expr)
        except RecursionError:
            raise InputError("The expression is nested too deeply to be printed; name its parts.") from None

    # Big operators -------------------------------------------------------------------------------

    def _print_Sum(self, expr: Any) -> str:
        command = r"\prod" if isinstance(expr, sp.Product) else r"\sum"
        return " ".join([*self._ranges(command, expr.limits), self._bracket(expr.function, Level.SUM)])

    def _ranges(self, command: str, limits: Any) -> list[str]:
        """``command`` with each range, the outermost first."""
        with self._script_style():
            parts = [[self._print(part) for part in limit] for limit in reversed(limits)]
        index = [f"{part[0]}={part[1]}" if len(part) == 3 else part[0] for part in parts]
        return [
            f"{command}_{{{below}}}" + (f"^{{{part[2]}}}" if len(part) == 3 else "")
            for below, part in zip(index, parts, strict=True)
        ]

    def _print_Integral(self, expr: Any) -> str:
        before, after = "", ""
        for variable, *ends in expr.limits:
            low, high = (self._script(end) for end in ends) if len(ends) == 2 else ("", "")
            before = (rf"\int_{{{low}}}^{{{high}}} " if ends else r"\int ") + before
            after += rf" \, \mathrm{{d}} {self._print(variable)}"
        return before + self._bracket(expr.function, Level.SUM) + after

    def _print_Limit(self, expr: Any) -> str:
        body, variable, point, direction = expr.args
        target = self._script(point)
        if point.is_finite is not False and str(direction) in ("+", "-"):
            target = f"{self._bracket(point, Level.FACTOR)}^{{{direction}}}"
        return rf"\lim_{{{self._print(variable)} \to {target}}} {self._bracket(body, Level.SUM)}"

    def _print_Derivative(self, expr: Any) -> str:
        if is_primed(expr):
            function, ((_, order),) = expr.expr, expr.variable_count
            return self._applied(function.func, function.args, "'" * int(order))
        counts = expr.variable_count
        if not all(count.is_Integer and variable._diff_wrt for variable, count in counts):
            raise InputError(f"{expr} has a symbolic order; only derivatives of a fixed order are printed.")
        sign = r"\mathrm{d}" if len(expr.expr.free_symbols) == 1 else r"\partial"
        total = sum(int(count) for _, count in counts)
        below = " ".join(
            f"{sign} {self._bracket(variable, Level.FACTOR)}" + _power(count) for variable, count in counts
        )
        body = self._bracket(expr.expr, Level.PRODUCT)
        return rf"\frac{{{sign}{_power(total)}}}{{{below}}} {body}"

    def _print_Subs(self, expr: Any) -> str:
        inner, variables, points = expr.args
        if len(variables) == 1 and isinstance(inner, sp.Derivative) and is_primed(inner):
            (order,) = (count for _, count in inner.variable_count)
            return self._applied(inner.expr.func, points, "'" * int(order))
        raise InputError(f"{expr} is a substitution that was not carried out; call .doit() on it first.")

    # Functions -----------------------------------------------------------------------------------

    def _arguments(self, arguments: Iterable[Any], left: str = "(", right: str = ")") -> str:
        return self._delimit(left, ", ".join(self._print(argument) for argument in arguments), right)

    def _call(self, head: str, arguments: Iterable[Any], left: str = "(", right: str = ")") -> str:
        """A function and its arguments; stretched brackets are drawn up to the name."""
        inside = self._arguments(arguments, left, right)
        return head + (r"\!" if inside.startswith(r"\left") else "") + inside

    def _applied(self, function: Any, arguments: Iterable[Any], primes: str = "") -> str:
        name = function.__name__
        if name in NORMS:
            suffix = NORMS[name]
            self.meanings[rf"\lVert\cdot\rVert{suffix}"] = function
            return self._arguments(arguments, r"\lVert", r"\rVert") + suffix
        head, _, subscript = name.partition("_")
        if head in MOMENTS and function not in self.spelling:
            tex = MOMENTS[head] + (f"_{{{spell(subscript)}}}" if subscript else "")
            self._claim(tex, function, f"{tex}[")
            return self._call(tex, arguments, "[", "]")
        tex = self._name(function, name).replace(r"\mathrm", r"\operatorname", 1)
        self._claim(tex, function, f"{tex}(")
        return self._call(f"{tex}{primes}", arguments)

    def _print_AppliedUndef(self, expr: Any) -> str:
        return self._applied(expr.func, expr.args)

    def _print_Function(self, expr: Any) -> str:
        if expr.func not in FUNCTIONS:
            raise InputError(f"The function {expr.func.__name__} has no LaTeX rule; rewrite it.")
        tex = FUNCTIONS[expr.func]
        self._claims.setdefault(tex, expr.func)
        if self._claims[tex] != expr.func:
            raise InputError(f"{self._claims[tex]!r} and a function are both written {tex}.")
        return self._call(tex, expr.args)

    def _print_Abs(self, expr: Any) -> str:
        return self._arguments(expr.args, r"\lvert", r"\rvert")

    def _print_binomial(self, expr: Any) -> str:
        # Quotients within are written with a slash, if their factors are not matrices.
        write = self._print if expr.has(sp.MatrixExpr) else self._script
        above, below = map(write, expr.args)
        return rf"\binom{{{above}}}{{{below}}}"

    def _print_factorial(self, expr: Any) -> str:
        return self._bracket(expr.args[0], Level.FACTOR) + "!"

    def _print_Order(self, expr: Any) -> str:
        if any(point != 0 for point in expr.point):
            raise InputError(f"{expr} is an order term at {expr.point}; only those at 0 are printed.")
        return self._call(r"\mathcal{O}", expr.args[:1])

    def _print_Expectation(self, expr: Any) -> str:
        tex = MOMENTS[{Expectation: "E", Variance: "Var", Covariance: "Cov"}[type(expr)]]
        self._claim(tex, type(expr), f"{tex}[")
        return self._call(tex, expr.args, "[", "]")

    def _print_Piecewise(self, expr: Any) -> str:
        rows = [
            f"{self._print(value)} & "
            + (r"\text{otherwise}" if condition == sp.true else rf"\text{{if }} {self._print(condition)}")
            for value, condition in expr.args
        ]
        return _environment("cases", rows)

    # Relations, logic and sets -------------------------------------------------------------------

    def _print_Relational(self, expr: Any) -> str:
        left, right = (self._bracket(side, Level.RELATION) for side in expr.args)
        return f"{left} {RELATIONS[expr.rel_op]} {right}"

    def _chain(self, joint: str, level: Level, parts: Iterable[Any]) -> str:
        return f" {joint} ".join(self._bracket(part, level) for part in parts)

    def _print_And(self, expr: Any) -> str:
        return self._chain(r"\text{ and }", Level.AND, _ordered(expr))

    def _print_Or(self, expr: Any) -> str:
        return self._chain(r"\text{ or }", Level.OR, _ordered(expr))

    def _print_Implies(self, expr: Any) -> str:
        return self._chain(r"\implies", Level.IMPLICATION, expr.args)

    def _print_Equivalent(self, expr: Any) -> str:
        return self._chain(r"\iff", Level.EQUIVALENCE, _ordered(expr))

    def _print_Not(self, expr: Any) -> str:
        return rf"\lnot {self._delimit('(', self._print(expr.args[0]), ')')}"

    def _print_Contains(self, expr: Any) -> str:
        return rf"{self._bracket(expr.args[0], Level.RELATION)} \in {self._print(expr.args[1])}"

    def _print_Interval(self, expr: Any) -> str:
        left, right = "(" if expr.left_open else "[", ")" if expr.right_open else "]"
        return self._arguments(expr.args[:2], left, right)

    def _print_FiniteSet(self, expr: Any) -> str:
        return self._arguments(_ordered(expr), r"\{", r"\}")

    # Matrices ------------------------------------------------------------------------------------

    def _print_MatMul(self, expr: Any) -> str:
        if text := self._negative(expr):
            return text
        scalars = [arg for arg in expr.args if not arg.is_Matrix]
        matrices = [self._bracket(arg, Level.SUM) for arg in expr.args if arg.is_Matrix]
        if not scalars:
            return join(matrices)
        scalar = scalars[0] if len(scalars) == 1 else sp.Mul(*scalars, evaluate=False)
        slashed = self._inline and bool(quotient(sp.Mul.make_args(scalar))[1])
        return join([self._bracket(scalar, Level.PRODUCT if slashed else Level.OPEN), *matrices])

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(self._bracket(arg, Level.PRODUCT) for arg in expr.args)

    def _print_HadamardPower(self, expr: Any) -> str:
        return rf"{self._bracket(expr.base, Level.FACTOR)}^{{\circ {self._script(expr.exp)}}}"

    def _print_Transpose(self, expr: Any) -> str:
        if isinstance(expr.arg, sp.Inverse):
            return self._bracket(expr.arg.arg, Level.FACTOR) + r"^{-\top}"
        return self._bracket(expr.arg, Level.FACTOR) + r"^{\top}"

    def _print_Inverse(self, expr: Any) -> str:
        if isinstance(expr.arg, sp.Transpose):
            return self._bracket(expr.arg.arg, Level.FACTOR) + r"^{-\top}"
        return self._bracket(expr.arg, Level.FACTOR) + "^{-1}"

    def _print_MatPow(self, expr: Any) -> str:
        return f"{self._bracket(expr.base, Level.FACTOR)}^{{{self._script(expr.exp)}}}"

    def _print_Trace(self, expr: Any) -> str:
        return self._call(MATRIX_FUNCTIONS[type(expr)], expr.args)

    def _print_MatrixElement(self, expr: Any) -> str:
        parent, *indices = expr.args
        if is_scalar_product(expr):
            return self._print(parent)
        if isinstance(parent, sp.MatrixSymbol):
            return self._family(parent, parent.name, indices[:1] if parent.shape[1] == 1 else indices)
        inside = self._delimit("(", self._print(parent), ")")
        return f"{inside}_{{{self._indices(indices)}}}"

    def _constant(self, expr: Any, tex: str) -> str:
        size = expr.shape[:1] if isinstance(expr, sp.Identity) else expr.shape
        subscript = ",".join(self._script(number) for number in size)
        return self._claim(f"{tex}_{{{subscript}}}" if self._sized else tex, expr)

    def _print_Identity(self, expr: Any) -> str:
        return self._constant(expr, "I")

    def _print_ZeroMatrix(self, expr: Any) -> str:
        return self._constant(expr, r"\mathbf{0}")

    def _print_OneMatrix(self, expr: Any) -> str:
        return self._constant(expr, r"\mathbf{1}")

    def _print_MatrixBase(self, expr: Any) -> str:
        rows, columns = expr.shape
        if columns > _MAX_COLUMNS:
            raise InputError(f"A matrix of {columns} columns is too wide to print; use a symbol for it.")
        texts = [" & ".join(self._print(expr[i, j]) for j in range(columns)) for i in range(rows)]
        return _environment("pmatrix", texts)

    def _print_BlockMatrix(self, expr: Any) -> str:
        return self._print_MatrixBase(expr.blocks)


_MAX_COLUMNS = 10  # amsmath's MaxMatrixCols


def _environment(name: str, rows: list[str]) -> str:
    body = r" \\ ".join(rows)
    return rf"\begin{{{name}}} {body} \end{{{name}}}"


def _power(exponent: Any) -> str:
    return "" if exponent == 1 else f"^{{{exponent}}}"


def _ordered(expr: Any) -> list[Any]:
    return sorted(expr.args, key=sp.default_sort_key)


def typeset(expr: Any, *, names: Spelling | None = None, taken: dict[str, Any] | None = None) -> Typeset:
    """The LaTeX of ``expr`` with the meaning of every name in it.

    ``names`` maps SymPy objects to LaTeX and overrides the table of symbols; other names are split by
    :func:`symderive.latex.names.spell`.  ``taken`` has what was written before beside it and is added to.
    Raises :class:`InputError` for a node without a rule, an unsafe name, or two objects that would be
    written alike.
    """
    printer = PaperPrinter(names, taken)
    tex = printer.doprint(expr)
    return Typeset(tex, MappingProxyType(dict(sorted(printer.meanings.items()))))


def to_latex(expr: Any, *, names: Spelling | None = None) -> str:
    r"""The LaTeX of ``expr``; see :func:`typeset` for ``names`` and the errors.

    >>> from symderive.symbols import c, lam, rho, a, i
    >>> to_latex(c - lam / (lam + rho * a[i]))
    'c - \\frac{\\lambda}{\\rho a_{i} + \\lambda}'
    """
    return typeset(expr, names=names).tex
