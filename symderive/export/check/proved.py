"""What one instance of a file that proves what it gives printed, against certified answers.

A status of 0 is a claim: every point, its kind, every value within its radius, the global minimum.  It has
to be made on ordinary instances and on data, and it may not be false on any.  Errors of values are counted
in radii, radii in ulps as errors elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf

from symderive.export.check.comparison import AT_ORIGIN, MINIMUM, REFUSED, Comparison, Number, shown

#: What is printed of a point behind its kind, each with its radius after all of these.
VALUES = ("ridge", "loss", "gap", "norm", "layer_decay", "variance")

#: How the names of errors end that are counted in radii, and of radii.
IN_RADII, RADIUS = " in radii", " radius"

#: Ulps that a radius may have, times 1 + 1/|H'|.
WIDEST = 2**10

#: How many times its radius a ridge may be off that comes from a norm, whose square is rounded.
WIDER = 8

#: Groups of which every instance has to be decided.
DECIDED = ("ordinary", "data")


def limit_of(quantity: str, limit: float) -> float:
    """What an error of this quantity may be at most; ``limit`` of those that are counted in ulps."""
    return 1.0 if quantity.endswith(IN_RADII) else WIDEST if quantity.endswith(RADIUS) else limit


class Proved(Comparison):
    """The comparison of such a file."""

    def findings(self) -> Iterator[str | tuple[str, float]]:
        """Errors as (quantity, number), and sentences about what is wrong beyond numbers."""
        status, group = self._only("status"), self.case.group
        wanted = REFUSED if group == "refused" else (0,) if group in DECIDED else (0, 1)
        if len(status) != 1 or status[0] not in wanted:
            yield f"its status is {shown(status)}, and it has to be one of {shown(wanted)}."
            return
        if self._only("batch") not in ([], status):
            yield f"in a batch its status is {shown(self._only('batch'))}."
        if status != [0]:
            if self._all("point"):
                yield "it has points that it does not prove."
            return
        yield from self._points("point", with_maps=True)
        if self.batched and self.case.a:
            yield from self._points("together")
        yield from self._minimum()
        yield from self._tools()

    def _points(self, tag: str, *, with_maps: bool = False) -> Iterator[str | tuple[str, float]]:
        found, maps = self._all(tag), self._all("map")
        if [row[0] for row in found] != [answer.kind for answer in self.answers]:
            kinds, expected = shown([row[0] for row in found]), shown([a.kind for a in self.answers])
            yield f"kinds of its points ({tag}) are {kinds}, not {expected}."
            return
        for place, (row, answer) in enumerate(zip(found, self.answers, strict=True)):
            values, radii = row[1 : len(VALUES) + 1], row[len(VALUES) + 1 :]
            for name, value, radius in zip(VALUES, values, radii, strict=True):
                exact = answer.values[name]
                yield name + IN_RADII, _over(value, exact, radius)
                # The variance counts what ρ may be wrong by.
                sizes = {
                    "gap": answer.terms,
                    "loss": answer.terms + self._second_moment(answer),
                    "variance": exact + answer.terms,
                }
                width = self._ulps(radius, Fraction(0), sizes.get(name, abs(exact)))
                yield name + RADIUS, width / self._magnified(answer)
            if with_maps:
                # m follows its ridge, whose error is within its radius.
                blur = float(radii[0] / values[0] / self.numbers.unit) if values[0] else 0.0
                yield "map", max(0.0, self._map_error(maps[place], answer) - blur)

    def _minimum(self) -> Iterator[str | tuple[str, float]]:
        best, minimum, found = self._only("best"), self._only("minimum"), self._all("point")
        gaps = [answer.values["gap"] for answer in self.answers]
        expected = gaps.index(self._least) if self._least < 0 else -1
        if best != [expected] or minimum[:1] != best:
            places = f"{shown(best)} and {shown(minimum[:1])}"
            yield f"the index of its global minimum is {places}, not {expected}."
            return
        row = found[expected] if expected >= 0 else []
        numbers = [row[1], row[2], *row[4:7]] if row else AT_ORIGIN
        for name, number, known in zip(MINIMUM, minimum[1:], numbers, strict=True):
            if known is not None and number != known:
                yield f"{name} of its global minimum is {shown([number])}, not {shown([known])}."

    def _proximal(self) -> Iterator[str | tuple[str, float]]:
        """A file that proves what it gives has no proximal map."""
        return iter(())

    def _are_same(self, ridges: Sequence[Number], points: Sequence[Sequence[Number]]) -> bool:
        """Up to radii: those of a norm count the rounding of its square."""
        if len(ridges) != len(points):
            return False
        return all(
            _over(ridge, row[1], WIDER * row[1 + len(VALUES)]) <= 1
            for ridge, row in zip(ridges, points, strict=True)
            if isinstance(row[1], Fraction)
        )


def _over(value: Number, exact: Fraction, radius: Number) -> float:
    """The error in radii."""
    if not isinstance(value, Fraction) or not isinstance(radius, Fraction) or radius < 0:
        return inf
    if radius == 0:
        return 0.0 if value == exact else inf
    return float(abs(value - exact) / radius)
