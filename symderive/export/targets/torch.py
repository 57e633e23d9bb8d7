"""The PyTorch target: batched tensors, differentiable by autograd and by torch.func."""

from __future__ import annotations

from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.python import elementwise
from symderive.export.targets.tensors import tensor_file
from symderive.export.targets.text import ANY, ATOM, Row, Syntax, require_complete

NOTES = (
    "Needs PyTorch only, takes tensors and numbers and gives float64 tensors on the device of the first"
    " tensor given. Everything broadcasts over leading axes and works under autograd and torch.func (grad,"
    " jvp, vmap, jacrev, hessian).",
)

_FUNCTIONS = {
    **{name: f"torch.{name}" for name in ("sqrt", "exp", "expm1", "log", "log1p", "abs", "pow")},
    "min": "_least",
    "max": "_most",
    "select": "_select",
    "choose": "torch.where",
    "mantissa": "_mantissa",
    "exponent": "_exponent",
}

SYNTAX = require_complete(
    Syntax(
        rows={
            **elementwise("", _FUNCTIONS),
            "sum": Row("torch.sum({}, 0)", ATOM, (ANY,)),
            "top": Row("torch.amax({}, 0)", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY", "ln2": "LN2"},
        integer=lambda value: f"{value}.0",
    )
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    marks = {
        "imports": "import math\n\nimport torch",
        "tensor": "torch.Tensor",
        "slots": "size, or the largest number of points found",
        "refusal": "values that no problem has raise ValueError.",
    }
    return tensor_file("torch", "torch", solver, data, SYNTAX, marks, NOTES)
