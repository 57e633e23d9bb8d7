"""``symderive collapse``, and ``check`` for networks with activations."""

from __future__ import annotations

import json

import numpy as np
import pytest

from symderive import Network, Rows, predict_collapse
from symderive.report.notebook import html_of

CSV = "a,b,y\n1,2,3\n2,1,5\n3,5,4\n4,3,8.5\n-2,0,1\n"
NET = ("--target", "y", "--depth", 2, "--width", 4)


@pytest.fixture
def run(run, monkeypatch, tmp_path):
    """Run the command line in this process, in a folder with data and weights; see ``conftest``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.csv").write_text(CSV)
    rng = np.random.default_rng(0)
    layers = {"W1": rng.normal(size=(4, 2)), "W2": rng.normal(size=(4, 4)), "U": rng.normal(size=4)}
    np.savez("w.npz", **layers)
    np.savez(
        "biased.npz",
        **{f"{i}.weight": np.atleast_2d(W) for i, W in enumerate(layers.values())}
        | {f"{i}.bias": np.zeros(np.atleast_2d(W).shape[0]) for i, W in enumerate(layers.values())},
    )
    return run


def record(run, *arguments):
    code, out, err = run(*arguments, "--json")
    assert err == ""
    return code, json.loads(out)


def test_the_record_says_where_a_draw_stands(run):
    command = ("collapse", "small.csv", *NET, "--activation", "relu", "--init", "kaiming")
    code, found = record(run, *command, "--decay", 60)
    assert (code, found["verdict"], found["doubt"]) == (0, "collapses", "0")
    rows = Rows.from_csv("small.csv", "y")
    barrier = predict_collapse(Network(2, widths=4, decays=60), rows, activation="relu").barrier
    assert float(found["S_0"]) == pytest.approx(float(barrier.top), rel=1e-15)
    assert float(found["S_0"]) == pytest.approx(3 * 60**3 / float(found["K"]) ** 2, rel=1e-12)
    assert float(found["S_star"]) == pytest.approx(2.25 * float(found["S_0"]), rel=1e-12)
    assert float(found["height"]) == pytest.approx(float(found["S_0"]) / 3, rel=1e-12)
    assert found["K_from"] == "rows"
    assert found["start"]["mean_S"] == "180"
    assert found["start"]["most_S"] == "540"
    code, found = record(run, *command, "--decay", 1)
    assert (code, found["verdict"], found["doubt"]) == (1, "not provable", None)
    code, found = record(run, *command, "--decay", 1, "--scale", "1/1000")
    assert (code, found["verdict"]) == (0, "collapses")


def test_weights_of_a_file_tell_the_shape(run):
    command = ("collapse", "small.csv", "--target", "y", "--activation", "tanh", "--init", "w.npz")
    code, found = record(run, *command, "--decay", "0.01")
    assert code == 1
    assert found["widths"] == [4, 4]
    assert found["start"]["kind"] == "weights"
    assert found["start"]["loss_from"] == "rows"
    code, found = record(run, *command, "--weight-decay", "0.02", "--scale", "1/10000")
    assert (code, found["verdict"], found["decays"]) == (0, "collapses", ["1/100"] * 3)
    code, found = record(run, *command, "--decay", 1, "--scale", "1/1000", "--dropout", "0.5")
    assert (code, found["verdict"], found["start"]["loss_from"]) == (0, "collapses", "bound")


def test_dropout_is_noise_that_is_never_negative(run):
    command = ("collapse", "small.csv", *NET, "--decay", 1, "--activation", "relu")
    signals = [
        float(record(run, *command, *noise)[1]["K"]) for noise in ((), ("--dropout", "0.5"), ("--noise", 1))
    ]
    assert signals[0] == signals[1]
    assert signals[2] == pytest.approx(2 * signals[0])


def test_check_says_where_weights_with_activations_stand(run):
    command = ("check", "w.npz", "small.csv", "--target", "y", "--decay", "0.01")
    code, found = record(run, *command, "--activation", "relu")
    assert code == 1
    assert found["activation"] == "relu"
    assert found["verdict"] in ("not provable", "cannot collapse")
    linear, named = (record(run, *command, *more) for more in ((), ("--activation", "linear")))
    assert linear == named
    assert "diagnosis" in linear[1]


def test_the_page_and_the_notebook_show_the_same(run):
    code, out, _ = run(
        "collapse", "small.csv", *NET, "--decay", 300, "--activation", "gelu", "--init", "xavier"
    )
    assert code == 0
    assert "xavier_uniform_(W)" in out
    assert "Provably collapses" in out
    assert "gradient flow" in out
    rows = Rows.from_csv("small.csv", "y")
    shown = html_of(predict_collapse(Network(2, widths=4, decays=300), rows, "xavier", activation="gelu"))
    assert "Provably collapses" in shown
    code, out, _ = run("collapse", "small.csv", *NET, "--decay", 300, "--activation", "relu")
    assert (code, "Every start with S below" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*NET, "--decay", 1, "--activation", "sigmoid"), "φ(0) = 1/2"),
        ((*NET, "--decay", 0, "--activation", "relu"), "the decay of layer 1 is 0"),
        ((*NET, "--activation", "relu"), "the decay is missing"),
        ((*NET[:2], "--depth", 1, "--width", 3, "--decay", 1, "--activation", "relu"), "from two hidden"),
        ((*NET, "--decay", 1, "--activation", "relu", "--init", "good"), "no initialization and no file"),
        ((*NET, "--decay", 1, "--activation", "relu", "--init", "absent.npz"), "absent.npz"),
        ((*NET[:2], "--decay", 1, "--activation", "relu", "--init", "biased.npz"), "has biases"),
        (
            (*NET[:2], "--width", 9, "--depth", 2, "--decay", 1, "--activation", "relu", "--init", "w.npz"),
            "w.npz has hidden layers of 4, 4 neurons",
        ),
        (
            (*NET, "--decay", 1, "--activation", "relu", "--init", "xavier", "--scale", "-1"),
            "the scale is -1",
        ),
        ((*NET, "--decay", 1, "--activation", "relu", "--scale", "2"), "--scale"),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, said):
    code, out, err = run("collapse", "small.csv", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert len(err) < 310


def test_options_of_the_exact_minimum_are_refused_beside_an_activation(run, tmp_path):
    code, out, err = run(
        "check",
        "w.npz",
        "small.csv",
        "--target",
        "y",
        "--decay",
        1,
        "--activation",
        "relu",
        "--write-optimum",
        "best.npz",
    )
    assert (code, out) == (2, "")
    assert "--write-optimum" in err
    assert "linear" in err
    assert not (tmp_path / "best.npz").exists()
