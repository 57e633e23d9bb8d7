"""What noise makes of the data of the reduced problem, in numbers."""

from __future__ import annotations

from typing import NamedTuple

from symderive.arithmetic.exact import Number
from symderive.model.noise.transfer import NoiseFactors


class Shares(NamedTuple):
    """B = full · A + Diag(relative ∘ diag A) + Diag(absolute), with one value or one a feature."""

    full: Number
    relative: tuple[Number, ...]
    absolute: tuple[Number, ...]


def shares(
    factors: NoiseFactors, feature_noise: tuple[Number, ...], feature_jitter: tuple[Number, ...]
) -> Shares:
    """B = ρ_1 A' + ρ_2 Diag(A') with A' = A + Diag(σ_j² A_jj) + Diag(s_j²), in terms of A.

    >>> from fractions import Fraction
    >>> shares(NoiseFactors(Fraction(2), Fraction(1)), (Fraction(1, 2),), (Fraction(3),))
    Shares(full=Fraction(2, 1), relative=(Fraction(5, 2),), absolute=(Fraction(9, 1),))
    """
    full, diagonal = factors
    relative = tuple(full * s + diagonal * (1 + s) for s in feature_noise)
    return Shares(full, relative, tuple((full + diagonal) * s for s in feature_jitter))
