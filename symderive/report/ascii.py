"""What an encoding cannot hold, spelled in ASCII: a letter by its name, all else as a backslash escape.

Importing this module registers the error handler :data:`SPELLED` for ``str.encode`` and for text streams.
Nothing that is printed raises then, whatever the encoding, lone surrogates of odd file names included.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

#: The name of the error handler.
SPELLED = "symderive.spelled"

#: The signs that tables, sentences and help texts use; Greek letters have their names.
SPELLINGS = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **{sign: f"^{digit}" for sign, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True)},
    "ᵀ": "'", "‖": "|", "·": "*", "×": "x", "⋯": "...", "…": "...", "–": "-", "—": "-", "−": "-",
    "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "±": "+-", "√": "sqrt", "∂": "d", "∇": "grad ",
    "∑": "sum", "∏": "prod", "∫": "int", "∈": "in", "→": "->", "←": "<-", "⇔": "<=>", "⇒": "=>", "↔": "<->",
    "𝔼": "E", "ℝ": "R", "ℓ": "l", "′": "'", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "*",
}  # fmt: skip

_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)")


def spelled(text: str, encoding: str) -> str:
    """``text`` as a stream of this encoding shows it.

    >>> spelled("‖m‖² ≤ ρλ", "ascii"), spelled("σ² ≠ 0", "cp1252"), spelled("κ", "utf-8")
    ('|m|^2 <= rholambda', 'sigma² != 0', 'κ')
    >>> spelled("a\\udcff☃.csv", "latin-1"), spelled("a\\udcff.csv", "utf-8")
    ('a\\\\udcff\\\\u2603.csv', 'a\\\\udcff.csv')
    """
    return text.encode(encoding, SPELLED).decode(encoding)


def is_encodable(text: str, encoding: str) -> bool:
    """Whether an encoding holds all of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelling, error.object[error.start : error.end])), error.end


def _spelling(sign: str) -> str:
    if sign in SPELLINGS:
        return SPELLINGS[sign]
    if greek := _GREEK.fullmatch(unicodedata.name(sign, "")):
        name = greek[2].lower().replace("lamda", "lambda")  # which Unicode spells in the modern way
        return name if greek[1] == "SMALL" else name.capitalize()
    return sign.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(SPELLED, _spell)
