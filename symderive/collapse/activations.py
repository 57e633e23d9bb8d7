"""Activation functions: what is known of each, and its value in balls.

The barrier around the origin asks |φ(t)| ≤ |t| of an activation φ, and no more.  That the weights go to 0
themselves takes a bound on |φ'| beside it, or positive homogeneity, φ(st) = sφ(t) for s ≥ 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symderive.errors import InputError

ZERO = arb(0)


@dataclass(frozen=True, eq=False)
class Activation:
    """A function φ with |φ(t)| ≤ |t| for all t.

    Attributes
    ----------
    name
        What ``--activation`` calls it.
    value
        φ of a ball, at the current precision.
    reason
        Why |φ(t)| ≤ |t|.
    slope
        A bound on |φ'(t)| for all t where it exists.
    is_homogeneous
        Whether φ(st) = sφ(t) for s ≥ 0.
    """

    name: str
    value: Callable[[arb], arb]
    reason: str
    slope: Fraction = Fraction(1)
    is_homogeneous: bool = False

    @property
    def is_linear(self) -> bool:
        """Whether it is the identity."""
        return self.name == "linear"


def _relu(t: arb) -> arb:
    return t.max(ZERO)


def _leaky(t: arb) -> arb:
    return t.max(t / 100)


def _sigmoid(t: arb) -> arb:
    return 1 / (1 + (-t).exp())


def _gelu(t: arb) -> arb:
    return t * (1 + (t / arb(2).sqrt()).erf()) / 2


def _elu(t: arb) -> arb:
    return t.max(ZERO) + t.min(ZERO).expm1()


def _clip(t: arb, low: int, high: int) -> arb:
    return t.max(arb(low)).min(arb(high))


_FACTOR = "φ(t) is t times a factor between 0 and 1"

#: The activations for which the barrier is proved.
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("linear", lambda t: t, "φ(t) = t", is_homogeneous=True),
        Activation("relu", _relu, "φ(t) is t or 0", is_homogeneous=True),
        Activation("leaky-relu", _leaky, "φ(t) is t or t/100", is_homogeneous=True),
        Activation("abs", abs, "φ(t) is t or -t", is_homogeneous=True),
        Activation("tanh", arb.tanh, "φ(0) = 0 and 0 < φ' ≤ 1"),
        Activation("arctan", arb.atan, "φ(0) = 0 and 0 < φ' ≤ 1"),
        Activation("sin", arb.sin, "φ(0) = 0 and |φ'| ≤ 1"),
        Activation("softsign", lambda t: t / (1 + abs(t)), _FACTOR),
        Activation("elu", _elu, "φ(t) is t or exp(t) - 1, and φ' ≤ 1"),
        Activation("hardtanh", lambda t: _clip(t, -1, 1), "φ(0) = 0 and φ' is 0 or 1"),
        Activation("relu6", lambda t: _clip(t, 0, 6), "φ(0) = 0 and φ' is 0 or 1"),
        # |φ'| has its maximum at t = √2, Φ(√2) + √2 φ(√2) = 1.1289…, of the normal distribution.
        Activation("gelu", _gelu, f"{_FACTOR}, a normal probability", Fraction(113, 100)),
        Activation("silu", lambda t: t * _sigmoid(t), f"{_FACTOR}, a sigmoid", Fraction(11, 10)),
    )
}

#: Other names of the same.
ALIASES = {"identity": "linear", "none": "linear", "swish": "silu", "leaky_relu": "leaky-relu"}

#: Activations without the property, and why.
REFUSED = {
    "sigmoid": "φ(0) = 1/2",
    "softplus": "φ(0) = ln 2",
    "selu": "φ(t) = 1.0507 t for t > 0",
    "relu-squared": "φ(t) = t², which is above t from 1 on",
    "exp": "φ(0) = 1",
}


def activation_of(name: str | Activation) -> Activation:
    """The activation of a name, in small or large letters.

    Raises :class:`InputError` for one that is not known, and for one to which the theory does not apply,
    with the reason.

    >>> activation_of("ReLU").is_homogeneous, activation_of("swish").name
    (True, 'silu')
    """
    if isinstance(name, Activation):
        return name
    key = str(name).strip().lower()
    key = ALIASES.get(key, key)
    if key in REFUSED:
        raise InputError(
            f"the activation {key} has {REFUSED[key]}, and the barrier takes |φ(t)| ≤ |t| for all t, as of "
            "relu, tanh and gelu."
        )
    if key not in ACTIVATIONS:
        raise InputError(f"the activation {key[:40]!r} is not known; give {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[key]
