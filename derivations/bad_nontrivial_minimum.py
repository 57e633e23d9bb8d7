"""A bad local minimum that is not the origin."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.proofs.inequalities import POWER, s, x, y
from symderive.proofs.proof import CountRoots, Use, combine
from symderive.proofs.root_count import RootCount
from symderive.reduction import with_moments
from symderive.statement import Derivation, Domain, NearMiss, Relation, Statement, at_least

from .letters import LETTERS, D, lam, rho

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
DENOMINATOR = ((1 + lam) * (400 + lam)) ** 4
EQUATION, _multiple = sp.fraction(sp.cancel(PHI**2 - TAU**2))
SCALE = sp.LC(_multiple, lam)

AS_POLYNOMIAL = Statement(
    id="bad-nontrivial-minimum-polynomial",
    title="The equation $\\varphi^2 = \\tau^2$ as a polynomial",
    left=SCALE * (PHI**2 - TAU**2) * DENOMINATOR,
    right=EQUATION,
    reference="clearing denominators",
    proof=combine(),
    near_misses=(NearMiss("a wrong threshold", left=SCALE * (PHI**2 - 2 * TAU**2) * DENOMINATOR),),
    prose=(
        r"Take $A = \mathrm{diag}(1, 400)$, $v = (1/10, 7/10)$, two hidden layers, all decays $1/50$ "
        r"and no noise."
    ),
)

FOUR_ROOTS = Statement(
    id="bad-nontrivial-minimum-roots",
    title="It has four positive roots",
    relation=Relation.COUNT,
    left=RootCount(EQUATION, lam, 0, sp.oo),
    right=4,
    reference="Sturm's theorem",
    proof=CountRoots(),
    near_misses=(NearMiss("two", right=2),),
)


def square_point(number: str) -> sp.Rational:
    """λ = 2 q², at which √λ is a rational multiple of τ and G is a rational number."""
    return 2 * sp.Rational(number) ** 2


FIRST = square_point("163/200")  # near the first root, 1.328…
LOW, HIGH = square_point("34/5"), square_point("69/10")  # around the third, 93.319…


def crosses(point: sp.Rational, name: str, *, above: bool) -> Statement:
    """φ is above or below τ at a point."""
    left, right = PHI.subs(lam, point) ** 2, TAU**2
    if not above:
        left, right = right, left
    return Statement(
        id=f"bad-nontrivial-minimum-{name}",
        title=f"$\\varphi$ is {'above' if above else 'below'} $\\tau$ at $\\lambda = {sp.latex(point)}$",
        relation=Relation.GREATER,
        left=left,
        right=right,
        reference="arithmetic",
        proof=combine(plus=left - right),
        near_misses=(NearMiss("the other way round", left=right, right=left),),
    )


BELOW, ABOVE = crosses(LOW, "below", above=False), crosses(HIGH, "above", above=True)

#: On LOW ≤ λ ≤ HIGH every term of G is at least its least value there.
LEAST = G.subs(lam, LOW) - 2 * TAU / sp.sqrt(LOW) + 2 * TAU / sp.sqrt(HIGH)
AFTER, BEFORE = at_least(lam, LOW), at_least(HIGH, lam)
_rest = sp.Add(
    *(p * (lam - LOW) / ((a + LOW) * (a + lam)) for a, p in zip(EIGENVALUES, SQUARES, strict=True))
)

ENCLOSED = Statement(
    id="bad-nontrivial-minimum-enclosure",
    title="A lower bound on $G$ around the third root",
    relation=Relation.AT_LEAST,
    left=G,
    right=LEAST,
    given=(AFTER, BEFORE),
    reference="the terms of G are monotone",
    proof=combine(
        Use(
            POWER,
            times=2 * TAU,
            where={x: 1 / lam, y: 1 / HIGH, s: sp.Rational(1, 2)},
            given=(combine(Use(BEFORE, times=1 / (lam * HIGH))),),
        ),
        plus=_rest,
    ),
    domains=(Domain(ranges=((lam, (LOW, HIGH)),)),),
    near_misses=(NearMiss("a larger bound", right=LEAST / 2),),
    prose=(
        r"There $\varphi$ crosses $\tau$ upwards, so the third root is a local minimum. How low "
        r"it is, is bounded by the "
        "ends of the interval."
    ),
)

AT_FIRST = G.subs(lam, FIRST)

BAD_MINIMUM = Statement(
    id="bad-nontrivial-minimum",
    title="The local minimum at the third root is not global",
    relation=Relation.GREATER,
    left=LEAST,
    right=AT_FIRST,
    reference="arithmetic",
    proof=combine(plus=LEAST - AT_FIRST),
    near_misses=(NearMiss("the first root is no better", left=AT_FIRST, right=LEAST),),
    prose=r"$G$ bounds the global minimum from above at every $\lambda$; near the first root it is lower.",
)

ORIGIN = Statement(
    id="bad-nontrivial-minimum-origin",
    title="and neither is the one at the origin, where the loss is $c = 0$",
    relation=Relation.GREATER,
    left=0,
    right=AT_FIRST,
    reference="arithmetic",
    proof=combine(plus=-AT_FIRST),
    near_misses=(NearMiss("the other way round", left=AT_FIRST, right=0),),
)

DERIVATION = Derivation(
    id="bad-nontrivial-minimum",
    title="A bad minimum that is not the origin",
    prose=(
        "Bad minima other than the origin exist. One example suffices, and it is proved in rational "
        "numbers."
    ),
    statements=(AS_POLYNOMIAL, FOUR_ROOTS, BELOW, ABOVE, ENCLOSED, BAD_MINIMUM, ORIGIN),
)
