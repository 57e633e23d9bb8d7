"""What must not be proved: false statements by the kinds of holes that they would go through.

Every kind has neighbors that are true and accepted, so that no refusal is one of everything.
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.proofs.replay import ProofError, check, theorem_of
from symderive.statements import (
    Recursion,
    Relation,
    RootCount,
    Statement,
    at_least,
    different,
    equal,
    greater,
    mean,
    semidefinite,
)
from symderive.statements.claim import z
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Differentiate,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    Use,
    combine,
)

D, i, j, k, n, c = sy.D, sy.i, sy.j, sy.k, sy.n, sy.c
x, y, epsilon, sigma, A = sy.x, sy.y, sy.epsilon, sy.sigma, sy.A_entry
X, Y, Q, R = (sp.IndexedBase(name, real=True) for name in "XYQR")
P, a = sp.IndexedBase("P", positive=True), sp.IndexedBase("a", nonnegative=True)
u, w, s = sp.symbols("u w s", real=True)
q, t = sp.Symbol("q", positive=True), sp.Symbol("t", real=True)
N, order = (sp.Symbol(name, integer=True, nonnegative=True) for name in ("N", "order"))
whole = sp.Symbol("whole", integer=True)
delta, root = sp.KroneckerDelta, sp.Rational(1, 2)
AT, GT, LIMIT, MATRIX = Relation.AT_LEAST, Relation.GREATER, Relation.LIMIT, Relation.MATRIX_AT_LEAST
EACH, OTHER = (j, 1, n), (k, 1, n)


def S(
    left: Any, right: Any, relation: Relation = Relation.EQUAL, *, proof: Any = None, **more: Any
) -> Statement:
    proof = combine() if proof is None else proof
    return Statement(
        id="case", title="", reference="", left=left, right=right, relation=relation, proof=proof, **more
    )


def once(term: Any) -> Any:
    """The term as a sum over one number, which SymPy does not evaluate."""
    return sp.Sum(term, (i, 1, 1))


def limit(body: Any, right: Any, at: Any = sp.oo, **more: Any) -> Statement:
    return S(sp.Limit(body, q, at), right, LIMIT, proof=LeadingTerms(), **more)


def d(left: Any, right: Any, **more: Any) -> Statement:
    return S(left, right, proof=Differentiate(), **more)


def roots(polynomial: Any, low: Any, high: Any, number: Any) -> Statement:
    return S(RootCount(polynomial, t, low, high), number, Relation.COUNT, proof=CountRoots())


def iff(left: Any, right: Any, forward: Any, backward: Any) -> Statement:
    one, other = (sp.Eq(*pair, evaluate=False) for pair in (left, right))
    return S(one, other, Relation.EQUIVALENT, proof=BothWays(forward, backward))


def inductive(left: Any, right: Any, *definitions: Recursion, **more: Any) -> Statement:
    """A claim about D whose step is the hypothesis alone."""
    proof = Induct(D, combine(), combine(Use(HYPOTHESIS)))
    return S(left, right, definitions=definitions, proof=proof, **more)


def constant(base: Any, step: Any = R[i - 1]) -> Recursion:
    return Recursion(R, (i,), sp.sympify(base), sp.sympify(step))


def series(left: Any, *given: Any, by: tuple[Any, ...] = (-1, 1 - q)) -> Statement:
    right = sp.Sum(q**order, (order, 0, sp.oo))
    return S(left, right, given=(greater(1, q), *given), proof=PowerSeries(by))


def below(*definitions: Recursion) -> Statement:
    """R_D ≥ 0 where R_i = a_i, by a fact about every family a that is not negative."""
    fact = S(a[n], 0, AT, proof=combine(plus=a[n]))
    return S(
        R[D],
        0,
        AT,
        definitions=definitions,
        proof=Induct(D, combine(plus=1), combine(Use(fact, where={n: D + 1}))),
    )


SQUARE = S(u**2, 0, AT, proof=combine(plus=u**2))
POSITIVE = S(P[1], 0, GT, proof=combine(plus=P[1]))
EVERY = S(P[j], 0, GT, over=(EACH,), proof=combine(plus=P[j]))
DERIVED = d(sp.Derivative(u * s, u), s)
SQUARES = S(N**2, N, AT, proof=Induct(N, combine(), combine(Use(HYPOTHESIS), plus=2 * N)))
SECOND = S(mean(x[j] * x[k]), A[j, k], over=((j, 1, 2), (k, 1, 2)))
SYMMETRIC = S(
    A[1, 2],
    A[2, 1],
    proof=combine(Use(SECOND, where={j: 2, k: 1}), Use(SECOND, times=-1, where={j: 1, k: 2})),
)
GEOMETRIC = series(1 / (1 - q))
ROOT = equal(u**2, w)
ROOTED = S(w, 0, AT, given=(ROOT,), proof=combine(Use(ROOT, times=-1), plus=u**2))
PSD = semidefinite(Q[j, k], EACH, OTHER)
FORM = S(
    sp.Sum(Q[j, k] * Y[j] * Y[k], EACH, OTHER),
    0,
    AT,
    given=(PSD,),
    proof=combine(Use(PSD, where={z[j]: Y[j]})),
)
NORM = sp.Sum(X[i] ** 2, (i, 1, n))
TEST = sp.Sum(z[i] ** 2, (i, 1, n))
FALSE = S(0, 1, AT)
OWN = S(0, 1, AT, proof=AXIOM)
NO_MIDDLE = sp.sqrt(1 - 8 * q + 16 * q**2) / (1 - 4 * q)  # 1 for q < 1/4, -1 for q > 1/4

# -- 1. a fact is a theorem, or it is not used -----------------------------------------------------------

FACTS = {
    "a fact at a value": S((u - w) ** 2, 0, AT, proof=combine(Use(SQUARE, where={u: u - w}))),
    "a fact with its hypothesis": S(
        4, 0, AT, proof=combine(Use(ROOTED, where={u: 2, w: 4}, given=(combine(),)))
    ),
}
NO_FACTS = {
    "a fact that is not proved": S(0, 1, AT, proof=combine(Use(FALSE))),
    "a fact without a proof": S(
        0,
        1,
        AT,
        proof=combine(Use(Statement(id="open", title="", reference="", left=0, right=1, relation=AT))),
    ),
    "a fact that rests on a false one": S(
        0, 2, AT, proof=combine(Use(S(0, 1, AT, proof=combine(Use(FALSE)))), plus=0)
    ),
    "an instance of a false fact": S(0, 1, AT, proof=Instance(FALSE, ())),
    "a claim that is no hypothesis": S(u, 0, proof=combine(Use(equal(u, 0)))),
    "a hypothesis with its letter replaced": S(
        w, 0, given=(equal(u, 0),), proof=combine(Use(equal(u, 0), where={u: w}))
    ),
    "a hypothesis of the fact left out": S(-1, 0, AT, proof=combine(Use(ROOTED, where={u: 0, w: -1}))),
    "a hypothesis of the fact that is false": S(
        -1, 0, AT, proof=combine(Use(ROOTED, where={u: 1, w: -1}, given=(combine(),)))
    ),
    "a hypothesis of induction outside": S(u, 0, proof=combine(Use(HYPOTHESIS))),
    "an inequality used backwards": S(0, u**2, AT, proof=combine(Use(SQUARE, times=-1))),
    "an equation from an inequality": S(u**2, 0, proof=combine(Use(SQUARE))),
    "a strict claim from a weak fact": S(u**2, 0, GT, proof=combine(Use(SQUARE))),
}

# -- 2. nothing is bound by name -------------------------------------------------------------------------

_later = sp.symbols("l m", integer=True, positive=True)
BINDING = {
    "another name of an index": S(sp.Sum(X[j], EACH), sp.Sum(X[k], OTHER)),
    "a fact about a derivative at a constant": d(sp.Derivative(u * w, u), w),
    "two sums over one name": S(sp.Sum(X[j], EACH) ** 2, sp.Sum(X[j] * X[k], EACH, OTHER)),
    "a matrix of squares": S(
        Y[j] * Y[k], 0, MATRIX, over=(EACH, OTHER), proof=combine(plus=sp.Sum(Y[j] * z[j], EACH) ** 2)
    ),
    "a fact about a form": S(
        NORM**2,
        0,
        AT,
        proof=combine(
            Use(
                FORM,
                where={Q[j, k]: X[j] * X[k], Y[j]: X[j]},
                given=(combine(plus=sp.Sum(X[j] * z[j], EACH) ** 2),),
            )
        ),
    ),
}
CAPTURES = {
    "a derivative at its own variable": S(
        sp.Derivative(u**2, u), u, proof=combine(Use(DERIVED, where={s: u}))
    ),
    "an expectation at random values": S(
        c, y**2, proof=combine(Use(S(mean(u * y), u * mean(y)), where={u: y}))
    ),
    "a limit at its own variable": S(
        sp.Limit(q**2 / (q + 1), q, sp.oo), 0, LIMIT, proof=Instance(limit(s / (q + 1), 0), ((s, q**2),))
    ),
    "an index in an exponent": S(
        sp.Sum(P[j] ** sp.Sum(Y[j, k], OTHER), EACH), sp.Sum(P[j] ** sp.Sum(Y[k, k], OTHER), EACH)
    ),
    "an index with the name of a bound one": S(
        sp.Sum(X[j] * Y[k], EACH), sp.Sum(X[j] * Y[j], EACH), over=(OTHER,)
    ),
    "a name of the core": S(sp.Sum(X[j], EACH), n * X[sp.Symbol("⟨1⟩", integer=True, positive=True)]),
    "the test vector in the matrix": S(
        z[j] * z[k] - delta(j, k) * TEST / 2, 0, MATRIX, over=(EACH, OTHER), proof=combine(plus=TEST**2 / 2)
    ),
    "the test vector of another matrix": S(
        X[j] * X[k] - delta(j, k) * NORM / 2,
        0,
        MATRIX,
        over=(EACH, OTHER),
        proof=combine(
            Use(
                FORM,
                where={Q[j, k]: z[j] * z[k] - delta(j, k) * TEST / 2, Y[j]: X[j], z[j]: 0},
                given=(combine(plus=TEST**2 / 2),),
            )
        ),
    ),
    "a letter that does not commute": S(u * sp.Symbol("m", commutative=False), u),
    "swapped indices": S(sp.Sum(Q[j, k] * X[j], EACH, OTHER), sp.Sum(Q[k, j] * X[j], EACH, OTHER)),
    "a triangle turned": S(
        sp.Sum(Q[j, k] * Q[k, i] * Q[i, j], EACH, OTHER, (i, 1, n)),
        sp.Sum(Q[j, k] * Q[i, k] * Q[i, j], EACH, OTHER, (i, 1, n)),
    ),
    "swapped ranges": S(sp.Sum(Q[j, k], EACH, (k, 1, D)), sp.Sum(Q[k, j], EACH, (k, 1, D))),
    "a sum in a derivative in the step of an induction": S(
        N * sp.Derivative(sp.Sum(u * X[i] * Y[k], (i, 1, n)), u),
        N * sp.Sum(X[i] * Y[i], (i, 1, n)),
        over=(EACH, OTHER),
        proof=Induct(N, combine(), combine()),
    ),
    "two letters of one name": S(sp.Dummy("g", real=True), sp.Symbol("_g", real=True)),
    "two families of one name": S(
        *(sp.IndexedBase(sp.Dummy("g", real=True))[1] for _ in range(2)),
    ),
    "an index that a definition speaks of": S(
        sp.Sum(R[D], (k, 1, 3)),
        3 * k,
        definitions=(constant(k),),
        proof=combine(Use(inductive(R[D], k, constant(k)), times=3)),
    ),
}

# -- 3. kinds and ranges ---------------------------------------------------------------------------------

RANGE, EMPTY = at_least(w, 0, EACH), at_least(w, 0, (j, 1, N))
KINDS = {
    "a fact within its range": S(w, 0, AT, given=(RANGE,), proof=combine(Use(RANGE, where={j: 1}))),
    "a fact at a natural number": S(9, 3, AT, proof=combine(Use(SQUARES, where={N: 3}))),
    "an empty sum": S(sp.Sum(X[j], (j, 1, 0)), 0),
    "a sum of a delta in its range": S(sp.Sum(delta(j, k) * X[j], EACH), X[k], over=(OTHER,)),
    "a product of zeros": S(sp.Product(0 * once(j), (j, 1, n)), sp.Product(0 * once(k), (k, 1, n))),
    "a strict sum": S(sp.Sum(P[j], EACH), 0, GT, proof=combine(Use(EVERY, over=(EACH,)))),
}
NO_KINDS = {
    "a negative number for a natural one": S(1, -1, AT, proof=combine(Use(SQUARES, where={N: -1}))),
    "a half for a natural number": S(
        sp.Rational(1, 4), root, AT, proof=combine(Use(SQUARES, where={N: root}))
    ),
    "a real letter for a natural one": S(u**2, u, AT, proof=combine(Use(SQUARES, where={N: u}))),
    "zero for a positive letter": S(0, 0, GT, proof=combine(Use(POSITIVE, where={P[j]: 0}))),
    "a real family for a positive one": S(X[1], 0, GT, proof=combine(Use(POSITIVE, where={P[j]: X[j]}))),
    "an even number": S(u ** sp.Symbol("m", even=True, positive=True), 0, AT, proof=combine(plus=u**2)),
    "an index below its kind": S(j, 0, GT, over=((j, -5, n),), proof=combine(plus=j)),
    "a hypothesis beyond its range": S(
        3,
        n,
        AT,
        given=(at_least(3, j, (j, 1, 3)),),
        proof=combine(Use(at_least(3, j, (j, 1, 3)), where={j: n})),
    ),
    "a fact at a half": S(
        0,
        1,
        AT,
        given=(at_least((j - 1) * (j - 2), 0, (j, 1, 3)),),
        proof=combine(
            Use(at_least((j - 1) * (j - 2), 0, (j, 1, 3)), times=4, where={j: sp.Rational(3, 2)})
        ),
    ),
    "an instance at another range": S(P[j], 0, GT, over=((j, 1, n + 1),), proof=Instance(EVERY, ())),
    "a hypothesis over an empty range": S(
        w, 0, AT, given=(EMPTY,), proof=combine(Use(EMPTY, where={j: 1}))
    ),
    "a hypothesis over an empty range, as a sign": S(
        3, n, AT, given=(at_least(3, n, (j, n, 3)),), proof=combine(plus=3 - n)
    ),
    "a strict sum over an empty range": S(
        sp.Sum(P[j], (j, 1, N)), 0, GT, proof=combine(Use(EVERY, where={n: N}, over=((j, 1, N),)))
    ),
    "a sum over one term more": S(
        (n + 1) * w, 0, AT, given=(RANGE,), proof=combine(Use(RANGE, over=((j, 1, n + 1),)))
    ),
    "a power of a delta that may be 0": S(sp.Sum(delta(j, k) ** N * X[j], EACH), X[k], over=(OTHER,)),
    "a delta outside its range": S(sp.Sum(delta(j, k) * X[j], EACH), X[k], over=((k, 1, n + 1),)),
    "an empty product of zeros": S(sp.Product(0 * once(j), (j, 1, N)), 0),
    "zero to a power that may be 0": S(n * (u - once(u)) ** N, 0),
    "a reversed sum": S(sp.Sum(j, (j, 3, 1)), -2),
    "induction over a real letter": S(
        u**2, u, AT, proof=Induct(u, combine(), combine(Use(HYPOTHESIS), plus=2 * u))
    ),
    "induction over all whole numbers": S(
        whole, 0, AT, proof=Induct(whole, combine(), combine(Use(HYPOTHESIS), plus=1))
    ),
    "induction from 1 for all from 0": S(
        N, 1, AT, proof=Induct(N, combine(), combine(Use(HYPOTHESIS), plus=1), start=1)
    ),
}

# -- 4. what is not defined has no value -----------------------------------------------------------------

DEFINED = {
    "a quotient that is defined": S((u**2 - w**2) / (u - w), u + w, given=(greater(u, w),)),
    "a limit with a positive coefficient": limit(1 / (1 + q), 1, 0),
    "a limit under a hypothesis": limit(c / (c + q), 1, 0, given=(greater(c, 0),)),
    "a derivative inside": d(sp.Derivative(q ** sp.Rational(3, 2), q), 3 * sp.sqrt(q) / 2),
    "a root of a square": S(sp.sqrt(once(q**2)), q),
}
UNDEFINED = {
    "a quotient at 0/0": S((u**2 - 1) / (u - 1), u + 1),
    "an instance that is not defined": S(
        (u**2 - 1) / (u - 1), u + 1, proof=Instance(S(w, w), ((w, u + 1),))
    ),
    "a coefficient that is not defined": S(0, 0, proof=combine(Use(S(w, w), times=1 / u))),
    "a division by what may vanish": S(
        w, 0, given=(equal(u * w, 0),), proof=combine(Use(equal(u * w, 0), times=1 / u))
    ),
    "a value that is not defined": S(1, 1, proof=combine(Use(S(w, w), where={w: 1 / u}))),
    "a hypothesis that is not defined": S(u, u, given=(equal(1 / u, 1),)),
    "a limit whose coefficient may vanish": limit(c / (c + q), 1, 0),
    "a sum of such limits": limit(sp.Sum(1 / (a[j] + q), EACH), sp.Sum(1 / a[j], EACH), 0),
    "a limit that is not defined": limit((u + 1) * q / (q + 1), (u**2 - 1) / (u - 1)),
    "a limit from below": S(sp.Limit(q / (1 + q), q, 0, "-"), 0, LIMIT, proof=LeadingTerms()),
    "an infinite limit with a coefficient that may vanish": limit(c * q + 1, sp.oo),
    "a power that may not vanish": limit(q**c, 0, 0),
    "a limit after cancellation": limit(sp.sqrt(q**2 + q) - q, 0),
    "a root at the border": d(sp.Derivative(c ** sp.Rational(3, 2), c), 3 * sp.sqrt(c) / 2),
    "a root at the border, inside a derivative": d(2 * sp.sqrt(c) * sp.Derivative(s * sp.sqrt(c), s, c), 1),
    "a logarithm of a product": S(sp.log(u * w), sp.log(u) + sp.log(w), given=(greater(u * w, 0),)),
    "a root of a square of either sign": S((once(u) ** 2) ** (root + 0 * N), u, given=(greater(u**2, 0),)),
    "an equivalence with an undefined side": iff(((u**2 - u) / u, 0), (u, 1), combine(), combine()),
    "an infinite sum with an undefined term": S(
        1 / (1 - q),
        sp.Sum(q**order * u * once(1 / u), (order, 0, sp.oo)),
        given=(greater(1, q),),
        proof=combine(Use(GEOMETRIC, given=(combine(Use(greater(1, q))),))),
    ),
    "an index dropped by a definition": S(
        R[D, 1 / u],
        0,
        definitions=(Recursion(R, (i, j), sp.Integer(0), sp.Integer(0)),),
        proof=Induct(D, combine(), combine()),
    ),
    "roots of what is not defined": roots(t**2 * once(1 / t), -1, 1, 1),
}

# -- 5. a definition is made once ------------------------------------------------------------------------

DEFINITIONS = {
    "a constant family": inductive(R[D], u, constant(u)),
    "a derivative of what does not vary": d(sp.Derivative(w * u, u), w, definitions=(constant(Y[1]),)),
}
NO_DEFINITIONS = {
    "a letter that is defined later": below(  # R_101 = -1
        constant(1, a[i]), Recursion(a, (i,), sp.Integer(100), a[i - 1] - 1)
    ),
    "two definitions of one name": S(
        0,
        1,
        definitions=(constant(0), constant(1)),
        proof=combine(Use(inductive(R[D], 0, constant(0))), Use(inductive(R[D], 1, constant(1)), times=-1)),
    ),
    "definitions of two facts": S(
        0,
        1,
        proof=combine(Use(inductive(R[D], 1, constant(1))), Use(inductive(R[D], 0, constant(0)), times=-1)),
    ),
    "a derivative that does not see a definition": d(
        sp.Derivative(R[D] * u, u), R[D], definitions=(constant(u),)
    ),
    "a limit that does not see a definition": limit(R[D] / q, 0, definitions=(constant(q),)),
    "a value for what defines": S(
        R[D],
        1,
        definitions=(constant(u),),
        proof=combine(Use(inductive(R[D], u, constant(u)), where={u: 1})),
    ),
    "a value for a defined family": S(
        0, 1, proof=combine(Use(inductive(R[D], 0, constant(0)), where={R[j]: 1}, times=-1))
    ),
    "a definition by itself": inductive(R[D], 1, constant(0, R[i] + 1)),
    "a definition by later values": inductive(R[D], 0, constant(0, R[i + 1])),
    "a base that speaks of the layer": inductive(R[D], D, constant(i)),
    "a step by another place": inductive(R[D], 0, constant(0, sp.Sum(R[k], (k, 1, 2)))),
    "a defined family at a negative index": S(R[-1], R[-1], definitions=(constant(0),)),
}

# -- 6. rules under all of their conditions --------------------------------------------------------------

H = sp.IndexedBase("H", real=True)


def layers(step: Any, base: Any = 1) -> Statement:
    """The noise of layer D is independent of the outputs below."""
    rule = Recursion(H, (i,), sp.sympify(base), step)
    return S(mean(epsilon[D, 1] * H[D - 1]), mean(H[D - 1]), definitions=(rule,))


RULES = {
    "a geometric series": GEOMETRIC,
    "roots within": roots(t**2 - 2, 0, 2, 1),
    "two neurons": S(mean(epsilon[1, 1] * epsilon[1, 2]), 1),
    "noise above": layers(H[i - 1] * epsilon[i, 1]),
    "a mean of a square": S(mean(y**2), 0, AT, proof=combine(plus=mean(y**2))),
    "a derivative by a letter that is no moment": d(sp.Derivative(u * mean(y**2), u), c),
}
NO_RULES = {
    "a series across a singularity": series(
        NO_MIDDLE / (1 - q), different(1 - 4 * q, 0), greater(1 - 8 * q + 16 * q**2, 0)
    ),
    "a series beyond its disc": S(
        1 / (1 - 2 * q),
        sp.Sum(2**order * q**order, (order, 0, sp.oo)),
        given=(greater(1, q), different(1 - 2 * q, 0)),
        proof=PowerSeries((-2, 1 - 2 * q)),
    ),
    "a series by an equation of another function": series(1 / (1 - q) ** 2),
    "a series without an equation": series(1 / (1 - q), by=()),
    "a series with terms that are not defined": S(  # at q = 1/2
        1 / (1 - q),
        sp.Sum((2 * q**2 - q) / (q * (2 * q - 1)) * q**order, (order, 0, sp.oo)),
        given=(greater(1, q),),
        proof=PowerSeries((-1, 1 - q)),
    ),
    "a series by an equation that says nothing": series(2 / (1 - q), by=(0, 0)),
    "roots of the zero polynomial": roots(0 * t, 0, 1, -2),
    "roots in a reversed interval": roots(t**2 - 2, 2, -2, 2),
    "roots at the ends": roots(t**2 - 1, -1, 1, 2),
    "roots of a polynomial in two letters": roots(u * t - 1, -1, 1, 1),
    "noise of one neuron twice": S(mean(epsilon[1, 1] ** 2), 1),
    "three factors of noise": S(mean(epsilon[1, 1] ** 2 * epsilon[1, 2]), 1 + sigma[1] ** 2),
    "noise of layers that may be one": S(mean(epsilon[D, 1] * epsilon[i, 1]), 1, over=((i, 1, n),)),
    "noise of neurons that may be one": S(mean(epsilon[1, j] * epsilon[1, k]), 1, over=(EACH, OTHER)),
    "noise of the layer above, below": layers(H[i - 1] * epsilon[i + 1, 1]),
    "noise of one layer in all": layers(H[i - 1] * epsilon[3, 1]),
    "noise in the base": layers(H[i - 1], epsilon[D, 1]),
    "a mean of a quotient": S(mean(y / (1 + y**2)), mean(y) / (1 + c)),
    "a mean under a hypothesis on its values": S(
        mean(y), 5, AT, given=(at_least(y, 5),), proof=combine(plus=mean(y - 5))
    ),
    "a mean in a definition": inductive(R[D], y**2, constant(mean(y**2))),
    "a moment replaced": S(A[1, 2], A[1, 1], proof=combine(Use(SYMMETRIC, where={A[j, k]: A[1, j]}))),
    "a moment replaced in an induction": S(
        A[1, 2] + N * w,
        A[2, 1],
        proof=Induct(
            N,
            combine(Use(SYMMETRIC)),
            combine(Use(HYPOTHESIS, where={A[j, k]: A[j, k] + w * delta(j, 1) * delta(k, 2)})),
        ),
    ),
    "a derivative by a moment": d(sp.Derivative(mean(y**2) + c, c), 1),
    "a derivative by the noise's variance": d(
        sp.Derivative(mean(epsilon[1, 1] ** 2) + sigma[1], sigma[1]), 1
    ),
}

# -- 9. no work without bound ----------------------------------------------------------------------------

_many = sp.symbols("v1:8", positive=True)
_quotients = 1 / sum(_many) ** 30 + 1 / sum(at * v for at, v in enumerate(_many, 1)) ** 30
WITHIN_REACH = {"a power": S((q + 1) ** 40, sp.expand((q + 1) ** 40))}
TOO_MUCH = {
    "a high power": S((q + 1) ** 3000, q),
    "many terms": S(sum(_many) ** 60, q),
    "a quotient of many terms": S(q**_quotients, q * q ** (_quotients - 1)),
    "many factors": S(sp.Product(1 + X[j], (j, 1, 40)), q),
    "a long sum": S(sp.Sum(X[j], (j, 1, 10**9)), q),
    "a large quotient in an exponent": S(q ** (sum(_many) ** -30) * q, q),
    "a common factor in an exponent": S(q ** (sum(_many[:4]) ** -5 + sum(_many[3:]) ** -5) * q, q),
}

TRUE = FACTS | BINDING | KINDS | DEFINED | DEFINITIONS | RULES | WITHIN_REACH
REFUSED = NO_FACTS | CAPTURES | NO_KINDS | UNDEFINED | NO_DEFINITIONS | NO_RULES | TOO_MUCH


@pytest.mark.parametrize("name", TRUE)
def test_the_true_neighbors_are_accepted(name: str) -> None:
    check(TRUE[name])


@pytest.mark.parametrize("name", REFUSED)
def test_the_false_is_refused(name: str) -> None:
    with pytest.raises(ProofError) as refusal:
        check(REFUSED[name])
    assert "Error:" not in str(refusal.value)  # refused for a reason, not because something broke


def test_every_axiom_is_named() -> None:
    assert theorem_of(OWN).axioms == {"case"}
    assert theorem_of(S(0, 2, AT, proof=combine(Use(OWN, times=2)))).axioms == {"case"}
    with pytest.raises(ProofError, match="a name of its own"):
        check(S(0, 1, AT, proof=Induct(D, AXIOM, AXIOM)))
    assert not theorem_of(SQUARE).axioms
