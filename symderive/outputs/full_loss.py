"""The full loss of several outputs without noise, and its gradient, on plain matrices in mpmath.

    L = tr MAMᵀ - 2 tr MVᵀ + c + Σ_i γ_i ‖W_i‖²,   M = U W_D … W_1,

written from the definition: it knows nothing of singular values, duals or balanced layers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Any

from flint import arb, fmpq_mat

from symderive.arithmetic.exact import TURN, Number, bits_for, sympify_exact, working_precision
from symderive.full_loss.verification import Verification
from symderive.verdict import Verdict

#: Digits carried beyond those asked for and those that are known to cancel.
GUARD_DIGITS = 20

#: Competitors, and entries of a product that all of them together may take.
COMPETITORS, COMPETITOR_WORK = 16, 500_000


@dataclass(frozen=True)
class Setting:
    """A network's loss in a private context of mpmath: ``product`` is X ↦ XA, V is o × d."""

    mp: Any
    product: Callable[[Any], Any]
    V: Any
    c: Any
    decays: Sequence[Any]

    def terms(self, layers: Sequence[Any]) -> list[Any]:
        """The terms of the loss at W_1, …, W_D, U."""
        return self._terms(layers, before(layers)[-1])

    def _terms(self, layers: Sequence[Any], M: Any) -> list[Any]:
        mp = self.mp
        pairs = zip(self.decays, layers, strict=True)
        return [
            mp.fsum(x * y for x, y in zip(self.product(M), M, strict=True)),
            -2 * mp.fsum(x * y for x, y in zip(M, self.V, strict=True)),
            self.c,
            mp.fsum(g * square(W) for g, W in pairs),
        ]

    def measured(self, layers: Sequence[Any]) -> Measured:
        """Loss and gradient, beside the sizes of what cancels in them."""
        mp, maps = self.mp, before(layers)
        terms = self._terms(layers, maps[-1])
        error = self.product(maps[-1]) - self.V
        slopes, pull = [], error
        for i in reversed(range(len(layers))):
            slopes.append(pull * maps[i - 1].T if i else pull)
            pull = layers[i].T * pull
        pairs = list(zip(reversed(slopes), self.decays, layers, strict=True))
        gradient = mp.sqrt(mp.fsum(square(2 * (s + g * W)) for s, g, W in pairs))
        scale = mp.sqrt(mp.fsum(square(2 * g * W) for _, g, W in pairs))
        return Measured(mp.fsum(terms), mp.fsum(map(abs, terms)), gradient, scale)

    def lowest_competitor(self, layers: Sequence[Any], seed: int = 0) -> tuple[int, Any]:
        """How many other layers were tried, near and far, and the least of their losses."""
        draw = random.Random(seed)
        rows, columns = self.V.rows, self.V.cols
        count = min(COMPETITORS, COMPETITOR_WORK // (rows * columns * columns + 1))
        losses = []
        for number in range(count):
            near = self.mp.mpf(10) ** -(number % 8)
            losses.append(self.mp.fsum(self.terms([self._moved(W, near, draw) for W in layers])))
        return count, min(losses, default=None)

    def _moved(self, W: Any, by: Any, draw: random.Random) -> Any:
        size = self.mp.sqrt(square(W) / (W.rows * W.cols or 1)) or 1
        moved = W.copy()
        for i in range(W.rows):
            for j in range(W.cols):
                moved[i, j] += by * size * draw.gauss(0, 1)
        return moved


@dataclass(frozen=True)
class Measured:
    """Loss and the norm of its gradient, and the sizes of the terms that they are made of."""

    loss: Any
    loss_size: Any
    gradient: Any
    gradient_size: Any

    def is_flat(self, tolerance: Any) -> bool:
        """Whether the gradient is 0 to ``tolerance``, relative."""
        return bool(self.gradient <= tolerance * (self.gradient_size + self.loss_size**0.5 * tolerance))


def verification(
    found: Measured, claimed: Any, verdict: Verdict, reason: str, digits: int, mp: Any, **competitors: Any
) -> Verification:
    """What was measured, for people."""
    difference = abs(found.loss - claimed)
    with TURN, working_precision(bits_for(digits + GUARD_DIGITS)):
        values = [arb(mp.nstr(x, digits)) for x in (found.loss, difference, found.gradient)]
        relative = values[1] / abs(values[0]) if values[0] != 0 else values[1]
    return Verification(
        verdict,
        reason,
        "mpmath",
        digits,
        loss=values[0],
        loss_difference=values[1],
        relative_difference=relative,
        gradient_norm=values[2],
        **competitors,
    )


def before(layers: Sequence[Any]) -> list[Any]:
    """The map up to and with each layer."""
    maps = [layers[0]]
    for W in layers[1:]:
        maps.append(W * maps[-1])
    return maps


def matrix_of(mp: Any, matrix: fmpq_mat) -> Any:
    """A rational matrix, rounded."""
    return mp.matrix([[mp.mpf(int(x.p)) / int(x.q) for x in row] for row in matrix.tolist()])


def number_of(mp: Any, value: Number) -> Any:
    """A rational number, rounded."""
    number = sympify_exact(value)
    return mp.mpf(int(number.p)) / int(number.q)


def middle_of(mp: Any, value: arb) -> Any:
    """The midpoint of a ball."""
    mantissa, exponent = value.mid().man_exp()
    return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))


def square(matrix: Any) -> Any:
    """The sum of the squares of all entries."""
    return sum(x * x for x in matrix)


def digits_before_point(ratio: arb) -> int:
    """Decimal digits of a number before its point."""
    return max(0, ceil(float(ratio.log().upper()) / log(10)))
