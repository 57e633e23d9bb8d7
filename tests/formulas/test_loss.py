"""The three forms of the expected loss against each other and against enumerated dropout masks."""

import random
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy as sp
from oracles.dropout_masks import enumerated_loss
from oracles.sampled import fewer, some
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.formulas.expectation import average, average_quadratic, noise_moments
from symderive.formulas.loss import (
    expected_loss,
    gradient_layers,
    index_loss,
    layers,
    loss_gradient,
)
from symderive.formulas.polynomial_loss import polynomial_loss, symbolic_moments, symbolic_weights
from symderive.formulas.straight_line import StraightLineProgram, evaluate
from symderive.model.network import Network
from symderive.statements import Expectation

SHAPES = [
    (1, ()),
    (3, ()),
    (1, (1,)),
    (2, (3,)),
    (3, (2,)),
    (2, (2, 2)),
    (1, (3, 2)),
    (2, (1, 3)),
    (2, (2, 1, 2)),
    (1, (2, 2, 2)),
]


def symbolic_net(widths):
    """A network of numeric widths whose decays and noise are symbols, all distinct."""
    depth = len(widths)
    general = Network.symbolic(depth)
    return Network(depth, widths=widths, decays=general.decays, noise=general.noise)


def recursion_as_polynomial(net, features):
    A, v = symbolic_moments(features)
    weights = dict(zip(layers(net), symbolic_weights(net, features=features), strict=True))
    letters = {sy.gamma_u: sy.gamma_u, sy.c: sy.c}
    for i in range(1, net.depth + 1):
        letters |= {sy.gamma[i]: sy.gamma[i], sy.sigma[i]: sy.sigma[i]}
    return evaluate(expected_loss(net), {**weights, **letters, sy.A: A, sy.v: v})[sy.loss]


# -- the expectation operator --------------------------------------------------------------------------

p, e1, e2, g = sp.symbols("p e1 e2 g")


def test_average_is_linear_and_multiplicative():
    moments = {e1: noise_moments(p), e2: noise_moments(2 * p)}
    assert average(3 * e1 * e2 + 5, moments) == 8
    assert sp.expand(average(e1**2 * e2**2 * g, moments) - g * (1 + p) * (1 + 2 * p)) == 0
    assert average((e1 - e2) ** 2, moments) == 3 * p
    assert average(g, {}) == g


def test_average_is_the_average_over_dropout():
    """ε = 1/p with probability p, else 0, has the variance (1-p)/p that the moments are given."""
    for polynomial in (1 + 0 * e1, e1, e1**2, (g * e1 - 3) ** 2):
        dropped = p * polynomial.subs(e1, 1 / p) + (1 - p) * polynomial.subs(e1, 0)
        mean = average(polynomial, {e1: noise_moments((1 - p) / p)})
        assert sp.cancel(dropped - mean) == 0
    wrong = average(e1**2, {e1: noise_moments(1 - p)})
    assert sp.cancel(p * (1 / p) ** 2 - wrong) != 0


@pytest.mark.parametrize("expression", [e1**3, e1**3 * e2 + 1, (1 + e1) ** 4])
def test_average_refuses_unknown_moments(expression):
    with pytest.raises(InputError, match="not known"):
        average(expression, {e1: noise_moments(p), e2: noise_moments(p)})


def test_average_refuses_what_is_no_polynomial():
    with pytest.raises(InputError, match="no polynomial"):
        average(1 / e1, {e1: noise_moments(p)})


@pytest.mark.parametrize("expression", [e1**3, e1 + e2**2, e1 * e2 + 1])
def test_average_quadratic_refuses_other_degrees(expression):
    with pytest.raises(InputError, match="degree"):
        average_quadratic(expression, (e1, e2), sp.eye(2))


# -- (b) against (c) and against the masks -------------------------------------------------------------


@pytest.mark.parametrize(("features", "widths"), some(SHAPES, 2, ci=1))
def test_recursion_equals_polynomial(features, widths):
    net = symbolic_net(widths)
    polynomial = polynomial_loss(net, features=features)
    assert sp.expand(recursion_as_polynomial(net, features) - polynomial) == 0


def test_recursion_and_polynomial_tell_networks_apart():
    """Near misses: noise of one layer dropped, layers exchanged, a decay doubled."""
    net = symbolic_net((2, 2))
    recursion = recursion_as_polynomial(net, 1)
    s, gamma = sy.sigma, sy.gamma
    for wrong in ({s[1]: 0}, {s[2]: 0}, {s[1]: s[2], s[2]: s[1]}, {gamma[1]: 2 * gamma[1]}):
        other = polynomial_loss(net, features=1).subs(wrong, simultaneous=True)
        assert sp.expand(recursion - other) != 0


def test_polynomial_of_one_neuron_by_hand():
    """One neuron: E f² = u² w² (1 + σ²) a."""
    net = symbolic_net((1,))
    U, W, a, v = sy.U_entry[1], sy.W_entry[1, 1, 1], sy.A_entry[1, 1], sy.v_entry[1]
    by_hand = (
        U**2 * W**2 * (1 + sy.sigma[1] ** 2) * a
        - 2 * U * W * v
        + sy.c
        + sy.gamma[1] * W**2
        + sy.gamma_u * U**2
    )
    assert sp.expand(polynomial_loss(net, features=1) - by_hand) == 0


@pytest.mark.parametrize(("features", "widths"), [(2, ()), (2, (3,)), (1, (2, 2)), (1, (1, 2, 1))])
def test_recursion_is_the_average_over_all_masks(features, widths):
    """Exact, with symbolic weights, data and keep probabilities."""
    keep = [sp.Symbol(f"p_{i}") for i in range(len(widths))]
    decays = [sp.Symbol(f"g_{i}") for i in range(len(widths) + 1)]
    A, v = symbolic_moments(features)
    net = Network(len(widths), widths=widths, decays=decays, noise=[(1 - q) / q for q in keep])
    weights = symbolic_weights(net, features=features)
    expected = enumerated_loss(weights, A, v, sy.c, keep=keep, decays=decays)
    values = {**dict(zip(layers(net), weights, strict=True)), sy.A: A, sy.v: v, sy.c: sy.c}
    values |= {letter: letter for letter in (*keep, *decays)}

    def recursion(net):
        letters = {sp.S(x): x for x in net.noise if not isinstance(x, Fraction)}
        return evaluate(expected_loss(net), values | letters)[sy.loss]

    def difference(net):
        return sp.numer(sp.together(sp.expand(recursion(net) - expected)))

    assert sp.expand(difference(net)) == 0
    if widths:
        wrong = Network(net.depth, widths=widths, decays=decays, noise=[1 - q for q in keep])
        assert sp.expand(difference(wrong)) != 0


def test_derived_noise_acts_neuron_by_neuron():
    """M_jk = E ε_j ε_k S_jk with a variable of its own for every neuron of a layer of three."""
    noise = [sp.Symbol(f"e_{j}") for j in range(3)]
    S = sp.Matrix(3, 3, lambda j, k: sp.Symbol(f"S_{j}{k}"))
    moments = dict.fromkeys(noise, noise_moments(p))
    M = sp.Matrix(3, 3, lambda j, k: average(noise[j] * noise[k] * S[j, k], moments))
    assert (M - S - p * sp.diag(*S.diagonal())).expand() == sp.zeros(3)
    general = expected_loss(Network.symbolic())
    assert general[sy.M] == sy.S + sy.sigma[sy.i] ** 2 * DiagonalMatrix(sy.S)


# -- numbers -------------------------------------------------------------------------------------------

DIGITS = 50


def random_instance(widths, features, ctx, *, seed):
    """Weights, moments, keep probabilities and decays in mpmath; A is positive definite."""
    rng = random.Random(seed)

    def matrix(rows, columns):
        return np.array(
            [[ctx.mpf(rng.randint(-99, 99)) / 50 for _ in range(columns)] for _ in range(rows)],
            dtype=object,
        )

    sizes = [features, *widths]
    hidden = [matrix(rows, columns) for columns, rows in zip(sizes, widths, strict=False)]
    root, v = matrix(features, features), matrix(features, 1)
    keep = [Fraction(rng.randint(3, 9), 10) for _ in widths]
    decays = [Fraction(rng.randint(1, 9), 7) for _ in sizes]
    return [*hidden, matrix(1, sizes[-1])], root @ root.T + np.eye(features, dtype=int), v, keep, decays


def to_mpf(ctx):
    return lambda r: ctx.mpf(int(r.numerator)) / int(r.denominator)


@pytest.mark.parametrize(("features", "widths"), [(3, ()), (2, (4,)), (3, (2, 3)), (2, (2, 3, 2))])
def test_numeric_recursion_meets_masks(features, widths):
    ctx = mpmath.MPContext()
    ctx.dps = DIGITS
    weights, A, v, keep, decays = random_instance(widths, features, ctx, seed=features)
    net = Network(len(widths), widths=widths, decays=decays, dropout=[1 - q for q in keep])
    c, number = ctx.mpf(20), to_mpf(ctx)
    values = {**dict(zip(layers(net), weights, strict=True)), sy.A: A, sy.v: v, sy.c: c}
    loss = evaluate(expected_loss(net), values, number=number)[sy.loss]
    masks = enumerated_loss(
        weights, A, v, c, keep=[number(q) for q in keep], decays=[number(g) for g in decays]
    )
    assert abs(loss - masks) <= abs(loss) * ctx.mpf(10) ** (5 - DIGITS)  # 5 digits for the sums
    assert abs(loss - masks * (1 + ctx.mpf(10) ** (10 - DIGITS))) > abs(loss) * ctx.mpf(10) ** (5 - DIGITS)


def gradient_error(program, net, values, ctx):
    """Largest difference of the program's gradient and mpmath's numerical one, relative."""
    number, worst = to_mpf(ctx), ctx.mpf(0)
    known = evaluate(program, values, number=number)
    for name, bar in zip(layers(net), gradient_layers(net), strict=True):
        for at in np.ndindex(values[name].shape):

            def loss(entry, name=name, at=at):
                moved = values[name].copy()
                moved[at] = entry
                return evaluate(expected_loss(net), {**values, name: moved}, number=number)[sy.loss]

            numerical = ctx.diff(loss, values[name][at])
            worst = max(worst, abs(known[bar][at] - numerical) / (1 + abs(numerical)))
    return worst


@pytest.mark.parametrize(
    ("features", "widths"), [(2, ()), (2, (3,)), (2, (2, 3)), (1, (2, 1, 2))][:: fewer(2, 1)]
)
def test_gradient_against_numerical_differentiation(features, widths):
    ctx = mpmath.MPContext()
    ctx.dps = DIGITS
    weights, A, v, keep, decays = random_instance(widths, features, ctx, seed=7)
    net = Network(len(widths), widths=widths, decays=decays, dropout=[1 - q for q in keep])
    values = {**dict(zip(layers(net), weights, strict=True)), sy.A: A, sy.v: v, sy.c: ctx.mpf(3)}
    # mpmath's forward difference of a quadratic is good to the step it takes, 10^-dps at doubled precision.
    tolerance = ctx.mpf(10) ** (10 - DIGITS)
    program = loss_gradient(net)
    assert gradient_error(program, net, values, ctx) < tolerance
    for bar in gradient_layers(net):
        planted = StraightLineProgram(
            tuple((name, sp.Rational(3, 2) * value if name == bar else value) for name, value in program)
        )
        assert gradient_error(planted, net, values, ctx) > tolerance
    if widths:
        noiseless = StraightLineProgram(
            tuple(
                (name, sy.LayerMatrix("Mbar", *name.args[1:]) if name.name == "Sbar" else value)
                for name, value in program
            )
        )
        assert gradient_error(noiseless, net, values, ctx) > tolerance


# -- size and symbolic depth ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", [expected_loss, loss_gradient])
def test_size_grows_linearly(form):
    sizes = [form(Network.symbolic(depth)).size for depth in (5, 10, 15, 20)]
    growth = {after - before for before, after in pairwise(sizes)}
    assert len(growth) == 1


def test_written_out_size_does_not_grow_linearly():
    """The near miss: without the names of the steps the size multiplies from layer to layer."""
    sizes = [
        sum(1 for _ in sp.preorder_traversal(polynomial_loss(symbolic_net((2,) * depth), features=1)))
        for depth in (1, 2, 3)
    ]
    assert sizes[2] - sizes[1] > 2 * (sizes[1] - sizes[0])


def test_depth_200_at_once():
    program = expected_loss(Network.symbolic(200))
    assert len(program) == 2 + 3 * 200 + 4
    assert len(loss_gradient(Network.symbolic(10))) == 2 + 3 * 10 + 4 + 3 + 4 * 10


def test_symbolic_depth_specializes_to_every_layer():
    general, three = expected_loss(Network.symbolic()), expected_loss(Network.symbolic(3))
    for layer in (1, 2, 3):
        for name in (sy.S, sy.M, sy.v_i):
            assert general[name].subs(sy.i, layer) == three[name.subs(sy.i, layer)]
            assert general[name].subs(sy.i, layer + 1) != three[name.subs(sy.i, layer)]
    for name in (sy.f_square, sy.f_target, sy.decay_term, sy.loss):
        assert general[name].subs(sy.D, 3).doit() == three[name].subs(sy.D, 3).doit()


def test_symbolic_gradient_specializes_to_every_layer():
    general, three = loss_gradient(Network.symbolic()), loss_gradient(Network.symbolic(3))
    for layer in (1, 2, 3):
        for name in (sy.S_bar, sy.W_bar):
            assert general[name].subs(sy.i, layer) == three[name.subs(sy.i, layer)]
        below = sy.M_bar.subs(sy.i, sy.i - 1)
        assert general[below].subs(sy.i, layer) == three[below.subs(sy.i, layer)]


# -- (a) index form ------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_index_form_sums_over_paths(depth):
    """Nothing is averaged or carried out: E_x E_ε of a square of one sum over D + 1 indices."""
    form = index_loss(Network.symbolic(depth)).result
    (outer,) = (node for node in sp.preorder_traversal(form) if getattr(node, "over", None) == sy.x.label)
    assert isinstance(outer.body, Expectation)
    assert outer.body.over == sy.epsilon.label
    error = outer.body.body.base
    (paths,) = error.atoms(sp.Sum)
    assert error == paths - sy.y
    assert [limit[0] for limit in paths.limits] == [sy.path[i] for i in range(depth + 1)]
    assert sum(1 for factor in paths.function.args if factor.base == sy.epsilon) == depth


def test_layer_outputs_unroll_to_the_path_sum():
    """The recursion for symbolic depth and the sum over paths are one polynomial at depth 2."""
    sizes, (start, layer, total) = [2, 3, 2], index_loss(Network.symbolic())
    outputs = {j: start[1].subs(sy.j, j) for j in range(1, sizes[0] + 1)}
    for i in (1, 2):
        step = layer[1].subs(sy.i, i).subs(sy.d[i - 1], sizes[i - 1])
        written = {j: step.subs(sy.j, j).doit() for j in range(1, sizes[i] + 1)}
        known = {sy.h[i - 1, k]: value for k, value in outputs.items()}
        outputs = {j: value.subs(known) for j, value in written.items()}

    def error(form):
        (data_term,) = (x for x in form.atoms(Expectation) if not isinstance(x.body, Expectation))
        return data_term.body.base

    final = error(total[1]).subs(sy.D, 2).subs(sy.d[2], sizes[2]).doit()
    unrolled = final.subs({sy.h[2, j]: value for j, value in outputs.items()})
    paths = error(index_loss(Network.symbolic(2)).result)
    paths = paths.subs({sy.d[i]: size for i, size in enumerate(sizes)}).doit()
    assert sp.expand(unrolled - paths) == 0
    assert sp.expand(unrolled - paths.subs(sy.epsilon[2, 1], 1)) != 0


def test_printed_forms():
    general = Network.symbolic()
    assert r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} \left[\left(" in index_loss(general)._repr_latex_()
    assert r"W_{i} M_{i - 1}" in expected_loss(general)._repr_latex_()
    assert r"\bar{W}_{i} &=" in loss_gradient(general)._repr_latex_()


# -- errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "options", "message"),
    [
        (Network.symbolic(), {"features": 2}, "depth is symbolic"),
        (Network.symbolic(2), {"features": 2}, r"width of layer 1 is d\[1\]"),
        (Network(1, widths=2, decays=1), {}, "neither features nor A and v"),
        (Network(3, widths=9, decays=1), {"features": 9}, "use expected_loss"),
    ],
)
def test_polynomial_refuses(net, options, message):
    with pytest.raises(InputError, match=message):
        polynomial_loss(net, **options)


def test_evaluation_names_the_missing_input():
    net = Network(1, widths=1, decays="1/3")
    with pytest.raises(InputError, match="A has no value"):
        evaluate(expected_loss(net), {})
    with pytest.raises(InputError, match=r"W_i has no value|M_\(i - 1\) has no value"):
        evaluate(expected_loss(Network.symbolic()), {sy.A: [[1]], sy.v: [[1]], sy.c: 1})
