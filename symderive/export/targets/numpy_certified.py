"""The certified NumPy target: the same arrays of instances, every result with a radius that is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from symderive.export.ir.blocks import Block
from symderive.export.solver.certified.logarithm import COEFFICIENTS, HIGH, LOW
from symderive.export.solver.certified.solver import MAX_LOOKS, MAX_REPAIRS, CertifiedSolver
from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill, text_of
from symderive.export.targets.header import header
from symderive.export.targets.numpy import SYNTAX as PLAIN
from symderive.export.targets.python import python_function, python_marks
from symderive.export.targets.text import call, require_complete, whole

if TYPE_CHECKING:
    from symderive.export.solver.solver import Solver

NOTES = (
    "Everything takes and gives float64 arrays, broadcasts over leading axes and needs NumPy only."
    " stationary_points, global_minimum, ridge_solution, layers, prediction_variance, loss,"
    " isotropic_points and isotropic_decay are what it offers; mean_decay and noise_factor make their"
    " arguments from the values of the layers.",
)

SYNTAX = require_complete(
    replace(PLAIN, rows={**PLAIN.rows, "ln": call("_ln"), "unit": call("_unit")}, integer=whole)
)


def write(solver: Solver, certified: CertifiedSolver, data: Baked | None) -> str:
    """The source text of a module."""
    blocks = (*certified.blocks, solver.layer, solver.prediction, solver.isotropic)
    marks = _marks(certified, data, header(solver, data, NOTES, certified=blocks), blocks)
    return fill("numpy_certified", {"common": text_of("numpy_common").rstrip()} | marks)


def write_search(certified: CertifiedSolver) -> str:
    """The same module for any data without what is not the search; that takes no formula of SymPy's."""
    held = text_of("numpy_certified")
    marks = _marks(certified, None, "The certified search of the exported file, alone.", certified.blocks)
    return fill("numpy_certified", {"common": ""} | {n: x for n, x in marks.items() if f"@{n}@" in held})


def _marks(
    certified: CertifiedSolver, data: Baked | None, text: str, blocks: Sequence[Block]
) -> dict[str, str]:
    """What the frames hold beside the functions around the search; ``text`` says what the module is."""
    known = 0 if data is None else data.ulps
    names = [name for name in certified.finish.outputs if name not in ("proved", "settled", "next_x")]
    first, *inner, top = (repr(value) for value in COEFFICIENTS)
    marks = {
        "more_parameters": f",\n    ulps: ArrayLike = {known}.0",
        "ulps_note": ""
        if data is None
        else f"\n        The data of the file are known to {known}, the default.",
        "more_arguments": ", ulps=ulps",
        "isotropic_parameters": ",\n    ulps: ArrayLike = 0.0",
        "isotropic_note": "; radii count the rounding of the square",
        # A square has twice the error, and is rounded.  One that underflows must not pass for 0: a number
        # that is refused takes its place.
        "isotropic_square": (
            "np.where(_is_given(v_norm) & (abs(v_norm) < 1.5e-154), np.copysign(5e-324, v_norm),"
            " v_norm * abs(v_norm))"
        ),
        "isotropic_arguments": "\n        ulps=2 * np.asarray(ulps, np.float64) + 2,",
        "header": f'"""{text}\n"""',
        "blocks": "\n\n".join(python_function(block, SYNTAX) for block in blocks),
        "value_count": str(len(names)),
        "value_names": repr(tuple(names)),
        "max_looks": str(MAX_LOOKS),
        "max_repairs": str(MAX_REPAIRS),
        "high": repr(HIGH),
        "low": repr(LOW),
        "first_coefficient": first,
        "coefficients": f"({', '.join(reversed(inner))})",
        "top_coefficient": top,
        **python_marks(
            certified,
            data,
            array="np.array",
            differs="((depth != {depth}) & ~np.isnan(depth)).any()",
            annotations=("ArrayLike", "ArrayLike"),
        ),
    }
    del marks["max_steps"]
    return marks
