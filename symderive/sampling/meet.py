"""Points that meet the hypotheses: a letter is solved for where what was drawn does not.

One hypothesis at one set of indices is one equation (or inequality with a slack) in the letters that its
evaluation asks for.  Its Taylor series at 0 in one of them shows whether it is a polynomial of degree one
or two, or a constant and a power, and the root is then written down.  Letters that an earlier equation has
read are not touched again.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import sympy as sp
from flint import fmpq

from symderive.sampling import values as nu
from symderive.sampling.errors import ExhaustedError, NoValueError, OutsideError
from symderive.sampling.letters import Style, chance, letter_of, short_rational, slot
from symderive.sampling.point import Leaf, Point
from symderive.sampling.truth import Scale, ask, at_indices, instances
from symderive.statements.claim import Claim, Relation

#: Order of the Taylor series, which has to be larger than the degree that is solved.
ORDER = 7

_ORDERED = (Relation.AT_LEAST, Relation.GREATER)

#: Columns of the factor of a random semidefinite matrix.
RANK = 3


class _Letters(NamedTuple):
    """Letters that equations have read, which stay, and those that inequalities have, which change last."""

    fixed: dict[Leaf, None]
    used: dict[Leaf, None]


def meets(point: Point, claims: tuple[Claim, ...], digits: int) -> bool:
    """Whether the point meets the claims, after letters were solved for, in this order, where needed."""
    scale = Scale(digits, measured=True)
    at_edge = point.style.tight and any(claim.relation in _ORDERED for claim in claims)
    if not at_edge and all(_holds(point, claim, scale) for claim in claims):
        return True
    letters = _Letters({}, {})
    for claim in claims:
        matrix = claim.relation is Relation.MATRIX_AT_LEAST
        if matrix and _holds(point, claim, scale):
            continue
        equation = Claim(Relation.EQUAL, claim.left, claim.right, claim.over) if matrix else claim
        with point.binding({}):
            for _ in instances(point, equation):
                slack = _gram(point, claim) if matrix else None
                if not _met(point, equation, scale, letters, slack):
                    return False
    point.forget()
    return all(_holds(point, claim, scale) for claim in claims)


@cache
def orders(claims: tuple[Claim, ...]) -> tuple[tuple[Claim, ...], ...]:
    """Orders in which the claims may be met, to be tried in turn."""
    found = (sorted(claims, key=_effort), sorted(claims, key=_earlier), _with_letters_of_their_own(claims))
    return tuple(dict.fromkeys(map(tuple, found)))


def _with_letters_of_their_own(claims: tuple[Claim, ...]) -> list[Claim]:
    """Last an equation with a letter that no other claim has, before it one of the rest, and so on."""
    rest, last = sorted(claims, key=_earlier), []
    while True:
        for claim in rest:
            others = frozenset().union(*(other.free_symbols for other in rest if other is not claim))
            if claim.relation is Relation.EQUAL and claim.free_symbols - others:
                rest.remove(claim)
                last.append(claim)
                break
        else:
            return rest + last[::-1]


@cache
def _effort(claim: Claim) -> tuple[bool, int]:
    """Hypotheses on whole numbers first, for ranges hang on them; then those with few letters."""
    letters = [letter for letter in claim.free_symbols if isinstance(letter, sp.Symbol)]
    whole = all(letter.is_integer for letter in letters) and not claim.over
    return not whole, len(letters)


def _earlier(claim: Claim) -> tuple[bool, bool, int]:
    """The same, but for equations, which come before inequalities."""
    whole, letters = _effort(claim)
    return whole, claim.relation is not Relation.EQUAL, letters


@cache
def _digest(claim: Claim) -> int:
    """A number for a claim, the same in every run."""
    return chance(f"{claim.relation} {claim.left} {claim.right}")


def _holds(point: Point, claim: Claim, scale: Scale) -> bool:
    try:
        return bool(ask(point, claim, scale).holds)
    except (ExhaustedError, OutsideError):
        raise
    except NoValueError:
        return False


def _met(point: Point, claim: Claim, scale: Scale, letters: _Letters, slack: Any) -> bool:
    """Whether the claim holds at the bound indices, possibly after a letter was solved for."""
    point.forget()
    point.reads = {}
    try:
        holds = slack is None and bool(at_indices(point, claim, scale).holds)
    except ExhaustedError:
        raise
    except NoValueError:
        holds = False
    reads = point.reads
    wants_edge = point.style.tight and claim.relation in _ORDERED
    solved = False
    if not holds or wants_edge:
        free = [leaf for leaf in reads if leaf not in letters.fixed]
        solved = _solved(point, claim, scale, free, letters.used, slack)
    (letters.fixed if claim.relation is Relation.EQUAL else letters.used).update(reads)
    return holds or solved


def _solved(
    point: Point, claim: Claim, scale: Scale, letters: list[Leaf], used: dict[Leaf, None], slack: Any
) -> bool:
    """Whether one of the letters could be given a value at which the claim holds."""
    whole = [leaf for leaf in letters if leaf[0].kind.whole]
    candidates = whole if len(whole) == len(letters) else [leaf for leaf in letters if leaf not in whole]
    alone = [_alone(point, side) for side in (claim.left, claim.right)]
    candidates.sort(
        key=lambda leaf: (leaf in used, leaf not in alone, chance(f"{point.key}|{leaf[0].code}|{leaf[1]}"))
    )
    for leaf in candidates:
        if leaf[0] in point.ranges:
            continue
        before = point.values[leaf]
        for value in _roots(point, claim, leaf, slack):
            point.values[leaf] = value
            point.forget()
            try:
                if leaf[0].kind.allows(nu.sign(value)) and _fits(point, claim, scale, slack):
                    return True
            except ExhaustedError:
                raise
            except NoValueError:
                pass
        point.values[leaf] = before
        point.forget()
    return False


def _fits(point: Point, claim: Claim, scale: Scale, slack: Any) -> bool:
    if slack is None:
        return bool(at_indices(point, claim, scale).holds)
    difference = point.evaluate(claim.left) - point.evaluate(claim.right) - slack
    return nu.sign(difference) in (0, None)


def _alone(point: Point, side: Any) -> Leaf | None:
    """The letter that a side, or the base of a side that is a power, consists of."""
    if isinstance(side, sp.Pow):
        side = side.base
    if isinstance(side, sp.Symbol):
        return letter_of(side), ()
    if isinstance(side, sp.Indexed):
        index = tuple(nu.whole(point.evaluate(part)) for part in side.indices)
        return (letter_of(side), index) if None not in index else None  # type: ignore[return-value]
    return None


def _roots(point: Point, claim: Claim, leaf: Leaf, slack: Any) -> list[Any]:
    """Values of the letter at which left = right + slack, as far as they can be written down."""
    kind = leaf[0].kind
    slacks = _slacks(point, claim, whole=kind.whole) if slack is None else (slack,)
    before = point.values[leaf]
    point.forget()
    point.level += 1
    point.values[leaf] = nu.Jet(point.level, [nu.ZERO, nu.ONE, *[nu.ZERO] * (ORDER - 1)])
    try:
        gap = point.evaluate(claim.left) - point.evaluate(claim.right)
    except ExhaustedError:
        raise
    except NoValueError:
        return []
    finally:
        point.values[leaf] = before
        point.level -= 1
        point.forget()
    if not isinstance(gap, nu.Jet):
        return []
    found = [
        value
        for slack in slacks
        for value in _zeros([gap.parts[0] - slack, *gap.parts[1:]], positive=not kind.signed)
    ]
    if kind.whole:
        return [value for value in found if nu.whole(value) is not None]
    if claim.relation is not Relation.EQUAL:
        return found
    return found if chance(f"{point.key}|{leaf[0].code}|{leaf[1]}|root") % 2 else found[::-1]


def _zeros(parts: list[Any], *, positive: bool) -> list[Any]:
    """Real zeros of Σ parts[k] x^k where it is a polynomial of degree 1 or 2, or a constant and a power."""
    degree = max((at for at, part in enumerate(parts) if not nu.is_zero(part)), default=0)
    if degree in (0, ORDER) or nu.sign(parts[degree]) is None:
        return []
    lowest, leading = parts[0], parts[degree]
    if degree == 1:
        return [-lowest / leading]
    if all(nu.is_zero(part) for part in parts[1:degree]):
        at = -lowest / leading
        sign = nu.sign(at)
        if sign == 1 or (sign == 0):
            root = nu.power(at, fmpq(1, degree), natural=False, text="a root")
            return [root] if degree % 2 or positive else [root, -root]
        return (
            [-nu.power(-at, fmpq(1, degree), natural=False, text="a root")] if degree % 2 and sign else []
        )
    if degree == 2:
        discriminant = parts[1] * parts[1] - 4 * leading * lowest
        if nu.sign(discriminant) in (0, 1):
            root = nu.power(discriminant, fmpq(1, 2), natural=False, text="a root")
            return [(-parts[1] + way * root) / (2 * leading) for way in (1, -1)]
    return []


def _slacks(point: Point, claim: Claim, *, whole: bool) -> tuple[Any, ...]:
    """What left - right is made, to be tried in turn: 0 at a boundary, else a little or some."""
    if claim.relation is Relation.EQUAL or (claim.relation is Relation.AT_LEAST and point.style.tight):
        return (nu.ZERO,)
    number = chance(f"{point.key}|{_digest(claim)}|{[*point.bound.values()]}")
    if whole:
        return (fmpq(1 + number % 2),)
    if point.style in (Style.EDGE, Style.TINY):
        return (fmpq(1, 10**9),)
    some = short_rational(number)
    return some, some / 64, some / 4096


def _gram(point: Point, claim: Claim) -> Any:
    """The entry of a random semidefinite matrix at the bound indices."""
    j, k = (point.bound[slot(index)] for index, *_ in claim.over)
    if point.style in (Style.LEAST, Style.ZEROS):
        return nu.ZERO

    def factor(row: int, column: int) -> fmpq:
        number = chance(f"{point.key}|gram|{_digest(claim)}|{row}|{column}")
        if point.style in (Style.ONES, Style.EQUAL, Style.CONSTANT):
            return fmpq(int(column == 0))  # of rank one
        return short_rational(number) * (-1 if number // 32768 % 2 else 1)

    return nu.total(factor(j, column) * factor(k, column) for column in range(RANK))
