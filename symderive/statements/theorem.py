"""Theorems as sections write them: a claim, what is supposed, a proof, and what would be false.

:func:`theorem` makes a :class:`~symderive.statements.statement.Statement`.  What its facts rest on, the
definitions and the conditions in words, it inherits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from symderive.statements.claim import Claim, Recursion, Relation, as_relation
from symderive.statements.display import Display
from symderive.statements.facts import proved
from symderive.statements.proof import facts
from symderive.statements.statement import Domain, NearMiss, Statement, one_line
from symderive.statements.step import Step


@dataclass(frozen=True)
class Change:
    """One change to a statement: a side of it, or hypotheses that are left out or replaced.

    Attributes
    ----------
    side : str
        ``left`` or ``right``; empty where hypotheses change.
    value : sympy.Expr, optional
        What that side becomes.
    dropped : tuple of Claim
        Hypotheses that are left out.
    added : tuple of Claim
        What takes their places.
    """

    side: str = ""
    value: Any = None
    dropped: tuple[Claim, ...] = ()
    added: tuple[Claim, ...] = ()


def left(value: Any) -> Change:
    """Near-miss: another left side.

    Parameters
    ----------
    value : sympy.Expr or Claim
        The left side of the near-miss; a side of an equivalence is a claim.

    Returns
    -------
    Change
        The change, for ``misses`` of :func:`theorem`.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> left(lam + 1).value
    lambda + 1
    """
    return Change("left", as_relation(value) if isinstance(value, Claim) else value)


def right(value: Any) -> Change:
    """Near-miss: another right side.

    Parameters
    ----------
    value : sympy.Expr or Claim
        The right side of the near-miss; a side of an equivalence is a claim.

    Returns
    -------
    Change
        The change, for ``misses`` of :func:`theorem`.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> right(lam + 1).side
    'right'
    """
    return Change("right", as_relation(value) if isinstance(value, Claim) else value)


def without(*hypotheses: Claim) -> Change:
    """Near-miss: hypotheses are left out.

    Parameters
    ----------
    *hypotheses : Claim
        What is no longer supposed.

    Returns
    -------
    Change
        The change, for ``misses`` of :func:`theorem`.

    Examples
    --------
    >>> from symderive import greater
    >>> from symderive.symbols import lam
    >>> len(without(greater(lam, 1)).dropped)
    1
    """
    return Change(dropped=hypotheses)


def instead(hypothesis: Claim, other: Claim) -> Change:
    """Near-miss: another hypothesis in place of one.

    Parameters
    ----------
    hypothesis : Claim
        What is no longer supposed.
    other : Claim
        What is supposed in its place.

    Returns
    -------
    Change
        The change, for ``misses`` of :func:`theorem`.

    Examples
    --------
    >>> from symderive import greater
    >>> from symderive.symbols import lam
    >>> instead(greater(lam, 1), greater(lam, 0)).added[0].right
    0
    """
    return Change(dropped=(hypothesis,), added=(other,))


def theorem(
    id: str,  # noqa: A002 - the name of the field
    title: str,
    claim: Claim,
    *,
    given: Iterable[Claim | Recursion | str] = (),
    reference: str,
    proof: Any,
    misses: Mapping[str, Any],
    test: Domain | tuple[Domain, ...] = Domain(),  # noqa: B008 - frozen
    steps: tuple[Step, ...] = (),
    prose: str = "",
    display: Display | str | None = None,
) -> Statement:
    """Write a statement as sections do: a claim, what is supposed, a proof, and what would be false.

    Definitions and conditions in words are inherited from the facts of the proof.  Nothing is proved here:
    :func:`prove` does.

    Parameters
    ----------
    id : str
        Unique name, lower case words joined by hyphens.
    title : str
        What it says, in words, as a sentence without its full stop.
    claim : Claim
        What is claimed.
    given : iterable of Claim, Recursion and str
        What is supposed: hypotheses, recursions that define what the claim speaks of, and conditions in
        words. Of the last two only what no fact of the proof brings along.
    reference : str
        Where it is from: the equation of a paper, or a textbook's name for it.
    proof : proof, fact or sum of facts
        A record of a proof; None for a statement that is tested only.
    misses : mapping of str to change
        Why the statement would be false, and the one change that makes it so: :func:`left`, :func:`right`,
        :func:`without`, :func:`instead`, or a claim with another relation; a pair of a change and a
        :class:`Domain` says where to look.
    test : Domain or tuple of Domain
        Where it is tested, besides the points that the test finds by itself.
    steps : tuple of Step
        Steps in words that the title is to be read with.
    prose : str
        Text that stands before it in print.
    display : Display or str, optional
        What a paper prints of it, in the language of displays.

    Returns
    -------
    Statement
        The statement.

    Raises
    ------
    TypeError
        For a claim, a hypothesis or a proof that is none.
    ValueError
        For a claim whose sides are the same expression, for what the proof brings along and is said again,
        and for a near-miss that changes nothing or more than one thing.
    InputError
        For an id that is not made of lower case words, digits and hyphens.

    Examples
    --------
    >>> from symderive import at_least, nonnegative, prove
    >>> from symderive.symbols import lam
    >>> means = theorem(
    ...     "means", "Twice a number is at most one plus its square", at_least(1 + lam**2, 2 * lam),
    ...     reference="school", proof=nonnegative((lam - 1) ** 2), misses={"a third": right(3 * lam)},
    ... )
    >>> prove(means).verdict.name
    'PROVED'
    """
    if not isinstance(claim, Claim):
        raise TypeError(
            f"theorem {id!r} claims {claim!r:.60}; write equal(…, …), at_least(…, …) or another"
        )
    if claim.relation in (Relation.EQUAL, Relation.AT_LEAST) and claim.left == claim.right:
        raise ValueError(
            f"theorem {id!r} says nothing: SymPy has made {claim.left!s:.60} of both sides; write them so "
            "that nothing cancels"
        )
    given = tuple(given)
    hypotheses = tuple(item for item in given if isinstance(item, Claim))
    own = [item for item in given if isinstance(item, Recursion)]
    words = [one_line(item) for item in given if isinstance(item, str)]
    if len(hypotheses) + len(own) + len(words) < len(given):
        raise TypeError(f"theorem {id!r} supposes what is neither a claim, nor a recursion, nor words")
    proof = proved(proof)
    used = [fact for fact in facts(proof) if isinstance(fact, Statement)]
    definitions = dict.fromkeys([*(known for fact in used for known in fact.definitions)])
    conditions = dict.fromkeys([condition for fact in used for condition in fact.conditions])
    if copied := [item for item in (*own, *words) if item in definitions or item in conditions]:
        raise ValueError(f"theorem {id!r} inherits {copied[0]} and need not say it")
    return Statement(
        id=id,
        title=title,
        left=claim.left,
        relation=claim.relation,
        right=claim.right,
        over=claim.over,
        given=hypotheses,
        conditions=tuple(dict.fromkeys([*words, *conditions])),
        definitions=(*definitions, *own),
        reference=reference,
        proof=proof,
        near_misses=tuple(_near_miss(why, change, claim, hypotheses) for why, change in misses.items()),
        domains=test if isinstance(test, tuple) else (test,),
        steps=steps,
        prose=prose,
        display=Display(display) if isinstance(display, str) else display,
    )


def _near_miss(why: str, change: Any, claim: Claim, given: tuple[Claim, ...]) -> NearMiss:
    change, *where = change if isinstance(change, tuple) else (change,)
    changes: dict[str, Any] = {}
    if isinstance(change, Claim):
        names = [
            name for name in ("left", "relation", "right") if getattr(change, name) != getattr(claim, name)
        ]
        if len(names) != 1 or change.over != claim.over:
            raise ValueError(
                f"the near-miss {why!r} changes {' and '.join(names) or 'nothing'}, not one thing"
            )
        changes[names[0]] = getattr(change, names[0])
    elif change.side:
        changes[change.side] = change.value
    else:
        if not set(change.dropped) <= set(given):
            raise ValueError(f"the near-miss {why!r} leaves out what is not supposed")
        put = dict(zip(change.dropped, change.added, strict=False))
        given = tuple(put.get(item, item) for item in given if item in put or item not in change.dropped)
        changes["given"] = given
    return NearMiss(why, **changes, domains=tuple(where) or None)
