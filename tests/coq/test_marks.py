"""Marks are kept as long as all that Coq has read is the same, and not longer."""

import json
from dataclasses import replace

import pytest
import sympy as sp

from symderive.coq.files import texts
from symderive.coq.marks import Checked, by_hand, digest, marks, rests_on, written
from symderive.coq.sources import Sources
from symderive.coq.theory import theory
from symderive.statements.claim import Recursion
from symderive.statements.statement import Statement

x = sp.Symbol("x", real=True)
i, n = sp.symbols("i n", integer=True, nonnegative=True)
P = sp.IndexedBase("P", real=True)
POWERS = Recursion(P, (i,), base=1, step=2 * P[i - 1])

LOWER = Statement(id="lower", title="Lower", left=(x + 1) ** 2, right=x**2 + 2 * x + 1, reference="none")
UPPER = Statement(id="upper", title="Upper", left=P[n], right=2**n, definitions=(POWERS,), reference="none")
SECTIONS = {"below": (LOWER,), "above": (UPPER,), "beside": (replace(LOWER, id="other"),)}

OF = "From Symderive"
SCRIPTS = {
    "Prelude.v": "From Coq Require Export Reals.",
    "below.v": f"{OF}.formal Require Import Prelude.\n{OF}.statements Require Import below.\n"
    "Theorem lower_holds : lower.\nTheorem lower_again_holds : lower_again.",
    "above.v": f"{OF}.formal Require Import below.\n{OF}.statements Require Import above.\n"
    "Theorem upper_holds : upper.",
}


def recorded(sections=SECTIONS, scripts=SCRIPTS):
    """The scripts with a record of what Coq has checked, as ``check`` writes it."""
    made = theory(sections)
    files = Sources(texts(made), written(scripts))
    kept = {
        "below": {"digest": digest("below", made, files), "axioms": ["classic"], "proved": ["lower"]},
        "above": {"digest": digest("above", made, files), "axioms": [], "proved": ["upper"]},
    }
    return {**scripts, "checked.json": json.dumps({"coq": "8.16.1", "sections": kept, "by_hand": {}})}


def marked(sections=SECTIONS, scripts=None, wanted=tuple(SECTIONS)):
    return {x.id: mark for x, mark in marks(wanted, sections, scripts or recorded()).items()}


def test_what_is_recorded_is_marked():
    assert marked() == {"lower": Checked("8.16.1", ("classic",)), "upper": Checked("8.16.1", ())}
    assert set(marked(wanted=("above",))) == {"upper"}
    assert marked(scripts=SCRIPTS) == {}


def test_another_statement_loses_the_mark_and_so_does_what_rests_on_it():
    changed = replace(LOWER, right=x**2 - 2 * x + 1)
    assert marked({**SECTIONS, "below": (changed,)}) == {}
    assert set(marked({**SECTIONS, "above": (replace(UPPER, right=3**n),)})) == {"lower"}


def test_another_definition_loses_the_mark():
    other = replace(UPPER, definitions=(replace(POWERS, base=sp.Integer(2)),))
    assert set(marked({**SECTIONS, "above": (other,)})) == {"lower"}


@pytest.mark.parametrize(
    ("name", "left"), [("Prelude.v", set()), ("below.v", set()), ("above.v", {"lower"})]
)
def test_another_proof_or_library_loses_the_marks_of_what_requires_it(name, left):
    scripts = recorded()
    assert set(marked(scripts={**scripts, name: scripts[name] + "\n(* another word *)"})) == left


def test_what_no_proof_reads_changes_nothing():
    changed = replace(LOWER, id="other", right=x)
    assert set(marked({**SECTIONS, "beside": (changed,)})) == {"lower", "upper"}
    assert set(marked(scripts={**recorded(), "Unread.v": ""})) == {"lower", "upper"}


def test_words_change_nothing():
    assert set(marked({**SECTIONS, "below": (replace(LOWER, prose="Other words."),)})) == {"lower", "upper"}


def test_a_statement_that_is_not_recorded_has_no_mark():
    both = (LOWER, replace(LOWER, id="lower-again"))
    scripts = recorded({**SECTIONS, "below": both})
    assert set(marked({**SECTIONS, "below": both}, scripts)) == {"lower", "upper"}


def test_what_it_rests_on_is_said():
    assert (
        rests_on(Checked("8.16.1", ("a", "b")))
        == "The proofs of its section rest on a, b of Coq's library."
    )
    assert rests_on(Checked("8.16.1", ())) == "The proofs of its section rest on no axiom."


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", "null", '{"coq": "8.16.1"}', '{"coq": 8, "sections": {}, "by_hand": {}}',
     '{"coq": "8.16.1", "sections": {"below": {"digest": "", "proved": ["lower"]}}, "by_hand": {}}'],
)  # fmt: skip
def test_a_damaged_record_marks_nothing(record):
    assert marked(scripts={**SCRIPTS, "checked.json": record}) == {}


def test_theorems_that_are_stated_by_hand_lose_their_mark_as_others_do():
    scripts = {**SCRIPTS, "main.v": "From Symderive.formal Require Import above.\nTheorem main : True."}
    made = theory(SECTIONS)
    files = Sources(texts(made), written(scripts))
    kept = {"main": {"digest": digest("main", made, files), "axioms": [], "proved": ["main"]}}
    scripts["checked.json"] = json.dumps({"coq": "8.16.1", "sections": {}, "by_hand": kept})
    assert by_hand("main", SECTIONS, scripts) == Checked("8.16.1", ())
    assert by_hand("main", {**SECTIONS, "above": (replace(UPPER, right=3**n),)}, scripts) is None
    assert by_hand("main", SECTIONS, {**scripts, "below.v": ""}) is None
    assert by_hand("other", SECTIONS, scripts) is None


def test_a_file_that_hides_what_it_reads_marks_nothing():
    made = theory(SECTIONS)
    hidden = {**SCRIPTS, "below.v": SCRIPTS["below.v"] + "\nRequire Import Symderive.formal.Hidden."}
    assert digest("below", made, Sources(texts(made), written(hidden))) == ""
    assert marked(scripts=recorded(scripts=hidden)) == {}


def test_a_statement_without_a_theorem_has_no_mark():
    without = {**SCRIPTS, "below.v": SCRIPTS["below.v"].replace("lower_holds", "other")}
    assert set(marked(scripts=recorded(scripts=without))) == {"upper"}
