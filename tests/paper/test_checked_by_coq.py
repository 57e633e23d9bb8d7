"""What Coq has checked is said wherever a statement is told, and of no other statement."""

import json
from dataclasses import replace

import pytest

from symderive.coq.files import texts
from symderive.coq.marks import digest, written
from symderive.coq.sources import Sources
from symderive.coq.theory import theory
from symderive.library.formal import scripts, sections
from symderive.library.load import load
from symderive.paper import checked_by_coq, prose
from symderive.paper.assembly import assemble
from symderive.paper.depth import at_depth
from symderive.proofs.ledger import Ledger
from symderive.report.graph import graph_of
from symderive.writers.manifest import manifest
from symderive.writers.report import report

SECTION = "diagonal-bound"


@pytest.fixture(autouse=True)
def _recorded(monkeypatch):
    """A record by which Coq has checked the section as it is today, whatever the one that is kept says."""
    made = theory(sections(), only={SECTION})
    files = Sources(texts(made), written(scripts()))
    own = {
        "digest": digest("diagonal_bound", made, files),
        "axioms": ["Classical_Prop.classic"],
        "proved": [SECTION],
    }
    record = json.dumps({"coq": "8.16.1", "sections": {SECTION: own}, "by_hand": {}})
    monkeypatch.setattr(checked_by_coq, "scripts", lambda: {**scripts(), "checked.json": record})


def test_the_mark_is_printed():
    (section,) = assemble((load(SECTION),))
    (item,) = section.items
    assert item.coq is not None
    assert prose.proof(item).endswith("Checked by Coq.")
    assert prose.coq_note((section,)) == "Coq 8.16.1 has checked one statement, too, from the same records."
    assert "- Checked by Coq 8.16.1. The proofs of its section rest on" in report((section,))
    told = manifest((section,), digits=50, depth=None, files={})["statements"][SECTION]
    assert told["coq"] == {"version": "8.16.1", "axioms": ["Classical_Prop.classic"]}
    assert "Checked by Coq 8.16.1." in graph_of((section,)).nodes[0].details


def test_another_statement_has_none():
    derivation = load(SECTION)
    (statement,) = derivation.statements
    changed = replace(derivation, statements=(replace(statement, right=statement.right / 2),))
    (section,) = assemble((changed,))
    (item,) = section.items
    assert item.coq is None
    assert "Coq" not in prose.proof(item) + report((section,)) + prose.coq_note((section,))
    assert manifest((section,), digits=50, depth=None, files={})["statements"][SECTION]["coq"] is None


def test_an_instance_has_none():
    derivations, vocabulary = at_depth((load("norm-product"),), 2, None)
    items = [item for section in assemble(derivations, vocabulary=vocabulary) for item in section.items]
    assert items
    assert not any(item.coq for item in items)


def test_marks_are_kept_beside_the_ledger_and_lost_with_the_proof(monkeypatch, tmp_path):
    ledger = Ledger(tmp_path)
    for _ in range(2):
        (section,) = assemble((load(SECTION),), ledger=ledger)
        assert section.items[0].coq is not None
    other = {**checked_by_coq.scripts(), "diagonal_bound.v": "(* another proof *)"}
    monkeypatch.setattr(checked_by_coq, "scripts", lambda: other)
    (section,) = assemble((load(SECTION),), ledger=ledger)
    assert section.items[0].coq is None
