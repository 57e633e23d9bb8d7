r"""Letters of displays taken apart: ``\bar{\gamma}'`` is the letter gamma under a bar with one prime.

Only what is listed here is a letter, so no text of a user's reaches a page unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symderive.errors import InputError
from symderive.latex.names import ACCENTS, GREEK

#: Alphabets, as in ``\mathbf{1}`` and ``\mathrm{sp}``.
FONTS = frozenset(["mathrm", "mathbf", "mathcal", "mathbb"])

_NAME = re.compile(r"(?:\\(?P<mark>[a-z]+)\{(?P<inside>.+)\}|(?P<core>\\?[A-Za-z]+))(?P<primes>'*)")


@dataclass(frozen=True)
class Spelled:
    """A letter or a word, its accents and alphabets from the outside in, and its primes.

    ``core`` is a Latin letter, a digit or a word as it is, and a Greek letter by its LaTeX name, ``greek``.
    """

    core: str
    marks: tuple[str, ...] = ()
    primes: int = 0
    greek: bool = False


def spelled(tex: str) -> Spelled:
    """A letter from its LaTeX; :class:`InputError` for anything else.

    >>> spelled(r"\\bar{\\gamma}")
    Spelled(core='gamma', marks=('bar',), primes=0, greek=True)
    """
    found = _NAME.fullmatch(tex)
    primes = len(found["primes"]) if found else 0
    if found and (core := found["core"]):
        if len(core) == 1:
            return Spelled(core, primes=primes)
        if core[1:] in GREEK or core == r"\infty":
            return Spelled(core[1:], primes=primes, greek=True)
    elif found:
        mark, inside = found["mark"], found["inside"]
        if mark in FONTS and inside.isascii() and inside.isalnum():
            return Spelled(inside, (mark,), primes)
        under = spelled(inside) if mark in ACCENTS else None
        if under and not under.primes:
            return Spelled(under.core, (mark, *under.marks), primes, under.greek)
    raise InputError(f"{tex[:40]!r} is no letter of a display.")
