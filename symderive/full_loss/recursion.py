"""The full regularized loss and its gradient for given weights, noise averaged, in any number type.

With the output layer written W_{D+1} := U (a row), M_0 = A and the noise variances σ_i²,

    S_i = W_i M_{i-1} W_iᵀ,   M_i = S_i + σ_i² Diag(S_i),   E f² = U M_D Uᵀ,
    L = E f² - 2 (U W_D … W_1) v + c + Σ_i γ_i ‖W_i‖²,

which is the expectation of Ziyin, Li and Meng (2022), Eq. 1, over independent noise of mean 1.  The
reverse sweep is the adjoint: P_{D+1} = 1, N_i = W_{i+1}ᵀ P_{i+1} W_{i+1}, P_i = N_i + σ_i² Diag(N_i), and
∂L/∂W_i = 2 (P_i W_i M_{i-1} - (U W_D … W_{i+1})ᵀ (W_{i-1} … W_1 v)ᵀ + γ_i W_i).  It holds for all weights;
nothing here knows of the reduced problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flint import arb, arb_mat

from symderive.arithmetic.exact import ball
from symderive.arithmetic.matrices import Arithmetic
from symderive.arithmetic.symmetric import Symmetric
from symderive.data.interface import Data, require_data
from symderive.model.network import Network


class Terms(NamedTuple):
    """The parts of the loss: E f², m·v with m the end-to-end map, and the decay Σ γ_i ‖W_i‖²."""

    second_moment: Any
    alignment: Any
    decay: Any


class Spread(NamedTuple):
    """The symmetric matrix ``left right + Diag(diagonal)``, kept apart: its factors are often thin."""

    left: Any
    right: Any
    diagonal: Sequence[Any] | None

    @classmethod
    def of(cls, op: Arithmetic, left: Any, right: Any, variance: Any) -> Spread:
        """S + variance · Diag(S) for the symmetric product S = ``left right``."""
        if not variance:
            return cls(left, right, None)
        return cls(left, right, [variance * s for s in op.row_products(left, op.transpose(right))])

    def times(self, op: Arithmetic, X: Any) -> Any:
        """This matrix times X."""
        product = op.multiply(self.left, op.multiply(self.right, X))
        return product if self.diagonal is None else op.add(product, op.scale_rows(self.diagonal, X))


class Gradient(NamedTuple):
    """What the reverse sweep finds.

    ``terms`` are the parts of the loss and ``gradients`` holds ∂L/∂W_1, …, ∂L/∂U.  ``balances`` holds for
    each layer ‖γ_i W_i‖² and the squared norm of ∂(m·v)/∂W_i: the sizes of parts that cancel in the
    gradient.  ``sensitivity`` is P_1 (None at depth 0, where it is 1) and ``carrier`` is U W_D … W_2
    (at depth 0 it is 1), so that as a function of W_1 alone E f² = tr(W_1ᵀ P_1 W_1 A) and m = carrier W_1.
    """

    terms: Terms
    gradients: list[Any]
    balances: list[tuple[Any, Any]]
    sensitivity: Spread | None
    carrier: Any


@dataclass(frozen=True)
class FullLoss:
    """Data and hyperparameters in one number type.

    ``A`` has shape (d, d), whole or factored, ``v`` (d, 1); ``noise`` holds D variances and ``decays``
    D + 1 decays.  Weights are lists W_1, …, W_D, U with U of shape (1, d_D).  With o outputs ``v`` is
    E[x yᵀ], of shape (d, o), U has shape (o, d_D), and E f², m·v are sums over the outputs.
    """

    op: Arithmetic
    A: Symmetric
    v: Any
    c: Any
    noise: tuple[Any, ...]
    decays: tuple[Any, ...]

    def terms(self, weights: Sequence[Any]) -> Terms:
        """The parts of the loss, which is second_moment - 2 alignment + c + decay."""
        squares = [self.op.square(W) for W in weights]
        last = self._forward(weights)[0][-1]
        return self._terms(weights[-1], last, self._signals(weights)[-1], squares)

    def _terms(self, output: Any, product: Any, signal: Any, squares: Sequence[Any]) -> Terms:
        op, zero = self.op, self.op.number(arb(0))
        return Terms(
            sum(op.row_products(output, op.transpose(product)), zero),
            sum(op.row_products(output, op.transpose(signal)), zero),
            sum((g * s for g, s in zip(self.decays, squares, strict=True)), zero),
        )

    def loss(self, weights: Sequence[Any]) -> Any:
        """The full regularized loss L."""
        return self.total(self.terms(weights))

    def total(self, terms: Terms) -> Any:
        """The loss whose parts are ``terms``."""
        return terms.second_moment - 2 * terms.alignment + self.c + terms.decay

    def sweep(self, weights: Sequence[Any]) -> Gradient:
        """The gradient of the loss by one reverse sweep."""
        op = self.op
        products, moments = self._forward(weights)
        signals = self._signals(weights)
        squares = [op.square(W) for W in weights]
        gradients, balances = [], []
        outputs = op.width(self.v)
        carrier = op.matrix(arb_mat([[int(j == k) for k in range(outputs)] for j in range(outputs)]))
        above: Spread | None = None  # P_i, where None is P_{D+1} = 1
        for i in reversed(range(len(weights))):
            W = weights[i]
            PW = W if above is None else above.times(op, W)
            if above is None:
                quadratic = op.transpose(products[i])
            elif i > 0 and op.width(weights[i - 1]) < op.width(above.left):
                quadratic = op.transpose(moments[i - 1].times(op, op.transpose(PW)))
            else:  # the same matrix P_i W_i M_{i-1}; the thinner middle is the cheaper
                quadratic = above.times(op, op.transpose(products[i]))
            linear = op.multiply(op.transpose(carrier), op.transpose(signals[i]))
            decayed = op.scale(self.decays[i], W)
            half = op.add(op.add(quadratic, decayed), op.scale(op.number(arb(-1)), linear))
            gradients.append(op.scale(op.number(arb(2)), half))
            balances.append((self.decays[i] ** 2 * squares[i], op.square(carrier) * op.square(signals[i])))
            if i > 0:
                carrier = op.multiply(carrier, W)
                above = Spread.of(op, op.transpose(W), PW, self.noise[i - 1])
        terms = self._terms(weights[-1], products[-1], signals[-1], squares)
        return Gradient(terms, gradients[::-1], balances[::-1], above, carrier)

    def _forward(self, weights: Sequence[Any]) -> tuple[list[Any], list[Spread]]:
        """The products M_{i-1} W_iᵀ for i = 1 … D + 1, and M_1, …, M_D."""
        op = self.op
        products, moments = [self.A.times(op, op.transpose(weights[0]))], []
        for W, following, variance in zip(weights, weights[1:], self.noise, strict=False):
            moments.append(Spread.of(op, W, products[-1], variance))
            products.append(moments[-1].times(op, op.transpose(following)))
        return products, moments

    def _signals(self, weights: Sequence[Any]) -> list[Any]:
        """The columns W_{i-1} … W_1 v for i = 1 … D + 1."""
        signals = [self.v]
        for W in weights[:-1]:
            signals.append(self.op.multiply(W, signals[-1]))
        return signals


def full_loss(net: Network, data: Data, op: Arithmetic) -> FullLoss:
    """The numbers of a network and its data at FLINT's current precision."""
    require_data(data)
    net.require_one_output()
    A, v = data.operator()
    return FullLoss(
        op,
        A.into(op),
        op.matrix(v),
        op.number(ball(data.c)),
        tuple(op.number(ball(value)) for value in net.noise),
        tuple(op.number(ball(value)) for value in net.decays),
    )
