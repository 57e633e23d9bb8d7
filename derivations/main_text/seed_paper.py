"""An appendix: the paper of Ziyin, Li and Meng, claim by claim."""

from symderive.statements.document import Part, Tabular, Theorem

from ..ridge.paper_parametrization import PAPER_NOISE_FACTOR, PAPER_PARAMETRIZATION
from .setting import ASSUMED

DEEP = Theorem(
    id="deep-seed",
    kind="proposition",
    name="deep networks, in the letters of Ziyin, Li and Meng",
    assumes=ASSUMED,
    body=(
        r"""Let $U = b_u r_D^{\top}$, $W_i = b_i r_i r_{i-1}^{\top}$ for $i \ge 2$ and $W_1 = r_1
        u^{\top}$ with signs $r_i \in \{\pm 1\}^{d_i}$. If $w = \mu b\, [b^2 s A + d_1 \gamma_1
        I]^{-1} v$, the map $\mu b\, w$ is a ridge solution:""",
        PAPER_PARAMETRIZATION,
        "with the noise factor of [[setting]] in their letters:",
        PAPER_NOISE_FACTOR,
    ),
    proof=r"Divide the bracket by $\mu^2 b^2$.",
)

CLAIMS = Tabular(
    id="claims",
    caption="The claims of Ziyin, Li and Meng, and what makes each of them true.",
    header=("claim", "status", "where, and under which condition"),
    rows=(
        ("global minima of two-layer networks", "proved", "[[shallow-seed]]"),
        (
            "global minima of deep networks",
            "proved",
            r"""[[minimum]], [[ridge]], [[deep-seed]]; the scalar equation may have up to $2k$
            roots, of which the least value of the loss decides""",
        ),
        (
            r"signs $r \in \{\pm 1\}^{d_i}$",
            "conditional",
            r"where $\sigma_i > 0$; in a layer without noise $r / \sqrt{d_i}$ may be any unit vector",
        ),
        (
            "bad minima at 0 for more than one hidden layer",
            "conditional",
            r"""[[deep-origin]], [[bad-origin-theorem]]: all decays positive, $v \ne 0$, and decay
            below the transition""",
        ),
        ("none for one hidden layer", "proved", "[[one-layer]]"),
        (
            "the variance of the prediction vanishes with the width",
            "conditional",
            r"if $\sum_i \sigma_i^2 / d_i \to 0$: all noisy layers have to widen",
        ),
        (
            "it vanishes with the depth",
            "conditional",
            r"if $\sum_i \ln(1 + \sigma_i^2 / d_i) \to \infty$",
        ),
        ("it vanishes with the noise", "proved", r"as $\sigma_i \to \infty$ in any layer"),
    ),
)

PART = Part(
    id="seed-paper",
    title="The paper of Ziyin, Li and Meng, claim by claim",
    blocks=(
        r"""The model is that of [@ziyin2022]. Their theorems on two-layer and on deep networks are
        [[shallow-seed]] and, in their letters, the following.""",
        DEEP,
        r"""Their abstract is worded for the typical case. [[claims]] says what is proved here and
        which conditions have to be added; none of them concerns the closed form of the global
        minimum. All statements of this paper take all decays to be positive.""",
        CLAIMS,
    ),
)
