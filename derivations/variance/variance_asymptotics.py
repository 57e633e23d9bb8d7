"""The variance of the prediction in its limits, with constants and the order of the error."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
)

from ..inequalities import LOGARITHM, s, x
from ..isotropic.jump import AT_SPINODAL, AT_TIE, CONTINUOUS, SHALLOW
from ..isotropic.spinodal import (
    COUNT,
    DEEP,
    EXCESS,
    EXPONENT,
    ISOTROPIC,
    TANGENT,
    TWO_LAYERS_UP,
    V,
    curve,
    share,
    t,
    zeta,
)
from ..isotropic.transition import SOLVES
from ..notation import EACH, NOISE_FACTOR, D, a, j, lam, rho, v
from ..search.search_range import PHI
from .variance_vanishes_depth import BERNOULLI
from .variance_vanishes_width import EXCESS as NOISE_EXCESS
from .variance_vanishes_width import NOISE_PER_NEURON, VARIANCE, Q

# -- width -----------------------------------------------------------------------------------------------

#: mᵀAm.
signal = sy.m_quad

WIDTH_LOWER = Statement(
    id="variance-asymptotics-width-lower",
    title="Wide networks: the leading term is a lower bound",
    relation=Relation.AT_LEAST,
    left=(NOISE_FACTOR - 1) * signal,
    right=NOISE_PER_NEURON * signal,
    reference="Bernoulli's inequality",
    proof=combine(Use(BERNOULLI, times=signal)),
    near_misses=(NearMiss("twice the leading term", right=2 * NOISE_PER_NEURON * signal),),
    prose=(
        r"Let $\Sigma = \sum_i \sigma_i^2/d_i$. As all widths grow $\Sigma$ vanishes, and the variance "
        r"$(\rho - 1)\, m^{\top} A m$ is $\Sigma\, m^{\top} A m$ up to an error of relative order "
        r"$\Sigma$: with noise $\sigma^2$ in $D$ layers of width $N$, it is $D\sigma^2 m^{\top} A m/N$ "
        "and the error is of order $1/N^2$."
    ),
)

WIDTH_UPPER = Statement(
    id="variance-asymptotics",
    title="Wide networks: the error is of second order",
    relation=Relation.AT_LEAST,
    left=(NOISE_PER_NEURON + NOISE_FACTOR * NOISE_PER_NEURON**2) * signal,
    right=(NOISE_FACTOR - 1) * signal,
    reference="the noise factor exceeds 1 by little",
    proof=combine(Use(NOISE_EXCESS, times=(1 + NOISE_PER_NEURON) * signal)),
    near_misses=(NearMiss("no error", left=NOISE_PER_NEURON * signal),),
)

# -- noise -----------------------------------------------------------------------------------------------

_shallow = PHI.subs(D, 1)

RESCALED = Statement(
    id="variance-asymptotics-rescaling",
    title="One hidden layer: noise rescales the equation",
    left=_shallow.xreplace({lam: rho * lam}),
    right=_shallow.xreplace({rho: sp.S.One}),
    reference="algebra",
    proof=combine(),
    near_misses=(NearMiss("two hidden layers", left=PHI.subs(D, 2).xreplace({lam: rho * lam})),),
    prose=(
        r"At depth 1 noise multiplies the ridge by $\rho$ and does nothing else: if $\lambda$ solves the "
        r"equation without noise, $\rho\lambda$ solves it with noise, so $m = m_1/\rho$ with the map "
        "$m_1$ without noise."
    ),
)


def _signal(ridge: Any) -> Any:
    """mᵀAm at a ridge."""
    return sp.Sum(a[j] * (v[j] / (rho * a[j] + ridge)) ** 2, EACH)


_quiet = _signal(lam).xreplace({rho: sp.S.One})

ONE_LAYER = Statement(
    id="variance-asymptotics-one-layer",
    title="One hidden layer: the variance at every noise",
    left=(rho - 1) * _signal(rho * lam),
    right=(rho - 1) / rho**2 * _quiet,
    reference=r"$(\rho - 1) m^{\top} A m$",
    proof=combine(),
    near_misses=(NearMiss("one power of the noise factor", right=(rho - 1) / rho * _quiet),),
    prose="So the variance is known at every noise from the minimum without noise.",
)

LARGEST = Statement(
    id="variance-asymptotics-largest",
    title=r"One hidden layer: the variance is largest at $\rho = 2$",
    relation=Relation.AT_LEAST,
    left=_quiet / 4,
    right=(rho - 1) / rho**2 * _quiet,
    reference="completing the square",
    proof=combine(plus=(rho - 2) ** 2 / (4 * rho**2) * _quiet),
    domains=(Domain(ranges=((rho, (1, 3)),)),),
    near_misses=(NearMiss("one fifth", left=_quiet / 5),),
    prose=(
        r"It grows with the noise up to $\rho = 2$, where noise and signal are equally strong, and falls "
        "from there on."
    ),
)

STRONG = Statement(
    id="variance-asymptotics-noise",
    title="One hidden layer under strong noise: the leading term",
    relation=Relation.LIMIT,
    left=sp.Limit(rho * (rho - 1) / rho**2 * signal, rho, sp.oo),
    right=signal,
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("twice as much", right=2 * signal + 1),),
    prose=(
        r"Under strong noise the variance is $m_1^{\top} A m_1/\rho$, with $\rho = 1 + \sigma^2/N$, up "
        r"to an error of order $1/\rho^2$. The decay does not make it vanish any sooner."
    ),
)

AT_COLLAPSE = Statement(
    id="variance-asymptotics-collapse",
    title="The variance just before the network collapses",
    left=ISOTROPIC.prediction_variance,
    right=(rho - 1) / rho**2 * V**2 / sy.a0 * ((D - 1) / D) ** 2,
    given=(DEEP, AT_TIE),
    reference="the jump of the norm",
    proof=combine(
        Use(
            AT_TIE,
            times=-(rho - 1)
            / rho**2
            * V**2
            / sy.a0
            * share(zeta)
            * ISOTROPIC.transition.share
            * (share(zeta) + ISOTROPIC.transition.share),
        ),
    ),
    domains=(Domain(ranges=TWO_LAYERS_UP, define=((zeta, ISOTROPIC.transition.ridge_ratio),)),),
    near_misses=(
        NearMiss("the variance without decay", right=(rho - 1) / rho**2 * V**2 / sy.a0),
        NearMiss(
            "at the spinodal",
            given=(DEEP, AT_SPINODAL),
            domains=(Domain(ranges=TWO_LAYERS_UP, define=((zeta, ISOTROPIC.spinodal.ridge_ratio),)),),
        ),
    ),
    prose=(
        "At two or more hidden layers and a fixed decay there is no limit of strong noise: at the noise "
        "of the transition the variance of isotropic data falls from this value to 0."
    ),
)

# -- depth -----------------------------------------------------------------------------------------------

noise = sp.Symbol("y", positive=True)

DEPTH = Statement(
    id="variance-asymptotics-depth",
    title="Deep networks without decay: the variance is exponential",
    left=VARIANCE.xreplace({NOISE_FACTOR: (1 + noise) ** D}),
    right=Q * (1 + noise) ** -D - Q * (1 + noise) ** (-2 * D),
    conditions=(r"$Q = v^{\top} A^{+} v$, no decay, and $\sigma_i^2/d_i = y$ in every hidden layer",),
    reference="algebra",
    proof=combine(),
    near_misses=(NearMiss("a larger error", right=Q * (1 + noise) ** -D - Q * (1 + noise) ** (-1 - D)),),
    prose=(
        r"Without decay $m = A^{+}v/\rho$, and with equal noise in all layers the variance decreases "
        "exponentially with the depth. With decay the network collapses beyond the largest depth, and "
        "the variance is 0."
    ),
)

# -- small decay -----------------------------------------------------------------------------------------

SMALL_LOWER = Statement(
    id="variance-asymptotics-ridge-lower",
    title="Small decay: a lower bound on the ridge",
    relation=Relation.AT_LEAST,
    left=zeta,
    right=sy.q * (1 + EXPONENT * zeta),
    given=(DEEP, SOLVES),
    reference="the bound on powers",
    proof=combine(
        Use(TANGENT, times=sy.q * (1 + zeta), where={x: 1 + zeta, s: EXCESS}),
        Use(SOLVES, times=-((1 + zeta) ** EXPONENT)),
    ),
    domains=(Domain(ranges=TWO_LAYERS_UP, define=((sy.q, curve(zeta)),)),),
    near_misses=(NearMiss("a larger constant", right=sy.q * (1 + 2 * zeta)),),
    prose=(
        r"As the decay vanishes, so does $\zeta$ on the branch of minima, and $\zeta = q + t q^2$ up to "
        "an error of order $q^3$, because"
    ),
)

CONCAVE = Statement(
    id="variance-asymptotics-concave",
    title="An upper bound on a power",
    relation=Relation.AT_LEAST,
    left=1 + s * x,
    right=(1 + x) ** s,
    given=(at_least(1, s),),
    reference="Bernoulli's inequality",
    proof=combine(
        Use(LOGARITHM, times=(1 + x) ** s, where={t: (1 + s * x) / (1 + x) ** s}),
        Use(LOGARITHM, times=(1 + x) ** s * s, where={t: (1 + x) / (1 + s * x)}),
        Use(LOGARITHM, times=(1 + x) ** s * (1 - s), where={t: 1 / (1 + s * x)}),
    ),
    domains=(Domain(ranges=((s, (0, 1)),)),),
    near_misses=(NearMiss("larger exponents", given=(), domains=(Domain(ranges=((s, (1, 3)),)),)),),
)

SMALL_UPPER = Statement(
    id="variance-asymptotics-ridge-upper",
    title="Small decay: an upper bound on the ridge",
    relation=Relation.AT_LEAST,
    left=sy.q * (1 + EXPONENT * zeta + EXCESS * zeta**2),
    right=zeta,
    given=(DEEP, SOLVES),
    reference="the upper bound on powers",
    proof=combine(
        Use(CONCAVE, times=sy.q * (1 + zeta), where={x: zeta, s: EXCESS}),
        Use(SOLVES, times=(1 + zeta) ** EXPONENT),
    ),
    domains=(Domain(ranges=TWO_LAYERS_UP, define=((sy.q, curve(zeta)),)),),
    near_misses=(NearMiss("no term of second order", left=sy.q * (1 + EXPONENT * zeta)),),
)

_noisy = at_least(rho, 1)
_unit = (rho - 1) / rho**2 * V**2 / sy.a0


def _small_decay(
    name: str, title: str, polynomial: Any, rest: Any, sign: int, miss: Any, prose: str = ""
) -> Statement:
    """The variance against a polynomial in ζ, as a lower (sign 1) or an upper bound."""
    left, right = (ISOTROPIC.prediction_variance, _unit * polynomial)[::sign]
    wrong = (ISOTROPIC.prediction_variance, _unit * miss)[::sign]
    return Statement(
        id=name,
        title=title,
        relation=Relation.AT_LEAST,
        left=left,
        right=right,
        given=(_noisy,),
        reference="expansion of a fraction",
        proof=combine(plus=_unit * rest * share(zeta) ** 2),
        domains=(Domain(ranges=((rho, (1, 5)), (zeta, (0, 1)))),),
        near_misses=(NearMiss("a wrong constant", left=wrong[0], right=wrong[1]),),
        prose=prose,
    )


VARIANCE_LOWER = _small_decay(
    "variance-asymptotics-decay-lower",
    "Small decay: a lower bound on the variance",
    1 - 2 * zeta,
    3 * zeta**2 + 2 * zeta**3,
    1,
    1 - zeta,
    r"The variance is $(\rho - 1)\lVert v\rVert^2/(\rho^2 a)$ times $1 - 2\zeta$, up to an error of "
    r"order $\zeta^2$ and so of order $q^2$.",
)

VARIANCE_UPPER = _small_decay(
    "variance-asymptotics-decay",
    "Small decay: an upper bound on the variance",
    1 - 2 * zeta + 3 * zeta**2,
    4 * zeta**3 + 3 * zeta**4,
    -1,
    1 - 3 * zeta + 3 * zeta**2,
)

# -- decay near a threshold --------------------------------------------------------------------------------

_there, _top = ISOTROPIC.spinodal.share, ISOTROPIC.spinodal.ridge_ratio

BEND = Statement(
    id="variance-asymptotics-spinodal",
    title="The bend of the curve at the spinodal",
    left=sp.Derivative(sp.log(curve(zeta)), (zeta, 2)),
    right=-((D - 1) ** 3) / (2 * D * (D + 1) ** 2),
    given=(DEEP, AT_SPINODAL),
    reference="differentiation",
    proof=Differentiate(
        combine(
            Use(
                AT_SPINODAL,
                times=(1 / zeta + 1 / _top) / (zeta * _top)
                - EXPONENT * share(zeta) * _there * (share(zeta) + _there),
            )
        )
    ),
    domains=(Domain(ranges=TWO_LAYERS_UP, define=((zeta, _top),)),),
    near_misses=(
        NearMiss("twice as much", right=-((D - 1) ** 3) / (D * (D + 1) ** 2)),
        NearMiss(
            "at the transition",
            given=(DEEP, AT_TIE),
            domains=(Domain(ranges=TWO_LAYERS_UP, define=((zeta, ISOTROPIC.transition.ridge_ratio),)),),
        ),
    ),
    prose=r"At the spinodal $\ln Q$ has a maximum. How it bends there:",
)

NEAR_THRESHOLD = Statement(
    id="variance-asymptotics-threshold",
    title="One hidden layer: the variance vanishes quadratically",
    left=ISOTROPIC.prediction_variance,
    right=(rho - 1) * (V - sy.gamma_bar) ** 2 / (rho**2 * sy.a0),
    given=(SHALLOW,),
    conditions=CONTINUOUS.conditions,
    reference="the norm vanishes linearly",
    proof=combine(
        Use(CONTINUOUS, times=(rho - 1) * sy.a0 * (ISOTROPIC.norm + (V - sy.gamma_bar) / ISOTROPIC.scale))
    ),
    domains=(Domain(define=((SHALLOW.left, SHALLOW.right),)),),
    near_misses=(NearMiss("ζ is not a solution", given=(), domains=(Domain(),)),),
    prose="At depth 1 isotropic data lose their variance gradually as the decay tends to the threshold.",
)


def draw_variance(axes: Any) -> None:
    """The variance of isotropic data against ρ - 1, a = ‖v‖ = 1, γ̄ = 1/10."""
    import numpy as np

    decay = 0.1
    excess = np.geomspace(1e-2, 1e4, 600)
    axes.plot(
        excess, excess / (1 + excess) ** 2, color="gray", linewidth=0.8, linestyle=":", label="no decay"
    )
    axes.plot(excess, (1 - decay) ** 2 * excess / (1 + excess) ** 2, label="$D = 1$")
    for number, depth in enumerate((2, 3, 6), start=1):
        at = np.geomspace(1e-6, 1 / (depth - 1), 4000)
        # q is proportional to ρ^{t-1}, so ρ follows from ζ.
        noise_factor = (sp.lambdify(zeta, curve(zeta).subs(D, depth), "numpy")(at) / decay) ** (
            (depth + 1) / (depth - 1)
        )
        values = (noise_factor - 1) / (noise_factor * (1 + at)) ** 2
        seen = noise_factor > 1 + excess[0]
        axes.plot(noise_factor[seen] - 1, values[seen], color=f"C{number}", label=f"$D = {depth}$")
        axes.plot([noise_factor[-1] - 1] * 2, [1e-5, values[-1]], color=f"C{number}", linewidth=0.6)
        axes.plot([noise_factor[-1] - 1], [values[-1]], "s", color=f"C{number}", markersize=4)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(3e-5, 0.5)
    axes.set_xlabel(r"noise $\rho - 1$")
    axes.set_ylabel(r"variance of the prediction")
    axes.legend()


# -- steps in words --------------------------------------------------------------------------------------

ORDERS = Step(
    id="variance-asymptotics-orders",
    title="The leading terms, with the order of their errors",
    text=(
        r"Each leading term stands between a lower and an upper bound that differ by a higher power of the "
        r"small quantity: $\Sigma = \sum_i \sigma_i^2/d_i$ for wide networks, $q$ for small decay. So the "
        r"error is of that order."
    ),
    theorem="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(WIDTH_LOWER, WIDTH_UPPER, SMALL_LOWER, SMALL_UPPER, VARIANCE_LOWER, VARIANCE_UPPER),
)

SQUARE_ROOT = Step(
    id="variance-asymptotics-square-root",
    title="At the spinodal the two solutions meet like a square root",
    text=(
        r"$\ln Q$ has a maximum at the spinodal, where its second derivative is not 0. With $\epsilon "
        r"= 1 - q/q_{\mathrm{sp}}$ the solutions are therefore $\zeta_{\mathrm{sp}} \mp "
        r"\frac{2(D+1)}{D-1}\sqrt{D\epsilon/(D-1)}$ up to an error of order $\epsilon$, and norm, "
        "loss and variance follow."
    ),
    theorem="Taylor's theorem and the inverse function theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 5.15 and 9.24",
    rests_on=(BEND, COUNT),
    conditions=(r"$D \ge 2$",),
)

DERIVATION = Derivation(
    id="variance-asymptotics",
    title="The variance in its limits",
    prose=(
        "How fast the variance at the minimum vanishes, with constants: in the width, the noise, the "
        "depth and the decay."
    ),
    statements=(
        WIDTH_LOWER,
        WIDTH_UPPER,
        RESCALED,
        ONE_LAYER,
        LARGEST,
        STRONG,
        AT_COLLAPSE,
        DEPTH,
        SMALL_LOWER,
        SMALL_UPPER,
        VARIANCE_LOWER,
        VARIANCE_UPPER,
        BEND,
        NEAR_THRESHOLD,
    ),
    steps=(
        ORDERS,
        SQUARE_ROOT,
    ),
    figures=(
        (
            r"The variance against the noise for $a = \lVert v\rVert = 1$ and decays $1/10$. It is "
            r"largest near $\rho = 2$. One hidden layer follows the curve without decay; deeper networks "
            "collapse at the transition (squares).",
            draw_variance,
        ),
    ),
)
