"""Balls as exact data, and records that hold them."""

import copy
import operator
import pickle
import random
from dataclasses import dataclass, field
from functools import cached_property

import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.records import Record, ball_data, ball_of, content


@dataclass(frozen=True, eq=False)
class Pair(Record):
    name: str
    balls: tuple[arb, ...]

    @cached_property
    def costly(self):
        return object()


@dataclass(frozen=True, eq=False)
class Other(Record):
    name: str
    balls: tuple[arb, ...]


@dataclass(frozen=True, eq=False)
class ByIdentity:
    ball: arb


def sent(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301


@dataclass(frozen=True)
class ByFields:
    ball: arb
    note: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class Parity:
    """A record that says itself how it compares."""

    number: int

    def __eq__(self, other):
        return (self.number - other.number) % 2 == 0

    def __hash__(self):
        return self.number % 2


def third(bits):
    with TURN, working_precision(bits):
        return arb(1) / 3


BALLS = [
    arb(0),
    arb(-3),
    third(53),
    third(5000),
    third(200) * arb(2) ** -100_000,
    arb(0, 1e-300),
    arb(7, (2**30 - 5, -3000)),  # FLINT makes 2³⁰ - 4 of it
    arb("inf"),
    arb("-inf"),
    arb("nan"),
    arb(0, "inf"),
]


@pytest.mark.parametrize("ball", BALLS, ids=str)
@pytest.mark.parametrize("bits", [2, 53, 9000])
def test_balls_come_back_bit_by_bit_at_any_precision(ball, bits):
    with TURN, working_precision(bits):
        for back in (ball_of(*ball_data(ball)), sent(ball), copy.deepcopy(ball)):
            assert ball_data(back) == ball_data(ball)
            assert back.is_finite() == ball.is_finite()
            assert back.is_nan() == ball.is_nan()
            assert (back > 0, back < 0) == (ball > 0, ball < 0)


def test_all_balls_differ_as_data():
    assert len({ball_data(ball) for ball in BALLS}) == len(BALLS)


def test_equal_numbers_of_different_radius_are_different_data():
    assert ball_data(arb(1)) == ball_data(arb(2) / 2)
    assert ball_data(arb(1)) != ball_data(arb(1, 1e-300))
    assert ball_data(third(100)) != ball_data(third(101))


@pytest.mark.parametrize("size", range(1, 31))
def test_radii_of_any_size_come_back(size):
    source = random.Random(size)
    for exponent in (0, -1, 77, -5000, 10**20):
        radius = source.getrandbits(size) | 1 | 1 << size - 1, exponent
        assert ball_data(ball_of((5, 0), radius)) == ((5, 0), radius)


def test_naive_radii_do_not_come_back():
    """What :func:`ball_of` is for."""
    assert ball_data(arb((5, 0), (2**30 - 5, 0)))[1] != (2**30 - 5, 0)


def test_a_record_is_equal_to_what_holds_the_same_alone():
    one = Pair("third", (third(64), third(200)))
    assert one == Pair("third", (third(64), third(200)))
    assert hash(one) == hash(Pair("third", (third(64), third(200))))
    assert not operator.eq(one.balls[0], third(64))  # as numbers: what the record is for
    assert one != Pair("thirds", (third(64), third(200)))
    assert one != Pair("third", (third(64), third(201)))
    assert one != Pair("third", (third(64),))
    assert one != Other("third", (third(64), third(200)))
    assert one != content(one)


@pytest.mark.parametrize("kind", [ByIdentity, ByFields])
def test_records_within_are_compared_by_their_fields(kind):
    assert content((1, kind(third(64)))) == content((1, kind(third(64))))
    assert content((1, kind(third(64)))) != content((1, kind(third(65))))


def test_fields_that_do_not_count_and_records_that_compare_themselves_are_left_alone():
    assert content(ByFields(third(64), "one")) == content(ByFields(third(64), "other"))
    assert content((Parity(1), 2)) == content((Parity(3), 2))
    assert content((Parity(1), 2)) != content((Parity(2), 2))


def test_what_is_cached_is_no_part_of_a_record():
    one, fresh = Pair("third", (third(64),)), Pair("third", (third(64),))
    assert one.costly is one.costly
    assert one == fresh
    assert hash(one) == hash(fresh)
    received = sent(one)
    assert received == one
    assert set(vars(received)) == {"name", "balls"}
    assert "costly" in vars(one)
