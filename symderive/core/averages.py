"""The expectation over noise and data: the model's own moments, and nothing else.

The data (x, y) and the noise of every neuron of every layer are independent; E ε_ij = 1 and
E ε_ij² = 1 + σ_i²; A = E xxᵀ, v = E xy and c = E y² are the second moments of the data.  All moments that
a statement speaks of are finite.  The letters of these moments are fixed in whatever rests on them
(``theorem.MODEL``), for they do not stand for other numbers there.
"""

from __future__ import annotations

from functools import cache

from .forms import number
from .terms import (
    MINUS,
    REAL,
    SELF,
    UNIT,
    Head,
    Kind,
    Letter,
    Random,
    Term,
    add,
    at,
    minus,
    mul,
    num,
    power,
)
from .whole import is_natural

NOISE, FEATURE, TARGET = Random("ε", 2), Random("x", 1), Random("y", 0)
SIGMA = Letter("sigma", 1, Kind(False, 0))
SECOND, MIXED = Letter("A", 2, REAL), Letter("v", 1, REAL)
SQUARE = Letter("c", 0, Kind(False, 0))

#: The letters whose meaning the model fixes.
MOMENTS = frozenset({SIGMA, SECOND, MIXED, SQUARE})


@cache
def is_random_symbol(symbol: object) -> bool:
    """Whether a symbol is a random variable or a head defined by one."""
    if isinstance(symbol, Head):
        return any(map(is_random_symbol, symbol.depends))
    return isinstance(symbol, Random) and symbol != SELF


def is_random(term: Term) -> bool:
    """Whether a term varies with the noise or the data."""
    if term.op in ("mean", "Mean"):
        return False
    return (term.op == "at" and is_random_symbol(term.args[0])) or any(map(is_random, term.parts))


def average_of_product(factors: list[tuple[Term, Term]]) -> Term:
    """E of a product of random factors, each given with its exponent, as far as the model tells."""
    powers = [e.args[0] if e.op == "num" else None for _, e in factors]
    if not all(p is not None and p.denominator == 1 and 0 < p <= 20 for p in powers):
        return _unknown([power(*item) for item in factors])
    alone = [atom for (atom, _), p in zip(factors, powers, strict=True) for _ in range(int(p or 0))]
    noise = [atom for atom in alone if atom.op == "at" and atom.args[0] == NOISE]
    for layer in dict.fromkeys(atom.args[1] for atom in noise):
        same = [atom for atom in noise if atom.args[1] == layer]
        others = [atom for atom in alone if atom not in same]
        if len(same) <= 2 and all(_is_independent(atom, layer) for atom in others):
            rest = average_of_product([(atom, UNIT) for atom in others])
            return mul(_noise_moment(layer, [atom.args[2] for atom in same]), rest)
    return _data_moment(alone)


def _unknown(factors: list[Term]) -> Term:
    return Term("Mean", mul(*sorted(factors, key=lambda term: term.key)))


def _noise_moment(layer: Term, neurons: list[Term]) -> Term:
    if len(neurons) == 1:
        return UNIT
    return add(UNIT, mul(power(at(SIGMA, layer), num(2)), Term("delta", *neurons)))


def _is_independent(atom: Term, layer: Term) -> bool:
    """Whether a random factor holds no noise of ``layer``."""
    if atom.op != "at":
        return False
    symbol, *indices = atom.args
    if symbol in (FEATURE, TARGET):
        return True
    if symbol == NOISE:
        gap = number(minus(layer, indices[0]))
        return bool(gap) or (gap is None and _apart(layer, indices[0]))
    return _noise_up_to_first_index(symbol) and is_natural(add(minus(layer, indices[0]), MINUS))


def _apart(first: Term, second: Term) -> bool:
    gaps = (minus(first, second), minus(second, first))
    return any(is_natural(add(gap, MINUS)) for gap in gaps)


@cache
def _noise_up_to_first_index(head: object) -> bool:
    """Whether a head at (i, …) holds noise of layers ≤ i only: its step, noise of layer i."""
    if not isinstance(head, Head) or NOISE in head.base.symbols:
        return False
    if any(
        isinstance(other, Head) and is_random_symbol(other)
        for other in head.base.symbols | head.step.symbols
    ):
        return False
    return _layers(head.step, 0)


def _layers(term: Term, depth: int) -> bool:
    if term.op == "at" and term.args[0] == NOISE and term.args[1] != Term("bound", depth):
        return False
    return all(
        _layers(arg, depth + term.binds(place))
        for place, arg in enumerate(term.args)
        if isinstance(arg, Term)
    )


def _data_moment(factors: list[Term]) -> Term:
    features = [atom.args[1] for atom in factors if atom.op == "at" and atom.args[0] == FEATURE]
    targets = sum(1 for atom in factors if atom.op == "at" and atom.args[0] == TARGET)
    if not factors:
        return UNIT
    if len(features) + targets != len(factors) or len(factors) != 2:
        return _unknown(factors)
    if targets == 2:
        return at(SQUARE)
    if targets:
        return at(MIXED, features[0])
    # A is symmetric; a letter A is not, so the order in which indices were opened is kept.
    return at(
        SECOND,
        *sorted(features, key=lambda term: (term.args[:1] if term.op == "generic" else (0,), term.key)),
    )
