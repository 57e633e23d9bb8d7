"""The certified NumPy target: the same arrays of instances, every result with a radius that is proved."""

from __future__ import annotations

from dataclasses import replace

from symderive.export.solver.certified.logarithm import COEFFICIENTS, HIGH, LOW
from symderive.export.solver.certified.solver import MAX_LOOKS, MAX_REPAIRS, CertifiedSolver
from symderive.export.solver.solver import Solver
from symderive.export.targets.data import ROUNDED, Baked
from symderive.export.targets.frame import fill, text_of
from symderive.export.targets.header import header
from symderive.export.targets.numpy import SYNTAX as PLAIN
from symderive.export.targets.python import python_function, python_marks
from symderive.export.targets.text import call, require_complete

NOTES = (
    "Everything takes and gives float64 arrays, broadcasts over leading axes and needs NumPy only."
    " stationary_points, global_minimum, ridge_solution, layers, prediction_variance, loss,"
    " isotropic_points and isotropic_decay are what it offers; mean_decay and noise_factor make their"
    " arguments from the values of the layers.",
)

SYNTAX = require_complete(replace(PLAIN, rows={**PLAIN.rows, "ln": call("_ln"), "unit": call("_unit")}))


def write(solver: Solver, certified: CertifiedSolver, data: Baked | None) -> str:
    """The source text of a module."""
    text = header(solver, data, NOTES)
    blocks = (*certified.blocks, solver.layer, solver.prediction, solver.isotropic)
    names = [name for name in certified.finish.outputs if name not in ("proved", "settled", "next_x")]
    first, *inner, top = (repr(value) for value in COEFFICIENTS)
    marks = {
        "common": text_of("numpy_common").rstrip(),
        "more_parameters": ", ulps=@ulps_default@",
        "more_arguments": ", ulps=ulps",
        "ulps_default": "0.0" if data is None else f"{ROUNDED}.0",
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
            solver, data, array="np.array", differs="((depth != {depth}) & ~np.isnan(depth)).any()"
        ),
    }
    del marks["max_steps"]
    return fill("numpy_certified", marks)
