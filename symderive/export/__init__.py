"""Solvers as source text: one description, one small writer for each language."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from symderive.errors import InputError

#: The targets and the modules that write them.
TARGETS = {"numpy": "symderive.export.numpy"}


def export(target: str, *, depth: int | None = None, data: Any = None) -> str:
    """The source text of a solver, the same on every run.

    Parameters
    ----------
    target
        One of :data:`TARGETS`.
    depth
        Number of hidden layers, which makes exponents constants; None leaves it an argument.
    data
        A :class:`~symderive.moments.Moments` or :class:`~symderive.resolvent.Spectrum` whose spectrum is
        written into the file, as exact doubles.

    Raises :class:`InputError` for an unknown target.
    """
    if target not in TARGETS:
        raise InputError(f"target {target!r} is unknown; give one of {', '.join(TARGETS)}.")
    from symderive.export.data import bake
    from symderive.export.solver import describe

    return str(import_module(TARGETS[target]).write(describe(depth), bake(data)))
