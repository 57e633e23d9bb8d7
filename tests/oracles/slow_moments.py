"""Moments as they were made before there were limbs: each cell a fraction, each sum one of fractions."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from io import StringIO
from math import lcm

from flint import fmpz_mat

from symderive.arithmetic.exact import parse_number
from symderive.data.sums import reduced

#: ``gram`` as rows, ``denominator``, ``variances`` and ``means``.
Slow = tuple[list[list[int]], int, tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]


def slow_moments(
    table: Sequence[Sequence[Fraction]], *, center: bool = False, standardize: bool = False
) -> Slow:
    """Of rows with the target last."""
    count = len(table)
    scale = lcm(*(x.denominator for row in table for x in row))
    Z = fmpz_mat([[int(x * scale) for x in row] for row in table])
    gram, denominator = Z.transpose() * Z, count * scale**2
    means = None
    if center or standardize:
        sums = fmpz_mat(1, count, [1] * count) * Z
        gram, denominator = gram * count - sums.transpose() * sums, denominator * count
        means = tuple(Fraction(int(total), count * scale) for total in sums.entries())
    gram, denominator = reduced(gram, denominator)
    variances = None
    if standardize:
        variances = tuple(Fraction(int(gram[i, i]), denominator) for i in range(gram.nrows() - 1))
    return [[int(x) for x in row] for row in gram.tolist()], denominator, variances, means


def slow_csv(
    text: bytes, *, sep: str = ",", decimal: str = ".", fractions: bool = False
) -> list[list[Fraction]]:
    """The rows below the header, the last column being the target; raises where a cell is no number."""
    lines = StringIO(text.decode("utf-8-sig"), newline="")
    rows = [row for row in csv.reader(lines, delimiter=sep) if row]
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("ragged")
    return [[_number(cell, decimal, fractions) for cell in row] for row in rows[1:]]


def _number(cell: str, decimal: str, fractions: bool) -> Fraction:
    if decimal != ".":
        if "." in cell:
            raise ValueError(cell)
        cell = cell.replace(decimal, ".")
    return parse_number(cell, ratios=fractions)
