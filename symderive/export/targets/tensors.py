"""What the targets of differentiable arrays share: one frame, into which each puts its own search.

Derivatives are by automatic differentiation of two steps of third order from a root that stands still
(:mod:`~symderive.export.solver.sensitivity`), so that they are exact up to the order 3² - 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderive.export.solver.sensitivity import differentiable
from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill
from symderive.export.targets.header import header
from symderive.export.targets.python import python_function, python_marks
from symderive.export.targets.text import Syntax

#: Functions that take arrays and no plain numbers, or take those in single precision.
FOLDED = frozenset(
    ("pow", "sqrt", "exp", "expm1", "log", "log1p", "abs", "min", "max", "mantissa", "exponent")
)

#: Points that are given out where shapes have to be known beforehand, unless a caller asks for others.
SLOTS = 8

NOTES = (
    "stationary_points, global_minimum, points_of_moments, minimum_of_moments, ridge_solution, layers,"
    " prediction_variance, loss, isotropic_points, isotropic_decay and prox are what it offers;"
    " mean_decay and noise_factor make their arguments from the values of the layers.",
    "Derivatives: those of every result by decays, noise, a, p, c, A and v are exact up to the eighth,"
    " those of the ridge by the implicit function theorem, so that they are good to rounding times"
    " 1/|H'|, and those of the loss by the envelope theorem, which needs no such factor in the first."
    " Higher ones would be wrong. At the origin the ridge is infinite and its derivatives are 0; at a"
    " degenerate point (kind 0) those of all but the loss are infinite, and come out as huge numbers.",
)


def tensor_file(
    target: str,
    prefix: str,
    solver: Solver,
    data: Baked | None,
    syntax: Syntax,
    marks: dict[str, str],
    notes: Sequence[str],
) -> str:
    """The source text of a module.

    ``prefix`` is the library's name in the text, ``marks`` are the texts in which targets differ.
    """
    whole = differentiable(solver)
    depth = "a whole number" if solver.depth is None else f"{solver.depth}, for which this file was made"
    differs = "" if solver.depth is None else f" | (depth != {solver.depth})"
    shared = python_marks(solver, data, array="tuple", differs="")
    named = "a, p, c" if data is None else "a=EIGENVALUES, p=SQUARES, c=SECOND_MOMENT"
    return fill(
        "tensors",
        {
            "header": f'"""{header(whole, data, (*notes, *NOTES))}\n"""',
            "language": fill(target, {}),
            "blocks": "\n\n".join(python_function(block, syntax) for block in whole.blocks),
            "xp": prefix,
            "depths": depth,
            "depth_flaw": f"(depth < 0) | (depth != {prefix}.round(depth)){differs}",
            **marks,
            **shared,
            "data_parameters": _typed(named),
            "map_parameters": _typed(named.rpartition(",")[0]) + ("" if data is None else "*, "),
            "depth_default": "" if solver.depth is None else f" = {solver.depth}",
            "depth_check": _depth_check(solver.depth),
        },
    )


def _typed(parameters: str) -> str:
    """Parameters of a function with the type of numbers.

    >>> _typed("a, p=P")
    'a: Numbers, p: Numbers = P, '
    """
    pairs = (parameter.partition("=") for parameter in parameters.split(", "))
    return "".join(f"{name}: Numbers{equals and f' = {value}'}, " for name, equals, value in pairs)


def _depth_check(depth: int | None) -> str:
    """A plain number that names another depth is a slip of the caller, not a flaw of some instances."""
    if depth is None:
        return ""
    raised = f'raise ValueError("this file was made for depth {depth}; export another one.")'
    return f"    if isinstance(depth, (int, float)) and depth != {depth}:\n        {raised}\n"
