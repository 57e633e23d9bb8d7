"""Isotropic data bound all others: brackets for roots and thresholds."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    greater,
)

from ..inequalities import POWER, s, x, y
from ..minima.one_hidden_layer_threshold import NORM_M, NORM_V, N, V
from ..notation import (
    EACH,
    LETTERS,
    M_LINEAR,
    M_QUADRATIC,
    M_SQUARED,
    V_SQUARED,
    D,
    a,
    j,
    lam,
    m,
    rho,
    tau,
    v,
)
from ..search.search_range import ABOVE, BELOW, PHI, ROOT, high, low
from .decay_threshold import POWERS, e, w
from .spinodal import COUNT, DEEP, EXCESS, ISOTROPIC, LARGE, SMALL, SPINODAL, TANGENT, TWO_LAYERS_UP, zeta

_theta = LETTERS.exponent
_bracket = rho * a[j] + lam
_norms = ((V, sp.sqrt(V_SQUARED)), (N, sp.sqrt(M_SQUARED)))
_some = (r"$v_j \ne 0$ for the eigenvalues in question; the others play no part",)


def _characteristic(eigenvalue: Any) -> Any:
    """φ if all eigenvalues were equal."""
    return lam**_theta * V_SQUARED / (rho * eigenvalue + lam) ** 2


def _difference(eigenvalue: Any) -> Any:
    """The difference of two terms of φ, over that of their eigenvalues."""
    rest = rho * eigenvalue + lam
    return lam**_theta * v[j] ** 2 * rho * (_bracket + rest) / (_bracket * rest) ** 2


FROM_BELOW = Statement(
    id="isotropic-bounds-lower",
    title="The largest eigenvalue bounds the equation from below",
    relation=Relation.AT_LEAST,
    left=PHI,
    right=_characteristic(high),
    given=(BELOW,),
    conditions=_some,
    reference=r"$a_j \le a_{\max}$",
    proof=combine(Use(BELOW, times=_difference(high), over=(EACH,))),
    domains=(Domain(ranges=((a[j], (0, high)),)),),
    near_misses=(NearMiss("eigenvalues above a_max", given=(), domains=(Domain(),)),),
    prose=(
        r"Let all eigenvalues with $v_j \ne 0$ lie between $a_{\min} > 0$ and $a_{\max}$. Then $\varphi$ "
        "lies between the functions of two isotropic problems."
    ),
)

FROM_ABOVE = Statement(
    id="isotropic-bounds-upper",
    title="The smallest eigenvalue bounds the equation from above",
    relation=Relation.AT_LEAST,
    left=_characteristic(low),
    right=PHI,
    given=(ABOVE,),
    conditions=_some,
    reference=r"$a_j \ge a_{\min}$",
    proof=combine(Use(ABOVE, times=_difference(low), over=(EACH,))),
    domains=(Domain(ranges=((a[j], (low, 3 * low)),)),),
    near_misses=(NearMiss("eigenvalues below a_min", given=(), domains=(Domain(),)),),
)


def _q(eigenvalue: Any) -> Any:
    """The dimensionless decay, with γ̄ = τ^{D/(D+1)}."""
    return ISOTROPIC.q.xreplace({sy.gamma_bar: tau ** (1 / _theta), sy.a0: eigenvalue})


_rescaled = (rho * low) ** EXCESS / V**ISOTROPIC.exponent

NO_ROOT = Statement(
    id="isotropic-bounds",
    title=r"A root needs a decay within the spinodal of $a_{\min}$",
    relation=Relation.AT_LEAST,
    left=ISOTROPIC.spinodal.q,
    right=_q(low),
    given=(DEEP, ROOT, NORM_V, ABOVE),
    conditions=_some,
    reference=r"the spinodal",
    proof=combine(
        Use(SPINODAL, where={zeta: lam / (rho * low)}),
        Use(
            POWER,
            times=_rescaled,
            where={x: lam**_theta * V**2 / (rho * low + lam) ** 2, y: tau, s: 1 / _theta},
            given=(
                combine(
                    Use(FROM_ABOVE),
                    Use(ROOT),
                    Use(NORM_V, times=lam**_theta / (rho * low + lam) ** 2),
                ),
            ),
        ),
    ),
    domains=(
        Domain(
            ranges=(*TWO_LAYERS_UP, (a[j], (low, 3 * low))), define=((V, sp.sqrt(V_SQUARED)), (tau, PHI))
        ),
    ),
    near_misses=(
        NearMiss(
            "λ is not a root",
            given=(DEEP, NORM_V, ABOVE),
            domains=(
                Domain(ranges=(*TWO_LAYERS_UP, (a[j], (low, 3 * low))), define=((V, sp.sqrt(V_SQUARED)),)),
            ),
        ),
        NearMiss("with the largest eigenvalue", right=_q(3 * low + 50)),
    ),
    prose=(
        "In particular the thresholds of all data lie between isotropic ones. A root exists only if the "
        r"decays are at most those of the spinodal for $a_{\min}$,"
    ),
)

#: The ridge at which isotropic data with a_max have the share x left.
_spot = rho * high * (1 - x) / x
_inside = greater(1, x)

AT_SHARE = Statement(
    id="isotropic-bounds-share",
    title="The lower bound at a given shrinkage",
    relation=Relation.AT_LEAST,
    left=PHI.xreplace({lam: _spot}),
    right=(rho * high) ** (_theta - 2) * V**2 * (1 - x) ** _theta * x ** (2 - _theta),
    given=(_inside, NORM_V, BELOW),
    conditions=_some,
    reference=r"the bound on $\varphi$",
    proof=combine(
        Use(FROM_BELOW, where={lam: _spot}),
        Use(NORM_V, times=-(_spot**_theta) * (x / (rho * high)) ** 2),
    ),
    domains=(Domain(ranges=((a[j], (0, high)), (x, (0, 1))), define=((V, sp.sqrt(V_SQUARED)),)),),
    near_misses=(
        NearMiss(
            "eigenvalues above a_max",
            given=(_inside, NORM_V),
            domains=(Domain(ranges=((x, (0, 1)),), define=((V, sp.sqrt(V_SQUARED)),)),),
        ),
    ),
    prose=(
        r"and it does exist if they are at most those for $a_{\max}$. To see this, take the ridge that "
        r"leaves isotropic data with $a_{\max}$ the share $x$ of the least-squares map:"
    ),
)

_spinodal = ISOTROPIC.spinodal.share
_weak = at_least(ISOTROPIC.spinodal.q, _q(high))

A_ROOT = Statement(
    id="isotropic-bounds-root",
    title=r"At the spinodal of $a_{\max}$ $\varphi$ reaches $\tau$",
    relation=Relation.AT_LEAST,
    left=PHI.xreplace({lam: rho * high * ISOTROPIC.spinodal.ridge_ratio}),
    right=tau,
    given=(DEEP, _weak, NORM_V, BELOW),
    conditions=_some,
    reference="the spinodal",
    proof=combine(
        Use(AT_SHARE, where={x: _spinodal}),
        Use(
            POWERS,
            times=(rho * high) ** (_theta - 2) * V**2,
            where={w: sp.factor(1 - _spinodal), x: _spinodal, e: EXCESS, y: _q(high), s: _theta},
            given=(combine(Use(_weak)),),
        ),
    ),
    domains=(
        Domain(
            ranges=(*TWO_LAYERS_UP, (a[j], (0, high)), (tau, (0, sp.Rational(1, 100)))),
            define=((V, sp.sqrt(V_SQUARED)),),
        ),
    ),
    near_misses=(
        NearMiss(
            "strong decay",
            given=(DEEP, NORM_V, BELOW),
            domains=(
                Domain(ranges=(*TWO_LAYERS_UP, (a[j], (0, high))), define=((V, sp.sqrt(V_SQUARED)),)),
            ),
        ),
    ),
    prose=r"At the spinodal this reaches $\tau$.",
)

# -- the transition --------------------------------------------------------------------------------------


def _decay(eigenvalue: Any) -> Any:
    """γ̄ at the transition for isotropic data with this eigenvalue."""
    return ISOTROPIC.transition.decay.xreplace({sy.a0: eigenvalue})


STRONG = at_least(sy.gamma_bar, _decay(low))
_share = ISOTROPIC.transition.share

ORIGIN = Statement(
    id="isotropic-bounds-origin",
    title=r"Beyond the transition of $a_{\min}$ no map beats the origin",
    relation=Relation.AT_LEAST,
    left=LETTERS.loss(M_QUADRATIC, M_LINEAR, N),
    right=sy.c,
    given=(DEEP, NORM_V, NORM_M, ABOVE, STRONG),
    conditions=(r"$m \ne 0$ (at $m = 0$ both sides are equal)",),
    reference="the bound on powers",
    proof=combine(
        Use(ABOVE, times=rho * m[j] ** 2, over=(EACH,)),
        # m·v ≤ ‖m‖‖v‖
        Use(NORM_V, times=N / V),
        Use(NORM_M, times=V / N - rho * low),
        Use(STRONG, times=(D + 1) * N ** (2 / (D + 1))),
        Use(TANGENT, times=N * V * (D + 1) / D, where={x: _share * V / (rho * low * N), s: EXCESS}),
        plus=sp.Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V),
    ),
    domains=(
        Domain(
            ranges=(*TWO_LAYERS_UP, (a[j], (low, 3 * low))),
            define=(*_norms, (sy.gamma_bar, (1 + lam / 9) * _decay(low))),
        ),
        # Along v, at the norm from which isotropic data jump
        Domain(
            ranges=TWO_LAYERS_UP,
            define=(
                (a[j], low),
                (m[j], _share * v[j] / (rho * low)),
                *_norms,
                (sy.gamma_bar, _decay(low)),
            ),
        ),
    ),
    near_misses=(
        NearMiss(
            "a little less decay",
            given=(DEEP, NORM_V, NORM_M, ABOVE),
            domains=(
                Domain(
                    ranges=TWO_LAYERS_UP,
                    define=(
                        (a[j], low),
                        (m[j], _share * v[j] / (rho * low)),
                        *_norms,
                        (sy.gamma_bar, sp.Rational(99, 100) * _decay(low)),
                    ),
                ),
            ),
        ),
    ),
    prose=(
        "The transition is bracketed in the same way, and no root is needed to see it. If the decays "
        r"are at least those of the transition for $a_{\min}$, no map is better than the origin."
    ),
)

WEAK = greater(_decay(high), sy.gamma_bar)
_step = _share / (rho * high)

NONTRIVIAL = Statement(
    id="isotropic-bounds-nontrivial",
    title=r"Before the transition of $a_{\max}$ a map beats the origin",
    relation=Relation.GREATER,
    left=sy.c,
    right=LETTERS.loss(_step**2 * sp.Sum(a[j] * v[j] ** 2, EACH), _step * V**2, _step * V),
    given=(DEEP, NORM_V, BELOW, WEAK),
    reference="the minimum of isotropic data",
    proof=combine(
        Use(BELOW, times=rho * _step**2 * v[j] ** 2, over=(EACH,)),
        Use(NORM_V, times=rho * _step**2 * high),
        Use(WEAK, times=(D + 1) * (_step * V) ** (2 / (D + 1))),
    ),
    domains=(
        Domain(
            ranges=(*TWO_LAYERS_UP, (a[j], (0, high))),
            define=((V, sp.sqrt(V_SQUARED)), (sy.gamma_bar, _decay(high) / (1 + lam))),
        ),
    ),
    near_misses=(
        NearMiss(
            "more decay",
            given=(DEEP, NORM_V, BELOW),
            domains=(
                Domain(
                    ranges=TWO_LAYERS_UP,
                    define=(
                        (a[j], high),
                        (V, sp.sqrt(V_SQUARED)),
                        (sy.gamma_bar, (1 + lam) * _decay(high)),
                    ),
                ),
            ),
        ),
    ),
    prose=(
        r"If they are less than those for $a_{\max}$, the map $m = X v/(\rho a_{\max})$ with $X = "
        "(D-1)/D$ is better than the origin."
    ),
)


def draw_bracket(axes: Any) -> None:
    """φ of the example with four roots between its two isotropic bounds."""
    import numpy as np

    from ..minima import bad_nontrivial_minimum as example

    ridge = np.geomspace(1e-2, 1e6, 500)
    bounds = [
        sp.lambdify(
            lam, example.at_numbers(lam**_theta) * sum(example.SQUARES) / (eigenvalue + lam) ** 2, "numpy"
        )(ridge)
        for eigenvalue in example.EIGENVALUES
    ]
    axes.fill_between(ridge, bounds[1], bounds[0], alpha=0.15, linewidth=0)
    for values, label, style in zip(bounds, (r"$a_{\min}$", r"$a_{\max}$"), ("--", ":"), strict=True):
        axes.plot(ridge, values, color="C0", linestyle=style, label=f"all eigenvalues {label}")
    axes.plot(
        ridge, sp.lambdify(lam, example.PHI, "numpy")(ridge), color="black", label=r"$\varphi(\lambda)$"
    )
    axes.axhline(float(example.TAU), linewidth=0.5, color="black")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(r"$\lambda$")
    axes.legend()


# -- steps in words --------------------------------------------------------------------------------------

BRACKETS = Step(
    id="isotropic-bounds-brackets",
    title="Isotropic problems bracket the first and the last root",
    text=(
        r"$\varphi$ lies between the functions of two isotropic problems, which tend to 0 at both ends. So "
        r"it first reaches $\tau$ no later than the lower one and no earlier than the upper one, hence "
        r"between the smaller solutions of the two, and it last leaves $\tau$ between the larger ones."
    ),
    theorem="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(FROM_BELOW, FROM_ABOVE, COUNT),
    conditions=(r"$D \ge 2$", *_some),
)

TWO_ROOTS = Step(
    id="isotropic-bounds-two-roots",
    title=r"Within the spinodal of $a_{\max}$ there are two roots",
    text=(
        r"$\varphi$ is continuous, tends to 0 at both ends, since the upper bound does, and reaches $\tau$ "
        r"in between. So it meets $\tau$ at least twice, counted with multiplicity."
    ),
    theorem="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(A_ROOT, FROM_ABOVE, SMALL, LARGE),
    conditions=(r"$D \ge 2$", *_some),
)

DERIVATION = Derivation(
    id="isotropic-bounds",
    title="All data lie between isotropic data",
    prose="For data that are not isotropic the closed forms are bounds.",
    statements=(FROM_BELOW, FROM_ABOVE, NO_ROOT, AT_SHARE, A_ROOT, ORIGIN, NONTRIVIAL),
    steps=(
        BRACKETS,
        TWO_ROOTS,
    ),
    figures=(
        (
            r"The example with four roots: $\varphi$ lies between the functions of two isotropic "
            r"problems, whose crossings with $\tau$ (line) bracket its first and its last root.",
            draw_bracket,
        ),
    ),
)
