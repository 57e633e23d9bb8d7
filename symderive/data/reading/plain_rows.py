"""Rows of plain decimal text, a chunk of bytes at a time, with array operations only.

Most of a file of numbers is plain: as many cells a row as there are columns, each ``[sign] digits
[. digits] [e [sign] digits]``, perhaps in quotes or with blanks around it.  Such a chunk is read here,
exactly.  Anything else is left to the reader that goes cell by cell and knows all the rules; it also finds
the words for what is wrong.  So this one has nothing to say: it reads a chunk, or returns None.

Bytes that are no digits (*marks*) are what has to be looked at: separators, points, signs, and the rest.
Digits are taken six at a time, as eight bytes in an integer of 64 bits, from the point to the left and to
the right; each six are a limb of :class:`~symderive.data.blocks.Decimals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from symderive.data.blocks import DIGITS, Decimals

if TYPE_CHECKING:
    import numpy as np

NEWLINE, BLANK, QUOTE, PLUS, MINUS, ZERO, SMALL_E = 10, 32, 34, 43, 45, 48, 101

#: Bytes before and after the text, so that eight can be loaded anywhere.
MARGIN = 8 * DIGITS

#: Most blanks around a cell, digits before or behind the point, and digits of an exponent.
MOST_BLANKS, MOST_DIGITS, MOST_EXPONENT_DIGITS = 16, 36, 3

#: Most limbs of a chunk; a wider range of magnitudes is not plain.
MOST_LIMBS = 24

_BLANK_LINES = re.compile(rb"\n\n+")


@dataclass(frozen=True)
class Layout:
    """Bytes that separate cells and mark decimals, number of columns, and the places of those to read.

    The columns at the places ``truths`` hold truth values and nothing else.
    """

    separator: int
    point: int
    width: int
    chosen: tuple[int, ...]
    truths: tuple[int, ...] = ()


class _Cells(NamedTuple):
    """Places in the text, one a chosen cell: digits begin, mantissa ends, cell ends; the rest are marks."""

    start: np.ndarray
    end: np.ndarray
    marks: np.ndarray
    cell: np.ndarray


def read_plain(raw: bytes, layout: Layout) -> Decimals | None:
    """The chosen cells of whole lines, shape (rows, chosen); None where something is not plain."""
    import numpy as np

    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if raw[:1] == b"\n" or b"\n\n" in raw:
        raw = _BLANK_LINES.sub(b"\n", raw).lstrip(b"\n")
    margin = b"\0" * MARGIN
    text = np.frombuffer(b"".join((margin, raw, b"" if raw[-1:] == b"\n" else b"\n", margin)), np.uint8)
    if layout.truths:
        text = text.copy()
        if not _spell_truths(text, layout):
            return None
    cells = _cells_of(text, layout, quoted=b'"' in raw, blank=b" " in raw and layout.separator != BLANK)
    return None if cells is None else _numbers(text, cells, layout)


def _spell_truths(text: np.ndarray, layout: Layout) -> bool:
    """Put ``0001`` for true and ``00000`` for false; whether those columns hold nothing else."""
    import numpy as np

    inner = text[MARGIN:-MARGIN]
    ends = np.flatnonzero((inner == layout.separator) | (inner == NEWLINE)) + MARGIN
    if ends.size % layout.width:
        return False
    starts = np.empty_like(ends)
    starts[:1] = MARGIN
    starts[1:] = ends[:-1] + 1
    places = np.array(layout.truths)
    starts, ends = (x.reshape(-1, layout.width)[:, places].reshape(-1) for x in (starts, ends))
    quoted = (text[starts] == QUOTE) & (text[ends - 1] == QUOTE)
    starts, lengths = starts + quoted, ends - starts - 2 * quoted
    words = np.ndarray((text.size - 7,), dtype="<u8", buffer=text.data, strides=(1,))[starts]
    is_true, is_false = (
        (lengths == len(word)) & ((words & mask | small) == letters)
        for word, mask, small, letters in _spelled()
    )
    if not (is_true | is_false).all():
        return False
    for place in range(4):
        text[starts + place] = ZERO
    text[starts[is_true] + 3] = ZERO + 1
    text[starts[is_false] + 4] = ZERO
    return True


@cache
def _spelled() -> tuple[tuple[bytes, np.uint64, np.uint64, np.uint64], ...]:
    """Words, masks of as many bytes, the bit that makes letters small in each, and the words as numbers."""
    import numpy as np

    def number(letters: bytes) -> np.uint64:
        return np.uint64(int.from_bytes(letters, "little"))

    return tuple(
        (word, number(b"\xff" * len(word)), number(b" " * len(word)), number(word))
        for word in (b"true", b"false")
    )


def _cells_of(text: np.ndarray, layout: Layout, *, quoted: bool, blank: bool) -> _Cells | None:
    """Where the chosen cells are, with the marks in them; None unless all rows are of the same shape."""
    import numpy as np

    marks = np.flatnonzero((text[MARGIN:-MARGIN] - np.uint8(48)) > 9) + MARGIN
    kinds = text[marks]
    ending = (kinds == layout.separator) | (kinds == NEWLINE)
    at = np.flatnonzero(ending)
    ends, width = marks[at], layout.width
    rows = ends.size // width
    if ends.size % width or not (text[ends[width - 1 :: width]] == NEWLINE).all():
        return None
    if np.count_nonzero(kinds == NEWLINE) != rows:
        return None
    starts = np.empty_like(ends)
    starts[:1] = MARGIN
    starts[1:] = ends[:-1] + 1
    if quoted and not _quotes_are_plain(text, marks, kinds, starts, ends):
        return None
    counts = np.diff(at, prepend=-1) - 1
    rest = marks[~ending]
    cell = np.repeat(np.arange(ends.size), counts)
    if layout.chosen != tuple(range(width)):
        order = np.array(layout.chosen)
        where = np.full(width, -1)
        where[order] = np.arange(order.size)
        starts, ends = (x.reshape(rows, width)[:, order].reshape(-1) for x in (starts, ends))
        column = where[cell % width]
        chosen = column >= 0
        rest, cell = rest[chosen], (cell // width * order.size + column)[chosen]
    if quoted:
        bare = text[starts] != QUOTE
        starts, ends = starts + ~bare, ends - ~bare
    if blank:
        for _ in range(MOST_BLANKS):
            before, behind = text[starts] == BLANK, text[ends - 1] == BLANK
            if not (before.any() or behind.any()):
                break
            starts, ends = starts + before, ends - behind
    if quoted or blank:
        inside = (rest >= starts[cell]) & (rest < ends[cell])
        rest, cell = rest[inside], cell[inside]
    return _Cells(starts, ends, rest, cell)


def _quotes_are_plain(
    text: np.ndarray, marks: np.ndarray, kinds: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> bool:
    """Whether every quote stands at the beginning or the end of its cell, and none alone."""
    import numpy as np

    quotes = marks[kinds == QUOTE]
    first, last = text[starts] == QUOTE, text[ends - 1] == QUOTE
    both = first & last & (ends - starts > 1)
    return bool((first == both).all() and (last == both).all()) and quotes.size == 2 * np.count_nonzero(
        both
    )


def _numbers(text: np.ndarray, cells: _Cells, layout: Layout) -> Decimals | None:
    """The numbers in the cells."""
    import numpy as np

    starts, ends, marks, cell = cells
    kinds = text[marks]
    dots, powers = kinds == layout.point, (kinds | 32) == SMALL_E
    signs = (kinds == PLUS) | (kinds == MINUS)
    if not (dots | powers | signs).all() or not (ends > starts).all():
        return None
    with_dot, with_power = cell[dots], cell[powers]
    if not ((np.diff(with_dot) > 0).all() and (np.diff(with_power) > 0).all()):
        return None
    stop = ends  # of the mantissa
    if with_power.size:
        stop = ends.copy()
        stop[with_power] = marks[powers]
    leading = signs & (marks == starts[cell])
    # Any other sign belongs to an exponent, and stands right behind its letter.
    inner = signs & ~leading
    if inner.any() and not (stop[cell[inner]] == marks[inner] - 1).all():
        return None
    first = text[starts]
    begin = starts + ((first == MINUS) | (first == PLUS))
    dot = stop.copy()
    dot[with_dot] = marks[dots]
    if not (dot <= stop).all():
        return None
    before, behind = dot - begin, stop - dot - 1
    behind[behind < 0] = 0  # no point
    if not (before + behind > 0).all():
        return None
    longest = int(before.max(initial=0)), int(behind.max(initial=0))
    if max(longest) > MOST_DIGITS:
        return None
    left, right = (-(-length // DIGITS) for length in longest)
    negative = first == MINUS
    words = np.ndarray((text.size - 7,), dtype="<u8", buffer=text.data, strides=(1,))
    limbs = np.empty((right + left, starts.size), dtype=np.int64)
    for level in range(right):
        digits = np.clip(behind - DIGITS * level, 0, DIGITS)
        limbs[right - 1 - level] = _value(
            (words[dot + (1 + DIGITS * level)] & _leading()[digits]) << np.uint64(16)
        )
    for level in range(left):
        digits = np.clip(before - DIGITS * level, 0, DIGITS)
        limbs[right + level] = _value(words[dot - (8 + DIGITS * level)] & _trailing()[digits])
    np.negative(limbs, out=limbs, where=negative)
    lowest = -right
    if with_power.size:
        shifts = _exponents(words, stop[with_power] + 1, ends[with_power], text)
        moved = None if shifts is None else _moved(limbs, lowest, with_power, shifts)
        if moved is None:
            return None
        limbs, lowest = moved
    return Decimals(limbs.reshape(len(limbs), -1, len(layout.chosen)), lowest)


def _value(words: np.ndarray) -> np.ndarray:
    """The number that eight decimal digits make, the first in the lowest byte; zero bytes count as 0."""
    import numpy as np

    words *= np.uint64(1 + (10 << 8))
    words >>= np.uint64(8)
    words &= np.uint64(0x00FF00FF00FF00FF)
    words *= np.uint64(1 + (100 << 16))
    words >>= np.uint64(16)
    words &= np.uint64(0x0000FFFF0000FFFF)
    words *= np.uint64(1 + (10000 << 32))
    words >>= np.uint64(32)
    return words


@cache
def _leading() -> np.ndarray:
    """Masks that keep the digits of the first k of eight bytes, k ≤ 6."""
    import numpy as np

    return np.array([sum(0x0F << 8 * i for i in range(k)) for k in range(DIGITS + 1)], dtype=np.uint64)


@cache
def _trailing() -> np.ndarray:
    """Masks that keep the digits of the last k of eight bytes, k ≤ 6."""
    import numpy as np

    return np.array(
        [sum(0x0F << 8 * (7 - i) for i in range(k)) for k in range(DIGITS + 1)], dtype=np.uint64
    )


def _exponents(
    words: np.ndarray, starts: np.ndarray, ends: np.ndarray, text: np.ndarray
) -> np.ndarray | None:
    """The exponents between these places; None where one is empty or long."""
    import numpy as np

    first = text[starts]
    digits = ends - starts - ((first == MINUS) | (first == PLUS))
    if not ((digits > 0) & (digits <= MOST_EXPONENT_DIGITS)).all():
        return None
    values = _value(words[ends - 8] & _trailing()[digits]).astype(np.int64)
    return np.where(first == MINUS, -values, values)


def _moved(
    limbs: np.ndarray, lowest: int, cells: np.ndarray, exponents: np.ndarray
) -> tuple[np.ndarray, int] | None:
    """The limbs after some cells were multiplied by powers of ten, and the lowest level.

    10^e = 10^(6q + r) with 0 ≤ r < 6: each limb times 10^r is below 10^12 and is divided between two levels
    (what comes from below is less than 10^r, what stays a multiple of it, so that the sum is a limb again);
    q moves them.
    """
    import numpy as np

    levels, whole = len(limbs), 10**DIGITS
    some = limbs[:, cells]
    used = some.any(axis=0)
    cells, some, exponents = cells[used], some[:, used], exponents[used]
    move, rest = np.divmod(exponents, DIGITS)
    least, most = min(int(move.min(initial=0)), 0), max(int(move.max(initial=0)), 0)
    if levels + 1 + most - least > MOST_LIMBS:
        return None
    grown = np.zeros((levels + 1 + most - least, limbs.shape[1]), dtype=np.int64)
    grown[-least : levels - least] = limbs
    grown[:, cells] = 0
    # Towards zero, for both signs.
    some *= 10**rest
    carried = np.sign(some) * (np.abs(some) // whole)
    some -= carried * whole
    for level in range(levels):
        grown[level - least + move, cells] += some[level]
        grown[level - least + move + 1, cells] += carried[level]
    return grown, lowest + least
