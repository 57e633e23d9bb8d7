"""Constants in exported files: what needs no input is the nearest double, at every fixed depth."""

import ast

import pytest
from oracles.sampled import THOROUGH

from symderive import InputError
from symderive.export import export
from symderive.export.ir.closed import is_closed, nearest_double
from symderive.export.ir.nodes import apply, exponent, log, machine, mantissa, number, sqrt, symbol

#: Depths for which files are made.
FIXED = (*range(13), 50, 1000) if THOROUGH else (0, 1, 2, 5, 1000)

#: Functions of arrays that blocks are written with.
BLOCK_FUNCTIONS = {
    "torch": {f"torch.{name}" for name in ("sqrt", "exp", "expm1", "log", "log1p", "abs", "pow")}
    | {"_least", "_most", "_mantissa", "_exponent"},
    "jax": {
        f"jnp.{name}"
        for name in ("sqrt", "exp", "expm1", "log", "log1p", "abs", "minimum", "maximum", "frexp")
    }
    | {"_power"},
}


@pytest.mark.parametrize("target", ["torch", "jax"])
def test_no_function_is_called_on_numbers_alone(target):
    """Functions of array libraries refuse those: what has no input is written as its nearest double."""
    for depth in FIXED:
        for call in ast.walk(ast.parse(export(target, depth=depth))):
            if (
                isinstance(call, ast.Call)
                and call.args
                and ast.unparse(call.func) in BLOCK_FUNCTIONS[target]
            ):
                names = {x.id for arg in call.args for x in ast.walk(arg) if isinstance(x, ast.Name)}
                assert names - {"EPSILON", "TINY", "LN2", "torch", "jnp"}, ast.unparse(call)


def test_closed_expressions_are_the_nearest_doubles():
    third = number(1) / 3
    for node, value in (
        (apply("pow", third, third), 0.6933612743506347),
        (sqrt(number(2)), 2**0.5),
        (exponent(number(6)), 3.0),
        (mantissa(number(6)), 0.75),
        (log(machine("tiny")) + machine("ln2"), -707.7032713517042),
    ):
        assert is_closed(node)
        assert nearest_double(node) == value
    assert not is_closed(sqrt(symbol("x")))
    for wrong in (sqrt(number(-1)), log(number(0)), apply("pow", number(2), number(2000))):
        with pytest.raises(InputError, match="no value that doubles hold"):
            nearest_double(wrong)
