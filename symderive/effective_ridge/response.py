"""What a resolvent says at one λ, and how good its limits are."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, arb_mat

#: Bits at which the limits λ → 0 are first computed, and good bits that they are given.  So few are wanted
#: that elimination in balls, which loses some a row, takes a quarter of what FLINT takes by default.
FIRST_BITS = 128
GOOD_BITS = 30


@dataclass(frozen=True)
class Response:
    """Balls for the ridge solution m = (ρA + λ)^{-1} v at one λ.

    ``r1`` … ``r4`` are vᵀ(ρA + λ)^{-k} v (so r1 = m·v and r2 = ‖m‖²), ``energy`` is ρ mᵀAm and
    ``shrunk_energy`` is ρ mᵀA(ρA + λ)^{-1}m = r2 - λ r3.
    """

    r1: arb
    r2: arb
    r3: arb
    r4: arb
    energy: arb
    shrunk_energy: arb


def are_good(limits: tuple[arb, arb, arb]) -> bool:
    """Whether all are certainly positive and known well enough."""
    return all(x > 0 and x.rel_accuracy_bits() > GOOD_BITS for x in limits)


def dot(left: arb_mat, right: arb_mat) -> arb:
    """The inner product of two columns."""
    return (left.transpose() * right)[0, 0]
