"""Isotropic data: the saddle branch is a generalized binomial series as well."""

from ..inequalities import same_power
from ..notation import *
from .isotropic_closed_form import CLOSED_FORM, DEEPER, POWERS, powers, r, s
from .isotropic_equation import ISOTROPIC, ROOT, SHOWN_ROOT
from .spinodal import COUNT

SADDLE = ISOTROPIC.saddle

#: The equation of 1/ζ; ζ^p = q^p (1 + ζ)^{t'} is the bridge, with p = (D+1)/(D-1).
RECIPROCAL = equal(*SADDLE.equation.args)
_power = (D + 1) / (D - 1)
_clear, _right = zeta**SADDLE.exponent, q * (1 + zeta) ** ISOTROPIC.exponent
_reciprocal = same_power(zeta**_power, _right**_power, 1 / _power).because(ROOT) / _clear

EQUATION = theorem(
    "isotropic-saddle-equation",
    "The reciprocal solves an equation of the same form",
    equivalent(ROOT, RECIPROCAL),
    given=(DEEPER,),
    reference=r"the power $(D+1)/(D-1)$ of the isotropic equation",
    proof=both_ways(_reciprocal, same_power(zeta, _right, _power).because(_clear * RECIPROCAL)),
    misses={"the same exponent": right(equal(1 / zeta, q * (1 + 1 / zeta) ** ISOTROPIC.exponent))},
    display=Display(
        rf"{SHOWN_ROOT} \iff \frac{{1}}{{\zeta}} = q' \Bigl(1 + \frac{{1}}{{\zeta}}\Bigr)^{{t'}}",
        given=r"D \ge 2",
    ),
    prose=r"""The equation has a second solution, the saddle. There $\zeta$ is large, and it is
        $1/\zeta$ that is small. It solves an equation of the same form, with the exponent $t' = 2D/(D-1)$
        and the variable $q' = q^{(D+1)/(D-1)}$.""",
)

#: 1 ≥ (t' - 1)/ζ.
BEYOND = at_least((D - 1) * zeta, D + 1)

SADDLE_BRANCH = theorem(
    "isotropic-saddle-branch",
    r"The saddle branch at every depth $D \ge 2$",
    equal(1 / zeta, SADDLE.series - 1),
    given=(ROOT, BEYOND, DEEPER),
    reference="the generalized binomial series",
    proof=POWERS.at({zeta: 1 / zeta, q: SADDLE.argument, s: SADDLE.exponent, r: 1}).because(
        _reciprocal, BEYOND / ((D - 1) * zeta), None
    ),
    test=Domain(ranges={zeta: (40, 80)}),
    misses={
        "the series of the stable branch": right(ISOTROPIC.stable.series - 1),
        "the square of the variable": right(powers(SADDLE.exponent, 1, SADDLE.argument**2) - 1),
        "the stable branch": without(BEYOND),
    },
    display=Display(
        r"\frac{1}{\zeta} = \sum_{k \ge 1} \frac{1}{t' k + 1} \binom{t' k + 1}{k} (q')^{k}",
        given=(r"D \ge 2", SHOWN_ROOT, r"(D - 1) \zeta \ge D + 1"),
    ),
    prose=r"So the same theorem gives the other branch. The two series meet at $\zeta = (D+1)/(D-1)$.",
)

ALL = in_words(
    "isotropic-saddle-all",
    "The two series give all solutions",
    r"""Before the spinodal there are exactly two solutions, one on either side of $\zeta = (D+1)/(D-1)$.
        Each of the series gives the one on its side.""",
    by="the pigeonhole principle",
    reference="any course of algebra",
    rests_on=(CLOSED_FORM, SADDLE_BRANCH, COUNT),
    conditions=(r"$D \ge 2$",),
)

CAPTION = """Both solutions of the isotropic equation: minima (solid) and saddles (dashed). They meet at
    the spinodal points (dots), up to which both series converge."""


def draw_branches(axes: Any) -> None:
    """Both branches for several depths: minima solid, saddles dashed, dots where they meet."""
    import numpy as np

    for depth, name, color in ((2, "2", "C0"), (3, "3", "C2"), (5, "5", "C1"), (oo, r"\infty", "C3")):
        exponent = float(ISOTROPIC.exponent.limit(D, depth))
        turn = 1 / (exponent - 1)
        for ends, style, label in (((1e-2, turn), "-", f"$D = {name}$"), ((turn, 1e3), "--", None)):
            ridge = np.geomspace(*ends, 300)
            axes.plot(ridge / (1 + ridge) ** exponent, ridge, style, color=color, label=label)
        axes.plot([turn / (1 + turn) ** exponent], [turn], "o", color=color, markersize=4)
    axes.set(yscale="log", xlim=(0, 0.5), ylim=(1e-2, 1e3), xlabel="$q$")
    axes.set_ylabel(r"$\zeta = \lambda/(\rho a)$")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=1, handlelength=1.5)


DERIVATION = Derivation(
    id="isotropic-saddle-branch",
    title="Isotropic data: the saddle branch",
    prose="For two hidden layers and more a saddle separates the minimum from the origin.",
    statements=(EQUATION, SADDLE_BRANCH),
    steps=(ALL,),
    figures=((CAPTION, draw_branches),),
)
