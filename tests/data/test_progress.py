"""What is told while a file is read: rows, and their share of all where that is known."""

import gzip
import io
import sys

import numpy as np
import pytest

from symderive import Moments
from symderive.data.reading import lines

ROWS = 500
TEXT = "a,b,y\n" + "".join(f"{i},{i * i},{i % 7}\n" for i in range(ROWS))


@pytest.fixture
def told(monkeypatch):
    """The callback's arguments, in order; files are read in small parts."""
    monkeypatch.setattr(lines, "CHUNK", 1000)
    return []


def kept(told):
    return lambda rows, share: told.append((rows, share))


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_text_file_says_how_far_it_is(tmp_path, told, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(TEXT.encode()) if name.endswith("gz") else TEXT.encode())
    moments = Moments.from_csv(path, "y", progress=kept(told))
    assert moments == Moments.from_csv(path, "y")
    rows, shares = zip(*told, strict=True)
    assert len(told) > 3
    assert rows == tuple(sorted(set(rows)))
    assert rows[-1] == ROWS
    assert list(shares) == sorted(shares)
    assert 0 < shares[0] <= shares[-1] == 1


def test_of_a_pipe_the_rows_are_known_alone(monkeypatch, told):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    Moments.from_csv("-", "y", progress=kept(told))
    assert told[-1] == (ROWS, None)
    assert {share for _, share in told} == {None}


def test_arrays_and_parquet_know_their_rows(tmp_path, told):
    X, y = np.arange(2.0 * ROWS).reshape(ROWS, 2), np.arange(float(ROWS))
    np.savez(tmp_path / "t.npz", X=X, y=y)
    Moments.from_npz(tmp_path / "t.npz", progress=kept(told))
    assert told[-1] == (ROWS, 1)
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pytest.importorskip("pyarrow").table({"a": X[:, 0], "b": X[:, 1], "y": y})
    parquet.write_table(table, tmp_path / "t.parquet")
    Moments.from_parquet(tmp_path / "t.parquet", "y", progress=kept(told))
    assert told[-1] == (ROWS, 1)
