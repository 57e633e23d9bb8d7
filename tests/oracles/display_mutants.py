"""Mutants of displays: one node changed, so that the display says something else.

Every mutation is named after the slip that it is.  A mutant is a display of its own that has to be refused;
none may say the same by accident, so that changes which may do so (exchanging factors or the terms of a
sum) are not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from symderive.displays import nodes as n
from symderive.displays.printing.latex import to_tex
from symderive.errors import InputError

#: Names that are taken for each other, of one shape each.
EXCHANGED = {
    r"\gamma": r"\sigma",
    r"\sigma": r"\gamma",
    r"\rho": r"\tau",
    r"\lambda": r"\rho",
    r"\tau": r"\lambda",
    r"\bar{\gamma}": r"\rho",
    r"\kappa": r"\lambda",
    "v": "m",
    "m": "v",
    "c": r"\tau",
    "M": "S",
    r"\zeta": "q",
    "q": r"\zeta",
}

_RELATIONS = {
    n.Sign.AT_LEAST: n.Sign.AT_MOST,
    n.Sign.GREATER: n.Sign.AT_LEAST,
    n.Sign.EQUAL: n.Sign.AT_LEAST,
    n.Sign.AT_MOST: n.Sign.LESS,
    n.Sign.LESS: n.Sign.GREATER,
    n.Sign.MATRIX_AT_LEAST: n.Sign.MATRIX_AT_MOST,
}


def mutants(node: n.Node) -> Iterator[tuple[str, str]]:
    """All mutants of a display as LaTeX, each with the name of what was changed."""
    for why, mutant in _mutants(node):
        try:
            yield why, to_tex(mutant)
        except InputError:
            continue  # no node of a display: x^{-1} as a power


def _mutants(node: n.Node) -> Iterator[tuple[str, n.Node]]:
    yield from _own(node)
    if isinstance(node, n.Name):
        return  # its subscripts are changed with it
    for part in fields(node):  # type: ignore[arg-type]
        value = getattr(node, part.name)
        if part.name in ("over", "index", "by", "variable"):
            continue
        if isinstance(value, n.Node):
            yield from ((why, replace(node, **{part.name: new})) for why, new in _mutants(value))
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, n.Node):
                    yield from (
                        (why, replace(node, **{part.name: (*value[:at], new, *value[at + 1 :])}))
                        for why, new in _mutants(item)
                    )


def _own(node: n.Node) -> Iterator[tuple[str, n.Node]]:
    match node:
        case n.Transpose():
            yield "a transpose is dropped", node.body
        case n.Inverse():
            yield "an inverse is dropped", node.body
        case n.Root():
            yield "a root is dropped", node.body
        case n.Apply():
            yield f"{node.operator} is dropped", node.body
        case n.Number():
            yield "a number is one more", n.Number(node.value + 1)
        case n.Power():
            yield "an exponent is one more", replace(node, exponent=_plus_one(node.exponent))
            yield "an exponent is dropped", node.base
        case n.Norm():
            yield "a norm is squared", n.Power(node, n.Number(2))
        case n.Quotient():
            yield "a fraction is upside down", n.Quotient(node.below, node.above)
            yield "a denominator is dropped", node.above
        case n.Product():
            yield from _of_product(node)
        case n.Sum():
            for at, term in enumerate(node.terms):
                rest = node.terms[:at] + node.terms[at + 1 :]
                if not rest:
                    yield "a sign is flipped", term.body
                    continue
                plain = len(rest) == 1 and not rest[0].negative
                yield "a term is dropped", rest[0].body if plain else n.Sum(rest)
                flipped = replace(term, negative=not term.negative)
                yield "a sign is flipped", n.Sum((*node.terms[:at], flipped, *node.terms[at + 1 :]))
        case n.Fold():
            yield "a range is shorter", replace(node, high=_minus_one(node.high))
            yield (
                "sum and product are exchanged",
                replace(node, kind={"sum": "prod", "prod": "sum"}.get(node.kind, node.kind)),
            )
        case n.Moment():
            yield "a mean is dropped", node.body
        case n.Name():
            yield from _of_name(node)
        case n.Link() if node.sign in _RELATIONS:
            yield "another relation", replace(node, sign=_RELATIONS[node.sign])
        case n.Limit():
            yield "the other end", replace(node, target=n.Number(0))


def _of_product(node: n.Product) -> Iterator[tuple[str, n.Node]]:
    for at, factor in enumerate(node.factors):
        rest = node.factors[:at] + node.factors[at + 1 :]
        yield "a factor is dropped", n.Product(rest) if len(rest) > 1 else rest[0]
        if isinstance(factor, n.Sum) and len(rest) and not factor.terms[0].negative:
            first = n.Product((*node.factors[:at], factor.terms[0].body, *node.factors[at + 1 :]))
            yield "a factor is outside a bracket", n.Sum((n.Term(first), *factor.terms[1:]))


def _of_name(node: n.Name) -> Iterator[tuple[str, n.Node]]:
    if node.tex in EXCHANGED:
        yield "another letter", replace(node, tex=EXCHANGED[node.tex])
    if len(node.subscripts) == 1:
        (index,) = node.subscripts
        if isinstance(index, n.Name) and index.tex in ("i", "D"):
            yield "another index", n.Name(node.tex, (_minus_one(index),))
        if index == n.Name("u"):
            yield "another index", n.Name(node.tex, (n.Number(1),))
        if isinstance(index, n.Sum):
            yield "another index", n.Name(node.tex, (index.terms[0].body,))


def _plus_one(node: n.Node) -> n.Node:
    if isinstance(node, n.Number):
        return n.Number(node.value + 1)
    terms = node.terms if isinstance(node, n.Sum) else (n.Term(node),)
    return n.Sum((*terms, n.Term(n.Number(1))))


def _minus_one(node: n.Node) -> Any:
    if isinstance(node, n.Number):
        return n.Number(node.value + 1)
    return n.Sum((n.Term(node), n.Term(n.Number(1), negative=True)))
