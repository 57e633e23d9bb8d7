"""Closed forms of small cases: one hidden layer, and networks whose layers are all alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

#: Time, which is t in what follows, and the first value of a learning curve.
time, start = sp.symbols("vartheta chi_0", positive=True)

#: The paper's b where all layers are alike.
scale = sp.Symbol("b_0", positive=True)


@dataclass(frozen=True)
class LearningCurve:
    """Gradient flow dW/dt = -∇L of one hidden layer from balanced rank-one weights along v, A = aI.

    The weights are U = u r̂ᵀ, W_1 = u r̂ v̂ᵀ with u² = s; the map is s v̂.  Both decays are γ.

    Attributes
    ----------
    norm, decay, slope
        ‖v‖, γ and ρa, all positive.

    The formulas hold for ‖v‖ ≠ γ; at ‖v‖ = γ the curve is s_0/(1 + 4ρa s_0 t).
    """

    norm: Any = sy.v_norm
    decay: Any = sy.gamma_bar
    slope: Any = sy.rho * sy.a0

    @property
    def limit(self) -> Any:
        """s_∞ = (‖v‖ - γ)/(ρa): the norm of the minimum where ‖v‖ > γ, negative below."""
        return sp.S(self.norm - self.decay) / self.slope

    @property
    def rate(self) -> Any:
        """4(‖v‖ - γ), the rate of the growth from 0 and of the approach to the limit."""
        return 4 * (self.norm - self.decay)

    def velocity(self, s: Any) -> Any:
        """ds/dt = 4s (‖v‖ - γ - ρa s)."""
        return 4 * s * (self.norm - self.decay - self.slope * s)

    def value(self, t: Any = time, first: Any = start) -> Any:
        """s(t) = s_∞/(1 + (s_∞/s_0 - 1) e^{-4(‖v‖-γ)t}) with s(0) = s_0 > 0, for t ≥ 0.

        >>> LearningCurve(3, 1, 2).value(0)
        chi_0
        """
        return self.limit / self.denominator(t, first)

    def denominator(self, t: Any = time, first: Any = start) -> Any:
        """1 + (s_∞/s_0 - 1) e^{-4(‖v‖-γ)t}, of the sign of the limit."""
        return 1 + (self.limit / first - 1) * sp.exp(-self.rate * t)


def learning_curve(
    times: ArrayLike, *, v_norm: ArrayLike, decay: ArrayLike, slope: ArrayLike, start: ArrayLike
) -> np.ndarray:
    """How the end-to-end map of one hidden layer grows under gradient flow, in doubles.

    It is s(t), the norm of the map at time t, for isotropic data A = aI and balanced rank-one weights along
    v; ‖v‖ may lie below, at and above γ.  All arguments broadcast.

    Parameters
    ----------
    times : array_like
        Times t ≥ 0, in units in which gradient flow is dW/dt = -∇L.
    v_norm : array_like
        ‖v‖ ≥ 0.
    decay : array_like
        γ ≥ 0 of both layers.
    slope : array_like
        ρa > 0.
    start : array_like
        s(0) = s_0 > 0.

    Returns
    -------
    ndarray
        Float64 of the broadcast shape; good to rounding.

    Raises
    ------
    InputError
        For numbers that are out of range or not finite.

    Notes
    -----
    Computed as s_0/(e^{-rt} + 4ρa s_0 (1 - e^{-rt})/r) with r = 4(‖v‖ - γ), in which nothing cancels.  Not
    promised: anything of finite learning rates.

    Examples
    --------
    >>> learning_curve([0, 1, 100], v_norm=3, decay=1, slope=2, start=0.5).round(6).tolist()
    [0.5, 0.999665, 1.0]
    """
    import numpy as np

    given = {"times": times, "v_norm": v_norm, "decay": decay, "slope": slope, "start": start}
    values = {name: np.asarray(value, np.float64) for name, value in given.items()}
    for name, value in values.items():
        positive = name in ("slope", "start")
        if not (np.isfinite(value) & ((value > 0) if positive else (value >= 0))).all():
            wanted = "that are positive" if positive else "from 0 on"
            raise InputError(f"{name} has an entry that is out of range; give finite numbers {wanted}.")
    t, norm, gamma, rise, first = values.values()
    rate = 4 * (norm - gamma)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        left = np.exp(-rate * t)
        grown = np.where(rate == 0, t, -np.expm1(-rate * t) / rate)
        return np.asarray(first / (left + 4 * rise * first * grown))


def bound_on_scale(
    norm: Any,
    eigenvalue: Any,
    *,
    decay: Any = sy.gamma[1],
    output_decay: Any = sy.gamma_u,
    noisy_width: Any = sy.d[1] + sy.sigma[1] ** 2,
) -> Any:
    """(√(γ_1/γ_u) ‖v‖ - γ_1)/((σ² + d_1) a): the paper's b² at one hidden layer, were all eigenvalues a.

    With the largest of the eigenvalues that v has a part along it is a lower bound on b², with the least
    (if that is positive) an upper bound.  Not positive exactly where γ_uγ_1 ≥ ‖v‖² and b = 0.
    """
    return (sp.sqrt(decay / output_decay) * norm - decay) / (noisy_width * eigenvalue)


@dataclass(frozen=True)
class EqualLayers:
    """The paper's weights where all layers, the features included, have one width d, decay γ and noise σ.

    U = √d b r_Dᵀ, W_i = b r_i r_{i-1}ᵀ, and W_1 = r_1 wᵀ with one number b to be found, D ≥ 1 layers.
    """

    depth: Any = sy.D
    width: Any = sy.d[0]
    decay: Any = sy.gamma[1]
    deviation: Any = sy.sigma[1]

    def inverted(self, a: Any, b: Any = scale) -> Any:
        """An eigenvalue of d^D (σ² + d)^D b^{2D} A + γI, from that of A."""
        noisy = self.width**self.depth * (self.deviation**2 + self.width) ** self.depth
        return noisy * b ** (2 * self.depth) * a + self.decay

    def condition(self, norm_squared: Any, b: Any = scale) -> Any:
        """(d b)^{2(D-1)} ‖[…]⁻¹ v‖², which is 1 at stationary points other than 0."""
        return (self.width * b) ** (2 * (self.depth - 1)) * norm_squared

    def first_layer(self, part: Any, b: Any = scale) -> Any:
        """w = d^{D-1/2} b^D […]⁻¹ v, from […]⁻¹ v."""
        return self.width ** (self.depth - sp.Rational(1, 2)) * b**self.depth * part

    @property
    def noise_factor(self) -> Any:
        """ρ = (1 + σ²/d)^D."""
        return (1 + self.deviation**2 / self.width) ** self.depth

    def ridge(self, b: Any = scale) -> Any:
        """λ = γ/(d b)^{2D}."""
        return self.decay / (self.width * b) ** (2 * self.depth)
