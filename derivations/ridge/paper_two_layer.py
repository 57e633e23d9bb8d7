"""The paper's theorem for one hidden layer."""

from symderive.formulas.paper_form import paper_form
from symderive.formulas.reduction import reduce
from symderive.model.network import Network

from ..notation import *

SHALLOW = Network.symbolic(1)
FORM = paper_form(SHALLOW)
SCALARS = {rho: reduce(SHALLOW).noise_factor, lam: FORM.ridge}
TWO_LAYER = f"{PAPER}, the theorem on two-layer networks"


#: In displays: ρ and λ of one hidden layer.
SHALLOW_LETTERS = (r"\rho = 1 + \sigma_{1}^{2} / d_{1}", r"\lambda = \gamma_{1} / (b^{2} d_{1})")


def inverted(j: Expr) -> Expr:
    """Eigenvalue j of b²(σ² + d_1)A + γ_1."""
    return b_u**2 * (sigma[1] ** 2 + d[1]) * a[j] + gamma[1]


_norm = Sum((v[j] / inverted(j)) ** 2, EACH)
_moment = {R[2]: Sum(v[j] ** 2 / (rho * a[j] + lam) ** 2, EACH)}
CONDITION = equal(_norm, gamma_u / gamma[1])
EQUATION = equal(
    LETTERS.characteristic.subs(D, 1).xreplace(_moment).xreplace(SCALARS), reduce(SHALLOW).decay_level
)

PAPER_TWO_LAYER = theorem(
    "paper-two-layer",
    "The condition of the paper is the scalar equation",
    equivalent(CONDITION, EQUATION),
    reference=TWO_LAYER,
    proof=both_ways(gamma[1] ** 2 * CONDITION, EQUATION / gamma[1] ** 2),
    misses={"the decays the other way round": left(equal(_norm, gamma[1] / gamma_u))},
    prose=r"""For one hidden layer the paper has $U = b\,r^{\top}$ and $W = b\, r\, v^{\top}
        [b^2(\sigma^2+d_1)A + \gamma_1]^{-1}$ with $\lVert [b^2(\sigma^2+d_1)A + \gamma_1]^{-1} v\rVert^2 =
        \gamma_u/\gamma_1$.""",
    display=Display(
        r"""\lVert [b^{2} (\sigma_{1}^{2} + d_{1}) A + \gamma_{1} I]^{-1} v \rVert^{2}
            = \gamma_{u} / \gamma_{1}
            \iff \lambda^{2} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2} = \gamma_{u} \gamma_{1}""",
        where=SHALLOW_LETTERS,
    ),
)

PAPER_TWO_LAYER_MAP = theorem(
    "paper-two-layer-map",
    "The map of the paper's weights is the ridge solution",
    equal(d[1] * b_u**2 * v[k] / inverted(k), (v[k] / (rho * a[k] + lam)).xreplace(SCALARS), (k, 1, n)),
    reference=TWO_LAYER,
    proof=exact_algebra,
    misses={"the width is left out": left(b_u**2 * v[k] / inverted(k))},
    display=Display(
        r"""b^{2} d_{1} [b^{2} (\sigma_{1}^{2} + d_{1}) A + \gamma_{1} I]^{-1} v
            = (\rho A + \lambda I)^{-1} v""",
        where=SHALLOW_LETTERS,
    ),
)

DERIVATION = Derivation(
    id="paper-two-layer",
    title="One hidden layer",
    prose="The theorem on two-layer networks of [@ziyin2022] is the case of depth 1.",
    statements=(PAPER_TWO_LAYER, PAPER_TWO_LAYER_MAP),
)
