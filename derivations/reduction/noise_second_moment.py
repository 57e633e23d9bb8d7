"""The moments of the layer outputs, noise averaged."""

from ..notation import *

NEURONS = ((j, 1, d[D]), (k, 1, d[D]))
BELOW = ((r, 1, d[D]), (s, 1, d[D]))
NOISE = r"""the noise of layer $i$ has mean 1 and variance $\sigma_i^2$, and is independent between
    neurons and of the data"""

_noise = 1 + sigma[D + 1] ** 2 * delta(j, k)

NOISE_SECOND_MOMENT = theorem(
    "noise-second-moment",
    "The second moments of the last hidden layer are $M_D$",
    equal(mean(h[D, j] * h[D, k]), M[D, j, k], *NEURONS),
    given=(OUTPUTS, SECOND_MOMENTS, NOISE),
    reference=f"{PAPER}, Eq. (1)",
    proof=induction(
        D, step=(_noise * W[D + 1, j, r] * W[D + 1, k, s] * HYPOTHESIS.at({j: r, k: s})).sum(*BELOW)
    ),
    misses={"noise counted once more": right((1 + sigma[D] ** 2) * M[D, j, k])},
    prose=r"""Two different neurons of a layer carry independent noise, and a neuron carries its own
        twice in its square. So layer $i$ adds $\sigma_i^2$ times the diagonal to the second moments, and
        nothing else.""",
    display=r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} h_{D} h_{D}^{\top} = M_{D}",
)

NOISE_FIRST_MOMENT = theorem(
    "noise-first-moment",
    "On average the last hidden layer is the map $T_D$",
    equal(mean(h[D, j] * y), Sum(T[D, j, k] * v[k], (k, 1, d[0])), NEURONS[0]),
    given=(OUTPUTS, END_TO_END, NOISE),
    reference=f"{PAPER}, Eq. (1)",
    proof=induction(D, step=(W[D + 1, j, r] * HYPOTHESIS.at({j: r})).sum((r, 1, d[D]))),
    misses={"a flipped sign": right(-Sum(T[D, j, k] * v[k], (k, 1, d[0])))},
    display=r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} y h_{D} = T_{D} v",
)

_pulled_back = Sum(z[r] * W[D + 1, r, j], (r, 1, d[D + 1]))

SECOND_MOMENTS_ARE_PSD = theorem(
    "second-moments-psd",
    "$M_D$ is positive semidefinite",
    semidefinite(M[D, j, k], *NEURONS),
    given=(A_IS_PSD, SECOND_MOMENTS),
    reference="a second moment is one",
    proof=induction(
        D,
        base=A_IS_PSD.at({z[j]: z[j]}),
        step=HYPOTHESIS.at({z[j]: _pulled_back})
        + (sigma[D + 1] ** 2 * z[r] ** 2 * HYPOTHESIS.at({z[j]: W[D + 1, r, j]})).sum((r, 1, d[D + 1])),
    ),
    misses={"more than the diagonal is taken away": right(2 * delta(j, k) * M[D, j, k])},
    display=r"M_{D} \succeq 0",
)

DERIVATION = Derivation(
    id="noise-second-moment",
    title="Averaging over the noise",
    prose=r"""The outputs of the layers are $h_0 = x$ and $h_i = \epsilon_i \circ W_i h_{i-1}$. The
        prediction is affine in the noise of every neuron, so that its first two moments are all that
        matters. Put $M_0 = A$ and $M_i = S_i + \sigma_i^2\,\mathrm{Diag}(S_i)$ with $S_i = W_i M_{i-1}
        W_i^{\top}$, and let $T_i = W_i T_{i-1}$, $T_0 = I$, be the linear map from the input to layer $i$.
        Dropout [@srivastava2014] is one such noise.""",
    statements=(NOISE_SECOND_MOMENT, NOISE_FIRST_MOMENT, SECOND_MOMENTS_ARE_PSD),
)
