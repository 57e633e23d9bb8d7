r"""Random nodes of displays, and a writer that puts brackets around everything.

Only nodes that a reader can give are made: sums, products, ⊗ and ⊕ are flat; a term with a plus sign is no
sum; ``x^{-1}`` is an inverse; the names of :data:`FUNCTIONS` stand alone only under ∇ and ∂; in a subscript
letters do not stand side by side.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

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

#: Names that take arguments.
FUNCTIONS = ("F", "L", "R", "H", "f", r"\varphi", r"\hat{F}")
LETTERS = ("a", "c", "v", "U", "W", "S", "A", "m", "T", "D", r"\lambda", r"\gamma", r"\rho", r"\epsilon")
LETTERS += (
    r"\hat{m}",
    r"\bar{\gamma}",
    r"\mathbf{1}",
    "m'",
    r"\sigma",
    "I",
    r"\hat{m}'",
    r"\mathrm{Id}",
    "d",
)
INDICES = ("i", "j", "k", "n", "D", "u")
MINUS_ONE = Sum((Term(Number(1), negative=True),))
OPERATORS = ("Diag", "tr", "det", "ln", "exp")


def index(rng: random.Random) -> Node:
    """What may stand in a subscript."""
    letter = Name(rng.choice(INDICES))
    return rng.choice(
        (
            letter,
            letter,
            Number(rng.randrange(12)),
            Sum((Term(letter), Term(Number(1), negative=rng.random() < 0.8))),
            Sum((Term(Product((Number(2), letter))), Term(Name("j")))),
            Name("d", (letter,)),
            Name(r"\mathrm{sp}"),
        )
    )


def name(rng: random.Random, letters: Sequence[str] = LETTERS) -> Name:
    count = rng.choice((0, 0, 0, 1, 1, 2))
    return Name(rng.choice(letters), tuple(index(rng) for _ in range(count)))


def call(rng: random.Random, depth: int) -> Call:
    head = rng.choice(FUNCTIONS) + rng.choice(("", "", "'", "''"))
    below = (index(rng),) if rng.random() < 0.2 else ()
    return Call(Name(head, below), tuple(expression(rng, depth - 1) for _ in range(rng.choice((1, 1, 2)))))


def other_than(make: Callable[[], Node], *kinds: type[Node]) -> Node:
    """An expression that is none of ``kinds``."""
    while isinstance(node := make(), kinds):
        pass
    return node


def total(rng: random.Random, depth: int) -> Sum:
    terms = []
    for _ in range(rng.choice((1, 2, 2, 3))):
        negative = rng.random() < 0.4
        kinds = () if negative else (Sum,)
        terms.append(Term(other_than(lambda: expression(rng, depth - 1), *kinds), negative))
    if len(terms) == 1:
        terms = [Term(terms[0].body, negative=True)]
    return Sum(tuple(terms))


def parts(rng: random.Random, depth: int, kind: type[Node]) -> tuple[Node, ...]:
    return tuple(
        other_than(lambda: expression(rng, depth - 1), kind) for _ in range(rng.choice((2, 2, 2, 3, 4)))
    )


def ranged(rng: random.Random) -> Node:
    letter = name(rng)
    return letter if rng.random() < 0.6 else Chain(letter, (Link(Sign.GREATER, Number(0)),))


def operated(rng: random.Random, depth: int) -> Node:
    """An operator with a body that is open to the right."""

    def body() -> Node:
        return expression(rng, depth - 1)

    fold = Fold(
        rng.choice(("sum", "prod", "bigoplus")), Name(rng.choice("ijk")), Number(1), index(rng), body()
    )
    endless = Fold("sum", Name("k"), Number(rng.randrange(3)), Name(r"\infty"), body())
    extremum = Extremum(rng.choice(("min", "max", "inf", "sup")), ranged(rng), body())
    several = Extremum("min", Together((ranged(rng), ranged(rng))), body())
    moment = Moment(rng.choice(("E", "Var")), Name(rng.choice(("x", r"\epsilon"))), body())
    target = rng.choice((Number(0), Name(r"\infty"), Sum((Term(Name(r"\infty"), negative=True),))))
    limit = Limit(Name(r"\lambda"), target, body())
    return rng.choice((fold, fold, endless, extremum, several, moment, moment, limit))


def expression(rng: random.Random, depth: int) -> Node:
    """A random expression of at most so many levels."""
    if depth <= 0:
        return rng.choice((name(rng), name(rng), name(rng), Number(rng.choice((0, 1, 1, 2, 2, 3, 10, 27)))))

    def inner() -> Node:
        return expression(rng, depth - 1)

    functions = (Name(rng.choice(FUNCTIONS)), call(rng, min(depth, 2)))
    makers: tuple[Callable[[], Node], ...] = (
        *[lambda: name(rng)] * 3,
        *[lambda: total(rng, depth)] * 4,
        *[lambda: Product(parts(rng, depth, Product))] * 5,
        *[lambda: Quotient(inner(), inner())] * 3,
        *[lambda: operated(rng, depth)] * 4,
        *[lambda: Transpose(inner())] * 2,
        *[lambda: Inverse(inner())] * 2,
        *[lambda: call(rng, depth)] * 2,
        *[lambda: Apply(rng.choice(OPERATORS), inner())] * 2,
        lambda: Power(inner(), other_than(inner) if rng.random() < 0.5 else Number(2)),
        lambda: Power(inner(), Sum((Term(rng.choice((Number(2), index(rng))), negative=True),))),
        lambda: Pseudoinverse(other_than(inner, Number)),
        lambda: Root(inner()),
        lambda: Norm(inner(), rng.random() < 0.3),
        lambda: Absolute(inner()),
        lambda: Gradient(rng.choice(functions), rng.choice((1, 2))),
        lambda: Partial(rng.choice(functions), name(rng)),
        lambda: Binomial(inner(), inner()),
        lambda: blocks(rng, depth),
        lambda: Kronecker(parts(rng, depth, Kronecker)),
        lambda: DirectSum(parts(rng, depth, DirectSum)),
        lambda: Signs(other_than(inner, Sum, DirectSum, Kronecker), index(rng)),
    )
    node = rng.choice(makers)()
    return Inverse(node.base) if isinstance(node, Power) and node.exponent == MINUS_ONE else node


def blocks(rng: random.Random, depth: int) -> Blocks:
    wide, high = rng.choice(((1, 1), (2, 2), (2, 2), (3, 1), (1, 2)))
    return Blocks(tuple(tuple(expression(rng, depth - 2) for _ in range(wide)) for _ in range(high)))


def chain(rng: random.Random, depth: int) -> Chain:
    links = tuple(
        Link(rng.choice(list(Sign)), expression(rng, depth - 1)) for _ in range(rng.choice((1, 1, 2, 3)))
    )
    return Chain(expression(rng, depth - 1), links)


def claims(rng: random.Random, depth: int) -> Node:
    found = tuple(chain(rng, depth) for _ in range(rng.choice((1, 1, 2, 3))))
    return Together(found) if len(found) > 1 else found[0]


def display(rng: random.Random, depth: int = 4) -> Node:
    """A random expression, chain, equivalence or several claims."""
    makers = (expression, expression, chain, claims)
    return rng.choice((*(make(rng, depth) for make in makers), Equivalence(claims(rng, 3), claims(rng, 3))))


def bracketed(node: Node) -> str:
    """The LaTeX of a node with brackets around each part, needed or not."""

    def b(part: Node) -> str:
        return written(part) if isinstance(part, Name | Number) else rf"\bigl({written(part)}\bigr)"

    def joined(between: str, nodes: Sequence[Node]) -> str:
        return between.join(map(b, nodes))

    def below(*nodes: Node) -> str:
        return ", ".join(map(bracketed, nodes))

    def written(node: Node) -> str:
        match node:
            case Number(value):
                return str(value)
            case Name(tex, subscripts):
                return f"{tex}_{{{below(*subscripts)}}}" if subscripts else tex
            case Call(head, arguments):
                return f"{written(head)}({below(*arguments)})"
            case Sum(terms):
                text = "".join(("-" if term.negative else "+") + b(term.body) for term in terms)
                return text.removeprefix("+")
            case Product(factors):
                return joined(r" \cdot ", factors)
            case Kronecker(factors):
                return joined(r" \otimes ", factors)
            case DirectSum(summands):
                return joined(r" \oplus ", summands)
            case Quotient(above, below_it):
                return rf"\frac{{{bracketed(above)}}}{{{bracketed(below_it)}}}"
            case Binomial(above, below_it):
                return rf"\binom{{{bracketed(above)}}}{{{bracketed(below_it)}}}"
            case Power(base, exponent):
                return f"({b(base)})^{{{bracketed(exponent)}}}"
            case Inverse(body):
                return f"({b(body)})^{{-1}}"
            case Transpose(body):
                return rf"({b(body)})^{{\top}}"
            case Pseudoinverse(body):
                return f"({b(body)})^{{+}}"
            case Root(body):
                return rf"\sqrt{{{b(body)}}}"
            case Norm(body, frobenius):
                return rf"\lVert {b(body)} \rVert" + ("_{F}" if frobenius else "")
            case Absolute(body):
                return rf"\lvert {b(body)} \rvert"
            case Apply(operator, body):
                spelled = rf"\operatorname{{{operator}}}" if operator in ("Diag", "tr") else rf"\{operator}"
                return rf"{spelled}({b(body)})"
            case Fold(kind, letter, low, high, body):
                return rf"\{kind}_{{{written(letter)} = {bracketed(low)}}}^{{{bracketed(high)}}} {b(body)}"
            case Moment(kind, over, body):
                spelled = r"\mathbb{E}" if kind == "E" else r"\operatorname{Var}"
                return f"{spelled}_{{{written(over)}}} {b(body)}"
            case Extremum(kind, over, body):
                claimed = over.claims if isinstance(over, Together) else (over,)
                return rf"\{kind}_{{{below(*claimed)}}} {b(body)}"
            case Limit(variable, target, body):
                return rf"\lim_{{{written(variable)} \to {bracketed(target)}}} {b(body)}"
            case Gradient(body, order):
                return r"\nabla" + ("^{2} " if order == 2 else " ") + written(body)
            case Partial(body, by):
                return rf"\frac{{\partial {written(body)}}}{{\partial {written(by)}}}"
            case Blocks(rows):
                body = r" \\ ".join(" & ".join(map(bracketed, row)) for row in rows)
                return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
            case Signs(scale, size):
                return rf"\{{\pm {b(scale)}\}}^{{{bracketed(size)}}}"
            case Chain(first, links):
                return b(first) + "".join(f" {link.sign.value} {b(link.node)}" for link in links)
            case Together(found):
                return r",\quad ".join(map(written, found))
            case Equivalence(left, right):
                return rf"{written(left)} \iff {written(right)}"
        raise TypeError(node)

    return written(node)
