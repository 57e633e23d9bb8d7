"""What the wording of the paper needs: instances in rational numbers at which less would be false."""

from symderive.formulas.reduction import with_moments

from ..notation import *
from ..ridge.dual import AT_INFINITY, DUAL_BELOW, SAME_INFIMUM
from ..variance.prediction_variance import PREDICTION_VARIANCE
from ..variance.variance_vanishes_width import n_width

ABSTRACT = f"{PAPER}, the abstract"


def one_feature(order: int) -> Expr:
    """R_k(λ) of one feature with a = v = 1."""
    return 1 / (rho + lam) ** order


def dual_at(values: dict[Any, Any]) -> Expr:
    """G(λ) of one feature with a = v = 1, at numbers."""
    return with_moments(LETTERS.dual, one_feature).subs(values)


def along(expression: Expr, places: tuple[Claim, ...]) -> Any:
    """f(x) = f(p), one letter after the other: multiples of x_1 = p_1, x_2 = p_2, …"""
    proof: Any = None
    for place in places:
        letter, value = place.left, place.right
        slope = ((expression - expression.subs(letter, value)) / (letter - value)).cancel()
        proof = slope * place if proof is None else proof + slope * place
        expression = expression.subs(letter, value)
    return proof


# -- one of two noisy layers widens -----------------------------------------------------------------------

#: Widths N and 2, σ² = 1 in both layers, all decays 1/1000.
w = n_width
WIDTH_FACTOR = (1 + 1 / w) * Rational(3, 2)
WIDTH_DUAL = dual_at({D: 2, rho: WIDTH_FACTOR, tau: sqrt(Rational(1, 1000) ** 3)})
WIDTH_VARIANCE = (WIDTH_FACTOR - 1) / (WIDTH_FACTOR + lam) ** 2

NOT_EMPTY = at_least(w, 1)
_edge, _near = Rational(1, 20), Rational(1, 40)
FAR, CLOSE = at_least(lam, _edge), at_least(_edge, lam)
_at_edge, _at_near = WIDTH_FACTOR + _edge, WIDTH_FACTOR + _near
_widest = 3 + _edge + 3 + _near - 3 + WIDTH_FACTOR

WIDTH_FAR = theorem(
    "seed-width-far",
    "One wide layer: far out the dual is larger than near 0",
    greater(WIDTH_DUAL, WIDTH_DUAL.subs(lam, _near)),
    given=(NOT_EMPTY, FAR),
    reference="monotonicity",
    proof=1 / ((WIDTH_FACTOR + lam) * _at_edge) * FAR
    + (_edge - _near)
    * _widest
    / ((3 + _edge) * (3 + _near) * _at_edge * _at_near)
    * 3
    / (2 * w)
    * NOT_EMPTY
    + nonnegative(
        (_edge - _near) / ((3 + _edge) * (3 + _near)) - Rational(1, 2500),
        2 * sqrt(Rational(1, 1000) ** 3) / sqrt(lam),
    ),
    misses={"near 0": (without(FAR), Domain(define={lam: Rational(1, 400)}))},
    prose=r"""Take one feature with $A = v = 1$, two hidden layers of widths $N$ and 2, $\sigma_i^2 = 1$ and
        all decays $1/1000$, so that $\rho = \frac{3}{2}(1 + 1/N)$, and let $N$ grow.""",
)

WIDTH_FLOOR = theorem(
    "seed-width-floor",
    "One wide layer: near 0 the variance is at least one fifth",
    at_least(WIDTH_VARIANCE, Rational(1, 5)),
    given=(NOT_EMPTY, CLOSE),
    reference="monotonicity",
    proof=(WIDTH_FACTOR - 1)
    * (2 * WIDTH_FACTOR + _edge + lam)
    / ((WIDTH_FACTOR + lam) ** 2 * _at_edge**2)
    * CLOSE
    + 9 / (4 * w**2) / (5 * _at_edge**2) * NOT_EMPTY
    + nonnegative((Rational(2, 5) * 3 / (2 * w) + Rational(39, 400)) / (5 * _at_edge**2)),
    misses={"a larger ridge": without(CLOSE), "one fourth": right(Rational(1, 4))},
    display=Display(
        r"\frac{\rho - 1}{(\rho + \lambda)^{2}} \ge \frac{1}{5}",
        where=r"\rho = \frac{3}{2} (1 + \frac{1}{N})",
        given=(r"N \ge 1", r"\lambda \le \frac{1}{20}"),
    ),
)

WIDTH = in_words(
    "seed-width",
    "A network with one wide layer keeps its variance",
    r"""The least value of $F$ is the infimum of $G$, and every map $m \ne 0$ has at least the value of $G$
        at its own ridge. From $1/20$ on, and in the limit, which is the loss at the origin, $G$ is larger
        than at $1/40$: so the global minimum is a ridge solution at a ridge of at most $1/20$, where the
        variance is at least $1/5$ at every width $N$.""",
    by="the definition of a minimum",
    reference="any course of analysis",
    rests_on=(WIDTH_FAR, WIDTH_FLOOR, DUAL_BELOW, SAME_INFIMUM, AT_INFINITY, PREDICTION_VARIANCE),
)

# -- widths that double from layer to layer ---------------------------------------------------------------

#: ρ at d_i = 2^i and σ_i = 1.
DOUBLING = Product(1 + Integer(2) ** -i, (i, 1, D))
_half = Integer(2) ** -D

DOUBLING_ABOVE = theorem(
    "seed-depth-above",
    "Widths that double: an upper bound on the noise factor",
    at_least(3 * (1 - _half), DOUBLING),
    reference="induction on the depth",
    proof=induction(D, start=1, step=(1 + _half / 2) * HYPOTHESIS + nonnegative(3 * _half**2 / 2)),
    misses={"a smaller constant": left(2 * (1 - _half))},
    prose=r"Take $d_i = 2^i$ and $\sigma_i = 1$, so that $\rho = \prod_i (1 + 2^{-i})$, and let $D$ grow.",
)

DOUBLING_BELOW = theorem(
    "seed-depth-below",
    "Widths that double: a lower bound on the noise factor",
    at_least(DOUBLING, Rational(3, 2)),
    reference="induction on the depth",
    proof=induction(D, start=1, step=HYPOTHESIS + nonnegative(DOUBLING * _half / 2)),
    misses={"a larger bound": right(2)},
)

Q = letters("Q", nonnegative=True)
_share = Rational(4, 27) * Q / DOUBLING**2

DEPTH = theorem(
    "seed-depth",
    "Widths that double: the variance does not vanish",
    at_least((DOUBLING - 1) / DOUBLING**2 * Q, Rational(2, 9) * Q),
    given=(r"$Q = v^{\top} A^{+} v$, and no decay",),
    reference="the bounds above",
    # 9(ρ - 1) - 2ρ² is 2xy with x = ρ - 3/2, y = 3 - ρ, and xy is (x²y + y²x)/(x + y).
    proof=_share * (3 - DOUBLING) ** 2 * DOUBLING_BELOW
    + _share * (DOUBLING - Rational(3, 2)) ** 2 * DOUBLING_ABOVE
    + nonnegative(_share * (DOUBLING - Rational(3, 2)) ** 2 * 3 * _half),
    misses={"one fourth": right(Q / 4)},
)

# -- signs, where a layer has no noise --------------------------------------------------------------------

#: One hidden layer of two neurons without noise, one feature with a = v = c = 1, decays 1/12 and 3/4.
u_1, u_2, w_1, w_2 = letters("u_1 u_2 w_1 w_2")
_map = u_1 * w_1 + u_2 * w_2
QUIET_LOSS = (_map - 1) ** 2 + Rational(1, 12) * (w_1**2 + w_2**2) + Rational(3, 4) * (u_1**2 + u_2**2)
LEAST = Rational(7, 16)
_unequal = {u_1: Rational(3, 10), u_2: Rational(2, 5), w_1: Rational(9, 10), w_2: Rational(6, 5)}

SIGNS_BOUND = theorem(
    "seed-signs-bound",
    "Two neurons without noise: no loss is below 7/16",
    at_least(QUIET_LOSS, LEAST),
    reference="completing squares",
    proof=nonnegative(
        (_map - Rational(3, 4)) ** 2,
        Rational(3, 4) * ((u_1 - w_1 / 3) ** 2 + (u_2 - w_2 / 3) ** 2),
    ),
    misses={"a larger bound": (right(Rational(1, 2)), Domain(define=_unequal))},
    prose=r"""Take one hidden layer of two neurons without noise, one feature with $A = v = c = 1$, and
        decays $\gamma_1 = 1/12$ and $\gamma_u = 3/4$; $u$ are the output weights, $w$ those of the hidden
        layer.""",
)

_here = tuple(equal(letter, value) for letter, value in _unequal.items())


SIGNS = theorem(
    "seed-signs",
    "Two neurons without noise: a global minimum of unequal neurons",
    equal(QUIET_LOSS, LEAST),
    given=_here,
    reference="arithmetic",
    proof=along(QUIET_LOSS, _here),
    misses={"another neuron": without(_here[0])},
    prose=r"""The bound is met at $u = (3/10, 2/5)$ and $w = (9/10, 6/5)$, which are no signs times one
        number.""",
)

# -- a decay that is 0 beside one that is not -------------------------------------------------------------

#: One weight in each of two layers, a = v = c = 1, decay γ_1 > 0 and γ_u = 0.
MIXED_LOSS = (u_1 * w_1 - 1) ** 2 + gamma[1] * w_1**2

MIXED = theorem(
    "seed-decays",
    "No decay of one layer: the loss is positive everywhere",
    greater(MIXED_LOSS, 0),
    reference="Lagrange's identity",
    proof=nonnegative(
        (gamma[1] * w_1 + u_1 * (u_1 * w_1 - 1)) ** 2 / (gamma[1] + u_1**2), gamma[1] / (gamma[1] + u_1**2)
    ),
    misses={"a larger bound": greater(MIXED_LOSS, gamma[1])},
    prose=r"""Take one hidden layer of one neuron, one feature with $A = v = c = 1$, $\gamma_1 > 0$ and
        $\gamma_u = 0$.""",
)

_size = letters("s", positive=True)

MIXED_INFIMUM = theorem(
    "seed-decays-infimum",
    "No decay of one layer: the infimum of the loss is 0",
    limit(MIXED_LOSS.subs({u_1: _size, w_1: 1 / _size}), _size, oo, 0),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the other end": limit(MIXED_LOSS.subs({u_1: _size, w_1: 1 / _size}), _size, 0, 0)},
    prose="Large output weights make it as small as one likes, so that it has no minimum.",
)

# -- decay above the transition ---------------------------------------------------------------------------

#: Two hidden layers, one feature with a = v = 1, no noise, all decays 1.
STRONG_DUAL = dual_at({D: 2, rho: 1, tau: 1})
_root = sqrt(lam)

STRONG = theorem(
    "seed-strong",
    "Strong decay: the dual exceeds the loss at the origin everywhere",
    greater(STRONG_DUAL, c),
    reference="completing the square",
    proof=nonnegative(
        2 * (_root - Rational(1, 4)) ** 2 / (_root * (1 + lam)), Rational(15, 8) / (_root * (1 + lam))
    ),
    misses={"a larger bound": right(c + 1)},
    prose="Take two hidden layers, one feature with $A = v = 1$, no noise and all decays 1.",
)

STRONG_ORIGIN = in_words(
    "seed-strong-origin",
    "Strong decay: the origin is the global minimum",
    r"""Every map $m \ne 0$ has at least the value of $G$ at its own ridge, which exceeds $c$, the loss of
        the map 0.""",
    by="the definition of a minimum",
    reference="any course of analysis",
    rests_on=(STRONG, DUAL_BELOW),
)

DERIVATION = Derivation(
    id="seed-counterexamples",
    title="What the wording of the paper needs",
    prose="""Each instance is exact, and shows that a claim of [@ziyin2022] needs a condition that its
        wording leaves out.""",
    statements=(
        *(WIDTH_FAR, WIDTH_FLOOR, DOUBLING_ABOVE, DOUBLING_BELOW, DEPTH),
        *(SIGNS_BOUND, SIGNS, MIXED, MIXED_INFIMUM, STRONG),
    ),
    steps=(WIDTH, STRONG_ORIGIN),
)
