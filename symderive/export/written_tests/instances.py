"""Three instances with certified answers, from balls, as a small test holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from symderive.export.accuracy import ULPS
from symderive.export.check.cases import DEEPEST, Answer, Case, certify
from symderive.export.check.numbers import DOUBLE, Numbers

#: What is compared of each point.
QUANTITIES = ("ridge", "loss", "gap", "norm", "layer_decay", "variance")

#: Depth at which the second instance has two minima beside the origin.
TWO_MINIMA = 2


@dataclass(frozen=True)
class Known:
    """A certified number: the exact one is within ``rounding`` of ``value``, a double.

    ``allowed`` is how far a solver that certifies nothing may be off, rounding included.
    """

    value: float
    rounding: float
    allowed: float


@dataclass(frozen=True)
class KnownPoint:
    """A stationary point: its kind (1 or -1) and the certified :data:`QUANTITIES`."""

    kind: int
    values: Mapping[str, Known]


@dataclass(frozen=True)
class Instance:
    """An instance in numbers that single precision holds, its points but the origin, and the index of the
    global minimum, -1 the origin."""

    name: str
    a: tuple[float, ...]
    p: tuple[float, ...]
    c: float
    mean_decay: float
    noise_factor: float
    depth: int
    points: tuple[KnownPoint, ...]
    best: int


def has_instances(depth: int | None) -> bool:
    """Whether they can be certified in seconds."""
    return depth is None or depth <= DEEPEST


def instances(depth: int | None, numbers: Numbers = DOUBLE) -> tuple[Instance, ...]:
    """The three of them for a file of one depth, or of any; solved in ``numbers``.

    >>> [len(found.points) for found in instances(2)]
    [2, 4, 0]
    """
    D = TWO_MINIMA if depth is None else depth
    noise = 0.5 if D else 0.0
    plain = ((0.5, 1.0, 3.0), (0.25, 1.0, 2.0))
    table = (
        Case("test", "three features with noise", D, *plain, 4.0, 0.125, noise),
        Case("test", "two features far apart", D, (1.0, 512.0), (1 / 128, 0.5), 1.0, 1 / 64),
        Case("test", "strong decay", D, *plain, 4.0, 16.0),
    )
    return tuple(_known(case, numbers) for case in table)


def rounded_up(bound: float) -> str:
    """Three digits that are not less.

    >>> rounded_up(0.12345)
    '0.125'
    """
    return f"{1.01 * bound:.3g}"


def _known(case: Case, numbers: Numbers) -> Instance:
    answers = certify(case, None)
    gaps = [answer.values["gap"] for answer in answers]
    least = min(gaps, default=Fraction(0))
    points = tuple(KnownPoint(answer.kind, _values(answer, numbers)) for answer in answers)
    best = gaps.index(least) if least < 0 else -1
    given = (case.a, case.p, case.c, case.decay, case.noise_factor, case.depth)
    return Instance(case.name, *given, points=points, best=best)


def _values(answer: Answer, numbers: Numbers) -> dict[str, Known]:
    second = answer.values["loss"] - answer.values["gap"]
    sizes = {"gap": answer.terms, "loss": answer.terms + second}
    found = {}
    for name in QUANTITIES:
        exact = answer.values[name]
        value = float(exact)
        allowed = ULPS * numbers.unit * (1 + 1 / answer.slope) * sizes.get(name, abs(exact))
        rounding = _above(abs(exact - Fraction(value)))
        found[name] = Known(value, rounding, _above(allowed + Fraction(rounding)))
    return found


def _above(number: Fraction) -> float:
    """The number as a double that is not less."""
    nearest = float(number)
    return nearest if Fraction(nearest) >= number else float(np.nextafter(nearest, np.inf))
