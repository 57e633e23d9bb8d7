"""One block of the Hessian at a reduced point, coupled along the point: its matrix and its inertia.

With unit vector m̂, a diagonal R ⪰ 0, χ = m̂ᵀRm̂ and decays γ_1 of the first and γ_2, γ_3, … of further
coordinates, the block is, up to a factor of 2,

    B = Γ^{1/2} [[I + R, (R - I)m̂ 1ᵀ], [·, 2I + (χ - 1) 11ᵀ]] Γ^{1/2},   Γ = diag(γ_1 I, γ_2, γ_3, …).

Equal decays are merged: n coordinates of decay γ hold 2γ n - 1 times, and one coordinate along their sum.

Where matrices are too large, Sylvester's law of inertia counts the eigenvalues below x in O(size).  With
ω_i = 2 - x/γ_i, Y = m̂ᵀ(R + ω_1 - 1)^{-1}m̂ and W = Σ_{i≥2} 1/ω_i, B - x is congruent to the diagonal of all
R_j + ω_1 - 1 and ω_i next to a 2 × 2 matrix (Haynsworth's inertia additivity), so that their negative
entries count, and one more or less by the sign of

    det = ω_1 (ω_1 Y - 1) W - 1:   + 1 if det > 0 and W > 0,   - 1 if det > 0 and W < 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, arb_mat

from symderive.arithmetic.eigenvalues import symmetric_axes
from symderive.arithmetic.turns import cached_property

#: Steps after which Laguerre's method is given up.
LAGUERRE_STEPS = 40


@dataclass(frozen=True, eq=False)
class CoupledBlock:
    """B for balls at the current precision.

    Attributes
    ----------
    decay
        γ_1.
    stiffness
        The diagonal of R.
    direction
        The components of m̂, a unit vector.
    others
        Pairs (γ, n) of the distinct decays γ_2, γ_3, … and how often each occurs.
    error
        A bound on how far R is from diagonal, in the norm.
    """

    decay: arb
    stiffness: tuple[arb, ...]
    direction: tuple[arb, ...]
    others: tuple[tuple[arb, int], ...]
    error: arb

    @property
    def size(self) -> int:
        """Coordinates after merging."""
        return len(self.stiffness) + len(self.others)

    @cached_property
    def _shares(self) -> list[arb]:
        return [x * x for x in self.direction]

    @cached_property
    def _total(self) -> arb:
        """‖Γ^{1/2}1‖² over the further coordinates."""
        return sum((decay * count for decay, count in self.others), arb(0))

    @property
    def spread(self) -> arb:
        """What the error of R may move an eigenvalue by."""
        return (self.error * (self.decay.sqrt() + self._total.sqrt()) ** 2).abs_upper()

    def matrix(self) -> arb_mat:
        """B."""
        chi = self._alignment
        first = len(self.stiffness)
        B = arb_mat(self.size, self.size)
        root = self.decay.sqrt()
        scales = [(decay * count).sqrt() for decay, count in self.others]
        for j, (r, x) in enumerate(zip(self.stiffness, self.direction, strict=True)):
            B[j, j] = self.decay * (1 + r)
            for i, scale in enumerate(scales, start=first):
                B[i, j] = B[j, i] = root * (r - 1) * x * scale
        for i, left in enumerate(scales, start=first):
            for j, right in enumerate(scales, start=first):
                B[i, j] = (chi - 1) * left * right
            B[i, i] += 2 * self.others[i - first][0]
        return B

    @cached_property
    def _alignment(self) -> arb:
        """χ."""
        return sum((r * w for r, w in zip(self.stiffness, self._shares, strict=True)), arb(0))

    def eigenvalues(self) -> list[arb]:
        """All eigenvalues of B in increasing order, apart from the merged ones; O(size³)."""
        wide = arb(0, self.spread)
        return [value + wide for value in symmetric_axes(self.matrix()).eigenvalues()]

    def eigenvalue(self, place: int, bits: int) -> arb:
        """The eigenvalue number ``place`` from below, from 0, to ``bits`` bits if the precision allows it.

        Laguerre's method proposes the lowest and the highest, and counts confirm; else counts bisect.
        """
        low, high = self._proposed(place, bits) or self._bisected(place, bits)
        return low.union(high) + arb(0, self.spread)

    def _proposed(self, place: int, bits: int) -> tuple[arb, arb] | None:
        """A bracket of the lowest or highest eigenvalue that counts confirm, or None.

        From outside, Laguerre's method goes monotonically to the nearest of real roots, cubically.
        """
        if place not in (0, self.size - 1):
            return None
        side = -1 if place == 0 else 1
        x = (side * self._bound()).mid()
        for _ in range(LAGUERRE_STEPS):
            slope, square = self._moments(x)
            bend = ((self.size - 1) * (self.size * square - slope * slope)).nonnegative_part().sqrt()
            step = (self.size / (slope + side * bend)).mid()
            if not step.is_finite():
                return None
            x = (x - step).mid()
            if abs(step) < abs(x) * arb(2) ** (-bits // 2):
                break
        radius = abs(x) * arb(2) ** -(bits + 2)
        low, high = (x - radius).mid(), (x + radius).mid()
        under, over = self.count_below(low), self.count_below(high)
        return None if under is None or over is None or not under <= place < over else (low, high)

    def _bisected(self, place: int, bits: int) -> tuple[arb, arb]:
        """A bracket by counts alone, as narrow as they decide."""
        low, high, hop = -self._bound(), self._bound(), 1
        while not high - low <= abs(high + low) * arb(2) ** -(bits + 1):
            x, hop = _between(low, high, hop)
            below = self.count_below(x)
            if below is None:
                x = ((2 * low + high) / 3).mid()
                below = self.count_below(x)
            if below is None or not low < x < high:
                break
            low, high = (low, x) if below > place else (x, high)
        return low, high

    def _bound(self) -> arb:
        """An upper bound on ‖B‖."""
        largest = max(r.abs_upper() for r in self.stiffness)
        root = self._total.sqrt()
        decays = max(2 * decay for decay, _ in self.others)
        shared = (self._alignment - 1) * self._total
        crossed = self.decay.sqrt() * root * (1 + largest)
        return (self.decay * (1 + largest) + crossed + decays + abs(shared)).abs_upper()

    def count_below(self, x: arb) -> int | None:
        """How many eigenvalues lie below x; None where the precision does not tell."""
        omega = 2 - x / self.decay
        poles = [*(r + omega - 1 for r in self.stiffness), *(2 - x / decay for decay, _ in self.others)]
        if any(pole.contains(0) for pole in poles):
            return None
        (determinant, *_), weight = self._secular(x)
        count = sum(1 for pole in poles if pole < 0)
        if determinant < 0:
            return count
        if determinant > 0 and weight > 0:
            return count + 1
        return count - 1 if determinant > 0 and weight < 0 else None

    def _secular(self, x: arb) -> tuple[tuple[arb, arb, arb], arb]:
        """det and its first two derivatives by x, and W."""
        rate = 1 / self.decay
        omega = 2 - x * rate
        Y, W = [arb(0)] * 3, [arb(0)] * 3
        for r, w in zip(self.stiffness, self._shares, strict=True):
            _add_powers(Y, w, 1 / (r + omega - 1), rate)
        for decay, count in self.others:
            _add_powers(W, arb(count), 1 / (2 - x / decay), 1 / decay)
        T = (
            omega * (omega * Y[0] - 1),
            omega * omega * Y[1] - rate * (2 * omega * Y[0] - 1),
            omega * omega * Y[2] - rate * (4 * omega * Y[1] - 2 * rate * Y[0]),
        )
        return (
            T[0] * W[0] - 1,
            T[1] * W[0] + T[0] * W[1],
            T[2] * W[0] + 2 * T[1] * W[1] + T[0] * W[2],
        ), W[0]

    def _moments(self, x: arb) -> tuple[arb, arb]:
        """Σ 1/(x - λ_k) and Σ 1/(x - λ_k)² over all eigenvalues: the poles' shares and those of det."""
        (value, first, second), _ = self._secular(x)
        slope = first / value
        square = slope * slope - second / value
        for pole in (
            *(self.decay * (1 + r) for r in self.stiffness),
            *(2 * decay for decay, _ in self.others),
        ):
            inverse = 1 / (x - pole)
            slope += inverse
            square += inverse * inverse
        return slope, square


def _add_powers(total: list[arb], weight: arb, inverse: arb, rate: arb) -> None:
    """Add weight/ω and its first two derivatives, where ω falls at a rate."""
    term = weight * inverse
    total[0] += term
    term *= rate * inverse
    total[1] += term
    total[2] += 2 * rate * inverse * term


def _between(low: arb, high: arb, hop: int) -> tuple[arb, int]:
    """Where to cut a bracket: at 0, by powers towards 0, or at the mean; and the next power."""
    if low < 0 < high:
        return arb(0), hop
    if low == 0:
        return (high * arb(2) ** -hop).mid(), 2 * hop
    if high == 0:
        return (low * arb(2) ** -hop).mid(), 2 * hop
    if low > 0 and high > 4 * low:
        return (low * high).sqrt().mid(), hop
    if high < 0 and low < 4 * high:
        return -(low * high).sqrt().mid(), hop
    return ((low + high) / 2).mid(), hop
