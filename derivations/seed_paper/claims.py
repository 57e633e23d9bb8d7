"""The claims of Ziyin, Li and Meng, one by one, and the statements that decide each.

The abstract is quoted as the first version of arXiv:2202.04777 has it, and for the last two claims as the
later ones do.  Theorems of the paper are described, never numbered: numbers differ between versions.
"""

from symderive.statements.paper_claim import PaperClaim

from ..minima import all_stationary_points as stationary
from ..minima import bad_nontrivial_minimum as other_minimum
from ..minima import bad_origin_exists as bad_origin
from ..minima import local_minima
from ..minima import one_hidden_layer_convex as convex
from ..minima import one_hidden_layer_threshold as threshold
from ..minima import origin_hessian_one_hidden_layer as shallow_origin
from ..minima import origin_local_minimum as origin
from ..nonlinear import nonlinear_barrier as barrier
from ..nonlinear import nonlinear_collapse as collapse
from ..reduction import global_minimum as minimum
from ..ridge import dual, effective_ridge
from ..ridge import paper_parametrization as deep
from ..ridge import paper_two_layer as two_layer
from ..search import root_count
from ..variance import (
    variance_bounds,
    variance_vanishes_depth,
    variance_vanishes_noise,
    variance_vanishes_width,
)
from . import measured
from . import seed_counterexamples as instances
from . import seed_letters as letters

#: What makes the reduced problem that of all weights.
REDUCTION = (minimum.GLOBAL_MINIMUM, minimum.WEIGHTS_OF_MAP, minimum.HAS_MINIMUM, minimum.SAME_MINIMUM)

#: What makes all directions signs where there is noise.
SIGNS = (stationary.EQUAL_SIZES, stationary.EQUAL_NEURONS, stationary.DESCENT, local_minima.ALL)

CLAIMS = (
    PaperClaim(
        id="model",
        wording="“a fundamental model for understanding the landscape of neural networks”",
        is_quoted=True,
    ),
    PaperClaim(
        id="exact-solutions",
        wording="""“finds the exact solutions to a deep linear network with weight decay and stochastic
            neurons”""",
        is_quoted=True,
        proved_by=(*REDUCTION, effective_ridge.STATIONARY_POINTS, effective_ridge.EQUATION),
        shown=(minimum.SAME_MINIMUM,),
        condition="all decays are positive",
        needed=(instances.MIXED, instances.MIXED_INFIMUM),
        instance=r"""$D = 1$, $d_1 = 1$, $A = v = c = 1$, $\gamma_1 > 0$ and $\gamma_u = 0$: the loss is
            positive everywhere and its infimum is 0, so that no global minimum exists""",
    ),
    PaperClaim(
        id="two-layers",
        wording=r"""Under decay a network with one hidden layer has the global minimum $U = b r^{\top}$,
            $W = b r v^{\top} (b^2 (\sigma^2 + d_1) A + \gamma_1 I)^{-1}$ for all signs $r$, and one
            equation determines $b$.""",
        proved_by=(
            two_layer.PAPER_TWO_LAYER,
            two_layer.PAPER_TWO_LAYER_MAP,
            *REDUCTION,
            threshold.ONE_ROOT,
            *SIGNS,
        ),
        shown=(two_layer.PAPER_TWO_LAYER, two_layer.PAPER_TWO_LAYER_MAP),
        condition=r"both decays are positive, and $\sigma > 0$; without noise $r$ need not be signs",
        remark=r"If $\gamma_u \gamma_1 \ge \lVert v \rVert^2$ the equation has no solution, and $b = 0$.",
    ),
    PaperClaim(
        id="deep-networks",
        wording=r"""Under decay of all layers a deep network has the global minimum $U = b_u r_D^{\top}$,
            $W_i = b_i r_i r_{i-1}^{\top}$ and $W_1 = b \mu r_1 v^{\top} (b^2 s^2 (\sigma_1^2 + d_1) A +
            \gamma_1 I)^{-1}$ with $\mu$, $s^2$ and $b$ over the layers from the second on.""",
        proved_by=(
            *(letters.MAP, letters.NOISE, deep.PAPER_RIDGE, deep.PAPER_BALANCE),
            *REDUCTION,
            effective_ridge.EQUATION,
            *SIGNS,
        ),
        shown=(letters.MAP, letters.NOISE),
        condition=r"""all decays are positive, and every $\sigma_i > 0$; in a layer without noise $r_i$ need
            not be signs""",
        remark="It is 0 where no other stationary point has less loss than the origin.",
    ),
    PaperClaim(
        id="one-equation",
        wording="All scales follow from one scalar equation.",
        proved_by=(effective_ridge.EQUATION, root_count.AT_MOST, dual.DUAL_AT_ROOT, dual.SAME_INFIMUM),
        shown=(effective_ridge.EQUATION,),
        condition="the root of least loss is taken, of which there may be several",
        needed=(other_minimum.FOUR_ROOTS, other_minimum.A_MINIMUM, other_minimum.NOT_GLOBAL),
        instance=r"""$D = 2$, $A$ diagonal with entries 1 and 400, $v = (1/10, 7/10)$, all decays $1/50$, no
            noise: four roots, of which the third is a local minimum, not global and not the origin""",
        measure=measured.four_roots,
    ),
    PaperClaim(
        id="signs",
        wording=r"The directions $r_i$ are vectors of signs, $r_i \in \{\pm 1\}^{d_i}$, and nothing else.",
        proved_by=SIGNS,
        condition=r"$\sigma_i > 0$ in that layer",
        needed=(instances.SIGNS_BOUND, instances.SIGNS),
        instance=r"""$D = 1$, $d_1 = 2$, $\sigma = 0$, $A = v = c = 1$, $\gamma_1 = 1/12$, $\gamma_u =
            3/4$: $U = (3/10, 2/5)$ and $W = (9/10, 6/5)$ have the least loss, $7/16$""",
    ),
    PaperClaim(
        id="bad-minima",
        wording="“weight decay … can create bad minima in a network with more than 1 hidden layer”",
        is_quoted=True,
        proved_by=(origin.OF_WEIGHTS, bad_origin.BAD, other_minimum.NOT_GLOBAL),
        shown=(bad_origin.BAD,),
        condition=r"all decays are positive, $v \ne 0$, and the decay is below the bound of the formula",
        needed=(instances.STRONG, instances.STRONG_ORIGIN),
        instance=r"""$D = 2$, $A = v = 1$, no noise, all decays 1: the origin is a local minimum, and it is
            the global one""",
        remark="The origin is not the only bad minimum that there can be.",
    ),
    PaperClaim(
        id="one-hidden-layer",
        wording="“qualitatively different for a network with only 1 hidden layer”: it has no bad minimum",
        is_quoted=True,
        proved_by=(
            *(convex.CONVEX, convex.NO_BAD_MINIMUM, threshold.THRESHOLD, threshold.ONE_ROOT),
            *(shallow_origin.KIND, local_minima.ALL),
        ),
        shown=(convex.CONVEX, threshold.THRESHOLD),
        condition=r"both decays are positive; in the first formula $\alpha > 0$ and $\beta > 0$",
    ),
    PaperClaim(
        id="variance-noise",
        wording="“their prediction variance vanishes to zero as the stochasticity … tends to infinity”",
        is_quoted=True,
        proved_by=(
            variance_bounds.IN_MAP,
            variance_bounds.OF_NOISY,
            variance_vanishes_noise.VANISHES,
            variance_bounds.LIMITS,
        ),
        shown=(variance_bounds.IN_MAP, variance_bounds.OF_NOISY),
        remark="Depth and widths are fixed meanwhile, and all layers have the same noise.",
    ),
    PaperClaim(
        id="variance-width",
        wording="“their prediction variance vanishes to zero as … the width … tends to infinity”",
        is_quoted=True,
        proved_by=(variance_bounds.OF_WIDE, variance_vanishes_width.VANISHES, variance_bounds.LIMITS),
        shown=(variance_bounds.OF_WIDE,),
        condition=r"the sum of all $\sigma_i^2 / d_i$ tends to 0, so that all noisy layers widen",
        needed=(instances.WIDTH,),
        is_refuted=True,
        instance=r"""$D = 2$, widths $(N, 2)$, $\sigma_i^2 = 1$, $A = v = c = 1$, all decays $1/1000$: the
            variance is at least $1/5$ at every $N$""",
        measure=measured.wide_layer,
    ),
    PaperClaim(
        id="variance-depth",
        wording="“their prediction variance vanishes to zero as … the depth tends to infinity”",
        is_quoted=True,
        proved_by=(variance_bounds.OF_DEEP, variance_vanishes_depth.VANISHES, variance_bounds.LIMITS),
        shown=(variance_bounds.OF_DEEP,),
        condition=r"""the sum of all $\sigma_i^2 / d_i$ grows without bound, as it does where layers are
            equal""",
        needed=(instances.DEPTH,),
        is_refuted=True,
        instance=r"""$d_i = 2^i$, $\sigma_i = 1$, no decay: the variance is at least two ninths of
            $v^{\top} A^{+} v$ at every depth""",
        measure=measured.doubling_widths,
    ),
    PaperClaim(
        id="origin-special",
        wording="“the origin is a special point in the deep neural network loss landscape”",
        is_quoted=True,
        proved_by=(barrier.LOSS, barrier.POSITIVE, barrier.ORIGIN),
        shown=(barrier.LOSS,),
        condition=r"""$D \ge 2$, all decays are positive, there are no biases, and every activation has
            $\lvert \phi(t) \rvert \le \lvert t \rvert$; then the origin is a strict local minimum, whatever
            the data""",
    ),
    PaperClaim(
        id="initialization",
        wording="""“common deep learning initialization methods are generally insufficient to ease the
            optimization”""",
        is_quoted=True,
        proved_by=(collapse.TRAPPED, collapse.CONVERGES),
        condition=r"""the first weights lie below the barrier around the origin and their loss is below its
            top, which suffices: then the gradient flow learns nothing""",
        remark="""Whether a start lies there depends on data, decay and widths, and can be computed. Of
            starts above the barrier nothing is said.""",
    ),
)
