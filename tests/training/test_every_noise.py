"""Trained weights under every noise and a free output bias: exact losses, and a training run."""

from fractions import Fraction

import numpy as np
import pytest

from symderive import InputError, Moments, Network, diagnose, solve
from symderive.arithmetic.exact import exact_value
from symderive.training.measurement import Instrument
from tests.full_loss.test_mixed_noise import CASES, coins, moments_of
from tests.oracles.sampled import THOROUGH
from tests.oracles.two_point_noise import enumerated_loss

OFFSET = Fraction(3, 8)

#: A slope takes all outcomes twice for every weight.
FEW = [case for case in CASES if coins(case[0], len(case[1][0][0])) <= (7 if THOROUGH else 5)]


def holds(ball, value):
    return abs(exact_value(ball.mid()) - value) <= exact_value(ball.rad())


@pytest.mark.parametrize(("net", "samples", "weights"), FEW)
def test_the_loss_of_weights_and_bias_is_that_of_all_outcomes(net, samples, weights):
    arrays = tuple(np.array(W, dtype=float) for W in weights)
    biases = (*(None for _ in weights[1:]), np.array([float(OFFSET)])) if net.bias else None
    found = Instrument(net, moments_of(samples), arrays, biases).measure(256)
    bias = OFFSET if net.bias else None
    truth = enumerated_loss(net, weights, samples, bias)
    assert holds(found.loss, truth)
    assert not holds(found.loss, truth + Fraction(1, 10**20))
    assert found.loss.rad() < 1e-50
    slopes = Fraction(0)
    for W in weights:
        for row in W:
            for j, kept in enumerate(row):
                at = []
                for step in (1, -1):
                    row[j] = kept + step
                    at.append(enumerated_loss(net, weights, samples, bias))
                row[j] = kept
                slopes += ((at[0] - at[1]) / 2) ** 2
    if net.bias:
        at = [enumerated_loss(net, weights, samples, OFFSET + step) for step in (1, -1)]
        slopes += ((at[0] - at[1]) / 2) ** 2
    assert holds(found.gradient_square, slopes)


def test_layers_of_the_minimum_are_the_global_minimum_under_all_noises_at_once():
    data = Moments.from_samples([[1, 2], [3, 1], [0, 1], [2, 5]], [1, 2, 3, 9])
    noises = {
        "noise": "1/4",
        "weight_noise": [0, "1/9", "1/16"],
        "feature_dropout": "0.1",
        "feature_jitter": "1/50",
        "hidden_jitter": "1/100",
        "target_noise": 1,
        "bias": True,
    }
    net = Network(2, widths=[4, 6], decays="1/50", groups=[2, 6], **noises)
    landscape = solve(net, data)
    best = landscape.global_minimum.index
    weights = list(landscape.layers(best).floats().values())
    m = [float(x.mid()) for x in landscape.end_to_end_map(best)]
    averages = [float(x) for x in data.first_moments]
    bias = averages[-1] - np.dot(m, averages[:-1])
    offsets = [None, None, np.array([bias])]
    assert diagnose(net, data, weights, biases=offsets).conclusion == "global minimum"
    off = diagnose(net, data, weights, biases=[None, None, np.array([bias + 0.5])])
    assert off.conclusion == "not converged"
    assert abs(float(off.gap.mid()) - 0.25) < 1e-9
    with pytest.raises(InputError, match="biases in hidden layers and noise"):
        diagnose(net, data, weights, biases=[np.ones(4), None, np.array([bias])])
    apart = Network(2, widths=[4, 6], decays="1/50", noise="1/4", groups=[2, 6])
    with pytest.raises(InputError, match="2 groups of neurons that share noise"):
        diagnose(apart, data, weights)


@pytest.mark.ci
def test_a_training_run_with_dropout_and_a_free_bias_ends_at_the_minimum():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    X = np.array([1, -0.5, 2]) + rng.normal(size=(200, 3))
    y = X @ [1.0, -2, 0.5] + 3 + 0.3 * rng.normal(size=200)
    hidden, dropped = torch.nn.Linear(3, 6, bias=False), torch.nn.Dropout(0.2)
    output = torch.nn.Linear(6, 1)
    model = torch.nn.Sequential(hidden, dropped, output).double()
    weights = [hidden.weight, output.weight]
    groups = [
        {"params": weights, "weight_decay": 0.04},
        {"params": [output.bias], "weight_decay": 0},
    ]
    optimizer = torch.optim.SGD(groups, lr=0.02)
    inputs, targets = torch.tensor(X), torch.tensor(y)[:, None]
    tail, steps = [torch.zeros_like(p) for p in (*weights, output.bias)], 9000
    for step in range(steps):
        if step == steps // 2:
            for group in optimizer.param_groups:
                group["lr"] = 0.003
        optimizer.zero_grad()
        ((model(inputs) - targets) ** 2).mean().backward()
        optimizer.step()
        if step >= 2 * steps // 3:
            for total, p in zip(tail, (*weights, output.bias), strict=True):
                total += p.detach()
    W, U, b = ((total / (steps - 2 * steps // 3)).numpy() for total in tail)
    data = Moments.from_samples(X, y)
    net = Network(1, widths=6, decays="0.02", dropout="0.2", bias=True)
    found = diagnose(net, data, [W, U.ravel()], biases=[None, b])
    assert found.conclusion == "global minimum"
    landscape = solve(net, data)
    m = np.array([float(x.mid()) for x in landscape.end_to_end_map(0)])
    assert np.linalg.norm(U @ W - m) < 0.01 * np.linalg.norm(m)
    # The near miss: centering alone, as without noise, is another minimum.
    plain = Network(1, widths=6, decays="0.02", dropout="0.2")
    centered = solve(plain, Moments.from_samples(X, y, center=True))
    other = np.array([float(x.mid()) for x in centered.end_to_end_map(0)])
    assert np.linalg.norm(U @ W - other) > 0.05 * np.linalg.norm(m)
