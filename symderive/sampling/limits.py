"""Limits, judged by the distance to the claimed value at three places, each much further out.

The place is 2^N, or 2^-N beside a point, for N, 2N and 3N.  A power law, however slow, makes the distance
fall from place to place; so does 1/log.  A distance that stays is another limit.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, fmpq

from symderive.sampling import values as nu
from symderive.sampling.errors import NoValueError
from symderive.sampling.point import Point, short
from symderive.statements.claim import Claim

#: How far out, in powers of two: beyond every letter; where that is too far for exponentials, nearer.
REACHES = (10**18, 4_000, 64)

#: A distance that falls by less counts as one that stays, by more as one that falls.
STAYS, FALLS = fmpq(9_999, 10_000), fmpq(9, 10)

_SIDES = {"+": (1,), "-": (-1,), "+-": (1, -1)}


def tends(point: Point, claim: Claim, tolerance: arb) -> tuple[bool | None, str, str]:
    """Whether the limit on the left is the value on the right, and the two as text."""
    if not isinstance(claim.left, sp.Limit):
        raise NoValueError("the left side of a limit is not one")
    place, direction = claim.left.args[2:]
    if place == sp.oo:
        starts: list[Any] = [None]
    elif place == -sp.oo:
        raise NoValueError("a limit at minus infinity is not evaluated")
    else:
        at = point.evaluate(place)
        starts = [(at, side) for side in _SIDES[str(direction)]]
    answers = [_from(point, claim, start, tolerance) for start in starts]
    return min(answers, key=lambda answer: {False: 0, None: 1, True: 2}[answer[0]])


def _from(point: Point, claim: Claim, start: Any, tolerance: arb) -> tuple[bool | None, str, str]:
    """From one side; the reach is shortened where the expression has no value so far out."""
    problem: NoValueError | None = None
    for reach in REACHES:
        if start is not None and nu.sign(start[0]) != 0 and reach > 64:
            continue  # beside a point that is not 0, exact places are near
        try:
            answer = _judged(point, claim, start, reach, tolerance)
        except NoValueError as error:
            if type(error) is not NoValueError and reach == REACHES[-1]:
                raise
            problem = problem if isinstance(problem, type(error)) else error
            continue
        if answer[0] is not None or reach == REACHES[-1]:
            return answer
    if problem is not None:
        raise problem
    return None, "", ""


def _judged(
    point: Point, claim: Claim, start: Any, reach: int, tolerance: arb
) -> tuple[bool | None, str, str]:
    expression, variable = claim.left.args[:2]
    endless = claim.right in (sp.oo, -sp.oo)
    target = nu.ZERO if endless else point.evaluate(claim.right)
    small = tolerance * nu.ball(target).abs_lower()
    if nu.sign(target) is None:  # it may be 0, and is to be seen beside the terms that cancel
        small = tolerance * point.measured(claim.right)[1]
    gaps, value = [], target
    for times in (1, 2, 3):
        value = _value(point, expression, variable, _place(start, times * reach))
        if endless:
            signed = nu.sign(value)
            if signed is None:
                return None, "", ""
            if signed != (1 if claim.right == sp.oo else -1):
                return False, f"{short(value)} (far out)", str(claim.right)
            value = 1 / nu.ball(value)
        gaps.append(abs(nu.ball(value) - nu.ball(target)))
    first, second, third = gaps
    shown = f"{short(value)} (far out)", str(claim.right) if endless else short(target)
    if third == 0 or third.abs_upper() <= small:
        return True, *shown
    if third < FALLS * second and second < FALLS * first:
        return True, *shown
    if third > STAYS * second and second > 0:
        return False, *shown
    return None, *shown


def _place(start: Any, reach: int) -> Any:
    if start is None:
        return _two_to(reach)
    at, side = start
    if nu.sign(at) == 0:
        return side / _two_to(reach)
    return at + side / fmpq(2) ** reach


def _two_to(reach: int) -> arb:
    found = arb(2)
    for bit in bin(reach)[3:]:
        found = found * found * (2 if bit == "1" else 1)
    return found


def _value(point: Point, expression: Any, variable: Any, at: Any) -> Any:
    with point.binding({variable: at}):
        value = point.evaluate(expression)
    if not nu.ball(nu.plain(value)).is_finite():
        raise NoValueError(f"{expression} is too large far out")
    return value
