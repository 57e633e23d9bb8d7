"""Test points from hypotheses: an equation that determines a letter is met by defining the letter.

``V**2 = Σ v_j²`` with V > 0 is met by V = (Σ v_j²)^{1/2}, ``W[i, j, k] = β_i e_{ij} e_{i-1,k}`` by that
very definition of W, a matrix that is semidefinite by a Gram matrix, D ≥ 2 by D = 2, …, 6.  A letter is
looked for where it stands alone, then as a power, then as a factor, then as a term; the first that leads
to no circle is defined.  An equation whose letter a hand-written domain defines is met by hand.

Nothing rests on what is found here: the test draws again where a point does not meet the hypotheses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements.claim import Claim, Relation
from symderive.statements.statement import Domain

#: Families that the test draws as moments of a data set.
_OF_DATA = (sy.A_entry, sy.v_entry)

#: A whole letter that is at least a number is drawn from there to so many more.
_MORE = 4

#: How a letter stands in an equation, the easiest first.
_ALONE, _POWER, _FACTOR, _TERM = range(4)


def meeting(hypotheses: Iterable[Claim], domain: Domain = Domain()) -> Domain:  # noqa: B008 - frozen
    """``domain`` with letters defined or bounded, and Gram matrices drawn, to meet the hypotheses."""
    hypotheses = tuple(hypotheses)
    by_hand = {_base(letter) for letter, _ in (*domain.define, *domain.ranges)} | set(domain.gram)
    matrices = dict.fromkeys(_matrices(hypotheses))  # each once: one may be symmetric and semidefinite
    gram = [*domain.gram, *(base for base in matrices if base not in by_hand)]
    defined = list(domain.define)
    for claim in hypotheses:
        if claim.relation is not Relation.EQUAL:
            continue
        solutions = sorted(_solutions(claim), key=lambda found: found[0])
        lowest = [letter for level, letter, _ in solutions if level == solutions[0][0]]
        if any(_base(letter) in {_base(known) for known, _ in domain.define} for letter in lowest):
            continue
        taken = {_base(letter) for letter, _ in defined} | by_hand | set(gram)
        for _, letter, value in solutions:
            if _base(letter) not in taken and not _circular(letter, value, defined):
                defined.append((letter, value))
                break
    lengths = [(letter, ends) for letter, ends in _lengths(hypotheses) if letter not in by_hand]
    return replace(domain, ranges=(*lengths, *domain.ranges), define=tuple(defined), gram=tuple(gram))


def on_either_side(claim: Claim, hypotheses: Iterable[Claim], domain: Domain) -> tuple[Domain, ...]:
    """Points for an equivalence: anywhere, and where its left side, an equation, is true."""
    hypotheses = tuple(hypotheses)
    domains = [meeting(hypotheses, domain)]
    for side in (claim.left, claim.right):
        if isinstance(side, sp.Eq):
            there = meeting((*hypotheses, Claim(Relation.EQUAL, side.lhs, side.rhs)), domain)
            if there not in domains:
                return (*domains, there)
    return tuple(domains)


def _base(letter: Any) -> Any:
    return letter.base if isinstance(letter, sp.Indexed) else letter


def _lengths(hypotheses: tuple[Claim, ...]) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """Whole letters, such as the depth, that are supposed to be at least a number, and their ranges."""
    for claim in hypotheses:
        letter, least = claim.left, claim.right
        if (
            claim.relation is Relation.AT_LEAST
            and letter.is_Symbol
            and letter.is_integer
            and least.is_Integer
        ):
            yield letter, (least, least + _MORE)


def _matrices(hypotheses: tuple[Claim, ...]) -> Iterator[Any]:
    """Bases of the matrices that are supposed to be semidefinite, or symmetric."""
    for claim in hypotheses:
        left, right = claim.left, claim.right
        if not isinstance(left, sp.Indexed) or left.base in _OF_DATA or len(left.indices) != 2:
            continue
        semidefinite = claim.relation is Relation.MATRIX_AT_LEAST and right == 0
        symmetric = claim.relation is Relation.EQUAL and right == left.base[left.indices[::-1]]
        if semidefinite or symmetric:
            yield left.base


def _solutions(claim: Claim) -> Iterator[tuple[int, Any, Any]]:
    """How the letters of an equation stand in it, and what each is then."""
    bound = {index for index, *_ in claim.over}
    for side, other in ((claim.left, claim.right), (claim.right, claim.left)):
        for level, letter, value in _solved(side, other, _ALONE):
            base = _base(letter)
            names = set(letter.indices) if isinstance(letter, sp.Indexed) else set()
            if letter.is_integer or base in _OF_DATA or _mentions(value, base):
                continue
            if all(name.is_Symbol for name in names) and not (bound - names) & value.free_symbols:
                yield level, letter, value


def _solved(side: Any, other: Any, level: int) -> Iterator[tuple[int, Any, Any]]:
    """Letters that stand in ``side`` once, and what they are where side = other."""
    match side:
        case sp.Symbol() | sp.Indexed():
            yield level, side, other
        case sp.Pow() if side.base.is_nonnegative or (side.exp.is_integer and side.exp.is_odd):
            yield from _solved(side.base, other ** (1 / side.exp), max(level, _POWER))
        case sp.Mul():
            letters = [factor for factor in side.args if factor.free_symbols]
            if other == 0 and len(letters) > 1:
                return  # a product that vanishes says of none of its factors that it does
            for factor in letters:
                at = _FACTOR if len(letters) > 1 else _POWER
                rest = sp.Mul(*(term for term in side.args if term != factor))  # x^(D+1)/x^(D+1) stays
                yield from _solved(factor, other / rest, max(level, at))
        case sp.Add():
            for term in side.args:
                for at, letter, value in _solved(term, other - (side - term), _TERM):
                    if _may_be(letter, value) and not _mentions(side - term, _base(letter)):
                        yield at, letter, value


def _may_be(letter: Any, value: Any) -> bool:
    """Whether a difference has the sign that the letter is declared with."""
    if letter.is_positive:
        return bool(value.is_positive)
    return bool(value.is_nonnegative) or not letter.is_nonnegative


def _mentions(expression: Any, base: Any) -> bool:
    return base in expression.free_symbols or expression.has(base)


def _circular(letter: Any, value: Any, defined: Iterable[tuple[Any, Any]]) -> bool:
    """Whether ``letter`` stands in what its value is made of."""
    values = {_base(known): definition for known, definition in defined}
    open_, seen = [value], set()
    while open_:
        expression = open_.pop()
        if _mentions(expression, _base(letter)):
            return True
        new = {base for base in values if base not in seen and _mentions(expression, base)}
        seen |= new
        open_ += [values[base] for base in new]
    return False
