"""The normal form: when is a term identically zero?

A term becomes a *form*, which maps monomials to rational coefficients; a monomial is a set of pairs
(atom, exponent).  Exponents may be symbolic (λ^{(D+1)/D}); monomials multiply by adding them.  Atoms are
symbols at indices, generic letters, primes (for radicals), e, deltas, logarithms, sums and products over a
range (:mod:`.sums`), and *composites*, polynomials that stand under a negative or fractional power.

The rules, each true wherever both sides are defined: z^p z^q = z^{p+q}; (wz)^p = w^p z^p and
(w^p)^q = w^{pq} for positive w or whole q.  One-sided: zero is a proof, not zero says nothing.
Fractions of polynomials in exponents are SymPy's (:mod:`.quotients`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, lru_cache, reduce
from itertools import product
from math import floor, gcd, lcm

from .budget import OutOfReachError, spend
from .kinds import SIGNS, Form, Monomial, is_nonnegative_form, is_positive, is_positive_form
from .quotients import is_integer, is_positive_integer, polynomial, quotient, rational
from .terms import MINUS, UNIT, ZERO, CoreError, Term, add, mul, num, power

ONE: Monomial = frozenset()


#: Terms of one form, and whole numbers in exponents, beyond which the proof looks at the wrong term.
MOST_TERMS, MOST_POWER, MOST_BITS = 20_000, 2_000, 50_000


# -- terms to forms ----------------------------------------------------------------------------------------

#: How an operation becomes a form; anything without a rule is an atom.
RULES: dict[str, Callable[[Term], Form]] = {
    "num": lambda term: _number(term.args[0]),
    "add": lambda term: total(map(_form_of, term.args)),
    "mul": lambda term: reduce(multiply, map(_form_of, term.args), {ONE: Fraction(1)}),
    "pow": lambda term: _power(*term.args),
    "inf": lambda _: _refused("∞ is not a number"),
    "bound": lambda _: _refused("a bound variable stands outside its binder"),
}


def _power(base: Term, exponent: Term) -> Form:
    """A power, positive factors and powers of the base taken apart before they are multiplied out."""
    exponent = canonical(exponent)
    if is_integer(exponent) and exponent.args[0] >= 0:
        return raised(form(base), exponent)
    apart: list[Form] = []
    rest: list[Term] = []
    for factor in base.args if base.op == "mul" else (base,):
        inner, e = factor.args if factor.op == "pow" else (factor, UNIT)
        if factor.op == "product" and is_integer(exponent):
            *ends, body = factor.args
            apart.append(form(Term("product", *ends, Term("pow", body, exponent))))
        elif factor.op == "pow" and (is_integer(exponent) or is_positive_form(form(inner))):
            apart.append(form(Term("pow", inner, times(canonical(e), exponent))))
        elif base.op == "mul" and (is_integer(exponent) or is_positive_form(form(factor))):
            apart.append(raised(form(factor), exponent))
        else:
            rest.append(factor)
    left = raised(form(mul(*rest)), exponent) if rest else {ONE: Fraction(1)}
    return reduce(multiply, apart, left)


def _number(value: Fraction) -> Form:
    if type(value) is not Fraction:
        raise CoreError("a number of the core is a fraction")
    return {ONE: value} if value else {}


def _form_of(term: Term) -> Form:
    return form(term)


def _refused(why: str) -> Form:
    raise OutOfReachError(why)


@lru_cache(maxsize=100_000)
def form(term: Term) -> Form:
    """The form of a term; treat it as read-only."""
    rule = RULES.get(term.op)
    return single(term) if rule is None else rule(term)


def single(atom: Term, exponent: Term = UNIT) -> Form:
    return {frozenset({(atom, exponent)}): Fraction(1)}


def term_of(value: Form) -> Term:
    """The term that a form stands for, the same for equal forms."""
    parts = []
    for monomial, coefficient in value.items():
        factors = factors_of(monomial)
        parts.append(mul(*([] if coefficient == 1 and factors else [num(coefficient)]), *factors))
    return add(*sorted(parts, key=key_of))


def factors_of(monomial: Iterable[tuple[Term, Term]]) -> list[Term]:
    return sorted((power(atom, exponent) for atom, exponent in monomial), key=key_of)


def key_of(term: Term) -> bytes:
    return term.key


@lru_cache(maxsize=50_000)
def normalized(term: Term) -> Term:
    return term_of(form(term))


def is_zero(term: Term) -> bool:
    """Whether the term is zero wherever it is defined; True is a proof, False is not a refutation."""
    return not cleared(form(term))


def number(term: Term) -> Fraction | None:
    """The value of a term that is a rational number."""
    if term.op == "num":
        return term.args[0]
    value = form(term)
    return value.get(ONE, Fraction(0)) if value.keys() <= {ONE} else None


# -- arithmetic of forms -----------------------------------------------------------------------------------


def total(parts: Iterable[Form]) -> Form:
    result: Form = {}
    for part in parts:
        for monomial, coefficient in part.items():
            if value := result.get(monomial, 0) + coefficient:
                result[monomial] = value
            else:
                del result[monomial]
    return result


def scaled(value: Form, factor: Fraction) -> Form:
    return {monomial: factor * coefficient for monomial, coefficient in value.items()} if factor else {}


def multiply(left: Form, right: Form) -> Form:
    spend(len(left) * len(right))
    if len(left) * len(right) > MOST_TERMS:
        raise OutOfReachError(f"a product has more than {MOST_TERMS} terms")
    result: Form = {}
    for (m1, c1), (m2, c2) in product(left.items(), right.items()):
        unit, monomial = _join(m1, m2)
        if value := result.get(monomial, 0) + c1 * c2 * unit:
            result[monomial] = value
        else:
            del result[monomial]
    return result


def _join(left: Monomial, right: Monomial) -> tuple[Fraction, Monomial]:
    """The product of two monomials, as a rational number times a monomial."""
    if not left or not right:
        return Fraction(1), left or right
    table = dict(left)
    unit = Fraction(1)
    for atom, exponent in right:
        both = plus(table.get(atom, ZERO), exponent)
        if (
            atom.op == "num" and atom.args[0] and both != ZERO
        ):  # a prime under a radical: 2^{3/2} = 2·2^{1/2}
            whole, both = split(both)
            unit *= _rational_power(atom.args[0], whole)
        if atom.op == "delta" and is_positive_integer(both):
            both = UNIT
        table[atom] = both
    return unit, frozenset(item for item in table.items() if item[1] != ZERO)


def _rational_power(base: Fraction, exponent: int) -> Fraction:
    bits = base.numerator.bit_length() + base.denominator.bit_length()
    if abs(exponent) * (bits - 2) > MOST_BITS or abs(exponent) > MOST_POWER:
        raise OutOfReachError("a power is too high to be carried out")
    spend(1 + abs(exponent) * bits // 100)
    return base**exponent


def raised(value: Form, exponent: Term) -> Form:
    exponent = canonical(exponent)
    if exponent == ZERO:
        return {ONE: Fraction(1)}
    if is_positive_integer(exponent):
        whole = int(exponent.args[0])
        if len(value) == 1:
            ((monomial, coefficient),) = value.items()
            inside = [single(atom, _scaled_exponent(e, exponent, atom)) for atom, e in monomial]
            return reduce(multiply, inside, {ONE: _rational_power(coefficient, whole)})
        if whole > MOST_POWER:
            raise OutOfReachError(f"a power {whole} is too high to be carried out")
        return reduce(multiply, [value] * whole, {ONE: Fraction(1)})
    if not value:  # 0 to a power that is not a whole number ≥ 0: defined or not, it is left alone
        return single(ZERO, exponent)
    content, monomial, rest = primitive(value)
    if not content:
        return single(ZERO, exponent)
    result = {ONE: Fraction(1)} if rest is None else single(rest, exponent)
    if is_integer(exponent):
        inverse = frozenset((atom, times(e, exponent)) for atom, e in monomial)
        return multiply(result, {inverse: _rational_power(content, int(exponent.args[0]))})
    taken, left = distributed(content, monomial, exponent)
    if left == UNIT:
        return multiply(result, taken)
    if rest is None:
        return multiply(taken, single(left, exponent))
    # (left·rest)^p is not left^p·rest^p when the sign of left is not known.
    return multiply(taken, single(term_of(multiply(form(left), form(rest))), exponent))


def _scaled_exponent(exponent: Term, whole: Term, atom: Term) -> Term:
    return UNIT if atom.op == "delta" and exponent == UNIT else times(exponent, whole)


def distributed(content: Fraction, monomial: Monomial, exponent: Term) -> tuple[Form, Term]:
    """The part of (content·monomial)^exponent with a positive base, as a form, and the remaining base."""
    left = [MINUS] if content < 0 else []
    result: Form = {ONE: Fraction(1)}
    for prime, multiplicity in factored(abs(content)):
        whole, fraction = split(times(num(multiplicity), exponent))
        root = {frozenset({(num(prime), fraction)}) if fraction != ZERO else ONE: Fraction(1)}
        result = multiply(result, scaled(root, _rational_power(Fraction(prime), whole)))
    for atom, e in sorted(monomial, key=lambda item: item[0].key):
        if is_positive(atom):
            result = multiply(result, single(atom, times(e, exponent)))
        else:
            left.append(power(atom, e))
    return result, mul(*left)


@cache
def factored(value: Fraction) -> tuple[tuple[int, int], ...]:
    """Primes, and at last perhaps a number without small ones, with their multiplicities."""
    found: dict[int, int] = {}
    spend((value.numerator * value.denominator).bit_length() ** 2 // 1000)
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        prime = 2
        while prime * prime <= part and prime < 10_000:
            while part % prime == 0:
                found[prime] = found.get(prime, 0) + sign
                part //= prime
            prime += 1
        if part > 1:
            found[part] = found.get(part, 0) + sign
    return tuple(found.items())


def primitive(value: Form) -> tuple[Fraction, Monomial, Term | None]:
    """A form as content · monomial · composite: None for a single term; the content is 0 for 0."""
    if len(value) <= 1:
        ((monomial, coefficient),) = value.items() or (((ONE, Fraction(0))),)
        return coefficient, monomial, None
    tables = [dict(monomial) for monomial in value]
    common = {}
    for atom in {atom for table in tables for atom in table}:
        powers = [table.get(atom, ZERO) for table in tables]
        steps = [plus(e, times(MINUS, powers[0])) for e in powers]
        if all(step.op == "num" for step in steps):
            least = plus(powers[0], min(steps, key=lambda step: step.args[0]))
            if least != ZERO:
                common[atom] = least
    inverse = {frozenset((atom, times(MINUS, e)) for atom, e in common.items()): Fraction(1)}
    rest = multiply(value, inverse)
    if (multiplied := expanded(rest)) != rest:
        content, monomial, composite = primitive(multiplied)
        return content, _join(monomial, frozenset(common.items()))[1], composite
    numerators = gcd(*(c.numerator for c in rest.values()))
    content = Fraction(numerators, lcm(*(c.denominator for c in rest.values())))
    composite = term_of(scaled(rest, 1 / content))
    first = min(rest, key=lambda monomial: mul(*factors_of(monomial)).key)
    if not is_positive(composite) and rest[first] < 0:
        content, composite = -content, term_of(scaled(rest, -1 / content))
    return content, frozenset(common.items()), composite


def expanded(value: Form) -> Form:
    """A form with whole positive powers of composites multiplied out."""
    if not any(atom.op == "add" for monomial in value for atom, _ in monomial):
        return value
    result: list[Form] = []
    for monomial, coefficient in value.items():
        done: Form = {ONE: coefficient}
        for atom, e in monomial:
            whole = atom.op == "add" and is_positive_integer(e)
            done = multiply(done, raised(form(atom), e) if whole else single(atom, e))
        result.append(done)
    return total(result)


def cleared(value: Form, only: Callable[[Term], bool] = lambda _: True) -> Form:
    """A form with composites multiplied out, classes of their powers apart: it is empty iff the form is 0.

    ``only`` says which composites to clear; the others stay as they are.  Where those are positive, terms
    that are all ≥ 0 say that the form is.
    """
    while composites := {a for m in value for a, _ in m if a.op == "add" and only(a)}:
        # The outermost first: its polynomial may hold others.
        value = _clear(value, max(composites, key=lambda atom: (_size(atom), atom.key)))
    return value


@cache
def _size(term: Term) -> int:
    return 1 + sum(map(_size, term.parts))


def _clear(value: Form, composite: Term) -> Form:
    """A form without a composite C: Σ_r C^{r + l_r} P_r(C) becomes Σ_r (mark)^r P_r, multiplied out.

    The exponents that differ by whole numbers are a class r, with the least one taken out; so nothing is
    multiplied by C, which may be 0 under a symbolic power.
    """
    marker = Term("marker", composite)
    classes: dict[Term, list[tuple[int, Monomial, Fraction]]] = {}
    for monomial, coefficient in value.items():
        table = dict(monomial)
        whole, rest = split(table.pop(composite, ZERO))
        classes.setdefault(rest, []).append((whole, frozenset(table.items()), coefficient))
    polynomial = form(composite)
    parts = []
    for rest, members in classes.items():
        mark = {(marker, rest)} if rest != ZERO else ONE
        least = min(whole for whole, *_ in members)
        powers = {whole: raised(polynomial, num(whole - least)) for whole, *_ in members}
        parts += [multiply(powers[whole], {m | mark: coefficient}) for whole, m, coefficient in members]
    return total(parts)


# -- exponents ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def plus(left: Term, right: Term) -> Term:
    """The sum of two exponents, canonical."""
    if left.op == "num" == right.op:
        return num(left.args[0] + right.args[0])
    return left if right == ZERO else right if left == ZERO else canonical(add(left, right))


@lru_cache(maxsize=50_000)
def times(left: Term, right: Term) -> Term:
    """The product of two exponents, canonical."""
    if left.op == "num" == right.op:
        return num(left.args[0] * right.args[0])
    return left if right == UNIT else right if left == UNIT else canonical(mul(left, right))


@lru_cache(maxsize=50_000)
def canonical(exponent: Term) -> Term:
    """An exponent in a form that equal quotients of polynomials share."""
    if exponent.op == "num":
        return exponent
    value = form(exponent)
    if value.keys() <= {ONE}:
        return num(value.get(ONE, 0))
    found = quotient(term_of(value))
    if found is None:
        return term_of(value)
    atoms, fraction = found
    if fraction.denom.is_ground:
        return normalized(polynomial(fraction.numer.quo_ground(fraction.denom.LC), atoms))
    top, below = (normalized(polynomial(part, atoms)) for part in (fraction.numer, fraction.denom))
    return mul(*([] if top == UNIT else [top]), Term("pow", below, MINUS))


def is_negative(exponent: Term) -> bool:
    """Whether an exponent is < 0 by the kinds of its letters."""
    return is_positive_form(scaled(form(exponent), Fraction(-1)))


@lru_cache(maxsize=50_000)
def split(exponent: Term) -> tuple[int, Term]:
    """An exponent as a whole number plus a remainder that determines its class modulo 1."""
    if exponent.op == "num":
        whole = floor(exponent.args[0])
        return whole, num(exponent.args[0] - whole)
    constant = form(exponent).get(ONE, Fraction(0))
    if (found := quotient(normalized(exponent))) is not None:
        constant = rational(divmod(found[1].numer, found[1].denom)[0].coeff(1))
    return floor(constant), plus(exponent, num(-floor(constant)))


SIGNS |= dict.fromkeys(
    ("add", "mul", "pow"),
    (lambda term: is_positive_form(form(term)), lambda term: is_nonnegative_form(form(term))),
)
