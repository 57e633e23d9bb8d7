"""Whether what a vocabulary defines can be printed: recursions in displays, and definitions."""

from __future__ import annotations

import sympy as sp

from symderive.displays.nodes import Node
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.unfold import Unfolder
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.proofs.sides import Context, difference
from symderive.statements.claim import Claim, Relation
from symderive.statements.display import Definition, Letter, Vocabulary


def round_trip(tex: str, reading: Reading, functions: frozenset[str] = frozenset()) -> Node:
    """The nodes of a text that reads back from its own print."""
    heads = reading.functions | functions
    node = read(tex, heads)
    printed = to_tex(node)
    if read(printed, heads) != node:
        raise InputError(f"{tex} is printed as {printed}, which reads as something else.")
    return node


def check_letter(letter: Letter, vocabulary: Vocabulary) -> str:
    """Why the displays of a letter's recursion are not that recursion; empty where they are."""
    recursion = letter.recursion
    if recursion is None or len(letter.defined) != 2:
        return "" if recursion is None and not letter.defined else f"{letter.tex} has no base and step"
    reading = Reading(vocabulary)
    head, (layer, *rest) = recursion.head, recursion.indices
    try:
        for tex, at, value in zip(
            letter.defined, (sp.S.Zero, layer), (recursion.base, recursion.step), strict=True
        ):
            node = round_trip(tex, reading)
            # In words a layer may be any index; nothing of the rest has no entries.
            unfolder = Unfolder(reading, indices={str(layer): layer})
            (claim,) = unfolder.claims(node)
            over = tuple((index, low, high) for index, (_, low, high) in zip(rest, claim.over, strict=True))
            stated = Claim(Relation.EQUAL, head[(at, *rest)], value, over)
            if reason := difference(claim, stated, Context((), ())):
                return f"{tex}: {reason}"
    except ValueError as error:  # several claims, other indices; an InputError is one of these
        return f"{letter.tex}: {error}".rstrip(".")
    return ""


def check_definition(definition: Definition, vocabulary: Vocabulary) -> str:
    """Why a definition cannot be printed and unfolded; empty where it can."""
    try:
        reading = Reading(vocabulary)
        entry = next(entry for entry in reading.entries if entry.record == definition)
        for tex in (definition.tex, definition.value):
            round_trip(tex, reading)
        index = sp.Symbol("index", integer=True, positive=True)
        scope = {name: index for name in entry.indices if reading.find(name) is None}
        assert entry.value is not None
        Unfolder(reading, in_words=True).value(entry.value, scope)
    except InputError as error:
        return f"{definition.tex}: {error}".rstrip(".")
    return ""
