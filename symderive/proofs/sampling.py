"""The independent test: a statement evaluated in multiple precision at random points.

This module evaluates and compares; it knows no algebra.  Sums and products are added and multiplied
out, expectations are averages over two-point noise (1 ± σ, which has mean 1 and variance σ²) and over a
small random data set, derivatives are central differences, limits are values far out.  Random numbers
are short rationals, so that a counterexample can be read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import mpmath
import sympy as sp

from symderive import symbols as sy
from symderive.statements.claim import Claim, Relation, z
from symderive.statements.nodes import Expectation, RootCount
from symderive.statements.statement import Domain, Statement

#: Points per domain for a statement, and points tried to refute a near-miss.
POINTS = 8
REFUTATION_POINTS = 60

#: Points where an expectation is averaged over all values of the noise, which is costly.
POINTS_OF_AVERAGES = 3

#: Draws that may miss the hypotheses before a domain counts as empty.
MAX_DRAWS = 400

#: What is known from the random data set.  Looking it up is quicker than to compare it.
_OF_DATA = frozenset({sy.y, sy.c})

#: Size of the random data set, and most neurons over which noise is enumerated.
SAMPLES = 2
MAX_NEURONS = 6

#: Terms of an infinite series.
MAX_TERMS = 5_000

#: Layers beyond this are not asked for by a recursion that leads down.
MAX_LAYERS = 60


class NoValueError(Exception):
    """An expression has no value at a point, or this module does not know how to find it."""


@dataclass(frozen=True)
class Counterexample:
    """A point inside the conditions at which a statement fails."""

    values: tuple[tuple[str, str], ...]
    left: str
    right: str

    def __str__(self) -> str:
        point = ", ".join(f"{name} = {value}" for name, value in self.values)
        return (
            f"{point}: left = {self.left}, right = {self.right}"
            if point
            else f"{self.left} and {self.right}"
        )


@dataclass(frozen=True)
class Outcome:
    """Points at which the statement held, a counterexample or None, and why there is no verdict."""

    points: int
    counterexample: Counterexample | None
    problem: str = ""


def examine(statement: Statement, *, digits: int, seed: int, points: int = POINTS) -> Outcome:
    """Test a statement at ``points`` points of each of its domains, to ``digits`` digits."""
    if points == POINTS and any(side.has(Expectation) for side in (statement.left, statement.right)):
        points = POINTS_OF_AVERAGES
    held = 0
    witnessed = statement.relation is not Relation.EQUIVALENT
    for number, domain in enumerate(statement.domains):
        passed = 0
        for draw in range(MAX_DRAWS):
            if passed == points:
                break
            point = Point(statement, domain, digits, f"{seed}|{statement.id}|{number}|{draw}")
            try:
                if not all(point.holds(claim) for claim in statement.given):
                    continue
                truth = point.holds(statement.claim)
                if statement.relation is Relation.EQUIVALENT:
                    witnessed |= point.truth(statement.left)
                sides = None if truth else point.sides(statement.claim)
            except NoValueError as error:
                return Outcome(held, None, str(error))
            except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError) as error:
                return Outcome(held, None, f"the test fails with {type(error).__name__}: {error}")
            if sides is not None:
                return Outcome(held, Counterexample(point.shown(), *sides))
            passed += 1
        if passed < points:
            return Outcome(held, None, "random points do not meet the hypotheses")
        held += passed
    if not witnessed:
        return Outcome(held, None, "no point was drawn at which the two sides are true")
    return Outcome(held, None)


@cache
def _context(digits: int) -> Any:
    context = mpmath.mp.clone()
    context.dps = digits
    return context


@cache
def _name(family_or_symbol: Any) -> str:
    return str(getattr(family_or_symbol, "label", family_or_symbol))


@cache
def _rational(number: Any, context: Any) -> Any:
    return context.mpf(int(number.p)) / int(number.q)


class Point:
    """One random point: values for all symbols, drawn when they are first asked for."""

    def __init__(self, statement: Statement, domain: Domain, digits: int, key: str) -> None:
        self.statement, self.domain, self.digits, self.key = statement, domain, digits, key
        # A central difference of step 10^-w at 3w digits has an error near 10^-2w.
        self.guard = digits + 20
        differentiates = any(side.has(sp.Derivative) for side in (statement.left, statement.right))
        self.mp = _context(3 * self.guard if differentiates else self.guard)
        self.tolerance = self.mp.mpf(10) ** (-digits)
        self.values: dict[Any, Any] = {}
        self.random_values: dict[Any, Any] = {}
        self.known: dict[Any, Any] = {}
        self.heads = {recursion.head: recursion for recursion in statement.definitions}
        self.defined = {
            (key.base if isinstance(key, sp.Indexed) else key): (key, value) for key, value in domain.define
        }
        self.ranges = {
            (key.base if isinstance(key, sp.Indexed) else key): ends for key, ends in domain.ranges
        }

    # -- truth ---------------------------------------------------------------------------------------

    def holds(self, claim: Claim) -> bool:
        """Whether the claim is true at this point, for all indices of its ranges (z is drawn)."""
        if claim.relation is Relation.MATRIX_AT_LEAST:
            (j, *_), (k, *_) = claim.over
            form = sp.Sum(z[j] * z[k] * (claim.left - claim.right), *claim.over)
            return self.holds(Claim(Relation.AT_LEAST, form, sp.Integer(0)))
        return all(self._holds_at(claim, bound) for bound in self._indices(claim.over))

    def _indices(self, over: tuple[Any, ...]) -> Iterator[dict[Any, Any]]:
        """All values of the indices; a range may speak of the indices before it."""
        return self._ranges(over[::-1], {})

    def _holds_at(self, claim: Claim, bound: dict[Any, Any]) -> bool:
        if claim.relation is Relation.EQUIVALENT:
            return self.truth(claim.left, bound) == self.truth(claim.right, bound)
        if claim.relation is Relation.LIMIT:
            return self._tends(claim, bound)
        left, right = self.evaluate(claim.left, bound), self.evaluate(claim.right, bound)
        slack = self.tolerance * (1 + abs(left) + abs(right))
        match claim.relation:
            case Relation.EQUAL | Relation.COUNT:
                return bool(abs(left - right) <= slack)
            case Relation.AT_LEAST:
                return bool(left - right >= -slack)
            case Relation.GREATER:
                return bool(left - right > slack)
            case Relation.DIFFERENT:
                return bool(abs(left - right) > slack)
        raise NoValueError(f"the relation {claim.relation.value} is not one that can be tested")

    def truth(self, relation: Any, bound: dict[Any, Any] | None = None) -> bool:
        """Whether a SymPy relation (Eq, Ne, Ge, Gt) is true here."""
        kinds = {
            sp.Eq: Relation.EQUAL,
            sp.Ne: Relation.DIFFERENT,
            sp.Ge: Relation.AT_LEAST,
            sp.Gt: Relation.GREATER,
        }
        return self._holds_at(Claim(kinds[relation.func], relation.lhs, relation.rhs), bound or {})

    def _tends(self, claim: Claim, bound: dict[Any, Any]) -> bool:
        """Whether the expression is close to its limit far out, and further out."""
        expression, variable, point, _ = claim.left.args
        target = self.evaluate(claim.right, bound)
        for far in (20, 40):
            step = self.mp.mpf(10) ** (far * self.digits)
            at = step if point == sp.oo else self.evaluate(point, bound) + 1 / step
            value = self.evaluate(expression, bound | {variable: at})
            if self.mp.isinf(target):
                close = value * target > 0 and abs(1 / value) <= self.tolerance
            else:
                close = abs(value - target) <= self.tolerance * (1 + abs(target))
            if not close:
                return False
        return True

    def sides(self, claim: Claim) -> tuple[str, str]:
        """Both sides as short text, for the counterexample."""
        if claim.relation in (Relation.EQUIVALENT, Relation.LIMIT):
            return str(claim.left), str(claim.right)
        if claim.relation is Relation.MATRIX_AT_LEAST:
            left, right = (
                sp.Sum(z[claim.over[0][0]] * z[claim.over[1][0]] * side, *claim.over)
                for side in (claim.left, claim.right)
            )
            claim = Claim(Relation.AT_LEAST, left, right)
        for bound in self._indices(claim.over):
            if not self._holds_at(claim, bound):
                break
        return self._short(self.evaluate(claim.left, bound)), self._short(self.evaluate(claim.right, bound))

    def _short(self, value: Any) -> str:
        return str(self.mp.nstr(value, 10))

    def shown(self) -> tuple[tuple[str, str], ...]:
        """The values that were drawn, as text."""
        return tuple(
            (name if not index else f"{name}[{', '.join(map(str, index))}]", self._short(value))
            for (name, index), value in sorted(self.values.items())
        )

    # -- evaluation ----------------------------------------------------------------------------------

    def evaluate(self, node: Any, bound: dict[Any, Any]) -> Any:
        """The value of an expression, bound indices given."""
        if node in bound:
            return bound[node]
        match node:
            case sp.Rational():
                return _rational(node, self.mp)
            case sp.Add():
                return self.mp.fsum(self.evaluate(arg, bound) for arg in node.args)
            case sp.Mul():
                return self.mp.fprod(self.evaluate(arg, bound) for arg in node.args)
            case sp.Pow():
                return self._power(self.evaluate(node.base, bound), self.evaluate(node.exp, bound), node)
            case sp.Indexed():
                return self._element(node.base, tuple(self._whole(index, bound) for index in node.indices))
            case sp.Symbol():
                return self._symbol(node)
            case sp.Sum() if node.limits[-1][2] == sp.oo:
                return self._infinite(node, bound)
            case sp.Sum() | sp.Product():
                fold = self.mp.fsum if isinstance(node, sp.Sum) else self.mp.fprod
                return fold(
                    self.evaluate(node.function, inner) for inner in self._ranges(node.limits, bound)
                )
            case sp.KroneckerDelta():
                first, second = (self._whole(arg, bound) for arg in node.args)
                return self.mp.mpf(first == second)
            case sp.log():
                value = self.evaluate(node.args[0], bound)
                if value <= 0:
                    raise NoValueError(f"{node} has no real value at a point inside the conditions")
                return self.mp.log(value)
            case sp.exp():
                return self.mp.exp(self.evaluate(node.args[0], bound))
            case sp.Derivative():
                return self._derivative(node.expr, list(node.variables), bound)
            case Expectation():
                return self._expectation(node, bound)
            case RootCount():
                return self._count(node)
            case sp.factorial():
                return self.mp.factorial(self.evaluate(node.args[0], bound))
            case sp.binomial():
                return self.mp.binomial(*(self.evaluate(arg, bound) for arg in node.args))
            case sp.Max() | sp.Min():
                values = [self.evaluate(arg, bound) for arg in node.args]
                return max(values) if isinstance(node, sp.Max) else min(values)
        if node == sp.E or node == sp.pi:
            return +self.mp.e if node == sp.E else +self.mp.pi
        if node == sp.oo:
            return self.mp.inf
        raise NoValueError(f"{type(node).__name__} {node} has no rule for its value")

    def _infinite(self, node: Any, bound: dict[Any, Any]) -> Any:
        """A convergent series, summed until its terms no longer count."""
        ((name, low, _),) = node.limits
        total, small = self.mp.mpf(0), 0
        for at in range(self._whole(low, bound), MAX_TERMS):
            term = self.evaluate(node.function, bound | {name: self.mp.mpf(at)})
            total += term
            small = small + 1 if abs(term) <= self.mp.eps * (1 + abs(total)) else 0
            if small == 5:
                return total
        raise NoValueError(f"{node} is not summed by {MAX_TERMS} terms")

    def _power(self, base: Any, exponent: Any, node: Any) -> Any:
        whole = self.mp.isint(exponent)
        if (base == 0 and exponent < 0) or (base < 0 and not whole):
            raise NoValueError(f"{node} has no real value at a point inside the conditions")
        return base ** (int(exponent) if whole else exponent)

    def _whole(self, node: Any, bound: dict[Any, Any]) -> int:
        if node in bound:
            return int(bound[node])
        if isinstance(node, (int, sp.Integer)):
            return int(node)
        value = self.evaluate(node, bound)
        if not self.mp.isint(value):
            raise NoValueError(f"{node} is an index or a bound and is not a whole number")
        return int(value)

    def _ranges(self, limits: Any, bound: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
        if not limits:
            yield bound
            return
        *inner, (name, low, high) = limits
        for value in range(self._whole(low, bound), self._whole(high, bound) + 1):
            yield from self._ranges(inner, bound | {name: self.mp.mpf(value)})

    def _derivative(self, expression: Any, variables: list[Any], bound: dict[Any, Any]) -> Any:
        """A central difference for each variable in turn."""
        if not variables:
            return self.evaluate(expression, bound)
        *rest, variable = variables
        step = self.mp.mpf(10) ** (-self.guard)
        if isinstance(variable, sp.Indexed):
            index = tuple(self._whole(part, bound) for part in variable.indices)
            key, at = (str(variable.base.label), index), self._element(variable.base, index)
        else:
            key, at = (str(variable), ()), self.evaluate(variable, bound)
        outer = bound.pop(variable, None)
        ends = []
        for shift in (step, -step):
            self.values[key], self.known = at + shift, {}
            ends.append(self._derivative(expression, rest, bound))
        self.values[key], self.known = at, {}
        if outer is not None:
            bound[variable] = outer
        return (ends[0] - ends[1]) / (2 * step)

    def _expectation(self, node: Expectation, bound: dict[Any, Any]) -> Any:
        """An average over the data set or over the two-point noise of all layers."""
        outer = self.random_values
        if node.over == sy.x.label:
            choices: list[dict[Any, Any]] = [{"sample": sample} for sample in range(SAMPLES)]
        else:
            depth = self._depth()
            neurons = [(i, j) for i in range(1, depth + 1) for j in range(1, self._width(i) + 1)]
            if len(neurons) > MAX_NEURONS:
                raise NoValueError(f"the noise of {len(neurons)} neurons is too much to enumerate")
            choices = [
                dict(zip(neurons, signs, strict=True)) for signs in product((1, -1), repeat=len(neurons))
            ]
        values = []
        for choice in choices:
            self.random_values, self.known = outer | choice, {}
            values.append(self.evaluate(node.body, bound))
        self.random_values, self.known = outer, {}
        return self.mp.fsum(values) / len(values)

    def _count(self, node: RootCount) -> Any:
        """Real roots from the Durand–Kerner iteration; good for the simple roots it is used on."""
        polynomial, variable, low, high = node.args
        coefficients = [self.evaluate(value, {}) for value in sp.Poly(polynomial, variable).all_coeffs()]
        roots = self.mp.polyroots(coefficients, maxsteps=500, extraprec=20 * self.digits)
        ends = [
            self.evaluate(end, {}) if end.is_finite else (-1 if end < 0 else 1) * self.mp.inf
            for end in (low, high)
        ]
        real = [
            root.real
            for root in map(self.mp.mpc, roots)
            if abs(root.imag) < self.tolerance * (1 + abs(root))
        ]
        return self.mp.mpf(sum(1 for root in real if ends[0] < root < ends[1]))

    # -- values of symbols ---------------------------------------------------------------------------

    def _depth(self) -> int:
        layers = [r.indices[0] for r in self.statement.definitions]
        depths = [
            node.indices[0]
            for side in (self.statement.left, self.statement.right)
            for node in side.atoms(sp.Indexed)
            if (node.base in self.heads or node.base == sy.epsilon) and node.indices[0] not in layers
        ]
        return max((self._whole(depth, {}) for depth in depths), default=0)

    def _width(self, layer: int) -> int:
        return self._whole(sy.d[layer], {})

    def _symbol(self, symbol: Any) -> Any:
        if symbol in _OF_DATA:
            if symbol == sy.y:
                return self._sample("y", ())
            samples = [self._datum("y", (), s) for s in range(SAMPLES)]
            return self.mp.fsum(value**2 for value in samples) / SAMPLES
        name = _name(symbol)
        if (name, ()) not in self.values and symbol in self.defined:
            self.values[name, ()] = self.evaluate(self.defined[symbol][1], {})
        return self._drawn(name, (), symbol, symbol)

    def _element(self, base: Any, index: tuple[int, ...]) -> Any:
        if base in self.heads:
            return self._recursive(base, index)
        name = _name(base)
        if (name, index) in self.values:
            return self.values[name, index]
        if base == sy.x:
            return self._sample("x", index)
        if base == sy.epsilon:
            if index not in self.random_values:
                raise NoValueError("the noise has a value inside an expectation only")
            sigma = self._element(sy.sigma, index[:1])
            return 1 + self.random_values[index] * sigma
        if base in (sy.A_entry, sy.v_entry) and base not in self.defined:
            pairs = (
                self._datum("x", index[:1], s)
                * (self._datum("x", index[1:], s) if len(index) == 2 else self._datum("y", (), s))
                for s in range(SAMPLES)
            )
            return self.mp.fsum(pairs) / SAMPLES
        if base in self.domain.gram:
            rows = [[self._drawn(f"{name}½", (k, part), base, None) for part in range(3)] for k in index]
            return self.mp.fdot(*rows)
        if base in self.defined:
            pattern, value = self.defined[base]
            names = dict(zip(pattern.indices, map(self.mp.mpf, index), strict=True))
            self.values[name, index] = self.evaluate(value, names)
        return self._drawn(name, index, base, base[index])

    def _recursive(self, base: Any, index: tuple[int, ...]) -> Any:
        if not 0 <= index[0] <= MAX_LAYERS:
            raise NoValueError(f"the recursion that defines {base} does not lead down to layer 0")
        if (base, index) not in self.known:
            recursion = self.heads[base]
            names = dict(zip(recursion.indices, map(self.mp.mpf, index), strict=True))
            part = recursion.base if index[0] == 0 else recursion.step
            self.known[base, index] = self.evaluate(part, names)
        return self.known[base, index]

    def _sample(self, name: str, index: tuple[int, ...]) -> Any:
        if "sample" in self.random_values:
            return self._datum(name, index, self.random_values["sample"])
        return self._datum(name, index, 0)

    def _datum(self, name: str, index: tuple[int, ...], sample: int) -> Any:
        return self._drawn(f"{name}^{sample + 1}", index, None, None)

    def _drawn(self, name: str, index: tuple[int, ...], key: Any, symbol: Any) -> Any:
        if (name, index) not in self.values:
            self.values[name, index] = self._draw(name, index, key, symbol)
        return self.values[name, index]

    def _draw(self, name: str, index: tuple[int, ...], key: Any, symbol: Any) -> Any:
        generator = random.Random(f"{self.key}|{name}|{index}")
        if symbol is not None and symbol.is_integer:
            low, high = self.ranges.get(key, (1, self._most(key, index)))
            return self.mp.mpf(generator.randint(int(low), int(high)))
        if key in self.ranges:
            low, high = (self.evaluate(sp.sympify(end), {}) for end in self.ranges[key])
            return low + (high - low) * self.mp.mpf(generator.randint(1, 1023)) / 1024
        value = self.mp.mpf(generator.randint(1, 40)) / generator.randint(1, 16)
        if symbol is None or not (symbol.is_positive or symbol.is_nonnegative):
            value *= generator.choice((1, -1))
        return value

    def _most(self, key: Any, index: tuple[int, ...]) -> int:
        """Widths of deep networks are drawn so that there are at most MAX_NEURONS neurons."""
        if key != sy.d or index == (0,):
            return 3
        return max(1, min(3, MAX_NEURONS // max(self._depth(), 1)))
