"""Two claims side by side: whether they say the same, by the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import sympy as sp

from symderive.core.signs import Signs, require_defined
from symderive.core.terms import CoreError
from symderive.proofs.elaborate import Elaborator, as_claim
from symderive.proofs.explain import ProofError
from symderive.proofs.replay import theorem_of
from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.nodes import RootCount
from symderive.statements.proof import differentiate, exact_algebra
from symderive.statements.statement import Statement

#: Relations that say the same with their sides exchanged.
_SYMMETRIC = (Relation.EQUAL, Relation.DIFFERENT, Relation.EQUIVALENT)


class RefusedError(Exception):
    """A display does not say what its statement says; the message is a clause."""


@dataclass(frozen=True)
class Context:
    """What an equation of two sides may use: recursions, and the signs that hypotheses tell."""

    given: tuple[Claim, ...]
    definitions: tuple[Recursion, ...]
    memory: dict[Any, str] = field(default_factory=dict, compare=False)

    def unequal(self, left: Any, right: Any, over: tuple[Any, ...]) -> str:
        """Why left = right is not proved for all indices in some ranges; empty where it is."""
        key = left, right, over
        if key not in self.memory:
            self.memory[key] = self._unequal(*key)
        return self.memory[key]

    def _unequal(self, left: Any, right: Any, over: tuple[Any, ...]) -> str:
        if sp.oo in (left, right):
            return "" if left == right else f"{left} is not {right}"
        if left.has(sp.oo) and left.as_dummy() == right.as_dummy():
            return ""  # one series: that it converges is for the statement to say
        proofs: list[Any] = [exact_algebra]
        if left.has(sp.Derivative) or right.has(sp.Derivative):
            proofs.append(differentiate())
        reason = ""
        for proof in proofs:
            statement = Statement(
                id="side",
                title="Two sides are equal",
                left=left,
                right=right,
                over=over,
                given=self.given,
                definitions=self.definitions,
                reference="a display",
                proof=proof,
            )
            try:
                theorem_of(statement)
                return ""
            except ProofError as error:
                reason = str(error) if error.remainder is None else f"they differ by {error.remainder}"
        return reason


def difference(mine: Claim, stated: Claim, context: Context) -> str:
    """Why a claim of a display is not one of a statement; empty where they say the same."""
    if mine.relation is not stated.relation:
        return f"it says {mine.relation.value} where the statement says {stated.relation.value}"
    reason = "the ranges of its indices are not those of the statement"
    for renamed in renamings(mine, stated):
        reason = _sides(renamed, stated, context)
        if not reason:
            return ""
    if stated.relation in _SYMMETRIC:
        exchanged = replace(stated, left=stated.right, right=stated.left)
        if any(not _sides(renamed, exchanged, context) for renamed in renamings(mine, stated)):
            return ""
    return reason


def renamings(mine: Claim, stated: Claim) -> Iterator[Claim]:
    """The claim with the indices of another, in every way in which the ranges agree."""
    names = {str(symbol): symbol for symbol in mine.free_symbols if is_index(symbol)}
    free = [index for index, *_ in stated.over if str(index) in names]
    table = {names[str(index)]: index for index in free}
    rest = [(index, low, high) for index, low, high in stated.over if index not in free]
    if len(rest) != len(mine.over):
        return
    for order in permutations(rest):
        renamed = {**table, **{a[0]: b[0] for a, b in zip(mine.over, order, strict=True)}}
        ends = (
            (sp.sympify(own).xreplace(renamed), sp.sympify(other))
            for a, b in zip(mine.over, order, strict=True)
            for own, other in zip(a[1:], b[1:], strict=True)
        )
        if all(sp.expand(own - other) == 0 for own, other in ends):
            yield Claim(mine.relation, _put(mine.left, renamed), _put(mine.right, renamed), stated.over)


def is_index(symbol: Any) -> bool:
    return isinstance(symbol, sp.Symbol) and bool(symbol.is_integer)


def _put(side: Any, table: Mapping[Any, Any]) -> Any:
    return side.xreplace(dict(table))


def _sides(mine: Claim, stated: Claim, context: Context) -> str:
    if stated.relation is Relation.LIMIT:
        ours, theirs = mine.left.args, stated.left.args
        if ours[1:] != theirs[1:]:
            return f"the limit is at {ours[1]} → {ours[2]} and not at {theirs[1]} → {theirs[2]}"
        pairs = [("limit", ours[0], theirs[0]), ("value", mine.right, stated.right)]
    elif stated.relation is Relation.EQUIVALENT:
        for own, other in ((mine.left, stated.left), (mine.right, stated.right)):
            parts = [replace(as_claim(side), over=stated.over) for side in (own, other)]
            if reason := difference(parts[0], parts[1], context):
                return reason
        return ""
    else:
        pairs = [("left side", mine.left, stated.left), ("right side", mine.right, stated.right)]
    for name, own, other in pairs:
        if reason := context.unequal(own, other, stated.over):
            return f"its {name} is not that of the statement; {reason}"
    return ""


# -- hypotheses -------------------------------------------------------------------------------------------


def is_same(mine: Claim, stated: Claim, context: Context) -> bool:
    """Whether two hypotheses say the same: side by side, or an equation up to a positive factor."""
    if mine.relation is not stated.relation:
        return False
    if not difference(mine, stated, context):
        return True
    if mine.relation is not Relation.EQUAL:
        return False
    for renamed in renamings(mine, stated):
        for other in (stated, replace(stated, left=stated.right, right=stated.left)):
            if _is_multiple(renamed, other, context) or _is_square(renamed, other, context):
                return True
    return False


def _is_square(mine: Claim, stated: Claim, context: Context) -> bool:
    """Whether the sides of one equation, none of them negative, have those of another as squares."""
    return (
        has_sign(mine.left, context, strict=False)
        and has_sign(mine.right, context, strict=False)
        and not context.unequal(mine.left**2, stated.left, stated.over)
        and not context.unequal(mine.right**2, stated.right, stated.over)
    )


def _is_multiple(mine: Claim, stated: Claim, context: Context) -> bool:
    """Whether the sides of one equation are those of another times a factor that is positive."""
    if stated.right == 0 or mine.right == 0 or stated.left == 0 or mine.left == 0:
        return False
    for factor in (stated.left / mine.left, stated.right / mine.right):
        if not has_sign(factor, context, strict=True):
            continue
        if not context.unequal(factor * mine.left, stated.left, stated.over) and not context.unequal(
            factor * mine.right, stated.right, stated.over
        ):
            return True
    return False


def has_sign(factor: Any, context: Context, *, strict: bool, defined: bool = True) -> bool:
    """Whether a number is known to be positive, or not negative if not ``strict``.

    It is known to be ``defined``, too, unless that is left to others.
    """
    elaborator = Elaborator(context.definitions)
    try:
        signs = Signs(tuple(elaborator.claim(claim, {}) for claim in context.given))
        term = elaborator.term(factor, {})
        if defined:
            require_defined(signs, term)
        return signs.is_positive(term) if strict else signs.is_nonnegative(term)
    except CoreError:
        return False


def is_identity(claim: Claim, context: Context) -> bool:
    """Whether a hypothesis is an equation that holds by algebra."""
    return claim.relation is Relation.EQUAL and not context.unequal(claim.left, claim.right, claim.over)


def _variables(node: Any) -> tuple[Any, ...]:
    """What a derivative, a limit or a number of roots is taken by."""
    return tuple(node.variables) if isinstance(node, sp.Derivative) else (node.args[1],)


def labels(expression: Any) -> set[Any]:
    """The symbols and the families of an expression, without the indices of families."""
    return {getattr(x, "label", x) for x in expression.free_symbols if not isinstance(x, sp.Indexed)}


def replacer(key: Any, value: Any, context: Context) -> Callable[[Any], Any]:
    """The replacement of a letter, or of the elements of a family, in an expression.

    (a^x b)^p becomes a^{xp} b^p where neither a nor b is negative, which SymPy does not see.
    """
    factors = [factor.as_base_exp() for factor in sp.Mul.make_args(value)]
    splits = all(has_sign(base, context, strict=False) for base, _ in factors)

    def raised(found: Any, exponent: Any) -> Any:
        if not splits:
            return found**exponent
        parts = (factor.as_base_exp() for factor in sp.Mul.make_args(found))
        return sp.Mul(*(base ** (own * exponent) for base, own in parts))

    def meant(node: Any) -> Any:
        """What stands for a node that is the letter, else None."""
        if node == key:
            return value
        if isinstance(key, sp.Indexed) and isinstance(node, sp.Indexed) and node.base == key.base:
            where = dict(zip(key.indices, node.indices, strict=True))
            if all(own == other or isinstance(own, sp.Symbol) for own, other in where.items()):
                return value.xreplace(where)
        return None

    def put(node: Any) -> Any:
        if (found := meant(node)) is not None:
            return found
        if not node.args or isinstance(node, sp.Indexed):
            return node
        if isinstance(node, sp.Pow) and (found := meant(node.base)) is not None:
            return raised(found, put(node.exp))
        if isinstance(node, sp.Derivative | sp.Limit | RootCount):
            if any(meant(part) is not None for part in _variables(node)):
                raise RefusedError(f"{key} is the variable of {node}, and nothing is written out for it")
            names = frozenset().union(*(labels(part) for part in _variables(node)))
            if names & labels(value) and labels(key) & labels(node.args[0]):
                raise RefusedError(f"what is written for {key} depends on the variable of {node}")
        arguments = tuple(map(put, node.args))
        if all(new is old for new, old in zip(arguments, node.args, strict=True)):
            return node
        if isinstance(node, sp.core.relational.Relational):
            return node.func(*arguments, evaluate=False)
        return node.func(*arguments)

    return put
