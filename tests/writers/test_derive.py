"""The derive command: what it writes, and what it refuses."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from symderive.latex.check import katex_errors, lint
from symderive.library.load import load, load_all
from symderive.paper.assembly import assemble
from symderive.proofs.ledger import Ledger
from symderive.writers.notebook import derivation_markdown, statement_latex

pytestmark = pytest.mark.slow

SOME = ("diagonal-bound", "origin-local-minimum")

FALSE_FILE = """
from symderive.statements import Derivation, NearMiss, Statement, combine
from symderive.symbols import lam

DERIVATION = Derivation(
    id="mine", title="Mine", prose="A test.",
    statements=(
        Statement(
            id="my-square", title="A square", left=(lam + 1) ** 2, right=lam**2 + {middle} * lam + 1,
            reference="school", proof=combine(),
            near_misses=(NearMiss("no middle term", right=lam**2 + 1),),
        ),
    ),
)
"""


@pytest.fixture(scope="module")
def sections():
    """The whole paper, ready for print."""
    return assemble(load_all(), ledger=Ledger())


@pytest.fixture
def run(run):
    return partial(run, "derive")


def _contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_directory_holds_what_an_author_needs(run, tmp_path):
    code, out, _ = run(*SOME, "--out", tmp_path / "paper", "--no-pdf")
    assert code == 0
    assert " PROVED, 1 CHECKED" in out
    assert "tested: " in out
    assert "diagonal-bound" not in out
    assert "diagonal-bound" in run(*SOME, "--out", tmp_path / "paper", "--no-pdf", "--verbose")[1]
    files = _contents(tmp_path / "paper")
    assert {"paper.tex", "notation.tex", "manifest.json", "report.md"} <= set(files)
    assert b"@inproceedings{cavazza2018," in files["references.bib"], "which a section cites"
    assert b"kawaguchi2016" not in files["references.bib"], "which none of these does"
    record = json.loads(files["manifest.json"])
    assert sorted(record["files"]) == sorted(files)
    bound = record["statements"]["diagonal-bound"]
    assert (bound["verdict"], bound["read_back"]) == ("PROVED", True)
    assert bound["conditions"]
    assert bound["title"]
    assert bound["certificate"].startswith("By algebra, from")
    assert bound["display"] == "proved"
    assert bound["near_misses"]
    assert f"equations/{'diagonal-bound'}.tex" in files
    assert rb"\label{eq:sd:diagonal-bound}" in files["equations/diagonal-bound.tex"]
    assert all(content.isascii() for name, content in files.items() if name.endswith((".tex", ".bib")))


@pytest.mark.parametrize(
    "pdf", ["--no-pdf", pytest.param("--pdf", marks=[pytest.mark.ci, pytest.mark.tex])]
)
def test_every_run_gives_the_same_bytes(run, tmp_path, pdf):
    for name in ("one", "two"):
        run(*SOME, "--out", tmp_path / name, pdf)
    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


@pytest.mark.ci
def test_hash_seeds_do_not_matter(tmp_path):
    """Sets and dictionaries are sorted before they reach a file."""
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "symderive", "derive", *SOME, "--no-pdf", "--out", tmp_path / seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    assert _contents(tmp_path / "1") == _contents(tmp_path / "2")


def test_files_of_an_earlier_run_go_and_others_stay(run, tmp_path):
    folder = tmp_path / "paper"
    run(*SOME, "--out", folder, "--no-pdf")
    (folder / "mine.txt").write_text("keep me")
    run("diagonal-bound", "--out", folder, "--no-pdf")
    files = _contents(folder)
    assert "mine.txt" in files
    assert "equations/diagonal-bound.tex" in files
    assert "equations/origin-local-minimum.tex" not in files


def test_a_depth_is_written_out(run, tmp_path):
    code, _, _ = run("lower-bound", "--depth", 2, "--out", tmp_path, "--no-pdf")
    assert code == 0
    record = json.loads((tmp_path / "manifest.json").read_text())
    assert record["depth"] == 2
    latex = record["statements"]["lower-bound"]["latex"]
    assert r"\frac{\sigma_{2}^{2}}{d_{2}}" in latex
    assert "D" not in latex


@pytest.mark.parametrize(("middle", "code", "verdict"), [("2", 0, "PROVED"), ("3", 1, "REFUTED")])
def test_a_file_of_ones_own(run, tmp_path, middle, code, verdict):
    path = tmp_path / "mine.py"
    path.write_text(FALSE_FILE.replace("{middle}", middle))
    found, out, _ = run(path)
    assert found == code
    assert verdict in out
    assert ("my-square: REFUTED" in out) == (verdict == "REFUTED")
    found, out, _ = run(path, "--out", tmp_path / "paper", "--no-pdf")
    assert found == code
    assert ("my-square: REFUTED" in out) == ("my-square" in out) == (verdict == "REFUTED")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("import sys; sys.exit(3)", ""),
        ("x = (", "SyntaxError"),
        ("DERIVATION = 3", "defines no DERIVATION"),
        (FALSE_FILE.replace("{middle}", "2").replace("my-square", "../../evil"), "the id '../../evil'"),
        (
            FALSE_FILE.replace("{middle}", "2").replace(
                "lam\n", "lam\nimport sympy\nlam = sympy.Symbol(r'\\input{x}')\n"
            ),
            "",
        ),
    ],
)
def test_a_hostile_file_ends_in_one_sentence(run, tmp_path, text, says):
    path = tmp_path / "hostile.py"
    path.write_text(text)
    code, _, err = run(path, "--out", tmp_path / "paper", "--no-pdf")
    assert code in (1, 2, 3)
    assert "Traceback" not in err
    assert says in err
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no-such-thing",), "no-such-thing"),
        (("nowhere.py",), "nowhere.py"),
        (("diagonal-bound", "--width", "napkin"), "napkin"),
        (("diagonal-bound", "--depth", "0"), "--depth"),
        (("diagonal-bound", "--depth", "x"), "--depth"),
        (("diagonal-bound", "--digits", "0"), "digits"),
        (("diagonal-bound", "--format", "md"), "--out"),
        (("diagonal-bound", "--out", "/proc/nowhere"), "/proc/nowhere"),
        (("diagonal-bound", "--out", "/dev/null"), "/dev/null"),
        (("diagonal-bound", "--format", "docx", "--out", "x"), "--format"),
    ],
)
def test_bad_arguments_get_one_sentence(run, arguments, says):
    code, _, err = run(*arguments)
    assert code == 2
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.ci
@pytest.mark.tex
def test_the_pdf_is_made(run, tmp_path):
    code, _, err = run(*SOME, "--out", tmp_path, "--pdf")
    assert (code, err) == (0, "")
    assert Path(tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_notebooks_show_mathematics_and_verdicts():
    """Expectations and root counts included, which plain SymPy printers do not know."""
    for name in ("loss", "bad-nontrivial-minimum"):
        derivation = load(name)
        shown = derivation_markdown(derivation)
        assert shown.count("(PROVED:") == len(derivation.statements)
        for statement in derivation.statements:
            assert statement_latex(statement).endswith(r"\text{PROVED}$")
    in_entries = replace(load("loss").statements[-1], display=None)
    assert r"\mathbb{E}_{x}" in statement_latex(in_entries)


@pytest.mark.ci
@pytest.mark.node
def test_every_formula_passes_lint_and_katex(sections):
    formulas = [item.formula for section in sections for item in section.items]
    assert len(formulas) > 90
    assert [fault for tex in formulas for fault in lint(tex)] == []
    assert [fault for fault in katex_errors(formulas) if fault] == []
