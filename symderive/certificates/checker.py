"""A checker for root certificates that shares no code with the search.

It rests on Python's integers and mpmath's interval arithmetic (the search uses FLINT), imports nothing
else of the package but :mod:`symderive.certificates.checker_data`, and trusts nothing in the file but the
statement of the problem.  It proves anew that every root of φ(λ) = τ has u = ln λ in a range that the
rows cover without a gap, that each row holds (no root in its interval, or exactly one), that each root is
where its refined row says, and that the listed minimum is the lowest point.

With H(u) = ln ‖m‖² + θu, H' = θ - 2μ, the facts used are d logit(μ)/du ∈ [-2, 1], |H'''| ≤ 1, and the
bounds on u: ‖m‖² ≤ ‖v‖²/λ², ‖m‖² ≤ c/(4ρλ), ‖m‖² ≤ ‖w‖²/ρ² for Aw = v.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from mpmath.ctx_iv import MPIntervalContext

from symderive.certificates.checker_data import MomentData, SpectrumData
from symderive.certificates.checker_numbers import (
    FREE_BITS,
    MAX_DECIMAL,
    MAX_DEPTH,
    MAX_LOG,
    MOST_TIMES,
    CertificateError,
    Ratio,
    RefusedError,
    Work,
    demand,
    dyadic,
    interval,
    is_less,
    ratio,
    require,
    whole,
)

#: Bits of the intervals beyond those of the row that is checked.
EXTRA_BITS = 128

#: Longest file that is read, in bytes.
MAX_BYTES = 2**26

#: Logarithms and exponentials that a row of each kind takes, at most.
LOGARITHMS = {"free": 36, "root": 10}


@dataclass(frozen=True)
class Checked:
    """What was proved: how many roots, whether none is missing, the lowest point; and what was assumed."""

    roots: int
    complete: bool
    minimum: str
    assumptions: tuple[str, ...]


def read_certificate(path: str | Path) -> dict[str, Any]:
    """The certificate in a JSON file; :class:`CertificateError` if it is none."""
    file = Path(path)
    # A pipe with a name may have nobody who writes to it; that of <(command) lies in no folder.
    require(
        not (file.is_fifo() and file.resolve().exists()),
        f"{path} is a pipe with a name, which would be waited for without an end; give a file",
    )
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
        demand(len(text) <= MAX_BYTES, f"{path} has more than {MAX_BYTES} bytes")
        loaded = json.loads(
            text.decode(),
            object_pairs_hook=_without_repetition,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except RefusedError:
        raise
    except OSError as error:
        raise CertificateError(f"{path} cannot be read ({error.strerror or error})") from None
    except (ValueError, RecursionError) as error:
        reason = error if isinstance(error, CertificateError) else type(error).__name__
        raise CertificateError(f"{path} is not a certificate in JSON ({reason})") from None
    require(
        isinstance(loaded, dict) and loaded.get("format") == "symderive-certificate-1",
        f"{path} is not a symderive certificate of format 1",
    )
    return dict(loaded)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    require(len(found) == len(pairs), "a key stands there twice")
    return found


def _integer(text: str) -> int:
    demand(len(text) <= MAX_DECIMAL, f"an integer has more than {MAX_DECIMAL} decimal digits")
    return int(text)


def _no_float(text: str) -> float:
    raise CertificateError(f"{text:.40} is not a whole number")


def check_certificate(certificate: dict[str, Any], *, seconds: float = 20) -> Checked:
    """Replay a certificate; :class:`CertificateError` names the first thing that does not hold.

    ``seconds`` bounds the work, counted in steps and not by the clock, so that every machine comes to the
    same end; :class:`RefusedError` where it is too little, which says nothing about the certificate.
    """
    try:
        return _Replay(certificate, Work(seconds)).run()
    except CertificateError:
        raise
    except (KeyError, TypeError, IndexError, AttributeError, ArithmeticError) as error:
        raise CertificateError(f"the certificate is malformed ({type(error).__name__}: {error})") from None
    except ValueError as error:
        raise CertificateError(f"the certificate holds a number that cannot be read ({error})") from None


class _Replay:
    def __init__(self, file: dict[str, Any], work: Work) -> None:
        self.file, self.iv, self.work, self.depth = file, MPIntervalContext(), work, whole(file["depth"])
        self.rho, self.product = ratio(file["noise_factor"]), ratio(file["decay_product"])
        require(self.depth >= 1 and self.rho >= 1 and self.product > 0, "the problem is out of range")
        demand(self.depth <= MAX_DEPTH, f"the depth is larger than {MAX_DEPTH}")
        self.iv.prec = EXTRA_BITS
        kind = MomentData if "gram" in file["data"] else SpectrumData
        self.data = kind(self.iv, file["data"], self.rho, file["limit_solution"], work)
        self.most_bits = self.bits_needed()

    def bits_needed(self) -> int:
        """More bits than any row needs: by the longest number and the least radius of all rows."""
        longest = 0
        for row in [*self.file["rows"], *(root["refined"] for root in self.file["roots"])]:
            for key in ("u", "left", "right"):
                longest = max(longest, whole(row[key][0]).bit_length())
            if row["kind"] == "root":
                mantissa, exponent = map(whole, row["radius"])
                longest = max(longest, -(exponent + mantissa.bit_length()))
            longest = max(longest, self.data.longest(row))
        return FREE_BITS + MOST_TIMES * longest

    def exact(self, value: Any) -> Fraction:
        """A dyadic number of the file."""
        return dyadic(value, MOST_TIMES * self.most_bits, self.work)

    def run(self) -> Checked:
        rows, roots = self.file["rows"], self.file["roots"]
        for i, row in enumerate(rows):
            self.check_row(row, f"row {i}")
        self.check_cover()
        isolating = [i for i, row in enumerate(rows) if row["kind"] == "root"]
        require(
            sorted(r["isolating"] for r in roots) == isolating,
            "the roots and the rows that isolate them differ",
        )
        gaps, spans = [], []
        for i, root in enumerate(roots):
            outer, inner = rows[root["isolating"]], root["refined"]
            ends = [self.exact(x) for x in (outer["left"], inner["left"], inner["right"], outer["right"])]
            inside = inner["kind"] == "root" and ends == sorted(ends)
            require(inside, f"root {i} is not inside the row that isolates it")
            gaps.append(self.check_row(inner, f"root {i}"))
            spans.append(ends[1:3])
        require(all(a[1] < b[0] for a, b in pairwise(spans)), "two roots overlap or are out of order")
        assumed = self.data.assumptions
        if self.file.get("altered", False) is not False:
            assumed += ("the data are what noise and a free bias make of the given ones",)
        return Checked(len(roots), not self.file["clusters"], self.check_minimum(gaps), assumed)

    def check_cover(self) -> None:
        """The range holds every root, and rows and clusters leave no gap in it."""
        rows, depth, data = self.file["rows"], self.depth, self.data
        if depth == 1:  # H' = 2(1 - μ) > 0: at most one root, which one row proves.
            wanted = 1 if is_less(self.product, data.v2) else 0
            require([r["kind"] for r in rows] == ["root"] * wanted, f"D = 1 needs {wanted} root rows here")
            return
        lower, upper = (self.exact(end) for end in self.file["range"])
        log_tau = self.log(self.product) / depth
        bounds = [depth * self.log(4 * self.rho / data.c) + self.log(self.product)]
        if data.limit is not None:
            bounds.append((log_tau - self.log(data.limit)) * depth / (depth + 1))
        require(any(self.num(lower).b <= bound.a for bound in bounds), "the range starts too late")
        end = (self.log(data.v2) - log_tau) * depth / (depth - 1)
        require(self.num(upper).a >= end.b, "the range ends too early")
        ends = [(r["left"], r["right"]) for r in rows] + [tuple(c) for c in self.file["clusters"]]
        spans = [(self.exact(left), self.exact(right)) for left, right in ends]
        front = lower
        for left, right in sorted(spans):
            require(left <= front, f"the rows leave a gap at u = {float(front):.17g}")
            front = max(front, right)
        require(front >= upper, f"the rows end at u = {float(front):.17g}, before the range does")

    def check_row(self, row: dict[str, Any], where: str) -> Any:
        """Prove what a row says; for a root, returns an interval for F - c there."""
        iv = self.iv
        bits, work = whole(row["bits"]), self.work
        require(bits > 0, f"{where}: its precision is out of range")
        demand(bits <= self.most_bits, f"{where} asks for {bits:.3g} bits, more than its numbers call for")
        require(row["kind"] in LOGARITHMS, f"{where} is of no known kind")
        u, left, right = (self.exact(row[key]) for key in ("u", "left", "right"))
        demand(abs(u) <= MAX_LOG, f"{where}: its point is larger than {MAX_LOG}")
        iv.prec = bits + EXTRA_BITS
        work.spend(LOGARITHMS[row["kind"]] * work.of_logarithm(iv.prec) + 40 * work.of_quotient(iv.prec))
        ridge, theta = iv.exp(self.num(u)), self.num(Fraction(self.depth + 1, self.depth))
        r1, r2, r3, r4, rest = self.data.moments(ridge, row)
        require(min(r2.a, r3.a, rest.a) > 0, f"{where}: the stored solutions are too coarse")
        mu = ridge * r3 / r2
        height = iv.log(r2) + theta * self.num(u) - self.log(self.product) / self.depth
        slope, logit = theta - 2 * mu, iv.log(ridge * r3 / rest)  # 1 - μ = rest/r2
        bend = -2 * (mu + 2 * mu**2 - 3 * ridge**2 * r4 / r2)
        if row["kind"] == "free":
            steps = [end - u for end in (left, right) if end != u]
            free = all(self.is_free(height, slope, bend, logit, step) for step in steps)
            require(free, f"{where}: a root in its interval is not excluded")
            return None
        require(left <= u <= right, f"{where}: its interval misses its point")
        radius = self.exact(row["radius"])
        self.check_root(height, slope, logit, (u - left, right - u, radius), where)
        # From u to the root λ‖m‖² and m·v change by factors within e^{±3 radius}.
        stretch = iv.exp(iv.mpf([-3, 3]) * self.num(radius))
        return stretch * (self.depth * ridge * r2) - stretch * r1

    def is_free(self, height: Any, slope: Any, bend: Any, logit: Any, delta: Fraction) -> bool:
        """Whether H keeps off ln τ from u to u + δ."""
        iv, theta, step = self.iv, self.num(Fraction(self.depth + 1, self.depth)), self.num(delta)

        def sp(x: Any) -> Any:
            return iv.log(1 + iv.exp(x))

        if (height + theta * step - 2 * (sp(logit + step) - sp(logit))).a > 0 and height.a > 0:
            return True
        if (height + theta * step + sp(logit - 2 * step) - sp(logit)).b < 0 and height.b < 0:
            return True
        # Along x = |δ|: |H - ln τ| ≥ h + sx + bx²/2 - x³/6; for s < 0 < b see the turn at -s/b.
        sign, x = (1 if height.a > 0 else -1), self.num(abs(delta))
        h, s, b = (sign * height).a, (sign * slope * (1 if delta > 0 else -1)).a, (sign * bend).a
        if h <= 0 or s >= 0 or b <= 0:
            return bool(h > 0 and (h + s * x + b * x**2 / 2 - x**3 / 6).a > 0)
        turn = -s / iv.mpf(b)
        room = iv.mpf(max((turn - x).a, 0))
        return bool((turn**2 - 2 * h / iv.mpf(b) + x**3 / (3 * b)).b < (room**2).a)

    def check_root(
        self, height: Any, slope: Any, logit: Any, spans: tuple[Fraction, ...], where: str
    ) -> None:
        """Exactly one root from u - before to u + after, and it is within ``radius`` of u."""
        require(0 < spans[2] <= min(spans[:2]), f"{where}: its root may lie outside its interval")
        before, after, radius = (self.num(x) for x in spans)
        if self.depth > 1:  # H' = 0 where logit μ = ln((D+1)/(D-1)).
            turning, falls = self.log(Fraction(self.depth + 1, self.depth - 1)), slope.b < 0
            gap = (logit - turning).a if falls else (turning - logit).a
            keeps = max(before.b, 2 * after.b) < gap if falls else max(2 * before.b, after.b) < gap
            require(keeps, f"{where}: the slope may change sign, so the root may not be the only one")
        around = self.iv.mpf([(logit - 2 * radius).a, (logit + 2 * radius).b])
        steepness = self.num(Fraction(self.depth + 1, self.depth)) - 2 / (1 + self.iv.exp(-around))
        least = max(steepness.a, (-steepness).a)
        require(
            least > 0 and abs(height).b < (least * radius).a, f"{where}: no root is proved near its point"
        )

    def check_minimum(self, gaps: list[Any]) -> str:
        """The listed minimum has a smaller F - c than every other point and the origin.

        A cluster may hide a lower point, so that nothing is said about the minimum beside one.
        """
        listed = self.file["minimum"]
        if listed is None or self.file["clusters"]:
            return "not certified"
        index = None if listed["at_origin"] is True else whole(listed["index"])
        values: dict[int | None, Any] = dict(enumerate(gaps))
        values[None] = self.iv.mpf(0)
        best = values.pop(index)
        require(
            all(best.b < gap.a for gap in values.values()),
            "the listed minimum is not proved to be the lowest",
        )
        return "origin" if index is None else f"point {index}"

    def num(self, value: Ratio) -> Any:
        return interval(self.iv, value)

    def log(self, value: Ratio) -> Any:
        return self.iv.log(interval(self.iv, value))
