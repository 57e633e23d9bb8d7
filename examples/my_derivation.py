"""A derivation of one's own: ridge regression shrinks.

A derivation is a tuple of theorems.  A theorem is a claim, what is supposed, a proof, and near-misses:
changes that make it false, which have to be refuted.  Its display is what a paper prints: it is accepted
only if it reads back and is proved to say the same.  Check this one with

    symderive derive my_derivation.py

Needs symderive alone; takes some seconds, and less when it is run again.
"""

import sympy as sp

from symderive.statements import (
    Definition,
    Derivation,
    Display,
    LeadingTerms,
    at_least,
    differentiate,
    equal,
    exact_algebra,
    left,
    limit,
    nonnegative,
    right,
    theorem,
    without,
)
from symderive.symbols import a, j, lam, n, v_entry

# The ridge solution m in an eigenbasis of A, for any number n of features.
m = sp.IndexedBase("m", real=True)
solution = v_entry[j] / (a[j] + lam)
norm_squared = sp.Sum(solution**2, (j, 1, n))
NORMAL_EQUATIONS = equal((a[j] + lam) * m[j], v_entry[j], (j, 1, n))
SIZE = Definition(
    r"N(\lambda)", r"\lVert (A + \lambda I)^{-1} v \rVert^{2}", "squared norm of the solution"
)

solves = theorem(
    "ridge-solution",
    "The solution of the normal equations",
    equal(a[j] * solution + lam * solution, v_entry[j], (j, 1, n)),
    reference="Hoerl and Kennard 1970",
    proof=exact_algebra,  # that a + λ is not 0 is proved on the way
    misses={"half the ridge": left(a[j] * solution + lam * solution / 2)},
    display=Display(r"(A + \lambda I) m = v", where=r"m = (A + \lambda I)^{-1} v"),
)

unique = theorem(
    "ridge-unique",
    "There is no other solution",
    equal(m[j], solution, (j, 1, n)),
    given=(NORMAL_EQUATIONS,),
    reference="Hoerl and Kennard 1970",
    # Facts add: the hypothesis divided by a + λ, and the theorem before, too.
    proof=(NORMAL_EQUATIONS - solves) / (a[j] + lam),
    misses={"the equations are not solved": without(NORMAL_EQUATIONS)},
    display=Display(r"m = (A + \lambda I)^{-1} v", given=r"(A + \lambda I) m = v"),
)

shrinks = theorem(
    "ridge-shrinks",
    "Its norm does not grow with the ridge",
    at_least(0, sp.Derivative(norm_squared, lam)),
    reference="Hoerl and Kennard 1970",
    # The difference of the two sides, as something that is plainly not negative.
    proof=differentiate(nonnegative(2 * sp.Sum(v_entry[j] ** 2 / (a[j] + lam) ** 3, (j, 1, n)))),
    misses={"its square root falls as fast": left(-norm_squared)},
    display=r"0 \ge \frac{\partial N(\lambda)}{\partial \lambda}",
)

vanishes = theorem(
    "ridge-vanishes",
    "and vanishes in the end",
    limit(norm_squared, lam, sp.oo, 0),
    reference="Hoerl and Kennard 1970",
    proof=LeadingTerms(),
    misses={"half of it is left": right(norm_squared.xreplace({lam: sp.Integer(1)}))},
    display=r"\lim_{\lambda \to \infty} N(\lambda) = 0",
)

DERIVATION = Derivation(
    id="ridge-shrinkage",
    title="Ridge regression shrinks",
    prose="The penalty of ridge regression pulls the solution towards zero, all the way.",
    statements=(solves, unique, shrinks, vanishes),
    vocabulary=(SIZE,),
)
