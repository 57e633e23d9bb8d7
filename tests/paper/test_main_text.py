"""Papers that somebody has written: theorems of displays, references, numbers, appendices, classes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symderive.errors import InputError
from symderive.library.load import document_of, load, load_all, vocabulary_of
from symderive.paper import checked_displays
from symderive.paper.assembly import FACTS_USED, Section, assemble
from symderive.paper.blocks import Heading, Paper
from symderive.paper.contents import contents
from symderive.paper.definitions import used
from symderive.proofs.displayed import Displayed
from symderive.proofs.ledger import Ledger
from symderive.statements import Derivation
from symderive.statements.display import Definition, Letter
from symderive.statements.document import (
    Assumption,
    Counted,
    Defined,
    Document,
    Figure,
    Part,
    Proven,
    Supposed,
    Tabular,
    Theorem,
)
from symderive.statements.proof import AXIOM
from symderive.symbols import lam
from symderive.verdict import Verdict
from symderive.writers.convert import to_html, to_typst
from symderive.writers.figures import drawn
from symderive.writers.markdown import markdown
from symderive.writers.output import write_paper
from symderive.writers.style import Style
from symderive.writers.tex import document, fragments, notation

pytestmark = pytest.mark.slow

LOWER, DECAY, DIAGONAL = load("lower-bound"), load("decay-bound"), load("diagonal-bound")
BOUND, PENALTY = LOWER.statements[-1], DECAY.statements[-1]
(HALVED,) = DIAGONAL.statements
WORDS = next(step for derivation in load_all() for step in derivation.steps if step.display is not None)

NOISE = Assumption(id="noise", name="noise", text="The noise of all neurons is independent.")
SIZES = Assumption(id="sizes", name="sizes", text=r"$Q \succeq 0$.", kind="Setting")

FIGURE = Figure(id="curve", caption="A curve, as in [[main]].", draw=(lambda ax: ax.plot([0, 1]),) * 2)

MAIN = Theorem(
    id="main",
    kind="theorem",
    name="bounds",
    assumes=(NOISE, SIZES),
    body=("The data cost at least", BOUND, r"for every map, and the decay", PENALTY, "Besides,", HALVED),
    rests_on=(LOWER.statements[0],),
)

OTHER = replace(
    MAIN, id="other", kind="corollary", body=("There is nothing to say.",), proof="By [[main]]."
)

PAPER = Document(
    title="A small paper of $L$",
    abstract="Bounds [@ab].",
    parts=(
        Part(
            id="start",
            title="Setting",
            blocks=(
                "We follow [@zz]. Put",
                Defined(names=(r"\rho", "F(m)")),
                "Then [[main]] holds, and [[start, end]] say more; so do [[noise, sizes]] and [[curve]].",
                NOISE,
                SIZES,
                MAIN,
                FIGURE,
                Tabular(id="table", caption="What is.", header=("a", "b"), rows=(("1", r"$\rho$"),)),
            ),
        ),
        Part(id="end", title="End", blocks=(OTHER, "By [[table]] and [[lower-bound]].")),
    ),
    appendices=(Part(id="more", title="More", blocks=("See [[proofs]].",)),),
    references=(
        ("zz", "@misc{zz, author = {Zed, Z.}, title = {Last}, year = 2001}"),
        ("ab", "@misc{ab, author = {Abel, A.}, title = {First}, year = 2000}"),
        ("no", "@misc{no, author = {Never, N.}, title = {Not cited}, year = 2000}"),
    ),
)


@pytest.fixture(scope="module")
def sections() -> tuple[Section, ...]:
    chosen = (load("noise-second-moment"), load("norm-product"), LOWER, DECAY, DIAGONAL)
    return assemble(chosen, ledger=Ledger())


def made(sections: Any, paper: Document = PAPER) -> Paper:
    return contents(sections, digits=50, document=paper)


def with_body(*body: Any, **changes: Any) -> Document:
    """The paper with another body of its theorem."""
    theorem = replace(MAIN, body=body, **changes)
    return replace(PAPER, parts=(replace(PAPER.parts[0], blocks=(NOISE, SIZES, theorem)),), abstract="")


def test_a_theorem_in_tex(sections: tuple[Section, ...]) -> None:
    source = document(made(sections), Style())
    start = source.index(r"\begin{theorem}")
    theorem = source[start : source.index(r"\end{theorem}")]
    assert theorem.startswith(
        r"\begin{theorem}[{bounds; under Assumption~\ref{as:sd:noise} and Setting~\ref{as:sd:sizes}}]"
        r"\label{th:sd:main}"
    )
    assert r"\input{equations/lower-bound}%" in theorem
    # what the assumption says is not said again, the rest is
    assert r"if $m \ne 0$, then" in theorem
    assert r"Q \succeq 0" not in theorem
    assert r"\begin{proof}See Appendix~\ref{sec:sd:proofs}.\end{proof}" in source
    assert r"By Table~\ref{tab:sd:table} and \eqref{eq:sd:lower-bound}." in source
    assert r"Sections~\ref{sec:sd:start} and \ref{sec:sd:end}" in source
    assert r"\newtheorem{assumptionsetting}[assumption]{Setting}" in source
    assert r"\cite{zz}" in source
    assert source.count(r"\bibliography{references}") == 1
    assert r"\cref" not in source


def test_fragments_end_as_the_sentence_goes_on(sections: tuple[Section, ...]) -> None:
    files = fragments(made(sections), sections, Style())
    assert re.search(r"\\top}\s*\\label{eq:sd:lower-bound}", files["equations/lower-bound.tex"])
    # the map is defined beside the first bound, and not again beside the second
    assert "m = (U T_{D})" in files["equations/lower-bound.tex"]
    # its last word is proved but for a step, and says so
    note = r"\\quad \\text{\\normalfont\\footnotesize\(partly in words\)}"
    ending = rf"\(D\+1\)}}\. {note}\s*\\label{{eq:sd:decay-bound}}"
    assert re.search(ending, files["equations/decay-bound.tex"])
    assert set(files) >= {f"equations/{x.id}.tex" for section in sections for x in section.items}
    # the ledger has it in entries
    assert r"\sum_{" in files["ledger/lower-bound.tex"]
    assert r"\sum_{" not in files["equations/lower-bound.tex"]
    labels = [label for text in files.values() for label in re.findall(r"\\label\{([^}]*)\}", text)]
    assert len(labels) == len(set(labels))
    assert all(re.fullmatch(r"[a-z0-9:-]+", label) for label in labels)


def test_a_step_is_marked(sections: tuple[Section, ...]) -> None:
    also = next(x for x in load_all() if WORDS in x.steps)
    paper = with_body("So it is:", WORDS, rests_on=())
    assert r"\quad \text{(in words)}" in markdown(made(assemble((also,)), paper))
    assert "(in words)" not in markdown(made(sections))


def test_what_is_only_said_is_not_supposed_twice(sections: tuple[Section, ...]) -> None:
    said = markdown(made(sections, with_body(r"Let $m \neq 0$. Then", PENALTY)))
    assert r"if $`m \ne 0`$, then" not in said.lower()
    supposed = markdown(made(sections, with_body("Suppose that", Supposed(PENALTY), "Then", PENALTY)))
    assert "```math\nm \\ne 0.\n```" in supposed
    assert r"If $`m \ne 0`$" not in supposed
    assert r"If $`m \ne 0`$, then" in markdown(made(sections, with_body(PENALTY)))


def test_what_one_display_supposes_is_not_left_out_of_the_next() -> None:
    barrier = load("nonlinear-barrier")
    by_id = {entry.id.removeprefix("nonlinear-barrier-"): entry for entry in barrier.entries}
    shown = (by_id["positive"], by_id["rises"], by_id["peak"], "so that", by_id["origin"])
    text = markdown(made(assemble((barrier,), ledger=Ledger()), with_body(r"Let $D \ge 2$. Then", *shown)))
    body = text[: text.index("*Proof.*")].replace(r"\lt  ", "< ")
    below_zero, below_top = r"$`S < S_{\mathrm{zero}}`$", "$`S < S_{0}`$"
    assert body.count(below_zero) == 2, "once more after the hypothesis of another display"
    assert body.count(below_top) == 1, "what has none keeps to it"


def test_a_name_that_the_text_defines_is_not_defined_again(sections: tuple[Section, ...]) -> None:
    defined = r"m = (U T_{D})^{\top}"
    assert defined in markdown(made(sections, with_body("Then", PENALTY)))
    said = markdown(made(sections, with_body(r"With $m=(UT_D)^\top \neq 0$", PENALTY)))
    assert rf"\quad {defined}" not in said
    assert r"if $`m \ne 0`$, then" not in said, "it was said as the end of a chain"
    other = markdown(made(sections, with_body(r"With $m = 2 (U T_D)^\top$", PENALTY)))
    assert rf"\quad {defined}" in other
    less = markdown(made(sections, with_body(r"With $m \ge (U T_D)^\top \ne 0$", PENALTY)))
    assert r"if $`m \ne 0`$, then" in less, "no equation leads to it"


def test_what_a_theorem_pointed_at_supposes_is_said(sections: tuple[Section, ...]) -> None:
    first = replace(MAIN, id="first", body=("Suppose that", Supposed(PENALTY), "So."), rests_on=())
    for text, again in ((r"As in [[first]]", False), (r"As in [[noise]]", True)):
        second = replace(MAIN, id="second", body=(text, PENALTY), rests_on=())
        part = replace(PAPER.parts[0], blocks=(NOISE, SIZES, first, second))
        shown_ = markdown(made(sections, replace(PAPER, parts=(part,), appendices=(), abstract="")))
        assert (r"if $`m \ne 0`$, then" in shown_) is again


def test_definitions_together_are_one_display(sections: tuple[Section, ...]) -> None:
    part = replace(
        PAPER.parts[0],
        blocks=("Put", Defined(names=(r"\rho", "F(m)"), together=True), NOISE, SIZES, MAIN),
    )
    paper = made(sections, replace(PAPER, parts=(part,), appendices=(), abstract=""))
    text = markdown(paper)
    assert re.search(r"\\rho := .*,\\quad F\(m\) := .*\\tag\{1\}", text)
    notation = text[text.index("B. Notation") : text.index("C. Every statement")]
    rows = [line for line in notation.splitlines() if line.startswith((r"| $`\rho`$", "| $`F(m)`$"))]
    links = [re.findall(r"\[\(1\)\]\(#([a-z0-9-]+)\)", row) for row in rows]
    assert len(links) == 2
    assert links[0] == links[1] != []
    assert f'<a id="{links[0][0]}">' in text
    source = document(paper, Style())
    assert source.count(r"\label{df:") == 1


def test_a_proof_may_stand_apart(sections: tuple[Section, ...]) -> None:
    apart = Proven(of="main", text=("By [[noise]].", "And so on."))
    part = replace(PAPER.parts[0], blocks=(NOISE, SIZES, replace(MAIN, proof=None), "Then.", apart))
    paper = made(sections, replace(PAPER, parts=(part,), appendices=(), abstract=""))
    source = document(paper, Style())
    main = source[: source.index(r"\appendix")]
    assert main.count(r"\begin{proof}") == 1
    assert r"\begin{proof}[Proof of Theorem~\ref{th:sd:main}]By Assumption" in main
    lost = replace(PAPER.parts[0], blocks=(NOISE, SIZES, MAIN, replace(apart, of="mian")))
    with pytest.raises(InputError, match=r"\[\[mian\]\] points at nothing"):
        markdown(made(sections, replace(PAPER, parts=(lost,), appendices=(), abstract="")))


def test_the_text_counts_what_is_proved(sections: tuple[Section, ...]) -> None:
    part = replace(PAPER.parts[0], blocks=(NOISE, SIZES, MAIN, Counted()))
    paper = replace(PAPER, parts=(part,), appendices=(), abstract="")

    def counted(found: tuple[Section, ...]) -> str:
        text = markdown(made(found, paper))
        return text[: text.index("A. Proofs")]

    total = sum(x.statement.proof is not AXIOM for section in sections for x in section.items)
    assert f"All {total} statements are proved by machine" in counted(sections)
    # a statement that is not proved is not counted
    *others, last = sections
    item = last.items[0]
    result = replace(item.result, verdict=Verdict.UNDECIDED)
    doubted = replace(last, entries=(replace(item, result=result), *last.entries[1:]))
    assert f"Of {total} statements {total - 1} are proved" in counted((*others, doubted))


def test_certificates_stand_in_the_appendix(sections: tuple[Section, ...]) -> None:
    text = markdown(made(sections))
    proofs = text[text.index("A. Proofs") : text.index("B. More")]
    assert "*Proof of* [Theorem 1](#th-main)" in proofs
    item = next(x for section in sections for x in section.items if x.id == "decay-bound")
    assert item.printed.certificate.startswith("The sum of ")
    assert "The sum of " in proofs
    assert "By induction on $`D`$" in proofs, "what the theorem rests on is there, too"
    assert text.index("C. Notation") < text.index("D. Every statement")


def test_works_are_those_that_are_cited(sections: tuple[Section, ...]) -> None:
    paper = made(sections)
    keys = [key for key, _ in paper.references]
    assert keys == ["ab", "cavazza2018", "mianjy2018", "recht2010", "srebro2004", "srivastava2014", "zz"], (
        "what sections of the package cite is there without being among the paper's own works"
    )
    text = markdown(paper)
    assert "We follow \\[[7](#ref-zz)\\]" in text
    assert "Not cited" not in text


def test_the_record_of_a_paper(sections: tuple[Section, ...], tmp_path: Path) -> None:
    write_paper(tmp_path, sections, style=Style(), with_pdf=False, document=PAPER, formats=("md",))
    record = json.loads((tmp_path / "manifest.json").read_text())
    assert record["title"] == PAPER.title
    theorem = record["theorems"]["main"]
    assert (theorem["kind"], theorem["number"], theorem["assumes"]) == ("theorem", "1", ["noise", "sizes"])
    assert theorem["claims"] == {"lower-bound": "3", "decay-bound": "4", "diagonal-bound": "5"}
    bound = record["statements"]["lower-bound"]
    assert bound["display"] == "proved"
    assert bound["display_tex"].endswith("A m")
    assert record["statements"]["norm-product-layers"]["display"] is None or bound["certificate"]
    assert (tmp_path / "references.bib").read_text().count("@misc") == 2
    assert (tmp_path / "figures/curve.svg").exists()


def test_the_notation_is_that_of_the_paper(sections: tuple[Section, ...]) -> None:
    """Letters that it uses, and those that define them; no others."""
    vocabulary = vocabulary_of(())
    symbols = [x.tex for x in used(vocabulary, (r"\lVert \kappa \rVert + F(m)",))]
    assert symbols[:2] == ["D", "d_{i}"], "of the noise factor in F"
    assert {r"\kappa", r"\rho", r"\sigma_{i}", "A", "F(m)", "m"} <= set(symbols)
    assert not {r"\tau", "U", r"\varphi(\lambda)"} & set(symbols)
    text = markdown(made(sections))
    notation = text[text.index("C. Notation") : text.index("D. Every statement")]
    assert r"| $`\rho`$ | noise factor | [(1)]" in notation
    assert "resolvent" not in notation


def test_a_letter_and_a_name_with_arguments_are_told_apart() -> None:
    """N(λ) of one's own, and the letter N of the package."""
    size = Definition(r"N(\lambda)", r"\lVert (A + \lambda I)^{-1} v \rVert^{2}", "squared norm")
    vocabulary = vocabulary_of(
        (Derivation(id="x", title="x", prose="", statements=(), vocabulary=(size,)),)
    )
    assert "N" in {x.tex for x in vocabulary.entries}
    assert [x.tex for x in used(vocabulary, (r"0 \ge N(\lambda)",))] == ["A", "v", r"\lambda", size.tex]
    assert [x.tex for x in used(vocabulary, ("0 < N",))] == ["N"]


def test_ones_own_names_are_defined_without_a_main_text() -> None:
    own = load(Path(__file__).parents[2] / "examples" / "my_derivation.py")
    assert own.document is None
    text = markdown(contents(assemble((own,)), digits=50))
    assert "Squared norm of the solution: " in text
    assert r"N(\lambda) := \lVert (A + \lambda I)^{-1} v \rVert^{2}. \tag{1}" in text
    assert r"| $`N(\lambda)`$ | squared norm of the solution | [(1)](#df-definition-" in text
    assert r"| $`\rho`$" not in text, "a letter that it does not use"
    silent = replace(own, statements=tuple(x for x in own.statements if r"N(\lambda)" not in x.display.tex))
    assert silent.statements
    assert "Squared norm of the solution: " not in markdown(contents(assemble((silent,)), digits=50))


# -- what is refused ---------------------------------------------------------------------------------------


def no_display() -> Any:
    return next(x for x in load("norm-product").statements if x.display is None)


@pytest.mark.parametrize(
    ("paper", "says"),
    [
        (with_body("See [[mian]]."), r"\[\[mian\]\] points at nothing.*nearest is \[\[main\]\]"),
        (with_body("See [@zed]."), r"\[@zed\] cites a work.*nearest is \[@zz\]"),
        (with_body("So", no_display()), "which has no display; give it one"),
        (with_body("So", load("dual").statements[0]), "in none of the derivations"),
        (with_body("So", BOUND, "and", BOUND), "second display called 'lower-bound'"),
        (with_body("x", id="noise"), "calls two things 'noise'"),
        (with_body("x", id="ledger"), "calls two things 'ledger'"),
        (with_body("x", kind="claim"), "is a 'claim'; give one of theorem"),
        (with_body(r"Then $\input{x}$."), r"holds \\input, which prose may not use"),
    ],
)
def test_a_paper_that_cannot_be_printed(sections: tuple[Section, ...], paper: Document, says: str) -> None:
    with pytest.raises(InputError, match=says) as found:
        markdown(made(sections, paper))
    assert "\n" not in str(found.value)


def test_definitions_that_cannot_be_printed(sections: tuple[Section, ...]) -> None:
    for names, says in (((r"\rhoo",), r"defines no \\rhoo; the nearest is"), (("A",), "nothing defines")):
        part = replace(PAPER.parts[0], blocks=(Defined(names=names),))
        with pytest.raises(InputError, match=says):
            made(sections, replace(PAPER, parts=(part,), abstract=""))


def test_one_letter_has_one_meaning(sections: tuple[Section, ...]) -> None:
    first = sections[0]
    twice = Letter("A", lam, meaning="something else")
    again = replace(first, derivation=replace(first.derivation, vocabulary=(twice,)))
    with pytest.raises(InputError, match="two entries for A"):
        made((again, *sections[1:]), with_body("So."))


def test_a_refused_display_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Displayed(BOUND.id, "x", reason="a transpose is lost")
    monkeypatch.setattr(checked_displays, "check_display", lambda *_: refused)
    sections = assemble((LOWER,))
    item = next(x for x in sections[0].items if x.id == BOUND.id)
    assert item.result.verdict.name == "UNDECIDED"
    assert "its display is refused: a transpose is lost" in item.result.reason
    with pytest.raises(InputError, match="whose display is refused"):
        made(sections, with_body("So", BOUND))
    assert r"\sum" in markdown(contents(sections, digits=50)), "its formula in entries stands there"


# -- whose paper it is -------------------------------------------------------------------------------------


def test_a_paper_of_ones_own() -> None:
    plain = Derivation(id="mine", title="Mine", prose="A test.", statements=(HALVED,))
    assert document_of((plain,)) is None
    assert document_of((replace(plain, document=PAPER),)) is PAPER
    paper = contents(assemble((plain,)), digits=50)
    assert (paper.title, paper.abstract, paper.references) == ("Mine", "", ())
    assert "Ziyin" not in markdown(paper)


def test_the_package_has_a_paper_of_all_its_derivations() -> None:
    written = document_of(load_all())
    assert written is not None
    assert document_of(load_all()[:-1]) is None
    assert len(written.parts) >= 4
    assert vocabulary_of(()).entries


# -- classes -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything() -> tuple[Section, ...]:
    return assemble(load_all(), ledger=Ledger())


def built(folder: Path) -> tuple[str, dict[str, str]]:
    """What TeX says of a paper in its last run, and the numbers behind its labels."""
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-latexoption=-no-shell-escape", "-norc"]
    environment = {**os.environ, "max_print_line": "10000", "openin_any": "p", "openout_any": "p"}
    done = subprocess.run(
        [*command, "paper.tex"], cwd=folder, env=environment, capture_output=True, timeout=500, check=False
    )
    log = (folder / "paper.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    aux = (folder / "paper.aux").read_text(encoding="latin-1")
    return log, dict(re.findall(r"\\newlabel\{([a-z0-9:-]+)\}\{\{([^{}]*)\}", aux))


def faults(log: str) -> list[str]:
    """Boxes that stand out by 1 pt or more, what is undefined, and errors."""
    return re.findall(r"(?m)^(?:Overfull .hbox \((?:[1-9]|\d\d).*|LaTeX Warning: .*undefined.*|! .*)", log)


@pytest.fixture(scope="module")
def written(everything: tuple[Section, ...]) -> Document:
    """What the package says of all its derivations."""
    found = document_of([x.derivation for x in everything if x.derivation.id != FACTS_USED])
    assert found is not None
    return found


@pytest.fixture(scope="module")
def whole(everything: tuple[Section, ...], written: Document) -> Paper:
    return contents(everything, digits=50, document=written)


@pytest.mark.ci
@pytest.mark.tex
def test_the_whole_paper_in_its_class(
    everything: tuple[Section, ...], written: Document, whole: Paper, tmp_path: Path
) -> None:
    """No error, no box in the margin, no undefined reference or citation."""
    write_paper(tmp_path, everything, style=Style(), with_pdf=False, document=written, ledger=Ledger())
    log, numbers = built(tmp_path)
    assert faults(log) == []
    assert len(numbers) > 500
    # TeX counts as the other formats do
    for target in whole.targets.values():
        label = Style().label(target.label, target.id)
        if not target.id.startswith(("figure-", "table-")):
            assert numbers[label] == target.number, label


def labels(source: str) -> set[str]:
    return set(re.findall(r"\\label\{([a-z0-9:-]+)\}", source))


@pytest.mark.ci
@pytest.mark.tex
@pytest.mark.parametrize("preset", ["amsart", "ieee", "revtex"])
def test_the_main_text_in_other_classes(
    everything: tuple[Section, ...], written: Document, whole: Paper, tmp_path: Path, preset: str
) -> None:
    """Without the ledger, which other tests set: only what it has is undefined."""
    style = Style(preset)
    end = next(at for at, x in enumerate(whole.blocks) if isinstance(x, Heading) and x.id == "ledger")
    short = replace(whole, blocks=whole.blocks[:end])
    files = {**fragments(short, (), style), "paper.tex": document(short, style)}
    files["notation.tex"] = notation(short, style)
    files["references.bib"] = "\n".join(entry for _, entry in short.references)
    figures = drawn(everything, Ledger(), document=written)
    contents_of = {name: text.encode() for name, text in files.items()}
    for name, content in (*contents_of.items(), *((f"figures/{x}", y) for x, y in figures.items())):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    log, numbers = built(tmp_path)
    here = set().union(*map(labels, files.values()))
    there = {style.label(x.label, x.id) for x in whole.targets.values()} - here
    undefined = set(re.findall(r"LaTeX Warning: Reference `([^']*)' .*undefined", log))
    assert undefined <= there
    of_the_ledger = r"Reference `[^']*' |There were undefined references"
    assert [fault for fault in faults(log) if not re.search(of_the_ledger, fault)] == []
    assert here <= set(numbers)
    assert len(here) > 100


@pytest.mark.ci
@pytest.mark.tex
def test_every_statement_alone_fits(everything: tuple[Section, ...], tmp_path: Path) -> None:
    """Without a main text, too, in the narrowest column."""
    write_paper(tmp_path, everything, style=Style("revtex"), with_pdf=False, ledger=Ledger())
    log, _ = built(tmp_path)
    assert faults(log) == []


def test_faults_are_found() -> None:
    log = "Overfull \\hbox (12.5pt too wide) in\nLaTeX Warning: Reference `x' on page 1 undefined on\n! Oh."
    assert len(faults(log)) == 3
    assert faults("Overfull \\hbox (0.9pt too wide) in") == []


def test_rows_that_do_not_fit_are_displays_of_their_own(sections: tuple[Section, ...]) -> None:
    """A matrix of blocks in a narrow column is set in smaller type."""
    names = (r"\rho", "C_{0}")
    part = replace(PAPER.parts[0], blocks=(Defined(names=names),))
    paper = made(sections, replace(PAPER, parts=(part,), abstract=""))
    narrow, wide = document(paper, Style("revtex")), document(paper, Style("article"))
    first, second = (re.findall(r"\\begin\{(equation|align|gather)\}", x)[:2] for x in (narrow, wide))
    assert first == ["equation", "equation"]
    assert second[0] in ("align", "gather")
    labels = re.findall(r"\\label\{(df:sd:[a-z0-9-]+)\}", narrow)
    assert labels == re.findall(r"\\label\{(df:sd:[a-z0-9-]+)\}", wide)
    assert len(labels) == 2


@pytest.mark.ci
@pytest.mark.pdf
def test_every_link_of_the_paper_leads_somewhere(whole: Paper) -> None:
    """In Markdown, HTML and Typst; displays have the same numbers in all of them."""
    text = markdown(whole)
    anchors = re.findall(r'<a id="([^"]*)"></a>', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= set(anchors)
    page, source = to_html(text, title=whole.title), to_typst(text, title=whole.title)
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(re.findall(r'id="([^"]*)"', page))
    assert set(re.findall(r"#link\(<([^>]*)>\)", source)) <= set(re.findall(r"<([a-z0-9-]+)>", source))
    numbers = re.findall(r"\\tag\{(\d+)\}", text)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert re.findall(r'<span class="number">\((\d+)\)</span>', page) == numbers
