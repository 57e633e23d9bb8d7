"""Sealed records: the untouched one is read, and every damage makes it absent, never an error."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from symderive.errors import InputError, Notice
from symderive.sealed import KEY_SIZE, MOST_BYTES, VARIABLE, SealedFolder, default_folder

RECORD = {"verdict": "UNDECIDED", "reason": "λ ≥ 0, and a lone surrogate \ud800", "axioms": ["a", "b"]}


@pytest.fixture
def kept(tmp_path: Path) -> SealedFolder:
    """A folder with the record "one", and "two" beside it."""
    folder = SealedFolder(tmp_path / "a" / "b")
    folder.put("one", RECORD)
    folder.put("two", RECORD | {"verdict": "PROVED"})
    return folder


def opened(kept: SealedFolder) -> SealedFolder:
    """The same folder for somebody who comes later."""
    return SealedFolder(kept.folder)


def test_a_record_comes_back(kept: SealedFolder) -> None:
    assert kept.get("one") == opened(kept).get("one") == RECORD
    assert opened(kept).get("three") is None
    assert sorted(path.name for path in kept.folder.iterdir()) == ["key", "one.json", "two.json"]


def test_people_can_read_a_record(kept: SealedFolder) -> None:
    shown = json.loads((kept.folder / "one.json").read_text())
    assert len(shown.pop("seal")) == 64
    assert shown == RECORD


def replaced(old: bytes, new: bytes) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new))

    return damage


def rewritten(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {"verdict": "PROVED"}))


def unsealed(path: Path) -> None:
    path.write_text(json.dumps(RECORD))


def swapped(path: Path) -> None:
    path.with_name("two.json").replace(path)


def oversized(path: Path) -> None:
    os.truncate(path, MOST_BYTES + 1)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "damage",
    [
        replaced(b"UNDECIDED", b"PROVED"),
        replaced(b'{"seal": "', b'{"seal": "0'),
        replaced(b'"axioms"', b' "axioms"'),
        rewritten,
        unsealed,
        swapped,
        oversized,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b" "),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[" * 1_000_000),
        lambda path: path.write_bytes(b'{"seal": "' + b"0" * 64 + b'",\n' + b"[" * 1_000_000),
        lambda path: path.write_bytes(b"\xff\xfe"),
        a_folder,
        a_pipe,
        a_device,
    ],
)
def test_a_damaged_record_is_absent(kept: SealedFolder, damage: Callable[[Path], None]) -> None:
    assert opened(kept).get("one") == RECORD
    damage(kept.folder / "one.json")
    assert kept.get("one") is None
    assert opened(kept).get("one") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(bytes(KEY_SIZE)),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"\0"),
        lambda path: path.chmod(0o640),
        lambda path: path.chmod(0o602),
        a_folder,
        a_pipe,
    ],
)
def test_without_its_key_a_record_is_absent(kept: SealedFolder, damage: Callable[[Path], None]) -> None:
    path = kept.folder / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == KEY_SIZE
    damage(path)
    assert opened(kept).get("one") is None
    if not path.is_dir():  # a key can be put in its place
        opened(kept).put("one", {"verdict": "REFUTED"})
        assert opened(kept).get("one") == {"verdict": "REFUTED"}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_of_another_user_is_none(kept: SealedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner)
    assert opened(kept).get("one") == RECORD
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert opened(kept).get("one") is None


def test_two_that_start_at_once_share_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds no key, and one in its place when it puts its own there."""
    first, second = SealedFolder(tmp_path), SealedFolder(tmp_path)
    link = os.link

    def overtaken(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        first.put("one", RECORD)
        os.link(source, target)

    monkeypatch.setattr(os, "link", overtaken)
    second.put("two", RECORD)
    assert SealedFolder(tmp_path).get("one") == SealedFolder(tmp_path).get("two") == RECORD


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    SealedFolder(tmp_path).put("one", RECORD)
    assert SealedFolder(tmp_path).get("one") == RECORD
    assert not list(tmp_path.glob("*.part"))


def test_one_who_wants_it_fresh_believes_nothing_and_keeps_all(kept: SealedFolder) -> None:
    fresh = SealedFolder(kept.folder, fresh=True)
    assert fresh.get("one") is None
    fresh.put("one", {"verdict": "REFUTED"})
    assert fresh.get("one") is None
    assert opened(kept).get("one") == {"verdict": "REFUTED"}


def test_a_record_that_would_not_be_read_is_not_written(tmp_path: Path) -> None:
    folder = SealedFolder(tmp_path)
    folder.put("long", {"text": "x" * MOST_BYTES})
    assert folder.get("long") is None
    assert not (tmp_path / "long.json").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        SealedFolder(tmp_path / "file" / "folder").put("one", RECORD)
    assert SealedFolder(tmp_path / "file" / "folder").get("one") is None


@pytest.fixture
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was given up before is forgotten."""
    monkeypatch.setattr("symderive.sealed._GIVEN_UP", set())
    for name in (VARIABLE, "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_new_process")
@pytest.mark.parametrize("place", ["a file", "below a file", "nowhere", "the ledger's own name"])
def test_an_optional_folder_that_cannot_be_written_is_said_once(place: str, tmp_path: Path) -> None:
    """And work goes on without it, in the folder and in those below it."""
    (tmp_path / "file").write_text("")
    (tmp_path / "cache" / "key").mkdir(parents=True)
    folder = {
        "a file": tmp_path / "file",
        "below a file": tmp_path / "file" / "a" / "b",
        "nowhere": None,
        "the ledger's own name": tmp_path / "cache",
    }[place]
    records = SealedFolder(folder, optional=True)
    with pytest.warns(Notice, match="cannot be written") as said:
        records.put("one", RECORD)
    records.below("paper").put("two", RECORD)
    SealedFolder(folder, optional=True).put("three", RECORD)
    assert records.get("one") is records.below("paper").get("two") is None
    assert len(said) == 1
    assert VARIABLE in str(said[0].message)
    assert "--cache" in str(said[0].message)


@pytest.mark.usefixtures("_new_process")
def test_a_disk_that_is_full_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = SealedFolder(tmp_path, optional=True)
    records.put("one", RECORD)
    monkeypatch.setattr("os.fdopen", _full)
    with pytest.warns(Notice, match="No space left"):
        records.put("two", RECORD)
    records.put("three", RECORD)
    monkeypatch.undo()
    assert records.get("one") == RECORD
    assert records.get("two") is None
    assert [path.suffix for path in tmp_path.iterdir() if path.suffix != ".json"] == [""]


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("_new_process")
@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({VARIABLE: "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a"),
        ({VARIABLE: "", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/symderive"),
        ({"XDG_CACHE_HOME": "", "HOME": "/c"}, "/c/.cache/symderive"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/c"}, "/c/.cache/symderive"),
        ({VARIABLE: "relative"}, "relative"),
        ({"HOME": "relative"}, None),
    ],
)
def test_where_records_lie(
    environment: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == (None if folder is None else Path(folder))


@pytest.mark.usefixtures("_new_process")
def test_a_home_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    assert default_folder() is None
    with pytest.warns(Notice, match="no home folder is known"):
        assert SealedFolder.default().open() is None


def test_what_a_killed_program_left_unfinished_is_removed_when_it_is_old(tmp_path):
    now = time.time()
    for name, age in (("tmpabcdefgh.part", 7200), ("tmpijklmnop.part", 60), ("other.part", 7200)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (now - age, now - age))
    SealedFolder(tmp_path).put("a", {"x": 1})
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "key", "tmpijklmnop.part", "other.part"}


@pytest.mark.parametrize(
    "content", [b"s3cret\n", b"ssh-ed25519 " + b"A" * 80, b"\0\xff" * KEY_SIZE + b"\xff"]
)
def test_a_key_of_something_else_is_not_lost(tmp_path: Path, content: bytes) -> None:
    """A folder that is named may hold a file of that name already."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(InputError, match="its file 'key' is not one of symderive's"):
        SealedFolder(tmp_path).put("one", RECORD)
    with pytest.warns(Notice, match="nothing is kept"):
        SealedFolder(tmp_path, optional=True).put("one", RECORD)
    assert (tmp_path / "key").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_folder_with_a_long_name_is_refused_in_a_short_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"…a+ cannot be written") as caught:
        SealedFolder(tmp_path / ("a" * 400)).open()
    assert len(str(caught.value)) < 300
