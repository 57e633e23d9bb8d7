"""``symderive examples``: all files are copied, the first command works, a folder in use is left alone."""

from __future__ import annotations

import os
import re
import shlex
from functools import partial
from pathlib import Path

import pytest

from symderive.files import examples as module
from symderive.files.examples import copy_examples, example_files, examples_folder, scripts

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def run(run):
    return partial(run, "examples")


def test_the_examples_are_copied_and_told(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run()
    assert (code, err) == (0, "")
    copied = tmp_path / "symderive-examples"
    assert example_files(copied) == example_files(EXAMPLES)
    for path in example_files(copied):
        assert (copied / path).read_bytes() == (EXAMPLES / path).read_bytes()
    for example in scripts(copied):
        assert example.path.as_posix() in out
    assert "diabetes.csv" in out


def test_what_running_them_leaves_is_not_copied(tmp_path, monkeypatch):
    source = tmp_path / "source"
    copy_examples(source)
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "estimator.py").touch()
    (source / "figure.png").touch()
    monkeypatch.setattr(module, "examples_folder", lambda: source)
    copied = copy_examples(tmp_path / "copied")
    assert example_files(copied) == example_files(EXAMPLES)
    assert not (copied / "figure.png").exists()


def test_the_first_command_that_is_told_works(run, tmp_path, monkeypatch):
    from symderive.cli import cli

    monkeypatch.chdir(tmp_path)
    _, out, _ = run("my copy")
    change, command = re.search(r"^ *(cd .*) && (symderive .*)$", out, re.MULTILINE).groups()
    monkeypatch.chdir(shlex.split(change)[1])
    assert cli.main(shlex.split(command)[1:], standalone_mode=False) == 0
    assert Path(re.search(r"with python (\S+)\.$", out.strip())[1]).exists()


def test_a_name_with_a_hyphen_in_front_is_no_option_of_cd(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert re.search(r"^ *cd \./-x && ", run("--", "-x")[1], re.MULTILINE)
    assert re.search(r"^ *cd x-y && ", run("x-y")[1], re.MULTILINE)  # other names stay as they are


def test_a_folder_that_holds_something_is_refused(run, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    assert run(folder)[0] == 0  # empty: it is used
    before = sorted(folder.rglob("*"))
    (folder / "diabetes.csv").write_text("mine")
    code, out, err = run(folder)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "is not empty" in err
    assert (folder / "diabetes.csv").read_text() == "mine"
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("name", ["", "file", "file/below", "\0"])
def test_what_can_be_no_folder_is_refused(run, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    code, out, err = run(name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert os.listdir() == ["file"]


def test_an_installation_without_examples_says_so(monkeypatch, tmp_path):
    assert examples_folder() == EXAMPLES
    monkeypatch.setattr(module, "__file__", str(tmp_path / "symderive" / "files" / "examples.py"))
    with pytest.raises(module.InputError, match="missing from this installation"):
        examples_folder()


def test_the_table_of_the_readme_is_what_the_scripts_say():
    table = (EXAMPLES / "README.md").read_text()
    for example in scripts(EXAMPLES):
        row = f"| [`{example.path.as_posix()}`]({example.path.as_posix()}) | {example.shows} |"
        assert row in table.replace("\\|", "|"), row
    assert table.count("| [`") == len(scripts(EXAMPLES))
