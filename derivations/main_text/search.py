"""An appendix: how all roots of the scalar equation are found, with the proof that there is no other."""

from symderive.statements.document import Defined, Figure, Part, Theorem

from ..ridge.effective_ridge import (
    ALIGNMENT_IN_BASIS,
    HAS_EIGENBASIS,
    NORM_IN_BASIS,
    SOLUTION_IN_BASIS,
)
from ..search.batch_error_bounds import (
    COUNT_LOWER,
    COUNT_UPPER,
    DISPLACEMENT,
    FINAL,
    HEIGHT_ERROR,
    LEAP,
    ONE_ROOT,
    SUM_UPPER,
)
from ..search.curvature_bounds import (
    CURVATURE_LOWER,
    CURVATURE_UPPER,
    ONE_EVALUATION,
    SLOPE_IS,
    SLOPE_LOWER,
    SLOPE_UPPER,
    STRICT,
    THIRD_LOWER,
    THIRD_UPPER,
    draw_march,
)
from ..search.root_count import AT_MOST, ONE_MORE
from ..search.search_range import LOWER, ROOM, UPPER
from ..search.threshold_scaling import ONE_PRODUCT
from .setting import DATA, DECAYS

COORDINATES = Theorem(
    id="coordinates",
    kind="lemma",
    name="orthogonal coordinates",
    assumes=(DATA,),
    body=(
        r"The rows of an orthogonal matrix $B$ are eigenvectors of $A$ with eigenvalues $\Lambda$:",
        HAS_EIGENBASIS,
        r"""Let $w$ be the ridge solution, $(\rho A + \lambda I) w = v$. With $B A = \Lambda B$ and
            $B^{\top} B = I$ its coordinates, its norm and its product with $v$ are""",
        SOLUTION_IN_BASIS,
        NORM_IN_BASIS,
        ALIGNMENT_IN_BASIS,
    ),
    proof=r"""Multiply $(\rho A + \lambda I) w = v$ by $B$ from the left. Since $B$ is orthogonal,
        norms and inner products are those of the coordinates.""",
)

COUNT = Theorem(
    id="root-count-theorem",
    kind="proposition",
    name="number of roots",
    assumes=(DATA, DECAYS),
    body=(
        r"""Let $D \ge 2$, $v \ne 0$, and let $k$ be the number of different eigenvalues of $A$ whose
        eigenvectors are not all orthogonal to $v$. Then $\varphi = \tau$ has at most $2k$ positive
        roots, counted with multiplicity, and at every root $\varphi(\lambda) = \tau$""",
        UPPER,
    ),
    proof=r"""The equation is a sum of $k$ fractions $v_j^2/(\rho a_j + \lambda)^2$ less $\tau
        \lambda^{-(D+1)/D}$. Multiply by a power of one denominator and differentiate: one fraction is
        gone, the power of $\lambda$ is multiplied by a polynomial of one degree more, and by Rolle's
        theorem at most one root is lost ([[root-count-rolle]]). After $k$ steps a polynomial of degree
        $k$ is left ([[root-count-bound]]).""",
    rests_on=(ONE_MORE, AT_MOST, ROOM, LOWER),
)

BOUNDS = Theorem(
    id="curvature-theorem",
    kind="proposition",
    name="slope and curvature",
    assumes=(DATA, DECAYS),
    body=(
        r"""Let $v \ne 0$, so that $g_{2}(\lambda) > 0$ and, at $\lambda = e^u$, $g_{2}(\exp(u)) > 0$. On a
        logarithmic scale the slope of the equation is $H'$,""",
        SLOPE_IS,
        "which is bounded on both sides,",
        SLOPE_UPPER,
        SLOPE_LOWER,
        "and so is its curvature, for all data and depths:",
        CURVATURE_UPPER,
        CURVATURE_LOWER,
    ),
    proof=r"""With $s_j = \lambda/(\rho a_j + \lambda) \in (0, 1]$ and the mean $\langle \cdot \rangle$
        with weights $v_j^2/(\rho a_j + \lambda)^2$, the slope is $(D+1)/D - 2 \langle s \rangle$ and
        the curvature is $4 (\langle s^2 \rangle - \langle s \rangle^2) - 2 \langle s (1 - s) \rangle$.
        Both bounds follow from $\langle s \rangle^2 \le \langle s^2 \rangle \le \langle s \rangle$.""",
    rests_on=(STRICT, THIRD_UPPER, THIRD_LOWER),
)

MARCH = Figure(
    id="march",
    caption="""One evaluation bounds $H$ on both sides: where the shaded region misses the axis there is
        no root.""",
    draw=(draw_march,),
)

PART = Part(
    id="search",
    title="Certified search",
    blocks=(
        r"""That no stationary point is missing from a list is as much a claim as the points themselves.
        It is proved for given data by what follows, in the eigenvectors of $A$.""",
        COORDINATES,
        COUNT,
        "Write",
        Defined(names=(r"g_{k}(\lambda)", "H(u)", r"H''(\lambda)")),
        BOUNDS,
        r"""Hence one evaluation of $H$ and $H'$ at a point $u$, in interval arithmetic, bounds $H$ from
        both sides by parabolas: $H(u + h) - H(u) - h H'$ lies between $-h^2/4$ and $h^2/2$
        ([[curvature-parabolas]]). Where they miss $\ln\tau$ there is no root, for a whole interval at
        once, and where the slope is bounded away from 0 there is at most one ([[march]]). Since all
        roots lie in an interval that is known beforehand, finitely many evaluations find all of them
        and prove that there is no other. The third derivative of $H$ lies between $-1$ and 1, by
        [[third-derivative-bound]] and [[third-derivative-bound-lower]], which makes the steps
        longer.""",
        MARCH,
        r"""In double precision the same is proved faster and for many problems at once, because every sum
        of the search has terms that are not negative. A computed number is the true one times at most $n$
        roundings, $n$ counted beforehand ([[batch-error-count-lower]], [[batch-error-count-upper]]), and
        a sum of such terms is as accurate as they are ([[batch-error-sum-upper]]). This bounds the error
        of $H$ and its derivatives ([[batch-error-height]]), so that one evaluation isolates a root
        ([[batch-error-isolation]]), or excludes one along a step ([[batch-error-leap]]), and a residual
        bounds how far a printed root is from the true one ([[batch-error-displacement]],
        [[batch-error-values]]).""",
        r"""A search for a threshold need not look at the noise: noise, widths and decays enter both
        thresholds of any data only through $\rho^{D-1} \gamma_u \prod_i \gamma_i$
        ([[threshold-scaling-product]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (
    *(ONE_EVALUATION, ONE_PRODUCT),
    *(COUNT_LOWER, COUNT_UPPER, SUM_UPPER, HEIGHT_ERROR, ONE_ROOT, LEAP),
    *(DISPLACEMENT, FINAL),
)
