"""The proximal map of ω|z|^{2/(D+1)} as blocks around the solver, which solves its equation.

prox(x) = x/(1 + ζ), where ζ is the ridge of the global minimum for a = p = c = 1 and the mean decay q.
"""

from __future__ import annotations

from symderive import symbols as sy
from symderive.export.ir.blocks import Block
from symderive.export.ir.convert import to_node
from symderive.export.ir.naming import named
from symderive.export.ir.nodes import Node, equal, least, machine, most, number, select, symbol
from symderive.export.solver.arguments import DEPTH
from symderive.export.solver.scaled import root_of
from symderive.formulas.proximal import penalty_weight, proximal

MAGNITUDE, PENALTY, RIDGE = map(symbol, ("magnitude", "penalty", "ridge"))

#: A q beyond all transitions, which are at most 1.
MOST = 2


def dimensionless(decay: Node, norm: Node, signal: Node, layers: Node) -> tuple[Node, Node]:
    """q = γ̄(ρa)^{(D-1)/(D+1)}‖v‖^{-2D/(D+1)}, D ≥ 1, and the (D+1)-th root in it.

    Its powers would be of rounded exponents.  Signal and norm are paired so that they meet as geometric
    means, which are in range.
    """
    root = root_of(norm, layers + 1) / root_of(signal, layers + 1)
    return (decay / norm * (signal * root)) * (root / norm), root


def before(D: Node) -> Block:
    """The decay at which the solver finds ζ, within what it takes: any |x| ≥ 0 and ω ≥ 0."""
    known = {penalty_weight: PENALTY, sy.D: D}
    decay, layers = to_node(proximal().problem.mean_decay, known), most(D, 1)
    # There q ≥ γ̄/|x| is too large already, if not beyond all numbers, which derivatives would not survive.
    lost = (MAGNITUDE < 1) & (decay >= MOST * MAGNITUDE)
    size = select(lost, 1, MAGNITUDE)
    q, root = dimensionless(decay, size, number(1), layers)
    scaled = select(lost, MOST, most(least(q, MOST), machine("tiny")))
    return Block(
        "proximal",
        "The mean decay whose ridge the proximal map takes.",
        (MAGNITUDE, PENALTY, DEPTH),
        {"mean_decay": select(equal(D, 0), decay, scaled)},
        suggested={layers: "layers", layers + 1: "all_layers", **named(locals())},
    )


def after(D: Node) -> Block:
    """|prox(x)| from the ridge, infinite where it is 0; at depth 1 it is a difference, which is exact."""
    soft = most(MAGNITUDE - PENALTY, 0)
    return Block(
        "shrunk",
        "The size of the proximal map.",
        (MAGNITUDE, PENALTY, RIDGE, DEPTH),
        {"size": select(equal(D, 1), soft, MAGNITUDE / (1 + RIDGE))},
        suggested={soft: "soft"},
    )
