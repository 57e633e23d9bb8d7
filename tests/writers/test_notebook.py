"""What notebooks show: displays that were accepted, with verdicts, and formulas in entries for the rest."""

import re
from dataclasses import replace

from symderive import Moments, Network, solve
from symderive.library.catalog import find
from symderive.library.load import load
from symderive.library.start import write_start
from symderive.statements import Assumption, Theorem
from symderive.writers.notebook import (
    derivation_markdown,
    statement_latex,
    statement_markdown,
    step_markdown,
    theorem_latex,
    theorem_markdown,
)

DECAY, LEAST = find("decay-bound")[1], find("global-minimum-of-weights")[1]

THEOREM = Theorem(
    id="cost",
    kind="lemma",
    name="cost",
    assumes=(Assumption(id="decays", name="decays", text="All decays are positive."),),
    body=("Then", DECAY, "and hence", LEAST),
)


def test_a_statement_is_shown_as_its_display():
    for text in (statement_latex(DECAY), statement_markdown(DECAY)):
        assert r"\ge (D + 1) \bar{\gamma} \, \lVert m \rVert^{2/(D+1)}" in text
        assert r"m = (U T_{D})^{\top}" in text
        assert "PROVED" in text
    assert r"Conditions: $m \ne 0$" in statement_markdown(DECAY)


def test_a_refused_display_is_not_shown():
    wrong = replace(DECAY, display=replace(DECAY.display, tex=DECAY.display.tex.replace("+1)", "+2)", 1)))
    assert wrong.display != DECAY.display
    text = statement_markdown(wrong)
    assert r"\sum_{j=1}" in text  # entries
    assert "Its display is refused: " in text
    assert r"\bar{\gamma}" not in statement_latex(wrong)
    assert "refused" not in statement_markdown(DECAY)


def test_without_a_display_the_formula_is_in_entries():
    assert r"\sum_{j=1}" in statement_latex(replace(DECAY, display=None))


def test_conditions_without_a_display_are_mathematics():
    """Markdown takes the stars of a power in SymPy's words for bold letters."""
    text = statement_markdown(find("noise-transfer")[1])
    (conditions,) = re.findall("^Conditions: .*$", text, re.MULTILINE)
    assert (
        r"$\alpha_{i} + \sum_{l=1}^{G_{i}} \eta_{i,l,j}^{2} = \chi_{i}$ for $i = 1, \dots, D$" in conditions
    )
    bare = re.sub(r"\$[^$]*\$", "", conditions)
    assert not set("*_[]{}") & set(bare)
    assert "**" in "; ".join(find("noise-transfer")[1].all_conditions())


def test_a_step_is_shown_with_its_display_and_its_words():
    text = step_markdown(LEAST)
    assert r"\min_{W, U} L(W, U) = \min_{m} F(m)" in text
    assert LEAST.text in text
    assert r"\min" not in step_markdown(replace(LEAST, display=None)).replace(LEAST.text, "")


def test_a_theorem_is_shown_with_its_claims_in_order():
    text = theorem_markdown(THEOREM)
    assert text.startswith("**Lemma** (cost; under decays).")
    places = [text.index(part) for part in ("Then", r"\bar{\gamma}", "(PROVED)", "hence", "(IN WORDS)")]
    assert places == sorted(places)
    latex = theorem_latex(THEOREM)
    assert latex.count(r"\\") == 1
    assert r"\text{IN WORDS}" in latex


def test_a_theorem_has_the_hypotheses_of_its_claims():
    """Where the text has not said them; and the ranges of what has indices."""
    assert r"if $m \ne 0$, then" in theorem_markdown(THEOREM)
    said = theorem_markdown(replace(THEOREM, body=(r"Let $m \ne 0$. Then", DECAY)))
    assert said.count(r"m \ne 0") == 1
    signs = find("attainment-signs")[1]
    assert r"for $i = 1, \dots, D$" in statement_markdown(signs)
    assert r"\qquad i = 1, \dots, D" in statement_latex(signs)
    assert r"\dots" not in statement_latex(DECAY)


def test_a_derivation_is_read_with_its_own_words(tmp_path):
    text = derivation_markdown(load(write_start(tmp_path / "mine.py")))
    assert r"0 \ge \frac{\mathrm{d} N(\lambda)}{\mathrm{d} \lambda}" in text
    assert "refused" not in text


def test_a_landscape_says_what_its_numbers_are_of():
    text = solve(Network(2, widths=4, decays="1/100"), Moments.given([[1]], [1], 1))._repr_latex_()
    assert r"3 \bar{\gamma} \, \lVert m \rVert^{2/3}" in text
    assert r"\lambda^{3/2}" in text
    assert r"F(m) & \lVert m\rVert" in text
    assert text.count("$") == 4
