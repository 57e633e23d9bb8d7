"""The solver of the scalar equation, as straight-line blocks that know no language.

All roots λ of φ(λ) = λ^θ ‖m‖² = τ, θ = (D+1)/D, are found by a march along u = ln(λ/s).  ``init``
makes the scaled problem and a first u; ``step`` is applied until ``done`` and now and then emits a root;
``polish`` is a step of Newton's method in x for one root; ``values`` are what is known at a root.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symderive import symbols as sy
from symderive.export.ir.blocks import Block
from symderive.export.ir.convert import to_node
from symderive.export.ir.naming import named
from symderive.export.ir.nodes import (
    Node,
    equal,
    expm1,
    log,
    machine,
    most,
    number,
    select,
    sqrt,
    top,
    total,
)
from symderive.export.ir.split import log_of, log_with_root, split
from symderive.export.solver.arguments import (
    ALPHA,
    DECAY,
    DEPTH,
    EIGENVALUE,
    FAN_IN,
    FAN_OUT,
    LAYER_DECAY,
    MAX_STEPS,
    MEAN,
    NOISE,
    ONE_DECAY,
    SCALE,
    STRENGTH,
    V_NORM,
    WEIGHT,
    A,
    C,
    P,
    X,
    theta_of,
)
from symderive.export.solver.march import step_block
from symderive.export.solver.proximal import after, before, dimensionless
from symderive.export.solver.scaled import (
    LETTERS,
    formula,
    gathered,
    halley_step,
    known_at,
    known_names,
    sample,
    slope_at,
)
from symderive.formulas.isotropic import isotropic
from symderive.formulas.paper_form import paper_form
from symderive.formulas.reduction import reduce
from symderive.model.network import Network

__all__ = [
    "ALPHA",
    "DECAY",
    "DEPTH",
    "MAX_STEPS",
    "NOISE",
    "STRENGTH",
    "WEIGHT",
    "Solver",
    "describe",
]


@dataclass(frozen=True)
class Solver:
    """The blocks of one solver; ``depth`` is None where depth is an argument."""

    depth: int | None
    init: Block
    step: Block
    polish: Block
    values: Block
    layer: Block
    prediction: Block
    isotropic: Block
    proximal: Block
    shrunk: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        search = (self.init, self.step, self.polish, self.values)
        return (*search, self.layer, self.prediction, self.isotropic, self.proximal, self.shrunk)


def describe(depth: int | None = None) -> Solver:
    """The solver for any depth, or for one depth, with exponents that are constants.

    >>> len(describe(3).step.inputs) - len(describe(3).step.arguments)
    1
    """
    D = DEPTH if depth is None else number(depth)
    return Solver(
        depth,
        _init(D),
        step_block(D),
        _polish(D),
        _values(D),
        _layer(),
        _prediction(),
        _isotropic(D),
        before(D),
        after(D),
    )


def _init(D: Node) -> Block:
    layers, theta = most(D, 1), theta_of(D)
    seen = P > 0
    largest, strongest = top(A), top(P)
    smallest = -top(select(seen, -A, -largest))
    share = P / strongest
    shares = total(share)
    alpha, weight = select(seen, A / smallest, 1), share / shares
    # τ/(Σp·s^{θ-2}) = γ̄s/Σp·(γ̄/s)^{1/D}, in which all that cancels cancels exactly.
    unit, decay = split(NOISE) * split(smallest), split(DECAY)
    strength = split(strongest) * split(shares)
    ratio = decay / unit
    level = log_with_root(decay * unit / strength, ratio, layers)

    # ‖m‖² ≤ ‖(ρA)⁺v‖², and ‖m‖² ≤ vᵀ(ρA)⁺v/4λ, bound the roots from below; ‖m‖² ≤ ‖v‖²/λ² does from above.
    term = weight / alpha
    log_first, log_second = log(total(term / 4)), log(total(term / alpha))
    margin = 16 * machine("epsilon") * (1 + layers * (abs(level) + abs(log_first)))
    left = most((level - log_second) / theta, layers * (level - log_first)) - margin
    right = -level * layers / (most(D, 2) - 1) + margin
    # At D = 1, 1/‖λm‖ ≤ 1 + Σwα/x, its tangent at 1/x = 0, in the units of the scaled problem.
    only = log(total(weight * alpha)) + level / 2 - log(-expm1(level / 2)) + margin
    given = log_of(ratio)

    one, none = equal(D, 1), equal(D, 0)
    start = select(none, given, select(one, only, left))
    possible = none | select(one, level < 0, left <= right)
    return Block(
        "init",
        "Scale the problem and bound its roots.",
        (A, P, DECAY, NOISE, DEPTH),
        {
            "alpha": alpha,
            "weight": weight,
            "scale": NOISE * smallest,
            "strength": strongest * shares,
            "level": level,
            "u": start,
            "side": number(-1),
            "end": select(one | none, start, right),
            "done": ~((strongest > 0) & possible),
        },
        {
            largest: "largest",
            smallest: "smallest",
            strongest: "strongest",
            shares: "shares",
            theta: "theta",
        },
        named(locals()),
    )


def _polish(D: Node) -> Block:
    """Halley's method for φ/τ = (λ/γ̄)^θ ‖m‖² = 1, all factors of which are split, however small ‖m‖ is."""
    known, far = known_at(D, X)
    size, decay = split(SCALE), split(DECAY)
    product = split(far * known[sy.lam]) * split(formula(LETTERS.norm_squared, known))
    at = sample(D, log(X), known)
    height = log_with_root(split(STRENGTH) * product / (size * decay), size * split(X) / decay, most(D, 1))
    at = replace(at, height=height)
    newton = halley_step(at)
    # Near the least numbers a correction may be one that some machines take for 0.
    change = expm1(newton)
    mended = select(machine("tiny") / machine("epsilon") > X, X * (1 + change), X + X * change)
    trusted = at.slope * at.slope > 4 * abs(at.height)
    moved = select(equal(D, 0), DECAY / SCALE, select(trusted, mended, X))
    shrinkage = formula(LETTERS.shrinkage, known)
    return Block(
        "polish",
        "Mend the last digits of a root.",
        (ALPHA, WEIGHT, SCALE, STRENGTH, DECAY, DEPTH, X),
        {"next_x": moved},
        {
            far: "far",
            at.height: "height",
            at.slope: "slope",
            at.curvature: "bend",
            shrinkage: "mu",
        },
        {**known_names(known), **named(locals())},
    )


def _values(D: Node) -> Block:
    """What is known at a root, without differences where the formulas allow."""
    known, far = known_at(D, X)
    known |= {sy.D: D}
    norm2 = formula(LETTERS.norm_squared, known)
    unit = STRENGTH / SCALE * far
    lift = to_node(gathered(LETTERS.value - sy.c), known)
    gap = unit * lift
    steepness = slope_at(D, known)
    energy = unit * to_node(gathered(LETTERS.signal), known)
    ridge = select(equal(D, 0), DECAY, SCALE * X)
    return Block(
        "values",
        "Everything that is known at a root.",
        (ALPHA, WEIGHT, SCALE, STRENGTH, C, DECAY, NOISE, DEPTH, X),
        {
            "ridge": ridge,
            "loss": C + gap,
            "gap": gap,
            "norm": sqrt(STRENGTH) / SCALE * (far * sqrt(norm2)),
            "layer_decay": unit * to_node(gathered(LETTERS.layer_decay), known),
            "variance": (NOISE - 1) / NOISE * energy,
            "slope": select(equal(D, 0), 1, abs(steepness)),
            # F - c may vanish by underflow where its sign does not.
            "descent": -far * lift,
        },
        {unit: "unit", far: "far", norm2: "norm2", lift: "lift"},
        {**known_names(known), most(D, 1): "layers", **named(locals())},
    )


def _layer() -> Block:
    """The scale b of W = b r sᵀ from κ, for sides of ``fan_out`` and ``fan_in`` signs."""
    i = 2
    scale = paper_form(Network.symbolic(i)).layer_scale(i)
    known = {sy.kappa: LAYER_DECAY, sy.gamma[i]: ONE_DECAY, sy.d[i]: FAN_OUT, sy.d[i - 1]: FAN_IN}
    return Block(
        "layer_scale",
        "The size of the entries of a layer.",
        (LAYER_DECAY, ONE_DECAY, FAN_IN, FAN_OUT),
        {"scale": to_node(scale, known)},
    )


def _prediction() -> Block:
    known = {sy.rho: NOISE, sy.mean: MEAN}
    return Block(
        "variance_at",
        "Variance of the prediction over the neuron noise, from its mean.",
        (NOISE, MEAN),
        {"variance": to_node(reduce().prediction_variance_at(), known)},
    )


def _isotropic(D: Node) -> Block:
    """q of the isotropic equation ζ = q(1 + ζ)^t, and its values at spinodal and transition."""
    letters = isotropic()
    known = {
        sy.D: most(D, 1),
        sy.rho: NOISE,
        sy.gamma_bar: DECAY,
        sy.a0: EIGENVALUE,
        sy.v_norm: V_NORM,
    }
    signal, layers = NOISE * EIGENVALUE, most(D, 1)
    q, root = dimensionless(DECAY, V_NORM, signal, layers)
    return Block(
        "isotropic",
        "The dimensionless decay of isotropic data, and its two thresholds.",
        (EIGENVALUE, V_NORM, DECAY, NOISE, DEPTH),
        {
            "q": q,
            "spinodal": to_node(letters.spinodal.q, known),
            "transition": to_node(letters.transition.q, known),
        },
        suggested={layers: "layers", layers + 1: "all_layers", signal: "signal", root: "root"},
    )
