"""How a display looks in one form of print: the texts that the walk of a writer asks for.

A form overrides what it has its own way for; all texts are strings that are already in that form.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from symderive.displays import nodes as n
from symderive.displays.printing.spelling import Spelled


class Style(Enum):
    """Where a piece stands: alone on its line, in running text or a fraction, or in a script."""

    DISPLAY = "display"
    INLINE = "inline"
    SCRIPT = "script"


class Gap(Enum):
    """What stands between two factors."""

    PLAIN = "plain"
    THIN = "thin"
    TIGHT = "tight"
    DOT = "dot"


class Form:
    """The texts of one form of print."""

    #: Whether fractions are stacked in displays.
    stacked = True

    def __init__(self, style: Style = Style.DISPLAY) -> None:
        self.style = style

    transposed = inverted = inverted_transposed = pseudoinverted = ""
    iff = iff_wide = comma = ""

    def fence(self, left: str, right: str, body: str, size: int, /) -> str:
        """``body`` in brackets that fit a body of that size."""
        raise NotImplementedError

    def name(self, name: Spelled, subscripts: Sequence[str]) -> str:
        """A name with its subscripts."""
        raise NotImplementedError

    def call(self, head: str, arguments: str) -> str:
        """A head and its arguments, which come in brackets."""
        return f"{head}{arguments}"

    def operator(self, operator: str) -> str:
        """An operator without its argument."""
        raise NotImplementedError

    def bare(self, operator: str, body: str) -> str:
        """An operator and a letter."""
        return f"{self.operator(operator)} {body}"

    def gradient(self, body: str, order: int) -> str:
        """Nabla and what it acts on."""
        raise NotImplementedError

    def partial(self, body: str, by: str, *, ordinary: bool) -> str:
        """A derivative: partial, or of a function of one variable."""
        raise NotImplementedError

    def term(self, before: str, text: str, *, negative: bool) -> str:
        """A sum with one term more; ``before`` is empty for the first."""
        if not before:
            return f"-{text}" if negative else text
        sign = "-" if negative else "+"
        return f"{before}{sign}{text}" if self.style is Style.SCRIPT else f"{before} {sign} {text}"

    def product(self, factors: Sequence[str], gaps: Sequence[Gap], /) -> str:
        """Factors side by side, with what stands between them."""
        raise NotImplementedError

    def fraction(self, above: str, below: str) -> str:
        """A stacked fraction."""
        raise NotImplementedError

    def slash(self, above: str, below: str) -> str:
        """A fraction with a slash."""
        return f"{above}/{below}" if self.style is Style.SCRIPT else f"{above} / {below}"

    def binomial(self, above: str, below: str) -> str:
        """A binomial coefficient."""
        raise NotImplementedError

    def raised(self, base: str, script: str) -> str:
        """A base with a superscript."""
        raise NotImplementedError

    def root(self, body: str) -> str:
        """A square root."""
        raise NotImplementedError

    def norm(self, body: str, size: int, /, *, frobenius: bool) -> str:
        """A norm."""
        raise NotImplementedError

    def absolute(self, body: str, size: int, /) -> str:
        """An absolute value."""
        raise NotImplementedError

    def plus_minus(self, body: str) -> str:
        """Both signs of a number."""
        raise NotImplementedError

    def start(self, index: str, sign: n.Sign, low: str) -> str:
        """What stands below a fold."""
        relation = self.relation(sign)
        return f"{index}{relation}{low}" if sign is n.Sign.EQUAL else f"{index} {relation} {low}"

    def fold(self, kind: str, below: str, above: str) -> str:
        """A big sign with what stands below and above it; nothing above if ``above`` is empty."""
        raise NotImplementedError

    def moment(self, kind: str, over: str) -> str:
        """The sign of a mean or of a variance."""
        raise NotImplementedError

    def extremum(self, kind: str, over: str) -> str:
        """The sign of an extremum."""
        raise NotImplementedError

    def limit(self, variable: str, target: str) -> str:
        """The sign of a limit."""
        raise NotImplementedError

    def taken(self, head: str, body: str, gap: Gap, /) -> str:
        """A sign and what it takes."""
        raise NotImplementedError

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix in round brackets."""
        raise NotImplementedError

    def matrix_sign(self, *, kronecker: bool) -> str:
        """The sign of a Kronecker product or a direct sum, with its spaces."""
        raise NotImplementedError

    def relation(self, sign: n.Sign) -> str:
        """The sign of a relation."""
        raise NotImplementedError
