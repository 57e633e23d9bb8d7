r"""The nodes of a display: mathematics as it is written, before anything is known about its letters.

Order and grouping are the author's; spaces, sizes of brackets and brackets that change nothing are not
kept.  Whether a letter is a number, a vector or a matrix is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Node:
    """A part of a display."""


# -- expressions -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number(Node):
    """A natural number."""

    value: int


@dataclass(frozen=True)
class Name(Node):
    r"""A letter or a name with its subscripts: ``W_{i-1}``, ``\gamma_{u}``, ``H'``, ``\bar{\gamma}``.

    ``tex`` is LaTeX without the subscripts, primes included.  A subscript is a node; one that is a word,
    such as ``sp``, is ``Name(r"\mathrm{sp}")``.  ``\infty`` is a name.
    """

    tex: str
    subscripts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Call(Node):
    r"""A name applied to arguments: ``F(m)``, ``L(W, U)``, ``R_{k}(\lambda)``, ``H'(u)``."""

    name: Name
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Term(Node):
    """One term of a sum, with its sign."""

    body: Node
    negative: bool = False


@dataclass(frozen=True)
class Sum(Node):
    """Terms in the author's order, two or more, or one that is negative."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors side by side, two or more, none of them a product itself."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient(Node):
    r"""``\frac{above}{below}``, and ``above / below`` in scripts and running text: one node."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Power(Node):
    """base^{exponent}; ``x^{-1}`` is :class:`Inverse` instead."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Inverse(Node):
    """body^{-1}, of a number or of a matrix."""

    body: Node


@dataclass(frozen=True)
class Transpose(Node):
    r"""body^{\top}."""

    body: Node


@dataclass(frozen=True)
class Pseudoinverse(Node):
    """body^{+}."""

    body: Node


@dataclass(frozen=True)
class Root(Node):
    r"""``\sqrt{body}``."""

    body: Node


@dataclass(frozen=True)
class Norm(Node):
    r"""``\lVert body \rVert``; with ``frobenius`` and the subscript ``F``."""

    body: Node
    frobenius: bool = False


@dataclass(frozen=True)
class Absolute(Node):
    r"""``\lvert body \rvert``."""

    body: Node


@dataclass(frozen=True)
class Apply(Node):
    r"""One of :data:`OPERATORS` applied to an argument: ``\operatorname{Diag}(S_{i})``, ``\ln \lambda``."""

    operator: str
    body: Node


#: Operators by the names that :class:`Apply` knows them by, and their LaTeX.
OPERATORS = {
    "Diag": r"\operatorname{Diag}",
    "tr": r"\operatorname{tr}",
    "det": r"\det",
    "ln": r"\ln",
    "exp": r"\exp",
}


@dataclass(frozen=True)
class Fold(Node):
    r"""A sum, product or direct sum over an index, in one line with all factors that follow it.

    ``kind`` is ``sum``, ``prod`` or ``bigoplus``; ``\sum_{k \ge 1}`` is a fold from 1 to ``\infty``.
    """

    kind: str
    index: Name
    low: Node
    high: Node
    body: Node


@dataclass(frozen=True)
class Moment(Node):
    r"""``\mathbb{E}_{x}`` or ``\operatorname{Var}_{\epsilon}`` of all factors that follow it.

    ``kind`` is ``E`` or ``Var``; ``over`` is the name of what is averaged over.
    """

    kind: str
    over: Name
    body: Node


@dataclass(frozen=True)
class Gradient(Node):
    r"""``\nabla body``, with ``order`` 2 the Hessian ``\nabla^{2} body``; ``body`` is a call or a name."""

    body: Node
    order: int = 1


@dataclass(frozen=True)
class Partial(Node):
    r"""``\frac{\partial body}{\partial by}``, and ``\frac{\mathrm{d} G(x)}{\mathrm{d} x}``."""

    body: Node
    by: Name


@dataclass(frozen=True)
class Binomial(Node):
    r"""``\binom{above}{below}``."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Blocks(Node):
    """A matrix of blocks (``pmatrix``), row by row, every row as long as the others."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Kronecker(Node):
    r"""Factors joined by ``\otimes``."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class DirectSum(Node):
    r"""Parts joined by ``\oplus``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Signs(Node):
    r"""``\{\pm scale\}^{size}``: the vectors of ``size`` entries that are ``scale`` or its negative."""

    scale: Node
    size: Node


@dataclass(frozen=True)
class Extremum(Node):
    r"""``\min_{m} body`` and ``\inf_{\lambda > 0} \{ body \}``; ``kind`` is min, max, inf or sup.

    ``over`` is a name or a claim about one, or a :class:`Together` of several: ``\min_{W, U} L(W, U)``.
    """

    kind: str
    over: Node
    body: Node


@dataclass(frozen=True)
class Limit(Node):
    r"""``\lim_{variable \to target} body``."""

    variable: Name
    target: Node
    body: Node


# -- claims ------------------------------------------------------------------------------------------------


class Sign(Enum):
    """The relations, by their LaTeX."""

    EQUAL = "="
    DEFINED = ":="
    LESS = "<"
    GREATER = ">"
    AT_MOST = r"\le"
    AT_LEAST = r"\ge"
    DIFFERENT = r"\ne"
    MATRIX_AT_LEAST = r"\succeq"
    MATRIX_AT_MOST = r"\preceq"
    POSITIVE_DEFINITE = r"\succ"
    IN = r"\in"
    CONGRUENT = r"\cong"


@dataclass(frozen=True)
class Link(Node):
    """A relation and what stands to its right."""

    sign: Sign
    node: Node


@dataclass(frozen=True)
class Chain(Node):
    r"""first ∘ … ∘ …, at least one link: ``a = b \le c``."""

    first: Node
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Equivalence(Node):
    r"""left ``\iff`` right, two claims."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Together(Node):
    r"""Claims side by side, two or more, parted by a comma and a quad."""

    claims: tuple[Node, ...]
