"""Where λ comes from, and what follows from it: the three cases, each with what it must not claim."""

from dataclasses import FrozenInstanceError
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb

from symderive import InputError, Moments, Network, Spectrum
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.records import content
from symderive.effective_ridge.ridge import Ridge, end_to_end_map, gap, ridges_of, values
from symderive.effective_ridge.roots import isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
ONE = Moments.given([[1]], [1], 1)
HALF_KNOWN = Moments.given([[2, 2], [2, 2]], [3, 3], 5)
EXPLAINED = Moments.given([[2, 2], [2, 2]], [3, 3], Fraction(9, 2))


def equation(net, data):
    return ScalarEquation.of(net, data)


def ridges(net, data, digits=30):
    return ridges_of(isolate_roots(equation(net, data), digits=digits))


def four_roots():
    return ridges(Network(2, widths=32, decays="1/50"), FOUR)


def double():
    (found,) = ridges(Network(2, widths=1, decays=["27/64", "1/4", 1]), ONE)
    return found


def undecided():
    nearly = 1 - Fraction(1, 10**900)
    (found,) = ridges(Network(2, widths=1, decays=["27/64", "1/4", nearly]), ONE)
    return found


def given(decay, data):
    return Ridge.given(equation(Network(0, decays=decay), data))


def test_what_is_known_of_each():
    def told(ridge):
        return ridge.kind, ridge.decided, ridge.may_be_minimum, ridge.is_double, ridge.sharpens

    assert [told(ridge) for ridge in four_roots()] == [
        ("local minimum", True, True, False, True),
        ("saddle", True, False, False, True),
    ] * 2
    assert told(double()) == ("degenerate", True, False, True, False)
    assert told(undecided()) == ("degenerate", False, True, False, False)
    assert told(given(1, ONE)) == ("global minimum", True, True, False, True)


def test_roots_and_clusters_come_in_increasing_order():
    at = [ridge.enclose(20) for ridge in four_roots()]
    assert all(lower < higher for lower, higher in pairwise(at))


def test_more_digits_do_not_change_what_fewer_gave():
    for ridge in (*four_roots(), double(), given("1/3", FOUR)):
        before = content((ridge.enclose(25), values(ridge, 25), tuple(end_to_end_map(ridge, 25))))
        data = hash(ridge)
        sharp = ridge.enclose(200)
        assert content((ridge.enclose(25), values(ridge, 25), tuple(end_to_end_map(ridge, 25)))) == before
        assert hash(ridge) == data
        assert ridge.enclose(25).overlaps(sharp)
        with pytest.raises(FrozenInstanceError):
            ridge.kind = "saddle"


def test_a_root_sharpens_and_stays_within():
    for ridge in four_roots():
        wide, sharp = ridge.enclose(10), ridge.enclose(400)
        assert wide.contains(sharp)
        assert sharp.rel_accuracy_bits() > 1300 > 2 * wide.rel_accuracy_bits()
        with TURN, working_precision(1500):
            u = sharp.mid().log().mid()
            beside = u + arb(2) ** -50
        assert abs(ridge.equation.sample(u, 1500).height) < arb(10) ** -390
        assert abs(ridge.equation.sample(beside, 1500).height) > arb(10) ** -20


def test_a_double_root_lies_where_it_must_and_gets_no_sharper():
    ridge = double()
    assert ridge.enclose(30).contains(3)  # (1 + λ)² = 16 with φ = λ^{3/2}/(1 + λ)²
    assert not ridge.enclose(30).contains(3 + arb(10) ** -20)
    assert ridge.enclose(900).rad() > ridge.enclose(30).rad() / 2
    assert values(ridge, 30).loss.rel_accuracy_bits() > 100
    for ask in (values, end_to_end_map):
        with pytest.raises(InputError, match="not known to 5000 digits; solve again with digits=5000"):
            ask(ridge, 5000)


def test_an_undecided_point_answers_as_far_as_it_is_known():
    ridge = undecided()
    wide = values(ridge, 5000)
    assert wide.ridge.overlaps(arb(3))
    assert wide.ridge.rel_accuracy_bits() < 3.32 * 5000
    with pytest.raises(InputError, match="not known to 5000 digits"):
        end_to_end_map(ridge, 5000)


def test_the_gap_is_the_loss_less_that_of_the_origin():
    for ridge in (*four_roots(), double(), given("1/3", FOUR)):
        with TURN, working_precision(200):
            difference = values(ridge, 40).loss - ball(ridge.equation.data.c)
            assert gap(ridge, 40).overlaps(difference)
            assert not gap(ridge, 40).overlaps(difference + arb(10) ** -30)


def test_the_given_decay_is_ridge_regression():
    ridge = given("1/3", ONE)
    found = values(ridge, 30)
    assert content(found.ridge) == content(ridge.enclose(30))
    (m,) = end_to_end_map(ridge, 30)
    with TURN, working_precision(200):
        for value, exact in (
            (m, Fraction(3, 4)),
            (found.norm, Fraction(3, 4)),
            (found.loss, Fraction(1, 4)),
        ):
            assert abs(value - ball(exact)) < arb(10) ** -30
            assert not abs(value - ball(exact + Fraction(1, 10**29))) < arb(10) ** -30


def test_least_squares_at_no_decay():
    """m = (3/4, 3/4), of smallest norm among m₁ + m₂ = 3/2, and an exact rest."""
    for data, rest in ((HALF_KNOWN, Fraction(1, 2)), (EXPLAINED, 0)):
        ridge = given(0, data)
        found = values(ridge, 30)
        assert found.ridge.is_zero()
        assert found.layer_decay.is_zero()
        assert found.prediction_variance.is_zero()
        assert found.loss == arb(rest.numerator) / rest.denominator
        with TURN, working_precision(200):
            assert abs(found.norm * found.norm - arb(9) / 8) < arb(10) ** -30
            for x in end_to_end_map(ridge, 30):
                assert abs(x - arb(3) / 4) < arb(10) ** -30
    # A decay, however small, is another problem: its loss is no exact rest.
    assert values(given(Fraction(1, 10**20), EXPLAINED), 30).loss > 0
