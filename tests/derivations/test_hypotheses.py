"""What statements suppose are conditions on data and points, not what another statement has proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symderive import symbols as sy
from symderive.library.load import load_all
from symderive.statements import Statement, Step

ENTRIES = {entry.id: entry for derivation in load_all() for entry in derivation.entries}
STATEMENTS = [entry for entry in ENTRIES.values() if isinstance(entry, Statement)]

#: Hypotheses that are the claim of another statement with good reason.
GOOD = {
    # They define the number κ or say that ζ solves the equation of isotropic data.
    ("global-minimum-weights", "layer-balance-share"),
    ("noise-transfer-attained-weights", "layer-balance-share"),
    *(
        (name, "several-outputs-equation")
        for name in (
            *("isotropic-layer-decay", "isotropic-loss", "isotropic-closed-form"),
            *("isotropic-closed-form-map", "isotropic-saddle-branch", "infinite-depth-collapse"),
            "transition-loss",
        )
    ),
    # A neighborhood, in which the claim holds; the other statement gives a ball within it.
    ("origin-local-minimum", "origin-radius"),
    # Its title begins with "If", and the next statement discharges it.
    ("third-derivative-bound-lower-if", "curvature-moments-strict"),
    # Two directions.
    ("decay-threshold-powers", "decay-threshold-roots"),
    ("decay-threshold-roots", "decay-threshold-powers"),
    ("largest-depth-upper", "largest-depth-lower"),
}


def supposed(statement: Statement) -> set[tuple[str, str]]:
    """Pairs of the statement and another one whose claim is among its hypotheses."""
    claims = {(x.relation, x.left, x.right, x.over) for x in statement.given}
    return {
        (statement.id, other.id)
        for other in STATEMENTS
        if (other.relation, other.left, other.right, other.over) in claims
    }


def test_no_statement_supposes_what_another_one_proves() -> None:
    found = {pair for statement in STATEMENTS for pair in supposed(statement)}
    assert found - GOOD == set()
    ifs = [statement.title for statement in STATEMENTS if statement.id.endswith("-if")]
    assert ifs
    assert all(title.startswith("If ") for title in ifs)


def test_one_that_does_is_noticed() -> None:
    proved, upper = ENTRIES["curvature-variance"], ENTRIES["curvature-bounds"]
    assert supposed(replace(upper, given=(*upper.given, proved.claim))) == {
        ("curvature-bounds", "curvature-variance")
    }
    assert supposed(upper) == set()


@pytest.mark.parametrize("name", ["curvature-bounds", "curvature-slope-lower", "third-derivative-bound"])
def test_bounds_on_the_curvature_are_stated_for_data(name: str) -> None:
    letters = {getattr(letter, "base", letter) for letter in ENTRIES[name].letters}
    assert sy.R not in letters
    assert {sy.v_entry, sy.a, sy.lam} <= letters
    assert f"{name}-data" not in ENTRIES


def test_small_decay_is_a_condition_on_the_data() -> None:
    """The hypothesis does not hold what the loss is made of: the form of A at v."""
    statement = ENTRIES["bad-origin-exists"]
    weak = statement.given[-1]
    assert not any(side.has(sy.a) or side.has(sy.v_entry) for side in (weak.left, weak.right))
    assert statement.left - statement.right != weak.left - weak.right


def test_the_map_of_several_outputs_is_stationary_by_hypothesis() -> None:
    for name in ("several-outputs-input", "several-outputs"):
        assert any(claim.right == 0 for claim in ENTRIES[name].given)
        assert not any(claim.left == ENTRIES["several-outputs-first"].left for claim in ENTRIES[name].given)


def test_rising_and_falling_are_told_apart() -> None:
    rises, falls = ENTRIES["spinodal-rises"], ENTRIES["spinodal-falls"]
    assert (rises.left, rises.right) == (falls.right, falls.left)
    assert rises.given[-1] == falls.given[-1]


@pytest.mark.parametrize("name", ["width", "noise", "depth"])
def test_limits_of_the_variance_speak_of_what_bounds_it(name: str) -> None:
    letters = {str(letter) for letter in ENTRIES[f"variance-{name}-limit"].letters}
    assert {"v[i]", "a[i]"} <= letters
    assert "Q" not in letters
    assert ENTRIES[f"variance-{name}-limit"] in ENTRIES["variance-limits"].rests_on


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("transition-global", "A = a I"),
        ("jump-order", "A = a I"),
        ("isotropic-bounds-brackets", r"spinodal of $a_{\max}$"),
    ],
)
def test_steps_say_what_they_assume(name: str, condition: str) -> None:
    step = ENTRIES[name]
    assert isinstance(step, Step)
    assert any(condition in words for words in step.conditions)


def test_titles_say_no_more_than_a_bound() -> None:
    for name in ("threshold-scaling", "threshold-scaling-spinodal"):
        assert "is bounded" in ENTRIES[name].title
    assert ENTRIES["several-outputs-bound"].title.startswith("If ")
