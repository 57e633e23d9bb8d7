"""The kernel: accepts a proof of a statement or refuses it.

Nothing here searches.  A proof names the facts and the coefficients; the kernel checks that each fact may
be used where it is used, that every expression is defined, that signs are what they should be, and that
what remains is zero in normal form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.proofs.implicit_series import require_coefficients
from symderive.proofs.limits import leading_limit
from symderive.proofs.monomials import OutOfReachError
from symderive.proofs.normal_form import is_zero, normalized
from symderive.proofs.series import SeriesError, compare
from symderive.proofs.sign_rules import Signs
from symderive.proofs.sum_normal_form import is_series
from symderive.statements.claim import Claim, Range, Recursion, Relation, at_least, equal, z
from symderive.statements.nodes import Expectation, RootCount
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    Combine,
    CountRoots,
    Differentiate,
    ImplicitSeries,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    Use,
)
from symderive.statements.statement import Statement
from symderive.statements.substitution import (
    dependencies,
    fresh,
    in_record,
    substitute,
    unfold,
    written_out,
)


class ProofError(Exception):
    """A proof that is refused; the message says at which step."""


@dataclass(frozen=True)
class _Context:
    """What may be used while a claim is proved; ``series`` are infinite sums that converge."""

    given: tuple[Claim, ...] = ()
    ranges: tuple[Range, ...] = ()
    definitions: tuple[Recursion, ...] = ()
    hypothesis: Statement | None = None
    frozen: frozenset[Any] = frozenset()
    series: frozenset[Any] = frozenset()

    @property
    def names(self) -> set[Any]:
        """Symbols and indices that the hypotheses and ranges speak of."""
        return {name for name, *_ in self.ranges}.union(*(claim.free_symbols for claim in self.given))

    @property
    def signs(self) -> Signs:
        return Signs(self.given)


def check(statement: Statement) -> None:
    """Accept the proof of a statement or raise :class:`ProofError`."""
    error = _outcome(statement)
    if error is not None:
        raise ProofError(error)


@lru_cache(maxsize=4096)
def _outcome(statement: Statement) -> str | None:
    try:
        _check_statement(statement)
    except ProofError as error:
        return str(error)
    except OutOfReachError as error:
        return f"out of reach: {error}"
    except Exception as error:  # whatever goes wrong, nothing is proved
        return f"the check fails with {type(error).__name__}: {error}"
    return None


def _check_statement(statement: Statement) -> None:
    if statement.proof is None:
        raise ProofError("no proof is given")
    if statement.proof is AXIOM:
        return
    context = _Context(statement.given, definitions=statement.definitions)
    for claim in statement.given:
        _require_defined(context, claim.left, claim.right)
    if isinstance(statement.proof, Induct):
        _check_induction(statement, statement.proof)
    else:
        _check_claim(statement.claim, statement.proof, context)


def _check_claim(claim: Claim, proof: Any, context: _Context) -> None:
    match proof:
        case Combine():
            _check_combination(claim, proof, context)
        case Differentiate():
            left, right = (_differentiated(side) for side in (claim.left, claim.right))
            _check_claim(Claim(claim.relation, left, right, claim.over), proof.then, context)
        case LeadingTerms():
            _check_limit(claim, context)
        case BothWays():
            _check_equivalence(claim, proof, context)
        case CountRoots():
            _check_count(claim)
        case PowerSeries():
            _check_series(claim, proof, context)
        case ImplicitSeries():
            _check_implicit_series(claim, proof, context)
        case Instance():
            _check_instance(claim, proof, context)
        case _:
            raise ProofError(f"{proof!r} is not a proof")


# -- the one rule of algebra ---------------------------------------------------------------------------

_INEQUALITIES = (Relation.AT_LEAST, Relation.GREATER)


def _scalar(claim: Claim) -> Claim:
    """A matrix inequality as the inequality of quadratic forms for every test vector z."""
    if claim.relation is not Relation.MATRIX_AT_LEAST:
        return claim
    (j, *range_j), (k, *range_k) = claim.over
    if range_j != range_k:
        raise ProofError("the two indices of a matrix inequality have different ranges")
    form = sp.Sum(z[j] * z[k] * (claim.left - claim.right), *claim.over)
    return Claim(Relation.AT_LEAST, form, sp.Integer(0))


def _check_combination(claim: Claim, proof: Combine, context: _Context) -> None:
    claim = _scalar(claim)
    if claim.relation not in (Relation.EQUAL, Relation.DIFFERENT, *_INEQUALITIES):
        raise ProofError(f"a combination does not prove a statement with {claim.relation.value}")
    context = replace(context, ranges=context.ranges + claim.over)
    # What converges because of the facts may stand in the claim, not in the proof that they may be used.
    series = {node for use in proof.uses for node in _series_of(use, context)}
    _require_defined(replace(context, series=frozenset(series)), claim.left, claim.right, *proof.plus)
    equation = claim.relation is Relation.EQUAL
    strict = False
    difference = claim.left - claim.right
    for use in proof.uses:
        relation, term, positive = _instance(use, context)
        if relation is not Relation.EQUAL and equation:
            raise ProofError("an equation cannot rest on an inequality")
        strict |= relation is Relation.GREATER and positive
        difference -= term
    for term in map(sp.sympify, proof.plus):
        if equation and term != 0:
            raise ProofError("an equation has no room for a non-negative rest")
        if not context.signs.is_nonnegative(term):
            raise ProofError(f"{term} is not manifestly non-negative")
        strict |= context.signs.is_positive(term)
        difference -= term
    if claim.relation in (Relation.GREATER, Relation.DIFFERENT) and not strict:
        raise ProofError("nothing shows that the inequality is strict")
    _require_zero(difference, context)


def _require_zero(difference: Any, context: _Context) -> None:
    indices = {index: sp.Idx(index.name, (low, high)) for index, low, high in context.ranges}
    if not is_zero(fresh(difference).xreplace(indices)):
        raise ProofError("left - right is not the combination of facts that the proof claims")


@lru_cache(maxsize=4096)
def _instance(use: Use, context: _Context) -> tuple[Relation, Any, bool]:
    """The relation of a fact and times · (left - right) where it is used; whether times is positive.

    A near-miss asks for the facts of the statement that it misses.
    """
    fact, hypotheses, fixed = _resolved(use.fact, context)
    scalar = _scalar(fact)
    where = {key: sp.sympify(value) for key, value in use.where}
    known = context.names
    for name, _, high in use.over:
        if name in known:
            raise ProofError(f"{name} has a meaning already and cannot be summed over")
        if high == sp.oo:
            raise ProofError("a fact is summed over finitely many indices only")
    context = replace(context, ranges=context.ranges + use.over)
    _require_allowed(where, fact, fixed, context, _from_zero(use.fact))
    for index, low, high in scalar.over:
        _require_range(where.get(index, index), low, substitute(sp.sympify(high), where), context)
    _require_hypotheses(hypotheses, use, where, context)
    times = sp.sympify(use.times)
    _require_defined(context, times, *(_general(key, value) for key, value in where.items()))
    positive = context.signs.is_positive(times)
    if scalar.relation in _INEQUALITIES and not (positive or context.signs.is_nonnegative(times)):
        raise ProofError(f"{times} is not manifestly non-negative and multiplies an inequality")
    if scalar.relation not in (Relation.EQUAL, *_INEQUALITIES):
        raise ProofError(f"a fact with {scalar.relation.value} does not enter a combination")
    term = times * substitute(scalar.left - scalar.right, where)
    positive &= all(_is_at_most(low, high) for _, low, high in use.over)
    return scalar.relation, sp.Sum(term, *use.over) if use.over else term, positive


def _series_of(use: Use, context: _Context) -> set[Any]:
    """The infinite sums in a fact where it is used: that it holds says that they converge."""
    fact, *_ = _resolved(use.fact, context)
    sides = [side for side in (fact.left, fact.right) if side.has(sp.oo)]
    where = {key: sp.sympify(value) for key, value in use.where}
    sums = {node for side in sides for node in substitute(side, where).atoms(sp.Sum)}
    return {normalized(node) for node in sums if is_series(node)}


def _resolved(fact: Any, context: _Context) -> tuple[Claim, tuple[Claim, ...], frozenset[Any] | None]:
    """A fact's claim, its hypotheses, and the symbols it is not general in; None means all of them."""
    if isinstance(fact, Claim):
        if fact not in context.given:
            raise ProofError(f"{fact.left} {fact.relation.value} {fact.right} is not a hypothesis")
        return fact, (), None
    if fact is HYPOTHESIS:
        if context.hypothesis is None:
            raise ProofError("there is no induction hypothesis here")
        return context.hypothesis.claim, context.hypothesis.given, context.frozen
    if not isinstance(fact, Statement):
        raise ProofError(f"{fact!r} is not a fact")
    if (error := _outcome(fact)) is not None:
        raise ProofError(f"it rests on {fact.id}, which is not proved ({error})")
    if not set(fact.definitions) <= set(context.definitions):
        raise ProofError(f"it uses {fact.id}, whose definitions are not those of this statement")
    fixed = dependencies(fact.definitions)
    if any(
        side.has(Expectation) for claim in (fact.claim, *fact.given) for side in (claim.left, claim.right)
    ):
        fixed |= _MODEL
    return fact.claim, fact.given, frozenset(fixed)


#: What an expectation is over, and the moments that it gives: fixed in every fact with an expectation.
_MODEL = {sy.y, sy.c, *(base.label for base in (sy.x, sy.epsilon, sy.h, sy.sigma, sy.A_entry, sy.v_entry))}


def _require_allowed(
    where: Mapping[Any, Any],
    fact: Claim,
    fixed: frozenset[Any] | None,
    context: _Context,
    from_zero: Any = None,
) -> None:
    """Every replaced name is one that the fact is general in, and what replaces it is of its kind.

    ``from_zero`` is a positive symbol for which the fact is known at 0 as well.
    """
    own = {index for index, *_ in fact.over}
    for key, value in where.items():
        label = key.base.label if isinstance(key, sp.Indexed) else key
        is_test_vector = fact.relation is Relation.MATRIX_AT_LEAST and label == z.label
        if key in own or is_test_vector:
            continue
        value = _general(key, value)
        if fixed is None or label in fixed:
            raise ProofError(f"{key} is fixed where the fact is known and cannot stand for something else")
        for kind, holds in (
            ("a whole number", not key.is_integer or value.is_integer),
            ("positive", key == from_zero or not key.is_positive or context.signs.is_positive(value)),
            ("non-negative", not key.is_nonnegative or context.signs.is_nonnegative(value)),
        ):
            if not holds:
                raise ProofError(f"{key} is {kind}, and {value} is not known to be")


def _general(key: Any, value: Any) -> Any:
    """What is put in for a family, its indices made fresh: no hypothesis about an index j is about them."""
    if not isinstance(key, sp.Indexed):
        return value
    return value.xreplace({name: sp.Dummy(integer=True) for name in key.indices if name.is_Symbol})


def _from_zero(fact: Any) -> Any:
    """The variable of an induction from 0."""
    proof = getattr(fact, "proof", None)
    return proof.variable if isinstance(proof, Induct) and proof.start == 0 else None


def _require_range(index: Any, low: Any, high: Any, context: _Context) -> None:
    """``index`` is known to lie in low..high: a number, or a declared index plus a number."""
    spans = [(index, index)]
    for name, first, last in context.ranges:
        if (index - name).is_Integer:
            spans.append((first + index - name, last + index - name))
    if not any(_is_at_most(low, first) and _is_at_most(last, high) for first, last in spans):
        raise ProofError(f"the index {index} is not known to run from {low} to {high}")


def _is_at_most(low: Any, high: Any) -> bool:
    gap = sp.sympify(high) - sp.sympify(low)
    return bool(gap.is_nonnegative) or is_zero(gap)


def _require_hypotheses(
    hypotheses: tuple[Claim, ...], use: Use, where: Mapping[Any, Any], context: _Context
) -> None:
    proofs = (*use.given, *(None,) * (len(hypotheses) - len(use.given)))
    if len(proofs) > len(hypotheses):
        raise ProofError("there are more proofs of hypotheses than hypotheses")
    taken = context.names.union(*(_general(key, value).free_symbols for key, value in where.items()))
    for hypothesis, proof in zip(hypotheses, proofs, strict=True):
        if proof is None:
            # Its own indices are made fresh, so that nothing that is put in is captured.
            hypothesis = in_record(
                hypothesis, {name: sp.Dummy(integer=True) for name, *_ in hypothesis.over}
            )
        names = {name for name, *_ in hypothesis.over}
        if hypothesis.relation is Relation.MATRIX_AT_LEAST:
            names |= {z.label}
        if proof is not None and names & taken:
            name = min(map(str, names & taken))
            raise ProofError(f"{name} is used both inside and outside a hypothesis")
        claim = _at(hypothesis, {key: value for key, value in where.items() if key not in names})
        if proof is not None:
            _check_claim(claim, proof, context)
        elif not _is_known(claim, context):
            raise ProofError(
                f"the hypothesis {claim.left} {claim.relation.value} {claim.right} is not discharged"
            )


def _at(claim: Claim, where: Mapping[Any, Any]) -> Claim:
    left, right = (substitute(side, where) for side in (claim.left, claim.right))
    over = tuple((name, low, substitute(sp.sympify(high), where)) for name, low, high in claim.over)
    return Claim(claim.relation, left, right, over)


def _is_known(claim: Claim, context: _Context) -> bool:
    """Whether a claim is one of the hypotheses, up to algebra, or a sign that can be read off.

    The claim's own indices are fresh.
    """
    strong = {Relation.GREATER: (Relation.AT_LEAST, Relation.DIFFERENT, Relation.GREATER)}
    difference = claim.left - claim.right
    for known in context.given:
        fits = claim.relation in strong.get(known.relation, (known.relation,))
        if fits and len(known.over) == len(claim.over):
            names = {old: new for (old, *_), (new, *_) in zip(known.over, claim.over, strict=True)}
            # Known for all indices of a range, it is known for those of a part of it.
            same = all(
                _is_at_most(wide[1], narrow[1])
                and _is_at_most(narrow[2], sp.sympify(wide[2]).xreplace(names))
                for wide, narrow in zip(known.over, claim.over, strict=True)
            )
            if same and is_zero(difference - fresh(known.left - known.right).xreplace(names)):
                return True
    if claim.over or claim.relation not in _INEQUALITIES:
        return False
    strict = claim.relation is Relation.GREATER
    return (context.signs.is_positive if strict else context.signs.is_nonnegative)(difference)


# -- where expressions are defined ----------------------------------------------------------------------


def _require_defined(context: _Context, *expressions: Any) -> None:
    """Bases of negative powers are nonzero, of fractional powers and under logarithms positive."""
    signs = context.signs
    for expression in expressions:
        for node in sp.preorder_traversal(fresh(sp.sympify(expression))):
            if isinstance(node, sp.Pow) and not (node.exp.is_integer and node.exp.is_nonnegative):
                base, power = node.as_base_exp() if node.base.is_Rational else (node.base, node.exp)
                if not (power.is_integer or power.is_nonnegative or signs.is_positive(base)):
                    raise ProofError(f"{base} is not known to be positive in {node}")
                if power.is_integer and not signs.is_nonzero(base):
                    raise ProofError(f"{base} is not known to be nonzero in {node}")
                if not power.is_integer and not signs.is_nonnegative(base):
                    raise ProofError(f"{base} is not known to be non-negative in {node}")
            if isinstance(node, sp.log) and not signs.is_positive(node.args[0]):
                raise ProofError(f"{node.args[0]} is not known to be positive in {node}")
            if isinstance(node, sp.binomial) and not (
                node.args[1].is_integer and node.args[1].is_nonnegative
            ):
                raise ProofError(f"{node.args[1]} is not known to be a whole number ≥ 0 in {node}")
            if is_series(node) and normalized(node) not in context.series:
                raise ProofError(f"{node} is not known to converge")
            if node in (sp.zoo, sp.nan, sp.I):
                raise ProofError(f"{node} is not a real number")


# -- the other rules -----------------------------------------------------------------------------------


def _check_induction(statement: Statement, proof: Induct) -> None:
    variable = proof.variable
    if not (variable.is_integer and variable.is_positive and proof.start in (0, 1)):
        raise ProofError("induction starts at 0 or 1 and runs over a positive whole number")
    if variable in dependencies(statement.definitions):
        raise ProofError(f"a definition speaks of {variable}, the variable of the induction")
    # The step starts from the base: from 0 it is taken for a symbol that may be 0.
    below = sp.Dummy(variable.name, integer=True, nonnegative=True) if proof.start == 0 else variable
    claim, assumed, step = in_record((statement.claim, statement.given, proof.step), {variable: below})
    hypothesis = replace(statement, left=claim.left, right=claim.right, over=claim.over, given=assumed)
    frozen = frozenset({below} | dependencies(statement.definitions))
    for name, value, part, fact in (
        ("base", sp.Integer(proof.start), proof.base, None),
        ("step", below + 1, _at_variable(step, variable, below), hypothesis),
    ):
        at = {variable: value}
        given = tuple(_moved(claim, at, statement.definitions) for claim in statement.given)
        context = _Context(given, definitions=statement.definitions, hypothesis=fact, frozen=frozen)
        try:
            _check_claim(_moved(statement.claim, at, statement.definitions), part, context)
        except ProofError as error:
            raise ProofError(f"induction {name}: {error}") from None


def _at_variable(proof: Any, variable: Any, below: Any) -> Any:
    """The step with ``variable`` put in explicitly where it uses a statement that speaks of it."""
    if isinstance(proof, Use):
        given = tuple(_at_variable(part, variable, below) for part in proof.given)
        where = proof.where
        if isinstance(proof.fact, Statement) and variable in proof.fact.free_symbols - dict(where).keys():
            where = (*where, (variable, below))
        return replace(proof, where=where, given=given)
    if isinstance(proof, Combine):
        return replace(proof, uses=tuple(_at_variable(use, variable, below) for use in proof.uses))
    if isinstance(proof, Differentiate):
        return replace(proof, then=_at_variable(proof.then, variable, below))
    if isinstance(proof, BothWays):
        forward, backward = (
            _at_variable(part, variable, below) for part in (proof.forward, proof.backward)
        )
        return replace(proof, forward=forward, backward=backward)
    return proof


def _moved(claim: Claim, at: Mapping[Any, Any], definitions: tuple[Recursion, ...]) -> Claim:
    claim = _at(claim, at)
    return replace(claim, left=unfold(claim.left, definitions), right=unfold(claim.right, definitions))


def _differentiated(expression: Any) -> Any:
    if expression.has(sp.Derivative) and expression.has(sp.oo):
        raise ProofError("a series is not differentiated term by term")
    return expression.replace(
        lambda node: isinstance(node, sp.Derivative),
        # SymPy differentiates a sum over j by x_j as if the two were one index; fresh ones are not.
        lambda node: sp.diff(fresh(node.expr), *node.variables),
    )


def _check_limit(claim: Claim, context: _Context) -> None:
    if claim.relation is not Relation.LIMIT or not isinstance(claim.left, sp.Limit):
        raise ProofError("leading terms prove limits only")
    expression, variable, point, _ = claim.left.args
    _require_defined(context, expression)
    value = leading_limit(expression, variable, point, context.signs)
    if value is None:
        raise ProofError("the dominant power is not known")
    if value.is_infinite or claim.right.is_infinite:
        if value != claim.right:
            raise ProofError(f"the limit is {value}")
    else:
        _require_zero(value - claim.right, context)


def _as_claim(equation: Any) -> Claim:
    relations = {
        sp.Eq: Relation.EQUAL,
        sp.Ge: Relation.AT_LEAST,
        sp.Gt: Relation.GREATER,
        sp.Ne: Relation.DIFFERENT,
    }
    if equation.func not in relations:
        raise ProofError(f"{equation} is not a relation")
    return Claim(relations[equation.func], equation.lhs, equation.rhs)


def _check_equivalence(claim: Claim, proof: BothWays, context: _Context) -> None:
    if claim.relation is Relation.EQUAL:
        for left, right, part in (
            (claim.left, claim.right, proof.forward),
            (claim.right, claim.left, proof.backward),
        ):
            _check_claim(Claim(Relation.AT_LEAST, left, right, claim.over), part, context)
        return
    if claim.relation is not Relation.EQUIVALENT:
        raise ProofError("two directions prove an equivalence or an equation only")
    context = replace(context, ranges=context.ranges + claim.over)
    sides = _as_claim(claim.left), _as_claim(claim.right)
    for (premise, conclusion), part in zip(
        (sides, sides[::-1]), (proof.forward, proof.backward), strict=True
    ):
        _require_defined(context, premise.left, premise.right)
        _check_claim(conclusion, part, replace(context, given=(*context.given, premise)))


def _check_count(claim: Claim) -> None:
    if claim.relation is not Relation.COUNT or not isinstance(claim.left, RootCount):
        raise ProofError("Sturm's theorem proves statements about the number of roots only")
    if claim.left.by_sturm() != claim.right:
        raise ProofError(f"Sturm's theorem counts {claim.left.by_sturm()} roots")


def _check_series(claim: Claim, proof: PowerSeries, context: _Context) -> None:
    if claim.relation is not Relation.EQUAL or not isinstance(claim.right, sp.Sum):
        raise ProofError("a power series proves that an expression equals an infinite sum only")
    for known in context.given:
        q, bound = known.right, known.left
        if known.relation is Relation.GREATER and q.is_Symbol and q.is_positive and bound.is_Rational:
            break
    else:
        raise ProofError("no hypothesis bounds the variable of the series")
    _require_defined(context, claim.left)
    # Analytic at 0 as well: there no power or logarithm meets 0.
    _require_defined(_Context(), claim.left.xreplace({q: sp.Integer(0)}))
    try:
        compare(claim.left, claim.right, proof.equation, q, bound)
    except SeriesError as error:
        raise ProofError(str(error)) from None


def _check_implicit_series(claim: Claim, proof: ImplicitSeries, context: _Context) -> None:
    zeta, q, t, r = proof.unknown, proof.variable, proof.exponent, proof.power
    series = fresh(claim.right - 1)
    if claim.relation is not Relation.EQUAL or claim.over or not isinstance(series, sp.Sum):
        raise ProofError("a power series proves that an expression equals 1 plus an infinite sum only")
    if not all(symbol.is_Symbol and symbol.is_positive for symbol in (zeta, q, r)):
        raise ProofError("the unknown, the variable and the power of the series are positive symbols")
    if t.has(r) or r in context.names | dependencies(context.definitions):
        raise ProofError(f"{r} is not free: a hypothesis, a definition or the exponent speaks of it")
    _require_defined(context, t, series.function)
    if not context.signs.is_nonnegative(t - 1):
        raise ProofError(f"{t} is not known to be at least 1")
    for fact in (equal(zeta, q * (1 + zeta) ** t), at_least(1, (t - 1) * zeta)):
        if not _is_known(fact, context):
            raise ProofError(f"{fact.left} {fact.relation.value} {fact.right} is not a hypothesis")
    _require_zero(claim.left - (1 + zeta) ** r, context)
    try:
        require_coefficients(series, t, r, q, context.signs)
    except SeriesError as error:
        raise ProofError(str(error)) from None


def _check_instance(claim: Claim, proof: Instance, context: _Context) -> None:
    general, hypotheses, fixed = _resolved(proof.general, context)
    where = dict(proof.where)
    _require_allowed(where, general, fixed, context)
    _require_hypotheses(hypotheses, Use(proof.general), where, context)
    same = (general.relation, len(general.over)) == (claim.relation, len(claim.over))
    for (name, *ends), (own, *own_ends) in zip(general.over, claim.over, strict=False):
        same &= name == own and all(
            is_zero(substitute(sp.sympify(a), where) - b) for a, b in zip(ends, own_ends, strict=True)
        )
    if not same:
        raise ProofError(f"it is not of the form of {proof.general.id}")
    for side in ("left", "right"):
        _require_same(getattr(general, side), getattr(claim, side), where, context)


def _require_same(general: Any, special: Any, where: dict[Any, Any], context: _Context) -> None:
    """The special expression is the general one at ``where``, by its form or else by its normal form."""
    numbers = all(value.is_Integer for value in where.values())
    if numbers and written_out(general.xreplace(where)) == special:
        return
    if not (isinstance(general, sp.Expr) and isinstance(special, sp.Expr)):
        raise ProofError(f"{special} is not {general} at {where}")
    _require_zero(substitute(general, where) - special, context)
