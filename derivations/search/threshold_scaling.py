"""Noise acts as decay does: it enters the reduced problem, and so all thresholds, through one product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.reduction import with_moments
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
from ..notation import EACH, LETTERS, M_LINEAR, M_QUADRATIC, D, a, in_eigenbasis, j, lam, rho, tau, v
from ..ridge.dual import SAME_INFIMUM

N = sy.m_norm

#: The problem without noise whose decays have ρ^{D-1} times the product.
NOISELESS = replace(
    LETTERS,
    noise_factor=sp.S.One,
    mean_decay=rho ** ((D - 1) / (D + 1)) * LETTERS.mean_decay,
    decay_level=rho ** ((D - 1) / D) * tau,
)


def at_scaled_ridge(formula: Any) -> Any:
    """A formula of the reduction at the ridge ρλ."""
    return in_eigenbasis(formula).xreplace({lam: rho * lam})


def without_noise(formula: Any) -> Any:
    """A formula of the reduction with the moments of ρ = 1, at the ridge λ."""
    return with_moments(formula, lambda order: sp.Sum(v[j] ** 2 / (a[j] + lam) ** order, EACH))


LOSS = Statement(
    id="threshold-scaling-loss",
    title="Noise multiplies the product of the decays",
    left=LETTERS.loss(M_QUADRATIC / rho**2, M_LINEAR / rho, N / rho),
    right=sy.c + (NOISELESS.loss(M_QUADRATIC, M_LINEAR, N) - sy.c) / rho,
    reference="powers",
    proof=combine(),
    near_misses=(
        NearMiss(
            "the decays stay", right=sy.c + (LETTERS.loss(M_QUADRATIC / rho, M_LINEAR, N) - sy.c) / rho
        ),
    ),
    prose=(
        r"The reduced loss with noise at $m/\rho$ is that of a network without noise at $m$, up to a "
        r"factor and a constant. That network has the mean decay $\rho^{(D-1)/(D+1)}\bar\gamma$, and the "
        r"product of its decays is $\rho^{D-1}\gamma_u\prod_i\gamma_i$."
    ),
)

#: φ, and what τ must not exceed for G to be at most c.
SPINODAL_CURVE = LETTERS.characteristic
TRANSITION_CURVE = lam ** (1 / D) * LETTERS.alignment / D

VALUE = Statement(
    id="threshold-scaling-dual",
    title="So do the values at the ridges",
    left=at_scaled_ridge(LETTERS.dual),
    right=sy.c + (without_noise(NOISELESS.dual) - sy.c) / rho,
    reference="powers",
    proof=combine(),
    near_misses=(NearMiss("the ridge stays", left=in_eigenbasis(LETTERS.dual)),),
    prose=r"Its ridges are those of the network with noise over $\rho$, with values to match.",
)


def scales(name: str, title: str, curve: Any, prose: str) -> Statement:
    """A curve whose maximum is a threshold of τ, at the ridge ρλ and without noise at λ."""
    return Statement(
        id=name,
        title=title,
        left=at_scaled_ridge(curve),
        right=rho ** (-(D - 1) / D) * without_noise(curve),
        reference="powers",
        proof=combine(),
        near_misses=(NearMiss("the noise drops out", right=without_noise(curve)),),
        prose=prose,
    )


SPINODAL_SCALES = scales(
    "threshold-scaling-spinodal-curve",
    "The curve of the spinodal scales",
    SPINODAL_CURVE,
    r"The maximum of $\varphi$ is the largest $\tau$ with a root.",
)

TRANSITION_SCALES = scales(
    "threshold-scaling-transition-curve",
    "The curve of the transition scales",
    TRANSITION_CURVE,
    (
        r"One of them is as good as the origin as long as $\tau$ is at most the maximum of "
        r"$\lambda^{1/D}R_1/D$, for then $G(\lambda) - c = D\tau\lambda^{-1/D} - R_1 \le 0$ somewhere."
    ),
)


def product(name: str, title: str, curve: Any, prose: str) -> Statement:
    """τ below the curve means that ρ^{D-1} τ^D is below the D-th power of the curve without noise."""
    factor = rho ** ((D - 1) / D)
    below, positive = at_least(at_scaled_ridge(curve), tau), greater(without_noise(curve), 0)
    return Statement(
        id=name,
        title=title,
        relation=Relation.AT_LEAST,
        left=without_noise(curve) ** D,
        right=rho ** (D - 1) * tau**D,
        given=(below, positive),
        conditions=(r"$v \ne 0$",),
        reference="monotonicity of powers",
        proof=combine(
            Use(
                POWER,
                where={x: without_noise(curve), y: factor * tau, s: D},
                given=(combine(Use(below, times=factor)),),
            )
        ),
        domains=(Domain(define=((tau, at_scaled_ridge(curve)),)),),
        near_misses=(
            NearMiss("one more power of the noise", right=rho**D * tau**D),
            NearMiss("above the curve", given=(positive,), domains=(Domain(),)),
        ),
        prose=prose,
    )


SPINODAL = product(
    "threshold-scaling-spinodal",
    "The noise enters the spinodal through one product",
    SPINODAL_CURVE,
    "",
)

TRANSITION = product(
    "threshold-scaling",
    "The noise enters the transition through one product",
    TRANSITION_CURVE,
    "",
)

# -- steps in words --------------------------------------------------------------------------------------

ONE_PRODUCT = Step(
    id="threshold-scaling-product",
    title="Noise and decays enter both thresholds through one product",
    text=(
        r"For $D \ge 2$ both curves are continuous and tend to 0 at both ends, so each has a maximum "
        r"and takes all values below it: a stationary point $m \ne 0$ exists exactly if $\tau$ is at "
        r"most the maximum of $\varphi$, and one as good as the origin exactly if $\tau$ is at most "
        r"that of the other curve. Both maxima are $\rho^{-(D-1)/D}$ times those without noise. So "
        r"noise, widths and decays enter only through $\rho^{D-1}\tau^D = "
        r"\rho^{D-1}\gamma_u\prod_i\gamma_i$."
    ),
    theorem="the extreme and the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 4.16 and 4.23",
    rests_on=(VALUE, SPINODAL_SCALES, TRANSITION_SCALES, SPINODAL, TRANSITION, SAME_INFIMUM),
    conditions=(r"$D \ge 2$", "$v \\ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="threshold-scaling",
    title="Noise acts as decay does",
    prose=(
        "Noise in the hidden layers shifts the thresholds in the decays, and how far does not depend on "
        "the data."
    ),
    statements=(LOSS, VALUE, SPINODAL_SCALES, TRANSITION_SCALES, SPINODAL, TRANSITION),
    steps=(ONE_PRODUCT,),
)
