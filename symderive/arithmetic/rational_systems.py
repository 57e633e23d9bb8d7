"""Exact solutions of linear systems over the rationals, for matrices that may be singular."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpz_mat, nmod_mat

#: Primes modulo which pivots are looked for; several, in case one divides a minor.
_PRIMES = (2**61 - 1, 2**62 - 57, 2**63 - 25, 2**59 - 55)


def preimage(gram: fmpz_mat, right: fmpz_mat) -> list[Fraction]:
    """An exact w with gram·w = right, for a positive semidefinite matrix and a column in its range.

    The pivots modulo a prime name a non-singular block, the system is solved there, and the equation is
    then checked over the integers: no rank has to be trusted.
    """
    if right == right * 0:
        return [Fraction(0)] * int(gram.nrows())
    for prime in _PRIMES:
        if not (pivots := _pivots(gram, prime)):
            continue
        block = fmpz_mat([[gram[i, j] for j in pivots] for i in pivots])
        side = fmpz_mat([[right[i, 0]] for i in pivots])
        numerators, denominator = block.solve(side).numer_denom()
        padded = fmpz_mat(int(gram.nrows()), 1)
        for row, i in enumerate(pivots):
            padded[i, 0] = numerators[row, 0]
        if gram * padded == right * denominator:
            return [Fraction(int(x), int(denominator)) for x in padded.entries()]
    raise ArithmeticError("no exact solution was found; the column is not in the range of the matrix")


def independent_columns(gram: fmpz_mat) -> list[int]:
    """As many independent columns as there are."""
    rank = gram.rank()
    for prime in _PRIMES:
        if len(pivots := _pivots(gram, prime)) == rank:
            return pivots
    raise ArithmeticError("the rank drops modulo every prime that was tried")


def _pivots(matrix: fmpz_mat, prime: int) -> list[int]:
    """Columns that are independent modulo ``prime``, hence over the rationals."""
    reduced, rank = nmod_mat(matrix, prime).rref()
    columns, column = [], 0
    for row in range(rank):
        while int(reduced[row, column]) == 0:
            column += 1
        columns.append(column)
        column += 1
    return columns
