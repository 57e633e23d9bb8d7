r"""LaTeX back into SymPy: a second opinion on the text that the printer wrote.

A recursive descent over the emitted language and the names that go with it.  It shares no code with
the printer, knows none of its tables, and refuses whatever the printer cannot have meant: a doubled
script, a power after a function, a factor after a slash, a relation inside a relation.

    statement   = implication {\iff implication}
    implication = choice [\implies choice]
    choice      = case {\text{ or } case}
    case        = relation {\text{ and } relation}
    relation    = sum [(= | \ne | < | > | \le | \ge) sum | \in set] | \lnot ( statement )
    sum         = [-] term {(+ | -) term}
    term        = factor {[\cdot | \odot] factor} [/ factor]
    factor      = operator term | atom {! | _{sum,…}} [^{…}]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symderive.errors import InputError
from symderive.latex.atoms import MOST_BITS, Atoms, is_matrix
from symderive.latex.cursor import TOKEN, strip_layout

#: Nesting that is read; every level takes a dozen frames of Python's stack.
_MAX_DEPTH = 50

_RELATIONS: dict[str, Any] = {
    "=": sp.Eq,
    r"\ne": sp.Ne,
    "<": sp.StrictLessThan,
    ">": sp.StrictGreaterThan,
    r"\le": sp.LessThan,
    r"\ge": sp.GreaterThan,
}
_AFTER_FACTOR = frozenset([*")]}+-=<>,&/!^_'|:;.", r"\rvert", r"\rVert"])
_NUMBER_SETS = {r"\mathbb{R}": sp.S.Reals, r"\mathbb{Z}": sp.S.Integers, r"\mathbb{N}": sp.S.Naturals}


def read_latex(text: str, names: Mapping[str, Any]) -> Any:
    r"""The SymPy object that ``text`` denotes.

    ``names`` says what the names mean, as :class:`symderive.latex.Typeset` records it.  Line breaks,
    alignment marks, sizes and labels of amsmath displays are skipped.  Relations are not evaluated.
    A product of matrices with one row and one column is read as its only entry.  Raises
    :class:`InputError` where the text leaves the language.

    >>> x = sp.Symbol("x")
    >>> read_latex(r"\frac{1}{2} (x - 1)^{2}", {"x": x})
    (x - 1)**2/2
    """
    reader = _Reader(strip_layout(TOKEN.findall(text)), names)
    try:
        result = reader.statement()
    except InputError:
        raise
    except RecursionError:
        reader.fail("brackets are nested too deeply")
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        NotImplementedError,
        TypeError,
        ValueError,
    ) as error:
        reader.fail(f"SymPy refuses: {error}")
    if reader.peek() in (".", ",") and reader.at == len(reader.tokens) - 1:
        reader.at += 1
    if reader.peek():
        reader.fail("expected the end")
    return result


class _Reader(Atoms):
    """One method for each rule of the grammar."""

    depth = 0

    # Logic and relations -------------------------------------------------------------------------

    def statement(self) -> Any:
        parts = [self.implication()]
        while self.skip(r"\iff"):
            parts.append(self.implication())
        return sp.Equivalent(*map(self.truth, parts)) if len(parts) > 1 else parts[0]

    def implication(self) -> Any:
        left = self.choice()
        if self.skip(r"\implies"):
            return sp.Implies(self.truth(left), self.truth(self.choice()), evaluate=False)
        return left

    def choice(self) -> Any:
        parts = [self.case()]
        while self.skip(r"\text{ or }"):
            parts.append(self.case())
        return sp.Or(*map(self.truth, parts), evaluate=False) if len(parts) > 1 else parts[0]

    def case(self) -> Any:
        parts = [self.relation()]
        while self.skip(r"\text{ and }"):
            parts.append(self.relation())
        return sp.And(*map(self.truth, parts), evaluate=False) if len(parts) > 1 else parts[0]

    def relation(self) -> Any:
        if self.skip(r"\lnot", "("):
            inside = self.truth(self.statement())
            self.take(")")
            return sp.Not(inside, evaluate=False)
        left = self.sum()
        if self.skip(r"\in"):
            return sp.Contains(left, self.set(), evaluate=False)
        if self.peek() not in _RELATIONS:
            return left
        relation = _RELATIONS[self.take()]
        return relation(self.value(left), self.value(self.sum()), evaluate=False)

    def set(self) -> Any:
        for tex, members in _NUMBER_SETS.items():
            if self.skip(*TOKEN.findall(tex)):
                return members
        if self.skip(r"\{"):
            return sp.FiniteSet(*self.listed(r"\}"))
        left = self.take("(", "[")
        low = self.sum()
        self.take(",")
        high = self.sum()
        return sp.Interval(low, high, left == "(", self.take(")", "]") == ")")

    # Arithmetic ----------------------------------------------------------------------------------

    def sum(self) -> Any:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail("brackets are nested too deeply")
        terms = [self.signed(-1 if self.skip("-") else 1)]
        while self.peek() in ("+", "-"):
            terms.append(self.signed(-1 if self.take() == "-" else 1))
        self.depth -= 1
        if len(terms) == 1:
            return terms[0]
        matrices = [is_matrix(self.value(term)) for term in terms]
        if all(matrices):
            return sp.MatAdd(*terms)
        return self.fail("a matrix is added to a number") if any(matrices) else sp.Add(*terms)

    def signed(self, sign: int) -> Any:
        term = self.term()
        if sign > 0:
            return term
        return sp.MatMul(-1, self.value(term)) if is_matrix(term) else -self.value(term)

    def term(self) -> Any:
        factors = [self.value(self.factor())]
        while True:
            if self.skip(r"\odot"):
                factors.append(sp.HadamardProduct(factors.pop(), self.factor()))
            elif self.skip(r"\cdot") or self.starts_factor():
                factors.append(self.value(self.factor()))
            else:
                break
        result = self.product(factors)
        if self.skip("/"):
            result = self.product([result, 1 / self.factor()])
            if self.starts_factor():
                self.fail("a factor follows a slash")
        return result

    def starts_factor(self) -> bool:
        token = self.peek()
        if not token or token in _AFTER_FACTOR:
            return False
        stops = (r"\\", r"\}", r"\to", r"\in", r"\text", r"\end", r"\cdot", r"\iff", r"\implies", r"\odot")
        return not (token.startswith(stops) or token in _RELATIONS or self.at_differential())

    def at_differential(self) -> bool:
        return self.peek(4) == r"\mathrm{d}"

    def product(self, factors: list[Any]) -> Any:
        matrices = [factor for factor in factors if is_matrix(factor)]
        scalar = sp.Mul(*(factor for factor in factors if not is_matrix(factor)))
        if not matrices:
            return scalar
        for left, right in pairwise(matrices):
            if left.shape[1] != right.shape[0]:
                self.fail(f"a product of shapes {left.shape} and {right.shape}")
        product = sp.MatMul(*matrices) if len(matrices) > 1 else matrices[0]
        if product.shape == (1, 1) and len(matrices) > 1:
            return scalar * MatrixElement(product, 0, 0)
        return product if scalar == 1 else sp.MatMul(scalar, product)

    def factor(self) -> Any:
        if operator := self.operator():
            return operator()
        base = self.atom()
        while self.peek() in ("!", "_"):
            if self.skip("!"):
                base = sp.factorial(self.modest(base))
                self.call_end = self.at
            else:
                indices = self.script_list()
                base = MatrixElement(base, *indices) if is_matrix(base) else self.fail("an index here")
        if self.peek() == "^":
            if self.at == self.call_end:
                self.fail("a power after a function")
            base = self.raised(base)
        if self.peek() in ("^", "!"):
            self.fail("a second script")
        return base

    def script_list(self) -> list[Any]:
        self.take("_")
        self.take("{")
        return self.listed("}")

    def raised(self, base: Any) -> Any:
        self.take("^")
        if not is_matrix(base):
            power = self.value(self.group(self.sum))
            if base.is_Rational and power.is_Rational:
                bits = max(int(base.p).bit_length(), int(base.q).bit_length())
                if bits * abs(power) > MOST_BITS and abs(base) != 1:
                    self.fail("a power of too many digits")
            return sp.Pow(base, power)
        if self.skip("{", r"\top", "}"):
            return sp.Transpose(base)
        if self.skip("{", "-", r"\top", "}"):
            return sp.Inverse(sp.Transpose(base))
        if self.skip("{", r"\circ"):
            return sp.HadamardPower(base, self.closed(self.sum, "}"))
        exponent = self.group(self.sum)
        return sp.Inverse(base) if exponent == -1 else sp.MatPow(base, exponent)

    # Operators that swallow what follows ---------------------------------------------------------

    def operator(self) -> Callable[[], Any] | None:
        if self.peek(5) in (r"\frac{\mathrm{d", r"\frac{\partial}{\partial") or (
            self.peek(3) == r"\frac{\partial"
        ):
            return self.derivative
        rules = {r"\sum": self.series, r"\prod": self.series, r"\lim": self.limit, r"\int": self.integral}
        return rules.get(self.peek())

    def series(self) -> Any:
        kind = sp.Sum if self.take() == r"\sum" else sp.Product
        self.take("_")
        self.take("{")
        index = self.name_only()
        limits = [index]
        if self.skip("="):
            limits.append(self.sum())
        self.take("}")
        if len(limits) == 2:
            self.take("^")
            limits.append(self.group(self.sum))
        return kind(self.value(self.term()), tuple(limits))

    def limit(self) -> Any:
        self.take(r"\lim")
        self.take("_")
        self.take("{")
        variable = self.name_only()
        self.take(r"\to")
        negative = self.skip("-")
        target = self.approached()
        direction = "+" if target.is_infinite else "+-"
        if self.skip("^", "{"):
            direction = self.take("+", "-")
            self.take("}")
        self.take("}")
        return sp.Limit(self.value(self.term()), variable, -target if negative else target, direction)

    def approached(self) -> Any:
        """The point of a limit; a trailing ^{+} or ^{-} is its side, not a power."""
        point = self.atom()
        if self.peek(3) in ("^{+", "^{-") and self.tokens[self.at + 3 : self.at + 4] == ["}"]:
            return point
        return self.raised(point) if self.peek() == "^" else point

    def integral(self) -> Any:
        self.take(r"\int")
        ends = []
        if self.skip("_"):
            ends.append(self.group(self.sum))
            self.take("^")
            ends.append(self.group(self.sum))
        body = self.value(self.term())
        if not self.at_differential():
            self.fail("expected a differential")
        self.at += 4
        return sp.Integral(body, (self.name_only(), *ends))

    def derivative(self) -> Any:
        self.take(r"\frac")
        order = self.group(self.differential)
        variables: list[tuple[Any, int]] = []
        self.take("{")
        while not self.skip("}"):
            if self.differential() != 1:
                self.fail("a derivative")
            bracketed = self.skip("(")
            variable = self.name_only()
            if bracketed:
                self.take(")")
            variables.append((variable, self.count()))
        if order != sum(count for _, count in variables):
            self.fail("the orders of a derivative differ")
        return sp.Derivative(self.value(self.factor()), *variables)

    def differential(self) -> int:
        if not self.skip(r"\partial"):
            if not self.at_differential():
                self.fail("expected a differential")
            self.at += 4
        return self.count()

    def count(self) -> int:
        return int(self.group(self.take)) if self.skip("^") else 1
