"""The NumPy target: arrays of instances side by side, features along the first axis."""

from __future__ import annotations

from typing import Any

from symderive.export.frame import fill
from symderive.export.python import elementwise, python_function
from symderive.export.solver import Solver
from symderive.export.text import ANY, ATOM, Row, Syntax, require_complete

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
            "sum": Row("np.add.reduce({}, 0)", ATOM, (ANY,)),
            "top": Row("np.maximum.reduce({}, 0)", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY"},
        integer=lambda value: f"{value}.0",
    )
)


def functions(solver: Solver) -> str:
    """The blocks as Python functions."""
    return "\n\n".join(python_function(block, SYNTAX) for block in solver.blocks)


def write(solver: Solver, data: Any = None) -> str:  # noqa: ARG001
    """The source text of a module."""
    marks = {
        "header": '"""..."""',
        "max_steps": "1000",
        "data": "",
        "data_parameters": "a, p, c, ",
        "depth_default": "",
        "depth_check": "",
        "value_count": str(len(solver.values.outputs)),
        "value_names": repr(tuple(solver.values.outputs)),
    }
    return fill("numpy", marks) + "\n\n" + functions(solver)
