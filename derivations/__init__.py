"""The theory of the global minimum of a deep linear network, one file a theorem.

Every module holds a ``DERIVATION``; :data:`ORDER` is the order in which a paper tells them.
"""

from __future__ import annotations

#: Ids of the derivations, each the name of its module with hyphens, in the order of the argument.
ORDER: tuple[str, ...] = (
    "noise-second-moment",
    "loss",
    "diagonal-bound",
    "lower-bound",
    "norm-product",
    "decay-bound",
    "layer-balance",
    "attainment",
    "global-minimum",
    "effective-ridge",
    "minimum-value",
    "dual",
    "paper-parametrization",
    "paper-two-layer",
    "one-hidden-layer-convex",
    "one-hidden-layer-threshold",
    "origin-hessian-one-hidden-layer",
    "origin-local-minimum",
    "bad-origin-exists",
    "bad-nontrivial-minimum",
    "all-stationary-points",
    "subnetwork-saddle",
    "local-minima",
    "curvature-bounds",
    "search-range",
    "threshold-scaling",
    "root-count",
    "isotropic-equation",
    "isotropic-closed-form",
    "isotropic-saddle-branch",
    "infinite-depth-catalan",
    "spinodal",
    "transition",
    "decay-threshold",
    "largest-depth",
    "jump",
    "isotropic-bounds",
    "basin-balanced",
    "prediction-variance",
    "variance-vanishes-width",
    "variance-vanishes-noise",
    "variance-vanishes-depth",
    "variance-asymptotics",
    "envelope",
)
