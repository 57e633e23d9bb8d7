"""Exact solutions of linear systems over the rationals, for matrices that may be singular."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from flint import fmpz_mat, nmod_mat

#: Primes modulo which pivots are looked for; several, in case one divides a minor.
_PRIMES = (2**61 - 1, 2**62 - 57, 2**63 - 25, 2**59 - 55)


def preimage(gram: fmpz_mat, right: fmpz_mat) -> list[Fraction]:
    """An exact w with gram·w = right, for a positive semidefinite matrix and a column in its range."""
    numerators, denominator = preimages(gram, right)
    return [Fraction(int(x), denominator) for x in numerators.entries()]


def preimages(gram: fmpz_mat, right: fmpz_mat) -> tuple[fmpz_mat, int]:
    """The same for several columns: integers and a denominator.

    The pivots modulo a prime name a non-singular block, the system is solved there, and the equation is
    then checked over the integers: no rank has to be trusted.
    """
    size, count = int(gram.nrows()), int(right.ncols())
    if right == right * 0:
        return fmpz_mat(size, count), 1
    for prime in _PRIMES:
        if not (pivots := _pivots(gram, prime)):
            continue
        block = fmpz_mat([[gram[i, j] for j in pivots] for i in pivots])
        side = fmpz_mat([[right[i, j] for j in range(count)] for i in pivots])
        numerators, denominator = block.solve(side).numer_denom()
        padded = fmpz_mat(size, count)
        for row, i in enumerate(pivots):
            for j in range(count):
                padded[i, j] = numerators[row, j]
        if gram * padded == right * denominator:
            return padded, int(denominator)
    raise ArithmeticError("no exact solution was found; the column is not in the range of the matrix")


def over_common(values: Sequence[Fraction]) -> tuple[fmpz_mat, int]:
    """Fractions as a column of integers over their least common denominator.

    >>> over_common([Fraction(1, 2), Fraction(2, 3)])
    ([3]
    [4], 6)
    """
    denominator = lcm(*(x.denominator for x in values))
    return fmpz_mat([[x.numerator * (denominator // x.denominator)] for x in values]), denominator


def independent_columns(gram: fmpz_mat, bound: int | None = None) -> list[int]:
    """As many independent columns as there are; ``bound`` is known to be no less (by default the size).

    Columns that are independent modulo a prime are so over the rationals: where they are as many as can be,
    no rank is computed.
    """
    if len(pivots := _pivots(gram, _PRIMES[0])) == (gram.ncols() if bound is None else bound):
        return pivots
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
