"""Several outputs of any inputs without noise, at depths 0 and 1: the minimum, with bounds from both sides.

Depth 1 is a convex problem for the end-to-end map, min tr MAMᵀ - 2 tr MVᵀ + c + 2g‖M‖_* with
g = √(γ_u γ_1), as long as the hidden layer has as many neurons as M has rank.
:mod:`symderive.outputs.nuclear` finds its minimum, and :mod:`symderive.outputs.dual_gap` proves how far
from it the found map can be.  Depth 0 is ridge regression, exact.

With d_1 ≥ min(o, d) neurons the full loss has no local minimum that is not global.  At a stationary point
γ_u UᵀU = γ_1 WWᵀ, and with Y = V - MA it says YWᵀ = γ_u U and UᵀY = γ_1 W.  If M has fewer than d_1 ranks,
some rotation makes a neuron 0, and γ_u‖u‖² + γ_1‖w‖² - 2uᵀYw ≥ 0 for its second variations says ‖Y‖ ≤ g:
M is optimal.  Else d_1 = min(o, d); say o ≤ d, so that U is invertible: then Y = γ_1 U⁻ᵀ W gives
YYᵀ = γ_1² U⁻ᵀ WWᵀ U⁻¹ = g², and M is optimal again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flint import arb, arb_mat, fmpq, fmpq_mat
from mpmath import MPContext

from symderive.arithmetic.exact import (
    TURN,
    ball,
    bits_for,
    check_digits,
    from_flint,
    rational,
    to_flint,
    working_precision,
)
from symderive.arithmetic.rational_systems import preimages
from symderive.arithmetic.turns import cached_property
from symderive.data.output_moments import OutputMoments
from symderive.errors import InputError
from symderive.full_loss.verification import Verification
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.outputs.checking import check
from symderive.outputs.layers import GUARD_DIGITS, MOST_ENTRIES, digits_of, number_of, of_ball
from symderive.outputs.nuclear import Found, minimize
from symderive.outputs.reduced import Reduced, reduced
from symderive.verdict import Verdict
from symderive.weight_files import write_weights

if TYPE_CHECKING:
    import mpmath
    import numpy as np

#: Digits of the gap beyond those of the loss.
GAP_DIGITS = 3


@dataclass(frozen=True, eq=False)
class ConvexOutputs(InNotebooks):
    """The minimum of a network with several outputs, enclosed; made by :func:`symderive.solve`.

    Attributes
    ----------
    net : Network
        The network.
    data : OutputMoments
        The data.
    digits : int
        Digits that were asked for.
    lower : arb
        No layers have a loss below its lower end.
    upper : arb
        The layers here have at most the loss of its upper end.
    least_rank, most_rank : int
        Bounds on the rank of the end-to-end map at the minimum over all widths, which is unique.
    factors : tuple of arb_mat
        The layers W_1 and U for equal decays, exact numbers with the neurons that are not 0 only; at depth
        0 U alone, as balls.
    narrow : bool
        Whether the hidden layer has fewer neurons than that map has rank, or may have: then ``lower`` holds
        but need not be reached, and the layers are the best stationary ones of some starts.
    bits : int
        The precision that the gap needed.
    """

    net: Network
    data: OutputMoments
    digits: int
    lower: arb
    upper: arb
    least_rank: int
    most_rank: int
    factors: tuple[arb_mat, ...]
    narrow: bool
    bits: int

    @cached_property
    def _reduced(self) -> Reduced:
        """What was solved: noise outside the hidden neurons is in the data and decays."""
        return reduced(self.net, self.data)

    @property
    def loss_at_origin(self) -> Fraction:
        """The loss c = E‖y‖² of zero weights, with the noise of the targets; exact."""
        return self._reduced.data.c

    @cached_property
    def loss(self) -> arb:
        """The global minimum of the full loss, enclosed by ``lower`` and ``upper``.

        Where these are far apart, as for a narrow hidden layer, the ball is wide and has few certain
        digits, or none: ``str(10, radius=False)`` then shows ``0e+3``.  Print ``lower`` and ``upper``.
        """
        with TURN, working_precision(self.bits):
            return self.lower.union(self.upper)

    @cached_property
    def gap(self) -> arb:
        """An upper bound on (upper - lower)/upper, proved; 0 where both are exactly equal."""
        if self.lower is self.upper:  # one number, known exactly, in a ball
            return arb(0)
        with TURN, working_precision(self.bits):
            width = (self.upper - self.lower).abs_upper()
            return width if width.is_zero() else (width / self.upper).abs_upper()

    @property
    def rank(self) -> int | None:
        """The rank of the end-to-end map at the minimum; None where it stays undecided."""
        return self.least_rank if self.least_rank == self.most_rank else None

    @property
    def carried(self) -> int:
        """The rank of the map that was found: how many hidden neurons are not 0."""
        return int(self.factors[-1].ncols()) if self.net.depth else self.least_rank

    @cached_property
    def map(self) -> arb_mat:
        """The end-to-end map M (o × d) that was found.

        E‖(M - M*)x‖² is at most ``upper - lower`` for the M* of the minimum, unless the layer is narrow.
        """
        with TURN, working_precision(self.bits):
            if self.net.depth == 0:
                return self.factors[0]
            W, U = self.factors
            return U * W if self.carried else arb_mat(self.data.outputs, self.data.dimension)

    def layers(self, *, digits: int | None = None) -> dict[str, mpmath.matrix]:
        """The layers that were found, as matrices of mpmath.

        Parameters
        ----------
        digits : int, optional
            Digits; default: those of the result.

        Returns
        -------
        dict of str to mpmath.matrix
            ``W1`` and ``U`` (depth 0: ``U``); γ_u UᵀU = γ_1 W_1 W_1ᵀ, diagonal.  U has shape (o, d_1).
            The first neurons carry the map, the others are 0; any rotation of the hidden layer does as
            well.

        Raises
        ------
        InputError
            For more than 10⁷ entries.
        """
        import mpmath

        digits = check_digits(self.digits if digits is None else digits)
        width = int(self.net.widths[0]) if self.net.depth else 0
        entries = width * (self.data.dimension + self.data.outputs)
        if entries > MOST_ENTRIES:
            raise InputError(
                f"the layers have {entries} entries, more than {MOST_ENTRIES}; take a narrower net."
            )
        mp = MPContext()
        mp.dps = digits + GUARD_DIGITS
        bits = working_precision(bits_for(digits + GUARD_DIGITS))
        with TURN, bits, mpmath.workdps(digits + GUARD_DIGITS):
            found = self._layers(mp, width)
            return {name: mpmath.matrix(W.tolist()) for name, W in found.items()}

    def _layers(self, mp: Any, width: int) -> dict[str, Any]:
        if self.net.depth == 0:
            return {"U": _in(mp, self.factors[0])}
        first, last = (number_of(mp, g) for g in self._reduced.net.decays)
        scale = mp.sqrt(mp.sqrt(first / last))
        layers = {"W1": mp.matrix(width, self.data.dimension), "U": mp.matrix(self.data.outputs, width)}
        if not self.carried:
            return layers
        W, U = (_in(mp, part) for part in self.factors)
        for k in range(self.carried):
            for j in range(self.data.dimension):
                layers["W1"][k, j] = W[k, j] / scale
            for i in range(self.data.outputs):
                layers["U"][i, k] = U[i, k] * scale
        return layers

    def floats(self) -> dict[str, np.ndarray]:
        """The same as :meth:`layers`, as float64 arrays.

        Returns
        -------
        dict of str to ndarray
            ``W1`` and ``U``.
        """
        import numpy as np

        layers = self.layers(digits=20)
        return {
            name: np.array(W.tolist(), dtype=float).reshape(W.rows, W.cols) for name, W in layers.items()
        }

    def save(self, path: str | Path) -> None:
        """Write the arrays of :meth:`floats`, as one output's layers are.

        Parameters
        ----------
        path : str or Path
            Its suffix is the format, as for :meth:`Layers.save`.
        """
        write_weights(self.floats, path)

    def verify(self, *, digits: int | None = None) -> Verification:
        """Check the layers on the full loss.

        Loss and gradient are evaluated on matrices, without the neurons that are 0; other layers, near and
        far, must not be lower.

        Parameters
        ----------
        digits : int, optional
            Digits of the check; default: those of the result.

        Returns
        -------
        Verification
            What was measured; where loss or layers are known to fewer digits the verdict is UNDECIDED.

        Notes
        -----
        Not promised: CHECKED is not PROVED.
        """
        digits = check_digits(self.digits if digits is None else digits)
        mp = MPContext()
        mp.dps = digits + GUARD_DIGITS + self._cancelled()
        with TURN, working_precision(bits_for(mp.dps)):
            A, V = (_in(mp, part) for part in self.data.balls())
            layers = list(self._layers(mp, max(1, self.carried)).values())
        claim = self.upper if self.narrow else self.loss
        found = check(self.net, A, V, self.data.c, layers, claim, digits)
        if found.verdict is Verdict.REFUTED and self._may_be_the_gap(found, digits):
            reason = f"The layers are known to fewer than {digits} digits, as the gap says."
            return replace(found, verdict=Verdict.UNDECIDED, reason=reason)
        return found

    def _may_be_the_gap(self, found: Verification, digits: int) -> bool:
        """Whether the loss is right, and the gradient no more than what the gap allows.

        Near a minimum ‖∇L‖² ≤ 2Λ(L - min L) with Λ ≥ ‖∇²L‖, which is at most
        2(3‖A‖(‖U‖ + ‖W‖)² + 2‖V‖ + max γ).
        """
        gradient, difference = found.gradient_norm, found.relative_difference
        assert gradient is not None
        assert difference is not None
        with TURN, working_precision(self.bits):
            A, V = self._reduced.data.balls()
            decays = [ball(g) for g in self._reduced.net.decays]
            scale = (max(decays) / min(decays)).sqrt() if min(decays) > 0 else arb(1)
            sizes = [scale * _square(part) for part in self.factors]
            steepest = 2 * (
                6 * A.trace() * sum(sizes, arb(0)) + 2 * _square(V).sqrt() + sum(decays, arb(0))
            )
            width = (self.upper - self.lower).abs_upper()
            return bool(difference <= arb(10) ** -digits) and bool(gradient**2 <= 2 * steepest * width)

    def _cancelled(self) -> int:
        """Digits that cancel in V - MA against g, and in the loss against c."""
        with TURN, working_precision(64):
            V = sum(map(abs, self.data.balls()[1].entries()), arb(0))
            smallest = min(ball(g) for g in self._reduced.net.decays)
            ratios = [V / smallest] if V > 0 and smallest > 0 else []
            ratios += [ball(self.loss_at_origin) / self.upper] if self.upper > 0 else []
            return sum(map(digits_of, ratios))

    def __str__(self) -> str:
        with TURN, working_precision(self.bits):
            least, most, gap = (x.str(12, radius=False) for x in (self.lower, self.upper, self.gap))
            gap = self.gap.str(2, radius=False)
        held = (
            str(self.rank) if self.rank is not None else f"{self.least_rank} to {self.most_rank}, undecided"
        )
        lines = [f"{self.net!r} on {self.data!r}"]
        if self.narrow:
            lines += [
                f"  rank without a limit {held}, more than {self.net.widths[0]} hidden neurons carry",
                f"  lower bound {least}, stationary layers {most}",
            ]
        else:
            lines += [f"  rank {held}", f"  global minimum {most}"]
        lines.append(f"  relative gap below {gap}, certified")
        return "\n".join(lines)

    __repr__ = __str__


def solve_convex(net: Network, data: OutputMoments, digits: int) -> ConvexOutputs:
    """The minimum at depth 1, to ``digits`` digits of the loss where the search gets there.

    ``gap`` says what was proved.  A network whose decays are not positive was refused before.

    >>> net = Network(1, widths=3, decays="1/10", outputs=2)
    >>> data = OutputMoments.given([[2, 1], [1, 2]], [[1, 0], [0, 1]], 3)
    >>> found = solve_convex(net, data, 30)
    >>> found.rank, found.loss.str(10, radius=False), bool(found.gap < 1e-12)
    (2, '1.920000000', True)
    """
    first, last = (rational(g) for g in net.decays)
    width = int(net.widths[0])
    found = minimize(data, first * last, digits + GAP_DIGITS)
    narrow = width < found.gap.most_rank and width < int(found.U.ncols())
    best: Found = minimize(data, first * last, digits + GAP_DIGITS, width=width) if narrow else found
    bits = max(best.bits, found.bits)
    return ConvexOutputs(
        net,
        data,
        digits,
        found.gap.lower,
        best.gap.upper,
        found.gap.least_rank,
        found.gap.most_rank,
        (best.W, best.U),
        narrow,
        bits,
    )


def solve_ridge(net: Network, data: OutputMoments, digits: int) -> ConvexOutputs:
    """Depth 0: M = V(A + γ)^{-1}, exact; at γ = 0 the least squares of least norm, M = VA⁺.

    With C and S the second moment and the variances before standardizing, M S^{1/2} = V(C + γS)^{-1}S.

    >>> data = OutputMoments.given([[2, 1], [1, 2]], [[1, 0], [0, 1]], 3)
    >>> solve_ridge(Network(0, decays=1, outputs=2), data, 5).loss
    2.25000000000000
    """
    [decay] = (rational(g) for g in net.decays)
    metric = data.variances or (Fraction(1),) * data.dimension
    d = data.dimension
    S = fmpq_mat(d, d, [to_flint(s) if i == j else 0 for i, s in enumerate(metric) for j in range(d)])
    K = data.V * (data.A + S * to_flint(decay)).inv() if decay else _least_squares(data, S)
    explained = from_flint(
        sum((x * y for x, y in zip(K.entries(), data.V.entries(), strict=True)), fmpq(0))
    )
    bits = bits_for(digits + GUARD_DIGITS)
    with TURN, working_precision(bits):
        roots = arb_mat(d, d)
        for i, s in enumerate(metric):
            roots[i, i] = ball(s).sqrt()
        U, loss = arb_mat(K) * roots, ball(data.c - explained)
    rank = int(data.V.rank())
    return ConvexOutputs(net, data, digits, loss, loss, rank, rank, (U,), narrow=False, bits=bits)


def _least_squares(data: OutputMoments, S: fmpq_mat) -> fmpq_mat:
    """The K with KC = V of least norm KSKᵀ: rows S^{-1}Cz with C S^{-1} C z = v."""
    C, turned = data.A, S.inv()
    gram, denominator = (C * turned * C).numer_denom()
    right, scale = data.V.transpose().numer_denom()
    z, divisor = preimages(gram, right)
    found = turned * C * fmpq_mat(z) * fmpq(int(denominator), divisor * int(scale))
    return found.transpose()


def _square(matrix: arb_mat) -> arb:
    return sum((x * x for x in matrix.entries()), arb(0)).nonnegative_part()


def _in(mp: Any, matrix: arb_mat) -> Any:
    """The midpoints in mpmath."""
    return mp.matrix([[of_ball(mp, x) for x in row] for row in matrix.tolist()])
