"""Trained networks: where they stand, and what is said of it."""

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from oracles.dropout_masks import loss_over_masks
from oracles.tools import Library

from symderive import InputError, Moments, Network, cli, loss_decay, solve
from symderive.training.checkpoint import read_checkpoint
from symderive.training.diagnosis import diagnose

torch = Library("torch")

#: Agreement of two float64 evaluations of one loss.
CLOSE = 1e-10

NET = Network(2, widths=(3, 2), decays=["1/50", "1/40", "1/30"], noise=["1/2", 0])
X = [[1, 0], [0, 20], [1, 1], [-1, 3], [2, -1], [0, 1]]
Y = [1, 2, -1, 0, 3, 1]
DATA = Moments.from_samples(X, Y)

#: Four points: minimum, saddle, bad minimum, saddle; see the README.
FOUR = Network(2, widths=4, decays="1/50")
FOUR_DATA = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)


def _at(landscape, index):
    arrays = landscape.layers(index).floats()
    U = arrays.pop("U")
    return [*arrays.values(), U[None, :]]


def _moved(weights, size, seed=0):
    rng = np.random.default_rng(seed)
    return [W + size * rng.standard_normal(W.shape) for W in weights]


def test_loss_and_gradient_are_those_of_the_full_objective():
    """Against all dropout masks, and against finite differences of them."""
    rng = np.random.default_rng(1)
    weights = [rng.standard_normal(s) for s in ((3, 2), (2, 3), (1, 2))]
    net = Network(2, widths=(3, 2), decays=["1/50", "1/40", "1/30"], dropout=["1/4", "1/2"])
    rates = (Fraction(1, 4), Fraction(1, 2))

    def loss(layers):
        exact = [[[Fraction(x) for x in row] for row in W.tolist()] for W in layers]
        return float(loss_over_masks(exact, rates, X, Y, net.decays))

    found = diagnose(net, DATA, weights)
    assert float(found.loss) == pytest.approx(loss(weights), rel=CLOSE)
    step, squares = 1e-5, 0.0
    for W in weights:
        for at in np.ndindex(W.shape):
            keep, values = W[at], []
            for shift in (step, -step):
                W[at] = keep + shift
                values.append(loss(weights))
            W[at] = keep
            squares += ((values[0] - values[1]) / (2 * step)) ** 2
    assert float(found.gradient_norm) == pytest.approx(np.sqrt(squares), rel=1e-6)
    assert found.gap > 0
    assert found.conclusion == "not converged"


@pytest.mark.parametrize(
    ("index", "conclusion"), [(0, "global minimum"), (1, "saddle"), (2, "bad minimum")]
)
def test_every_point_is_recognized(index, conclusion):
    landscape = solve(FOUR, FOUR_DATA)
    weights = _moved(_at(landscape, index), 1e-6)
    found = diagnose(FOUR, FOUR_DATA, weights)
    assert found.conclusion == conclusion
    assert found.nearest.index == index
    assert found.nearest.distance < 1e-4
    assert float(found.gap) == pytest.approx(
        float(landscape.points[index].loss - landscape.global_minimum.loss), abs=1e-9
    )
    assert float(found.ridge) == pytest.approx(float(landscape.points[index].ridge), rel=1e-3)
    assert float(found.norm) == pytest.approx(float(landscape.points[index].norm), rel=1e-3)
    far = diagnose(FOUR, FOUR_DATA, [W + 0.1 for W in weights])
    assert far.conclusion == "not converged"


def test_the_origin_is_a_bad_minimum_or_the_global_one():
    zeros = [np.zeros(s) for s in ((4, 2), (4, 4), (1, 4))]
    found = diagnose(FOUR, FOUR_DATA, zeros)
    assert (found.conclusion, found.nearest.at_origin, found.ridge) == ("bad minimum", True, None)
    strong = Network(2, widths=4, decays=2)
    found = diagnose(strong, FOUR_DATA, _moved(zeros, 1e-6))
    assert found.conclusion == "global minimum"
    assert not any(W.any() for W in found.optimum.weights)
    assert diagnose(strong, FOUR_DATA, _moved(zeros, 0.3)).conclusion == "not converged"


def test_a_dead_neuron_in_a_noisy_layer_is_a_saddle():
    smaller = Network(2, widths=(2, 2), decays=NET.decays, noise=NET.noise)
    landscape = solve(smaller, DATA)
    index = landscape.global_minimum.index
    assert index is not None
    W1, W2, U = _at(landscape, index)
    weights = [np.vstack([W1, 0 * W1[:1]]), np.hstack([W2, 0 * W2[:, :1]]), U]
    found = diagnose(NET, DATA, weights)
    assert found.conclusion == "saddle"
    assert (found.nearest.index, found.nearest.at_origin) == (None, False)
    assert "dead neurons" in found.reason
    assert float(found.gradient_norm) < 1e-12
    assert found.gap > 0


def test_the_variance_is_what_the_masks_say():
    landscape = solve(NET, DATA)
    index = landscape.global_minimum.index
    found = diagnose(NET, DATA, _at(landscape, index))
    assert float(found.variance) == pytest.approx(
        float(landscape.points[index].prediction_variance), rel=CLOSE
    )
    assert found.imbalance < 1e-12


def test_the_optimum_next_to_the_weights_keeps_their_signs():
    landscape = solve(NET, DATA)
    index = landscape.global_minimum.index
    W1, W2, U = _at(landscape, index)
    flip = np.array([1, -1, 1])
    turned = [flip[:, None] * W1, W2 * flip, U]
    found = diagnose(NET, DATA, _moved(turned, 1e-3))
    assert all(
        np.allclose(a, b, atol=1e-9) for a, b in zip(found.optimum.weights[:1], turned[:1], strict=True)
    )
    assert float(diagnose(NET, DATA, found.optimum.weights).gradient_norm) < 1e-12


@pytest.mark.parametrize("tolerance", [0, -1, 0.6, float("nan")])
def test_a_tolerance_is_a_small_positive_number(tolerance):
    with pytest.raises(InputError, match="tolerance"):
        diagnose(NET, DATA, _at(solve(NET, DATA), 0), tolerance=tolerance)


def test_weights_that_do_not_fit_are_refused():
    for shapes, words in (
        (((3, 5), (2, 3), (1, 2)), "the data have 2 features"),
        (((3, 2), (2, 4), (1, 2)), "W2 has shape 2 × 4"),
        (((3, 2), (1, 3)), "2 layers"),
    ):
        with pytest.raises(InputError, match=words):
            diagnose(NET, DATA, [np.ones(s) for s in shapes])


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["mean", "sum", "half-mean"])
def test_sgd_stays_where_the_minimum_is(kind):
    net = Network(1, widths=3, decays=loss_decay(weight_decay="0.04", loss=kind, samples=DATA.weight))
    layers = solve(net, DATA).layers(0).floats()
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 3, bias=False), torch.nn.Linear(3, 1, bias=False)
    ).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(layers["W1"]))
        model[1].weight.copy_(torch.tensor(layers["U"][None, :]))
    inputs, targets = torch.tensor(X).double(), torch.tensor(Y).double()
    before = [W.detach().clone() for W in model.parameters()]
    squares = (model(inputs)[:, 0] - targets) ** 2
    loss = {"mean": squares.mean(), "sum": squares.sum(), "half-mean": squares.mean() / 2}[kind]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.04)
    loss.backward()
    optimizer.step()
    for old, new in zip(before, model.parameters(), strict=True):
        assert float((new.detach() - old).abs().max()) < 1e-13
        assert float(new.detach().abs().max()) > 0.1


# -- the command -----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    rows = [",".join(map(str, [*x, y])) for x, y in zip(X, Y, strict=True)]
    (tmp_path / "data.csv").write_text("\n".join(["a,b,y", *rows]) + "\n")
    landscape = solve(NET, DATA)
    landscape.layers(landscape.global_minimum.index).save(tmp_path / "w.npz")
    return tmp_path


def _run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["symderive", "check", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


OPTIONS = ("--target", "y", "--decay", "1/50,1/40,1/30", "--noise", "1/2,0")


def test_the_command_prints_one_object(files, capsys, monkeypatch):
    code, out, _ = _run(capsys, monkeypatch, files / "w.npz", files / "data.csv", *OPTIONS, "--json")
    record = json.loads(out)
    assert code == 0
    assert record["diagnosis"] == "global minimum"
    assert {"loss", "global_loss", "gap", "gradient_norm", "imbalance", "ridge", "nearest"} <= set(record)
    assert {"kind", "index", "distance"} <= set(record["nearest"])
    assert float(record["loss"]) == pytest.approx(float(record["global_loss"]), rel=CLOSE)
    np.savez(files / "z.npz", W1=np.zeros((3, 2)), W2=np.zeros((2, 3)), U=np.zeros(2))
    code, out, _ = _run(capsys, monkeypatch, files / "z.npz", files / "data.csv", *OPTIONS, "--json")
    assert (code, json.loads(out)["diagnosis"]) == (1, "bad minimum")


@pytest.mark.torch
def test_the_optimum_is_written_for_training_to_go_on(files, capsys, monkeypatch):
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 3, bias=False), torch.nn.Dropout(1 / 3), torch.nn.Linear(3, 1, bias=False)
    )
    torch.save(net, files / "net.pt")
    common = ("--target", "y", "--decay", "1/50")
    code, out, _ = _run(
        capsys,
        monkeypatch,
        files / "net.pt",
        files / "data.csv",
        *common,
        "--write-optimum",
        files / "o.pt",
    )
    assert code == 1
    assert "not converged" in out
    net.load_state_dict(torch.load(files / "o.pt", weights_only=True))
    torch.save(net, files / "again.pt")
    code, out, _ = _run(capsys, monkeypatch, files / "again.pt", files / "data.csv", *common, "--json")
    assert (code, json.loads(out)["diagnosis"]) == (0, "global minimum")


@pytest.mark.torch
def test_biases_are_centered_away(files, capsys, monkeypatch):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)).double()
    torch.save(net.state_dict(), files / "b.pt")
    common = (files / "data.csv", "--target", "y", "--decay", "1/50")
    code, _, err = _run(capsys, monkeypatch, files / "b.pt", *common)
    assert code == 2
    assert "--center" in err
    code, _, err = _run(capsys, monkeypatch, files / "b.pt", *common, "--center", "--noise", "1/2")
    assert code == 2
    assert "noise" in err
    code, out, _ = _run(
        capsys,
        monkeypatch,
        files / "b.pt",
        *common,
        "--center",
        "--json",
        "--write-optimum",
        files / "o.pt",
    )
    record = json.loads(out)
    inputs, targets = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    with torch.no_grad():
        decay = sum(float((p**2).sum()) for name, p in net.named_parameters() if "weight" in name) / 50
        loss = float(((net(inputs)[:, 0] - targets) ** 2).mean()) + decay
    assert float(record["loss"]) == pytest.approx(loss, rel=CLOSE)
    assert 0 < float(record["bias_cost"]) < float(record["gap"])
    net.load_state_dict(torch.load(files / "o.pt", weights_only=True))
    torch.save(net.state_dict(), files / "again.pt")
    code, out, _ = _run(capsys, monkeypatch, files / "again.pt", *common, "--center", "--json")
    again = json.loads(out)
    assert (code, again["diagnosis"]) == (0, "global minimum")
    assert float(again["bias_cost"]) < 1e-20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("w.npz",), "WEIGHTS and DATA"),
        (("w.npz", "data.csv", "--target", "y"), "--decay"),
        (("w.npz", "data.csv", "--target", "y", "--decay", "1,2"), "2 decay values"),
        (("w.npz", "data.csv", *OPTIONS, "--tolerance", "2"), "tolerance"),
        (("w.npz", "data.csv", *OPTIONS, "--tolerance", "x"), "--tolerance"),
        (("w.npz", "data.csv", *OPTIONS, "--write-optimum", "no/o.pt"), "folder"),
        (("w.npz", "data.csv", *OPTIONS, "--write-optimum", "o.txt"), "suffix"),
        (("w.npz", "data.csv", "--certificate", "c.json"), "--certificate"),
        (("data.csv", "data.csv", *OPTIONS), "suffix"),
    ],
)
def test_bad_input_gets_one_sentence(files, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(files)
    code, out, err = _run(capsys, monkeypatch, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.torch
def test_dropout_in_the_file_is_not_contradicted(files, capsys, monkeypatch):
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 3, bias=False), torch.nn.Dropout(0.1), torch.nn.Linear(3, 1, bias=False)
    )
    torch.save(net, files / "net.pt")
    assert read_checkpoint(files / "net.pt").dropout == (0.1,)
    common = (files / "net.pt", files / "data.csv", "--target", "y", "--decay", "1/50")
    code, _, err = _run(capsys, monkeypatch, *common, "--dropout", "0.2")
    assert code == 2
    assert "Dropout" in err
    assert _run(capsys, monkeypatch, *common, "--dropout", "0.1")[0] == 1


def _stand(decay, weights, data=DATA, noise=None):
    widths = [len(W) for W in weights[:-1]]
    net = Network(len(widths), widths=widths, decays=decay, noise=noise)
    return diagnose(net, data, [np.array(W, dtype=float) for W in weights])


def test_the_only_minimum_is_not_reached_from_afar():
    """Its surroundings are measured by itself, whatever the decay and the unit of the data."""
    small = Moments.from_samples([[1000000 * x for x in row] for row in X], Y)
    for data, size in ((DATA, 1), (small, 1e-6)):
        for decay in (0, "1e-9"):
            m = np.array(_at(solve(Network(0, decays=decay), data), 0)[0])
            assert _stand(decay, [m], data).conclusion == "global minimum"
            assert _stand(decay, [0 * m], data).conclusion == "not converged"
            assert _stand(decay, [m + np.array([[0.1 * size, 0]])], data).conclusion == "not converged"


def test_the_lone_origin_is_not_reached_from_afar():
    large = Moments.from_samples([[1], [-1]], [1000, 1000])  # nothing to learn, and a large loss
    assert _stand("1/10", [[[10]], [[10]]], large).conclusion == "not converged"
    assert _stand("1/10", [[[1e-3]], [[1e-3]]], large).conclusion == "global minimum"
    nothing = Moments.from_samples([[0], [0]], [1, 2])
    assert _stand("1/10", [[[0]], [[0]]], nothing).conclusion == "global minimum"
    assert _stand("1/10", [[[1]], [[1]]], nothing).conclusion == "not converged"


def test_points_that_doubles_cannot_tell_apart_are_not_reached():
    data = Moments.given([[1]], [1], 1)
    almost = "0.42187499999999999999999999999999999999999"  # 27/64 has a double root
    assert _stand([almost, "1/4", 1], [[[1]], [[1]], [[1]]], data).conclusion == "not converged"
    dead = [[[1], [0]], [[1, 0]]]
    assert _stand("1/100", dead, data, noise=["1e-30"]).conclusion == "not converged"


@pytest.mark.parametrize(
    ("weight", "decay", "noise", "message"),
    [
        (1e200, "1/10", "1/2", "beyond the range of float64"),
        (1e308, "1/10", "0", "beyond the range of float64"),
        (1.0, "1e300", "0", "decay or noise variance is beyond"),
        (1.0, "1e-400", "0", "decay or noise variance is beyond"),
        (1.0, "1/10", "1e400", "decay or noise variance is beyond"),
    ],
)
def test_numbers_beyond_doubles_are_refused(weight, decay, noise, message):
    with pytest.raises(InputError, match=message):
        _stand(decay, [[[weight, 0]], [[weight]]], noise=[noise])


@pytest.mark.parametrize(
    ("value", "radius", "text"),
    [(8, 6, "0"), (9, 4, "0"), (1, 2, "0"), (1, 0.05, "1e+0"), (9, 0.25, "9e+0"), (2, 1e-6, "2.00000")],
)
def test_no_digit_is_told_that_is_not_certain(value, radius, text):
    from symderive.report.diagnosis import certain

    assert certain(arb(value, radius)) == text
