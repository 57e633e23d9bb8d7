"""The search for every root of φ(λ) = τ in doubles, with the proof that there is no other.

It proves what the search in balls proves, from bounds on what rounding does: the formulas, and why they
hold, are those of :mod:`symderive.export.solver.certified`, written out for one instance in
:mod:`symderive.effective_ridge.float_blocks`.  Here exact numbers are rounded to doubles, and blocks run.

Anything that stays open is None, never a guess: then balls decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symderive.arithmetic.exact import ball, working_precision
from symderive.effective_ridge.float_blocks import Vectors, finish, leap, settle, single, start, step
from symderive.effective_ridge.float_passes import TINY, Arrays, Loops
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.model.spectrum import Spectrum

#: Features beyond which NumPy's arrays are faster than a loop.
LOOP_SIZE = 50

#: Evaluations that the march is granted, and further Newton steps that a root is.
MOST_LOOKS, MOST_REPAIRS = 200, 60

#: Bits at which γ̄ is computed: the double next to it is then within one roundoff of the exact number.
ROOT_BITS = 128

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
    """A root that the march has isolated: around ln x = ``place`` it is the only one within ``reach``.

    ``step`` leads to where it is from x, nearly.
    """

    x: float
    step: float
    place: float
    reach: float
    rising: bool


@dataclass(frozen=True)
class _Problem:
    """What the blocks make of one instance, in the scaled x."""

    over: Vectors
    unit: float
    level: float
    shrink: float
    errors: tuple[float, float, float]
    end: float
    noise_factor: float
    depth: float


def search_in_doubles(equation: ScalarEquation) -> FloatRoots | None:
    """Every root, proved, or None: data without known axes, numbers out of range, anything undecided.

    >>> equation = ScalarEquation(2, Fraction(1), Fraction(1, 64), Spectrum.of([1], [1]))
    >>> [root.rising for root in search_in_doubles(equation).roots]
    [True, False]
    >>> equation = ScalarEquation(2, Fraction(1), Fraction(27, 256), Spectrum.of([1], [1]))
    >>> search_in_doubles(equation) is None  # a double root
    True
    """
    if not isinstance(equation.data, Spectrum):
        return None
    try:
        return _search(equation, equation.data)
    except (ValueError, ZeroDivisionError, OverflowError):  # out of range
        return None


def _search(equation: ScalarEquation, data: Spectrum) -> FloatRoots | None:
    over = _vectors(data)
    if over is None:
        return None
    with working_precision(ROOT_BITS):
        mean_decay = float(ball(equation.decay_product).root(equation.depth + 1))
    (noise_factor,), depth = _nearest([equation.rho]), float(equation.depth)
    made = start(over, 0.0, mean_decay, noise_factor, depth, over.features, ULPS)
    scaled, unit, level, shrink, height, slope, bend, x, place, end, fit, empty, ready = made
    if not fit:
        return None
    at = _Problem(scaled, unit, level, shrink, (height, slope, bend), end, noise_factor, depth)
    if equation.depth == 1:
        places, looks = _only_place(at)
    elif empty:
        return FloatRoots((), 0)
    else:
        places, looks = _march(at, x, place) if ready else (None, 0)
    if places is None:
        return None
    roots = []
    for isolated in places:
        root, more = _finished(at, isolated)
        looks += more
        if root is None:
            return None
        roots.append(root)
    return FloatRoots(tuple(roots), looks)


def _vectors(data: Spectrum) -> Vectors | None:
    """The spectrum in doubles, without what takes no part; None where a number is no normal double."""
    a, p = _nearest(data.a), _nearest(data.p)
    if not min(p) >= TINY or not min(a) >= TINY:
        seen = [(x, w) for x, w in zip(data.a, data.p, strict=True) if w]
        if not seen:
            return None
        a, p = _nearest([x for x, _ in seen]), _nearest([w for _, w in seen])
        if not min(p) >= TINY or not min(a) >= TINY:
            return None
    if len(a) <= LOOP_SIZE:
        return Loops(a, p)
    import numpy as np

    return Arrays(np.array(a), np.array(p))


def _nearest(values: Sequence[Fraction]) -> list[float]:
    """The double next to each number: Python divides integers with one rounding."""
    return [numerator / denominator for numerator, denominator in map(Fraction.as_integer_ratio, values)]


def _only_place(at: _Problem) -> tuple[list[_Place] | None, int]:
    """D = 1: the one root, where there is one."""
    x, present, absent = single(at.over, at.level, at.shrink, at.over.features, ULPS)
    if not present:
        return ([], 0) if absent else (None, 0)
    return [_Place(x, 0.0, 0.0, float("inf"), rising=True)], 0


def _march(at: _Problem, x: float, place: float) -> tuple[list[_Place] | None, int]:
    """From left to right over every root, which is isolated, and how often the function was called."""
    places: list[_Place] = []
    over, level, shrink, (height_error, slope_error, bend_error) = at.over, at.level, at.shrink, at.errors
    end, depth, side = at.end, at.depth, -1.0
    for looks in range(1, MOST_LOOKS + 1):
        (
            next_x,
            next_place,
            side,
            done,
            sound,
            short,
            emit,
            root_step,
            reach,
            height,
            share,
            distance,
            blur,
            shift,
        ) = step(over, level, shrink, height_error, slope_error, bend_error, end, depth, x, place, side)
        if not sound:
            return None, looks
        if not short and not leap(depth, side, next_x / x, height, share, distance, blur, shift):
            return None, looks
        if emit:
            places.append(_Place(x, root_step, place, reach, side > 0))
        if done:
            return places, looks
        x, place = next_x, next_place
    return None, MOST_LOOKS


def _finished(at: _Problem, root: _Place) -> tuple[FloatRoot | None, int]:
    """A root as sharp as doubles tell, and how often the function was called."""
    over, depth = at.over, at.depth
    single_root = root.reach == float("inf")
    x = root.x if single_root else settle(over, at.level, at.shrink, depth, root.x, root.step)
    for repairs in range(1, MOST_REPAIRS + 1):
        ridge, radius, proved, settled, next_x = finish(
            over,
            at.unit,
            at.level,
            at.shrink,
            at.noise_factor,
            depth,
            over.fine,
            ULPS,
            x,
            root.place,
            root.reach,
        )
        if settled:
            return (FloatRoot(ridge, radius, root.rising) if proved else None), repairs + (not single_root)
        x = next_x
    return None, MOST_REPAIRS
