r"""Power series proved equal to a function to all orders: by a differential or by a difference equation."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

from .binders import abstract, instantiate, replace
from .calculus import derivative
from .claims import Claim
from .forms import canonical, form, is_zero, normalized, number
from .kinds import is_positive_form
from .quotients import is_integer, polynomial, quotient
from .signs import Signs, require_defined, require_smooth
from .terms import (
    INF,
    MINUS,
    POSITIVE,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Letter,
    Term,
    add,
    at,
    behind,
    fresh,
    minus,
    mul,
    neg,
    num,
    over,
    power,
)
from .theorem import Goal, Theorem, made, require_proved
from .whole import is_natural


def power_series(goal: Goal, equation: tuple[Term, ...]) -> Theorem:
    """f(q) = Σ_{k ≥ 0} c_k q^k, because both solve Σ p_m y^{(m)} = 0 and agree to the orders left free.

    Theorem.  f is analytic around 0 and around every q of (0, b), and solves the equation there, its p_m
    polynomials with rational coefficients.  The c_k satisfy the recurrence that the equation asks of a
    power series; c_{k+1}/c_k is a rational function of k, and the series converges for |q| < b.  The
    recurrence determines all coefficients but finitely many, and these are the Taylor coefficients of f.
    Then f is the sum of the series on (0, b): both are analytic there, with one Taylor series at 0.
    ``equation`` holds the p_m in the letter q, of which a hypothesis says that b > q.
    """
    claim = goal.opened
    right = claim.right
    if claim.relation != "=" or goal.names or right.op != "sum" or right.args[:2] != (ZERO, INF):
        raise CoreError("a power series proves that a term equals an infinite sum from 0 on")
    q, bound, signs = _bounded(goal)
    variable = fresh(POSITIVE)
    body = abstract(claim.left, q)
    require_smooth(signs, body, q)
    require_smooth(Signs(), body, ZERO)
    function = instantiate(body, variable)

    k = Term("generic", goal.level, WHOLE, ZERO, None)
    summand = instantiate(right.args[2], k)
    coefficient = replace(summand, q, UNIT)
    require_defined(Signs(), coefficient)
    if not is_zero(minus(summand, mul(coefficient, power(q, k)))):
        raise CoreError("the right side is not a power series")
    step, top, below = _rational(_ratio(coefficient, k), k)
    if not is_positive_form(form(polynomial(below, (k,)))):
        raise CoreError("the ratio of successive coefficients is not known to be defined everywhere")
    excess, growth = top.degree() - below.degree(), abs(_leading(top) / _leading(below))
    if excess > 0 or (excess == 0 and growth * bound > 1):
        raise CoreError("the series is not known to converge below the bound")
    derivatives = [function]
    for _ in equation:
        derivatives.append(normalized(derivative(derivatives[-1], variable)))
    polynomials = [_coefficients(p, q) for p in equation]
    terms = (mul(replace(p, q, variable), y) for p, y in zip(equation, derivatives, strict=False))
    if not is_zero(rest := add(*terms)):
        raise CoreError("the function does not solve the differential equation", left=rest)

    powers = [(m, j, c) for m, poly in enumerate(polynomials) for j, c in poly.items()]
    if not powers:
        raise CoreError("the differential equation says nothing")
    first, last = min(m - j for m, j, _ in powers), max(m - j for m, j, _ in powers)
    start = max(0, -first)
    t = add(k, num(start))

    def value(index: int) -> Term:
        return replace(coefficient, k, num(index)) if index >= 0 else ZERO

    def falling(top: Term, length: int) -> Term:
        return mul(*(add(top, num(-at)) for at in range(length)))

    # The coefficient of q^t, relative to c_{t + first}, and those of the first powers in numbers.
    general = add(
        *(
            mul(
                num(c),
                falling(add(t, num(m - j)), m),
                *(replace(step, k, add(t, num(e))) for e in range(first, m - j)),
            )
            for m, j, c in powers
        )
    )
    special = [
        add(*(mul(num(c), falling(num(n + m - j), m), value(n + m - j)) for m, j, c in powers))
        for n in range(start)
    ]
    if not all(map(is_zero, [general, *special])):
        raise CoreError("the coefficients do not satisfy the recurrence of the differential equation")
    # From where the recurrence determines the next coefficient, and those before it.
    chosen = add(*(mul(num(c), falling(add(k, num(last)), m)) for m, j, c in powers if m - j == last))
    _, poly, _ = _rational(chosen, k)
    free = max([0, *(root + 1 for root in _natural_roots(poly))]) + max(last, 0)
    while len(derivatives) <= free:
        derivatives.append(normalized(derivative(derivatives[-1], variable)))
    for order in range(free):
        taylor = mul(replace(derivatives[order], variable, ZERO), num(Fraction(1, factorial(order))))
        if not is_zero(minus(taylor, value(order))):
            raise CoreError(f"the coefficients of {q.args[0].name}^{order} differ")
    return made(goal, *equation, series=frozenset({normalized(right)}))


def _bounded(goal: Goal) -> tuple[Term, Fraction, Signs]:
    """The variable, its bound, and the hypotheses that hold for every value of it below the bound."""
    for known in goal.given:
        if known.relation == ">" and not known.over and known.right.op == "at":
            letter, bound = known.right.args[0], number(known.left)
            if isinstance(letter, Letter) and letter.kind == (False, 1) and not letter.arity and bound:
                steady = tuple(c for c in goal.given if c is known or letter not in behind(c.symbols))
                return known.right, bound, Signs(steady)
    raise CoreError("no hypothesis bounds the variable of the series")


def _rational(term: Term, k: Term) -> tuple[Term, Any, Any]:
    """A rational function of k with rational coefficients: as a term, and its two polynomials."""
    found = quotient(normalized(term))
    if found is None or not set(found[0]) <= {k}:
        raise CoreError("the ratio of successive coefficients is not a rational function of the order")
    return canonical(term), found[1].numer, found[1].denom


def _leading(poly: Any) -> Fraction:
    return Fraction(int(poly.LC.numerator), int(poly.LC.denominator))


def _natural_roots(poly: Any) -> list[int]:
    values = [Fraction(int(c.numerator), int(c.denominator)) for c in poly.coeffs()]
    bound = 1 + max(abs(c / values[0]) for c in values)  # Cauchy's bound
    if bound > 10_000:
        raise CoreError("the differential equation has too large coefficients")
    return [n for n in range(int(bound) + 1) if poly.evaluate(0, n) == 0]


def _coefficients(poly: Term, q: Term) -> dict[int, Fraction]:
    found = {}
    for monomial, coefficient in form(poly).items():
        if len(monomial) > 1:
            raise CoreError("the differential equation has coefficients in more than its variable")
        ((atom, degree),) = monomial or {(q, ZERO)}
        if atom != q or not is_integer(degree) or degree.args[0] < 0:
            raise CoreError("the differential equation has coefficients that are no polynomials")
        found[int(degree.args[0])] = coefficient
    return found


def _ratio(term: Term, k: Term) -> Term:
    """c_{k+1}/c_k of a product of binomials, powers and rational functions of k."""
    match term.op:
        case "mul":
            return mul(*(_ratio(part, k) for part in term.args))
        case "binomial":
            upper, lower = term.args
            return mul(_rise(upper, k), over(_rise(lower, k)), over(_rise(minus(upper, lower), k)))
        case "pow" if k not in term.args[0].generics:
            rate = minus(replace(term.args[1], k, add(k, UNIT)), term.args[1])
            if k in normalized(rate).generics:
                raise CoreError("a power in the series does not grow evenly")
            return power(term.args[0], normalized(rate))
        case "pow" if number(term.args[1]) is not None:
            return power(_ratio(term.args[0], k), term.args[1])
    return mul(replace(term, k, add(k, UNIT)), over(term))


def _rise(argument: Term, k: Term) -> Term:
    """(argument at k + 1)! / argument! for a whole number ≥ 0 that grows evenly with k."""
    step = number(minus(replace(argument, k, add(k, UNIT)), argument))
    if step is None or step.denominator != 1 or step < 0 or not is_natural(argument):
        raise CoreError("a binomial coefficient of the series is not one of whole numbers that grow")
    return mul(*(add(argument, num(at)) for at in range(1, int(step) + 1)))


def implicit_hypotheses(zeta: Letter, q: Letter, exponent: Term) -> tuple[Claim, Claim]:
    """ζ = q (1 + ζ)^t and 1 ≥ (t - 1) ζ, which :func:`implicit_series` rests on."""
    unknown = at(zeta)
    root = Claim("=", unknown, mul(at(q), power(add(UNIT, unknown), exponent)))
    return root, Claim("≥", UNIT, mul(add(exponent, MINUS), unknown))


def implicit_series(
    goal: Goal, zeta: Letter, q: Letter, exponent: Term, r: Letter, because: tuple[Theorem, ...]
) -> Theorem:
    r"""(1 + ζ)^r = 1 + Σ_{k ≥ 1} c_k(r) q^k for the solution of ζ = q (1 + ζ)^t.

    Theorem.  Let t ≥ 1, ζ > 0, ζ = q (1 + ζ)^t and (t - 1) ζ ≤ 1.  Let c_0 = 1 and let c_1(r), c_2(r), … be
    polynomials in r with c_k(0) = 0, c_k(r + 1) - c_k(r) = c_{k-1}(r + t), and c_k(r) ≥ 0 for r > 0.  Then
    the equation above holds for every r > 0, and the series converges.

    Proof.  1. *Coefficients.*  Let y = 1 + q y^t as a formal series in q; it is determined coefficient by
    coefficient.  Put b_k(r) = [q^k] y^r.  Since y^r = exp(r ln y) and ln y has no constant term, b_k is a
    polynomial in r, b_0 = 1, and b_k(0) = 0 for k ≥ 1.  Multiplying y - 1 = q y^t by y^r gives
    b_k(r + 1) - b_k(r) = b_{k-1}(r + t).  By induction on k, c_k - b_k is a polynomial in r that has period
    1 and vanishes at 0; so it is 0.  2. *The branch.*  f(x) = x (1 + x)^{-t} has
    f'(x) = (1 + x)^{-t-1} (1 - (t - 1) x) > 0 for 0 ≤ x < x_1 = 1/(t - 1) (∞ if t = 1).  So it has an
    inverse function x(q), real analytic on [0, q_1), where q_1 is the limit of f at x_1.  The Taylor series
    of 1 + x(q) at 0 solves the formal equation, so that of (1 + x(q))^r is Σ b_k(r) q^k.  3. *The sum.*
    None of its coefficients is negative, so its radius of convergence, if finite, is a singular point of
    its sum (Pringsheim); as x(q) is analytic on [0, q_1), the radius is at least q_1.  There sum and
    function are analytic and agree, because they do near 0.  At q_1 itself, for t > 1, monotone
    convergence as q rises gives Σ b_k(r) q_1^k = (1 + x_1)^r.  By the hypotheses ζ lies in (0, x_1], and
    q = f(ζ).  ∎

    The coefficients here are c_k = h_k(r) binomial(s, k)/s with s = tk + r and a polynomial h_k(r).  With
    u = (s-1)(s-2)…(s-k+2)/k! one has binomial(s, k)/s = (s-k+1) u, its value at r + 1 is s u, and that of
    k - 1 at r + t is k u; so the conditions are h_0(r) = r, h_k(0) = 0 and
    s h_k(r + 1) - (s-k+1) h_k(r) = k h_{k-1}(r + t)  (Graham, Knuth and Patashnik, eq. 5.60).
    """
    claim = goal.opened
    parts = claim.right.args if claim.relation == "=" and claim.right.op == "add" else ()
    sums = [part for part in parts if part.op == "sum" and part.args[:2] == (UNIT, INF)]
    others = [part for part in parts if part not in sums]
    if len(sums) != 1 or goal.names or not is_zero(add(MINUS, *others)):
        raise CoreError("the right side is not 1 plus a power series from the first order on")
    if any(letter.kind != (False, 1) or letter.arity for letter in (zeta, q, r)):
        raise CoreError("the unknown, the variable and the power of the series are positive letters")
    if r in exponent.symbols or any(r in claim.symbols for claim in goal.given):
        raise CoreError("the power of the series is not free: a hypothesis or the exponent speaks of it")
    unknown, rate = add(UNIT, at(zeta)), at(q)
    k = Term("generic", goal.level, WHOLE, UNIT, None)
    summand = instantiate(sums[0].args[2], k)
    require_defined(goal.signs, claim.left, *others, exponent, summand)
    if not goal.signs.is_nonnegative(add(exponent, MINUS)):
        raise CoreError("the exponent of the equation is not known to be at least 1")
    for hypothesis, proof in zip(implicit_hypotheses(zeta, q, exponent), because, strict=True):
        require_proved(proof, goal.given, hypothesis, goal.outer)
    if not is_zero(rest := minus(claim.left, power(unknown, at(r)))):
        raise CoreError("the left side is not that power of 1 + ζ", left=rest)
    s = add(mul(exponent, k), at(r))
    factor = _factor(mul(summand, power(rate, neg(k))), s, k)
    for monomial in form(factor):
        for atom, degree in monomial:
            moving = {k, at(r)} & {atom} or r in atom.symbols or k in atom.generics
            if q in atom.symbols or (
                moving and not (atom in (k, at(r)) and is_integer(degree) and degree.args[0] > 0)
            ):
                raise CoreError("the factor of the coefficients is not known to be a polynomial")
    if not goal.signs.is_nonnegative(factor):
        raise CoreError("the factor of the coefficients is not known to be non-negative")
    power_letter = at(r)
    later = replace(factor, power_letter, add(power_letter, UNIT))
    before = replace(replace(factor, power_letter, add(power_letter, exponent)), k, add(k, MINUS))
    recurrence = [mul(s, later), neg(mul(add(s, neg(k), UNIT), factor)), neg(mul(k, before))]
    for condition, difference in (
        ("c_0 = 1", minus(replace(factor, k, ZERO), power_letter)),
        ("c_k(0) = 0", replace(factor, power_letter, ZERO)),
        ("c_k(r+1) - c_k(r) = c_(k-1)(r+t)", add(*recurrence)),
    ):
        if not is_zero(difference):
            raise CoreError(f"the coefficients do not satisfy {condition}")
    return made(goal, exponent, *because, series=frozenset({normalized(sums[0])}))


def _factor(coefficient: Term, s: Term, k: Term) -> Term:
    """h with coefficient = h · binomial(s, k)/s, in normal form."""
    value = form(coefficient)
    binomials = {a for m in value for a, _ in m if a.op == "binomial"}
    if len(binomials) != 1:
        raise CoreError("the coefficients are not multiples of one binomial coefficient")
    (found,) = binomials
    if found.args[1] != k or not is_zero(minus(found.args[0], s)):
        raise CoreError("the coefficients are not multiples of the binomial coefficient of tk + r and k")
    cancelled = quotient(normalized(mul(coefficient, over(found), s)))
    if cancelled is not None and cancelled[1].denom.is_ground:
        numerator = cancelled[1].numer.quo_ground(cancelled[1].denom.LC)
        return normalized(polynomial(numerator, cancelled[0]))
    return canonical(mul(coefficient, over(found), s))
