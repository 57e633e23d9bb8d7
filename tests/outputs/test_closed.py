"""Closed formulas for several outputs: against dropout masks, training on the full loss, near misses."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from flint import arb
from oracles.sampled import THOROUGH, some
from scipy.optimize import minimize

from symderive import InputError, Moments, Network, OutputMoments, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.outputs import surds
from symderive.outputs.convex import solve_convex
from symderive.outputs.dropout import water_filling
from symderive.outputs.isometry import isometry
from symderive.outputs.landscape import OutputLandscape
from symderive.outputs.surds import sign_of, square_of
from symderive.verdict import Verdict

V = [[2, 0, 0, 1], [0, 2, 0, 1], [1, 1, 3, 0]]
WHITE = OutputMoments.given("3/2", V, 30)
SINGULAR = [[2, 1, 0, 0], [1, 3, 1, 0], [0, 1, 2, 0], [0, 0, 0, 0]]
GENERAL = OutputMoments.given(SINGULAR, [[2, 1, 0, 0], [0, 1, 1, 0], [1, 1, 3, 0]], 60)
IDENTITY = OutputMoments.given(SINGULAR, SINGULAR, 8)

#: Relative loss that training may leave, and the loss that rounding in float64 may take away.
TRAINED, ROUNDING = 1e-10, 1e-12


def enumerated(layers, A, V, c, decays, keep):
    """The mean loss over all masks of the hidden neurons of one layer, from the definition."""
    W, U = layers
    total = 0.0
    for mask in product((0, 1), repeat=W.shape[0]):
        chance = np.prod([keep if kept else 1 - keep for kept in mask])
        M = U @ np.diag(np.array(mask) / keep) @ W
        total += chance * (np.trace(M @ A @ M.T) - 2 * np.trace(M @ V.T) + c)
    return total + decays[0] * (W**2).sum() + decays[1] * (U**2).sum()


def full_loss(layers, A, V, c, decays, variance):
    """The loss and its gradient in float64; noise on the only hidden layer, or none."""
    before = [np.eye(A.shape[0])]
    for W in layers:
        before.append(W @ before[-1])
    M = before[-1]
    loss = np.trace(M @ A @ M.T) - 2 * np.trace(M @ V.T) + c
    loss += sum(g * (W**2).sum() for g, W in zip(decays, layers, strict=True))
    after, slopes = np.eye(V.shape[0]), []
    for W, g, b in zip(layers[::-1], decays[::-1], before[-2::-1], strict=True):
        slopes.append(2 * (after.T @ (M @ A - V) @ b.T + g * W))
        after = after @ W
    slopes = slopes[::-1]
    if variance:
        W, U = layers
        out, seen = (U**2).sum(axis=0), ((W @ A) * W).sum(axis=1)
        loss += variance * (out * seen).sum()
        slopes[0] += 2 * variance * out[:, None] * (W @ A)
        slopes[1] += 2 * variance * U * seen
    return loss, slopes


def trained(net, A, V, c, *, starts, seed=0):
    """The lowest loss of BFGS on the full loss from random starts."""
    widths = [int(w) for w in net.widths]
    shapes = list(zip([*widths, V.shape[0]], [A.shape[0], *widths], strict=True))
    ends = np.cumsum([r * s for r, s in shapes])
    decays, variance = [float(g) for g in net.decays], float(max(net.noise))

    def flat(x):
        layers = [p.reshape(s) for p, s in zip(np.split(x, ends[:-1]), shapes, strict=True)]
        loss, slopes = full_loss(layers, A, V, c, decays, variance)
        return loss, np.concatenate([s.ravel() for s in slopes])

    rng, found = np.random.default_rng(seed), []
    for start in range(starts):
        x = rng.standard_normal(ends[-1]) * (0.5, 1, 2)[start % 3]
        for method, options in (
            ("L-BFGS-B", {"maxiter": 20000, "maxfun": 10**6, "ftol": 1e-16, "gtol": 1e-12}),
            ("BFGS", {"maxiter": 2000, "gtol": 1e-11}),
        ):
            x = minimize(flat, x, jac=True, method=method, options=options).x
        found.append(flat(x)[0])
    return min(found)


def arrays(data):
    return tuple(
        np.array([[float(Fraction(int(x.p), int(x.q))) for x in row] for row in m.tolist()])
        for m in (data.A, data.V)
    )


def random_case(seed):
    """A network and data of one of the cases: sizes up to 4, repeated values, narrow layers, zero modes."""
    rng = random.Random(seed)
    kind = ("dropout", "no decay", "no decay, singular", "autoencoder")[seed % 4]
    d, o = rng.randint(1, 4), rng.randint(1, 4)
    draw = lambda rows, columns: [[rng.randint(-4, 4) for _ in range(columns)] for _ in range(rows)]  # noqa: E731
    decays = [Fraction(rng.randint(1, 60), 40), Fraction(rng.randint(1, 60), 40)]
    noise = Fraction(rng.randint(0, 6), 3)
    width, depth = rng.randint(1, 5), 1
    if kind == "dropout":
        noise += Fraction(1, 3)
        v = draw(o, d)
        if rng.random() < 0.3:  # repeated singular values
            v = [[3 * (i == j) for j in range(d)] for i in range(o)]
        data = OutputMoments.given(Fraction(rng.randint(1, 6), 2), v, 500)
    else:
        F = np.array(draw(d - 1 if kind.endswith("singular") and d > 1 else d + 1, d))
        A = (F.T @ F).tolist()
        if kind == "autoencoder":
            noise, depth, o = Fraction(0), rng.randint(1, 3), d
            data = OutputMoments.given(A, A, sum(A[i][i] for i in range(d)) + 1)
            decays = [Fraction(rng.randint(1, 60), 20) for _ in range(depth + 1)]
        else:
            decays = 0
            v = (np.array(draw(o, d)) @ np.array(A)).tolist()
            data = OutputMoments.given(A, v, 10**5)
    widths = [rng.randint(1, 5) for _ in range(depth)] if depth > 1 else width
    return Network(depth, widths=widths, decays=decays, noise=noise, outputs=o), data


@pytest.mark.parametrize("seed", some(range(200), 25))
def test_random_cases_against_training(seed):
    net, data = random_case(seed)
    found = solve(net, data)
    A, V = arrays(data)
    lowest = trained(net, A, V, float(data.c), starts=12 if net.depth > 1 else 3, seed=seed)
    exact = float(found.loss.mid())
    scale = max(1.0, abs(exact))
    assert lowest >= exact - ROUNDING * scale * 100
    assert lowest == pytest.approx(exact, rel=TRAINED, abs=TRAINED)
    layers = list(found.floats().values())
    variance = float(max(net.noise))
    loss, slopes = full_loss(layers, A, V, float(data.c), [float(g) for g in net.decays], variance)
    assert loss == pytest.approx(exact, rel=1e-11)
    assert max(abs(s).max() for s in slopes) < 1e-8 * scale
    if THOROUGH or seed % 50 == 0:
        assert found.verify().verdict is Verdict.CHECKED


@pytest.mark.parametrize(
    ("net", "data"),
    [
        (Network(1, widths=5, decays=["1/3", "1/2"], dropout="1/3", outputs=3), WHITE),
        (Network(1, widths=2, decays=["1/3", "1/2"], dropout="1/2", outputs=3), WHITE),
        (Network(1, widths=4, decays=0, dropout="1/4", outputs=3), GENERAL),
    ],
)
def test_the_loss_is_the_mean_over_all_masks(net, data):
    found = solve(net, data)
    A, V = arrays(data)
    variance = float(net.noise[0])
    decays = [float(g) for g in net.decays]
    loss = enumerated(list(found.floats().values()), A, V, float(data.c), decays, 1 / (1 + variance))
    assert loss == pytest.approx(float(found.loss.mid()), rel=1e-13)
    # Moved layers cost more, and another claim is refuted.
    moved = [W * 1.01 for W in found.floats().values()]
    assert enumerated(moved, A, V, float(data.c), decays, 1 / (1 + variance)) > loss * (1 + 1e-9)
    assert found.verify().verdict is Verdict.CHECKED
    with TURN, working_precision(300):
        wrong = replace(found, loss=found.loss * (1 + arb(10) ** -20))
    assert wrong.verify().verdict is Verdict.REFUTED


def test_every_neuron_of_a_noisy_layer_carries_the_same():
    found = solve(Network(1, widths=7, decays=["1/3", "1/2"], noise="1/2", outputs=3), WHITE)
    W, U = found.floats().values()
    assert (W**2).sum(axis=1) == pytest.approx((W**2).sum() / 7, rel=1e-12)
    assert (U**2).sum(axis=0) == pytest.approx((U**2).sum() / 7, rel=1e-12)
    quiet = solve(Network(1, widths=7, decays=["1/3", "1/2"], noise=0, outputs=3), WHITE)
    assert isinstance(quiet, OutputLandscape)
    assert (quiet.floats()["U"] ** 2).sum(axis=0)[3:] == pytest.approx(0)


def test_one_output_agrees_with_the_scalar_problem():
    for noise in (0, "1/3"):
        net = Network(1, widths=3, decays=["1/3", "1/2"], noise=noise)
        several = solve(
            Network(1, widths=3, decays=["1/3", "1/2"], noise=noise, outputs=1),
            OutputMoments.given(2, [["1/2", 1]], 3),
            digits=40,
        )
        single = solve(net, Moments.given([[2, 0], [0, 2]], ["1/2", 1], 3), digits=40)
        best = min((point.loss for point in single.points), key=lambda x: x.mid(), default=arb(3))
        assert several.loss.overlaps(best)


def test_less_noise_ends_at_the_noiseless_modes():
    net = Network(1, widths=3, decays=["1/3", "1/2"], noise=Fraction(1, 10**30), outputs=3)
    near, at = solve(net, WHITE), solve(Network(1, widths=3, decays=["1/3", "1/2"], outputs=3), WHITE)
    assert abs(near.loss - at.loss) < arb("1e-28")
    assert near.loss > at.loss


def test_a_mode_at_its_threshold_is_told_exactly():
    """t = (2, 1), ν = 1: the second mode leaves at (1 + ν) 1 - ν 2 = 0; at t = (2, 3/2) at 1."""
    data = OutputMoments.given(1, [[2, 0], [0, "3/2"]], 30)
    for decay, sign in ((1, 0), (1 - Fraction(1, 10**40), 1), (1 + Fraction(1, 10**40), -1)):
        found = solve(Network(1, widths=2, decays=decay, noise=2, outputs=2), data)
        assert [mode.against_threshold for mode in found.modes] == [1, sign]
        assert found.rank == (2 if sign > 0 else 1)
        assert not found.tie
        assert found.verify().verdict is Verdict.CHECKED
    kept_out = OutputMoments.given(1, [[2, 0], [0, 1]], 30)
    tiny = solve(Network(1, widths=2, decays="1e-50", noise=2, outputs=2), kept_out)
    assert tiny.rank == 1


def test_irrational_values_at_their_threshold_are_told_exactly():
    """The singular values are φ = (√5 + 1)/2 and 1/φ = (√5 - 1)/2."""
    golden = OutputMoments.given(1, [[1, 1], [0, 1]], 30)
    root5, low, high = square_of(Fraction(5)), *golden.singular_squares[::-1]
    half = Fraction(1, 2)
    assert sign_of([(half, root5), (half, square_of(Fraction(1))), (Fraction(-1), high)]) == 0
    assert sign_of([(half, root5), (-half, square_of(Fraction(1))), (Fraction(-1), low)]) == 0
    off = square_of(Fraction(5) + Fraction(1, 10**60))
    assert sign_of([(half, off), (half, square_of(Fraction(1))), (Fraction(-1), high)]) == 1


def test_a_rank_that_takes_too_many_bits_is_undecided_and_the_loss_allows_for_both(monkeypatch):
    monkeypatch.setattr(surds, "MOST_BITS", 200)
    data = OutputMoments.given(1, [[3, 1, 0, 0], [1, 2, 5, 0], [0, 1, 1, 7], [2, 0, 1, 1]], 500)
    problem = water_filling(Network(1, widths=4, decays=1, noise="1/10", outputs=4), data)
    assert len(data.singular_squares[0].coefficients) == 5
    *_, (_, _, threshold) = problem.thresholds()
    mantissa, exponent = surds.sum_of(threshold, 600).mid().man_exp()
    # A decay that agrees with the threshold to more bits than are looked at.
    near = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    assert near > 0
    at, below, above = (
        solve(Network(1, widths=4, decays=decay, noise="1/10", outputs=4), data)
        for decay in (near, near * (1 - Fraction(1, 10**20)), near * (1 + Fraction(1, 10**20)))
    )
    assert at.modes[-1].against_threshold is None
    assert not at.is_rank_decided
    assert "undecided" in str(at)
    assert (below.rank, above.rank) == (4, 3)
    assert below.loss < at.loss < above.loss
    assert at.verify().verdict is Verdict.CHECKED


def test_outputs_that_know_nothing_of_the_inputs_are_not_learned():
    nothing = OutputMoments.given([[2, 1], [1, 1]], [[0, 0]], 3)
    found = solve(Network(1, widths=2, decays=0, noise=1, outputs=1), nothing)
    assert (found.rank, found.loss) == (0, 3)
    assert found.verify().verdict is Verdict.CHECKED


def test_repeated_values_cut_by_the_width_are_not_unique():
    data = OutputMoments.given(1, [[2, 0, 0], [0, 2, 0], [0, 0, 2]], 30)
    found = solve(Network(1, widths=2, decays="1/2", noise="1/2", outputs=3), data)
    assert (found.rank, found.tie) == (2, True)
    assert found.verify().verdict is Verdict.CHECKED
    wide = solve(Network(1, widths=3, decays="1/2", noise="1/2", outputs=3), data)
    assert (wide.rank, wide.tie) == (3, False)


def test_without_decay_the_best_map_of_its_rank_is_reached():
    """Reduced-rank regression: Eckart and Young, with A^{-1/2} in floats."""
    for depth in (1, 2, 3):
        found = solve(Network(depth, widths=2, decays=0, outputs=3), GENERAL)
        A, V = arrays(GENERAL)
        root = np.linalg.pinv(np.real(np.linalg.cholesky(A[:3, :3])))
        t = np.linalg.svd(V[:, :3] @ root.T, compute_uv=False)
        assert float(found.loss.mid()) == pytest.approx(60 - (t[:2] ** 2).sum(), rel=1e-13)
        assert found.verify().verdict is Verdict.CHECKED
    exact = OutputMoments.given(1, [[1, 0], [0, 1]], 2)
    assert solve(Network(1, widths=2, decays=0, outputs=2), exact).loss == 0
    assert solve(Network(1, widths=1, decays=0, outputs=2), exact).loss == 1
    assert solve(Network(1, widths=2, decays=0, noise=1, outputs=2), exact).loss > 0


def test_units_of_the_inputs_change_nothing_without_decay():
    rng = np.random.default_rng(0)
    X, Y = rng.integers(-9, 9, (12, 3)).astype(float), rng.integers(-9, 9, (12, 2)).astype(float)
    net = Network(1, widths=3, decays=0, noise="1/2", outputs=2)
    plain, scaled, white = (
        solve(net, OutputMoments.from_samples(X, Y, center=True, **options))
        for options in ({}, {"standardize": True}, {"whiten": True})
    )
    for found in (plain, scaled, white):
        assert found.loss.overlaps(plain.loss)
        assert found.verify().verdict is Verdict.CHECKED
    shifted = solve(net, OutputMoments.from_samples(X, Y))
    assert not shifted.loss.overlaps(plain.loss)


def test_an_autoencoder_shrinks_its_principal_directions():
    """Kunin et al. 2019 at depth 1: 1 - γ/a; the whitened one is a problem of equal modes."""
    found = solve(Network(1, widths=4, decays="3/2", outputs=4), IDENTITY)
    assert found.kind == "autoencoder"
    assert [mode.held for mode in found.modes] == [1, 1, 0]
    for mode, a in zip(found.modes, (4, 2), strict=False):
        assert mode.size.overlaps(1 - arb(3) / 2 / a)
    assert found.loss.overlaps(arb(8) - (arb(5) / 2) ** 2 / 4 - (arb(1) / 2) ** 2 / 2)
    M = found.floats()["U"] @ found.floats()["W1"]
    A = np.array(SINGULAR, dtype=float)
    assert np.allclose(M @ A, A @ M)


@pytest.mark.parametrize("depth", [1, 3])
def test_features_that_reconstruct_themselves_are_an_autoencoder(depth):
    X = [[1, 0, 2], [0, 2, 1], [1, 1, -1], [3, 0, 1]]
    data = OutputMoments.autoencoder(X, center=True)
    net = Network(depth, widths=2, decays="1/20", outputs=3)
    found = solve(net, data)
    assert found.kind == "autoencoder"
    A, V = arrays(data)
    centered = np.array(X) - np.mean(X, axis=0)
    assert np.allclose(A, centered.T @ centered / 4)
    lowest = trained(net, A, V, float(data.c), starts=6)
    assert lowest == pytest.approx(float(found.loss.mid()), rel=1e-8)
    # Near miss: standardized features do not reconstruct targets in their own unit as themselves.
    apart = OutputMoments.from_samples(X, X, center=True, standardize=True)
    assert solve(Network(1, widths=3, decays="1/20", outputs=3), apart, digits=8).loss != found.loss
    with pytest.raises(InputError, match="not white"):
        solve(Network(3, widths=3, decays="1/20", outputs=3), apart)


def test_an_autoencoder_agrees_with_the_convex_problem():
    net = Network(1, widths=4, decays=["1/3", "1/2"], outputs=4)
    closed, convex = solve(net, IDENTITY), solve_convex(net, IDENTITY, 30)
    assert abs(closed.loss - convex.loss) < arb("1e-12")
    other = solve_convex(Network(1, widths=4, decays=["1/3", "2/3"], outputs=4), IDENTITY, 30)
    assert abs(closed.loss - other.loss) > arb("1e-2")


def test_a_direction_of_an_autoencoder_at_its_transition_is_a_tie():
    """At D = 2 a direction ties at γ = a/2^{4/3}, γ³ = a³/16: three decays with the product 4³/16."""
    decays = [4, 2, "1/2"]
    found = solve(Network(2, widths=4, decays=decays, outputs=4), IDENTITY)
    assert found.rank == 0
    assert found.tie
    assert found.loss == 8
    below = solve(Network(2, widths=4, decays=[4, 2, "0.4999999"], outputs=4), IDENTITY)
    assert (below.rank, below.tie) == (1, False)
    assert below.loss < 8


@pytest.mark.parametrize(
    ("net", "data", "words"),
    [
        (Network(1, widths=2, decays=1, noise=1, outputs=3), GENERAL, "white inputs"),
        (Network(2, widths=2, decays=0, noise=1, outputs=3), GENERAL, "depth 1 only"),
        (Network(2, widths=2, decays=1, noise=1, outputs=3), WHITE, "depth 1 only"),
        (Network(1, widths=2, decays=[0, 1], noise=1, outputs=3), GENERAL, "some decays are 0"),
        (Network(2, widths=2, decays=1, outputs=3), GENERAL, "not white"),
    ],
)
def test_what_is_open_is_refused_with_the_reason(net, data, words):
    with pytest.raises(InputError, match=words) as caught:
        solve(net, data)
    assert len(str(caught.value)) < 300
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("sizes", "neurons"),
    [([3, 1], 4), ([1, 1, 1], 3), ([5, "1e-30", 2, 2], 7), ([1, 1, "1.00000000000000000000000000001"], 3)],
)
def test_an_isometry_has_a_constant_diagonal(sizes, neurons):
    mp = mpmath.MPContext()
    mp.dps = 40
    values = [mp.mpf(s) for s in sizes]
    Q = isometry(mp, values, neurons)
    diagonal = [mp.fsum(Q[i, j] ** 2 * s for j, s in enumerate(values)) for i in range(neurons)]
    assert max(diagonal) - min(diagonal) < mp.mpf(10) ** -37
    assert mp.mnorm(Q.T * Q - mp.eye(len(values)), 1) < mp.mpf(10) ** -37


def test_layers_are_written_and_read_again(tmp_path):
    found = solve(Network(1, widths=3, decays="1/3", noise="1/2", outputs=3), WHITE)
    found.save(tmp_path / "layers.npz")
    with np.load(tmp_path / "layers.npz") as read:
        assert all(np.array_equal(read[name], W) for name, W in found.floats().items())
    assert "water filling" in str(found)
