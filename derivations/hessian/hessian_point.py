"""The Hessian at a root in the directions in which all neurons of a layer move alike."""

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

from ..notation import (
    END_TO_END,
    NOISE_FACTOR,
    OUTPUTS,
    SECOND_MOMENTS,
    D,
    M,
    T,
    U,
    W,
    a,
    d,
    gamma,
    i,
    j,
    k,
    lam,
    n,
    r,
    rho,
    s,
    v,
)
from ..reduction.attainment import FIRST_MOMENT, LINEAR, QUADRATIC, e, signs
from ..reduction.attainment import SECOND_MOMENT as BALANCED_SECOND_MOMENT
from ..reduction.loss import EXPECTED_LOSS, LOSS
from ..reduction.noise_second_moment import NOISE

#: Scales of the layers, and of the output layer.
b, b_u = sp.IndexedBase("b", positive=True), sy.b_u
SCALE = b_u * sp.Product(b[i], (i, 1, D))
LINE = equal(W[i, j, k], b[i] * e[i, j] * e[i - 1, k], (i, 1, D), (j, 1, d[i]), (k, 1, d[i - 1]))
LINE_OUTPUT = equal(U[j], b_u * e[D, j], (j, 1, d[D]))
NEURONS_UNIT = equal(sp.Sum(e[i, j] ** 2, (j, 1, d[i])), 1, (i, 1, D))
IN_HIDDEN, FEATURES = (i, 1, D), (k, 1, d[0])
_scales = {gamma[i]: 1 / b[i] ** 2, sy.kappa: 1}
_rows = ((j, 1, d[D]), (k, 1, d[D]))


def loss_on_line(noise: sp.Expr) -> sp.Expr:
    own = sp.Sum(gamma[i] * b[i] ** 2 * sp.Sum(e[i - 1, k] ** 2, (k, 1, d[i - 1])), IN_HIDDEN)
    return noise * SCALE**2 * QUADRATIC - 2 * SCALE * LINEAR + sy.c + sy.gamma_u * b_u**2 + own


ON_LINE = Statement(
    id="hessian-point-line",
    title="The loss where the neurons of a layer are alike",
    left=EXPECTED_LOSS,
    right=loss_on_line(NOISE_FACTOR),
    given=(LINE, signs(D), LINE_OUTPUT, NEURONS_UNIT),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the moments of balanced layers, at any scales",
    proof=combine(
        Use(LOSS),
        Use(LINE_OUTPUT, times=U[k] * M[D, j, k], over=_rows),
        Use(LINE_OUTPUT, times=b_u * e[D, j] * M[D, j, k], where={j: k}, over=_rows),
        Use(BALANCED_SECOND_MOMENT, times=b_u**2, where=_scales),
        Use(LINE_OUTPUT, times=-2 * sp.Sum(T[D, j, k] * v[k], FEATURES), over=((j, 1, d[D]),)),
        Use(FIRST_MOMENT, times=-2 * b_u * v[k], where=_scales, over=(FEATURES,)),
        Use(LINE_OUTPUT, times=sy.gamma_u * (U[j] + b_u * e[D, j]), over=((j, 1, d[D]),)),
        Use(NEURONS_UNIT, times=sy.gamma_u * b_u**2, where={i: D}),
        Use(
            LINE,
            times=gamma[i] * (W[i, j, k] + b[i] * e[i, j] * e[i - 1, k]),
            over=((k, 1, d[i - 1]), (j, 1, d[i]), IN_HIDDEN),
        ),
        Use(
            NEURONS_UNIT,
            times=gamma[i] * b[i] ** 2 * sp.Sum(e[i - 1, k] ** 2, (k, 1, d[i - 1])),
            over=(IN_HIDDEN,),
        ),
    ),
    domains=(
        Domain(
            define=(
                (U[j], b_u * e[D, j]),
                (W[i, j, k], b[i] * e[i, j] * e[i - 1, k]),
                (
                    e[i, j],
                    sp.KroneckerDelta(i, 0) * v[j]
                    + (1 - sp.KroneckerDelta(i, 0)) * (-1) ** (i * j) / sp.sqrt(d[i]),
                ),
            )
        ),
    ),
    prose=(
        r"First let all neurons of a layer move alike, up to their signs: $W_i = b_i e_i "
        r"e_{i-1}^{\top}$ and $U = b_u e_D^{\top}$ with any scales and any $e_0$."
    ),
    near_misses=(NearMiss("no noise", right=loss_on_line(sp.Integer(1))),),
)

#: The same in an eigenbasis of A: the first layer carries w, and the product of the other scales is e^x.
w = sp.IndexedBase("w", real=True)
x = sp.Symbol("x", real=True)
_product = sp.exp(x)
HALF_SLOPE = rho * _product**2 * a[r] * w[r] - _product * v[r] + gamma[1] * w[r]
STATIONARY = equal(HALF_SLOPE, 0, (r, 1, n))
RIDGE = equal(lam * _product**2, gamma[1])
AT_POINT = (STATIONARY, RIDGE)
_at_point = Domain(
    define=(
        (v[r], rho * _product * a[r] * w[r] + gamma[1] * w[r] / _product),
        (lam, gamma[1] / _product**2),
    )
)
_to_ridge = rho * a[r] / lam

FIRST_LAYER = Statement(
    id="hessian-point-first-layer",
    title="Twice in the first layer",
    left=sp.Derivative(HALF_SLOPE, w[s]),
    right=gamma[1] * (1 + _to_ridge) * sp.KroneckerDelta(r, s),
    over=((r, 1, n), (s, 1, n)),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=Differentiate(combine(Use(RIDGE, times=_to_ridge * sp.KroneckerDelta(r, s)))),
    domains=(_at_point,),
    prose=(
        r"In an eigenbasis of $A$ let $w$ be the row that the neurons of $W_1$ share, and $e^x$ the "
        r"product of the scales above, $x$ the sum of their logarithms. The loss is $\rho e^{2x} "
        r"w^{\top} A\, w - 2 e^x w^{\top} v + c + \gamma_1 \lVert w\rVert^2$ and the decay of the "
        r"scales. Half its second derivatives at a stationary point, where $\lambda e^{2x} = \gamma_1$, "
        r"are those below. The decay of a scale adds twice itself, $2\kappa$, on the diagonal."
    ),
    near_misses=(NearMiss("the decay is left out", right=gamma[1] * _to_ridge * sp.KroneckerDelta(r, s)),),
)

FIRST_AND_SCALE = Statement(
    id="hessian-point-first-layer-and-scale",
    title="Once in the first layer and once in a scale",
    left=sp.Derivative(HALF_SLOPE, x),
    right=gamma[1] * (_to_ridge - 1) * w[r],
    over=((r, 1, n),),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=Differentiate(combine(Use(STATIONARY), Use(RIDGE, times=_to_ridge * w[r]))),
    domains=(_at_point,),
    near_misses=(NearMiss("a flipped sign", right=gamma[1] * (_to_ridge + 1) * w[r]),),
)

_half_scale_slope = rho * _product**2 * sp.Sum(a[r] * w[r] ** 2, (r, 1, n)) - _product * sp.Sum(
    v[r] * w[r], (r, 1, n)
)
SCALES = Statement(
    id="hessian-point-scales",
    title="Twice in the scales",
    left=sp.Derivative(_half_scale_slope, x),
    right=gamma[1] * sp.Sum((_to_ridge - 1) * w[r] ** 2, (r, 1, n)),
    given=AT_POINT,
    reference="differentiation at a stationary point",
    proof=Differentiate(
        combine(
            Use(STATIONARY, times=w[r], over=((r, 1, n),)),
            Use(RIDGE, times=_to_ridge * w[r] ** 2, over=((r, 1, n),)),
        )
    ),
    domains=(_at_point,),
    near_misses=(
        NearMiss("the decay is left out", right=gamma[1] * sp.Sum(_to_ridge * w[r] ** 2, (r, 1, n))),
    ),
)

# -- steps in words --------------------------------------------------------------------------------------

ALONG_LINES = Step(
    id="hessian-point-lines",
    title="Second order along all lines is the Hessian",
    text=(
        r"The loss is a polynomial in the weights, whose terms of second order at a stationary point are "
        r"half the form of the Hessian. A symmetric form is known from its values on all lines, so that "
        r"what the statements of this and the next sections find along lines is all of the Hessian in the "
        r"directions they span."
    ),
    theorem="the polarization identity",
    reference="any course of linear algebra",
    rests_on=(ON_LINE, FIRST_LAYER, FIRST_AND_SCALE, SCALES),
)

DERIVATION = Derivation(
    id="hessian-point",
    title="The Hessian where neurons are alike",
    prose=(
        r"At a root every layer has rank one: $W_i = \beta_i e_i e_{i-1}^{\top}$, where $e_0$ is the "
        r"direction of $m$ and $e_i$ has entries $\pm 1/\sqrt{d_i}$. The Hessian of the loss of all "
        r"weights falls apart into small blocks, whose sizes do not depend on the widths of the hidden "
        r"layers. The first of them holds the directions in which all neurons of a layer move alike."
    ),
    statements=(ON_LINE, FIRST_LAYER, FIRST_AND_SCALE, SCALES),
    steps=(ALONG_LINES,),
)
