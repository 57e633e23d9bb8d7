"""What a kind of noise has to say: its effect on second moments, and what the reduction makes of it.

With M_{i-1} the second moments of what enters layer i, a layer makes of them

    S_i = W_i M_{i-1} W_iᵀ + ω_i² Diag(W_i Diag(M_{i-1}) W_iᵀ)      (independent noise of the weights),
    M_i = the average over the noise of the neurons of S_i.

Of a column z put X_i = zᵀM_iz, Y_i = zᵀDiag(M_i)z and q = W_iᵀz.  Then, entry by entry,

    (X_i, Y_i)(z) ≥ T_i (X_{i-1}, Y_{i-1})(q),

with equality for balanced rank-one weights, where T_i, the *transfer matrix* of the layer, is

    [[1, ω_i²/d_i], [1/d_i, ω_i²/d_i]]   times, entry by entry, one :data:`Factor` for each noise of the
                                         neurons of the layer.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from symderive.arithmetic.exact import Number

#: What noise of the neurons multiplies the transfer matrix of a layer by, entry by entry; exact.  The
#: largest entry also bounds how much it lets Frobenius norms of second moments grow.
Factor: TypeAlias = tuple[tuple[Number, Number], tuple[Number, Number]]

#: Where there is no noise.
NOTHING: Factor = ((1, 1), (1, 1))


class FeatureEffect(NamedTuple):
    """What A of the features becomes with noise: A + Diag(relative ∘ diag A) + Diag(absolute).

    Attributes
    ----------
    relative : tuple of Fraction
        Dimensionless, one value for all features or one for each.
    absolute : tuple of Fraction
        Dimension of A, one value for all features or one for each.
    """

    relative: tuple[Number, ...] = (0,)
    absolute: tuple[Number, ...] = (0,)


class Noise:
    """A kind of noise with its variances in all layers; subclasses are frozen records.

    A kind overrides what it has an effect on; the rest is that of no noise.  ``i`` counts the hidden layers
    from 1, and D + 1 is the output layer.  Variances are dimensionless where the noise multiplies.
    """

    @property
    def is_plain(self) -> bool:
        """Whether all stationary points and the blocks of the Hessian are proved beside this noise."""
        return False

    def factor(self, i: Any) -> Factor:
        """What noise of the neurons multiplies the transfer matrix of layer i by, exact or in SymPy.

        Its largest entry, if that is more than 1, bounds what the noise lets a second moment grow by.
        """
        return NOTHING

    def neuron_moments(self, S: Any, i: Any) -> Any:
        """The symbolic moment step of hidden layer i: M_i of S_i, a SymPy matrix expression.

        Noise multiplies S_i entry by entry, so that this map is its own adjoint.
        """
        return S

    def spread(self, op: Any, S: Any, i: int) -> Any:
        """The same step in numbers: of a :class:`symderive.arithmetic.spread.Spread`."""
        return S

    def weight_variance(self, i: Any) -> Number:
        """ω_i², the variance of the factor of each weight of layer i = 1 … D + 1."""
        return 0

    def feature_effect(self) -> FeatureEffect:
        """What becomes of the second moments of the features."""
        return FeatureEffect()

    def last_layer_variance(self) -> Number:
        """s² of additive noise on every neuron of the last hidden layer, after all other noise."""
        return 0

    def target_variance(self) -> Number:
        """What the noise adds to c, dimension target²."""
        return 0
