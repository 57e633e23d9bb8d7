"""The certified search by itself: the code of the exported file, made without SymPy."""

import ast
import subprocess
import sys

import pytest

from symderive.export import export
from symderive.export.ir.convert import to_node
from symderive.export.ir.nodes import most, number
from symderive.export.solver.arguments import DEPTH, theta_of
from symderive.export.solver.certified.solver import describe_certified
from symderive.export.solver.scaled import LETTERS
from symderive.export.targets.numpy_certified import write_search
from symderive.symbols import D


def _definitions(source):
    return {
        node.name: ast.unparse(node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def test_every_definition_is_that_of_the_exported_file():
    alone = _definitions(write_search(describe_certified()))
    whole = _definitions(export("numpy", certified=True))
    assert {"stationary_points", "_step", "_finish", "_ln"} < set(alone) < set(whole)
    assert alone == {name: whole[name] for name in alone}


@pytest.mark.parametrize("depth", [DEPTH, number(0), number(1), number(7)])
def test_theta_is_what_the_formulas_say(depth):
    assert theta_of(depth) is to_node(LETTERS.exponent, {D: most(depth, 1)})
    assert theta_of(depth) is not theta_of(depth + 2)


def test_the_search_runs_without_sympy():
    program = (
        "import sys; sys.modules['sympy'] = None\n"
        "from symderive.export.live import certified_search\n"
        "found = certified_search().stationary_points([1], [1], 1, mean_decay=0.25, depth=2)\n"
        "assert (found.count, found.status) == (2, 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
