"""What is written appears whole or not at all, where links lead to, with the old permissions."""

import errno
import os
import socket
import stat
import subprocess
import sys

import pytest
from oracles.limits import largest_file
from oracles.permissions import NOBODY, folder_of_plain_user, plain_user

from symderive import InputError
from symderive.files import (
    named,
    require_folder,
    require_output_folder,
    unfinished_file,
    write_together,
    write_whole,
)

OLD, NEW = b"old content\n", b"new content\n"


def write(path, content=NEW):
    with write_whole(path) as stream:
        stream.write(content)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(OLD)
    return path


def test_files_are_replaced_and_nothing_is_left(place):
    for text in (b"one", b"two"):
        write(place, text)
        assert place.read_bytes() == text
    assert names(place.parent) == ["file"]


def test_a_block_that_fails_changes_nothing(place):
    with pytest.raises(TypeError), write_whole(place) as stream:
        stream.writelines([NEW, "no bytes"])
    assert (place.read_bytes(), names(place.parent)) == (OLD, ["file"])


# -- links -----------------------------------------------------------------------------------------------


def test_a_link_stays_and_what_it_leads_to_is_replaced(place, tmp_path):
    (tmp_path / "sub").mkdir()
    first, second = tmp_path / "sub" / "first", tmp_path / "second"
    first.symlink_to("../file")
    second.symlink_to("sub/first")
    write(second)
    assert place.read_bytes() == NEW
    assert not place.is_symlink()
    assert (os.readlink(first), os.readlink(second)) == ("../file", "sub/first")
    assert names(tmp_path / "sub") == ["first"]


def test_what_a_link_leads_to_is_made(tmp_path):
    (tmp_path / "sub").mkdir()
    link = tmp_path / "link"
    link.symlink_to("sub/new")
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "sub" / "new").read_bytes() == NEW
    link.unlink()
    link.symlink_to("nowhere/new")
    with pytest.raises(InputError, match=r"the folder .*nowhere does not exist, into which the link"):
        write(link)


def test_links_that_lead_back_are_refused(tmp_path):
    for name, target in (("one", "two"), ("two", "one"), ("self", "self")):
        (tmp_path / name).symlink_to(target)
    for name in ("one", "self"):
        with pytest.raises(InputError, match="leads back to itself"):
            write(tmp_path / name)
    (tmp_path / "longest").symlink_to("file")
    for number in range(30):
        (tmp_path / f"{number}").symlink_to(f"{number - 1}" if number else "longest")
    write(tmp_path / "29")
    assert (tmp_path / "file").read_bytes() == NEW


def test_another_hard_link_keeps_the_old_content(place, tmp_path):
    os.link(place, tmp_path / "other")
    write(place)
    assert (place.read_bytes(), (tmp_path / "other").read_bytes()) == (NEW, OLD)


# -- what is no file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["null", "stdout", "full", "fd/1", "stderr"])
def test_a_device_is_not_replaced(name, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(f"/dev/{name}")
    for path in (f"/dev/{name}", link):
        with pytest.raises(InputError, match="device or a pipe"):
            require_folder(path)
    assert link.is_symlink()


def test_standard_output_is_no_file_wherever_it_goes(tmp_path):
    """/dev/stdout leads to a file just now, and may lead to a pipe at the next call."""
    code = (
        "from symderive.files import require_folder\n"
        "try: require_folder('/dev/stdout')\n"
        "except ValueError as e: print(e)"
    )
    out = tmp_path / "out"
    with out.open("wb") as stream:
        subprocess.run([sys.executable, "-c", code], stdout=stream, check=True)
    assert b"device or a pipe" in out.read_bytes()
    assert require_folder(out) == out


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_pipe_and_a_socket_are_not_replaced(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if kind == "pipe":
        os.mkfifo("it")
    else:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("it")
    os.symlink("it", "link")
    for path in ("it", "link"):
        with pytest.raises(InputError, match="device or a pipe"):
            write(path)
    assert not (tmp_path / "it").is_file()
    assert names(tmp_path) == ["it", "link"]
    write("it.txt")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "empty"),
        ("sub", "is a folder"),
        ("new/", "is a folder"),
        (".", "is a folder"),
        ("sub/..", "is a folder"),
        ("link-to-sub", "is a folder"),
        ("nowhere/new", "nowhere does not exist"),
        ("file/new", "file does not exist"),
        ("a\0b", "not a usable file name"),
        ("x" * 256, "give a shorter name"),
        ("é" * 128, "give a shorter name"),
    ],
)
def test_names_that_cannot_be_written(name, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link-to-sub").symlink_to("sub")
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(InputError, match=says) as refused:
        write(name)
    assert len(str(refused.value)) < 300
    assert names(tmp_path) == ["file", "link-to-sub", "sub"]


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, "\udcff\udcfe.npz", " ", "a\nb", "-", "..x"])
def test_names_that_are_odd_but_can_be_written(name, tmp_path):
    for content in (OLD, NEW):
        write(tmp_path / name, content)
        assert (tmp_path / name).read_bytes() == content
    assert names(tmp_path) == [name]


def test_a_name_that_is_no_text_is_shown_in_one_that_is(tmp_path):
    with pytest.raises(InputError) as refused:
        write(tmp_path / "\udcff" / "new")
    assert "\\udcff" in str(refused.value)
    str(refused.value).encode()


# -- permissions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"), [(0o600, 0o600), (0o644, 0o644), (0o664, 0o664), (0o755, 0o755), (0o6755, 0o755)]
)
def test_the_mode_is_kept_without_the_bits_that_make_a_program_another_user(place, before, after):
    place.chmod(before)
    write(place)
    assert (mode(place), place.read_bytes()) == (after, NEW)


@pytest.mark.parametrize(("mask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_what_the_umask_leaves(tmp_path, mask, expected):
    before = os.umask(mask)
    try:
        write(tmp_path / "new")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == expected


def test_what_is_private_is_private_while_it_is_written(place):
    place.chmod(0o600)
    with unfinished_file(place) as unfinished:
        assert mode(unfinished) == 0o600
        unfinished.write_bytes(NEW)
    place.chmod(0o644)
    with unfinished_file(place.with_name("new")) as unfinished:
        assert mode(unfinished) != 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept_where_that_is_allowed(place):
    os.chown(place, NOBODY, NOBODY)
    write(place)
    assert (place.stat().st_uid, place.stat().st_gid) == (NOBODY, NOBODY)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_permissions_of_one_group_are_not_given_to_another():
    with folder_of_plain_user() as folder:
        path = folder / "file"
        path.write_bytes(OLD)  # root's
        path.chmod(0o674)
        os.chown(path, NOBODY, 0)
        with plain_user():
            write(path)
        assert (path.stat().st_gid, mode(path)) == (NOBODY, 0o644)


def test_a_file_that_is_read_only_is_refused():
    with folder_of_plain_user() as folder, plain_user():
        path = folder / "file"
        path.write_bytes(OLD)
        path.chmod(0o444)
        with pytest.raises(InputError, match="read-only"):
            write(path)
        assert (path.read_bytes(), names(folder)) == (OLD, ["file"])
        path.chmod(0o644)
        write(path)
        assert path.read_bytes() == NEW


def test_a_folder_that_cannot_be_written_is_refused():
    with folder_of_plain_user() as folder, plain_user():
        path = folder / "file"
        path.write_bytes(OLD)
        folder.chmod(0o555)
        for each in (path, folder / "new"):
            with pytest.raises(InputError, match="nothing can be put into the folder"):
                write(each)
        with pytest.raises(InputError, match="nothing can be put into"):
            require_output_folder(folder / "one" / "two")
        folder.chmod(0o755)
        assert (path.read_bytes(), names(folder)) == (OLD, ["file"])
        assert require_output_folder(folder / "one" / "two") == folder / "one" / "two"
        assert names(folder) == ["file"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs files of two users")
def test_in_a_sticky_folder_only_one_s_own_files_are_replaced():
    with folder_of_plain_user() as folder:
        os.chown(folder, 0, 0)
        folder.chmod(0o1777)
        theirs, own = folder / "theirs", folder / "own"
        for path in (theirs, own):
            path.write_bytes(OLD)
            path.chmod(0o666)
        os.chown(own, NOBODY, NOBODY)
        with plain_user():
            with pytest.raises(InputError, match="belongs to another user"):
                write(theirs)
            write(own)
        assert (theirs.read_bytes(), own.read_bytes()) == (OLD, NEW)


# -- disks that are full or fail -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [5000, 200_000])
def test_a_file_that_is_too_large_leaves_the_old_one(place, size):
    with largest_file(1000), pytest.raises(InputError, match="ulimit") as refused:
        write(place, b"x" * size)
    assert "\n" not in str(refused.value)
    assert (place.read_bytes(), names(place.parent)) == (OLD, ["file"])
    with largest_file(1000):
        write(place, b"x" * 1000)
    assert place.stat().st_size == 1000


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "make room"),
        (errno.EDQUOT, "make room"),
        (errno.EIO, "has failed"),
        (errno.EROFS, "can be written"),
        (errno.EPERM, "name another file"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_what_the_system_refuses_is_a_sentence(place, monkeypatch, code, says, call):
    def fail(*_arguments, **_options):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(InputError, match=says) as refused:
            write(place)
    assert os.strerror(code) in str(refused.value)
    assert (place.read_bytes(), names(place.parent)) == (OLD, ["file"])


def test_the_content_is_on_the_disk_before_the_name(place, monkeypatch):
    seen = []
    fsync, replace = os.fsync, os.replace

    def synced(handle):
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else os.fstat(handle).st_size)
        fsync(handle)

    def replaced(*paths):
        seen.append("rename")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write(place)
    assert seen == [len(NEW), "rename", "folder"]
    seen.clear()
    with unfinished_file(place, durable=False) as unfinished:
        unfinished.write_bytes(OLD)
    assert (seen, place.read_bytes()) == (["rename"], OLD)


# -- several files ---------------------------------------------------------------------------------------


def test_files_that_belong_together_are_all_written_before_the_first_takes_its_place(place, tmp_path):
    others = [tmp_path / name for name in ("a", "b")]
    with largest_file(1000), pytest.raises(InputError, match="b cannot be written"):
        write_together({place: NEW, others[0]: NEW, others[1]: b"x" * 5000})
    assert (place.read_bytes(), names(tmp_path)) == (OLD, ["file"])
    write_together({place: NEW, **dict.fromkeys(others, NEW)})
    assert names(tmp_path) == ["a", "b", "file"]
    assert {path.read_bytes() for path in (place, *others)} == {NEW}


def test_they_take_their_places_in_their_order(tmp_path, monkeypatch):
    order, replace = [], os.replace
    monkeypatch.setattr(
        os, "replace", lambda old, new: (order.append(os.path.basename(new)), replace(old, new))
    )
    write_together({tmp_path / name: NEW for name in ("z", "a", "manifest")})
    assert order == ["z", "a", "manifest"]


def test_control_characters_of_a_name_do_not_reach_a_terminal():
    """An escape in a name could change the title of a terminal, or hide what else is said."""
    assert named("a\x1b]0;b\x07\n.csv") == r"a\x1b]0;b\x07\n.csv"
    assert named("größe ρ.csv") == "größe ρ.csv"
