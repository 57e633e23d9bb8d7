"""The Hessian at a root in the directions in which all neurons of a layer move alike."""

from ..notation import *
from ..reduction.attainment import FIRST_MOMENT, LINEAR, QUADRATIC, SIGNS_EXIST, e, signs
from ..reduction.attainment import SECOND_MOMENT as BALANCED_SECOND_MOMENT
from ..reduction.loss import EXPECTED_LOSS, LOSS

#: Scales b_i of the layers; that of the output layer is b_u.
b = families("b", positive=True)
SCALE = b_u * Product(b[i], (i, 1, D))
_hidden, _outputs, _features = (i, 1, D), (j, 1, d[D]), (k, 1, d[0])
_rows, _columns = (j, 1, d[i]), (k, 1, d[i - 1])
_entry = b[i] * e[i, j] * e[i - 1, k]
LINE = equal(W[i, j, k], _entry, _hidden, _rows, _columns)
LINE_OUTPUT = equal(U[j], b_u * e[D, j], _outputs)
_below = norm2(e[i - 1, k], _columns)
_signal = SCALE**2 * QUADRATIC
_rest = -2 * SCALE * LINEAR + c + gamma_u * b_u**2 + Sum(gamma[i] * b[i] ** 2 * _below, _hidden)

_scales = {gamma[i]: 1 / b[i] ** 2, kappa: 1}
_pairs = (_outputs, (k, 1, d[D]))
_square = (
    (U[k] * M[D, j, k] * LINE_OUTPUT).sum(*_pairs)
    + (b_u * e[D, j] * M[D, j, k] * LINE_OUTPUT.at({j: k})).sum(*_pairs)
    + b_u**2 * BALANCED_SECOND_MOMENT.at(_scales)
)
_alignment = (Sum(T[D, j, k] * v[k], _features) * LINE_OUTPUT).sum(_outputs) + (
    b_u * v[k] * FIRST_MOMENT.at(_scales)
).sum(_features)
_decay = (
    (gamma_u * (U[j] + b_u * e[D, j]) * LINE_OUTPUT).sum(_outputs)
    + gamma_u * b_u**2 * SIGNS_EXIST.at({i: D})
    + (gamma[i] * (W[i, j, k] + _entry) * LINE).sum(_columns, _rows, _hidden)
    + (gamma[i] * b[i] ** 2 * _below * SIGNS_EXIST).sum(_hidden)
)

#: A layer from 0 on: with the positive i, δ_{i0} would be 0 at once.
INDEX = letters("at", integer=True, nonnegative=True)

ON_LINE = theorem(
    "hessian-point-line",
    "The loss where the neurons of a layer are alike",
    equal(EXPECTED_LOSS, NOISE_FACTOR * _signal + _rest),
    given=(LINE, signs(D), LINE_OUTPUT),
    reference="the moments of balanced layers, at any scales",
    proof=LOSS + _square - 2 * _alignment + _decay,
    misses={"no noise": right(_signal + _rest)},
    prose=r"""First let all neurons of a layer move alike, up to their signs: $W_i = b_i e_i
        e_{i-1}^{\top}$ and $U = b_u e_D^{\top}$ with any scales and any $e_0$.""",
)

#: The same in an eigenbasis of A: the first layer carries w, and the product of the other scales is e^ξ.
w, xi = families("w"), letters("xi")
_product, _each = exp(xi), (r, 1, n)
HALF_SLOPE = rho * _product**2 * a[r] * w[r] - _product * v[r] + gamma[1] * w[r]
STATIONARY = equal(HALF_SLOPE, 0, _each)
RIDGE = equal(lam * _product**2, gamma[1])
AT_POINT = (STATIONARY, RIDGE)
_to_ridge = rho * a[r] / lam

FIRST_LAYER = theorem(
    "hessian-point-first-layer",
    "Twice in the first layer",
    equal(Derivative(HALF_SLOPE, w[s]), gamma[1] * (1 + _to_ridge) * delta(r, s), _each, (s, 1, n)),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=differentiate(_to_ridge * delta(r, s) * RIDGE),
    misses={"the decay is left out": right(gamma[1] * _to_ridge * delta(r, s))},
    prose=r"""In an eigenbasis of $A$ let $w$ be the row that the neurons of $W_1$ share, and $e^{\xi}$ the
        product of the scales above, $\xi$ the sum of their logarithms. The loss is $\rho e^{2\xi} w^{\top}
        A\, w - 2 e^{\xi} w^{\top} v + c + \gamma_1 \lVert w\rVert^2$ and the decay of the scales. Half its
        second derivatives at a stationary point, where $\lambda e^{2\xi} = \gamma_1$, are those below. The
        decay of a scale adds twice itself, $2\kappa$, on the diagonal.""",
)

FIRST_AND_SCALE = theorem(
    "hessian-point-first-layer-and-scale",
    "Once in the first layer and once in a scale",
    equal(Derivative(HALF_SLOPE, xi), gamma[1] * (_to_ridge - 1) * w[r], _each),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=differentiate(STATIONARY + _to_ridge * w[r] * RIDGE),
    misses={"a flipped sign": right(gamma[1] * (_to_ridge + 1) * w[r])},
)

_half_scale_slope = rho * _product**2 * Sum(a[r] * w[r] ** 2, _each) - _product * dot(v[r], w[r], _each)

SCALES = theorem(
    "hessian-point-scales",
    "Twice in the scales",
    equal(Derivative(_half_scale_slope, xi), gamma[1] * Sum((_to_ridge - 1) * w[r] ** 2, _each)),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=differentiate((w[r] * STATIONARY).sum(_each) + (_to_ridge * w[r] ** 2 * RIDGE).sum(_each)),
    misses={"the decay is left out": right(gamma[1] * Sum(_to_ridge * w[r] ** 2, _each))},
)

ALONG_LINES = in_words(
    "hessian-point-lines",
    "Second order along all lines is the Hessian",
    """The loss is a polynomial in the weights, whose terms of second order at a stationary point are half
        the form of the Hessian. A symmetric form is known from its values on all lines, so that what the
        statements of this and the next sections find along lines is all of the Hessian in the directions
        they span.""",
    by="the polarization identity",
    reference="any course of linear algebra",
    rests_on=(ON_LINE, FIRST_LAYER, FIRST_AND_SCALE, SCALES),
)

DERIVATION = Derivation(
    id="hessian-point",
    title="The Hessian where neurons are alike",
    prose=r"""At a root every layer has rank one: $W_i = \beta_i e_i e_{i-1}^{\top}$, where $e_0$ is the
        direction of $m$ and $e_i$ has entries $\pm 1/\sqrt{d_i}$. The Hessian of the loss of all weights
        falls apart into small blocks, whose sizes do not depend on the widths of the hidden layers. The
        first of them holds the directions in which all neurons of a layer move alike.""",
    statements=(ON_LINE, FIRST_LAYER, FIRST_AND_SCALE, SCALES),
    steps=(ALONG_LINES,),
)
