"""The number that a cell of text holds, or a sentence that says what is wrong with it."""

from __future__ import annotations

import re
from fractions import Fraction

from symderive.arithmetic.exact import parse_number
from symderive.errors import InputError, shown

#: Truth values as pandas, polars, R and spreadsheets write them, in lower case, and what they count.
TRUTHS = {"true": "1", "false": "0"}

#: What may be a number with separators of thousands or with another decimal mark.
_WITH_MARKS = re.compile(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?")


def is_truth(text: str) -> bool:
    """Whether a cell is a truth value, in letters of either case.

    >>> is_truth(" True"), is_truth("FALSE"), is_truth("1")
    (True, True, False)
    """
    return text.strip().lower() in TRUTHS


def truth_as_digit(text: str, where: str) -> str:
    """``1`` or ``0`` for a truth value of a column that holds nothing else."""
    digit = TRUTHS.get(text.strip().lower())
    if digit is None and text.strip():
        raise InputError(
            f"{where} the cell {shown(text)} stands among truth values; write True or False as the other "
            "cells do, or 1 and 0 in all of them."
        )
    return digit or text


def number_in(text: str, where: str, *, sep: str, decimal: str, ratios: bool) -> Fraction:
    """The exact number in a cell; :class:`InputError` begins with ``where`` and names the remedy."""
    if not text.strip():
        raise InputError(f"{where} the cell is empty; fill it or drop the row.")
    if "/" in text and not ratios:
        raise InputError(
            f"{where} the cell {shown(text)} looks like a fraction or a date; give --fractions "
            "(fractions=True) if it is a fraction."
        )
    if is_truth(text):
        raise InputError(
            f"{where} the cell {shown(text)} is a truth value and the first of its column is not; write 1 "
            "for true and 0 for false."
        )
    _require_marks(text.strip(), where, sep, decimal)
    return parse_number(text.replace(decimal, "."), f"{where} the cell", ratios=ratios)


def _require_marks(text: str, where: str, sep: str, decimal: str) -> None:
    """Refuse marks that are not the decimal one, where they may be another or separate thousands."""
    points, commas = text.count("."), text.count(",")
    if decimal == "." and not (commas and _WITH_MARKS.fullmatch(text)):
        return  # a number, or what no mark explains
    named, take_out = f"{where} the cell {shown(text)} has", "take out the separators of thousands"
    if points and commas:
        european = decimal == "." and text.rfind(",") > text.rfind(".")
        also = f", and give {_decimal_comma(sep)}" if european else ""
        raise InputError(f"{named} both a point and a comma; {take_out}{also}.")
    if points:
        raise InputError(
            f"{named} a point; the decimal mark is a comma, so {take_out}, or write a comma for it."
        )
    if commas > 1:
        raise InputError(f"{named} several commas; {take_out}.")
    if decimal == ".":
        raise InputError(
            f"{named} a comma; give {_decimal_comma(sep)} if it is the decimal mark, or {take_out}."
        )


def _decimal_comma(sep: str) -> str:
    """How a decimal comma is told; cells cannot be separated by it, too."""
    return '--decimal , (decimal=",")' + (" with another --sep (sep)" if sep == "," else "")
