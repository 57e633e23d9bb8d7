r"""Displays as nodes, built by hand: what the paper of deep linear networks prints, one by one.

The short functions stand for nodes; nothing here reads or prints.
"""

from __future__ import annotations

from functools import partial

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


def name(tex: str, *subscripts: Node | int | str) -> Name:
    return Name(tex, tuple(node(index) for index in subscripts))


def node(value: Node | int | str) -> Node:
    """Text is a letter, an int a number."""
    if isinstance(value, int):
        return Number(value)
    return name(value) if isinstance(value, str) else value


def times(*factors: Node | int | str) -> Product:
    return Product(tuple(node(factor) for factor in factors))


def plus(*terms: Node | int | str) -> Sum:
    """Terms; a :class:`Term` that is negative is made by :func:`minus`."""
    return Sum(tuple(term if isinstance(term, Term) else Term(node(term)) for term in terms))


def minus(body: Node | int | str) -> Term:
    return Term(node(body), negative=True)


def over(above: Node | int | str, below: Node | int | str) -> Quotient:
    return Quotient(node(above), node(below))


def up(base: Node | int | str, exponent: Node | int | str) -> Power:
    return Power(node(base), node(exponent))


def square(base: Node | int | str) -> Power:
    return up(base, 2)


def top(body: Node | str) -> Transpose:
    return Transpose(node(body))


def inverse(body: Node | str) -> Inverse:
    return Inverse(node(body))


def norm(body: Node | str) -> Norm:
    return Norm(node(body))


def call(head: Name | str, *arguments: Node | int | str) -> Call:
    return Call(head if isinstance(head, Name) else name(head), tuple(node(a) for a in arguments))


def chain(first: Node | int | str, *links: tuple[str, Node | int | str]) -> Chain:
    return Chain(node(first), tuple(Link(Sign(sign), node(side)) for sign, side in links))


def total(body: Node | str, kind: str = "sum", *, low: Node | int = 1, high: Node | str = "D") -> Fold:
    index = name("k") if high == r"\infty" else name("i")
    return Fold(kind, index, node(low), node(high), node(body))


def negative(body: Node | int | str) -> Sum:
    return Sum((minus(body),))


D1 = plus("D", 1)
LAM, RHO, TAU, BAR = r"\lambda", r"\rho", r"\tau", r"\bar{\gamma}"
W, G, S, d = (partial(name, letter, "i") for letter in ("W", r"\gamma", r"\sigma", "d"))
GU = name(r"\gamma", "u")
TD = name("T", "D")
EYE = "I"
BEFORE = plus("i", minus(1))
RIDGE = inverse(plus(times(RHO, "A"), times(LAM, EYE)))
MAM = times(top("m"), "A", "m")
VAV = times(top("v"), "A", "v")
VAPV = times(top("v"), Pseudoinverse(node("A")), "v")
PENALTY = times(D1, BAR, up(norm("m"), over(2, D1)))
REDUCED = plus(times(RHO, top("m"), "A", "m"), minus(times(2, top("v"), "m")), "c", PENALTY)
F, L = call("F", "m"), call("L", "W", "U")
X, EPS = name("x"), name(r"\epsilon")
ERROR = square(plus(call("f", "x"), minus("y")))
RATIO = over(square(S()), d())
NU = name(r"\nu", "i")
EI, EB = name("e", "i"), name("e", BEFORE)
ALPHA = plus(times(square("b"), plus(square(r"\sigma"), "d"), "A"), times(name(r"\gamma", "w"), EYE))
VOLUME = over(up(norm("v"), times(2, "D")), up(times(RHO, "a"), plus("D", minus(1))))

#: By what they are: the headline displays.
TARGETS: dict[str, Node] = {
    "data term": chain(
        Moment("E", X, Moment("E", EPS, ERROR)),
        ("=", plus(times("U", name("M", "D"), top("U")), minus(times(2, "U", TD, "v")), "c")),
    ),
    "moments": Together(
        (
            chain(name("M", 0), ("=", "A")),
            chain(name("S", "i"), ("=", times(W(), name("M", BEFORE), top(W())))),
            chain(
                name("M", "i"),
                ("=", plus(name("S", "i"), times(square(S()), Apply("Diag", name("S", "i"))))),
            ),
        )
    ),
    "layerwise bound": Together(
        (
            chain(name("M", "D"), (r"\succeq", times(RHO, TD, "A", top(TD)))),
            chain(RHO, ("=", total(plus(1, RATIO), "prod"))),
        )
    ),
    "global minimum": Together(
        (
            chain(L, (r"\ge", F), (":=", REDUCED)),
            chain("m", ("=", top(times("U", TD)))),
        )
    ),
    "attained": Together(
        (
            chain(W(), ("=", times(Root(over(r"\kappa", G())), EI, top(EB)))),
            chain("U", ("=", times(Root(over(r"\kappa", GU)), top(name("e", "D"))))),
            chain(name("e", 0), ("=", over("m", norm("m")))),
            chain(EI, (r"\in", Signs(up(d(), negative(over(1, 2))), d()))),
            chain(r"\kappa", ("=", times(BAR, up(norm("m"), over(2, D1))))),
        )
    ),
    "least": chain(
        Extremum("min", Together((name("W"), name("U"))), L),
        ("=", Extremum("min", name("m"), F)),
    ),
    "effective ridge": Equivalence(
        Together((chain(Gradient(F), ("=", 0)), chain("m", (r"\ne", 0)))),
        Together(
            (
                chain("m", ("=", times(RIDGE, "v"))),
                chain(
                    call(r"\varphi", LAM),
                    (":=", times(up(LAM, over(D1, "D")), square(norm(times(RIDGE, "v"))))),
                    ("=", TAU),
                ),
            )
        ),
    ),
    "value": chain(
        F,
        ("=", plus("c", minus(times(top("v"), "m")), times("D", LAM, square(norm("m"))))),
    ),
    "dual": chain(
        Extremum("min", name("m"), F),
        (
            "=",
            Extremum(
                "inf",
                chain(LAM, (">", 0)),
                plus(
                    "c",
                    minus(times(top("v"), RIDGE, "v")),
                    times("D", TAU, up(LAM, negative(over(1, "D")))),
                ),
            ),
        ),
    ),
    "two layers": Together(
        (
            chain("U", ("=", times("b", top("r")))),
            chain("W", ("=", times("b", "r", top("v"), inverse(ALPHA)))),
            chain("r", (r"\in", Signs(node(1), node("d")))),
        )
    ),
    "two layers, norm": Together(
        (
            chain("b", (r"\ne", 0)),
            chain(square(norm(times(inverse(ALPHA), "v"))), ("=", over(GU, name(r"\gamma", "w")))),
        )
    ),
    "solvable": chain(square(norm("v")), (">", times(GU, name(r"\gamma", "w")))),
    "origin": chain(
        Gradient(call("L", 0), 2),
        (
            "=",
            times(
                2,
                DirectSum((total(Kronecker((times(G(), EYE), node(EYE))), "bigoplus"), times(GU, EYE))),
            ),
        ),
        (r"\succ", 0),
    ),
    "bad origin": chain(
        times(D1, BAR, up(over(up(norm("v"), 3), times(RHO, top("v"), "A", "v")), over(2, D1))),
        ("<", over(up(norm("v"), 4), times(RHO, top("v"), "A", "v"))),
    ),
    "variance": chain(
        Moment("E", X, Moment("Var", EPS, call("f", "x"))),
        ("=", times(plus(RHO, minus(1)), top("m"), "A", "m")),
        (r"\le", times(over(plus(RHO, minus(1)), square(RHO)), top("v"), Pseudoinverse(node("A")), "v")),
        (r"\le", VAPV),
    ),
    "variance, small noise": chain(
        Moment("E", X, Moment("Var", EPS, call("f", "x"))),
        (r"\le", times(top("v"), Pseudoinverse(node("A")), "v", total(RATIO))),
    ),
    "variance, large noise": chain(
        Moment("E", X, Moment("Var", EPS, call("f", "x"))),
        (r"\le", over(VAPV, plus(1, total(RATIO)))),
    ),
    "series": Together(
        (
            chain(
                r"\zeta",
                (
                    "=",
                    total(
                        times(
                            over(1, plus(times("t", "k"), 1)),
                            Binomial(plus(times("t", "k"), 1), name("k")),
                            up("q", "k"),
                        ),
                        high=r"\infty",
                    ),
                ),
            ),
            chain(0, (r"\le", "q"), (r"\le", name("q", r"\mathrm{sp}"))),
        )
    ),
    "transition": chain(
        times(GU, total(G(), "prod")),
        (
            r"\le",
            times(over(up(plus("D", minus(1)), plus("D", minus(1))), up("D", times(2, "D"))), VOLUME),
        ),
    ),
    "spinodal": chain(
        times(GU, total(G(), "prod")),
        (
            r"\le",
            times(
                over(
                    times(up(D1, D1), up(plus("D", minus(1)), plus("D", minus(1)))),
                    up(times(2, "D"), times(2, "D")),
                ),
                VOLUME,
            ),
        ),
    ),
    "several outputs": chain(
        Extremum("min", Together((name("W"), name("U"))), L),
        (
            "=",
            plus(
                "c",
                Fold(
                    "sum",
                    name("p"),
                    Number(1),
                    name("r"),
                    Extremum(
                        "min",
                        chain("z", (r"\ge", 0)),
                        plus(
                            times("a", square("z")),
                            minus(times(2, name("s", "p"), "z")),
                            times(D1, BAR, up("z", over(2, D1))),
                        ),
                    ),
                ),
            ),
        ),
    ),
    "hessian": Together(
        (
            chain(
                Gradient(L, 2),
                (
                    r"\cong",
                    DirectSum(
                        (
                            name("H", 0),
                            total(Kronecker((name("H", "i"), name("I", plus(d(), minus(1))))), "bigoplus"),
                        )
                    ),
                ),
            ),
            chain(
                name("H", "i"),
                (
                    "=",
                    times(
                        2,
                        up(name(r"\Gamma", "i"), over(1, 2)),
                        Blocks(
                            (
                                (
                                    plus(EYE, times(NU, name("R", "i"))),
                                    negative(times(plus(EYE, minus(times(NU, name("R", "i")))), EB)),
                                ),
                                (
                                    negative(times(top(EB), plus(EYE, minus(times(NU, name("R", "i")))))),
                                    plus(1, times(NU, top(EB), name("R", "i"), EB)),
                                ),
                            )
                        ),
                        up(name(r"\Gamma", "i"), over(1, 2)),
                    ),
                ),
            ),
        )
    ),
    "determinant": chain(
        Apply("det", name("B")),
        (
            "=",
            times(
                up(2, "D"),
                "D",
                call("H'", "u"),
                Apply("det", plus(EYE, "R")),
                up(name(r"\gamma", 1), "d"),
                total(G(), "prod", low=2),
            ),
        ),
    ),
    "hessian of F": chain(
        Gradient(F, 2),
        (
            "=",
            times(
                2,
                plus(times(RHO, "A"), times(LAM, EYE), minus(times("t", LAM, r"\hat{m}", top(r"\hat{m}")))),
            ),
        ),
    ),
    "limit": chain(
        Limit(name(LAM), name(r"\infty"), call(r"\varphi", LAM)),
        ("=", 0),
    ),
    "derivative": chain(
        Partial(L, GU),
        ("=", square(Norm(name("U"), frobenius=True))),
        (r"\le", Absolute(plus(Apply("ln", name(LAM)), minus(Apply("tr", plus("A", "B")))))),
    ),
}
