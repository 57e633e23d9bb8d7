"""A landscape: all stationary points of the reduced loss, and what can be asked of them.

:mod:`symderive.landscape.solve` makes it.  A landscape is plain data: it compares and pickles by what it
holds, and a copy answers to more digits as the original does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    ball,
    check_digits,
    digits_in_common,
    rational,
    working_precision,
)
from symderive.arithmetic.precision import GUARD_DIGITS
from symderive.arithmetic.records import Record
from symderive.arithmetic.turns import cached_property
from symderive.data.interface import Data
from symderive.data.moments import Moments
from symderive.effective_ridge.ridge import Ridge, end_to_end_map, values
from symderive.effective_ridge.roots import RootSet
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, carrying_bits
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.notebooks import InNotebooks

if TYPE_CHECKING:
    import numpy as np

    from symderive.data.blocks import TableLike
    from symderive.full_loss.layers import Layers
    from symderive.full_loss.verification import Verification
    from symderive.landscape.hessian.blocks import HessianBlocks
    from symderive.landscape.hessian.spectrum import Hessian
    from symderive.landscape.prediction import LinearMap

#: Features of general moments up to which tables show the sharpness.
SHARP_SIZE = 100

#: Why a Hessian is not given.
UNPROVED = (
    "the blocks of the Hessian are proved for the noise of single neurons, of the features and on the last "
    "hidden layer; with noisy weights, groups of neurons, or a free bias and noisy neurons they are known "
    "at the origin and at depth 0 alone."
)

OriginKind = Literal["local minimum", "saddle", "global minimum", "not stationary"]


@dataclass(frozen=True, eq=False)
class StationaryPoint(Record, InNotebooks):
    """A stationary point m ≠ 0; balls accurate to the digits of its landscape, or to more.

    The balls of the λ of two points that are told apart do not overlap.

    Attributes
    ----------
    index : int
        Place in the order of increasing λ, from 0.
    kind : str
        Of the full loss: ``"global minimum"``, ``"local minimum"``, ``"saddle"``, or ``"degenerate"`` for a
        double root and for a cluster that stayed undecided.
    ridge : arb
        The effective ridge λ, dimension of A.
    loss : arb
        F, the full loss there.
    layer_decay : arb
        κ = λ‖m‖², the decay γ_i‖W_i‖² that every layer carries, dimension of the loss.
    norm : arb
        ‖m‖.
    prediction_variance : arb
        E_x Var_ε f, dimension target²; (ρ - 1) mᵀAm where single neurons alone are noisy.
    """

    index: int
    kind: PointKind
    ridge: arb
    loss: arb
    layer_decay: arb
    norm: arb
    prediction_variance: arb

    def __repr__(self) -> str:
        ridge, loss, norm = (x.str(8, radius=False) for x in (self.ridge, self.loss, self.norm))
        return f"StationaryPoint({self.index}: {self.kind}, λ = {ridge}, F = {loss}, ‖m‖ = {norm})"


@dataclass(frozen=True, eq=False)
class GlobalMinimum(Record, InNotebooks):
    """The global minimum of the loss.

    Attributes
    ----------
    at_origin : bool
        Whether the origin is among the contenders.
    index : int or None
        The first point among the contenders; None where the origin is the only one.
    loss : arb
        The least loss.
    tie : bool or None
        True where there are several contenders and they provably have equal loss, False where there is one
        and all others are provably higher, None where the losses of the contenders could not be told apart.
    contenders : tuple of int or None
        Every place that attains it as far as is known: an index into the points, None for the origin.
    """

    at_origin: bool
    index: int | None
    loss: arb
    tie: bool | None
    contenders: tuple[int | None, ...]

    def __repr__(self) -> str:
        places = ", ".join("origin" if i is None else f"point {i}" for i in self.contenders)
        undecided = ", undecided" if self.tie is None else ""
        return f"GlobalMinimum({places}{undecided}, F = {self.loss.str(8, radius=False)})"


@dataclass(frozen=True, eq=False)
class Landscape(Record, InNotebooks):
    """The stationary points of a network on its data; made by :func:`symderive.solve`.

    It is plain data: it compares and pickles by what it holds, and a copy answers to more digits as the
    original does.

    Attributes
    ----------
    net : Network
        The network.
    data : Data
        The data that the network is trained on.
    equation : ScalarEquation
        The scalar equation behind the points, on the data as noise and bias alter them; void at depth 0.
    digits : int
        Digits to which values are known.
    points : tuple of StationaryPoint
        The points m ≠ 0 in increasing λ.
    ridges : tuple of Ridge
        The ridge of each point, which is known to more digits.
    origin : str
        What m = 0 is: a kind, or ``"not stationary"``.
    global_minimum : GlobalMinimum
        The global minimum.
    roots : RootSet or None
        The root search, whose ``evidence`` certificates are made of; None at depth 0 and where v = 0.

    Examples
    --------
    >>> from symderive import solve
    >>> found = solve(Network(1, widths=4, decays="1/10"), Moments.given([[1]], [1], 1))
    >>> found.complete, found.global_minimum.index, found.origin
    (True, 0, 'saddle')
    >>> found.points[0].loss.str(10, radius=False)
    '0.1900000000'
    """

    net: Network
    data: Data
    equation: ScalarEquation
    digits: int
    points: tuple[StationaryPoint, ...]
    ridges: tuple[Ridge, ...]
    origin: OriginKind
    global_minimum: GlobalMinimum
    roots: RootSet | None

    @property
    def complete(self) -> bool:
        """Whether every point is decided."""
        return all(ridge.decided for ridge in self.ridges)

    @property
    def noise_factor(self) -> Fraction:
        """The noise factor ρ = Π (1 + σ_i²/G_i), exact, of a network with no noisy weights.

        It is dimensionless.  ``net.noise_factors`` are the two of any network.
        """
        return rational(self.net.noise_factor)

    @property
    def decay_level(self) -> arb | None:
        """The decay level τ = (γ_u Π γ_i)^{1/D}, or None at depth 0."""
        if self.net.depth == 0:
            return None
        with TURN, working_precision(carrying_bits(self.digits)):
            return ball(self.equation.decay_product).root(self.equation.depth)

    @property
    def loss_at_origin(self) -> Fraction:
        """The loss c = E[y²] of zero weights, exact.

        The noise of the target is in it, and (E y)² is taken off where a bias is free.
        """
        return self.equation.data.c

    @cached_property
    def agreement(self) -> tuple[int, ...]:
        """How many digits the λ of a point and the next one have in common, one number fewer than points.

        A lower bound; 0 where the two are not told apart, as beside a cluster.
        """
        return tuple(digits_in_common(a.ridge, b.ridge) for a, b in pairwise(self.points))

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was computed from the landscape elsewhere and lives as long; no part of its content."""
        return {}

    def close_points(self, digits: int) -> list[str]:
        """A sentence for every two neighbors that can be taken for one.

        Parameters
        ----------
        digits : int
            Digits to which their λ are the same.

        Returns
        -------
        list of str
            The sentences; none where all λ differ.
        """
        return [
            f"Points {i} and {i + 1} are distinct: their λ agree in {agree} digits."
            for i, agree in enumerate(self.agreement)
            if agree >= digits - 1
        ]

    def end_to_end_map(self, index: int | None, *, digits: int | None = None) -> list[arb]:
        """The map m = (U W_D … W_1)ᵀ at a point, with errors below 10^-digits ‖m‖.

        Parameters
        ----------
        index : int or None
            Place of the point; None: the origin.
        digits : int, optional
            Digits; default: those of the landscape.

        Returns
        -------
        list of arb
            The d entries, in the coordinates of A: for standardized moments, of standardized features; for
            a :class:`Spectrum`, of the eigenbasis.

        Raises
        ------
        InputError
            Where the point does not exist, or is not known to so many digits.
        """
        digits = self._digits(digits)
        if (ridge := self._ridge(index)) is None:
            return [arb(0)] * self.data.dimension
        return end_to_end_map(ridge, digits)

    def bias(self, index: int | None, *, digits: int | None = None) -> arb:
        """The best output bias ȳ - m·x̄ at a point, in the coordinates of A.

        Parameters
        ----------
        index : int or None
            Place of the point; None: the origin.
        digits : int, optional
            Digits; default: those of the landscape.

        Returns
        -------
        arb
            The bias, with an error below 10^-digits (|ȳ| + ‖m‖ ‖x̄‖).

        Raises
        ------
        InputError
            Where no bias is free.
        """
        from symderive.landscape.prediction import best_bias

        if not self.net.bias:
            raise InputError("the network has no free output bias; make it with bias=True.")
        digits = self._digits(digits)
        return best_bias(self._moments(), self.end_to_end_map(index, digits=digits), digits)

    def layers(
        self, index: int | None, *, signs: Sequence[Sequence[int]] | None = None, digits: int | None = None
    ) -> Layers:
        """The layers W_1, …, W_D, U at a point.

        Parameters
        ----------
        index : int or None
            Place of the point; None: the origin.
        signs : sequence of sequences of int, optional
            Signs r_i ∈ {±1}^{d_i} for each hidden layer, default all +1: every choice is a point.
        digits : int, optional
            Digits; default: those of the landscape.

        Returns
        -------
        Layers
            Factors, from which arrays are made.

        Raises
        ------
        InputError
            Where the point does not exist, for wrong signs, and where no finite layers are balanced.
        """
        from symderive.full_loss.layers import rebuild_layers

        digits = self._digits(digits)
        ridge = self._ridge(index)
        kappa = arb(0) if ridge is None else values(ridge, digits).layer_decay
        return rebuild_layers(self.net, self.end_to_end_map(index, digits=digits), kappa, signs=signs)

    @cached_property
    def _known_maps(self) -> dict[int | None, LinearMap]:
        return {}

    def linear_map(self, index: int | None) -> LinearMap:
        """The map from users' features to the users' target at a point, in doubles.

        Parameters
        ----------
        index : int or None
            Place of the point; None: the origin.

        Returns
        -------
        LinearMap
            Slopes and intercept in the units of the table.

        Raises
        ------
        InputError
            Beyond the range of doubles, and for a bare spectrum, which has no features.
        """
        from symderive.landscape.prediction import linear_map

        if index not in self._known_maps:
            maps = partial(self._map_at, index)
            self._known_maps[index] = linear_map(self._moments(), self.net, maps)
        return self._known_maps[index]

    def predict(
        self, X: TableLike, *, index: int | None = None, return_std: bool = False
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """What the network predicts at a point for every row of X.

        Parameters
        ----------
        X : array_like
            Features of shape (n, d) in the units of the table that the moments were made of: centering and
            standardizing are undone.  The columns of a data frame go by their names.
        index : int, optional
            Place of the point; default: the global minimum.
        return_std : bool, optional
            Whether the standard deviation over the noise is returned, too.

        Returns
        -------
        ndarray or tuple of ndarray
            The mean over the noise, float64 of shape (n,); with ``return_std`` a pair, of it and of the
            standard deviation over the noise.

        Raises
        ------
        InputError
            For features that do not fit or are no finite numbers, and beyond the range of doubles.

        Notes
        -----
        The standard deviation is no error of the prediction: with noise of the neurons alone it is √(ρ -
        1) |w·(x - x̄)|.  The slopes w are correctly rounded, and the sums are plain doubles: errors are at
        most (d + 4) 2^-53 (|t| + Σ |w_j| (|x_j - x̄_j| + |x̄_j|)), in the letters of :class:`LinearMap`.

        Examples
        --------
        >>> from symderive import solve
        >>> X, y = [[1], [2], [6]], [1, 3, 5]
        >>> data = Moments.from_samples(X, y, center=True)
        >>> found = solve(Network(1, widths=4, decays="1/10", dropout="1/2"), data)
        >>> mean, std = found.predict([[3], [6]], return_std=True)
        >>> mean.round(4).tolist(), std.round(4).tolist()
        ([3.0, 4.6629], [0.0, 0.8314])
        """
        from symderive.landscape.prediction import rows_of

        found = self.linear_map(self.global_minimum.index if index is None else index)
        rows = rows_of(X, self._moments())
        return (found.mean(rows), found.std(rows)) if return_std else found.mean(rows)

    def hessian(self, point: int | None, *, digits: int | None = None, spectrum: bool = True) -> Hessian:
        """The Hessian of the full loss at a point, all weights together.

        Where a bias is free, of the loss at its best bias.

        Parameters
        ----------
        point : int or None
            Place of the point; None: the origin.
        digits : int, optional
            Digits; default: those of the landscape.
        spectrum : bool, optional
            Whether the whole spectrum is listed where no block couples more than 48 rows, and the extremes
            of larger blocks; without it the extremes of all blocks that the data enter, which is quicker.

        Returns
        -------
        Hessian
            Its blocks and their eigenvalues.

        Raises
        ------
        InputError
            Where it is not proved, see :meth:`knows_hessian`.

        Examples
        --------
        >>> from symderive import solve
        >>> net = Network(2, widths=10**6, decays="1/50", dropout="1/10")
        >>> data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
        >>> at = solve(net, data).hessian(1)
        >>> at.size, at.morse_index, at.nullity, at.largest.str(10, radius=False)
        (1000003000000, 1, 0, '2.040393163')
        """
        if not self.knows_hessian(point):
            raise InputError(UNPROVED)
        digits = self._digits(digits)
        key = point, digits, spectrum
        if key not in self._known_hessians:
            found = self._hessians.at(self._ridge(point), digits, spectrum=spectrum)
            self._known_hessians[key] = found
        return self._known_hessians[key]

    def sharpness(self, point: int | None) -> arb | None:
        """The largest eigenvalue of the Hessian at a point.

        Parameters
        ----------
        point : int or None
            Place of the point; None: the origin.

        Returns
        -------
        arb or None
            A ball; None where it is not known, and for general moments of more than 100 features, where it
            takes long; :meth:`hessian` has it.
        """
        data = self.equation.data
        if not self.knows_hessian(point) or (not data.has_known_axes and data.dimension > SHARP_SIZE):
            return None
        return self.hessian(point, spectrum=False).largest

    def knows_hessian(self, point: int | None) -> bool:
        """Whether the Hessian at a point is proved.

        Parameters
        ----------
        point : int or None
            Place of the point; None: the origin.

        Returns
        -------
        bool
            True for noise of single neurons, of the features, of the target and on the last hidden layer.

        Notes
        -----
        With other noise, or a free bias and noisy neurons, kinds are right all the same: the full loss is
        at least F of the end-to-end map, and equal at the points, so that what is a minimum or a saddle of
        F is one of it.  Not promised then: that weights which are no points of this list are not
        stationary.
        """
        return self.net.has_plain_noise or point is None or self.net.depth == 0

    @cached_property
    def _known_hessians(self) -> dict[tuple[int | None, int, bool], Hessian]:
        return {}

    @cached_property
    def _hessians(self) -> HessianBlocks:
        from symderive.landscape.hessian.blocks import HessianBlocks

        return HessianBlocks(self.net, self.equation)

    def inertia(self, index: int | None) -> tuple[int | None, int | None]:
        """How many eigenvalues of the Hessian are negative, and how many 0; exact, at once.

        Parameters
        ----------
        index : int or None
            Place of the point; None: the origin.

        Returns
        -------
        tuple of int or None
            The two numbers; both None at a point that stayed undecided, and where the Hessian is not
            proved.
        """
        ridge = self._ridge(index)
        return self._hessians.inertia(ridge) if self.knows_hessian(index) else (None, None)

    def verify(
        self, index: int | None = None, *, digits: int | None = None, **options: Any
    ) -> Verification:
        """Check a point on the full loss; see :func:`symderive.verify`.

        Parameters
        ----------
        index : int, optional
            Place of the point; default: the global minimum.
        digits : int, optional
            Digits of the check; default: those of the landscape.
        **options
            ``method`` and ``seed``, as :func:`symderive.verify` takes them.

        Returns
        -------
        Verification
            What was measured, and the verdict.

        Raises
        ------
        InputError
            Where the point does not exist, and for a bare spectrum.

        Notes
        -----
        Not promised: CHECKED is not PROVED.  The check is a test of this instance, by code that knows
        nothing of the reduction.
        """
        from symderive.full_loss.verification import verify

        data = self._moments()
        digits = self._digits(digits)
        carried = digits + 2 * GUARD_DIGITS
        index = self.global_minimum.index if index is None else index
        ridge = self._ridge(index)
        kind = self.origin if index is None else self.points[index].kind
        loss = self.loss_at_origin if ridge is None else values(ridge, carried).loss
        return verify(
            self.net,
            data,
            self.layers(index, digits=carried),
            loss,
            digits=digits,
            claim="stationary" if kind == "not stationary" else kind,
            **options,
        )

    def _moments(self) -> Moments:
        """The data, whose features are asked for."""
        if not isinstance(self.data, Moments):
            raise InputError("a bare spectrum has no features; give Moments.")
        return self.data

    def _map_at(self, index: int | None, digits: int) -> list[arb]:
        return self.end_to_end_map(index, digits=digits)

    def _digits(self, digits: int | None) -> int:
        return check_digits(self.digits if digits is None else digits)

    def _ridge(self, index: int | None) -> Ridge | None:
        """The ridge of a point; None for the origin."""
        if index is None:
            return None
        if not 0 <= index < len(self.points):
            raise InputError(f"point {index} does not exist; this landscape has {len(self.points)} points.")
        return self.ridges[index]

    def __str__(self) -> str:
        from symderive.landscape.texts import text_of

        return text_of(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        from symderive.landscape.texts import tex_of

        return tex_of(self)
