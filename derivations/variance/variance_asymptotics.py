"""The variance of the prediction in its limits, with constants and the order of the error."""

from symderive.symbols import m_quad

from ..inequalities import tangent
from ..isotropic.isotropic_equation import SOLUTION
from ..isotropic.jump import AT_SPINODAL, AT_TIE, CONTINUOUS, SHALLOW
from ..isotropic.spinodal import COUNT, DEEP, EXCESS, EXPONENT, ISOTROPIC, TANGENT, V, curve, share
from ..isotropic.transition import SOLVES
from ..notation import *
from ..search.search_range import PHI
from .prediction_variance import NOISY
from .variance_vanishes_depth import BERNOULLI, EQUAL_NOISE
from .variance_vanishes_width import EXCESS as NOISE_EXCESS
from .variance_vanishes_width import NOISE_PER_NEURON, VARIANCE, Q

# -- width -----------------------------------------------------------------------------------------------

WIDTH_LOWER = theorem(
    "variance-asymptotics-width-lower",
    "Wide networks: the leading term is a lower bound",
    at_least((NOISE_FACTOR - 1) * m_quad, NOISE_PER_NEURON * m_quad),
    reference="Bernoulli's inequality",
    proof=m_quad * BERNOULLI,
    misses={"twice the leading term": right(2 * NOISE_PER_NEURON * m_quad)},
    prose=r"""Let $\Sigma = \sum_i \sigma_i^2/d_i$. As all widths grow $\Sigma$ vanishes, and the
        variance $(\rho - 1)\, m^{\top} A m$ is $\Sigma\, m^{\top} A m$ up to an error of relative order
        $\Sigma$: with noise $\sigma^2$ in $D$ layers of width $N$, it is $D\sigma^2 m^{\top} A m/N$ and the
        error is of order $1/N^2$.""",
)

WIDTH_UPPER = theorem(
    "variance-asymptotics",
    "Wide networks: the error is of second order",
    at_least((NOISE_PER_NEURON + NOISE_FACTOR * NOISE_PER_NEURON**2) * m_quad, (NOISE_FACTOR - 1) * m_quad),
    reference="the noise factor exceeds 1 by little",
    proof=(1 + NOISE_PER_NEURON) * m_quad * NOISE_EXCESS,
    misses={"no error": left(NOISE_PER_NEURON * m_quad)},
)

# -- noise -----------------------------------------------------------------------------------------------

_shallow = PHI.subs(D, 1)

RESCALED = theorem(
    "variance-asymptotics-rescaling",
    "One hidden layer: noise rescales the equation",
    equal(_shallow.xreplace({lam: rho * lam}), _shallow.xreplace({rho: Integer(1)})),
    reference="algebra",
    proof=exact_algebra,
    misses={"two hidden layers": left(PHI.subs(D, 2).xreplace({lam: rho * lam}))},
    prose=r"""At depth 1 noise multiplies the ridge by $\rho$ and does nothing else: if $\lambda$ solves
        the equation without noise, $\rho\lambda$ solves it with noise, so $m = m_1/\rho$ with the map $m_1$
        without noise.""",
)


def signal(noise: Expr, ridge: Expr) -> Expr:
    """mᵀAm at a noise factor and a ridge."""
    return Sum(a[j] * (v[j] / (noise * a[j] + ridge)) ** 2, EACH)


_quiet, _factor = signal(1, lam), (rho - 1) / rho**2

ONE_LAYER = theorem(
    "variance-asymptotics-one-layer",
    "One hidden layer: the variance at every noise",
    equal((rho - 1) * signal(rho, rho * lam), _factor * _quiet),
    reference=r"$(\rho - 1) m^{\top} A m$",
    proof=exact_algebra,
    misses={"one power of the noise factor": right((rho - 1) / rho * _quiet)},
    display=Display(
        r"(\rho - 1) m^{\top} A m = \frac{\rho - 1}{\rho^{2}} \bar{m}^{\top} A \bar{m}",
        where=(
            r"m = (\rho A + \rho \lambda I)^{-1} v",
            r"\bar{m} = (A + \lambda I)^{-1} v",
        ),
        setting="eigenbasis",
    ),
    prose="So the variance is known at every noise from the minimum without noise.",
)

LARGEST = theorem(
    "variance-asymptotics-largest",
    r"One hidden layer: the variance is largest at $\rho = 2$",
    at_least(_quiet / 4, _factor * _quiet),
    reference="completing the square",
    proof=nonnegative((rho - 2) ** 2 / (4 * rho**2) * _quiet),
    misses={"one fifth": left(_quiet / 5)},
    display=Display(
        r"\frac{\rho - 1}{\rho^{2}} \bar{m}^{\top} A \bar{m} \le \frac{1}{4} \bar{m}^{\top} A \bar{m}",
        where=r"\bar{m} = (A + \lambda I)^{-1} v",
        setting="eigenbasis",
    ),
    prose=r"""It grows with the noise up to $\rho = 2$, where noise and signal are equally strong, and
        falls from there on.""",
)

STRONG = theorem(
    "variance-asymptotics-noise",
    "One hidden layer under strong noise: the leading term",
    limit(rho * _factor * m_quad, rho, oo, m_quad),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"twice as much": right(2 * m_quad)},
    prose=r"""Under strong noise the variance is $m_1^{\top} A m_1/\rho$, with $\rho = 1 + \sigma^2/N$,
        up to an error of order $1/\rho^2$. The decay does not make it vanish any sooner.""",
)

#: The variance of isotropic data, what it is without decay, and points at two to six hidden layers.
_a = ISOTROPIC.eigenvalue
_variance, _unit = ISOTROPIC.prediction_variance, _factor * V**2 / _a
_here, _tie, _top = share(zeta), ISOTROPIC.transition.share, ISOTROPIC.spinodal.share

AT_COLLAPSE = theorem(
    "variance-asymptotics-collapse",
    "The variance just before the network collapses",
    equal(_variance, _unit * ((D - 1) / D) ** 2),
    given=(DEEP, AT_TIE),
    reference="the jump of the norm",
    proof=(1 - rho) / rho**2 * V**2 / _a * _here * _tie * (_here + _tie) * AT_TIE,
    misses={"the variance without decay": right(_unit), "at the spinodal": instead(AT_TIE, AT_SPINODAL)},
    display=Display(
        r"(\rho - 1) m^{\top} A m = "
        r"\frac{\rho - 1}{\rho^{2}} \frac{(D - 1)^{2}}{D^{2}} \frac{\lVert v \rVert^{2}}{a}",
        where=SOLUTION,
        given=(r"D \ge 2", r"\zeta = \frac{1}{D - 1}"),
        setting="isotropic",
    ),
    prose="""At two or more hidden layers and a fixed decay there is no limit of strong noise: at the
        noise of the transition the variance of isotropic data falls from this value to 0.""",
)

# -- depth -----------------------------------------------------------------------------------------------

_at_depth = Q * (1 + EQUAL_NOISE) ** -D

DEPTH = theorem(
    "variance-asymptotics-depth",
    "Deep networks without decay: the variance is exponential",
    equal(
        VARIANCE.xreplace({NOISE_FACTOR: (1 + EQUAL_NOISE) ** D}),
        _at_depth - Q * (1 + EQUAL_NOISE) ** (-2 * D),
    ),
    given=(r"$Q = v^{\top} A^{+} v$, no decay, and $\sigma_i^2/d_i = \delta$ in every hidden layer",),
    reference="algebra",
    proof=exact_algebra,
    misses={"a larger error": right(_at_depth - Q * (1 + EQUAL_NOISE) ** (-1 - D))},
    prose=r"""Without decay $m = A^{+}v/\rho$, and with equal noise in all layers the variance decreases
        exponentially with the depth. With decay the network collapses beyond the largest depth, and the
        variance is 0.""",
)

# -- small decay -----------------------------------------------------------------------------------------

xi, s = letters("xi s", positive=True)
_SHOWN_SOLVES = (r"D \ge 2", r"q = \frac{\zeta}{(1 + \zeta)^{t}}")

SMALL_LOWER = theorem(
    "variance-asymptotics-ridge-lower",
    "Small decay: a lower bound on the ridge",
    at_least(zeta, q * (1 + EXPONENT * zeta)),
    given=(DEEP, SOLVES),
    reference="the bound on powers",
    proof=q * (1 + zeta) * TANGENT.at({xi: 1 + zeta, s: EXCESS}) - (1 + zeta) ** EXPONENT * SOLVES,
    misses={"a larger constant": right(q * (1 + 2 * zeta))},
    display=Display(r"\zeta \ge q (1 + t \zeta)", given=_SHOWN_SOLVES),
    prose=r"""As the decay vanishes, so does $\zeta$ on the branch of minima, and $\zeta = q + t q^2$ up
        to an error of order $q^3$, because""",
)

_line, _power = 1 + s * xi, (1 + xi) ** s
_concave = at_least(1, s)

CONCAVE = theorem(
    "variance-asymptotics-concave",
    "An upper bound on a power",
    at_least(_line, _power),
    given=(_concave,),
    reference="Bernoulli's inequality",
    proof=_power * tangent(_line / _power)
    + _power * s * tangent((1 + xi) / _line)
    + _power * (1 - s) * tangent(1 / _line),
    misses={"larger exponents": without(_concave)},
)

SMALL_UPPER = theorem(
    "variance-asymptotics-ridge-upper",
    "Small decay: an upper bound on the ridge",
    at_least(q * (1 + EXPONENT * zeta + EXCESS * zeta**2), zeta),
    given=(DEEP, SOLVES),
    reference="the upper bound on powers",
    proof=q * (1 + zeta) * CONCAVE.at({xi: zeta, s: EXCESS}) + (1 + zeta) ** EXPONENT * SOLVES,
    misses={"no term of second order": left(q * (1 + EXPONENT * zeta))},
    display=Display(
        r"\zeta \le q \Bigl(1 + t \zeta + \frac{D - 1}{D + 1} \zeta^{2}\Bigr)", given=_SHOWN_SOLVES
    ),
)

VARIANCE_LOWER = theorem(
    "variance-asymptotics-decay-lower",
    "Small decay: a lower bound on the variance",
    at_least(_variance, _unit * (1 - 2 * zeta)),
    given=(NOISY,),
    reference="expansion of a fraction",
    proof=nonnegative(_unit * (3 * zeta**2 + 2 * zeta**3) * _here**2),
    misses={"a wrong constant": right(_unit * (1 - zeta))},
    prose=r"""The variance is $(\rho - 1)\lVert v\rVert^2/(\rho^2 a)$ times $1 - 2\zeta$, up to an error
        of order $\zeta^2$ and so of order $q^2$.""",
)

VARIANCE_UPPER = theorem(
    "variance-asymptotics-decay",
    "Small decay: an upper bound on the variance",
    at_least(_unit * (1 - 2 * zeta + 3 * zeta**2), _variance),
    given=(NOISY,),
    reference="expansion of a fraction",
    proof=nonnegative(_unit * (4 * zeta**3 + 3 * zeta**4) * _here**2),
    misses={"a wrong constant": left(_unit * (1 - 3 * zeta + 3 * zeta**2))},
)

# -- decay near a threshold --------------------------------------------------------------------------------

_bend = -((D - 1) ** 3) / (2 * D * (D + 1) ** 2)
_spinodal = ISOTROPIC.spinodal.ridge_ratio
_squares = (1 / zeta + 1 / _spinodal) / (zeta * _spinodal)

BEND = theorem(
    "variance-asymptotics-spinodal",
    "The bend of the curve at the spinodal",
    equal(Derivative(log(curve(zeta)), (zeta, 2)), _bend),
    given=(DEEP, AT_SPINODAL),
    reference="differentiation",
    proof=differentiate((_squares - EXPONENT * _here * _top * (_here + _top)) * AT_SPINODAL),
    misses={"twice as much": right(2 * _bend), "at the transition": instead(AT_SPINODAL, AT_TIE)},
    prose=r"At the spinodal $\ln Q$ has a maximum. How it bends there:",
)

NEAR_THRESHOLD = theorem(
    "variance-asymptotics-threshold",
    "One hidden layer: the variance vanishes quadratically",
    equal(_variance, (rho - 1) * (V - gamma_bar) ** 2 / (rho**2 * _a)),
    given=(SHALLOW,),
    reference="the norm vanishes linearly",
    proof=(rho - 1) * _a * (ISOTROPIC.norm + (V - gamma_bar) / ISOTROPIC.scale) * CONTINUOUS,
    misses={"ζ is not a solution": without(SHALLOW)},
    display=Display(
        r"(\rho - 1) m^{\top} A m = "
        r"\frac{\rho - 1}{\rho^{2}} \frac{(\lVert v \rVert - \bar{\gamma})^{2}}{a}",
        where=SOLUTION,
        given=r"\bar{\gamma} = \lVert v \rVert \frac{\zeta}{1 + \zeta}",
        setting="isotropic",
    ),
    prose="At depth 1 isotropic data lose their variance gradually as the decay tends to the threshold.",
)


# -- steps in words --------------------------------------------------------------------------------------

ORDERS = in_words(
    "variance-asymptotics-orders",
    "The leading terms, with the order of their errors",
    r"""Each leading term stands between a lower and an upper bound that differ by a higher power of the
        small quantity: $\Sigma = \sum_i \sigma_i^2/d_i$ for wide networks, $q$ for small decay. So the
        error is of that order.""",
    by="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(WIDTH_LOWER, WIDTH_UPPER, SMALL_LOWER, SMALL_UPPER, VARIANCE_LOWER, VARIANCE_UPPER),
)

SQUARE_ROOT = in_words(
    "variance-asymptotics-square-root",
    "At the spinodal the two solutions meet like a square root",
    r"""$\ln Q$ has a maximum at the spinodal, where its second derivative is not 0. With $\epsilon = 1 -
        q/q_{\mathrm{sp}}$ the solutions are therefore $\zeta_{\mathrm{sp}} \mp
        \frac{2(D+1)}{D-1}\sqrt{D\epsilon/(D-1)}$ up to an error of order $\epsilon$, and norm, loss and
        variance follow.""",
    by="Taylor's theorem and the inverse function theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 5.15 and 9.24",
    rests_on=(BEND, COUNT),
    conditions=(r"$D \ge 2$",),
)


def draw_variance(axes: Any) -> None:
    """The variance of isotropic data against ρ - 1, a = ‖v‖ = 1, γ̄ = 1/10."""
    import numpy as np

    decay = 0.1
    excess = np.geomspace(1e-2, 1e4, 600)
    shallow = excess / (1 + excess) ** 2
    axes.plot(excess, shallow, color="gray", linewidth=0.8, linestyle=":", label="no decay")
    axes.plot(excess, (1 - decay) ** 2 * shallow, label="$D = 1$")
    for number, depth in enumerate((2, 3, 6), start=1):
        at = np.geomspace(1e-6, 1 / (depth - 1), 4000)
        # q is proportional to ρ^{t-1}, so ρ follows from ζ.
        dimensionless = lambdify(zeta, curve(zeta).subs(D, depth), "numpy")(at)
        noise_factor = (dimensionless / decay) ** ((depth + 1) / (depth - 1))
        values = (noise_factor - 1) / (noise_factor * (1 + at)) ** 2
        seen = noise_factor > 1 + excess[0]
        axes.plot(noise_factor[seen] - 1, values[seen], color=f"C{number}", label=f"$D = {depth}$")
        axes.plot([noise_factor[-1] - 1] * 2, [1e-5, values[-1]], color=f"C{number}", linewidth=0.6)
        axes.plot([noise_factor[-1] - 1], [values[-1]], "s", color=f"C{number}", markersize=4)
    axes.set(xscale="log", yscale="log", ylim=(3e-5, 0.5))
    axes.set(xlabel=r"noise $\rho - 1$", ylabel="variance of the prediction")
    axes.legend()


DERIVATION = Derivation(
    id="variance-asymptotics",
    title="The variance in its limits",
    prose="""How fast the variance at the minimum vanishes, with constants: in the width, the noise, the
        depth and the decay.""",
    statements=(
        *(WIDTH_LOWER, WIDTH_UPPER, RESCALED, ONE_LAYER, LARGEST, STRONG, AT_COLLAPSE, DEPTH),
        *(SMALL_LOWER, CONCAVE, SMALL_UPPER, VARIANCE_LOWER, VARIANCE_UPPER, BEND, NEAR_THRESHOLD),
    ),
    steps=(ORDERS, SQUARE_ROOT),
    figures=(
        (
            r"The variance against the noise for $a = \lVert v\rVert = 1$ and decays $1/10$. It is "
            r"largest near $\rho = 2$. One hidden layer follows the curve without decay; deeper networks "
            "collapse at the transition (squares).",
            draw_variance,
        ),
    ),
)
