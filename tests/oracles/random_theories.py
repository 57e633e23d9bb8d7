"""Random statements about limits, recursions, averages, roots, matrices and series, with random proofs."""

from __future__ import annotations

import random
from typing import Any

import sympy as sp
from oracles.random_expressions import (
    LETTERS,
    A,
    H,
    N,
    P,
    Q,
    X,
    Y,
    a,
    b,
    c,
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
)

from symderive import symbols as sy
from symderive.statements.claim import Claim, Recursion, Relation, z
from symderive.statements.nodes import RootCount, mean
from symderive.statements.proof import (
    HYPOTHESIS,
    BothWays,
    Combine,
    CountRoots,
    Induct,
    LeadingTerms,
    PowerSeries,
    Use,
)
from symderive.statements.statement import Statement


def statement(
    left: Any, right: Any, proof: Any, relation: Relation = Relation.EQUAL, **more: Any
) -> Statement:
    """A statement without a name."""
    return Statement(
        id="random", title="", reference="", left=left, right=right, relation=relation, proof=proof, **more
    )


def claim(rng: random.Random) -> Claim:
    """A random hypothesis."""
    scope: tuple[Any, ...] = (j,) if rng.random() < 0.35 else ()
    over = ((j, *interval(rng, ())),) if scope else ()
    if rng.random() < 0.3:  # a bound on a letter
        letter, bound = rng.choice(((n, 2), (N, 1), (m, 3), (a, 1), (p, 1), (1, q), (2, p), (n, m), (n, N)))
        return Claim(rng.choice((Relation.AT_LEAST, Relation.GREATER)), letter, bound)
    left = rng.choice((*scope, X[j]) if scope else (*LETTERS, *LETTERS)) if rng.random() < 0.5 else None
    left = expression(rng, rng.choice((0, 1, 2)), scope) if left in (None, j) else left
    right = rng.choice((sp.Integer(0), number(rng), expression(rng, rng.choice((0, 1)), scope)))
    relation = rng.choice((Relation.EQUAL, Relation.AT_LEAST, Relation.GREATER, Relation.DIFFERENT))
    return Claim(relation, left, right, over)


def given_of(rng: random.Random) -> tuple[Claim, ...]:
    """None, one or two random hypotheses."""
    return tuple(claim(rng) for _ in range(rng.choice((0, 0, 0, 1, 1, 2))))


def at_an_index(rng: random.Random) -> Statement:
    """A hypothesis for a range of indices, used at one index or summed over another range."""
    ends = interval(rng, ())
    relation = rng.choice((Relation.EQUAL, Relation.AT_LEAST, Relation.GREATER))
    known = Claim(relation, X[j] * rng.choice((1, 1, Y[j])), rng.choice((0, 0, a)), ((j, *ends),))
    over = ((l, *interval(rng, ())),) if rng.random() < 0.5 else ()
    place = (
        rng.choice((l, l, l + 1)) if over else rng.choice((n, N, n + 1, m, sp.Integer(0), sp.Integer(1)))
    )
    used = Use(known, times=rng.choice((1, 1, 2, p)), where=((j, place),), over=over)
    return statement(0, 0, Combine((used,)), relation, given=(known,))


def limit(rng: random.Random) -> Statement:
    variable = rng.choice((p, p, n))
    body = expression(rng, rng.choice((1, 2, 3)))
    if rng.random() < 0.7:
        body = body.xreplace({x: variable, q: a * variable, N: rng.choice((N, sp.Integer(2)))})
        body = body + rng.choice((0, a)) * variable ** rng.choice((1, -1, a, b, sp.Rational(1, 2)))
        body = body / (rng.choice((1, a, p, 1 + variable, a + variable)))
    place = rng.choice(((sp.oo, "-"), (0, "+")))
    given = given_of(rng)
    return statement(
        sp.Limit(body, variable, *place),
        rng.choice((0, 0, sp.oo, 1, a)),
        LeadingTerms(),
        Relation.LIMIT,
        given=given,
    )


def induction(rng: random.Random) -> Statement:
    """A recursion or a sum and a claim about it, with a proof that fits in half of the cases."""
    step = expression(rng, rng.choice((0, 1)), (j,))
    base = rng.choice((sp.Integer(0), sp.Integer(1), a, x, expression(rng, 1)))
    recursion = Recursion(H, (j,), base, H[j - 1] * rng.choice((1, 1, p, 2, a)) + step)
    kind, start = rng.randrange(5), rng.choice((0, 1))
    last = rng.choice((n, N))
    if kind == 0:  # a sum and its recursion
        recursion = Recursion(H, (j,), base, H[j - 1] + step)
        return statement(
            H[last],
            base + sp.Sum(step, (j, 1, last)),
            Induct(last, Combine(), Combine((Use(HYPOTHESIS),)), start=start),
            definitions=(recursion,),
        )
    if kind == 1:  # a product and its recursion
        recursion = Recursion(H, (j,), base, H[j - 1] * step)
        product = sp.Product(step, (j, 1, last))
        factor = step.xreplace({j: last + 1})
        return statement(
            H[last],
            base * product,
            Induct(last, Combine(), Combine((Use(HYPOTHESIS, times=factor),)), start=start),
            definitions=(recursion,),
        )
    relation = rng.choice((Relation.AT_LEAST, Relation.GREATER))
    if kind == 2:  # a sign of a recursion
        growth = recursion.step.coeff(H[j - 1])
        return statement(
            H[last],
            0,
            Induct(
                last,
                Combine(plus=(base,)),
                Combine((Use(HYPOTHESIS, times=growth),), (step.xreplace({j: last + 1}),)),
                start=start,
            ),
            relation,
            definitions=(recursion,),
            given=given_of(rng) if rng.random() < 0.3 else (),
        )
    if kind == 3:  # a power against a line, and the like
        left, right = rng.choice(
            (((1 + a) ** last, 1 + last * a), (2**last, last + 1), (p**last, sp.Integer(1)))
        )
        more = rng.choice((a, sp.Integer(1), p - 1, 1 + a))
        return statement(
            left,
            right,
            Induct(
                last,
                Combine(plus=rng.choice(((), (left - right,)))),
                Combine(
                    (Use(HYPOTHESIS, times=rng.choice((1 + a, 2, p, 1))),),
                    plus=(rng.choice((a**2 * last, 0 * x, last + 0 * x, more)),),
                ),
                start=start,
            ),
            relation,
        )
    summand = rng.choice((j, 2 * j - 1, sp.Integer(1), a, p**j, j**2))
    closed = rng.choice((last * (last + 1) / 2, last**2, last, a * last, (p ** (last + 1) - p) / (p - 1)))
    return statement(
        sp.Sum(summand, (j, rng.choice((1, 1, 0)), last)),
        closed,
        Induct(last, Combine(), Combine((Use(HYPOTHESIS),)), start=start),
    )


def average(rng: random.Random) -> Statement:
    """Moments of noise and data."""

    def factor() -> Any:
        layer = rng.choice((sp.Integer(1), sp.Integer(2), sy.D, n, N, n + 1, c))
        neuron = rng.choice((sp.Integer(1), sp.Integer(2), n, k))
        leaves = (
            sy.epsilon[layer, neuron],
            sy.epsilon[layer, 1],
            sy.x[neuron],
            sy.y,
            sy.x[1],
            x,
            sy.sigma[layer],
        )
        return rng.choice(leaves) ** rng.choice((1, 1, 1, 2, N))

    body = sp.Mul(*(factor() for _ in range(rng.choice((1, 2, 2, 3, 4)))))
    if rng.random() < 0.4:
        body = sp.Sum(body.xreplace({n: k}), (k, *interval(rng, ())))
    if rng.random() < 0.3:
        body = body + factor() ** 2
    over = ((k, 1, n),) if body.has(k) and not isinstance(body, sp.Sum) else ()
    return statement(mean(body), rng.choice((0, 1)), Combine(), over=over)


def roots(rng: random.Random) -> Statement:
    chosen = [
        sp.Rational(rng.randint(-3, 3), rng.choice((1, 2))) for _ in range(rng.choice((0, 1, 2, 3, 4)))
    ]
    poly = sp.expand(
        sp.Mul(*(x - root for root in chosen)) * (x**2 + rng.choice((-1, 0, 1, 2))) ** rng.choice((0, 1))
    )
    poly = poly + rng.choice((0, 0, 0, 1, x, sp.Rational(-1, 10**6)))
    low = rng.choice((-sp.oo, sp.Rational(rng.randint(-3, 3), 2)))
    high = rng.choice((sp.oo, sp.Rational(rng.randint(-3, 3), 2)))
    return statement(RootCount(poly, x, low, high), rng.randint(0, 4), CountRoots(), Relation.COUNT)


def equivalent(rng: random.Random) -> Statement:
    """An equivalence, with proofs that multiply one side by something or add what is not negative."""
    scope = (k,) if rng.random() < 0.5 else ()
    difference = X[k] if scope and rng.random() < 0.5 else expression(rng, rng.choice((1, 2)), scope)
    factor = expression(rng, rng.choice((0, 1)), scope)
    kinds = (
        (sp.Eq, Relation.EQUAL),
        (sp.Ge, Relation.AT_LEAST),
        (sp.Gt, Relation.GREATER),
        (sp.Ne, Relation.DIFFERENT),
    )
    one, relation = rng.choice(kinds[:3])
    two, other = (one, relation) if rng.random() < 0.8 else rng.choice(kinds)
    over = ((k, *interval(rng, ())),) if scope else ()
    given = given_of(rng)
    if rng.random() < 0.5:  # a rest, the backward way by a hypothesis that takes it off again
        index = rng.choice((j, l))
        ends = over[0][1:] if over and rng.random() < 0.7 else interval(rng, ())
        summand = difference.xreplace({k: index}) if rng.random() < 0.6 else expression(rng, 1, (index,))
        rest = sp.Sum(summand, (index, *ends))
        known = Claim(Relation.AT_LEAST, -summand, 0, ((index, *ends),))
        changed = difference + rest
        return statement(
            one(difference, 0, evaluate=False),
            two(changed, 0, evaluate=False),
            BothWays(
                Combine((Use(Claim(relation, difference, 0)),), (rest,)),
                Combine((Use(Claim(other, changed, 0)), Use(known, over=((index, *ends),)))),
            ),
            Relation.EQUIVALENT,
            given=(*given, known),
            over=over,
        )
    return statement(
        one(difference, 0, evaluate=False),
        two(factor * difference, 0, evaluate=False),
        BothWays(
            Combine((Use(Claim(relation, difference, 0), times=factor),)),
            Combine((Use(Claim(other, factor * difference, 0), times=1 / factor),)),
        ),
        Relation.EQUIVALENT,
        given=given,
        over=over,
    )


def matrix(rng: random.Random) -> Statement:
    """A matrix inequality: Gram matrices, diagonals, sums of them."""
    ends = interval(rng, ())
    vector = rng.choice((X, A, P))
    entry = rng.choice(
        (
            vector[j] * vector[k],
            sp.KroneckerDelta(j, k),
            sp.KroneckerDelta(j, k) * vector[j],
            sp.Sum(Q[l, j] * Q[l, k], (l, *interval(rng, ()))),
            Q[j, k],
        )
    )
    form = sp.Sum(vector[j] * z[j], (j, *ends))
    plus = rng.choice((form**2, sp.Sum(vector[j] * z[j] ** 2, (j, *ends)), sp.Sum(z[j] ** 2, (j, *ends))))
    given = (Claim(Relation.MATRIX_AT_LEAST, Q[j, k], 0, ((j, *ends), (k, *ends))),)
    uses = (Use(given[0], times=rng.choice((1, a, p, x))),) if entry == Q[j, k] else ()
    return statement(
        entry * rng.choice((1, a, p)),
        0,
        Combine(uses, () if uses else (plus,)),
        Relation.MATRIX_AT_LEAST,
        over=((j, *ends), (k, *ends)),
        given=given if uses else (),
    )


def vanishing(rng: random.Random) -> Statement:
    """A sum of terms of which all but one vanish, by δ (1 - δ) = 0; the last one may be there."""
    delta = sp.KroneckerDelta(*rng.sample((c, n, m, N, sp.Integer(1)), 2))
    zero, one = rng.choice(((1 - delta, delta), (delta, 1 - delta), (2 - 2 * delta, delta)))
    low, more = (
        rng.choice((n - 1, n - 2, N - 1, n, sp.Integer(1), sp.Rational(1, 2))),
        rng.choice((0, 1, 1)),
    )
    part = expression(rng, rng.choice((0, 1)))
    terms = (
        zero**low * (part - part * one),
        -(zero ** (low + 1)) * part,
        rng.choice((0, 1, 1)) * more * one * rng.choice((x, X[1], a)),
    )
    return statement(sp.Add(*terms), 0, Combine(), given=(*given_of(rng), Claim(Relation.AT_LEAST, low, 0)))


def moments(rng: random.Random) -> Statement:
    """What moments of the data satisfy, in a statement that does not speak of means."""
    square = rng.choice((sy.x[1] + rng.choice((x, 1, a)) * sy.y, sy.x[1], sy.x[1] - sy.x[2], sy.y))
    means = (
        (sy.x[1] ** 2, sy.A_entry[1, 1]),
        (sy.x[2] ** 2, sy.A_entry[2, 2]),
        (sy.x[1] * sy.x[2], sy.A_entry[1, 2]),
        (sy.y**2, sy.c),
        (sy.x[1] * sy.y, sy.v_entry[1]),
    )
    at_least = statement(mean(square**2), 0, Combine(plus=(mean(square**2),)), Relation.AT_LEAST)
    expanded = sp.expand(square**2)
    value = sp.Add(*(expanded.coeff(product) * moment for product, moment in means))
    equal = statement(mean(square**2), value, Combine())
    return statement(value, 0, Combine((Use(at_least), Use(equal, times=-1))), Relation.AT_LEAST)


def series(rng: random.Random) -> Statement:
    """A power series with hypotheses on its variable."""
    order = sp.Symbol("k", integer=True, nonnegative=True)
    rate = rng.choice((1, 2, 8, sp.Rational(1, 2)))
    bound = sp.S(rng.choice((sp.Rational(1, 9), sp.Rational(1, 8), sp.Rational(1, 2), 1, 2))) / rng.choice(
        (1, rate)
    )
    square = 1 - 2 * rate * q + rate**2 * q**2
    function, summand, equation = rng.choice(
        (
            (sp.exp(rate * q), rate**order / sp.factorial(order), (rate, -1)),
            (1 / (1 - rate * q), rate**order, (rate, -1 + rate * q)),
            (
                sp.sqrt(square) * sp.exp(-q),
                (-1) ** order * (1 + rate * order) / sp.factorial(order),
                (1 + rate - rate * q, 1 - rate * q),
            ),
            (1 / sp.sqrt(square), rate**order, (rate, -1 + rate * q)),
            (
                sp.sqrt(square) / (1 + q) ** 2,
                (-1) ** order * (1 + (1 + rate) * order),
                (2 + rate - rate * q, (1 - rate * q) * (1 + q)),
            ),
        )
    )
    extra = rng.choice(((), (), (1 - rate * q,), (square,), (rate * q - 1,)))
    given = (Claim(Relation.GREATER, bound, q), *(Claim(Relation.GREATER, left, 0) for left in extra))
    return statement(
        function,
        sp.Sum(summand * q**order, (order, 0, sp.oo)),
        PowerSeries(tuple(map(sp.sympify, equation))),
        given=given if rng.random() < 0.8 else given[::-1],
    )
