"""Numbers and decays as sentences about trained weights tell them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from symderive.arithmetic.exact import Number, decimal, rational
from symderive.model.network import Network

#: Beyond these a power of ten is shorter than the zeros.
SMALLEST, LARGEST = 1e-4, 1e4

#: Characters up to which a fraction is told as one, and decays that are listed.
MOST_CHARACTERS, MOST_DECAYS = 12, 6


def brief(value: arb) -> str:
    """Three digits of the middle of a ball, as people write them; four of a whole number below 10 000.

    >>> brief(arb(467)), brief(arb("0.05")), brief(arb("2345.6")), brief(arb("1e-7"))
    ('467', '0.05', '2346', '1.00e-7')
    """
    middle = abs(float(value.mid()))
    if 1000 <= middle < LARGEST - 0.5:
        return f"{float(value.mid()):.0f}"
    if middle == 0 or SMALLEST <= middle < 1000:
        return format(float(value.mid()), ".3g").replace("1e+03", "1000")
    return str(value.mid().str(3, radius=False))


def decay_text(decay: Fraction) -> str:
    """A decay as a fraction, or as a decimal of eight digits where that is shorter.

    >>> decay_text(Fraction(1, 100)), decay_text(Fraction(0.05))
    ('1/100', '0.05')
    """
    text = str(decay)
    return text if len(text) <= MOST_CHARACTERS else decimal(decay, 8)


def decays_text(decays: Sequence[Fraction]) -> str:
    """``decay γ = 1/100``, or the decays of the layers in order where they differ.

    >>> decays_text([Fraction(1, 10), Fraction(1, 10), Fraction(1, 5)])
    'decays γ = 1/10, 1/10, 1/5'
    """
    if len(set(decays)) == 1:
        return f"decay γ = {decay_text(decays[0])}"
    more = ["…"] if len(decays) > MOST_DECAYS else []
    return f"decays γ = {', '.join([*map(decay_text, decays[:MOST_DECAYS]), *more])}"


def factors_text(net: Network, digits: int) -> str:
    """``noise factor ρ = 3/2`` in decimals, or the two factors where weights are noisy.

    >>> from symderive import Network
    >>> factors_text(Network(1, widths=2, decays=1, noise=1, weight_noise=1), 3)
    'noise factors ρ₁ = 2.5, ρ₂ = 2'
    """
    full, diagonal = (rational(x) for x in net.noise_factors)
    if not diagonal:
        return f"noise factor ρ = {decimal(full, digits)}"
    return f"noise factors ρ₁ = {decimal(full, digits)}, ρ₂ = {decimal(diagonal, digits)}"


def alterations_text(net: Network) -> str:
    """What noise beside that of single neurons the network has, and whether a bias is free; else empty.

    >>> from symderive import Network
    >>> alterations_text(Network(1, widths=4, decays=1, noise=1, groups=2, target_noise="1/3", bias=True))
    'Also: groups of neurons 2, target noise 1/3, a free output bias.'
    """
    shared = net.groups if any(net.noise) and tuple(net.groups) != tuple(net.widths) else ()
    listed: tuple[tuple[str, Sequence[Number]], ...] = (
        ("weight noise", net.weight_noise),
        ("feature noise", net.feature_noise),
        ("feature jitter", net.feature_jitter),
        ("hidden jitter", (net.hidden_jitter,)),
        ("target noise", (net.target_noise,)),
    )
    told = [f"groups of neurons {_numbers(shared)}"] if shared else []
    told += [f"{name} {_numbers(values)}" for name, values in listed if any(values)]
    told += ["a free output bias"] if net.bias else []
    return f"Also: {', '.join(told)}." if told else ""


def _numbers(values: Sequence[Number]) -> str:
    """One number where all are the same, else the first of them."""
    if len(set(values)) == 1:
        values = values[:1]
    more = ["…"] if len(values) > MOST_DECAYS else []
    return ", ".join([*(decay_text(rational(x)) for x in values[:MOST_DECAYS]), *more])
