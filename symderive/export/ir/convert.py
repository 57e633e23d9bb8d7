"""SymPy expressions as nodes, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.export.ir.nodes import ARITHMETIC, Node, exp, log, number, power, sqrt, total


def to_node(expression: Any, known: Mapping[Any, Node]) -> Node:
    """The node of a SymPy expression; ``known`` holds nodes for symbols and for whole subexpressions.

    Integer powers become products and quotients that share their factors, p/(a + λ)³ = p·s·s·s with
    s = 1/(a + λ), and a sum over the features becomes the sum of a vector.

    >>> from symderive.export.ir.nodes import symbol
    >>> from symderive import symbols as sy
    >>> to_node(sp.sqrt(sy.lam) - sp.Rational(1, 3), {sy.lam: symbol("x")})
    sub(sqrt(input('x')), constant(Fraction(1, 3)))

    Raises :class:`InputError` for an expression that no operation stands for.
    """
    if expression in known:
        return known[expression]
    if isinstance(expression, sp.Rational):
        return number(Fraction(int(expression.p), int(expression.q)))
    if rule := _RULES.get(expression.func):
        return rule(expression, lambda inner: to_node(inner, known))
    raise InputError(f"{expression} has no counterpart in a solver; give a node for it.")


def _sum_of_terms(expression: Any, convert: Callable[[Any], Node]) -> Node:
    """Positive terms first, so that the others are subtracted."""
    terms = sorted(expression.as_ordered_terms(), key=lambda term: bool(term.could_extract_minus_sign()))
    result = convert(terms[0])
    for term in terms[1:]:
        negative = term.could_extract_minus_sign()
        result = result - convert(-term) if negative else result + convert(term)
    return result


def _product(expression: Any, convert: Callable[[Any], Node]) -> Node:
    """Letters first, then reciprocals that features share, then the rest; numbers divide at the end."""
    coefficient, rest = expression.as_coeff_Mul()
    letters: list[Node] = []
    reciprocals: list[Node] = []
    others: list[Node] = []
    divisors: list[Node] = []
    for factor in rest.as_ordered_factors():
        base, exponent = factor.as_base_exp()
        if (2 * exponent).is_Integer:
            node = convert(base)
            if not exponent.is_Integer:
                node, exponent = sqrt(node), 2 * exponent
        else:
            others.append(convert(factor))
            continue
        if exponent > 0:
            (others if node.args else letters).extend([node] * int(exponent))
        elif node.type.vector:
            reciprocals.extend([convert(1 / base)] * -int(exponent))
        else:
            divisors.extend([node] * -int(exponent))
    factors = [*letters, *reciprocals, *others]
    result = reduce(lambda left, right: left * right, factors) if factors else number(1)
    result = reduce(lambda left, right: left / right, divisors, result)
    return result if coefficient == 1 else convert(coefficient) * result


def _power(expression: Any, convert: Callable[[Any], Node]) -> Node:
    base, exponent = expression.args
    if exponent == -1:
        return 1 / convert(base)
    if (2 * exponent).is_Integer:
        return _product(sp.Mul(expression, evaluate=False), convert)
    return power(convert(base), convert(exponent))


def _sum_over_features(expression: Any, convert: Callable[[Any], Node]) -> Node:
    return total(convert(expression.function))


_RULES: dict[Any, Callable[[Any, Callable[[Any], Node]], Node]] = {
    sp.Add: _sum_of_terms,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.exp: lambda e, convert: exp(convert(e.args[0])),
    sp.log: lambda e, convert: log(convert(e.args[0])),
    sp.Sum: _sum_over_features,
}


def to_sympy(node: Node, known: Mapping[Node, Any], limits: Any = None) -> Any:
    """The SymPy expression of a node with all sharing undone; ``known`` holds expressions for leaves.

    ``limits`` are those of a sum over the features, such as (i, 1, n).
    """
    if node in known:
        return known[node]
    if node.is_constant:
        return sp.S(node.value) if isinstance(node.value, bool) else sp.Rational(str(node.value))
    args = [to_sympy(arg, known, limits) for arg in node.args]
    if node.op == "sum":
        return sp.Sum(args[0], limits)
    if rule := _BACK.get(node.op):
        return rule(*args)
    raise InputError(f"{node.op} has no SymPy counterpart here.")


_BACK: dict[str, Callable[..., Any]] = {
    **ARITHMETIC,
    "sqrt": sp.sqrt,
    "exp": sp.exp,
    "log": sp.log,
    "expm1": lambda x: sp.exp(x) - 1,
    "log1p": lambda x: sp.log(1 + x),
}
