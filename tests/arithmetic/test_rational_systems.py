"""Exact solutions of systems that may be singular."""

import random
from fractions import Fraction

import pytest
from flint import fmpq_mat, fmpz_mat

from symderive.arithmetic import rational_systems
from symderive.arithmetic.exact import to_flint
from symderive.arithmetic.rational_systems import _pivots, independent_columns, over_common, preimage


def singular(size, rank, seed=1):
    rng = random.Random(seed)
    root = fmpz_mat([[rng.randint(-9, 9) for _ in range(rank)] for _ in range(size)])
    return root * root.transpose(), root


@pytest.mark.parametrize(("size", "rank"), [(1, 1), (4, 4), (6, 2), (9, 5)])
def test_a_preimage_is_one(size, rank):
    matrix, root = singular(size, rank)
    right = root * fmpz_mat([[k + 1] for k in range(rank)])
    found = preimage(matrix, right)
    image = fmpq_mat(matrix) * fmpq_mat(size, 1, [to_flint(x) for x in found])
    assert image == fmpq_mat(right)


def test_a_column_outside_of_the_range_has_none():
    with pytest.raises(ArithmeticError, match="not in the range"):
        preimage(fmpz_mat([[1, 1], [1, 1]]), fmpz_mat([[1], [2]]))


@pytest.mark.parametrize(("size", "rank"), [(1, 1), (6, 2), (9, 5)])
def test_independent_columns_are_as_many_as_the_rank(size, rank):
    matrix, _ = singular(size, rank)
    columns = independent_columns(matrix)
    assert len(columns) == matrix.rank() == rank
    assert fmpz_mat([[matrix[i, j] for j in columns] for i in range(size)]).rank() == rank


class Unranked:
    """A matrix whose rank nobody may compute."""

    def __init__(self, matrix):
        self._matrix = matrix

    def __getattr__(self, name):
        assert name != "rank"
        return getattr(self._matrix, name)


@pytest.mark.parametrize(("size", "rank", "bound"), [(6, 6, None), (6, 2, 2)])
def test_no_rank_is_computed_where_a_prime_reaches_the_bound(monkeypatch, size, rank, bound):
    matrix, _ = singular(size, rank)
    monkeypatch.setattr(rational_systems, "_pivots", lambda gram, prime: _pivots(gram._matrix, prime))
    assert len(independent_columns(Unranked(matrix), bound)) == rank
    with pytest.raises(AssertionError):  # near-miss: a bound that is not reached proves nothing
        independent_columns(Unranked(matrix), rank + 1)


def test_a_prime_that_divides_a_minor_is_not_believed():
    prime = 2**61 - 1
    matrix = fmpz_mat([[prime, 0], [0, 1]])
    assert independent_columns(matrix) == [0, 1]


def test_a_common_denominator_is_the_least():
    assert over_common([Fraction(1, 6), Fraction(-3, 4), Fraction(2)]) == (fmpz_mat([[2], [-9], [24]]), 12)
