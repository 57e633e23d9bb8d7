"""The paper as TeX: one fragment for each equation, and a document that inputs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from symderive.errors import InputError
from symderive.latex import equation, typeset
from symderive.latex.layout import Column, column
from symderive.paper import prose
from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.notation import rows_used
from symderive.paper.words import to_tex
from symderive.statements.claim import Recursion
from symderive.statements.statement import Table

#: The class options, packages and front matter that belong to a width preset.
_PACKAGES = (
    r"\usepackage[T1]{fontenc}",
    r"\usepackage{lmodern}",
    r"\usepackage{amsmath,amssymb,amsthm}",
    r"\usepackage{booktabs,longtable,graphicx,microtype}",
    r"\usepackage[hidelinks]{hyperref}",
)

_CLASSES: dict[str, tuple[str, str]] = {
    "article": ("10pt", "article"),
    "article11": ("11pt", "article"),
    "article12": ("12pt", "article"),
    "amsart": ("10pt", "amsart"),
    "revtex": ("aps,prl,twocolumn,10pt", "revtex4-2"),
    "revtex-preprint": ("aps,prl,preprint,12pt", "revtex4-2"),
    "ieee": ("conference", "IEEEtran"),
}


@dataclass(frozen=True)
class Style:
    """Where the paper is to fit: a width preset, and a prefix for labels."""

    preset: str = "article"
    prefix: str = "sd"

    @property
    def column(self) -> Column:
        """The column that lines are broken for."""
        return column(self.preset)

    @property
    def two_columns(self) -> bool:
        """Whether the class sets two columns, where tables span both."""
        return self.preset in ("revtex", "ieee")

    def label(self, item_id: str) -> str:
        """The label of a statement's equation."""
        return f"eq:{self.prefix}:{item_id}"

    def step_label(self, step_id: str) -> str:
        """The label of a statement's number, or of a step's."""
        return f"st:{self.prefix}:{step_id}"


def fragment(item: Item, style: Style) -> str:
    """One display for ``\\input``: environment, label and nothing else."""
    label = style.label(item.id)
    try:
        return equation(item.formula, width=style.column, label=label, end=".") + "\n"
    except InputError:
        return _smaller(item, style, label)


def _smaller(item: Item, style: Style, label: str) -> str:
    """A formula with a part too wide for the column, such as a long integer, in smaller type."""
    for command, share in ((r"\footnotesize", 0.8), (r"\scriptsize", 0.7), (r"\tiny", 0.5)):
        place = replace(style.column, size=share * style.column.size)
        with suppress(InputError):
            return f"{{{command}\n{equation(item.formula, width=place, label=label, end='.')}\n}}\n"
    raise InputError(
        f"statement {item.id} holds a part that fits no line of {style.preset}; give it a name."
    )


def recursion(definition: Recursion, style: Style) -> str:
    """The displays that define a family layer by layer."""
    import sympy as sp

    _, *rest = definition.indices
    first = sp.Eq(definition.head[(0, *rest)], definition.base, evaluate=False)
    step = sp.Eq(definition.head[definition.indices], definition.step, evaluate=False)
    displays = [
        equation(typeset(line).tex, width=style.preset, end=end)
        for line, end in ((first, ","), (step, "."))
    ]
    return "".join(f"{display}\n" for display in displays)


def notation(sections: Sequence[Section], style: Style) -> str:
    """The table of the symbols that the statements use."""
    rows = []
    for row in rows_used(sections):
        code = row.code.replace("_", r"\_")
        rows.append(rf"${row.symbol}$ & {row.meaning} & {row.domain} & \texttt{{{code}}} \\")
    head = r"symbol & meaning & domain & in code \\"
    if style.two_columns:
        lines = [r"\begin{tabular}{@{}llll@{}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule"]
        return "\n".join([*lines, r"\end{tabular}", ""])
    span = r"@{}lp{0.38\linewidth}p{0.24\linewidth}l@{}"
    lines = [rf"\begin{{longtable}}{{{span}}}", r"\toprule", head, r"\midrule", r"\endhead", *rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}", ""])


def document(
    sections: Sequence[Section],
    style: Style,
    *,
    digits: int,
    figures: Mapping[str, Sequence[tuple[str, str]]],
) -> str:
    """``paper.tex``; ``figures`` maps a derivation's id to pairs of a file's name and its caption."""
    references = {
        item.id: rf"\eqref{{{style.label(item.id)}}}" for section in sections for item in section.items
    } | {
        step.id: rf"Step~\ref{{{style.step_label(step.id)}}}"
        for section in sections
        for step in section.steps
    }
    body: list[str] = []
    defined: set[str] = set()
    for section in sections:
        body += [
            "",
            rf"\section{{{to_tex(section.derivation.title)}}}",
            to_tex(section.derivation.prose),
            "",
        ]
        for entry in section.entries:
            if isinstance(entry, StepItem):
                body += _step(entry, style, references)
            else:
                body += _statement(entry, style, references, defined)
        for name, caption in figures.get(section.derivation.id, ()):
            body += _figure(name, caption)
        for caption, made in section.derivation.tables:
            body += _table(made(), caption, style)
    return (
        "\n".join([*_preamble(style), *_opening(sections, style, digits), *body, *_closing(style)]) + "\n"
    )


def _statement(item: Item, style: Style, references: dict[str, str], defined: set[str]) -> Iterator[str]:
    if item.statement.prose:
        yield to_tex(item.statement.prose) + "\n"
    for definition in item.statement.definitions:
        name = str(definition.head.label)
        if name not in defined:
            defined.add(name)
            yield rf"Here ${typeset(definition.head[definition.indices]).tex}$ is defined layer by layer:"
            yield recursion(definition, style)
    mark = prose.mark(item)
    shown = rf" \textbf{{[{mark}]}}" if mark else ""
    label = rf"\label{{{style.step_label(item.id)}}}"
    yield rf"\begin{{proposition}}[{to_tex(item.statement.title)}{shown}]{label}"
    yield from filter(None, (prose.assumptions(item), prose.lead_in(item)))
    yield rf"\input{{equations/{item.id}}}"
    yield r"\end{proposition}"
    yield rf"\begin{{proof}}{prose.proof(item, references)}\end{{proof}}" + "\n"


def _step(item: StepItem, style: Style, references: dict[str, str]) -> Iterator[str]:
    if item.step.prose:
        yield to_tex(item.step.prose) + "\n"
    mark = prose.mark(item)
    shown = rf" \textbf{{[{mark}]}}" if mark else ""
    yield rf"\begin{{step}}[{to_tex(item.step.title)}{shown}]\label{{{style.step_label(item.id)}}}"
    yield rf"\emph{{{prose.step_origin(item, references)}}}"
    yield prose.step_text(item)
    yield r"\end{step}" + "\n"


def _figure(name: str, caption: str) -> Iterator[str]:
    yield r"\begin{figure}[htbp]\centering"
    yield rf"\includegraphics[width=\linewidth]{{figures/{name}}}"
    yield rf"\caption{{{to_tex(caption)}}}\label{{fig:{name}}}"
    yield r"\end{figure}"


def _table(table: Table, caption: str, style: Style) -> Iterator[str]:
    environment = "table*" if style.two_columns else "table"
    head, *rows = (" & ".join(map(to_tex, cells)) + r" \\" for cells in (table.header, *table.rows))
    yield rf"\begin{{{environment}}}[htbp]\centering\small"
    yield rf"\begin{{tabular}}{{@{{}}{'l' * len(table.header)}@{{}}}}"
    yield from (r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}")
    yield rf"\caption{{{to_tex(caption)}}}"
    yield rf"\end{{{environment}}}"


def _preamble(style: Style) -> Iterator[str]:
    options, name = _CLASSES.get(style.preset, ("10pt", "article"))
    yield rf"\documentclass[{options}]{{{name}}}"
    yield from _PACKAGES
    if style.preset not in _CLASSES:
        yield rf"\usepackage[textwidth={style.column.width}pt,textheight=600pt]{{geometry}}"
    yield r"\allowdisplaybreaks"
    yield r"\emergencystretch=3em"
    yield r"\newtheorem{proposition}{Proposition}[section]"
    yield r"\theoremstyle{definition}\newtheorem{step}[proposition]{Step}  % in words, upright"
    yield r"\hypersetup{pdftitle={" + prose.TITLE + "}}"
    yield r"\ifdefined\pdftrailerid\pdftrailerid{}\fi  % the same bytes on every run"


def _opening(sections: Sequence[Section], style: Style, digits: int) -> Iterator[str]:
    front = [rf"\title{{{prose.TITLE}}}", r"\author{Derived with symderive}"]
    if style.preset.startswith("revtex"):
        yield from (
            r"\begin{document}",
            *front,
            r"\affiliation{Every statement proved by machine}",
            r"\maketitle",
        )
    elif style.preset == "ieee":
        yield from (*front, r"\begin{document}", r"\maketitle")
    else:
        yield from (*front, r"\date{}", r"\begin{document}", r"\maketitle")
    yield "\n" + prose.INTRODUCTION + "\n"
    yield prose.method_note(sections, digits) + "\n"
    yield r"\section*{Notation}"
    if style.two_columns:
        yield r"\begin{table*}\centering\footnotesize\input{notation}\end{table*}"
        yield "The symbols are listed in the table of notation."
    else:
        yield r"{\small\input{notation}}\setcounter{table}{0}"  # the long table has no number


def _closing(style: Style) -> Iterator[str]:
    yield r"\nocite{*}"
    yield rf"\bibliographystyle{{{'apsrev4-2' if style.preset.startswith('revtex') else 'plain'}}}"
    yield r"\bibliography{references}"
    yield r"\end{document}"


REFERENCES = """\
@inproceedings{ziyin2022exact,
  author    = {Ziyin, Liu and Li, Botao and Meng, Xiangming},
  title     = {Exact Solutions of a Deep Linear Network},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {35},
  year      = {2022},
  note      = {arXiv:2202.04777}
}

@article{meurer2017sympy,
  author  = {Meurer, Aaron and others},
  title   = {{SymPy}: symbolic computing in {Python}},
  journal = {PeerJ Computer Science},
  volume  = {3},
  pages   = {e103},
  year    = {2017}
}

@article{johansson2017arb,
  author  = {Johansson, Fredrik},
  title   = {{Arb}: efficient arbitrary-precision midpoint-radius interval arithmetic},
  journal = {IEEE Transactions on Computers},
  volume  = {66},
  number  = {8},
  pages   = {1281--1292},
  year    = {2017}
}

@misc{symderive,
  author = {{The symderive developers}},
  title  = {symderive: exact minima of deep linear networks, derived, certified, typeset and exported},
  year   = {2026}
}
"""
