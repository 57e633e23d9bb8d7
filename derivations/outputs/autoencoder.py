"""Linear autoencoders with decay: the principal directions decouple at every depth."""

from symderive.formulas.isotropic import isotropic

from ..notation import *
from .several_outputs import NOISELESS
from .several_outputs_layers import a, p
from .several_outputs_minima import DECAY_BOUND, TRACE_BOUND, decay, one_output, overlap

ISOTROPIC = isotropic()

#: Eigenvalues of A in decreasing order, and the singular values of P A^{1/2} over their roots.
eigenvalue, z = families("a", positive=True), families("z", nonnegative=True)
MODE = (p, 1, n)

#: tr P A Pᵀ.
quadratic = letters("Q")

GELFAND_NAIMARK = in_words(
    "autoencoder-gelfand-naimark",
    "The penalty of the map is at least that of its modes",
    r"""Let $N = P A^{1/2}$ have the singular values $\sqrt{a_p} z_p$, and $A$ the eigenvalues $a_p$, each
        in decreasing order. The singular values of $P = N A^{-1/2}$ log-majorize the $z_p$, for the
        logarithms of those of a product majorize the sums of the logarithms in opposite order. Since
        $e^{q x}$ is convex, the sum of the powers $q = 2/(D+1)$ of the singular values of $P$ is at least
        that of the $z_p$. Where $A$ is singular it follows by continuity, on the range of $A$.""",
    by="the Gelfand–Naimark theorem on the singular values of a product",
    reference="Bhatia, Matrix Analysis, section III.4",
    rests_on=(DECAY_BOUND,),
)

_here = {a: eigenvalue[p]}
PENALTY = at_least(decay, Sum(LETTERS.penalty(z[p]), MODE))
SEEN = at_least(dot(eigenvalue[p], z[p], MODE), overlap)
QUADRATIC = equal(quadratic, Sum(eigenvalue[p] * z[p] ** 2, MODE))

BOUND = theorem(
    "autoencoder-bound",
    "The loss is at least that of separate principal directions",
    at_least(
        quadratic - 2 * overlap + decay,
        Sum(one_output(a, z[p]).xreplace(_here) - c, MODE),
    ),
    given=(
        *(PENALTY, SEEN, QUADRATIC),
        r"$\xi = \operatorname{tr} P A$, $Q = \operatorname{tr} P A P^{\top}$; $\Omega$ is the decay",
    ),
    reference="Gelfand and Naimark, Horn 1950 and von Neumann 1937, which say that the two bounds hold",
    steps=(TRACE_BOUND, DECAY_BOUND, GELFAND_NAIMARK),
    proof=PENALTY + 2 * SEEN + QUADRATIC,
    misses={"without the bound on the decay": without(PENALTY)},
    display=Display(
        r"\operatorname{tr}(P A P^{\top}) - 2 \operatorname{tr}(P^{\top} V) + \Omega \ge "
        r"\sum_{p=1}^{n} (a_{p} z_{p}^{2} - 2 a_{p} z_{p} + (D + 1) \bar{\gamma} z_{p}^{2 / (D + 1)})",
        given=(
            r"\Omega \ge \sum_{p=1}^{n} (D + 1) \bar{\gamma} z_{p}^{2 / (D + 1)}",
            r"\operatorname{tr}(P^{\top} V) \le \sum_{p=1}^{n} a_{p} z_{p}",
            r"\operatorname{tr}(P A P^{\top}) = \sum_{p=1}^{n} a_{p} z_{p}^{2}",
        ),
        at={
            overlap: r"\operatorname{tr}(P^{\top} V)",
            quadratic: r"\operatorname{tr}(P A P^{\top})",
        },
        setting="several outputs",
    ),
    prose=r"""The target is the input, $V = A$. The overlap $\operatorname{tr} P A = \operatorname{tr} N
        A^{1/2}$ is at most $\sum_p a_p z_p$, and $\operatorname{tr} P A P^{\top} = \sum_p a_p z_p^2$.""",
)

EQUATION = theorem(
    "autoencoder-decay",
    "A principal direction sees the decay over its eigenvalue",
    equal(ISOTROPIC.q.xreplace(NOISELESS).subs(v_norm, a), gamma_bar / a),
    reference="scale and signal are both the eigenvalue",
    proof=exact_algebra,
    misses={"the square of the eigenvalue": right(gamma_bar / a**2)},
    prose=r"""Each term is the problem of isotropic data with $\lVert v\rVert = a_p$ and no noise, where
        $q = \bar\gamma/a_p$.""",
)

size = m_norm
_gain = -((a - gamma_bar) ** 2) / a

SHRUNK = theorem(
    "autoencoder-shrunk",
    "One hidden layer: the eigenvalue of the map is $1 - \\bar\\gamma/a$",
    at_least(a * size**2 - 2 * a * size + 2 * gamma_bar * size, _gain),
    reference="a square; equality at $1 - \\bar\\gamma/a$",
    proof=nonnegative((a * size - (a - gamma_bar)) ** 2 / a),
    misses={"without the decay": right(_gain + gamma_bar)},
    prose=r"""At one hidden layer the best $z$ is $1 - \bar\gamma/a$, where that is positive, and gains
        $(a - \bar\gamma)^2/a$.""",
)

WEAK = at_least(gamma_bar, a)

DEAD = theorem(
    "autoencoder-dead",
    "One hidden layer: a weak direction is not learned",
    at_least(a * size**2 - 2 * a * size + 2 * gamma_bar * size, 0),
    given=(WEAK,),
    reference="no term is negative",
    proof=2 * size * WEAK + nonnegative(a * size**2),
    misses={"a strong direction": without(WEAK)},
    prose="Directions with an eigenvalue up to the decay are left out.",
)

GLOBAL = in_words(
    "autoencoder-global",
    "The global minimum keeps the principal directions in order",
    r"""At most $d_{\mathrm{min}}$ of the $z_p$ are not 0, and they are the first. So the loss is at least
        $c$ plus the sum over the first $d_{\mathrm{min}}$ directions of the least values of their own
        problems. The map $P = \sum_p z_p e_p e_p^{\top}$ with balanced layers attains it.""",
    by="the spectral theorem",
    reference="Kunin et al. 2019, arXiv:1901.08168, for one hidden layer",
    rests_on=(BOUND, EQUATION, SHRUNK, DEAD),
    conditions=("$V = A$", "all decays are positive", "there is no noise"),
)

DERIVATION = Derivation(
    id="autoencoder",
    title="Linear autoencoders",
    prose=r"""Inputs that are not white share the layers. Where the target is the input they do so without
        coming into each other's way, at every depth: the largest principal directions are learned, each as
        if it were alone. The same argument holds wherever $A$ and $V^{\top} V$ commute and $V A^{-1/2}$
        orders their common eigenvectors as $A$ does.""",
    statements=(BOUND, EQUATION, SHRUNK, DEAD),
    steps=(GELFAND_NAIMARK, GLOBAL),
)
