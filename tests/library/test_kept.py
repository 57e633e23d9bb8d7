"""What is kept beside the ledger: figures and formulas, made once, believed under their seal, and only as
long as the software is the same.  And what a name in a paper stands for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symderive import cli
from symderive import symbols as sy
from symderive.errors import InputError
from symderive.library import kept
from symderive.library.load import load
from symderive.paper import typesetting
from symderive.paper.assembly import Section, assemble
from symderive.paper.prose import assumptions
from symderive.proofs.ledger import Ledger
from symderive.statements import (
    Derivation,
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    derivation_at_depth,
)
from symderive.verdict import Verdict
from symderive.writers import figures

#: A short section with a figure that is quickly drawn.
NAME = "decay-threshold"
STEM = "figure-decay-threshold"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Figures are quickly drawn, and each says which one it is."""
    made: list[int] = []

    def draw(function: Callable[[Any], None]) -> dict[str, bytes]:
        made.append(len(made))
        return {"pdf": b"%d of %d" % (made[-1], id(function)), "svg": b"\xff"}

    monkeypatch.setattr(figures, "_draw", draw)
    return made


def section(derivation: Derivation) -> tuple[Section, ...]:
    return (Section(derivation, ()),)


# -- figures -------------------------------------------------------------------------------------------


@pytest.mark.ci
@pytest.mark.slow
def test_a_figure_is_that_of_the_first_time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    own = section(load(NAME))
    drawn = figures.drawn(own)
    assert figures.drawn(own, ledger) == drawn
    monkeypatch.setattr(figures, "_draw", None)  # it would fail if anything were drawn again
    assert figures.drawn(own, ledger) == drawn
    assert {name.rpartition(".")[2] for name in drawn} == {"pdf", "svg"}
    with pytest.raises(TypeError):
        figures.drawn(own)


def test_a_figure_is_drawn_once(ledger: Ledger, drawings: list[int]) -> None:
    first = figures.drawn(section(load(NAME)), ledger)
    assert figures.drawn(section(load(NAME)), ledger) == first
    assert drawings == [0]
    figures.drawn(section(load(NAME)))
    assert drawings == [0, 1]


def test_an_edited_figure_is_drawn_again(ledger: Ledger, drawings: list[int]) -> None:
    first = figures.drawn(section(load(NAME)), ledger)
    path = ledger.folder / "paper" / f"{STEM}.json"
    content = path.read_text()
    path.write_text(content.replace('"pdf": "', '"pdf": "A'))
    assert path.read_text() != content
    assert figures.drawn(section(load(NAME)), ledger) != first
    assert drawings == [0, 1]


def test_another_version_draws_again(
    ledger: Ledger, drawings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.drawn(section(load(NAME)), ledger)
    monkeypatch.setattr(kept, "_software", lambda _: "another")
    figures.drawn(section(load(NAME)), ledger)
    figures.drawn(section(load(NAME)), ledger)
    assert drawings == [0, 1]


def test_a_fresh_run_draws_again_and_keeps(ledger: Ledger, drawings: list[int]) -> None:
    figures.drawn(section(load(NAME)), ledger)
    again = figures.drawn(section(load(NAME)), Ledger(ledger.folder, fresh=True))
    assert drawings == [0, 1]
    assert figures.drawn(section(load(NAME)), ledger) == again


def test_a_figure_of_ones_own_is_drawn_every_time(ledger: Ledger, drawings: list[int]) -> None:
    """Nothing says what it rests on; not even under the id of one that is kept."""
    figures.drawn(section(load(NAME)), ledger)
    mine = replace(load(NAME), figures=(("mine", lambda _: None),))
    for derivation in (mine, replace(mine, id="mine")):
        for _ in range(2):
            figures.drawn(section(derivation), ledger)
    assert drawings == [0, 1, 2, 3, 4]
    assert [path.name for path in (ledger.folder / "paper").glob("*.json")] == [f"{STEM}.json"]


def test_the_same_figure_at_a_depth(ledger: Ledger, drawings: list[int]) -> None:
    first = figures.drawn(section(load(NAME)), ledger)
    assert figures.drawn(section(derivation_at_depth(load(NAME), 2)), ledger) == first
    assert drawings == [0]


def test_without_matplotlib_nothing_is_kept(ledger: Ledger) -> None:
    assert kept.Kept.beside(ledger, "matplotlib") is not None
    assert kept.Kept.beside(ledger, "no-such-package") is None
    assert kept.Kept.beside(None) is None


# -- formulas ------------------------------------------------------------------------------------------


def derivation(*statements: Statement) -> Derivation:
    return Derivation(id="mine", title="Mine", prose="A test.", statements=statements)


def square(name: str = "square", **changes: Any) -> Statement:
    parts: dict[str, Any] = {
        "id": name,
        "title": "A square",
        "left": (sy.c + 1) ** 2,
        "right": sy.c**2 + 2 * sy.c + 1,
        "given": (at_least(sy.c, 0),),
        "conditions": ("c is drawn",),
        "reference": "school",
        "proof": combine(),
        "near_misses": (NearMiss("no middle term", right=sy.c**2 + 1),),
    }
    return Statement(**parts | changes)


def test_a_formula_is_read_back_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first = assemble((derivation(square()),), ledger=ledger)
    monkeypatch.setattr(typesetting, "_typeset", None)
    assert assemble((derivation(square()),), ledger=ledger) == first
    words = assemble((derivation(square(title="Other", conditions=("c is known",))),), ledger=ledger)
    assert assumptions(words[0].items[0]) != assumptions(first[0].items[0])
    with pytest.raises(TypeError):
        assemble((derivation(square()),))
    with pytest.raises(TypeError):
        assemble((derivation(square(over=((sy.j, 1, sy.n),))),), ledger=ledger)


def test_one_that_does_not_read_back_stays_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_fault", lambda *_: "a sign is lost")
    for _ in range(2):
        ((item,),) = (x.items for x in assemble((derivation(square()),), ledger=ledger))
        assert (item.result.verdict, item.read_back) == (Verdict.UNDECIDED, False)
        assert "a sign is lost" in item.result.reason
        monkeypatch.setattr(typesetting, "_fault", lambda *_: None)
    ((item,),) = (x.items for x in assemble((derivation(square()),)))
    assert (item.result.verdict, item.read_back) == (Verdict.PROVED, True)


def test_two_processes_say_what_one_says(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    many = derivation(
        *(square(f"square-{number}", left=(sy.c + 1) ** 2 + 0 * number) for number in range(6))
    )
    spread = assemble((many,), ledger=ledger)
    monkeypatch.setattr("symderive.processes.FEWEST", 1_000)
    assert assemble((many,)) == assemble((many,), ledger=ledger) == spread
    assert [item.id for item in spread[0].items] == [x.id for x in many.statements]


# -- names ---------------------------------------------------------------------------------------------


HELPER = Statement(
    id="square",
    title="A helper",
    left=sy.j,
    right=0,
    relation=Relation.GREATER,
    over=((sy.j, 1, sy.n),),
    reference="counting",
    proof=combine(plus=sy.j),
    near_misses=(NearMiss("above one", right=1),),
)


def user(helper: Statement) -> Statement:
    return Statement(
        id="positive",
        title="A width is positive",
        left=sy.n,
        right=0,
        relation=Relation.GREATER,
        reference="counting",
        proof=combine(Use(helper, where={sy.j: sy.n})),
        near_misses=(NearMiss("above one", right=1),),
    )


def test_a_helper_is_proved_with_the_others() -> None:
    helper = replace(HELPER, id="helper")
    mine, used = assemble((derivation(square(), user(helper)),))
    assert [item.id for item in used.items] == ["helper"]
    assert {item.result.verdict for item in (*mine.items, *used.items)} == {Verdict.PROVED}


@pytest.mark.parametrize(
    "statements",
    [
        (square(), user(HELPER)),
        (user(HELPER), square()),
        (user(HELPER), replace(user(replace(HELPER, left=2 * sy.j)), id="other")),
        (square(), user(replace(HELPER, id="helper", proof=combine(Use(HELPER), plus=sy.j)))),
    ],
)
def test_a_helper_is_not_printed_as_another_of_its_name(statements: tuple[Statement, ...]) -> None:
    with pytest.raises(InputError, match="a proof rests on a statement called 'square'"):
        assemble((derivation(*statements),))


def test_a_copy_of_a_statement_is_that_statement() -> None:
    listed = replace(HELPER)
    assert listed is not HELPER
    (mine,) = assemble((derivation(listed, user(HELPER)),))
    assert mine.items[1].uses == ("square",)


def test_the_general_form_of_a_listed_statement_has_its_name() -> None:
    (special, *_) = assemble((derivation_at_depth(load("lower-bound"), 2),))
    assert "lower-bound" in {item.id for item in special.items}


# -- the command ---------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def invoke(*options: str) -> dict[str, bytes]:
        out = tmp_path / "paper"
        arguments = ["symderive", "derive", NAME, "--no-pdf", "--out", str(out), *options]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 0
        return {str(path): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}

    return invoke


@pytest.mark.ci
@pytest.mark.slow
def test_a_fresh_run_fills_the_ledger(
    run: Callable[..., dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a run that takes all from there writes the same bytes."""
    fresh = run("--fresh")
    for name in ("proofs.prover._verdict", "paper.typesetting._typeset", "writers.figures._draw"):
        monkeypatch.setattr(f"symderive.{name}", None)
    assert run() == fresh
    with pytest.raises(TypeError):
        run("--fresh")
