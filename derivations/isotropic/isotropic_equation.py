"""Isotropic data: the scalar equation and everything that follows from its solution."""

from symderive.formulas.isotropic import isotropic

from ..inequalities import same_power
from ..notation import *
from ..ridge.effective_ridge import TAU

ISOTROPIC = isotropic()
scale, V = ISOTROPIC.scale, ISOTROPIC.v_norm
t, theta = ISOTROPIC.exponent, LETTERS.exponent


def isotropic_data(expression: Expr) -> Expr:
    """A formula of the reduction for A = aI and λ = ρaζ."""
    return in_eigenbasis(expression).xreplace({a[j]: ISOTROPIC.eigenvalue, lam: ISOTROPIC.ridge})


#: What displays write for the letters of this section, and the map m of a solution.
IN_WEIGHTS = {
    q: r"\frac{\bar{\gamma} (\rho a)^{t - 1}}{\lVert v \rVert^{t}}",
}
SOLUTION = r"m = \frac{v}{\rho a (1 + \zeta)}"
SHOWN_ROOT = r"\zeta = q (1 + \zeta)^{t}"

NORM_V = equal(V**2, V_SQUARED)
Q_IS = equal(q, ISOTROPIC.q)
ROOT = equal(*ISOTROPIC.equation.args)
IS_ISOTROPIC = r"$A = a I$ and $\lambda = \rho a \zeta$"
K = (k, 1, n)
_solution, _shrunk = v[k] / (scale + ISOTROPIC.ridge), v[k] / (scale * (1 + zeta))

#: ζ = q(1 + ζ)^t to the power θ = 2/t, and the equation itself, as facts about positive numbers.
_characteristic = equal(isotropic_data(LETTERS.characteristic), TAU)
_rate = scale ** (theta - 2) * V**2 / (1 + zeta) ** 2
_right = ISOTROPIC.q * (1 + zeta) ** t
_powers = _characteristic / _rate + zeta**theta / V**2 * NORM_V

EQUATION = theorem(
    "isotropic-equation",
    "Isotropic data: an equation with one parameter",
    equivalent(_characteristic, ROOT),
    given=(NORM_V, Q_IS, r"$A = a I$, $\lambda = \rho a \zeta$ and $v \ne 0$"),
    reference=r"the scalar equation $\varphi(\lambda) = \tau$",
    proof=both_ways(
        same_power(zeta, _right, theta).because(_powers) - (1 + zeta) ** t * Q_IS,
        _rate * same_power(zeta**theta, _right**theta, 1 / theta).because(ROOT + (1 + zeta) ** t * Q_IS)
        - zeta**theta * _rate / V**2 * NORM_V,
    ),
    misses={
        "the exponent of infinite depth": right(equal(zeta, q * (1 + zeta) ** 2)),
        "q without the eigenvalue": instead(Q_IS, equal(q, gamma_bar / V**t)),
    },
    display=Display(
        rf"\varphi(\rho a \zeta) = \tau \iff {SHOWN_ROOT}",
        given=r"v \ne 0",
        at={**IN_WEIGHTS, V: r"\lVert v \rVert"},
        setting="isotropic data",
    ),
    prose=r"""All decays, widths and noise, the eigenvalue $a$ and the norm of $v$ enter through one
        number, the dimensionless decay $q$. The ridge is measured by $\zeta = \lambda/(\rho a)$.""",
)

MAP = theorem(
    "isotropic-map",
    "The end-to-end map",
    equal(
        v[k] / (rho * a[k] + lam).xreplace({a[k]: ISOTROPIC.eigenvalue, lam: ISOTROPIC.ridge}), _shrunk, K
    ),
    given=(IS_ISOTROPIC,),
    reference=r"$m = (\rho A + \lambda I)^{-1} v$",
    proof=exact_algebra,
    misses={"no ridge": right(v[k] / scale)},
    display=Display(
        r"(\rho A + \lambda I)^{-1} v = \frac{v}{\rho a (1 + \zeta)}",
        where=r"\lambda = \rho a \zeta",
        setting="isotropic data",
    ),
)

NORM = theorem(
    "isotropic-norm",
    "The norm of the end-to-end map",
    equal(isotropic_data(LETTERS.norm_squared), ISOTROPIC.norm**2),
    given=(NORM_V, IS_ISOTROPIC),
    reference=r"$m = (\rho A + \lambda I)^{-1} v$",
    proof=-1 / (scale * (1 + zeta)) ** 2 * NORM_V,
    misses={"no ridge": right((V / scale) ** 2)},
    prose=r"""The solution is $m = v/(\rho a (1 + \zeta))$: the least-squares map, shrunk by the noise
        and by the decay.""",
)

_norm = ISOTROPIC.norm
_weight = V**2 / (scale * (1 + zeta) ** 2)

DECAY = theorem(
    "isotropic-layer-decay",
    "The decay term that every layer carries",
    equal(LETTERS.penalty(_norm) / (D + 1), ISOTROPIC.layer_decay),
    given=(Q_IS, ROOT),
    reference=r"$\kappa = \lambda \lVert m\rVert^2$",
    proof=-_weight * ROOT - _weight * (1 + zeta) ** t * Q_IS,
    misses={
        "ζ is not a root": without(ROOT),
        "the square is missing": right(ISOTROPIC.layer_decay * (1 + zeta)),
    },
    display=Display(
        r"\bar{\gamma} \lVert m \rVert^{2 / (D + 1)} = "
        r"\frac{\lVert v \rVert^{2}}{\rho a} \frac{\zeta}{(1 + \zeta)^{2}}",
        where=SOLUTION,
        given=SHOWN_ROOT,
        at=IN_WEIGHTS,
        setting="isotropic",
    ),
    prose=r"At a solution, $\kappa = \bar\gamma \lVert m\rVert^{2/(D+1)}$ is a function of $\zeta$ alone.",
)

LOSS = theorem(
    "isotropic-loss",
    "The loss at a stationary point",
    equal(LETTERS.loss(ISOTROPIC.eigenvalue * _norm**2, V * _norm, _norm), ISOTROPIC.value),
    given=(Q_IS, ROOT),
    reference=r"$F(m)$ at $m = v/(\rho a (1 + \zeta))$",
    proof=(D + 1) * DECAY,
    misses={
        "ζ is not a root": without(ROOT),
        "D for D - 1": right(ISOTROPIC.value + V**2 / scale * zeta / (1 + zeta) ** 2),
    },
    display=Display(
        r"F(m) = c - \frac{\lVert v \rVert^{2}}{\rho a} \frac{1 - (D - 1) \zeta}{(1 + \zeta)^{2}}",
        where=SOLUTION,
        given=SHOWN_ROOT,
        at=IN_WEIGHTS,
        setting="isotropic",
    ),
    prose=r"The loss is below that of the origin, $c$, exactly when $(D - 1) \zeta < 1$.",
)

VARIANCE = theorem(
    "isotropic-variance",
    "The mean variance of the prediction",
    equal(isotropic_data(LETTERS.prediction_variance), ISOTROPIC.prediction_variance),
    given=(NORM_V, IS_ISOTROPIC),
    reference=r"$(\rho - 1) m^{\top} A m$",
    proof=-(rho - 1) * ISOTROPIC.eigenvalue / (scale * (1 + zeta)) ** 2 * NORM_V,
    misses={"ρ for ρ - 1": right(rho * ISOTROPIC.eigenvalue * ISOTROPIC.norm**2)},
)

VARIANCE_OF_DATA = theorem(
    "isotropic-variance-of-data",
    "The mean variance of the prediction, in the data",
    equal(
        isotropic_data(LETTERS.prediction_variance),
        (rho - 1) * V_SQUARED / (ISOTROPIC.eigenvalue * rho**2 * (1 + zeta) ** 2),
    ),
    given=(IS_ISOTROPIC,),
    reference=r"$(\rho - 1) m^{\top} A m$",
    proof=exact_algebra,
    misses={"ρ for ρ - 1": right(V_SQUARED / (ISOTROPIC.eigenvalue * rho * (1 + zeta) ** 2))},
    display=Display(
        r"(\rho - 1) m^{\top} A m = "
        r"\frac{\rho - 1}{\rho^{2}} \frac{\lVert v \rVert^{2}}{a (1 + \zeta)^{2}}",
        where=(r"\lambda = \rho a \zeta", r"m = (\rho A + \lambda I)^{-1} v"),
        setting="isotropic data",
    ),
)

DERIVATION = Derivation(
    id="isotropic-equation",
    title="Isotropic data",
    prose="""When all eigenvalues of $A$ are equal, as for a single feature and for whitened features,
        the scalar equation becomes so simple that it can be solved in closed form at every depth.
        It is also what regularized matrix factorization leads to [@chen2025landscape].""",
    statements=(EQUATION, MAP, NORM, DECAY, LOSS, VARIANCE, VARIANCE_OF_DATA),
)
