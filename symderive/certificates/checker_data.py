"""The data of a certificate, evaluated in mpmath's intervals: vᵀ(ρA + λ)^{-k} v for k = 1 … 4,
and vᵀρA(ρA + λ)^{-3} v, which is the second of them minus λ times the third but is no difference.

For a spectrum these are sums.  For moments the certificate brings approximate solutions x of
(ρC + λV) x = b and y of (ρC + λV) y = Vx, whose errors follow from their residuals, because C ⪰ 0:

    ‖error‖_V ≤ ‖residual‖_{1/V} / λ.

Part of the checker: shares no code with the search.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from symderive.certificates.checker_numbers import (
    FREE_BITS,
    MOST_TIMES,
    Quotient,
    Work,
    dyadic,
    interval,
    is_less,
    ratio,
    require,
    total,
    whole,
)

#: Features up to which positive semidefiniteness is decided exactly; beyond, it is assumed and said so.
PSD_SIZE = 120

#: Microseconds that half a feature of a spectrum takes to read and to sum where its numbers are short.
OF_NUMBER = 15

#: The part of the time allowed that this may take; where it takes more, it is assumed and said so.
PSD_SHARE = 0.5


class SpectrumData:
    """Eigenvalues a_i and squared components p_i."""

    assumptions: tuple[str, ...] = ()

    def __init__(self, iv: Any, record: dict[str, Any], rho: Fraction, _: Any, work: Work) -> None:
        self.iv, self.work = iv, work
        work.spend(OF_NUMBER * (len(record["a"]) + len(record["p"])))
        a, p = ([ratio(x) for x in record[key]] for key in "ap")
        self.c = ratio(record["c"])
        require(
            len(a) == len(p) and min(a) >= 0 and min(p) >= 0, "a or p is negative, or they differ in length"
        )
        # A product and two quotients are reduced to lowest terms.
        others = _length(rho)
        work.spend(
            sum(8 * work.of_product(others + _length(x) + _length(w)) for x, w in zip(a, p, strict=True))
        )
        self.terms = [(rho * x, w) for x, w in zip(a, p, strict=True) if w]
        require(all(x > 0 for x, _ in self.terms), "v has a part where A vanishes")
        explained = total((rho * w / x for x, w in self.terms), work)
        work.spend(2 * work.of_product(explained.denominator.bit_length()))
        require(not is_less(self.c, explained), "c is less than what x explains")
        self.v2 = total((w for _, w in self.terms), work)
        self.limit: Quotient | None = total((w / x**2 for x, w in self.terms), work)

    def longest(self, _: dict[str, Any]) -> int:
        """Bits of the longest number of a row that belongs to the data: there is none."""
        return 0

    def moments(self, ridge: Any, _: dict[str, Any]) -> list[Any]:
        """The four moments and the non-negative difference."""
        iv = self.iv
        self.work.spend(15 * len(self.terms) * self.work.of_quotient(iv.prec))
        terms = [(interval(iv, x), interval(iv, w)) for x, w in self.terms]
        values = [sum((w / (x + ridge) ** k for x, w in terms), iv.mpf(0)) for k in (1, 2, 3, 4)]
        return [*values, sum((x * w / (x + ridge) ** 3 for x, w in terms), iv.mpf(0))]


class MomentData:
    """A Gram matrix [[C, b], [bᵀ, c]] and the metric V."""

    def __init__(
        self, iv: Any, record: dict[str, Any], rho: Fraction, limit_solution: Any, work: Work
    ) -> None:
        self.iv, self.work = iv, work
        triangle, q = record["gram"], whole(record["denominator"])
        d = len(triangle) - 1
        work.spend(0.2 * (d + 1) ** 2)
        full = [[whole(triangle[max(i, j)][min(i, j)]) for j in range(d + 1)] for i in range(d + 1)]
        metric = [ratio(s) for s in record["metric"]]
        require(q > 0 and len(metric) == d and min(metric) > 0, "the metric is not positive")
        self.bits = max(x.bit_length() for row in full for x in row)
        self.assumptions: tuple[str, ...] = ()
        effort = _effort(d + 1, self.bits)
        if d > PSD_SIZE or effort > PSD_SHARE * work.left:
            self.assumptions = (f"the Gram matrix of {d} features is positive semidefinite",)
        else:
            work.spend(effort)
            require(_is_semidefinite(full), "the Gram matrix is not positive semidefinite")
        b = [full[i][d] for i in range(d)]
        self.gram, self.factor, self.metric = [row[:d] for row in full[:d]], rho / q, metric
        work.spend(4 * d * work.of_product(self.bits + q.bit_length()))
        self.right, self.c = [Fraction(x, q) for x in b], Fraction(full[d][d], q)
        self.v2 = total((x**2 / s for x, s in zip(self.right, metric, strict=True)), work)
        self.trace = total((self.factor * self.gram[i][i] / s for i, s in enumerate(metric)), work)
        self.limit = None if limit_solution is None else self._limit(limit_solution, b, rho)

    def _limit(self, solution: Any, b: list[int], rho: Fraction) -> Quotient:
        """‖w‖²/ρ² for an exact solution of Cw = b."""
        w, common, work = [ratio(x) for x in solution], 1, self.work
        for x in w:
            work.spend(work.of_product(max(common.bit_length(), x.denominator.bit_length())))
            common = lcm(common, x.denominator)
        bits = common.bit_length() + max(x.numerator.bit_length() for x in w)
        work.spend(len(w) * work.of_product(bits))
        entries = [x.numerator * (common // x.denominator) for x in w]
        work.spend(len(w) ** 2 * _effort_of_image(bits, self.bits))
        image = [sum(g * n for g, n in zip(row, entries, strict=True)) for row in self.gram]
        require(image == [common * x for x in b], "the limit solution does not solve C w = b")
        work.spend(len(w) * work.of_product(bits))
        squares = total((s * (n * n) for n, s in zip(entries, self.metric, strict=True)), work)
        numerator, denominator = rho.as_integer_ratio()
        return Quotient(squares.numerator * denominator**2, squares.denominator * common**2 * numerator**2)

    def longest(self, row: dict[str, Any]) -> int:
        """Bits of the longest entry of x and y."""
        return max(whole(n).bit_length() for key in "xy" for n in row[key][0])

    def moments(self, ridge: Any, row: dict[str, Any]) -> list[Any]:
        """The four moments and the non-negative difference, from the row's x and y."""
        iv, work, d = self.iv, self.work, len(self.gram)
        work.spend(40 * d * work.of_quotient(iv.prec) + 2 * d * d * _effort_of_image(iv.prec, self.bits))
        metric = [interval(iv, s) for s in self.metric]
        right = [interval(iv, b) for b in self.right]
        x, image, x_error = self._solution(row["x"], right, ridge, metric)
        y, _, y_error = self._solution(
            row["y"], [s * t for s, t in zip(metric, x, strict=True)], ridge, metric
        )
        y_error = y_error + x_error / ridge  # the right-hand side of y was V x̃, not V x

        def inner(left: list[Any], other: list[Any]) -> Any:
            return sum((s * a * b for s, a, b in zip(metric, left, other, strict=True)), iv.mpf(0))

        x_norm, y_norm = iv.sqrt(inner(x, x)), iv.sqrt(inner(y, y))
        widen = iv.mpf([-1, 1])
        first = sum((a * b for a, b in zip(right, x, strict=True)), iv.mpf(0))
        curve = sum((a * b for a, b in zip(image, y, strict=True)), iv.mpf(0))
        cross = x_error * y_norm + y_error * x_norm + x_error * y_error
        return [
            first + widen * iv.sqrt(interval(iv, self.v2)) * x_error,
            (x_norm + widen * x_error) ** 2,
            inner(x, y) + widen * cross,
            (y_norm + widen * y_error) ** 2,
            curve + widen * interval(iv, self.trace) * cross,
        ]

    def _solution(
        self, column: list[Any], right: list[Any], ridge: Any, metric: list[Any]
    ) -> tuple[list[Any], list[Any], Any]:
        """The stored column and ρC times it as intervals, and a bound on its error in the norm of V."""
        iv, (entries, exponent) = self.iv, column
        entries = [whole(n) for n in entries]
        require(len(entries) == len(self.gram), "x or y has another length than the Gram matrix")
        scale = dyadic([1, exponent], MOST_TIMES * (iv.prec + FREE_BITS), self.work)
        factor, square = interval(iv, scale * self.factor), iv.mpf(0)
        x = [interval(iv, n * scale) for n in entries]
        image = [factor * sum(g * n for g, n in zip(row, entries, strict=True)) for row in self.gram]
        for value, mapped, s, b in zip(x, image, metric, right, strict=True):
            square += (b - mapped - ridge * s * value) ** 2 / s
        return x, image, iv.mpf((iv.sqrt(square) / ridge).b)


def _length(x: Fraction) -> int:
    return x.numerator.bit_length() + x.denominator.bit_length()


def _effort(size: int, bits: int) -> float:
    """What :func:`_is_semidefinite` takes: its entries are minors, of half of the rows on average."""
    return size**3 / 3 * Work.of_product(size * (bits + size.bit_length()) / 2)


def _effort_of_image(bits: int, others: int) -> float:
    """A product of an entry with another one and its sum."""
    return 0.2 + (bits / 1000) * (0.3 + others / 1000)


def _is_semidefinite(matrix: list[list[int]]) -> bool:
    """Exact symmetric elimination over the integers (Bareiss), pivoting on the diagonal."""
    rows, previous = matrix, 1
    while rows:
        at = max(range(len(rows)), key=lambda i: rows[i][i])
        pivot = rows[at][at]
        if pivot <= 0:
            return all(x == 0 for row in rows for x in row)
        keep = [i for i in range(len(rows)) if i != at]
        rows = [[(pivot * rows[i][j] - rows[i][at] * rows[at][j]) // previous for j in keep] for i in keep]
        previous = pivot
    return True
