"""Isotropic data: the scalar equation and everything that follows from its solution."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import isotropic
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    equal,
)

from ..inequalities import SAME_POWER, s, x, y
from ..notation import LETTERS, V_SQUARED, D, a, in_eigenbasis, j, lam, rho
from ..ridge.effective_ridge import TAU

ISOTROPIC = isotropic()
zeta, q, V = sy.zeta, sy.q, sy.v_norm
t, theta = ISOTROPIC.exponent, LETTERS.exponent


def isotropic_data(expression: Any) -> Any:
    """A formula of the reduction for A = aI and λ = ρaζ."""
    return in_eigenbasis(expression).xreplace({a[j]: sy.a0, lam: ISOTROPIC.ridge})


NORM_V = equal(V**2, V_SQUARED)
Q_IS = equal(q, ISOTROPIC.q)
ROOT = equal(*ISOTROPIC.equation.args)
_norm = (V, sp.sqrt(V_SQUARED))

#: γ̄ for which a given ζ is a solution.
_decay = (sy.gamma_bar, zeta * (1 + zeta) ** -t * V**t / ISOTROPIC.scale**ISOTROPIC.map_exponent)
AT_ROOT = Domain(define=(_norm, _decay, (q, ISOTROPIC.q)))
_characteristic = sp.Eq(isotropic_data(LETTERS.characteristic), TAU, evaluate=False)

#: ζ = q(1 + ζ)^t to the power θ = 2/t, and the equation itself, as facts about positive numbers.
_rate = ISOTROPIC.scale ** (theta - 2) * V**2 / (1 + zeta) ** 2
_right = ISOTROPIC.q * (1 + zeta) ** t

EQUATION = Statement(
    id="isotropic-equation",
    title="Isotropic data: an equation with one parameter",
    relation=Relation.EQUIVALENT,
    left=_characteristic,
    right=ISOTROPIC.equation,
    given=(NORM_V, Q_IS),
    conditions=(r"$A = a I$, $\lambda = \rho a \zeta$ and $v \ne 0$",),
    reference=r"the scalar equation $\varphi(\lambda) = \tau$",
    proof=BothWays(
        combine(
            Use(
                SAME_POWER,
                where={x: zeta, y: _right, s: theta},
                given=(
                    combine(
                        Use(equal(*_characteristic.args), times=1 / _rate),
                        Use(NORM_V, times=zeta**theta / V**2),
                    ),
                ),
            ),
            Use(Q_IS, times=-((1 + zeta) ** t)),
        ),
        combine(
            Use(
                SAME_POWER,
                times=_rate,
                where={x: zeta**theta, y: _right**theta, s: 1 / theta},
                given=(combine(Use(ROOT), Use(Q_IS, times=(1 + zeta) ** t)),),
            ),
            Use(NORM_V, times=-(zeta**theta) * _rate / V**2),
        ),
    ),
    domains=(Domain(define=(_norm, (q, ISOTROPIC.q))), AT_ROOT),
    near_misses=(
        NearMiss(
            "the exponent of infinite depth",
            right=sp.Eq(zeta, q * (1 + zeta) ** 2, evaluate=False),
        ),
        NearMiss(
            "q without the eigenvalue",
            given=(NORM_V, equal(q, sy.gamma_bar / V**t)),
            domains=(Domain(define=(_norm, _decay, (q, sy.gamma_bar / V**t))),),
        ),
    ),
    prose=(
        r"All decays, widths and noise, the eigenvalue $a$ and the norm of $v$ enter through one number, "
        r"the dimensionless decay $q$. The ridge is measured by $\zeta = \lambda/(\rho a)$."
    ),
)

NORM = Statement(
    id="isotropic-norm",
    title="The norm of the end-to-end map",
    left=isotropic_data(LETTERS.norm_squared),
    right=ISOTROPIC.norm**2,
    given=(NORM_V,),
    conditions=(r"$A = a I$ and $\lambda = \rho a \zeta$",),
    reference=r"$m = (\rho A + \lambda I)^{-1} v$",
    proof=combine(Use(NORM_V, times=-1 / (ISOTROPIC.scale * (1 + zeta)) ** 2)),
    domains=(Domain(define=(_norm,)),),
    near_misses=(NearMiss("no ridge", right=(V / ISOTROPIC.scale) ** 2),),
    prose=(
        r"The solution is $m = v/(\rho a (1 + \zeta))$: the least-squares map, shrunk by the noise and by "
        r"the decay."
    ),
)

#: γ̄‖m‖^{2/(D+1)}, one layer's share of the penalty.
LAYER_DECAY = LETTERS.penalty(ISOTROPIC.norm) / (D + 1)
_weight = V**2 / (ISOTROPIC.scale * (1 + zeta) ** 2)

DECAY = Statement(
    id="isotropic-layer-decay",
    title="The decay term that every layer carries",
    left=LAYER_DECAY,
    right=ISOTROPIC.layer_decay,
    given=(Q_IS, ROOT),
    reference=r"$\kappa = \lambda \lVert m\rVert^2$",
    proof=combine(Use(ROOT, times=-_weight), Use(Q_IS, times=-_weight * (1 + zeta) ** t)),
    domains=(AT_ROOT,),
    near_misses=(
        NearMiss("ζ is not a root", given=(Q_IS,), domains=(Domain(define=((q, ISOTROPIC.q),)),)),
        NearMiss("the square is missing", right=ISOTROPIC.layer_decay * (1 + zeta)),
    ),
    prose=r"At a solution, $\kappa = \bar\gamma \lVert m\rVert^{2/(D+1)}$ is a function of $\zeta$ alone.",
)

LOSS = Statement(
    id="isotropic-loss",
    title="The loss at a stationary point",
    left=LETTERS.loss(sy.a0 * ISOTROPIC.norm**2, V * ISOTROPIC.norm, ISOTROPIC.norm),
    right=ISOTROPIC.value,
    given=(Q_IS, ROOT),
    reference=r"$F(m)$ at $m = v/(\rho a (1 + \zeta))$",
    proof=combine(Use(DECAY, times=D + 1)),
    domains=(AT_ROOT,),
    near_misses=(
        NearMiss("ζ is not a root", given=(Q_IS,), domains=(Domain(define=((q, ISOTROPIC.q),)),)),
        NearMiss("D for D - 1", right=ISOTROPIC.value + V**2 / ISOTROPIC.scale * zeta / (1 + zeta) ** 2),
    ),
    prose=r"The loss is below that of the origin, $c$, exactly when $(D - 1) \zeta < 1$.",
)

VARIANCE = Statement(
    id="isotropic-variance",
    title="The mean variance of the prediction",
    left=isotropic_data(LETTERS.prediction_variance),
    right=ISOTROPIC.prediction_variance,
    given=(NORM_V,),
    conditions=(r"$A = a I$ and $\lambda = \rho a \zeta$",),
    reference=r"$(\rho - 1) m^{\top} A m$",
    proof=combine(Use(NORM_V, times=-(rho - 1) * sy.a0 / (ISOTROPIC.scale * (1 + zeta)) ** 2)),
    domains=(Domain(define=(_norm,)),),
    near_misses=(NearMiss("ρ for ρ - 1", right=rho * sy.a0 * ISOTROPIC.norm**2),),
)

DERIVATION = Derivation(
    id="isotropic-equation",
    title="Isotropic data",
    prose=(
        "When all eigenvalues of $A$ are equal, as for a single feature and for whitened features, the "
        "scalar equation becomes so simple that it can be solved in closed form at every depth."
    ),
    statements=(EQUATION, NORM, DECAY, LOSS, VARIANCE),
)
