"""The record of the isotropic equation: signs at any distance, and values that solve the equation."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, exact_value, is_accurate, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.data.output_moments import OutputMoments, SingularSquare
from symderive.effective_ridge.isotropic_equation import IsotropicEquation, spinodal, transition
from symderive.errors import InputError

MILLION = 10**6
NUDGE = Fraction(1, 10**1000)

#: The golden ratio squared and its conjugate, the singular squares of [[1, 1], [0, 1]].
GOLDEN = OutputMoments.given(1, [[1, 1], [0, 1]], 30).singular_squares

#: A square with all conjugates positive, whose own square is irrational too: 2 ± √2.
ROOTS = tuple(SingularSquare((2, -4, 1), place, 1) for place in (0, 1))


def at(depth, threshold, factor=1, *, scale=Fraction(3, 7), signal=Fraction(5, 2)):
    """An equation with q^{D+1} equal to that of the threshold times a factor."""
    power = threshold ** (depth + 1) * PowerProduct.of((signal, depth), (scale, 1 - depth), (factor, 1))
    return IsotropicEquation.of(depth, scale, signal, power)


def near(depth, threshold, square, digits):
    """Equations whose threshold lies ``digits`` digits below and above an irrational square, at P = 1."""
    with TURN, working_precision(bits_for(digits + 50)):
        # s^{2D} = scale^{D-1}/R^{D+1} at the threshold; D = 2 or 3 and scale rational up to the nudge.
        log_scale = (depth * square.ball(bits_for(digits + 50)).log() + (depth + 1) * threshold.log()) / (
            depth - 1
        )
        middle = (log_scale.exp() * arb(10) ** (digits + 10)).mid().floor().unique_fmpz()
    middle = Fraction(int(middle), 10 ** (digits + 10))
    step = Fraction(1, 10**digits)
    return [
        IsotropicEquation.of(depth, middle * factor, square, 1)
        for factor in (1 - step, 1 + step)  # q grows with the scale
    ]


def solves(found, equation, digits):
    """ζ^{D+1} = q^{D+1} (1 + ζ)^{2D}, in the logarithm, by the fields of the record alone."""
    bits = bits_for(2 * digits) + 256
    with TURN, working_precision(bits):
        zeta, depth = found.ridge_ratio, equation.depth
        power = (
            equation.decay_product.log()
            + (depth - 1) * equation.scale.log()
            - depth * equation.signal_ball(bits).log()
        )
        error = (depth + 1) * zeta.log() - power - 2 * depth * zeta.log1p()
        return error.contains(0) and error.rad() < arb(10) ** -(digits - 8)


# -- signs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [2, 3, MILLION])
def test_a_rational_signal_is_placed_however_close(depth):
    assert at(depth, spinodal(depth)).branches == ("double",)
    assert at(depth, spinodal(depth), 1 - NUDGE).branches == ("stable", "saddle")
    assert at(depth, spinodal(depth), 1 + NUDGE).branches == ()
    tie = at(depth, transition(depth))
    assert (tie.against_spinodal, tie.against_transition, tie.is_tie, tie.has_global_minimum) == (
        -1,
        0,
        1,
        1,
    )
    below, above = (at(depth, transition(depth), 1 + side * NUDGE) for side in (-1, 1))
    assert (below.against_transition, below.is_tie, below.has_global_minimum) == (-1, False, True)
    assert (above.against_transition, above.is_tie, above.has_global_minimum) == (1, False, False)
    assert above.branches == ("stable", "saddle")


def test_one_hidden_layer_loses_its_minimum_in_the_origin():
    """At D = 1 both thresholds are s² = γ_u γ_1, where m = 0: no point, no tie."""
    lost = at(1, spinodal(1))
    assert (lost.branches, lost.is_tie, lost.has_global_minimum) == ((), False, False)
    kept, gone = (at(1, transition(1), 1 + side * NUDGE) for side in (-1, 1))
    assert (kept.branches, kept.has_global_minimum) == (("stable",), True)
    assert (gone.branches, gone.has_global_minimum) == ((), False)


def test_without_hidden_layers_there_is_one_point():
    """Ridge regression: m = s/(scale + γ), at any decay."""
    for decay in (Fraction(1, 10**50), Fraction(10**50), Fraction(2, 3)):
        equation = IsotropicEquation.of(0, Fraction(1, 3), 4, decay)
        assert (equation.branches, equation.is_tie, equation.has_global_minimum) == (
            ("stable",),
            False,
            True,
        )
        (found,) = equation.solutions(30)
        with TURN, working_precision(300):
            scale = ball(Fraction(1, 3))
            assert found.ridge.overlaps(ball(decay))
            assert found.norm.overlaps(2 / (scale + ball(decay)))
            assert found.gap.overlaps(-4 / (scale + ball(decay)))
            assert found.rest.overlaps(12 - 4 / (scale + ball(decay)))


@pytest.mark.parametrize("square", [*GOLDEN, *ROOTS])
@pytest.mark.parametrize("threshold", [spinodal, transition])
@pytest.mark.parametrize("depth", [2, 3])
def test_an_irrational_signal_is_placed_however_close(depth, threshold, square):
    below, above = near(depth, threshold(depth), square, 1000)
    assert (below.compare(threshold(depth)), above.compare(threshold(depth))) == (-1, 1)
    if threshold is spinodal:
        assert (below.branches, above.branches) == (("stable", "saddle"), ())
    else:
        assert not below.is_tie
        assert (below.has_global_minimum, above.has_global_minimum) == (True, False)


def test_an_irrational_signal_of_shallow_networks():
    square = GOLDEN[1]  # (3 - √5)/2 = 0.38196601…
    assert IsotropicEquation.of(1, 1, square, Fraction("0.38196601")).branches == ("stable",)
    assert IsotropicEquation.of(1, 1, square, Fraction("0.38196602")).branches == ()
    (found,) = IsotropicEquation.of(0, 2, square, 3).solutions(40)
    assert found.ridge_ratio.overlaps(arb("1.5"))
    assert is_accurate(found.norm, 40)


def test_a_singular_square_that_is_rational_is_a_number():
    square = SingularSquare((-5, 2), 0, 3)
    assert IsotropicEquation.of(2, 1, square, 1) == IsotropicEquation.of(2, 1, Fraction(5, 2), 1)


def test_depths_beyond_any_loop():
    """The transition at D = 10^300 is placed by its logarithm; one layer more or less crosses it."""
    depth = 10**300
    edge = transition(depth) ** (depth + 1)
    scale = PowerProduct.of((1 + Fraction(1, depth), depth))
    for factor, sign in ((1, 0), (1 - NUDGE, -1), (1 + NUDGE, 1)):
        product = edge * scale ** (1 - depth) * PowerProduct.of((factor, 1))
        assert IsotropicEquation.of(depth, scale, 1, product).against_transition == sign
    assert IsotropicEquation.of(depth + 1, scale, 1, edge * scale ** (1 - depth)).against_transition == 1


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, -1, 1)])
def test_numbers_are_positive(numbers):
    with pytest.raises(InputError, match="not positive"):
        IsotropicEquation.of(2, *numbers)


def test_an_irrational_q_is_no_product():
    with pytest.raises(InputError, match="irrational"):
        _ = IsotropicEquation.of(2, 1, GOLDEN[0], 1).q


# -- values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signal", [Fraction(5, 2), *GOLDEN, *ROOTS], ids=str)
@pytest.mark.parametrize(("depth", "decay"), [(1, "1/9"), (2, "1/90"), (7, "1/900"), (MILLION, "1e-2")])
def test_solutions_solve_the_equation(depth, decay, signal):
    scale = Fraction(3, 7)
    product = PowerProduct.of((Fraction(decay), depth + 1))
    if depth == MILLION:
        scale, product = Fraction(1, 10), transition(depth) ** (depth + 1)
        product *= PowerProduct.of((Fraction(1, 50), depth), (scale, 1 - depth))
    equation = IsotropicEquation.of(depth, scale, signal, product)
    found = equation.solutions(60)
    assert [x.branch for x in found] == (["stable", "saddle"] if depth > 1 else ["stable"])
    assert all(x.is_accurate(60) and solves(x, equation, 60) for x in found)
    for x in found:
        with TURN, working_precision(400):
            s2, wrong = (
                equation.signal_ball(400),
                replace(x, ridge_ratio=x.ridge_ratio * (1 + arb("1e-40"))),
            )
            above = ball(scale) + x.ridge
            assert x.norm.overlaps(s2.sqrt() / above)
            assert x.layer_decay.overlaps(x.ridge * x.norm**2)
            assert x.rest.overlaps(s2 / ball(scale) + x.gap)
            # The loss itself: scale m² - 2sm + (D+1)κ.
            loss = ball(scale) * x.norm**2 - 2 * s2.sqrt() * x.norm + (depth + 1) * x.layer_decay
            assert x.gap.overlaps(loss)
        assert not solves(wrong, equation, 60)
    if len(found) == 2:
        assert found[0].ridge_ratio < found[1].ridge_ratio
        assert found[0].gap < 0 < found[1].gap


def test_an_irrational_signal_lies_between_its_rational_neighbors():
    equation = IsotropicEquation.of(3, 1, GOLDEN[0], Fraction(1, 100))
    with TURN, working_precision(100):
        s2 = GOLDEN[0].ball(100)
        below, above = (
            IsotropicEquation.of(3, 1, exact_value(end), Fraction(1, 100))
            for end in (s2.lower(), s2.upper())
        )
    for place, (found, low, high) in enumerate(
        zip(*(e.solutions(60) for e in (equation, below, above)), strict=True)
    ):
        with TURN, working_precision(300):
            # The stable ridge falls as the signal grows, that of the saddle grows.
            first, last = (low, high) if place else (high, low)
            assert first.ridge_ratio < found.ridge_ratio < last.ridge_ratio


def test_the_two_solutions_are_told_apart_next_to_the_spinodal():
    """At a distance of 10^-1000 from it they lie 10^-500 apart, which 600 digits resolve and 60 do not."""
    for digits, apart in ((60, False), (600, True)):
        stable, saddle = at(2, spinodal(2), 1 - NUDGE).solutions(digits)
        with TURN, working_precision(3000):
            assert (stable.ridge_ratio < saddle.ridge_ratio) is apart
            assert abs(stable.ridge_ratio - 3) < arb(10) ** -58


def test_an_irrational_signal_next_to_the_spinodal_has_its_digits():
    """They are certain only once s² is told from the spinodal, which takes more bits than 60 digits."""
    equation, beyond = near(2, spinodal(2), GOLDEN[0], 1000)
    stable, saddle = equation.solutions(60)
    assert stable.is_accurate(60)
    assert saddle.is_accurate(60)
    assert stable.series.bits > 3 * bits_for(1000) // 4
    with TURN, working_precision(3000):
        assert stable.ridge_ratio < 3 < saddle.ridge_ratio
    assert beyond.solutions(60) == ()


@pytest.mark.parametrize("depth", [2, 5, MILLION])
def test_the_gap_vanishes_at_the_transition_only(depth):
    tie, *others = (at(depth, transition(depth), 1 + side * NUDGE) for side in (0, -1, 1))
    stable, saddle = tie.solutions(40)
    assert stable.gap == 0
    assert stable.ridge_ratio.overlaps(ball(Fraction(1, depth - 1)))
    assert saddle.gap > 0
    for other, sign in zip(others, (-1, 1), strict=True):
        vague, sharp = other.solutions(40)[0], other.solutions(1050)[0]
        assert vague.gap.contains(0)
        assert not vague.gap.is_exact()
        assert sign * sharp.gap > 0


def test_the_double_solution_is_exact():
    (found,) = at(2, spinodal(2), scale=1, signal=4).solutions(30)
    assert (found.branch, found.ridge_ratio, found.norm, found.layer_decay) == ("double", 3, 0.5, 0.75)
