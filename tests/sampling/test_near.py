"""Near-misses: one thing changed, refuted inside the domain of the statement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.library.load import load, load_all
from symderive.proofs.near_misses import inherited, of_relation
from symderive.proofs.prover import prove
from symderive.sampling.near import changes, refute
from symderive.statements import (
    Domain,
    NearMiss,
    Relation,
    Statement,
    at_depth,
    at_least,
    combine,
    different,
    equal,
    greater,
)
from symderive.verdict import Verdict

D, i, j, n = sy.D, sy.i, sy.j, sy.n
u, v, w = sp.symbols("u v w", real=True)
p = sp.Symbol("p", positive=True)
X = sp.IndexedBase("X", real=True)
FIRST, SECOND, OTHER = at_least(u, v), at_least(v, w), at_least(u, 0)

ORDER = Statement(
    id="order",
    title="The order is transitive",
    reference="school",
    left=u,
    right=w,
    relation=Relation.AT_LEAST,
    given=(FIRST, SECOND),
)


def refuted(near_miss: NearMiss, statement: Statement = ORDER, **options: Any) -> bool:
    return refute(statement, near_miss, digits=20, seed=0, **options)[0] is not None


@pytest.mark.parametrize(
    ("near_miss", "changed"),
    [
        (NearMiss("left", left=u - 1), 1),
        (NearMiss("right", right=w + 1), 1),
        (NearMiss("relation", relation=Relation.GREATER), 1),
        (NearMiss("exchanged", left=w, right=u), 1),
        (NearMiss("dropped", given=(FIRST,)), 1),
        (NearMiss("replaced", given=(FIRST, OTHER)), 1),
        (NearMiss("the same", left=u, given=(FIRST, SECOND)), 0),
        (NearMiss("nothing"), 0),
        (NearMiss("both sides", left=u - 1, right=w + 1), 2),
        (NearMiss("a side and a hypothesis", left=u - 1, given=(FIRST,)), 2),
        (NearMiss("both hypotheses", given=()), 2),
        (NearMiss("unrelated hypotheses", given=(OTHER, greater(w, 0))), 2),
        (NearMiss("one more", given=(FIRST, SECOND, OTHER)), 1),
        (NearMiss("one for two", given=(OTHER,)), 2),
        (NearMiss("relation and side", right=w + 1, relation=Relation.EQUAL), 2),
    ],
    ids=lambda value: value.why if isinstance(value, NearMiss) else str(value),
)
def test_changes_are_counted(near_miss: NearMiss, changed: int) -> None:
    assert len(changes(ORDER, near_miss)) == changed


@pytest.mark.parametrize("changed", [{"left": w + 3, "right": p}, {"given": ()}, {"left": u}])
def test_a_near_miss_that_does_not_change_one_thing_is_none(changed: dict[str, Any]) -> None:
    proved = replace(ORDER, proof=combine(), near_misses=(NearMiss("something else", **changed),))
    result = prove(proved)
    assert result.verdict is Verdict.UNDECIDED
    assert "something else" in result.reason
    assert "not one thing" in result.reason


def test_near_misses_are_refuted_and_what_is_true_is_not() -> None:
    assert refuted(NearMiss("dropped", given=(FIRST,)))
    assert refuted(NearMiss("strict", relation=Relation.GREATER))
    assert refuted(NearMiss("more", right=w + p / 10**9))
    assert not refuted(NearMiss("stronger", given=(greater(u, v), SECOND)))
    assert not refuted(NearMiss("weaker", right=w - 1))


#: α² + β² = 1 in a domain that restricts α to the first half.
CIRCLE = Statement(
    id="circle",
    title="",
    reference="",
    left=u**2,
    right=1 - v**2,
    given=(equal(u**2 + v**2, 1),),
    domains=(Domain(ranges=((u, (0, sp.Rational(1, 2))),), define=((v, sp.sqrt(1 - u**2)),)),),
)


def test_a_counterexample_outside_of_a_restriction_does_not_count() -> None:
    """u² and the right side of the near-miss differ for u > 1/2 only."""
    outside = NearMiss("more than a half", right=1 - v**2 + sp.Max(u - sp.Rational(1, 2), 0))
    far = replace(outside, domains=(Domain(ranges=((u, (0, 1)),), define=((v, sp.sqrt(1 - u**2)),)),))
    assert refuted(far, CIRCLE)
    assert refuted(outside, CIRCLE)  # on the whole circle
    assert not refuted(far, CIRCLE, narrowed=True)
    assert not refuted(outside, CIRCLE, narrowed=True)
    assert refuted(NearMiss("a half", right=(1 - v**2) / 2), CIRCLE, narrowed=True)


def test_a_dropped_hypothesis_takes_its_restrictions_along() -> None:
    assert refuted(NearMiss("any two", given=(), domains=(Domain(),)), CIRCLE, narrowed=True)


LAYERS = Statement(
    id="layers",
    title="",
    reference="",
    left=sp.Sum(2 * sy.gamma[i], (i, 1, D)),
    right=2 * sp.Sum(sy.gamma[j], (j, 1, D)),
    given=(at_least(D, 2),),
    proof=combine(),
    near_misses=(
        NearMiss("half", right=sp.Sum(sy.gamma[j], (j, 1, D))),
        NearMiss("the first layer is left out", left=sp.Sum(2 * sy.gamma[i], (i, 2, D))),
    ),
)


def test_an_instance_has_the_near_misses_of_the_general_statement() -> None:
    special = at_depth(LAYERS, 3)
    assert special is not None
    found = list(inherited(special))
    assert [near_miss.why for near_miss in found] == [
        "half",
        "the first layer is left out",
        "one more on the right",
    ]
    assert found[0].right == sy.gamma[1] + sy.gamma[2] + sy.gamma[3]
    result = prove(special)
    assert result.verdict is Verdict.PROVED
    assert [why for why, _ in result.near_misses] == ["half"]


def test_an_instance_whose_near_misses_are_true_there_gets_one_from_its_relation() -> None:
    general = replace(
        LAYERS, near_misses=(NearMiss("the first twice", left=LAYERS.left + (D - 3) * sy.gamma[1]),)
    )
    special = at_depth(general, 3)
    assert special is not None
    result = prove(special)
    assert result.verdict is Verdict.PROVED
    assert [why for why, _ in result.near_misses] == ["one more on the right"]


def test_a_false_instance_is_not_proved_by_its_near_miss() -> None:
    special = at_depth(LAYERS, 3)
    assert special is not None
    assert prove(replace(special, right=special.right + 1)).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "statement",
    [
        replace(ORDER, given=(FIRST, SECOND)),
        replace(ORDER, relation=Relation.EQUAL, left=u + w, right=w + u),
        replace(ORDER, relation=Relation.GREATER, left=u + p, right=w),
        replace(ORDER, relation=Relation.DIFFERENT, left=u, given=(different(u, w),)),
        replace(ORDER, relation=Relation.LIMIT, left=sp.Limit(u + 1 / p, p, sp.oo), right=u),
        replace(ORDER, relation=Relation.LIMIT, left=sp.Limit(u**2 + p, p, sp.oo), right=sp.oo),
        replace(
            ORDER, relation=Relation.EQUIVALENT,
            left=sp.Ge(u, w, evaluate=False), right=sp.Gt(u - w + 1, 0, evaluate=False),
            given=(different(u, w - 1), at_least((u - w) * (u - w + 1), 0)),
        ),
        replace(
            ORDER, relation=Relation.MATRIX_AT_LEAST, left=X[j] * X[n], right=0,
            over=((j, 1, 2), (n, 1, 2)), given=(),
        ),
    ],
    ids=lambda statement: statement.relation.name,
)  # fmt: skip
def test_a_near_miss_is_made_from_every_relation(statement: Statement) -> None:
    near_miss = of_relation(statement)
    assert len(changes(statement, near_miss)) == 1
    assert refuted(near_miss, statement)


def test_every_near_miss_of_the_derivations_changes_one_thing() -> None:
    for derivation in load_all():
        for statement in derivation.statements:
            assert statement.near_misses, statement.id
            for near_miss in statement.near_misses:
                assert len(changes(statement, near_miss)) == 1, (statement.id, near_miss.why)


def test_the_map_zero_is_met_by_weights_that_are_not_zero() -> None:
    (statement,) = [x for x in load("global-minimum").statements if x.id == "global-minimum-zero-map"]
    result = prove(statement)
    assert (result.verdict, result.narrowed) == (Verdict.PROVED, ())


def test_a_near_miss_that_is_not_refuted_says_what_was_seen() -> None:
    def why(near_miss: NearMiss, statement: Statement = ORDER) -> str:
        return refute(statement, near_miss, digits=20, seed=0)[1]

    true = why(NearMiss("weaker", right=w - 1))
    assert "holds at all" in true
    assert "no point" not in true
    # No reals have u² + v² = -1, so that there is nothing to look at.
    nowhere = NearMiss("nowhere", given=(equal(u**2 + v**2, -1), SECOND))
    assert "no point that was tried meets its hypotheses" in why(nowhere)
    assert (
        "outside of the domains"
        in refute(
            replace(ORDER, domains=(Domain(ranges={u: (1, 2), v: (1, 2), w: (1, 2)}),)),
            NearMiss("only far away", right=w + 0 * u + sp.Max(0, -u - 10)),
            digits=20,
            seed=0,
            narrowed=True,
        )[1]
    )
