"""Section 2: from all weights to one vector."""

from symderive.statements.document import Defined, Part, Proven, Theorem

from ..reduction.decay_bound import DECAY_BOUND
from ..reduction.diagonal_bound import DIAGONAL_BOUND
from ..reduction.loss import LOSS_OF_DATA
from ..reduction.lower_bound import LOWER_BOUND_FORMS, SECOND_MOMENT_BOUND
from ..reduction.noise_second_moment import NOISE_FIRST_MOMENT, NOISE_SECOND_MOMENT
from ..reduction.norm_product import DEAD_MAP, NORM_PRODUCT
from .setting import DATA, DECAYS, NOISE

AVERAGING = Theorem(
    id="averaging",
    kind="lemma",
    name="averaging",
    assumes=(NOISE, DATA),
    body=(
        "The second moments of the last hidden layer, and its mixed moments with the target, are",
        NOISE_SECOND_MOMENT,
        NOISE_FIRST_MOMENT,
        "Hence the mean square error is",
        LOSS_OF_DATA,
    ),
    proof=r"""By induction on the depth. Two neurons of a layer carry independent noise of mean 1,
        which leaves their mixed moment as it is; a neuron carries its own noise twice in its
        square, which multiplies its second moment by $1 + \sigma_i^2$. So a layer with second
        moments $S_i$ before its noise has $S_i + \sigma_i^2 \operatorname{Diag}(S_i)$ after it. The
        last line is the square of $U h_D - y$.""",
)

LAYERWISE = Theorem(
    id="layerwise",
    kind="lemma",
    name="layerwise bound",
    assumes=(NOISE, DATA),
    body=(
        r"A positive semidefinite matrix $Q \succeq 0$ with $n$ rows is at most $n$ times its diagonal:",
        DIAGONAL_BOUND,
        "Hence the second moments of the last layer are bounded from below by its map:",
        SECOND_MOMENT_BOUND,
    ),
    proof=r"""The first claim is the Cauchy–Schwarz inequality for the inner product of $Q$. At $Q =
        S_i$ it says that $M_i \succeq (1 + \sigma_i^2/d_i)\, S_i$ with $S_i = W_i M_{i-1}
        W_i^{\top}$; the second follows by induction on the depth.""",
    rests_on=(LOWER_BOUND_FORMS,),
)

DECAY = Theorem(
    id="decay",
    kind="lemma",
    name="what a map costs",
    assumes=(DECAYS,),
    body=(
        r"The norms of the layers bound that of the map, $m = (U T_{D})^{\top}$:",
        NORM_PRODUCT,
        r"Hence their decay is bounded from below if $m \ne 0$:",
        DECAY_BOUND,
    ),
    proof=r"""The first claim is the submultiplicativity of the Frobenius norm. The left side of the
        second is a sum of $D + 1$ positive numbers, hence at least $D + 1$ times their geometric
        mean, $\bar\gamma\, (\lVert U \rVert^2 \prod_i \lVert W_i \rVert_F^2)^{1/(D+1)}$.""",
    rests_on=(DEAD_MAP,),
)

PART = Part(
    id="reduction",
    title="From all weights to one vector",
    blocks=(
        r"""The proof of [[minimum]] averages over the noise, bounds what is left from below by two
        inequalities, and observes that one set of weights turns both into equations. Let $T_i$ be the
        map from the features to layer $i$ without noise, $S_i$ the second moments of layer $i$ before
        its noise, and $M_i$ the second moments of the outputs of layer $i$:""",
        Defined(names=("T_{i}", "S_{i}", "M_{i}"), together=True),
        AVERAGING,
        LAYERWISE,
        DECAY,
        Proven(
            of="minimum",
            text=(
                r"""By [[averaging]] the loss is $U M_D U^{\top} - 2 U T_D v + c$ and the decay, and $U T_D
                v = v^{\top} m$. By [[layerwise]], taken at the vector $U$, the first term is at least
                $\rho\, m^{\top} A m$, and by [[decay]] the decay is at least $(D+1)\, \bar\gamma\,
                \lVert m \rVert^{2/(D+1)}$ if $m \ne 0$. This is [[global-minimum]]. If $m = 0$ the loss is
                at least $c$, since $M_D \succeq 0$. For the converse both lemmas have to be sharp.
                [[layerwise]] is an equation where the vector that it is taken at sees all neurons of a
                layer with one size, which is what $e_i \in \{\pm d_i^{-1/2}\}^{d_i}$ provides, and
                [[decay]] where the layers have rank one, point along each other, and carry one decay
                $\kappa$; the product of their norms is $\lVert m \rVert$ if $\kappa^{D+1} = \gamma_u
                \prod_i \gamma_i\, \lVert m \rVert^2$. That is [[global-minimum-weights]]. Since $v$ lies
                in the range of $A$, $F$ is at least a constant plus its penalty, and tends to infinity;
                being continuous, it has a minimum. So $L$ and $F$ have the same greatest lower bound,
                and both attain it.""",
            ),
        ),
        r"""Weights that attain the minimum are not unique: the signs of the entries of every $e_i$ are
        free, and where $\sigma_i = 0$ the vector $e_i$ may be any unit vector. That all layers carry the
        same decay is true of every stationary point ([[balance]]).""",
    ),
)
