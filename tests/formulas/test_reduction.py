"""The reduction: formulas against exact algebra, direct matrix computations and the full loss."""

import random
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy as sp
from oracles.dropout_masks import enumerated_loss
from symderive.derivations.vocabulary import VOCABULARY

from symderive import symbols as sy
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.errors import InputError
from symderive.formulas.loss import expected_loss, layers
from symderive.formulas.paper_form import paper_form
from symderive.formulas.reduction import CHARACTERISTIC, LOSS, differentiate, reduce, with_moments
from symderive.formulas.straight_line import evaluate
from symderive.model.network import Network

LETTERS = reduce()
DIGITS = 50
a, p, lam, rho = sy.a, sy.p, sy.lam, sy.rho


def spectral(expression, count=2):
    """The expression with R_k written out over ``count`` eigenvalues."""
    return with_moments(expression, lambda k: LETTERS.spectral_moment(k, count).doit())


def vanishes(expression):
    """Exact: the numerator expands to zero; symbolic and fractional powers are merged first."""
    if any(not power.exp.is_Integer for power in expression.atoms(sp.Pow)):
        expression = sp.powsimp(sp.expand(expression))
    return sp.expand(sp.numer(sp.together(expression))) == 0


# -- what a network reduces to -------------------------------------------------------------------------


def test_symbolic_depth_gives_products_that_specialize():
    general, three = reduce(Network.symbolic()), reduce(Network.symbolic(3))
    for name in ("noise_factor", "mean_decay", "decay_level", "exponent", "value", "dual", "slope"):
        assert sp.powsimp(getattr(general, name).subs(sy.D, 3).doit() - getattr(three, name)) == 0
    assert general.noise_factor.subs(sy.D, 2).doit() != three.noise_factor
    assert three.depth == 3


def test_numbers_reduce_to_exact_numbers():
    reduction = reduce(Network(2, widths=[4, 2], decays=["27/64", "1/4", 1], noise=[1, "1/3"]))
    assert reduction.noise_factor == sp.Rational(5, 4) * sp.Rational(7, 6)
    assert reduction.mean_decay == sp.Rational(27, 256) ** sp.Rational(1, 3)
    assert reduction.decay_level == 3 * sp.sqrt(3) / 16


@pytest.mark.parametrize("decays", ["1/100", [1, "1/2", "1/3", "1/5"], [0, 0, 0, 0]])
def test_threshold_and_mean_decay_are_roots_of_one_product(decays):
    net = Network(3, widths=2, decays=decays)
    reduction, product = reduce(net), sp.prod(net.decay(i) for i in range(1, 5))
    assert reduction.decay_level**3 == product
    assert reduction.mean_decay**4 == product


def test_equal_decays_of_a_deep_network_stay_rational():
    reduction = reduce(Network(1000, widths=7, decays="1/100", dropout="1/10"))
    assert reduction.mean_decay == sp.Rational(1, 100)
    assert reduction.noise_factor == (1 + sp.Rational(1, 63)) ** 1000


def test_depth_zero_is_ridge_regression():
    reduction = reduce(Network(0, decays="3/7"))
    assert reduction.decay_level is None
    assert reduction.noise_factor == 1
    assert reduction.equation == sp.Eq(lam, sp.Rational(3, 7))
    assert reduction.loss() == sy.m_quad - 2 * sy.m_lin + sy.c + sp.Rational(3, 7) * sy.m_norm**2
    assert reduction.value == sy.c - sy.R[1]
    for name in ("exponent", "characteristic", "dual", "slope", "elasticity"):
        with pytest.raises(InputError, match="no hidden layer"):
            getattr(reduction, name)


# -- the formulas, exactly -----------------------------------------------------------------------------


@pytest.mark.parametrize("by", [lam, rho])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_moments_vary_as_their_sums_do(by, order):
    direct = sp.diff(spectral(sy.R[order]), by)
    assert vanishes(direct - spectral(differentiate(sy.R[order], by)))
    assert not vanishes(direct - spectral(differentiate(sy.R[order + 1], by)))


def test_differentiation_names_its_variables():
    with pytest.raises(InputError, match="lambda or rho"):
        differentiate(sy.R[1], sy.c)


def test_slope_and_curvature_are_derivatives_by_the_logarithm_of_the_ridge():
    slope = lam * differentiate(LETTERS.log_characteristic)
    curvature = lam * differentiate(LETTERS.slope)
    assert vanishes(slope - LETTERS.slope)
    assert vanishes(curvature - LETTERS.curvature)
    assert not vanishes(slope - LETTERS.slope - LETTERS.shrinkage)
    assert not vanishes(curvature + LETTERS.curvature)


def test_curvature_in_moments():
    """H″ = -2 (μ + 2μ² - 3 λ² R_4/R_2), the form that numeric code uses."""
    mu, fourth = LETTERS.shrinkage, lam**2 * sy.R[4] / sy.R[2]
    assert vanishes(LETTERS.curvature + 2 * (mu + 2 * mu**2 - 3 * fourth))
    assert not vanishes(LETTERS.curvature + 2 * (mu + 2 * mu**2 - 2 * fourth))


def test_shrinkages_are_weighted_averages():
    """s_i = λ/(ρa_i + λ) averaged with weights p_i/(ρa_i + λ)²."""
    shrinkages = [lam / (rho * a[i] + lam) for i in (1, 2, 3)]
    weights = [p[i] / (rho * a[i] + lam) ** 2 for i in (1, 2, 3)]

    def mean(power):
        return sum(w * s**power for w, s in zip(weights, shrinkages, strict=True)) / sum(weights)

    assert vanishes(spectral(LETTERS.shrinkage, 3) - mean(1))
    assert vanishes(spectral(LETTERS.square_shrinkage, 3) - mean(2))
    assert not vanishes(spectral(LETTERS.shrinkage, 3) - mean(2))


def test_dual_has_its_stationary_points_at_the_roots():
    """G′ = λ^{-θ} (φ - τ), and G = F where φ = τ."""
    theta = LETTERS.exponent
    assert vanishes(differentiate(LETTERS.dual) - (LETTERS.characteristic - sy.tau) / lam**theta)
    assert vanishes(LETTERS.dual.subs(sy.tau, LETTERS.characteristic) - LETTERS.value)
    assert not vanishes(LETTERS.dual - LETTERS.value)


def test_envelope():
    """∂F*/∂γ_i = κ/γ_i and ∂F*/∂ρ = mᵀAm are partial derivatives of G, where κ = τ λ^{-1/D}."""
    decay, others = sp.symbols("g P", positive=True)  # one decay, the product of the others
    by_decay = sp.diff(LETTERS.dual.subs(sy.tau, (decay * others) ** (1 / sy.D)), decay)
    at_tau = by_decay.subs(others, sy.tau**sy.D / decay)
    assert vanishes(at_tau - sy.tau * lam ** (-1 / sy.D) / decay)
    kappa = LETTERS.characteristic * lam ** (-1 / sy.D)
    assert vanishes(LETTERS.decay_sensitivity(decay) - kappa / decay)
    assert vanishes(differentiate(LETTERS.dual, rho) - LETTERS.noise_sensitivity)
    assert not vanishes(differentiate(LETTERS.dual, rho) - LETTERS.alignment)


def test_elasticity_is_the_implicit_derivative():
    """ln τ = H(ln λ) along the roots, so d ln τ / d ln λ = H′."""
    log_tau = sp.log(LETTERS.characteristic)
    assert vanishes(1 / LETTERS.elasticity - lam * differentiate(log_tau))


# -- against direct matrix computations ----------------------------------------------------------------

# A = Q diag(2, 5, 0) Qᵀ with a rational rotation Q, and v in its range.
Q = sp.Matrix([[3, -4, 0], [4, 3, 0], [0, 0, 5]]) / 5
A = Q * sp.diag(2, 5, 0) * Q.T
V = Q * sp.Matrix([1, sp.Rational(2, 3), 0])


def with_data(expression):
    eigenvalues = {a[1]: 2, a[2]: 5, p[1]: 1, p[2]: sp.Rational(4, 9)}
    return spectral(expression).subs(eigenvalues)


def test_scalars_at_the_ridge_solution():
    m = (rho * A + lam * sp.eye(3)).inv() * V
    direct = {
        "alignment": (m.T * V)[0],
        "norm_squared": (m.T * m)[0],
        "signal": (m.T * A * m)[0],
        "layer_decay": lam * (m.T * m)[0],
        "prediction_variance": (rho - 1) * (m.T * A * m)[0],
        "value": sy.c - (m.T * V)[0] + sy.D * lam * (m.T * m)[0],
    }
    for name, value in direct.items():
        assert vanishes(with_data(getattr(LETTERS, name)) - value), name
        assert not vanishes(with_data(getattr(LETTERS, name)) - 2 * value), name
    assert LETTERS.prediction_variance_at(sy.mean) == (rho - 1) * sy.mean**2


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_matrix_and_spectral_moments_agree(order):
    matrix = LETTERS.moment(order, sp.ImmutableMatrix(A), sp.ImmutableMatrix(V))
    assert vanishes(matrix - with_data(sy.R[order]))
    assert not vanishes(matrix - with_data(sy.R[order + 1]))
    symbolic = LETTERS.moment(order)
    assert symbolic.shape == (1, 1)
    assert symbolic == sy.v.T * (rho * sy.A + lam * sp.Identity(sy.n_in)) ** (-order) * sy.v


def test_value_is_the_reduced_loss_at_the_ridge_solution():
    """F(m) with γ̄ = τ^{D/(D+1)} and τ = φ(λ) is c - mᵀv + Dκ."""
    assert LETTERS.ridge_solution.shape == (sy.n_in, 1)
    at_root = LETTERS.loss(LETTERS.signal, LETTERS.alignment, sp.sqrt(LETTERS.norm_squared))
    gamma_bar = LETTERS.characteristic ** (sy.D / (sy.D + 1))
    for depth in (1, 2, 5):
        gap = (at_root - LETTERS.value).subs(sy.gamma_bar, gamma_bar).subs(sy.D, depth)
        assert vanishes(gap)
        assert not vanishes(gap + LETTERS.layer_decay)


def test_reduced_loss_on_a_ray_and_in_the_eigenbasis():
    """F is a function of mᵀAm, mᵀv, ‖m‖; at symbolic depth its stationary points are shrunk ridges."""
    r, target = sp.symbols("r w", positive=True)
    ray = LETTERS.loss(sy.a0 * r**2, target * r, r)
    ridge = sy.gamma_bar * r ** (2 / (sy.D + 1) - 2)  # λ = κ/‖m‖²
    assert vanishes(sp.diff(ray, r) / 2 - ((rho * sy.a0 + ridge) * r - target))
    assert not vanishes(sp.diff(ray, r) / 2 - ((rho * sy.a0 + 2 * ridge) * r - target))
    m, target = sp.symbols("m_1:3", positive=True), sp.symbols("w_1:3")
    length = sp.sqrt(sum(x**2 for x in m))
    plane = LETTERS.loss(
        sum(a[i] * x**2 for i, x in enumerate(m, 1)),
        sum(w * x for w, x in zip(target, m, strict=True)),
        length,
    )
    ridge = sy.gamma_bar * length ** (2 / (sy.D + 1) - 2)
    for i, (w, x) in enumerate(zip(target, m, strict=True), 1):
        assert vanishes(sp.diff(plane, x) / 2 - ((rho * a[i] + ridge) * x - w))


# -- the four stationary points of one network ----------------------------------------------------------

FOUR = reduce(Network(2, widths=1, decays="1/50"))
EIGENVALUES, COMPONENTS = (1, 400), (sp.Rational(1, 100), sp.Rational(49, 100))

#: λ to the digits printed, F - c at the minima to three digits, and whether it is a minimum
KNOWN = [
    ("1.3280", "-6.08e-4", True),
    ("8.3800", None, False),
    ("93.319", "-5.14e-4", True),
    ("29651", None, False),
]


def at_ridge(expression, ridge):
    """An expression of the four-root example at a rational λ; c = 0, ρ = 1."""
    pairs = list(zip(EIGENVALUES, COMPONENTS, strict=True))
    with_numbers = with_moments(expression, lambda k: sum(p / (a + ridge) ** k for a, p in pairs))
    return with_numbers.subs({lam: ridge, sy.c: 0}).evalf(DIGITS)


def excess(reduction, ridge):
    """φ - τ."""
    return at_ridge(reduction.equation.lhs - reduction.equation.rhs, ridge)


def test_four_roots():
    grid = [excess(FOUR, sp.Rational(11, 10) ** k) for k in range(-20, 130)]
    assert sum(1 for before, after in pairwise(grid) if before * after < 0) == len(KNOWN)
    half_digit = sp.Rational(1, 2) / 10**6
    for text, loss, minimum in KNOWN:
        ridge, unit = sp.Rational(text), sp.Rational(1, 10 ** len(text.partition(".")[2]))
        below, above = excess(FOUR, ridge - unit / 2), excess(FOUR, ridge + unit / 2)
        assert below * above < 0
        assert (below < 0) == minimum
        assert (at_ridge(FOUR.slope, ridge) > 0) == minimum
        if loss:
            assert abs(at_ridge(FOUR.value, ridge) - sp.Rational(loss)) <= half_digit
            assert abs(at_ridge(FOUR.dual, ridge) - sp.Rational(loss)) <= half_digit


def test_four_roots_need_their_decays():
    """Near miss: one percent more decay moves the first root out of its last digit."""
    other = reduce(Network(2, widths=1, decays="101/5000"))
    ridge, unit = sp.Rational("1.3280"), sp.Rational(1, 10**4)
    assert excess(other, ridge - unit / 2) * excess(other, ridge + unit / 2) > 0


# -- the paper's parametrization -----------------------------------------------------------------------


def scales_of(form, depth, kappa):
    """{b_i: its value} from κ, for i = 2 … D and the output."""
    hidden = {sy.b[i]: form.layer_scale(i, kappa) for i in range(2, depth + 1)}
    return {**hidden, sy.b_u: form.layer_scale(depth + 1, kappa)}


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_paper_parametrization_and_back(depth):
    net = Network.symbolic(depth)
    form, reduction = paper_form(net), reduce(net)
    assert vanishes(form.noise_factor - reduction.noise_factor)
    # λ = γ_1 d_1/(μB)² with B from κ = λ‖m‖² is the λ of φ = τ, where κ = τ λ^{-1/D}
    kappa = reduction.decay_level * lam ** (-sp.Rational(1, depth))
    assert sp.powsimp(form.ridge.subs(scales_of(form, depth, kappa))) == lam
    assert sp.powsimp(form.ridge.subs(scales_of(form, depth, 2 * kappa))) != lam
    scales = scales_of(form, depth, sy.kappa)
    for i in range(2, depth + 2):
        assert vanishes(form.layer_decay(i).subs(scales) - sy.kappa)
    # w and back to m
    m = sp.Matrix([1, 2])
    w = form.first_layer_of_map(m, sy.kappa)
    assert (form.map_scale.subs(scales) * w - m).applyfunc(sp.powsimp) == sp.zeros(2, 1)
    # γ_1 ‖W_1‖² = γ_1 d_1 ‖w‖² = λ‖m‖²
    first_decay = net.decay(1) * net.width(1) * (w.T * w)[0]
    assert vanishes(first_decay - form.ridge.subs(scales) * (m.T * m)[0])


def explicit(expression, A, v):
    """A matrix expression in A and v at explicit matrices of size 2."""
    small = expression.subs(sy.n_in, 2)
    data = {"A": A.as_immutable(), "v": v.as_immutable()}
    return small.subs({symbol: data[symbol.name] for symbol in small.atoms(sp.MatrixSymbol)}).as_explicit()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_paper_first_layer_is_the_ridge_solution(depth):
    """μB w solves (ρA + λI) m = v exactly, for all scales b and decays; A of size 2."""
    widths, noise = (2, 3, 4)[:depth], ("1/2", 0, "3/7")[:depth]
    form = paper_form(Network(depth, widths=widths, noise=noise, decays=Network.symbolic(depth).decays))
    A2, v2 = sp.Matrix([[2, 1], [1, 3]]), sp.Matrix([1, -1])
    m = form.map_scale * explicit(form.first_layer, A2, v2)

    def residual(ridge):
        return (form.noise_factor * A2 + ridge * sp.eye(2)) * m - v2

    assert all(vanishes(entry) for entry in residual(form.ridge))
    assert not any(vanishes(entry) for entry in residual(2 * form.ridge))


def test_paper_theorem_for_one_hidden_layer():
    """As printed there: w = b [b²(σ² + d)A + γ_1]⁻¹ v (A = a I), and ‖w/b‖² = γ_u/γ_1."""
    form = paper_form(Network.symbolic(1))
    A1, v1 = sp.symbols("A1 v1")
    w = explicit(form.first_layer, A1 * sp.eye(2), sp.Matrix([v1, 0]))[0]
    b, width, variance, decay = sy.b_u, sy.d[1], sy.sigma[1] ** 2, sy.gamma[1]
    assert vanishes(w - b * v1 / (b**2 * (variance + width) * A1 + decay))
    assert not vanishes(w - b * v1 / (b**2 * (variance + 1) * A1 + decay))
    first_over_output = decay * width * w**2 / form.layer_decay(2)
    assert vanishes(first_over_output - (w / b) ** 2 * decay / sy.gamma_u)


def test_paper_parametrization_at_symbolic_depth():
    general, three = paper_form(Network.symbolic()), paper_form(Network.symbolic(3))
    for name in ("noise_factor", "ridge", "map_scale"):
        assert vanishes(getattr(general, name).subs(sy.D, 3).doit() - getattr(three, name))
    assert general.layer_scale(sy.i).subs(sy.i, 2) == three.layer_scale(2)
    assert general.layer_scale(sy.D + 1).subs(sy.D, 3) == three.layer_scale(4)


def test_paper_parametrization_needs_a_hidden_layer():
    with pytest.raises(InputError, match="needs a hidden layer"):
        paper_form(Network(0, decays=1))


# -- against the full loss -----------------------------------------------------------------------------


class Instance:
    """A random network with data in mpmath, and its full loss by recursion and by enumerated masks."""

    def __init__(self, features, widths, *, seed):
        rng = random.Random(seed)
        self.rng, self.features, self.widths = rng, features, widths
        keep = [Fraction(rng.randint(3, 9), 10) for _ in widths]
        decays = [Fraction(rng.randint(1, 9), 20) for _ in range(len(widths) + 1)]
        self.net = Network(len(widths), widths=widths, decays=decays, dropout=[1 - q for q in keep])
        root = self.matrix(features, features)
        self.A, self.v, self.c = root @ root.T, root @ self.matrix(features, 1), mpmath.mpf(30)
        self.keep, self.decays = [to_mpf(q) for q in keep], [to_mpf(g) for g in decays]

    def matrix(self, rows, columns):
        entries = [
            [mpmath.mpf(self.rng.randint(-99, 99)) / 50 for _ in range(columns)] for _ in range(rows)
        ]
        return np.array(entries, dtype=object)

    def weights(self, scale):
        sizes = [self.features, *self.widths, 1]
        return [self.matrix(rows, columns) * scale for columns, rows in pairwise(sizes)]

    def losses(self, weights):
        values = dict(zip(layers(self.net), weights, strict=True))
        values |= {sy.A: self.A, sy.v: self.v, sy.c: self.c}
        recursion = evaluate(expected_loss(self.net), values, number=to_mpf)[sy.loss]
        masks = enumerated_loss(weights, self.A, self.v, self.c, keep=self.keep, decays=self.decays)
        return recursion, masks

    def bound(self, m, net=None):
        """F(m)."""
        letters = (sy.m_quad, sy.m_lin, sy.m_norm, sy.c)
        function = sp.lambdify(letters, reduce(net or self.net).loss(), modules="mpmath")
        return function((m.T @ self.A @ m)[0, 0], (m.T @ self.v)[0, 0], norm(m), self.c)

    def balanced(self, m):
        """The weights of the paper's form with map m, random signs r_i, and κ."""
        form, depth = paper_form(self.net), self.net.depth
        gamma_bar = sp.lambdify((), reduce(self.net).mean_decay, modules="mpmath")()
        kappa = gamma_bar * norm(m) ** (mpmath.mpf(2) / (depth + 1))

        def of_kappa(expression):
            return sp.lambdify(sy.kappa, expression, modules="mpmath")(kappa)

        signs = [np.array([[self.rng.choice((-1, 1))] for _ in range(width)]) for width in self.widths]
        first = signs[0] @ (m.T * of_kappa(form.first_layer_of_map(sp.S.One)))
        hidden = [
            (r @ below.T) * of_kappa(form.layer_scale(i)) for i, (below, r) in enumerate(pairwise(signs), 2)
        ]
        return [first, *hidden, signs[-1].T * of_kappa(form.layer_scale(depth + 1))], kappa


def to_mpf(number):
    return mpmath.mpf(int(number.numerator)) / int(number.denominator)


def norm(m):
    return mpmath.sqrt((m * m).sum())


def end_to_end(weights):
    product = weights[0]
    for matrix in weights[1:]:
        product = matrix @ product
    return product.T


INSTANCES = [(2, (3,)), (3, (2, 2)), (2, (2, 1, 3))]


@pytest.mark.parametrize(("features", "widths"), INSTANCES)
def test_reduced_loss_bounds_the_full_loss_from_below(features, widths):
    with mpmath.workdps(DIGITS):
        instance = Instance(features, widths, seed=11)
        for scale in ("0.01", "0.3", "1", "5"):
            weights = instance.weights(mpmath.mpf(scale))
            bound = instance.bound(end_to_end(weights))
            recursion, masks = instance.losses(weights)
            assert bound < recursion
            assert bound < masks


@pytest.mark.parametrize(("features", "widths"), INSTANCES)
def test_reduced_loss_is_attained_at_the_papers_form(features, widths):
    with mpmath.workdps(DIGITS):
        instance = Instance(features, widths, seed=12)
        m = instance.matrix(features, 1)
        weights, kappa = instance.balanced(m)
        bound = instance.bound(m)
        tolerance = mpmath.mpf(10) ** (5 - DIGITS) * (1 + norm(m) + bound)  # 5 digits for the sums
        assert norm(end_to_end(weights) - m) < tolerance
        for matrix, decay in zip(weights, instance.decays, strict=True):
            assert abs(decay * (matrix * matrix).sum() - kappa) < tolerance
        for loss in instance.losses(weights):
            assert abs(loss - bound) < tolerance
        # near misses: a percent off balance, and the factor of a network one neuron wider
        percent = mpmath.mpf("1.01")
        off_balance = [weights[0] * percent, *weights[1:-1], weights[-1] / percent]
        assert instance.losses(off_balance)[0] > bound + 10**6 * tolerance
        options = {"decays": instance.net.decays, "noise": instance.net.noise}
        wider = Network(len(widths), widths=[width + 1 for width in widths], **options)
        assert abs(instance.bound(m, wider) - bound) > 10**6 * tolerance


def test_prediction_variance_is_that_of_the_masks():
    """E_x Var f = E f² - mᵀAm over all masks; only at the paper's form is it (ρ - 1) mᵀAm."""
    with mpmath.workdps(DIGITS):
        instance = Instance(2, (2, 1, 3), seed=13)
        m = instance.matrix(2, 1)
        signal = (m.T @ instance.A @ m)[0, 0]
        factor = to_mpf(reduce(instance.net).prediction_variance_at(1))

        def variance(weights):
            nothing = {"v": instance.v * 0, "c": mpmath.mpf(0), "decays": [0] * len(weights)}
            return enumerated_loss(weights, instance.A, keep=instance.keep, **nothing) - signal

        weights, _ = instance.balanced(m)
        tolerance = mpmath.mpf(10) ** (5 - DIGITS) * (1 + signal)  # 5 digits for the sums
        assert abs(variance(weights) - factor * signal) < tolerance
        # near miss: the same map with the last layer's neurons used unevenly
        uneven = [*weights[:-1], weights[-1] * np.array([[mpmath.mpf(1.5), mpmath.mpf(0.5), 1]])]
        assert norm(end_to_end(uneven) - m) < tolerance
        assert variance(uneven) > factor * signal + 10**6 * tolerance


def test_stationary_points_of_the_reduced_loss_are_ridge_solutions():
    """At m = (ρA + λ)⁻¹v, with γ̄ such that φ(λ) = τ, the numerical gradient of F vanishes."""
    with mpmath.workdps(DIGITS):
        A2, v2 = mpmath.matrix([[2, 1], [1, 3]]), mpmath.matrix([1, -1])
        ridge, depth, factor = mpmath.mpf("0.37"), 3, mpmath.mpf("1.7")
        root = mpmath.lu_solve(factor * A2 + ridge * mpmath.eye(2), v2)
        tau = ridge ** (mpmath.mpf(depth + 1) / depth) * (root.T * root)[0]
        letters = (sy.m_quad, sy.m_lin, sy.m_norm, sy.c, sy.rho, sy.gamma_bar, sy.D)
        formula = sp.lambdify(letters, LETTERS.loss(), modules="mpmath")

        def gradient(gamma_bar):
            def loss(*entries):
                m = mpmath.matrix(entries)
                quadratic, linear = (m.T * A2 * m)[0], (m.T * v2)[0]
                return formula(quadratic, linear, mpmath.norm(m), 0, factor, gamma_bar, depth)

            return max(abs(mpmath.diff(loss, tuple(root), order)) for order in ((1, 0), (0, 1)))

        gamma_bar = tau ** (mpmath.mpf(depth) / (depth + 1))
        tolerance = mpmath.mpf(10) ** (10 - DIGITS)  # 10 digits for the difference quotient
        assert gradient(gamma_bar) < tolerance
        assert gradient(gamma_bar * (1 + 10**6 * tolerance)) > tolerance


# -- printing and imports ------------------------------------------------------------------------------


def test_notebook_form():
    text = reduce(Network.symbolic())._repr_latex_()
    assert r"\rho &= \prod_{i=1}^{D}" in text
    assert r"\tau" in text
    assert r"\tau" not in reduce(Network(0, decays=1))._repr_latex_()


def test_notebooks_show_the_loss_and_the_equation_of_the_paper():
    """What the paper defines is what is shown, at a depth specialized."""
    defined = {entry.tex: entry.value for entry in VOCABULARY.entries if hasattr(entry, "value")}
    assert read(defined["F(m)"]) == read(LOSS)
    assert read(defined[r"\varphi(\lambda)"]) == read(CHARACTERISTIC)
    assert dict(reduce().displays())["F(m)"] == to_tex(read(LOSS))
    two = reduce(Network(2, widths=3, decays=1))._repr_latex_()
    assert r"F(m) &= \rho \, m^{\top}\! A m" in two
    assert r"3 \bar{\gamma} \, \lVert m \rVert^{2/3}" in two
    assert r"\lambda^{3/2}" in two
    assert "D" not in two
    none = reduce(Network(0, decays=1))._repr_latex_()
    assert r"\bar{\gamma} \, \lVert m \rVert^{2}" in none
    assert r"\varphi" not in none


def test_import_is_lazy():
    program = "import sys, symderive; assert 'sympy' not in sys.modules; symderive.reduce"
    subprocess.run([sys.executable, "-c", program], check=True)
