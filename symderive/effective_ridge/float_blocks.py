# ruff: noqa
# fmt: off
"""What the blocks of the certified search of one instance do on numbers, in floats.

``python -m symderive.export.targets.floats`` writes this file from :mod:`symderive.export.solver.certified`,
which says what the blocks prove, and why; a test compares the two.  Numbers out of range raise ValueError,
ZeroDivisionError or OverflowError, and then nothing is claimed.
"""

from __future__ import annotations

from math import exp, expm1, frexp, ldexp, log, log1p, sqrt
from typing import TypeAlias

from symderive.effective_ridge.float_passes import Arrays, Loops, ln

Vectors: TypeAlias = Loops | Arrays


def _unit(y: float) -> float:
    """The largest power of two up to a positive normal number."""
    return ldexp(1.0, frexp(y)[1] - 1)


def start(
    over: Vectors, c: float, mean_decay: float, noise_factor: float, depth: float, features:
    float, ulps: float
) -> tuple[Vectors, float, float, float, float, float, float, float, float, float, bool, bool, bool]:
    """Scale the problem exactly and bound its roots."""
    t1, t11 = over.start_0()
    unit = _unit(-t1)
    second, inverse, strength, scaled = over.start_1(unit)
    level = mean_decay / (noise_factor * unit)
    shrink = 1.0 / (noise_factor * noise_factor)
    t2 = features + 3.0 * ulps + 5.0
    t3 = 2.0 * ulps
    t4 = t2 + t3
    t5 = max(depth, 2.0)
    t6 = max(t5, 1.0)
    theta = (t6 + 1.0) / t6
    log_second = ln(second * shrink)
    log_inverse = ln(inverse * shrink / (4.0 * level))
    t7 = t4 + 6.0
    log_strength = ln(strength * shrink / (level * level))
    size = abs(log_second) + abs(log_inverse) + abs(log_strength)
    t8 = (
        (t7 + 4.0 * ulps + 8.0) * (65.0 / 5.764607523034235e+17) + 1.0 / 9007199254740992.0 * (8.0 +
        8.0 * size)
    )
    margin = t5 * t8
    low = max(-log_second / theta, -(t5 * log_inverse)) - margin
    x = level * exp(low - 1.0 / 1024.0)
    place = ln(x / level)
    end = log_strength * t5 / (t5 - 1.0) + margin
    furthest = max(abs(place), abs(end))
    t9 = (
        (t4 + 3.0) * (65.0 / 5.764607523034235e+17) + 1.0 / 9007199254740992.0 * (8.0 + theta * (6.0
        + t3 + 4.0 * furthest))
    )
    height_error = 65.0 / 64.0 * t9
    t10 = (t2 + (t2 + ulps + 3.0) + 2.0) * (65.0 / 5.764607523034235e+17)
    slope_error = 2.0 * t10 + 3.0 / 1125899906842624.0
    bend_error = (
        6.0 * ((t2 + t7 + 4.0) * (65.0 / 5.764607523034235e+17)) + 11.0 * t10 + 1.0 /
        562949953421312.0
    )
    largest = t11 / unit
    t12 = (
        largest <= 1.532495540865889e+54 and strength <= 1.532495540865889e+54 and 1.0 /
        1.532495540865889e+54 <= strength and inverse <= 1.532495540865889e+54 and 1.0 /
        1.532495540865889e+54 <= inverse
    )
    t13 = (
        level <= 2.3485425827738332e+108 and 1.0 / 2.3485425827738332e+108 <= level and 1.0 /
        4.49423283715579e+307 <= mean_decay or depth == 0.0 and mean_decay == 0.0
    )
    t14 = (
        t12 and unit <= 2.5822498780869086e+120 and 1.0 / 2.5822498780869086e+120 <= unit and t13
        and 1.0 <= noise_factor and noise_factor <= 1.2676506002282294e+30
    )
    t15 = (
        t14 and 0.0 <= depth and depth <= 1048576.0 and 0.0 <= ulps and features + ulps <=
        4294967296.0
    )
    fit = t15 and c <= 8.452712498170644e+270 and 0.0 <= c
    empty = end < low
    ready = (
        place + 1.0 / 2199023255552.0 <= low and 1.0 / 1.532495540865889e+54 <= x and x <=
        1.532495540865889e+54
    )
    return scaled, unit, level, shrink, height_error, slope_error, bend_error, x, place, end, fit, empty, ready


def single(
    over: Vectors, level: float, shrink: float, features: float, ulps: float
) -> tuple[float, bool, bool]:
    """The one root of depth 1: whether there is one, and where to start."""
    moment, strength = over.single()
    rise = ln(strength * shrink / (level * level))
    x = moment / strength / expm1(rise / 2.0)
    t1 = features + 3.0 * ulps + 5.0 + 2.0 * ulps + 6.0 + 4.0 * ulps
    doubt = (
        2.0 * ((t1 + 8.0) * (65.0 / 5.764607523034235e+17)) + 1.0 / 9007199254740992.0 * (8.0 + 2.0
        * abs(rise))
    )
    present = doubt < rise
    absent = rise < -doubt
    return x, present, absent


def step(
    over: Vectors, level: float, shrink: float, height_error: float, slope_error: float,
    bend_error: float, end: float, depth: float, x: float, place: float, side: float
) -> tuple[float, float, float, bool, bool, bool, bool, float, float, float, float, float, float, float]:
    """Look at x; isolate a root or go on as far as is free."""
    t4, t7, t10 = over.step(x)
    t1 = max(max(depth, 2.0), 1.0)
    theta = (t1 + 1.0) / t1
    t5 = x / t4
    mu = t5 * t7
    tilt = theta - 2.0 * mu
    ahead = side * tilt
    reach = abs(tilt) - slope_error
    level_height = ln(t4 * shrink) + theta * place
    size = abs(level_height)
    t8 = size + height_error
    t9 = reach * reach
    near = ahead < 0.0 and 0.0 < reach and 4.0 * t8 < t9
    emit = near and (16.0 * t8 <= t9 or size <= 4.0 * height_error)
    curve = 6.0 * (t5 * x * t10) - (4.0 * mu + 2.0) * mu
    if emit:
        halley = level_height * tilt / (level_height * curve / 2.0 - tilt * tilt)
        root_step = halley
        t11 = curve * halley / 2.0
        t12 = tilt + t11
        t13 = t12 + t11
        t14 = abs(halley)
        t15 = abs(level_height + t12 * halley) + t14 * t14 * (t14 / 6.0 + bend_error / 2.0)
        t16 = (t15 + slope_error * t14 + height_error) / (reach - 2.0 * t8 / reach) * (1025.0 / 1024.0)
        t17 = t14 * (t14 / 2.0 + bend_error) + slope_error + t16
        t18 = abs(t13) - t17
        slope = t18
        height = 0.0
        next_side = -side
        blur = t16
    else:
        root_step = 0.0
        slope = ahead - slope_error
        t19 = size - height_error
        height = t19
        next_side = side
        blur = 0.0
    moved = abs(root_step) + blur
    bend = next_side * curve - bend_error - moved
    up = 0.0 < next_side
    t26 = height * (1.0 / 2.0 if up else 1.0)
    share = (
        min(((theta - t13) / 2.0 if emit else mu) + next_side * (t17 if emit else mu * slope_error),
        mu * (1.0 + 4.0 * moved + slope_error) if up and emit else 1.0)
    )
    t31 = 1.0 - root_step
    t32 = 2.0 * blur
    if slope < 0.0:
        t20 = 2.0 * height
        t21 = max(-slope, 0.0)
        t22 = t21 * t21
        t23 = min(t20 / (t21 + sqrt(max(t22 - t20 * bend, 0.0))), 3.0 * (max(bend, 0.0) + sqrt(height)))
        t24 = t20 / (t21 + sqrt(max(t22 - t20 * (bend - t23 / 3.0), 0.0)))
        free = min(t23, t24)
    else:
        t25 = 3.0 / 2.0 * bend
        free = t25 + sqrt(t25 * t25 + 6.0 * max(slope, 0.0))
    if up:
        t27 = share
        t28 = theta / 2.0
        shift = t31 + root_step * root_step + t32
    else:
        t27 = 1.0 - share
        shift = t31 - t32
    t29 = (1.0 - t27) * exp(-t26 - (t28 if up else 2.0 - theta) * free)
    beyond = (t26 + log(max(1.0 - t29, t27) / t27)) / (1.0 - t28 if up else theta)
    next_x = x * exp(root_step + min(49.0 / 50.0 * max(free, beyond), 256.0))
    next_place = ln(next_x / level)
    done = end <= next_place
    distance = next_place - place - root_step + (1.0 / 2199023255552.0 + blur)
    t30 = (
        (0.0 < t18 if emit else 0.0 < t19 and 0.0 < side * level_height) and 1.0 / 1073741824.0 <
        distance
    )
    sound = t30 and (not up if done else next_x <= 1.532495540865889e+54)
    short = distance <= 999.0 / 1000.0 * free
    return next_x, next_place, next_side, done, sound, short, emit, root_step, reach, height, share, distance, blur, shift


def leap(
    depth: float, side: float, ratio: float, height: float, share: float, distance: float, blur:
    float, shift: float
) -> bool:
    """Verify a long step."""
    up = 0.0 < side
    growth = (
        ratio * shift * (562949953421313.0 / 562949953421312.0 if up else 562949953421311.0 /
        562949953421312.0)
    )
    t1 = max(max(depth, 2.0), 1.0)
    t2 = (t1 + 1.0) / t1
    if up:
        power = growth
    else:
        power = 1.0 / (growth * growth)
    value = ln(1.0 - share + share * power)
    if up:
        t3 = 2.0 * value - t2 * (distance - 2.0 * (1.0 / 2199023255552.0 + blur))
    else:
        t3 = value + t2 * distance
    verified = t3 < height - 1.0 / 70368744177664.0 * (1.0 + distance + height)
    return verified


def settle(
    over: Vectors, level: float, shrink: float, depth: float, x: float, root_step: float
) -> float:
    """Go from the sample to the root."""
    t1 = x * exp(root_step)
    t4, t10, t13 = over.settle(t1)
    t5 = max(max(depth, 2.0), 1.0)
    t6 = (t5 + 1.0) / t5
    t7 = ln(t4 * shrink) + t6 * log(t1 / level)
    t8 = t1 / t4
    t11 = t8 * t10
    t12 = t6 - 2.0 * t11
    t14 = t7 * (6.0 * (t8 * t1 * t13) - (4.0 * t11 + 2.0) * t11)
    root = t1 * exp(t7 * t12 / (t14 / 2.0 - t12 * t12))
    return root


def finish(
    over: Vectors, unit: float, level: float, shrink: float, noise_factor: float, depth: float,
    features: float, ulps: float, x: float, place: float, reach: float
) -> tuple[float, float, bool, bool, float]:
    """Prove where a root is, and give all values there."""
    s2, rest, energy = over.finish(x)
    ridge = noise_factor * x * unit
    t1 = depth == 0.0
    t2 = depth == 1.0
    log_norm = ln(s2 * shrink)
    t5 = max(depth, 1.0)
    theta = (t5 + 1.0) / t5
    here = ln(x / level)
    height = log_norm + theta * here
    size = abs(height)
    t6 = features + 3.0 * ulps + 5.0
    t7 = 2.0 * ulps
    t8 = 4.0 + abs(log_norm) + size + theta * (6.0 + t7 + 3.0 * abs(here))
    error = (
        65.0 / 64.0 * ((t6 + t7 + 3.0) * (65.0 / 5.764607523034235e+17) + 1.0 / 9007199254740992.0 *
        t8)
    )
    above = size + error
    nu = rest / s2
    t10 = (t6 + (t6 + ulps + 3.0 + ulps + 1.0) + 1.0) * (65.0 / 5.764607523034235e+17)
    shallow = above / (nu * (1.0 - t10))
    slope = theta - 2.0 + 2.0 * nu
    steep = abs(slope) - (2.0 * t10 + 1.0 / 2251799813685248.0)
    guess = 2.0 * above / steep
    radius = (
        (0.0 if t1 else (shallow + shallow * shallow) / 2.0 if t2 else above / (steep - guess)) *
        (1048577.0 / 1048576.0)
    )
    relative_radius = radius + ((2.0 + t7) * (65.0 / 5.764607523034235e+17) if t1 else 0.0)
    ridge_radius = (
        ridge * (relative_radius * (1.0 + relative_radius) + (2.0 + ulps) * (65.0 /
        5.764607523034235e+17))
    )
    t12 = (
        x <= 3.064991081731778e+54 and (1.0 / 1.532495540865889e+54 <= x or x == 0.0) and
        relative_radius <= 1.0 / 16.0 and ridge <= 8.452712498170644e+270
    )
    per = unit / noise_factor
    gap_size = (abs((depth - 1.0) * x * s2) + energy) * per
    t13 = sqrt(s2) / noise_factor
    t14 = x * s2 * per
    signal = energy * per / noise_factor
    t15 = (
        t12 and gap_size <= 8.452712498170644e+270 and t13 <= 8.452712498170644e+270 and t14 <=
        8.452712498170644e+270 and signal <= 8.452712498170644e+270
    )
    t16 = (
        t15 and 1.0 / 8.452712498170644e+270 <= gap_size and 1.0 / 8.452712498170644e+270 <= t13 and
        1.0 / 8.452712498170644e+270 <= signal and 1.0 / 8.452712498170644e+270 <= per
    )
    settled = t1 or size <= 2.0 * error
    if t2:
        newton = -log1p(max(2.0 * expm1(height / 2.0) / slope, -1.0 / 2.0))
    else:
        t11 = (
            0.0 < steep and 4.0 * guess < steep and abs(here - place) + (1.0 / 2199023255552.0 + radius)
            < reach
        )
        newton = -height / slope
    proved = (
        (t1 or (shallow <= 1.0 / 2.0 if t2 else t11)) and t16 and (t1 or 1.0 /
        8.452712498170644e+270 <= ridge and 1.0 / 8.452712498170644e+270 <= t14)
    )
    next_x = x * exp(newton)
    return ridge, ridge_radius, proved, settled, next_x
