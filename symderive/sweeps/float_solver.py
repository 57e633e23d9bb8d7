"""Every stationary point of many instances at once, in double precision.

The code behind it is the NumPy file that ``symderive export`` writes, generated from the same formulas.
It proves nothing: counts and kinds agree with the certified search of
:mod:`symderive.effective_ridge.roots` unless two roots lie closer than double precision can tell, which
is said in ``kind``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from symderive.errors import InputError
from symderive.export import live


@dataclass(frozen=True, eq=False)
class Points:
    """Stationary points of a batch of shape (...); K is the largest number of points found.

    Attributes
    ----------
    ridge, loss, norm, variance
        λ, F, ‖m‖ and E_x Var f, shape (..., K) in increasing λ, padded with NaN.
    gap
        F - c, computed without cancellation.
    kind
        1 local minimum, -1 saddle, 0 degenerate or undecided in doubles (and padding), shape (..., K).
    count
        Points of each instance.
    best
        Index of the global minimum, -1 where it is the origin.
    status
        0 all points found, 1 the search ended at its cap of evaluations, 2 an input is not finite.
    """

    ridge: Any
    loss: Any
    norm: Any
    variance: Any
    gap: Any
    kind: Any
    count: Any
    best: Any
    status: Any


@cache
def _solver() -> Any:
    return live.namespace("numpy")


def stationary_points(
    a: Any, p: Any, c: Any, *, depth: Any, noise_factor: Any = 1.0, mean_decay: Any
) -> Points:
    """Every stationary point of the reduced loss of each instance; all arguments broadcast.

    Parameters
    ----------
    a, p
        Eigenvalues of A and squared components of v, shape (..., d).
    c
        E[y²], shape (...).
    depth
        Number of hidden layers, shape (...).
    noise_factor
        ρ = Π (1 + σ_i²/d_i) ≥ 1, shape (...).
    mean_decay
        γ̄, the geometric mean of all D + 1 decays, shape (...).

    Raises
    ------
    InputError
        For values that no problem has; NaN and infinities give NaN and status 2 instead.

    Examples
    --------
    >>> found = stationary_points([1, 400], [0.01, 0.49], 1, depth=2, mean_decay=0.02)
    >>> found.ridge.round(4).tolist(), found.kind.tolist(), int(found.best)
    ([1.328, 8.38, 93.3193, 29651.2069], [1, -1, 1, -1], 0)
    """
    try:
        found = _solver().stationary_points(
            a, p, c, mean_decay=mean_decay, noise_factor=noise_factor, depth=depth
        )
    except ValueError as error:
        raise InputError(str(error)) from None
    return Points(**{name: getattr(found, name) for name in Points.__dataclass_fields__})
