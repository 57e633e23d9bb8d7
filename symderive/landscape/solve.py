"""The search for all stationary points of the reduced loss, their kinds, and the global minimum.

The minimum of the full loss over all weights equals that of

    F(m) = ρ mᵀAm - 2 m·v + c + (D+1) γ̄ ‖m‖^{2/(D+1)},

whose stationary points are the origin (D ≥ 1) and one m for every root λ of φ(λ) = τ; every local minimum
of the full loss is the origin (D ≥ 2) or a root at which φ crosses τ upwards.  Mind that the global
minimum need not be the first root, and that bad minima other than the origin exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, overload

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    ball,
    check_digits,
    digits_in_common,
    rational,
    working_precision,
)
from symderive.arithmetic.precision import GUARD_DIGITS, sharpest
from symderive.data.interface import Data
from symderive.data.output_moments import OutputMoments
from symderive.effective_ridge.coincidences import Fractions
from symderive.effective_ridge.equal_gaps import are_equal, gap_polynomial
from symderive.effective_ridge.ridge import Ridge, gap, ridges_of, values
from symderive.effective_ridge.roots import RootSet, isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import Values, carrying_bits
from symderive.errors import InputError
from symderive.landscape.landscape import GlobalMinimum, Landscape, OriginKind, StationaryPoint
from symderive.model.network import Network

if TYPE_CHECKING:
    from symderive.outputs.cases import SolvedOutputs

#: Multiple of the digits of other comparisons up to which losses are compared before they are suspected to
#: be equal, and the digits that are then spent, for some number of them tells.
NEAR = 8
TELLING_DIGITS = 40_000

#: What the origin is at a depth where it is not the global minimum; a local minimum at others.
_ORIGINS: dict[int, OriginKind] = {0: "not stationary", 1: "saddle"}


@overload
def solve(net: Network, data: OutputMoments, *, digits: int = ...) -> SolvedOutputs: ...


@overload
def solve(
    net: Network,
    data: Data,
    *,
    digits: int = ...,
    progress: Callable[[float], None] | None = ...,
) -> Landscape: ...


def solve(
    net: Network,
    data: Data | OutputMoments,
    *,
    digits: int = 30,
    progress: Callable[[float], None] | None = None,
) -> Landscape | SolvedOutputs:
    """Every stationary point of the reduced loss and the global minimum.

    Parameters
    ----------
    net : Network
        A numeric network.
    data : Data or OutputMoments
        Moments or a spectrum; of a network with several outputs :class:`OutputMoments`.
    digits : int, optional
        Significant digits to which all values are known.
    progress : callable, optional
        Called with the share of the search that is done, from 0 to 1.

    Returns
    -------
    Landscape or OutputLandscape or ClosedOutputs or ConvexOutputs
        A :class:`Landscape` for one output; for several the one of the three that the network and the data
        allow.

    Raises
    ------
    InputError
        For a symbolic network, for a decay of 0 at D ≥ 1 where v ≠ 0, since the loss then has no isolated
        minimum to attain, and for networks and data that reduce to nothing that is known.

    Notes
    -----
    The search is certified: no root of the reduced problem is missed, and one that stays undecided is said
    to be so.  That the reduced problem has the stationary points of the full loss is derived in the
    theorems of the package, some steps of which are in words.

    Not promised: that roots closer than the highest working precision are told apart.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777.

    Examples
    --------
    >>> from symderive.data.moments import Moments
    >>> net = Network(2, widths=32, decays="1/50")
    >>> data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
    >>> [point.kind for point in solve(net, data).points]
    ['global minimum', 'saddle', 'local minimum', 'saddle']
    """
    check_digits(digits)
    if isinstance(data, OutputMoments):
        from symderive.outputs.cases import solve_outputs

        return solve_outputs(net, data, digits=digits)
    equation = ScalarEquation.of(net, data)
    if equation.data.v_norm_squared == 0:  # a bias centers it
        return _landscape(net, data, equation, digits)
    if net.depth == 0:
        return _landscape(net, data, equation, digits, (Ridge.given(equation),))
    _require_attained(net)
    roots = isolate_roots(equation, digits=digits, progress=progress)
    return _landscape(net, data, equation, digits, ridges_of(roots), roots)


def _landscape(
    net: Network,
    data: Data,
    equation: ScalarEquation,
    digits: int,
    ridges: tuple[Ridge, ...] = (),
    roots: RootSet | None = None,
) -> Landscape:
    found = _apart(ridges, digits)
    best = _global_minimum(equation, ridges, found, digits)
    attained = best.contenders if best.tie is not None else ()
    points = []
    for index, (ridge, at) in enumerate(zip(ridges, found, strict=True)):
        is_global = index in attained and ridge.kind == "local minimum"
        kind = "global minimum" if is_global else ridge.kind
        points.append(StationaryPoint(index, kind, *at.as_tuple()))
    origin = "global minimum" if None in attained else _ORIGINS.get(equation.depth, "local minimum")
    return Landscape(net, data, equation, digits, tuple(points), ridges, origin, best, roots)


def _apart(ridges: Sequence[Ridge], digits: int) -> list[Values]:
    """The values, to ``digits`` digits, and to so many that the λ of neighbors are told apart.

    Not promised next to a cluster, which gets no sharper.
    """
    found, known = [values(ridge, digits) for ridge in ridges], [digits] * len(ridges)
    limit = NEAR * max((digits, *(ridge.limit for ridge in ridges)))

    def are_apart(left: int, right: int) -> bool:
        a, b = found[left].ridge, found[right].ridge
        return not a.overlaps(b) and digits_in_common(a, b) + GUARD_DIGITS <= max(known[left], known[right])

    for pair in pairwise(range(len(ridges))):
        sharper = [index for index in pair if ridges[index].sharpens]
        while sharper and not are_apart(*pair) and known[sharper[0]] < limit:
            for index in sharper:
                known[index] = 2 * max(known[i] for i in pair)
                found[index] = values(ridges[index], known[index])
    return found


def _global_minimum(
    equation: ScalarEquation, ridges: Sequence[Ridge], found: Sequence[Values], digits: int
) -> GlobalMinimum:
    """Compare F - c over all that may be minima, at growing precision, then exactly."""
    minima: list[int | None] = [index for index, ridge in enumerate(ridges) if ridge.may_be_minimum]
    if equation.depth > 1 or not minima:
        minima.append(None)
    limit = max((digits, *(ridge.limit for ridge in ridges)))
    contenders: tuple[int | None, ...] = tuple(minima)
    tie: bool | None = False
    if len(minima) > 1:
        contenders = sharpest(
            lambda working: _lowest(ridges, minima, min(working, limit)),
            lambda left: len(left) == 1,
            start=digits,
            limit=limit,
        )
    if len(contenders) > 1:
        contenders, tie = _told_apart(equation, ridges, contenders, limit)
    index = next((index for index in contenders if index is not None), None)
    with TURN, working_precision(carrying_bits(digits)):
        loss = ball(equation.data.c) if index is None else found[index].loss
    return GlobalMinimum(None in contenders, index, loss, tie, contenders)


def _gaps(ridges: Sequence[Ridge], indices: Sequence[int | None], digits: int) -> dict[int | None, arb]:
    """F - c at points, and at the origin (None)."""
    return {index: arb(0) if index is None else gap(ridges[index], digits) for index in indices}


def _lowest(ridges: Sequence[Ridge], indices: Sequence[int | None], digits: int) -> tuple[int | None, ...]:
    """Those that are not certainly above another."""
    gaps = _gaps(ridges, indices, digits)
    with TURN, working_precision(carrying_bits(digits)):  # a bound of 53 bits could not tell losses apart
        ceiling = min(value.upper() for value in gaps.values())
    return tuple(index for index, value in gaps.items() if not value > ceiling)


def _told_apart(
    equation: ScalarEquation, ridges: Sequence[Ridge], contenders: tuple[int | None, ...], limit: int
) -> tuple[tuple[int | None, ...], bool | None]:
    """Those that attain the minimum, and whether they are several; None where that stays open."""
    points = [ridges[index] for index in contenders if index is not None]
    known = Fractions.of(equation) if all(point.sharpens for point in points) else None
    if known is None:
        return contenders, None
    contenders = sharpest(
        lambda digits: _lowest(ridges, contenders, digits),
        lambda left: len(left) == 1,
        start=2 * limit,
        limit=NEAR * limit,
    )
    if len(contenders) == 1:
        return contenders, False
    points = [ridges[index] for index in contenders if index is not None]
    law = gap_polynomial(known, (point.read(limit).ridge for point in points))
    if law is None:
        return contenders, None

    def is_settled(told: tuple[int, tuple[int | None, ...]]) -> bool:
        digits, left = told
        gaps = _gaps(ridges, left, digits).values()
        return len(left) == 1 or are_equal(law, gaps, carrying_bits(digits))

    digits, left = sharpest(
        lambda digits: (digits, _lowest(ridges, contenders, digits)),
        is_settled,
        start=limit,
        limit=max(NEAR * limit, TELLING_DIGITS),
    )
    return left, len(left) > 1 if is_settled((digits, left)) else None


def _require_attained(net: Network) -> None:
    zeros = [i for i, g in enumerate(net.reduced_decays, start=1) if rational(g) == 0]
    if not zeros:
        return
    minima, least = "A⁺v/ρ + null A", "c - vᵀA⁺v/ρ"
    if net.has_other_noise:
        minima, least = "B⁺v + null B (B is A as all noise sees it)", "of the undecayed loss"
    if len(zeros) == net.depth + 1:
        raise InputError(
            f"all decays are 0: every m in {minima} is a minimum, which is attained but not unique; "
            "give positive decays, or depth 0 for least squares."
        )
    others = "others are positive" if any(net.decays) else "hidden_jitter decays the last one"
    raise InputError(
        f"the decay of layer {zeros[0]} is 0 while {others}: the infimum {least} is approached only as "
        "weights run to infinity, and no minimum attains it; give every layer a positive decay."
    )
