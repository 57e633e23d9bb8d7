"""Several outputs, one hidden layer with noise: the noise is a second nuclear norm, squared."""

from ..inequalities import cauchy_schwarz
from ..notation import *
from ..reduction.noise_second_moment import NOISE_SECOND_MOMENT
from .outputs_dual import ALIGNED, DECAY, FEATURE, MAP, NEURON, OUTPUT, PAIRS, P, Y, overlap
from .several_outputs_layers import a, l, p
from .several_outputs_minima import TRACE_BOUND, frobenius, singular
from .several_outputs_minima import overlap as alignment

#: ‖u_r‖² and ‖w_r‖² of a neuron, and what Y sees of it.
OUT, IN = norm2(W[2, j, r], OUTPUT), norm2(W[1, r, k], FEATURE)
_passed = dot(Y[j, k], W[1, r, k], FEATURE)


def _of_neuron(neuron: Expr) -> Sum:
    return Sum(W[2, p, neuron] * Y[p, k] * W[1, neuron, k], (p, 1, d[2]), FEATURE)


_rows, _last, _other = (j, 1, d[D + 1]), (r, 1, d[D]), (s, 1, d[D])
_weights = W[D + 1, j, r] * W[D + 1, j, s]

AVERAGED = theorem(
    "outputs-dropout-averaged",
    "The mean square of several predictions",
    equal(
        mean(Sum(dot(W[D + 1, j, r], h[D, r], _last) ** 2, _rows)),
        Sum(_weights * M[D, r, s], _rows, _last, _other),
    ),
    reference="the second moments of the last hidden layer, output by output",
    proof=(_weights * NOISE_SECOND_MOMENT.at({j: r, k: s})).sum(_rows, _last, _other),
    misses={
        "noise counted once more": right(
            (1 + sigma[D] ** 2) * Sum(_weights * M[D, r, s], _rows, _last, _other)
        )
    },
    prose=r"""Noise acts on hidden neurons, which all outputs share. At one hidden layer $M_1 = W_1 A
        W_1^{\top} + \sigma^2 \operatorname{Diag}(W_1 A W_1^{\top})$, so that the loss has
        $\operatorname{tr} P A P^{\top}$ and, for every neuron $r$ with the column $u_r$ of $W_2$ and
        the row $w_r$ of $W_1$, $\sigma^2 \lVert u_r\rVert^2 w_r A w_r^{\top}$ of the noise.""",
)

#: Y has the norm 1 at most.
CONTRACTS = matrix_at_least(delta(k, l), dot(Y[j, k], Y[j, l], OUTPUT), FEATURE, (l, 1, d[0]))
_neurons = Sum(OUT * IN, NEURON)

SPREAD = theorem(
    "outputs-dropout-spread",
    "Noise costs the square of what a contraction sees of the map",
    at_least(d[1] * _neurons, overlap(P[j, k], Y[j, k]) ** 2),
    given=(CONTRACTS, MAP),
    reference="Cauchy–Schwarz for every neuron, and over the neurons",
    proof=(d[1] * OUT * CONTRACTS.at({z[k]: W[1, r, k]})).sum(NEURON)
    + (d[1] * cauchy_schwarz(W[2, j, r], _passed, d[2])).sum(NEURON)
    + cauchy_schwarz(_of_neuron(j), Integer(1), d[1])
    - ((overlap(P[j, k], Y[j, k]) + Sum(_of_neuron(r), NEURON)) * Y[j, k] * MAP).sum(*PAIRS),
    misses={"any matrix": without(CONTRACTS), "twice as much": right(2 * overlap(P[j, k], Y[j, k]) ** 2)},
    prose=r"""For $A = a I$ the noise adds $\sigma^2 a \sum_r \lVert u_r\rVert^2 \lVert w_r\rVert^2$. With
        the contraction $Y = \sum_p \psi_p e_p^{\top}$ of the singular vectors of $P$ what $Y$ sees of the
        map is the sum $\lVert P\rVert_*$ of its singular values.""",
)

#: γ̄ = √(γ_1 γ_2), ν = σ²/d_1, and the singular values z_p of P.
nu = letters("nu", nonnegative=True)
sizes = families("z", nonnegative=True)
MODE = (p, 1, n)
TOTAL = Sum(sizes[p], MODE)
MEAN = equal(gamma_bar**2, gamma[1] * gamma[2])
PER_NEURON = equal(nu * d[1], sigma[1] ** 2)


def filled(sizes: Expr) -> Expr:
    """What is left to minimize over the singular values of the map, given in the index p."""
    total = Sum(sizes, MODE)
    return Sum(a * sizes**2 - 2 * singular[p] * sizes, MODE) + nu * a * total**2 + 2 * gamma_bar * total


NUCLEAR = equal(overlap(P[j, k], Y[j, k]), TOTAL)
NEUMANN = at_least(dot(sizes[p], singular[p], MODE), alignment)
FROBENIUS = equal(frobenius, norm2(sizes[p], MODE))

#: A map that Y does not see, with singular values 0 and a large overlap with the data.
_SMALL = dict.fromkeys((W[1, r, k], W[2, j, r], gamma[1], gamma[2], sigma[1], a), (1, 2))
_NOT_SEEN = Domain(
    ranges=_SMALL | {alignment: (10**6, 10**7)},
    define={
        P[j, k]: MAP.right,
        Y[j, k]: Integer(0),
        sizes[p]: Integer(0),
        frobenius: Integer(0),
        nu: sigma[1] ** 2 / d[1],
        gamma_bar: sqrt(gamma[1] * gamma[2]),
    },
)

BOUND = theorem(
    "outputs-dropout-bound",
    "The loss is at least that of its singular values",
    at_least(a * frobenius - 2 * alignment + sigma[1] ** 2 * a * _neurons + DECAY, filled(sizes[p])),
    given=(
        *(CONTRACTS, MAP, MEAN, PER_NEURON, NUCLEAR, NEUMANN, FROBENIUS),
        r"$\xi = \operatorname{tr} P^{\top} V$, $Q = \lVert P\rVert_F^2$; $z_p$ and $s_p$ are the singular "
        "values of $P$ and $V$, each in decreasing order",
    ),
    reference="the two bounds, and von Neumann 1937, which says that the third holds",
    steps=(TRACE_BOUND,),
    proof=a * FROBENIUS
    + 2 * NEUMANN
    + a * nu * SPREAD
    - a * _neurons * PER_NEURON
    + (nu * a * (TOTAL + NUCLEAR.left) + 2 * gamma_bar) * NUCLEAR
    + ALIGNED.at({Y[j, k]: gamma_bar * Y[j, k]}).because(
        gamma_bar**2 * CONTRACTS - norm2(z[k], FEATURE) * MEAN
    ),
    misses={"any overlap": (without(NEUMANN), _NOT_SEEN)},
)

#: What the least value satisfies: multipliers μ_p ≥ 0 that are 0 where z_p is not, and any other sizes w_p.
mu, w = families("mu w", nonnegative=True)
STATIONARY = equal(a * sizes[p] + nu * a * TOTAL + gamma_bar - singular[p], mu[p], MODE)
COMPLEMENT = equal(mu[p] * sizes[p], 0, MODE)
_all_held = {mu[p]: Integer(0), singular[p]: a * sizes[p] + nu * a * TOTAL + gamma_bar}

FILLED = theorem(
    "outputs-dropout-filled",
    "Water filling is the least value",
    at_least(filled(w[p]), filled(sizes[p])),
    given=(STATIONARY, COMPLEMENT),
    reference="the conditions of Karush, Kuhn and Tucker, for a convex function",
    proof=nonnegative(a * Sum((w[p] - sizes[p]) ** 2, MODE))
    + nonnegative(nu * a * (Sum(w[p], MODE) - TOTAL) ** 2)
    + nonnegative(2 * Sum(w[p] * mu[p], MODE))
    + (2 * (w[p] - sizes[p]) * STATIONARY).sum(MODE)
    - 2 * COMPLEMENT.sum(MODE),
    test=Domain(define=_all_held),
    misses={"sizes that are not complementary": without(COMPLEMENT)},
    prose=r"""Water filling raises all modes to one level: $z_p = (s_p - \bar\gamma)/a - \nu S$ where that
        is positive, and 0 elsewhere, with $S = \sum_p z_p$.""",
)

HELD = equal(a * sizes[p] + nu * a * TOTAL + gamma_bar, singular[p], MODE)

LEVEL = theorem(
    "outputs-dropout-level",
    "The sum of the sizes of the modes that are held",
    equal(a * (1 + nu * n) * TOTAL, Sum(singular[p] - gamma_bar, MODE)),
    given=(HELD,),
    reference="the sum over the modes that are held",
    proof=HELD.sum(MODE),
    test=Domain(define={singular[p]: HELD.left}),
    misses={"one mode less": left(a * (1 + nu * (n - 1)) * TOTAL)},
    prose="If $n$ modes are held, their sizes add up to this,",
)

VALUE = theorem(
    "outputs-dropout-value",
    "What the modes that are held gain",
    equal(filled(sizes[p]), -a * norm2(sizes[p], MODE) - nu * a * TOTAL**2),
    given=(HELD,),
    reference="a quadratic function at its minimum",
    proof=(2 * sizes[p] * HELD).sum(MODE),
    test=Domain(define={singular[p]: HELD.left}),
    misses={"without the noise": right(-a * norm2(sizes[p], MODE))},
    prose="and the loss is below $c$ by this.",
)

#: X = Σ (s_p - γ̄) over n modes and one more singular value η, at which the mode leaves or comes.
held, weak, strong, rest = letters("X eta xi Theta", nonnegative=True)
_excess = (1 + nu * n) * (weak - gamma_bar) - nu * held


def gain(total: Expr, squares: Expr, number: Expr) -> Expr:
    """What so many modes gain, from X and Σ (s_p - γ̄)²."""
    return (squares - nu * total**2 / (1 + nu * number)) / a


NEXT = theorem(
    "outputs-dropout-next",
    "What one more mode gains",
    equal(
        gain(held + weak - gamma_bar, rest + (weak - gamma_bar) ** 2, n + 1) - gain(held, rest, n),
        _excess**2 / (a * (1 + nu * n) * (1 + nu * (n + 1))),
    ),
    reference="algebra",
    proof=exact_algebra,
    misses={"without the level": right((weak - gamma_bar) ** 2 / a)},
    prose=r"""With $X = \sum_p (s_p - \bar\gamma)$ over $n$ modes and a next singular value $\eta$ put $h =
        (1 + \nu n)(\eta - \bar\gamma) - \nu X$. The mode is held if $h > 0$, and gains this.""",
)

_threshold = (1 + nu * n) * weak - nu * Sum(singular[p], MODE)
SUMMED = equal(held, Sum(singular[p] - gamma_bar, MODE))
_is_held, _below = greater(_excess, 0), greater(_threshold, gamma_bar)

THRESHOLD = theorem(
    "outputs-dropout-threshold",
    "Up to which decay a mode is held",
    equivalent(_is_held, _below),
    given=(SUMMED,),
    reference="algebra",
    proof=both_ways(_is_held + nu * SUMMED, _below - nu * SUMMED),
    misses={"each mode for itself": right(greater(weak, gamma_bar))},
    prose=r"""The decay enters linearly: mode $n + 1$ is held up to a decay of its own, which the stronger
        modes lower by the noise, to 0 even if they are strong enough.""",
)

WEAKER = at_least(strong, weak)

ORDER = theorem(
    "outputs-dropout-order",
    "Weaker modes leave first",
    at_least((1 + nu * n) * strong - nu * held, (1 + nu * (n + 1)) * weak - nu * (held + strong)),
    given=(WEAKER, "$X$ is the sum of $n$ stronger singular values"),
    reference="algebra",
    proof=(1 + nu * (n + 1)) * WEAKER,
    misses={"no order": without(WEAKER)},
    prose="These thresholds fall from mode to mode.",
)

# -- layers that attain it -----------------------------------------------------------------------------

_share = gamma_bar * TOTAL / d[1]
EVEN_OUT, EVEN_IN = equal(gamma[2] * OUT, _share, NEURON), equal(gamma[1] * IN, _share, NEURON)

ATTAINED = theorem(
    "outputs-dropout-attained",
    "Neurons that all carry the same cost the least",
    equal(
        sigma[1] ** 2 * a * _neurons + DECAY,
        nu * a * TOTAL**2 + 2 * gamma_bar * TOTAL,
    ),
    given=(EVEN_OUT, EVEN_IN, MEAN, PER_NEURON),
    reference="a sum of equal terms",
    proof=(EVEN_OUT + EVEN_IN).sum(NEURON)
    + (sigma[1] ** 2 * a * IN / gamma[2] * EVEN_OUT).sum(NEURON)
    + (sigma[1] ** 2 * a * _share / (gamma[1] * gamma[2]) * EVEN_IN).sum(NEURON)
    + a * TOTAL**2 * sigma[1] ** 2 / (d[1] * gamma[1] * gamma[2]) * MEAN
    - a * TOTAL**2 / d[1] * PER_NEURON,
    misses={"uneven neurons": without(EVEN_IN)},
    prose=r"""Balanced layers are $W_2 \propto \Psi Z^{1/2} Q^{\top}$ and $W_1 \propto Q Z^{1/2} E^{\top}$
        with the singular vectors of $P$ in $\Psi$ and $E$ and any isometry $Q$. Both bounds are attained if
        every neuron carries the same, that is, if the diagonal of $Q Z Q^{\top}$ is constant.""",
)

low, middle, high = letters("x_1 m_1 x_2")
APART = greater(high, low)

ROTATION = theorem(
    "outputs-dropout-rotation",
    "A rotation makes one of two diagonal entries any number between",
    equal((high - middle) / (high - low) * low + (middle - low) / (high - low) * high, middle),
    given=(APART,),
    reference="a proof of the theorem of Schur and Horn by rotations",
    proof=exact_algebra,
    misses={"the other way round": right(high + low - middle)},
    prose=r"""There is such an isometry at every width $d_1 \ge n$. Begin with the diagonal matrix of the
        $z_p$ and zeros. While two entries of what is still diagonal lie on both sides of the mean, rotate
        them by the angle with $\cos^2 = (x_2 - m)/(x_2 - x_1)$, which makes one of them the mean, and leave
        its row alone from then on.""",
)

ISOMETRY = in_words(
    "outputs-dropout-isometry",
    "There is an isometry that spreads the modes evenly",
    r"""Each rotation fixes one diagonal entry at the mean and leaves the rest, without its row and column,
        diagonal with the same mean. After $d_1 - 1$ of them all entries are the mean.""",
    by="the theorem of Schur and Horn",
    reference="Horn and Johnson, Matrix Analysis, section 4.3",
    rests_on=(ROTATION, ATTAINED),
)

MINIMUM = in_words(
    "outputs-dropout-global",
    "The global minimum with one noisy hidden layer is water filling",
    r"""The contraction $Y = \sum_p \psi_p e_p^{\top}$ of the singular vectors of $P$ sees $\sum_p z_p$
        of it, so that the loss is at least the function of the singular values, of which at most
        $d_{\mathrm{min}} = \min(d_0, d_1, d_2)$ are not 0. That is least with the largest $s_p$, by
        water filling, and an isometry attains it. The thresholds decide which modes are held, and the
        gains add up.""",
    by="the singular value decomposition",
    reference="Horn and Johnson, Matrix Analysis, section 7.3",
    rests_on=(BOUND, TRACE_BOUND, FILLED, LEVEL, NEXT, THRESHOLD, ORDER, ISOMETRY),
    conditions=("$D = 1$ and $A = a I$", "both decays are positive"),
)

UNDECAYED = in_words(
    "outputs-dropout-undecayed",
    "Without decay the same holds for any inputs",
    r"""Put $\bar\gamma = 0$ and let the network see $A^{-1/2} x$, whose second moments are the identity on
        the range of $A$: that changes $W_1$ to $W_1 A^{1/2}$, which no decay tells from $W_1$. With the
        singular values $s_p$ of $V A^{-1/2}$ the minimum is water filling with $a = 1$ and $\bar\gamma =
        0$, $z_p = (s_p - \alpha)_+$ with $\alpha = \nu \sum_{p \le n} s_p/(1 + \nu n)$, and it is attained.
        Without noise it is the best approximation of rank $d_{\mathrm{min}}$.""",
    by="a change of variables",
    reference="Cavazza et al. 2018, arXiv:1710.05092; Mianjy, Arora and Vidal 2018, arXiv:1806.09777",
    rests_on=(SPREAD, FILLED, ATTAINED, ISOMETRY),
    conditions=("$D = 1$", "no layer is decayed"),
)

DERIVATION = Derivation(
    id="outputs-dropout",
    title="Several outputs, one noisy hidden layer",
    prose=r"""A hidden neuron that is dropped is missing in all outputs, so noise couples them. At one
        hidden layer and $A = a I$ all it sees of the map are the singular values, and how they share
        is water filling. Write $\bar\gamma = \sqrt{\gamma_1\gamma_2}$ and $\nu = \sigma^2/d_1$.""",
    statements=(
        *(AVERAGED, SPREAD, BOUND, FILLED, LEVEL, VALUE, NEXT, THRESHOLD, ORDER),
        *(ATTAINED, ROTATION),
    ),
    steps=(ISOMETRY, MINIMUM, UNDECAYED),
)
