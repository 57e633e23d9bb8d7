"""Words with a little mathematics as TeX: plain Unicode is replaced, everything else is checked."""

from __future__ import annotations

import re

from symderive.errors import InputError

#: Unicode letters and signs that prose may hold, as TeX inside mathematics.
MATH: dict[str, str] = {
    "≠": r"\ne ",
    "≥": r"\ge ",
    "≤": r"\le ",
    "→": r"\to ",
    "∞": r"\infty ",
    "⪰": r"\succeq ",
    "∈": r"\in ",
    "Σ": r"\sum ",
    "Π": r"\prod ",
    "ᵀ": r"^{\top}",
    "⁺": "^{+}",
    "⁻": "^{-}",
    "¹": "^{1}",
    "²": "^{2}",
    "³": "^{3}",
    "⇔": r"\iff ",
    "⇒": r"\Rightarrow ",
    "·": r"\cdot ",
    "λ": r"\lambda ",
    "ρ": r"\rho ",
    "σ": r"\sigma ",
    "γ": r"\gamma ",
    "κ": r"\kappa ",
    "τ": r"\tau ",
    "φ": r"\varphi ",
    "μ": r"\mu ",
    "θ": r"\theta ",
    "ε": r"\epsilon ",
    "χ": r"\chi ",
    "ζ": r"\zeta ",
}

#: The same outside mathematics.
TEXT: dict[str, str] = {
    "–": "--",
    "—": "---",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\dots{}",
    "ó": r"\'o",
    "ö": r"\"o",
}

_NORM = re.compile(r"‖([^‖]*)‖")
_SPECIAL = {"%": r"\%", "#": r"\#", "&": r"\&"}


def to_tex(text: str) -> str:
    r"""``text`` in ASCII TeX: what stands between dollars is mathematics, words with signs become so.

    >>> to_tex("V = ‖v‖; it is not 0")
    'V = $\\lVert v\\rVert$; it is not 0'

    Raises :class:`InputError` for a character that no rule covers.
    """
    parts = text.split("$")
    if len(parts) % 2 == 0:
        raise InputError(f"the text {text[:60]!r} has an odd number of dollar signs; close the formula.")
    return "".join(
        f"${_math(part)}$" if at % 2 else " ".join(_word(word) for word in part.split(" "))
        for at, part in enumerate(parts)
    )


def _math(text: str) -> str:
    text = _NORM.sub(r"\\lVert \1\\rVert", text)
    return _ascii("".join(MATH.get(letter, letter) for letter in text))


def _word(word: str) -> str:
    core = word.rstrip(",.;:")
    if any(letter in MATH or letter in "‖_^" for letter in core):
        return f"${_math(core).strip()}${word[len(core) :]}"
    return _ascii("".join(TEXT.get(x, _SPECIAL.get(x, x)) for x in word))


def _ascii(text: str) -> str:
    for letter in text:
        if not (letter.isascii() and (letter.isprintable() or letter == "\n")):
            raise InputError(f"the text {text[:60]!r} holds {letter!r}; write it in TeX.")
    return text
