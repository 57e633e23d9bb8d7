"""Exact columns cut into limbs: whole numbers of at most 2^20 in magnitude, times units.

A unit is 2^a · 10^b, on a grid that does not depend on the data, so that limbs of different blocks add.
"""

from __future__ import annotations

from math import frexp
from typing import TYPE_CHECKING, TypeAlias

from symderive.data.blocks import DIGITS, Columns, Decimals, Floats, Fractions, Integers

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


class Sheet:
    """Limbs of a block of samples: row i belongs to column ``keys[i][0]`` and counts ``keys[i][1]``.

    The memory is used again for the next block: to ask for new memory takes longer than to fill it.
    """

    def __init__(self) -> None:
        import numpy as np

        self.keys: list[tuple[int, Unit]] = []
        self._count = 0
        self._memory = np.empty((1, 0))

    @property
    def values(self) -> np.ndarray:
        """Float64 whole numbers, shape (limbs, samples), until the next block starts."""
        return self._memory[: len(self.keys), : self._count]

    def start(self, count: int) -> None:
        """An empty sheet for so many samples."""
        import numpy as np

        self.keys, self._count = [], count
        if self._memory.shape[1] < count:
            self._memory = np.empty((len(self._memory), count))

    def add(self, column: int, unit: Unit) -> np.ndarray:
        """A new row, to be filled."""
        import numpy as np

        place = len(self.keys)
        if place == len(self._memory):
            self._memory = np.concatenate([self._memory, np.empty_like(self._memory)])
        self.keys.append((column, unit))
        return self._memory[place, : self._count]


def add_limbs(sheet: Sheet, columns: Columns, first: int) -> bool:
    """Add the limbs of some columns, whose numbers begin with ``first``; whether there are any.

    There are none for fractions, and for floats whose magnitudes differ too much.
    """
    import numpy as np

    if isinstance(columns, Fractions):
        return False
    if isinstance(columns, Floats):
        # One column after the other, so that all that is looked at again and again is in the nearest cache.
        rests = np.array(columns.values.T, order="C")
        return all(_add_floats(sheet, first + place, rest) for place, rest in enumerate(rests))
    if isinstance(columns, Decimals):
        for level, limbs in enumerate(columns.limbs):
            _add_columns(sheet, limbs, first, (0, DIGITS * (columns.lowest + level)))
    else:
        _add_integers(sheet, columns, first)
    return True


def _add_floats(sheet: Sheet, column: int, rest: np.ndarray) -> bool:
    """Round to the coarsest unit, take the rest to the next, until no rest is left; whether that works.

    With |rest| ≤ 2^20 units the rounded quotient q is at most 2^20, and the difference rest - q·unit is
    exact: it is a multiple of the last bit of rest, and no larger than rest.  It is at most half a unit,
    which is 2^20 of the next.
    """
    import numpy as np

    largest = max(float(rest.max()), -float(rest.min()))
    power = SHIFT + LIMB_BITS * -((SHIFT + LIMB_BITS - 1 - frexp(largest)[1]) // LIMB_BITS)
    taken = np.empty_like(rest)
    for _ in range(MAX_LIMBS):
        if not rest.any():
            return True
        if abs(power) > MAX_POWER:
            return False
        limb = np.multiply(rest, 2.0**-power, out=sheet.add(column, (power, 0)))
        np.rint(limb, out=limb)
        rest -= np.multiply(limb, 2.0**power, out=taken)
        power -= LIMB_BITS
    return not rest.any()


def _add_integers(sheet: Sheet, columns: Integers, first: int) -> None:
    power, base, rest = 0, 1 << LIMB_BITS, columns.values.copy()
    while rest.any():
        low = rest & (base - 1)
        carry = low >= base // 2
        low -= carry * base
        rest >>= LIMB_BITS
        rest += carry
        _add_columns(sheet, low, first, (power, -columns.decimals))
        power += LIMB_BITS


def _add_columns(sheet: Sheet, limbs: np.ndarray, first: int, unit: Unit) -> None:
    """Limbs of one unit, shape (n, k), but for columns that are all 0."""
    import numpy as np

    for column in np.flatnonzero(limbs.any(axis=0)).tolist():
        sheet.add(first + column, unit)[:] = limbs[:, column]
