"""Sums over a range in normal form.

A sum splits into connected parts, whose bound variables are put in one order.  Every rule holds for ranges
of length 0 on, or asks for the length it needs: Σ_{j=1}^n c = nc and Σ_{j=1}^n δ_jk f_j = f_k, k in 1..n.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import permutations, product

from .binders import abstract, instantiate, replace
from .budget import OutOfReachError, spend
from .forms import (
    ONE,
    canonical,
    expanded,
    form,
    is_negative,
    multiply,
    normalized,
    number,
    raised,
    scaled,
    single,
    term_of,
    total,
)
from .kinds import Form, is_positive
from .quotients import is_positive_integer
from .terms import INF, MINUS, UNIT, WHOLE, ZERO, Term, add, generic_in, minus, mul, num, power
from .whole import is_natural

Item = tuple[Term, Term]


def depends(item: Item, index: Term) -> bool:
    return index in item[0].generics or index in item[1].generics


def _bounds(low: Term, high: Term) -> tuple[list[Term], Term, list[Term]]:
    """A range low..high as {first to take away}, 1..n, {last to add}."""
    first, last = number(low), number(high)
    if first is not None and last is not None:
        spend(50 * max(0, int(last - first)))
        return [], ZERO, [num(k) for k in range(int(first), int(last) + 1)]
    if first is None or first < 1 or not is_natural(add(high, UNIT, num(-first))):
        raise OutOfReachError("sums and products are known over ranges from 1 on, of a length that is ≥ 0")
    offset = form(high).get(ONE, Fraction(0))
    rest = normalized(minus(high, num(offset)))
    if not (offset > 0 and is_natural(rest)):
        offset, rest = Fraction(0), normalized(high)
    spend(50 * int(first + offset))
    return (
        [num(k) for k in range(1, int(first))],
        rest,
        [normalized(add(rest, num(k))) for k in range(1, int(offset) + 1)],
    )


def _require_no_pole(term: Term) -> Term:
    """A term outside its range, which need not be defined there: no power or logarithm meets a plain 0."""
    risky = term.op == "log" or (term.op == "pow" and not is_positive_integer(term.args[1]))
    if risky and not form(term.args[0]):
        raise OutOfReachError("a sum or product is not known to be defined just outside its range")
    for part in term.parts:
        if not part.loose:
            _require_no_pole(part)
    return term


# -- sums --------------------------------------------------------------------------------------------------


def _open(body: Term, low: Term, high: Term) -> tuple[Term, Term]:
    """The body of a binder at a generic letter of the range, and the letter."""
    index = generic_in(body, WHOLE, low, None if high == INF else high)
    return instantiate(body, index), index


def _sum_rule(term: Term) -> Form:
    low, high, body = term.args
    inside, index = _open(body, low, high)
    if high == INF:
        return _series(form(inside), index, low)
    return _sum(form(inside), index, low, high)


def _sums_rule(term: Term) -> Form:
    *highs, body = term.args
    base = generic_in(Term("mul", *term.args), WHOLE).args[0]
    names = [Term("generic", base + at, WHOLE, UNIT, high) for at, high in enumerate(highs)]
    value = form(instantiate(body, *names))
    for name, high in zip(names, highs, strict=True):
        value = _sum(value, name, UNIT, high)
    return value


def _sum(value: Form, index: Term, low: Term, high: Term) -> Form:
    away, count, extra = _bounds(low, high)
    whole = term_of(value)
    parts = [scaled(form(_require_no_pole(replace(whole, index, k))), Fraction(-1)) for k in away]
    parts += [form(replace(whole, index, k)) for k in extra]
    if count != ZERO:
        for monomial, coefficient in expanded(_lowered(expanded(value), index)).items():
            inner = [item for item in monomial if depends(item, index)]
            outer = frozenset(item for item in monomial if not depends(item, index))
            parts.append(multiply({outer: coefficient}, _sum_of_monomial(inner, index, count)))
    return total(parts)


def _series(value: Form, index: Term, low: Term) -> Form:
    """Σ from 0 or 1 to ∞ is an atom, its terms in normal form."""
    if number(low) not in (0, 1):
        raise OutOfReachError("a series starts at 0 or 1")
    summand = canonical(term_of(value))
    return single(Term("Series", num(number(low)), abstract(summand, index))) if value else {}


def _lowered(value: Form, index: Term) -> Form:
    """Rewrite t/(αt + β) as (1 - β/(αt + β))/α, so that numerators over such denominators are unique."""
    done: list[Form] = []
    for monomial, coefficient in value.items():
        table = dict(monomial)
        for composite, e in sorted(monomial, key=lambda item: item[0].key):
            if not (composite.op == "add" and is_negative(e) and depends((composite, e), index)):
                continue
            pivot, solved = _solved_for_pivot(composite, index)
            degree = table.get(pivot, ZERO)
            if is_positive_integer(degree):
                del table[pivot]
                rest = {frozenset(table.items()): coefficient}
                done.append(_lowered(multiply(rest, raised(solved, degree)), index))
                break
        else:
            done.append({monomial: coefficient})
    return total(done)


@lru_cache(maxsize=2_000)
def _solved_for_pivot(composite: Term, index: Term) -> tuple[Term, Form]:
    """An indexed letter t in which the composite is αt + β with α > 0, and t = (composite - β)/α."""
    value = form(composite)
    for pivot in sorted(_elements(composite), key=lambda term: term.key):
        holders = [m for m in value if any(pivot in _elements(atom) for atom, _ in m)]
        if index in pivot.generics and len(holders) == 1 and (pivot, UNIT) in holders[0]:
            slope = holders[0] - {(pivot, UNIT)}
            if all(is_positive(atom) for atom, _ in slope):
                inverse = frozenset((atom, normalized(mul(MINUS, e))) for atom, e in slope)
                rest = {m: -c for m, c in value.items() if m != holders[0]}
                numerator = total([single(composite), rest])
                return pivot, multiply(numerator, {inverse: 1 / value[holders[0]]})
    return ZERO, {}


@lru_cache(maxsize=20_000)
def _elements(term: Term) -> frozenset[Term]:
    own = {term} if term.op == "at" and len(term.args) > 1 else set()
    return frozenset(own.union(*map(_elements, term.parts)))


def _sum_of_monomial(factors: list[Item], index: Term, count: Term) -> Form:
    """Σ over index = 1..count of one monomial: deltas eliminated, split into connected parts."""
    unit, opened, inner = _opened(factors, index)
    bound = {index: count} | inner
    for delta, e in sorted(opened, key=lambda item: item[0].key):
        if delta.op != "delta" or e != UNIT:
            continue
        for old, new in (delta.args, delta.args[::-1]):
            if old in bound and _is_within(new, bound[old], bound):
                others = mul(*(power(*item) for item in opened if item != (delta, e)))
                names = [name for name in bound if name != old]
                body = abstract(replace(others, old, new), *names)
                summed = Term("sums", *(bound[name] for name in names), body) if names else body
                return scaled(form(summed), unit)
    result: Form = {ONE: unit}
    for names, part in _components(list(bound), opened):
        if part:
            result = multiply(result, single(_canonical_sum(names, part, bound)))
        else:
            result = multiply(result, form(bound[names[0]]))
    return result


def _is_within(new: Term, high: Term, bound: dict[Term, Term]) -> bool:
    """Whether an index is known to lie in 1..high: by its range, or as a number."""
    if new.op == "num":
        low, top = new, new
    elif new in bound:
        low, top = UNIT, bound[new]
    elif new.op == "generic" and new.args[2] is not None and new.args[3] is not None:
        low, top = new.args[2:]
    else:
        return False
    return is_natural(minus(low, UNIT)) and is_natural(minus(high, top))


def _opened(
    factors: Iterable[Item], index: Term | None = None
) -> tuple[Fraction, list[Item], dict[Term, Term]]:
    """The factors with sums among them opened at generic letters of their own: unit, factors, ranges.

    A sum whose range depends on ``index`` stays closed.
    """
    factors = sorted(factors, key=lambda item: (item[0].key, item[1].key))
    around = [part for item in factors for part in item] + ([index] if index is not None else [])
    level = generic_in(Term("mul", *around), WHOLE).args[0]
    opened: list[Item] = []
    bound: dict[Term, Term] = {}
    unit = Fraction(1)
    for atom, e in factors:
        if (
            atom.op != "Sums"
            or not is_positive_integer(e)
            or any(index in high.generics for high in atom.args[:-1])
        ):
            opened.append((atom, e))
            continue
        *highs, body = atom.args
        for _ in range(int(e.args[0])):
            spend(1)
            names = []
            for high in highs:
                names.append(Term("generic", level, WHOLE, UNIT, high))
                level += 1
            # Renaming may change the sign under which a composite is canonical.
            ((monomial, sign),) = form(instantiate(body, *names)).items()
            unit *= sign
            opened += monomial
            bound |= dict(zip(names, highs, strict=True))
    return unit, opened, bound


def _components(names: list[Term], factors: list[Item]) -> Iterator[tuple[list[Term], list[Item]]]:
    """The bound variables and factors of a sum, grouped so that no factor links two groups."""
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


def _canonical_sum(names: list[Term], factors: list[Item], bound: dict[Term, Term]) -> Term:
    """The sum with its variables in an order that equal sums share."""
    marks = {name: _signature(name, names, factors, bound) for name in names}
    groups = [[name for name in names if marks[name] == mark] for mark in sorted(set(marks.values()))]
    candidates = []
    for choice in product(*(permutations(group) for group in groups)):
        spend(100 * len(factors))
        order = [name for group in choice for name in group]
        body = mul(*sorted((abstract(power(*item), *order) for item in factors), key=lambda t: t.key))
        candidates.append(Term("Sums", *(bound[name] for name in order), body))
    return min(candidates, key=lambda candidate: (_masked(candidate).key, candidate.key))


def _signature(name: Term, names: list[Term], factors: list[Item], bound: dict[Term, Term]) -> bytes:
    """How a bound variable occurs, whatever the bound variables are called."""
    mask = [Term("mark", int(other == name)) for other in names]
    seen = [instantiate(abstract(power(*item), *names), *mask) for item in factors if depends(item, name)]
    return _masked(bound[name]).key + b"".join(sorted(_masked(term).key for term in seen))


@lru_cache(maxsize=20_000)
def _masked(term: Term) -> Term:
    """A term without what its generic letters are called: these become bound further out, in some order."""
    if term.op == "generic":
        return Term("mark", 2)
    if not term.generics:
        return term
    parts = [_masked(arg) if isinstance(arg, Term) else arg for arg in term.args]
    return Term(
        term.op, *(sorted(parts, key=lambda part: part.key) if term.op in ("add", "mul") else parts)
    )
