"""How the minimum responds to the decays and to the noise."""

from ..notation import *
from ..search.search_range import SEARCH_LOWER
from .dual import SAME_INFIMUM
from .minimum_value import DUAL

#: The decay of one layer is γ_u; P is the product of the others, so that τ = (γ_u P)^{1/D}.
others = letters("P", positive=True)
TAU = (gamma_u * others) ** (1 / D)
PHI = in_eigenbasis(LETTERS.characteristic)
ROOT = equal(PHI, tau)
ROOT_OF_DECAYS = equal(PHI, TAU)
_kappa = in_eigenbasis(LETTERS.layer_decay)

STATIONARY = theorem(
    "envelope-stationary",
    "The dual $G$ is stationary at a root",
    equal(Derivative(DUAL, lam), 0),
    given=(ROOT, r"$\lambda$ is a root at which the minimum is attained, and no other root ties with it"),
    reference="the envelope theorem",
    proof=differentiate(lam ** (-LETTERS.exponent) * ROOT),
    misses={"λ is not a root": without(ROOT)},
    prose=r"""The minimum is $F^{*} = G(\lambda)$ at a root, so $F^{*}$ varies with a parameter as $G$
        does at fixed $\lambda$.""",
)

ENVELOPE = theorem(
    "envelope",
    "The sensitivity to the decay of a layer",
    equal(
        Derivative(DUAL.xreplace({tau: TAU}), gamma_u), in_eigenbasis(LETTERS.decay_sensitivity(gamma_u))
    ),
    given=(ROOT_OF_DECAYS, "$P$ is the product of the other decays"),
    reference="the envelope theorem",
    proof=differentiate(-(lam ** (-1 / D)) / gamma_u * ROOT_OF_DECAYS),
    misses={
        "λ is not a root": without(ROOT_OF_DECAYS),
        "all layers together": right((D + 1) * _kappa / gamma_u),
    },
    prose=r"""The rate is $\kappa/\gamma_u = \lVert U\rVert^2$. All decays play the same part in $\tau$,
        so for hidden layer $i$ it is $\kappa/\gamma_i = \lVert W_i\rVert^2$.""",
)

NOISE = theorem(
    "envelope-noise",
    "The sensitivity to the noise factor",
    equal(Derivative(DUAL, rho), in_eigenbasis(LETTERS.noise_sensitivity)),
    given=(r"$\lambda$ is fixed",),
    reference="the envelope theorem",
    proof=differentiate(),
    misses={"a flipped sign": right(-in_eigenbasis(LETTERS.noise_sensitivity))},
    prose="The rate is $m^{\\top} A m$.",
)

DIFFERENTIABLE = in_words(
    "envelope-differentiable",
    r"The derivative of the minimum is that at fixed $\lambda$",
    r"""$F^{*}$ is the least value of $G$ over $0 < \lambda \le \infty$, and the minimum is attained in a
        compact part of this interval, the same for all parameters near by, since roots have a lower bound.
        There $G$ and its derivatives with respect to the parameters are continuous. So where only one
        $\lambda$ attains the minimum, $F^{*}$ is differentiable, and its derivatives are those of $G$ with
        $\lambda$ held fixed.""",
    by="Danskin's theorem",
    reference="Danskin 1966, The theory of max-min, with applications",
    rests_on=(STATIONARY, ENVELOPE, NOISE, SAME_INFIMUM, SEARCH_LOWER),
    conditions=("the global minimum of $G$ is attained once",),
)

DERIVATION = Derivation(
    id="envelope",
    title="Sensitivities",
    prose="""Where the global minimum is unique, its derivatives with respect to decay and noise are
        known in closed form.""",
    statements=(STATIONARY, ENVELOPE, NOISE),
    steps=(DIFFERENTIABLE,),
)
