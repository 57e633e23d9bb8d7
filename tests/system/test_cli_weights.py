"""``check`` on files of all makers, and weights written by ``solve`` and ``check``."""

import json

import numpy as np
import pytest
from oracles.tools import Library
from safetensors.numpy import save_file

torch, nn = Library("torch"), Library("torch.nn")

pytestmark = pytest.mark.torch

CSV = "a,b,y\n1,2,3\n2,1,5\n3,5,4\n4,3,8.5\n-2,0,1\n"
SOLVE = ("--target", "y", "--depth", 2, "--width", 4, "--decay", "0.01", "--verify", "off")
CHECK = ("--target", "y", "--decay", "0.01")


@pytest.fixture
def run(run, monkeypatch, tmp_path):
    """Run the command line in this process, in a folder with data: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.csv").write_text(CSV)

    return run


@pytest.fixture
def optimum(run):
    """The layers of the global minimum."""
    assert run("solve", "small.csv", *SOLVE, "--weights", "w.npz")[0] == 0
    with np.load("w.npz") as held:
        return [np.atleast_2d(held[name]) for name in ("W1", "W2", "U")]


@pytest.mark.parametrize("name", ["w.pt", "w.pth", "w.safetensors", "w.npz"])
def test_what_solve_writes_is_at_the_minimum(run, name):
    code, _, err = run("solve", "small.csv", *SOLVE, "--weights", name)
    assert (code, err) == (0, "")
    assert run("check", name, "small.csv", *CHECK)[0] == 0


@pytest.mark.parametrize("name", ["both", "w.csv", "w.txt"])
def test_weights_without_a_format_are_refused_before_anything_is_read(run, tmp_path, name):
    for command in (
        ("solve", "absent.csv", *SOLVE, "--weights", name),
        ("check", "absent.npz", "absent.csv", *CHECK, "--write-optimum", name),
    ):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert "end it in .npz, .safetensors, .pt or .pth" in err
        assert len(err.splitlines()) == 1
    assert not (tmp_path / name).exists()


def test_names_order_and_notes(run, optimum):
    torch.save({f"fc{i}.weight": torch.tensor(W) for i, W in enumerate(optimum)}, "named.pt")
    torch.save({"state_dict": {f"m.{i}.weight": torch.tensor(W) for i, W in enumerate(optimum)}}, "l.ckpt")
    save_file({f"d{i}.kernel": np.ascontiguousarray(W.T) for i, W in enumerate(optimum)}, "k.safetensors")
    np.savez("extra.npz", W1=optimum[0], W2=optimum[1], U=optimum[2], loss=1.0)
    for name, words in (
        ("named.pt", ""),
        ("l.ckpt", ""),
        ("k.safetensors", "inputs × outputs"),
        ("extra.npz", "'loss' in extra.npz is no layer and is not read."),
    ):
        code, out, _ = run("check", name, "small.csv", *CHECK, "--json")
        record = json.loads(out)
        assert (code, record["diagnosis"]) == (0, "global minimum")
        assert any(words in note for note in record["warnings"]) or not words
    torch.save({"a": torch.tensor(optimum[0]), "b": torch.tensor(optimum[2])}, "short.pt")
    assert run("check", "short.pt", "small.csv", *CHECK)[0] == 1


def test_layers_are_named_where_the_file_leaves_it_open(run, optimum):
    first, second, last = map(torch.tensor, optimum)
    torch.save({"x": second, "y": second + 1, "z": first, "u": last}, "open.pt")
    code, _, err = run("check", "open.pt", "small.csv", *CHECK)
    assert code == 2
    assert "more than one order: x 4×4, y 4×4, z 4×2, u 1×4" in err
    assert "--layers" in err
    assert run("check", "open.pt", "small.csv", *CHECK, "--layers", "z,x,u")[0] == 0
    assert run("check", "open.pt", "small.csv", *CHECK, "--layers", "z,y,u")[0] == 1
    code, _, err = run("check", "open.pt", "small.csv", *CHECK, "--layers", "z,,u")
    assert (code, "has no layer ''" in err) == (2, True)
    code, _, err = run("check", "--certificate", "x.json", "--layers", "z")
    assert (code, "stands alone" in err) == (2, True)


@pytest.mark.parametrize("kind", ["bfloat16", "float16"])
def test_the_optimum_has_the_number_type_of_the_weights(run, optimum, kind):
    torch.save(
        {f"{i}.weight": torch.tensor(W).to(getattr(torch, kind)) for i, W in enumerate(optimum)}, "n.pt"
    )
    code, _, _ = run("check", "n.pt", "small.csv", *CHECK, "--write-optimum", "o.pt")
    assert code == 0
    assert {W.dtype for W in torch.load("o.pt").values()} == {getattr(torch, kind)}


@pytest.mark.parametrize("option", ["--center", "--standardize"])
def test_biases_count_with_centered_and_standardized_data(run, option):
    assert run("solve", "small.csv", *SOLVE, option, "--weights", "w.npz")[0] == 0
    with np.load("w.npz") as held:
        layers = [np.atleast_2d(held[name]) for name in ("W1", "W2", "U")]
    table = np.array([row.split(",") for row in CSV.split()[1:]], dtype=float)
    X, y = table[:, :2], table[:, 2]
    if option == "--standardize":
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    best = y.mean() - (X @ (layers[2] @ layers[1] @ layers[0]).T).mean()
    for off, code, verdict in ((0.0, 0, "global minimum"), (100.0, 1, "not converged")):
        state = {f"{i}.weight": torch.tensor(W) for i, W in enumerate(layers)}
        state |= {f"{i}.bias": torch.zeros(len(W), dtype=torch.float64) for i, W in enumerate(layers)}
        state["2.bias"] += best + off
        torch.save(state, "b.pt")
        found, out, _ = run(
            "check", "b.pt", "small.csv", *CHECK, option, "--json", "--write-optimum", "o.pt"
        )
        record = json.loads(out)
        assert (found, record["diagnosis"]) == (code, verdict)
        assert float(record["bias_cost"]) == pytest.approx(off**2, abs=1e-20)
        assert torch.load("o.pt")["2.bias"].item() == pytest.approx(best)


def test_weights_trained_on_other_treatment_of_the_data_are_told(run, optimum):
    """Weights of each treatment, checked with each: only where they differ, and only what fits."""
    asked = {"--standardize": "with --standardize", "--center": "with --center", None: "without --center"}
    for trained, words in asked.items():
        given = [] if trained is None else [trained]
        assert run("solve", "small.csv", *SOLVE, *given, "--weights", "t.npz")[0] == 0
        for option in asked:
            code, out, _ = run(
                "check", "t.npz", "small.csv", *CHECK, *([] if option is None else [option]), "--json"
            )
            hints = [w for w in json.loads(out)["warnings"] if "are at rest with" in w]
            assert [words in hint for hint in hints] == ([] if option == trained else [True])
            assert code == (option != trained)
    np.savez("far.npz", W1=2 * optimum[0], W2=optimum[1], U=optimum[2])
    out = run("check", "far.npz", "small.csv", *CHECK, "--json")[1]
    assert not any("are at rest with" in w for w in json.loads(out)["warnings"])


def test_a_layer_that_is_left_out_is_told(run, optimum):
    first, middle, last = map(torch.tensor, optimum)
    held = {"a.weight": first, "mid.weight": middle, "out.weight": last}
    torch.save(held, "three.pt")
    looks = "'mid.weight' in three.pt looks like a layer, left out since --layers does not name it."
    code, out, _ = run("check", "three.pt", "small.csv", *CHECK, "--json", "--layers", "a,out")
    assert looks in json.loads(out)["warnings"]
    code, out, _ = run("check", "three.pt", "small.csv", *CHECK, "--json", "--layers", "a,mid,out")
    assert code == 0
    assert not any("looks like" in w for w in json.loads(out)["warnings"])
    # What fits nowhere is no layer of this network.
    torch.save(held | {"mid.weight": torch.ones(5, 3)}, "three.pt")
    code, out, _ = run("check", "three.pt", "small.csv", *CHECK, "--json", "--layers", "a,out")
    assert not any("looks like" in w for w in json.loads(out)["warnings"])


def test_a_whole_checkpoint_is_not_written(run, optimum):  # noqa: ARG001
    code, out, err = run("check", "w.npz", "small.csv", *CHECK, "--write-optimum", "new.ckpt")
    assert (code, out) == (2, "")
    assert "new.ckpt would be a whole checkpoint of a trainer" in err
    assert "end it in .pt" in err
    assert run("check", "w.npz", "small.csv", *CHECK, "--write-optimum", "new.pt")[0] == 0


def test_decays_and_features_are_told(run, optimum):  # noqa: ARG001
    code, out, _ = run("solve", "small.csv", *SOLVE, "--json")
    record = json.loads(out)
    assert (code, record["decays"], record["features"]) == (0, ["1/100"] * 3, ["a", "b"])
    given = ("--target", "y", "--weight-decay", "0.02,0.02,0.03")
    out = run("check", "w.npz", "small.csv", *given, "--json")[1]
    assert json.loads(out)["decays"] == ["1/100", "1/100", "3/200"]
    assert json.loads(out)["features"] == ["a", "b"]
    out = run("check", "w.npz", "small.csv", *given)[1]
    assert "decays γ = 1/100, 1/100, 3/200" in " ".join(out.split())
    np.savez("plain.npz", X=[[1, 2], [2, 1], [3, 5]], y=[1, 2, 3])
    out = run("solve", "plain.npz", *SOLVE[2:], "--json")[1]
    assert json.loads(out)["features"] == ["x1", "x2"]


def test_the_forgotten_factor_is_told_by_decay(run):
    """Trained at weight_decay 0.1, checked at 0.01; and a mean that is taken for a sum of 5 squares."""
    given = ("--target", "y", "--depth", 2, "--width", 4, "--verify", "off")
    assert run("solve", "small.csv", *given, "--weight-decay", "0.1", "--weights", "w.npz")[0] == 0
    check = ("check", "w.npz", "small.csv", "--target", "y")
    out = run(*check, "--weight-decay", "0.01")[1]
    told = "The weights are at rest at γ = 0.05 (weight_decay 0.1 of a mean of squares), which is "
    assert told + "10 times the decay given." in " ".join(out.split())
    out = run(*check, "--weight-decay", "0.1", "--loss", "sum")[1]
    assert told + "n times the decay given: was the mean" in " ".join(out.split())
    code, out, _ = run(*check, "--weight-decay", "0.1")
    assert (code, "at rest" in out) == (0, False)


def test_hyperparameters_of_lightning_are_read(run, optimum):
    state = {f"fc{i}.weight": torch.tensor(W) for i, W in enumerate(optimum)}
    for kept, words in (
        ({"activation": "tanh", "x": [1]}, "activation = 'tanh'"),
        ({"activation": None}, ""),
    ):
        torch.save({"state_dict": state, "hyper_parameters": kept, "epoch": 3}, "l.ckpt")
        warnings = json.loads(run("check", "l.ckpt", "small.csv", *CHECK, "--json")[1])["warnings"]
        assert [w for w in warnings if "hyperparameters" in w or "activations" in w] == [
            w for w in warnings if words and words in w
        ]
        assert any(words in w for w in warnings) == bool(words)
