"""The depths at which isotropic data, A = aI, have a global minimum other than the origin, decided exactly.

The criterion is the transition of :mod:`symderive.effective_ridge.isotropic_equation` for layers that are
all alike.
"""

from __future__ import annotations

from collections.abc import Callable

from symderive.arithmetic.exact import Exact, rational
from symderive.arithmetic.power_products import PowerProduct
from symderive.effective_ridge.isotropic_equation import IsotropicEquation, transition
from symderive.errors import InputError

#: Depths up to this are searched for a global minimum.
MAX_SEARCHED_DEPTH = 10**300


def trainable_depths(
    *, decay: Exact, eigenvalue: Exact, v_norm_squared: Exact, noise_to_width: Exact = 0
) -> tuple[range, ...]:
    """Find all depths at which isotropic data, A = aI, have a global minimum other than the origin.

    All layers have the same decay γ, and all hidden layers the same σ²/N, so that ρ = (1 + σ²/N)^D.  A tie
    with the origin counts.

    Parameters
    ----------
    decay : number or str
        γ > 0 of every layer, exact.
    eigenvalue : number or str
        a > 0, exact; dimension of A = E[x xᵀ].
    v_norm_squared : number or str
        ‖v‖² > 0, exact, of v = E[x y].
    noise_to_width : number or str
        σ²/N ≥ 0, exact and dimensionless.

    Returns
    -------
    tuple of range
        The depths, in increasing order.

    Raises
    ------
    InputError
        For numbers that are not rational or not in these ranges, and where the largest depth is beyond
        10^300.

    Notes
    -----
    Depth 0 always belongs; depth 1 if and only if γ² < ‖v‖²; the depths D ≥ 2 with

        γ^{D+1} (ρa)^{D-1} D^{2D} ≤ ‖v‖^{2D} (D-1)^{D-1}

    form one finite interval, for the logarithm of right over left is concave in D ≥ 2 and goes to -∞.  All
    comparisons are exact; their number grows like the logarithm of the largest depth.

    Examples
    --------
    >>> trainable_depths(decay=1, eigenvalue="0.001", v_norm_squared="0.1")
    (range(0, 1), range(3, 87))
    >>> trainable_depths(decay="1e-9", eigenvalue=1, v_norm_squared=1)[-1][-1]  # the largest
    999999999
    """
    gamma, a, v2, noise = (
        rational(value, name)
        for value, name in (
            (decay, "decay"),
            (eigenvalue, "eigenvalue"),
            (v_norm_squared, "v_norm_squared"),
            (noise_to_width, "noise_to_width"),
        )
    )
    for name, value in (("decay", gamma), ("eigenvalue", a), ("v_norm_squared", v2)):
        if value <= 0:
            raise InputError(f"{name} is {value}; give a positive number.")
    if noise < 0:
        raise InputError(f"noise_to_width is {noise}; give a number that is not negative.")

    def equation(D: int) -> IsotropicEquation:
        scale = PowerProduct.of((a, 1), (1 + noise, D))
        return IsotropicEquation.of(D, scale, v2, PowerProduct.of((gamma, D + 1)))

    def margin(D: int) -> PowerProduct:
        """Right side over left side at D ≥ 2."""
        return (transition(D) * equation(D).q ** -1) ** (D + 1)

    def holds(D: int) -> bool:
        return equation(D).has_global_minimum

    ranges = [range(D, D + 1) for D in (0, 1) if holds(D)]
    # From the peak on, the margin does not grow any more; before it, it grows.
    peak = _first(lambda D: margin(D + 1).compare(margin(D)) <= 0)
    if holds(peak):
        start = _first(lambda D: peak <= D or holds(D))
        ranges.append(range(start, _first(lambda D: peak < D and not holds(D))))
    merged = [ranges[0]]
    for piece in ranges[1:]:
        if piece.start == merged[-1].stop:
            merged[-1] = range(merged[-1].start, piece.stop)
        else:
            merged.append(piece)
    return tuple(merged)


def _first(holds: Callable[[int], bool]) -> int:
    """The smallest D ≥ 2 at which a condition holds that stays true from there on."""
    step = 1
    while not holds(1 + step):
        step *= 2
        if step > MAX_SEARCHED_DEPTH:
            raise InputError(
                "even depths beyond 10^300 have global minima that are not the origin; "
                "give a larger decay or more noise."
            )
    low, high = 1 + step // 2, 1 + step  # fails at low (or low = 1), holds at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
