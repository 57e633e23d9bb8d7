"""Statements of the package with displays that say them: for tests that displays are checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symderive.derivations.isotropic.isotropic_equation import DERIVATION as ISOTROPIC_EQUATION
from symderive.derivations.isotropic.transition import DERIVATION as TRANSITION
from symderive.derivations.reduction.attainment import SECOND_MOMENT, SIGNS_EXIST, UNIT
from symderive.derivations.reduction.decay_bound import HIDDEN_NORM, OUTPUT_NORM
from symderive.derivations.reduction.diagonal_bound import DIAGONAL_BOUND
from symderive.derivations.reduction.global_minimum import AT_ZERO, GLOBAL_MINIMUM, MINIMUM
from symderive.derivations.reduction.loss import LOSS
from symderive.derivations.reduction.lower_bound import LOWER_BOUND
from symderive.derivations.reduction.noise_second_moment import SECOND_MOMENTS_ARE_PSD
from symderive.derivations.ridge.dual import AT_INFINITY
from symderive.derivations.ridge.effective_ridge import (
    EFFECTIVE_RIDGE,
    EQUATION,
    THRESHOLD,
    WHOLE_GRADIENT,
    Q,
)
from symderive.derivations.ridge.minimum_value import MINIMUM_VALUE
from symderive.derivations.variance.prediction_variance import PREDICTION_VARIANCE

from symderive import symbols as sy
from symderive.statements.display import Display
from symderive.statements.statement import Statement
from symderive.statements.step import in_words

ALIVE = in_words(
    "all-layers-alive",
    "No layer of a map that is not 0 is 0",
    "If a layer is 0, so is the map.",
    by="contraposition",
    reference="any course of logic",
    rests_on=(),
)

LAYERS = (
    r"W_{i} = \sqrt{\kappa/\gamma_{i}} e_{i} e_{i-1}^{\top}",
    r"e_{i} \in \{\pm d_{i}^{-1/2}\}^{d_{i}}",
)
OUTPUT = r"U = \sqrt{\kappa/\gamma_{u}} e_{D}^{\top}"
RIDGE_OF_M = r"\lambda = \bar{\gamma} \lVert m \rVert^{2/(D+1)-2}"
SOLUTION = r"m = (\rho A + \lambda I)^{-1} v"
KAPPA = r"\bar{\gamma} \lVert m \rVert^{2/(D+1)}"


def shown(statement: Statement, tex: str, **more: Any) -> Statement:
    """A statement with a display."""
    return replace(statement, display=Display(tex, **more))


def _named(statements: Any, id_: str) -> Statement:
    return next(statement for statement in statements.statements if statement.id == id_)


_layer_norms = (
    (HIDDEN_NORM.right, r"\lVert W_{i} \rVert_{F}^{2}"),
    (OUTPUT_NORM.right, r"\lVert U \rVert^{2}"),
)

DISPLAYED = (
    shown(
        LOSS,
        r"L(W, U) = U M_{D} U^{\top} - 2 U T_{D} v + c + \gamma_{u} \lVert U \rVert^{2}"
        r" + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
    ),
    shown(
        LOWER_BOUND,
        r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} f(x)^{2} \ge \rho m^{\top} A m",
        where=(r"m = (U T_{D})^{\top}",),
    ),
    shown(SECOND_MOMENTS_ARE_PSD, r"M_{D} \succeq 0"),
    shown(DIAGONAL_BOUND, r"n \operatorname{Diag}(Q) \succeq Q", given=(r"Q \succeq 0",)),
    shown(
        GLOBAL_MINIMUM,
        r"L(W, U) \ge F(m)",
        where=(r"m = (U T_{D})^{\top}",),
        given=(r"m \ne 0",),
        at=(*_layer_norms, (sy.m_norm, r"\lVert U T_{D} \rVert")),
        because=tuple((key, ALIVE) for key, _ in _layer_norms),
    ),
    shown(AT_ZERO, r"L(W, U) \ge c", given=(r"U T_{D} = 0",)),
    shown(
        MINIMUM,
        r"L(W, U) = F(m)",
        where=(rf"\kappa = {KAPPA}",),
        given=(*LAYERS, OUTPUT, r"e_{0} = m / \lVert m \rVert", r"m \ne 0"),
        at={sy.m_norm: r"\lVert m \rVert", sy.kappa: KAPPA},
        because={UNIT: ALIVE},
    ),
    shown(
        SECOND_MOMENT,
        r"e_{D}^{\top} M_{D} e_{D} = \rho \left( \prod_{i=1}^{D} \frac{\kappa}{\gamma_{i}} \right)"
        r" e_{0}^{\top} A e_{0}",
        given=LAYERS,
    ),
    shown(SIGNS_EXIST, r"\lVert e_{i} \rVert^{2} = 1", given=(LAYERS[1],)),
    shown(
        WHOLE_GRADIENT,
        r"\nabla F(m) = 2 (\rho A m - v) + 2 \lambda m",
        given=(r"m \ne 0", RIDGE_OF_M),
    ),
    shown(EFFECTIVE_RIDGE, rf"2 (\rho A m - v) + 2 \lambda m = 0 \iff {SOLUTION}", given=(r"m \ne 0",)),
    shown(
        EQUATION,
        rf"{RIDGE_OF_M} \iff \varphi(\lambda) = \tau",
        where=(SOLUTION,),
        given=(r"m \ne 0",),
        at={Q: r"\lVert m \rVert^{2}"},
    ),
    shown(
        THRESHOLD,
        r"\tau = \bar{\gamma}^{(D+1)/D}",
        given=(
            r"\tau^{D} = \gamma_{u} \prod_{i=1}^{D} \gamma_{i}",
            r"\bar{\gamma}^{D+1} = \gamma_{u} \prod_{i=1}^{D} \gamma_{i}",
        ),
    ),
    shown(
        MINIMUM_VALUE,
        r"F(m) = c - v^{\top} m + D \lambda \lVert m \rVert^{2}",
        where=(SOLUTION,),
        given=(RIDGE_OF_M, r"m \ne 0"),
        at={sy.m_norm: r"\lVert m \rVert"},
    ),
    shown(AT_INFINITY, r"\lim_{\lambda \to \infty} G(\lambda) = c"),
    shown(
        PREDICTION_VARIANCE,
        r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon} f(x) = (\rho - 1) \frac{\kappa}{\gamma_{u}}"
        r" \left( \prod_{i=1}^{D} \frac{\kappa}{\gamma_{i}} \right) e_{0}^{\top} A e_{0}",
        given=(*LAYERS, OUTPUT),
    ),
    shown(
        _named(TRANSITION, "transition-value"),
        r"\frac{1}{D-1} \left( \frac{D-1}{D} \right)^{2D/(D+1)}"
        r" = \frac{1}{D} \left( \frac{D-1}{D} \right)^{(D-1)/(D+1)}",
        given=(r"D \ge 2",),
    ),
    shown(
        _named(ISOTROPIC_EQUATION, "isotropic-norm"),
        r"\lVert (\rho A + \rho a \zeta I)^{-1} v \rVert^{2}"
        r" = \frac{\lVert v \rVert^{2}}{(\rho a (1 + \zeta))^{2}}",
        given=(r"v \ne 0",),
        at={sy.v_norm: r"\lVert v \rVert"},
    ),
)
