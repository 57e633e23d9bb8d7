"""Stationary points on a grid of networks, on one core or many machines, resumed where it was interrupted.

The grid is cut into chunks.  What a chunk holds depends on the task alone, never on where or in which order
chunks are computed, so that every executor gives the same bytes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderive import __version__
from symderive.arithmetic.exact import Exact, check_digits
from symderive.data.interface import Data, require_data
from symderive.errors import InputError
from symderive.sweeps.grid import DOUBLE_RANGE, Grid
from symderive.sweeps.points import GridPoints, join
from symderive.sweeps.solvers import CertifiedSolver, Solver, solver_of
from symderive.sweeps.store import FORMAT, Store, require_xarray
from symderive.sweeps.tables import dataset, method_of

if TYPE_CHECKING:
    import xarray

#: Cells of a chunk: in balls; in doubles at least and at most; and cells times features in doubles.
BALL_CHUNK, CHUNKS, CHUNK_NUMBERS = 64, (256, 16384), 2**18


def sweep(
    data: Data,
    *,
    vary: Mapping[str, Iterable[Exact]],
    depth: int | None = None,
    width: int | Sequence[int] | None = None,
    decay: Exact | Sequence[Exact] | None = None,
    noise: Exact | Sequence[Exact] | None = None,
    dropout: Exact | Sequence[Exact] | None = None,
    others: Mapping[str, Any] | None = None,
    doubles: bool = False,
    digits: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    chunk: int | None = None,
    progress: Callable[[float], None] | None = None,
    certified: bool | None = None,
) -> xarray.Dataset:
    """Find every stationary point and the global minimum on a grid of networks, proved.

    Every cell is solved in vectorized doubles whose error is bounded, and what these leave open by
    :func:`symderive.solve`: no point is missing, all kinds and the global minimum are right, and every
    number comes with a radius.  Parameters and data are exact; what rounding them costs is in the radius.

    Parameters
    ----------
    data : Data
        :class:`Moments` or a :class:`Spectrum`.
    vary : mapping of str to list
        Values, exact and increasing, of any of ``depth``, ``width``, ``decay``, ``noise``; the same for
        every layer.  At most 10^7 combinations.
    depth : int, optional
        Number of hidden layers, where it stays fixed.
    width : int or list of int, optional
        Widths, where they stay fixed, as for :class:`Network`.
    decay : number, str or list of these, optional
        Decays, where they stay fixed, as for :class:`Network`.
    noise : number, str or list of these, optional
        Noise variances of the hidden neurons, where they stay fixed.
    dropout : number, str or list of these, optional
        Drop probabilities in their place.
    others : mapping of str to value, optional
        Keywords of :class:`Network` for other noise and a free bias, such as ``{"weight_noise": "1/10"}``,
        the same in every cell.  Every cell is then solved by balls.
    doubles : bool
        Ask for less: plain double precision, nothing proved, no radii.  The dataset says so.
    digits : int, optional
        Correct digits that every number is to have, else its cell is solved by balls; beyond 13 all
        are.  None is for what doubles with error bounds give, usually 13 digits.
    executor : concurrent.futures.Executor or distributed.Client, optional
        What to compute chunks on.
    store : str or Path, optional
        Folder for finished chunks.  The same call with the same folder goes on from them; another task in
        that folder is refused; a damaged chunk is computed again, with a warning.
    chunk : int, optional
        Cells of a chunk (default: as many as take about a tenth of a second).
    progress : callable, optional
        Called with the share of the cells that are done.
    certified : bool, optional
        Deprecated: True is what is done anyway, and False is ``doubles``.

    Returns
    -------
    xarray.Dataset
        Dimensions: the varied names in the order given, and ``point``, in increasing λ.  Variables
        ``ridge``, ``loss``, ``norm``, ``prediction_variance`` (NaN where there is no point), for each its
        ``…_radius``, a bound on the absolute error (NaN where nothing is proved), ``kind``, ``count``,
        ``global_minimum``, ``verdict``, ``loss_at_origin``; see their attributes.

    Raises
    ------
    InputError
        Before anything is computed, for parameters out of range and for a store that cannot be used.
    MissingExtraError
        Without xarray and netCDF4.

    Notes
    -----
    Not promised: with ``doubles``, that roots which nearly merge are found.  ``verdict`` is -1 wherever
    something is open.

    Examples
    --------
    >>> from symderive import Spectrum
    >>> found = sweep(Spectrum.of([1], [1]), vary={"decay": ["0.1", "0.3"]}, depth=3, width=1)
    >>> found["global_minimum"].values.tolist(), found["count"].values.tolist()
    ([0, -1], [2, 2])
    >>> bool((found["verdict"] == 1).all()), bool((found["ridge_radius"] < 1e-12 * found["ridge"]).all())
    (True, True)
    """
    if certified is not None:
        warnings.warn(
            "sweep certifies by itself; leave out certified, or give doubles=True to ask for less.",
            DeprecationWarning,
            stacklevel=2,
        )
        doubles = doubles or not certified
    library = require_xarray()
    grid = Grid.of(
        vary, depth=depth, width=width, decay=decay, noise=noise, dropout=dropout, **others or {}
    )
    points = solve_grid(
        grid,
        data,
        doubles=doubles,
        digits=digits,
        executor=executor,
        store=store,
        chunk=chunk,
        progress=progress,
    )
    return dataset(library, grid, data, points, method=method_of(doubles, digits))


def solve_grid(
    grid: Grid,
    data: Data,
    *,
    doubles: bool = False,
    digits: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    chunk: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> GridPoints:
    """The points of every cell of a grid; unlike :func:`sweep` this needs xarray for a store only."""
    if digits is not None:
        check_digits(digits)
        if doubles:
            raise InputError(f"digits is {digits}, and doubles promise none; leave out one of the two.")
    _require_doubles(data)
    if chunk is not None and (isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1):
        raise InputError(f"chunk is {chunk}; give a whole number of cells, at least 1.")
    if executor is not None and not isinstance(executor, Executor):
        if not hasattr(executor, "get_executor"):
            raise InputError(
                f"the executor has type {type(executor).__name__}; "
                "give a concurrent.futures.Executor or a Dask client."
            )
        executor = executor.get_executor()
    solver = solver_of(grid, data, doubles=doubles, digits=digits)
    in_balls = isinstance(solver, CertifiedSolver) and solver.spectrum is None
    many = min(max(CHUNK_NUMBERS // data.dimension, CHUNKS[0]), CHUNKS[1])
    size = chunk or (BALL_CHUNK if in_balls else many)
    chunks = None if store is None else Store(store, _task(grid, data, method_of(doubles, digits), size))
    ranges = [(start, min(start + size, grid.size)) for start in range(0, grid.size, size)]
    found: dict[int, GridPoints] = {}
    if chunks is not None:
        loaded = ((index, chunks.load(index)) for index in range(len(ranges)))
        found = {index: points for index, points in loaded if points is not None}
    missing = [index for index in range(len(ranges)) if index not in found]
    with closing(_computed(solver, ranges, missing, executor)) as results:
        for index, points in results:
            if chunks is not None:
                chunks.save(index, points)
            found[index] = points
            if progress is not None:
                progress(len(found) / len(ranges))
    return join([found[index] for index in range(len(ranges))])


def _require_doubles(data: Data) -> None:
    require_data(data)
    numbers = {"E[y²]": data.c, "‖v‖²": data.v_norm_squared, "A": data.eigenvalue_bound}
    for name, value in numbers.items():
        if value and not DOUBLE_RANGE[0] <= value <= DOUBLE_RANGE[1]:
            raise InputError(f"{name} is beyond the range of double precision; rescale the data.")


def _computed(
    solver: Solver, ranges: Sequence[tuple[int, int]], missing: Sequence[int], executor: Executor | None
) -> Generator[tuple[int, GridPoints]]:
    """The missing chunks as they are finished; those not begun are canceled when the caller stops early."""
    if executor is None:
        for index in missing:
            yield index, solver(*ranges[index])
        return
    futures = {executor.submit(solver, *ranges[index]): index for index in missing}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


def _task(grid: Grid, data: Data, method: str, chunk: int) -> dict[str, Any]:
    """What determines every number of a sweep, and how it is cut into chunks."""
    return {
        "format": FORMAT,
        "version": __version__,
        "data": data.fingerprint,
        "method": method,
        "chunk": chunk,
        "fixed parameters": grid.fixed_texts(),
        "varied parameters": [[axis.name, [str(x) for x in axis.values]] for axis in grid.axes],
    }
