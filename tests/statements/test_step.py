"""Steps in words: what they are, what they are not, where they stand, and what rests on them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from symderive.derivations.inequalities import AM_GM, LOGARITHM

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.library.catalog import load_entries
from symderive.paper.assembly import assemble
from symderive.paper.contents import contents
from symderive.paper.prose import method_note
from symderive.proofs.prover import prove, prove_derivation
from symderive.proofs.replay import ProofError, check
from symderive.report.assumptions import assumptions_text
from symderive.report.verdicts import verdict_page
from symderive.statements import (
    AXIOM,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    derivation_at_depth,
    mean,
)
from symderive.statements.assumptions import assumptions
from symderive.verdict import Verdict
from symderive.writers.manifest import manifest
from symderive.writers.markdown import markdown
from symderive.writers.notebook import derivation_markdown
from symderive.writers.report import report
from symderive.writers.style import Style
from symderive.writers.tex import document

w = sp.Symbol("w", real=True)
D = sy.D

SQUARE = Statement(
    id="a-square",
    title="A square is not negative",
    relation=Relation.AT_LEAST,
    left=w**2 - 2 * w + 1,
    right=0,
    reference="school",
    proof=combine(plus=(w - 1) ** 2),
    near_misses=(NearMiss("less", left=w**2 - 2 * w),),
)
DEEP = Statement(
    id="a-depth",
    title="Two layers are more than one",
    relation=Relation.GREATER,
    left=D,
    right=1,
    given=(at_least(D, 2),),
    reference="school",
    proof=combine(Use(at_least(D, 2)), plus=1),
    near_misses=(NearMiss("no bound", given=(), domains=(Domain(ranges=((D, (1, 1)),)),)),),
    domains=(Domain(ranges=((D, (2, 4)),)),),
)
ATTAINED = Step(
    id="a-minimum",
    title="A polynomial bounded below has a least value",
    text="A polynomial that is not constant grows at both ends, so its values near its infimum lie on a "
    "bounded interval, where the theorem gives a point at which $w^{2} - 2w + 1$ is least.",
    theorem="Weierstrass's extreme value theorem",
    reference="any course of analysis",
    rests_on=(SQUARE,),
    conditions=("$w$ is not 2",),
)
UNIQUE = Step(
    id="a-unique-minimum",
    title="The least value is taken once",
    text="It is strictly convex.",
    theorem="uniqueness of minima of strictly convex functions",
    reference="any course of analysis",
    rests_on=(ATTAINED, AM_GM),
)
READ = replace(SQUARE, id="a-minimum-value", title="The least value is 0", steps=(UNIQUE,))
MINE = Derivation(
    id="mine", title="Mine", prose="A test.", statements=(SQUARE, READ, DEEP), steps=(UNIQUE, ATTAINED)
)


def test_a_step_is_in_words_and_never_proved() -> None:
    result = prove(ATTAINED)
    assert result.verdict is Verdict.IN_WORDS
    assert (result.points, result.digits, result.near_misses) == (0, 0, ())
    assert result.method == "in words, by Weierstrass's extreme value theorem"
    assert prove(SQUARE).verdict is Verdict.PROVED  # what it rests on is
    assert [x.verdict.name for x in prove_derivation(MINE)].count("IN_WORDS") == 2


@pytest.mark.parametrize("right", [1, -1], ids=["false", "true, but not what the proof proves"])
def test_a_step_from_something_doubtful_is_undecided(right: int) -> None:
    doubtful = replace(SQUARE, right=right, near_misses=SQUARE.near_misses if right == 1 else ())
    for step in (replace(ATTAINED, rests_on=(doubtful,)), ATTAINED):
        last = prove(replace(UNIQUE, rests_on=(step,)))
        expected = Verdict.IN_WORDS if step is ATTAINED else Verdict.UNDECIDED
        assert last.verdict is expected
        assert ("a-minimum" in last.reason) is (step is not ATTAINED)


def test_no_proof_uses_a_step() -> None:
    fine = replace(SQUARE, id="again", proof=combine(Use(SQUARE)))
    check(fine)
    with pytest.raises(ProofError, match="not a fact"):
        check(replace(fine, proof=combine(Use(ATTAINED))))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"theorem": " "}, "no theorem"),
        ({"text": ""}, "no text"),
        ({"reference": ""}, "no reference"),
        ({"rests_on": ("a square",)}, "no statement and no step"),
        ({"id": "A Step"}, "not made of lower case words"),
    ],
)
def test_a_step_that_says_too_little_is_refused(change: dict[str, object], says: str) -> None:
    assert replace(ATTAINED, title="Another")
    with pytest.raises(InputError, match=says):
        replace(ATTAINED, **change)  # type: ignore[arg-type]


def test_a_statement_is_read_with_steps_only() -> None:
    assert assumptions(READ).steps == (ATTAINED, UNIQUE)
    with pytest.raises(InputError, match="no statement and no step"):
        assumptions(replace(READ, steps=(SQUARE,)))


def test_a_step_stands_as_soon_as_it_can() -> None:
    order = [entry.id for entry in MINE.entries]
    assert order == ["a-square", "a-minimum", "a-unique-minimum", "a-minimum-value", "a-depth"]
    free = replace(ATTAINED, id="a-beginning", rests_on=())
    assert replace(MINE, steps=(free,)).entries[0] is free
    with pytest.raises(ValueError, match="a-square"):
        replace(MINE, steps=(replace(free, id="a-square"),))


def test_at_a_depth_where_a_statement_is_void_its_steps_are() -> None:
    """Those that rest on it through another step, too."""
    first = replace(ATTAINED, rests_on=(DEEP,))
    derivation = replace(MINE, steps=(first, replace(UNIQUE, rests_on=(first,))))
    assert [x.id for x in derivation_at_depth(derivation, 1).entries] == ["a-square", "a-minimum-value"]
    assert len(derivation_at_depth(derivation, 2).entries) == 5


# -- what is printed ----------------------------------------------------------------------------------


def test_all_formats_say_that_a_step_is_in_words() -> None:
    sections = assemble((MINE,))
    paper = contents(sections, digits=50)
    by = "In words, by Weierstrass's extreme value theorem"
    source = document(paper, Style())
    assert rf"{by}, from \eqref{{eq:sd:a-square}}." in source
    assert r"\begin{step}[{A polynomial bounded below has a least value}]\label{st:sd:a-minimum}" in source
    assert r"Suppose that $w$ is not 2. A polynomial" in source
    assert r"To be read with Step~\ref{st:sd:a-unique-minimum}." in source
    text = markdown(paper)
    assert f"Step 1.2** (A polynomial bounded below has a least value). {by}, from [(1)]" in text
    assert "To be read with [Step 1.3](#st-a-unique-minimum)." in text
    assert f"in words, by {ATTAINED.theorem}" in derivation_markdown(MINE)
    listed = report(sections)
    assert f"| `a-minimum` | IN WORDS | in words, by {ATTAINED.theorem} | a-square | not tested |" in listed
    for said in (source, text, listed):
        assert said.count("least value is 0") == 1


def test_the_manifest_names_the_steps_of_every_statement() -> None:
    record = json.loads(json.dumps(manifest(assemble((MINE,)), digits=50, depth=None, files={})))
    assert record["statements"]["a-square"]["steps_in_words"] == []
    assert record["statements"]["a-minimum-value"]["steps_in_words"] == ["a-minimum", "a-unique-minimum"]
    assert record["statements"]["a-minimum-value"]["verdict"] == "PROVED"
    assert set(record["steps"]) == {"a-minimum", "a-unique-minimum"}
    assert record["steps"]["a-minimum"]["verdict"] == "IN_WORDS"
    assert record["steps"]["a-unique-minimum"]["axioms"] == ["logarithm"]


def test_steps_and_axioms_are_counted_apart() -> None:
    """Proved are the three of the derivation and AM–GM; the logarithm is the axiom."""
    sections = assemble((MINE,))
    note = method_note(sections, 50)
    assert note.startswith("All 4 statements are proved by machine, and each proof says what it rests on.")
    assert "one axiom is taken as known" in note
    assert "Between them stand 2 steps in words" in note
    lines = [part.text for part in verdict_page(sections)[1:]]
    assert lines[:2] == [
        "logarithm: CHECKED, an axiom: taken as known, and tested.",
        "4 PROVED, 1 CHECKED, 2 IN WORDS.",
    ]
    plain = method_note(assemble((replace(MINE, statements=(SQUARE,), steps=()),)), 50)
    assert plain.startswith("The one statement is proved by machine.")
    assert not re.search("axiom|words", plain)
    false = replace(SQUARE, right=1)
    assert method_note(assemble((replace(MINE, statements=(false, DEEP), steps=()),)), 50).startswith(
        "Of 2 statements 1 is proved by machine"
    )


# -- what a statement rests on --------------------------------------------------------------------------


def test_assumptions_go_through_every_fact() -> None:
    found = assumptions(replace(SQUARE, proof=combine(Use(AM_GM)), conditions=("$w$ is mine",)))
    assert [x.id for x in found.axioms] == ["logarithm"]
    assert [x.id for x in found.uses] == ["logarithm", "am-gm"]
    assert found.hypotheses == ("w real", "$w$ is mine")
    assert (found.steps, found.theorems, found.words, found.tested) == ((), (), (), ())
    # Without the fact, without the axiom.
    assert assumptions(SQUARE).axioms == ()
    # The axiom rests on itself.
    assert assumptions(LOGARITHM).axioms == (LOGARITHM,)
    # What has no proof, and conditions in words that no proof discharges, are named.
    loose = replace(SQUARE, id="loose", proof=None, conditions=("a condition",))
    above = assumptions(replace(SQUARE, proof=combine(Use(loose))))
    assert above.tested == (loose,)
    assert above.words == (("a condition", ("loose",)),)


def test_nothing_hides_behind_an_id() -> None:
    """Two facts of one id are two, and not told of as one."""
    proved = replace(SQUARE, id="lemma")
    taken = replace(proved, right=-1, proof=AXIOM)
    with pytest.raises(InputError, match="two entries called 'lemma'"):
        assumptions(replace(SQUARE, proof=combine(Use(proved), Use(taken))))
    assert assumptions(replace(SQUARE, proof=combine(Use(replace(taken, id="taken"))))).axioms


def test_steps_bring_what_they_rest_on() -> None:
    found = assumptions(READ)
    assert [x.id for x in found.axioms] == ["logarithm"]
    assert found.theorems == (ATTAINED.theorem, UNIQUE.theorem)
    assert found.words == (("$w$ is not 2", ("a-minimum",)),)
    assert assumptions(replace(READ, steps=())).theorems == ()
    assert assumptions(UNIQUE).steps == (ATTAINED,)
    assert assumptions(UNIQUE).theorems == found.theorems


def test_the_text_names_everything() -> None:
    lines = assumptions_text(READ).splitlines()
    assert lines[0] == "a-minimum-value: The least value is 0"
    assert "  axioms: logarithm: xi - 1 ≥ log(xi)" in lines
    assert f"    a-minimum: {ATTAINED.title}; by {ATTAINED.theorem} (any course of analysis)" in lines
    assert "  definitions: none" in lines
    step = assumptions_text(ATTAINED).splitlines()
    assert step[1].startswith("  in words: A polynomial that is not constant")
    assert "  hypotheses: $w$ is not 2" in step


def test_averages_rest_on_the_model_and_say_so() -> None:
    mine = replace(SQUARE, left=mean(sy.epsilon[1, 1] * sy.epsilon[1, 2]), right=1)
    assert assumptions(mine).model
    (line,) = [line for line in assumptions_text(mine).splitlines() if line.startswith("  model: ")]
    assert "independent" in line
    assert assumptions(
        replace(SQUARE, proof=combine(Use(mine)))
    ).model  # a fact of the proof speaks of them
    assert not assumptions(SQUARE).model
    assert "model" not in assumptions_text(SQUARE)


def test_the_paper_says_how_many_tests_are_narrowed() -> None:
    (section,) = assemble((replace(MINE, statements=(SQUARE,), steps=()),))
    (item,) = section.items
    assert "a part" not in method_note((section,), 50)
    narrow = replace(item, result=replace(item.result, narrowed=("w = 1",)))
    assert "1 of them in a part only" in method_note((replace(section, entries=(narrow,)),), 50)


def test_a_statement_of_the_package_is_found_by_its_id() -> None:
    (found,) = load_entries("attainment-map")
    assert found.id == "attainment-map"
    (axiom,) = load_entries("logarithm")
    assert axiom == LOGARITHM
    assert len(load_entries("attainment")) > 1  # a derivation comes first
    with pytest.raises(InputError, match="attainment-mop"):
        load_entries("attainment-mop")


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str, str]]:
    import sys

    from symderive import cli

    def invoke(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["symderive", "derive", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return invoke


def test_the_command_lists_assumptions(run: Callable[..., tuple[object, str, str]], tmp_path: Path) -> None:
    code, out, _ = run("local-minima-path", "--assumptions")
    assert code == 0
    assert out.startswith("local-minima-path: Weights of the ridge solution")
    assert "  axioms: logarithm: xi - 1 ≥ log(xi)\n" in out
    assert "    M[0, j, k] = A[j, k]; " in out
    assert "PROVED" not in out
    assert "  axioms: none\n" in run("attainment-map", "--assumptions")[1]
    for arguments, says in (
        (("no-such-thing", "--assumptions"), "no-such-thing"),
        (("attainment", "--assumptions", "--depth", "2"), "--depth"),
        (("attainment", "--assumptions", "--out", tmp_path / "x"), "--out"),
    ):
        code, _, err = run(*arguments)
        assert code == 2
        assert err.count("\n") == 1
        assert says in err
    assert not (tmp_path / "x").exists()
