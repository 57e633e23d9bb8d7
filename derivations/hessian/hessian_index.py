"""How many eigenvalues of the Hessian are negative."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
    semidefinite,
    z,
)

from ..notation import EACH, LETTERS, D, a, d, gamma, i, j, lam, n, r, rho, s
from ..reduction.attainment import e
from .hessian_blocks import COMPLETE, TURN, R, blur, neuron_form

#: Directions along the point: w in the first layer, α_i in the scales of the layers above.
w, alpha = sp.IndexedBase("w", real=True), sp.IndexedBase("alpha", real=True)
IN_SCALES = (i, 1, D)
SHIFT = sp.Sum(alpha[i], IN_SCALES)
STIFFNESS = rho * a[j] / lam

#: m̂ is a unit vector, and H' = θ - 2μ with the weights m̂_j² in the mean shrinkage μ.
DIRECTION_UNIT = equal(sp.Sum(e[0, j] ** 2, EACH), 1)
SLOPE = LETTERS.exponent - 2 * sp.Sum(lam / (rho * a[j] + lam) * e[0, j] ** 2, EACH)


def point_form(direction: sp.Expr, shift: sp.Expr, own: sp.Expr) -> sp.Expr:
    """The block along the point, in units of κ; ``own`` is Σ α_i²."""
    return (
        sp.Sum((1 + STIFFNESS) * direction**2, EACH)
        + 2 * shift * sp.Sum((STIFFNESS - 1) * e[0, j] * direction, EACH)
        + 2 * own
        + shift**2 * sp.Sum((STIFFNESS - 1) * e[0, j] ** 2, EACH)
    )


FORM = point_form(w[j], SHIFT, sp.Sum(alpha[i] ** 2, IN_SCALES))
_answer = (rho * a[j] - lam) / (rho * a[j] + lam) * e[0, j]
SQUARES = sp.Sum((1 + STIFFNESS) * (w[j] + SHIFT * _answer) ** 2, EACH) + 2 * sp.Sum(
    (alpha[i] - SHIFT / D) ** 2, IN_SCALES
)
UNIT_DOMAIN = Domain(define=((e[0, j], (-1) ** j / sp.sqrt(n)),))

COMPLETED = Statement(
    id="hessian-index",
    title="The block along the point as squares",
    left=FORM,
    right=SQUARES + 2 * SLOPE * SHIFT**2,
    given=(DIRECTION_UNIT,),
    reference="completing the squares",
    proof=combine(Use(DIRECTION_UNIT, times=2 * SHIFT**2)),
    domains=(UNIT_DOMAIN,),
    prose=(
        r"In an eigenbasis of $A$ let $w$ be the direction in the first layer and $\alpha_i$ those in "
        r"the scales of the $D$ layers above, each in units of the size of its layer, and let $e_0$ be "
        r"the direction of $m$. Since $e_{0,j}^2$ are the weights of the mean shrinkage $\mu$, the "
        r"slope is $H' = \theta - 2 \sum_j \lambda e_{0,j}^2/(\rho a_j + \lambda)$. The block along the "
        r"point, in units of $\kappa$, is a sum of squares and one term with the sign of $H'$."
    ),
    near_misses=(NearMiss("the slope once", right=SQUARES + SLOPE * SHIFT**2),),
)

FALLING = Statement(
    id="hessian-index-direction",
    title="The direction in which the slope decides",
    left=point_form(-_answer, sp.Integer(1), 1 / D),
    right=2 * SLOPE,
    given=(DIRECTION_UNIT,),
    reference="the point where the squares vanish",
    proof=combine(Use(DIRECTION_UNIT, times=2)),
    domains=(UNIT_DOMAIN,),
    near_misses=(NearMiss("the slope once", right=SLOPE),),
    prose="The negative direction is the one in which all squares vanish.",
)

_features = ((r, 1, d[i - 1]), (s, 1, d[i - 1]))
R_IS_PSD = semidefinite(R[r, s], *_features)
_own = neuron_form(blur)

NEURONS = Statement(
    id="hessian-index-neurons",
    title="Differences of neurons do not lower the loss to second order",
    relation=Relation.AT_LEAST,
    left=_own,
    right=0,
    given=(R_IS_PSD,),
    reference="second moments are positive semidefinite",
    proof=combine(
        Use(R_IS_PSD, times=gamma[i] * blur, where={z[r]: w[r] + TURN * e[i - 1, r]}),
        plus=gamma[i] * sp.Sum((w[r] - TURN * e[i - 1, r]) ** 2, _features[0]),
    ),
    domains=(Domain(gram=(R,)),),
    prose="The other blocks are positive semidefinite.",
    near_misses=(NearMiss("no second moments", given=(), domains=(Domain(),)),),
)

# -- steps in words --------------------------------------------------------------------------------------

INDEX = Step(
    id="hessian-index-inertia",
    title="The index at a root is 1 where $H' < 0$ and else 0",
    text=(
        "The block along the point is a sum of squares of $d_0 + D - 1$ coordinates and $H'$ times "
        "the square of one more, and together they are coordinates: so it is positive definite where "
        "$H' > 0$, and has one negative eigenvalue where $H' < 0$. The other blocks have none."
    ),
    theorem="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(COMPLETED, FALLING, NEURONS, COMPLETE),
    conditions=("all decays are positive", "$v \\ne 0$"),
)

DERIVATION = Derivation(
    id="hessian-index",
    title="The index",
    prose=(
        r"The Hessian at a root has one negative eigenvalue where $\varphi$ crosses $\tau$ downwards, "
        r"where $H' < 0$, and none elsewhere, at any widths, decays and noises."
    ),
    statements=(COMPLETED, FALLING, NEURONS),
    steps=(INDEX,),
)
