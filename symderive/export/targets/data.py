"""A data set's spectrum, ready to be written into a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symderive.data.float_spectrum import spectrum
from symderive.data.interface import Data
from symderive.data.rounded_spectrum import rounded_spectrum
from symderive.errors import InputError

#: Number of features up to which the axes, d² numbers, are written too.
AXES_SIZE = 64

#: Relative difference of two roundings of one component, at most.
SAME = 1e-15


@dataclass(frozen=True)
class Baked:
    """Exact doubles: ``a``, ``p`` with d entries, ``c``, and the rows of ``axes`` or None (see
    :class:`~symderive.data.float_spectrum.FloatSpectrum`); ``ulps`` is what they are proved to, see
    :mod:`symderive.data.rounded_spectrum`."""

    source: str
    a: tuple[float, ...]
    p: tuple[float, ...]
    c: float
    axes: tuple[tuple[float, ...], ...] | None
    ulps: int


def bake(data: Data | None, *, single: bool = False, certified: bool = False) -> Baked | None:
    """The spectrum of a data set as plain numbers, ``single`` ones if asked for; None stays None.

    ``certified`` asks for a spectrum that is proved to stand for the data up to its ``ulps``.

    Raises :class:`InputError` where that cannot be had, and where a number is out of the range of single
    precision.
    """
    if data is None:
        return None
    found = spectrum(data)
    axes = tuple(map(tuple, found.axes.tolist())) if len(found.a) <= AXES_SIZE else None
    if certified:
        return _proved(data, found.p, axes)
    baked = Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, axes, 0)
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


def _proved(data: Data, p: np.ndarray, axes: tuple[tuple[float, ...], ...] | None) -> Baked:
    """Features with a or p of 0, which take no part, are left out, and their axes.

    ``axes`` are those of the components ``p``; close eigenvalues have many, and then none are written.
    """
    found = rounded_spectrum(data)
    if found is None:
        raise InputError(
            "the spectrum of the data cannot be proved to a few units of double precision;"
            " export the plain file, or the certified one without data."
        )
    skipped = data.dimension - len(found.a)
    same = skipped == data.nullity and bool(found.p.all())
    same = same and np.allclose(found.p, p[skipped:], rtol=SAME, atol=0.0)
    kept = tuple(row[skipped:] for row in axes) if axes is not None and same else None
    return Baked(_source(data), tuple(found.a.tolist()), tuple(found.p.tolist()), found.c, kept, found.ulps)


def _source(data: Data) -> str:
    """Where the data are from, without signs that could end a comment or a string of any language."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in " ._-+,()") else "_" for sign in data.source
    )
