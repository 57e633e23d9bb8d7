"""The barrier around the origin of a deep network, as numbers that are proved to bound.

With W_{D+1} := U, S = Σ γ_i ‖W_i‖² (all γ_i > 0), P = Π ‖W_i‖, activations |φ(t)| ≤ |t| and no biases, the
output f at x is bounded layer by layer: a layer stretches its input by at most ‖W_i‖, φ by nothing, and
noise ε_i of mean 1 and variance σ_i² its mean square by 1 + σ_i².  In absolute values |f| is at most
|U| |ε_D| |W_D| … |ε_1| |W_1| |x|, entry by entry, where noise is a factor E|ε_i|: 1 if it is never
negative, as dropout, and at most (1 + σ_i²)^{1/2} else.  Hence

    |E[y f]| ≤ K P,   K = E[|y| ‖x‖] Π E|ε_i|,        E f² ≤ Q P²,   Q = Π (1 + σ_i²) tr A,
    P ≤ (S/(D+1))^{(D+1)/2} / √(Π γ_i)          (the mean of the γ_i ‖W_i‖² is above their geometric mean),

and L = E f² - 2 E[y f] + c + S is at least c + h(S), h(S) = S - 2 K P(S), and at most
c + S + 2 K P(S) + Q P(S)².  For D ≥ 2 h is positive up to S_*, and rises up to its top S_0:

    S_* = ((D+1)^{(D+1)/2} √(Π γ_i)/(2K))^{2/(D-1)},   S_0 = S_* (2/(D+1))^{2/(D-1)},
    h(S_0) = S_0 (D-1)/(D+1).

Gradient flow, dW/dt = -∇L, never raises L.  So from S < s ≤ S_0 with L < c + h(s) it never comes to S = s.

The squared norm R = Σ ‖W_i‖² obeys dR/dt = -2 Σ W_i·∂L/∂W_i = -4S - 4 E[(f - y) G], G = Σ W_i·∂f/∂W_i.  For
positively homogeneous φ G = (D+1) f, and dR/dt ≤ -4 (S - (D+1) K P(S)), which is negative for 0 < S < S_0.
For other φ with |φ'| ≤ l each term of G is bounded as f is, but for a factor l of each later layer, and
with n = 1 + l + … + l^D dR/dt ≤ -4 (S - n (K P(S) + Q P(S)²)), negative for 0 < S < S_1.  Either way S ≤
max γ R, so that from max γ R < S_0 (S_1) on R falls for ever: the weights go to 0.

All of this is proved in the derivations ``nonlinear-barrier``, ``nonlinear-collapse`` and
``nonlinear-slopes``; the closed forms are those of ``symderive.formulas.barrier``.

K may be smaller than that: for |E[y f]|, not for G, the distances of rows count as well, as |φ'| ≤ l makes
the mean of f over the noise at most l^D P Π E|ε_i| times as steep as x (``symderive.collapse.signal``); and
a linear network, with noise or not, has E[y f] = m·v, and K = ‖v‖ will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from flint import arb

from symderive.arithmetic.exact import TURN, ball, exact_product, rational, working_precision
from symderive.collapse.activations import Activation, activation_of
from symderive.collapse.signal import signal_of
from symderive.data.moments import Moments
from symderive.data.rows import Rows, require_rows
from symderive.errors import InputError
from symderive.model.network import Network, require_network
from symderive.notebooks import InNotebooks

#: Bits of all balls here.
BITS = 192

#: Steps of a bisection: its end is within 2^-60 of the point that is sought, relative to the barrier.
STEPS = 60

#: What K was made of: pairs of rows, rows one by one, E y² and E‖x‖² by the inequality of Cauchy and
#: Schwarz, or ‖v‖.
Source: TypeAlias = Literal["pairs", "rows", "moments", "map"]
PAIRS: Source = "pairs"
ROWS: Source = "rows"
MOMENTS: Source = "moments"
MAP: Source = "map"

SOURCES: dict[Source, str] = {
    PAIRS: "E|y|‖x‖, opposite rows in pairs",
    ROWS: "E|y|‖x‖ over the rows",
    MOMENTS: "√(E y² E‖x‖²), rows not known",
    MAP: "‖E[x y]‖, as for linear networks",
}


@dataclass(frozen=True, eq=False)
class Barrier(InNotebooks):
    """The barrier of a network with an activation and its data; made by :func:`barrier_of`.

    Its numbers are balls of 192 bits.  S stands for Σ γ_i ‖W_i‖² over all layers.

    Attributes
    ----------
    net : Network
        The network.
    moments : Moments
        The data.
    activation : Activation
        The activation.
    K : arb
        |E[y f]| ≤ K Π ‖W_i‖; dimension target × feature.
    source : str
        What K was made of; of noise it takes no factor where ``is_positive``.
    is_positive : bool
        Whether the noise is never negative.
    Q : arb
        E f² ≤ Q (Π ‖W_i‖)².
    top : arb
        S_0; dimension of the loss, as ``zero`` and ``height``.
    zero : arb
        S_*: for 0 < S < S_* the loss is above that of the origin.
    height : arb
        h(S_0).
    falls_below : arb
        For 0 < S below it gradient flow lowers Σ ‖W_i‖²: S_0 for positively homogeneous activations, else
        S_1 from below.
    """

    net: Network
    moments: Moments
    activation: Activation
    K: arb
    source: Source
    is_positive: bool
    Q: arb
    top: arb
    zero: arb
    height: arb
    falls_below: arb

    def __repr__(self) -> str:
        top, height = (x.str(8, radius=False) for x in (self.top, self.height))
        return f"Barrier({self.activation.name}, {self.net!r}: top at S = {top}, {height} above the origin)"

    def product(self, S: arb) -> arb:
        """Bound Π ‖W_i‖: the largest P(S) at Σ γ_i ‖W_i‖² = S.

        Parameters
        ----------
        S : arb
            The decay term of the loss.

        Returns
        -------
        arb
            P(S), at the current precision.
        """
        layers = self.net.depth + 1
        return ((S / layers) ** layers).sqrt() / _root_of_decays(self.net)

    def h(self, S: arb) -> arb:
        """Bound the loss above that of the origin from below: L ≥ c + h(S).

        Parameters
        ----------
        S : arb
            The decay term of the loss.

        Returns
        -------
        arb
            h(S) = S - 2 K P(S), at the current precision.
        """
        return S - 2 * self.K * self.product(S)

    def most_loss(self, S: arb, product: arb | None = None) -> arb:
        """Bound the loss from above.

        Parameters
        ----------
        S : arb
            The decay term of the loss.
        product : arb, optional
            Π ‖W_i‖ where it is known; P(S) without.

        Returns
        -------
        arb
            The bound, at the current precision.
        """
        P = self.product(S) if product is None else product
        return ball(self.moments.c) + S + 2 * self.K * P + self.Q * P**2

    def lowest_at(self, level: arb) -> arb:
        """Find the loss below which gradient flow stays below a level.

        Parameters
        ----------
        level : arb
            s ≤ S_0.

        Returns
        -------
        arb
            c + h(s): from S < s with a smaller loss gradient flow stays at S < s.  At the current
            precision.
        """
        return ball(self.moments.c) + self.h(level)

    def certain_below(self, level: arb) -> arb:
        """Find the S below which gradient flow stays below a level, whatever the weights are.

        Parameters
        ----------
        level : arb
            s ≤ S_0.

        Returns
        -------
        arb
            From S below this gradient flow stays at S < s.
        """
        with TURN, working_precision(BITS):
            lowest = self.lowest_at(level)
            return _last(lambda S: bool(self.most_loss(S) < lowest), level)


def barrier_of(
    net: Network, data: Rows | Moments, activation: str | Activation, *, positive_noise: bool = False
) -> Barrier:
    """Find the barrier around the origin of a deep network with activations.

    A start of gradient flow below the barrier, of small enough loss, never gets over it.

    Parameters
    ----------
    net : Network
        At least two hidden layers, without biases, all decays positive.  Its noise is that of the neurons,
        of mean 1, in front of the activation or behind it.
    data : Rows or Moments
        The samples; of bare moments K is bounded by the inequality of Cauchy and Schwarz, which is less.
    activation : str or Activation
        Behind every hidden layer, with |φ(t)| ≤ |t|: ``relu``, ``tanh``, ``gelu``, ``linear``, …
    positive_noise : bool
        Whether the noise is never negative, as that of dropout.

    Returns
    -------
    Barrier
        Its numbers, which are proved to bound.

    Raises
    ------
    InputError
        For other networks, several outputs, activations without |φ(t)| ≤ |t|, and data in which nothing is
        correlated, where there is no barrier to get over.

    Notes
    -----
    Not promised: that the barrier is as low as it could be, or anything of starts above it.

    Examples
    --------
    >>> from symderive import Moments, Network
    >>> found = barrier_of(Network(2, widths=4, decays=1), Moments.given([[1]], [1], 1), "relu")
    >>> found.top.str(6, radius=False), found.zero.str(6, radius=False), found.height.str(6, radius=False)
    ('3.00000', '6.75000', '1.00000')
    """
    require_network(net)
    net.require_numeric()
    net.require_one_output()
    _require_neuron_noise(net)
    phi = activation_of(activation)
    rows = require_rows(data)
    if net.depth < 2:
        raise InputError(
            f"the depth is {net.depth}; there is a barrier around the origin from two hidden layers on."
        )
    for i, decay in enumerate(net.decays, start=1):
        if rational(decay, "decay") == 0:
            raise InputError(
                f"the decay of layer {i} is 0; a barrier takes a positive decay of all layers."
            )
    moments = rows.moments
    with TURN, working_precision(BITS):
        noise = ball(exact_product(1 + variance for variance in net.noise))
        K, size, source = _correlation(rows, phi, arb(1) if positive_noise else noise.sqrt(), net.depth)
        if not K > 0:
            raise InputError(
                "no weights have an output that is correlated with the target, E[y f] = 0 for all, so that "
                "no start has anything to learn and all collapse."
            )
        Q = noise * ball(moments.trace)
        layers, power = net.depth + 1, net.depth - 1
        base = ball(layers) ** layers * ball(exact_product(net.decays)) / (2 * K) ** 2
        zero = base.root(power)
        top = zero * (ball(Fraction(2, layers)) ** 2).root(power)
        height = top * power / layers
        bare = Barrier(net, moments, phi, K, source, positive_noise, Q, top, zero, height, top)
        if phi.is_homogeneous:
            return bare
        stretch = sum((ball(phi.slope) ** i for i in range(layers)), arb(0))

        def falls(S: arb) -> bool:
            P = bare.product(S)
            return bool(stretch * (size * P + Q * P**2) < S)

        return replace(bare, falls_below=_last(falls, top))


def _require_neuron_noise(net: Network) -> None:
    """Refuse a free bias, with which zero weights predict something, and noise of other kinds."""
    if net.bias:
        raise InputError(
            "the network has a free bias, and the barrier takes none: with it small weights predict "
            "something else than 0; center the data instead."
        )
    if net.has_other_noise:
        raise InputError(
            "the network has noise beside that of single neurons, for which no barrier is computed; leave "
            "out noise of features, of weights, of groups, of the target and additive noise."
        )


def _correlation(rows: Rows, phi: Activation, noise: arb, depth: int) -> tuple[arb, arb, Source]:
    """K, the larger one that bounds derivatives, and what K was made of."""
    moments = rows.moments
    if rows.blocks is None:
        size = (ball(moments.c) * ball(moments.trace)).sqrt() * noise
        K, source = size, MOMENTS
    else:
        signal = signal_of(rows)
        size, paired = signal.size * noise, signal.paired * noise * ball(phi.slope) ** depth
        K, source = (paired, PAIRS) if paired < size else (size, ROWS)
    if phi.is_linear:
        K, source = ball(moments.v_norm_squared).sqrt(), MAP
    return K, size, source


def _root_of_decays(net: Network) -> arb:
    """√(Π γ_i)."""
    return ball(exact_product(net.decays)).sqrt()


def _last(holds: Callable[[arb], bool], most: arb) -> arb:
    """A point below ``most`` up to which ``holds`` is true, close to the last one; it is true near 0, and
    false from somewhere on.  0 where it is true only below 2^-400 of ``most``."""
    limit = most.lower()
    low, high = arb(0), arb(1)
    for k in range(1, 400):
        if holds(limit * arb(2) ** -k):
            low, high = arb(2) ** -k, arb(2) ** (1 - k)
            break
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(limit * middle) else (low, middle)
    return (limit * low).lower()
