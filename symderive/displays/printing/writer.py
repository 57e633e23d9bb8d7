"""The walk over nodes that every printer of displays makes: what is written where, and in which brackets.

How tightly things bind is one table, :class:`Level`, for all forms; brackets are computed from it, never
from the text.  A form says how a piece looks by overriding the methods at the end.  A node that means
nothing, such as a product of one factor, is refused, because it would print like another node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Any, Self

from symderive.displays import nodes as n
from symderive.displays.printing.form import Form, Gap, Style
from symderive.displays.printing.spacing import gap, is_bare, is_simple, scalar_prefix, speaks_of
from symderive.displays.printing.spelling import spelled
from symderive.errors import InputError


class Level(IntEnum):
    """How tightly the outermost operation binds."""

    TOGETHER = 0
    EQUIVALENCE = 1
    CHAIN = 2
    SUM = 3
    DIRECT = 4
    KRONECKER = 5
    PRODUCT = 6
    OPEN = 7  # a sign that takes all factors to its right
    FACTOR = 8  # complete, but a power of it needs brackets
    ATOM = 9


class Reach(IntEnum):
    """How far the last sign of a piece reaches to the right, as a reader sees it."""

    NOWHERE = 0
    FACTORS = 1
    UNCLEAR = 2  # bracketed before a further term, where people would take the term along


#: Sizes of a piece: plain, holding brackets of one, two, three sizes, and tall.
PLAIN, TALL = 0, 4


@dataclass(frozen=True)
class Piece:
    """A node in print: its text, how tightly it binds, its height, and how far it reaches."""

    text: str
    level: Level = Level.ATOM
    size: int = PLAIN
    reach: Reach = Reach.NOWHERE


_BRACKETS = {"(": ")", "[": "]", "{": "}"}


class Writer(Form):
    """Writes one node; a form of print is a subclass."""

    def write(self, node: n.Node) -> Piece:
        """The node in print; :class:`InputError` for one that means nothing."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise InputError(f"{type(node).__name__} is no node of a display, so it cannot be printed.")
        return rule(self, node)

    def _at(self, style: Style) -> Self:
        return type(self)(style)

    def _script(self, node: n.Node) -> str:
        return self._at(Style.SCRIPT)._expression(node).text

    def _expression(self, node: n.Node) -> Piece:
        piece = self.write(node)
        if piece.level < Level.SUM:
            raise InputError(f"The claim {piece.text} stands where a display needs an expression.")
        return piece

    def _bracketed(self, piece: Piece, left: str = "(") -> Piece:
        size = piece.size if self.style is Style.DISPLAY or piece.size == TALL else PLAIN
        text = self.fence(left, _BRACKETS[left], piece.text, size)
        return Piece(text, Level.ATOM, min(TALL, piece.size + 1))

    def _above(self, node: n.Node, level: Level) -> Piece:
        """The node, in brackets unless it binds more tightly than ``level``."""
        piece = self._expression(node)
        return piece if piece.level > level else self._bracketed(piece)

    # -- names and calls -----------------------------------------------------------------------------------

    def _number(self, node: n.Number) -> Piece:
        if type(node.value) is not int or node.value < 0:
            raise InputError(f"A number of a display is natural, and {node.value!r} is not.")
        return Piece(str(node.value))

    def _name(self, node: n.Name) -> Piece:
        name = spelled(node.tex)
        text = self.name(name, [self._script(index) for index in node.subscripts])
        return Piece(text, Level.FACTOR if name.primes else Level.ATOM)

    def _call(self, node: n.Call) -> Piece:
        if not node.arguments:
            raise InputError(f"{node.name.tex} is called without arguments.")
        pieces = [self._expression(argument) for argument in node.arguments]
        return self._called(self._name(node.name).text, pieces)

    def _called(self, head: str, arguments: Sequence[Piece]) -> Piece:
        size = max(argument.size for argument in arguments)
        inside = Piece(", ".join(argument.text for argument in arguments), Level.ATOM, size)
        text = self.call(head, self._bracketed(inside).text)
        return Piece(text, Level.ATOM, min(TALL, size + 1) if size else PLAIN)

    def _apply(self, node: n.Apply) -> Piece:
        if node.operator not in n.OPERATORS:
            raise InputError(f"There is no operator {node.operator!r} in displays.")
        if is_bare(node):
            body = self.write(node.body)
            return Piece(self.bare(node.operator, body.text), Level.FACTOR, body.size)
        return self._applied(node)

    def _applied(self, node: n.Apply) -> Piece:
        piece = self._called(self.operator(node.operator), [self._expression(node.body)])
        return replace(piece, level=Level.FACTOR)

    def _gradient(self, node: n.Gradient) -> Piece:
        if node.order not in (1, 2):
            raise InputError(f"A gradient has order 1 or 2, not {node.order!r}.")
        body = self._expression(node.body)
        if not isinstance(node.body, n.Call | n.Name):
            body = self._bracketed(body)
        return Piece(self.gradient(body.text, node.order), Level.FACTOR, body.size)

    def _partial(self, node: n.Partial) -> Piece:
        inner = self._at(Style.INLINE)
        body = inner._expression(node.body)
        if not isinstance(node.body, n.Call | n.Name):
            body = inner._bracketed(body)
        ordinary = isinstance(node.body, n.Call) and node.body.arguments == (node.by,)
        text = self.partial(body.text, inner._name(node.by).text, ordinary=ordinary)
        return Piece(text, Level.FACTOR if self.stacked else Level.PRODUCT, self._stacked_size())

    # -- sums, products, quotients -------------------------------------------------------------------------

    def _sum(self, node: n.Sum) -> Piece:
        terms = node.terms
        if not terms or (len(terms) == 1 and not terms[0].negative):
            raise InputError("A sum needs two terms, or one that is negative.")
        text, size, reach = "", PLAIN, Reach.NOWHERE
        for position, term in enumerate(terms):
            if isinstance(term.body, n.Sum) and not term.negative:
                raise InputError("A sum stands inside a sum; write all terms in one.")
            piece = self._above(term.body, Level.DIRECT)
            if piece.reach is Reach.UNCLEAR and position < len(terms) - 1:
                piece = self._bracketed(piece)
            text = self.term(text, piece.text, negative=term.negative)
            size, reach = max(size, piece.size), piece.reach
        return Piece(text, Level.SUM, size, reach)

    def _product(self, node: n.Product) -> Piece:
        factors = node.factors
        if len(factors) < 2 or any(isinstance(factor, n.Product) for factor in factors):
            raise InputError("A product needs two factors, none of them a product.")
        pieces = [self._factor(factor, last=False) for factor in factors[:-1]]
        pieces.append(self._factor(factors[-1], last=True))
        prefix = scalar_prefix(factors)
        pairs = zip(pairwise(factors), pieces[1:], strict=True)
        gaps = [
            gap(left, right, piece.text, ends_prefix=at == prefix)
            for at, ((left, right), piece) in enumerate(pairs, 1)
        ]
        text = self.product([piece.text for piece in pieces], gaps)
        return Piece(text, Level.PRODUCT, max(piece.size for piece in pieces), pieces[-1].reach)

    def _factor(self, node: n.Node, *, last: bool) -> Piece:
        if isinstance(node, n.Apply) and not last:
            return self._applied(node)
        if isinstance(node, n.Gradient) and isinstance(node.body, n.Name) and not last:
            return self._bracketed(self.write(node))
        return self._above(node, Level.PRODUCT if last else Level.OPEN)

    def _quotient(self, node: n.Quotient) -> Piece:
        if self.style is Style.DISPLAY and self.stacked:
            inner = self._at(Style.INLINE)
            above, below = inner._expression(node.above), inner._expression(node.below)
            return Piece(self.fraction(above.text, below.text), Level.FACTOR, TALL)
        sides = [self._side(node.above), self._side(node.below)]
        return Piece(self.slash(sides[0].text, sides[1].text), Level.PRODUCT, max(s.size for s in sides))

    def _side(self, node: n.Node) -> Piece:
        """A side of a slash, which is one factor."""
        return self._applied(node) if isinstance(node, n.Apply) else self._above(node, Level.OPEN)

    def _binomial(self, node: n.Binomial) -> Piece:
        inner = self._at(Style.INLINE)
        text = self.binomial(inner._expression(node.above).text, inner._expression(node.below).text)
        return Piece(text, Level.FACTOR, self._stacked_size())

    def _stacked_size(self) -> int:
        return TALL if self.style is Style.DISPLAY and self.stacked else PLAIN

    # -- scripts -------------------------------------------------------------------------------------------

    def _power(self, node: n.Power) -> Piece:
        if node.exponent == n.Sum((n.Term(n.Number(1), negative=True),)):
            raise InputError("A power of -1 is an Inverse.")
        return self._scripted(node.base, self._script(node.exponent))

    def _inverse(self, node: n.Inverse) -> Piece:
        return self._scripted(node.body, self.inverted)

    def _transpose(self, node: n.Transpose) -> Piece:
        if isinstance(node.body, n.Inverse):
            return self._scripted(node.body.body, self.inverted_transposed)
        return self._scripted(node.body, self.transposed)

    def _pseudoinverse(self, node: n.Pseudoinverse) -> Piece:
        return self._scripted(node.body, self.pseudoinverted)

    def _scripted(self, base: n.Node, script: str) -> Piece:
        nucleus = self._above(base, Level.FACTOR)
        return Piece(self.raised(nucleus.text, script), Level.FACTOR, nucleus.size)

    def _root(self, node: n.Root) -> Piece:
        simple = isinstance(node.body, n.Quotient) and is_simple(node.body)
        inner = self._at(Style.INLINE) if simple and self.style is Style.DISPLAY else self
        body = inner._expression(node.body)
        return Piece(self.root(body.text), Level.FACTOR, TALL if body.size == TALL else PLAIN)

    def _norm(self, node: n.Norm) -> Piece:
        body = self._expression(node.body)
        return Piece(self.norm(body.text, self._outer(body), frobenius=node.frobenius), size=body.size)

    def _absolute(self, node: n.Absolute) -> Piece:
        body = self._expression(node.body)
        return Piece(self.absolute(body.text, self._outer(body)), size=body.size)

    def _outer(self, body: Piece) -> int:
        """The size of bars, which need not grow around one pair of brackets."""
        return body.size if body.size == TALL else max(PLAIN, body.size - 1)

    def _signs(self, node: n.Signs) -> Piece:
        scale = self._above(node.scale, Level.KRONECKER)
        inside = self._bracketed(replace(scale, text=self.plus_minus(scale.text)), "{")
        return Piece(self.raised(inside.text, self._script(node.size)), Level.FACTOR, inside.size)

    # -- signs that take what follows ----------------------------------------------------------------------

    def _fold(self, node: n.Fold) -> Piece:
        if node.kind not in ("sum", "prod", "bigoplus"):
            raise InputError(f"There is no fold {node.kind!r} in displays.")
        endless = node.high == n.Name(r"\infty")
        sign = n.Sign.AT_LEAST if endless else n.Sign.EQUAL
        index, low = self._script(node.index), self._script(node.low)
        high = "" if endless else self._script(node.high)
        head = self.fold(node.kind, self.start(index, sign, low), high)
        # People would not take a last factor without the index into a product over it.
        strays = isinstance(node.body, n.Product) and not speaks_of(node.body.factors[-1], node.index)
        closed = node.kind == "prod" and strays
        return self._opened(head, node.body, size=self._stacked_size(), closed=closed)

    def _moment(self, node: n.Moment) -> Piece:
        if node.kind not in ("E", "Var"):
            raise InputError(f"There is no moment {node.kind!r} in displays.")
        head = self.moment(node.kind, self._script(node.over))
        if isinstance(node.body, n.Sum):
            body = self._bracketed(self._expression(node.body), "[")
            return Piece(self.call(head, body.text), Level.OPEN, body.size, Reach.FACTORS)
        apart = node.kind == "E" and not isinstance(node.body, n.Moment)
        return self._opened(head, node.body, apart=apart)

    def _extremum(self, node: n.Extremum) -> Piece:
        if node.kind not in ("min", "max", "inf", "sup"):
            raise InputError(f"There is no extremum {node.kind!r} in displays.")
        parts = node.over.claims if isinstance(node.over, n.Together) else (node.over,)
        over = ", ".join(self._at(Style.SCRIPT).write(part).text for part in parts)
        return self._opened(self.extremum(node.kind, over), node.body, left="{", reach=Reach.UNCLEAR)

    def _limit(self, node: n.Limit) -> Piece:
        head = self.limit(self._script(node.variable), self._script(node.target))
        return self._opened(head, node.body, reach=Reach.UNCLEAR)

    def _opened(
        self,
        head: str,
        body: n.Node,
        *,
        left: str = "(",
        size: int = PLAIN,
        reach: Reach = Reach.FACTORS,
        apart: bool = False,
        closed: bool = False,
    ) -> Piece:
        """A sign and what it takes, which is bracketed if it is a sum, or if it is to be ``closed``."""
        piece = self._expression(body)
        if closed or piece.level <= Level.KRONECKER:
            piece = self._bracketed(piece, left)
            reach = Reach.FACTORS
        text = self.taken(head, piece.text, Gap.THIN if apart or piece.text[0] == "(" else Gap.PLAIN)
        return Piece(text, Level.OPEN, max(size, piece.size), max(reach, piece.reach))

    # -- matrices ------------------------------------------------------------------------------------------

    def _blocks(self, node: n.Blocks) -> Piece:
        if not node.rows or not node.rows[0] or len({len(row) for row in node.rows}) > 1:
            raise InputError("A matrix of blocks needs rows of one length.")
        inner = self._at(Style.INLINE)
        rows = [[inner._expression(entry).text for entry in row] for row in node.rows]
        return Piece(self.matrix(rows), size=TALL)

    def _kronecker(self, node: n.Kronecker) -> Piece:
        return self._joined(node.factors, Level.KRONECKER, n.Kronecker)

    def _direct_sum(self, node: n.DirectSum) -> Piece:
        return self._joined(node.parts, Level.DIRECT, n.DirectSum)

    def _joined(self, parts: Sequence[n.Node], level: Level, kind: type[n.Node]) -> Piece:
        if len(parts) < 2 or any(isinstance(part, kind) for part in parts):
            raise InputError(
                "A Kronecker product or a direct sum needs two parts, none of them one itself."
            )
        pieces = [self._above(part, level) for part in parts]
        closed = [piece if not piece.reach else self._bracketed(piece) for piece in pieces[:-1]]
        text = self.matrix_sign(kronecker=level is Level.KRONECKER).join(
            p.text for p in (*closed, pieces[-1])
        )
        size = max(piece.size for piece in (*closed, pieces[-1]))
        return Piece(text, level, size, pieces[-1].reach)

    # -- claims --------------------------------------------------------------------------------------------

    def _chain(self, node: n.Chain) -> Piece:
        if not node.links:
            raise InputError("A chain needs a relation.")
        pieces = [self._expression(node.first), *(self._expression(link.node) for link in node.links)]
        text = pieces[0].text
        for link, piece in zip(node.links, pieces[1:], strict=True):
            text += f" {self.relation(link.sign)} {piece.text}"
        return Piece(text, Level.CHAIN, max(piece.size for piece in pieces))

    def _equivalence(self, node: n.Equivalence) -> Piece:
        left, right = self.write(node.left), self.write(node.right)
        levels = (left.level, right.level)
        if not all(level in (Level.TOGETHER, Level.CHAIN) for level in levels):
            raise InputError("The sides of an equivalence are claims, none of them an equivalence.")
        sign = self.iff_wide if Level.TOGETHER in levels else self.iff
        return Piece(f"{left.text} {sign} {right.text}", Level.EQUIVALENCE, max(left.size, right.size))

    def _together(self, node: n.Together) -> Piece:
        pieces = [self.write(claim) for claim in node.claims]
        if len(pieces) < 2 or any(piece.level is not Level.CHAIN for piece in pieces):
            raise InputError("Claims side by side are two relations or more.")
        return Piece(self.comma.join(piece.text for piece in pieces), Level.TOGETHER)


_RULES: dict[type[Any], Callable[[Any, Any], Piece]] = {
    n.Number: Writer._number,
    n.Name: Writer._name,
    n.Call: Writer._call,
    n.Sum: Writer._sum,
    n.Product: Writer._product,
    n.Quotient: Writer._quotient,
    n.Power: Writer._power,
    n.Inverse: Writer._inverse,
    n.Transpose: Writer._transpose,
    n.Pseudoinverse: Writer._pseudoinverse,
    n.Root: Writer._root,
    n.Norm: Writer._norm,
    n.Absolute: Writer._absolute,
    n.Apply: Writer._apply,
    n.Fold: Writer._fold,
    n.Moment: Writer._moment,
    n.Gradient: Writer._gradient,
    n.Partial: Writer._partial,
    n.Binomial: Writer._binomial,
    n.Blocks: Writer._blocks,
    n.Kronecker: Writer._kronecker,
    n.DirectSum: Writer._direct_sum,
    n.Signs: Writer._signs,
    n.Extremum: Writer._extremum,
    n.Limit: Writer._limit,
    n.Chain: Writer._chain,
    n.Equivalence: Writer._equivalence,
    n.Together: Writer._together,
}
