"""What a resolvent says at one λ, how good its limits are, and what its solves at one λ say nearby.

Rigorous solves want an exact λ, so that they are made at the middle of its ball, and widened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

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


def moved_response(values: Sequence[tuple[arb, int]], center: arb, ridge: arb) -> Response:
    """The response at ``ridge``, of its numbers at ``center`` with the power k of each.

    All are sums over p/(ρa + λ)^k with weights that do not depend on λ.
    """
    stretch = (center / ridge).union(arb(1))
    return Response(*(value * stretch**k for value, k in values))


def moved_solution(m: Sequence[arb], center: arb, ridge: arb) -> list[arb]:
    """m at ``ridge``, of m at ``center``: along each eigenvector of A it changes by a factor between 1 and
    ``center`` / ``ridge``."""
    moved = (sum((t * t for t in m), arb(0)).sqrt() * (1 - center / ridge)).abs_upper()
    return [entry + arb(0, moved) for entry in m]


def limit_bound(w: Sequence[Fraction], metric: Sequence[Fraction], rho: Fraction) -> Fraction:
    """wᵀVw/ρ² for an exact solution w of Cw = b: an upper bound on ‖(ρA)⁺v‖²."""
    squares = (x * x * s for x, s in zip(w, metric, strict=True))
    return sum(squares, start=Fraction(0)) / rho**2
