"""The certified blocks on Python's floats: the module that the package keeps is what is written."""

from math import exp, inf

import numpy as np
import pytest
from oracles.adversarial import families, ordinary
from oracles.sampled import some

from symderive.effective_ridge import float_blocks
from symderive.export import live
from symderive.export.solver.certified.solver import MAX_REPAIRS
from symderive.export.targets import floats

PLACE = floats.__name__


def test_the_module_is_what_is_written():
    with open(float_blocks.__file__, encoding="utf-8") as file:
        assert file.read() == floats.write(), f"python -m {PLACE} writes it anew"


def solved(a, p, c, decay, rho, depth, ulps, *, arrays):
    """(ridge, radius, kind) of every root, or None: the least frame around the blocks."""
    ending = "_of_arrays" if arrays else ""
    block = {
        name: getattr(float_blocks, name)
        for name in ("start", "step", "leap", "settle", "finish", "single")
    }
    sums = {
        name: getattr(float_blocks, f"{name}_sums{ending}")
        for name in ("start", "look", "finish", "single")
    }
    features = float(len(a))
    a, p = (np.array(a), np.array(p)) if arrays else (a, p)
    try:
        alpha, weight, unit, power, largest = getattr(float_blocks, f"scale{ending}")(a, p)
        level, shrink, *errors, x, place, end, fit, impossible, empty, ready = block["start"](
            *sums["start"](alpha, weight), unit, power, largest, c, decay, rho, depth, features, ulps
        )
        if not fit or impossible:
            return None
        found = []
        if depth == 0:
            found = [(level, 0.0, inf, 1.0)]
        elif depth == 1:
            x, present, absent = block["single"](
                *sums["single"](alpha, weight), level, shrink, features, ulps
            )
            if not present and not absent:
                return None
            found = [(x, 0.0, inf, 1.0)] if present else []
        elif not empty:
            side, done = -1.0, not ready
            if done:
                return None
            while not done:
                next_x, next_place, side, done, sound, covered, emit, step, reach, *far = block["step"](
                    *sums["look"](alpha, weight, x), level, shrink, *errors, end, depth, x, place, side
                )
                if not sound or not (covered or block["leap"](depth, side, next_x / x, *far)):
                    return None
                if emit:
                    near = x * exp(step)
                    near = block["settle"](*sums["look"](alpha, weight, near), level, shrink, depth, near)
                    found.append((near, place, reach, side))
                x, place = next_x, next_place
        points = []
        for x, place, reach, kind in found:
            for _ in range(MAX_REPAIRS):
                *values, proved, settled, next_x = block["finish"](
                    *sums["finish"](alpha, weight, x),
                    *(c, unit, power, level, shrink, rho, depth, features, ulps, x, place, reach),
                )
                x = next_x
                if settled:
                    break
            if not proved:
                return None
            points.append((values[0], values[6], kind))
    except (ArithmeticError, ValueError):
        return None
    return points


@pytest.mark.parametrize("arrays", [False, True])
def test_it_is_the_search_of_the_arrays(arrays):
    module = live.namespace("numpy", certified=True)
    rng = np.random.default_rng(5)
    decided = 0
    for name, batch in families(rng, 12).items():
        # What prepares spectra with zeros and subnormal numbers is the frame's, not the blocks'.
        if name in ("extremes", "extremes, less", "ties"):
            continue
        found = batch.solve(module)
        for i in some(range(len(batch)), 3):
            row = (batch.a[i].tolist(), batch.p[i].tolist())
            numbers = (batch.c, batch.mean_decay, batch.noise_factor, batch.depth)
            points = solved(*row, *(float(value[i]) for value in numbers), batch.ulps, arrays=arrays)
            assert (points is None) == (found.status[i] != 0), (name, i)
            if points is None:
                continue
            decided += 1
            assert [kind for *_, kind in points] == found.kind[i, : found.count[i]].tolist()
            for slot, (ridge, radius, _) in enumerate(points):
                assert abs(ridge - found.ridge[i, slot]) <= radius + found.ridge_radius[i, slot]
    assert decided > 20


def test_false_exponentials_prove_nothing_false(monkeypatch):
    """As for arrays: what exp and log give is where to look, not what is found."""
    rng = np.random.default_rng(6)
    batch = ordinary(rng, 40, 3, depths=(1, 2, 3, 5))
    rows = [
        (batch.a[i].tolist(), batch.p[i].tolist(), *map(float, numbers))
        for i, numbers in enumerate(
            zip(batch.c, batch.mean_decay, batch.noise_factor, batch.depth, strict=True)
        )
    ]
    true = [solved(*row, 0.0, arrays=False) for row in rows]
    for name in ("exp", "log", "expm1", "log1p"):
        function = getattr(float_blocks, name)
        monkeypatch.setattr(
            float_blocks, name, lambda x, function=function: function(x) * (1 + rng.uniform(-0.3, 0.3))
        )
    false = [solved(*row, 0.0, arrays=False) for row in rows]
    decided = [(one, other) for one, other in zip(true, false, strict=True) if other is not None]
    assert 5 < len(decided) < len(rows)
    for one, other in decided:
        assert [kind for *_, kind in one] == [kind for *_, kind in other]
        assert all(abs(x - y) <= r + s for (x, r, _), (y, s, _) in zip(one, other, strict=True))
