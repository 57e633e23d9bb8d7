"""A data set's spectrum, ready to be written into a file."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.errors import InputError
from symderive.model.data import Data
from symderive.model.float_spectrum import spectrum
from symderive.model.rounded_spectrum import rounded_spectrum

#: Number of features up to which the axes, d² numbers, are written too.
AXES_SIZE = 64


@dataclass(frozen=True)
class Baked:
    """Exact doubles: ``a``, ``p`` with d entries, ``c``, and the rows of ``axes`` or None (see
    :class:`~symderive.model.float_spectrum.FloatSpectrum`); ``ulps`` is what they are proved to, see
    :mod:`symderive.model.rounded_spectrum`."""

    source: str
    a: tuple[float, ...]
    p: tuple[float, ...]
    c: float
    axes: tuple[tuple[float, ...], ...] | None
    ulps: int


def bake(data: Data | None, *, certified: bool = False) -> Baked | None:
    """The spectrum of a data set as plain numbers; None stays None.

    ``certified`` asks for a spectrum that is proved to stand for the data up to its ``ulps``.

    Raises :class:`InputError` where that cannot be had.
    """
    if data is None:
        return None
    found = spectrum(data)
    axes = tuple(map(tuple, found.axes.tolist())) if len(found.a) <= AXES_SIZE else None
    if certified:
        return _proved(data, axes)
    return Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, axes, 0)


def _proved(data: Data, axes: tuple[tuple[float, ...], ...] | None) -> Baked:
    """Features with a or p of 0, which take no part, are left out, and their axes."""
    found = rounded_spectrum(data)
    if found is None:
        raise InputError(
            "the spectrum of the data cannot be proved to a few units of double precision;"
            " export the plain file, or the certified one without data."
        )
    skipped = data.dimension - len(found.a)
    same = axes is not None and skipped == data.nullity and not (found.p == 0).any()
    kept = tuple(row[skipped:] for row in axes) if axes is not None and same else None
    return Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, kept, found.ulps)


def _source(data: Data) -> str:
    """Where the data are from, without signs that could end a comment or a string of any language."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in " ._-+,()") else "_" for sign in data.source
    )
