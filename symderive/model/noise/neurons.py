"""Multiplicative noise of the neurons, each with its own factor or in groups that share one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symderive.arithmetic.exact import Number, ball, sympify_exact
from symderive.model.noise.protocol import NOTHING, Factor, Noise


@dataclass(frozen=True)
class NeuronNoise(Noise):
    """Layer i is multiplied by factors of variance σ_i², one for each of its G_i groups of equal size.

    M_i = S_i + σ_i² BlockDiag(S_i).  G_i = d_i is one factor a neuron, as in dropout; G_i = 1 is one factor
    for the whole layer (as in dropping whole branches).
    """

    variances: tuple[Number, ...]
    groups: tuple[Number, ...]
    widths: tuple[Number, ...]

    @property
    def is_plain(self) -> bool:
        """Whether every neuron has a factor of its own."""
        layers = zip(self.variances, self.groups, self.widths, strict=True)
        return all(variance == 0 or count == width for variance, count, width in layers)

    def factor(self, i: Any) -> Factor:
        """[[1 + σ²/G, 1 + σ²], [1 + σ², 1 + σ²]]: what neurons share is blurred less the more groups there
        are, what each has alone always by 1 + σ²."""
        if i > len(self.variances):  # the output layer has no neurons
            return NOTHING
        variance = self.variances[i - 1]
        alone = 1 + variance
        return (1 + variance / self.groups[i - 1], alone), (alone, alone)

    def neuron_moments(self, S: Any, i: Any) -> Any:
        """S + σ² Diag(S), or S + σ² E ∘ S with the 0-1 pattern E of the groups."""
        import sympy as sp

        from symderive.symbols import GroupPattern

        variance, groups = sympify_exact(self.variances[i - 1]), self.groups[i - 1]
        if variance == 0:
            return S
        if groups == self.widths[i - 1]:
            return own_factors(S, variance)
        if groups == 1:
            return (1 + variance) * S
        return S + variance * sp.HadamardProduct(GroupPattern(sympify_exact(groups), S.shape[0]), S)

    def spread(self, op: Any, S: Any, i: int) -> Any:
        """S + σ² BlockDiag(S) in numbers."""
        variance = self.variances[i - 1]
        return S.blurred(op, op.number(ball(variance)), int(self.groups[i - 1])) if variance else S


def own_factors(S: Any, variance: Any) -> Any:
    """S + σ² Diag(S): M_jk = E ε_j ε_k S_jk, where E ε_j ε_k is 1 for j ≠ k and 1 + σ² for j = k."""
    from sympy.matrices.expressions.diagonal import DiagonalMatrix

    return S + variance * DiagonalMatrix(S)
