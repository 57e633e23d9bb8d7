"""The main text: what it points at exists, what it displays is proved, and an error in it is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from oracles.sampled import some
from symderive.derivations.main_text import DOCUMENT
from symderive.derivations.minima.bad_origin_exists import LOSS_OF_STEP
from symderive.derivations.minima.one_hidden_layer_convex import CONVEX
from symderive.derivations.minima.one_hidden_layer_threshold import THRESHOLD
from symderive.derivations.reduction.global_minimum import GLOBAL_MINIMUM, WEIGHTS_OF_MAP
from symderive.derivations.reduction.lower_bound import SECOND_MOMENT_BOUND
from symderive.derivations.ridge.effective_ridge import EQUATION, NORM_IN_BASIS, STATIONARY_POINTS
from symderive.derivations.ridge.minimum_value import VALUE_AT_ROOT
from symderive.derivations.vocabulary import VOCABULARY

from symderive.library.load import load_all
from symderive.paper.bibliography import works
from symderive.proofs.defined import check_definition, check_letter
from symderive.proofs.displayed import check_display
from symderive.statements import Statement
from symderive.statements.display import Definition
from symderive.statements.document import Figure, Part, Proven, Supposed, Tabular, Theorem

PARTS = (*DOCUMENT.parts, *DOCUMENT.appendices)


def blocks() -> Iterator[Any]:
    for part in PARTS:
        yield from part.blocks


def texts() -> Iterator[str]:
    yield DOCUMENT.abstract
    for block in blocks():
        match block:
            case str():
                yield block
            case Theorem():
                yield from (part for part in block.body if isinstance(part, str))
                yield block.proof or ""
            case Proven():
                yield from (f"[[{block.of}]]", *block.text)
            case Tabular():
                yield from (block.caption, *(cell for row in block.rows for cell in row))
            case Figure():
                yield block.caption


THEOREMS = [block for block in blocks() if isinstance(block, Theorem)]
SHOWN = {claim.id: claim for theorem in THEOREMS for claim in theorem.claims}


def test_every_work_can_be_read_and_has_who_wrote_what_when() -> None:
    for work in works(DOCUMENT.references):
        assert all(work.plain(name) for name in ("author", "title", "year")), work.key


def test_every_claim_of_the_main_text_has_a_display_and_is_told_by_a_section() -> None:
    told = {entry.id: entry for derivation in load_all() for entry in derivation.entries}
    assert len(SHOWN) == sum(len(theorem.claims) for theorem in THEOREMS)
    for id_, claim in SHOWN.items():
        assert claim.display is not None, id_
        assert told[id_] == claim
    supposed = [part for theorem in THEOREMS for part in theorem.body if isinstance(part, Supposed)]
    assert all(part.statement.id in SHOWN for part in supposed)


@pytest.mark.parametrize("name", some(SHOWN, 3, ci=1))
def test_displays_are_proved(name: str) -> None:
    found = check_display(SHOWN[name], VOCABULARY)
    assert found.verdict == ("proved" if isinstance(SHOWN[name], Statement) else "in words"), found.reason


def test_letters_and_definitions_unfold() -> None:
    for entry in VOCABULARY.entries:
        check: Any = check_definition if isinstance(entry, Definition) else check_letter
        assert check(entry, VOCABULARY) == "", entry.tex
    layers = next(entry for entry in VOCABULARY.entries if entry.tex == "M_{i}")
    wrong = replace(layers, defined=(layers.defined[0], r"M_{i} = S_{i} + \operatorname{Diag}(S_{i})"))
    assert "M_{i}" in check_letter(wrong, VOCABULARY)


@pytest.mark.parametrize(
    ("statement", "change"),
    some(
        [
            (CONVEX, {"where": ("D = 2",)}),
            (CONVEX, {"where": ()}),
            (CONVEX, {"given": CONVEX.display.given[1:]}),
            (THRESHOLD, {"where": ("D = 2",)}),
            (THRESHOLD, {"tex": "F(m) > c"}),
            (LOSS_OF_STEP, {"given": LOSS_OF_STEP.display.given[1:]}),
            (WEIGHTS_OF_MAP, {"given": WEIGHTS_OF_MAP.display.given[1:]}),
            (GLOBAL_MINIMUM, {"given": ()}),
            (GLOBAL_MINIMUM, {"because": ()}),
            (GLOBAL_MINIMUM, {"where": (r"m = 2 (U T_{D})^{\top}",)}),
            (SECOND_MOMENT_BOUND, {"tex": r"M_{D} \succeq T_{D} A T_{D}^{\top}"}),
            (SECOND_MOMENT_BOUND, {"tex": r"M_{D} \preceq \rho T_{D} A T_{D}^{\top}"}),
            (STATIONARY_POINTS, {"tex": r"\nabla F(m) = 0 \iff m = (\rho A + 2 \lambda I)^{-1} v"}),
            (STATIONARY_POINTS, {"given": STATIONARY_POINTS.display.given[:1]}),
            (EQUATION, {"given": ()}),
            (VALUE_AT_ROOT, {"tex": r"F(m) = c - v^{\top} m + \lambda \lVert m \rVert^{2}"}),
            (
                NORM_IN_BASIS,
                {"tex": r"\lVert w \rVert = \lVert (\rho \Lambda + \lambda I)^{-1} B v \rVert^{2}"},
            ),
        ],
        3,
        ci=1,
    ),
)
def test_a_display_that_errs_is_refused(statement: Statement, change: dict[str, Any]) -> None:
    found = check_display(replace(statement, display=replace(statement.display, **change)), VOCABULARY)
    assert found.verdict == "refused"
    assert found.reason


def test_every_theorem_is_proved_once() -> None:
    apart = [block.of for block in blocks() if isinstance(block, Proven)]
    assert len(set(apart)) == len(apart)
    assert set(apart) == {theorem.id for theorem in THEOREMS if theorem.proof is None}


def test_references_and_citations_are_known() -> None:
    known = {entry.id for derivation in load_all() for entry in (derivation, *derivation.entries)}
    own = [part.id for part in PARTS] + [block.id for block in blocks() if hasattr(block, "id")]
    assert len(set(own)) == len(own)
    assert not set(own) & known
    keys = dict(DOCUMENT.references)
    for text in texts():
        pointed = {id_.strip() for ids in re.findall(r"\[\[([^\]]*)\]\]", text) for id_ in ids.split(",")}
        assert pointed <= known | set(own) | {"proofs", "ledger"}, text
        for cited in re.findall(r"\[@([^\]]*)\]", text):
            assert {key.strip().lstrip("@") for key in cited.split(",")} <= set(keys), text


def test_nothing_is_summed_over_neurons_in_the_main_text() -> None:
    """Sums run over layers, over k, or over the modes p of several outputs."""
    for part in DOCUMENT.parts:
        assert isinstance(part, Part)
    for claim in SHOWN.values():
        sums = re.findall(r"\\sum_\{([^}]*)\}(?:\^\{([^}]*)\})?", claim.display.tex)
        assert all(high in ("D", "D + 1") or low[0] in "kp" for low, high in sums), claim.id
