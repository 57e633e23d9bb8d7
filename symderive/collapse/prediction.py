"""Whether gradient flow from a start provably ends at zero weights.

What is claimed is of gradient flow, dW/dt = -∇L, the limit of small steps: a curve along which L falls as
its gradient says (for activations with a kink, with a derivative at it between those beside it).  Nothing
is claimed of large steps, of momentum, or of the noise of batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from flint import arb

from symderive.arithmetic.exact import TURN, Exact, ball, exact_value, rational, working_precision
from symderive.collapse.activations import Activation
from symderive.collapse.barrier import BITS, Barrier, barrier_of
from symderive.collapse.certified_loss import Weighed, weigh
from symderive.collapse.initializations import Initialization, SquareSum, require_initialization
from symderive.data.moments import Moments
from symderive.data.rows import Rows, require_rows
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.training.trained_layers import arrays_of, require_fit

#: What is said of a start: it goes to 0; it stays below the barrier; its loss is below that of the origin,
#: to which it cannot come; nothing is proved; and where no start is given, nothing is asked.
Conclusion: TypeAlias = Literal["collapses", "stays below", "cannot collapse", "not provable", "no start"]

#: The probability of draws for which nothing is proved, above which nothing is claimed of a random start.
MOST_DOUBT = Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class RandomStart:
    """Weights that are drawn: the laws of S = Σ γ_i ‖W_i‖² and of a bound on it.

    Attributes
    ----------
    init : Initialization
        How they are drawn.
    scale : Fraction
        All of them are multiplied by it.
    S : SquareSum
        The law of S.
    largest : SquareSum
        The law of max γ Σ ‖W_i‖², which is never below S.
    """

    init: Initialization
    scale: Fraction
    S: SquareSum
    largest: SquareSum


@dataclass(frozen=True, eq=False)
class Prediction(InNotebooks):
    """What :func:`predict_collapse` found.

    Attributes
    ----------
    barrier : Barrier
        The barrier, with network, data and activation.
    start : Weighed, RandomStart or None
        The weights that were given, what is drawn, or None.
    conclusion : str
        ``"collapses"``, ``"stays below"`` (the barrier), ``"cannot collapse"``, ``"not provable"``, or
        ``"no start"``.
    reason : str
        A sentence that says why.
    doubt : arb or None
        Of a random start of which something is claimed a bound on the probability of the draws for which it
        does not hold, 0 where it holds for all; None for other starts.
    """

    barrier: Barrier
    start: Weighed | RandomStart | None
    conclusion: Conclusion
    reason: str
    doubt: arb | None = None

    def __str__(self) -> str:
        return f"{self.conclusion}: {self.reason}"


def predict_collapse(
    net: Network,
    data: Rows | Moments,
    start: Any = None,
    *,
    activation: str | Activation,
    scale: Exact = 1,
    positive_noise: bool = False,
) -> Prediction:
    """Tell whether gradient flow of a network with activations provably ends at zero weights.

    Parameters
    ----------
    net : Network
        At least two hidden layers without biases, all decays positive; noise of the neurons is averaged.
    data : Rows or Moments
        :class:`Rows`, made as moments are; of bare moments less can be proved.
    start : sequence of arrays, mapping, str or Initialization, optional
        Weights W_1, …, U as :func:`diagnose` takes them, or the name of an initialization: ``kaiming``
        (what nn.Linear draws), ``kaiming-normal``, ``kaiming-uniform``, ``xavier-normal``,
        ``xavier-uniform``, ``lecun-normal``.  None: the barrier alone.
    activation : str or Activation
        Behind every hidden layer: ``relu``, ``tanh``, ``gelu``, ``linear``, …
    scale : number or str
        All weights of the start are multiplied by it; exact.
    positive_noise : bool
        Whether the noise is never negative, as that of dropout: then more can be proved.

    Returns
    -------
    Prediction
        The conclusion, and why.

    Raises
    ------
    InputError
        As :func:`barrier_of` does, for weights that do not fit, and for a scale that is not positive.

    Notes
    -----
    It is about gradient flow, dW/dt = -∇L, the limit of small steps.  Not promised: that a start of which
    nothing is proved does not collapse; anything of large steps, of momentum, or of the noise of batches.

    Examples
    --------
    >>> from symderive import Network, Rows
    >>> rows = Rows.from_samples([[1], [2]], [1, -1])
    >>> net = Network(2, widths=2, decays=4)
    >>> str(predict_collapse(net, rows, "kaiming", activation="relu", scale="1/9"))
    'collapses: every draw goes to 0'
    """
    rows = require_rows(data)
    barrier = barrier_of(net, rows, activation, positive_noise=positive_noise)
    factor = rational(scale, "scale")
    if factor <= 0:
        raise InputError(f"the scale is {factor}; give a positive factor of all weights.")
    if start is None:
        return Prediction(barrier, None, "no start", "no start is given")
    if isinstance(start, str | Initialization):
        init = start if isinstance(start, Initialization) else require_initialization(start)
        return _of_draws(barrier, _drawn(barrier, init, factor))
    layers = arrays_of(start)
    require_fit(net, rows.moments.dimension, layers)
    return _of_weights(barrier, weigh(barrier, rows, layers, factor))


def _drawn(barrier: Barrier, init: Initialization, scale: Fraction) -> RandomStart:
    net = barrier.net
    sizes = (barrier.moments.dimension, *map(int, net.widths), 1)
    decays = [rational(decay, "decay") for decay in net.decays]
    equal = [max(decays)] * len(decays)
    laws = (SquareSum.of(init, sizes, weights, scale) for weights in (decays, equal))
    return RandomStart(init, scale, *laws)


def _of_weights(barrier: Barrier, start: Weighed) -> Prediction:
    """The strongest of what is proved of given weights."""

    def found(conclusion: Conclusion, reason: str) -> Prediction:
        return Prediction(barrier, start, conclusion, reason)

    falls, top = barrier.falls_below, barrier.top
    with TURN, working_precision(BITS):
        if start.largest < falls:
            return found("collapses", "from here on gradient flow lowers Σ‖W‖² all the way to 0")
        if falls > start.S and start.loss < barrier.lowest_at(falls):
            return found("collapses", "the loss is too small for S to rise, and Σ‖W‖² falls to 0")
        if top > start.S and start.loss < barrier.lowest_at(top):
            return found("stays below", "S stays below S_0, for the loss is too small for the barrier")
        if start.loss < ball(barrier.moments.c):
            return found("cannot collapse", "the loss is below that of zero weights, and never rises")
        if not top > start.S:
            return found("not provable", "S is not below S_0")
        return found("not provable", "S is below S_0, but the loss is large enough for the barrier")


def _of_draws(barrier: Barrier, start: RandomStart) -> Prediction:
    """The strongest of what is proved of draws, most of them at least."""
    with TURN, working_precision(BITS):
        falls = barrier.falls_below
        to_zero = (start.largest.tail(falls), start.S.tail(barrier.certain_below(falls)))
        doubt, what = min(to_zero, key=_upper), "goes to 0"
        conclusion: Conclusion = "collapses"
        if not doubt < ball(MOST_DOUBT):
            doubt = start.S.tail(barrier.certain_below(barrier.top))
            conclusion, what = "stays below", "stays at S below S_0"
        if not doubt < ball(MOST_DOUBT):
            mean = ball(start.S.mean)
            where = "below" if mean < barrier.top else "not below"
            return Prediction(
                barrier,
                start,
                "not provable",
                f"S is {where} S_0 in the mean, and no bound on it is enough",
            )
        if doubt.is_zero():
            return Prediction(barrier, start, conclusion, f"every draw {what}", doubt)
        reason = f"a draw {what} with probability at least {certainty(doubt)}"
        return Prediction(barrier, start, conclusion, reason, doubt)


def _upper(value: arb) -> float:
    return float(value.upper())


def certainty(doubt: arb) -> str:
    """A decimal that 1 less the doubt is not below, as short as it may be.

    >>> certainty(arb("0.0123")), certainty(arb("1e-30"))
    ('0.987', '1 - 1e-29')
    """
    whole = Fraction(exact_value(doubt.upper()))
    if whole >= Fraction(1, 1000):
        return f"{float((1 - whole) * 1000 // 1 / 1000):.3g}"
    power = -1
    while Fraction(10) ** (power - 1) >= whole and power > -1000:
        power -= 1
    return f"1 - 1e{power}"
