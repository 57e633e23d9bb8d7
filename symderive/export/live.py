"""Exported Python source as a live module.  The text is our own; text of users never comes here."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from symderive.errors import InputError
from symderive.export import export
from symderive.export.altered import altered_data

if TYPE_CHECKING:
    from symderive.data.interface import Data
    from symderive.model.network import Network

#: Targets whose text can be run at once.
LIVE = ("mpmath", "numpy")


def lambdify(net: Network, target: str = "numpy", *, data: Data | None = None) -> ModuleType:
    """Make the exported solver of a network's depth a live module.

    Parameters
    ----------
    net : Network
        The network: it gives the depth; widths, decays and noise are arguments of the module's functions.
    target : "numpy" or "mpmath"
        In what the module computes.
    data : Data, optional
        :class:`Moments` or a :class:`Spectrum` that the module holds as its default, altered by the noise
        of ``net`` where that is of another kind than that of single neurons.

    Returns
    -------
    module
        What ``export`` writes for that target, imported from memory: ``stationary_points``,
        ``global_minimum``, ``ridge_solution``, ``layers``, ``prox`` and the others.

    Raises
    ------
    InputError
        For other targets, and without data for noise other than that of single neurons.

    Notes
    -----
    Not promised: certified values.  It computes in doubles, or to mpmath's precision; :func:`solve`
    certifies.

    Examples
    --------
    >>> from symderive.model.network import Network
    >>> solver = lambdify(Network.symbolic(2))
    >>> float(solver.global_minimum([1], [1], 1, mean_decay=0.25).ridge.round(6))
    0.386524
    """
    if data is None:
        net.require_neuron_noise("solvers exported without data are")
    elif net.is_numeric:
        data = altered_data(net, data)
    return namespace(target, depth=None if net.has_symbolic_depth else net.depth, data=data)


def namespace(
    target: str, *, depth: int | None = None, data: Data | None = None, certified: bool = False
) -> ModuleType:
    """The module that ``export(target, ...)`` writes, imported from memory.

    Raises :class:`InputError` for a target that is not in :data:`LIVE`.
    """
    if target not in LIVE:
        raise InputError(f"target {target!r} cannot be run from memory; give one of {', '.join(LIVE)}.")
    name = f"symderive_exported_{'certified_' if certified else ''}{target}"
    return _module(name, export(target, depth=depth, data=data, certified=certified))


def certified_search() -> ModuleType:
    """``stationary_points`` of ``namespace("numpy", certified=True)`` alone, made without loading SymPy.

    >>> found = certified_search().stationary_points([1], [1], 1, mean_decay=0.25, depth=2)
    >>> found.kind.tolist(), int(found.status)
    ([1, -1], 0)
    """
    from symderive.export.solver.certified.solver import describe_certified
    from symderive.export.targets.numpy_certified import write_search

    return _module("symderive_certified_search", write_search(describe_certified()))


def _module(name: str, source: str) -> ModuleType:
    module = ModuleType(name)
    # Named tuples look up the module that they are defined in while they are made.
    sys.modules[module.__name__] = module
    exec(compile(source, f"<{module.__name__}>", "exec"), module.__dict__)  # noqa: S102
    return module
