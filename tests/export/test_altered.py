"""Exported solvers of networks with every noise: the file's minimum is the certified one of the network."""

import pytest

from symderive import InputError, Moments, Network, lambdify, solve
from symderive.export.altered import altered_data

DATA = Moments.from_samples([[1, 2], [3, 1], [0, 1], [2, 5]], [1, 2, 3, 9])
OTHERS = [
    {"weight_noise": "1/4"},
    {"feature_dropout": "0.1", "noise": "1/3"},
    {"feature_jitter": "1/2"},
    {"groups": 2, "noise": "1/2"},
    {"bias": True, "noise": "1/2"},
    {"target_noise": 1},
]


@pytest.mark.parametrize("others", OTHERS, ids=lambda others: next(iter(others)))
def test_the_live_solver_finds_the_minimum_of_the_network(others):
    net = Network(2, widths=4, decays="1/50", **others)
    landscape = solve(net, DATA)
    best = landscape.global_minimum
    seen = landscape.equation
    solver = lambdify(net, data=DATA)
    found = solver.global_minimum(mean_decay=0.02, noise_factor=float(seen.rho))
    assert float(found.loss) == pytest.approx(float(best.loss.mid()), rel=1e-12)
    plain = lambdify(Network(2, widths=4, decays="1/50"), data=DATA)
    other = plain.global_minimum(mean_decay=0.02, noise_factor=float(seen.rho))
    if "groups" not in others:  # there the data stay as they are
        assert float(other.loss) != pytest.approx(float(best.loss.mid()), rel=1e-6)


def test_without_data_other_noise_is_refused():
    with pytest.raises(InputError, match="exported without data"):
        lambdify(Network(2, widths=4, decays=1, weight_noise=1))


def test_plain_noise_leaves_the_data_alone():
    assert altered_data(Network(2, widths=4, decays=1, noise=1), DATA) is DATA


def test_the_command_says_what_the_data_are(run, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("a,b,y\n1,2,1\n3,1,2\n0,1,3\n2,5,9\n")
    common = ("export", "--language", "mpmath", "--depth", "2")
    data = ("--data", table, "--target", "y")
    code, out, err = run(*common, *data, "--width", "4", "--dropconnect", "0.2", "--bias", "--check")
    assert (code, err) == (0, "")
    code, out, err = run(*common, *data, "--width", "4", "--dropconnect", "0.2", "--bias")
    assert code == 0
    text = " ".join(out.replace("#", " ").split())
    assert "t.csv, altered by weight noise 1 over 4, a free output bias, for noise_factor 1" in text
    for line, said in (
        ((*common, "--width", "4", "--bias"), "give --data FILE"),
        (("export", "--language", "mpmath", *data, "--width", "4", "--bias"), "give --depth K"),
        ((*common, *data, "--width", "4"), "go with options of noise"),
        ((*common, *data, "--bias"), "widths of 2 hidden layers are missing"),
    ):
        code, out, err = run(*line)
        assert (code, out) == (2, "")
        assert said in err
