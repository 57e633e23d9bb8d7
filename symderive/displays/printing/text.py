"""Nodes to plain Unicode text, one line, for terminals and titles.

Scripts are small letters where Unicode has them and stand in brackets after ^ or _ where not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from symderive.displays import nodes as n
from symderive.displays.printing.form import Gap, Style
from symderive.displays.printing.spelling import Spelled
from symderive.displays.printing.writer import Writer
from symderive.latex.names import words

_GREEK = dict(
    zip(
        words(
            "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma"
            " sigma tau upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi"
            " Omega epsilon phi vartheta varpi varrho ell infty"
        ),
        "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϕϑϖϱℓ∞",
        strict=True,
    )
)
_ACCENTS = {
    "bar": "\u0304",
    "hat": "\u0302",
    "tilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
}
_BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))

_UP = dict(zip("0123456789+-=()⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀ", strict=True))
_UP |= dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_UP |= dict(zip("ABDEGHIJKLMNOPRUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ", strict=True))
_DOWN = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_DOWN |= dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))

_MOMENTS = {"E": "𝔼", "Var": "Var"}
_FOLDS = {"sum": "∑", "prod": "∏", "bigoplus": "⨁"}
_RELATIONS = {
    n.Sign.EQUAL: "=",
    n.Sign.DEFINED: ":=",
    n.Sign.LESS: "<",
    n.Sign.GREATER: ">",
    n.Sign.AT_MOST: "≤",
    n.Sign.AT_LEAST: "≥",
    n.Sign.DIFFERENT: "≠",
    n.Sign.MATRIX_AT_LEAST: "⪰",
    n.Sign.MATRIX_AT_MOST: "⪯",
    n.Sign.POSITIVE_DEFINITE: "≻",
    n.Sign.IN: "∈",
    n.Sign.CONGRUENT: "≅",
}


def to_text(node: n.Node) -> str:
    """A display in one line of Unicode.

    For people: outside scripts a word such as ``sp`` looks like the product of its letters.

    >>> from symderive.displays.nodes import Name, Norm, Number, Power
    >>> to_text(Power(Norm(Name("m")), Number(2)))
    '‖m‖²'
    """
    return _Text().write(node).text


class _Text(Writer):
    stacked = False
    transposed, inverted, inverted_transposed, pseudoinverted = "⊤", "-1", "-⊤", "+"
    iff, iff_wide, comma = "⟺", "⟺", ", "

    def fence(self, left: str, right: str, body: str, _size: int, /) -> str:
        return f"{left}{body}{right}"

    def name(self, name: Spelled, subscripts: Sequence[str]) -> str:
        text = _GREEK[name.core] if name.greek else name.core
        for mark in reversed(name.marks):
            text = _marked(text, mark)
        text += "′" * name.primes
        return text + _small(",".join(subscripts), "_", _DOWN) if subscripts else text

    def operator(self, operator: str) -> str:
        return operator

    def gradient(self, body: str, order: int) -> str:
        return f"∇{body}" if order == 1 else f"∇²{body}"

    def partial(self, body: str, by: str, *, ordinary: bool) -> str:
        sign = "d" if ordinary else "∂"
        return f"{sign}{body}/{sign}{by}"

    def product(self, factors: Sequence[str], gaps: Sequence[Gap], /) -> str:
        text = factors[0]
        for (left, right), gap in zip(pairwise(factors), gaps, strict=True):
            # In a script two letters side by side would look like a word.
            apart = (self.style is Style.SCRIPT and not left.isdigit()) or not _may_touch(left, right)
            text += (" · " if gap is Gap.DOT else " " if apart else "") + right
        return text

    def slash(self, above: str, below: str) -> str:
        return f"{above}/{below}"

    def binomial(self, above: str, below: str) -> str:
        return f"binom({above}, {below})"

    def raised(self, base: str, script: str) -> str:
        return base + _small(script, "^", _UP)

    def root(self, body: str) -> str:
        return f"√{body}" if len(body) == 1 else f"√({body})"

    def norm(self, body: str, _size: int, /, *, frobenius: bool) -> str:
        return f"‖{body}‖_F" if frobenius else f"‖{body}‖"

    def absolute(self, body: str, _size: int, /) -> str:
        return f"|{body}|"

    def plus_minus(self, body: str) -> str:
        return f"±{body}"

    def fold(self, kind: str, below: str, above: str) -> str:
        head = f"{_FOLDS[kind]}_({below})"
        return f"{head}^{_in_brackets(above)}" if above else head

    def moment(self, kind: str, over: str) -> str:
        return f"{_MOMENTS[kind]}_{_in_brackets(over)}"

    def extremum(self, kind: str, over: str) -> str:
        return f"{kind}_{_in_brackets(over)}"

    def limit(self, variable: str, target: str) -> str:
        return f"lim_({variable} → {target})"

    def taken(self, head: str, body: str, _gap: Gap, /) -> str:
        return f"{head} {body}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return f"[{'; '.join(', '.join(row) for row in rows)}]"

    def matrix_sign(self, *, kronecker: bool) -> str:
        return " ⊗ " if kronecker else " ⊕ "

    def relation(self, sign: n.Sign) -> str:
        return _RELATIONS[sign]


_SMALL = "".join({*_UP.values(), *_DOWN.values()})
_LETTER = re.compile(rf"[^\W\d_][\u0300-\u036f\u20d7]*′*[{_SMALL}]*")
_CLOSED = re.compile(rf".*(?:[)\]‖|][{_SMALL}]*|[{''.join(_UP.values())}])")


def _marked(text: str, mark: str) -> str:
    """A letter under an accent or in another alphabet; a word in upright type is as it is."""
    if mark in _ACCENTS:
        return text[:1] + _ACCENTS[mark] + text[1:]
    if mark == "mathrm":
        return text
    if len(text) > 1:
        return f"{mark}({text})"
    return _alphabet(text, mark)


def _alphabet(letter: str, mark: str) -> str:
    if mark == "mathbf":
        start = 0x1D7CE if letter.isdigit() else 0x1D400 if letter.isupper() else 0x1D41A
        base = "0" if letter.isdigit() else "A" if letter.isupper() else "a"
        return chr(start + ord(letter) - ord(base))
    if mark == "mathbb" and letter in _BLACKBOARD:
        return _BLACKBOARD[letter]
    return f"{mark}({letter})"


def _small(script: str, sign: str, letters: Mapping[str, str]) -> str:
    """A script in small letters if there are any for all of it and it is no word, else after its sign."""
    is_word = len(script) > 1 and script.isalpha() and script.isascii()
    if not is_word and all(letter in letters for letter in script):
        return "".join(letters[letter] for letter in script)
    return f"{sign}{_in_brackets(script, word=is_word)}"


def _in_brackets(script: str, *, word: bool = False) -> str:
    return script if word or len(script) == 1 or script.isdigit() else f"({script})"


def _may_touch(left: str, right: str) -> bool:
    """Whether two factors need no space between them; a letter before a bracket would be a call."""
    is_closed = left.isdigit() or _CLOSED.fullmatch(left) is not None
    if right[0] == "(":
        return is_closed
    is_letter = _LETTER.fullmatch(right.partition("_")[0].partition("^")[0]) is not None
    return (is_closed or _LETTER.fullmatch(left) is not None) and (is_letter or right[0] in "‖|")
