"""With one hidden layer the reduced loss is convex."""

from ..inequalities import power
from ..notation import *

#: Two points m and ψ, their norms, and the norm of the point between them at weights α and β.
other = families("psi")
N = m_norm
N_other, N_between = letters("eta xi", positive=True)
share, rest = letters("alpha beta", positive=True)
BETWEEN = share * m[j] + rest * other[j]

NORM = equal(N**2, norm2(m))
NORM_OTHER = equal(N_other**2, norm2(other))
NORM_BETWEEN = equal(N_between**2, norm2(BETWEEN))
WEIGHTS = equal(share + rest, 1)


def shallow_loss(point: Expr, norm: Expr) -> Expr:
    """F at depth 1, in an eigenbasis."""
    return LETTERS.loss(Sum(a[j] * point**2, EACH), dot(point, v), norm).subs(D, 1)


_mean = share * shallow_loss(m[j], N) + rest * shallow_loss(other[j], N_other)
_data = rho * (share * M_QUADRATIC + rest * Sum(a[j] * other[j] ** 2, EACH))
_gap = rho * share * rest * Sum(a[j] * (m[j] - other[j]) ** 2, EACH)

#: (α‖m‖ + βη)² - ξ² = 2αβ(‖m‖η - m·ψ), and the last bracket is a sum of squares.
TRIANGLE = (
    -NORM_BETWEEN
    + (share**2 + share * rest * N_other / N) * NORM
    + (rest**2 + share * rest * N / N_other) * NORM_OTHER
    + nonnegative(share * rest * Sum((N_other * m[j] - N * other[j]) ** 2, EACH) / (N * N_other))
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
    # α m² + β ψ² - (αm + βψ)² = αβ(m - ψ)² + (α m² + β ψ²)(1 - α - β)
    proof=(c - _data) * WEIGHTS
    + 2
    * gamma_bar
    * power((share * N + rest * N_other) ** 2, N_between**2, Rational(1, 2)).because(TRIANGLE)
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
    prose="""At depth 1 the penalty is a multiple of the norm, so every local minimum of $F$ is global. For
        products of two numbers in place of two layers see [@spred2023].""",
    statements=(CONVEX,),
    steps=(NO_BAD_MINIMUM,),
)
