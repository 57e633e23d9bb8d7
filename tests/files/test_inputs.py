"""Pipes are read, and nothing is waited for without an end."""

import os
import threading

import numpy as np
import pytest
from oracles.permissions import folder_of_plain_user, plain_user

from symderive import InputError, Moments
from symderive.certificates.checker import read_certificate
from symderive.certificates.checker_numbers import CertificateError
from symderive.data.reading.npz import read_npz
from symderive.files import inputs, open_input


def test_a_file_is_read(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(b"1,2\n")
    (tmp_path / "link").symlink_to("data")
    for name in ("data", "link"):
        with open_input(tmp_path / name) as stream:
            assert stream.read() == b"1,2\n"
            assert stream.seek(0) == 0


def test_a_pipe_without_a_name_is_read_to_its_end():
    """As the shell makes it of <(command), even where the command takes its time."""
    reading, writing = os.pipe()
    try:
        with open_input(f"/dev/fd/{reading}") as stream:
            timer = threading.Timer(0.05, lambda: (os.write(writing, b"1,2\n"), os.close(writing)))
            timer.start()
            assert stream.read() == b"1,2\n"
            timer.join()
    finally:
        os.close(reading)


def test_tables_come_through_pipes(tmp_path):
    text = b"a,y\n1,2\n3,5\n"
    reading, writing = os.pipe()
    os.write(writing, text)
    os.close(writing)
    (tmp_path / "data.csv").write_bytes(text)
    found = Moments.from_csv(f"/dev/fd/{reading}", "y")
    os.close(reading)
    assert found.gram == Moments.from_csv(tmp_path / "data.csv", "y").gram


@pytest.mark.parametrize("kind", ["csv", "npz", "parquet"])
def test_no_table_is_waited_for_without_an_end(tmp_path, monkeypatch, kind):
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(inputs, "PATIENCE", 0.05)
    read = getattr(Moments, f"from_{kind}")
    os.mkfifo(tmp_path / "pipe")
    for path, says in (
        (tmp_path / "pipe", "a pipe that nobody writes to"),
        ("/dev/zero", "it is a device"),
    ):
        with pytest.raises(InputError, match=says):
            read(path, "y")


def test_an_archive_comes_through_a_pipe_too(tmp_path):
    np.savez(tmp_path / "data.npz", X=[[1, 2], [3, 4]], y=[1, 2])
    content = (tmp_path / "data.npz").read_bytes()
    os.mkfifo(tmp_path / "pipe.npz")
    writer = threading.Thread(target=(tmp_path / "pipe.npz").write_bytes, args=(content,))
    writer.start()
    found = read_npz(tmp_path / "pipe.npz")
    writer.join()
    assert found["X"].tolist() == [[1, 2], [3, 4]]
    (tmp_path / "cut.npz").write_bytes(content[:-30])
    for name, says in (("cut.npz", "is not an NPZ archive"), (".", "it is a folder")):
        with pytest.raises(InputError, match=says):
            read_npz(tmp_path / name)


def test_a_pipe_with_a_name_is_read_where_somebody_writes(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"x" * 200_000,))
    writer.start()
    with open_input(path) as stream:
        assert len(stream.read()) == 200_000
    writer.join()


def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "PATIENCE", 0.05)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(InputError, match="a pipe that nobody writes to"):
        open_input(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "the name of a file to read is empty"),
        (".", "it is a folder"),
        ("nowhere", "No such file"),
        ("file/in", "Not a directory"),
        ("a\0b", "not a usable file name"),
        ("x" * 300, "File name too long"),
        ("self", "symbolic links"),
        ("/dev/zero", "it is a device"),
        ("/dev/null", "it is a device"),
    ],
)
def test_what_cannot_be_read(tmp_path, monkeypatch, name, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=says) as refused:
        open_input(name)
    assert len(str(refused.value)) < 300
    with open_input("file") as stream:
        assert stream.read() == b""


def test_a_file_that_the_user_must_not_read():
    with folder_of_plain_user() as folder, plain_user():
        path = folder / "data"
        path.write_bytes(b"1")
        path.chmod(0o200)
        with pytest.raises(InputError, match="Permission denied"):
            open_input(path)
        path.chmod(0o400)
        with open_input(path) as stream:
            assert stream.read() == b"1"


def test_a_certificate_comes_from_a_file_or_a_pipe_without_a_name(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(CertificateError, match="a pipe with a name"):
        read_certificate(path)
    reading, writing = os.pipe()
    os.write(writing, b'{"format":"symderive-certificate-1"}')
    os.close(writing)
    try:
        assert read_certificate(f"/dev/fd/{reading}") == {"format": "symderive-certificate-1"}
    finally:
        os.close(reading)
