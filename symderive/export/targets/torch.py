"""The PyTorch target: batched tensors, differentiable by autograd and by torch.func."""

from __future__ import annotations

from hashlib import sha256

from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.python import elementwise
from symderive.export.targets.tensors import FOLDED, SLOTS, tensor_file
from symderive.export.targets.text import ANY, ATOM, Row, Syntax, require_complete

NOTES = (
    "Needs PyTorch 2.5 or later only, takes tensors and numbers and gives float64 tensors on the device"
    " of the tensors given, which has to be one and to know double precision. Everything broadcasts over"
    " leading axes and works under autograd and torch.func (grad, jvp, vmap, jacrev, hessian), and under"
    " torch.compile as a whole (fullgraph=True), where stationary_points has to know how many points to"
    f" give out ({SLOTS} unless size is another): the search is one operator of the graph, and what"
    " follows it is compiled.",
    "Instances are solved a chunk at a time: as many as fit the cache of a CPU, or half of what is free"
    " of a GPU's memory.",
)

#: Bytes of a GPU for each number of an instance, and for an instance itself: more than were measured.
BYTES, MORE_BYTES = 240, 800

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
        folded=FOLDED,
    )
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    marks = {
        "imports": "import math\nfrom collections.abc import Sequence\n"
        "from typing import NamedTuple, Union\n\nimport torch",
        "library": "PyTorch",
        "tensor": "torch.Tensor",
        "slots": "size, or the largest number of points found",
        "raises": ", and for tensors on\n    several devices",
        "more_flaws": "",
        "subnormal": "",
        "slot_count": str(SLOTS),
        "bytes": str(BYTES),
        "more_bytes": str(MORE_BYTES),
    }
    text = tensor_file("torch", "torch", solver, data, SYNTAX, marks, NOTES)
    return text.replace("@digest@", sha256(text.encode()).hexdigest()[:16])
