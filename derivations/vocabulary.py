"""The letters and the names of the paper: what each stands for in entries, and what it means.

The order is that in which the paper introduces them; the table of notation is made from it.
"""

from symderive.statements.display import Definition, Letter, Vocabulary

from .hessian.hessian_blocks import R as neuron_moments
from .hessian.hessian_differences import alpha as output_step
from .hessian.hessian_differences import beta
from .hessian.hessian_differences import w as difference
from .hessian.hessian_index import alpha as scales
from .hessian.hessian_index import w as along
from .minima.one_hidden_layer_convex import other as another_map
from .notation import *
from .notation import sy
from .outputs.several_outputs_layers import V
from .outputs.several_outputs_minima import singular
from .outputs.several_outputs_minima import z as size
from .reduction.attainment import e
from .reduction.diagonal_bound import Q
from .ridge.effective_ridge import basis, w
from .variance.variance_bounds import a_range
from .variance.variance_bounds import n_width as least_width
from .variance.variance_vanishes_depth import EQUAL_NOISE
from .variance.variance_vanishes_noise import SCALE as NOISE_SIZE

_epsilon, _x = sy.epsilon, sy.x
_alive = families("K", integer=True, positive=True)
_alpha, _beta, _eta = letters("alpha beta eta", positive=True)

NETWORK_LETTERS = (
    Letter("D", D, meaning="number of hidden layers (depth)", domain="positive integer"),
    Letter(
        "d_{i}", d, meaning="width of layer $i$; $d_0$ is the number of features", domain="positive integer"
    ),
    Letter("x", _x, (d[0], 1), meaning="features, a random vector", domain=r"$\mathbb{R}^{d_0}$"),
    Letter("y", y, meaning="target, a random number", domain="real"),
    Letter(
        "W_{i}",
        W,
        (d[i], d[i - 1]),
        meaning="weights of hidden layer $i$",
        domain=r"$\mathbb{R}^{d_i \times d_{i-1}}$",
    ),
    Letter("U", U, (1, d[D]), meaning="output weights, a row", domain=r"$\mathbb{R}^{1 \times d_D}$"),
    Letter(
        r"\epsilon_{i}", _epsilon, (d[i], 1), meaning="noise of layer $i$", domain=r"$\mathbb{R}^{d_i}$"
    ),
    Letter(
        r"\sigma_{i}", sigma, meaning="standard deviation of the noise of layer $i$", domain="non-negative"
    ),
    Letter(
        "h_{i}",
        h,
        (d[i], 1),
        meaning="output of layer $i$",
        domain=r"$\mathbb{R}^{d_i}$",
        recursion=OUTPUTS,
        defined=(r"h_{0} = x", r"h_{i} = \operatorname{Diag}(\epsilon_{i}) W_{i} h_{i-1}"),
    ),
    Definition("f(x)", "U h_{D}", meaning="prediction"),
    Letter(r"\gamma_{i}", gamma, meaning="weight decay of hidden layer $i$", domain="positive"),
    Letter(r"\gamma_{u}", gamma_u, meaning="weight decay of the output weights", domain="positive"),
    Definition(
        "L(W, U)",
        r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} (f(x) - y)^{2} + \gamma_{u} \lVert U \rVert^{2}"
        r" + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
        meaning=r"loss of the weights $W = (W_1, \dots, W_D)$ and $U$",
    ),
)

DATA_LETTERS = (
    Letter(
        "A",
        A,
        (d[0], d[0]),
        meaning=r"second moments of the features, $\mathbb{E}\, x x^{\top}$",
        domain="positive semidefinite",
    ),
    Letter("v", v, (d[0], 1), meaning=r"mixed moments, $\mathbb{E}\, x y$", domain="in the range of $A$"),
    Letter("c", c, meaning=r"second moment of the target, $\mathbb{E}\, y^2$", domain="non-negative"),
)

REDUCTION_LETTERS = (
    Letter(
        "T_{i}",
        T,
        (d[i], d[0]),
        meaning="map from the features to layer $i$ without noise",
        domain=r"$\mathbb{R}^{d_i \times d_0}$",
        recursion=END_TO_END,
        defined=("T_{0} = I", "T_{i} = W_{i} T_{i-1}"),
    ),
    Definition(
        "S_{i}", r"W_{i} M_{i-1} W_{i}^{\top}", meaning="second moments of layer $i$ before its noise"
    ),
    Letter(
        "M_{i}",
        M,
        (d[i], d[i]),
        meaning="second moments of the outputs of layer $i$",
        domain="positive semidefinite",
        recursion=SECOND_MOMENTS,
        defined=("M_{0} = A", r"M_{i} = S_{i} + \sigma_{i}^{2} \operatorname{Diag}(S_{i})"),
    ),
    Letter(
        "m",
        g,
        (d[0], 1),
        meaning="end-to-end map, or any vector in its place",
        domain=r"$\mathbb{R}^{d_0}$",
    ),
    Definition(
        r"\rho", r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2} / d_{i})", meaning="noise factor", letter=rho
    ),
    Definition(
        r"\bar{\gamma}",
        r"(\gamma_{u} \prod_{i=1}^{D} \gamma_{i})^{1/(D+1)}",
        meaning="geometric mean of the decays",
        letter=gamma_bar,
    ),
    Definition(
        "F(m)",
        r"\rho m^{\top} A m - 2 v^{\top} m + c + (D+1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}",
        meaning="reduced loss",
    ),
    Letter(r"\kappa", kappa, meaning="decay that every layer carries", domain="positive"),
    Letter(
        "e_{i}", e, (d[i], 1), meaning="unit vector: direction of layer $i$", domain=r"$\mathbb{R}^{d_i}$"
    ),
)

RIDGE_LETTERS = (
    Letter(r"\lambda", lam, meaning="effective ridge", domain="positive"),
    Definition(r"\tau", r"\bar{\gamma}^{(D+1)/D}", meaning="level of the decays", letter=tau),
    Definition(
        r"\varphi(\lambda)",
        r"\lambda^{(D+1)/D} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2}",
        meaning=r"its level sets at $\tau$ are the stationary points of $F$",
    ),
    Definition(
        r"G(\lambda)",
        r"c - v^{\top} (\rho A + \lambda I)^{-1} v + D \tau \lambda^{-1/D}",
        meaning="one-dimensional dual of $F$",
    ),
    Letter(r"\alpha", _alpha, meaning="share of a map in a mean of two", domain="positive"),
    Letter(r"\beta", _beta, meaning="share of the other map", domain="positive"),
    Letter(r"\eta", _eta, meaning="size of a step along $v$", domain="positive"),
    Letter("K_{i}", _alive, meaning="number of living neurons of layer $i$", domain=r"$1, \dots, d_i$"),
    Definition(
        r"\rho_{K}",
        r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2} / K_{i})",
        meaning="noise factor of the living neurons",
    ),
    Letter("b", b_u, meaning="scale of both layers in the form of the seed paper", domain="positive"),
    Letter("b_{u}", b_u, meaning="scale of the output weights there", domain="positive"),
    Letter("b_{i}", b, meaning="scale of layer $i$ there", domain="positive"),
)

#: Any positive semidefinite matrix.
MATRIX = (
    Letter("n", n, meaning="number of rows of a matrix", domain="positive integer"),
    Letter("Q", Q, (n, n), meaning="any positive semidefinite matrix", domain=r"$\mathbb{R}^{n \times n}$"),
)

#: The features and an eigenbasis of A side by side.
BASIS = (
    Letter(
        "B",
        basis,
        (d[0], d[0]),
        meaning="orthogonal matrix, whose rows are eigenvectors of $A$",
        domain=r"$\mathbb{R}^{d_0 \times d_0}$",
    ),
    Letter(
        r"\Lambda",
        a,
        (d[0],),
        meaning="diagonal matrix of the eigenvalues of $A$",
        domain="non-negative entries",
    ),
    Letter(
        "w",
        w,
        (d[0], 1),
        meaning=r"ridge solution, $(\rho A + \lambda I)\, w = v$",
        domain=r"$\mathbb{R}^{d_0}$",
    ),
)

#: In an eigenbasis of A, which changes nothing, A is the diagonal matrix of its eigenvalues.
EIGENBASIS = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("m", m, (n, 1)),
    Letter("m'", another_map, (n, 1), meaning="another map"),
)

# -- sections 5 to 8 and their appendices -------------------------------------------------------------------

ISOTROPIC_LETTERS = (
    Letter("a", sy.a0, meaning="eigenvalue of isotropic data, $A = a I$", domain="positive"),
    Letter(
        r"\zeta", zeta, meaning=r"ridge in units of isotropic data, $\lambda/(\rho a)$", domain="positive"
    ),
    Definition("t", r"\frac{2 D}{D + 1}", meaning="exponent of the isotropic equation"),
    Definition(
        "q",
        r"\frac{\bar{\gamma} (\rho a)^{(D - 1) / (D + 1)}}{\lVert v \rVert^{2 D / (D + 1)}}",
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
    Definition(r"\hat{m}", r"\frac{m}{\lVert m \rVert}", meaning="direction of the map"),
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
        r"\frac{D + 1}{D} - 2 \lambda \frac{g_{3}(\lambda)}{g_{2}(\lambda)}",
        meaning=r"slope of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition(
        r"H''(\lambda)",
        r"6 \lambda^{2} \frac{g_{4}(\lambda)}{g_{2}(\lambda)} "
        r"- 4 \lambda^{2} \frac{g_{3}(\lambda)^{2}}{g_{2}(\lambda)^{2}} "
        r"- 2 \lambda \frac{g_{3}(\lambda)}{g_{2}(\lambda)}",
        meaning=r"curvature of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition(
        "R", r"\frac{1}{\lambda} \rho A", meaning="second moments of the features in units of the ridge"
    ),
    Definition(
        r"\nu_{i}",
        r"\frac{\sigma_{i}^{2}}{d_{i} + \sigma_{i}^{2}}",
        meaning="share of the noise in the second moments of layer $i$",
    ),
    Letter(
        "R_{i}",
        neuron_moments[r, s],
        (d[i - 1], d[i - 1]),
        meaning=r"second moments that layer $i$ gets, in units of the ridge; $R_1 = R$",
        domain="positive semidefinite",
    ),
    Letter(r"\beta_{i}", beta, meaning="size of layer $i$", domain="positive"),
    Letter(
        r"\Gamma_{0}",
        families("Gamma_0"),
        meaning=r"diagonal matrix of $\gamma_1 I, \gamma_2, \dots, \gamma_D, \gamma_u$",
    ),
    Letter(r"\Gamma_{i}", families("Gamma"), meaning=r"diagonal matrix of $\gamma_i I$ and $\gamma_{i+1}$"),
    Definition(
        "C_{0}",
        r"\Gamma_{0}^{1/2} \begin{pmatrix} I + R & (R - I) e_{0} \mathbf{1}^{\top} \\ "
        r"\mathbf{1} e_{0}^{\top} (R - I) & 2 I + e_{0}^{\top} (R - I) e_{0} \mathbf{1} \mathbf{1}^{\top} "
        r"\end{pmatrix} \Gamma_{0}^{1/2}",
        meaning="curvature along the point",
    ),
    Definition(
        "C_{i}",
        r"\Gamma_{i}^{1/2} \begin{pmatrix} I + \nu_{i} R_{i} & -(I - \nu_{i} R_{i}) e_{i-1} \\ "
        r"-e_{i-1}^{\top} (I - \nu_{i} R_{i}) & 1 + \nu_{i} e_{i-1}^{\top} R_{i} e_{i-1} "
        r"\end{pmatrix} \Gamma_{i}^{1/2}",
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
        "L_{V}(W)",
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

VOCABULARY = Vocabulary(
    entries=(*NETWORK_LETTERS, *DATA_LETTERS, *REDUCTION_LETTERS, *RIDGE_LETTERS, *LATER_LETTERS),
    settings=(("eigenbasis", EIGENBASIS), ("basis", BASIS), ("matrix", MATRIX), *LATER_SETTINGS),
)
