"""Isotropic data: the saddle branch is a generalized binomial series as well."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
    equal,
)

from ..inequalities import SAME_POWER
from ..inequalities import s as power
from ..inequalities import x as first
from ..inequalities import y as second
from ..notation import D
from .isotropic_closed_form import CLOSED_FORM, DEEPER, POWERS, at_root, powers, r, s
from .isotropic_equation import ISOTROPIC, ROOT, zeta
from .spinodal import COUNT

q = sy.q
SADDLE = ISOTROPIC.saddle

#: The equation of 1/ζ; ζ^p = q^p (1 + ζ)^{t'} is the bridge, with p = (D+1)/(D-1).
RECIPROCAL = equal(*SADDLE.equation.args)
_power = (D + 1) / (D - 1)
_clear = zeta**SADDLE.exponent
_bridge = {first: zeta, second: q * (1 + zeta) ** ISOTROPIC.exponent}

_reciprocal = combine(
    Use(
        SAME_POWER,
        times=1 / _clear,
        where={first: zeta**_power, second: _bridge[second] ** _power, power: 1 / _power},
        given=(combine(Use(ROOT)),),
    )
)

EQUATION = Statement(
    id="isotropic-saddle-equation",
    title="The reciprocal solves an equation of the same form",
    relation=Relation.EQUIVALENT,
    left=ISOTROPIC.equation,
    right=SADDLE.equation,
    given=(DEEPER,),
    reference=r"the power $(D+1)/(D-1)$ of the isotropic equation",
    proof=BothWays(
        _reciprocal,
        combine(
            Use(
                SAME_POWER,
                where=_bridge | {power: _power},
                given=(combine(Use(RECIPROCAL, times=_clear)),),
            )
        ),
    ),
    domains=(
        Domain(ranges=((D, (2, 5)),)),
        at_root(ISOTROPIC.exponent, (D, (2, 5))),
    ),
    near_misses=(
        NearMiss(
            "the same exponent",
            right=sp.Eq(1 / zeta, q * (1 + 1 / zeta) ** ISOTROPIC.exponent, evaluate=False),
        ),
    ),
    prose=(
        r"The equation has a second solution, the saddle. There $\zeta$ is large, and it is $1/\zeta$ that "
        r"is small. It solves an equation of the same form, with the exponent $t' = 2D/(D-1)$ and the "
        r"variable $q' = q^{(D+1)/(D-1)}$."
    ),
)

#: 1 ≥ (t' - 1)/ζ.
BEYOND = at_least((D - 1) * zeta, D + 1)

SADDLE_BRANCH = Statement(
    id="isotropic-saddle-branch",
    title=r"The saddle branch at every depth $D \ge 2$",
    left=1 / zeta,
    right=SADDLE.series - 1,
    given=(ROOT, BEYOND, DEEPER),
    reference="the generalized binomial series",
    proof=combine(
        Use(
            POWERS,
            where={zeta: 1 / zeta, q: SADDLE.argument, s: SADDLE.exponent, r: 1},
            given=(_reciprocal, combine(Use(BEYOND, times=1 / ((D - 1) * zeta))), None),
        )
    ),
    domains=(at_root(ISOTROPIC.exponent, (zeta, (40, 80)), (D, (2, 6))),),
    near_misses=(
        NearMiss("the series of the stable branch", right=ISOTROPIC.stable.series - 1),
        NearMiss("the square of the variable", right=powers(SADDLE.exponent, 1, SADDLE.argument**2) - 1),
        NearMiss(
            "the stable branch",
            given=(ROOT, DEEPER),
            domains=(at_root(ISOTROPIC.exponent, (zeta, (0, sp.Rational(1, 50))), (D, (2, 6))),),
        ),
    ),
    prose=(r"So the same theorem gives the other branch. The two series meet at $\zeta = (D+1)/(D-1)$."),
)


def draw_branches(axes: Any) -> None:
    """Both branches for several depths: minima solid, saddles dashed, dots where they meet."""
    import numpy as np

    for depth, name, color in ((2, "2", "C0"), (3, "3", "C2"), (5, "5", "C1"), (sp.oo, r"\infty", "C3")):
        exponent = float(ISOTROPIC.exponent.limit(D, depth))
        turn = 1 / (exponent - 1)
        for ends, style, label in (((1e-2, turn), "-", f"$D = {name}$"), ((turn, 1e3), "--", None)):
            ridge = np.geomspace(*ends, 300)
            axes.plot(ridge / (1 + ridge) ** exponent, ridge, style, color=color, label=label)
        axes.plot([turn / (1 + turn) ** exponent], [turn], "o", color=color, markersize=4)
    axes.set_yscale("log")
    axes.set_xlim(0, 0.5)
    axes.set_ylim(1e-2, 1e3)
    axes.set_xlabel("$q$")
    axes.set_ylabel(r"$\zeta = \lambda/(\rho a)$")
    axes.legend(loc="upper right")


# -- steps in words --------------------------------------------------------------------------------------

ALL = Step(
    id="isotropic-saddle-all",
    title="The two series give all solutions",
    text=(
        r"Before the spinodal there are exactly two solutions, one on either side of $\zeta = "
        "(D+1)/(D-1)$. Each of the series gives the one on its side."
    ),
    theorem="the pigeonhole principle",
    reference="any course of algebra",
    rests_on=(CLOSED_FORM, SADDLE_BRANCH, COUNT),
    conditions=(r"$D \ge 2$",),
)

DERIVATION = Derivation(
    id="isotropic-saddle-branch",
    title="Isotropic data: the saddle branch",
    prose="For two hidden layers and more a saddle separates the minimum from the origin.",
    statements=(EQUATION, SADDLE_BRANCH),
    steps=(ALL,),
    figures=(
        (
            "Both solutions of the isotropic equation: minima (solid) and saddles (dashed). They meet at "
            "the spinodal points (dots), up to which both series converge.",
            draw_branches,
        ),
    ),
)
