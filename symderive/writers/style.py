"""Where a paper is to fit: a document class, its column, its front matter, and the prefix of labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symderive.latex.layout import Column, column

#: The class options and names that belong to a width preset.
_CLASSES: dict[str, tuple[str, str]] = {
    "article": ("10pt", "article"),
    "article11": ("11pt", "article"),
    "article12": ("12pt", "article"),
    "amsart": ("10pt", "amsart"),
    "revtex": ("aps,pra,twocolumn,10pt", "revtex4-2"),
    "revtex-preprint": ("aps,pra,preprint,12pt", "revtex4-2"),
    "ieee": ("conference", "IEEEtran"),
}

_PACKAGES = (
    r"\usepackage[T1]{fontenc}",
    r"\usepackage{lmodern}",
    r"\usepackage{amsmath,amssymb,amsthm}",
    r"\usepackage{array,booktabs,longtable,graphicx,microtype}",
    r"\usepackage[hidelinks]{hyperref}",
)

#: Room around displays as in the proceedings of conferences, where every size of type would reset it.
_DENSE = (
    r"\makeatletter\g@addto@macro\normalsize{\abovedisplayskip=6pt plus 2pt minus 3pt"
    r"\belowdisplayskip=\abovedisplayskip}\makeatother\abovecaptionskip=4pt"
)

_AUTHOR = r"\author{Derived with symderive}"


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

    @property
    def page(self) -> float:
        """The width of a page's text in points."""
        return {"revtex": 510.0, "ieee": 516.0}.get(self.preset, self.column.width)

    @property
    def _is_revtex(self) -> bool:
        return self.preset.startswith("revtex")

    def label(self, kind: str, id_: str) -> str:
        """The label of what has an id, such as ``eq:sd:loss``."""
        return f"{kind}:{self.prefix}:{id_}"

    def preamble(self) -> Iterator[str]:
        """Class and packages."""
        options, name = _CLASSES.get(self.preset, ("10pt", "article"))
        yield rf"\documentclass[{options}]{{{name}}}"
        yield from _PACKAGES
        if self.preset not in _CLASSES or self.preset == "article":  # its own text block is low
            yield rf"\usepackage[textwidth={self.column.width}pt,textheight=650pt]{{geometry}}"
            yield _DENSE
        yield r"\allowdisplaybreaks"
        yield r"\emergencystretch=6em"  # for lines with long formulas, and no others
        yield r"\ifdefined\pdftrailerid\pdftrailerid{}\fi  % the same bytes on every run"

    def opening(self, title: str, abstract: str) -> Iterator[str]:
        """Everything from the title to the end of the abstract, in the order that the class wants."""
        shown = [rf"\begin{{abstract}}{abstract}\end{{abstract}}"] if abstract else []
        head = [rf"\title{{{title}}}", _AUTHOR]
        if self._is_revtex:
            yield from (r"\begin{document}", *head, r"\noaffiliation", *shown, r"\maketitle")
        elif self.preset == "ieee":
            yield from (*head, r"\begin{document}", r"\maketitle", *shown)
        elif self.preset == "amsart":
            yield from (*head, r"\date{}", r"\begin{document}", *shown, r"\maketitle")
        else:
            yield from (*head, r"\date{}", r"\begin{document}", r"\maketitle", *shown)

    def appendices(self) -> Iterator[str]:
        """What makes appendices of the sections that follow; a ledger has more subsections than letters."""
        yield r"\appendices" if self.preset == "ieee" else r"\appendix"
        if self.two_columns or self._is_revtex:
            yield r"\renewcommand{\thesubsection}{\thesection.\arabic{subsection}}"
        if self.preset == "ieee":
            yield r"\renewcommand{\thesubsectiondis}{\arabic{subsection}.}"

    def closing(self, *, cited: bool) -> Iterator[str]:
        """The references, if there are any, and the end."""
        if cited:
            yield rf"\bibliographystyle{{{'apsrev4-2' if self._is_revtex else 'plain'}}}"
            yield r"\bibliography{references}"
        yield r"\end{document}"
