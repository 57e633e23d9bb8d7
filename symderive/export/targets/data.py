"""A data set's spectrum, ready to be written into a file."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.model.data import Data
from symderive.model.float_spectrum import spectrum

#: Number of features up to which the axes, d² numbers, are written too.
AXES_SIZE = 64


@dataclass(frozen=True)
class Baked:
    """Exact doubles: ``a``, ``p`` with d entries, ``c``, and the rows of ``axes`` or None (see
    :class:`~symderive.model.float_spectrum.FloatSpectrum`)."""

    source: str
    a: tuple[float, ...]
    p: tuple[float, ...]
    c: float
    axes: tuple[tuple[float, ...], ...] | None


def bake(data: Data | None) -> Baked | None:
    """The spectrum of a data set as plain numbers; None stays None."""
    if data is None:
        return None
    found = spectrum(data)
    axes = tuple(map(tuple, found.axes.tolist())) if len(found.a) <= AXES_SIZE else None
    return Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, axes)


def _source(data: Data) -> str:
    """Where the data are from, without signs that could end a comment or a string of any language."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in " ._-+,()") else "_" for sign in data.source
    )
