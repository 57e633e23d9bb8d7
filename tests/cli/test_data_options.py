"""How the command line reads data: columns, weights and formats, and what is refused in one sentence."""

import gzip
import io
import json
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from symderive import InputError, Moments, cli
from symderive.cli.records import DATA_OPTIONS, DataOptions
from symderive.cli.types import NAMES

TEXT = 'a;b c;"x,y";w;k;t\n1,5;2;3;1;7;3\n2;1;4;2;7;5\n3;5;1/2;0;7;1\n'
EUROPEAN = {"sep": ";", "decimal": ",", "fractions": True}
ROWS = [[Fraction(3, 2), 2, 3], [2, 1, 4], [3, 5, Fraction(1, 2)]]
NET = ("--depth", "1", "--width", "4", "--decay", "0.01", "--json", "--digits", "12", "--verify", "off")


def names(text):
    return NAMES.convert(text, None, None)


@pytest.fixture
def folder(tmp_path):
    """One table as a CSV of Europe, compressed, as Parquet and as NPZ."""
    (tmp_path / "t.csv").write_text(TEXT)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    (tmp_path / "t.txt").write_text(TEXT.replace(";", "\t"))
    table = [[*row, w, 7, t] for row, w, t in zip(ROWS, (1, 2, 0), (3, 5, 1), strict=True)]
    frame = pd.DataFrame(
        [[float(x) for x in row] for row in table], columns=["a", "b c", "x,y", "w", "k", "t"]
    )
    frame.to_parquet(tmp_path / "t.parquet")
    frame.set_index("k").to_parquet(tmp_path / "T.PQ")
    np.savez(tmp_path / "t.npz", X=frame[["a", "b c", "x,y", "k"]], t=frame["t"], w=frame["w"])
    return tmp_path


@pytest.fixture
def run(run, monkeypatch):
    def invoke(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        return run(*arguments)

    return invoke


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("t.csv", EUROPEAN),
        ("t.csv.gz", EUROPEAN),
        ("t.txt", EUROPEAN | {"sep": "tab"}),
        ("t.txt", EUROPEAN | {"sep": "\\t"}),
        ("t.parquet", {}),
        ("T.PQ", {}),
    ],
)
def test_one_table_in_many_files(folder, file, options):
    read = DataOptions(
        str(folder / file), "t", columns=names('"x,y",a'), sample_weight="w", standardize=True, **options
    ).moments()
    swapped = [[x, a] for a, _, x in ROWS]
    wanted = Moments.from_samples(swapped, [3, 5, 1], sample_weight=[1, 2, 0], standardize=True)
    assert (read.gram, read.denominator, read.variances) == (
        wanted.gram,
        wanted.denominator,
        wanted.variances,
    )
    assert (read.features, read.target, read.weight) == (("x,y", "a"), "t", 3)


def test_archives_hold_weights_and_constants(folder, capsys):
    read = DataOptions(str(folder / "t.npz"), "t", sample_weight="w", drop_constant=True).moments()
    assert read.features == ("x1", "x2", "x3")
    assert read.gram == Moments.from_samples(ROWS, [3, 5, 1], sample_weight=[1, 2, 0]).gram
    assert capsys.readouterr().err == (
        "symderive: Dropped x4: constant feature, the same in every row that counts.\n"
    )


def test_notes_do_not_enter_the_json(run, folder):
    """An index column, one of pandas in Parquet, and constants: told on standard error only."""
    (folder / "index.csv").write_text(",a,k,y\n0,1,7,3\n1,2,7,5\n2,4,7,1\n")
    (folder / "plain.csv").write_text("a,y\n1,3\n2,5\n4,1\n")
    code, out, err = run("solve", folder / "index.csv", "--target", "y", "--drop-constant", *NET)
    assert (code, out) == run("solve", folder / "plain.csv", "--target", "y", *NET)[:2]
    assert json.loads(out)["complete"]
    first, second = err.splitlines()
    assert "index" in first
    assert second == "symderive: Dropped k: constant feature, the same in every row that counts."
    code, _, err = run("solve", folder / "T.PQ", "--target", "t", *NET)
    assert (code, err) == (
        0,
        "symderive: Dropped k, the index of the data frame that T.PQ was written from.\n",
    )


def test_standard_input(run, folder):
    options = ("--target", "t", "--sep", ";", "--decimal", ",", "--fractions", *NET)
    for command in ("solve", "phase"):
        rest = options if command == "solve" else options[:-2]
        wanted = run(command, folder / "t.csv", *rest)
        assert run(command, "-", *rest, stdin=TEXT.encode()) == wanted
        assert wanted[0] == 0
    code, _, err = run("solve", "-", "--target", "z", *NET, stdin=b"a,y\n1,2\n")
    assert (code, err) == (2, "symderive: standard input has no column 'z'; its columns are a, y.\n")


@pytest.mark.parametrize(
    ("file", "options", "says", "instead"),
    [
        ("t.csv", {"fractions": False}, "row 4, column 'x,y'", {}),
        ("t.csv", {"sep": None, "decimal": None}, "has no column 't'", {}),
        ("t.csv", {"sep": ";;"}, "the separator is ';;'; give one character", {}),
        ("t.csv", {"decimal": "x"}, "the decimal mark is 'x'", {}),
        ("t.csv", {"sep": ","}, "cannot separate cells and be the decimal mark", {}),
        ("t.csv", {"columns": names("a,zz")}, "has no column 'zz'; its columns are a, b c, x,y", {}),
        (
            "t.csv",
            {"columns": names("a,t")},
            "'t' is both the target and a feature",
            {"columns": names("a")},
        ),
        ("t.csv", {"columns": names("a,a")}, "'a' is given twice", {"columns": names("a,b c")}),
        (
            "t.csv",
            {"columns": names("w"), "sample_weight": "w"},
            "both the sample weight and a feature",
            {},
        ),
        ("t.csv", {"sample_weight": "t"}, "'t' is both the target and the sample weight", {}),
        ("t.csv", {"sample_weight": "z"}, "has no column 'z'", {"sample_weight": "w"}),
        ("t.csv", {"columns": names("k"), "drop_constant": True}, "every feature is constant (k)", {}),
        ("t.csv", {"columns": names("k"), "standardize": True}, "column 'k' is constant", {}),
        ("t.csv", {"target": None}, "the target column of t.csv is missing; give --target COLUMN", {}),
        ("t.npz", {"columns": names("x1")}, "--columns is about columns with names; leave it out", {}),
        ("t.npz", {"sep": ";"}, "--sep is about CSV files; leave it out for t.npz", {}),
        ("t.npz", {"fractions": True}, "--fractions is about CSV files", {}),
        ("t.npz", {"encoding": "cp1252"}, "--encoding is about CSV files; leave it out for t.npz", {}),
        ("t.csv", {"encoding": "utf-9"}, "the encoding 'utf-9' is unknown", {"encoding": "latin-1"}),
        ("t.csv", {"encoding": ""}, "the encoding '' is unknown", {"encoding": "utf8"}),
        ("t.csv", {"encoding": "utf-16"}, "t.csv is not text in the encoding 'utf-16'", {}),
        ("t.npz", {"sample_weight": "z"}, "t.npz has no array 'z'", {"sample_weight": "w"}),
        ("t.parquet", {"decimal": ","}, "--decimal is about CSV files; leave it out for t.parquet", {}),
        ("t.parquet", {"columns": names("zz")}, "t.parquet has no column 'zz'", {"columns": names("b c")}),
        ("t.parquet", {"target": None}, "the target column of t.parquet is missing", {}),
        ("absent.parquet", {}, "absent.parquet cannot be read (No such file", None),
        ("t.csv.parquet", {}, "t.csv.parquet is not a Parquet file", None),
    ],
)
def test_what_is_refused(folder, file, options, says, instead):
    (folder / "t.csv.parquet").write_text(TEXT)
    defaults = EUROPEAN if file == "t.csv" else {}
    with pytest.raises(InputError) as refused:
        DataOptions(**{"path": str(folder / file), "target": "t"} | defaults | options).moments()
    assert says in str(refused.value)
    assert len(str(refused.value)) <= 300
    if instead is not None:
        DataOptions(**{"path": str(folder / file), "target": "t"} | defaults | instead).moments()


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "npz", "parquet"])
def test_messages_stay_short_whatever_the_names(tmp_path, suffix):
    """Ten thousand columns with long names, and a target that is none of them."""
    path = tmp_path / f"{'f' * 200}.{suffix}"
    columns = [f"{'name' * 50} {i}" for i in range(2000)]
    frame = pd.DataFrame(np.ones((1, 2000)), columns=columns)
    if suffix == "npz":
        np.savez(path, **{name: np.ones(1) for name in columns})
    elif suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    for target in ("y", "y" * 10_000):
        with pytest.raises(InputError) as refused:
            DataOptions(str(path), target).moments()
        assert len(str(refused.value)) <= 300
        assert "has no" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a", ("a",)),
        ("a,b c, d", ("a", "b c", "d")),
        ('"x,y",a', ("x,y", "a")),
        ('a, "x,y" ', ("a", "x,y")),
        ('"say ""a""",b', ('say "a"', "b")),
        ("ä,ρ", ("ä", "ρ")),
    ],
)
def test_names_between_commas(text, read):
    assert names(text).value == read


@pytest.mark.parametrize("text", ["", "a,,b", "a,", '"a', 'a,"b"c', "a\nb", ","])
def test_what_is_no_list_of_names(text):
    with pytest.raises(InputError, match=r"^--names '.*' (is not a list of names|has an empty name); give"):
        assert names(text).value


def test_every_field_is_an_option_of_every_command_with_data():
    import click

    fields = set(DataOptions.__dataclass_fields__) - {"path"}
    assert fields == set(DATA_OPTIONS)
    for command in ("solve", "check", "phase", "export"):
        found = cli.cli.get_command(click.Context(cli.cli), command)
        assert fields <= {option.name for option in found.params}
    assert DataOptions("t.csv", center=True, sep=";").given() == ["--center", "--sep"]
    assert DataOptions("t.csv", "y").given() == ["--target"]


def test_options_without_data_are_refused(run):
    code, _, err = run("phase", "--isotropic", "1,1", "--columns", "a", *NET[:6])
    assert (code, err) == (2, "symderive: --columns is about a file; leave it out with --isotropic.\n")
    code, _, err = run("export", "--language", "numpy", "--sample-weight", "w")
    assert (code, err) == (2, "symderive: --sample-weight is about a data set; give --data FILE.\n")
