"""The decay that trained weights imply: the one at which they would be stationary.

The data term D(W) of the loss is of degree 2 in E f² and 1 in m·v for every layer, so that

    ⟨∂D/∂W_i, W_i⟩ = 2 (E f² - m·v)   for every i,

and the decays k γ_i that fit the gradient best, with Σ ‖∂D/∂W_i + 2kγ_i W_i‖² least, have
k = (m·v - E f²) Σγ_i / Σ γ_i²‖W_i‖².  Weights that training brought to rest at other decays than the given
ones show it by a k that is not 1 and a gradient that vanishes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.model.network import Network
from symderive.training.measurement import BITS, Measurement
from symderive.training.words import brief

#: How near k has to be to a factor that a known slip leads to, and how small what is left of the gradient
#: beside that of the decay.
NEAR = 0.02
REST = 0.05

#: The same for any other factor: so small a rest, and k so far from 1, also in units of the rest, which is
#: how far k may be off by what is left.
STILL = 0.01
APART = 0.05
RESTS = 10


@dataclass(frozen=True, eq=False)
class ImpliedDecay:
    """The decays that the weights imply; balls.

    Attributes
    ----------
    factor : arb
        k: the weights fit the decays k γ_i best.
    decays : tuple of arb or None
        The decay that each layer alone implies, (m·v - E f²)/‖W_i‖²; None for a layer that is 0.
    rest : arb
        The norm of the gradient at the decays k γ_i, in units of the norm of its decay part: 0 where the
        weights are stationary for them.
    """

    factor: arb
    decays: tuple[arb | None, ...]
    rest: arb

    def sentence(self, net: Network, samples: Fraction | None) -> str:
        """Say at which decay the weights are at rest, and what slip may have led there.

        Parameters
        ----------
        net : Network
            The network, with the decays that were given.
        samples : Fraction or None
            The number of samples, if it is known.

        Returns
        -------
        str
            A sentence; empty where the decay is the network's.
        """
        known = (s for s in _slips(samples) if abs(self.factor / ball(s[0]) - 1) < NEAR)
        slip = next(known, None) if self.rest < REST else None
        off = abs(self.factor - 1)
        other = self.factor > 0 and self.rest < STILL and off > APART and off > RESTS * self.rest
        if slip is None and not other:
            return ""
        times, question = (f"{brief(self.factor)} times", "") if slip is None else (slip[1], f": {slip[2]}")
        if len(set(net.decays)) > 1:
            return f"The weights are at rest at {times} the decays given{question}."
        with TURN, working_precision(BITS):
            decay = self.factor * ball(net.decays[0])
            told = f"γ = {brief(decay)} (weight_decay {brief(2 * decay)} of a mean of squares)"
        return f"The weights are at rest at {told}, which is {times} the decay given{question}."

    def is_given(self) -> bool:
        """Tell whether the weights are at rest at the decays given.

        Returns
        -------
        bool
            Whether they are, up to a few per cent.
        """
        return bool(self.rest < REST and abs(self.factor - 1) < APART)


def implied_decay(net: Network, found: Measurement) -> ImpliedDecay | None:
    """The decays that fit the weights; None where all decays or all weights that have one are 0, and with
    noise on the last hidden layer, which acts as a decay that no factor changes."""
    if net.hidden_cost:
        return None
    with TURN, working_precision(BITS):
        decays = [ball(g) for g in net.decays]
        squares = [g**2 * s for g, s in zip(decays, found.squares, strict=True)]
        size = sum(squares, arb(0))
        if not size > 0:
            return None
        pull = found.alignment - found.second_moment
        factor = pull * sum(decays, arb(0)) / size
        # ‖g + 2(k-1)γW‖² with g the gradient at γ and ⟨g_i, W_i⟩ = 2 (γ_i‖W_i‖² - pull).
        step = factor - 1
        inner = sum((g * (g * s - pull) for g, s in zip(decays, found.squares, strict=True)), arb(0))
        square = found.centered_gradient_square + 8 * step * inner + 4 * step**2 * size
        norm = square.abs_upper().sqrt() if not square > 0 else square.sqrt()
        part = 2 * abs(factor) * size.sqrt()
        each = tuple(pull / s if s > 0 else None for s in found.squares)
        return ImpliedDecay(factor, each, norm / part if part > 0 else arb.pos_inf())


def _slips(samples: Fraction | None) -> list[tuple[Fraction, str, str]]:
    """Factors k, in words, and what leads to them."""
    slips = [
        (
            Fraction(1, 2),
            "half",
            "was an optimizer's weight_decay given as --decay? Give it as --weight-decay",
        ),
        (
            Fraction(2),
            "twice",
            "was half the mean of the squares minimized, or γ halved twice? See --loss half-mean",
        ),
    ]
    if samples is not None and samples > 2:
        slips += [
            (1 / samples, "1/n of", "was the sum of the squares minimized? See --loss sum"),
            (
                1 / (2 * samples),
                "1/(2n) of",
                "was a sum of squares minimized with this weight_decay? Give --weight-decay and --loss sum",
            ),
            (samples, "n times", "was the mean of the squares minimized? Leave out --loss sum"),
        ]
    return slips
