"""Claims: two expressions and a relation, for all indices in some ranges."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.statements.facts import Expression, Fact
from symderive.statements.facts import Range as Range
from symderive.statements.nodes import RootCount

#: The test vector of a matrix inequality: M ⪰ N says Σ z_j z_k (M_jk - N_jk) ≥ 0 for every z.
z = sp.IndexedBase("z", real=True)


class Relation(enum.Enum):
    """What stands between the two sides of a claim.

    A statement with hypotheses (``given``) is an implication; that needs no relation of its own.

    Examples
    --------
    >>> [relation.value for relation in Relation]
    ['=', '≥', '>', '≠', '⪰', '→', '⇔', '#']
    """

    EQUAL = "="
    AT_LEAST = "≥"
    GREATER = ">"
    DIFFERENT = "≠"
    MATRIX_AT_LEAST = "⪰"
    LIMIT = "→"
    EQUIVALENT = "⇔"
    COUNT = "#"


@dataclass(frozen=True)
class Claim(Fact):
    """Two sides and a relation, for all indices in some ranges; the hypotheses of a statement are claims.

    Claims are made by :func:`equal`, :func:`at_least`, :func:`greater`, :func:`different`, :func:`limit`,
    :func:`semidefinite`, :func:`matrix_at_least`, :func:`equivalent` and :func:`count`.  A claim can stand
    in a proof that is written as a sum of facts.

    Attributes
    ----------
    relation : Relation
        What stands between the sides.
    left : sympy.Expr
        The left side; for ⪰ the entry (j, k) of a matrix.
    right : sympy.Expr
        The right side.
    over : tuple of (index, first, last)
        Ranges of free indices; for ⪰ the two indices of the entries.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> claim = at_least(x**2, 0)
    >>> claim.relation, claim.left, claim.free_symbols
    (<Relation.AT_LEAST: '≥'>, x**2, {x})
    """

    relation: Relation
    left: sp.Expr
    right: sp.Expr
    over: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        for side in ("left", "right"):
            object.__setattr__(self, side, sp.sympify(getattr(self, side)))

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols and indexed bases that the claim speaks about, its own indices left out."""
        found = self.left.free_symbols | self.right.free_symbols
        found |= {s for _, low, high in self.over for s in sp.S(low).free_symbols | sp.S(high).free_symbols}
        return {s for s in found if not isinstance(s, sp.Indexed)} - {index for index, *_ in self.over}


def equal(left: Expression, right: Expression, *over: Range) -> Claim:
    """Claim that left = right for all indices in some ranges.

    Parameters
    ----------
    left : sympy.Expr or int
        The left side.
    right : sympy.Expr or int
        The right side.
    *over : (index, first, last)
        Ranges of free indices.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import a, j, lam, n
    >>> equal(a[j] + lam, lam + a[j], (j, 1, n)).over
    ((j, 1, n),)
    """
    return Claim(Relation.EQUAL, left, right, over)


def at_least(left: Expression, right: Expression, *over: Range) -> Claim:
    """Claim that left ≥ right for all indices in some ranges.

    Parameters
    ----------
    left : sympy.Expr or int
        The larger side.
    right : sympy.Expr or int
        The smaller side.
    *over : (index, first, last)
        Ranges of free indices.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> at_least(1 + lam**2, 2 * lam).relation.value
    '≥'
    """
    return Claim(Relation.AT_LEAST, left, right, over)


def greater(left: Expression, right: Expression, *over: Range) -> Claim:
    """Claim that left > right for all indices in some ranges.

    Parameters
    ----------
    left : sympy.Expr or int
        The larger side.
    right : sympy.Expr or int
        The smaller side.
    *over : (index, first, last)
        Ranges of free indices.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> greater(1 + lam, lam).relation.value
    '>'
    """
    return Claim(Relation.GREATER, left, right, over)


def different(left: Expression, right: Expression, *over: Range) -> Claim:
    """Claim that left ≠ right for all indices in some ranges.

    Parameters
    ----------
    left : sympy.Expr or int
        One side.
    right : sympy.Expr or int
        The other side.
    *over : (index, first, last)
        Ranges of free indices.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> different(lam, 0).relation.value
    '≠'
    """
    return Claim(Relation.DIFFERENT, left, right, over)


def semidefinite(entry: Expression, *over: Range) -> Claim:
    """Claim that the matrix with such entries is positive semidefinite.

    Parameters
    ----------
    entry : sympy.Expr
        The entry at the two indices of ``over``.
    *over : (index, first, last)
        The two indices, row and column, and their ranges.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import j, k, n
    >>> x = sp.IndexedBase("x", real=True)
    >>> claim = semidefinite(x[j] * x[k], (j, 1, n), (k, 1, n))
    >>> claim.relation.value, claim.right
    ('⪰', 0)
    """
    return Claim(Relation.MATRIX_AT_LEAST, entry, sp.Integer(0), over)


def matrix_at_least(left: Expression, right: Expression, *over: Range) -> Claim:
    """Claim that left ⪰ right: the difference of two matrices is positive semidefinite.

    Parameters
    ----------
    left : sympy.Expr
        Entry of the larger matrix at the two indices of ``over``.
    right : sympy.Expr
        Entry of the smaller one.
    *over : (index, first, last)
        The two indices, row and column, and their ranges.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import j, k, n
    >>> x = sp.IndexedBase("x", real=True)
    >>> matrix_at_least(2 * x[j] * x[k], x[j] * x[k], (j, 1, n), (k, 1, n)).relation.value
    '⪰'
    """
    return Claim(Relation.MATRIX_AT_LEAST, left, right, over)


def limit(expression: Expression, variable: sp.Symbol, point: Expression, value: Expression) -> Claim:
    """Claim that an expression tends to a value.

    Parameters
    ----------
    expression : sympy.Expr
        What tends to it.
    variable : sympy.Symbol
        The variable that moves.
    point : sympy.Expr or int
        Where it moves to: from above where that is finite, from below at ``sympy.oo``.
    value : sympy.Expr or int
        The limit.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> claim = limit(1 / (1 + lam), lam, sp.oo, 0)
    >>> claim.left, claim.right
    (Limit(1/(lambda + 1), lambda, oo, dir='-'), 0)
    """
    side = "-" if point == sp.oo else "+"
    return Claim(Relation.LIMIT, sp.Limit(expression, variable, point, side), value)


def equivalent(left: Claim, right: Claim, *over: Range) -> Claim:
    """Claim that one claim holds exactly where another one does.

    Parameters
    ----------
    left : Claim
        One claim, =, ≥, > or ≠, without indices.
    right : Claim
        The other.
    *over : (index, first, last)
        Ranges of free indices of the equivalence.

    Returns
    -------
    Claim
        The claim left ⇔ right; whether it is true is not asked here.

    Raises
    ------
    ValueError
        For a side with indices of its own or with another relation.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> claim = equivalent(greater(lam, 1), greater(2 * lam, 2))
    >>> claim.left, claim.right
    (lambda > 1, 2*lambda > 2)
    """
    return Claim(Relation.EQUIVALENT, as_relation(left), as_relation(right), over)


def count(
    polynomial: Expression, variable: sp.Symbol, low: Expression, high: Expression, roots: Expression
) -> Claim:
    """Claim that a polynomial has so many distinct real roots in an open interval.

    Parameters
    ----------
    polynomial : sympy.Expr
        A polynomial with rational coefficients.
    variable : sympy.Symbol
        Its variable.
    low : sympy.Expr or int
        The lower end; ``-sympy.oo`` for none.
    high : sympy.Expr or int
        The upper end; ``sympy.oo`` for none.
    roots : int
        The number of roots strictly between them.

    Returns
    -------
    Claim
        The claim; whether it is true is not asked here.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> claim = count(x**3 - x, x, 0, 2, 1)
    >>> claim.left, claim.right
    (#{x in (0, 2): x**3 - x = 0}, 1)
    """
    return Claim(Relation.COUNT, RootCount(polynomial, variable, low, high), roots)


def as_relation(claim: Claim) -> Any:
    """A claim without indices as SymPy's relation, unevaluated."""
    kinds = {
        Relation.EQUAL: sp.Eq,
        Relation.AT_LEAST: sp.Ge,
        Relation.GREATER: sp.Gt,
        Relation.DIFFERENT: sp.Ne,
    }
    if claim.over or claim.relation not in kinds:
        raise ValueError(f"{claim.left} {claim.relation.value} {claim.right} is no side of an equivalence")
    return kinds[claim.relation](claim.left, claim.right, evaluate=False)


@dataclass(frozen=True)
class Recursion:
    """A family of numbers that is defined layer by layer.

    head[0, …] = base, and head[i, …] = step for i ≥ 1, where the step may speak of head[i - 1, …].

    Attributes
    ----------
    head : sympy.IndexedBase
        The family.
    indices : tuple of sympy.Symbol
        The symbols (i, …) that base and step are written in.
    base : sympy.Expr
        The entry at i = 0.
    step : sympy.Expr
        The entry at i ≥ 1.

    Examples
    --------
    >>> from symderive.symbols import i, lam
    >>> power = sp.IndexedBase("p", real=True)
    >>> Recursion(power, (i,), base=1, step=lam * power[i - 1]).step
    lambda*p[i - 1]
    """

    head: sp.IndexedBase
    indices: tuple[sp.Symbol, ...]
    base: sp.Expr
    step: sp.Expr

    def __post_init__(self) -> None:
        for part in ("base", "step"):
            object.__setattr__(self, part, sp.sympify(getattr(self, part)))
