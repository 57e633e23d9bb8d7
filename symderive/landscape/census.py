"""Every stationary point of the full loss of a small network, sub-networks included.

The stationary points of L with all decays positive are the origin and, for every choice of k_i active
neurons in each layer with noise and every root λ of the scalar equation with ρ = Π (1 + σ_i²/k_i),

    W_i = β_i e_i e_{i-1}ᵀ,   e_0 = m̂,   γ_i β_i² = κ,

where e_i has k_i entries ±1/√k_i and else zeros if the layer has noise, and is any unit vector if it has
none.  So each root stands for Π C(d_i, k_i) 2^{k_i} points (layers with noise) times a sphere S^{d_i - 1}
for each layer without.

Index and nullity are read off the Hessian matrix of all weights, in ball arithmetic, and the list is then
audited by topology (:mod:`symderive.landscape.topology`).  The census does not use that the index is [H'
< 0] + Σ (d_i - k_i) over the layers with noise, which the derivation ``subnetwork-index`` proves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import comb, prod

from flint import arb, arb_mat, fmpq_poly

from symderive.arithmetic.exact import (
    TURN,
    ball,
    check_digits,
    exact_product,
    in_tex,
    rational,
    to_flint,
    working_precision,
)
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.precision import sharpen
from symderive.arithmetic.turns import cached_property
from symderive.data.moments import Moments
from symderive.effective_ridge.values import PointKind, carrying_bits
from symderive.errors import InputError
from symderive.full_loss.hessian_matrix import Inertia, hessian_matrix, inertia
from symderive.full_loss.recursion import full_loss
from symderive.landscape.landscape import Landscape, OriginKind, StationaryPoint
from symderive.landscape.solve import solve
from symderive.landscape.topology import Audit, CriticalManifold, audit
from symderive.model.network import Network
from symderive.notebooks import InNotebooks

#: Most weights, and most choices of active neurons, of a network that is small.
MAX_WEIGHTS = 64
MAX_CHOICES = 256

#: Multiple of the digits asked for, or of those a root is known to, up to which signs are sought.
MOST_RETRIES = 16

#: Significant digits in tables for people.
TABLE_DIGITS = 8


@dataclass(frozen=True)
class StationarySet:
    """The stationary points that signs, rotations and the choice of active neurons make of one root.

    Attributes
    ----------
    active : tuple of int
        k_1, …, k_D, the numbers of active neurons; of a layer without noise its width; zeros at the origin.
    root : int or None
        Place of its ridge among those of the same choice, from 0; None at the origin.
    ridge : arb
        The effective ridge λ, dimension of A; ∞ at the origin.
    loss : arb
        L there.
    kind : str
        As in a landscape; a point with inactive neurons in a layer with noise is a saddle.
    manifold : CriticalManifold
        Index, nullity and shape.
    """

    active: tuple[int, ...]
    root: int | None
    ridge: arb
    loss: arb
    kind: PointKind | OriginKind
    manifold: CriticalManifold

    @property
    def points(self) -> int | None:
        """The number of points; None for infinitely many."""
        return None if self.manifold.spheres else self.manifold.components


@dataclass(frozen=True, eq=False)
class Census(InNotebooks):
    """All stationary points of the full loss; made by :func:`take_census`.

    Attributes
    ----------
    net : Network
        The network.
    data : Moments
        The data.
    digits : int
        Digits to which values are known.
    sets : tuple of StationarySet
        Ordered by active neurons, all of them first, then by ridge; the origin is last.
    complete : bool
        Whether no root of any scalar equation stayed undecided.
    """

    net: Network
    data: Moments
    digits: int
    sets: tuple[StationarySet, ...]
    complete: bool

    @property
    def points(self) -> int | None:
        """The number of stationary points; None where it is infinite or not known."""
        counts = [one.points for one in self.sets]
        known = [count for count in counts if count is not None]
        return sum(known) if self.complete and len(known) == len(counts) else None

    @cached_property
    def audit(self) -> Audit:
        """The topological check of the whole list."""
        return audit(one.manifold for one in self.sets)

    def rows(self) -> list[tuple[str, ...]]:
        """Write the points as the rows of a table.

        Returns
        -------
        list of tuple of str
            The titles, and then a row for each set of points.
        """
        return [_HEADER, *map(_row, self.sets)]

    def __str__(self) -> str:
        rows = self.rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([f"{self.net!r} on {self.data!r}", *lines, str(self.audit)])

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        head = r"k & \lambda & L & \text{kind} & \text{index} & \text{nullity} & \text{points} \\ \hline"
        rows = [" & ".join(_tex_row(one)) + r" \\" for one in self.sets]
        return "\n".join([r"$\displaystyle\begin{array}{llllrrl}", head, *rows, r"\end{array}$"])


def take_census(net: Network, data: Moments, *, digits: int = 30) -> Census:
    """Every stationary point of the full loss, with index, nullity and number of copies.

    Parameters
    ----------
    net : Network
        A numeric network of at most 64 weights and 256 choices of active neurons.
    data : Moments
        The data.
    digits : int, optional
        Digits to which values are accurate.

    Returns
    -------
    Census
        The list, and its topological check.

    Raises
    ------
    InputError
        For networks that are not small, symbolic, of depth 0, with several outputs or with a decay of 0.

    Examples
    --------
    >>> net = Network(1, widths=2, decays="1/5", noise="1/2")
    >>> found = take_census(net, Moments.given([[1]], [1], 1))
    >>> found.points, found.audit.total
    (9, 1)
    >>> [(one.active, one.kind, one.manifold.index, one.points) for one in found.sets]
    [((2,), 'global minimum', 0, 4), ((1,), 'saddle', 1, 4), ((0,), 'saddle', 2, 1)]
    """
    check_digits(digits)
    _require_small(net, data)
    whole = solve(net, data, digits=digits)
    sets, complete = [], True
    for active in _choices(net):
        landscape = whole
        if active != tuple(map(int, net.widths)):
            part = Network(net.depth, widths=active, decays=net.decays, noise=net.noise)
            landscape = solve(part, data, digits=digits)
        complete &= landscape.complete
        sets += [_set_of(net, data, landscape, point) for point in landscape.points]
    sets.append(_origin(whole))
    return Census(net, data, digits, tuple(sets), complete)


def complex_points(net: Network, data: Moments) -> int:
    """The number of complex stationary points of a network with one feature and one neuron a layer.

    Every weight is ± √(κ/γ_i) with κ = P (v - ρaP) for their product P, which solves

        P^{D-1} (v - ρaP)^{D+1} = γ_u Π γ_i,

    and half of the 2^{D+1} choices of signs give this product.  With the origin that makes 1 + D 2^{D+1}
    points in general, the numbers that A. Bharadwaj and S. Hoşten, *Complex critical points of deep linear
    neural networks*, arXiv:2301.12651, found by homotopy continuation.  Points that coincide count once.

    >>> data = Moments.given([[1]], [1], 1)
    >>> [complex_points(Network(depth, widths=1, decays="1/7"), data) for depth in (1, 2, 3, 4)]
    [5, 17, 49, 129]
    """
    _require_countable(net, data)
    if data.dimension != 1 or any(width != 1 for width in net.widths):
        raise InputError(
            f"{net!r} on {data.dimension} features is not a scalar network; complex points are counted for "
            "one feature and widths of 1."
        )
    # With standardized features a = C/V and v = b/√V; p = P/√V then solves an equation over the rationals.
    a, b, variance = data.entry(0, 0), data.entry(0, 1), data.metric[0]
    rho, depth = rational(net.noise_factor), int(net.depth)
    product_of_decays = exact_product(rational(decay) for decay in net.decays)
    shift = fmpq_poly([to_flint(b), -to_flint(rho * a)])
    powers = fmpq_poly([0, 1]) ** (depth - 1) * shift ** (depth + 1)
    equation = powers - to_flint(product_of_decays * variance)
    distinct = equation.degree() - equation.gcd(equation.derivative()).degree()
    return 1 + (distinct - int(equation(0) == 0)) * 2**depth


# -- one point ---------------------------------------------------------------------------------------------


def _set_of(net: Network, data: Moments, landscape: Landscape, point: StationaryPoint) -> StationarySet:
    """A point of a sub-network, in the whole network."""
    active = tuple(map(int, landscape.net.widths))
    spheres, components = _orbit(net, active)
    flat = sum(spheres) + landscape.ridges[point.index].is_double
    index, nullity = _signs(net, data, landscape, point.index, flat)
    dead = active != tuple(map(int, net.widths))
    return StationarySet(
        active,
        point.index,
        point.ridge,
        point.loss,
        "saddle" if dead else point.kind,
        CriticalManifold(index, nullity, spheres, components),
    )


def _origin(landscape: Landscape) -> StationarySet:
    index, nullity = landscape.inertia(None)
    with TURN, working_precision(carrying_bits(landscape.digits)):
        loss = ball(landscape.loss_at_origin)
    manifold = CriticalManifold(index, nullity, (), 1)
    nothing = (0,) * len(landscape.net.widths)
    return StationarySet(nothing, None, arb.pos_inf(), loss, landscape.origin, manifold)


def _orbit(net: Network, active: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """The spheres and the number of components of the points with these active neurons."""
    spheres, components = [], 1
    for width, variance, count in zip(map(int, net.widths), net.noise, active, strict=True):
        if variance or width == 1:
            components *= comb(width, count) * 2**count
        else:
            spheres.append(width - 1)
    return tuple(spheres), components


def _signs(
    net: Network, data: Moments, landscape: Landscape, place: int, flat: int
) -> tuple[int | None, int | None]:
    """Index and nullity at a point, which is known to have at least ``flat`` null directions.

    Eigenvalues whose sign the balls leave open are those ``flat``, once there are no more of them.
    """
    ridge = landscape.ridges[place]
    known = max(landscape.digits, ridge.limit)

    def signs(digits: int) -> Inertia:
        bits = carrying_bits(digits)
        weights = _embedded(landscape.layers(place, digits=digits).balls(bits), net)
        with TURN, working_precision(bits):
            return inertia(hessian_matrix(full_loss(net, data, Balls()), weights))

    start = landscape.digits
    limit = MOST_RETRIES * known if ridge.sharpens else start
    found = sharpen(signs, lambda x: x.open == flat, start=start, limit=limit)
    return (found.negative, flat) if found else (None, None)


def _embedded(layers: Sequence[arb_mat], net: Network) -> list[arb_mat]:
    """The layers of a sub-network with its inactive neurons, which come last and have weights of 0."""
    sides = (int(layers[0].ncols()), *map(int, net.widths), 1)
    whole = []
    for layer, (columns, rows) in zip(layers, pairwise(sides), strict=True):
        matrix = arb_mat(rows, columns)
        for i, row in enumerate(layer.tolist()):
            for j, x in enumerate(row):
                matrix[i, j] = x
        whole.append(matrix)
    return whole


# -- what is asked for -------------------------------------------------------------------------------------


def _choices(net: Network) -> Iterator[tuple[int, ...]]:
    """All numbers of active neurons, the whole network first."""
    layers = zip(map(int, net.widths), net.noise, strict=True)
    return product(*(range(width, 0, -1) if variance else (width,) for width, variance in layers))


def _require_countable(net: Network, data: Moments) -> None:
    """Numbers, features, hidden layers, and decays that keep the stationary points bounded."""
    net.require_numeric()
    net.require_one_output()
    net.require_neuron_noise("stationary points are counted")
    if not isinstance(data, Moments):
        raise InputError("a census needs the features themselves, not their spectrum; give Moments.")
    if not net.depth:
        raise InputError("depth 0 is ridge regression with one stationary point; solve finds it.")
    for layer, decay in enumerate(net.decays, start=1):
        if not decay:
            raise InputError(
                f"the decay of layer {layer} is 0, so that stationary points need not be isolated up to "
                "symmetry; give every layer a positive decay."
            )


def _require_small(net: Network, data: Moments) -> None:
    _require_countable(net, data)
    sides = (data.dimension, *map(int, net.widths), 1)
    if (weights := sum(a * b for a, b in pairwise(sides))) > MAX_WEIGHTS:
        raise InputError(
            f"the network has {weights} weights, and a census is made of at most {MAX_WEIGHTS}; "
            "solve finds the minima of networks of any size."
        )
    layers = zip(map(int, net.widths), net.noise, strict=True)
    if (choices := prod(width for width, variance in layers if variance)) > MAX_CHOICES:
        raise InputError(
            f"the network has {choices} choices of active neurons, and a census is made of at most "
            f"{MAX_CHOICES}; solve finds the minima of networks of any size."
        )


# -- tables ------------------------------------------------------------------------------------------------

_HEADER = ("active", "ridge λ", "loss L", "kind", "index", "nullity", "points")


def _row(one: StationarySet) -> tuple[str, ...]:
    active = "origin" if one.root is None else " ".join(map(str, one.active))
    manifold = one.manifold
    numbers = ("?" if number is None else str(number) for number in (manifold.index, manifold.nullity))
    spheres = " × ".join(f"S^{n}" for n in manifold.spheres)
    copies = f"{manifold.components} × {spheres}" if spheres else str(manifold.components)
    ridge = "∞" if one.root is None else _text(one.ridge)
    return active, ridge, _text(one.loss), one.kind, *numbers, copies


def _tex_row(one: StationarySet) -> tuple[str, ...]:
    active, ridge, loss, kind, *signs, copies = _row(one)
    numbers = (r"\infty" if one.root is None else in_tex(ridge), in_tex(loss))
    return rf"\text{{{active}}}", *numbers, rf"\text{{{kind}}}", *signs, copies.replace("×", r"\times")


def _text(value: arb) -> str:
    return value.str(TABLE_DIGITS, radius=False)
