"""Weights are written as what the suffix of the file says, or refused before anything is computed."""

import numpy as np
import pytest
from oracles.limits import largest_file
from oracles.tools import Library
from safetensors.numpy import load_file

from symderive import InputError, Moments, Network, solve
from symderive.weight_files import weights_path, write_arrays, write_weights

torch, nn = Library("torch"), Library("torch.nn")

LAYERS = [np.arange(6.0).reshape(3, 2), np.arange(3.0)]


@pytest.fixture(scope="module")
def layers():
    moments = Moments.from_samples([[1, 2], [2, 1], [3, 5], [4, 3]], [3, 5, 4, 8])
    return solve(Network(2, widths=(3, 4), decays="0.01"), moments).layers(0)


@pytest.mark.torch
def test_each_suffix_means_what_it_says(tmp_path, layers):
    W1, W2, U = layers.floats().values()
    for suffix in (".npz", ".pt", ".pth", ".safetensors", ".NPZ"):
        layers.save(tmp_path / f"w{suffix}")
    for name in ("w.npz", "w.NPZ"):
        with np.load(tmp_path / name) as held:
            assert {key: held[key].tolist() for key in held} == {
                "W1": W1.tolist(),
                "W2": W2.tolist(),
                "U": U.tolist(),
            }
    model = nn.Sequential(*(nn.Linear(n, k, bias=False).double() for n, k in ((2, 3), (3, 4), (4, 1))))
    for name in ("w.pt", "w.pth"):
        model.load_state_dict(torch.load(tmp_path / name))
        x = torch.tensor([[1.0, -2.0]]).double()
        assert np.allclose(model(x).detach().numpy()[0], U @ W2 @ W1 @ [1.0, -2.0], rtol=1e-12)
    held = load_file(tmp_path / "w.safetensors")
    assert [held[f"{i}.weight"].tolist() for i in range(3)] == [W1.tolist(), W2.tolist(), [U.tolist()]]


@pytest.mark.torch
@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors"])
def test_equal_layers_give_equal_bytes(tmp_path, suffix):
    first, second, other = (tmp_path / f"{name}{suffix}" for name in "abc")
    write_weights(LAYERS, first)
    write_weights({"W1": LAYERS[0], "U": LAYERS[1]}, second)
    write_weights([LAYERS[0], LAYERS[1] + 1], other)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("name", ["w", "w.csv", "w.h5", "w.npz.gz", ".npz"])
def test_other_suffixes_are_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"end it in \.npz, \.safetensors, \.pt or \.pth"):
        weights_path(tmp_path / name)
    with pytest.raises(InputError, match="no suffix of a known format"):
        write_weights(LAYERS, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_network_or_too_large_is_refused(tmp_path):
    with pytest.raises(InputError, match="no 'W1'"):
        write_weights({"W2": LAYERS[0], "U": LAYERS[1]}, tmp_path / "w.npz")
    write_arrays({"a": np.array([65504.0])}, tmp_path / "w.npz", "float16")
    with pytest.raises(InputError, match="too large for float16"):
        write_arrays({"a": np.array([65536.0])}, tmp_path / "v.npz", "float16")
    assert [path.name for path in tmp_path.iterdir()] == ["w.npz"]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".pt", ".pth"])
def test_a_full_disk_is_a_sentence_in_every_format(tmp_path, suffix):
    layers = [np.ones((300, 300)), np.ones((1, 300))]
    path = tmp_path / f"w{suffix}"
    path.write_bytes(b"earlier")
    with largest_file(100_000), pytest.raises(InputError, match="cannot be written") as refused:
        write_weights(layers, path)
    assert len(str(refused.value)) < 300
    assert [(file, file.read_bytes()) for file in tmp_path.iterdir()] == [(path, b"earlier")]
    write_weights(layers, path)
    assert path.stat().st_size > 100_000
