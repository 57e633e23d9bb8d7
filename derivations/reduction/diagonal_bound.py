"""A positive semidefinite matrix against its diagonal."""

from ..notation import *

Q = families("Q")
ENTRIES = ((j, 1, n), (k, 1, n))
Q_IS_PSD = semidefinite(Q[j, k], *ENTRIES)
DIAGONAL = delta(j, k) * Q[j, k]

#: The vector z_r e_r - z_s e_s.
PAIR = z[r] * delta(j, r) - z[s] * delta(j, s)

DIAGONAL_BOUND = theorem(
    "diagonal-bound",
    "The diagonal times the size bounds the matrix",
    matrix_at_least(n * DIAGONAL, Q[j, k], *ENTRIES),
    given=(Q_IS_PSD,),
    reference="Cauchy–Schwarz for the inner product of $Q$",
    proof=(Q_IS_PSD.at({z[j]: PAIR}) / 2).sum((r, 1, n), (s, 1, n)),
    misses={"one less than the size": left((n - 1) * DIAGONAL), "Q is not semidefinite": without(Q_IS_PSD)},
    display=Display(r"n \operatorname{Diag}(Q) \succeq Q", given=r"Q \succeq 0"),
    prose="""The quadratic form of $Q$ is non-negative at $z_r e_r - z_s e_s$. The sum of these $n^2$
        inequalities, halved, is the claim.""",
)

DERIVATION = Derivation(
    id="diagonal-bound",
    title="A matrix and its diagonal",
    prose="""The noise adds a diagonal to every second moment. How much it adds at least is a fact about
        matrices. For one hidden layer it is behind the low rank that dropout favors [@cavazza2018,
        @mianjy2018].""",
    statements=(DIAGONAL_BOUND,),
)
