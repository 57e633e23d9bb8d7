"""Proofs are frozen records; this module holds the records and what can be read off them.

=================  =====================================================================================
:class:`Combine`   left - right is a combination of facts plus non-negative terms, exactly.  Alone it is
                   exact algebra; with ``plus`` a sum of squares or another manifestly non-negative form;
                   with facts a use of hypotheses, named inequalities or statements proved before.
:class:`Induct`    induction on a natural number: base and step, each with a proof of its own.
:class:`Differentiate`  carries derivatives out, then goes on.
:class:`LeadingTerms`   a limit, from the dominant powers.
:class:`BothWays`  an equivalence, from its two implications; an equation, from ≥ and ≤.
:class:`CountRoots`     the number of real roots of a rational polynomial, by Sturm's theorem.
:class:`PowerSeries`    a power series, by one differential equation for both sides.
:class:`ImplicitSeries`  powers of the solution of ζ = q (1 + ζ)^t, by a difference equation.
:class:`Instance`  a proved statement at a value of one of its symbols, such as a depth.
:class:`AXIOM`     taken as known; what rests on it says so.
=================  =====================================================================================

They are carried out by :mod:`symderive.proofs.replay`, one-sided: what is accepted is proved, what is
refused may be true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.statements.claim import Claim
from symderive.statements.facts import Combine as Combine
from symderive.statements.facts import Fact, Proof, proved
from symderive.statements.facts import Use as Use
from symderive.statements.statement import Statement


class Mark(Proof):
    """A named constant: AXIOM, or the assumption of an induction.

    Attributes
    ----------
    name : str
        Its name.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


#: The proof of a statement that is taken as known.
AXIOM = Mark("AXIOM")


class Assumption(Mark, Fact):
    """A named constant that is a fact."""


#: The induction hypothesis, as a fact in the step of :class:`Induct`.
HYPOTHESIS = Assumption("HYPOTHESIS")

#: left = right by exact algebra alone.
exact_algebra = Combine()


@dataclass(frozen=True)
class Induct(Proof):
    """Proof by induction on a natural number; made by :func:`induction`.

    The definitions of the statement are unfolded once in base and step.

    Attributes
    ----------
    variable : sympy.Symbol
        The number.
    base : proof
        The proof at ``start``.
    step : proof
        The proof of the next number; HYPOTHESIS is the statement at the number before.
    start : int
        The first number.

    Examples
    --------
    >>> from symderive.symbols import D
    >>> induction(D, step=HYPOTHESIS).variable
    D
    """

    variable: Any
    base: Any
    step: Any
    start: int = 0


@dataclass(frozen=True)
class Differentiate(Proof):
    """Proof that carries the derivatives of both sides out, then goes on; made by :func:`differentiate`.

    Attributes
    ----------
    then : proof
        The rest of the proof; exact algebra by default.

    Examples
    --------
    >>> Differentiate().then == exact_algebra
    True
    """

    then: Any = exact_algebra


@dataclass(frozen=True)
class LeadingTerms(Proof):
    """Proof of a limit: it is that of the dominant powers.

    Examples
    --------
    >>> LeadingTerms()
    LeadingTerms()
    """


@dataclass(frozen=True)
class BothWays(Proof):
    """Proof in two directions; made by :func:`both_ways`.

    An equivalence has left ⇒ right and right ⇒ left, each with its premise as a fact; an equation has
    left ≥ right and right ≥ left.

    Attributes
    ----------
    forward : proof
        The proof of ⇒, or of ≥.
    backward : proof
        The proof of ⇐, or of ≤.

    Examples
    --------
    >>> BothWays(exact_algebra, exact_algebra).forward
    Combine(uses=(), plus=())
    """

    forward: Any
    backward: Any


@dataclass(frozen=True)
class Instance(Proof):
    """Proof that a statement is a proved one at some values; made by :func:`at_depth`.

    Attributes
    ----------
    general : Statement
        The proved statement.
    where : tuple of (symbol, value)
        The values.

    Examples
    --------
    >>> from symderive import Statement
    >>> from symderive.symbols import lam
    >>> general = Statement(
    ...     id="one", title="One", left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1, reference="school"
    ... )
    >>> Instance(general, ((lam, 3),)).where
    ((lambda, 3),)
    """

    general: Statement
    where: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class PowerSeries(Proof):
    """Proof that left = Σ c_k q^k, by one differential equation for both sides.

    Both solve Σ p_m y^{(m)} = 0 and agree to the orders that this leaves free.  The statement has a
    hypothesis bound > q within the disc of convergence.

    Attributes
    ----------
    equation : tuple of sympy.Expr
        p_0, p_1, …, polynomials in q with rational coefficients.

    Examples
    --------
    >>> from symderive.symbols import q
    >>> PowerSeries((-1, 1 - q)).equation  # (1 - q) y' = y has the solution 1/(1 - q)
    (-1, 1 - q)
    """

    equation: tuple[Any, ...]


@dataclass(frozen=True)
class ImplicitSeries(Proof):
    """Proof that (1 + ζ)^r = 1 + Σ c_k(r) q^k for the solution of ζ = q (1 + ζ)^t and every r > 0.

    The theorem behind it stands in :mod:`symderive.core.series`.  Among the hypotheses of the statement are
    ζ = q (1 + ζ)^t and 1 ≥ (t - 1) ζ, and t ≥ 1 can be read off them.

    Attributes
    ----------
    unknown : sympy.Symbol
        ζ.
    variable : sympy.Symbol
        q.
    exponent : sympy.Expr
        t.
    power : sympy.Symbol
        r.

    Examples
    --------
    >>> import sympy as sp
    >>> zeta, q, r = sp.symbols("zeta q r", positive=True)
    >>> ImplicitSeries(zeta, q, sp.Rational(4, 3), r).exponent
    4/3
    """

    unknown: Any
    variable: Any
    exponent: Any
    power: Any


@dataclass(frozen=True)
class CountRoots(Proof):
    """Proof of a number of roots by Sturm's theorem, for a polynomial with rational coefficients.

    Examples
    --------
    >>> CountRoots()
    CountRoots()
    """


def combine(*uses: Use, plus: Any = ()) -> Combine:
    """Put facts together to a proof by combination; without any it is exact algebra.

    Facts that are added are the same: ``2 * first + second.at({…}) + nonnegative(…)``.

    Parameters
    ----------
    *uses : Use
        The facts in use.
    plus : sympy.Expr or tuple of these
        Terms that are manifestly non-negative.

    Returns
    -------
    Combine
        The proof.

    Examples
    --------
    >>> combine() == exact_algebra
    True
    """
    return Combine(uses, tuple(plus) if isinstance(plus, (tuple, list)) else (plus,))


def induction(
    variable: sp.Symbol, *, base: Any = exact_algebra, step: Any = exact_algebra, start: int = 0
) -> Induct:
    """Prove by induction on a natural number.

    Parameters
    ----------
    variable : sympy.Symbol
        The number.
    base : proof, fact or sum of facts
        The proof at ``start``; exact algebra by default.
    step : proof, fact or sum of facts
        The proof of the next number, which may use HYPOTHESIS; exact algebra by default.
    start : int
        The first number.

    Returns
    -------
    Induct
        The proof.

    Raises
    ------
    TypeError
        For a base or a step that is no proof.

    Examples
    --------
    >>> from symderive.symbols import D
    >>> induction(D, step=HYPOTHESIS, start=1).start
    1
    """
    return Induct(variable, proved(base), proved(step), start)


def differentiate(then: Any = exact_algebra) -> Differentiate:
    """Prove by carrying derivatives out.

    Parameters
    ----------
    then : proof, fact or sum of facts
        The rest of the proof; exact algebra by default.

    Returns
    -------
    Differentiate
        The proof.

    Raises
    ------
    TypeError
        For what is no proof.

    Examples
    --------
    >>> from symderive import nonnegative
    >>> from symderive.symbols import lam
    >>> differentiate(nonnegative(lam**2)).then.plus
    (lambda**2,)
    """
    return Differentiate(proved(then))


def both_ways(forward: Any, backward: Any) -> BothWays:
    """Prove an equivalence by its two implications, or an equation by ≥ and ≤.

    Parameters
    ----------
    forward : proof, fact or sum of facts
        The proof of left ⇒ right, or of left ≥ right.
    backward : proof, fact or sum of facts
        The proof of right ⇒ left, or of right ≥ left.

    Returns
    -------
    BothWays
        The proof.

    Raises
    ------
    TypeError
        For what is no proof.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> from symderive import greater
    >>> both_ways(2 * greater(lam, 0), exact_algebra).forward.uses[0].times
    2
    """
    return BothWays(proved(forward), proved(backward))


# -- what a proof rests on -----------------------------------------------------------------------------


def facts(proof: Any) -> tuple[Any, ...]:
    """The facts that a proof uses itself, in order, each once."""
    found: list[Any] = []
    match proof:
        case Combine():
            for use in proof.uses:
                found += [use.fact, *(fact for part in use.given for fact in facts(part))]
        case Induct():
            found += [*facts(proof.base), *facts(proof.step)]
        case Differentiate():
            found += facts(proof.then)
        case BothWays():
            found += [*facts(proof.forward), *facts(proof.backward)]
        case Instance():
            found.append(proof.general)
    return tuple(dict.fromkeys(found))


#: The theorems behind the rules that go beyond algebra; the rules check what they assume.
THEOREMS: dict[type, str] = {
    Induct: "induction over the natural numbers",
    Differentiate: "the rules of differentiation",
    LeadingTerms: "limits of sums, products and powers",
    CountRoots: "Sturm's theorem",
    PowerSeries: "uniqueness of the power series that solves a linear differential equation",
    ImplicitSeries: "Pringsheim's theorem on series with non-negative coefficients",
}


def theorems(proof: Any) -> tuple[str, ...]:
    """Names of the theorems behind the rules of a proof, in order, each once."""
    found = [THEOREMS[type(proof)]] if type(proof) in THEOREMS else []
    match proof:
        case Combine():
            found += [name for use in proof.uses for part in use.given for name in theorems(part)]
        case Induct():
            found += [*theorems(proof.base), *theorems(proof.step)]
        case Differentiate():
            found += theorems(proof.then)
        case BothWays():
            found += [*theorems(proof.forward), *theorems(proof.backward)]
    return tuple(dict.fromkeys(found))


def axioms(statement: Statement) -> tuple[str, ...]:
    """Ids of the axioms that a statement's proof rests on, directly or not, sorted."""
    if statement.proof is AXIOM:
        return (statement.id,)
    used = (axioms(fact) for fact in facts(statement.proof) if isinstance(fact, Statement))
    return tuple(sorted({name for names in used for name in names}))


def method(statement: Statement) -> str:
    """How a statement is proved, in words."""
    match statement.proof:
        case None:
            return "none"
        case Mark():
            return "axiom"
        case Induct():
            return f"induction on {statement.proof.variable}"
        case Differentiate():
            return "calculus, then algebra"
        case LeadingTerms():
            return "limit of the dominant powers"
        case BothWays():
            return "two directions"
        case CountRoots():
            return "Sturm's theorem"
        case PowerSeries():
            return "comparison of all coefficients by a recurrence"
        case ImplicitSeries():
            return "comparison of all coefficients by a difference equation"
        case Instance():
            return f"instance of the general statement ({method(statement.proof.general)})"
    if not isinstance(statement.proof, Combine):
        return "none that is known"
    used = facts(statement.proof)
    parts = []
    if any(isinstance(fact, Claim) for fact in used):
        parts.append("algebra from the hypotheses")
    statements = [fact for fact in used if isinstance(fact, Statement)]
    if any(fact.proof is AXIOM for fact in statements):
        parts.append("named inequality")
    if any(fact.proof is not AXIOM for fact in statements):
        parts.append("composition")
    if statement.proof.plus:
        parts.append("manifestly non-negative rest")
    return ", ".join(parts) or "exact algebra"
