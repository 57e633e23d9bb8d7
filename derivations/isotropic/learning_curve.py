"""How one hidden layer learns under weight decay, as a function of time."""

from symderive.formulas.one_layer import LearningCurve, start, time

from ..inequalities import tangent
from ..notation import *
from .basin_balanced import IMBALANCE, KEPT, LINE, first, others, second
from .spinodal import ISOTROPIC, V

CURVE = LearningCurve(V, gamma_bar, ISOTROPIC.scale)

#: The loss of two layers of rank one along v, and how fast the product of their norms moves.
TWO_LAYERS = LINE.xreplace({others: Integer(1)})
_rate = -second * Derivative(TWO_LAYERS, first) - first * Derivative(TWO_LAYERS, second)
EVEN = equal(first, second)

VELOCITY = theorem(
    "learning-curve-velocity",
    "One hidden layer: the equation of motion of the map",
    equal(_rate, CURVE.velocity(first * second)),
    given=(EVEN, "there is one hidden layer, and its norm is that of the output weights"),
    reference="differentiation",
    proof=differentiate(2 * (first - second) * (V - ISOTROPIC.scale * first * second) * EVEN),
    misses={"half the rate": right(CURVE.velocity(first * second) / 2), "other norms": without(EVEN)},
)

_decayed = exp(-CURVE.rate * time)
DEFINED, LEARNS = different(CURVE.denominator(), 0), greater(V, gamma_bar)

POSITIVE = theorem(
    "learning-curve-defined",
    "The curve is defined at all times",
    greater(CURVE.denominator(), 0),
    given=(LEARNS,),
    reference="the logarithm lies below its tangent",
    proof=_decayed * tangent(exp(CURVE.rate * time))
    + 4 * time * _decayed * LEARNS
    + _decayed / (ISOTROPIC.scale * start) * LEARNS,
    misses={"strong decay": without(LEARNS)},
)

SOLVES = theorem(
    "learning-curve",
    "The learning curve with decay is a logistic function",
    equal(Derivative(CURVE.value(), time), CURVE.velocity(CURVE.value())),
    given=(DEFINED,),
    reference="separation of variables",
    proof=differentiate(),
    misses={"half the rate": right(CURVE.velocity(CURVE.value()) / 2)},
    display=Display(
        r"\frac{\partial \chi(\vartheta)}{\partial \vartheta}"
        r" = 4 \chi(\vartheta) (\lVert v \rVert - \bar{\gamma} - \rho a \chi(\vartheta))",
        given=r"1 + (\frac{\lVert v \rVert - \bar{\gamma}}{\rho a \chi_{0}} - 1) "
        r"\exp(-4 (\lVert v \rVert - \bar{\gamma}) \vartheta) \ne 0",
        setting="isotropic",
    ),
    prose=r"""Let $\chi_0$ be the first value of the norm of the map. Then $\chi(\vartheta) =
        \chi_\infty/(1 + (\chi_\infty/\chi_0 - 1) e^{-4 (\lVert v \rVert - \bar\gamma) \vartheta})$ with
        $\chi_\infty = (\lVert v \rVert - \bar\gamma)/(\rho a)$ is the norm at the time $\vartheta$.""",
)

ENDS = theorem(
    "learning-curve-limit",
    "It ends at the norm of the minimum",
    equal((ISOTROPIC.scale + gamma_bar / CURVE.limit) * CURVE.limit, V),
    given=(LEARNS,),
    reference="the ridge equation",
    proof=exact_algebra,
    misses={"without decay": left(ISOTROPIC.scale * CURVE.limit)},
    prose=r"""The limit $\chi_\infty$ is the norm of the ridge solution: its ridge is $\lambda =
        \bar\gamma/\chi_\infty$.""",
)

WHOLE = in_words(
    "learning-curve-network",
    "Gradient flow of one hidden layer follows the curve",
    r"""From balanced weights of rank one along $v$ gradient flow keeps this form, and the norm of the
        map moves by its equation of motion, which the curve solves; at $\vartheta = 0$ it is $\chi_0$.
        Solutions are unique. For $\lVert v \rVert > \bar\gamma$ the curve tends to $\chi_\infty$ like
        $e^{-4 (\lVert v \rVert - \bar\gamma) \vartheta}$, and weights of this form that are not
        balanced become so like $e^{-4 \bar\gamma \vartheta}$.""",
    by="the theorem of Picard and Lindelöf",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems, theorem 2.2",
    rests_on=(KEPT, VELOCITY, POSITIVE, SOLVES, ENDS, IMBALANCE),
    conditions=(r"$D = 1$, isotropic data and equal decays $\bar\gamma < \lVert v \rVert$",),
)

DERIVATION = Derivation(
    id="learning-curve",
    title="The learning curve of one hidden layer",
    prose=r"""With one hidden layer the flow of balanced weights can be solved: $D = 1$ is where the
        equation of motion is that of logistic growth. Without decay it is known [@saxe2014]; decay
        slows the growth, lowers the limit, and for $\bar\gamma \ge \lVert v \rVert$ leaves nothing.""",
    statements=(VELOCITY, POSITIVE, SOLVES, ENDS),
    steps=(WHOLE,),
)
