"""Formulas as MathML, made by pandoc when the site is built: no script, no network."""

from __future__ import annotations

import re
from typing import Any

import pypandoc
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from symderive.writers.mathml import mended, spaced

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)


def convert(app: Sphinx, document: nodes.document, _name: str) -> None:
    """All formulas of a page in one call of pandoc, each kept by its node."""
    found = [*document.findall(nodes.math), *document.findall(nodes.math_block)]
    if not found or app.builder.format != "html":
        return
    made = _MATH.findall(mended(_pandoc("\n\n".join(map(_source, found)))))
    if len(made) != len(found):
        raise ExtensionError(f"pandoc made {len(made)} of {len(found)} formulas of {document['source']}")
    for node, formula in zip(found, made, strict=True):
        node["mathml"] = formula


def _source(node: nodes.math | nodes.math_block) -> str:
    formula = spaced(" ".join(node.astext().split()))
    return f"${formula}$" if isinstance(node, nodes.math) else f"$${formula}$$"


def _pandoc(text: str) -> str:
    return pypandoc.convert_text(text, "html", format="markdown", extra_args=["--mathml", "--wrap=none"])


def inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(f'<span class="math">{node["mathml"]}</span>')
    raise nodes.SkipNode


def display(writer: Any, node: nodes.math_block) -> None:
    """A formula of its own, which scrolls where it is wider than the page, and its number beside it."""
    wrapped = node.parent.get("ids") == node["ids"]  # furo's container has the anchor already
    writer.body.append('<div class="math">' if wrapped else writer.starttag(node, "div", CLASS="math"))
    writer.body.append(f'<div class="formula">{node["mathml"]}</div>')
    if number := node.get("number"):
        writer.body.append(f'<span class="eqno">({number})</span>')
    writer.body.append("</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", convert)
    app.add_html_math_renderer("mathml", inline_renderers=(inline, None), block_renderers=(display, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
