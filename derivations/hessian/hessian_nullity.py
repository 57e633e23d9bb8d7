"""How many eigenvalues of the Hessian are 0."""

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
    greater,
    z,
)

from ..notation import D, a, gamma, i, j, lam, r, rho, s
from ..reduction.attainment import e
from .hessian_blocks import COMPLETE, SYMMETRIC, TURN, R, blur, neuron_form
from .hessian_differences import INPUT, OTHER, w
from .hessian_index import COMPLETED, DIRECTION_UNIT, FORM, R_IS_PSD, SHIFT, SLOPE, SQUARES, UNIT_DOMAIN

#: χ, and what R makes of w on the way from m̂.
ALIGNMENT = sp.Sum(R[r, s] * e[i - 1, r] * e[i - 1, s], INPUT, OTHER)
_away = sp.Sum(R[r, s] * e[i - 1, r] * (w[s] + TURN * e[i - 1, s]), INPUT, OTHER)
ROTATED = equal(w[r], TURN * e[i - 1, r], INPUT)

ROTATION = Statement(
    id="hessian-nullity-rotation",
    title="The curvature of a rotation of two neurons",
    left=neuron_form(blur),
    right=4 * gamma[i] * blur * TURN**2 * ALIGNMENT,
    given=(ROTATED,),
    reference="the first square vanishes",
    proof=combine(
        Use(ROTATED, times=gamma[i] * (w[r] - TURN * e[i - 1, r]), over=(INPUT,)),
        Use(
            ROTATED,
            times=gamma[i] * blur * R[r, s] * (w[s] + TURN * e[i - 1, s]),
            over=(INPUT, OTHER),
        ),
        Use(
            ROTATED,
            times=2 * gamma[i] * blur * TURN * R[r, s] * e[i - 1, r],
            where={r: s},
            over=(INPUT, OTHER),
        ),
    ),
    domains=(Domain(define=((w[r], ROTATED.right),)),),
    prose=(
        "For a difference of neurons the first square vanishes where $w = "
        r"\alpha\beta_i/\beta_{i+1}\, e_{i-1}$. This turns the neurons of layer $i$ among themselves. "
        "What it costs is due to the noise."
    ),
    near_misses=(NearMiss("half as much", right=2 * gamma[i] * blur * TURN**2 * ALIGNMENT),),
)

ALIGNED = greater(ALIGNMENT, 0)

STIFF = Statement(
    id="hessian-nullity-neurons",
    title="The form of a difference of neurons is at least two squares",
    relation=Relation.AT_LEAST,
    left=neuron_form(blur),
    right=gamma[i] * (sp.Sum((w[r] - TURN * e[i - 1, r]) ** 2, INPUT) + blur * _away**2 / ALIGNMENT),
    given=(R_IS_PSD, SYMMETRIC, ALIGNED),
    reference="Cauchy–Schwarz for the inner product of $R$",
    proof=combine(
        Use(
            R_IS_PSD,
            times=gamma[i] * blur,
            where={z[r]: w[r] + TURN * e[i - 1, r] - _away / ALIGNMENT * e[i - 1, r]},
        ),
        Use(
            SYMMETRIC,
            times=gamma[i] * blur * _away / ALIGNMENT * (w[r] + TURN * e[i - 1, r]) * e[i - 1, s],
            over=(INPUT, OTHER),
        ),
    ),
    domains=(Domain(gram=(R,)),),
    prose=(
        r"With noise in the layer $e_{i-1}^{\top} R\, e_{i-1} = \chi > 0$, because $v \ne 0$ lies in the "
        r"range of $A$. If the first square is zero, the second is that of "
        r"$2\chi\alpha\beta_i/\beta_{i+1}$."
    ),
    near_misses=(
        NearMiss(
            "twice the second square",
            right=gamma[i]
            * (sp.Sum((w[r] - TURN * e[i - 1, r]) ** 2, INPUT) + 2 * blur * _away**2 / ALIGNMENT),
        ),
    ),
)

FLAT = equal(SLOPE, 0)

NULLITY = Statement(
    id="hessian-nullity",
    title="At a double root the block along the point is its squares",
    left=FORM,
    right=SQUARES,
    given=(DIRECTION_UNIT, FLAT),
    reference="the completed squares",
    proof=combine(Use(COMPLETED), Use(FLAT, times=2 * SHIFT**2)),
    domains=(Domain(define=(*UNIT_DOMAIN.define, (a[j], lam * (D - 1) / (rho * (D + 1))))),),
    near_misses=(NearMiss("a simple root", given=(DIRECTION_UNIT,), domains=(UNIT_DOMAIN,)),),
)

# -- steps in words --------------------------------------------------------------------------------------

COUNTED = Step(
    id="hessian-nullity-count",
    title="The nullity is that of rotations, and 1 more if $H' = 0$",
    text=(
        r"Along the point the form is positive definite in the coordinates of its squares, which are all "
        r"but one, so that its block is singular exactly if $H' = 0$, on a line. A difference of neurons "
        r"is flat where both squares vanish: never with noise, and without noise for one direction of "
        r"each of the $d_i - 1$ differences, a rotation of the layer."
    ),
    theorem="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(ROTATION, STIFF, NULLITY, COMPLETED, COMPLETE),
    conditions=("all decays are positive", "$v \\ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="hessian-nullity",
    title="Flat directions",
    prose=(
        r"The nullity of the Hessian at a root is the sum of $d_i - 1$ over the layers without noise, "
        r"and one more if $H' = 0$: the point is as degenerate as its symmetry and the equation for "
        r"$\lambda$ demand."
    ),
    statements=(ROTATION, STIFF, NULLITY),
    steps=(COUNTED,),
)
