"""The NumPy target: arrays of instances side by side, features along the first axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.export.targets.data import Baked
from symderive.export.targets.frame import fill, text_of
from symderive.export.targets.header import header
from symderive.export.targets.python import elementwise, python_function, python_marks
from symderive.export.targets.text import ANY, ATOM, Row, Syntax, require_complete

if TYPE_CHECKING:
    from symderive.export.solver.solver import Solver

NOTES = (
    "Everything takes and gives float64 arrays, broadcasts over leading axes and needs NumPy only."
    " stationary_points, global_minimum, ridge_solution, layers, prediction_variance, loss,"
    " isotropic_points, isotropic_decay and prox are what it offers; mean_decay and noise_factor make their"
    " arguments from the values of the layers.",
)

_FUNCTIONS = {
    "sqrt": "sqrt",
    "exp": "exp",
    "expm1": "expm1",
    "log": "log",
    "log1p": "log1p",
    "pow": "power",
    "abs": "absolute",
    "min": "minimum",
    "max": "maximum",
    "select": "where",
    "choose": "where",
}

SYNTAX = require_complete(
    Syntax(
        rows={
            **elementwise("np.", _FUNCTIONS),
            "mantissa": Row("np.frexp({})[0]", ATOM, (ANY,)),
            "exponent": Row("np.frexp({})[1]", ATOM, (ANY,)),
            "sum": Row("np.add.reduce({}, 0)", ATOM, (ANY,)),
            "top": Row("np.maximum.reduce({}, 0)", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY", "ln2": "LN2"},
        integer=lambda value: f"{value}.0",
    )
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    text = header(solver, data, NOTES)
    marks = {
        "common": text_of("numpy_common").rstrip(),
        "depth_raises": "" if solver.depth is None else f", and for a depth that is not {solver.depth}",
        **dict.fromkeys(
            (
                "more_parameters",
                "more_arguments",
                "isotropic_parameters",
                "isotropic_arguments",
                "isotropic_note",
            ),
            "",
        ),
        "header": f'"""{text}\n"""',
        "isotropic_square": "(v_norm * abs(v_norm))",
        "blocks": "\n\n".join(python_function(block, SYNTAX) for block in solver.blocks),
        "value_count": str(len(solver.values.outputs)),
        "value_names": repr(tuple(solver.values.outputs)),
        **python_marks(
            solver,
            data,
            array="np.array",
            differs="((depth != {depth}) & ~np.isnan(depth)).any()",
            annotations=("ArrayLike", "ArrayLike"),
        ),
    }
    return fill("numpy", marks)
