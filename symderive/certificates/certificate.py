"""The evidence of a root search as data: a JSON file that other code can check.

The file is self-contained.  It holds the problem in exact numbers, the search range, and one row for each
evaluation on which the proof rests: the exact point u, the interval that the row speaks for, and (for
moments) approximate solutions x, y of (ρC + λV) x = b and (ρC + λV) y = Vx, whose errors a checker bounds
by their residuals.  :mod:`symderive.certificates.checker` is such a checker.

Where doubles with proved bounds found the roots, the rows come from a search in balls that is made for the
certificate, and that must find the same.

Numbers: a dyadic m·2^e is the pair [m, e]; a ratio is text such as "1/50"; integers are written in full, in
hexadecimal text where they are longer than Python prints.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import arb

from symderive.arithmetic.exact import TURN, ball, bits_for, working_precision
from symderive.arithmetic.precision import GUARD_DIGITS
from symderive.effective_ridge.dual_resolvent import DualResolvent
from symderive.effective_ridge.enclosures import Sample
from symderive.effective_ridge.march import Free, Zero
from symderive.effective_ridge.resolvent import DenseResolvent
from symderive.effective_ridge.scalar_equation import ScalarEquation, search_range
from symderive.errors import InputError
from symderive.files import write_whole
from symderive.landscape.landscape import Landscape

FORMAT = "symderive-certificate-1"

#: Integers up to this size are written in decimal.
PLAIN_BITS = 8192

#: Bits of x and y beyond those of the evaluation, for the residuals to be small against λ.
RESIDUAL_BITS = 64


def certificate(landscape: Landscape) -> dict[str, Any]:
    """The certificate of a landscape at depth ≥ 1, ready for JSON.

    With noise other than that of single neurons, or a free bias, it is about the data (B, v, c) that these
    make of the given ones, and ``altered`` is true; how they are made is no part of it.

    Raises :class:`InputError` at depth 0 or v = 0, where there is no search to certify.
    """
    roots = landscape.roots
    if roots is None:
        raise InputError("there is no root search to certify at depth 0 or where v = 0.")
    equation, evidence = roots.equation, roots.evidence
    bits = bits_for(roots.digits + GUARD_DIGITS)
    best = landscape.global_minimum
    return {
        "format": FORMAT,
        "depth": equation.depth,
        "noise_factor": str(equation.rho),
        "decay_product": str(equation.decay_product),
        "data": equation.data.record(),
        "range": [_dyadic(evidence.lower), _dyadic(evidence.upper)],
        "limit_solution": _limit_solution(equation, evidence.lower),
        "rows": [_row(equation, row) for row in evidence.rows],
        "roots": [
            {"isolating": index, "refined": _row(equation, evidence.polished(row, bits)[0])}
            for index, row in enumerate(evidence.rows)
            if isinstance(row, Zero)
        ],
        "clusters": [[_dyadic(c.left), _dyadic(c.right)] for c in evidence.clusters],
        "altered": landscape.net.has_other_noise,
        "minimum": {"at_origin": best.at_origin, "index": best.index} if best.tie is False else None,
    }


def write_certificate(record: dict[str, Any], path: str | Path) -> None:
    """Write what :func:`certificate` returned as JSON, whole or not at all."""
    with write_whole(path) as stream:
        stream.write(text_of(record).encode())


def text_of(record: dict[str, Any]) -> str:
    """The record as JSON, which is what the file holds."""
    return json.dumps(record, separators=(",", ":")) + "\n"


def _limit_solution(equation: ScalarEquation, lower: arb) -> list[str] | None:
    """An exact w with Cw = b where the lower end of the range rests on it."""
    resolvent = equation.resolvent
    if not isinstance(resolvent, DenseResolvent | DualResolvent):
        return None
    rests = lower > search_range(equation, exact_solve=False)[0]
    return [str(x) for x in resolvent.limit_solution()] if rests else None


def _row(equation: ScalarEquation, row: Free[Sample] | Zero[Sample]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "kind": "root" if isinstance(row, Zero) else "free",
        "u": _dyadic(row.sample.u),
        "left": _dyadic(row.left),
        "right": _dyadic(row.right),
        "bits": row.sample.bits,
    }
    if isinstance(row, Zero):
        record["radius"] = _dyadic(row.radius)
    resolvent = equation.resolvent
    if isinstance(resolvent, DenseResolvent | DualResolvent):
        with TURN, working_precision(row.sample.bits):
            ridge = row.sample.u.exp()
            condition = (ball(resolvent.largest) / ridge + 1).log() / arb(2).log()
        # Where A is nearly singular, x, the bound on its error, and y lose bits one after another.
        lost = 3 * int(float(condition.mid())) + _metric_bits(resolvent.data.metric)
        record["bits"] = bits = row.sample.bits + RESIDUAL_BITS + lost
        with TURN, working_precision(bits):
            x, y = resolvent.vectors(row.sample.u.exp())
            record["x"], record["y"] = _integers(x.entries(), bits), _integers(y.entries(), bits)
    return record


def _metric_bits(metric: Sequence[Fraction]) -> int:
    """Bits between the largest and the smallest entry of x where all are alike after standardizing."""
    spread = max(metric) / min(metric)
    return (spread.numerator.bit_length() - spread.denominator.bit_length()) // 2 + 1


def _integers(column: Sequence[arb], bits: int) -> list[Any]:
    """A column as [[integers], e] with entries integer·2^e, good to ``bits`` bits of its largest entry."""
    largest = max(abs(x).mid() for x in column)
    exponent = 0 if largest == 0 else int(float((largest.log() / arb(2).log()).mid())) - bits
    scale = arb(2) ** -exponent
    return [[_whole((x.mid() * scale).mid().floor().unique_fmpz() or 0) for x in column], exponent]


def _dyadic(x: arb) -> list[Any]:
    mantissa, exponent = x.man_exp()
    return [_whole(mantissa), int(exponent)]


def _whole(value: Any) -> int | str:
    number = int(value)
    return number if number.bit_length() <= PLAIN_BITS else hex(number)
