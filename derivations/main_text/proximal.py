"""An appendix: proximal maps of quasi-norms, which are the problem of one feature."""

from symderive.statements.document import Assumption, Part, Theorem

from ..isotropic.proximal_map import CUBIC, HALF, MATRICES, PROBLEM, QUARTIC, THRESHOLD, TWO_THIRDS, ZERO
from ..reduction.hadamard_product import SAME_MINIMUM

WEIGHT = Assumption(
    id="penalty-weight",
    name="weight",
    text=r"$A = a I$ with $a = 1$, $v \ne 0$, there is no noise, and $\omega > 0$.",
)

PROXIMAL = Theorem(
    id="proximal",
    kind="proposition",
    name="proximal map",
    assumes=(WEIGHT,),
    body=(
        r"""Let $\bar\gamma = \frac{2 \omega}{D + 1}$. The map $m$ at which the reduced loss is least is the
        proximal map of $\omega \lVert m \rVert^{2/(D+1)}$ at $v$: at all $m \ne 0$""",
        PROBLEM,
        r"""Let $D \ge 2$. It is 0 below a threshold, beyond it $v/(1 + \zeta)$ with the smaller solution of
        the isotropic equation, and at the threshold both are:""",
        THRESHOLD,
    ),
    proof=r"""Complete the square. The map is not 0 exactly where $q \le q_{\mathrm{c}}$, by [[thresholds]];
        take the power $1/t$.""",
    rests_on=(ZERO,),
)

PART = Part(
    id="proximal-maps",
    title="Proximal maps of quasi-norms",
    blocks=(
        r"""One feature without noise is a problem with a history of its own in sparse estimation: its
            solution is the proximal map, or thresholding, of the quasi-norm $\ell_{2/(D+1)}$. What is
            known of isotropic data is known of this map.""",
        WEIGHT,
        PROXIMAL,
        r"""With the square not halved, that is for $w = 2 \omega$, the threshold is $w/2$ at $D = 1$,
            $\frac23 (3 w^3)^{1/4}$ at $D = 2$ ([[proximal-threshold-two-thirds]]) and $\frac14 54^{1/3}
            w^{2/3}$ at $D = 3$ ([[proximal-threshold-half]]). The first belongs to soft thresholding
            ([[proximal-soft]]), the second was found for $\ell_{2/3}$ in [@cao2013], and the third for
            $\ell_{1/2}$ in [@xu2012], both with the closed forms of the map, a quartic
            ([[proximal-quartic]]) and the cosine of a third of an angle ([[proximal-cosine]]). For any
            exponent between 0 and 1 the threshold and the jump ([[proximal-jump]]) are in
            [@marjanovic2012]; for the exponents $2/(D+1)$ the series of [[closed-form]] gives the map
            itself at every depth.""",
        r"""For a vector, a group of variables, the map is that of its norm. For a matrix and the Schatten
            quasi-norm it acts on the singular values ([[proximal-matrices]]). That products of factors
            with decay have such penalties is known for products entry by entry [@hoff2017]
            ([[hadamard-product-minimum]]) and for matrices [@shang2016]. Linear networks with one output
            have them for the norm of one vector ([[decay-bound]]).""",
    ),
)

#: Statements that the text of the section points at.
POINTED_AT = (TWO_THIRDS, HALF, QUARTIC, CUBIC, MATRICES, SAME_MINIMUM)
