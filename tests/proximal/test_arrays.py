"""Proximal operators on arrays of doubles: against the exact one and against SciPy."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize

from symderive import prox, prox_array, prox_group, prox_schatten
from symderive.errors import InputError
from symderive.proximal.exact import threshold

#: Units in the last place of x that an entry may be off.
ULPS = 4


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 6, 40])
def test_entries_are_the_exact_ones(depth):
    rng = np.random.default_rng(depth)
    x = rng.standard_normal(12) * 10.0 ** rng.integers(-2, 3, 12)
    weights = np.array([0.25, 1.7])[:, None]
    found = prox_array(x, weights, depth=depth)
    assert found.shape == (2, 12)
    assert (found != 0).any()
    assert depth == 0 or (found == 0).any()
    for weight, row in zip(weights[:, 0], found, strict=True):
        for at, z in zip(x, row, strict=True):
            exact = float(prox(float(at), float(weight), depth=depth, digits=20).value)
            assert abs(z - exact) <= ULPS * np.spacing(abs(at))
            moved = float(
                prox(float(at), Fraction(weight) * Fraction(101, 100), depth=depth, digits=20).value
            )
            assert exact == 0 or abs(z - moved) > ULPS * np.spacing(abs(at))


def test_known_thresholdings():
    x = np.linspace(-4, 4, 41)
    assert np.array_equal(prox_array(x, 0.75, power=1), np.sign(x) * np.maximum(abs(x) - 0.75, 0))
    # Xu, Chang, Xu and Zhang 2012, λ = 2ω.
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arccos(1.5 / 8 * (abs(x) / 3) ** -1.5)
        half = 2 / 3 * x * (1 + np.cos(2 * np.pi / 3 - 2 / 3 * angle))
    half = np.where(abs(x) > 54 ** (1 / 3) / 4 * 1.5 ** (2 / 3), half, 0)
    assert np.abs(prox_array(x, 0.75, power="1/2") - half).max() < 1e-14
    assert np.abs(prox_array(x, 0.75, power="2/3") - half).max() > 0.1


def test_extremes():
    assert prox_array([0, 1e-300, -1e300], 1.0, depth=2).tolist() == [0, 0, -1e300]
    assert np.array_equal(prox_array([2.0, -3.0], 0, depth=5), [2, -3])
    assert np.isnan(prox_array([np.inf, np.nan], 1, depth=1)).all()
    assert prox_array(1.0, 1e300, depth=3) == 0


def test_groups():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((4, 3, 2))
    found = prox_group(x, 0.3, axis=1, depth=3)
    length = np.linalg.norm(x, axis=1)
    sizes = np.linalg.norm(found, axis=1)
    assert np.abs(sizes - prox_array(length, 0.3, depth=3)).max() < 1e-14
    assert np.abs(found * length[:, None] - x * sizes[:, None]).max() < 1e-14
    assert np.abs(found - prox_array(x, 0.3, depth=3)).max() > 0.1
    assert np.array_equal(prox_group(1e200 * x, 0, depth=2), 1e200 * x) or np.allclose(
        prox_group(1e200 * x, 0, depth=2), 1e200 * x, rtol=1e-15
    )
    assert np.array_equal(prox_group([[0.0, 0.0]], 1, depth=2), [[0, 0]])
    weights = prox_group(x, [[0.1, 5.0]] * 4, axis=1, depth=2)
    assert (weights[..., 0] != 0).any()
    assert not weights[..., 1].any()


def factored(factors, target, weight):
    """½‖UVW - X‖² + ω/3 (‖U‖² + ‖V‖² + ‖W‖²) of square layers, one after the other in an array."""
    u, v, w = factors.reshape(3, *target.shape)
    return 0.5 * ((u @ v @ w - target) ** 2).sum() + weight / 3 * (factors**2).sum()


@pytest.mark.parametrize("starts", [8])
def test_matrices_are_what_decayed_factors_find(starts):
    """The Schatten quasi-norm of power 2/3 is the least decay of three factors."""
    rng = np.random.default_rng(3)
    target, weight = rng.standard_normal((3, 3)) * 2, 0.4
    found = prox_schatten(target, weight, depth=2)
    cost = 0.5 * ((found - target) ** 2).sum()
    cost += weight * (np.linalg.svd(found, compute_uv=False) ** (2 / 3)).sum()
    runs = [
        minimize(factored, 2 * rng.standard_normal(27), (target, weight), method="L-BFGS-B", tol=1e-14).fun
        for _ in range(starts)
    ]
    assert min(runs) == pytest.approx(cost, rel=1e-6)
    assert min(runs) > cost - 1e-9
    other = prox_schatten(target, weight, depth=1)
    worse = 0.5 * ((other - target) ** 2).sum()
    worse += weight * (np.linalg.svd(other, compute_uv=False) ** (2 / 3)).sum()
    assert worse > cost + 1e-3


def test_stacks_of_matrices():
    stack = np.random.default_rng(0).standard_normal((5, 2, 4))
    found = prox_schatten(stack, [0.1, 0.2, 0.3, 0.4, 9.0], power="1/2")
    alone = prox_schatten(stack[1], 0.2, power="1/2")
    assert np.abs(found[1] - alone).max() < 1e-14
    assert not found[4].any()
    assert found[0].any()


@pytest.mark.parametrize(
    "call",
    [
        lambda: prox_array([1, 2], -1, depth=2),
        lambda: prox_array([1, 2], float("nan"), depth=2),
        lambda: prox_array([1, 2], [1, 2, 3], depth=2),
        lambda: prox_array("one", 1, depth=2),
        lambda: prox_array([1], 1, power="3/4"),
        lambda: prox_group(3.0, 1, depth=2),
        lambda: prox_group([1, 2], 1, axis=1, depth=2),
        lambda: prox_group(["a"], 1, depth=2),
        lambda: prox_schatten([1, 2], 1, depth=2),
        lambda: prox_schatten([[np.nan]], 1, depth=2),
        lambda: prox_array([10**400], 1, depth=2),
        lambda: prox_group([10**400], 1, depth=2),
        lambda: prox_array(None, 1, depth=2),
        lambda: prox_array([1.0, None], 1, depth=2),
        lambda: prox_array([1, 2], None, depth=2),
        lambda: prox_array([1 + 0j], 1, depth=2),
        lambda: prox_array([np.complex64(1), "a"], 1, depth=2),
        lambda: prox_array([1], 1j, depth=2),
        lambda: prox_array([b"12"], 1, depth=2),
        lambda: prox_array(b"12", 1, depth=2),
        lambda: prox_group([[1j, 2]], 1, depth=2),
        lambda: prox_schatten([[1j]], 1, depth=2),
        lambda: prox_group([1, 2], 1, axis=0.5, depth=2),
        lambda: prox_group([1, 2], 1, axis=None, depth=2),
        lambda: prox_group([1, 2], 1, axis=True, depth=2),
        lambda: prox_group([1, 2], [1, 2], depth=2),
        lambda: prox_group([[1, 2]], [[1, 2, 3]], axis=0, depth=2),
        lambda: prox_schatten([[1, 2]], [1, 2], depth=2),
        lambda: prox_schatten([[[1, 2]]], [[1], [1]], depth=2),
    ],
)
def test_refused(call):
    with pytest.raises(InputError) as caught:
        call()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("depth", [1, 2, 3, 7, 499, 600])
def test_numbers_that_are_nearly_zero(depth):
    """Their powers leave the range of doubles; the answer is that of the exact operator, rounded."""
    numbers = [5e-324, -5e-324, 1e-310, -3e-300, 2.0**-961]
    weights = [0.0, 5e-324, 1e-320, 1e-200, 1.0]
    for x in numbers:
        found = prox_array([x] * len(weights), weights, depth=depth)
        for value, weight in zip(found.tolist(), weights, strict=True):
            exact = float(prox(x, weight, depth=depth).value.mid())
            assert abs(value - exact) <= 8 * 2.0**-52 * abs(x) + 5e-324
    assert prox_array(5e-324, 0, depth=3) == 5e-324
    assert np.isnan(prox_array([np.nan, np.inf], 1, depth=2)).all()


def test_weights_that_are_nearly_zero():
    """Their multiples lose digits: a point beside their threshold is treated in another unit, too."""
    weight = 5e-324
    for depth in (2, 3, 7, 40, 600):
        edge = float(threshold(weight, depth=depth).value().mid())
        below, above = prox_array([edge * 0.99, edge * 1.01], weight, depth=depth)
        exact = float(prox(edge * 1.01, weight, depth=depth).value.mid())
        assert below == 0
        assert abs(above - exact) <= ULPS * np.spacing(edge)
        assert abs(above - edge * 1.01) > ULPS * np.spacing(edge)


MOST = np.finfo(np.float64).max


@pytest.mark.parametrize("depth", [0, 1, 2, 5, 600])
def test_norms_beyond_the_range_of_doubles(depth):
    """Units do not matter: x in units of s and weights of s^{2 - q} give z in units of s, at any size."""
    x, weights = np.array([[1.7e308, -1.5e308], [3.0, 4.0], [5e-324, 1.0]]), [1e308, 1.0, 0.25]
    found = prox_group(x, weights, depth=depth)
    for row, weight, group in zip(x.tolist(), weights, found.tolist(), strict=True):
        for z, exact in zip(group, prox(row, weight, depth=depth).value, strict=True):
            assert abs(z - float(exact.mid())) <= 2 * ULPS * np.spacing(max(map(abs, row)))
    assert np.array_equal(prox_group([MOST] * 3, 0, depth=depth), [MOST] * 3)
    assert np.isnan(prox_group([MOST, np.inf], 1, depth=depth)).all()
    if depth < 2:  # what the next weight would give is something else
        moved = prox_group(x, [1.01e308, 1.0, 0.25], depth=depth)
        assert (moved[0] != found[0]).any()


def test_matrices_beyond_the_range_of_doubles():
    x, unit = np.array([[1.5, 1.0], [0.5, 1.25]]), 2.0**1023
    alone = prox_schatten(x, 0.75, power=1)
    both = prox_schatten([x * unit, x], [0.75 * unit, 0.75], power=1)
    assert np.abs(both[0] / unit - alone).max() < 1e-14
    assert np.abs(both[1] - alone).max() < 1e-14
    assert np.abs(both[0] / unit - prox_schatten(x, 0.76, power=1)).max() > 1e-3
    assert np.abs(prox_schatten(x * unit, 1e308, depth=2) / unit - x).max() < 1e-14


def test_whole_numbers_of_any_make():
    assert prox_array([1, 2], 0.25, depth=np.int8(2)).tolist() == prox_array([1, 2], 0.25, depth=2).tolist()
    assert prox_array([1, 2], 0.25, depth=np.int8(2)).tolist() != prox_array([1, 2], 0.25, depth=3).tolist()
    assert prox(1, "1/10", depth=np.int64(2)).shrinkages[0].overlaps(prox(1, "1/10", depth=2).shrinkages[0])
    assert prox_group([[3, 4]], 1, axis=np.int64(-1), depth=1).shape == (1, 2)
    assert np.array_equal(prox_array([2, Fraction(1, 2)], "0.5", depth=1), [1.5, 0])
