"""Proximal operators of ω‖z‖^q, q = 2/(D+1), on arrays of doubles: entries, groups, singular values.

Doubles by the exported solver, whose ``prox`` this is, where powers of x and of the weight are doubles; at
the two ends of their range both are first put into another unit.  Nothing here is certified.  Away from the
threshold an answer is off by a few units in the last place of x (2 at most where it was measured); within
rounding of it, either of the two that tie there may come.  :func:`symderive.prox` is exact.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, SupportsIndex

from symderive.arithmetic.exact import Exact
from symderive.errors import InputError
from symderive.proximal.exact import depth_of, prox, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike


#: Sizes of x and of weights below which powers of them leave the range of doubles; the size of x from which
#: on such a weight changes nothing; by how many bits both are enlarged, and a weight beyond every threshold
#: then.
TINY = 2.0**-960
REACH = 2.0**-400
MOST_SHIFT = 500
HEAVY = 1e300

#: Weights whose double, in x/(1 + 2ω) at depth 0, leaves the range.
VAST = 2.0**1022

#: Sizes above which norms may leave the range, and by how many bits these are made smaller.
HUGE = 2.0**960
HUGE_SHIFT = 100

#: Kinds of NumPy's types that hold real numbers, or text and objects that may be some.
_REAL = "biufUO"


def prox_array(
    x: ArrayLike, weight: ArrayLike, *, depth: SupportsIndex | None = None, power: Exact | None = None
) -> np.ndarray:
    """Proximal operator of ω|z|^{2/(D+1)}, entry by entry, in doubles.

    For every entry the z of least ½(z - x)² + ω|z|^{2/(D+1)}: soft thresholding at power 1, the
    thresholdings of ℓ_{2/3} and ℓ_{1/2} at these.

    Parameters
    ----------
    x : array_like of float
        The points, of any shape; z has their unit.
    weight : array_like of float
        ω ≥ 0.  It and ``x`` broadcast against each other.  Where the literature minimizes (z - x)² +
        λ|z|^q, give λ/2.
    depth : int, optional
        D, a whole number from 0; this or ``power``.
    power : int, Fraction, str or float, optional
        The power 2/(D+1) in its place: 2 (ridge), 1, ``"2/3"``, ``"1/2"``, …

    Returns
    -------
    ndarray of float64
        The minimizers z; NaN where x is not finite.

    Raises
    ------
    InputError
        For weights that are negative or NaN, for complex numbers, None and bytes, for arrays that do not
        broadcast, and for a power that is not 2/(D+1).

    See Also
    --------
    prox : exact, and tells ties.
    prox_group, prox_schatten : for norms of groups, and singular values.

    Notes
    -----
    Not promised: certified digits.  Away from the threshold an entry is off by a few units in the last
    place of x, 2 at most where it was measured.  Within rounding of the threshold either of the two
    values that tie there may come.

    Examples
    --------
    >>> prox_array([-3, 1, 2], 1, power=1).tolist()
    [-2.0, 0.0, 1.0]
    """
    import numpy as np

    layers = depth_of(depth, power)
    x, weight = _floats(x), _floats(weight, "weight")
    try:
        found = _solver().prox(x, weight, depth=layers)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"x and weight make no problem: {error}") from error
    values, weights = np.broadcast_arrays(x, weight)
    sizes = abs(values)
    light = (weights > 0) & (weights < TINY) & (sizes < REACH)
    tiny = (values != 0) & ((sizes < TINY) | light)
    vast = (weights > VAST) & np.isfinite(values) & (layers == 0)
    if not (tiny | vast).any():
        return found
    found = np.array(found)
    found[tiny] = _enlarged(values[tiny], weights[tiny], layers)
    found[vast] = values[vast] / 2 / weights[vast]
    return found if found.ndim else found[()]


def _enlarged(x: np.ndarray, weight: np.ndarray, depth: int) -> np.ndarray:
    """The operator at numbers that are nearly 0, whose powers no double holds.

    In units of s the weight is ω s^{-2D/(D+1)}: with s = 2^{-(D+1)j} both are exact.  Where that leaves the
    range of doubles, deep down, each is found by :func:`symderive.prox`.
    """
    import numpy as np

    layers = depth + 1
    if layers > MOST_SHIFT:
        exact = (prox(a, b, depth=depth).value for a, b in zip(x, weight, strict=True))
        return np.array([float(z.mid()) for z in exact if not isinstance(z, tuple)])
    times = MOST_SHIFT // layers
    with np.errstate(over="ignore"):  # a weight beyond the range is beyond any threshold
        heavier = np.minimum(np.ldexp(weight, 2 * depth * times), HEAVY)
    return np.ldexp(_solver().prox(np.ldexp(x, layers * times), heavier, depth=depth), -layers * times)


def prox_group(
    x: ArrayLike,
    weight: ArrayLike,
    *,
    axis: SupportsIndex = -1,
    depth: SupportsIndex | None = None,
    power: Exact | None = None,
) -> np.ndarray:
    """Proximal operator of ω‖z‖^{2/(D+1)} for the ℓ_2 norm of groups along an axis, in doubles.

    For every group the z of least ½‖z - x‖² + ω‖z‖^{2/(D+1)}, which is x shrunk along itself.  At power 1
    this is the group lasso's block thresholding.

    Parameters
    ----------
    x : array_like of float
        The points; the entries along ``axis`` are a group.
    weight : array_like of float
        ω ≥ 0, one, or one for each group: it broadcasts to the shape of ``x`` without the axis.
    axis : int
        The axis of the groups, the last one by default.
    depth, power : optional
        D, or the power 2/(D+1) in its place, as for :func:`prox_array`.

    Returns
    -------
    ndarray of float64
        The minimizers, of the shape of ``x``; a group with an entry that is not finite is NaN.

    Raises
    ------
    InputError
        As for :func:`prox_array`, for a number, which has no axis, for an axis that x lacks, and for
        weights that are no one for each group.

    Notes
    -----
    Not promised: certified digits, as for :func:`prox_array`; norms are rounded before they are compared
    with the threshold.

    Examples
    --------
    >>> prox_group([[3, 4], [0.3, 0.4]], 1, power=1).round(12).tolist()
    [[2.4, 3.2], [0.0, 0.0]]
    """
    import numpy as np

    layers, x, weight, along = depth_of(depth, power), _floats(x), _floats(weight, "weight"), _axis(axis)
    if not -x.ndim <= along < x.ndim:
        raise InputError(f"x has {x.ndim} axes and axis is {along}; give an axis of the array.")
    # In units of the largest entry no square overflows.
    largest = np.abs(x).max(along, keepdims=True, initial=0)
    shift = _shift(largest)
    unit = np.where(largest > 0, largest, 1)
    with np.errstate(invalid="ignore"):
        scaled = x / unit
        length = np.sqrt((scaled * scaled).sum(along, keepdims=True))
        direction = scaled / np.where(length > 0, length, 1)
        norm = np.ldexp(unit, -shift) * length
    _require_weights(weight, norm.squeeze(along).shape, "groups")
    size = _shrunk(norm.squeeze(along), weight, layers, shift.squeeze(along))
    found = np.expand_dims(size, along) * direction
    if not shift.any():
        return found
    with np.errstate(over="ignore"):  # of a rounding: no entry grows
        return np.clip(np.ldexp(found, shift), -np.abs(x), np.abs(x))


def prox_schatten(
    matrix: ArrayLike, weight: ArrayLike, *, depth: SupportsIndex | None = None, power: Exact | None = None
) -> np.ndarray:
    """Proximal operator of ω Σ s_k(Z)^{2/(D+1)}, on the singular values of a matrix, in doubles.

    The Z of least ½‖Z - X‖_F² + ω Σ s_k(Z)^{2/(D+1)}.  By von Neumann's trace inequality a best Z has the
    singular vectors of X.  At power 1 this is singular value thresholding.

    Parameters
    ----------
    matrix : array_like of float
        X, finite, of shape (…, rows, columns): a matrix, or a stack of them.
    weight : array_like of float
        ω ≥ 0, one, or one for each matrix: it broadcasts to the shape of the stack.
    depth, power : optional
        D, or the power 2/(D+1) in its place, as for :func:`prox_array`.

    Returns
    -------
    ndarray of float64
        The minimizers, of the shape of ``matrix``.

    Raises
    ------
    InputError
        As for :func:`prox_array`, for arrays that hold no finite matrices, and for weights that are no one
        for each matrix.

    Notes
    -----
    Not promised: certified digits.  It is a singular value decomposition in doubles, whose errors are those
    of rounding the largest singular value.

    Examples
    --------
    >>> prox_schatten([[3, 0], [0, 1]], 2, power=1).round(12).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    import numpy as np

    layers, matrix, weight = depth_of(depth, power), _floats(matrix), _floats(weight, "weight")
    if matrix.ndim < 2 or not np.isfinite(matrix).all():
        raise InputError(f"the matrix has shape {matrix.shape}; give finite numbers in two axes or more.")
    _require_weights(weight, matrix.shape[:-2], "matrices")
    shift = _shift(np.abs(matrix).max((-2, -1), keepdims=True, initial=0))
    left, values, right = np.linalg.svd(np.ldexp(matrix, -shift), full_matrices=False)
    kept = _shrunk(values, weight[..., None], layers, np.broadcast_to(shift[..., 0], values.shape))
    found = (left * kept[..., None, :]) @ right
    if not shift.any():
        return found
    most = np.finfo(np.float64).max
    with np.errstate(over="ignore"):  # of a rounding
        return np.clip(np.ldexp(found, shift), -most, most)


def _shift(largest: np.ndarray) -> np.ndarray:
    """By how many bits what is of this size is made smaller, for norms not to leave the range."""
    import numpy as np

    return np.where(np.isfinite(largest) & (largest > HUGE), HUGE_SHIFT, 0)


def _shrunk(size: np.ndarray, weight: np.ndarray, depth: int, shift: np.ndarray) -> np.ndarray:
    """The operator at sizes ≥ 0 in units of 2^shift, in these units.

    In units of s the weight is ω s^{-2D/(D+1)}, which at D ≤ 1 is s^{-D}, exact.  At D ≥ 2 no weight that
    is a double changes a size beyond 2^960: by less than 2^{1024 - 960·4/3} = 2^{-256}, relative to it.
    """
    import numpy as np

    if not shift.any():
        return prox_array(size, weight, depth=depth)
    fits = (shift == 0) | ~(size > HUGE * 2.0**-HUGE_SHIFT)
    kept = prox_array(np.ldexp(np.where(fits, size, 0), shift), weight, depth=depth)
    if depth > 1:
        return np.where(fits, np.ldexp(kept, -shift), size)
    lighter = np.ldexp(weight, -depth * shift)
    return np.where(fits, np.ldexp(kept, -shift), prox_array(np.where(fits, 0, size), lighter, depth=depth))


def _axis(axis: SupportsIndex) -> int:
    if (found := whole(axis)) is None:
        raise InputError(f"axis is {axis!r:.60}; give a whole number, an axis of the array.")
    return found


def _require_weights(weight: np.ndarray, shape: tuple[int, ...], name: str) -> None:
    """Refuse weights that are neither one nor one for each: with more, x would be repeated."""
    import numpy as np

    try:
        fits = np.broadcast_shapes(weight.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise InputError(
            f"the weights have shape {weight.shape} and the {name} {shape}; give one for each."
        )


def _floats(values: ArrayLike, name: str = "x") -> np.ndarray:
    """An array of doubles; complex numbers, None and bytes, which NumPy would turn into some, are none."""
    import numpy as np

    try:
        given = np.asarray(values)
        if given.dtype.kind not in _REAL:
            raise TypeError(f"it holds {given.dtype}.")
        if given.dtype.kind == "O":
            for entry in given.flat:
                if entry is None or isinstance(entry, complex | np.complexfloating | bytes):
                    raise TypeError(f"it holds {entry!r:.60}.")
        return np.asarray(given, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"{name} is no array of real numbers: {error}") from error


@cache
def _solver() -> ModuleType:
    from symderive.export.live import namespace

    return namespace("numpy")
