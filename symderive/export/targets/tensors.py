"""What the targets of differentiable arrays share: one frame, into which each puts its own search."""

from __future__ import annotations

from collections.abc import Sequence

from symderive.export.solver.sensitivity import differentiable
from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill
from symderive.export.targets.header import header
from symderive.export.targets.python import python_function, python_marks
from symderive.export.targets.text import Syntax

NOTES = (
    "stationary_points, global_minimum, points_of_moments, minimum_of_moments, ridge_solution, layers,"
    " prediction_variance, loss, isotropic_points and isotropic_decay are what it offers; mean_decay and"
    " noise_factor make their arguments from the values of the layers.",
    "Derivatives: first and second ones of every result by decays, noise, a, p, c, A and v are exact, those"
    " of the ridge by the implicit function theorem, so that they are good to rounding times 1/|H'|, and"
    " those of the loss by the envelope theorem, which needs no such factor in the first. Third ones"
    " are not promised. At the origin the ridge is infinite and its derivatives are 0; at a degenerate"
    " point (kind 0) those of all but the loss are infinite, and come out as huge numbers.",
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
    text = header(whole, data, (*notes, *NOTES))
    depth = "a whole number" if solver.depth is None else f"{solver.depth}, for which this file was made"
    differs = "" if solver.depth is None else f" | (depth != {solver.depth})"
    shared = python_marks(solver, data, array="tuple", differs="")
    del shared["depth_check"]
    return fill(
        "tensors",
        {
            "header": f'"""{text}\n"""',
            "language": fill(target, {}),
            "blocks": "\n\n".join(python_function(block, syntax) for block in whole.blocks),
            "xp": prefix,
            "depths": depth,
            "depth_flaw": f"(depth < 0) | (depth != {prefix}.round(depth)){differs}",
            **marks,
            **shared,
        },
    )
