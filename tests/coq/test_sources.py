"""Which file requires which."""

import re

import pytest

from symderive.coq.sources import Sources
from symderive.library.formal import scripts

MAIN = """
(* From Symderive.formal Require Import ghost. *)
From Symderive.formal Require Import
  Tactics.
From Symderive Require Import Definitions.
From Symderive.statements Require Import main.

Lemma helper : True.
Proof. exact I. Qed.

Theorem main_holds : main.
Theorem second_holds : second.
"""

FILES = {
    "Definitions.v": "From Symderive.formal Require Import Prelude.",
    "formal/Prelude.v": "From Coq Require Export Reals Lra.\nFrom mathcomp Require Export ssreflect.",
    "formal/Tactics.v": "From Symderive.formal Require Export Prelude.",
    "formal/main.v": MAIN,
    "statements/main.v": "From Symderive Require Import Definitions.",
    "_CoqProject": "-R . Symderive",
}


def test_what_is_required_is_found_in_the_words_of_the_files():
    sources = Sources(FILES)
    assert list(sources.required("formal/main.v")) == [
        "formal/Tactics.v",
        "Definitions.v",
        "statements/main.v",
    ]
    assert list(sources.required("formal/Prelude.v")) == []
    assert sources.below("formal/main.v") == sorted(set(FILES) - {"_CoqProject"})


def test_files_come_after_what_they_require():
    order = list(Sources(FILES).graph().static_order())
    assert set(order) == set(FILES) - {"_CoqProject"}
    for path in order:
        for other in Sources(FILES).required(path):
            assert order.index(other) < order.index(path)


def test_no_proof_of_the_package_admits_anything():
    """Coq says so of every theorem; this is of lemmas that no theorem uses, too."""
    words = re.compile(r"\b(Admitted|admit|Axiom|Parameter|Conjecture|Abort|Unset Guard|bypass_check)\b")
    for name, text in scripts().items():
        if name.endswith(".v"):
            assert not words.search(re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL)), name


def test_theorems_are_found_and_lemmas_are_not():
    assert Sources(FILES).theorems("formal/main.v") == ["main_holds", "second_holds"]


@pytest.mark.parametrize(
    "line",
    [
        "Require Import Symderive.formal.Hidden.",
        "Require Symderive.formal.Hidden.",
        "From Symderive Require Import formal.Hidden.",
        'Load "formal/Hidden".',
        "Require Import(notations) Hidden.",
        'Definition s := "(*". Require Import Hidden. Definition t := "*)".',
    ],
)
def test_what_reads_in_another_way_is_known(line):
    assert not Sources({"formal/own.v": f"From Coq Require Import Reals.\n{line}\n"}).is_plain(
        "formal/own.v"
    )


def test_the_files_of_the_package_are_plain():
    sources = Sources(FILES)
    assert all(map(sources.is_plain, sources.texts))
    own = Sources({f"formal/{name}": text for name, text in scripts().items()})
    assert all(map(own.is_plain, own.texts))
