"""The command line: its JSON contract, its files, and one sentence with exit code 2 for every bad input."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderive import cli

DIABETES = Path(__file__).parents[2] / "examples" / "diabetes.csv"
GOOD = ("--target", "progression", "--depth", "2", "--width", "4", "--decay", "0.1")
FOUR_ROOTS = ["--depth", "2", "--width", "3", "--decay", "1/50"]


@pytest.fixture
def four_roots(tmp_path):
    """Samples with A = diag(1, 400), v = (1/10, 7/10), c = 1: four roots at decays 1/50."""
    # x = ±1 and ±20 alternately; y carries v and noise that fills up c.
    path = tmp_path / "four.csv"
    rows = []
    for s1 in (1, -1):
        for s2 in (1, -1):
            for s3 in (1, -1):
                x1, x2 = s1, 20 * s2
                explained = Fraction(1, 10) * x1 + Fraction(7, 10) * Fraction(x2, 400)
                rest = 1 - (Fraction(1, 100) + Fraction(49, 100) / 400)
                rows.append((x1, x2, f"{float(explained + s3 * Fraction(rest) ** Fraction(1, 2)):.17g}"))
    path.write_text("a,b,y\n" + "".join(f"{x},{z},{y}\n" for x, z, y in rows))
    return path


def test_solve_prints_the_contract(run, four_roots):
    code, out, err = run("solve", four_roots, "--target", "y", *FOUR_ROOTS, "--json", "--digits", "12")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert list(record) == [
        "depth",
        "widths",
        "digits",
        "noise_factor",
        "noise_factors",
        "threshold",
        "loss_at_origin",
        "origin",
        "global_minimum",
        "bias",
        "complete",
        "points",
        "verification",
        "decays",
        "features",
    ]
    assert [point["kind"] for point in record["points"]] == [
        "global minimum",
        "saddle",
        "local minimum",
        "saddle",
    ]
    ridges = [float(point["ridge"]) for point in record["points"]]
    assert ridges == pytest.approx([1.3279862, 8.3799626, 93.319277, 29651.207], rel=1e-7)
    assert record["global_minimum"] == {
        "at_origin": False,
        "index": 0,
        "loss": record["points"][0]["loss"],
        "tie": False,
    }
    assert record["origin"] == "local minimum"
    assert record["complete"] is True
    assert record["verification"]["verdict"] == "CHECKED"
    assert float(record["threshold"]) == pytest.approx(0.02**1.5)


def test_the_json_is_the_same_bytes_every_time(run, four_roots):
    arguments = ("solve", four_roots, "--target", "y", *FOUR_ROOTS, "--json")
    assert run(*arguments) == run(*arguments)


def test_digits_are_correct(run):
    """Thirty digits are the first thirty of sixty."""
    arguments = (
        "solve",
        DIABETES,
        "--target",
        "progression",
        "--depth",
        2,
        "--width",
        4,
        "--decay",
        "1/10",
    )
    records = [json.loads(run(*arguments, "--json", "--verify", "off", "--digits", k)[1]) for k in (30, 60)]
    for few, many in zip(*(record["points"] for record in records), strict=True):
        for name in ("ridge", "loss", "norm", "layer_decay"):
            exact, text = Fraction(many[name]), Fraction(few[name])
            assert abs(text / exact - 1) < Fraction(1, 10**29)
        assert abs(Fraction(few["ridge"]) - Fraction(many["ridge"])) <= Fraction(few["ridge_radius"])


def test_depth_zero_is_least_squares(run):
    code, out, _ = run("solve", DIABETES, "--target", "progression", "--depth", 0, "--decay", 0, "--json")
    record = json.loads(out)
    assert code == 0
    assert record["threshold"] is None
    assert record["origin"] == "not stationary"
    table = np.loadtxt(DIABETES, delimiter=",", skiprows=1)
    solution, *_ = np.linalg.lstsq(table[:, :-1], table[:, -1], rcond=None)
    assert float(record["points"][0]["norm"]) == pytest.approx(np.linalg.norm(solution), rel=1e-9)


def test_a_table_for_people(run, four_roots):
    code, out, _ = run("solve", four_roots, "--target", "y", *FOUR_ROOTS)
    assert code == 0
    for part in ("ridge λ", "global minimum", "origin", "The list is complete", "CHECKED"):
        assert part in out


def test_weights_and_certificate_are_written(run, four_roots, tmp_path):
    weights, evidence = tmp_path / "w.npz", tmp_path / "c.json"
    code, _, _ = run(
        "solve", four_roots, "--target", "y", *FOUR_ROOTS, "--weights", weights, "--certificate", evidence
    )
    assert code == 0
    with np.load(weights, allow_pickle=False) as arrays:
        assert sorted(arrays.files) == ["U", "W1", "W2"]
        assert arrays["W1"].shape == (3, 2)
        assert arrays["U"].dtype == np.float64
        end_to_end = arrays["U"] @ arrays["W2"] @ arrays["W1"]
    # m = (A + λ)⁻¹v at the first root
    expected = np.array([0.1 / (1 + 1.3279862), 0.7 / (400 + 1.3279862)])
    np.testing.assert_allclose(end_to_end, expected, rtol=1e-7)
    code, out, _ = run("check", "--certificate", evidence)
    assert (code, out) == (0, "PROVED: 4 roots, none is missing; lowest: point 0.\n")
    tampered = json.loads(evidence.read_text())
    tampered["decay_product"] = "1/125001"
    evidence.write_text(json.dumps(tampered))
    code, out, _ = run("check", "--certificate", evidence, "--json")
    assert code == 1
    assert json.loads(out)["verdict"] == "REFUTED"
    evidence.write_text(json.dumps({**tampered, "depth": 2**41}))
    code, out, err = run("check", "--certificate", evidence)
    assert (code, out) == (2, "")
    assert "is not checked: the depth is larger than" in err


def test_the_origin_is_checked_to_all_digits(run):
    """Where decay has won, the full loss at zero weights is c to thirty digits."""
    options = ("--target", "progression", "--depth", 2, "--width", 4, "--decay", "1e300", "--json")
    code, out, _ = run("solve", DIABETES, *options)
    record = json.loads(out)
    assert code == 0
    assert record["global_minimum"]["at_origin"] is True
    assert record["verification"]["verdict"] == "CHECKED"
    assert float(record["verification"]["loss_difference"]) < 1e-25


def test_where_one_file_is_refused_none_is_written(run, tmp_path):
    """At depth 0 there is no search to certify, and so the weights are not written either."""
    files = ("--weights", tmp_path / "w.npz", "--certificate", tmp_path / "c.json")
    code, out, err = run("solve", DIABETES, *_with("--depth", "0", "--width", None), *files)
    assert (code, out) == (2, "")
    assert "no root search" in err
    assert not list(tmp_path.iterdir())


def test_weights_that_fit_no_memory_are_refused(run, tmp_path):
    options = _with("--depth", "3", "--width", "1000000", "--weights", str(tmp_path / "w.npz"))
    code, out, err = run("solve", DIABETES, *options)
    assert (code, out) == (2, "")
    assert "GiB" in err
    assert not list(tmp_path.iterdir())


def test_npz_data(run, tmp_path):
    rng = np.random.default_rng(7)
    X, y = rng.integers(-9, 9, (20, 3)).astype(float), rng.integers(-9, 9, 20).astype(float)
    np.savez(tmp_path / "d.npz", X=X, y=y)
    np.savetxt(
        tmp_path / "d.csv", np.column_stack([X, y]), fmt="%d", delimiter=",", header="a,b,c,y", comments=""
    )
    common = ("--depth", 1, "--width", 2, "--decay", "0.5", "--noise", "0.25", "--json")
    _, from_npz, _ = run("solve", tmp_path / "d.npz", *common)
    _, from_csv, _ = run("solve", tmp_path / "d.csv", "--target", "y", *common)
    records = [json.loads(text) for text in (from_npz, from_csv)]
    assert [record.pop("features") for record in records] == [["x1", "x2", "x3"], ["a", "b", "c"]]
    assert records[0] == records[1]


def _with(*changes):
    """GOOD with options replaced, added, or (value None) dropped."""
    options = dict(zip(GOOD[::2], GOOD[1::2], strict=True))
    options.update(dict(zip(changes[::2], changes[1::2], strict=True)))
    return [part for pair in options.items() if pair[1] is not None for part in pair]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (_with("--target", "nothing"), "no column 'nothing'"),
        (_with("--target", None), "--target"),
        (_with("--depth", "-1"), "--depth"),
        (_with("--depth", "two"), "--depth"),
        (_with("--depth", None), "depth"),
        (_with("--width", None), "--width"),
        (_with("--width", "0"), "width of layer 1 is 0"),
        (_with("--width", "-3"), "width of layer 1 is -3"),
        (_with("--width", "2.5"), "width of layer 1 is 5/2"),
        (_with("--widths", "3,4"), "--widths"),
        (_with("--width", None, "--widths", "3,4,5"), "3 width"),
        (_with("--decay", None), "--decay"),
        (_with("--decay", "-1"), "decay of layer 1 is -1"),
        (_with("--decay", "0"), "attained"),
        (_with("--decay", "0,1,1"), "infimum"),
        (_with("--decay", "1,1"), "2 decay"),
        (_with("--decay", "nan"), "decay"),
        (_with("--decay", "inf"), "decay"),
        (_with("--decay", "__import__('os')"), "decay"),
        (_with("--decay", "1,,1"), "decay of layer 2"),
        (_with("--noise", "-0.1"), "noise"),
        (_with("--noise", "1,2,3"), "3 noise"),
        (_with("--noise", "1", "--dropout", "0.1"), "dropout"),
        (_with("--dropout", "1"), "dropout of layer 1 is 1"),
        (_with("--dropout", "-0.5"), "dropout"),
        (_with("--digits", "0"), "digits"),
        (_with("--digits", "-5"), "digits"),
        (_with("--digits", "1000000000"), "digits"),
        (_with("--digits", "many"), "digits"),
        (_with("--verify", "perhaps"), "--verify"),
        (_with("--weights", "/nowhere/w.npz"), "/nowhere"),
        (_with("--certificate", "/nowhere/c.json"), "/nowhere"),
        (_with("--what", "1"), "--what"),
        (_with("--verify", "9" * 5000), "is not one of"),
        ((*_with("--depth", "1"), *["9" * 400] * 9), "unexpected extra arguments"),
    ],
)
def test_bad_options_get_one_sentence(run, options, says):
    code, out, err = run("solve", DIABETES, *options)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert says in err
    assert len(err) < 300


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,y\n1,2\n3,x\n", "row 3, column 'y'"),
        ("a,y\n1,2\n,4\n", "row 3, column 'a'"),
        ("a,y\n1,nan\n", "row 2, column 'y'"),
        ("a,y\n1,2\ninf,4\n", "row 3, column 'a'"),
        ("a,y\n", "no rows"),
        ("", "empty"),
        ("a,y\n1\n", "row 2"),
        ("y\n1\n", "feature"),
        ("a,a,y\n1,2,3\n", "two columns"),
        ("a;y\n1;2\n", "separated by commas"),
        ("a,y\n1e999999,2\n", "exponent"),
    ],
)
def test_bad_files_get_one_sentence_and_write_nothing(run, tmp_path, text, says):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    weights, evidence = tmp_path / "w.npz", tmp_path / "c.json"
    options = ("--target", "y", "--depth", 1, "--width", 1, "--decay", 1)
    code, out, err = run("solve", path, *options, "--weights", weights, "--certificate", evidence)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err
    assert [child.name for child in tmp_path.iterdir()] == ["bad.csv"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a zip", b"\x80\x04."])
def test_an_unreadable_npz(run, tmp_path, content):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    code, _, err = run("solve", path, "--depth", 1, "--width", 1, "--decay", 1)
    assert code == 2
    assert err.count("\n") == 1


def test_a_pickled_npz_is_refused(run, tmp_path):
    path = tmp_path / "bad.npz"
    np.savez(path, X=np.array([[{}]], dtype=object), y=np.array([1.0]))
    code, _, err = run("solve", path, "--depth", 1, "--width", 1, "--decay", 1)
    assert code == 2
    assert "pickled" in err


def test_a_constant_feature_cannot_be_standardized(run, tmp_path):
    path = tmp_path / "flat.csv"
    path.write_text("a,b,y\n1,7,1\n2,7,2\n")
    options = ("--target", "y", "--depth", 1, "--width", 1, "--decay", 1)
    code, _, err = run("solve", path, *options, "--standardize")
    assert code == 2
    assert "'b' is constant" in err


def test_a_zero_target_has_its_minimum_at_the_origin(run, tmp_path):
    path = tmp_path / "zero.csv"
    path.write_text("a,b,y\n1,7,0\n2,5,0\n")
    code, out, _ = run("solve", path, "--target", "y", "--depth", 2, "--width", 2, "--decay", 1, "--json")
    record = json.loads(out)
    assert code == 0
    assert record["global_minimum"] == {"at_origin": True, "index": None, "loss": "0", "tie": False}
    assert (record["points"], record["complete"], record["origin"]) == ([], True, "global minimum")


@pytest.mark.parametrize("text", ["", "{}", "[]", "{", '{"format":"symderive-certificate-1"}', "null"])
def test_what_is_no_certificate(run, tmp_path, text):
    path = tmp_path / "c.json"
    path.write_text(text)
    code, out, err = run("check", "--certificate", path)
    assert code in (1, 2)
    assert (out + err).count("\n") == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_no_text_for_a_decay_is_evaluated_or_escapes(text):
    """Any text either solves or ends in one sentence."""
    arguments = ["solve", str(DIABETES), *_with("--decay", text), "--verify", "off", "--json"]
    try:
        code = cli.cli.main(arguments, standalone_mode=False)
    except (cli.InputError, cli.click.ClickException) as error:
        code = 2 if str(error) else None
    assert code in (0, 1, 2)


def test_no_command_shows_the_help(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["symderive"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out = capsys.readouterr().out
    assert stop.value.code == 2
    assert all(f"\n  {name}" in out for name in ("check", "derive", "solve"))


def test_help_and_solve_do_not_load_sympy():
    """Start-up is what users wait for: the heavy imports are lazy."""
    program = (
        "import sys\nsys.argv = ['symderive', '--help']\nfrom symderive import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "assert not {'sympy', 'numpy', 'mpmath', 'flint', 'rich'} & set(sys.modules)\n"
        f"sys.argv = ['symderive', 'solve', {str(DIABETES)!r}, *{list(GOOD)!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "assert 'sympy' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
