"""Displays that a reader of the paper would find false, or take for another statement, are refused.

Each kind stands beside a neighbor that is true and is proved: a check that refuses everything is none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from derivations.notation import END_TO_END, T, a, c, lam
from derivations.vocabulary import VOCABULARY
from symderive import symbols as sy
from symderive.proofs.displayed import Displayed, check_display
from symderive.statements import Claim, equal, exact_algebra, greater, in_words, limit, mean, nonnegative
from symderive.statements.claim import at_least
from symderive.statements.display import Definition, Display, Letter, Vocabulary
from symderive.statements.proof import AXIOM
from symderive.statements.statement import Statement

D, d, j, k, n = sy.D, sy.d, sy.j, sy.k, sy.n
X, Y = sp.symbols("x_0 y_0", real=True)
P = sp.Symbol("p_0", positive=True)
LETTERS = (Letter("X", X), Letter("Y", Y), Letter("Z", P))


def with_entries(*entries: Letter | Definition) -> Vocabulary:
    return replace(VOCABULARY, entries=(*VOCABULARY.entries, *LETTERS, *entries))


def stated(claim: Claim, *, id: str = "stated", proof: Any = exact_algebra, **more: Any) -> Statement:  # noqa: A002
    return Statement(
        id=id,
        title="Stated",
        left=claim.left,
        right=claim.right,
        relation=claim.relation,
        over=claim.over,
        reference="none",
        proof=proof,
        **more,
    )


def shown(claim: Claim, display: Display, *entries: Letter | Definition, **more: Any) -> Displayed:
    return check_display(replace(stated(claim, **more), display=display), with_entries(*entries))


# -- letters that are written out --------------------------------------------------------------------------

T_0 = equal(T[0, j, k], sp.KroneckerDelta(j, k), (j, 1, d[0]), (k, 1, d[0]))
SQUARES = at_least(sp.Sum(a[j] ** 2, (j, 1, n)), a[1] ** 2)
WHOLE = in_words("whole", "Whole", "It is.", by="nothing", reference="none", rests_on=())


@pytest.mark.parametrize(
    ("claim", "display", "more", "reason"),
    [
        pytest.param(
            T_0,
            Display(r"A = I", at={T[sy.i, j, k]: sy.A_entry[j, k]}),
            {"definitions": (END_TO_END,)},
            "is defined by a recursion",
            id="what a recursion defines",
        ),
        pytest.param(
            T_0,
            Display("T_{0} = I", at={sy.W_entry[sy.i, j, k]: sp.Integer(0)}),
            {"definitions": (END_TO_END,)},
            "a recursion speaks of W",
            id="what a recursion speaks of",
        ),
        pytest.param(
            equal(mean(sy.y**2), c),
            Display(r"\lambda^{2} = c", at={sy.y: r"\lambda"}),
            {},
            "random",
            id="y",
        ),
        pytest.param(
            equal(mean(sy.y**2), c),
            Display(r"\mathbb{E}_{x} y^{2} = \lambda", at={c: r"\lambda"}),
            {},
            "a moment of what is",
            id="moment",
        ),
        pytest.param(
            equal(mean(X * sy.y), X * mean(sy.y)),
            Display(r"\mathbb{E}_{x} y^{2} = y \mathbb{E}_{x} y", at={X: "y"}),
            {},
            "is random",
            id="a random value",
        ),
        pytest.param(
            SQUARES,
            Display(r"\operatorname{tr}(A^{2}) \ge 49", at={a[1]: sp.Integer(7)}, setting="eigenbasis"),
            {},
            "one entry of a family",
            id="one entry",
        ),
        pytest.param(
            greater(P, 0),
            Display("-Z^{2} > 0", at=((P, X), (X, "-Z^{2}")), given="X > 0"),
            {},
            "which is written out, too",
            id="one after the other",
        ),
        pytest.param(
            limit(P * lam, lam, 0, 0),
            Display(r"\lim_{\lambda \to 0} 1 = 0", at={P: r"1 / \lambda"}),
            {},
            "depends on the variable",
            id="variable of a limit",
        ),
        pytest.param(
            equal(sp.Derivative(P * lam, lam), P),
            Display(r"\frac{\partial N(\lambda)}{\partial \lambda} = \lambda", at={P: r"\lambda"}),
            {},
            "depends on the variable",
            id="variable of a derivative",
        ),
        pytest.param(
            equal(D, D),
            Display(r"\rho = \rho", at={D: r"\rho"}, because={D: WHOLE}),
            {},
            "is a whole number",
            id="a whole number",
        ),
    ],
)
def test_letters_that_stand_for_no_value_are_not_written_out(
    claim: Claim, display: Display, more: Any, reason: str
) -> None:
    found = shown(claim, display, Definition(r"N(\lambda)", r"\lambda^{2}"), **more)
    assert found.verdict == "refused"
    assert reason in found.reason


def test_a_letter_that_is_free_is_written_out() -> None:
    assert shown(T_0, Display("T_{0} = I"), definitions=(END_TO_END,)).verdict == "proved"
    assert shown(greater(P, 0), Display("c^{2} > 0", at={P: "c^{2}"})).verdict == "refused"
    assert shown(greater(P, 0), Display(r"2 \lambda > 0", at={P: r"2 \lambda"})).verdict == "proved"
    far = Display(r"\lim_{\lambda \to 0} 2 Z \lambda = 0", at={P: "2 Z"})
    assert shown(limit(P * lam, lam, 0, 0), far).verdict == "proved"


# -- recursions, and what is printed too -------------------------------------------------------------------


def test_a_family_has_the_recursion_of_the_paper() -> None:
    other = replace(END_TO_END, base=sp.Integer(0))
    zero = equal(T[0, j, k], 0, (j, 1, d[0]), (k, 1, d[0]))
    found = shown(zero, Display("T_{0} = 0"), definitions=(other,))
    assert found.reason == "the recursion of T is not that of the vocabulary"
    renamed = sp.symbols("u v w", integer=True, positive=True)
    names = dict(zip(END_TO_END.indices, renamed, strict=True))
    same = replace(
        END_TO_END,
        indices=renamed,
        base=END_TO_END.base.xreplace(names),
        step=END_TO_END.step.xreplace(names),
    )
    assert shown(T_0, Display("T_{0} = I"), definitions=(same,)).verdict == "proved"
    weights = replace(END_TO_END, head=sy.W_entry, base=sp.Integer(0), step=sp.Integer(0))
    dead = equal(sy.W_entry[1, j, k], 0, (j, 1, d[1]), (k, 1, d[0]))
    found = shown(dead, Display("W_{1} = 0"), definitions=(weights,))
    assert found.reason == "the recursion of W is not that of the vocabulary"


def test_one_family_is_not_defined_in_two_ways() -> None:
    other = replace(END_TO_END, base=sp.Integer(2))
    first = equal(1, T[0, 1, 1])
    second = stated(equal(T[0, 1, 1], 2), id="second", definitions=(other,))
    found = shown(first, Display("1 = c = 2", also=(second,)), definitions=(END_TO_END,))
    assert found.reason == "the statements define T in two ways"


def test_what_is_printed_too_is_proved() -> None:
    false = stated(equal(c, 7), id="seven")
    found = shown(equal(c, c), Display("c = c = 7", also=(false,)))
    assert found.reason == "seven, which it prints, too, is not proved"
    taken = replace(false, proof=AXIOM)
    found = shown(equal(c, c), Display("c = c = 7", also=(taken,)))
    assert found.reason == "seven, which it prints, too, rests on the axiom seven"
    true = stated(equal(c, 2 * c - c), id="true")
    assert shown(equal(c, c), Display("c = c = 2 c - c", also=(true,))).verdict == "proved"


def test_a_hypothesis_that_is_not_printed_is_proved_for_what_is_written_out() -> None:
    squared, claim = at_least(X**2, 0), at_least(X**2 + 1, 1)
    general = stated(squared, id="general", proof=nonnegative(X**2))
    display = Display(r"Y^{4} + 1 \ge 1", at={X: "Y^{2}"}, because={squared: general})
    assert shown(claim, display, given=(squared,)).verdict == "proved"
    vague = replace(general, conditions=("it is raining",))
    found = shown(claim, replace(display, because={squared: vague}), given=(squared,))
    assert found.reason.endswith("supposes it is raining")
