"""Derivatives of certified solutions, by differences in 60 digits, and the files that are to have them."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np
from oracles.export_cases import Point

from symderive import Moments, Network, Spectrum, solve
from symderive.export import export

#: Digits of the certified values, and the step: what differences lose and what they leave out, in turn.
DIGITS, STEP = 60, Fraction(1, 10**15)

#: Error of a derivative beside the largest one of the same value by the same argument.
RELATIVE = 1e-10

WIDTHS = (2, 4, 2)
ARGUMENTS = ("decays", "noise", "A", "v", "c")
VALUES = ("ridge", "loss", "norm", "layer_decay", "variance")


@dataclass(frozen=True)
class Problem:
    """Numbers that doubles hold exactly; ``point`` is the index of a point, None for the global minimum."""

    name: str
    decays: tuple[Fraction, ...]
    noise: tuple[Fraction, ...]
    A: tuple[tuple[Fraction, ...], ...]
    v: tuple[Fraction, ...]
    c: Fraction = Fraction(64)
    point: int | None = None

    @property
    def depth(self) -> int:
        return len(self.noise)

    @property
    def widths(self) -> tuple[int, ...]:
        return WIDTHS[: self.depth]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        return {name: np.array(getattr(self, name), dtype=float) for name in ARGUMENTS}


def _exact(value):
    return tuple(map(_exact, value)) if isinstance(value, (tuple, list)) else Fraction(value)


def _problem(name, decays, noise, A, v, **options):
    return Problem(name, *map(_exact, (decays, noise, A, v)), **options)


_FULL = ((2, 0.5, 0), (0.5, 1, 0.25), (0, 0.25, 4))
_TWICE = ((2, 0, 0), (0, 2, 0), (0, 0, 5))
_ROTATED = ((3, 1, 0), (1, 3, 0), (0, 0, 2))  # eigenvalues 4, 2, 2
_FAR = ((1, 0, 0), (0, 400, 0), (0, 0, 1))

PROBLEMS = (
    _problem("three layers", (0.125, 0.25, 0.5, 0.0625), (0.5, 0.125, 1), _FULL, (1, 0.5, 2)),
    _problem("two layers", (0.125, 0.25, 0.5), (0.5, 0.25), _FULL, (1, -0.5, 2)),
    _problem("one layer", (0.125, 0.5), (0.5,), _FULL, (1, 0.5, -2)),
    _problem("no layer", (0.125,), (), _FULL, (1, 0.5, 2)),
    _problem("equal eigenvalues", (0.125, 0.25, 0.5), (0.5, 0.25), _TWICE, (1, 0.5, 2)),
    _problem("equal eigenvalues, turned", (0.125, 0.25, 0.5), (0.5, 0.25), _ROTATED, (1, 0.5, 2)),
    _problem("identity", (0.125, 0.25, 0.5), (0.125, 0.25), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), (1, 0.5, 2)),
    _problem("saddle", (0.125, 0.25, 0.5), (0.5, 0.25), _TWICE, (1, 0.5, 2), point=1),
    _problem("bad minimum", (0.02, 0.02, 0.02), (2**-8, 2**-6), _FAR, (0.1, 0.7, 0), point=2),
    _problem("origin", (4, 4, 8), (0.5, 0.25), _FULL, (1, 0.5, 2)),
)
BY_NAME = {problem.name: problem for problem in PROBLEMS}
DIAGONAL = tuple(BY_NAME[name] for name in ("equal eigenvalues", "identity", "saddle", "bad minimum"))


@cache
def certified(problem: Problem) -> dict[str, tuple[Fraction, ...]]:
    """Every value, and the map m, of one point; λ counts as 0 at the origin, where it is infinite."""
    options = {"widths": problem.widths, "noise": problem.noise} if problem.depth else {}
    net = Network(problem.depth, decays=problem.decays, **options)
    return _values(solve(net, Moments.given(problem.A, problem.v, problem.c), digits=DIGITS), problem.point)


def _values(found, point):
    index = found.global_minimum.index if point is None else point
    if index is None:
        zeros = dict.fromkeys(VALUES, (Fraction(0),))
        return {**zeros, "loss": (found.loss_at_origin,), "m": (Fraction(0),) * found.data.dimension}
    at = found.points[index]
    balls = {name: [getattr(at, name)] for name in VALUES if name != "variance"}
    balls |= {"variance": [at.prediction_variance], "m": found.end_to_end_map(index)}
    return {name: tuple(map(_middle, values)) for name, values in balls.items()}


def _middle(value):
    mantissa, exponent = value.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def difference(value: Callable[[Fraction], dict[str, tuple[Fraction, ...]]]) -> dict[str, np.ndarray]:
    """The derivative at 0 of values, each an array."""
    right, left = value(STEP), value(-STEP)
    return {
        name: np.array([float((x - y) / (2 * STEP)) for x, y in zip(right[name], left[name], strict=True)])
        for name in right
    }


@cache
def derivatives(problem: Problem) -> dict[tuple[str, str], np.ndarray]:
    """By value and argument: an array with one row for each entry of the value.

    An entry of A moves together with its mirror image, each by half.
    """
    result = {}
    for argument in ARGUMENTS:
        columns = []
        for place in np.ndindex(np.shape(getattr(problem, argument))):
            columns.append(difference(lambda h, n=argument, at=place: certified(_moved(problem, n, at, h))))
        shape = np.shape(getattr(problem, argument))
        for name in (*VALUES, "m"):
            rows = np.array([column[name] for column in columns]).T
            result[name, argument] = rows.reshape(-1, *shape) if columns else np.zeros((1, 0))
    return result


def _moved(problem: Problem, argument: str, place: tuple[int, ...], h: Fraction) -> Problem:
    value = np.array(getattr(problem, argument), dtype=object)
    places = [place] if argument != "A" else [place, place[::-1]]
    for at in places:
        value[at] += h / len(places)
    return replace(problem, **{argument: _exact(value.tolist())})


def disagreements(found, expected, *, relative: float = RELATIVE) -> list[str]:
    """A sentence for every derivative that is not as expected; both by value and argument."""
    wrong = []
    for key, exact in expected.items():
        value = np.asarray(found[key]).reshape(exact.shape)
        size = max(np.abs(exact).max(initial=0), np.finfo(float).tiny)
        error = np.abs(value - exact).max(initial=0) / size
        if not error <= relative:
            wrong.append(f"d {key[0]} / d {key[1]} is off by {error:.2g}: {value} for {exact}")
    return wrong


@cache
def by_spectrum(problem: Problem) -> dict[tuple[str, str], np.ndarray]:
    """Derivatives by the entries of diagonal A, which are eigenvalues, and by the squares of v.

    Where v is 0 the difference is one-sided, of second order.
    """
    start = [[row[i] for i, row in enumerate(problem.A)], [x * x for x in problem.v]]
    net = Network(problem.depth, widths=problem.widths, decays=problem.decays, noise=problem.noise)

    def moved(which: int, i: int, h: Fraction) -> dict[str, tuple[Fraction, ...]]:
        lists = [list(numbers) for numbers in start]
        lists[which][i] += h
        found = _values(solve(net, Spectrum.of(*lists, problem.c), digits=DIGITS), problem.point)
        return {name: found[name] for name in VALUES}

    result = {}
    for which, argument in enumerate("ap"):
        rows = [
            (difference if start[which][i] else one_sided)(lambda h, i=i, which=which: moved(which, i, h))
            for i in range(len(problem.v))
        ]
        result |= {(name, argument): np.array([row[name][0] for row in rows]) for name in VALUES}
    return result


def one_sided(value: Callable[[Fraction], dict[str, tuple[Fraction, ...]]]) -> dict[str, np.ndarray]:
    """As :func:`difference`, where only positive arguments mean something."""
    here, near, far = (value(k * STEP) for k in (0, 1, 2))
    return {
        name: np.array(
            [
                float((4 * y - 3 * x - z) / (2 * STEP))
                for x, y, z in zip(here[name], near[name], far[name], strict=True)
            ]
        )
        for name in here
    }


@cache
def second_by_decay(problem: Problem) -> dict[str, float]:
    """Second derivatives by the first decay."""
    right, here, left = (certified(_moved(problem, "decays", (0,), k * STEP)) for k in (1, 0, -1))
    return {name: float((right[name][0] - 2 * here[name][0] + left[name][0]) / STEP**2) for name in VALUES}


#: A line through a problem on which decays, A and v vary; a column of numbers for each argument.
LINE = {
    "decays": lambda problem: [1.0, *[0.0] * problem.depth],
    "noise": lambda problem: [0.0] * problem.depth,
    "A": lambda problem: [[0.5, 0.25, 0.0], [0.25, 0.0, 0.0], [0.0, 0.0, 0.0]],  # noqa: ARG005
    "v": lambda problem: [0.0, 0.5, 0.0],  # noqa: ARG005
    "c": lambda problem: 0.0,  # noqa: ARG005
}


@cache
def third_along(problem: Problem) -> dict[str, float]:
    """Third derivatives along :data:`LINE`, by differences."""

    def at(k: int) -> dict[str, tuple[Fraction, ...]]:
        moved = {
            name: _exact(
                (
                    np.array(getattr(problem, name), dtype=object) + k * STEP * _exact_array(line(problem))
                ).tolist()
            )
            for name, line in LINE.items()
            if name not in ("noise", "c")
        }
        return certified(replace(problem, **moved))

    far, near, back, behind = (at(k) for k in (2, 1, -1, -2))
    return {
        name: float(
            (far[name][0] - 2 * near[name][0] + 2 * back[name][0] - behind[name][0]) / (2 * STEP**3)
        )
        for name in VALUES
    }


def _exact_array(numbers):
    return np.array(_exact(numbers), dtype=object)


def load(target, path, **options):
    """The exported file, imported from disk as users do."""
    path.write_text(export(target, **options))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def points_of(found, index=()):
    """The points of one instance of a batch."""
    count = int(found.count[index])
    fields = [getattr(found, name)[index][:count].tolist() for name in Point._fields]
    return [Point(*values) for values in zip(*fields, strict=True)]


def imports(text):
    """The names of the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
