"""The Julia target: structure, names and generated functions here, and all of it where Julia is."""

import math
import re

import numpy as np
import pytest

from symderive import InputError, Moments, Spectrum, prox
from symderive.export import export
from symderive.export.accuracy import ULPS
from symderive.export.check.cases import Case, cases, certify
from symderive.export.check.check import check
from symderive.export.check.runners import _program
from symderive.export.ir.nodes import BOUNDS, OPERATIONS, PROVED
from symderive.export.solver.solver import describe
from symderive.export.targets.frame import fill
from symderive.export.targets.julia import STYLE, SYNTAX, function

DATA = Spectrum.of(["0.5", "1", "3"], ["0.25", "1", "2"], 4)

_KEYWORDS = """
baremodule begin break catch const continue do else elseif end export false finally for function global if
import let local macro module quote return struct true try using while in isa
"""
KEYWORDS = set(_KEYWORDS.split())
HEADS = {"function", "struct", "module", "const", "for", "do", "catch"}
OPENERS = {"module", "function", "struct", "for", "while", "if", "do", "try", "begin", "let"}

# Names of Base that the file may use, all of them in Julia 1.6, and those that its runner uses too.
_BASE = """
Float64 Int Inf NaN Real Integer AbstractVector AbstractMatrix AbstractVecOrMat Matrix LinearAlgebra nothing
ArgumentError DimensionMismatch throw error eps floatmin length size zip enumerate isempty maximum sum abs2
reshape ones zeros push! permutedims map isfinite isinteger ifelse min max abs exp expm1 sqrt log log1p
frexp foreach all DomainError rethrow
"""
BASE = set(_BASE.split())
_MORE = "Main ARGS include abspath println join hcat fill eachindex eachline stdin parse split"
BASE_OF_RUNNER = BASE | set(_MORE.split())

TOKEN = re.compile(
    r'(?P<doc>"""(?:.|\n)*?""")|(?P<text>"(?:[^"\\]|\\.)*")|(?P<comment>\#[^\n]*)'
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<name>:?[A-Za-z_][A-Za-z_0-9]*(?:!(?!=))?)|(?P<sign>\S)"
)


def tokens(source):
    """Names and signs in order; of strings, what is interpolated."""
    for match in TOKEN.finditer(source):
        kind, text = match.lastgroup, match[0]
        if kind in ("doc", "text"):
            for inner in re.findall(r"\$\(([^()]*\([^()]*\)[^()]*)\)|\$(\w+)", text):
                yield from tokens(inner[0] or inner[1])
        elif kind in ("name", "sign"):
            yield kind, text


def check_balance(source):
    """Raise AssertionError unless every bracket and every block is closed, in order."""
    stack = []
    closes = {")": "(", "]": "[", "}": "{"}
    for _, text in tokens(source):
        bracketed = bool(stack) and stack[-1] in "([{"
        if text in "([{" or (text in OPENERS and not bracketed):
            stack.append(text)
        elif text in closes:
            assert stack, f"{text} closes nothing"
            assert stack.pop() == closes[text]
        elif text == "end" and not bracketed:
            assert stack, "an end too many"
            assert stack.pop() in OPENERS
    assert stack == []


def unknown_names(source, base):
    """Names that are used and neither defined anywhere in the file nor in a table."""
    found = list(tokens(source))
    used, defined = set(), set()
    for at, (kind, text) in enumerate(found):
        if kind != "name" or text.startswith(":"):
            continue
        before = found[at - 1][1] if at else ""
        after = [token for _, token in found[at + 1 : at + 3]]
        is_field = before == "." and found[at - 2][0] == "name"
        assigned = after[:1] == ["="] and after[1:] != ["="]
        if before in HEADS or assigned or after == [":", ":"] or after[:1] == ["in"]:
            defined.add(text)
        elif not is_field:
            used.add(text)
    defined |= parameters(found)
    return used - defined - KEYWORDS - base


def parameters(found):
    """Names in heads of functions, do blocks and loops, and in tuples that are assigned to."""
    names = set()
    for at, (kind, text) in enumerate(found):
        opened = kind == "name" and found[at + 1 : at + 2] == [("sign", "(")]
        end = _closing(found, at + 1) if opened else at
        if text == "for":
            end = next(i for i in range(at, len(found)) if found[i][1] == "in")
        if text == "do":  # its names have commas between them
            end = next(i for i in range(at + 1, len(found), 2) if found[i + 1][1] != ",") + 1
        short = opened and [token for _, token in found[end + 1 : end + 3]][:1] == ["="]
        if text in ("do", "for") or short or (opened and found[at - 1][1] == "function"):
            names |= {inner for kind, inner in found[at:end] if kind == "name"}
        if text == "=":
            start = at - 1
            while start > 0 and (found[start][0] == "name" or found[start][1] in ",()"):
                start -= 1
            names |= {inner for kind, inner in found[start + 1 : at] if kind == "name"}
    return names - KEYWORDS


def _closing(found, opening):
    depth = 0
    for at in range(opening, len(found)):
        depth += (found[at][1] in "([{") - (found[at][1] in ")]}")
        if depth == 0:
            return at
    raise AssertionError("a bracket stays open")


SOURCES = {
    "any depth": {},
    **{f"depth {depth}": {"depth": depth} for depth in (0, 1, 2, 50)},
    "data": {"depth": 2, "data": DATA},
}


@pytest.mark.parametrize("options", SOURCES.values(), ids=SOURCES)
def test_blocks_are_closed_and_names_are_known(options):
    source = export("julia", **options)
    check_balance(source)
    assert unknown_names(source, BASE) == set()
    assert "@" not in source.replace("@ref", "")
    assert source.isascii()


def test_the_runner_is_closed_and_its_names_are_known(tmp_path):
    source = _program("julia", tmp_path / "runner.jl").read_text()
    check_balance(source)
    assert unknown_names(source, BASE_OF_RUNNER) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [("\nend\n", "\n"), ("(alpha, weight", "(alpha, (weight"), ("    end\n", "    end\n    end\n")],
)
def test_an_open_block_is_seen(old, new):
    source = export("julia", depth=2)
    assert old in source
    with pytest.raises(AssertionError):
        check_balance(source.replace(old, new, 1))


def test_an_unknown_name_is_seen():
    source = export("julia", depth=2)
    assert unknown_names(source.replace("strongest * shares", "strongst * shares"), BASE) == {"strongst"}
    assert unknown_names(source, BASE - {"expm1"}) == {"expm1"}


def test_no_name_is_a_word_of_the_language():
    for depth in (None, 0, 1, 2):
        for block in describe(depth).blocks:
            named = {STYLE.renamed.get(name, name) for name in block.names.values()}
            assert not named & (KEYWORDS | BASE - {"size", "sum"}), block.name
    assert set(OPERATIONS) - {*PROVED, *BOUNDS.values()} <= set(SYNTAX.rows)


# What Julia and Python write differently in the generated functions, which are straight lines and loops.
TO_PYTHON = {
    "&&": " and ",
    "||": " or ",
    "!": " not ",
    "for i in 1:features": "for i in range(int(features)):",
    "length(": "len(",
    "true": "True",
    "false": "False",
}


def as_python(source):
    lines = []
    for line in source.splitlines():
        if line.strip() == "end" or line.startswith("#"):
            continue
        if line.startswith("function "):
            line = line.replace("function ", "def ") + ":"
        for old, new in TO_PYTHON.items():
            line = line.replace(old, new)
        lines.append(line.lstrip() if line.startswith("def") else line)
    return "\n".join(lines)


def in_python(depth):
    """The generated functions, run as Python on NumPy's doubles, which raise as little as Julia's."""
    names = {
        "ifelse": lambda condition, yes, no: yes if condition else no,
        "exp": np.exp,
        "expm1": np.expm1,
        "_log": np.log,
        "_log1p": np.log1p,
        "_sqrt": np.sqrt,
        "_power": np.power,
        "_mantissa": lambda x: np.frexp(x)[0],
        "_exponent": lambda x: np.float64(np.frexp(x)[1]),
        "LN2": np.log(2.0),
        "zeros": np.zeros,
        "Inf": np.float64(math.inf),
        "EPSILON": np.float64(2.0**-52),
        "TINY": np.float64(2.0**-1022),
    }
    for block in describe(depth).blocks:
        exec(compile(as_python(function(block)), block.name, "exec"), names)  # noqa: S102
    return names


def solve_in_python(run, case):
    a, p = np.array(case.a), np.array(case.p)
    c, decay, rho, depth = map(np.float64, (case.c, case.decay, case.noise_factor, case.depth))
    alpha, weight, scale, strength, level, u, side, stop, done = run["_init"](a, p, decay, rho, depth)
    points = []
    while not done:
        u, side, done, emit, root, kind = run["_step"](alpha, weight, level, stop, depth, u, side)
        if emit:
            x = run["_polish"](alpha, weight, scale, strength, decay, depth, root)
            values = run["_values"](alpha, weight, scale, strength, c, decay, rho, depth, x)
            points.append((int(kind), *values))
    return points


@pytest.mark.parametrize("depth", [None, 2])
def test_generated_functions_meet_certified_values(depth):
    """The text between the frame's lines, read as Python: all that Julia adds is its own arithmetic."""
    run = in_python(depth)
    for case in cases(depth, None):
        if case.group not in ("ordinary", "near-degenerate"):
            continue
        with np.errstate(all="ignore"):
            answers, points = certify(case, None), solve_in_python(run, case)
        if abs(len(points) - len(answers)) == 1 and 0 in [point[0] for point in points]:
            continue  # a close pair or a close miss, which doubles cannot tell
        assert [point[0] for point in points] == [answer.kind for answer in answers], case.name
        for (_, ridge, loss, *_), answer in zip(points, answers, strict=True):
            if answer.kind:
                allowed = ULPS * 2.0**-52 * float(1 + 1 / answer.slope)
                assert abs(ridge / float(answer.values["ridge"]) - 1) <= allowed, case.name
                assert abs(loss - float(answer.values["loss"])) <= ULPS * 2.0**-52 * float(
                    case.c + answer.terms
                )


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_proximal_map_of_the_generated_functions(depth):
    """What the frame's prox does with them, on Python's doubles."""
    run = in_python(depth)
    for x, weight in ((0.5, 0.6), (3.0, 0.6), (40.0, 2.5)):
        magnitude, penalty, layers = map(np.float64, (x, weight, depth))
        with np.errstate(all="ignore"):
            decay = run["_proximal"](magnitude, penalty, layers)
            case = Case("ordinary", "prox", depth, (1.0,), (1.0,), 1.0, decay)
            gaps = [(point[3], point[1]) for point in solve_in_python(run, case) if point[3] < 0]
            ridge = min(gaps)[1] if gaps else np.float64(math.inf)
            found = run["_shrunk"](magnitude, penalty, ridge, layers)
        exact = float(prox(x, weight, depth=depth, digits=20).value)
        assert abs(found - exact) <= ULPS * math.ulp(x)
        assert exact == 0 or abs(1.001 * found - exact) > ULPS * math.ulp(x)


def test_a_frame_without_a_mark_is_refused():
    with pytest.raises(InputError, match="no mark"):
        fill("julia", {"nonsense": ""})


def test_hostile_names_of_data_stay_inside_the_comment():
    hostile = Moments.given([[1]], [1], 1)
    object.__setattr__(hostile, "source", '""" $(run(`x`)) */ \\ @blocks@\n')
    for target in ("julia", "numpy", "c", "mpmath"):
        told = export(target, depth=1, data=hostile)
        assert "Data: ___ _(run(_x_)) __ _ _blocks__, 1 features" in told


@pytest.mark.julia
@pytest.mark.parametrize("options", [{}, {"depth": 2, "data": DATA}], ids=["any depth", "data"])
def test_julia_meets_certified_values(options):
    found = check("julia", **options)
    assert found.failures == ()
