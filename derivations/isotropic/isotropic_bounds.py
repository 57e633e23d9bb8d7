"""Isotropic data bound all others: brackets for roots and thresholds."""

from symderive.formulas.isotropic import isotropic

from ..inequalities import power
from ..minima.one_hidden_layer_threshold import NORM_M, NORM_V, N
from ..notation import *
from ..search.search_range import ABOVE, BELOW, PHI, ROOT, high, low
from .decay_threshold import POWERS, beta, w
from .spinodal import COUNT, DEEP, EXCESS, ISOTROPIC, LARGE, SMALL, SPINODAL, V, bernoulli, omega, s, xi

#: The isotropic problems at the two ends of the eigenvalues.
LOWEST, HIGHEST = isotropic(eigenvalue=low), isotropic(eigenvalue=high)
_theta = LETTERS.exponent
_some = r"$v_j \ne 0$ for the eigenvalues in question; the others play no part"


def _characteristic(eigenvalue: Expr) -> Expr:
    """φ if all eigenvalues were equal."""
    return lam**_theta * V_SQUARED / (rho * eigenvalue + lam) ** 2


def _moved(eigenvalue: Expr, order: Claim) -> Combine:
    """φ changes by this if all eigenvalues move to one end of their range."""
    here, there = rho * a[j] + lam, rho * eigenvalue + lam
    return (lam**_theta * v[j] ** 2 * rho * (here + there) / (here * there) ** 2 * order).sum(EACH)


FROM_BELOW = theorem(
    "isotropic-bounds-lower",
    "The largest eigenvalue bounds the equation from below",
    at_least(PHI, _characteristic(high)),
    given=(BELOW, _some),
    reference=r"$a_j \le a_{\max}$",
    proof=_moved(high, BELOW),
    misses={"eigenvalues above a_max": without(BELOW)},
    prose=r"""Let all eigenvalues with $v_j \ne 0$ lie between $a_{\min} > 0$ and $a_{\max}$. Then
        $\varphi$ lies between the functions of two isotropic problems.""",
)

FROM_ABOVE = theorem(
    "isotropic-bounds-upper",
    "The smallest eigenvalue bounds the equation from above",
    at_least(_characteristic(low), PHI),
    given=(ABOVE, _some),
    reference=r"$a_j \ge a_{\min}$",
    proof=_moved(low, ABOVE),
    misses={"eigenvalues below a_min": without(ABOVE)},
)


#: The dimensionless decays, with γ̄ = τ^{D/(D+1)}.
_of_tau = {gamma_bar: tau ** (1 / _theta)}
_q_low, _q_high = LOWEST.q.xreplace(_of_tau), HIGHEST.q.xreplace(_of_tau)
_weight = lam**_theta / (LOWEST.scale + lam) ** 2
_rescaled = LOWEST.scale**EXCESS / V**LOWEST.exponent

NO_ROOT = theorem(
    "isotropic-bounds",
    r"A root needs a decay within the spinodal of $a_{\min}$",
    at_least(ISOTROPIC.spinodal.q, _q_low),
    given=(DEEP, ROOT, NORM_V, ABOVE),
    reference="the spinodal",
    proof=SPINODAL.at({zeta: lam / (rho * low)})
    + _rescaled * power(_weight * V**2, tau, 1 / _theta).because(FROM_ABOVE + ROOT + _weight * NORM_V),
    misses={
        "λ is not a root": without(ROOT),
        "with a larger eigenvalue": right(_q_low.subs(low, 50 * low)),
    },
    prose=r"""In particular the thresholds of all data lie between isotropic ones. A root exists only if
        the decays are at most those of the spinodal for $a_{\min}$,""",
)

#: The ridge at which isotropic data with a_max have the share ξ left.
_spot = rho * high * (1 - xi) / xi
_inside = greater(1, xi)
_energy = (rho * high) ** (_theta - 2) * V**2

AT_SHARE = theorem(
    "isotropic-bounds-share",
    "The lower bound at a given shrinkage",
    at_least(PHI.xreplace({lam: _spot}), _energy * (1 - xi) ** _theta * xi ** (2 - _theta)),
    given=(_inside, NORM_V, BELOW),
    reference=r"the bound on $\varphi$",
    proof=FROM_BELOW.at({lam: _spot}) - _spot**_theta * (xi / (rho * high)) ** 2 * NORM_V,
    misses={"eigenvalues above a_max": without(BELOW)},
    prose=r"""and it does exist if they are at most those for $a_{\max}$. To see this, take the ridge
        that leaves isotropic data with $a_{\max}$ the share $\xi$ of the least-squares map:""",
)

_spinodal = ISOTROPIC.spinodal.share
_places = {w: (1 - _spinodal).factor(), xi: _spinodal, beta: EXCESS, omega: _q_high, s: _theta}
_weak = at_least(ISOTROPIC.spinodal.q, _q_high)

A_ROOT = theorem(
    "isotropic-bounds-root",
    r"At the spinodal of $a_{\max}$ $\varphi$ reaches $\tau$",
    at_least(PHI.xreplace({lam: rho * high * ISOTROPIC.spinodal.ridge_ratio}), tau),
    given=(DEEP, _weak, NORM_V, BELOW),
    reference="the spinodal",
    proof=AT_SHARE.at({xi: _spinodal}) + _energy * POWERS.at(_places).because(_weak),
    misses={"strong decay": without(_weak)},
    prose=r"At the spinodal this reaches $\tau$.",
)

# -- the transition --------------------------------------------------------------------------------------

_share = ISOTROPIC.transition.share
_decay_low, _decay_high = LOWEST.transition.decay, HIGHEST.transition.decay
STRONG, WEAK = at_least(gamma_bar, _decay_low), greater(_decay_high, gamma_bar)

ORIGIN = theorem(
    "isotropic-bounds-origin",
    r"Beyond the transition of $a_{\min}$ no map beats the origin",
    at_least(LETTERS.loss(M_QUADRATIC, M_LINEAR, N), c),
    given=(DEEP, NORM_V, NORM_M, ABOVE, STRONG, r"$m \ne 0$ (at $m = 0$ both sides are equal)"),
    reference="the bound on powers",
    proof=(rho * m[j] ** 2 * ABOVE).sum(EACH)
    + N / V * NORM_V  # m·v ≤ ‖m‖‖v‖
    + (V / N - rho * low) * NORM_M
    + (D + 1) * N ** (2 / (D + 1)) * STRONG
    + N * V * (D + 1) / D * bernoulli(_share * V / (rho * low * N), EXCESS)
    + nonnegative(Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V)),
    misses={"a little less decay": without(STRONG)},
    prose=r"""The transition is bracketed in the same way, and no root is needed to see it. If the
        decays are at least those of the transition for $a_{\min}$, no map is better than the origin.""",
)

_step = _share / (rho * high)

NONTRIVIAL = theorem(
    "isotropic-bounds-nontrivial",
    r"Before the transition of $a_{\max}$ a map beats the origin",
    greater(c, LETTERS.loss(_step**2 * Sum(a[j] * v[j] ** 2, EACH), _step * V**2, _step * V)),
    given=(DEEP, NORM_V, BELOW, WEAK),
    reference="the minimum of isotropic data",
    proof=(rho * _step**2 * v[j] ** 2 * BELOW).sum(EACH)
    + rho * _step**2 * high * NORM_V
    + (D + 1) * (_step * V) ** (2 / (D + 1)) * WEAK,
    misses={"more decay": without(WEAK)},
    prose=r"""If they are less than those for $a_{\max}$, the map $m = X v/(\rho a_{\max})$ with $X =
        (D-1)/D$ is better than the origin.""",
)

BRACKETS = in_words(
    "isotropic-bounds-brackets",
    "Isotropic problems bracket the first and the last root",
    r"""$\varphi$ lies between the functions of two isotropic problems, which tend to 0 at both ends. So it
        first reaches $\tau$ no later than the lower one and no earlier than the upper one, hence between
        the smaller solutions of the two, and it last leaves $\tau$ between the larger ones. Within the
        spinodal of $a_{\max}$ the lower problem has solutions, and the upper one all the more.""",
    by="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(FROM_BELOW, FROM_ABOVE, A_ROOT, COUNT),
    conditions=(r"$D \ge 2$", _some, r"the decay is within the spinodal of $a_{\max}$"),
)

TWO_ROOTS = in_words(
    "isotropic-bounds-two-roots",
    r"Within the spinodal of $a_{\max}$ there are two roots",
    r"""$\varphi$ is continuous, tends to 0 at both ends, since the upper bound does, and reaches $\tau$ in
        between. So it meets $\tau$ at least twice, counted with multiplicity.""",
    by="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(A_ROOT, FROM_ABOVE, SMALL, LARGE),
    conditions=(r"$D \ge 2$", _some),
)

CAPTION = r"""The example with four roots: $\varphi$ lies between the functions of two isotropic
    problems, whose crossings with $\tau$ (line) bracket its first and its last root."""


def draw_bracket(axes: Any) -> None:
    """φ of the example with four roots between its two isotropic bounds."""
    import numpy as np

    from ..minima import bad_nontrivial_minimum as example

    ridge = np.geomspace(1e-2, 1e6, 500)
    front = example.at_numbers(lam**_theta) * sum(example.SQUARES)
    upper, lower, phi = (
        lambdify(lam, values, "numpy")(ridge)
        for values in (*(front / (each + lam) ** 2 for each in example.EIGENVALUES), example.PHI)
    )
    axes.fill_between(ridge, lower, upper, alpha=0.15, linewidth=0)
    axes.plot(ridge, upper, color="C0", linestyle="--", label=r"all eigenvalues $a_{\min}$")
    axes.plot(ridge, lower, color="C0", linestyle=":", label=r"all eigenvalues $a_{\max}$")
    axes.plot(ridge, phi, color="black", label=r"$\varphi(\lambda)$")
    axes.axhline(float(example.TAU), linewidth=0.5, color="black")
    axes.set(xscale="log", yscale="log", xlabel=r"$\lambda$")
    axes.legend()


DERIVATION = Derivation(
    id="isotropic-bounds",
    title="All data lie between isotropic data",
    prose="For data that are not isotropic the closed forms are bounds.",
    statements=(FROM_BELOW, FROM_ABOVE, NO_ROOT, AT_SHARE, A_ROOT, ORIGIN, NONTRIVIAL),
    steps=(BRACKETS, TWO_ROOTS),
    figures=((CAPTION, draw_bracket),),
)
