"""Terms of the core as SymPy expressions, for messages: what is left of a proof, what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symderive.core import claims
from symderive.core.binders import instantiate
from symderive.core.budget import OutOfReachError
from symderive.core.forms import normalized
from symderive.core.terms import WHOLE, Head, Term, generic_in
from symderive.proofs.elaborate import Elaborator
from symderive.statements.claim import Claim
from symderive.statements.nodes import mean


@dataclass(frozen=True)
class Reader:
    """Reads terms back with the symbols of a statement; nothing is proved with what it gives."""

    elaborator: Elaborator
    scope: dict[Any, Term] = field(default_factory=dict)

    def naming(self, claim: Claim, names: tuple[Term, ...]) -> Reader:
        """The reader with names for the indices of a claim."""
        own = {index: letter for (index, *_), letter in zip(claim.over, names, strict=False)}
        return replace(self, scope=self.scope | own)

    def remainder(self, term: Term) -> Any:
        """A difference in normal form."""
        try:
            return self.expression(normalized(term))
        except OutOfReachError:
            return self.expression(term)

    def text(self, part: Term | claims.Claim) -> str:
        """A term or a claim as text."""
        return str(self.expression(part)) if isinstance(part, Term) else self.claim(part)

    def claim(self, claim: claims.Claim) -> str:
        """A claim as text."""
        opened, names = claim.open(10_000)
        read = self.naming_free(names)
        sides = [
            str(read.expression(s)) if isinstance(s, Term) else str(s) for s in (opened.left, opened.right)
        ]
        return f"{sides[0]} {claim.relation} {sides[1]}"

    def naming_free(self, names: tuple[Term, ...]) -> Reader:
        """The reader with names of its own for generic letters."""
        own = {sp.Symbol(f"i{at}", integer=True): letter for at, letter in enumerate(names, 1)}
        return replace(self, scope=self.scope | own)

    def expression(self, term: Term) -> Any:
        """The SymPy expression of a term."""
        args = term.args
        match term.op:
            case "num":
                return sp.Rational(args[0].numerator, args[0].denominator)
            case "at":
                indices = [self.expression(index) for index in args[1:]]
                symbol = self._symbol(args[0])
                return symbol[tuple(indices)] if indices else symbol
            case "generic":
                known = {letter: name for name, letter in self.scope.items()}
                return known.get(term) or sp.Symbol(f"i{args[0] % 1000}", integer=True)
            case "add":
                return sp.Add(*map(self.expression, args))
            case "mul":
                return sp.Mul(*map(self.expression, args))
            case "pow":
                base, exponent = map(self.expression, args)
                # SymPy looks for factors of the number under a root.
                return sp.Pow(base, exponent, evaluate=not (base.is_Rational and abs(base) > 10**30))
            case "e":
                return sp.E
            case "inf":
                return sp.oo
            case "log":
                return sp.log(self.expression(args[0]))
            case "delta":
                return sp.KroneckerDelta(*map(self.expression, args))
            case "binomial":
                return sp.binomial(*map(self.expression, args))
            case "mean" | "Mean":
                return mean(self.expression(args[0]))
            case "deriv":
                return self._bound(sp.Derivative, (), args[0])
        return self._folded(term)

    def _folded(self, term: Term) -> Any:
        *ends, body = term.args
        one = Term("num", 1)
        limits = {
            "sum": lambda: [tuple(ends)],
            "product": lambda: [tuple(ends)],
            "Product": lambda: [(one, ends[0])],
            "Series": lambda: [(ends[0], Term("inf"))],
        }.get(term.op, lambda: [(one, high) for high in ends])()
        func = sp.Product if term.op in ("product", "Product") else sp.Sum
        return self._bound(func, tuple(limits), body)

    def _bound(self, func: Any, limits: tuple[Any, ...], body: Term) -> Any:
        count = max(len(limits), 1)
        level = generic_in(body, WHOLE).args[0]
        names = [Term("generic", level + at + 500, WHOLE, None, None) for at in range(count)]
        taken = {str(name) for name in self.scope}
        symbols = [name for name in "jklrspq" if name not in taken][:count]
        own = dict(zip((sp.Symbol(name, integer=True) for name in symbols), names, strict=False))
        reader = replace(self, scope=self.scope | own)
        inside = reader.expression(instantiate(body, *names))
        if func is sp.Derivative:
            return sp.Derivative(inside, next(iter(own)))
        ranges = [
            (name, self.expression(low), self.expression(high))
            for name, (low, high) in zip(own, limits, strict=False)
        ]
        return func(inside, *ranges)

    def _symbol(self, symbol: Any) -> Any:
        for key, letter in (*self.elaborator.letters.items(), *self.scope.items()):
            if letter == symbol:
                return key
        for key, head in self.elaborator.heads.items():
            if head == symbol:
                return key
        name = getattr(symbol, "name", "?")
        if isinstance(symbol, Head):  # one of another definition
            name += "′"
        return sp.Symbol(name) if symbol.arity == 0 else sp.IndexedBase(name)
