"""What one instance printed, against certified answers.

Errors are counted in units in the last place (ulps) of what a number consists of: of itself for λ, ‖m‖, κ
and the variance; of m·v + Dκ for F - c, which is their difference; of that and c for F; of ‖m‖ for m; of 1
for |H'|.  At a point whose λ magnifies rounding by 1/|H'|, errors are divided by 1 + 1/|H'|.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf, sqrt

from symderive.arithmetic.exact import decimal
from symderive.export.check.cases import Answer, Case
from symderive.export.check.numbers import Numbers

POINT = ("ridge", "loss", "gap", "norm", "layer_decay", "variance", "slope")
MINIMUM = ("ridge", "loss", "norm", "layer_decay", "variance")
MEANS = ("mean_decay", "noise_factor", "prediction_variance")
AT_ORIGIN = (inf, None, 0.0, 0.0, 0.0)

#: Statuses of inputs that are not finite, or no problem's; languages that raise an error do not say which.
REFUSED = (2, 3)

Number = Fraction | float


@dataclass(frozen=True)
class Comparison:
    """What one instance printed, against its answers."""

    case: Case
    answers: tuple[Answer, ...]
    printed: Sequence[tuple[str, list[Number]]]
    numbers: Numbers
    batched: bool

    def findings(self) -> Iterator[str | tuple[str, float]]:
        """Errors as (quantity, ulps), and sentences about what is wrong beyond numbers."""
        status = self._only("status")
        refused = self.case.group == "refused"
        if len(status) != 1 or status[0] not in (REFUSED if refused else (0,)):
            yield f"its status is {shown(status)}, and it has to be {'refused' if refused else 'solved'}."
            return
        if refused:
            if any(row[0] not in REFUSED for row in self._all("batch")):
                yield f"in a batch its status is {shown(self._only('batch'))}."
            return
        yield from self._points("point", with_maps=True)
        if self.batched and self.case.a:
            if self._only("batch") != [0]:
                yield f"in a batch its status is {shown(self._only('batch'))}."
            yield from self._points("together")
        yield from self._minimum()
        yield from self._tools()

    def _all(self, tag: str) -> list[list[Number]]:
        return [numbers for name, numbers in self.printed if name == tag]

    def _only(self, tag: str) -> list[Number]:
        found = self._all(tag)
        return found[0] if len(found) == 1 else []

    def _points(self, tag: str, *, with_maps: bool = False) -> Iterator[str | tuple[str, float]]:
        found, maps = self._all(tag), self._all("map")
        pairs = self._paired(found)
        if pairs is None:
            kinds, expected = shown([row[0] for row in found]), shown([a.kind for a in self.answers])
            yield f"kinds of its points ({tag}) are {kinds}, not {expected}."
            return
        for place, answer in pairs:
            if answer.kind == 0:
                # At a double root λ varies as the square root of its equation.
                ridge, exact = found[place][1], answer.values["ridge"]
                if not isinstance(ridge, Fraction) or abs(ridge - exact) > self.numbers.blur * exact:
                    yield f"its double root is at {shown([ridge])}."
                continue
            for name, value in zip(POINT, found[place][1:], strict=True):
                yield name, self._error(name, value, answer)
            if with_maps:
                yield "map", self._map_error(maps[place], answer)

    def _paired(self, found: Sequence[Sequence[Number]]) -> list[tuple[int, Answer]] | None:
        """Points with their answers; a point of kind 0 also may stand for a close pair or a close miss."""
        pairs = []
        at = 0
        for place, row in enumerate(found):
            here = self.answers[at : at + 2]
            if here and row[0] == here[0].kind:
                pairs.append((place, here[0]))
                at += 1
            elif row[0] == 0 and len(here) == 2 and self._are_close(row[1], *here):
                at += 2
            elif not (row[0] == 0 and isinstance(row[1], Fraction) and self._is_near_miss(row[1])):
                return None
        return pairs if at == len(self.answers) else None

    def _are_close(self, ridge: Number, first: Answer, second: Answer) -> bool:
        low, high, blur = first.values["ridge"], second.values["ridge"], self.numbers.blur
        return bool(high - low <= blur * low and low * (1 - blur) <= ridge <= high * (1 + blur))

    def _is_near_miss(self, ridge: Fraction) -> bool:
        """Whether φ/τ there is 1 up to the square of the blur."""
        case = self.case
        norm2 = sum(
            Fraction(p) / (Fraction(case.noise_factor) * Fraction(a) + ridge) ** 2
            for a, p in zip(case.a, case.p, strict=True)
        )
        ratio = (ridge / Fraction(case.decay)) ** (case.depth + 1) * norm2**case.depth
        return abs(ratio - 1) <= case.depth * self.numbers.blur**2

    def _error(self, name: str, value: Number, answer: Answer) -> float:
        if name == "slope":
            return self._ulps(value, answer.slope, max(answer.slope, Fraction(1))) / self._magnified(answer)
        exact = answer.values[name]
        if name != "loss" and value == 0 and self._is_beyond(answer):
            return 0.0
        sizes = {"gap": answer.terms, "loss": answer.terms + self._second_moment(answer)}
        return self._ulps(value, exact, sizes.get(name, abs(exact))) / self._magnified(answer)

    def _is_beyond(self, answer: Answer) -> bool:
        """Whether the ridge is too large for a number, where a file gives the origin's norm and gap, 0."""
        return self.numbers.largest is not None and answer.values["ridge"] > self.numbers.largest

    def _second_moment(self, answer: Answer) -> Fraction:
        return answer.values["loss"] - answer.values["gap"]

    def _magnified(self, answer: Answer) -> float:
        # A ridge below the normal doubles has fewer digits, and so has what follows from it.
        ridge, smallest = answer.values["ridge"], self.numbers.smallest
        lost = smallest / ridge if smallest is not None and 0 < ridge < smallest else 1
        return float(lost * (1 + 1 / answer.slope))

    def _map_error(self, m: Sequence[Number], answer: Answer) -> float:
        if len(m) != len(answer.map):
            return inf
        if not any(m) and self._is_beyond(answer):
            return 0.0
        pairs = zip(m, answer.map, strict=True)
        return max(self._ulps(x, y, answer.values["norm"]) for x, y in pairs) / self._magnified(answer)

    def _ulps(self, value: Number, exact: Fraction, size: Fraction) -> float:
        """The error in units of the last place of ``size``; what numbers cannot hold has to be infinite."""
        largest, smallest = self.numbers.largest, self.numbers.smallest
        if largest is not None and abs(exact) > largest / 2 and value > largest / 4:
            return 0.0
        if not isinstance(value, Fraction):
            return inf
        if smallest is not None:
            size = max(size, smallest)
        return (
            float(abs(value - exact) / (size * self.numbers.unit))
            if size
            else (0.0 if value == exact else inf)
        )

    @cached_property
    def _least(self) -> Fraction:
        return min([Fraction(0), *(answer.values["gap"] for answer in self.answers)])

    def _possible_best(self) -> set[int]:
        """Indices of points, -1 for the origin, whose loss is no more above the least than roots that are
        hardly told apart differ."""
        sizes = {-1: (Fraction(0), Fraction(0))}
        sizes |= {i: (answer.values["gap"], answer.terms) for i, answer in enumerate(self.answers)}
        lowest, terms = min(sizes.values())
        blur = self.numbers.blur
        return {i for i, (gap, size) in sizes.items() if gap - lowest <= blur * max(size, terms)}

    def _minimum(self) -> Iterator[str | tuple[str, float]]:
        """The global minimum: its value, as two points may tie, and then all its numbers."""
        best, minimum, found = self._only("best"), self._only("minimum"), self._all("point")
        if len(best) != 1 or minimum[:1] != best or not -1 <= best[0] < len(found):
            yield f"the index of its global minimum is {shown(best)} and {shown(minimum[:1])}."
            return
        if len(found) == len(self.answers) and best[0] not in self._possible_best():
            yield f"the index of its global minimum is {shown(best)}, which another point is below."
        row = None if best[0] < 0 else found[int(best[0])]
        value = Fraction(0) if row is None else row[3]
        terms = max(
            [self.numbers.smallest or Fraction(1, 10**300), *(answer.terms for answer in self.answers)]
        )
        yield "minimum", self._ulps(value, self._least, terms)
        expected = AT_ORIGIN if row is None else [row[1], row[2], *row[4:7]]
        for name, number, known in zip(MINIMUM, minimum[1:], expected, strict=True):
            if known is None:
                known = Fraction(self.case.c) if self.case.a else number
            if isinstance(known, Fraction) and known:
                yield "minimum", self._ulps(number, known, abs(known))
            elif number != known:
                yield f"{name} of its global minimum is {shown([number])}, not {shown([known])}."

    def _tools(self) -> Iterator[str | tuple[str, float]]:
        case = self.case
        if not case.a:
            return
        if len(case.a) == 1:
            yield from self._isotropic()
        if 0 < case.depth <= 4:
            *means, loss = self._only("full") or [float("nan")] * 4
            rho = Fraction(case.noise_factor)
            exact = (Fraction(case.decay), rho, 9 * (rho - 1))
            for name, value, known in zip(MEANS, means, exact, strict=True):
                yield name, self._ulps(value, known, known)
            if self.answers:
                size = Fraction(case.c) + max(
                    answer.terms for answer in self.answers if answer.values["gap"] >= self._least
                )
                yield "full loss", self._ulps(loss, Fraction(case.c) + self._least, size)

    def _isotropic(self) -> Iterator[str | tuple[str, float]]:
        values, again = self._only("isotropic"), self._all("again")
        if len(values) != 3:
            yield "it has no isotropic closed form."
            return
        if self.case.depth > 1:
            for value, exact in zip(values, self._thresholds(), strict=True):
                yield "isotropic", self._ulps(value, exact, exact)
        # At a norm whose square is rounded the problem is another one.
        squared = Fraction(sqrt(self.case.p[0])) ** 2 == self.case.p[0]
        if squared and again and not self._are_same(again[0], self._all("point")):
            yield "its isotropic points are others than those of one feature."
        yield from self._proximal()

    def _proximal(self) -> Iterator[str | tuple[str, float]]:
        """The proximal map of the same problem for a = ρ = 1, whose size is that of a global minimum."""
        if self.case.a[0] != 1 or self.case.noise_factor != 1:
            return
        size = self._only("prox")
        if len(size) != 1:
            yield "it has no proximal map."
            return
        best = [self.answers[i] for i in self._possible_best() if i >= 0]
        errors = [
            self._ulps(size[0], at.values["norm"], at.values["norm"]) / self._magnified(at) for at in best
        ]
        if -1 in self._possible_best():
            errors.append(0.0 if size[0] == 0 else inf)
        yield "prox", min(errors)

    def _are_same(self, ridges: Sequence[Number], points: Sequence[Sequence[Number]]) -> bool:
        """Whether the ridges are those of the points."""
        return list(ridges) == [row[1] for row in points]

    def _thresholds(self) -> tuple[Fraction, Fraction, Fraction]:
        """q, and q of spinodal and transition, from the closed form in multiprecision."""
        from mpmath import MPContext

        mp, case = MPContext(), self.case
        mp.prec = 2 * self.numbers.bits + 64
        D, rho_a = mp.mpf(case.depth), mp.mpf(case.noise_factor) * case.a[0]
        t, zeta = 2 * D / (D + 1), 1 / (D - 1)
        q = case.decay * rho_a ** ((D - 1) / (D + 1)) / mp.mpf(case.p[0]) ** (t / 2)
        exact = (q, (t - 1) ** (t - 1) / t**t, zeta / (1 + zeta) ** t)
        first, second, third = (Fraction(int(x.man)) * Fraction(2) ** int(x.exp) for x in exact)
        return first, second, third


def shown(numbers: Sequence[Number]) -> str:
    texts = (decimal(x, 17) if isinstance(x, Fraction) else str(x) for x in numbers)
    return " ".join(texts) or "missing"
