"""The test that is written along with a C file."""

from __future__ import annotations

from textwrap import indent

from symderive.export.accuracy import ULPS
from symderive.export.check.numbers import DOUBLE, SINGLE
from symderive.export.targets.dialect import PREFIX, Dialect
from symderive.export.targets.frame import framed
from symderive.export.written_tests.instances import QUANTITIES, Instance, KnownPoint, instances


def test_program(stem: str, depth: int | None, *, prefix: str | None = None, single: bool = False) -> str:
    """A program that solves the certified instances with STEM.h and STEM.c, and returns 0 where all is right.

    >>> "int main(void)" in test_program("solver", 2)
    True
    """
    dialect = Dialect(prefix or PREFIX, single)
    table = instances(depth, SINGLE if single else DOUBLE)
    marks = {
        "stem": stem,
        "ulps": str(ULPS),
        "names": ", ".join(f'"{name}"' for name in QUANTITIES),
        "values": ", ".join(f"found->{name}" for name in QUANTITIES),
        "instances": ",\n".join(indent(_instance(case, dialect), "    ") for case in table),
        **dialect.marks,
    }
    return framed("c_test", marks)


def _instance(case: Instance, dialect: Dialect) -> str:
    given = (case.c, case.mean_decay, case.noise_factor, float(case.depth))
    numbers = [
        f"{{{_listed(case.a, dialect)}}}",
        f"{{{_listed(case.p, dialect)}}}",
        _listed(given, dialect),
    ]
    points = ",\n".join(map(_point, case.points)) or "    {0, {{0.0, 0.0}}}"
    head = f'"{case.name}", {len(case.a)}, {", ".join(numbers)}, {len(case.points)}, {case.best},'
    return f"{{{head}\n {{\n{points}}}}}"


def _listed(values: tuple[float, ...], dialect: Dialect) -> str:
    return ", ".join(f"{value!r}{dialect.numbers.suffix}" for value in values)


def _point(point: KnownPoint) -> str:
    known = (point.values[name] for name in QUANTITIES)
    rows = ",\n".join(f"      {{{at.value!r}, {at.allowed:.3g}}}" for at in known)
    return f"    {{{point.kind},\n     {{\n{rows}}}}}"
