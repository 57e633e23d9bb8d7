"""The certified C target: the same functions, every result with a radius that is proved."""

from __future__ import annotations

from symderive.export.solver.certified.solver import CertifiedSolver
from symderive.export.solver.solver import Solver
from symderive.export.targets.c import CFile
from symderive.export.targets.data import Baked
from symderive.export.targets.dialect import PREFIX, Dialect


def write(
    solver: Solver, certified: CertifiedSolver, data: Baked | None, *, prefix: str | None = None
) -> str:
    """The source text of one C file, which also serves as its own header."""
    return CFile(solver, data, Dialect(prefix or PREFIX), certified).whole
