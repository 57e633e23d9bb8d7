r"""LaTeX of displays into nodes: a second opinion on the text, written apart from every printer.

A recursive descent, without a step back.  It keeps the author's order and grouping, drops brackets that
change nothing, and refuses what is unknown or what two readers may take in two ways: a second slash, a
factor after ``\ln x``, a power of a fraction, ``W_{ij}``, factors parted by a quad or by a new row.

    display = claims [\iff claims]
    claims  = chain {, \quad chain}
    chain   = sum {relation sum}
    sum     = [-] direct {(+ | -) direct}
    direct  = tensor {\oplus tensor}
    tensor  = product {\otimes product}
    product = [factor [/ factor] {[\cdot] factor [/ factor]}] [operator tensor]
    factor  = (name [(sum {, sum})] | atom) {' | _{sum {, sum}} | ^{sum}}
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from symderive.displays.nodes import (
    Chain,
    DirectSum,
    Equivalence,
    Extremum,
    Fold,
    Kronecker,
    Limit,
    Link,
    Moment,
    Name,
    Node,
    Product,
    Quotient,
    Sign,
    Sum,
    Term,
    Together,
)
from symderive.displays.reading.factors import Factors, flat
from symderive.displays.reading.tokens import NOTHING, QUAD

_RELATIONS = {
    "=": Sign.EQUAL,
    ":=": Sign.DEFINED,
    "<": Sign.LESS,
    ">": Sign.GREATER,
    r"\le": Sign.AT_MOST,
    r"\leq": Sign.AT_MOST,
    r"\ge": Sign.AT_LEAST,
    r"\geq": Sign.AT_LEAST,
    r"\ne": Sign.DIFFERENT,
    r"\neq": Sign.DIFFERENT,
    r"\succeq": Sign.MATRIX_AT_LEAST,
    r"\preceq": Sign.MATRIX_AT_MOST,
    r"\succ": Sign.POSITIVE_DEFINITE,
    r"\in": Sign.IN,
    r"\cong": Sign.CONGRUENT,
}
_EQUIVALENCES = (r"\iff", r"\Leftrightarrow")
_AND = r"\text{and}"
_FOLDS = {r"\sum": "sum", r"\prod": "prod", r"\bigoplus": "bigoplus"}
_EXTREMA = {r"\min": "min", r"\max": "max", r"\inf": "inf", r"\sup": "sup"}
_MOMENTS = {r"\mathbb{E}": "E", r"\operatorname{Var}": "Var"}
_LIMIT = r"\lim"
_INFINITY = Name(r"\infty")


def read(tex: str, functions: Collection[str] = ()) -> Node:
    r"""The nodes of a display.

    ``functions`` are the names that take arguments, without subscripts and primes: one of them before a
    round bracket is a call, any other name a factor.  What amsmath displays add is skipped: environments,
    rows, labels, sizes of brackets, a final full stop or comma.  Raises :class:`InputError` where the
    text leaves the language.

    >>> read(r"2 a_{k}")
    Product(factors=(Number(value=2), Name(tex='a', subscripts=(Name(tex='k', subscripts=()),))))
    """
    reader = _Reader(tex, frozenset(functions))
    try:
        return reader.display()
    except RecursionError:  # it was called from deep down
        return reader.fail("brackets are nested too deeply")


class _Reader(Factors):
    """One method for each rule of the grammar."""

    # Claims --------------------------------------------------------------------------------------

    def display(self) -> Node:
        node = self.claims()
        if self.peek() in _EQUIVALENCES:
            self.claimed(node)
            self.take()
            node = Equivalence(node, self.claimed(self.claims()))
            if self.peek() in _EQUIVALENCES:
                self.fail("a second equivalence")
        if self.peek():
            self.fail(f"{self.peek()} is not expected")
        return node

    def claims(self) -> Node:
        found = [self.chain()]
        while self.parted():
            self.claimed(found[-1])
            self.step_over_parting()
            found.append(self.claimed(self.chain()))
        return Together(tuple(found)) if len(found) > 1 else found[0]

    def claimed(self, node: Node) -> Node:
        return node if isinstance(node, Chain | Together) else self.fail("a claim without a relation")

    def parted(self) -> bool:
        return self.peek() in (",", ";", _AND)

    def step_over_parting(self) -> None:
        if self.take() == _AND:
            return
        if not self.skip(_AND) and self.gap() == NOTHING:
            self.fail(r"a comma between claims is followed by \quad")

    def chain(self) -> Node:
        first = self.sum()
        links = []
        while self.peek() in _RELATIONS:
            links.append(Link(_RELATIONS[self.take()], self.sum()))
        return Chain(first, tuple(links)) if links else first

    # Sums and products ---------------------------------------------------------------------------

    def sum(self) -> Node:
        terms: list[Term] = []
        negative = self.skip("-")
        while True:
            body = self.direct()
            if isinstance(body, Sum) and not negative:
                terms += body.terms
            else:
                terms.append(Term(body, negative))
            if self.peek() not in ("+", "-"):
                break
            negative = self.take() == "-"
        return Sum(tuple(terms)) if len(terms) > 1 or terms[0].negative else terms[0].body

    def direct(self) -> Node:
        parts = [self.tensor()]
        while self.skip(r"\oplus"):
            parts.append(self.tensor())
        return flat(DirectSum, parts)

    def tensor(self) -> Node:
        factors = [self.product()]
        while self.skip(r"\otimes"):
            factors.append(self.product())
        return flat(Kronecker, factors)

    def product(self) -> Node:
        factors: list[Node] = []
        while True:
            if operator := self.operator():
                factors.append(self.nested(operator))
                break
            factors.append(self.quotient())
            if self.peek() == r"\cdot":
                self.complete()
                self.take()
            elif not self.starts_factor():
                break
            else:
                self.complete()
                self.beside()
        return flat(Product, factors)

    def beside(self) -> None:
        """Whether the next token may stand beside the factor before it."""
        if self.gap() == QUAD:
            self.fail(r"factors are parted by a quad or a new row; write \cdot or a comma")
        if self.peek().isdigit() and self.tokens[self.at - 1].text.isdigit():
            self.fail(r"numbers side by side; write \cdot or braces")

    def quotient(self) -> Node:
        node = self.factor()
        if self.peek() == "/":
            self.complete()
            self.take()
            node = Quotient(node, self.factor())
            if self.peek() == "/":
                self.fail("a second slash")
        return node

    # Operators that take all factors that follow -------------------------------------------------

    def operator(self) -> Callable[[], Node] | None:
        token = self.peek()
        if token in _FOLDS:
            return self.fold
        if token in _EXTREMA:
            return self.extremum
        if token in _MOMENTS:
            return self.moment
        return self.limit if token == _LIMIT else None

    def begins_operator(self) -> bool:
        return self.operator() is not None

    def fold(self) -> Node:
        kind = _FOLDS[self.take()]
        ends: dict[str, Node] = {}
        index = None
        while self.peek() in ("_", "^") and self.peek() not in ends:
            script = self.take()
            if script == "^":
                ends[script] = self.argument(self.sum)
                continue
            self.take("{")
            index = self.bare_name()
            endless = self.take("=", r"\ge", r"\geq") != "="
            ends[script] = self.sum()
            self.take("}")
            if endless:
                if "^" in ends or self.peek() == "^":
                    self.fail("a sum from a number on has no other end")
                ends["^"] = _INFINITY
        if index is None or len(ends) < 2:
            self.fail(f"a {kind} without an index or an end")
        if kind != "prod":
            return Fold(kind, index, ends["_"], ends["^"], self.tensor())
        body = self.product()
        if self.peek() == r"\otimes":
            self.fail(r"brackets are missing between \prod and \otimes")
        return Fold(kind, index, ends["_"], ends["^"], body)

    def extremum(self) -> Node:
        kind = _EXTREMA[self.take()]
        if self.peek() != "_":
            self.fail(f"a {kind} without a name below it")
        self.take()
        found = self.argument(self.range)
        return Extremum(kind, found if isinstance(found, Together) else self.ranged(found), self.body())

    def range(self) -> Node:
        found = [self.chain()]
        while self.skip(","):
            found.append(self.chain())
        return Together(tuple(map(self.ranged, found))) if len(found) > 1 else found[0]

    def ranged(self, node: Node) -> Node:
        subject = node.first if isinstance(node, Chain) else node
        return node if isinstance(subject, Name) else self.fail("expected a name or a claim about one")

    def moment(self) -> Node:
        kind = _MOMENTS[self.take()]
        if self.peek() != "_":
            self.fail(f"{kind} without what it is taken over")
        self.take()
        over = self.named_only(self.argument(self.bare_name))
        return Moment(kind, over, self.body())

    def limit(self) -> Node:
        self.take()
        self.take("_")
        self.take("{")
        variable = self.bare_name()
        self.take(r"\to")
        target = self.sum()
        self.take("}")
        return Limit(variable, target, self.body())

    def body(self) -> Node:
        r"""All that follows an operator; nothing may follow square brackets or braces."""
        if self.peek() not in ("[", r"\{") or self.peek(1) == r"\pm":
            return self.tensor()
        node = self.bracket()
        if self.peek() in ("^", "_", "'", "/", r"\cdot", r"\otimes") or self.starts_factor():
            self.fail("it is not clear whether the operator takes what follows its brackets")
        return node
