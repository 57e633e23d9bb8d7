"""Euler characteristics of critical manifolds, and the audit that they make possible.

With weight decay the loss is a proper function on the space R^n of all weights.  If each connected set of
its critical points is a manifold C on which the Hessian vanishes along C only (Morse–Bott), then

    Σ_C (-1)^{index of C} χ(C) = χ(R^n) = 1

(R. Bott, *Nondegenerate critical manifolds*, Annals of Mathematics 60, 1954; over Z/2 no orientation is
needed).  A list that lacks a point, or has a wrong index, does not add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from symderive.verdict import Verdict


@dataclass(frozen=True)
class CriticalManifold:
    """Critical points that symmetries of the loss carry into one another.

    Attributes
    ----------
    index : int or None
        The number of negative eigenvalues of the Hessian; None where undecided.
    nullity : int or None
        The number of its zero eigenvalues, likewise.
    spheres : tuple of int
        Each component is a product of spheres of these dimensions, none of them 0; () for a point.
    components : int
        The number of components.
    """

    index: int | None
    nullity: int | None
    spheres: tuple[int, ...]
    components: int

    @property
    def dimension(self) -> int:
        """The dimension of a component."""
        return sum(self.spheres)

    @property
    def euler_characteristic(self) -> int:
        """The Euler characteristic of all components; a sphere has 2 in even and 0 in odd dimension."""
        return self.components * prod(0 if n % 2 else 2 for n in self.spheres)

    @property
    def is_nondegenerate(self) -> bool:
        """Whether the Hessian is known to vanish along the manifold only."""
        return self.index is not None and self.nullity == self.dimension

    @property
    def contribution(self) -> int | None:
        """What a nondegenerate manifold adds to the audit, (-1)^index χ; None for others."""
        if self.index is None or not self.is_nondegenerate:
            return None
        return (-1) ** self.index * self.euler_characteristic


@dataclass(frozen=True)
class Audit:
    """What Σ (-1)^index χ says of a list of critical manifolds.

    Attributes
    ----------
    total : int or None
        The sum, 1 for a complete list; None where a manifold is degenerate or undecided: it does not apply.
    unseen : int
        How many of the manifolds have χ = 0, so that the sum would not miss them: those with a sphere of
        odd dimension, which come from noise-free layers of even width.  The same network with one neuron
        in those layers has the same roots, and its audit sees them all.

    References
    ----------
    R. Bott, *Nondegenerate critical manifolds*, Annals of Mathematics 60, 1954.
    """

    total: int | None
    unseen: int

    @property
    def applies(self) -> bool:
        """Whether no manifold is degenerate or undecided."""
        return self.total is not None

    @property
    def verdict(self) -> Verdict:
        """CHECKED where the sum is 1, REFUTED where it is not, UNDECIDED where it does not apply."""
        if self.total is None:
            return Verdict.UNDECIDED
        return Verdict.CHECKED if self.total == 1 else Verdict.REFUTED

    def __str__(self) -> str:
        if self.total is None:
            return "topology: does not apply, a point is degenerate or undecided"
        unseen = f" ({self.unseen} sets of Euler characteristic 0 unseen)" if self.unseen else ""
        judged = "as it must be" if self.total == 1 else "but must be 1"
        return f"topology: Σ (-1)^index χ = {self.total}, {judged}{unseen}"


def audit(manifolds: Iterable[CriticalManifold]) -> Audit:
    """The audit of all critical manifolds of a proper function on R^n.

    >>> well, top = CriticalManifold(0, 0, (), 2), CriticalManifold(1, 0, (), 1)  # a double well
    >>> audit([well, top]).verdict.name, audit([well]).verdict.name
    ('CHECKED', 'REFUTED')
    """
    parts = list(manifolds)
    shares = [part.contribution for part in parts]
    unseen = sum(part.euler_characteristic == 0 for part in parts)
    known = [share for share in shares if share is not None]
    return Audit(sum(known) if len(known) == len(shares) else None, unseen)
