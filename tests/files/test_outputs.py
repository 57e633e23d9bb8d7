"""An output that is an input, or another output, is found under every name; its neighbors are not."""

import os
import subprocess
import sys

import pytest

from symderive import InputError
from symderive.files import outputs as module
from symderive.files import require_outputs


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a file ``data`` under many names, and others that only look like it."""
    monkeypatch.chdir(tmp_path)
    for name in ("sub", "sub/deep"):
        (tmp_path / name).mkdir()
    for name in ("data", "copy", "sub/data"):
        (tmp_path / name).write_text("1,2\n")
    for name, target in (
        ("link", "data"),
        ("chain", "sub/link"),
        ("sub/link", "../link"),
        ("sub/up", ".."),
        ("whole", "sub/up"),
        ("to-copy", "copy"),
        ("to-new", "new"),
        ("also-to-new", "./sub/up/new"),
        ("to-other", "other"),
        ("absolute", tmp_path / "data"),
    ):
        (tmp_path / name).symlink_to(target)
    os.link("data", "hard")
    os.link("copy", "hard-copy")
    return tmp_path


SAME = (
    "data",
    "./data",
    "sub/../data",
    ".//data",
    "{here}/data",
    "link",
    "chain",
    "sub/link",
    "sub/up/data",
    "whole/data",
    "sub/up/sub/up/data",
    "sub/deep/../../data",
    "hard",
    "absolute",
)
APART = (
    "copy",
    "sub/data",
    "to-copy",
    "hard-copy",
    "new",
    "to-new",
    "sub/new",
    "data.new",
    ".data",
    "{here}/sub/deep/data",
)


@pytest.mark.parametrize("spelling", SAME)
@pytest.mark.parametrize("asked", ["data", "link", "hard"])
def test_an_output_that_is_an_input_is_refused(here, spelling, asked):
    given = spelling.format(here=here)
    with pytest.raises(InputError, match=r"--weights .*is read as DATA") as refused:
        require_outputs({"--weights": given}, {"DATA": asked})
    assert len(str(refused.value)) < 300
    with pytest.raises(InputError, match=r"--weights .*is read as DATA"):
        require_outputs({"--weights": asked}, {"DATA": given})


@pytest.mark.parametrize("spelling", APART)
def test_an_output_that_only_looks_like_an_input_is_taken(here, spelling):
    require_outputs({"--weights": spelling.format(here=here), "--table": None}, {"DATA": "data"})
    assert (here / "data").read_text() == "1,2\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("new", "new"),
        ("new", "./new"),
        ("new", "sub/../new"),
        ("new", "to-new"),
        ("to-new", "also-to-new"),
        ("new", "whole/new"),
        ("{here}/new", "new"),
        ("copy", "hard-copy"),
        ("to-copy", "hard-copy"),
    ],
)
def test_two_outputs_that_are_one_file_are_refused(here, first, second):
    given = {"--weights": first.format(here=here), "--certificate": second}
    with pytest.raises(InputError, match=r"--certificate .* and --weights .* are one file"):
        require_outputs(given)
    assert not (here / "new").exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("new", "other"),
        ("new", "to-other"),
        ("new", "sub/new"),
        ("copy", "data"),
        ("to-new", "to-copy"),
        ("new", "new2"),
        ("new", "NEW"),  # where letters in the other case are other letters
    ],
)
@pytest.mark.usefixtures("here")
def test_two_outputs_that_are_two_files_are_taken(first, second):
    require_outputs({"--weights": first, "--certificate": second}, {"DATA": "sub/data"})


@pytest.mark.usefixtures("here")
def test_neighbors_that_are_written_too_are_outputs():
    files = ["solver.h", "solver.c", "copy"]
    with pytest.raises(InputError, match=r"--out copy .*read as --data"):
        require_outputs({"--out": files}, {"--data": "hard-copy"})
    with pytest.raises(InputError, match=r"--out would write hard-copy and copy, which are one file"):
        require_outputs({"--out": [*files, "hard-copy"]}, {"--data": "data"})
    require_outputs({"--out": files}, {"--data": "data"})


def test_nothing_is_put_into_a_folder_that_another_output_fills(here):
    filled = {"--out": [here / "sub", here / "not-yet"]}
    for graph in ("sub/new", "whole/sub/new", "sub/deep/new"):
        with pytest.raises(InputError, match="--out fills"):
            require_outputs({"--graph": graph}, folders=filled)
    require_outputs({"--graph": "new", "--out": "sub/data"}, folders=filled)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("-", "standard output"),
        ("", "--weights: the name of a file to write is empty"),
        ("sub", "--weights: sub is a folder"),
        ("sub/", "--weights: sub/ is a folder"),
        ("nowhere/new", "--weights: the folder nowhere"),
        ("/dev/stdout", "--weights: /dev/stdout is a device or a pipe"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_option(here, given, says):
    with pytest.raises(InputError, match=says):
        require_outputs({"--weights": given}, {"DATA": "data"})
    assert not (here / "-").exists()


def test_an_input_without_a_name_is_refused(here):
    for given, says in (
        ("", "DATA is empty"),
        (here / "sub", "is a folder"),
        ("whole", "DATA whole is a folder"),
    ):
        with pytest.raises(InputError, match=says):
            require_outputs({}, {"DATA": given})
    require_outputs({}, {"DATA": " "})


def test_an_input_that_is_not_there_is_left_to_whoever_reads_it(here):
    require_outputs({"--weights": "new"}, {"DATA": "nowhere", "WEIGHTS": "a\0b", "FILE": []})
    assert not (here / "new").exists()


CALL = """
import sys
from symderive.files import require_outputs
try:
    require_outputs({"--weights": sys.argv[1]}, {"DATA": sys.argv[2]})
    sys.stderr.write("taken")
except ValueError as error:
    sys.stderr.write(str(error))
"""


@pytest.mark.parametrize(
    ("output", "source", "says"),
    [
        ("copy", "data", "--weights copy is the file that standard output goes to"),
        ("hard-copy", "data", "--weights hard-copy is the file that standard output goes to"),
        ("data", "-", "--weights data is the file that is read as DATA"),
        ("link", "/dev/stdin", "--weights link is the file that is read as DATA"),
        ("new", "-", "taken"),
        ("sub/data", "-", "taken"),
    ],
)
def test_files_that_the_shell_has_opened_count(here, output, source, says):
    with (here / "data").open("rb") as stdin, (here / "copy").open("r+b") as stdout:
        done = subprocess.run(
            [sys.executable, "-c", CALL, output, source], stdin=stdin, stdout=stdout, stderr=-1, check=True
        )
    assert done.stderr.decode().startswith(says)


@pytest.mark.usefixtures("here")
def test_letters_in_the_other_case_are_asked_about(monkeypatch):
    """Where the file system takes names for one that differ in case, two new files can be one."""
    asked = []
    monkeypatch.setattr(module, "_takes_for_one", lambda *pair: asked.append(pair) or True)
    for first, second in (("new", "NEW"), ("straße", "STRASSE"), ("\u00e9", "E\u0301")):
        with pytest.raises(InputError, match="are one file"):
            require_outputs({"--weights": first, "--certificate": second})
    require_outputs({"--weights": "new", "--certificate": "news"})
    require_outputs({"--weights": "new", "--certificate": "sub/NEW"})
    assert len(asked) == 3


def test_the_file_system_is_asked_with_a_file_that_does_not_stay(here):
    one, other = here / "new", here / "NEW"
    assert not module._takes_for_one(one, other)  # this one tells the two apart
    assert module._takes_for_one(one, here / "sub" / "up" / "new")  # as if it did not
    assert not one.exists()
