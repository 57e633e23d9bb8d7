"""The data of a certificate, evaluated in mpmath's intervals: vᵀ(ρA + λ)^{-k} v for k = 1 … 4.

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


class SpectrumData:
    """Eigenvalues a_i and squared components p_i."""

    assumptions: tuple[str, ...] = ()

    def __init__(self, iv: Any, record: dict[str, Any], rho: Fraction, _: Any) -> None:
        self.iv = iv
        a, p = ([Fraction(x) for x in record[key]] for key in "ap")
        self.c = Fraction(record["c"])
        require(
            len(a) == len(p) and min(a) >= 0 and min(p) >= 0, "a or p is negative, or they differ in length"
        )
        self.terms = [(rho * x, w) for x, w in zip(a, p, strict=True) if w]
        require(all(x > 0 for x, _ in self.terms), "v has a part where A vanishes")
        require(self.c >= rho * sum(w / x for x, w in self.terms), "c is less than what x explains")
        self.v2 = Fraction(sum(p))
        self.limit: Fraction | None = sum((w / x**2 for x, w in self.terms), Fraction(0))

    def moments(self, ridge: Any, _: dict[str, Any]) -> list[Any]:
        """vᵀ(ρA + λ)^{-k} v."""
        pairs = [(interval(self.iv, w), interval(self.iv, x) + ridge) for x, w in self.terms]
        return [sum((w / t**k for w, t in pairs), self.iv.mpf(0)) for k in (1, 2, 3, 4)]


class MomentData:
    """A Gram matrix [[C, b], [bᵀ, c]] and the metric V."""

    def __init__(self, iv: Any, record: dict[str, Any], rho: Fraction, limit_solution: Any) -> None:
        self.iv = iv
        triangle, q = record["gram"], int(record["denominator"])
        d = len(triangle) - 1
        full = [[int(triangle[max(i, j)][min(i, j)]) for j in range(d + 1)] for i in range(d + 1)]
        metric = [Fraction(s) for s in record["metric"]]
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
        self.limit: Fraction | None = None
        if limit_solution is not None:
            w = [Fraction(x) for x in limit_solution]
            image = [sum((g * x for g, x in zip(row, w, strict=True)), Fraction(0)) for row in self.gram]
            require(image == b, "the limit solution does not solve C w = b")
            self.limit = sum((x * x * s for x, s in zip(w, metric, strict=True)), Fraction(0)) / rho**2

    def moments(self, ridge: Any, row: dict[str, Any]) -> list[Any]:
        """vᵀ(ρA + λ)^{-k} v from the row's x and y."""
        iv, metric = self.iv, [interval(self.iv, s) for s in self.metric]
        right = [interval(iv, b) for b in self.right]
        x, x_error = self._solution(row["x"], right, ridge, metric)
        y, y_error = self._solution(
            row["y"], [s * t for s, t in zip(metric, x, strict=True)], ridge, metric
        )
        y_error = y_error + x_error / ridge  # the right-hand side of y was V x̃, not V x

        def inner(left: list[Any], other: list[Any]) -> Any:
            return sum((s * a * b for s, a, b in zip(metric, left, other, strict=True)), iv.mpf(0))

        x_norm, y_norm = iv.sqrt(inner(x, x)), iv.sqrt(inner(y, y))
        widen = iv.mpf([-1, 1])
        first = sum((a * b for a, b in zip(right, x, strict=True)), iv.mpf(0))
        return [
            first + widen * iv.sqrt(interval(iv, self.v2)) * x_error,
            (x_norm + widen * x_error) ** 2,
            inner(x, y) + widen * (x_error * y_norm + y_error * x_norm + x_error * y_error),
            (y_norm + widen * y_error) ** 2,
        ]

    def _solution(
        self, column: list[Any], right: list[Any], ridge: Any, metric: list[Any]
    ) -> tuple[list[Any], Any]:
        """The stored column as intervals, and a bound on its error in the norm of V."""
        iv, (entries, exponent) = self.iv, column
        scale = Fraction(2) ** int(exponent)
        factor, total = interval(iv, scale * self.factor), iv.mpf(0)
        x = [interval(iv, int(n) * scale) for n in entries]
        for row, value, s, b in zip(self.gram, x, metric, right, strict=True):
            image = sum(g * int(n) for g, n in zip(row, entries, strict=True))
            total += (b - factor * image - ridge * s * value) ** 2 / s
        return x, iv.mpf((iv.sqrt(total) / ridge).b)


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
