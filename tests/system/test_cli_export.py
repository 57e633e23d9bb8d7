"""``symderive export``: files, their check in their own language, and one sentence for every bad input."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from oracles.sampled import some

from symderive import InputError
from symderive.data.moments import Moments
from symderive.export import export, export_files
from symderive.export.accuracy import ULPS
from symderive.export.check import runners
from symderive.export.check.cases import DEEPEST, cases
from symderive.export.check.check import check_text
from symderive.export.check.proved import WIDEST

DIABETES = Path(__file__).parents[2] / "examples" / "diabetes.csv"
DATA = ("--data", DIABETES, "--target", "progression", "--standardize")


@pytest.fixture
def run(run):
    return partial(run, "export")


def test_without_out_the_file_is_printed(run):
    code, out, err = run("--language", "numpy", "--depth", "2")
    assert (code, err, out) == (0, "", export("numpy", depth=2))
    assert run("--language", "c", "--any-depth")[1] == export("c") == run("--language", "c")[1]


def test_data_and_depth_reach_the_file(run, tmp_path):
    out = tmp_path / "solver.c"
    code, said, err = run("--language", "c", "--depth", "3", *DATA, "--out", out)
    assert (code, err) == (0, "")
    assert str(out) in said
    moments = Moments.from_csv(DIABETES, "progression", standardize=True)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert written == export_files("c", "solver", depth=3, data=moments)
    assert set(written) == {"solver.h", "solver.c", "solver_test.c"}
    centered = tmp_path / "centered.c"
    run("--language", "c", "--depth", "3", *DATA[:-1], "--center", "--out", centered)
    assert centered.read_text() != out.read_text()


def test_check_of_numpy_as_json(run, tmp_path):
    out = tmp_path / "solver.py"
    code, said, err = run("--language", "numpy", "--out", out, "--check", "--json")
    record = json.loads(said)
    assert (code, err) == (0, "")
    assert record["passed"]
    assert record["failures"] == []
    assert record["file"] == str(out)
    assert set(record["worst_ulps"]) == {"ordinary", "near-degenerate", "extreme"}
    worst = [ulps for group in record["worst_ulps"].values() for ulps in group.values()]
    assert 0 < max(worst) <= ULPS
    assert set(record["limits"].values()) == {ULPS}
    assert out.read_text() == export("numpy")


@pytest.mark.ci
def test_check_of_c_with_data_as_table(run, tmp_path):
    if runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    out = tmp_path / "solver.h"
    code, said, _ = run("--language", "c", "--depth", "2", *DATA, "--out", out, "--check")
    assert code == 0
    assert "were met" in said
    assert said.splitlines()[2].split("┃")[-2].strip() == "allowed"
    assert "data" in said.splitlines()[2]
    assert {path.name for path in tmp_path.iterdir()} == {"solver.h", "solver.c", "solver_test.c"}


@pytest.mark.ci
def test_check_of_c_in_single_precision_under_another_prefix(run, tmp_path):
    if runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    options = ("--single", "--prefix", "mine", "--depth", "2", "--json", "--check")
    code, said, _ = run("--language", "c", *DATA, *options, "--out", tmp_path / "small")
    record = json.loads(said)
    assert code == 0
    assert {Path(file).name for file in record["files"]} == {"small.h", "small.c", "small_test.c"}
    assert "float mine_loss(" in (tmp_path / "small.h").read_text()
    assert set(record["worst_ulps"]) == {"ordinary", "near-degenerate", "extreme", "data"}


@pytest.mark.parametrize("target", [pytest.param("c", marks=pytest.mark.ci), "numpy"])
def test_a_certified_file_is_checked_by_its_radii(run, tmp_path, target):
    if target == "c" and runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    out = tmp_path / ("solver.c" if target == "c" else "solver.py")
    options = ("--certified", "--depth", "2", "--json", "--check", *DATA)
    code, said, _ = run("--language", target, *options, "--out", out)
    record = json.loads(said)
    assert (code, record["failures"]) == (0, [])
    assert "radius" in out.with_suffix(".h" if target == "c" else ".py").read_text()
    for group in ("ordinary", "data"):
        found = record["worst_ulps"][group]
        assert all(error <= 1 for name, error in found.items() if name.endswith("in radii"))
        assert 0 < found["ridge radius"] < WIDEST
    limits = record["limits"]
    assert (limits["ridge in radii"], limits["ridge radius"], limits["map"]) == (1, WIDEST, ULPS)


def test_a_certified_file_of_any_data_passes_its_check(run, tmp_path):
    """Its isotropic points count the rounding of a square, and so are others in their last digits."""
    code, said, _ = run(
        "--language", "numpy", "--certified", "--depth", "2", "--check", "--out", tmp_path / "s.py"
    )
    assert code == 0, said


# Changes of a certified C file that its check has to notice, with what it says.
UNPROVED = {
    "a ridge off by more than its radius": (
        "at.ridge = ridge[k];",
        "at.ridge = ridge[k] * (1 + 1e-12);",
        "ridge in",
    ),
    "a radius that is too small": ("at.gap_radius =", "at.gap_radius = 0.001 *", "gap in"),
    "a radius that says nothing": ("at.loss_radius =", "at.loss_radius = 1 +", "loss radius"),
    "a kind": ("at.kind = (int)", "at.kind = -(int)", "kinds of"),
    "another minimum": (
        "to.best[k] = (ptrdiff_t)slot;",
        "to.best[k] = (ptrdiff_t)slot + 1;",
        "global minimum",
    ),
    "a root that is lost": ("emits & !open", "emits & !open & (slot == 0)", "kinds of"),
    "all undecided": ("const int open = (!proved)", "const int open = 1 | (!proved)", "status"),
    "NaN": ("t->status[k] = status;", "t->status[k] = status == 2 ? 0 : status;", "status"),
}


@pytest.mark.parametrize("flaw", some(UNPROVED, 8, ci=4))
def test_a_flawed_proof_fails(flaw):
    if runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    right, wrong, message = UNPROVED[flaw]
    text = export("c", depth=2, certified=True)
    assert text.count(right) == 1
    found = check_text("c", text.replace(right, wrong), depth=2, certified=True)
    assert any(message in failure for failure in found.failures), found.failures


def test_a_check_of_c_notices_what_its_own_test_notices():
    if runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    texts = export_files("c", "solver", depth=2)
    flawed = {**texts, "solver_test.c": texts["solver_test.c"].replace("0.125, ", "0.25, ")}
    assert flawed != texts
    (failure,) = check_text("c", flawed, depth=2).failures
    assert "failed with code 1" in failure


@pytest.mark.parametrize("depth", [0, 1])
def test_check_of_mpmath_at_shallow_depths(run, depth):
    code, said, _ = run("--language", "mpmath", "--depth", depth, "--check")
    assert code == 0
    assert "Written" not in said


def test_the_table_covers_what_it_says():
    table = cases(None, None)
    assert {case.group for case in table} == {"ordinary", "near-degenerate", "extreme", "refused"}
    assert {0, 1, 2, 3, 1000} <= {case.depth for case in table}
    assert {case.depth for case in cases(7, None)} == {7}
    assert len({(case.name, case.depth) for case in table}) == len(table)


# Changes of an exported NumPy file that its check has to notice, with what it says.
FLAWS = {
    "a ridge some ulps off": ("_values", "return (result[0] * (1 + 1e-14), *result[1:])", "ridge is off"),
    "a norm that is squared": (
        "_values",
        "return (*result[:3], result[3] ** 2, *result[4:])",
        "norm is off",
    ),
    "saddles taken for minima": (
        "_step",
        "return (*result[:-1], np.abs(result[-1]))",
        "kinds of",
    ),
    "a march that goes too far": ("_step", "return (result[0] + 2.0, *result[1:])", "kinds of"),
    "impossible data that stay unnoticed": (
        "_flaws",
        "return np.where(result == 9, -1, result)",
        "status",
    ),
    "an unbalanced layer": (
        "layers",
        "return [2 * result[0], result[1] / 2, *result[2:]]",
        "full loss",
    ),
    "a proximal map some ulps off": ("prox", "return result * (1 + 1e-13)", "prox is off"),
    "m along other axes": ("ridge_solution", "return result[::-1]", "map is off"),
}


@pytest.mark.parametrize("flaw", some(FLAWS, 3, ci=1))
def test_a_flawed_file_fails(flaw):
    name, changed, message = FLAWS[flaw]
    head, body = f"def {name}(*args, **options):", f"    result = _right(*args, **options)\n    {changed}"
    text = f"{export('numpy', depth=2)}\n_right = {name}\n\n\n{head}\n{body}\n"
    found = check_text("numpy", text, depth=2)
    assert not found.passed
    assert any(message in failure for failure in found.failures), found.failures


def test_a_file_of_other_data_fails():
    moments = Moments.from_csv(DIABETES, "progression", standardize=True)
    text = export("numpy", depth=1, data=moments)
    first = next(line for line in text.splitlines() if line.startswith("SQUARES"))
    number = first.split("[")[1].split(",")[0]
    found = check_text("numpy", text.replace(number, repr(float(number) * 1.001)), depth=1, data=moments)
    assert all("(data)" in failure for failure in found.failures)
    assert not found.passed


@pytest.mark.ci
def test_data_with_more_features_than_axes_are_written_for():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 70))
    moments = Moments.from_samples(X, X[:, 0] + rng.normal(size=100))
    text = export("numpy", depth=1, data=moments)
    assert "AXES =" not in text
    assert check_text("numpy", text, depth=1, data=moments).failures == ()


@pytest.mark.parametrize(
    ("target", "name"), [("numpy", "numpy.py"), ("numpy", "typing.py"), ("c", "math.c"), ("c", "string.h")]
)
def test_no_file_hides_what_it_reads(run, tmp_path, target, name):
    code, _, err = run("--language", target, "--depth", "1", "--out", tmp_path / name)
    assert (code, err.count("\n")) == (2, 1)
    assert name in err
    assert list(tmp_path.iterdir()) == []
    assert run("--language", target, "--depth", "1", "--out", tmp_path / f"my_{name}")[0] == 0


def test_a_failed_check_writes_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr("symderive.export.check.check.allowed_ulps", lambda _: 0.01)
    out = tmp_path / "solver.py"
    code, said, _ = run("--language", "numpy", "--depth", "1", "--check", "--out", out)
    assert code == 1
    assert "was not written" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "named", "beside"),
    [
        ("numpy", "mine.py", "mine_test.py"),
        ("c", "mine.c", "mine.h"),
        ("c", "mine.h", "mine.c"),
        ("c", "mine", "mine_test.c"),
    ],
)
def test_a_file_that_was_not_named_is_replaced_only_where_it_is_ours(run, tmp_path, target, named, beside):
    (tmp_path / beside).write_text("my own work\n")
    code, _, err = run("--language", target, "--depth", "1", "--out", tmp_path / named)
    assert (code, err.count("\n")) == (2, 1)
    assert beside in err
    assert [path.name for path in tmp_path.iterdir()] == [beside]
    assert (tmp_path / beside).read_text() == "my own work\n"
    (tmp_path / beside).unlink()
    for _ in range(2):
        assert run("--language", target, "--depth", "1", "--out", tmp_path / named)[0] == 0


@pytest.mark.parametrize(
    ("target", "text", "message"),
    [
        ("numpy", "import no_such_module_anywhere\n", "ModuleNotFoundError"),
        ("numpy", "while True:\n    pass\n", "did not end within"),
        ("c", "int main(void) { return 0 }\n", "error"),
        ("c", "static int unused(void) { return 0; }\n", "error"),
    ],
)
def test_a_file_that_does_not_run_is_a_failure(monkeypatch, target, text, message):
    if target == "c" and runners._compiler() is None:
        pytest.skip("no C compiler is installed")
    monkeypatch.setattr(runners, "PATIENCE", 2)
    (failure,) = check_text(target, text, depth=1).failures
    assert message in failure
    assert "\n" not in failure


@pytest.mark.parametrize(("target", "named"), [("c", "C compiler"), ("julia", "julia"), ("numpy", "numpy")])
def test_a_missing_language_is_never_a_success(run, monkeypatch, tmp_path, target, named):
    monkeypatch.setattr(runners.shutil, "which", lambda _: None)
    monkeypatch.setattr(runners, "find_spec", lambda _: None)
    code, out, err = run("--language", target, "--depth", "1", "--check", "--out", tmp_path / "solver")
    assert (code, out) == (2, "")
    assert named in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--language"),
        (("--language", "fortran"), "fortran"),
        (("--target", "fortran"), "--language"),
        (("--language", "c", "--target", "y", "--target-column", "y"), "--target-column"),
        (("--language", "numpy", "--depth", "-1"), "-1"),
        (("--language", "numpy", "--depth", "two"), "two"),
        (("--language", "numpy", "--depth", "200000"), "200000"),
        (("--language", "numpy", "--depth", "2", "--any-depth"), "--any-depth"),
        (("--language", "numpy", "--depth", str(DEEPEST + 1), "--check"), str(DEEPEST)),
        (("--language", "numpy", "--data", DIABETES), "--target"),
        (("--language", "numpy", "--data", DIABETES, "--target", "nowhere"), "nowhere"),
        (("--language", "numpy", "--data", "no.csv", "--target", "y"), "no.csv"),
        (("--language", "numpy", "--target", "y"), "--data"),
        (("--language", "numpy", "--prefix", "mine"), "--prefix"),
        (("--language", "jax", "--single"), "--single"),
        (("--language", "jax", "--certified"), "--certified"),
        (("--language", "c", "--certified", "--single"), "--certified"),
        (("--language", "c", "--prefix", "No"), "'No'"),
        (("--language", "c", "--out", "a'b.c"), "#include"),
        (("--language", "numpy", "--center"), "--data"),
        (("--language", "numpy", "--json"), "--check"),
        (("--language", "numpy", "--out", "solver.c"), ".py"),
        (("--language", "c", "--out", "solver.py"), ".c"),
        (("--language", "numpy", "--out", "no/such/folder/solver.py"), "no/such/folder"),
        (("--language", "numpy", "--out", "."), "folder"),
        (("--language", "numpy", "--out", "/proc/solver.py"), "/proc"),
    ],
)
def test_bad_input_is_one_sentence(run, tmp_path, monkeypatch, arguments, named):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert named in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            ("--target", "numpy", *DATA[:2], "--target-column"),
            ("--language", "numpy", *DATA[:2], "--target"),
        ),
        (
            ("--language", "numpy", *DATA[:2], "--target-column"),
            ("--language", "numpy", *DATA[:2], "--target"),
        ),
    ],
)
def test_what_options_were_called_before_is_told_and_still_works(run, before, now):
    """A column that has the name of a language is none."""
    code, out, err = run(*before, "progression", "--depth", "1")
    assert code == 0
    assert err.count("\n") == 1
    assert "--target" in err
    assert (0, out, "") == run(*now, "progression", "--depth", "1")
    code, out, err = run("--language", "numpy", *DATA[:2], "--target", "c")
    assert (code, out) == (2, "")
    assert "no column 'c'" in err


def test_depth_zero_is_ridge_regression(run):
    code, out, _ = run("--language", "numpy", "--depth", "0")
    assert code == 0
    assert "depth 0" in out


def test_certified_values_end_at_a_depth():
    with pytest.raises(InputError, match="depth"):
        check_text("numpy", "", depth=DEEPEST + 1)
