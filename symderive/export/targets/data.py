"""A data set's spectrum, ready to be written into a file."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.errors import InputError
from symderive.model.data import Data
from symderive.model.float_spectrum import BALL_SIZE, spectrum
from symderive.model.spectrum import Spectrum

#: Relative error of the numbers of a spectrum in units of 2⁻⁵³: the next double, or the next but one.
ROUNDED = 3

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


def bake(data: Data | None, *, certified: bool = False) -> Baked | None:
    """The spectrum of a data set as plain numbers; None stays None.

    ``certified`` asks for numbers that are exact but for :data:`ROUNDED` units of 2⁻⁵³ each.

    Raises :class:`InputError` where that cannot be had.
    """
    if data is None:
        return None
    if certified:
        _require_rounded(data)
    found = spectrum(data)
    axes = tuple(map(tuple, found.axes.tolist())) if len(found.a) <= AXES_SIZE else None
    return Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, axes)


def _require_rounded(data: Data) -> None:
    """Eigenvalues of many features are those of NumPy, whose errors nobody has proved."""
    if not isinstance(data, Spectrum) and data.dimension > BALL_SIZE:
        raise InputError(
            f"the data have {data.dimension} features, and eigenvalues are enclosed up to {BALL_SIZE};"
            " export the plain file, or the certified one without data."
        )


def _source(data: Data) -> str:
    """Where the data are from, without signs that could end a comment or a string of any language."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in " ._-+,()") else "_" for sign in data.source
    )
