"""The network, its data, and the reduction of its loss."""

from symderive import symbols as sy
from symderive.statements.display import Definition, Letter

from ..notation import *
from ..reduction.attainment import e

NETWORK_LETTERS = (
    Letter("D", D, meaning="number of hidden layers (depth)", domain="positive integer"),
    Letter(
        "d_{i}", d, meaning="width of layer $i$; $d_0$ is the number of features", domain="positive integer"
    ),
    Letter("x", sy.x, (d[0], 1), meaning="features, a random vector", domain=r"$\mathbb{R}^{d_0}$"),
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
        r"\epsilon_{i}", sy.epsilon, (d[i], 1), meaning="noise of layer $i$", domain=r"$\mathbb{R}^{d_i}$"
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
