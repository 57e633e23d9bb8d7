"""How many eigenvalues of the Hessian are negative."""

from ..notation import *
from ..reduction.attainment import e
from .hessian_blocks import BOTH, COMPLETE, NEURON_FORM, PLUS, TURNED, R, blur

#: Directions along the point: w in the first layer, α_i in the scales of the layers above.
w, alpha = families("w alpha")
IN_SCALES = (i, 1, D)
SHIFT = Sum(alpha[i], IN_SCALES)
STIFFNESS = rho * a[j] / lam

#: m̂ is a unit vector, and H' = θ - 2μ with the weights m̂_j² in the mean shrinkage μ.
DIRECTION_UNIT = equal(norm2(e[0, j]), 1)
SLOPE = LETTERS.exponent - 2 * Sum(lam / (rho * a[j] + lam) * e[0, j] ** 2, EACH)


def point_form(direction: Expr, shift: Expr, own: Expr) -> Expr:
    """The block along the point, in units of κ; ``own`` is Σ α_i²."""
    return (
        Sum((1 + STIFFNESS) * direction**2, EACH)
        + 2 * shift * Sum((STIFFNESS - 1) * e[0, j] * direction, EACH)
        + 2 * own
        + shift**2 * Sum((STIFFNESS - 1) * e[0, j] ** 2, EACH)
    )


FORM = point_form(w[j], SHIFT, norm2(alpha[i], IN_SCALES))
_answer = (rho * a[j] - lam) / (rho * a[j] + lam) * e[0, j]
_first_layer = Sum((1 + STIFFNESS) * (w[j] + SHIFT * _answer) ** 2, EACH)
SQUARES = _first_layer + 2 * norm2(alpha[i] - SHIFT / D, IN_SCALES)
DIRECTION = {e[0, j]: (-1) ** j / sqrt(n)}

COMPLETED = theorem(
    "hessian-index",
    "The block along the point as squares",
    equal(FORM, SQUARES + 2 * SLOPE * SHIFT**2),
    given=(DIRECTION_UNIT,),
    reference="completing the squares",
    proof=2 * SHIFT**2 * DIRECTION_UNIT,
    misses={"the slope once": right(SQUARES + SLOPE * SHIFT**2)},
    display=Display(
        r"\xi^{\top} (I + R) \xi + 2 s e_{0}^{\top} (R - I) \xi + 2 \lVert \psi \rVert^{2} "
        r"+ s^{2} e_{0}^{\top} (R - I) e_{0} = (\xi')^{\top} (I + R) \xi' "
        r"+ 2 \lVert \psi - \frac{s}{D} \mathbf{1} \rVert^{2} "
        r"+ 2 \Bigl(\frac{D + 1}{D} - 2 \lambda e_{0}^{\top} (\rho A + \lambda I)^{-1} e_{0}\Bigr) s^{2}",
        where=(
            r"s = \mathbf{1}^{\top} \psi",
            r"\xi' = \xi + s (\rho A + \lambda I)^{-1} (\rho A - \lambda I) e_{0}",
        ),
        given=r"\lVert e_{0} \rVert^{2} = 1",
        setting="along the point",
    ),
    prose=r"""In an eigenbasis of $A$ let $w$ be the direction in the first layer and $\alpha_i$ those
        in the scales of the $D$ layers above, each in units of the size of its layer, and let $e_0$ be the
        direction of $m$. Since $e_{0,j}^2$ are the weights of the mean shrinkage $\mu$, the slope is $H' =
        \theta - 2 \sum_j \lambda e_{0,j}^2/(\rho a_j + \lambda)$. The block along the point, in units of
        $\kappa$, is a sum of squares and one term with the sign of $H'$.""",
)

FALLING = theorem(
    "hessian-index-direction",
    "The direction in which the slope decides",
    equal(point_form(-_answer, Integer(1), 1 / D), 2 * SLOPE),
    given=(DIRECTION_UNIT,),
    reference="the point where the squares vanish",
    proof=2 * DIRECTION_UNIT,
    misses={"the slope once": right(SLOPE)},
    prose="The negative direction is the one in which all squares vanish.",
)

R_IS_PSD = semidefinite(R[r, s], *BOTH)

NEURONS = theorem(
    "hessian-index-neurons",
    "Differences of neurons do not lower the loss to second order",
    at_least(NEURON_FORM, 0),
    given=(R_IS_PSD,),
    reference="second moments are positive semidefinite",
    proof=nonnegative(gamma[i] * TURNED) + gamma[i] * blur * R_IS_PSD.at({z[r]: PLUS[r]}),
    misses={"no second moments": without(R_IS_PSD)},
    display=Display(
        r"\gamma_{i} (\lVert \xi - \omega e_{i-1} \rVert^{2} "
        r"+ \nu_{i} (\xi + \omega e_{i-1})^{\top} R_{i} (\xi + \omega e_{i-1})) \ge 0",
        where=r"\omega = \psi \beta_{i} / \beta_{i+1}",
        given=r"R_{i} \succeq 0",
        setting="between neurons",
    ),
    prose="The other blocks are positive semidefinite.",
)

INERTIA = in_words(
    "hessian-index-inertia",
    "The index at a root is 1 where $H' < 0$ and else 0",
    """The block along the point is a sum of squares of $d_0 + D - 1$ coordinates and $H'$ times the square
        of one more, and together they are coordinates: so it is positive definite where $H' > 0$, and has
        one negative eigenvalue where $H' < 0$. The other blocks have none.""",
    by="Sylvester's law of inertia",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.5.8",
    rests_on=(COMPLETED, FALLING, NEURONS, COMPLETE),
    conditions=("all decays are positive", r"$v \ne 0$"),
)

DERIVATION = Derivation(
    id="hessian-index",
    title="The index",
    prose=r"""The Hessian at a root has one negative eigenvalue where $\varphi$ crosses $\tau$
        downwards, where $H' < 0$, and none elsewhere, at any widths, decays and noises.""",
    statements=(COMPLETED, FALLING, NEURONS),
    steps=(INERTIA,),
)
