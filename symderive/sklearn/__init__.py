"""Deep linear networks as scikit-learn estimators, whose ``fit`` is the certified global minimum.

>>> from symderive.sklearn import DeepLinearRegressor
>>> from sklearn.linear_model import Ridge
>>> X, y = [[1.0], [2.0], [6.0]], [1.0, 3.0, 5.0]
>>> net = DeepLinearRegressor(depth=0, decay=0.25).fit(X, y)
>>> bool(abs(net.coef_ - Ridge(alpha=0.25 * len(y)).fit(X, y).coef_).max() < 1e-12)
True

It needs the extra ``sklearn``.
"""

from symderive.errors import MissingExtraError

try:
    import sklearn as _  # noqa: F401
except ImportError:
    raise MissingExtraError.of("symderive.sklearn needs scikit-learn", "sklearn") from None

from symderive.sklearn.cross_validation import DeepLinearRegressorCV
from symderive.sklearn.regressor import DeepLinearRegressor

__all__ = ["DeepLinearRegressor", "DeepLinearRegressorCV"]
