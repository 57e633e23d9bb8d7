"""Global minima of several outputs that have a closed formula, each with the formula's own reason."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from flint import arb

from symderive.arithmetic.exact import check_digits
from symderive.arithmetic.turns import cached_property
from symderive.data.output_moments import OutputMoments
from symderive.full_loss.verification import Verification
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.outputs.checking import check
from symderive.outputs.closed_layers import Frame, closed_layers, context, seen
from symderive.outputs.held import HeldMode
from symderive.outputs.reduced import Reduced, reduced
from symderive.weight_files import write_weights

if TYPE_CHECKING:
    import mpmath
    import numpy as np

ClosedKind = Literal["dropout", "no decay", "autoencoder"]

#: What each kind solves, in one line.
WHAT: dict[ClosedKind, str] = {
    "dropout": "one noisy hidden layer, isotropic inputs: water filling over the singular values of V",
    "no decay": "no decay: the best map of its rank, shrunk by what the noise costs",
    "autoencoder": "a linear autoencoder: one problem for each principal direction",
}


class Problem(Protocol):
    """What is left to minimize: numbers, exact, of which at most ``rank`` may be other than 0."""

    @property
    def rank(self) -> int:
        """The most modes that the layers let through."""

    def solve(self, digits: int) -> tuple[tuple[HeldMode, ...], arb]:
        """The modes in decreasing order, and the least loss, to ``digits`` digits."""


@dataclass(frozen=True, eq=False)
class ClosedOutputs(InNotebooks):
    """The global minimum of a network with several outputs, where a closed formula has it.

    Made by :func:`symderive.solve`.

    Attributes
    ----------
    kind : str
        ``"dropout"``: D = 1, isotropic inputs, noise and decay.  ``"no decay"``: D = 1 with or without
        noise, or any depth without noise, any inputs; no layer is decayed.  ``"autoencoder"``: the target
        is the input, at any depth; decay and no noise.
    net : Network
        The network.
    data : OutputMoments
        The data.
    digits : int
        Digits to which the values are known.
    problem : Problem
        What is left to minimize.
    frame : Frame
        Where the singular vectors come from.
    modes : tuple of HeldMode
        The distinct singular values that the data offer, in decreasing order: of V for isotropic inputs, of
        V A^{-1/2} (dimension target) without decay, and the eigenvalues of A for an autoencoder, where the
        size is that of the map along the direction.
    loss : arb
        The global minimum of the full loss.
    tie : bool
        Whether maps of other singular vectors attain it too: a repeated singular value that is held in
        part, or an exact tie of a mode with 0.

    Notes
    -----
    Layers are never unique: rotations of the hidden layers change nothing but, with noise, how the modes
    are spread over its neurons.
    """

    kind: ClosedKind
    net: Network
    data: OutputMoments
    digits: int
    problem: Problem
    frame: Frame
    modes: tuple[HeldMode, ...]
    loss: arb
    tie: bool

    @classmethod
    def of(
        cls,
        kind: ClosedKind,
        net: Network,
        data: OutputMoments,
        problem: Problem,
        frame: Frame,
        digits: int,
        *,
        ties: bool = False,
    ) -> ClosedOutputs:
        """Solve the problem; ``ties`` says that a mode at its threshold ties with 0 there."""
        modes, loss = problem.solve(digits)
        left, tie = problem.rank, False
        for mode in modes:
            tie |= 0 < mode.held < mode.multiplicity
            tie |= ties and left > 0 and mode.against_threshold == 0
            left -= mode.held
        return cls(kind, net, data, digits, problem, frame, modes, loss, tie)

    @property
    def rank(self) -> int:
        """The rank of the map at the global minimum."""
        return sum(mode.held for mode in self.modes)

    @property
    def is_rank_decided(self) -> bool:
        """Whether it was decided for every mode on which side of its threshold it is."""
        return all(mode.against_threshold is not None for mode in self.modes)

    @cached_property
    def _reduced(self) -> Reduced:
        """What was solved: noise outside the hidden neurons is in the data and decays."""
        return reduced(self.net, self.data)

    @property
    def loss_at_origin(self) -> Fraction:
        """The loss c = E‖y‖² of zero weights, with the noise of the targets; exact."""
        return self._reduced.data.c

    def layers(self, *, digits: int | None = None) -> dict[str, mpmath.matrix]:
        """The layers at the global minimum, as matrices of mpmath.

        Parameters
        ----------
        digits : int, optional
            Digits; default: those of the result.

        Returns
        -------
        dict of str to mpmath.matrix
            ``W1`` … ``WD``, ``U``; U has shape (o, d_D).  With standardized or whitened data the layers
            act on what the network sees.

        Raises
        ------
        InputError
            Where the layers have more than 10⁷ entries.
        """
        import mpmath

        digits = check_digits(self.digits if digits is None else digits)
        mp, layers = self._layers(digits)
        with mpmath.workdps(mp.dps):
            names = [*(f"W{i}" for i in range(1, len(layers))), "U"]
            return {name: mpmath.matrix(W.tolist()) for name, W in zip(names, layers, strict=True)}

    def floats(self) -> dict[str, np.ndarray]:
        """The same as :meth:`layers`, as float64 arrays.

        Returns
        -------
        dict of str to ndarray
            ``W1`` … ``WD``, ``U``.
        """
        import numpy as np

        layers = self.layers(digits=20)
        return {name: np.array(W.tolist(), dtype=float) for name, W in layers.items()}

    def save(self, path: str | Path) -> None:
        """Write the arrays of :meth:`floats`.

        Parameters
        ----------
        path : str or Path
            Its suffix is the format, as for :meth:`Layers.save`.
        """
        write_weights(self.floats(), path)

    def verify(self, *, digits: int | None = None, seed: int = 0) -> Verification:
        """Check that the full loss at the layers is the loss here, its gradient 0, no rival nearby lower.

        The noise is averaged by the recursion of second moments, in balls.

        Parameters
        ----------
        digits : int, optional
            Digits of the check; default: those of the result.
        seed : int, optional
            Seed of the random rivals.

        Returns
        -------
        Verification
            What was measured, and the verdict.

        Notes
        -----
        Not promised: CHECKED is not PROVED.
        """
        digits = check_digits(self.digits if digits is None else digits)
        mp, layers = self._layers(digits)
        A, V = seen(mp, self.data)
        return check(self.net, A, V, self.data.c, layers, self.loss, digits, seed=seed)

    def _layers(self, digits: int) -> tuple[Any, list[Any]]:
        """A context with digits enough and the layers in it."""
        mp = context(self._reduced.data, self.frame, digits)
        modes, _ = self.problem.solve(mp.dps)
        return mp, closed_layers(mp, *self._reduced, self.frame, modes)

    def __str__(self) -> str:
        letter = "a" if self.kind == "autoencoder" else "s"
        lines = [f"{self.net!r} on {self.data!r}", f"  {WHAT[self.kind]}"]
        for mode in self.modes:
            copies = f" ({mode.multiplicity} times)" if mode.multiplicity > 1 else ""
            held = f"z = {mode.size.str(8, radius=False)}" if mode.held else "z = 0"
            part = f", {mode.held} of them held" if 0 < mode.held < mode.multiplicity else ""
            open_ = ", undecided" if mode.against_threshold is None else ""
            value = mode.singular_value.str(8, radius=False)
            lines.append(f"  {letter} = {value}{copies}  {held}{part}{open_}")
        lines.append(f"  global minimum {self.loss.str(8, radius=False)}{', not unique' * self.tie}")
        return "\n".join(lines)

    __repr__ = __str__
