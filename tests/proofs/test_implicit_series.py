"""Generalized binomial series: what the proof record accepts, what it refuses, and series in algebra."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mpmath
import pytest
import sympy as sp
from symderive.derivations.isotropic.infinite_depth_catalan import CATALAN
from symderive.derivations.isotropic.infinite_depth_catalan import SADDLE as CATALAN_SADDLE
from symderive.derivations.isotropic.infinite_depth_catalan import STABLE as CATALAN_STABLE
from symderive.derivations.isotropic.isotropic_closed_form import POWERS, powers, r
from symderive.derivations.isotropic.isotropic_closed_form import s as t

from symderive import symbols as sy
from symderive.core.forms import is_zero
from symderive.formulas.isotropic import isotropic
from symderive.proofs.elaborate import Elaborator
from symderive.proofs.replay import ProofError, check
from symderive.statements import (
    Claim,
    Differentiate,
    ImplicitSeries,
    LeadingTerms,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

k, q, zeta = sy.k, sy.q, sy.zeta
ROOT, STABLE, CONVEX = POWERS.given


def vanishes(expression: Any) -> bool:
    return is_zero(Elaborator().term(expression, {}))


def claim(left: Any, right: Any, proof: Any, **fields: Any) -> Statement:
    return Statement(id="claim", title="", left=left, right=right, reference="", proof=proof, **fields)


def refused(statement: Statement, because: str) -> None:
    with pytest.raises(ProofError, match=because):
        check(statement)


def altered(**fields: Any) -> Statement:
    return replace(POWERS, near_misses=(), **fields)


def with_coefficients(coefficient: Any) -> Statement:
    return altered(right=1 + sp.Sum(coefficient * q**k, (k, 1, sp.oo)))


def test_powers_of_the_solution_are_accepted_in_any_algebraic_form() -> None:
    check(POWERS)
    binomial = sp.binomial(t * k + r, k)
    check(with_coefficients(r * (k + 1) * binomial / ((t * k + r) * k + t * k + r)))
    check(altered(left=(1 + zeta) ** (r + 1) / (1 + zeta)))


@pytest.mark.parametrize(
    ("coefficient", "because"),
    [
        (sp.binomial(t * k + r, k), "polynomial|c_k"),  # of the powers over another function
        (r / (t * k + r) * sp.binomial(t * k + r + 1, k), "multiples of"),
        (r / (t * k + r) * sp.binomial(t * k + r, k + 1), "multiples of"),
        (r / (t * k + r) * sp.binomial(k + r, k), "multiples of"),
        (2 * r / (t * k + r) * sp.binomial(t * k + r, k), "c_0 = 1"),
        (r**2 / (t * k + r) * sp.binomial(t * k + r, k), "c_0 = 1"),
        ((r + k) / (t * k + r) * sp.binomial(t * k + r, k), r"c_k\(0\) = 0"),
        (r * (r + k) / (r * (t * k + r)) * sp.binomial(t * k + r, k), r"c_k\(0\) = 0"),
        (r * (k + 1) / (t * k + r) * sp.binomial(t * k + r, k), r"c_\(k-1\)"),
        (r / (t * k + r) * sp.binomial(t * k + r, k) / (k + 1), "polynomial"),
        (r / (t * k + r) * sp.binomial(t * k + r, k) / sp.factorial(k), "polynomial|multiples|do not know"),
        (r / (t * k + r), "multiples of"),
        (-r / (t * k + r) * sp.binomial(t * k + r, k), "non-negative|c_0"),
    ],
)
def test_other_coefficients_are_refused(coefficient: Any, because: str) -> None:
    refused(with_coefficients(coefficient), because)


def test_the_terms_must_be_defined() -> None:
    hole = (k**2 - 1) / (k - 1)
    refused(with_coefficients(r / (t * k + r) * sp.binomial(t * k + r, k) * hole), "nonzero")
    w = sp.Symbol("w", real=True)
    one = (w**2 + w) / (w * (w + 1))
    refused(altered(left=POWERS.left * one), "nonzero")
    refused(altered(right=POWERS.right - 1 + one), "nonzero")


def test_other_series_are_refused() -> None:
    term = POWERS.right.args[1].function
    refused(altered(right=sp.Sum(term, (k, 1, sp.oo))), "1 plus")
    refused(altered(right=1 + sp.Sum(term, (k, 2, sp.oo))), "first order")
    refused(altered(right=1 + sp.Sum(term, (k, 1, sy.n))), "first order")
    refused(altered(right=1 + sp.Sum(term * q, (k, 1, sp.oo))), "polynomial")
    refused(altered(left=(1 + zeta) ** (2 * r)), "not that power")
    refused(altered(left=zeta**r), "not that power")
    refused(altered(relation=Relation.AT_LEAST), "1 plus")


def test_every_hypothesis_is_needed() -> None:
    refused(altered(given=(STABLE, CONVEX)), "not discharged")
    refused(altered(given=(ROOT, CONVEX)), "not discharged")
    refused(altered(given=(ROOT, STABLE)), "not known to be at least 1")
    refused(altered(given=(ROOT, at_least((t - 1) * zeta, 1), CONVEX)), "not discharged")
    other = equal(zeta, q * (1 + zeta) ** (t + 1))
    refused(altered(given=(other, STABLE, CONVEX)), "not discharged")
    refused(altered(given=(ROOT, at_least(2, (t - 1) * zeta), CONVEX)), "not discharged")
    refused(altered(given=(ROOT, STABLE, at_least(t, sp.Rational(1, 2)))), "not known to be at least 1")
    check(altered(given=(ROOT, greater(1, (t - 1) * zeta), at_least(t, 3))))


def test_the_power_is_free() -> None:
    """The difference equation speaks of all r, so no hypothesis may fix it, nor the exponent hold it."""
    refused(altered(given=(*POWERS.given, greater(1, r))), "is not free")
    refused(altered(proof=ImplicitSeries(zeta, q, t, sp.Integer(1))), "not a symbol")
    at_r = {t: r + 1}
    refused(
        altered(
            left=(1 + zeta) ** r,
            right=POWERS.right.xreplace(at_r),
            given=tuple(
                Claim(each.relation, each.left.xreplace(at_r), each.right.xreplace(at_r))
                for each in POWERS.given
            ),
            proof=ImplicitSeries(zeta, q, r + 1, r),
        ),
        "is not free",
    )


def test_an_index_with_the_name_of_a_free_symbol_is_not_captured() -> None:
    """t := k, a symbol with hypotheses, under a sum over k."""
    at_k = {t: k}
    given = tuple(
        Claim(each.relation, each.left.xreplace(at_k), each.right.xreplace(at_k)) for each in POWERS.given
    )
    captured = altered(right=powers(k, r, q), given=given, proof=ImplicitSeries(zeta, q, k, r))
    refused(captured, "multiples of")


@pytest.mark.parametrize(("exponent", "power"), [("1", "1"), ("3/2", "2"), ("7/3", "1/3"), ("4", "5")])
def test_the_theorem_against_a_root_finder(exponent: str, power: str) -> None:
    """At half the radius of convergence and at the radius itself, where terms fall like k^{-3/2}."""
    with mpmath.workdps(30):
        s, p = (mpmath.mpf(sp.Rational(x).p) / sp.Rational(x).q for x in (exponent, power))

        def term(order: int, x: Any) -> Any:
            return p / (s * order + p) * mpmath.binomial(s * order + p, order) * x**order

        radius = (s - 1) ** (s - 1) / s**s
        x = radius / 2
        root = mpmath.findroot(lambda y: y - x * (1 + y) ** s, x)
        assert root * (s - 1) < 1
        total = mpmath.fsum(term(order, x) for order in range(120))
        assert abs(total - (1 + root) ** p) < mpmath.mpf(10) ** -25
        if s > 1:
            terms = 400
            partial = mpmath.fsum(term(order, radius) for order in range(terms))
            left_out = 2 * terms * term(terms, radius)  # Σ k^{-3/2} from n on is about 2n · n^{-3/2}
            assert abs(partial + left_out - (s / (s - 1)) ** p) < left_out / 100


def test_differences_of_the_coefficients_by_brute_force() -> None:
    """c_k(r+1) - c_k(r) = c_{k-1}(r+t) for polynomials written out."""

    def coefficient(order: int, power: Any) -> Any:
        product = sp.Mul(*(t * order + power - j for j in range(1, order)))
        return power * product / sp.factorial(order) if order else sp.Integer(1)

    for order in range(1, 7):
        step = coefficient(order, r + 1) - coefficient(order, r) - coefficient(order - 1, r + t)
        assert sp.expand(step) == 0
        assert sp.expand(coefficient(order, r) - coefficient(order - 1, r)) != 0


# -- infinite sums in algebra ------------------------------------------------------------------------------


def series(term: Any, index: Any = k) -> Any:
    return sp.Sum(term, (index, 1, sp.oo))


def test_equal_series_have_one_normal_form() -> None:
    j, a, b = sy.j, *sp.symbols("a b", real=True)
    assert vanishes(series((a + b) ** 2 * q**k) - series((a**2 + 2 * a * b + b**2) * q**j, j))
    assert not vanishes(series((a + b) ** 2 * q**k) - series((a**2 + a * b + b**2) * q**k))
    assert not vanishes(series(q**k) - sp.Sum(q**k, (k, 1, sy.n)))
    from_zero = sp.Symbol("k", integer=True, nonnegative=True)
    assert not vanishes(series(q**k) - sp.Sum(q**from_zero, (from_zero, 0, sp.oo)))
    assert vanishes(series(sp.binomial(2 * (k + 1) - 1, k)) - series(sp.binomial(2 * k + 1, k)))


def test_a_series_has_a_value_only_where_a_fact_gives_it_one() -> None:
    divergent = series(t**k)
    refused(
        claim(divergent / (1 + divergent) + 1 / (1 + divergent), 1, combine()), "not known to be convergent"
    )
    twice = claim(2 * (1 + zeta), 2 * powers(t, 1, q), combine(Use(POWERS, times=2, where={r: 1})))
    check(replace(twice, given=POWERS.given))
    refused(twice, "not discharged")
    mixed = replace(twice, given=POWERS.given, left=twice.left + divergent, right=twice.right + divergent)
    refused(mixed, "not known to be convergent")
    refused(claim(sy.lam, sy.lam, combine(), given=(equal(zeta, divergent),)), "not known to be convergent")


def test_facts_are_not_summed_over_infinitely_many_indices() -> None:
    X = sp.IndexedBase("X", real=True)
    zero = equal(X[k], 0, (k, 1, sp.oo))
    proof = combine(Use(zero, over=((k, 1, sp.oo),)))
    refused(claim(series(X[k]), 0, proof, given=(zero,)), "not a real number")
    refused(claim(0, 0, proof, given=(zero,)), "not a real number")


def test_no_limit_or_derivative_is_taken_term_by_term() -> None:
    left = sp.Derivative(powers(t, 1, q), q)
    refused(claim(left, left.doit(), Differentiate(combine())), "not known to be convergent")
    limit = sp.Limit(series(q**k / k**2), q, 0)
    refused(claim(limit, 0, LeadingTerms(), relation=Relation.LIMIT), "not known to be convergent")


@pytest.mark.parametrize("first", [0, -1])
def test_an_index_is_positive_only_in_a_sum_from_one(first: int) -> None:
    index = sp.Symbol("k", integer=True)
    quotient = sp.Sum(1 / index, (index, first, sy.n))
    refused(claim(quotient, quotient, combine()), "not known to be nonzero")
    below = sp.Sum(1 / (index - 1), (index, first, sy.n))
    refused(claim(below, below, combine()), "not known to be nonzero")


def test_binomials_are_of_whole_numbers_below() -> None:
    odd = sp.binomial(t, r)
    refused(claim(odd, odd, combine()), "whole number")
    check(claim(sp.binomial(t + k, k), sp.binomial(k + t, k), combine()))


# -- one source --------------------------------------------------------------------------------------------


def test_infinite_depth_is_what_is_computed() -> None:
    infinite = isotropic(depth=sp.oo)
    assert vanishes(infinite.stable.ridge_ratio - CATALAN_STABLE.right)
    assert vanishes(1 / infinite.saddle.ridge_ratio - CATALAN_SADDLE.right)
    for order in range(1, 8):
        coefficient = infinite.stable.term(order) / q**order
        assert coefficient == sp.catalan(order)
        index = CATALAN.right.variables[0]
        assert CATALAN.right.function.subs(index, order) == coefficient * q**order
