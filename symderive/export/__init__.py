"""Solvers as source text: one description, one small writer for each language.

The way through the package, folder by folder::

    formulas ──► ir ───────────► solver ────────► targets ─┬─ python ─► numpy, jax, torch
    (SymPy, proved)  (typed, shared)  (no branches)        ├─ lanes ──► c
                                                           └─ loops ──► mpmath, julia
                                                              text, frame, header, data: common to all

``check`` runs a written file in its language and compares it with certified values; ``written_tests`` are
small tests with certified answers that are written along.  C files have a dialect besides, the prefix of
their names and the type of their numbers, and come as one text or as header and source.

A target is a module of ``targets`` with ``write(solver, data) -> str`` and a row in :data:`TARGETS`.  It
holds

- a :class:`~symderive.export.targets.text.Syntax`: one row of text for each operation of
  :data:`~symderive.export.ir.nodes.OPERATIONS`, checked by ``require_complete``; unknown operations raise;
- a writer of blocks: ``python.python_function`` where a block runs on arrays of instances (features along
  the first axis), ``loops.statements`` with a ``Style`` where it loops over the features of one instance,
  or ``lanes.lanes_function`` where compilers vectorize loops over instances;
- a frame ``frames/TARGET.in``: hand-written code around the blocks, with marks ``@header@``, ``@blocks@``,
  … that :func:`~symderive.export.targets.frame.fill` replaces.

:func:`~symderive.export.solver.solver.describe` gives the blocks; v stands for a vector over the features,
everything else is a number, outputs come in this order:

===========  =========================================  ================================================
block        takes                                      gives
===========  =========================================  ================================================
init         v a, v p, mean_decay, noise_factor, depth  v alpha, v weight, scale, strength, level, u, side,
                                                        end, done
step         v alpha, v weight, level, end, depth, u,   next_u, next_side, done, emit, root, kind
             side
polish       v alpha, v weight, scale, strength,        next_x
             mean_decay, depth, x
values       v alpha, v weight, scale, strength, c,     ridge, loss, gap, norm, layer_decay, variance,
             mean_decay, noise_factor, depth, x         slope, descent
layer_scale  layer_decay, decay, fan_in, fan_out        scale
variance_at  noise_factor, mean                         variance
isotropic    eigenvalue, v_norm, mean_decay,            q, spinodal, transition
             noise_factor, depth
proximal     magnitude, penalty, depth                     mean_decay
shrunk       magnitude, penalty, ridge, depth           size
===========  =========================================  ================================================

The frame runs ``init``; then, until ``done`` and at most ``MAX_STEPS`` times, ``step``, which where
``emit`` is true gives a root x of ``kind`` 1 (local minimum), -1 (saddle) or 0 (degenerate or
undecided), in increasing x; there are at most 2k of them for k distinct eigenvalues. ``polish`` is
applied once to each root (more often beyond double precision) and ``values`` says the rest; a root too
large for the numbers of the target has an infinite ridge, norm 0 and gap 0. ``slope`` is |H'|, which
divides errors of λ. ``descent`` is c - F in units of strength/scale, in which it does not underflow: the
global minimum is the root of largest descent if that is positive, else the origin (ridge infinite, loss
c). ``done`` and ``emit`` are truth values; ``kind`` and ``side`` are the numbers -1, 0, 1. A specialized
block may give a constant where an array is expected. Blocks assume checked inputs (finite, a, p, c ≥ 0,
p = 0 where a = 0, noise_factor ≥ 1, depth a whole number, mean_decay > 0 or, at depth 0, ≥ 0); what a
frame refuses it says in the language's own way.

Certified files prove what they give, with a radius for every value; their blocks and what a frame does with
them are described in :mod:`symderive.export.solver.certified`.  Targets of :data:`CERTIFIED` have one.

Names that all targets offer: ``stationary_points``, ``global_minimum``, ``ridge_solution`` (m), ``layers``,
``prediction_variance``, ``loss``, ``isotropic_points``, ``isotropic_decay``, ``mean_decay``,
``noise_factor``; those that are not certified ``prox`` too, the proximal map of ω|z|^{2/(D+1)}.  Its
frame runs ``proximal`` at magnitude |x| and penalty ω, takes the ridge of the global minimum for
a = p = c = 1 and that mean decay, and gives the ``size`` of ``shrunk`` the sign of x.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symderive.errors import InputError
from symderive.model.network import MAX_DEPTH

if TYPE_CHECKING:
    from symderive.data.interface import Data

#: The targets and the modules that write them.
TARGETS = {
    "c": "symderive.export.targets.c",
    "jax": "symderive.export.targets.jax",
    "julia": "symderive.export.targets.julia",
    "mpmath": "symderive.export.targets.mpmath",
    "numpy": "symderive.export.targets.numpy",
    "torch": "symderive.export.targets.torch",
}


#: The targets of certified solvers, whose results carry radii that are proved, and their modules.
CERTIFIED = {
    "c": "symderive.export.targets.c_certified",
    "numpy": "symderive.export.targets.numpy_certified",
}


def export(
    target: str,
    *,
    depth: int | None = None,
    data: Data | None = None,
    certified: bool = False,
    prefix: str | None = None,
    single: bool = False,
) -> str:
    """The source text of a solver, one self-contained file, the same on every run.

    Parameters
    ----------
    target
        One of :data:`TARGETS`.
    depth
        Number of hidden layers, which makes exponents constants; None leaves it an argument.
    data
        Data whose spectrum is written into the file, as exact doubles (single: rounded to those).
    certified
        Whether the file proves what it gives, in plain doubles with error bounds; a target of
        :data:`CERTIFIED`.  Its results carry radii, and its status says what is undecided.
    prefix
        What every name of a C file begins with, "symderive" unless given, so that two of them link into
        one program.
    single
        Whether a C file computes in single precision (float).

    Raises :class:`InputError` for an unknown target, a depth that no network has, data whose spectrum is
    not certified or that single precision cannot hold, and for options of C at other targets.

    >>> "def stationary_points(" in export("numpy", depth=2)
    True
    >>> "int mine_stationary_points(" in export("c", prefix="mine")
    True
    """
    options = _options(target, depth, certified, prefix, single)
    from symderive.export.solver.solver import describe
    from symderive.export.targets.data import bake

    solver, baked = describe(depth), bake(data, single=single, certified=certified)
    if not certified:
        return str(import_module(TARGETS[target]).write(solver, baked, **options))
    from symderive.export.solver.certified.solver import describe_certified

    module = import_module(CERTIFIED[target])
    return str(module.write(solver, describe_certified(depth), baked, **options))


def export_files(
    target: str,
    stem: str,
    *,
    depth: int | None = None,
    data: Data | None = None,
    certified: bool = False,
    prefix: str | None = None,
    single: bool = False,
) -> dict[str, str]:
    """What is written for a file that is called ``stem``: texts by their names.

    For C these are STEM.h and STEM.c.  Up to the depth to which answers are certified in seconds, a test
    that solves three certified instances comes along, STEM_test.c or STEM_test.py (Julia has none).
    Parameters and errors are those of :func:`export`.

    >>> list(export_files("numpy", "solver", depth=2))
    ['solver.py', 'solver_test.py']
    >>> list(export_files("c", "solver", depth=2))
    ['solver.h', 'solver.c', 'solver_test.c']
    """
    if target != "c":
        from symderive.export.written_tests.python import written_test

        text = export(target, depth=depth, data=data, certified=certified, prefix=prefix, single=single)
        name, *test = file_names(target, stem, depth=depth)
        return {name: text, **{other: written_test(target, name, depth) for other in test}}
    _options(target, depth, certified, prefix, single)
    from symderive.export.solver.certified.solver import describe_certified
    from symderive.export.solver.solver import describe
    from symderive.export.targets.c import CFile
    from symderive.export.targets.data import bake
    from symderive.export.targets.dialect import PREFIX, Dialect
    from symderive.export.written_tests.c import program

    baked, dialect = bake(data, single=single, certified=certified), Dialect(prefix or PREFIX, single)
    search = describe_certified(depth) if certified else None
    texts = CFile(describe(depth), baked, dialect, search).pair(stem)
    rest = file_names(target, stem, depth=depth)[len(texts) :]
    return texts | {name: program(stem, depth, dialect, certified=certified) for name in rest}


def file_names(target: str, stem: str, *, depth: int | None = None) -> tuple[str, ...]:
    """The names of what :func:`export_files` gives, known before anything is made.

    >>> file_names("c", "solver"), file_names("julia", "solver")
    (('solver.h', 'solver.c', 'solver_test.c'), ('solver.jl',))
    """
    from symderive.export.check.runners import suffix
    from symderive.export.written_tests.instances import has_instances

    ending = suffix(target)
    header = (f"{stem}.h",) if target == "c" else ()
    tested = target != "julia" and has_instances(depth)
    return (*header, f"{stem}{ending}", *((f"{stem}_test{ending}",) if tested else ()))


def _options(
    target: str, depth: int | None, certified: bool, prefix: str | None, single: bool
) -> dict[str, Any]:
    """The options that the target's writer takes, where everything is possible."""
    if target not in TARGETS:
        raise InputError(f"target {target!r} is unknown; give one of {', '.join(TARGETS)}.")
    if depth is not None and (
        isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= MAX_DEPTH
    ):
        raise InputError(f"depth is {depth}; give the number of hidden layers, from 0 to {MAX_DEPTH}.")
    if certified and target not in CERTIFIED:
        raise InputError(
            f"target {target!r} has no certified solver; give one of {', '.join(CERTIFIED)},"
            " or take the plain one."
        )
    given: dict[str, Any] = {"prefix": prefix, "single": single}
    asked = {name: value for name, value in given.items() if value not in (None, False)}
    if target != "c":
        if asked:
            raise InputError(f"{' and '.join(asked)} is for C; leave it out for {target}.")
        return {}
    if certified and single:
        raise InputError("a certified file computes in double precision; leave out the single one.")
    if prefix is not None:
        from symderive.export.targets.dialect import require_prefix

        require_prefix(prefix)
    return asked
