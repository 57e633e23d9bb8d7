"""The search for all stationary points of the reduced loss, their kinds, and the global minimum.

The minimum of the full loss over all weights equals that of

    F(m) = ρ mᵀAm - 2 m·v + c + (D+1) γ̄ ‖m‖^{2/(D+1)},

whose stationary points are the origin (D ≥ 1) and one m for every root λ of φ(λ) = τ; every local minimum
of the full loss is the origin (D ≥ 2) or a root at which φ crosses τ upwards.  Mind that the global
minimum need not be the first root, and that bad minima other than the origin exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, overload

from flint import arb

from symderive.arithmetic.exact import ball, check_digits, rational, working_precision
from symderive.arithmetic.precision import sharpest
from symderive.effective_ridge.coincidences import ties_with_origin
from symderive.effective_ridge.ridge import Ridge, gap, ridges_of, values
from symderive.effective_ridge.roots import RootSet, isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import Values, carrying_bits
from symderive.errors import InputError
from symderive.landscape.landscape import GlobalMinimum, Landscape, OriginKind, StationaryPoint
from symderive.model.data import Data
from symderive.model.network import Network
from symderive.model.output_moments import OutputMoments

if TYPE_CHECKING:
    from symderive.outputs.landscape import OutputLandscape

#: What the origin is at a depth where it is not the global minimum; a local minimum at others.
_ORIGINS: dict[int, OriginKind] = {0: "not stationary", 1: "saddle"}


@overload
def solve(net: Network, data: OutputMoments, *, digits: int = ...) -> OutputLandscape: ...


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
) -> Landscape | OutputLandscape:
    """Every stationary point of the reduced loss and the global minimum, to ``digits`` digits.

    With :class:`~symderive.model.output_moments.OutputMoments`, of a network with several outputs.

    Raises :class:`InputError` for a symbolic network and for a decay of 0 at D ≥ 1 where v ≠ 0, since the
    loss then has no isolated minimum to attain.

    >>> from symderive.model.moments import Moments
    >>> net = Network(2, widths=32, decays="1/50")
    >>> data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
    >>> [point.kind for point in solve(net, data).points]
    ['global minimum', 'saddle', 'local minimum', 'saddle']
    """
    check_digits(digits)
    if isinstance(data, OutputMoments):
        from symderive.outputs.landscape import solve_outputs

        return solve_outputs(net, data, digits=digits)
    equation = ScalarEquation.of(net, data)
    if data.v_norm_squared == 0:
        return _landscape(net, equation, digits)
    if net.depth == 0:
        return _landscape(net, equation, digits, (Ridge.given(equation),))
    _require_attained(net)
    roots = isolate_roots(equation, digits=digits, progress=progress)
    return _landscape(net, equation, digits, ridges_of(roots), roots)


def _landscape(
    net: Network,
    equation: ScalarEquation,
    digits: int,
    ridges: tuple[Ridge, ...] = (),
    roots: RootSet | None = None,
) -> Landscape:
    found = [values(ridge, digits) for ridge in ridges]
    best = _global_minimum(equation, ridges, found, digits)
    attained = best.contenders if best.tie is not None else ()
    points = []
    for index, (ridge, at) in enumerate(zip(ridges, found, strict=True)):
        is_global = index in attained and ridge.kind == "local minimum"
        kind = "global minimum" if is_global else ridge.kind
        points.append(StationaryPoint(index, kind, *at.as_tuple()))
    origin = "global minimum" if None in attained else _ORIGINS.get(equation.depth, "local minimum")
    return Landscape(net, equation, digits, tuple(points), ridges, origin, best, roots)


def _global_minimum(
    equation: ScalarEquation, ridges: Sequence[Ridge], found: Sequence[Values], digits: int
) -> GlobalMinimum:
    """Compare F - c over all that may be minima, at growing precision, then exactly."""
    minima: list[int | None] = [index for index, ridge in enumerate(ridges) if ridge.may_be_minimum]
    if equation.depth > 1 or not minima:
        minima.append(None)
    limit = max((digits, *(ridge.limit for ridge in ridges)))

    def lowest(working: int) -> tuple[int | None, ...]:
        """Those that are not certainly above another, at no more digits than the limit."""
        working = min(working, limit)
        gaps = {index: arb(0) if index is None else gap(ridges[index], working) for index in minima}
        with working_precision(carrying_bits(working)):  # a bound of 53 bits could not tell losses apart
            ceiling = min(value.upper() for value in gaps.values())
        return tuple(index for index, value in gaps.items() if not value > ceiling)

    contenders: tuple[int | None, ...] = tuple(minima)
    if len(minima) > 1:
        contenders = sharpest(lowest, lambda left: len(left) == 1, start=digits, limit=limit)
    roots = [index for index in contenders if index is not None]
    tie: bool | None = False
    if len(contenders) > 1:
        level = None in contenders and all(_ties_with_origin(ridges[index]) for index in roots)
        tie = True if level else None
    index = roots[0] if roots else None
    with working_precision(carrying_bits(digits)):
        loss = ball(equation.data.c) if index is None else found[index].loss
    return GlobalMinimum(None in contenders, index, loss, tie, contenders)


def _ties_with_origin(ridge: Ridge) -> bool:
    """Whether F = c here, proved exactly."""
    simple = ridge.kind == "local minimum"
    return simple and ties_with_origin(ridge.equation, ridge.read(ridge.limit).ridge)


def _require_attained(net: Network) -> None:
    zeros = [i for i, g in enumerate(net.decays, start=1) if rational(g) == 0]
    if len(zeros) == net.depth + 1:
        raise InputError(
            "all decays are 0: every m in A⁺v/ρ + null A is a minimum, which is attained but not unique; "
            "give positive decays, or depth 0 for least squares."
        )
    if zeros:
        raise InputError(
            f"decay {zeros[0]} is 0 while others are positive: the infimum c - vᵀA⁺v/ρ is approached only "
            "as weights run to infinity, and no minimum attains it; give every layer a positive decay."
        )
