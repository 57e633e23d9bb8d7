"""The JAX target: functions that jit, vmap and differentiate; the march is one loop for many instances."""

from __future__ import annotations

from symderive.export.solver.solver import Solver
from symderive.export.targets.data import Baked
from symderive.export.targets.python import elementwise
from symderive.export.targets.tensors import FOLDED, SLOTS, tensor_file
from symderive.export.targets.text import ANY, ATOM, Row, Syntax, require_complete

NOTES = (
    "Needs JAX only, in double precision: jax.config.update('jax_enable_x64', True). Everything"
    " broadcasts over leading axes and works under jit, vmap, grad, jvp and jacobians of jacobians."
    " Broadcasting is faster than vmap, under which every instance goes on until the last one is done.",
    "XLA computes with 0 in place of numbers below 2^-1022: such inputs are refused, and ridges below"
    " 2^-960 times the least eigenvalue lose a few units in the last place.",
    "Instances are solved a chunk at a time: as many as fit the cache of a CPU, or half of what is free"
    " of a GPU's memory.",
)

#: Bytes of a GPU for each number of an instance, and for an instance itself: more than were measured.
BYTES, MORE_BYTES = 80, 1000

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
            "sum": Row("_sum({})", ATOM, (ANY,)),
            "top": Row("_top({})", ATOM, (ANY,)),
        },
        machine={"epsilon": "EPSILON", "tiny": "TINY", "ln2": "LN2"},
        integer=lambda value: f"{value}.0",
        folded=FOLDED,
    )
)


def write(solver: Solver, data: Baked | None) -> str:
    """The source text of a module."""
    marks = {
        "imports": "import functools\nimport math\nfrom collections.abc import Sequence\n"
        "from typing import NamedTuple, Union\n\nimport jax\nimport jax.numpy as jnp\nfrom jax import lax",
        "library": "JAX",
        "tensor": "jax.Array",
        "slots": f"size, or {SLOTS}, or 2d if that is less",
        "raises": ", and RuntimeError\n    where JAX is set to single precision",
        "more_flaws": '    "an input is below 2^-1022, where XLA computes with 0; scale the data.",\n',
        "subnormal": "        _is_subnormal(a).any(-1) | _is_subnormal(p).any(-1)"
        " | _is_subnormal(c) | _is_subnormal(mean_decay),\n",
        "slot_count": str(SLOTS),
        "bytes": str(BYTES),
        "more_bytes": str(MORE_BYTES),
    }
    return tensor_file("jax", "jnp", solver, data, SYNTAX, marks, NOTES)
