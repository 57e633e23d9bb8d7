"""Exact solutions of systems that may be singular."""

import random

import pytest
from flint import fmpq_mat, fmpz_mat

from symderive.arithmetic.exact import to_flint
from symderive.arithmetic.rational_systems import independent_columns, preimage


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
