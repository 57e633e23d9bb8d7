"""Networks: the three kinds through one class, and what is refused with which sentence."""

import time
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.model.network import MAX_DEPTH, Network

# -- three kinds ---------------------------------------------------------------------------------------


def test_symbolic_depth():
    net = Network.symbolic()
    assert net.has_symbolic_depth
    assert not net.is_numeric
    assert net.depth == sy.D
    assert net.width(sy.i) == sy.d[sy.i]
    assert net.variance(sy.i) == sy.sigma[sy.i] ** 2
    assert net.decay(sy.i) == sy.gamma[sy.i]
    assert net.decay(sy.D + 1) == sy.gamma_u
    assert repr(net) == "Network.symbolic()"


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_symbolic_parameters_of_a_concrete_depth(depth):
    net = Network.symbolic(depth)
    assert not net.has_symbolic_depth
    assert not net.is_numeric
    assert [net.width(i) for i in range(1, depth + 1)] == [sy.d[i] for i in range(1, depth + 1)]
    assert [net.variance(i) for i in range(1, depth + 1)] == [sy.sigma[i] ** 2 for i in range(1, depth + 1)]
    assert net.decay(depth + 1) == sy.gamma_u
    assert Network.symbolic().with_depth(depth) == net
    assert Network.symbolic(depth).with_depth(depth) == net


def test_numbers():
    net = Network(2, widths=[3, 4], decays=["1/100", 0.5, 2], noise="0.1")
    assert net.is_numeric
    assert net.free_parameters == ()
    assert net.decays == (Fraction(1, 100), Fraction(1, 2), Fraction(2))
    assert net.noise == (Fraction(1, 10),) * 2
    assert net.decay(3) == sp.Integer(2)
    assert net.width(2) == sp.Integer(4)
    net.require_numeric()


def test_a_float_is_its_binary_value():
    assert Network(0, decays=0.1).decays != Network(0, decays="0.1").decays
    assert Network(0, decays=0.1).decays == (Fraction(0.1),)


def test_symbols_and_numbers_mix():
    net = Network(2, widths=[3, sy.n], decays=["1/2", sy.gamma_u, 1], noise=[0, sy.q])
    assert net.free_parameters == ("width of layer 2", "decay of layer 2", "noise of layer 2")
    with pytest.raises(
        InputError, match="width of layer 2, decay of layer 2, noise of layer 2 are symbolic"
    ):
        net.require_numeric()
    with pytest.raises(InputError, match="depth is symbolic"):
        Network.symbolic().require_numeric()


def test_irrational_numbers_are_numbers():
    assert Network(1, widths=2, decays=sp.sqrt(2) / 100).is_numeric


@given(rate=st.fractions(min_value=0, max_value=1).filter(lambda rate: rate < 1))
@settings(max_examples=50, deadline=None)
def test_dropout_is_the_noise_of_the_inverted_mask(rate):
    """The mask is 1/(1-P) with probability 1-P and else 0: its variance, from the definition."""
    net = Network(1, widths=2, decays=1, dropout=rate)
    mean_square = (1 - rate) * (1 / (1 - rate)) ** 2
    assert net.noise == (mean_square - 1,)
    assert net == Network(1, widths=2, decays=1, noise=rate / (1 - rate))


def test_symbolic_dropout():
    net = Network(1, widths=2, decays=1, dropout=sy.q)
    assert sp.cancel(net.variance(1) - sy.q / (1 - sy.q)) == 0


def test_one_value_serves_all_layers():
    assert Network(3, widths=5, decays=2, dropout="1/2") == Network(
        3, widths=[5, 5, 5], decays=np.array([2, 2, 2, 2]), noise=(1, 1, 1)
    )
    assert Network(3, widths=5, decays=2) != Network(3, widths=5, decays=[2, 2, 2, 1])


def test_networks_are_frozen_values():
    net = Network(1, widths=2, decays=1)
    assert hash(net) == hash(Network(1, widths=2, decays=1))
    with pytest.raises(AttributeError):
        net.depth = 2


def test_long_networks_print_short():
    text = repr(Network(1000, widths=32, decays="1/10"))
    assert text.startswith("Network(1000, widths=(32, 32, 32, …, 32), decays=(1/10, 1/10, 1/10, …, 1/10), ")
    assert repr(Network(0, decays="1/10")) == "Network(0, decays=(1/10))"


# -- refusals ------------------------------------------------------------------------------------------

GOOD = {"widths": 3, "decays": "1/10"}


@pytest.mark.parametrize(
    ("depth", "changes", "message"),
    [
        (-1, {}, "depth is -1; give the number of hidden layers"),
        (1.0, {}, "depth is 1.0"),
        (True, {}, "depth is True"),
        (MAX_DEPTH + 1, {}, f"from 0 to {MAX_DEPTH}"),
        (2, {"widths": 0}, "width of layer 1 is 0; a layer has a whole number of neurons"),
        (2, {"widths": [3, -1]}, "width of layer 2 is -1"),
        (2, {"widths": [3, "1.5"]}, "width of layer 2 is 3/2"),
        (2, {"widths": [3, 4, 5]}, "3 width values given for 2 layers"),
        (1, {"widths": ()}, "0 width values given for 1 layer; give one value"),
        (2, {"decays": -1}, "decay of layer 1 is -1; give a value that is not negative"),
        (2, {"decays": [1, 1]}, "2 decay values given for 3 layers"),
        (2, {"decays": [1, 1, -sy.tau]}, "decay of layer 3 is -tau"),
        (2, {"decays": "one"}, "'one' is not a finite decimal number"),
        (2, {"decays": float("nan")}, "nan; give a finite number"),
        (2, {"decays": [1, "1/0", 1]}, "divides by zero"),
        (2, {"decays": True}, "truth value"),
        (2, {"decays": None}, "NoneType"),
        (2, {"noise": [0, "-0.1"]}, "noise variance of layer 2 is -1/10"),
        (2, {"noise": [0, 0, 0]}, "3 noise values given for 2 layers"),
        (2, {"noise": sp.oo}, "not a finite number"),
        (2, {"dropout": 1}, "dropout of layer 1 is 1; give a drop probability from 0"),
        (2, {"dropout": [0, "-0.1"]}, "dropout of layer 2 is -1/10"),
        (2, {"dropout": [0, "1.2"]}, "dropout of layer 2 is 6/5"),
        (2, {"dropout": 0, "noise": 0}, "noise and dropout are both given"),
        (0, {"noise": "nan"}, "'nan' is not a finite decimal number"),
    ],
)
def test_refused_in_one_sentence(depth, changes, message):
    with pytest.raises(InputError) as caught:
        Network(depth, **{**GOOD, **changes})
    text = str(caught.value)
    assert message in text
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize(
    "changes", [{}, {"widths": [3, 1]}, {"decays": 0}, {"noise": 0}, {"dropout": "0.999"}]
)
def test_neighbors_of_the_refused_are_accepted(changes):
    assert Network(2, **{**GOOD, **changes}).is_numeric


@given(text=st.text(max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(text):
    try:
        decay = Network(0, decays=text).decays[0]
    except InputError:
        return
    assert decay >= 0


def test_products_over_many_layers_are_quick():
    """ρ and γ_uΠγ_i at D = 10^5 are powers, exact all the same."""
    net = Network(10**5, widths=10**6, decays="1/50", noise="1/3")
    before = time.process_time()
    rho = net.noise_factor
    assert time.process_time() - before < 5
    assert rho == Fraction(3 * 10**6 + 1, 3 * 10**6) ** 10**5
    mixed = Network(3, widths=[1, 2, 1], decays=1, noise=["1/2", "1/2", "1/2"])
    assert mixed.noise_factor == Fraction(3, 2) * Fraction(5, 4) * Fraction(3, 2)


@pytest.mark.parametrize(
    ("options", "same"),
    [
        ({"feature_noise": [0, 0]}, {}),
        ({"feature_dropout": ["1/2", "0.5"]}, {"feature_noise": [1, 1]}),
        ({"feature_jitter": [0, 0, 0]}, {"feature_jitter": 0}),
        ({"groups": 2}, {}),
        ({"groups": 4, "noise": 1}, {"dropout": "1/2"}),
        ({"dropconnect": 0}, {}),
    ],
)
def test_a_network_is_the_same_however_it_is_told(options, same):
    one, two = (Network(2, widths=4, decays=1, **told) for told in (options, same))
    assert one == two
    assert hash(one) == hash(two)


@pytest.mark.parametrize(
    ("options", "other"),
    [
        ({"feature_noise": [1, 2]}, {"feature_noise": 1}),
        ({"feature_noise": [1, 1]}, {"feature_noise": 1}),  # that of two features, and of any number
        ({"feature_noise": [1, 2]}, {"feature_noise": [2, 1]}),
        ({"groups": 2, "noise": 1}, {"noise": 1}),
        ({"feature_noise": 1}, {"feature_jitter": 1}),
        ({"bias": True}, {}),
    ],
)
def test_networks_that_differ_compare_unequal(options, other):
    one, two = (Network(2, widths=4, decays=1, **told) for told in (options, other))
    assert one != two
    assert one != "a network"
