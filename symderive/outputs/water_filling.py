"""Water filling: the penalty of a noisy hidden layer on the singular values of the map, minimized exactly.

To be minimized over s_1, s_2, … ≥ 0, of which at most r are not 0, is

    Σ_i (a s_i² - 2 t_i s_i) + ν a S² + 2 g S,   S = Σ_i s_i,   t_1 ≥ t_2 ≥ … > 0.

With h_k = (1 + ν(k-1)) t_k - ν Σ_{i<k} t_i - g, which falls in k, the k with k ≤ r and h_k > 0 are held,

    s_i = (t_i - g)/a - ν S,   S = Σ_{i≤k} (t_i - g) / (a (1 + νk)),

and member k lowers the value by h_k²/(a (1 + νk)(1 + ν(k-1))): gains that add up, so that no digits cancel.
The sign of h_k is decided exactly (:mod:`symderive.outputs.surds`).  At g = h_k + g, the *threshold* of
member k, it leaves: so the rank falls with the decay in steps.  With ν = 0 and g = 0 all that r allows are
held, the best approximation of rank r.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symderive.arithmetic.exact import TURN, ball, is_accurate, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen
from symderive.data.output_moments import SingularSquare
from symderive.effective_ridge.values import carrying_bits
from symderive.outputs.held import HeldMode
from symderive.outputs.surds import Surd, sign_of, square_of, sum_of


@dataclass(frozen=True)
class WaterFilling:
    """The problem, exact: a > 0, g² ≥ 0, ν ≥ 0, r ≥ 0, and the t² in decreasing order.

    ``rest`` is what is left of the loss when every t is fitted, so that the loss of s = 0 is Σ t²/a + rest.
    """

    squares: tuple[SingularSquare, ...]
    scale: Fraction
    shift_squared: Fraction
    share: Fraction
    rank: int
    rest: Fraction

    def thresholds(self) -> Iterator[tuple[SingularSquare, int, list[Surd]]]:
        """For each t the members before its first copy, and its threshold as a sum of square roots."""
        before, surds = 0, list[Surd]()
        for square in self.squares:
            yield square, before, [(1 + self.share * before, square), *surds]
            before += square.multiplicity
            surds.append((-self.share * square.multiplicity, square))

    @property
    def is_interpolated(self) -> bool:
        """Whether the least value is exactly 0."""
        free = self.shift_squared == 0 and self.share == 0
        return self.rest == 0 and (not self.squares or (free and self.rank >= self.copies))

    @property
    def copies(self) -> int:
        """The number of t > 0 with their multiplicities."""
        return sum(square.multiplicity for square in self.squares)

    def solve(self, digits: int) -> tuple[tuple[HeldMode, ...], arb]:
        """What each t becomes, in decreasing order, and the least value; to ``digits`` digits."""
        shift: list[Surd] = []
        if self.shift_squared:
            shift = [(Fraction(-1), square_of(self.shift_squared))]
        signs, held, left = list[int | None](), list[int](), self.rank
        for square, _, threshold in self.thresholds():
            # Once one stays out, so do all that are smaller.
            sign = sign_of([*threshold, *shift])
            taken = min(square.multiplicity, left) if sign == 1 else 0
            signs.append(sign)
            held.append(taken)
            left -= taken

        def at(bits: int) -> tuple[tuple[HeldMode, ...], arb]:
            return self._enclosed(bits, signs, held)

        def is_told(found: tuple[tuple[HeldMode, ...], arb]) -> bool:
            modes, value = found
            sizes = all(is_accurate(x.size, digits) for x in modes if x.held)
            return sizes and (value == 0 or None in signs or is_accurate(value, digits))

        return sharpen(at, is_told, start=carrying_bits(digits + GUARD_DIGITS))

    def _enclosed(
        self, bits: int, signs: Sequence[int | None], held: Sequence[int]
    ) -> tuple[tuple[HeldMode, ...], arb]:
        thresholds = [sum_of(surds, bits) for _, _, surds in self.thresholds()]
        with TURN, working_precision(bits):
            a, share, shift = ball(self.scale), ball(self.share), ball(self.shift_squared).sqrt()
            singular = [square.ball(bits).sqrt() for square in self.squares]
            rank = sum(held)
            level = sum((count * (t - shift) for count, t in zip(held, singular, strict=True)), arb(0))
            level *= share / (1 + rank * share)
            modes, value, before = [], ball(self.rest), 0
            for square, t, threshold, sign, count in zip(
                self.squares, singular, thresholds, signs, held, strict=True
            ):
                copies = square.multiplicity
                size = (t - shift - level) / a if count else arb(0)
                modes.append(HeldMode(t, copies, count, size, threshold, sign))
                value += (copies - count) * t**2 / a
                left = self._left(t, threshold - shift, before, count)
                value += left / a
                if sign is None:
                    value -= ((threshold - shift) ** 2 * copies / a).union(arb(0))
                before += copies
            return tuple(modes), arb(0) if self.is_interpolated else value

    def _left(self, t: arb, excess: arb, before: int, count: int) -> arb:
        """What ``count`` copies of t leave of their Σ t², h being the same for all of them."""
        share = ball(self.share)
        first, last = 1 + share * before, 1 + share * (before + count)
        # Σ_j 1/((1 + νj)(1 + ν(j-1))) = count/(first · last), and t² - h²/(first last) as a product.
        root = excess / (first * last).sqrt()
        return count * (t - root) * (t + root)
