"""Coq on the proofs: all of them, and changes that must not pass."""

import json
import re
import shutil
from pathlib import Path

import pytest
import sympy as sp
from oracles.tools import require

from symderive.coq.check import check
from symderive.coq.compiling import coqc
from symderive.coq.files import coq_name, texts
from symderive.coq.questions import assumptions
from symderive.coq.sources import Sources
from symderive.coq.theory import theory
from symderive.errors import InputError
from symderive.library.formal import formal, scripts, sections
from symderive.statements.claim import Relation
from symderive.statements.statement import Statement

#: What the reduction of the loss to one vector rests on, and what is read first of what follows from it.
_CHAIN = """
noise-second-moment loss-data loss diagonal-bound lower-bound-layers lower-bound norm-product am-gm
decay-bound attainment global-minimum global-minimum-attained global-minimum-weights
effective-ridge minimum-value dual
origin-local-minimum bad-origin-exists one-hidden-layer-convex curvature-bounds prediction-variance
variance-vanishes-width variance-vanishes-noise variance-vanishes-depth noise-transfer
"""
CHAIN = frozenset(_CHAIN.split())

#: Statements whose near-misses are tried: a sign, an exponent, a hypothesis, a factor, a width less.
PLANTED = ("diagonal-bound", "lower-bound", "norm-product", "decay-bound", "loss", "am-gm", "attainment")


@pytest.mark.parametrize(
    ("said", "axioms"),
    [
        ("Closed under the global context\n", ()),
        ("Axioms:\nlib.choice : forall x, x = x\nClassic\n  : True\n", ("Classic", "lib.choice")),
        ("Axioms:\nsig : nat\n  -> nat\n", ("sig",)),
        ("Axioms:\nfoo is assumed to be guarded.\n", None),
        ("Section Variables:\nx : nat\n", None),
        ("", None),
    ],
)
def test_what_coq_says_of_assumptions(said, axioms):
    assert assumptions(said) == axioms


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """All files of the package, compiled, and what Coq found."""
    require("coq")
    folder = tmp_path_factory.mktemp("coq")
    made = formal()
    place(folder, made.files)
    return folder, check(folder, made.theory, made.sources)


def place(folder: Path, files) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.mark.coq
def test_every_file_compiles_and_rests_on_nothing_else(compiled):
    _, report = compiled
    assert not report.faults
    assert set(report.proved) == {statement.id for part in sections().values() for statement in part}


@pytest.mark.coq
def test_the_record_that_is_kept_is_what_coq_finds(compiled):
    _, report = compiled
    kept = json.loads(scripts()["checked.json"])
    assert kept == report.record(), "write it anew: symderive derive --coq DIR --check-coq"


@pytest.mark.coq
def test_the_chain_is_checked(compiled):
    _, report = compiled
    assert set(report.proved) >= CHAIN
    by_hand = {id_ for part in report.by_hand for id_ in part.answer.proved}
    assert by_hand >= {"main_theorem", "same_minimum", "sample_theorem"}


PLANTED_CHANGES = [
    pytest.param(section, statement, miss, id=f"{statement.id}-{number}")
    for section, statements in sections().items()
    for statement in statements
    if statement.id in PLANTED
    for number, miss in enumerate(statement.near_misses)
]


def test_there_are_ten_planted_changes():
    assert len(PLANTED_CHANGES) >= 10


@pytest.mark.coq
@pytest.mark.parametrize(("section", "statement", "miss"), PLANTED_CHANGES)
def test_the_proof_fails_on_a_false_record(compiled, tmp_path, section, statement, miss):
    """The generated proposition is one, and its script does not prove it; it proves the true one."""
    folder = shutil.copytree(compiled[0], tmp_path / "coq")
    name = coq_name(section)
    path = f"statements/{name}.v"
    for own, proved in ((statement, True), (statement.altered(miss), False)):
        told = tuple(own if x == statement else x for x in sections()[section])
        place(folder, {path: texts(theory({**sections(), section: told}, only={section}))[path]})
        assert not coqc(folder, path)
        said = coqc(folder, f"formal/{name}.v")
        assert (
            not said if proved else re.search(rf'File "./formal/{name}.v", line \d+.*\n(.*\n)*?Error', said)
        )


x = sp.Symbol("x", real=True)
OWN = Statement(id="own", title="Own", left=x + 1, right=x, relation=Relation.GREATER, reference="none")
BEGIN = "From Symderive.formal Require Import Prelude.\nFrom Symderive.statements Require Import own.\n"
RIGHT = "Theorem own_holds : own. Proof. move=> x; lra. Qed."


def checked(tmp_path, script):
    """What Coq finds of one statement with a script of its own."""
    require("coq")
    made = theory({"own": (OWN,)})
    files = {"formal/Prelude.v": scripts()["Prelude.v"], "formal/own.v": BEGIN + script, **texts(made)}
    place(tmp_path, files)
    return check(tmp_path, made, Sources(files))


@pytest.mark.coq
def test_a_proof_is_checked(tmp_path):
    found = checked(tmp_path, RIGHT)
    assert not found.faults
    assert found.proved == ("own",)


@pytest.mark.coq
@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("Theorem own_holds : own. Admitted.", "own_holds rests on"),
        ("Axiom magic : own.\nTheorem own_holds : own. Proof. exact magic. Qed.", "rests on .*magic"),
        (
            "Definition own := True.\nTheorem own_holds : own. Proof. exact I. Qed.",
            "does not prove its statement",
        ),
        ("Theorem own_holds : own. Proof. move=> x; lra.", r"^formal/own\.v: "),
        ("Theorem own_holds : own. Proof. move=> x; nra_or_so. Qed.", r"^formal/own\.v: "),
        (
            "Unset Guard Checking. Fixpoint liar (n : nat) : False := liar n.\n"
            "Theorem own_holds : own. Proof. by case: (liar 0%N). Qed.",
            "own_holds rests on",
        ),
    ],
)
def test_what_is_no_proof_is_not_checked(tmp_path, script, fault):
    found = checked(tmp_path, script)
    assert any(re.search(fault, said) for said in found.faults), found.faults
    assert not found.proved


@pytest.mark.coq
@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"formal/Classical_Prop.v": "Axiom classic : False."}, "has the name of a library of Coq"),
        ({"formal/own.v": BEGIN + "Require Import Hidden.\n" + RIGHT}, "reads other files in a way"),
        (
            {
                "formal/A.v": "From Symderive.formal Require Import B.",
                "formal/B.v": "From Symderive.formal Require Import A.",
            },
            "require each other",
        ),
    ],
)
def test_files_that_cannot_be_trusted_are_refused(tmp_path, files, fault):
    require("coq")
    made = theory({"own": (OWN,)})
    files = {
        "formal/Prelude.v": scripts()["Prelude.v"],
        "formal/own.v": BEGIN + RIGHT,
        **texts(made),
        **files,
    }
    place(tmp_path, files)
    with pytest.raises(InputError, match=fault):
        check(tmp_path, made, Sources(files))
