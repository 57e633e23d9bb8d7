"""The loss at trained weights, from their exact values: every float is a dyadic number.

Without noise the loss depends on the end-to-end map m and the norms of the layers alone, so that all of it
takes products of matrices with vectors,

    L = mᵀAm - 2 m·v + c + Σ γ_i ‖W_i‖² + δ²,
    ∂L/∂W_i = 2 (Q_iᵀ u_iᵀ + γ_i W_i),   u_i = W_{i-1} … W_1 (Am - v) + δ a_{i-1},   Q_i = U W_D … W_{i+1},

where δ is the error of the mean prediction that biases leave (0 without biases): free biases center the
data, and with a_0 = x̄, a_i = W_i a_{i-1} + b_i it is δ = a_{D+1} - ȳ.  Since Q_i W_i = Q_{i-1},
‖∂L/∂W_i‖²/4 = ‖Q_i‖²‖u_i‖² + 2γ_i Q_{i-1}·u_i + γ_i²‖W_i‖².  With noise the recursion of
``symderive.full_loss.recursion`` is taken: in floats with a proved bound where it is long, then in balls.
A network with noise and a free bias of its output sees the data as they are; its loss is that with the best
bias, and δ².
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.records import ball_data, ball_of
from symderive.arithmetic.turns import cached_property
from symderive.data.altered import Alteration, first_moments_of, quadratic
from symderive.data.moments import Moments
from symderive.full_loss.float_loss import FloatLoss
from symderive.full_loss.recursion import full_loss
from symderive.model.network import Network

#: Bits of the first balls: the loss at weights that were rounded from a minimum cancels some 110.
BITS = 256

#: Multiply-adds of a noisy loss up to which balls come first, and its gradient is taken in balls at all.
SHORT = 3_000_000


@dataclass(frozen=True, eq=False)
class Measurement:
    """Balls that enclose what the weights amount to.

    Attributes
    ----------
    loss
        All of it: the data term, the decays, and what the biases cost.
    second_moment, alignment, signal
        E f², m·v and mᵀAm of centered predictions.
    balanced_moment
        mᵀBm, the least E f² of all weights with this end-to-end map.
    squares
        ‖W_1‖², …, ‖U‖².
    norm_square
        ‖m‖².
    decay
        Σ γ_i ‖W_i‖².
    bias_cost, bias_error
        δ² and δ; 0 without biases.
    gradient_square
        The squared norm of the gradient over all weights and biases.
    centered_gradient_square
        The same over the weights, where the biases are at their best.
    """

    loss: arb
    second_moment: arb
    alignment: arb
    signal: arb
    balanced_moment: arb
    squares: tuple[arb, ...]
    norm_square: arb
    decay: arb
    bias_cost: arb
    bias_error: arb
    gradient_square: arb
    centered_gradient_square: arb


@dataclass(frozen=True, eq=False)
class Instrument:
    """A network, its data, and layers W_1, …, U with their biases as float64 arrays."""

    net: Network
    moments: Moments
    weights: tuple[Any, ...]
    biases: tuple[Any, ...] | None = None

    @property
    def levels(self) -> tuple[int, ...]:
        """Bits to measure at, one after the other until it is enough; 0 stands for floats with a bound."""
        first = (0,) if self._is_blurred and not self.net.bias and self._work > SHORT else ()
        return (*first, BITS, 2 * BITS, 4 * BITS)

    def measure(self, bits: int) -> Measurement:
        """At one of the :attr:`levels`."""
        with TURN, working_precision(bits or BITS):
            A, v = self.moments.operator()
            carriers = self._carriers()
            m = carriers[0]
            image = A.times(Balls(), m.transpose())
            inputs = self._forward(image - v)
            means: list[arb_mat] = []
            error = arb(0)
            if self.biases is not None:
                means, error = mean_predictions(self.moments, self._matrices, self.biases)
            squares = self._squares
            decays = [ball(g) for g in self.net.reduced_decays]
            decay = sum((g * s for g, s in zip(decays, squares, strict=True)), arb(0))
            alignment, signal = _inner(m, v.transpose()), nonnegative(_inner(m, image.transpose()))
            second, least, c = signal, signal, ball(self.moments.c)
            if self._is_blurred:
                second, alignment, c, gradient, whole = self._noisy(bits, carriers, means, error)
                mean_square = self._mean_square(m)
                signal = nonnegative(signal - mean_square)
                least = quadratic(self.moments, Alteration(*self.net.shares), m.entries()) - mean_square
            else:
                nothing = [arb_mat(u.nrows(), 1) for u in inputs]
                gradient = whole = self._gradient(carriers, inputs, nothing, decays)
                if self.biases is not None:
                    biased = self._gradient(carriers, inputs, [error * a for a in means], decays)
                    pulls = zip(carriers[1:], self.biases, strict=True)
                    whole = biased + 4 * error**2 * sum(
                        (_square(Q) for Q, b in pulls if b is not None), arb(0)
                    )
            return Measurement(
                loss=second - 2 * alignment + c + decay + error**2,
                second_moment=second,
                alignment=alignment,
                signal=signal,
                balanced_moment=least,
                squares=squares,
                norm_square=_square(m),
                decay=decay,
                bias_cost=error**2,
                bias_error=error,
                gradient_square=nonnegative(whole),
                centered_gradient_square=nonnegative(gradient),
            )

    @property
    def _is_blurred(self) -> bool:
        """Whether there is noise, or a bias whose data are not centered for it."""
        return bool(self.net.noises) or self.net.bias

    def _mean_square(self, m: arb_mat) -> arb:
        """(m·x̄)², where a bias takes it off."""
        if not self.net.bias:
            return arb(0)
        *features, _ = first_moments_of(self.moments)
        return (m * arb_mat([[x] for x in features]))[0, 0] ** 2

    def _noisy(
        self, bits: int, carriers: Sequence[arb_mat], means: Sequence[arb_mat], error: arb
    ) -> tuple[arb, arb, arb, arb, arb]:
        """E f², m·v, c and the squared gradient with the best bias, at the current precision or (0 bits) in
        floats; and the squared gradient at the bias that is given, whose error is δ."""
        exact = full_loss(self.net, self.moments, Balls())
        alignment, c = (carriers[0] * exact.v)[0, 0], arb(exact.c)
        if self.biases is not None or (bits and self._work <= SHORT):
            sweep = exact.sweep(self._matrices)
            gradient = whole = sum((_square(g) for g in sweep.gradients), arb(0))
            if self.biases is not None:
                pulls = zip(sweep.gradients, carriers[1:], means, strict=True)
                moved = (g + Q.transpose() * a.transpose() * (2 * error) for g, Q, a in pulls)
                whole = sum((_square(g) for g in moved), 4 * error**2)
            return arb(sweep.terms.second_moment), alignment, c, gradient, whole
        sizes = (self.moments.dimension, *(len(W) for W in self.weights))
        terms, norm = FloatLoss(exact, sizes).terms_and_gradient_norm(self.weights)
        second = terms.second_moment if not bits else exact.terms(self._matrices).second_moment
        return second, alignment, c, norm**2, norm**2

    # -- products with vectors -----------------------------------------------------------------------------

    def _carriers(self) -> list[arb_mat]:
        """Q_0 = m, Q_1, …, Q_{D+1} = 1 as rows."""
        rows = [arb_mat([[1]])]
        for W in reversed(self._matrices):
            rows.append(rows[-1] * W)
        return rows[::-1]

    def _forward(self, first: arb_mat) -> list[arb_mat]:
        """The columns W_{i-1} … W_1 ``first`` for i = 1 … D + 1."""
        columns = [first]
        for W in self._matrices[:-1]:
            columns.append(W * columns[-1])
        return columns

    def _gradient(
        self,
        carriers: Sequence[arb_mat],
        inputs: Sequence[arb_mat],
        added: Sequence[arb_mat],
        decays: Sequence[arb],
    ) -> arb:
        """Σ ‖∂L/∂W_i‖² without noise."""
        total = arb(0)
        for (before, after), u, more, g, s in zip(
            pairwise(carriers), inputs, added, decays, self._squares, strict=True
        ):
            moved = (u + more).transpose()
            total += _square(after) * _square(moved) + 2 * g * _inner(before, moved) + g**2 * s
        return 4 * total

    # -- the weights as balls ------------------------------------------------------------------------------

    @cached_property
    def _matrices(self) -> list[arb_mat]:
        """The layers, exact at any precision."""
        return [arb_mat(W.tolist()) for W in self.weights]

    @cached_property
    def _squares(self) -> tuple[arb, ...]:
        """‖W_1‖², …, ‖U‖², once for all levels."""
        with TURN, working_precision(max(self.levels)):
            return tuple(_square(arb_mat([W.ravel().tolist()])) for W in self.weights)

    @property
    def _work(self) -> int:
        """Multiply-adds of a noisy loss and its gradient, roughly."""
        sizes = (self.moments.dimension, *(len(W) for W in self.weights))
        thin = (sizes[0], *(min(a, b) for a, b in pairwise(sizes)))
        return sum(4 * a * b * max(thin) for a, b in pairwise(sizes))


def mean_predictions(
    moments: Moments, layers: Sequence[arb_mat], biases: Sequence[Any]
) -> tuple[list[arb_mat], arb]:
    """a_0, …, a_D as columns, and δ, at the current precision; ``biases`` are vectors or None."""
    means = moments.means or moments.first_moments
    assert means is not None  # who has biases centers the data, or knows their means
    at = arb_mat([[0 if moments.variances is not None else ball(x)] for x in means[:-1]])
    columns = []
    for W, b in zip(layers, biases, strict=True):
        columns.append(at)
        at = W * at
        if b is not None:
            at = at + arb_mat([[x] for x in b.tolist()])
    return columns, at[0, 0] - ball(means[-1])


def _inner(left: arb_mat, right: arb_mat) -> arb:
    """The inner product of two rows."""
    return (left * right.transpose())[0, 0]


def _square(matrix: arb_mat) -> arb:
    """The sum of the squares of all entries; of a row at the pace of one product."""
    if matrix.nrows() == 1:
        return _inner(matrix, matrix)
    return sum([x * x for x in matrix.entries()], arb(0))


def nonnegative(value: arb) -> arb:
    """What of a ball is not negative, for a number that cannot be: the lower end is then 0 exactly."""
    if not value.is_finite() or value.lower() >= 0:
        return value
    if value.upper() < 0:
        raise ArithmeticError(f"{value} encloses a number that cannot be negative")
    _, upper = ball_data(arb(0, value.upper()))
    if not isinstance(upper, tuple):
        return value
    half = upper[0], upper[1] - 1
    return ball_of(half, half)


def spread(values: Sequence[arb]) -> arb:
    """The largest minus the smallest."""
    most, least = values[0], values[0]
    for value in values[1:]:
        most, least = most.max(value), least.min(value)
    return nonnegative(most - least)


def root(square: arb) -> arb:
    """The root of a ball that holds a number ≥ 0."""
    return square.sqrt() if square > 0 else nonnegative(arb(0, square.abs_upper().sqrt()))
