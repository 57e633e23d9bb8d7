"""Several outputs with noise outside the hidden neurons: enumerated, trained, near misses."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize

from symderive import InputError, Moments, Network, OutputMoments, rank_staircase, solve
from symderive.verdict import Verdict

A = [[3, 1], [1, 2]]
V = [[2, 1], [-1, 3]]
GENERAL = OutputMoments.given(A, V, 20)
WHITE = OutputMoments.given("3/2", V, 20)
SAMPLES = np.array([[1, 2], [-1, 3], [4, 1], [2, -2], [0, 1]], dtype=float)
TARGETS = np.array([[2, 1], [0, 3], [1, -1], [3, 0], [-2, 2]], dtype=float)

#: Networks whose noise only alters data and decays, with data; the kinds alone and together.
NETS = [
    (Network(1, widths=2, decays=["1/3", "1/2"], feature_noise="1/2", outputs=2), GENERAL),
    (Network(1, widths=2, decays=["1/3", "1/2"], feature_jitter=["1/4", "2"], outputs=2), GENERAL),
    (Network(1, widths=3, decays=["1/3", "1/2"], hidden_jitter=1, target_noise="1/2", outputs=2), GENERAL),
    (Network(0, decays="1/3", feature_noise=["1/2", 0], target_noise=2, outputs=2), GENERAL),
    (Network(2, widths=2, decays="1/3", feature_noise=1, hidden_jitter="1/9", outputs=2), WHITE),
    (Network(1, widths=2, decays="1/3", noise="1/2", feature_jitter=1, target_noise=1, outputs=2), WHITE),
    (Network(1, widths=2, decays=0, noise=1, feature_noise=["1/2", 2], outputs=2), GENERAL),
    (Network(2, widths=2, decays=0, feature_noise=["1/2", 2], target_noise=1, outputs=2), GENERAL),
]


def arrays(data):
    return tuple(
        np.array([[float(Fraction(int(x.p), int(x.q))) for x in row] for row in m.tolist()])
        for m in (data.A, data.V)
    )


def two_points(variance, mean):
    """A factor or summand of this mean and variance: two values, each with probability 1/2."""
    return mean - variance**0.5, mean + variance**0.5


def enumerated(net, layers, A, V, c):
    """The mean loss over all signs of all two-point noise, from the definition: by samples with A, V, c."""
    d, o = A.shape[0], V.shape[0]
    each = lambda values: [float(x) for x in (list(values) * d)[:d]]  # noqa: E731
    noises = [two_points(v, 1) for v in each(net.feature_noise)]
    jitters = [two_points(v, 0) for v in each(net.feature_jitter)]
    width = layers[-1].shape[1] if net.depth else 0
    masks = [two_points(float(v), 1) for v in (net.noise if net.depth == 1 else ()) for _ in range(width)]
    hidden = [two_points(float(net.hidden_jitter), 0)] * width
    # The prediction is M(e ∘ x + j) + U h, of which x enters by A and V alone; all draws at once.
    draws = np.array(list(product(*noises, *jitters, *masks, *hidden)))
    e, j = draws[:, :d], draws[:, d : 2 * d]
    mask, h = draws[:, 2 * d : 2 * d + len(masks)], draws[:, 2 * d + len(masks) :]
    M = np.broadcast_to(np.eye(d), (len(draws), d, d))
    for i, W in enumerate(layers):
        M = W @ (mask[:, :, None] * M if len(masks) and i == len(layers) - 1 else M)
    shift = (M @ j[:, :, None])[:, :, 0]  # without x: noise of mean 0, and E x drops out
    if width:
        shift = shift + h @ layers[-1].T
    E = M * e[:, None, :]
    total = np.sum((E @ A) * E) - 2 * np.sum(E * V) + np.sum(shift**2)
    decay = sum(float(g) * (W**2).sum() for g, W in zip(net.decays, layers, strict=True))
    return total / len(draws) + c + o * float(net.target_noise) + decay


@pytest.mark.parametrize(("net", "data"), NETS)
def test_the_minimum_is_the_mean_over_all_noise_and_no_start_ends_below(net, data):
    found = solve(net, data, digits=20)
    assert found.net is net
    assert found.data is data
    assert found.verify().verdict is Verdict.CHECKED
    loss, c = float(found.loss.mid()), float(data.c)
    layers = list(found.floats().values())
    A, V = arrays(data)
    assert enumerated(net, layers, A, V, c) == pytest.approx(loss, rel=1e-12)
    ends = np.cumsum([W.size for W in layers])

    def flat(x):
        parts = np.split(x, ends[:-1])
        return enumerated(net, [p.reshape(W.shape) for p, W in zip(parts, layers, strict=True)], A, V, c)

    rng = np.random.default_rng(1)
    for scale in (1e-3, 1e-1, 1.0):
        x = np.concatenate([W.ravel() for W in layers])
        assert flat(x + scale * rng.standard_normal(x.size)) > loss - 1e-12
    if net.depth < 2 and not any(net.noise) and not net.hidden_jitter:
        end = minimize(flat, rng.standard_normal(ends[-1]), method="BFGS").fun
        assert loss - 1e-10 < end < loss + 1e-6


@pytest.mark.parametrize(("net", "data"), NETS)
def test_the_minimum_without_one_noise_is_another_and_not_taken(net, data):
    found = solve(net, data, digits=20)
    for name in ("feature_noise", "feature_jitter", "hidden_jitter", "target_noise"):
        kept = {
            key: getattr(net, key)
            for key in ("feature_noise", "feature_jitter", "hidden_jitter", "target_noise", "noise")
            if key != name
        }
        other = Network(net.depth, widths=net.widths, decays=net.decays, outputs=2, **kept)
        if other != net and other.noises != net.noises:
            quiet = solve(other, data, digits=20)
            assert quiet.loss < found.loss
            # Layers that were found for less noise are no minimum of the loss with it.
            assert replace(quiet, net=net).verify().verdict is not Verdict.CHECKED


def test_one_output_agrees_with_the_scalar_problem():
    noise = {
        "feature_noise": "1/2",
        "feature_jitter": ["1/4", 1],
        "hidden_jitter": "1/5",
        "target_noise": 1,
    }
    data = OutputMoments.given(A, [[2, 1]], 20)
    for depth, decays in ((0, "1/3"), (1, ["1/3", "1/2"])):
        kept = noise if depth else {k: v for k, v in noise.items() if k != "hidden_jitter"}
        net = Network(depth, widths=3 if depth else (), decays=decays, **kept)
        several, one = solve(net, data), solve(net, Moments.given(A, [2, 1], 20))
        assert abs(float((several.loss - one.global_minimum.loss).mid())) < 1e-25


def test_jitter_of_standardized_features_is_in_their_unit():
    treated = OutputMoments.from_samples(SAMPLES, TARGETS, center=True, standardize=True)
    X = (SAMPLES - SAMPLES.mean(0)) / SAMPLES.std(0)
    net = Network(1, widths=2, decays="1/9", feature_jitter="1/2", feature_noise="1/3", outputs=2)
    found = solve(net, treated, digits=15)
    assert found.verify().verdict is Verdict.CHECKED
    B = X.T @ X / 5 * (1 - np.eye(2)) + np.diag((X**2).mean(0) * 4 / 3 + 1 / 2)
    Y = TARGETS - TARGETS.mean(0)
    by_hand = OutputMoments.given(
        [[Fraction(x) for x in row] for row in (B + B.T) / 2],
        [[Fraction(x) for x in row] for row in Y.T @ X / 5],
        Fraction((Y**2).sum() / 5),
    )
    other = solve(Network(1, widths=2, decays="1/9", outputs=2), by_hand, digits=15)
    assert float(found.loss.mid()) == pytest.approx(float(other.loss.mid()), rel=1e-12)


def test_the_staircase_is_that_of_the_altered_data():
    noisy = Network(2, widths=2, decays=1, feature_noise="1/2", target_noise=1, outputs=2)
    plain = Network(2, widths=2, decays=1, outputs=2)
    steps = rank_staircase(noisy, WHITE).steps
    others = rank_staircase(plain, OutputMoments.given("9/4", V, 22)).steps
    assert [s.threshold.str(12) for s in steps] == [s.threshold.str(12) for s in others]
    assert steps[0].threshold < rank_staircase(plain, WHITE).steps[0].threshold
    at = rank_staircase(noisy, WHITE)
    middle = Fraction(float((steps[0].threshold + steps[1].threshold).mid()) / 2)
    assert at.rank(middle) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solve(Network(1, widths=2, decays=1, weight_noise=1, outputs=2), WHITE), "noisy weights"),
        (lambda: solve(Network(1, widths=2, decays=1, noise=1, groups=1, outputs=2), WHITE), "groups"),
        (lambda: solve(Network(1, widths=2, decays=1, feature_noise=[1, 2, 3], outputs=2), WHITE), "3 val"),
        (
            lambda: solve(Network(1, widths=2, decays=1, feature_noise=1, outputs=2), GENERAL.whiten()),
            "whitening",
        ),
        (
            # Noise that differs between the features makes white inputs colored.
            lambda: solve(Network(1, widths=2, decays=1, noise=1, feature_noise=[1, 2], outputs=2), WHITE),
            "white",
        ),
        (lambda: solve(Network(1, widths=2, decays=0, hidden_jitter=1, outputs=2), WHITE), "decays are 0"),
        (
            lambda: rank_staircase(Network(1, widths=2, decays=1, hidden_jitter=1, outputs=2), WHITE),
            "jitter",
        ),
    ],
)
def test_what_is_open_is_refused_with_the_reason(call, words):
    with pytest.raises(InputError, match=words) as caught:
        call()
    assert len(str(caught.value)) < 300
