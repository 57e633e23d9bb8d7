"""Nodes to Typst's mathematics (Typst 0.15), without dollars.

Brackets and bars grow by themselves.  Letters stand apart, words in quotes; a script in brackets loses
them on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderive.displays import nodes as n
from symderive.displays.printing.form import Gap, Style
from symderive.displays.printing.spelling import Spelled
from symderive.displays.printing.writer import Writer

_GAPS = {Gap.PLAIN: " ", Gap.THIN: " thin ", Gap.TIGHT: " ", Gap.DOT: " dot.op "}
_FOLDS = {"sum": "sum", "prod": "product", "bigoplus": "plus.o.big"}
_MOMENTS = {"E": "bb(E)", "Var": 'op("Var")'}
_MARKS = {
    "bar": "macron",
    "hat": "hat",
    "tilde": "tilde",
    "dot": "dot",
    "ddot": "dot.double",
    "vec": "arrow",
    "mathrm": "upright",
    "mathbf": "bold",
    "mathcal": "cal",
    "mathbb": "bb",
}
#: Letters that Typst knows by another name than LaTeX.
_LETTERS = {
    "epsilon": "epsilon.alt",
    "varepsilon": "epsilon",
    "phi": "phi.alt",
    "varphi": "phi",
    "vartheta": "theta.alt",
    "varrho": "rho.alt",
    "varsigma": "sigma.alt",
    "varpi": "pi.alt",
    "infty": "infinity",
}
_RELATIONS = {
    n.Sign.EQUAL: "=",
    n.Sign.DEFINED: ":=",
    n.Sign.LESS: "<",
    n.Sign.GREATER: ">",
    n.Sign.AT_MOST: "<=",
    n.Sign.AT_LEAST: ">=",
    n.Sign.DIFFERENT: "!=",
    n.Sign.MATRIX_AT_LEAST: "succ.eq",
    n.Sign.MATRIX_AT_MOST: "prec.eq",
    n.Sign.POSITIVE_DEFINITE: "succ",
    n.Sign.IN: "in",
    n.Sign.CONGRUENT: "tilde.equiv",
}


def to_typst(node: n.Node, *, inline: bool = False) -> str:
    """Typst of a display, for a place between dollars; for running text with slashes for fractions.

    >>> from symderive.displays.nodes import Name, Norm, Power, Number
    >>> to_typst(Power(Norm(Name("m")), Number(2)))
    'norm(m)^2'
    """
    return _Typst(Style.INLINE if inline else Style.DISPLAY).write(node).text


class _Typst(Writer):
    transposed, inverted, inverted_transposed, pseudoinverted = "top", "-1", "-top", "+"
    iff, iff_wide, comma = "<==>", "quad <==> quad", ", quad "

    def fence(self, left: str, right: str, body: str, _size: int, /) -> str:
        return f"{left}{body}{right}"

    def name(self, name: Spelled, subscripts: Sequence[str]) -> str:
        text = _LETTERS.get(name.core, name.core) if name.greek else name.core
        if not name.greek and len(text) > 1:
            text = f'"{text}"'
        for mark in reversed(name.marks):
            text = f"{_MARKS[mark]}({text})"
        text += "'" * name.primes
        return f"{text}_{_grouped(', '.join(subscripts))}" if subscripts else text

    def call(self, head: str, arguments: str) -> str:
        # A bracket right after a script would be taken into it.
        return f"{head} {arguments}" if "_" in head else f"{head}{arguments}"

    def operator(self, operator: str) -> str:
        return 'op("' + operator + '")' if operator in ("Diag", "tr") else operator

    def gradient(self, body: str, order: int) -> str:
        return f"nabla {body}" if order == 1 else f"nabla^{order} {body}"

    def partial(self, body: str, by: str, *, ordinary: bool) -> str:
        sign = "upright(d)" if ordinary else "partial"
        return f"frac({sign} {body}, {sign} {by})"

    def product(self, factors: Sequence[str], gaps: Sequence[Gap], /) -> str:
        return factors[0] + "".join(_GAPS[gap] + text for gap, text in zip(gaps, factors[1:], strict=True))

    def fraction(self, above: str, below: str) -> str:
        return f"frac({above}, {below})"

    def slash(self, above: str, below: str) -> str:
        return rf"{above}\/{below}"

    def binomial(self, above: str, below: str) -> str:
        return f"binom({above}, {below})"

    def raised(self, base: str, script: str) -> str:
        return f"{base}^{_grouped(script)}"

    def root(self, body: str) -> str:
        return f"sqrt({body})"

    def norm(self, body: str, _size: int, /, *, frobenius: bool) -> str:
        return f"norm({body})_F" if frobenius else f"norm({body})"

    def absolute(self, body: str, _size: int, /) -> str:
        return f"abs({body})"

    def plus_minus(self, body: str) -> str:
        return f"plus.minus {body}"

    def fold(self, kind: str, below: str, above: str) -> str:
        head = f"{_FOLDS[kind]}_({below})"
        return f"{head}^{_grouped(above)}" if above else head

    def moment(self, kind: str, over: str) -> str:
        return f"{_MOMENTS[kind]}_{_grouped(over)}"

    def extremum(self, kind: str, over: str) -> str:
        return f"{kind}_{_grouped(over)}"

    def limit(self, variable: str, target: str) -> str:
        return f"lim_({variable} -> {target})"

    def taken(self, head: str, body: str, gap: Gap, /) -> str:
        return f"{head}{_GAPS[gap]}{body}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return f"mat({'; '.join(', '.join(row) for row in rows)})"

    def matrix_sign(self, *, kronecker: bool) -> str:
        return " times.o " if kronecker else " plus.o "

    def relation(self, sign: n.Sign) -> str:
        return _RELATIONS[sign]


def _grouped(script: str) -> str:
    """A script, in brackets that are not printed unless it is one letter, number or word."""
    return script if script.isalpha() or script.isdigit() else f"({script})"
