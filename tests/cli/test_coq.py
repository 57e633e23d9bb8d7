"""``derive --coq`` and ``--check-coq`` as a user sees them."""

import shutil
import sys

import pytest

from symderive.cli import main
from symderive.library.formal import formal, scripts

OWN = """
from sympy import Symbol
from symderive.statements import Derivation, exact_algebra, equal, theorem, right

x = Symbol("x", real=True)
SQUARE = theorem(
    "own-square", "A square", equal((x + 1) ** 2, x**2 + 2 * x + 1), reference="school",
    proof=exact_algebra, misses={"a sign": right(x**2 - 2 * x + 1)},
)
DERIVATION = Derivation(id="own-section", title="Own", prose="Own.", statements=(SQUARE,))
"""


@pytest.fixture
def derive(capsys, monkeypatch):
    """The command: its exit code, and all that it prints."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["symderive", "derive", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, " ".join("".join(capsys.readouterr()).split())

    return call


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_section_comes_with_all_that_its_proofs_need(derive, tmp_path):
    code, said = derive("diagonal-bound", "--coq", tmp_path / "coq")
    assert code == 0, said
    there = files(tmp_path / "coq")
    assert {"_CoqProject", "Definitions.v", "formal/Prelude.v", "formal/diagonal_bound.v"} <= there
    assert {path for path in there if path.startswith("statements/")} == {"statements/diagonal_bound.v"}
    project = (tmp_path / "coq" / "_CoqProject").read_text()
    assert set(project.splitlines()[2:]) == there - {"_CoqProject"}


def test_a_statement_of_ones_own_is_written_beside_those_of_the_package(derive, tmp_path):
    (tmp_path / "own.py").write_text(OWN)
    code, said = derive(tmp_path / "own.py", "--coq", tmp_path / "coq")
    assert code == 0, said
    text = (tmp_path / "coq" / "statements" / "own_section.v").read_text()
    assert "Definition own_square : Prop :=\n  forall (x : R),\n  (x + 1) ^ 2 = x ^ 2 + 2 * x + 1." in text
    assert "propositions of 1 of 1 statements" in said


def test_proofs_beside_a_file_of_ones_own_are_found(derive, tmp_path):
    (tmp_path / "own.py").write_text(OWN)
    proof = "From Symderive.formal Require Import Powers.\n"
    proof += "From Symderive.statements Require Import own_section.\n"
    proof += "Theorem own_square_holds : own_square.\nProof. move=> x; ring. Qed.\n"
    (tmp_path / "own_section.v").write_text(proof)
    code, said = derive(tmp_path / "own.py", "--coq", tmp_path / "coq")
    assert code == 0, said
    assert (tmp_path / "coq" / "formal" / "own_section.v").read_text() == proof
    assert {"formal/Powers.v", "formal/Algebra.v"} <= files(tmp_path / "coq")
    assert "own.py --check-coq" in said


def test_without_a_name_it_is_the_whole_package():
    made = formal()
    written = {f"formal/{name}" for name in scripts() if name.endswith(".v")}
    assert written <= set(made.files)
    assert {f"statements/{name}.v" for name in ("inequalities", "lower_bound", "spinodal")} <= set(
        made.files
    )


def test_a_folder_that_holds_something_is_left_alone(derive, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, said = derive("diagonal-bound", "--coq", tmp_path)
    assert code == 2
    assert "is not empty; name a new one: symderive derive --coq DIR." in said
    assert files(tmp_path) == {"mine.txt"}


@pytest.mark.parametrize("other", [("--out", "paper"), ("--depth", "2"), ("--list",), ("--graph", "g.svg")])
def test_it_stands_alone(derive, tmp_path, other):
    code, said = derive("--coq", tmp_path / "coq", *other)
    assert code == 2
    assert "proves nothing and stands alone" in said
    assert not (tmp_path / "coq").exists()


def test_without_coq_it_says_how_to_get_it(derive, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    code, said = derive("diagonal-bound", "--check-coq", "--coq", tmp_path / "coq")
    assert code == 2
    assert "apt install coq libcoq-mathcomp-ssreflect" in said
    assert not (tmp_path / "coq").exists()


def test_a_name_that_nothing_has(derive, tmp_path):
    code, said = derive("diagonal-bond", "--coq", tmp_path / "coq")
    assert code == 2
    assert "diagonal-bound" in said
    assert not (tmp_path / "coq").exists()
