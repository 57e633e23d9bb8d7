"""Run an exported Python file on the instances of standard input and print all numbers.

A program of its own, started with the path of the file and the name of its target, so that a fresh
interpreter imports the file and nothing of symderive.  What it reads and prints is said in ``check``.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

#: What is printed of every point, of one that is proved, and of the minimum, in this order.
POINT = ("kind", "ridge", "loss", "gap", "norm", "layer_decay", "variance", "slope")
PROVED = (*POINT[:-1], *(f"{name}_radius" for name in POINT[1:-1]))
MINIMUM = ("index", "ridge", "loss", "norm", "layer_decay", "variance")

#: Room for points in files that want to be told; no instance of the table has more.
MOST = 8

#: Features of all instances where those of one shape are quicker.
FEATURES = 10

#: Bits of mpmath's numbers: more than doubles have, so that nothing hides behind those.
BITS = 113


class Arrays:
    """Files whose functions take arrays: ``number`` makes one from lists."""

    batched = True

    def __init__(self, module: Any, number: Callable[[Any], Any], *, sized: bool) -> None:
        self.module, self.number, self.sized = module, number, sized

    def data(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data of one instance; of one shape for all where shapes are compiled."""
        return _widened(data, FEATURES) if self.sized and data else data

    def text(self, value: Any) -> str:
        return repr(float(value))

    def points(self, given: dict[str, Any], data: dict[str, Any]) -> Any:
        options = {"size": MOST} if self.sized else {}
        return self.module.stationary_points(**self._numbers(data), **self._numbers(given), **options)

    def _numbers(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self.number(value) for name, value in values.items()}

    def minimum(self, given: dict[str, Any], data: dict[str, Any]) -> Any:
        return self.module.global_minimum(**self._numbers(data), **self._numbers(given))

    def status(self, found: Any, at: Any = ()) -> int:
        return int(found.status[at])

    def rows(self, found: Any, at: Any = ()) -> list[list[Any]]:
        count = int(found.count[at])
        names = PROVED if hasattr(found, "ridge_radius") else POINT
        return [[getattr(found, name)[at][k] for name in names] for k in range(count)]

    def best(self, found: Any) -> int:
        return int(found.best)

    def map(self, data: dict[str, Any], ridge: Any, rho: float) -> Any:
        # Along the eigenvectors, but for the data of the file, which may have axes of its own.
        chosen = self._numbers({"a": data["a"], "p": data["p"]}) if data else {}
        return self.module.ridge_solution(**chosen, ridge=self.number(ridge), noise_factor=self.number(rho))

    def diagonal(self, values: list[float]) -> Any:
        return self.number(
            [[x if i == j else 0.0 for j in range(len(values))] for i, x in enumerate(values)]
        )

    def roots(self, values: list[float]) -> Any:
        return self.number([x**0.5 for x in values])

    def penalty(self, decay: float, depth: float) -> Any:
        """The weight of a proximal map that is a network's problem."""
        return self.number((depth + 1) * decay / 2)


class Multiprecision(Arrays):
    """Files that use mpmath: lists, one instance at a time, errors instead of a status."""

    batched = False

    def __init__(self, module: Any) -> None:
        from mpmath import mp

        mp.prec = BITS
        self.mp = mp
        super().__init__(module, lambda value: value, sized=False)

    def text(self, value: Any) -> str:
        return str(self.mp.nstr(value, 60, min_fixed=0, max_fixed=0))

    def status(self, found: Any, at: Any = ()) -> int:  # noqa: ARG002
        return 0

    def rows(self, found: Any, at: Any = ()) -> list[list[Any]]:  # noqa: ARG002
        return [[getattr(point, name) for name in POINT] for point in found]

    def best(self, found: Any) -> int:
        gaps = [point.gap for point in found]
        return gaps.index(min(gaps)) if gaps and min(gaps) < 0 else -1

    def diagonal(self, values: list[float]) -> Any:
        return self.mp.diag(values)

    def roots(self, values: list[float]) -> Any:
        return [self.mp.sqrt(x) for x in values]

    def penalty(self, decay: float, depth: float) -> Any:
        return self.mp.mpf(depth + 1) * decay / 2


def main(path: str, target: str) -> None:
    solver = _solver(_load(path), target)
    cases = [list(map(float, line.split())) for line in sys.stdin]
    for index, numbers in enumerate(cases):
        given, data, noise = _split(numbers)
        for line in _alone(solver, given, data, noise):
            print(index, line)
    if solver.batched:
        wide = [index for index, numbers in enumerate(cases) if numbers[5]]
        for line in _together(solver, [cases[index] for index in wide], wide):
            print(line)


def _load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("solver", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["solver"] = module
    spec.loader.exec_module(module)
    return module


def _solver(module: Any, target: str) -> Arrays:
    if target == "mpmath":
        return Multiprecision(module)
    if target == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        return Arrays(module, lambda value: jax.numpy.asarray(value, dtype="float64"), sized=True)
    if target == "torch":
        import torch

        return Arrays(module, lambda value: torch.as_tensor(value, dtype=torch.float64), sized=True)
    import numpy as np

    return Arrays(module, lambda value: np.asarray(value, np.float64), sized=False)


def _split(numbers: Sequence[float]) -> tuple[dict[str, Any], dict[str, Any], float]:
    depth, decay, rho, noise, c, features, *rest = numbers
    given = {"mean_decay": decay, "noise_factor": rho, "depth": depth}
    d = int(features)
    return given, {"a": rest[:d], "p": rest[d:], "c": c} if d else {}, noise


def _alone(solver: Arrays, given: dict[str, Any], data: dict[str, Any], noise: float) -> Iterator[str]:
    features = len(data["a"]) if data else None
    data = solver.data(data)
    try:
        found = solver.points(given, data)
    except ValueError:
        yield "status 2"
        return
    yield f"status {solver.status(found)}"
    if solver.status(found):
        return
    rows, rho = solver.rows(found), given["noise_factor"]
    for row in rows:
        yield _line("point", solver, row)
        yield _line("map", solver, list(solver.map(data, row[1], rho))[:features])
    least = solver.minimum(given, data)
    yield f"best {solver.best(found)}"
    yield _line("minimum", solver, [getattr(least, name) for name in MINIMUM])
    if features == 1:
        v_norm = solver.roots(data["p"])[0]
        values = {name: solver.number(value) for name, value in given.items()}
        eigenvalue = solver.number(data["a"][0])
        yield _line("isotropic", solver, list(solver.module.isotropic_decay(eigenvalue, v_norm, **values)))
        again = solver.module.isotropic_points(eigenvalue, v_norm, solver.number(data["c"]), **values)
        yield _line("again", solver, [row[1] for row in solver.rows(again)])
        if data["a"][0] == 1 == given["noise_factor"] and hasattr(solver.module, "prox"):
            weight = solver.penalty(given["mean_decay"], given["depth"])
            yield _line("prox", solver, [solver.module.prox(v_norm, weight, depth=given["depth"])])
    if data and 0 < given["depth"] <= 4:
        yield _line("full", solver, _full(solver, given, data, noise, least))


def _full(
    solver: Arrays, given: dict[str, Any], data: dict[str, Any], noise: float, least: Any
) -> list[Any]:
    """Means of unequal decays and noises, a prediction's variance, and the full loss at rebuilt layers."""
    module, number = solver.module, solver.number
    depth, decay = int(given["depth"]), given["mean_decay"]
    widths, decays = [2] * depth, [2 * decay, decay / 2, *[decay] * (depth - 1)]
    noises = [noise, *[0.0] * (depth - 1)]
    m = solver.map(data, least.ridge, given["noise_factor"])
    layers = module.layers(m, least.layer_decay, number(decays), widths)
    A, v = solver.diagonal(data["a"]), solver.roots(data["p"])
    return [
        module.mean_decay(number(decays)),
        module.noise_factor(number(noises), number([float(width) for width in widths])),
        module.prediction_variance(number(3.0), number(given["noise_factor"])),
        module.loss(layers, A, v, number(data["c"]), number(decays), number(noises)),
    ]


def _together(solver: Arrays, cases: list[list[float]], names: list[int]) -> Iterator[str]:
    """All instances as one batch, filled up with features of which v has no part."""
    most = max(int(numbers[5]) for numbers in cases)
    columns: dict[str, list[Any]] = {"a": [], "p": [], "c": []}
    table: dict[str, list[Any]] = {"mean_decay": [], "noise_factor": [], "depth": []}
    for numbers in cases:
        given, data, _ = _split(numbers)
        for name, value in _widened(data, most).items():
            columns[name].append(value)
        for name, value in given.items():
            table[name].append(value)
    found = solver.points(table, columns)
    for place, index in enumerate(names):
        yield f"{index} batch {solver.status(found, place)}"
        for row in solver.rows(found, place):
            yield f"{index} {_line('together', solver, row)}"


def _widened(data: dict[str, Any], features: int) -> dict[str, Any]:
    """The same data with features of which v has no part."""
    more = features - len(data["a"])
    return {**data, "a": [*data["a"], *[1.0] * more], "p": [*data["p"], *[0.0] * more]}


def _line(tag: str, solver: Arrays, values: Sequence[Any]) -> str:
    return " ".join([tag, *map(solver.text, values)])


if __name__ == "__main__":
    main(*sys.argv[1:])
