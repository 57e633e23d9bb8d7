"""How a display looks in one form of print: the texts that the walk of a writer asks for.

A form overrides what it has its own way for; all texts are strings that are already in that form.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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


class Form(ABC):
    """The texts of one form of print."""

    #: Whether fractions are stacked in displays.
    stacked = True

    def __init__(self, style: Style = Style.DISPLAY) -> None:
        self.style = style

    transposed = inverted = inverted_transposed = pseudoinverted = ""
    iff = iff_wide = comma = ""

    @abstractmethod
    def fence(self, left: str, right: str, body: str, size: int, /) -> str:
        """``body`` in brackets that fit a body of that size."""

    @abstractmethod
    def name(self, name: Spelled, subscripts: Sequence[str]) -> str:
        """A name with its subscripts."""

    def call(self, head: str, arguments: str) -> str:
        """A head and its arguments, which come in brackets."""
        return f"{head}{arguments}"

    @abstractmethod
    def operator(self, operator: str) -> str:
        """An operator without its argument."""

    def bare(self, operator: str, body: str) -> str:
        """An operator and a letter."""
        return f"{self.operator(operator)} {body}"

    @abstractmethod
    def gradient(self, body: str, order: int) -> str:
        """Nabla and what it acts on."""

    @abstractmethod
    def partial(self, body: str, by: str, *, ordinary: bool) -> str:
        """A derivative: partial, or of a function of one variable."""

    def term(self, before: str, text: str, *, negative: bool) -> str:
        """A sum with one term more; ``before`` is empty for the first."""
        if not before:
            return f"-{text}" if negative else text
        sign = "-" if negative else "+"
        return f"{before}{sign}{text}" if self.style is Style.SCRIPT else f"{before} {sign} {text}"

    @abstractmethod
    def product(self, factors: Sequence[str], gaps: Sequence[Gap], /) -> str:
        """Factors side by side, with what stands between them."""

    def fraction(self, above: str, below: str) -> str:
        """A stacked fraction; a form that stacks none has a slash."""
        return self.slash(above, below)

    def slash(self, above: str, below: str) -> str:
        """A fraction with a slash."""
        return f"{above}/{below}" if self.style is Style.SCRIPT else f"{above} / {below}"

    @abstractmethod
    def binomial(self, above: str, below: str) -> str:
        """A binomial coefficient."""

    @abstractmethod
    def raised(self, base: str, script: str) -> str:
        """A base with a superscript."""

    @abstractmethod
    def root(self, body: str) -> str:
        """A square root."""

    @abstractmethod
    def norm(self, body: str, size: int, /, *, frobenius: bool) -> str:
        """A norm."""

    @abstractmethod
    def absolute(self, body: str, size: int, /) -> str:
        """An absolute value."""

    @abstractmethod
    def plus_minus(self, body: str) -> str:
        """Both signs of a number."""

    def start(self, index: str, sign: n.Sign, low: str) -> str:
        """What stands below a fold."""
        relation = self.relation(sign)
        return f"{index}{relation}{low}" if sign is n.Sign.EQUAL else f"{index} {relation} {low}"

    @abstractmethod
    def fold(self, kind: str, below: str, above: str) -> str:
        """A big sign with what stands below and above it; nothing above if ``above`` is empty."""

    @abstractmethod
    def moment(self, kind: str, over: str) -> str:
        """The sign of a mean or of a variance."""

    @abstractmethod
    def extremum(self, kind: str, over: str) -> str:
        """The sign of an extremum."""

    @abstractmethod
    def limit(self, variable: str, target: str) -> str:
        """The sign of a limit."""

    @abstractmethod
    def taken(self, head: str, body: str, gap: Gap, /) -> str:
        """A sign and what it takes."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix in round brackets."""

    @abstractmethod
    def matrix_sign(self, *, kronecker: bool) -> str:
        """The sign of a Kronecker product or a direct sum, with its spaces."""

    @abstractmethod
    def relation(self, sign: n.Sign) -> str:
        """The sign of a relation."""
