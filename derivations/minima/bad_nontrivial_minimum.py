"""A bad local minimum that is not the origin."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.reduction import with_moments
from symderive.statements import (
    CountRoots,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    RootCount,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
)

from ..inequalities import POWER, s, x, y
from ..notation import LETTERS, D, lam, rho
from ..ridge.dual import AT_ROOT, SAME_INFIMUM, SAME_MINIMA
from ..ridge.minimum_value import CROSSINGS
from .origin_local_minimum import OF_WEIGHTS

#: Two features with second moments 1 and 400, D = 2, all decays 1/50, no noise; c = 0 shifts the loss.
EIGENVALUES = (sp.Integer(1), sp.Integer(400))
SQUARES = (sp.Rational(1, 100), sp.Rational(49, 100))
DECAY = sp.Rational(1, 50)
NUMBERS = {D: 2, rho: 1, sy.tau: sp.sqrt(DECAY**3), sy.c: 0}


def at_numbers(formula: sp.Expr) -> sp.Expr:
    """A formula of the reduction for this example, a function of λ."""
    moments = with_moments(
        formula,
        lambda order: sp.Add(*(p / (a + lam) ** order for a, p in zip(EIGENVALUES, SQUARES, strict=True))),
    )
    return moments.subs(NUMBERS)


PHI, TAU, G = (at_numbers(formula) for formula in (LETTERS.characteristic, sy.tau, LETTERS.dual))

#: φ² - τ² as a fraction.
_first, _second = ((a + lam) ** 2 for a in EIGENVALUES)
DENOMINATOR = 250_000 * (_first * _second) ** 2
EQUATION = 25 * lam**3 * (_second + 49 * _first) ** 2 - 2 * (_first * _second) ** 2

AS_POLYNOMIAL = Statement(
    id="bad-nontrivial-minimum-polynomial",
    title="The scalar equation is that of a polynomial",
    left=PHI**2 - TAU**2,
    right=EQUATION / DENOMINATOR,
    reference="clearing denominators",
    proof=combine(),
    near_misses=(NearMiss("a wrong threshold", left=PHI**2 - 2 * TAU**2),),
    prose=(
        r"Take $A = \mathrm{diag}(1, 400)$, $v = (1/10, 7/10)$, two hidden layers, all decays $1/50$, "
        r"no noise, and $c = 0$, which only shifts the loss. The equation is $\varphi^2 = \tau^2$."
    ),
)


def count(name: str, title: str, low: sp.Expr, high: sp.Expr, roots: int) -> Statement:
    """How many roots lie between two points."""
    return Statement(
        id=f"bad-nontrivial-minimum-{name}",
        title=title,
        relation=Relation.COUNT,
        left=RootCount(EQUATION, lam, low, high),
        right=roots,
        reference="Sturm's theorem",
        proof=CountRoots(),
        near_misses=(NearMiss("one more", right=roots + 1),),
    )


#: Around the third root, 93.319…: points 2q² with rational q, at which √λ is a rational multiple of τ.
LOW, HIGH = sp.Integer(72), sp.Integer(98)

FOUR_ROOTS = count("roots", "The polynomial has four positive roots", sp.Integer(0), sp.oo, 4)
TWO_BEFORE = count("before", "Two of them are less than 72", sp.Integer(0), LOW, 2)
THIRD_ROOT = count("third", "One of them, the third, lies between 72 and 98", LOW, HIGH, 1)


def slope_from(expression: sp.Expr, point: sp.Expr) -> sp.Expr:
    """(f(λ) - f(point))/(λ - point) of a rational function, without the factor."""
    return sp.factor(sp.cancel((expression - expression.subs(lam, point)) / (lam - point)))


def crosses(point: sp.Expr, name: str, *, above: bool) -> Statement:
    """φ² is above or below τ² at a point."""
    sign = 1 if above else -1
    left, right = (PHI**2, TAU**2)[::sign]
    place = equal(lam, point)
    return Statement(
        id=f"bad-nontrivial-minimum-{name}",
        title=rf"$\varphi$ is {'above' if above else 'below'} $\tau$ at $\lambda = {point}$",
        relation=Relation.GREATER,
        left=left,
        right=right,
        given=(place,),
        reference="arithmetic",
        proof=combine(
            Use(place, times=sign * slope_from(PHI**2, point)),
            plus=(left - right).subs(lam, point),
        ),
        domains=(Domain(define=((lam, point),)),),
        near_misses=(NearMiss("the other way round", left=right, right=left),),
    )


BELOW, ABOVE = crosses(LOW, "below", above=False), crosses(HIGH, "above", above=True)

#: Between the loss around the third root and the loss near the first, 1.328….
BETWEEN = -sp.Rational(1, 1650)
NEAR_FIRST = sp.Rational(32, 25)

#: The terms of G that are rational in λ.
RATIONAL = sp.Add(*(-p / (a + lam) for a, p in zip(EIGENVALUES, SQUARES, strict=True)))


def root_bound(left: sp.Expr, right: sp.Expr, premise: Use) -> Use:
    """2τ√left ≥ 2τ√right."""
    return Use(
        POWER,
        times=2 * TAU,
        where={x: left, y: right, s: sp.Rational(1, 2)},
        given=(combine(premise),),
    )


AFTER, BEFORE = at_least(lam, LOW), at_least(HIGH, lam)

ENCLOSED = Statement(
    id="bad-nontrivial-minimum-enclosure",
    title="A lower bound on $G$ from 72 to 98",
    relation=Relation.AT_LEAST,
    left=G,
    right=BETWEEN,
    given=(AFTER, BEFORE),
    reference="the terms of $G$ are monotone",
    proof=combine(
        root_bound(1 / lam, 1 / HIGH, Use(BEFORE, times=1 / (lam * HIGH))),
        Use(AFTER, times=slope_from(RATIONAL, LOW)),
        plus=RATIONAL.subs(lam, LOW) + 2 * TAU / sp.sqrt(HIGH) - BETWEEN,
    ),
    domains=(Domain(ranges=((lam, (LOW, HIGH)),)),),
    near_misses=(NearMiss("a larger bound", right=BETWEEN / 2),),
)

AT_FIRST = equal(lam, NEAR_FIRST)
NEAR = Domain(define=((lam, NEAR_FIRST),))

BAD_MINIMUM = Statement(
    id="bad-nontrivial-minimum",
    title=r"At $\lambda = 32/25$ $G$ is below this bound",
    relation=Relation.GREATER,
    left=BETWEEN,
    right=G,
    given=(AT_FIRST,),
    reference="arithmetic",
    proof=combine(
        Use(AT_FIRST, times=-slope_from(RATIONAL, NEAR_FIRST)),
        root_bound(1 / NEAR_FIRST, 1 / lam, Use(AT_FIRST, times=1 / (lam * NEAR_FIRST))),
        plus=BETWEEN - RATIONAL.subs(lam, NEAR_FIRST) - 2 * TAU / sp.sqrt(NEAR_FIRST),
    ),
    domains=(NEAR,),
    near_misses=(NearMiss("a larger bound", left=2 * BETWEEN),),
    prose=r"Near the first root, $1.328\dots$, $G$ is smaller.",
)

ORIGIN = Statement(
    id="bad-nontrivial-minimum-origin",
    title=r"At $\lambda = 32/25$ $G$ is below the loss at the origin",
    relation=Relation.GREATER,
    left=0,
    right=G,
    given=(AT_FIRST,),
    reference="arithmetic",
    proof=combine(Use(BAD_MINIMUM), plus=-BETWEEN),
    domains=(NEAR,),
    near_misses=(NearMiss("the other way round", left=G, right=0),),
    prose="The loss at the origin is $c = 0$.",
)

# -- steps in words --------------------------------------------------------------------------------------

A_MINIMUM = Step(
    id="bad-nontrivial-minimum-local",
    title="The third root is a local minimum",
    text=(
        r"$\varphi$ is continuous, below $\tau$ at 72 and above it at 98, and the third root is the only "
        r"one between. So $\varphi$ is below $\tau$ from 72 to the root and above it from there to 98: it "
        r"crosses $\tau$ upwards, where $G$ has a local minimum, and so have $F$ and, as is shown below, "
        "the loss of all weights."
    ),
    theorem="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(AS_POLYNOMIAL, FOUR_ROOTS, TWO_BEFORE, THIRD_ROOT, BELOW, ABOVE, CROSSINGS, SAME_MINIMA),
)

NOT_GLOBAL = Step(
    id="bad-nontrivial-minimum-bad",
    title="Neither the third root nor the origin is the global minimum",
    text=(
        r"The least value of $F$ is that of $G$, hence at most $G(32/25)$. That is less than the bound, "
        "which $G$ and $F$ exceed at the third root, and less than the loss at the origin, $c = 0$, which "
        r"is a local minimum because $D = 2$. So both are bad minima."
    ),
    theorem="the definition of local and global minima",
    reference="any course of analysis",
    rests_on=(A_MINIMUM, ENCLOSED, BAD_MINIMUM, ORIGIN, AT_ROOT, SAME_INFIMUM, OF_WEIGHTS),
)

DERIVATION = Derivation(
    id="bad-nontrivial-minimum",
    title="A bad minimum that is not the origin",
    prose=(
        "Bad minima other than the origin exist. One example suffices, and it is proved in rational "
        "numbers."
    ),
    statements=(
        AS_POLYNOMIAL,
        FOUR_ROOTS,
        TWO_BEFORE,
        THIRD_ROOT,
        BELOW,
        ABOVE,
        ENCLOSED,
        BAD_MINIMUM,
        ORIGIN,
    ),
    steps=(
        A_MINIMUM,
        NOT_GLOBAL,
    ),
)
