"""Trained weights are read exactly, and everything else is refused in one sentence."""

import io
import pickle
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from oracles.tools import Library
from safetensors.numpy import save_file

from symderive import InputError
from symderive.training.checkpoint import read_checkpoint, write_checkpoint
from symderive.weight_files import weights_path

torch, nn = Library("torch"), Library("torch.nn")

SHAPES = ((3, 2), (4, 3), (1, 4))


def _arrays(dtype=np.float64):
    rng = np.random.default_rng(5)
    return [rng.standard_normal(shape).astype(dtype) for shape in SHAPES]


def _sequential(*rates):
    layers = []
    for i, (W, shape) in enumerate(zip(_arrays(np.float32), SHAPES, strict=True)):
        linear = nn.Linear(shape[1], shape[0], bias=False)
        linear.weight.data = torch.tensor(W)
        layers.append(linear)
        if i < len(rates):
            layers.append(nn.Dropout(rates[i]))
    return nn.Sequential(*layers)


def _same(checkpoint, arrays):
    return all(np.array_equal(W, a) for W, a in zip(checkpoint.weights, arrays, strict=True))


def _npz(path, **arrays):
    np.savez(path, **arrays)
    return path


@pytest.mark.torch
def test_npz_safetensors_and_pytorch_hold_the_same_layers(tmp_path):
    arrays = _arrays()
    named = dict(zip(("W1", "W2", "U"), arrays, strict=True))
    net = _sequential()
    torch.save(net.state_dict(), tmp_path / "state.pt")
    torch.save({"model_state_dict": net.state_dict(), "epoch": 3}, tmp_path / "training.pth")
    torch.save(net, tmp_path / "module.pt")
    save_file({f"net.{i}.weight": W for i, W in enumerate(arrays)}, tmp_path / "w.safetensors")
    flat = {**named, "U": arrays[2][0]}
    for path in (
        _npz(tmp_path / "w.npz", **named),
        _npz(tmp_path / "f.npz", **flat),
        tmp_path / "w.safetensors",
    ):
        read = read_checkpoint(path)
        assert _same(read, arrays)
        assert (read.depth, read.widths, read.features, read.dropout) == (2, (3, 4), 2, None)
    for name in ("state.pt", "training.pth", "module.pt"):
        read = read_checkpoint(tmp_path / name)
        assert _same(read, _arrays(np.float32))
        assert read.dtype == "float32"
        assert read.weights[0].dtype == np.float64
    changed = {**named, "W1": arrays[0] + 1e-15}
    assert not _same(read_checkpoint(_npz(tmp_path / "c.npz", **changed)), arrays)


def test_layers_of_a_sequential_are_ordered_by_number(tmp_path):
    arrays = [np.ones((1, 1)) * k for k in range(12)]
    save_file({f"{k}.weight": W for k, W in enumerate(arrays)}, tmp_path / "w.safetensors")
    assert [W[0, 0] for W in read_checkpoint(tmp_path / "w.safetensors").weights] == list(range(12))


@pytest.mark.torch
def test_dropout_is_told_by_a_module(tmp_path):
    torch.save(_sequential(0.25, 0.5), tmp_path / "module.pt")
    assert read_checkpoint(tmp_path / "module.pt").dropout == (0.25, 0.5)
    torch.save(_sequential(0.25), tmp_path / "one.pt")
    assert read_checkpoint(tmp_path / "one.pt").dropout == (0.25, 0.0)


@pytest.mark.torch
def test_biases_are_read_beside_their_weights(tmp_path):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1)).double()
    torch.save(net.state_dict(), tmp_path / "b.pt")
    read = read_checkpoint(tmp_path / "b.pt")
    assert read.has_bias
    assert [b.tolist() for b in read.biases] == [layer.bias.tolist() for layer in net]
    assert not read_checkpoint(_npz(tmp_path / "w.npz", U=np.ones(3))).has_bias


@pytest.mark.torch
@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".pt"])
def test_what_is_written_is_read_again(tmp_path, suffix):
    torch.save(_sequential().state_dict(), tmp_path / "state.pt")
    like = read_checkpoint(tmp_path / "state.pt")
    new = [2 * W for W in like.weights]
    write_checkpoint(new, like, tmp_path / f"new{suffix}")
    read = read_checkpoint(tmp_path / f"new{suffix}")
    assert _same(read, new)
    assert (read.names, read.dtype) == (like.names, like.dtype)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["state.pt", f"new{suffix}"])


@pytest.mark.torch
def test_what_is_written_fits_the_model(tmp_path):
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    torch.save(net.state_dict(), tmp_path / "b.pt")
    like = read_checkpoint(tmp_path / "b.pt")
    write_checkpoint(like.weights, like, tmp_path / "new.pt", offset=1.5)
    state = torch.load(tmp_path / "new.pt", weights_only=True)
    net.load_state_dict(state)
    assert state["1.bias"].item() == 1.5
    assert not state["0.bias"].any()


class _Evil:
    def __reduce__(self):
        return (print, ("unpickled",))


def _refused(path, *words):
    with pytest.raises(InputError) as caught:
        read_checkpoint(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert all(word in text for word in (path.name, *words)), text


@pytest.mark.torch
def test_pickles_and_damaged_files_are_refused(tmp_path, capfd):
    torch.save({"0.weight": _Evil()}, tmp_path / "evil.pt")
    (tmp_path / "raw.pt").write_bytes(pickle.dumps(_Evil()))
    np.savez(tmp_path / "objects.npz", U=np.array([_Evil()], dtype=object), allow_pickle=True)
    torch.save(_sequential().state_dict(), tmp_path / "state.pt")
    save_file({"0.weight": np.ones((1, 2))}, tmp_path / "w.safetensors")
    _npz(tmp_path / "w.npz", U=np.ones(2))
    for name in ("evil.pt", "raw.pt", "objects.npz"):
        _refused(tmp_path / name)
    for name in ("state.pt", "w.safetensors", "w.npz"):
        content = (tmp_path / name).read_bytes()
        for cut in (0, 1, len(content) // 2, len(content) - 1):
            path = tmp_path / f"cut{cut}{name}"
            path.write_bytes(content[:cut])
            _refused(path)
    for name in ("state.pt", "w.safetensors"):
        content = bytearray((tmp_path / name).read_bytes())
        rng = np.random.default_rng(0)
        for trial in range(20):
            spoiled = bytearray(content)
            spoiled[rng.integers(len(content))] ^= 0xFF
            path = tmp_path / f"bit{trial}{name}"
            path.write_bytes(spoiled)
            with suppress(InputError):  # a flipped bit may spare the layout; nothing else may be raised
                read_checkpoint(path)
    assert "unpickled" not in capfd.readouterr().out
    assert zipfile.is_zipfile(tmp_path / "evil.pt")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"W1": np.ones((3, 2)), "U": np.ones((1, 4))}, ("4 inputs", "gives 3")),
        ({"W1": np.ones((3, 2)), "U": np.ones((2, 3))}, ("2 outputs", "one output only")),
        ({"W2": np.ones((3, 2)), "U": np.ones((1, 3))}, ("'W1'",)),
        ({"W1": np.ones(3), "U": np.ones((1, 3))}, ("W1", "shape")),
        ({"W1": np.full((3, 2), np.nan), "U": np.ones((1, 3))}, ("W1", "not finite")),
        ({"W1": np.ones((3, 2), dtype=complex), "U": np.ones((1, 3))}, ("W1", "complex")),
        ({"conv.weight": np.ones((3, 2))}, ("conv.weight", "3 outputs")),
        ({"0.weight": np.ones((1, 2)), "1.running_mean": np.ones(2)}, ("running_mean",)),
        ({"a.0.weight": np.ones((1, 2)), "b.1.weight": np.ones((1, 2))}, ("no order", "--layers")),
        ({"0.weight": np.ones((1, 2)), "1.bias": np.ones(1)}, ("'1.bias'", "without its weight")),
        ({"0.weight": np.ones((1, 2)), "0.bias": np.ones(3)}, ("bias", "3 entries")),
        ({"0.weight": np.ones((0, 2))}, ("shape",)),
    ],
)
def test_layers_that_make_no_such_network_are_refused(tmp_path, arrays, words):
    _refused(_npz(tmp_path / "w.npz", **arrays), *words)


@pytest.mark.torch
@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (lambda: (nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)), ()),
        (lambda: (nn.Dropout(0.1), nn.Dropout(0.1), nn.Linear(2, 1)), ("Dropout at place 1",)),
        (lambda: (nn.Linear(2, 1), nn.Dropout(0.1)), ("end with a Linear",)),
        (
            lambda: (nn.Linear(2, 3), nn.Dropout(0.1), nn.Dropout(0.1), nn.Linear(3, 1)),
            ("Dropout at place 2",),
        ),
    ],
)
def test_other_modules_are_refused(tmp_path, layers, words):
    torch.save(nn.Sequential(*layers()), tmp_path / "module.pt")
    _refused(tmp_path / "module.pt", *words)


@pytest.mark.torch
def test_dropout_before_the_first_layer_is_that_of_the_features(tmp_path):
    layers = nn.Dropout(0.25), nn.Linear(2, 3), nn.Linear(3, 1)
    torch.save(nn.Sequential(*layers), tmp_path / "first.pt")
    torch.save(nn.Sequential(*layers[1:]), tmp_path / "none.pt")
    found = read_checkpoint(tmp_path / "first.pt")
    assert (found.feature_dropout, found.dropout) == (0.25, (0.0,))
    assert read_checkpoint(tmp_path / "none.pt").feature_dropout is None


@pytest.mark.torch
def test_unknown_formats_and_missing_files_are_refused(tmp_path):
    _refused(tmp_path / "weights.h5", ".npz", ".safetensors", ".pt")
    for suffix in (".npz", ".safetensors", ".pt"):
        _refused(tmp_path / f"absent{suffix}", "cannot be read")
    with pytest.raises(InputError, match="suffix"):
        weights_path(tmp_path / "new.h5")
    (tmp_path / "x.pt").write_bytes(io.BytesIO(b"x").read())
    _refused(tmp_path / "x.pt")


@pytest.mark.torch
def test_tensors_without_numbers_are_refused_and_narrow_floats_are_read(tmp_path):
    path = tmp_path / "net.pt"
    torch.save({"0.weight": torch.ones(1, 3, device="meta")}, path)
    with pytest.raises(InputError, match="not a plain table"):
        read_checkpoint(path)
    torch.save({"0.weight": torch.full((1, 3), 0.5).to(torch.float8_e4m3fn)}, path)
    assert read_checkpoint(path).weights[0].tolist() == [[0.5] * 3]
