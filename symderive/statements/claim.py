"""Claims: two expressions and a relation, for all indices in some ranges."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.statements.facts import Fact
from symderive.statements.facts import Range as Range
from symderive.statements.nodes import RootCount

#: The test vector of a matrix inequality: M ⪰ N says Σ z_j z_k (M_jk - N_jk) ≥ 0 for every z.
z = sp.IndexedBase("z", real=True)


class Relation(enum.Enum):
    """The relations between left and right; a statement with ``given`` is an implication."""

    EQUAL = "="
    AT_LEAST = "≥"
    GREATER = ">"
    DIFFERENT = "≠"
    MATRIX_AT_LEAST = "⪰"
    LIMIT = "→"
    EQUIVALENT = "⇔"
    COUNT = "#"


@dataclass(frozen=True)
class Claim(Fact):
    """left ∘ right for all indices in ``over``; the hypotheses of a statement are claims.

    For ⪰ the two are entries (j, k) of matrices and ``over`` names the two indices.
    """

    relation: Relation
    left: Any
    right: Any
    over: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        for side in ("left", "right"):
            object.__setattr__(self, side, sp.sympify(getattr(self, side)))

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols and indexed bases that the claim speaks about, its own indices left out."""
        found = self.left.free_symbols | self.right.free_symbols
        found |= {s for _, low, high in self.over for s in sp.S(low).free_symbols | sp.S(high).free_symbols}
        return {s for s in found if not isinstance(s, sp.Indexed)} - {index for index, *_ in self.over}


def equal(left: Any, right: Any, *over: Range) -> Claim:
    """left = right for all indices in the ranges ``over``."""
    return Claim(Relation.EQUAL, left, right, over)


def at_least(left: Any, right: Any, *over: Range) -> Claim:
    """left ≥ right for all indices in the ranges ``over``."""
    return Claim(Relation.AT_LEAST, left, right, over)


def greater(left: Any, right: Any, *over: Range) -> Claim:
    """left > right for all indices in the ranges ``over``."""
    return Claim(Relation.GREATER, left, right, over)


def different(left: Any, right: Any, *over: Range) -> Claim:
    """left ≠ right for all indices in the ranges ``over``."""
    return Claim(Relation.DIFFERENT, left, right, over)


def semidefinite(entry: Any, *over: Range) -> Claim:
    """The matrix with this entry at the two indices of ``over`` is positive semidefinite."""
    return Claim(Relation.MATRIX_AT_LEAST, entry, sp.Integer(0), over)


def matrix_at_least(left: Any, right: Any, *over: Range) -> Claim:
    """left ⪰ right, entries at the two indices of ``over``: the difference is positive semidefinite."""
    return Claim(Relation.MATRIX_AT_LEAST, left, right, over)


def limit(expression: Any, variable: Any, point: Any, value: Any) -> Claim:
    """expression → value as the variable tends to ``point``, from above where that is finite."""
    side = "-" if point == sp.oo else "+"
    return Claim(Relation.LIMIT, sp.Limit(expression, variable, point, side), value)


def equivalent(left: Claim, right: Claim, *over: Range) -> Claim:
    """left ⇔ right, for all indices in the ranges ``over``; the two are claims without indices."""
    return Claim(Relation.EQUIVALENT, as_relation(left), as_relation(right), over)


def count(polynomial: Any, variable: Any, low: Any, high: Any, roots: Any) -> Claim:
    """The polynomial has so many distinct real roots in the open interval (low, high)."""
    return Claim(Relation.COUNT, RootCount(polynomial, variable, low, high), roots)


def as_relation(claim: Claim) -> Any:
    """A claim without indices as SymPy's relation, unevaluated."""
    kinds = {
        Relation.EQUAL: sp.Eq,
        Relation.AT_LEAST: sp.Ge,
        Relation.GREATER: sp.Gt,
        Relation.DIFFERENT: sp.Ne,
    }
    if claim.over or claim.relation not in kinds:
        raise ValueError(f"{claim.left} {claim.relation.value} {claim.right} is no side of an equivalence")
    return kinds[claim.relation](claim.left, claim.right, evaluate=False)


@dataclass(frozen=True)
class Recursion:
    """A family defined layer by layer: head[0, …] = base and head[i, …] = step for i ≥ 1.

    ``indices`` are the symbols (i, …) that base and step are written in.
    """

    head: Any
    indices: tuple[Any, ...]
    base: Any
    step: Any

    def __post_init__(self) -> None:
        for part in ("base", "step"):
            object.__setattr__(self, part, sp.sympify(getattr(self, part)))
