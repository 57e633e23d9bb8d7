"""The loop that raises a precision: what it tries, where it ends, and what it calls enough."""

import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.precision import sharpen, sharpest


def recorded(compute=lambda at: at):
    """A computation, and the list of the precisions that it was asked for."""
    tried = []

    def record(at):
        tried.append(at)
        return compute(at)

    return record, tried


def test_precisions_double_until_the_result_is_enough():
    compute, tried = recorded()
    assert sharpen(compute, lambda at: at >= 50, start=10) == 80
    assert tried == [10, 20, 40, 80]


def test_the_first_result_is_enough_by_default():
    compute, tried = recorded()
    assert sharpen(compute, start=7) == 7
    assert tried == [7]


def test_none_is_never_enough():
    compute, tried = recorded(lambda at: "known" if at > 30 else None)
    assert sharpen(compute, lambda _: True, start=10) == "known"
    assert tried == [10, 20, 40]


@pytest.mark.parametrize("nothing", [0, "", (), False])
def test_a_result_may_be_false(nothing):
    assert sharpen(lambda _: nothing, start=1, limit=8) is nothing


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        (10, 40, [10, 20, 40]),
        (10, 41, [10, 20, 40, 80]),  # the first that is at least the limit
        (10, 39, [10, 20, 40]),
        (10, 10, [10]),
        (10, 3, [10]),  # a start above the limit is tried once
        (10, 0, [10]),
    ],
)
def test_a_limit_that_is_not_enough_gives_none(start, limit, expected):
    for compute, tried in (recorded(), recorded(lambda _: None)):
        assert sharpen(compute, lambda _: False, start=start, limit=limit) is None
        assert tried == expected


def test_the_limit_itself_may_be_enough():
    """Near-miss: with a limit of half as much it is not."""
    assert sharpen(lambda at: at, lambda at: at == 40, start=10, limit=40) == 40
    assert sharpen(lambda at: at, lambda at: at == 40, start=10, limit=20) is None


def test_a_sign_that_takes_many_bits_and_one_that_has_none():
    """e^ε - 1 - ε for ε = 2^-100 takes 200 bits and more; of 0 no precision tells the sign."""

    def excess(bits):
        with TURN, working_precision(bits):
            tiny = arb(2) ** -100
            return tiny.exp() - 1 - tiny

    def zero(bits):
        with TURN, working_precision(bits):
            return arb(2).sqrt() ** 2 - 2

    found = sharpen(excess, lambda x: x > 0, start=64, limit=1024)
    assert 200 < -found.log().mid() / arb(2).log() < 202
    assert sharpen(excess, lambda x: x > 0, start=64, limit=128) is None
    assert sharpen(zero, lambda x: x > 0 or x < 0, start=64, limit=4096) is None


def test_what_goes_wrong_in_the_computation_is_raised():
    def fail(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sharpen(fail, start=64, limit=128)


def test_the_last_result_is_kept_where_none_is_enough():
    tried = []

    def compute(at):
        tried.append(at)
        return at

    assert sharpest(compute, lambda found: found >= 1000, start=30, limit=100) == 120
    assert tried == [30, 60, 120]
    assert sharpest(compute, lambda found: found >= 50, start=30, limit=100) == 60
    assert sharpen(compute, lambda found: found >= 1000, start=30, limit=100) is None
