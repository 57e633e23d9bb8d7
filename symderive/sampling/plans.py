"""Expressions as numeric plans: each node becomes a function of a point, made once for all points.

What a plan does is what the node says: sums and products are added and multiplied out, a derivative is a
Taylor coefficient, an expectation an average over all values of the noise and of the data.  There is no
rewriting.  Parts without a bound index are evaluated once a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, product
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symderive import symbols as sy
from symderive.sampling import values as nu
from symderive.sampling.errors import NoValueError, UndefinedError
from symderive.sampling.letters import letter_of, slot
from symderive.sampling.roots import count_roots
from symderive.sampling.series import sum_series
from symderive.statements.nodes import Expectation, RootCount

#: A number of the point, as a function of it.
Plan = Callable[[Any], Any]

#: Size of the random data set, and most values of the noise at which an expectation is evaluated.
SAMPLES = 2
MAX_NOISES = 64

#: Longest range of a sum, a product or a quantifier.
MAX_RANGE = 500

_NOTHING: frozenset[Any] = frozenset()


def plan(node: Any, scope: frozenset[Any] = _NOTHING) -> Plan:
    """The plan of an expression; the symbols in ``scope`` are bound by the caller."""
    return _plan(node, scope & _symbols(node) if scope else scope)


@cache
def _symbols(node: Any) -> frozenset[Any]:
    """All symbols in it; SymPy's own list leaves out what a derivative is taken by."""
    return frozenset(node.atoms(sp.Symbol))


@cache
def _plan(node: Any, scope: frozenset[Any]) -> Plan:
    made = _make(node, scope)
    if scope or not node.args or isinstance(node, sp.Indexed):
        return made

    key = next(_KEYS)

    def remembered(point: Any) -> Any:
        found = point.memo.get(key)
        if found is None:
            found = point.memo[key] = made(point)
        return found

    return remembered


#: Numbers for what is remembered, quicker to look up than expressions.
_KEYS = count()


@cache
def weight(node: Any) -> int:
    """The work of evaluating a node once, loops left out."""
    return 1 + sum(map(weight, node.args))


def _make(node: Any, scope: frozenset[Any]) -> Plan:
    if node in scope:
        name = slot(node)
        return lambda point: _as_number(point.bound[name])
    match node:
        case sp.Float():
            raise NoValueError(f"{node} is a decimal fraction; write an exact number")
        case sp.Rational():
            number = fmpq(int(node.p), int(node.q))
            return lambda _: number
        case sp.Add():
            return _sum([plan(arg, scope) for arg in node.args])
        case sp.Mul():
            return _product([plan(arg, scope) for arg in node.args])
        case sp.Pow():
            base, exponent = plan(node.base, scope), plan(node.exp, scope)
            natural = bool(node.exp.is_integer)
            return lambda point: nu.power(base(point), exponent(point), natural=natural, text=node)
        case sp.Indexed():
            family, indices = letter_of(node.base), [index_plan(index, scope) for index in node.indices]
            return lambda point: point.element(family, tuple([index(point) for index in indices]))
        case sp.Symbol():
            letter = letter_of(node)
            return lambda point: point.letter(letter)
        case sp.Sum() if node.limits[-1][2] == sp.oo:
            return _infinite(node, scope)
        case sp.Sum() | sp.Product():
            return _loop(node, scope)
        case sp.KroneckerDelta():
            first, second = (index_plan(arg, scope) for arg in node.args)
            return lambda point: nu.ONE if first(point) == second(point) else nu.ZERO
        case sp.log():
            argument = plan(node.args[0], scope)
            return lambda point: nu.log(argument(point), node)
        case sp.exp():
            argument = plan(node.args[0], scope)
            return lambda point: nu.exp(argument(point))
        case sp.Derivative():
            return _derivative(node, scope)
        case Expectation():
            body = plan(node.body, scope)
            if node.over == sy.x.label:
                return lambda point: _mean_of_data(point, body)
            return lambda point: _mean_of_noise(point, body, weight(node))
        case RootCount():
            return lambda point: count_roots(*node.args, spend=point.spend)
        case sp.factorial():
            argument = plan(node.args[0], scope)
            return lambda point: nu.factorial(argument(point), node)
        case sp.binomial():
            upper, lower = (plan(arg, scope) for arg in node.args)
            return lambda point: nu.binomial(upper(point), lower(point), node)
        case sp.Max() | sp.Min():
            return _extreme(node, scope)
    if node == sp.E or node == sp.pi:
        return lambda _: arb.const_e() if node == sp.E else arb.pi()
    if node in (sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I):
        raise NoValueError(f"{node} is not a real number; the test evaluates real numbers only")
    raise NoValueError(f"proofs and tests do not know {type(node).__name__}: {node}")


def _as_number(value: Any) -> Any:
    return fmpq(value) if type(value) is int else value


def _sum(terms: list[Plan]) -> Plan:
    def added(point: Any) -> Any:
        found: Any = nu.ZERO
        for term in terms:
            value = term(point)
            if point.largest is not None:
                point.measure(value)
            found = found + value
        return nu.kept(found)

    return added


def _product(factors: list[Plan]) -> Plan:
    def multiplied(point: Any) -> Any:
        found: Any = nu.ONE
        for factor in factors:
            found = found * factor(point)
        return nu.kept(found)

    return multiplied


def index_plan(node: Any, scope: frozenset[Any]) -> Callable[[Any], int]:
    """A plan for what has to be a whole number."""
    if isinstance(node, sp.Integer):
        number = int(node)
        return lambda _: number
    if node in scope:
        name = slot(node)

        def bound(point: Any) -> int:
            value = point.bound[name]
            return value if type(value) is int else _whole(value, node)

        return bound
    value = plan(node, scope)
    return lambda point: _whole(value(point), node)


def _whole(value: Any, node: Any) -> int:
    found = nu.whole(value)
    if found is None:
        if isinstance(nu.plain(value), fmpq):
            raise UndefinedError(f"{node} is an index or a bound and is not a whole number")
        raise NoValueError(f"{node} is an index or a bound and cannot be told to be a whole number")
    return found


# -- sums and products ---------------------------------------------------------------------------------


def ranges(limits: Any, scope: frozenset[Any]) -> tuple[Callable[[Any], Iterator[None]], frozenset[Any]]:
    """All values of the indices, bound in turn at the point; the last limit is the outermost."""
    loops: list[tuple[str, Callable[[Any], int], Callable[[Any], int]]] = []
    for index, *ends in reversed(limits):
        low, high = (index_plan(sp.sympify(end), scope) for end in ends)
        loops.append((slot(index), low, high))
        scope = scope | {index}

    def run(point: Any, at: int = 0) -> Iterator[None]:
        name, low, high = loops[at]
        first, last = low(point), high(point)
        if last - first >= MAX_RANGE:
            raise NoValueError(
                f"the range of {name.split('/')[0]} has {last - first + 1} elements, too many to test"
            )
        bound = point.bound
        outer = bound.get(name)
        for value in range(first, last + 1):
            bound[name] = value
            if at + 1 == len(loops):
                yield
            else:
                yield from run(point, at + 1)
        if outer is None:
            bound.pop(name, None)
        else:
            bound[name] = outer

    return run, scope


def _loop(node: Any, scope: frozenset[Any]) -> Plan:
    run, inner = ranges(tuple(map(tuple, node.limits)), scope)
    body, cost = plan(node.function, inner), weight(node.function)
    adds = isinstance(node, sp.Sum)

    def looped(point: Any) -> Any:
        found: Any = nu.ZERO if adds else nu.ONE
        for _ in run(point):
            point.spend(cost)
            value = body(point)
            if point.largest is not None:
                point.measure(value)
            found = nu.kept(found + value if adds else found * value)
        return found

    return looped


def _infinite(node: Any, scope: frozenset[Any]) -> Plan:
    if len(node.limits) != 1:
        raise NoValueError(f"{node} is an infinite sum over several indices, which is not evaluated")
    ((index, low, _),) = node.limits
    name = slot(index)
    body, first, cost = plan(node.function, scope | {index}), index_plan(low, scope), weight(node.function)

    def terms(point: Any) -> Iterator[Any]:
        at = first(point)
        while True:
            point.bound[name] = at
            point.spend(cost)
            yield body(point)
            at += 1

    def summed(point: Any) -> Any:
        outer = point.bound.get(name)
        try:
            return sum_series(terms(point), node)
        finally:
            if outer is None:
                point.bound.pop(name, None)
            else:
                point.bound[name] = outer

    return summed


def _extreme(node: Any, scope: frozenset[Any]) -> Plan:
    arguments = [plan(arg, scope) for arg in node.args]
    way = 1 if isinstance(node, sp.Max) else -1

    def chosen(point: Any) -> Any:
        found, *others = (argument(point) for argument in arguments)
        for other in others:
            order = nu.sign(other - found)
            if order is None:
                raise NoValueError(f"the arguments of {node} cannot be told apart")
            if order == 0 and (isinstance(found, nu.Jet) or isinstance(other, nu.Jet)):
                raise UndefinedError(f"{node} has no derivative where two arguments are equal")
            found = other if order == way else found
        return found

    return chosen


# -- derivatives and averages ----------------------------------------------------------------------------


def _derivative(node: Any, scope: frozenset[Any]) -> Plan:
    """k! times the k-th Taylor coefficient, in each variable in turn."""
    expression: Any = plan(node.expr, scope)
    for variable, order in node.variable_count:
        if not isinstance(order, sp.Integer):
            raise NoValueError(f"{node} is a derivative of unknown order")
        expression = _along(expression, variable, int(order), scope)
    made = expression

    def derived(point: Any) -> Any:
        point.spend(weight(node))
        return made(point)

    return derived


def _along(inner: Plan, variable: Any, order: int, scope: frozenset[Any]) -> Plan:
    if variable in scope:
        raise NoValueError(f"a derivative by {variable}, which is bound, is not evaluated")
    here = plan(variable, scope)
    indices = (
        [index_plan(index, scope) for index in variable.indices] if isinstance(variable, sp.Indexed) else []
    )
    base = letter_of(variable)

    def moved(point: Any) -> Any:
        at = here(point)
        point.level += 1
        try:
            jet = nu.Jet(point.level, [at, nu.ONE, *[nu.ZERO] * (order - 1)])
            with point.overridden((base, tuple(index(point) for index in indices)), jet):
                value = inner(point)
            level = point.level
        finally:
            point.level -= 1
        if not isinstance(value, nu.Jet) or value.level < level:
            return nu.ZERO
        return value.parts[order] * nu.factorial(fmpq(order), order)

    return moved


def _mean_of_data(point: Any, body: Plan) -> Any:
    found: Any = nu.ZERO
    for sample in range(SAMPLES):
        with point.randomized(sample, point.noise):
            found = found + body(point)
    return found * fmpq(1, SAMPLES)


def _mean_of_noise(point: Any, body: Plan, cost: int) -> Any:
    """Every neuron's noise is 1 + σ or 1 - σ; which neurons there are is seen when all are 1 + σ."""
    with point.randomized(point.sample, {}):
        found = body(point)
        neurons = list(point.noise)
    if 2 ** len(neurons) > MAX_NOISES:
        raise NoValueError(f"the noise of {len(neurons)} neurons is too much to enumerate")
    for signs in list(product((1, -1), repeat=len(neurons)))[1:]:
        point.spend(cost)
        with point.randomized(point.sample, dict(zip(neurons, signs, strict=True))):
            found = found + body(point)
    return found * fmpq(1, 2 ** len(neurons))
