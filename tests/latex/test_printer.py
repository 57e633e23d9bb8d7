"""What is printed: a table that reads like a specification, SymPy's defects as near-misses, names."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
import sympy as sp
from oracles.latex_specification import REPAIRED, SPECIFICATION, W2, E, F, S, X, Z, norm, s
from sympy.stats import Expectation

from symderive.errors import InputError
from symderive.latex import PaperPrinter, read_latex, to_latex, typeset
from symderive.latex.compare import difference
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
    kappa,
    lam,
    m_norm,
    n,
    q,
    rho,
    t,
    tau,
    theta,
    u,
    v,
    v_norm,
    y,
    zeta,
)
from symderive.symbols import m_entry as m
from symderive.symbols import v_entry as v_

F_family = sp.IndexedBase("F")


@pytest.mark.parametrize(("expression", "expected"), SPECIFICATION)
def test_specification(expression: Any, expected: str) -> None:
    assert to_latex(expression) == expected


@pytest.mark.parametrize(("expression", "stock", "repaired"), REPAIRED)
def test_defects_of_the_stock_printer_are_repaired(expression: Any, stock: str, repaired: str) -> None:
    assert stock in sp.latex(expression)
    assert repaired in to_latex(expression)


def test_short_fractions_are_never_folded_into_a_slash() -> None:
    expression = lam * u**2 * sp.log(s) / (2 * theta)
    assert "/ 2" in sp.latex(expression, mode="inline")
    assert to_latex(expression) == r"\frac{\lambda u^{2} \ln(s)}{2 \theta}"


def test_author_chooses_the_order_of_terms() -> None:
    assert to_latex(sp.Add(lam, u, -s, evaluate=False)) == r"\lambda + u - s"
    assert to_latex(sp.Add(-s, u, lam, evaluate=False)) == r"u - s + \lambda"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            2 * lam * m[k] + 2 * rho * a[k] * m[k] - 2 * v_[k],
            r"2 \rho a_{k} m_{k} + 2 \lambda m_{k} - 2 v_{k}",
        ),
        (1 / (lam + rho * a[j]), r"\frac{1}{\rho a_{j} + \lambda}"),
        (q * (1 + zeta) ** t, r"q (1 + \zeta)^{t}"),
        ((rho - 1) * v_norm**2 / rho**2, r"\frac{(\rho - 1) \lVert v\rVert^{2}}{\rho^{2}}"),
        ((D + 1) * gamma_bar * m_norm ** (2 / (D + 1)), r"(D + 1) \bar{\gamma} \lVert m\rVert^{2/(D + 1)}"),
        (lam * sp.Sum(m[j] ** 2, (j, 1, n)) + c + rho, r"\rho + \lambda \sum_{j=1}^{n} m_{j}^{2} + c"),
    ],
)
def test_factors_and_terms_are_in_the_order_of_an_author(expression: Any, expected: str) -> None:
    assert to_latex(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sp.sqrt(kappa) / sp.sqrt(gamma[i]), r"\sqrt{\frac{\kappa}{\gamma_{i}}}"),
        (v_norm**2 * (rho * lam) ** (1 - D), r"\frac{\lVert v\rVert^{2}}{(\rho \lambda)^{D - 1}}"),
        (rho**t * tau**t, r"(\rho \tau)^{t}"),
        (rho**2 * tau**2, r"\rho^{2} \tau^{2}"),  # whole exponents stay where they are
        (sp.sqrt(u) * sp.sqrt(y), r"\sqrt{u} \sqrt{y}"),  # the root of the product is another number
    ],
)
def test_like_powers_of_letters_are_collected(expression: Any, expected: str) -> None:
    shown = typeset(expression)
    assert shown.tex == expected
    assert difference(expression, read_latex(shown.tex, shown.names)) is None


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
        sp.IndexedBase("x_1")[i] - sp.IndexedBase("x")[1, i],  # two families, one spelling of an element
        sp.Symbol("I") + sp.Trace(sp.Identity(d[1]) + S),
        sp.Symbol("pi") + 1,
        sp.Symbol("Gamma") * sp.gamma(s),
        sp.Function("E")(s) + Expectation(Z),
    ],
)
def test_two_objects_written_alike_are_refused(clash: Any) -> None:
    with pytest.raises(InputError, match="written"):
        to_latex(clash)


def test_a_product_in_an_index_is_not_two_indices() -> None:
    assert to_latex(F_family[i * j]) == r"F_{i \cdot j}"
    assert to_latex(F_family[i, j]) == "F_{i,j}"
    assert to_latex(F_family[2 * i + 1]) == "F_{2 i + 1}"
    shown = typeset(F_family[i * j])
    assert read_latex(shown.tex, shown.names) == F_family[i * j]


def test_elements_of_families_with_subscripts_are_printed_alone() -> None:
    assert to_latex(sp.IndexedBase("x_1")[i]) == to_latex(sp.IndexedBase("x")[1, i]) == "x_{1,i}"


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


@pytest.mark.ci
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
