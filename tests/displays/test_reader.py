"""The reader of displays: what texts mean, what reads alike, what is refused, and that nothing is lost."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest
from oracles.display_corpus import CORPUS
from oracles.display_corpus import FUNCTIONS as OF_THE_PAPER
from oracles.random_displays import FUNCTIONS, bracketed, display
from oracles.sampled import fewer

from symderive.displays.nodes import (
    Absolute,
    Apply,
    Binomial,
    Blocks,
    Call,
    Chain,
    DirectSum,
    Equivalence,
    Extremum,
    Fold,
    Gradient,
    Inverse,
    Kronecker,
    Limit,
    Link,
    Moment,
    Name,
    Node,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Pseudoinverse,
    Quotient,
    Root,
    Sign,
    Signs,
    Sum,
    Term,
    Together,
    Transpose,
)
from symderive.displays.reading.reader import read
from symderive.displays.reading.tokens import MOST_CHARACTERS, tokens_of
from symderive.errors import InputError

a, b, c, x, y, m, v, i, k, n = map(Name, "abcxymvikn")
A, D, F, U, W = map(Name, "ADFUW")
lam, rho = map(Name, (r"\lambda", r"\rho"))
ZERO, ONE, TWO = map(Number, range(3))


def product(*factors: Node) -> Product:
    return Product(factors)


def total(*terms: Node) -> Sum:
    return Sum(tuple(term if isinstance(term, Term) else Term(term) for term in terms))


def less(body: Node) -> Term:
    return Term(body, negative=True)


def chain(first: Node, *links: tuple[Sign, Node]) -> Chain:
    return Chain(first, tuple(Link(*link) for link in links))


def equal(left: Node, right: Node) -> Chain:
    return chain(left, (Sign.EQUAL, right))


W_i = Name("W", (i,))
F_of_m = Call(F, (m,))

MEANINGS = [
    # Sums and products
    ("a + b - c", total(a, b, less(c))),
    ("-a + b", total(less(a), b)),
    ("-3", total(less(Number(3)))),
    ("-a b", total(less(product(a, b)))),
    ("2 a (-b)", product(TWO, a, total(less(b)))),
    ("a - (b + c)", total(a, less(total(b, c)))),
    ("a - (-b)", total(a, less(total(less(b))))),
    (r"2 \cdot 3 a", product(TWO, Number(3), a)),
    ("27 ab", product(Number(27), a, b)),
    ("(a + b) c", product(total(a, b), c)),
    # Quotients: a slash takes one factor on each side
    (r"\frac{a}{b}", Quotient(a, b)),
    ("2/(D+1)", Quotient(TWO, total(D, ONE))),
    ("a/b c", product(Quotient(a, b), c)),
    ("a b/c", product(a, Quotient(b, c))),
    ("(a b)/c", Quotient(product(a, b), c)),
    ("a^{2}/W_{i}", Quotient(Power(a, TWO), W_i)),
    ("-1/2", total(less(Quotient(ONE, TWO)))),
    (r"\sqrt{a/b}", Root(Quotient(a, b))),
    # Scripts
    ("x^{2}", Power(x, TWO)),
    ("x^{-1}", Inverse(x)),
    ("x^{-2}", Power(x, total(less(TWO)))),
    ("x^{-1/2}", Power(x, total(less(Quotient(ONE, TWO))))),
    (r"x^{\top}", Transpose(x)),
    (r"x^{-\top}", Transpose(Inverse(x))),
    (r"(x^{\top})^{-1}", Inverse(Transpose(x))),
    ("A^{+}", Pseudoinverse(A)),
    (r"W_{i}^{\top}", Transpose(W_i)),
    ("(x^{2})^{k}", Power(Power(x, TWO), k)),
    (r"(a b)^{\top}", Transpose(product(a, b))),
    (r"a b^{\top}", product(a, Transpose(b))),
    (r"a_{1,i-1}", Name("a", (ONE, total(i, less(ONE))))),
    (r"a_{2 k + 1}", Name("a", (total(product(TWO, k), ONE),))),
    (r"q_{\mathrm{sp}}", Name("q", (Name(r"\mathrm{sp}"),))),
    ("d_{a_{i}}", Name("d", (Name("a", (i,)),))),
    ("m'^{2}", Power(Name("m'"), TWO)),
    (r"\hat{m}'_{i}", Name(r"\hat{m}'", (i,))),
    (r"x \mathbf{1}^{\top}", product(x, Transpose(Name(r"\mathbf{1}")))),
    # Calls
    ("F(m)", F_of_m),
    ("a(m)", product(a, m)),
    ("F", F),
    ("L(W, U)", Call(Name("L"), (W, U))),
    (r"R_{k}(\lambda)", Call(Name("R", (k,)), (lam,))),
    (r"H''(x + y)", Call(Name("H''"), (total(x, y),))),
    ("F(m)^{2}", Power(F_of_m, TWO)),
    ("F(m) (x)", product(F_of_m, x)),
    # Norms, operators, derivatives
    (r"\lVert m \rVert^{2}", Power(Norm(m), TWO)),
    (r"\lVert W_{i} \rVert_{F}^{2}", Power(Norm(W_i, frobenius=True), TWO)),
    (r"\lvert a b \rvert", Absolute(product(a, b))),
    (r"\operatorname{Diag}(a + b)", Apply("Diag", total(a, b))),
    (r"\operatorname{tr}(A)^{2}", Power(Apply("tr", A), TWO)),
    (r"\det(A)", Apply("det", A)),
    (r"a \ln x", product(a, Apply("ln", x))),
    (r"\ln x^{2}", Apply("ln", Power(x, TWO))),
    (r"\ln F(m) + 1", total(Apply("ln", F_of_m), ONE)),
    (r"\ln(x) y", product(Apply("ln", x), y)),
    (r"\exp(-x)", Apply("exp", total(less(x)))),
    (r"\nabla F(m)", Gradient(F_of_m)),
    (r"\nabla^{2} F(m) x", product(Gradient(F_of_m, 2), x)),
    (r"\frac{\partial F}{\partial \gamma_{i}}", Partial(F, Name(r"\gamma", (i,)))),
    (r"\frac{\mathrm{d} F(m)}{\mathrm{d} m}", Partial(F_of_m, m)),
    (r"\frac{\mathrm{d}}{x}", Quotient(Name(r"\mathrm{d}"), x)),
    (r"\binom{n}{k}", Binomial(n, k)),
    # Operators that take all factors that follow
    (r"\sum_{i=1}^{D} a b + c", total(Fold("sum", i, ONE, D, product(a, b)), c)),
    (r"2 \prod_{i=1}^{D} a", product(TWO, Fold("prod", i, ONE, D, a))),
    (r"(\sum_{i=1}^{D} a) b", product(Fold("sum", i, ONE, D, a), b)),
    (r"\sum_{k \ge 1} x^{k}", Fold("sum", k, ONE, Name(r"\infty"), Power(x, k))),
    (
        r"\sum_{i=1}^{n} \sum_{k=0}^{i-1} a/b",
        Fold("sum", i, ONE, n, Fold("sum", k, ZERO, total(i, less(ONE)), Quotient(a, b))),
    ),
    (r"\mathbb{E}_{x} (a - y)^{2}", Moment("E", x, Power(total(a, less(y)), TWO))),
    (r"\mathbb{E}_{x} [a - y] + c", total(Moment("E", x, total(a, less(y))), c)),
    (r"\mathbb{E}_{x} \operatorname{Var}_{y} a x", Moment("E", x, Moment("Var", y, product(a, x)))),
    (r"\min_{m} F(m)", Extremum("min", m, F_of_m)),
    (
        r"\inf_{x > 0} \{a + x\} - b",
        total(Extremum("inf", chain(x, (Sign.GREATER, ZERO)), total(a, x)), less(b)),
    ),
    (r"\min_{W, U} a", Extremum("min", Together((W, U)), a)),
    (r"\lim_{\lambda \to \infty} a \lambda", Limit(lam, Name(r"\infty"), product(a, lam))),
    # Matrices
    (r"a \otimes b c", Kronecker((a, product(b, c)))),
    (r"a \oplus b \otimes c", DirectSum((a, Kronecker((b, c))))),
    (r"a + b \oplus c", total(a, DirectSum((b, c)))),
    (r"(a + b) \oplus c", DirectSum((total(a, b), c))),
    (
        r"a \oplus \bigoplus_{i=1}^{D} b \otimes c",
        DirectSum((a, Fold("bigoplus", i, ONE, D, Kronecker((b, c))))),
    ),
    (r"\begin{pmatrix} A & 0 \\ -b & 1 \end{pmatrix}", Blocks(((A, ZERO), (total(less(b)), ONE)))),
    (r"\begin{pmatrix} a \end{pmatrix}^{-1}", Inverse(Blocks(((a,),)))),
    (r"\{\pm d^{-1/2}\}^{D}", Signs(Power(Name("d"), total(less(Quotient(ONE, TWO)))), D)),
    # Claims
    ("a = b", equal(a, b)),
    (r"a = b \le c < m", chain(a, (Sign.EQUAL, b), (Sign.AT_MOST, c), (Sign.LESS, m))),
    (r"F(m) := \rho m", chain(F_of_m, (Sign.DEFINED, product(rho, m)))),
    (r"A \succ 0", chain(A, (Sign.POSITIVE_DEFINITE, ZERO))),
    (r"A \cong W", chain(A, (Sign.CONGRUENT, W))),
    (r"x \in \{\pm 1\}^{n}", chain(x, (Sign.IN, Signs(ONE, n)))),
    (r"a = b,\quad c \ne 0", Together((equal(a, b), chain(c, (Sign.DIFFERENT, ZERO))))),
    (
        r"a = b,\quad c = x \iff m \ge 0",
        Equivalence(Together((equal(a, b), equal(c, x))), chain(m, (Sign.AT_LEAST, ZERO))),
    ),
]

ALIKE = [
    (r"a \leq b \geq c \neq 0", r"a \le b \ge c \ne 0"),
    (r"a = b \Leftrightarrow b = a", r"a = b \iff b = a"),
    (r"a = b; \qquad c = x", r"a = b,\quad c = x"),
    (r"a = b \text{ and } c = x", r"a = b,\quad c = x"),
    (r"a = b,\quad\text{and}\quad c = x", r"a = b,\quad c = x"),
    (r"\tfrac ab + \dfrac{a}{b} + \frac12", r"a/b + a/b + 1/2"),
    (r"\|m\|^2 + \left\|W\right\|_F^2", r"\lVert m \rVert^{2} + \lVert W \rVert_{F}^{2}"),
    (r"\|a\| \|b\| + |c|", r"\lVert a\rVert \lVert b\rVert + \lvert c \rvert"),
    (r"\mathbb E_x\mathbb{E}_\epsilon a", r"\mathbb{E}_{x} \mathbb{E}_{\epsilon} a"),
    (r"x_i^\top y^+ \gamma_u", r"x_{i}^{\top} y^{+} \gamma_{u}"),
    (r"x^{2}_{i}", r"x_{i}^{2}"),
    (r"m^{\prime}_{i} + H^{\prime\prime}(x)", "m'_{i} + H''(x)"),
    (r"m_{i}'", "m'_{i}"),
    (r"\bar\gamma \hat m", r"\bar{\gamma} \hat{m}"),
    (r"\sum^D_{i=1} a", r"\sum_{i=1}^{D} a"),
    (r"\sum_{k=1}^\infty a", r"\sum_{k \geq 1} a"),
    (r"\partial F / \partial x", r"\frac{\partial F}{\partial x}"),
    (r"\nabla^2 F", r"\nabla^{2} F"),
    (r"x^{(-1)}", "x^{-1}"),
    (r"\Bigl[ \bigl( a \bigr) b \Bigr] c", "a b c"),
    (r"((a + b)) + (c)", "a + b + c"),
    (r"a \, \! \; b \cdot c", "a b c"),
    (r"a (b c)", "a b c"),
    (r"a \otimes (b \otimes c)", r"a \otimes b \otimes c"),
    (r"\left\{a + b\right\} c", "(a + b) c"),
    (r"F\bigl(\left(m\right)\bigr)", "F(m)"),
    (
        r"a \left(\begin{smallmatrix} a & b \end{smallmatrix}\right)^\top",
        r"a \begin{pmatrix} a & b \end{pmatrix}^{\top}",
    ),
    ("a = b .", "a = b"),
    (r"\begin{equation} a = b, \label{eq:sd:a-b} \end{equation}", "a = b"),
    (
        "\\begin{equation*}\n  \\begin{split}\n    a &= b \\\\\n    &\\quad {} - c \\cdot x \\\\\n"
        "    &= 0.\n  \\end{split}\n\\end{equation*}",
        "a = b - c x = 0",
    ),
    (r"\begin{aligned} a &= (b \\ &\qquad {} \cdot c) \allowbreak \end{aligned}", "a = b c"),
]

REFUSED = [
    ("", "expected more"),
    ("a +", "expected more"),
    ("+a", r"\+ is not expected"),
    ("a + -b", "brackets are missing around a negative factor"),
    (r"a \cdot -b", "brackets are missing around a negative factor"),
    ("a/b/c", "a second slash"),
    (r"a/\sum_{i=1}^{D} b", r"brackets are missing around what begins with \\sum"),
    ("a/-b", "brackets are missing around a negative factor"),
    (r"\ln x y", "brackets are missing around the argument before it"),
    (r"\ln x/2", "brackets are missing around the argument before it"),
    (r"\ln x \cdot y", "brackets are missing around the argument before it"),
    (r"\ln(x)^{2}", "whether the function or its argument is raised"),
    (r"\ln \sum_{i=1}^{D} b", "brackets are missing"),
    (r"\frac{a}{b}^{2}", "brackets are missing around the fraction"),
    ("1 2", "numbers side by side"),
    ("x^12", "numbers side by side"),
    (r"\frac123", "numbers side by side"),
    ("007", "begins with 0"),
    ("9" * 50, "too many digits"),
    ("2.5", "is not expected"),
    ("W_{ij}", "letters side by side in a subscript"),
    ("W_{i j - 1}", "letters side by side in a subscript"),
    ("2_{i}", "only names have subscripts"),
    ("(a b)_{i}", "only names have subscripts"),
    ("(a)'", "only names have subscripts and primes"),
    ("x^{a}^{b}", "a second script"),
    ("x^{a}'", "a second script"),
    ("x_{a}_{b}", "a second script"),
    ("^{2}", "is not expected"),
    ("x^", "braces are missing"),
    ("x^-1", "braces are missing"),
    ("x^{}", "expected more|is not expected"),
    (r"x^\mathrm{sp}", "braces are missing"),
    ("2^{+}", "a plus above a number"),
    ("F^{2}(m)", "the exponent of a function"),
    ("F[m]", "round brackets"),
    ("F()", "is not expected"),
    ("F(m", r"expected \)"),
    ("(a + b", r"expected \)"),
    ("(a + b]", r"expected \)"),
    ("a)", "is not expected"),
    ("(a = b)", r"expected \)"),
    (r"\left a", "not followed by a bracket"),
    ("{a b} c", "is not expected"),
    (r"\| \|a\| \|", "whether .* opens or closes"),
    (r"\lVert a \rVert_{G}", "no script but F"),
    (r"\hat{ab}", "expected }"),
    (r"\hat{2}", "stands on one letter"),
    (r"\mathrm{s-p}", "made of letters"),
    (r"\sqrt[3]{x}", "braces are missing"),
    (r"\operatorname{rank}(A)", "is not expected"),
    (r"\foo", "is not expected"),
    (r"a \approx b", "is not expected"),
    ("λ + 1", "is not expected"),
    ("a % b", "is not expected"),
    (r"a \times b", "is not expected"),
    (r"a \dots b", "is not expected"),
    (r"\sum_{i} a", "expected = "),
    (r"\sum_{i=1} a", "without an index or an end"),
    (r"\sum^{D} a", "without an index or an end"),
    (r"\sum_{i \ge 1}^{D} a", "no other end"),
    (r"\sum_{i=1}^{D} -a", "brackets are missing around a negative factor"),
    (r"\sum_{2=1}^{D} a", "expected a name"),
    (r"\prod_{i=1}^{D} a \otimes b", r"between \\prod and \\otimes"),
    (r"\mathbb{E} a", "without what it is taken over"),
    (r"\mathbb{E}_{2} a", "expected a name"),
    (r"\mathbb{E}_{x} [a] b", "whether the operator takes what follows"),
    (r"\mathbb{E}_{x} [a]^{2}", "whether the operator takes what follows"),
    (r"\inf_{x > 0} \{a\} b", "whether the operator takes what follows"),
    (r"\min F", "without a name below it"),
    (r"\min_{2} F", "expected a name or a claim"),
    (r"\min_{2 > 0} F", "expected a name or a claim"),
    (r"\lim_{x \to 0^{+}} a", "a plus above a number"),
    (r"\lim_{x} a", r"expected \\to"),
    (r"\nabla (a b)", "of a name or a call"),
    (r"\nabla F(m)^{2}", "brackets are missing around what is raised"),
    (r"\nabla^{3} F", "of a name or a call"),
    (r"\frac{\partial F}{\partial 2}", "expected a name"),
    (r"\frac{\partial F}{\mathrm{d} x}", r"expected \\partial"),
    (r"\frac{\mathrm{d} F(m)}{m}", r"expected \\mathrm"),
    (r"\frac{\partial F}{\partial F(m)}", "expected a name"),
    (r"\begin{pmatrix} a & b \\ c \end{pmatrix}", "rows of different lengths"),
    (r"\begin{pmatrix} a & \end{pmatrix}", "is not expected"),
    (r"\begin{bmatrix} a \end{bmatrix}", "is not expected"),
    (r"\begin{smallmatrix} a \end{smallmatrix}", "is not expected"),
    (r"[\begin{smallmatrix} a \end{smallmatrix}]", "is not expected"),
    (r"\begin{pmatrix} a", "is not closed"),
    (r"a \end{pmatrix}", "is not the one that is open"),
    (r"\begin{split} a \end{equation}", "is not the one that is open"),
    (r"\{\pm a\}", r"expected \^"),
    (r"\{\pm a + b\}^{n}", r"expected \\}"),
    (r"\{a, b\}", r"expected \\}"),
    ("a = ", "expected more"),
    ("a = b, c = d", r"followed by \\quad"),
    (r"a = b \quad c = d", "parted by a quad or a new row"),
    (r"\begin{split} a &= b \\ &c \end{split}", "parted by a quad or a new row"),
    (r"a = b,\quad c", "a claim without a relation"),
    (r"a \iff b = c", "a claim without a relation"),
    (r"a = b \iff c", "a claim without a relation"),
    (r"a = b \iff b = c \iff c = a", "a second equivalence"),
    (r"a = b \implies b = c", "is not expected"),
    (r"a = b \text{ or } b = c", "is not expected"),
    ("a = = b", "is not expected"),
]


@pytest.mark.parametrize(("tex", "node"), MEANINGS)
def test_meanings(tex: str, node: Node) -> None:
    assert read(tex, FUNCTIONS) == node


def test_no_two_meanings_are_alike() -> None:
    """Each text of the table is a near-miss of every other."""
    nodes = [read(tex, FUNCTIONS) for tex, _ in MEANINGS]
    assert len(set(nodes)) == len(nodes)


@pytest.mark.parametrize(("tex", "canonical"), ALIKE)
def test_variants_read_alike(tex: str, canonical: str) -> None:
    assert read(tex, FUNCTIONS) == read(canonical, FUNCTIONS)


@pytest.mark.parametrize(("tex", "why"), REFUSED)
def test_refused(tex: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        read(tex, FUNCTIONS)
    assert str(caught.value).startswith("The display cannot be read: ")
    assert ">>>" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_place_of_a_fault_is_shown() -> None:
    with pytest.raises(InputError, match=r"a second slash at: x \+ a / b >>> / c \+ y$"):
        read("x + a / b / c + y")


def test_functions_are_what_the_caller_says() -> None:
    assert read("G(m)", {"G"}) == Call(Name("G"), (m,))
    assert read("G'(m)", {"G"}) == Call(Name("G'"), (m,))
    assert read("G(m)", {"F"}) == product(Name("G"), m)


@pytest.mark.parametrize("tex", CORPUS)
def test_the_paper_reads(tex: str) -> None:
    assert isinstance(read(tex, OF_THE_PAPER), Chain | Together | Equivalence)


@pytest.mark.parametrize("tex", CORPUS)
def test_nothing_that_is_read_can_be_left_out(tex: str) -> None:
    """A text without one of its tokens is refused or means something else; only a dot may go."""
    node = read(tex, OF_THE_PAPER)
    for token in tokens_of(tex):
        if token.text != r"\cdot":
            shorter = f"{tex[: token.start]} {tex[token.start + len(token.text) :]}"
            try:
                other = read(shorter, OF_THE_PAPER)
            except InputError:
                continue
            assert other != node, token


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_random_displays_in_brackets_read_back(depth: int) -> None:
    for seed in range(fewer(25, 100)):
        node = display(random.Random(seed), depth)
        if len(tex := bracketed(node)) <= MOST_CHARACTERS:
            assert read(tex, FUNCTIONS) == node


NESTED = [
    ("(", "a", ")"),
    ("{", "a", "}"),
    ("F(", "a", ")"),
    ("a_{", "i", "}"),
    ("a^{", "i", "}"),
    (r"\frac{1}{", "a", "}"),
    (r"\sqrt{", "a", "}"),
    (r"\ln ", "a", ""),
    (r"\sum_{i=1}^{D} ", "a", ""),
    (r"\mathbb{E}_{x} ", "a", ""),
    (r"\min_{m} ", "a", ""),
    (r"\min_{m > ", "a", "} b"),
    (r"\begin{pmatrix} ", "a", r" \end{pmatrix}"),
    (r"\{\pm ", "a", r"\}^{2}"),
    (r"\nabla ", "F", ""),
    (r"\hat{", "m", "}"),
    ("-(", "a", ")"),
]


@pytest.mark.parametrize(("opening", "middle", "closing"), NESTED)
def test_deep_nesting_is_refused(opening: str, middle: str, closing: str) -> None:
    for depth in (60, 500):
        with pytest.raises(InputError):
            read(opening * depth + middle + closing * depth, FUNCTIONS)


def test_nesting_as_deep_as_a_paper_goes_is_read() -> None:
    assert read("(" * 20 + "a" + ")" * 20) == a
    assert isinstance(read("(a + " * 20 + "a" + ") b" * 20), Product)


def test_a_deep_stack_is_no_traceback() -> None:
    def deeper(left: int) -> Node:
        return deeper(left - 1) if left else read("(" * 30 + "a" + ")" * 30)

    with pytest.raises(InputError, match="nested too deeply"):
        deeper(900)


ABSURD = ["a " * 9_000, "a+" * 9_999 + "a", "(" * 19_000, "a^" * 9_000, r"\text{" * 3_000, r"\|" * 9_000]
ABSURD += ["a/" * 9_000, r"\begin{split}" * 1_400, "1" * 19_000, "a'" * 9_000, r"\sum_" * 3_000]


@pytest.mark.parametrize("tex", ABSURD, ids=lambda tex: tex[:12])
def test_absurd_texts_take_bounded_time(tex: str) -> None:
    start = time.process_time()
    with suppress(InputError):
        assert isinstance(read(tex), Node)
    assert time.process_time() - start < 5


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="longer than"):
        read("a " * MOST_CHARACTERS)


def test_random_signs_are_refused_or_read() -> None:
    """Nothing but :class:`InputError` comes out."""
    rng = random.Random(0)
    pieces = [token.text for tex in CORPUS for token in tokens_of(tex)] + [
        r"\left",
        r"\\",
        "&",
        r"\quad",
        "λ",
    ]
    outcomes = set()
    for _ in range(3_000):
        tex = " ".join(rng.choices(pieces, k=rng.randrange(1, 9)))
        try:
            outcomes.add(isinstance(read(tex, OF_THE_PAPER), Node))
        except InputError:
            outcomes.add(False)
    assert outcomes == {True, False}
