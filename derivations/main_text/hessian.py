"""Section 6: the Hessian of the loss, its blocks, its index and its nullity."""

from symderive.statements.document import Defined, Part, Theorem

from ..hessian.hessian_blocks import ALL_WEIGHTS, COMPLETE, MATRIX, NEURON_BLOCK
from ..hessian.hessian_differences import APART
from ..hessian.hessian_index import COMPLETED, FALLING, INERTIA, NEURONS
from ..hessian.hessian_nullity import COUNTED
from ..hessian.hessian_point import ALONG_LINES
from ..hessian.reduced_hessian import REDUCED_HESSIAN, SLOPE
from ..minima.local_minima import CONCAVE, CONVEX, DEFINITE
from .setting import ASSUMED

BLOCKS = Theorem(
    id="hessian-theorem",
    kind="theorem",
    name="the Hessian, block by block",
    assumes=ASSUMED,
    body=(
        r"""At $m \ne 0$, and with its ridge $\lambda = \bar{\gamma} \lVert m \rVert^{-t}$, the Hessian of
        the reduced loss is a ridge less a matrix of rank one:""",
        REDUCED_HESSIAN,
        r"""Let $v \ne 0$ and let $W, U$ be the weights of a root of $\varphi = \tau$, as in [[minimum]]. Up
        to an orthogonal change of coordinates the Hessian of the loss is a block for the point itself
        and, for every hidden layer, $d_i - 1$ times the same block:""",
        COMPLETE,
    ),
    proof=r"""Directions in which all neurons of a layer move alike, up to their signs, span the first
        block. The others are differences between the neurons of a layer, orthogonal to $e_i$, with
        weights into them and out of them. Two such differences, in different layers or orthogonal to
        each other, do not couple, and neither couples with the first block, since the loss does not
        change when two neurons of a layer are exchanged ([[hessian-differences-apart]]). What a
        difference adds to second order is [[hessian-blocks]]. The sizes $d_0 + D$ and $d_{i-1} + 1$ add
        up to the number of weights, so that there are no other directions.""",
    rests_on=(NEURON_BLOCK, ALL_WEIGHTS, APART, ALONG_LINES),
)

SQUARES = Theorem(
    id="hessian-squares",
    kind="lemma",
    name="the blocks as sums of squares",
    assumes=ASSUMED,
    body=(
        r"""With $\lVert e_{0} \rVert^{2} = 1$ the form of $C_0$, at $\xi/\sqrt{\gamma_1}$ and
        $\psi_i/\sqrt{\gamma_{i+1}}$, is a sum of squares and one term more,""",
        COMPLETED,
        r"""where the bracket is $H'(\lambda)$. With $R_{i} = R_{i}^{\top}$ and $\lVert e_{i-1} \rVert^{2} =
        1$ the form of $C_i$, at $\xi$ and a number $\psi$, is a sum of squares:""",
        MATRIX,
    ),
    proof=r"""Complete the squares. That the bracket is $H'$ at the direction $e_0$ of $m$ is
        [[reduced-hessian-slope]].""",
    rests_on=(SLOPE,),
)

INDEX = Theorem(
    id="hessian-index-corollary",
    kind="corollary",
    name="index and nullity",
    assumes=ASSUMED,
    body=(
        r"""At the weights of a root the Hessian of $L$ has one negative eigenvalue if $H'(\lambda) < 0$
        and none if $H'(\lambda) \ge 0$, at all widths. Its nullity is the sum of $d_i - 1$ over the
        layers without noise, and one more if $H'(\lambda) = 0$. The Hessian of $F$ is positive definite
        if and only if $H'(\lambda) > 0$, and has at most one eigenvalue that is not positive.""",
    ),
    proof=r"""By Sylvester's law of inertia. In [[hessian-index]] the squares are those of $d_0 + D - 1$
        coordinates, and the last term is $2 H'(\lambda)$ times the square of one more
        ([[hessian-index-inertia]]). By [[hessian-blocks-matrix]] $C_i \succeq 0$, and it is singular
        only if both terms vanish: with noise at 0 alone, and without noise on the line $\xi = \omega
        e_{i-1}$, the rotations of the layer ([[hessian-nullity-count]]). For $F$ it is the
        Cauchy–Schwarz inequality ([[local-minima-definite]]).""",
    rests_on=(INERTIA, NEURONS, COUNTED, FALLING, CONVEX, CONCAVE, DEFINITE),
)

PART = Part(
    id="hessian",
    title="The Hessian",
    blocks=(
        r"""How sharp the minima are, and whether a saddle has a direction of descent, the Hessian says.
        Its size is the number of weights, but it consists of few small blocks. Let $H'$ be the slope of
        $\ln\varphi$ against $\ln\lambda$, $R$ the second moments $A$ in units of the ridge, and $\nu_i$
        the share of the noise in the second moments of layer $i$,""",
        Defined(names=(r"H'(\lambda)", "R", r"\nu_{i}"), together=True),
        r"""so that $\varphi$ crosses $\tau$ upwards where $H' > 0$. With $\gamma_{D+1} = \gamma_u$ and the
        vector $\varsigma$ of $\sqrt{\gamma_2}, \dots, \sqrt{\gamma_{D+1}}$, let $C_0$ be the curvature
        along the point and $C_i$ the curvature of a difference between neurons of layer $i$:""",
        Defined(names=("C_{0}", "C_{i}")),
        r"""Here $R_1 = R$ and, for $i \ge 2$, $R_i = \chi\, (\nu_{i-1} I + (1 - \nu_{i-1})\, e_{i-1}
        e_{i-1}^{\top})$ with the number $\chi = e_0^{\top} R\, e_0$.""",
        BLOCKS,
        r"""Above the first layer a block falls apart further: it has the eigenvalue $\gamma_i (1 + \chi
        \nu_i \nu_{i-1})$ on all $\xi \perp e_{i-1}$, and a block of size 2 is left,
        [[hessian-blocks-two-layers]]. So only $C_0$ and $C_1$ grow, with the number of features.""",
        INDEX,
        r"""With dead neurons in noisy layers the index grows by one for each of them, and the nullity
        stays ([[dead-neurons]]).""",
    ),
)

BLOCKS_PART = Part(
    id="hessian-forms",
    title="The blocks of the Hessian",
    blocks=(
        "Signs of eigenvalues are read off from squares, as in [[hessian-index-corollary]].",
        SQUARES,
    ),
)
