r"""What TeX knows of mathematics and pandoc's MathML does not: signs, and thin spaces about operators."""

from __future__ import annotations

import re

#: Signs that browsers are to set as TeX does, by pandoc's.
_SIGNS = {
    "<mo>≽</mo>": "<mo>⪰</mo>",
    "<mo>≼</mo>": "<mo>⪯</mo>",
    "<mo>⇔</mo>": '<mo lspace="0.56em" rspace="0.56em">⟺</mo>',
}
_SIGN = re.compile("|".join(_SIGNS))

#: An operator with what stands below it, and the sign before it.
_OPERATOR = re.compile(
    r"(?P<before>\\[A-Za-z]+|\S)?\s*"
    r"(?P<name>\\(?:operatorname\{[A-Za-z]+\}|(?:ln|log|det|exp|min|max|inf|sup|lim)(?![a-z]))"
    r"(?:_(?:\{[^{}]*\}|[a-z]))?)\s*"
)

#: Commands after which no factor ends.
_OPEN = frozenset(
    rf"\{name}"
    for name in (
        *("le", "ge", "ne", "lt", "gt", "in", "iff", "to", "cdot", "times", "quad", "qquad", "succeq"),
        *("preceq", "succ", "prec", "cong", "left", "oplus", "otimes", "frac", "tfrac", "dfrac", "sqrt"),
    )
)

#: What needs no space from the operator before it.
_BRACKET = re.compile(r"$|[_^(\[,}&.]|\\[,;{\\]|\\(?:left|[bB]igg?l?)(?![a-z])|\\(?:quad|qquad|le|ge)\b")


def spaced(formula: str) -> str:
    r"""A formula of LaTeX with the thin spaces written out that TeX makes by itself.

    >>> spaced(r"n \operatorname{Diag}(Q) \ge \min_{m} F(m)")
    'n\\, \\operatorname{Diag}(Q) \\ge \\min_{m}\\, F(m)'
    """
    return _OPERATOR.sub(_apart, formula)


def _apart(found: re.Match[str]) -> str:
    before, name = found["before"] or "", found["name"]
    factor = before not in _OPEN and re.fullmatch(r"[A-Za-z0-9})\]]|\\[A-Za-z]+", before)
    left = r"\, " if factor else " " if before else ""
    right = "" if _BRACKET.match(found.string, found.end()) else r"\, "
    return f"{before}{left}{name}{right}"


def mended(page: str) -> str:
    """A page of pandoc's with the signs that TeX has.

    >>> mended("<mo>≽</mo>")
    '<mo>⪰</mo>'
    """
    return _SIGN.sub(lambda found: _SIGNS[found[0]], page)
