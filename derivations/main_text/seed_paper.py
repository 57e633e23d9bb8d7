"""An appendix: the paper of Ziyin, Li and Meng, claim by claim."""

from symderive.statements.document import Part, Replayed, Theorem

from ..ridge.paper_parametrization import PAPER_BALANCE, PAPER_PARAMETRIZATION, PAPER_RIDGE
from ..seed_paper.claims import CLAIMS
from ..seed_paper.seed_counterexamples import WIDTH, WIDTH_FLOOR
from ..seed_paper.seed_letters import MAP, NOISE
from .setting import ASSUMED

DEEP = Theorem(
    id="deep-seed",
    kind="proposition",
    name="deep networks, in the letters of Ziyin, Li and Meng",
    assumes=ASSUMED,
    body=(
        r"""Let $U = b_u r_D^{\top}$, $W_i = b_i r_i r_{i-1}^{\top}$ for $i \ge 2$ and $W_1 = r_1
        w^{\top}$ with signs $r_i \in \{\pm 1\}^{d_i}$. If $w = \mu b\, [b^2 s^2 (\sigma_1^2 + d_1) A +
        \gamma_1 I]^{-1} v$, the map $d_1 \mu b\, w$ of the network is a ridge solution:""",
        MAP,
        "with the noise factor of [[setting]] in their letters:",
        NOISE,
    ),
    proof=r"""Multiply the bracket by $d_1$ and divide it by $d_1^2 \mu^2 b^2$. With products over all
        layers the same is [[paper-parametrization]].""",
    rests_on=(PAPER_PARAMETRIZATION, PAPER_RIDGE, PAPER_BALANCE),
)

WIDE = Theorem(
    id="one-wide-layer",
    kind="proposition",
    name="one wide layer is not enough",
    body=(
        r"""Take one feature with $A = v = 1$, two hidden layers of widths $N$ and 2, noise $\sigma_i^2 = 1$
        and all decays $1/1000$. The ridge of the global minimum is at most $1/20$, and the variance of its
        prediction does not vanish as $N$ grows:""",
        WIDTH_FLOOR,
    ),
    proof="That the ridge is so small is [[seed-width]].",
    rests_on=(WIDTH,),
)

PART = Part(
    id="seed-paper",
    title="The paper of Ziyin, Li and Meng, claim by claim",
    blocks=(
        r"""The model is that of [@ziyin2022]. Their theorems on two-layer and on deep networks are
        [[shallow-seed]] and, in their letters, the following.""",
        DEEP,
        r"""Their abstract is worded for the typical case. [[claims]] says what is known of each claim,
        found from the verdicts of the statements it names, and which conditions have to be added; none of
        them concerns the closed form of the global minimum under positive decays. Where a condition is
        needed, an exact instance without it shows so, as in the next proposition. Conditional claims are
        proved under their condition; refuted ones are false as they are worded, and so proved.""",
        WIDE,
        Replayed(
            id="claims",
            caption="The claims of Ziyin, Li and Meng, and what is known of each.",
            claims=CLAIMS,
        ),
    ),
)
