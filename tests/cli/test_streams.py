"""Standard streams in any state, in this process with planted streams, and for real in a few others."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import warnings

import pytest

from symderive import cli
from symderive.cli import streams, terminal
from symderive.errors import Notice


class Failing(io.StringIO):
    """A stream on a disk that is full, or a pipe that nobody reads, from the ``after``-th writing on."""

    def __init__(self, number: int, after: int = 0) -> None:
        super().__init__()
        self.number, self.left = number, after

    def write(self, text: str) -> int:
        if text and not self.left:
            raise OSError(self.number, os.strerror(self.number))
        self.left -= bool(text)
        return super().write(text)


def run(monkeypatch: pytest.MonkeyPatch, stdout: io.TextIOBase | None, *arguments: str) -> tuple[int, str]:
    """The exit code and standard error of a command whose standard output is a planted stream."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["symderive", *arguments])
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert sys.stdout is stdout
    assert sys.stderr is stderr
    return stop.value.code, stderr.getvalue()


ISOTROPIC = ("phase", "--isotropic", "1,1", "--depth", "2", "--width", "2", "--decay", "0.01")


@pytest.mark.parametrize(
    "arguments", [ISOTROPIC, (*ISOTROPIC, "--json"), ("--help",), ("derive", "--help"), ()]
)
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 2), (errno.EIO, 2), (errno.EPIPE, 141)])
def test_what_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], number: int, code: int
) -> None:
    found, said = run(monkeypatch, Failing(number), *arguments)
    assert found == code
    if code == 141:
        assert said == ""
    else:
        assert said.startswith(f"symderive: standard output cannot be written ({os.strerror(number)})")
        assert said.count("\n") == 1


def test_what_can_be_written_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    assert run(monkeypatch, stream, *ISOTROPIC) == (0, "")
    assert "ρ" in stream.getvalue()


def test_a_disk_that_fills_up_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Failing(errno.ENOSPC, after=1)
    arguments = (*ISOTROPIC, "--vary", "decay=0.01:0.1:3")
    code, said = run(monkeypatch, stream, *arguments)
    assert (code, said.count("cannot be written")) == (2, 1)
    assert "transition" in stream.getvalue()
    assert "metastable" not in stream.getvalue()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "memory ran out"),
        (
            PermissionError(errno.EACCES, "Permission denied", "some.csv"),
            "some.csv cannot be used",
        ),
        (OSError(errno.EIO, "Input/output error"), "a file cannot be used (Input/output error)"),
    ],
)
def test_what_no_reader_expects_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("symderive.thresholds.thresholds.thresholds", fail)
    code, text = run(monkeypatch, io.StringIO(), *ISOTROPIC)
    assert code == 2
    assert text.startswith(f"symderive: {said}")


def test_a_failure_stays_one() -> None:
    """A library that swallows it, as click does when it tries a stream, does not hide it."""
    stream = streams.Stream(Failing(errno.ENOSPC), is_needed=True)
    for _ in range(2):
        with pytest.raises(streams.OutputError):
            stream.write("x")
    with pytest.raises(streams.OutputError):
        stream.flush()
    streams.Stream(Failing(errno.ENOSPC), is_needed=False).write("remarks are not needed")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_every_letter_can_be_written(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Tables, help, errors with odd names; and JSON, which programs read back."""
    for arguments in (
        ISOTROPIC,
        ("check", "--help"),
        (*ISOTROPIC, "--json"),
        ("solve", "\udcff☃", "--decay", "1"),
    ):
        inner = io.BytesIO()
        stdout = io.TextIOWrapper(inner, encoding=encoding, errors="strict")
        code, said = run(monkeypatch, stdout, *arguments)
        assert code == (2 if arguments[0] == "solve" else 0), said
        text = inner.getvalue().decode(encoding)
        assert ("ρ" in text or "γ" in text) is (encoding == "utf-8" and arguments == ISOTROPIC)
        assert "\\u" not in text


def test_json_is_ascii_where_the_stream_is(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"name": "ρ\udcff"}
    for encoding, shown in (("ascii", "\\u03c1"), ("cp1252", "\\u03c1"), ("utf-8", "\\u03c1")):
        inner = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(inner, encoding=encoding))
        terminal.show_json(record)
        assert shown in inner.getvalue().decode(encoding)  # a lone surrogate is no UTF-8 either
        terminal.show_json({"name": "ρ"})
        assert ("ρ" in inner.getvalue().decode(encoding)) is (encoding == "utf-8")


def test_source_is_read_as_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    """² is a letter of cp1252, and would be no UTF-8 there."""
    for encoding in ("cp1252", "utf-8"):
        inner = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(inner, encoding=encoding))
        terminal.show_source("# 3² λ\n")
        sys.stdout.flush()
        assert inner.getvalue().decode("utf-8") == ("# 3² λ\n" if encoding == "utf-8" else "# 3^2 lambda\n")


def test_a_notice_is_a_sentence_and_other_warnings_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        with streams.prepared():
            warnings.warn("something is so.", Notice, stacklevel=1)
            warnings.warn("something else.", UserWarning, stacklevel=1)

    with pytest.warns(UserWarning, match="else") as others:
        work()
    assert capsys.readouterr().err == "symderive: something is so.\n"
    assert len(others) == 1


@pytest.mark.parametrize(
    ("told", "is_terminal", "width"),
    [
        ("80", False, 80),
        ("80", True, 80),
        ("", False, None),
        ("x", False, None),
        ("0", False, None),
        ("", True, 93),
    ],
)
def test_the_width_is_what_is_told_else_the_terminals(
    monkeypatch: pytest.MonkeyPatch, told: str, is_terminal: bool, width: int | None
) -> None:
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal
    monkeypatch.setenv("COLUMNS", told)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((93, 20)))
    assert terminal.columns() == width


def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    for stream in (None, closed, io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        with terminal.progress("Working") as advance:
            assert advance is None


SHELL = f'"{sys.executable}" -m symderive'


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--version > /dev/full", 2, "No space left on device"),
        ("--version >&-", 2, "Bad file descriptor"),
        ("--version <&- >&- 2>&-", 2, ""),
        ("solve - --target y --depth 1 --width 1 --decay 1 <&-", 2, "standard input is closed"),
        ("derive --help | true; exit ${PIPESTATUS[0]}", None, ""),
    ],
)
def test_the_streams_of_a_shell(line: str, code: int | None, said: str) -> None:
    """With buffers as a person's, whose last writing is at the end; no traceback, no remark of Python's."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-c", f"{SHELL} {line}"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode in ((0, 141) if code is None else (code,))  # a reader may be slow to leave
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == bool(said)


def test_an_ascii_terminal_is_drawn_in_ascii() -> None:
    """In a real terminal of 60 columns whose locale knows ASCII alone."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    __import__("termios").tcsetwinsize(follower, (24, 60))
    environment = os.environ | {
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "NO_COLOR": "1",
    }
    for name in ("COLUMNS", "PYTHONIOENCODING"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "symderive", *ISOTROPIC]
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        text = b""
        while chunk := _read(leader):
            text += chunk
    os.close(leader)
    assert process.returncode == 0
    lines = text.decode("ascii").replace("\r", "").splitlines()
    assert any("rho" in line for line in lines)
    assert max(map(len, lines)) <= 60


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("ascii", "\\udcff\\xe9\\u2603"), ("latin-1", "\\udcffé\\u2603"), ("utf-8", "\\udcffé☃")],
)
def test_an_odd_name_is_told(monkeypatch: pytest.MonkeyPatch, encoding: str, name: str) -> None:
    inner = io.BytesIO()
    arguments = ["solve", "\udcffé☃.csv", "--target", "y", *ISOTROPIC[3:]]
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(inner, encoding=encoding, errors="strict"))
    monkeypatch.setattr(sys, "argv", ["symderive", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert inner.getvalue().decode(encoding).startswith(f"symderive: {name}.csv cannot be read")
