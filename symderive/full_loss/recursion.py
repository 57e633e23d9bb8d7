"""The full regularized loss and its gradient for given weights, noise averaged, in any number type.

With the output layer written W_{D+1} := U (a row), M_0 the second moments A' of the noisy features, and
ω_i² the variances of the weights' noise,

    S_i = W_i M_{i-1} W_iᵀ + ω_i² Diag(W_i Diag(M_{i-1}) W_iᵀ),   M_i = the noise of the neurons' on S_i,
    L = S_{D+1} - 2 (U W_D … W_1) v + c + Σ_i γ_i ‖W_i‖²,

which is the expectation of Ziyin, Li and Meng (2022), Eq. 1, over independent noise of mean 1; there all
noise is that of neurons, M_i = S_i + σ_i² Diag(S_i).  A free output bias at its best, ȳ - m·x̄, takes
(m·x̄)² off, with v and c centered.  The reverse sweep is the adjoint: P_{D+1} = 1,
N_i = W_{i+1}ᵀ P_{i+1} W_{i+1} + ω_{i+1}² Diag(W_{i+1}ᵀ Diag(P_{i+1}) W_{i+1}), P_i = the noise on N_i, and

    ∂L/∂W_i = 2 (P_i W_i M_{i-1} + ω_i² Diag(P_i) W_i Diag(M_{i-1})
                 - (U W_D … W_{i+1})ᵀ (W_{i-1} … W_1 (v + (m·x̄) x̄))ᵀ + γ_i W_i).

It holds for all weights; nothing here knows of the reduced problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flint import arb, arb_mat

from symderive.arithmetic.exact import ball
from symderive.arithmetic.matrices import Arithmetic, Balls
from symderive.arithmetic.spread import Spread
from symderive.arithmetic.symmetric import Symmetric, Whole
from symderive.data.altered import first_moments_of, for_each
from symderive.data.interface import Data, require_data
from symderive.model.network import Network
from symderive.model.noise import Noise


class Terms(NamedTuple):
    """The parts of the loss: E f², less (m·x̄)² where a bias is free, m·v with m the end-to-end map, and the
    decay Σ γ_i ‖W_i‖²."""

    second_moment: Any
    alignment: Any
    decay: Any


class Gradient(NamedTuple):
    """What the reverse sweep finds.

    ``terms`` are the parts of the loss and ``gradients`` holds ∂L/∂W_1, …, ∂L/∂U.  ``balances`` holds for
    each layer ‖γ_i W_i‖² and the squared norm of ∂(m·v)/∂W_i: the sizes of parts that cancel in the
    gradient.  ``sensitivity`` is P_1 (None at depth 0, where it is 1) and ``carrier`` the row U W_D … W_2
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

    ``A`` are the second moments of the noisy features, of shape (d, d), whole or factored, ``v`` has shape
    (d, 1); ``decays`` are D + 1.  Weights are lists W_1, …, W_D, U with U of shape (1, d_D).  ``noises``
    are those between them; their variances for the weights are ``weight_noise``, D + 1 numbers.  Additive
    noise of the last hidden layer costs s² (1 + ω_u²) ‖U‖², a part of the decay of U.  ``diagonal`` is that
    of A, which the noise of W_1 asks for, and ``mean`` the x̄ of a free bias, of shape (d, 1); then v and c
    are centered.  With o outputs ``v`` is E[x yᵀ], of shape (d, o), U has shape (o, d_D), there is no free
    bias, and E f² and m·v are sums over the outputs.
    """

    op: Arithmetic
    A: Symmetric
    v: Any
    c: Any
    decays: tuple[Any, ...]
    noises: tuple[Noise, ...] = ()
    weight_noise: tuple[Any, ...] = ()
    diagonal: tuple[Any, ...] = ()
    mean: Any = None

    def into(self, op: Arithmetic) -> FullLoss:
        """From balls to another number type."""
        return replace(
            self,
            op=op,
            A=self.A.into(op),
            v=op.matrix(self.v),
            c=op.number(self.c),
            decays=tuple(map(op.number, self.decays)),
            weight_noise=tuple(map(op.number, self.weight_noise)),
            diagonal=tuple(map(op.number, self.diagonal)),
            mean=None if self.mean is None else op.matrix(self.mean),
        )

    def terms(self, weights: Sequence[Any]) -> Terms:
        """The parts of the loss, which is second_moment - 2 alignment + c + decay."""
        squares = [self.op.square(W) for W in weights]
        return self._terms(weights, self._forward(weights), squares)

    def _terms(
        self, weights: Sequence[Any], passed: tuple[list[Any], list[Any]], squares: Sequence[Any]
    ) -> Terms:
        op, last, (products, moments) = self.op, len(weights) - 1, passed
        zero = op.number(arb(0))
        second = sum(self._moment(weights[last], products[last], moments, last).entries(op), zero)
        if self.mean is not None:
            second = second - self._output(weights, self.mean) ** 2
        return Terms(
            second,
            self._output(weights, self.v),
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
        signals = self._signals(weights, self._pull(weights))
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
                quadratic = op.transpose(moments[i].times(op, op.transpose(PW)))
            else:  # the same matrix P_i W_i M_{i-1}; the thinner middle is the cheaper
                quadratic = above.times(op, op.transpose(products[i]))
            if self._is_noisy(i):
                own = op.scale_rows(self._above(above), self._scaled(W, self._entries(moments, i)))
                quadratic = op.add(quadratic, op.scale(self.weight_noise[i], own))
            linear = op.multiply(op.transpose(carrier), op.transpose(signals[i]))
            decayed = op.scale(self.decays[i], W)
            half = op.add(op.add(quadratic, decayed), op.scale(op.number(arb(-1)), linear))
            gradients.append(op.scale(op.number(arb(2)), half))
            balances.append((self.decays[i] ** 2 * squares[i], op.square(carrier) * op.square(signals[i])))
            if i > 0:
                carrier = op.multiply(carrier, W)
                above = self._blurred(self._own(op.transpose(W), PW, self._above(above), i), i)
        terms = self._terms(weights, (products, moments), squares)
        return Gradient(terms, gradients[::-1], balances[::-1], above, carrier)

    def _forward(self, weights: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """The products M_{i-1} W_iᵀ for i = 1 … D + 1, and M_0, …, M_D."""
        op = self.op
        products: list[Any] = []
        moments: list[Any] = [self.A]
        for i, W in enumerate(weights):
            products.append(moments[i].times(op, op.transpose(W)))
            if i + 1 < len(weights):
                moments.append(self._blurred(self._moment(W, products[i], moments, i), i + 1))
        return products, moments

    def _moment(self, W: Any, product: Any, moments: Sequence[Any], i: int) -> Spread:
        """S of the layer ``W``, whose number is i + 1: W M Wᵀ + ω² Diag(W Diag(M) Wᵀ)."""
        return self._own(W, product, self._entries(moments, i) if self._is_noisy(i) else (), i)

    def _own(self, W: Any, product: Any, entries: Sequence[Any], i: int) -> Spread:
        """W · ``product``, and ω² times the diagonal of W Diag(``entries``) Wᵀ."""
        S = Spread(W, product)
        if not self._is_noisy(i):
            return S
        squares = self.op.row_products(W, self._scaled(W, entries))
        return S.with_diagonal([self.weight_noise[i] * x for x in squares])

    def _blurred(self, S: Spread, i: int) -> Spread:
        """The noise of the neurons of layer i on a second moment, or on its adjoint."""
        for noise in self.noises:
            S = noise.spread(self.op, S, i)
        return S

    def _is_noisy(self, i: int) -> bool:
        return bool(self.weight_noise) and bool(self.weight_noise[i])

    def _entries(self, moments: Sequence[Any], i: int) -> Sequence[Any]:
        """The diagonal of M_i."""
        entries: Sequence[Any] = moments[i].entries(self.op) if i else self.diagonal
        return entries

    def _above(self, above: Spread | None) -> Sequence[Any]:
        """The diagonal of P_i."""
        ones = [self.op.number(arb(1))] * self.op.width(self.v)
        return ones if above is None else above.entries(self.op)

    def _scaled(self, W: Any, factors: Sequence[Any]) -> Any:
        """W Diag(factors)."""
        return self.op.transpose(self.op.scale_rows(factors, self.op.transpose(W)))

    def _output(self, weights: Sequence[Any], column: Any) -> Any:
        """U W_D … W_1 times a column, a number; of o outputs and columns, the trace."""
        last = self._signals(weights, column)[-1]
        products = self.op.row_products(weights[-1], self.op.transpose(last))
        return sum(products, self.op.number(arb(0)))

    def _pull(self, weights: Sequence[Any]) -> Any:
        """The column v + (m·x̄) x̄: minus half the derivative of all but E f² and the decay by m."""
        if self.mean is None:
            return self.v
        return self.op.add(self.v, self.op.scale(self._output(weights, self.mean), self.mean))

    def _signals(self, weights: Sequence[Any], column: Any) -> list[Any]:
        """The columns W_{i-1} … W_1 times ``column`` for i = 1 … D + 1."""
        signals = [column]
        for W in weights[:-1]:
            signals.append(self.op.multiply(W, signals[-1]))
        return signals


def full_loss(net: Network, data: Data, op: Arithmetic) -> FullLoss:
    """The numbers of a network and its data at FLINT's current precision.

    Raises :class:`InputError` where noise of the features, or a free bias, asks for what the data lack.
    """
    require_data(data)
    net.require_one_output()
    A, v = data.operator()
    c, mean = ball(data.c) + ball(net.target_variance), None
    if net.bias:
        *features, target = first_moments_of(data)
        mean = arb_mat([[x] for x in features])
        v, c = v - target * mean, c - target**2
    return of_moments(net, A, v, c, op, mean=mean)


def of_moments(
    net: Network, A: Symmetric, v: arb_mat, c: arb, op: Arithmetic, *, mean: arb_mat | None = None
) -> FullLoss:
    """The same for moments A before the noise of the features, v and c, in balls."""
    relative, absolute = (for_each(values, int(v.nrows())) for values in net.feature_effect)
    if any(relative) or any(absolute):  # what was thin is no longer
        dense = A.dense()
        for j, (r, s) in enumerate(zip(relative, absolute, strict=True)):
            dense[j, j] += ball(r) * dense[j, j] + ball(s)
        A = Whole(dense)
    weights = net.weight_variances
    noisy = any(weights)
    return FullLoss(
        Balls(),
        A,
        v,
        c,
        tuple(map(ball, net.reduced_decays)),
        net.noises,
        tuple(map(ball, weights)) if noisy else (),
        tuple(A.diagonal()) if noisy else (),
        mean,
    ).into(op)
