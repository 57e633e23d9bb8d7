"""What is printed: a table that reads like a specification, SymPy's defects as near-misses, names."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
import sympy as sp
from sympy import Rational as Q
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.stats import Expectation, Normal, Variance

from symderive.errors import InputError
from symderive.latex import PaperPrinter, to_latex, typeset
from symderive.latex.names import check_spelling, spell, table_spelling
from symderive.symbols import (
    TABLE,
    A,
    D,
    a,
    c,
    d,
    gamma,
    gamma_bar,
    i,
    j,
    k,
    lam,
    m_norm,
    m_quad,
    n,
    p,
    q,
    rho,
    sigma,
    tau,
    theta,
    u,
    v,
    y,
    zeta,
)

s = sp.Symbol("s", positive=True)
F, H, E = sp.Function("F"), sp.Function("H"), sp.Function("E")
norm, frobenius = sp.Function("norm"), sp.Function("norm_F")
X = sp.MatrixSymbol("X", n, d[0])
S = sp.MatrixSymbol("S", d[1], d[1])
W = sp.MatrixSymbol("W_1", d[1], d[0])
W2 = sp.IndexedBase("W_2")
Z = Normal("Z", 0, 1)

SPECIFICATION: list[tuple[Any, str]] = [
    # Sums: args order, a positive term first, whole numbers after whole symbols
    (s - lam / u, r"s - \frac{\lambda}{u}"),
    (-s - lam, r"-\lambda - s"),
    (D + 1, r"D + 1"),
    (1 + zeta, r"1 + \zeta"),
    (1 - rho, r"1 - \rho"),
    (tau - Q(1, 2), r"\tau - \frac{1}{2}"),
    (sp.Add(rho * a[i], lam, evaluate=False), r"\rho a_{i} + \lambda"),
    # Products and quotients
    (2 * lam * s, r"2 \lambda s"),
    (-lam * s, r"-\lambda s"),
    (lam / 2, r"\frac{\lambda}{2}"),
    (lam * (a[1] + a[2]) / 2, r"\frac{\lambda}{2} (a_{1} + a_{2})"),
    ((D + 1) * gamma_bar * s, r"(D + 1) \bar{\gamma} s"),
    (Q(2, 3), r"\frac{2}{3}"),
    (s / (lam + rho * a[i]), r"\frac{s}{\lambda + \rho a_{i}}"),
    ((lam + s) / (lam - s), r"\frac{\lambda + s}{\lambda - s}"),
    ((lam + s) * (lam - s) / tau, r"\frac{(\lambda + s) (\lambda - s)}{\tau}"),
    (1 / (1 + 1 / (1 + 1 / s)), r"\frac{1}{1 + \frac{1}{1 + \frac{1}{s}}}"),
    (2 * 3**n, r"2 \cdot 3^{n}"),
    (sp.Mul(-1, lam + s, evaluate=False), r"-(\lambda + s)"),
    (sp.Mul(2, 3, evaluate=False), r"2 \cdot 3"),
    # Powers, roots and exponentials
    (s**-2, r"\frac{1}{s^{2}}"),
    (lam**2, r"\lambda^{2}"),
    ((lam + s) ** 2, r"(\lambda + s)^{2}"),
    ((lam * s) ** u, r"(\lambda s)^{u}"),
    (a[i] ** 2, r"a_{i}^{2}"),
    (gamma[i] ** n, r"\gamma_{i}^{n}"),
    (lam ** ((D + 1) / D), r"\lambda^{(D + 1)/D}"),
    (tau * lam ** (-1 / D), r"\frac{\tau}{\lambda^{1/D}}"),
    (s ** Q(2, 3), r"s^{2/3}"),
    (sp.sqrt(lam) / 2, r"\frac{\sqrt{\lambda}}{2}"),
    (1 / sp.sqrt(lam), r"\frac{1}{\sqrt{\lambda}}"),
    (s ** Q(-3, 2), r"\frac{1}{s^{3/2}}"),
    (sp.exp(-u), r"\mathrm{e}^{-u}"),
    (sp.exp(-((u + lam) ** 2) / (2 * theta)), r"\exp\!\left( -\frac{(u + \lambda)^{2}}{2 \theta} \right)"),
    (sp.exp((u + lam) / tau), r"\exp\!\left( \frac{u + \lambda}{\tau} \right)"),
    (2 ** (n + 1), r"2^{n + 1}"),
    ((s**u) ** theta, r"s^{u \theta}"),
    # Sums and products over an index
    (sp.Sum(a[i], (i, 1, n)), r"\sum_{i=1}^{n} a_{i}"),
    (sp.Sum(a[i], (i, 1, n)) / 2, r"\frac{1}{2} \sum_{i=1}^{n} a_{i}"),
    (sp.Sum(a[i] + 1, (i, 1, n)), r"\sum_{i=1}^{n} (1 + a_{i})"),
    (sp.Sum(-a[i], (i, 1, n)), r"\sum_{i=1}^{n} (-a_{i})"),
    (sp.Sum(a[i], (i, 1, n)) * lam, r"\lambda \sum_{i=1}^{n} a_{i}"),
    (sp.Sum(a[i], (i, 1, n)) ** 2, r"\left( \sum_{i=1}^{n} a_{i} \right)^{2}"),
    (
        sp.Sum(a[i], (i, 1, n)) * sp.Sum(p[j], (j, 1, n)),
        r"\left( \sum_{i=1}^{n} a_{i} \right) \sum_{j=1}^{n} p_{j}",
    ),
    (sp.Sum(a[i] * p[j], (i, 1, j), (j, 1, n)), r"\sum_{j=1}^{n} \sum_{i=1}^{j} a_{i} p_{j}"),
    (
        sp.Product(1 + sigma[i] ** 2 / d[i], (i, 1, D)),
        r"\prod_{i=1}^{D} \left( 1 + \frac{\sigma_{i}^{2}}{d_{i}} \right)",
    ),
    (sp.Product(-a[i], (i, 1, n)), r"\prod_{i=1}^{n} (-a_{i})"),
    (
        sp.Sum(p[i] / (rho * a[i] + lam) ** 2, (i, 1, d[0])),
        r"\sum_{i=1}^{d_{0}} \frac{p_{i}}{(\lambda + \rho a_{i})^{2}}",
    ),
    # Indices
    (a[i], r"a_{i}"),
    (a[n + 1], r"a_{n + 1}"),
    (W2[i, j], r"W_{2,i,j}"),
    (sp.IndexedBase("M_1")[i, j], r"M_{1,i,j}"),
    (sp.IndexedBase("b")[sp.Idx("l", n)], r"b_{l}"),
    (sp.KroneckerDelta(i, j), r"\delta_{i,j}"),
    # Functions
    (F(s), r"F(s)"),
    (F(s) ** 2, r"F(s)^{2}"),
    (F(s, lam / 2), r"F\!\left( s, \frac{\lambda}{2} \right)"),
    (sp.log(s) ** 2, r"(\log(s))^{2}"),
    (sp.log(1 + lam / s), r"\log\!\left( 1 + \frac{\lambda}{s} \right)"),
    (sp.gamma(s + 1), r"\Gamma(1 + s)"),
    (sp.factorial(n - 1), r"(n - 1)!"),
    (sp.factorial(n) ** 2, r"(n!)^{2}"),
    (sp.binomial(n, k), r"\binom{n}{k}"),
    (sp.binomial(2 * k, k) ** 2, r"\binom{2 k}{k}^{2}"),
    (s**k * sp.binomial(2 * k, k) / (k + 1), r"\binom{2 k}{k} \frac{s^{k}}{k + 1}"),
    (s**k * sp.binomial(2 * n * k / (n + 1), k), r"\binom{2 k n/(n + 1)}{k} s^{k}"),
    (sp.Max(s, lam), r"\max(\lambda, s)"),
    (sp.Abs(s - u), r"\lvert s - u\rvert"),
    (sp.Abs(u / 2), r"\frac{1}{2} \lvert u\rvert"),
    (norm(v), r"\lVert v\rVert"),
    (frobenius(W) ** 2, r"\lVert W_{1}\rVert_{F}^{2}"),
    (m_norm**2, r"\lVert m\rVert^{2}"),
    (m_quad**2, r"(m^{\top} A m)^{2}"),
    (rho * m_quad, r"\rho m^{\top} A m"),
    (E((F(s) - y) ** 2), r"\mathbb{E}[(F(s) - y)^{2}]"),
    (sp.Function("E_x")(y) ** 2, r"\mathbb{E}_{x}[y]^{2}"),
    (Expectation(Z**2), r"\mathbb{E}[Z^{2}]"),
    (Variance(Z), r"\operatorname{Var}[Z]"),
    # Calculus
    (H(u).diff(u), r"H'(u)"),
    (H(u).diff(u, 2), r"H''(u)"),
    (H(2 * u + 1).diff(u), r"2 H'(1 + 2 u)"),
    (H(u).diff(u, 4), r"\frac{\mathrm{d}^{4}}{\mathrm{d} u^{4}} H(u)"),
    (sp.Derivative(lam**2, lam), r"\frac{\mathrm{d}}{\mathrm{d} \lambda} \lambda^{2}"),
    (sp.Derivative(s * u, s, u), r"\frac{\partial^{2}}{\partial s \partial u} (u s)"),
    (sp.Derivative(s * a[i], s, 2), r"\frac{\partial^{2}}{\partial s^{2}} (s a_{i})"),
    (sp.Limit(F(s), s, sp.oo), r"\lim_{s \to \infty} F(s)"),
    (sp.Limit(F(s) / s, s, 0), r"\lim_{s \to 0^{+}} \frac{F(s)}{s}"),
    (sp.Limit(F(s), s, 0, "-"), r"\lim_{s \to 0^{-}} F(s)"),
    (sp.Limit(F(s) + 1, s, lam), r"\lim_{s \to \lambda^{+}} (1 + F(s))"),
    (sp.Integral(F(s) / s**2, (s, 1, sp.oo)), r"\int_{1}^{\infty} \frac{F(s)}{s^{2}} \, \mathrm{d} s"),
    (
        sp.Integral(s * u, (s, 0, 1), (u, 0, 2)),
        r"\int_{0}^{2} \int_{0}^{1} u s \, \mathrm{d} s \, \mathrm{d} u",
    ),
    (sp.Order(q**3), r"\mathcal{O}(q^{3})"),
    # Cases
    (
        sp.Piecewise((s, lam < s), (1 - lam / s, True)),
        r"\begin{cases} s & \text{if } \lambda < s \\ 1 - \frac{\lambda}{s} & \text{otherwise} \end{cases}",
    ),
    (
        sp.Piecewise((0, sp.And(s < 1, u > 0)), (1, s > 2)),
        r"\begin{cases} 0 & \text{if } u > 0 \text{ and } s < 1 \\ 1 & \text{if } s > 2 \end{cases}",
    ),
    (
        sp.Piecewise((1, s < 1), (2, True)) * lam,
        r"\lambda \left( \begin{cases} 1 & \text{if } s < 1 \\ 2 & \text{otherwise} \end{cases} \right)",
    ),
    # Relations and logic
    (sp.Eq(s, lam + 1, evaluate=False), r"s = 1 + \lambda"),
    (lam < s, r"\lambda < s"),
    (s > lam, r"s > \lambda"),
    (lam <= s, r"\lambda \le s"),
    (s >= lam, r"s \ge \lambda"),
    (sp.Ne(s, lam), r"s \ne \lambda"),
    (sp.And(s < 1, u > 0), r"u > 0 \text{ and } s < 1"),
    (sp.Or(s < 1, sp.And(u > 0, u < 2)), r"u > 0 \text{ and } u < 2 \text{ or } s < 1"),
    (sp.Not(sp.And(s < 1, u > 0), evaluate=False), r"\lnot (u > 0 \text{ and } s < 1)"),
    (sp.Implies(s < 1, u > 0), r"s < 1 \implies u > 0"),
    (sp.Equivalent(s < 1, u > 0), r"u > 0 \iff s < 1"),
    (sp.Contains(theta, sp.Interval.Lopen(1, 2), evaluate=False), r"\theta \in (1, 2]"),
    (sp.Contains(u, sp.S.Reals, evaluate=False), r"u \in \mathbb{R}"),
    (sp.Contains(n, sp.FiniteSet(1, 2, 5), evaluate=False), r"n \in \{1, 2, 5\}"),
    # Matrices
    (X.T * X, r"X^{\top} X"),
    (S + lam * sp.Identity(d[1]), r"\lambda I + S"),
    (S - lam * S**2, r"S - \lambda S^{2}"),
    (2 * S, r"2 S"),
    (-S, r"-S"),
    (S / 2, r"\frac{1}{2} S"),
    ((rho * A + lam * sp.Identity(d[0])) ** -1 * v, r"(\lambda I + \rho A)^{-1} v"),
    (sp.Inverse(sp.Transpose(S)), r"S^{-\top}"),
    (sp.Transpose(X * A), r"(X A)^{\top}"),
    ((S + sp.Identity(d[1])) ** 2, r"(I + S)^{2}"),
    (sp.Trace(X.T * X), r"\operatorname{tr}(X^{\top} X)"),
    (sp.Trace(X.T * X) ** 2, r"(\operatorname{tr}(X^{\top} X))^{2}"),
    (lam * sp.Trace(S) / 2, r"\frac{\lambda}{2} \operatorname{tr}(S)"),
    (sp.Determinant(S), r"\det(S)"),
    (sp.DiagonalMatrix(W * A * W.T), r"\operatorname{Diag}(W_{1} A W_{1}^{\top})"),
    (sp.DiagMatrix(v), r"\operatorname{Diag}(v)"),
    (sp.matrices.expressions.diagonal.DiagonalOf(S), r"\operatorname{diag}(S)"),
    (MatrixElement(v.T * A * v, 0, 0), r"v^{\top} A v"),
    (c + rho * MatrixElement(v.T * A * v, 0, 0) / 2, r"c + \frac{\rho}{2} v^{\top} A v"),
    (MatrixElement(v.T * A * v, 0, 0) ** 2, r"(v^{\top} A v)^{2}"),
    (S[i, j], r"S_{i,j}"),
    (v[i, 0], r"v_{i}"),
    (MatrixElement(X.T * X, i, j), r"(X^{\top} X)_{i,j}"),
    (sp.HadamardProduct(S, S + S.T), r"S \odot (S + S^{\top})"),
    (sp.Matrix([[s, lam / 2], [0, 1]]), r"\begin{pmatrix} s & \frac{\lambda}{2} \\ 0 & 1 \end{pmatrix}"),
    (sp.Matrix([s, u]).T, r"\begin{pmatrix} s & u \end{pmatrix}"),
    (
        sp.BlockMatrix([[A, v], [v.T, sp.Identity(1)]]),
        r"\begin{pmatrix} A & v \\ v^{\top} & I \end{pmatrix}",
    ),
    (sp.ZeroMatrix(n, n), r"\mathbf{0}"),
    (sp.Identity(n) * sp.OneMatrix(n, k), r"\mathbf{1}"),
    # Numbers
    (sp.pi * s, r"\pi s"),
    (sp.E, r"\mathrm{e}"),
    (sp.oo, r"\infty"),
    (sp.Float("1.5"), r"1.5"),
    (sp.Float("1.25e-9") * s, r"1.25 \cdot 10^{-9} s"),
]


@pytest.mark.parametrize(("expression", "expected"), SPECIFICATION)
def test_specification(expression: Any, expected: str) -> None:
    assert to_latex(expression) == expected


# Defects of sympy.latex: (expression, what it prints, what must stand there instead).
REPAIRED: list[tuple[Any, str, str]] = [
    (sp.Sum(-a[i], (i, 1, n)), "- {a}_{i}", "(-a_{i})"),
    (sp.Product(-a[i], (i, 1, n)), "- {a}_{i}", "(-a_{i})"),
    (a[1] * S - lam * S**2, r"- \lambda", r"a_{1} S - \lambda S^{2}"),
    (sp.Trace(S) ** 2, r"\operatorname{tr}\left(S \right)^{2}", r"(\operatorname{tr}(S))^{2}"),
    (sp.log(s) ** 2, r"\log{\left(s \right)}^{2}", r"(\log(s))^{2}"),
    (sp.Symbol("mathcal_L"), r"\mathcal{math}_{L}", r"\mathrm{mathcal}_{L}"),
    (sp.Symbol("loss_%"), "loss_{%}", r"\mathrm{loss}_{\mathrm{\%}}"),
    (sp.Symbol("a#b"), "a#b", r"\mathrm{a\#b}"),
    (sp.Symbol("a&b"), "a&b", r"\mathrm{a\&b}"),
    (sp.Symbol("λ"), "λ", r"\lambda"),
    (sp.Symbol("_x"), "_x", r"\mathrm{\_x}"),
    (sp.IndexedBase("b")[sp.Idx("l", n)], r"\mathrel{..}", "b_{l}"),
    (s - lam / u, r"- \frac{\lambda}{u} + s", r"s - \frac{\lambda}{u}"),
    (sp.Symbol("b") - sp.Symbol("a"), "- a + b", "b - a"),
    (Expectation((Z - y) ** 2), r"\operatorname{E}", r"\mathbb{E}[(Z - y)^{2}]"),
    (sp.Piecewise((1 - lam / s, s > 1), (0, True)), r"\text{for}\:", r"\text{if } s > 1"),
    (sp.Sum(a[i] ** 2, (i, 1, n)) / 2, r"{2}", r"\frac{1}{2} \sum_{i=1}^{n} a_{i}^{2}"),
    (lam * sp.Trace(S) / 2, r"\frac{\lambda \operatorname{tr}", r"\frac{\lambda}{2} \operatorname{tr}(S)"),
    (W2[i, j], "{W_{2}}_{i,j}", "W_{2,i,j}"),
    (F(s), r"F{\left(s \right)}", "F(s)"),
    (sp.Abs(s - u), r"\left|{", r"\lvert s - u\rvert"),
    (H(u).diff(u), r"\frac{d}{d u}", "H'(u)"),
    (sp.Derivative(s * u * lam, s, u), r"\partial u\partial s", r"\partial s \partial u"),
    (sp.Symbol("lambda_eff"), r"\lambda_{eff}", r"\lambda_{\mathrm{eff}}"),
    (sp.Symbol("sigma_x_y"), r"\sigma_{x y}", r"\sigma_{x,y}"),
    (sp.Identity(n), r"\mathbb{I}", "I"),
    (S.T, "^{T}", r"S^{\top}"),
    (sp.Inverse(S.T), r"\left(S^{T}\right)^{-1}", r"S^{-\top}"),
    (sp.Float("1e-7") * s, r"1.0 \cdot 10^{-7}", r"1.0 \cdot 10^{-7} s"),
    (sp.Sum(a[i] * p[j], (i, 1, n), (j, 1, n)), r"\substack", r"\sum_{j=1}^{n} \sum_{i=1}^{n} a_{i} p_{j}"),
]


@pytest.mark.parametrize(("expression", "stock", "repaired"), REPAIRED)
def test_defects_of_the_stock_printer_are_repaired(expression: Any, stock: str, repaired: str) -> None:
    assert stock in sp.latex(expression)
    assert repaired in to_latex(expression)


def test_short_fractions_are_never_folded_into_a_slash() -> None:
    expression = lam * u**2 * sp.log(s) / (2 * theta)
    assert "/ 2" in sp.latex(expression, mode="inline")
    assert to_latex(expression) == r"\frac{\lambda u^{2} \log(s)}{2 \theta}"


def test_author_chooses_the_order_of_terms() -> None:
    assert to_latex(sp.Add(u, lam, -s, evaluate=False)) == r"u + \lambda - s"
    assert to_latex(sp.Add(-s, u, lam, evaluate=False)) == r"u - s + \lambda"


def test_relations_are_not_turned_round() -> None:
    pairs = [(lam < s, "<"), (lam > s, ">"), (lam <= s, r"\le"), (lam >= s, r"\ge")]
    assert [to_latex(relation) for relation, _ in pairs] == [rf"\lambda {sign} s" for _, sign in pairs]
    assert to_latex(sp.Piecewise((1, lam < s), (0, True))).count(r"\lambda < s") == 1


@pytest.mark.parametrize(
    "node",
    [
        sp.besselj(1, s),
        sp.Lambda(s, s),
        sp.zoo,
        sp.nan,
        sp.KroneckerProduct(S, S),
        sp.Subs(sp.Derivative(F(s, u), s), s, 1),
        sp.true,
        sp.Derivative(F(s), (s, n)),
        sp.Order(s, (s, sp.oo)),
        sp.ones(1, 11),
    ],
)
def test_a_node_without_a_rule_raises(node: Any) -> None:
    with pytest.raises(InputError):
        to_latex(node)


def test_python_objects_are_refused() -> None:
    for thing in ("s", None, [s]):
        with pytest.raises((sp.SympifyError, InputError)):
            to_latex(thing)


def test_what_is_too_big_is_refused_in_a_sentence() -> None:
    deep = s
    for _ in range(3000):
        deep = F(deep)
    with pytest.raises(InputError, match="nested"):
        to_latex(deep)
    with pytest.raises(InputError, match="digits"):
        to_latex(sp.Integer(7) ** 2000)


def test_a_function_named_like_a_node_is_still_a_function() -> None:
    assert to_latex(sp.Function("Add")(s, u)) == r"\operatorname{Add}(s, u)"


def test_a_class_cannot_typeset_itself() -> None:
    class Sly(sp.Symbol):
        def _latex(self, *_: Any) -> str:
            return r"\input{x}"

    assert to_latex(Sly("s")) == "s"


def test_a_subclass_adds_a_rule() -> None:
    class Wider(PaperPrinter):
        def _print_LambertW(self, expr: Any) -> str:
            return self._call("W", expr.args)

    assert Wider().doprint(sp.LambertW(s) / 2) == r"\frac{1}{2} W(s)"


# Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x", "x"),
        ("x1", "x_{1}"),
        ("x_12", "x_{12}"),
        ("alpha", r"\alpha"),
        ("Sigma_train", r"\Sigma_{\mathrm{train}}"),
        ("gammabar", r"\bar{\gamma}"),
        ("xhat_i", r"\hat{x}_{i}"),
        ("ell", r"\ell"),
        ("loss", r"\mathrm{loss}"),
        ("beta1", r"\beta_{1}"),
        ("Σ_x", r"\Sigma_{x}"),
        ("a$b", r"\mathrm{a\$b}"),
    ],
)
def test_spelling(name: str, expected: str) -> None:
    assert spell(name) == expected
    assert check_spelling(spell(name), "a test") == expected


@pytest.mark.parametrize(
    "name",
    [r"\input{x}", "a{b", "a}b", "x^2", "a\nb", "x__y", "x_", "~", "é", "名", "7", "1x" * 200, "a\\b", "'"],
)
def test_hostile_names_are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"^The name .*\.$"):
        to_latex(sp.Symbol(name))
    with pytest.raises(InputError):
        to_latex(sp.Function(name)(s))


@pytest.mark.parametrize(
    "tex",
    [
        r"\input{x}",
        r"\write18",
        "a%",
        "a#",
        "a$",
        "{a",
        "a}",
        "",
        "2x",
        "+",
        "λ",
        r"\pi",
        r"\mathrm{d}",
        r"\def\a",
        "a\n\nb",
        "a~b",
    ],
)
def test_hostile_spellings_are_refused_in_a_sentence(tex: str) -> None:
    with pytest.raises(InputError, match=r"^The LaTeX .*\.$"):
        to_latex(s, names={s: tex})


def test_names_override_the_table() -> None:
    assert (
        to_latex(lam / s, names={lam: r"\ell_{\ast}", s: r"\mathcal{S}"})
        == r"\frac{\ell_{\ast}}{\mathcal{S}}"
    )
    assert to_latex(F(s), names={F: r"\mathcal{F}"}) == r"\mathcal{F}(s)"
    assert to_latex(a[i], names={a: "b"}) == "b_{i}"
    assert to_latex(sp.Symbol("w") ** 2, names={sp.Symbol("w"): r"w^{\ast}"}) == r"(w^{\ast})^{2}"


def test_every_name_of_the_table_is_safe() -> None:
    assert len(table_spelling()) >= len(TABLE) - 1


@pytest.mark.parametrize(
    "clash",
    [
        sp.Symbol("lambda") + lam,  # one name, other assumptions
        sp.Symbol("F") * F(s),
        sp.Symbol("x1") + sp.Symbol("x_1"),
        sp.Symbol("a_1") + a[1],
        sp.IndexedBase("a")[1] + a[i],
        sp.Symbol("I") + sp.Trace(sp.Identity(d[1]) + S),
        sp.Symbol("pi") + 1,
        sp.Symbol("Gamma") * sp.gamma(s),
        sp.Function("E")(s) + Expectation(Z),
    ],
)
def test_two_objects_written_alike_are_refused(clash: Any) -> None:
    with pytest.raises(InputError, match="written"):
        to_latex(clash)


def test_a_letter_may_be_a_symbol_and_a_family() -> None:
    scalar = sp.Symbol("a", positive=True)
    shown = typeset(scalar * a[i])
    assert shown.tex == "a a_{i}"
    assert dict(shown.names) == {"a": scalar, "a_{": a, "i": i}


def test_names_say_how_they_are_used() -> None:
    shown = typeset(F(s) + norm(v) + E(y) + W2[i, j])
    assert set(shown.names) == {
        "F(",
        r"\lVert\cdot\rVert",
        r"\mathbb{E}[",
        "W_{2,",
        "i",
        "j",
        "s",
        "v",
        "y",
    }


def test_identities_of_several_sizes_show_their_size() -> None:
    small, large = sp.Trace(X * X.T + sp.Identity(n)), sp.Trace(A + sp.Identity(d[0]))
    assert to_latex(small) == r"\operatorname{tr}(X X^{\top} + I)"
    assert {"I_{n}", "I_{d_{0}}"} <= set(typeset(small + large).names)


def test_output_does_not_depend_on_hash_seeds() -> None:
    program = (
        "import sympy as sp; from symderive.latex import to_latex; from symderive.symbols import *;"
        "total = sum(p[i] * lam**k / (rho * a[i] + lam + k) for k in range(9));"
        "print(to_latex(sp.And(tau > total, u > 2, c > 3)))"
    )
    texts = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        texts.add(run.stdout)
    assert len(texts) == 1
