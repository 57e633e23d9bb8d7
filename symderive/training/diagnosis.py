"""Where a trained network stands among the stationary points of its loss.

The loss and its gradient are those of the full objective, noise averaged, at the exact values of the
weights; the landscape is the certified one.  Since L ≥ F(m) ≥ F* = min L for the end-to-end map m,

    L - F* = (F(m) - F*) + (L - F(m) - δ²) + δ²:

the error of the map, which no balancing of the layers removes; the imbalance of the layers, with what
their noise adds beyond that of balanced ones; and what the biases cost.  None of the three is negative.
Verdicts are those of ``symderive.training.conclusion``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.interface import require_data
from symderive.data.moments import Moments
from symderive.effective_ridge.ridge import gap as gap_to_origin
from symderive.effective_ridge.ridge import values
from symderive.errors import InputError
from symderive.landscape.landscape import Landscape
from symderive.landscape.solve import solve
from symderive.model.network import Network, require_network
from symderive.notebooks import InNotebooks
from symderive.training.conclusion import TOLERANCE, Conclusion, Parts, Stand, conclude, reason_of
from symderive.training.free_biases import free_biases
from symderive.training.implied_decay import REST, ImpliedDecay, implied_decay
from symderive.training.measurement import (
    BITS,
    Instrument,
    Measurement,
    nonnegative,
    root,
    spread,
)
from symderive.training.stations import Neighbor, neighbors
from symderive.training.trained_layers import arrays_of, require_fit

#: Decays, noise variances and weights that float64 can square and multiply.
RANGE = (1e-150, 1e150)

_DIVERGED = (
    "the loss at the weights is beyond the range of float64: the training has diverged, or the data need "
    "another unit."
)

#: Bits of the gap beyond which it is not sharpened, and how small beside c it may get instead: weights that
#: are rounded from a minimum leave 1e-32 of it.
GAP_BITS = 40
NOTHING = 2.0**-150

#: Digits up to which the minimum is sharpened for a small gap.
MOST_DIGITS = 160


@dataclass(frozen=True, eq=False)
class Bias:
    """Free, undecayed biases of a noise-free network: they act as one offset of the prediction.

    Attributes
    ----------
    error : arb
        The mean prediction minus the mean target; dimension target.
    cost : arb
        Its square, what the biases add to the loss of the centered data.
    """

    error: arb
    cost: arb


@dataclass(frozen=True, eq=False)
class Diagnosis(InNotebooks):
    """What :func:`diagnose` found; balls enclose.

    Attributes
    ----------
    landscape : Landscape
        All stationary points, certified.
    loss : arb
        The full loss at the weights; dimension target².
    gap : arb
        How far it lies above the global minimum.
    explained : arb
        What the minimum explains, c - F*, to as many digits however little it is.
    map_error : arb
        The part of the gap that the end-to-end map makes, F(m) - F*.
    imbalance_cost : arb
        The part that the imbalance of the layers makes; with ``map_error`` and ``bias.cost`` it is all of
        it.
    gradient_norm : arb
        Euclidean norm of the gradient of the full loss over all weights and biases.
    imbalance : arb
        (max - min)/mean of γ_i‖W_i‖² over the layers, dimensionless; 0 at every stationary point.
    ridge : arb or None
        Σ γ_i‖W_i‖²/((D+1)‖m‖²), which is λ at a stationary point; None where m = 0.
    norm : arb
        ‖m‖ of the end-to-end map.
    variance : arb
        E_x Var_ε f.
    nearest : Neighbor
        The nearest stationary point.
    optimum : Neighbor
        The global minimum next to the weights.
    bias : Bias or None
        What the biases do; None without biases.
    implied : ImpliedDecay or None
        The decay that the weights fit; None where there is none to fit.
    conclusion : str
        ``"global minimum"``, ``"bad minimum"``, ``"saddle"`` or ``"not converged"``.
    reason : str
        A sentence that says why.
    notes : tuple of str
        Sentences on what the numbers suggest beside that.
    """

    landscape: Landscape
    loss: arb
    gap: arb
    explained: arb
    map_error: arb
    imbalance_cost: arb
    gradient_norm: arb
    imbalance: arb
    ridge: arb | None
    norm: arb
    variance: arb
    nearest: Neighbor
    optimum: Neighbor
    bias: Bias | None
    implied: ImpliedDecay | None
    conclusion: Conclusion
    reason: str
    notes: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.conclusion}: {self.reason}", *self.notes])


def diagnose(
    net: Network,
    moments: Moments,
    weights: Any,
    *,
    landscape: Landscape | None = None,
    biases: Sequence[Any] | None = None,
    digits: int = 17,
    tolerance: float = TOLERANCE,
) -> Diagnosis:
    """Compare trained weights with the certified landscape of their network and data.

    Parameters
    ----------
    net : Network
        The network, with decays γ as in the loss; :func:`loss_decay` has them from an optimizer's
        ``weight_decay``.
    moments : Moments
        The data.
    weights : sequence of arrays, mapping or Layers
        W_1, …, W_D of shapes (d_i, d_{i-1}) and U of shape (1, d_D) or flat: arrays or tensors in this
        order, a mapping with the names ``W1`` … ``WD``, ``U``, or :class:`Layers`.  Floats stand for their
        exact values.
    landscape : Landscape, optional
        What ``solve(net, moments)`` found, for calls after every epoch; it is solved without.
    biases : sequence of array or None, optional
        A vector or None for each layer.  They are free and without decay, so that they center the data:
        ``moments`` are centered or standardized, and there is no noise.
    digits : int
        Digits of the landscape where it is solved here.
    tolerance : float
        How small a gap and a distance count as none, relative, above 0 and at most 1/2; see
        ``symderive.training.conclusion``.

    Returns
    -------
    Diagnosis
        The verdict, the gap with its parts, and the nearest stationary points.

    Raises
    ------
    InputError
        For weights that fit neither network nor data, a landscape of other ones, a tolerance outside (0,
        1/2], numbers beyond the range of float64, and networks without an attained minimum.

    Notes
    -----
    Not promised: the exact distance.  It is from above, since the nearest signs and rotations are sought by
    alternation; of sub-networks only that of the active neurons is considered.

    Examples
    --------
    >>> from symderive import Moments, Network
    >>> data = Moments.from_samples([[1, 0], [0, 1], [1, 1], [2, 1]], [1, 0, 1, 2])
    >>> net = Network(1, widths=2, decays="1/100")
    >>> trained = solve(net, data).layers(0).floats()
    >>> diagnose(net, data, trained).conclusion
    'global minimum'
    >>> diagnose(net, data, [W * 0 for W in trained.values()]).conclusion
    'saddle'
    """
    if not 0 < tolerance <= 0.5:
        raise InputError(f"the tolerance is {tolerance}; give a number above 0 and at most 0.5.")
    require_network(net)
    require_data(moments)
    if not isinstance(moments, Moments):
        raise InputError("a bare spectrum has no features that weights could take; give Moments.")
    net.require_numeric()
    layers = arrays_of(weights)
    require_fit(net, moments.dimension, layers)
    _require_range(net, layers)
    vectors = free_biases(net, moments, layers, biases)
    if landscape is None:
        landscape = solve(net, moments, digits=digits)
    elif landscape.net != net or (landscape.data is not moments and landscape.data != moments):
        raise InputError("the landscape is that of another network or of other data; solve these.")
    return _compared(landscape, moments, layers, vectors, tolerance)


def _compared(
    landscape: Landscape,
    moments: Moments,
    layers: tuple[Any, ...],
    vectors: tuple[Any, ...] | None,
    tolerance: float,
) -> Diagnosis:
    """The diagnosis of weights that fit; ``vectors`` are their free biases."""
    net = landscape.net
    stations = neighbors(landscape, moments, layers)
    optimum = min((s for s in stations if s.kind == "global minimum"), key=lambda station: station.distance)
    found, stand = _stand(
        landscape, Instrument(net, moments, layers, vectors), stations, optimum, tolerance
    )
    # Where no precision tells, nothing is claimed.
    conclusion = conclude(stand, stations, optimum, tolerance) or "not converged"
    implied = implied_decay(net, found)
    map_error, imbalance_cost = _split(landscape, found, stand.least)
    bias = None if vectors is None else Bias(found.bias_error, found.bias_cost)
    with TURN, working_precision(BITS):
        carried = [ball(g) * s for g, s in zip(net.reduced_decays, found.squares, strict=True)]
        mean = found.decay / len(carried)
        return Diagnosis(
            landscape=landscape,
            loss=stand.loss,
            gap=stand.gap,
            explained=stand.explained,
            map_error=map_error,
            imbalance_cost=imbalance_cost,
            gradient_norm=root(found.gradient_square),
            imbalance=spread(carried) / mean if mean > 0 else arb(0),
            ridge=mean / found.norm_square if found.norm_square > 0 else None,
            norm=root(found.norm_square),
            variance=_variance(net, found),
            nearest=min(stations, key=lambda station: station.distance),
            optimum=optimum,
            bias=bias,
            implied=implied,
            conclusion=conclusion,
            reason=reason_of(
                conclusion,
                stand,
                stations,
                optimum,
                Parts(map_error, imbalance_cost, found.bias_error),
                tolerance,
            ),
            notes=_notes(net, moments, implied, layers, vectors, found),
        )


def is_at_rest(net: Network, moments: Moments, weights: Any, biases: Sequence[Any] | None = None) -> bool:
    """Whether the weights are at rest for these data at the decays given, whatever the landscape is."""
    layers = arrays_of(weights)
    instrument = Instrument(net, moments, layers, free_biases(net, moments, layers, biases))
    implied = implied_decay(net, _measured(instrument, instrument.levels[0]))
    return implied is not None and implied.is_given()


def _require_range(net: Network, layers: Sequence[Any]) -> None:
    """Decays, noise and weights are of a size that float64 can compute with; the last two may be small."""
    least, most = RANGE
    if any(abs(W).max() > most for W in layers):
        raise InputError(_DIVERGED)
    if any(g and not least < g < most for g in net.decays) or any(s > most for s in net.noise):
        raise InputError(
            f"a decay or noise variance is beyond the range {least:g} to {most:g} in which weights can be "
            "compared; choose another unit for the target."
        )


def _variance(net: Network, found: Measurement) -> arb:
    """E_x Var_ε f, with what the noise of the last hidden layer adds to it."""
    if not net.noises:
        return arb(0)
    own = ball(net.hidden_cost) * found.squares[-1]
    return nonnegative(found.second_moment - found.signal + own)


def _stand(
    landscape: Landscape,
    instrument: Instrument,
    stations: Sequence[Neighbor],
    optimum: Neighbor,
    tolerance: float,
) -> tuple[Measurement, Stand]:
    """The loss beside the minimum: whichever of the two is wider is sharpened until the gap is known."""
    c = landscape.loss_at_origin
    levels = list(instrument.levels)
    bits, digits = levels.pop(0), landscape.digits
    found = _measured(instrument, bits)
    best = landscape.global_minimum
    least, explained = best.loss, _explained(landscape, digits)
    while True:
        with TURN, working_precision(BITS if bits < BITS else bits):
            gap = nonnegative(found.loss - least)
            stand = Stand(found.loss, least, gap, explained, c)
            known = gap.rel_accuracy_bits() >= GAP_BITS or gap <= NOTHING * ball(c)
        if known or (not bits and conclude(stand, stations, optimum, tolerance)):
            return found, stand
        sharpens = best.index is not None and digits < MOST_DIGITS
        if sharpens and least.rad() >= found.loss.rad():
            digits *= 2
            assert best.index is not None
            least = values(landscape.ridges[best.index], digits).loss
        elif levels:
            bits = levels.pop(0)
            found = _measured(instrument, bits)
        else:
            return found, stand


def _measured(instrument: Instrument, bits: int) -> Measurement:
    found = instrument.measure(bits)
    if not (found.loss.is_finite() and found.gradient_square.is_finite()):
        raise InputError(_DIVERGED)
    return found


def _explained(landscape: Landscape, digits: int) -> arb:
    """c - F*: 0 where the origin is a global minimum or not told apart, else sharpened until positive."""
    best = landscape.global_minimum
    if best.index is None or None in best.contenders:
        return arb(0)
    while True:
        found = nonnegative(-gap_to_origin(landscape.ridges[best.index], digits))
        if found > 0 or digits >= MOST_DIGITS:
            return found
        digits *= 2


def _split(landscape: Landscape, found: Measurement, least: arb) -> tuple[arb, arb]:
    """F(m) - F* and L - F(m) of the centered loss, F(m) = mᵀBm - 2 m·v + c + (D+1) γ̄ ‖m‖^{2/(D+1)}."""
    equation, layers = landscape.equation, landscape.net.depth + 1
    with TURN, working_precision(2 * BITS):
        reduced = found.balanced_moment
        balanced = layers * (ball(equation.decay_product) * nonnegative(found.norm_square)).root(layers)
        F = reduced - 2 * found.alignment + ball(landscape.loss_at_origin) + balanced
        excess = (found.second_moment - reduced) + (found.decay - balanced)
        return nonnegative(F - least), nonnegative(excess) if layers > 1 else arb(0)


def _notes(
    net: Network,
    moments: Moments,
    implied: ImpliedDecay | None,
    weights: Sequence[Any],
    biases: Sequence[Any] | None,
    found: Measurement,
) -> tuple[str, ...]:
    """What the numbers suggest beside the verdict."""
    notes = []
    if implied is not None:
        notes.append(implied.sentence(net, moments.weight))
    if biases is not None:
        if not _biases_rest(net, weights, biases, abs(float(found.bias_error.mid()))):
            notes.append(
                "The biases are taken as free of decay, and are not at rest so: was weight_decay on them, "
                "too? Put them into a group of the optimizer without it."
            )
        notes.append(_uncentered(moments, found))
    return tuple(filter(None, notes))


def _biases_rest(net: Network, weights: Sequence[Any], biases: Sequence[Any], error: float) -> bool:
    """Whether the pull of the loss on the biases is small beside what the decays would be, were they on the
    biases: then the biases came to rest free of decay.  In floats: it decides about a warning alone."""
    import numpy as np

    if not any(net.decays):
        return True
    carrier, pull, push = np.ones((1, 1)), [], []
    for W, b, decay in zip(reversed(weights), reversed(biases), reversed(net.decays), strict=True):
        if b is not None:
            pull.append(error * float(np.linalg.norm(carrier)))
            push.append(float(decay) * float(np.linalg.norm(b)))
        carrier = carrier @ W
    return hypot(*pull) <= REST * hypot(*push)


def _uncentered(moments: Moments, found: Measurement) -> str:
    """A sentence where the biases fit data that were centered before training."""
    if moments.means is None:
        return ""
    with TURN, working_precision(BITS):
        target = ball(moments.means[-1])
        off = abs(found.bias_error + target)
        if target.is_zero() or not off < abs(target) / 100 or not found.bias_cost > 0:
            return ""
    return (
        "The mean prediction is near 0 and the mean target is not: was the target centered before training?"
    )
