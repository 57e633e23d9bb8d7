"""Moments that workers make of their parts of a table, added: those of the whole table."""

import importlib.util
from pathlib import Path

import pytest

from symderive import InputError, Moments

EXAMPLES = Path(__file__).parents[2] / "examples"
DIABETES = EXAMPLES / "diabetes.csv"


@pytest.fixture
def parts(tmp_path):
    """The rows of the diabetes data in three files, of different lengths."""
    header, *rows = DIABETES.read_text().splitlines()
    paths = [tmp_path / f"part-{i}.csv" for i in range(3)]
    for path, start, stop in zip(paths, (0, 1, 200), (1, 200, None), strict=True):
        path.write_text("\n".join([header, *rows[start:stop]]) + "\n")
    return [str(path) for path in paths]


def example():
    spec = importlib.util.spec_from_file_location("dask_moments", EXAMPLES / "dask_moments.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(one, other):
    return (one.gram, one.denominator, one.weight, one.features, one.target) == (
        other.gram,
        other.denominator,
        other.weight,
        other.features,
        other.target,
    )


def test_parts_of_a_table_add_in_any_order(parts):
    whole = Moments.from_csv(DIABETES, "progression")
    one, two, three = (Moments.from_csv(path, "progression") for path in parts)
    assert same(one + two + three, whole)
    assert same(three + (one + two), whole)
    assert same(sum([two, three, one]), whole)
    assert not same(one + two, whole)
    centered = [Moments.from_csv(path, "progression", center=True) for path in parts]
    assert same(sum(centered), Moments.from_csv(DIABETES, "progression", center=True))
    with pytest.raises(InputError, match="plain and centered moments cannot be added"):
        one + centered[1]


def test_the_dask_example(parts, capsys):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert same(
            example().sum_of(client, parts, "progression"), Moments.from_csv(DIABETES, "progression")
        )
        address = cluster.scheduler_address
        arguments = [*parts, "--target", "progression", "--decay", "80", "--scheduler", address]
        example().main(arguments, standalone_mode=False)
    rows, first, *_ = capsys.readouterr().out.splitlines()
    assert rows == "442 rows in 3 files"
    assert first.startswith("global minimum: loss ")


def test_partitions_of_a_dask_frame():
    """A lazy frame is refused with a sentence that names what to do, and its partitions add."""
    frames = pytest.importorskip("dask.dataframe")
    import pandas as pd

    table = pd.read_csv(DIABETES)
    frame = frames.from_pandas(table, npartitions=3)
    with pytest.raises(InputError, match=r"X is lazy \(dask.DataFrame\); compute or collect it"):
        Moments.from_samples(frame, "progression")
    whole = Moments.from_samples(table, "progression")
    assert same(example().moments_of_frame(frame, "progression"), whole)
    parts = (part.compute(scheduler="synchronous") for part in frame.to_delayed())
    assert Moments.from_chunks((part, "progression") for part in parts) == whole
