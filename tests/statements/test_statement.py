"""Verdicts, near-misses, conditions, the independent test, files of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sympy as sp
from symderive.derivations.inequalities import ALL, CAUCHY_SCHWARZ

from symderive import load_ipython_extension
from symderive import symbols as sy
from symderive.errors import InputError
from symderive.library.load import load
from symderive.proofs.prover import prove, prove_derivation
from symderive.sampling.examine import examine
from symderive.statements import (
    AXIOM,
    Derivation,
    Domain,
    NearMiss,
    Recursion,
    Relation,
    Statement,
    at_depth,
    at_least,
    combine,
    derivation_at_depth,
    greater,
    limit,
    mean,
)
from symderive.statements.statement import claim_in_words
from symderive.verdict import Verdict
from symderive.writers.notebook import statement_latex, statement_markdown

D, i, j, n, lam, rho = sy.D, sy.i, sy.j, sy.n, sy.lam, sy.rho
w = sp.Symbol("w", real=True)
X = sp.IndexedBase("X", real=True)
EXAMPLES = Path(__file__).parents[2] / "examples"

SQUARE = Statement(
    id="square",
    title="A square",
    left=(w + 1) ** 2,
    right=w**2 + 2 * w + 1,
    reference="school",
    proof=combine(),
    near_misses=(NearMiss("no middle term", right=w**2 + 1),),
)


def verdict(statement: Statement, **options: Any) -> Verdict:
    return prove(statement, **options).verdict


def test_the_four_verdicts() -> None:
    assert verdict(SQUARE) is Verdict.PROVED
    assert verdict(replace(SQUARE, proof=None)) is Verdict.CHECKED
    assert verdict(replace(SQUARE, right=w**2 + 1)) is Verdict.REFUTED
    assert verdict(replace(SQUARE, proof=combine(plus=1))) is Verdict.UNDECIDED


@pytest.mark.parametrize("statement", ALL, ids=lambda statement: statement.id)
def test_named_inequalities(statement: Statement) -> None:
    result = prove(statement)
    expected = Verdict.CHECKED if statement.proof is AXIOM else Verdict.PROVED  # an axiom is no theorem
    assert result.verdict is expected, result.reason


def test_a_refuted_statement_shows_the_counterexample() -> None:
    result = prove(replace(SQUARE, right=w**2 + 1))
    assert "w = " in result.counterexample
    assert "left = " in result.counterexample


def test_a_counterexample_outweighs_a_proof() -> None:
    """Also an axiom that is false is refuted."""
    assert verdict(replace(SQUARE, right=w**2, proof=AXIOM)) is Verdict.REFUTED


def test_a_near_miss_that_is_true_is_found_out() -> None:
    harmless = NearMiss("written differently", right=1 + 2 * w + w**2)
    result = prove(replace(SQUARE, near_misses=(harmless,)))
    assert result.verdict is Verdict.UNDECIDED
    assert "written differently" in result.reason


def test_a_statement_without_near_miss_is_not_proved() -> None:
    result = prove(replace(SQUARE, near_misses=()))
    assert (result.verdict, result.reason) == (Verdict.UNDECIDED, "it has no near-miss")


def test_a_refused_proof_is_told_whatever_else_is_wrong() -> None:
    harmless = NearMiss("written differently", right=1 + 2 * w + w**2)
    result = prove(replace(SQUARE, proof=combine(plus=w**2), near_misses=(harmless,)))
    assert result.verdict is Verdict.UNDECIDED
    assert "an equation cannot rest on an inequality" in result.reason
    assert "written differently" in result.reason


def test_what_cannot_be_read_is_told_and_not_that_its_near_miss_stands() -> None:
    gamma = replace(
        SQUARE, left=sp.gamma(lam), right=sp.gamma(lam), near_misses=(NearMiss("no", right=lam),)
    )
    result = prove(gamma)
    assert result.verdict is Verdict.UNDECIDED
    assert "do not know gamma: gamma(lambda)" in result.reason
    assert "near-miss" not in result.reason


def test_hypotheses_that_nothing_meets_do_not_prove_anything() -> None:
    vacuous = replace(SQUARE, given=(greater(w, 1), greater(0, w)))
    result = prove(replace(vacuous, near_misses=()))
    assert result.verdict is Verdict.UNDECIDED
    assert "no point was found that meets the hypotheses" in result.reason


def test_a_dropped_condition_is_refuted() -> None:
    root = replace(SQUARE, left=sp.sqrt(lam**2 - 2 * lam + 1), right=lam - 1, proof=None)
    assert verdict(replace(root, given=(at_least(lam, 1),), near_misses=())) is Verdict.CHECKED
    assert verdict(replace(root, near_misses=())) is Verdict.REFUTED


def test_a_lost_branch_is_refuted() -> None:
    all_roots = sp.Eq(w**2 * (w**2 - 1), 0, evaluate=False)
    some_roots = sp.Eq(w**2 - 1, 0, evaluate=False)
    lost = replace(SQUARE, relation=Relation.EQUIVALENT, left=all_roots, right=some_roots, near_misses=())
    at_roots = (Domain(define=((w, sp.Integer(1)),)), Domain(define=((w, sp.Integer(0)),)))
    assert verdict(replace(lost, domains=at_roots)) is Verdict.REFUTED
    assert verdict(lost) is Verdict.REFUTED  # also where no domain says where to look
    # Where both sides are false, nothing is seen.
    never = [sp.Eq(w**2 + number, 0, evaluate=False) for number in (1, 2)]
    assert verdict(replace(lost, left=never[0], right=never[1])) is Verdict.UNDECIDED


def test_a_difference_in_the_last_digit_is_seen() -> None:
    tiny = replace(SQUARE, right=SQUARE.right + sp.Rational(1, 10**40), near_misses=())
    assert verdict(tiny, digits=50) is Verdict.REFUTED
    assert verdict(tiny, digits=30) is Verdict.REFUTED  # rational numbers are exact at any precision


def test_the_same_seed_gives_the_same_points() -> None:
    tail = sp.Symbol("q", positive=True)
    wrong = replace(SQUARE, left=sp.sqrt(tail + w**2), right=w + 1, given=(greater(w, tail),))
    first, second, other = (prove(wrong, seed=seed) for seed in (0, 0, 1))
    assert first == second
    assert first.counterexample != other.counterexample


def test_conditions_are_never_silently_empty() -> None:
    assert SQUARE.all_conditions() == ("w real",)
    assert replace(SQUARE, left=sp.Integer(1), right=1).all_conditions() == (
        "none: it speaks of numbers only",
    )
    listed = CAUCHY_SCHWARZ.all_conditions()
    assert listed == ("X[i], Y[i] real", "n a positive integer")


def test_values_of_expectations_are_averages() -> None:
    """E ε⁴ of two-point noise is 1 + 6σ² + σ⁴: an average, not a rule about moments."""
    sigma = sy.sigma[1]
    fourth = 1 + 6 * sigma**2 + sigma**4
    layer = Recursion(sy.h, (i, j), sy.x[j], sy.epsilon[i, j] * sy.h[i - 1, 1])
    for left, right in (
        (mean(sy.epsilon[1, 1] ** 4), fourth),
        (mean(sy.h[1, 1] ** 4), fourth * mean(sy.x[1] ** 4)),
    ):
        statement = replace(SQUARE, left=left, right=right, definitions=(layer,))
        assert examine(statement, digits=20, seed=0).counterexample is None
        assert examine(replace(statement, right=2 * right), digits=20, seed=0).counterexample is not None


def test_what_cannot_be_evaluated_is_undecided() -> None:
    unknown = replace(SQUARE, left=sp.Function("f")(w), near_misses=())
    result = prove(unknown)
    assert result.verdict is Verdict.UNDECIDED
    assert "do not know" in result.reason
    endless = Recursion(X, (i,), sp.Integer(0), X[i + 1])
    result = prove(replace(SQUARE, left=X[D], right=0, definitions=(endless,), near_misses=()))
    assert "does not lead down" in result.reason


def test_a_malformed_statement_is_undecided() -> None:
    for changes in ({"left": sp.true}, {"over": ((j, 1, w),)}, {"relation": Relation.COUNT}):
        result = prove(replace(SQUARE, near_misses=(), **changes))
        assert result.verdict in (Verdict.UNDECIDED, Verdict.REFUTED)
        assert result.reason


# -- depth -----------------------------------------------------------------------------------------------

LAYERS = Statement(
    id="layers",
    title="A sum over the layers",
    left=sp.Sum(2 * sy.gamma[i], (i, 1, D)),
    right=2 * sp.Sum(sy.gamma[j], (j, 1, D)),
    given=(at_least(D, 2),),
    reference="school",
    proof=combine(),
    near_misses=(NearMiss("half", right=sp.Sum(sy.gamma[j], (j, 1, D))),),
    domains=(Domain(ranges=((D, (2, 4)),)),),
)


def test_a_statement_at_a_depth_is_written_out() -> None:
    special = at_depth(LAYERS, 3)
    assert special is not None
    assert special.left == 2 * sum(sy.gamma[k] for k in (1, 2, 3))
    assert special.given == ()
    assert prove(special).verdict is Verdict.PROVED
    assert "instance" in prove(special).method


def test_a_statement_is_void_where_its_hypotheses_exclude_the_depth() -> None:
    assert at_depth(LAYERS, 1) is None
    derivation = Derivation(id="d", title="", prose="", statements=(LAYERS, SQUARE))
    assert derivation_at_depth(derivation, 1).statements == (SQUARE,)


@pytest.mark.parametrize("depth", [0, -1, 10**6, True])
def test_depths_that_are_none(depth: int) -> None:
    with pytest.raises(InputError, match="depth"):
        at_depth(LAYERS, depth)


# -- files -----------------------------------------------------------------------------------------------


def test_the_example_is_proved() -> None:
    results = prove_derivation(load(EXAMPLES / "my_derivation.py"))
    assert [result.verdict for result in results] == [Verdict.PROVED] * 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise ValueError('first line\\nsecond line')", "fails with ValueError: first line"),
        ("import sys; sys.exit(3)", "fails with SystemExit"),
        ("DERIVATION = 3", "defines no DERIVATION"),
        ("def", "fails with SyntaxError"),
        ("import symderive.nothing", "fails with ModuleNotFoundError"),
    ],
)
def test_a_hostile_file_ends_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as error:
        load(path)
    assert "\n" not in str(error.value)


def test_unknown_derivations(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no derivation"):
        load("nothing")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "absent.py")


def test_two_statements_of_one_name() -> None:
    with pytest.raises(ValueError, match="two statements called 'square'"):
        Derivation(id="d", title="", prose="", statements=(SQUARE, SQUARE))


def test_a_notebook_shows_formula_conditions_and_verdict() -> None:
    text = statement_markdown(SQUARE)
    assert "PROVED" in text
    assert "Conditions: $w$ is real." in text
    assert statement_latex(SQUARE).startswith("$")


def test_a_notebook_that_loads_the_extension_shows_mathematics() -> None:
    formats = {"text/latex": _Formatter(), "text/markdown": _Formatter()}
    load_ipython_extension(SimpleNamespace(display_formatter=SimpleNamespace(formatters=formats)))
    assert formats["text/latex"].shown[Statement](SQUARE) == statement_latex(SQUARE)
    assert formats["text/markdown"].shown[Statement](SQUARE) == statement_markdown(SQUARE)
    assert Derivation in formats["text/markdown"].shown


class _Formatter:
    """As much of IPython's formatters as the extension uses."""

    def __init__(self) -> None:
        self.shown: dict[type, Any] = {}

    def for_type(self, kind: type, show: Any) -> None:
        self.shown[kind] = show


def test_a_refused_proof_shows_what_is_left_as_latex() -> None:
    mean = replace(
        SQUARE,
        relation=Relation.AT_LEAST,
        left=w**2 + 1,
        right=2 * w,
        proof=combine(plus=(w - 1) ** 2),
        near_misses=(NearMiss("three times", right=3 * w),),
    )
    assert (prove(mean).verdict, prove(mean).remainder) == (Verdict.PROVED, "")
    wrong = prove(replace(mean, proof=combine(plus=w**2)))
    assert wrong.verdict is Verdict.UNDECIDED
    assert wrong.remainder == "1 - 2 w"
    assert "what is left is 1 - 2*w" in wrong.reason


def test_the_kind_of_a_family_is_that_of_its_base() -> None:
    label, index = sp.Symbol("V"), sp.Symbol("j", integer=True, positive=True)
    for kind, said in (("positive", "V[i] > 0"), ("real", "V[i] real")):
        family = sp.IndexedBase(label, **{kind: True})
        statement = replace(SQUARE, left=family[index] ** 2, right=family[index] * family[index])
        assert said in statement.all_conditions()


def test_a_number_and_a_family_of_one_name_are_told_apart() -> None:
    number, family = sp.Symbol("v", positive=True), sp.IndexedBase("v", real=True)
    index = sp.Symbol("j", integer=True, positive=True)
    statement = replace(SQUARE, left=number * family[index], right=family[index] * number)
    assert {"v > 0", "v[i] real"} <= set(statement.all_conditions())
    assert "v[i] real" not in replace(SQUARE, left=number**2, right=number * number).all_conditions()


def test_letters_that_only_a_definition_speaks_of_have_their_kinds_listed() -> None:
    head, index = sp.IndexedBase("T", real=True), sp.Symbol("i", integer=True, positive=True)
    weight = sp.Symbol("w", positive=True)
    known = Recursion(head, (index,), sp.Integer(1), weight * head[index - 1])
    statement = replace(SQUARE, left=head[2], right=head[2], definitions=(known,))
    assert "w > 0" in statement.all_conditions()
    assert not any("T" in words or "i " in words for words in statement.all_conditions())
    assert "w > 0" not in replace(statement, definitions=()).all_conditions()


def test_a_limit_is_told_as_one() -> None:
    x = sp.Symbol("x", positive=True)
    assert claim_in_words(limit(1 / x, x, sp.oo, 0)) == "lim 1/x = 0 as x → ∞"
    assert claim_in_words(limit(x, x, 0, 0)) == "lim x = 0 as x → 0"
