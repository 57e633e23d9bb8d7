"""With two or more hidden layers the origin is always a local minimum."""

from symderive.formulas.loss import expected_loss
from symderive.symbols import decay_term, f_square, f_target

from ..notation import *
from .one_hidden_layer_threshold import DATA_TERM, NORM_M, NORM_V, N, V

DEEP = at_least(D, 2)
_power = N ** ((D - 1) / (D + 1))
NEAR = greater((D + 1) * gamma_bar, 2 * V * _power)

#: m along v, where the data give back more than a tiny penalty takes.
_far = {gamma_bar: (0, Rational(1, 100)), a[j]: (0, 1), rho: (1, 2)}

ORIGIN_LOCAL_MINIMUM = theorem(
    "origin-local-minimum",
    "The origin is a strict local minimum",
    greater(LETTERS.loss(M_QUADRATIC, M_LINEAR, N), c),
    given=(NORM_V, NORM_M, NEAR, r"$v \ne 0$ and $m \ne 0$"),
    reference=f"{PAPER}, the origin of deep networks",
    proof=N ** (Integer(2) / (D + 1)) * NEAR + DATA_TERM,
    test=Domain(define={gamma_bar: (1 + a[1]) * 2 * V * _power / (D + 1)}),
    misses={"far from the origin": (without(NEAR), Domain(ranges=_far, define={m[j]: v[j] / 4}))},
    prose=r"The penalty $\lVert m\rVert^{2/(D+1)}$ is steeper at the origin than the linear term.",
)

_DEPTHS, _SHALLOW = Domain(ranges={D: (2, 4)}), Domain(ranges={D: (1, 1)})

NEIGHBORHOOD = theorem(
    "origin-neighborhood",
    "The hypothesis holds near the origin",
    limit(2 * V * _power, N, 0, 0),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    test=_DEPTHS,
    misses={"one hidden layer": (without(DEEP), _SHALLOW)},
)

#: The loss on a ray t·(all weights): E f² and E f y have degree 2(D+1) and D+1.
LOSS_ON_RAY = expected_loss(NETWORK).result.xreplace(
    {
        f_square: f_square * t ** (2 * (D + 1)),
        f_target: f_target * t ** (D + 1),
        decay_term: decay_term * t**2,
    }
)

ORIGIN_HESSIAN = theorem(
    "origin-hessian",
    "The Hessian at the origin is that of the decay",
    limit((LOSS_ON_RAY - c) / t**2, t, 0, decay_term),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    test=_DEPTHS,
    misses={"one hidden layer": (without(DEEP), _SHALLOW)},
    prose=r"""In the weights themselves the data term is of order $D + 1 \ge 3$, so that the Hessian at
        the origin is diagonal, with twice the decays as entries.""",
)

DERIVATION = Derivation(
    id="origin-local-minimum",
    title="Two or more hidden layers: the origin",
    prose="""With more than one hidden layer the origin attracts, whatever the data and however small
        the decay.""",
    statements=(ORIGIN_LOCAL_MINIMUM, NEIGHBORHOOD, ORIGIN_HESSIAN),
)
