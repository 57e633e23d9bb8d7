"""``symderive phase``: thresholds, tables and figures, each against an independent computation."""

import csv
import json
import os
import random
import subprocess
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path

import mpmath
import pytest

from symderive import Moments, Network, Spectrum, solve
from symderive.cli.ranges import Range, axes_of

pytest.importorskip("matplotlib")

DIABETES = Path(__file__).parents[2] / "examples" / "diabetes.csv"
ISOTROPIC = ("--isotropic", "1,1,1.5")
GOOD = (*ISOTROPIC, "--depth", "2", "--width", "4", "--decay", "0.1")

RANGE = ("--vary", "decay=0.1:1:3")

#: Doubles of a table against certified numbers.
DOUBLE = 1e-9


@pytest.fixture
def run(run):
    return partial(run, "phase")


# -- thresholds ------------------------------------------------------------------------------------


def test_json_without_a_range_is_the_contract(run):
    """a = v = 1, D = 2: the spinodal is at γ = 3·2^{1/3}/8 and the transition at γ³ = 1/16, ρ = 1."""
    code, out, err = run(*GOOD, "--json")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert list(record) == ["decay", "noise", "width", "largest_depth", "order", "jump", "reason"][:-1]
    with mpmath.workdps(40):
        assert abs(mpmath.mpf(record["decay"]["spinodal"]) / (3 * mpmath.cbrt(2) / 8) - 1) < 1e-29
        assert abs(mpmath.mpf(record["decay"]["transition"]) / mpmath.cbrt(mpmath.mpf(1) / 16) - 1) < 1e-29
        # P ρ = 1/16 with ρ = (1 + σ²/4)²
        noise = 4 * (mpmath.sqrt(mpmath.mpf(1000) / 16) - 1)
        assert abs(mpmath.mpf(record["noise"]["transition"]) / noise - 1) < 1e-29
    assert record["width"] == {
        "transition": None,
        "spinodal": None,
        "reason": "Without noise the width does not enter.",
    }
    assert (record["order"], record["jump"]) == ("first", "0.5")
    assert run(*GOOD, "--json")[1] == out


def test_values_that_do_not_exist_come_with_a_reason(run):
    record = json.loads(run(*ISOTROPIC, "--depth", 2, "--width", 4, "--decay", "1,2,3", "--json")[1])
    assert record["decay"]["transition"] is None
    assert "different decays" in record["decay"]["reason"]
    assert record["largest_depth"] is None
    assert "different decays" in record["reason"]["largest_depth"]
    record = json.loads(run(*ISOTROPIC, "--depth", 0, "--decay", 1, "--json")[1])
    assert all(
        record[name] is None and record["reason"][name] for name in ("largest_depth", "order", "jump")
    )


def test_the_largest_depth_is_where_solve_changes_its_mind(run):
    record = json.loads(run(*ISOTROPIC, "--depth", 2, "--width", 9, "--decay", "0.1", "--json")[1])
    deepest, data = record["largest_depth"], Spectrum.of([1], [1], "1.5")
    for depth, collapsed in ((deepest, False), (deepest + 1, True)):
        assert solve(Network(depth, widths=9, decays="0.1"), data).global_minimum.at_origin is collapsed


def test_a_table_for_people(run):
    code, out, _ = run(*GOOD)
    assert code == 0
    for part in (" decay γ ", "up to 0.39685026", "up to 0.47247039", "first order", "Largest depth"):
        assert part in out
    out = run(*ISOTROPIC, "--depth", 1, "--width", 4, "--decay", "0.1")[1]
    assert "continuously" in out


# -- tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [(), ("--digits", 12), ("--doubles",)])
def test_the_table_holds_what_solve_gives(run, tmp_path, method):
    path = tmp_path / "t.csv"
    options = ("--depth", 2, "--width", 8, "--vary", "decay=1:400:6:log", "--vary", "noise=0:60:4")
    code, out, _ = run(
        DIABETES, "--target", "progression", "--standardize", *options, "--table", path, *method
    )
    assert code == 0
    assert "24 networks" in out
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({(row["decay"], row["noise"]) for row in rows}) == 24
    data = Moments.from_csv(DIABETES, "progression", standardize=True)
    for decay, noise in random.Random(3).sample(sorted({(r["decay"], r["noise"]) for r in rows}), 6):
        landscape = solve(Network(2, widths=8, decays=decay, noise=noise), data)
        cell = [row for row in rows if (row["decay"], row["noise"]) == (decay, noise)]
        assert [row["kind"] for row in cell] == [p.kind for p in landscape.points] + [landscape.origin]
        for row, point in zip(cell, landscape.points, strict=False):
            for name in ("ridge", "loss", "norm", "prediction_variance"):
                assert float(row[name]) == pytest.approx(
                    float(getattr(point, name)), rel=DOUBLE, abs=1e-300
                )
        assert (cell[-1]["point"], cell[-1]["ridge"], cell[-1]["norm"]) == ("origin", "inf", "0.0")
        assert float(cell[-1]["loss"]) == pytest.approx(float(data.c))


def test_sentences_below_a_table_are_as_narrow_as_the_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    out = run(*ISOTROPIC, "--depth", 2, "--width", 3, "--vary", "decay=0.01:1:3")[1]
    assert "trained 33.3%" in out
    assert max(map(len, out.split("\n"))) <= 60


def test_a_name_that_netcdf_cannot_have_is_refused_first(run, tmp_path, monkeypatch):
    monkeypatch.setattr("symderive.thresholds.thresholds.thresholds", None)
    file = tmp_path / os.fsdecode(b"t\xfe.nc")
    code, out, err = run(*ISOTROPIC, "--depth", 2, "--width", 3, "--vary", "decay=0.1:1:3", "--table", file)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no name in UTF-8" in err
    assert not [*tmp_path.iterdir()]


def test_a_netcdf_table_is_the_dataset(run, tmp_path):
    xarray = pytest.importorskip("xarray")
    from symderive import sweep

    path = tmp_path / "t.nc"
    options = (
        "--vary",
        "depth=0:3:4",
        "--vary",
        "decay=0.1:0.5:3",
        "--vary",
        "width=1:4:2",
        "--noise",
        "1",
    )
    code, out, _ = run(*ISOTROPIC, *options, "--table", path, "--json")
    assert code == 0
    record = json.loads(out)
    assert (record["cells"], record["table"], record["figure"]) == (24, str(path), None)
    assert sum(record["regimes"].values()) == 24
    expected = sweep(
        Spectrum.of([1], [1], "1.5"),
        vary={"depth": range(4), "decay": ["0.1", "0.3", "0.5"], "width": [1, 4]},
        noise=1,
    )
    xarray.testing.assert_identical(xarray.load_dataset(path), expected)


#: At D = 3 and ρ = 1 two points merge at γ = 1/10.
EDGE = ("--isotropic", "400,9", "--depth", "3", "--width", "1")


@pytest.mark.parametrize(
    ("doubles", "method", "verdicts"),
    [
        ((), "certified, with error bounds", ["proved", "proved", "proved"]),
        (("--doubles",), "double precision, not certified", ["doubles", "undecided", "doubles"]),
    ],
)
def test_every_output_says_what_it_rests_on(run, tmp_path, doubles, method, verdicts):
    """The terminal, JSON, CSV and netCDF; the exit code is 1 where something is open."""
    xarray = pytest.importorskip("xarray")
    options = (*EDGE, "--vary", "decay=0.05:0.15:3", *doubles)
    code = 1 if "undecided" in verdicts else 0
    found, out, _ = run(*options, "--table", tmp_path / "t.csv", "--out", tmp_path / "f.pdf")
    assert found == code
    shown = out
    assert f"3 networks ({method})" in out
    assert "Thresholds are certified." in out
    assert "Lines of the figure: thresholds certified to 15 digits" in out
    assert ("1 of them stayed undecided." in out) is bool(code)
    with (tmp_path / "t.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_decay = {row["decay"]: row["verdict"] for row in rows}
    assert list(by_decay.values()) == verdicts
    for row in rows:
        radii = [row[f"{name}_radius"] for name in ("ridge", "loss", "norm", "prediction_variance")]
        assert all((float(x) >= 0) if not doubles else x == "" for x in radii)
    found, out, _ = run(*options, "--table", tmp_path / "t.nc", "--json")
    record = json.loads(out)
    assert (found, record["method"], record["undecided"]) == (code, method, code)
    errors = record["largest_relative_error"]
    assert (
        errors == {"ridge": None, "loss": None} if doubles else all(0 < x < 1e-9 for x in errors.values())
    )
    assert ("Proved error bounds" in shown) is not bool(doubles)
    dataset = xarray.load_dataset(tmp_path / "t.nc")
    assert dataset.attrs["method"] == method
    words = {1: "proved", 0: "doubles", -1: "undecided"}
    assert [words[x] for x in dataset["verdict"].values.tolist()] == verdicts


def test_a_flag_of_old_changes_nothing(run):
    assert run(*GOOD, *RANGE, "--certified", "--json") == run(*GOOD, *RANGE, "--json")


def test_digits_of_thresholds_are_not_asked_of_doubles(run):
    record = json.loads(run(*GOOD, *RANGE, "--doubles", "--digits", 40, "--json")[1])
    assert record["method"] == "double precision, not certified"
    assert len(record["decay"]["spinodal"]) > 40
    record = json.loads(run(*GOOD, *RANGE, "--digits", 20, "--json")[1])
    assert record["method"] == "certified to 20 digits, rounded to doubles"


def test_depth_one_has_its_saddle_at_the_origin(run, tmp_path):
    path = tmp_path / "t.csv"
    run(*ISOTROPIC, "--depth", 1, "--width", 4, "--vary", "decay=0.5:2:2", "--table", path)
    kinds = [line.split(",")[2] for line in path.read_text().splitlines()[1:]]
    assert kinds == ["global minimum", "saddle", "global minimum"]


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.ci
def test_figures_are_the_same_bytes_with_fonts_embedded(run, tmp_path):
    one = (*GOOD, "--noise", 1, "--vary", "decay=0.05:1:30:log")
    two = (*one, "--vary", "noise=0:8:20")
    for arguments, kind in ((one, "svg"), (two, "pdf")):
        contents = []
        for name in ("first", "second"):
            path = tmp_path / f"{name}.{kind}"
            code, out, err = run(*arguments, "--out", path)
            assert (code, err) == (0, "")
            assert f"Written to {path}." in out
            contents.append(path.read_bytes())
        assert contents[0] == contents[1]
        assert len(contents[0]) > 5000
    pdf = contents[0]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf


# -- ranges and bad input --------------------------------------------------------------------------


def test_ranges():
    assert Range.of("decay=0.1:1/2:3").axis().values == (Fraction(1, 10), Fraction(3, 10), Fraction(1, 2))
    powers = Range.of("decay=1e-4:1:5:log").axis().values
    assert powers == tuple(Fraction(1, 10**k) for k in (4, 3, 2, 1, 0))
    assert Range.of("width=1:100:5:log").axis().values == (1, 3, 10, 32, 100)
    assert Range.of("depth=0:3:50").axis().values == (0, 1, 2, 3)
    third = Range.of("noise=1:3:3:log").axis().values[1]
    assert third == Fraction("1.73205080756888")  # what a table prints is what was solved
    axes, log = axes_of([Range.of("noise=0:1:2"), Range.of("decay=1:2:3:log")])
    assert [axis.name for axis in axes] == ["noise", "decay"]
    assert log == {"decay"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decay", "NAME=FROM:TO:COUNT"),
        ("decay=1:2", "NAME=FROM:TO:COUNT"),
        ("decay=1:2:3:lin", "NAME=FROM:TO:COUNT"),
        ("decay=1:2:3:log:log", "NAME=FROM:TO:COUNT"),
        ("gamma=1:2:3", "'gamma' is unknown"),
        ("=1:2:3", "'' is unknown"),
        ("dropout=0:0.5:3", "vary noise"),
        ("decay=x:2:3", "'x'"),
        ("decay=nan:2:3", "'nan'"),
        ("decay=1:inf:3", "'inf'"),
        ("decay=__import__('os'):2:3", "not a finite decimal"),
        ("decay=2:1:3", "reversed"),
        ("decay=1:1:3", "empty"),
        ("decay=1:2:0", "count '0'"),
        ("decay=1:2:1", "count '1'"),
        ("decay=1:2:-3", "count '-3'"),
        ("decay=1:2:2.5", "count '2.5'"),
        ("decay=1:2:1e3", "count '1e3'"),
        ("decay=1:2:10000001", "cells"),
        ("decay=1:2:99999999999999999999999", "count"),
        ("decay=0:1:3", "decay 1 is 0"),
        ("decay=1e-400:1:3", "double precision"),
        ("decay=1:1.0000000000000001:9", "double precision tells apart"),
        ("noise=-1:1:3", "noise 1 is -1"),
        ("noise=0:1:3:log", "above 0"),
        ("noise=-2:-1:3:log", "above 0"),
        ("width=0:3:3", "width 1 is 0"),
        ("width=0.5:3:3", "not whole"),
        ("depth=-1:3:3", "depth 1 is -1"),
        ("depth=1:1e6:3", "depth"),
    ],
)
def test_bad_ranges_get_one_sentence(run, text, says):
    code, out, err = run(*GOOD, "--vary", text)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the decay is missing"),
        (("--isotropic", "1,1", "--decay", "1"), "the depth is missing"),
        (("--isotropic", "1,1", "--decay", "1", "--depth", "2"), "widths"),
        (GOOD[2:], "DATA or --isotropic"),
        ((DIABETES, *GOOD), "DATA or --isotropic"),
        ((DIABETES, *GOOD[2:]), "--target"),
        ((*GOOD, "--target", "y"), "--target is about a file"),
        ((*GOOD, "--center"), "--center is about a file"),
        ((*GOOD, "--standardize"), "--standardize is about a file"),
        (("--isotropic", "1", *GOOD[2:]), "has 1 numbers"),
        (("--isotropic", "1,2,3,4", *GOOD[2:]), "has 4 numbers"),
        (("--isotropic", "-1,1", *GOOD[2:]), "A is positive"),
        (("--isotropic", "0,1", *GOOD[2:]), "A is positive"),
        (("--isotropic", "1,-1", *GOOD[2:]), "V2 is not negative"),
        (("--isotropic", "1,1,0.9", *GOOD[2:]), "less than the explained part"),
        (("--isotropic", "1,one", *GOOD[2:]), "V2 'one'"),
        (("--isotropic", "1e400,1", *GOOD[2:], *RANGE), "double precision"),
        ((*GOOD, "--noise", "1", "--dropout", "0.1"), "noise and dropout"),
        ((*GOOD, "--widths", "3,4"), "--width and --widths"),
        ((*GOOD, *RANGE, *RANGE), "given twice"),
        ((*GOOD, "--vary", "decay=0.1:1:9999", "--vary", "noise=0:1:9999"), "cells"),
        ((*GOOD[:-1], "0.1,0.2,0.3", "--vary", "depth=2:3:2"), "3 decay values"[2:]),
        ((*GOOD, "--out", "f.pdf"), "--out is about a range"),
        ((*GOOD, "--table", "f.csv"), "--table is about a range"),
        ((*GOOD, "--doubles"), "--doubles is about a range"),
        ((*GOOD, "--certified"), "--certified is about a range"),
        ((*GOOD, *RANGE, "--doubles", "--certified"), "--doubles and --certified"),
        ((*GOOD, *RANGE, "--digits", "0"), "digits"),
        ((*GOOD, "--what"), "--what"),
        ((*GOOD, "--loss", "sum"), "--isotropic does not tell"),
        ((*GOOD, "--loss", "half-mean", "--vary", "decay=0.1:1:3"), "leave out --loss half-mean"),
        (
            (DIABETES, "--target", "progression", *GOOD[2:], "--loss", "sum", "--vary", "decay=1:2:3"),
            "convert",
        ),
    ],
)
def test_bad_options_get_one_sentence(run, arguments, says):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    ("out", "table", "says"),
    [
        ("f.jpg", None, "has to end in .pdf, .png, .svg"),
        ("f", None, "has to end in"),
        ("nowhere/f.pdf", None, "nowhere"),
        ("f.pdf", "t.txt", "has to end in .csv, .nc"),
        ("f.pdf", "nowhere/t.csv", "nowhere"),
    ],
)
def test_files_are_checked_before_anything_is_computed(run, tmp_path, monkeypatch, out, table, says):
    monkeypatch.setattr(
        "symderive.thresholds.thresholds.thresholds", lambda *_, **__: pytest.fail("computed")
    )
    files = ["--out", tmp_path / out] + (["--table", tmp_path / table] if table else [])
    code, stdout, err = run(*GOOD, *RANGE, *files)
    assert (code, stdout) == (2, "")
    assert says in err
    assert not list(tmp_path.iterdir())


def test_three_ranges_are_not_drawn_but_tabled(run, tmp_path):
    ranges = (*RANGE, "--vary", "noise=0:1:2", "--vary", "width=1:2:2")
    code, _, err = run(*GOOD, *ranges, "--out", tmp_path / "f.pdf")
    assert code == 2
    assert "one or two varied parameters" in err
    code, _, _ = run(*GOOD, *ranges, "--table", tmp_path / "t.csv")
    assert code == 0
    assert (tmp_path / "t.csv").read_text().startswith("decay,noise,width,point,kind,")


@pytest.mark.parametrize(
    ("module", "file", "extra"),
    [("matplotlib", "--out f.png", "[plot]"), ("xarray", "--table t.nc", "[sweep]")],
)
def test_a_missing_extra_is_named(run, tmp_path, monkeypatch, module, file, extra):
    monkeypatch.setitem(sys.modules, module, None)
    option, name = file.split()
    code, out, err = run(*GOOD, *RANGE, option, tmp_path / name)
    assert (code, out) == (2, "")
    assert extra in err
    code, _, _ = run(*GOOD, *RANGE, "--table", tmp_path / "t.csv")
    assert code == 0


def test_another_loss_goes_with_what_is_varied_beside_the_decay(run):
    """Near-miss of what is refused: half the mean has twice the decay, in every network."""
    noise = ("--vary", "noise=0:1:2", "--json")
    half = run(*GOOD[:-1], "0.05", "--loss", "half-mean", *noise)
    assert half == run(*GOOD[:-1], "0.1", *noise)
    assert half[0] == 0


def test_an_option_that_is_varied_may_be_left_out(run):
    code, out, _ = run(*ISOTROPIC, "--depth", 2, "--width", 4, "--vary", "decay=0.1:1:3", "--json")
    assert code == 0
    with_option = json.loads(run(*GOOD, "--vary", "decay=0.1:1:3", "--json")[1])
    assert json.loads(out) == with_option


def test_help_is_quick():
    program = (
        "import sys\nsys.argv = ['symderive', 'phase', '--help']\nfrom symderive import cli\n"
        "try:\n    cli.main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "assert not {'sympy', 'numpy', 'mpmath', 'flint', 'rich', 'xarray'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--vary" in done.stdout


# -- several targets ---------------------------------------------------------------------------------


def test_several_targets_have_a_staircase(run, tmp_path):
    """Two white features with A = I and V = diag(2, 1): the thresholds are (s/2)^{4/3} at D = 2."""
    file = tmp_path / "white.csv"
    file.write_text("x1,x2,a,b\n1,1,2,1\n1,-1,2,-1\n-1,1,-2,1\n-1,-1,-2,-1\n")
    of_two = (str(file), "--target", "a,b", "--width", "4", "--decay", "0.1")
    record = json.loads(run(*of_two, "--depth", "2", "--json")[1])
    assert [step["rank"] for step in record["steps"]] == [1, 2]
    assert [step["multiplicity"] for step in record["steps"]] == [1, 1]
    for step, s in zip(record["steps"], (2, 1), strict=True):
        assert float(step["decay"]) == pytest.approx((s / 2) ** (4 / 3), rel=1e-15)
        assert float(step["spinodal"]) / float(step["decay"]) == pytest.approx(
            (27 / 16) ** (1 / 3), rel=1e-15
        )
    noisy = json.loads(run(*of_two, "--depth", "1", "--noise", "4", "--json")[1])
    assert (noisy["kept_out_by_noise"], len(noisy["steps"])) == (1, 1)
    assert "keeps 1 mode out" in run(*of_two, "--depth", "1", "--noise", "4")[1]
    figure = tmp_path / "rank.svg"
    code, out, _ = run(*of_two, "--depth", "2", "--out", str(figure))
    assert code == 0
    assert f"Written to {figure}." in out
    assert "<svg" in figure.read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--target", "bmi,progression", "--vary", "decay=0.1:1:3"), "--vary is for one target"),
        (("--target", "bmi,progression", "--depth", "2"), "whiten"),
        (("--target", "progression", "--whiten"), "--whiten is about several targets"),
        # Noise that the thresholds do not know is not left out silently.
        (("--target", "bmi,progression", "--whiten", "--bias"), "without a free bias"),
        (("--target", "bmi,progression", "--whiten", "--dropconnect", "0.1"), "noisy weights"),
        (("--target", "bmi,progression", "--whiten", "--feature-dropout", "0.1"), "behind whitening"),
        (("--target", "bmi,progression", "--whiten", "--hidden-jitter", "1"), "jitter of the hidden"),
        (("--target", "bmi,progression", "--center"), "--whiten"),
    ],
)
def test_what_several_targets_lack_is_refused(run, options, words):
    given = ("--width", "4", "--decay", "0.1", *(() if "--depth" in options else ("--depth", "1")))
    code, out, err = run(DIABETES, *options, *given)
    assert (code, out) == (2, "")
    assert words in err
