"""What the section of facts used says that the paper rests on: theorems applied in words among it."""

from __future__ import annotations

from dataclasses import replace

from symderive.library.load import load, load_all
from symderive.paper.assembly import assemble, with_facts
from symderive.paper.prose import proof
from symderive.proofs.ledger import Ledger


def test_the_steps_in_words_are_counted_and_their_theorems_named() -> None:
    derivations = load_all()
    *_, borrowed = with_facts(derivations)
    assert borrowed.id == "facts-used"
    steps = [step for derivation in derivations for step in derivation.steps]
    assert f"{len(steps)} steps are in words" in borrowed.prose
    assert all(step.theorem in borrowed.prose for step in steps)
    for name in ("Sylvester", "Rolle", "Pringsheim", "von Neumann", "Horn"):
        assert name in borrowed.prose
    assert "nothing else" not in borrowed.prose


def test_without_steps_no_word_is_said_of_them() -> None:
    derivation = load("lower-bound")
    assert not derivation.steps
    _, borrowed = with_facts((derivation,))
    assert borrowed.id == "facts-used"
    assert "in words" not in borrowed.prose
    assert "Rolle" not in borrowed.prose


def test_what_a_display_rests_on_is_told() -> None:
    """Also where the section does not hold it, so that references to it lead somewhere."""
    derivation = load("decay-bound")
    assert not derivation.steps
    sections = assemble((derivation,), ledger=Ledger())
    told = {entry.id: entry for section in sections for entry in section.entries}
    assert "norm-product-alive" in told
    (item,) = (entry for entry in sections[0].items if entry.id == "decay-bound")
    assert "[[statement:norm-product-alive]]" in proof(item)
    assert "rests on" not in proof(replace(item, display=replace(item.display, because=())))
    assert "in words" in with_facts((derivation,))[-1].prose


def test_what_the_display_of_something_borrowed_rests_on_is_told() -> None:
    derivations = with_facts((load("bad-origin-exists"),))
    told = {entry.id for derivation in derivations for entry in derivation.entries}
    assert {"decay-bound", "norm-product-alive"} <= told
    assert len(told) == sum(len(derivation.entries) for derivation in derivations)
