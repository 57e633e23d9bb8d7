# ruff: noqa
# fmt: off
"""The passes over the features, and the logarithm, of the certified search of one instance in floats.

``python -m symderive.export.targets.floats`` writes this file from :mod:`symderive.export.solver.certified`,
which says what the blocks prove, and why; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import frexp, fsum, inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: The least and the largest normal number; ln 2 = HIGH + LOW, HIGH of 42 bits.
TINY, HUGE = 2.0**-1022, 1.7976931348623157e308
HALF_ROOT = 0.7071067811865476
HIGH, LOW = 0.6931471805598903, 5.497923018708371e-14


def ln(y: float) -> float:
    """ln y from IEEE operations alone: wrong by at most 2^-53 (4 + |ln y|); ValueError for no normal y > 0."""
    if not TINY <= y <= HUGE:
        raise ValueError(f"{y} has no logarithm")
    m, k = frexp(y)
    if m < HALF_ROOT:
        m += m
        k -= 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    w = 0.16621817152860227
    w = w * z + 0.18140193802865906
    w = w * z + 0.22222862280108718
    w = w * z + 0.2857142413832416
    w = w * z + 0.40000000011206505
    w = w * z + 0.6666666666666208
    return k * HIGH + (s + s + w * z * s + k * LOW)


def halved(terms: np.ndarray) -> float:
    """The sum of terms, which are overwritten: of halves added to one another, ⌈log2 n⌉ roundings for each."""
    while (size := len(terms)) > 1:
        half = size // 2
        rest = terms[half:]
        rest[:half] += terms[:half]
        terms = rest
    return float(terms[0])


class Loops:
    """Passes over few features, one after the other; ``finish`` sums exactly and rounds once."""

    #: What stands for the number of features where ``finish`` counts roundings: one more than its additions.
    fine: float = 2.0

    def __init__(self, first: Sequence[float], second: Sequence[float]) -> None:
        self.pairs = list(zip(first, second))
        self.features = float(len(first))

    def start_0(self) -> tuple[float, float]:
        t1 = -inf
        t11 = -inf
        for a, p in self.pairs:
            t1 = max(t1, -a)
            t11 = max(t11, a)
        return t1, t11

    def start_1(self, unit: float) -> tuple[float, float, float, Loops]:
        second = 0.0
        inverse = 0.0
        strength = 0.0
        out_alpha = []
        out_weight = []
        for a, p in self.pairs:
            alpha = a / unit
            weight = p / (unit * unit)
            share = weight / alpha
            second += share / alpha
            inverse += share
            strength += weight
            out_alpha.append(alpha)
            out_weight.append(weight)
        return second, inverse, strength, Loops(out_alpha, out_weight)

    def single(self) -> tuple[float, float]:
        moment = 0.0
        strength = 0.0
        for alpha, weight in self.pairs:
            moment += weight * alpha
            strength += weight
        return moment, strength

    def step(self, x: float) -> tuple[float, float, float]:
        t4 = 0.0
        t7 = 0.0
        t10 = 0.0
        for alpha, weight in self.pairs:
            t2 = 1.0 / (alpha + x)
            t3 = weight * t2 * t2
            t6 = t3 * t2
            t4 += t3
            t7 += t6
            t10 += t6 * t2
        return t4, t7, t10

    def settle(self, t1: float) -> tuple[float, float, float]:
        t4 = 0.0
        t10 = 0.0
        t13 = 0.0
        for alpha, weight in self.pairs:
            t2 = 1.0 / (alpha + t1)
            t3 = weight * t2 * t2
            t9 = t3 * t2
            t4 += t3
            t10 += t9
            t13 += t9 * t2
        return t4, t10, t13

    def finish(self, x: float) -> tuple[float, float, float]:
        s2 = []
        rest = []
        energy = []
        for alpha, weight in self.pairs:
            t3 = 1.0 / (alpha + x)
            t4 = weight * t3 * t3
            t9 = t4 * alpha
            s2.append(t4)
            rest.append(t9 * t3)
            energy.append(t9)
        return fsum(s2), fsum(rest), fsum(energy)


class Arrays:
    """The same passes in NumPy; ``finish`` adds halves to one another."""

    def __init__(self, first: np.ndarray, second: np.ndarray) -> None:
        self.pairs = first, second
        self.features = float(len(first))
        self.fine = 1.0 + (len(first) - 1).bit_length()

    def start_0(self) -> tuple[float, float]:
        a, p = self.pairs
        return float((-a).max()), float(a.max())

    def start_1(self, unit: float) -> tuple[float, float, float, Arrays]:
        a, p = self.pairs
        alpha = a / unit
        weight = p / (unit * unit)
        share = weight / alpha
        out_alpha = alpha
        out_weight = weight
        return float((share / alpha).sum()), float(share.sum()), float(weight.sum()), Arrays(out_alpha, out_weight)

    def single(self) -> tuple[float, float]:
        alpha, weight = self.pairs
        return float((weight * alpha).sum()), float(weight.sum())

    def step(self, x: float) -> tuple[float, float, float]:
        alpha, weight = self.pairs
        t2 = 1.0 / (alpha + x)
        t3 = weight * t2 * t2
        t6 = t3 * t2
        return float(t3.sum()), float(t6.sum()), float((t6 * t2).sum())

    def settle(self, t1: float) -> tuple[float, float, float]:
        alpha, weight = self.pairs
        t2 = 1.0 / (alpha + t1)
        t3 = weight * t2 * t2
        t9 = t3 * t2
        return float(t3.sum()), float(t9.sum()), float((t9 * t2).sum())

    def finish(self, x: float) -> tuple[float, float, float]:
        alpha, weight = self.pairs
        t3 = 1.0 / (alpha + x)
        t4 = weight * t3 * t3
        t9 = t4 * alpha
        return halved(t4), halved(t9 * t3), halved(t9)
