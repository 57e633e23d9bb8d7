"""Leading terms of the minimum and of the prediction variance, with constants and the order of the error.

Each record says that a quantity equals ``leading`` up to an error that is at most a constant times
``error``, in a limit.  The formulas speak of the letters of :mod:`symderive.formulas.reduction` (λ, τ, ρ,
D, and sums over the spectrum a_i, p_i of general data) and of :mod:`symderive.formulas.isotropic` (ζ, q,
and a, ‖v‖ of A = aI).  Positive decays and v ≠ 0 are understood.  The constants of the errors are not
given; what can be proved without them is in the derivation ``variance-asymptotics``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import isotropic
from symderive.formulas.reduction import reduce


@dataclass(frozen=True)
class Asymptotic:
    """The leading term of a quantity in a limit: quantity = leading + O(error).

    Attributes
    ----------
    name : str
        Unique, lower case words joined by hyphens.
    quantity : str
        In words, TeX between dollars.
    limit : str
        The limit, likewise.
    leading : sympy.Expr
        The leading term, in the letters of the table of symbols.
    error : sympy.Expr
        The order of the error; its constant is not given.
    condition : str
        Of which data and networks it is said, in words.

    Examples
    --------
    >>> ASYMPTOTICS["ridge-ratio-small-decay"].leading
    2*D*q**2/(D + 1) + q
    """

    name: str
    quantity: str
    limit: str
    leading: sp.Expr
    error: sp.Expr
    condition: str = "all data"

    def _repr_latex_(self) -> str:
        body = sy.latex(self.leading) + rf" + O\left({sy.latex(self.error)}\right)"
        return rf"$\displaystyle {body}$"


LETTERS, ISOTROPIC = reduce(), isotropic()
D, rho, tau, q = sy.D, sy.rho, sy.tau, sy.q
_isotropic = "isotropic data, $A = aI$"

#: σ²/N, the noise per neuron that all hidden layers have in common, and their decay.
noise_per_width = sp.Symbol("y", positive=True)
decay = sy.gamma_bar


def spectral_sum(power: Any) -> Any:
    """Σ p_i a_i^power over the spectrum: ‖v‖² for 0, vᵀAv for 1, vᵀA⁺v for -1."""
    return sp.Sum(sy.p[sy.i] * sy.a[sy.i] ** power, (sy.i, 1, sy.n))


# -- the decay tends to 0 --------------------------------------------------------------------------------

_small_decay = r"the decays tend to 0, $\tau \to 0$"
_moment = {order: spectral_sum(-order) / rho**order for order in (1, 2, 3)}

#: (τ/S(0))^{1/θ}, the ridge to leading order.
SMALL_RIDGE = (tau / _moment[2]) ** (1 / LETTERS.exponent)

RIDGE_SMALL_DECAY = Asymptotic(
    "ridge-small-decay",
    r"ridge $\lambda$ of the first root",
    _small_decay,
    SMALL_RIDGE * (1 + 2 / LETTERS.exponent * SMALL_RIDGE * _moment[3] / _moment[2]),
    SMALL_RIDGE**3,
)

NORM_SMALL_DECAY = Asymptotic(
    "norm-small-decay",
    r"$\lVert m\rVert$ at the first root",
    _small_decay,
    sp.sqrt(_moment[2]) * (1 - SMALL_RIDGE * _moment[3] / _moment[2]),
    SMALL_RIDGE**2,
)

LOSS_SMALL_DECAY = Asymptotic(
    "loss-small-decay",
    "$F$ at the first root",
    _small_decay,
    sy.c - _moment[1] + (D + 1) * SMALL_RIDGE * _moment[2],
    SMALL_RIDGE**2,
)

VARIANCE_SMALL_DECAY = Asymptotic(
    "variance-small-decay",
    "mean variance of the prediction at the first root",
    _small_decay,
    (rho - 1) / rho * (_moment[1] - 2 * SMALL_RIDGE * _moment[2]),
    SMALL_RIDGE**2,
)

RATIO_SMALL_DECAY = Asymptotic(
    "ridge-ratio-small-decay",
    r"$\zeta$ on the stable branch",
    r"$q \to 0$",
    q + ISOTROPIC.exponent * q**2,
    q**3,
    _isotropic,
)

_saddle = ISOTROPIC.saddle

RATIO_SADDLE_SMALL_DECAY = Asymptotic(
    "ridge-ratio-saddle-small-decay",
    r"$\zeta$ on the saddle branch",
    r"$q \to 0$",
    1 / _saddle.argument - _saddle.exponent,
    _saddle.argument,
    rf"{_isotropic}, $D \ge 2$",
)

# -- the decay tends to a threshold ------------------------------------------------------------------------

_below = r"$q$ tends to the spinodal $q_{\mathrm{sp}}$ from below"
_gap = 1 - q / ISOTROPIC.spinodal.q
_step = 2 * (D + 1) / (D - 1) * sp.sqrt(D / (D - 1)) * sp.sqrt(_gap)


def _near_spinodal(name: str, branch: str, sign: int) -> Asymptotic:
    return Asymptotic(
        name,
        rf"$\zeta$ on the {branch} branch",
        _below,
        ISOTROPIC.spinodal.ridge_ratio + sign * _step,
        _gap,
        rf"{_isotropic}, $D \ge 2$",
    )


RATIO_NEAR_SPINODAL = _near_spinodal("ridge-ratio-near-spinodal", "stable", -1)
RATIO_SADDLE_NEAR_SPINODAL = _near_spinodal("ridge-ratio-saddle-near-spinodal", "saddle", 1)

#: At depth 1 the threshold is γ̄ = ‖v‖, and the small number is ‖v‖ - γ̄.
_short = sy.v_norm - decay
_near_threshold = r"$\bar\gamma$ tends to $\lVert v\rVert$ from below"
_one_layer = r"$D = 1$; $\lVert v\rVert^2 = \sum_i p_i$"
_curve = sy.v_norm**2 / (rho * spectral_sum(1))

RIDGE_NEAR_THRESHOLD = Asymptotic(
    "ridge-near-threshold",
    r"ridge $\lambda$",
    _near_threshold,
    sy.v_norm / (_curve * _short),
    sp.Integer(1),
    _one_layer,
)

NORM_NEAR_THRESHOLD = Asymptotic(
    "norm-near-threshold",
    r"$\lVert m\rVert$",
    _near_threshold,
    _curve * _short,
    _short**2,
    _one_layer,
)

LOSS_NEAR_THRESHOLD = Asymptotic(
    "loss-near-threshold",
    "$F$",
    _near_threshold,
    sy.c - _curve * _short**2,
    _short**3,
    _one_layer,
)

VARIANCE_NEAR_THRESHOLD = Asymptotic(
    "variance-near-threshold",
    "mean variance of the prediction",
    _near_threshold,
    (rho - 1) / rho * _curve * _short**2,
    _short**3,
    _one_layer,
)

# -- width, noise and depth --------------------------------------------------------------------------------

#: Σ σ_i²/d_i.
_per_neuron = sp.Sum(sy.sigma[sy.i] ** 2 / sy.d[sy.i], (sy.i, 1, D))

NOISE_FACTOR_WIDE = Asymptotic(
    "noise-factor-wide",
    r"$\rho - 1$",
    r"all widths grow, $\sum_i \sigma_i^2/d_i \to 0$",
    _per_neuron,
    _per_neuron**2,
)

VARIANCE_WIDE = Asymptotic(
    "variance-wide",
    "mean variance of the prediction",
    NOISE_FACTOR_WIDE.limit,
    _per_neuron * sy.m_quad,
    _per_neuron**2,
    r"$m^{\top} A m$ is that of the same minimum without noise, at which $H' \ne 0$",
)

VARIANCE_STRONG_NOISE_ONE_LAYER = Asymptotic(
    "variance-strong-noise-one-layer",
    "mean variance of the prediction",
    r"the noise grows, $\rho \to \infty$",
    sy.m_quad / rho,
    rho**-2,
    r"$D = 1$; $m^{\top} A m$ is that of the minimum without noise",
)

VARIANCE_STRONG_NOISE = Asymptotic(
    "variance-strong-noise",
    "mean variance of the prediction",
    VARIANCE_STRONG_NOISE_ONE_LAYER.limit,
    spectral_sum(-1) / rho,
    rho**-2,
    r"no decay (at $D \ge 2$ any positive decay leads to collapse at a finite noise)",
)

VARIANCE_DEEP = Asymptotic(
    "variance-deep",
    "mean variance of the prediction",
    r"$D \to \infty$",
    spectral_sum(-1) * (1 + noise_per_width) ** -D,
    (1 + noise_per_width) ** (-2 * D),
    r"no decay; $\sigma_i^2/d_i = y$ in every hidden layer",
)

# -- thresholds of deep networks ---------------------------------------------------------------------------

TRANSITION_DEEP = Asymptotic(
    "transition-deep",
    "equal decay at the transition",
    r"$D \to \infty$",
    sy.v_norm**2 / (ISOTROPIC.scale * D) * (1 + (2 * sp.log(ISOTROPIC.scale / sy.v_norm) - 1) / D),
    D**-3,
    rf"{_isotropic}, fixed $\rho$",
)

SPINODAL_DEEP = Asymptotic(
    "spinodal-deep",
    "equal decay at the spinodal",
    r"$D \to \infty$",
    sy.v_norm**2 / (4 * ISOTROPIC.scale),
    1 / D,
    rf"{_isotropic}, fixed $\rho$",
)

#: K = ‖v‖²/(aγ).
_signal = sy.v_norm**2 / (sy.a0 * decay)


def _logarithm(depth: Any) -> Any:
    """By how much, over the slope, the condition for a nontrivial minimum fails at the leading term."""
    return 1 + sp.log(depth * decay / sy.a0)


LARGEST_DEPTH = Asymptotic(
    "largest-depth",
    r"real depth $D$ at which equal decays $\bar\gamma$ are those of the transition",
    r"$K = \lVert v\rVert^2/(a\bar\gamma) \to \infty$ with $\ln(\bar\gamma/a) = O(\ln K)$",
    _signal - _logarithm(_signal),
    sp.log(_signal) ** 2 / _signal,
    f"{_isotropic}, no noise",
)

_log_noise = sp.log(1 + noise_per_width)
_noisy_depth = sp.LambertW(_signal * (1 + noise_per_width) * _log_noise) / _log_noise

LARGEST_DEPTH_NOISY = Asymptotic(
    "largest-depth-noisy",
    LARGEST_DEPTH.quantity,
    LARGEST_DEPTH.limit,
    _noisy_depth - _logarithm(_noisy_depth) / (1 + _log_noise * _noisy_depth),
    1 / _noisy_depth,
    rf"{_isotropic}, $\sigma_i^2/d_i = y$ in every hidden layer",
)

#: All records, by name.
ASYMPTOTICS: dict[str, Asymptotic] = {
    record.name: record
    for record in (
        RIDGE_SMALL_DECAY,
        NORM_SMALL_DECAY,
        LOSS_SMALL_DECAY,
        VARIANCE_SMALL_DECAY,
        RATIO_SMALL_DECAY,
        RATIO_SADDLE_SMALL_DECAY,
        RATIO_NEAR_SPINODAL,
        RATIO_SADDLE_NEAR_SPINODAL,
        RIDGE_NEAR_THRESHOLD,
        NORM_NEAR_THRESHOLD,
        LOSS_NEAR_THRESHOLD,
        VARIANCE_NEAR_THRESHOLD,
        NOISE_FACTOR_WIDE,
        VARIANCE_WIDE,
        VARIANCE_STRONG_NOISE_ONE_LAYER,
        VARIANCE_STRONG_NOISE,
        VARIANCE_DEEP,
        TRANSITION_DEEP,
        SPINODAL_DEEP,
        LARGEST_DEPTH,
        LARGEST_DEPTH_NOISY,
    )
}
