"""All stationary points of the reduced loss, their kinds, and the global minimum.

The minimum of the full loss over all weights equals that of

    F(m) = ρ mᵀAm - 2 m·v + c + (D+1) γ̄ ‖m‖^{2/(D+1)},

whose stationary points are the origin (D ≥ 1) and one m for every root λ of φ(λ) = τ; every local minimum
of the full loss is the origin (D ≥ 2) or a root at which φ crosses τ upwards.  Mind that the global
minimum need not be the first root, and that bad minima other than the origin exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from flint import arb

from symderive.arithmetic.exact import ball, check_digits, decimal, is_accurate, rational, working_precision
from symderive.effective_ridge.roots import GUARD_DIGITS, RootSet, isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, carrying_bits
from symderive.errors import InputError
from symderive.landscape.sources import ClusterSource, RidgeSource, RootSource, Source
from symderive.model.data import Data
from symderive.model.moments import Moments
from symderive.model.network import Network
from symderive.model.output_moments import OutputMoments

if TYPE_CHECKING:
    from symderive.full_loss.layers import Layers
    from symderive.full_loss.verification import Verification
    from symderive.landscape.hessian.blocks import HessianBlocks
    from symderive.landscape.hessian.spectrum import Hessian
    from symderive.outputs.landscape import OutputLandscape

#: Features of general moments up to which tables show the sharpness.
SHARP_SIZE = 100

OriginKind = Literal["local minimum", "saddle", "global minimum", "not stationary"]


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """A stationary point m ≠ 0; balls accurate to the digits of its landscape.

    Attributes
    ----------
    index
        Place in the order of increasing λ, from 0.
    kind
        Of the full loss: ``"degenerate"`` for a double root and for a cluster that stayed undecided.
    ridge
        The effective ridge λ, dimension of A.
    loss
        F, the full loss there.
    layer_decay
        κ = λ‖m‖², the decay γ_i‖W_i‖² that every layer carries, dimension of the loss.
    norm
        ‖m‖.
    prediction_variance
        E_x Var_ε f = (ρ - 1) mᵀAm.
    """

    index: int
    kind: PointKind
    ridge: arb
    loss: arb
    layer_decay: arb
    norm: arb
    prediction_variance: arb
    source: Source


@dataclass(frozen=True)
class GlobalMinimum:
    """The global minimum of the loss.

    ``at_origin`` and ``index`` (into the points; None for none) name every place that attains it as far as
    is known.  ``tie`` is True where origin and root provably have equal loss, False where all others are
    provably higher, and None where the losses of ``contenders`` could not be told apart.
    """

    at_origin: bool
    index: int | None
    loss: arb
    tie: bool | None
    contenders: tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The stationary points of a network on its data; made by :func:`solve`."""

    net: Network
    data: Data
    digits: int
    points: tuple[StationaryPoint, ...]
    origin: OriginKind
    global_minimum: GlobalMinimum
    complete: bool
    roots: RootSet | None

    @cached_property
    def problem(self) -> ScalarEquation:
        """The scalar problem behind the points (its equation is void at depth 0)."""
        return ScalarEquation.of(self.net, self.data)

    @property
    def noise_factor(self) -> Fraction:
        """ρ = Π (1 + σ_i²/d_i), exact, dimensionless."""
        return self.problem.rho

    @property
    def decay_level(self) -> arb | None:
        """τ = (γ_u Π γ_i)^{1/D}, or None at depth 0."""
        if self.net.depth == 0:
            return None
        with working_precision(carrying_bits(self.digits)):
            return ball(self.problem.decay_product).root(self.problem.depth)

    @property
    def loss_at_origin(self) -> Fraction:
        """c = E[y²], exact."""
        return self.data.c

    def end_to_end_map(self, index: int | None, *, digits: int | None = None) -> list[arb]:
        """m at a point (None: the origin), d balls with errors below 10^-digits ‖m‖.

        In the coordinates of A: for standardized moments, of standardized features; for a
        :class:`Spectrum`, of the eigenbasis.
        """
        digits = check_digits(self.digits if digits is None else digits)
        if index is None:
            return [arb(0)] * self.data.dimension
        return self._point(index).source.map(digits)

    def layers(
        self, index: int | None, *, signs: Sequence[Sequence[int]] | None = None, digits: int | None = None
    ) -> Layers:
        """The layers at a point (None: the origin) with signs r_i ∈ {±1}^{d_i}, default all +1."""
        from symderive.full_loss.layers import rebuild_layers

        digits = check_digits(self.digits if digits is None else digits)
        kappa = arb(0) if index is None else self._point(index).source.at(digits).layer_decay
        return rebuild_layers(self.net, self.end_to_end_map(index, digits=digits), kappa, signs=signs)

    def hessian(self, point: int | None, *, digits: int | None = None, spectrum: bool = True) -> Hessian:
        """The Hessian of the full loss at a point (None: the origin), all weights together.

        It lists the whole spectrum where no block couples more than 48 rows, and the extremes of larger
        blocks; without ``spectrum`` the extremes of all blocks that the data enter, which is quicker.

        >>> net = Network(2, widths=10**6, decays="1/50", dropout="1/10")
        >>> data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
        >>> at = solve(net, data).hessian(1)
        >>> at.size, at.morse_index, at.nullity, at.largest.str(10, radius=False)
        (1000003000000, 1, 0, '2.040393163')
        """
        digits = check_digits(self.digits if digits is None else digits)
        source = None if point is None else self._point(point).source
        return self._hessians.at(source, digits, spectrum=spectrum)

    def sharpness(self, point: int | None) -> arb | None:
        """The largest eigenvalue of the Hessian at a point (None: the origin).

        None for general moments of more than SHARP_SIZE features, where it takes long; :meth:`hessian` has
        it.
        """
        if not self.data.has_known_axes and self.data.dimension > SHARP_SIZE:
            return None
        return self.hessian(point, spectrum=False).largest

    @cached_property
    def _hessians(self) -> HessianBlocks:
        from symderive.landscape.hessian.blocks import HessianBlocks

        return HessianBlocks(self.net, self.problem)

    def inertia(self, index: int | None) -> tuple[int | None, int | None]:
        """How many eigenvalues of the Hessian are negative, and how many 0; exact, at once.

        Both None at a point that stayed undecided.
        """
        return self._hessians.inertia(None if index is None else self._point(index).source)

    def verify(
        self, index: int | None = None, *, digits: int | None = None, **options: Any
    ) -> Verification:
        """Check a point (default: the global minimum) on the full loss; see ``symderive.verify``."""
        from symderive.full_loss.verification import verify

        if not isinstance(self.data, Moments):
            raise InputError("a bare spectrum has no features to verify on; give Moments.")
        digits = check_digits(self.digits if digits is None else digits)
        carried = digits + 2 * GUARD_DIGITS
        index = self.global_minimum.index if index is None else index
        kind: OriginKind | PointKind = self.origin
        loss: Any = self.data.c
        if index is not None:
            point = self._point(index)
            kind, loss = point.kind, point.source.at(carried).loss
        return verify(
            self.net,
            self.data,
            self.layers(index, digits=carried),
            loss,
            digits=digits,
            claim="stationary" if kind == "not stationary" else kind,
            **options,
        )

    def _point(self, index: int) -> StationaryPoint:
        if not 0 <= index < len(self.points):
            raise InputError(f"point {index} does not exist; this landscape has {len(self.points)} points.")
        return self.points[index]

    def __str__(self) -> str:
        lines = [f"{self.net!r} on {self.data!r}"]
        lines += [
            f"  {p.index}  λ = {_short(p.ridge)}  F = {_short(p.loss)}  ‖m‖ = {_short(p.norm)}"
            f"  {p.kind}{self._curvature(p.index)}"
            for p in self.points
        ]
        lines.append(
            f"  origin  F = {_short(ball(self.loss_at_origin))}  {self.origin}{self._curvature(None)}"
        )
        lines.append(f"  {'complete' if self.complete else 'NOT complete: some roots stayed undecided'}")
        return "\n".join(lines)

    __repr__ = __str__

    def _curvature(self, index: int | None) -> str:
        """Index, nullity and sharpness in words, as far as they are known."""
        negative, null = self.inertia(index)
        known = [] if negative is None else [f"index {negative}, nullity {null}"]
        if (sharpness := self.sharpness(index)) is not None:
            known.append(f"sharpness {_short(sharpness)}")
        return f" ({', '.join(known)})" if known else ""

    def _repr_latex_(self) -> str:
        rows = [
            rf"{p.index} & {_tex(p.ridge)} & {_tex(p.loss)} & {_tex(p.norm)} & \text{{{p.kind}}} \\"
            for p in self.points
        ]
        at_origin = _tex(ball(self.loss_at_origin))
        rows.append(rf"& \infty & {at_origin} & 0 & \text{{origin: {self.origin}}} \\")
        head = r"\text{point} & \lambda & F & \lVert m\rVert & \text{kind} \\ \hline"
        return "\n".join([r"$\displaystyle\begin{array}{clllc}", head, *rows, r"\end{array}$"])


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

    >>> net = Network(2, widths=32, decays="1/50")
    >>> data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
    >>> [point.kind for point in solve(net, data).points]
    ['global minimum', 'saddle', 'local minimum', 'saddle']
    """
    check_digits(digits)
    if isinstance(data, OutputMoments):
        from symderive.outputs.landscape import solve_outputs

        return solve_outputs(net, data, digits=digits)
    problem = ScalarEquation.of(net, data)
    if problem.depth == 0:
        return _ridge_regression(net, problem, digits)
    if data.v_norm_squared == 0:
        return _landscape(net, problem, digits, (), None)
    _require_attained(net)
    roots = isolate_roots(problem, digits=digits, progress=progress)
    return _landscape(net, problem, digits, _sources(roots), roots)


def _landscape(
    net: Network, problem: ScalarEquation, digits: int, sources: Sequence[Source], roots: RootSet | None
) -> Landscape:
    best = _global_minimum(problem, sources, digits)
    points = []
    for index, source in enumerate(sources):
        values, kind = source.at(digits), source.kind
        if kind == "local minimum" and index in best.contenders and best.tie is not None:
            kind = "global minimum"
        points.append(StationaryPoint(index, kind, *values.as_tuple(), source))
    origin: OriginKind = "local minimum"
    if best.at_origin and best.tie is not None:
        origin = "global minimum"
    elif problem.depth == 1:
        origin = "saddle"
    complete = all(source.is_decided for source in sources)
    return Landscape(net, problem.data, digits, tuple(points), origin, best, complete, roots)


def _global_minimum(problem: ScalarEquation, sources: Sequence[Source], digits: int) -> GlobalMinimum:
    """Compare F - c over all that may be minima, at growing precision, then exactly."""
    gaps: dict[int | None, Callable[[int], arb]] = {
        index: source.gap for index, source in enumerate(sources) if source.may_be_minimum
    }
    if problem.depth > 1 or not gaps:
        gaps[None] = lambda _: arb(0)
    limit = max((source.limit_digits for source in sources), default=digits)
    tried = digits
    while True:
        values = {index: gap(tried) for index, gap in gaps.items()}
        ceiling = min(value.upper() for value in values.values())
        contenders = tuple(index for index, value in values.items() if not value > ceiling)
        if len(contenders) == 1 or tried >= limit:
            break
        tried = min(2 * tried, limit)
    tie: bool | None = False
    if len(contenders) > 1:
        roots = [index for index in contenders if index is not None]
        tie = True if None in contenders and all(sources[i].ties_with_origin for i in roots) else None
    index = next((i for i in contenders if i is not None), None)
    with working_precision(carrying_bits(digits)):
        loss = ball(problem.data.c) if index is None else sources[index].at(digits).loss
    return GlobalMinimum(None in contenders, index, loss, tie, contenders)


def _sources(roots: RootSet) -> list[Source]:
    """Simple roots and clusters in increasing λ."""
    placed: list[tuple[arb, Source]] = [
        (root.refined.sample.u, RootSource(root, roots.limit_bits)) for root in roots.roots
    ]
    placed += [(cluster.left, ClusterSource(roots.problem, cluster)) for cluster in roots.clusters]
    return [source for _, source in sorted(placed, key=lambda pair: pair[0])]


def _ridge_regression(net: Network, problem: ScalarEquation, digits: int) -> Landscape:
    """Depth 0: one minimum, m = (A + γ)^{-1} v."""
    if problem.data.v_norm_squared == 0:
        return _landscape(net, problem, digits, (), None)
    source = RidgeSource(problem)
    values = source.at(digits)
    point = StationaryPoint(0, "global minimum", *values.as_tuple(), source)
    best = GlobalMinimum(False, 0, values.loss, False, (0,))
    return Landscape(net, problem.data, digits, (point,), "not stationary", best, True, None)


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


def _short(value: arb) -> str:
    return decimal(value, 8) if is_accurate(value, 8) else value.str(8)


def _tex(value: arb) -> str:
    mantissa, _, exponent = _short(value).partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa
