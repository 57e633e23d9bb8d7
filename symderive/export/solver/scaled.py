"""The formulas of the reduction in scaled units, in which nothing overflows.

    x = λ/s,   s = ρ min a_i,   α_i = ρa_i/s ≥ 1,   w_i = p_i/Σp   (minimum and sums over p_i > 0),
    H(u) = ln Σ w_i/(α_i + x)² + θu = ℓ = ln τ - ln Σp + (2 - θ) ln s,   u = ln x.

All sums run over t_i = 1/(α_i κ + σ) in [0, 1] with κ = 1/max(x, 1) and σ = min(x, 1), so that
R_k = κᵏ Σ w tᵏ, whatever x is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.export.ir.convert import to_node
from symderive.export.ir.nodes import Node, exp, least, log, machine, most, power, sqrt, total
from symderive.export.solver.arguments import ALPHA, LEVEL, WEIGHT, theta_of
from symderive.formulas.reduction import Reduction, reduce, with_moments

#: Rounding errors of H in units of ε times the sizes of its terms.
ROUNDING = 2

#: The scaled problem is the reduced one without noise: its a_i carry ρ.
LETTERS = replace(reduce(), noise_factor=sp.S.One)

#: ⟨s²⟩, which has no letter in the paper.
_MU2 = sp.Symbol("mu2", positive=True)


class _Averages(Reduction):
    """The same formulas in the letters μ = ⟨s⟩ and ⟨s²⟩."""

    shrinkage = sy.mu
    square_shrinkage = _MU2


_IN_AVERAGES = _Averages(LETTERS.depth, sp.S.One, LETTERS.mean_decay, LETTERS.decay_level)


def known_in_units(D: Node, near: Node, far: Node) -> dict[Any, Node]:
    """What the letters stand for in units of max(x, 1): ``near`` is min(x, 1) and ``far`` min(1/x, 1)."""
    return {
        sy.lam: near,
        sy.D: most(D, 1),
        sy.a[sy.i]: ALPHA * far,
        sy.p[sy.i]: WEIGHT,
    }


def known_at(D: Node, x: Node) -> tuple[dict[Any, Node], Node]:
    """:func:`known_in_units` from x, and κ = 1/max(x, 1)."""
    far = 1 / most(x, 1)
    return known_in_units(D, least(x, 1), far), far


def known_names(known: Mapping[Any, Node]) -> dict[Node, str]:
    """What features and units are called."""
    near, alpha, weight = known[sy.lam], known[sy.a[sy.i]], known[sy.p[sy.i]]
    inverse = 1 / (near + alpha)
    chain = [weight * inverse]
    for _ in range(3):
        chain.append(chain[-1] * inverse)
    _, squares, cubes, fourths = chain
    names = {
        near: "near",
        alpha: "eigenvalue",
        inverse: "inverse",
        **{node: f"weight_inverse_{order}" for order, node in enumerate(chain, 1)},
        total(squares): "squares",
        total(cubes): "cubes",
        total(fourths): "fourths",
        total(squares * alpha): "energy",
        total(cubes * alpha): "shrunk_energy",
        total(squares * near): "penalty",
        known[sy.D]: "layers",
        known[sy.D] + 1: "all_layers",
    }
    return {node: name for node, name in names.items() if node.args}


def formula(expression: Any, known: Mapping[Any, Node]) -> Node:
    """A formula of the reduction, its R[k] written as sums over the features."""
    return to_node(with_moments(expression, LETTERS.spectral_moment), known)


@dataclass(frozen=True)
class Sample:
    """H - ℓ and its derivatives at u, μ, and how much rounding the first may have suffered.

    ``hints`` are readable names for these nodes.
    """

    height: Node
    slope: Node
    curvature: Node
    mu: Node
    noise: Node
    hints: Mapping[Node, str]


def sample(D: Node, u: Node, known: Mapping[Any, Node]) -> Sample:
    """One evaluation at u = ln x; ``known`` from :func:`known_in_units`."""
    # In units of max(x, 1) the factor λ^θ is min(x, 1)^θ max(x, 1)^{θ-2}.
    inner, outer = least(u, 0), (theta_of(D) - 2) * most(u, 0)
    known = {**known, sp.log(sy.lam): inner}
    mean = formula(LETTERS.shrinkage, known)
    square = formula(LETTERS.square_shrinkage, known)
    log_norm = formula(sp.log(LETTERS.norm_squared), known)
    characteristic = formula(LETTERS.log_characteristic, known)
    height = characteristic + outer - LEVEL
    averages = {**known, sy.mu: mean, _MU2: square}
    slope = slope_at(D, known)
    curvature = to_node(_IN_AVERAGES.curvature, averages)
    sizes = 4 + abs(log_norm) + 2 * abs(inner) + abs(outer) + abs(LEVEL)
    noise = ROUNDING * machine("epsilon") * sizes
    hints = {
        mean: "mu",
        _rest(known): "rest",
        square: "mu2",
        log_norm: "log_norm",
        height: "height",
        slope: "slope",
        curvature: "bend",
        inner: "inner",
        outer: "outer",
        sizes: "sizes",
        noise: "noise",
    }
    return Sample(height, slope, curvature, mean, noise, hints)


def slope_at(D: Node, known: Mapping[Any, Node]) -> Node:
    """H′ = (θ - 2) + 2(1 - μ)."""
    return (theta_of(D) - 2) + 2 * _rest(known)


def _rest(known: Mapping[Any, Node]) -> Node:
    """1 - μ, which far beyond the data is too small to be left over from 1."""
    rest = to_node(gathered(sp.expand(sy.R[2] * (1 - LETTERS.shrinkage))), known)
    return rest / formula(LETTERS.norm_squared, known)


def halley_step(at: Sample) -> Node:
    """Halley's step: Newton's, corrected by the second derivative."""
    return -2 * at.height * at.slope / (2 * at.slope * at.slope - at.height * at.curvature)


def root_of(base: Node, degree: Node) -> Node:
    """base^{1/degree} to an ulp however large its logarithm: Newton's method mends the rounded exponent."""
    if base.is_constant and base.value == 1:
        return base
    if degree.is_constant and degree.value in (1, 2):
        return base if degree.value == 1 else sqrt(base)
    guess = exp(log(base) / degree)
    return guess + guess * (base * power(guess, -degree) - 1) / degree


def gathered(expression: Any) -> Any:
    """A formula in the R[k] as one sum over the features with a factored term.

    F - c becomes Σ p((D-1)λ - ρa)/(ρa + λ)², in which nothing cancels but what has to.
    """
    term = with_moments(expression, lambda k: LETTERS.spectral_moment(k).function)
    numerator, denominator = sp.fraction(sp.factor(term))
    return sp.Sum(
        sp.collect(sp.expand(numerator / sy.p[sy.i]), sy.lam) * sy.p[sy.i] / denominator, (sy.i, 1, sy.n)
    )
