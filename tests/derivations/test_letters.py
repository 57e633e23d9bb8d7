"""One letter, one meaning: every statement uses what the table of symbols knows as the table says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import sympy as sp
from oracles.sampled import some
from symderive.derivations.inequalities import ALL

from symderive import symbols as sy
from symderive.latex import to_latex
from symderive.latex.names import spell, table_spelling
from symderive.library.kept import Kept
from symderive.library.load import load_all
from symderive.paper.typesetting import typeset_statement
from symderive.proofs.ledger import Ledger
from symderive.statements import Statement
from symderive.statements.letters import bound

STATEMENTS = (*(x for derivation in load_all() for x in derivation.statements), *ALL)

#: How many indices the families of the table have.
ARITIES = {
    **dict.fromkeys((sy.W_entry, sy.M_entry, sy.T_entry), 3),
    **dict.fromkeys((sy.epsilon, sy.A_entry, sy.h), 2),
    **dict.fromkeys((sy.d, sy.gamma, sy.sigma, sy.U_entry, sy.x, sy.v_entry, sy.a, sy.R, sy.b), 1),
    **dict.fromkeys((sy.m_entry, sy.kappa_mode), 1),
}
INDICES = {sy.i, sy.j, sy.k, sy.n}


def spelled(letter: Any) -> str:
    """As it is printed, without the indices of an element."""
    base = getattr(letter, "base", letter)
    return table_spelling().get(base) or spell(str(getattr(base, "label", base)))


@cache
def in_use() -> set[Any]:
    """The rows of the table that some statement speaks of, and the exponent t of isotropic data."""
    tabled = {entry.symbol for entry in sy.TABLE}
    used = {getattr(letter, "base", letter) for statement in STATEMENTS for letter in statement.letters}
    return (tabled & used) | {sy.t, sy.u, sy.q} | INDICES


def is_stronger(letter: Any, known: set[Any]) -> bool:
    """Whether a letter is the table's with a stronger sign, as where all eigenvalues are positive."""
    indices = getattr(letter, "indices", ())
    twins = (
        row for row in known if spelled(row) == spelled(letter) and ARITIES.get(row, 0) == len(indices)
    )
    shown = [row[indices] if indices else row for row in twins]
    return bool(letter.is_positive) and any(
        row.is_nonnegative and row.is_integer == letter.is_integer for row in shown
    )


def clashes(statement: Statement, known: set[Any]) -> list[str]:
    """What one statement makes of the letters of the table that the table does not say."""
    names = {spelled(row) for row in known}
    found = []
    for letter in statement.letters:
        base = getattr(letter, "base", letter)
        indices = len(getattr(letter, "indices", ()))
        if base in known:
            if indices != ARITIES.get(base, 0):
                found.append(f"{letter} has another number of indices")
        elif spelled(letter) in names and not is_stronger(letter, known):
            found.append(f"{letter} prints like the table's {spelled(letter)}")
    own = {index for part in (statement.claim, *statement.given) for index in bound(part)}
    for index in own - known:
        twin = next((row for row in INDICES if row.name == index.name), None)
        if spelled(index) in names and (twin is None or not index.is_integer):
            found.append(f"the index {index} prints like the table's {spelled(index)}")
    return found


def test_every_letter_of_the_table_is_used_as_the_table_says() -> None:
    found = {statement.id: said for statement in STATEMENTS if (said := clashes(statement, in_use()))}
    assert found == {}


t, r = sp.Symbol("t", real=True), sp.Symbol("r", positive=True)
j = sp.Symbol("j", integer=True, positive=True)
SQUARE = replace(ALL[0], left=r**2, right=r * r, definitions=(), given=())


@pytest.mark.parametrize(
    ("letter", "is_refused"),
    [
        (t, True),  # not the exponent 2D/(D+1)
        (sp.IndexedBase("u", real=True)[j], True),  # u is ln λ
        (sp.IndexedBase("a", real=True)[j], True),  # not an eigenvalue of A
        (sp.IndexedBase("a", positive=True)[j], False),  # one where all are positive
        (sy.gamma[j, 1], True),
        (sp.Symbol("q", integer=True, positive=True), True),
        (r, False),
        (sy.t, False),
        (sy.gamma[j], False),
        (sp.IndexedBase("psi", real=True)[j], False),
    ],
)
def test_another_use_is_noticed(letter: Any, is_refused: bool) -> None:
    said = clashes(replace(SQUARE, left=letter**2, right=letter * letter), in_use())
    assert bool(said) is is_refused


def test_every_other_letter_is_introduced_by_its_statement() -> None:
    kept = Kept.beside(Ledger())
    for statement in some(STATEMENTS, 6, ci=1):
        own = [x for x in statement.letters if getattr(x, "base", x) not in {e.symbol for e in sy.TABLE}]
        said = " ".join(typeset_statement(statement, kept).kinds) if own else ""
        assert all(f"${to_latex(letter)}$" in said for letter in own), statement.id
