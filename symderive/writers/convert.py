"""The Markdown paper as HTML with MathML and as Typst, by pandoc; Typst as PDF without TeX.

Both come with the extra ``pdf``: pandoc in the package pypandoc-binary, the typesetter in typst.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

from symderive.errors import InputError, MissingExtraError
from symderive.latex import Column, break_lines
from symderive.writers.mathml import mended, spaced
from symderive.writers.typst import to_typst_rows

#: GitHub's Markdown; headings carry their own numbers and need no anchors.
_MARKDOWN = "gfm-gfm_auto_identifiers"

#: The text block of the PDF in points, and the line that formulas are broken for: Typst sets them at
#: most 3 % wider than TeX.
_BLOCK, _LINE = 345, 335.0

#: The line of a page on a screen, in points at 10 pt.
_SCREEN = 430.0

#: Sizes of type in points that a formula is tried in.
_SIZES = (10.0, 8.0, 7.0, 5.0)

#: Symbols that pandoc knows by names that Typst no longer has.
_NAMES = {
    "succ.curly.eq": "succ.eq",
    "prec.curly.eq": "prec.eq",
    "times.circle": "times.o",
    "plus.circle": "plus.o",
    "xor.big": "plus.o.big",
    "xor": "plus.o",
}
#: An operator before its bracket, where a space would be one in print.
_OPERATOR = re.compile(r'"([A-Za-z]+)" (\\[(\[])')

_OLD_NAMES = re.compile(r"\b(?:(?:succ|prec)\.curly\.eq|times\.circle|plus\.circle|xor\.big|xor)\b")

#: Rows that stay on one page.
_TALLEST = 12

_Node = dict[str, Any]
_Heads: TypeAlias = Collection[str] | None


def to_html(text: str, *, title: str = "") -> str:
    """One standalone page, formulas in MathML, its figures beside it in ``figures/``.

    Takes the text that :func:`symderive.writers.markdown.markdown` writes.  Long formulas are broken; one
    that cannot be broken scrolls.  Raises :class:`MissingExtraError` without pandoc, and
    :class:`InputError` for TeX that pandoc does not know.
    """
    body = _pandoc(_rewritten(_parsed(text), _in_html), "html", "--mathml")
    return _PAGE.format(title=escape(title), style=_STYLE, body=mended(body))


def to_phrases(texts: Sequence[str]) -> list[str]:
    """Each text, words with LaTeX between dollars, as HTML: words escaped, formulas in MathML.

    Raises what :func:`to_html` does.
    """
    blocks = [{"t": "Plain", "c": _phrase(text)} for text in texts]
    lines = _pandoc(_parsed("") | {"blocks": blocks}, "html", "--mathml").splitlines()
    if len(lines) != len(texts):
        raise InputError("pandoc did not make one line of HTML from each text; leave out line breaks.")
    return lines


def to_typst_formula(formula: str) -> str:
    """One display of LaTeX as one of Typst, dollars included.  Raises what :func:`to_typst` does."""
    blocks = [{"t": "Para", "c": [_math(formula)]}]
    return _pandoc(_parsed("") | {"blocks": blocks}, "typst").strip()


def _phrase(text: str) -> list[_Node]:
    words = " ".join(text.split()) or "\N{NO-BREAK SPACE}"
    parts = words.split("$") if words.count("$") % 2 == 0 else [words]
    if len(parts) == 3 and not parts[0] + parts[2]:  # a formula alone is a display
        return [_math(parts[1])]
    return [
        {"t": "Math", "c": [{"t": "InlineMath"}, part]} if at % 2 else {"t": "Str", "c": part}
        for at, part in enumerate(parts)
    ]


def to_typst(text: str, *, title: str = "", functions: _Heads = None) -> str:
    """The Typst source of the same paper, formulas broken into lines that fit its page.

    ``functions`` are the heads of displays that take arguments: where they are known, displays are printed
    by their own printer.
    Raises what :func:`to_html` does, and :class:`InputError` for a formula that cannot be broken.
    """
    body = _pandoc(_rewritten(_parsed(text), partial(_in_typst, functions)), "typst")
    body = _OLD_NAMES.sub(lambda old: _NAMES[old[0]], body)
    return _SETUP.format(title=_quoted(title)) + _OPERATOR.sub(r'op("\1")\2', body)


def typst_to_pdf(source: str, folder: Path) -> bytes:
    """The PDF of what :func:`to_typst` writes; ``folder`` holds ``figures/``.

    The source sets no date and only Typst's own fonts are used, so the bytes are the same every time.
    Raises :class:`MissingExtraError` without Typst, :class:`InputError` with its complaint where it fails.
    """
    try:
        import typst
    except ImportError:
        raise _missing("typst") from None
    root: Any = str(folder)  # its stubs want the type of the source here
    try:
        made = typst.compile(source.encode(), root=root, ignore_system_fonts=True)
    except typst.TypstError as error:
        raise InputError(f"Typst could not make the PDF ({error.message[:200]}).") from None
    return bytes(made)


def _missing(name: str) -> MissingExtraError:
    return MissingExtraError.of(f"this needs {name}", "pdf")


def _parsed(text: str) -> Any:
    return json.loads(_convert(text, _MARKDOWN, "json"))


def _pandoc(document: Any, target: str, *options: str) -> str:
    return _convert(json.dumps(document), "json", target, *options)


def _convert(text: str, source: str, target: str, *options: str) -> str:
    try:
        import pypandoc
    except ImportError:
        raise _missing("pandoc") from None
    # pandoc only warns where it cannot read a formula, and prints the TeX in its place
    arguments = ["--wrap=none", "--fail-if-warnings", *options]
    try:
        converted = pypandoc.convert_text(text, target, format=source, extra_args=arguments)
    except OSError:
        raise _missing("pandoc") from None
    except RuntimeError as error:
        raise InputError(f"pandoc could not convert the paper to {target} ({str(error)[:300]}).") from None
    return str(converted).replace("\r\n", "\n")


def _rewritten(node: Any, rule: Callable[[_Node], list[_Node] | None]) -> Any:
    """The document with each node replaced by what ``rule`` makes of it; None leaves a node as it is."""
    if isinstance(node, dict):
        return {key: _rewritten(part, rule) for key, part in node.items()}
    if not isinstance(node, list):
        return node
    parts: list[Any] = []
    for part in node:
        new = rule(part) if isinstance(part, dict) else None
        parts += [_rewritten(part, rule)] if new is None else new
    return parts


def _in_html(node: _Node) -> list[_Node] | None:
    """A display and its number as two spans in one, for the style sheet to place."""
    if (display := _display(node)) is None:
        is_math = node.get("t") == "Math"
        return [{"t": "Math", "c": [node["c"][0], spaced(node["c"][1])]}] if is_math else None
    formula, number = display
    beside = [_span("number", [{"t": "Str", "c": f"({number})"}])] if number else []
    with suppress(InputError):  # what cannot be broken scrolls
        formula = _aligned(break_lines(formula, width=Column(_SCREEN)))
    return [_span("display", [_math(spaced(formula)), *beside])]


def _in_typst(functions: _Heads, node: _Node) -> list[_Node] | None:
    """A display broken into lines; an anchor as something that a Typst label can stand behind."""
    if (display := _display(node)) is not None:
        formula, number = display
        shown = _fitted(formula, functions)
        return shown if number else [_raw("#[#set math.equation(numbering: none)\n"), *shown, _raw("]")]
    if node.get("t") == "Math" and (own := _own([node["c"][1]], functions)) is not None:
        return [_raw(f"${own}$")]
    if node.get("t") == "RawInline" and (name := _anchor(node["c"][1])):
        return [_raw(f"#metadata(none)<{name}>")]
    if node.get("t") == "Header":
        level, attributes, inside = node["c"]
        anchors, words = _parted(inside)
        labels = [_raw(f" <{name}>") for name in anchors]
        return [
            {
                "t": "Header",
                "c": [level, attributes, [*_rewritten(words, partial(_in_typst, functions)), *labels]],
            }
        ]
    if node.get("t") == "Para" and _leads(node["c"]):
        inside = _rewritten(node, partial(_in_typst, functions))
        return [_raw("#block(sticky: true)[", "RawBlock"), inside, _raw("]", "RawBlock")]
    return None


def _own(rows: Sequence[str], functions: _Heads) -> str | None:
    return None if functions is None else to_typst_rows(rows, functions)


def _parted(parts: list[_Node]) -> tuple[list[str], list[_Node]]:
    """The anchors in a heading, whose ends pandoc keeps apart, and the rest of it."""
    raw = [part["c"][1] if part["t"] == "RawInline" else "" for part in parts]
    words = [part for part, html in zip(parts, raw, strict=True) if not html]
    return [name for html in raw if (name := _anchor(html))], words


def _leads(parts: list[_Node]) -> bool:
    """Whether a paragraph begins with an anchor: it states the formula after it, and stays with it."""
    return parts[0]["t"] == "Strong" and parts[0]["c"][0]["t"] == "RawInline"


def _display(node: _Node) -> tuple[str, str] | None:
    """The formula and the number of a display, empty for one without; None for other nodes."""
    if node.get("t") != "Math" or node["c"][0]["t"] != "DisplayMath":
        return None
    formula, tag, number = node["c"][1].strip().partition(r" \tag{")
    return formula, number.removesuffix("}") if tag else ""


def _anchor(html: str) -> str:
    start, end = '<a id="', '">'
    return html[len(start) : -len(end)] if html.startswith(start) and html.endswith(end) else ""


def _fitted(formula: str, functions: _Heads) -> list[_Node]:
    """A formula in as many lines as it needs; one with a part that fits no line, in smaller type."""
    for size in _SIZES:
        with suppress(InputError):
            lines = break_lines(formula, width=Column(_LINE, size))
            own = _own(lines, functions)
            # Typst takes a sign for binary only after something, which may be an empty text
            rows = [line.replace("{} ", r"\text{} ") for line in lines]
            shown = _math(_aligned(rows)) if own is None else _raw(f"$ {own} $")
            rules = [] if size == _SIZES[0] else [f"#set text(size: {size}pt)"]
            if len(rows) > _TALLEST:
                rules.append("#show math.equation: set block(breakable: true)")
            return [_raw(f"#[{'; '.join(rules)}\n"), shown, _raw("]")] if rules else [shown]
    raise InputError(f"A part of {formula[:60]}… fits no line of the page; give it a name.")


def _aligned(rows: Sequence[str]) -> str:
    return rows[0] if len(rows) == 1 else _ALIGNED.format(" \\\\\n".join(rows))


def _math(text: str) -> _Node:
    return {"t": "Math", "c": [{"t": "DisplayMath"}, text]}


def _raw(text: str, kind: str = "RawInline") -> _Node:
    return {"t": kind, "c": ["typst", text]}


def _span(name: str, parts: list[_Node]) -> _Node:
    return {"t": "Span", "c": [["", [name], []], parts]}


_ALIGNED = "\\begin{{aligned}}\n{}\n\\end{{aligned}}"


def _quoted(text: str) -> str:
    """Text between the quotation marks of Typst, and of ``format``."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


# Typst lets neighboring lines run into a tall formula among words, unless it counts as tall as it is.
_SETUP = f"""\
#set document(title: "{{title}}", date: none)
#set page(paper: "a4", margin: (x: (210mm - {_BLOCK}pt) / 2, y: 32mm), numbering: "1")
#set text(font: "New Computer Modern", size: {_SIZES[0]}pt)
#set par(justify: true)
#set math.equation(numbering: "(1)")
#set math.mat(row-gap: 0.5em, column-gap: 1em)
#show math.equation.where(block: false): it => context {{{{
  let tall = {{{{ set text(top-edge: "bounds", bottom-edge: "bounds"); it }}}}
  if measure(tall).height > 1.5em.to-absolute() {{{{ tall }}}} else {{{{ it }}}}
}}}}
#set table(stroke: none, inset: (x: 0.4em, y: 0.3em))
#show figure.where(kind: table): set block(breakable: true)
#show table: set text(size: 8.5pt)
#show table.cell: set align(left)
#show table.cell: set par(justify: false)
#show heading: set block(above: 1.6em, below: 0.9em)
#show heading.where(level: 1): set align(center)

"""

_STYLE = """\
:root { color-scheme: only light; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 "Latin Modern Roman", serif;
  color: #111; background: #fff; }
h1 { text-align: center; }
.display { display: flex; align-items: center; gap: 1rem; margin: 1rem 0; }
.display math { flex: 1; overflow-x: auto; overflow-y: hidden; padding: 2px 0; }
.display > math > semantics > mtable { math-style: normal; }
table { display: block; max-width: max-content; margin: 1rem auto; overflow-x: auto;
  border-collapse: collapse; font-size: 0.9rem; }
th, td { text-align: left; padding: 0.15rem 0.6rem; }
thead th { border-bottom: 1px solid; }
img { display: block; max-width: 100%; margin: auto; }
"""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}</body>
</html>
"""
