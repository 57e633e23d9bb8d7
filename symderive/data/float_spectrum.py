"""The data as double precision solvers take it: eigenvalues of A, squared components of v, and E[y²]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb

from symderive.arithmetic.eigenvalues import Axes, symmetric_axes
from symderive.arithmetic.exact import TURN, ball, exact_value, working_precision
from symderive.data.interface import Data
from symderive.data.spectrum import Spectrum

#: Number of features up to which eigenvalues are enclosed in balls; beyond it they are those of NumPy.
BALL_SIZE = 64

#: Bits at which enclosures are tried, in turn.
BITS = (128, 256, 512, 1024)

#: Good bits that a number needs to be rounded to a double, save for a near tie.
ROUNDED_BITS = 64


@dataclass(frozen=True, eq=False)
class FloatSpectrum:
    """Float64 arrays in order of increasing eigenvalue.

    Attributes
    ----------
    a
        Eigenvalues of A, shape (d,); zeros are exact.
    p
        (e_i·v)², shape (d,); 0 where a is 0.
    c
        E[y²].
    axes
        Shape (d, d): column i is the eigenvector e_i, turned so that e_i·v ≥ 0.  The map of a stationary
        point is m = Σ_i √p_i/(ρa_i + λ) e_i.
    """

    a: Any
    p: Any
    c: float
    axes: Any


def spectrum(data: Data) -> FloatSpectrum:
    """The spectrum of A with the components of v, rounded to float64.

    Up to ``BALL_SIZE`` features every eigenvalue is the double next to the exact one, or next but one where
    two are nearly as close, and so is every component along axes that diagonalize A to 64 good bits: they
    are the eigenvectors unless eigenvalues are as near as that.  Of a multiple eigenvalue any axes are as
    good as others.  A component that cannot be told from 0 at 1024 bits counts as 0.  Beyond that size
    eigenvalues and axes are those of ``numpy.linalg.eigh``, with errors of some ulps of the largest
    eigenvalue; only the zeros are exact.  What is to be proved takes
    :func:`symderive.data.rounded_spectrum.rounded_spectrum`.

    >>> from symderive import Moments
    >>> found = spectrum(Moments.given([[2, 1], [1, 2]], [1, 0], 1))
    >>> found.a.tolist(), found.p.tolist()
    ([1.0, 3.0], [0.5, 0.5])
    """
    import numpy as np

    if isinstance(data, Spectrum):
        pairs = sorted(zip(data.a, data.p, strict=True))
        order = sorted(range(data.dimension), key=lambda i: data.a[i])
        a, p = (np.array([float(pair[k]) for pair in pairs]) for k in (0, 1))
        return FloatSpectrum(a, p, float(data.c), np.eye(data.dimension)[:, order])
    kernel = data.nullity
    a, p, axes = _enclosed(data, kernel) if data.dimension <= BALL_SIZE else _approximate(data)
    a[:kernel] = p[:kernel] = 0
    return FloatSpectrum(a, p, float(data.c), axes)


def _enclosed(data: Data, kernel: int) -> tuple[Any, Any, Any]:
    import numpy as np

    for bits in BITS:
        with TURN, working_precision(bits):
            matrix, column = data.balls()
            found = symmetric_axes(matrix)
            values, components = found.eigenvalues(), found.components(column)
            noise = ball(data.v_norm_squared).sqrt() * arb(2) ** (-bits // 2)
            sharp = all(x.rel_accuracy_bits() >= ROUNDED_BITS for x in values[kernel:])
            if sharp and all(
                x.rel_accuracy_bits() >= ROUNDED_BITS or abs(x) < noise for x in components[kernel:]
            ):
                break
    with TURN, working_precision(bits):
        p = [0.0 if x.contains(0) else _nearest(x * x) for x in components]
        return np.array([_nearest(x) for x in values]), np.array(p), _turned(found, components)


def _turned(found: Axes, components: list[arb]) -> Any:
    import numpy as np

    axes = np.array([[_nearest(x) for x in row] for row in found.vectors.tolist()])
    return axes * np.array([-1.0 if x < 0 else 1.0 for x in components])


def _approximate(data: Data) -> tuple[Any, Any, Any]:
    import numpy as np

    with TURN, working_precision(BITS[0]):
        matrix, column = data.balls()
        floats = np.array([[_nearest(x) for x in row] for row in matrix.tolist()])
        v = np.array([_nearest(x) for x in column.entries()])
    values, axes = np.linalg.eigh(floats)
    components = axes.T @ v
    return np.maximum(values, 0.0), components**2, axes * np.where(components < 0, -1.0, 1.0)


def _nearest(x: arb) -> float:
    """The double next to the middle of a ball."""
    return float(exact_value(x.mid()))
