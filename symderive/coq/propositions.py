"""A statement as a proposition of Coq: its letters and their kinds, its hypotheses, its claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.coq.calculus import derivative, limit
from symderive.coq.expressions import Printer
from symderive.coq.names import (
    DATA_LETTERS,
    NOISE_LETTERS,
    Definition,
    Letter,
    Names,
    UnsupportedError,
    sample,
    type_of,
)
from symderive.coq.series import infinite_sums, series
from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.nodes import Expectation
from symderive.statements.statement import Statement

_SIGNS = {Relation.EQUAL: "=", Relation.AT_LEAST: ">=", Relation.GREATER: ">", Relation.DIFFERENT: "<>"}

#: Characters of two sides from which on they stand in lines of their own.
_LONG = 80

#: The model that averages are taken in, and what ``Prelude.v`` supposes of it.
_MODEL = (
    "(Data Noise : Type) (E_x : (Data -> R) -> R) (E_epsilon : (Noise -> R) -> R)",
    "(x : Data -> nat -> R) (y : Data -> R) (epsilon : Noise -> nat -> nat -> R)",
)
_MOMENTS: tuple[Letter, ...] = ((sy.A_entry, 2), (sy.v_entry, 1), (sy.c, 0), (sy.sigma, 1))


@dataclass(frozen=True)
class Proposition:
    """The definitions that it speaks of, and its text."""

    definitions: tuple[Definition, ...]
    text: str


def proposition(statement: Statement, defined: Mapping[Recursion, Definition]) -> Proposition:
    """Raises :class:`UnsupportedError` for what has no term; ``defined`` are the definitions by record."""
    definitions = tuple(defined[recursion] for recursion in statement.definitions)
    if len({made.head for made in definitions}) < len(definitions):
        raise UnsupportedError("two definitions of one letter")
    names = Names()
    if any(part.has(Expectation) for part in _sides(statement)):
        names.taken |= {str(getattr(key, "label", key)) for key in DATA_LETTERS | NOISE_LETTERS}
    for made in definitions:
        names.define(made)
    printer = Printer(
        names,
        known=tuple(_nonnegative(statement.given)),
        nonzero=tuple(_nonzero(statement.given)),
        open=tuple(x for x in statement.given if x.relation in (Relation.GREATER, Relation.DIFFERENT)),
    )
    hypotheses = [_hypothesis(printer, claim) for claim in statement.given]
    claim = _claim(printer, statement.claim)
    model: list[str] = []
    if names.averages:
        A, v, c, sigma = (names.letter(*letter) for letter in _MOMENTS)
        model = [f"data_average E_x x y {A} {v} {c}", f"noise_average E_epsilon epsilon {sigma}"]
    letters = [(name, type_of(letter)) for letter, name in names.letters.items()]
    binders = "\n  ".join((*(_MODEL if names.averages else ()), binder(letters)))
    body = " ->\n  ".join((*_kinds(names), *model, *hypotheses, claim))
    return Proposition(definitions, f"forall {binders},\n  {body}" if binders.strip() else body)


def _sides(statement: Statement) -> Iterator[Any]:
    for claim in (statement.claim, *statement.given):
        yield from (claim.left, claim.right)


def binder(letters: Iterable[tuple[str, str]]) -> str:
    """Names with their types, neighbors of one type together."""
    groups = groupby(letters, key=itemgetter(1))
    return " ".join(f"({' '.join(name for name, _ in group)} : {kind})" for kind, group in groups)


def _nonnegative(given: Iterable[Claim]) -> Iterable[Any]:
    """What hypotheses put at 0 or above."""
    for claim in given:
        if claim.relation in (Relation.AT_LEAST, Relation.GREATER) and not claim.over:
            yield claim.left - claim.right


def _nonzero(given: Iterable[Claim]) -> Iterable[Any]:
    """What hypotheses make different from 0."""
    for claim in given:
        if claim.relation is Relation.DIFFERENT and not claim.over:
            yield claim.left - claim.right


def definition(recursion: Recursion, before: Iterable[Definition], name: str) -> Definition:
    """head[0, …] = base and head[i + 1, …] = step, with all letters that they speak of as parameters."""
    layer, *others = recursion.indices
    element = sample((recursion.head, len(recursion.indices)))
    if recursion.base.has(layer) or element.is_real is not True or element.is_nonnegative:
        raise UnsupportedError(f"the definition of {recursion.head}: its base has the layer, or it a sign")
    below = sp.Dummy("i", integer=True, nonnegative=True)
    base, step = (part.xreplace({layer: below + 1}) for part in (recursion.base, recursion.step))

    def printed(names: Names) -> tuple[str, list[str], list[str]]:
        printer = Printer(names)
        with names.binding(below, *others) as (under, *indices):
            return under, indices, [printer.real(part) for part in (base, step)]

    def names(parameters: tuple[Letter, ...]) -> Names:
        made = Names(random=False, taken={name})
        for other in before:
            made.define(other)
        made.define(Definition(name, recursion.head, parameters, ""))
        return made

    printed(first := names(()))
    parameters = tuple(first.letters)
    under, indices, texts = printed(final := names(parameters))
    shown = f"fun {' '.join(indices)} => " if indices else ""
    binders = binder((final.letters[letter], type_of(letter)) for letter in parameters)
    returns = " -> ".join(("nat",) * len(others) + ("R",))
    head = " ".join(filter(None, ("Fixpoint", name, binders, f"({under} : nat)")))
    text = (
        f"{head} : {returns} :=\n  match {under} with\n"
        f"  | 0%N => {shown}{texts[0]}\n  | {under}.+1 => {shown}{texts[1]}\n  end."
    )
    return Definition(name, recursion.head, parameters, text)


def _has_only_a_sign(element: Any) -> bool:
    """Whether a letter is supposed to be no more than real or whole, and positive or not negative."""
    of_these = {"positive": element.is_positive, "nonnegative": element.is_nonnegative}
    kind = {name for name, holds in of_these.items() if holds}
    plain_one = sp.Dummy(real=True, integer=element.is_integer or None, **dict.fromkeys(kind, True))
    return bool(element.assumptions0.items() <= plain_one.assumptions0.items())


def _kinds(names: Names) -> list[str]:
    found = []
    for letter, name in names.letters.items():
        arity, element = letter[1], sample(letter)
        indices = [f"i{n}" for n in range(1, arity + 1)] if arity > 1 else ["i"] * arity
        if element.is_integer and not element.is_nonnegative:
            raise UnsupportedError(f"{letter[0]}, an integer that may be negative")
        if element.is_real is not True or not _has_only_a_sign(element):
            raise UnsupportedError(f"{letter[0]}, whose kind is more than real, whole, or of a sign")
        sign = "0 < " if element.is_positive else "0 <= " if element.is_nonnegative else ""
        if not sign or (element.is_integer and sign == "0 <= "):
            continue
        text = f"{sign}{' '.join((name, *indices))}"
        text = f"({text})%N" if element.is_integer else text
        found.append(f"(forall {' '.join(indices)}, {text})" if indices else text)
    return found


def _hypothesis(printer: Printer, claim: Claim) -> str:
    text = _claim(printer, claim)
    return f"({text})" if text.startswith(("forall", "exists")) else text


def _claim(printer: Printer, claim: Claim) -> str:
    if claim.relation is Relation.MATRIX_AT_LEAST:
        return _semidefinite(printer, claim)
    with printer.ranges(claim.over) as opened:
        text = _relation(printer, claim)
        for name, low, high in reversed(opened):
            text = f"forall {name}, ({low} <= {name} < {high})%N -> {text}"
    return text


def _relation(printer: Printer, claim: Claim) -> str:
    if claim.relation is Relation.EQUIVALENT:
        return f"({_side(printer, claim.left)} <-> {_side(printer, claim.right)})"
    if claim.relation is Relation.LIMIT:
        return limit(printer, claim)
    if claim.relation is Relation.COUNT:
        return _roots(printer, claim)
    return _compared(printer, claim.left, _SIGNS[claim.relation], claim.right)


def _side(printer: Printer, relation: Any) -> str:
    sign = {sp.Eq: "=", sp.Ge: ">=", sp.Gt: ">", sp.Ne: "<>"}[type(relation)]
    text = _compared(printer, relation.lhs, sign, relation.rhs)
    return f"({text})" if text.startswith("exists ") else text


def _compared(printer: Printer, left: Any, sign: str, right: Any) -> str:
    if left.has(sp.Derivative) or right.has(sp.Derivative):
        return derivative(printer, left, sign, right)
    if sign == "=" and infinite_sums(left, right):
        return series(printer, left, right)
    first, second = printer.real(left), printer.real(right)
    space = "\n    " if len(first) + len(second) > _LONG else " "
    return f"{first}{space}{sign} {second}"


def _roots(printer: Printer, claim: Claim) -> str:
    """How many roots a polynomial has between two ends, either of which may be missing."""
    polynomial, variable, low, high = claim.left.args
    if not polynomial.is_polynomial(variable):
        raise UnsupportedError(f"the number of roots of {polynomial}, which is no polynomial")
    number = printer.natural(claim.right)
    before = [] if low is -sp.oo else [printer.real(low)]
    after = [] if high is sp.oo else [printer.real(high)]
    with printer.names.binding(variable) as (name,):
        inside = " < ".join((*before, name, *after)) if before or after else "True"
        function = f"(fun {name} => {printer.real(polynomial)})"
        return f"number_of_roots {function} (fun {name} => {inside}) {number}"


def _semidefinite(printer: Printer, claim: Claim) -> str:
    if len(claim.over) != 2 or claim.over[0][1:] != claim.over[1][1:] or claim.over[0][1] != 1:
        raise UnsupportedError("a matrix whose rows and columns are not both 1, …, n")
    (row, _, high), (column, *_) = claim.over
    size = printer.natural(high)
    with printer.names.binding(row, column) as names:
        entry, bound = printer.real(claim.left - claim.right), " ".join(names)
    matrix = entry.removesuffix(f" {bound}")
    return f"psd {size} {matrix if matrix.isidentifier() else f'(fun {bound} => {entry})'}"
