"""The march on functions whose zeros are known: sines, for which |f'| ≤ 1 and |f''| ≤ 1."""

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.effective_ridge.enclosures import sign_of
from symderive.effective_ridge.march import (
    HALVINGS,
    Cluster,
    Counted,
    Free,
    Zero,
    _zero_ahead,
    is_known,
    march,
    polish,
    verified_end,
)

LIMIT = 256


@dataclass(frozen=True, eq=False)
class Value:
    u: arb
    f: arb
    slope: arb
    bits: int

    @property
    def sign(self):
        return sign_of(self.f)

    @property
    def trend(self):
        return sign_of(self.slope)

    @property
    def accuracy(self):
        return self.f.rel_accuracy_bits()


class Sine:
    """sin u - level, by |f'| ≤ 1 and |f''| ≤ 1; ``lost`` bits are lost in every evaluation."""

    def __init__(self, level=0, lost=0):
        self.level, self.lost = level, lost
        self.sample = Counted(self.evaluate)

    def evaluate(self, u, bits):
        with TURN, working_precision(bits):
            blur = arb(0, arb(2) ** (self.lost - bits))
            return Value(u, u.sin() - self.level + blur, u.cos() + blur, bits)

    def isolate(self, at):
        return None if at.sign and at.sign == at.trend else self.around(at)

    def around(self, at):
        with TURN, working_precision(at.bits):
            h, s = abs(at.f).upper(), abs(at.slope).lower()
            if not 4 * h < s * s:
                return None
            smallest = (1 + abs(at.u)) * arb(2) ** (4 - at.bits)
            radius, reach = max((2 * h / s).upper(), smallest.upper()), arb("0.9") * s
            left, right = (at.u - reach).mid(), (at.u + reach).mid()
            return Zero(at, left, right, radius) if reach > radius else None

    def free_end(self, at, direction):
        with TURN, working_precision(at.bits):
            h, s = abs(at.f).lower(), (at.sign * direction * at.slope).lower()
            step = arb("0.98") * (s + (s * s + 2 * h).sqrt())
            if not at.sign:
                return None
            return verified_end(at.u, step, direction, lambda x: h + s * abs(x) - x * x / 2 > 0)

    def is_clear(self, at, _):
        return at.sign != 0

    def at_most(self, interval):
        return None if interval.sin().contains(0) else 2

    def closer(self, zero, bits):
        with TURN, working_precision(bits):
            u = (zero.sample.u - zero.sample.f / zero.sample.slope).mid()
        found = self.around(self.sample(u, bits))
        return found and replace(found, left=zero.left, right=zero.right)


def pieces_of(curve, lower, upper, **options):
    return list(march(curve, arb(lower).mid(), arb(upper).mid(), limit_bits=LIMIT, **options))


def assert_cover(pieces, lower, upper):
    assert pieces[0].left <= arb(lower).mid()
    assert pieces[-1].right > arb(upper).mid()
    assert all(after.left <= before.right for before, after in pairwise(pieces))


@pytest.mark.parametrize("lost", [0, 60, 150])
def test_every_zero_is_found_once_and_nothing_is_free_of_one(lost):
    """At 60 lost bits the first precision tells nothing."""
    curve = Sine(lost=lost)
    pieces = pieces_of(curve, "-1", "9.5")
    assert_cover(pieces, "-1", "9.5")
    zeros = [piece for piece in pieces if isinstance(piece, Zero)]
    assert len(zeros) + sum(isinstance(piece, Free) for piece in pieces) == len(pieces)
    assert [zero.sample.trend for zero in zeros] == [1, -1, 1, -1]
    with TURN, working_precision(LIMIT):
        for k, zero in enumerate(zeros):
            assert zero.place().contains(k * arb.pi())
            assert not zero.place().contains(k * arb.pi() + 1)
            for free in pieces:
                if isinstance(free, Free):
                    assert not free.left.union(free.right).contains(k * arb.pi())
    assert min(zero.sample.bits for zero in zeros) > lost


@pytest.mark.parametrize(("upper", "count"), [("3.1415", 1), ("3.1416", 2)])
def test_the_range_ends_where_it_is_told(upper, count):
    """π lies between; a zero may be isolated from beyond the end, but none before it is left out."""
    assert sum(isinstance(piece, Zero) for piece in pieces_of(Sine(), "-1", upper)) >= count
    assert pieces_of(Sine(), "1", "0.5") == []


def test_a_double_zero_is_one_even_cluster():
    (cluster,) = [p for p in pieces_of(Sine(level=1), "0.5", "3") if isinstance(p, Cluster)]
    assert (cluster.odd, cluster.at_most, cluster.bits) == (False, 2, LIMIT)
    with TURN, working_precision(LIMIT):
        assert cluster.left.union(cluster.right).contains(arb.pi() / 2)
        assert cluster.right - cluster.left < arb(10) ** -15


@pytest.mark.parametrize("power", [5, 15])
def test_next_to_a_double_zero_there_are_two_or_none(power):
    gap = arb(10) ** -power
    with TURN, working_precision(LIMIT):
        above, below = (1 + gap).mid(), (1 - gap).mid()
    found = {name: pieces_of(Sine(level=at), "1", "2") for name, at in (("above", above), ("below", below))}
    assert all(isinstance(piece, Free) for piece in found["above"])
    zeros = [piece for piece in found["below"] if isinstance(piece, Zero)]
    assert [zero.sample.trend for zero in zeros] == [1, -1]
    assert not any(isinstance(piece, Cluster) for piece in found["below"])


def test_patience_ends_short_steps_in_a_cluster():
    clusters = []
    for patience in (None, 10**6, 20):
        pieces = pieces_of(Sine(level=1), "0.5", "3", patience=patience)
        assert_cover(pieces, "0.5", "3")
        clusters.append([piece for piece in pieces if isinstance(piece, Cluster)])
        with TURN, working_precision(LIMIT):
            assert any(c.left.union(c.right).contains(arb.pi() / 2) for c in clusters[-1])
    for without, patient, hasty in zip(*clusters, strict=False):
        assert (without.left, without.right) == (patient.left, patient.right)
        assert hasty.left < patient.left


def test_polishing_counts_its_evaluations():
    curve = Sine()
    zero = next(piece for piece in pieces_of(curve, "1", "4") if isinstance(piece, Zero))
    before = curve.sample.calls
    sharp = polish(curve, zero, 2000)
    assert 0 < curve.sample.calls - before <= 12  # about log2 of 2000, from one good bit
    with TURN, working_precision(2100):
        assert sharp.radius < arb(2) ** -2000
        assert sharp.place().contains(arb.pi())
        assert not sharp.place().contains(arb.pi() + arb(2) ** -1990)
    assert (sharp.left, sharp.right) == (zero.left, zero.right)


def test_a_step_is_halved_until_it_passes_and_not_for_ever():
    assert verified_end(arb(1), arb(1), 1, lambda x: x < arb("0.3")) == arb(1.25)
    assert verified_end(arb(1), arb(1), -1, lambda x: x > -arb("0.3")) == arb(0.75)
    assert verified_end(arb(1), arb(1), 1, lambda x: x < arb(2) ** -HALVINGS) is None
    assert verified_end(arb(1), arb(0), 1, lambda _: True) is None


class Eager(Sine):
    """Isolates whatever zero lies next to a sample of which little is known, as the search does."""

    def isolate(self, at):
        return super().isolate(at) if is_known(at) else self.around(at)


def test_a_zero_that_was_passed_is_not_found_again_where_little_is_known():
    """At 2^-61 the sign of the sine is certain with 64 bits, and fewer than KNOWN_BITS of it are good."""
    curve = Eager()
    zero = curve.around(curve.sample(arb(0), 64))
    beside = curve.sample(arb(2) ** -61, 64)
    assert beside.sign == 1
    assert not is_known(beside)
    assert curve.isolate(beside) is not None
    assert _zero_ahead(curve, beside, zero.reach()) is None
    assert _zero_ahead(curve, beside, arb(-1)) is not None
