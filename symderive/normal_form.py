"""The decision procedure for exact algebra: when is an expression identically zero?

An expression becomes a sum of *terms*: a rational coefficient times a monomial, and a monomial is a
set of *atoms* with exponents.  Exponents may be symbolic (λ^{(D+1)/D}), because monomials multiply by
adding exponents.  Atoms are symbols, indexed symbols, primes (for radicals), e, and four compound
kinds, each in a form that depends on the function and not on the way in which it was written:

- a *composite*, a polynomial that stands under a negative or fractional power;
- a *sum* over a symbolic range, split into connected parts, its bound indices named canonically;
- a *product* over a symbolic range of something that does not factor further;
- the logarithm of an atom.

Widths, depth and dimension stay symbolic throughout.  :func:`is_zero` multiplies denominators out
and is *one-sided*: True is a proof (given that every denominator is nonzero and every power is defined,
which the caller checks); False says only that the normal form is not zero.

The rules, each true for all values of the atoms: z^p z^q = z^{p+q}; (wz)^p = w^p z^p and (w^p)^q = w^{pq}
for positive w or whole q; Σ and E are linear; Σ_j δ_{jk} f_j = f_k; Π is multiplicative;
log(w^p z) = p log w + log z for positive w.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache, lru_cache, reduce
from itertools import permutations, product
from math import gcd, lcm
from typing import Any, TypeAlias

import sympy as sp

from symderive.averages import average_of_product, body_of_mean, is_random
from symderive.expectation import Expectation

Monomial: TypeAlias = frozenset[tuple[Any, Any]]
Terms: TypeAlias = dict[Monomial, Fraction]

ONE: Monomial = frozenset()

#: Expanding beyond this many terms means that the proof is looking at the wrong expression.
MAX_TERMS = 20_000


class OutOfReachError(ArithmeticError):
    """An expression has no normal form here, or too large a one; nothing is known about it."""


def is_zero(expression: Any) -> bool:
    """Whether the normal form of ``expression`` is zero; True is a proof, False is not a refutation.

    >>> from symderive.symbols import D, lam
    >>> is_zero(lam ** ((D + 1) / D) * lam ** (-1 / D) - lam)
    True
    """
    return not cleared(terms(expression))


def cleared(form: Terms) -> Terms:
    """``form`` times its denominators, composites multiplied out: empty iff the normal form is 0."""
    while composites := {atom for monomial in form for atom, _ in monomial if isinstance(atom, sp.Add)}:
        # The outermost first: its polynomial may hold others.
        form = _clear(form, max(composites, key=lambda atom: (atom.count_ops(), str(atom))))
    return form


def normalized(expression: Any) -> Any:
    """The expression that the normal form of ``expression`` stands for."""
    return _expression(terms(expression))


# -- expressions to terms ------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def _cached_terms(expression: Any) -> Terms:
    if isinstance(expression, sp.Rational):
        return {ONE: Fraction(int(expression.p), int(expression.q))} if expression else {}
    if isinstance(expression, sp.Add):
        return _add(map(terms, expression.args))
    if isinstance(expression, sp.Mul):
        return reduce(_multiply, map(terms, expression.args), {ONE: Fraction(1)})
    if isinstance(expression, sp.exp):
        return _atom(sp.E, _exponent(expression.exp))
    if isinstance(expression, sp.Pow):
        return _power(terms(expression.base), expression.exp)
    if isinstance(expression, sp.Sum):
        return _iterated(expression, _sum)
    if isinstance(expression, sp.Product):
        return _iterated(expression, _product)
    if isinstance(expression, sp.log):
        return _logarithm(terms(expression.args[0]))
    if (body := body_of_mean(expression)) is not None:
        return _mean(_expanded(terms(body)))
    return _atom(expression)


def terms(expression: Any) -> Terms:
    """The normal form of an expression; treat it as read-only."""
    expression = sp.sympify(expression) if isinstance(expression, int) else expression
    return _atom(expression) if expression in _canonical_atoms else _cached_terms(expression)


#: Sums and products that this module has built, which need no second look.
_canonical_atoms: set[Any] = set()


def _atom(atom: Any, exponent: Any = sp.Integer(1)) -> Terms:
    return {frozenset({(atom, exponent)}): Fraction(1)}


def _expression(form: Terms) -> Any:
    return sp.Add(
        *(
            sp.Mul(sp.Rational(c.numerator, c.denominator), _monomial_expression(monomial))
            for monomial, c in form.items()
        )
    )


def _monomial_expression(monomial: Iterable[tuple[Any, Any]]) -> Any:
    return sp.Mul(*(sp.Pow(atom, exponent) for atom, exponent in monomial))


# -- arithmetic of terms -------------------------------------------------------------------------------


def _add(forms: Iterable[Terms]) -> Terms:
    total: Terms = {}
    for form in forms:
        for monomial, coefficient in form.items():
            if value := total.get(monomial, 0) + coefficient:
                total[monomial] = value
            else:
                del total[monomial]
    return total


def _scaled(form: Terms, factor: Fraction) -> Terms:
    return {monomial: factor * coefficient for monomial, coefficient in form.items()} if factor else {}


def _multiply(left: Terms, right: Terms) -> Terms:
    if len(left) * len(right) > MAX_TERMS:
        raise OutOfReachError(f"a product has more than {MAX_TERMS} terms")
    total: Terms = {}
    for (m1, c1), (m2, c2) in product(left.items(), right.items()):
        unit, monomial = _join(m1, m2)
        if value := total.get(monomial, 0) + c1 * c2 * unit:
            total[monomial] = value
        else:
            del total[monomial]
    return total


def _join(left: Monomial, right: Monomial) -> tuple[Fraction, Monomial]:
    """The product of two monomials, as a rational number times a monomial."""
    if not left or not right:
        return Fraction(1), left or right
    exponents = dict(left)
    unit = Fraction(1)
    for atom, power in right:
        total = _exponent(exponents.get(atom, 0) + power)
        if atom.is_Integer and total != 0:  # a prime under a radical: 2^{3/2} = 2·2^{1/2}
            whole, total = _split(total)
            unit *= Fraction(int(atom)) ** whole
        if isinstance(atom, sp.KroneckerDelta) and total.is_Integer and total > 1:
            total = sp.Integer(1)
        exponents[atom] = total
    return unit, frozenset(item for item in exponents.items() if item[1] != 0)


def _exponent(exponent: Any) -> Any:
    return exponent if isinstance(exponent, sp.Rational) else _canonical_exponent(sp.sympify(exponent))


@cache
def _canonical_exponent(exponent: Any) -> Any:
    """A rational function of one symbol has one partial fraction expansion, of several one quotient."""
    if not exponent.is_rational_function():
        return normalized(exponent)
    together = sp.cancel(exponent)
    symbols = together.free_symbols
    return sp.apart(together, *symbols) if len(symbols) == 1 else sp.expand(together)


def _split(exponent: Any) -> tuple[int, Any]:
    """An exponent as a whole number plus a remainder that determines its class modulo 1."""
    constant, _ = exponent.as_coeff_Add()
    whole = int(sp.floor(constant))
    return whole, exponent - whole


def _power(form: Terms, exponent: Any) -> Terms:
    exponent = _exponent(exponent)
    if exponent.is_Integer and exponent >= 0:
        result: Terms = {ONE: Fraction(1)}
        for _ in range(int(exponent)):
            result = _multiply(result, form)
        return result
    if not form:  # 0 to a power that is not a whole number ≥ 0: defined or not, it is left alone
        return _atom(sp.Pow(0, exponent, evaluate=False))
    content, monomial, rest = _primitive(form)
    result = {ONE: Fraction(1)} if rest is None else _atom(rest, exponent)
    if exponent.is_Integer:
        inverse = frozenset((atom, _exponent(power * exponent)) for atom, power in monomial)
        return _multiply(result, {inverse: content ** int(exponent)})
    taken, left = _distributed(content, monomial, exponent)
    if left == 1:
        return _multiply(result, taken)
    if rest is None:
        return _multiply(taken, _atom(left, exponent))
    # (left·rest)^p is not left^p·rest^p when the sign of left is not known.
    return _multiply(taken, _atom(sp.expand(left * rest), exponent))


def _distributed(content: Fraction, monomial: Monomial, exponent: Any) -> tuple[Terms, Any]:
    """The part of (content·monomial)^exponent with a positive base, as terms, and the remaining base."""
    left = sp.Integer(-1 if content < 0 else 1)
    result: Terms = {ONE: Fraction(1)}
    for prime, count in sp.factorrat(sp.Rational(abs(content))).items():
        whole, fraction = _split(_exponent(count * exponent))
        root = {frozenset({(sp.Integer(prime), fraction)}) if fraction != 0 else ONE: Fraction(1)}
        result = _multiply(result, _scaled(root, Fraction(int(prime)) ** whole))
    for atom, power in monomial:
        if is_positive_atom(atom):
            result = _multiply(result, _atom(atom, _exponent(power * exponent)))
        else:
            left *= atom**power
    return result, left


def _primitive(form: Terms) -> tuple[Fraction, Monomial, Any]:
    """``form`` as content · monomial · composite; the composite is None for a single term."""
    if len(form) == 1:
        ((monomial, coefficient),) = form.items()
        return coefficient, monomial, None
    tables = [dict(monomial) for monomial in form]
    common = {}
    for atom in {atom for table in tables for atom in table}:
        powers = [table.get(atom, sp.Integer(0)) for table in tables]
        steps = [_exponent(power - powers[0]) for power in powers]
        if all(step.is_Rational for step in steps):
            least = _exponent(powers[0] + min(steps))
            if least != 0:
                common[atom] = least
    shared: Monomial = frozenset(common.items())
    inverse = {frozenset((atom, -power) for atom, power in common.items()): Fraction(1)}
    rest = _multiply(form, inverse)
    numerators = gcd(*(c.numerator for c in rest.values()))
    content = Fraction(numerators, lcm(*(c.denominator for c in rest.values())))
    composite = _expression(_scaled(rest, 1 / content))
    if not is_positive_atom(composite) and (-composite).sort_key() < composite.sort_key():
        content, composite = -content, _expression(_scaled(rest, -1 / content))
    return content, shared, composite


def _expanded(form: Terms) -> Terms:
    """``form`` with whole positive powers of composites multiplied out."""
    result: list[Terms] = []
    for monomial, coefficient in form.items():
        done: Terms = {ONE: coefficient}
        for atom, power in monomial:
            whole = isinstance(atom, sp.Add) and power.is_Integer and power > 0
            done = _multiply(done, _power(terms(atom), power) if whole else _atom(atom, power))
        result.append(done)
    return _add(result)


def _clear(form: Terms, composite: Any) -> Terms:
    """``form`` times the least power of ``composite`` that leaves no negative one, multiplied out."""
    marker = sp.Dummy()
    split: list[tuple[int, Any, Monomial, Fraction]] = []
    for monomial, coefficient in form.items():
        table = dict(monomial)
        whole, fraction = _split(table.pop(composite, sp.Integer(0)))
        split.append((whole, fraction, frozenset(table.items()), coefficient))
    least = min((whole for whole, *_ in split), default=0)
    polynomial = terms(composite)
    powers = {whole: _power(polynomial, sp.Integer(whole - least)) for whole, *_ in split}
    return _add(
        _multiply(powers[whole], {monomial | ({(marker, rest)} if rest != 0 else ONE): coefficient})
        for whole, rest, monomial, coefficient in split
    )


# -- sums over a symbolic range ------------------------------------------------------------------------


def _iterated(expression: Any, over: Any) -> Terms:
    form = terms(expression.function)
    for limit in expression.limits:
        if len(limit) != 3:
            return _atom(expression)
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
    away, count, extra = _bounds(lower, upper)
    whole = _expression(form)
    parts = [_scaled(terms(whole.xreplace({index: k})), Fraction(-1)) for k in away]
    parts += [terms(whole.xreplace({index: k})) for k in extra]
    if count != 0:
        for monomial, coefficient in _expanded(_lowered(_expanded(form), index)).items():
            inner = [item for item in monomial if depends(item, index)]
            outer = frozenset(item for item in monomial if not depends(item, index))
            parts.append(_multiply({outer: coefficient}, _sum_of_monomial(inner, index, count)))
    return _add(parts)


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
                done.append(_lowered(_multiply(rest, _power(solved, degree)), index))
                break
        else:
            done.append({monomial: coefficient})
    return _add(done)


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
                numerator = _add([_atom(composite), rest])
                return pivot, _multiply(numerator, {inverse: 1 / form[holders[0]]})
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
                    summand = _monomial_expression(others).xreplace({old: new})
                    limits = [(name, 1, upper) for name, upper in bound.items() if name != old]
                    return _scaled(terms(sp.Sum(summand, *limits) if limits else summand), unit)
    result: Terms = {ONE: unit}
    for names, part in _components(list(bound), opened):
        if part:
            result = _multiply(result, _atom(_canonical_sum(names, part, bound)))
        else:
            result = _multiply(result, terms(bound[names[0]]))
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


def _canonical_name(level: int) -> Any:
    return sp.Symbol(f"⟨{level}⟩", integer=True, positive=True)


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
    return _remembered(sp.Sum(summand, *limits))


def _signature(name: Any, names: list[Any], factors: list[tuple[Any, Any]], bound: dict[Any, Any]) -> str:
    """How a bound index occurs, in words that do not depend on the names of bound indices."""
    mask = {other: _canonical_name(0) for other in names} | {name: sp.Symbol("★", integer=True)}
    seen = sorted(
        f"{atom.xreplace(mask)}^{power.xreplace(mask)}"
        for atom, power in factors
        if depends((atom, power), name)
    )
    return f"{bound[name]}: {seen}"


def _remembered(atom: Any) -> Any:
    _canonical_atoms.add(atom)
    return atom


# -- products over a symbolic range, logarithms, averages ------------------------------------------------


def _product(form: Terms, index: Any, lower: Any, upper: Any) -> Terms:
    away, count, extra = _bounds(lower, upper)
    whole = _expression(form)
    result = reduce(_multiply, (terms(whole.xreplace({index: k})) for k in extra), {ONE: Fraction(1)})
    for k in away:
        result = _multiply(result, _power(terms(whole.xreplace({index: k})), sp.Integer(-1)))
    if count == 0:
        return result
    if not form:
        return {}
    content, monomial, rest = _primitive(form)
    factors = [*monomial, *([] if rest is None else [(rest, sp.Integer(1))])]
    result = _multiply(result, _power({ONE: content}, count))
    for atom, power in factors:
        if not depends((atom, power), index):
            result = _multiply(result, _power(_atom(atom, power), count))
            continue
        if not (power.is_Integer or is_positive_atom(atom)) or index in power.free_symbols:
            atom, power = atom**power, sp.Integer(1)
        name = _canonical_name(_level([(atom, power)]) + 1)
        canonical = _remembered(sp.Product(atom.xreplace({index: name}), (name, 1, count)))
        result = _multiply(result, _atom(canonical, power))
    return result


def _logarithm(form: Terms) -> Terms:
    if not form:
        return _atom(sp.log(0, evaluate=False))
    content, monomial, rest = _primitive(form)
    taken, left = _distributed(content, monomial, sp.Integer(1))
    argument = left if rest is None else sp.expand(left * rest) if left != 1 else rest
    parts = [] if argument == 1 else [_atom(sp.log(argument))]
    ((positive, number),) = taken.items()
    primes = [(sp.Integer(p), sp.Integer(k)) for p, k in sp.factorrat(sp.Rational(number)).items()]
    for atom, power in [*positive, *primes]:
        parts.append(_multiply(terms(power), _log_of_atom(atom)))
    return _add(parts)


def _log_of_atom(atom: Any) -> Terms:
    if atom == sp.E:
        return {ONE: Fraction(1)}
    if isinstance(atom, sp.Product):
        return terms(sp.Sum(sp.log(atom.function), *atom.limits))
    return _atom(sp.log(atom))


def _mean(form: Terms) -> Terms:
    """E is linear, passes through sums, and knows the moments of the noise and of the data."""
    parts = []
    for monomial, coefficient in form.items():
        fixed = frozenset(item for item in monomial if not is_random(item[0]))
        unit, factors, bound = _opened(monomial - fixed)
        steady = _monomial_expression(item for item in factors if not is_random(item[0]))
        average = average_of_product([item for item in factors if is_random(item[0])])
        for unknown in average.atoms(Expectation):
            _remembered(unknown)
        limits = [(name, 1, upper) for name, upper in bound.items()]
        inside = steady * average
        known = terms(sp.Sum(inside, *limits)) if limits else terms(inside)
        parts.append(_multiply({fixed: coefficient * unit}, known))
    return _add(parts)


# -- signs of atoms ------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def is_positive_atom(atom: Any) -> bool:
    """Whether an atom is positive wherever its symbols are as declared; False means not known."""
    if isinstance(atom, sp.Add):
        form = terms(atom)
        return all(c > 0 and _is_nonnegative(m) for m, c in form.items()) and any(
            all(is_positive_atom(base) for base, _ in monomial) for monomial in form
        )
    if isinstance(atom, (sp.Sum, sp.Product)):
        nonempty = isinstance(atom, sp.Product) or all(limit[2].is_positive for limit in atom.limits)
        return nonempty and all(
            is_positive_atom(base) for monomial in terms(atom.function) for base, _ in monomial
        )
    return bool(atom.is_positive)


def _is_nonnegative(monomial: Monomial) -> bool:
    return all(
        (power.is_even or is_nonnegative_atom(atom)) if power.is_Integer else is_nonnegative_atom(atom)
        for atom, power in monomial
    )


def is_nonnegative_form(form: Terms) -> bool:
    """Whether all terms are manifestly non-negative."""
    return all(c > 0 and _is_nonnegative(monomial) for monomial, c in form.items())


@lru_cache(maxsize=20_000)
def is_nonnegative_atom(atom: Any) -> bool:
    """Whether an atom is non-negative wherever its symbols are as declared; False means not known."""
    if isinstance(atom, sp.Sum):
        return is_nonnegative_form(terms(atom.function))
    if isinstance(atom, sp.Product):
        return is_nonnegative_form(terms(atom.function))
    return is_positive_atom(atom) or bool(atom.is_nonnegative)
