"""What pages say of the package itself, found when they are built: letters, works, lines, files.

``{records} NAME`` inserts one of the tables below, ``{counted}`VERDICT` `` a number; ``{module}`` and
``{test}`` name a file and stop the build where it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from records import records
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole
from theory_writer import Writer, inline

from symderive.paper import definitions
from symderive.paper.bibliography import works
from symderive.paper.contents import displayed
from symderive.paper.notation import code_names
from symderive.statements.proof import AXIOM

#: The folder that holds the package, its tests and its citation.
HOME = Path(__file__).parents[2]

#: The key of the paper that the package is built on.
PAPER = "ziyin2022"


# -- tables ------------------------------------------------------------------------------------------------


def letters() -> str:
    """Every letter and name of the paper: meaning, where it lies or what it stands for."""
    known = records()
    writer = Writer(known, by_id=True)
    every = [entry.tex for entry in known.vocabulary.entries]
    return writer.page([definitions.table(known.vocabulary, displayed(known.paper.blocks), every)])


def code_letters() -> str:
    """The letters of proofs: meaning, shape, and what programs call them."""
    rows = ["| letter | meaning | shape or domain | in code |", "|---|---|---|---|"]
    writer = Writer(records(), by_id=True)
    for row in code_names(records().sections):
        cells = (inline(row.symbol), writer.text(row.meaning), writer.text(row.domain), f"`{row.code}`")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def references() -> str:
    """The works that the paper cites, each with an anchor."""
    lines = []
    for work in works(records().paper.references):
        lines.append(f"(work-{work.key.lower()})=\n**{work.key}**. {work.line()}")
    return "\n\n".join(lines)


def steps() -> str:
    """The steps in words: what each says, and by which theorem."""
    rows = ["| step | what it says | by |", "|---|---|---|"]
    writer = Writer(records(), by_id=True)
    for section in records().sections:
        for item in section.steps:
            cells = (
                f"{{statement}}`{item.id}`",
                writer.text(item.step.title),
                writer.text(item.step.theorem),
            )
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def axioms() -> str:
    """What is taken as known: everything without a proof."""
    lines = []
    for section in records().sections:
        for item in section.items:
            if item.statement.proof is AXIOM:
                lines.append(
                    f"- {{statement}}`{item.id}` {{verdict}}`{item.result.verdict}`: {inline(item.formula)}"
                )
    return "\n".join(lines)


def cite_software() -> str:
    """BibTeX of the software, from CITATION.cff."""
    cff = yaml.safe_load((HOME / "CITATION.cff").read_text(encoding="utf-8"))
    authors = " and ".join(f"{{{person['name']}}}" for person in cff["authors"])
    fields = {
        "author": authors,
        "title": f"{{{cff['title']}}}",
        "version": str(cff["version"]),
        "note": f"License: {cff['license']}",
    }
    if day := cff.get("date-released"):
        fields["year"] = str(day)[:4]
    if url := cff.get("repository-code") or cff.get("url"):
        fields["url"] = url
    width = max(map(len, fields))
    body = "".join(f"  {name:<{width}} = {{{value}}},\n" for name, value in fields.items())
    return f"```bibtex\n@software{{symderive,\n{body}}}\n```"


def cite_paper() -> str:
    """BibTeX of the paper that the package is built on."""
    found = dict(records().document.references)
    (work,) = works([(PAPER, found[PAPER])])
    return f"```bibtex\n{work.bibtex()}```"


TABLES: dict[str, Callable[[], str]] = {
    "letters": letters,
    "code-letters": code_letters,
    "references": references,
    "steps": steps,
    "axioms": axioms,
    "software": cite_software,
    "paper": cite_paper,
}


class RecordsDirective(SphinxDirective):
    """One of :data:`TABLES`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        made = TABLES.get(self.arguments[0])
        if made is None:
            raise ExtensionError(
                f"{self.env.docname}: {self.arguments[0]!r} is none of {', '.join(TABLES)}."
            )
        return self.parse_text_to_nodes(made())


# -- words -------------------------------------------------------------------------------------------------


class Counted(SphinxRole):
    """A number that the records give: how many entries have a verdict, or how many there are."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        verdicts = [entry.result.verdict.name for entry in records().entries.values()]
        numbers = {name: verdicts.count(name) for name in ("PROVED", "CHECKED", "IN_WORDS")}
        items = [item for section in records().sections for item in section.items]
        numbers |= {"ALL": len(verdicts), "STATEMENTS": len(items), "COQ": sum(bool(x.coq) for x in items)}
        return [nodes.Text(str(numbers[self.text]))], []


class FileRole(SphinxRole):
    """A file of the package or of its tests, which has to be there; of a test its own name is shown."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not is_there(self.text):
            raise ExtensionError(f"{self.env.docname} names {self.text}, which is not there.")
        return [nodes.literal("", self.text.rpartition("::")[2], classes=["file"])], []


def is_there(name: str) -> bool:
    """Whether a module (``symderive.core``) or a file (``tests/core/test_holes.py``) exists.

    A test may be named with its function, ``tests/core/test_holes.py::test_name``.
    """
    file, _, function = name.partition("::")
    if "/" in file:
        path = HOME / file
        return path.exists() and (not function or f"def {function}(" in path.read_text(encoding="utf-8"))
    path = HOME.joinpath(*file.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("records", RecordsDirective)
    app.add_role("counted", Counted())
    app.add_role("module", FileRole())
    app.add_role("test", FileRole())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
