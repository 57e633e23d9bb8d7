"""Section 6: the Hessian of the loss, its blocks, its index and its nullity."""

from symderive.statements.document import Defined, Part, Theorem

from ..hessian.hessian_blocks import ALL_WEIGHTS, COMPLETE, MATRIX, NEURON_BLOCK, TWO_LAYERS
from ..hessian.hessian_differences import APART
from ..hessian.hessian_index import COMPLETED, FALLING, INERTIA, NEURONS
from ..hessian.hessian_nullity import COUNTED
from ..hessian.hessian_point import ALONG_LINES
from ..hessian.reduced_hessian import REDUCED_HESSIAN, SLOPE
from ..minima.local_minima import CONCAVE, CONVEX, DEFINITE
from .setting import ASSUMED, DATA, DECAYS

OF_MAP = Theorem(
    id="hessian-of-map",
    kind="lemma",
    name="the reduced loss to second order",
    assumes=(DATA, DECAYS),
    body=(
        "At every point but 0,",
        REDUCED_HESSIAN,
        r"""At a root, where $m = (\rho A + \lambda I)^{-1} v$, it is positive definite if and only if
        $H'(\lambda) > 0$, and otherwise it has one eigenvalue that is not positive.""",
    ),
    proof=r"""The penalty adds $2 \lambda I$ and bends along $m$. A positive definite matrix less one of
        rank one has at most one eigenvalue that is not positive, and by Cauchy–Schwarz the sign of that
        one is the sign of $H'$ ([[local-minima-convex]], [[local-minima-concave]],
        [[local-minima-definite]]).""",
    rests_on=(CONVEX, CONCAVE, DEFINITE),
)

BLOCKS = Theorem(
    id="hessian-theorem",
    kind="theorem",
    name="the Hessian, block by block",
    assumes=ASSUMED,
    body=(
        r"""Let $v \ne 0$ and let $W, U$ be weights of [[minimum]] at a root of $\varphi = \tau$. In
        orthogonal coordinates the Hessian is the direct sum of one block for the point itself and $d_i
        - 1$ equal blocks for every hidden layer:""",
        COMPLETE,
        r"""The sizes of the blocks are $d_0 + D$ and $d_{i-1} + 1$. In units of the sizes of the layers
        the form of $C_0$ is a sum of squares and one term more: at $\xi/\sqrt{\gamma_1}$ and
        $\psi_i/\sqrt{\gamma_{i+1}}$, $i = 1, \dots, D$, it is""",
        COMPLETED,
        r"where the bracket is the slope of the equation for $\lambda$,",
        SLOPE,
        r"The form of $C_i$ is, at $\xi \in \mathbb{R}^{d_{i-1}}$ and a number $\psi$,",
        MATRIX,
    ),
    proof=r"""Directions in which all neurons of a layer move alike, up to their signs, span the first
        block; there the loss is $\rho\, m^{\top} A m - 2 v^{\top} m + c$ with $m$ a product of scales
        and one vector, and decay. The others are differences $q \perp e_i$ between the neurons of a
        layer, with weights $\xi$ into them and $\psi$ out of them. Two such differences, in different
        layers or orthogonal to each other, do not couple, and neither couples with the first block,
        since the loss does not change when two neurons of a layer are exchanged
        ([[hessian-differences-apart]]). To second order a difference adds [[hessian-blocks]]. The sizes
        add up to the number of weights ([[hessian-blocks-count]]), so that there are no other
        directions.""",
    rests_on=(NEURON_BLOCK, ALL_WEIGHTS, APART, ALONG_LINES),
)

INDEX = Theorem(
    id="hessian-index-corollary",
    kind="corollary",
    name="index and nullity",
    assumes=ASSUMED,
    body=(
        r"""At the weights of a root the Hessian of $L$ has one negative eigenvalue if $H'(\lambda) < 0$
        and none if $H'(\lambda) \ge 0$. Its nullity is the sum of $d_i - 1$ over the layers without
        noise, and one more if $H'(\lambda) = 0$. In particular, differences between neurons never lower
        the loss:""",
        NEURONS,
    ),
    proof=r"""By Sylvester's law of inertia. In [[hessian-index]] the squares are those of $d_0 + D - 1$
        coordinates, and the last term is $2 H'(\lambda)$ times the square of one more
        ([[hessian-index-inertia]]). A block $C_i$ is singular only if both terms of
        [[hessian-blocks-matrix]] vanish: with noise for no direction but 0, and without noise on the
        line $\xi = \omega e_{i-1}$, the rotations of the layer ([[hessian-nullity-count]]).""",
    rests_on=(INERTIA, COUNTED, FALLING),
)

PART = Part(
    id="hessian",
    title="The Hessian",
    blocks=(
        r"""How sharp the minima are, and whether a saddle has a direction of descent, the Hessian says.
        Its size is the number of weights; but what it holds is a few small blocks. Write""",
        Defined(names=(r"g_{k}(\lambda)", r"H'(\lambda)")),
        r"""so that $H'$ is the slope of $\ln\varphi$ as a function of $\ln\lambda$
        ([[curvature-slope]]): $\varphi$ crosses $\tau$ upwards where $H' > 0$.""",
        OF_MAP,
        r"""Now let $W_i = \sqrt{\kappa/\gamma_i}\, e_i e_{i-1}^{\top}$ and $U =
        \sqrt{\kappa/\gamma_u}\, e_D^{\top}$ be the weights of a root, and $\gamma_{D+1} = \gamma_u$.
        What the layers see of each other is described by""",
        Defined(names=("R", r"\nu_{i}")),
        r"""and by $R_1 = R$ and $R_i = \chi\, (\nu_{i-1} I + (1 - \nu_{i-1})\, e_{i-1} e_{i-1}^{\top})$
        for $i \ge 2$, with the number $\chi = e_0^{\top} R\, e_0$. With the vector $\upsilon$ of
        $\sqrt{\gamma_2}, \dots, \sqrt{\gamma_{D+1}}$ the blocks are""",
        Defined(names=("C_{0}", "C_{i}")),
        BLOCKS,
        r"""Above the first layer a block falls apart further: for $i \ge 2$ it has the eigenvalue
        $\gamma_i (1 + \chi \nu_i \nu_{i-1})$ on all $\xi \perp e_{i-1}$, and a block of size 2 is left
        ([[hessian-blocks-two-layers]]). So all eigenvalues of the Hessian are those of $D + 1$
        matrices, of which only $C_0$ and $C_1$ grow, with the number of features.""",
        INDEX,
        r"""With dead neurons in noisy layers the index grows by one for each of them, and the nullity
        stays ([[dead-neurons]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (TWO_LAYERS,)
