"""The thresholds of isotropic data in terms of decays and noise."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import Threshold
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    greater,
)

from ..inequalities import LOGARITHM, POWER, s, x, y
from ..notation import MEAN_DECAY, D, gamma, j, rho
from .spinodal import DEEP, EXCESS, ISOTROPIC, TWO_LAYERS_UP, V, a, t

# -- facts: powers of an inequality whose larger side is a product --------------------------------------

w, e = (sp.Symbol(name, positive=True) for name in "we")
_inner, _outer = at_least(w * x**e, y), at_least(w**s * x ** (e * s), y**s)


def _power(name: str, title: str, premise: Any, conclusion: Any, use: Use) -> Statement:
    return Statement(
        id=name,
        title=title,
        relation=Relation.AT_LEAST,
        left=conclusion.left,
        right=conclusion.right,
        given=(premise,),
        reference="monotonicity of powers",
        proof=combine(use),
        near_misses=(NearMiss("no order is given", given=()),),
    )


POWERS = _power(
    "decay-threshold-powers",
    "A power of both sides",
    _inner,
    _outer,
    Use(POWER, where={x: w * x**e}, given=(combine(Use(_inner)),)),
)
ROOTS = _power(
    "decay-threshold-roots",
    "A root of both sides",
    _outer,
    _inner,
    Use(POWER, where={x: w**s * x ** (e * s), y: y**s, s: 1 / s}, given=(combine(Use(_outer)),)),
)

# -- decays --------------------------------------------------------------------------------------------

DECAYS = sy.gamma_u * sp.Product(gamma[j], (j, 1, D))
Q = ISOTROPIC.q.xreplace({sy.gamma_bar: MEAN_DECAY})

#: q^{D+1} is the product of the decays over this.
_unit = V ** (2 * D) / ISOTROPIC.scale ** (D - 1)


def _decays_are(value: Any) -> tuple[tuple[Any, Any], ...]:
    """γ_u for which the product of the decays is ``value``."""
    return ((sy.gamma_u, value / sp.Product(gamma[j], (j, 1, D))),)


def _in_decays(name: str, title: str, threshold: Threshold, other: Threshold, prose: str) -> Statement:
    """q is at most that of the threshold iff the product of the decays is."""
    weak = sp.Ge(threshold.q, Q, evaluate=False)
    few = sp.Ge(threshold.decay_product, DECAYS, evaluate=False)
    places = {w: sp.factor(1 - threshold.share), x: threshold.share, e: EXCESS, y: Q, s: D + 1}
    between = sp.sqrt(threshold.decay_product * other.decay_product)
    return Statement(
        id=name,
        title=title,
        relation=Relation.EQUIVALENT,
        left=weak,
        right=few,
        given=(DEEP,),
        reference="a power of both sides",
        proof=BothWays(
            combine(
                Use(POWERS, times=_unit, where=places, given=(combine(Use(at_least(*weak.args))),)),
            ),
            combine(
                Use(ROOTS, where=places, given=(combine(Use(at_least(*few.args), times=1 / _unit)),)),
            ),
        ),
        domains=tuple(
            Domain(ranges=TWO_LAYERS_UP, define=_decays_are(threshold.decay_product * factor))
            for factor in (1 / (1 + V), 1 + V)
        ),
        near_misses=(
            NearMiss(
                "the other threshold",
                right=sp.Ge(other.decay_product, DECAYS, evaluate=False),
                domains=(Domain(ranges=TWO_LAYERS_UP, define=_decays_are(between)),),
            ),
        ),
        prose=prose,
    )


SPINODAL, TRANSITION = ISOTROPIC.spinodal, ISOTROPIC.transition

AT_TRANSITION = _in_decays(
    "decay-threshold",
    "The transition in terms of the decays",
    TRANSITION,
    SPINODAL,
    "The decays enter $q$ through their product. Nontrivial minima are global up to this product of all "
    "$D+1$ decays.",
)

AT_SPINODAL = _in_decays(
    "decay-threshold-spinodal",
    "The spinodal in terms of the decays",
    SPINODAL,
    TRANSITION,
    "They exist up to this one.",
)

RATIO = Statement(
    id="decay-threshold-ratio",
    title="How far the spinodal lies beyond the transition",
    left=SPINODAL.decay_product,
    right=ISOTROPIC.spinodal_over_transition * TRANSITION.decay_product,
    given=(DEEP,),
    reference="arithmetic",
    proof=combine(),
    domains=(Domain(ranges=TWO_LAYERS_UP),),
    near_misses=(NearMiss("one depth less", right=TRANSITION.decay_product * D**D / 4 ** (D - 1)),),
    prose="Their ratio depends on the depth alone.",
)

_power_of_four = sp.Integer(4) ** D

WIDER = Statement(
    id="decay-threshold-order",
    title="The spinodal lies beyond the transition",
    relation=Relation.GREATER,
    left=(D + 1) ** (D + 1),
    right=_power_of_four,
    given=(DEEP,),
    reference="the logarithm lies below its tangent",
    # ln of the ratio: (D+1) ln((D+1)/2) - (D-1) ln 2, where ln 2 = ln(4/3) + ln(3/2) ≤ 5/6.
    proof=combine(
        Use(LOGARITHM, times=_power_of_four, where={t: (D + 1) ** (D + 1) / _power_of_four}),
        Use(LOGARITHM, times=_power_of_four * (D + 1), where={t: 2 / (D + 1)}),
        Use(LOGARITHM, times=_power_of_four * (D - 1), where={t: sp.Rational(4, 3)}),
        Use(LOGARITHM, times=_power_of_four * (D - 1), where={t: sp.Rational(3, 2)}),
        plus=_power_of_four * (D - 1) / 6,
    ),
    domains=(Domain(ranges=TWO_LAYERS_UP),),
    near_misses=(
        NearMiss("one hidden layer", given=(), domains=(Domain(define=((D, sp.Integer(1)),)),)),
        NearMiss("powers of six", right=sp.Integer(6) ** D),
    ),
    prose=(
        "The ratio is 1 at depth 1, exceeds 1 at every other depth, and grows without bound: the deeper "
        "the network, the wider the range of decays with a nontrivial minimum that is not global."
    ),
)

# -- one hidden layer, and noise -----------------------------------------------------------------------

_shallow = ISOTROPIC.q.subs(D, 1)
_weak = sp.Gt(1, _shallow, evaluate=False)
_small = sp.Gt(V, sy.gamma_bar, evaluate=False)

ONE_LAYER = Statement(
    id="decay-threshold-one-layer",
    title="One hidden layer: both thresholds are one",
    relation=Relation.EQUIVALENT,
    left=_weak,
    right=_small,
    reference="algebra",
    proof=BothWays(
        combine(Use(greater(*_weak.args), times=V)),
        combine(Use(greater(*_small.args), times=1 / V)),
    ),
    near_misses=(NearMiss("noise matters", right=sp.Gt(V, rho * sy.gamma_bar, evaluate=False)),),
    prose=(
        r"At depth 1 both thresholds are $\gamma_u\gamma_1 = \lVert v\rVert^2$, whatever the eigenvalue "
        "and the noise, as was found above for all data."
    ),
)

_weak_decay = sp.Ge(TRANSITION.q, ISOTROPIC.q, evaluate=False)
_share, _rest = TRANSITION.share, sp.factor(1 - TRANSITION.share)
_per_decay = V**ISOTROPIC.exponent / ISOTROPIC.scale**EXCESS
_small_decay = sp.Ge(TRANSITION.decay, sy.gamma_bar, evaluate=False)

EQUAL = Statement(
    id="decay-threshold-equal",
    title="The transition for equal decays",
    relation=Relation.EQUIVALENT,
    left=_weak_decay,
    right=_small_decay,
    given=(DEEP,),
    conditions=(r"$\bar\gamma$ is the decay of every layer, or the geometric mean of the decays",),
    reference="the definition of $q$",
    proof=BothWays(
        combine(Use(at_least(*_weak_decay.args), times=_per_decay)),
        combine(Use(at_least(*_small_decay.args), times=1 / _per_decay)),
    ),
    near_misses=(NearMiss("the spinodal", right=sp.Ge(SPINODAL.decay, sy.gamma_bar, evaluate=False)),),
    prose="If all layers have the same decay, the transition is at this one.",
)

#: ρ at the transition, and the powers that compare it with ρ.
NOISE = (_rest * V**ISOTROPIC.exponent / sy.gamma_bar) ** (1 / EXCESS) * _share / a
_little_noise = sp.Ge(NOISE, rho, evaluate=False)
_places = {
    w: _rest * V**ISOTROPIC.exponent / sy.gamma_bar,
    x: _share,
    e: EXCESS,
    y: ISOTROPIC.scale**EXCESS,
    s: 1 / EXCESS,
}

IN_NOISE = Statement(
    id="decay-threshold-noise",
    title="The transition in terms of the noise",
    relation=Relation.EQUIVALENT,
    left=_weak_decay,
    right=_little_noise,
    given=(DEEP,),
    reference="a power of both sides",
    proof=BothWays(
        combine(
            Use(
                POWERS,
                times=1 / a,
                where=_places,
                given=(
                    combine(
                        Use(at_least(*_weak_decay.args), times=V**ISOTROPIC.exponent / sy.gamma_bar),
                    ),
                ),
            ),
        ),
        combine(
            Use(
                ROOTS,
                times=sy.gamma_bar / V**ISOTROPIC.exponent,
                where=_places,
                given=(combine(Use(at_least(*_little_noise.args), times=a)),),
            ),
        ),
    ),
    near_misses=(
        NearMiss("without the share that is left", right=sp.Ge(NOISE / _share, rho, evaluate=False)),
    ),
    prose=(
        "At two or more hidden layers noise collapses the network as well: the nontrivial minimum is "
        r"global up to this noise factor, and for $\rho$ beyond it the origin is better."
    ),
)


def draw_thresholds(axes: Any) -> None:
    """Both thresholds in equal decays as functions of the depth, a = ‖v‖ = ρ = 1."""
    import numpy as np

    depths = np.arange(2, 101)
    at_unit = {V: 1, rho: 1, a: 1}
    decays = {
        name: sp.lambdify(D, threshold.decay.subs(at_unit), "numpy")(depths.astype(float))
        for name, threshold in (("spinodal", SPINODAL), ("transition", TRANSITION))
    }
    axes.fill_between(depths, decays["transition"], decays["spinodal"], alpha=0.15, linewidth=0)
    for (name, values), style in zip(decays.items(), ("--", "-"), strict=True):
        axes.plot(depths, values, color="C0", linestyle=style, label=name)
    axes.plot(depths, 1 / depths, color="gray", linewidth=0.8, linestyle=":", label="$1/D$")
    axes.plot([1], [1], "o", color="C0", markersize=4)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("number of hidden layers $D$")
    axes.set_ylabel(r"decay $\gamma$ of every layer")
    axes.legend()


DERIVATION = Derivation(
    id="decay-threshold",
    title="Decays, noise and the thresholds",
    prose=(
        "What a practitioner sets is the decay of each layer and the noise. The thresholds are explicit "
        "in both."
    ),
    statements=(AT_TRANSITION, AT_SPINODAL, RATIO, WIDER, EQUAL, IN_NOISE, ONE_LAYER),
    figures=(
        (
            r"The two thresholds for equal decays, $a = \lVert v\rVert = \rho = 1$. Below the solid line "
            "the global minimum is nontrivial; in the shaded region a nontrivial minimum exists and is "
            "not global. At one hidden layer (dot) the two are one.",
            draw_thresholds,
        ),
    ),
)
