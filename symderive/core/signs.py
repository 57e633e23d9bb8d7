"""Signs under hypotheses, and where a term is defined; nothing is searched for.

A term has a sign because its form has only non-negative terms, or because it *is* a hypothesis.  A term is
defined where its powers, logarithms, indices, ranges and series are; a proof uses a rule of algebra only
on terms that are defined.  What cannot be shown is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from .averages import is_random, is_random_symbol
from .binders import instantiate, replace, substitute
from .budget import spend
from .claims import Claim
from .forms import cleared, form, is_zero, normalized, number
from .kinds import is_nonnegative_form, is_positive_form
from .kinds import is_positive as _is_positive_atom
from .terms import (
    INF,
    REAL,
    UNIT,
    WHOLE,
    CoreError,
    Head,
    Kind,
    Letter,
    Term,
    add,
    fresh,
    generic_in,
    level_above,
    minus,
    mul,
    neg,
    num,
    over,
)
from .whole import is_natural, is_whole


@dataclass(frozen=True)
class Signs:
    """What is known about signs under hypotheses; False always means "not known"."""

    given: tuple[Claim, ...] = ()

    def is_nonnegative(self, term: Term) -> bool:
        return _sign(self, term, strict=False)

    def is_positive(self, term: Term) -> bool:
        return _sign(self, term, strict=True)

    def is_nonzero(self, term: Term) -> bool:
        if self.is_positive(term) or self.is_positive(neg(term)):
            return True
        if self.is_hypothesis(term, ">≠") or self.is_hypothesis(neg(term), ">≠"):
            return True
        if term.op == "mul":
            return all(map(self.is_nonzero, term.args))
        return term.op == "pow" and self.is_nonzero(term.args[0])

    def steady(self) -> Signs:
        """What is known at every outcome: the hypotheses that do not speak of one."""
        return Signs(tuple(c for c in self.given if not any(map(is_random_symbol, c.symbols))))

    def is_hypothesis(self, term: Term, relations: str) -> bool:
        """Whether the term is left - right of a hypothesis without ranges of its own."""
        return any(
            not claim.over and claim.relation in relations and is_zero(minus(term, claim.difference))
            for claim in self.given
        )


def _is_letter(term: Term) -> bool:
    return term.op == "at" and isinstance(term.args[0], Letter) and len(term.args) == 1


@lru_cache(maxsize=20_000)
def _shifts(signs: Signs) -> dict[Letter, Term]:
    """Bounded letters by free ones: D ≥ 2 as 2 + x with x ≥ 0, and 0 < q < b as b/(1 + x), x > 0."""
    lower: dict[Letter, Term] = {}
    upper: dict[Letter, Term] = {}
    for claim in signs.given:
        if claim.over or claim.relation not in "≥>":
            continue
        left, right, strict = claim.left, claim.right, int(claim.relation == ">")
        if _is_letter(left) and (bound := number(right)) is not None:
            letter = left.args[0]
            whole = letter.kind.whole
            first = floor(bound) + 1 if strict else ceil(bound)
            kind = Kind(True, 0) if whole else Kind(False, strict)
            lower[letter] = add(num(first if whole else bound), fresh(kind))
        elif _is_letter(right) and number(left) is not None:
            letter = right.args[0]
            if letter.kind == Kind(False, 1):
                upper[letter] = mul(left, over(add(UNIT, fresh(Kind(False, strict)))))
    return upper | lower


@lru_cache(maxsize=50_000)
def _sign(signs: Signs, term: Term, *, strict: bool) -> bool:
    if _reads(signs, term, strict=strict) or signs.is_hypothesis(term, ">" if strict else "≥>"):
        return True
    shifts = _shifts(signs)
    if shifts.keys() & term.symbols:
        try:
            term = substitute(term, shifts)
        except CoreError:
            return False
    value = form(term)
    # Clearing a positive composite does not change the sign.
    for candidate in (value, cleared(value, only=_is_positive_atom)):
        if is_positive_form(candidate) if strict else is_nonnegative_form(candidate):
            return True
    return False


def _reads(signs: Signs, term: Term, *, strict: bool) -> bool:
    """A sign read off the way in which the term is written, parts by the hypotheses."""
    known = signs.is_positive if strict else signs.is_nonnegative
    match term.op:
        case "mul":
            return all(map(known, term.args))
        case "add":
            return all(map(signs.is_nonnegative, term.args)) and (
                not strict or any(map(signs.is_positive, term.args))
            )
        case "pow":
            base, exponent = term.args
            even = exponent.op == "num" and exponent.args[0] % 2 == 0
            return known(base) or (even and (not strict or signs.is_hypothesis(base, "≠")))
        case "sum" | "product":
            low, high, _ = term.args
            nonempty = high != INF and is_natural(minus(high, low))
            return (not strict or nonempty or term.op == "product") and known(opened(signs, term))
        case "mean":
            return not strict and signs.steady().is_nonnegative(term.args[0])
    return False


def opened(signs: Signs, term: Term) -> Term:
    """The body of a sum or product at a generic letter of its range that no hypothesis speaks of."""
    low, high, body = term.args
    known = term.generics.union(*(claim.generics for claim in signs.given))
    index = Term("generic", level_above(known), WHOLE, low, None if high == INF else high)
    return instantiate(body, index)


# -- where terms are defined -------------------------------------------------------------------------------


def require_defined(signs: Signs, *terms: Term, series: frozenset[Term] = frozenset()) -> None:
    """Accept terms that have a value wherever the hypotheses hold, or raise :class:`CoreError`.

    ``series`` are infinite sums, in normal form, that are known to converge.
    """
    for term in terms:
        _check(signs, term, series, ())


def require_smooth(signs: Signs, body: Term, point: Term) -> None:
    """Accept a function that is analytic in its variable around ``point``, or raise.

    Powers that are not whole have positive bases there, so that they stay positive nearby; what holds the
    variable is no index, range, head or infinite sum.
    """
    _check_derivative(signs, body, point, ())


#: Variables of derivatives, the outermost first, each with the point around which it moves.
Moving = tuple[tuple[Term, Term], ...]


def _check_derivative(signs: Signs, body: Term, point: Term, moving: Moving) -> None:
    variable = generic_in(Term("mul", body, point, *(v for v, _ in moving)), REAL)
    _check(signs, instantiate(body, variable), frozenset(), (*moving, (variable, point)))


def _check(signs: Signs, term: Term, series: frozenset[Term], moving: Moving) -> None:
    spend(1)
    variables = frozenset(variable for variable, _ in moving)
    moves = bool(variables & term.generics)

    def value(part: Term) -> Term:
        """A part at the point around which it is to be smooth."""
        for pair in reversed(moving):
            part = replace(part, *pair)
        return part

    def require(holds: bool, what: str, *parts: Term) -> None:
        if not holds:
            places = ", ".join("{}" for _ in parts)
            raise CoreError(f"{places} is not known to be {what} in {{}}", *map(value, (*parts, term)))

    match term.op:
        case "pow":
            base, exponent = term.args
            whole = is_whole(exponent)
            steady = not variables & exponent.generics
            if not (whole and steady and signs.is_nonnegative(exponent)):
                at_point = value(base)
                if whole and steady:
                    require(signs.is_nonzero(at_point), "nonzero", base)
                elif moves or not signs.is_positive(value(exponent)):  # 0^0 is 1 for whole exponents only
                    require(signs.is_positive(at_point), "positive", base)
                else:
                    require(signs.is_nonnegative(at_point), "non-negative", base)
        case "log":
            require(signs.is_positive(value(term.args[0])), "positive", term.args[0])
        case "binomial":
            require(natural(signs, term.args[1]), "a whole number ≥ 0", term.args[1])
        case "delta":
            require(all(map(is_whole, term.args)), "whole numbers", *term.args)
        case "at":
            symbol, *indices = term.args
            require(all(map(is_whole, indices)), "whole numbers", *indices)
            if isinstance(symbol, Head) or symbol.arity == -1:
                require(natural(signs, indices[0]), "a whole number ≥ 0", indices[0])
        case "sum" | "product":
            low, high, _ = term.args
            if high == INF:
                require(not moves and normalized(term) in series, "convergent", term)
            else:
                require(is_whole(low) and is_whole(high), "whole numbers", low, high)
            require(not variables & (low.generics | high.generics), "a fixed range", term)
            for part in (low, *((high,) if high != INF else ()), opened(signs, term)):
                _check(signs, part, series, moving)
            return
        case "mean":
            require(not moves, "free of the variable", term)
            require(_is_polynomial(term.args[0]), "a polynomial in noise and data", term.args[0])
            signs = signs.steady()
        case "deriv":
            body, point = term.args
            _check(signs, point, series, moving)
            _check_derivative(signs, body, point, moving)
            return
        case "generic" | "num" | "e" | "add" | "mul":
            pass
        case _:
            raise CoreError(f"{term.op} is no term that a statement may hold")
    if moves and term.op in ("at", "delta", "binomial"):
        raise CoreError("{} holds the variable of a derivative", value(term))
    for part in term.parts if term.op != "generic" else ():
        _check(signs, part, series, moving)


def natural(signs: Signs, term: Term) -> bool:
    return is_natural(term) or (is_whole(term) and signs.is_nonnegative(term))


def _is_polynomial(term: Term) -> bool:
    """Whether random variables stand under sums, products and powers with numbers as exponents only."""
    if not is_random(term):
        return True
    if term.op == "pow":
        exponent = number(term.args[1])
        return (
            exponent is not None
            and exponent.denominator == 1
            and exponent >= 0
            and _is_polynomial(term.args[0])
        )
    if term.op in ("add", "mul"):
        return all(map(_is_polynomial, term.args))
    if term.op == "sum":
        return not is_random(term.args[0]) and not is_random(term.args[1]) and _is_polynomial(term.args[2])
    return term.op == "at" and not any(map(is_random, term.args[1:]))
