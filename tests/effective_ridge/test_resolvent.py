"""The resolvent moments against exact rational solves, and against the printed formulas."""

import random
from fractions import Fraction
from functools import lru_cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq, fmpq_mat

from symderive import Moments, Network
from symderive import symbols as sy
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.rational_systems import preimage
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.resolvent import DenseResolvent, SpectralResolvent
from symderive.effective_ridge.ridge import Ridge, values
from symderive.effective_ridge.ridge_system import DIRECT_SIZE
from symderive.effective_ridge.roots import isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.formulas.reduction import reduce, with_moments

BITS = 160
#: Bits that a response may lose: conditions are made up for in steps of 32 bits a solve.
LOST_BITS = 72
FIELDS = ("r1", "r2", "r3", "r4", "energy", "shrunk_energy")


def random_moments(d, seed, *, rows=None, standardize=False, scale=1):
    rng = random.Random(seed)
    rows = rows or 3 * d
    X = [[rng.randint(-99, 99) * (scale if j == 0 else 1) for j in range(d)] for _ in range(rows)]
    y = [sum(row) + rng.randint(-50, 50) for row in X]
    return Moments.from_samples(X, y, standardize=standardize, center=standardize)


def as_fmpq(x):
    return fmpq(x.numerator, x.denominator)


def exact_response(data, rho, ridge):
    """All six numbers in fractions: bᵀ(ρC + λV)^{-1}[V(ρC + λV)^{-1}]^{k-1} b and the two others."""
    d = data.dimension
    C = fmpq_mat([[as_fmpq(data.entry(i, j)) for j in range(d)] for i in range(d)])
    b = fmpq_mat([[as_fmpq(data.entry(i, d))] for i in range(d)])
    V = fmpq_mat([[as_fmpq(data.metric[i]) if i == j else 0 for j in range(d)] for i in range(d)])
    M = C * as_fmpq(rho) + V * as_fmpq(ridge)
    x = M.solve(b)
    y = M.solve(V * x)

    def dot(left, right):
        return (left.transpose() * right)[0, 0]

    return {
        "r1": dot(b, x),
        "r2": dot(x, V * x),
        "r3": dot(x, V * y),
        "r4": dot(y, V * y),
        "energy": as_fmpq(rho) * dot(x, C * x),
        "shrunk_energy": as_fmpq(rho) * dot(x, C * y),
    }


def assert_encloses(response, exact, *, lost=LOST_BITS, bits=BITS):
    for name in FIELDS:
        value = getattr(response, name)
        assert value.contains(exact[name]), name
        assert value.is_exact() or value.rel_accuracy_bits() > bits - lost, name


DATA = {
    "one feature": lambda: random_moments(1, 1),
    "five features": lambda: random_moments(5, 2),
    "standardized": lambda: random_moments(5, 3, standardize=True),
    "singular": lambda: random_moments(6, 4, rows=3),
    "badly scaled": lambda: random_moments(4, 5, scale=10**12),
    "badly scaled, standardized": lambda: random_moments(4, 5, scale=10**12, standardize=True),
    "refined": lambda: random_moments(DIRECT_SIZE + 12, 6),
    "refined, singular": lambda: random_moments(DIRECT_SIZE + 6, 7, rows=20),
    "refined, standardized": lambda: random_moments(DIRECT_SIZE + 6, 8, standardize=True),
}


@lru_cache
def data_of(name):
    return DATA[name]()


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("power", [-12, -3, 0, 6])
def test_dense_response_encloses_the_exact_solves(name, power):
    data, rho = data_of(name), Fraction(7, 4)
    trace = int(data.trace) + 1
    ridge = Fraction(2 ** trace.bit_length()) * Fraction(16) ** power
    with TURN, working_precision(BITS):
        response = DenseResolvent(data, rho).response(arb(as_fmpq(ridge)))
        assert_encloses(response, exact_response(data, rho, ridge))


@pytest.mark.parametrize("name", ["singular", "badly scaled", "refined, singular"])
@pytest.mark.parametrize("digits", [20, 60])
def test_a_ridge_far_below_the_rounding_of_the_matrix_is_no_obstacle(name, digits):
    """ρA + λ is singular to the working precision, whether A is or is only ill-conditioned."""
    data, rho, ridge = data_of(name), Fraction(3, 2), Fraction(1, 2 ** (3 * digits))
    with TURN, working_precision(BITS):
        response = DenseResolvent(data, rho).response(arb(as_fmpq(ridge)))
        assert_encloses(response, exact_response(data, rho, ridge))
        m = DenseResolvent(data, rho).ridge_solution(arb(as_fmpq(ridge)))
        d = data.dimension
        C = fmpq_mat(
            [
                [as_fmpq(rho * data.entry(i, j) + (ridge if i == j else 0)) for j in range(d)]
                for i in range(d)
            ]
        )
        b = fmpq_mat([[as_fmpq(data.entry(i, d))] for i in range(d)])
        for ball, exact in zip(m, C.solve(b).entries(), strict=True):
            assert ball.contains(exact)
            assert ball.rad() < arb(2) ** (LOST_BITS - BITS) * (1 + abs(ball))


@pytest.mark.parametrize("name", ["five features", "standardized", "refined", "singular"])
def test_a_ball_of_ridges_is_enclosed_too(name):
    data, rho = data_of(name), Fraction(1)
    for radius in (Fraction(1, 10), Fraction(1, 10**6), Fraction(1, 10**20)):
        center = Fraction(3, 2)
        with TURN, working_precision(BITS):
            ridge = arb(as_fmpq(center), as_fmpq(center * radius))
            response = DenseResolvent(data, rho).response(ridge)
            for shift in (-1, Fraction(-1, 3), 1):
                exact = exact_response(data, rho, center * (1 + shift * radius))
                assert all(getattr(response, f).contains(exact[f]) for f in FIELDS)
            relative = arb(as_fmpq(radius)) * 8 + arb(2) ** (LOST_BITS - BITS)
            assert all(getattr(response, f).rad() < relative * abs(arb(exact[f])) for f in FIELDS)


def test_wrong_solutions_are_not_enclosed():
    """Near-miss: another noise factor or ridge, off by 1e-30."""
    data, rho, ridge = data_of("five features"), Fraction(3, 2), Fraction(2)
    with TURN, working_precision(BITS):
        response = DenseResolvent(data, rho).response(arb(2))
        slip = 1 + Fraction(1, 10**30)
        for exact in (exact_response(data, rho * slip, ridge), exact_response(data, rho, ridge * slip)):
            assert not any(getattr(response, f).contains(exact[f]) for f in FIELDS)


def test_spectral_and_dense_agree_on_diagonal_data():
    a, v = [3, Fraction(1, 7), 0, 3, 5], [1, Fraction(1, 3), 0, -2, 0]
    data = Moments.given([[a[i] if i == j else 0 for j in range(5)] for i in range(5)], v, 9)
    spectrum = Spectrum.of(a, [x**2 for x in v], 9)
    rho = Fraction(5, 4)
    dense, spectral = DenseResolvent(data, rho), SpectralResolvent(spectrum, rho)
    assert dense.data.v_norm_squared == spectral.data.v_norm_squared
    assert dense.limit_norm_squared() == spectral.limit_norm_squared()
    assert data.explained == spectrum.explained
    assert spectral.largest == 3 * rho <= dense.largest
    with TURN, working_precision(BITS):
        for power in (-40, -3, 0, 50):
            ridge = arb(3) * arb(2) ** power
            exact = exact_response(data, rho, Fraction(3) * Fraction(2) ** power)
            assert_encloses(spectral.response(ridge), exact)
            assert_encloses(dense.response(ridge), exact)
            signs = [1, 1, 1, -1, 1]  # a spectrum knows p = (e·v)² only
            for x, y, s in zip(
                dense.ridge_solution(ridge), spectral.ridge_solution(ridge), signs, strict=True
            ):
                assert x.overlaps(s * y)


def test_exact_preimage_and_smallest_least_squares_solution():
    data = data_of("singular")
    d = data.dimension
    gram, right = data.split()
    w = preimage(gram, right)
    for i in range(d):
        assert sum(int(gram[i, j]) * w[j] for j in range(d)) == int(right[i, 0])
    C = np.array([[float(data.entry(i, j)) for j in range(d)] for i in range(d)])
    b = np.array([float(data.entry(i, d)) for i in range(d)])
    smallest = np.linalg.lstsq(C, b, rcond=None)[0]
    assert np.allclose(
        [float(x.mid()) for x in DenseResolvent(data, Fraction(1)).least_squares()], smallest, rtol=1e-9
    )
    assert sum(x * x for x in w) >= Fraction(float(smallest @ smallest)) * (1 - Fraction(1, 10**9))


# -- one source: the formulas that are printed are the numbers that are computed ---------------------------


FORMULA_DIGITS = 60


def at_ridge(expression, formula, data, ridge):
    """A printed formula at a numeric ridge: R_k by high-precision matrices, then evaluated."""
    digits = 2 * FORMULA_DIGITS
    with mpmath.workdps(digits):
        ridge = mpmath.mpf(str(sp.N(ridge, digits)))
        A, v = (mpmath.matrix(sp.N(x, digits).tolist()) for x in (data.A, data.v))
        rho = mpmath.mpf(str(sp.N(formula.noise_factor, digits)))
        inverse = (rho * A + ridge * mpmath.eye(A.rows)) ** -1
        moments = {k: sp.Float((v.T * inverse**k * v)[0], digits) for k in (1, 2, 3, 4)}
        ready = with_moments(sp.S(1) * expression, lambda k: moments[int(k)])
        return ready.subs({sy.lam: sp.Float(ridge, digits), sy.c: sp.Rational(str(data.c))})


def encloses_formula(ball, expression):
    """A ball against an expression, evaluated to 60 digits."""
    text = str(sp.N(expression, FORMULA_DIGITS))
    with TURN, working_precision(BITS * 4):
        reference = arb(text) * arb(1, arb(10) ** -(FORMULA_DIGITS - 5))
        narrow = ball.rad() < (abs(reference) + 1) * arb(10) ** -25
        return bool(ball.overlaps(reference)) and bool(narrow)


def small_problem(depth, *, standardized=False):
    net = Network(depth, widths=3, decays="1/7", noise="1/2")
    if standardized:
        return net, Moments.from_samples(
            [[1, 2], [3, 5], [4, -1]], [1, 2, -1], center=True, standardize=True
        )
    return net, Moments.given([[2, 1], [1, 3]], ["1/2", "1/3"], 4)


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("standardized", [False, True])
def test_the_search_evaluates_the_formulas_that_are_printed(depth, standardized):
    net, data = small_problem(depth, standardized=standardized)
    problem, formula = ScalarEquation.of(net, data), reduce(net)
    u = sp.Rational(-3, 4)

    def at_point(expression):
        return at_ridge(expression, formula, data, sp.exp(u))

    with TURN, working_precision(BITS):
        sample = problem.sample(arb(-3) / 4, BITS)
        assert encloses_formula(
            sample.height, at_point(formula.log_characteristic - sp.log(formula.decay_level))
        )
        assert encloses_formula(sample.slope, at_point(formula.slope))
        assert encloses_formula(sample.curvature, at_point(formula.curvature))
        mu = at_point(formula.shrinkage)
        assert encloses_formula(sample.logit, sp.log(mu / (1 - mu)))
        assert not encloses_formula(sample.slope, at_point(formula.slope) + sp.Rational(1, 10**25))
        assert encloses_formula(problem.theta, formula.exponent)
        assert encloses_formula(problem.log_decay_level, sp.log(formula.decay_level))
    assert problem.rho == Fraction(str(formula.noise_factor))


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_values_of_a_point_are_the_formulas_that_are_printed(depth):
    _, data = small_problem(depth)
    net = Network(depth, widths=3, decays="1/100", noise="1/2")
    formula = reduce(net)
    roots = isolate_roots(ScalarEquation.of(net, data), digits=30)
    assert len(roots.roots) == (1 if depth == 1 else 2)
    for root in roots.roots:
        found = values(Ridge.of_root(root, 1024), 45)
        ridge = sp.Float(found.ridge.mid().str(50, radius=False), 100)
        with TURN, working_precision(400):
            for ball, expression in (
                (found.loss, formula.value),
                (found.loss, formula.dual),
                (found.layer_decay, formula.layer_decay),
                (found.norm, sp.sqrt(formula.norm_squared)),
                (found.prediction_variance, formula.prediction_variance),
            ):
                reference = arb(str(sp.N(at_ridge(expression, formula, data, ridge), FORMULA_DIGITS)))
                assert abs(ball - reference) < arb(10) ** -40 * abs(reference)


def test_precision_of_the_caller_is_left_alone():
    from flint import ctx

    before = ctx.prec
    net, data = small_problem(2)
    ScalarEquation.of(net, data).sample(arb(0), 300)
    assert ctx.prec == before
