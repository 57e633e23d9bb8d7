"""Random first weights as PyTorch draws them, and how likely a weighted sum of their squares is large.

Of n independent weights of a layer with the weight g on each square, S = Σ g W² has the mean Σ n g v, v the
variance of a weight.  From above it is bounded

* surely by Σ n g b², where weights are uniform on [-b, b];
* by Bernstein's inequality there, P(S ≥ E S + t) ≤ exp(-t²/(2 (V + m t/3))), where V = Σ n g² 4b⁴/45 is the
  variance of S, and no term g W² is above its mean by more than m = max 2gb²/3;
* by that of Chernoff where they are normal,
  P(S ≥ s) ≤ exp(-θs) Π (1 - 2θgv)^{-n/2} for 0 ≤ θ < 1/(2 max gv).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log1p
from typing import NamedTuple

from flint import arb

from symderive.arithmetic.exact import ball
from symderive.errors import InputError, one_of

#: Steps in search of the best θ in floats; every θ gives a bound, which balls enclose.
STEPS = 100


@dataclass(frozen=True)
class Initialization:
    """How the weights of every layer are drawn, independently of each other.

    Attributes
    ----------
    name : str
        What ``--init`` calls it.
    is_uniform : bool
        Whether weights are uniform, not normal.
    factor : Fraction
        The square of the bound b of uniform weights, and the variance of normal ones, is this over the
        number of inputs, or of inputs and outputs.
    counts_outputs : bool
        Whether outputs count there.
    call : str
        The function of ``torch.nn.init`` that does it.
    """

    name: str
    is_uniform: bool
    factor: Fraction
    counts_outputs: bool
    call: str

    def square(self, inputs: int, outputs: int) -> Fraction:
        """b² of uniform weights, the variance of normal ones."""
        return self.factor / (inputs + outputs * self.counts_outputs)


#: The initializations that are known by name.
INITIALIZATIONS = {
    each.name: each
    for each in (
        Initialization(
            "default", True, Fraction(1), False, "kaiming_uniform_(W, a=sqrt(5)), as nn.Linear draws it"
        ),
        Initialization("kaiming-uniform", True, Fraction(6), False, "kaiming_uniform_(W), for ReLU"),
        Initialization("kaiming-normal", False, Fraction(2), False, "kaiming_normal_(W), for ReLU"),
        Initialization("xavier-uniform", True, Fraction(6), True, "xavier_uniform_(W)"),
        Initialization("xavier-normal", False, Fraction(2), True, "xavier_normal_(W)"),
        Initialization("lecun-normal", False, Fraction(1), False, "normal_(W, std=1/sqrt(inputs))"),
    )
}

#: Short names: of Kaiming what nn.Linear draws unasked.
ALIASES = {
    "kaiming": "default",
    "xavier": "xavier-uniform",
    "glorot": "xavier-uniform",
    "he": "kaiming-normal",
}


def initialization_of(name: str) -> Initialization | None:
    """The initialization of a name; None where it has none.

    >>> initialization_of("kaiming").call
    'kaiming_uniform_(W, a=sqrt(5)), as nn.Linear draws it'
    """
    key = name.strip().lower().replace("_", "-")
    return INITIALIZATIONS.get(ALIASES.get(key, key))


class Group(NamedTuple):
    """The weights of one layer in a weighted sum of squares.

    Attributes
    ----------
    number : int
        n, how many weights.
    square : Fraction
        b² of uniform weights on [-b, b], or the variance of normal ones.
    weight : Fraction
        g, the weight of their squares in the sum.
    """

    number: int
    square: Fraction
    weight: Fraction


@dataclass(frozen=True)
class SquareSum:
    """The law of Σ g W² over all weights.

    Attributes
    ----------
    is_uniform : bool
        Whether the weights are uniform, not normal.
    groups : tuple of Group
        The layers.
    """

    is_uniform: bool
    groups: tuple[Group, ...]

    @classmethod
    def of(
        cls, init: Initialization, sizes: Sequence[int], weights: Sequence[Fraction], scale: Fraction
    ) -> SquareSum:
        """Of layers between ``sizes`` d, d_1, …, d_D, 1, all weights ``scale`` times what ``init``
        draws."""
        if scale <= 0:
            raise InputError(f"the scale is {scale}; give a positive factor of all weights.")
        return cls(
            init.is_uniform,
            tuple(
                Group(inputs * outputs, scale**2 * init.square(inputs, outputs), weight)
                for (inputs, outputs), weight in zip(pairwise(sizes), weights, strict=True)
            ),
        )

    @property
    def mean(self) -> Fraction:
        """The mean of the sum, exact."""
        variance = Fraction(1, 3) if self.is_uniform else Fraction(1)
        return sum((g.number * g.weight * g.square * variance for g in self.groups), Fraction(0))

    @property
    def most(self) -> Fraction | None:
        """What the sum surely is at most; None where it has no bound."""
        if not self.is_uniform:
            return None
        return sum((g.number * g.weight * g.square for g in self.groups), Fraction(0))

    def tail(self, s: arb) -> arb:
        """A bound on the probability that the sum is at least s > 0, in [0, 1], as a ball."""
        most = self.most
        if most is not None and ball(most) < s:
            return arb(0)
        over = s - ball(self.mean)
        if not over > 0:
            return arb(1)
        return self._bernstein(over) if self.is_uniform else self._chernoff(s)

    def _bernstein(self, over: arb) -> arb:
        variance = sum(
            (g.number * (g.weight * g.square) ** 2 * Fraction(4, 45) for g in self.groups), Fraction(0)
        )
        excess = max(g.weight * g.square for g in self.groups) * Fraction(2, 3)
        return (-(over**2) / (2 * (ball(variance) + ball(excess) * over / 3))).exp()

    def _chernoff(self, s: arb) -> arb:
        largest = max(g.weight * g.square for g in self.groups)
        terms = [(g.number, float(g.weight * g.square / largest)) for g in self.groups]
        size = float(s / ball(largest))

        def exponent(share: float) -> float:
            """At θ = share/(2 max gv), where it is convex."""
            logs = (number * log1p(-share * scale) / 2 for number, scale in terms)
            return -share * size / 2 - sum(logs)

        low, high = 0.0, 1.0 - 2.0**-40
        for _ in range(STEPS):
            third = (high - low) / 3
            if exponent(low + third) < exponent(high - third):
                high -= third
            else:
                low += third
        theta = ball(Fraction(low) / (2 * largest))
        logs = (g.number * (1 - 2 * theta * ball(g.weight * g.square)).log() / 2 for g in self.groups)
        bound = (-theta * s - sum(logs, arb(0))).exp()
        return bound if bound < 1 else arb(1)


def require_initialization(name: str) -> Initialization:
    """The initialization of a name; :class:`InputError` lists those that are known."""
    found = initialization_of(name)
    if found is None:
        raise InputError(f"the initialization {name[:40]!r} is not known; give {one_of(INITIALIZATIONS)}.")
    return found
