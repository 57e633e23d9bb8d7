"""SymPy to the LaTeX of a paper, and back.

:func:`to_latex` prints, :func:`read_latex` reads what was printed, :func:`break_lines` and
:func:`equation` lay it out for a column, :mod:`symderive.latex.check` tests all of it.
"""

from symderive.latex.layout import WIDTHS, Column, break_lines, equation, equations
from symderive.latex.printer import PaperPrinter, Typeset, to_latex, typeset
from symderive.latex.reader import read_latex

__all__ = [
    "WIDTHS",
    "Column",
    "PaperPrinter",
    "Typeset",
    "break_lines",
    "equation",
    "equations",
    "read_latex",
    "to_latex",
    "typeset",
]
