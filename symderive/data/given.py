"""Second moments that are given as they are: checked to be those of some data."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpz_mat

from symderive.arithmetic.definiteness import is_positive_semidefinite
from symderive.arithmetic.exact import rational
from symderive.data.blocks import default_names
from symderive.data.reading.values import column_of, fractions_of, matrix_of
from symderive.errors import InputError


def triple_of(A: Any, v: Any, c: Any) -> tuple[fmpz_mat, int, tuple[str, ...]]:
    """[[A, v], [vᵀ, c]] as integers over a denominator, and the names of the features.

    Raises :class:`InputError` unless it is symmetric and positive semidefinite, which is decided exactly.
    """
    inputs = matrix_of(A, "A")
    rows, column = fractions_of(inputs), [x for (x,) in fractions_of(column_of(v, "v"))]
    d = len(rows)
    if d == 0:
        raise InputError("A has no rows; give at least one feature.")
    if any(len(row) != d for row in rows) or len(column) != d:
        raise InputError(
            f"A has {d} rows of {len(rows[0])} and v has {len(column)} entries; "
            "give a square A and a v of the same size."
        )
    for i in range(d):
        for j in range(i):
            if rows[i][j] != rows[j][i]:
                raise InputError(f"A[{i}][{j}] and A[{j}][{i}] differ; a second moment is symmetric.")
    full = [[*row, x] for row, x in zip(rows, column, strict=True)]
    full.append([*column, rational(c, "c")])
    denominator = lcm(*(x.denominator for row in full for x in row))
    gram = fmpz_mat([[int(x * denominator) for x in row] for row in full])
    _require_valid(gram)
    return gram, denominator, inputs.columns or default_names(d)


def _require_valid(gram: fmpz_mat) -> None:
    if is_positive_semidefinite(gram):
        return
    d = int(gram.nrows()) - 1
    entries = gram.tolist()
    A = fmpz_mat([row[:d] for row in entries[:d]])
    if not is_positive_semidefinite(A):
        raise InputError("A is not positive semidefinite; E[x xᵀ] has no negative eigenvalue.")
    if fmpz_mat([row[: d + 1] for row in entries[:d]]).rank() > A.rank():
        raise InputError("v is not in the range of A; E[x y] always is, so A and v do not fit together.")
    raise InputError("c is less than vᵀA⁺v; E[y²] cannot be smaller than the part that x explains.")


def means_of(means: Any, gram: fmpz_mat, denominator: int) -> tuple[Fraction, ...]:
    """E x and E y as given; :class:`InputError` where no data have them with these second moments."""
    values = tuple(x for (x,) in fractions_of(column_of(means, "means")))
    size = int(gram.nrows())
    if len(values) != size:
        raise InputError(
            f"means has {len(values)} entries; give E[x] for each of the {size - 1} features and then E[y]."
        )
    scale = lcm(*(x.denominator for x in values))
    column = fmpz_mat([[int(x * scale)] for x in values])
    if not is_positive_semidefinite(gram * scale**2 - column * column.transpose() * denominator):
        raise InputError("means are too large for A, v and c: less their products, these are no variances.")
    return values
