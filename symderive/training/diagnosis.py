"""Where a trained network stands among the stationary points of its loss.

The loss and its gradient are those of the full objective, noise averaged, at the given weights; the
landscape is the certified one.  The weights have *arrived* at a stationary point when their distance from
its orbit is at most ``tolerance`` times what separates that orbit from all others; nothing is concluded
from a small gradient alone, which a plateau has too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.full_loss.float_loss import FloatLoss
from symderive.full_loss.recursion import full_loss
from symderive.landscape.landscape import Landscape
from symderive.landscape.solve import solve
from symderive.model.network import Network
from symderive.training.orbits import Orbit, nearest_member

Conclusion = Literal["global minimum", "bad minimum", "saddle", "not converged"]

#: Default of the distance at which a point counts as reached, relative to its separation from the others.
TOLERANCE = 0.01

#: Bits of the balls that enclose the loss.
BITS = 128

#: Decays and noise variances that float64 can square and multiply.
RANGE = (1e-150, 1e150)

#: A noisy neuron is taken for active when its row is longer than this fraction of the longest.
ACTIVE = 0.5


@dataclass(frozen=True, eq=False)
class Neighbor:
    """A stationary point near the weights.

    ``kind`` is its kind in the full loss and ``index`` its place in the landscape (None: the origin, or a
    saddle with dead neurons); ``distance`` (from above) and ``separation`` (from below: to the other
    orbits) are Euclidean, over all weights; ``weights`` is the member of its orbit next to the given ones,
    W_1, …, U as float64 arrays.
    """

    kind: str
    index: int | None
    distance: float
    separation: float
    weights: tuple[Any, ...]

    @property
    def at_origin(self) -> bool:
        """Whether all its weights are 0."""
        return not any(W.any() for W in self.weights)


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What :func:`diagnose` found; balls enclose.

    Attributes
    ----------
    landscape
        All stationary points, certified.
    loss, gap
        The full loss at the weights, and how far it lies above the global minimum; dimension target².
    gradient_norm
        Euclidean norm of the gradient of the full loss over all weights.
    imbalance
        (max - min)/mean of γ_i‖W_i‖² over the layers, dimensionless; 0 at every stationary point.
    ridge
        Σ γ_i‖W_i‖²/((D+1)‖m‖²), which is λ at a stationary point; None where m = 0.
    norm, variance
        ‖m‖ of the end-to-end map, and E_x Var_ε f.
    nearest, optimum
        The nearest stationary point, and the global minimum next to the weights.
    conclusion, reason
        The outcome, and a sentence that says why.
    """

    landscape: Landscape
    loss: arb
    gap: arb
    gradient_norm: arb
    imbalance: float
    ridge: float | None
    norm: float
    variance: float
    nearest: Neighbor
    optimum: Neighbor
    conclusion: Conclusion
    reason: str


@dataclass(frozen=True)
class Bias:
    """Free, undecayed biases of a noise-free network: they act as one offset of the prediction.

    ``best`` is the offset ȳ - m·x̄ that minimizes the loss, which then is that of the centered data, and
    ``cost`` is what the given offset adds to it; dimension of the target and its square.
    """

    best: float
    cost: float

    @classmethod
    def of(cls, weights: Sequence[Any], offset: float, moments: Moments) -> Bias:
        """The bias of centered moments."""
        import numpy as np

        assert moments.means is not None
        *features, target = map(float, moments.means)
        best = target - float((_map_of(weights) @ np.array(features)).item())
        return cls(best, (offset - best) ** 2)


def diagnose(
    net: Network,
    moments: Moments,
    weights: Sequence[Any],
    *,
    digits: int = 17,
    tolerance: float = TOLERANCE,
) -> Diagnosis:
    """Compare trained weights with the certified landscape of their network and data.

    Parameters
    ----------
    net, moments
        The network, with decays γ as in the loss (an optimizer's ``weight_decay`` is 2γ), and the data.
    weights
        W_1, …, W_D of shapes (d_i, d_{i-1}) and U of shape (1, d_D), finite arrays.
    tolerance
        Distance at which a stationary point counts as reached, relative to its separation from the others.

    Raises
    ------
    InputError
        For weights that fit neither network nor data, a tolerance outside (0, 1/2], numbers beyond the
        range of float64, and networks without an attained minimum.

    Not promised: the distance is from above, since the nearest signs and rotations are sought by
    alternation; of sub-networks only that of the active neurons is considered.
    """
    if not 0 < tolerance <= 0.5:
        raise InputError(f"the tolerance is {tolerance}; give a number above 0 and at most 0.5.")
    _require_fit(net, moments, weights)
    _require_range(net)
    measured = _measure(net, moments, weights)
    landscape = solve(net, moments, digits=digits)
    neighbors = _neighbors(net, moments, landscape, weights)
    nearest = min(neighbors, key=lambda neighbor: neighbor.distance)
    best = landscape.global_minimum.index
    with TURN, working_precision(BITS):
        gap = measured.loss - landscape.global_minimum.loss
    conclusion, reason = _conclude(nearest, tolerance)
    return Diagnosis(
        landscape=landscape,
        **vars(measured),
        gap=gap,
        nearest=nearest,
        optimum=neighbors[len(landscape.points) if best is None else best],
        conclusion=conclusion,
        reason=reason,
    )


def _map_of(weights: Sequence[Any]) -> Any:
    """The row U W_D … W_1, of shape (1, d)."""
    import numpy as np

    return weights[0] if len(weights) == 1 else np.linalg.multi_dot(weights[::-1])


def _require_fit(net: Network, moments: Moments, weights: Sequence[Any]) -> None:
    """The widths of the network and the features of the data are those of the weights."""
    net.require_numeric()
    sizes = (moments.dimension, *(int(width) for width in net.widths), 1)
    shapes = [tuple(W.shape) for W in weights]
    if len(shapes) != net.depth + 1:
        raise InputError(f"{len(shapes)} layers are given and the network has {net.depth + 1}.")
    for i, (shape, before, after) in enumerate(zip(shapes, sizes, sizes[1:], strict=False), start=1):
        if shape != (after, before):
            name = "U" if i == len(shapes) else f"W{i}"
            taken = "the data have" if i == 1 else "the layer before has"
            raise InputError(
                f"{name} has shape {shape[0]} × {shape[1]} and needs {after} × {before}: {taken} {before} "
                f"{'features' if i == 1 else 'neurons'}."
            )


def _require_range(net: Network) -> None:
    """Decays and noise are of a size that float64 can compute with; noise may be as small as it likes."""
    least, most = RANGE
    if any(g and not least < g < most for g in net.decays) or any(s > most for s in net.noise):
        raise InputError(
            f"a decay or noise variance is beyond the range {least:g} to {most:g} in which weights can be "
            "compared; choose another unit for the target."
        )


@dataclass(frozen=True)
class _Measured:
    """The loss and what describes the weights beside it."""

    loss: arb
    gradient_norm: arb
    imbalance: float
    ridge: float | None
    norm: float
    variance: float


def _measure(net: Network, moments: Moments, weights: Sequence[Any]) -> _Measured:

    with TURN, working_precision(BITS):
        exact = full_loss(net, moments, Balls())
        floats = FloatLoss(exact, (moments.dimension, *(len(W) for W in weights)))
        terms, gradient_norm = floats.terms_and_gradient_norm(weights)
        loss = exact.total(terms)
    if not (loss.is_finite() and gradient_norm.is_finite()):
        raise InputError(
            "the loss at the weights is beyond the range of float64: the training has diverged, or the "
            "data need another unit."
        )
    m = _map_of(weights)
    square = float((m * m).sum())
    signal = (m @ floats.setting.A.times(floats.setting.op, m.T)).item()
    decays = [float(g) * float((W * W).sum()) for g, W in zip(net.decays, weights, strict=True)]
    mean = sum(decays) / len(decays)
    return _Measured(
        loss,
        gradient_norm,
        (max(decays) - min(decays)) / mean if mean else 0.0,
        mean / square if square else None,
        square**0.5,
        max(0.0, float(terms.second_moment.mid()) - signal) if any(net.noise) else 0.0,
    )


def _neighbors(
    net: Network, moments: Moments, landscape: Landscape, weights: Sequence[Any]
) -> list[Neighbor]:
    """The points of the landscape in order, the origin, and those of the sub-network of active neurons."""
    import numpy as np

    full = [np.ones(len(W)) if s else None for W, s in zip(weights[:-1], net.noise, strict=True)]
    stations = _stations(landscape, full)
    active = [_active(W) if s else None for W, s in zip(weights[:-1], net.noise, strict=True)]
    counts = [len(W) if mask is None else int(mask.sum()) for W, mask in zip(weights, active, strict=False)]
    if counts != [len(W) for W in weights[:-1]]:
        smaller = solve(replace(net, widths=tuple(counts)), moments, digits=landscape.digits)
        stations += [
            _Station("saddle", None, s.orbit) for s in _stations(smaller, active) if s.index is not None
        ]
    neighbors = []
    for station in stations:
        layers, distance = nearest_member(station.orbit, weights)
        others = [abs(station.orbit.norm - s.orbit.norm) for s in stations if s is not station]
        alone = station.orbit.norm or _scale(landscape, moments)
        separation = min(others) if others else alone
        neighbors.append(Neighbor(station.kind, station.index, distance, separation, tuple(layers)))
    return neighbors


@dataclass(frozen=True, eq=False)
class _Station:
    """A stationary point: its kind, its place among the points (None for others), its orbit."""

    kind: str
    index: int | None
    orbit: Orbit


def _stations(landscape: Landscape, active: Sequence[Any]) -> list[_Station]:
    """The points in order, then the origin where it is stationary."""
    import numpy as np

    decays, best = [float(g) for g in landscape.net.decays], landscape.global_minimum
    stations = []
    for point in landscape.points:
        with TURN, working_precision(BITS):
            m, length = landscape.end_to_end_map(point.index), point.norm
            direction = np.array([float(x / length) for x in m])
        kappa = float(point.layer_decay)
        norms = [(kappa / g) ** 0.5 for g in decays] if any(decays) else [float(length)]
        undecided = best.tie is None and point.index in best.contenders
        kind = "global minimum" if undecided else str(point.kind)
        stations.append(_Station(kind, point.index, Orbit(tuple(norms), direction, tuple(active))))
    if landscape.origin != "not stationary":
        zeros = (0.0,) * len(decays)
        direction = np.eye(landscape.data.dimension)[0]
        stations.append(_Station(landscape.origin, None, Orbit(zeros, direction, tuple(active))))
    return stations


def _active(W: Any) -> Any:
    """1 for each neuron whose row is long, 0 for the others."""
    import numpy as np

    lengths = np.linalg.norm(W, axis=1)
    return (lengths >= ACTIVE * lengths.max()).astype(float)


def _scale(landscape: Landscape, moments: Moments) -> float:
    """A length to compare with where the origin is all there is: balanced layers of this norm have a decay,
    and can have a mean square of the prediction, as large as the loss at the origin."""
    c, layers = float(moments.c), landscape.net.depth + 1
    decay = sum(c / (layers * float(g)) for g in landscape.net.decays if g)
    power = float(landscape.noise_factor * moments.trace)
    lengths = [decay**0.5] if decay else []
    if power:
        lengths.append(layers**0.5 * (c / power) ** (0.5 / layers))
    return float(min(lengths, default=0.0)) or 1.0


def _conclude(nearest: Neighbor, tolerance: float) -> tuple[Conclusion, str]:
    article = "the" if nearest.kind == "global minimum" else "a"
    name = f"point {nearest.index}, {article} {nearest.kind}"
    if nearest.index is None:
        name = "the origin" if nearest.at_origin else "a saddle with dead neurons"
    share = nearest.distance / nearest.separation if nearest.separation else float("inf")
    place = f"{nearest.distance:.3g} from {name} ({share:.2g} of its separation from the others)"
    if share > tolerance:
        return "not converged", f"The nearest stationary point is {place}."
    if nearest.kind == "global minimum":
        return "global minimum", f"The weights are {place}."
    if nearest.kind == "local minimum":
        return "bad minimum", f"The weights are {place}, a local minimum that is not global."
    return "saddle", f"The weights are {place}: a plateau, which training leaves by noise or patience."
