"""The full loss and its gradient in float64, with the rounding error as radius: quick, and still rigorous.

Every part of them is a sum of products whose absolute values add up to at most a product of Frobenius
norms, and no product meets more than a known number of roundings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from flint import arb

from symderive.arithmetic.doubles import length
from symderive.arithmetic.exact import ball
from symderive.arithmetic.matrices import Floats
from symderive.full_loss.recursion import FullLoss, Terms

#: Range of tr A in which no intermediate result of sane weights overflows.
SAFE = (1e-200, 1e200)

#: What underflow may lose, beyond any sum of numbers below the smallest normal one; it meets the factors
#: that follow.
UNDERFLOW = 1e-280


class FloatLoss:
    """The loss of ``setting`` (over balls) for float64 layers W_1, …, U of the sizes d, d_1, …, d_D, 1."""

    def __init__(self, setting: FullLoss, sizes: Sequence[int]) -> None:
        op = Floats()
        self.setting = setting.into(op)
        self._noise = self._most(setting)
        # A factored A is two products with a sum over d and one over n, and its entries are rounded.
        lengths = [*sizes, sizes[0], setting.A.samples] if setting.A.samples else sizes
        # The diagonals of noisy weights, and blocks, are sums over no more, with some factors beside.
        self._unit = (8 * sum(lengths) + 40 * len(lengths)) * 2.0**-53
        trace = setting.A.trace
        self._safe = trace.is_zero() or SAFE[0] < trace < SAFE[1]
        # Taken of the balls: squares of small floats vanish.
        self._A, self._v = (
            float(square.sqrt().upper())
            for square in (setting.A.size(setting.op), setting.op.square(setting.v))
        )
        # Centering can cancel most of v: what its balls leave open counts as roundings.
        radius = sum((x.rad() ** 2 for x in setting.v.entries()), arb(0)).sqrt()
        self._v += float((radius / self._unit).upper())
        mean = arb(0) if setting.mean is None else setting.op.square(setting.mean)
        self._mean = float(mean.sqrt().upper())

    def terms(self, layers: Sequence[Any]) -> Terms:
        """The parts of the loss, as balls."""
        import numpy as np

        with np.errstate(all="ignore"):
            return self._enclosed(self.setting.terms(layers), layers)

    def terms_and_gradient_norm(self, layers: Sequence[Any]) -> tuple[Terms, arb]:
        """The same, and the Euclidean norm of the gradient over all weights, from one sweep."""
        import numpy as np

        with np.errstate(all="ignore"):
            sweep = self.setting.sweep(layers)
            norms = [length(W) for W in layers]
            errors = []
            for i, (norm, decay) in enumerate(zip(norms, self.setting.decays, strict=True)):
                # ∂/∂W_i of a part is that part with W_i left out once.
                second, alignment = self._sizes([*norms[:i], 1.0, *norms[i + 1 :]])
                errors.append(2 * (second * norm + alignment + float(decay) * norm))
            total = length(np.array([length(g) for g in sweep.gradients]))
            # The sweep meets the roundings of a forward and of a backward pass.
            gradient = self._ball(total, 2 * length(np.array(errors)) + total, norms)
            return self._enclosed(sweep.terms, layers), gradient

    def _enclosed(self, terms: Terms, layers: Sequence[Any]) -> Terms:
        norms = [length(W) for W in layers]
        bounds = (*self._sizes(norms), float(terms.decay))
        return Terms(*(self._ball(float(x), bound, norms) for x, bound in zip(terms, bounds, strict=True)))

    def _sizes(self, norms: Sequence[float]) -> tuple[float, float]:
        """Bounds on the sums of absolute values in E f² and m·v for layers with these norms."""
        import numpy as np

        reach = float(np.prod(norms))
        second = self._noise * reach**2 * self._A + (reach * self._mean) ** 2
        return second, reach * (self._v + self._mean**2 * reach)

    @staticmethod
    def _most(setting: FullLoss) -> float:
        """What the noises let a sum of absolute values grow by, at most: Π (1 + σ_i²) Π (1 + ω_i²)."""
        grown = arb(1)
        for i, variance in enumerate(setting.weight_noise or (arb(0),) * len(setting.decays), start=1):
            grown *= 1 + variance
            for noise in setting.noises:
                grown *= reduce(arb.max, [ball(x) for row in noise.factor(i) for x in row], arb(1))
        return float(grown.upper())

    def _ball(self, value: float, size: float, norms: Sequence[float]) -> arb:
        import numpy as np

        if not self._safe:  # floats could underflow or overflow unseen
            return arb.nan()
        # No product holds a layer more than twice, or anything else more than once.
        grown = float(np.prod(np.maximum(norms, 1)) ** 2) * self._noise
        grown *= max(1.0, self._A) * max(1.0, self._v) * max(1.0, *self.setting.decays)
        grown *= max(1.0, self._mean**2)
        return arb(value, 1.01 * self._unit * size + UNDERFLOW * grown)
