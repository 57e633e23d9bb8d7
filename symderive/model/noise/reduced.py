"""What noise of the features and below them makes of A in the reduced problem."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symderive.arithmetic.exact import Number
from symderive.model.noise.protocol import FeatureEffect, Noise
from symderive.model.noise.transfer import NoiseFactors


class Shares(NamedTuple):
    """How B is made of A: B = full · A + Diag(relative ∘ diag A) + Diag(absolute).

    Attributes
    ----------
    full : Fraction or sympy.Expr
        Dimensionless.
    relative : tuple of Fraction
        Dimensionless, one value for all features or one for each.
    absolute : tuple of Fraction
        Dimension of A, one value for all features or one for each.
    """

    full: Number
    relative: tuple[Number, ...]
    absolute: tuple[Number, ...]


def feature_effect(noises: Sequence[Noise]) -> FeatureEffect:
    """A' of A, with the noises of the features one after the other.

    >>> from symderive.model.noise.features import FeatureNoise
    >>> once = FeatureNoise((Fraction(1),), (Fraction(2),))
    >>> feature_effect([once, once])
    FeatureEffect(relative=(Fraction(3, 1),), absolute=(Fraction(6, 1),))
    """
    relative: tuple[Number, ...] = (Fraction(0),)
    absolute: tuple[Number, ...] = (Fraction(0),)
    for noise in noises:
        factors, added = noise.feature_effect()
        if not any(factors) and not any(added):
            continue
        relative = tuple(r + s + r * s for r, s in _paired(relative, factors))
        grown = tuple(a * (1 + s) for a, s in _paired(absolute, factors))
        absolute = tuple(a + s for a, s in _paired(grown, added))
    return FeatureEffect(relative, absolute)


def shares(factors: NoiseFactors, effect: FeatureEffect) -> Shares:
    """B = ρ_1 A' + ρ_2 Diag(A') in terms of A.

    >>> shares(NoiseFactors(Fraction(2), Fraction(1)), FeatureEffect((Fraction(1, 2),), (Fraction(3),)))
    Shares(full=Fraction(2, 1), relative=(Fraction(5, 2),), absolute=(Fraction(9, 1),))
    """
    full, diagonal = factors
    relative = tuple(full * s + diagonal * (1 + s) for s in effect.relative)
    return Shares(full, relative, tuple((full + diagonal) * s for s in effect.absolute))


def _paired(left: tuple[Number, ...], right: tuple[Number, ...]) -> list[tuple[Number, Number]]:
    """Values for all features, or one for each, side by side."""
    count = max(len(left), len(right))
    spread = [values * count if len(values) == 1 else values for values in (left, right)]
    return list(zip(*spread, strict=True))
