"""The thresholds of isotropic data in terms of decays and noise."""

from symderive.formulas.isotropic import Threshold

from ..inequalities import POWER, eta, power, tangent
from ..notation import *
from .spinodal import DEEP, EXCESS, ISOTROPIC, V, a, omega, s, xi

SPINODAL, TRANSITION = ISOTROPIC.spinodal, ISOTROPIC.transition

# -- facts: powers of an inequality whose larger side is a product --------------------------------------

w, beta = letters("w beta", positive=True)
_inner, _outer = at_least(w * xi**beta, omega), at_least(w**s * xi ** (beta * s), omega**s)

POWERS = theorem(
    "decay-threshold-powers",
    "A power of both sides",
    _outer,
    given=(_inner,),
    reference="monotonicity of powers",
    proof=POWER.at({xi: w * xi**beta, eta: omega}).because(_inner),
    misses={"no order is given": without(_inner)},
)

ROOTS = theorem(
    "decay-threshold-roots",
    "A root of both sides",
    _inner,
    given=(_outer,),
    reference="monotonicity of powers",
    proof=power(w**s * xi ** (beta * s), omega**s, 1 / s).because(_outer),
    misses={"no order is given": without(_outer)},
)


# -- decays --------------------------------------------------------------------------------------------

DECAYS = gamma_u * Product(gamma[j], (j, 1, D))
Q = ISOTROPIC.q.xreplace({gamma_bar: MEAN_DECAY})

#: q^{D+1} is the product of the decays over this.
_unit = V ** (2 * D) / ISOTROPIC.scale ** (D - 1)


def _in_decays(name: str, title: str, threshold: Threshold, display: str, prose: str) -> Statement:
    """q is at most that of the threshold iff the product of the decays is."""
    other = SPINODAL if threshold == TRANSITION else TRANSITION
    weak, few = at_least(threshold.q, Q), at_least(threshold.decay_product, DECAYS)
    places = {w: (1 - threshold.share).factor(), xi: threshold.share, beta: EXCESS, omega: Q, s: D + 1}
    return theorem(
        name,
        title,
        equivalent(weak, few),
        given=(DEEP,),
        reference="a power of both sides",
        proof=both_ways(_unit * POWERS.at(places).because(weak), ROOTS.at(places).because(few / _unit)),
        misses={"the other threshold": right(at_least(other.decay_product, DECAYS))},
        display=Display(display, given=r"D \ge 2", setting="isotropic"),
        prose=prose,
    )


AT_TRANSITION = _in_decays(
    "decay-threshold",
    "The transition in terms of the decays",
    TRANSITION,
    r"q \le q_{\mathrm{c}} \iff \gamma_{u} \prod_{i=1}^{D} \gamma_{i} \le "
    r"\frac{(D - 1)^{D - 1}}{D^{2 D}} \frac{\lVert v \rVert^{2 D}}{(\rho a)^{D - 1}}",
    "The decays enter $q$ through their product. Nontrivial minima are global up to this product of all "
    "$D+1$ decays.",
)

AT_SPINODAL = _in_decays(
    "decay-threshold-spinodal",
    "The spinodal in terms of the decays",
    SPINODAL,
    r"q \le q_{\mathrm{sp}} \iff \gamma_{u} \prod_{i=1}^{D} \gamma_{i} \le "
    r"\frac{(D + 1)^{D + 1} (D - 1)^{D - 1}}{(2 D)^{2 D}} \frac{\lVert v \rVert^{2 D}}{(\rho a)^{D - 1}}",
    "They exist up to this one.",
)

RATIO = theorem(
    "decay-threshold-ratio",
    "How far the spinodal lies beyond the transition",
    equal(SPINODAL.decay_product, ISOTROPIC.spinodal_over_transition * TRANSITION.decay_product),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"one depth less": right(TRANSITION.decay_product * D**D / 4 ** (D - 1))},
    prose="Their ratio depends on the depth alone.",
)

_four = Integer(4) ** D

WIDER = theorem(
    "decay-threshold-order",
    "At two or more hidden layers the ratio exceeds 1",
    greater((D + 1) ** (D + 1), _four),
    given=(DEEP,),
    reference="the logarithm lies below its tangent",
    # ln of the ratio: (D+1) ln((D+1)/2) - (D-1) ln 2, where ln 2 = ln(4/3) + ln(3/2) ≤ 5/6.
    proof=_four * tangent((D + 1) ** (D + 1) / _four)
    + _four * (D + 1) * tangent(2 / (D + 1))
    + _four * (D - 1) * (tangent(Rational(4, 3)) + tangent(Rational(3, 2)))
    + nonnegative(_four * (D - 1) / 6),
    misses={"one hidden layer": without(DEEP), "powers of six": right(Integer(6) ** D)},
    display=Display(r"(D + 1)^{D + 1} > 4^{D}", given=r"D \ge 2"),
    prose="""The ratio is 1 at depth 1, exceeds 1 at every other depth, and grows without bound: the
        deeper the network, the wider the range of decays with a nontrivial minimum that is not global.""",
)

# -- one hidden layer, and noise -----------------------------------------------------------------------

_weak, _small = greater(1, ISOTROPIC.q.subs(D, 1)), greater(V, gamma_bar)

ONE_LAYER = theorem(
    "decay-threshold-one-layer",
    "One hidden layer: both thresholds are one",
    equivalent(_weak, _small),
    reference="algebra",
    proof=both_ways(V * _weak, _small / V),
    misses={"noise matters": right(greater(V, rho * gamma_bar))},
    prose=r"""At depth 1 both thresholds are $\gamma_u\gamma_1 = \lVert v\rVert^2$, whatever the
        eigenvalue and the noise, as was found above for all data.""",
)

_weak_decay, _small_decay = at_least(TRANSITION.q, ISOTROPIC.q), at_least(TRANSITION.decay, gamma_bar)
_signal = V**ISOTROPIC.exponent
_per_decay = _signal / ISOTROPIC.scale**EXCESS

EQUAL = theorem(
    "decay-threshold-equal",
    "The transition for equal decays",
    equivalent(_weak_decay, _small_decay),
    given=(DEEP, r"$\bar\gamma$ is the decay of every layer, or the geometric mean of the decays"),
    reference="the definition of $q$",
    proof=both_ways(_per_decay * _weak_decay, _small_decay / _per_decay),
    misses={"the spinodal": right(at_least(SPINODAL.decay, gamma_bar))},
    prose="If all layers have the same decay, the transition is at this one.",
)

#: ρ at the transition, and the powers that compare it with ρ.
_share = TRANSITION.share
_rest = (1 - _share).factor() * _signal / gamma_bar
NOISE = _rest ** (1 / EXCESS) * _share / a
_little_noise = at_least(NOISE, rho)
_places = {w: _rest, xi: _share, beta: EXCESS, omega: ISOTROPIC.scale**EXCESS, s: 1 / EXCESS}

IN_NOISE = theorem(
    "decay-threshold-noise",
    "The transition in terms of the noise",
    equivalent(_weak_decay, _little_noise),
    given=(DEEP,),
    reference="a power of both sides",
    proof=both_ways(
        POWERS.at(_places).because(_signal / gamma_bar * _weak_decay) / a,
        gamma_bar / _signal * ROOTS.at(_places).because(a * _little_noise),
    ),
    misses={"without the share that is left": right(at_least(NOISE / _share, rho))},
    display=Display(
        r"q \le q_{\mathrm{c}} \iff \rho \le \frac{D - 1}{D a} "
        r"\Bigl(\frac{\lVert v \rVert^{t}}{D \bar{\gamma}}\Bigr)^{(D + 1) / (D - 1)}",
        given=r"D \ge 2",
        setting="isotropic",
    ),
    prose=r"""At two or more hidden layers noise collapses the network as well: the nontrivial minimum
        is global up to this noise factor, and for $\rho$ beyond it the origin is better.""",
)

CAPTION = r"""The two thresholds for equal decays, $a = \lVert v\rVert = \rho = 1$. Below the solid line
    the global minimum is nontrivial; in the shaded region a nontrivial minimum exists and is not global. At
    one hidden layer (dot) the two are one."""


def draw_thresholds(axes: Any) -> None:
    """Both thresholds in equal decays as functions of the depth, a = ‖v‖ = ρ = 1."""
    import numpy as np

    depths = np.arange(2, 101)
    spinodal, transition = (
        lambdify(D, threshold.decay.subs({V: 1, rho: 1, a: 1}), "numpy")(depths.astype(float))
        for threshold in (SPINODAL, TRANSITION)
    )
    axes.fill_between(depths, transition, spinodal, alpha=0.15, linewidth=0)
    axes.plot(depths, spinodal, color="C0", linestyle="--", label="spinodal")
    axes.plot(depths, transition, color="C0", linestyle="-", label="transition")
    axes.plot(depths, 1 / depths, color="gray", linewidth=0.8, linestyle=":", label="$1/D$")
    axes.plot([1], [1], "o", color="C0", markersize=4)
    axes.set(xscale="log", yscale="log", xlabel="number of hidden layers $D$")
    axes.set_ylabel(r"decay $\gamma$ of every layer")
    axes.legend()


DERIVATION = Derivation(
    id="decay-threshold",
    title="Decays, noise and the thresholds",
    prose="""What a practitioner sets is the decay of each layer and the noise. The thresholds are
        explicit in both.""",
    statements=(POWERS, ROOTS, AT_TRANSITION, AT_SPINODAL, RATIO, WIDER, EQUAL, IN_NOISE, ONE_LAYER),
    figures=((CAPTION, draw_thresholds),),
)
