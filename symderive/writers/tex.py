"""A paper as TeX: one fragment for each equation, and a document that inputs them.

TeX counts by itself; references are ``\\ref``, ``\\eqref`` and ``\\cite`` with the word before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from symderive.errors import InputError
from symderive.latex import equation, equations
from symderive.latex.layout import Column
from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.blocks import (
    COUNTERS,
    Appendices,
    Block,
    Environment,
    Formula,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Proof,
    Row,
    Target,
)
from symderive.paper.certificate import listed
from symderive.paper.entries import note_beside
from symderive.paper.numbering import formulas, targets_of
from symderive.paper.words import Citation, Reference, Words, spans, to_tex
from symderive.writers.columns import shares
from symderive.writers.style import Style

#: The folders of fragments, by the label of their rows.
FOLDERS = {"eq": "equations", "le": "ledger"}

#: Smaller type for a formula with a part that fits no line, such as a long integer.
_SMALLER = ((r"\footnotesize", 0.8), (r"\scriptsize", 0.7), (r"\tiny", 0.5))

#: Entries and certificates have long formulas among few words.
_LOOSE = r"\sloppy\emergencystretch=0.2\hsize"

#: Room that a note beside a formula takes, in points.
_NOTE = 75.0


# -- fragments ---------------------------------------------------------------------------------------------


def fragments(paper: Paper, sections: Sequence[Section], style: Style) -> dict[str, str]:
    """Files by name: each display of the paper that has an id, and one of every other statement."""
    rows = [
        row for block in formulas(paper.blocks) for row in block.rows if row.id and row.label in FOLDERS
    ]
    printed = {row.id for row in rows if row.label == "eq"}
    for section in sections:
        rows += [row for x in section.entries if x.id not in printed and (row := row_of(x))]
    return {f"{FOLDERS[row.label]}/{row.id}.tex": fragment(row, style) for row in rows}


def row_of(entry: Item | StepItem) -> Row | None:
    """What is printed of a statement where it stands alone: its display, else its formula."""
    if entry.display is not None and not entry.display.refused:
        return Row(tex=entry.display.formula, id=entry.id, note=note_beside(entry.display))
    return Row(tex=entry.formula, id=entry.id) if isinstance(entry, Item) else None


def fragment(row: Row, style: Style) -> str:
    """One display for ``\\input``: environment, label and nothing else."""
    label = style.label(row.label, row.id) if row.id else None
    end = f"{row.end} \\quad \\text{{\\normalfont\\footnotesize({row.note})}}" if row.note else row.end
    room = style.column.width - _NOTE * bool(row.note)

    def made(share: float) -> str:
        return equation(row.tex, width=Column(room, share * style.column.size), label=label, end=end)

    with suppress(InputError):
        return f"{made(1.0)}\n"
    for command, share in _SMALLER:
        with suppress(InputError):
            return f"{{{command}\n{made(share)}\n}}\n"
    raise InputError(
        f"{row.id or row.tex[:40]} holds a part that fits no line of {style.preset}; give it a name."
    )


# -- the document ------------------------------------------------------------------------------------------


def document(paper: Paper, style: Style) -> str:
    """``paper.tex``, which inputs the fragments and the notation."""
    writer = _Writer(paper, style)
    whole = not any(isinstance(block, Appendices) for block in paper.blocks)
    lines = [
        *style.preamble(),
        *([_LOOSE] if whole else []),
        *_environments(paper.blocks),
        rf"\hypersetup{{pdftitle={{{_bookmark(paper.title)}}}}}",
        *style.opening(to_tex(paper.title), writer.text(paper.abstract)),
        *(line for block in paper.blocks for line in writer.block(block)),
        *style.closing(cited=bool(paper.references)),
    ]
    return "\n".join(lines) + "\n"


def _bookmark(title: str) -> str:
    """A title without mathematics, which the properties of a PDF cannot hold."""
    return "".join(to_tex(span.text) for span in spans(title) if isinstance(span, Words)).strip()


def notation(paper: Paper, style: Style) -> str:
    """``notation.tex``: the first table without a number."""
    grid = next((x for x in paper.blocks if isinstance(x, Grid) and not x.caption), None)
    return "" if grid is None else "\n".join([*_Writer(paper, style).long_table(grid), ""])


def _environments(blocks: Sequence[Block]) -> Iterator[str]:
    used = {block.kind: block.word for block in blocks if isinstance(block, Environment)}
    counters = dict.fromkeys(COUNTERS.get(kind, "assumption") for kind in used)
    for counter in counters:
        kinds = {kind: word for kind, word in used.items() if COUNTERS.get(kind, "assumption") == counter}
        first = kinds.pop(counter, counter.capitalize())
        upright = r"\theoremstyle{definition}" if counter == "assumption" else r"\theoremstyle{plain}"
        within = "[section]" if counter == "entry" else ""
        yield rf"{upright}\newtheorem{{{counter}}}{{{first}}}{within}"
        for kind, word in kinds.items():
            look = r"\theoremstyle{definition}" if kind == "step" else ""
            yield rf"{look}\newtheorem{{{_environment(kind)}}}[{counter}]{{{word}}}"


def _environment(kind: str) -> str:
    """The name of an environment; kinds of assumptions get names that are nothing else's."""
    return kind if kind in COUNTERS or kind == "assumption" else f"assumption{kind}"


class _Writer:
    """Blocks as lines of TeX."""

    def __init__(self, paper: Paper, style: Style) -> None:
        self._paper, self._style = paper, style
        self._inputs_notation = True

    def text(self, text: str) -> str:
        """Text with its references."""
        return to_tex(text, self._point)

    def _point(self, span: Reference | Citation) -> str:
        if isinstance(span, Citation):
            return rf"\cite{{{','.join(span.keys)}}}"
        return listed(
            f"{word}~{listed(map(self._ref, run))}" if word else listed(map(self._ref, run))
            for word, run in targets_of(span.ids, self._paper.targets)
        )

    def _ref(self, target: Target) -> str:
        command = r"\ref" if target.word else r"\eqref"
        return f"{command}{{{self._style.label(target.label, target.id)}}}"

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Appendices():
                yield from (*self._style.appendices(), _LOOSE)
            case Paragraph():
                yield self.text(block.text) + "\n" * block.ends
            case Formula():
                yield from self._formula(block)
            case Environment():
                yield from self._environment(block)
            case Proof():
                head = f"[Proof of {self.text(block.of)}]" if block.of else ""
                body = "\n\n".join(self.text(part.text) for part in block.parts)
                yield rf"\begin{{proof}}{head}{body}\end{{proof}}" + "\n"
            case Picture():
                yield from self._picture(block)
            case Grid():
                yield from self._table(block) if block.caption else self._input_notation(block)

    def _heading(self, block: Heading) -> Iterator[str]:
        command = "section" if block.level == 1 else "subsection"
        if not block.id:
            yield rf"\{command}*{{{self.text(block.title)}}}"
            return
        label = self._style.label(block.label, block.id)
        yield ""
        yield rf"\{command}{{{self.text(block.title)}}}\label{{{label}}}"

    def _formula(self, block: Formula) -> Iterator[str]:
        row = block.rows[0]
        if len(block.rows) > 1:
            yield self._rows(block.rows)
        elif row.id and row.label in FOLDERS:
            yield rf"\input{{{FOLDERS[row.label]}/{row.id}}}%"  # a space would stand behind it
        else:
            text = fragment(row, self._style).rstrip("\n")
            yield text if block.numbered else _without_number(text)

    def _rows(self, rows: Sequence[Row]) -> str:
        """Rows below each other; where one needs smaller type, each is a display of its own."""
        lines = [(f"{row.tex}{row.end}", self._label(row)) for row in rows[:-1]]
        lines += [(rows[-1].tex, self._label(rows[-1]))]
        try:
            return equations(lines, width=self._style.column, end=rows[-1].end)
        except InputError:
            return "".join(fragment(row, self._style) for row in rows).rstrip("\n")

    def _label(self, row: Row) -> str | None:
        return self._style.label(row.label, row.id) if row.id else None

    def _environment(self, block: Environment) -> Iterator[str]:
        name = _environment(block.kind)
        label = self._style.label(block.label, block.id)
        mark = rf" \textbf{{[{block.mark}]}}" if block.mark else ""
        title = f"{self.text(block.name)}{mark}"
        yield rf"\begin{{{name}}}" + (f"[{{{title}}}]" if title else "") + rf"\label{{{label}}}"
        for part in block.parts:
            yield from (line.rstrip("\n") for line in self.block(part))
        yield rf"\end{{{name}}}"

    def _picture(self, block: Picture) -> Iterator[str]:
        star = "*" if block.wide and self._style.two_columns else ""
        yield rf"\begin{{figure{star}}}[htbp]\centering"
        yield rf"\includegraphics[width=\linewidth]{{figures/{block.stem}}}"
        label = self._style.label("fig", block.id)
        yield rf"\caption{{{self.text(block.caption)}}}\label{{{label}}}"
        yield rf"\end{{figure{star}}}"

    def _table(self, block: Grid) -> Iterator[str]:
        star = "*" if self._style.two_columns else ""
        head, *rows = (self._cells(cells) for cells in (block.header, *block.rows))
        columns = "".join(_column(share) for share in shares((block.header, *block.rows), self._style.page))
        yield rf"\begin{{table{star}}}[htbp]\centering\small"
        label = self._style.label("tab", block.id)
        yield rf"\caption{{{self.text(block.caption)}}}\label{{{label}}}\vspace{{1ex}}"
        yield rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}"
        yield from (r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}")
        yield rf"\end{{table{star}}}"

    def _cells(self, cells: Sequence[str]) -> str:
        return " & ".join(map(self.text, cells)) + r" \\"

    def _input_notation(self, block: Grid) -> Iterator[str]:
        """The first long table is a file of its own."""
        if self._inputs_notation:
            self._inputs_notation = False
            yield r"{\small\input{notation}}"
        else:
            yield from (r"{\small", *self.long_table(block), "}")

    def long_table(self, block: Grid) -> Iterator[str]:
        """A table that may be longer than a page; two columns have no room for one, and get a list."""
        if self._style.two_columns:
            yield r"\begin{list}{}{\setlength{\leftmargin}{1em}\setlength{\itemindent}{-1em}\sloppy}"
            for symbol, *rest in block.rows:
                yield rf"\item {self.text(symbol)}: {'; '.join(map(self.text, filter(None, rest)))}."
            yield r"\end{list}"
            return
        head, *rows = (self._cells(cells) for cells in (block.header, *block.rows))
        columns = "".join(_column(share) for share in shares((block.header, *block.rows), self._style.page))
        yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
        yield from (r"\toprule", head, r"\midrule", r"\endhead", *rows)
        yield from (r"\bottomrule", r"\end{longtable}\addtocounter{table}{-1}")  # it has no number


def _column(share: float) -> str:
    return rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}" if share else "l"


def _without_number(display: str) -> str:
    for name in ("equation", "align"):
        display = display.replace(f"{{{name}}}", f"{{{name}*}}")
    return display
