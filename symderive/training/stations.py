"""The stationary points that trained weights are compared with: their losses, their orbits, how far away.

Beside the points of the landscape and the origin these are, where neurons of a noisy layer have died, the
points of the network of the active neurons: saddles of the whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, nextafter
from typing import Any

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.landscape.landscape import Landscape
from symderive.landscape.solve import solve
from symderive.model.network import Network
from symderive.training.orbits import Orbit, nearest_member

#: A noisy neuron is taken for active when its row is longer than this fraction of the longest.
ACTIVE = 0.5

#: Bits for the norms of the points.
BITS = 128

#: Landscapes of fewer neurons that are kept with one: a training run asks for the same after every epoch.
KEPT = 16


@dataclass(frozen=True, eq=False)
class Neighbor:
    """A stationary point near the weights.

    Attributes
    ----------
    kind
        What it is in the full loss.
    index
        Its place in the landscape; None for the origin, or a saddle with dead neurons.
    loss
        The loss there, a ball; dimension target².
    distance
        Euclidean, over all weights, bounded from above.
    separation
        How far the other orbits are from this one, bounded from below.
    weights
        The member of its orbit next to the given ones, W_1, …, U as float64 arrays.
    """

    kind: str
    index: int | None
    loss: arb
    distance: float
    separation: float
    weights: tuple[Any, ...]

    @property
    def at_origin(self) -> bool:
        """Whether all its weights are 0."""
        return not any(W.any() for W in self.weights)

    @property
    def share(self) -> float:
        """The distance in units of the separation."""
        return self.distance / self.separation if self.separation else inf


@dataclass(frozen=True, eq=False)
class _Place:
    """A stationary point whatever the signs of its neurons: ``norms`` of the layers, ``norm`` of all of
    them (a ball), and the direction m̂ as float64."""

    kind: str
    index: int | None
    loss: arb
    norms: tuple[float, ...]
    norm: arb
    direction: Any


@dataclass(frozen=True, eq=False)
class _Station:
    """A place, and the orbit of its weights."""

    place: _Place
    orbit: Orbit


def neighbors(landscape: Landscape, moments: Moments, weights: Sequence[Any]) -> list[Neighbor]:
    """The points of the landscape in order, the origin where it is stationary, and those of the network of
    the active neurons where some are dead."""
    import numpy as np

    net = landscape.net
    full = tuple(np.ones(len(W)) if s else None for W, s in zip(weights[:-1], _pinned(net), strict=True))
    stations = [_Station(place, _orbit(place, full)) for place in _places(landscape)]
    if not net.has_plain_noise:  # what the networks of some neurons are to these is not known
        return _found(landscape, stations, weights)
    active = tuple(_active(W) if s else None for W, s in zip(weights[:-1], net.noise, strict=True))
    counts = [len(W) if mask is None else int(mask.sum()) for W, mask in zip(weights, active, strict=False)]
    if counts != [len(W) for W in weights[:-1]]:
        smaller = _smaller(landscape, replace(net, widths=tuple(counts)), moments)
        stations += [
            _Station(replace(place, kind="saddle", index=None), _orbit(place, active))
            for place in _places(smaller)
            if place.index is not None
        ]
    return _found(landscape, stations, weights)


def _pinned(net: Network) -> list[bool]:
    """The hidden layers in which minima have equal |r_j|: those with noise of every neuron's own, before
    it, in it, or behind it; in others, any rotation of the neurons is a minimum, too.

    Raises :class:`InputError` for groups of several neurons, whose minima form other orbits.
    """
    pinned = []
    for i, (variance, width, count) in enumerate(zip(net.noise, net.widths, net.group_counts, strict=True)):
        weights = bool(net.weight_noise[i] or net.weight_noise[i + 1])
        if variance and 1 < count < width and not weights:
            raise InputError(
                f"layer {i + 1} has {count} groups of neurons that share noise, whose minima trained "
                "weights cannot be compared with; give 1 group, or as many as neurons."
            )
        pinned.append(weights or bool(variance and count == width))
    return pinned


def _found(landscape: Landscape, stations: Sequence[_Station], weights: Sequence[Any]) -> list[Neighbor]:
    """The nearest member of each station."""
    found = []
    for at, station in enumerate(stations):
        layers, distance = nearest_member(station.orbit, weights)
        found.append(
            Neighbor(
                station.place.kind,
                station.place.index,
                station.place.loss,
                _from_above(distance, station.orbit, weights),
                _separation(at, stations, landscape),
                tuple(layers),
            )
        )
    return found


def _smaller(landscape: Landscape, net: Network, moments: Moments) -> Landscape:
    """The landscape of the active neurons alone, kept with that of all."""
    kept: dict[Network, Landscape] = landscape.kept.setdefault("of fewer neurons", {})
    found = kept.get(net)
    if found is None:
        found = solve(net, moments, digits=landscape.digits)
        for oldest in [*kept][: len(kept) + 1 - KEPT]:
            kept.pop(oldest, None)
        kept[net] = found
    return found


def _places(landscape: Landscape) -> tuple[_Place, ...]:
    """The points in order, then the origin where it is stationary; kept with the landscape."""
    kept = landscape.kept
    if "places" not in kept:
        kept["places"] = _places_of(landscape)
    found: tuple[_Place, ...] = kept["places"]
    return found


def _places_of(landscape: Landscape) -> tuple[_Place, ...]:
    import numpy as np

    net, best = landscape.net, landscape.global_minimum
    places = []
    for point in landscape.points:
        with TURN, working_precision(BITS):
            m, length = landscape.end_to_end_map(point.index), point.norm
            direction = np.array([float(x / length) for x in m])
            if any(net.reduced_decays):
                norms = [(point.layer_decay / ball(g)).sqrt() for g in net.reduced_decays]
            else:
                norms = [length.root(net.depth + 1)] * (net.depth + 1)
            norm = sum((b**2 for b in norms), arb(0)).sqrt()
        undecided = best.tie is None and point.index in best.contenders
        kind = "global minimum" if undecided else str(point.kind)
        floats = tuple(map(float, norms))
        places.append(_Place(kind, point.index, point.loss, floats, norm, direction))
    if landscape.origin != "not stationary":
        with TURN, working_precision(BITS):
            loss = ball(landscape.loss_at_origin)
        direction = np.eye(landscape.data.dimension)[0]
        zeros = (0.0,) * (net.depth + 1)
        kind = "global minimum" if None in best.contenders else landscape.origin
        places.append(_Place(kind, None, loss, zeros, arb(0), direction))
    return tuple(places)


def _orbit(place: _Place, active: Sequence[Any]) -> Orbit:
    return Orbit(place.norms, place.direction, tuple(active))


def _active(W: Any) -> Any:
    """1 for each neuron whose row is long, 0 for the others."""
    import numpy as np

    lengths = np.linalg.norm(W, axis=1)
    return (lengths >= ACTIVE * lengths.max()).astype(float)


def _separation(at: int, stations: Sequence[_Station], landscape: Landscape) -> float:
    """From below: orbits are as far apart as the norms of their members, at least."""
    own = stations[at].place.norm
    others = [s.place.norm for s in stations if s is not stations[at]]
    with TURN, working_precision(BITS):
        if not others:
            return _down(own.lower()) or _scale(landscape)
        return min(_down((own - other).abs_lower()) for other in others)


def _down(value: arb) -> float:
    return max(0.0, nextafter(float(value), -inf)) if value > 0 else 0.0


def _from_above(distance: float, orbit: Orbit, weights: Sequence[Any]) -> float:
    """A distance that floats computed, with what their rounding and that of the orbit may have lost.

    A layer of the member in floats differs from the exact one by the roundings of its norm, of two unit
    vectors, each of as many terms as it has entries, and of their product; the distance is a root of a sum
    of as many squares as there are weights.
    """
    unit = 2.0**-53
    lost = sum(unit * (2 * sum(W.shape) + 16) * norm for norm, W in zip(orbit.norms, weights, strict=True))
    rounded = distance * (1 + unit * (sum(W.size for W in weights) + 16))
    return nextafter(rounded + lost, inf) if rounded + lost else 0.0


def _scale(landscape: Landscape) -> float:
    """A length to compare with where the origin is all there is: balanced layers of this norm have a decay,
    and can have a mean square of the prediction, as large as the loss at the origin."""
    net, data = landscape.net, landscape.equation.data
    with TURN, working_precision(BITS):
        c, layers = ball(data.c), net.depth + 1
        power = ball(landscape.equation.rho * data.eigenvalue_bound)
        lengths = []
        decays = net.reduced_decays
        if any(decays):
            lengths.append(sum((c / (layers * ball(g)) for g in decays if g), arb(0)).sqrt())
        if power > 0:
            lengths.append(arb(layers).sqrt() * (c / power).root(2 * layers))
        return min((_down(x) for x in lengths), default=0.0)
