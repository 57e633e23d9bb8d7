"""Instances that every exported file has to solve, and their certified answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from symderive.arithmetic.exact import decimal, exact_value
from symderive.data.float_spectrum import BALL_SIZE
from symderive.data.spectrum import Spectrum
from symderive.errors import InputError
from symderive.export.check.numbers import DOUBLE, SINGLE, Numbers
from symderive.export.targets.data import bake
from symderive.landscape.landscape import Landscape
from symderive.landscape.solve import solve
from symderive.model.network import Network

if TYPE_CHECKING:
    from symderive.data.interface import Data
    from symderive.landscape.landscape import StationaryPoint

#: Depth up to which the table can be certified in seconds.
DEEPEST = 1000

#: Width of every hidden layer, and digits of the certified values.
WIDTH, DIGITS = 2, 45


@dataclass(frozen=True)
class Case:
    """One instance in doubles, which are exact numbers here; all layers have the same decay.

    ``noise`` is the variance in the first hidden layer, whose width is ``WIDTH``.  No ``a`` stands for the
    data in the file.  ``group`` is "ordinary", "near-degenerate", "extreme", "data" or "refused".
    """

    group: str
    name: str
    depth: int
    a: tuple[float, ...]
    p: tuple[float, ...]
    c: float
    decay: float
    noise: float = 0.0

    @property
    def noise_factor(self) -> float:
        """ρ; the noises of the table make it a double."""
        return 1 + self.noise / WIDTH if self.depth else 1.0


@dataclass(frozen=True)
class Answer:
    """Certified values of one stationary point.

    ``slope`` is |H'|, which divides the errors of λ, and ``terms`` is m·v + Dκ, of whose rounding F - c
    consists.
    """

    kind: int
    values: dict[str, Fraction]
    map: tuple[Fraction, ...]
    slope: Fraction
    terms: Fraction


_TWO = ((0.5, 1.0, 3.0), (0.25, 1.0, 2.0))
_ONE = ((1.0,), (1.0,))
_FOUR = ((1.0, 400.0), (0.01, 0.49))
_SIX = ((1.0, 3320.0, 22180000.0), (1.0, 120.0, 5000.0))
_MANY = (tuple(0.25 * k for k in range(1, 11)), tuple(1.0 / k for k in range(1, 11)))
_ZEROS = ((0.0, 0.5, 7.0, 1e9), (0.0, 2.0, 0.0, 0.0))


def require_depth(depth: int | None) -> None:
    """Raise :class:`InputError` where certified values would take long."""
    if depth is not None and depth > DEEPEST:
        raise InputError(
            f"a check has certified values up to depth {DEEPEST}, not {depth}; check a file for any depth."
        )


def cases(depth: int | None, data: Data | None, numbers: Numbers = DOUBLE) -> tuple[Case, ...]:
    """The table for a file: of any depth, or of one; with instances on its data if it has some.

    For single precision the instances are rounded to it, and those out of its range left out.
    """
    table = [*_ordinary(), *_near_degenerate(depth), *_extreme()]
    if numbers is SINGLE:
        table += _extreme_single()
    if depth is not None:
        # Instances that differ in their depth alone are one now.
        table = list(
            {replace(case, depth=depth, name=""): replace(case, depth=depth) for case in table}.values()
        )
        table = [case for case in table if depth or _fits_without_layers(case)]
    table += _refused(2 if depth is None else depth)
    if data is not None:
        table += _on_data(2 if depth is None else depth, data)
    if numbers is SINGLE:
        table = [fit for case in table if (fit := rounded_to_single(case)) is not None]
    return tuple(table)


def _fits_without_layers(case: Case) -> bool:
    """Whether it has no noise, and a decay that is a double in units of the least eigenvalue."""
    least = min((a for a, p in zip(case.a, case.p, strict=True) if p), default=1.0)
    return not case.noise and case.decay < 1e300 * least


def _ordinary() -> list[Case]:
    return [
        *(Case("ordinary", f"depth {D}", D, *_TWO, 4.0, 0.125) for D in (0, 1, 2, 3, 5, 10, 100, 1000)),
        *(Case("ordinary", f"ten features, depth {D}", D, *_MANY, 16.0, 0.03, 0.5) for D in (1, 2, 3)),
        *(
            Case("ordinary", f"one feature, depth {D}", D, (1.0,), (9.0,), 9.0, 0.5)
            for D in (0, 1, 2, 3, 7)
        ),
        Case("ordinary", "noise", 3, *_TWO, 4.0, 0.1, 0.75),
        Case("ordinary", "two minima beside the origin", 2, *_FOUR, 1.0, 0.02),
        Case("ordinary", "six roots", 2, *_SIX, 1e3, 0.35),
        Case("ordinary", "isotropic", 4, (2.0, 2.0), (1.0, 3.0), 4.0, 0.25),
        Case("ordinary", "zero eigenvalue and components", 2, *_ZEROS, 8.0, 0.1),
        Case("ordinary", "no root", 3, *_TWO, 4.0, 10.0),
        Case("ordinary", "v = 0", 2, (1.0, 2.0), (0.0, 0.0), 1.0, 0.1),
    ]


def _near_degenerate(depth: int | None) -> list[Case]:
    """a = v = 1: close to the double root, where a pair of roots meets, and to the tie with the origin."""
    table = []
    for D in (2, 3, 30, 1000) if depth is None else (depth,):
        q, tie = _thresholds(D)
        for offset in (-1e-4, -1e-8, 1e-8):
            table.append(
                Case(
                    "near-degenerate",
                    f"double root of depth {D}, {offset}",
                    D,
                    *_ONE,
                    1.0,
                    q * (1 + offset),
                )
            )
        for offset in (-1e-9, 1e-9):
            table.append(
                Case("near-degenerate", f"tie of depth {D}, {offset}", D, *_ONE, 1.0, tie * (1 + offset))
            )
    if depth is None:
        table += _at_scale()
    table.append(Case("near-degenerate", "exact double root", 3, (1.0,), (9.0,), 9.0, 2.0))
    table.append(Case("near-degenerate", "exact tie", 3, (0.5,), (9.0,), 18.0, 2.0))
    table.append(
        Case(
            "near-degenerate", "end of the minimum at depth 1", 1, (1.0, 2.0), (0.5, 0.5), 1.0, 1 - 2.0**-20
        )
    )
    return table


def _at_scale() -> list[Case]:
    """One feature, a few units in the last place beside the double root, where large logarithms cancel."""
    rows = (
        (2, 1.71e-57, 3.1e47, 1.8097434996388687e50, 0.0),
        (3, 776000.0, 3.84, 1.828882231542349e-08, 2.0**33),
        (5, 2.84e43, 27.7, 5.572441169108224e-29, 0.0),
        (10, 4.57e57, 6.65e-21, 8.658506500691501e-67, 0.0),
    )
    return [
        Case(
            "near-degenerate", f"double root of depth {D} at scale", D, (a,), (p,), 4 * p / a, decay, noise
        )
        for D, a, p, decay, noise in rows
    ]


def _thresholds(depth: int) -> tuple[float, float]:
    """q of the double root and of the tie, for isotropic data."""
    if depth < 2:
        return 1.0, 1.0
    t, zeta = 2 * depth / (depth + 1), 1 / (depth - 1)
    return (t - 1) ** (t - 1) / t**t, zeta / (1 + zeta) ** t


def _extreme() -> list[Case]:
    return [
        Case("extreme", "tiny data", 2, (1e-300, 3e-299), (1e-300, 5e-300), 8.0, 5e-102),
        Case("extreme", "huge data", 2, (1e300, 3e301), (1e300, 5e300), 8.0, 5e98),
        Case(
            "extreme", "tiny eigenvalues, huge decays", 3, (1e-300, 3e-299), (1e-10, 5e-10), 1e300, 1.6e141
        ),
        Case("extreme", "spread eigenvalues", 3, (1e-100, 1.0), (1e-110, 1.0), 4.0, 1e-3),
        Case("extreme", "tiny decays", 3, (1.0, 4.0), (1.0, 1.0), 4.0, 1e-200),
        Case("extreme", "tiny decays at depth 1", 1, (1.0, 4.0), (1.0, 1.0), 4.0, 1e-300),
        Case("extreme", "spread eigenvalues at depth 1", 1, (1.0, 1e40), (1.0, 1e-10), 1e10, 0.5),
        Case("extreme", "F - c below all numbers", 3, (1e282,), (4e-155,), 1.0, 3e-265, 2e5),
        Case("extreme", "huge noise", 2, *_TWO, 4.0, 0.01, 2.0**53),
    ]


def _extreme_single() -> list[Case]:
    """Scales near the end of single precision."""
    return [
        Case("extreme", "tiny data in single", 2, (1e-30, 3e-29), (1e-30, 5e-30), 8.0, 5e-12),
        Case("extreme", "huge data in single", 2, (1e30, 3e31), (1e30, 5e30), 8.0, 5e8),
        Case("extreme", "spread eigenvalues in single", 3, (1e-10, 1.0), (1e-11, 1.0), 4.0, 1e-3),
        Case("extreme", "tiny decays in single", 3, (1.0, 4.0), (1.0, 1.0), 4.0, 1e-25),
        Case("extreme", "tiny decays at depth 1 in single", 1, (1.0, 4.0), (1.0, 1.0), 4.0, 1e-30),
        Case("extreme", "huge noise in single", 2, *_TWO, 4.0, 0.01, 2.0**23),
    ]


def rounded_to_single(case: Case) -> Case | None:
    """The instance nearest to this one whose numbers are single, or None where one is out of range."""
    given = (*case.a, *case.p, case.c, case.decay, case.noise, case.noise_factor)
    with np.errstate(over="ignore", under="ignore"):
        kept = np.array(given, np.float32).astype(float).tolist()
    if any(x and abs(x) < SINGLE.smallest for x in (*given, *kept)) or kept[-1] != case.noise_factor:
        return None
    if any(np.isfinite(x) and not np.isfinite(y) for x, y in zip(given, kept, strict=True)):
        return None
    d = len(case.a)
    c, decay, noise, _ = kept[2 * d :]
    return replace(case, a=tuple(kept[:d]), p=tuple(kept[d : 2 * d]), c=c, decay=decay, noise=noise)


def _refused(depth: int) -> list[Case]:
    nan, inf = float("nan"), float("inf")
    return [
        Case("refused", "a decay of NaN", depth, *_TWO, 4.0, nan),
        Case("refused", "an infinite second moment", depth, *_TWO, inf, 0.1),
        Case("refused", "a negative decay", depth, *_TWO, 4.0, -0.1),
        Case("refused", "an eigenvalue of NaN", depth, (nan, 1.0), (1.0, 1.0), 4.0, 0.1),
        Case("refused", "a second moment below what is explained", depth, *_TWO, 2.0, 0.1),
    ]


def _on_data(depth: int, data: Data) -> list[Case]:
    """Decays about the size at which whitened data of the same v have their threshold."""
    size = float(data.v_norm_squared) ** 0.5 or 1.0
    decays = [size * 2.0**-k for k in (2, 8, 16)]
    return [
        Case("data", f"the file's data, decay {decay:.3g}", depth, (), (), 0.0, decay) for decay in decays
    ]


def reference(data: Data | None, numbers: Numbers = DOUBLE) -> Data | None:
    """What a file's data are compared with: themselves, or the rounded numbers in it, of many features or
    in single precision."""
    if data is None or (data.dimension <= BALL_SIZE and numbers is not SINGLE):
        return data
    found = bake(data, single=numbers is SINGLE)
    assert found is not None
    rounded = Spectrum.of(found.a, found.p)
    return replace(rounded, c=max(Fraction(found.c), rounded.c))


def certified_answers(case: Case, data: Data | None, numbers: Numbers = DOUBLE) -> tuple[Answer, ...]:
    """The answers that a file in such numbers has to give; ``data`` are those of the file."""
    answers = certify(case, reference(data, numbers))
    if case.a or data is None or numbers is not SINGLE:
        return answers
    # What rounded data are compared with has no axes; the file has its own, as exact numbers.
    baked = bake(data, single=True)
    if baked is None or baked.axes is None:
        return answers
    axes = [[Fraction(x) for x in row] for row in baked.axes]
    return tuple(
        replace(
            at,
            map=tuple(sum((x * y for x, y in zip(row, at.map, strict=True)), Fraction(0)) for row in axes),
        )
        for at in answers
    )


@lru_cache
def certify(case: Case, data: Data | None) -> tuple[Answer, ...]:
    """Every stationary point but the origin, in increasing ridge, from the certified search."""
    noise = [Fraction(case.noise), *[0] * (case.depth - 1)] if case.depth else None
    net = Network(case.depth, widths=WIDTH, decays=case.decay, noise=noise)
    found = solve(net, data if data and not case.a else Spectrum.of(case.a, case.p, case.c), digits=DIGITS)
    return tuple(_answer(found, point) for point in found.points)


def _answer(found: Landscape, point: StationaryPoint) -> Answer:
    kinds = {"global minimum": 1, "local minimum": 1, "saddle": -1, "degenerate": 0}
    named = {name: getattr(point, name) for name in ("ridge", "loss", "norm", "layer_decay")}
    named["variance"] = point.prediction_variance
    values = {name: Fraction(decimal(ball, DIGITS)) for name, ball in named.items()}
    # R_1 = m·v and R_3 enter differences that need fewer digits than they have.
    at = found.ridges[point.index].read(DIGITS).response
    r1, r2, bend = (exact_value(x.mid()) for x in (at.r1, at.r2, at.shrunk_energy))
    depth = found.net.depth
    values["gap"] = depth * values["layer_decay"] - r1
    slope = abs(1 + Fraction(1, depth) - 2 * (1 - bend / r2)) if depth else Fraction(1)
    m = found.end_to_end_map(point.index)
    return Answer(
        kinds[point.kind],
        values,
        tuple(exact_value(x.mid()) for x in m),
        slope,
        r1 + depth * values["layer_decay"],
    )
