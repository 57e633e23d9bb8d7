"""The arithmetic of the paper printer: names, brackets, sums, products and powers.

Brackets are computed from :class:`Level`, never from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter
from sympy.stats import Expectation
from sympy.stats.rv import RandomSymbol

from symderive.errors import InputError
from symderive.latex.names import RESERVED, Spelling, spell, spelling
from symderive.latex.order import collected, place_of_factor, place_of_term


class Level(IntEnum):
    """How tightly the outermost operation of a printed expression binds."""

    EQUIVALENCE = 0
    IMPLICATION = 1
    OR = 2
    AND = 3
    RELATION = 4
    SUM = 5
    OPEN = 6  # a big operator or v^T A v: swallows the factors to its right
    PRODUCT = 7
    FACTOR = 8  # complete, but a power of it needs brackets
    ATOM = 9


_TALL = (r"\frac", r"\sum", r"\prod", r"\int", r"\lim", r"\binom", r"\begin", r"\left")
_LARGEST = 10**1000
MAX_PRIMES = 3
_LONGEST_EXPONENT = 16  # characters of LaTeX; beyond it exp(...) reads better and can be broken

#: Undefined functions that carry brackets of their own: moments and norms.
BRACKETED = frozenset(["E", "Var", "Cov", "norm"])


LEVELS: tuple[tuple[Any, Level], ...] = (
    (sp.Equivalent, Level.EQUIVALENCE),
    (sp.Implies, Level.IMPLICATION),
    (sp.Or, Level.OR),
    (sp.And, Level.AND),
    ((sp.core.relational.Relational, sp.Contains), Level.RELATION),
    ((sp.Add, sp.MatAdd, sp.Piecewise, sp.HadamardProduct, sp.Order), Level.SUM),
    ((sp.Sum, sp.Product, sp.Integral, sp.Limit), Level.OPEN),
    ((sp.Indexed, AppliedUndef, sp.Subs, sp.Abs, sp.binomial, Expectation, sp.Idx), Level.ATOM),
    ((sp.MatrixBase, sp.BlockMatrix, sp.Identity, sp.ZeroMatrix, sp.OneMatrix), Level.ATOM),
)

#: Node types that share a rule with another.
ALIKE = {
    "MatAdd": "Add",
    "Product": "Sum",
    "Max": "Function",
    "Min": "Function",
    "Variance": "Expectation",
    "Covariance": "Expectation",
    "DiagMatrix": "Trace",
    "DiagonalMatrix": "Trace",
    "DiagonalOf": "Trace",
    "Determinant": "Trace",
    "RandomSymbol": "Symbol",
    "MatrixSymbol": "Symbol",
}

CONSTANTS: dict[Any, str] = {
    sp.E: r"\mathrm{e}",
    sp.I: r"\mathrm{i}",
    sp.pi: r"\pi",
    sp.oo: r"\infty",
    -sp.oo: r"-\infty",
    sp.S.Reals: r"\mathbb{R}",
    sp.S.Integers: r"\mathbb{Z}",
    sp.S.Naturals: r"\mathbb{N}",
}


class AlgebraPrinter(LatexPrinter):
    """Prints one expression; ``meanings`` then says what each name in the text stands for."""

    printmethod = None  # no class may typeset itself past the reader

    def __init__(self, names: Spelling | None = None, taken: dict[str, Any] | None = None) -> None:
        super().__init__({"order": "none"})
        self.spelling = spelling(names)
        self.meanings: dict[str, Any] = {}
        self._claims: dict[str, Any] = {} if taken is None else taken
        self._inline = False  # inside a script, where quotients are written with a slash
        self._dotted = False  # inside an index, where letters that are multiplied have a dot between them

    def _print(self, expr: Any, **_: Any) -> str:
        if expr in CONSTANTS:
            return CONSTANTS[expr]
        kinds = type(expr).__mro__
        if isinstance(expr, AppliedUndef):  # its own class carries the user's name
            kinds = (AppliedUndef,)
        for kind in kinds:
            if rule := self._rule(ALIKE.get(kind.__name__, kind.__name__)):
                return rule(self, expr)
        raise InputError(f"{type(expr).__name__} has no LaTeX rule: {str(expr)[:80]}; rewrite it.")

    @classmethod
    def _rule(cls, kind: str) -> Callable[[Any, Any], str] | None:
        """The rule for a node type, unless it is one that SymPy's printer brings."""
        own = cls.__mro__[: cls.__mro__.index(LatexPrinter)]
        return next((vars(base)[name] for base in own if (name := f"_print_{kind}") in vars(base)), None)

    # Names ---------------------------------------------------------------------------------------

    def _claim(self, text: str, meaning: Any, key: str | None = None) -> str:
        """Record that ``text`` means ``meaning``; two meanings of one text are an error."""
        if text in RESERVED or self._claims.setdefault(text, meaning) != meaning:
            raise InputError(
                f"{meaning!r} and another object are both written {text}; give one of them another"
                " LaTeX through names=."
            )
        self.meanings[key or text] = meaning
        return text

    def _name(self, thing: Any, name: str) -> str:
        return self.spelling.get(thing) or spell(name)

    def _print_Symbol(self, expr: Any) -> str:
        return self._claim(self._name(expr, expr.name), expr)

    def _print_Idx(self, expr: Any) -> str:
        return self._claim(self._name(expr, expr.label.name), expr)

    def _family(self, thing: Any, name: str, indices: Iterable[Any]) -> str:
        tex = self._name(thing, name)
        head = f"{tex[:-1]}," if tex.endswith("}") and "_{" in tex else f"{tex}_{{"
        text = head + self._indices(indices) + "}"
        self._claim(head, thing)
        element = (
            "element of",
            thing,
        )  # x_1 with the index k and x with the indices 1, k are written alike
        if self._claims.setdefault(text, element) != element:
            raise InputError(f"{self._claims[text]!r} and an element of {name} are both written {text}.")
        return text

    def _indices(self, indices: Iterable[Any]) -> str:
        """Indices with commas, a product of letters with dots: two letters side by side are two indices."""
        before, self._dotted = self._dotted, True
        try:
            return ",".join(self._script(index) for index in indices)
        finally:
            self._dotted = before

    def _print_Indexed(self, expr: Any) -> str:
        return self._family(expr.base, expr.base.label.name, expr.indices)

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return self._family(sp.KroneckerDelta, "delta", expr.args[:2])

    # Brackets ------------------------------------------------------------------------------------

    def _delimit(self, left: str, body: str, right: str) -> str:
        if any(command in body for command in _TALL):
            return rf"\left{left} {body} \right{right}"
        return f"{left}{body}{right}" if left in ("(", "[", r"\{") else f"{left} {body}{right}"

    def _bracket(self, expr: Any, above: Level) -> str:
        """``expr``, in parentheses unless it binds more tightly than ``above``."""
        text = self._print(expr)
        return text if self._level(expr) > above else self._delimit("(", text, ")")

    @contextmanager
    def _script_style(self) -> Iterator[None]:
        before, self._inline = self._inline, True
        try:
            yield
        finally:
            self._inline = before

    def _script(self, expr: Any) -> str:
        with self._script_style():
            return self._print(expr)

    def _level(self, expr: Any) -> Level:
        if isinstance(expr, sp.Symbol | sp.MatrixSymbol | RandomSymbol):
            tex = self._name(expr, expr.name)
            if r"\top}" in tex:  # a product of matrices with a name of its own
                return Level.OPEN
            return Level.FACTOR if "^" in tex else Level.ATOM
        if signed(expr)[0] < 0 or expr == -sp.oo:
            return Level.SUM
        for kind, level in LEVELS:
            if isinstance(expr, kind):
                return level
        if isinstance(expr, sp.Mul | sp.MatMul):
            opens = any(self._level(arg) == Level.OPEN for arg in expr.args if not arg.is_Matrix)
            return Level.OPEN if opens else Level.PRODUCT
        if isinstance(expr, sp.Float):
            return Level.PRODUCT if "cdot" in self._print(expr) else Level.ATOM
        if isinstance(expr, MatrixElement):
            return Level.OPEN if is_scalar_product(expr) else Level.ATOM
        if isinstance(expr, sp.Derivative):
            return Level.ATOM if is_primed(expr) else Level.OPEN
        return Level.ATOM if expr.is_Integer or expr.is_NumberSymbol else Level.FACTOR

    # Sums, products and powers -------------------------------------------------------------------

    def _print_Add(self, expr: Any) -> str:
        text = ""
        for sign, term in _arranged(expr):
            joint = ("-" if sign < 0 else "") if not text else (" - " if sign < 0 else " + ")
            text += joint + self._bracket(term, Level.SUM)
        return text

    def _negative(self, expr: Any) -> str | None:
        sign, rest = signed(expr)
        return None if sign > 0 else "-" + self._bracket(rest, Level.SUM)

    def _print_Mul(self, expr: Any) -> str:
        if text := self._negative(expr):
            return text
        factors: Any = expr.args
        chosen = not expr.is_commutative or expr != sp.Mul(*factors)
        above, below = quotient(factors if chosen else collected(factors))
        if not chosen:
            above, below = sorted(above, key=_place), sorted(below, key=_place)
        if not below:
            return self._product(above)
        if self._inline:
            bottom = self._bracket(below[0], Level.PRODUCT) if len(below) == 1 else None
            return f"{self._product(above)}/{bottom or f'({self._product(below)})'}"
        whole = all(factor.is_Integer for factor in below)
        aside = [
            term for term in above if self._level(term) == Level.OPEN or (whole and not is_short(term))
        ]
        front = [term for term in above if isinstance(term, sp.binomial)]
        inside = [term for term in above if term not in aside and term not in front]
        top = self._print(inside[0]) if len(inside) == 1 else self._product(inside)
        bottom = self._print(below[0]) if len(below) == 1 else self._product(below)
        fraction = rf"\frac{{{top}}}{{{bottom}}}"
        texts = [self._product(front), fraction] if front else [fraction]
        return join([*texts, self._product(aside)] if aside else texts)

    def _product(self, factors: list[Any]) -> str:
        closed = [factor for factor in factors if self._level(factor) != Level.OPEN]
        opened = [factor for factor in factors if self._level(factor) == Level.OPEN]
        texts = [self._factor(factor) for factor in closed]
        texts += [self._delimit("(", self._print(factor), ")") for factor in opened[:-1]]
        texts += [self._print(factor) for factor in opened[-1:]]
        return join(texts, dotted=self._dotted) or "1"

    def _factor(self, expr: Any) -> str:
        slashed = self._inline and bool(quotient(sp.Mul.make_args(expr))[1])
        return self._bracket(expr, Level.PRODUCT if slashed else Level.SUM)

    def _print_Rational(self, expr: Any) -> str:
        sign, p, q = "-" if expr.p < 0 else "", abs(int(expr.p)), int(expr.q)
        if max(p, q) >= _LARGEST:
            raise InputError("A number has more than 1000 digits; give it a name.")
        if q == 1:
            return f"{sign}{p}"
        return f"{sign}{p}/{q}" if self._inline else rf"{sign}\frac{{{p}}}{{{q}}}"

    def _print_Float(self, expr: Any) -> str:
        mantissa, _, exponent = str(expr).partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.args
        if signed(exponent)[0] < 0:
            below = self._print(sp.Pow(base, -exponent, evaluate=False) if exponent != -1 else base)
            if not self._inline:
                return rf"\frac{{1}}{{{below}}}"
            bare = exponent != -1 or self._level(base) > Level.PRODUCT
            return f"1/{below}" if bare else f"1/({below})"
        if exponent == sp.S.Half:
            return rf"\sqrt{{{self._print(base)}}}"
        return f"{self._bracket(base, Level.FACTOR)}^{{{self._script(exponent)}}}"

    def _print_exp(self, expr: Any) -> str:
        exponent = self._script(expr.args[0])
        if len(exponent) > _LONGEST_EXPONENT:
            return self._call(r"\exp", expr.args)
        return rf"\mathrm{{e}}^{{{exponent}}}"


def signed(expr: Any) -> tuple[int, Any]:
    """The sign that is printed in front of ``expr`` and the rest of it."""
    if expr.is_Number and expr.is_negative:
        return -1, -expr
    if isinstance(expr, MatrixElement) and is_scalar_product(expr):
        sign, rest = signed(expr.parent)
        return sign, MatrixElement(rest, 0, 0) if sign < 0 else expr
    if isinstance(expr, sp.Mul | sp.MatMul):
        sign, first = signed(expr.args[0])
        if sign < 0:
            rest = [*([] if first == 1 else [first]), *expr.args[1:]]
            return -1, rest[0] if len(rest) == 1 else expr.func(*rest, evaluate=False)
    return 1, expr


def _arranged(expr: Any) -> list[tuple[int, Any]]:
    """The signed terms of a sum, a positive one in front and 1 after D unless the author chose."""
    terms = [signed(term) for term in expr.args]
    if isinstance(expr, sp.Add) and expr.is_commutative and expr == sp.Add(*expr.args):
        terms.sort(key=lambda term: place_of_term(term[1]))
    first = next((n for n, (sign, _) in enumerate(terms) if sign > 0), 0)
    terms = [terms[first], *terms[:first], *terms[first + 1 :]]
    (sign, front), *others = terms
    counts = front.is_Integer and all(term.is_integer and not term.is_Number for _, term in others)
    if counts and others[0][0] > 0 and expr == expr.func(*expr.args):
        return [*others, (sign, front)]
    return terms


def quotient(factors: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Numerator and denominator of a product, factor by factor."""
    above: list[Any] = []
    below: list[Any] = []
    for factor in factors:
        if factor.is_Rational and not factor.is_Integer:
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below.append(sp.Integer(factor.q))
        elif factor.is_Pow and not isinstance(factor, sp.exp) and signed(factor.exp)[0] < 0:
            base, power = factor.args
            below.append(base if power == -1 else sp.Pow(base, -power, evaluate=False))
        elif isinstance(factor, sp.Mul) and signed(factor)[0] > 0:
            parts = quotient(factor.args)
            above, below = above + parts[0], below + parts[1]
        else:
            above.append(factor)
    return above, below


def is_short(term: Any) -> bool:
    """Whether a numerator over a number may hold ``term``: a letter, a number, or a power of one."""
    if isinstance(term, sp.Pow):
        return is_short(term.base)
    return isinstance(term, sp.Symbol | sp.Indexed | sp.Integer) or term.is_NumberSymbol


def _place(factor: Any) -> tuple[int, int]:
    """The place of a factor: whole numbers such as D + 1 in front, then letters as authors order them.

    Sums follow letters, and vectors and their norms follow sums; tables of cases stand at the end.
    """
    if isinstance(factor, sp.Piecewise):
        return 2, 0
    whole = factor.is_integer or isinstance(factor, sp.binomial)
    return (0, 0) if whole else (1, place_of_factor(factor))


def join(texts: list[str], *, dotted: bool = False) -> str:
    """Factors side by side, with a dot between two numbers, and between two letters if ``dotted``."""
    return "".join(texts[:1]) + "".join(
        rf" \cdot {text}" if text[0].isdigit() or (dotted and not before.isdigit()) else f" {text}"
        for before, text in pairwise(texts)
    )


def is_primed(expr: Any) -> bool:
    """Whether a derivative is written f'(x): one argument, low order, an ordinary function."""
    function, counts = expr.expr, expr.variable_count
    return (
        isinstance(function, AppliedUndef)
        and len(counts) == 1
        and function.args == (counts[0][0],)
        and counts[0][0].is_Symbol
        and counts[0][1] in range(1, MAX_PRIMES + 1)
        and function.func.__name__.partition("_")[0] not in BRACKETED
    )


def is_scalar_product(expr: Any) -> bool:
    """Whether a matrix element is the only entry of a product such as v^T A v."""
    return expr.parent.shape == (1, 1) and isinstance(expr.parent, sp.MatMul)
