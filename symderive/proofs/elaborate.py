"""From SymPy to the terms of the core; what is not known here is refused by name.

A symbol becomes a letter of the kind that its assumptions say; other assumptions (even, negative, complex,
noncommutative) are refused.  Bound names go: an index of a sum, a variable of a derivative or a limit, the
indices of a claim become bound variables.  Random variables and defined heads become what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.core import averages, claims, terms
from symderive.core.binders import abstract, substitute
from symderive.core.forms import form
from symderive.core.quotients import is_integer
from symderive.core.rules import define
from symderive.core.signs import Signs, require_defined
from symderive.core.terms import (
    INF,
    REAL,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Head,
    Kind,
    Letter,
    Term,
    add,
    at,
    fresh,
    mul,
    num,
    power,
)
from symderive.core.whole import is_natural
from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.nodes import Expectation, RootCount

#: What a SymPy symbol stands for where it is not a letter: an index, the variable of an induction; and what
#: letter the elements of a base are, for a test vector.
Scope = Mapping[Any, Any]

_RANDOM = {sy.epsilon: averages.NOISE, sy.x: averages.FEATURE, sy.y: averages.TARGET}


class ElaborationError(CoreError):
    """An expression that the core has no terms for."""


@lru_cache(maxsize=1_000)
def _kind_of_family(base: Any, arity: int) -> Kind:
    return kind_of(base[(sp.Dummy(integer=True),) * arity])


@lru_cache(maxsize=1_000)
def kind_of(symbol: Any) -> Kind:
    """The kind that the assumptions of a symbol or of an indexed element say, all of them."""
    if symbol.is_positive:
        least: int | None = 1
    else:
        least = 0 if symbol.is_nonnegative else None
    whole = bool(symbol.is_integer)
    signs = {1: {"positive": True}, 0: {"nonnegative": True}, None: {"real": True}}[least]
    plain = sp.Symbol("plain", integer=whole or None, **signs)
    if _assumptions(symbol) != _assumptions(plain):
        known = _assumptions(plain)
        name, value = next(item for item in _assumptions(symbol).items() if item[1] is not known[item[0]])
        raise ElaborationError(
            f"{symbol} is declared with an assumption that proofs do not know ({name}: {value}); declare "
            f"it real, nonnegative or positive, and integer or not"
        )
    return Kind(whole, least)


def _assumptions(symbol: Any) -> dict[str, Any]:
    names = (
        "commutative complex real extended_real integer rational algebraic imaginary even odd prime "
        "composite zero positive nonnegative negative nonpositive nonzero finite infinite hermitian "
        "irrational transcendental"
    )
    return {name: getattr(symbol, f"is_{name}") for name in names.split()}


@dataclass
class Elaborator:
    """Translates the expressions of one statement; ``letters`` are the ones that were met.

    With ``random``, the names of noise and data are the random variables of the model.
    """

    definitions: tuple[Recursion, ...] = ()
    letters: dict[Any, Letter] = field(default_factory=dict)
    heads: dict[Any, Head] = field(default_factory=dict)
    random: bool = False

    def __post_init__(self) -> None:
        for recursion in self.definitions:
            if recursion.head in self.heads:
                raise ElaborationError(f"{recursion.head} is defined twice")
            self.heads[recursion.head] = self._defined(recursion)

    def _defined(self, recursion: Recursion) -> Head:
        arity = len(recursion.indices)
        if _kind_of_family(recursion.head, arity) != REAL:
            # SymPy would have used a sign that nothing proves.
            raise ElaborationError(f"{recursion.head} is defined, and declared more than real")
        _whole_indices(recursion.indices)
        names = [fresh(WHOLE) for _ in recursion.indices]
        scope = dict(zip(recursion.indices, names, strict=True))
        self.heads[recursion.head] = terms.SELF  # type: ignore[assignment]
        try:
            base, step = (
                abstract(self.term(part, scope), *names) for part in (recursion.base, recursion.step)
            )
        finally:
            del self.heads[recursion.head]
        return define(str(recursion.head.label), arity, base, step)

    # -- letters -----------------------------------------------------------------------------------------

    def letter(self, key: Any, arity: int) -> Letter:
        """The letter of a SymPy symbol, or of the elements of an indexed base."""
        if not isinstance(key, (sp.Symbol, sp.IndexedBase)):
            raise ElaborationError(f"{key} is not a symbol")
        if any(key == recursion.head for recursion in self.definitions):
            # As a letter it would have the kind that it is declared with, whatever its values are.
            raise ElaborationError(f"a definition speaks of {key} before {key} is defined; put that first")
        if key not in self.letters:
            name = str(getattr(key, "label", key))
            if "⟨" in name:
                raise ElaborationError(f"the name {name} is one that proofs keep for themselves")
            letter = Letter(
                name, arity, kind_of(key) if isinstance(key, sp.Symbol) else _kind_of_family(key, arity)
            )
            if any(known.name == name and known.arity == arity for known in self.letters.values()):
                raise ElaborationError(f"{name} stands for two symbols; use one of them, or two names")
            self.letters[key] = letter
        return self.letters[key]

    # -- expressions -------------------------------------------------------------------------------------

    def term(self, node: Any, scope: Scope) -> Term:
        """The term of an expression, with indices as ``scope`` says."""
        node = sp.sympify(node)
        if node in scope:
            return scope[node]
        if node == sy.y and self.random:
            return at(averages.TARGET)
        match node:
            case sp.Rational() if node.is_finite:
                return num(Fraction(int(node.p), int(node.q)))
            case sp.Symbol() if type(node) in (sp.Symbol, sp.Dummy):
                return at(self.letter(node, 0))
            case sp.Indexed():
                return self._indexed(node, scope)
            case sp.Add():
                return add(*(self.term(arg, scope) for arg in node.args))
            case sp.Mul():
                return mul(*(self.term(arg, scope) for arg in node.args))
            case sp.Pow():
                return power(self.term(node.base, scope), self.term(node.exp, scope))
            case sp.exp():
                return power(terms.E, self.term(node.args[0], scope))
            case sp.log() if len(node.args) == 1:
                return Term("log", self.term(node.args[0], scope))
            case sp.KroneckerDelta() if len(node.args) == 2:
                return Term("delta", *(self.term(arg, scope) for arg in node.args))
            case sp.binomial():
                return Term("binomial", *(self.term(arg, scope) for arg in node.args))
            case sp.Sum() | sp.Product():
                return self._folded(node, scope)
            case sp.Derivative():
                if not all(count.is_Integer for _, count in node.variable_count):
                    raise ElaborationError(f"the order of {node} is not a number")
                return self._derivative(node.expr, list(node.variables), scope)
            case Expectation():
                body = body_of_mean(node)
                if body is not None and self.random:
                    return Term("mean", self.term(body, scope))
        if node == sp.E:
            return terms.E
        if node.has(sp.I, sp.zoo, sp.nan, sp.oo, -sp.oo) and not node.args:
            raise ElaborationError(f"{node} is not a real number")
        raise ElaborationError(f"proofs do not know {type(node).__name__}: {node}")

    def _indexed(self, node: Any, scope: Scope) -> Term:
        indices = tuple(self.term(index, scope) for index in node.indices)
        symbol = scope.get(node.base) or self.heads.get(node.base)
        if symbol is None and self.random:
            symbol = _RANDOM.get(node.base)
        return at(symbol or self.letter(node.base, len(indices)), *indices)

    def _folded(self, node: Any, scope: Scope) -> Term:
        *inner, limit = node.limits
        if len(limit) != 3:
            raise ElaborationError(f"{node} has no ends")
        name, low, high = limit
        ends = self.term(low, scope), INF if high == sp.oo else self.term(high, scope)
        _whole_indices((name,), ends[0])
        variable = fresh(WHOLE, ends[0], None if ends[1] == INF else ends[1])
        inside = {**scope, name: variable}
        rest = node.func(node.function, *inner) if inner else node.function
        op = "sum" if isinstance(node, sp.Sum) else "product"
        self._require_independent(node, name)
        if op == "product" and ends[1] == INF:
            raise ElaborationError(f"proofs do not know infinite products: {node}")
        return Term(op, *ends, abstract(self.term(rest, inside), variable))

    def _derivative(self, expression: Any, variables: list[Any], scope: Scope) -> Term:
        if not variables:
            return self.term(expression, scope)
        *rest, variable = variables
        inner = self._derivative(expression, rest, scope)
        point = self.term(variable, scope)
        symbol, *indices = point.args
        if point.op != "at" or not isinstance(symbol, Letter) or symbol.kind.whole:
            raise ElaborationError(f"an expression is differentiated by a real letter, not by {variable}")
        if self.random and symbol in averages.MOMENTS:
            raise ElaborationError(f"{variable} is a moment, on which means depend; no derivative is by it")
        require_defined(Signs(), point)
        if not indices:
            return Term("deriv", abstract(inner, point), point)
        # d/dX_a at X is d/dt at 0 of the expression at X + t e_a.
        t = fresh()
        bound = [Term("bound", number) for number in range(len(indices))]
        deltas = (Term("delta", *pair) for pair in zip(bound, indices, strict=True))
        moved = substitute(inner, {symbol: add(at(symbol, *bound), mul(t, *deltas))})
        return Term("deriv", abstract(moved, t), ZERO)

    # -- claims ------------------------------------------------------------------------------------------

    def claim(self, claim: Claim, scope: Scope) -> claims.Claim:
        """A claim of a statement; its indices become bound variables."""
        inside = dict(scope)
        names: list[Term] = []
        over: list[tuple[Term, Term]] = []
        for name, low, high in claim.over:
            ends = (self.term(low, inside), self.term(high, inside))
            _whole_indices((name,), ends[0])
            self._require_independent(claim, name)
            over.append((abstract(ends[0], *names), abstract(ends[1], *names)))
            names.append(fresh(WHOLE, *ends))
            inside[name] = names[-1]
        left, right = self._sides(claim, inside)
        return claims.Claim(claim.relation.value, left, right, tuple(over)).map(
            # The ranges are closed already.
            lambda term: abstract(term, *names) if names and not term.loose else term
        )

    def _sides(self, claim: Claim, scope: Scope) -> tuple[Any, Any]:
        left, right = claim.left, claim.right
        match claim.relation:
            case Relation.EQUIVALENT:
                return tuple(self.claim(as_claim(side), scope) for side in (left, right))  # type: ignore[return-value]
            case Relation.LIMIT:
                return self._limit(left, scope), INF if right == sp.oo else self.term(right, scope)
            case Relation.COUNT:
                return self._roots(left), self.term(right, scope)
        return self.term(left, scope), self.term(right, scope)

    def _limit(self, node: Any, scope: Scope) -> claims.Limit:
        if not isinstance(node, sp.Limit):
            raise ElaborationError(f"{node} is not a limit")
        expression, variable, point, side = node.args
        if (point, str(side)) not in ((sp.oo, "-"), (sp.Integer(0), "+")):
            raise ElaborationError(f"proofs know limits at ∞ and from above at 0, not {node}")
        letter = self.letter(variable, 0)
        if letter.kind.least != 1 or (letter.kind.whole and point == 0):
            raise ElaborationError(f"the variable {variable} of a limit is positive")
        name = fresh(letter.kind)
        body = abstract(self.term(expression, {**scope, variable: name}), name)
        self._require_independent(expression, variable)
        return claims.Limit(body, letter.kind, point == sp.oo)

    def _require_independent(self, spoken: Any, name: Any) -> None:
        """What is said under a binder is not defined by a letter of the name of its variable."""
        for base, head in self.heads.items():
            bound = isinstance(head, Head) and Letter(str(name), 0, kind_of(name)) in head.depends
            if bound and any(side.has(base) for side in _sides_of(spoken)):
                raise ElaborationError(
                    f"{base} is defined by {name}, which is bound here; use another letter"
                )

    def _roots(self, node: Any) -> claims.Roots:
        if not isinstance(node, RootCount):
            raise ElaborationError(f"{node} is not a number of roots")
        polynomial, variable, low, high = node.args
        if not isinstance(variable, sp.Symbol):
            raise ElaborationError(f"{variable} is not a symbol, and roots are counted in one")
        kind = kind_of(variable)
        if kind.whole or (kind.least is not None and not (low.is_Rational and low >= 0)):
            raise ElaborationError(
                f"{variable} is not declared so that all roots from {low} on are its values"
            )
        x = fresh()
        coefficients: dict[int, Fraction] = {}
        term = self.term(polynomial, {variable: x})
        require_defined(Signs(), term)
        for monomial, value in form(term).items():
            ((atom, degree),) = monomial if len(monomial) == 1 else {(x, num(-1) if monomial else ZERO)}
            if atom != x or not is_integer(degree) or not 0 <= degree.args[0] <= 1_000:
                raise ElaborationError(f"{polynomial} is not a polynomial with rational coefficients")
            coefficients[int(degree.args[0])] = value
        found = tuple(coefficients.get(k, Fraction(0)) for k in range(max(coefficients, default=-1) + 1))
        ends = (_end(low, -sp.oo), _end(high, sp.oo))
        return claims.Roots(found, *ends)


def _sides_of(spoken: Any) -> tuple[Any, ...]:
    if isinstance(spoken, Claim):
        ends = (sp.sympify(end) for _, low, high in spoken.over for end in (low, high))
        return (spoken.left, spoken.right, *ends)
    return (spoken,)


def _end(end: Any, infinite: Any) -> Fraction | None:
    if end == infinite:
        return None
    if not isinstance(end, sp.Rational) or not end.is_finite:
        raise ElaborationError(f"{end} is not an end of an interval that roots are counted in")
    return Fraction(int(end.p), int(end.q))


def _whole_indices(names: Iterable[Any], low: Term | None = None) -> None:
    """Refuse an index that is not declared a whole number, or of a sign that its range does not have."""
    for name in names:
        if not isinstance(name, sp.Symbol):
            raise ElaborationError(f"{name} is not an index")
        kind = kind_of(name)
        if not kind.whole:
            raise ElaborationError(f"the index {name} is not declared an integer")
        if low is not None and kind.least is not None:
            gap = terms.minus(low, UNIT) if kind.least else low
            if not is_natural(gap):
                what = "positive" if kind.least else "nonnegative"
                raise ElaborationError(
                    f"the index {name} is declared {what}, and its range may start below"
                )


def body_of_mean(expression: Any) -> Any | None:
    """The expression of which ``expression`` is the mean over data and noise; None for something else."""
    if isinstance(expression, Expectation) and expression.over == sy.x.label:
        inner = expression.body
        if isinstance(inner, Expectation) and inner.over == sy.epsilon.label:
            return inner.body
    return None


def as_claim(equation: Any) -> Claim:
    """A SymPy relation as a claim."""
    relations = {
        sp.Eq: Relation.EQUAL,
        sp.Ge: Relation.AT_LEAST,
        sp.Gt: Relation.GREATER,
        sp.Ne: Relation.DIFFERENT,
    }
    if equation.func not in relations:
        raise ElaborationError(f"{equation} is not a relation")
    return Claim(relations[equation.func], equation.lhs, equation.rhs)
