"""Proximal operators of ω‖z‖^q, q = 2/(D+1), on arrays of doubles: entries, groups, singular values.

Doubles by the exported solver, whose ``prox`` this is; nothing here is certified.  Away from the threshold
an answer is off by a few units in the last place of x (2 at most where it was measured); within rounding
of it, either of the two that tie there may come.  :func:`symderive.prox` is exact.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from symderive.errors import InputError
from symderive.proximal.exact import depth_of, prox

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike


#: Sizes of x below which powers of it leave the range of doubles; by how many bits they are enlarged, and a
#: weight that is beyond every threshold then.
TINY = 2.0**-960
MOST_SHIFT = 500
HEAVY = 1e300


def prox_array(
    x: ArrayLike, weight: ArrayLike, *, depth: int | None = None, power: Any = None
) -> np.ndarray:
    """The z of least ½(z - x)² + ω|z|^{2/(D+1)}, entry by entry; x and weights broadcast.

    ``depth`` or ``power`` as for :func:`symderive.prox`.  Soft thresholding at power 1, the thresholdings
    of ℓ_{2/3} and ℓ_{1/2} at these.  NaN where x is not finite.

    Raises :class:`InputError` for weights that are negative or NaN, and for arrays that do not broadcast.

    >>> prox_array([-3, 1, 2], 1, power=1).tolist()
    [-2.0, 0.0, 1.0]
    """
    import numpy as np

    layers = depth_of(depth, power)
    try:
        found = _solver().prox(x, weight, depth=layers)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"x and weight make no problem: {error}") from error
    values, weights = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(weight, dtype=float))
    tiny = (values != 0) & (abs(values) < TINY)
    if not tiny.any():
        return found
    found = np.array(found)
    found[tiny] = _enlarged(values[tiny], weights[tiny], layers)
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
    x: ArrayLike, weight: ArrayLike, *, axis: int = -1, depth: int | None = None, power: Any = None
) -> np.ndarray:
    """The z of least ½‖z - x‖² + ω‖z‖^{2/(D+1)} for the ℓ_2 norm along an axis: x shrunk along itself.

    Weights broadcast to the groups, the shape of x without the axis.  At power 1 this is the group lasso's
    block thresholding.  Doubles; errors as for :func:`prox_array`, and for a number, which has no axis.

    >>> prox_group([[3, 4], [0.3, 0.4]], 1, power=1).round(12).tolist()
    [[2.4, 3.2], [0.0, 0.0]]
    """
    import numpy as np

    x = _floats(x)
    if not -x.ndim <= axis < x.ndim:
        raise InputError(f"x has {x.ndim} axes and axis is {axis}; give an axis of the array.")
    # In units of the largest entry no square overflows.
    largest = np.abs(x).max(axis, keepdims=True, initial=0)
    unit = np.where(largest > 0, largest, 1)
    with np.errstate(invalid="ignore"):
        scaled = x / unit
        length = np.sqrt((scaled * scaled).sum(axis, keepdims=True))
        direction = scaled / np.where(length > 0, length, 1)
    size = prox_array((unit * length).squeeze(axis), weight, depth=depth, power=power)
    return np.expand_dims(size, axis) * direction


def prox_schatten(
    matrix: ArrayLike, weight: ArrayLike, *, depth: int | None = None, power: Any = None
) -> np.ndarray:
    """The Z of least ½‖Z - X‖_F² + ω Σ s_k(Z)^{2/(D+1)}: the operator on the singular values of X.

    Matrices are the last two axes, and weights broadcast to the others.  By von Neumann's trace inequality
    a best Z has the singular vectors of X.  At power 1 this is singular value thresholding.  A singular
    value decomposition in doubles, and so is the answer; errors as for :func:`prox_array`, and for arrays
    that hold no finite matrices.

    >>> prox_schatten([[3, 0], [0, 1]], 2, power=1).round(12).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    import numpy as np

    matrix, weight = _floats(matrix), _floats(weight, "weight")
    if matrix.ndim < 2 or not np.isfinite(matrix).all():
        raise InputError(f"the matrix has shape {matrix.shape}; give finite numbers in two axes or more.")
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    kept = prox_array(values, weight[..., None], depth=depth, power=power)
    return (left * kept[..., None, :]) @ right


def _floats(values: ArrayLike, name: str = "x") -> np.ndarray:
    import numpy as np

    try:
        return np.asarray(values, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"{name} is no array of numbers: {error}") from error


@cache
def _solver() -> ModuleType:
    from symderive.export.live import namespace

    return namespace("numpy")
