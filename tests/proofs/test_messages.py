"""A refused proof tells a newcomer what is missing: the step, the fact, and what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from symderive.derivations.inequalities import CAUCHY_SCHWARZ, POWER, X, Y, eta, s, xi
from symderive.derivations.notation import END_TO_END, T

from symderive import symbols as sy
from symderive.proofs.replay import ProofError, check
from symderive.statements import (
    HYPOTHESIS,
    Induct,
    Instance,
    LeadingTerms,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    z,
)

D, i, j, k, n, lam = sy.D, sy.i, sy.j, sy.k, sy.n, sy.lam
u, w = sp.symbols("u w", real=True)
EACH = (j, 1, n)
SQUARES = sp.Sum(j**2, (j, 1, D))
FORMULA = D * (D + 1) * (2 * D + 1) / 6
GE = Relation.AT_LEAST


def statement(left: Any, right: Any, proof: Any, **fields: Any) -> Statement:
    return Statement(id="wrong", title="", left=left, right=right, reference="", proof=proof, **fields)


def message(wrong: Statement) -> ProofError:
    with pytest.raises(ProofError) as caught:
        check(wrong)
    return caught.value


GIVEN = at_least(u, w)
ORDER = statement(SQUARES, FORMULA, Induct(D, combine(), combine(Use(HYPOTHESIS))))

#: A wrong proof, words of the message, and what is left over.
WRONG = {
    "a forgotten term": (
        statement((u + w) ** 2, u**2 + w**2, combine()),
        ["left - right is not the combination", "2*u*w"],
        2 * u * w,
    ),
    "a factor too small in the second fact": (
        statement(3 * u, 3 * w, combine(Use(GIVEN), Use(GIVEN)), relation=GE, given=(GIVEN,)),
        ["what is left", "u - w"],
        u - w,
    ),
    "the step of an induction without its hypothesis": (
        replace(ORDER, proof=Induct(D, combine(), combine())),
        ["induction step", "Sum(j**2, (j, 1, D))"],
        None,
    ),
    "the base of an induction": (
        replace(ORDER, right=FORMULA + 1),
        ["induction base", "what is left is -1"],
        sp.Integer(-1),
    ),
    "a fact that is no hypothesis": (
        statement(u, w, combine(Use(GIVEN)), relation=GE),
        ["fact 1", "u ≥ w", "is not a hypothesis"],
        None,
    ),
    "a hypothesis of the fact": (
        statement(xi**2, eta**2, combine(Use(POWER, where={s: 2})), relation=GE),
        ["fact 1, power-monotone", "xi ≥ eta", "not discharged"],
        None,
    ),
    "a letter of the wrong kind": (
        statement(
            xi**2, w**2, combine(Use(POWER, where={eta: w, s: 2})), relation=GE, given=(at_least(xi, w),)
        ),
        ["fact 1, power-monotone", "eta is positive", "w"],
        None,
    ),
    "an index out of its range": (
        statement(
            X[n + 1], 0, combine(Use(equal(X[j], 0, EACH), where={j: n + 1})), given=(equal(X[j], 0, EACH),)
        ),
        ["fact 1", "index n + 1", "1 to n"],
        None,
    ),
    "a denominator that may vanish": (
        statement((u**2 - 1) / (u - 1), u + 1, combine()),
        ["u - 1 is not known to be nonzero", "1/(u - 1)"],
        None,
    ),
    "a rest that is no square": (
        statement(u**2 + w**2, u * w, combine(plus=u**2 - u * w + w**2), relation=GE),
        ["is not manifestly non-negative", "u*w"],
        None,
    ),
    "a coefficient that may be negative": (
        statement(u * lam - u * w, 0, combine(Use(GIVEN, times=w)), relation=GE, given=(GIVEN,)),
        ["w is not manifestly non-negative and multiplies an inequality"],
        None,
    ),
    "a coefficient of a named inequality": (
        statement(2 * CAUCHY_SCHWARZ.left, CAUCHY_SCHWARZ.right, combine(Use(CAUCHY_SCHWARZ)), relation=GE),
        ["what is left", "X[j]**2", "Y[j]**2"],
        None,
    ),
    "a limit whose coefficient may vanish": (
        statement(sp.Limit(sy.c / (sy.c + lam), lam, 0), 1, LeadingTerms(), relation=Relation.LIMIT),
        ["dominant power"],
        None,
    ),
    "a matrix inequality without its half": (
        statement(
            sp.KroneckerDelta(j, k) * sp.Sum(X[i] ** 2, (i, 1, n)),
            X[j] * X[k],
            combine(plus=sp.Sum((X[j] * z[k] - X[k] * z[j]) ** 2, EACH, (k, 1, n))),
            relation=Relation.MATRIX_AT_LEAST,
            over=(EACH, (k, 1, n)),
        ),
        ["what is left is", "z[j]**2"],
        None,
    ),
    "an instance of another value": (
        statement(15, 14, Instance(ORDER, ((D, sp.Integer(3)),))),
        ["general statement", "what is left is -1"],
        sp.Integer(-1),
    ),
    "a head of another definition": (
        statement(T[D, j, k], 0, combine(), definitions=(END_TO_END,), over=((j, 1, n), (k, 1, n))),
        ["what is left is T[D, j, k]"],
        T[D, j, k],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_proof_is_told_what_is_missing(name: str) -> None:
    wrong, words, remainder = WRONG[name]
    error = message(wrong)
    for word in words:
        assert word in str(error)
    if remainder is not None:
        assert error.remainder == remainder


def test_a_message_tells_of_the_fact_below() -> None:
    broken = replace(CAUCHY_SCHWARZ, id="broken", proof=combine(plus=sp.Sum(X[j] ** 2 * Y[j] ** 2, EACH)))
    error = message(statement(CAUCHY_SCHWARZ.left, CAUCHY_SCHWARZ.right, combine(Use(broken)), relation=GE))
    assert "fact 1, broken" in str(error)
    assert "it rests on broken, which is not proved" in str(error)
    assert error.remainder is not None
    assert "X" in sp.latex(error.remainder)
