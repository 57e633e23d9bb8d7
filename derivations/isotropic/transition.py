"""Where the nontrivial minimum of isotropic data becomes the global one, at every depth."""

from ..notation import *
from ..reduction.global_minimum import HAS_MINIMUM
from .isotropic_equation import IN_WEIGHTS, Q_IS, ROOT, SHOWN_ROOT, SOLUTION
from .isotropic_equation import LOSS as LOSS_AT_ROOT
from .spinodal import COUNT, DEEP, EXCESS, EXPONENT, ISOTROPIC, ZETA_SPINODAL, V, a, compared, curve, share

#: Where the minimum ties with the origin.
ZETA_TRANSITION, Q_TRANSITION = ISOTROPIC.transition.ridge_ratio, ISOTROPIC.transition.q
VALUE = ISOTROPIC.value

#: c - F is (D-1)(ζ_c - ζ) times a positive number.
_gain = (D - 1) * (V**2 / (rho * a * (1 + zeta) ** 2))

_no_worse, _before = at_least(c, VALUE), at_least(ZETA_TRANSITION, zeta)

RIDGE = theorem(
    "transition-ridge",
    "The ridge at which the minimum ties with the origin",
    equivalent(_no_worse, _before),
    given=(DEEP,),
    reference="algebra",
    proof=both_ways(_no_worse / _gain, _gain * _before),
    misses={"the spinodal": right(at_least(ZETA_SPINODAL, zeta))},
    prose=r"""The loss is no larger than that of the origin as long as $\zeta \le \zeta_{\mathrm{c}} =
        1/(D-1)$.""",
)

BELOW_SPINODAL = theorem(
    "transition-on-stable-branch",
    "The tie is met before the spinodal",
    greater(ZETA_SPINODAL, ZETA_TRANSITION),
    given=(DEEP,),
    reference="arithmetic",
    proof=nonnegative(D / (D - 1)),
    misses={"2D times as far": right(2 * D * ZETA_TRANSITION)},
    prose="The tie lies on the branch of minima.",
)

_beyond = at_least(zeta, ZETA_SPINODAL)

SADDLE = theorem(
    "transition-saddle",
    "Beyond the spinodal the loss exceeds that of the origin",
    greater(VALUE, c),
    given=(DEEP, _beyond),
    reference="algebra",
    proof=_gain * _beyond + nonnegative(D * _gain / (D - 1)),
    misses={"before the transition": without(_beyond)},
    prose="The other branch never competes.",
)

AT_DECAY = theorem(
    "transition-value",
    "The decay at which the minimum ties with the origin",
    equal(curve(ZETA_TRANSITION), Q_TRANSITION),
    given=(DEEP,),
    reference="arithmetic",
    proof=exact_algebra,
    misses={"at the spinodal": left(curve(ZETA_SPINODAL))},
    prose=r"In terms of the decay the tie is at $q_{\mathrm{c}} = Q(\zeta_{\mathrm{c}})$.",
)

SOLVES, STABLE = equal(q, curve(zeta)), greater(ZETA_SPINODAL, zeta)
_weak = at_least(Q_TRANSITION, q)

#: Q(ζ_c) - Q(ζ) and Q(ζ) - Q(ζ_c), divided by c - F and F - c, are at least these.
_tie, _point = ISOTROPIC.transition.share, share(zeta)
_up = _point**EXPONENT * EXCESS * (ZETA_SPINODAL - ZETA_TRANSITION) * _tie / _gain
_down = _tie**EXPONENT * EXCESS * (ZETA_SPINODAL - zeta) * _point / _gain

TRANSITION = theorem(
    "transition",
    "Up to which decay the stable solution is no worse than $m = 0$",
    equivalent(_no_worse, _weak),
    given=(DEEP, STABLE, SOLVES),
    reference="the curve rises before the spinodal",
    proof=both_ways(
        compared(_point, _tie) - SOLVES + _up * _no_worse, (compared(_tie, _point) + SOLVES + _weak) / _down
    ),
    misses={
        "the decay of the spinodal": right(at_least(ISOTROPIC.spinodal.q, q)),
        "on both branches": without(STABLE),
    },
    prose=r"""On this branch $Q$ rises, so the tie separates small decays from large ones. Between
        $q_{\mathrm{c}}$ and $q_{\mathrm{sp}}$ the solution is worse than the origin.""",
)

#: The same of F(m) itself, at a solution of the equation.
_no_more = at_least(c, LOSS_AT_ROOT.left)
_solves = -ROOT / (1 + zeta) ** EXPONENT

OF_LOSS = theorem(
    "transition-loss",
    "Up to which decay $F$ is at most $c$ at the stable solution",
    equivalent(_no_more, _weak),
    given=(DEEP, STABLE, Q_IS, ROOT),
    reference="the loss at a stationary point",
    proof=both_ways(
        compared(_point, _tie) - _solves + _up * (_no_more + LOSS_AT_ROOT),
        (compared(_tie, _point) + _solves + _weak) / _down - LOSS_AT_ROOT,
    ),
    misses={
        "the decay of the spinodal": right(at_least(ISOTROPIC.spinodal.q, q)),
        "on both branches": without(STABLE),
    },
    display=Display(
        r"F(m) \le c \iff q \le q_{\mathrm{c}}",
        where=SOLUTION,
        given=(r"D \ge 2", SHOWN_ROOT, r"\zeta < \frac{D + 1}{D - 1}"),
        at=IN_WEIGHTS,
        setting="isotropic",
    ),
)

GLOBAL = in_words(
    "transition-global",
    "The nontrivial minimum is global exactly up to the transition",
    r"""$F$ has a global minimum: the origin or a stationary point $m \ne 0$. Beyond the spinodal there is
        none. Before it there are two, of which the larger ridge is worse than the origin, and the smaller
        is no worse exactly if $q \le q_{\mathrm{c}}$, which lies before the spinodal.""",
    by="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(TRANSITION, OF_LOSS, SADDLE, BELOW_SPINODAL, AT_DECAY, COUNT, HAS_MINIMUM),
    conditions=(r"$D \ge 2$",),
)

CAPTION = """The loss of the minimum (solid) and of the saddle (dashed) against the decay. They meet at
    the spinodal (dots); the minimum is global up to the transition (squares). One hidden layer has neither
    saddle nor jump."""


def draw_branches(axes: Any) -> None:
    """F - c on both branches against the decay, in units of what least squares gains."""
    import numpy as np

    gain = (VALUE - c).subs({V: 1, rho: 1, a: 1})
    for number, depth in enumerate((1, 2, 3, 6)):
        top = (depth + 1) / (depth - 1) if depth > 1 else 400.0
        decay, loss = (lambdify(zeta, of.subs(D, depth), "numpy") for of in (curve(zeta), gain))
        color = f"C{number}"
        stable, saddle = np.geomspace(1e-3, top, 400), np.geomspace(top, 400 * top, 400)
        axes.plot(decay(stable), loss(stable), color=color, label=f"$D = {depth}$")
        if depth > 1:
            axes.plot(decay(saddle), loss(saddle), color=color, linestyle="--")
            axes.plot([decay(top)], [loss(top)], "o", color=color, markersize=4)
            axes.plot([decay(1 / (depth - 1))], [0], "s", color=color, markersize=4)
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set(xlim=(0, 1), xlabel="dimensionless decay $q$", ylabel=r"$(F - c)\,\rho a/\Vert v\Vert^2$")
    axes.legend()


DERIVATION = Derivation(
    id="transition",
    title="The transition",
    prose="""That a nontrivial minimum exists does not make it global: at two or more hidden layers the
        origin is a minimum too.""",
    statements=(RIDGE, BELOW_SPINODAL, SADDLE, AT_DECAY, TRANSITION, OF_LOSS),
    steps=(GLOBAL,),
    figures=((CAPTION, draw_branches),),
)
