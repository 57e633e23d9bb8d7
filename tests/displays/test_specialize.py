"""Displays at a number of layers: what becomes of them, and that they say what the statements say there."""

from dataclasses import replace

import pytest
from oracles.sampled import fewer, some

from symderive import symbols as sy
from symderive.displays.depth import derivation_at_depth, entry_at_depth, vocabulary_at_depth
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.specialize import at_depth, truth
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.library.load import load, load_all, vocabulary_of
from symderive.proofs.displayed import check_display

VOCABULARY = vocabulary_of(())
HEADS = Reading(VOCABULARY).functions
SHOWN = [(home, entry) for home in load_all() for entry in home.entries if entry.display is not None]

DEPTHS = (1, 2, 5)

#: At one layer a vector with an entry for each layer is a number, which does not fit where it stands.
REFUSED = {(1, "hessian-index")}


def special(text, depth):
    return to_tex(at_depth(read(text, HEADS), depth))


def same(text, depth, other):
    return at_depth(read(text, HEADS), depth) == read(other, HEADS)


@pytest.mark.parametrize(
    ("text", "depth", "expected"),
    [
        (r"T_{D} v", 2, r"T_{2} v"),
        (r"e_{D-1}", 2, r"e_{1}"),
        (r"(D + 1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}", 2, r"3 \bar{\gamma} \lVert m \rVert^{2/3}"),
        (r"(D + 1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}", 1, r"2 \bar{\gamma} \lVert m \rVert"),
        (r"D \tau \lambda^{-1/D}", 1, r"\tau \lambda^{-1}"),
        (r"D \tau \lambda^{-1/D}", 2, r"2 \tau \lambda^{-1/2}"),
        (r"\lambda^{(D+1)/D}", 3, r"\lambda^{4/3}"),
        (r"\frac{2 D}{D + 1}", 2, r"\frac{4}{3}"),
        (r"\frac{2 D x}{D + 1}", 3, r"\frac{3 x}{2}"),
        (r"\frac{(D-1)^{D-1}}{D^{2 D}} x", 2, r"\frac{1}{16} x"),
        (r"c + (D - 1) x", 1, "c"),
        (r"c - (D - 1) x", 2, "c - x"),
        (r"(D - 2) x", 1, "-x"),
        (r"D - x", 1, "1 - x"),
        (r"x + D + 1", 2, "x + 3"),
        (r"x - (D + y)", 2, "x - 2 - y"),
        (r"\sum_{i=1}^{D} \gamma_{i} x", 2, r"\gamma_{1} x + \gamma_{2} x"),
        (r"\sum_{i=1}^{D} \gamma_{i} x", 5, r"\sum_{i=1}^{5} \gamma_{i} x"),
        (r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2} / d_{i})", 1, r"1 + \frac{\sigma_{1}^{2}}{d_{1}}"),
        (r"2 \prod_{i=1}^{D} \gamma_{i}", 3, r"2 \gamma_{1} \gamma_{2} \gamma_{3}"),
        (r"\sum_{i=1}^{D-1} \lVert W_{i} \rVert_{F}^{2}", 1, "0"),
        (r"x \prod_{i=1}^{D-1} \gamma_{i}", 1, "x"),
        (r"\left(\bigoplus_{i=1}^{D} \gamma_{i} I\right) \oplus \gamma_{u} I", 2,
         r"\gamma_{1} I \oplus \gamma_{2} I \oplus \gamma_{u} I"),
        (r"\sum_{i=1}^{D} \sum_{k=1}^{i} \gamma_{k}", 2, r"\gamma_{1} + \gamma_{1} + \gamma_{2}"),
        (r"D \ge 2", 3, r"3 \ge 2"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_display(text, depth, expected):
    assert same(text, depth, expected)
    assert read(special(text, depth), HEADS) == at_depth(read(text, HEADS), depth)


def test_near_misses_are_told_apart():
    assert not same(r"\lambda^{(D+1)/D}", 3, r"\lambda^{3/4}")
    assert not same(r"\sum_{i=1}^{D} \gamma_{i}", 2, r"\gamma_{1} \gamma_{2}")
    assert not same(r"T_{D}", 2, r"T_{1}")


@pytest.mark.parametrize(
    "text", [r"2 \cdot 3 x", r"\frac{4}{2} y", r"x^{1}", r"\prod_{i=1}^{2} \gamma_{i}"]
)
def test_what_does_not_speak_of_the_depth_stays_as_it_is(text):
    assert at_depth(read(text, HEADS), 2) == read(text, HEADS)


def test_a_bound_depth_is_not_the_depth():
    assert same(r"\lim_{D \to \infty} D x", 3, r"\lim_{D \to \infty} D x")
    assert same(r"\sum_{D=1}^{D} D", 2, r"3")  # its range lies outside


@pytest.mark.parametrize("depth", [0, -1, True, 1.5])
def test_depths_that_are_none(depth):
    with pytest.raises(InputError, match="depth"):
        at_depth(read("D"), depth)


def test_a_direct_sum_over_no_layer_says_nothing():
    with pytest.raises(InputError, match="says nothing"):
        at_depth(read(r"\bigoplus_{i=1}^{D-1} \gamma_{i} I", HEADS), 1)


@pytest.mark.parametrize(
    ("text", "holds"),
    [(r"2 \ge 2", True), (r"1 \ge 2", False), (r"1 < 2 \le 2", True), (r"3 = 1", False), (r"n \ge 2", None),
     (r"n \ge 2 > 3", False), ("n", None)],
)  # fmt: skip
def test_claims_about_numbers(text, holds):
    assert truth(read(text, HEADS)) is holds


# -- statements --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("depth", DEPTHS)
def test_displays_say_what_the_statements_say_at_a_depth(depth):
    """A few entries by turns at one of the depths; in CI each at one, in a thorough run at all of them."""
    vocabulary = vocabulary_at_depth(VOCABULARY, depth)
    checked, refused = 0, set()
    tried = some((entry for _, entry in SHOWN), 7 * len(DEPTHS), DEPTHS.index(depth), ci=len(DEPTHS))
    for entry in tried:
        if check_display(entry, VOCABULARY).verdict == "refused":
            continue
        made = entry_at_depth(entry, VOCABULARY, depth)
        if made is not None and made.display is not None:
            checked += 1
            if check_display(made, vocabulary).verdict == "refused":
                refused.add((depth, entry.id))
    ids = {entry.id for entry in tried}
    assert refused == {known for known in REFUSED if known[0] == depth and known[1] in ids}
    assert checked > len(tried) / fewer(3, 2)
    assert len(tried) > fewer(5, 30)


@pytest.mark.parametrize(
    ("id_", "right", "wrong"),
    [
        ("loss", "T_{2}", "T_{1}"),
        ("decay-bound", "3 ", "2 "),
        ("decay-bound", "2/3", "3/2"),
        ("decay-bound", r"\gamma_{2}", r"\gamma_{1}"),
        ("noise-second-moment", "h_{2}", "h_{1}"),
    ],
)
def test_a_display_for_another_depth_is_refused(id_, right, wrong):
    entry = next(entry for _, entry in SHOWN if entry.id == id_)
    made = entry_at_depth(entry, VOCABULARY, 2)
    vocabulary = vocabulary_at_depth(VOCABULARY, 2)
    assert check_display(made, vocabulary).verdict == "proved"
    assert right in made.display.tex
    changed = replace(made, display=replace(made.display, tex=made.display.tex.replace(right, wrong, 1)))
    assert check_display(changed, vocabulary).verdict == "refused"
    assert check_display(made, VOCABULARY).verdict == "refused" or id_ == "noise-second-moment"


def test_hypotheses_that_hold_at_the_depth_are_not_printed():
    entry = next(entry for _, entry in SHOWN if entry.id == "origin-ball")
    assert r"D \ge 2" in entry.display.given
    assert not any("ge 2" in text for text in entry_at_depth(entry, VOCABULARY, 2).display.given)
    assert entry_at_depth(entry, VOCABULARY, 1) is None


def test_a_derivation_leaves_out_what_says_nothing():
    derivation = load("origin-local-minimum")
    general = {entry.id for entry in derivation.entries}
    assert {entry.id for entry in derivation_at_depth(derivation, VOCABULARY, 2).entries} == general
    assert "origin-ball" not in {x.id for x in derivation_at_depth(derivation, VOCABULARY, 1).entries}


def test_the_vocabulary_keeps_its_names():
    vocabulary = vocabulary_at_depth(VOCABULARY, 2)
    assert [entry.tex for entry in vocabulary.entries] == [entry.tex for entry in VOCABULARY.entries]
    sizes = {entry.tex: entry.shape for entry in vocabulary.entries if hasattr(entry, "shape")}
    assert sizes["U"] == (1, sy.d[2])
