"""The search for every root of φ(λ) = τ in doubles, with the proof that there is no other.

It proves what the search in balls proves, from bounds on what rounding does: the formulas, and why they
hold, are those of :mod:`symderive.export.solver.certified`, written out for one instance in
:mod:`symderive.effective_ridge.float_blocks`.  Here exact numbers are rounded to doubles, and blocks run.

Anything that stays open is None, never a guess: then balls decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf
from typing import Any

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge import float_blocks as blocks
from symderive.effective_ridge.scalar_equation import ScalarEquation

#: Features beyond which NumPy's arrays are faster than a loop.
LOOP_SIZE = 50

#: Evaluations that the march is granted, and that a root is at the end.
MOST_LOOKS, MOST_REPAIRS = 200, 60

#: Bits at which γ̄ is computed: the double next to it is then within one roundoff of the exact number.
ROOT_BITS = 128

#: The largest relative radius at D = 1, where H' may be as small as the error of H.  That error is above
#: 10⁻¹⁵ and the radius about the error over H', so that below this the radius is less than H'/4.
MOST_BLUR = 1e-8

#: Every number is an exact one that was rounded to nearest once: its relative error in units of 2⁻⁵³.
ULPS = 1.0


@dataclass(frozen=True)
class FloatRoot:
    """A simple root λ, |λ - ``ridge``| ≤ ``radius``; ``rising`` as in a Root."""

    ridge: float
    radius: float
    rising: bool


@dataclass(frozen=True)
class FloatRoots:
    """All roots in increasing λ, and the number of evaluations."""

    roots: tuple[FloatRoot, ...]
    evaluations: int


@dataclass(frozen=True)
class _Place:
    """A root that was isolated: around ln x = ``place`` it is the only one within ``reach``.

    It is near ``start``.
    """

    start: float
    place: float
    reach: float
    rising: bool


@dataclass(frozen=True)
class _Passes:
    """The sums over the features, on lists or on arrays.

    ``terms`` stands for the number of features where the roundings of the last sums are counted: it is one
    more than the additions that a term goes through.
    """

    scale: Callable[..., Any]
    start: Callable[..., Any]
    look: Callable[..., Any]
    single: Callable[..., Any]
    finish: Callable[..., Any]
    terms: Callable[[int], float]


_ON_LISTS = _Passes(
    blocks.scale,
    blocks.start_sums,
    blocks.look_sums,
    blocks.single_sums,
    blocks.finish_sums,
    terms=float,
)
_ON_ARRAYS = _Passes(
    blocks.scale_of_arrays,
    blocks.start_sums_of_arrays,
    blocks.look_sums_of_arrays,
    blocks.single_sums_of_arrays,
    blocks.finish_sums_of_arrays,
    terms=lambda features: 1.0 + (features - 1).bit_length(),
)


@dataclass(frozen=True)
class _Problem:
    """One instance in scaled numbers: what the blocks take."""

    passes: _Passes
    alpha: Any
    weight: Any
    terms: float
    unit: float
    power: float
    level: float
    shrink: float
    errors: tuple[float, float, float]
    end: float
    noise_factor: float
    depth: float


def _rounds_to_nearest(one: float = 1.0, part: float = 2.0**-54) -> bool:
    """Whether this thread rounds sums to the nearest double, which a program can have changed.

    The numbers are arguments, so that the sums are not those of the compiler.
    """
    return one + part == one and one - part / 2 == one


def search_in_doubles(equation: ScalarEquation) -> FloatRoots | None:
    """Every root, proved, or None: data without known axes, numbers out of range, anything undecided.

    >>> equation = ScalarEquation(2, Fraction(1), Fraction(1, 64), Spectrum.of([1], [1]))
    >>> [root.rising for root in search_in_doubles(equation).roots]
    [True, False]
    >>> equation = ScalarEquation(2, Fraction(1), Fraction(27, 256), Spectrum.of([1], [1]))
    >>> search_in_doubles(equation) is None  # a double root
    True
    """
    if not isinstance(equation.data, Spectrum) or not _rounds_to_nearest():
        return None
    try:
        a, p = _seen(equation.data)
        if len(a) <= LOOP_SIZE:
            return _search(equation, _ON_LISTS, a, p)
        import numpy as np

        with np.errstate(all="ignore"):
            return _search(equation, _ON_ARRAYS, np.array(a), np.array(p))
    except (ArithmeticError, ValueError):  # a number is out of range
        return None


def _search(equation: ScalarEquation, passes: _Passes, a: Any, p: Any) -> FloatRoots | None:
    features = len(a)
    (noise_factor,), depth = _nearest([equation.rho]), float(equation.depth)
    with TURN, working_precision(ROOT_BITS):
        mean_decay = float(ball(equation.decay_product).root(equation.depth + 1))
    alpha, weight, unit, power, largest = passes.scale(a, p)
    second, inverse, strength = passes.start(alpha, weight)
    # No values are asked for, so that c may be any.
    level, shrink, height_error, slope_error, bend_error, x, place, end, fit, _, empty, ready = (
        blocks.start(
            second,
            inverse,
            strength,
            unit,
            power,
            largest,
            0.0,
            mean_decay,
            noise_factor,
            depth,
            float(features),
            ULPS,
        )
    )
    if not fit:
        return None
    errors = height_error, slope_error, bend_error
    terms = passes.terms(features)
    at = _Problem(
        passes, alpha, weight, terms, unit, power, level, shrink, errors, end, noise_factor, depth
    )
    places: list[_Place] | None = None
    looks = 0
    if equation.depth == 1:
        places = _only_place(at, features)
    elif empty:
        places = []
    elif ready:
        places, looks = _march(at, x, place)
    if places is None:
        return None
    roots = []
    for isolated in places:
        root, more = _finished(at, isolated)
        if root is None:
            return None
        roots.append(root)
        looks += more
    return FloatRoots(tuple(roots), looks)


def _seen(data: Spectrum) -> tuple[list[float], list[float]]:
    """The a and p with p > 0 in doubles; ValueError where one is no normal double, or there is none."""
    a, p = _nearest(data.a), _nearest(data.p)
    if not (min(a) >= blocks.TINY and min(p) >= blocks.TINY):
        pairs = [(x, w) for x, w in zip(data.a, data.p, strict=True) if w]
        a, p = _nearest([x for x, _ in pairs]), _nearest([w for _, w in pairs])
        if not min(a) >= blocks.TINY or not min(p) >= blocks.TINY:
            raise ValueError("a number is out of range")
    return a, p


def _nearest(values: Sequence[Fraction]) -> list[float]:
    """The double next to each number: Python divides integers with one rounding."""
    return [numerator / denominator for numerator, denominator in map(Fraction.as_integer_ratio, values)]


def _only_place(at: _Problem, features: int) -> list[_Place] | None:
    """D = 1: the one root, where there is one."""
    moment, strength = at.passes.single(at.alpha, at.weight)
    x, present, absent = blocks.single(moment, strength, at.level, at.shrink, float(features), ULPS)
    if present:
        return [_Place(x, 0.0, inf, rising=True)]
    return [] if absent else None


def _march(at: _Problem, x: float, place: float) -> tuple[list[_Place] | None, int]:
    """From left to right over every root, which is isolated, and how often the function was called."""
    places: list[_Place] = []
    look, step, alpha, weight = at.passes.look, blocks.step, at.alpha, at.weight
    level, shrink, (height_error, slope_error, bend_error) = at.level, at.shrink, at.errors
    end, depth, side = at.end, at.depth, -1.0
    for looks in range(1, MOST_LOOKS + 1):
        s2, s3, s4 = look(alpha, weight, x)
        next_x, next_place, side, done, sound, covered, emit, move, reach, *far = step(
            s2, s3, s4, level, shrink, height_error, slope_error, bend_error, end, depth, x, place, side
        )
        if not sound or not (covered or blocks.leap(depth, side, next_x / x, *far)):
            return None, looks
        if emit:
            near = x * exp(move)
            s2, s3, s4 = look(alpha, weight, near)
            near = blocks.settle(s2, s3, s4, level, shrink, depth, near)
            places.append(_Place(near, place, reach, side > 0))
        if done:
            return places, looks + len(places)
        x, place = next_x, next_place
    return None, MOST_LOOKS


def _finished(at: _Problem, root: _Place) -> tuple[FloatRoot | None, int]:
    """A root as sharp as doubles tell, if it is proved, and how often the function was called."""
    x = root.start
    for looks in range(1, MOST_REPAIRS + 1):
        s2, energy, rest = at.passes.finish(at.alpha, at.weight, x)
        ridge, _, _, _, _, _, radius, _, _, _, _, _, proved, settled, x = blocks.finish(
            s2,
            energy,
            rest,
            0.0,
            at.unit,
            at.power,
            at.level,
            at.shrink,
            at.noise_factor,
            at.depth,
            at.terms,
            ULPS,
            x,
            root.place,
            root.reach,
        )
        if settled:
            sharp = proved and (at.depth > 1 or radius < MOST_BLUR * ridge)
            return (FloatRoot(ridge, radius, root.rising) if sharp else None), looks
    return None, MOST_REPAIRS
