"""What somebody has written, at a number of hidden layers: which displays, which theorems, which names."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from symderive import cli
from symderive.library.load import load
from symderive.paper.assembly import Section, assemble
from symderive.paper.contents import contents
from symderive.paper.depth import at_depth
from symderive.paper.document_depth import document_at_depth
from symderive.proofs.ledger import Ledger
from symderive.proofs.prover import prove
from symderive.statements.display import Vocabulary
from symderive.statements.document import (
    Assumption,
    Defined,
    Document,
    Figure,
    Part,
    Replayed,
    Tabular,
    Theorem,
)
from symderive.statements.paper_claim import PaperClaim
from symderive.statements.specialize import at_depth as statement_at_depth
from symderive.verdict import Verdict
from symderive.writers.markdown import markdown

pytestmark = pytest.mark.slow

IDS = ("decay-bound", "origin-local-minimum", "one-hidden-layer-convex", "norm-product")
GENERAL = tuple(map(load, IDS))
BOUND = load("decay-bound").statements[-1]
CONVEX = load("one-hidden-layer-convex").statements[0]
BALL = next(x for x in load("origin-local-minimum").statements if x.id == "origin-ball")

BOTH = Theorem(
    id="both",
    kind="theorem",
    name="costs",
    body=("A map costs", BOUND, "and near the origin, at two layers or more,", BALL, "so that it is one."),
    proof="By [[deep, wide]].",
)
DEEP = Theorem(id="deep", kind="lemma", name="deep networks", body=("It is", BALL))
WIDE = Theorem(id="wide", kind="lemma", name="shallow networks", body=("It is", CONVEX))

PAPER = Document(
    title="Costs",
    abstract="Of [[deep]].",
    parts=(
        Part(
            id="start",
            title="Start",
            blocks=(
                "Write",
                Defined(names=(r"\bar{\gamma}",)),
                "Here $D$ is the depth; see [[deep, wide]] and [[origin-ball]].",
                Assumption(id="noise", name="noise", text="None; see [[deep]]."),
                BOTH,
                Figure(id="curve", caption="Of [[wide]].", draw=(lambda ax: ax.plot([0, 1]),)),
                Tabular(id="signs", caption="Of [[wide]].", header=("a",), rows=(("[[deep]]",),)),
            ),
        ),
    ),
    appendices=(Part(id="more", title="More", blocks=(WIDE, "It ends.")),),
)

#: The same with the ball in a theorem of its own, which alone is void at one layer.
SPLIT = Document(
    title="Costs",
    abstract="",
    parts=(Part(id="start", title="Start", blocks=("See [[deep, wide]].", DEEP, WIDE)),),
)


@cache
def assembled(depth: int) -> tuple[tuple[Section, ...], Vocabulary]:
    special, vocabulary = at_depth(GENERAL, depth, Ledger())
    return assemble(special, ledger=Ledger(), vocabulary=vocabulary), vocabulary


def written(document: Document, depth: int) -> str:
    sections, vocabulary = assembled(depth)
    made = document_at_depth(document, GENERAL, sections, vocabulary, depth)
    return markdown(contents(sections, digits=50, document=made, vocabulary=vocabulary))


def main_of(text: str) -> str:
    return text[: text.index("A. Proofs")]


@pytest.mark.ci
def test_displays_are_those_of_the_depth() -> None:
    text = main_of(written(SPLIT, 3))
    assert "# Costs, at $`D = 3`$" in text
    assert "Displays and statements are those at $`D = 3`$; the text is of every depth." in text
    assert not re.search(r"```math[^`]*\bD\b", text), "no display speaks of the depth"
    # the theorem about one layer says nothing here, and its name stands where it was pointed at
    assert "Lemma 2" not in text
    assert "See [Lemma 1](#th-deep) and the lemma on shallow networks (nothing at $`D = 3`$)." in text


@pytest.mark.ci
def test_at_one_layer_others_are_left_out() -> None:
    text = main_of(written(SPLIT, 1))
    assert "See [Lemma 1](#th-wide) and the lemma on deep networks (nothing at $`D = 1`$)." in text
    assert r"\alpha \, F(m)" in text or r"\alpha F(m)" in text


@pytest.mark.ci
def test_one_claim_of_several_is_left_out_with_a_sentence() -> None:
    document = Document(
        title="Costs", abstract="", parts=(Part(id="start", title="Start", blocks=(BOTH, WIDE)),)
    )
    text = main_of(written(replaced(document), 1))
    assert "at two layers or more, (this says nothing at $`D = 1`$) so that it is one." in text
    assert r"\ge 2 \bar{\gamma} \, \lVert m \rVert" in text
    text = main_of(written(replaced(document), 3))
    assert "this says nothing" not in text
    assert r"\ge 4 \bar{\gamma} \, \lVert m \rVert^{1/2}" in text


def replaced(document: Document) -> Document:
    """Without the proof that points at what this document does not have."""
    part = document.parts[0]
    blocks = tuple(replace(x, proof="") if isinstance(x, Theorem) else x for x in part.blocks)
    return replace(document, parts=(replace(part, blocks=blocks),))


@pytest.mark.ci
def test_every_text_points_at_something() -> None:
    """In assumptions, captions, cells, proofs and the abstract."""
    alone = replace(BOTH, body=("A map costs", BOUND))
    blocks = (*(alone if x is BOTH else x for x in PAPER.parts[0].blocks), DEEP)
    whole = replace(PAPER, parts=(replace(PAPER.parts[0], blocks=blocks),))
    for depth, gone, there in ((1, "deep", "wide"), (2, "shallow", "deep")):
        text = written(whole, depth)
        main = main_of(text)
        assert f"the lemma on {gone} networks (nothing at $`D = {depth}`$)" in main
        assert f"(#th-{there})" in main
        anchors = re.findall(r'<a id="([^"]*)"></a>', text)
        assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= set(anchors)
    assert "“" in main_of(written(whole, 1)), "the statement that is void is named by its title"


def test_the_command_writes_the_paper_at_a_depth(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def call(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["symderive", "derive", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return int(stop.value.code or 0)

    file, folder = tmp_path / "mine.py", tmp_path / "paper"
    assert call("--new", file) == 0
    assert call(file, "--depth", 2, "--out", folder, "--no-pdf", "--format", "md") == 0
    text = (folder / "paper.md").read_text(encoding="utf-8")
    assert text.startswith("# Ridge regression shrinks, at $`D = 2`$\n")
    assert '## <a id="sec-shrinking"></a>1. Shrinking' in text


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize(
    ("section", "name", "first"),
    [
        ("bad-origin-exists", "bad-origin-small-decay", 1),
        ("bad-origin-exists", "bad-origin-decay", 1),
        ("infinite-depth-catalan", "infinite-depth-collapse", 4),
    ],
)
def test_statements_are_proved_where_they_say_something(
    section: str, name: str, first: int, depth: int
) -> None:
    statement = next(x for x in load(section).statements if x.id == name)
    special = statement_at_depth(statement, depth)
    if depth < first:
        assert special is None
        return
    assert special is not None
    assert prove(special).verdict is Verdict.PROVED
    other = replace(special, left=special.right, right=special.left + 1)
    assert prove(other).verdict is not Verdict.PROVED


def test_the_claims_of_another_paper_are_of_every_depth() -> None:
    claims = Replayed(id="claims", caption="Claims.", claims=(PaperClaim(id="one", wording="It is."),))
    document = replace(SPLIT, parts=(Part(id="start", title="Start", blocks=("See [[claims]].", claims)),))
    text = main_of(written(document, 1))
    assert "See the table of claims (nothing at" in text
    assert "the paper of all depths tells them" in text
    assert "It is." not in text
