"""An isometry that spreads modes evenly over neurons (Schur and Horn), by plane rotations.

For numbers s_1, …, s_k ≥ 0 and n ≥ k neurons it is an n × k matrix Q with QᵀQ = 1 and all entries of the
diagonal of Q Diag(s) Qᵀ equal to their mean μ = Σ s/n.  A rotation of two entries x ≤ μ ≤ y of a diagonal
matrix makes one of them μ,

    cos² x + sin² y = μ,   sin² = (μ - x)/(y - x),

and leaves the rest of the matrix, without that row and column, diagonal with the entry x + y - μ and still
the mean μ: so after n - 1 rotations all entries are μ.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Any


def isometry(mp: Any, sizes: Sequence[Any], neurons: int) -> Any:
    """Q as a matrix of the mpmath context ``mp``, to its precision; ``neurons`` is at least len(sizes).

    >>> from mpmath import mp
    >>> Q = isometry(mp, [3, 1], 4)
    >>> [mp.nstr(3 * Q[i, 0] ** 2 + Q[i, 1] ** 2, 5) for i in range(4)]
    ['1.0', '1.0', '1.0', '1.0']
    """
    k = len(sizes)
    mean = mp.fsum(sizes) / neurons
    rows = {i: [mp.mpf(int(i == j)) for j in range(k)] for i in range(neurons)}
    # What is still diagonal, in increasing order.
    entries = sorted((mp.mpf(sizes[i]) if i < k else mp.mpf(0), i) for i in range(neurons))
    while len(entries) > 1:
        (x, low), (y, high) = entries.pop(0), entries.pop()
        if not x < y:  # All that are left are equal, up to rounding.
            break
        # Rounding may put the mean of what is left outside of it.
        share = min(max((mean - x) / (y - x), mp.mpf(0)), mp.mpf(1))
        sine, cosine = mp.sqrt(share), mp.sqrt(1 - share)
        first, second = rows[low], rows[high]
        rows[low] = [cosine * a + sine * b for a, b in zip(first, second, strict=True)]
        rows[high] = [cosine * b - sine * a for a, b in zip(first, second, strict=True)]
        insort(entries, (x + y - mean, high))
    return mp.matrix([rows[i] for i in range(neurons)])
