"""The JAX target: functions that jit, vmap and differentiate; the march is one loop for many instances."""

from __future__ import annotations

from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.python import elementwise
from symderive.export.targets.tensors import tensor_file
from symderive.export.targets.text import ANY, ATOM, Row, Syntax, require_complete

NOTES = (
    "Needs JAX only, in double precision: jax.config.update('jax_enable_x64', True). Everything broadcasts"
    " over leading axes and works under jit, vmap, grad, jvp and jacobians of jacobians.",
)

#: Points that are given out unless a caller asks for another number.
SLOTS = 8

_FUNCTIONS = {
    **{name: f"jnp.{name}" for name in ("sqrt", "exp", "expm1", "log", "log1p", "abs")},
    "pow": "_power",
    "min": "jnp.minimum",
    "max": "jnp.maximum",
    "select": "jnp.where",
    "choose": "jnp.where",
}

SYNTAX = require_complete(
    Syntax(
        rows={
            **elementwise("", _FUNCTIONS),
            "mantissa": Row("jnp.frexp({})[0]", ATOM, (ANY,)),
            "exponent": Row("jnp.frexp({})[1]", ATOM, (ANY,)),
            "sum": Row("jnp.sum({}, 0)", ATOM, (ANY,)),
            "top": Row("jnp.max({}, 0)", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY", "ln2": "LN2"},
        integer=lambda value: f"{value}.0",
    )
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    marks = {
        "imports": "import math\n\nimport jax\nimport jax.numpy as jnp\nfrom jax import lax",
        "tensor": "jax.Array",
        "slots": f"size, or {SLOTS}, or 2d if that is less",
        "refusal": "values that no problem has do so\n    under jit and raise ValueError outside.",
        "slot_count": str(SLOTS),
    }
    return tensor_file("jax", "jnp", solver, data, SYNTAX, marks, NOTES)
