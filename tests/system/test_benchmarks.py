"""The benchmark's own arithmetic, and its cheapest instance from end to end."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

import pytest

from benchmarks.instances import close_pair, polynomial, seeded
from benchmarks.peers import PEERS, Case
from benchmarks.roots import OUR_DIGITS, agreement, best_time, compare, midpoints, obstacle, table, text
from symderive.arithmetic.exact import ball
from symderive.effective_ridge.roots import isolate_roots

LIMIT = 2.0

#: What a peer may differ by, relatively, in the comparison, and a difference that is too large.
SLACK, TOO_FAR = Fraction(1, 10**11), Fraction(1, 10**9)


@pytest.fixture(scope="module")
def cheapest():
    return compare(seeded(3, 2), limit=LIMIT)


def test_the_table_holds_every_peer(cheapest):
    lines = text({"comparisons": [cheapest]}).splitlines()
    names = [f"symderive, {digits} digits" for digits in OUR_DIGITS] + [peer.name for peer in PEERS]
    for name in names:
        assert sum(line.startswith(name + "  ") for line in lines) == 1, name


def test_complete_peers_find_our_roots_and_no_other(cheapest):
    checked = [line for line in cheapest.lines if line.complete and line.seconds is not None]
    assert len(checked) > len(OUR_DIGITS)
    for line in checked:
        assert (line.right, line.missing, line.wrong) == (cheapest.roots, 0, 0), line.solver


def test_ratios_are_of_the_times_shown(cheapest):
    for line in cheapest.lines:
        if line.seconds is not None:
            assert line.ratio == line.seconds / cheapest.ours
            assert line.ratio_expanded == (line.seconds + line.expansion) / cheapest.ours


def test_a_peer_that_was_not_timed_is_shown_with_the_reason(cheapest):
    silent = replace(cheapest.lines[-1], seconds=None, note="> 7 s")
    shown = table(replace(cheapest, lines=(*cheapest.lines[:-1], silent)))
    assert f"{silent.solver}  " in shown
    assert "> 7 s" in shown


def test_agreement_counts_what_is_missing_and_what_is_wrong():
    ours = [Fraction(2), Fraction(5)]
    point = [(x, x) for x in ours]
    near = [(x * (1 + SLACK), x * (1 + SLACK)) for x in ours]
    far = [(x * (1 + TOO_FAR), x * (1 + TOO_FAR)) for x in ours]
    assert agreement(ours, point) == agreement(ours, near) == (2, 0, 0)
    assert agreement(ours, far) == (0, 2, 2)
    assert agreement(ours, point[:1]) == (1, 1, 0)
    assert agreement(ours, [*point, point[0]]) == (2, 0, 1)  # the same root twice is one too many
    assert agreement(ours, [(Fraction(1), Fraction(6))]) == (1, 1, 0)  # nor do two share an interval


def test_a_trial_tells_slow_failing_and_harmless_calls_apart():
    def fail():
        raise ValueError

    assert obstacle(lambda: time.sleep(60), 0.05) == "> 0.05 s"
    assert obstacle(fail, LIMIT) == "failed: ValueError"
    assert obstacle(lambda: None, LIMIT) == ""


@pytest.mark.parametrize("instance", [seeded(3, 2), close_pair(3, 2)], ids=lambda i: i.label)
def test_the_polynomial_vanishes_at_our_roots_alone(instance):
    coefficients = polynomial(instance)
    assert len(coefficients) == instance.degree + 1
    roots = midpoints(isolate_roots(instance.equation(), digits=30))
    assert len(roots) == 2

    def sign(x):
        value = sum(c * x**k for k, c in enumerate(coefficients))
        return (value > 0) - (value < 0)

    # Simple roots: the sign changes across each, within the digits that are known.
    width = Fraction(1, 10**15)
    for root in roots:
        assert sign(root * (1 - width)) == -sign(root * (1 + width)) != 0
    assert sign(roots[0] / 2) == sign(roots[1] * 2) == -sign((roots[0] + roots[1]) / 2)


def test_a_grid_misses_close_pairs_and_only_those():
    pytest.importorskip("scipy")
    grid = next(peer for peer in PEERS if peer.name == "SciPy brentq on a grid")
    seeds = range(1, 6)
    missed = 0
    for seed in seeds:
        plain, close = seeded(10, 3, seed=seed), close_pair(10, 3, seed=seed)
        for instance in (plain, close):
            roots = midpoints(isolate_roots(instance.equation(), digits=15))
            right, missing, wrong = agreement(roots, grid.read(grid.prepare(Case(instance, []))()))
            assert (right + missing, wrong) == (2, 0)
            missed += missing
            assert instance is close or missing == 0
    assert missed >= len(seeds)  # a grid point may fall between two roots, by luck


def test_the_best_time_is_positive_and_the_result_the_last():
    seconds, result = best_time(lambda: sum(range(1000)))
    assert seconds > 0
    assert result == 499500


def test_instances_are_reproducible_and_distinct():
    assert seeded(10, 3) == seeded(10, 3)
    assert seeded(10, 3) != seeded(10, 3, seed=2)
    assert len(set(seeded(100, 3).spectrum.a)) == 100
    assert ball(seeded(10, 3).decay_product) > 0
