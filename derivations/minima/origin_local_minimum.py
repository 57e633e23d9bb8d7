"""With two or more hidden layers the origin is always a local minimum."""

from symderive.formulas.loss import expected_loss
from symderive.symbols import decay_term, f_square, f_target

from ..inequalities import power
from ..notation import *
from ..reduction.global_minimum import GLOBAL_MINIMUM, ZERO_WEIGHTS
from ..reduction.layer_balance import STRETCHING
from ..reduction.loss import LOSS as LOSS_IN_CLOSED_FORM
from ..reduction.norm_product import NORM_PRODUCT
from .one_hidden_layer_threshold import AS_NORMS, DATA_TERM, NORM_M, NORM_V, N, V

LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, N)
DEEP = at_least(D, 2)
_power = N ** ((D - 1) / (D + 1))
NEAR = greater((D + 1) * gamma_bar, 2 * V * _power)

ORIGIN_LOCAL_MINIMUM = theorem(
    "origin-local-minimum",
    "Near the origin $F$ exceeds its value there",
    greater(LOSS, c),
    given=(NORM_V, NORM_M, NEAR, r"$v \ne 0$ and $m \ne 0$"),
    reference=f"{PAPER}, the origin of deep networks",
    proof=N ** (Integer(2) / (D + 1)) * NEAR + DATA_TERM,
    misses={"far from the origin": without(NEAR)},
    display=Display(
        "F(m) > c",
        given=(
            r"(D+1) \bar{\gamma} > 2 \lVert v \rVert \lVert m \rVert^{(D-1)/(D+1)}",
            r"v \ne 0",
            r"m \ne 0",
        ),
        at=AS_NORMS,
    ),
    prose=r"The penalty $\lVert m\rVert^{2/(D+1)}$ is steeper at the origin than the linear term.",
)

NEIGHBORHOOD = theorem(
    "origin-neighborhood",
    "The hypothesis holds near the origin",
    limit(2 * V * _power, N, 0, 0),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"one hidden layer": without(DEEP)},
)

alpha = letters("alpha", positive=True)

#: The loss on a ray α·(all weights): E f² and E f y have degree 2(D+1) and D+1.
LOSS_ON_RAY = expected_loss(NETWORK).result.xreplace(
    {
        f_square: f_square * alpha ** (2 * (D + 1)),
        f_target: f_target * alpha ** (D + 1),
        decay_term: decay_term * alpha**2,
    }
)

ORIGIN_HESSIAN = theorem(
    "origin-hessian",
    "Along every ray the loss at the origin bends as the decay",
    limit((LOSS_ON_RAY - c) / alpha**2, alpha, 0, decay_term),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"one hidden layer": without(DEEP)},
    prose=r"In the weights themselves the data term is of order $D + 1 \ge 3$.",
)

#: A ball in which the hypothesis holds.
RADIUS = ((D + 1) * gamma_bar / (4 * V)) ** ((D + 1) / (D - 1))
WITHIN = at_least(RADIUS, N)

AT_RADIUS = theorem(
    "origin-radius",
    "The hypothesis holds within an explicit radius",
    greater((D + 1) * gamma_bar, 2 * V * _power),
    given=(DEEP, WITHIN),
    reference="monotonicity of powers",
    proof=2 * V * power(RADIUS, N, (D - 1) / (D + 1)).because(WITHIN)
    + nonnegative((D + 1) * gamma_bar / 2),
    misses={"any distance": without(WITHIN)},
    prose="The radius is positive, so this is a neighborhood of 0.",
)

WITHIN_BALL = theorem(
    "origin-ball",
    "In an explicit ball around the origin $F$ exceeds its value there",
    greater(LOSS, c),
    given=(NORM_V, NORM_M, DEEP, WITHIN),
    reference=f"{PAPER}, the origin of deep networks",
    proof=ORIGIN_LOCAL_MINIMUM.because(None, None, AT_RADIUS),
    misses={"any distance": without(WITHIN)},
    display=Display(
        "F(m) > c",
        given=(
            r"D \ge 2",
            r"\lVert m \rVert \le ((D+1) \bar{\gamma} / (4 \lVert v \rVert))^{(D+1)/(D-1)}",
            r"v \ne 0",
            r"m \ne 0",
        ),
        at=AS_NORMS,
    ),
)

NO_SIGNAL = theorem(
    "origin-no-signal",
    "Without signal every map but 0 costs more than $c$",
    greater(LETTERS.loss(M_QUADRATIC, Integer(0), N), c),
    given=("$v = 0$, so that $m^{\\top} v = 0$, and $m \\ne 0$",),
    reference="the penalty is positive",
    proof=nonnegative(rho * M_QUADRATIC, LETTERS.penalty(N)),
    misses={"a signal": left(LOSS)},
)

OF_WEIGHTS = in_words(
    "origin-of-weights",
    "The origin is a strict local minimum of the loss of all weights",
    """The map of the weights is a polynomial in them that vanishes at 0, so weights near 0 have a map
        within the radius. If it is not 0, the loss is at least $F(m)$, which exceeds $c$. If it is 0 and
        the weights are not, the loss exceeds $c$ by their decay at least. At the weights 0 it is $c$.""",
    by="the continuity of polynomials",
    reference="any course of analysis",
    rests_on=(ORIGIN_LOCAL_MINIMUM, AT_RADIUS, NO_SIGNAL, GLOBAL_MINIMUM, NORM_PRODUCT, ZERO_WEIGHTS),
    conditions=("all decays are positive", "the weights $W$, $U$ are near 0 and not 0"),
    display=Display("L(W, U) > L(0, 0) = c", given=r"D \ge 2"),
)

AS_HESSIAN = in_words(
    "origin-hessian-matrix",
    "The Hessian at the origin is diagonal",
    r"""The loss is a polynomial in the weights. Where all of them are multiplied by $\alpha$, the second
        moment $U M_D U^{\top}$ of the prediction is multiplied by $\alpha^{2(D+1)}$, layer by layer, and
        $U T_D v$ by $\alpha^{D+1}$, so that the limit on a ray is that of the loss. It is the value of the
        terms of second order, a quadratic form, which is known from its values on all rays: it is $\gamma_u
        \lVert U\rVert^2 + \sum_i \gamma_i \lVert W_i\rVert_F^2$. The Hessian is the matrix of twice this
        form: diagonal, with twice the decays as entries.""",
    by="the polarization identity",
    reference="any course of linear algebra",
    rests_on=(ORIGIN_HESSIAN, STRETCHING, LOSS_IN_CLOSED_FORM),
    conditions=(r"$D \ge 2$",),
    display=Display(
        r"\nabla^{2} L(0, 0) \cong \bigoplus_{i=1}^{D} 2 \gamma_{i} I \oplus 2 \gamma_{u} I",
        given=r"D \ge 2",
    ),
)

DERIVATION = Derivation(
    id="origin-local-minimum",
    title="Two or more hidden layers: the origin",
    prose="""With more than one hidden layer the origin attracts, whatever the data and however small
        the decay [@ziyin2022, @ueda2022].""",
    statements=(ORIGIN_LOCAL_MINIMUM, NEIGHBORHOOD, ORIGIN_HESSIAN, AT_RADIUS, WITHIN_BALL, NO_SIGNAL),
    steps=(OF_WEIGHTS, AS_HESSIAN),
)
