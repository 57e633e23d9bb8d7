"""A folder that something else than a sweep fills is no store, and nothing there is waited for."""

import os

import pytest

from symderive import InputError
from symderive.sweeps.store import Store


def test_a_pipe_in_the_place_of_the_manifest_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "sweep.json")
    with pytest.raises(InputError, match=r"sweep.json is no file; remove it"):
        Store(tmp_path, {"a": 1})
    os.unlink(tmp_path / "sweep.json")
    Store(tmp_path, {"a": 1})
    with pytest.raises(InputError, match="another sweep"):
        Store(tmp_path, {"a": 2})
