"""The file that a derivation of one's own starts from: it is proved as it stands, and breaks if changed."""

import json
import subprocess
import sys
from functools import partial

import pytest

from symderive.library.load import load
from symderive.library.start import write_start
from symderive.paper.assembly import assemble
from symderive.verdict import Verdict


@pytest.fixture
def run(run):
    return partial(run, "derive")


def test_what_is_written_is_proved_with_its_displays(run, tmp_path):
    path = tmp_path / "my_theory.py"
    code, out, _ = run("--new", path)
    assert code == 0
    assert f"symderive derive {path}" in out
    assert "symderive derive my_theory.py" in path.read_text()
    code, out, _ = run(path, "--out", tmp_path / "paper", "--no-pdf")
    assert code == 0
    record = json.loads((tmp_path / "paper" / "manifest.json").read_text())["statements"]
    assert {id_: (x["verdict"], x["display"]) for id_, x in record.items()} == {
        "my-lemma": ("PROVED", "proved"),
        "my-theorem": ("PROVED", "proved"),
    }
    assert all(x["near_misses"] for x in record.values())
    paper = (tmp_path / "paper" / "paper.tex").read_text()
    assert r"N(\lambda) := " in paper


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"A w + \lambda w = v", r"A w - \lambda w = v"),
        (r"0 \ge \frac{\partial N", r"0 \le \frac{\partial N"),
        (r"I)^{-1} v \rVert^{2}", r"I)^{-1} v \rVert"),
        ("nonnegative(2 *", "nonnegative(3 *"),
        ("left(-size)", "left(size)"),
    ],
)
def test_a_change_of_it_is_noticed(tmp_path, right, wrong):
    path = write_start(tmp_path / "changed.py")
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    results = [item.result for section in assemble((load(path),)) for item in section.items]
    assert Verdict.UNDECIDED in [result.verdict for result in results]


def test_its_id_is_that_of_the_file(tmp_path):
    assert load(write_start(tmp_path / "My own_Theory 2.py")).id == "my-own-theory-2"
    assert load(write_start(tmp_path / "λ.py")).id == "my-theory"


def test_the_file_is_as_the_house_writes_them(tmp_path):
    path = write_start(tmp_path / "mine.py")
    for task in (("check",), ("format", "--check")):
        command = [sys.executable, "-m", "ruff", *task, "--isolated", "--line-length", "108", path]
        done = subprocess.run(command, capture_output=True, text=True)
        if "No module named ruff" in done.stderr:
            pytest.skip("needs ruff")
        assert done.returncode == 0, done.stdout


def test_nothing_is_overwritten(run, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("my work")
    code, out, err = run("--new", path)
    assert (code, out) == (2, "")
    assert "there already" in err
    assert path.read_text() == "my work"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--new", "mine.txt"), "end its name in .py"),
        (("--new", "absent/mine.py"), "does not exist"),
        (("--new", "mine.py", "loss"), "leave out loss"),
        (("--new", "mine.py", "--list"), "stands alone"),
        (("--new", "mine.py", "--depth", "2"), "leave out --depth"),
        (("--new", "mine.py", "--out", "paper"), "leave out --out"),
    ],
)
def test_bad_input_is_one_sentence(run, tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
