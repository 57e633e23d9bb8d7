"""Weights at which the lower bound is attained."""

from ..inequalities import SHIFTED_SUM, X
from ..notation import *
from .loss import EXPECTED_LOSS, LOSS

#: Unit vectors: e_0 is the direction of m, e_i has entries ±1/√d_i.
e = families("e")

#: A layer, the features among them.
layer = letters("i", integer=True, nonnegative=True)


def scale(i: Expr) -> Expr:
    """β_i, which gives layer i the decay κ."""
    return sqrt(kappa / gamma[i])


OUTPUT_SCALE = sqrt(kappa / gamma_u)
SCALES = Product(scale(i), (i, 1, D))

#: ‖m‖ of these weights.
NORM = OUTPUT_SCALE * SCALES


def hidden(depth: Expr) -> Claim:
    """W_i = β_i e_i e_{i-1}ᵀ up to layer ``depth``."""
    return equal(
        W[i, j, k], scale(i) * e[i, j] * e[i - 1, k], (i, 1, depth), (j, 1, d[i]), (k, 1, d[i - 1])
    )


def signs(depth: Expr) -> Claim:
    """e_i has entries ±1/√d_i up to layer ``depth``."""
    return equal(e[i, j] ** 2, 1 / d[i], (i, 1, depth), (j, 1, d[i]))


OUTPUT = equal(U[j], OUTPUT_SCALE * e[D, j], (j, 1, d[D]))
UNIT = equal(norm2(e[0, j], (j, 1, d[0])), 1)

#: m̂ᵀA m̂ and m̂ᵀv.
QUADRATIC = Sum(e[0, j] * e[0, k] * A[j, k], (j, 1, d[0]), (k, 1, d[0]))
LINEAR = Sum(e[0, j] * v[j], (j, 1, d[0]))

_TOP = {i: D + 1}
_above, _below = d[D + 1], d[D]
_layers = ((j, 1, _above), (k, 1, _above), (r, 1, _below), (s, 1, _below))
_noise = 1 + sigma[D + 1] ** 2 * delta(j, k)
_form = Sum(e[D, r] * e[D, s] * M[D, r, s], (r, 1, _below), (s, 1, _below))
_ends = norm2(e[D + 1, r], (r, 1, _above)) + 1 + sigma[D + 1] ** 2 * (e[D + 1, j] ** 2 + 1 / d[D + 1])
_left, _right = hidden(D + 1).at(_TOP | {k: r}), hidden(D + 1).at(_TOP | {j: k, k: s})

SECOND_MOMENT = theorem(
    "attainment-second-moment",
    "Balanced rank-one layers have the least second moment",
    equal(
        Sum(e[D, j] * e[D, k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D])),
        QUADRATIC * NOISE_FACTOR * SCALES**2,
    ),
    given=(hidden(D), signs(D), SECOND_MOMENTS),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=induction(
        D,
        step=(e[D + 1, j] * e[D + 1, k] * _noise * M[D, r, s] * W[D + 1, k, s] * _left).sum(*_layers)
        + (e[D + 1, j] ** 2 * e[D + 1, k] * _noise * M[D, r, s] * scale(D + 1) * e[D, r] * _right).sum(
            *_layers
        )
        + (scale(D + 1) ** 2 * _form * _ends * signs(D + 1).at(_TOP)).sum((j, 1, _above))
        + scale(D + 1) ** 2 * (1 + sigma[D + 1] ** 2 / d[D + 1]) * HYPOTHESIS,
    ),
    misses={"no noise": right(QUADRATIC * SCALES**2)},
)

_carried = Sum(e[D, r] * T[D, r, k], (r, 1, d[D]))

FIRST_MOMENT = theorem(
    "attainment-map",
    "Balanced rank-one layers map along $e_0$",
    equal(Sum(e[D, j] * T[D, j, k], (j, 1, d[D])), SCALES * e[0, k], (k, 1, d[0])),
    given=(hidden(D), signs(D), END_TO_END),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=induction(
        D,
        step=(e[D + 1, j] * T[D, r, k] * _left).sum((j, 1, _above), (r, 1, _below))
        + (scale(D + 1) * _carried * signs(D + 1).at(_TOP)).sum((j, 1, _above))
        + scale(D + 1) * HYPOTHESIS,
    ),
    misses={"a flipped sign": right(-SCALES * e[0, k])},
)

_pairs = ((j, 1, d[D]), (k, 1, d[D]))
_square = (
    (U[k] * M[D, j, k] * OUTPUT).sum(*_pairs)
    + (OUTPUT_SCALE * e[D, j] * M[D, j, k] * OUTPUT.at({j: k})).sum(*_pairs)
    + OUTPUT_SCALE**2 * SECOND_MOMENT
)
ALIGNED = (Sum(T[D, j, k] * v[k], (k, 1, d[0])) * OUTPUT).sum((j, 1, d[D])) + (
    OUTPUT_SCALE * v[k] * FIRST_MOMENT
).sum((k, 1, d[0]))

SIGNS_EXIST = theorem(
    "attainment-signs",
    "Entries of size $1/\\sqrt{d_i}$ make a unit vector",
    equal(norm2(e[i, j], (j, 1, d[i])), 1, (i, 1, D)),
    given=(signs(D),),
    reference="the sum of equal terms",
    proof=signs(D).sum((j, 1, d[i])),
    misses={"other entries": without(signs(D))},
    prose=r"""Such vectors exist at every width: $e_i$ may have the entries $1/\sqrt{d_i}$, and $e_0$ may
        be $m/\lVert m\rVert$.""",
    display=Display(r"\lVert e_{i} \rVert^{2} = 1", given=r"e_{i} \in \{\pm 1/\sqrt{d_{i}}\}^{d_{i}}"),
)

_entry = scale(i) * e[i, j] * e[i - 1, k]
_below_each = Sum(e[i - 1, k] ** 2, (k, 1, d[i - 1]))
DECAY_OF_LAYERS = (
    (gamma_u * (U[j] + OUTPUT_SCALE * e[D, j]) * OUTPUT).sum((j, 1, d[D]))
    + (gamma[i] * (W[i, j, k] + _entry) * hidden(D)).sum((k, 1, d[i - 1]), (j, 1, d[i]), (i, 1, D))
    + (kappa * (_below_each + 1) * SIGNS_EXIST).sum((i, 1, D))
    + kappa * SHIFTED_SUM.at({X[j]: norm2(e[j, k], (k, 1, d[j]))})
    + kappa * UNIT
)

ATTAINMENT = theorem(
    "attainment",
    "The loss of balanced rank-one layers is $F(m)$",
    equal(EXPECTED_LOSS, REDUCED.loss(NORM**2 * QUADRATIC, NORM * LINEAR, NORM)),
    given=(hidden(D), signs(D), OUTPUT, UNIT),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=LOSS + _square - 2 * ALIGNED + DECAY_OF_LAYERS,
    misses={
        "no noise": right(REDUCED.loss(NORM**2 * QUADRATIC / NOISE_FACTOR, NORM * LINEAR, NORM)),
        "half the norm": right(REDUCED.loss(NORM**2 * QUADRATIC, NORM * LINEAR, NORM / 2)),
    },
    prose=r"""Every $\kappa > 0$ gives a map of norm $\lVert m\rVert = (\kappa/\bar\gamma)^{(D+1)/2}$ in
        the direction $e_0$, so every $m \neq 0$ is reached. In the letters of the paper $b_i = \sqrt{\kappa
        / (\gamma_i d_i d_{i-1})}$.""",
)

NORM_OF_VECTOR = equal(norm2(g, (j, 1, d[0])), m_norm**2)

UNIT_DIRECTION = theorem(
    "attainment-direction",
    "A vector over its norm is a unit vector",
    equal(norm2(g[j] / m_norm, (j, 1, d[0])), 1),
    given=(NORM_OF_VECTOR,),
    reference="the definition of the norm",
    proof=NORM_OF_VECTOR / m_norm**2,
    misses={"over another number": without(NORM_OF_VECTOR)},
)

DERIVATION = Derivation(
    id="attainment",
    title="The bound is attained",
    prose=r"""Take $W_i = \beta_i e_i e_{i-1}^{\top}$ and $U = \beta_u e_D^{\top}$ with $\beta_i =
        \sqrt{\kappa/\gamma_i}$, where $e_0$ is any unit vector and $e_i$ has entries $\pm 1/\sqrt{d_i}$.
        """,
    statements=(SECOND_MOMENT, FIRST_MOMENT, SIGNS_EXIST, ATTAINMENT, UNIT_DIRECTION),
)
