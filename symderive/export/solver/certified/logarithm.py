"""A natural logarithm made of IEEE operations alone, and its error.

For a positive normal y, integer operations on its bits give y = 2ᵏm with m in [√½, √2).  Then with
f = m - 1, s = f/(m + 1) and z = s²::

    ln y = k HIGH + (2s + s z W(z) + k LOW),   W(z) = Σ 2zⁱ/(2i + 3),   HIGH + LOW = ln 2.

|computed - ln y| ≤ u(4 + |ln y|), u = 2⁻⁵³, because

- f is exact (Sterbenz), s has a relative error of 2.01u and |s| ≤ 0.17158, so that 2s is wrong by 0.69u;
- W is a polynomial with the COEFFICIENTS below: s z times what it misses is at most 2.2u (proved in balls
  by the tests); s z W ≤ 0.0035 has at most 12 roundings, 0.04u;
- 2s + s z W ≤ 0.3467 is rounded: 0.35u; k LOW ≤ 6·10⁻¹¹ and its sum: 0.35u;
- k HIGH is exact, HIGH having 42 bits and k at most 11; the last sum costs |ln y|u(1 + u).

That is 3.7u + |ln y|u.  Fused multiplication rounds less; what is no positive normal number gives NaN.
"""

from __future__ import annotations

HIGH = float.fromhex("0x1.62e42fefa3800p-1")
LOW = float.fromhex("0x1.ef35793c76730p-45")

#: Of W, from the constant on.
COEFFICIENTS = (
    0.6666666666666208,
    0.40000000011206505,
    0.2857142413832416,
    0.22222862280108718,
    0.18140193802865906,
    0.16621817152860227,
)
