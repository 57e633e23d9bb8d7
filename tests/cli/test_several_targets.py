"""Several targets from files: which columns they are, what is printed, and what is refused."""

import json

import numpy as np
import pytest

from symderive import InputError, Moments, Network, OutputMoments, solve
from symderive.arithmetic.exact import bits_for
from symderive.cli.records import DataOptions

ROWS = [[1, 2, 3, 4], [2, -1, 0, 1], [0, 3, -2, 2], [1, 1, 1, -5], [4, 0, 2, 1]]
NET = ("--depth", "1", "--width", "3", "--decay", "0.1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    table = np.array(ROWS, dtype=float)
    lines = "".join(",".join(map(str, row)) + "\n" for row in ROWS)
    (folder / "t.csv").write_text("a,b,y,z\n" + lines)
    (folder / "comma.csv").write_text('a,b,"y,z",z\n' + lines)
    (folder / "one.csv").write_text("a,y,z\n" + "".join(f"{i},{i * i},1\n" for i in range(3)))
    np.savez(folder / "t.npz", X=table[:, :2], y=table[:, 2:], w=table[:, 3], wide=table[:3])
    np.savez(folder / "column.npz", X=table[:, :2], y=table[:, 2:3])
    return folder


def _moments(X, Y, **options):
    return OutputMoments.from_samples(np.array(X), np.array(Y), **options)


def test_targets_come_from_files(folder):
    table = np.array(ROWS)
    plain = _moments(table[:, :2], table[:, 2:])
    for path, target in (("t.csv", "y,z"), ("t.csv", "y, z"), ("t.npz", None), ("t.npz", "y")):
        read = DataOptions(str(folder / path), target).either_moments()
        assert isinstance(read, OutputMoments)
        assert (read.A, read.V, read.c) == (plain.A, plain.V, plain.c)
    assert read.targets == ("y1", "y2")
    assert DataOptions(str(folder / "t.csv"), "z,a").either_moments().targets == ("z", "a")
    listed = OutputMoments.from_csv(folder / "t.csv", ["y", "z"], columns=["b"])
    assert (listed.features, listed.targets) == (("b",), ("y", "z"))
    treated = OutputMoments.from_csv(folder / "one.csv", "y,z", center=True)
    assert treated.c == _moments([[0], [1], [2]], [[0, 1], [1, 1], [4, 1]], center=True).c


def test_one_target_stays_one_target(folder):
    for path, target in (("t.csv", "y"), ("comma.csv", "y,z"), ("column.npz", "y")):
        assert isinstance(DataOptions(str(folder / path), target).either_moments(), Moments)
    both = DataOptions(str(folder / "comma.csv"), '"y,z",z').either_moments()
    assert both.targets == ("y,z", "z")


@pytest.mark.parametrize(
    ("path", "target", "says"),
    [
        ("t.csv", "y,q", "t.csv has no column 'q'"),
        ("t.csv", "y,y", "given twice as a target"),
        ("t.csv", "a,b,y,z", "no feature is left"),
        ("t.csv", "", "no column ''"),
        ("t.npz", "wide", "wide has 3"),
    ],
)
def test_what_are_no_targets_is_told(folder, path, target, says):
    with pytest.raises(InputError) as refused:
        DataOptions(str(folder / path), target).either_moments()
    assert says in str(refused.value)
    assert len(str(refused.value)) < 300


def test_other_commands_take_one(folder, run):
    with pytest.raises(InputError, match=r"t.csv has 2 targets \(y, z\), and this takes one"):
        DataOptions(str(folder / "t.csv"), "y,z").moments()
    code, _, err = run("phase", folder / "t.csv", "--target", "y,z", "--depth", 1, "--vary", "decay=1:2:2")
    assert code == 2
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("target", "options", "noted"),
    [
        ("y,z", ("--weight-decay", "0.2"), True),
        ("y,z", ("--weight-decay", "0.2", "--loss", "sum"), False),
        ("y,z", ("--decay", "0.1"), False),
        ("y", ("--weight-decay", "0.2"), False),
    ],
)
def test_the_mean_over_targets_is_told_apart(folder, run, target, options, noted):
    given = ("--target", target, "--depth", 1, "--width", 3, *options)
    code, _, said = run("solve", folder / "one.csv" if target == "y" else folder / "t.csv", *given)
    assert code == 0
    assert ("2 times the optimizer's" in said) is noted


def test_json_tells_bounds_and_the_gap(folder, run, tmp_path):
    weights = tmp_path / "w.npz"
    code, out, err = run(
        "solve", folder / "t.csv", "--target", "y,z", *NET, "--json", "--digits", 20, "--weights", weights
    )
    record = json.loads(out)
    assert (code, err) == (0, "")
    data = OutputMoments.from_csv(folder / "t.csv", "y,z")
    found = solve(Network(1, widths=3, decays="0.1", outputs=2), data, digits=20)
    best = record["global_minimum"]
    assert best["rank"] == found.rank == 2
    assert best["loss"] == best["upper"] == found.upper.mid().str(20, radius=False)
    assert found.upper.rel_accuracy_bits() > bits_for(20)
    assert float(found.gap) <= float(best["relative_gap"]) < 1e-20
    assert (record["outputs"], record["targets"], record["method"]) == (2, ["y", "z"], "convex")
    assert record["verification"]["verdict"] == "CHECKED"
    with np.load(weights) as saved:
        X, Y = np.array(ROWS)[:, :2], np.array(ROWS)[:, 2:]
        loss = ((X @ (saved["U"] @ saved["W1"]).T - Y) ** 2).sum() / len(X)
        loss += 0.1 * ((saved["U"] ** 2).sum() + (saved["W1"] ** 2).sum())
    assert loss == pytest.approx(float(best["loss"]), rel=1e-13)


def test_pages_say_how_it_was_solved(folder, run):
    ask = ("solve", folder / "t.csv", "--target", "y,z")
    code, out, _ = run(*ask, *NET)
    assert code == 0
    assert "certified by duality" in out
    code, out, _ = run(*ask, "--depth", 0, "--decay", "0.1")
    assert code == 0
    assert "(exact)" in out
    code, out, _ = run(*ask, "--depth", 1, "--width", 1, "--decay", "0.1", "--verify", "off")
    assert code == 1
    assert "1 hidden neuron is too few" in out
    code, out, _ = run(*ask, "--depth", 2, "--width", 3, "--decay", "0.1", "--whiten")
    assert code == 0
    assert "singular value" in out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--target", "y,z", "--depth", "2", "--width", "3", "--decay", "0.1"), "--whiten"),
        (("--target", "y,z", *NET, "--certificate", "c.json"), "--certificate is the evidence"),
        (("--target", "y,z", *NET, "--verify", "mpmath"), "several take auto or off"),
        (("--target", "y", *NET, "--whiten"), "--whiten is about several targets"),
        # A bias without noise is centering; left out silently, it would give another minimum.
        (("--target", "y,z", *NET, "--bias"), "without a free bias; center the data"),
        (("--target", "y,z", *NET, "--dropconnect", "0.1"), "noisy weights"),
    ],
)
def test_what_several_targets_have_not_is_refused(folder, run, options, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("solve", folder / "t.csv", *options)
    assert (code, out) == (2, "")
    assert says in err
    assert not list(tmp_path.iterdir())
