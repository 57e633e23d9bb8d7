"""Where nontrivial stationary points of isotropic data appear, at every depth."""

from symderive.formulas.isotropic import isotropic
from symderive.formulas.reduction import with_moments

from ..inequalities import tangent
from ..minima.local_minima import NO_MAXIMUM, ROOTS
from ..notation import *
from ..ridge.dual import SECOND_ORDER

#: Isotropic data at symbolic depth, with A = aI and the norm V of v.
ISOTROPIC = isotropic()
a, V = ISOTROPIC.eigenvalue, ISOTROPIC.v_norm

#: A second value of ζ, two shares that are left, and an exponent.
eta, xi, omega, s = letters("eta xi omega s", positive=True)

#: t = 2D/(D+1) and t - 1.
EXPONENT, EXCESS = ISOTROPIC.exponent, ISOTROPIC.map_exponent

#: Where ζ/(1+ζ)^t is largest, and how large.
ZETA_SPINODAL, Q_SPINODAL = ISOTROPIC.spinodal.ridge_ratio, ISOTROPIC.spinodal.q

DEEP = at_least(D, 2)


def share(at: Expr) -> Expr:
    """X = 1/(1 + ζ), what is left of the least-squares map."""
    return (1 / (1 + at)).factor()


def curve(at: Expr, exponent: Expr = EXPONENT) -> Expr:
    """The dimensionless decay at which ζ = ``at`` is stationary."""
    return at * share(at) ** exponent


TANGENT = theorem(
    "spinodal-tangent",
    "A lower bound on a power",
    at_least(xi**s, 1 + s * (1 - 1 / xi)),
    reference="Bernoulli's inequality",
    proof=tangent(xi**s) + s * tangent(1 / xi),
    misses={"the tangent of a concave function": right(1 + s * (xi - 1))},
    prose=r"""Let $X = 1/(1+\zeta)$ be what is left of the least-squares map, $m = X v/(\rho a)$, and
        let $s = t - 1$. Then $Q = (1-X)X^{s}$, and a bound on powers says all that is needed of it.""",
)


def bernoulli(base: Expr, exponent: Expr) -> Use:
    """base^exponent ≥ 1 + exponent (1 - 1/base)."""
    return TANGENT.at({xi: base, s: exponent})


_below_one = at_least(1, omega)
_start, _step = (1 - xi) * xi**s, xi**s * (xi - omega)

CURVE = theorem(
    "spinodal-curve",
    "Two values of the curve compared",
    at_least((1 - omega) * omega**s, _start + _step * (1 - s * (1 - omega) / omega)),
    given=(_below_one,),
    reference="the bound on powers",
    proof=(1 - omega) * xi**s * TANGENT.at({xi: omega / xi}),
    misses={
        "ω exceeds 1": without(_below_one),
        "a flipped sign": right(_start + _step * (1 + s * (1 - omega) / omega)),
    },
    prose=r"""In this inequality between two values of $Q$ the last term is positive if $\omega$ lies
        between $\xi$ and $s/(1+s)$, on whichever side.""",
)


def compared(first: Expr, second: Expr) -> Use:
    """The inequality between the values of the curve at two shares, the second the larger value."""
    return CURVE.at({s: EXCESS, xi: first, omega: second})


SPINODAL = theorem(
    "spinodal",
    "The curve is nowhere above its value at the spinodal",
    at_least(Q_SPINODAL, curve(zeta)),
    given=(DEEP,),
    reference="two values compared",
    proof=compared(share(zeta), ISOTROPIC.spinodal.share),
    misses={
        "nine tenths of the bound": left(Rational(9, 10) * Q_SPINODAL),
        "the decay of the transition": left(ISOTROPIC.transition.q),
    },
    display=Display(r"\frac{\zeta}{(1 + \zeta)^{t}} \le q_{\mathrm{sp}}", given=r"D \ge 2"),
    prose=r"""At $\omega = s/(1+s)$ the last term vanishes, so $Q$ is largest at $X = (D-1)/(2D)$, which is
        $\zeta_{\mathrm{sp}} = (D+1)/(D-1)$, where it is $q_{\mathrm{sp}} = (t-1)^{t-1}/t^{t}$.""",
)

ATTAINED = theorem(
    "spinodal-attained",
    "At the spinodal there is a stationary point",
    equal(curve(ZETA_SPINODAL), Q_SPINODAL),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"at the transition": left(curve(ISOTROPIC.transition.ridge_ratio))},
    prose="The bound is attained.",
)


def _monotone(name: str, title: str, near: Expr, far: Expr, side: Claim) -> Statement:
    """Q(near) > Q(far), where ``near`` lies between the maximum and ``far``."""
    factors = (side.left - side.right) * (eta - zeta)
    return theorem(
        name,
        title,
        greater(curve(near), curve(far)),
        given=(DEEP, side, greater(eta, zeta)),
        reference="two values compared",
        proof=compared(share(far), share(near))
        + nonnegative(EXCESS * factors / ((1 + near) * (1 + far) ** EXPONENT)),
        misses={"on both sides of the maximum": without(side)},
    )


#: For ζ < η: before the maximum Q(η) is larger, beyond it Q(ζ).
RISES = _monotone(
    "spinodal-rises", "Before the spinodal the curve rises", eta, zeta, greater(ZETA_SPINODAL, eta)
)
FALLS = _monotone(
    "spinodal-falls", "Beyond the spinodal the curve falls", zeta, eta, greater(zeta, ZETA_SPINODAL)
)

SMALL = theorem(
    "spinodal-small-ridge",
    "A small ridge belongs to a small decay",
    limit(curve(zeta), zeta, 0, 0),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"per ridge": limit(curve(zeta) / zeta, zeta, 0, 0)},
    prose="The curve starts from 0 and returns to it.",
)

LARGE = theorem(
    "spinodal-large-ridge",
    "A large ridge belongs to a small decay",
    limit(curve(zeta), zeta, oo, 0),
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"one hidden layer": without(DEEP)},
)

#: H' for A = aI, in terms of ζ = λ/(ρa).
_slope = with_moments(LETTERS.slope, lambda order: V**2 / (rho * a * (1 + zeta)) ** order)
_minimum = greater(_slope.xreplace({lam: rho * a * zeta}), 0)
_below = greater(ZETA_SPINODAL, zeta)
_factor = EXCESS * (D + 1) / (D * (1 + zeta))

KINDS = theorem(
    "spinodal-kinds",
    "The slope $H'$ is positive exactly below the spinodal",
    equivalent(_minimum, _below),
    given=(DEEP,),
    reference="the slope of the scalar equation",
    proof=both_ways(_minimum / _factor, _factor * _below),
    misses={"above": right(greater(zeta, ZETA_SPINODAL))},
    display=Display(
        r"\frac{D + 1}{D} - \frac{2 \zeta}{1 + \zeta} > 0 \iff \zeta < \frac{D + 1}{D - 1}",
        given=r"D \ge 2",
    ),
)

_solves, _solution = equal(q, curve(zeta, 1)), equal(zeta, q / (1 - q))

ONE_LAYER = theorem(
    "spinodal-one-layer",
    "One hidden layer: one solution",
    equivalent(_solves, _solution),
    given=(greater(1, q),),
    reference="algebra",
    proof=both_ways(-(1 + zeta) / (1 - q) * _solves, -(1 - q) / (1 + zeta) * _solution),
    misses={"a wrong sign": right(equal(zeta, q / (1 + q)))},
    prose=r"""At depth 1 the exponent $t$ is 1 and the equation can be solved. The curve $\zeta/(1+\zeta)$
        is less than 1, so that there is no solution beyond.""",
)

NONE_BEYOND = theorem(
    "spinodal-one-layer-none",
    "One hidden layer: no solution beyond 1",
    greater(1, curve(zeta, 1)),
    reference="algebra",
    proof=nonnegative(1 / (1 + zeta)),
    misses={"half of it": left(Rational(1, 2))},
)

COUNT = in_words(
    "spinodal-count",
    "Below the spinodal there are two solutions, beyond it none",
    r"""The curve $Q$ is continuous, tends to 0 at both ends, rises strictly up to the spinodal and falls
        strictly beyond it. So it takes every value between 0 and $q_{\mathrm{sp}}$ once on either side,
        $q_{\mathrm{sp}}$ once in all, and no value beyond. Thus for $q < q_{\mathrm{sp}}$ there are exactly
        two nontrivial stationary points, which meet at $q_{\mathrm{sp}}$.""",
    by="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(SPINODAL, ATTAINED, RISES, FALLS, SMALL, LARGE),
    conditions=(r"$D \ge 2$",),
)

WHICH = in_words(
    "spinodal-minimum",
    "Of two solutions the smaller is a minimum, the larger a saddle",
    """The smaller one lies below the spinodal, where $H' > 0$, so that it is a local minimum of $F$ and of
        the loss of all weights. The larger one lies beyond it, where $H' < 0$; it is no local minimum, and
        the loss has no local maximum.""",
    by="the second derivative test",
    reference="any course of analysis",
    rests_on=(COUNT, KINDS, SECOND_ORDER, ROOTS, NO_MAXIMUM),
    conditions=(r"$D \ge 2$", r"$q < q_{\mathrm{sp}}$"),
)

CAPTION = r"""The dimensionless decay $q = Q(\zeta)$ at which $\zeta$ is stationary: minima (solid),
    saddles (dashed), and the spinodal (dots). One hidden layer has no spinodal."""


def draw_curve(axes: Any) -> None:
    """Q(ζ) for several depths, solid up to the spinodal and dashed beyond."""
    import numpy as np

    at = np.geomspace(0.02, 200, 800)
    for number, depth in enumerate((1, 2, 3, 10)):
        top = (depth + 1) / (depth - 1) if depth > 1 else np.inf
        value = lambdify(zeta, curve(zeta).subs(D, depth), "numpy")
        color = f"C{number}"
        axes.plot(at[at <= top], value(at[at <= top]), color=color, label=f"$D = {depth}$")
        axes.plot(at[at >= top], value(at[at >= top]), color=color, linestyle="--")
        if depth > 1:
            axes.plot([top], [value(top)], "o", color=color, markersize=4)
    axes.set(xscale="log", xlabel=r"$\zeta = \lambda/(\rho a)$", ylabel=r"$Q(\zeta)$", ylim=(0, 1))
    axes.legend()


DERIVATION = Derivation(
    id="spinodal",
    title="The spinodal",
    prose=r"""For isotropic data the scalar equation is $q = Q(\zeta) = \zeta/(1+\zeta)^{t}$ with $t =
        2D/(D+1)$, and the number of its solutions can be read off from the one maximum that $Q$ has at two
        or more hidden layers.""",
    statements=(
        *(TANGENT, CURVE, SPINODAL, ATTAINED, RISES, FALLS, SMALL, LARGE),
        *(KINDS, ONE_LAYER, NONE_BEYOND),
    ),
    steps=(COUNT, WHICH),
    figures=((CAPTION, draw_curve),),
)
