"""The check of an exported file: run in its language, and compared with certified values.

How errors are counted is said in :mod:`.comparison`, and for files that prove what they give in
:mod:`.proved`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from symderive.export import export_files
from symderive.export.accuracy import allowed_ulps
from symderive.export.check.cases import Case, cases, certified_answers, require_depth
from symderive.export.check.comparison import Comparison, Number
from symderive.export.check.numbers import DOUBLE, LONG, numbers_of
from symderive.export.check.proved import IN_RADII, RADIUS, Proved, limit_of
from symderive.export.check.runners import RunError, require_language, run
from symderive.export.targets.dialect import PREFIX, Dialect

if TYPE_CHECKING:
    from symderive.data.interface import Data


@dataclass(frozen=True)
class Check:
    """How an exported file did.

    ``worst`` holds the largest error in ulps by group of instances and quantity, ``limits`` what is allowed
    of each quantity (with the most features), ``failures`` a sentence for each thing that is wrong.
    """

    target: str
    language: str
    instances: int
    points: int
    worst: Mapping[tuple[str, str], float]
    limits: Mapping[str, float]
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def check(
    target: str,
    *,
    depth: int | None = None,
    data: Data | None = None,
    certified: bool = False,
    prefix: str | None = None,
    single: bool = False,
) -> Check:
    """Export a solver, run it on the table of instances and compare.

    Parameters are those of :func:`symderive.export.export`.  Raises :class:`InputError` for those, and
    where the compiler, interpreter or library is missing.
    """
    options: dict[str, Any] = {"certified": certified, "prefix": prefix, "single": single}
    files = export_files(target, "solver", depth=depth, data=data, **options)
    return check_text(target, files, depth=depth, data=data, **options)


def check_text(
    target: str,
    text: str | Mapping[str, str],
    *,
    depth: int | None = None,
    data: Data | None = None,
    certified: bool = False,
    prefix: str | None = None,
    single: bool = False,
) -> Check:
    """The same for a file that was exported before, or for all that belong together, by their names."""
    require_language(target)
    require_depth(depth)
    numbers = numbers_of(target, single=single)
    table = cases(depth, data, numbers)
    try:
        lines, dialect = [_line(case) for case in table], Dialect(prefix or PREFIX, single)
        outcome = run(target, text, lines, dialect, certified=certified)
    except RunError as error:
        return Check(target, "", len(table), 0, {}, {}, (str(error),))
    printed = _by_instance(outcome.lines)
    worst: dict[tuple[str, str], float] = defaultdict(float)
    limits: dict[str, float] = defaultdict(float)
    failures: list[str] = []
    points = 0
    for index, case in enumerate(table):
        answers = () if case.group == "refused" else certified_answers(case, data, numbers)
        points += len(answers)
        # The data in a file are doubles, whatever its functions compute with.
        kept = DOUBLE if case.group == "data" and numbers is LONG else numbers
        kind = Proved if certified else Comparison
        comparison = kind(case, answers, printed[index], kept, batched=target != "mpmath")
        for finding in comparison.findings():
            if isinstance(finding, str):
                failures.append(f"{case.name} ({case.group}): {finding}")
                continue
            quantity, ulps = finding
            worst[case.group, quantity] = max(worst[case.group, quantity], ulps)
            features = len(case.a) or (data.dimension if data else 0)
            limit = limit_of(quantity, allowed_ulps(features))
            limits[quantity] = max(limits[quantity], limit)
            if not ulps <= limit:
                said = f"{ulps:.3g} {'radii' if quantity.endswith(IN_RADII) else 'ulps'}"
                off = "is" if quantity.endswith((IN_RADII, RADIUS)) else "is off by"
                failures.append(f"{case.name} ({case.group}): {quantity} {off} {said}.")
    return Check(target, outcome.language, len(table), points, dict(worst), dict(limits), tuple(failures))


def _line(case: Case) -> str:
    numbers = (case.depth, case.decay, case.noise_factor, case.noise, case.c, len(case.a), *case.a, *case.p)
    return " ".join(map(repr, numbers))


def _by_instance(lines: Sequence[str]) -> Mapping[int, list[tuple[str, list[Number]]]]:
    table: dict[int, list[tuple[str, list[Number]]]] = defaultdict(list)
    for line in lines:
        index, tag, *numbers = line.split()
        table[int(index)].append((tag, [_number(text) for text in numbers]))
    return table


def _number(text: str) -> Number:
    try:
        return Fraction(text)
    except ValueError:
        return float(text)


def as_record(result: Check) -> dict[str, Any]:
    """The check as JSON takes it; ``worst`` by group and quantity."""
    groups: dict[str, dict[str, float | None]] = defaultdict(dict)
    for (group, quantity), ulps in result.worst.items():
        groups[group][quantity] = float(f"{ulps:.3g}") if isfinite(ulps) else None
    return {
        "target": result.target,
        "language": result.language,
        "passed": result.passed,
        "instances": result.instances,
        "points": result.points,
        "limits": dict(result.limits),
        "worst_ulps": groups,
        "failures": list(result.failures),
    }
