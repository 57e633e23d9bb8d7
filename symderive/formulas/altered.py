"""The reduced problem where noise or a free bias alters its data: B for ρA, and other v and c."""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from symderive import symbols as sy
from symderive.arithmetic.exact import sympify_exact
from symderive.formulas.loss import noisy_features
from symderive.model.network import Network
from symderive.model.noise import NoiseFactors, noise_factors


class Altered(NamedTuple):
    """What noise and a free bias make of the data in the reduced problem, as SymPy expressions.

    Attributes
    ----------
    factors : NoiseFactors
        (ρ_1, ρ_2), exact.
    B : sympy.Expr
        A matrix that stands for ρA; with a free bias it is less x̄x̄ᵀ.
    v : sympy.Expr
        What stands for v; centered with a free bias, where A, v and c are about 0.
    c : sympy.Expr
        What stands for c, likewise.
    """

    factors: NoiseFactors
    B: sp.MatrixExpr
    v: sp.MatrixExpr
    c: sp.Expr

    @property
    def told(self) -> list[tuple[Any, str, Any]]:
        """What B, v and c are, as rows of a display; those that stay what they are need none."""
        new = [(sy.B, "=", self.B), (sy.v, r"\to", self.v), (sy.c, r"\to", self.c)]
        return [row for row in new if row[0] != row[2]]


def altered_problem(network: Network) -> Altered:
    """B, v and c of a network of numeric depth, whose parameters may be symbols.

    >>> altered_problem(Network(1, widths=2, decays=1, target_noise=sy.q, bias=True)).c
    c + q - ybar**2
    """
    factors = NoiseFactors(*map(sympify_exact, noise_factors(network.noises, network.widths)))
    of_features = noisy_features(network, sy.A)
    B = factors.full * of_features
    if factors.diagonal != 0:
        B += factors.diagonal * DiagonalMatrix(of_features)
    v, c = sy.v, sy.c + sympify_exact(network.target_variance)
    if network.bias:
        B, v, c = B - sy.x_mean * sy.x_mean.T, v - sy.y_mean * sy.x_mean, c - sy.y_mean**2
    return Altered(factors, B, v, c)
