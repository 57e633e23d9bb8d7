"""The proximal map as formulas: published constants and closed forms, each with a near-miss."""

import mpmath
import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.formulas.proximal import penalty_weight, proximal

#: The weight of the published problem, (z - x)² + λ|z|^q, which is ω = λ/2.
LAMBDA = sp.Symbol("lambda_", positive=True)


def same(ours, theirs):
    """Whether two products of powers are equal, and a slightly different one is not."""
    ratio = sp.simplify(sp.powsimp(ours / theirs, force=True))
    return ratio == 1


#: Soft thresholding; Cao, Sun and Xu 2013; Xu, Chang, Xu and Zhang 2012.
PUBLISHED = {
    1: LAMBDA / 2,
    2: sp.Rational(2, 3) * (3 * LAMBDA**3) ** sp.Rational(1, 4),
    3: sp.cbrt(54) / 4 * LAMBDA ** sp.Rational(2, 3),
}


@pytest.mark.parametrize("depth", PUBLISHED)
def test_thresholds_are_the_published_ones(depth):
    assert same(proximal(depth, LAMBDA / 2).threshold, PUBLISHED[depth])
    assert not same(proximal(depth, LAMBDA).threshold, PUBLISHED[depth])
    assert not same(proximal(depth + 1, LAMBDA / 2).threshold, PUBLISHED[depth])
    spinodal = proximal(depth, LAMBDA / 2).reach
    assert same(spinodal, PUBLISHED[depth]) is (depth == 1)


def test_every_power_has_the_threshold_of_the_ell_q_literature():
    """Marjanovic and Solo 2012, for ½(z - x)² + ω|z|^q: β + ω q β^{q-1}, β = (2ω(1-q))^{1/(2-q)}."""
    for depth in (2, 3, 4, 9):
        ours = proximal(depth, sp.Rational(7, 5))
        q = ours.power
        beta = (2 * ours.weight * (1 - q)) ** (1 / (2 - q))
        with mpmath.workdps(40):
            for found, expected in (
                (ours.jump, beta),
                (ours.threshold, beta + ours.weight * q * beta ** (q - 1)),
            ):
                assert abs(sp.N(found - expected, 40)) < 1e-36
                assert abs(sp.N(found - 1.01 * expected, 40)) > 1e-3


def test_the_letter_d_is_every_depth():
    for depth in (2, 3, 5):
        for name in ("threshold", "reach", "jump", "power", "q"):
            assert same(getattr(proximal(), name).subs(sy.D, depth), getattr(proximal(depth), name)), name
    assert proximal(1).jump == 0
    assert proximal(0).power == 2


def shrunk(depth, x, weight):
    """prox(x)/x by the closed form."""
    ours = proximal(depth)
    return sp.N(ours.shrinkage.subs({sy.v_norm: x, penalty_weight: weight}), 30)


def test_half_thresholding_is_the_cosine_formula():
    """h(x) = ⅔ x (1 + cos(⅔π - ⅔φ)), φ = arccos(λ/8 (x/3)^{-3/2}): Xu, Chang, Xu and Zhang 2012."""
    for x, weight in ((2, sp.Rational(1, 2)), (5, 3), (sp.Rational(8, 5), 1)):
        angle = sp.acos(sp.S(weight) / 4 * (sp.Rational(x) / 3) ** sp.Rational(-3, 2))
        published = sp.Rational(2, 3) * (1 + sp.cos(2 * sp.pi / 3 - 2 * angle / 3))
        assert abs(shrunk(3, x, weight) - sp.N(published, 30)) < 1e-25
        wrong = sp.Rational(2, 3) * (1 + sp.cos(sp.pi / 3 - 2 * angle / 3))
        assert abs(shrunk(3, x, weight) - sp.N(wrong, 30)) > 1e-3


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_closed_forms_are_stationary(depth):
    """z - x + ω q z^{q-1} = 0."""
    q = proximal(depth).power
    for x, weight in ((5, sp.Rational(3, 4)), (8, 3)):
        z = x * shrunk(depth, x, weight)
        assert abs(z - x + weight * q * z ** (q - 1)) < 1e-25
        assert abs(z - x + weight * q * z**q) > 1e-3
    assert proximal(4).shrinkage is None


def test_refused():
    for make in (
        lambda: proximal(sp.oo),
        lambda: proximal(-1),
        lambda: proximal(2, 0),
        lambda: proximal(1.5),
    ):
        with pytest.raises(InputError):
            make()
    with pytest.raises(InputError):
        proximal(0).threshold  # noqa: B018
