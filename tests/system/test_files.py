"""Files that appear whole or not at all take the place of files alone."""

import os

import pytest

from symderive import InputError
from symderive.files import require_folder, write_whole


def test_a_pipe_is_not_replaced(tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(InputError, match="device or a pipe"), write_whole(path) as stream:
            stream.write(b"text")
    assert pipe.is_fifo()
    assert link.is_symlink()


@pytest.mark.parametrize("name", ["null", "stdout", "full"])
def test_a_device_is_not_replaced(name):
    with pytest.raises(InputError, match="device or a pipe"):
        require_folder(f"/dev/{name}")


def test_files_are_replaced(tmp_path):
    path = tmp_path / "file"
    for text in (b"one", b"two"):
        with write_whole(path) as stream:
            stream.write(text)
        assert path.read_bytes() == text
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
