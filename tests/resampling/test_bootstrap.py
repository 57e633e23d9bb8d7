"""The bootstrap against its definition, least squares theory, and a network at its transition."""

import numpy as np
import pytest

from symderive import InputError, Moments, Network, solve
from symderive.resampling.bootstrap import bootstrap


def samples(seed, n=30, d=2, signal=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, signal * X @ np.arange(1, d + 1) + rng.normal(size=n)


def test_each_draw_is_a_fit_to_the_samples_drawn():
    X, y = samples(0)
    net = Network(2, widths=3, decays="1/50", dropout="1/10")
    found = bootstrap(net, X, y, draws=4, seed=3, standardize=True)
    random = np.random.default_rng(3)
    for coef, intercept in zip(found.coef, found.intercept, strict=True):
        rows = np.repeat(np.arange(len(y)), random.multinomial(len(y), np.full(len(y), 1 / len(y))))
        landscape = solve(net, Moments.from_samples(X[rows], y[rows], standardize=True))
        expected = landscape.linear_map(landscape.global_minimum.index)
        assert coef.tolist() == expected.slopes.tolist()
        assert intercept == expected.intercept
    assert (found.coef == bootstrap(net, X, y, draws=4, seed=3, standardize=True).coef).all()
    assert (found.coef != bootstrap(net, X, y, draws=4, seed=4, standardize=True).coef).any()


def test_standard_errors_are_those_of_least_squares_theory():
    X, y = samples(1, n=300)
    found = bootstrap(Network(0, decays=0), X, y, draws=60, center=True)
    centered = X - X.mean(axis=0)
    residuals = y - y.mean() - centered @ np.linalg.lstsq(centered, y - y.mean())[0]
    theory = np.sqrt(np.diag(np.linalg.inv(centered.T @ centered)) * residuals.var())
    assert found.standard_errors == pytest.approx(theory, rel=0.35)
    assert found.standard_errors != pytest.approx(theory / 2, rel=0.35)
    low, high = found.interval("0.5")
    inside = ((found.coef >= low) & (found.coef <= high)).mean(axis=0)
    assert inside == pytest.approx([0.5, 0.5], abs=0.05)
    assert (found.interval("0.9")[0] < low).all()
    assert found.collapse == 0


def test_at_the_transition_some_draws_collapse():
    X, y = samples(2, signal=0.4)
    data = Moments.from_samples(X, y, center=True)
    from symderive.thresholds.thresholds import transition_decay

    decay = float(transition_decay(Network(2, widths=3, decays=1), data, digits=10).mid())
    shares = []
    for factor in (0.2, 1, 5):
        net = Network(2, widths=3, decays=decay * factor)
        found = bootstrap(net, X, y, draws=25, center=True)
        shares.append(found.collapse)
        assert ((found.coef == 0).all(axis=1) == found.collapsed).all()
    assert shares[0] < 0.05 < shares[1] < 0.95 < shares[2]
    assert "collapsed" in str(found)


def test_samples_of_several_blocks_are_drawn_each_by_its_own_number():
    X = np.arange(2**15 + 9)[:, None] % 97
    y = X[:, 0] + np.arange(len(X)) // 2**14
    found = bootstrap(Network(0, decays=0), X, y, draws=2, seed=5)
    copies = np.random.default_rng(5).multinomial(len(y), np.full(len(y), 1 / len(y)))
    landscape = solve(Network(0, decays=0), Moments.from_samples(X, y, sample_weight=copies))
    assert found.coef[0].tolist() == landscape.linear_map(0).slopes.tolist()


def test_standard_errors_divide_by_one_less():
    found = bootstrap(Network(0, decays=1), *samples(6), draws=3)
    a, b, c = found.coef[:, 0]
    mean = (a + b + c) / 3
    variance = ((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2
    assert found.standard_errors[0] == pytest.approx(variance**0.5, rel=1e-12)


def test_weights_are_kept():
    X, y = samples(3, n=12)
    net = Network(1, widths=3, decays="1/50")
    weights = np.arange(1, 13) / 4
    found = bootstrap(net, X, y, draws=3, seed=0, sample_weight=weights)
    copies = np.random.default_rng(0).multinomial(12, np.full(12, 1 / 12))
    landscape = solve(net, Moments.from_samples(X, y, sample_weight=copies * weights))
    assert found.coef[0].tolist() == landscape.linear_map(landscape.global_minimum.index).slopes.tolist()
    assert (found.coef != bootstrap(net, X, y, draws=3, seed=0).coef).any()


@pytest.mark.parametrize("draws", [1, 0, -3, True, 2.5, 10**7])
def test_draws_are_a_whole_number(draws):
    with pytest.raises(InputError, match="draws is"):
        bootstrap(Network(0, decays=1), [[1], [2]], [1, 2], draws=draws)


@pytest.mark.parametrize("level", [0, 1, "1.5", -1])
def test_levels_are_between_0_and_1(level):
    found = bootstrap(Network(0, decays=1), [[1], [2]], [1, 2], draws=2)
    with pytest.raises(InputError, match="level of confidence"):
        found.interval(level)


def test_a_column_that_is_constant_in_a_draw_is_named_with_the_draw():
    X, y = [[0, 1], [0, 2], [1, 5], [0, 4]], [1, 2, 3, 4]
    net = Network(0, decays=1)
    with pytest.raises(InputError, match=r"in draw \d+ of 50: column 'x1' is constant"):
        bootstrap(net, X, y, draws=50, standardize=True)
    assert bootstrap(net, X, y, draws=50, center=True).coef.shape == (50, 2)


def test_progress_is_told():
    told = []
    bootstrap(Network(0, decays=1), [[1], [2]], [1, 2], draws=4, progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_columns_of_a_frame_may_be_target_and_weights():
    pandas = pytest.importorskip("pandas")
    X, y = samples(4, n=8)
    weights = np.arange(1, 9)
    frame = pandas.DataFrame(X, columns=["a", "b"]).assign(target=y, weight=weights)
    net = Network(1, widths=3, decays="1/50")
    found = bootstrap(net, frame, "target", sample_weight="weight", draws=3)
    assert found.features == ("a", "b")
    assert (found.coef == bootstrap(net, X, y, sample_weight=weights, draws=3).coef).all()
    assert (found.coef != bootstrap(net, X, y, draws=3).coef).any()
