"""Instances for every exported solver, their certified values, and how far a solver is from them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from mpmath import mp, mpf, workdps

from symderive import Network, Spectrum, solve
from symderive.export.accuracy import ULPS

#: A unit in the last place, relative, and the least number in place of those that doubles do not reach.
UNIT = mpf(2) ** -52
LEAST = mpf(2) ** -1073


@dataclass(frozen=True)
class Case:
    """One instance in doubles, which are taken to be exact; all layers have the same decay and noise."""

    name: str
    a: tuple[float, ...]
    p: tuple[float, ...]
    depth: int
    decay: float
    c: float = 1e10
    width: int = 1
    noise: float = 0.0

    @property
    def noise_factor(self) -> float:
        exact = (1 + Fraction(self.noise) / self.width) ** self.depth
        assert Fraction(float(exact)) == exact, "choose a noise for which rho is a double"
        return float(exact)


class Point(NamedTuple):
    """A stationary point; numbers of any kind, ``kind`` is 1, -1 or 0."""

    ridge: object
    loss: object
    gap: object
    norm: object
    layer_decay: object
    variance: object
    slope: object
    kind: int


class Certified(NamedTuple):
    """A point and R_1 + Dκ, the terms of F - c."""

    point: Point
    terms: mpf


_SIX = ((1.0, 3320.0, 22180000.0), (1.0, 120.0, 5000.0))
_FOUR = ((1.0, 400.0), (0.01, 0.49))
_TWO = ((0.5, 1.0, 3.0), (0.25, 1.0, 2.0))

CASES = (
    *(Case(f"ordinary at depth {D}", *_TWO, D, 0.1, c=4.0) for D in (1, 2, 3, 5, 10)),
    Case("noise", *_TWO, 2, 0.125, c=4.0, width=2, noise=1.0),
    Case("two minima", *_FOUR, 2, 0.02, c=1.0),
    Case("six roots", *_SIX, 2, 0.35, c=1e3),
    Case("a thousand layers", *_TWO, 1000, 0.01),
    Case("a thousand layers, no root", *_TWO, 1000, 5.0),
    Case("no root", *_TWO, 3, 10.0),
    Case("isotropic, one layer", (2.0,), (4.0,), 1, 0.5),
    Case("isotropic", (2.0, 2.0), (1.0, 3.0), 4, 0.25),
    Case("close pair", (1.0,), (9.0,), 3, 2.0 - 1e-7),
    Case("closer pair", (1.0,), (9.0,), 3, 2.0 - 1e-9),
    Case("pair just missed", (1.0,), (9.0,), 3, 2.0 + 1e-9),
    Case("double root", (1.0,), (9.0,), 3, 2.0),
    Case("tie with the origin", (0.5,), (9.0,), 3, 2.0, c=18.0),
    Case("below the threshold at one layer", (1.0, 2.0), (0.5, 0.5), 1, 1 - 2.0**-12),
    Case("at the threshold at one layer", (1.0, 2.0), (0.5, 0.5), 1, 1.0),
    Case("zero components", (0.0, 0.5, 7.0, 1e9), (0.0, 2.0, 0.0, 0.0), 2, 0.1),
    Case("no component", (1.0, 2.0), (0.0, 0.0), 2, 0.1),
    Case("ridge regression", *_TWO, 0, 0.75),
    Case("least squares", (0.0, 1.0, 3.0), (0.0, 1.0, 2.0), 0, 0.0),
    Case("tiny data", (1e-300, 3e-299), (1e-300, 5e-300), 2, 5e-102),
    Case("huge data", (1e300, 3e301), (1e300, 5e300), 2, 5e98),
    Case("tiny eigenvalues, huge decays", (1e-300, 3e-299), (1e-10, 5e-10), 3, 1.6e141, c=1e300),
    Case("spread eigenvalues", (1e-100, 1.0), (1e-110, 1.0), 3, 1e-3),
    Case("tiny decays", (1.0, 4.0), (1.0, 1.0), 3, 1e-200),
    Case("tiny decays at one layer", (1.0, 4.0), (1.0, 1.0), 1, 1e-300),
    *(
        Case(f"spread of {x:g} at one layer", (1.0, x), (1.0, y), 1, 0.5)
        for x, y in ((1e20, 1.0), (1e40, 1e-10))
    ),
    Case("as near the threshold as doubles get", (1.0,), (1.0,), 1, 1 - 2.0**-53),
)


@cache
def certified(case: Case) -> tuple[Certified, ...]:
    """Every stationary point but the origin, from the certified search, as mpmath numbers to 30 digits."""
    net = Network(case.depth, widths=case.width, decays=case.decay, noise=case.noise)
    a, p, rho = [*map(mpf, case.a)], [*map(mpf, case.p)], mpf(case.noise_factor)
    landscape = solve(net, Spectrum.of(case.a, case.p, case.c), digits=30)
    kinds = {"global minimum": 1, "local minimum": 1, "saddle": -1, "degenerate": 0}
    result = []
    for found in landscape.points:
        values = (found.ridge, found.loss, found.layer_decay, found.norm, found.prediction_variance)
        with workdps(40):
            ridge, loss, kappa, norm, variance = (mpf(x.mid()) for x in values)
            r1, r2, r3 = (
                mp.fsum(q / (rho * x + ridge) ** k for x, q in zip(a, p, strict=True) if q)
                for k in (1, 2, 3)
            )
            slope = abs(1 + mpf(1) / case.depth - 2 * ridge * r3 / r2) if case.depth else mpf(1)
            gap = case.depth * ridge * r2 - r1
            point = Point(ridge, loss, gap, norm, kappa, variance, slope, kinds[found.kind])
            result.append(Certified(point, r1 + case.depth * ridge * r2))
    return tuple(result)


def mismatches(case: Case, points: list[Point], *, unit: mpf = UNIT) -> list[str]:
    """What is wrong with the points of a solver: a sentence for each; errors in units in the last place."""
    expected = certified(case)
    kinds = [known.point.kind for known in expected]
    if [point.kind for point in points] != kinds:
        return [f"kinds are {[point.kind for point in points]}, not {kinds}"]
    wrong = []
    for index, (point, (known, terms)) in enumerate(zip(points, expected, strict=True)):
        # Errors of λ are those of its equation divided by |H'|.
        slope = known.slope
        # At a double root λ varies as the square root of H.
        allowed = ULPS * unit * (1 + 1 / slope) if known.kind else mp.sqrt(ULPS * unit)
        for name in ("ridge", "norm", "layer_decay", "variance"):
            value, exact = mpf(getattr(point, name)), getattr(known, name)
            # What is beyond the doubles overflows or vanishes; what is near their end loses digits.
            if exact > mpf(2) ** 1023:
                good = value > mpf(2) ** 1022
            else:
                good = abs(value - exact) <= allowed * exact + LEAST
            if not good:
                error = float(abs(value - exact) / (exact * unit)) if exact else value
                wrong.append(
                    f"{name} {index} is {value}, off by {error:.4g} units; slope {float(slope):.3g}"
                )
        if not abs(mpf(point.slope) - slope) <= allowed * max(slope, 1) + LEAST:
            wrong.append(f"slope {index} is {point.slope}, not {slope}")
        error = abs(mpf(point.gap) - known.gap)
        rounding = (ULPS * unit if known.kind else allowed) * terms + LEAST
        if not error <= rounding:
            wrong.append(f"gap {index} is {point.gap}, not {known.gap}")
        # One rounding of c + gap, up to as much again for one beyond double precision.
        if not abs(mpf(point.loss) - known.loss) <= error + rounding + unit * (case.c + abs(known.gap)):
            wrong.append(f"loss {index} is {point.loss}, not {known.loss}")
    return wrong


def best_index(case: Case) -> set[int]:
    """Indices that may be named as the global minimum (-1: the origin); two where they tie in doubles."""
    expected = certified(case)
    values = {-1: mpf(0), **{i: known.point.gap for i, known in enumerate(expected)}}
    least = min(values.values())
    size = max((known.terms for known in expected), default=mpf(1))
    return {i for i, value in values.items() if value - least <= ULPS * UNIT * size}
