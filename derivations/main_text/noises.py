"""A section: noise of any kind, what carries over, and what is open."""

from symderive.statements.document import Assumption, Defined, Part, Proven, Supposed, Theorem

from ..noises.noise_minima import (
    AT_LEAST_DATA,
    BALANCE,
    INHERITED,
    NO_LESS,
    ORIGIN,
    SAME_MINIMUM,
    STATIONARY,
)
from ..noises.noise_moments import NOISY_IS_PSD
from ..noises.noise_transfer import (
    ERROR,
    FORM,
    LOWER,
    TRANSFER,
    ZERO_MAP_LOSS,
)
from ..noises.noise_transfer_attained import FORMS, WEIGHTS
from ..noises.output_bias import ATTAINED as BEST_BIAS
from ..noises.output_bias import LEAST, PSD
from .setting import DATA, DECAYS

NOISES = Assumption(
    id="any-noise",
    name="noise of any kind",
    text=r"""The weights of layer $i$ are multiplied by independent numbers of mean 1 and variance
        $\omega_i^2$, the output weights by such of variance $\omega_u^2$, and the neurons of layer $i$ by
        the entries of $\epsilon_i$, which have mean 1 and one variance $\chi_i - 1$, and any correlations:
        $\mathbb{E}\, \epsilon_i \epsilon_i^{\top} = \alpha_i \mathbf{1}\mathbf{1}^{\top} + \sum_l
        \eta_{i,l} \eta_{i,l}^{\top}$ with $\alpha_i \ge 1$. All of these are independent of each other
        otherwise, and of $(x, y)$.""",
)

TRANSFERRED = Theorem(
    id="transfer",
    kind="theorem",
    name="noise of any kind",
    assumes=(NOISES, DATA, DECAYS),
    body=(
        "The second moment of the prediction, on the left, is bounded from below:",
        FORM,
        r"For all weights with $m = (U T_{D})^{\top} \ne 0$ hence",
        LOWER,
        r"and $\tilde{L}(W, U) \ge c$ for all others. Conversely, for every $m \ne 0$ the weights",
        Supposed(WEIGHTS),
        "attain the bound,",
        WEIGHTS,
        "so that both have the same minimum:",
        SAME_MINIMUM,
        r"Besides,",
        AT_LEAST_DATA,
    ),
    proof=None,
    rests_on=(TRANSFER, ERROR, FORMS, ZERO_MAP_LOSS, NO_LESS, NOISY_IS_PSD),
)

INHERITS = Theorem(
    id="inherits",
    kind="proposition",
    name="what the landscape inherits",
    assumes=(NOISES, DATA, DECAYS),
    body=(
        r"""Let $m \ne 0$ and $\mathbf{1}^{\top} \eta_{i,l} = 0$. The weights of $m$ in [[transfer]] are a
            local minimum of $\tilde L$ if and only if $m$ is one of $F_B$; they are stationary if $m$ is,
            and then, if $F_B$ has a direction of negative curvature at $m$, so has $\tilde L$ at them. At
            every stationary point of $\tilde L$ all layers carry the same decay. The origin is a strict
            local minimum if there are two or more hidden layers:""",
        ORIGIN,
    ),
    proof=r"""$\tilde L$ less $F_B$ of the map is not negative, and vanishes at the weights of $m$. So its
        gradient vanishes there and its Hessian is positive semidefinite ([[noise-minima-stationary]]), and
        the weights of maps near $m$ are near those of $m$ ([[noise-minima-inherited]]). Stretching
        one layer and shrinking another changes nothing but their decay ([[noise-minima-balance]]).""",
    rests_on=(INHERITED, STATIONARY, BALANCE),
)

BIAS = Theorem(
    id="bias",
    kind="proposition",
    name="a bias of the output",
    assumes=(NOISES, DATA, DECAYS),
    body=(
        r"""Let a number $\hat b$ without decay be added to the prediction, and $\bar x$, $\bar y$ be the
            means of features and target. The loss with it is on the left, for any $\hat b$ and all weights
            with $m = (U T_{D})^{\top} \ne 0$:""",
        LEAST,
        r"""The weights of [[transfer]] with $\hat b = \bar y - \bar x^{\top} m$ attain the bound, and $B -
            \bar x \bar x^{\top} \succeq 0$.""",
    ),
    proof=r"""The left side is a square in $\hat b$ and the loss of centered data ([[output-bias-best]]).
        That the matrix is semidefinite is [[output-bias-psd]].""",
    rests_on=(BEST_BIAS, PSD),
)

PART = Part(
    id="noises",
    title="Noise of any kind",
    blocks=(
        r"""Noise of its own for each neuron is one kind among many. Weights may have it, as in DropConnect
            [@wan2013]; groups of neurons may share it, as feature maps do [@tompson2015], and any other
            correlation is possible; features may have it, where it is a ridge [@bishop1995]. One number
            more is enough for all of these. Three kinds are settled at once: noisy features are
            other features, with $A + \sigma_0^2 \operatorname{Diag}(A) + \Sigma$ in place of $A$ if each
            feature has a factor of variance $\sigma_0^2$ and noise of covariance $\Sigma$ is added
            ([[noise-moments-features]]); noise of variance $s^2$ that is added to each neuron of the last
            hidden layer adds $s^2 (1 + \omega_u^2)$ to $\gamma_u$, and noise that is added to the target
            adds its variance to $c$ ([[noise-moments-output]]). All that is said of the loss in
            this paper holds with these in place of $A$, $\gamma_u$ and $c$; the variance of the prediction
            has the part of this noise besides, which no width takes away. For the others put""",
        Defined(names=(r"\tilde{S}_{i}", r"\tilde{M}_{i}"), together=True),
        NOISES,
        r"""Groups of one size, $G$ of them, that share a factor of variance $\sigma^2$ each have $\alpha =
            1 + \sigma^2/G$ and $\chi = 1 + \sigma^2$ ([[noise-transfer-groups]]); single neurons are
            groups of one. That a layer's neurons are noisy makes the second moments larger, and noise of
            the weights adds what belongs to the diagonal of those of the layer below. So two numbers are
            carried through the layers, by""",
        Defined(names=(r"\Theta_{i}", r"\Xi_{i}"), together=True),
        "which start, above, from the noise of the output weights and end, below, at the features:",
        Defined(names=(r"\rho_{1}", r"\rho_{2}", "B"), together=True),
        r"""Here $\Theta_i$ is the entrywise product of one factor for each of the widths, the noise of the
            neurons and that of the weights. For noise of single neurons alone $\rho_1 = \rho$ and $\rho_2
            = 0$ ([[noise-transfer-neurons, noise-transfer-neurons-diagonal]]). The loss with its noise
            averaged, and the reduced loss, are""",
        Defined(names=(r"\tilde{L}(W, U)", "F_{B}(m)")),
        TRANSFERRED,
        Proven(
            of="transfer",
            text=(
                r"""The second moments of the outputs are $\tilde M_D$ ([[noise-moments-any,
                    noise-moments]]). Put $X_i(z) = z^{\top} \tilde M_i z$ and $Y_i(z) = z^{\top}
                    \operatorname{Diag}(\tilde M_i) z$. By the Cauchy–Schwarz inequality over the rows of
                    $W_i$, $(X_i, Y_i)(z) \ge \Theta_i (X_{i-1}, Y_{i-1})(W_i^{\top} z)$, entry by entry
                    ([[noise-transfer-full, noise-transfer-diagonal]]); all entries of $\Theta_i$ are
                    non-negative, so that the layers compose ([[noise-transfer]]), and the decay is bounded
                    as before. At rank-one weights whose entries have one size all of these are equations
                    if $\mathbf{1}^{\top} \eta_{i,l} = 0$ ([[noise-transfer-attained-forms]]).""",
            ),
        ),
        r"""So the noise of all layers is two numbers, and $F_B$ is $F$ for the data $B$ without noise:
            the scalar equation, the dual, the thresholds and the number of roots are those of $B$ in
            place of $\rho A$. The diagonal has to be carried along: noise of the weights of one layer
            alone multiplies the second moment by $1 + \omega_i^2/(d_i d_{i-1})$ (in the first layer only
            where all features are equal), but in two layers the product of these factors is too small.
            Additive noise in an earlier hidden layer is another problem: it adds the squared norm of all
            layers above, for which no single decay stands.""",
        INHERITS,
        BIAS,
        r"""What is not inherited is the list of all stationary points ([[all-points]]), so that there
            are no other local minima, and the blocks and the index of the Hessian: these are proved for
            noise of single neurons, and open for noise of weights, noise that neurons share, and noise
            with a bias.""",
    ),
)
