"""derive and equation where nothing can be kept, and where another folder is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symderive import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line with a file in the place of its cache."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("symderive.sealed._GIVEN_UP", set())

    def invoke(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["symderive", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return invoke


@pytest.mark.parametrize("arguments", [("derive", "am-gm"), ("equation", "am-gm", "--format", "text")])
def test_a_cache_that_cannot_be_written_is_a_remark(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert code == 0
    assert "am-gm" in out or "≥" in out
    (line,) = err.splitlines()
    assert line.startswith("symderive: ")
    assert "cannot be written (Not a directory)" in line
    assert len(line) < 300


def test_a_folder_that_is_named_is_used(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, told = tmp_path / "named", tmp_path / "told"
    monkeypatch.setenv("SYMDERIVE_CACHE", str(told))
    code, out, err = run("equation", "am-gm", "--format", "text", "--cache", str(named))
    assert (code, err) == (0, "")
    assert list(named.glob("paper/equation-*.json"))
    assert not told.exists()
    assert run("equation", "am-gm", "--format", "text") == (0, out, "")
    assert list(told.glob("paper/equation-*.json"))
    # What lies there is what is printed.
    monkeypatch.setattr("symderive.proofs.prover.prove", None)
    assert run("equation", "am-gm", "--format", "text", "--cache", str(named)) == (0, out, "")


@pytest.mark.parametrize("command", ["derive", "equation"])
def test_a_folder_that_is_named_has_to_be_one(run: Run, tmp_path: Path, command: str) -> None:
    code, out, err = run(command, "am-gm", "--cache", str(tmp_path / "file"))
    assert (code, out) == (2, "")
    reason = f"{tmp_path / 'file'} cannot be written (File exists)"
    assert err == f"symderive: {reason}; name another folder for the ledger.\n"


def test_a_folder_that_would_not_be_used_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("derive", "--list", "am-gm", "--cache", str(tmp_path / "new"))
    assert code == 2
    assert "leave out --cache" in err
    assert not (tmp_path / "new").exists()
