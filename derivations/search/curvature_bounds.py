"""Slope and curvature of the scalar equation on a logarithmic scale, bounded for all data."""

from dataclasses import replace

from ..inequalities import CAUCHY_SCHWARZ, X, Y
from ..notation import *

#: ⟨s⟩, ⟨s²⟩ and ⟨s³⟩ in resolvent moments, θ, H', H'' and H''' = -2μ'' in these.
MEAN, SQUARE, CUBE = LETTERS.shrinkage, LETTERS.square_shrinkage, lam**3 * R[5] / R[2]
_theta, SLOPE, CURVATURE = LETTERS.exponent, LETTERS.slope, LETTERS.curvature
THIRD = -2 * (MEAN + 6 * MEAN**2 + 8 * MEAN**3 - 9 * SQUARE - 18 * MEAN * SQUARE + 12 * CUBE)


def of_u(formula: Expr) -> Expr:
    """A formula in resolvent moments in an eigenbasis, as a function of u = ln λ."""
    return in_eigenbasis(formula).xreplace({lam: exp(u)})


def derivative(
    name: str, title: str, of: Expr, value: Expr, misses: Any, prose: str, display: Any = None
) -> Statement:
    """One derivative by u."""
    return theorem(
        name,
        title,
        equal(Derivative(of, u), of_u(value)),
        given=(greater(of_u(R[2]), 0), r"$v \ne 0$"),
        reference="differentiation",
        proof=differentiate(),
        misses=misses,
        prose=prose,
        display=display,
    )


SLOPE_IS = derivative(
    "curvature-slope",
    "The slope of $H$",
    of_u(log(R[2])) + _theta * u,
    SLOPE,
    {"half the mean": right(of_u(SLOPE + MEAN))},
    r"Let $g_k = v^{\top} (\rho A + \lambda I)^{-k} v$, $H(u) = \ln g_2 + \theta u$ at $\lambda = e^u$, "
    r"and $s_j = \lambda/(\rho a_j + \lambda)$, and let "
    r"$\langle\cdot\rangle$ be the mean with weights proportional to $v_j^2/(\rho a_j + \lambda)^2$. "
    r"With $\mu = \langle s\rangle = \lambda g_3/g_2$ the slope is $H' = \theta - 2\mu$.",
    Display(
        r"\frac{\partial H(u)}{\partial u} = H'(\exp(u))", given=r"g_{2}(\exp(u)) > 0", setting="eigenbasis"
    ),
)

CURVATURE_IS = derivative(
    "curvature-curvature",
    "The curvature of $H$",
    of_u(SLOPE),
    CURVATURE,
    {"a flipped sign": right(-of_u(CURVATURE))},
    r"The curvature is $H'' = -2\langle s(1-s)\rangle + 4\,\mathrm{Var}(s)$.",
)

THIRD_IS = derivative(
    "curvature-third-derivative",
    "The third derivative of $H$",
    of_u(CURVATURE),
    THIRD,
    {"a flipped sign": right(-of_u(THIRD))},
    r"Once more, $H''' = -2\mu''$ with "
    r"$\mu'' = \mu + 6\mu^2 + 8\mu^3 - (9 + 18\mu)\langle s^2\rangle + 12\langle s^3\rangle$.",
)

#: What the resolvent moments R_k = Σ v_j²/(ρa_j + λ)^k satisfy for all data.
S_AT_MOST_ONE = at_least(R[2], lam * R[3])
SQUARES_AT_MOST = at_least(R[3], lam * R[4])
VARIANCE_NOT_NEGATIVE = at_least(R[2] * R[4], R[3] ** 2)
CUBES_AT_LEAST = at_least(R[3] * R[5], R[4] ** 2)

#: ⟨r⟩⟨r³⟩ ≥ ⟨r²⟩² for r = 1 - s, times R_2².
_rest = R[2] - lam * R[3]
RESTS_AT_LEAST = at_least(
    _rest * (R[2] - 3 * lam * R[3] + 3 * lam**2 * R[4] - lam**3 * R[5]),
    (R[2] - 2 * lam * R[3] + lam**2 * R[4]) ** 2,
)

_pole = rho * a[j] + lam


def in_data(claim: Claim) -> Claim:
    """What a claim about the moments says in an eigenbasis."""
    return replace(claim, left=in_eigenbasis(claim.left), right=in_eigenbasis(claim.right))


def falls(order: int, title: str, claim: Claim) -> Statement:
    """λ R_{k+1} ≤ R_k, because s ≤ 1."""
    return theorem(
        f"curvature-moments-{order}",
        title,
        in_data(claim),
        reference=r"$\rho a_j \ge 0$",
        proof=nonnegative(rho * Sum(a[j] * v[j] ** 2 / _pole ** (order + 1), EACH)),
        misses={"twice as much": right(2 * in_data(claim).right)},
    )


MEANS_FALL = falls(2, "The mean of $s$ is at most 1", S_AT_MOST_ONE)
SQUARES_FALL = falls(3, "The mean of $s^2$ is at most that of $s$", SQUARES_AT_MOST)


def spread(name: str, title: str, claim: Claim, proof: Any, prose: str = "") -> Statement:
    """One moment against two others."""
    misses = {"twice the right side": right(2 * in_data(claim).right)}
    return theorem(
        name, title, in_data(claim), reference="Cauchy–Schwarz", proof=proof, misses=misses, prose=prose
    )


VARIANCE = spread(
    "curvature-variance",
    "The variance of $s$ is not negative",
    VARIANCE_NOT_NEGATIVE,
    CAUCHY_SCHWARZ.at({X[j]: v[j] / _pole, Y[j]: v[j] / _pole**2}),
    "The bounds on slope and curvature rest on three facts about the moments, which hold for all data.",
)


def squares(part: Expr) -> Combine:
    """Σ_jk w_j w_k p_j p_k (p_j - p_k)²/2 = Σ w p · Σ w p³ - (Σ w p²)², with w_j = v_j²/(ρa_j + λ)²."""
    weight, at_k = v[j] ** 2 / _pole**2 * part, {j: k}
    pair = weight * weight.xreplace(at_k) * (part - part.xreplace(at_k)) ** 2 / 2
    return nonnegative(Sum(pair, EACH, (k, 1, n)))


CUBES = spread(
    "curvature-cubes",
    "The third moment of $s$ is bounded from below",
    CUBES_AT_LEAST,
    squares(lam / _pole) / lam**4,
    "Two further facts about third moments, for $s$ and for $1 - s$, bound the third derivative. The "
    "mean of $s$ is less than 1, because $v \\ne 0$ lies in the range of $A$.",
)

CUBES_OF_REST = spread(
    "curvature-cubes-rest",
    "The third moment of $1 - s$ is bounded from below",
    RESTS_AT_LEAST,
    squares(rho * a[j] / _pole),
)

#: R_2 > 0 and R_3 > 0: v is not 0.
NOT_ZERO, THIRD_NOT_ZERO = in_data(greater(R[2], 0)), in_data(greater(R[3], 0))


def bound(
    name: str, title: str, claim: Claim, proof: Any, misses: Any, display: Any = None, **more: Any
) -> Statement:
    """One bound on moments, for those of data; where v = 0 there is nothing to bound."""
    return theorem(
        name,
        title,
        in_data(claim),
        given=more.pop("given", (NOT_ZERO,)),
        reference=more.pop("reference", "three facts about the moments"),
        proof=proof,
        misses=misses,
        display=display and Display(display, given=r"g_{2}(\lambda) > 0", setting="eigenbasis"),
        **more,
    )


_mean, _square = in_eigenbasis(MEAN), in_eigenbasis(SQUARE)
_two, _three = in_eigenbasis(R[2]), in_eigenbasis(R[3])
_upper, _lower = 4 * MEAN * (1 - MEAN), -2 * MEAN * (1 - MEAN)

POINTWISE_UPPER = bound(
    "curvature-pointwise-upper",
    r"The curvature is at most $4\mu(1-\mu)$",
    at_least(_upper, CURVATURE),
    6 * lam / _two * SQUARES_FALL,
    {"the lower bound": left(in_eigenbasis(_lower))},
    prose=r"For all data, with $\mu = \lambda g_3/g_2$:",
)

POINTWISE_LOWER = bound(
    "curvature-pointwise-lower",
    r"The curvature is at least $-2\mu(1-\mu)$",
    at_least(CURVATURE, _lower),
    6 * lam**2 / _two**2 * VARIANCE,
    {"the upper bound": right(in_eigenbasis(_upper))},
)

CURVATURE_UPPER = bound(
    "curvature-bounds",
    "The curvature is at most 1",
    at_least(1, CURVATURE),
    POINTWISE_UPPER + nonnegative((1 - 2 * _mean) ** 2),
    {"a bound of -1/2": left(Rational(-1, 2))},
    r"H''(\lambda) \le 1",
)

CURVATURE_LOWER = bound(
    "curvature-bounds-lower",
    "The curvature is at least $-1/2$",
    at_least(CURVATURE, Rational(-1, 2)),
    POINTWISE_LOWER + nonnegative((1 - 2 * _mean) ** 2 / 2),
    {"a bound of 0": right(0)},
    r"H''(\lambda) \ge -\frac{1}{2}",
)

SLOPE_UPPER = bound(
    "curvature-slope-upper",
    r"The slope is at most $\theta$",
    at_least(_theta, SLOPE),
    nonnegative(2 * _mean),
    {"a smaller bound": left(_theta - 2)},
    r"H'(\lambda) \le \frac{D + 1}{D}",
)

SLOPE_LOWER = bound(
    "curvature-slope-lower",
    r"The slope is at least $\theta - 2$",
    at_least(SLOPE, _theta - 2),
    2 / _two * MEANS_FALL,
    {"a larger bound": right(_theta)},
    r"H'(\lambda) \ge \frac{D + 1}{D} - 2",
)


def below_one(mean: Expr, square: Expr) -> Combine:
    """What makes up 1, besides (1 - mean)/24: a square, zero for the worst data, and a cubic.

    The square is 24 mean (square/mean - t)² with t = 3(1 + 2 mean)/8; the cubic and a number are what is
    left of 1 - (11 mean + 12 mean² - 20 mean³)/8.  None is negative.
    """
    deviation = 24 * (square - Rational(3, 8) * mean * (1 + 2 * mean)) ** 2 / mean
    cubic = Rational(5, 2) * (mean - Rational(2, 3)) ** 2 * (mean + Rational(11, 15))
    return nonnegative(deviation, cubic, Rational(31, 216))


def worst(first: Expr, second: Expr) -> Domain:
    """Data with two eigenvalues, weights 5/21 and 16/21 in ⟨·⟩, and λ = ρ = 1."""
    weight = delta(j, 1) * Rational(5, 21) + delta(j, 2) * Rational(16, 21)
    features = {a[j]: delta(j, 1) * first + delta(j, 2) * second, v[j]: sqrt(weight) * (1 + a[j])}
    return Domain(define=features | {lam: Integer(1), rho: Integer(1), n: Integer(2)})


THIRD_UPPER = bound(
    "third-derivative-bound",
    "The third derivative is at most 1",
    at_least(1, THIRD),
    24 * lam**3 / (_two * _three) * CUBES + 1 / (24 * _two) * MEANS_FALL + below_one(_mean, _square),
    {"a bound of 4/5": left(Rational(4, 5))},
    given=(NOT_ZERO, THIRD_NOT_ZERO),
    reference="moments of a distribution on $[0, 1]$",
    test=worst(Integer(10**6), Rational(1, 7)),
)

#: The mean of s is less than 1: v has a component in the range of A.
S_LESS_THAN_ONE = in_data(greater(R[2], lam * R[3]))
_rest_of_data = in_eigenbasis(_rest)

_TOO_LARGE = {"a bound of -4/5": right(Rational(-4, 5))}

THIRD_LOWER_IF = bound(
    "third-derivative-bound-lower-if",
    r"If $\mu < 1$, the third derivative is at least $-1$",
    at_least(THIRD, -1),
    24 / (_two * _rest_of_data) * CUBES_OF_REST
    + below_one(_rest_of_data / _two, 1 - 2 * _mean + _square)
    + nonnegative(_mean / 24),
    _TOO_LARGE,
    given=(NOT_ZERO, S_LESS_THAN_ONE),
    reference="moments of a distribution on $[0, 1]$",
    test=worst(Integer(0), Integer(7)),
)

top = letters("a_max", positive=True)
SIGNAL, LARGEST = greater(Sum(a[j] * v[j] ** 2, EACH), 0), at_least(top, a[j], EACH)
_top = rho * top + lam
_shares = (_top**2 + _top * _pole + _pole**2) / (_top * _pole) ** 3

STRICT = theorem(
    "curvature-moments-strict",
    "The mean of $s$ is less than 1",
    S_LESS_THAN_ONE,
    given=(SIGNAL, LARGEST),
    reference=r"$\rho a_j > 0$ for some $j$ with $v_j \ne 0$",
    proof=rho / _top**3 * SIGNAL + (rho**2 * a[j] * v[j] ** 2 * _shares * LARGEST).sum(EACH),
    misses={"no signal": without(SIGNAL)},
    prose=r"Where $v \ne 0$ lies in the range of $A$, so that $v^{\top} A v > 0$, the mean is less than 1:",
)

THIRD_LOWER = bound(
    "third-derivative-bound-lower",
    "The third derivative is at least $-1$",
    at_least(THIRD, -1),
    THIRD_LOWER_IF.because(NOT_ZERO, STRICT),
    _TOO_LARGE,
    given=(NOT_ZERO, SIGNAL, LARGEST),
    reference="moments of a distribution on $[0, 1]$",
    test=worst(Integer(0), Integer(7)),
)

ONE_EVALUATION = in_words(
    "curvature-parabolas",
    "One evaluation bounds $H$ on both sides by parabolas",
    r"""$H(u+h) - H(u) - h H'(u)$ is $h^2/2$ times a value of $H''$, so it lies between $-h^2/4$ and
        $h^2/2$. Where the parabolas around one evaluation miss $\ln \tau$ there is no root.""",
    by="Taylor's theorem with Lagrange's remainder",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.15",
    rests_on=(SLOPE_IS, CURVATURE_IS, CURVATURE_UPPER, CURVATURE_LOWER),
    conditions=("$v \\ne 0$",),
)


def draw_march(axes: Any) -> None:
    """H - ln τ of the example with four roots, and the parabolas that bound it from two points."""
    import numpy as np

    from ..minima.bad_nontrivial_minimum import PHI, TAU

    excess = log(PHI) - log(TAU)
    u = np.linspace(-2, 12, 500)
    values = lambdify(lam, excess, "numpy")
    slope = lambdify(lam, lam * excess.diff(lam), "numpy")
    axes.plot(u, values(np.exp(u)), color="black", label=r"$H(u) - \ln\tau$")
    for start in (-1.0, 3.5, 7.5):
        step = np.linspace(-1.5, 1.5, 100)
        line = values(np.exp(start)) + slope(np.exp(start)) * step
        axes.fill_between(start + step, line - step**2 / 4, line + step**2 / 2, alpha=0.3)
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$u = \ln\lambda$")
    axes.legend()


DERIVATION = Derivation(
    id="curvature-bounds",
    title="Bounds on slope and curvature",
    prose=r"""On a logarithmic scale the equation is $H(u) = \ln\tau$. That $H$ bends little, whatever
        the data, is what makes it cheap to find every root with a proof that there is no other.""",
    statements=(
        *(SLOPE_IS, CURVATURE_IS, THIRD_IS, VARIANCE, MEANS_FALL, SQUARES_FALL),
        *(POINTWISE_UPPER, POINTWISE_LOWER, CURVATURE_UPPER, CURVATURE_LOWER, SLOPE_UPPER, SLOPE_LOWER),
        *(CUBES, CUBES_OF_REST, THIRD_UPPER, THIRD_LOWER_IF, STRICT, THIRD_LOWER),
    ),
    steps=(ONE_EVALUATION,),
    figures=(
        (
            "One evaluation bounds $H$ on both sides: where the shaded region misses the axis "
            "there is no root.",
            draw_march,
        ),
    ),
)
