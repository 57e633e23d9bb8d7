"""The proximal map of the quasi-norm ℓ_q, q = 2/(D+1): one feature without noise."""

from symderive.formulas.proximal import proximal

from ..inequalities import same_power
from ..notation import *
from ..outputs.several_outputs_minima import TRACE_BOUND
from .decay_threshold import POWERS, ROOTS, beta, w
from .isotropic_equation import ISOTROPIC
from .jump import NORM_AT_TIE
from .spinodal import DEEP, EXCESS, s, xi
from .spinodal import omega as spare
from .transition import GLOBAL

PROXIMAL = proximal()
omega, V = PROXIMAL.weight, PROXIMAL.problem.v_norm
threshold, jump, t = PROXIMAL.threshold, PROXIMAL.jump, ISOTROPIC.exponent

#: The decay of the network whose reduced loss this is.
SMALL_DECAY = equal(gamma_bar, PROXIMAL.problem.mean_decay)

_objective = Sum((m[j] - v[j]) ** 2, EACH) / 2 + omega * m_norm ** (2 / (D + 1))
_loss = LETTERS.loss(M_SQUARED, M_LINEAR, m_norm).xreplace({rho: Integer(1)})

PROBLEM = theorem(
    "proximal-map",
    "For $A = I$ without noise $F$ is that of a proximal map",
    equal(_loss, c - V_SQUARED + 2 * _objective),
    given=(SMALL_DECAY, r"$A = I$ and $\rho = 1$"),
    reference="completing the square",
    proof=(D + 1) * m_norm ** (2 / (D + 1)) * SMALL_DECAY,
    misses={
        "half of the decay": instead(SMALL_DECAY, equal(gamma_bar, omega / (D + 1))),
        "the square is not halved": right(c - V_SQUARED + 2 * _objective + Sum((m[j] - v[j]) ** 2, EACH)),
    },
    display=Display(
        r"\lVert m \rVert^{2} - 2 v^{\top} m + c + (D + 1) \bar{\gamma} \lVert m \rVert^{2/(D+1)} = "
        r"c - \lVert v \rVert^{2} + 2 \Bigl(\frac{1}{2} \lVert m - v \rVert^{2} "
        r"+ \omega \lVert m \rVert^{2/(D+1)}\Bigr)",
        given=(r"m \ne 0", r"\bar{\gamma} = \frac{2 \omega}{D + 1}"),
        at={m_norm: r"\lVert m \rVert"},
        setting="eigenbasis",
    ),
    prose=r"""The proximal map of $\omega \lVert m \rVert^{2/(D+1)}$ takes $v$ to the $m$ at which $\frac12
        \lVert m - v \rVert^2 + \omega \lVert m \rVert^{2/(D+1)}$ is least. Up to a constant and a factor 2
        this is $F(m)$ for $A = I$ and $\rho = 1$, with $\bar\gamma = 2\omega/(D+1)$. So the map is $v/(1 +
        \zeta)$ or 0, with $\zeta$ from the equation of isotropic data.""",
)

_weak, _large = at_least(ISOTROPIC.transition.q, PROXIMAL.q), at_least(V, threshold)
_kept, _decay = ISOTROPIC.transition.share, PROXIMAL.problem.mean_decay
_lost = (1 - _kept).factor()
_places = {w: V**t, xi: _kept, beta: EXCESS, spare: _decay / _lost, s: 1 / t}
_root = _kept ** (EXCESS / t)

THRESHOLD = theorem(
    "proximal-threshold",
    "The threshold in closed form",
    equivalent(_weak, _large),
    given=(DEEP,),
    reference="a power of both sides",
    proof=both_ways(
        POWERS.at(_places).because(V**t / _lost * _weak) / _root,
        _lost / V**t * ROOTS.at(_places).because(_root * _large),
    ),
    misses={"the spinodal": right(at_least(V, PROXIMAL.reach))},
    display=Display(
        r"\frac{2 \omega}{D + 1} \frac{1}{\lVert v \rVert^{t}} \le q_{\mathrm{c}} \iff \lVert v \rVert \ge "
        r"\frac{D}{(D - 1)^{(D - 1)/(2 D)}} \Bigl(\frac{2 \omega}{D + 1}\Bigr)^{(D + 1)/(2 D)}",
        given=r"D \ge 2",
        setting="isotropic",
    ),
    prose=r"""On the left $q$ is that of the map. So the map is 0 below this threshold, and $v/(1 + \zeta)$
        beyond it.""",
)

JUMP = theorem(
    "proximal-jump",
    "The least size of the map that is not 0",
    equal(jump, (2 * omega * (D - 1) / (D + 1)) ** ((D + 1) / (2 * D))),
    given=(DEEP,),
    reference="the jump at the transition",
    proof=exact_algebra,
    misses={"at the spinodal": left(jump / 2)},
    prose="At the threshold it jumps from 0 to this size, where both are equally good.",
)


#: The weight where the square is not halved, ‖m - v‖² + λ‖m‖^q.
weight = letters("w", positive=True)


def _published(name: str, title: str, depth: int, value: Expr, prose: str) -> Statement:
    """At a published threshold the dimensionless weight is that of the transition."""
    here = proximal(depth, weight / 2)
    power_of = here.problem.exponent
    at = equal(V, value)
    level = ISOTROPIC.transition.q.subs(D, depth)
    return theorem(
        f"proximal-threshold-{name}",
        title,
        equal(here.q, level),
        given=(at,),
        reference="the threshold in closed form",
        proof=-level / V**power_of * same_power(V**power_of, value**power_of, 1 / power_of).because(at),
        misses={"twice the weight": instead(at, equal(V, value.subs(weight, 2 * weight)))},
        prose=prose,
    )


TWO_THIRDS = _published(
    "two-thirds",
    "Two hidden layers: the threshold of $\\ell_{2/3}$",
    2,
    Rational(2, 3) * (3 * weight**3) ** Rational(1, 4),
    r"""The literature minimizes $\lVert m - v \rVert^2 + w \lVert m \rVert^{2/(D+1)}$, so that $\omega =
        w/2$. At depth 2 the threshold is then $\frac23 (3 w^3)^{1/4}$, as Cao, Sun and Xu found it.""",
)

HALF = _published(
    "half",
    "Three hidden layers: the threshold of half thresholding",
    3,
    Integer(54) ** Rational(1, 3) / 4 * weight ** Rational(2, 3),
    r"At depth 3 it is $\frac14 54^{1/3} w^{2/3}$, which is that of Xu, Chang, Xu and Zhang.",
)

# -- closed forms ----------------------------------------------------------------------------------------

_at_one, _q = equal(zeta, q * (1 + zeta)), equal(q, proximal(1).q)

SOFT = theorem(
    "proximal-soft",
    "One hidden layer: soft thresholding",
    equal(V / (1 + zeta), V - omega),
    given=(_at_one, _q),
    reference="the equation of isotropic data",
    proof=-V / (1 + zeta) * _at_one - V * _q,
    misses={"twice the weight": right(V - 2 * omega)},
    prose=r"At depth 1 the map takes $\omega$ from the norm, and is 0 for $\lVert v \rVert \le \omega$.",
)

X, P, spread = letters("X P Delta", positive=True)
_share, _factor = equal(1 + zeta, X**-3), equal(X, (P + spread) / 2)
_square = equal(spread**2, 2 / P - P**2)
_resolvent = equal(q, (P**4 - P**-2) / 4)
_other = X**2 + P * X + (P**2 + 1 / P) / 2

QUARTIC = theorem(
    "proximal-quartic",
    "Two hidden layers: a root of a quadratic factor",
    equal(zeta, q * (1 + zeta) ** Rational(4, 3)),
    given=(_share, _factor, _square, _resolvent),
    reference="Ferrari's solution of the quartic",
    proof=_share
    - q * same_power((1 + zeta) ** Rational(4, 3), X**-4, Rational(3, 4)).because(_share)
    - _other / X**4 * (X - (P - spread) / 2) * _factor
    - _other / X**4 / 4 * _square
    - _resolvent / X**4,
    # Where the square is not negative.
    test=Domain(ranges={P: (1, Rational(5, 4))}, define={spread: sqrt(2 / P - P**2)}),
    misses={"another weight": instead(_resolvent, equal(q, (P**4 - P**-2) / 2))},
    prose=r"""At depth 2, $X^3 = 1/(1 + \zeta)$ makes the equation the quartic $X^4 - X + q = 0$, which
        falls into two quadratic factors. The larger root of one of them gives the smaller ridge, and $P^2$
        solves the cubic $P^6 - 4 q P^2 = 1$.""",
)

C = letters("C", positive=True)
_share_three = equal(1 + zeta, 3 / (4 * C**2))
_triple = equal(q, 2 / (3 * sqrt(3)) * (3 * C - 4 * C**3))
_cube = 3 * sqrt(3) / (8 * C**3)

CUBIC = theorem(
    "proximal-cubic",
    "Three hidden layers: a cubic",
    equal(zeta, q * (1 + zeta) ** Rational(3, 2)),
    given=(_share_three, _triple),
    reference="Viète's solution of the cubic",
    proof=_share_three
    - q * same_power((1 + zeta) ** Rational(3, 2), _cube, Rational(2, 3)).because(_share_three)
    - _cube * _triple,
    misses={"half of the weight": instead(_triple, equal(q, (3 * C - 4 * C**3) / (3 * sqrt(3))))},
    prose=r"At depth 3, $4 C^2 = 3/(1 + \zeta)$ makes it a cubic.",
)

COSINE = in_words(
    "proximal-cosine",
    "Three hidden layers: the cosine of a third of an angle",
    r"""With $C = \cos(\alpha/3)$ the cubic says $\cos\alpha = 4 C^3 - 3 C = -\frac32 \sqrt3\, q$. Of its
        roots the one with $\alpha$ in $[\pi/2, \pi]$ has the largest $C$, thus the smaller ridge. So the
        map is $\frac43 \cos^2(\frac13 \arccos(-\frac32 \sqrt3\, q))$ times $v$.""",
    by="the formula for the cosine of three times an angle",
    reference="any course of analysis",
    rests_on=(CUBIC,),
    conditions=(r"$D = 3$", r"$q \le q_{\mathrm{sp}}$"),
)

ZERO = in_words(
    "proximal-map-zero",
    "The map is 0 below the threshold, and nowhere beyond it",
    r"""The map minimizes $F$ for $A = I$ and $\rho = 1$. That has a global minimum away from the origin
        exactly if $q \le q_{\mathrm{c}}$, which is $\lVert v \rVert$ at the threshold or beyond it. At the
        threshold itself the origin is as good.""",
    by="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(PROBLEM, THRESHOLD, JUMP, GLOBAL, NORM_AT_TIE),
    conditions=(r"$D \ge 2$", r"$\omega > 0$"),
)

MATRICES = in_words(
    "proximal-matrices",
    "Of a matrix the map acts on the singular values",
    r"""For matrices of one shape with singular values $z_p$ and $s_p$, $\frac12 \lVert Z - X \rVert_F^2 \ge
        \frac12 \sum_p (z_p - s_p)^2$, with equality for common singular vectors. The penalty $\omega \sum_p
        z_p^{2/(D+1)}$ depends on singular values only. So a best $Z$ has the singular vectors of $X$, and
        every $z_p$ is the proximal map of $s_p$.""",
    by="von Neumann's trace inequality",
    reference="von Neumann 1937, Some matrix-inequalities and metrization of matric-space",
    rests_on=(TRACE_BOUND, PROBLEM),
)

DERIVATION = Derivation(
    id="proximal-map",
    title="Proximal maps of quasi-norms",
    prose=r"""One feature without noise is a problem with a history of its own: the proximal map, or
        thresholding, of the quasi-norm $\ell_{2/(D+1)}$. Its threshold, its jump and its closed forms are
        those of isotropic data. For a vector, a group of variables, it is the same map of the norm.""",
    statements=(PROBLEM, THRESHOLD, JUMP, TWO_THIRDS, HALF, SOFT, QUARTIC, CUBIC),
    steps=(COSINE, ZERO, MATRICES),
)
