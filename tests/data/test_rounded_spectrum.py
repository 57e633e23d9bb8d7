"""Doubles that stand for exact data: every sum over them against the exact one."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from flint import arb

from symderive import Moments, Spectrum
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data import rounded_spectrum as rounded_spectrum_module
from symderive.data.rounded_spectrum import rounded_spectrum
from symderive.effective_ridge.resolvent import resolvent_of

U = Fraction(1, 2**53)
TINY = Fraction(1, 2**90)


def _samples(rows, columns, seed=0, **options):
    rng = np.random.default_rng(seed)
    X = rng.integers(-9, 10, (rows, columns))
    return Moments.from_samples(X, X @ rng.integers(-3, 4, columns) + rng.integers(-2, 3, rows), **options)


DATA = {
    "samples": _samples(30, 8),
    "standardized": _samples(30, 8, standardize=True),
    "null space": _samples(5, 9),
    "null space, standardized": _samples(6, 9, standardize=True),
    "multiple eigenvalues": Moments.given([[2, 0, 0], [0, 2, 0], [0, 0, 5]], [1, 2, 3], 20),
    "a cluster": Moments.given([[1 + TINY, TINY], [TINY, 1 + TINY]], [1, 1], 3),
    "a cluster, seen on both axes": Moments.given([[1 + TINY, TINY], [TINY, 1 + TINY]], [1, "1/3"], 3),
    "an axis that v does not see": Moments.given([[2, 1, 0], [1, 2, 0], [0, 0, 1]], [1, 1, 5], 90),
    "nearly one": Moments.given([[2, 1], [1, 2]], [1, 1 + Fraction(1, 10**12)], 9),
    "far apart": Moments.given([[1, 0], [0, Fraction(1, 10**20)]], [1, Fraction(1, 10**13)], 9),
    "many features": _samples(90, 66, standardize=True),
    "many features, two eigenvalues": Moments.given(
        [[2 + (i == j) for j in range(65)] for i in range(65)], range(65), 10**9
    ),
    "a spectrum": Spectrum.of(["1/3", "1/3", 7], ["0.1", "1e-80", 3]),
    "an exact spectrum": Spectrum.of(["0.5", 0, 7], [2, 0, 3], 8),
}


def _off(data, found, ridge, rho=Fraction(3, 2)):
    """How far the sums over the doubles are from those of the data, relative, in units of 2^-53."""
    with TURN, working_precision(400):
        exact = resolvent_of(data, rho).response(ball(ridge))
        terms = [
            (ball(rho * Fraction(a)), ball(Fraction(p)))
            for a, p in zip(found.a.tolist(), found.p.tolist(), strict=True)
        ]
        sums = {
            name: sum(weight(a) * p / (a + ball(ridge)) ** power for a, p in terms)
            for name, weight, power in (
                ("r1", lambda _: 1, 1),
                ("r2", lambda _: 1, 2),
                ("r3", lambda _: 1, 3),
                ("r4", lambda _: 1, 4),
                ("energy", lambda a: a, 2),
                ("shrunk_energy", lambda a: a, 3),
            )
        }
        return {name: float(abs(x / getattr(exact, name) - 1).upper() * 2**53) for name, x in sums.items()}


RIDGES = (Fraction(1, 10**24), Fraction(1, 100), Fraction(4), Fraction(10**9))

#: Many features take a while, so that they are seen at one ridge.
CASES = [(n, ridge) for n in DATA for ridge in RIDGES if "many" not in n or ridge == 4]


@pytest.mark.parametrize(("name", "ridge"), CASES)
def test_every_sum_is_that_of_the_data_up_to_the_ulps(name, ridge):
    """A term p a/(ρa + λ)^k changes by at most k + 2 times what each of a and p does."""
    data = DATA[name]
    found = rounded_spectrum(data)
    powers = {"r1": 1, "r2": 2, "r3": 3, "r4": 4, "energy": 2, "shrunk_energy": 3}
    for sum_name, off in _off(data, found, ridge).items():
        assert off <= found.ulps * (powers[sum_name] + 2) + 1e-9
    assert abs(Fraction(found.c) - data.c) <= found.ulps * U * data.c
    # Near-miss: doubles that are off by more are told.
    moved = replace(found, p=found.p * (1 + 12 * (found.ulps + 1) * 2.0**-52))
    assert _off(data, moved, ridge)["r2"] > 4 * found.ulps


def test_ulps_are_what_was_done():
    assert [rounded_spectrum(DATA[name]).ulps for name in ("an exact spectrum", "a spectrum")] == [0, 1]
    assert 1 <= rounded_spectrum(DATA["samples"]).ulps <= 3
    assert rounded_spectrum(Spectrum.of([1, 2], [1, 1], "1.6")).ulps == 1  # c alone


def test_only_what_is_proved_to_be_harmless_is_left_out():
    seen = rounded_spectrum(DATA["an axis that v does not see"])
    assert seen.a.tolist() == [1, 3]  # the eigenvalue 1 is double, and v has a part there
    assert rounded_spectrum(DATA["nearly one"]).p.tolist() == pytest.approx([5e-25, 2], rel=1e-9)
    # v along one of two axes, next to which the other is so small that what it might hide would count.
    data = Moments.given([[1, 1], [1, 1 + Fraction(1, 10**150)]], [1, 1], 3)
    assert rounded_spectrum(data) is None
    data = Moments.given([[1, 1], [1, 1 + Fraction(1, 10**30)]], [1, 1], 3)
    assert rounded_spectrum(data) is not None


def test_no_target_and_no_doubles():
    nothing = rounded_spectrum(Moments.given([[1, 0], [0, 2]], [0, 0], 1))
    assert (nothing.a.tolist(), nothing.p.tolist(), nothing.c, nothing.ulps) == ([1], [0], 1, 0)
    assert rounded_spectrum(Spectrum.of([Fraction(1, 10**320)], [Fraction(1, 10**320)])) is None
    assert rounded_spectrum(Spectrum.of([10**400], [1])) is None


def stand_in(values, error, components):
    """Axes as balls give them, of which only what a spectrum is made of is there."""
    return SimpleNamespace(
        values=[arb(x) for x in values],
        error=arb(error),
        components=lambda _: [arb(*x) for x in components],
    )


POWER = {bits: 2.0**-bits for bits in (8, 30, 40, 50, 60, 62, 200)}
NULL = Moments.given([[0, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 1, Fraction(1, 2**8)], 3)
HALF = Moments.given([[0, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 1, Fraction(1, 2)], 3)
SPREAD = Moments.given([[1, 0], [0, 16]], [1, 1], 3)


@pytest.mark.parametrize(
    ("data", "error", "components", "features"),
    [
        # The null space that balls find is turned against the true one, which adds to the error of A ...
        (HALF, POWER[62], [(0,), (1,), (0.5,)], 2),
        (HALF, POWER[60], [(0,), (1,), (0.5,)], None),
        # ... and to that of a small component.
        (NULL, POWER[62], [(0,), (1,), (POWER[8],)], None),
        # What is left out may count up to the fourth power of the condition number.
        (SPREAD, POWER[200], [(1,), (POWER[40], POWER[50])], 1),
        (SPREAD, POWER[200], [(1,), (POWER[30], POWER[40])], None),
    ],
)
def test_each_error_of_the_axes_counts(monkeypatch, data, error, components, features):
    values = [0, 1, 1] if data is not SPREAD else [1, 16]
    found = stand_in(values, error, components)
    monkeypatch.setattr(rounded_spectrum_module, "symmetric_axes", lambda *_, **__: found)
    made = rounded_spectrum(data)
    assert (None if made is None else len(made.a)) == features
