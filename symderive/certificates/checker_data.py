"""The data of a certificate, evaluated in mpmath's intervals: vᵀ(ρA + λ)^{-k} v for k = 1 … 4,
and vᵀρA(ρA + λ)^{-3} v, which is the second of them minus λ times the third but is no difference.

For a spectrum these are sums.  For moments the certificate brings approximate solutions x of
(ρC + λV) x = b and y of (ρC + λV) y = Vx, whose errors follow from their residuals, because C ⪰ 0:

    ‖error‖_V ≤ ‖residual‖_{1/V} / λ.

Part of the checker: shares no code with the search.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

#: Features up to which positive semidefiniteness is decided exactly; beyond, it is assumed and said so.
PSD_SIZE = 120

#: Largest precision and exponent that are read.
MAX_BITS = 2**22


class CertificateError(ValueError):
    """The certificate does not prove what it claims; the message says where."""


def require(holds: Any, what: str) -> None:
    """Raise :class:`CertificateError` unless ``holds``."""
    if not holds:
        raise CertificateError(what)


def interval(iv: Any, value: Fraction | int) -> Any:
    """An interval around an exact number."""
    value = Fraction(value)
    return iv.mpf(value.numerator) / value.denominator


def whole(value: Any) -> int:
    """An integer as it must stand in the file; hexadecimal text where it is long."""
    if isinstance(value, str) and set(value) <= set("-x0123456789abcdef"):
        return int(value, 16)
    require(type(value) is int, f"{value!r:.40} stands where an integer must")
    return int(value)


def ratio(text: Any) -> Fraction:
    """A ratio of integers as it must stand in the file, such as "1/50"; nothing with exponents."""
    plain = isinstance(text, str) and set(text) <= set("-/0123456789")
    require(plain, f"{text!r:.40} stands where a ratio of integers must")
    return Fraction(text)


def power_of_two(exponent: Any) -> Fraction:
    """2^exponent, within the precision that a checker can be asked for."""
    require(abs(whole(exponent)) <= MAX_BITS, "an exponent is out of range")
    return Fraction(2) ** exponent


class SpectrumData:
    """Eigenvalues a_i and squared components p_i."""

    assumptions: tuple[str, ...] = ()

    def __init__(self, iv: Any, record: dict[str, Any], rho: Fraction, _: Any) -> None:
        self.iv = iv
        a, p = ([ratio(x) for x in record[key]] for key in "ap")
        self.c = ratio(record["c"])
        require(
            len(a) == len(p) and min(a) >= 0 and min(p) >= 0, "a or p is negative, or they differ in length"
        )
        self.terms = [(rho * x, w) for x, w in zip(a, p, strict=True) if w]
        require(all(x > 0 for x, _ in self.terms), "v has a part where A vanishes")
        require(self.c >= rho * sum(w / x for x, w in self.terms), "c is less than what x explains")
        self.v2 = Fraction(sum(p))
        self.limit: Fraction | None = sum((w / x**2 for x, w in self.terms), Fraction(0))

    def moments(self, ridge: Any, _: dict[str, Any]) -> list[Any]:
        """The four moments and the non-negative difference."""
        iv = self.iv
        terms = [(interval(iv, x), interval(iv, w)) for x, w in self.terms]
        values = [sum((w / (x + ridge) ** k for x, w in terms), iv.mpf(0)) for k in (1, 2, 3, 4)]
        return [*values, sum((x * w / (x + ridge) ** 3 for x, w in terms), iv.mpf(0))]


class MomentData:
    """A Gram matrix [[C, b], [bᵀ, c]] and the metric V."""

    def __init__(self, iv: Any, record: dict[str, Any], rho: Fraction, limit_solution: Any) -> None:
        self.iv = iv
        triangle, q = record["gram"], whole(record["denominator"])
        d = len(triangle) - 1
        full = [[whole(triangle[max(i, j)][min(i, j)]) for j in range(d + 1)] for i in range(d + 1)]
        metric = [ratio(s) for s in record["metric"]]
        require(q > 0 and len(metric) == d and min(metric) > 0, "the metric is not positive")
        self.assumptions: tuple[str, ...] = ()
        if d > PSD_SIZE:
            self.assumptions = (f"the Gram matrix of {d} features is positive semidefinite",)
        else:
            require(_is_semidefinite(full), "the Gram matrix is not positive semidefinite")
        b = [full[i][d] for i in range(d)]
        self.gram, self.factor, self.metric = [row[:d] for row in full[:d]], rho / q, metric
        self.right, self.c = [Fraction(x, q) for x in b], Fraction(full[d][d], q)
        self.v2 = sum((x**2 / s for x, s in zip(self.right, metric, strict=True)), Fraction(0))
        self.trace = self.factor * sum((self.gram[i][i] / s for i, s in enumerate(metric)), Fraction(0))
        self.limit: Fraction | None = None
        if limit_solution is not None:
            w = [ratio(x) for x in limit_solution]
            image = [sum((g * x for g, x in zip(row, w, strict=True)), Fraction(0)) for row in self.gram]
            require(image == b, "the limit solution does not solve C w = b")
            self.limit = sum((x * x * s for x, s in zip(w, metric, strict=True)), Fraction(0)) / rho**2

    def moments(self, ridge: Any, row: dict[str, Any]) -> list[Any]:
        """The four moments and the non-negative difference, from the row's x and y."""
        iv, metric = self.iv, [interval(self.iv, s) for s in self.metric]
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
        entries, scale = [whole(n) for n in entries], power_of_two(exponent)
        factor, total = interval(iv, scale * self.factor), iv.mpf(0)
        x = [interval(iv, n * scale) for n in entries]
        image = [factor * sum(g * n for g, n in zip(row, entries, strict=True)) for row in self.gram]
        for value, mapped, s, b in zip(x, image, metric, right, strict=True):
            total += (b - mapped - ridge * s * value) ** 2 / s
        return x, image, iv.mpf((iv.sqrt(total) / ridge).b)


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
