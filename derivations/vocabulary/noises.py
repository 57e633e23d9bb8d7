"""Noise of any kind: of neurons, correlated, and of weights."""

from symderive.statements.display import Definition, Letter

from ..noises.noise_moments import NOISY_MOMENTS, M_noisy, alpha, eta, groups, omega
from ..noises.noise_transfer import CARRIED, Xi, alone, chi, omega_u
from ..noises.output_bias import bias, x_mean, y_mean
from ..notation import *

#: All neurons of a layer have noise of one variance: part of what is assumed of noise of any kind.
ONE_VARIANCE = alone(D)

NOISE_LETTERS = (
    Letter(
        r"\alpha_{i}",
        alpha,
        meaning=r"what all neurons of layer $i$ share of $\mathbb{E}\, \epsilon_i \epsilon_i^{\top}$",
        domain="non-negative",
    ),
    Letter(
        r"G_{i}", groups, meaning="number of the parts of the noise of layer $i$", domain="positive integer"
    ),
    Letter(
        r"\eta_{i,l}",
        eta,
        (d[i], 1),
        meaning=r"part of the noise of layer $i$: $\mathbb{E}\, \epsilon_i \epsilon_i^{\top} = \alpha_i"
        r" \mathbf{1}\mathbf{1}^{\top} + \sum_l \eta_{i,l} \eta_{i,l}^{\top}$",
        domain=r"$\mathbb{R}^{d_i}$",
    ),
    Letter(
        r"\chi_{i}",
        chi,
        meaning=r"second moment $\mathbb{E}\, \epsilon_{ij}^2$ of the noise of one neuron",
        domain="non-negative",
    ),
    Letter(
        r"\omega_{i}",
        omega,
        meaning="standard deviation of the noise of the weights of layer $i$",
        domain="non-negative",
    ),
    Letter(
        r"\omega_{u}",
        omega_u,
        meaning="standard deviation of the noise of the output weights",
        domain="non-negative",
    ),
    Definition(
        r"\tilde{S}_{i}",
        r"W_{i} \tilde{M}_{i-1} W_{i}^{\top}"
        r" + \omega_{i}^{2} \operatorname{Diag}(W_{i} \operatorname{Diag}(\tilde{M}_{i-1}) W_{i}^{\top})",
        meaning="second moments of layer $i$ with noisy weights, before the noise of its neurons",
    ),
    Letter(
        r"\tilde{M}_{i}",
        M_noisy,
        (d[i], d[i]),
        meaning="second moments of the outputs of layer $i$ with noise of any kind",
        domain="positive semidefinite",
        recursion=NOISY_MOMENTS,
        defined=(
            r"\tilde{M}_{0} = A",
            r"\tilde{M}_{i} = \alpha_{i} \tilde{S}_{i} + \sum_{l=1}^{G_{i}}"
            r" \operatorname{Diag}(\eta_{i,l}) \tilde{S}_{i} \operatorname{Diag}(\eta_{i,l})",
        ),
    ),
    Definition(
        r"\Theta_{i}",
        r"\begin{pmatrix} \alpha_{i} & \frac{\omega_{i}^{2} \chi_{i}}{d_{i}} \\"
        r" \frac{\chi_{i}}{d_{i}} & \frac{\omega_{i}^{2} \chi_{i}}{d_{i}} \end{pmatrix}",
        meaning="transfer matrix of layer $i$",
    ),
    Letter(
        r"\Xi_{i}",
        Xi,
        (2, 2),
        meaning="product of the transfer matrices up to layer $i$",
        domain=r"$\mathbb{R}^{2 \times 2}$",
        recursion=CARRIED,
        defined=(r"\Xi_{0} = I", r"\Xi_{i} = \Theta_{i} \Xi_{i-1}"),
    ),
    Definition(
        r"\rho_{1}",
        r"\begin{pmatrix} 1 & \omega_{u}^{2} \end{pmatrix} \Xi_{D} \begin{pmatrix} 1 \\ 0 \end{pmatrix}",
        meaning="noise factor of $A$",
    ),
    Definition(
        r"\rho_{2}",
        r"\begin{pmatrix} 1 & \omega_{u}^{2} \end{pmatrix} \Xi_{D} \begin{pmatrix} 0 \\ 1 \end{pmatrix}",
        meaning="noise factor of the diagonal of $A$",
    ),
    Definition(
        "B",
        r"\rho_{1} A + \rho_{2} \operatorname{Diag}(A)",
        meaning=r"second moments of the features with the noise, in place of $\rho A$",
    ),
    Definition(
        "F_{B}(m)",
        r"m^{\top} B m - 2 v^{\top} m + c + (D+1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}",
        meaning="reduced loss with noise of any kind",
    ),
    Definition(
        r"\tilde{L}(W, U)",
        r"U \tilde{M}_{D} U^{\top} + \omega_{u}^{2} U \operatorname{Diag}(\tilde{M}_{D}) U^{\top}"
        r" - 2 U T_{D} v + c + \gamma_{u} \lVert U \rVert^{2}"
        r" + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
        meaning="loss with noise of any kind, its noise averaged",
    ),
    Letter(r"\bar{x}", x_mean, (d[0], 1), meaning="mean of the features", domain=r"$\mathbb{R}^{d_0}$"),
    Letter(r"\bar{y}", y_mean, meaning="mean of the target", domain="real"),
    Letter("b_{0}", bias, meaning="bias of the output", domain="real"),
)
