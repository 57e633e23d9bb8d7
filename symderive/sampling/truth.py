"""Whether a claim holds at a point: yes, no, or not to be told with the digits at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symderive.sampling import values as nu
from symderive.sampling.errors import NoValueError
from symderive.sampling.limits import tends
from symderive.sampling.plans import index_plan, ranges
from symderive.sampling.point import Point, short
from symderive.statements.claim import Claim, Relation

#: Matrices of more rows have too many minors.
MAX_ROWS = 6

_RELATIONS = {
    sp.Eq: Relation.EQUAL,
    sp.Ne: Relation.DIFFERENT,
    sp.Ge: Relation.AT_LEAST,
    sp.Gt: Relation.GREATER,
}


@dataclass(frozen=True)
class Answer:
    """Whether a claim holds (None: it cannot be told), and both sides where it does not."""

    holds: bool | None
    left: str = ""
    right: str = ""
    cases: int = 1


@dataclass(frozen=True)
class Scale:
    """How near to 0 a difference has to be to count as 0: to ``digits`` digits.

    Relative to the two sides; where that is ``measured``, relative to the largest term that is added
    anywhere in them, for they may be 0 themselves.
    """

    digits: int
    measured: bool = False

    def is_small(self, difference: Any, largest: Any) -> bool:
        """Whether a ball around 0 is small beside the largest term."""
        return bool(nu.ball(difference).abs_upper() <= self.tolerance * largest)

    @property
    def tolerance(self) -> arb:
        """What a difference may be, relative to the terms."""
        return arb(10) ** -self.digits


def _size(value: Any) -> Any:
    return nu.ball(nu.plain(value)).abs_upper()


def ask(point: Point, claim: Claim, scale: Scale) -> Answer:
    """The claim at this point, for all indices of its ranges."""
    if claim.relation is Relation.MATRIX_AT_LEAST:
        return _semidefinite(point, claim, scale)
    found = Answer(True, cases=0)
    with point.binding({}):
        for _ in instances(point, claim):
            answer = at_indices(point, claim, scale)
            holds = False if answer.holds is False else found.holds and answer.holds
            found = Answer(holds, answer.left, answer.right, found.cases + 1)
            if holds is False:
                break
    return found


def instances(point: Point, claim: Claim) -> Iterator[None]:
    """The indices of the ranges of a claim, bound in turn; a range may speak of those before it.

    To be run through within :meth:`Point.binding`, which unbinds them.
    """
    if not claim.over:
        yield
        return
    run, point.scope = ranges(tuple(map(tuple, claim.over[::-1])), point.scope)
    yield from run(point)


def at_indices(point: Point, claim: Claim, scale: Scale) -> Answer:
    """The claim at the indices that are bound."""
    if claim.relation is Relation.EQUIVALENT:
        sides = [_truth(point, side, scale) for side in (claim.left, claim.right)]
        holds = None if None in sides else sides[0] == sides[1]
        if holds:
            return Answer(holds)
        left, right = (str(side).lower() for side in sides)
        return Answer(holds, f"{claim.left} is {left}", f"{claim.right} is {right}")
    if claim.relation is Relation.LIMIT:
        return Answer(*tends(point, claim, scale.tolerance))
    if claim.relation not in (*_RELATIONS.values(), Relation.COUNT):
        raise NoValueError(f"the relation {claim.relation.value} is not one that can be tested")
    left, right, largest = _sides(point, claim.left, claim.right, scale)
    holds = _compare(claim.relation, left, right, largest, scale)
    return Answer(holds, short(left), short(right)) if not holds else Answer(holds)


def _sides(point: Point, left: Any, right: Any, scale: Scale) -> tuple[Any, Any, Any]:
    """Both sides, and the larger of them or the largest term in them."""
    if not scale.measured:
        values = point.evaluate(left), point.evaluate(right)
        return *values, max(map(_size, values))
    measured, largest = point.measured(left, right)
    return *measured, max(largest, *map(_size, measured))


def _compare(relation: Relation, left: Any, right: Any, largest: Any, scale: Scale) -> bool | None:
    difference = nu.plain(left) - nu.plain(right)
    signed = nu.sign(difference)
    match relation:
        case Relation.GREATER:
            return None if signed is None else signed == 1
        case Relation.DIFFERENT:
            return None if signed is None else signed != 0
        case Relation.AT_LEAST if signed is not None:
            return signed >= 0
        case _ if signed is not None:
            return signed == 0
    return True if scale.is_small(difference, largest) else None


def claim_of(relation: Any, over: tuple[Any, ...] = ()) -> Claim:
    """A SymPy relation (Eq, Ne, Ge, Gt) as a claim."""
    kind = _RELATIONS.get(relation.func)
    if kind is None:
        raise NoValueError(f"{relation} is not a relation that can be tested")
    return Claim(kind, relation.lhs, relation.rhs, over)


def _truth(point: Point, relation: Any, scale: Scale) -> bool | None:
    claim = claim_of(relation)
    return _compare(claim.relation, *_sides(point, claim.left, claim.right, scale), scale)


def is_true(point: Point, relation: Any, scale: Scale) -> bool:
    """Whether a side of an equivalence is true here, for certain."""
    return bool(_truth(point, relation, scale))


# -- matrices --------------------------------------------------------------------------------------------


def _semidefinite(point: Point, claim: Claim, scale: Scale) -> Answer:
    """Σ z_j z_k M_jk ≥ 0 for every z: no principal minor of the symmetric part is negative."""
    matrix = symmetric_part(point, claim)
    if len(matrix) > MAX_ROWS:
        raise NoValueError(f"a matrix of {len(matrix)} rows has too many minors")
    holds: bool | None = True
    for size in range(1, len(matrix) + 1):
        for rows in combinations(range(len(matrix)), size):
            minor = _determinant([[matrix[r][s] for s in rows] for r in rows])
            signed = nu.sign(minor)
            if signed == -1:
                names = ", ".join(str(row + 1) for row in rows)
                return Answer(False, f"{short(minor)} (minor of rows {names})", "0", len(matrix))
            if signed is None and not scale.is_small(minor, _hadamard(matrix, rows)):
                holds = None
    return Answer(holds, cases=len(matrix))


def symmetric_part(point: Point, claim: Claim) -> list[list[Any]]:
    """(M + Mᵀ)/2 of the matrix with entry left - right."""
    if len(claim.over) != 2:
        raise NoValueError("a matrix has two indices")
    (j, *first), (k, *second) = claim.over
    ends = [[index_plan(sp.sympify(end), point.scope)(point) for end in pair] for pair in (first, second)]
    if ends[0] != ends[1]:
        raise NoValueError("a matrix whose rows and columns have different ranges is not square")
    indices = range(ends[0][0], ends[0][1] + 1)
    entries = {}
    for row in indices:
        for column in indices:
            with point.binding({j: row, k: column}):
                entries[row, column] = point.evaluate(claim.left) - point.evaluate(claim.right)
    return [[(entries[r, s] + entries[s, r]) * fmpq(1, 2) for s in indices] for r in indices]


def _determinant(matrix: list[list[Any]]) -> Any:
    if len(matrix) == 1:
        return matrix[0][0]
    terms = (
        entry * _determinant([row[:at] + row[at + 1 :] for row in matrix[1:]]) * (-1 if at % 2 else 1)
        for at, entry in enumerate(matrix[0])
        if not nu.is_zero(entry)
    )
    return nu.total(terms)


def _hadamard(matrix: list[list[Any]], rows: tuple[int, ...]) -> Any:
    """The size that a minor of these rows may have."""
    largest = max(_size(matrix[r][s]) for r in rows for s in rows)
    return arb(largest) ** len(rows)
