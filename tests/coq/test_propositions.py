"""Statements as propositions: letters, kinds, hypotheses, limits and derivatives, recursions."""

from dataclasses import replace

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.coq.files import coq_name, texts
from symderive.coq.theory import theory
from symderive.library.formal import sections
from symderive.statements import (
    at_least,
    count,
    different,
    equal,
    equivalent,
    greater,
    limit,
    mean,
    semidefinite,
)
from symderive.statements.claim import Recursion
from symderive.statements.statement import Statement

n = sp.Symbol("n", integer=True, positive=True)
j, k, m = sp.symbols("j k m", integer=True, positive=True)
x, t = sp.symbols("x t", positive=True)
r = sp.Symbol("r", real=True)
F, G = sp.IndexedBase("F", real=True), sp.IndexedBase("G", real=True)
half = sp.Rational(1, 2)


def stated(claim, given=(), definitions=()):
    """The text of a statement of its own."""
    statement = Statement(
        id="own",
        title="Own",
        left=claim.left,
        right=claim.right,
        relation=claim.relation,
        over=claim.over,
        given=given,
        definitions=definitions,
        reference="none",
    )
    made = theory({"own": (statement,)})
    assert not made.without, made.without
    return made.sections["own"][statement].text.splitlines()


@pytest.mark.parametrize(
    ("claim", "last"),
    [
        (at_least(x + n, r), "INR n + x >= r"),
        (equal(F[j], 0, (j, 1, n)), "forall j, (1 <= j < n.+1)%N -> F j = 0"),
        (semidefinite(F[j, k], (j, 1, n), (k, 1, n)), "psd n F"),
        (semidefinite(x * F[k, j], (j, 1, n), (k, 1, n)), "psd n (fun j k => x * F k j)"),
        (equivalent(greater(x, 1), greater(2 * x, 2)), "(x > 1 <-> 2 * x > 2)"),
        (limit(1 / x, x, sp.oo, 0), "limit_at_infinity (fun x => / x) 0"),
        (limit(1 / n, n, sp.oo, 0), "limit_of_sequence (fun n => / INR n) 0"),
        (limit(x**2, x, sp.oo, sp.oo), "diverges_at_infinity (fun x => x ^ 2)"),
        (limit(x, x, 0, 0), "limit_from_above (fun x => x) 0 0"),
        (equal(sp.Derivative(x**2, x), 2 * x), "derivable_pt_lim (fun x => x ^ 2) x (2 * x)"),
        (
            at_least(sp.Derivative(x**2, x), 0),
            r"exists slope, derivable_pt_lim (fun x => x ^ 2) x slope /\ slope >= 0",
        ),
        (
            equal(sp.Derivative(x**2, x, x), 2),
            r"exists first : R -> R, (forall t, 0 < t -> derivable_pt_lim (fun x => x ^ 2) t (first t)) /\ "
            "derivable_pt_lim first x 2",
        ),
        (
            equal(sp.Derivative(sp.Sum(F[j] ** 2, (j, 1, n)), F[k]), 2 * F[k], (k, 1, n)),
            "forall k, (1 <= k < n.+1)%N -> derivable_pt_lim (fun t => \\sum_(1 <= j < n.+1) "
            "((update F k t) j) ^ 2) (F k) (2 * F k)",
        ),
        (equal(x, sp.Sum(t**k, (k, 1, sp.oo))), "series_from 1 (fun k => t ^ k) x"),
        (equal(sp.Sum(t**k, (k, 1, sp.oo)), 2 * x), "series_from 1 (fun k => t ^ k) (2 * x)"),
        (
            equal(x, 1 - 2 * sp.Sum(t ** (k - 1), (k, 1, sp.oo))),
            r"exists total, series_from 1 (fun k => t ^ (k - 1)) total /\ x = 1 - 2 * total",
        ),
        (
            equivalent(equal(x, 2 * sp.Sum(t**k, (k, 1, sp.oo))), greater(x, 1)),
            r"((exists total, series_from 1 (fun k => t ^ k) total /\ x = 2 * total) <-> x > 1)",
        ),
        (
            equal(F[j], sp.Sum(F[k] * t**j, (k, j, sp.oo)), (j, 1, n)),
            "forall j, (1 <= j < n.+1)%N -> series_from j (fun k => t ^ j * F k) (F j)",
        ),
        (
            equal(sp.Derivative(F[j] * F[k], F[j], F[k]), 1),
            "exists first : (nat -> R) -> R, (forall point, derivable_pt_lim (fun t => "
            r"(update point j t) j * (update point j t) k) (point j) (first point)) /\ "
            "derivable_pt_lim (fun t => first (update F k t)) (F k) 1",
        ),
        (count(x**2 - 2, x, 0, 2, 1), "number_of_roots (fun x => x ^ 2 - 2) (fun x => 0 < x < 2) 1"),
        (count(r - x, x, r, sp.oo, 0), "number_of_roots (fun x => r - x) (fun x => r < x) 0"),
        (count(x**3, x, -sp.oo, half, 1), "number_of_roots (fun x => x ^ 3) (fun x => x < 1 / 2) 1"),
        (count(x**2, x, -sp.oo, sp.oo, 1), "number_of_roots (fun x => x ^ 2) (fun x => True) 1"),
    ],
)
def test_a_claim(claim, last):
    assert stated(claim)[-1].strip() == last


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ((greater(F[j], r),), "F j > r -> "),
        ((different(F[j] * F[k] ** 2, 0),), "F j * (F k) ^ 2 <> 0 -> "),
        ((greater(sp.Sum(F[m], (m, 1, n)), 0),), "\\sum_(1 <= m < n.+1) F m > 0 -> "),
        ((at_least(F[j], r), equal(F[k], r), greater(r, x)), ""),  # not open, or not about the family
    ],
)
def test_a_first_derivative_is_asked_for_where_open_hypotheses_hold(given, near):
    last = stated(equal(sp.Derivative(F[j] * F[k], F[j], F[k]), 1), given=given)[-1]
    near = near.replace("F", "point")
    assert f"(forall point, {near}derivable_pt_lim (fun t => (update point j t) j" in last


def test_elements_stay_positive_where_a_first_derivative_is_asked_for():
    positive = sp.IndexedBase("G", positive=True)
    last = stated(equal(sp.Derivative(positive[j] ** 3, positive[j], positive[j]), 6 * positive[j]))[-1]
    assert "(forall point, (forall i, 0 < point i) -> derivable_pt_lim (fun t => ((update" in last


@pytest.mark.parametrize(
    ("family", "given"),
    [
        (F, (greater(1 / F[j], 0),)),  # where it holds, it may not hold near by
        (F, (greater(F[j], 0, (j, 1, n)),)),
        (sp.IndexedBase("G", nonnegative=True), ()),  # 0 has negative numbers near by
    ],
)
def test_second_derivatives_are_refused_where_hypotheses_may_not_hold_near_by(family, given):
    claim = equal(sp.Derivative(family[j] * family[k], family[j], family[k]), 1)
    with pytest.raises(AssertionError, match="second derivatives by"):
        stated(claim, given=given)


@pytest.mark.parametrize(
    "claim",
    [
        equal(sp.Derivative(F[j] * r, F[j], r), 1),
        equal(sp.Derivative(F[j] ** 3, F[j], F[j], F[j]), 6),
        equal(sp.Derivative(F[j] * G[j], F[j], G[j]), 1),
    ],
)
def test_other_derivatives_of_higher_order_are_refused(claim):
    with pytest.raises(AssertionError, match="higher order"):
        stated(claim)


def test_a_derivative_reaches_into_a_recursion():
    i = sp.Symbol("i", integer=True, nonnegative=True)
    power = sp.IndexedBase("P", real=True)
    definition = Recursion(power, (i,), base=F[1], step=r * power[i - 1])
    claim = equal(sp.Derivative(power[n], F[1]), r**n)
    assert stated(claim, definitions=(definition,))[-1].strip() == (
        "derivable_pt_lim (fun t => P (update F 1%N t) r n) (F 1%N) (r ^ n)"
    )


def test_what_a_hypothesis_makes_nonzero_has_powers_with_integer_exponents():
    claim = equal(r ** (n - 2), x)
    assert stated(claim, given=(different(r, 0),))[-1].strip() == "r ^ n / r ^ 2 = x"
    for other in (different(r, 1), different(x, 0), greater(x, r)):
        with pytest.raises(AssertionError, match="may be negative"):
            stated(claim, given=(other,))
    with pytest.raises(AssertionError, match="may be negative"):  # that r is not 0 says nothing of its root
        stated(equal(r ** (1 / n), x), given=(different(r, 0),))
    along = equal(sp.Derivative(r ** (n - 2), r), x)
    with pytest.raises(AssertionError, match="may be negative"):  # within a function r may be 0
        stated(along, given=(different(r, 0),))


def test_kinds_come_before_hypotheses_and_those_before_the_claim():
    assert stated(greater(x + n, r), given=(at_least(x, r),)) == [
        "forall (x r : R) (n : nat),",
        "  0 < x ->",
        "  (0 < n)%N ->",
        "  x >= r ->",
        "  INR n + x > r",
    ]


def test_a_recursion_is_a_fixpoint_with_its_letters():
    i = sp.Symbol("i", integer=True, nonnegative=True)
    power = sp.IndexedBase("P", real=True)
    definition = Recursion(power, (i, j), base=F[j], step=r * power[i - 1, j])
    statement = Statement(
        id="own", title="Own", left=power[n, 1], right=r, definitions=(definition,), reference="none"
    )
    made = texts(theory({"own": (statement,)}))
    assert (
        "Fixpoint P (F : nat -> R) (r : R) (i : nat) : nat -> R :=\n"
        "  match i with\n"
        "  | 0%N => fun j => F j\n"
        "  | i.+1 => fun j => r * P F r i j\n"
        "  end."
    ) in made["Definitions.v"]
    assert "P F r n 1%N = r" in made["statements/own.v"]


def test_two_definitions_of_one_letter_have_two_names_whichever_sections_are_wanted():
    i = sp.Symbol("i", integer=True, nonnegative=True)
    power = sp.IndexedBase("P", real=True)
    first = Statement(id="first", title="First", left=power[n], right=r, reference="none",
                      definitions=(Recursion(power, (i,), base=1, step=2 * power[i - 1]),))  # fmt: skip
    second = replace(first, id="second", definitions=(Recursion(power, (i,), base=1, step=power[i - 1]),))
    sections = {"one": (first,), "two": (second,)}
    whole, part = theory(sections), theory(sections, only={"two"})
    assert whole.sections["two"] == part.sections["two"]
    assert part.sections["two"][second].text.endswith("P_2 n = r")


def test_comments_of_coq_hold_any_words():
    odd = Statement(id="own", title='A "title" (* that *) says (** much', left=x, right=x, reference="none")
    text = texts(theory({"own": (odd,)}))["statements/own.v"]
    assert text.count("(*") == text.count("*)") == 2
    assert '"' not in text


def test_a_statement_without_proposition_is_named():
    sine = Statement(id="own", title="Own", left=sp.sin(r), right=r, reference="none")
    claim = count(sp.log(x), x, 0, 2, 1)
    roots = replace(sine, left=claim.left, right=claim.right, relation=claim.relation)
    reason = "the number of roots of log(x), which is no polynomial"
    assert theory({"own": (sine, roots)}).without == {sine: "sin, in sin(r)", roots: reason}


_geometric = sp.Sum(t**k, (k, 1, sp.oo))


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (at_least(x, _geometric), "an infinite sum"),
        (equal(x, _geometric + sp.Sum(x**k, (k, 1, sp.oo))), "more than one infinite sum"),
        (equal(x, sp.Sum(t ** (j + k), (j, 1, sp.oo), (k, 1, sp.oo))), "more than one index"),
        (equal(x, sp.Sum(t**k, (j, 1, n), (k, j, sp.oo))), "more than one index"),
        (equal(x, sp.Product(1 + sp.Sum(t ** (j * k), (k, 1, sp.oo)), (j, 1, n))), "within another"),
    ],
)
def test_an_infinite_sum_that_is_not_the_only_one_is_refused(claim, reason):
    statement = Statement(
        id="own", title="Own", left=claim.left, right=claim.right, relation=claim.relation, reference="none"
    )
    assert reason in theory({"own": (statement,)}).without[statement]


def test_a_changed_infinite_sum_changes_its_proposition():
    found = {statement.id: statement for all_ in sections().values() for statement in all_}
    for id_ in ("generalized-binomial-series", "catalan-generating-function", "isotropic-saddle-branch"):
        there = theory({"x": (found[id_],)}).sections["x"][found[id_]].text
        assert "series_from" in there
        for miss in found[id_].near_misses:
            altered = found[id_].altered(miss)
            assert theory({"x": (altered,)}).sections["x"][altered].text != there


def test_all_statements_of_the_package_have_a_proposition():
    made = theory(sections())
    assert not made.without
    lines = [line for text in texts(made).values() for line in text.splitlines()]
    assert max(map(len, lines)) <= 160


def test_a_changed_record_changes_its_proposition():
    for statement in sections()["diagonal-bound"]:
        for miss in statement.near_misses:
            there = theory({"x": (statement,)}).sections["x"][statement].text
            altered = statement.altered(miss)
            assert theory({"x": (altered,)}).sections["x"][altered].text != there


B = sp.IndexedBase("B", real=True)
layer = sp.Symbol("layer", integer=True, nonnegative=True)


def defined(head=B, base=0, step=None, layers=(layer,)):
    """A statement about a family that is defined so."""
    step = 2 * head[(layer - 1, *layers[1:])] if step is None else step
    definition = Recursion(head, layers, base=base, step=step)
    left = head[(n, *(1 for _ in layers[1:]))]
    return Statement(id="own", title="Own", left=left, right=r, definitions=(definition,), reference="none")


@pytest.mark.parametrize(
    "claim",
    [
        equal(sp.Sum(r ** (k - 3), (k, 1, 2)), 2),  # below 0, Coq's natural numbers stop
        limit(sp.sqrt(x - 1), x, 0, 0),
        equal(sp.Sum(sp.Derivative(k * r, r), (k, 1, 2)), 2),
        replace(limit(x, x, 0, 0), left=sp.Limit(sp.exp(-1 / x), x, 0, "-")),
        semidefinite(F[j, k], (j, 0, 1), (k, 0, 1)),
        semidefinite(F[j, k], (j, 1, n), (k, 1, 2)),
        semidefinite(F[j, k], (j, 2, n), (k, 2, n)),
        equal(sp.Sum(k ** sp.Rational(1, 3), (k, 0, 1)), 2),
        equal(sp.Sum(F[k - 1], (k, 0, 1)), 2),
        at_least(sp.Symbol("z", imaginary=True) ** 2, 0),
        at_least(sp.Symbol("z", negative=True), 0),
        at_least(sp.Symbol("z", integer=True, even=True, positive=True), 0),
        equal(sp.log(r), 0),
    ],
)
def test_what_coq_would_read_otherwise_has_no_proposition(claim):
    """Hypotheses are about free letters; the claims are false, or have no value."""
    statement = Statement(
        id="own", title="Own", left=claim.left, right=claim.right, relation=claim.relation, over=claim.over,
        given=(at_least(k - 3, 0), greater(x - 1, 0), at_least(k - 3, 0, (k, 3, 5))), reference="none",
    )  # fmt: skip
    made = theory({"own": (statement,)})
    assert statement in made.without, made.sections


@pytest.mark.parametrize(
    "statement",
    [
        defined(base=r * layer),  # the core takes it at layer 0; nothing else may
        defined(sp.IndexedBase("B", positive=True), base=-1),  # a sign that nothing proves
        replace(defined(), definitions=(*defined().definitions, *defined(base=1).definitions)),
        replace(
            defined(base=r * n), left=sp.Sum(B[n], (n, 1, 3))
        ),  # an index that the definition speaks of
    ],
)
def test_a_definition_that_says_something_else_has_no_proposition(statement):
    assert statement in theory({"own": (statement,)}).without


@pytest.mark.parametrize("name", ["INR", "delta", "forall", "B+", "2"])
def test_a_defined_family_takes_no_name_of_coq(name):
    made = theory({"own": (defined(sp.IndexedBase(name, real=True)),)})
    (definition,) = made.definitions.values()
    assert definition.name.isidentifier()
    assert definition.name.isascii()
    assert definition.name not in ("INR", "delta", "forall")


@pytest.mark.parametrize("name", ["nat", "forall", "match", "power", "h", "2-sums"])
def test_a_statement_takes_no_name_of_coq(name):
    statement = replace(defined(), id=name)
    text = texts(theory({"own": (statement,)}))["statements/own.v"]
    assert f"Definition {name} " not in text
    assert coq_name(name).isidentifier()


def test_own_letters_beside_averages_have_other_names():
    statement = Statement(
        id="own", title="Own", left=mean(sy.y**2), right=sp.Symbol("x", real=True), reference="none"
    )
    text = theory({"own": (statement,)}).sections["own"][statement].text
    assert "x_" in text
