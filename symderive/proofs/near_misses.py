"""The near-misses of a statement: its own, or those of the general statement of which it is an instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive.statements.claim import Claim, Relation
from symderive.statements.proof import Instance
from symderive.statements.statement import Domain, NearMiss, Statement
from symderive.statements.substitution import in_record, written_out


def inherited(statement: Statement) -> Iterator[NearMiss]:
    """Near-misses of an instance: the general ones at its place, then one made from its relation.

    Some of the general ones may be no near-misses there: a hypothesis that is dropped may hold at the
    place, and two exponents may be equal.
    """
    assert isinstance(statement.proof, Instance)
    general, where = statement.proof.general, dict(statement.proof.where)
    for near_miss in general.near_misses:
        yield replace(
            near_miss,
            left=_side(near_miss.left, where),
            right=_side(near_miss.right, where),
            given=_given(statement, general, near_miss, where),
            domains=near_miss.domains and tuple(_domain(domain, where) for domain in near_miss.domains),
        )
    yield of_relation(statement)


def _side(side: Any, where: dict[Any, Any]) -> Any:
    return None if side is None else written_out(sp.sympify(side).xreplace(where))


def _given(
    statement: Statement, general: Statement, near_miss: NearMiss, where: dict[Any, Any]
) -> tuple[Claim, ...] | None:
    """The hypotheses of the instance without what the near-miss drops, with what it adds."""
    if near_miss.given is None:
        return None
    dropped = [_claim(claim, where) for claim in general.given if claim not in near_miss.given]
    added = [_claim(claim, where) for claim in near_miss.given if claim not in general.given]
    return (*(claim for claim in statement.given if claim not in dropped), *added)


def _claim(claim: Claim, where: dict[Any, Any]) -> Claim:
    at = in_record(claim, where)
    return replace(at, left=written_out(at.left), right=written_out(at.right))


def _domain(domain: Domain, where: dict[Any, Any]) -> Domain:
    at = replace(domain, ranges=tuple(item for item in domain.ranges if item[0] not in where))
    return in_record(replace(at, define=tuple(item for item in at.define if item[0] not in where)), where)


def of_relation(statement: Statement) -> NearMiss:
    """The statement with a relation that is false wherever it is true."""
    left, right = statement.left, statement.right
    match statement.relation:
        case Relation.EQUAL | Relation.COUNT:
            return NearMiss("one more on the right", right=right + 1)
        case Relation.LIMIT:
            return NearMiss("another limit", right=right + 1 if right.is_finite else sp.Integer(0))
        case Relation.AT_LEAST:
            return NearMiss("less", left=right - 1)
        case Relation.GREATER:
            return NearMiss("the other way round", left=right, right=left)
        case Relation.DIFFERENT:
            return NearMiss("equal", relation=Relation.EQUAL)
        case Relation.MATRIX_AT_LEAST:
            return NearMiss(
                "less than the right side", left=right - sp.KroneckerDelta(*_indices(statement))
            )
        case Relation.EQUIVALENT:
            return NearMiss("the opposite on the right", right=_opposite(right))
    raise AssertionError(statement.relation)


def _opposite(relation: Any) -> Any:
    """The relation that is true where the other is not."""
    left, right = relation.args
    kinds = {sp.Eq: sp.Ne, sp.Ne: sp.Eq, sp.Ge: sp.Lt, sp.Gt: sp.Le}
    kind = kinds[relation.func]
    if kind in (sp.Lt, sp.Le):  # written as > and ≥, the only ones that statements use
        kind, left, right = {sp.Lt: sp.Gt, sp.Le: sp.Ge}[kind], right, left
    return kind(left, right, evaluate=False)


def _indices(statement: Statement) -> tuple[Any, Any]:
    (j, *_), (k, *_) = statement.over
    return j, k
