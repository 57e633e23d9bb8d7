"""Layers from m and back: product, balance, signs, files."""

import time
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb
from oracles.reduced_points import stationary_point

from symderive import InputError, Network
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.full_loss.layers import as_balls, end_to_end, rebuild_layers

BITS = 200
#: Balls computed at BITS bits from data of 300 bits keep all but a few of them.
WIDEST = 2.0 ** (20 - BITS)

A, V, C = [1, 400], ["1/10", "7/10"], 1


def point_layers(depth, widths, decays, noise=0, signs=None, between=(1e-12, 5)):
    net = Network(depth, widths=widths, decays=decays, noise=noise)
    point = stationary_point(net, A, V, C, *between)
    return net, point, rebuild_layers(net, point.map, point.layer_decay, signs=signs)


def square(matrix):
    return sum((x * x for x in matrix.entries()), arb(0))


CASES = [
    (1, 3, "1/5000", 0),
    (1, 1, ["1/5000", "1/3000"], "1/2"),
    (2, (2, 3), ["1/500", "1/1000", "1/700"], (0, "1/3")),
    (3, (4, 1, 2), "1/4000", ("1/3", 0, 1)),
]


@pytest.mark.parametrize(("depth", "widths", "decays", "noise"), CASES)
def test_layers_multiply_to_the_map_and_are_balanced(depth, widths, decays, noise):
    net, point, layers = point_layers(depth, widths, decays, noise)
    matrices = layers.balls(BITS)
    with TURN, working_precision(BITS):
        for x, y in zip(end_to_end(layers, bits=BITS), point.map, strict=True):
            assert x.overlaps(y)
            assert x.rad() < WIDEST
        for decay, matrix in zip(net.decays, matrices, strict=True):
            assert (ball(decay) * square(matrix)).overlaps(point.layer_decay)
    assert [m.nrows() for m in matrices] == [*map(int, net.widths), 1]
    assert all(m.ncols() == n for m, n in zip(matrices, [2, *map(int, net.widths)], strict=True))


def test_a_wrong_layer_decay_does_not_multiply_to_the_map():
    net, point, _ = point_layers(2, 2, "1/500")
    layers = rebuild_layers(net, point.map, point.layer_decay * arb("1.001"))
    assert not end_to_end(layers)[0].overlaps(point.map[0])


def test_signs_flip_neurons_and_nothing_else():
    signs = [[1, -1], None]
    net, _, plain = point_layers(2, (2, 3), "1/500")
    _, point, flipped = point_layers(2, (2, 3), "1/500", signs=signs)
    assert [x.overlaps(y) for x, y in zip(end_to_end(flipped), point.map, strict=True)] == [True, True]
    one, other = plain.floats(), flipped.floats()
    np.testing.assert_array_equal(other["W1"], one["W1"] * [[1], [-1]])
    np.testing.assert_array_equal(other["W2"], one["W2"] * [[1, -1]])
    np.testing.assert_array_equal(other["U"], one["U"])
    assert net.depth == 2


@pytest.mark.parametrize(
    ("signs", "message"),
    [
        ([[1, -1]], "signs holds 1 layers"),
        ([[1], None], "signs of layer 1 has 1 values and the layer has 2 neurons"),
        ([None, [1, 0, 1]], "signs of layer 2 has 0 at place 2"),
        ([None, [1, 1, 2]], "signs of layer 2 has 2 at place 3"),
    ],
)
def test_wrong_signs_name_the_layer(signs, message):
    with pytest.raises(InputError, match=message):
        point_layers(2, (2, 3), "1/500", signs=signs)


def test_three_number_types_agree():
    _, _, layers = point_layers(2, (2, 3), "1/500", signs=[[1, -1], [1, 1, -1]])
    balls, floats, high = layers.balls(BITS), layers.floats(), layers.mpmath(40)
    assert list(floats) == list(high) == ["W1", "W2", "U"]
    assert floats["U"].shape == (3,)
    for name, matrix in zip(floats, balls, strict=True):
        table = np.atleast_2d(floats[name])
        for i in range(matrix.nrows()):
            for j in range(matrix.ncols()):
                assert abs(float(matrix[i, j]) - table[i, j]) <= 2 * np.spacing(abs(table[i, j]))
                with mpmath.workdps(60):
                    exact = mpmath.mpf(matrix[i, j].mid())
                    assert abs(high[name][i, j] - exact) <= abs(exact) * mpmath.mpf(10) ** -40


def test_depth_zero_is_the_map_itself():
    net = Network(0, decays="1/3")
    layers = rebuild_layers(net, [arb(3), arb(-4)], arb(1))
    assert layers.floats()["U"].tolist() == [3, -4]
    assert [int(x.unique_fmpz()) for x in end_to_end(layers) if x.contains_integer()] == [3, -4]


def test_the_origin_has_zero_layers():
    layers = rebuild_layers(Network(2, widths=2, decays=1), [arb(0)] * 3, arb(0))
    assert all(x.is_zero() for matrix in layers.balls(BITS) for x in matrix.entries())


def test_without_decay_the_layers_share_the_norm():
    layers = rebuild_layers(Network(1, widths=2, decays=0), [arb(3), arb(4)], arb(0))
    assert all(x.contains(y) for x, y in zip(end_to_end(layers), [3, 4], strict=True))
    with pytest.raises(InputError, match="decay of layer 2 is 0 and others are positive"):
        rebuild_layers(Network(1, widths=2, decays=[1, 0]), [arb(1)], arb(1))


def test_a_million_neurons_cost_nothing_until_asked_for():
    net = Network(2, widths=10**6, decays=1)
    start = time.perf_counter()
    layers = rebuild_layers(net, [arb(1)], arb(1))
    assert layers.scales(BITS)[1].overlaps(ball(Fraction(1, 10**6)))
    assert time.perf_counter() - start < 0.05


def test_saved_layers_load_and_equal_layers_give_equal_bytes(tmp_path, monkeypatch):
    _, _, layers = point_layers(2, (2, 3), "1/500")
    layers.save(tmp_path / "one.npz")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2e9))
    layers.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.npz", "two.npz"]
    with np.load(tmp_path / "one.npz", allow_pickle=False) as archive:
        for name, array in layers.floats().items():
            np.testing.assert_array_equal(archive[name], array)
    saved = np.load(tmp_path / "two.npz", allow_pickle=False)
    assert end_to_end(dict(saved))[0].overlaps(end_to_end(layers.floats())[0])


def test_a_missing_folder_is_one_sentence(tmp_path):
    _, _, layers = point_layers(1, 2, "1/500")
    with pytest.raises(InputError, match="nowhere does not exist"):
        layers.save(tmp_path / "nowhere" / "layers.npz")
    (tmp_path / "taken.npz").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        layers.save(tmp_path / "taken.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.npz"]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([[[1, 2]], [[1, 1]]], "U has shape 1 × 2; 1 × 1 fits"),
        ([[[1, 2], [3]], [1, 1]], "W1 is not a table"),
        ([[["a"]], [1]], "an entry of W1 'a' is not a finite decimal"),
        ([[[float("nan")]], [1]], "an entry of W1 is nan"),
        ([[[mpmath.inf]], [1]], "an entry of W1 is"),
        ({"W1": [[1]], "V": [1]}, "the layers have no 'U'"),
        ([], "there are no layers"),
        ([[[1], [1]]], "U has shape 2 × 1"),
    ],
)
def test_layers_that_do_not_fit(layers, message):
    with pytest.raises(InputError, match=message):
        end_to_end(layers)


def test_layers_must_fit_the_network():
    net = Network(1, widths=2, decays=1)
    assert len(as_balls([[[1], [2]], [1, 1]], BITS, net=net)) == 2
    with pytest.raises(InputError, match="W1 has shape 3 × 1; 2 × 1 fits"):
        as_balls([[[1], [2], [3]], [1, 1, 1]], BITS, net=net)
    with pytest.raises(InputError, match="W1 has shape 2 × 1; 2 × 5 fits"):
        as_balls([[[1], [2]], [1, 1]], BITS, net=net, features=5)
    with pytest.raises(InputError, match="1 layers are given and the network has 2"):
        as_balls([[1, 1]], BITS, net=net)


def test_floats_stand_for_their_binary_value():
    (x,) = end_to_end([[[0.1]], [1]])
    assert x.is_exact()
    assert x == arb(0.1)
    with TURN, working_precision(BITS):
        assert x > ball(Fraction(1, 10))  # the double next to one tenth lies above it
