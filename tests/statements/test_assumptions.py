"""What a statement rests on: nothing is hidden behind a name."""

from __future__ import annotations

import pytest
import sympy as sp

from symderive.errors import InputError
from symderive.statements import AXIOM, Statement, at_least, nonnegative, theorem
from symderive.statements.assumptions import assumptions

u, w = sp.symbols("u w", real=True)
AXIOMATIC = theorem("known", "t", at_least(w**4 + 1, w**3), reference="r", proof=AXIOM, misses={})


def resting_on(first: str, second: str) -> Statement:
    """A statement by two lemmas of these ids; the second rests on an axiom."""
    square = theorem(first, "t", at_least(u**2, 0), reference="r", proof=nonnegative(u**2), misses={})
    other = theorem(second, "t", at_least(w**4 + 1, w**3), reference="r", proof=AXIOMATIC, misses={})
    claim = at_least(u**2 + w**4 + 1, w**3)
    return theorem("both", "t", claim, reference="r", proof=square + other, misses={})


def test_an_axiom_behind_a_lemma_is_listed() -> None:
    assert assumptions(resting_on("one", "other")).axioms == (AXIOMATIC,)


def test_two_lemmas_of_one_id_do_not_hide_what_they_rest_on() -> None:
    with pytest.raises(InputError, match="two entries called 'one'"):
        assumptions(resting_on("one", "one"))
