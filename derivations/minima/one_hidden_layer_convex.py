"""With one hidden layer the reduced loss is convex."""

from ..inequalities import power
from ..notation import *

#: Two points m and l, their norms, and the norm of the point between them at weights t and r.
other = families("l")
N, N_other, N_between = letters("N N_l N_t", positive=True)
rest = letters("r", positive=True)
BETWEEN = t * m[j] + rest * other[j]

NORM = equal(N**2, norm2(m))
NORM_OTHER = equal(N_other**2, norm2(other))
NORM_BETWEEN = equal(N_between**2, norm2(BETWEEN))
WEIGHTS = equal(t + rest, 1)


def shallow_loss(point: Expr, norm: Expr) -> Expr:
    """F at depth 1, in an eigenbasis."""
    return LETTERS.loss(Sum(a[j] * point**2, EACH), dot(point, v), norm).subs(D, 1)


_mean = t * shallow_loss(m[j], N) + rest * shallow_loss(other[j], N_other)
_data = rho * (t * M_QUADRATIC + rest * Sum(a[j] * other[j] ** 2, EACH))
_gap = rho * t * rest * Sum(a[j] * (m[j] - other[j]) ** 2, EACH)

#: (tN + rN_l)² - N_t² = 2tr(N N_l - m·l), and the last bracket is a sum of squares.
TRIANGLE = (
    -NORM_BETWEEN
    + (t**2 + t * rest * N_other / N) * NORM
    + (rest**2 + t * rest * N / N_other) * NORM_OTHER
    + nonnegative(t * rest * Sum((N_other * m[j] - N * other[j]) ** 2, EACH) / (N * N_other))
)

CONVEX = theorem(
    "one-hidden-layer-convex",
    "The reduced loss is convex at depth 1",
    at_least(_mean, shallow_loss(BETWEEN, N_between)),
    given=(
        *(NORM, NORM_OTHER, NORM_BETWEEN, WEIGHTS),
        "the three norms are not 0 (at 0 the claim holds by continuity)",
    ),
    reference="the penalty is a norm (group lasso)",
    # t m² + r l² - (tm + rl)² = tr(m - l)² + (t m² + r l²)(1 - t - r)
    proof=(c - _data) * WEIGHTS
    + 2 * gamma_bar * power((t * N + rest * N_other) ** 2, N_between**2, Rational(1, 2)).because(TRIANGLE)
    + nonnegative(_gap),
    misses={
        "strongly convex": right(shallow_loss(BETWEEN, N_between) + 2 * _gap),
        "weights that do not add up to 1": without(WEIGHTS),
    },
    display=Display(
        r"\alpha F(m) + \beta F(m') \ge F(\alpha m + \beta m')",
        where="D = 1",
        given=(r"\alpha + \beta = 1", r"m \ne 0", r"m' \ne 0", r"\alpha m + \beta m' \ne 0"),
        at={
            t: r"\alpha",
            rest: r"\beta",
            N: r"\lVert m \rVert",
            N_other: r"\lVert m' \rVert",
            N_between: r"\lVert \alpha m + \beta m' \rVert",
        },
    ),
)

NO_BAD_MINIMUM = in_words(
    "one-hidden-layer-no-bad-minimum",
    "Every local minimum of $F$ is global at depth 1",
    """The claim extends to points where a norm is 0 by continuity, so that $F$ is convex. Seen from a local
        minimum, $F$ is not smaller near by on the segment to any other point, and by convexity not at its
        end.""",
    by="the theorem that local minima of convex functions are global",
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
