"""How many eigenvalues of the Hessian are 0."""

from ..notation import *
from ..reduction.attainment import e
from .hessian_blocks import BOTH, COMPLETE, MINUS, NEURON_FORM, PLUS, SYMMETRIC, TURN, TURNED, R, blur
from .hessian_differences import INPUT, w
from .hessian_index import COMPLETED, DIRECTION, DIRECTION_UNIT, FORM, R_IS_PSD, SHIFT, SLOPE, SQUARES

#: χ, and what R makes of w on the way from m̂.
ALIGNMENT = Sum(R[r, s] * e[i - 1, r] * e[i - 1, s], *BOTH)
_away = Sum(R[r, s] * e[i - 1, r] * PLUS[s], *BOTH)
ROTATED = equal(w[r], TURN * e[i - 1, r], INPUT)
_bent = gamma[i] * blur * R[r, s]

ROTATION = theorem(
    "hessian-nullity-rotation",
    "The curvature of a rotation of two neurons",
    equal(NEURON_FORM, 4 * gamma[i] * blur * TURN**2 * ALIGNMENT),
    given=(ROTATED,),
    reference="the first square vanishes",
    proof=(gamma[i] * MINUS[r] * ROTATED).sum(INPUT)
    + (_bent * PLUS[s] * ROTATED).sum(*BOTH)
    + (2 * _bent * TURN * e[i - 1, r] * ROTATED.at({r: s})).sum(*BOTH),
    misses={"half as much": right(2 * gamma[i] * blur * TURN**2 * ALIGNMENT)},
    prose=r"""For a difference of neurons the first square vanishes where $w = \alpha\beta_i/\beta_{i+1}\,
        e_{i-1}$. This turns the neurons of layer $i$ among themselves. What it costs is due to the noise.
        """,
)

ALIGNED = greater(ALIGNMENT, 0)
_second = blur * _away**2 / ALIGNMENT

STIFF = theorem(
    "hessian-nullity-neurons",
    "The form of a difference of neurons is at least two squares",
    at_least(NEURON_FORM, gamma[i] * (TURNED + _second)),
    given=(R_IS_PSD, SYMMETRIC, ALIGNED),
    reference=r"Cauchy–Schwarz for the inner product of $R$",
    proof=gamma[i] * blur * R_IS_PSD.at({z[r]: PLUS[r] - _away / ALIGNMENT * e[i - 1, r]})
    + (gamma[i] * blur * _away / ALIGNMENT * PLUS[r] * e[i - 1, s] * SYMMETRIC).sum(*BOTH),
    misses={"twice the second square": right(gamma[i] * (TURNED + 2 * _second))},
    prose=r"""With noise in the layer $e_{i-1}^{\top} R\, e_{i-1} = \chi > 0$, because $v \ne 0$ lies
        in the range of $A$. If the first square is zero, the second is that of
        $2\chi\alpha\beta_i/\beta_{i+1}$.""",
)

FLAT = equal(SLOPE, 0)

NULLITY = theorem(
    "hessian-nullity",
    "At a double root the block along the point is its squares",
    equal(FORM, SQUARES),
    given=(DIRECTION_UNIT, FLAT),
    reference="the completed squares",
    proof=COMPLETED + 2 * SHIFT**2 * FLAT,
    test=Domain(define=DIRECTION | {a[j]: lam * (D - 1) / (rho * (D + 1))}),
    misses={"a simple root": without(FLAT)},
)

COUNTED = in_words(
    "hessian-nullity-count",
    "The nullity is that of rotations, and 1 more if $H' = 0$",
    """Along the point the form is positive definite in the coordinates of its squares, which are all but
        one, so that its block is singular exactly if $H' = 0$, on a line. A difference of neurons is flat
        where both squares vanish: never with noise, and without noise for one direction of each of the $d_i
        - 1$ differences, a rotation of the layer.""",
    by="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(ROTATION, STIFF, NULLITY, COMPLETED, COMPLETE),
    conditions=("all decays are positive", r"$v \ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="hessian-nullity",
    title="Flat directions",
    prose=r"""The nullity of the Hessian at a root is the sum of $d_i - 1$ over the layers without
        noise, and one more if $H' = 0$: the point is as degenerate as its symmetry and the equation for
        $\lambda$ demand. For one number in every layer all global minima have one spectrum
        [@kamber2026].""",
    statements=(ROTATION, STIFF, NULLITY),
    steps=(COUNTED,),
)
