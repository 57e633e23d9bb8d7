"""Networks with activations."""

from symderive.formulas.barrier import signal, total_decay
from symderive.statements.display import Definition, Letter

from ..nonlinear.nonlinear_collapse import least, most
from ..notation import *

NONLINEAR_LETTERS = (
    Letter(
        r"L_{\phi}",
        letters("L_phi"),
        meaning=r"loss of a network with activations $\phi$ and without biases",
        domain="real",
    ),
    Letter("S", total_decay, meaning="decay of all layers of a network that is not 0", domain="positive"),
    Letter(
        "K",
        signal,
        meaning=r"bound on $\mathbb{E}\, |y| \lVert x \rVert \prod_i \mathbb{E} |\epsilon_i|$",
        domain="positive",
    ),
    Definition(
        "h(S)",
        r"S - 2 K \Bigl(\frac{S}{(D + 1) \bar{\gamma}}\Bigr)^{(D + 1)/2}",
        meaning="barrier around the origin of a network with activations",
    ),
    Definition(
        "S_{0}",
        r"(D + 1) \bar{\gamma} \Bigl(\frac{\bar{\gamma}}{K}\Bigr)^{2/(D - 1)}",
        meaning="decay at the top of the barrier",
    ),
    Definition(
        r"S_{\mathrm{zero}}",
        r"(D + 1) \bar{\gamma} \Bigl(\frac{(D + 1) \bar{\gamma}}{2 K}\Bigr)^{2/(D - 1)}",
        meaning="decay at which the barrier ends",
    ),
    Letter(r"\gamma_{\mathrm{min}}", least, meaning="least of all decays", domain="positive"),
    Letter(r"\gamma_{\mathrm{max}}", most, meaning="largest of all decays", domain="positive"),
)
