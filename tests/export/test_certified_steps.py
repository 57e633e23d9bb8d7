"""Single steps of the certified march, from anywhere and with proposals that are wrong."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from mpmath import mp, mpf, workdps
from oracles.adversarial import clusters, folds, ordinary
from oracles.ball_roots import Curve, UndecidedError, true_points

from symderive.export import live
from symderive.export.solver.certified.solver import describe_certified

NAMES = tuple(describe_certified().step.outputs)
FAR = ("height", "share", "distance", "blur", "shift")


@pytest.fixture(scope="module")
def module():
    return live.namespace("numpy", certified=True)


def exactly(value):
    return arb(fmpq(*Fraction(float(value)).as_integer_ratio()))


def started(module, batch, i):
    """The scaled problem of a row, and its true roots in the same units, as balls."""
    a, p = batch.a[i][:, None], batch.p[i][:, None]
    numbers = [np.array([v[i]]) for v in (batch.c, batch.mean_decay, batch.noise_factor, batch.depth)]
    alpha, weight, unit, power, largest = module._scale(a, p)
    made = module._start(alpha, weight, unit, power, largest, *numbers, float(len(a)), np.zeros(1))
    level, shrink, *errors, _, _, end = made[:8]
    points = true_points(batch.instance(i, None))
    roots = [point.ridge / (exactly(batch.noise_factor[i]) * exactly(unit[0])) for point in points]
    return (alpha, weight, level, shrink, *errors, end, numbers[-1]), roots, points


def stepped(module, fixed, x, side):
    """Outputs of ``step`` by name, with ``leap`` where it is needed."""
    place = module._ln(x / fixed[2])
    with np.errstate(all="ignore"):
        at = dict(zip(NAMES, module._step(*fixed, x, place, side), strict=True))
        verified = module._leap(fixed[-1], at["next_side"], at["next_x"] / x, *(at[name] for name in FAR))
    return at, at["sound"] & (at["covered"] | verified)


class Library:
    """NumPy with an exp that is wrong by a factor drawn around 1."""

    def __init__(self, rng):
        self.rng = rng

    def __getattr__(self, name):
        if name != "exp":
            return getattr(np, name)
        return self.exp

    def exp(self, x):
        wrong = 10 ** self.rng.uniform(-4, -0.3, np.shape(x)) * self.rng.choice([-1, 1], np.shape(x))
        return np.exp(x) * (1 + wrong)


def rows(rng):
    batches = (
        ordinary(rng, 12, 3, depths=(2, 3, 10)),
        folds(rng, 12, nearest=-8, farthest=-2),
        folds(rng, 20, nearest=-15.5, farthest=-12),
        clusters(rng, 12),
    )
    for batch in batches:
        for i in np.flatnonzero(batch.depth >= 2):
            yield batch, int(i)


def test_no_step_passes_a_root(module, monkeypatch):
    """From any place, on the side on which it is, and by steps of any length: roots passed are emitted."""
    rng = np.random.default_rng(31)
    monkeypatch.setattr(module, "np", Library(rng))
    passed = refused = 0
    before = ctx.prec
    try:
        for batch, i in rows(rng):
            try:
                fixed, roots, points = started(module, batch, i)
            except UndecidedError:
                continue
            if not roots:
                continue
            low, high = float(roots[0].mid()), float(roots[-1].mid())
            x = np.exp(rng.uniform(np.log(low) - 2, np.log(high) + 1, 60))
            near = [float(root.mid()) * np.exp(-(10 ** rng.uniform(-14, -0.5, 12))) for root in roots]
            x = np.concatenate([x, *near])
            ctx.prec = 200
            # Past a place that is a root's double no side is right.
            clear = [all(exactly(y) < root or exactly(y) > root for root in roots) for y in x]
            x = x[clear]
            done = np.array([sum(bool(exactly(y) > root) for root in roots) for y in x])
            at, proved = stepped(module, fixed, x, np.where(done % 2, 1.0, -1.0))
            for k in np.flatnonzero(proved):
                ahead = [
                    points[j].kind
                    for j in range(done[k], len(roots))
                    if roots[j] < exactly(at["next_x"][k])
                ]
                emitted = [int(at["next_side"][k])] if at["emit"][k] else []
                if at["done"][k] and not emitted:
                    assert ahead == []
                assert ahead == emitted, (batch, i, x[k])
            passed += proved.sum()
            refused += (~proved).sum()
    finally:
        ctx.prec = before
    assert passed > 300
    assert refused > 300


def looked(module, batch, i, factors):
    """At each root from some factors of it: the point, ln(root/sample), and the outputs of ``step``."""
    fixed, roots, points = started(module, batch, i)
    for root, point in zip(roots, points, strict=True):
        x = np.array([float(root.mid()) * factor for factor in factors])
        at, _ = stepped(module, fixed, x, np.full(len(x), -float(point.kind)))
        for k in np.flatnonzero(at["emit"]):
            yield point, (root / exactly(x[k])).log(), {name: value[k] for name, value in at.items()}


def test_a_root_is_where_a_look_at_it_says(module):
    """Its distance is root_step up to blur, and what leaps from it need is on the safe side."""
    rng = np.random.default_rng(12)
    batch = ordinary(rng, 25, 4, depths=(2, 3, 5, 10))
    far, near, shares = [], [], []
    before, ctx.prec = ctx.prec, 200
    try:
        for i in range(len(batch)):
            curve = Curve(batch.instance(i, None))
            for point, true, at in looked(module, batch, i, (1 - 5e-2, 1 - 5e-3, 1 - 1e-8, 1 - 1e-15)):
                step, blur = exactly(at["root_step"]), exactly(at["blur"])
                error = abs(true - step)
                assert error <= blur
                (far if abs(true) > 1e-4 else near).append(float(error / blur))
                shift, share = exactly(at["shift"]), exactly(at["share"])
                _, slope = curve.at(point.ridge.log())
                mu = (curve.theta - slope) / 2
                assert slope * point.kind > 0
                if point.kind > 0:
                    assert shift > (blur - step).exp()
                    assert share > mu
                else:
                    assert shift < (-blur - step).exp()
                    assert share < mu
                shares.append(float(abs(share - mu) / mu))
    finally:
        ctx.prec = before
    assert len(far) > 40
    assert max(far) > 0.5
    assert max(near) > 0.01
    assert np.median(shares) < 1e-3


def test_the_side_is_checked(module):
    """A march that believes itself on the other side of the threshold stops."""
    rng = np.random.default_rng(32)
    seen = 0
    for batch, i in rows(rng):
        try:
            fixed, roots, _ = started(module, batch, i)
        except UndecidedError:
            continue
        if not roots:
            continue
        middle = [float(root.mid()) for root in roots]
        x = np.array([middle[0] * 0.1, *np.sqrt(np.array(middle[1:]) * middle[:-1]), middle[-1] * 10])
        false = np.where(np.arange(len(x)) % 2, -1.0, 1.0)
        at, proved = stepped(module, fixed, x, false)
        clear = ~at["emit"]
        assert not proved[clear].any()
        seen += clear.sum()
    assert seen > 50


def test_a_march_does_not_end_where_there_is_a_root_ahead(module):
    """Beyond the last root H is negative: who comes to the end of the range with H > 0 has lost one."""
    seen = 0
    for batch, i in rows(np.random.default_rng(35)):
        try:
            fixed, roots, _ = started(module, batch, i)
        except UndecidedError:
            continue
        if len(roots) < 2:
            continue
        x = np.sqrt(np.array([float(roots[0].mid()) * float(roots[1].mid())]))
        near = (*fixed[:-2], module._ln(x / fixed[2]) - 1, fixed[-1])
        at, proved = stepped(module, fixed, x, np.ones(1))
        if proved and not at["emit"]:
            assert not at["done"]
            at, proved = stepped(module, near, x, np.ones(1))
            assert at["done"]
            assert not proved
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(("share", "proved"), [(0.9, False), (1.1, True)])
def test_a_root_is_the_isolated_one_with_all_of_its_radius(module, share, proved):
    """At a point off the root the radius counts where it is asked how far the isolated root may be."""
    numbers = [np.array([value]) for value in (3.0, 0.1, 1.0, 2.0)]  # c, decay, ρ and D
    alpha, weight, unit, power, largest = module._scale(np.array([[1.0], [2.0]]), np.ones((2, 1)))
    level, shrink = module._start(alpha, weight, unit, power, largest, *numbers, 2.0, np.zeros(1))[:2]
    root = module.stationary_points([1.0, 2.0], [1.0, 1.0], 3.0, mean_decay=0.1, depth=2).ridge[0]
    x, away = np.array([root * 1.001 / unit[0]]), 0.2
    c, _, rho, depth = numbers

    def finished(reach):
        place = module._ln(x / level) - away
        made = module._finish(
            *(alpha, weight, c, unit, power, level, shrink, rho, depth, 2.0, np.zeros(1), x, place, reach)
        )
        return dict(zip(describe_certified().finish.outputs, made, strict=True))

    far = finished(np.array([1.0]))
    assert far["proved"][0]
    radius = far["ridge_radius"][0] / far["ridge"][0]
    assert 1e-3 < radius < 1e-2
    assert finished(np.array([away + share * radius]))["proved"][0] == proved


# -- leaps ---------------------------------------------------------------------------------------------


def drawn(rng):
    """A leap whose inequality holds or fails by a relative distance that is drawn."""
    depth = int(rng.choice([2, 3, 5, 100]))
    theta = mpf(depth + 1) / depth
    up = bool(rng.random() < 0.5)
    share, delta = float(10 ** rng.uniform(-6, 0)), mpf(10) ** float(rng.uniform(-3, 1))
    ratio = float(mp.exp(delta))
    if up:
        left = 2 * mp.log(1 - share + share * mpf(ratio)) - theta * mp.log(mpf(ratio))
    else:
        left = mp.log(1 - share + share / mpf(ratio) ** 2) + theta * mp.log(mpf(ratio))
    margin = float(rng.choice([-1, 1])) * 10 ** rng.uniform(-17, -1)
    height = float(left + margin * (1 + abs(left)))
    holds = mpf(height) - left
    return depth, 1.0 if up else -1.0, ratio, height, share, delta, holds


def test_leaps_are_verified_where_the_inequality_holds(module):
    rng = np.random.default_rng(33)
    with workdps(40):
        cases = [case for case in (drawn(rng) for _ in range(3000)) if case[3] >= 0]
        for depth, side, ratio, height, share, delta, holds in cases:
            # The least number of doubles that is not below the distance.
            distance = float(delta * (1 + mpf(2) ** -52))
            given = (float(depth), side, ratio, height, share, distance, 0.0, 1.0)
            verified = bool(module._leap(*(np.array([value]) for value in given))[0])
            if holds <= 0:
                assert not verified, given
            elif holds > mpf(10) ** -11 * (1 + delta + height):
                assert verified, given
    assert sum(case[-1] <= 0 for case in cases) > 300
    assert sum(case[-1] > 0 for case in cases) > 300


def test_a_shift_of_the_sample_counts(module):
    """From a root at base ± blur the ratio is e^base too large or too small."""
    rng = np.random.default_rng(34)
    checked = 0
    with workdps(40):
        for _ in range(1500):
            depth, side, ratio, height, share, delta, holds = drawn(rng)
            base = mpf(float(rng.uniform(-0.1, 0.1)))
            blur = mpf(10) ** float(rng.uniform(-12, -2))
            if height < 0 or holds > 0 or delta < 0.3:
                continue
            # The root lies at the worst place that blur allows.
            true = base + blur * int(rng.choice([-1, 1]))
            seen = float(mpf(ratio) * mp.exp(true))
            b, e = float(base), float(blur)
            shift = 1 - b + b * b + 2 * e if side > 0 else 1 - b - 2 * e
            distance = float((delta + 2 * blur) * (1 + mpf(2) ** -50)) + 2.0**-41
            given = (float(depth), side, seen, height, share, distance, e, shift)
            assert not module._leap(*(np.array([value]) for value in given))[0], given
            checked += 1
    assert checked > 100
