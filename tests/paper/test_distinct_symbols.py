"""No two symbols of one statement are printed alike, wherever in it they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from symderive.errors import InputError
from symderive.paper.distinct_symbols import require_apart
from symderive.paper.typesetting import typeset_statement
from symderive.statements import Recursion, Statement, equal, exact_algebra

x = sp.Symbol("x", real=True)
positive = sp.Symbol("x", positive=True)
j, k = sp.symbols("j k", integer=True, positive=True)
STATEMENT = Statement(
    id="square", title="A square", reference="school", left=x**2, right=x * x, proof=exact_algebra
)
a, a_1 = sp.IndexedBase("a", real=True), sp.IndexedBase("a_1", real=True)


@pytest.mark.parametrize(
    "change",
    [
        {"given": (equal(positive, 1),)},
        {"given": (equal(a[1, k], a[1, k]), equal(a_1[k], 1))},
        {"definitions": (Recursion(sp.IndexedBase("T", real=True), (j,), positive, 0),)},
    ],
)
def test_a_claim_its_hypotheses_and_definitions_write_no_two_symbols_alike(change: Any) -> None:
    statement = replace(STATEMENT, **change)
    with pytest.raises(InputError, match="written"):
        require_apart(statement)
    fault = typeset_statement(statement, None).fault
    assert fault is not None
    assert "written" in fault


def test_the_same_symbol_everywhere_is_one() -> None:
    hypothesis = equal(x, 1)
    require_apart(replace(STATEMENT, given=(hypothesis,)))
    assert typeset_statement(replace(STATEMENT, given=(hypothesis,)), None).fault is None


def test_an_index_is_at_home_where_it_is_bound() -> None:
    natural = sp.Symbol("j", integer=True, nonnegative=True)
    given = (equal(a[j], 1, (j, 1, 3)), equal(a[natural], 1, (natural, 0, 3)))
    require_apart(replace(STATEMENT, given=given))
    with pytest.raises(InputError, match="written"):
        require_apart(replace(STATEMENT, given=(given[0], equal(a[j], natural))))
