"""From SymPy to the terms of Coq, by sort: natural and real numbers; what has no term is refused by name.

What is written is to be read beside the display: sums and products run over the indices of the record, from
1.  Natural numbers in a real formula are their ``INR``.  A power with a natural exponent is ``x ^ n``, one
with an integer exponent a quotient of two of these, if a hypothesis says that ``x`` is not 0; a square root
is ``sqrt``, a power of a positive number ``Rpower x y``, any other ``power x y``, which knows 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symderive.coq.names import Names, UnsupportedError
from symderive.statements.claim import Claim
from symderive.statements.nodes import Expectation, mean

#: How tightly a term holds together: what binds less stands in brackets.
_SUM, _PRODUCT, _UNARY, _POWER, _APPLICATION, _ATOM = range(6)


@dataclass
class Printer:
    """Prints the expressions of one statement.

    ``known`` are expressions that its hypotheses put at 0 or above, ``nonzero`` those that they make
    different from 0, ``open`` the hypotheses that go on to hold near by, and ``positive`` the bound indices
    that begin at 1 or above.
    """

    names: Names = field(default_factory=Names)
    known: tuple[Any, ...] = ()
    nonzero: tuple[Any, ...] = ()
    open: tuple[Claim, ...] = ()
    positive: frozenset[Any] = frozenset()

    # -- natural numbers ---------------------------------------------------------------------------------

    def natural(self, expression: Any) -> str:
        """An index, a width or a depth, in brackets if it is more than one word."""
        expression = sp.S(expression)
        match expression:
            case sp.Integer() if expression >= 0:
                return str(expression)
            case sp.Symbol() if expression.is_integer:
                return self.names.symbol(expression)
            case sp.Indexed():
                return f"({self.element(expression)})"
            case sp.Add():
                return self._natural_sum(expression)
            case sp.Mul() if all(arg.is_integer and arg.is_nonnegative for arg in expression.args):
                return f"({' * '.join(map(self.natural, expression.args))})"
        raise UnsupportedError(f"{expression} as a natural number")

    def _natural_sum(self, expression: Any) -> str:
        # SymPy knows that a sum of natural numbers is one, not that i + l - 1 is for positive i and l.  For
        # a bound index it matters where it begins, not what kind its letter has.
        from_zero = {
            symbol: sp.Dummy(integer=True, nonnegative=True) + int(self._begins_at_one(symbol))
            for symbol in (term.as_coeff_Mul()[1] for term in expression.args)
            if symbol.is_Symbol and (symbol.is_positive or symbol in self.names.bound)
        }
        if not (self._is_given(expression, self.known) or expression.xreplace(from_zero).is_nonnegative):
            raise UnsupportedError(f"{expression}, which may be negative, as a natural number")
        constant, rest = expression.as_coeff_Add()
        minus = [arg for arg in rest.as_ordered_terms() if arg.could_extract_minus_sign()]
        plus = [arg for arg in rest.as_ordered_terms() if not arg.could_extract_minus_sign()]
        text = " + ".join(map(self.natural, plus))
        if constant in (1, 2, 3, 4) and not minus:  # as far as MathComp has notations
            return f"{text if len(plus) == 1 else f'({text})'}.+{constant}"
        if constant > 0:
            text += f" + {constant}"
        for arg in (*(-arg for arg in minus), *((-constant,) if constant < 0 else ())):
            text = f"{text} - {self.natural(arg)}"
        return f"({text})"

    def _begins_at_one(self, symbol: Any) -> bool:
        return symbol in self.positive or bool(symbol.is_positive and symbol not in self.names.bound)

    def index(self, expression: Any) -> str:
        """A natural number as an argument among real numbers."""
        text = self.natural(expression)
        return text if text.isidentifier() else f"{text}%N"

    def element(self, element: Any) -> str:
        """An element of a family."""
        family = self.names.family(element.base, len(element.indices))
        return " ".join((family, *map(self.index, element.indices)))

    @contextmanager
    def ranges(self, limits: Iterable[Any]) -> Iterator[list[tuple[str, str, str]]]:
        """Bound indices with their first and the one after their last, the outermost first."""
        opened: list[tuple[str, str, str]] = []
        with ExitStack() as indices:
            for symbol, low, high in limits:
                if high is sp.oo:
                    raise UnsupportedError("an infinite sum")
                ends = self.natural(low), self.natural(high + 1)
                opened.append((indices.enter_context(self._index_from(symbol, low)), *ends))
            yield opened

    @contextmanager
    def terms(self, index: Any, low: Any) -> Iterator[tuple[str, str]]:
        """The index of an infinite sum, after its first value."""
        first = self.natural(low)
        with self._index_from(index, low) as name:
            yield first, name

    @contextmanager
    def _index_from(self, index: Any, low: Any) -> Iterator[str]:
        """A bound index, of which it is known within the block where it begins."""
        self._require_index(index, low)
        positive = self.positive
        self.positive |= {index} if sp.S(low).is_positive else frozenset()
        try:
            with self.names.binding(index) as (name,):
                yield name
        finally:
            self.positive = positive

    def _require_index(self, index: Any, low: Any) -> None:
        """The kind of an index promises no more than its range, and no definition speaks of it."""
        if index.is_positive and not sp.S(low).is_positive:
            raise UnsupportedError(f"{index}, which is positive, in a range from {low}")
        if any(index == key for made in self.names.definitions.values() for key, _ in made.parameters):
            raise UnsupportedError(f"the index {index}, of which a definition speaks")

    # -- real numbers ------------------------------------------------------------------------------------

    def real(self, expression: Any) -> str:
        """A formula, without brackets about it."""
        return self._real(sp.S(expression))[0]

    def within(self, expression: Any, least: int = _ATOM) -> str:
        """A formula, in brackets if it does not hold together as tightly as that."""
        text, strength = self._real(sp.S(expression))
        return text if strength >= least else f"({text})"

    def _real(self, expression: Any) -> tuple[str, int]:
        if expression.is_Symbol or isinstance(expression, sp.Indexed):
            return self._letter(expression)
        match expression:
            case sp.Integer():
                return (str(expression), _ATOM) if expression >= 0 else (f"- {-expression}", _UNARY)
            case sp.Rational():
                sign, strength = ("- ", _UNARY) if expression < 0 else ("", _PRODUCT)
                return f"{sign}{abs(expression.p)} / {expression.q}", strength
            case sp.Add():
                return self._sum(expression), _SUM
            case sp.Mul():
                return self._product(expression)
            case sp.Pow():
                return self._power(expression.base, expression.exp)
            case sp.exp():
                return self._power(sp.E, expression.args[0])
            case sp.log() if self._is_nonnegative(expression.args[0]):
                return f"ln {self.within(expression.args[0])}", _APPLICATION
            case sp.Sum():
                return self._big("sum", expression), _SUM
            case sp.Product():
                return self._big("prod", expression), _SUM
            case sp.KroneckerDelta():
                return " ".join(("delta", *map(self.index, expression.args))), _APPLICATION
            case sp.binomial():
                top, below = expression.args
                return f"binomial {self.within(top)} {self.index(below)}", _APPLICATION
            case Expectation():
                return self._average(expression), _APPLICATION
        raise UnsupportedError(f"{type(expression).__name__}, in {expression}")

    def _letter(self, expression: Any) -> tuple[str, int]:
        text = self.names.symbol(expression) if expression.is_Symbol else self.element(expression)
        if expression.is_integer:
            return f"INR {text if text.isidentifier() else f'({text})'}", _APPLICATION
        return text, _ATOM if text.isidentifier() else _APPLICATION

    def _sum(self, expression: Any) -> str:
        first, *others = expression.as_ordered_terms()
        text = f"({self.real(first)})" if _is_big(first) else self.within(first, _PRODUCT)
        for term in others:
            sign, size = ("-", -term) if term.could_extract_minus_sign() else ("+", term)
            text += f" {sign} {self.within(size, _PRODUCT)}"
        return text

    def _product(self, expression: Any) -> tuple[str, int]:
        if expression.could_extract_minus_sign():
            return f"- {self.within(-expression, _POWER)}", _UNARY
        over: list[Any] = []
        under: list[Any] = []
        for factor in expression.as_ordered_factors():
            base, exponent = factor.as_base_exp()
            if factor.is_Rational and not factor.is_Integer:
                over += [sp.Integer(factor.p)] if factor.p != 1 else []
                under.append(sp.Integer(factor.q))
            elif exponent.could_extract_minus_sign() and base != sp.E:
                under.append(sp.Pow(base, -exponent))
            else:
                over.append(factor)
        text = " * ".join(self.within(factor, _POWER) for factor in over) or "1"
        if under:
            below = " * ".join(self.within(factor, _POWER) for factor in under)
            text += f" / {below}" if len(under) == 1 else f" / ({below})"
        return text, _PRODUCT

    def _power(self, base: Any, exponent: Any) -> tuple[str, int]:
        if base == sp.E:
            return f"exp {self.within(exponent)}", _APPLICATION
        if exponent == sp.Rational(1, 2):
            if not self._is_nonnegative(base):
                raise UnsupportedError(f"the square root of {base}, which may be negative")
            return f"sqrt {self.within(base)}", _APPLICATION
        if exponent.could_extract_minus_sign():
            return f"/ {self.within(sp.Pow(base, -exponent), _APPLICATION)}", _UNARY
        if exponent.is_integer and (exponent.is_nonnegative or self._is_given(exponent, self.known)):
            return f"{self.within(base)} ^ {self.natural(exponent)}", _POWER
        constant, rest = exponent.as_coeff_Add()
        if (
            constant < 0
            and exponent.is_integer
            and rest.is_nonnegative
            and self._is_given(base, self.nonzero)
        ):
            text = self.within(base)
            return f"{text} ^ {self.natural(rest)} / {text} ^ {-constant}", _PRODUCT
        if _is_positive(base):
            return f"Rpower {self.within(base)} {self.within(exponent)}", _APPLICATION
        if self._is_nonnegative(base) and exponent.is_nonnegative:
            return f"power {self.within(base)} {self.within(exponent)}", _APPLICATION
        raise UnsupportedError(f"({base})**({exponent}), whose base may be negative")

    def _is_nonnegative(self, base: Any) -> bool:
        if isinstance(base, sp.Sum):
            return self._is_nonnegative(base.function)
        if base.is_nonnegative or self._is_given(base, self.known, up_to_a_factor=True):
            return True
        if isinstance(base, sp.Pow) and base.exp == -1:
            return self._is_nonnegative(base.base)
        return isinstance(base, sp.Mul) and all(map(self._is_nonnegative, base.args))

    def _is_given(self, base: Any, among: Iterable[Any], *, up_to_a_factor: bool = False) -> bool:
        """Whether a hypothesis says so, of letters that are not the variable of a function here."""
        if any(base.has(key) for key in self.names.bound if isinstance(key, sp.Basic)):
            return False
        return base in among or (
            up_to_a_factor and any(sp.simplify(base / known).is_positive for known in among)
        )

    def _big(self, word: str, expression: Any) -> str:
        # SymPy's first limit is the innermost.
        with self.ranges(reversed(expression.limits)) as opened:
            text = " ".join(f"\\{word}_({low} <= {name} < {high})" for name, low, high in opened)
            return f"{text} {self.within(expression.function, _POWER)}"

    def _average(self, expression: Any) -> str:
        """E_x E_ε, which is all that statements average over."""
        inner = expression.body
        if expression != mean(getattr(inner, "body", inner)):
            raise UnsupportedError(f"the average {expression}, which is not one over data and noise")
        with (
            self.names.binding("p", "o") as (point, draw),
            self.names.at(data=point, noise=draw),
        ):
            return f"E_x (fun {point} => E_epsilon (fun {draw} => {self.real(inner.body)}))"


def _is_big(expression: Any) -> bool:
    return isinstance(expression, sp.Sum | sp.Product)


def _is_positive(base: Any) -> bool:
    """Whether the power that is printed is one of a positive number, as every real power is."""
    if isinstance(base, sp.Pow) and not base.exp.is_integer:
        return _is_positive(base.base)
    return bool(base.is_positive)
