"""The error bounds of the certified blocks: counted on the blocks, and measured in balls."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from oracles.adversarial import clusters, folds, ordinary
from oracles.roundings import EXACT, GIVEN, ONE, count, linear, plus, value

from symderive.effective_ridge import float_blocks
from symderive.export import live
from symderive.export.ir.nodes import number, symbol
from symderive.export.solver.arguments import C
from symderive.export.solver.certified import logarithm
from symderive.export.solver.certified.bounds import HIGHER, MOST_ROUNDINGS, Counts, U, relative
from symderive.export.solver.certified.solver import describe_certified
from symderive.export.solver.certified.start import (
    ALPHA,
    BEND_ERROR,
    HEIGHT_ERROR,
    LEVEL,
    NOISE,
    PLACE,
    POWER,
    SHRINK,
    SLOPE_ERROR,
    TERMS,
    ULPS,
    UNIT,
    WEIGHT,
    X,
    bend_error,
    height_error,
    slope_error,
)
from symderive.export.solver.certified.step import look

UNIT_ROUNDOFF = 2.0**-53
COUNTS = Counts(TERMS, ULPS)
SOLVER = describe_certified()
DEPTH = symbol("depth")
POWERS = {UNIT, POWER}
START = SOLVER.start.outputs
GIVEN_AT_START = {
    NOISE: GIVEN,
    symbol("mean_decay"): GIVEN,
    UNIT: EXACT,
    POWER: EXACT,
    ALPHA: GIVEN,
    WEIGHT: GIVEN,
}
KNOWN = {
    **GIVEN_AT_START,
    SHRINK: count(START["shrink"], GIVEN_AT_START, POWERS),
    LEVEL: count(START["level"], GIVEN_AT_START, POWERS),
    X: EXACT,
}


@pytest.fixture(scope="module")
def module():
    return live.namespace("numpy", certified=True)


def counted(node):
    return count(node, KNOWN, POWERS)


def named(block, name):
    return next(let.node for let in block.lets if let.name == name)


def said(node):
    return linear(node, TERMS, ULPS)


# -- counts --------------------------------------------------------------------------------------------

AT = look(DEPTH, X, PLACE)
STEP, FINISH, SINGLE = SOLVER.step, SOLVER.finish, SOLVER.single

#: What is counted, and the bound that is used for it.
BOUNDS = {
    "S2": (named(STEP, "s2"), COUNTS.s2),
    "S3": (named(STEP, "s3"), COUNTS.s3),
    "S4": (named(STEP, "s4"), COUNTS.s4),
    "κS2": (AT.height.args[0].args[0], COUNTS.norm),
    "μ": (AT.mu, COUNTS.shrinkage),
    "6⟨s²⟩": (AT.bend.args[0], COUNTS.square_shrinkage),
    "S2 at the end": (named(FINISH, "s2"), COUNTS.s2),
    "Q": (named(FINISH, "energy"), COUNTS.energy),
    "B": (named(FINISH, "rest"), COUNTS.rest),
    "ν": (named(FINISH, "nu"), COUNTS.rest_share),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_counts_are_those_of_the_blocks(name):
    """Neither too small, which would be wrong, nor too large, which would go unnoticed."""
    node, bound = BOUNDS[name]
    assert counted(node) == said(bound)


@pytest.mark.parametrize("name", ["log_second", "log_inverse", "log_strength"])
def test_arguments_of_the_search_range(name):
    argument = counted(named(SOLVER.start, name).args[0])
    bound = said(COUNTS.s4 + 4 * ULPS + 8)
    assert all(mine <= its for mine, its in zip(argument, bound, strict=True))
    if name == "log_strength":
        assert counted(named(SINGLE, "rise").args[0]) == argument


def radius_of(name, known):
    """The radius of a value of ``finish``, whose parts are given."""
    return value(FINISH.outputs[f"{name}_radius"], known)


def bound_of(counts, known):
    """The relative error that a count allows."""
    n = (counts[0] + counts[1] * known[TERMS] + counts[2] * known[ULPS]) * U
    return n / (1 - n)


VALUES = {name: FINISH.outputs[name] for name in ("ridge", "norm", "layer_decay", "variance", "loss")}
SIZES = {"gap": named(FINISH, "gap_size"), "signal": named(FINISH, "quadratic")}
DISPLACED = named(FINISH, "relative_radius")


def counts_of_values():
    known = {**KNOWN, DEPTH: EXACT, DEPTH - 1: EXACT}
    root, size = VALUES["norm"], SIZES["gap"]
    assert root.op == "sqrt"
    first = size.args[0].args[0]
    assert first.op == "abs"
    known[first] = count(first.args[0], known, POWERS)
    return {
        "ridge": count(VALUES["ridge"], known, POWERS),
        "layer_decay": count(VALUES["layer_decay"], known, POWERS),
        # √(1 + ε) is at most 1 + ε/2, so that a count halves, and one rounding comes in.
        "norm": plus(tuple(part / 2 for part in count(root.args[0], known, POWERS)), ONE),
        "gap": count(size, known, POWERS),
        # ρ - 1 is rounded, and the product; how wrong it is by ρ's own error is another matter.
        "variance": plus(count(SIZES["signal"], known, POWERS), ONE, ONE),
    }


@pytest.mark.parametrize("name", ["ridge", "layer_decay", "norm", "gap", "variance"])
def test_radii_hold_the_roundings(name):
    rng = random.Random(3)
    counts = counts_of_values()[name]
    for _ in range(20):
        known = {**drawn(rng), **dict.fromkeys(VALUES.values(), 1), DISPLACED: 0, SIZES["gap"]: 1, NOISE: 1}
        known[SIZES["signal"]] = 0
        assert bound_of(counts, known) <= radius_of(name, known) <= 3 * bound_of(counts, known)


#: By what factor a value changes at most where u = ln x does by r.
GROWTH = {
    "ridge": lambda r: math.exp(r),
    "norm": lambda r: math.exp(r),
    "layer_decay": lambda r: math.exp(r),
    "variance": lambda r: math.exp(2 * r),
    "gap": lambda r: 1 + 3 * r * math.exp(3 * r),
}


@pytest.mark.parametrize("name", GROWTH)
@pytest.mark.parametrize("r", [2**-4, 2**-10])
def test_radii_hold_what_the_root_may_move(name, r):
    known = {TERMS: 10, ULPS: 1, **dict.fromkeys(VALUES.values(), 1), SIZES["gap"]: 1, NOISE: 1}
    known |= {SIZES["signal"]: 0, DISPLACED: Fraction(r)}
    moved = GROWTH[name](r) - 1
    assert moved <= radius_of(name, known) <= 1.5 * moved


def test_the_error_of_a_noise_factor_of_1_holds_all_over_the_radius():
    """Where ρ is 1 up to ku, the variance is up to ku times the largest mᵀAm within the radius."""
    known = {
        TERMS: 10,
        ULPS: 1,
        SIZES["gap"]: 1,
        NOISE: 1,
        SIZES["signal"]: 1,
        **dict.fromkeys(VALUES.values(), 0),
    }
    for r in (2**-4, 2**-10):
        moved = math.exp(2 * r) * U
        assert moved <= radius_of("variance", {**known, DISPLACED: Fraction(r)}) <= 1.5 * moved


def test_radii_hold_the_errors_of_single_inputs():
    """ρ - 1 is wrong by k times ρ however small it is; c is wrong by k, and c + (F - c) rounded."""
    known = {TERMS: 10, ULPS: 7, DISPLACED: 0, SIZES["gap"]: 0, NOISE: 3, SIZES["signal"]: 1}
    known |= {VALUES["variance"]: 0, VALUES["loss"]: 0, C: 1}
    assert 21 * U <= radius_of("variance", known) <= 30 * U
    assert 7 * U <= radius_of("loss", known) <= 20 * U
    assert U <= radius_of("loss", {**known, C: 0, VALUES["loss"]: 1}) <= 3 * U


def test_the_error_of_the_height_at_the_end():
    rng = random.Random(4)
    ratio = counted(X / LEVEL)
    for _ in range(100):
        known = {**drawn(rng), DEPTH: rng.choice([2, 3, 10])}
        theta = Fraction(known[DEPTH] + 1, known[DEPTH])
        place, height = Fraction(rng.uniform(-300, 300)), Fraction(rng.uniform(-2, 2))
        log_norm = height - theta * place
        known |= {named(FINISH, "log_norm"): log_norm, named(FINISH, "here"): place}
        known |= {named(FINISH, "size"): abs(height), named(FINISH, "theta"): theta}
        place_error = bound_of(ratio, known) + U * (4 + abs(place))
        whole = bound_of(counted(AT.height.args[0].args[0]), known) + U * (4 + abs(log_norm))
        whole += theta * place_error + 2 * U * theta * abs(place) + U * abs(height)
        bound = value(named(FINISH, "error"), known)
        assert whole <= bound <= 1.5 * whole


def test_the_bend_that_a_free_step_starts_with():
    """No less than H″ can be at the root, in the direction of H there: by its error, and as |H‴| ≤ 1."""
    side, bend, moved = STEP.outputs["next_side"], named(STEP, "bend"), named(STEP, "moved")
    off, error = Fraction(1, 10), Fraction(1, 1000)
    for sign in (-1, 1):
        known = {named(STEP, "curve"): Fraction(1, 4), side: sign, BEND_ERROR: error, moved: off}
        assert value(bend, known) == Fraction(sign, 4) - error - off
    for step in (-off, off):
        assert value(moved, {STEP.outputs["root_step"]: step, STEP.outputs["blur"]: error}) == off + error


def test_the_error_of_the_slope_at_the_end():
    steep = named(FINISH, "steep")
    known = {TERMS: 10, ULPS: 3}
    bound = value(steep.args[1], known)
    assert 2 * bound_of(counted(named(FINISH, "nu")), known) + 3 * U <= bound


def test_the_doubt_at_depth_one():
    """Of ln(‖v‖²/γ̄²), whose sign says whether there is a root."""
    rise = named(SINGLE, "rise")
    for rising in (0, 3):
        known = {TERMS: 10, ULPS: 3, rise: rising}
        error = bound_of(counted(rise.args[0]), known) + U * (4 + rising)
        assert error <= value(named(SINGLE, "doubt"), known) <= 4 * error


def test_a_difference_has_no_count():
    with pytest.raises(ValueError, match="no count of sub"):
        counted(1 - AT.mu)


def test_relative_errors_from_counts():
    """nu/(1 - nu) ≤ (65/64) nu up to u⁻¹/65, beyond which no instance is let in."""
    for n in (1, 1000, 2**20, MOST_ROUNDINGS):
        exact = n * U / (1 - n * U)
        assert exact <= value(relative(number(n)), {})
    assert Fraction(65, 64) == HIGHER
    assert MOST_ROUNDINGS * U * 65 < 1


def drawn(rng):
    return {TERMS: Fraction(rng.choice([1, 10, 1000])), ULPS: Fraction(rng.choice([0, 1, 50]))}


def test_the_error_of_the_height():
    """Its parts, with the counts of the nodes, are no more than the bound for |H| ≤ 2."""
    rng = random.Random(1)
    ratio = counted(X / LEVEL)
    for _ in range(200):
        known = drawn(rng)
        d, k = known[TERMS], known[ULPS]
        depth = rng.choice([2, 3, 10, 1000])
        theta = Fraction(depth + 1, depth)
        place, height = Fraction(rng.uniform(-300, 300)), Fraction(rng.uniform(-2, 2))
        logarithm_size = abs(height - theta * place)
        at_ratio = (ratio[0] + ratio[1] * d + ratio[2] * k) * U * (1 + U * 100)
        place_error = at_ratio + U * (4 + abs(place))
        norm_error = value(relative(COUNTS.norm), known)
        whole = norm_error + U * (4 + logarithm_size)
        whole += theta * place_error + 2 * U * theta * abs(place) + U * abs(height)
        bound = value(height_error(number(theta), number(abs(place)), relative(COUNTS.norm), ULPS), known)
        assert whole <= bound <= 3 * whole


def test_the_errors_of_slope_and_bend():
    rng = random.Random(2)
    for _ in range(50):
        known = drawn(rng)
        mu_error = value(relative(COUNTS.shrinkage), known)
        square_error = value(relative(COUNTS.square_shrinkage), known)
        # θ and the difference, of numbers up to 3/2, and what the displacement of a root needs besides.
        assert 2 * mu_error + 3 * U + 16 * U <= value(slope_error(COUNTS), known)
        bend = 6 * square_error + 10 * mu_error * (1 + mu_error) + 13 * U
        assert bend <= value(bend_error(COUNTS), known)


# -- the logarithm -------------------------------------------------------------------------------------


def test_ln_2_in_two_parts():
    assert int(logarithm.HIGH * 2**42) == logarithm.HIGH * 2**42
    before, ctx.prec = ctx.prec, 200
    try:
        two = arb(2).log()
        assert float((two - arb(logarithm.HIGH)).mid()) == logarithm.LOW
        assert abs(arb(logarithm.HIGH) + arb(logarithm.LOW) - two) < arb(2) ** -98
    finally:
        ctx.prec = before


def truncation(coefficients):
    """A bound of |s z (W(z) - polynomial)| over z up to its largest, in units of u, by balls."""
    before, ctx.prec = ctx.prec, 120
    try:
        root = arb(2).sqrt() * (1 + arb(2) ** -50)
        last = ((root - 1) / (root + 1)) ** 2
        terms = [arb(fmpq(2, 2 * i + 3)) for i in range(40)]
        kept = [arb(c) for c in coefficients] + [arb(0)] * (len(terms) - len(coefficients))
        errors = [t - c for t, c in zip(terms, kept, strict=True)]
        rest = 2 * last**40 / (1 - last) / 83
        parts, worst = 2000, arb(0)
        for i in range(parts):
            z = (last * i / parts).union(last * (i + 1) / parts)
            middle = arb(z.mid())
            missed = sum((e * middle**j for j, e in enumerate(errors)), arb(0))
            slope = sum((j * e * z ** (j - 1) for j, e in enumerate(errors) if j), arb(0))
            missed = abs(missed) + abs(slope) * arb(z.rad()) + rest
            worst = worst.max((missed * arb(z.upper()) ** arb(1.5)).upper())
        return float(worst) * 2**53
    finally:
        ctx.prec = before


def test_the_polynomial_of_the_logarithm():
    assert 1 < truncation(logarithm.COEFFICIENTS) <= 2.2
    moved = (logarithm.COEFFICIENTS[0] * (1 + 2**-45), *logarithm.COEFFICIENTS[1:])
    assert truncation(moved) > 2.2


def numbers_of_all_sizes(count_):
    rng = np.random.default_rng(7)
    near_one = 1 + rng.choice([-1, 1], count_) * 10 ** rng.uniform(-16, -0.5, count_)
    wide = np.ldexp(rng.uniform(0.5, 1, count_), rng.integers(-1021, 1024, count_))
    edges = (
        np.sqrt(0.5) * (1 + rng.integers(-40, 40, count_) * 2.0**-53) * 2.0 ** rng.integers(-3, 4, count_)
    )
    special = [1.0, 2.0, 0.5, 2.0**-1022, np.finfo(float).max, np.nextafter(1, 0), np.nextafter(1, 2)]
    return np.concatenate([near_one, wide, edges, special])


def test_the_error_of_the_logarithm(module):
    numbers = numbers_of_all_sizes(4000)
    arrays, floats = module._ln(numbers), np.array([float_blocks._ln(float(y)) for y in numbers])
    worst, before, ctx.prec = 0.0, ctx.prec, 120
    try:
        for y, *found in zip(numbers.tolist(), arrays.tolist(), floats.tolist(), strict=True):
            exact = arb(y).log()
            bound = UNIT_ROUNDOFF * (4 + abs(math.log(y)))
            worst = max(worst, *(float(abs(arb(x) - exact).upper()) / bound for x in found))
    finally:
        ctx.prec = before
    assert 0.4 < worst <= 1


def test_the_logarithm_of_nothing_else(module):
    wrong = np.array([0.0, -0.0, -1.0, -np.inf, np.inf, np.nan, 5e-324, -5e-324])
    with np.errstate(all="ignore"):
        assert np.isnan(module._ln(wrong)).all()
        assert np.isfinite(module._ln(np.array([1.0, 2.0]))).all()
    for y in wrong.tolist():
        with pytest.raises(ValueError, match="out of range"):
            float_blocks._ln(y)


def test_units(module):
    for y in (1.0, 1.5, 2.0 - 2**-52, 3e-308, 1.7e308, 5e-20):
        unit = module._unit(np.array([y]))[0]
        assert unit == float_blocks._unit(y)
        assert unit <= y
        assert y / 2 < unit
        assert math.frexp(unit)[0] == 0.5


# -- measured ------------------------------------------------------------------------------------------


def true_look(alpha, weight, level, shrink_exact, depth, x):
    """H, H′, H″ of the exact problem at an exact x, in balls."""
    s2 = s3 = s4 = arb(0)
    for a, p in zip(alpha, weight, strict=True):
        r = 1 / (a + x)
        s2, s3, s4 = s2 + p * r**2, s3 + p * r**3, s4 + p * r**4
    theta = arb(fmpq(depth + 1, depth))
    mu, square = x * s3 / s2, x * x * s4 / s2
    height = (s2 * shrink_exact).log() + theta * (x / level).log()
    return height, theta - 2 * mu, 6 * square - 4 * mu * mu - 2 * mu


def ball_of(x):
    return arb(fmpq(*Fraction(float(x)).as_integer_ratio()))


@pytest.mark.parametrize("ulps", [0.0, 1.0, 40.0])
def test_measured_errors_stay_within_the_bounds(ulps):
    rng = np.random.default_rng(11)
    batches = [
        ordinary(rng, 8, 6, depths=(2, 3, 100), ulps=ulps),
        ordinary(rng, 4, 60, depths=(2, 5), ulps=ulps),
        folds(rng, 3, ulps=ulps),
        clusters(rng, 4),
    ]
    worst = np.zeros(3)
    names = [node.value for node in (HEIGHT_ERROR, SLOPE_ERROR, BEND_ERROR)]
    before, ctx.prec = ctx.prec, 200
    try:
        for batch in batches:
            features = float(batch.a.shape[1])
            for i in np.flatnonzero(batch.depth >= 2):
                exact = batch.instance(i, rng)
                moved = batch.ulps
                alpha, weight, unit, power, largest = float_blocks.scale(
                    batch.a[i].tolist(), batch.p[i].tolist()
                )
                numbers = [
                    float(v[i]) for v in (batch.c, batch.mean_decay, batch.noise_factor, batch.depth)
                ]
                level, shrink, *rest = float_blocks.start(
                    *float_blocks.start_sums(alpha, weight), unit, power, largest, *numbers, features, moved
                )
                errors = dict(zip(names, rest[:3], strict=True))
                low, place, end = rest[3:6]
                if end <= place:
                    continue
                rho = ball_of_fraction(exact.noise_factor)
                true_level = ball_of_fraction(exact.mean_decay) / (rho * ball_of(unit))
                true_shrink = ball_of(power) / (ball_of(unit) * rho) ** 2
                true_alpha = [ball_of_fraction(a) / ball_of(unit) for a in exact.a]
                true_weight = [ball_of_fraction(p) / ball_of(power) for p in exact.p]
                for t in np.linspace(0, 1, 7):
                    x = low * math.exp(t * (end - place) * 0.999)
                    s2, s3, s4 = float_blocks.look_sums(alpha, weight, x)
                    h, s, b = look_in_floats(s2, s3, s4, shrink, level, x, batch.depth[i])
                    truth = true_look(
                        true_alpha, true_weight, true_level, true_shrink, int(batch.depth[i]), ball_of(x)
                    )
                    beside = 2 * UNIT_ROUNDOFF * max(abs(h) - 2, 0)
                    for j, (found, true, name) in enumerate(zip((h, s, b), truth, names, strict=True)):
                        error = float(abs(arb(found) - true).upper())
                        bound = errors[name] + (beside if j == 0 else 0)
                        assert error <= bound
                        worst[j] = max(worst[j], error / bound)
    finally:
        ctx.prec = before
    assert (worst > 0.005).all(), worst


def ball_of_fraction(value_):
    return arb(fmpq(value_.numerator, value_.denominator))


def look_in_floats(s2, s3, s4, shrink, level, x, depth):
    """The formulas of the step in floats, as the blocks round them."""
    theta = (depth + 1.0) / depth
    part = x / s2
    mu = part * s3
    height = float_blocks._ln(s2 * shrink) + theta * float_blocks._ln(x / level)
    return height, theta - 2 * mu, 6 * (part * x * s4) - (4 * mu + 2) * mu
