"""Files as trainers and libraries write them: each kind is read exactly, and near misses are refused."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from oracles.tools import Library
from safetensors.numpy import save_file

from symderive import InputError
from symderive.training.checkpoint import read_checkpoint, write_checkpoint
from symderive.training.weights.formats import files_of

torch, nn = Library("torch"), Library("torch.nn")

pytestmark = pytest.mark.torch

SHAPES = ((4, 2), (4, 4), (1, 4))


def _arrays(dtype=np.float64):
    rng = np.random.default_rng(7)
    return [rng.standard_normal(shape).astype(dtype) for shape in SHAPES]


def _tensors(names=("0.weight", "1.weight", "2.weight"), kind=None):
    return {
        name: torch.tensor(W) if kind is None else torch.tensor(W).to(kind)
        for name, W in zip(names, _arrays(), strict=True)
    }


def _saved(path, held, **options):
    torch.save(held, path, **options)
    return path


def _npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def _safe(path, arrays):
    save_file({name: np.ascontiguousarray(W) for name, W in arrays.items()}, path)
    return path


def _named(*names):
    return dict(zip(names, _arrays(), strict=True))


def _lightning(state):
    """What Lightning keeps beside the state, classes that need not be importable here among it."""
    return {
        "epoch": 3,
        "global_step": 120,
        "pytorch-lightning_version": "2.6.6",
        "state_dict": state,
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(4, 2)}}, "param_groups": [{"lr": 0.1}]}],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"config": Config(width=4), "path": Name("x"), "list": Listed([1, 2])},
    }


class Config(dict):
    def __init__(self, **items):
        super().__init__(items)
        self.extra = items

    def __reduce_ex__(self, protocol):
        return super().__reduce_ex__(2)


class Name(str):
    __slots__ = ()


class Listed(list):
    pass


def _extended(state, **more):
    return {**state, **more}


def _sequential(*between):
    layers = [
        nn.Linear(2, 4, bias=False),
        *between,
        nn.Linear(4, 4, bias=False),
        nn.Linear(4, 1, bias=False),
    ]
    model = nn.Sequential(*layers).double()
    for layer, W in zip((m for m in model if isinstance(m, nn.Linear)), _arrays(), strict=True):
        layer.weight.data = torch.tensor(W)
    return model


def _ema(model):
    return torch.optim.swa_utils.AveragedModel(model).state_dict()


#: A kind, and how a file of it is made: all hold the same three layers.
KINDS = {
    "state dict": lambda p: _saved(p / "w.pt", _tensors()),
    "pth": lambda p: _saved(p / "w.pth", _tensors()),
    "pth.tar": lambda p: _saved(p / "w.pth.tar", {"epoch": 1, "state_dict": _tensors()}),
    "pytorch_model.bin": lambda p: _saved(p / "pytorch_model.bin", _tensors()),
    "before 1.6": lambda p: _saved(p / "w.pt", _tensors(), _use_new_zipfile_serialization=False),
    "pickle protocol 4": lambda p: _saved(p / "w.pt", _tensors(), pickle_protocol=4),
    "parameters": lambda p: _saved(p / "w.pt", dict(_sequential().named_parameters())),
    "whole Sequential": lambda p: _saved(p / "w.pt", _sequential()),
    "whole Sequential, before 1.6": lambda p: _saved(
        p / "w.pt", _sequential(), _use_new_zipfile_serialization=False
    ),
    "Sequential inside Sequential": lambda p: _saved(
        p / "w.pt", nn.Sequential(_sequential()[:2], nn.Identity(), _sequential()[2])
    ),
    "Lightning": lambda p: _saved(
        p / "last.ckpt", _lightning(_tensors(("model.0.weight", "model.1.weight", "model.2.weight")))
    ),
    "trainer": lambda p: _saved(p / "w.pt", {"model": _tensors(), "optimizer": {"state": {}}}),
    "unknown key": lambda p: _saved(p / "w.pt", {"regressor": _tensors(), "epoch": 3}),
    "torch.compile": lambda p: _saved(
        p / "w.pt", _tensors(tuple(f"_orig_mod.net.{i}.weight" for i in range(3)))
    ),
    "DistributedDataParallel": lambda p: _saved(
        p / "w.pt", _tensors(tuple(f"module.{i}.weight" for i in range(3)))
    ),
    "AveragedModel": lambda p: _saved(p / "w.pt", _ema(_sequential())),
    "fc1, fc2, fc3": lambda p: _saved(p / "w.pt", _tensors(("fc1.weight", "fc2.weight", "fc3.weight"))),
    "fc1, fc2, out": lambda p: _safe(
        p / "w.safetensors", _named("fc1.weight", "fc2.weight", "a_out.weight")
    ),
    "encoder and head": lambda p: _saved(
        p / "w.pt", _tensors(("encoder.0.weight", "encoder.2.weight", "head.weight"))
    ),
    "numbers beyond nine": lambda p: _safe(
        p / "w.safetensors", _named("net.9.weight", "net.10.weight", "net.11.weight")
    ),
    "parameters of one's own": lambda p: _saved(p / "w.pt", _tensors(("W1", "W2", "W3"))),
    "W1, W2, U": lambda p: _npz(p / "w.npz", **_named("W1", "W2", "U")),
    "other arrays in NPZ": lambda p: _npz(p / "w.npz", **_named("a", "b", "c")),
    "flat last row in NPZ": lambda p: _npz(
        p / "w.npz", first=_arrays()[0], second=_arrays()[1], third=_arrays()[2][0]
    ),
    "loss beside W1, W2, U": lambda p: _npz(
        p / "w.npz", **_named("W1", "W2", "U"), loss=1.0, history=np.ones(9), X_mean=np.ones(2)
    ),
    "what a loop keeps, by the ends of the names": lambda p: _npz(
        p / "w.npz",
        **_named("a", "b", "c"),
        best_loss=1.0,
        loss_train=np.ones(4),
        val_acc_2=np.ones(4),
        X_test=np.ones((9, 2)),
        **{"mse.sum_squared_error": 1.0, "mse.total": 9.0},
    ),
    "as long as a layer, but of the data": lambda p: _npz(
        p / "w.npz",
        **_named("W1", "W2", "U"),
        X_scale=np.ones(4),
        train_loss=np.ones(4),
        steps=np.arange(4),
    ),
    "num_batches_tracked": lambda p: _saved(
        p / "w.pt", _extended(_tensors(), **{"metric.num_batches_tracked": torch.tensor(7)})
    ),
    "Keras": lambda p: _npz(
        p / "w.npz",
        **{
            f"{name}/kernel": W.T
            for name, W in zip(("dense", "dense_1", "dense_2"), _arrays(), strict=True)
        },
    ),
    "Flax": lambda p: _safe(
        p / "w.safetensors", {f"params.Dense_{i}.kernel": W.T for i, W in enumerate(_arrays())}
    ),
    "transposed without a name for it": lambda p: _npz(
        p / "w.npz", **{f"w{i}": W.T for i, W in enumerate(_arrays())}
    ),
    "shards": lambda p: _shards(p),
}


def _shards(folder):
    first, second, third = (f"{i}.weight" for i in range(3))
    arrays = _named(first, second, third)
    _safe(folder / "model-1.safetensors", {first: arrays[first], third: arrays[third]})
    _safe(folder / "model-2.safetensors", {second: arrays[second]})
    files = {first: "model-1.safetensors", second: "model-2.safetensors", third: "model-1.safetensors"}
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {}, "weight_map": files}))
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_holds_the_same_layers(tmp_path, kind):
    read = read_checkpoint(KINDS[kind](tmp_path))
    assert len(read.weights) == 3
    assert all(np.array_equal(W, a) for W, a in zip(read.weights, _arrays(), strict=True))
    assert (read.depth, read.widths, read.features, read.has_bias) == (2, (4, 4), 2, False)
    assert all(W.dtype == np.float64 for W in read.weights)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_takes_the_place_of_every_kind(tmp_path, kind):
    like = read_checkpoint(KINDS[kind](tmp_path))
    for suffix in (".npz", ".pt", ".safetensors"):
        write_checkpoint([3 * W for W in like.weights], like, tmp_path / f"new{suffix}")
        again = read_checkpoint(tmp_path / f"new{suffix}")
        assert again.names == like.names
        assert all(np.array_equal(W, 3 * a) for W, a in zip(again.weights, like.weights, strict=True))


def _refused(path, *words, layers=()):
    with pytest.raises(InputError) as caught:
        read_checkpoint(path, layers=layers)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 300
    assert all(word in text for word in (path.name, *words)), text


def _batch_norm():
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    return model.state_dict()


def _spectral(old):
    layer = nn.Linear(2, 4, bias=False)
    made = nn.utils.spectral_norm(layer) if old else nn.utils.parametrizations.spectral_norm(layer)
    return nn.Sequential(made, nn.Linear(4, 1, bias=False)).state_dict()


def _pruned():
    layer = Library("torch.nn.utils.prune").l1_unstructured(nn.Linear(2, 4, bias=False), "weight", 2)
    return nn.Sequential(layer, nn.Linear(4, 1, bias=False)).state_dict()


#: A near miss of a kind, and words of its refusal.
MISSES = {
    "a layer norm": (
        lambda p: _saved(
            p / "w.pt", nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1)).state_dict()
        ),
        ("'1.weight'", "may change"),
    ),
    "a batch norm": (lambda p: _saved(p / "w.pt", _batch_norm()), ("running_mean", "normalization")),
    "PReLU": (
        lambda p: _saved(
            p / "w.pt", nn.Sequential(nn.Linear(2, 3), nn.PReLU(), nn.Linear(3, 1)).state_dict()
        ),
        ("'1.weight'",),
    ),
    "spectral norm": (lambda p: _saved(p / "w.pt", _spectral(old=False)), ("spectral_norm",)),
    "pruning": (lambda p: _saved(p / "w.pt", _pruned()), ("pruning",)),
    "a convolution": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), **{"conv.weight": torch.ones(2, 2, 3, 3)})),
        ("'conv.weight'", "2 × 2 × 3 × 3"),
    ),
    "a scale": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), scale=torch.tensor(2.0))),
        ("'scale'", "may change"),
    ),
    "two square layers in no order": (
        lambda p: _saved(
            p / "w.pt", {**_tensors(("in", "mid", "out")), "other": torch.ones(4, 4).double()}
        ),
        ("more than one order", "mid 4×4", "other 4×4", "--layers"),
    ),
    "two networks": (
        lambda p: _saved(p / "w.pt", {"student": _tensors(), "teacher": _tensors()}),
        ("no order", "--layers"),
    ),
    "two outputs": (
        lambda p: _saved(p / "w.pt", {"a.weight": torch.ones(4, 2), "b.weight": torch.ones(2, 4)}),
        ("no order", "a.weight 4×2"),
    ),
    "numbers against the shapes": (
        lambda p: _saved(p / "w.pt", {"0.weight": torch.ones(1, 4), "1.weight": torch.ones(4, 2)}),
        ("1.weight", "takes 2 inputs", "gives 1"),
    ),
    "whole network with an activation": (
        lambda p: _saved(p / "w.pt", _sequential(nn.ReLU())),
        ("ReLU at place 1",),
    ),
    "whole network of another class": (
        lambda p: _saved(p / "w.pt", nn.Bilinear(2, 2, 1)),
        ("Bilinear", "code"),
    ),
    "TorchScript": (lambda p: _scripted(p / "w.pt"), ("TorchScript",)),
    "only an optimizer": (
        lambda p: _saved(p / "w.ckpt", {"optimizer_states": [{}], "epoch": 1}),
        ("no dictionary of tensors",),
    ),
    "a bias in W1, W2, U": (
        lambda p: _npz(p / "w.npz", **_named("W1", "W2", "U"), b3=np.ones(5)),
        ("'b3'", "without its weight"),
    ),
    "a lone bias": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), **{"9.bias": torch.ones(1)})),
        ("'9.bias'", "without its weight"),
    ),
    "Keras with normalization": (
        lambda p: _npz(
            p / "w.npz",
            **{"dense/kernel": np.ones((2, 4)), "dense_1/kernel": np.ones((4, 1)), "bn/gamma": np.ones(4)},
        ),
        ("'bn/gamma'", "normalization"),
    ),
    "complex": (
        lambda p: _saved(p / "w.pt", {"0.weight": torch.ones(1, 2, dtype=torch.complex64)}),
        ("real",),
    ),
    "sparse": (
        lambda p: _saved(p / "w.pt", {"0.weight": torch.ones(1, 2).to_sparse()}),
        ("not a plain table",),
    ),
    "quantized": (
        lambda p: _saved(p / "w.pt", {"0.weight": torch.ones(1, 2).to(torch.float8_e4m3fnuz)}),
        ("not a plain table",),
    ),
    "an expanded tensor": (
        lambda p: _saved(p / "w.pt", {"0.weight": torch.ones(1, 1).expand(1, 9)}),
        ("repeats",),
    ),
    "a shard elsewhere": (
        lambda p: _index(p, {"0.weight": "../w.safetensors"}),
        ("no index of weight files",),
    ),
    "a shard without its array": (
        lambda p: _index(p, {"1.weight": "w.safetensors"}),
        ("'1.weight'", "w.safetensors"),
    ),
    "whole numbers beyond float64": (
        lambda p: _npz(p / "w.npz", U=np.array([2**53 + 1, 1])),
        ("float64 cannot hold",),
    ),
    "names without end": (
        lambda p: _saved(p / "w.pt", {c * 500: torch.ones(3, 2) for c in "abc"}),
        ("no order", "a…a"),
    ),
    "a mask of truth values": (
        lambda p: _saved(
            p / "w.pt",
            {"a.weight": torch.ones(3, 2), "mask": torch.ones(3) > 0, "b.weight": torch.ones(1, 3)},
        ),
        ("'mask' (3)", "may change what it computes"),
    ),
    "a scale of layers W1, W2, U": (
        lambda p: _npz(p / "w.npz", **_named("W1", "W2", "U"), scale=np.full(4, 0.5)),
        ("'scale' (4)", "may change what it computes"),
    ),
    "a mask of layers W1, W2, U": (
        lambda p: _npz(p / "w.npz", **_named("W1", "W2", "U"), keep=np.ones(4, dtype=bool)),
        ("'keep' (4)", "may change what it computes"),
    ),
    "the best scale": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), best_scale=torch.ones(()))),
        ("'best_scale' (a number)", "may change what it computes"),
    ),
    "a gain in training": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), train_gain=torch.ones(4))),
        ("'train_gain' (4)", "may change what it computes"),
    ),
    "a scale of the loss": (
        lambda p: _saved(p / "w.pt", _extended(_tensors(), loss_scale=torch.ones(4))),
        ("'loss_scale' (4)", "may change what it computes"),
    ),
    "a name with a line break": (lambda p: _saved(p / "w.pt", {"a\nb": torch.ones(3, 2)}), ("a?b",)),
    "sixty layers in no order": (
        lambda p: _saved(p / "w.pt", {chr(65 + i) * 9: torch.ones(4, 4) for i in range(60)}),
        ("(60 in all)",),
    ),
    "an unknown suffix": (lambda p: p / "w.h5", (".npz", ".ckpt", ".json")),
}


def _scripted(path):
    with pytest.warns(DeprecationWarning, match="torch.jit"):
        torch.jit.script(nn.Sequential(nn.Linear(2, 1))).save(str(path))
    return path


def _index(folder, files):
    _safe(folder / "w.safetensors", {"0.weight": np.ones((1, 2))})
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"weight_map": files}))
    return path


@pytest.mark.parametrize("miss", MISSES)
def test_every_near_miss_is_refused_by_name(tmp_path, miss):
    make, words = MISSES[miss]
    _refused(make(tmp_path), *words)


def _offset(read):
    """What the biases of two layers add to the prediction."""
    return float((read.weights[1] @ read.biases[0] + read.biases[1])[0])


@pytest.mark.parametrize("old", [True, False])
def test_weight_norm_is_computed_and_written_back(tmp_path, old):
    torch.manual_seed(3)
    norm = nn.utils.weight_norm if old else nn.utils.parametrizations.weight_norm
    if old:
        with pytest.warns(FutureWarning):
            layers = [norm(nn.Linear(2, 4)), norm(nn.Linear(4, 1), dim=None)]
    else:
        layers = [norm(nn.Linear(2, 4)), norm(nn.Linear(4, 1), dim=1)]
    model = nn.Sequential(*layers).double()
    path = _saved(tmp_path / "w.pt", model.state_dict())
    read = read_checkpoint(path)
    x = torch.randn(5, 2).double()
    product = x.numpy() @ (read.weights[1] @ read.weights[0]).T + _offset(read)
    assert np.allclose(product, model(x).detach().numpy(), rtol=1e-13)
    assert any("weight_norm" in note for note in read.notes)
    wanted = [read.weights[0] + 1, read.weights[1] * 0]
    write_checkpoint(wanted, read, tmp_path / "new.pt", offset=2.0)
    model.load_state_dict(torch.load(tmp_path / "new.pt"))
    assert model(x).detach().numpy() == pytest.approx(np.full((5, 1), 2.0))  # which renews the weights, too
    assert np.allclose(model[0].weight.detach(), wanted[0], rtol=1e-14)
    broken = {**model.state_dict()}
    length = next(name for name in broken if name.endswith(("weight_g", "original0")))
    broken[length] = torch.ones(3, 1)
    _refused(_saved(tmp_path / "broken.pt", broken), "weight_norm")


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors"])
def test_each_array_keeps_its_own_number_type(tmp_path, suffix):
    kinds = {"0.weight": "float32", "1.weight": "bfloat16", "2.weight": "float64", "2.bias": "float32"}
    state = {**_tensors(), "2.bias": torch.tensor([0.1])}
    state = {name: state[name].to(getattr(torch, kind)) for name, kind in kinds.items()}
    like = read_checkpoint(_saved(tmp_path / "mixed.pt", state))
    W1, W2, U = like.weights
    best = [W1, W2, U + 2.0**-40]
    write_checkpoint(best, like, tmp_path / f"new{suffix}", offset=0.5)
    again = read_checkpoint(tmp_path / f"new{suffix}")
    assert [layer.dtype for layer in again.layers] == [
        kind if suffix != ".npz" or kind != "bfloat16" else "float32" for kind in [*kinds.values()][:3]
    ]
    assert again.layers[2].bias_dtype == "float32"
    assert all(np.array_equal(W, a) for W, a in zip(again.weights, best, strict=True))


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float32"])
def test_narrow_numbers_are_exact_and_come_back_as_they_were(tmp_path, kind):
    from safetensors.torch import save_file as save_tensors

    state = _tensors(kind=getattr(torch, kind))
    save_tensors(state, tmp_path / "w.safetensors")
    for path in (_saved(tmp_path / "w.pt", state), tmp_path / "w.safetensors"):
        read = read_checkpoint(path)
        assert read.dtype == kind
        exact = [W.double().numpy() for W in state.values()]
        assert all(np.array_equal(W, a) for W, a in zip(read.weights, exact, strict=True))
        for name in ("new.pt", "new.safetensors"):
            write_checkpoint(read.weights, read, tmp_path / name)
            again = read_checkpoint(tmp_path / name)
            assert again.dtype == kind
            assert all(np.array_equal(W, a) for W, a in zip(again.weights, exact, strict=True))
        write_checkpoint(read.weights, read, tmp_path / "new.npz")
        assert read_checkpoint(tmp_path / "new.npz").dtype == (
            kind if kind in ("float16", "float32") else "float32"
        )
    assert torch.load(tmp_path / "new.pt")["0.weight"].dtype is getattr(torch, kind)
    if kind != "float32":
        with pytest.raises(InputError, match=f"too large for {kind}"):
            write_checkpoint([1e39 * W for W in read.weights], read, tmp_path / "large.pt")
        assert not (tmp_path / "large.pt").exists()


def test_layers_choose_among_several_networks(tmp_path):
    state = {"student": _tensors(), "teacher": {k: 2 * W for k, W in _tensors().items()}}
    path = _saved(tmp_path / "w.pt", state)
    for factor, who in ((1, "student"), (2, "teacher")):
        read = read_checkpoint(path, layers=[f"{who}.{i}.weight" for i in range(3)])
        assert all(np.array_equal(W, factor * a) for W, a in zip(read.weights, _arrays(), strict=True))
        assert any("not read" in note for note in read.notes)
    short = read_checkpoint(path, layers=["student.0", "student.1", "student.2"])
    assert short.names == tuple(f"student.{i}.weight" for i in range(3))
    _refused(path, "'studnet.0'", "nearest is 'student.0.weight'", layers=["studnet.0", "student.1"])
    _refused(path, "takes 2 inputs", layers=["student.1", "student.0", "student.2"])
    _refused_twice(path)
    _refused(path, "4 outputs", layers=["student.0", "student.1"])
    _refused(path, "3 layers", layers=["student"])


def _refused_twice(path):
    with pytest.raises(InputError, match=r"names .student\.0. twice"):
        read_checkpoint(path, layers=["student.0", "student.0"])


def test_layers_read_what_stands_beside_the_state(tmp_path):
    ema = {k: 2 * W for k, W in _tensors().items()}
    path = _saved(tmp_path / "w.ckpt", {"state_dict": _tensors(), "ema_state_dict": ema})
    read = read_checkpoint(path)
    assert np.array_equal(read.weights[0], _arrays()[0])
    assert "'ema_state_dict' in w.ckpt is not read." in read.notes
    chosen = read_checkpoint(path, layers=[f"ema_state_dict.{i}" for i in range(3)])
    assert np.array_equal(chosen.weights[0], 2 * _arrays()[0])


def test_biases_of_every_naming_are_found(tmp_path):
    weights = _arrays()
    b = [np.arange(4.0), np.arange(4.0) + 1, np.array([0.5])]
    spellings = {
        "torch": [(f"{i}.weight", f"{i}.bias") for i in range(3)],
        "letters": [(f"W{i}", f"b{i}") for i in range(3)],
        "small letters": [(f"net.w{i}", f"net.b{i}") for i in range(3)],
        "words": [(f"weights_{i}", f"biases_{i}") for i in range(3)],
        "ours": [("W1", "b1"), ("W2", "b2"), ("U", "bU")],
        "keras": [(f"{name}/kernel", f"{name}/bias") for name in ("dense", "dense_1", "dense_2")],
    }
    for name, pairs in spellings.items():
        arrays = {w: W.T if name == "keras" else W for (w, _), W in zip(pairs, weights, strict=True)}
        arrays |= {bias: x for (_, bias), x in zip(pairs, b, strict=True)}
        read = read_checkpoint(_npz(tmp_path / f"{name}.npz", **arrays))
        assert all(np.array_equal(x, y) for x, y in zip(read.biases, b, strict=True)), name
        assert np.array_equal(read.weights[0], weights[0])
    ridge = read_checkpoint(_npz(tmp_path / "ridge.npz", coef=np.arange(3.0), intercept=2.0))
    assert (ridge.depth, ridge.weights[0].tolist(), ridge.biases[0].tolist()) == (0, [[0, 1, 2]], [2])
    write_checkpoint([ridge.weights[0]], ridge, tmp_path / "new.npz", offset=1.5)
    with np.load(tmp_path / "new.npz") as new:
        assert (new["coef"].shape, new["intercept"].shape, new["intercept"]) == ((3,), (), 1.5)
    _refused(_npz(tmp_path / "wide.npz", W1=weights[2], b1=np.ones(2)), "2 entries")


class _Evil:
    def __reduce__(self):
        return (exec, ("import builtins; builtins.reached = True",))


class _Imported:
    def __reduce__(self):
        return (__import__, ("this",))


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("evil", [_Evil, _Imported])
def test_code_in_a_checkpoint_is_never_run(tmp_path, old, evil, capfd):
    import builtins

    state = {"state_dict": _tensors(), "hyper_parameters": {"f": evil()}, "callbacks": [evil()]}
    path = _saved(tmp_path / "w.ckpt", state, _use_new_zipfile_serialization=not old)
    assert np.array_equal(read_checkpoint(path).weights[0], _arrays()[0])
    _refused(_saved(tmp_path / "evil.pt", {"0.weight": evil()}, _use_new_zipfile_serialization=not old))
    assert not hasattr(builtins, "reached")
    assert capfd.readouterr().out == ""
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(evil()))
    _refused(tmp_path / "plain.pt")
    assert not hasattr(builtins, "reached")


def test_a_pickle_cannot_change_what_reads_it():
    """BUILD on a name of PyTorch's would set attributes of what stands for it."""

    from symderive.training.weights.pickles import Unpickler

    for name in (b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nFloatStorage\n", b"cos\nsystem\n"):
        with pytest.raises((pickle.UnpicklingError, TypeError)):
            Unpickler(io.BytesIO(b"\x80\x02" + name + b"}X\x03\x00\x00\x00runK\x01sb.")).load()
    with pytest.raises(pickle.UnpicklingError):
        Unpickler(io.BytesIO(b"\x80\x02\x82\x01.")).load()


def test_a_storage_that_is_too_short_or_packed_is_refused(tmp_path):

    path = _saved(tmp_path / "w.pt", _tensors())
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    storage = next(name for name in parts if name.endswith("data/0"))
    pickled = next(name for name in parts if name.endswith("data.pkl"))
    for name, chosen, cut, how in (
        ("cut", storage, 8, zipfile.ZIP_STORED),
        ("packed", storage, None, zipfile.ZIP_DEFLATED),
        ("packed-pickle", pickled, None, zipfile.ZIP_DEFLATED),
    ):
        with zipfile.ZipFile(tmp_path / f"{name}.pt", "w") as new:
            for part, content in parts.items():
                is_odd = part == chosen
                new.writestr(
                    part, content[:cut] if is_odd else content, how if is_odd else zipfile.ZIP_STORED
                )
        _refused(tmp_path / f"{name}.pt", "not a whole PyTorch checkpoint")


def test_a_pickle_cannot_ask_for_work_without_end():
    """Tuples that share their parts are hashed as if they did not: 2^400 steps from 1200 bytes."""
    from symderive.training.weights.pickles import Unpickler

    def nested(depth):
        return b"\x80\x02)" + b"q\x00h\x00\x86" * depth

    def load(program):
        return Unpickler(io.BytesIO(program)).load()

    for program in (
        b"\x80\x02}" + nested(400)[2:] + b"K\x01s.",
        b"\x80\x02}(" + nested(400)[2:] + b"K\x01u.",
        b"\x80\x02(" + nested(400)[2:] + b"K\x01d.",
        b"\x80\x04\x8f(" + nested(400)[2:] + b"\x90.",
        b"\x80\x04(" + nested(400)[2:] + b"\x91.",
        b"\x80\x02}\x8a\x10" + b"\x01" * 16 + b"K\x01s.",
        b"\x80\x05\x96" + (1 << 40).to_bytes(8, "little") + b".",
    ):
        with pytest.raises(pickle.UnpicklingError):
            load(program)
    for held in ({("a", (1, 2)): 3}, {frozenset({1, "b"})}, frozenset({None, 2**60}), {"a": 1, 2: {}}):
        for protocol in (2, 4):
            if protocol == 4 or isinstance(held, dict):
                assert load(pickle.dumps(held, protocol)) == held
    with pytest.raises(pickle.UnpicklingError):
        load(pickle.dumps({tuple(range(9)): 1}, 2))


def test_tensors_may_share_their_numbers_but_not_without_end(tmp_path):
    row = torch.ones(1, 1000)
    read = read_checkpoint(_saved(tmp_path / "tied.pt", {"0.weight": row, "loss": row, "val_loss": row}))
    assert read.features == 1000
    many = {f"{i}.weight": row for i in range(100)}
    _refused(_saved(tmp_path / "many.pt", many), "not a whole PyTorch checkpoint")


def test_entries_of_a_zip_file_that_are_one_place_are_refused(tmp_path):
    """A directory may list one entry often, under many names, and say that it is longer than it is."""
    path = _saved(tmp_path / "w.pt", {f"{i}.weight": torch.ones(1000, 1) * i for i in range(20)})
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
    storage = next(entry for name, entry in entries.items() if name.endswith("data/0"))
    at = content.rindex(storage.filename.encode()) - 46  # its entry of the directory
    size = content[at + 24 : at + 28]
    assert int.from_bytes(size, "little") == storage.file_size
    longer = (storage.file_size + 1).to_bytes(4, "little")
    path.write_bytes(content[: at + 24] + longer + content[at + 28 :])
    _refused(path, "not a whole PyTorch checkpoint")


def test_an_index_stands_for_the_files_that_it_lists(tmp_path):
    path = _shards(tmp_path)
    assert {part.name for part in files_of(path)} == {
        path.name,
        "model-1.safetensors",
        "model-2.safetensors",
    }
    assert files_of(tmp_path / "model-1.safetensors") == [tmp_path / "model-1.safetensors"]
    assert files_of(tmp_path / "absent.json") == [tmp_path / "absent.json"]
    with pytest.raises(InputError, match="no index of weight files"):
        files_of(_index(tmp_path, {"0.weight": "../elsewhere.safetensors"}))


def test_a_name_that_would_take_forever_to_write_is_refused(tmp_path):
    """A pair of pairs of pairs …, 60 deep, is short as a pickle; its text has 2^60 letters."""
    pairs = b"K\x01q\x00" + b"".join(b"0h%ch%c\x86q%c" % (i, i, i + 1) for i in range(60))
    key = b"0(X\x07\x00\x00\x00storageX\x01\x00\x00\x00ah<X\x03\x00\x00\x00cpuK\x01tQ."
    path = tmp_path / "w.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("w/data.pkl", b"\x80\x02" + pairs + key)
    _refused(path, "not a whole PyTorch checkpoint")
