"""Exact columns cut into limbs: whole numbers of at most 2^20 in magnitude, times units.

A unit is 2^a · 10^b, on a grid that does not depend on the data, so that limbs of different blocks add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from symderive.data.blocks import DIGITS, Columns, Decimals, Floats, Fractions

if TYPE_CHECKING:
    import numpy as np

#: Bits of a limb with its sign; limbs are balanced.
LIMB_BITS = 21

#: Limbs of one column of floats; a block with a wider range of magnitudes is taken fraction by fraction.
MAX_LIMBS = 16

#: Units of floats are 2^(21q - 17): numbers below 8, with 17 bits behind the point, have one limb.
SHIFT = -17

#: Largest exponent of the units of floats: what lies beyond comes too near the ends of binary64.
MAX_POWER = 1000

#: 2^a · 10^b as (a, b).
Unit: TypeAlias = tuple[int, int]


class Limbs(NamedTuple):
    """Limb i belongs to column ``columns[i]`` and counts ``units[i]``; values are float64, shape (w, n)."""

    columns: list[int]
    units: list[Unit]
    values: list[np.ndarray]


def limbs_of(columns: Columns) -> Limbs | None:
    """The limbs of some columns, save those that are 0 in all rows; None where fractions are called for."""
    if isinstance(columns, Fractions):
        return None
    if isinstance(columns, Floats):
        return _of_floats(columns.values)
    if isinstance(columns, Decimals):
        return _of_decimals(columns)
    return _of_integers(columns.values, columns.decimals)


def _of_floats(values: np.ndarray) -> Limbs | None:
    """Round to the coarsest unit, take the rest to the next, until no rest is left.

    With |rest| ≤ 2^20 units the rounded quotient q is at most 2^20, and the difference rest - q·unit is
    exact: it is a multiple of the last bit of rest, and no larger than rest.  It is at most half a unit,
    which is 2^20 of the next.
    """
    import numpy as np

    found = Limbs([], [], [])
    rest = np.array(values.T, order="C")
    largest = max(float(rest.max(initial=0.0)), -float(rest.min(initial=0.0)))
    power = SHIFT + LIMB_BITS * -((SHIFT + LIMB_BITS - 1 - int(np.frexp(largest)[1])) // LIMB_BITS)
    for _ in range(MAX_LIMBS):
        if largest == 0 or not rest.any():
            return found
        if abs(power) > MAX_POWER:
            return None
        part = rest * 2.0**-power
        np.rint(part, out=part)
        _hold(found, part, (power, 0))
        part *= 2.0**power
        rest -= part
        power -= LIMB_BITS
    return None if rest.any() else found


def _of_integers(values: np.ndarray, decimals: int) -> Limbs:
    import numpy as np

    found, power, base = Limbs([], [], []), 0, 1 << LIMB_BITS
    rest = np.array(values.T, order="C", dtype=np.int64)
    while rest.any():
        low = rest & (base - 1)
        carry = low >= base // 2
        low -= carry * base
        rest >>= LIMB_BITS
        rest += carry
        _hold(found, low, (power, -decimals))
        power += LIMB_BITS
    return found


def _of_decimals(columns: Decimals) -> Limbs:
    import numpy as np

    found = Limbs([], [], [])
    for level, limb in enumerate(columns.limbs):
        _hold(found, np.ascontiguousarray(limb.T), (0, DIGITS * (columns.lowest + level)))
    return found


def _hold(found: Limbs, part: np.ndarray, unit: Unit) -> None:
    """Add the limbs of one unit, shape (k, n), that are not all 0."""
    import numpy as np

    held = np.flatnonzero(part.any(axis=1)).tolist()
    found.columns.extend(held)
    found.units.extend([unit] * len(held))
    found.values.append((part if len(held) == len(part) else part[held]).astype(float))
