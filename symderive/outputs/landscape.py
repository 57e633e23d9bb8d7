"""Several outputs, whitened inputs, no noise: the singular values decouple.

With A = aI and V = E[y xᵀ] = Σ_k s_k u_k v_kᵀ every stationary point of the full loss has the end-to-end
map M = Σ_k z_k u_k v_kᵀ, where each z_k is 0 or a stationary point of the problem with one output and
‖v‖ = s_k; at most min(d, d_1, …, d_D, o) of the z_k are not 0, and the loss is c plus the sum of what each
z_k ≠ 0 adds to it.  So the global minimum takes the largest s_k first, as long as they lower the loss.

A single s poses the problem of :mod:`symderive.effective_ridge.isotropic_equation` with the scale a: there
are two solutions, one (a double one), or none, which is decided exactly for irrational s² too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from flint import arb, fmpz_poly
from mpmath import MPContext

from symderive.arithmetic.exact import TURN, ball, check_digits, working_precision
from symderive.arithmetic.turns import cached_property
from symderive.data.output_moments import OutputMoments
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.outputs.checking import GUARD_DIGITS, check
from symderive.outputs.closed_layers import seen
from symderive.outputs.layers import rebuild, verify
from symderive.outputs.modes import Choice, Mode, Selection, modes_of
from symderive.outputs.reduced import Reduced, reduced
from symderive.weight_files import write_weights

if TYPE_CHECKING:
    import mpmath
    import numpy as np

    from symderive.full_loss.verification import Verification

ChoiceKind = Literal["global minimum", "local minimum", "saddle"]


#: Stationary values that are listed in full; beyond it, take them one by one from ``values()``.
MOST_VALUES = 100_000


@dataclass(frozen=True, eq=False)
class OutputLandscape(InNotebooks):
    """All stationary values of a network with several outputs; made by :func:`symderive.solve`.

    A stationary point is a *choice*: it says for each mode how many of its copies sit on each of its
    points; the others are 0.

    Attributes
    ----------
    net : Network
        The network.
    data : OutputMoments
        The data.
    digits : int
        Digits to which values are known.
    modes : tuple of Mode
        The distinct singular values of V in decreasing order.
    rank : int
        The most modes that the layers let through, min(d, d_1, …, d_D, o).
    choice : tuple of tuple of int
        The global minimum.
    tie : bool
        Whether others attain it too: a mode at its transition, or equal singular values cut by the rank.
    """

    net: Network
    data: OutputMoments
    digits: int
    modes: tuple[Mode, ...]
    rank: int
    choice: Choice
    tie: bool

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
        """The global minimum of the full loss."""
        return self.value(self.choice)

    def value(self, choice: Choice) -> arb:
        """The loss at a stationary point, as a sum of positive terms: no digits cancel.

        Parameters
        ----------
        choice : tuple of tuple of int
            The point, one of :meth:`choices`.

        Returns
        -------
        arb
            The loss, dimension target².
        """
        self._require(choice)
        with TURN, working_precision(carrying_bits(self.digits)):
            data = self._reduced.data
            a, total = ball(data.eigenvalue), ball(data.unexplained)
            for mode, counts in zip(self.modes, choice, strict=True):
                total += (mode.multiplicity - sum(counts)) * mode.singular_value**2 / a
                for point, count in zip(mode.points, counts, strict=True):
                    total += count * point.rest
            return total

    def kind(self, choice: Choice) -> ChoiceKind:
        """What a stationary point is for the full loss.

        Parameters
        ----------
        choice : tuple of tuple of int
            The point, one of :meth:`choices`.

        Returns
        -------
        str
            ``"global minimum"``, ``"local minimum"`` or ``"saddle"``.

        Notes
        -----
        For D ≥ 2 the local minima have the j largest singular values on their points of kind
        ``"minimum"``, for some j, and 0 for the others; for D ≤ 1 all are global.  That no others are is
        elementary; that these are rests on Horn's inequality for the singular values of a product and on
        von Neumann's trace inequality.  No stationary point is a maximum; what is neither is called a
        saddle, degenerate or not.
        """
        self._require(choice)
        if self._is_global(choice):
            return "global minimum"
        if self.net.depth < 2:
            return "saddle"
        left = sum(map(sum, choice))
        for mode, counts in zip(self.modes, choice, strict=True):
            held = min(left, mode.multiplicity)
            if held and (mode.points[:1] == () or mode.points[0].kind != "minimum" or counts[0] != held):
                return "saddle"
            left -= held
        return "local minimum"

    def _is_global(self, choice: Choice) -> bool:
        """The choice that was found, or it with copies of a mode that gains exactly nothing."""
        return all(
            tuple(counts) == best or (mode.tie and not any(counts[1:]))
            for mode, counts, best in zip(self.modes, choice, self.choice, strict=True)
        )

    def choices(self) -> Iterator[Choice]:
        """Every stationary point up to the symmetries of the loss.

        Returns
        -------
        iterator of tuple
            Choices, the origin first.
        """
        return self._choices(0, self.rank)

    def _choices(self, at: int, left: int) -> Iterator[Choice]:
        """Those of the modes from number ``at`` on, with at most ``left`` of them not 0."""
        if at == len(self.modes):
            yield ()
            return
        for counts in self._selections(self.modes[at], left):
            for others in self._choices(at + 1, left - sum(counts)):
                yield (counts, *others)

    @property
    def count(self) -> int:
        """The number of choices, exact even where they are too many to list."""
        if self.net.depth == 0:
            return 1
        total = fmpz_poly([1])
        for mode in self.modes:
            kinds = len(mode.points)
            ways = [
                comb(copies + kinds - 1, copies) if kinds else int(copies == 0)
                for copies in range(min(mode.multiplicity, self.rank) + 1)
            ]
            total = (total * fmpz_poly(ways)).truncate(self.rank + 1)
        return int(total(1))

    def _selections(self, mode: Mode, left: int) -> Iterator[tuple[int, ...]]:
        """How at most ``left`` copies of a mode can sit on its points; without hidden layers all do."""
        if self.net.depth == 0:
            return iter([(mode.multiplicity,)])
        most = min(mode.multiplicity, left)
        each = product(range(most + 1), repeat=len(mode.points))
        return (counts for counts in each if sum(counts) <= most)

    def values(self) -> list[tuple[arb, Choice]]:
        """All stationary values with their choices.

        Returns
        -------
        list of tuple
            Pairs of a loss and a choice, in increasing order of the middles of the losses.

        Raises
        ------
        InputError
            Where there are more than 100 000; :meth:`choices` goes on.
        """
        if self.count > MOST_VALUES:
            raise InputError(f"there are {self.count} stationary values; iterate over choices().")
        listed = [(self.value(choice), choice) for choice in self.choices()]
        return sorted(listed, key=lambda pair: pair[0].mid())

    def layers(
        self, choice: Choice | None = None, *, digits: int | None = None
    ) -> dict[str, mpmath.matrix]:
        """The layers at a stationary point, as matrices of mpmath.

        Parameters
        ----------
        choice : tuple of tuple of int, optional
            The point; default: the global minimum.
        digits : int, optional
            Digits; default: those of the landscape.

        Returns
        -------
        dict of str to mpmath.matrix
            ``W1`` … ``WD``, ``U``; U has shape (o, d_D).  Hidden modes are carried by the first neurons of
            every layer; any rotation of a hidden layer does as well.  With whitened data the layers act on
            A^{-1/2}x.

        Raises
        ------
        InputError
            Where the layers have more than 10⁷ entries.
        """
        choice = self.choice if choice is None else choice
        self._require(choice)
        return rebuild(self._selection(choice), check_digits(self.digits if digits is None else digits))

    def floats(self, choice: Choice | None = None) -> dict[str, np.ndarray]:
        """The same as :meth:`layers`, as float64 arrays.

        Parameters
        ----------
        choice : tuple of tuple of int, optional
            The point; default: the global minimum.

        Returns
        -------
        dict of str to ndarray
            ``W1`` … ``WD``, ``U``.
        """
        import numpy as np

        layers = self.layers(choice, digits=20)
        return {name: np.array(W.tolist(), dtype=float) for name, W in layers.items()}

    def save(self, path: str | Path) -> None:
        """Write the arrays of :meth:`floats` at the global minimum.

        Parameters
        ----------
        path : str or Path
            Its suffix is the format, as for :meth:`Layers.save`.
        """
        write_weights(self.floats, path)

    def verify(self, choice: Choice | None = None, *, digits: int | None = None) -> Verification:
        """Check a stationary point on the full loss.

        Loss and gradient are evaluated on matrices in mpmath; neurons that carry no mode are left out,
        since neither they nor the gradient by their weights differ from 0.

        Parameters
        ----------
        choice : tuple of tuple of int, optional
            The point; default: the global minimum.
        digits : int, optional
            Digits of the check; default: those of the landscape.

        Returns
        -------
        Verification
            What was measured, and the verdict.

        Notes
        -----
        Not promised: CHECKED is not PROVED.
        """
        choice = self.choice if choice is None else choice
        self._require(choice)
        digits = check_digits(self.digits if digits is None else digits)
        selection, claim = self._selection(choice), self.value(choice)
        if not self.net.has_other_noise:
            return verify(selection, claim, digits)
        layers = rebuild(selection, digits + GUARD_DIGITS).values()
        mp = MPContext()
        mp.dps = digits + 2 * GUARD_DIGITS
        A, V = seen(mp, self.data)
        rivals = self._is_global(choice)
        return check(self.net, A, V, self.data.c, list(layers), claim, digits, rivals=rivals)

    def _selection(self, choice: Choice) -> Selection:
        return Selection(*self._reduced, self.modes, choice)

    def _require(self, choice: Choice) -> None:
        fits = len(choice) == len(self.modes) and all(
            len(counts) == len(mode.points)
            and min(counts, default=0) >= 0
            and sum(counts) <= mode.multiplicity
            and (self.net.depth > 0 or sum(counts) == mode.multiplicity)
            for mode, counts in zip(self.modes, choice, strict=True)
        )
        if not fits or sum(map(sum, choice)) > self.rank:
            raise InputError(
                f"{choice} is no stationary point: give for each of the {len(self.modes)} modes how many "
                f"copies sit on each of its points, {self.rank} in all at most."
            )

    def __str__(self) -> str:
        lines = [f"{self.net!r} on {self.data!r}"]
        for mode, counts in zip(self.modes, self.choice, strict=True):
            copies = f" ({mode.multiplicity} times)" if mode.multiplicity > 1 else ""
            held = f"z = {mode.points[0].size.str(8, radius=False)}" if any(counts) else "z = 0"
            lines.append(f"  s = {mode.singular_value.str(8, radius=False)}{copies}  {held}")
        lines.append(f"  global minimum {self.loss.str(8, radius=False)}{', not unique' * self.tie}")
        return "\n".join(lines)

    __repr__ = __str__


def solve_modes(net: Network, data: OutputMoments, digits: int) -> OutputLandscape:
    """Every stationary value and the global minimum for isotropic inputs, no noise and decays > 0."""
    modes = modes_of(net, data, digits)
    rank = min(data.dimension, data.outputs, *(int(width) for width in net.widths))
    choice, tie = _lowest(modes, rank)
    return OutputLandscape(net, data, digits, modes, rank, choice, tie)


def _lowest(modes: Sequence[Mode], rank: int) -> tuple[Choice, bool]:
    """The largest singular values first, as long as they lower the loss: what a mode gains grows with s."""
    choice, left, tie = [], rank, False
    for mode in modes:
        gains = bool(mode.points) and not mode.tie and mode.points[0].gap < 0
        taken = min(mode.multiplicity, left) if gains else 0
        tie |= mode.tie and left > 0
        tie |= gains and 0 < taken < mode.multiplicity
        left -= taken
        choice.append(tuple(taken if at == 0 else 0 for at in range(len(mode.points))))
    return tuple(choice), tie
