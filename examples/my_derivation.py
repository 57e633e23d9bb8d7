"""A derivation of one's own: ridge regression shrinks.

A derivation is a tuple of statements.  A statement is two expressions and a relation, a proof, and a
near-miss: a change that makes it false, which has to be refuted.  Check this one with

    symderive derive examples/my_derivation.py
"""

import sympy as sp

from symderive.statements import (
    Derivation,
    Differentiate,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    combine,
)
from symderive.symbols import a, j, lam, n, v_entry

# The ridge solution in an eigenbasis of A, for any number n of features.
solution = v_entry[j] / (a[j] + lam)
norm_squared = sp.Sum(solution**2, (j, 1, n))

solves = Statement(
    id="ridge-solution",
    title="The solution of the normal equations",
    left=(a[j] + lam) * solution,
    right=v_entry[j],
    over=((j, 1, n),),
    reference="Hoerl and Kennard 1970",
    proof=combine(),  # exact algebra; that a + λ is not 0 is proved on the way
    near_misses=(NearMiss("half the ridge", left=(a[j] + lam / 2) * solution),),
)

shrinks = Statement(
    id="ridge-shrinks",
    title="Its norm does not grow with the ridge",
    relation=Relation.AT_LEAST,
    left=0,
    right=sp.Derivative(norm_squared, lam),
    reference="Hoerl and Kennard 1970",
    # The difference of the two sides, as something that is plainly not negative.
    proof=Differentiate(combine(plus=2 * sp.Sum(v_entry[j] ** 2 / (a[j] + lam) ** 3, (j, 1, n)))),
    near_misses=(NearMiss("it grows", left=sp.Derivative(norm_squared, lam), right=0),),
)

vanishes = Statement(
    id="ridge-vanishes",
    title="and vanishes in the end",
    relation=Relation.LIMIT,
    left=sp.Limit(norm_squared, lam, sp.oo),
    right=0,
    reference="Hoerl and Kennard 1970",
    proof=LeadingTerms(),
    near_misses=(NearMiss("divided by λ less", left=sp.Limit(lam**2 * norm_squared, lam, sp.oo)),),
)

DERIVATION = Derivation(
    id="ridge-shrinkage",
    title="Ridge regression shrinks",
    prose="The penalty of ridge regression pulls the solution towards zero, all the way.",
    statements=(solves, shrinks, vanishes),
)
