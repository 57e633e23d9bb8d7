"""Mutants of statements: changes at random places of a claim, a hypothesis, a definition or a proof.

A record is a tree: of statements, claims, proof records, tuples and SymPy nodes.  A mutation changes one
node and rebuilds the records above it, a node of a fact too; a renaming changes a symbol everywhere, and
tells the facts so.  Nothing here knows what a proof may do, so a mutant may be nonsense.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.proof import (
    HYPOTHESIS,
    BothWays,
    Combine,
    CountRoots,
    Differentiate,
    Induct,
    Instance,
    LeadingTerms,
    Use,
)
from symderive.statements.statement import Statement

#: What of a statement a checker looks at.
_LOOKED_AT = ("left", "relation", "right", "over", "given", "definitions", "proof")

Path = tuple[Any, ...]


def is_same(one: Statement, other: Statement) -> bool:
    """Whether two statements say and prove the same in the same way."""
    return all(getattr(one, name) == getattr(other, name) for name in _LOOKED_AT)


def says_the_same(one: Statement, other: Statement) -> bool:
    """Whether two statements say the same, however they are proved."""
    return all(getattr(one, name) == getattr(other, name) for name in _LOOKED_AT[:-1])


# -- records as trees --------------------------------------------------------------------------------------


def children(record: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a record that may change, each with its key."""
    if isinstance(record, Statement):
        yield from ((name, getattr(record, name)) for name in _LOOKED_AT)
    elif isinstance(record, tuple):
        yield from enumerate(record)
    elif isinstance(record, sp.Indexed):
        yield from enumerate(record.args[1:], 1)
    elif isinstance(record, sp.Basic) and not isinstance(record, (sp.Symbol, sp.IndexedBase)):
        yield from enumerate(record.args)
    elif is_dataclass(record) and not isinstance(record, type):
        yield from ((part.name, getattr(record, part.name)) for part in fields(record))


def rebuilt(record: Any, key: Any, part: Any) -> Any:
    """The record with another part."""
    if isinstance(record, tuple):
        return (*record[:key], part, *record[key + 1 :])
    if isinstance(record, sp.Basic):
        arguments = [*record.args[:key], part, *record.args[key + 1 :]]
        if isinstance(record, (sp.Rel, sp.Limit)):
            return record.func(*arguments, **({"evaluate": False} if isinstance(record, sp.Rel) else {}))
        return record.func(*arguments)
    return replace(record, **{key: part})


def places(record: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All nodes of a record with the way to them; facts are leaves."""
    yield path, record
    for key, part in children(record):
        if isinstance(part, Statement):
            yield (*path, key), part
        else:
            yield from places(part, (*path, key))


def put(record: Any, path: Path, node: Any) -> Any:
    """The record with another node at a place."""
    if not path:
        return node
    key, *rest = path
    part = dict(children(record))[key]
    return rebuilt(record, key, put(part, tuple(rest), node))


# -- changes of one node -----------------------------------------------------------------------------------


def _other_kind(rng: random.Random, symbol: Any) -> Any:
    """The symbol under its name, of another kind."""
    signs = rng.choice(({"positive": True}, {"nonnegative": True}, {"real": True}))
    whole = {"integer": True} if rng.random() < (0.8 if symbol.is_integer else 0.2) else {}
    if isinstance(symbol, sp.IndexedBase):
        return sp.IndexedBase(str(symbol.label), **signs, **whole)
    return sp.Symbol(str(symbol), **signs, **whole)


def _changed_number(rng: random.Random, node: Any) -> Any:
    return rng.choice((node + 1, node - 1, -node, 0, 1, 2, 2 * node, node / 2, 1 / (node or sp.Integer(3))))


def _changed_symbol(rng: random.Random, node: Any, pool: tuple[Any, ...]) -> Any:
    new = rng.choice([s for s in pool if isinstance(s, sp.Symbol)] or [node])
    return rng.choice((new, new, new, 0, 1, -node, 2 * node, node + 1, node - 1, 1 / node, node**2))


def _changed_expression(rng: random.Random, node: Any, pool: tuple[Any, ...]) -> Any:
    other = rng.choice(pool)
    options = [
        lambda: -node,
        lambda: 2 * node,
        lambda: node + 1,
        lambda: node - rng.choice((1, other)),
        lambda: sp.Integer(rng.choice((0, 0, 1, -1))),
        lambda: other,
        lambda: other,
        lambda: node * other,
        lambda: node / other,
        lambda: node ** rng.choice((2, -1, sp.Rational(1, 2), 0, other)),
        lambda: other**node,
        lambda: sp.log(node),
        lambda: sp.Derivative(node, other),
    ]
    if isinstance(node, (sp.Add, sp.Mul)):
        at = rng.randrange(len(node.args))
        kept = [arg for number, arg in enumerate(node.args) if number != at]
        options += [
            lambda: node.func(*kept),
            lambda: node.func(*kept),
            lambda: node.func(*kept, -node.args[at]),
            lambda: node.func(*kept, 2 * node.args[at]),
            lambda: node.func(*kept, other),
            lambda: (sp.Mul if isinstance(node, sp.Add) else sp.Add)(*node.args),
        ]
    if isinstance(node, sp.Pow):
        options += [
            lambda: node.base ** (node.exp + rng.choice((1, -1, sp.Rational(1, 2)))),
            lambda: node.base ** (-node.exp),
            lambda: node.base ** (2 * node.exp),
            lambda: node.base,
            lambda: node.exp**node.base,
        ]
    if isinstance(node, (sp.Sum, sp.Product)):
        index, low, high = node.limits[0]
        options += [
            lambda: _folded(node, (index, low + rng.choice((1, -1)), high)),
            lambda: _folded(node, (index, low, high + rng.choice((1, -1)))),
            lambda: _folded(node, (index, rng.choice((0, 1, 2)), high)),
            lambda: _folded(node, (index, low, rng.choice((0, 1, 2, other)))),
            lambda: (sp.Sum if isinstance(node, sp.Product) else sp.Product)(*node.args),
            lambda: node.function.xreplace({index: high}),
            lambda: node.func(*node.args[:1], *node.limits[::-1]),
        ]
    if isinstance(node, sp.Indexed):
        indices = list(node.indices)
        at = rng.randrange(len(indices))
        options += [
            lambda: node.base[(*indices[:at], indices[at] + rng.choice((1, -1)), *indices[at + 1 :])],
            lambda: node.base[(*indices[:at], rng.choice((0, 1, 2, other)), *indices[at + 1 :])],
            lambda: node.base[tuple(indices[::-1])],
            lambda: _other_kind(rng, node.base)[tuple(indices)],
        ]
    if isinstance(node, sp.KroneckerDelta):
        options += [lambda: sp.Integer(1), lambda: sp.KroneckerDelta(node.args[0], other)]
    return rng.choice(options)()


def _folded(node: Any, limit: tuple[Any, ...]) -> Any:
    return node.func(node.function, limit, *node.limits[1:])


def _changed_tuple(rng: random.Random, node: tuple[Any, ...]) -> tuple[Any, ...]:
    at = rng.randrange(len(node))
    match rng.randrange(5):
        case 0:
            return (*node, node[at])
        case 1:
            return (*node[:at], *node[at + 1 :][::-1])
        case 2:
            return node[::-1]
    return (*node[:at], *node[at + 1 :])


def _changed_proof(rng: random.Random, node: Any) -> Any:
    options: list[Any] = [Combine(), Differentiate(node), LeadingTerms(), CountRoots()]
    if isinstance(node, Induct):
        options += [replace(node, start=1 - node.start)] * 6 + [node.base, node.step]
        options += [replace(node, base=node.step), replace(node, step=node.base)]
    if isinstance(node, BothWays):
        options += [BothWays(node.backward, node.forward), node.forward, node.backward]
    if isinstance(node, Combine):
        options += [
            replace(node, uses=(*node.uses, Use(HYPOTHESIS))),
            *[replace(node, plus=node.plus[1:])] * 2,
            *[replace(node, uses=node.uses[1:])] * 2,
            BothWays(node, node),
            Induct(sp.Symbol("D", integer=True, positive=True), Combine(), node),
        ]
    return rng.choice(options)


def changed(rng: random.Random, node: Any, pool: tuple[Any, ...]) -> Any:
    """A node like this one, but another; ``pool`` holds expressions to put in."""
    match node:
        case Relation():
            near = {
                Relation.AT_LEAST: (Relation.GREATER, Relation.EQUAL),
                Relation.GREATER: (Relation.AT_LEAST, Relation.DIFFERENT),
                Relation.EQUAL: (Relation.AT_LEAST, Relation.GREATER, Relation.DIFFERENT),
            }
            return rng.choice(near.get(node, tuple(Relation)))
        case sp.Rational():
            return sp.sympify(_changed_number(rng, node))
        case sp.Symbol():
            if rng.random() < 0.2:
                return _other_kind(rng, node)
            return sp.sympify(_changed_symbol(rng, node, pool))
        case sp.Rel():
            kinds = (sp.Eq, sp.Ge, sp.Gt, sp.Ne)
            return rng.choice(kinds)(*node.args, evaluate=False)
        case sp.Limit():
            expression, variable, _, _ = node.args
            return sp.Limit(expression, variable, *rng.choice(((sp.oo, "-"), (0, "+"))))
        case sp.Tuple():
            return node.func(*_changed_tuple(rng, node.args)) if node.args else node
        case sp.Expr():
            return sp.sympify(_changed_expression(rng, node, pool))
        case tuple():
            return _changed_tuple(rng, node) if node else node
        case Induct() | BothWays() | Combine() | Differentiate() | Instance():
            return _changed_proof(rng, node)
        case Claim() | Recursion():
            part = rng.choice(
                [part for _, part in places(node) if isinstance(part, sp.Expr)] or [node.left]
            )
            return node if isinstance(node, Recursion) else replace(node, right=part)
        case Use():
            return replace(node, times=_changed_number(rng, sp.sympify(node.times)))
        case bool() | str():
            return node
        case int():
            return sp.Integer(node + rng.choice((1, -1)))
    return node


# -- changes of a whole record -----------------------------------------------------------------------------


def _everywhere(record: Any, where: dict[Any, Any]) -> Any:
    """A record with symbols replaced, facts told so by ``where``."""
    if isinstance(record, sp.Basic):
        return record.xreplace(where)
    if isinstance(record, tuple):
        return tuple(_everywhere(item, where) for item in record)
    if isinstance(record, Use) and isinstance(record.fact, Statement):
        told = dict(record.where)
        for old in where:
            if isinstance(old, sp.Symbol) and old in record.fact.free_symbols:
                told.setdefault(old, old)
        told = {old: _everywhere(sp.sympify(new), where) for old, new in told.items()}
        rest = {
            part.name: _everywhere(getattr(record, part.name), where)
            for part in fields(record)
            if part.name not in ("fact", "where")
        }
        return replace(record, where=tuple(told.items()), **rest)
    if isinstance(record, (Statement, type)) or not is_dataclass(record):
        return record
    return replace(
        record, **{part.name: _everywhere(getattr(record, part.name), where) for part in fields(record)}
    )


def renamed(rng: random.Random, statement: Statement, pool: tuple[Any, ...]) -> Statement:
    """The statement with a symbol replaced everywhere: by another, a number, or one of another kind."""
    letters = sorted(
        (s for s in _atoms(statement) if isinstance(s, (sp.Symbol, sp.IndexedBase))), key=lambda s: str(s)
    )
    old = rng.choice(letters)
    if isinstance(old, sp.IndexedBase) or rng.random() < 0.4:
        new: Any = _other_kind(rng, old)
    else:
        new = rng.choice(
            (
                *[s for s in letters if isinstance(s, sp.Symbol)],
                *map(sp.Integer, (0, 0, 1, 1, 2, -1)),
                sp.Rational(1, 2),
                2 * old,
                old + 1,
                old - 1,
                -old,
                rng.choice(pool),
            )
        )
    where = {old: sp.sympify(new)}
    if isinstance(old, sp.IndexedBase):
        where[old.label] = new.label
    named = {name: _everywhere(getattr(statement, name), where) for name in (*_LOOKED_AT, "domains")}
    return replace(statement, **named)


def _atoms(record: Any) -> set[Any]:
    return {
        atom
        for _, node in places(record)
        if isinstance(node, sp.Basic)
        for atom in (node.atoms(sp.IndexedBase) | node.atoms(sp.Symbol))
    } - {node.base.label for _, node in places(record) if isinstance(node, sp.Indexed)}


def consistently(rng: random.Random, statement: Statement, pool: tuple[Any, ...]) -> Statement:
    """The statement with a hypothesis changed, also where the proof uses it."""
    old = rng.choice(statement.given)
    places_ = [(path, node) for path, node in places(old) if path]
    path, node = rng.choice(places_)
    new = put(old, path, _changed_at(rng, path, node, pool))
    swapped = tuple(new if claim == old else claim for claim in statement.given)

    def swap(record: Any) -> Any:
        if record == old:
            return new
        if isinstance(record, tuple):
            return tuple(map(swap, record))
        if isinstance(record, (Statement, type)) or not is_dataclass(record):
            return record
        return replace(record, **{part.name: swap(getattr(record, part.name)) for part in fields(record)})

    return replace(statement, given=swapped, proof=swap(statement.proof))


@lru_cache(maxsize=512)
def pool_of(statement: Statement) -> tuple[Any, ...]:
    """Expressions of a statement and its proof, in a fixed order, and small numbers."""
    found = {
        node
        for _, node in places(statement)
        if isinstance(node, sp.Expr) and not isinstance(node, (sp.Limit, sp.IndexedBase))
    }
    ordered = sorted((node for node in found if _size(node) < 20), key=sp.default_sort_key)
    return (*ordered, *map(sp.Integer, (0, 1, 2)))


@lru_cache(maxsize=20_000)
def _size(node: Any) -> int:
    return 1 + sum(map(_size, node.args))


def mutant(rng: random.Random, statement: Statement) -> Statement:
    """The statement with one change, rarely more; a change may also be made in a fact of its proof."""
    for _ in range(rng.choice((1, 1, 1, 1, 1, 2, 2, 3))):
        statement = _once(rng, statement)
    return statement


def _once(rng: random.Random, statement: Statement) -> Statement:
    pool = pool_of(statement)
    choice = rng.random()
    if choice < 0.25:
        return renamed(rng, statement, pool)
    if choice < 0.40 and statement.given:
        if rng.random() < 0.5:
            return consistently(rng, statement, pool)
        at = rng.randrange(len(statement.given))
        return replace(statement, given=(*statement.given[:at], *statement.given[at + 1 :]))
    found = [(path, node) for path, node in places(statement) if path]
    inside_facts = [(path, node) for path, node in found if isinstance(node, Statement)]
    if choice > 0.93 and inside_facts:
        path, fact = rng.choice(inside_facts)
        return put(statement, path, mutant(rng, fact))
    part = rng.choice(("proof", "proof", "given", "left", "right", "claim", "any"))
    if part == "claim":
        part = rng.choice(("relation", "over", "definitions", "left", "right"))
    own = [(path, node) for path, node in found if part == "any" or path[0] == part]
    # Records and tuples are as likely as the many nodes of expressions.
    records = [item for item in own if not isinstance(item[1], sp.Basic)]
    path, node = rng.choice(records if records and rng.random() < 0.4 else own)
    return put(statement, path, _changed_at(rng, path, node, pool))


def _changed_at(rng: random.Random, path: Path, node: Any, pool: tuple[Any, ...]) -> Any:
    """A node changed; a pair of ``where`` and a range stay what they are, their last two parts swapped."""
    if isinstance(node, tuple) and (path[-1] == "indices" or path[-2:-1] in (("over",), ("where",))):
        return (*node[:-2], *node[:-3:-1])
    return changed(rng, node, pool)
