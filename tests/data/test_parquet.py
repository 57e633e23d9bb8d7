"""Parquet files: the moments of the frames that they were written from, or one sentence."""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from symderive import InputError, Moments
from symderive.data.reading import matrix
from symderive.errors import MissingExtraError

FRAME = pd.DataFrame(
    {
        "a": [0.1, 2.0, 3.0, -1.5],
        "a.b": np.array([2**60 + 1, 2, 4, 5]),
        "b c": [True, False, True, True],
        "y": np.array([1, 2, 3.5, 0], dtype="f4"),
        "w": [1, 0, 2, 3],
    }
)


@pytest.fixture
def written(tmp_path):
    def write(table, **options):
        path = tmp_path / "t.parquet"
        table = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table)
        parquet.write_table(table, path, **options)
        return path

    return write


def numbers(moments):
    return moments.gram, moments.denominator, moments.features, moments.target, moments.weight


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
@pytest.mark.parametrize("options", [{}, {"row_group_size": 3}, {"compression": "zstd", "version": "1.0"}])
def test_a_file_is_its_frame_however_it_is_cut(written, rows, options, monkeypatch):
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (rows, rows))
    got = Moments.from_parquet(written(FRAME, **options), "y", sample_weight="w")
    assert numbers(got) == numbers(Moments.from_samples(FRAME, "y", sample_weight="w"))
    assert got.source == "t.parquet"


def test_columns_are_chosen_in_the_order_given(written):
    got = Moments.from_parquet(written(FRAME), "w", columns=["b c", "a.b", "a"], standardize=True)
    wanted = Moments.from_samples(FRAME[["b c", "a.b", "a"]], FRAME["w"], standardize=True)
    assert numbers(got) == numbers(wanted)


def test_columns_that_are_not_used_may_hold_anything(written):
    path = written(FRAME.assign(text="u", when=pd.Timestamp("2020")))
    assert Moments.from_parquet(path, "y", columns=["a"]).dimension == 1
    with pytest.raises(InputError, match=r"t.parquet, column 'text' holds text \(String\)"):
        Moments.from_parquet(path, "y")


def test_the_index_of_a_frame_is_left_out_with_a_note(written):
    plain = Moments.from_samples(FRAME.drop(columns="w"), "y")
    shuffled = FRAME.drop(columns="w").iloc[[2, 0, 1, 3]]  # its index has no name
    named = FRAME.set_index("w")
    for frame, name in ((shuffled, "__index_level_0__"), (named, "w")):
        got = Moments.from_parquet(written(frame), "y")
        assert numbers(got) == numbers(plain)
        assert got.notes == (
            f"Dropped {name}, the index of the data frame that t.parquet was written from.",
        )
    assert Moments.from_parquet(written(FRAME.drop(columns="w")), "y").notes == ()
    path = written(named)
    assert Moments.from_parquet(path, "y", columns=["w", "a"]).features == ("w", "a")
    assert Moments.from_parquet(path, "w").target == "w"
    assert numbers(Moments.from_parquet(path, "y", sample_weight="w")) == numbers(
        Moments.from_samples(FRAME, "y", sample_weight="w")
    )


@pytest.mark.parametrize(
    "metadata", [b"", b"{", b"[]", b'{"index_columns": [{"kind": "range"}, 7, "none"]}']
)
def test_metadata_of_anybody(written, metadata):
    table = pa.Table.from_pandas(FRAME).replace_schema_metadata({b"pandas": metadata})
    got = Moments.from_parquet(written(table), "y", sample_weight="w")
    assert numbers(got) == numbers(Moments.from_samples(FRAME, "y", sample_weight="w"))


@pytest.mark.parametrize("row", [0, 1, 3])
@pytest.mark.parametrize("column", ["a", "y", "w"])
def test_missing_values_are_named_by_row_and_column(written, row, column, monkeypatch):
    monkeypatch.setattr(matrix, "BLOCK_ROWS", (2, 2))
    holes = FRAME.astype({"w": "Int64"})
    holes.loc[row, column] = None
    with pytest.raises(InputError, match=f"t.parquet row {row + 1}, column '{column}' is"):
        Moments.from_parquet(written(holes), "y", sample_weight="w")
    filled = Moments.from_parquet(written(holes.fillna(0)), "y", sample_weight="w")
    assert filled.weight == FRAME["w"].sum() - (column == "w") * FRAME["w"][row]


def test_negative_weights_are_refused(written):
    with pytest.raises(InputError, match="sample 2 weighs -1"):
        Moments.from_parquet(written(FRAME.assign(w=[1, -1, 2, 3])), "y", sample_weight="w")


def test_files_that_are_none(written, tmp_path):
    path = written(FRAME)
    whole = path.read_bytes()
    for content, says in (
        (b"", "is not a Parquet file"),
        (b"a,y\n1,2\n", "is not a Parquet file"),
        (whole[:-5], "is not a Parquet file"),
        (whole[len(whole) // 2 :], "t.parquet"),
        (whole[:60] + bytes(40) + whole[100:], "t.parquet is damaged"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError) as refused:
            Moments.from_parquet(path, "y", columns=["a", "a.b"])
        assert says in str(refused.value)
        assert len(str(refused.value)) < 300
    for path, says in (
        (tmp_path / "none.parquet", "No such file"),
        (tmp_path, "directory|folder"),
        ("a\0b", "file name"),
    ):
        with pytest.raises(InputError, match=says):
            Moments.from_parquet(path, "y")


def test_no_rows(written):
    with pytest.raises(InputError, match=r"t.parquet holds no samples; give at least one row that counts"):
        Moments.from_parquet(written(FRAME[:0]), "y")


def test_without_pyarrow_the_extra_is_named(written, monkeypatch):
    path = written(FRAME)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingExtraError, match=r"Parquet files need PyArrow; get it with .*symderive\[data\]"
    ):
        Moments.from_parquet(path, "y")
