"""The exact minimum as a scikit-learn estimator: cross-validation beside ridge regression, the bootstrap.

    python estimator.py

Depth and decay are chosen by cross-validation, then come predictions with their spread, the comparison with
ridge regression, and standard errors.  Needs the extra ``sklearn``; takes a few seconds.
"""

from pathlib import Path

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from symderive.sklearn import DeepLinearRegressorCV

DATA = Path(__file__).parent / "diabetes.csv"


def main() -> None:
    with DATA.open() as stream:
        *names, target = stream.readline().strip().split(",")
        table = np.loadtxt(stream, delimiter=",")
    X, y = table[:, :-1], table[:, -1]

    # Every minimum that is compared is certified; the moments of the folds add up to those of all samples.
    net = DeepLinearRegressorCV(depths=(0, 1, 2, 3), n_decays=20, dropout="0.1", standardize=True).fit(X, y)
    print(f"chosen: depth {net.depth_}, decay {net.decay_:.4g}, mean squared error {-net.best_score_:.1f}")
    for depth, scores in zip(net.depths, net.scores_.mean(axis=-1), strict=True):
        print(f"  depth {depth}: at best {-scores.max():.1f}")
    mean, std = net.predict(X[:3], return_std=True)
    for value, spread, told in zip(mean, std, y, strict=False):
        print(f"  predicts {value:.1f}, one pass with dropout ± {spread:.1f}, {target} was {told:.0f}")

    # Another five folds around the whole choice, as for any estimator.
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-3, 4, 30)))
    for name, estimator in (("deep linear", net), ("ridge", ridge)):
        errors = -cross_val_score(estimator, X, y, scoring="neg_mean_squared_error")
        print(f"{name}: mean squared error {errors.mean():.1f} in nested cross-validation")

    # How much does the minimum of the chosen network move from sample to sample?
    draws = net.bootstrap(X, y, draws=50)
    print(f"{draws.collapse:.0%} of {len(draws.coef)} draws collapse")
    for name, error in zip(names, draws.standard_errors, strict=True):
        print(f"  {name}: standard error {error:.3g}")


if __name__ == "__main__":
    main()
