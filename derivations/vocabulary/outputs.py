"""Several outputs."""

from symderive import symbols as sy
from symderive.statements.display import Definition, Letter

from ..notation import *
from ..outputs.autoencoder import eigenvalue
from ..outputs.several_outputs_layers import V
from ..outputs.several_outputs_minima import singular
from ..outputs.several_outputs_minima import z as size

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

#: The modes of several outputs.
MODES = (
    Letter("n", n, meaning="number of modes", domain="positive integer"),
    Letter("a_{p}", eigenvalue, meaning="eigenvalues of $A$ in decreasing order", domain="positive"),
)
