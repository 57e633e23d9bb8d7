"""A model in training beside the exact minimum: what is logged is true, and training does not notice."""

import copy
import importlib.util
import math
import pickle
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from oracles.sampled import THOROUGH
from oracles.tools import Library

from symderive import InputError, Moments, Network, solve
from symderive.torch import DistanceToOptimum, Progress
from symderive.torch.monitor import PREFIX

torch, nn = Library("torch"), Library("torch.nn")

pytestmark = pytest.mark.torch

EXAMPLES = Path(__file__).parents[2] / "examples"

SIZES = ((3, 4), (4, 4), (4, 1))


@pytest.fixture(scope="module")
def samples():
    chance = torch.Generator().manual_seed(0)
    X = torch.randn(40, 3, generator=chance, dtype=torch.float64)
    return X, X @ torch.tensor([2.0, -1.0, 0.5], dtype=torch.float64) + 1e-1 * X[:, 0] ** 2


def _linear(*sizes, bias=False):
    return [nn.Linear(n, k, bias=bias).double() for n, k in sizes or SIZES]


def _net(*sizes, bias=False):
    torch.manual_seed(1)
    return nn.Sequential(*_linear(*sizes, bias=bias))


def _at_minimum(model, watch):
    layers = watch.landscape.layers(watch.landscape.global_minimum.index).floats()
    with torch.no_grad():
        for layer, W in zip(
            (m for m in model.modules() if isinstance(m, nn.Linear)), layers.values(), strict=True
        ):
            layer.weight.copy_(torch.tensor(np.atleast_2d(W)))


def test_gap_and_distance_are_those_of_the_solved_minimum(samples):
    X, y = samples
    model = _net()
    watch = DistanceToOptimum(model, X, y, weight_decay="0.02")
    exact = solve(Network(2, widths=4, decays="0.01"), Moments.from_samples(X.numpy(), y.numpy()))
    found = watch.step()
    weights = [layer.weight for layer in model]
    loss = ((model(X)[:, 0] - y) ** 2).mean() + 0.01 * sum((W**2).sum() for W in weights)
    assert found.loss == pytest.approx(loss.item(), rel=1e-12)
    assert found.gap == pytest.approx(loss.item() - float(exact.global_minimum.loss), rel=1e-12)
    assert found.diagnosis == "not converged"
    _at_minimum(model, watch)
    there = watch.step()
    assert (there.epoch, there.diagnosis, there.numbers()[f"{PREFIX}reached"]) == (1, "global minimum", 1.0)
    assert there.gap < 1e-25
    assert there.distance < 1e-12 < found.distance
    with torch.no_grad():
        model[1].weight[0, 0] += 0.3
    moved = watch.step()
    assert moved.distance == pytest.approx(0.3, rel=0.2)
    assert moved.numbers()[f"{PREFIX}reached"] == 0.0
    assert watch.history == [found, there, moved]
    assert watch.last.conclusion == moved.diagnosis


@pytest.mark.parametrize("signal", [1e-10, 0.5])
def test_the_relative_gap_is_in_units_of_what_the_minimum_explains(signal):
    """Of c = 1 that is 1e-20, which no difference of two floats knows."""
    X = torch.tensor([[1.0], [-1.0], [1.0], [-1.0]], dtype=torch.float64)
    model = _net((1, 2), (2, 1))
    y = torch.tensor([1.0, 1.0, -1.0, -1.0], dtype=torch.float64) + signal * X[:, 0]
    watch = DistanceToOptimum(model, X, y, decay=signal / 10)
    with torch.no_grad():
        for layer in model:
            layer.weight.zero_()
    assert watch.step().relative_gap == pytest.approx(1, rel=1e-6)
    _at_minimum(model, watch)
    assert watch.step().relative_gap < 1e-6


@pytest.mark.parametrize(
    ("loss", "given", "decay"),
    [
        ("mean", {"weight_decay": "0.02"}, "0.01"),
        ("mean", {"decay": "0.01"}, "0.01"),
        ("sum", {"weight_decay": "0.8"}, "0.01"),
        ("half-mean", {"weight_decay": "0.01"}, "0.01"),
        ("mean", {"weight_decay": ["0.02", "0.04", "0.06"]}, ("0.01", "0.02", "0.03")),
    ],
)
def test_the_decay_is_that_of_the_optimizer(samples, loss, given, decay):
    watch = DistanceToOptimum(_net(), *samples, loss=loss, **given)
    assert watch.landscape.net == Network(2, widths=4, decays=decay)
    other = {
        name: [f"{x}1" for x in value] if isinstance(value, list) else f"{value}1"
        for name, value in given.items()
    }
    assert DistanceToOptimum(_net(), *samples, loss=loss, **other).landscape.net != watch.landscape.net


def test_dropout_is_read_and_averaged_over(samples):
    first, second, last = _linear()
    model = nn.Sequential(first, nn.Dropout(0.25), second, last)
    watch = DistanceToOptimum(model, *samples, decay="0.01")
    assert watch.landscape.net == Network(2, widths=4, decays="0.01", dropout=("0.25", "0"))
    plain = DistanceToOptimum(
        nn.Sequential(first, second, last), *samples, decay="0.01", dropout=("0.25", "0")
    )
    assert plain.step().loss == watch.step().loss
    without = DistanceToOptimum(nn.Sequential(first, second, last), *samples, decay="0.01")
    assert without.step().loss < watch.step().loss
    with pytest.raises(InputError, match="has Dropout itself"):
        DistanceToOptimum(model, *samples, decay="0.01", noise="0.1")


def test_biases_are_compared_without_noise(samples):
    X, y = samples
    model = _net(bias=True)
    watch = DistanceToOptimum(model, X, y + 7, decay="0.01")
    found = watch.step()
    penalty = 0.01 * sum((layer.weight**2).sum() for layer in model)
    assert found.loss == pytest.approx((((model(X)[:, 0] - y - 7) ** 2).mean() + penalty).item(), rel=1e-10)
    assert watch.last.bias is not None
    torch.manual_seed(1)
    first, second = _linear((3, 4), (4, 1), bias=True)
    with pytest.raises(InputError, match="biases and noise"):
        DistanceToOptimum(nn.Sequential(first, nn.Dropout(0.5), second), X, y, decay="0.01")


def test_training_does_not_notice(samples):
    model = _net()
    model[1].eval()
    before = copy.deepcopy(model.state_dict())
    modes, state = [m.training for m in model.modules()], torch.get_rng_state()
    gradient = torch.ones(4, 3, dtype=torch.float64)
    model[0].weight.grad = gradient.clone()
    watch = DistanceToOptimum(model, *samples, weight_decay=0.02)
    watch.step()
    assert [m.training for m in model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(model[0].weight.grad, gradient)
    assert model[1].weight.grad is None
    assert all(torch.equal(W, before[name]) for name, W in model.state_dict().items())
    assert all(W.requires_grad for W in model.parameters())


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "float64"])
def test_every_number_type_is_compared_at_its_exact_values(samples, kind):
    model = _net().to(getattr(torch, kind))
    found = DistanceToOptimum(model, *samples, decay="0.01").step()
    wide = copy.deepcopy(model).double()
    assert DistanceToOptimum(wide, *samples, decay="0.01").step() == found


def test_only_every_so_many_epochs_are_looked_at(samples):
    told = []
    watch = DistanceToOptimum(_net(), *samples, decay=1, every=3, log=told.append)
    assert [watch(epoch) is not None for epoch in range(7)] == [
        True,
        False,
        False,
        True,
        False,
        False,
        True,
    ]
    assert [found.epoch for found in told] == [0, 3, 6]
    assert told == watch.history
    assert watch.step() is None  # 7
    for every in (0, 1.5, True):
        with pytest.raises(InputError, match="every is"):
            DistanceToOptimum(_net(), *samples, decay=1, every=every)


def test_a_divergence_is_told_and_stops_nothing(samples):
    model = _net()
    watch = DistanceToOptimum(model, *samples, decay="0.01")
    with torch.no_grad():
        model[0].weight[0, 0] = math.inf
    found = watch.step()
    assert found.diagnosis == "diverged"
    assert math.isnan(found.gap)
    assert "not finite" in found.reason
    _at_minimum(model, watch)
    assert watch.step().diagnosis == "global minimum"


def _named(between=None, more=None):
    """A module whose layers have names, with a forward method of its own."""

    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second, self.out = _linear()
            if more is not None:
                self.more = more

        def forward(self, x):
            hidden = self.second(self.first(x))
            return self.out(hidden if between is None else between(hidden))[:, 0]

    return Named()


def test_layers_of_a_module_are_found_and_its_forward_is_tried(samples):
    X, y = samples
    assert DistanceToOptimum(_named(), X, y, decay="0.01").step().diagnosis == "not converged"
    loss = nn.MSELoss()
    assert DistanceToOptimum(_named(more=loss), X, y, decay="0.01").history == []
    for between in (torch.relu, torch.tanh, lambda x: x + 1, lambda x: 1.001 * x):
        with pytest.raises(InputError, match="not that of its Linear layers"):
            DistanceToOptimum(_named(between), X, y, decay="0.01")
    with pytest.raises(InputError, match="not that of its Linear layers"):
        DistanceToOptimum(_net(), X, y, decay="0.01", layers=_linear())


def _spectral():
    layer, last = _linear((3, 4), (4, 1))
    return nn.Sequential(nn.utils.parametrizations.spectral_norm(layer), last)


def test_a_forward_that_draws_random_numbers_leaves_them_as_they_were(samples):
    class Drawing(nn.Sequential):
        def forward(self, x):
            torch.rand(3)
            return super().forward(x)

    model, state = Drawing(*_net()), torch.get_rng_state()
    DistanceToOptimum(model, *samples, decay="0.01")
    assert torch.equal(torch.get_rng_state(), state)
    model(samples[0])
    assert not torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("bad", ["weights", "data"])
def test_what_is_not_finite_at_the_start_is_named(samples, bad):
    X, y = samples[0].clone(), samples[1]
    model = _net()
    (model[0].weight.data if bad == "weights" else X)[0, 0] = math.nan
    with pytest.raises(InputError, match="finite" if bad == "weights" else "X row 1, column 1 is nan"):
        DistanceToOptimum(model, X, y, decay="0.01")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: nn.Sequential(*_linear((3, 4)), nn.ReLU(), *_linear((4, 1))), "has a ReLU at 1"),
        (lambda: nn.Sequential(*_linear((3, 4)), nn.LayerNorm(4), *_linear((4, 1))), "a LayerNorm at 1"),
        (lambda: nn.Sequential(nn.Dropout(0.1), *_linear((3, 1))), "Dropout at 0"),
        (lambda: nn.Sequential(*_linear((3, 1)), nn.Dropout(0.1)), "Dropout at 1"),
        (lambda: _named(more=nn.Linear(3, 5)), "takes 3 inputs"),
        (lambda: nn.Sequential(*_linear((3, 2))), "2 outputs"),
        (lambda: nn.Sequential(nn.Identity()), "no Linear layer"),
        (lambda: _net((4, 1)), "needs 1 × 3: the data have 3"),
        (lambda: _spectral(), "spectral_norm"),
        (lambda: _net().to("meta"), "layer 1 has no numbers yet"),
        (lambda: nn.Sequential(nn.LazyLinear(4), *_linear((4, 1))), "layer 1 has no numbers yet"),
    ],
)
def test_other_models_are_refused(samples, model, words):
    with pytest.raises(InputError, match=words) as caught:
        DistanceToOptimum(model(), *samples, decay="0.01")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "given", [{}, {"decay": 1, "weight_decay": 1}, {"decay": -1}, {"decay": 1, "loss": "mse"}]
)
def test_a_decay_that_is_none_is_refused(samples, given):
    with pytest.raises(InputError):
        DistanceToOptimum(_net(), *samples, **given)


def test_weight_norm_is_looked_through(samples):
    torch.manual_seed(0)
    layers = _linear((3, 4), (4, 1))
    with pytest.warns(FutureWarning, match="weight_norm"):
        model = nn.Sequential(
            nn.utils.weight_norm(layers[0]), nn.utils.parametrizations.weight_norm(layers[1])
        )
    watch = DistanceToOptimum(model, *samples, decay="0.01")
    before = watch.step().loss
    with torch.no_grad():
        model[0].weight_g *= 2  # the attribute ``weight`` does not know yet
    X, y = samples
    after = watch.step().loss
    output = model(X)[:, 0]
    penalty = 0.01 * sum((layer.weight**2).sum() for layer in model)
    assert after == pytest.approx((((output - y) ** 2).mean() + penalty).item(), rel=1e-12)
    assert after != before


def _stand_in(monkeypatch, name):
    """A package with a class ``Callback`` such as Lightning has, with a method that a trainer asks for."""

    class Callback:
        @property
        def state_key(self):
            return type(self).__qualname__

        def on_train_epoch_end(self, *_):
            raise AssertionError("the callback's own comes first")

    module = types.ModuleType(name)
    module.Callback = Callback
    monkeypatch.setitem(sys.modules, name, module)
    return Callback


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_where_lightning_is_imported_it_is_a_callback_of_it(samples, monkeypatch, name):
    for other in ("lightning.pytorch", "pytorch_lightning"):
        monkeypatch.delitem(sys.modules, other, raising=False)
    assert type(DistanceToOptimum(_net(), *samples, decay=1)) is DistanceToOptimum
    callback = _stand_in(monkeypatch, name)
    watch = DistanceToOptimum(_net(), *samples, weight_decay="0.02", every=2)
    assert isinstance(watch, callback)
    assert isinstance(watch, DistanceToOptimum)
    assert watch.state_key == "DistanceToOptimum"
    logged = []
    module = types.SimpleNamespace(log_dict=logged.append)
    watch.log = watch.log_dict = None  # a trainer puts functions of its own here
    for epoch in range(3):
        watch.on_train_epoch_end(types.SimpleNamespace(current_epoch=epoch), module)
    assert [found.epoch for found in watch.history] == [0, 2]
    assert logged == [found.numbers() for found in watch.history]
    assert logged[0][f"{PREFIX}gap"] == watch.history[0].gap
    again = pickle.loads(pickle.dumps(watch))  # noqa: S301 - our own bytes
    assert isinstance(again, callback)
    assert again.history == watch.history
    assert again.step(4) == copy.deepcopy(watch).step(4)


@pytest.mark.slow
@pytest.mark.skipif(not THOROUGH, reason="importing Lightning alone takes seconds")
def test_a_real_trainer_calls_it():
    pytest.importorskip("lightning")
    script = EXAMPLES / "train_lightning.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), "--epochs", "5", "--every", "2"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if "gap" in line]
    assert [int(line.split()[0]) for line in lines] == [0, 2, 4]


def test_the_example_ends_at_the_minimum_and_from_a_small_start_beside_it():
    spec = importlib.util.spec_from_file_location("train_and_watch", EXAMPLES / "train_and_watch.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    ends = {name: example.train(scale, 600, 200) for name, scale in example.SCALES.items()}
    found = {name: [at.diagnosis for at in watch.history] for name, watch in ends.items()}
    assert found["usual"][0] == "not converged"
    assert found["small"][-1] == "bad minimum"
    usual = ends["usual"].history
    assert usual[-1].gap < 1e-3 * usual[1].gap
    assert all(isinstance(at, Progress) for at in usual)


def test_treatments_of_the_data_are_refused_in_a_sentence(samples):
    model = _net((3, 4), (4, 1))
    for option in ("center", "standardize"):
        with pytest.raises(InputError, match=f"{option}=True is given, and X and y are the data"):
            DistanceToOptimum(model, *samples, decay="0.05", **{option: True})
        DistanceToOptimum(model, *samples, decay="0.05", **{option: False})


def test_warnings_and_a_short_text(samples):
    model = _net((3, 4), (4, 1))
    watch = DistanceToOptimum(model, *samples, decay="0.05")
    assert repr(watch).endswith("depth 1, decay γ = 1/20; 0 looks)")
    _at_minimum(model, watch)
    found = watch.step()
    assert found.warnings == ()
    assert "1 look, global minimum, gap " in repr(watch)
    other = DistanceToOptimum(model, *samples, decay="0.01")
    assert "5 times the decay given" in other.step().warnings[0]
