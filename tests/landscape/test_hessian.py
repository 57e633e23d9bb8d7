"""The Hessian at any width: against automatic differentiation, exact cases, known structure, descent."""

import random
import time
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat
from oracles.sampled import fewer, some
from oracles.tools import Library

from symderive import Moments, Network, Spectrum, solve
from symderive.arithmetic.eigenvalues import symmetric_axes
from symderive.arithmetic.exact import TURN, working_precision
from symderive.landscape.hessian.blocks import HessianBlocks
from symderive.landscape.hessian.secular import CoupledBlock
from symderive.report.landscape import landscape_record

torch = Library("torch")

#: What differentiation in doubles is off by at most, relative to the norm of the Hessian.
AUTODIFF_TOLERANCE = 1e-10

#: Seconds that count as "the time of the small blocks" on a busy machine; see the sizes where it is used.
QUICK = 3.0

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
ONE = Spectrum.of([1], [1])


def number(ball):
    return float(ball.mid())


def spectrum_of(hessian):
    """The eigenvalues in floats, each as often as it occurs."""
    found = hessian.eigenvalues()
    values = np.repeat([number(one.value) for one in found], [one.multiplicity for one in found])
    return np.sort(values)


def inertia_of(hessian):
    """How many eigenvalues are certainly negative, certainly 0 and certainly positive, from the balls."""
    found = hessian.eigenvalues()
    signs = (lambda x: x < 0, lambda x: x.is_zero(), lambda x: x > 0)
    return tuple(sum(one.multiplicity for one in found if sign(one.value)) for sign in signs)


# -- automatic differentiation -----------------------------------------------------------------------------


def full_loss(net, A, v):
    """The expected loss of all weights, flattened, from the second moments layer by layer."""
    widths, noise = [int(w) for w in net.widths], [float(s) for s in net.noise]
    sizes, decays = [len(v), *widths, 1], [float(g) for g in net.decays]

    def loss(weights):
        second, signal, total, start = A, v, 0.0, 0
        for i, decay in enumerate(decays):
            rows, columns = sizes[i + 1], sizes[i]
            W = weights[start : start + rows * columns].reshape(rows, columns)
            start += rows * columns
            total = total + decay * (W * W).sum()
            second, signal = W @ second @ W.T, W @ signal
            if i < len(noise):
                second = second + noise[i] * torch.diag(torch.diag(second))
        return total + second.sum() - 2 * signal.sum()

    return loss


def differentiated(landscape, index):
    """The eigenvalues of the Hessian by automatic differentiation."""
    data = landscape.data
    loss = full_loss(
        landscape.net,
        torch.tensor(np.array(data.A, dtype=float)),
        torch.tensor(np.array(data.v, dtype=float)[:, 0]),
    )
    layers = landscape.layers(index).floats()
    point = torch.tensor(np.concatenate([layer.ravel() for layer in layers.values()]))
    return np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, point, vectorize=True).numpy())


def random_problem(rng):
    depth, features = rng.randint(1, 4), rng.randint(1, 4)
    X = [[rng.randint(-9, 9) for _ in range(features)] for _ in range(features + 3)]
    y = [row[0] + rng.randint(-3, 3) for row in X]
    net = Network(
        depth,
        widths=[rng.randint(1, 4 if depth < 4 else 3) for _ in range(depth)],
        decays=[Fraction(rng.randint(1, 40), 20) for _ in range(depth + 1)],
        noise=[Fraction(rng.choice([0, 0, 1, 2, 5]), 4) for _ in range(depth)],
    )
    return net, Moments.from_samples(X, y)


def random_landscapes(count, seed=0):
    """Landscapes with at least one point, noises of 0 among them."""
    rng = random.Random(seed)
    while count:
        net, data = random_problem(rng)
        if data.v_norm_squared and (landscape := solve(net, data, digits=15)).points:
            count -= 1
            yield landscape


def distance(found, expected):
    """The largest difference of two spectra relative to the norm, infinite for different sizes."""
    if len(found) != len(expected):
        return np.inf
    return abs(found - expected).max() / abs(expected).max()


@pytest.mark.torch
def test_the_spectrum_is_that_of_automatic_differentiation():
    minima = saddles = silent = 0
    for landscape in random_landscapes(fewer(30, 100)):
        silent += any(s == 0 for s in landscape.net.noise)
        for point in landscape.points:
            hessian = landscape.hessian(point.index)
            assert hessian.complete
            assert (
                distance(spectrum_of(hessian), differentiated(landscape, point.index)) < AUTODIFF_TOLERANCE
            )
            minima += hessian.morse_index == 0
            saddles += hessian.morse_index == 1
    assert min(minima, saddles, silent) > fewer(4, 20)


@pytest.mark.torch
def test_the_origin_is_that_of_automatic_differentiation():
    for landscape in random_landscapes(20, seed=1):
        found = spectrum_of(landscape.hessian(None))
        assert distance(found, differentiated(landscape, None)) < AUTODIFF_TOLERANCE


@pytest.mark.torch
def test_another_noise_or_multiplicity_is_another_spectrum():
    wrong_noise = wrong_count = 0
    for landscape in random_landscapes(12, seed=2):
        expected = differentiated(landscape, 0)
        maker = HessianBlocks(landscape.net, landscape.equation)
        right = maker.at(landscape.ridges[0], 15)
        assert distance(spectrum_of(right), expected) < AUTODIFF_TOLERANCE
        net = landscape.net
        if any(s and w > 1 for s, w in zip(net.noise, net.widths, strict=True)):
            wrong = HessianBlocks(net, landscape.equation)
            wrong._blurs = [s / w for s, w in zip(net.noise, net.widths, strict=True)]
            miss = distance(spectrum_of(wrong.at(landscape.ridges[0], 15)), expected)
            assert miss > 1e3 * AUTODIFF_TOLERANCE
            wrong_noise += 1
        for i, block in enumerate(right.blocks):
            blocks = list(right.blocks)
            blocks[i] = replace(block, copies=block.copies + 1)
            assert distance(spectrum_of(replace(right, blocks=tuple(blocks))), expected) == np.inf
            wrong_count += 1
    assert min(wrong_noise, wrong_count) > 5


# -- inertia -----------------------------------------------------------------------------------------------


def random_spectrum(rng):
    features = rng.choice([1, 2, 4, 7])
    a = [Fraction(rng.randint(1, 99)) * Fraction(10) ** rng.randint(-3, 3) for _ in range(features)]
    a[0] = a[-1]  # a repeated eigenvalue, and parts of v that are 0
    return Spectrum.of(a, [x * Fraction(rng.choice([0, *range(1, 99)]), 100) for x in a])


def random_network(rng, depth):
    decays = [Fraction(rng.randint(1, 30), rng.choice([10, 100, 1000])) for _ in range(depth + 1)]
    noise = [Fraction(rng.randint(0, 4), 2) for _ in range(depth)]
    return Network(depth, widths=[rng.randint(1, 5) for _ in range(depth)], decays=decays, noise=noise)


def test_the_balls_have_the_inertia_of_the_formulas():
    """Index 0 at every upward crossing and 1 at every downward one."""
    rng, count = random.Random(3), 0
    for _ in range(60):
        net = random_network(rng, rng.choice([1, 2, 3, 6]))
        landscape = solve(net, random_spectrum(rng), digits=20)
        for point in landscape.points:
            hessian = landscape.hessian(point.index)
            assert hessian.morse_index == (point.kind == "saddle")
            assert inertia_of(hessian) == (hessian.morse_index, hessian.nullity, hessian.positive)
            assert (hessian.morse_index, hessian.nullity) == landscape.inertia(point.index)
            free = [w - 1 for w, s in zip(net.widths, net.noise, strict=True) if s == 0]
            assert hessian.nullity == sum(free)
            extremes = landscape.hessian(point.index, spectrum=False)
            assert extremes.smallest.overlaps(hessian.smallest)
            assert extremes.largest.overlaps(hessian.largest)
            assert min(x.rel_accuracy_bits() for x in (*hessian.extremes, *extremes.extremes)) > 70
            count += 1
    assert count > 60


def test_a_double_root_adds_a_flat_direction():
    flat = solve(Network(2, widths=4, decays=("27/64", "1/4", 1)), ONE)
    hessian = flat.hessian(0)
    assert (hessian.morse_index, hessian.nullity) == (0, 3 + 3 + 1)
    assert inertia_of(hessian) == (0, 7, hessian.size - 7)
    nearly = solve(Network(2, widths=4, decays=("27/64", "1/4", 1 - Fraction(1, 10**100))), ONE)
    assert [nearly.inertia(p.index) for p in nearly.points] == [(0, 6), (1, 6)]
    for point in nearly.points:  # twice a curvature of about ± 10^-50
        smallest = nearly.hessian(point.index).smallest
        assert (smallest < 0) == (point.kind == "saddle")
        assert 1e-51 < abs(number(smallest)) < 1e-49
        assert smallest.rel_accuracy_bits() > 100


def test_an_undecided_point_has_no_inertia():
    landscape = solve(Network(2, widths=4, decays=("27/64", "1/4", 1 - Fraction(1, 10**900))), ONE)
    hessian = landscape.hessian(0)
    assert (hessian.morse_index, hessian.nullity, hessian.positive) == (None, None, None)
    assert landscape.inertia(0) == (None, None)
    assert hessian.smallest.contains(0)
    assert hessian.condition_number is None
    record = landscape_record(landscape, None)["points"][0]
    assert (record["index"], record["nullity"]) == (None, None)
    assert record["sharpness"].startswith("3.13655340584")


def test_tiny_curvature_at_far_saddles_keeps_its_sign_and_digits():
    """χ ~ 10^-40: the soft directions of layer 2 have curvature 4γγ'χν/(…), which no float resolves."""
    landscape = solve(Network(2, widths=3, decays="1/10", noise=1), Spectrum.of([Fraction(1, 10**20)], [1]))
    point = landscape.points[-1]
    assert point.kind == "saddle"
    with mpmath.workdps(80):
        text = landscape.ridges[-1].enclose(60).mid().str(70, radius=False)
        rho = mpmath.mpf(4 * 4) / 9
        r = rho * mpmath.mpf(10) ** -20 / mpmath.mpf(text) / 4  # χν
        gamma = mpmath.mpf(1) / 10
        plus = gamma * (1 + r)
        # The 2 × 2 matrix, doubled: 2γ(1 + r ± (1 - r)).
        soft, stiff = (2 * (plus - gamma * (1 - r)), 2 * (plus + gamma * (1 - r)))
        blocks = landscape.hessian(point.index).blocks
        pair = next(b for b in blocks if b.kind == "neurons" and b.layers == (2,))
        found = [mpmath.mpf(e.value.mid().str(60, radius=False)) for e in pair.eigenvalues]
        assert 0 < soft < mpmath.mpf(10) ** -19
        assert abs(found[0] / soft - 1) < mpmath.mpf(10) ** -29
        assert abs(found[1] / stiff - 1) < mpmath.mpf(10) ** -29
    at = float(r)
    in_floats = np.linalg.eigvalsh(0.2 * np.array([[1 + at, at - 1], [at - 1, 1 + at]]))
    assert abs(in_floats[0] / float(soft) - 1) > 0.1


# -- size --------------------------------------------------------------------------------------------------


def test_width_a_million_takes_the_time_of_the_small_blocks():
    landscape = solve(Network(2, widths=10**6, decays="1/50", dropout="1/10"), FOUR)
    start = time.perf_counter()
    sizes = {landscape.hessian(p.index).size for p in landscape.points}
    assert time.perf_counter() - start < QUICK
    assert sizes == {2 * 10**6 + 10**12 + 10**6}
    for point in landscape.points:
        hessian = landscape.hessian(point.index)
        assert inertia_of(hessian) == (hessian.morse_index, 0, hessian.size - hessian.morse_index)


@pytest.mark.ci
@pytest.mark.parametrize("equal", [True, False])
def test_depth_a_thousand(equal):
    """With a thousand different decays the extremes come from counts; with equal ones all is listed."""
    decays = "1/1000" if equal else [Fraction(1000 + k, 10**6) for k in range(1001)]
    data = Spectrum.of([Fraction(1, 1000)], [1])
    landscape = solve(Network(1000, widths=50, decays=decays, noise="1/100"), data)
    assert len(landscape.points) == 2
    start = time.perf_counter()
    lowest, highest = (landscape.hessian(i) for i in (0, 1))
    assert time.perf_counter() - start < (1 if equal else 3) * QUICK
    assert lowest.complete is highest.complete is equal
    assert (lowest.morse_index, highest.morse_index) == (0, 1)
    assert highest.smallest < 0 < lowest.smallest
    assert all(x.rel_accuracy_bits() > 100 for x in (*lowest.extremes, *highest.extremes))


@pytest.mark.ci
def test_many_features_have_certified_extremes():
    """A general second moment beyond the size that is refined; the exact one is diagonal in disguise."""
    features = 66
    a = [Fraction(k + 1, 7) for k in range(features)]
    p = [x * Fraction(1, 50) for x in a]
    rotated = reflected(a, p)
    net = Network(2, widths=8, decays="1/100", noise="1/9")
    plain, general = solve(net, Spectrum.of(a, p, 100)), solve(net, rotated)
    for point in plain.points:
        exact, found = plain.hessian(point.index), general.hessian(point.index)
        assert not found.complete
        assert found.largest.overlaps(exact.largest)
        assert found.smallest.overlaps(exact.smallest)
        assert found.largest.rel_accuracy_bits() > 30
        assert exact.largest.rel_accuracy_bits() > 100
        assert (found.morse_index, found.nullity) == (exact.morse_index, exact.nullity)
    assert general.sharpness(0) is not None
    wide = Moments.given(np.eye(101, dtype=int).tolist(), [1] * 101, 1000)
    assert solve(net, wide).sharpness(0) is None


def reflected(a, p):
    """Moments with the given eigenvalues, and about the given p_i, in other coordinates: Q = I - 2uuᵀ."""
    size = len(a)
    Q = [[(i == j) - Fraction(2, size) for j in range(size)] for i in range(size)]
    v = [Fraction(round(float(x) ** 0.5 * 10**15), 10**15) for x in p]
    A = [[sum(Q[i][k] * a[k] * Q[k][j] for k in range(size)) for j in range(size)] for i in range(size)]
    return Moments.given(A, [sum(Q[i][k] * v[k] for k in range(size)) for i in range(size)], 100)


# -- what it is good for -----------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize("seed", some([4, 5], 2, ci=1))
def test_gradient_descent_is_stable_up_to_the_largest_step(seed):
    landscape = next(
        found
        for found in random_landscapes(50, seed=seed)
        if found.points[0].kind.endswith("minimum") and found.inertia(0) == (0, 0) and found.net.depth > 1
    )
    hessian = landscape.hessian(0)
    data = landscape.data
    loss = full_loss(
        landscape.net,
        torch.tensor(np.array(data.A, dtype=float)),
        torch.tensor(np.array(data.v, dtype=float)[:, 0]),
    )
    layers = landscape.layers(0).floats().values()
    goal = torch.tensor(np.concatenate([layer.ravel() for layer in layers]))
    generator = torch.Generator().manual_seed(seed)
    start = goal + 1e-7 * torch.randn(goal.shape, generator=generator, dtype=goal.dtype)

    def growth(step):
        weights, away = start.clone(), []
        for i in range(500):
            weights = weights.detach().requires_grad_()
            (slope,) = torch.autograd.grad(loss(weights), weights)
            weights = weights.detach() - step * slope
            if i in (299, 499):
                away.append(float((weights - goal).norm()))
        return away[1] / away[0]

    step = number(hessian.largest_step)
    assert growth(0.99 * step) < 1
    assert growth(1.01 * step) > 1


def test_condition_number_and_step_of_a_hand_made_case():
    """Ridge regression: the Hessian is 2(A + γ)."""
    landscape = solve(Network(0, decays=1), Moments.given([[3, 1], [1, 3]], [1, 0], 9))
    hessian = landscape.hessian(0)
    assert [number(e.value) for e in hessian.eigenvalues()] == pytest.approx([6, 10], rel=1e-15)
    assert number(hessian.largest_step) == pytest.approx(0.2, rel=1e-15)
    assert number(hessian.condition_number) == pytest.approx(5 / 3, rel=1e-15)
    assert solve(Network(2, widths=3, decays="1/50"), FOUR).hessian(1).condition_number is None


@pytest.mark.parametrize("decay", [0, 1])
def test_least_squares_is_flat_where_the_data_are(decay):
    X = np.array([[1, 2, 3, 0], [0, 1, 1, 1]])
    landscape = solve(Network(0, decays=decay), Moments.from_samples(X, [1, 2]))
    hessian = landscape.hessian(0)
    assert (hessian.morse_index, hessian.nullity) == (0, 0 if decay else 2) == landscape.inertia(0)
    expected = np.linalg.eigvalsh(2 * (X.T @ X / 2 + decay * np.eye(4)))
    assert spectrum_of(hessian) == pytest.approx(expected, abs=1e-13)
    spectral = solve(Network(0, decays=decay), Spectrum.of([0, 0, 1, 1, 2], [0, 0, 1, 1, 1]))
    assert spectral.hessian(0).nullity == (0 if decay else 2)
    assert sorted(e.multiplicity for e in spectral.hessian(0).eigenvalues()) == [1, 2, 2]


def test_the_origin_with_one_hidden_layer():
    """γ_u γ_1 against ‖v‖² = 1: index 3 below, 3 flat directions at, a minimum above; width 3."""
    for decay, inertia in ((Fraction(99, 100), (3, 0)), (1, (0, 3)), (Fraction(101, 100), (0, 0))):
        landscape = solve(Network(1, widths=3, decays=[decay, 1]), Spectrum.of([1, 2], [1, 0]))
        hessian = landscape.hessian(None)
        assert (hessian.morse_index, hessian.nullity) == inertia == landscape.inertia(None)
        assert inertia_of(hessian) == (*inertia, 9 - sum(inertia))
    silent = solve(Network(2, widths=3, decays=[0, 1, 0]), Moments.given([[1]], [0], 1)).hessian(None)
    assert (silent.morse_index, silent.nullity, silent.positive) == (0, 6, 9)


# -- the tools underneath ----------------------------------------------------------------------------------


def rotation(size, seed):
    """An orthogonal matrix to all bits: Newton's iteration from floats."""
    Q = arb_mat(np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))[0].tolist())
    identity = arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    for _ in range(6):
        Q = (Q * (identity * 3 - Q.transpose() * Q) * arb(0.5)).mid()
    return Q


@pytest.mark.parametrize(
    "eigenvalues",
    [
        [10 ** Fraction(3 * k) for k in range(-6, 6)],
        [1 + Fraction(1, 10 ** (5 * k)) for k in range(12)],
        [Fraction(1)] * 6 + [Fraction(2)] * 6,
        [Fraction(0)] * 4 + [Fraction(k, 10**40) for k in range(1, 5)] + [Fraction(3)] * 4,
        [Fraction(-(10**200)), Fraction(-1), Fraction(1, 10**200), Fraction(10**200)],
        [Fraction(7)],
    ],
    ids=["graded", "hierarchy", "multiple", "clusters", "huge", "single"],
)
def test_axes_of_clustered_and_graded_matrices(eigenvalues):
    expected = sorted(eigenvalues)
    size, bits = len(expected), 1600 if abs(expected[0]) > 10**100 else 400
    with TURN, working_precision(bits):
        Q = rotation(size, size)
        values = [arb(x.numerator) / x.denominator for x in expected]
        D = arb_mat(size, size, [values[i] if i == j else 0 for i in range(size) for j in range(size)])
        matrix = Q * D * Q.transpose()
        axes = symmetric_axes((matrix + matrix.transpose()) * arb(0.5))
        largest = max(abs(x) for x in values)
        assert axes.error < largest * arb(2) ** (60 - bits)
        assert all(ball.overlaps(x) for ball, x in zip(axes.eigenvalues(), values, strict=True))
        shifted = [x + largest * arb(2) ** (80 - bits) for x in values]
        assert not any(ball.overlaps(x) for ball, x in zip(axes.eigenvalues(), shifted, strict=True))


def test_counts_are_those_of_the_matrix():
    rng = np.random.default_rng(6)
    for _ in range(40):
        size, layers = rng.integers(1, 5), rng.integers(1, 4)
        m = rng.normal(size=size)
        with TURN, working_precision(128):
            length = sum((arb(x) * arb(x) for x in m), arb(0)).sqrt()
            block = CoupledBlock(
                arb(rng.uniform(0.1, 2)),
                tuple(arb(x) for x in rng.uniform(0, 5, size)),
                tuple(arb(x) / length for x in m),
                tuple(
                    (arb(x), int(n)) for x, n in zip(rng.uniform(0.1, 2, layers), (1, 2, 3), strict=False)
                ),
                arb(0),
            )
            floats = np.linalg.eigvalsh([[number(x) for x in row] for row in block.matrix().tolist()])
            for x in rng.uniform(-2, 8, 20):
                assert block.count_below(arb(x)) == (floats < x).sum()
            places = range(block.size)
            bisected = [block.eigenvalue(place, 80) for place in places]
            assert [number(x) for x in bisected] == pytest.approx(floats, abs=1e-12)
            assert all(x.overlaps(y) for x, y in zip(bisected, block.eigenvalues(), strict=True))
            # A direction that is not of length 1 is another block, which the counts notice.
            longer = replace(block, direction=tuple(2 * x for x in block.direction))
            wrong = [longer.count_below(arb(x)) == (floats < x).sum() for x in np.linspace(-2, 8, 60)]
            assert not all(wrong)


def test_an_error_of_the_axes_widens_every_ball():
    """Weyl's inequality, checked on matrices with R moved by less than the error."""
    rng = np.random.default_rng(7)
    with TURN, working_precision(128):
        block = CoupledBlock(
            arb(0.5), (arb(1), arb(2)), (arb(0.6), arb("0.8")), ((arb(0.3), 2), (arb(1), 1)), arb(1e-3)
        )
        wide, plain = block.eigenvalues(), replace(block, error=arb(0))
        for _ in range(20):
            moved = tuple(
                r + arb(x) for r, x in zip(block.stiffness, rng.uniform(-1e-3, 1e-3, 2), strict=True)
            )
            shifted = replace(plain, stiffness=moved).eigenvalues()
            assert all(ball.contains(x.mid()) for ball, x in zip(wide, shifted, strict=True))
        far = replace(plain, stiffness=(arb(1.1), arb(2.1))).eigenvalues()
        assert not all(ball.contains(x.mid()) for ball, x in zip(wide, far, strict=True))
