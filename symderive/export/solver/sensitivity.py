"""How a stationary point varies with its problem, as straight-line blocks that know no language.

A root of φ(λ) = τ is found without derivatives.  One step of Halley's method from it, with decays and data
that vary while the root stands still, follows the root up to errors of third order, and a second one, from
where the first has led, up to errors of ninth order; differentiated automatically, they give derivatives
that are exact up to the eighth, which is the implicit function theorem.
The loss varies as the dual G(λ) = c - R_1 + Dτλ^{-1/D} does, whose derivative by λ is 0 at a root, so that
its gradient is not divided by H′: the envelope theorem.

All blocks speak of the resolvent moments R_k = vᵀ(ρA + λ)⁻ᵏv and of the energy ρmᵀAm, with λ and ρA in
one ``unit`` and vvᵀ in another, ``strength``, so that nothing overflows.  The moments come from the
spectrum, or from solves with A, whose eigenvectors then need not vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.export.ir.blocks import Block
from symderive.export.ir.convert import to_node
from symderive.export.ir.naming import named
from symderive.export.ir.nodes import Node, equal, exp, most, number, power, select, sqrt, symbol
from symderive.export.solver.arguments import ALPHA, DECAY, DEPTH, NOISE, STRENGTH, WEIGHT, theta_of
from symderive.export.solver.scaled import known_names
from symderive.export.solver.solver import Solver
from symderive.formulas.reduction import reduce

#: What stands for 1/H′ at a double root, where |H′| is at most of the size of √ε.
STEEP = 2**26

RIDGE, KIND, HEIGHT, ENERGY, UNIT = map(symbol, ("ridge", "kind", "height", "energy", "unit"))
RATIO, GROWTH, KAPPA, BRANCH = map(symbol, ("ratio", "growth", "layer_decay", "branch"))
SHRUNK = symbol("shrunk_energy")
R = {k: symbol(f"r{k}") for k in (1, 2, 3, 4)}

_LETTERS = reduce()


@dataclass(frozen=True)
class Differentiable(Solver):
    """A solver with the blocks that carry derivatives.

    ``moments`` are those of a spectrum.  ``height`` is ln(φ/τ), of which only changes count.  ``follow``
    goes from a root to where a change of height moves it, and ``branch`` is 0 with a huge derivative at a
    double root (kind 0), where that of the ridge is infinite and ``next_ridge`` stands still.  ``state``
    is what is known at a root.  ``dual`` is G - c by how much ridge and mean decay have grown.
    """

    moments: Block
    height: Block
    follow: Block
    state: Block
    dual: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*super().blocks, self.moments, self.height, self.follow, self.state, self.dual)


def differentiable(solver: Solver) -> Differentiable:
    """The solver with derivatives.

    >>> from symderive.export.solver.solver import describe
    >>> [block.name for block in differentiable(describe()).blocks[-5:]]
    ['moments', 'height', 'follow', 'state', 'dual']
    """
    D = DEPTH if solver.depth is None else number(solver.depth)
    return Differentiable(
        **vars(solver),
        moments=_moments(),
        height=_height(D),
        follow=_follow(D),
        state=_state(D),
        dual=_dual(D),
    )


def _known(D: Node) -> dict[Any, Node]:
    return {**{sy.R[k]: node for k, node in R.items()}, sy.lam: RIDGE, sy.D: most(D, 1)}


def _of_depth(D: Node) -> dict[Node, str]:
    """What the numbers made of the depth are called."""
    layers = most(D, 1)
    return named({"layers": layers, "all_layers": layers + 1, "theta": theta_of(D)})


def _moments() -> Block:
    known = {sy.lam: RIDGE, sy.rho: number(1), sy.a[sy.i]: ALPHA, sy.p[sy.i]: WEIGHT}
    squares = _LETTERS.spectral_moment(2)
    energy = sp.Sum(sy.a[sy.i] * squares.function, *squares.limits)
    cubes = _LETTERS.spectral_moment(3)
    shrunk = sp.Sum(sy.a[sy.i] * cubes.function, *cubes.limits)
    outputs = {f"r{k}": to_node(_LETTERS.spectral_moment(k).subs(sy.rho, 1), known) for k in R}
    return Block(
        "moments",
        "The resolvent moments R_1, ..., R_4, rho m'Am and rho m'A(rho A + lambda)^-1 m from the spectrum.",
        (ALPHA, WEIGHT, RIDGE),
        {
            **outputs,
            "energy": to_node(energy.subs(sy.rho, 1), known),
            "shrunk_energy": to_node(shrunk.subs(sy.rho, 1), known),
        },
        suggested=known_names({**known, sy.D: DEPTH}),
    )


def _height(D: Node) -> Block:
    # At depth 0, where the ridge is the decay and may be 0, nobody needs it; ‖m‖² > 0 keeps it finite.
    given = equal(D, 0)
    known = {**_known(D), sy.lam: select(given, R[2], RIDGE), sy.gamma_bar: select(given, R[2], DECAY)}
    height = _LETTERS.log_characteristic - _LETTERS.exponent * sp.log(sy.gamma_bar)
    return Block(
        "height",
        "ln(phi/tau), up to a constant.",
        (RIDGE, DECAY, DEPTH, R[2]),
        {"height": to_node(height, known)},
        suggested={**_of_depth(D), given: "without_layers"},
    )


def _follow(D: Node) -> Block:
    known, double, simple = _known(D), equal(KIND, 0), equal(KIND * KIND, 1)
    slope = select(simple, to_node(_LETTERS.slope, known), 1)
    bend = to_node(_LETTERS.curvature, known)
    halley = -2 * HEIGHT * slope / (2 * slope * slope - HEIGHT * bend)
    moved = RIDGE * exp(select(simple, halley, 0))
    return Block(
        "follow",
        "The root that was at ridge before the height changed.",
        (RIDGE, DECAY, DEPTH, KIND, R[2], R[3], R[4], HEIGHT),
        {
            "next_ridge": select(equal(D, 0), DECAY, moved),
            "branch": select(double, STEEP * HEIGHT, 0),
        },
        {slope: "slope", bend: "bend"},
        {
            **_of_depth(D),
            **named({"halley": halley, "moved": moved, "double": double, "is_simple": simple}),
        },
    )


def _state(D: Node) -> Block:
    # c - R_1 + Dκ with R_1 = mᵀ(ρA + λ)m put in, so that nothing cancels but what has to.
    total = sp.Symbol("energy")
    gap = sp.expand((_LETTERS.value - sy.c).subs(sy.R[1], total + _LETTERS.layer_decay))
    gap = sp.collect(gap, _LETTERS.layer_decay)
    known = {**_known(D), sy.D: D, total: ENERGY}
    size, direction = STRENGTH / UNIT, 1 + BRANCH
    slope = (theta_of(D) - 2) + 2 * (SHRUNK / R[2])
    return Block(
        "state",
        "Everything that is known at a root, from the resolvent moments.",
        (RIDGE, R[2], ENERGY, SHRUNK, UNIT, STRENGTH, NOISE, DEPTH, BRANCH),
        {
            "next_ridge": UNIT * RIDGE * direction,
            "gap": size * to_node(gap, known),
            "norm": sqrt(STRENGTH) / UNIT * sqrt(R[2]) * direction,
            "layer_decay": size * to_node(_LETTERS.layer_decay, known) * direction,
            "variance": (NOISE - 1) / NOISE * (size * ENERGY) * direction,
            "slope": select(equal(D, 0), 1, abs(slope)) * direction,
        },
        {size: "size"},
        {**_of_depth(D), direction: "direction", slope: "signed_slope"},
    )


def _dual(D: Node) -> Block:
    # In units of the root, τ = κ there, and it grows as γ̄^θ.
    theta = to_node(_LETTERS.exponent, _known(D))
    known = {**_known(D), sy.D: D, sy.lam: RATIO, sy.tau: KAPPA * power(GROWTH, theta)}
    dual = (_LETTERS.dual - sy.c).subs(sy.lam ** (1 - _LETTERS.exponent), sy.lam ** (-1 / sy.D))
    known[sy.lam ** (-1 / sy.D)] = power(RATIO, -1 / most(D, 1))
    return Block(
        "dual",
        "G - c, with the ridge and the mean decay in units of what they are at the root.",
        (RATIO, GROWTH, KAPPA, R[1], DEPTH),
        {"dual": to_node(dual, known)},
        suggested=_of_depth(D),
    )
