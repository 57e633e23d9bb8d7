"""Displays that a reader of the paper would find false, or take for another statement, are refused.

Each kind stands beside a neighbor that is true and is proved: a check that refuses everything is none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from symderive.derivations.isotropic.isotropic_equation import MAP as MAP_OF_ISOTROPIC_DATA
from symderive.derivations.notation import END_TO_END, T, a, c, g, gamma_u, lam, rho
from symderive.derivations.ridge.effective_ridge import EQUATION as IN_COORDINATES
from symderive.derivations.variance.variance_vanishes_width import a_range
from symderive.derivations.vocabulary import VOCABULARY

from symderive import symbols as sy
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.proofs.displayed import Displayed, check_display
from symderive.statements import (
    Claim,
    equal,
    equivalent,
    exact_algebra,
    greater,
    in_words,
    limit,
    mean,
    nonnegative,
)
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


# -- names that have two meanings --------------------------------------------------------------------------

SQUARE = sp.Sum(sy.v_entry[j] ** 2, (j, 1, d[0]))
DEPENDS = Definition(r"N(\lambda)", r"\lambda c")
NORMS = Definition("N(W)", r"\sum_{i=1}^{D} \lVert W_{i} \rVert_{F}^{2}")
WEIGHTS = sp.Sum(sy.W_entry[sy.i, j, k] ** 2, (k, 1, d[sy.i - 1]), (j, 1, d[sy.i]), (sy.i, 1, D))


@pytest.mark.parametrize(
    ("claim", "display", "entries", "reason"),
    [
        (
            equal(4 * SQUARE, 4 * SQUARE),
            Display("v^{\\top} v = v^{\\top} v", where="v = 2 v"),
            (),
            "as well",
        ),
        (
            equal(2 * SQUARE, 2 * SQUARE),
            Display(r"m^{\top} v = 2 \lVert m \rVert^{2}", where=("m = v", "v = 2 m")),
            (),
            "as well",
        ),
        (equal(X * c, X * c), Display(r"N(X) = X c", where="c = X"), (DEPENDS,), "as well"),
        (
            equal(WEIGHTS, WEIGHTS),
            Display("N(W) = N(W)", where="W_{1} = 0"),
            (NORMS,),
            "as well",
        ),
        (equal(WEIGHTS, WEIGHTS), Display("N(c) = N(W)"), (NORMS,), "what it is called with is none"),
        (
            equal(sp.Sum(j, (j, 1, n)), sp.Sum(j, (j, 1, n))),
            Display(r"\sum_{k=1}^{n} j_{1} = \sum_{k=1}^{n} k"),
            (Letter("j_{1}", sp.Symbol("j_1", integer=True, positive=True)), Letter("n", n)),
            "its left side",
        ),
        (equal(2 * rho, 2 * rho), Display(r"\sum_{D=1}^{2} \rho = 2 \rho"), (), "is a name already"),
    ],
)
def test_a_name_has_one_meaning(claim: Claim, display: Display, entries: Any, reason: str) -> None:
    found = shown(claim, display, *entries)
    assert found.verdict == "refused"
    assert reason in found.reason


def test_names_that_a_display_defines_are_read() -> None:
    twice = Display(r"Y^{\top} Y = 4 \lVert v \rVert^{2}", where="Y = 2 v")
    assert shown(equal(4 * SQUARE, 4 * SQUARE), twice).verdict == "proved"
    assert shown(equal(X * c, X * c), Display("N(X) = X c"), DEPENDS).verdict == "proved"
    assert shown(equal(WEIGHTS, WEIGHTS), Display("N(W) = N(W)"), NORMS).verdict == "proved"
    folded = Display(r"\sum_{k=1}^{n} k = \sum_{p=1}^{n} p")
    assert (
        shown(equal(sp.Sum(j, (j, 1, n)), sp.Sum(j, (j, 1, n))), folded, Letter("n", n)).verdict == "proved"
    )


def test_a_name_is_defined_once_and_used() -> None:
    same = equal(X, X)
    assert shown(same, Display("Y = X", where="Y = X")).verdict == "proved"
    assert "twice" in shown(same, Display("Y = X", where=("Y = X", "Y = 2 X"))).reason
    assert "twice" in shown(same, Display("X = X", where=("D = 1", "D = 2"))).reason
    assert "does not speak of it" in shown(same, Display("X = X", where="Y = 7 c")).reason
    assert (
        shown(equal(1, 1), Display(r"\rho = 1", where="D = 0")).reason == "D is positive, and D = 0 is not"
    )


def test_an_equivalence_of_vectors_is_no_hypothesis_of_one_for_each_entry() -> None:
    v_, g_ = sy.v_entry[j], g[j]
    each = equivalent(equal(v_, 0), equal(g_, 0), (j, 1, d[0]))
    tex = r"v = 0 \iff m = 0"
    assert shown(each, Display(tex)).verdict == "proved"
    assert "less" in shown(equal(c, c), Display("c = c", given=tex), given=(each,)).reason


def test_a_vector_of_ones_is_a_column() -> None:
    v_ = equal(sy.v_entry[j], sy.v_entry[j], (j, 1, d[0]))
    assert "cannot be multiplied" in shown(v_, Display(r"v \mathbf{1} = v")).reason
    total = sp.Sum(sy.v_entry[j], (j, 1, d[0]))
    both = Display(r"\mathbf{1}^{\top} v = v^{\top} \mathbf{1}")
    assert shown(equal(total, total), both).verdict == "proved"


# -- what varies -------------------------------------------------------------------------------------------

MIXED = Definition("N(m)", r"v^{\top} m")
OUTPUT = sp.Sum(sy.U_entry[j] * sy.h[D, j], (j, 1, d[D]))


@pytest.mark.parametrize(
    ("claim", "tex"),
    [
        (
            equal(sp.Derivative(SQUARE, sy.v_entry[k]), 2 * sy.v_entry[k], (k, 1, d[0])),
            r"\nabla N(v) = 2 v",
        ),
        (equal(sp.Derivative(c**2, c), 2 * c), r"N'(c) = 2 c"),
        (equal(sp.Derivative(OUTPUT, sy.x[k]), 0, (k, 1, d[0])), r"\nabla f(x) = 0"),
        (
            equal(sp.Derivative(sy.gamma_bar, gamma_u), 0),
            r"\frac{\partial \bar{\gamma}}{\partial \gamma_{u}} = 0",
        ),
        (
            limit(sy.gamma_bar + gamma_u, gamma_u, 0, sy.gamma_bar),
            r"\lim_{\gamma_{u} \to 0} (\bar{\gamma} + \gamma_{u}) = \bar{\gamma}",
        ),
        (limit(X + 1, X, 0, 1), r"\lim_{X \to 0} (X + 1) = 1"),  # it is from above
        (limit(P + 1, P, 1, 2), r"\lim_{Z \to 1} (Z + 1) = 2"),
    ],
)
def test_nothing_varies_in_secret(claim: Claim, tex: str) -> None:
    entry = DEPENDS if "N'" in tex else MIXED
    assert shown(claim, Display(tex), entry).verdict == "refused"


def test_what_varies_in_plain_sight_is_proved() -> None:
    gradient = equal(
        sp.Derivative(sp.Sum(sy.v_entry[j] * g[j], (j, 1, d[0])), g[k]), sy.v_entry[k], (k, 1, d[0])
    )
    assert shown(gradient, Display(r"\nabla N(m) = v"), MIXED).verdict == "proved"
    assert (
        shown(equal(sp.Derivative(lam * c, lam), c), Display(r"N'(\lambda) = c"), DEPENDS).verdict
        == "proved"
    )
    assert shown(limit(P + 1, P, 0, 1), Display(r"\lim_{Z \to 0} (Z + 1) = 1")).verdict == "proved"


# -- settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "tex", "setting"),
    [
        (equal(sy.a0, sy.a0), r"\operatorname{tr}(A) = a", "isotropic"),
        (equal(sy.a0, sy.a0), r"\lVert A \rVert_{F} = a", "isotropic"),
        (equal(a[j], a[j], (j, 1, n)), r"A = \operatorname{Diag}(A)", "eigenbasis"),
        (
            equal(a[j] * sy.v_entry[j], a[j] * sy.v_entry[j], (j, 1, n)),
            r"A \operatorname{Diag}(v) = \operatorname{Diag}(v) A",
            "eigenbasis",
        ),
        (
            equal(sp.Sum(a[j], (j, 1, n)), sp.Sum(a[j], (j, 1, n))),
            r"\mathbf{1}^{\top} A \mathbf{1} = \operatorname{tr}(A)",
            "eigenbasis",
        ),
        (equal(sy.v_entry[j] ** 2, 1, (j, 1, n)), r"v \in \{\pm 1\}^{n}", "eigenbasis"),
        (equal(1, 1, (j, 1, n)), "A A^{+} = I", "range"),
        (
            equal(*[sp.Sum(sy.v_entry[j] ** 2 / a_range[j], (j, 1, n))] * 2),
            r"v^{\top} A^{-1} v = v^{\top} A^{-1} v",
            "range",
        ),
    ],
)
def test_a_setting_does_not_make_the_special_case_the_general_one(
    claim: Claim, tex: str, setting: str
) -> None:
    found = shown(claim, Display(tex, setting=setting), Letter("n", n))
    assert found.verdict == "refused"
    assert any(text in found.reason for text in ("basis", "direction", "range"))


def test_settings_read_what_does_not_depend_on_them() -> None:
    trace = equal(sp.Sum(a[j], (j, 1, n)), sp.Sum(a[j], (j, 1, n)))
    tex = r"\operatorname{tr}(A) = \operatorname{tr}(A)"
    assert shown(trace, Display(tex, setting="eigenbasis")).verdict == "proved"
    form = sp.Sum(sy.v_entry[j] ** 2 / a_range[j], (j, 1, n))
    both = Display("v^{\\top} A^{+} v = v^{\\top} A^{+} v", setting="range")
    assert shown(equal(form, form), both).verdict == "proved"


# -- kinds, and where functions are defined ----------------------------------------------------------------


def test_a_defined_name_is_as_positive_as_its_letter() -> None:
    below = Definition(r"\varpi", "-c^{2} - 1", letter=P)
    vocabulary = replace(VOCABULARY, entries=(*VOCABULARY.entries, below))
    statement = replace(stated(greater(P, 0)), display=Display(r"\varpi > 0"))
    assert "has a kind" in check_display(statement, vocabulary).reason
    above = replace(vocabulary, entries=(*VOCABULARY.entries, replace(below, value="c^{2} + 1")))
    assert check_display(statement, above).verdict == "proved"


def test_a_logarithm_that_cancels_is_defined() -> None:
    assert "logarithm" in shown(equal(X, X), Display(r"\exp(\ln(X)) = X")).reason
    assert shown(equal(X, X), Display(r"\ln(X) - \ln(X) + X = X")).verdict == "refused"
    assert shown(equal(P, P), Display(r"\exp(\ln(Z)) = Z")).verdict == "proved"


def test_a_product_ends_where_people_end_it() -> None:
    heads = Reading(VOCABULARY).functions
    inside = read(r"\prod_{i=1}^{D} \gamma_{i} \gamma_{u}", heads)
    assert to_tex(inside) == r"\prod_{i=1}^{D} \, (\gamma_{i} \gamma_{u})"
    assert read(to_tex(inside), heads) == inside
    assert to_tex(read(r"\prod_{i=1}^{D} 2 \gamma_{i}", heads)) == r"\prod_{i=1}^{D} 2 \gamma_{i}"


@pytest.mark.parametrize("word", ["tr", "ln", "Diag", "exp", "det", "max"])
def test_a_word_that_looks_like_a_function_is_no_name(word: str) -> None:
    with pytest.raises(InputError, match="looks like the function"):
        read(rf"\mathrm{{{word}}} A = 0")
    assert read(rf"\mathrm{{{word}s}} A = 0")
    assert read(rf"A_{{\mathrm{{{word}}}}} = 0")


def test_records_of_another_type_are_refused_in_a_sentence() -> None:
    assert "no statement" in shown(equal(c, c), Display("c = c", also=("seven",))).reason
    assert "no expression" in shown(greater(P, 0), Display("Z > 0", at={P: [1]})).reason


def test_what_a_setting_supposes_is_printed_with_the_hypotheses() -> None:
    """In the setting of isotropic data A is a number times the identity, which no statement says."""
    found = check_display(MAP_OF_ISOTROPIC_DATA, VOCABULARY)
    assert (found.verdict, found.given[0]) == ("proved", "A = a I")
    silent = check_display(MAP_OF_ISOTROPIC_DATA, replace(VOCABULARY, supposed=()))
    assert "A = a I" not in silent.given
    with_coordinates = check_display(IN_COORDINATES, VOCABULARY)
    assert with_coordinates.verdict == "proved"
    assert "A = a I" not in with_coordinates.given, "an eigenbasis supposes nothing"
