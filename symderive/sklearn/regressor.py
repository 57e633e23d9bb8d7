"""The network as a regressor."""

from __future__ import annotations

import warnings
from numbers import Integral
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.landscape.solve import solve
from symderive.model.keywords import OTHER_NOISE
from symderive.model.network import Network
from symderive.resampling.bootstrap import Bootstrap, bootstrap
from symderive.training.optimizers import Loss, loss_decay

if TYPE_CHECKING:
    import numpy as np


class LinearPredictions(RegressorMixin, BaseEstimator):
    """What estimators that know a landscape share: predictions and the layers."""

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """Predict E f at the rows of X.

        Parameters
        ----------
        X : array_like or sparse matrix of shape (n, d)
            Samples, in the units of those that were fitted.
        return_std : bool
            Whether to add the standard deviation of f over the noise, which is √(ρ - 1) |coef_·(x - x̄)|
            for noise of the neurons, x̄ the means of the features (0 without intercept).

        Returns
        -------
        ndarray of shape (n,), or a pair of these
            ``X @ coef_ + intercept_`` in doubles; with ``return_std`` also the spread of one stochastic
            pass through the network, which says nothing about how far the prediction is from y.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, accept_sparse="csr")
        mean = X @ self.coef_ + self.intercept_
        return (mean, self.landscape_.linear_map(self._index).std(X)) if return_std else mean

    @property
    def layers_(self) -> dict[str, np.ndarray]:
        """Weights of the global minimum, ``W1`` … ``WD`` and ``U``, float64; computed when asked for.

        They act on the centered and, if asked for, standardized features.  Signs and rotations of hidden
        neurons leave the loss as it is; these layers have all signs positive.
        """
        check_is_fitted(self)
        layers: dict[str, np.ndarray] = self.landscape_.layers(self._index).floats()
        return layers

    def bootstrap(
        self, X: Any, y: Any, *, sample_weight: Any = None, draws: int = 200, seed: int | None = 0
    ) -> Bootstrap:
        """Find standard errors and intervals of ``coef_`` from draws of the samples with replacement.

        Depth, decay and noise stay those of ``network_``.

        Parameters
        ----------
        X : array_like or sparse matrix of shape (n, d)
            Samples.
        y : array_like of shape (n,)
            Targets.
        sample_weight : array_like of shape (n,), optional
            Weights of the samples.
        draws : int
            How many draws; 200 do for standard errors, percentiles take 1000 or more.
        seed : int or None
            Equal seeds give equal draws; None draws anew every time.

        Returns
        -------
        Bootstrap
            As of :func:`symderive.bootstrap`, which says what it does not promise where draws collapse.

        Raises
        ------
        InputError
            Where a column is constant in a draw and is to be standardized.
        """
        check_is_fitted(self)
        X, y, sample_weight = checked(self, X, y, sample_weight, reset=False)
        return bootstrap(
            self.network_,
            X,
            y,
            draws=draws,
            seed=seed,
            center=self.fit_intercept,
            standardize=self.standardize,
            sample_weight=sample_weight,
            features=self.moments_.features,
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    @property
    def _index(self) -> int | None:
        index: int | None = self.landscape_.global_minimum.index
        return index

    def _settle(self, net: Network, moments: Moments, digits: int) -> None:
        """Solve, and keep what is found."""
        self.network_, self.moments_ = net, moments
        self.landscape_ = solve(net, moments, digits=whole(digits))
        minimum = self.landscape_.global_minimum
        if minimum.tie is None:
            warnings.warn(
                f"the losses of {len(minimum.contenders)} points could not be told apart, and coef_ is one "
                "of them; raise digits, or see landscape_.global_minimum.",
                UserWarning,
                stacklevel=3,
            )
        found = self.landscape_.linear_map(minimum.index)
        self.coef_, self.intercept_ = found.slopes.copy(), found.intercept


class DeepLinearRegressor(LinearPredictions):
    """Deep linear network with weight decay and stochastic neurons, at its certified global minimum.

    ``fit`` finds the minimum over all weights of

        mean of (f(x) - y)² over samples and noise  +  Σ_i decay_i ‖W_i‖²

    for f(x) = U ε_D W_D … ε_1 W_1 x, from the exact second moments of the data, with no iteration over the
    data, no starting point and no seed.

    Parameters
    ----------
    depth : int
        Number of hidden layers; 0 is ridge regression with ``alpha = decay * n``, n the sum of the sample
        weights, or least squares of smallest norm where the decay is 0.
    width : int or list of int
        Neurons of every hidden layer, or of each.  Without noise the width does not matter.
    decay : number, decimal text or list of these
        γ of every layer, or γ_1, …, γ_D, γ_u of each; positive if there is a hidden layer.  Floats stand
        for their binary values, ``"0.01"`` is one hundredth.  It is the factor of ‖W‖² in the loss; there
        is no parameter ``weight_decay``, for that of PyTorch's SGD or Adam is twice the decay of the loss
        that is minimized: ``weight_decay=0.02`` is ``decay="0.01"`` with the same ``loss``.
    loss : "mean", "sum" or "half-mean"
        Of squares: the loss that ``decay`` belongs to.  With ``"sum"`` the decay is divided by the sum of
        the sample weights, so that at depth 0 it is the ``alpha`` of ``Ridge``.  The numbers of
        ``landscape_`` and ``network_`` are those of the mean; see :mod:`symderive.training.optimizers`.
    dropout : number or list, optional
        Drop probability of the neurons of every hidden layer, or of each.
    noise : number or list, optional
        Instead of ``dropout``: variance of the factor, of mean 1, that a hidden neuron is multiplied by.
    groups, weight_noise, dropconnect, feature_noise, feature_dropout, feature_jitter, hidden_jitter, \
target_noise : optional
        Other noise, as for :class:`symderive.Network`.  That of features and targets acts on what the
        network sees: centered features and, if asked for, standardized ones, whose units jitter is in.
    fit_intercept : bool
        Whether to subtract the means of features and target, weighted ones with ``sample_weight``, before
        the network, and to add them after it.  Without noise that is the best bias of the output, without
        decay.  With noise it is a network of its own: noise acts on the centered features, so that at
        their means the prediction has no variance.
    standardize : bool
        Whether to divide the features by their standard deviations (divisor n), too, so that the decay does
        not depend on their units; ``coef_`` is in the units of X all the same.  Wants ``fit_intercept``.
    digits : int
        Correct digits of everything in ``landscape_``.

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,)
        The end-to-end map in the units of X and y, correctly rounded to doubles.  It is 0 where the global
        minimum is the collapsed network.  Where several points are global minima, it is the one of smallest
        ridge among those that are not 0; ``landscape_.global_minimum.tie`` is then True.
    intercept_ : float
        Correctly rounded, too; 0.0 without ``fit_intercept``.
    landscape_ : Landscape
        Every stationary point, certified; ``landscape_.verify()`` checks the minimum on the full loss.
    moments_ : Moments
        The exact second moments.
    network_ : Network
        The network.
    layers_ : dict of ndarray
        Weights of the global minimum, computed when asked for.
    n_features_in_ : int
        As in all of scikit-learn.
    feature_names_in_ : ndarray of str
        Likewise.

    Raises
    ------
    InputError
        A ``ValueError``, for parameters out of range, a decay of 0 beside hidden layers, and a constant
        feature that is to be standardized.

    Notes
    -----
    Not promised: that the prediction is good; it is that of the network at its minimum.  The output of
    ``return_std`` is the spread of one stochastic pass, not how far a prediction is from y.

    One target only: several outputs of one network are solved by :func:`symderive.solve`
    (:class:`symderive.OutputMoments`).  Where the losses of two points cannot be told apart at any
    affordable precision, ``fit`` warns, and ``coef_`` is the first of the ``contenders`` of
    ``landscape_.global_minimum`` other than 0.

    References
    ----------
    Ziyin, Li and Meng, *Exact solutions of a deep linear network*, NeurIPS 2022, arXiv:2202.04777.

    Examples
    --------
    >>> X, y = [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0], [3.0, 2.0]], [1.0, 2.0, 2.0, 5.0]
    >>> net = DeepLinearRegressor(depth=2, decay="0.05", dropout="0.1").fit(X, y)
    >>> net.coef_.round(3).tolist(), round(net.intercept_, 3), round(net.score(X, y), 3)
    ([0.978, 0.938], 0.094, 0.999)
    >>> net.landscape_.complete, net.landscape_.verify().verdict.name
    (True, 'CHECKED')
    >>> mean, std = net.predict([[1.5, 1.0], [3.0, 2.0]], return_std=True)
    >>> mean.round(3).tolist(), std.round(3).tolist()
    ([2.5, 4.906], [0.0, 0.201])
    """

    def __init__(
        self,
        depth: int = 2,
        *,
        width: Any = 32,
        decay: Any = 0.01,
        loss: Loss = "mean",
        dropout: Any = None,
        noise: Any = None,
        groups: Any = None,
        weight_noise: Any = None,
        dropconnect: Any = None,
        feature_noise: Any = None,
        feature_dropout: Any = None,
        feature_jitter: Any = None,
        hidden_jitter: Any = 0,
        target_noise: Any = 0,
        fit_intercept: bool = True,
        standardize: bool = False,
        digits: int = 15,
    ) -> None:
        self.depth = depth
        self.width = width
        self.decay = decay
        self.loss = loss
        self.dropout = dropout
        self.noise = noise
        self.groups = groups
        self.weight_noise = weight_noise
        self.dropconnect = dropconnect
        self.feature_noise = feature_noise
        self.feature_dropout = feature_dropout
        self.feature_jitter = feature_jitter
        self.hidden_jitter = hidden_jitter
        self.target_noise = target_noise
        self.fit_intercept = fit_intercept
        self.standardize = standardize
        self.digits = digits

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> DeepLinearRegressor:
        """Find the global minimum for samples.

        Parameters
        ----------
        X : array_like or sparse matrix of shape (n, d)
            Samples.
        y : array_like of shape (n,)
            Targets.
        sample_weight : array_like of shape (n,), optional
            Weights; a whole number is the same as so many copies of the row.

        Returns
        -------
        DeepLinearRegressor
            The estimator itself.

        Raises
        ------
        InputError
            For parameters out of range, a decay of 0 beside hidden layers, and a constant feature that is
            to be standardized.
        """
        import numpy as np

        depth = whole(self.depth)
        decay = list(self.decay) if isinstance(self.decay, np.ndarray) else self.decay
        moments = moments_of(self, *checked(self, X, y, sample_weight))
        net = Network(
            depth,
            widths=self.width if depth else (),
            decays=loss_decay(decay=decay, loss=self.loss, samples=moments.weight),
            noise=self.noise,
            dropout=self.dropout,
            **{kind: getattr(self, kind) for kind in OTHER_NOISE},
        )
        self._settle(net, moments, self.digits)
        return self


def whole(value: Any) -> Any:
    """NumPy's whole numbers, as grids of parameters hold them, in Python's."""
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


def checked(
    estimator: Any, X: Any, y: Any, sample_weight: Any, *, fewest: int = 1, reset: bool = True
) -> tuple[Any, Any, Any]:
    """At least so many samples, X, y and weights (or None), as arrays, as scikit-learn checks them."""
    if estimator.standardize and not estimator.fit_intercept:
        raise InputError("standardize subtracts means, too; give fit_intercept=True with it.")
    shape: tuple[int, ...] = getattr(y, "shape", ())
    if len(shape) == 2 and shape[1] > 1:
        raise InputError(
            f"y has {shape[1]} columns; this estimator fits one output; several of one "
            "network are solved by symderive.solve with OutputMoments; fit one network a column, as "
            "MultiOutputRegressor does."
        )
    X, y = validate_data(
        estimator,
        X,
        y,
        reset=reset,
        y_numeric=True,
        accept_sparse="csr",
        ensure_min_samples=max(fewest, 1 + bool(estimator.standardize)),
    )
    if sample_weight is not None:
        sample_weight = _check_sample_weight(sample_weight, X)  # moments refuse what is no weight
    return X, y, sample_weight


def moments_of(estimator: Any, X: Any, y: Any, weights: Any, *, standardize: bool | None = None) -> Moments:
    """Exact moments of checked samples, as the options of the estimator say unless told otherwise."""
    return Moments.from_samples(
        X,
        y,
        sample_weight=weights,
        center=estimator.fit_intercept,
        standardize=estimator.standardize if standardize is None else standardize,
        features=tuple(getattr(estimator, "feature_names_in_", ())),
    )
