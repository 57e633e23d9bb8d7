"""What factors are made of: names, calls, numbers, brackets, scripts, fractions, blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symderive.displays.nodes import (
    Absolute,
    Apply,
    Binomial,
    Blocks,
    Call,
    DirectSum,
    Gradient,
    Inverse,
    Kronecker,
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
    Signs,
    Sum,
    Term,
    Transpose,
)
from symderive.displays.reading.cursor import LETTERS, Cursor

_MOST_DIGITS = 40

_ACCENTS = frozenset([r"\hat", r"\bar", r"\tilde"])
_FONTS = (r"\mathbb{", r"\mathbf{", r"\mathcal{")
_EXPECTATION = r"\mathbb{E}"
_FRACTIONS = frozenset([r"\frac", r"\tfrac", r"\dfrac"])
_BINOMIALS = frozenset([r"\binom", r"\tbinom", r"\dbinom"])
_OPERATORS = {
    r"\operatorname{Diag}": "Diag",
    r"\operatorname{tr}": "tr",
    r"\det": "det",
    r"\ln": "ln",
    r"\exp": "exp",
}
#: Words that print like an operator, a moment, an extremum or a limit.
_TAKEN = frozenset([*_OPERATORS.values(), "Var", "min", "max", "inf", "sup", "lim", "log", "diag"])
#: These are often written without brackets, so that a power after brackets may belong to the argument.
_WITHOUT_BRACKETS = frozenset(["ln", "exp"])
_BRACKETS = {"(": ")", "[": "]", r"\{": r"\}"}
_NORMS = {r"\lVert": r"\rVert", r"\|": r"\|"}
_BARS = {r"\lvert": r"\rvert", "|": "|"}
_MATRIX = (r"\begin{pmatrix}", r"\end{pmatrix}")
#: Where a column is narrow it stands in round brackets.
_SMALL_MATRIX = (r"\begin{smallmatrix}", r"\end{smallmatrix}")
_BEGINS = frozenset([*_FRACTIONS, *_BINOMIALS, *_OPERATORS, *_BRACKETS, *_ACCENTS, _MATRIX[0]])
_BEGINS |= {r"\sqrt", r"\nabla", r"\partial", r"\lVert", r"\lvert"}

#: What a derivative is written with: the second, of a function of one variable.
_DIFFERENTIALS = (r"\partial", r"\mathrm{d}")

_MINUS_ONE = Sum((Term(Number(1), True),))


def flat(kind: type[Product | Kronecker | DirectSum], parts: Sequence[Node]) -> Node:
    """One node of ``kind`` for all parts, those of the same kind among them taken apart."""
    found: list[Node] = []
    for part in parts:
        if isinstance(part, Product | Kronecker) and isinstance(part, kind):
            found += part.factors
        elif isinstance(part, DirectSum) and isinstance(part, kind):
            found += part.parts
        else:
            found.append(part)
    return kind(tuple(found)) if len(found) > 1 else found[0]


@dataclass(frozen=True)
class _Scripts:
    """What hangs on a factor."""

    primes: int = 0
    below: tuple[Node, ...] = ()
    above: Callable[[Node], Node] | None = None

    def on(self, node: Node) -> Node:
        return self.above(node) if self.above else node


class Factors(Cursor):
    """The rules for factors."""

    def sum(self) -> Node:
        raise NotImplementedError

    def product(self) -> Node:
        raise NotImplementedError

    def begins_operator(self) -> bool:
        raise NotImplementedError

    # Factors -------------------------------------------------------------------------------------

    def starts_factor(self) -> bool:
        token = self.peek()
        if token in ("|", r"\|"):
            return self.closing != token
        return bool(token) and (
            (token.isascii() and token.isdecimal())
            or token in _BEGINS
            or self.begins_symbol()
            or self.begins_operator()
        )

    def begins_symbol(self) -> bool:
        token = self.peek()
        if token == _EXPECTATION:
            return False
        return token in LETTERS or token in _ACCENTS or token.startswith((*_FONTS, r"\mathrm{"))

    def factor(self) -> Node:
        return self.nested(self._factor)

    def _factor(self) -> Node:
        token = self.peek()
        if self.begins_operator():
            self.fail(f"brackets are missing around what begins with {token}")
        if self.begins_symbol():
            return self.named()
        if token.isascii() and token.isdecimal():
            return self.raised(self.number())
        if token == "(" and self.peek(1) == _SMALL_MATRIX[0]:
            return self.raised(self.inside("(", ")", lambda: self.blocks(_SMALL_MATRIX)))
        if token in _BRACKETS:
            return self.signs() if self.peek(1) == r"\pm" else self.raised(self.bracket())
        if token in _NORMS or token in _BARS:
            return self.bars()
        if token in _FRACTIONS:
            return self.fraction()
        if token in _OPERATORS:
            return self.applied()
        rules = {r"\sqrt": self.root, r"\nabla": self.gradient, r"\partial": self.slashed_partial}
        rules |= dict.fromkeys(_BINOMIALS, self.binomial) | {
            _MATRIX[0]: lambda: self.raised(self.blocks(_MATRIX))
        }
        if token in rules:
            return rules[token]()
        if token == "-":
            self.fail("brackets are missing around a negative factor")
        return self.fail(f"{token} is not expected" if token else "expected more")

    def number(self) -> Node:
        digits = self.take()
        while self.peek().isdecimal() and self.tokens[self.at].start == self.tokens[self.at - 1].start + 1:
            digits += self.take()
        if not digits.isascii() or len(digits) > _MOST_DIGITS or (digits[0] == "0" and len(digits) > 1):
            self.fail("a number of too many digits, or one that begins with 0,")
        return Number(int(digits))

    def symbol(self) -> str:
        if not self.begins_symbol():
            self.fail("expected a name")
        token = self.take()
        if token in _ACCENTS:
            braced = self.skip("{")
            if not (self.peek() in LETTERS or (braced and self.peek().startswith(_FONTS))):
                self.fail(f"{token} stands on one letter")
            token = f"{token}{{{self.take()}}}"
            if braced:
                self.take("}")
        elif token.startswith(r"\mathrm{") and not (token[8:-1].isascii() and token[8:-1].isalpha()):
            self.at -= 1
            self.fail("a word is made of letters")
        elif token.startswith(r"\mathrm{") and token[8:-1] in _TAKEN and not self.below:
            self.at -= 1
            self.fail(f"the name {token[8:-1]} looks like the function of that name")
        return token

    def named(self, *, may_rise: bool = True) -> Node:
        """A name with its scripts, or a call."""
        head = self.symbol()
        scripts = self.scripts()
        name = Name(head + "'" * scripts.primes, scripts.below)
        node: Node = name
        if not self.functions.isdisjoint((head, name.tex)) and self.peek() in _BRACKETS:
            if scripts.above:
                self.fail("the exponent of a function stands behind its arguments; it is not clear")
            if self.peek() != "(":
                self.fail("arguments stand in round brackets")
            node = Call(name, self.inside("(", ")", self.list))
            scripts = self.only_raised()
        if scripts.above and not may_rise:
            self.fail("brackets are missing around what is raised before it")
        return scripts.on(node)

    def bare_name(self) -> Name:
        return self.named_only(self.factor())

    def named_only(self, node: Node) -> Name:
        return node if isinstance(node, Name) else self.fail("expected a name before it")

    def list(self) -> tuple[Node, ...]:
        found = [self.sum()]
        while self.skip(","):
            found.append(self.sum())
        return tuple(found)

    # Scripts -------------------------------------------------------------------------------------

    def scripts(self) -> _Scripts:
        primes, raised = 0, False
        below: tuple[Node, ...] = ()
        above: Callable[[Node], Node] | None = None
        while (token := self.peek()) in ("'", "_", "^"):
            if (token == "_" and below) or (token != "_" and raised):
                self.fail("a second script")
            if token == "_":
                below = self.subscripts()
            elif token == "'":
                self.take()
                primes += 1
            else:
                raised = True
                if spelled := self.spelled_primes():
                    if primes:
                        self.fail("a second script")
                    primes = spelled
                else:
                    above = self.superscript()
        return _Scripts(primes, below, above)

    def only_raised(self) -> _Scripts:
        """An exponent or none, where nothing else may hang."""
        scripts = self.scripts()
        if scripts.primes or scripts.below:
            self.fail("only names have subscripts and primes, but there is one before it")
        return scripts

    def raised(self, node: Node) -> Node:
        return self.only_raised().on(node)

    def subscripts(self) -> tuple[Node, ...]:
        self.take("_")
        self.below += 1
        found = self.argument(self.list)
        self.below -= 1
        nodes = found if isinstance(found, tuple) else (found,)
        for node in nodes:
            terms = [term.body for term in node.terms] if isinstance(node, Sum) else [node]
            for term in terms:
                factors = term.factors if isinstance(term, Product) else ()
                if sum(not isinstance(factor, Number) for factor in factors) > 1:
                    self.fail("letters side by side in a subscript; part them by a comma")
        return nodes

    def spelled_primes(self) -> int:
        if self.skip("^", r"\prime"):
            return 1
        count = 0
        while self.peek(2 + count) == r"\prime" and self.peek(1) == "{":
            count += 1
        if count:
            self.at += 2 + count
            self.take("}")
        return count

    def superscript(self) -> Callable[[Node], Node]:
        self.take("^")
        for sign, wrap in ((r"\top", Transpose), ("+", self.pseudoinverse)):
            if self.skip("{", sign, "}") or self.skip(sign):
                return wrap
        if self.skip("{", "-", r"\top", "}"):
            return lambda node: Transpose(Inverse(node))
        exponent = self.argument(self.sum)
        if exponent == _MINUS_ONE:
            return Inverse
        return lambda node: Power(node, exponent)

    def pseudoinverse(self, node: Node) -> Node:
        return self.fail("a plus above a number") if isinstance(node, Number) else Pseudoinverse(node)

    # Brackets and bars ---------------------------------------------------------------------------

    def bracket(self) -> Node:
        opening = self.peek()
        return self.inside(opening, _BRACKETS[opening], self.sum)

    def signs(self) -> Node:
        self.take(r"\{")
        self.take(r"\pm")
        scale = self.product()
        self.take(r"\}")
        self.take("^")
        return Signs(scale, self.argument(self.sum))

    def bars(self) -> Node:
        opening = self.peek()
        closing = (_NORMS | _BARS)[opening]
        if self.closing == closing == opening:
            self.fail(f"it is not clear whether {opening} opens or closes")
        body = self.inside(opening, closing, self.sum)
        if opening in _BARS:
            return self.raised(Absolute(body))
        scripts = self.scripts()
        if scripts.primes or scripts.below not in ((), (Name("F"),)):
            self.fail("a norm has no script but F and an exponent, but there is one before it")
        return scripts.on(Norm(body, bool(scripts.below)))

    # Fractions, roots, operators, blocks ---------------------------------------------------------

    def fraction(self) -> Node:
        self.take()
        if self.peek() == "{" and self.peek(1) in _DIFFERENTIALS and self.peek(2) != "}":
            sign = self.peek(1)
            body = self.inside("{", "}", lambda: self.differential(sign))
            by = self.inside("{", "}", lambda: self.differential(sign))
            node: Node = Partial(body, self.named_only(by))
        else:
            above = self.argument(self.sum)
            node = Quotient(above, self.argument(self.sum))
        if self.peek() in ("^", "_", "'"):
            self.fail("brackets are missing around the fraction before it")
        return node

    def differential(self, sign: str = r"\partial") -> Node:
        self.take(sign)
        return self.named(may_rise=False)

    def slashed_partial(self) -> Node:
        body = self.differential()
        self.take("/")
        node = Partial(body, self.named_only(self.differential()))
        self.loose_end = self.at
        return node

    def root(self) -> Node:
        self.take()
        return self.raised(Root(self.argument(self.sum)))

    def binomial(self) -> Node:
        self.take()
        above = self.argument(self.sum)
        return self.raised(Binomial(above, self.argument(self.sum)))

    def applied(self) -> Node:
        operator = _OPERATORS[self.take()]
        if self.peek() != "(":
            node = Apply(operator, self.factor())
            self.loose_end = self.at
            return node
        node = Apply(operator, self.bracket())
        if operator in _WITHOUT_BRACKETS and self.peek() == "^":
            self.fail("it is not clear whether the function or its argument is raised")
        return self.raised(node)

    def gradient(self) -> Node:
        self.take()
        order = 2 if self.skip("^", "{", "2", "}") or self.skip("^", "2") else 1
        if not self.begins_symbol():
            self.fail("a gradient is of a name or a call")
        return Gradient(self.named(may_rise=False), order)

    def blocks(self, environment: tuple[str, str]) -> Node:
        return Blocks(self.inside(*environment, self.rows))

    def rows(self) -> tuple[tuple[Node, ...], ...]:
        rows = [[self.sum()]]
        while self.peek() in ("&", r"\\"):
            if self.take() == "&":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        if len({len(row) for row in rows}) > 1:
            self.fail("rows of different lengths")
        return tuple(map(tuple, rows))
