"""What a proof's record says, as a sentence: which facts, how often, at which place, and what is left.

References are ``[[statement:id]]``.  A coefficient or a place that is longer than a line is left out in
words; the record names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.latex import typeset
from symderive.latex.metrics import list_width, tokens_of
from symderive.statements.claim import Claim
from symderive.statements.facts import Combine, Use
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Differentiate,
    ImplicitSeries,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    facts,
)
from symderive.statements.statement import Statement

#: The widest formula in a certificate, in points.
WIDEST = 200.0

#: The style of formulas among words, in which limits stand beside their sums.
_IN_TEXT = 1

#: Pieces of a place that are listed.
_MOST = 3


def certificate(statement: Statement, *, formula_of: Any) -> str:
    """The proof of a statement in words; ``formula_of`` makes LaTeX of a claim."""
    return " ".join(_Words(statement, formula_of).proof(statement.proof))


def listed(parts: Iterable[str]) -> str:
    """``a, b and c``."""
    found = list(parts)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)


class _Words:
    """The sentences of one statement's proof."""

    def __init__(self, statement: Statement, formula_of: Any) -> None:
        self._statement, self._formula_of = statement, formula_of

    def proof(self, proof: Any) -> Iterator[str]:
        match proof:
            case None:
                yield "It has no proof, and is tested only."
            case Combine():
                yield self._combination(proof)
            case Induct():
                yield f"By induction on {_shown(proof.variable)}."
                yield from _led(
                    f"For {_shown(proof.variable)} = {_shown(proof.start)}: ", self.proof(proof.base)
                )
                yield from _led("The step: ", self.proof(proof.step))
            case Differentiate():
                yield from _led("After differentiation: ", self.proof(proof.then))
            case BothWays():
                marks = ("$\\Rightarrow$: ", "$\\Leftarrow$: ")
                if self._statement.relation.value == "=":
                    marks = ("$\\ge$: ", "$\\le$: ")
                yield from _led(marks[0], self.proof(proof.forward))
                yield from _led(marks[1], self.proof(proof.backward))
            case LeadingTerms():
                yield "By the dominant powers."
            case CountRoots():
                yield "By Sturm's theorem."
            case PowerSeries():
                yield self._power_series(proof)
            case ImplicitSeries():
                yield (
                    f"The powers of $1 + {_tex(proof.unknown)}$, with exponent {_shown(proof.power)}, "
                    "solve one difference equation for all coefficients, by Pringsheim's theorem."
                )
            case Instance():
                places = listed(f"${_tex(name)} = {_tex(value)}$" for name, value in proof.where)
                yield f"The general statement, at {places}."
            case _:
                yield "Taken as known, and tested." if proof is AXIOM else "By a record that is not known."

    def _combination(self, proof: Combine) -> str:
        terms = [self._term(use) for use in proof.uses]
        if proof.plus:
            terms.append(self._rest(proof.plus))
        if not terms:
            return "By exact algebra."
        if len(terms) == 1:
            return f"By algebra, from {terms[0]}." if proof.uses else f"The difference is {terms[0]}."
        return f"The sum of {listed(terms)}."

    def _term(self, use: Use) -> str:
        """``twice (16) at $g = U$, summed over $j$``."""
        parts = [_times(use.times), self._fact(use.fact), _place(use.where), _over(use.over)]
        text = " ".join(filter(None, parts))
        proved = [self._fact(fact) for part in use.given if part is not None for fact in facts(part)]
        return f"{text} (its hypotheses by {listed(dict.fromkeys(proved))})" if proved else text

    def _fact(self, fact: Any) -> str:
        if isinstance(fact, Statement):
            return f"[[statement:{fact.id}]]"
        if fact is HYPOTHESIS:
            return "the induction hypothesis"
        if isinstance(fact, Claim):
            formula = _fitting(lambda: self._formula_of(fact))
            return f"the hypothesis ${formula}$" if formula else "a hypothesis"
        return "a fact"

    def _rest(self, plus: tuple[Any, ...]) -> str:
        formula = _fitting(lambda: " + ".join(_summand(part) for part in plus))
        return f"${formula} \\ge 0$" if formula else "a rest that is manifestly non-negative"

    def _power_series(self, proof: PowerSeries) -> str:
        terms = (
            f"({_tex(coefficient)}) y^{{({order})}}" if order else f"({_tex(coefficient)}) y"
            for order, coefficient in enumerate(proof.equation)
        )
        formula = _fitting(lambda: " + ".join(terms))
        solved = f"$y$ with ${formula} = 0$" if formula else "one linear differential equation"
        return f"Both sides solve {solved}, and agree in the coefficients that it leaves free."


def _led(head: str, sentences: Iterable[str]) -> Iterator[str]:
    first, *rest = sentences
    yield head + (first[:1].lower() + first[1:])
    yield from rest


def _times(coefficient: Any) -> str:
    value = sp.S(coefficient)
    words = {1: "", 2: "twice", 3: "three times", 4: "four times", -1: "minus", -2: "minus twice"}
    if value.is_Integer and int(value) in words:
        return words[int(value)]
    sign = "minus " * bool(value.could_extract_minus_sign())
    formula = _fitting(lambda: _tex(-value if sign else value))
    return f"{sign}${formula}$ times" if formula else f"{sign}a multiple of"


def _place(where: Any) -> str:
    if not where:
        return ""
    shown = [
        _fitting(lambda name=name, value=value: f"{_tex(name)} = {_tex(value)}") for name, value in where
    ]
    if len(shown) > _MOST or not all(shown):
        return "at the place that its record names"
    return f"at {listed(f'${pair}$' for pair in shown)}"


def _over(ranges: Any) -> str:
    if not ranges:
        return ""
    return f"summed over {listed(f'${_tex(index)}$' for index, *_ in ranges)}"


def _summand(term: Any) -> str:
    tex = _tex(term)
    return rf"\left( {tex} \right)" if sp.S(term).is_Add else tex


def _fitting(make: Any) -> str:
    """A formula, empty for one that is too long or that cannot be printed."""
    try:
        formula = str(make())
    except InputError:
        return ""
    return formula if list_width(tokens_of(formula), _IN_TEXT) <= WIDEST else ""


def _tex(expression: Any) -> str:
    return typeset(sp.sympify(expression)).tex


def _shown(expression: Any) -> str:
    return f"${_tex(expression)}$"
