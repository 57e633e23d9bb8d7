"""The reader as a second opinion: round trips, texts to be refused, planted errors to be caught."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import sympy as sp
from oracles.latex_corpus import E, F, H, S, T, X, columns, matrices, s, scalars, w
from oracles.latex_specification import REPAIRED, SPECIFICATION
from oracles.sampled import THOROUGH, fewer
from sympy.matrices.expressions.matexpr import MatrixElement

from symderive.errors import InputError
from symderive.latex import read_latex, typeset
from symderive.latex.compare import difference, rebuild
from symderive.latex.cursor import TOKEN
from symderive.symbols import D, a, i, j, lam, n, rho, u

#: A thorough run takes as many random expressions as this times more.
TIMES = 10 if THOROUGH else 1
#: Share of planted errors that must be caught.
CAUGHT = 0.95


def back(expression: Any) -> Any:
    shown = typeset(expression)
    return read_latex(shown.tex, shown.names)


@pytest.mark.parametrize("expression", [row[0] for row in (*SPECIFICATION, *REPAIRED)])
def test_the_specification_reads_back(expression: Any) -> None:
    assert difference(expression, back(expression)) is None


@pytest.mark.parametrize(
    ("make", "count", "share"), [(scalars, fewer(150, 600), 0.8), (matrices, fewer(60, 250), 0.5)]
)
def test_random_expressions_read_back(make: Callable[[int, int], Any], count: int, share: float) -> None:
    """All of them, and at least a ``share`` by structure alone."""
    by_structure = 0
    for expression in make(count * TIMES, 20220204):
        read = back(expression)
        assert difference(expression, read) is None, typeset(expression).tex
        by_structure += read == expression
    assert by_structure >= share * count * TIMES


# What must be read in one way only ----------------------------------------------------------------

x, y = sp.symbols("x y")
f = sp.Function("f")
NAMES: dict[str, Any] = {
    "x": x,
    "y": y,
    "f(": f,
    "a_{": a,
    "i": i,
    "j": j,
    "S": S,
    "T": T,
    "w": w,
    "I": sp.Identity(columns),
}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("x y^{2}", x * y**2),
        ("-x^{2}", -(x**2)),
        (r"2 \cdot 3^{x}", 2 * 3**x),
        ("x/y", x / y),
        ("x^{2/3}", x ** sp.Rational(2, 3)),
        ("2 x/(x + y)", 2 * x / (x + y)),
        (r"\frac{1}{2} x y", x * y / 2),
        (r"\sum_{i=1}^{j} a_{i} x + y", sp.Sum(a[i] * x, (i, 1, j)) + y),
        (r"\sum_{i=1}^{j} (a_{i} + y)", sp.Sum(a[i] + y, (i, 1, j))),
        (
            r"x \prod_{i=1}^{j} a_{i} \sum_{i=1}^{j} x",
            x * sp.Product(a[i] * sp.Sum(x, (i, 1, j)), (i, 1, j)),
        ),
        ("x!", sp.factorial(x)),
        ("x f(y)", x * f(y)),
        ("f'(x)", f(x).diff(x)),
        ("f(x)^{2}", f(x) ** 2),
        (r"\lvert x\rvert \lvert y\rvert", sp.Abs(x) * sp.Abs(y)),
        (r"\mathrm{e}^{x} y", sp.exp(x) * y),
        (r"\frac{\partial^{2}}{\partial x \partial y} (x y)", sp.Derivative(x * y, x, y)),
        (r"\lim_{x \to 0^{-}} \frac{f(x)}{x}", sp.Limit(f(x) / x, x, 0, "-")),
        (r"\lim_{x \to 0} f(x)", sp.Limit(f(x), x, 0, "+-")),
        (r"S^{-1} T", sp.Inverse(S) * T),
        (r"S T^{\top}", S * T.T),
        (r"(S T)^{\top}", (S * T).T),
        (r"x w^{\top} S w", x * MatrixElement(w.T * S * w, 0, 0)),
        ("x = y", sp.Eq(x, y, evaluate=False)),
        (r"x \ge y", sp.Ge(x, y)),
        ("x.", x),
        (
            r"\begin{equation} \begin{split} x &= y \\ & {} + 1 \end{split} \label{eq:a} \end{equation}",
            sp.Eq(x, y + 1),
        ),
        (r"\biggl( x \\ &\qquad {} + y \biggr) \\ & {} \cdot x", (x + y) * x),
        (
            r"\begin{cases} \begin{aligned} & x \\ & {} + y \end{aligned} & \text{if } x < y \\"
            r" 0 & \text{otherwise} \end{cases}",
            sp.Piecewise((x + y, x < y), (0, True)),
        ),
    ],
)
def test_meaning(text: str, meaning: Any) -> None:
    assert rebuild(read_latex(text, NAMES)) == rebuild(meaning)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x +",
        "x - - y",
        "x + - y",
        "(x",
        "x)",
        "z",
        "x^{2}^{3}",
        "x_{2}",
        "x/y x",
        "x/y/x",
        "x = y = x",
        "x < y + (x = y)",
        r"\ln(x)^{2}",
        r"\ln^{2}(x)",
        r"\operatorname{tr}(S)^{2}",
        r"\ln x",
        r"\operatorname{tr}(x)",
        r"\sum_{i=1} a_{i}",
        r"\sum_{i=1}^{j} -a_{i}",
        r"\frac{x}",
        r"\frac{}{x}",
        r"\sqrt[3]{x}",
        "a_{}",
        "S + x",
        "S w S",
        "w^{3} x y_{1}",
        r"S^{\top\top}",
        r"x^{\top}",
        r"\frac{\partial^{3}}{\partial x \partial y} (x y)",
        r"\begin{cases} x & \text{if } y \end{cases}",
        r"\begin{pmatrix} x & y \\ x \end{pmatrix}",
        r"\begin{cases} x & \text{otherwise}",
        r"x \begin{cases} x & \text{otherwise} \end{cases}",
        r"\begin{cases} x & \text{otherwise} \end{cases} + x",
        r"\input{x}",
        r"f''",
        "x, y",
        "x!^{2}",
        r"x \text{ and } y",
        "(" * 400 + "x" + ")" * 400,
        r"\frac{" * 400 + "x",
        r"\sum_{i=1}^{j} " * 2000 + "x",
        "9^{9^{9^{9}}}",
        "(9^{9999})^{9999}",
        "1000000!",
        r"\binom{1000000000}{500000000}",
        r"\Gamma(1000000)",
        "x^{y",
        r"\label{",
        "'",
    ],
)
def test_text_outside_the_language_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_latex(text, NAMES)


def test_garbled_text_is_read_or_refused_and_nothing_else() -> None:
    source = random.Random(5)
    shown = [typeset(found) for found in (*scalars(60, 1), *matrices(30, 1))]
    for _ in range(600 * TIMES):
        row = source.choice(shown)
        tokens, others = TOKEN.findall(row.tex), TOKEN.findall(source.choice(shown).tex)
        for _ in range(source.randint(1, 3)):
            at, start = source.randrange(len(tokens) + 1), source.randrange(len(others))
            tokens[at : at + source.randint(0, 2)] = others[start : start + source.randint(0, 3)]
        with suppress(InputError):
            read_latex(" ".join(tokens), row.names)


def test_the_longest_name_wins() -> None:
    alpha, family = sp.Symbol("alpha"), sp.IndexedBase("g")
    names = {"g_{u}": alpha, "g_{": family, "u": u, "g": x}
    assert read_latex("g_{u}", names) == alpha
    assert read_latex("g_{u + 1} g", names) == family[u + 1] * x


# What must count as different ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (x + y, x - y),
        (a[i], a[j]),
        (sp.Sum(a[i], (i, 1, D)), sp.Sum(a[i], (i, 1, n))),
        (sp.Sum(a[i], (i, 1, D)), sp.Sum(a[i], (i, 0, D))),
        (S * T, T * S),
        (S.T, S),
        (sp.Inverse(S), S),
        (sp.Trace(S * T), sp.Trace(S.T * T)),
        (sp.DiagonalMatrix(S * T), S * T),
        (sp.HadamardProduct(S, T), S * T),
        (sp.Eq(x, y, evaluate=False), sp.Eq(y, x, evaluate=False)),
        (x < y, x <= y),
        (sp.Ge(x, y), sp.Le(x, y)),
        (F(s), E(s)),
        (H(u).diff(u), H(u).diff(u, 2)),
        (sp.Symbol("x", positive=True), sp.Symbol("x")),
        (sp.Limit(F(s), s, 0), sp.Limit(F(s), s, 0, "-")),
        (sp.Integral(F(s), (s, 0, 1)), sp.Integral(F(s), (s, 0, 2))),
        (sp.Piecewise((x, s < 1), (y, True)), sp.Piecewise((x, s < 1), (y + 1, True))),
        (sp.Piecewise((x, s < 1), (y, True)), sp.Piecewise((x, s <= 1), (y, True))),
        (
            sp.Piecewise((1, s < 1), (x, s < 2), (y, True)),
            sp.Piecewise((1, s < 1), (x + 1, s < 2), (y, True)),
        ),
        (s, s + sp.Rational(1, 10**20)),
        (X, X.T * X),
        (x, S),
        (sp.besselj(0, x), sp.besselj(1, x)),
    ],
)
def test_near_misses_differ(one: Any, other: Any) -> None:
    assert difference(one, one) is None
    assert difference(one, other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((x + y) ** 2, x**2 + 2 * x * y + y**2),
        (sp.Add(y, x, evaluate=False), x + y),
        (sp.Mul(2, x + y, evaluate=False), 2 * x + 2 * y),
        ((S * T).T, T.T * S.T),
        (rho * MatrixElement(w.T * S * w, 0, 0), sp.MatMul(rho, w.T, S, w)),
        (
            lam * (sp.Piecewise((x, s < 1), (y, True)) + 1),
            sp.Piecewise((lam * x + lam, s < 1), (lam * y + lam, True)),
        ),
    ],
)
def test_equal_things_are_equal(one: Any, other: Any) -> None:
    assert difference(one, other) is None


# Planted errors -----------------------------------------------------------------------------------


def _pairs(tokens: list[str], left: str, right: str) -> list[tuple[int, int]]:
    stack, found = [], []
    for at, token in enumerate(tokens):
        if token == left:
            stack.append(at)
        elif token == right and stack:
            found.append((stack.pop(), at))
    return found


def _replaced(tokens: list[str], changes: dict[int, str]) -> str:
    return " ".join(changes.get(at, token) for at, token in enumerate(tokens))


def mutants(text: str, names: Any, source: random.Random) -> list[tuple[str, str]]:
    """Plausible slips: a bracket pair lost, a sign, a digit, an index, a fraction turned, a script lost."""
    tokens = [token for token in TOKEN.findall(text) if token not in (r"\left", r"\right", r"\!")]
    found: list[tuple[str, str]] = []

    def plant(kind: str, changes: dict[int, str]) -> None:
        found.append((kind, _replaced(tokens, changes)))

    for start, stop in _pairs(tokens, "(", ")"):
        plant("bracket", {start: "", stop: ""})
    braces = dict(_pairs(tokens, "{", "}"))
    letters = [at for at, token in enumerate(tokens) if token in names and token not in ("i", "j")]
    for at, token in enumerate(tokens):
        if token in "+-" and at and tokens[at - 1] not in ("(", "{", "&"):
            plant("sign", {at: "-" if token == "+" else "+"})
        elif token.isdigit():
            plant("digit", {at: str(int(token) + 1)})
        elif token in ("i", "j") and tokens[at - 1] in ("{", ","):
            plant("index", {at: "j" if token == "i" else "i"})
        elif token == r"\frac" and tokens[at + 2] not in (r"\mathrm", r"\partial"):
            middle = braces[at + 1]
            above, below = tokens[at + 2 : middle], tokens[middle + 2 : braces[middle + 1]]
            if above != below:
                after = braces[middle + 1] + 1
                turned = [r"\frac", "{", *below, "}", "{", *above, "}"]
                found.append(("fraction", " ".join([*tokens[:at], *turned, *tokens[after:]])))
        elif token == "^" and tokens[at - 1] not in (r"\mathrm",) and at + 1 in braces:
            plant("script", dict.fromkeys(range(at, braces[at + 1] + 1), ""))
        elif token in ("<", r"\ge", r"\le"):
            plant("relation", {at: r"\ne"})
    if len(letters) > 1:
        one, other = source.sample(letters, 2)
        if tokens[one] != tokens[other]:
            plant("letter", {one: tokens[other]})
    return found


#: Expressions that errors are planted in.
PLANTED = fewer(45, 180) * TIMES


def test_planted_errors_are_caught() -> None:
    source = random.Random(7)
    missed: list[tuple[str, str, str]] = []
    planted = 0
    for expression in (*scalars(PLANTED * 2 // 3, 3), *matrices(PLANTED // 3, 4)):
        shown = typeset(expression)
        slips = mutants(shown.tex, {**shown.names, "i": i, "j": j}, source)
        for kind, text in source.sample(slips, min(4, len(slips))):
            planted += 1
            try:
                same = difference(expression, read_latex(text, {**shown.names, "i": i, "j": j})) is None
            except InputError:
                same = False
            if same:
                missed.append((kind, shown.tex, text))
    assert planted >= 8 / 3 * PLANTED
    assert len(missed) <= (1 - CAUGHT) * planted, missed
