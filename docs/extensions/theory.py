"""The theory on the site: the paper and all of its statements as pages, and links to them from anywhere.

Pages are written when a build begins, into folders that hold nothing else.  Any page may say
``{statement}`ID` ``, a link; ``{stated}`ID` ``, with its verdict; or ``{proved}`ID` ``, which says that it
is proved and stops the build where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from records import DIGITS, Records, records
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from theory_graph import draw
from theory_writer import Writer, title_of

from symderive.errors import nearest
from symderive.library.load import PARTS
from symderive.paper import prose
from symderive.paper.blocks import Appendices, Block, Heading
from symderive.paper.words import plain_words
from symderive.verdict import Verdict
from symderive.writers import figures
from symderive.writers.markdown import plain

#: Folders below ``theory`` that are written anew.
PAPER, STATEMENTS = "paper", "statements"

#: The pages of all statements, by the folder of their derivations.
PART_TITLES = {
    "reduction": "From the weights to one vector",
    "noises": "Noise of any kind",
    "ridge": "The effective ridge",
    "minima": "Minima and saddles",
    "hessian": "The Hessian",
    "search": "The certified search",
    "isotropic": "Isotropic data",
    "outputs": "Several outputs",
    "nonlinear": "Networks with activations",
    "variance": "The variance of the prediction",
    "seed_paper": "The paper of Ziyin, Li and Meng",
    "facts": "Facts that the proofs use",
}

#: The type of our links.
_KIND = "theory"

#: Verdicts that a page may show.
SHOWN = (Verdict.PROVED, Verdict.CHECKED, Verdict.IN_WORDS)

#: Where the page of trust says what a word beside a formula means.
EXPLAINED = {
    "PROVED": "trust-proved",
    "CHECKED": "trust-checked",
    "IN WORDS": "trust-in-words",
    "PARTLY IN WORDS": "trust-in-words",
    "CERTIFIED": "trust-certified",
}


# -- pages -------------------------------------------------------------------------------------------------


def write(app: Sphinx) -> None:
    """All pages, before any is read."""
    known = records()
    doubtful = [id_ for id_, entry in known.entries.items() if entry.result.verdict not in SHOWN]
    if doubtful:
        raise ExtensionError(f"These statements are neither proved nor honestly marked: {doubtful}.")
    home = Path(app.srcdir) / "theory"
    drawn = figures.drawn(known.sections, known.ledger, document=known.document)
    pictures = {f"figures/{name}": data for name, data in drawn.items() if name.endswith(".svg")}
    paper = {f"{name}.md": text.encode() for name, text in _paper(known)}
    _replace(home / PAPER, paper | pictures)
    _replace(home / STATEMENTS, {f"{name}.md": text.encode() for name, text in _statements(known)})


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """The files of a folder, and no other; what has not changed keeps its date, and is not read again."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()


def _paper(known: Records) -> Iterator[tuple[str, str]]:
    """The sections and appendices of the main text, one page each."""
    writer = Writer(known)
    for head, blocks in _pages(known.paper.blocks):
        if head.id not in ("notation", "ledger"):
            yield head.id, writer.page([head, *blocks])


def _pages(blocks: Sequence[Block], level: int = 1) -> Iterator[tuple[Heading, list[Block]]]:
    """Headings of a level and what stands below each."""
    head, below = None, list[Block]()
    for block in blocks:
        if isinstance(block, Heading) and block.level == level:
            if head is not None:
                yield head, below
            head, below = block, []
        elif not isinstance(block, Appendices):
            below.append(block)
    if head is not None:
        yield head, below


def _statements(known: Records) -> Iterator[tuple[str, str]]:
    """The ledger: an index of all statements, and a page for each folder of derivations."""
    writer = Writer(known, by_id=True)
    ledger = next(blocks for head, blocks in _pages(known.paper.blocks) if head.id == "ledger")
    pages: dict[str, list[str]] = {part: [] for part in PART_TITLES}
    for head, blocks in _pages(ledger, level=2):
        pages[PARTS.get(head.id, "facts")].append(writer.page([head, *blocks]))
    for part, texts in pages.items():
        title = f"(statements-{part.replace('_', '-')})=\n# {PART_TITLES[part]}"
        yield part.replace("_", "-"), "\n\n".join([title, *texts])
    yield "index", _index(known)


def _index(known: Records) -> str:
    writer = Writer(known, by_id=True)
    toctree = "\n".join(part.replace("_", "-") for part in PART_TITLES)
    texts = [
        "(sec-ledger)=\n# All statements",
        f"```{{toctree}}\n:hidden:\n\n{toctree}\n```",
        prose.counted(known.sections),
        f"Independently of its proof each statement was tested to {DIGITS} digits, at the boundaries of "
        "its conditions first and then at random points inside; where that covers a part of the conditions "
        "only, it is said below the statement. Each has variants that are false, such as a wrong exponent, "
        "and each of these was refuted by a counterexample.",
        "A statement is found here by its id or by words of its title (Ctrl-F). "
        "`symderive derive ID` proves it on your machine, and `symderive derive ID --assumptions` lists "
        "all that it rests on.",
    ]
    for part, title in PART_TITLES.items():
        entries = [
            entry
            for section in known.sections
            if PARTS.get(section.derivation.id, "facts") == part
            for entry in section.entries
        ]
        rows = [
            f"| {{statement}}`{x.id}` | {writer.text(title_of(x))} | {{verdict}}`{x.result.verdict}` |"
            for x in entries
        ]
        texts += [
            f"## {plain(title)}",
            "\n".join(("| id | what it says | verdict |", "|---|---|---|", *rows)),
        ]
    return "\n\n".join(texts) + "\n"


# -- links -------------------------------------------------------------------------------------------------


def _link(label: str, shown: nodes.Node, where: SphinxRole, tip: str = "") -> nodes.Node:
    """A link to a label of any page, which :func:`resolve` finds when all pages are read."""
    link = pending_xref("", shown, refdomain="", reftype=_KIND, reftarget=label, reftitle=tip)
    link["refdoc"] = where.env.docname
    where.set_source_info(link)
    return link


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.reference | None:
    """A link of ours; labels are those of the standard domain."""
    if node["reftype"] != _KIND:
        return None
    page, anchor = env.domains.standard_domain.anonlabels.get(node["reftarget"], ("", ""))
    if not page:
        raise ExtensionError(f"{node['refdoc']} points at {node['reftarget']}, which no page has.")
    return make_refnode(app.builder, node["refdoc"], page, anchor, shown, node["reftitle"] or None)


def _badge(word: str, where: SphinxRole) -> nodes.Node:
    kind = word.lower().replace(" ", "-")
    return _link(EXPLAINED[word], nodes.inline("", word, classes=["verdict", kind]), where)


class VerdictRole(SphinxRole):
    """The word of a verdict, a link to what it means."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if self.text not in EXPLAINED:
            raise ExtensionError(f"{self.env.docname}: no verdict is called {self.text!r}.")
        return [_badge(self.text, self)], []


class StatementRole(SphinxRole):
    """A statement by its id, a link to all that is known of it; ``judged`` with its verdict."""

    def __init__(self, *, judged: bool = False, proved: bool = False) -> None:
        super().__init__()
        self._judged, self._proved = judged or proved, proved

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        known = records().entries
        if self.text not in known:
            near = nearest(self.text, known)
            raise ExtensionError(
                f"{self.env.docname}: no statement {self.text!r}; the nearest is {near!r}."
            )
        entry = known[self.text]
        verdict = entry.result.verdict
        tip = f"{verdict}: {plain_words(title_of(entry))}"
        link = _link(f"st-{self.text}", nodes.literal("", self.text), self, tip)
        if self._proved and verdict is not Verdict.PROVED:
            raise ExtensionError(f"{self.env.docname} says that {self.text} is proved; it is {verdict}.")
        return [link, *([nodes.Text(" "), _badge(str(verdict), self)] if self._judged else [])], []


class Display(SphinxDirective):
    """A formula with the number that it has in the paper, and names for links."""

    has_content = True
    option_spec: ClassVar = {"names": directives.unchanged, "number": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        node = nodes.math_block(text, text, number=self.options.get("number"), nowrap=False, label=None)
        node["names"] = self.options.get("names", "").split()
        self.set_source_info(node)
        if node["names"]:
            self.state.document.note_explicit_target(node, node)
        return [node]


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", write)
    app.connect("missing-reference", resolve)
    app.connect("build-finished", draw)
    app.add_role("verdict", VerdictRole())
    app.add_role("statement", StatementRole())
    app.add_role("stated", StatementRole(judged=True))
    app.add_role("proved", StatementRole(proved=True))
    app.add_directive("display", Display)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
