"""Moments of samples in parts: however they are parted, and wherever their moments are made."""

import pickle
import weakref
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.sampled import fewer

from symderive import InputError, Moments
from tests.oracles.slow_moments import slow_moments

cells = st.fractions(-20, 20, max_denominator=12)
TREATMENTS = ({}, {"center": True}, {"standardize": True})


@st.composite
def parted(draw):
    """Samples, and the same ones parted in another order."""
    d = draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(cells, min_size=d + 1, max_size=d + 1), min_size=2, max_size=8))
    order = draw(st.permutations(rows))
    cuts = sorted(draw(st.lists(st.integers(1, len(rows) - 1), max_size=3, unique=True)))
    parts = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    return rows, parts


def pair(rows):
    return [row[:-1] for row in rows], [row[-1] for row in rows]


def varies(rows):
    return all(len(set(column)) > 1 for column in list(zip(*rows, strict=True))[:-1])


def exact(moments):
    rows = [[int(x) for x in row] for row in moments.gram.tolist()]
    return rows, moments.denominator, moments.variances, moments.means


@pytest.mark.parametrize("treatment", TREATMENTS, ids=str)
@given(data=parted())
@settings(max_examples=fewer(8, 25), deadline=None)
def test_chunks_in_any_order_make_the_same_moments(treatment, data):
    rows, parts = data
    if treatment.get("standardize") and not varies(rows):
        with pytest.raises(InputError, match="constant"):
            Moments.from_chunks(map(pair, parts), **treatment)
        return
    whole = Moments.from_samples(*pair(rows), **treatment)
    assert exact(whole) == slow_moments(rows, **treatment)
    assert Moments.from_chunks(map(pair, parts), **treatment) == whole
    assert Moments.from_chunks(map(pair, parts[:-1] or [parts[0][:1]]), **treatment_of(treatment)) != whole


def treatment_of(treatment):
    """A near miss leaves a part out, and may be constant: standardizing it would be refused."""
    return {"center": True} if treatment.get("standardize") else treatment


@pytest.mark.parametrize("treatment", TREATMENTS, ids=str)
@given(data=parted())
@settings(max_examples=fewer(8, 25), deadline=None)
def test_moments_add_as_their_samples_do(treatment, data):
    rows, parts = data
    if treatment.get("standardize") and not all(map(varies, parts)):
        return
    whole = Moments.from_samples(*pair(rows), **treatment)
    made = [Moments.from_samples(*pair(part), **treatment) for part in parts]
    sent = [pickle.loads(pickle.dumps(part)) for part in made]  # noqa: S301 our own
    assert sum(sent) == whole
    assert sum(reversed(made)) == whole
    assert sum(made).weight == len(rows)
    assert sum(made) + made[0] != whole


def test_weights_add_up():
    first = Moments.from_samples([[1], [2]], [3, 4], sample_weight=["1/2", 2], center=True)
    second = Moments.from_samples([[7]], [5], sample_weight=[3], center=True)
    whole = Moments.from_samples([[1], [2], [7]], [3, 4, 5], sample_weight=["1/2", 2, 3], center=True)
    assert first + second == whole
    assert whole.weight == Fraction(11, 2)
    parts = [([[1], [2]], [3, 4], ["1/2", 2]), ([[7]], [5], [3])]
    assert Moments.from_chunks(parts, center=True) == whole
    assert first + second != Moments.from_samples([[1], [2], [7]], [3, 4, 5], center=True)


def test_names_and_sources_of_sums():
    names = {"features": ("a",), "target": "t"}
    first = Moments.from_samples([[1], [2]], [3, 4], source="one.csv", **names)
    second = Moments.from_samples([[5], [2]], [3, 9], source="two.csv", **names)
    assert (first + second).source == "several sources"
    assert ((first + second) + first).source == "several sources"
    assert (first + first).source == "one.csv"
    assert (first + second).features == ("a",)
    assert (first + second).target == "t"


def test_given_moments_add_where_they_tell_their_weight():
    given_ = Moments.given([[2]], [1], 3, weight=2)
    sampled = Moments.from_samples([[1], [3]], [1, 1])
    both = given_ + sampled
    assert (both.entry(0, 0), both.weight) == ((2 * 2 + 1 + 9) / Fraction(4), 4)
    with pytest.raises(InputError, match=r"do not tell how many samples .* weight=n"):
        Moments.given([[2]], [1], 3) + sampled
    for weight in (0, -1, "x", None):
        if weight is None:
            assert Moments.given([[2]], [1], 3, weight=weight).weight is None
        else:
            with pytest.raises(InputError, match="weight"):
                Moments.given([[2]], [1], 3, weight=weight)


X, Y = [[1, 2], [3, 5], [4, 4]], [1, 2, 2]
PLAIN = Moments.from_samples(X, Y)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Moments.from_samples(X, Y, center=True), "plain and centered moments cannot be added"),
        (Moments.from_samples(X, Y, standardize=True), "plain and standardized moments"),
        (Moments.from_samples([[1]], [1]), "of 2 and of 1 features cannot be added"),
        (Moments.from_samples(X, Y, features=("x2", "x1")), "column 'x1' meets 'x2'"),
        (Moments.from_samples(X, Y, target="z"), "column 'y' meets 'z'"),
    ],
)
def test_moments_that_do_not_fit(other, message):
    with pytest.raises(InputError, match=message):
        PLAIN + other
    assert PLAIN + Moments.from_samples(X, Y) == Moments.from_samples(X + X, Y + Y)


@pytest.mark.parametrize(
    ("named", "says", "advice"),
    [
        ({"features": ("a", "b")}, "the column 'x1' meets 'a' in", "no names: features=[...]."),
        ({"features": ("a", "b"), "target": "z"}, "the column 'x1' meets 'a' in", "features=[...]."),
        ({"target": "z"}, "the column 'y' meets 'z' in", "that have none: target=..."),
    ],
)
def test_moments_without_names_are_told_how_to_get_them(named, says, advice):
    other = Moments.from_samples(X, Y, **named)
    for pair in ((PLAIN, other), (other, PLAIN)):
        with pytest.raises(InputError) as refused:
            sum(pair)
        assert advice in str(refused.value)
        assert len(str(refused.value)) < 300
    with pytest.raises(InputError, match=f"^{says}"):
        PLAIN + other
    renamed = Moments.from_samples(X, Y, features=("b", "a"), target="z")
    if "features" in named:  # both have names: they differ, and no name is missing
        with pytest.raises(InputError, match=r"'a' meets 'b' .* in the same order\.$"):
            other + renamed
    assert (Moments.from_samples(X, Y, **named) + other).weight == 6


@pytest.mark.parametrize("other", [1, "x", None, [1], 1.5])
def test_moments_add_to_nothing_else(other):
    with pytest.raises(TypeError):
        PLAIN + other
    with pytest.raises(TypeError):
        other + PLAIN


def test_nothing_is_neutral():
    assert 0 + PLAIN == PLAIN == PLAIN + 0


@pytest.mark.parametrize(
    ("chunks", "message"),
    [
        ([], "no parts to take samples from"),
        ([(X, Y), (X, Y, Y, Y)], "^part 2 is not a pair"),
        ([7], "^part 1 is not a pair"),
        ([(X, Y), (X, [1])], "^part 2: X has 3 rows and y has 1"),
        ([(X, Y), ([[1]], [1])], "^part 2 has the columns x1, y and part 1 has x1, x2, y"),
        ([(X, Y), ([[1, float("nan")]], [1])], "^part 2: X row 1, column 2 is nan"),
        ([(X, Y, [1, 1, 1]), (X, Y, [1, -1, 1])], r"^sample 5 weighs -1"),
        ([(X, Y, [0, 0, 0])], "every sample weighs 0"),
    ],
)
def test_bad_chunks(chunks, message):
    with pytest.raises(InputError, match=message):
        Moments.from_chunks(chunks)


def test_chunks_are_taken_one_at_a_time():
    """No part but the last is alive when the next one is asked for."""
    made = []

    def parts():
        for number in range(5):
            assert sum(part() is not None for part in made) <= 1
            X = np.full((3, 2), float(number))
            made.append(weakref.ref(X))
            yield X, np.arange(3.0)

    assert Moments.from_chunks(parts()).weight == 15


def test_moments_that_were_pickled_keep_their_weight():
    for moments in (PLAIN, Moments.given([[1]], [1], 2), Moments.from_samples(X, Y, standardize=True)):
        again = pickle.loads(pickle.dumps(moments))  # noqa: S301 our own
        assert again == moments
        assert again.weight == moments.weight
        assert again.fingerprint == moments.fingerprint
