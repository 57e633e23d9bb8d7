"""Whether an integer matrix is positive semidefinite, decided exactly."""

from __future__ import annotations

from flint import arb, arb_mat, fmpz_mat

from symderive.arithmetic.exact import TURN, working_precision

#: Size up to which exact characteristic polynomials decide definiteness at once, and beyond which a
#: certificate is tried first.
EXACT_SIZE = 24

#: Bits of the balls of such a certificate.
CERTIFICATE_BITS = 128


def is_positive_semidefinite(matrix: fmpz_mat) -> bool:
    """Exact: a real symmetric matrix is PSD iff its characteristic polynomial alternates in sign.

    det(t - G) = Σ (-1)^k e_k t^{n-k} with all e_k ≥ 0 has no negative root, and all roots are real.
    """
    n = int(matrix.nrows())
    if n > EXACT_SIZE and _is_surely_definite(matrix):
        return True
    coefficients = matrix.charpoly().coeffs()
    return all((-1) ** (n - power) * value >= 0 for power, value in enumerate(coefficients))


def _is_surely_definite(matrix: fmpz_mat) -> bool:
    """Whether a certificate of positive definiteness is found; False says nothing.

    X M Xᵀ with positive diagonal dominance is positive definite, and then so is M, whatever X is.  Floats
    propose the inverse of a Cholesky factor as X, and balls decide.
    """
    import numpy as np

    n = int(matrix.nrows())
    if any(matrix[i, i] <= 0 for i in range(n)):
        return False
    with TURN, working_precision(CERTIFICATE_BITS):
        scale = arb_mat(n, n)
        for i in range(n):
            scale[i, i] = 1 / arb(matrix[i, i]).sqrt()
        scaled = scale * arb_mat(matrix) * scale
        try:
            factor = np.linalg.cholesky([[float(x) for x in row] for row in scaled.tolist()])
            X = arb_mat(np.linalg.inv(factor).tolist())
        except np.linalg.LinAlgError:
            return False
        rows = (X * scaled * X.transpose()).tolist()
        return all(2 * row[i] > sum((abs(x) for x in row), arb(0)) for i, row in enumerate(rows))
