"""Random statements with random proofs, many of them almost right.

Sides come from rules that hold almost everywhere, from facts put in by SymPy's own substitution, or from
what a checker says is missing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp
from oracles.random_expressions import (
    A,
    N,
    P,
    X,
    a,
    almost,
    expression,
    interval,
    j,
    k,
    l,
    m,
    n,
    number,
    p,
    q,
    x,
    y,
)
from oracles.random_theories import (
    at_an_index,
    average,
    claim,
    equivalent,
    given_of,
    induction,
    limit,
    matrix,
    moments,
    roots,
    series,
    statement,
    vanishing,
)

from symderive.statements.claim import Claim, Relation
from symderive.statements.proof import (
    BothWays,
    Combine,
    Differentiate,
    Instance,
    LeadingTerms,
    Use,
)
from symderive.statements.statement import Statement

#: Makes a statement.
Make = Callable[[random.Random], Any]

#: Sides, relation, proof and hypotheses of statements that hold for their kinds of letters only.
_BASIC: tuple[tuple[Any, Any, Relation, Any, tuple[Claim, ...]], ...] = (
    (p, 0, Relation.GREATER, Combine(plus=(p,)), ()),
    (a, 0, Relation.AT_LEAST, Combine(plus=(a,)), ()),
    (n, 0, Relation.GREATER, Combine(plus=(n,)), ()),
    (P[n], 0, Relation.GREATER, Combine(plus=(P[n],)), ()),
    (A[1] + A[n], 0, Relation.AT_LEAST, Combine(plus=(A[1], A[n])), ()),
    ((p * q) ** x, p**x * q**x, Relation.EQUAL, Combine(), ()),
    (sp.log(p * q), sp.log(p) + sp.log(q), Relation.EQUAL, Combine(), ()),
    (x**n * x, x ** (n + 1), Relation.EQUAL, Combine(), ()),
    (sp.Sum(x, (j, 1, n)), n * x, Relation.EQUAL, Combine(), ()),
    (sp.Sum(X[j], (j, 1, n + 1)), sp.Sum(X[j], (j, 1, n)) + X[n + 1], Relation.EQUAL, Combine(), ()),
    (sp.Sum(A[j], (j, 1, n)), 0, Relation.AT_LEAST, Combine(plus=(sp.Sum(A[j], (j, 1, n)),)), ()),
    (sp.Sum(P[j], (j, 1, n)), 0, Relation.GREATER, Combine(plus=(sp.Sum(P[j], (j, 1, n)),)), ()),
    (sp.Product(P[j], (j, 1, N)), 0, Relation.GREATER, Combine(plus=(sp.Product(P[j], (j, 1, N)),)), ()),
    (x * y, 0, Relation.AT_LEAST, None, (Claim(Relation.AT_LEAST, x, 0), Claim(Relation.AT_LEAST, y, 0))),
    (sp.sqrt(x) ** 2, x, Relation.EQUAL, Combine(), (Claim(Relation.AT_LEAST, x, 0),)),
    (x / x**2, 1 / x, Relation.EQUAL, Combine(), (Claim(Relation.DIFFERENT, x, 0),)),
    (sp.Derivative(x**3, x), 3 * x**2, Relation.EQUAL, Combine(), ()),
    (sp.Derivative(p**x, p), x * p ** (x - 1), Relation.EQUAL, Combine(), ()),
    (sp.Limit(a / (p + 1), p, sp.oo, "-"), 0, Relation.LIMIT, LeadingTerms(), ()),
)


def identity(rng: random.Random) -> Statement:
    left = expression(rng, rng.choice((1, 2, 3)))
    proof = rng.choice((Combine(), Combine(), Differentiate(), BothWays(Combine(), Combine())))
    over = ((k, *interval(rng, ())),) if rng.random() < 0.2 else ()
    if over:
        left = left.xreplace({N: k, x: X[k]})
    return statement(left, almost(rng, left), proof, given=given_of(rng), over=over)


def sign(rng: random.Random) -> Statement:
    """A sign that a proof takes for manifest."""
    left = expression(rng, rng.choice((1, 2, 3)))
    relation = rng.choice((Relation.AT_LEAST, Relation.GREATER, Relation.DIFFERENT))
    over = ((k, *interval(rng, ())),) if rng.random() < 0.2 else ()
    if over:
        left = left.xreplace({N: k, x: X[k], a: A[k]})
    return statement(left, 0, Combine(plus=(left,)), relation, given=given_of(rng), over=over)


def use(rng: random.Random, fact: Any, letters: tuple[Any, ...], indices: tuple[Any, ...]) -> Use:
    """A fact used at a random place."""
    over = ((l, *interval(rng, ())),) if rng.random() < 0.4 else ()
    scope = (l,) if over else ()
    where: list[tuple[Any, Any]] = []
    for index in indices:
        where.append(
            (index, rng.choice((*scope, *scope, sp.Integer(1), sp.Integer(0), n, N, index, m, n + 1)))
        )
    for letter in letters:
        if rng.random() < 0.5:
            value = expression(rng, rng.choice((0, 0, 1)), scope)
            if isinstance(letter, sp.Indexed):
                where.append((letter.base[j], expression(rng, 1, (j, *scope))))
            else:
                where.append((letter, value))
    times = rng.choice((sp.Integer(1), number(rng), expression(rng, rng.choice((0, 1)), scope)))
    return Use(fact, times=times, where=tuple(where), over=over)


def combination(rng: random.Random) -> Statement:
    """A combination of hypotheses; what it proves is found by what is left."""
    given = tuple(claim(rng) for _ in range(rng.choice((1, 2, 3))))
    uses = tuple(
        use(rng, fact, (), tuple(index for index, *_ in fact.over))
        for fact in (rng.choice(given) for _ in range(rng.choice((1, 1, 2))))
    )
    plus = tuple(expression(rng, rng.choice((0, 1, 2))) for _ in range(rng.choice((0, 0, 1))))
    relation = rng.choice((Relation.EQUAL, Relation.AT_LEAST, Relation.GREATER, Relation.DIFFERENT))
    return statement(0, 0, Combine(uses, plus), relation, given=given)


@cache
def basics() -> tuple[Statement, ...]:
    """Small statements that are true for the kinds of their letters, with proofs."""
    found = []
    for left, right, relation, proof, given in _BASIC:
        if proof is None:
            proof = Combine((Use(given[0], times=y),))
        found.append(statement(left, right, proof, relation, given=given))
    return tuple(found)


def _letters(statement: Statement) -> tuple[Any, ...]:
    nodes = {
        node
        for side in (statement.left, statement.right)
        for node in side.atoms(sp.Symbol, sp.Indexed)
        if not (isinstance(node, sp.Indexed) and len(node.indices) > 1)
    }
    free = statement.free_symbols
    return tuple(
        sorted(
            (s for s in nodes if s in free or (isinstance(s, sp.Indexed) and s.base.label in free)),
            key=sp.default_sort_key,
        )
    )


def of_a_fact(rng: random.Random, facts: tuple[Statement, ...]) -> Statement:
    """A combination of a known statement at random values, its hypotheses put in by SymPy."""
    fact = rng.choice(rng.choice((basics(), facts)))
    used = use(rng, fact, _letters(fact), tuple(index for index, *_ in fact.over))
    put = {old: new for old, new in dict(used.where).items() if not isinstance(old, sp.Indexed)}
    given = tuple(
        Claim(g.relation, g.left.xreplace(put), g.right.xreplace(put), g.over)
        for g in fact.given
        if rng.random() < 0.9
    )
    relation = rng.choice((fact.relation, fact.relation, Relation.AT_LEAST, Relation.GREATER))
    return statement(0, 0, Combine((used,)), relation, given=given, definitions=fact.definitions)


def of_an_instance(rng: random.Random, facts: tuple[Statement, ...]) -> Statement:
    """A known statement at random values, everything put in by SymPy's own substitution."""
    fact = rng.choice(rng.choice((basics(), facts)))
    where = {}
    for letter in _letters(fact) or (x,):
        if rng.random() < 0.5 and isinstance(letter, sp.Symbol):
            where[letter] = expression(rng, rng.choice((0, 0, 1)))
    given = tuple(
        Claim(g.relation, g.left.xreplace(where), g.right.xreplace(where), g.over)
        for g in fact.given
        if rng.random() < 0.9
    )
    over = tuple((i, *(sp.sympify(end).xreplace(where) for end in ends)) for i, *ends in fact.over)
    return statement(
        fact.left.xreplace(where),
        fact.right.xreplace(where),
        Instance(fact, tuple(where.items())),
        fact.relation,
        given=given,
        over=over,
        definitions=fact.definitions,
    )


KINDS: tuple[Make, ...] = (
    identity, identity, identity, sign, sign, combination, combination, limit, limit, induction, average,
    roots, equivalent, matrix, at_an_index, vanishing, moments, series,
)  # fmt: skip


def random_statement(rng: random.Random, facts: tuple[Statement, ...]) -> Statement:
    """A random statement with a proof, possibly of a statement among ``facts``."""
    choice = rng.random()
    if choice < 0.15:
        return of_a_fact(rng, facts)
    if choice < 0.30:
        return of_an_instance(rng, facts)
    return rng.choice(KINDS)(rng)
