"""What killed programs have left is removed; what others still write, and what is not ours, is not."""

import os
import subprocess
import sys
import time

import pytest
from oracles.permissions import NOBODY

from symderive.files import leftovers, remove_leftovers, write_whole
from symderive.files.leftovers import unfinished_name

DAY = 86400


@pytest.fixture(scope="module")
def gone():
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def made(folder, name, age=0.0):
    path = folder / name
    path.write_bytes(b"half")
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def name_of(process, name="w.npz", machine=None):
    return f".{name}.{machine or leftovers._machine()}-{process}-0.part"


def write(path):
    with write_whole(path) as stream:
        stream.write(b"whole")


def test_those_of_a_process_that_is_gone_are_removed_by_the_next_that_writes_the_file(tmp_path, gone):
    left = [made(tmp_path, name_of(gone)), made(tmp_path, f".w.npz.{gone}.part")]
    write(tmp_path / "v.npz")
    assert all(path.exists() for path in left)
    write(tmp_path / "w.npz")
    assert sorted(os.listdir(tmp_path)) == ["v.npz", "w.npz"]


def test_those_of_a_process_at_work_stay(tmp_path):
    kept = [made(tmp_path, name_of(os.getppid())), made(tmp_path, f".w.npz.{os.getppid()}.part")]
    with write_whole(tmp_path / "w.npz") as stream:
        stream.write(b"one")
        write(tmp_path / "w.npz")  # the same process writes it twice at once
        assert len(list(tmp_path.glob(".w.npz.*.part"))) == 3
    assert (tmp_path / "w.npz").read_bytes() == b"one"
    assert all(path.exists() for path in kept)


def test_those_of_a_process_that_had_our_number_are_removed(tmp_path):
    """In a container the number is the same in every run."""
    made(tmp_path, unfinished_name("w.npz", 0), age=time.time() - leftovers._BEGAN + 60)
    write(tmp_path / "w.npz")
    assert os.listdir(tmp_path) == ["w.npz"]


def test_those_of_other_machines_stay_for_a_day(tmp_path, gone):
    kept = made(tmp_path, name_of(gone, machine="0123abcd"), age=DAY / 2)
    left = made(tmp_path, name_of(os.getppid(), machine="0123abcd"), age=2 * DAY)
    write(tmp_path / "w.npz")
    assert kept.exists()
    assert not left.exists()


@pytest.mark.parametrize(
    "name",
    [
        ".w.npz.part",
        "w.npz.{gone}.part",
        ".w.npz.{gone}.part.txt",
        ".w.npz.{gone}x.part",
        ".w.npz.-1.part",
        ".w.npz.99999999999.part",
        ".w.npz2.{gone}.part",
        ".v.w.npz.{gone}.part",
        ".W.NPZ.{gone}.part",
    ],
)
def test_other_names_stay(tmp_path, gone, name):
    kept = made(tmp_path, name.format(gone=gone), age=2 * DAY)
    write(tmp_path / "w.npz")
    assert kept.exists()


def test_in_a_whole_folder_only_names_with_a_machine_are_removed(tmp_path, gone):
    kept = made(tmp_path, f".download.{gone}.part")
    made(tmp_path, name_of(gone, "chunk-000001"))
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [kept]
    remove_leftovers(tmp_path / "nowhere")


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_stays(tmp_path, gone, kind):
    path = tmp_path / name_of(gone)
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path)
    write(tmp_path / "w.npz")
    assert os.path.lexists(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_other_users_files_stay(tmp_path, gone):
    path = made(tmp_path, name_of(gone))
    os.chown(path, NOBODY, NOBODY)
    write(tmp_path / "w.npz")
    assert path.exists()


def test_a_long_name_is_shortened_and_found_again(tmp_path, gone):
    long = "x" * 250
    name = unfinished_name(long, 0)
    assert len(name) < 143
    made(tmp_path, name.replace(f"-{os.getpid()}-", f"-{gone}-"))
    write(tmp_path / long)
    assert os.listdir(tmp_path) == [long]
