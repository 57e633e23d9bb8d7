"""The test that is written along with a C file."""

from __future__ import annotations

from textwrap import indent

from symderive.export.accuracy import ULPS
from symderive.export.check.numbers import DOUBLE, SINGLE
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.frame import framed
from symderive.export.written_tests.instances import (
    QUANTITIES,
    Instance,
    KnownPoint,
    instances,
    rounded_up,
)

#: How far a value may be off, said of files of both kinds.
ALLOWED = (
    f"a solver may be off: {ULPS} units in the last place of what it consists of, and 1/|H'| times as many"
    " more.",
    "the value itself is off by rounding; the solver's own radius says how far it may be.",
)


def program(stem: str, depth: int | None, dialect: Dialect, *, certified: bool = False) -> str:
    """A program that solves the certified instances with STEM.c, and returns 0 where all is right.

    >>> "int main(void)" in program("solver", 2, Dialect())
    True
    """
    table = instances(depth, SINGLE if dialect.single else DOUBLE)
    marks = {
        "stem": stem,
        "allowed": ALLOWED[certified],
        "ok": "PROVED" if certified else "OK",
        "ulps": " 0," if certified else "",
        "radii": ", ".join(f"found->{name}_radius" if certified else "0" for name in QUANTITIES),
        "names": ", ".join(f'"{name}"' for name in QUANTITIES),
        "values": ", ".join(f"found->{name}" for name in QUANTITIES),
        "instances": ",\n".join(indent(_instance(case, dialect, certified), "    ") for case in table),
        **dialect.marks,
    }
    return framed("c_test", marks)


def _instance(case: Instance, dialect: Dialect, certified: bool) -> str:
    given = (case.c, case.mean_decay, case.noise_factor, float(case.depth))
    numbers = [
        f"{{{_listed(case.a, dialect)}}}",
        f"{{{_listed(case.p, dialect)}}}",
        _listed(given, dialect),
    ]
    points = ",\n".join(_point(point, certified) for point in case.points) or "    {0, {{0.0, 0.0}}}"
    head = f'"{case.name}", {len(case.a)}, {", ".join(numbers)}, {len(case.points)}, {case.best},'
    return f"{{{head}\n {{\n{points}}}}}"


def _listed(values: tuple[float, ...], dialect: Dialect) -> str:
    return ", ".join(f"{value!r}{dialect.numbers.suffix}" for value in values)


def _point(point: KnownPoint, certified: bool) -> str:
    known = (point.values[name] for name in QUANTITIES)
    rows = ",\n".join(
        f"      {{{at.value!r}, {rounded_up(at.rounding if certified else at.allowed)}}}" for at in known
    )
    return f"    {{{point.kind},\n     {{\n{rows}}}}}"
