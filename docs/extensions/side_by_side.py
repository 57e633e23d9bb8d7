"""What Coq has checked, on a page: statements beside their displays, definitions, axioms.

``{in-coq}`` has ids below it, a line each, ``{in-coq-definitions}`` letters behind it, and
``{in-coq-axioms}`` the name of a file of proofs.  The build stops at what Coq has not checked.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from docutils import nodes
from records import records
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from theory_writer import Writer, broken

from symderive.coq.files import wrapped
from symderive.coq.marks import by_hand
from symderive.library.formal import Formal, formal, scripts, sections
from symderive.paper import prose
from symderive.paper.assembly import Item


@cache
def _formal() -> Formal:
    return formal()


class InCoq(SphinxDirective):
    """One statement a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes("\n\n".join(map(self._beside, self.content)))

    def _beside(self, id_: str) -> str:
        known = records()
        item = known.entries.get(id_)
        if not isinstance(item, Item) or item.coq is None:
            raise ExtensionError(f"{self.env.docname}: Coq has not checked {id_!r}.")
        writer = Writer(known, by_id=True)
        left = [f"{{statement}}`{id_}`: {writer.text(item.statement.title)}."]
        tex, given = item.formula, prose.assumptions(item)
        if item.display is not None and not item.display.refused:
            tex, given = item.display.formula, prose.given(item.display.hypotheses)
        left += [writer.text(given)] if given else []
        left.append(f"$$\n{broken(tex)}\n$$")
        if words := item.statement.conditions:
            left.append(writer.text(f"In words: {'; '.join(words)}."))
        text = wrapped(_proposition(id_), width=72)
        return "\n".join(
            (
                "::::{grid} 12",
                ":::{grid-item}\n:columns: 12 12 12 5\n",
                "\n\n".join(left),
                "\n:::",
                ":::{grid-item}\n:columns: 12 12 12 7\n",
                f"```coq\n{text}\n```",
                "\n:::",
                "::::",
            )
        )


class InCoqDefinitions(SphinxDirective):
    """Definitions by recursion on the layer, by their letters."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        made = {x.name: x.text for x in _formal().theory.definitions.values()}
        text = "\n\n".join(wrapped(made[name], width=88) for name in self.arguments[0].split())
        return self.parse_text_to_nodes(f"```coq\n{text}\n```")


class InCoqAxioms(SphinxDirective):
    """What Coq says that the theorems of a file rest on which is stated by hand."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        mark = by_hand(self.arguments[0], sections(), scripts())
        if mark is None:
            raise ExtensionError(f"{self.env.docname}: Coq has not checked {self.arguments[0]!r} as it is.")
        return self.parse_text_to_nodes("\n".join(f"- `{axiom}`" for axiom in mark.axioms))


def _proposition(id_: str) -> str:
    sections = _formal().theory.sections.values()
    return next(x.text for part in sections for statement, x in part.items() if statement.id == id_)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("in-coq", InCoq)
    app.add_directive("in-coq-definitions", InCoqDefinitions)
    app.add_directive("in-coq-axioms", InCoqAxioms)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
