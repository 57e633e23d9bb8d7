"""The Hessian of the full loss at its stationary points, block by block, in ball arithmetic.

At a reduced point every layer has rank one, W_i = β_i e_i e_{i-1}ᵀ, and permuting or turning neurons is a
symmetry, so that the Hessian is block diagonal whatever the widths.  With R = ρA/λ, m̂ = m/‖m‖, χ = m̂ᵀRm̂ and
ν_i = σ_i²/(d_i + σ_i²) its eigenvalues are twice those of

1. once, of size d + D: the block of :mod:`symderive.landscape.hessian.secular` with all decays;
2. d_1 - 1 times, of size d + 1: the same block with ν_1 R for R and the decays γ_1, γ_2;
3. d_i - 1 times, for i = 2, …, D: the same with χν_i for R and the decays γ_i, γ_{i+1}, of size 2;
4. (d_i - 1)(d_{i-1} - 1) times, for i = 2, …, D: γ_i (1 + χ ν_i ν_{i-1}).

So the number of negative eigenvalues is 1 where φ crosses τ downwards (H' < 0) and else 0, and 0 is an
eigenvalue Σ_{σ_i = 0} (d_i - 1) times, once more where H' = 0.  These counts are exact, however small other
eigenvalues get.  Widths and depth cost nothing but whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb, arb_mat, ctx

from symderive.arithmetic.eigenvalues import REFINED_SIZE, Axes, norm, symmetric_axes
from symderive.arithmetic.exact import TURN, ball, bits_for, is_accurate, rational, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS, sharpest
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.response import Response
from symderive.effective_ridge.ridge import Ridge
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import carrying_bits
from symderive.landscape.hessian.secular import CoupledBlock
from symderive.landscape.hessian.spectrum import (
    Hessian,
    HessianBlock,
    HessianBlockKind,
    block_of,
    hessian_of,
)
from symderive.model.network import Network

#: Largest block of which all eigenvalues are computed; of larger ones the extremes are.
FULL_SIZE = 48

#: Multiple of the digits asked for, or of those a root is known to, up to which accuracy is sought.
MOST_RETRIES = 16


@dataclass(frozen=True, eq=False)
class _Point:
    """R and m̂ in axes of A, as balls.

    ``stiffness`` and ``direction`` are R_j and m̂_j where m̂ may have a part; ``rest`` holds pairs (R_j, n)
    for n axes on which it certainly has none.  R is diagonal up to ``error``.
    """

    alignment: arb
    stiffness: tuple[arb, ...]
    direction: tuple[arb, ...]
    rest: tuple[tuple[arb, int], ...]
    error: arb

    def block(self, factor: arb, decays: Sequence[Fraction]) -> tuple[CoupledBlock, list[tuple[arb, int]]]:
        """The coupled block with factor·R for R, and pairs of its other eigenvalues and multiplicities."""
        first, *others = decays
        counts = _counted((decay, 1) for decay in others)
        gamma = ball(first)
        coupled = CoupledBlock(
            gamma,
            tuple(factor * r for r in self.stiffness),
            self.direction,
            tuple((ball(decay), count) for decay, count in counts.items()),
            factor * self.error,
        )
        known = [(gamma * (1 + factor * r), count) for r, count in self.rest]
        known += [(2 * ball(decay), count - 1) for decay, count in counts.items() if count > 1]
        return coupled, known


@dataclass(frozen=True)
class _Search:
    """How eigenvalues are searched for: all in blocks up to a size ``full``, else two to ``bits`` bits."""

    full: int
    bits: int

    def block(
        self,
        kind: HessianBlockKind,
        layers: tuple[int, ...],
        copies: int,
        parts: tuple[CoupledBlock, list[tuple[arb, int]]],
        *,
        flat: bool = False,
    ) -> HessianBlock:
        """The record of a coupled block; ``flat`` says that its lowest eigenvalue is exactly 0."""
        coupled, known = parts
        size = coupled.size + sum(count for _, count in known)
        if complete := coupled.size <= max(2, self.full):
            values = coupled.eigenvalues()[flat:]
        else:
            values = [coupled.eigenvalue(place, self.bits) for place in (int(flat), coupled.size - 1)]
        known = [*known, *((value, 1) for value in values), (arb(0), int(flat))]
        return block_of(kind, layers, copies, size, known, complete=complete)


class HessianBlocks:
    """Makes the Hessians of one landscape; keeps the axes of A, which all points share."""

    def __init__(self, net: Network, equation: ScalarEquation) -> None:
        self._equation, self._data = equation, equation.data
        self._decays = [rational(g) for g in net.reduced_decays]
        self._widths = [int(width) for width in net.widths]
        self._blurs = [s / (d + s) for s, d in zip(map(rational, net.noise), self._widths, strict=True)]
        self._known_axes: dict[int, Axes] = {}

    def at(self, ridge: Ridge | None, digits: int, *, spectrum: bool = True) -> Hessian:
        """The Hessian at a stationary point, None for the origin, to ``digits`` digits.

        Without ``spectrum`` the extremes of large blocks are enough.
        """
        full = FULL_SIZE if spectrum else 0

        def is_sharp(found: Hessian) -> bool:
            values = (one.value for one in found.eigenvalues()) if spectrum else found.extremes
            return all(is_accurate(x, digits) for x in values)

        limit = self._most_digits(ridge, digits)
        return sharpest(lambda working: self._at(ridge, working, full), is_sharp, start=digits, limit=limit)

    def inertia(self, ridge: Ridge | None) -> tuple[int | None, int | None]:
        """Index and nullity at a stationary point, None for the origin; exact, by the formulas."""
        if self._equation.depth == 0:
            return 0, self._free_features()
        if ridge is None:
            at = self._origin()
            return at.morse_index, at.nullity
        if not ridge.decided:
            return None, None
        layers = zip(self._widths, self._blurs, strict=True)
        nullity = sum(width - 1 for width, blur in layers if blur == 0)
        return int(ridge.kind == "saddle"), nullity + (ridge.kind == "degenerate")

    def _most_digits(self, ridge: Ridge | None, digits: int) -> int:
        """Working digits up to which more of them may help."""
        refined = self._data.has_known_axes or self._data.dimension <= REFINED_SIZE
        known = 0 if ridge is None else ridge.limit
        sharp = ridge is None or ridge.sharpens
        return MOST_RETRIES * max(digits, known) if sharp and refined else digits

    def _at(self, ridge: Ridge | None, digits: int, full: int) -> Hessian:
        with TURN, working_precision(carrying_bits(digits)):
            if self._equation.depth == 0:
                return self._quadratic()
            if ridge is None:
                return self._origin()
            return self._reduced(ridge, digits, full)

    # -- reduced points --------------------------------------------------------------------------------

    def _reduced(self, ridge: Ridge, digits: int, full: int) -> Hessian:
        at = ridge.read(digits)
        point = self._point(at.ridge, at.response)
        flat = ridge.is_double
        search = _Search(full, bits_for(digits + GUARD_DIGITS))
        layers = tuple(range(1, len(self._decays) + 1))
        blocks = [
            search.block("point", layers, 1, point.block(arb(1), self._decays), flat=flat),
            *self._neuron_blocks(point, search),
            *self._pair_blocks(point),
        ]
        return hessian_of([block for block in blocks if block.copies], *self.inertia(ridge))

    def _neuron_blocks(self, point: _Point, search: _Search) -> Iterator[HessianBlock]:
        """Blocks 2 and 3."""
        first = self._decays[:2]
        copies = self._widths[0] - 1
        if copies and self._blurs[0]:
            yield search.block("neurons", (1,), copies, point.block(ball(self._blurs[0]), first))
        elif copies:
            soft = [(arb(0), 1), (ball(sum(first)), 1), (ball(first[0]), self._data.dimension - 1)]
            yield block_of("neurons", (1,), copies, self._data.dimension + 1, soft)
        groups: dict[tuple[Fraction, Fraction, Fraction], list[int]] = {}
        for layer in range(2, len(self._widths) + 1):
            key = (*self._decays[layer - 1 : layer + 1], self._blurs[layer - 1])
            groups.setdefault(key, []).append(layer)  # type: ignore[arg-type]
        for (before, after, blur), layers in groups.items():
            copies = sum(self._widths[layer - 1] - 1 for layer in layers)
            stiffness = point.alignment * ball(blur) if blur else arb(0)
            known = _two_by_two(ball(before), ball(after), stiffness)
            yield block_of("neurons", tuple(layers), copies, 2, known)

    def _pair_blocks(self, point: _Point) -> Iterator[HessianBlock]:
        """Block 4."""
        groups: dict[tuple[Fraction, Fraction], list[int]] = {}
        for layer in range(2, len(self._widths) + 1):
            key = self._decays[layer - 1], self._blurs[layer - 1] * self._blurs[layer - 2]
            groups.setdefault(key, []).append(layer)
        for (decay, blur), layers in groups.items():
            copies = sum((self._widths[i - 1] - 1) * (self._widths[i - 2] - 1) for i in layers)
            value = ball(decay) * (1 + point.alignment * ball(blur))
            yield block_of("neuron pairs", tuple(layers), copies, 1, [(value, 1)])

    def _point(self, ridge: arb, response: Response) -> _Point:
        m = self._equation.resolvent.ridge_solution(ridge)
        length, scale = norm(m), ball(self._equation.rho) / ridge
        alignment = response.energy / (ridge * response.r2)
        if not isinstance(self._data, Spectrum):
            axes = self._axes()
            direction = axes.components(arb_mat([[x / length] for x in m]))
            stiffness = tuple(scale * a for a in axes.values)
            return _Point(alignment, stiffness, tuple(direction), (), scale * axes.error)
        # Equal eigenvalues are seen to be equal here, and axes without a part of v to have none.
        coupled, rest = dict[Fraction, arb](), dict[Fraction, int]()
        for a, p, x in zip(self._data.a, self._data.p, m, strict=True):
            if p:
                rest[a] = rest.get(a, 0) + (a in coupled)
                coupled[a] = coupled.get(a, arb(0)) + x * x
            else:
                rest[a] = rest.get(a, 0) + 1
        return _Point(
            alignment,
            tuple(scale * ball(a) for a in coupled),
            tuple(square.sqrt() / length for square in coupled.values()),
            tuple((scale * ball(a), count) for a, count in rest.items() if count),
            arb(0),
        )

    def _axes(self) -> Axes:
        """The axes of A at the current precision."""
        if ctx.prec not in self._known_axes:
            A, _ = self._data.balls()
            self._known_axes[ctx.prec] = symmetric_axes(A)
        return self._known_axes[ctx.prec]

    # -- where nothing couples -------------------------------------------------------------------------

    def _quadratic(self) -> Hessian:
        """Depth 0: the Hessian is 2(A + γ) everywhere."""
        (decay,), data, nullity = self._decays, self._data, self._free_features()
        if isinstance(data, Spectrum):
            known = [
                (ball(value), count) for value, count in _counted((a + decay, 1) for a in data.a).items()
            ]
        else:
            values = [value + ball(decay) for value in self._axes().eigenvalues()]
            known = [(arb(0), nullity), *((value, 1) for value in values[nullity:])]
        return hessian_of([block_of("features", (1,), 1, data.dimension, known)], 0, nullity)

    def _free_features(self) -> int:
        """The dimension of the null space of A + γ at depth 0."""
        (decay,) = self._decays
        return 0 if decay else self._data.nullity

    def _origin(self) -> Hessian:
        """The origin at depth ≥ 1: decay alone, which at depth 1 competes with the data."""
        sizes = (self._data.dimension, *self._widths, 1)
        counts = [a * b for a, b in pairwise(sizes)]
        layers = tuple(range(1, len(self._decays) + 1))
        if self._equation.depth > 1:
            groups = _counted(zip(self._decays, counts, strict=True))
            known = [(ball(decay), count) for decay, count in groups.items()]
            return hessian_of(
                [block_of("origin", layers, 1, sum(counts), known)], 0, groups.get(Fraction(0), 0)
            )
        (first, last), copies = self._decays, self._widths[0]
        signal = self._data.v_norm_squared
        upper = (ball(first + last) + ball((first - last) ** 2 + 4 * signal).sqrt()) / 2
        product = first * last - signal
        lower = ball(product) / upper if product else arb(0)
        known = [(lower, 1), (upper, 1), (ball(first), self._data.dimension - 1)]
        block = block_of("origin", layers, copies, self._data.dimension + 1, known)
        zeros = sum(one.multiplicity for one in block.eigenvalues if one.value == 0)
        return hessian_of([block], copies * (product < 0), copies * zeros)


def _counted(pairs: Iterable[tuple[Fraction, int]]) -> dict[Fraction, int]:
    """How often each number occurs."""
    counts: dict[Fraction, int] = {}
    for value, count in pairs:
        counts[value] = counts.get(value, 0) + count
    return counts


def _two_by_two(before: arb, after: arb, stiffness: arb) -> list[tuple[arb, int]]:
    """The eigenvalues of [[γ(1 + r), -√(γγ')(1 - r)], [·, γ'(1 + r)]], whose determinant is 4γγ'r."""
    plus = (before + after) * (1 + stiffness)
    apart, crossed = (before - after) * (1 + stiffness), 1 - stiffness
    upper = (plus + (apart * apart + 4 * before * after * crossed * crossed).nonnegative_part().sqrt()) / 2
    return [(4 * before * after * stiffness / upper, 1), (upper, 1)]
