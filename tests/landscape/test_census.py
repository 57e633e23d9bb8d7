"""The census of small networks: Gröbner bases, published counts, topology, the Hessian."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import arb, arb_mat
from oracles.sampled import fewer, some
from oracles.stationary_counts import ARCHITECTURES, FOUR_ROOTS, count_exactly, one_feature

from symderive import InputError, Moments, Network, Spectrum, polynomial_loss, solve, take_census
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.formulas.polynomial_loss import symbolic_weights
from symderive.full_loss.hessian_matrix import Inertia, hessian_matrix, inertia
from symderive.full_loss.recursion import full_loss
from symderive.landscape.census import complex_points
from symderive.landscape.topology import CriticalManifold, audit
from symderive.verdict import Verdict

#: Depth 2 with a = v = 1: the two points meet at these decays.
SPINODAL = ["27/64", "1/4", 1]

ONE = one_feature(1, 1)
QUICK = [name for name, case in ARCHITECTURES.items() if not case.slow]


def manifolds(census):
    return [one.manifold for one in census.sets]


# -- how many there are ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", some(QUICK, 2, ci=1))
def test_the_numbers_are_those_of_a_groebner_basis(name):
    case = ARCHITECTURES[name]
    assert count_exactly(case.net, case.data) == (case.complex, case.real)
    census = take_census(case.net, case.data, digits=15)
    assert census.points == case.real
    assert census.complete
    assert census.audit.verdict is Verdict.CHECKED


def test_at_least_ten_architectures_are_recomputed_and_they_differ():
    assert len(QUICK) >= 10
    assert len({(case.complex, case.real) for case in ARCHITECTURES.values()}) >= 10
    # Near-miss: with fewer neurons, less decay or other noise the exact numbers are others.
    case = ARCHITECTURES["1-2, nothing with one neuron"]
    weak = Network(2, widths=case.net.widths, decays="1/5", noise=case.net.noise)
    assert count_exactly(weak, case.data)[1] == 33 == take_census(weak, case.data, digits=15).points


def test_points_that_are_not_isolated_have_no_exact_number():
    net = Network(1, widths=2, decays="1/5")
    with pytest.raises(ValueError, match="not isolated"):
        count_exactly(net, ONE)
    assert take_census(net, ONE).points is None


@pytest.mark.parametrize(("depth", "published"), [(1, 5), (2, 17), (3, 49), (4, 129)])
def test_scalar_networks_have_the_published_numbers(depth, published):
    """Bharadwaj and Hoşten, arXiv:2301.12651, tables; row 1 of their Table 3.2 prints 16 where it is 17."""
    assert 1 + depth * 2 ** (depth + 1) == published
    unequal = [Fraction(1, 5 + i) for i in range(depth + 1)]
    noise = [Fraction(i, 7) for i in range(depth)]
    scaled = Moments.from_samples([[2], [5], [9]], [1, 3, 4], standardize=True)
    for net, data in (
        (Network(depth, widths=1, decays="1/7"), ONE),
        (Network(depth, widths=1, decays=unequal, noise=noise), one_feature("3/2", "-4/3")),
        (Network(depth, widths=1, decays=10), ONE),
        (Network(depth, widths=1, decays="1/7"), scaled),
    ):
        assert complex_points(net, data) == published
        roots = len(solve(net, data).points)
        assert roots in (0, min(depth, 2))
        assert take_census(net, data, digits=15).points == 1 + 2**depth * roots


def test_scalar_points_that_coincide_count_once():
    assert complex_points(Network(2, widths=1, decays=SPINODAL), ONE) == 17 - 4
    assert complex_points(Network(2, widths=1, decays=["27/64", "1/4", "1.001"]), ONE) == 17
    # One hidden layer: two points reach the origin where γ_u γ_1 = v².
    assert complex_points(Network(1, widths=1, decays=[2, "1/2"]), ONE) == 3
    assert complex_points(Network(1, widths=1, decays=[2, "1/2"]), one_feature(0, 0)) == 1
    wide, scalar = Network(1, widths=2, decays=1), Network(1, widths=1, decays=1)
    for net, moments in ((wide, ONE), (scalar, FOUR_ROOTS)):
        with pytest.raises(InputError, match="not a scalar network"):
            complex_points(net, moments)


# -- topology ----------------------------------------------------------------------------------------------

AUDITED = [
    (Network(1, widths=3, decays=["1/5", "1/3"], noise="1/2"), ARCHITECTURES["1, two features"].data),
    (Network(2, widths=2, decays="1/50", noise=["1/50", "1/10"]), FOUR_ROOTS),
    (Network(2, widths=[3, 1], decays="1/50", noise=[0, 0]), FOUR_ROOTS),
    (Network(2, widths=[3, 2], decays="1/50", noise=[0, "1/10"]), FOUR_ROOTS),
    (Network(1, widths=3, decays="1/50"), FOUR_ROOTS),
    (Network(3, widths=[1, 2, 1], decays="1/30", noise=[1, "1/2", 0]), ONE),
]


@pytest.mark.parametrize(("net", "data"), AUDITED)
def test_a_missed_or_wrong_point_breaks_the_audit(net, data):
    census = take_census(net, data, digits=15)
    found = manifolds(census)
    assert census.audit.verdict is Verdict.CHECKED
    assert census.audit.total == 1
    assert census.audit.unseen == 0
    for i, one in enumerate(found):
        before, after = found[:i], found[i + 1 :]
        assert audit([*before, *after]).verdict is Verdict.REFUTED
        assert audit([*found, one]).verdict is Verdict.REFUTED
        assert audit([*before, replace(one, index=one.index + 1), *after]).verdict is Verdict.REFUTED
        one_less = replace(one, components=one.components - 1)
        assert audit([*before, one_less, *after]).verdict is Verdict.REFUTED
        unknown = replace(one, index=None, nullity=None)
        assert audit([*before, unknown, *after]).verdict is Verdict.UNDECIDED
        flat = replace(one, nullity=one.nullity + 1)
        assert audit([*before, flat, *after]).verdict is Verdict.UNDECIDED


def test_circles_are_not_seen_and_points_in_their_place_are():
    net = Network(2, widths=[2, 1], decays="1/50", noise=[0, "1/10"])
    census = take_census(net, FOUR_ROOTS)
    assert census.audit.total == 1
    assert census.audit.unseen == 4 == len(census.sets) - 1
    assert "4 sets of Euler characteristic 0 unseen" in str(census)
    assert audit(manifolds(census)[1:]).total == 1  # a missed circle
    sliced = Network(2, widths=1, decays="1/50", noise=[0, "1/10"])
    points = take_census(sliced, FOUR_ROOTS)
    for one, two in zip(census.sets[:-1], points.sets[:-1], strict=True):
        assert one.ridge.overlaps(two.ridge)
    assert audit(manifolds(points)[1:]).total != 1


def test_euler_characteristics():
    """A torus, a sphere times a sphere, three circles and four points."""
    shapes = {((1, 1), 1): 0, ((2, 2), 1): 4, ((1,), 3): 0, ((), 4): 4, ((2, 1), 1): 0, ((2,), 2): 4}
    for (spheres, components), value in shapes.items():
        assert CriticalManifold(0, sum(spheres), spheres, components).euler_characteristic == value


# -- index and nullity -------------------------------------------------------------------------------------


def random_problem(rng):
    depth, features = rng.randint(1, 3), rng.randint(1, 3)
    X = [[rng.randint(-9, 9) for _ in range(features)] for _ in range(features + 3)]
    y = [row[0] + rng.randint(-3, 3) for row in X]
    net = Network(
        depth,
        widths=[rng.randint(1, 3 if depth < 3 else 2) for _ in range(depth)],
        decays=[Fraction(rng.randint(1, 40), 20) for _ in range(depth + 1)],
        noise=[Fraction(rng.choice([0, 1, 2, 5]), 4) for _ in range(depth)],
    )
    return net, Moments.from_samples(X, y)


def test_random_networks_pass_the_audit_and_have_the_index_of_the_theory():
    """Index [H' < 0] + Σ (d_i - k_i) over layers with noise: proved, and not used by the census."""
    rng = random.Random(3)
    for _ in range(fewer(5, 12)):
        net, data = random_problem(rng)
        census = take_census(net, data, digits=12)
        assert census.audit.total == 1, (net, data)
        for one in census.sets[:-1]:
            dead = sum(int(d) - k for d, k in zip(net.widths, one.active, strict=True))
            part = solve(Network(net.depth, widths=one.active, decays=net.decays, noise=net.noise), data)
            falling = part.points[one.root].kind == "saddle"
            assert one.manifold.index == falling + dead
            assert one.kind == "saddle" or one.manifold.index == 0
            assert part.inertia(one.root) == (falling, one.manifold.nullity)


def exact_hessian(net, data, weights):
    """The Hessian of the loss as an explicit polynomial, at rational weights."""
    loss = polynomial_loss(net, A=data.A, v=data.v, c=sp.Integer(1))
    symbols = [x for layer in symbolic_weights(net, features=data.dimension) for x in layer]
    at = dict(zip(symbols, (x for layer in weights for row in layer for x in row), strict=True))
    return sp.hessian(loss, symbols).subs(at)


def random_weights(rng, sides):
    return [
        [[sp.Rational(rng.randint(-20, 20), 7) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in pairwise(sides)
    ]


@pytest.mark.parametrize("widths", some([[2], [2, 1], [1, 2, 1]], 3, 1, ci=1))
def test_the_hessian_matrix_holds_the_exact_one(widths):
    rng = random.Random(len(widths))
    depth = len(widths)
    net = Network(depth, widths=widths, decays=[Fraction(i + 1, 3) for i in range(depth + 1)], noise="1/3")
    data = ARCHITECTURES["1, two features"].data
    weights = random_weights(rng, [2, *widths, 1])
    expected = exact_hessian(net, data, weights)
    with TURN, working_precision(150):
        balls = [arb_mat([[arb(int(x.p)) / int(x.q) for x in row] for row in layer]) for layer in weights]
        found = hessian_matrix(full_loss(net, data, Balls()), balls)
        for i, row in enumerate(found.tolist()):
            for j, x in enumerate(row):
                exact = expected[i, j]
                assert x.overlaps(arb(int(exact.p)) / int(exact.q))
                assert x.rad() < 1e-35
                assert not x.overlaps(arb(int(exact.p)) / int(exact.q) + arb("1e-20"))


def test_inertia_of_matrices_with_known_signs():
    rng = random.Random(5)
    for _ in range(40):
        size = rng.randint(1, 9)
        signs = [rng.choice([-3, 0, 2]) for _ in range(size)]
        lower = [[rng.randint(-4, 4) if j < i else int(i == j) for j in range(size)] for i in range(size)]
        L, diagonal = sp.Matrix(lower), sp.diag(*signs)
        matrix = (L * diagonal * L.T).tolist()
        with TURN, working_precision(200):
            found = inertia(arb_mat([[int(x) for x in row] for row in matrix]))
            wide = inertia(arb_mat([[arb(int(x), 1e-20) for x in row] for row in matrix]))
        expected = Inertia(*(sum(s * sign > 0 for s in signs) for sign in (-1, 0, 1)))
        zeros = size - expected.negative - expected.positive
        assert found == wide == Inertia(expected.negative, zeros, expected.positive)
    # Zeros on the diagonal, and a ball that may have either sign.
    assert inertia(arb_mat([[0, 2, 0], [2, 0, 0], [0, 0, arb(0, 1e-9)]])) == Inertia(1, 1, 1)


def test_far_saddles_have_exact_signs():
    """At λ of 10^46 the negative eigenvalue is far below the rounding of floats."""
    net = Network(2, widths=[2, 1], decays="1e-15", noise=["1/2", 0])
    census = take_census(net, ONE, digits=10)
    assert max(one.ridge for one in census.sets[:-1]) > 1e28
    assert [one.manifold.index for one in census.sets] == [0, 1, 1, 2, 0]
    assert census.audit.total == 1


def test_noise_far_below_the_digits_still_separates_neurons():
    """With variance 10^-80 rotations of the first layer are almost flat."""
    data = Moments.given([[1, 0], [0, "1e-20"]], [10, "1e-12"], 200)
    net = Network(2, widths=2, decays=["1e-2", "1e-2", "1e-3"], noise=["1e-80", 100])
    census = take_census(net, data, digits=10)
    assert [one.manifold.index for one in census.sets] == [0, 1, 1, 2, 1, 2, 2, 3, 0]
    assert {one.manifold.nullity for one in census.sets} == {0}
    still = take_census(Network(2, widths=2, decays=net.decays, noise=[0, 100]), data, digits=10)
    assert [one.manifold.nullity for one in still.sets] == [1, 1, 1, 1, 0]


def test_degenerate_points_are_told_apart():
    net = Network(2, widths=1, decays=SPINODAL)
    census = take_census(net, ONE)
    assert [(one.kind, one.manifold.index, one.manifold.nullity) for one in census.sets] == [
        ("degenerate", 0, 1),
        ("global minimum", 0, 0),
    ]
    assert census.audit.verdict is Verdict.UNDECIDED
    assert "does not apply" in str(census)
    beside = take_census(Network(2, widths=1, decays=["27/64", "1/4", "0.999999999999"]), ONE)
    assert [one.manifold.index for one in beside.sets] == [0, 1, 0]
    assert beside.audit.total == 1
    # The double root of a sub-network: ρ = 1 + 1/1 for one of two neurons, and 1 + 1/2 for both.
    part = take_census(Network(2, widths=[2, 1], decays=SPINODAL, noise=[1, 0]), one_feature("1/2", 1))
    assert [(one.active, one.manifold.index, one.manifold.nullity) for one in part.sets] == [
        ((2, 1), 0, 0),
        ((2, 1), 1, 0),
        ((1, 1), 1, 1),
        ((0, 0), 0, 0),
    ]
    # One hidden layer at its threshold: only the origin is left, and it is flat.
    origin = take_census(Network(1, widths=2, decays=[2, "1/2"], noise="1/2"), ONE).sets
    assert [(one.manifold.index, one.manifold.nullity) for one in origin] == [(0, 2)]


def test_data_without_signal_or_of_low_rank():
    silent = take_census(Network(2, widths=2, decays=1, noise=1), one_feature(1, 0))
    assert [one.root for one in silent.sets] == [None]
    assert silent.audit.total == 1
    flat = Moments.given([[1, 1], [1, 1]], [1, 1], 2)
    low = take_census(Network(2, widths=[1, 2], decays="1/10", noise=[0, "1/4"]), flat)
    assert low.points == 33
    assert low.audit.total == 1


# -- what is refused, and how it looks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "data", "message"),
    [
        (Network(2, widths=9, decays=1), ONE, "99 weights, and a census is made of at most"),
        (Network(11, widths=2, decays=1, noise=1), ONE, "choices of active neurons|weights"),
        (Network(9, widths=2, decays=1, noise=1), ONE, "512 choices of active neurons"),
        (Network(0, decays=1), ONE, "depth 0"),
        (Network(1, widths=1, decays=[0, 1]), ONE, "decay of layer 1 is 0"),
        (Network.symbolic(2), ONE, "symbolic"),
        (Network(1, widths=1, decays=1, outputs=2), ONE, "outputs"),
        (Network(1, widths=1, decays=1), Spectrum.of([1], [1], 1), "give Moments"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(net, data, message):
    with pytest.raises(InputError, match=message):
        take_census(net, data)


def test_tables():
    net = Network(2, widths=[3, 2], decays="1/50", noise=[0, "1/10"])
    census = take_census(net, FOUR_ROOTS)
    lines = str(census).splitlines()
    assert lines[1].split() == ["active", "ridge", "λ", "loss", "L", "kind", "index", "nullity", "points"]
    assert len(lines) == 3 + len(census.sets)
    assert lines[4].endswith("global minimum  0      2        4 × S^2")
    assert lines[-2].split()[:2] == ["origin", "∞"]
    assert lines[-1] == "topology: Σ (-1)^index χ = 1, as it must be"
    latex = census._repr_latex_()
    assert latex.count(r"\\") == 1 + len(census.sets)
    assert r"4 \times S^2" in latex
    assert str(census) == str(take_census(net, FOUR_ROOTS))


def test_values_are_those_of_the_landscape():
    net, digits = Network(2, widths=2, decays="1/50", noise="1/50"), 40
    census, landscape = take_census(net, FOUR_ROOTS, digits=digits), solve(net, FOUR_ROOTS, digits=digits)
    for one, point in zip(census.sets, landscape.points, strict=False):
        assert one.ridge.overlaps(point.ridge)
        assert one.loss.rel_accuracy_bits() > 130
        assert one.kind == point.kind
    losses = np.array([float(one.loss.mid()) for one in census.sets])
    assert losses.min() == float(landscape.global_minimum.loss.mid())
