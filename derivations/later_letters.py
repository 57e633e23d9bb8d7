"""The letters and names of the sections on isotropic data, the Hessian, the variance and the search."""

from symderive import symbols as sy
from symderive.statements.display import Definition, Letter

from .hessian import hessian_blocks
from .hessian.hessian_differences import alpha as output_step
from .hessian.hessian_differences import beta
from .hessian.hessian_differences import w as difference
from .hessian.hessian_index import alpha as scales
from .hessian.hessian_index import w as along
from .notation import D, a, d, families, i, letters, n, q, r, s, u, v, v_norm, zeta
from .outputs.several_outputs_layers import V
from .outputs.several_outputs_minima import singular
from .outputs.several_outputs_minima import z as size
from .reduction.attainment import e
from .variance.variance_bounds import a_range
from .variance.variance_bounds import n_width as least_width
from .variance.variance_vanishes_depth import EQUAL_NOISE
from .variance.variance_vanishes_noise import SCALE as NOISE_SIZE

ISOTROPIC_LETTERS = (
    Letter("a", sy.a0, meaning="eigenvalue of isotropic data, $A = a I$", domain="positive"),
    Letter(
        r"\zeta", zeta, meaning=r"ridge in units of isotropic data, $\lambda/(\rho a)$", domain="positive"
    ),
    Definition("t", r"\frac{2 D}{D + 1}", meaning="exponent of the isotropic equation"),
    Definition(
        "q",
        r"\frac{\bar{\gamma} (\rho a)^{t - 1}}{\lVert v \rVert^{t}}",
        meaning="dimensionless decay",
        letter=q,
    ),
    Definition("t'", r"\frac{2 D}{D - 1}", meaning="exponent of the saddle branch"),
    Definition("q'", r"q^{(D + 1) / (D - 1)}", meaning="variable of the saddle branch"),
    Definition(
        r"q_{\mathrm{sp}}", r"\frac{(t - 1)^{t - 1}}{t^{t}}", meaning="dimensionless decay at the spinodal"
    ),
    Definition(
        r"q_{\mathrm{c}}",
        r"\frac{1}{D} \Bigl(\frac{D - 1}{D}\Bigr)^{t - 1}",
        meaning="dimensionless decay at the transition",
    ),
)

HESSIAN_LETTERS = (
    Definition(
        r"g_{k}(\lambda)",
        r"v^{\top} (\rho A + \lambda I)^{-k} v",
        meaning="moment of the resolvent of the data",
    ),
    Letter("u", u, meaning="logarithm of a ridge", domain="real"),
    Definition(
        r"H(u)",
        r"\ln g_{2}(\exp(u)) + \frac{D + 1}{D} u",
        meaning=r"logarithm of $\varphi$ at $\lambda = e^u$",
    ),
    Definition(
        r"H'(\lambda)",
        r"\frac{D + 1}{D} - 2 \lambda \frac{v^{\top} (\rho A + \lambda I)^{-3} v}"
        r"{v^{\top} (\rho A + \lambda I)^{-2} v}",
        meaning=r"slope of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition(
        r"H''(\lambda)",
        r"6 \lambda^{2} \frac{g_{4}(\lambda)}{g_{2}(\lambda)} "
        r"- 4 \lambda^{2} \frac{g_{3}(\lambda)^{2}}{g_{2}(\lambda)^{2}} "
        r"- 2 \lambda \frac{g_{3}(\lambda)}{g_{2}(\lambda)}",
        meaning=r"curvature of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition("R", r"\frac{\rho A}{\lambda}", meaning="second moments $A$ in units of the ridge"),
    Definition(
        r"\nu_{i}",
        r"\frac{\sigma_{i}^{2}}{d_{i} + \sigma_{i}^{2}}",
        meaning="share of the noise in the second moments of layer $i$",
    ),
    Letter(
        "R_{i}",
        hessian_blocks.R[r, s],
        (d[i - 1], d[i - 1]),
        meaning=r"second moments that layer $i$ gets, in units of the ridge; $R_1 = R$",
        domain="positive semidefinite",
    ),
    Letter(r"\beta_{i}", beta, meaning="size of layer $i$", domain="positive"),
    Letter(
        r"\upsilon",
        families("upsilon"),
        (D, 1),
        meaning=r"vector of $\sqrt{\gamma_2}, \dots, \sqrt{\gamma_D}, \sqrt{\gamma_u}$",
        domain=r"$\mathbb{R}^D$",
    ),
    Definition(
        "C_{0}",
        r"\begin{pmatrix} \gamma_{1} (I + R) & \sqrt{\gamma_{1}} (R - I) e_{0} \upsilon^{\top} \\ "
        r"\sqrt{\gamma_{1}} \upsilon e_{0}^{\top} (R - I) & 2 \operatorname{Diag}(\upsilon)^{2} "
        r"+ e_{0}^{\top} (R - I) e_{0} \upsilon \upsilon^{\top} \end{pmatrix}",
        meaning="curvature along the point",
    ),
    Definition(
        "C_{i}",
        r"\begin{pmatrix} \gamma_{i} (I + \nu_{i} R_{i}) "
        r"& -\sqrt{\gamma_{i} \gamma_{i+1}} (I - \nu_{i} R_{i}) e_{i-1} \\ "
        r"-\sqrt{\gamma_{i} \gamma_{i+1}} e_{i-1}^{\top} (I - \nu_{i} R_{i}) "
        r"& \gamma_{i+1} (1 + \nu_{i} e_{i-1}^{\top} R_{i} e_{i-1}) \end{pmatrix}",
        meaning="curvature of a difference between neurons of layer $i$",
    ),
)

VARIANCE_LETTERS = (
    Letter("N", least_width, meaning="a width that no hidden layer is below", domain="positive integer"),
    Letter(r"\sigma", NOISE_SIZE, meaning="noise of all layers where it is equal", domain="positive"),
    Letter(
        r"\delta",
        EQUAL_NOISE,
        meaning="noise per neuron of all layers where it is equal",
        domain="positive",
    ),
)

OUTPUT_LETTERS = (
    Letter(
        "V",
        V,
        (d[D + 1], d[0]),
        meaning=r"mixed moments of several outputs, $\mathbb{E}\, y x^{\top}$",
        domain=r"$\mathbb{R}^{d_{D+1} \times d_0}$",
    ),
    Letter(
        "P",
        families("P"),
        (d[D + 1], d[0]),
        meaning=r"end-to-end map of several outputs, $W_{D+1} \cdots W_1$",
        domain=r"$\mathbb{R}^{d_{D+1} \times d_0}$",
    ),
    Letter("s_{p}", singular, meaning="singular values of $V$ in decreasing order", domain="non-negative"),
    Letter("z_{p}", size, meaning="singular values of $P$ in decreasing order", domain="non-negative"),
    Letter(r"\Omega", sy.decay_term, meaning="decay of all layers", domain="non-negative"),
    Letter(
        r"d_{\mathrm{min}}", letters("d_min", integer=True, positive=True), meaning="least of all widths"
    ),
    Definition(
        r"\bar{L}(W)",
        r"a \lVert P \rVert_{F}^{2} - 2 \operatorname{tr}(P^{\top} V) + c "
        r"+ \sum_{i=1}^{D + 1} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
        meaning="loss of several outputs, isotropic data and no noise",
    ),
)

#: A = aI: v as a vector, or everything along v, where it is its norm.
ISOTROPIC_DATA = (Letter("A", sy.a0, (n,)), Letter("v", v, (n, 1)))
ISOTROPIC = (Letter("A", sy.a0), Letter("v", v_norm))

#: An eigenbasis of the range of A, where all eigenvalues are positive.
RANGE = (Letter("A", a_range, (n,)), Letter("v", v, (n, 1)))

#: Directions in which all neurons of a layer move alike.
ALONG_POINT = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("e_{i}", e, (n, 1)),
    Letter(r"\xi", along, (n, 1)),
    Letter(r"\psi", scales, (D, 1)),
)

#: Directions in which the neurons of a layer differ.
BETWEEN_NEURONS = (
    Letter(r"\xi", difference, (d[i - 1], 1), meaning="direction in the weights into the neurons"),
    Letter(r"\psi", output_step, meaning="direction in the weights out of them"),
)

#: The modes of several outputs.
MODES = (Letter("n", n, meaning="number of modes", domain="positive integer"),)

LATER_LETTERS = (
    *ISOTROPIC_LETTERS,
    *HESSIAN_LETTERS,
    *VARIANCE_LETTERS,
    *OUTPUT_LETTERS,
)
LATER_SETTINGS = (
    ("isotropic", ISOTROPIC),
    ("isotropic data", ISOTROPIC_DATA),
    ("range", RANGE),
    ("along the point", ALONG_POINT),
    ("between neurons", BETWEEN_NEURONS),
    ("several outputs", MODES),
)
