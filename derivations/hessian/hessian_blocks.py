"""How the Hessian acts at a root: it is block diagonal, at any widths."""

from ..notation import *
from ..reduction.attainment import e
from ..reduction.diagonal_bound import Q
from .hessian_differences import APART, INPUT, MIXED, OTHER, SIZES, SQUARE, alpha, beta, w
from .hessian_point import ALONG_LINES

#: Second moments Q of the inputs and their mixed moments g, as the output sees them; R is Q per decay.
R = families("R")
BOTH = (INPUT, OTHER)
blur = sigma[i] ** 2 / (d[i] + sigma[i] ** 2)
_noise = sigma[i] ** 2 / d[i]
_per_decay = beta[i + 1] ** 2 * (1 + _noise)
SCALED = equal(_per_decay * Q[r, s], gamma[i] * R[r, s], *BOTH)
SYMMETRIC = equal(R[r, s], R[s, r], *BOTH)
_pulled = gamma[i] * beta[i] * (dot(R[r, s], e[i - 1, s], OTHER) + e[i - 1, r])
NEURON_STATIONARY = equal(beta[i + 1] * g[r], _pulled, INPUT)
SAME_DECAY = equal(gamma[i] * beta[i] ** 2, gamma[i + 1] * beta[i + 1] ** 2)
INPUT_UNIT = equal(SIZES, 1)
_second = beta[i + 1] * alpha * MIXED + _noise * SQUARE
SECOND_ORDER = (
    Sum(Q[r, s] * _second, *BOTH)
    - 2 * alpha * dot(g[r], w[r], INPUT)
    + gamma[i] * norm2(w[r], INPUT)
    + gamma[i + 1] * alpha**2
)
TURN = alpha * beta[i] / beta[i + 1]

#: The block of one difference as squares: w less what a turn of the neurons asks for, and w and that.
MINUS, PLUS = ({at: w[at] + sign * TURN * e[i - 1, at] for at in (r, s)} for sign in (-1, 1))
TURNED, _bent = norm2(MINUS[r], INPUT), Sum(R[r, s] * PLUS[r] * PLUS[s], *BOTH)
NEURON_FORM = gamma[i] * (TURNED + blur * _bent)

NEURON_BLOCK = theorem(
    "hessian-blocks",
    "The second order along a difference of neurons",
    equal(SECOND_ORDER, NEURON_FORM),
    given=(SCALED, SYMMETRIC, NEURON_STATIONARY, SAME_DECAY, INPUT_UNIT),
    reference="algebra at a stationary point",
    proof=(_second / _per_decay * SCALED).sum(*BOTH)
    - (2 * alpha * w[r] / beta[i + 1] * NEURON_STATIONARY).sum(INPUT)
    + (gamma[i] * TURN * e[i - 1, r] * w[s] * SYMMETRIC).sum(*BOTH)
    - (alpha / beta[i + 1]) ** 2 * SAME_DECAY
    - gamma[i] * TURN**2 * INPUT_UNIT,
    misses={"another noise": right(gamma[i] * (TURNED + _noise * _bent))},
    prose=r"""Let $Q$ be the second moments of the inputs and $g$ their mixed moments with $y$, both times
        what the layers above make of them, so that the loss is $\sum_{rs} Q_{rs} (f_r f_s + \sigma_i^2
        n_{rs}) - 2 \sum_r g_r f_r$ and decay, with $f$ and $n$ as in the last statements. Let $R$ be
        $Q$ in units of the decay; for $i = 1$ it is $\rho A/\lambda$. The coefficient of $\ell^2$, at a
        stationary point, is a sum of squares. With $\nu_i = \sigma_i^2/(d_i + \sigma_i^2)$ it is the form
        of a block of size $d_{i-1} + 1$, one for each of the $d_i - 1$ orthogonal differences.""",
)

#: The same as a form of a matrix, with β_i/β_{i+1} = √(γ_{i+1}/γ_i).
_pairs_of_inputs = (w[r] * w[s], w[r] * e[i - 1, s], e[i - 1, r] * e[i - 1, s])
_square, _mixed, _alone = (Sum(R[r, s] * pair, *BOTH) for pair in _pairs_of_inputs)
MATRIX_FORM = (
    gamma[i] * (norm2(w[r], INPUT) + blur * _square)
    - 2 * sqrt(gamma[i] * gamma[i + 1]) * alpha * (dot(w[r], e[i - 1, r], INPUT) - blur * _mixed)
    + gamma[i + 1] * alpha**2 * (1 + blur * _alone)
)
_turn = alpha * sqrt(gamma[i + 1]) / sqrt(gamma[i])
_shifted = {sign: {at: w[at] + sign * _turn * e[i - 1, at] for at in (r, s)} for sign in (-1, 1)}
FORM_IN_DECAYS = gamma[i] * (
    norm2(_shifted[-1][r], INPUT) + blur * Sum(R[r, s] * _shifted[1][r] * _shifted[1][s], *BOTH)
)

MATRIX = theorem(
    "hessian-blocks-matrix",
    "The block of a difference of neurons as a matrix",
    equal(MATRIX_FORM, FORM_IN_DECAYS),
    given=(SYMMETRIC, INPUT_UNIT),
    reference="algebra",
    proof=(sqrt(gamma[i] * gamma[i + 1]) * alpha * blur * w[r] * e[i - 1, s] * SYMMETRIC).sum(*BOTH)
    - gamma[i + 1] * alpha**2 * INPUT_UNIT,
    misses={"no unit vector": without(INPUT_UNIT), "asymmetric moments": without(SYMMETRIC)},
    display=Display(
        r"\gamma_{i} \xi^{\top} (I + \nu_{i} R_{i}) \xi "
        r"- 2 \sqrt{\gamma_{i} \gamma_{i+1}} \psi \xi^{\top} (I - \nu_{i} R_{i}) e_{i-1} "
        r"+ \gamma_{i+1} \psi^{2} (1 + \nu_{i} e_{i-1}^{\top} R_{i} e_{i-1}) "
        r"= \gamma_{i} (\lVert \xi - \omega e_{i-1} \rVert^{2} "
        r"+ \nu_{i} (\xi + \omega e_{i-1})^{\top} R_{i} (\xi + \omega e_{i-1}))",
        where=r"\omega = \psi \sqrt{\gamma_{i+1} / \gamma_{i}}",
        given=(r"R_{i} = R_{i}^{\top}", r"\lVert e_{i-1} \rVert^{2} = 1"),
        setting="between neurons",
    ),
    prose=r"""With $\beta_i/\beta_{i+1} = \sqrt{\gamma_{i+1}/\gamma_i}$ it is the form of a
        symmetric matrix of size $d_{i-1} + 1$ in $w$ and $\alpha$.""",
)

#: A layer above the first sees the second moments of layer i - 1, whose neurons are alike up to signs.
chi, eta = letters("chi", positive=True), letters("eta")
xi = families("xi")
blur_below = sigma[i - 1] ** 2 / (d[i - 1] + sigma[i - 1] ** 2)
_moments_below = d[i - 1] * e[i - 1, r] * e[i - 1, s] + sigma[i - 1] ** 2 * delta(r, s)
ALIKE = equal(R[r, s], chi * _moments_below / (d[i - 1] + sigma[i - 1] ** 2), *BOTH)
PARTS = {w[at]: eta * e[i - 1, at] + xi[at] for at in (r, s)}
_crossed = dot(e[i - 1, r], xi[r], INPUT)
INPUT_DIFFERENCE = equal(_crossed, 0)
_minus, _plus, _noisy = eta - TURN, eta + TURN, chi * blur
_own, _pairs = _minus**2 + _noisy * _plus**2, norm2(xi[r], INPUT)
_sum_r, _sum_s = (_plus * e[i - 1, at] + xi[at] for at in (r, s))
_rest = 1 - blur_below
_along = _minus**2 + _noisy * _plus**2 * (_rest * (SIZES + 1) + blur_below)
_across = 2 * _minus + _noisy * (_rest * (2 * _plus * SIZES + _crossed) + 2 * blur_below * _plus)

TWO_LAYERS = theorem(
    "hessian-blocks-two-layers",
    "Above the first layer the block falls apart",
    equal(NEURON_FORM.xreplace(PARTS), gamma[i] * (_own + (1 + _noisy * blur_below) * _pairs)),
    given=(ALIKE, INPUT_DIFFERENCE, INPUT_UNIT, r"$i \ge 2$"),
    reference="orthogonal directions",
    proof=(gamma[i] * blur * _sum_r * _sum_s * ALIKE).sum(*BOTH)
    + gamma[i] * _along * INPUT_UNIT
    + gamma[i] * _across * INPUT_DIFFERENCE,
    misses={"the noise of one layer": right(gamma[i] * (_own + (1 + _noisy) * _pairs))},
    prose=r"""Above the first layer the inputs are alike as well, and $R$ is known: $\chi e_{i-1}
        e_{i-1}^{\top}$ and the noise of layer $i - 1$. Let $w = \eta e_{i-1} + \xi$ with $\xi$ orthogonal
        to $e_{i-1}$. The block is a block of size 2, in $\eta$ and $\alpha$, and $d_{i-1} - 1$ equal
        eigenvalues, which are differences in two layers.""",
)

_blocks = d[0] + D + Sum((d[i] - 1) * (d[i - 1] + 1), (i, 1, D))

ALL_WEIGHTS = theorem(
    "hessian-blocks-count",
    "The sizes of the blocks add up to the number of weights",
    equal(_blocks, Sum(d[i] * d[i - 1], (i, 1, D)) + d[D]),
    reference="induction on the depth",
    proof=induction(D, step=HYPOTHESIS),
    misses={"all neurons": left(d[0] + D + Sum(d[i] * (d[i - 1] + 1), (i, 1, D)))},
    prose="The differences of all layers and the point itself are all directions there are.",
)

COMPLETE = in_words(
    "hessian-blocks-complete",
    "The Hessian is the direct sum of the blocks",
    """The directions of different blocks are orthogonal, and their number is that of the weights, so that
        together they are a basis. Two of different blocks do not couple. So the Hessian is the direct sum
        of the block along the point and those of the differences.""",
    by="the theorem that orthogonal vectors, as many as the dimension, are a basis",
    reference="any course of linear algebra",
    rests_on=(NEURON_BLOCK, MATRIX, TWO_LAYERS, ALL_WEIGHTS, APART, ALONG_LINES),
    conditions=(
        r"$W$, $U$ are the balanced rank-one weights of a root, $\varphi(\lambda) = \tau$, with $v \ne 0$",
        "all decays are positive",
    ),
    display=Display(
        r"\nabla^{2} L(W, U) \cong 2 C_{0} \oplus \bigoplus_{i=1}^{D} 2 C_{i} \otimes I_{d_{i} - 1}"
    ),
)

DERIVATION = Derivation(
    id="hessian-blocks",
    title="The Hessian, block by block",
    prose=(
        "What these directions add to second order, at a stationary point, and that there are no others."
    ),
    statements=(NEURON_BLOCK, MATRIX, TWO_LAYERS, ALL_WEIGHTS),
    steps=(COMPLETE,),
)
