"""Statements of symbolic depth at a number of hidden layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.statements.claim import Claim, Relation
from symderive.statements.proof import Instance
from symderive.statements.statement import Derivation, Domain, Statement
from symderive.statements.step import Step
from symderive.statements.substitution import in_record, written_out

#: Largest depth at which sums and products over the layers are written out.
MAX_DEPTH = 50


def at_depth(statement: Statement, depth: int) -> Statement | None:
    """Take a statement of symbolic depth at a number of hidden layers.

    Sums and products over layers are written out.

    Parameters
    ----------
    statement : Statement
        The statement; one that does not speak of D is itself.
    depth : int
        D, from 1 to 50.

    Returns
    -------
    Statement or None
        The statement there, with an :class:`Instance` of the general one as its proof, which checks that
        what is written out is the general statement at that depth.  None where it says nothing: where its
        hypotheses exclude the depth, or no index is left in its ranges.

    Raises
    ------
    InputError
        For another depth.

    Examples
    --------
    >>> decays = Statement(
    ...     id="decays", title="All decays", reference="school",
    ...     left=sp.Sum(sy.gamma[sy.i], (sy.i, 1, sy.D)), right=sy.lam,
    ... )
    >>> at_depth(decays, 3).left
    gamma[1] + gamma[2] + gamma[3]
    """
    if isinstance(depth, bool) or not isinstance(depth, int) or not 1 <= depth <= MAX_DEPTH:
        raise InputError(f"depth is {depth}; give a number of hidden layers from 1 to {MAX_DEPTH}.")
    if sy.D not in statement.free_symbols:
        return statement
    at = {sy.D: sp.Integer(depth)}
    given = []
    for claim in in_record(statement.given, at):
        if claim.free_symbols:
            given.append(_claim_written_out(claim))
        elif not _is_true(claim):
            return None
    over = in_record(statement.over, at)
    if any((sp.sympify(low) - sp.sympify(high)).is_positive for _, low, high in over):
        return None
    sides = {name: written_out(getattr(statement, name).xreplace(at)) for name in ("left", "right")}
    return replace(
        statement,
        **sides,
        over=over,
        given=tuple(given),
        proof=Instance(statement, tuple(at.items())) if statement.proof is not None else None,
        near_misses=(),
        display=None,  # it speaks of D
        domains=tuple(_domain(domain, at) for domain in statement.domains),
    )


def derivation_at_depth(derivation: Derivation, depth: int) -> Derivation:
    """Take a whole derivation at a number of hidden layers.

    Parameters
    ----------
    derivation : Derivation
        The derivation.
    depth : int
        D, from 1 to 50.

    Returns
    -------
    Derivation
        The derivation there, without statements that are void there and without steps from them.

    Raises
    ------
    InputError
        For another depth.

    Examples
    --------
    >>> decays = Statement(
    ...     id="decays", title="All decays", reference="school",
    ...     left=sp.Sum(sy.gamma[sy.i], (sy.i, 1, sy.D)), right=sy.lam,
    ... )
    >>> section = Derivation(id="decay", title="Decay", prose="Of all layers.", statements=(decays,))
    >>> derivation_at_depth(section, 2).statements[0].left
    gamma[1] + gamma[2]
    """
    special = [at_depth(statement, depth) for statement in derivation.statements]
    void = {old.id for old, new in zip(derivation.statements, special, strict=True) if new is None}
    return replace(
        derivation,
        statements=tuple(x for x in special if x is not None),
        steps=tuple(replace(x, display=None) for x in derivation.steps if not _rests_on(x, void)),
    )


def _rests_on(step: Step, ids: set[str]) -> bool:
    """Whether a step rests on one of these, directly or through other steps."""
    return any(
        part.id in ids or (isinstance(part, Step) and _rests_on(part, ids)) for part in step.rests_on
    )


def _claim_written_out(claim: Claim) -> Claim:
    return replace(claim, left=written_out(claim.left), right=written_out(claim.right))


def _is_true(claim: Claim) -> bool:
    difference = claim.left - claim.right
    relations = {
        Relation.EQUAL: difference.is_zero,
        Relation.AT_LEAST: difference.is_nonnegative,
        Relation.GREATER: difference.is_positive,
        Relation.DIFFERENT: difference.is_nonzero,
    }
    return bool(relations.get(claim.relation))


def _domain(domain: Domain, at: dict[Any, Any]) -> Domain:
    ranges = tuple(item for item in domain.ranges if item[0] not in at)
    return in_record(replace(domain, ranges=ranges), at)
