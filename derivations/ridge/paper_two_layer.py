"""The paper's theorem for one hidden layer."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.paper_form import paper_form
from symderive.formulas.reduction import reduce
from symderive.model.network import Network
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    equal,
)

from ..notation import EACH, LETTERS, PAPER, D, a, d, gamma, j, k, lam, n, rho, sigma, v

SHALLOW = Network.symbolic(1)
FORM = paper_form(SHALLOW)
SCALARS = {rho: reduce(SHALLOW).noise_factor, lam: FORM.ridge}
b = sy.b_u


def inverted(j: sp.Symbol) -> sp.Expr:
    """Eigenvalue j of b²(σ² + d_1)A + γ_1."""
    return b**2 * (sigma[1] ** 2 + d[1]) * a[j] + gamma[1]


CONDITION = sp.Eq(sp.Sum((v[j] / inverted(j)) ** 2, EACH), sy.gamma_u / gamma[1], evaluate=False)
_norm = sp.Sum(v[j] ** 2 / (rho * a[j] + lam) ** 2, EACH)
EQUATION = sp.Eq(
    LETTERS.characteristic.subs(D, 1).xreplace({sy.R[2]: _norm}).xreplace(SCALARS),
    reduce(SHALLOW).decay_level,
    evaluate=False,
)

PAPER_TWO_LAYER = Statement(
    id="paper-two-layer",
    title="The condition of the paper is the scalar equation",
    relation=Relation.EQUIVALENT,
    left=CONDITION,
    right=EQUATION,
    reference=f"{PAPER}, the theorem on two-layer networks",
    proof=BothWays(
        combine(Use(equal(*CONDITION.args), times=gamma[1] ** 2)),
        combine(Use(equal(*EQUATION.args), times=1 / gamma[1] ** 2)),
    ),
    domains=(Domain(), Domain(define=((sy.gamma_u, gamma[1] * CONDITION.lhs),))),
    near_misses=(
        NearMiss(
            "the decays the other way round",
            left=sp.Eq(CONDITION.lhs, gamma[1] / sy.gamma_u, evaluate=False),
        ),
    ),
    prose=(
        r"For one hidden layer the paper has $U = b\,r^{\top}$ and $W = b\, r\, v^{\top} "
        r"[b^2(\sigma^2+d_1)A + \gamma_1]^{-1}$ with "
        r"$\lVert [b^2(\sigma^2+d_1)A + \gamma_1]^{-1} v\rVert^2 = \gamma_u/\gamma_1$."
    ),
)

PAPER_TWO_LAYER_MAP = Statement(
    id="paper-two-layer-map",
    title="The map of the paper's weights is the ridge solution",
    left=d[1] * b**2 * v[k] / inverted(k),
    right=(v[k] / (rho * a[k] + lam)).xreplace(SCALARS),
    over=((k, 1, n),),
    reference=f"{PAPER}, the theorem on two-layer networks",
    proof=combine(),
    near_misses=(NearMiss("the width is left out", left=b**2 * v[k] / inverted(k) / (d[1] + 1)),),
)

DERIVATION = Derivation(
    id="paper-two-layer",
    title="One hidden layer",
    prose="The paper's first theorem is the case of depth 1.",
    statements=(PAPER_TWO_LAYER, PAPER_TWO_LAYER_MAP),
)
