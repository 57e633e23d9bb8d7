"""Several outputs without noise: a stationary point chooses one point for each singular value."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import isotropic
from symderive.statements import Derivation, Domain, NearMiss, Statement, Step, Use, combine, equal

from ..inequalities import SAME_POWER, x, y
from ..inequalities import s as power
from ..notation import D, W, d, gamma, i, j, k, r, s
from .several_outputs_layers import (
    COMMUTE,
    DECAY,
    DECAYS,
    EIGENVECTORS,
    FEATURE,
    FEATURES,
    GRADIENT,
    HAS_MODES,
    IMAGE,
    LAYERS,
    MAP,
    MODE,
    OUTPUTS,
    PAIRS,
    POWERS,
    SIZE,
    SIZES,
    STATIONARY,
    STATIONARY_LAYERS,
    TURNED_MAP,
    B,
    C,
    M,
    V,
    a,
    e,
    first_decay,
    kappa,
    l,
    p,
    share,
    size,
    z,
)

_error = a * M[D, j, k] - V[j, k]
FIRST_PRODUCT = equal(sp.Sum(B[j, r] * W[1, r, k], (r, 1, d[1])), M[D, j, k], *PAIRS)
FIRST_STATIONARY = equal(
    sp.Sum(B[j, r] * _error, (j, 1, OUTPUTS)) + gamma[1] * W[1, r, k], 0, (r, 1, d[1]), FEATURE
)

FIRST = Statement(
    id="several-outputs-first",
    title="The data seen from the inputs",
    left=sp.Sum(M[D, j, k] * V[j, l], (j, 1, OUTPUTS)),
    right=a * sp.Sum(M[D, j, k] * M[D, j, l], (j, 1, OUTPUTS)) + first_decay(k, l),
    over=(FEATURE, (l, 1, FEATURES)),
    given=(FIRST_PRODUCT, FIRST_STATIONARY),
    reference="stationarity by the first layer",
    proof=combine(
        Use(FIRST_STATIONARY, times=-W[1, r, k], where={k: l}, over=((r, 1, d[1]),)),
        Use(FIRST_PRODUCT, times=_error.xreplace({k: l}), over=((j, 1, OUTPUTS),)),
    ),
    domains=(replace(STATIONARY_LAYERS, define=(*LAYERS, (M[i, j, k], TURNED_MAP))),),
    near_misses=(
        NearMiss(
            "the first layer is not stationary",
            given=(FIRST_PRODUCT,),
            domains=(Domain(define=((M[i, j, k], FIRST_PRODUCT.left),)),),
        ),
    ),
    prose=(
        r"Write $M = B W_1$. Stationarity by the first layer is $B^{\top} (a M - V) + \gamma_1 W_1 = 0$. "
        r"Multiplied by $W_1^{\top}$ it speaks of the map alone, $M^{\top} V = a M^{\top} M + E$."
    ),
)

LAST_PRODUCT = equal(sp.Sum(W[D + 1, j, r] * C[r, k], (r, 1, d[D])), M[D, j, k], *PAIRS)
LAST_STATIONARY = equal(
    sp.Sum(_error * C[r, k], FEATURE) + gamma[D + 1] * W[D + 1, j, r], 0, (j, 1, OUTPUTS), (r, 1, d[D])
)
_last_decay = gamma[D + 1] * sp.Sum(W[D + 1, j, r] * W[D + 1, s, r], (r, 1, d[D]))

LAST = Statement(
    id="several-outputs-last",
    title="The data seen from the outputs",
    left=sp.Sum(V[j, k] * M[D, s, k], FEATURE),
    right=a * sp.Sum(M[D, j, k] * M[D, s, k], FEATURE) + _last_decay,
    over=((j, 1, OUTPUTS), (s, 1, OUTPUTS)),
    given=(LAST_PRODUCT, LAST_STATIONARY),
    reference="stationarity by the last layer",
    proof=combine(
        Use(LAST_STATIONARY, times=-W[D + 1, s, r], over=((r, 1, d[D]),)),
        Use(LAST_PRODUCT, times=_error, where={j: s}, over=(FEATURE,)),
    ),
    domains=(replace(STATIONARY_LAYERS, define=(*LAYERS, (M[i, j, k], TURNED_MAP))),),
    near_misses=(
        NearMiss(
            "the last layer is not stationary",
            given=(LAST_PRODUCT,),
            domains=(Domain(define=((M[i, j, k], LAST_PRODUCT.left),)),),
        ),
    ),
    prose=(
        r"From the other end, with $M = W_{D+1} C$, it is $V M^{\top} = a M M^{\top} + \gamma_{D+1} "
        r"W_{D+1} W_{D+1}^{\top}$."
    ),
)

SEEN_FROM_INPUTS = equal(FIRST.left, FIRST.right, *FIRST.over)
SEEN_FROM_OUTPUTS = equal(LAST.left, LAST.right, *LAST.over)
MODES = (EIGENVECTORS, SIZES)

INPUT = Statement(
    id="several-outputs-input",
    title="The data map the image of a mode back to the mode",
    left=sp.Sum(V[j, k] * IMAGE, (j, 1, OUTPUTS)),
    right=(a * z[p] ** 2 + share[p]) * e[p, k],
    over=(MODE, FEATURE),
    given=(*STATIONARY, *MODES, SEEN_FROM_INPUTS),
    definitions=(MAP, POWERS),
    reference="the data seen from the inputs, at an eigenvector",
    proof=combine(
        Use(SEEN_FROM_INPUTS, times=e[p, l], where={k: l, l: k}, over=((l, 1, FEATURES),)),
        Use(SIZE, times=a),
        Use(EIGENVECTORS),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("without the decay", right=a * z[p] ** 2 * e[p, k]),),
    prose=("The two equations at an eigenvector $e_p$ and at its image $M e_p$:"),
)

OUTPUT = Statement(
    id="several-outputs-output",
    title="The data map a mode to its image",
    left=z[p] ** 2 * sp.Sum(V[j, k] * e[p, k], FEATURE),
    right=(a * z[p] ** 2 + share[p]) * IMAGE,
    over=(MODE, (j, 1, OUTPUTS)),
    given=(*STATIONARY, *MODES, SEEN_FROM_OUTPUTS),
    definitions=(MAP, POWERS),
    reference="the data seen from the outputs, at the image of an eigenvector",
    proof=combine(
        Use(SIZE, times=a * M[D, j, k] - V[j, k], over=(FEATURE,)),
        Use(SEEN_FROM_OUTPUTS, times=IMAGE.xreplace({j: s}), over=((s, 1, OUTPUTS),)),
        Use(COMMUTE, times=e[p, k], over=(FEATURE,)),
        Use(EIGENVECTORS, times=M[D, j, k], over=(FEATURE,)),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("without the decay", right=a * z[p] ** 2 * IMAGE),),
)

_map_squared = sp.Sum(M[D, j, k] ** 2, *PAIRS)
_aligned = sp.Sum(M[D, j, k] * V[j, k], *PAIRS)
LOSS = a * _map_squared - 2 * _aligned + DECAYS

COMPLETE = equal(sp.Sum(e[p, k] * e[p, l], MODE), sp.KroneckerDelta(k, l), FEATURE, (l, 1, FEATURES))
UNIT = equal(sp.Sum(e[p, k] ** 2, FEATURE), 1, MODE)
_gram = sp.Sum(M[D, j, k] * M[D, j, l], (j, 1, OUTPUTS))

SEVERAL_OUTPUTS = Statement(
    id="several-outputs",
    title="The loss is a sum over the modes",
    left=LOSS,
    right=sp.Sum((D - 1) * share[p] - a * z[p] ** 2, MODE),
    given=(*STATIONARY, *MODES, SEEN_FROM_INPUTS, COMPLETE, UNIT),
    definitions=(MAP, POWERS),
    reference="traces in the basis of the modes",
    proof=combine(
        Use(DECAY),
        Use(SEEN_FROM_INPUTS, times=-2, where={l: k}, over=(FEATURE,)),
        Use(COMPLETE, times=a * _gram - (D - 1) * first_decay(k, l), over=(FEATURE, (l, 1, FEATURES))),
        Use(EIGENVECTORS, times=(D - 1) * e[p, k], over=(MODE, FEATURE)),
        Use(SIZE, times=-a * e[p, k], over=(MODE, FEATURE)),
        Use(UNIT, times=(D - 1) * share[p] - a * z[p] ** 2, over=(MODE,)),
    ),
    domains=(STATIONARY_LAYERS,),
    near_misses=(NearMiss("D for D - 1", right=sp.Sum(D * share[p] - a * z[p] ** 2, MODE)),),
    prose="The loss of such a point is $c$ plus a sum over its modes.",
)

ISOTROPIC, NOISELESS = isotropic(), {sy.rho: sp.Integer(1)}
zeta, signal = sy.zeta, sy.v_norm
EXPONENT = ISOTROPIC.exponent

RIDGE = equal(kappa, a * zeta * size**2)
SIGNAL = equal(signal, a * (1 + zeta) * size)
SHARED = equal(kappa ** (D + 1), sy.gamma_bar ** (D + 1) * size**2)
Q_IS = equal(sy.q, ISOTROPIC.q.xreplace(NOISELESS))
_one_mode = (
    (kappa, RIDGE.right),
    (signal, SIGNAL.right),
    (sy.gamma_bar, kappa / size ** (2 / (D + 1))),
    (sy.q, Q_IS.right),
)
ONE_MODE = Domain(define=_one_mode)

EQUATION = Statement(
    id="several-outputs-equation",
    title="Every mode solves the problem with one output",
    left=zeta,
    right=sy.q * (1 + zeta) ** EXPONENT,
    given=(RIDGE, SIGNAL, SHARED, Q_IS),
    conditions=(r"$\kappa$, $\lVert m\rVert$ and $\lVert v\rVert$ stand for $\kappa_p$, $z_p$ and $s_p$",),
    reference="the equation of isotropic data without noise",
    proof=combine(
        Use(
            SAME_POWER,
            where={x: zeta, y: Q_IS.right * (1 + zeta) ** EXPONENT, power: D + 1},
            given=(
                combine(
                    Use(
                        SAME_POWER,
                        times=-1 / (a * size**2) ** (D + 1),
                        where={x: kappa ** (D + 1), y: RIDGE.right ** (D + 1), power: 1 / (D + 1)},
                        given=(combine(Use(RIDGE)),),
                    ),
                    Use(SHARED, times=1 / (a * size**2) ** (D + 1)),
                    Use(
                        SAME_POWER,
                        times=sy.gamma_bar ** (D + 1)
                        * a ** (D - 1)
                        * (1 + zeta) ** (2 * D)
                        * (a * (1 + zeta) * size * signal) ** (-2 * D),
                        where={
                            x: signal ** (2 * D),
                            y: SIGNAL.right ** (2 * D),
                            power: 1 / (2 * D),
                        },
                        given=(combine(Use(SIGNAL)),),
                    ),
                ),
            ),
        ),
        Use(Q_IS, times=-((1 + zeta) ** EXPONENT)),
    ),
    domains=(ONE_MODE,),
    near_misses=(
        NearMiss(
            "layers with unequal decay",
            given=(RIDGE, SIGNAL, Q_IS),
            domains=(replace(ONE_MODE, define=(*_one_mode[:2], _one_mode[3])),),
        ),
    ),
    prose=(
        r"Where $z_p \ne 0$, divide by $z_p$ and put $\lambda_p = \kappa_p/z_p^2$ and $\zeta = "
        r"\lambda_p/a$."
    ),
)

GAIN = Statement(
    id="several-outputs-gain",
    title="What a mode adds to the loss",
    left=sy.c + (D - 1) * kappa - a * size**2,
    right=ISOTROPIC.value.xreplace(NOISELESS),
    given=(RIDGE, SIGNAL),
    reference="the loss of isotropic data",
    proof=combine(
        Use(RIDGE, times=D - 1),
        Use(
            SIGNAL,
            times=(1 - (D - 1) * zeta) * (signal + SIGNAL.right) / (a * (1 + zeta) ** 2),
        ),
    ),
    domains=(ONE_MODE,),
    near_misses=(NearMiss("D for D - 1", left=sy.c + D * kappa - a * size**2),),
    prose=("And what a mode adds is what it would gain as a network by itself."),
)

# -- steps in words --------------------------------------------------------------------------------------

SINGULAR_VECTORS = Step(
    id="several-outputs-singular-vectors",
    title="The modes of a stationary point are singular vectors of the data",
    text=(
        r"Where $z_p \ne 0$ put $u_p = M e_p/z_p$ and $s_p = (a + \lambda_p) z_p$. Then $V e_p = s_p u_p$ "
        r"and $V^{\top} u_p = s_p e_p$, and the $u_p$ are orthonormal, since $M^{\top} M e_p = z_p^2 e_p$: "
        r"$s_p$ is a singular value of the data, and $z_p = s_p/(a + \lambda_p)$ is a ridge regression in "
        r"one dimension. The rank of the map is at most every width, so that at most $r = \min(d_0, \dots, "
        r"d_{D+1})$ of the $z_p$ are not 0."
    ),
    theorem="the singular value decomposition",
    reference="Horn and Johnson, Matrix Analysis, theorem 7.3.5",
    rests_on=(HAS_MODES, INPUT, OUTPUT, EQUATION, SIZE),
    conditions=("all decays are positive",),
)

CHOICES = Step(
    id="several-outputs-choices",
    title="Every choice of a point for each singular pair is stationary",
    text=(
        r"Take any orthonormal pairs of singular vectors of $V$, at most $r$ of them, and for each a point "
        r"of its problem with one output. Let the neurons number $p$ of all layers carry pair number $p$, "
        r"with weights $\sqrt{\kappa_p/\gamma_i}$. In these bases all matrices in the conditions of "
        r"stationarity are diagonal, and their entries are the conditions for one output."
    ),
    theorem="the singular value decomposition",
    reference="Horn and Johnson, Matrix Analysis, theorem 7.3.5",
    rests_on=(GRADIENT, EQUATION, GAIN),
    conditions=("all decays are positive",),
)

DERIVATION = Derivation(
    id="several-outputs",
    title="Several outputs: the stationary points",
    prose=(
        "Data with several outputs fall apart into problems with one output, one for each singular value "
        r"of $V$. Every stationary point is 0 or a point $m \ne 0$ of the problem with $\lVert v\rVert = "
        "s_p$ in each of them, and not 0 in at most $r$ of them."
    ),
    statements=(FIRST, LAST, INPUT, OUTPUT, EQUATION, SEVERAL_OUTPUTS, GAIN),
    steps=(
        SINGULAR_VECTORS,
        CHOICES,
    ),
)
