r"""What displays look like in LaTeX, Typst and text: tables that read like a specification."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from oracles.display_targets import (
    BEFORE,
    EPS,
    RATIO,
    RIDGE,
    TARGETS,
    X,
    call,
    chain,
    inverse,
    minus,
    name,
    negative,
    node,
    norm,
    over,
    plus,
    square,
    times,
    top,
    total,
    up,
)
from oracles.sampled import some

from symderive.displays import nodes as n
from symderive.displays.nodes import Node
from symderive.displays.printing.latex import to_tex
from symderive.displays.printing.spelling import spelled
from symderive.displays.printing.text import to_text
from symderive.displays.printing.typst import to_typst
from symderive.errors import InputError
from symderive.latex import WIDTHS, equation, read_latex
from symderive.latex.check import compile_tex, katex_errors, lint, tex_errors

A, B, C, x, y = (name(letter) for letter in "ABCxy")
LAM = name(r"\lambda")
AB = plus("A", "B")


def moment(body: Node, kind: str = "E") -> n.Moment:
    return n.Moment(kind, X, body)


def least(body: Node) -> n.Extremum:
    return n.Extremum("min", name("m"), body)


#: (node, LaTeX, LaTeX in running text, text).
FORMS = [
    # names
    (name("W", BEFORE), "W_{i-1}", "W_{i-1}", "Wᵢ₋₁"),
    (name("W", "i", "j"), "W_{i,j}", "W_{i,j}", "W_(i,j)"),
    (name("q", r"\mathrm{sp}"), r"q_{\mathrm{sp}}", r"q_{\mathrm{sp}}", "q_sp"),
    (name("q", times("s", "p")), "q_{s p}", "q_{s p}", "q_(s p)"),
    (name("H'", "k"), "H'_{k}", "H'_{k}", "H′ₖ"),
    (square(name("H'", "k")), "(H'_{k})^{2}", "(H'_{k})^{2}", "(H′ₖ)²"),
    (name(r"\bar{\gamma}"), r"\bar{\gamma}", r"\bar{\gamma}", "γ̄"),
    (name(r"\mathbf{1}"), r"\mathbf{1}", r"\mathbf{1}", "𝟏"),
    (call(name("R", "k"), LAM), r"R_{k}(\lambda)", r"R_{k}(\lambda)", "Rₖ(λ)"),
    (call("H'", "u"), "H'(u)", "H'(u)", "H′(u)"),
    (square(call("F", "m")), "F(m)^{2}", "F(m)^{2}", "F(m)²"),
    # sums
    (plus(negative("a").terms[0], "b"), "-a + b", "-a + b", "-a + b"),
    (plus("a", minus(plus("b", "c"))), "a - (b + c)", "a - (b + c)", "a - (b + c)"),
    (plus("a", minus(negative("b"))), "a - (-b)", "a - (-b)", "a - (-b)"),
    # products
    (times(2, up(3, "n")), r"2 \cdot 3^{n}", r"2 \cdot 3^{n}", "2 · 3ⁿ"),
    (times(2, over(1, 3)), r"2 \cdot \frac{1}{3}", r"2 \cdot (1 / 3)", "2 · (1/3)"),
    (times("a", AB), "a (A + B)", "a (A + B)", "a (A + B)"),
    (times("a", negative("b")), "a (-b)", "a (-b)", "a (-b)"),
    (times(2, "U", name("T", "D"), "v"), r"2 \, U T_{D} v", r"2 \, U T_{D} v", "2UT_D v"),
    (times(2, "a", "b"), "2 a b", "2 a b", "2ab"),
    (times(top("v"), "A", "v"), r"v^{\top}\! A v", r"v^{\top}\! A v", "vᵀAv"),
    (times("D", square(norm("m"))), r"D \, \lVert m \rVert^{2}", r"D \, \lVert m \rVert^{2}", "D‖m‖²"),
    # quotients
    (over("a", "b"), r"\frac{a}{b}", "a / b", "a/b"),
    (over(over("a", "b"), "c"), r"\frac{a / b}{c}", "(a / b) / c", "(a/b)/c"),
    (over("a", over("b", "c")), r"\frac{a}{b / c}", "a / (b / c)", "a/(b/c)"),
    (over(times("a", "b"), "c"), r"\frac{a b}{c}", "(a b) / c", "(ab)/c"),
    (times("a", over("b", "c")), r"a \frac{b}{c}", "a (b / c)", "a (b/c)"),
    (up("a", over("b", times("c", "d"))), "a^{b/(c d)}", "a^{b/(c d)}", "a^(b/(c d))"),
    (n.Root(over("a", name("b", "i"))), r"\sqrt{a / b_{i}}", r"\sqrt{a / b_{i}}", "√(a/bᵢ)"),
    (n.Root(over(plus("a", 1), "b")), r"\sqrt{\frac{a + 1}{b}}", r"\sqrt{(a + 1) / b}", "√((a + 1)/b)"),
    # powers
    (up(up("x", 2), 3), "(x^{2})^{3}", "(x^{2})^{3}", "(x²)³"),
    (up("x", negative(2)), "x^{-2}", "x^{-2}", "x⁻²"),
    (up(negative("x"), 2), "(-x)^{2}", "(-x)^{2}", "(-x)²"),
    (up(over("a", "b"), 2), r"\left(\frac{a}{b}\right)^{2}", "(a / b)^{2}", "(a/b)²"),
    (up("d", negative(over(1, 2))), "d^{-1/2}", "d^{-1/2}", "d^(-1/2)"),
    (top(times("A", "B")), r"(A B)^{\top}", r"(A B)^{\top}", "(AB)ᵀ"),
    (top(inverse("A")), r"A^{-\top}", r"A^{-\top}", "A⁻ᵀ"),
    (inverse(top("A")), r"(A^{\top})^{-1}", r"(A^{\top})^{-1}", "(Aᵀ)⁻¹"),
    (n.Pseudoinverse(A), "A^{+}", "A^{+}", "A⁺"),
    (square(norm(times(RIDGE, "v"))),) + 2 * (r"\lVert (\rho A + \lambda I)^{-1} v \rVert^{2}",)
    + ("‖(ρA + λI)⁻¹v‖²",),
    (n.Norm(A, frobenius=True), r"\lVert A \rVert_{F}", r"\lVert A \rVert_{F}", "‖A‖_F"),
    (inverse(plus(times("a", AB), "C")), r"\bigl(a (A + B) + C\bigr)^{-1}", "(a (A + B) + C)^{-1}",
     "(a (A + B) + C)⁻¹"),
    # operators
    (n.Apply("ln", LAM), r"\ln \lambda", r"\ln \lambda", "ln λ"),
    (n.Apply("ln", plus(1, "x")), r"\ln(1 + x)", r"\ln(1 + x)", "ln(1 + x)"),
    (times(n.Apply("ln", x), "y"), r"\ln(x) y", r"\ln(x) y", "ln(x)y"),
    (square(n.Apply("ln", x)), r"(\ln x)^{2}", r"(\ln x)^{2}", "(ln x)²"),
    (n.Apply("ln", square(x)), r"\ln(x^{2})", r"\ln(x^{2})", "ln(x²)"),
    (n.Apply("tr", over("a", "b")), r"\operatorname{tr}\!\left(\frac{a}{b}\right)",
     r"\operatorname{tr}(a / b)", "tr(a/b)"),
    (n.Gradient(call("F", "m"), 2), r"\nabla^{2} F(m)", r"\nabla^{2} F(m)", "∇²F(m)"),
    (n.Partial(name("F"), name(r"\gamma", "u")),) + 2 * (r"\frac{\partial F}{\partial \gamma_{u}}",)
    + ("∂F/∂γᵤ",),
    (n.Partial(call("F", "m"), name("m")),) + 2 * (r"\frac{\mathrm{d} F(m)}{\mathrm{d} m}",)
    + ("dF(m)/dm",),
    (n.Partial(call("F", "m"), name("x")),) + 2 * (r"\frac{\partial F(m)}{\partial x}",)
    + ("∂F(m)/∂x",),
    (n.Binomial(plus("n", 1), name("k")), r"\binom{n + 1}{k}", r"\binom{n + 1}{k}", "binom(n + 1, k)"),
    # signs that take what follows
    (total(plus(1, RATIO), "prod"), r"\prod_{i=1}^{D} \left(1 + \frac{\sigma_{i}^{2}}{d_{i}}\right)",
     r"\prod_{i=1}^{D} \, (1 + \sigma_{i}^{2} / d_{i})", "∏_(i=1)^D (1 + σᵢ²/dᵢ)"),
    (total(up("q", "k"), high=r"\infty"),) + 2 * (r"\sum_{k \ge 1} q^{k}",) + ("∑_(k ≥ 1) qᵏ",),
    (times(total(A), "B"), r"\left(\sum_{i=1}^{D} A\right) B", r"(\sum_{i=1}^{D} A) B", "(∑_(i=1)^D A)B"),
    (total(times("A", "B")), r"\sum_{i=1}^{D} A B", r"\sum_{i=1}^{D} A B", "∑_(i=1)^D AB"),
    (plus(total(A), "B"), r"\sum_{i=1}^{D} A + B", r"\sum_{i=1}^{D} A + B", "∑_(i=1)^D A + B"),
    (total(AB), r"\sum_{i=1}^{D} \, (A + B)", r"\sum_{i=1}^{D} \, (A + B)", "∑_(i=1)^D (A + B)"),
    (moment(AB), r"\mathbb{E}_{x}[A + B]", r"\mathbb{E}_{x}[A + B]", "𝔼_x[A + B]"),
    (moment(square(AB)),) + 2 * (r"\mathbb{E}_{x} \, (A + B)^{2}",) + ("𝔼_x (A + B)²",),
    (moment(n.Moment("Var", EPS, call("f", "x"))),)
    + 2 * (r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon} f(x)",) + ("𝔼_x Var_ϵ f(x)",),
    (least(call("F", "m")), r"\min_{m} F(m)", r"\min_{m} F(m)", "min_m F(m)"),
    (least(AB), r"\min_{m} \{A + B\}", r"\min_{m} \{A + B\}", "min_m {A + B}"),
    (plus(least(A), "B"), r"(\min_{m} A) + B", r"(\min_{m} A) + B", "(min_m A) + B"),
    (plus(least(AB), "B"), r"\min_{m} \{A + B\} + B", r"\min_{m} \{A + B\} + B", "min_m {A + B} + B"),
    (n.Limit(LAM, name(r"\infty"), AB),) + 2 * (r"\lim_{\lambda \to \infty} \, (A + B)",)
    + ("lim_(λ → ∞) (A + B)",),
    # matrices
    (n.Kronecker((times("A", "B"), AB)), r"A B \otimes (A + B)", r"A B \otimes (A + B)", "AB ⊗ (A + B)"),
    (n.DirectSum((n.Kronecker((A, B)), C)), r"A \otimes B \oplus C", r"A \otimes B \oplus C", "A ⊗ B ⊕ C"),
    (n.Kronecker((A, n.DirectSum((B, C)))), r"A \otimes (B \oplus C)", r"A \otimes (B \oplus C)",
     "A ⊗ (B ⊕ C)"),
    (plus("A", n.DirectSum((B, C))), r"A + (B \oplus C)", r"A + (B \oplus C)", "A + (B ⊕ C)"),
    (n.Blocks(((A, over(B, 2)), (node(0), C))),)
    + 2 * (r"\begin{pmatrix} A & B / 2 \\ 0 & C \end{pmatrix}",) + ("[A, B/2; 0, C]",),
    (n.Signs(up("d", negative(over(1, 2))), name("n")),) + 2 * (r"\{\pm d^{-1/2}\}^{n}",)
    + ("{±d^(-1/2)}ⁿ",),
    # claims
    (chain("a", (":=", "b"), (r"\succeq", 0)),) + 2 * (r"a := b \succeq 0",) + ("a := b ⪰ 0",),
    (n.Equivalence(chain("a", ("=", 0)), chain("b", (">", 0))),) + 2 * (r"a = 0 \iff b > 0",)
    + ("a = 0 ⟺ b > 0",),
    (n.Together((chain("a", ("=", 0)), chain("b", (r"\in", "C")))),) + 2 * (r"a = 0, \quad b \in C",)
    + ("a = 0, b ∈ C",),
]  # fmt: skip

TYPST = [
    (up(norm("m"), over(2, plus("D", 1))), r"norm(m)^(2\/(D+1))"),
    (total(name("a", "i")), "sum_(i=1)^D a_i"),
    (times(r"\rho", "A"), "rho A"),
    (over("a", "b"), "frac(a, b)"),
    (top(times("U", name("T", "D"))), "(U T_D)^top"),
    (n.Apply("Diag", name("S", "i")), 'op("Diag")(S_i)'),
    (name("q", r"\mathrm{sp}"), 'q_(upright("sp"))'),
    (name(r"\mathbf{1}"), "bold(1)"),
    (name(r"\epsilon"), "epsilon.alt"),
    (name(r"\varphi"), "phi"),
    (name(r"\phi"), "phi.alt"),
    (call(name("R", "k"), r"\lambda"), "R_k (lambda)"),
    (moment(AB), "bb(E)_x [A + B]"),
    (n.Kronecker((A, B)), "A times.o B"),
    (total(n.DirectSum((A, B)), "bigoplus"), "plus.o.big_(i=1)^D thin (A plus.o B)"),
    (n.Blocks(((A, B), (call("L", "W", "U"), C))), "mat(A, B; L(W, U), C)"),
    (times(2, up(3, "n")), "2 dot.op 3^n"),
    (least(AB), "min_m {A + B}"),
]


@pytest.mark.parametrize(("shown", "tex", "inline", "text"), FORMS)
def test_latex_and_text(shown: Node, tex: str, inline: str, text: str) -> None:
    assert to_tex(shown) == tex
    assert to_tex(shown, inline=True) == inline
    assert to_text(shown) == text


@pytest.mark.parametrize(("shown", "typst"), TYPST)
def test_typst(shown: Node, typst: str) -> None:
    assert to_typst(shown) == typst


HEADLINES = {
    "data term": r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} \, (f(x) - y)^{2} "
    r"= U M_{D} U^{\top} - 2 \, U T_{D} v + c",
    "layerwise bound": r"M_{D} \succeq \rho \, T_{D} A T_{D}^{\top}, \quad "
    r"\rho = \prod_{i=1}^{D} \left(1 + \frac{\sigma_{i}^{2}}{d_{i}}\right)",
    "global minimum": r"L(W, U) \ge F(m) := \rho \, m^{\top}\! A m - 2 \, v^{\top} m + c"
    r" + (D + 1) \bar{\gamma} \, \lVert m \rVert^{2/(D+1)}, \quad m = (U T_{D})^{\top}",
    "effective ridge": r"\nabla F(m) = 0, \quad m \ne 0 \quad \iff \quad m = (\rho A + \lambda I)^{-1} v, "
    r"\quad \varphi(\lambda) := \lambda^{(D+1)/D} \, \lVert (\rho A + \lambda I)^{-1} v \rVert^{2} = \tau",
    "dual": r"\min_{m} F(m) = \inf_{\lambda > 0} "
    r"\bigl\{c - v^{\top} (\rho A + \lambda I)^{-1} v + D \tau \lambda^{-1/D}\bigr\}",
    "two layers, norm": r"b \ne 0, \quad "
    r"\bigl\lVert \bigl(b^{2} (\sigma^{2} + d) A + \gamma_{w} I\bigr)^{-1} v \bigr\rVert^{2}"
    r" = \frac{\gamma_{u}}{\gamma_{w}}",
    "variance": r"\mathbb{E}_{x} \operatorname{Var}_{\epsilon} f(x) = (\rho - 1) \, m^{\top}\! A m"
    r" \le \frac{\rho - 1}{\rho^{2}} \, v^{\top}\! A^{+} v \le v^{\top}\! A^{+} v",
    "least": r"\min_{W, U} L(W, U) = \min_{m} F(m)",
}


@pytest.mark.parametrize("key", HEADLINES)
def test_headlines(key: str) -> None:
    assert to_tex(TARGETS[key]) == HEADLINES[key]


# What is not printed -------------------------------------------------------------------------------


class Stranger(Node):
    """A node that no printer knows."""


MEANINGLESS = [
    (Stranger(), "Stranger"),
    (n.Product((A,)), "two factors"),
    (n.Product((A, n.Product((B, C)))), "none of them a product"),
    (n.Sum((n.Term(A),)), "two terms"),
    (plus("a", plus("b", "c")), "inside a sum"),
    (n.Power(x, n.Sum((n.Term(node(1), negative=True),))), "Inverse"),
    (n.Number(-1), "natural"),
    (n.Number(True), "natural"),
    (n.Name(r"\top"), "no letter"),
    (n.Name(r"\input{secret}"), "no letter"),
    (n.Name("ab"), "no letter"),
    (n.Name(r"\mathrm{a_b}"), "no letter"),
    (n.Name(r"\bar{x'}"), "no letter"),
    (n.Name(""), "no letter"),
    (n.Apply("sin", x), "sin"),
    (n.Fold("max", name("i"), node(1), name("D"), x), "max"),
    (n.Moment("Cov", X, x), "Cov"),
    (n.Extremum("argmin", x, x), "argmin"),
    (n.Gradient(x, 3), "order"),
    (n.Call(name("F"), ()), "without arguments"),
    (n.Blocks(((A, B), (C,))), "one length"),
    (n.Kronecker((A,)), "two parts"),
    (n.Kronecker((A, n.Kronecker((B, C)))), "none of them one itself"),
    (n.DirectSum((n.DirectSum((A, B)), C)), "none of them one itself"),
    (n.Chain(A, ()), "relation"),
    (n.Product((A, chain("a", ("=", "b")))), "expression"),
    (n.Together((chain("a", ("=", "b")), A)), "relations"),
    (n.Equivalence(chain("a", ("=", "b")), A), "claims"),
]


@pytest.mark.parametrize("show", [to_tex, to_typst, to_text])
@pytest.mark.parametrize(("wrong", "says"), MEANINGLESS)
def test_what_means_nothing_is_refused(wrong: Node, says: str, show: Callable[[Node], str]) -> None:
    with pytest.raises(InputError, match=says):
        show(wrong)


def test_a_name_is_taken_apart() -> None:
    taken = spelled(r"\bar{\mathrm{ab}}''")
    assert (taken.core, taken.marks, taken.primes, taken.greek) == ("ab", ("bar", "mathrm"), 2, False)
    assert spelled(r"\gamma").greek
    assert not spelled("g").greek


# Two different nodes never print alike ---------------------------------------------------------------

ONE: dict[str, Callable[[Node], Node]] = {
    "negative": negative,
    "inverse": inverse,
    "transpose": top,
    "pseudoinverse": n.Pseudoinverse,
    "square": square,
    "exponent": lambda a: up("x", a),
    "root": n.Root,
    "norm": norm,
    "frobenius": lambda a: n.Norm(a, frobenius=True),
    "absolute": n.Absolute,
    "ln": lambda a: n.Apply("ln", a),
    "tr": lambda a: n.Apply("tr", a),
    "call": lambda a: call("F", a),
    "subscript": lambda a: name("z", a),
    "sum over": total,
    "all sums": lambda a: total(a, high=r"\infty"),
    "mean": moment,
    "variance": lambda a: moment(a, "Var"),
    "least": least,
    "limit": lambda a: n.Limit(name("t"), node(0), a),
    "signs": lambda a: n.Signs(a, name("n")),
    "column": lambda a: n.Blocks(((a,), (a,))),
}
TWO: dict[str, Callable[[Node, Node], Node]] = {
    "sum": lambda a, b: plus(*terms(a), *terms(b)),
    "difference": lambda a, b: plus(*terms(a), minus(b)),
    "product": lambda a, b: times(*parts(a, n.Product), *parts(b, n.Product)),
    "quotient": over,
    "kronecker": lambda a, b: n.Kronecker((*parts(a, n.Kronecker), *parts(b, n.Kronecker))),
    "direct sum": lambda a, b: n.DirectSum((*parts(a, n.DirectSum), *parts(b, n.DirectSum))),
    "row": lambda a, b: n.Blocks(((a, b),)),
    "binomial": n.Binomial,
    "call of two": lambda a, b: call("F", a, b),
    "subscripts": lambda a, b: name("z", a, b),
}


def terms(a: Node) -> tuple[n.Term | Node, ...]:
    return a.terms if isinstance(a, n.Sum) else (a,)


def parts(a: Node, kind: type[Node]) -> tuple[Node, ...]:
    """What stands side by side in a node of that kind; the node itself if it is of another."""
    if not isinstance(a, kind):
        return (a,)
    return a.parts if isinstance(a, n.DirectSum) else getattr(a, "factors", (a,))


def small_nodes() -> Iterator[Node]:
    """Every node of two operations over three letters and a number, or nearly."""
    leaves = [x, name(r"\gamma", "u"), node(2)]
    first = [make(leaf) for make in ONE.values() for leaf in leaves]
    first += [make(a, b) for make in TWO.values() for a, b in product(leaves, repeat=2)]
    yield from leaves
    yield from first
    yield from (make(a) for make in ONE.values() for a in first)
    for make in TWO.values():
        yield from (made for a in first for made in (make(a, y), make(y, a)))


@pytest.mark.parametrize("form", ["display", "inline", "typst", "text"])
def test_different_nodes_look_different(form: str) -> None:
    shows = {
        "display": to_tex,
        "inline": lambda a: to_tex(a, inline=True),
        "typst": to_typst,
        "text": to_text,
    }
    seen: dict[str, set[Node]] = defaultdict(set)
    for shown in small_nodes():
        text = shows[form](shown)
        # A reader of LaTeX and of Typst sees no spaces.
        seen[text if form == "text" else re.sub(r"\\[,!]|\bthin\b| ", "", text)].add(shown)
    assert len(seen) > 2000
    assert {text: alike for text, alike in seen.items() if len(alike) > 1} == {}


# Displays on a page ----------------------------------------------------------------------------------


def test_rows_end_between_claims_first() -> None:
    rows = equation(to_tex(TARGETS["attained"]), width="article").splitlines()
    assert rows[2].endswith(r"e_{D}^{\top}, \\")
    assert rows[3].strip().startswith(r"&e_{0} = \frac")


def test_relations_come_before_signs() -> None:
    rows = equation(to_tex(TARGETS["global minimum"]), width="article").splitlines()[2:4]
    assert [row.split()[:2] for row in rows] == [["&L(W,", "U)"], [r"&\quad", ":="]]


def test_what_is_defined_is_not_cut_in_two() -> None:
    tex = f"f := {' + '.join(f'x_{{{k}}}' for k in range(40))}"
    assert "&:= x" in equation(tex, width="revtex")


def test_operators_keep_what_they_act_on() -> None:
    long = times(*(call(letter, "x") for letter in "abcdefghijklmnop"), n.Gradient(call("F", "m"), 2))
    assert r"\nabla^{2} F(m)" in equation(to_tex(chain("y", ("=", long))), width="revtex")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_headline_fits_every_column(width: str) -> None:
    shown = [equation(to_tex(target), width=width, label="eq:x", end=".") for target in TARGETS.values()]
    assert [fault for display in shown for fault in lint(display)] == []


def test_a_matrix_is_small_only_where_it_must_be() -> None:
    tex = to_tex(TARGETS["hessian"])
    assert "pmatrix" in equation(tex, width="article")
    narrow = equation(tex, width="revtex")
    assert r"\left( \begin{smallmatrix}" in narrow
    assert "pmatrix" not in narrow


def test_small_matrices_are_read() -> None:
    small = read_latex(r"\left( \begin{smallmatrix} 1 & 2 \end{smallmatrix} \right)", {})
    assert small == read_latex(r"\begin{pmatrix} 1 & 2 \end{pmatrix}", {})
    with pytest.raises(InputError, match="was not open"):
        read_latex(r"\begin{smallmatrix} 1 & 2 \end{pmatrix}", {})


def test_lint_still_knows_what_is_not_ours() -> None:
    assert lint(r"\nabla \foo") == [r"the command \foo"]


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("width", some(["article", "amsart", "ieee", "revtex"], 4, 3, ci=1))
def test_tex_sets_them_without_overfull_boxes(width: str) -> None:
    forms = [*TARGETS.values(), *(row[0] for row in FORMS)]
    shown = [equation(to_tex(target), width=width, end=".") for target in forms]
    assert [fault for fault in tex_errors(shown, width=width) if fault] == []
    assert tex_errors([r"\begin{equation}\nabla \foo\end{equation}"])[0] is not None


#: The classes of the papers, by the column that they have.
CLASSES = {
    "article": r"\documentclass{article}",
    "amsart": r"\documentclass{amsart}",
    "ieee": r"\documentclass[conference]{IEEEtran}",
    "revtex": r"\documentclass[prl,twocolumn,aps]{revtex4-2}",
}


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("width", some(CLASSES, 4, 3, ci=1))
def test_they_stand_in_papers(width: str) -> None:
    head = CLASSES[width] + r"\usepackage{amsmath,amssymb}\begin{document}\title{T}\author{A}\maketitle "
    shown = "\n".join(equation(to_tex(target), width=width, end=".") for target in TARGETS.values())
    assert compile_tex(f"{head}{shown}\\end{{document}}").clean
    broad = equation(to_tex(TARGETS["hessian"]), width=800.0)
    assert compile_tex(f"{head}{broad}\\end{{document}}").overfull


@pytest.mark.node
def test_katex_takes_them() -> None:
    forms = [*TARGETS.values(), *(row[0] for row in FORMS)]
    shown = [to_tex(target, inline=inline) for target in forms for inline in (False, True)]
    shown += [equation(to_tex(target), width="revtex") for target in forms]
    assert [fault for fault in katex_errors(shown) if fault] == []


@pytest.mark.pdf
def test_typst_compiles_them() -> None:
    import typst

    forms = [*TARGETS.values(), *(row[0] for row in FORMS), *(row[0] for row in TYPST)]
    source = "\n\n".join(f"$ {to_typst(target)} $" for target in forms)
    assert typst.compile(source.encode(), ignore_system_fonts=True).startswith(b"%PDF")
    with pytest.raises(typst.TypstError):
        typst.compile(b"$ plus.o.bigger $")
