"""A data set's spectrum, ready to be written into a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

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


def bake(data: Data | None, *, single: bool = False, certified: bool = False) -> Baked | None:
    """The spectrum of a data set as plain numbers, ``single`` ones if asked for; None stays None.

    ``certified`` asks for numbers that are exact but for :data:`ROUNDED` units of 2⁻⁵³ each.

    Raises :class:`InputError` where that cannot be had, and where a number is out of the range of single
    precision.
    """
    if data is None:
        return None
    if certified:
        _require_rounded(data)
    found = spectrum(data)
    axes = tuple(map(tuple, found.axes.tolist())) if len(found.a) <= AXES_SIZE else None
    baked = Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, axes)
    return _in_single(baked) if single else baked


def _in_single(baked: Baked) -> Baked:
    least = float(np.finfo(np.float32).tiny)

    def kept(values: tuple[float, ...]) -> tuple[float, ...]:
        with np.errstate(over="ignore", under="ignore"):
            result = np.array(values, np.float32).astype(float)
        if not np.isfinite(result).all() or (np.array(values)[np.abs(result) < least] != 0).any():
            raise InputError(
                "the spectrum of the data is out of the range of single precision; scale the data."
            )
        return tuple(result.tolist())

    axes = baked.axes
    if axes is not None:
        # Components of a unit vector may well vanish.
        axes = tuple(tuple(np.array(row, np.float32).astype(float).tolist()) for row in axes)
    return replace(baked, a=kept(baked.a), p=kept(baked.p), c=kept((baked.c,))[0], axes=axes)


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
