"""Several outputs without noise: a stationary point chooses one point for each singular value."""

from symderive.formulas.isotropic import isotropic

from ..inequalities import same_power
from ..notation import *
from .several_outputs_layers import (
    COMMUTE,
    DECAY,
    EIGENVECTORS,
    GRADIENT,
    HAS_MODES,
    IMAGE,
    LAYERS,
    SIZE,
    first_decay,
)

#: The letters of the last section.
a = letters("a", positive=True)
l, p = letters("l p", integer=True, positive=True)  # noqa: E741 - as in print
P, V, B, C, e = families("P V B C e")
share, z = families("kappa z", nonnegative=True)
FEATURE, SECOND, MODE, OUTPUT = (k, 1, d[0]), (l, 1, d[0]), (p, 1, d[0]), (j, 1, d[D + 1])
PAIRS = (OUTPUT, FEATURE)
_neurons, _last, _other = (r, 1, d[1]), (r, 1, d[D]), (s, 1, d[D + 1])
_error = a * P[D, j, k] - V[j, k]
_gram = dot(P[D, j, k], P[D, j, l], OUTPUT)

#: Any matrix Y in the place of the map P of the network.
Y = families("Y")
_error_of_any = a * Y[j, k] - V[j, k]


def first_layer(entry: Expr) -> tuple[Claim, Claim]:
    """B W_1 is the map with this entry, and the first layer is stationary."""
    slope = dot(B[j, r], a * entry - V[j, k], OUTPUT) + gamma[1] * W[1, r, k]
    return equal(dot(B[j, r], W[1, r, k], _neurons), entry, *PAIRS), equal(slope, 0, _neurons, FEATURE)


def last_layer(entry: Expr) -> tuple[Claim, Claim]:
    """W_{D+1} C is the map with this entry, and the last layer is stationary."""
    slope = dot(a * entry - V[j, k], C[r, k], FEATURE) + gamma[D + 1] * W[D + 1, j, r]
    return equal(dot(W[D + 1, j, r], C[r, k], _last), entry, *PAIRS), equal(slope, 0, OUTPUT, _last)


FIRST_PRODUCT, FIRST_STATIONARY = first_layer(Y[j, k])

FIRST = theorem(
    "several-outputs-first",
    "The data seen from the inputs",
    equal(
        dot(Y[j, k], V[j, l], OUTPUT),
        a * dot(Y[j, k], Y[j, l], OUTPUT) + first_decay(k, l),
        *(FEATURE, SECOND),
    ),
    given=(FIRST_PRODUCT, FIRST_STATIONARY),
    reference="stationarity by the first layer",
    proof=-(W[1, r, k] * FIRST_STATIONARY.at({k: l})).sum(_neurons)
    + (_error_of_any.xreplace({k: l}) * FIRST_PRODUCT).sum(OUTPUT),
    misses={"the first layer is not stationary": without(FIRST_STATIONARY)},
    prose=r"""Write the map as $Y = B W_1$. Stationarity by the first layer is $B^{\top} (a Y - V) +
        \gamma_1 W_1 = 0$. Multiplied by $W_1^{\top}$ it speaks of the map alone, $Y^{\top} V = a Y^{\top} Y
        + E$.""",
)

LAST_PRODUCT, LAST_STATIONARY = last_layer(Y[j, k])
_last_decay = gamma[D + 1] * dot(W[D + 1, j, r], W[D + 1, s, r], _last)

LAST = theorem(
    "several-outputs-last",
    "The data seen from the outputs",
    equal(
        dot(V[j, k], Y[s, k], FEATURE),
        a * dot(Y[j, k], Y[s, k], FEATURE) + _last_decay,
        *(OUTPUT, _other),
    ),
    given=(LAST_PRODUCT, LAST_STATIONARY),
    reference="stationarity by the last layer",
    proof=-(W[D + 1, s, r] * LAST_STATIONARY).sum(_last)
    + (_error_of_any * LAST_PRODUCT.at({j: s})).sum(FEATURE),
    misses={"the last layer is not stationary": without(LAST_STATIONARY)},
    prose=r"""From the other end, with $Y = W_{D+1} C$, it is $V Y^{\top} = a Y Y^{\top} + \gamma_{D+1}
        W_{D+1} W_{D+1}^{\top}$.""",
)

#: Both for the map P of the network.
_AT_MAP = {Y[j, k]: P[D, j, k]}

_pulled = a * z[p] ** 2 + share[p]

INPUT = theorem(
    "several-outputs-input",
    "The data map the image of a mode back to the mode",
    equal(dot(V[j, k], IMAGE, OUTPUT), _pulled * e[p, k], MODE, FEATURE),
    given=(*SIZE.given, *first_layer(P[D, j, k])),
    reference="the data seen from the inputs, at an eigenvector",
    proof=(e[p, l] * FIRST.at({k: l, l: k} | _AT_MAP)).sum(SECOND) + a * SIZE + EIGENVECTORS,
    test=LAYERS,
    misses={"without the decay": right(a * z[p] ** 2 * e[p, k])},
    prose="The two equations at an eigenvector $e_p$ and at its image $P e_p$:",
)

OUTPUT_OF_MODE = theorem(
    "several-outputs-output",
    "The data map a mode to its image",
    equal(z[p] ** 2 * dot(V[j, k], e[p, k], FEATURE), _pulled * IMAGE, MODE, OUTPUT),
    given=(*SIZE.given, *last_layer(P[D, j, k])),
    reference="the data seen from the outputs, at the image of an eigenvector",
    proof=(_error * SIZE).sum(FEATURE)
    + (IMAGE.xreplace({j: s}) * LAST.at(_AT_MAP)).sum(_other)
    + (e[p, k] * COMMUTE).sum(FEATURE)
    + (P[D, j, k] * EIGENVECTORS).sum(FEATURE),
    test=LAYERS,
    misses={"without the decay": right(a * z[p] ** 2 * IMAGE)},
)

COMPLETE = equal(Sum(e[p, k] * e[p, l], MODE), delta(k, l), FEATURE, SECOND)
UNIT = equal(norm2(e[p, k], FEATURE), 1, MODE)
_gain = (D - 1) * share[p] - a * z[p] ** 2

SEVERAL_OUTPUTS = theorem(
    "several-outputs",
    "The loss is a sum over the modes",
    equal(
        a * Sum(P[D, j, k] ** 2, *PAIRS) - 2 * Sum(P[D, j, k] * V[j, k], *PAIRS) + DECAY.left,
        Sum(_gain, MODE),
    ),
    given=(*SIZE.given, *first_layer(P[D, j, k]), COMPLETE, UNIT),
    reference="traces in the basis of the modes",
    proof=DECAY
    - (2 * FIRST.at({l: k} | _AT_MAP)).sum(FEATURE)
    + ((a * _gram - (D - 1) * first_decay(k, l)) * COMPLETE).sum(FEATURE, SECOND)
    + ((D - 1) * e[p, k] * EIGENVECTORS).sum(MODE, FEATURE)
    - (a * e[p, k] * SIZE).sum(MODE, FEATURE)
    + (_gain * UNIT).sum(MODE),
    test=LAYERS,
    misses={"D for D - 1": right(Sum(D * share[p] - a * z[p] ** 2, MODE))},
    prose="The loss of such a point is $c$ plus a sum over its modes.",
)

ISOTROPIC, NOISELESS = isotropic(), {rho: Integer(1)}
EXPONENT = ISOTROPIC.exponent
signal, size = v_norm, m_norm

RIDGE = equal(kappa, a * zeta * size**2)
SIGNAL = equal(signal, a * (1 + zeta) * size)
SHARED = equal(kappa ** (D + 1), gamma_bar ** (D + 1) * size**2)
Q_IS = equal(q, ISOTROPIC.q.xreplace(NOISELESS))
_unit = (a * size**2) ** (D + 1)
_slope = gamma_bar ** (D + 1) * a ** (D - 1) * (1 + zeta) ** (2 * D) * (SIGNAL.right * signal) ** (-2 * D)
_ridge_power = same_power(kappa ** (D + 1), RIDGE.right ** (D + 1), 1 / (D + 1)).because(RIDGE)
_signal_power = same_power(signal ** (2 * D), SIGNAL.right ** (2 * D), 1 / (2 * D)).because(SIGNAL)

EQUATION = theorem(
    "several-outputs-equation",
    "Every mode solves the problem with one output",
    equal(zeta, q * (1 + zeta) ** EXPONENT),
    given=(
        *(RIDGE, SIGNAL, SHARED, Q_IS),
        r"$\kappa$, $\lVert m\rVert$ and $\lVert v\rVert$ stand for $\kappa_p$, $z_p$ and $s_p$",
    ),
    reference="the equation of isotropic data without noise",
    proof=same_power(zeta, Q_IS.right * (1 + zeta) ** EXPONENT, D + 1).because(
        -_ridge_power / _unit + SHARED / _unit + _slope * _signal_power
    )
    - (1 + zeta) ** EXPONENT * Q_IS,
    misses={"layers with unequal decay": without(SHARED)},
    prose=r"""Where $z_p \ne 0$, divide by $z_p$ and put $\lambda_p = \kappa_p/z_p^2$ and $\zeta =
        \lambda_p/a$.""",
)

GAIN = theorem(
    "several-outputs-gain",
    "What a mode adds to the loss",
    equal(c + (D - 1) * kappa - a * size**2, ISOTROPIC.value.xreplace(NOISELESS)),
    given=(RIDGE, SIGNAL),
    reference="the loss of isotropic data",
    proof=(D - 1) * RIDGE + (1 - (D - 1) * zeta) * (signal + SIGNAL.right) / (a * (1 + zeta) ** 2) * SIGNAL,
    misses={"D for D - 1": left(c + D * kappa - a * size**2)},
    prose="And what a mode adds is what it would gain as a network by itself.",
)

SINGULAR_VECTORS = in_words(
    "several-outputs-singular-vectors",
    "The modes of a stationary point are singular vectors of the data",
    r"""Where $z_p \ne 0$ put $\psi_p = P e_p/z_p$ and $s_p = (a + \lambda_p) z_p$. Then $V e_p = s_p
        \psi_p$ and $V^{\top} \psi_p = s_p e_p$, and the $\psi_p$ are orthonormal, since $P^{\top} P e_p =
        z_p^2 e_p$: $s_p$ is a singular value of the data, and $z_p = s_p/(a + \lambda_p)$ is a ridge
        regression in one dimension. The rank of the map is at most every width, so that at most $r =
        \min(d_0, \dots, d_{D+1})$ of the $z_p$ are not 0.""",
    by="the singular value decomposition",
    reference="Horn and Johnson, Matrix Analysis, section 7.3",
    rests_on=(HAS_MODES, INPUT, OUTPUT_OF_MODE, EQUATION, SIZE),
    conditions=("all decays are positive",),
)

CHOICES = in_words(
    "several-outputs-choices",
    "Every choice of a point for each singular pair is stationary",
    r"""Take any orthonormal pairs of singular vectors of $V$, at most $r$ of them, and for each a point of
        its problem with one output. Let the neurons number $p$ of all layers carry pair number $p$, with
        weights $\sqrt{\kappa_p/\gamma_i}$. In these bases all matrices in the conditions of stationarity
        are diagonal, and their entries are the conditions for one output.""",
    by="the singular value decomposition",
    reference="Horn and Johnson, Matrix Analysis, section 7.3",
    rests_on=(GRADIENT, EQUATION, GAIN),
    conditions=("all decays are positive",),
)

DERIVATION = Derivation(
    id="several-outputs",
    title="Several outputs: the stationary points",
    prose=r"""Data with several outputs fall apart into problems with one output, one for each singular
        value of $V$. Every stationary point is 0 or a point $m \ne 0$ of the problem with $\lVert v\rVert =
        s_p$ in each of them, and not 0 in at most $r$ of them [@chen2025landscape, @chen2025error].""",
    statements=(FIRST, LAST, INPUT, OUTPUT_OF_MODE, EQUATION, SEVERAL_OUTPUTS, GAIN),
    steps=(SINGULAR_VECTORS, CHOICES),
)
