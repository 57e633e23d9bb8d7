"""How a symbol is spelled in LaTeX, and which spellings are safe.

A name comes from one of three places, in this order: the ``names`` argument of a call, the one table of
symbols, or :func:`spell`, which splits a plain Python name.  Text from the first two is checked against
a list of allowed commands, so that nothing that a caller supplies can run TeX code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

import sympy as sp

from symderive.errors import InputError
from symderive.symbols import TABLE

#: SymPy object (symbol, family, matrix symbol, undefined function) to its LaTeX.
Spelling: TypeAlias = Mapping[Any, str]


def words(text: str) -> list[str]:
    """A table of words, written in one string."""
    return text.split()


GREEK = frozenset(
    words(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
        "phi chi psi omega varepsilon vartheta varpi varrho varsigma varphi "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"
    )
)

ACCENTS = tuple(words("bar hat tilde ddot dot vec"))

#: Commands that a name may contain.
NAME_COMMANDS = frozenset(
    [rf"\{word}" for word in (*GREEK, *ACCENTS)]
    + words(r"\mathrm \mathbf \mathcal \mathbb \boldsymbol \operatorname \lVert \rVert \lvert \rvert")
    + words(r"\top \star \ast \dagger \prime \circ \perp \cdot \% \# \& \$ \_ \,")
)

#: Names that the printer needs for constants and operators.
RESERVED = frozenset(
    [r"\pi", r"\infty", r"\partial", r"\top"] + [rf"\mathrm{{{letter}}}" for letter in "edi"]
)

_UNICODE_GREEK = {
    chr(code): word
    for start, words in (
        (0x391, "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho"),
        (0x3A3, "Sigma Tau Upsilon Phi Chi Psi Omega"),
        (0x3B1, "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi omicron pi"),
        (0x3C1, "rho varsigma sigma tau upsilon varphi chi psi omega"),
    )
    for code, word in enumerate(words.split(), start)
}

_PART = re.compile(r"[A-Za-z0-9%#&$ ]+")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_MAX_NAME = 200


def spell(name: str) -> str:
    """LaTeX for a Python name: Greek words, accents, upright words, subscripts after ``_``.

    The result is ASCII, has balanced braces and only the commands of :data:`NAME_COMMANDS`.  Raises
    :class:`InputError` for a name that has no safe spelling.

    >>> spell("lambda_eff"), spell("W_1"), spell("x1"), spell("loss"), spell("gammabar")
    ('\\\\lambda_{\\\\mathrm{eff}}', 'W_{1}', 'x_{1}', '\\\\mathrm{loss}', '\\\\bar{\\\\gamma}')
    """
    plain = "".join(_UNICODE_GREEK.get(letter, letter) for letter in name)
    base, *subscripts = plain.split("_") if not plain.startswith("_") else [plain]
    digits = len(base) - len(base.rstrip("0123456789"))
    if 0 < digits < len(base) and base[:-digits].isalpha():
        base, subscripts = base[:-digits], [base[-digits:], *subscripts]
    parts = [base.lstrip("_"), *subscripts]
    if len(name) > _MAX_NAME or not all(_PART.fullmatch(part) for part in parts):
        raise InputError(
            f"The name {name[:60]!r} has no safe LaTeX spelling; use letters, digits and single"
            " underscores, or give its LaTeX through names=."
        )
    if parts[0].isdigit():
        raise InputError(f"The name {name!r} reads as a number; begin it with a letter.")
    head = rf"\mathrm{{\_{_escape(parts[0])}}}" if base.startswith("_") else _word(parts[0])
    return head + (f"_{{{','.join(_word(part) for part in subscripts)}}}" if subscripts else "")


def _word(word: str) -> str:
    """One part of a name: a letter, a number, a Greek word, an accented letter or an upright word."""
    if (len(word) == 1 and word.isalnum()) or word.isdigit():
        return word
    if word in GREEK:
        return rf"\{word}"
    for accent in ACCENTS:
        base = word.removesuffix(accent)
        if base != word and (len(base) == 1 or base in GREEK):
            return rf"\{accent}{{{_word(base)}}}"
    return rf"\mathrm{{{_escape(word)}}}"


def _escape(word: str) -> str:
    return "".join(rf"\{letter}" if letter in "%#&$" else letter for letter in word)


def check_spelling(tex: str, what: str) -> str:
    """``tex`` itself if it is a safe name, else :class:`InputError` that says what is wrong."""
    tokens = _TOKEN.findall(tex)
    depth, faults = 0, []
    for token in tokens:
        depth += (token == "{") - (token == "}")
        if depth < 0:
            break
        if token.startswith("\\") and token not in NAME_COMMANDS:
            faults.append(f"the command {token} is not allowed in a name")
        elif token in "%#&$~\n" or not token.isascii() or not token.isprintable():
            faults.append(f"the character {token!r} is not allowed in a name")
    if depth:
        faults.append("its braces do not match")
    if not tokens or not (tokens[0].startswith("\\") or tokens[0].isalpha()):
        faults.append("it must begin with a letter or a command")
    if tex in RESERVED:
        faults.append("it is taken by a constant or an operator")
    if faults:
        raise InputError(f"The LaTeX {tex[:60]!r} for {what} cannot be used: {faults[0]}.")
    return tex


@cache
def table_spelling() -> Spelling:
    """The spellings in the table of symbols (rows of single elements are printed by their family)."""
    return MappingProxyType(
        {
            entry.symbol: check_spelling(entry.latex, entry.code)
            for entry in TABLE
            if not isinstance(entry.symbol, sp.Indexed)
        }
    )


def spelling(names: Spelling | None = None) -> Spelling:
    """The table's spellings overridden by ``names`` (checked)."""
    if not names:
        return table_spelling()
    checked = {symbol: check_spelling(tex, f"{symbol}") for symbol, tex in names.items()}
    return MappingProxyType({**table_spelling(), **checked})


def range_between(low: str, high: str) -> str:
    r"""The numbers from one to another; one or two are all named.

    >>> range_between("1", "D"), range_between("1", "2"), range_between("1", "1")
    ('1, \\dots, D', '1, 2', '1')
    """
    steps = int(high) - int(low) if low.isdigit() and high.isdigit() else None
    return low if steps == 0 else f"{low}, {high}" if steps == 1 else rf"{low}, \dots, {high}"
