"""Sums and products over a symbolic range, logarithms and averages in normal form.

A sum splits into connected parts, whose bound indices get canonical names; a product is taken over what
does not factor further.  Importing this module puts its rules into the table of
:mod:`symderive.proofs.monomials`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache, reduce
from itertools import permutations, product
from typing import Any

import sympy as sp

from symderive.proofs.averages import average_of_product, body_of_mean, is_random
from symderive.proofs.monomials import (
    ONE,
    RULES,
    OutOfReachError,
    Terms,
    add,
    distributed,
    expanded,
    expression_of,
    is_positive_atom,
    multiply,
    primitive,
    product_of,
    raised,
    remembered,
    scaled,
    single,
    terms,
)
from symderive.statements.nodes import Expectation

# -- sums over a symbolic range ------------------------------------------------------------------------


def _iterated(expression: Any, over: Any) -> Terms:
    form = terms(expression.function)
    for limit in expression.limits:
        if len(limit) != 3:
            return single(expression)
        form = over(form, *limit)
    return form


def _bounds(lower: Any, upper: Any) -> tuple[list[Any], Any, list[Any]]:
    """A range lower..upper as {first terms to take away}, 1..n, {last terms to add}."""
    if lower.is_Integer and upper.is_Integer:
        return [], sp.Integer(0), [sp.Integer(k) for k in range(int(lower), int(upper) + 1)]
    if not lower.is_Integer or lower < 1 or not (upper - lower + 1).is_nonnegative:
        raise OutOfReachError(
            f"the range {lower}..{upper} is not one that sums and products are known over"
        )
    offset, rest = upper.as_coeff_Add()
    if not (offset.is_Integer and offset > 0 and rest.is_integer and rest.is_nonnegative):
        offset, rest = sp.Integer(0), upper
    last = [rest + k for k in range(1, int(offset) + 1)]
    return [sp.Integer(k) for k in range(1, int(lower))], rest, last


def _sum(form: Terms, index: Any, lower: Any, upper: Any) -> Terms:
    if upper == sp.oo:
        return _series(form, index, lower)
    away, count, extra = _bounds(lower, upper)
    whole = expression_of(form)
    parts = [scaled(terms(whole.xreplace({index: k})), Fraction(-1)) for k in away]
    parts += [terms(whole.xreplace({index: k})) for k in extra]
    if count != 0:
        for monomial, coefficient in expanded(_lowered(expanded(form), index)).items():
            inner = [item for item in monomial if depends(item, index)]
            outer = frozenset(item for item in monomial if not depends(item, index))
            parts.append(multiply({outer: coefficient}, _sum_of_monomial(inner, index, count)))
    return add(parts)


def _series(form: Terms, index: Any, lower: Any) -> Terms:
    """Σ from 0 or 1 to ∞ is an atom: its terms are brought to normal form and its index is renamed."""
    if lower not in (0, 1):
        raise OutOfReachError(f"a series from {lower} on")
    name = _canonical_name(_level(item for monomial in form for item in monomial) + 1, first=int(lower))
    summand = expression_of(terms(expression_of(form).xreplace({index: name})))
    return single(remembered(sp.Sum(summand, (name, lower, sp.oo)))) if form else {}


def is_series(node: Any) -> bool:
    """Whether a sum has infinitely many terms."""
    return isinstance(node, sp.Sum) and any(limit[-1] == sp.oo for limit in node.limits)


def depends(item: tuple[Any, Any], index: Any) -> bool:
    return index in item[0].free_symbols or index in item[1].free_symbols


def _lowered(form: Terms, index: Any) -> Terms:
    """Rewrite t/(αt + β) as (1 - β/(αt + β))/α, so that numerators over such denominators are unique."""
    done: list[Terms] = []
    for monomial, coefficient in form.items():
        table = dict(monomial)
        for composite, power in monomial:
            if not (
                isinstance(composite, sp.Add) and power.is_negative and depends((composite, power), index)
            ):
                continue
            pivot, solved = _solved_for_pivot(composite, index)
            degree = table.get(pivot, sp.Integer(0))
            if degree.is_Integer and degree > 0:
                del table[pivot]
                rest = {frozenset(table.items()): coefficient}
                done.append(_lowered(multiply(rest, raised(solved, degree)), index))
                break
        else:
            done.append({monomial: coefficient})
    return add(done)


@cache
def _solved_for_pivot(composite: Any, index: Any) -> tuple[Any, Terms]:
    """An indexed symbol t in which the composite is αt + β with α > 0, and t = (composite - β)/α."""
    form = terms(composite)
    for pivot in sorted(composite.atoms(sp.Indexed), key=str):
        holders = [monomial for monomial in form if any(atom.has(pivot) for atom, _ in monomial)]
        if index in pivot.free_symbols and len(holders) == 1 and (pivot, sp.Integer(1)) in holders[0]:
            slope = holders[0] - {(pivot, sp.Integer(1))}
            if all(is_positive_atom(atom) for atom, _ in slope):
                inverse = frozenset((atom, -power) for atom, power in slope)
                rest = {m: -c for m, c in form.items() if m != holders[0]}
                numerator = add([single(composite), rest])
                return pivot, multiply(numerator, {inverse: 1 / form[holders[0]]})
    return None, {}


def _sum_of_monomial(factors: list[tuple[Any, Any]], index: Any, count: Any) -> Terms:
    """Σ over index = 1..count of one monomial: deltas eliminated, split into connected parts."""
    unit, opened, inner = _opened(factors, index)
    bound = {index: count} | inner
    for delta, power in opened:
        if isinstance(delta, sp.KroneckerDelta):
            for old, new in (delta.args, delta.args[::-1]):
                if old in bound and _range(new, bound) == bound[old]:
                    others = [item for item in opened if item != (delta, power)]
                    summand = product_of(others).xreplace({old: new})
                    limits = [(name, 1, upper) for name, upper in bound.items() if name != old]
                    return scaled(terms(sp.Sum(summand, *limits) if limits else summand), unit)
    result: Terms = {ONE: unit}
    for names, part in _components(list(bound), opened):
        if part:
            result = multiply(result, single(_canonical_sum(names, part, bound)))
        else:
            result = multiply(result, terms(bound[names[0]]))
    return result


def _opened(
    factors: Iterable[tuple[Any, Any]], index: Any = None
) -> tuple[Fraction, list[tuple[Any, Any]], dict[Any, Any]]:
    """The factors with sums among them opened under fresh bound indices: unit, factors, ranges.

    A sum whose range depends on ``index`` stays closed.
    """
    opened: list[tuple[Any, Any]] = []
    bound: dict[Any, Any] = {}
    unit = Fraction(1)
    for atom, power in factors:
        if (
            isinstance(atom, sp.Sum)
            and not is_series(atom)
            and power.is_Integer
            and power > 0
            and not any(upper.has(index) for _, _, upper in atom.limits)
        ):
            for _ in range(int(power)):
                fresh = {name: sp.Dummy(integer=True, positive=True) for name, *_ in atom.limits}
                # Renaming may change the sign under which a composite is canonical.
                ((monomial, sign),) = terms(atom.function.xreplace(fresh)).items()
                unit *= sign
                opened += monomial
                bound |= {fresh[name]: upper for name, _, upper in atom.limits}
        else:
            opened.append((atom, power))
    return unit, opened, bound


def _range(index: Any, bound: dict[Any, Any]) -> Any:
    """The n of an index that runs over 1..n: a bound one, or a free one declared as ``Idx``."""
    if isinstance(index, sp.Idx) and index.lower == 1:
        return index.upper
    return bound.get(index)


def _components(
    names: list[Any], factors: list[tuple[Any, Any]]
) -> Iterator[tuple[list[Any], list[tuple[Any, Any]]]]:
    """The bound indices and factors of a sum, grouped so that no factor links two groups."""
    left = list(names)
    while left:
        group, part, grown = [left.pop(0)], [], True
        while grown:
            grown = False
            for item in factors:
                linked = [name for name in names if depends(item, name)]
                if item not in part and any(name in group for name in linked):
                    part.append(item)
                    group += [name for name in linked if name not in group]
                    grown = True
        left = [name for name in left if name not in group]
        yield group, part


def _canonical_name(level: int, *, first: int = 1) -> Any:
    kind = {"positive": True} if first == 1 else {"nonnegative": True}
    return sp.Symbol(f"⟨{level}⟩", integer=True, **kind)


def _level(factors: Iterable[tuple[Any, Any]]) -> int:
    """The deepest canonical index bound inside the factors; outer ones count on from it."""
    inside = [
        int(limit[0].name[1:-1])
        for atom, _ in factors
        for node in atom.atoms(sp.Sum, sp.Product)
        for limit in node.limits
        if limit[0].name.startswith("⟨")
    ]
    return max(inside, default=0)


def _canonical_sum(names: list[Any], factors: list[tuple[Any, Any]], bound: dict[Any, Any]) -> Any:
    """The sum with bound indices renamed so that equal sums become the same object."""
    level = _level(factors)
    target = [_canonical_name(level + k) for k in range(1, len(names) + 1)]
    marks = {name: _signature(name, names, factors, bound) for name in names}
    ranked = sorted(set(marks.values()))
    groups = [[name for name in names if marks[name] == mark] for mark in ranked]
    candidates = []
    for choice in product(*(permutations(group) for group in groups)):
        order = [name for group in choice for name in group]
        renamed = dict(zip(order, target, strict=True))
        summand = sp.Mul(*(atom.xreplace(renamed) ** power.xreplace(renamed) for atom, power in factors))
        candidates.append((str(summand), summand, order))
    _, summand, order = min(candidates, key=lambda candidate: candidate[0])
    limits = [(name, 1, bound[old]) for name, old in zip(target, order, strict=True)]
    return remembered(sp.Sum(summand, *limits))


def _signature(name: Any, names: list[Any], factors: list[tuple[Any, Any]], bound: dict[Any, Any]) -> str:
    """How a bound index occurs, in words that do not depend on the names of bound indices."""
    mask = {other: _canonical_name(0) for other in names} | {name: sp.Symbol("★", integer=True)}
    seen = sorted(
        f"{atom.xreplace(mask)}^{power.xreplace(mask)}"
        for atom, power in factors
        if depends((atom, power), name)
    )
    return f"{bound[name]}: {seen}"


# -- products over a symbolic range, logarithms, averages ------------------------------------------------


def _product(form: Terms, index: Any, lower: Any, upper: Any) -> Terms:
    away, count, extra = _bounds(lower, upper)
    whole = expression_of(form)
    result = reduce(multiply, (terms(whole.xreplace({index: k})) for k in extra), {ONE: Fraction(1)})
    for k in away:
        factor = terms(whole.xreplace({index: k}))
        if not all(is_positive_atom(atom) for monomial in factor for atom, _ in monomial):
            raise OutOfReachError(f"a product from {lower} on, whose first factor may be zero")
        result = multiply(result, raised(factor, sp.Integer(-1)))
    if count == 0:
        return result
    if not form:
        return {}
    content, monomial, rest = primitive(form)
    factors = [*monomial, *([] if rest is None else [(rest, sp.Integer(1))])]
    result = multiply(result, raised({ONE: content}, count))
    for atom, power in factors:
        if not depends((atom, power), index):
            result = multiply(result, raised(single(atom, power), count))
            continue
        if not (power.is_Integer or is_positive_atom(atom)) or index in power.free_symbols:
            atom, power = atom**power, sp.Integer(1)
        name = _canonical_name(_level([(atom, power)]) + 1)
        canonical = remembered(sp.Product(atom.xreplace({index: name}), (name, 1, count)))
        result = multiply(result, single(canonical, power))
    return result


def _binomial(node: Any) -> Terms:
    upper, lower = (expression_of(terms(part)) for part in node.args)
    same = sp.binomial(upper, lower)
    return single(same) if isinstance(same, sp.binomial) else terms(same)


def _logarithm(form: Terms) -> Terms:
    if not form:
        return single(sp.log(0, evaluate=False))
    content, monomial, rest = primitive(form)
    taken, left = distributed(content, monomial, sp.Integer(1))
    argument = left if rest is None else sp.expand(left * rest) if left != 1 else rest
    parts = [] if argument == 1 else [single(sp.log(argument))]
    ((positive, number),) = taken.items()
    primes = [(sp.Integer(p), sp.Integer(k)) for p, k in sp.factorrat(sp.Rational(number)).items()]
    for atom, power in [*positive, *primes]:
        parts.append(multiply(terms(power), _log_of_atom(atom)))
    return add(parts)


def _log_of_atom(atom: Any) -> Terms:
    if atom == sp.E:
        return {ONE: Fraction(1)}
    if isinstance(atom, sp.Product):
        return terms(sp.Sum(sp.log(atom.function), *atom.limits))
    return single(sp.log(atom))


def _mean(form: Terms) -> Terms:
    """E is linear, passes through sums, and knows the moments of the noise and of the data."""
    parts = []
    for monomial, coefficient in form.items():
        fixed = frozenset(item for item in monomial if not _is_random(item))
        unit, factors, bound = _opened(monomial - fixed)
        steady = product_of(item for item in factors if not _is_random(item))
        average = average_of_product([item for item in factors if _is_random(item)])
        for unknown in average.atoms(Expectation):
            remembered(unknown)
        limits = [(name, 1, upper) for name, upper in bound.items()]
        inside = steady * average
        known = terms(sp.Sum(inside, *limits)) if limits else terms(inside)
        parts.append(multiply({fixed: coefficient * unit}, known))
    return add(parts)


def _is_random(item: tuple[Any, Any]) -> bool:
    return any(map(is_random, item))


def _expectation(node: Expectation) -> Terms:
    body = body_of_mean(node)
    return single(node) if body is None else _mean(expanded(terms(body)))


RULES |= {
    sp.Sum: lambda node: _iterated(node, _sum),
    sp.Product: lambda node: _iterated(node, _product),
    sp.binomial: _binomial,
    sp.log: lambda node: _logarithm(terms(node.args[0])),
    Expectation: _expectation,
}
