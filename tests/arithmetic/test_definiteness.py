"""Definiteness is decided exactly, by a certificate or by the characteristic polynomial."""

import random

import pytest
from flint import fmpz_mat

from symderive.arithmetic.definiteness import EXACT_SIZE, is_positive_semidefinite


def gram(rows, columns, seed):
    rng = random.Random(seed)
    root = fmpz_mat([[rng.randint(-9, 9) for _ in range(columns)] for _ in range(rows)])
    return root * root.transpose()


@pytest.mark.parametrize("size", [1, 2, 7, EXACT_SIZE, EXACT_SIZE + 1, 40])
@pytest.mark.parametrize("rank", [1, 2, "full"])
def test_gram_matrices_are_semidefinite_and_one_less_is_not(size, rank):
    """The near-miss: one off a singular matrix, in a direction that it does not see."""
    matrix = gram(size, size if rank == "full" else min(rank, size), size)
    assert is_positive_semidefinite(matrix)
    if rank != "full" and size > 2:
        for i in range(size):
            matrix[i, i] -= 1
        assert not is_positive_semidefinite(matrix)


@pytest.mark.parametrize("size", [2, 30])
def test_a_pair_that_is_more_than_correlated_is_found(size):
    matrix = fmpz_mat(size, size, [10**40 * (i == j) for i in range(size) for j in range(size)])
    matrix[0, 1] = matrix[1, 0] = 10**40
    assert is_positive_semidefinite(matrix)
    matrix[0, 1] = matrix[1, 0] = 10**40 + 1
    assert not is_positive_semidefinite(matrix)
