"""Proof records: attempts to prove what is false, or to prove by means that do not prove."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from symderive.derivations.inequalities import (
    AM_GM,
    CAUCHY_SCHWARZ,
    EQUAL_PRODUCTS,
    POWER,
    SAME_POWER,
    P,
    X,
    Y,
    eta,
    s,
    xi,
)

from symderive import symbols as sy
from symderive.proofs.replay import ProofError, check
from symderive.sampling.examine import examine
from symderive.statements import (
    Domain,
    Recursion,
    Relation,
    RootCount,
    Statement,
    at_least,
    different,
    equal,
    greater,
    mean,
    semidefinite,
    z,
)
from symderive.statements.proof import (
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Differentiate,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    Use,
    axioms,
    combine,
    method,
)

D, i, j, k, n, lam, rho, t = sy.D, sy.i, sy.j, sy.k, sy.n, sy.lam, sy.rho, sy.t
w, v = sp.symbols("w v", real=True)
EACH = (j, 1, n)
Q = sp.IndexedBase("Q", real=True)


def claim(left: Any, right: Any, proof: Any, **fields: Any) -> Statement:
    return Statement(id="claim", title="", left=left, right=right, reference="", proof=proof, **fields)


def refused(statement: Statement, because: str) -> None:
    with pytest.raises(ProofError, match=because):
        check(statement)


GE, GT, IFF = Relation.AT_LEAST, Relation.GREATER, Relation.EQUIVALENT


# -- algebra -----------------------------------------------------------------------------------------


def test_an_identity_is_accepted_and_a_wrong_one_refused() -> None:
    check(claim((w + 1) ** 2, w**2 + 2 * w + 1, combine()))
    refused(claim((w + 1) ** 2, w**2 + 1, combine()), "not the combination")


def test_a_denominator_must_be_proved_nonzero_before_it_is_cancelled() -> None:
    quotient = (w**2 - 1) / (w - 1)
    refused(claim(quotient, w + 1, combine()), "not known to be nonzero")
    check(claim(quotient, w + 1, combine(), given=(different(w, 1),)))
    check(claim(quotient, w + 1, combine(), given=(greater(w, 1),)))


def test_a_branch_lost_by_a_division_is_caught() -> None:
    all_roots = sp.Eq(w**2 * (w**2 - 1), 0, evaluate=False)
    some_roots = sp.Eq(w**2 - 1, 0, evaluate=False)
    proof = BothWays(
        combine(Use(equal(*all_roots.args), times=1 / w**2)),
        combine(Use(equal(*some_roots.args), times=w**2)),
    )
    refused(claim(all_roots, some_roots, proof, relation=IFF), "not known to be nonzero")
    check(claim(all_roots, some_roots, proof, relation=IFF, given=(different(w, 0),)))


def test_powers_and_logarithms_need_a_positive_base() -> None:
    refused(claim(sp.Pow(w, sp.Rational(1, 2)) ** 2, w, combine(Use(equal(w, 0)))), "not a hypothesis")
    refused(
        claim(sp.sqrt(w) * sp.sqrt(w - 1), sp.sqrt(w) * sp.sqrt(w - 1), combine()), "non-negative|positive"
    )
    refused(claim(sp.log(w), sp.log(w), combine()), "not known to be positive")
    refused(claim(sp.sqrt(-lam), sp.sqrt(-lam), combine()), "real|non-negative|positive")


def test_an_infinite_or_imaginary_number_is_no_number() -> None:
    refused(claim(sp.zoo, sp.zoo, combine()), "not a real number")
    refused(claim(sp.I * w, sp.I * w, combine()), "not a real number")


# -- inequalities ------------------------------------------------------------------------------------


def test_a_rest_must_be_manifestly_non_negative() -> None:
    check(claim(w**2 + v**2, 2 * w * v, combine(plus=(w - v) ** 2), relation=GE))
    refused(claim(w**2 + v**2, 2 * w * v - v, combine(plus=(w - v) ** 2 + v), relation=GE), "manifestly")
    refused(claim(w**2, 0, combine(plus=w**2), relation=GT), "strict")
    check(claim(w**2 + lam, 0, combine(plus=(w**2, lam)), relation=GT))


def test_an_inequality_is_not_multiplied_by_what_may_be_negative() -> None:
    premise = at_least(w, v)
    refused(claim(-w, -v, combine(Use(premise, times=-1)), relation=GE, given=(premise,)), "non-negative")
    refused(
        claim(w**3, w**2 * v, combine(Use(premise, times=w)), relation=GE, given=(premise,)), "non-negative"
    )
    check(claim(w * lam, v * lam, combine(Use(premise, times=lam)), relation=GE, given=(premise,)))


def test_an_equation_does_not_follow_from_an_inequality() -> None:
    premise = at_least(w, v)
    refused(claim(w, v, combine(Use(premise)), given=(premise,)), "cannot rest")
    refused(claim(w, v, combine(plus=w - v), given=(premise,)), "no room")


def test_a_hypothesis_about_one_index_says_nothing_about_a_sum() -> None:
    """The j of the hypothesis is one index; the j of the sum is all of them."""
    one = at_least(X[j], 0)
    sum_ = sp.Sum(X[j], EACH)
    refused(claim(sum_, 0, combine(plus=sum_), relation=GE, given=(one,), over=(EACH,)), "manifestly")
    quotient = sp.Sum(1 / X[j], EACH)
    refused(
        claim(quotient, quotient, combine(), given=(different(X[j], 0),), over=(EACH,)),
        "not known to be nonzero",
    )
    every = at_least(X[j], 0, EACH)
    check(claim(sum_, 0, combine(Use(every, over=(EACH,))), relation=GE, given=(every,)))


def test_a_sum_over_an_empty_range_is_not_strict() -> None:
    every = greater(X[j], 0, (j, 1, n - 1))
    sum_ = sp.Sum(X[j], (j, 1, n - 1))
    refused(
        claim(sum_, 0, combine(Use(every, over=((j, 1, n - 1),))), relation=GT, given=(every,)), "strict"
    )


# -- facts ---------------------------------------------------------------------------------------------


def test_a_hypothesis_is_known_only_for_what_it_quantifies_over() -> None:
    premise = equal(w, 1)
    refused(claim(v, 1, combine(Use(premise, where={w: v})), given=(premise,)), "fixed")
    family = equal(X[j], 1, EACH)
    check(claim(X[1], 1, combine(Use(family, where={j: 1})), given=(family,)))
    refused(claim(X[n + 1], 1, combine(Use(family, where={j: n + 1})), given=(family,)), "not known to run")
    refused(claim(X[k], 1, combine(Use(family, where={j: k})), given=(family,)), "not known to run")
    check(claim(X[k], 1, combine(Use(family, where={j: k})), given=(family,), over=((k, 1, n),)))
    refused(
        claim(X[k], 1, combine(Use(family, where={j: k})), given=(family,), over=((k, 0, n),)),
        "may start below",
    )


def test_a_fact_is_used_only_where_its_kinds_of_symbols_allow() -> None:
    check(
        claim(
            lam + rho,
            2 * sp.sqrt(lam * rho),
            combine(Use(AM_GM, where={xi: lam, P[j]: rho, n: 1})),
            relation=GE,
        )
    )
    refused(claim(0, 0, combine(Use(AM_GM, where={xi: w})), relation=GE), "positive")
    refused(claim(0, 0, combine(Use(AM_GM, where={n: sp.Rational(1, 2)})), relation=GE), "whole number")


def test_the_hypotheses_of_a_fact_are_discharged() -> None:
    where = {xi: lam, eta: rho, s: 2}
    square = claim(lam**2, rho**2, combine(Use(POWER, where=where)), relation=GE)
    refused(square, "not discharged")
    check(replace(square, given=(at_least(lam, rho),)))
    refused(replace(square, given=(at_least(rho, lam),)), "not discharged")
    # by a proof: λ ≥ ρ because λ = ρ + t
    sum_ = equal(lam, rho + t)
    by_proof = combine(Use(POWER, where=where, given=(combine(Use(sum_), plus=t),)))
    check(replace(square, given=(sum_,), proof=by_proof))


def test_a_fact_whose_own_proof_is_refused_is_no_fact() -> None:
    false = claim(w, w + 1, combine())
    refused(claim(v, v + 1, combine(Use(false, where={w: v}))), "rests on claim")
    untested = claim(w, w, None)
    refused(claim(v, v, combine(Use(untested, where={w: v}))), "no proof is given")


def test_bound_indices_are_not_captured() -> None:
    # xi = Σ_j Y_j put into Σ_j X_j xi must not meet the outer j.
    fact = claim(sp.Sum(X[j] * w, EACH), w * sp.Sum(X[j], EACH), combine())
    inner = sp.Sum(Y[j], EACH)
    check(
        claim(
            sp.Sum(X[k] * inner, (k, 1, n)),
            inner * sp.Sum(X[j], EACH),
            combine(Use(fact, where={w: inner})),
        )
    )
    refused(
        claim(sp.Sum(X[j] * Y[j], EACH), Y[k] * sp.Sum(X[j], EACH), combine(Use(fact, where={w: Y[j]}))),
        "not the combination",
    )


def test_a_hypothesis_about_one_index_says_nothing_about_a_family() -> None:
    one = greater(X[j], 0)
    arithmetic = combine(Use(AM_GM, where={P[j]: X[j], xi: lam}))
    refused(claim(0, 0, arithmetic, relation=GE, given=(one,), over=(EACH,)), "positive")
    weighted = combine(Use(CAUCHY_SCHWARZ, times=X[j], over=(EACH,)))
    refused(claim(0, 0, weighted, relation=GE, given=(one,), over=(EACH,)), "has a meaning already")


def test_a_hypothesis_for_all_indices_is_not_discharged_by_one_for_some() -> None:
    """X_j Y_k = 0 for this j and all k is not X_j Y_j = 0 for all j."""
    A, B = (sp.IndexedBase(name, real=True) for name in "AB")
    some = equal(A[j] * B[k], 0, (k, 1, n))
    every = equal(X[i] * Y[i], 0, (i, 1, n))
    proof = combine(Use(every, over=((i, 1, n),)))
    fact = claim(sp.Sum(X[i] * Y[i], (i, 1, n)), 0, proof, given=(every,))
    check(fact)
    use = combine(Use(fact, where={X[k]: A[k], Y[k]: B[k]}))
    refused(claim(sp.Sum(A[i] * B[i], (i, 1, n)), 0, use, given=(some,), over=(EACH,)), "not discharged")


def test_moments_are_facts_about_random_variables_only() -> None:
    second = claim(mean(sy.y**2), sy.c, combine())
    check(second)
    refused(claim(mean(4), sy.c, combine(Use(second, where={sy.y: 2}))), "fixed")
    refused(claim(mean(sy.y**2), 1, combine(Use(second, where={sy.c: 1}))), "moment of the model")


def test_a_semidefinite_hypothesis_is_about_every_test_vector() -> None:
    psd = semidefinite(Q[j, k], (j, 1, n), (k, 1, n))
    diagonal = sp.KroneckerDelta(j, 1)
    corner = claim(Q[1, 1], 0, combine(Use(psd, where={z[j]: diagonal})), relation=GE, given=(psd,))
    check(corner)
    refused(  # 2 is not known to be an index of the sum
        claim(
            Q[2, 2], 0, combine(Use(psd, where={z[j]: sp.KroneckerDelta(j, 2)})), relation=GE, given=(psd,)
        ),
        "not the combination",
    )
    entry = claim(
        Q[i, i], 0, combine(Use(psd, where={z[j]: sp.KroneckerDelta(j, i)})),
        relation=GE, given=(psd,), over=((i, 1, n),),
    )  # fmt: skip
    check(entry)
    refused(replace(entry, left=-Q[i, i]), "not the combination")


# -- the other rules -----------------------------------------------------------------------------------


def squares(depth: Any) -> sp.Sum:
    return sp.Sum(i**2, (i, 1, depth))


def test_induction_needs_base_and_step() -> None:
    formula = D * (D + 1) * (2 * D + 1) / 6
    proof = Induct(D, base=combine(), step=combine(Use(HYPOTHESIS)))
    check(claim(squares(D), formula, proof))
    refused(claim(squares(D), formula + 1, proof), "induction base")
    refused(claim(squares(D), formula + D * (D - 1), proof), "induction step")
    refused(claim(squares(D), formula, combine(Use(HYPOTHESIS))), "no induction hypothesis")


def test_the_step_holds_from_the_base_on() -> None:
    """0 ≥ D is true at 0, and false from 1 on, where it implies anything: the step must hold at 0 too."""
    step = combine(Use(HYPOTHESIS, times=1 + 1 / D))
    refused(claim(0, D, Induct(D, base=combine(), step=step), relation=GE), "step.*nonzero")


def test_the_induction_hypothesis_is_about_the_layer_below() -> None:
    proof = Induct(D, base=combine(), step=combine(Use(HYPOTHESIS, where={D: D + 1})))
    refused(claim(squares(D), D, proof), "fixed")
    layers = Recursion(X, (i,), sp.Integer(1), 2 * X[i - 1])
    grown = claim(
        X[D], 2**D, Induct(D, base=combine(), step=combine(Use(HYPOTHESIS, times=2))), definitions=(layers,)
    )
    check(grown)
    refused(replace(grown, right=3**D), "induction step")
    other = Recursion(X, (i,), sp.Integer(1), 3 * X[i - 1])
    refused(claim(X[D], 2**D, combine(Use(grown)), definitions=(other,)), "not the combination")


def test_derivatives() -> None:
    cube = sp.Derivative(w**3, w)
    check(claim(cube, 3 * w**2, Differentiate(combine())))
    refused(claim(cube, 2 * w**2, Differentiate(combine())), "not the combination")
    check(claim(cube, 3 * w**2, combine()))  # a derivative is what it is, with or without being named


def test_a_derivative_by_a_bound_index_captures_nothing() -> None:
    by_element = sp.Derivative(sp.Sum(X[j] ** 2, EACH), X[j])
    check(claim(by_element, 2 * X[j], Differentiate(combine()), over=(EACH,)))
    refused(
        claim(by_element, 2 * sp.Sum(X[j], EACH), Differentiate(combine()), over=(EACH,)),
        "not the combination",
    )


@pytest.mark.parametrize(
    ("expression", "point", "value"),
    [
        ((lam + 1) / (2 * lam + 3), sp.oo, sp.Rational(1, 2)),
        ((lam + 1) / (2 * lam + 3), 0, sp.Rational(1, 3)),
        (lam ** (1 / D), 0, 0),
        (lam ** (1 / D), sp.oo, sp.oo),
        (sp.Sum(X[j] ** 2 * lam**2 / (lam + rho) ** 2, EACH), sp.oo, sp.Sum(X[j] ** 2, EACH)),
    ],
)
def test_limits(expression: Any, point: Any, value: Any) -> None:
    left = sp.Limit(expression, lam, point)
    check(claim(left, value, LeadingTerms(), relation=Relation.LIMIT))
    wrong = value + 1 if value != sp.oo else 1
    refused(claim(left, wrong, LeadingTerms(), relation=Relation.LIMIT), "limit is|not the combination")


def test_limits_of_unknown_order_are_refused() -> None:
    refused(
        claim(sp.Limit(lam**w, lam, sp.oo), 0, LeadingTerms(), relation=Relation.LIMIT),
        "dominant power|positive",
    )
    refused(
        claim(sp.Limit(lam / (1 + w * lam), lam, sp.oo), 1 / w, LeadingTerms(), relation=Relation.LIMIT),
        "nonzero|dominant",
    )


def test_sturm_counts_distinct_roots_in_the_open_interval() -> None:
    polynomial = (w - 1) ** 2 * (w - 2) * (w + 3)
    for low, high, count in ((0, sp.oo, 2), (0, 2, 1), (1, 2, 0), (-sp.oo, sp.oo, 3)):
        left = RootCount(polynomial, w, low, high)
        check(claim(left, count, CountRoots(), relation=Relation.COUNT))
        refused(claim(left, count + 1, CountRoots(), relation=Relation.COUNT), "Sturm")


q = sy.q
order = sp.Symbol("k", integer=True, nonnegative=True)
GEOMETRIC = claim(
    1 / (1 - q),
    sp.Sum(q**order, (order, 0, sp.oo)),
    PowerSeries((-1, 1 - q)),
    given=(greater(sp.Rational(1, 2), q),),
)
CENTRAL = claim(
    1 / sp.sqrt(1 - 4 * q),
    sp.Sum(sp.binomial(2 * order, order) * q**order, (order, 0, sp.oo)),
    PowerSeries((-2, 1 - 4 * q)),
    given=(greater(sp.Rational(1, 4), q),),
)


@pytest.mark.parametrize("series", [GEOMETRIC, CENTRAL])
def test_power_series(series: Statement) -> None:
    check(series)
    refused(replace(series, left=2 * series.left), r"coefficients of q\^0 differ")
    refused(replace(series, left=series.left**2), "does not solve")
    doubled = series.right.func(2**order * series.right.function, (order, 0, sp.oo))
    refused(replace(series, right=doubled), "converge|recurrence")
    refused(replace(series, given=()), "no hypothesis")
    refused(replace(series, given=(greater(3, q),)), "not known|converge")
    tested = replace(series, domains=(Domain(ranges=((q, (0, sp.Rational(1, 5))),)),))
    assert examine(tested, digits=30, seed=0).counterexample is None
    assert examine(replace(tested, left=series.left + q**9), digits=30, seed=0).counterexample is not None


def test_orders_that_the_equation_leaves_free_are_compared() -> None:
    """q y' = 2 y leaves the coefficient of q² free."""
    series = claim(
        3 * q**2, sp.Sum(0 ** ((order - 2) ** 2) * q**order, (order, 0, sp.oo)), PowerSeries((-2, q))
    )
    refused(replace(series, given=(greater(1, q),)), "grow evenly")
    geometric = claim(
        1 / (1 - q),
        sp.Sum(q**order, (order, 0, sp.oo)),
        PowerSeries((0, -2, 1 - q)),
        given=(greater(1, q),),
    )
    check(geometric)  # (1 - q) y'' = 2 y' leaves two orders free
    refused(replace(geometric, left=1 / (1 - q) + 1), r"q\^0 differ")
    refused(replace(geometric, left=2 / (1 - q) - 1), r"q\^1 differ")


def test_an_instance_is_what_it_says() -> None:
    general = claim(
        squares(D), D * (D + 1) * (2 * D + 1) / 6, Induct(D, base=combine(), step=combine(Use(HYPOTHESIS)))
    )
    check(claim(14, 14, Instance(general, ((D, sp.Integer(3)),))))
    refused(claim(15, 14, Instance(general, ((D, sp.Integer(3)),))), "not the general statement")
    refused(claim(0, 0, Instance(general, ((D, sp.Integer(-1)),))), "D is non-negative")


def test_something_else_is_no_proof() -> None:
    refused(claim(w, w, "because"), "not a proof")
    refused(claim(w, w, LeadingTerms()), "limits only")
    refused(claim(w, w, CountRoots()), "counts roots only")
    refused(claim(w, w, combine(Use("because"))), "not a fact")


def test_axioms_and_methods_are_named() -> None:
    assert axioms(SAME_POWER) == axioms(AM_GM) == ("logarithm",)
    assert axioms(CAUCHY_SCHWARZ) == axioms(EQUAL_PRODUCTS) == ()
    assert method(CAUCHY_SCHWARZ) == "manifestly non-negative rest"
    assert method(EQUAL_PRODUCTS) == "induction on D"


# -- one name, two meanings --------------------------------------------------------------------------


def test_a_premise_about_one_index_says_nothing_about_the_others() -> None:
    one = sp.Ge(X[k], 0, evaluate=False)
    total = sp.Sum(X[j], EACH)
    over = ((k, 1, n),)
    both = BothWays(combine(plus=(X[k], total)), combine(plus=X[k]))
    refused(
        claim(one, sp.Ge(X[k] + total, 0, evaluate=False), both, relation=IFF, over=over),
        "forward.*not manifestly",
    )
    twice = BothWays(
        combine(plus=(X[k], X[k])), combine(Use(at_least(2 * X[k], 0), times=sp.Rational(1, 2)))
    )
    check(claim(one, sp.Ge(2 * X[k], 0, evaluate=False), twice, relation=IFF, over=over))


def test_test_vectors_of_nested_matrix_inequalities_are_two() -> None:
    """z_j z_k - |z|²/2 δ_jk is positive at z, and not at other vectors."""
    psd = semidefinite(Q[j, k], (j, 1, n), (k, 1, n))
    at_vector = claim(
        sp.Sum(Y[j] * Y[k] * Q[j, k], EACH, (k, 1, n)), 0, combine(Use(psd, where={z[j]: Y[j]})),
        relation=GE, given=(psd,),
    )  # fmt: skip
    check(at_vector)
    size = sp.Sum(z[j] ** 2, EACH)

    def outer(entry: Any, inner: Any) -> Statement:
        form = sp.Sum(z[j] * z[k] * entry, EACH, (k, 1, n))
        use = Use(at_vector, where={Q[j, k]: entry, Y[j]: z[j]}, given=(inner,))
        return claim(
            sp.KroneckerDelta(j, k), 0, combine(use, plus=(size, -form)),
            relation=Relation.MATRIX_AT_LEAST, over=(EACH, (k, 1, n)),
        )  # fmt: skip

    refused(
        outer(z[j] * z[k] - sp.KroneckerDelta(j, k) * size / 2, combine(plus=size**2 / 2)),
        "not the combination",
    )
    refused(outer(0 * j, combine(plus=size)), "not the combination")
    check(outer(0 * j, combine()))


def test_roots_are_counted_among_the_values_of_their_letter() -> None:
    root = sp.Symbol("root", real=True)
    whole, above = sp.Symbol("whole", integer=True), sp.Symbol("above", positive=True)

    def counted(variable: Any, low: int, number: int) -> Statement:
        count = RootCount(variable**2 - 2, variable, low, 2)
        return claim(count, number, CountRoots(), relation=Relation.COUNT)

    check(counted(root, -2, 2))
    check(counted(above, 0, 1))
    refused(counted(above, -2, 2), "all roots from -2 on")
    refused(counted(whole, 0, 1), "all roots from 0 on")


def test_a_defined_family_is_declared_real_only() -> None:
    """SymPy writes |P_D| for √(P_D²) of a real family and P_D of a positive one, whatever defines it."""
    for kind, says in (("real", ""), ("positive", "declared more than real")):
        head = sp.IndexedBase("head", **{kind: True})
        below = Recursion(head, (i,), sp.Integer(-1), head[i - 1])
        same = claim(head[D] ** 2, head[D] * head[D], combine(), definitions=(below,))
        if says:
            refused(same, says)
        else:
            check(same)


def test_zero_to_the_power_zero_is_one_for_whole_exponents_only() -> None:
    check(claim(w**n * w, w ** (n + 1), combine()))
    check(claim(lam**sy.c, lam**sy.c, combine()))
    refused(claim(sy.c**sy.c, sy.c**sy.c, combine()), "not known to be positive")
    check(claim(sy.c ** (sy.c + 1), sy.c ** (sy.c + 1), combine()))
