"""Which hypothesis a claim is: the same one whatever names its indices have meanwhile."""

from __future__ import annotations

import sympy as sp

from symderive.proofs.elaborate import Elaborator
from symderive.proofs.places import is_same
from symderive.statements import equal
from symderive.symbols import j, k, n

delta, X = sp.KroneckerDelta, sp.IndexedBase("X", real=True)
EACH = ((j, 1, n), (k, 1, n))


def test_a_symmetric_factor_has_one_order() -> None:
    """By turns of new names, of which an order is made, a δ would be turned about in every other trial."""
    elaborator = Elaborator()
    known = elaborator.claim(equal((1 + delta(j, k)) * X[j, k], X[j, k] + 1, *EACH), {})
    wanted = elaborator.claim(equal(X[j, k] + delta(j, k) * X[j, k], X[j, k] + 1, *EACH), {})
    other = elaborator.claim(equal(X[j, k] + delta(j, k) * X[k, j], X[k, j] + 1, *EACH), {})
    assert known != wanted  # so that normal forms are compared
    for _ in range(50):
        assert is_same(known, wanted)
        assert not is_same(known, other)
