"""How the minimum responds to the decays and to the noise."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..notation import LETTERS, D, in_eigenbasis, lam, rho, tau
from ..search.search_range import SEARCH_LOWER
from .dual import SAME_INFIMUM
from .minimum_value import DUAL

#: The decay of one layer is γ_u; P is the product of the others, so that τ = (γ_u P)^{1/D}.
others = sp.Symbol("P", positive=True)
TAU = (sy.gamma_u * others) ** (1 / D)
PHI = in_eigenbasis(LETTERS.characteristic)
ROOT = equal(PHI, tau)
ROOT_OF_DECAYS = equal(PHI, TAU)
_kappa = in_eigenbasis(LETTERS.layer_decay)

STATIONARY = Statement(
    id="envelope-stationary",
    title="The dual $G$ is stationary at a root",
    left=sp.Derivative(DUAL, lam),
    right=0,
    given=(ROOT,),
    conditions=(r"$\lambda$ is a root at which the minimum is attained, and no other root ties with it",),
    reference="the envelope theorem",
    proof=Differentiate(combine(Use(ROOT, times=lam ** (-LETTERS.exponent)))),
    domains=(Domain(define=((tau, PHI),)),),
    near_misses=(NearMiss("λ is not a root", given=(), domains=(Domain(),)),),
    prose=(
        r"The minimum is $F^{*} = G(\lambda)$ at a root, so $F^{*}$ varies with a parameter as $G$ "
        r"does at fixed $\lambda$."
    ),
)

ENVELOPE = Statement(
    id="envelope",
    title="The sensitivity to the decay of a layer",
    left=sp.Derivative(DUAL.xreplace({tau: TAU}), sy.gamma_u),
    right=in_eigenbasis(LETTERS.decay_sensitivity(sy.gamma_u)),
    given=(ROOT_OF_DECAYS,),
    conditions=("$P$ is the product of the other decays",),
    reference="the envelope theorem",
    proof=Differentiate(combine(Use(ROOT_OF_DECAYS, times=-(lam ** (-1 / D)) / sy.gamma_u))),
    domains=(Domain(define=((others, PHI**D / sy.gamma_u),)),),
    near_misses=(
        NearMiss("λ is not a root", given=(), domains=(Domain(),)),
        NearMiss("all layers together", right=(D + 1) * _kappa / sy.gamma_u),
    ),
    prose=(
        r"The rate is $\kappa/\gamma_u = \lVert U\rVert^2$. All decays play the same part in $\tau$, so "
        r"for hidden layer $i$ it is $\kappa/\gamma_i = \lVert W_i\rVert^2$."
    ),
)

NOISE = Statement(
    id="envelope-noise",
    title="The sensitivity to the noise factor",
    left=sp.Derivative(DUAL, rho),
    right=in_eigenbasis(LETTERS.noise_sensitivity),
    conditions=(r"$\lambda$ is fixed",),
    reference="the envelope theorem",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=-in_eigenbasis(LETTERS.noise_sensitivity)),),
    prose="The rate is $m^{\\top} A m$.",
)

# -- a step in words -------------------------------------------------------------------------------------

DIFFERENTIABLE = Step(
    id="envelope-differentiable",
    title="The derivative of the minimum is that at fixed $\\lambda$",
    text=(
        r"$F^{*}$ is the least value of $G$ over $0 < \lambda \le \infty$, and the minimum is attained in "
        r"a compact part of this interval, the same for all parameters near by, since roots have a lower "
        r"bound. There $G$ and its derivatives with respect to the parameters are continuous. So where "
        r"only one $\lambda$ attains the minimum, $F^{*}$ is differentiable, and its derivatives are those "
        r"of $G$ with $\lambda$ held fixed."
    ),
    theorem="Danskin's theorem",
    reference="Danskin 1966, The theory of max-min, with applications",
    rests_on=(STATIONARY, ENVELOPE, NOISE, SAME_INFIMUM, SEARCH_LOWER),
    conditions=("the global minimum of $G$ is attained once",),
)

DERIVATION = Derivation(
    id="envelope",
    title="Sensitivities",
    prose=(
        "Where the global minimum is unique, its derivatives with respect to decay and noise are known "
        "in closed form."
    ),
    statements=(STATIONARY, ENVELOPE, NOISE),
    steps=(DIFFERENTIABLE,),
)
