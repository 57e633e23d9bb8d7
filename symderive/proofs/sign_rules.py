"""Signs that can be read off: sums and products of non-negative things, even powers, hypotheses.

Nothing is searched for.  An expression has a sign here because of the kinds of its symbols, because its
normal form has only non-negative terms, or because it *is* a hypothesis (left - right of an inequality).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.proofs.averages import body_of_mean
from symderive.proofs.monomials import OutOfReachError, is_nonnegative_form, is_positive_atom, terms
from symderive.proofs.normal_form import is_zero, normalized
from symderive.statements.claim import Claim, Relation
from symderive.statements.substitution import fresh, substitute


@dataclass(frozen=True)
class Signs:
    """What is known about signs under the hypotheses ``given``; False always means "not known"."""

    given: tuple[Claim, ...] = ()

    def is_nonnegative(self, expression: Any) -> bool:
        """Whether the expression is ≥ 0."""
        expression = sp.sympify(expression)
        return (
            self._reads_nonnegative(expression)
            or self._is_hypothesis(expression, (Relation.AT_LEAST, Relation.GREATER))
            or self._by_normal_form(expression, strict=False)
        )

    def is_positive(self, expression: Any) -> bool:
        """Whether the expression is > 0."""
        expression = sp.sympify(expression)
        return (
            self._reads_positive(expression)
            or self._is_hypothesis(expression, (Relation.GREATER,))
            or self._by_normal_form(expression, strict=True)
        )

    def is_nonzero(self, expression: Any) -> bool:
        """Whether the expression is ≠ 0."""
        return (
            self.is_positive(expression)
            or self.is_positive(-expression)
            or self._is_hypothesis(expression, (Relation.DIFFERENT,))
            or self._is_hypothesis(-expression, (Relation.DIFFERENT,))
            or (isinstance(expression, sp.Mul) and all(map(self.is_nonzero, expression.args)))
            or (isinstance(expression, sp.Pow) and self.is_nonzero(expression.base))
        )

    def _reads_nonnegative(self, expression: Any) -> bool:
        if expression.is_nonnegative and expression.is_Atom:
            return True
        if isinstance(expression, (sp.Add, sp.Mul)):
            return all(map(self.is_nonnegative, expression.args))
        if isinstance(expression, sp.Pow):
            return bool(expression.exp.is_even) or self.is_nonnegative(expression.base)
        if isinstance(expression, (sp.Sum, sp.Product)):
            # Fresh indices: a hypothesis about an index j says nothing about a j that is summed over.
            return self.is_nonnegative(fresh(expression).function)
        if (body := body_of_mean(expression)) is not None:
            return self.is_nonnegative(body)
        return self._reads_positive(expression)

    def _reads_positive(self, expression: Any) -> bool:
        if isinstance(expression, (sp.Symbol, sp.Indexed, sp.Number, sp.NumberSymbol)):
            return bool(expression.is_positive)
        if isinstance(expression, sp.exp):
            return True
        if isinstance(expression, sp.Mul):
            return all(map(self.is_positive, expression.args))
        if isinstance(expression, sp.Add):
            return any(map(self.is_positive, expression.args)) and all(
                map(self.is_nonnegative, expression.args)
            )
        if isinstance(expression, sp.Pow):
            return self.is_positive(expression.base)
        if isinstance(expression, sp.Product):
            return self.is_positive(fresh(expression).function)
        if isinstance(expression, sp.Sum):
            nonempty = all((high - low).is_nonnegative for _, low, high in expression.limits)
            return nonempty and self.is_positive(fresh(expression).function)
        return False

    def _by_normal_form(self, expression: Any, *, strict: bool) -> bool:
        """Whether the normal form has a sign that can be read, integers D ≥ 2 written as 2 + something."""
        try:
            shifted = normalized(substitute(expression, self._shifts()))
            numerator, denominator = (normalized(part) for part in sp.together(shifted).as_numer_denom())
        except OutOfReachError:
            return False
        return any(
            is_nonnegative_form(terms(top))
            and (not strict or _is_positive_form(top))
            and _is_positive_form(below)
            for top, below in ((shifted, sp.Integer(1)), (numerator, denominator))
        )

    def _shifts(self) -> dict[Any, Any]:
        """Bounded symbols in terms of free ones: D ≥ 2 as 2 + x with x ≥ 0, and 0 < q < b as b/(1 + x)."""
        lower: dict[Any, Any] = {}
        upper: dict[Any, Any] = {}
        for claim in self.given:
            left, right = claim.left, claim.right
            if claim.relation not in (Relation.AT_LEAST, Relation.GREATER):
                continue
            if left.is_Symbol and right.is_Rational:
                lower[left] = right + sp.Dummy(left.name, nonnegative=True, integer=left.is_integer)
            elif left.is_Rational and right.is_Symbol and right.is_positive:
                strict = claim.relation is Relation.GREATER
                kind = {"positive": True} if strict else {"nonnegative": True}
                upper[right] = left / (1 + sp.Dummy(right.name, **kind))
        return upper | lower

    def _is_hypothesis(self, expression: Any, relations: tuple[Relation, ...]) -> bool:
        return any(
            claim.relation in relations and is_zero(expression - (claim.left - claim.right))
            for claim in self.given
            if not claim.over
        )


def _is_positive_form(expression: Any) -> bool:
    """Whether all terms are manifestly non-negative and one of them positive."""
    form = terms(expression)
    return is_nonnegative_form(form) and any(
        all(is_positive_atom(atom) for atom, _ in monomial) for monomial in form
    )
