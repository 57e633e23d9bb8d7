"""Decays as optimizers take them, and the decays that weights imply."""

import json
from fractions import Fraction

import numpy as np
import pytest

from symderive import InputError, Moments, Network, cli, diagnose, loss_decay, solve
from symderive.training.between import silence_of

X = [[1, 2], [2, 1], [3, 5], [4, 3], [-2, 0], [0, 1]]
Y = [3, 5, 4, 8, 1, -1]
DATA = Moments.from_samples(X, Y)


@pytest.mark.parametrize(
    ("options", "decay"),
    [
        ({"weight_decay": "0.02"}, Fraction(1, 100)),
        ({"weight_decay": "0.02", "loss": "sum", "samples": 10}, Fraction(1, 1000)),
        ({"weight_decay": "0.02", "loss": "half-mean"}, Fraction(1, 50)),
        ({"decay": "0.02"}, Fraction(1, 50)),
        ({"decay": 3, "loss": "sum", "samples": Fraction(15, 2)}, Fraction(2, 5)),
        ({"decay": "0.02", "loss": "half-mean"}, Fraction(1, 25)),
        ({"weight_decay": 0}, 0),
        ({"weight_decay": ["0.02", 1]}, (Fraction(1, 100), Fraction(1, 2))),
    ],
)
def test_the_table(options, decay):
    assert loss_decay(**options) == decay


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "either"),
        ({"weight_decay": 1, "decay": 1}, "either"),
        ({"weight_decay": -1}, "weight_decay is -1"),
        ({"decay": "x"}, "decay 'x'"),
        ({"weight_decay": [1, "x"]}, "weight_decay of layer 2 'x'"),
        ({"decay": 1, "loss": "median"}, "loss is 'median'"),
        ({"decay": 1, "loss": "sum"}, "samples"),
        ({"decay": 1, "loss": "sum", "samples": 0}, "samples is 0"),
    ],
)
def test_what_tells_no_decay(options, words):
    with pytest.raises(InputError, match=words):
        loss_decay(**options)


@pytest.mark.parametrize(("kind", "factor"), [("mean", 1.0), ("sum", len(X)), ("half-mean", 0.5)])
def test_the_gradient_with_weight_decay_vanishes_at_the_minimum(kind, factor):
    """As PyTorch's SGD makes it: that of the script's loss, and weight_decay times the weights."""
    w = "0.04"
    net = Network(1, widths=3, decays=loss_decay(weight_decay=w, loss=kind, samples=DATA.weight))
    layers = solve(net, DATA).layers(0).floats()
    W, U = layers["W1"], layers["U"]
    errors = np.array(X) @ (U @ W) - Y
    pull = 2 * factor / len(X) * errors @ np.array(X)
    for slope, at in ((np.outer(U, pull), W), (W @ pull, U)):
        assert np.abs(slope + float(w) * at).max() < 1e-13
        assert np.abs(slope + 2 * float(w) * at).max() > 1e-3


@pytest.mark.parametrize("intercept", [False, True])
def test_ridge_of_scikit_learn_is_depth_zero(intercept):
    Ridge = pytest.importorskip("sklearn.linear_model").Ridge

    data = Moments.from_samples(X, Y, center=intercept)
    for alpha in ("0.5", 30):
        theirs = Ridge(alpha=float(alpha), fit_intercept=intercept).fit(X, Y).coef_
        net = Network(0, decays=loss_decay(decay=alpha, loss="sum", samples=data.weight))
        ours = [float(x) for x in solve(net, data).end_to_end_map(0)]
        assert ours == pytest.approx(theirs, rel=1e-10)
        twice = Network(0, decays=loss_decay(weight_decay=alpha, loss="sum", samples=data.weight))
        assert [float(x) for x in solve(twice, data).end_to_end_map(0)] != pytest.approx(theirs, rel=1e-3)


# -- the decay that weights imply ------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize(
    ("trained", "words"),
    [
        (Fraction(1, 2), "--weight-decay"),
        (Fraction(2), "half-mean"),
        (Fraction(1, 6), "--loss sum"),
        (Fraction(1, 12), "--weight-decay and --loss sum"),
        (Fraction(6), "Leave out --loss sum"),
        (Fraction(1), None),
        (Fraction(26, 25), None),
        (Fraction(3), "3 times the decay given."),
        (Fraction(1, 40), "0.025 times the decay given."),
    ],
)
def test_the_decay_that_was_trained_with_is_told(depth, trained, words):
    """Exact minima at other decays, compared at γ: known slips, any other factor, and what is too near."""
    noise = [1, 0][:depth]
    net = Network(depth, widths=3, decays="0.03", noise=noise)
    other = Network(depth, widths=3, decays=trained * Fraction(3, 100), noise=noise)
    landscape = solve(other, DATA)
    found = diagnose(net, DATA, landscape.layers(landscape.global_minimum.index))
    assert float(found.implied.factor) == pytest.approx(float(trained), rel=1e-9)
    assert [float(g) / 0.03 for g in found.implied.decays] == pytest.approx(
        [float(trained)] * (depth + 1), rel=1e-9
    )
    assert found.implied.rest < 1e-9
    assert len(found.notes) == (words is not None)
    if words is not None:
        assert words in found.notes[0]
        assert f"at rest at γ = {0.03 * float(trained):.3g} " in found.notes[0]
        assert f"(weight_decay {0.06 * float(trained):.3g} of" in found.notes[0]
        assert found.gap > 0


def test_weights_that_are_not_at_rest_imply_nothing():
    net = Network(1, widths=3, decays="0.03")
    half = solve(Network(1, widths=3, decays="0.015"), DATA).layers(0).floats()
    found = diagnose(net, DATA, {**half, "W1": 1.05 * half["W1"]})
    assert found.implied.rest > 0.05
    assert found.notes == ()
    # A tenth of W1 that U does not see: the map stays, and with it the factor, but not the rest.
    unseen = np.outer([half["U"][1], -half["U"][0], 0], half["W1"][0])
    added = half["W1"] + 0.1 * np.linalg.norm(half["W1"]) / np.linalg.norm(unseen) * unseen
    found = diagnose(net, DATA, {**half, "W1": added})
    assert float(found.implied.factor) == pytest.approx(0.5, rel=0.02)
    assert found.notes == ()
    zero = diagnose(net, DATA, {name: 0 * W for name, W in half.items()})
    assert (zero.implied, zero.notes) == (None, ())


def test_decays_that_differ_are_told_by_their_factor():
    decays = [Fraction(1, 20), Fraction(1, 50), Fraction(1, 10)]
    trained = solve(Network(2, widths=3, decays=[5 * g for g in decays]), DATA)
    (note,) = diagnose(Network(2, widths=3, decays=decays), DATA, trained.layers(0)).notes
    assert note == "The weights are at rest at 5 times the decays given."


def test_each_layer_has_a_decay_of_its_own():
    decays = [Fraction(1, 20), Fraction(1, 50), Fraction(1, 10)]
    trained = solve(Network(2, widths=3, decays=decays), DATA)
    found = diagnose(Network(2, widths=3, decays="0.03"), DATA, trained.layers(0))
    assert [float(g) for g in found.implied.decays] == pytest.approx([float(g) for g in decays], rel=1e-9)
    assert found.implied.rest > 0.05


# -- what a file leaves open -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "told", "noise", "words"),
    [
        (("0.weight", "2.weight"), False, False, "skips from layer 0 to 2"),
        (("net.0.weight", "net.1.weight", "net.4.weight"), False, False, "skips from layer 1 to 4"),
        (("0.weight", "2.weight"), False, True, "the noise that is given"),
        (("0.weight", "1.weight"), False, False, None),
        (("layers.0.weight", "layers.1.weight"), False, False, "no activations"),
        (("fc1.weight", "fc2.weight"), False, False, "no activations"),
        (("0.weight", "2.weight"), True, False, None),
        (("0.weight",), False, False, None),
        (("W1", "W2", "U"), False, False, None),
    ],
)
def test_what_lies_between_the_layers(names, told, noise, words):
    said = silence_of(names, told=told, noise=noise, source="w.pt")
    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("kept", "noise", "words"),
    [
        ({"activation": None, "lr": 0.1}, False, None),
        ({"activation": "Identity", "dropout": 0.0}, False, None),
        ({"activation": "relu"}, False, "say activation = 'relu'; a deep linear network has none"),
        ({"activation": "none", "dropout": 0.1}, False, "say dropout = 0.1; give it as --dropout"),
        ({"activation": "none", "dropout": 0.1}, True, None),
        ({"lr": 0.1}, False, "no activations"),
    ],
)
def test_hyperparameters_tell_what_lies_between(kept, noise, words):
    said = silence_of(["fc1.weight", "fc2.weight"], told=False, noise=noise, source="l.ckpt", kept=kept)
    assert (words in said) if words else said == ""


# -- the commands ----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    rows = [",".join(map(str, [*x, y])) for x, y in zip(X, Y, strict=True)]
    (tmp_path / "d.csv").write_text("\n".join(["a,b,y", *rows]) + "\n")
    solve(Network(2, widths=3, decays=1), DATA).layers(0).save(tmp_path / "w.npz")
    return tmp_path


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["symderive", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


@pytest.mark.parametrize(
    "options",
    [
        ("--decay", "1"),
        ("--weight-decay", "2"),
        ("--weight-decay", "1", "--loss", "half-mean"),
        ("--weight-decay", "12", "--loss", "sum"),
        ("--decay", "6", "--loss", "sum"),
        ("--weight-decay", "2,2,2"),
    ],
)
def test_one_decay_told_in_many_ways(files, capsys, monkeypatch, options):
    common = (files / "d.csv", "--target", "y", *options, "--json")
    code, out, _ = run(capsys, monkeypatch, "check", files / "w.npz", *common)
    record = json.loads(out)
    assert (code, record["diagnosis"], record["warnings"]) == (0, "global minimum", [])
    shape = ("--depth", "2", "--width", "3")
    code, out, _ = run(capsys, monkeypatch, "solve", *common, *shape, "--verify", "off")
    assert (code, json.loads(out)["global_minimum"]["loss"][:15]) == (0, record["global_loss"][:15])
    code, out, _ = run(capsys, monkeypatch, "phase", *common, *shape, "--vary", "noise=0:2:3")
    given = ("--target", "y", "--decay", "1", "--json")
    plain = run(capsys, monkeypatch, "phase", files / "d.csv", *given, *shape, "--vary", "noise=0:2:3")
    record = json.loads(out)
    thresholds = record.pop("weight_decay", None)
    assert (code, record) == (plain[0], json.loads(plain[1]))
    assert (thresholds is not None) == ("--weight-decay" in options)
    if thresholds is not None:
        worth = {"half-mean": 1, "sum": Fraction(1, 12)}.get(options[-1], Fraction(1, 2))
        for kind, value in thresholds.items():
            assert float(value) * float(worth) == pytest.approx(float(record["decay"][kind]), rel=1e-14)
            assert len(value) > 25


def test_a_slip_is_told_and_the_weights_are_not_there(files, capsys, monkeypatch):
    common = ("check", files / "w.npz", files / "d.csv", "--target", "y", "--json")
    code, out, _ = run(capsys, monkeypatch, *common, "--decay", "2")
    record = json.loads(out)
    assert (code, record["diagnosis"]) == (1, "not converged")
    assert "--weight-decay" in record["warnings"][0]
    assert float(record["implied_decay"]["factor"]) == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(("optimizer", "count"), [("sgd", 0), ("adam", 0), ("adamw", 1)])
def test_adamw_minimizes_another_loss(files, capsys, monkeypatch, optimizer, count):
    common = ("check", files / "w.npz", files / "d.csv", "--target", "y", "--json", "--decay", "1")
    code, out, _ = run(capsys, monkeypatch, *common, "--optimizer", optimizer)
    record = json.loads(out)
    assert (code, record["diagnosis"], len(record["warnings"])) == (0, "global minimum", count)
    assert all("AdamW decouples" in warning for warning in record["warnings"])


@pytest.mark.parametrize("command", ["solve", "check", "phase"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "the decay is missing"),
        (("--decay", "1", "--weight-decay", "2"), "both given"),
        (("--weight-decay", "x"), "weight_decay 'x'"),
        (("--weight-decay=-1",), "weight_decay is -1"),
    ],
)
def test_decays_that_are_refused(files, capsys, monkeypatch, command, options, words):
    shape = (files / "w.npz",) if command == "check" else ()
    given = (command, *shape, files / "d.csv", "--target", "y", *options)
    code, out, err = run(capsys, monkeypatch, *given, *(() if shape else ("--depth", "2", "--width", "3")))
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_sum_over_no_samples_is_refused(capsys, monkeypatch):
    given = (
        "phase",
        "--isotropic",
        "1,1",
        "--depth",
        "2",
        "--width",
        "3",
        "--weight-decay",
        "1",
        "--loss",
        "sum",
    )
    code, _, err = run(capsys, monkeypatch, *given)
    assert code == 2
    assert "number of samples" in err


def test_every_text_encloses_with_its_radius(files, capsys, monkeypatch):
    """Against digits that are computed at four times the precision."""
    common = ("check", files / "w.npz", files / "d.csv", "--target", "y", "--json", "--decay", "2")
    record = json.loads(run(capsys, monkeypatch, *common)[1])
    arrays = dict(np.load(files / "w.npz"))
    found = diagnose(Network(2, widths=3, decays=2), DATA, arrays, digits=60)
    truths = {
        "loss": found.loss,
        "gap": found.gap,
        "map_error": found.map_error,
        "imbalance_cost": found.imbalance_cost,
        "gradient_norm": found.gradient_norm,
        "imbalance": found.imbalance,
        "ridge": found.ridge,
        "norm": found.norm,
        "prediction_variance": found.variance,
    }
    for name, truth in truths.items():
        text, radius = Fraction(record[name]), Fraction(record[f"{name}_radius"])
        exact = Fraction(str(truth.mid().str(40, radius=False)))
        assert abs(text - exact) <= radius
        assert radius == 0 or radius < Fraction(1, 10**9)
    assert next(iter(record)) == "loss"
    assert float(record["optimum"]["distance"]) > 0.01


@pytest.mark.parametrize("columns", [60, 80])
def test_the_page_fits_the_terminal(files, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    common = ("check", files / "w.npz", files / "d.csv", "--target", "y", "--decay", "2")
    code, out, _ = run(capsys, monkeypatch, *common)
    assert code == 1
    assert max(map(len, out.splitlines())) <= columns
    assert " distance to minimum " in out  # in a table with borders, not below each other
    assert "Warning: The weights are at rest at γ = 1 (weight_decay 2" in out
