r"""Nodes to the LaTeX of a paper, as :mod:`symderive.displays.reading.reader` reads it back.

The reader shares nothing with this module but the nodes.  Brackets stand only where they are needed, of
the size that they need; fractions are stacked in displays and written with a slash in scripts, inside
other fractions and in running text.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderive.displays import nodes as n
from symderive.displays.printing.form import Gap, Style
from symderive.displays.printing.spelling import Spelled
from symderive.displays.printing.writer import TALL, Writer

#: What stands before and after a bracket, by the size of what it holds.
_SIZES = (
    ("", ""),
    (r"\bigl", r"\bigr"),
    (r"\Bigl", r"\Bigr"),
    (r"\left", r"\right"),
    (r"\left", r"\right"),
)
_GAPS = {Gap.PLAIN: " ", Gap.THIN: r" \, ", Gap.TIGHT: r"\! ", Gap.DOT: r" \cdot "}
_SIGNS = {"sum": r"\sum", "prod": r"\prod", "bigoplus": r"\bigoplus"}
_MOMENTS = {"E": r"\mathbb{E}", "Var": r"\operatorname{Var}"}


def to_tex(node: n.Node, *, inline: bool = False) -> str:
    r"""LaTeX of a display; for running text with ``inline``, which has slashes in place of fractions.

    Raises :class:`~symderive.errors.InputError` for what is no node, and for a node that means nothing.

    >>> from symderive.displays.nodes import Name, Product, Transpose
    >>> to_tex(Product((Transpose(Name("v")), Name("A"), Name("v"))))
    'v^{\\top}\\! A v'
    """
    return _Latex(Style.INLINE if inline else Style.DISPLAY).write(node).text


class _Latex(Writer):
    transposed, inverted, inverted_transposed, pseudoinverted = r"\top", "-1", r"-\top", "+"
    iff, iff_wide, comma = r"\iff", r"\quad \iff \quad", r", \quad "

    def fence(self, left: str, right: str, body: str, size: int, /) -> str:
        before, after = _SIZES[size]
        brace = "\\" if left == "{" else ""
        return f"{before}{brace}{left}{body}{after}{brace}{right}"

    def name(self, name: Spelled, subscripts: Sequence[str]) -> str:
        text = f"\\{name.core}" if name.greek else name.core
        for mark in reversed(name.marks):
            text = f"\\{mark}{{{text}}}"
        text += "'" * name.primes
        return f"{text}_{{{','.join(subscripts)}}}" if subscripts else text

    def call(self, head: str, arguments: str) -> str:
        return rf"{head}\!{arguments}" if arguments.startswith(r"\left") else f"{head}{arguments}"

    def operator(self, operator: str) -> str:
        return n.OPERATORS[operator]

    def gradient(self, body: str, order: int) -> str:
        return rf"\nabla {body}" if order == 1 else rf"\nabla^{{{order}}} {body}"

    def partial(self, body: str, by: str, *, ordinary: bool) -> str:
        sign = r"\mathrm{d}" if ordinary else r"\partial"
        return rf"\frac{{{sign} {body}}}{{{sign} {by}}}"

    def product(self, factors: Sequence[str], gaps: Sequence[Gap], /) -> str:
        return factors[0] + "".join(_GAPS[gap] + text for gap, text in zip(gaps, factors[1:], strict=True))

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def binomial(self, above: str, below: str) -> str:
        return rf"\binom{{{above}}}{{{below}}}"

    def raised(self, base: str, script: str) -> str:
        return f"{base}^{{{script}}}"

    def root(self, body: str) -> str:
        return rf"\sqrt{{{body}}}"

    def norm(self, body: str, size: int, /, *, frobenius: bool) -> str:
        return self._bars("Vert", body, size) + ("_{F}" if frobenius else "")

    def absolute(self, body: str, size: int, /) -> str:
        return self._bars("vert", body, size)

    def _bars(self, bar: str, body: str, size: int) -> str:
        before, after = _SIZES[size if self.style is Style.DISPLAY or size == TALL else 0]
        return rf"{before}\l{bar} {body} {after}\r{bar}"

    def plus_minus(self, body: str) -> str:
        return rf"\pm {body}"

    def fold(self, kind: str, below: str, above: str) -> str:
        head = f"{_SIGNS[kind]}_{{{below}}}"
        return f"{head}^{{{above}}}" if above else head

    def moment(self, kind: str, over: str) -> str:
        return f"{_MOMENTS[kind]}_{{{over}}}"

    def extremum(self, kind: str, over: str) -> str:
        return rf"\{kind}_{{{over}}}"

    def limit(self, variable: str, target: str) -> str:
        return rf"\lim_{{{variable} \to {target}}}"

    def taken(self, head: str, body: str, gap: Gap, /) -> str:
        return f"{head}{_GAPS[gap]}{body}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        body = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"

    def matrix_sign(self, *, kronecker: bool) -> str:
        return r" \otimes " if kronecker else r" \oplus "

    def relation(self, sign: n.Sign) -> str:
        return sign.value
