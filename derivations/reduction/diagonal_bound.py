"""A positive semidefinite matrix against its diagonal."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    Derivation,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    semidefinite,
    z,
)

from ..notation import j, k, n, r, s

Q = sp.IndexedBase("Q", real=True)
ENTRIES = ((j, 1, n), (k, 1, n))
Q_IS_PSD = semidefinite(Q[j, k], *ENTRIES)
DIAGONAL = sp.KroneckerDelta(j, k) * Q[j, k]

#: The vector z_r e_r - z_s e_s.
PAIR = z[r] * sp.KroneckerDelta(j, r) - z[s] * sp.KroneckerDelta(j, s)

DIAGONAL_BOUND = Statement(
    id="diagonal-bound",
    title="The diagonal times the size bounds the matrix",
    relation=Relation.MATRIX_AT_LEAST,
    left=n * DIAGONAL,
    right=Q[j, k],
    over=ENTRIES,
    given=(Q_IS_PSD,),
    reference="Cauchy–Schwarz for the inner product of $Q$",
    proof=combine(Use(Q_IS_PSD, times=sp.Rational(1, 2), where={z[j]: PAIR}, over=((r, 1, n), (s, 1, n)))),
    domains=(Domain(gram=(Q,)),),
    near_misses=(
        NearMiss("one less than the size", left=(n - 1) * DIAGONAL),
        NearMiss("Q is not semidefinite", given=(), domains=(Domain(),)),
    ),
    prose=(
        r"The quadratic form of $Q$ is non-negative at $z_r e_r - z_s e_s$. The sum of these "
        r"$n^2$ inequalities, halved, is the claim."
    ),
)

DERIVATION = Derivation(
    id="diagonal-bound",
    title="A matrix and its diagonal",
    prose=(
        "The noise adds a diagonal to every second moment. How much it adds at least "
        "is a fact about matrices."
    ),
    statements=(DIAGONAL_BOUND,),
)
