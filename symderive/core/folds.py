"""Products over a range, logarithms, deltas, binomials and averages in normal form; signs of folded terms.

A product is taken over what does not factor further.  Π_j fg = Π_j f Π_j g for ranges of length 0 on,
log(w^p z) = p log w + log z for positive w, and E is linear.  Importing this module completes the tables of
:mod:`.forms` and :mod:`.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import factorial

from .averages import average_of_product, is_random
from .binders import abstract, instantiate, replace
from .budget import OutOfReachError
from .forms import (
    ONE,
    RULES,
    distributed,
    expanded,
    factored,
    form,
    multiply,
    normalized,
    number,
    primitive,
    raised,
    scaled,
    single,
    term_of,
    total,
)
from .kinds import SIGNS, Form, Monomial, is_nonnegative_form, is_positive, is_positive_form
from .quotients import is_integer
from .sums import Item, _bounds, _open, _opened, _sum_rule, _sums_rule, depends
from .terms import MINUS, UNIT, WHOLE, ZERO, Term, add, generic_in, minus, mul, num, power
from .whole import is_natural


def _product_rule(term: Term) -> Form:
    low, high, body = term.args
    inside, index = _open(body, low, high)
    value = form(inside)
    away, count, extra = _bounds(low, high)
    whole = term_of(value)
    result = reduce(multiply, (form(replace(whole, index, k)) for k in extra), {ONE: Fraction(1)})
    for k in away:
        factor = form(replace(whole, index, k))
        if not is_positive_form(factor):
            raise OutOfReachError("a product starts late, and its first factors may be zero")
        result = multiply(result, raised(factor, MINUS))
    if count == ZERO:
        return result
    if not value:
        return multiply(result, raised({}, count))
    content, monomial, rest = primitive(value)
    if not content:
        return multiply(result, raised({}, count))
    factors = [*sorted(monomial, key=lambda item: item[0].key), *([] if rest is None else [(rest, UNIT)])]
    result = multiply(result, raised({ONE: content}, count))
    for atom, e in factors:
        if not depends((atom, e), index):
            result = multiply(result, raised(raised(form(atom), e), count))
            continue
        if not (is_integer(e) or is_positive(atom)) or index in e.generics:
            atom, e = power(atom, e), UNIT
        result = multiply(result, single(Term("Product", count, abstract(atom, index)), e))
    return result


def _log_rule(term: Term) -> Form:
    value = form(term.args[0])
    if not value:
        return single(Term("log", ZERO))
    content, monomial, rest = primitive(value)
    if not content:
        return single(Term("log", ZERO))
    taken, left = distributed(content, monomial, UNIT)
    argument = left if rest is None else rest if left == UNIT else term_of(multiply(form(left), form(rest)))
    parts = [] if argument == UNIT else [single(Term("log", argument))]
    ((positive, coefficient),) = taken.items()
    primes = [(num(prime), num(multiplicity)) for prime, multiplicity in factored(coefficient)]
    for atom, e in [*positive, *primes]:
        parts.append(multiply(form(e), _log_of_atom(atom)))
    return total(parts)


def _log_of_atom(atom: Term) -> Form:
    if atom.op == "e":
        return {ONE: Fraction(1)}
    if atom.op == "Product":
        high, body = atom.args
        return form(Term("sum", UNIT, high, Term("log", body)))
    return single(Term("log", atom))


def _delta_rule(term: Term) -> Form:
    first, second = sorted(map(normalized, term.args), key=lambda part: part.key)
    gap = number(minus(first, second))
    return single(Term("delta", first, second)) if gap is None else {} if gap else {ONE: Fraction(1)}


def _binomial_rule(term: Term) -> Form:
    upper, lower = map(normalized, term.args)
    count = number(lower)
    if count is None and is_natural(lower):  # of k + c things, k are chosen as c are
        count = number(minus(upper, lower))
    if count is None or count.denominator != 1 or not 0 <= count <= 50:
        return single(Term("binomial", upper, lower))
    falling = (form(add(upper, num(-k))) for k in range(int(count)))
    return scaled(reduce(multiply, falling, {ONE: Fraction(1)}), Fraction(1, factorial(int(count))))


def _mean_rule(term: Term) -> Form:
    """E is linear, passes through finite sums, and knows the moments of the model."""
    parts = []
    for monomial, coefficient in expanded(form(term.args[0])).items():
        fixed: Monomial = frozenset(item for item in monomial if not _is_random(item))
        unit, factors, bound = _opened(monomial - fixed)
        steady = [power(*item) for item in factors if not _is_random(item)]
        inside = mul(*steady, average_of_product([item for item in factors if _is_random(item)]))
        names = list(bound)
        summed = Term("sums", *bound.values(), abstract(inside, *names)) if names else inside
        parts.append(multiply({fixed: coefficient * unit}, form(summed)))
    return total(parts)


def _is_random(item: Item) -> bool:
    return any(map(is_random, item))


RULES |= {
    "sum": _sum_rule,
    "sums": _sums_rule,
    "product": _product_rule,
    "log": _log_rule,
    "delta": _delta_rule,
    "binomial": _binomial_rule,
    "mean": _mean_rule,
    "at": lambda term: single(rebuilt_at(term)),
}


def rebuilt_at(term: Term) -> Term:
    """A letter at its indices in normal form."""
    return Term("at", term.args[0], *(normalized(index) for index in term.args[1:]))


def _opened_form(atom: Term) -> Form:
    highs = atom.args[:-1] if atom.op != "Mean" else ()
    base = generic_in(Term("mul", *atom.args), WHOLE).args[0]
    low = atom.args[0] if atom.op == "Series" else UNIT
    ends = (None,) if atom.op == "Series" else highs
    names = [Term("generic", base + at, WHOLE, low, high) for at, high in enumerate(ends)]
    return form(instantiate(atom.args[-1], *names))


_nonnegative: Callable[[Term], bool] = lambda atom: is_nonnegative_form(_opened_form(atom))  # noqa: E731
SIGNS |= {
    "Sums": (
        lambda atom: (
            all(is_natural(minus(high, UNIT)) for high in atom.args[:-1])
            and is_positive_form(_opened_form(atom))
        ),
        _nonnegative,
    ),
    "Product": (lambda atom: is_positive_form(_opened_form(atom)), _nonnegative),
    "Series": (lambda _: False, _nonnegative),
    "Mean": (lambda _: False, _nonnegative),
}
