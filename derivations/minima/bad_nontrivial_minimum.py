"""A bad local minimum that is not the origin."""

from symderive.formulas.reduction import with_moments

from ..inequalities import power
from ..notation import *
from ..ridge.dual import AT_ROOT, SAME_INFIMUM, SAME_MINIMA
from ..ridge.minimum_value import CROSSINGS
from .origin_local_minimum import OF_WEIGHTS

#: Two features with second moments 1 and 400, D = 2, all decays 1/50, no noise; c = 0 shifts the loss.
EIGENVALUES = (Integer(1), Integer(400))
SQUARES = (Rational(1, 100), Rational(49, 100))
DECAY = Rational(1, 50)
NUMBERS = {D: 2, rho: 1, tau: sqrt(DECAY**3), c: 0}


def resolvent(order: int) -> Expr:
    """R_k(λ) of this example."""
    return sum(p / (e + lam) ** order for e, p in zip(EIGENVALUES, SQUARES, strict=True))


def at_numbers(formula: Expr) -> Expr:
    """A formula of the reduction for this example, a function of λ."""
    return with_moments(formula, resolvent).subs(NUMBERS)


PHI, TAU, G = (at_numbers(formula) for formula in (LETTERS.characteristic, tau, LETTERS.dual))

#: φ² - τ² as a fraction.
_first, _second = ((e + lam) ** 2 for e in EIGENVALUES)
DENOMINATOR = 250_000 * (_first * _second) ** 2
EQUATION = 25 * lam**3 * (_second + 49 * _first) ** 2 - 2 * (_first * _second) ** 2

AS_POLYNOMIAL = theorem(
    "bad-nontrivial-minimum-polynomial",
    "The scalar equation is that of a polynomial",
    equal(PHI**2 - TAU**2, EQUATION / DENOMINATOR),
    reference="clearing denominators",
    proof=exact_algebra,
    misses={"a wrong threshold": left(PHI**2 - 2 * TAU**2)},
    prose=r"""Take $A = \mathrm{diag}(1, 400)$, $v = (1/10, 7/10)$, two hidden layers, all decays
        $1/50$, no noise, and $c = 0$, which only shifts the loss. The equation is $\varphi^2 = \tau^2$.""",
)


def roots_between(name: str, title: str, low: Expr, high: Expr, roots: int) -> Statement:
    """How many roots lie between two points."""
    return theorem(
        f"bad-nontrivial-minimum-{name}",
        title,
        count(EQUATION, lam, low, high, roots),
        reference="Sturm's theorem",
        proof=CountRoots(),
        misses={"one more": right(roots + 1)},
    )


#: Around the third root, 93.319…: points 2q² with rational q, at which √λ is a rational multiple of τ.
LOW, HIGH = Integer(72), Integer(98)

FOUR_ROOTS = roots_between("roots", "The polynomial has four positive roots", Integer(0), oo, 4)
TWO_BEFORE = roots_between("before", "Two of them are less than 72", Integer(0), LOW, 2)
THIRD_ROOT = roots_between("third", "One of them, the third, lies between 72 and 98", LOW, HIGH, 1)


def slope_from(expression: Expr, point: Expr) -> Expr:
    """(f(λ) - f(point))/(λ - point) of a rational function, without the factor."""
    return ((expression - expression.subs(lam, point)) / (lam - point)).cancel().factor()


def crosses(point: Expr, name: str, *, above: bool) -> Statement:
    """φ² is above or below τ² at a point."""
    larger, smaller = (PHI**2, TAU**2) if above else (TAU**2, PHI**2)
    place = equal(lam, point)
    return theorem(
        f"bad-nontrivial-minimum-{name}",
        rf"$\varphi$ is {name} $\tau$ at $\lambda = {point}$",
        greater(larger, smaller),
        given=(place,),
        reference="arithmetic",
        proof=(1 if above else -1) * slope_from(PHI**2, point) * place
        + nonnegative((larger - smaller).subs(lam, point)),
        misses={"twice the smaller side": right(2 * smaller)},
    )


BELOW, ABOVE = crosses(LOW, "below", above=False), crosses(HIGH, "above", above=True)

#: Between the loss around the third root and the loss near the first, 1.328….
BETWEEN = -Rational(1, 1650)
NEAR_FIRST = Rational(32, 25)

#: The terms of G that are rational in λ.
RATIONAL = -resolvent(1)


#: G of this example in displays.
_IN_NUMBERS = (
    r"\frac{\sqrt{2}}{250 \sqrt{\lambda}} - \frac{1}{100 (\lambda + 1)} - \frac{49}{100 (\lambda + 400)}"
)


def root_bound(larger: Expr, smaller: Expr, premise: Use) -> Use:
    """2τ√larger ≥ 2τ√smaller."""
    return 2 * TAU * power(larger, smaller, Rational(1, 2)).because(premise)


AFTER, BEFORE = at_least(lam, LOW), at_least(HIGH, lam)

ENCLOSED = theorem(
    "bad-nontrivial-minimum-enclosure",
    "A lower bound on $G$ from 72 to 98",
    at_least(G, BETWEEN),
    given=(AFTER, BEFORE),
    reference="the terms of $G$ are monotone",
    proof=root_bound(1 / lam, 1 / HIGH, BEFORE / (lam * HIGH))
    + slope_from(RATIONAL, LOW) * AFTER
    + nonnegative(RATIONAL.subs(lam, LOW) + 2 * TAU / sqrt(HIGH) - BETWEEN),
    misses={"a larger bound": right(BETWEEN / 2)},
    display=Display(
        rf"{_IN_NUMBERS} \ge -\frac{{1}}{{1650}}", given=(r"72 \le \lambda", r"\lambda \le 98")
    ),
)

AT_FIRST = equal(lam, NEAR_FIRST)

BAD_MINIMUM = theorem(
    "bad-nontrivial-minimum",
    r"At $\lambda = 32/25$ $G$ is below this bound",
    greater(BETWEEN, G),
    given=(AT_FIRST,),
    reference="arithmetic",
    proof=-slope_from(RATIONAL, NEAR_FIRST) * AT_FIRST
    + root_bound(1 / NEAR_FIRST, 1 / lam, AT_FIRST / (lam * NEAR_FIRST))
    + nonnegative(BETWEEN - RATIONAL.subs(lam, NEAR_FIRST) - 2 * TAU / sqrt(NEAR_FIRST)),
    misses={"a larger bound": left(2 * BETWEEN)},
    display=Display(rf"-\frac{{1}}{{1650}} > {_IN_NUMBERS}", given=r"\lambda = \frac{32}{25}"),
    prose=r"Near the first root, $1.328\dots$, $G$ is smaller.",
)

ORIGIN = theorem(
    "bad-nontrivial-minimum-origin",
    r"At $\lambda = 32/25$ $G$ is below the loss at the origin",
    greater(0, G),
    given=(AT_FIRST,),
    reference="arithmetic",
    proof=BAD_MINIMUM + nonnegative(-BETWEEN),
    misses={"a flipped sign": right(-G)},
    prose="The loss at the origin is $c = 0$.",
)

A_MINIMUM = in_words(
    "bad-nontrivial-minimum-local",
    "The third root is a local minimum",
    r"""$\varphi$ is continuous, below $\tau$ at 72 and above it at 98, and the third root is the only one
        between. So $\varphi$ is below $\tau$ from 72 to the root and above it from there to 98: it crosses
        $\tau$ upwards, where $G$ has a local minimum, and so have $F$ and, as is shown below, the loss of
        all weights.""",
    by="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(AS_POLYNOMIAL, FOUR_ROOTS, TWO_BEFORE, THIRD_ROOT, BELOW, ABOVE, CROSSINGS, SAME_MINIMA),
)

NOT_GLOBAL = in_words(
    "bad-nontrivial-minimum-bad",
    "Neither the third root nor the origin is the global minimum",
    """The least value of $F$ is that of $G$, hence at most $G(32/25)$. That is less than the bound, which
        $G$ and $F$ exceed at the third root, and less than the loss at the origin, $c = 0$, which is a
        local minimum because $D = 2$. So both are bad minima.""",
    by="the definition of local and global minima",
    reference="any course of analysis",
    rests_on=(A_MINIMUM, ENCLOSED, BAD_MINIMUM, ORIGIN, AT_ROOT, SAME_INFIMUM, OF_WEIGHTS),
)


def draw_dual_with_two_minima(axes: Any) -> None:
    """G of the example against λ, and where its slope vanishes."""
    import numpy as np

    ridge = np.geomspace(0.4, 2e5, 600)
    dual, slope = lambdify(lam, G, "numpy"), lambdify(lam, PHI - TAU, "numpy")
    axes.semilogx(ridge, 1e4 * dual(ridge))
    signs = np.sign(slope(ridge))
    level = ridge[np.flatnonzero(signs[1:] != signs[:-1])]
    axes.plot(level, 1e4 * dual(level), "s", markersize=4)
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$\lambda$")
    axes.set_ylabel(r"$10^4\,(G(\lambda) - c)$")
    axes.set_ylim(-7, 7)


DERIVATION = Derivation(
    id="bad-nontrivial-minimum",
    title="A bad minimum that is not the origin",
    prose="""Bad minima other than the origin exist. One example suffices, and it is proved in rational
        numbers.""",
    statements=(
        *(AS_POLYNOMIAL, FOUR_ROOTS, TWO_BEFORE, THIRD_ROOT, BELOW, ABOVE),
        *(ENCLOSED, BAD_MINIMUM, ORIGIN),
    ),
    steps=(A_MINIMUM, NOT_GLOBAL),
)
