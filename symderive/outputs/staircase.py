"""The rank of the global minimum against the decay: a staircase, one step for each singular value.

With all layers decayed by γ (or by decays of the geometric mean γ̄ = γ, which is all that matters), a mode
is in the map below its threshold:

- isotropic inputs, no noise, singular value s of V, D ≥ 1: γ̄^{D+1} = s^{2D} (D-1)^{D-1}/(a^{D-1} D^{2D});
- one noisy hidden layer, ν = σ²/d_1, t_1 ≥ t_2 ≥ … of V: γ̄ = (1 + ν(k-1)) t_k - ν Σ_{i<k} t_i, where it is
  positive: noise alone can keep modes out at every decay;
- a linear autoencoder, eigenvalue a of A: γ̄ = a (D-1)^{(D-1)/(D+1)}/D^{2D/(D+1)}.

For D ≥ 2 the step is a jump of the map as well, and up to its *spinodal* the mode still is a stationary
point of its own problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    Exact,
    ball,
    check_digits,
    is_accurate,
    rational,
    working_precision,
)
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen
from symderive.data.output_moments import OutputMoments, SingularSquare, squares_of
from symderive.effective_ridge.isotropic_equation import spinodal, transition
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.notebooks import InNotebooks
from symderive.outputs.autoencoder import is_autoencoder
from symderive.outputs.cases import case_of
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.dropout import most_modes, water_filling
from symderive.outputs.reduced import reduced
from symderive.outputs.surds import sign_of, sum_of


@dataclass(frozen=True, eq=False)
class Step:
    """A step of the staircase.

    Attributes
    ----------
    singular_value : arb
        s of V, or the eigenvalue of A of an autoencoder.
    multiplicity : int
        How often it occurs.
    rank : int
        The rank of the global minimum just below the threshold: all stronger modes are held, and of this
        one what the widths let through.
    threshold : arb
        γ̄ at which the mode leaves the global minimum.
    spinodal : arb
        γ̄ from which on the mode is no stationary point but 0; at D = 1 the threshold itself.
    """

    singular_value: arb
    multiplicity: int
    rank: int
    threshold: arb
    spinodal: arb


@dataclass(frozen=True, eq=False)
class Staircase(InNotebooks):
    """The rank of the global minimum as a function of the mean decay γ̄; made by :func:`rank_staircase`.

    Attributes
    ----------
    net : Network
        The network.
    data : OutputMoments
        The data.
    digits : int
        Digits to which thresholds are known.
    steps : tuple of Step
        The modes that are held at some decay, the strongest first: thresholds decrease.
    most : int
        The rank that the widths allow, min(d, d_1, …, d_D, o).
    kept_out : int
        How many modes the noise keeps out at every decay, not counting those for which there is no width.
    """

    net: Network
    data: OutputMoments
    digits: int
    steps: tuple[Step, ...]
    most: int
    kept_out: int

    def rank(self, decay: Exact) -> int:
        """The rank of the global minimum at a mean decay, decided exactly; at a tie the lower one.

        Parameters
        ----------
        decay : Exact
            γ̄ > 0, dimension loss per squared weight.

        Returns
        -------
        int
            The rank.

        Raises
        ------
        InputError
            Where irrational singular values leave it undecided.
        """
        mean = rational(decay, "decay")
        if mean <= 0:
            raise InputError(f"the decay is {mean}; give a positive one.")
        plain, data = reduced(self.net, self.data)
        case, seen = case_of(_decayed(plain, mean), data)
        found = case.solve(*seen, self.digits)
        if isinstance(found, ClosedOutputs):
            if not found.is_rank_decided:
                raise InputError(f"at a decay of {mean} it is not decided whether a mode has left the map.")
            return found.rank
        return sum(map(sum, found.choice))

    def __str__(self) -> str:
        lines = [f"{self.net!r} on {self.data!r}", "  rank  up to mean decay   singular value"]
        for step in self.steps:
            threshold, s = (x.str(10, radius=False) for x in (step.threshold, step.singular_value))
            copies = f" ({step.multiplicity} times)" if step.multiplicity > 1 else ""
            lines.append(f"  {step.rank:4d}  {threshold:<17}  {s}{copies}")
        if self.kept_out:
            lines.append(f"  {self.kept_out} more are kept out by the noise at every decay")
        return "\n".join(lines)

    __repr__ = __str__


def rank_staircase(net: Network, data: OutputMoments, *, digits: int = 15) -> Staircase:
    """The thresholds of all modes in the mean decay.

    Parameters
    ----------
    net : Network
        A network with a hidden layer or more.  Of its decays only that they are positive matters: the
        staircase is a function of their geometric mean.
    data : OutputMoments
        Isotropic inputs (at D = 1 with noise), or an autoencoder.
    digits : int, optional
        Digits to which thresholds are known.

    Returns
    -------
    Staircase
        The steps, and the rank at any decay.

    Raises
    ------
    InputError
        For other data, for which thresholds have no closed formula, and without hidden layers, where the
        rank is that of V at every decay.

    Examples
    --------
    >>> data = OutputMoments.given(1, [[2, 0], [0, 1]], 5)
    >>> stairs = rank_staircase(Network(1, widths=2, decays=1, outputs=2), data)
    >>> [(step.rank, step.threshold.str(5, radius=False)) for step in stairs.steps]
    [(1, '2.0000'), (2, '1.0000')]
    >>> stairs.rank("3/2")
    1
    """
    check_digits(digits)
    if net.depth == 0:
        raise InputError(
            "without hidden layers the rank is that of V at every decay; give a depth above 0."
        )
    if net.last_layer_variance != 0:
        raise InputError(
            "jitter of the hidden neurons adds to the decay of the output layer, so that the mean decay is "
            "no free parameter; leave the jitter out, or add its variance to that decay."
        )
    given, (net, data) = (net, data), reduced(net, data)
    # The same refusals as where networks are solved, at decays that are not 0.
    case_of(_decayed(net, Fraction(1)), data)
    if not data.is_isotropic and not is_autoencoder(data):
        raise InputError(
            "the thresholds of a general A have no closed formula; whiten the inputs (whiten=True, "
            "--whiten), or solve at the decays of interest."
        )
    most = most_modes(net, data)
    taken, placed = 0, []
    for square, base in _bases(net, data):
        if taken < most:
            taken = min(taken + square.multiplicity, most)
            placed.append((square, base, taken))
    offered = min(most, sum(square.multiplicity for square in _squares(data)))

    def at(bits: int) -> tuple[Step, ...]:
        return tuple(_step(net.depth, data, square, base, rank, bits) for square, base, rank in placed)

    def is_told(steps: tuple[Step, ...]) -> bool:
        return all(is_accurate(x, digits) for step in steps for x in (step.threshold, step.spinodal))

    steps = sharpen(at, is_told, start=carrying_bits(digits + GUARD_DIGITS))
    return Staircase(*given, digits, steps, most, offered - taken)


#: A threshold in units of the dimensionless decay q of its mode, at so many bits.
Base = Callable[[int], arb]


def _bases(net: Network, data: OutputMoments) -> Iterator[tuple[SingularSquare, Base]]:
    """The modes that are held at some decay, the strongest first, with γ̄/q."""
    if any(net.noise):
        for square, _, surds in water_filling(net, data).thresholds():
            sign = sign_of(surds)
            if sign is None:
                raise InputError("it is not decided whether the noise keeps a mode out at every decay.")
            if sign > 0:
                yield square, partial(sum_of, surds)
    elif data.is_isotropic:
        for square in _squares(data):
            yield square, partial(_isotropic_base, net.depth, data.eigenvalue, square)
    else:
        for square in _squares(data):
            yield square, square.ball


def _squares(data: OutputMoments) -> tuple[SingularSquare, ...]:
    """s² of isotropic inputs, the eigenvalues of an autoencoder."""
    return data.singular_squares if data.is_isotropic else squares_of(data.A)


def _isotropic_base(depth: int, eigenvalue: Fraction, square: SingularSquare, bits: int) -> arb:
    """(s^{2D}/a^{D-1})^{1/(D+1)}."""
    with TURN, working_precision(bits):
        a, s2 = ball(eigenvalue), square.ball(bits)
        return ((depth * s2.log() - (depth - 1) * a.log()) / (depth + 1)).exp()


def _step(
    depth: int, data: OutputMoments, square: SingularSquare, base: Base, rank: int, bits: int
) -> Step:
    unit = base(bits)
    with TURN, working_precision(bits):
        value = square.ball(bits)
        return Step(
            value.sqrt() if data.is_isotropic else value,
            square.multiplicity,
            rank,
            unit * transition(depth).value(),
            unit * spinodal(depth).value(),
        )


def _decayed(net: Network, decay: Fraction) -> Network:
    """The network with this decay of all layers."""
    return Network(net.depth, widths=net.widths, decays=decay, noise=net.noise, outputs=net.outputs)


def draw(stairs: Sequence[Staircase], axes: Any, *, labels: Sequence[str]) -> None:
    """Staircases as lines over the mean decay, on axes of matplotlib."""
    for staircase, label in zip(stairs, labels, strict=True):
        edges = sorted((float(step.threshold), step.rank) for step in staircase.steps)
        decays = [0.0, *(edge for edge, _ in edges for _ in range(2))]
        axes.plot(decays, [*(rank for _, rank in edges for _ in range(2)), 0], label=label)
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.set(xlabel=r"mean decay $\bar\gamma$", ylabel="rank of the global minimum")
    axes.legend()
