"""Displays of isotropic data, the Hessian, the variance and the search: errors in them are found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from oracles.sampled import some
from symderive.derivations.hessian.hessian_blocks import MATRIX
from symderive.derivations.hessian.hessian_index import COMPLETED, NEURONS
from symderive.derivations.hessian.reduced_hessian import REDUCED_HESSIAN, SLOPE
from symderive.derivations.isotropic.decay_threshold import AT_SPINODAL, AT_TRANSITION, IN_NOISE
from symderive.derivations.isotropic.infinite_depth_catalan import CATALAN
from symderive.derivations.isotropic.isotropic_closed_form import CLOSED_FORM
from symderive.derivations.isotropic.isotropic_equation import EQUATION, LOSS, MAP, VARIANCE_OF_DATA
from symderive.derivations.isotropic.isotropic_saddle_branch import SADDLE_BRANCH
from symderive.derivations.isotropic.jump import NORM_AT_TIE
from symderive.derivations.isotropic.largest_depth import UPPER
from symderive.derivations.isotropic.transition import OF_LOSS
from symderive.derivations.outputs.several_outputs_minima import SEPARATE
from symderive.derivations.search.curvature_bounds import SLOPE_IS
from symderive.derivations.variance.variance_bounds import (
    AT_MOST,
    FACTOR_NOISE,
    IN_MAP,
    OF_DEEP,
    OF_NOISY,
    OF_WIDE,
)
from symderive.derivations.vocabulary import VOCABULARY

from symderive.proofs.defined import check_definition
from symderive.proofs.displayed import check_display
from symderive.statements import Statement
from symderive.statements.display import Definition

#: One error each: what stands in the display, and what it is replaced by.
ERRORS = [
    (EQUATION, "tex", "^{t}", "^{t'}"),
    (EQUATION, "tex", r"\rho a \zeta", r"a \zeta"),
    (MAP, "tex", r"{\rho a (1 + \zeta)}", r"{a (1 + \zeta)}"),
    (LOSS, "tex", "D - 1", "D + 1"),
    (LOSS, "tex", r"\lVert v \rVert^{2}", r"\lVert v \rVert"),
    (LOSS, "where", r"{\rho a (1 + \zeta)}", r"{a (1 + \zeta)}"),
    (VARIANCE_OF_DATA, "tex", r"\rho^{2}", r"\rho"),
    (CLOSED_FORM, "tex", r"\frac{1}{t k + 1}", r"\frac{1}{t k}"),
    (CLOSED_FORM, "tex", r"k \ge 1", r"k \ge 0"),
    (CLOSED_FORM, "tex", "q^{k}", "q^{k + 1}"),
    (SADDLE_BRANCH, "tex", "t' k", "t k"),
    (SADDLE_BRANCH, "tex", "(q')", "q"),
    (CATALAN, "tex", r"\binom{2 k}{k}", r"\binom{2 k + 1}{k}"),
    (OF_LOSS, "tex", r"q_{\mathrm{c}}", r"q_{\mathrm{sp}}"),
    (OF_LOSS, "tex", r"F(m) \le c", r"F(m) < c"),
    (AT_TRANSITION, "tex", "D^{2 D}", "D^{D}"),
    (AT_TRANSITION, "tex", r"\gamma_{u} \prod", r"\prod"),
    (AT_SPINODAL, "tex", "(D + 1)^{D + 1}", "(D + 1)^{D}"),
    (IN_NOISE, "tex", r"\frac{D - 1}{D a}", r"\frac{D - 1}{a}"),
    (NORM_AT_TIE, "tex", r"\frac{D - 1}{D}", r"\frac{D - 1}{2 D}"),
    (UPPER, "tex", "D + 1", "D"),
    (REDUCED_HESSIAN, "tex", r"t \lambda", r"\lambda"),
    (REDUCED_HESSIAN, "tex", r"\hat{m} \hat{m}^{\top}", r"m m^{\top}"),
    (REDUCED_HESSIAN, "tex", "2 (", "("),
    (SLOPE, "tex", r"(\rho A + \lambda I)^{-1}", "A"),
    (COMPLETED, "tex", r"2 s e_{0}", r"s e_{0}"),
    (COMPLETED, "where", r"\rho A - \lambda I", r"\rho A + \lambda I"),
    (MATRIX, "tex", r"- 2 \sqrt", r"+ 2 \sqrt"),
    (MATRIX, "tex", r"(I - \nu_{i} R_{i})", r"(I + \nu_{i} R_{i})"),
    (MATRIX, "where", r"\gamma_{i+1} / \gamma_{i}", r"\gamma_{i} / \gamma_{i+1}"),
    (NEURONS, "given", r"R_{i} \succeq 0", r"R_{i} = R_{i}^{\top}"),
    (SLOPE_IS, "tex", r"H'(\exp(u))", "H'(u)"),
    (IN_MAP, "tex", r"\rho - 1", r"\rho"),
    (
        IN_MAP,
        "tex",
        r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon}",
        r"\mathbb{E}_{x} \mathbb{E}_{\epsilon}",
    ),
    (IN_MAP, "where", r"(U T_{D})^{\top}", r"2 (U T_{D})^{\top}"),
    (AT_MOST, "tex", "A^{+}", "A"),
    (AT_MOST, "tex", r"\rho^{2}", r"\rho^{3}"),
    (FACTOR_NOISE, "tex", r"\le 1", r"\le 2"),
    (OF_WIDE, "tex", "{N}", "{N^{2}}"),
    (OF_WIDE, "given", r"\ge N", r"\le N"),
    (OF_NOISY, "where", r"\frac{\sigma^{2}}{d_{i}}", r"\frac{\sigma}{d_{i}}"),
    (OF_DEEP, "tex", r"1 + D \delta", r"D \delta"),
    (SEPARATE, "tex", r"- 2 \operatorname{tr}", r"- \operatorname{tr}"),
    (SEPARATE, "given", r"P^{\top} V", "V^{\\top} P V"),
]


@pytest.mark.parametrize(("statement", "part", "right", "wrong"), some(ERRORS, 4, ci=1))
def test_a_display_with_one_error_is_refused(
    statement: Statement, part: str, right: str, wrong: str
) -> None:
    shown = getattr(statement.display, part)
    texts = (shown,) if isinstance(shown, str) else shown
    assert any(right in text for text in texts)
    changed: Any = tuple(text.replace(right, wrong) for text in texts)
    display = replace(statement.display, **{part: changed[0] if isinstance(shown, str) else changed})
    assert check_display(statement, VOCABULARY).verdict == "proved"
    found = check_display(replace(statement, display=display), VOCABULARY)
    assert found.verdict == "refused"
    assert found.reason


def test_a_definition_of_an_unknown_name_does_not_unfold() -> None:
    wrong = Definition("t", r"\frac{2 D}{D + \aleph}")
    assert check_definition(wrong, replace(VOCABULARY, entries=(wrong,))) != ""
