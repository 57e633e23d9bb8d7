"""With one hidden layer the reduced loss is convex."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..inequalities import POWER, s, x, y
from ..notation import EACH, LETTERS, D, a, dot, j, m, rho, v

#: Two points m and l, their norms, and the norm of the point between them at weights t and 1 - t.
other = sp.IndexedBase("l", real=True)
N, N_other, N_between = (sp.Symbol(name, positive=True) for name in ("N", "N_l", "N_t"))
t, rest = sy.t, sp.Symbol("r", positive=True)
BETWEEN = t * m[j] + rest * other[j]

NORM = equal(N**2, dot(m, m))
NORM_OTHER = equal(N_other**2, dot(other, other))
NORM_BETWEEN = equal(N_between**2, dot(BETWEEN, BETWEEN))
WEIGHTS = equal(t + rest, 1)


def shallow_loss(point: sp.Expr, norm: sp.Expr) -> sp.Expr:
    """F at depth 1, in an eigenbasis."""
    return LETTERS.loss(sp.Sum(a[j] * point**2, EACH), dot(point, v), norm).subs(D, 1)


_MEAN = t * shallow_loss(m[j], N) + rest * shallow_loss(other[j], N_other)
_LENGTH = t * N + rest * N_other

#: (tN + rN_l)² - N_t² = 2tr(N N_l - m·l), and the last bracket is a sum of squares.
TRIANGLE = combine(
    Use(NORM_BETWEEN, times=-1),
    Use(NORM, times=t**2 + t * rest * N_other / N),
    Use(NORM_OTHER, times=rest**2 + t * rest * N / N_other),
    plus=t * rest * sp.Sum((N_other * m[j] - N * other[j]) ** 2, EACH) / (N * N_other),
)

_define = (
    (N, sp.sqrt(dot(m, m))),
    (N_other, sp.sqrt(dot(other, other))),
    (N_between, sp.sqrt(dot(BETWEEN, BETWEEN))),
    (rest, 1 - t),
)

_difference = m[j] - other[j]

CONVEX = Statement(
    id="one-hidden-layer-convex",
    title="The reduced loss is convex at depth 1",
    relation=Relation.AT_LEAST,
    left=_MEAN,
    right=shallow_loss(BETWEEN, N_between),
    given=(NORM, NORM_OTHER, NORM_BETWEEN, WEIGHTS),
    conditions=("the three norms are not 0 (at 0 the claim holds by continuity)",),
    reference="the penalty is a norm (group lasso)",
    proof=combine(
        # t m² + r l² - (tm + rl)² = tr(m - l)² + (t m² + r l²)(1 - t - r)
        Use(
            WEIGHTS,
            times=-rho * (t * sp.Sum(a[j] * m[j] ** 2, EACH) + rest * sp.Sum(a[j] * other[j] ** 2, EACH))
            + sy.c,
        ),
        Use(
            POWER,
            times=2 * sy.gamma_bar,
            where={x: _LENGTH**2, y: N_between**2, s: sp.Rational(1, 2)},
            given=(TRIANGLE,),
        ),
        plus=rho * t * rest * sp.Sum(a[j] * _difference**2, EACH),
    ),
    domains=(Domain(ranges=((t, (0, 1)),), define=_define),),
    near_misses=(
        NearMiss(
            "strongly convex",
            right=shallow_loss(BETWEEN, N_between)
            + rho * t * rest * sp.Sum(a[j] * _difference**2, EACH) * 2,
        ),
        NearMiss(
            "weights that do not add up to 1",
            given=(NORM, NORM_OTHER, NORM_BETWEEN),
            domains=(Domain(define=_define[:3]),),
        ),
    ),
)

# -- a step in words -------------------------------------------------------------------------------------

NO_BAD_MINIMUM = Step(
    id="one-hidden-layer-no-bad-minimum",
    title="Every local minimum of $F$ is global at depth 1",
    text=(
        "The claim extends to points where a norm is 0 by continuity, so that $F$ is convex. Seen from a "
        r"local minimum, $F$ is not smaller near by on the segment to any other point, and by convexity "
        "not at its end."
    ),
    theorem="the theorem that local minima of convex functions are global",
    reference="Rockafellar, Convex Analysis, section 27",
    rests_on=(CONVEX,),
    conditions=("$D = 1$",),
)

DERIVATION = Derivation(
    id="one-hidden-layer-convex",
    title="One hidden layer: no bad minimum",
    prose="At depth 1 the penalty is a multiple of the norm, so every local minimum of $F$ is global.",
    statements=(CONVEX,),
    steps=(NO_BAD_MINIMUM,),
)
