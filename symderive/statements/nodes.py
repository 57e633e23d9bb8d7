"""What statements speak of and SymPy has no node for: expectations, and numbers of roots."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy


class RootCount(sp.Expr):
    """Number of distinct roots of a polynomial in an open interval, as a SymPy expression.

    Parameters
    ----------
    polynomial : sympy.Expr
        The polynomial.
    variable : sympy.Symbol
        Its variable, which is bound.
    low : sympy.Expr or int
        The lower end; ``-sympy.oo`` for none.
    high : sympy.Expr or int
        The upper end; ``sympy.oo`` for none.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> RootCount(x**3 - x, x, 0, 2).by_sturm()
    1
    """

    def __new__(cls, polynomial: Any, variable: Any, low: Any, high: Any) -> RootCount:
        return super().__new__(cls, *map(sp.sympify, (polynomial, variable, low, high)))

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols that the number depends on: all but the variable, which is bound."""
        return {symbol for arg in self.args for symbol in arg.free_symbols} - {self.args[1]}

    def by_sturm(self) -> int:
        """Count the roots by Sturm's theorem, exactly.

        Returns
        -------
        int
            The number of distinct roots strictly between the ends.

        Raises
        ------
        sympy.PolynomialError, sympy.CoercionFailed
            Where coefficients or finite ends are not rational.
        """
        polynomial, variable, low, high = self.args
        poly = sp.Poly(polynomial, variable, domain=sp.QQ)
        low, high = (None if end.is_infinite else end for end in (low, high))
        closed = int(poly.count_roots(low, high))
        ends = sum(1 for end in {low, high} - {None} if poly.eval(end) == 0)
        return closed - ends

    def _sympystr(self, printer: Any) -> str:
        polynomial, variable, low, high = map(printer._print, self.args)
        return f"#{{{variable} in ({low}, {high}): {polynomial} = 0}}"

    def _latex(self, printer: Any) -> str:
        polynomial, variable, low, high = map(printer._print, self.args)
        return rf"\#\left\{{{variable} \in \left({low}, {high}\right) : {polynomial} = 0\right\}}"


class Expectation(sp.Expr):
    """Expectation over one variable, not carried out, as a SymPy expression.

    ``symderive.formulas.expectation`` carries it out.

    Parameters
    ----------
    body : sympy.Expr
        What is averaged.
    over : sympy.Symbol
        The random variable; a symbol or the label of a family.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> Expectation((x - y) ** 2, x)
    E_x[(x - y)**2]
    """

    def __new__(cls, body: Any, over: Any) -> Expectation:
        return super().__new__(cls, sp.S(body), over)

    @property
    def body(self) -> sp.Expr:
        """What is averaged."""
        return self.args[0]

    @property
    def over(self) -> sp.Symbol:
        """The variable that it is averaged over."""
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"E_{printer._print(self.over)}[{printer._print(self.body)}]"

    def _latex(self, printer: Any) -> str:
        body = printer._print(self.body)
        if not isinstance(self.body, Expectation):
            body = rf"\left[{body}\right]"
        return rf"\mathbb{{E}}_{{{printer._print(self.over)}}} {body}"


def mean(body: sp.Expr) -> Expectation:
    """Mean over data and noise, E_x E_ε, not carried out.

    Parameters
    ----------
    body : sympy.Expr
        What is averaged.

    Returns
    -------
    Expectation
        The two expectations, that over the noise inside.

    Examples
    --------
    >>> mean(sy.y**2)
    E_x[E_epsilon[y**2]]
    """
    return Expectation(Expectation(body, sy.epsilon.label), sy.x.label)
