"""Nodes, blocks and text: sharing undone, brackets, tables without gaps, the same bytes every time."""

import ast
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from oracles.sampled import some

from symderive import InputError
from symderive import symbols as sy
from symderive.export import TARGETS, export
from symderive.export.ir.blocks import Block
from symderive.export.ir.convert import to_node, to_sympy
from symderive.export.ir.nodes import (
    BOUNDS,
    OPERATIONS,
    PROVED,
    VECTOR,
    apply,
    machine,
    number,
    select,
    symbol,
    total,
)
from symderive.export.solver import arguments, solver
from symderive.export.targets import frame, header
from symderive.export.targets import mpmath as mpmath_target
from symderive.export.targets import numpy as numpy_target
from symderive.export.targets.c import single_syntax
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.text import Syntax, require_complete
from symderive.formulas.isotropic import isotropic
from symderive.formulas.reduction import reduce, with_moments
from symderive.library.load import ORDER

ROOT = Path(__file__).parents[2]
X, Y, Z = map(symbol, "xyz")
LIMITS = (sy.i, 1, sy.n)
LETTERS = reduce()


# -- sharing undone ------------------------------------------------------------------------------------

SMALLEST, TOTAL = sp.symbols("smallest total", positive=True)
#: The scaled problem in the letters of the reduction, for x ≤ 1, where the unit max(x, 1) is 1.
UNSCALED = {
    arguments.ALPHA: sy.a[sy.i] / SMALLEST,
    arguments.WEIGHT: sy.p[sy.i] / TOTAL,
    arguments.SCALE: sy.rho * SMALLEST,
    arguments.STRENGTH: TOTAL,
    arguments.X: sy.lam / (sy.rho * SMALLEST),
    arguments.DECAY: sy.gamma_bar,
    arguments.NOISE: sy.rho,
    arguments.DEPTH: sy.D,
    arguments.C: sy.c,
}


def undone(block, node):
    """The expression of a node in the letters of the reduction."""
    near, far = (apply("min", arguments.X, 1), 1 / apply("max", arguments.X, 1))
    known = {**UNSCALED, near: UNSCALED[arguments.X], far: sp.S.One, apply("max", arguments.DEPTH, 1): sy.D}
    assert node in block.nodes
    return to_sympy(node, known, LIMITS)


def vanishes(expression):
    """Whether an expression in sums over the features is 0 as a rational function of one summand each."""
    merged = expression.replace(sp.Sum, lambda term, _: sp.factor(term))
    return sp.cancel(sp.together(merged)) == 0


def spectral(expression):
    return with_moments(expression, LETTERS.spectral_moment)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gap", LETTERS.value - sy.c),
        ("loss", LETTERS.value),
        ("layer_decay", LETTERS.layer_decay),
        ("variance", LETTERS.prediction_variance),
    ],
)
def test_values_are_those_of_the_reduction(name, expected):
    block = solver.describe().values
    found = undone(block, block.outputs[name]).subs(sp.Eq(sy.D, 0), False)
    assert vanishes(found - spectral(expected))
    assert not vanishes(found - 2 * spectral(expected))


def test_norm_is_that_of_the_reduction():
    block = solver.describe().values
    found = undone(block, block.outputs["norm"]) ** 2
    assert vanishes(found - spectral(LETTERS.norm_squared))


@pytest.mark.parametrize(("hint", "name"), [("mu", "shrinkage"), ("slope", "slope"), ("bend", "curvature")])
def test_derivatives_are_those_of_the_reduction(hint, name):
    """In one variable for each of R_2, R_3, R_4, since they are not linear in the sums."""
    block = solver.describe().polish
    node = next(node for node, given in block.hints.items() if given == hint)
    sums = {}
    for order in (2, 3, 4):
        term = arguments.WEIGHT
        reciprocal = 1 / (1 / apply("max", arguments.X, 1) * arguments.ALPHA + apply("min", arguments.X, 1))
        other = 1 / (apply("min", arguments.X, 1) + arguments.ALPHA * (1 / apply("max", arguments.X, 1)))
        for one in (reciprocal, other):
            chain = term
            for _ in range(order):
                chain = chain * one
            sums[total(chain)] = sy.R[order]
            if order == 3:  # Σ p a/(a + λ)³ = R_2 - λR_3, in either order of the factors
                for a in (
                    1 / apply("max", arguments.X, 1) * arguments.ALPHA,
                    arguments.ALPHA * (1 / apply("max", arguments.X, 1)),
                ):
                    sums[total(chain * a)] = sy.R[2] - sy.lam * sy.R[3]
    known = {
        **sums,
        apply("min", arguments.X, 1): sy.lam,
        apply("max", arguments.DEPTH, 1): sy.D,
    }
    found = to_sympy(node, known, LIMITS)
    assert sp.cancel(found - getattr(LETTERS, name)) == 0
    assert sp.cancel(found - getattr(LETTERS, name).subs(sy.lam, 2 * sy.lam)) != 0


class _Apart:
    """Known values, in which every factor that is split was so many powers of two below."""

    def __init__(self, known, turns):
        self.known, self.turns, self.factors = known, turns, {}

    def __contains__(self, node):
        return node in self.known or node.op in ("mantissa", "exponent") or node.op == "machine"

    def __getitem__(self, node):
        if node in self.known:
            return self.known[node]
        if node.op == "machine":
            assert node.value == "ln2"
            return sp.log(2)
        (factor,) = node.args
        turns = self.turns[self.factors.setdefault(factor, len(self.factors)) % len(self.turns)]
        if node.op == "exponent":
            return turns
        return to_sympy(factor, self, LIMITS) / sp.S(2) ** turns


def _one_log(expression):
    return sp.logcombine(sp.expand_log(expression.replace(sp.Sum, lambda t, _: t), force=True), force=True)


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("turns", some([[0], [3], [5, -7, 11]], 3, 2, ci=1))
def test_polish_solves_the_equation_of_the_reduction(depth, turns):
    """The height is ln φ/τ with τ = γ̄^θ, however the factors were taken apart."""
    block = solver.describe(depth).polish
    height = next(node for node, given in block.hints.items() if given == "height")
    near, far = apply("min", arguments.X, 1), 1 / apply("max", arguments.X, 1)
    known = {**UNSCALED, near: UNSCALED[arguments.X], far: sp.S.One}
    found = to_sympy(height, _Apart(known, turns), LIMITS)
    ratio = LETTERS.characteristic / sy.gamma_bar**LETTERS.exponent
    expected = spectral(sp.log(ratio)).subs(sy.D, depth)
    assert sp.simplify(_one_log(found - expected)) == 0
    assert sp.simplify(_one_log(found - 2 * expected)) != 0


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("turns", [[0], [5, -7, 11]])
def test_level_is_the_threshold_in_units(depth, turns):
    """ℓ = ln τ - ln Σp + (2 - θ) ln s, whatever its factors are split into."""
    block = solver.describe(depth).init
    letters = s, P, w = sp.symbols("s P w", positive=True)
    given = {hint: node for node, hint in block.hints.items()}
    known = dict(zip(map(given.get, ("smallest", "strongest", "shares")), letters, strict=True))
    known |= {arguments.DECAY: sy.gamma_bar, arguments.NOISE: sy.rho}
    found = to_sympy(block.outputs["level"], _Apart(known, turns))
    theta = 1 + sp.Rational(1, depth)
    expected = theta * sp.log(sy.gamma_bar) - sp.log(P * w) + (2 - theta) * sp.log(sy.rho * s)
    assert sp.simplify(_one_log(found - expected)) == 0
    assert sp.simplify(_one_log(found - expected - sp.log(2))) != 0


def test_isotropic_block_is_the_closed_form():
    block, letters = solver.describe().isotropic, isotropic()
    known = {
        arguments.EIGENVALUE: sy.a0,
        arguments.V_NORM: sy.v_norm,
        arguments.DECAY: sy.gamma_bar,
        arguments.NOISE: sy.rho,
        apply("max", arguments.DEPTH, 1): sy.D,
    }
    for name, expected in (
        ("q", letters.q),
        ("spinodal", letters.spinodal.q),
        ("transition", letters.transition.q),
    ):
        found = sp.simplify(to_sympy(block.outputs[name], known) / expected)
        assert sp.simplify(sp.expand_log(sp.log(found), force=True)) == 0
        assert sp.simplify(sp.expand_log(sp.log(2 * found), force=True)) != 0


def test_sums_are_shared():
    """R_2, R_3, R_4 and R_2 - λR_3 cost one division and six products a feature."""
    counts = solver.describe(3).step.counts
    assert counts["divisions per feature"] == 1
    assert counts["multiplications per feature"] == 6


# -- nodes ---------------------------------------------------------------------------------------------


def test_equal_nodes_are_one():
    assert X * Y + 1 is X * Y + 1
    assert X * Y is not Y * X
    assert number(True) is not number(1)


def test_constants_fold_exactly_and_nothing_else_does():
    assert (number(1) / 3 + Fraction(1, 6)).value == Fraction(1, 2)
    assert X * 1 is X
    assert select(number(2) < 3, X, Y) is X
    assert (X * 0).op == "mul"  # NaN times 0 is NaN
    assert (X - X).op == "sub"
    assert (number(1) / 0).op == "div"


@pytest.mark.parametrize(
    "make",
    [
        lambda: apply("gamma", X),
        lambda: apply("sum", X),
        lambda: apply("and", X, Y),
        lambda: apply("add", X, X < Y),
        lambda: machine("pi"),
        lambda: to_node(sp.gamma(sy.lam), {sy.lam: X}),
        lambda: to_node(sy.tau, {sy.lam: X}),
        lambda: to_sympy(apply("expm1", apply("max", X, Y)), {X: sy.lam, Y: sy.tau}),
        lambda: Block("b", "", (X,), {"z": X + Y}),
        lambda: Block("b", "", (X, Y), {"x": X + Y}),
        lambda: Syntax({}, {}, str).write(X + Y, {X: "x", Y: "y"}),
        lambda: require_complete(replace(numpy_target.SYNTAX, rows={})),
        lambda: frame.fill("numpy", {"nothing": ""}),
        lambda: export("fortran"),
        lambda: export("numpy", depth=-1),
        lambda: export("numpy", depth=True),
    ],
)
def test_what_has_no_rule_raises(make):
    with pytest.raises(InputError):
        make()


def test_a_node_has_no_truth_value():
    with pytest.raises(TypeError):
        bool(X < Y)


@pytest.mark.parametrize("target", [numpy_target, mpmath_target])
def test_tables_are_complete(target):
    assert set(target.SYNTAX.rows) == set(OPERATIONS) - {*PROVED, *BOUNDS.values()}
    assert require_complete(target.SYNTAX) is target.SYNTAX


# -- text ----------------------------------------------------------------------------------------------

_OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}


def read_back(tree):
    """The node of Python text with the four operations, as Python groups it."""
    match tree:
        case ast.BinOp(left, op, right):
            return apply(_OPERATORS[type(op)], read_back(left), read_back(right))
        case ast.UnaryOp(ast.USub(), operand):
            return -read_back(operand)
        case ast.Name(name):
            return symbol(name)
        case ast.Constant(value):
            return number(int(value))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (X - (Y - Z), "x - (y - z)"),
        (X - Y - Z, "x - y - z"),
        (X + (Y + Z), "x + (y + z)"),
        (X / (Y * Z), "x / (y * z)"),
        (X / Y * Z, "x / y * z"),
        (X * (Y / Z), "x * (y / z)"),
        ((X + Y) * Z, "(x + y) * z"),
        (-(X + Y) * Z, "-(x + y) * z"),
        (X - -Y, "x - -y"),
        (2 - X / 3, "2.0 - x / 3.0"),
    ],
)
def test_brackets_keep_the_order_of_rounding(node, text):
    written = numpy_target.SYNTAX.write(node, {X: "x", Y: "y", Z: "z"})
    assert written == text
    assert read_back(ast.parse(written, mode="eval").body) is node


def test_fractions_stand_for_themselves():
    third = number(Fraction(-1, 3))
    assert numpy_target.SYNTAX.write(third * X, {X: "x"}) == "-1.0 / 3.0 * x"
    assert numpy_target.SYNTAX.write(X / third, {X: "x"}) == "x / (-1.0 / 3.0)"
    assert mpmath_target.SYNTAX.write(third * X, {X: "x"}) == "_quotient(-1, 3) * x"
    assert single_syntax(Dialect()).write(1 - X * third, {X: "x"}) == "1.0 - x * (-1.0 / 3.0)"


def test_long_formulas_are_cut_and_shared_ones_named():
    x = symbol("v", VECTOR)
    shared = X * Y + 1
    block = Block("b", "", (X, Y, x), {"one": shared * shared, "two": total(x * shared)})
    lets = {let.name: let.node for let in block.lets}
    assert shared in lets.values()
    assert lets["one"] is shared * shared
    assert [len(stage.reductions) for stage in block.stages] == [1, 0]
    assert block.counts["multiplications per feature"] == 1


def test_definitions_are_named_after_what_they_are():
    """By their hints, by what is suggested, by their operation, or, where that is long, by a noun."""
    long = symbol("quite_a_long_name_that_fills_it")
    block = Block(
        "b",
        "",
        (X, Y, long),
        {
            "one": (X + Y) * (X + Y) + X * Y * (X * Y),
            "two": (X - long) * (X - long) + (Y - long) * (Y - long),
        },
        {X + Y: "both"},
        {X * Y: "both"},
    )
    assert [let.name for let in block.lets] == [
        "both",
        "both_2",
        "one",
        "difference",
        "difference_2",
        "two",
    ]
    plain = Block("b", "", (X, Y), {"one": (X + Y) * (X + Y), "two": X / 2 * (X / 2)})
    assert [let.name for let in plain.lets] == ["x_plus_y", "one", "x_over_2", "two"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("depth", some([None, 0, 1, 3], 2, ci=1))
def test_nothing_that_is_written_is_numbered_only(target, depth):
    assert re.findall(r"\bt\d+\b", export(target, depth=depth)) == []


def test_names_are_no_words_of_a_language():
    import builtins
    import keyword

    c_words = {
        "double",
        "float",
        "int",
        "long",
        "short",
        "register",
        "restrict",
        "const",
        "static",
        "inline",
    }
    words = {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *c_words,
        "np",
        "mp",
        "torch",
        "jnp",
        "lax",
    }
    words |= {"i", "k", "EPSILON", "TINY", "LN2"}  # of the loops and frames
    for depth in (None, 0, 1, 2, 3):
        for block in solver.describe(depth).blocks:
            assert not words & set(block.names.values()), block.name
            assert len(set(block.names.values())) == len(block.names), block.name


def test_specialized_blocks_need_fewer_arguments():
    assert arguments.DEPTH in solver.describe().step.arguments
    assert arguments.DEPTH not in solver.describe(3).step.arguments
    assert arguments.DEPTH in solver.describe().polish.arguments
    assert arguments.DEPTH not in solver.describe(2).polish.arguments


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.ci
def test_text_is_the_same_on_every_run():
    program = (
        "import hashlib; from symderive.export import TARGETS, export;"
        "text = ''.join(export(t, depth=d) for t in sorted(TARGETS) for d in (None, 2));"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("target", TARGETS)
def test_files_say_what_they_are(target):
    text = export(target, depth=3)
    citation = (ROOT / "CITATION.cff").read_text()
    for piece in ("Exact Solutions of a Deep Linear Network", "2202.04777"):
        assert piece in citation
        assert piece in " ".join(text.replace(" * ", " ").split())
    assert "depth 3." in " ".join(text.splitlines()[:2])
    assert text.isascii() or target != "c"  # compilers differ in what else they read


@pytest.mark.parametrize("target", ["c", "mpmath", "numpy"])
def test_lines_are_short(target):
    assert max(map(len, export(target).splitlines())) <= 120


def test_statements_are_derivations():
    assert set(header.STATEMENTS) <= set(ORDER)
