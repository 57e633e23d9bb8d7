"""The loss of a network with activations exceeds that of the origin by a function of the decay."""

from symderive.formulas.barrier import barrier, signal, total_decay
from symderive.symbols import f_square, f_target

from ..inequalities import am_gm, cauchy_schwarz, eta, power, tangent, xi
from ..isotropic.spinodal import bernoulli
from ..notation import *
from ..reduction.decay_bound import NORMS, N, N_u

S, K = total_decay, signal
BARRIER = barrier()
S_0, S_ZERO = BARRIER.top, BARRIER.zero
DEEP = at_least(D, 2)
a_power = letters("s", positive=True)

# -- sizes: absolute values of outputs, layer by layer ------------------------------------------------

#: Outcomes of a layer's noise with their probabilities, and outcomes of everything below it.
noises, below = letters("n_e n_b", integer=True, positive=True)
OUTCOME, BENEATH = (r, 1, noises), (s, 1, below)
chance, chance_below = families("omega pi", nonnegative=True)

#: Sizes: of the noise, of the weights, of what the layer gets, and of what its activations return.
noise_size, size, got, returned = families("E V H F", nonnegative=True)
mu = families("mu", positive=True)
NEURON, INPUT = (j, 1, d[i]), (k, 1, d[i - 1])
_pre = Sum(size[i, j, k] * got[s, k], INPUT)

NOISE_MEAN = equal(Sum(chance[r] * noise_size[r, j], OUTCOME), mu[i], NEURON)
ACTIVATION = at_least(_pre, returned[s, j], BENEATH, NEURON)

LAYER = theorem(
    "nonlinear-barrier-layer",
    "A layer multiplies sizes at most by its weights and its noise",
    at_least(
        mu[i] * Sum(size[i, j, k] * Sum(chance_below[s] * got[s, k], BENEATH), INPUT),
        Sum(chance[r] * chance_below[s] * noise_size[r, j] * returned[s, j], OUTCOME, BENEATH),
        NEURON,
    ),
    given=(
        NOISE_MEAN,
        ACTIVATION,
        "the noise of a layer is independent of all layers below and of the data",
        r"$|\phi(t)| \le |t|$ for the activations, so that $|\phi(t)| \le \sum_k |W_{jk}| |h_k|$",
    ),
    reference="the triangle inequality",
    proof=(chance[r] * chance_below[s] * noise_size[r, j] * ACTIVATION).sum(OUTCOME, BENEATH)
    - Sum(chance_below[s] * _pre, BENEATH) * NOISE_MEAN,
    misses={
        "an activation that grows faster": without(ACTIVATION),
        "noise of another size": without(NOISE_MEAN),
    },
)

#: Z_i holds the mean sizes of the outputs of layer i, at one x.
Z = families("Z", nonnegative=True)
LAYER_SIZE = Sum(size[i, j, k] ** 2, INPUT, NEURON)
SIZES_SQUARED = Product(mu[i] ** 2 * LAYER_SIZE, (i, 1, D))
_next = mu[i] * Sum(size[i, j, k] * Z[i - 1, k], INPUT)
STEP = at_least(_next, Z[i, j], (i, 1, D), NEURON)
_above = at_least(_next, Z[i, j], (i, 1, D + 1), NEURON).at({i: D + 1})
_both = _next.subs(i, D + 1) + Z[D + 1, j]
_cauchy = cauchy_schwarz(size[D + 1, k, j], Z[D, j], d[D])

LAYERS = theorem(
    "nonlinear-barrier-layers",
    "The mean sizes of the last layer",
    at_least(SIZES_SQUARED * norm2(Z[0, j], (j, 1, d[0])), norm2(Z[D, j], (j, 1, d[D]))),
    given=(STEP,),
    reference="Cauchy–Schwarz, layer by layer",
    proof=induction(
        D,
        step=mu[D + 1] ** 2 * LAYER_SIZE.subs(i, D + 1) * HYPOTHESIS
        + (mu[D + 1] ** 2 * _cauchy).sum((k, 1, d[D + 1]))
        + (_both * _above).sum((j, 1, d[D + 1])),
    ),
    misses={
        "the noise is left out": left(Product(LAYER_SIZE, (i, 1, D)) * norm2(Z[0, j], (j, 1, d[0]))),
        "layers that add": without(STEP),
    },
    prose=r"""Let $Z_i$ hold the means over the noise of the sizes of the outputs of layer $i$, at one
        $x$.""",
)

#: |U|, and ‖U‖² with the product of the layers.
out_size = families("V_u", nonnegative=True)
_outputs = (k, 1, d[D])

PREDICTION = theorem(
    "nonlinear-barrier-prediction",
    "The mean size of the prediction",
    at_least(
        norm2(out_size, _outputs) * SIZES_SQUARED * norm2(Z[0, j], (j, 1, d[0])),
        Sum(out_size[k] * Z[D, k], _outputs) ** 2,
    ),
    given=(STEP,),
    reference="Cauchy–Schwarz",
    proof=norm2(out_size, _outputs) * LAYERS + cauchy_schwarz(out_size[j], Z[D, j], d[D]),
    misses={"layers that add": without(STEP), "the output weights are left out": left(SIZES_SQUARED)},
    prose=r"The prediction is a sum of the last layer's outputs times weights.",
)

# -- the prediction against the target -----------------------------------------------------------------

#: The size of the prediction is at most G‖x‖ on average; outcomes of x and y, and of all noise.
G = letters("G", nonnegative=True)
samples = letters("n_x", integer=True, positive=True)
SAMPLE = (s, 1, samples)
prediction, target = families("f g")
weight, x_norm, f_size, y_size = families("psi X F Y", nonnegative=True)

SMALL = at_least(G * x_norm[s], Sum(chance[r] * f_size[r, s], OUTCOME), SAMPLE)
SIZES = at_least(f_size[r, s] * y_size[s], prediction[r, s] * target[s], OUTCOME, SAMPLE)

MIXED_MOMENT = theorem(
    "nonlinear-barrier-mixed",
    "A small prediction has a small mixed moment with the target",
    at_least(
        G * Sum(weight[s] * y_size[s] * x_norm[s], SAMPLE),
        Sum(weight[s] * chance[r] * prediction[r, s] * target[s], OUTCOME, SAMPLE),
    ),
    given=(SMALL, SIZES, "$F$, $X$ and $Y$ are the sizes of the prediction, of $x$ and of $y$"),
    reference="the triangle inequality",
    proof=(weight[s] * y_size[s] * SMALL).sum(SAMPLE)
    + (weight[s] * chance[r] * SIZES).sum(OUTCOME, SAMPLE),
    misses={"a large prediction": without(SMALL), "sizes of something else": without(SIZES)},
)

# -- the product of the norms against the decay --------------------------------------------------------

DECAY_OF_NORMS = gamma_u * N_u + Sum(gamma[i] * N[i], (i, 1, D))
IS_DECAY = equal(S, DECAY_OF_NORMS)
_unit = (D + 1) * MEAN_DECAY
_half = (D + 1) / Integer(2)

DEAD = in_words(
    "nonlinear-barrier-dead-layer",
    "A network with a layer that is 0 has the loss $c + S$",
    r"""If the weights of a layer are 0, the bound on the size of the prediction is 0, and so is the
        prediction. Then the loss is $c + S$, which is at least $c + h(S)$. So only networks are left
        whose layers are not 0.""",
    by="a distinction of two cases",
    reference="any course of logic",
    rests_on=(PREDICTION,),
)

OF_WEIGHTS = r"S = \gamma_{u} \lVert U \rVert^{2} + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}"

DECAY = theorem(
    "nonlinear-barrier-decay",
    "The norms multiply at most to a power of their decay",
    at_least((S / _unit) ** _half, sqrt(N_u * NORMS)),
    given=(IS_DECAY,),
    reference="AM–GM",
    proof=power(
        S, (D + 1) * (gamma_u * N_u * Product(gamma[j] * N[j], (j, 1, D))) ** (1 / (D + 1)), _half
    ).because(IS_DECAY + am_gm(gamma_u * N_u, gamma[j] * N[j], D))
    / _unit**_half,
    misses={"one layer less": right((N_u * NORMS) ** (_half / D)), "another decay": without(IS_DECAY)},
    prose=r"""Let $S$ be the decay of all layers. Its $D + 1$ terms have a geometric mean, in which the
        product of all norms is what remains besides the decays.""",
)

LOSS_GAP = barrier(NETWORK)
MIXED = at_least(K * sqrt(N_u * NORMS), f_target)

BARRIER_OF_LOSS = theorem(
    "nonlinear-barrier",
    "The loss exceeds that of the origin by a function of the decay",
    at_least(f_square - 2 * f_target + c + S, c + LOSS_GAP.height(S)),
    given=(IS_DECAY, MIXED),
    reference="the two bounds above",
    proof=2 * K * DECAY + 2 * MIXED + nonnegative(f_square),
    misses={
        "half of what the data can give back": right(c + (S + LOSS_GAP.height(S)) / 2),
        "a larger mixed moment": without(MIXED),
    },
)

# -- the function h ------------------------------------------------------------------------------------

HIGH = (D - 1) / Integer(2)
h_of, slope = BARRIER.height, BARRIER.slope

_ORDER = greater(xi, eta)

STRICT_POWER = theorem(
    "nonlinear-barrier-power",
    "Positive powers preserve strict order",
    greater(xi**a_power, eta**a_power),
    given=(_ORDER,),
    reference="monotonicity of powers",
    proof=eta**a_power * tangent((xi / eta) ** a_power)
    + a_power * eta**a_power * tangent(eta / xi)
    + a_power * eta**a_power / xi * _ORDER,
    misses={"no order is given": without(_ORDER)},
)


def strict_power(first: Expr, second: Expr, exponent: Expr) -> Use:
    """first^exponent > second^exponent; to be supposed is first > second."""
    return STRICT_POWER.at({xi: first, eta: second, a_power: exponent})


AT_ZERO = theorem(
    "nonlinear-barrier-zero",
    "Where $h$ vanishes",
    equal(h_of(S_ZERO), 0),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"at its top": left(h_of(S_0)), "one hidden layer": without(DEEP)},
    display=Display(r"h(S_{\mathrm{zero}}) = 0", given=r"D \ge 2"),
    prose=r"""For $D \ge 2$ the function $h$ vanishes at 0 and once more, at $S_{\mathrm{zero}}$.""",
)

AT_TOP = theorem(
    "nonlinear-barrier-peak",
    "How high the barrier is",
    equal(h_of(S_0), BARRIER.peak),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"the whole decay": right(S_0)},
    display=Display(r"h(S_{0}) = \frac{D - 1}{D + 1} S_{0}", given=r"D \ge 2"),
    prose=r"It is largest at $S_0$.",
)

ORDER_OF_POINTS = theorem(
    "nonlinear-barrier-ratio",
    "The zero lies beyond the top by a factor of the depth alone",
    equal(S_ZERO, ((D + 1) / Integer(2)) ** (1 / HIGH) * S_0),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"the other way round": right(S_0 / ((D + 1) / Integer(2)) ** (1 / HIGH))},
    display=Display(r"S_{\mathrm{zero}} = \Bigl(\frac{D + 1}{2}\Bigr)^{2/(D - 1)} S_{0}", given=r"D \ge 2"),
)

BELOW_ZERO, BELOW_TOP = greater(S_ZERO, S), greater(S_0, S)

POSITIVE = theorem(
    "nonlinear-barrier-positive",
    "Below its zero $h$ is positive",
    greater(h_of(S), 0),
    given=(DEEP, BELOW_ZERO),
    reference="monotonicity of powers",
    proof=S * (S_ZERO / S) ** -HIGH * strict_power(S_ZERO / S, Integer(1), HIGH).because(BELOW_ZERO / S),
    misses={"beyond its zero": without(BELOW_ZERO)},
    display=Display(r"h(S) > 0", given=(r"D \ge 2", r"S < S_{\mathrm{zero}}")),
)

SLOPE = theorem(
    "nonlinear-barrier-slope",
    "The slope of $h$",
    equal(Derivative(h_of(S), S), slope(S)),
    reference="differentiation",
    proof=differentiate(),
    misses={"twice the second term": right(2 * slope(S) - 1)},
)

SLOPE_POSITIVE = theorem(
    "nonlinear-barrier-rises",
    "Below its top $h$ rises",
    greater(slope(S), 0),
    given=(DEEP, BELOW_TOP),
    reference="monotonicity of powers",
    proof=(S_0 / S) ** -HIGH * strict_power(S_0 / S, Integer(1), HIGH).because(BELOW_TOP / S),
    misses={"beyond its top": without(BELOW_TOP)},
    display=Display(
        r"1 - \frac{K}{\bar{\gamma}} \Bigl(\frac{S}{(D + 1) \bar{\gamma}}\Bigr)^{(D - 1)/2} > 0",
        given=(r"D \ge 2", r"S < S_{0}"),
    ),
    prose=r"The slope of $h$ is positive up to the top, and nowhere is $h$ larger than there.",
)

HIGHEST = theorem(
    "nonlinear-barrier-highest",
    "Nowhere is $h$ larger than at its top",
    at_least(BARRIER.peak, h_of(S)),
    given=(DEEP,),
    reference="the bound on powers",
    proof=2 * S / (D + 1) * bernoulli(S / S_0, HIGH),
    misses={"half of it": left(BARRIER.peak / 2)},
    display=Display(r"h(S) \le \frac{D - 1}{D + 1} S_{0}", given=r"D \ge 2"),
)

_weak = greater(gamma_bar, K)
ONE_LAYER = theorem(
    "nonlinear-barrier-one-layer",
    "One hidden layer: $h$ is a line",
    equivalent(greater(h_of(S).subs(D, 1), 0), _weak),
    reference="algebra",
    proof=both_ways(gamma_bar / S * greater(h_of(S).subs(D, 1), 0), S / gamma_bar * _weak),
    misses={"twice the signal": right(greater(gamma_bar, 2 * K))},
    display=r"S - 2 K \frac{S}{2 \bar{\gamma}} > 0 \iff K < \bar{\gamma}",
    prose=r"""At depth 1 there is no barrier but a slope, the same everywhere, and its sign is that of
        $\bar\gamma - K$.""",
)

LOSS = in_words(
    "nonlinear-barrier-loss",
    "The loss of a network with activations is at least $c + h(S)$",
    r"""Let $E_i$ be the sizes of the noise of layer $i$, with means $\mu_i = \mathbb{E} |\epsilon_i|$.
        As the noise of a layer is independent of what it multiplies, the mean size of an output is the
        mean of products, and by the bound on one layer the mean sizes obey $Z_i \le \mu_i |W_i|
        Z_{i-1}$, with $Z_0 = |x|$. So $\mathbb{E}_{\epsilon} |f(x)| \le G \lVert x \rVert$ with $G =
        \lVert U \rVert \prod_i \mu_i \lVert W_i \rVert_F$, and $\mathbb{E} f y \le G\, \mathbb{E}\, |y|
        \lVert x \rVert \le K \lVert U \rVert \prod_i \lVert W_i \rVert_F$. What was shown by sums, for
        noise and data of finitely many values, holds by the same steps for integrals. With $\mathbb{E}
        f^2 \ge 0$ the bound on the loss follows.""",
    by="Tonelli's theorem",
    reference="Rudin, Real and Complex Analysis, chapter 8",
    rests_on=(LAYER, LAYERS, PREDICTION, MIXED_MOMENT, DECAY, BARRIER_OF_LOSS, DEAD),
    conditions=(
        r"the activations satisfy $|\phi(t)| \le |t|$ and there are no biases",
        "all decays are positive",
        r"$K \ge \mathbb{E}\, |y| \lVert x \rVert \prod_i \mathbb{E} |\epsilon_i|$ is positive",
    ),
    display=Display(r"L_{\phi} \ge c + h(S)", given=OF_WEIGHTS),
)

#: The sizes of the noise of one neuron.
own_size = families("E", nonnegative=True)
CERTAIN = equal(Sum(chance[r], OUTCOME), 1)
SECOND_MOMENT = equal(Sum(chance[r] * own_size[r] ** 2, OUTCOME), 1 + sigma[i] ** 2)

NOISE_SIZE = theorem(
    "nonlinear-barrier-noise",
    "The mean size of noise is at most the root of its second moment",
    at_least(1 + sigma[i] ** 2, Sum(chance[r] * own_size[r], OUTCOME) ** 2),
    given=(CERTAIN, SECOND_MOMENT),
    reference="Cauchy–Schwarz",
    proof=cauchy_schwarz(sqrt(chance[j]), sqrt(chance[j]) * own_size[j], noises)
    - Sum(chance[r], OUTCOME) * SECOND_MOMENT
    - (1 + sigma[i] ** 2) * CERTAIN,
    misses={"the variance alone": left(sigma[i] ** 2), "weights of any sum": without(CERTAIN)},
    prose=r"""So $\mu_i \le \sqrt{1 + \sigma_i^2}$ for every noise of mean 1. Noise that is never
        negative, such as dropout, is its own size, so that $\mu_i = 1$ whatever its variance.""",
)

ORIGIN = in_words(
    "nonlinear-barrier-origin",
    "The origin is a strict local minimum",
    r"""At the weights 0 the prediction and $S$ are 0 and the loss is $c$. All decays being positive,
        $S$ is positive at all other weights, and it is continuous. So near the origin it is below
        $S_{\mathrm{zero}}$, where $h$ is positive.""",
    by="the continuity of polynomials",
    reference="any course of analysis",
    rests_on=(LOSS, POSITIVE),
    conditions=(r"$D \ge 2$", "the weights are near 0 and not 0"),
    display=Display(r"L_{\phi} > c", given=(r"D \ge 2", r"S < S_{\mathrm{zero}}", r"S > 0")),
)

DERIVATION = Derivation(
    id="nonlinear-barrier",
    title="A barrier around the origin of networks with activations",
    prose=r"""Now layer $i$ applies an activation, $h_i = \epsilon_i \circ \phi(W_i h_{i-1})$, with
        $|\phi(t)| \le |t|$ as ReLU, leaky ReLU, the hyperbolic tangent and others have it, and there
        are no biases. No end-to-end map is left. But near the origin the network is small, of the order
        of the product of all its layers, and what it can gain is weighed against the decay of the
        layers.""",
    statements=(
        *(LAYER, LAYERS, PREDICTION, MIXED_MOMENT, NOISE_SIZE, DECAY, BARRIER_OF_LOSS),
        *(STRICT_POWER, AT_ZERO, AT_TOP, ORDER_OF_POINTS, POSITIVE, SLOPE, SLOPE_POSITIVE, HIGHEST),
        ONE_LAYER,
    ),
    steps=(DEAD, LOSS, ORIGIN),
)
